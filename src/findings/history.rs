//! Undo and redo: two stacks of edits.

use super::{Edit, EditError, Findings};

/// How the findings came to be. One gesture is one entry.
#[derive(Clone, Debug, Default)]
pub struct History {
    undo: Vec<Edit>,
    redo: Vec<Edit>,
    /// The last entry is a nudge that the next one may continue.
    nudging: bool,
}

impl History {
    /// Applies a new edit. What was undone before it can no longer be redone.
    pub fn record(&mut self, findings: &mut Findings, edit: Edit) -> Result<(), EditError> {
        self.undo.push(findings.apply(edit)?);
        self.redo.clear();
        self.nudging = false;
        Ok(())
    }

    /// Applies a small change by a key. A run of them to one thing is one entry: whoever takes it
    /// back goes to where the run began.
    pub fn nudge(&mut self, findings: &mut Findings, edit: Edit) -> Result<(), EditError> {
        let back = findings.apply(edit)?;
        let goes_on = self.nudging && self.undo.last().is_some_and(|last| same_thing(last, &back));
        if !goes_on {
            self.undo.push(back);
        }
        self.redo.clear();
        self.nudging = true;
        Ok(())
    }

    /// Takes the last edit back; `false` when there is none.
    pub fn undo(&mut self, findings: &mut Findings) -> bool {
        self.nudging = false;
        step(findings, &mut self.undo, &mut self.redo)
    }

    /// Applies again what was last undone; `false` when there is none.
    pub fn redo(&mut self, findings: &mut Findings) -> bool {
        self.nudging = false;
        step(findings, &mut self.redo, &mut self.undo)
    }

    pub fn can_undo(&self) -> bool {
        !self.undo.is_empty()
    }

    pub fn can_redo(&self) -> bool {
        !self.redo.is_empty()
    }
}

fn same_thing(a: &Edit, b: &Edit) -> bool {
    match (a, b) {
        (Edit::Reshape(a, _), Edit::Reshape(b, _)) => a == b,
        (Edit::Reannotate(a), Edit::Reannotate(b)) => a.id == b.id,
        _ => false,
    }
}

fn step(findings: &mut Findings, from: &mut Vec<Edit>, to: &mut Vec<Edit>) -> bool {
    let Some(edit) = from.pop() else { return false };
    let inverse = findings.apply(edit).expect("an edit taken back in order applies");
    to.push(inverse);
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::findings::{RoiId, Role};
    use crate::geometry::{Outline, Vector};
    use crate::study::FrameKey;

    #[test]
    fn a_run_of_nudges_is_taken_back_at_once() {
        let (mut findings, mut history) = (Findings::default(), History::default());
        let frame = FrameKey { series: "1.2".into(), frame: 0 };
        let square = Outline::Rectangle { min: [0.0, 0.0], max: [4.0, 4.0] };
        for _ in 0..2 {
            let roi = findings.new_roi(Role::Lesion, frame.clone(), square.clone());
            history.record(&mut findings, Edit::Add { at: None, roi }).unwrap();
        }
        let [a, b] = [findings.rois()[0].id, findings.rois()[1].id];
        let at = |findings: &Findings, id: RoiId| findings.roi(id).unwrap().outline.centroid().x;
        let moved = |findings: &Findings, id: RoiId| {
            let outline = &findings.roi(id).unwrap().outline;
            Edit::Reshape(id, outline.moved(Vector::new(1.0, 0.0)))
        };
        let nudge = |findings: &mut Findings, history: &mut History, id: RoiId| {
            let edit = moved(findings, id);
            history.nudge(findings, edit).unwrap();
        };
        let start = at(&findings, a);
        // Three of one region, two of another, one more of the first: three steps back.
        for id in [a, a, a, b, b, a] {
            nudge(&mut findings, &mut history, id);
        }
        assert_eq!((at(&findings, a), at(&findings, b)), (start + 4.0, start + 2.0));
        assert!(history.undo(&mut findings));
        assert_eq!((at(&findings, a), at(&findings, b)), (start + 3.0, start + 2.0));
        assert!(history.undo(&mut findings));
        assert_eq!((at(&findings, a), at(&findings, b)), (start + 3.0, start));
        assert!(history.undo(&mut findings));
        assert_eq!((at(&findings, a), at(&findings, b)), (start, start));
        // Forward again goes to the end of the run, and a nudge after it is a step of its own.
        assert!(history.redo(&mut findings));
        assert_eq!(at(&findings, a), start + 3.0);
        nudge(&mut findings, &mut history, a);
        assert!(history.undo(&mut findings));
        assert_eq!(at(&findings, a), start + 3.0);
        // A drag in between ends the run.
        nudge(&mut findings, &mut history, a);
        let edit = moved(&findings, a);
        history.record(&mut findings, edit).unwrap();
        nudge(&mut findings, &mut history, a);
        assert_eq!(at(&findings, a), start + 6.0);
        assert!(history.undo(&mut findings));
        assert_eq!(at(&findings, a), start + 5.0);
    }
}
