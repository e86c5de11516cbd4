//! Gaussian blurring of planes, with kernels cut at four standard deviations.

use ndarray::Array2;
use rayon::prelude::*;

use super::arithmetic::exp;

/// Half a Gaussian, centre first; both halves together sum to one.
pub fn kernel(sigma: f64) -> Vec<f64> {
    let radius = (4.0 * sigma + 0.5) as usize;
    let half: Vec<f64> =
        (0..=radius).map(|i| exp(-0.5 * (i as f64 / sigma.max(1e-6)).powi(2))).collect();
    let sum = half[0] + 2.0 * half[1..].iter().sum::<f64>();
    half.into_iter().map(|w| w / sum).collect()
}

/// `plane[row, column]` blurred both ways; outside it is zero. `sigma` in pixels.
pub fn blurred(plane: &Array2<f64>, sigma: f64) -> Array2<f64> {
    let half = kernel(sigma);
    across(&across(plane, &half), &half)
}

/// Blurs along rows and returns the transpose, so that twice is both ways.
fn across(plane: &Array2<f64>, half: &[f64]) -> Array2<f64> {
    let (rows, columns) = plane.dim();
    let rows_blurred: Vec<Vec<f64>> = (0..rows)
        .into_par_iter()
        .map(|row| {
            let line: Vec<f64> = plane.row(row).to_vec();
            let mut out: Vec<f64> = line.iter().map(|v| v * half[0]).collect();
            if line.iter().any(|&v| v != 0.0) {
                for (shift, &weight) in
                    half.iter().enumerate().skip(1).take_while(|s| s.0 < columns)
                {
                    add_shifted(&mut out, &line, shift, weight);
                }
            }
            out
        })
        .collect();
    Array2::from_shape_fn((columns, rows), |(column, row)| rows_blurred[row][column])
}

fn add_shifted(out: &mut [f64], line: &[f64], shift: usize, weight: f64) {
    let rest = line.len() - shift;
    for (o, v) in out[..rest].iter_mut().zip(&line[shift..]) {
        *o += weight * v;
    }
    for (o, v) in out[shift..].iter_mut().zip(&line[..rest]) {
        *o += weight * v;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_point_becomes_a_bell_of_the_same_content() {
        let mut plane = Array2::zeros((61, 81));
        plane[[30, 40]] = 5.0;
        let bell = blurred(&plane, 3.0);
        assert!((bell.sum() - 5.0).abs() < 1e-9);
        assert!((bell[[30, 43]] / bell[[30, 40]] - (-0.5f64).exp()).abs() < 1e-12);
        assert!((bell[[33, 40]] - bell[[30, 43]]).abs() < 1e-12);
        let spread: f64 =
            bell.indexed_iter().map(|((r, _), v)| v * (r as f64 - 30.0).powi(2)).sum();
        assert!((spread / 5.0 - 9.0).abs() < 0.05);
    }
}
