//! A place that is pointed out to the reader: what a check of the scan's quality is about.

use serde::{Deserialize, Serialize};

use crate::geometry::{Outline, Pixel, Point};
use crate::study::FrameKey;

use super::{Show, Workbench};

/// A frame, and a part of it unless the whole is meant.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Marked {
    pub frame: FrameKey,
    #[serde(default)]
    pub outline: Option<Outline>,
}

/// So much of the frame's width or height a place fills when it is brought near.
const FILLED: f64 = 0.4;
/// Nearer than this one loses sight of where one is.
const NEAREST: f64 = 4.0;

impl Workbench {
    /// The place that is pointed out.
    pub fn marked(&self) -> Option<&Marked> {
        self.marked.as_ref()
    }

    /// Points out a place: its pane becomes the active one and looks there. A frame that no pane
    /// shows comes into the active pane. `None` ends the pointing and leaves the view.
    pub(super) fn mark(&mut self, marked: Option<Marked>) {
        if let Some(marked) = &marked {
            self.look_at(marked);
        }
        self.marked = marked;
    }

    pub(super) fn look_at(&mut self, marked: &Marked) {
        let Some(workspace) = self.workspace() else { return };
        let shows = |pane: usize| workspace.pane(pane).is_some_and(|p| p.frame == marked.frame);
        let panes = std::iter::once(workspace.active).chain(0..workspace.panes.len());
        let (pane, shown) = match panes.into_iter().find(|pane| shows(*pane)) {
            Some(pane) => (pane, true),
            None => (workspace.active, false),
        };
        let Some(frame) = self.frame(&marked.frame) else { return };
        let middle: Point<Pixel> =
            Point::new(0.5 * (frame.columns() as f64 - 1.0), 0.5 * (frame.rows() as f64 - 1.0));
        let size = [frame.columns() as f64, frame.rows() as f64];
        let near = marked.outline.as_ref().map(|outline| {
            let (low, high) = outline.bounds();
            let part = ((high.x - low.x) / size[0]).max((high.y - low.y) / size[1]);
            ((FILLED / part.max(1e-6)).clamp(1.0, NEAREST), low.lerp(high, 0.5))
        });
        self.show(Show::Activate(pane));
        if !shown {
            self.show(Show::Frame { pane, frame: marked.frame.clone() });
        }
        self.show(Show::Fit { pane });
        if let Some((factor, about)) = near.filter(|(factor, _)| *factor > 1.0) {
            self.show(Show::Pan { pane, by: about - middle });
            self.show(Show::Zoom { pane, about, factor });
        }
    }
}
