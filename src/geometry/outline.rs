//! The shapes a region can have on a frame: what they contain, how large they are, how they move.

use serde::{Deserialize, Serialize};

use super::{MirrorLine, Pixel, Point, Spacing, Vector};

/// A closed shape in the coordinates of the stored frame.
///
/// A pixel belongs to it when its centre lies inside. Polygons use the even-odd rule, and on the
/// edge the left and top count as inside, the right and bottom as outside, so that neighbouring
/// shapes never share a pixel.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "shape", rename_all = "snake_case")]
pub enum Outline {
    /// `angle_deg` turns counter-clockwise as seen with rows going down the screen.
    Ellipse {
        center: [f64; 2],
        radii: [f64; 2],
        #[serde(default)]
        angle_deg: f64,
    },
    Rectangle {
        min: [f64; 2],
        max: [f64; 2],
    },
    /// Also what freehand drawing leaves behind. Closed by itself.
    Polygon {
        points: Vec<[f64; 2]>,
    },
}

/// Why an outline cannot be a region.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OutlineError {
    #[error("a coordinate is not a finite number")]
    NotFinite,
    #[error("the radii must be larger than zero")]
    NoRadius,
    #[error("the rectangle's max must lie right of and below its min")]
    EmptyRectangle,
    #[error("a polygon needs at least three points")]
    TooFewPoints,
}

impl Outline {
    /// Whether the numbers make a shape with an inside.
    pub fn check(&self) -> Result<(), OutlineError> {
        let finite = match self {
            Self::Ellipse { center, radii, angle_deg } => {
                center.iter().chain(radii).all(|v| v.is_finite()) && angle_deg.is_finite()
            }
            Self::Rectangle { min, max } => min.iter().chain(max).all(|v| v.is_finite()),
            Self::Polygon { points } => points.iter().flatten().all(|v| v.is_finite()),
        };
        match self {
            _ if !finite => Err(OutlineError::NotFinite),
            Self::Ellipse { radii, .. } if radii.iter().any(|&r| r <= 0.0) => {
                Err(OutlineError::NoRadius)
            }
            Self::Rectangle { min, max } if max[0] <= min[0] || max[1] <= min[1] => {
                Err(OutlineError::EmptyRectangle)
            }
            Self::Polygon { points } if points.len() < 3 => Err(OutlineError::TooFewPoints),
            _ => Ok(()),
        }
    }

    pub fn contains(&self, point: Point<Pixel>) -> bool {
        match self {
            Self::Ellipse { center, radii, angle_deg } => {
                let (u, v) = ellipse_axes(point, *center, *angle_deg);
                let q = (u / radii[0]).powi(2) + (v / radii[1]).powi(2);
                // On the edge: inside on the left and top half only.
                q < 1.0
                    || (q == 1.0
                        && (point.x < center[0] || (point.x == center[0] && point.y < center[1])))
            }
            Self::Rectangle { min, max } => {
                (min[0]..max[0]).contains(&point.x) && (min[1]..max[1]).contains(&point.y)
            }
            Self::Polygon { points } => polygon_contains(points, point),
        }
    }

    /// The mean of the area inside: where the shape is.
    pub fn centroid(&self) -> Point<Pixel> {
        match self {
            Self::Ellipse { center, .. } => Point::from(*center),
            Self::Rectangle { min, max } => {
                Point::new(0.5 * (min[0] + max[0]), 0.5 * (min[1] + max[1]))
            }
            Self::Polygon { points } => polygon_centroid(points),
        }
    }

    /// Lowest and highest `[column, row]` the shape reaches.
    pub fn bounds(&self) -> (Point<Pixel>, Point<Pixel>) {
        match self {
            Self::Ellipse { center, radii, angle_deg } => {
                let (sin, cos) = angle_deg.to_radians().sin_cos();
                let half_x = (radii[0] * cos).hypot(radii[1] * sin);
                let half_y = (radii[0] * sin).hypot(radii[1] * cos);
                let half = Vector::new(half_x, half_y);
                (Point::from(*center) - half, Point::from(*center) + half)
            }
            Self::Rectangle { min, max } => (Point::from(*min), Point::from(*max)),
            Self::Polygon { points } => {
                let start = points.first().copied().map_or(Point::zero(), Point::from);
                points
                    .iter()
                    .map(|&p| Point::from(p))
                    .fold((start, start), |(low, high), p| (low.min(p), high.max(p)))
            }
        }
    }

    /// Area inside, in pixels.
    pub fn area(&self) -> f64 {
        match self {
            Self::Ellipse { radii, .. } => std::f64::consts::PI * radii[0] * radii[1],
            Self::Rectangle { min, max } => (max[0] - min[0]) * (max[1] - min[1]),
            Self::Polygon { points } => signed_area(points).abs(),
        }
    }

    /// The edge as a closed polygon, fine enough to draw: at most `step` pixels between points of
    /// a curved edge.
    pub fn polygon(&self, step: f64) -> Vec<Point<Pixel>> {
        match self {
            Self::Ellipse { center, radii, angle_deg } => {
                let around = std::f64::consts::TAU * radii[0].max(radii[1]);
                let count = (around / step.max(0.05)).clamp(72.0, 720.0).ceil() as usize;
                let (sin, cos) = angle_deg.to_radians().sin_cos();
                (0..count)
                    .map(|i| {
                        let t = std::f64::consts::TAU * i as f64 / count as f64;
                        let (u, v) = (radii[0] * t.cos(), radii[1] * t.sin());
                        Point::new(center[0] + u * cos + v * sin, center[1] - u * sin + v * cos)
                    })
                    .collect()
            }
            Self::Rectangle { min, max } => vec![
                Point::new(min[0], min[1]),
                Point::new(max[0], min[1]),
                Point::new(max[0], max[1]),
                Point::new(min[0], max[1]),
            ],
            Self::Polygon { points } => points.iter().map(|&p| Point::from(p)).collect(),
        }
    }

    pub fn moved(&self, by: Vector<Pixel>) -> Self {
        let shift = |p: &[f64; 2]| [p[0] + by.x, p[1] + by.y];
        match self {
            Self::Ellipse { center, radii, angle_deg } => {
                Self::Ellipse { center: shift(center), radii: *radii, angle_deg: *angle_deg }
            }
            Self::Rectangle { min, max } => Self::Rectangle { min: shift(min), max: shift(max) },
            Self::Polygon { points } => {
                Self::Polygon { points: points.iter().map(shift).collect() }
            }
        }
    }

    /// The same shape with its centre somewhere else.
    pub fn centred_at(&self, center: Point<Pixel>) -> Self {
        self.moved(center - self.centroid())
    }

    /// The outline in another image of the same place: `here` comes to lie `there`, and distances
    /// from it grow by `scale`, columns and rows. A negative scale mirrors.
    pub fn rescaled(&self, here: Point<Pixel>, there: Point<Pixel>, scale: [f64; 2]) -> Self {
        let place = |p: [f64; 2]| {
            [there.x + scale[0] * (p[0] - here.x), there.y + scale[1] * (p[1] - here.y)]
        };
        let [across, along] = scale.map(f64::abs);
        match self {
            Self::Ellipse { center, radii, angle_deg } if (across / along - 1.0).abs() < 1e-6 => {
                let mirrored = (scale[0] < 0.0) != (scale[1] < 0.0);
                Self::Ellipse {
                    center: place(*center),
                    radii: radii.map(|r| r * across),
                    angle_deg: if mirrored { (-angle_deg).rem_euclid(180.0) } else { *angle_deg },
                }
            }
            Self::Rectangle { min, max } => {
                let (a, b) = (Point::<Pixel>::from(place(*min)), Point::from(place(*max)));
                Self::Rectangle { min: a.min(b).to_array(), max: a.max(b).to_array() }
            }
            // An ellipse on pixels of another shape has no name of its own.
            _ => {
                let points = self.polygon(0.25).into_iter();
                Self::Polygon { points: points.map(|p| place(p.to_array())).collect() }
            }
        }
    }

    pub(super) fn mirrored(&self, mirror: &MirrorLine) -> Self {
        match self {
            Self::Ellipse { center, radii, angle_deg } if mirror.spacing().square() => {
                Self::Ellipse {
                    center: mirror.reflect(Point::from(*center)).to_array(),
                    radii: *radii,
                    angle_deg: (2.0 * mirror.angle().to_degrees() - angle_deg).rem_euclid(180.0),
                }
            }
            // A rectangle that leans, and an ellipse on oblong pixels, have no name of their own.
            _ => Self::Polygon {
                points: self
                    .polygon(0.25)
                    .into_iter()
                    .map(|p| mirror.reflect(p).to_array())
                    .collect(),
            },
        }
    }

    /// Every pixel of a `columns` × `rows` frame whose centre lies inside, row by row.
    pub fn pixels(&self, columns: usize, rows: usize) -> impl Iterator<Item = (usize, usize)> + '_ {
        let (low, high) = self.bounds();
        let range = |low: f64, high: f64, size: usize| {
            let first = low.ceil().clamp(0.0, size as f64) as usize;
            let last = (high.floor() + 1.0).clamp(0.0, size as f64) as usize;
            first..last
        };
        let columns = range(low.x, high.x, columns);
        range(low.y, high.y, rows).flat_map(move |row| {
            columns
                .clone()
                .filter(move |&column| self.contains(Point::new(column as f64, row as f64)))
                .map(move |column| (column, row))
        })
    }

    /// Whether any part of the edge lies outside a `columns` × `rows` frame.
    pub fn leaves(&self, columns: usize, rows: usize) -> bool {
        let (low, high) = self.bounds();
        low.x < -0.5 || low.y < -0.5 || high.x > columns as f64 - 0.5 || high.y > rows as f64 - 0.5
    }

    /// Area inside in mm², where the spacing is known.
    pub fn area_mm2(&self, spacing: Spacing) -> f64 {
        self.area() * spacing.pixel_area()
    }
}

/// Coordinates along the ellipse's own axes. Rows run down, so counter-clockwise on screen means
/// that the first axis points to `(cos, -sin)`.
fn ellipse_axes(point: Point<Pixel>, center: [f64; 2], angle_deg: f64) -> (f64, f64) {
    let (sin, cos) = angle_deg.to_radians().sin_cos();
    let (dx, dy) = (point.x - center[0], point.y - center[1]);
    (dx * cos - dy * sin, dx * sin + dy * cos)
}

fn polygon_contains(points: &[[f64; 2]], point: Point<Pixel>) -> bool {
    let mut inside = false;
    for (i, &[x1, y1]) in points.iter().enumerate() {
        let [x0, y0] = points[if i == 0 { points.len() - 1 } else { i - 1 }];
        // Half-open in rows, and a crossing exactly at the point counts as left of it.
        if (y0 <= point.y) != (y1 <= point.y) {
            let crossing = x0 + (point.y - y0) / (y1 - y0) * (x1 - x0);
            if crossing <= point.x {
                inside = !inside;
            }
        }
    }
    inside
}

fn signed_area(points: &[[f64; 2]]) -> f64 {
    let mut doubled = 0.0;
    for (i, &[x1, y1]) in points.iter().enumerate() {
        let [x0, y0] = points[if i == 0 { points.len() - 1 } else { i - 1 }];
        doubled += x0 * y1 - x1 * y0;
    }
    0.5 * doubled
}

fn polygon_centroid(points: &[[f64; 2]]) -> Point<Pixel> {
    let area = signed_area(points);
    let count = points.len().max(1) as f64;
    let mean = points.iter().fold([0.0, 0.0], |m, p| [m[0] + p[0] / count, m[1] + p[1] / count]);
    if area.abs() < 1e-9 {
        return Point::from(mean);
    }
    let (mut x, mut y) = (0.0, 0.0);
    for (i, &[x1, y1]) in points.iter().enumerate() {
        let [x0, y0] = points[if i == 0 { points.len() - 1 } else { i - 1 }];
        let cross = x0 * y1 - x1 * y0;
        x += (x0 + x1) * cross;
        y += (y0 + y1) * cross;
    }
    Point::new(x / (6.0 * area), y / (6.0 * area))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::Curve;
    use super::*;

    #[test]
    fn neighbouring_rectangles_never_share_a_pixel() {
        let left = Outline::Rectangle { min: [0.0, 0.0], max: [4.0, 4.0] };
        let right = Outline::Rectangle { min: [4.0, 0.0], max: [8.0, 4.0] };
        let both = left.pixels(16, 16).chain(right.pixels(16, 16)).collect::<Vec<_>>();
        assert_eq!(both.len(), 32);
        assert_eq!(both.iter().collect::<std::collections::HashSet<_>>().len(), 32);
    }

    #[test]
    fn a_rectangle_and_its_polygon_agree() {
        let rectangle = Outline::Rectangle { min: [2.0, 3.0], max: [9.0, 7.0] };
        let polygon = Outline::Polygon {
            points: rectangle.polygon(1.0).iter().map(|p| p.to_array()).collect(),
        };
        let (a, b): (Vec<_>, Vec<_>) =
            (rectangle.pixels(16, 16).collect(), polygon.pixels(16, 16).collect());
        assert_eq!(a, b);
        assert_eq!(a.len(), 28);
    }

    #[test]
    fn angles_turn_counter_clockwise_on_screen() {
        let ellipse =
            Outline::Ellipse { center: [50.0, 50.0], radii: [20.0, 4.0], angle_deg: 45.0 };
        // Up and to the right of the centre.
        assert!(ellipse.contains(Point::new(60.0, 40.0)));
        assert!(!ellipse.contains(Point::new(60.0, 60.0)));
    }

    proptest! {
        #[test]
        fn a_rescaled_outline_holds_the_same_points(
            x in 20.0..80.0, y in 50.0..400.0, a in 2.0..15.0, b in 2.0..15.0, angle in 0.0..180.0,
            across in 0.4..2.5, along in 0.4..2.5, mirrored: bool, square: bool,
            dx in -20.0..20.0, dy in -20.0..20.0,
        ) {
            let (across, along): (f64, f64) = (across, if square { across } else { along });
            let scale = [if mirrored { -across } else { across }, along];
            let (here, there) = (Point::new(40.0, 90.0), Point::new(-7.0, 33.0));
            let by = |p: Point<Pixel>| {
                there + Vector::new(scale[0] * (p.x - here.x), scale[1] * (p.y - here.y))
            };
            let point = Point::new(x + dx, y + dy);
            for outline in [
                Outline::Ellipse { center: [x, y], radii: [a, b], angle_deg: angle },
                Outline::Rectangle { min: [x - a, y - b], max: [x + a, y + b] },
            ] {
                let image = outline.rescaled(here, there, scale);
                let grown = (scale[0] * scale[1]).abs();
                prop_assert!((image.area() / (outline.area() * grown) - 1.0).abs() < 2e-3);
                // But for what lies on the edge itself.
                let near = outline.polygon(0.25).iter().any(|p| (*p - point).length() < 0.5);
                prop_assert!(near || outline.contains(point) == image.contains(by(point)));
            }
        }

        #[test]
        fn mirrored_area_is_kept(
            x in 20.0..80.0, y in 50.0..400.0, a in 2.0..15.0, b in 2.0..15.0,
            angle in 0.0..180.0, top in 90.0..130.0, bottom in 90.0..130.0,
        ) {
            let ellipse = Outline::Ellipse { center: [x, y], radii: [a, b], angle_deg: angle };
            let midline = Curve::through([Point::new(top, 0.0), Point::new(bottom, 450.0)]).unwrap();
            for spacing in [Spacing::UNIT, Spacing::new(2.4, 2.0).unwrap()] {
                let mirror = MirrorLine::tangent(&midline, ellipse.centroid(), spacing);
                let image = mirror.reflect_outline(&ellipse);
                prop_assert!((image.area() / ellipse.area() - 1.0).abs() < 2e-3);
                // A point inside lands inside.
                let inside = Point::new(x + 0.3 * a, y);
                prop_assert_eq!(
                    ellipse.contains(inside),
                    image.contains(mirror.reflect(inside))
                );
            }
        }
    }
}
