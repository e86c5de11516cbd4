//! Conjugate views, copies between phases, curves and profiles.

use super::{Action, action, selected};
use crate::workbench::{Command, CopyRegion, CopyTo, Place, Question, Workbench, has_curve};

pub(super) static ACTIONS: &[Action] = &[
    action!("roi.copy_conjugate", Region, ["Shift+M"], |b| copy(b, CopyTo::OppositeView)),
    action!("roi.copy_to_phases", Region, [], |b| {
        let planar = b.study()?.series.iter().filter(|s| s.kind.planar()).count();
        (planar > 1).then(|| copy(b, CopyTo::Phases)).flatten()
    }),
    action!("view.crosshair", View, ["Shift+C"], crosshair),
    action!("view.plots", View, ["Ctrl+J"], |b| {
        b.study().map(|_| Command::Ask(Question::Plots))
    }),
    action!("curve.export", File, [], |b| {
        let study = b.study()?;
        let any = b.findings()?.rois().iter().any(|roi| has_curve(study, &roi.frame));
        any.then_some(Command::Ask(Question::ExportCurve))
    }),
];

fn copy(bench: &Workbench, to: CopyTo) -> Option<Command> {
    Some(Command::Copy(CopyRegion { region: selected(bench)?.id, to }))
}

/// Marks the selected region's centre, or the middle of the active pane's frame; takes the mark
/// away where there is one.
fn crosshair(bench: &Workbench) -> Option<Command> {
    if bench.crosshair().is_some() {
        return Some(Command::Crosshair(None));
    }
    if let Some(roi) = selected(bench) {
        let place = Place { frame: roi.frame.clone(), at: roi.outline.centroid() };
        return Some(Command::Crosshair(Some(place)));
    }
    let key = &bench.workspace()?.active_pane()?.frame;
    let frame = bench.frame(key)?;
    let middle = [frame.columns(), frame.rows()].map(|size| 0.5 * (size as f64 - 1.0));
    Some(Command::Crosshair(Some(Place { frame: key.clone(), at: middle.into() })))
}
