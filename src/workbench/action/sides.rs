//! What the reader states of views, and which side of the patient is on which side of the screen.

use super::{Action, action};
use crate::findings::Edit;
use crate::geometry::Side;
use crate::study::{Frame, FrameKey, SeriesKind, ViewName};
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
    let detectors: Vec<u16> = series.frames.iter().map(|f| f.address.detector).collect();
    let together = matches!(series.kind, SeriesKind::Dynamic | SeriesKind::Gated);
    let edits: Vec<Edit> = seen_alike(&detectors, together, key.frame)
        .into_iter()
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
fn seen_alike(detectors: &[u16], together: bool, frame: usize) -> Vec<usize> {
    let same = |other: usize| together && detectors.get(other) == detectors.get(frame);
    (0..detectors.len()).filter(|&other| other == frame || same(other)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_of_one_detector_of_a_dynamic_series_are_named_together() {
        let detectors = [1, 2, 1, 2, 1];
        assert_eq!(seen_alike(&detectors, true, 1), [1, 3]);
        assert_eq!(seen_alike(&detectors, true, 2), [0, 2, 4]);
        assert_eq!(seen_alike(&detectors, false, 2), [2]);
        assert!(seen_alike(&detectors, true, 9).is_empty());
    }
}
