//! Counts summed around a place and around its counterpart.

use ndarray::Array2;

use crate::geometry::{Outline, Pixel, Point, Spacing};
use crate::study::Frame;

use super::distance;

/// The disc over which counts are summed has the second moment of the resolution of a camera with
/// a high-resolution collimator, a bell 10 mm wide at half its height: a radius of two of its
/// standard deviations, mm.
///
/// A disc, since sums of whole counts stay Poisson counts; a bell's would not.
pub const RADIUS: f64 = 2.0 * 10.0 / 2.354_820_045;
/// At least this part of a disc must lie inside the frame and on what may be compared.
const LEAST_COVER: f64 = 0.7;

/// What was counted around a place and around its counterpart.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pair {
    /// Here and there.
    pub counts: [f64; 2],
    /// Pixels, here and there.
    pub area: [f64; 2],
    /// The place lies at smaller columns than its counterpart: each pair has one such place.
    pub first: bool,
    pub counterpart: Point<Pixel>,
}

/// Sums over discs, each in a few steps: rows are summed once and for all.
pub struct Discs {
    columns: usize,
    rows: usize,
    spacing: Spacing,
    /// Per row, counts and pixels to the left of each column.
    sums: Vec<(f64, u32)>,
}

impl Discs {
    pub fn new(frame: &Frame, not_bone: &[Outline], spacing: Spacing) -> Self {
        let (columns, rows) = (frame.columns(), frame.rows());
        let mut usable = Array2::from_elem((rows, columns), true);
        for outline in not_bone {
            for (column, row) in outline.pixels(columns, rows) {
                usable[[row, column]] = false;
            }
        }
        let mut sums = Vec::with_capacity((columns + 1) * rows);
        let mut at = (0.0, 0);
        let mut index = 0;
        let mut usable = usable.into_iter();
        frame.values.pixels.for_each(|count| {
            if index % columns == 0 {
                at = (0.0, 0);
                sums.push(at);
            }
            if usable.next() == Some(true) {
                at = (at.0 + count, at.1 + 1);
            }
            sums.push(at);
            index += 1;
        });
        Self { columns, rows, spacing, sums }
    }

    /// Counts and pixels whose centres lie in the disc; `None` where too little of it is usable.
    pub fn at(&self, centre: Point<Pixel>) -> Option<(f64, f64)> {
        let (rx, ry) = (RADIUS / self.spacing.x(), RADIUS / self.spacing.y());
        let (mut counts, mut pixels) = (0.0, 0);
        let whole = |v: f64, size: usize| v.clamp(0.0, size as f64) as usize;
        let first = whole((centre.y - ry).ceil(), self.rows);
        let last = whole((centre.y + ry).floor() + 1.0, self.rows);
        for row in first..last {
            let up = (row as f64 - centre.y) / ry;
            let half = rx * (1.0 - up * up).max(0.0).sqrt();
            let from = whole((centre.x - half).ceil(), self.columns);
            let to = whole((centre.x + half).floor() + 1.0, self.columns).max(from);
            let line = row * (self.columns + 1);
            let (a, b) = (self.sums[line + from], self.sums[line + to]);
            counts += b.0 - a.0;
            pixels += b.1 - a.1;
        }
        let pixels = f64::from(pixels);
        let whole_disc = std::f64::consts::PI * rx * ry;
        (pixels >= 1.0 && pixels >= LEAST_COVER * whole_disc).then_some((counts, pixels))
    }

    /// The discs around places up to `far` millimetres away, in two rings of eight.
    pub fn around(&self, place: Point<Pixel>, far: f64) -> impl Iterator<Item = (f64, f64)> + '_ {
        let directions = [(1.0, 0.0), (0.0, 1.0), (-1.0, 0.0), (0.0, -1.0)];
        let slanted = directions.map(|(x, y)| {
            let half = std::f64::consts::FRAC_1_SQRT_2;
            (half * (x - y), half * (x + y))
        });
        let steps = directions.into_iter().chain(slanted);
        let rings = steps.flat_map(move |(x, y)| [0.5 * far, far].map(|r| (r * x, r * y)));
        let places = rings.chain([(0.0, 0.0)]).map(move |(x, y)| {
            Point::new(place.x + x / self.spacing.x(), place.y + y / self.spacing.y())
        });
        places.filter_map(|place| self.at(place))
    }

    /// The squared slope of the mean per pixel, per mm², around every pixel.
    pub fn slopes(&self) -> Array2<f64> {
        use rayon::prelude::*;
        let (rows, columns) = (self.rows, self.columns);
        let means: Vec<Option<f64>> = (0..rows * columns)
            .into_par_iter()
            .map(|i| {
                let place = Point::new((i % columns) as f64, (i / columns) as f64);
                self.at(place).map(|(counts, pixels)| counts / pixels)
            })
            .collect();
        let mean = |row: Option<usize>, column: Option<usize>| {
            let (row, column) = (row?, column?);
            (row < rows && column < columns).then(|| means[row * columns + column]).flatten()
        };
        // Differences over four pixels, over two where one end is missing.
        let slope =
            |before: Option<f64>, here: f64, after: Option<f64>, mm: f64| match (before, after) {
                (Some(before), Some(after)) => (after - before) / (4.0 * mm),
                (Some(before), None) => (here - before) / (2.0 * mm),
                (None, Some(after)) => (after - here) / (2.0 * mm),
                (None, None) => 0.0,
            };
        Array2::from_shape_fn((rows, columns), |(row, column)| {
            let Some(here) = mean(Some(row), Some(column)) else { return 0.0 };
            let (left, right) = (column.checked_sub(2), Some(column + 2));
            let (up, down) = (row.checked_sub(2), Some(row + 2));
            let (x, y) = (self.spacing.x(), self.spacing.y());
            let across = slope(mean(Some(row), left), here, mean(Some(row), right), x);
            let along = slope(mean(up, Some(column)), here, mean(down, Some(column)), y);
            across * across + along * along
        })
    }

    /// Whether the discs around two places share no pixel.
    pub fn apart(&self, a: Point<Pixel>, b: Point<Pixel>) -> bool {
        distance(a, b, self.spacing) > 2.0 * RADIUS
    }

    /// Counts and pixels inside an outline.
    pub fn inside(&self, outline: &Outline) -> (u64, u64) {
        let mut sum = (0.0, 0);
        for (column, row) in outline.pixels(self.columns, self.rows) {
            let at = row * (self.columns + 1) + column;
            let (before, after) = (self.sums[at], self.sums[at + 1]);
            sum = (sum.0 + after.0 - before.0, sum.1 + u64::from(after.1 - before.1));
        }
        (sum.0 as u64, sum.1)
    }
}

/// The counterpart of every place, asked for on a lattice and drawn straight between: it changes
/// slowly, and asking may take long.
pub struct Counterparts {
    columns: usize,
    /// Row by row, every `STEP` pixels.
    points: Vec<Option<Point<Pixel>>>,
}

/// Pixels from one point of the lattice to the next.
const STEP: usize = 8;

impl Counterparts {
    pub fn new(
        frame: &Frame,
        counterpart: &(dyn Fn(Point<Pixel>) -> Option<Point<Pixel>> + Sync),
    ) -> Self {
        use rayon::prelude::*;
        let columns = frame.columns().div_ceil(STEP) + 1;
        let rows = frame.rows().div_ceil(STEP) + 1;
        let place =
            |i: usize| Point::new((STEP * (i % columns)) as f64, (STEP * (i / columns)) as f64);
        let points = (0..columns * rows).into_par_iter().map(|i| counterpart(place(i))).collect();
        Self { columns, points }
    }

    /// `None` outside the frame, and wherever one of the four around has none.
    pub fn at(&self, point: Point<Pixel>) -> Option<Point<Pixel>> {
        let (x, y) = (point.x / STEP as f64, point.y / STEP as f64);
        if !(x >= 0.0 && y >= 0.0) {
            return None;
        }
        let (i, j) = ((x as usize).min(self.columns - 2), y as usize);
        let (fx, fy) = (x - i as f64, y - j as f64);
        let known = |i: usize, j: usize| self.points.get(j * self.columns + i).copied().flatten();
        let below = if fy > 0.0 { j + 1 } else { j };
        let upper = known(i, j)?.lerp(known(i + 1, j)?, fx);
        let lower = known(i, below)?.lerp(known(i + 1, below)?, fx);
        Some(upper.lerp(lower, fy))
    }
}
