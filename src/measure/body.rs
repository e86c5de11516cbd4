//! The patient as symmetry sees it: a small, smooth, robust picture in millimetres.

use ndarray::{Array2, Zip};
use ndarray_ndimage::{BorderMode, gaussian_filter};

use crate::geometry::Spacing;
use crate::study::Frame;

/// Cells are this large, or as large as a pixel where that is larger, mm.
const CELL: f64 = 5.0;
/// Larger cells than this show no patient, mm.
const COARSEST: f64 = 40.0;
/// What is assumed of a frame without spacing: that its longer side is as long as a whole-body scan
/// (where it is at least twice the other) or a camera's field.
const WHOLE_BODY: f64 = 1950.0;
const FIELD: f64 = 550.0;

/// A patient covers at least this many cells.
const FEWEST_CELLS: usize = 60;

/// A frame resampled to square cells. Both pictures are in units of the mean over the body and
/// are zero outside the frame.
pub(super) struct Body {
    /// Side of a cell, mm.
    pub cell: f64,
    /// Pixel distance that takes columns and rows to millimetres; the file's, or assumed.
    pub spacing: Spacing,
    columns: usize,
    /// Row by row: uptake, and its fine structure, on a square-root scale.
    pictures: Vec<[f32; 2]>,
    /// `[row, column]`: which cells the patient covers.
    pub mask: Array2<bool>,
    /// How much each row of cells counts, 0…1: by how wide the patient is there. A single leg is
    /// as symmetric as a trunk, but says less.
    pub weights: Vec<f64>,
    /// First and last row of cells with the patient in it.
    pub rows: (usize, usize),
    /// Mean column of the patient, cells.
    pub center: f64,
}

impl Body {
    /// `None` where the frame shows nothing that could be a patient.
    pub fn of(frame: &Frame) -> Option<Self> {
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
        // Variance-stabilised after smoothing, so that noise weighs the same everywhere.
        let smooth = blurred(&uptake, SMOOTH / cell).mapv(|v| v.max(0.0).sqrt());
        let ceiling = quantile(smooth.iter().copied(), 0.98)?;
        let threshold = otsu(&smooth, ceiling)?;
        let mask = smooth.mapv(|v| v > threshold);
        let on_patient = |picture: &Array2<f64>| -> Vec<f64> {
            picture.iter().zip(&mask).filter(|(_, on)| **on).map(|(v, _)| *v).collect()
        };
        let covered = on_patient(&smooth);
        if covered.len() < FEWEST_CELLS {
            return None;
        }
        // Bladder, injection site and lesions are cut to the level of ordinary bone.
        let cut = quantile(covered.into_iter(), 0.95)?;
        let clipped = smooth.mapv(|v| v.min(cut));
        let fine = &clipped - &blurred(&clipped, BROAD / cell);
        let (level, spread) = (mean(&on_patient(&clipped)), rms(&on_patient(&fine)));
        let usable = |v: f64| v.is_finite() && v > 0.0;
        if !usable(level) || !usable(spread) {
            return None;
        }
        let pictures = clipped
            .iter()
            .zip(&fine)
            .map(|(&v, &f)| [(v / level) as f32, (f / spread).clamp(-2.0, 2.0) as f32])
            .collect();
        let weights = weights(&mask)?;
        let center = on_patient(&Array2::from_shape_fn((rows, columns), |(_, x)| x as f64));
        let center = mean(&center);
        let rows = covered_rows(&mask)?;
        Some(Self { cell, spacing, columns, pictures, mask, weights, rows, center })
    }

    /// Whether a cell shows patient.
    pub fn covers(&self, row: usize, column: usize) -> bool {
        self.mask.get([row, column]).is_some_and(|on| *on)
    }

    /// Both pictures between cell centres, bilinear; zero outside.
    #[inline]
    pub fn at(&self, column: f32, row: f32) -> [f32; 2] {
        if column < 0.0 || row < 0.0 {
            return [0.0; 2];
        }
        let (x, y) = (column as usize, row as usize);
        if x + 1 >= self.columns {
            return [0.0; 2];
        }
        let (fx, fy) = (column - x as f32, row - y as f32);
        let at = y * self.columns + x;
        let below = at + self.columns;
        let (Some([a, b]), Some([c, d])) =
            (self.pictures.get(at..at + 2), self.pictures.get(below..below + 2))
        else {
            return [0.0; 2];
        };
        let mix = |a: &[f32; 2], b: &[f32; 2], t: f32| {
            [a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1])]
        };
        mix(&mix(a, b, fx), &mix(c, d, fx), fy)
    }
}

/// Gaussian smoothing of the picture and of what its fine structure is measured against, mm.
const SMOOTH: f64 = 7.0;
const BROAD: f64 = 35.0;

pub(super) fn assumed_spacing(columns: usize, rows: usize) -> Option<Spacing> {
    let (long, short) = (columns.max(rows) as f64, columns.min(rows) as f64);
    let extent = if long >= 2.0 * short { WHOLE_BODY } else { FIELD };
    Spacing::new(extent / long, extent / long)
}

/// The mean value per cell, each pixel shared linearly between the four nearest cells; and the
/// sum of all values. Values below zero (Hounsfield units) are lifted.
pub(super) fn resampled(frame: &Frame, spacing: Spacing, cell: f64) -> Option<(Array2<f64>, f64)> {
    let (low, _) = frame.values.range()?;
    let floor = low.min(0.0);
    let size = |pixels: usize, mm: f64| ((pixels as f64 - 1.0) * mm / cell).floor() as usize + 2;
    let shape = (size(frame.rows(), spacing.y()), size(frame.columns(), spacing.x()));
    if shape.0.checked_mul(shape.1)? > 4_000_000 {
        return None;
    }
    let mut sum = Array2::<f64>::zeros(shape);
    let mut weight = Array2::<f64>::zeros(shape);
    let (columns, rescale) = (frame.columns(), frame.values.rescale);
    let (mut i, mut total) = (0usize, 0.0);
    frame.values.pixels.for_each(|stored| {
        let (row, column) = (i / columns, i % columns);
        i += 1;
        let value = rescale.apply(stored) - floor;
        if !value.is_finite() {
            return;
        }
        total += value;
        let (x, y) = (column as f64 * spacing.x() / cell, row as f64 * spacing.y() / cell);
        let (fx, fy) = (x.fract(), y.fract());
        let (x, y) = (x as usize, y as usize);
        for (at, w) in [
            ([y, x], (1.0 - fx) * (1.0 - fy)),
            ([y, x + 1], fx * (1.0 - fy)),
            ([y + 1, x], (1.0 - fx) * fy),
            ([y + 1, x + 1], fx * fy),
        ] {
            sum[at] += w * value;
            weight[at] += w;
        }
    });
    Zip::from(&mut sum).and(&weight).for_each(|s, &w| *s = if w > 0.0 { *s / w } else { 0.0 });
    Some((sum, total))
}

pub(super) fn blurred(picture: &Array2<f64>, sigma: f64) -> Array2<f64> {
    // The filter panics on a picture smaller than its kernel.
    let (rows, columns) = picture.dim();
    let widest = (rows.min(columns) as f64 - 1.5) / 3.0;
    gaussian_filter(picture, sigma.min(widest), 0, BorderMode::Nearest, 3)
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

fn rms(values: &[f64]) -> f64 {
    (values.iter().map(|v| v * v).sum::<f64>() / values.len() as f64).sqrt()
}

pub(super) fn quantile(values: impl Iterator<Item = f64>, q: f64) -> Option<f64> {
    let mut values: Vec<f64> = values.collect();
    if values.is_empty() {
        return None;
    }
    let at = ((values.len() - 1) as f64 * q) as usize;
    let (_, value, _) = values.select_nth_unstable_by(at, f64::total_cmp);
    Some(*value)
}

/// Otsu's threshold (IEEE Trans. SMC 9 (1979) 62–66) over 128 bins up to `ceiling`.
pub(super) fn otsu(picture: &Array2<f64>, ceiling: f64) -> Option<f64> {
    const BINS: usize = 128;
    if ceiling.is_nan() || ceiling <= 0.0 {
        return None;
    }
    let mut histogram = [0.0; BINS];
    for v in picture {
        histogram[((v / ceiling * BINS as f64) as usize).min(BINS - 1)] += 1.0;
    }
    let total: f64 = histogram.iter().sum();
    let sum: f64 = histogram.iter().enumerate().map(|(i, n)| i as f64 * n).sum();
    let (mut below, mut sum_below, mut best) = (0.0, 0.0, (0.0, None));
    for (i, n) in histogram.iter().enumerate() {
        below += n;
        sum_below += i as f64 * n;
        let above = total - below;
        if below == 0.0 || above == 0.0 {
            continue;
        }
        let between = below * above * (sum_below / below - (sum - sum_below) / above).powi(2);
        if between > best.0 {
            best = (between, Some((i as f64 + 1.0) / BINS as f64 * ceiling));
        }
    }
    best.1
}

/// The width of the patient in each row, over that of its wider rows.
fn weights(mask: &Array2<bool>) -> Option<Vec<f64>> {
    let widths: Vec<f64> =
        mask.rows().into_iter().map(|r| r.iter().filter(|&&m| m).count() as f64).collect();
    let wide = quantile(widths.iter().copied().filter(|&w| w > 0.0), 0.8)?;
    Some(widths.iter().map(|w| (w / wide).min(1.0)).collect())
}

/// First and last row that hold patient, half a percent of the patient left out at both ends.
fn covered_rows(mask: &Array2<bool>) -> Option<(usize, usize)> {
    let per_row: Vec<usize> =
        mask.rows().into_iter().map(|r| r.iter().filter(|&&m| m).count()).collect();
    let spare = per_row.iter().sum::<usize>() / 200;
    let first = row_past(per_row.iter().copied().enumerate(), spare)?;
    let last = row_past(per_row.iter().copied().enumerate().rev(), spare)?;
    (last > first).then_some((first, last))
}

/// The row by which more than `spare` cells have passed.
fn row_past(mut rows: impl Iterator<Item = (usize, usize)>, spare: usize) -> Option<usize> {
    let mut passed = 0;
    rows.find(|(_, cells)| {
        passed += cells;
        passed > spare
    })
    .map(|(row, _)| row)
}
