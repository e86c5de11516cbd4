//! Where the body lies in a frame, and which way up: a body without front or back, laid over it.

use std::sync::LazyLock;

use ndarray::Array2;

use super::glimpse::{Glimpse, blurred};

/// The body in cells, `[row, column]`: the square root of its counts, the body's mean being 64.
/// It is the mean of the simulator's normal adult seen from the front and from behind, made alike
/// on both sides; `tests/headless/content.rs` makes it again.
const ATLAS: &[u8] = include_bytes!("../../../assets/atlas/body.pgm");
/// Height above the heels at the atlas's first row, mm.
pub(super) const TOP: f64 = 1864.8;
/// At least so much of the atlas must lie within the frame.
const LEAST_INSIDE: f64 = 0.55;

pub struct Atlas {
    pub picture: Array2<f64>,
    coarse: Array2<f64>,
    weights: Array2<f64>,
}

pub static BODY: LazyLock<Option<Atlas>> = LazyLock::new(|| {
    let picture = read_pgm(ATLAS)?.mapv(|v| f64::from(v) / 64.0);
    let weights = blurred(&picture.mapv(|v| if v > 0.15 { 1.0 } else { 0.0 }), 1.5) + 0.15;
    Some(Atlas { coarse: blurred(&picture, 1.5), weights, picture })
});

/// A binary PGM of 8 bits, without comments.
fn read_pgm(bytes: &[u8]) -> Option<Array2<u8>> {
    let mut parts = bytes.splitn(5, |b| b.is_ascii_whitespace());
    let mut word = || parts.next().and_then(|w| std::str::from_utf8(w).ok());
    let number = |word: Option<&str>| word.and_then(|w| w.parse::<usize>().ok());
    let magic = word()?;
    let (columns, rows, most) = (number(word())?, number(word())?, number(word())?);
    let pixels = parts.next()?.to_vec();
    let sound = magic == "P5" && most == 255;
    Array2::from_shape_vec((rows, columns), pixels).ok().filter(|_| sound)
}

/// How the atlas is laid over a frame.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Placing {
    /// Cells of the frame per cell of the atlas, down and across.
    pub scale: [f64; 2],
    /// The atlas's centre in the frame, `[row, column]` in cells.
    pub centre: [f64; 2],
    /// Radians.
    pub turn: f64,
}

impl Placing {
    /// The place in the frame, `[row, column]`, of a place in the atlas, given from its centre.
    pub fn at(&self, down: f64, across: f64) -> [f64; 2] {
        let (sin, cos) = self.turn.sin_cos();
        let (y, x) = (self.scale[0] * down, self.scale[1] * across);
        [self.centre[0] + y * cos + x * sin, self.centre[1] + x * cos - y * sin]
    }

    fn moved(mut self, which: usize, by: f64) -> Self {
        match which {
            0 | 1 => self.scale[which] *= 1.0 + by,
            2 | 3 => self.centre[which - 2] += by,
            _ => self.turn += by,
        }
        self
    }
}

/// A body found.
#[derive(Clone, Copy, Debug)]
pub struct Fit {
    pub placing: Placing,
    /// The head lies at small rows. Where it does not, `placing` is that of the flipped frame.
    pub head_first: bool,
    /// Correlation of frame and atlas, and how much better it is than the other way up.
    pub score: f64,
    pub margin: f64,
}

/// The best place of a body in the frame, either way up.
pub fn fit(glimpse: &Glimpse) -> Option<Fit> {
    let body = BODY.as_ref()?;
    let upright = search(body, glimpse)?;
    let flipped = search(body, &glimpse.flipped())?;
    let head_first = upright.1 >= flipped.1;
    let ((placing, score), other) =
        if head_first { (upright, flipped.1) } else { (flipped, upright.1) };
    Some(Fit { placing, head_first, score, margin: score - other })
}

/// A coarse grid over size and place, then steps downhill from its best.
fn search(body: &Atlas, glimpse: &Glimpse) -> Option<(Placing, f64)> {
    let coarse = blurred(&glimpse.picture, 1.5);
    let rows = body.picture.nrows() as f64;
    let mut best: Option<(Placing, f64)> = None;
    for step in 0..9 {
        let tall = 0.62 * (1.15f64 / 0.62).powf(f64::from(step) / 8.0);
        let reach = 0.3 * rows * tall;
        let (start, end) = (glimpse.rows.0 - reach, glimpse.rows.1 + reach);
        for wide in [0.85, 1.05, 1.3] {
            for k in 0..=((end - start) / 4.0).max(0.0) as usize {
                let placing = Placing {
                    scale: [tall, tall * wide],
                    centre: [start + 4.0 * k as f64, glimpse.centre],
                    turn: 0.0,
                };
                let score = score(&coarse, &body.coarse, &body.weights, placing, 3, nearest);
                if best.is_none_or(|(_, s)| score > s) {
                    best = Some((placing, score));
                }
            }
        }
    }
    let (mut placing, _) = best?;
    let score = |p| score(&glimpse.picture, &body.picture, &body.weights, p, 2, between);
    let mut height = score(placing);
    for fineness in [1.0, 0.5, 0.25] {
        let steps = [0.05, 0.05, 2.0, 1.5, 0.03].map(|s| s * fineness);
        for _ in 0..4 {
            let before = height;
            for (which, step) in steps.into_iter().enumerate() {
                for by in [-step, step] {
                    let next = placing.moved(which, by);
                    let there = score(next);
                    if there > height {
                        (height, placing) = (there, next);
                    }
                }
            }
            if height == before {
                break;
            }
        }
    }
    Some((placing, height))
}

/// Weighted correlation of every `stride`th cell of the atlas with the frame under it; what lies
/// outside the frame is paid for.
fn score(
    frame: &Array2<f64>,
    atlas: &Array2<f64>,
    weights: &Array2<f64>,
    placing: Placing,
    stride: usize,
    value: impl Fn(&Array2<f64>, [f64; 2]) -> Option<f64>,
) -> f64 {
    let (rows, columns) = atlas.dim();
    let [middle_row, middle_column] = [rows, columns].map(|n| (n as f64 - 1.0) / 2.0);
    let (mut all, mut n, mut sa, mut sb) = (0.0, 0.0, 0.0, 0.0);
    let (mut saa, mut sbb, mut sab) = (0.0, 0.0, 0.0);
    for row in (stride / 2..rows).step_by(stride) {
        for column in (stride / 2..columns).step_by(stride) {
            let (a, w) = (atlas[[row, column]], weights[[row, column]]);
            all += w;
            let at = placing.at(row as f64 - middle_row, column as f64 - middle_column);
            let Some(b) = value(frame, at) else { continue };
            n += w;
            sa += w * a;
            sb += w * b;
            saa += w * a * a;
            sbb += w * b * b;
            sab += w * a * b;
        }
    }
    if n < LEAST_INSIDE * all {
        return -1.0;
    }
    let covariance = sab - sa * sb / n;
    let variances = (saa - sa * sa / n) * (sbb - sb * sb / n);
    match variances > 1e-12 {
        true => covariance / variances.sqrt() - 0.3 * (1.0 - n / all),
        false => -1.0,
    }
}

/// The value of the cell at a place.
fn nearest(frame: &Array2<f64>, [row, column]: [f64; 2]) -> Option<f64> {
    let inside = row > -0.5 && column > -0.5;
    inside.then(|| frame.get([(row + 0.5) as usize, (column + 0.5) as usize]).copied())?
}

/// The value between cell centres, bilinear; half a cell beyond the outermost ones it is theirs.
pub fn between(frame: &Array2<f64>, [row, column]: [f64; 2]) -> Option<f64> {
    let (rows, columns) = frame.dim();
    let last = [rows as f64 - 1.0, columns as f64 - 1.0];
    let within = row > -0.5 && column > -0.5 && row < last[0] + 0.5 && column < last[1] + 0.5;
    if !within {
        return None;
    }
    let (row, column) = (row.clamp(0.0, last[0]), column.clamp(0.0, last[1]));
    let (y, x) = (row as usize, column as usize);
    let (below, beside) = ((y + 1).min(rows - 1), (x + 1).min(columns - 1));
    let (fy, fx) = (row - y as f64, column - x as f64);
    let upper = frame[[y, x]] * (1.0 - fx) + frame[[y, beside]] * fx;
    let lower = frame[[below, x]] * (1.0 - fx) + frame[[below, beside]] * fx;
    Some(upper * (1.0 - fy) + lower * fy)
}
