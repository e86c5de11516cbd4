//! How the panes show their frames.

use super::{Action, action, show};
use crate::geometry::Point;
use crate::picture::{Colormap, Sampling, Transfer};
use crate::study::FrameKey;
use crate::workbench::{Command, Show, Workbench};

pub(super) static ACTIONS: &[Action] = &[
    action!("view.fit", View, ["="], |b| show(b, |pane, _| Show::Fit { pane })),
    action!("view.zoom_in", View, ["+"], |b| zoom(b, 1.25)),
    action!("view.zoom_out", View, ["-"], |b| zoom(b, 0.8)),
    action!("view.auto_window", View, ["0"], |b| show(b, |pane, _| Show::AutoWindow { pane })),
    action!("view.upper_100", View, ["1"], |b| upper(b, 100.0)),
    action!("view.upper_75", View, ["2"], |b| upper(b, 75.0)),
    action!("view.upper_50", View, ["3"], |b| upper(b, 50.0)),
    action!("view.upper_25", View, ["4"], |b| upper(b, 25.0)),
    action!("view.invert", View, ["X"], |b| show(b, |pane, p| Show::Colormap {
        pane,
        colormap: match p.look.colormap {
            Colormap::InvertedGrey => Colormap::Grey,
            _ => Colormap::InvertedGrey,
        },
    })),
    action!("view.colormap", View, ["L"], |b| show(b, |pane, p| {
        let all = Colormap::all();
        Show::Colormap { pane, colormap: all[(p.look.colormap.row() + 1) % all.len()] }
    })),
    action!("view.transfer", View, ["Y"], |b| show(b, |pane, p| Show::Transfer {
        pane,
        transfer: match p.look.window.transfer {
            Transfer::Linear => Transfer::SquareRoot,
            Transfer::SquareRoot => Transfer::Logarithm,
            Transfer::Logarithm | Transfer::Gamma(_) => Transfer::Linear,
        },
    })),
    action!("view.sampling", View, ["B"], |b| show(b, |pane, p| Show::Sampling {
        pane,
        sampling: match p.look.sampling {
            Sampling::Nearest => Sampling::Bicubic,
            _ => Sampling::Nearest,
        },
    })),
    action!("view.mirror", View, ["Shift+H"], |b| show(b, |pane, _| Show::Mirror { pane })),
    action!("view.next_frame", View, ["↓"], |b| step_frame(b, 1)),
    action!("view.previous_frame", View, ["↑"], |b| step_frame(b, -1)),
    action!("view.next_pane", View, [], |b| {
        let workspace = b.workspace().filter(|w| w.panes.len() > 1)?;
        Some(Command::Show(Show::Activate((workspace.active + 1) % workspace.panes.len())))
    }),
    action!("view.corner_texts", View, ["I"], |b| {
        Some(Command::Show(Show::CornerTexts(!b.workspace()?.corner_texts)))
    }),
    action!("view.bones", View, ["Shift+K"], |b| {
        Some(Command::Show(Show::Bones(!b.workspace()?.bones)))
    }),
    action!("view.overlays", View, ["O"], |b| {
        Some(Command::Show(Show::Overlays(!b.workspace()?.overlays)))
    }),
    action!("view.symmetry", View, ["Shift+S"], |b| {
        Some(Command::Show(Show::Symmetry(!b.workspace()?.symmetry)))
    }),
];

fn upper(bench: &Workbench, percent: f64) -> Option<Command> {
    show(bench, |pane, _| Show::UpperPercent { pane, percent })
}

fn zoom(bench: &Workbench, factor: f64) -> Option<Command> {
    let workspace = bench.workspace()?;
    let pane = workspace.active_pane()?;
    let frame = bench.study()?.frame(&pane.frame)?;
    let about = match pane.camera.center {
        Some(center) => frame.spacing_or_unit().pixel_from_plane().transform_point(center),
        None => Point::new(0.5 * frame.columns() as f64, 0.5 * frame.rows() as f64),
    };
    Some(Command::Show(Show::Zoom { pane: workspace.active, about, factor }))
}

/// On a page of frames the next pane, or the next page; else the next frame in the pane.
fn step_frame(bench: &Workbench, step: isize) -> Option<Command> {
    let workspace = bench.workspace()?;
    if workspace.selection.is_some() && workspace.panes.len() > 1 {
        let next = workspace.active.checked_add_signed(step);
        let next = next.filter(|n| *n < workspace.panes.len()).map(Show::Activate);
        let show = next.or_else(|| bench.turned(step.signum()).map(Show::Arrange));
        return show.map(Command::Show);
    }
    let pane = workspace.active_pane()?;
    let series = bench.study()?.series(&pane.frame.series)?;
    let next = pane.frame.frame.checked_add_signed(step).filter(|n| *n < series.frames.len())?;
    let frame = FrameKey { series: series.uid.clone(), frame: next };
    show(bench, |pane, _| Show::Frame { pane, frame })
}
