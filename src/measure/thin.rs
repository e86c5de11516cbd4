//! Count thinning: the scan as it would have been with less activity, time or speed to spare.

use std::sync::Arc;

use ndarray::{Array2, Axis};
use rand::SeedableRng;
use rand_chacha::ChaCha12Rng;
use rand_distr::{Binomial, Distribution};
use rayon::prelude::*;

use crate::study::{Frame, NotCounts, Pixels, Values};

/// Why a frame cannot be thinned.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
pub enum ThinError {
    #[error("only counts can be thinned: {0}")]
    NotCounts(NotCounts),
    #[error("the fraction of counts to keep must lie between 0 and 1")]
    Fraction,
}

/// 2⁵³.
const LARGEST: f64 = 9_007_199_254_740_992.0;

/// A copy of a frame with every count kept with probability `fraction`, independently.
///
/// Binomial thinning of a Poisson variable of mean λ is a Poisson variable of mean `fraction` · λ,
/// exactly (Kingman, Poisson Processes (1993), section 5.1), so the copy is distributed as a scan
/// of `fraction` times the activity or the time would be, whatever the patient. What it cannot
/// show is a scan at another time after injection or with another patient motion.
///
/// `seed` and `index`, the frame's place in its series, choose the draw; threads do not. Every row
/// draws from a stream of its own, and none of them is one that the simulator counts with.
///
/// # Errors
/// Where the stored values are not counts as detected, or `fraction` is not in 0…1.
pub fn thin(frame: &Frame, fraction: f64, seed: u64, index: u64) -> Result<Frame, ThinError> {
    if !(0.0..=1.0).contains(&fraction) {
        return Err(ThinError::Fraction);
    }
    frame.values.poisson().map_err(ThinError::NotCounts)?;
    // Beyond 2⁵³ a float no longer tells whole numbers apart, and no counter gets there.
    if frame.values.range().is_some_and(|(_, high)| high > LARGEST) {
        return Err(ThinError::NotCounts(NotCounts::NotWhole));
    }
    let draw = Draw { fraction, seed, index };
    // Whole and not negative, as `poisson` found; a float keeps its type and stays whole.
    let pixels = match &*frame.values.pixels {
        Pixels::U8(a) => Pixels::U8(draw.thinned(a, u64::from, |n| n as u8)),
        Pixels::I8(a) => Pixels::I8(draw.thinned(a, |v| v as u64, |n| n as i8)),
        Pixels::U16(a) => Pixels::U16(draw.thinned(a, u64::from, |n| n as u16)),
        Pixels::I16(a) => Pixels::I16(draw.thinned(a, |v| v as u64, |n| n as i16)),
        Pixels::U32(a) => Pixels::U32(draw.thinned(a, u64::from, |n| n as u32)),
        Pixels::I32(a) => Pixels::I32(draw.thinned(a, |v| v as u64, |n| n as i32)),
        Pixels::F32(a) => Pixels::F32(draw.thinned(a, |v| v as u64, |n| n as f32)),
        Pixels::F64(a) => Pixels::F64(draw.thinned(a, |v| v as u64, |n| n as f64)),
    };
    let values = Values { pixels: Arc::new(pixels), ..frame.values.clone() };
    Ok(Frame { values, ..frame.clone() })
}

#[derive(Clone, Copy)]
struct Draw {
    fraction: f64,
    seed: u64,
    index: u64,
}

impl Draw {
    fn thinned<T: Copy + Default + Send + Sync>(
        self,
        counts: &Array2<T>,
        whole: impl Fn(T) -> u64 + Sync,
        stored: impl Fn(u64) -> T + Sync,
    ) -> Array2<T> {
        let mut kept = Array2::from_elem(counts.dim(), T::default());
        kept.axis_iter_mut(Axis(0))
            .into_par_iter()
            .zip(counts.axis_iter(Axis(0)))
            .enumerate()
            .for_each(|(row, (mut kept, counts))| {
                let mut stream = self.stream(row);
                for (kept, &count) in kept.iter_mut().zip(counts) {
                    let count = whole(count);
                    let some = match Binomial::new(count, self.fraction) {
                        Ok(law) if count > 0 => law.sample(&mut stream).min(count),
                        _ => 0,
                    };
                    *kept = stored(some);
                }
            });
        kept
    }

    fn stream(self, row: usize) -> ChaCha12Rng {
        let mut key = *b"bonescope: binomial thinning    ";
        key[24..].copy_from_slice(&self.seed.to_le_bytes());
        let mut stream = ChaCha12Rng::from_seed(key);
        stream.set_stream((self.index << 32) | row as u64);
        stream
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::measure::dispersion;
    use crate::measure::fixture::{TestPatient, frame_of};
    use crate::study::{Rescale, Unit};

    fn frame(pixels: Pixels) -> Frame {
        frame_of(Values::counts(pixels), 2.4)
    }

    fn counts(frame: &Frame) -> Vec<f64> {
        let mut counts = Vec::new();
        frame.values.pixels.for_each(|v| counts.push(v));
        counts
    }

    /// Issue 3, proof 4: per pixel over 1,000 seeds, for small counts (drawn by inversion) and
    /// large ones (by rejection).
    #[test]
    fn mean_and_variance_are_those_of_the_binomial_law() {
        const SEEDS: u64 = 1000;
        let stored = [0u16, 1, 2, 5, 17, 60, 300, 4000, 65535];
        let pixels = Array2::from_shape_fn((2, stored.len()), |(_, x)| stored[x]);
        let frame = frame(Pixels::U16(pixels));
        for fraction in [0.1, 0.25, 0.5, 0.9] {
            let (mut sum, mut squares) = (vec![0.0; 18], vec![0.0; 18]);
            for seed in 0..SEEDS {
                let thinned = counts(&thin(&frame, fraction, seed, 0).unwrap());
                for (i, k) in thinned.into_iter().enumerate() {
                    let aside = k - fraction * f64::from(stored[i % stored.len()]);
                    sum[i] += aside;
                    squares[i] += aside * aside;
                }
            }
            for i in 0..18 {
                let n = f64::from(stored[i % stored.len()]);
                let variance = n * fraction * (1.0 - fraction);
                let seeds = SEEDS as f64;
                // 4.5 standard errors each, with the kurtosis of the binomial law.
                let error = (variance / seeds).sqrt();
                assert!((sum[i] / seeds).abs() <= 4.5 * error, "{fraction} of {n}: mean");
                let fourth = 3.0 * variance * variance
                    + variance * (1.0 - 6.0 * fraction * (1.0 - fraction));
                let error = ((fourth - variance * variance) / seeds).max(0.0).sqrt();
                let found = squares[i] / seeds;
                assert!((found - variance).abs() <= 4.5 * error + 1e-12, "{fraction} of {n}");
            }
        }
    }

    #[test]
    fn thinned_poisson_counts_are_poisson_counts_of_less() {
        let patient = TestPatient { counts: 2e6, ..TestPatient::default() };
        let full = patient.frame(3);
        let total: f64 = counts(&full).iter().sum();
        for fraction in [0.25, 0.5, 0.75] {
            let thinned = thin(&full, fraction, 11, 0).unwrap();
            assert_eq!(thinned.values.poisson(), Ok(()));
            let kept: f64 = counts(&thinned).iter().sum();
            let error = (total * fraction * (1.0 - fraction)).sqrt();
            assert!((kept - fraction * total).abs() < 4.5 * error);
            let ratio = dispersion(&thinned).expect("enough counts");
            assert!((0.9..1.1).contains(&ratio), "{fraction}: {ratio}");
        }
    }

    #[test]
    fn two_thinnings_are_one_by_the_product() {
        // Poisson in, so that the variance over pixels is that of the law: λ·p·q.
        let (rows, columns) = (400, 400);
        let counted = {
            use rand_distr::Poisson;
            let mut stream = ChaCha12Rng::seed_from_u64(5);
            let law = Poisson::new(20.0).unwrap();
            Array2::from_shape_fn((rows, columns), |_| law.sample(&mut stream) as u16)
        };
        let twice = thin(&frame(Pixels::U16(counted)), 0.5, 1, 0).unwrap();
        let twice = counts(&thin(&twice, 0.4, 1, 1).unwrap());
        let n = twice.len() as f64;
        let mean = twice.iter().sum::<f64>() / n;
        let variance = twice.iter().map(|k| (k - mean).powi(2)).sum::<f64>() / (n - 1.0);
        assert!((mean - 4.0).abs() < 4.5 * (4.0 / n).sqrt(), "{mean}");
        assert!((variance - 4.0).abs() < 4.5 * 4.0 * (2.0 / n + 0.25 / n).sqrt(), "{variance}");
    }

    #[test]
    fn all_is_all_and_nothing_is_nothing() {
        let full = TestPatient::default().frame(2);
        assert_eq!(thin(&full, 1.0, 4, 0).unwrap().values, full.values);
        assert!(counts(&thin(&full, 0.0, 4, 0).unwrap()).iter().all(|&k| k == 0.0));
    }

    #[test]
    fn seed_and_frame_choose_the_draw_and_threads_do_not() {
        let full = TestPatient::default().frame(2);
        let half = |seed, index| thin(&full, 0.5, seed, index).unwrap().values;
        assert_ne!(half(1, 0), half(2, 0));
        assert_ne!(half(1, 0), half(1, 1));
        let on = |threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| half(1, 0))
        };
        assert_eq!(on(1), on(7));
        assert_eq!(on(1), half(1, 0));
    }

    #[test]
    fn only_counts_are_thinned() {
        let whole = frame(Pixels::U16(Array2::from_elem((3, 3), 8)));
        let refused = |values: Values| {
            let frame = Frame { values, ..whole.clone() };
            thin(&frame, 0.5, 1, 0).unwrap_err()
        };
        let values = &whole.values;
        let lossy = Values { lossy: true, ..values.clone() };
        assert_eq!(refused(lossy), ThinError::NotCounts(NotCounts::Lossy));
        let rescaled = Values { rescale: Rescale { slope: 2.0, intercept: 0.0 }, ..values.clone() };
        assert_eq!(refused(rescaled), ThinError::NotCounts(NotCounts::Rescaled));
        let other = Values { unit: Unit::CountsPerSecond, ..values.clone() };
        assert_eq!(refused(other), ThinError::NotCounts(NotCounts::OtherUnit));
        let huge = frame(Pixels::F64(Array2::from_elem((2, 2), 1e300)));
        let refused = thin(&huge, 0.5, 1, 0).unwrap_err();
        assert_eq!(refused, ThinError::NotCounts(NotCounts::NotWhole));
        for fraction in [-0.1, 1.1, f64::NAN] {
            assert_eq!(thin(&whole, fraction, 1, 0).unwrap_err(), ThinError::Fraction);
        }
    }

    proptest! {
        #[test]
        fn no_pixel_grows(stored in prop::collection::vec(0u32..200_000, 1..60),
                          fraction in 0.0..=1.0f64, seed: u64) {
            let pixels = Array2::from_shape_vec((1, stored.len()), stored.clone()).unwrap();
            let thinned = counts(&thin(&frame(Pixels::U32(pixels)), fraction, seed, 3).unwrap());
            for (kept, had) in thinned.into_iter().zip(stored) {
                prop_assert!(kept <= f64::from(had) && kept >= 0.0);
            }
        }
    }
}
