//! Undo and redo: two stacks of edits.

use super::{Edit, EditError, Findings};

/// How the findings came to be. One gesture is one entry.
#[derive(Clone, Debug, Default)]
pub struct History {
    undo: Vec<Edit>,
    redo: Vec<Edit>,
}

impl History {
    /// Applies a new edit. What was undone before it can no longer be redone.
    pub fn record(&mut self, findings: &mut Findings, edit: Edit) -> Result<(), EditError> {
        self.undo.push(findings.apply(edit)?);
        self.redo.clear();
        Ok(())
    }

    /// Takes the last edit back; `false` when there is none.
    pub fn undo(&mut self, findings: &mut Findings) -> bool {
        step(findings, &mut self.undo, &mut self.redo)
    }

    /// Applies again what was last undone; `false` when there is none.
    pub fn redo(&mut self, findings: &mut Findings) -> bool {
        step(findings, &mut self.redo, &mut self.undo)
    }

    pub fn can_undo(&self) -> bool {
        !self.undo.is_empty()
    }

    pub fn can_redo(&self) -> bool {
        !self.redo.is_empty()
    }
}

fn step(findings: &mut Findings, from: &mut Vec<Edit>, to: &mut Vec<Edit>) -> bool {
    let Some(edit) = from.pop() else { return false };
    let inverse = findings.apply(edit).expect("an edit taken back in order applies");
    to.push(inverse);
    true
}
