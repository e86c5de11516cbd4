//! What stretching and swinging leave over: a smooth field of small displacements.
//!
//! Both pictures are compared cell by cell; each cell is pushed along the patient's gradient until
//! they agree, and the pushes are smoothed (Thirion's demons, Med. Image Anal. 2 (1998) 243–260).

use ndarray::Array2;
use ndarray_ndimage::{BorderMode, gaussian_filter};

use super::atlas::CELL;
use super::features::Features;

/// Displacements, in its own cells, which are twice the atlas's: for a place of the patient, how
/// far from it the model has the same.
#[derive(Clone, Debug)]
pub struct Elastic {
    down: Array2<f32>,
    right: Array2<f32>,
}

/// Smoothness of each pass, mm, and how often pushes are made.
const PASSES: [(f64, usize); 3] = [(40.0, 10), (28.0, 10), (20.0, 10)];
/// No push is longer, cells.
const LONGEST: f32 = 1.0;
/// Differences of fine structure weigh so much more than those of brightness.
const FINE: f32 = 2.0;
/// Where nothing has a gradient, noise should not push.
const STILL: f32 = 0.02;
/// Differences beyond this are lesions or organs and push no harder.
const MOST: f32 = 0.5;

impl Elastic {
    /// The field that makes `model` look like `patient`; both on the atlas's cells. It is found and
    /// kept on cells twice as large.
    pub fn fit(patient: &Features, model: &Features) -> Self {
        let (patient, model) = (&patient.halved(), &model.halved());
        let size = patient.dim();
        let mut field = Self { down: Array2::zeros(size), right: Array2::zeros(size) };
        let gradients: Vec<[[f32; 2]; 2]> =
            (0..size.0 * size.1).map(|i| gradient(patient, i / size.1, i % size.1)).collect();
        for (smoothness, times) in PASSES {
            for _ in 0..times {
                let mut down = field.down.clone();
                let mut right = field.right.clone();
                for row in 0..size.0 {
                    for column in 0..size.1 {
                        let at = [row, column];
                        let there = model.at(
                            row as f64 + f64::from(field.down[at]),
                            column as f64 + f64::from(field.right[at]),
                        );
                        let here = patient.looks(row, column);
                        let [by_level, by_fine] = gradients[row * size.1 + column];
                        let level = (here[0] - there[0]).clamp(-MOST, MOST);
                        let fine = (here[1] - there[1]).clamp(-MOST, MOST);
                        let stiff = STILL
                            + by_level[0].powi(2)
                            + by_level[1].powi(2)
                            + FINE * (by_fine[0].powi(2) + by_fine[1].powi(2))
                            + 0.25 * (level * level + FINE * fine * fine);
                        let push = |i: usize| {
                            ((level * by_level[i] + FINE * fine * by_fine[i]) / stiff)
                                .clamp(-LONGEST, LONGEST)
                        };
                        down[at] += push(0);
                        right[at] += push(1);
                    }
                }
                let smooth = |field: &Array2<f32>| {
                    gaussian_filter(
                        field,
                        (0.5 * smoothness / CELL) as f32,
                        0,
                        BorderMode::Nearest,
                        2,
                    )
                };
                (field.down, field.right) = (smooth(&down), smooth(&right));
            }
        }
        field
    }

    /// `[down, right]` at a cell of the atlas, in such cells, bilinear; that of the edge outside.
    pub fn at(&self, row: f64, column: f64) -> [f64; 2] {
        let (rows, columns) = self.down.dim();
        // The middle of a large cell lies between two small ones.
        let within = |at: f64, count: usize| (0.5 * at - 0.25).clamp(0.0, count as f64 - 1.001);
        let (row, column) = (within(row, rows), within(column, columns));
        let (y, x) = (row as usize, column as usize);
        let (fy, fx) = ((row - y as f64) as f32, (column - x as f64) as f32);
        [&self.down, &self.right].map(|field| {
            let at = |y: usize, x: usize| field[[y, x]];
            let upper = at(y, x) + fx * (at(y, x + 1) - at(y, x));
            let lower = at(y + 1, x) + fx * (at(y + 1, x + 1) - at(y + 1, x));
            2.0 * f64::from(upper + fy * (lower - upper))
        })
    }
}

/// Of level and fine structure, down and to the right.
fn gradient(features: &Features, row: usize, column: usize) -> [[f32; 2]; 2] {
    let (rows, columns) = features.dim();
    let (above, below) = (row.saturating_sub(1), (row + 1).min(rows - 1));
    let (before, after) = (column.saturating_sub(1), (column + 1).min(columns - 1));
    let (up, down) = (features.looks(above, column), features.looks(below, column));
    let (left, right) = (features.looks(row, before), features.looks(row, after));
    [0, 1].map(|c| [0.5 * (down[c] - up[c]), 0.5 * (right[c] - left[c])])
}
