//! From a body to what two detectors expect to count.
//!
//! Each voxel's activity is attenuated on its way out, blurred by the collimator according to its
//! distance, and joined by scattered photons. What comes out is the image before noise, in the
//! same arbitrary unit for both views.

use ndarray::Array2;
use rayon::prelude::*;

use super::arithmetic::exp;
use super::blur::{blurred, kernel};
use super::camera::{Collimator, DETECTORS, Detector};
use super::section::{Lattice, Posed, Section};

/// Scattered photons among those inside the energy window.
const SCATTER_FRACTION: f64 = 0.30;
/// The scatter kernel: weights and standard deviations, mm.
const SCATTER: [(f64, f64); 2] = [(0.6, 38.0), (0.4, 16.0)];
/// How softly scatter ends at the patient's outline, mm.
const OUTLINE_SIGMA: f64 = 6.0;
const FWHM_PER_SIGMA: f64 = 2.3548;

/// What both detectors expect. Columns run from the patient's right to the left in both: nothing
/// is flipped here.
pub struct Exposure {
    /// Anterior, posterior; `[row, column]`.
    pub expected: [Array2<f64>; 2],
    /// Of each addition alone, unscattered, in either view.
    pub additions: Vec<[Patch; 2]>,
    /// Volume of each addition, voxels.
    pub volumes: Vec<f64>,
    /// Part of the anatomy's bone volume that additions fill, 0 to 1.
    pub bone_filled: f64,
}

/// A piece of an image; outside it is zero.
#[derive(Clone, Debug)]
pub struct Patch {
    pub row: usize,
    pub column: usize,
    pub values: Array2<f64>,
}

/// One row's light after attenuation, before blurring: what leaves towards one detector.
struct Sheet {
    first_depth: usize,
    first_column: usize,
    width: usize,
    /// `[depth][column]` from the firsts on.
    light: Vec<f32>,
}

/// Light of one voxel of an addition: depth, column, amount.
type Glint = (usize, usize, f64);

struct Row {
    reach: Option<(usize, usize)>,
    sheets: [Sheet; 2],
    shadow: Vec<f64>,
    glints: Vec<[Vec<Glint>; 2]>,
    volumes: Vec<f64>,
    bone: f64,
    bone_filled: f64,
}

/// Exposes both detectors. `progress` hears fractions of the work done, from this thread.
pub fn expose(
    posed: &Posed,
    lattice: &Lattice,
    collimator: Collimator,
    gap_mm: f64,
    progress: &dyn Fn(f32),
) -> Exposure {
    let mut rows: Vec<Row> = Vec::with_capacity(lattice.rows);
    for start in (0..lattice.rows).step_by(64) {
        let end = (start + 64).min(lattice.rows);
        let batch = (start..end).into_par_iter().map(|r| light(&posed.cut(lattice, r), lattice));
        rows.extend(batch.collect::<Vec<_>>());
        progress(0.6 * end as f32 / lattice.rows as f32);
    }
    let reach = rows.iter().filter_map(|r| r.reach).reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)));
    let (front, back) = reach.unwrap_or((0, 0));
    let kernels = |detector: Detector| -> Vec<Vec<f64>> {
        let of = |depth: usize| {
            let inwards = match detector {
                Detector::Anterior => depth.saturating_sub(front),
                Detector::Posterior => back.saturating_sub(depth),
            };
            let fwhm = collimator.resolution(gap_mm + inwards as f64 * lattice.voxel);
            kernel(fwhm / FWHM_PER_SIGMA / lattice.voxel)
        };
        (0..lattice.depths).map(of).collect()
    };
    let kernels = DETECTORS.map(kernels);
    let shadow = Array2::from_shape_fn((lattice.rows, lattice.columns), |(r, c)| rows[r].shadow[c]);
    let outline = blurred(&shadow, OUTLINE_SIGMA / lattice.voxel).mapv(|v| v.clamp(0.0, 1.0));
    let expected = [0, 1].map(|view| {
        let primary = primary(&rows, view, &kernels[view], lattice);
        progress(0.8 + 0.15 * view as f32);
        with_scatter(primary, &outline, lattice.voxel)
    });
    let count = rows.first().map_or(0, |r| r.glints.len());
    let additions = (0..count)
        .into_par_iter()
        .map(|i| [0, 1].map(|view| patch(&rows, i, view, &kernels[view], lattice)))
        .collect();
    let volumes = (0..count).map(|i| rows.iter().map(|r| r.volumes[i]).sum()).collect();
    let bone: f64 = rows.iter().map(|r| r.bone).sum();
    let filled: f64 = rows.iter().map(|r| r.bone_filled).sum();
    progress(1.0);
    Exposure { expected, additions, volumes, bone_filled: filled / bone.max(1.0) }
}

/// Attenuates a section's activity towards both detectors.
fn light(section: &Section, lattice: &Lattice) -> Row {
    let depths = lattice.depths;
    let (first, last) = extent(&section.activity, depths);
    let deep = depth_extent(&section.activity, depths);
    let width = last - first;
    let thickness = deep.1 - deep.0;
    let new = || Sheet {
        first_depth: deep.0,
        first_column: first,
        width,
        light: vec![0.0; width * thickness],
    };
    let mut sheets = [new(), new()];
    let mut escape = [vec![0.0f64; section.activity.len()], vec![0.0f64; section.activity.len()]];
    for column in first..last {
        let line = column * depths..(column + 1) * depths;
        let (activity, mu) = (&section.activity[line.clone()], &section.attenuation[line]);
        let total: f64 = mu.iter().sum();
        let mut before = 0.0;
        for depth in 0..depths {
            let here = mu[depth];
            if activity[depth] > 0.0 {
                let anterior = exp(-(before + 0.5 * here));
                let posterior = exp(-(total - before - 0.5 * here));
                escape[0][column * depths + depth] = anterior;
                escape[1][column * depths + depth] = posterior;
                let at = (depth - deep.0) * width + column - first;
                sheets[0].light[at] = (activity[depth] * anterior) as f32;
                sheets[1].light[at] = (activity[depth] * posterior) as f32;
            }
            before += here;
        }
    }
    let glints = section
        .additions
        .iter()
        .map(|share| {
            [0, 1].map(|view| {
                let glint = |&(i, a): &(usize, f64)| (i % depths, i / depths, a * escape[view][i]);
                share.excess.iter().map(glint).collect()
            })
        })
        .collect();
    Row {
        reach: section.reach,
        sheets,
        shadow: section.shadow.clone(),
        glints,
        volumes: section.additions.iter().map(|s| s.volume).collect(),
        bone: section.bone,
        bone_filled: section.bone_filled,
    }
}

/// The columns that hold activity, half open.
fn extent(activity: &[f64], depths: usize) -> (usize, usize) {
    let lit = |line: &[f64]| line.iter().any(|&a| a > 0.0);
    let first = activity.chunks_exact(depths).position(lit).unwrap_or(0);
    let last = activity.chunks_exact(depths).rposition(lit).map_or(0, |l| l + 1);
    (first.min(last), last)
}

/// The depths that hold activity, half open.
fn depth_extent(activity: &[f64], depths: usize) -> (usize, usize) {
    let (mut first, mut last) = (depths, 0);
    for line in activity.chunks_exact(depths) {
        if let Some(f) = line.iter().position(|&a| a > 0.0) {
            first = first.min(f);
            last = last.max(line.iter().rposition(|&a| a > 0.0).map_or(0, |l| l + 1));
        }
    }
    (first.min(last), last)
}

/// The collimated image without scatter.
fn primary(rows: &[Row], view: usize, kernels: &[Vec<f64>], lattice: &Lattice) -> Array2<f64> {
    let narrow: Vec<Vec<f32>> =
        kernels.iter().map(|k| k.iter().map(|&w| w as f32).collect()).collect();
    let widened: Vec<Sheet> =
        rows.par_iter().map(|row| widened(&row.sheets[view], &narrow, lattice.columns)).collect();
    // The same few sheets are read for each row, always in the same order.
    let lines: Vec<Vec<f32>> = (0..lattice.rows)
        .into_par_iter()
        .map(|row| {
            let mut out = vec![0.0f32; lattice.columns];
            for (depth, half) in narrow.iter().enumerate() {
                let reach = half.len() - 1;
                let first = row.saturating_sub(reach);
                let last = (row + reach + 1).min(lattice.rows);
                for (other, sheet) in widened.iter().enumerate().take(last).skip(first) {
                    let Some(line) = sheet.line(depth) else { continue };
                    let weight = half[row.abs_diff(other)];
                    let out = &mut out[sheet.first_column..sheet.first_column + sheet.width];
                    for (o, v) in out.iter_mut().zip(line) {
                        *o += weight * v;
                    }
                }
            }
            out
        })
        .collect();
    Array2::from_shape_fn((lattice.rows, lattice.columns), |(r, c)| f64::from(lines[r][c]))
}

impl Sheet {
    fn line(&self, depth: usize) -> Option<&[f32]> {
        let start = depth.checked_sub(self.first_depth)? * self.width;
        self.light.get(start..start + self.width)
    }
}

/// Blurs a sheet along its columns, each depth with its own kernel.
fn widened(sheet: &Sheet, kernels: &[Vec<f32>], columns: usize) -> Sheet {
    if sheet.light.is_empty() {
        return Sheet { first_depth: 0, first_column: 0, width: 0, light: Vec::new() };
    }
    let pad = kernels.iter().map(Vec::len).max().unwrap_or(1) - 1;
    let first_column = sheet.first_column.saturating_sub(pad);
    let width = (sheet.first_column + sheet.width + pad).min(columns) - first_column;
    let inset = sheet.first_column - first_column;
    let thickness = sheet.light.len() / sheet.width;
    let mut light = vec![0.0f32; width * thickness];
    // Padded to the left and right so that no tap needs a bounds decision.
    let mut padded = vec![0.0f32; width + 2 * pad];
    let lines = sheet.light.chunks_exact(sheet.width).zip(light.chunks_exact_mut(width));
    for (depth, (line, out)) in lines.enumerate() {
        let half = &kernels[sheet.first_depth + depth];
        padded[pad + inset..pad + inset + sheet.width].copy_from_slice(line);
        for (o, v) in out.iter_mut().zip(&padded[pad..]) {
            *o = half[0] * v;
        }
        for (shift, weight) in half.iter().enumerate().skip(1) {
            let pairs = padded[pad - shift..].iter().zip(&padded[pad + shift..]);
            for (o, (left, right)) in out.iter_mut().zip(pairs) {
                *o += weight * (left + right);
            }
        }
    }
    Sheet { first_depth: sheet.first_depth, first_column, width, light }
}

/// Adds photons that were deflected inside the patient yet fell into the energy window.
fn with_scatter(primary: Array2<f64>, outline: &Array2<f64>, voxel: f64) -> Array2<f64> {
    let mut scatter = Array2::zeros(primary.dim());
    for (weight, sigma) in SCATTER {
        scatter.scaled_add(weight, &blurred(&primary, sigma / voxel));
    }
    scatter *= outline;
    let total = |image: &Array2<f64>| image.iter().sum::<f64>();
    let ratio = SCATTER_FRACTION / (1.0 - SCATTER_FRACTION);
    let scale = ratio * total(&primary) / total(&scatter).max(1e-9);
    let mut image = primary;
    image.scaled_add(scale, &scatter);
    image
}

/// The image of one addition alone.
fn patch(
    rows: &[Row],
    addition: usize,
    view: usize,
    kernels: &[Vec<f64>],
    lattice: &Lattice,
) -> Patch {
    let glints = || {
        rows.iter().enumerate().flat_map(move |(row, r)| {
            r.glints[addition][view].iter().map(move |&(depth, column, a)| (row, depth, column, a))
        })
    };
    let reach = kernels.iter().map(Vec::len).max().unwrap_or(1) - 1;
    let (mut low, mut high) = ((usize::MAX, usize::MAX), (0, 0));
    for (row, _, column, _) in glints() {
        low = (low.0.min(row), low.1.min(column));
        high = (high.0.max(row), high.1.max(column));
    }
    if low.0 == usize::MAX {
        return Patch { row: 0, column: 0, values: Array2::zeros((0, 0)) };
    }
    let low = (low.0.saturating_sub(reach), low.1.saturating_sub(reach));
    let high = ((high.0 + reach + 1).min(lattice.rows), (high.1 + reach + 1).min(lattice.columns));
    let mut values = Array2::zeros((high.0 - low.0, high.1 - low.1));
    for (row, depth, column, amount) in glints() {
        let half = &kernels[depth];
        let reach = half.len() - 1;
        let span = |at: usize, low: usize, high: usize| {
            at.saturating_sub(reach).max(low)..(at + reach + 1).min(high)
        };
        for r in span(row, low.0, high.0) {
            let down = amount * half[row.abs_diff(r)];
            for c in span(column, low.1, high.1) {
                values[[r - low.0, c - low.1]] += down * half[column.abs_diff(c)];
            }
        }
    }
    Patch { row: low.0, column: low.1, values }
}
