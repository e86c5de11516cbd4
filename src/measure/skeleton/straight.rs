//! A patient laid straight: along the midline and across it, in millimetres.

use ndarray::Array2;
use ndarray_ndimage::{BorderMode, gaussian_filter};

use crate::findings::Midline;
use crate::geometry::{Curve, Pixel, Point, Side, Spacing};
use crate::study::{Frame, ViewName};

/// Noise is smoothed so far before anything is compared, mm.
const SMOOTH: f64 = 4.5;

/// A frame in the patient's own coordinates, `[down, left]`: millimetres down the midline from the
/// head's end of the frame, and millimetres from it to the patient's left.
pub struct Straight {
    curve: Curve,
    spacing: Spacing,
    /// Millimetres down the curve at each row of the frame.
    along: Vec<f64>,
    /// 1 where the patient's left lies at larger columns, −1 where the right does.
    left: f64,
    /// The head lies at the last row.
    head_last: bool,
    /// Square root of the smoothed values.
    picture: Array2<f32>,
}

impl Straight {
    /// `None` for a frame without spacing.
    pub fn of(frame: &Frame, midline: &Midline) -> Option<Self> {
        let spacing = frame.spacing?;
        let curve = midline.curve.clone();
        let mut along = vec![0.0; frame.rows()];
        for row in 1..frame.rows() {
            let slope = curve.slope_at(row as f64 - 0.5) * spacing.x() / spacing.y();
            along[row] = along[row - 1] + spacing.y() * slope.hypot(1.0);
        }
        let left = match frame.side_of_larger_columns() {
            Some(Side::Left) => 1.0,
            Some(Side::Right) => -1.0,
            None if frame.view.view == ViewName::Posterior => -1.0,
            None => 1.0,
        };
        let head_last = frame.laterality.head_at_first_row == Some(false);
        let picture = stabilised(frame, spacing);
        Some(Self { curve, spacing, along, left, head_last, picture })
    }

    /// Roots of the smoothed values, `[row, column]` of the frame.
    pub fn picture(&self) -> &Array2<f32> {
        &self.picture
    }

    /// Distance between pixels, across and down, mm.
    pub fn pitch(&self) -> [f64; 2] {
        [self.spacing.x(), self.spacing.y()]
    }

    pub fn length(&self) -> f64 {
        self.along.last().copied().unwrap_or_default()
    }

    /// `[down, left]` of a pixel.
    pub fn place_of(&self, point: Point<Pixel>) -> [f64; 2] {
        let (sx, sy) = (self.spacing.x(), self.spacing.y());
        let mut row = point.y;
        // The foot on the midline; each step leaves about the square of the slope of the miss.
        for _ in 0..3 {
            let slope = self.curve.slope_at(row) * sx / sy;
            let aside = (point.x - self.curve.column_at(row)) * sx;
            row += (aside * slope + (point.y - row) * sy) / (1.0 + slope * slope) / sy;
        }
        let slope = self.curve.slope_at(row) * sx / sy;
        let aside = (point.x - self.curve.column_at(row)) * sx;
        let across = (aside - (point.y - row) * sy * slope) / slope.hypot(1.0);
        let down = self.along_at(row);
        [if self.head_last { self.length() - down } else { down }, self.left * across]
    }

    fn along_at(&self, row: f64) -> f64 {
        let last = self.along.len() - 1;
        let i = (row.max(0.0) as usize).min(last.saturating_sub(1));
        self.along[i] + (row - i as f64) * (self.along[(i + 1).min(last)] - self.along[i])
    }

    /// The row of the midline so many millimetres down it.
    fn row_at(&self, along: f64) -> f64 {
        let i = self.along.partition_point(|&a| a <= along).clamp(1, self.along.len() - 1) - 1;
        i as f64 + (along - self.along[i]) / (self.along[i + 1] - self.along[i])
    }

    /// The stabilised picture so many millimetres `down`, at each of `lefts`; zero outside the
    /// frame.
    pub fn line(&self, down: f64, lefts: impl Iterator<Item = f64>) -> Vec<f32> {
        let along = if self.head_last { self.length() - down } else { down };
        let row = self.row_at(along);
        let slope = self.curve.slope_at(row) * self.spacing.x() / self.spacing.y();
        let norm = slope.hypot(1.0);
        let column = self.curve.column_at(row);
        let at = |left: f64| {
            let across = self.left * left / norm;
            self.value(column + across / self.spacing.x(), row - across * slope / self.spacing.y())
        };
        lefts.map(at).collect()
    }

    fn value(&self, column: f64, row: f64) -> f32 {
        let (rows, columns) = self.picture.dim();
        if column < 0.0 || row < 0.0 {
            return 0.0;
        }
        let (x, y) = (column as usize, row as usize);
        if x + 1 >= columns || y + 1 >= rows {
            return 0.0;
        }
        let (fx, fy) = ((column - x as f64) as f32, (row - y as f64) as f32);
        let at = |y: usize, x: usize| self.picture[[y, x]];
        (at(y, x) * (1.0 - fx) + at(y, x + 1) * fx) * (1.0 - fy)
            + (at(y + 1, x) * (1.0 - fx) + at(y + 1, x + 1) * fx) * fy
    }
}

/// Smoothed, and on a scale on which counting noise is the same everywhere.
fn stabilised(frame: &Frame, spacing: Spacing) -> Array2<f32> {
    let (rows, columns) = (frame.rows(), frame.columns());
    let rescale = frame.values.rescale;
    let mut values = Vec::with_capacity(rows * columns);
    frame.values.pixels.for_each(|stored| {
        let value = rescale.apply(stored);
        values.push(if value.is_finite() { value.max(0.0) as f32 } else { 0.0 });
    });
    let image = Array2::from_shape_vec((rows, columns), values).unwrap_or_default();
    // The filter panics on a picture smaller than its kernel.
    let widest = (rows.min(columns) as f64 - 1.5) / 3.0;
    let sigma = (SMOOTH / (spacing.x() * spacing.y()).sqrt()).min(widest).max(0.1);
    gaussian_filter(&image, sigma as f32, 0, BorderMode::Nearest, 3).mapv(|v| v.max(0.0).sqrt())
}
