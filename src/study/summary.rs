//! The facts `info` prints: what is in a series, without its pixels.

use super::{Frame, Laterality, Series, SeriesKind, Tracer, Uid, Unit, Values, ViewLabel};

/// Real-world values of a frame or a series, in double precision from stored data.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ValueSummary {
    pub min: f64,
    pub max: f64,
    pub sum: f64,
    pub count: u64,
}

impl ValueSummary {
    /// `None` for a frame without pixels.
    pub fn of(values: &Values) -> Option<Self> {
        let mut summary = Self { min: f64::INFINITY, max: f64::NEG_INFINITY, sum: 0.0, count: 0 };
        values.pixels.for_each(|stored| {
            let value = values.rescale.apply(stored);
            summary.min = summary.min.min(value);
            summary.max = summary.max.max(value);
            summary.sum += value;
            summary.count += 1;
        });
        (summary.count > 0).then_some(summary)
    }

    pub fn mean(&self) -> f64 {
        self.sum / self.count as f64
    }

    pub fn merged(self, other: Self) -> Self {
        Self {
            min: self.min.min(other.min),
            max: self.max.max(other.max),
            sum: self.sum + other.sum,
            count: self.count + other.count,
        }
    }
}

/// One frame's facts.
#[derive(Clone, Debug)]
pub struct FrameSummary {
    pub values: Option<ValueSummary>,
    pub view: ViewLabel,
    pub laterality: Laterality,
    pub duration_ms: Option<f64>,
}

impl FrameSummary {
    pub fn of(frame: &Frame) -> Self {
        Self {
            values: ValueSummary::of(&frame.values),
            view: frame.view,
            laterality: frame.laterality,
            duration_ms: frame.duration.map(|d| d.milliseconds()),
        }
    }
}

/// One series' facts.
#[derive(Clone, Debug)]
pub struct SeriesSummary {
    pub uid: Uid,
    pub modality: String,
    pub kind: SeriesKind,
    pub description: String,
    pub frames: Vec<FrameSummary>,
    /// Columns and rows; slices too for a volume.
    pub size: Vec<usize>,
    /// x, y; and z for a volume whose slices are evenly spaced.
    pub spacing_mm: Option<Vec<f64>>,
    pub unit: Unit,
    pub values: Option<ValueSummary>,
    /// Volumes: 4×4 row-major, voxel index to LPS mm.
    pub affine: Option<[[f64; 4]; 4]>,
    pub tracer: Tracer,
    pub acquired: Option<chrono::NaiveDateTime>,
    pub remarks: Vec<String>,
}

impl SeriesSummary {
    /// The facts of a planar series that is in memory.
    pub fn of_planar(series: &Series) -> Self {
        let frames: Vec<_> = series.frames.iter().map(FrameSummary::of).collect();
        let values = frames.iter().filter_map(|f| f.values).reduce(ValueSummary::merged);
        let first = series.frames.first();
        Self {
            uid: series.uid.clone(),
            modality: series.modality.clone(),
            kind: series.kind,
            description: series.description.clone(),
            size: first.map(|f| vec![f.columns(), f.rows()]).unwrap_or_default(),
            spacing_mm: first.and_then(|f| f.spacing).map(|s| vec![s.x(), s.y()]),
            unit: first.map_or(Unit::Unknown, |f| f.values.unit.clone()),
            values,
            affine: None,
            tracer: series.tracer.clone(),
            acquired: series.acquired,
            remarks: series.remarks.clone(),
            frames,
        }
    }
}
