//! Counting: from expected counts to whole ones.

use ndarray::{Array2, Axis};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, Poisson};
use rayon::prelude::*;

/// Poisson counts for an expected image, `[row, column]`.
///
/// Every row of every frame draws from a stream of its own, so the counts do not depend on which
/// thread came first. `rand_distr` compares against the platform's `exp`; a difference in its last
/// digit could change a count once in some 10¹⁵ draws.
pub fn counted(expected: &Array2<f64>, seed: u64, frame: u64) -> Array2<u16> {
    let mut counts = Array2::zeros(expected.dim());
    counts
        .axis_iter_mut(Axis(0))
        .into_par_iter()
        .zip(expected.axis_iter(Axis(0)))
        .enumerate()
        .for_each(|(row, (mut counts, expected))| {
            let mut stream = ChaCha8Rng::seed_from_u64(seed);
            stream.set_stream((frame << 32) | row as u64);
            for (count, &mean) in counts.iter_mut().zip(expected) {
                // Zero, or too little ever to count.
                if let Ok(poisson) = Poisson::new(mean) {
                    *count = poisson.sample(&mut stream).min(f64::from(u16::MAX)) as u16;
                }
            }
        });
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mean_and_variance_are_the_expectation() {
        for mean in [0.3, 4.0, 90.0] {
            let counts = counted(&Array2::from_elem((200, 300), mean), 7, 0);
            let n = counts.len() as f64;
            let average = counts.iter().map(|&c| f64::from(c)).sum::<f64>() / n;
            let variance =
                counts.iter().map(|&c| (f64::from(c) - average).powi(2)).sum::<f64>() / (n - 1.0);
            // Five standard errors.
            assert!((average - mean).abs() < 5.0 * (mean / n).sqrt());
            let error = mean * (2.0 / n + 1.0 / (n * mean)).sqrt();
            assert!((variance - mean).abs() < 5.0 * error, "{variance} for {mean}");
        }
    }

    #[test]
    fn seed_and_frame_choose_the_draw() {
        let expected = Array2::from_elem((4, 16), 20.0);
        assert_eq!(counted(&expected, 1, 0), counted(&expected, 1, 0));
        assert_ne!(counted(&expected, 1, 0), counted(&expected, 2, 0));
        assert_ne!(counted(&expected, 1, 0), counted(&expected, 1, 1));
        assert_eq!(counted(&Array2::zeros((2, 2)), 1, 0).sum(), 0);
    }
}
