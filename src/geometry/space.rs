//! The spaces a point can live in, left and right, and the distance between pixel centres.

use euclid::{Point2D, Transform2D, Vector2D};
use serde::{Deserialize, Serialize};

/// Continuous `[column, row]` of a frame as stored in its file; the centre of the first pixel is
/// `[0, 0]`, so display mirroring never changes a coordinate.
#[derive(Debug)]
pub enum Pixel {}

/// Millimetres in the plane of one frame, measured from the centre of its first pixel.
#[derive(Debug)]
pub enum Plane {}

/// Points on a canvas: x to the right, y down.
#[derive(Debug)]
pub enum View {}

/// DICOM patient coordinates: LPS, millimetres.
#[derive(Debug)]
pub enum Patient {}

pub type Point<S> = Point2D<f64, S>;
pub type Vector<S> = Vector2D<f64, S>;
pub type Transform<From, To> = Transform2D<f64, From, To>;

/// A side of the patient, never of the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    Left,
    Right,
}

impl Side {
    pub fn opposite(self) -> Self {
        match self {
            Self::Left => Self::Right,
            Self::Right => Self::Left,
        }
    }

    /// The letter drawn at the edge of a picture.
    pub fn letter(self) -> char {
        match self {
            Self::Left => 'L',
            Self::Right => 'R',
        }
    }
}

/// Distance between neighbouring pixel centres in millimetres: along a row (x) and down a
/// column (y). Both are finite and positive.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Spacing {
    x: f64,
    y: f64,
}

impl Spacing {
    /// Square pixels of unit size: for geometry on frames whose file states no spacing.
    pub const UNIT: Self = Self { x: 1.0, y: 1.0 };

    /// `None` unless both distances are finite and positive.
    pub fn new(x: f64, y: f64) -> Option<Self> {
        let usable = |v: f64| v.is_finite() && v > 0.0;
        (usable(x) && usable(y)).then_some(Self { x, y })
    }

    pub fn x(self) -> f64 {
        self.x
    }

    pub fn y(self) -> f64 {
        self.y
    }

    /// Area of one pixel, mm².
    pub fn pixel_area(self) -> f64 {
        self.x * self.y
    }

    /// Whether a circle in millimetres is a circle in pixels.
    pub fn square(self) -> bool {
        (self.x - self.y).abs() <= 1e-6 * self.x.max(self.y)
    }

    pub fn plane_from_pixel(self) -> Transform<Pixel, Plane> {
        Transform::scale(self.x, self.y)
    }

    pub fn pixel_from_plane(self) -> Transform<Plane, Pixel> {
        Transform::scale(1.0 / self.x, 1.0 / self.y)
    }
}
