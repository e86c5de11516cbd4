//! What front and back differ in, measured on a body that was found.
//!
//! Every trait compares two places of one frame, as a natural logarithm, so that exposure, dose
//! and the patient's size cancel. They follow from attenuation and from distance to the detector:
//! spine and sacroiliac joints are sharp and strong from behind; from in front the manubrium, the
//! bladder and the iliac crests are, and the spine fades between sternum and pelvis.

use ndarray::{Array2, s};

use super::fit::{BODY, Fit, TOP, between};
use super::glimpse::{CELL, Glimpse};

pub const COUNT: usize = 10;

/// Each trait's value, `None` where it lies outside the frame; larger values speak for posterior.
pub type Traits = [Option<f64>; COUNT];

pub const NAMES: [&str; COUNT] = [
    "lumbar spine over thighs",
    "trunk's middle, below over at the manubrium",
    "spine over lateral ribs",
    "lower thoracic spine over the ribs beside it",
    "lumbar spine over chest's middle",
    "sacrum and sacroiliac joints over iliac wings",
    "sacroiliac joints over bladder",
    "kidneys over flanks",
    "pelvis over bladder",
    "upper ribs over clavicles",
];

/// Heights above the heels of an adult of 1.76 m, from above, mm.
type Heights = (f64, f64);
/// Distances to either side of the midline, mm.
type Sides = (f64, f64);

/// The measure of a body's frame.
pub fn traits(glimpse: &Glimpse, fit: &Fit) -> Traits {
    let none = [None; COUNT];
    let Some(body) = BODY.as_ref() else { return none };
    let upright = match fit.head_first {
        true => glimpse.clone(),
        false => glimpse.flipped(),
    };
    let shape = body.picture.dim();
    let counts = laid_out(&upright.counts, fit, shape);
    let spine = Spine::along(&laid_out(&upright.fine, fit, shape));
    let about = |heights, sides| spine.mean(&counts, heights, sides, Middle::Spine);
    let beside = |heights, sides| spine.mean(&counts, heights, sides, Middle::Body);
    let row_by_row = |heights, sides, middle| spine.typical(&counts, heights, sides, middle);
    let over = |a: Option<f64>, b: Option<f64>| Some((a? + 1e-6).ln() - (b? + 1e-6).ln());

    let lumbar = about((1230.0, 1080.0), (0.0, 12.0));
    let thighs = beside((800.0, 600.0), (50.0, 150.0));
    let bladder = about((930.0, 880.0), (0.0, 30.0));
    let joints = row_by_row((1050.0, 1000.0), (0.0, 55.0), Middle::Spine);
    let wings = row_by_row((1070.0, 1000.0), (90.0, 140.0), Middle::Body);
    [
        over(about((1250.0, 1080.0), (0.0, 12.0)), thighs),
        over(about((1290.0, 1240.0), (0.0, 36.0)), about((1440.0, 1400.0), (0.0, 36.0))),
        over(about((1330.0, 1180.0), (0.0, 12.0)), about((1400.0, 1180.0), (84.0, 130.0))),
        over(about((1290.0, 1190.0), (0.0, 12.0)), about((1290.0, 1190.0), (36.0, 60.0))),
        over(lumbar, about((1430.0, 1300.0), (0.0, 12.0))),
        over(joints, wings),
        over(row_by_row((1040.0, 1000.0), (20.0, 50.0), Middle::Spine), bladder),
        over(about((1170.0, 1080.0), (45.0, 80.0)), about((1170.0, 1080.0), (95.0, 130.0))),
        over(beside((1065.0, 985.0), (0.0, 140.0)), beside((930.0, 870.0), (0.0, 30.0))),
        over(beside((1410.0, 1330.0), (40.0, 120.0)), beside((1470.0, 1440.0), (40.0, 120.0))),
    ]
}

/// The frame under each cell of the atlas; NaN beyond its edge.
fn laid_out(frame: &Array2<f64>, fit: &Fit, (rows, columns): (usize, usize)) -> Array2<f64> {
    let [middle_row, middle_column] = [rows, columns].map(|n| (n as f64 - 1.0) / 2.0);
    Array2::from_shape_fn((rows, columns), |(row, column)| {
        let at = fit.placing.at(row as f64 - middle_row, column as f64 - middle_column);
        between(frame, at).unwrap_or(f64::NAN)
    })
}

/// What distances are measured from.
#[derive(Clone, Copy, PartialEq)]
enum Middle {
    /// The body's straight midline.
    Body,
    /// The ridge of uptake nearest to it, which follows a bent spine.
    Spine,
}

/// The column of the spine, or of sternum and spine, in each row of the atlas.
struct Spine(Vec<f64>);

/// Between these heights a ridge is followed, at most this many cells from the midline.
const FOLLOWED: Heights = (1480.0, 940.0);
const SWAY: usize = 4;
/// What a step sideways costs, in units of the ridge's height.
const STIFFNESS: f64 = 0.05;

fn row_of(height: f64) -> usize {
    ((TOP - height) / CELL).round().max(0.0) as usize
}

impl Spine {
    /// The brightest way down, by dynamic programming.
    fn along(fine: &Array2<f64>) -> Self {
        let (rows, columns) = fine.dim();
        let middle = (columns - 1) / 2;
        let mut way = vec![middle as f64; rows];
        let (top, bottom) = (row_of(FOLLOWED.0), row_of(FOLLOWED.1).min(rows));
        if middle < SWAY || top + 1 >= bottom {
            return Self(way);
        }
        let band = fine.slice(s![top..bottom, middle - SWAY..=middle + SWAY]);
        let band = band.mapv(|v| if v.is_nan() { -1.0 } else { v });
        let width = band.ncols();
        let mut sums = band.row(0).to_vec();
        let mut steps: Vec<Vec<usize>> = Vec::new();
        for row in band.rows().into_iter().skip(1) {
            let from: Vec<usize> = (0..width)
                .map(|x| {
                    let reach = x.saturating_sub(1)..=(x + 1).min(width - 1);
                    let worth = |&q: &usize| sums[q] - STIFFNESS * q.abs_diff(x) as f64;
                    reach.max_by(|a, b| worth(a).total_cmp(&worth(b))).unwrap_or(x)
                })
                .collect();
            sums = (0..width)
                .map(|x| sums[from[x]] - STIFFNESS * from[x].abs_diff(x) as f64 + row[x])
                .collect();
            steps.push(from);
        }
        let end = (0..width).max_by(|&a, &b| sums[a].total_cmp(&sums[b])).unwrap_or(SWAY);
        let mut x = end;
        way[bottom - 1] = (middle + x) as f64 - SWAY as f64;
        for (row, from) in (top..bottom - 1).zip(&steps).rev() {
            x = from[x];
            way[row] = (middle + x) as f64 - SWAY as f64;
        }
        let (first, last) = (way[top], way[bottom - 1]);
        way[..top].fill(first);
        way[bottom..].fill(last);
        Self(way)
    }

    /// The mean of each row's cells between two distances on both sides; `None` where most of the
    /// region lies outside the frame.
    fn rows(
        &self,
        counts: &Array2<f64>,
        heights: Heights,
        sides: Sides,
        middle: Middle,
    ) -> Option<Vec<f64>> {
        let centre = (counts.ncols() - 1) as f64 / 2.0;
        let (mut all, mut inside) = (0usize, 0usize);
        let mut means = Vec::new();
        for row in row_of(heights.0)..=row_of(heights.1).min(counts.nrows() - 1) {
            let from = if middle == Middle::Spine { self.0[row] } else { centre };
            let line = counts.slice(s![row..=row, ..]).to_owned();
            let (mut sum, mut n) = (0.0, 0usize);
            for column in 0..counts.ncols() {
                let away = (column as f64 - centre).abs() * CELL;
                if away < sides.0 - 1.0 || away > sides.1 + 1.0 {
                    continue;
                }
                all += 1;
                let at = [0.0, column as f64 - centre + from];
                if let Some(v) = between(&line, at).filter(|v| !v.is_nan()) {
                    sum += v;
                    n += 1;
                }
            }
            inside += n;
            if n > 0 {
                means.push(sum / n as f64);
            }
        }
        (all > 0 && 10 * inside >= 7 * all).then_some(means)
    }

    fn mean(&self, counts: &Array2<f64>, at: Heights, sides: Sides, from: Middle) -> Option<f64> {
        let rows = self.rows(counts, at, sides, from)?;
        Some(rows.iter().sum::<f64>() / rows.len() as f64)
    }

    /// The median row: one hot lesion or a full bladder at the edge does not decide it.
    fn typical(
        &self,
        counts: &Array2<f64>,
        at: Heights,
        sides: Sides,
        from: Middle,
    ) -> Option<f64> {
        let mut rows = self.rows(counts, at, sides, from)?;
        rows.sort_by(f64::total_cmp);
        let n = rows.len();
        Some((rows[(n - 1) / 2] + rows[n / 2]) / 2.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bent_ridge_is_followed() {
        let (rows, columns) = (162, 51);
        let bow = |row: usize| 25.0 + 3.0 * (row as f64 / 20.0).sin();
        let fine = Array2::from_shape_fn((rows, columns), |(row, column)| {
            (-(column as f64 - bow(row)).powi(2)).exp()
        });
        let spine = Spine::along(&fine);
        for row in row_of(FOLLOWED.0)..row_of(FOLLOWED.1) {
            assert!((spine.0[row] - bow(row)).abs() <= 1.0, "{row}");
        }
    }
}
