//! What the reader states of views, and which side of the patient is on which side of the screen.

use super::{Action, action};
use crate::findings::Edit;
use crate::geometry::Side;
use crate::study::{Frame, FrameKey, Series, SeriesKind, ViewName};
use crate::workbench::{Command, Show, Workbench};

/// How the actions begin that name a view; they share a menu of their own.
pub const NAMES_OF_VIEWS: &str = "view.name_";

pub(super) static ACTIONS: &[Action] = &[
    action!("view.mirror_posterior", View, ["Alt+H"], |b| {
        let workspace = b.workspace()?;
        let from_behind = |key: &FrameKey| {
            b.frame(key).and_then(Frame::side_of_larger_columns) == Some(Side::Right)
        };
        let any = workspace.panes.iter().any(|p| from_behind(&p.frame));
        any.then_some(Command::Show(Show::MirrorPosterior(!workspace.mirror_posterior)))
    }),
    action!("view.confirm", View, ["Shift+V"], |b| confirm_view(b, b.workspace()?.active)),
    action!("view.name_anterior", View, [], |b| name(b, Some(ViewName::Anterior))),
    action!("view.name_posterior", View, [], |b| name(b, Some(ViewName::Posterior))),
    action!("view.name_left_lateral", View, [], |b| name(b, Some(ViewName::LeftLateral))),
    action!("view.name_right_lateral", View, [], |b| name(b, Some(ViewName::RightLateral))),
    action!("view.name_left_anterior_oblique", View, [], |b| {
        name(b, Some(ViewName::LeftAnteriorOblique))
    }),
    action!("view.name_right_anterior_oblique", View, [], |b| {
        name(b, Some(ViewName::RightAnteriorOblique))
    }),
    action!("view.name_left_posterior_oblique", View, [], |b| {
        name(b, Some(ViewName::LeftPosteriorOblique))
    }),
    action!("view.name_right_posterior_oblique", View, [], |b| {
        name(b, Some(ViewName::RightPosteriorOblique))
    }),
    action!("view.name_unknown", View, [], |b| name(b, Some(ViewName::Unknown))),
    action!("view.name_as_stated", View, [], |b| name(b, None)),
];

/// Makes a pane's guessed view one that the reader states; nothing where there is no guess. The
/// edit is one of the study that the pane shows.
pub fn confirm_view(bench: &Workbench, pane: usize) -> Option<Command> {
    let key = &bench.workspace()?.pane(pane)?.frame;
    let frame = bench.frame(key)?;
    let view = frame.view.view;
    (view != ViewName::Unknown && !frame.view_stated()).then(|| name_of(bench, key, Some(view)))?
}

fn name(bench: &Workbench, view: Option<ViewName>) -> Option<Command> {
    name_of(bench, &bench.workspace()?.active_pane()?.frame, view)
}

/// Names a frame's view, or takes the name back. Frames of one detector of a dynamic or gated
/// series look from one place, so they are named together.
fn name_of(bench: &Workbench, key: &FrameKey, view: Option<ViewName>) -> Option<Command> {
    let series = bench.reading_of(key)?.study().series(&key.series)?;
    let named = bench.reading_of(key)?.findings().views();
    if !series.kind.planar() {
        return None;
    }
    let edits: Vec<Edit> = seen_alike(series, key.frame)
        .map(|frame| FrameKey { series: series.uid.clone(), frame })
        .filter(|frame| named.get(frame).copied() != view)
        .map(|frame| Edit::SetView(frame, view))
        .collect();
    match edits.len() {
        0 => None,
        1 => edits.into_iter().next().map(Command::Edit),
        _ => Some(Command::Edit(Edit::All(edits))),
    }
}

/// The frames that look from where this one does, itself among them.
fn seen_alike(series: &Series, frame: usize) -> impl Iterator<Item = usize> + '_ {
    let many = matches!(series.kind, SeriesKind::Dynamic | SeriesKind::Gated);
    let detector = series.frames.get(frame).map(|f| f.address.detector);
    (0..series.frames.len()).filter(move |&other| {
        other == frame || many && series.frames.get(other).map(|f| f.address.detector) == detector
    })
}
