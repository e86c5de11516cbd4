//! Index presets: each draws its regions.

use super::{Action, action};
use crate::workbench::{Command, Workbench};

/// How the actions begin that draw an index; they share a menu of their own.
pub const INDICES: &str = "index.";

pub(super) static ACTIONS: &[Action] = &[
    action!("index.sacroiliac", Region, [], |b| place(b, "sacroiliac")),
    action!("index.condyles", Region, [], |b| place(b, "condyles")),
    action!("index.crps", Region, [], |b| place(b, "crps")),
    action!("index.femoral_head", Region, [], |b| place(b, "femoral_head")),
    action!("index.kidney", Region, [], |b| place(b, "kidney")),
    action!("index.soft_tissue", Region, [], |b| place(b, "soft_tissue")),
    action!("index.jaw", Region, [], |b| place(b, "jaw")),
];

fn place(bench: &Workbench, index: &str) -> Option<Command> {
    let pane = bench.workspace()?.active_pane()?;
    let series = bench.reading()?.study().series(&pane.frame.series)?;
    series.kind.planar().then(|| Command::PlaceIndex(index.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::IndexPreset;

    #[test]
    fn every_index_has_its_action() {
        let ids: Vec<String> =
            IndexPreset::all().iter().map(|p| format!("{INDICES}{}", p.id)).collect();
        assert_eq!(ids, ACTIONS.iter().map(|a| a.id).collect::<Vec<_>>());
    }
}
