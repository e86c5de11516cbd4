//! Which way frames from behind face: as they are stored, or mirrored so that both views of a pair
//! have one side of the patient on one side of the screen.

use std::ops::RangeBounds;
use std::sync::Arc;

use crate::geometry::Side;
use crate::study::{Frame, FrameKey, Study};

use super::{Pane, Workbench, Workspace};

impl Workspace {
    /// Mirrors the frames of these panes that have the patient's right at larger columns, as those
    /// seen from behind do; or shows them as stored. Frames without sides are left alone.
    pub(super) fn face_the_reader<'a>(
        &mut self,
        panes: impl RangeBounds<usize>,
        frames: &dyn Fn(&FrameKey) -> Option<&'a Frame>,
    ) {
        let on = self.mirror_posterior;
        for (index, pane) in self.panes.iter_mut().enumerate() {
            let larger = frames(&pane.frame).and_then(Frame::side_of_larger_columns);
            if let (true, Some(larger)) = (panes.contains(&index), larger) {
                pane.camera.mirrored = on && larger == Side::Right;
            }
        }
    }
}

/// Of each pane on show: the side of the patient at larger columns.
pub(super) type Sides = Vec<(FrameKey, Option<Side>)>;

impl Workbench {
    fn side(&self, key: &FrameKey) -> Option<Side> {
        self.frame(key).and_then(Frame::side_of_larger_columns)
    }

    pub(super) fn sides_on_show(&self) -> Sides {
        let of = |pane: &Pane| (pane.frame.clone(), self.side(&pane.frame));
        self.workspace().map_or_else(Vec::new, |w| w.panes.iter().map(of).collect())
    }

    /// After an edit: where frames from behind are mirrored, a view that got another name faces
    /// the reader at once. Panes that kept their sides stay as the reader has turned them.
    pub(super) fn follow_sides(&mut self, before: &Sides) {
        let changed: Vec<usize> = before
            .iter()
            .enumerate()
            .filter(|(_, (key, side))| self.side(key) != *side)
            .map(|(index, _)| index)
            .collect();
        let studies: Vec<Arc<Study>> = self.readings.iter().map(|r| r.study().clone()).collect();
        let frames = |key: &FrameKey| studies.iter().find_map(|s| s.frame(key));
        let Some(reading) = self.readings.get_mut(self.hung) else { return };
        let workspace = &mut reading.workspace;
        if !workspace.mirror_posterior {
            return;
        }
        for index in changed {
            if let Some(pane) = workspace.panes.get_mut(index) {
                // Without sides there is no reason to mirror it.
                pane.camera.mirrored = false;
            }
            workspace.face_the_reader(index..=index, &frames);
        }
    }
}
