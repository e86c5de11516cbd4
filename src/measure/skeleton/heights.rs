//! Which height of the atlas each height of the patient is.
//!
//! Row by row the patient is compared with the atlas; the cheapest way through all pairs of rows,
//! on which lengths change gently, is found by dynamic programming, as speech is aligned
//! (Sakoe & Chiba, IEEE Trans. ASSP 26 (1978) 43–49), with the slope as part of the state so that
//! a bend costs as well.

use ndarray::Array2;

use super::atlas::{COLUMNS, ROWS};
use super::features::{Features, unlike};

/// Knots of the map lie so many of the patient's rows apart.
const KNOT: usize = 6;
/// Atlas rows per knot that are allowed.
const SLOPES: [usize; 7] = [4, 5, 6, 7, 8, 9, 10];
/// Rows beyond either end of the atlas that a way may run through; nothing is there.
const BEYOND: usize = 120;
/// Columns to either side of the middle that are compared, and every which: fewer the first time,
/// when nobody knows where the limbs are.
const REACH: [usize; 2] = [38, 50];
const STRIDE: usize = 2;
const COARSE: usize = 5;
/// A map lies within so many rows of one that is known, or of where a body of the atlas's length
/// in the middle of the frame would have it.
const NEAR: f64 = 32.0;
const FAR: f64 = 130.0;
/// What a squared change of slope from knot to knot costs, in atlas rows per knot; and what a
/// squared departure from the common slope does.
const BEND: f32 = 0.7;
const STRETCH: f32 = 0.6;
const TOO_FAR: f32 = 1e4;

/// A monotone map from the patient's rows to the atlas's, both in cells.
#[derive(Clone, Debug)]
pub struct Heights {
    /// Atlas rows at knots, strictly increasing.
    knots: Vec<f64>,
    /// Mean cost of a compared cell.
    pub cost: f64,
}

impl Heights {
    /// The best map from the rows of `patient`, whose columns are those of the atlas: near one
    /// that is known, or else looked at coarsely anywhere.
    pub fn fit(patient: &Features, atlas: &Features, near: Option<&Self>) -> Option<Self> {
        let count = patient.dim().0 / KNOT;
        if count < 3 {
            return None;
        }
        let slope = near.map_or(1.0, Self::slope);
        let costs = costs(patient, atlas, near);
        let rows = ROWS + 2 * BEYOND;
        let last = rows - 1;
        let step = |knot: usize, from: usize, by: usize| -> f32 {
            (0..KNOT)
                .step_by(STRIDE)
                .map(|i| costs[[(knot * KNOT + i) / STRIDE, (from + by * i / KNOT).min(last)]])
                .sum()
        };
        let n = SLOPES.len();
        let stretch = |by: usize| STRETCH * (by as f32 - slope as f32 * KNOT as f32).powi(2);
        // `best[slope][row]`: the least cost of a way that arrived at a row by that slope.
        let mut best = vec![vec![0.0f32; rows]; n];
        let mut back: Vec<Vec<Vec<u8>>> = Vec::with_capacity(count);
        for knot in 0..count {
            let mut next = vec![vec![f32::INFINITY; rows]; n];
            let mut from = vec![vec![0u8; rows]; n];
            for (k, &by) in SLOPES.iter().enumerate() {
                for row in 0..rows - by {
                    let mut least = (f32::INFINITY, 0);
                    for (j, &before) in SLOPES.iter().enumerate() {
                        let bend =
                            if knot == 0 { 0.0 } else { (by as f32 - before as f32).powi(2) };
                        let cost = best[j][row] + BEND * bend;
                        if cost < least.0 {
                            least = (cost, j);
                        }
                    }
                    let cost = least.0 + step(knot, row, by) + stretch(by);
                    next[k][row + by] = cost;
                    from[k][row + by] = least.1 as u8;
                }
            }
            best = next;
            back.push(from);
        }
        let ends = (0..n).flat_map(|k| (0..rows).map(move |row| (k, row)));
        let (mut k, mut row) = ends.min_by(|a, b| best[a.0][a.1].total_cmp(&best[b.0][b.1]))?;
        let total = best[k][row];
        if !total.is_finite() {
            return None;
        }
        let mut knots = vec![row as f64];
        for from in back.iter().rev() {
            let before = usize::from(from[k][row]);
            row -= SLOPES[k];
            k = before;
            knots.push(row as f64);
        }
        knots.reverse();
        knots.iter_mut().for_each(|k| *k -= BEYOND as f64);
        let cells = count * KNOT / STRIDE * (2 * REACH[usize::from(near.is_some())]);
        Some(Self { knots: smoothed(knots), cost: f64::from(total) / cells as f64 })
    }

    /// The atlas row of a row of the patient.
    pub fn atlas_row(&self, row: f64) -> f64 {
        let at = row / KNOT as f64;
        let i = (at.max(0.0) as usize).min(self.knots.len() - 2);
        self.knots[i] + (at - i as f64) * (self.knots[i + 1] - self.knots[i])
    }

    /// The patient's row of an atlas row.
    pub fn patient_row(&self, row: f64) -> f64 {
        let i = self.knots.partition_point(|&k| k <= row).clamp(1, self.knots.len() - 1) - 1;
        KNOT as f64 * (i as f64 + (row - self.knots[i]) / (self.knots[i + 1] - self.knots[i]))
    }

    /// Atlas rows per row of the patient, over all.
    pub fn slope(&self) -> f64 {
        let last = self.knots.len() - 1;
        (self.knots[last] - self.knots[0]) / (last * KNOT) as f64
    }
}

/// The steps between whole rows, smoothed away.
fn smoothed(knots: Vec<f64>) -> Vec<f64> {
    let last = knots.len() - 1;
    let mean = |i: usize| match i {
        0 => knots[0],
        i if i == last => knots[last],
        i => 0.25 * knots[i - 1] + 0.5 * knots[i] + 0.25 * knots[i + 1],
    };
    (0..knots.len()).map(mean).collect()
}

/// `[patient row / STRIDE, atlas row + BEYOND]`: what taking one for the other costs, per row.
fn costs(patient: &Features, atlas: &Features, near: Option<&Heights>) -> Array2<f32> {
    let middle = COLUMNS / 2;
    let stride = if near.is_some() { STRIDE } else { COARSE };
    let wide = REACH[usize::from(near.is_some())];
    let columns: Vec<usize> = (middle - wide..middle + wide).step_by(stride).collect();
    let line = |features: &Features, row: usize| -> Vec<[f32; 2]> {
        columns.iter().map(|&c| features.looks(row, c)).collect()
    };
    let nothing = vec![[0.0f32; 2]; columns.len()];
    let atlas: Vec<Vec<[f32; 2]>> = (0..ROWS + 2 * BEYOND)
        .map(|row| match row.checked_sub(BEYOND) {
            Some(row) if row < ROWS => line(atlas, row),
            _ => nothing.clone(),
        })
        .collect();
    let length = patient.dim().0;
    let reach = if near.is_some() { NEAR } else { FAR };
    // What lies too far is dearer than anything.
    let mut costs = Array2::from_elem((length.div_ceil(STRIDE), atlas.len()), TOO_FAR);
    for row in (0..length).step_by(STRIDE) {
        let about = match near {
            Some(near) => near.atlas_row(row as f64),
            None => row as f64 + 0.5 * (ROWS as f64 - length as f64),
        };
        let about = about + BEYOND as f64;
        let first = (about - reach).max(0.0) as usize;
        let last = ((about + reach).max(0.0) as usize).min(atlas.len());
        let here = line(patient, row);
        for there in first..last {
            let sum: f32 = here.iter().zip(&atlas[there]).map(|(p, a)| unlike(*p, *a)).sum();
            costs[[row / STRIDE, there]] = sum * stride as f32;
        }
    }
    costs
}
