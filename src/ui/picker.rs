//! Asking for a file or folder, with the system's dialog or, in tests, without one.

use std::path::PathBuf;
use std::sync::mpsc::Sender;
use std::time::{Duration, Instant};

use crate::study::Identity;
use crate::text;
use crate::workbench::{Command, CurveExport, Format};

/// What the path is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wish {
    OpenFile,
    OpenFolder,
    LoadRegions,
    SaveRegions,
    SaveCurve,
    LoadColormap,
    SaveReport(Format),
}

/// The answer to a wish. `path` is `None` when the reader thought better of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picked {
    pub wish: Wish,
    pub path: Option<PathBuf>,
    /// No dialog could be shown: the reader has not been asked.
    pub unasked: bool,
}

/// Where an answer goes; waking the window comes with it.
#[derive(Clone)]
pub struct Answer {
    pub(super) sender: Sender<Picked>,
    pub(super) ctx: egui::Context,
}

impl Answer {
    pub fn give(self, picked: Picked) {
        // The window is gone only when the program ends.
        let _ = self.sender.send(picked);
        self.ctx.request_repaint();
    }
}

/// Asks for a path and answers later; never blocks.
pub trait FilePicker {
    fn ask(&mut self, wish: Wish, answer: Answer);
}

/// The desktop's own dialog.
#[derive(Default)]
pub struct RfdPicker;

/// Quicker than a hand can cancel: there was no dialog at all. `rfd` does not tell the two apart.
const NO_DIALOG: Duration = Duration::from_millis(250);

impl FilePicker for RfdPicker {
    fn ask(&mut self, wish: Wish, answer: Answer) {
        let failed = answer.clone();
        let asked = std::thread::Builder::new().name("file dialog".into()).spawn(move || {
            let since = Instant::now();
            let path = show(wish);
            let unasked = path.is_none() && since.elapsed() < NO_DIALOG;
            answer.give(Picked { wish, path, unasked });
        });
        if asked.is_err() {
            failed.give(Picked { wish, path: None, unasked: true });
        }
    }
}

fn show(wish: Wish) -> Option<PathBuf> {
    let dialog = rfd::FileDialog::new().set_title(wish.title());
    let regions = |dialog: rfd::FileDialog| dialog.add_filter("JSON", &["json"]);
    match wish {
        Wish::OpenFile => dialog.pick_file(),
        Wish::OpenFolder => dialog.pick_folder(),
        Wish::LoadRegions => regions(dialog).pick_file(),
        Wish::LoadColormap => dialog.add_filter("LUT", &["lut", "txt", "csv"]).pick_file(),
        Wish::SaveRegions => regions(dialog).set_file_name("regions.json").save_file(),
        Wish::SaveCurve => {
            let name = "time-activity-curves.csv";
            dialog.add_filter("CSV", &["csv"]).set_file_name(name).save_file()
        }
        Wish::SaveReport(format) => {
            let suffix = format.extension();
            dialog
                .add_filter(suffix.to_uppercase(), &[suffix])
                .set_file_name(format!("bone-scan-report.{suffix}"))
                .save_file()
        }
    }
}

impl Wish {
    pub fn title(self) -> String {
        text::t(match self {
            Self::OpenFile => "dialog-open-file",
            Self::OpenFolder => "dialog-open-folder",
            Self::LoadRegions => "dialog-load-regions",
            Self::SaveRegions => "dialog-save-regions",
            Self::SaveCurve => "dialog-save-curve",
            Self::LoadColormap => "dialog-load-colormap",
            Self::SaveReport(_) => "dialog-save-report",
        })
    }
}

impl Wish {
    /// What a path for this wish asks of the bench; a report has more to be chosen than its path.
    pub fn command(self, path: PathBuf) -> Option<Command> {
        match self {
            Self::OpenFile | Self::OpenFolder => Some(Command::Open(path)),
            Self::LoadRegions => Some(Command::LoadRegions(path)),
            Self::SaveRegions => Some(Command::SaveRegions(path)),
            Self::SaveCurve => Some(Command::ExportCurve(CurveExport {
                path,
                region: None,
                identity: Identity::default(),
                force: false,
            })),
            Self::LoadColormap => Some(Command::LoadColormap(path)),
            Self::SaveReport(_) => None,
        }
    }
}

/// Answers at once with the path it was given: for tests.
pub struct FakePicker(pub Option<PathBuf>);

impl FilePicker for FakePicker {
    fn ask(&mut self, wish: Wish, answer: Answer) {
        answer.give(Picked { wish, path: self.0.clone(), unasked: false });
    }
}
