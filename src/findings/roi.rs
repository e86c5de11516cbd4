//! One region that the reader drew.

use serde::{Deserialize, Serialize};

use crate::geometry::Outline;
use crate::study::FrameKey;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RoiId(pub u32);

/// What a region is compared with.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TwinChoice {
    /// Derived from the region and the midline; follows both.
    #[default]
    Auto,
    None,
    /// Put there by the reader's hand.
    Placed(Outline),
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Roi {
    pub id: RoiId,
    /// Shown on the image and in the table: `L1`.
    pub name: String,
    pub frame: FrameKey,
    pub outline: Outline,
    pub twin: TwinChoice,
    /// Where it is, in the reader's words: `iliac wing`. The side is not part of it; sides come
    /// from geometry.
    #[serde(default)]
    pub site: String,
    /// What the reader says of it in the report.
    #[serde(default)]
    pub note: String,
    /// Listed in the report.
    #[serde(default = "yes")]
    pub in_report: bool,
}

fn yes() -> bool {
    true
}
