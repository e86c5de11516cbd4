//! The patient and her mirror image, count-stabilised, on square cells.

use ndarray::Array2;

use crate::findings::Midline;
use crate::geometry::{Curve, MirrorLine, Outline, Pixel, Point, Spacing, Warp};
use crate::measure::body::{assumed_spacing, blurred, otsu, quantile, resampled};
use crate::study::Frame;

use super::lattice::Lattice;

/// Cells are this large, or as large as a pixel where that is larger, mm.
const CELL: f64 = 5.0;
/// Larger cells than this show no limb that could be matched, mm.
const COARSEST: f64 = 15.0;
/// So far beyond the frame's left and right edges the mirror image is followed, mm: of a patient
/// off centre, and of an arm that the other side holds further away.
const BEYOND: f64 = 120.0;
/// Cells between the places whose mirror image is found exactly; in between it is interpolated.
const MIRROR_PITCH: f64 = 4.0;
/// The cut, as a quantile of what the patient covers.
const ORDINARY_BONE: f64 = 0.95;

/// Two answers to where a place is carried that lie no further apart are both right, mm.
const AGREE: f64 = 15.0;

pub struct Pictures<'a> {
    /// Side of a cell, mm.
    cell: f64,
    spacing: Spacing,
    midline: &'a Curve,
    /// Of the frame; pictures have `beyond` cells more to its left and right.
    uptake: Array2<f64>,
    beyond: usize,
    columns: usize,
    rows: usize,
    /// Whether a cell of a picture says anything of bone.
    bone: Vec<bool>,
    /// Where the mirror image of a place lies, in cells: positions instead of steps.
    mirror: Lattice,
}

/// A picture and its mirror image at one level of detail, in parts of the level of ordinary bone.
pub struct Pair {
    pub columns: usize,
    pub rows: usize,
    pub fixed: Vec<f32>,
    pub moving: Vec<f32>,
    /// Whether a cell says anything of bone, here and mirrored.
    pub bone: [Vec<bool>; 2],
    /// What is brighter is patient.
    pub patient: f32,
}

/// Bilinear; nothing outside the picture.
#[inline]
pub fn sample(of: &[f32], columns: usize, rows: usize, x: f64, y: f64) -> f32 {
    if !(x >= 0.0 && y >= 0.0) {
        return 0.0;
    }
    let (left, top) = (x as usize, y as usize);
    if left + 1 >= columns || top + 1 >= rows {
        return 0.0;
    }
    let (fx, fy) = ((x - left as f64) as f32, (y - top as f64) as f32);
    let at = top * columns + left;
    let above = of[at] + fx * (of[at + 1] - of[at]);
    let below = of[at + columns] + fx * (of[at + columns + 1] - of[at + columns]);
    above + fy * (below - above)
}

impl Pair {
    /// How much the patient around a place differs from what lies one step away in the mirror
    /// image.
    fn unlike(&self, at: [f64; 2], step: [f64; 2]) -> f64 {
        const AROUND: i32 = 6;
        let mut sum = 0.0;
        for dy in -AROUND..=AROUND {
            for dx in -AROUND..=AROUND {
                let (x, y) = (at[0] + f64::from(dx), at[1] + f64::from(dy));
                let here = sample(&self.fixed, self.columns, self.rows, x, y);
                let there = sample(&self.moving, self.columns, self.rows, x + step[0], y + step[1]);
                let patient = (here / self.patient).min(1.0);
                sum += f64::from(patient * (here - there).abs());
            }
        }
        sum
    }

    /// With half as many cells each way.
    pub fn halved(&self) -> Self {
        let (columns, rows) = (self.columns.div_ceil(2), self.rows.div_ceil(2));
        let every = |i: usize| (i / columns) * 2 * self.columns + (i % columns) * 2;
        let cells = 0..columns * rows;
        Self {
            columns,
            rows,
            fixed: cells.clone().map(|i| self.fixed[every(i)]).collect(),
            moving: cells.clone().map(|i| self.moving[every(i)]).collect(),
            bone: [0, 1].map(|side| cells.clone().map(|i| self.bone[side][every(i)]).collect()),
            patient: self.patient,
        }
    }
}

impl<'a> Pictures<'a> {
    /// `None` where a frame is too small to show a patient.
    pub fn of(frame: &Frame, midline: &'a Midline, not_bone: &[Outline]) -> Option<Self> {
        let spacing = frame.spacing.or_else(|| assumed_spacing(frame.columns(), frame.rows()))?;
        let cell = CELL.max(spacing.x()).max(spacing.y());
        if cell > COARSEST {
            return None;
        }
        let (uptake, total) = resampled(frame, spacing, cell)?;
        let (rows, columns) = uptake.dim();
        if rows < 16 || columns < 12 || total <= 0.0 {
            return None;
        }
        let beyond = (BEYOND / cell).round() as usize;
        let columns = columns + 2 * beyond;
        let mut pictures = Self {
            cell,
            spacing,
            midline: &midline.curve,
            uptake,
            beyond,
            columns,
            rows,
            bone: Vec::new(),
            mirror: Lattice::over([columns, rows], MIRROR_PITCH),
        };
        pictures.mirror.steps =
            pictures.mirror.nodes().map(|at| pictures.exactly_mirrored(at)).collect();
        pictures.bone = (0..columns * rows)
            .map(|i| {
                let at = pictures.pixel([(i % columns) as f64, (i / columns) as f64]);
                let inside = at.x > -0.5 && at.x < frame.columns() as f64 - 0.5;
                inside && !not_bone.iter().any(|outline| outline.contains(at))
            })
            .collect();
        Some(pictures)
    }

    fn pixel(&self, [x, y]: [f64; 2]) -> Point<Pixel> {
        let x = x - self.beyond as f64;
        Point::new(x * self.cell / self.spacing.x(), y * self.cell / self.spacing.y())
    }

    fn exactly_mirrored(&self, at: [f64; 2]) -> [f64; 2] {
        let at = self.pixel(at);
        let there = MirrorLine::tangent(self.midline, at, self.spacing).reflect(at);
        let [x, y] =
            [there.x * self.spacing.x(), there.y * self.spacing.y()].map(|mm| mm / self.cell);
        [x + self.beyond as f64, y]
    }

    fn mirrored(&self, [x, y]: [f64; 2]) -> [f64; 2] {
        // Beyond the lattice as at its edge, turned round.
        let [cx, cy] = [
            x.clamp(0.0, (self.mirror.columns - 1) as f64 * MIRROR_PITCH),
            y.clamp(0.0, (self.mirror.rows - 1) as f64 * MIRROR_PITCH),
        ];
        let [mx, my] = self.mirror.at(cx, cy);
        [mx - (x - cx), my + (y - cy)]
    }

    /// The pair smoothed by `sigma` mm. `None` where nothing stands out from the background.
    pub fn pair(&self, sigma: f64) -> Option<Pair> {
        let smooth = blurred(&self.uptake, sigma / self.cell).mapv(|v| v.max(0.0).sqrt());
        let ceiling = quantile(smooth.iter().copied(), 0.98)?;
        let threshold = otsu(&smooth, ceiling)?;
        // Bladder, injection site and lesions are cut to the level of ordinary bone.
        let cut = quantile(smooth.iter().copied().filter(|v| *v > threshold), ORDINARY_BONE)?;
        let (columns, rows) = (self.columns, self.rows);
        let edge = vec![0.0; self.beyond];
        let fixed: Vec<f32> = smooth
            .rows()
            .into_iter()
            .flat_map(|row| {
                let inner = row.iter().map(|v| (v.min(cut) / cut) as f32).collect::<Vec<_>>();
                [edge.clone(), inner, edge.clone()].concat()
            })
            .collect();
        let (mut moving, mut across) = (Vec::new(), Vec::new());
        for i in 0..columns * rows {
            let [x, y] = self.mirrored([(i % columns) as f64, (i / columns) as f64]);
            moving.push(sample(&fixed, columns, rows, x, y));
            let [near, down] = [x.round(), y.round()];
            let inside = near >= 0.0 && down >= 0.0 && near < columns as f64 && down < rows as f64;
            across.push(inside && self.bone[down as usize * columns + near as usize]);
        }
        let patient = (threshold / cut) as f32;
        Some(Pair { columns, rows, fixed, moving, bone: [self.bone.clone(), across], patient })
    }

    /// Where a place is carried: moved by its step, then mirrored.
    fn carried(&self, steps: &Lattice, at: [f64; 2]) -> [f64; 2] {
        let step = steps.at(at[0], at[1]);
        self.mirrored([at[0] + step[0], at[1] + step[1]])
    }

    /// The displacements made consistent: each place goes half way between where it is carried
    /// and the place that is carried to it. Where the two lie far apart, as when a hand lies on a
    /// thigh, the one counts that looks more like the place.
    pub fn consistent(&self, pair: &Pair, steps: &Lattice) -> Lattice {
        let mut both = steps.clone();
        for (at, step) in steps.nodes().zip(&mut both.steps) {
            let to = self.carried(steps, at);
            let image = self.mirrored(at);
            let mut from = image;
            for _ in 0..8 {
                let step = steps.at(from[0], from[1]);
                from = [image[0] - step[0], image[1] - step[1]];
            }
            let step_to = |place: [f64; 2]| {
                let mirrored = self.mirrored(place);
                [mirrored[0] - at[0], mirrored[1] - at[1]]
            };
            let apart = (to[0] - from[0]).hypot(to[1] - from[1]) * self.cell;
            *step = match apart < AGREE {
                true => step_to([0.5 * (to[0] + from[0]), 0.5 * (to[1] + from[1])]),
                false => {
                    let other = step_to(from);
                    match pair.unlike(at, other) < pair.unlike(at, *step) {
                        true => other,
                        false => *step,
                    }
                }
            };
        }
        both
    }

    /// The displacements as a warp of the frame: from each place's mirror image to where the
    /// place is carried.
    pub fn warp(&self, steps: &Lattice) -> Option<Warp> {
        let frame = self.columns - 2 * self.beyond;
        let inner = Lattice::over([frame, self.rows], steps.pitch);
        let at = |[x, y]: [f64; 2]| [x + self.beyond as f64, y];
        let pitch = [self.spacing.x(), self.spacing.y()].map(|mm| steps.pitch * self.cell / mm);
        let way = |node: [f64; 2]| {
            let [x, y] = at(node);
            let step = steps.at(x, y);
            let from = self.exactly_mirrored([x, y]);
            let to = self.exactly_mirrored([x + step[0], y + step[1]]);
            [0, 1].map(|axis| ((to[axis] - from[axis]) * self.cell) as f32)
        };
        Warp::new(pitch, inner.columns, inner.nodes().map(way).collect())
    }
}
