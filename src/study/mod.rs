//! What the scanner acquired: a study, its series, their frames. Immutable once opened.
//!
//! Every pixel value here is the stored one. What it means, and what may lawfully be computed
//! from it, is `Values`'s to say.

mod acquisition;
mod derived;
mod frame;
mod patient;
mod summary;
mod tracer;
mod values;
mod vectors;
mod view;

use std::collections::BTreeMap;
use std::sync::Arc;

pub use acquisition::{Address, EnergyWindow, SeriesKind};
pub use derived::{Derivation, NotDerived};
pub use frame::{Frame, FrameGeometry, FrameSource};
pub use patient::{Identity, Patient, Phi};
pub use summary::{FrameSummary, SeriesSummary, ValueSummary};
pub use tracer::{Tracer, half_life_of};
pub use values::{NotCounts, Pixels, Rescale, Unit, Values};
pub use vectors::{Span, Vector};
pub use view::{Laterality, LateralitySource, ViewLabel, ViewName, ViewSource};

/// A DICOM UID.
pub type Uid = Arc<str>;

/// One examination of one patient.
#[derive(Clone, Debug)]
pub struct Study {
    pub uid: Uid,
    /// Date and time of the study, as far as the files say.
    pub started: Option<chrono::NaiveDateTime>,
    pub date: Option<chrono::NaiveDate>,
    pub description: String,
    pub accession: Phi<String>,
    pub institution: String,
    pub referring_physician: Phi<String>,
    pub patient: Patient,
    pub series: Vec<Arc<Series>>,
    /// Made by a simulator, so it must say SIMULATED wherever it is shown.
    pub simulated: bool,
}

impl Study {
    pub fn series(&self, uid: &str) -> Option<&Arc<Series>> {
        self.series.iter().find(|s| &*s.uid == uid)
    }

    pub fn frame(&self, key: &FrameKey) -> Option<&Frame> {
        self.series(&key.series)?.frames.get(key.frame)
    }

    /// The same study with the views that a reader named. Pixels are shared, not copied.
    #[must_use]
    pub fn with_views(&self, views: &BTreeMap<FrameKey, ViewName>) -> Self {
        let mut study = self.clone();
        for (key, &view) in views {
            if let Some(series) = study.series.iter_mut().find(|s| s.uid == key.series)
                && let Some(frame) = Arc::make_mut(series).frames.get_mut(key.frame)
            {
                *frame = frame.seen_from(view);
            }
        }
        study
    }
}

/// Frames acquired or computed together.
#[derive(Clone, Debug)]
pub struct Series {
    pub uid: Uid,
    pub number: Option<i32>,
    pub modality: String,
    pub kind: SeriesKind,
    pub description: String,
    pub acquired: Option<chrono::NaiveDateTime>,
    pub tracer: Tracer,
    pub manufacturer: String,
    pub collimator: String,
    /// Whole-body table speed, mm/s.
    pub scan_velocity: Option<f64>,
    pub energy_windows: Vec<EnergyWindow>,
    /// In the order of the file's own vectors; `FrameKey::frame` counts from 0 over them.
    pub frames: Vec<Frame>,
    /// What was unusual about the files, in the reader's words.
    pub remarks: Vec<String>,
    /// How this program made it; `None` for a series as acquired.
    pub derived: Option<Derivation>,
}

impl Series {
    /// The frames a reader wants first: the photopeak's anterior and posterior whole-body pair,
    /// else the first frame. Indices into `frames`.
    pub fn opening_frames(&self) -> Vec<usize> {
        let of = |view: ViewName| {
            self.frames.iter().position(|f| f.view.view == view && f.address.energy_window <= 1)
        };
        let pair: Vec<usize> =
            [of(ViewName::Anterior), of(ViewName::Posterior)].into_iter().flatten().collect();
        match pair.is_empty() {
            true if self.frames.is_empty() => Vec::new(),
            true => vec![0],
            false => pair,
        }
    }
}

/// Names one frame of one series for as long as the files exist.
#[derive(
    Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize,
)]
pub struct FrameKey {
    pub series: Uid,
    /// Counted from 0 over the series' frames.
    pub frame: usize,
}
