//! Which place of the frame each canvas pixel shows, in whole numbers, so that every painter on
//! every device finds the same one.

use std::cmp::Ordering;

use crate::geometry::{Pixel, Point, Transform, View};

/// The exact map from canvas pixels to places in the stored frame.
///
/// A canvas pixel `(i, j)` stands for its centre. The affine map to the frame is rounded once, to
/// 2⁻²⁶ of a pixel per canvas pixel; from there on everything is integer arithmetic, and a place
/// is a multiple of 2⁻¹² of a pixel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Placement {
    /// 2²⁶ × (step of the column per `i`, per `j`, column at `i = j = 0`).
    column: [i64; 3],
    row: [i64; 3],
    /// The canvas pixels to paint: first column, first row, and the ends, which are not painted.
    pub bounds: [i32; 4],
}

/// Bits after the point of a place.
pub const PLACE_BITS: u32 = 12;
/// Bits after the point of the rounded map.
const MAP_BITS: u32 = 26;
const DROPPED: u32 = MAP_BITS - PLACE_BITS;
/// Larger canvases are cut off here: 14 bits for `i` and `j` keep every product within 32 bits.
pub const LARGEST_CANVAS: u32 = 16_384;

impl Placement {
    /// Places a frame of `frame` columns and rows on a canvas of `canvas` pixels.
    ///
    /// `scale` is pixels per canvas point; `origin` is where, in points, the canvas's own origin
    /// lies on the painted surface (zero, unless the picture is a part of a window). `None` where
    /// nothing of the frame is visible, or the transform is not finite or has no inverse.
    pub fn new(
        view_from_pixel: &Transform<Pixel, View>,
        clip: [f64; 4],
        frame: [usize; 2],
        scale: f64,
        origin: [f64; 2],
        canvas: [u32; 2],
    ) -> Option<Self> {
        let [x, y, width, height] = clip;
        let to_device =
            |point: Point<View>| [(point.x + origin[0]) * scale, (point.y + origin[1]) * scale];
        let clip_low = to_device(Point::new(x, y));
        let clip_high = to_device(Point::new(x + width, y + height));

        let (right, bottom) = (frame[0] as f64 - 0.5, frame[1] as f64 - 0.5);
        let corners = [(-0.5, -0.5), (right, -0.5), (right, bottom), (-0.5, bottom)]
            .map(|(x, y)| to_device(view_from_pixel.transform_point(Point::new(x, y))));
        let mut bounds = [0; 4];
        for axis in 0..2 {
            let end = f64::from(canvas[axis].min(LARGEST_CANVAS));
            let low = corners.iter().map(|c| c[axis]).fold(f64::INFINITY, f64::min);
            let high = corners.iter().map(|c| c[axis]).fold(f64::NEG_INFINITY, f64::max);
            // A pixel belongs to the clip when its centre does; the frame's own edge is decided
            // by the places, so its box only needs to be large enough.
            let first = (clip_low[axis] - 0.5).ceil().max(low.floor() - 1.0).max(0.0);
            let last = (clip_high[axis] - 0.5).ceil().min(high.ceil() + 1.0).min(end);
            if first.partial_cmp(&last) != Some(Ordering::Less) {
                return None;
            }
            bounds[axis] = first as i32;
            bounds[axis + 2] = last as i32;
        }

        let inverse = view_from_pixel.inverse()?;
        // The point of canvas pixel (0, 0) and the steps to its neighbours.
        let zero = Point::new(0.5 / scale - origin[0], 0.5 / scale - origin[1]);
        let start = inverse.transform_point(zero);
        let column = [inverse.m11 / scale, inverse.m21 / scale, start.x];
        let row = [inverse.m12 / scale, inverse.m22 / scale, start.y];
        let placement = Self { column: fixed(column)?, row: fixed(row)?, bounds };
        // Places must fit 32 bits wherever something is painted.
        let fits = |[i, j]: [i32; 2]| {
            let [c, r] = placement.wide(i, j);
            i32::try_from(c).is_ok() && i32::try_from(r).is_ok()
        };
        let [i0, j0, i1, j1] = bounds;
        [[i0, j0], [i1, j0], [i0, j1], [i1, j1]].into_iter().all(fits).then_some(placement)
    }

    /// Column and row shown at canvas pixel `(i, j)`, times 2¹². Meaningful within `bounds`.
    pub fn place(&self, i: i32, j: i32) -> [i32; 2] {
        self.wide(i, j).map(|v| v as i32)
    }

    /// Columns follow from `i` alone and rows from `j` alone.
    pub fn upright(&self) -> bool {
        self.column[1] == 0 && self.row[0] == 0
    }

    fn wide(&self, i: i32, j: i32) -> [i64; 2] {
        let (i, j) = (i64::from(i), i64::from(j));
        [self.column, self.row].map(|[a, b, c]| (a * i + b * j + c) >> DROPPED)
    }

    /// The same map for 32-bit arithmetic: for column, then row, the coarse parts `a b c` and the
    /// fine parts `a b c`, with
    /// `place = a·i + b·j + c + ((fine_a·i + fine_b·j + fine_c) >> 14)`, wrapping.
    pub fn words(&self) -> [[i32; 6]; 2] {
        [self.column, self.row].map(|map| {
            let [a, b, c] = map.map(|v| (v >> DROPPED) as i32);
            let [d, e, f] = map.map(|v| (v & ((1 << DROPPED) - 1)) as i32);
            [a, b, c, d, e, f]
        })
    }
}

/// How close to a whole number of screen pixels for each pixel of the frame a zoom goes there.
const SNAP: f64 = 0.06;

/// A zoom by `factor` from `scale` screen pixels for each pixel of the frame, or the one nearby
/// that ends at a whole number of them, where pixels are as sharp as they are stored. A step that
/// would lead back to where it came from is left as it is.
pub fn snapped(scale: f64, factor: f64) -> f64 {
    let whole = (scale * factor).round();
    let near = whole >= 1.0 && (scale * factor / whole - 1.0).abs() <= SNAP;
    let onward = (whole - scale) * (factor - 1.0) > 1e-9 * scale;
    if near && onward { whole / scale } else { factor }
}

fn fixed(map: [f64; 3]) -> Option<[i64; 3]> {
    let scaled = map.map(|v| (v * f64::from(1u32 << MAP_BITS)).round());
    // Far enough from 2⁶³ that `wide` cannot overflow.
    scaled.iter().all(|v| v.abs() < 2f64.powi(46)).then(|| scaled.map(|v| v as i64))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn place_by_words(placement: &Placement, i: i32, j: i32) -> [i32; 2] {
        placement.words().map(|[a, b, c, d, e, f]| {
            let coarse = a.wrapping_mul(i).wrapping_add(b.wrapping_mul(j)).wrapping_add(c);
            let fine = d.wrapping_mul(i).wrapping_add(e.wrapping_mul(j)).wrapping_add(f);
            coarse.wrapping_add(fine >> DROPPED)
        })
    }

    proptest! {
        #[test]
        fn places_are_the_inverse_transform_s(
            zoom in 0.05..50.0f64,
            mirrored in any::<bool>(),
            turn in prop_oneof![Just(0.0), -3.0..3.0f64],
            shift in (-3000.0..3000.0f64, -3000.0..3000.0f64),
            scale in 0.5..3.0f64,
        ) {
            let view_from_pixel: Transform<Pixel, View> =
                Transform::scale(if mirrored { -zoom } else { zoom }, zoom)
                    .then_rotate(euclid::Angle::radians(turn))
                    .then_translate(euclid::vec2(shift.0, shift.1));
            let clip = [0.0, 0.0, 1000.0, 700.0];
            let canvas = [(1000.0 * scale) as u32, (700.0 * scale) as u32];
            let Some(placement) =
                Placement::new(&view_from_pixel, clip, [256, 1024], scale, [0.0; 2], canvas)
            else {
                return Ok(());
            };
            let inverse = view_from_pixel.inverse().unwrap();
            let [i0, j0, i1, j1] = placement.bounds;
            for (i, j) in [(i0, j0), (i1 - 1, j0), (i0, j1 - 1), ((i0 + i1) / 2, (j0 + j1) / 2)] {
                let place = placement.place(i, j);
                prop_assert_eq!(place, place_by_words(&placement, i, j));
                let point = Point::new((f64::from(i) + 0.5) / scale, (f64::from(j) + 0.5) / scale);
                let exact = inverse.transform_point(point);
                let unit = f64::from(1 << PLACE_BITS);
                // Half a unit of the rounded map for each canvas pixel, and one of the place.
                prop_assert!((f64::from(place[0]) / unit - exact.x).abs() < 4e-4);
                prop_assert!((f64::from(place[1]) / unit - exact.y).abs() < 4e-4);
            }
        }
    }

    #[test]
    fn zooms_stop_at_whole_pixels() {
        assert_eq!(snapped(0.9, 1.15) * 0.9, 1.0);
        assert_eq!(snapped(1.0, 1.15), 1.15);
        assert_eq!(snapped(1.8, 1.15) * 1.8, 2.0);
        assert_eq!(snapped(2.2, 1.0 / 1.15) * 2.2, 2.0);
        // From a whole number the next step leaves it, both ways.
        assert_ne!(snapped(2.0, 1.01) * 2.0, 2.0);
        assert_eq!(snapped(3.0, 1.0 / 1.15), 1.0 / 1.15);
        assert_eq!(snapped(0.3, 1.15), 1.15);
        // Large scales still move.
        let mut scale = 1.0;
        for _ in 0..40 {
            let next = scale * snapped(scale, 1.15);
            assert!(next > scale * 1.01);
            scale = next;
        }
    }

    #[test]
    fn what_cannot_be_seen_has_no_placement() {
        let see = |transform: Transform<Pixel, View>, clip| {
            Placement::new(&transform, clip, [8, 8], 1.0, [0.0; 2], [100, 100])
        };
        let whole = [0.0, 0.0, 100.0, 100.0];
        assert!(see(Transform::identity(), whole).is_some());
        assert_eq!(see(Transform::scale(0.0, 1.0), whole), None);
        assert_eq!(see(Transform::translation(f64::NAN, 0.0), whole), None);
        assert_eq!(see(Transform::translation(200.0, 0.0), whole), None);
        assert_eq!(see(Transform::identity(), [50.0, 50.0, -3.0, 10.0]), None);
        assert_eq!(see(Transform::scale(1e-30, 1e-30), whole), None);
    }
}
