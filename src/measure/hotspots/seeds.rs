//! Places that stand out from what surrounds them, at any of the sizes that are sought.

use super::scene::{SCALES, SOUGHT, Scene};

/// A difference of two smoothings must exceed its noise this many times.
const LEAST_Z: f64 = 3.0;

/// A local maximum of the difference of two smoothings.
#[derive(Clone, Copy, Debug)]
pub(super) struct Seed {
    pub scale: usize,
    /// In the smoothed pictures.
    pub row: usize,
    pub column: usize,
    /// The difference over its own noise.
    pub z: f64,
}

/// All maxima of the difference of Gaussians (D. Marr & E. Hildreth, Proc. R. Soc. Lond. B 207
/// (1980) 187–217; over scales, T. Lindeberg, Int. J. Comput. Vis. 30 (1998) 79–116) that noise
/// hardly makes, scale by scale from the top row down.
pub(super) fn seeds(scene: &Scene<'_>) -> Vec<Seed> {
    let mut seeds = Vec::new();
    for scale in SOUGHT {
        let (near, far) = (&scene.smooth[scale], &scene.smooth[scale + 1]);
        // Σ (w₁ − w₂)² over the pixels of the frame, for Gaussian weights.
        let (s, t) = (SCALES[scale].powi(2), SCALES[scale + 1].powi(2));
        let weight = scene.spacing.pixel_area() / (4.0 * std::f64::consts::PI)
            * (1.0 / s + 1.0 / t - 4.0 / (s + t));
        let (rows, columns) = near.dim();
        let difference = |row: usize, column: usize| near[[row, column]] - far[[row, column]];
        for row in 1..rows.saturating_sub(1) {
            for column in 1..columns.saturating_sub(1) {
                let height = difference(row, column);
                if height <= 0.0 {
                    continue;
                }
                let z = height / (weight * far[[row, column]].max(1e-9)).sqrt();
                if z < LEAST_Z {
                    continue;
                }
                // Of equal neighbours the first counts.
                let highest = (row - 1..=row + 1).all(|r| {
                    (column - 1..=column + 1).all(|c| {
                        let other = difference(r, c);
                        other < height || (other == height && (r, c) >= (row, column))
                    })
                });
                if highest {
                    seeds.push(Seed { scale, row, column, z });
                }
            }
        }
    }
    seeds
}
