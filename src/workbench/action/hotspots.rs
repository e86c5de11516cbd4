//! Hot spots that are proposed: to find them, go through them, take them and turn them down.

use super::{Action, action};
use crate::workbench::hotspots::searched;
use crate::workbench::{Command, Workbench};

pub(super) static ACTIONS: &[Action] = &[
    action!("hotspot.propose", Region, ["H"], |b| {
        let series = &b.reading()?.study().series;
        series.iter().any(|s| searched(s)).then_some(Command::Propose)
    }),
    action!("hotspot.next", Region, ["]"], |b| step(b, 1)),
    action!("hotspot.previous", Region, ["["], |b| step(b, -1)),
    action!("hotspot.accept", Region, ["Ctrl+Enter"], accept),
    action!("hotspot.reject", Region, ["Ctrl+Delete"], reject),
    action!("hotspot.leave", Region, [], |b| b.proposal().map(|_| Command::ToProposal(None))),
];

pub(super) fn accept(bench: &Workbench) -> Option<Command> {
    bench.take_proposal(bench.proposal()?).map(Command::Edit)
}

pub(super) fn reject(bench: &Workbench) -> Option<Command> {
    bench.reject_proposal(bench.proposal()?).map(Command::Edit)
}

fn step(bench: &Workbench, step: isize) -> Option<Command> {
    let open: Vec<usize> = bench.proposals().iter().map(|(index, _)| *index).collect();
    if open.is_empty() {
        return None;
    }
    let at = bench.proposal().and_then(|current| open.iter().position(|&i| i == current));
    let next = match at {
        Some(at) => (at as isize + step).rem_euclid(open.len() as isize) as usize,
        None => 0,
    };
    Some(Command::ToProposal(Some(open[next])))
}
