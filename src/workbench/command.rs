//! What can be done to the bench: complete in itself, so that it can be replayed tomorrow.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::findings::{AnnotationId, Edit, RoiId};
use crate::geometry::{Pixel, Point, Vector};
use crate::picture::{Colormap, Sampling, Transfer};
use crate::study::{Derivation, FrameKey, Identity};

use super::arrange::Selection;
use super::cine::Cine;
use super::compare::Compare;
use super::copies::CopyRegion;
use super::curves::CurveExport;
use super::levels::Standard;
use super::mark::Marked;
use super::place::Place;
use super::preferences::Prefer;
use super::tools::ToolKind;
use super::workspace::{Canvas, Links, Pane};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Command {
    /// Changes the findings; undoable.
    Edit(Edit),
    /// The same by a key, a little at a time: a run of them to one thing is undone at once.
    Nudge(Edit),
    Undo,
    Redo,
    /// Changes what is shown; not undoable.
    Show(Show),
    /// The tool in hand.
    Tool(ToolKind),
    /// A pointer over a pane, for the tool in hand.
    Point(Pointer),
    Select(Option<RoiId>),
    SelectAnnotation(Option<AnnotationId>),
    /// Makes a series of the recorded ones and shows it in the active pane.
    Derive(Derivation),
    /// Points out a place, or ends the pointing.
    Mark(Option<Marked>),
    /// Looks for hot spots on the study that is read, to propose them.
    Propose,
    /// Looks at a proposal, by its number in the list that was found; `None` at none.
    ToProposal(Option<usize>),
    /// Reads a file, folder, archive or DICOMDIR; `demo:CASE` opens a simulated case, and
    /// `selftest:SET` a test set.
    Open(PathBuf),
    /// Makes another of the open studies the one that is read.
    Activate(usize),
    /// A prior beside the study that is read.
    Compare(Compare),
    /// Tries out what a nuclear medicine display must do.
    SelfTest,
    /// Asks the running jobs to stop.
    Cancel,
    Export(Export),
    /// Writes the regions as a regions file.
    SaveRegions(PathBuf),
    /// Reads a regions file into the active study.
    LoadRegions(PathBuf),
    /// Puts a copy of a region where its place is seen again; undoable.
    Copy(CopyRegion),
    /// Draws the regions of an index, named by its id, on the active pane's study; undoable.
    PlaceIndex(String),
    /// Marks a place and its conjugate in the opposite view; `None` takes the mark away.
    Crosshair(Option<Place>),
    /// Writes time–activity curves as CSV.
    ExportCurve(CurveExport),
    /// Keeps the layout on show as a hanging protocol of this name.
    SaveHanging(String),
    /// Seconds that went by: a cine that plays moves on.
    Tick(f64),
    /// Changes the preferences; remembered, not undoable.
    Prefer(Prefer),
    /// Reads a colour map (.lut) and shows the active pane in it.
    LoadColormap(PathBuf),
    /// Forgets the notices.
    Dismiss,
    /// Only a person in front of a window can answer; without a window it does nothing.
    Ask(Question),
}

impl Command {
    /// Whether it records or writes what follows from midlines, so that they must be known.
    pub(super) fn keeps_numbers(&self) -> bool {
        matches!(
            self,
            Self::Copy(_)
                | Self::Derive(_)
                | Self::Export(_)
                | Self::ExportCurve(_)
                | Self::LoadRegions(_)
                | Self::PlaceIndex(_)
                | Self::Compare(Compare::CopyRegions)
        )
    }
}

/// Something the window asks the reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Question {
    OpenFile,
    OpenFolder,
    Export,
    SaveRegions,
    LoadRegions,
    LoadColormap,
    /// Starts or ends an intensity sweep in the active pane.
    Sweep,
    Palette,
    Keys,
    About,
    SelfTest,
    Report,
    /// Opens or folds the curve, profile and histogram of the selected region.
    Plots,
    ExportCurve,
    Layout,
    SaveHanging,
    Preferences,
    /// The keyboard goes to the next part of the window, or to the one before.
    NextPart,
    PreviousPart,
    /// The keyboard takes hold of the next handle.
    NextHandle,
    /// Unfolds or folds the checks of the scan's quality.
    Quality,
    Quit,
}

/// What is shown and how. Panes are numbered from 0, left to right.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Show {
    /// Makes a pane the active one, and its study the one that is read.
    Activate(usize),
    /// New panes instead of the present ones, in columns of these relative widths.
    Layout {
        columns: Vec<f64>,
        panes: Vec<Pane>,
    },
    /// Frames in rows and columns, instead of the present panes.
    Arrange(Selection),
    /// The layout of the hanging protocol of this name.
    Hang(String),
    /// How large the panes' area is; frames that fit themselves to it are arranged anew.
    Canvas(Canvas),
    /// Starts, stops, and sets the speed of the cine.
    Cine(Cine),
    /// Goes to a frame, counted from 0, of those that a cine of the active pane runs through.
    Scrub(usize),
    /// What the panes have in common.
    Link(Links),
    Frame {
        pane: usize,
        frame: FrameKey,
    },
    /// Real-world values in the frame's unit.
    Window {
        pane: usize,
        lower: f64,
        upper: f64,
    },
    /// Back to the automatic window.
    AutoWindow {
        pane: usize,
    },
    /// Upper level in percent of the frame's reference level, lower at zero.
    UpperPercent {
        pane: usize,
        percent: f64,
    },
    /// Upper level at the 99.9th percentile of bone, lower at zero: lesions keep their shading.
    Lesion {
        pane: usize,
    },
    /// What 100 % of a level stands for; the levels stay.
    Standard {
        pane: usize,
        standard: Standard,
    },
    /// Ties every open study's upper level to its reference region, or back to the automatic one.
    Anchor,
    /// Values below it take the map's first colour; `None` cuts nothing.
    Cut {
        pane: usize,
        cut: Option<f64>,
    },
    Transfer {
        pane: usize,
        transfer: Transfer,
    },
    Colormap {
        pane: usize,
        colormap: Colormap,
    },
    Sampling {
        pane: usize,
        sampling: Sampling,
    },
    /// Zooms by `factor` and keeps the pixel `about` where it is.
    Zoom {
        pane: usize,
        about: Point<Pixel>,
        factor: f64,
    },
    /// Moves the picture, in pixels of the frame.
    Pan {
        pane: usize,
        by: Vector<Pixel>,
    },
    Fit {
        pane: usize,
    },
    /// Display only; letters and sides travel with the patient.
    Mirror {
        pane: usize,
    },
    /// All panes at once: frames seen from behind mirrored on the screen, so that one side of the
    /// patient is on one side of the screen, or as stored.
    MirrorPosterior(bool),
    CornerTexts(bool),
    /// The regions of the skeleton, in colours.
    Bones(bool),
    /// Outlines, labels, midline.
    Overlays(bool),
    /// The asymmetry map, in standard deviations.
    Symmetry(bool),
}

/// A pointer event in a pane, in pixels of its frame.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Pointer {
    pub pane: usize,
    pub at: Point<Pixel>,
    pub event: PointerEvent,
    #[serde(default)]
    pub shift: bool,
    /// How many pixels of the frame a finger tip (8 canvas points) covers: what counts as close.
    #[serde(default = "one_pixel")]
    pub reach: f64,
    /// Movement on the canvas since the press, as fractions of the pane's size, x right, y down.
    #[serde(default)]
    pub travel: [f64; 2],
}

fn one_pixel() -> f64 {
    1.0
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PointerEvent {
    Press,
    Drag,
    Release,
    /// Over the pane with no button down.
    Hover,
    DoubleClick,
    /// The gesture is taken back (Esc, focus lost).
    Cancel,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Export {
    pub path: PathBuf,
    pub format: Format,
    #[serde(default)]
    pub identity: Identity,
    /// A report template instead of ours (PDF only).
    #[serde(default)]
    pub template: Option<PathBuf>,
    /// Replaces an existing file.
    #[serde(default)]
    pub force: bool,
    /// When the report is made, in UTC. Without it the report is dated like its study, so that the
    /// same command writes the same bytes.
    #[serde(default)]
    pub made_at: Option<chrono::NaiveDateTime>,
}

/// What a report is written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    Pdf,
    Png,
    Csv,
    Json,
}

impl Format {
    pub const ALL: [Self; 4] = [Self::Pdf, Self::Png, Self::Csv, Self::Json];

    pub fn extension(self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
            Self::Png => "png",
            Self::Csv => "csv",
            Self::Json => "json",
        }
    }

    /// By a file name's suffix.
    pub fn of_path(path: &std::path::Path) -> Option<Self> {
        let suffix = path.extension()?.to_str()?.to_ascii_lowercase();
        Self::ALL.into_iter().find(|f| f.extension() == suffix)
    }
}
