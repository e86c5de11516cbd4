//! What of a picture is compared: how bright, and how much brighter than round about.

use ndarray::{Array2, Zip, s};
use ndarray_ndimage::{BorderMode, gaussian_filter};

use super::atlas::CELL;

/// The surroundings that fine structure is measured against, mm.
const BROAD: f64 = 28.0;
/// Brighter than this times the body's mean, activity says nothing more: lesions, bladder, the
/// place of the injection.
const CEILING: f32 = 2.2;
/// Fine structure beyond this is cut as well.
const FINEST: f32 = 0.7;

/// A picture on cells of the atlas, made comparable. `[row, column]`.
#[derive(Clone)]
pub struct Features {
    /// In units of the body's mean.
    pub level: Array2<f32>,
    pub fine: Array2<f32>,
}

impl Features {
    /// `None` where nothing shines.
    pub fn of(picture: &Array2<f32>) -> Option<Self> {
        let mean = body_mean(picture)?;
        let level = picture.mapv(|v| (v / mean).min(CEILING));
        let fine = fine(&level);
        Some(Self { level, fine })
    }

    /// The same on cells twice as wide and high.
    pub fn halved(&self) -> Self {
        let half = |picture: &Array2<f32>| {
            let (rows, columns) = picture.dim();
            Array2::from_shape_fn((rows / 2, columns / 2), |(row, column)| {
                0.25 * picture.slice(s![2 * row..2 * row + 2, 2 * column..2 * column + 2]).sum()
            })
        };
        Self { level: half(&self.level), fine: half(&self.fine) }
    }

    /// Level and fine structure of a cell.
    #[inline]
    pub fn looks(&self, row: usize, column: usize) -> [f32; 2] {
        [self.level[[row, column]], self.fine[[row, column]]]
    }

    /// The same between cells; of nothing outside the picture.
    #[inline]
    pub fn at(&self, row: f64, column: f64) -> [f32; 2] {
        let (rows, columns) = self.level.dim();
        if row < 0.0 || column < 0.0 {
            return [0.0; 2];
        }
        let (y, x) = (row as usize, column as usize);
        if y + 1 >= rows || x + 1 >= columns {
            return [0.0; 2];
        }
        let (fy, fx) = ((row - y as f64) as f32, (column - x as f64) as f32);
        let mix = |a: [f32; 2], b: [f32; 2], t: f32| [0, 1].map(|i| a[i] + t * (b[i] - a[i]));
        let upper = mix(self.looks(y, x), self.looks(y, x + 1), fx);
        let lower = mix(self.looks(y + 1, x), self.looks(y + 1, x + 1), fx);
        mix(upper, lower, fy)
    }

    pub fn dim(&self) -> (usize, usize) {
        self.level.dim()
    }
}

/// No cell costs more, so that a lesion or a lifted arm decides nothing.
const MOST: f32 = 0.8;
/// Fine structure weighs so much more than brightness.
const FINE: f32 = 2.0;

/// How unlike one another two cells look.
#[inline]
pub fn unlike(a: [f32; 2], b: [f32; 2]) -> f32 {
    let (level, fine) = (a[0] - b[0], a[1] - b[1]);
    (level * level + FINE * fine * fine).min(MOST)
}

fn fine(level: &Array2<f32>) -> Array2<f32> {
    let mut fine = gaussian_filter(level, (BROAD / CELL) as f32, 0, BorderMode::Nearest, 2);
    Zip::from(&mut fine).and(level).for_each(|f, l| *f = (l - *f).clamp(-FINEST, FINEST));
    fine
}

/// The mean of what is not background.
fn body_mean(picture: &Array2<f32>) -> Option<f32> {
    let mut lit: Vec<f32> = picture.iter().copied().filter(|&v| v > 0.0).collect();
    if lit.len() < 100 {
        return None;
    }
    let at = lit.len() * 97 / 100;
    let (_, &mut bright, _) = lit.select_nth_unstable_by(at, f32::total_cmp);
    let body = lit.iter().copied().filter(|&v| v > 0.2 * bright).map(|v| v.min(bright));
    let (sum, count) = body.fold((0.0f64, 0usize), |(s, n), v| (s + f64::from(v), n + 1));
    (count > 0 && sum > 0.0).then(|| (sum / count as f64) as f32)
}
