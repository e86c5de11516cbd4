//! Where frames and patient meet: outlines of lesions, their twins, and what they hold.

use std::collections::HashSet;

use ndarray::Array2;

use crate::geometry::{Outline, Pixel, Point};

use super::body::{BodySide, Part};
use super::camera::Detector;
use super::contour::around_maximum;
use super::lesion::Lesion;
use super::pose::Pose;
use super::projection::Patch;
use super::section::Lattice;
use super::stance::{Limb, Stance};
use super::truth::{
    TrueCurve, TrueFrame, TrueLesion, TrueMidline, TrueTwin, TrueTwinCurve, round_to, rounded,
};

/// A lesion's outline encloses what is at least this bright, its own brightest pixel being 1.
const OUTLINE_LEVEL: f64 = 0.5;

/// The frames of one series: `[column, row]` as stored against `(x, z)` on the table.
pub struct Views<'a> {
    /// Counted from 0 over the study's series.
    pub series: usize,
    pub lattice: &'a Lattice,
    pub pose: &'a Pose,
    pub stance: &'a Stance,
}

/// What decides where the other side of a lesion is: what it moves with, and how deep it lies.
#[derive(Clone, Copy, Debug)]
pub struct Held {
    pub limb: Option<Limb>,
    pub side: BodySide,
    pub y: f64,
}

impl Held {
    pub fn of_part(part: &Part) -> Self {
        Self { limb: Limb::of(&part.region), side: part.side, y: part.shape.centre()[1] }
    }

    pub fn of(lesion: &Lesion) -> Self {
        let limb = lesion.parts.first().and_then(|p| Limb::of(&p.region));
        Self { limb, side: lesion.side, y: lesion.centre()[1] }
    }
}

/// A closed line of `[column, row]` as stored.
pub type Line = Vec<[f64; 2]>;

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

    /// The outline on the other side, carried there through the posed body's own symmetry. Only
    /// for detectors in front and behind.
    fn twin_of(&self, view: Detector, outline: &[[f64; 2]], held: Held) -> Line {
        outline.iter().map(|&point| rounded(self.counterpart(view, point, held))).collect()
    }

    /// The place of the other side of the body at a point of a frame.
    pub fn counterpart(&self, view: Detector, point: [f64; 2], held: Held) -> [f64; 2] {
        let (x, z) = self.patient_from_pixel(view, point);
        let (x, z) = self.pose.body_from_patient(x, z);
        let [x, _, z] = self.stance.mirrored([x, held.y, z], held.limb, held.side);
        self.pixel_from_patient(view, self.pose.patient_from_body(x, z))
    }

    /// Where a point of the body, held as it is, appears in a frame.
    pub fn pixel_from_body(&self, view: Detector, [x, _, z]: [f64; 3]) -> [f64; 2] {
        self.pixel_from_patient(view, self.pose.patient_from_body(x, z))
    }

    /// The body's x and z at a pixel of a frame.
    pub fn body_from_pixel(&self, view: Detector, pixel: [f64; 2]) -> (f64, f64) {
        let (x, z) = self.patient_from_pixel(view, pixel);
        self.pose.body_from_patient(x, z)
    }

    /// What a piece of image holds inside an outline of its frame.
    pub fn inside(&self, view: Detector, outline: &[[f64; 2]], patch: &Patch) -> f64 {
        let outline = Outline::Polygon { points: outline.to_vec() };
        let held = patch.values.indexed_iter().filter(|((row, column), _)| {
            let column = self.stored_column(view, (patch.column + column) as f64);
            outline.contains(Point::new(column, (patch.row + row) as f64))
        });
        held.map(|(_, value)| value).sum()
    }

    /// The body's plane of symmetry in `frame`, which looks from `view`: a point every 20 mm from
    /// one height down to another.
    pub fn midline(&self, frame: usize, view: Detector, [top, bottom]: [f64; 2]) -> TrueMidline {
        let steps = ((top - bottom) / 20.0).round() as usize;
        let heights = (0..=steps).map(|i| top - 20.0 * i as f64);
        let at = |z: f64| self.pixel_from_patient(view, self.pose.patient_from_body(0.0, z));
        TrueMidline { series: self.series, frame, points: heights.map(at).map(rounded).collect() }
    }

    /// Round a lesion's own projected activity, at half its maximum.
    pub fn outline(&self, view: Detector, patch: &Patch) -> Line {
        let top = patch.values.iter().fold(0.0f64, |m, &v| m.max(v));
        around_maximum(&patch.values, OUTLINE_LEVEL * top)
            .into_iter()
            .map(|[c, r]| {
                let column = self.stored_column(view, c + patch.column as f64);
                rounded([column, r + patch.row as f64])
            })
            .collect()
    }

    /// An outline of another series over the same place on the table.
    pub fn carried(&self, view: Detector, outline: &[[f64; 2]], from: &Self) -> Line {
        let over = |&point: &[f64; 2]| {
            rounded(self.pixel_from_patient(view, from.patient_from_pixel(view, point)))
        };
        outline.iter().map(over).collect()
    }

    /// A lesion's place in the patient; where it is in frames is yet to be said.
    pub fn placed(&self, lesion: &Lesion, voxels: f64, relative_uptake: f64) -> TrueLesion {
        let [x, y, z] = lesion.centre();
        let (px, pz) = self.pose.patient_from_body(x, z);
        TrueLesion {
            name: lesion.name.clone(),
            region: lesion.place(),
            side: lesion.side.as_str(),
            center_mm: [px, y, pz].map(|v| round_to(v, 1e3)),
            volume_ml: round_to(voxels * self.lattice.voxel.powi(3) / 1000.0, 1e4),
            relative_uptake,
            frames: Vec::new(),
            curves: Vec::new(),
        }
    }

    /// What an outline holds in one frame, and its twin where it is `mirrored`. `expected` is the
    /// frame as stored, in counts. `None` for an outline without a pixel inside the frame.
    pub fn frame_truth(
        &self,
        frame: usize,
        view: Detector,
        outline: Line,
        expected: &Array2<f64>,
        mirrored: Option<Held>,
    ) -> Option<TrueFrame> {
        let inside = Inside::of(&outline, expected)?;
        let mirrored = mirrored.filter(|held| self.stance.has_both(held.limb));
        let other = mirrored.map_or(Line::new(), |held| self.twin_of(view, &outline, held));
        let opposite = Inside::of(&other, expected).filter(|o| !o.meets(&inside));
        Some(TrueFrame {
            series: self.series,
            frame,
            center: inside.center,
            expected_counts: round_to(inside.counts(expected), 1e3),
            excess_counts: None,
            expected_ratio: opposite
                .as_ref()
                .map(|o| round_to(inside.mean(expected) / o.mean(expected), 1e5)),
            twin: opposite.map(|o| TrueTwin {
                center: o.center,
                expected_counts: round_to(o.counts(expected), 1e3),
                outline: other,
            }),
            outline,
        })
    }

    /// What an outline holds over the frames of one detector. `phases` says which phase each frame
    /// belongs to, counted from 1.
    pub fn curve(
        &self,
        view: Detector,
        (outline, held): (Line, Held),
        frames: Vec<usize>,
        expected: &[Array2<f64>],
        phases: &[u16],
    ) -> Option<TrueCurve> {
        let first = &expected[*frames.first()?];
        let inside = Inside::of(&outline, first)?;
        let other = self.twin_of(view, &outline, held);
        let opposite = Inside::of(&other, first).filter(|o| !o.meets(&inside));
        let counts = |place: &Inside| -> Vec<f64> {
            frames.iter().map(|&f| round_to(place.counts(&expected[f]), 1e3)).collect()
        };
        let ratio = |phase: u16, other: &Inside| {
            let of = |place: &Inside| -> f64 {
                let here = frames.iter().filter(|&&f| phases[f] == phase);
                here.map(|&f| place.mean(&expected[f])).sum()
            };
            round_to(of(&inside) / of(other), 1e5)
        };
        let last = frames.iter().map(|&f| phases[f]).max().unwrap_or(0);
        Some(TrueCurve {
            series: self.series,
            expected_counts: counts(&inside),
            expected_ratios: opposite
                .iter()
                .flat_map(|o| (1..=last).map(|phase| ratio(phase, o)))
                .collect(),
            twin: opposite.map(|o| TrueTwinCurve { expected_counts: counts(&o), outline: other }),
            outline,
            frames,
        })
    }
}

/// The pixels inside an outline.
struct Inside {
    center: [f64; 2],
    pixels: Vec<(usize, usize)>,
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
        let center: Point<Pixel> = outline.centroid();
        Some(Self { center: rounded([center.x, center.y]), pixels })
    }

    fn counts(&self, image: &Array2<f64>) -> f64 {
        self.pixels.iter().map(|&(column, row)| image[[row, column]]).sum()
    }

    fn mean(&self, image: &Array2<f64>) -> f64 {
        self.counts(image) / self.pixels.len() as f64
    }

    fn meets(&self, other: &Self) -> bool {
        let theirs: HashSet<_> = other.pixels.iter().collect();
        self.pixels.iter().any(|p| theirs.contains(p))
    }
}
