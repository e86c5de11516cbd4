//! A frame in a few thousand cells: enough to see a body, no lesion.

use ndarray::{Array2, s};
use ndarray_ndimage::{BorderMode, gaussian_filter};

use crate::geometry::Spacing;
use crate::study::Values;

/// Side of a cell, mm.
pub const CELL: f64 = 12.0;
/// What is assumed of a frame without spacing: that it is as long as a whole-body scan.
const WHOLE_BODY: f64 = 1950.0;
/// Shorter frames than this, mm, are no whole-body scans; longer ones are no patients.
const LENGTHS: std::ops::RangeInclusive<f64> = 1100.0..=2600.0;
/// A body covers at least this many cells.
const FEWEST_CELLS: usize = 300;
/// Fewer counts than this show no bones, only noise.
const FEWEST_COUNTS: f64 = 50_000.0;

/// A frame resampled to square cells, `[row, column]` as stored.
#[derive(Clone, Debug)]
pub struct Glimpse {
    /// Counts per cell, smoothed by the width of a vertebra.
    pub counts: Array2<f64>,
    /// Square roots of them, so that noise weighs the same everywhere; whatever outshines ordinary
    /// bone is cut to it, and one is the body's mean.
    pub picture: Array2<f64>,
    /// The picture without its broad structure: bones.
    pub fine: Array2<f64>,
    /// First and last row with the body in it, and the body's mean column; cells.
    pub rows: (f64, f64),
    pub centre: f64,
}

impl Glimpse {
    /// `None` where the frame cannot show a whole body.
    pub fn of(values: &Values, spacing: Option<Spacing>) -> Option<Self> {
        let (columns, rows) = (values.pixels.columns(), values.pixels.rows());
        let assumed = || Spacing::new(WHOLE_BODY / rows as f64, WHOLE_BODY / rows as f64);
        let spacing = spacing.or_else(|| assumed().filter(|_| rows >= 2 * columns))?;
        let (width, length) = (columns as f64 * spacing.x(), rows as f64 * spacing.y());
        let fine_enough = spacing.x() <= CELL && spacing.y() <= CELL;
        if !fine_enough || !LENGTHS.contains(&length) || !(250.0..=1000.0).contains(&width) {
            return None;
        }
        Self::from_counts(&cells(values, spacing)?)
    }

    pub fn from_counts(counts: &Array2<f64>) -> Option<Self> {
        let total = counts.sum();
        if !total.is_finite() || total < FEWEST_COUNTS {
            return None;
        }
        let counts = blurred(counts, 0.8);
        let roots = counts.mapv(|v| v.max(0.0).sqrt());
        let top = quantile(roots.iter().copied(), 0.99)?;
        let mask = roots.mapv(|v| v > 0.25 * top);
        let covered = || roots.iter().zip(&mask).filter(|(_, on)| **on).map(|(v, _)| *v);
        if top <= 0.0 || covered().count() < FEWEST_CELLS {
            return None;
        }
        let cut = quantile(covered(), 0.96)?;
        let mean = covered().map(|v| v.min(cut)).sum::<f64>() / covered().count() as f64;
        let picture = roots.mapv(|v| v.min(cut) / mean);
        let fine = blurred(&picture, 0.8) - blurred(&picture, 4.0);
        let per_row: Vec<usize> =
            mask.rows().into_iter().map(|row| row.iter().filter(|&&on| on).count()).collect();
        let first = per_row.iter().position(|&n| n >= 2)?;
        let last = per_row.iter().rposition(|&n| n >= 2)?;
        let on = mask.indexed_iter().filter(|(_, on)| **on).map(|((_, column), _)| column as f64);
        let centre = on.sum::<f64>() / covered().count() as f64;
        Some(Self { counts, picture, fine, rows: (first as f64, last as f64), centre })
    }

    /// The same frame upside down.
    pub fn flipped(&self) -> Self {
        let flip = |a: &Array2<f64>| a.slice(s![..;-1, ..]).to_owned();
        let last = self.counts.nrows() as f64 - 1.0;
        Self {
            counts: flip(&self.counts),
            picture: flip(&self.picture),
            fine: flip(&self.fine),
            rows: (last - self.rows.1, last - self.rows.0),
            centre: self.centre,
        }
    }
}

/// Each pixel's counts shared among the cells that it lies in. A cell cut off by the frame's edge
/// is left out.
fn cells(values: &Values, spacing: Spacing) -> Option<Array2<f64>> {
    let (columns, rows) = (values.pixels.columns(), values.pixels.rows());
    let whole = |pixels: usize, mm: f64| (pixels as f64 * mm / CELL + 1e-9).floor() as usize;
    let shape = (whole(rows, spacing.y()), whole(columns, spacing.x()));
    // One more of each, to be dropped again.
    let mut cells = Array2::<f64>::zeros((shape.0 + 2, shape.1 + 2));
    let across: Vec<_> = (0..columns).map(|c| shares(c, spacing.x())).collect();
    let down: Vec<_> = (0..rows).map(|r| shares(r, spacing.y())).collect();
    let (mut i, mut sound) = (0usize, true);
    values.pixels.for_each(|stored| {
        let (row, column) = (i / columns, i % columns);
        i += 1;
        let value = values.rescale.apply(stored);
        sound &= value.is_finite() && value > -1e6;
        let value = value.max(0.0);
        let ((y, fy), (x, fx)) = (down[row], across[column]);
        cells[[y, x]] += value * fy * fx;
        cells[[y, x + 1]] += value * fy * (1.0 - fx);
        cells[[y + 1, x]] += value * (1.0 - fy) * fx;
        cells[[y + 1, x + 1]] += value * (1.0 - fy) * (1.0 - fx);
    });
    sound.then(|| cells.slice(s![..shape.0, ..shape.1]).to_owned())
}

/// The first cell that a pixel lies in, and the part of it that lies there.
fn shares(pixel: usize, mm: f64) -> (usize, f64) {
    let start = pixel as f64 * mm / CELL;
    let cell = start.floor();
    let inside = (cell + 1.0 - start) / (mm / CELL);
    (cell as usize, inside.min(1.0))
}

pub fn blurred(picture: &Array2<f64>, sigma: f64) -> Array2<f64> {
    // The filter panics on a picture smaller than its kernel.
    let (rows, columns) = picture.dim();
    let widest = (rows.min(columns) as f64 - 1.5) / 3.0;
    gaussian_filter(picture, sigma.min(widest), 0, BorderMode::Nearest, 3)
}

fn quantile(values: impl Iterator<Item = f64>, q: f64) -> Option<f64> {
    let mut values: Vec<f64> = values.collect();
    if values.is_empty() {
        return None;
    }
    let at = ((values.len() - 1) as f64 * q) as usize;
    let (_, value, _) = values.select_nth_unstable_by(at, f64::total_cmp);
    Some(*value)
}

#[cfg(test)]
mod tests {
    use crate::study::Pixels;

    use super::*;

    #[test]
    fn cells_keep_every_count() {
        let pixels = Array2::from_shape_fn((500, 100), |(r, c)| ((r * 7 + c * 3) % 11) as u16);
        let total: f64 = pixels.iter().map(|&v| f64::from(v)).sum();
        let values = Values::counts(Pixels::U16(pixels));
        // 1200 mm and 240 mm are whole numbers of cells.
        let cells = cells(&values, Spacing::new(2.4, 2.4).unwrap()).unwrap();
        assert_eq!(cells.dim(), (100, 20));
        assert!((cells.sum() - total).abs() < 1e-6);
    }

    #[test]
    fn a_spot_view_or_an_empty_frame_is_no_body() {
        let frame = |rows, columns, value: u16| {
            Values::counts(Pixels::U16(Array2::from_elem((rows, columns), value)))
        };
        let spacing = Spacing::new(2.2, 2.2);
        assert!(Glimpse::of(&frame(256, 256, 9), spacing).is_none());
        assert!(Glimpse::of(&frame(800, 200, 0), spacing).is_none());
        assert!(Glimpse::of(&frame(256, 256, 9), None).is_none());
    }
}
