//! The window itself, for hands that leave the mouse alone.

use super::{Action, action};
use crate::workbench::{Command, Question};

pub(super) static ACTIONS: &[Action] = &[
    action!("window.preferences", Edit, ["Ctrl+,"], |_| Some(Command::Ask(Question::Preferences))),
    action!("window.next_part", View, ["F6"], |_| Some(Command::Ask(Question::NextPart))),
    action!("window.previous_part", View, ["Shift+F6"], |_| {
        Some(Command::Ask(Question::PreviousPart))
    }),
    action!("roi.next_handle", Region, ["J"], |b| {
        b.workspace()?.active_pane().map(|_| Command::Ask(Question::NextHandle))
    }),
];
