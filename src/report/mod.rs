//! Documents out: what was found, in words and numbers, as PDF, PNG, CSV and JSON.
//!
//! `compose` turns study, findings and sheet into a `Report`, which knows no format; every format
//! is a file of its own that takes `&Report`. Key images come from `scenes`, painted by whoever
//! owns a painter. What the methods section says is generated from what was done.
//!
//! Nothing here reads a clock or a file: the same report gives the same bytes.

mod annotation_marks;
mod asymmetry_marks;
mod compose;
mod csv;
mod curve_csv;
mod derived;
mod frame_marks;
mod hatch;
mod json;
mod key_image;
mod methods;
pub mod number;
#[cfg(feature = "pdf")]
mod pdf;
mod png;
mod printed;
mod quality;
mod redact;
#[cfg(test)]
mod sample;
pub mod words;

use std::sync::Arc;

use chrono::{NaiveDate, NaiveDateTime};

use crate::findings::twin::NoTwin;
use crate::findings::{Drawn, IndexPart, SiteCode};
use crate::geometry::{Outline, Side, Spacing};
use crate::measure::{ConjugatePair, IndexRow, Measured, RatioRow, RegionStats, TwinRow};
use crate::study::{
    EnergyWindow, FrameKey, Identity, Laterality, NotCounts, SeriesKind, Tracer, Uid, Unit,
    ViewLabel,
};
use crate::units::Seconds;

pub use annotation_marks::{ANNOTATION, annotation_label, annotation_marks};
pub use asymmetry_marks::{AsymmetryMarks, asymmetry_marks};
pub use compose::compose;
pub use csv::csv;
pub use curve_csv::curve_csv;
pub use derived::derived_marks;
pub use frame_marks::{FrameMarks, Labels, frame_marks, inside, side_letters};
pub use json::{indices_json, json, ratio_json};
pub use key_image::{KeyImage, KeyScene, Look, Painter, paint_all, scenes};
#[cfg(feature = "pdf")]
pub use pdf::{Template, built_in_template, pages, pdf};
pub use png::png;
pub use quality::{QualityFact, check_name, limit_words, quality_json, verdict_name};

/// Everything a report says, in no particular format. The patient's identity has already been
/// reduced to what `identity` allows.
#[derive(Clone, Debug)]
pub struct Report {
    /// `Bonescope 0.1.0`.
    pub program: String,
    /// When the report was made, in UTC. Whoever calls sets it: a report without it is dated
    /// like its study, so that it can be made twice with the same bytes.
    pub made_at: Option<NaiveDateTime>,
    pub identity: Identity,
    pub simulated: bool,
    pub patient: PatientFacts,
    pub study: StudyFacts,
    /// The series that the regions, midlines and key images come from.
    pub technique: Vec<SeriesFacts>,
    /// How well the series were acquired: every check with its limit.
    pub quality: Vec<QualityFact>,
    pub images: Vec<KeyImage>,
    /// The regions marked for the report, in the reader's order.
    pub findings: Vec<Finding>,
    /// Those that have a region marked for the report.
    pub indices: Vec<IndexRow>,
    /// What the reader drew on the reported views.
    pub annotations: Vec<AnnotationFacts>,
    /// The reader's words.
    pub impression: String,
    /// What was done, a sentence or two each.
    pub methods: Vec<String>,
    /// What the numbers do not say.
    pub limits: Vec<String>,
    /// What was unusual about the files.
    pub remarks: Vec<String>,
}

/// What the report may say of the patient. `None` and empty where it may not or cannot.
#[derive(Clone, Default, PartialEq)]
pub struct PatientFacts {
    pub name: Option<String>,
    pub id: Option<String>,
    pub birth_date: Option<NaiveDate>,
    pub sex: String,
    /// As stored: `061Y`.
    pub age: String,
}

impl std::fmt::Debug for PatientFacts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("‹hidden›")
    }
}

#[derive(Clone, Default, PartialEq)]
pub struct StudyFacts {
    /// `None` where the identity is not shown in full: a UID leads back to the patient.
    pub uid: Option<Uid>,
    pub date: Option<NaiveDate>,
    pub started: Option<NaiveDateTime>,
    pub description: String,
    pub accession: Option<String>,
    pub institution: Option<String>,
    pub referring_physician: Option<String>,
}

impl std::fmt::Debug for StudyFacts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("‹hidden›")
    }
}

/// How one series was acquired.
#[derive(Clone, Debug)]
pub struct SeriesFacts {
    /// `None` where the identity is not shown in full.
    pub uid: Option<Uid>,
    pub number: Option<i32>,
    pub kind: SeriesKind,
    pub description: String,
    pub tracer: Tracer,
    pub uptake_minutes: Option<f64>,
    pub manufacturer: String,
    pub collimator: String,
    /// mm/s.
    pub scan_velocity: Option<f64>,
    pub energy_windows: Vec<EnergyWindow>,
    pub views: Vec<ViewFacts>,
}

/// One frame of a series.
#[derive(Clone, Debug)]
pub struct ViewFacts {
    /// Counted from 0, as in `FrameKey`.
    pub frame: usize,
    /// `Anterior`, or `Frame 3` where the view is unknown.
    pub name: String,
    pub view: ViewLabel,
    /// By the file or by the reader, not guessed.
    pub stated: bool,
    pub laterality: Laterality,
    /// Columns and rows.
    pub matrix: [usize; 2],
    pub spacing: Option<Spacing>,
    pub duration: Option<Seconds>,
    pub unit: Unit,
    /// Sum over the frame, in `unit`.
    pub total: f64,
}

/// One row of the findings table.
#[derive(Clone, Debug)]
pub struct Finding {
    pub name: String,
    /// `None` where the identity is not shown in full.
    pub series: Option<Uid>,
    /// Counted from 0 over the series' frames.
    pub frame: usize,
    /// As in the technique's table of views.
    pub view_name: String,
    pub view: ViewLabel,
    pub side: Option<Side>,
    pub site: String,
    /// The SNOMED CT code of the site, where it is one that has a code.
    pub site_code: Option<SiteCode>,
    /// How sure the skeleton is of a site that the reader did not name; `None` for one that the
    /// reader named.
    pub site_proposed: Option<f64>,
    pub note: String,
    pub unit: Unit,
    pub outline: Outline,
    /// What it is measured for, where it is part of an index.
    pub part: Option<IndexPart>,
    /// Or why this image must not be measured.
    pub numbers: Result<Numbers, NotCounts>,
    pub remarks: Vec<String>,
}

/// Words, an arrow or a measure on a reported view.
#[derive(Clone, Debug)]
pub struct AnnotationFacts {
    /// `None` where the identity is not shown in full.
    pub series: Option<Uid>,
    /// Counted from 0 over the series' frames.
    pub frame: usize,
    pub drawn: Drawn,
    pub text: String,
    pub measured: Option<Measured>,
}

/// What was measured in a region and its twin.
#[derive(Clone, Debug)]
pub struct Numbers {
    pub stats: RegionStats,
    pub twin: Result<TwinRow, NoTwin>,
    pub ratio: Option<RatioRow>,
    /// Why there is no interval, where there is none.
    pub no_interval: Option<NotCounts>,
    /// With the region at the same place of the opposite view, where there is one.
    pub both_views: Option<BothViews>,
}

/// What a region and its conjugate say together.
#[derive(Clone, Debug)]
pub struct BothViews {
    /// The other region.
    pub with: String,
    pub pair: ConjugatePair,
}

/// Why a report could not be made.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// `place` is `file:line:column` of the template.
    #[error("the report template does not work: {problem} ({place})")]
    Template { problem: String, place: String },
    #[error("the PDF could not be made: {0}")]
    Pdf(String),
    #[error("the picture could not be written: {0}")]
    Picture(#[from] image::ImageError),
    #[error("the report has no picture")]
    NoPicture,
    #[error("the table could not be written: {0}")]
    Table(Arc<str>),
    #[error("the report is not valid JSON: {0}")]
    Json(#[from] serde_json::Error),
}

#[cfg(feature = "pdf")]
impl Report {
    fn dated(&self) -> Option<NaiveDateTime> {
        let midnight = |date: NaiveDate| date.and_time(chrono::NaiveTime::MIN);
        self.made_at.or(self.study.started).or(self.study.date.map(midnight))
    }
}

/// Names a frame in a table: its view, or its place in the series where the view is unknown.
/// The series is named where a report draws on several.
fn frame_name(study: &crate::study::Study, key: &FrameKey, several: bool) -> String {
    use crate::study::ViewName;
    use crate::text::tr;

    let Some(series) = study.series(&key.series) else { return String::new() };
    let view = series.frames.get(key.frame).map_or(ViewName::Unknown, |f| f.view.view);
    let alike = series.frames.iter().filter(|f| f.view.view == view).count();
    let number = key.frame + 1;
    let name = match (view, alike) {
        (ViewName::Unknown, _) => tr("report-frame", &[("number", number.into())]),
        (view, 0 | 1) => words::view(view),
        (view, _) => tr(
            "report-view-frame",
            &[("view", words::view(view).into()), ("number", number.into())],
        ),
    };
    match (several, series.number) {
        (true, Some(number)) => {
            tr("report-of-series", &[("view", name.into()), ("number", number.into())])
        }
        _ => name,
    }
}
