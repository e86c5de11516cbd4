//! How the two sides of a patient answer to each other in one frame.

use std::sync::Arc;

use crate::geometry::{MirrorLine, Outline, Pixel, Point, Spacing, Vector, Warp};
use crate::study::Frame;

use super::Midline;

/// Which place on the other side is the same bone.
///
/// A place is reflected across the midline and then moved by the warp, which knows how the other
/// side is posed differently. Everything that is compared across the midline asks here.
#[derive(Clone, Debug, PartialEq)]
pub struct Symmetry {
    pub midline: Midline,
    /// For each place of the frame, the way from its mirror image to its counterpart; `None`
    /// where the two sides are taken for mirror images.
    pub warp: Option<Arc<Warp>>,
    /// The frame's, or the unit of pixels where the file states none.
    pub spacing: Spacing,
    /// Columns and rows of the frame.
    pub size: [usize; 2],
}

impl Symmetry {
    /// The two sides are mirror images of one another across the midline.
    pub fn mirror(midline: Midline, frame: &Frame) -> Self {
        let size = [frame.columns(), frame.rows()];
        Self { midline, warp: None, spacing: frame.spacing_or_unit(), size }
    }

    /// The same place on the other side, to a fraction of a pixel; `None` outside the image.
    pub fn counterpart(&self, point: Point<Pixel>) -> Option<Point<Pixel>> {
        let there = self.across(point);
        let inside = |at: f64, size: usize| at >= -0.5 && at <= size as f64 - 0.5;
        (inside(there.x, self.size[0]) && inside(there.y, self.size[1])).then_some(there)
    }

    fn across(&self, point: Point<Pixel>) -> Point<Pixel> {
        let mirrored = MirrorLine::tangent(&self.midline.curve, point, self.spacing).reflect(point);
        match &self.warp {
            None => mirrored,
            Some(warp) => {
                mirrored + self.spacing.pixel_from_plane().transform_vector(warp.at(point))
            }
        }
    }

    /// The rigid motion that brings an outline to the other side: the reflection nearest to how
    /// the places in it are carried, in the sense of least squares. Shape and area are kept.
    pub fn motion_of(&self, outline: &Outline) -> MirrorLine {
        let center = outline.centroid();
        let mirror = MirrorLine::tangent(&self.midline.curve, center, self.spacing);
        if self.warp.is_none() {
            return mirror;
        }
        let to_plane = self.spacing.plane_from_pixel();
        let places = places(outline, center);
        let count = places.len() as f64;
        let pairs: Vec<_> = places.iter().map(|p| (mirror.reflect(*p), self.across(*p))).collect();
        let mean = |points: &mut dyn Iterator<Item = Point<Pixel>>| {
            points.fold(Vector::zero(), |sum: Vector<Pixel>, p| sum + p.to_vector()) / count
        };
        let from = mean(&mut pairs.iter().map(|pair| pair.0));
        let to = mean(&mut pairs.iter().map(|pair| pair.1));
        let (mut cross, mut dot) = (0.0, 0.0);
        for (source, target) in &pairs {
            let source = to_plane.transform_vector(source.to_vector() - from);
            let target = to_plane.transform_vector(target.to_vector() - to);
            cross += source.cross(target);
            dot += source.dot(target);
        }
        let turn = if dot > 0.0 { cross.atan2(dot) } else { 0.0 };
        mirror.then_moved(from.to_point(), to.to_point(), turn)
    }
}

/// Places spread over an outline.
fn places(outline: &Outline, center: Point<Pixel>) -> Vec<Point<Pixel>> {
    const AROUND: usize = 16;
    let edge = outline.polygon(0.5);
    let around = (0..AROUND).map(|i| edge[i * edge.len() / AROUND]);
    let rings = around.flat_map(|p| [0.45, 0.9].map(|part| center.lerp(p, part)));
    rings.chain([center]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::findings::MidlineOrigin;
    use crate::geometry::Curve;

    fn symmetry(step: impl Fn(f64, f64) -> [f32; 2]) -> Symmetry {
        let curve = Curve::through([Point::new(100.0, 0.0), Point::new(100.0, 400.0)]).unwrap();
        let steps =
            (0..41).flat_map(|y| (0..21).map(move |x| (10.0 * f64::from(x), 10.0 * f64::from(y))));
        let steps = steps.map(|(x, y)| step(x, y)).collect();
        Symmetry {
            midline: Midline { curve, origin: MidlineOrigin::Edited },
            warp: Warp::new([10.0, 10.0], 21, steps).map(Arc::new),
            spacing: Spacing::new(2.0, 2.0).unwrap(),
            size: [201, 401],
        }
    }

    #[test]
    fn a_place_is_reflected_and_then_moved() {
        let symmetry = symmetry(|_, _| [6.0, -4.0]);
        let at = symmetry.counterpart(Point::new(60.0, 200.0)).unwrap();
        assert!((at - Point::new(143.0, 198.0)).length() < 1e-9, "{at:?}");
        assert_eq!(symmetry.counterpart(Point::new(1.0, 200.0)), None);
        let plain = Symmetry { warp: None, ..symmetry };
        let at = plain.counterpart(Point::new(60.0, 200.0)).unwrap();
        assert!((at - Point::new(140.0, 200.0)).length() < 1e-9, "{at:?}");
    }

    /// An arm that hangs at another angle: the outline turns with it and stays as large.
    #[test]
    fn an_outline_is_carried_rigidly() {
        let (sin, cos) = 0.3f64.sin_cos();
        // About the mirror image of (60, 200), 80 mm from the midline.
        let turned = symmetry(|x, y| {
            let (u, v) = (2.0 * ((200.0 - x) - 140.0), 2.0 * (y - 200.0));
            [(cos * u - sin * v - u) as f32, (sin * u + cos * v - v) as f32]
        });
        let outline =
            Outline::Ellipse { center: [60.0, 200.0], radii: [5.0, 15.0], angle_deg: 0.0 };
        let carried = turned.motion_of(&outline).reflect_outline(&outline);
        let Outline::Ellipse { center, radii, angle_deg } = carried else { panic!("an ellipse") };
        assert_eq!(radii, [5.0, 15.0]);
        assert!((Point::<Pixel>::from(center) - Point::new(140.0, 200.0)).length() < 1e-3);
        let angle = (angle_deg + 0.3f64.to_degrees()).rem_euclid(180.0);
        assert!(angle.min(180.0 - angle) < 1e-3, "{angle_deg}");
    }
}
