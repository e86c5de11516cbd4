//! Regions, twins, the midline, and the tools that draw.

use super::{Action, action, hotspots, selected};
use crate::findings::{Edit, MidlineOrigin, Role, TwinChoice, twin};
use crate::workbench::{Command, ToolKind, Workbench};

pub(super) static ACTIONS: &[Action] = &[
    action!("roi.mirror", Region, ["M"], |b| {
        let roi = selected(b)?;
        let twin = match roi.twin {
            TwinChoice::None => TwinChoice::Auto,
            TwinChoice::Auto | TwinChoice::Placed(_) => TwinChoice::None,
        };
        Some(Command::Edit(Edit::SetTwin(roi.id, twin)))
    }),
    action!("roi.detach_twin", Region, [], detach_twin),
    action!("roi.reattach_twin", Region, [], |b| {
        let roi = selected(b)?;
        matches!(roi.twin, TwinChoice::Placed(_))
            .then(|| Command::Edit(Edit::SetTwin(roi.id, TwinChoice::Auto)))
    }),
    action!("roi.subtract_background", Region, [], |b| {
        let findings = b.findings()?;
        let soft = findings.rois().iter().any(|roi| roi.role == Role::Background);
        let on = findings.subtracts_background();
        (soft || on).then_some(Command::Edit(Edit::SubtractBackground(!on)))
    }),
    action!("roi.in_report", Region, ["Enter"], |b| {
        // A proposal is looked at while no region is selected: then it is taken.
        let Some(roi) = selected(b) else { return hotspots::accept(b) };
        Some(Command::Edit(Edit::SetInReport(roi.id, !roi.in_report)))
    }),
    action!("roi.next", Region, ["N"], |b| next_roi(b, 1)),
    action!("roi.previous", Region, ["Shift+N"], |b| next_roi(b, -1)),
    action!("midline.automatic", Region, [], |b| {
        let frame = &b.workspace()?.active_pane()?.frame;
        let edited = b.findings()?.midline(frame)?.origin == MidlineOrigin::Edited;
        edited.then(|| Command::Edit(Edit::SetMidline(frame.clone(), None)))
    }),
    action!("tool.select", Tool, ["S"], |b| tool(b, ToolKind::Select)),
    action!("tool.ellipse", Tool, ["E"], |b| tool(b, ToolKind::Ellipse)),
    action!("tool.rectangle", Tool, ["R"], |b| tool(b, ToolKind::Rectangle)),
    action!("tool.freehand", Tool, ["F"], |b| tool(b, ToolKind::Freehand)),
    action!("tool.polygon", Tool, ["G"], |b| tool(b, ToolKind::Polygon)),
];

fn detach_twin(bench: &Workbench) -> Option<Command> {
    let roi = selected(bench)?;
    if roi.twin != TwinChoice::Auto {
        return None;
    }
    let reading = bench.reading()?;
    let outline = twin::carried(&roi.outline, &reading.symmetry(&roi.frame)?).ok()?;
    Some(Command::Edit(Edit::SetTwin(roi.id, TwinChoice::Placed(outline))))
}

fn next_roi(bench: &Workbench, step: isize) -> Option<Command> {
    let rois = bench.reading()?.findings().rois();
    if rois.is_empty() {
        return None;
    }
    let at = bench.selected().and_then(|id| rois.iter().position(|r| r.id == id));
    let next = match at {
        Some(at) => (at as isize + step).rem_euclid(rois.len() as isize) as usize,
        None => 0,
    };
    Some(Command::Select(Some(rois[next].id)))
}

fn tool(bench: &Workbench, kind: ToolKind) -> Option<Command> {
    bench.study().map(|_| Command::Tool(kind))
}
