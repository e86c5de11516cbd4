//! Whether an image still scatters like counts, or has been smoothed or scaled.

use crate::geometry::Spacing;
use crate::study::Frame;

/// Side of the blocks that are judged one by one, pixels.
const BLOCK: usize = 8;
/// A block with fewer counts per pixel says little.
const LEAST_MEAN: f64 = 2.0;
const FEWEST_BLOCKS: usize = 24;
/// More blocks than this without any scatter at all: the image was drawn and not counted, and
/// nothing is to be learnt from its noise.
const MOST_CONSTANT: f64 = 0.25;
/// What the lower quartile of the blocks is for Poisson counts. By simulation it is 0.84 to 0.85
/// for 2 to 200 counts per pixel, whatever the number of blocks.
const QUARTILE: f64 = 0.845;
/// A frame that scatters less or more than this times counts does not hold counts as detected. Of
/// flat Poisson images with the fewest blocks one in a thousand scatters below 0.81 or above 1.22;
/// what neighbours share after the lightest smoothing, or a shift by a tenth of a pixel both ways,
/// leaves less than 0.66.
pub(super) const COUNTLIKE: std::ops::RangeInclusive<f64> = 0.75..=1.5;
/// On larger pixels, mm, anatomy itself bends from pixel to pixel, so no scatter is too much.
const FINE: f64 = 3.2;
/// Of a law without jumps, a value between two that so many pixels have is never without any.
const MANY: usize = 20;
const LONGEST_GAP: usize = 32;
const FEWEST_GAPS: usize = 2;

/// What the scatter of a frame says of it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scatter {
    /// Scatter of neighbouring pixels over that of Poisson counts: about 1 as acquired, less after
    /// smoothing or enlarging, more after scaling.
    pub ratio: f64,
    /// `None` where the frame scatters as counts do.
    pub odd: Option<OddScatter>,
}

/// Why a frame does not hold counts as they were detected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OddScatter {
    /// Smoothed, resampled or scaled down.
    Less,
    /// Scaled up, or noise of another kind.
    More,
    /// Whole numbers that counts would hold are never there: scaled up.
    Gaps,
}

/// How much neighbouring pixels scatter, over how much Poisson counts would. `None` where the
/// frame holds too few counts to tell.
pub fn dispersion(frame: &Frame) -> Option<f64> {
    scatter(frame).map(|scatter| scatter.ratio)
}

/// Judges whether a frame of whole numbers scatters as Poisson counts do. `None` where it holds
/// too few counts to tell.
///
/// The scatter is taken from second differences along rows and columns, which anatomy as the
/// camera blurs it hardly enters (for equal means λ they have variance 6 λ), block by block. The
/// lower quartile of the blocks is that of calm tissue; edges are in the others.
pub(super) fn scatter(frame: &Frame) -> Option<Scatter> {
    let mut values = Vec::with_capacity(frame.columns() * frame.rows());
    frame.values.pixels.for_each(|stored| values.push(frame.values.rescale.apply(stored)));
    let ratio = calm_blocks(&values, frame.columns(), frame.rows())? / QUARTILE;
    let fine = |spacing: Spacing| spacing.x().max(spacing.y()) <= FINE;
    let odd = if ratio < *COUNTLIKE.start() {
        Some(OddScatter::Less)
    } else if has_gaps(&values) {
        Some(OddScatter::Gaps)
    } else if ratio > *COUNTLIKE.end() && frame.spacing.is_some_and(fine) {
        Some(OddScatter::More)
    } else {
        None
    };
    Some(Scatter { ratio, odd })
}

/// The lower quartile, over blocks that hold something, of scatter over what it would be.
fn calm_blocks(values: &[f64], columns: usize, rows: usize) -> Option<f64> {
    let value = |column: usize, row: usize| values[row * columns + column];
    let mut ratios = Vec::new();
    let mut constant = 0;
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
                constant += usize::from(squares == 0.0);
                ratios.push(ratio);
            }
        }
    }
    if ratios.len() < FEWEST_BLOCKS || constant as f64 > MOST_CONSTANT * ratios.len() as f64 {
        return None;
    }
    let quarter = ratios.len() / 4;
    let (_, quartile, _) = ratios.select_nth_unstable_by(quarter, f64::total_cmp);
    Some(*quartile)
}

/// Whether whole numbers are missing that Poisson counts would hold: values that no pixel has,
/// between two that many have. Multiplying counts by more than 1 leaves such gaps.
fn has_gaps(values: &[f64]) -> bool {
    // No more values than these can have many pixels each.
    let most = values.len() / MANY;
    let mut pixels = vec![0; most + 1];
    for &value in values {
        if value >= 0.0 && value <= most as f64 {
            pixels[value as usize] += 1;
        }
    }
    // Nought is apart: so many pixels lie beside the patient.
    let held = pixels.iter().enumerate().skip(1).filter(|(_, held)| **held > 0);
    let held: Vec<(usize, usize)> = held.map(|(value, held)| (value, *held)).collect();
    let gap = |pair: &&[(usize, usize)]| {
        let (step, fewest) = (pair[1].0 - pair[0].0, pair[0].1.min(pair[1].1));
        (2..=LONGEST_GAP).contains(&step) && fewest >= MANY
    };
    held.windows(2).filter(gap).count() >= FEWEST_GAPS
}

#[cfg(test)]
mod tests {
    use ndarray::Array2;
    use rand::SeedableRng;
    use rand_chacha::ChaCha8Rng;
    use rand_distr::{Distribution, Poisson};

    use super::*;
    use crate::measure::fixture::{TestPatient, frame_of};
    use crate::study::{Pixels, Values};

    fn counts(patient: &TestPatient) -> Array2<u16> {
        match &*patient.frame(5).values.pixels {
            Pixels::U16(counts) => counts.clone(),
            _ => unreachable!("a test patient is stored as U16"),
        }
    }

    fn on_pixels(pixels: Array2<u16>, mm: f64) -> Option<Scatter> {
        scatter(&frame_of(Values::counts(Pixels::U16(pixels)), mm))
    }

    fn of(pixels: Array2<u16>) -> Option<Scatter> {
        on_pixels(pixels, 2.4)
    }

    fn binned(raw: &Array2<u16>, by: usize) -> Array2<u16> {
        let block = |r: usize, c: usize| {
            raw.slice(ndarray::s![by * r..by * (r + 1), by * c..by * (c + 1)]).sum()
        };
        Array2::from_shape_fn((raw.nrows() / by, raw.ncols() / by), |(r, c)| block(r, c))
    }

    /// Weighted with the neighbours above, below and beside, and rounded.
    fn smoothed(raw: &Array2<u16>, weight: f64) -> Array2<u16> {
        let (rows, columns) = raw.dim();
        Array2::from_shape_fn((rows, columns), |(r, c)| {
            let mut sum = 0.0;
            for (dy, dx) in (0..3).flat_map(|dy| (0..3).map(move |dx| (dy, dx))) {
                let y = (r + dy).saturating_sub(1).min(rows - 1);
                let x = (c + dx).saturating_sub(1).min(columns - 1);
                let share = |d: usize| if d == 1 { 1.0 } else { weight };
                sum += share(dy) * share(dx) * f64::from(raw[[y, x]]);
            }
            (sum / (1.0 + 2.0 * weight).powi(2)).round() as u16
        })
    }

    #[test]
    fn counts_scatter_as_counts_do() {
        for counts_per_view in [3e5, 1e6, 3e6, 2e7] {
            let patient = TestPatient { counts: counts_per_view, ..TestPatient::default() };
            let raw = counts(&patient);
            let found = of(raw.clone()).expect("enough counts");
            assert!((0.9..1.2).contains(&found.ratio), "{counts_per_view}: {found:?}");
            assert_eq!(found.odd, None, "{counts_per_view}");
            // On coarse pixels anatomy bends more than counts scatter, and that is no reproach.
            for by in [2, 4] {
                let coarse = on_pixels(binned(&raw, by), 2.4 * by as f64);
                assert_eq!(coarse.and_then(|s| s.odd), None, "{counts_per_view} by {by}");
            }
        }
    }

    #[test]
    fn smoothing_scaling_and_enlarging_show() {
        let raw = counts(&TestPatient::default());
        let odd = |pixels: Array2<u16>| of(pixels).expect("enough counts").odd;
        for weight in [0.1, 0.5, 1.0] {
            assert_eq!(odd(smoothed(&raw, weight)), Some(OddScatter::Less), "{weight}");
            let coarse = on_pixels(smoothed(&binned(&raw, 2), weight), 4.8);
            assert_eq!(coarse.unwrap().odd, Some(OddScatter::Less), "{weight}");
        }
        assert!(of(smoothed(&raw, 1.0)).unwrap().ratio < 0.3);
        let (rows, columns) = raw.dim();
        let enlarged = Array2::from_shape_fn((rows, columns), |(r, c)| raw[[r / 2, c / 2]]);
        assert_eq!(odd(enlarged), Some(OddScatter::Less));
        // Moved by a tenth of a pixel along rows and columns, linearly interpolated.
        let moved = Array2::from_shape_fn((rows - 1, columns - 1), |(r, c)| {
            let row = |r: usize| 0.9 * f64::from(raw[[r, c]]) + 0.1 * f64::from(raw[[r, c + 1]]);
            (0.9 * row(r) + 0.1 * row(r + 1)).round() as u16
        });
        assert_eq!(odd(moved.clone()), Some(OddScatter::Less), "{:?}", of(moved));
        assert_eq!(odd(raw.mapv(|v| v / 2)), Some(OddScatter::Less));
        for times in [1.3, 1.5, 2.0, 2.5, 7.0] {
            let scaled = raw.mapv(|v| (times * f64::from(v)).round() as u16);
            assert_eq!(odd(scaled.clone()), Some(OddScatter::Gaps), "{times}");
            assert_eq!(on_pixels(scaled, 4.8).unwrap().odd, Some(OddScatter::Gaps), "{times}");
        }
    }

    /// Raw counts keep their intervals: of two thousand flat images of the smallest size none is called odd.
    #[test]
    fn flat_counts_are_never_called_processed() {
        let mut rng = ChaCha8Rng::seed_from_u64(404);
        for mean in [4.0, 9.0, 60.0] {
            let poisson = Poisson::new(mean).unwrap();
            for image in 0..700 {
                let pixels = Array2::from_shape_fn((32, 48), |_| poisson.sample(&mut rng) as u16);
                let found = of(pixels).expect("24 blocks");
                assert_eq!(found.odd, None, "{mean} {image}: {found:?}");
            }
        }
    }

    /// More scatter than counts have, without gaps: each pixel's mean varies by itself.
    #[test]
    fn noise_of_another_kind_shows_on_fine_pixels() {
        let mut rng = ChaCha8Rng::seed_from_u64(11);
        let pixels = Array2::from_shape_fn((256, 128), |(r, c)| {
            let mean = if (r * 31 + c * 17) % 2 == 0 { 30.0 } else { 70.0 };
            Poisson::new(mean).unwrap().sample(&mut rng) as u16
        });
        assert_eq!(on_pixels(pixels.clone(), 2.4).unwrap().odd, Some(OddScatter::More));
        assert_eq!(on_pixels(pixels, 9.6).unwrap().odd, None);
    }

    #[test]
    fn an_empty_or_drawn_frame_says_nothing() {
        assert_eq!(of(Array2::zeros((128, 128))), None);
        assert_eq!(of(Array2::zeros((3, 3))), None);
        assert_eq!(of(Array2::from_elem((128, 128), 100)), None);
        let halves = Array2::from_shape_fn((128, 128), |(_, x)| if x < 61 { 12 } else { 3 });
        assert_eq!(of(halves), None);
    }
}
