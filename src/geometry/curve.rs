//! A smooth curve that runs down a frame, one column for each row: the shape of a midline.

use serde::{Deserialize, Serialize};

use super::{Pixel, Point, Spacing, Vector};

/// A smooth curve through control points whose rows increase strictly.
///
/// Between the points it is a monotone-safe cubic (Fritsch–Carlson slopes, SIAM J. Numer. Anal.
/// 17 (1980)), so dragging one handle never makes the curve overshoot its neighbours. Above the
/// first and below the last point it goes on straight.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Vec<[f64; 2]>", into = "Vec<[f64; 2]>")]
pub struct Curve {
    points: Vec<Point<Pixel>>,
    /// d column / d row at each control point.
    slopes: Vec<f64>,
}

impl Curve {
    /// `None` with fewer than two points, with a coordinate that is not finite, or with two
    /// points less than a thousandth of a row apart.
    pub fn through(points: impl IntoIterator<Item = Point<Pixel>>) -> Option<Self> {
        let mut points: Vec<_> = points.into_iter().collect();
        if points.len() < 2 || !points.iter().all(|p| p.x.is_finite() && p.y.is_finite()) {
            return None;
        }
        points.sort_by(|a, b| a.y.total_cmp(&b.y));
        if points.windows(2).any(|w| w[1].y - w[0].y < 1e-3) {
            return None;
        }
        let slopes = monotone_slopes(&points);
        Some(Self { points, slopes })
    }

    /// The control points, top to bottom.
    pub fn points(&self) -> &[Point<Pixel>] {
        &self.points
    }

    pub fn column_at(&self, row: f64) -> f64 {
        self.at(row).0
    }

    /// d column / d row.
    pub fn slope_at(&self, row: f64) -> f64 {
        self.at(row).1
    }

    fn at(&self, row: f64) -> (f64, f64) {
        let (first, last) = (0, self.points.len() - 1);
        let beyond = |i: usize| {
            let (p, m) = (self.points[i], self.slopes[i]);
            (p.x + m * (row - p.y), m)
        };
        if row <= self.points[first].y {
            return beyond(first);
        }
        if row >= self.points[last].y {
            return beyond(last);
        }
        let i = self.points.partition_point(|p| p.y <= row) - 1;
        let (a, b) = (self.points[i], self.points[i + 1]);
        let (ma, mb) = (self.slopes[i], self.slopes[i + 1]);
        let h = b.y - a.y;
        let t = (row - a.y) / h;
        let (t2, t3) = (t * t, t * t * t);
        let column = a.x * (2.0 * t3 - 3.0 * t2 + 1.0)
            + h * ma * (t3 - 2.0 * t2 + t)
            + b.x * (3.0 * t2 - 2.0 * t3)
            + h * mb * (t3 - t2);
        let slope = (a.x - b.x) * (6.0 * t2 - 6.0 * t) / h
            + ma * (3.0 * t2 - 4.0 * t + 1.0)
            + mb * (3.0 * t2 - 2.0 * t);
        (column, slope)
    }

    /// The point of the curve nearest to `point`, distances taken in millimetres.
    pub fn foot_of(&self, point: Point<Pixel>, spacing: Spacing) -> Point<Pixel> {
        let distance2 = |row: f64| {
            let dx = (self.column_at(row) - point.x) * spacing.x();
            let dy = (row - point.y) * spacing.y();
            dx * dx + dy * dy
        };
        // The foot lies no further away than the curve at the point's own row.
        let reach = distance2(point.y).sqrt() / spacing.y();
        let steps = 64;
        let step = 2.0 * reach / f64::from(steps);
        if step == 0.0 {
            return point;
        }
        let best = (0..=steps)
            .map(|i| point.y - reach + step * f64::from(i))
            .min_by(|&a, &b| distance2(a).total_cmp(&distance2(b)))
            .unwrap_or(point.y);
        let (mut low, mut high) = (best - step, best + step);
        for _ in 0..60 {
            let third = (high - low) / 3.0;
            if distance2(low + third) < distance2(high - third) {
                high -= third;
            } else {
                low += third;
            }
        }
        let row = 0.5 * (low + high);
        Point::new(self.column_at(row), row)
    }

    /// The direction of the curve at a row, in pixels, pointing down.
    pub fn tangent_at(&self, row: f64) -> Vector<Pixel> {
        Vector::new(self.slope_at(row), 1.0)
    }

    /// The curve as points every `step` rows between its first and last control point.
    pub fn sampled(&self, step: f64) -> Vec<Point<Pixel>> {
        let (first, last) = (self.points[0].y, self.points[self.points.len() - 1].y);
        let count = ((last - first) / step.max(1e-3)).ceil().max(1.0) as usize;
        (0..=count)
            .map(|i| {
                let row = first + (last - first) * i as f64 / count as f64;
                Point::new(self.column_at(row), row)
            })
            .collect()
    }
}

impl TryFrom<Vec<[f64; 2]>> for Curve {
    type Error = &'static str;

    fn try_from(points: Vec<[f64; 2]>) -> Result<Self, Self::Error> {
        Self::through(points.into_iter().map(Point::from))
            .ok_or("a curve needs at least two points on different rows")
    }
}

impl From<Curve> for Vec<[f64; 2]> {
    fn from(curve: Curve) -> Self {
        curve.points.into_iter().map(|p| p.to_array()).collect()
    }
}

fn monotone_slopes(points: &[Point<Pixel>]) -> Vec<f64> {
    let secants: Vec<f64> =
        points.windows(2).map(|w| (w[1].x - w[0].x) / (w[1].y - w[0].y)).collect();
    let n = points.len();
    let mut slopes = vec![0.0; n];
    slopes[0] = secants[0];
    slopes[n - 1] = secants[n - 2];
    for i in 1..n - 1 {
        let (before, after) = (secants[i - 1], secants[i]);
        if before * after > 0.0 {
            let (h0, h1) = (points[i].y - points[i - 1].y, points[i + 1].y - points[i].y);
            let (w0, w1) = (2.0 * h1 + h0, h1 + 2.0 * h0);
            slopes[i] = (w0 + w1) / (w0 / before + w1 / after);
        }
    }
    slopes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_points_make_a_straight_line() {
        let curve = Curve::through([Point::new(10.0, 0.0), Point::new(20.0, 100.0)]).unwrap();
        assert_eq!(curve.column_at(50.0), 15.0);
        assert_eq!(curve.column_at(-10.0), 9.0);
        let foot = curve.foot_of(Point::new(14.0, 60.0), Spacing::UNIT);
        // The foot's offset is perpendicular to the line.
        let offset = Point::new(14.0, 60.0) - foot;
        assert!(offset.dot(Vector::new(0.1, 1.0)).abs() < 1e-6);
    }

    #[test]
    fn passes_through_its_points_without_overshoot() {
        let points = [(10.0, 0.0), (12.0, 30.0), (12.0, 60.0), (9.0, 90.0)].map(Point::from);
        let curve = Curve::through(points).unwrap();
        for p in points {
            assert!((curve.column_at(p.y) - p.x).abs() < 1e-12);
        }
        assert!(curve.sampled(1.0).iter().all(|p| (9.0 - 1e-9..=12.0 + 1e-9).contains(&p.x)));
    }

    #[test]
    fn refuses_what_is_not_a_curve() {
        assert!(Curve::through([Point::new(1.0, 5.0)]).is_none());
        assert!(Curve::through([Point::new(1.0, 5.0), Point::new(2.0, 5.0)]).is_none());
        assert!(Curve::through([Point::new(f64::NAN, 5.0), Point::new(2.0, 9.0)]).is_none());
    }
}
