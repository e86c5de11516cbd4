//! What of a picture is compared: how bright, and how much brighter than round about.

use ndarray::{Array2, Zip};
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

    pub fn dim(&self) -> (usize, usize) {
        self.level.dim()
    }
}

pub fn fine(level: &Array2<f32>) -> Array2<f32> {
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
