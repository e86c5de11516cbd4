//! Finding one's way.

use super::{Action, action};
use crate::workbench::{Command, Question};

pub(super) static ACTIONS: &[Action] = &[
    action!("help.palette", Help, ["Ctrl+K"], |_| Some(Command::Ask(Question::Palette))),
    action!("help.keys", Help, ["?", "F1"], |_| Some(Command::Ask(Question::Keys))),
    action!("help.self_test", Help, [], |_| Some(Command::Ask(Question::SelfTest))),
    action!("help.about", Help, [], |_| Some(Command::Ask(Question::About))),
];
