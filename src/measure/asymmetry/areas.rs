//! Areas of the map beyond three standard deviations, judged by their peaks.
//!
//! The sums over overlapping discs are correlated, so pixels are no independent tests; areas are,
//! nearly, since they lie further apart than a disc is wide. Where there is no difference, a smooth
//! map of two dimensions has peaks above `FORMING` that exceed z with probability
//! `z exp(−z²/2) / (u exp(−u²/2))`, whatever its smoothness (the Euler characteristic of its
//! excursions; R. J. Adler, The Geometry of Random Fields, 1981). The false discovery rate is
//! controlled over these areas, which are what is reported: J. R. Chumbley & K. J. Friston,
//! NeuroImage 44 (2009) 62–70; J. R. Chumbley et al., NeuroImage 49 (2010) 3057–3064.

use ndarray::Array2;

use crate::geometry::{Outline, Spacing, edge_of};
use crate::study::Frame;
use crate::units::Level;

use super::kernel::{Counterparts, Discs, RADIUS};
use super::sign::judged;
use super::{AsymmetricArea, FALSE_DISCOVERIES};
use crate::measure::{Skeleton, q_values, ratio_of_counts};

/// Areas reach as far as the map lies beyond so many standard deviations.
const FORMING: f64 = 3.0;

/// No excursion of a map that is smooth over a disc is smaller than this part of it; what is, is
/// the edge of what could be compared.
const LEAST_PART: f64 = 0.25;

/// Pixels that hang together on the side of smaller columns.
pub struct Found {
    /// `[row, column]`, in the order in which they were met.
    pixels: Vec<(usize, usize)>,
    /// Positive where the side of smaller columns counts more.
    peak: f64,
    q: f64,
}

/// The significant areas of one half of a map, the most significant first.
pub fn significant(half: &Array2<f64>, spacing: Spacing) -> Vec<Found> {
    let mut areas = areas(half);
    let disc = std::f64::consts::PI * RADIUS * RADIUS;
    areas.retain(|a| a.pixels.len() as f64 * spacing.pixel_area() >= LEAST_PART * disc);
    let p: Vec<f64> = areas.iter().map(|area| chance_of_peak(area.peak.abs())).collect();
    for (area, q) in areas.iter_mut().zip(q_values(&p)) {
        area.q = q;
    }
    areas.retain(|area| area.q <= FALSE_DISCOVERIES);
    areas.sort_by(|a, b| b.peak.abs().total_cmp(&a.peak.abs()));
    areas
}

/// The probability that a peak above `FORMING` reaches z where there is no difference.
fn chance_of_peak(z: f64) -> f64 {
    let tail = |z: f64| z.ln() - 0.5 * z * z;
    (tail(z) - tail(FORMING)).exp().min(1.0)
}

fn areas(half: &Array2<f64>) -> Vec<Found> {
    let mut seen = Array2::from_elem(half.dim(), false);
    let mut areas = Vec::new();
    for (start, &z) in half.indexed_iter() {
        if seen[start] || z.is_nan() || z.abs() < FORMING {
            continue;
        }
        let (mut pixels, mut open, mut peak) = (Vec::new(), vec![start], z);
        seen[start] = true;
        while let Some((row, column)) = open.pop() {
            pixels.push((row, column));
            let here = half[[row, column]];
            peak = if here.abs() > peak.abs() { here } else { peak };
            let near = [
                (row.wrapping_sub(1), column),
                (row + 1, column),
                (row, column.wrapping_sub(1)),
                (row, column + 1),
            ];
            for next in near {
                let Some(&value) = half.get(next) else { continue };
                if value * z.signum() >= FORMING && !seen[next] {
                    seen[next] = true;
                    open.push(next);
                }
            }
        }
        areas.push(Found { pixels, peak, q: 1.0 });
    }
    areas
}

impl Found {
    /// With outlines, sign and ratio. `None` where the counterpart cannot be outlined.
    pub fn described(
        self,
        frame: &Frame,
        discs: &Discs,
        counterparts: &Counterparts,
        spacing: Spacing,
        skeleton: Option<&Skeleton>,
    ) -> Option<AsymmetricArea> {
        let (columns, rows) = (frame.columns(), frame.rows());
        let mut held = Array2::from_elem((rows, columns), false);
        self.pixels.iter().for_each(|&at| held[at] = true);
        let start = self.pixels.iter().min()?;
        let holds = |[column, row]: [i64; 2]| match (row.try_into(), column.try_into()) {
            (Ok(row), Ok(column)) => held.get::<(usize, usize)>((row, column)) == Some(&true),
            _ => false,
        };
        let points = edge_of([start.1 as i64, start.0 as i64], holds, |_, _| 0.5);
        let first = Outline::Polygon { points };
        let across: Option<Vec<[f64; 2]>> =
            first.polygon(1.0).into_iter().map(|p| Some(counterparts.at(p)?.to_array())).collect();
        let second = Outline::Polygon { points: across? };
        second.check().ok()?;

        let (higher, lower) = match self.peak > 0.0 {
            true => (first, second),
            false => (second, first),
        };
        let judged = judged(&higher, &lower, discs, spacing, [columns, rows], skeleton)?;
        let hot = judged.sign == super::Sign::Hot;
        let (outline, counterpart) = if hot { (higher, lower) } else { (lower, higher) };
        let [(n1, a1), (n2, a2)] = [discs.inside(&outline), discs.inside(&counterpart)];
        Some(AsymmetricArea {
            ratio: ratio_of_counts(n1, a1, n2, a2, Level::NINETY_FIVE)?,
            outline,
            counterpart,
            sign: judged.sign,
            sign_is_clear: judged.clear,
            z: if hot { self.peak.abs() } else { -self.peak.abs() },
            q: self.q,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_area_is_one_finding_and_its_peak_decides() {
        let mut half = Array2::from_elem((40, 30), 0.0);
        for (row, column, z) in
            [(5, 5, 3.2), (5, 6, 8.0), (6, 6, 3.5), (20, 10, 3.1), (30, 8, -7.0)]
        {
            half[[row, column]] = z;
        }
        half[[31, 8]] = f64::NAN;
        half[[30, 9]] = -5.0;
        let found = significant(&half, Spacing::new(7.0, 7.0).unwrap());
        let peaks: Vec<f64> = found.iter().map(|f| f.peak).collect();
        assert_eq!(peaks, [8.0, -7.0]);
        assert_eq!(found[0].pixels.len(), 3);
        assert!(found[0].q < 1e-10 && found[1].q < 1e-7);
    }

    #[test]
    fn the_chance_of_a_peak_falls_from_one() {
        assert_eq!(chance_of_peak(3.0), 1.0);
        assert!(
            (chance_of_peak(4.7) - 4.7 / 3.0 * (-0.5f64 * (4.7 * 4.7 - 9.0)).exp()).abs() < 1e-12
        );
    }
}
