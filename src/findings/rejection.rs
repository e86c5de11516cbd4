//! A proposal that the reader turned down.

use serde::{Deserialize, Serialize};

use crate::geometry::{Outline, Pixel, Point};
use crate::study::FrameKey;

/// Where nothing is to be proposed again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Rejection {
    pub frame: FrameKey,
    pub outline: Outline,
}

impl Rejection {
    pub fn covers(&self, frame: &FrameKey, at: Point<Pixel>) -> bool {
        self.frame == *frame && self.outline.contains(at)
    }
}
