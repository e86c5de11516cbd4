//! Words, arrows and measures on the image.

use super::{Action, action};
use crate::workbench::{Command, ToolKind, Workbench};

pub(super) static ACTIONS: &[Action] = &[
    action!("tool.text", Tool, ["T"], |b| tool(b, ToolKind::Text)),
    action!("tool.arrow", Tool, ["A"], |b| tool(b, ToolKind::Arrow)),
    action!("tool.ruler", Tool, ["U"], |b| tool(b, ToolKind::Ruler)),
    action!("tool.angle", Tool, ["Shift+U"], |b| tool(b, ToolKind::Angle)),
];

fn tool(bench: &Workbench, kind: ToolKind) -> Option<Command> {
    bench.study().map(|_| Command::Tool(kind))
}
