//! Whether an image still scatters like counts, or has been smoothed or scaled.

use crate::study::Frame;

/// Side of the blocks that are judged one by one, pixels.
const BLOCK: usize = 8;
/// A block with fewer counts per pixel says little.
const LEAST_MEAN: f64 = 2.0;
const FEWEST_BLOCKS: usize = 24;

/// How much neighbouring pixels scatter, over how much Poisson counts would: about 1 for data as
/// acquired, less after smoothing or enlarging, more after scaling. `None` where the frame holds
/// too few counts to tell.
///
/// The scatter is taken from second differences along rows and columns, which anatomy as the
/// camera blurs it hardly enters (for equal means λ they have variance 6 λ), and the median over
/// blocks leaves out edges that do.
pub fn dispersion(frame: &Frame) -> Option<f64> {
    let (columns, rows) = (frame.columns(), frame.rows());
    let mut image = Vec::with_capacity(columns * rows);
    frame.values.pixels.for_each(|stored| image.push(frame.values.rescale.apply(stored)));
    let value = |column: usize, row: usize| image[row * columns + column];
    let mut ratios = Vec::new();
    for top in (0..rows.saturating_sub(BLOCK - 1)).step_by(BLOCK) {
        for left in (0..columns.saturating_sub(BLOCK - 1)).step_by(BLOCK) {
            let (mut sum, mut squares, mut differences) = (0.0, 0.0, 0.0);
            for y in top..top + BLOCK {
                for x in left..left + BLOCK {
                    sum += value(x, y);
                    if x + 2 < left + BLOCK {
                        squares += (value(x, y) - 2.0 * value(x + 1, y) + value(x + 2, y)).powi(2);
                        differences += 1.0;
                    }
                    if y + 2 < top + BLOCK {
                        squares += (value(x, y) - 2.0 * value(x, y + 1) + value(x, y + 2)).powi(2);
                        differences += 1.0;
                    }
                }
            }
            let mean = sum / (BLOCK * BLOCK) as f64;
            let ratio = squares / differences / 6.0 / mean;
            if mean >= LEAST_MEAN && ratio.is_finite() {
                ratios.push(ratio);
            }
        }
    }
    if ratios.len() < FEWEST_BLOCKS {
        return None;
    }
    let middle = ratios.len() / 2;
    let (_, median, _) = ratios.select_nth_unstable_by(middle, f64::total_cmp);
    Some(*median)
}

#[cfg(test)]
mod tests {
    use ndarray::Array2;

    use super::*;
    use crate::measure::fixture::{TestPatient, frame_of};
    use crate::study::{Pixels, Values};

    fn counts(patient: &TestPatient) -> Array2<u16> {
        match &*patient.frame(5).values.pixels {
            Pixels::U16(counts) => counts.clone(),
            _ => unreachable!("a test patient is stored as U16"),
        }
    }

    fn of(pixels: Array2<u16>) -> Option<f64> {
        dispersion(&frame_of(Values::counts(Pixels::U16(pixels)), 2.4))
    }

    #[test]
    fn counts_scatter_as_counts_do() {
        for counts_per_view in [3e5, 1e6, 3e6] {
            let patient = TestPatient { counts: counts_per_view, ..TestPatient::default() };
            let ratio = of(counts(&patient)).expect("enough counts");
            assert!((0.85..1.15).contains(&ratio), "{counts_per_view}: {ratio}");
        }
    }

    #[test]
    fn smoothing_scaling_and_enlarging_show() {
        let raw = counts(&TestPatient::default());
        let (rows, columns) = raw.dim();
        let near = |row: usize, column: usize| {
            let (rows, columns) = (
                row.saturating_sub(1)..(row + 2).min(rows),
                column.saturating_sub(1)..(column + 2).min(columns),
            );
            let around = raw.slice(ndarray::s![rows, columns]);
            around.iter().map(|&v| u32::from(v)).sum::<u32>() / around.len() as u32
        };
        let smooth = Array2::from_shape_fn((rows, columns), |(r, c)| near(r, c) as u16);
        assert!(of(smooth).unwrap() < 0.3);
        let enlarged = Array2::from_shape_fn((rows, columns), |(r, c)| raw[[r / 2, c / 2]]);
        assert!(of(enlarged).unwrap() < 0.6);
        assert!(of(raw.mapv(|v| 3 * v)).unwrap() > 2.5);
    }

    #[test]
    fn an_empty_frame_says_nothing() {
        assert_eq!(of(Array2::zeros((128, 128))), None);
        assert_eq!(of(Array2::zeros((3, 3))), None);
    }
}
