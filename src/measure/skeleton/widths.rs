//! How wide the patient is over the atlas, height by height.

use super::atlas::{COLUMNS, ROWS, column_of, place_of, row_of};
use super::features::{Features, unlike};
use super::limbs::Segment;

/// Heights at which widths are found, from above, mm.
const KNOTS: [f64; 6] = [1680.0, 1550.0, 1430.0, 1200.0, 980.0, 500.0];
/// What a squared difference of neighbouring widths costs.
const STIFFNESS: f64 = 0.3;

/// A piecewise linear factor of width.
#[derive(Clone, Debug)]
pub struct Widths([f64; KNOTS.len()]);

impl Widths {
    pub fn even(factor: f64) -> Self {
        Self([factor; KNOTS.len()])
    }

    pub fn at(&self, height: f64) -> f64 {
        let next = KNOTS.partition_point(|&k| k > height);
        match next {
            0 => self.0[0],
            i if i == KNOTS.len() => self.0[i - 1],
            i => {
                let t = (height - KNOTS[i]) / (KNOTS[i - 1] - KNOTS[i]);
                self.0[i] + t * (self.0[i - 1] - self.0[i])
            }
        }
    }

    /// The factors of a `patient` who was laid out with an even width of `base`.
    pub fn fit(patient: &Features, atlas: &Features, base: f64) -> Self {
        let cells: Vec<([f64; 2], [f32; 2])> = (0..ROWS)
            .step_by(2)
            .flat_map(|row| (0..COLUMNS).step_by(2).map(move |column| (row, column)))
            .map(|(row, column)| (place_of(row as f64, column as f64), atlas.looks(row, column)))
            .filter(|(place, _)| {
                place[0].abs() < 200.0 && !matches!(Segment::of(*place), Segment::Arm(_))
            })
            .collect();
        let cost = |widths: &Self| {
            let unlikeness = |([left, height], looks): &([f64; 2], [f32; 2])| {
                let column = column_of(left * widths.at(*height));
                f64::from(unlike(patient.at(row_of(*height), column), *looks))
            };
            let sum: f64 = cells.iter().map(unlikeness).sum();
            let uneven: f64 = widths.0.windows(2).map(|w| (w[1] - w[0]).powi(2)).sum();
            sum / cells.len() as f64 + STIFFNESS * uneven
        };
        let mut widths = Self::even(1.0);
        let mut least = cost(&widths);
        for step in [0.04, 0.02, 0.01] {
            for _ in 0..3 {
                let before = least;
                for knot in 0..KNOTS.len() {
                    for by in [-step, step] {
                        let mut next = widths.clone();
                        next.0[knot] += by;
                        let there = cost(&next);
                        if there < least {
                            (least, widths) = (there, next);
                        }
                    }
                }
                if least == before {
                    break;
                }
            }
        }
        Self(widths.0.map(|w| w * base))
    }
}
