//! Where the regions of an index lie on a frame.

use crate::findings::{Midline, Site};
use crate::geometry::{Outline, Pixel, Point, Side, Vector};
use crate::measure::Skeleton;
use crate::study::Frame;

use super::preset::{IndexPreset, IndexRegion, IndexShape};

/// One region to be drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct PlacedRegion {
    pub part: String,
    pub site: Site,
    pub outline: Outline,
}

/// The regions of an index on a frame.
#[derive(Clone, Debug, PartialEq)]
pub struct Placement {
    pub regions: Vec<PlacedRegion>,
    /// Whether they lie on their bones; else they lie in the middle of the view, to be dragged.
    pub on_bones: bool,
}

/// Fewer labelled pixels than this are no bone to lay a region on.
const FEWEST_PIXELS: usize = 6;

/// Lays the regions of an index on the bones that they are meant for, each round the middle of its
/// site, those of unpaired sites on the midline; where a site is not known, all of them in the middle of the view as they lie to each other.
/// Every region is moved until it lies inside the frame, where it fits.
pub fn place_index(
    preset: &IndexPreset,
    frame: &Frame,
    bones: Option<(&Skeleton, &Midline)>,
) -> Placement {
    let left = match frame.side_of_larger_columns() {
        Some(Side::Right) => -1.0,
        _ => 1.0,
    };
    let down = match frame.laterality.head_at_first_row {
        Some(false) => -1.0,
        _ => 1.0,
    };
    let lay = |region: &IndexRegion, center: Point<Pixel>| PlacedRegion {
        part: region.part.clone(),
        site: region.site,
        outline: inside(shaped(region, center, frame), frame),
    };
    let from = |start: Point<Pixel>, [x, y]: [f64; 2]| {
        let spacing = frame.spacing_or_unit();
        start + Vector::new(left * x / spacing.x(), down * y / spacing.y())
    };
    let known = |region: &IndexRegion| {
        let (skeleton, midline) = bones?;
        let mut middle = middle_of(skeleton, region)?;
        if !region.site.paired() {
            middle.x = midline.curve.column_at(middle.y);
        }
        let [x, y] = region.beside_mm;
        let outward = if region.side == Some(Side::Right) { -x } else { x };
        Some(lay(region, from(middle, [outward, y])))
    };
    if let Some(regions) = preset.regions.iter().map(known).collect() {
        return Placement { regions, on_bones: true };
    }
    let middle =
        Point::new(0.5 * (frame.columns() as f64 - 1.0), 0.5 * (frame.rows() as f64 - 1.0));
    let template = |region: &IndexRegion| lay(region, from(middle, region.template_mm));
    Placement { regions: preset.regions.iter().map(template).collect(), on_bones: false }
}

/// The middle of a site's pixels: half of them lie on each side, along rows and along columns.
fn middle_of(skeleton: &Skeleton, region: &IndexRegion) -> Option<Point<Pixel>> {
    let (mut columns, mut rows): (Vec<usize>, Vec<usize>) =
        skeleton.pixels_of(region.site, region.side).unzip();
    if columns.len() < FEWEST_PIXELS {
        return None;
    }
    let middle = |values: &mut Vec<usize>| {
        let half = values.len() / 2;
        *values.select_nth_unstable(half).1 as f64
    };
    Some(Point::new(middle(&mut columns), middle(&mut rows)))
}

fn shaped(region: &IndexRegion, center: Point<Pixel>, frame: &Frame) -> Outline {
    let spacing = frame.spacing_or_unit();
    let half = [0.5 * region.size_mm[0] / spacing.x(), 0.5 * region.size_mm[1] / spacing.y()];
    match region.shape {
        IndexShape::Ellipse => {
            Outline::Ellipse { center: center.to_array(), radii: half, angle_deg: 0.0 }
        }
        IndexShape::Rectangle => Outline::Rectangle {
            min: [center.x - half[0], center.y - half[1]],
            max: [center.x + half[0], center.y + half[1]],
        },
    }
}

/// Moved until no part is outside the frame; one that is larger than the frame stays in its middle.
fn inside(outline: Outline, frame: &Frame) -> Outline {
    let (low, high) = outline.bounds();
    let by = |low: f64, high: f64, size: usize| {
        let end = size as f64 - 1.0;
        if high - low > end {
            0.5 * end - 0.5 * (low + high)
        } else {
            (-low).max(0.0) - (high - end).max(0.0)
        }
    };
    let by = Vector::new(by(low.x, high.x, frame.columns()), by(low.y, high.y, frame.rows()));
    outline.moved(by)
}

#[cfg(test)]
mod tests {
    use ndarray::Array2;

    use super::*;
    use crate::measure::fixture::frame_of;
    use crate::study::{Laterality, Pixels, Values, ViewName};

    fn frame(view: ViewName, columns: usize) -> Frame {
        let pixels = Pixels::U16(Array2::from_elem((128, columns), 5));
        let mut frame = frame_of(Values::counts(pixels), 4.0);
        frame.view.view = view;
        frame.laterality = Laterality::from_view(view);
        frame
    }

    #[test]
    fn a_template_lies_in_the_middle_with_the_patients_left_on_the_left() {
        let preset = IndexPreset::by_id("sacroiliac").unwrap();
        for (view, larger) in [(ViewName::Posterior, false), (ViewName::Anterior, true)] {
            let placed = place_index(preset, &frame(view, 128), None);
            assert!(!placed.on_bones);
            let x = |part: &str| {
                let region = placed.regions.iter().find(|r| r.part == part).unwrap();
                region.outline.centroid().x
            };
            assert_eq!(x("left joint") > x("sacrum"), larger, "{view:?}");
            assert!((x("left joint") + x("right joint") - 127.0).abs() < 1e-9);
            assert!(((x("left joint") - x("sacrum")).abs() - 42.0 / 4.0).abs() < 1e-9);
        }
    }

    #[test]
    fn regions_are_kept_inside_the_frame() {
        let preset = IndexPreset::by_id("crps").unwrap();
        let small = frame(ViewName::Anterior, 30);
        for region in place_index(preset, &small, None).regions {
            assert!(!region.outline.leaves(30, 128), "{region:?}");
        }
    }
}
