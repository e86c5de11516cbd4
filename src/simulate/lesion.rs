//! What was added to a patient, and the truth about it: where each lesion is in every frame, what
//! it should count, and what its place on the other side should count.

use std::collections::HashSet;

use ndarray::Array2;
use serde::Serialize;

use crate::geometry::{Outline, Pixel, Point};

use super::body::{BodySide, Part};
use super::camera::{DETECTORS, Detector};
use super::contour::around_maximum;
use super::pose::Pose;
use super::projection::{Exposure, Patch};
use super::section::{Addition, Lattice};

/// A lesion's outline encloses what is at least this bright, its own brightest pixel being 1.
const OUTLINE_LEVEL: f64 = 0.5;

/// One finding put into the anatomy. Several parts may make it up.
#[derive(Clone, Debug)]
pub struct Lesion {
    pub name: String,
    pub region: String,
    pub side: BodySide,
    pub parts: Vec<Part>,
}

impl Lesion {
    pub fn addition(&self) -> Addition {
        Addition { parts: self.parts.clone() }
    }

    /// The region as a reader names it: `left ilium`.
    fn place(&self) -> String {
        match self.side {
            BodySide::Midline => self.region.clone(),
            side => format!("{} {}", side.as_str(), self.region),
        }
    }

    fn centre(&self) -> [f64; 3] {
        let count = self.parts.len().max(1) as f64;
        let centres = self.parts.iter().map(|p| p.shape.centre());
        centres.fold([0.0; 3], |sum, c| [0, 1, 2].map(|i| sum[i] + c[i] / count))
    }
}

/// `truth.json`: everything known about a simulated study that its pixels only hint at.
///
/// Expected counts come from the image before noise, on the scale of the noisy one.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Truth {
    pub schema: &'static str,
    pub version: u32,
    pub case: String,
    pub seed: u64,
    /// Expected counts of the anterior frame.
    pub counts: u64,
    pub lesions: Vec<TrueLesion>,
    pub midline: Vec<TrueMidline>,
    /// Volume of the skeleton that lesions fill, in percent; `None` where they are no tumour.
    pub bsi_percent: Option<f64>,
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
}

/// A lesion in one frame. Coordinates are `[column, row]` of the stored frame.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TrueFrame {
    pub frame: usize,
    pub center: [f64; 2],
    /// Of everything inside the outline: the lesion and what lies before and behind it.
    pub expected_counts: f64,
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
    pub frame: usize,
    pub points: Vec<[f64; 2]>,
}

/// Where frames and patient meet: `[column, row]` as stored against `(x, z)` on the table.
pub struct Views<'a> {
    pub lattice: &'a Lattice,
    pub pose: &'a Pose,
}

impl Views<'_> {
    fn pixel_from_patient(&self, view: Detector, (x, z): (f64, f64)) -> [f64; 2] {
        [self.stored_column(view, self.lattice.column(x)), self.lattice.row(z)]
    }

    fn patient_from_pixel(&self, view: Detector, [column, row]: [f64; 2]) -> (f64, f64) {
        (self.lattice.x(self.stored_column(view, column)), self.lattice.z(row))
    }

    /// The posterior detector sees the patient's left at small columns. Its own inverse.
    fn stored_column(&self, view: Detector, column: f64) -> f64 {
        match view {
            Detector::Anterior => column,
            Detector::Posterior => self.lattice.columns as f64 - 1.0 - column,
        }
    }

    fn twin_of(&self, view: Detector, point: [f64; 2]) -> [f64; 2] {
        let (x, z) = self.patient_from_pixel(view, point);
        self.pixel_from_patient(view, self.pose.mirrored(x, z))
    }

    pub fn midlines(&self) -> Vec<TrueMidline> {
        let heights: Vec<f64> = (0..=88).map(|i| 1760.0 - 20.0 * f64::from(i)).collect();
        let line = |view: Detector| {
            let at = |&z: &f64| self.pixel_from_patient(view, self.pose.patient_from_body(0.0, z));
            heights.iter().map(at).map(rounded).collect()
        };
        let frames = DETECTORS.iter().enumerate();
        frames.map(|(frame, &view)| TrueMidline { frame, points: line(view) }).collect()
    }

    /// The truth about one lesion. `expected` are the frames as stored, in counts.
    pub fn truth(
        &self,
        lesion: &Lesion,
        index: usize,
        exposure: &Exposure,
        expected: &[Array2<f64>; 2],
    ) -> TrueLesion {
        let [x, y, z] = lesion.centre();
        let (px, pz) = self.pose.patient_from_body(x, z);
        let frames = DETECTORS.iter().enumerate().filter_map(|(frame, &view)| {
            let patch = &exposure.additions[index][frame];
            self.frame_truth(frame, view, patch, &expected[frame])
        });
        TrueLesion {
            name: lesion.name.clone(),
            region: lesion.place(),
            side: lesion.side.as_str(),
            center_mm: [px, y, pz].map(|v| round_to(v, 1e3)),
            volume_ml: round_to(exposure.volumes[index] * self.lattice.voxel.powi(3) / 1000.0, 1e4),
            relative_uptake: lesion.parts.iter().fold(0.0, |m, p| p.uptake.max(m)),
            frames: frames.collect(),
        }
    }

    fn frame_truth(
        &self,
        frame: usize,
        view: Detector,
        patch: &Patch,
        expected: &Array2<f64>,
    ) -> Option<TrueFrame> {
        let top = patch.values.iter().fold(0.0f64, |m, &v| m.max(v));
        let edge: Vec<[f64; 2]> = around_maximum(&patch.values, OUTLINE_LEVEL * top)
            .into_iter()
            .map(|[c, r]| {
                let column = self.stored_column(view, c + patch.column as f64);
                rounded([column, r + patch.row as f64])
            })
            .collect();
        let inside = Inside::of(&edge, expected)?;
        let other: Vec<[f64; 2]> = edge.iter().map(|&p| rounded(self.twin_of(view, p))).collect();
        let opposite = Inside::of(&other, expected).filter(|o| !o.meets(&inside));
        Some(TrueFrame {
            frame,
            center: inside.center,
            expected_counts: round_to(inside.counts, 1e3),
            expected_ratio: opposite.as_ref().map(|o| round_to(inside.mean() / o.mean(), 1e5)),
            twin: opposite.map(|o| TrueTwin {
                center: o.center,
                expected_counts: round_to(o.counts, 1e3),
                outline: other,
            }),
            outline: edge,
        })
    }
}

/// What an outline holds.
struct Inside {
    center: [f64; 2],
    pixels: Vec<(usize, usize)>,
    counts: f64,
}

impl Inside {
    /// `None` for an outline without a pixel inside the frame.
    fn of(edge: &[[f64; 2]], image: &Array2<f64>) -> Option<Self> {
        let outline = Outline::Polygon { points: edge.to_vec() };
        outline.check().ok()?;
        let (rows, columns) = image.dim();
        let pixels: Vec<_> = outline.pixels(columns, rows).collect();
        if pixels.is_empty() {
            return None;
        }
        let counts = pixels.iter().map(|&(column, row)| image[[row, column]]).sum();
        let center: Point<Pixel> = outline.centroid();
        Some(Self { center: rounded([center.x, center.y]), pixels, counts })
    }

    fn mean(&self) -> f64 {
        self.counts / self.pixels.len() as f64
    }

    fn meets(&self, other: &Self) -> bool {
        let theirs: HashSet<_> = other.pixels.iter().collect();
        self.pixels.iter().any(|p| theirs.contains(p))
    }
}

/// Thousandths of a pixel: fine enough, and short in the file.
fn rounded(point: [f64; 2]) -> [f64; 2] {
    point.map(|v| round_to(v, 1e3))
}

fn round_to(value: f64, per_unit: f64) -> f64 {
    (value * per_unit).round() / per_unit
}
