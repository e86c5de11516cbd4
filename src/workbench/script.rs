//! Commands from a file, one JSON value a line: what tests and teaching macros replay.

use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::geometry::{Pixel, Point};

use super::{Action, Command, Pointer, PointerEvent, Workbench};

/// One line of a script.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Line {
    /// An action by its id, as if chosen from the menu.
    Action(String),
    /// The pointer pressed, moved through the points, and let go.
    Drag {
        pane: usize,
        through: Vec<Point<Pixel>>,
        #[serde(default)]
        shift: bool,
    },
    #[serde(untagged)]
    Command(Box<Command>),
}

#[derive(Debug, thiserror::Error)]
pub enum ScriptError {
    #[error("line {line} is not a command ({reason}): {path}")]
    NotACommand { path: PathBuf, line: usize, reason: String },
    #[error("line {line}: there is no action {id:?}: {path}")]
    NoSuchAction { path: PathBuf, line: usize, id: String },
    #[error("line {line}: {id:?} cannot be done now: {path}")]
    NotNow { path: PathBuf, line: usize, id: String },
    #[error("line {line}: {reason}: {path}")]
    Failed { path: PathBuf, line: usize, reason: String },
}

/// Runs a script on the bench, waiting for each job it starts. Empty lines and lines that begin
/// with `#` are skipped. Stops at the first line that cannot be done. `path` is only for errors.
pub fn run(bench: &mut Workbench, script: &str, path: &Path) -> Result<(), ScriptError> {
    for (index, text) in script.lines().enumerate() {
        let text = text.trim();
        if text.is_empty() || text.starts_with('#') {
            continue;
        }
        let line = index + 1;
        let parsed: Line = serde_json::from_str(text).map_err(|e| ScriptError::NotACommand {
            path: path.into(),
            line,
            reason: e.to_string(),
        })?;
        let errors = count_errors(bench);
        match parsed {
            Line::Command(command) => bench.handle(*command),
            Line::Drag { pane, through, shift } => drag(bench, pane, &through, shift),
            Line::Action(id) => {
                let action = Action::by_id(&id).ok_or_else(|| ScriptError::NoSuchAction {
                    path: path.into(),
                    line,
                    id: id.clone(),
                })?;
                let command = action.resolve(bench).ok_or_else(|| ScriptError::NotNow {
                    path: path.into(),
                    line,
                    id: id.clone(),
                })?;
                bench.handle(command);
            }
        }
        bench.settle();
        if count_errors(bench) > errors
            && let Some(notice) = bench.notices().last()
        {
            let reason = notice.text.clone();
            return Err(ScriptError::Failed { path: path.into(), line, reason });
        }
    }
    Ok(())
}

fn count_errors(bench: &Workbench) -> usize {
    bench.notices().iter().filter(|n| n.kind == super::NoticeKind::Error).count()
}

/// One gesture of the tool in hand, as a hand would make it.
fn drag(bench: &mut Workbench, pane: usize, through: &[Point<Pixel>], shift: bool) {
    let (Some(&first), Some(&last)) = (through.first(), through.last()) else { return };
    let frame_size = bench
        .workspace()
        .and_then(|w| w.pane(pane))
        .and_then(|p| bench.study()?.frame(&p.frame))
        .map_or([1.0, 1.0], |f| [f.columns() as f64, f.rows() as f64]);
    let mut send = |at: Point<Pixel>, event| {
        let travel = [(at.x - first.x) / frame_size[0], (at.y - first.y) / frame_size[1]];
        bench.handle(Command::Point(Pointer { pane, at, event, shift, reach: 3.0, travel }));
    };
    send(first, PointerEvent::Press);
    for &at in &through[1..] {
        send(at, PointerEvent::Drag);
    }
    send(last, PointerEvent::Release);
}
