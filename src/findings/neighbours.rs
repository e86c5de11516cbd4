//! What a region on the midline is compared with: the same bone above and below it.

use crate::geometry::{MirrorLine, Outline, Pixel, Point};

use super::Symmetry;

/// Between the region and either neighbour, mm: a hot region is seen beyond its edge.
const GAP: f64 = 6.0;
/// A neighbour may lie so much further away, to keep clear of what is no normal bone, mm.
const FURTHEST: f64 = 60.0;
/// In steps of this many mm.
const STEP: f64 = 3.0;

/// The region's own outline moved along the midline by its length and a gap, above and below,
/// turned with the midline. A neighbour that would meet one of `avoid` lies further away; one
/// that would leave the image or the midline's own length is not there. Shape and area are kept.
pub(super) fn neighbours(
    outline: &Outline,
    symmetry: &Symmetry,
    avoid: &[&Outline],
) -> Vec<Outline> {
    let length = length_along(outline, symmetry);
    let place = |direction: f64| {
        let steps = (FURTHEST / STEP) as usize;
        let distances = (0..=steps).map(|i| direction * (length + GAP + STEP * i as f64));
        let mut moved = distances.map_while(|distance| moved(outline, symmetry, distance));
        moved.find(|place| !avoid.iter().any(|other| meet(place, other, symmetry.size)))
    };
    [-1.0, 1.0].into_iter().filter_map(place).collect()
}

/// Whether two outlines share a pixel.
pub fn meet(one: &Outline, other: &Outline, [columns, rows]: [usize; 2]) -> bool {
    one.pixels(columns, rows).any(|(x, y)| other.contains(Point::new(x as f64, y as f64)))
}

/// How far an outline reaches along the midline, mm.
fn length_along(outline: &Outline, symmetry: &Symmetry) -> f64 {
    let to_plane = symmetry.spacing.plane_from_pixel();
    let curve = &symmetry.midline.curve;
    let foot = curve.foot_of(outline.centroid(), symmetry.spacing);
    let along = to_plane.transform_vector(curve.tangent_at(foot.y)).normalize();
    let places = outline.polygon(0.5).into_iter();
    let (low, high) = places
        .map(|p| to_plane.transform_vector(p - foot).dot(along))
        .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), at| (low.min(at), high.max(at)));
    high - low
}

/// The outline so many millimetres further down the midline; `None` beyond its ends or the image.
fn moved(outline: &Outline, symmetry: &Symmetry, distance: f64) -> Option<Outline> {
    let Symmetry { spacing, size: [columns, rows], .. } = *symmetry;
    let curve = &symmetry.midline.curve;
    let here = curve.foot_of(outline.centroid(), spacing);
    let there = further(symmetry, here, distance)?;
    let to_plane = spacing.plane_from_pixel();
    let direction = |at: Point<Pixel>| to_plane.transform_vector(curve.tangent_at(at.y));
    let turn = direction(here).angle_to(direction(there)).radians;
    // Reflected, and reflected back at the other place: moved and turned.
    let mirror = MirrorLine::tangent(curve, outline.centroid(), spacing);
    let back = mirror.then_moved(here, there, turn);
    let moved = back.reflect_outline(&mirror.reflect_outline(outline));
    (!moved.leaves(columns, rows)).then_some(moved)
}

/// The point of the midline so many millimetres down from one of its points.
fn further(symmetry: &Symmetry, from: Point<Pixel>, distance: f64) -> Option<Point<Pixel>> {
    const ROWS: f64 = 0.125;
    let curve = &symmetry.midline.curve;
    let ends = curve.points();
    let (top, bottom) = (ends.first()?.y, ends.last()?.y);
    let (mut row, mut left) = (from.y, distance.abs());
    while left > 0.0 {
        let slope = curve.slope_at(row) * symmetry.spacing.x();
        let step = slope.hypot(symmetry.spacing.y()) * ROWS;
        row += ROWS * distance.signum() * (left / step).min(1.0);
        left -= step;
        if row < top || row > bottom {
            return None;
        }
    }
    Some(Point::new(curve.column_at(row), row))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::findings::{Midline, MidlineOrigin};
    use crate::geometry::{Curve, Spacing};

    fn leaning() -> Symmetry {
        let curve = Curve::through([Point::new(80.0, 20.0), Point::new(120.0, 380.0)]).unwrap();
        let midline = Midline { curve, origin: MidlineOrigin::Edited };
        let spacing = Spacing::new(2.0, 2.0).unwrap();
        Symmetry { midline, warp: None, spacing, size: [200, 400] }
    }

    fn vertebra(row: f64) -> Outline {
        let center = [leaning().midline.curve.column_at(row) + 1.0, row];
        Outline::Ellipse { center, radii: [9.0, 6.0], angle_deg: 0.0 }
    }

    #[test]
    fn they_lie_above_and_below_with_the_same_area_and_apart() {
        let outline = vertebra(200.0);
        let symmetry = leaning();
        let [above, below] = &neighbours(&outline, &symmetry, &[])[..] else { panic!("two") };
        assert!(above.centroid().y < 187.0 && below.centroid().y > 213.0);
        for neighbour in [above, below] {
            assert!((neighbour.area() - outline.area()).abs() < 1e-9);
            assert!(!meet(neighbour, &outline, symmetry.size));
            let at = neighbour.centroid();
            let aside = at.x - symmetry.midline.curve.column_at(at.y);
            assert!((aside - 1.0).abs() < 0.05, "as far from the midline: {aside}");
            let apart = (at - outline.centroid()).length() * 2.0;
            // The ellipse is 24 mm long, a little more along a line that leans.
            assert!((apart - 30.3).abs() < 0.5, "{apart}");
        }
    }

    #[test]
    fn they_keep_clear_of_other_lesions_and_stay_on_the_midline() {
        let symmetry = leaning();
        let other = vertebra(216.0);
        let found = neighbours(&vertebra(200.0), &symmetry, &[&other]);
        assert_eq!(found.len(), 2);
        assert!(!meet(&found[1], &other, symmetry.size) && found[1].centroid().y > 222.0);
        // All of the way down is something else.
        let rest = Outline::Rectangle { min: [0.0, 210.0], max: [200.0, 400.0] };
        assert_eq!(neighbours(&vertebra(200.0), &symmetry, &[&rest]).len(), 1);
        assert_eq!(neighbours(&vertebra(30.0), &symmetry, &[]).len(), 1);
    }
}
