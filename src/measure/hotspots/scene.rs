//! One view made ready for the search: smoothed at several scales, with the patient's place in it.

use ndarray::Array2;
use ndarray_ndimage::{BorderMode, gaussian_filter};

use crate::findings::Symmetry;
use crate::geometry::{Curve, Pixel, Point, Spacing};
use crate::measure::body::Body;
use crate::study::Frame;

/// Standard deviations of the smoothings, mm. The first is for outlines and reference levels, the
/// next are the sizes that are sought (a Gaussian answers best to a disc of √2 times its width:
/// 14, 24 and 42 mm across) and the last two are what those stand out from.
pub(super) const SCALES: [f64; 6] = [4.0, 5.0, 8.5, 15.0, 25.0, 40.0];
/// Which of them are sought.
pub(super) const SOUGHT: std::ops::Range<usize> = 1..4;
/// Finer pixels are summed until they are about this large, mm.
const FINEST: f64 = 1.9;

pub(super) struct Scene<'a> {
    pub frame: &'a Frame,
    pub symmetry: Option<&'a Symmetry>,
    /// Pixel distance in the frame; assumed where the file says none.
    pub spacing: Spacing,
    /// So many pixels of the frame, across and down, are one of the smoothed pictures.
    shrink: usize,
    pub smooth: Vec<Array2<f64>>,
    /// The level that a tenth of the patient exceeds.
    pub bone: f64,
    body: Body,
    head_first: bool,
}

/// Where a point lies in the patient.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Place {
    /// From the midline to larger columns, mm.
    pub aside: f64,
    /// Part of the patient's length from the vertex down.
    pub down: f64,
    /// The patient's length, mm.
    pub length: f64,
    /// Whether the patient covers it.
    pub on_body: bool,
}

impl<'a> Scene<'a> {
    /// `None` where the frame shows nothing that could be a patient.
    pub fn of(frame: &'a Frame, symmetry: Option<&'a Symmetry>) -> Option<Self> {
        let body = Body::of(frame)?;
        let spacing = body.spacing;
        let shrink = (FINEST / spacing.x().min(spacing.y())).round().max(1.0) as usize;
        let counts = shrunk(frame, shrink);
        let mm = [spacing.y(), spacing.x()].map(|mm| mm * shrink as f64);
        let smooth: Vec<_> = SCALES.iter().map(|&sigma| blurred(&counts, sigma, mm)).collect();
        let mut covered = Vec::new();
        for ((row, column), &value) in smooth[1].indexed_iter() {
            let at = [row as f64 * mm[0], column as f64 * mm[1]];
            let cell = at.map(|mm| (mm / body.cell).round() as usize);
            if body.mask.get(cell).is_some_and(|&on| on) {
                covered.push(value);
            }
        }
        if covered.is_empty() {
            return None;
        }
        let at = covered.len() * 9 / 10;
        let (_, bone, _) = covered.select_nth_unstable_by(at, f64::total_cmp);
        let bone = *bone;
        let head_first = frame.laterality.head_at_first_row.unwrap_or_else(|| head_first(&body));
        (bone > 0.0).then_some(Self {
            frame,
            symmetry,
            spacing,
            shrink,
            smooth,
            bone,
            body,
            head_first,
        })
    }

    /// Millimetres between pixels of the smoothed pictures: down and across.
    pub fn grid_mm(&self) -> [f64; 2] {
        [self.spacing.y(), self.spacing.x()].map(|mm| mm * self.shrink as f64)
    }

    /// The place in the frame of a pixel of the smoothed pictures.
    pub fn pixel(&self, row: f64, column: f64) -> Point<Pixel> {
        let at = |v: f64| v * self.shrink as f64 + 0.5 * (self.shrink as f64 - 1.0);
        Point::new(at(column), at(row))
    }

    /// `[row, column]` in the smoothed pictures.
    pub fn cell(&self, point: Point<Pixel>) -> [f64; 2] {
        [point.y, point.x].map(|v| (v - 0.5 * (self.shrink as f64 - 1.0)) / self.shrink as f64)
    }

    /// A smoothed value per pixel of the frame, at the nearest cell; `None` outside.
    pub fn level(&self, scale: usize, point: Point<Pixel>) -> Option<f64> {
        let [row, column] = self.cell(point).map(f64::round);
        if row < 0.0 || column < 0.0 {
            return None;
        }
        self.smooth[scale].get([row as usize, column as usize]).copied()
    }

    /// How many counts a smoothed value stands for, as far as its noise goes: the weights of a
    /// Gaussian add up like a disc of 4πσ².
    pub fn counts(&self, scale: usize, level: f64) -> f64 {
        let sigma = SCALES[scale];
        let pixels = 4.0 * std::f64::consts::PI * sigma * sigma / self.spacing.pixel_area();
        (level * pixels.max(1.0)).max(0.0)
    }

    pub fn curve(&self) -> Option<&Curve> {
        self.symmetry.map(|s| &s.midline.curve)
    }

    /// Natural logarithm of a level over that of the patient's bone.
    pub fn relative(&self, level: f64) -> f64 {
        (level / self.bone).max(1e-3).ln()
    }

    pub fn place(&self, point: Point<Pixel>) -> Place {
        let cell = [point.y * self.spacing.y(), point.x * self.spacing.x()];
        let cell = cell.map(|mm| (mm / self.body.cell).round().max(0.0) as usize);
        let on_body = self.body.mask.get(cell).is_some_and(|&on| on);
        let mm = |row: usize| row as f64 * self.body.cell;
        let (first, last) = (mm(self.body.rows.0), mm(self.body.rows.1));
        let y = point.y * self.spacing.y();
        let length = last - first;
        let down = if self.head_first { y - first } else { last - y } / length;
        let middle = match self.curve() {
            Some(curve) => {
                let slope = curve.slope_at(point.y) * self.spacing.x() / self.spacing.y();
                (point.x - curve.column_at(point.y)) * self.spacing.x() / 1.0f64.hypot(slope)
            }
            None => point.x * self.spacing.x() - self.body.center * self.body.cell,
        };
        Place { aside: middle, down, length, on_body }
    }
}

/// Whether the half with trunk and arms lies at small rows: where the file does not say, the
/// patient does.
fn head_first(body: &Body) -> bool {
    let middle = (body.rows.0 + body.rows.1) / 2;
    let covered = |rows: std::ops::Range<usize>| -> usize {
        rows.map(|row| body.mask.row(row).iter().filter(|on| **on).count()).sum()
    };
    covered(body.rows.0..middle) >= covered(middle..body.rows.1)
}

/// Mean values over squares of so many pixels; what is not a number is zero.
fn shrunk(frame: &Frame, by: usize) -> Array2<f64> {
    let (columns, rows) = (frame.columns(), frame.rows());
    let mut image = Array2::<f64>::zeros((rows / by, columns / by));
    let mut i = 0usize;
    frame.values.pixels.for_each(|stored| {
        let (row, column) = (i / columns / by, i % columns / by);
        i += 1;
        let value = frame.values.rescale.apply(stored);
        if let Some(sum) = image.get_mut([row, column]).filter(|_| value.is_finite()) {
            *sum += value;
        }
    });
    image / (by * by) as f64
}

fn blurred(image: &Array2<f64>, sigma: f64, mm: [f64; 2]) -> Array2<f64> {
    // The filter panics on a picture smaller than its kernel.
    let (rows, columns) = image.dim();
    let widest = (rows.min(columns) as f64 - 1.5) / 3.0;
    let sigma = (sigma / (mm[0] * mm[1]).sqrt()).min(widest);
    gaussian_filter(image, sigma, 0, BorderMode::Nearest, 3)
}
