//! What two healthy sides differ by: more than chance, since no registration and no body is
//! perfect.
//!
//! A counterpart that lies a few millimetres off makes a difference in proportion to the slope of
//! the uptake; normal variation makes one in proportion to the uptake itself. With both the
//! variance of a comparison is `1 + σ² G + τ² M` instead of 1, where G is the squared slope and M
//! the squared uptake, each over the counting variance. σ and τ are those of this very scan, found
//! from medians over all of the patient, which lesions hardly move; σ once more for each
//! neighbourhood, since an arm may be posed differently while the trunk lies straight. It is an
//! empirical null in the sense of B. Efron, JASA 99 (2004) 96–104.

use ndarray::Array2;

use crate::geometry::Spacing;

use super::kernel::Pair;

/// Normal variation between the sides is never taken to be smaller: clinical reading allows for
/// some per cent between healthy paired bones.
const LEAST_VARIATION: f64 = 0.03;
const MOST_VARIATION: f64 = 0.15;
/// A registration is never taken to be better, nor a neighbourhood to be worse, mm.
const LEAST_MISPLACED: f64 = 0.5;
const MOST_MISPLACED: f64 = 20.0;
/// Neighbourhoods are this far apart and reach this far, mm.
const LATTICE: f64 = 24.0;
const REACH: f64 = 60.0;
/// Fewer places say nothing of a neighbourhood.
const FEWEST: usize = 60;
/// The part of a neighbourhood with the steepest slopes tells of misplacement.
const STEEP: f64 = 0.6;
/// Median of the square of a standard normal variable.
const MEDIAN_SQUARE: f64 = 0.454_936_4;

/// What to divide each comparison by.
pub struct Spread {
    terms: Array2<Option<Terms>>,
    misplaced: f64,
    variation: f64,
    /// σ² of each neighbourhood.
    local: Array2<f64>,
    cell: [f64; 2],
    /// What is left over, at least 1.
    rest: f64,
}

/// σ² and τ² multiply these.
#[derive(Clone, Copy)]
struct Terms {
    slope: f64,
    uptake: f64,
}

#[derive(Clone, Copy)]
struct Sample {
    z: f64,
    terms: Terms,
}

impl Spread {
    pub fn of(
        raw: &Array2<f64>,
        pairs: &Array2<Option<Pair>>,
        slopes: &Array2<f64>,
        balance: f64,
        spacing: Spacing,
    ) -> Self {
        let terms = terms(pairs, slopes, balance);
        let sample = |at: (usize, usize)| {
            let terms = terms[at]?;
            pairs[at].filter(|pair| pair.first).map(|_| Sample { z: raw[at], terms })
        };
        let (rows, columns) = raw.dim();
        let all: Vec<Sample> = (0..rows)
            .step_by(2)
            .flat_map(|row| (0..columns).step_by(2).map(move |column| (row, column)))
            .filter_map(sample)
            .collect();
        let (misplaced, variation) = overall(&all);
        let cell = [LATTICE / spacing.x(), LATTICE / spacing.y()];
        let lattice = |size: usize, step: f64| (size as f64 / step).ceil() as usize + 1;
        let shape = (lattice(rows, cell[1]), lattice(columns, cell[0]));
        let reach = [REACH / spacing.x(), REACH / spacing.y()];
        // Both halves of a pair have the spread of the half that is measured.
        let any = |at: (usize, usize)| {
            let terms = terms[at]?;
            pairs[at].map(|_| Sample { z: raw[at], terms })
        };
        use rayon::prelude::*;
        let local: Vec<f64> = (0..shape.0 * shape.1)
            .into_par_iter()
            .map(|i| {
                let centre = [(i % shape.1) as f64 * cell[0], (i / shape.1) as f64 * cell[1]];
                let around = neighbourhood(centre, reach, (rows, columns), &any);
                locally(around, misplaced, variation)
            })
            .collect();
        let local = Array2::from_shape_vec(shape, local).unwrap_or_default();
        let mut spread = Self { terms, misplaced, variation, local, cell, rest: 1.0 };
        let mut squares: Vec<f64> = spread
            .standardised(raw)
            .indexed_iter()
            .filter(|(at, z)| z.is_finite() && pairs[*at].is_some_and(|pair| pair.first))
            .map(|(_, z)| z * z)
            .collect();
        spread.rest = (median(&mut squares).unwrap_or(0.0) / MEDIAN_SQUARE).sqrt().max(1.0);
        spread
    }

    /// σ over the whole patient, mm.
    pub fn misplaced(&self) -> f64 {
        self.misplaced
    }

    /// Comparisons in standard deviations of what healthy sides differ by.
    pub fn standardised(&self, raw: &Array2<f64>) -> Array2<f64> {
        Array2::from_shape_fn(raw.dim(), |at| raw[at] / self.at(at))
    }

    /// The standard deviation of a comparison, in units of that of its counts.
    pub fn at(&self, at: (usize, usize)) -> f64 {
        self.terms[at].map_or(f64::NAN, |Terms { slope, uptake }| {
            let variation = self.variation * self.variation * uptake;
            (1.0 + self.local_at(at) * slope + variation).sqrt() * self.rest
        })
    }

    /// σ where a place lies, mm.
    pub fn misplaced_at(&self, at: (usize, usize)) -> f64 {
        self.local_at(at).sqrt()
    }

    /// σ² drawn straight between neighbourhoods.
    fn local_at(&self, (row, column): (usize, usize)) -> f64 {
        let (y, x) = (row as f64 / self.cell[1], column as f64 / self.cell[0]);
        let (i, j) = (y as usize, x as usize);
        let (fy, fx) = (y - i as f64, x - j as f64);
        let at = |i: usize, j: usize| {
            self.local.get((i, j)).copied().unwrap_or(self.misplaced * self.misplaced)
        };
        let mix = |a: f64, b: f64, t: f64| a + t * (b - a);
        mix(mix(at(i, j), at(i, j + 1), fx), mix(at(i + 1, j), at(i + 1, j + 1), fx), fy)
    }
}

/// The squared slope, that of the steeper side, and the squared uptake of what both sides have in
/// common, over the counting variance of their difference.
fn terms(
    pairs: &Array2<Option<Pair>>,
    slopes: &Array2<f64>,
    balance: f64,
) -> Array2<Option<Terms>> {
    Array2::from_shape_fn(pairs.dim(), |at| {
        let pair = pairs[at]?;
        let balance = if pair.first { balance } else { 1.0 / balance };
        let [a, b] = [balance * pair.area[0], pair.area[1]];
        // A disc without counts still varies by about one.
        let mean = ((pair.counts[0] + pair.counts[1]) / (a + b)).max(1.0 / (a + b));
        let variance = mean * (1.0 / a + 1.0 / b);
        let there = pair.counterpart;
        let there = (there.y.round().max(0.0) as usize, there.x.round().max(0.0) as usize);
        let slope = slopes[at].max(slopes.get(there).copied().unwrap_or(0.0));
        Some(Terms { slope: slope / variance, uptake: mean * mean / variance })
    })
}

/// σ and τ of the whole patient: those with which the median square of a comparison is that of the
/// normal law at every steepness.
fn overall(samples: &[Sample]) -> (f64, f64) {
    const BINS: usize = 12;
    let mut sorted = samples.to_vec();
    sorted.sort_by(|a, b| a.terms.slope.total_cmp(&b.terms.slope));
    let size = sorted.len() / BINS;
    if size < FEWEST {
        return (LEAST_MISPLACED, LEAST_VARIATION);
    }
    let bins: Vec<&[Sample]> = sorted.chunks(size).take(BINS).collect();
    let misfit = |misplaced: f64, variation: f64| -> f64 {
        bins.iter()
            .map(|bin| {
                let mut squares: Vec<f64> =
                    bin.iter().map(|s| s.square(misplaced * misplaced, variation)).collect();
                let median = median(&mut squares).unwrap_or(MEDIAN_SQUARE);
                (median.max(1e-9) / MEDIAN_SQUARE).ln().powi(2)
            })
            .sum()
    };
    let mut best = (f64::INFINITY, LEAST_MISPLACED, LEAST_VARIATION);
    for i in 0..24 {
        let misplaced = LEAST_MISPLACED + 0.25 * f64::from(i);
        for j in 0..5 {
            let variation =
                LEAST_VARIATION + 0.25 * f64::from(j) * (MOST_VARIATION - LEAST_VARIATION);
            let misfit = misfit(misplaced, variation);
            if misfit < best.0 {
                best = (misfit, misplaced, variation);
            }
        }
    }
    (best.1, best.2)
}

impl Sample {
    /// The squared comparison in units of its variance.
    fn square(&self, misplaced_squared: f64, variation: f64) -> f64 {
        let Terms { slope, uptake } = self.terms;
        self.z * self.z / (1.0 + misplaced_squared * slope + variation * variation * uptake)
    }
}

/// Every second place within an ellipse.
fn neighbourhood(
    centre: [f64; 2],
    reach: [f64; 2],
    (rows, columns): (usize, usize),
    sample: &dyn Fn((usize, usize)) -> Option<Sample>,
) -> Vec<Sample> {
    let range = |axis: usize, size: usize| {
        let low = (centre[axis] - reach[axis]).ceil().max(0.0) as usize;
        let high = ((centre[axis] + reach[axis]).floor() + 1.0).clamp(0.0, size as f64) as usize;
        (low..high).step_by(2)
    };
    let inside = |row: usize, column: usize| {
        let dx = (column as f64 - centre[0]) / reach[0];
        let dy = (row as f64 - centre[1]) / reach[1];
        dx * dx + dy * dy <= 1.0
    };
    range(1, rows)
        .flat_map(|row| range(0, columns).map(move |column| (row, column)))
        .filter(|&(row, column)| inside(row, column))
        .filter_map(sample)
        .collect()
}

/// σ² of a neighbourhood, no smaller than that of the whole patient.
///
/// What all of it has in common is taken out first: a misplaced counterpart makes differences of
/// both signs, a limb that takes up more makes them of one.
fn locally(mut samples: Vec<Sample>, misplaced: f64, variation: f64) -> f64 {
    let least = misplaced * misplaced;
    if samples.len() < FEWEST {
        return least;
    }
    let mut all: Vec<f64> = samples.iter().map(|s| s.z).collect();
    let common = median(&mut all).unwrap_or(0.0);
    samples.sort_by(|a, b| a.terms.slope.total_cmp(&b.terms.slope));
    let steep: Vec<Sample> = samples[(STEEP * samples.len() as f64) as usize..]
        .iter()
        .map(|s| Sample { z: s.z - common, ..*s })
        .collect();
    let excess = |squared: f64| {
        let mut squares: Vec<f64> = steep.iter().map(|s| s.square(squared, variation)).collect();
        median(&mut squares).unwrap_or(0.0) > MEDIAN_SQUARE
    };
    if !excess(least) {
        return least;
    }
    let (mut low, mut high) = (misplaced, MOST_MISPLACED);
    for _ in 0..12 {
        let middle = 0.5 * (low + high);
        if excess(middle * middle) { low = middle } else { high = middle }
    }
    high * high
}

pub fn median(values: &mut [f64]) -> Option<f64> {
    let middle = values.len().checked_sub(1)? / 2;
    Some(*values.select_nth_unstable_by(middle, f64::total_cmp).1)
}
