//! What is true of a simulated study: where each lesion is in every frame, what it should count,
//! and what its place on the other side should count.

use ndarray::Array2;
use serde::Serialize;

/// `truth.json`: everything known about a simulated study that its pixels only hint at.
///
/// Expected counts come from the image before noise, on the scale of the noisy one.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Truth {
    pub schema: &'static str,
    pub version: u32,
    pub case: String,
    pub seed: u64,
    /// Expected counts of the anterior frame, or of the reference scan's first frame.
    pub counts: u64,
    pub series: Vec<TrueSeries>,
    pub lesions: Vec<TrueLesion>,
    pub midline: Vec<TrueMidline>,
    /// Volume of the skeleton that lesions fill, in percent; `None` where they are no tumour.
    pub bsi_percent: Option<f64>,
}

/// When the frames of a series were taken, and what each should count in all.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TrueSeries {
    /// What its file is called.
    pub name: String,
    /// Start after the injection and duration of each frame, s.
    pub frame_times_s: Vec<[f64; 2]>,
    pub expected_counts: Vec<f64>,
}

impl TrueSeries {
    pub fn new(name: &str, expected: &[Array2<f64>], frame_times_s: Vec<[f64; 2]>) -> Self {
        let total = |frame: &Array2<f64>| round_to(frame.iter().sum(), 1e3);
        let expected_counts = expected.iter().map(total).collect();
        Self { name: name.to_owned(), frame_times_s, expected_counts }
    }
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TrueLesion {
    pub name: String,
    pub region: String,
    /// `left`, `right` or `midline`.
    pub side: &'static str,
    /// Where it lies on the table, LPS mm.
    pub center_mm: [f64; 3],
    pub volume_ml: f64,
    /// Activity concentration; a normal lumbar vertebral body has 1.
    pub relative_uptake: f64,
    pub frames: Vec<TrueFrame>,
    /// In dynamic series, whose frames share one outline.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub curves: Vec<TrueCurve>,
}

/// A lesion in all frames of one detector of a dynamic series.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TrueCurve {
    /// Counted from 0 over the study's series.
    pub series: usize,
    /// The frames the values belong to, counted from 0.
    pub frames: Vec<usize>,
    pub outline: Vec<[f64; 2]>,
    pub expected_counts: Vec<f64>,
    /// `None` where there is no other side.
    pub twin: Option<TrueTwinCurve>,
    /// For each phase of the acquisition: mean inside the outline over mean inside the twin, all
    /// its frames added up.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub expected_ratios: Vec<f64>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TrueTwinCurve {
    pub outline: Vec<[f64; 2]>,
    pub expected_counts: Vec<f64>,
}

/// A lesion in one frame. Coordinates are `[column, row]` of the stored frame.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TrueFrame {
    /// Counted from 0 over the study's series.
    pub series: usize,
    pub frame: usize,
    pub center: [f64; 2],
    /// Of everything inside the outline: the lesion and what lies before and behind it.
    pub expected_counts: f64,
    /// Of the lesion alone, unscattered, over what would be there without it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub excess_counts: Option<f64>,
    /// Round the lesion's own projected activity, at half its maximum.
    pub outline: Vec<[f64; 2]>,
    /// `None` where the twin overlaps the lesion.
    pub twin: Option<TrueTwin>,
    /// Mean inside the outline over mean inside the twin.
    pub expected_ratio: Option<f64>,
}

/// The same outline on the other side, carried there through the posed body's own symmetry.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TrueTwin {
    pub center: [f64; 2],
    pub expected_counts: f64,
    pub outline: Vec<[f64; 2]>,
}

/// The body's plane of symmetry as it runs down a frame, head first.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TrueMidline {
    pub series: usize,
    /// The first of those that share it.
    pub frame: usize,
    pub points: Vec<[f64; 2]>,
}

/// Thousandths of a pixel: fine enough, and short in the file.
pub(super) fn rounded(point: [f64; 2]) -> [f64; 2] {
    point.map(|v| round_to(v, 1e3))
}

pub(super) fn round_to(value: f64, per_unit: f64) -> f64 {
    (value * per_unit).round() / per_unit
}
