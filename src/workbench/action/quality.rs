//! Scan quality, and copies of fewer counts.

use super::{Action, action};
use crate::study::Derivation;
use crate::workbench::{Command, Question, Show, Workbench};

pub(super) static ACTIONS: &[Action] = &[
    action!("quality.show", View, ["Shift+Q"], |b| {
        let shown = b.workspace()?.active_pane()?;
        let checks = b.reading_of(&shown.frame)?.quality(&shown.frame.series);
        (!checks.is_empty()).then_some(Command::Ask(Question::Quality))
    }),
    action!("quality.clear", View, [], |b| b.marked().map(|_| Command::Mark(None))),
    action!("thin.half", View, [], |b| thinned(b, 0.5)),
    action!("thin.quarter", View, [], |b| thinned(b, 0.25)),
    action!("thin.off", View, [], |b| {
        let shown = b.workspace()?.active_pane()?;
        let frame = b.acquired_frame()?;
        let pane = b.workspace()?.active;
        (frame.series != shown.frame.series).then_some(Command::Show(Show::Frame { pane, frame }))
    }),
];

/// The seed of a copy that is asked for without one, so that it is the same copy every time.
const SEED: u64 = 1;

fn thinned(bench: &Workbench, fraction: f64) -> Option<Command> {
    let key = bench.acquired_frame()?;
    let reading = bench.reading_of(&key)?;
    let planar = reading.study().series(&key.series)?.kind.planar();
    let counts = bench.frame(&key)?.values.poisson().is_ok();
    (planar && counts).then_some(Command::Derive(Derivation::Thinned {
        of: key.series,
        fraction,
        seed: SEED,
    }))
}
