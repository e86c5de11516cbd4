//! The catalogue of what a person can ask. Menu, toolbar, keyboard, palette, help sheet and the
//! table of keys in the README all read it.

use crate::findings::{Edit, MidlineOrigin, Roi, TwinChoice, twin};
use crate::geometry::Point;
use crate::picture::{Colormap, Sampling, Transfer};
use crate::text;

use super::keymap::Chord;
use super::{Command, Pane, Question, Show, ToolKind, Workbench, demo_path};

/// Where an action stands in the menus.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Menu {
    File,
    Edit,
    View,
    Region,
    Tool,
    Help,
}

impl Menu {
    pub const ALL: [Self; 6] =
        [Self::File, Self::Edit, Self::View, Self::Region, Self::Tool, Self::Help];

    pub fn label(self) -> String {
        text::t(match self {
            Self::File => "menu-file",
            Self::Edit => "menu-edit",
            Self::View => "menu-view",
            Self::Region => "menu-region",
            Self::Tool => "menu-tool",
            Self::Help => "menu-help",
        })
    }
}

/// Something a person can ask for. It looks at what is selected and becomes a complete command, or
/// nothing, which greys the menu.
pub struct Action {
    /// Stable and English: `roi.mirror`. Names it in scripts, tests and the palette.
    pub id: &'static str,
    pub menu: Menu,
    /// The first is shown in menus.
    chords: &'static [&'static str],
    resolve: fn(&Workbench) -> Option<Command>,
}

impl Action {
    pub fn all() -> &'static [Self] {
        ACTIONS
    }

    pub fn by_id(id: &str) -> Option<&'static Self> {
        ACTIONS.iter().find(|a| a.id == id)
    }

    pub fn by_chord(chord: Chord) -> Option<&'static Self> {
        ACTIONS.iter().find(|a| a.chords().any(|c| c == chord))
    }

    /// In the reader's language.
    pub fn label(&self) -> String {
        text::t(&self.key())
    }

    /// The key of its words: `action-roi-mirror`.
    pub fn key(&self) -> String {
        format!("action-{}", self.id.replace('.', "-"))
    }

    pub fn chords(&self) -> impl Iterator<Item = Chord> + use<> {
        self.chords.iter().filter_map(|c| Chord::parse(c))
    }

    pub fn resolve(&self, bench: &Workbench) -> Option<Command> {
        (self.resolve)(bench)
    }
}

macro_rules! action {
    ($id:literal, $menu:ident, [$($chord:literal),*], $resolve:expr) => {
        Action { id: $id, menu: Menu::$menu, chords: &[$($chord),*], resolve: $resolve }
    };
}

static ACTIONS: &[Action] = &[
    action!("file.open", File, ["Ctrl+O"], |_| Some(Command::Ask(Question::OpenFile))),
    action!("file.open_folder", File, ["Ctrl+Shift+O"], |_| {
        Some(Command::Ask(Question::OpenFolder))
    }),
    action!("file.demo", File, ["Ctrl+D"], |_| Some(Command::Open(demo_path("metastases")))),
    action!("file.load_regions", File, [], |b| {
        b.study().map(|_| Command::Ask(Question::LoadRegions))
    }),
    action!("file.save_regions", File, ["Ctrl+S"], |b| {
        b.study().map(|_| Command::Ask(Question::SaveRegions))
    }),
    action!("report.preview", File, ["P"], |b| b.study().map(|_| Command::Ask(Question::Report))),
    action!("report.export", File, ["Ctrl+E"], |b| {
        b.study().map(|_| Command::Ask(Question::Export))
    }),
    action!("job.cancel", File, [], |b| b.running_job().map(|_| Command::Cancel)),
    action!("file.quit", File, ["Ctrl+Q"], |_| Some(Command::Ask(Question::Quit))),
    action!("edit.undo", Edit, ["Ctrl+Z"], |b| {
        b.reading().filter(|r| r.history().can_undo()).map(|_| Command::Undo)
    }),
    action!("edit.redo", Edit, ["Ctrl+Shift+Z", "Ctrl+Y"], |b| {
        b.reading().filter(|r| r.history().can_redo()).map(|_| Command::Redo)
    }),
    action!("roi.delete", Edit, ["Delete", "Backspace"], |b| {
        Some(Command::Edit(Edit::Remove(selected(b)?.id)))
    }),
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
        let at = Colormap::ALL.iter().position(|m| *m == p.look.colormap).unwrap_or(0);
        Show::Colormap { pane, colormap: Colormap::ALL[(at + 1) % Colormap::ALL.len()] }
    })),
    action!("view.transfer", View, ["Y"], |b| show(b, |pane, p| Show::Transfer {
        pane,
        transfer: match p.look.window.transfer {
            Transfer::Linear => Transfer::SquareRoot,
            Transfer::SquareRoot => Transfer::Logarithm,
            Transfer::Logarithm => Transfer::Linear,
        },
    })),
    action!("view.sampling", View, ["B"], |b| show(b, |pane, p| Show::Sampling {
        pane,
        sampling: match p.look.sampling {
            Sampling::Nearest => Sampling::Bicubic,
            Sampling::Bicubic => Sampling::Nearest,
        },
    })),
    action!("view.mirror", View, ["Shift+H"], |b| show(b, |pane, _| Show::Mirror { pane })),
    action!("view.next_frame", View, ["↓"], |b| step_frame(b, 1)),
    action!("view.previous_frame", View, ["↑"], |b| step_frame(b, -1)),
    action!("view.next_pane", View, ["F6"], |b| {
        let workspace = b.workspace().filter(|w| w.panes.len() > 1)?;
        Some(Command::Show(Show::Activate((workspace.active + 1) % workspace.panes.len())))
    }),
    action!("view.corner_texts", View, ["I"], |b| {
        Some(Command::Show(Show::CornerTexts(!b.workspace()?.corner_texts)))
    }),
    action!("view.overlays", View, ["O"], |b| {
        Some(Command::Show(Show::Overlays(!b.workspace()?.overlays)))
    }),
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
    action!("roi.in_report", Region, ["Enter"], |b| {
        let roi = selected(b)?;
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
    action!("help.palette", Help, ["Ctrl+K"], |_| Some(Command::Ask(Question::Palette))),
    action!("help.keys", Help, ["?", "F1"], |_| Some(Command::Ask(Question::Keys))),
    action!("help.about", Help, [], |_| Some(Command::Ask(Question::About))),
];

fn selected(bench: &Workbench) -> Option<&Roi> {
    bench.reading()?.findings().roi(bench.selected()?)
}

fn show(bench: &Workbench, change: impl FnOnce(usize, &Pane) -> Show) -> Option<Command> {
    let workspace = bench.workspace()?;
    Some(Command::Show(change(workspace.active, workspace.active_pane()?)))
}

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

fn step_frame(bench: &Workbench, step: isize) -> Option<Command> {
    let pane = bench.workspace()?.active_pane()?;
    let series = bench.study()?.series(&pane.frame.series)?;
    let next = pane.frame.frame.checked_add_signed(step).filter(|n| *n < series.frames.len())?;
    let frame = crate::study::FrameKey { series: series.uid.clone(), frame: next };
    show(bench, |pane, _| Show::Frame { pane, frame })
}

fn detach_twin(bench: &Workbench) -> Option<Command> {
    let roi = selected(bench)?;
    if roi.twin != TwinChoice::Auto {
        return None;
    }
    let reading = bench.reading()?;
    let frame = reading.study().frame(&roi.frame)?;
    let midline = reading.midline(&roi.frame)?;
    let size = [frame.columns(), frame.rows()];
    let outline = twin::reflected(&roi.outline, midline, frame.spacing_or_unit(), size).ok()?;
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

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;

    #[test]
    fn every_action_has_its_own_name_and_keys() {
        let mut keys = HashMap::new();
        for action in ACTIONS {
            assert_eq!(
                ACTIONS.iter().filter(|a| a.id == action.id).count(),
                1,
                "{} stands twice",
                action.id
            );
            assert_eq!(action.chords().count(), action.chords.len(), "{}", action.id);
            for chord in action.chords() {
                if let Some(other) = keys.insert(chord, action.id) {
                    panic!("{chord} stands for {other} and {}", action.id);
                }
            }
            assert_ne!(action.label(), action.key(), "{} has no words", action.id);
        }
    }
}
