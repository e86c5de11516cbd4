//! Reflection across a line: what carries a region to the other side of the patient.

use super::{Curve, Outline, Pixel, Point, Spacing, Vector};

/// A straight mirror in a frame. Reflection happens in millimetres, so it keeps every shape and
/// area even where pixels are not square.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MirrorLine {
    foot: Point<Pixel>,
    direction: Vector<Pixel>,
    spacing: Spacing,
}

impl MirrorLine {
    /// The mirror that a curved midline offers to something at `point`: the tangent at the point
    /// of the curve nearest to it.
    pub fn tangent(midline: &Curve, point: Point<Pixel>, spacing: Spacing) -> Self {
        let foot = midline.foot_of(point, spacing);
        Self { foot, direction: midline.tangent_at(foot.y), spacing }
    }

    pub fn spacing(&self) -> Spacing {
        self.spacing
    }

    pub fn reflect(&self, point: Point<Pixel>) -> Point<Pixel> {
        let to_plane = self.spacing.plane_from_pixel();
        let axis = to_plane.transform_vector(self.direction).normalize();
        let offset = to_plane.transform_vector(point - self.foot);
        let reflected = axis * (2.0 * offset.dot(axis)) - offset;
        self.foot + self.spacing.pixel_from_plane().transform_vector(reflected)
    }

    /// The angle of the mirror axis, counter-clockwise from the row direction as seen on screen
    /// (rows run down), radians.
    pub fn angle(&self) -> f64 {
        (-self.direction.y * self.spacing.y()).atan2(self.direction.x * self.spacing.x())
    }

    /// The outline on the other side. Its area is kept exactly.
    pub fn reflect_outline(&self, outline: &Outline) -> Outline {
        outline.mirrored(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reflecting_twice_is_nothing() {
        let curve = Curve::through([Point::new(120.0, 0.0), Point::new(135.0, 900.0)]).unwrap();
        let spacing = Spacing::new(2.4, 2.2).unwrap();
        let point = Point::new(60.0, 300.0);
        let mirror = MirrorLine::tangent(&curve, point, spacing);
        let twice = mirror.reflect(mirror.reflect(point));
        assert!((twice - point).length() < 1e-9);
        assert!(mirror.reflect(point).x > 140.0);
    }

    #[test]
    fn a_vertical_midline_mirrors_columns_only() {
        let curve = Curve::through([Point::new(100.0, 0.0), Point::new(100.0, 900.0)]).unwrap();
        let mirror = MirrorLine::tangent(&curve, Point::new(70.0, 200.0), Spacing::UNIT);
        let image = mirror.reflect(Point::new(70.0, 210.0));
        assert!((image - Point::new(130.0, 210.0)).length() < 1e-9);
    }
}
