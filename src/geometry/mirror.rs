//! Reflection across a line: what carries a region to the other side of the patient.

use super::{Curve, Outline, Pixel, Point, Spacing, Vector};

/// A straight mirror in a frame, which may move what it reflects. All of it happens in
/// millimetres, so it keeps every shape and area even where pixels are not square.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MirrorLine {
    foot: Point<Pixel>,
    direction: Vector<Pixel>,
    /// Where the foot's image lies.
    image: Point<Pixel>,
    spacing: Spacing,
}

impl MirrorLine {
    /// The mirror that a curved midline offers to something at `point`: the tangent at the point
    /// of the curve nearest to it.
    pub fn tangent(midline: &Curve, point: Point<Pixel>, spacing: Spacing) -> Self {
        let foot = midline.foot_of(point, spacing);
        Self { foot, direction: midline.tangent_at(foot.y), image: foot, spacing }
    }

    /// The same reflection, after which what came to lie at `from` is brought to `to` and all else
    /// with it, turned about it by `turn` (radians, from columns towards rows).
    pub fn then_moved(&self, from: Point<Pixel>, to: Point<Pixel>, turn: f64) -> Self {
        let to_plane = self.spacing.plane_from_pixel();
        let turned = |vector: Vector<Pixel>, by: f64| {
            let vector = to_plane.transform_vector(vector);
            let vector =
                vector.yx().component_mul(euclid::vec2(-by.sin(), by.sin())) + vector * by.cos();
            self.spacing.pixel_from_plane().transform_vector(vector)
        };
        Self {
            direction: turned(self.direction, 0.5 * turn),
            image: to + turned(self.image - from, turn),
            ..*self
        }
    }

    pub fn spacing(&self) -> Spacing {
        self.spacing
    }

    pub fn reflect(&self, point: Point<Pixel>) -> Point<Pixel> {
        let to_plane = self.spacing.plane_from_pixel();
        let axis = to_plane.transform_vector(self.direction).normalize();
        let offset = to_plane.transform_vector(point - self.foot);
        let reflected = axis * (2.0 * offset.dot(axis)) - offset;
        self.image + self.spacing.pixel_from_plane().transform_vector(reflected)
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
    fn what_is_reflected_can_be_turned_and_moved() {
        let curve = Curve::through([Point::new(100.0, 0.0), Point::new(100.0, 900.0)]).unwrap();
        let spacing = Spacing::new(2.0, 1.0).unwrap();
        let mirror = MirrorLine::tangent(&curve, Point::new(70.0, 200.0), spacing);
        let quarter = std::f64::consts::FRAC_PI_2;
        let moved = mirror.then_moved(Point::new(130.0, 200.0), Point::new(140.0, 210.0), quarter);
        assert!(
            (moved.reflect(Point::new(70.0, 200.0)) - Point::new(140.0, 210.0)).length() < 1e-9
        );
        // 4 mm out to the side of the patient become 4 mm down the picture.
        assert!(
            (moved.reflect(Point::new(68.0, 200.0)) - Point::new(140.0, 214.0)).length() < 1e-9
        );
    }

    #[test]
    fn a_vertical_midline_mirrors_columns_only() {
        let curve = Curve::through([Point::new(100.0, 0.0), Point::new(100.0, 900.0)]).unwrap();
        let mirror = MirrorLine::tangent(&curve, Point::new(70.0, 200.0), Spacing::UNIT);
        let image = mirror.reflect(Point::new(70.0, 210.0));
        assert!((image - Point::new(130.0, 210.0)).length() < 1e-9);
    }
}
