//! A region carried to another image of the same view: from the delayed phase to flow and pool.

use crate::geometry::{Outline, Pixel, Point};
use crate::study::{Frame, SeriesKind, ViewName};

/// Why a region cannot be carried over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoTransfer {
    #[error("the two images do not show the same view")]
    OtherView,
    #[error("a whole-body scan and a single view do not cover the same part of the patient")]
    OtherField,
    #[error("the images differ in size, and the file does not state the pixel spacing of both")]
    NoSpacing,
    #[error("the file does not say which side of the patient is where")]
    SideUnknown,
    #[error("the region would leave the other image")]
    LeavesImage,
}

/// Where an outline of one frame lies in another that looks at the patient the same way.
///
/// The camera is taken to have stayed where it was: the middles of both fields are the same place,
/// and distances from there are kept in millimetres whatever the matrix and the zoom. A frame
/// stored the other way round is read the other way round.
pub fn same_place(
    (from, from_kind): (&Frame, SeriesKind),
    (to, to_kind): (&Frame, SeriesKind),
    outline: &Outline,
) -> Result<Outline, NoTransfer> {
    if from.view.view != to.view.view || from.view.view == ViewName::Unknown {
        return Err(NoTransfer::OtherView);
    }
    if (from_kind == SeriesKind::WholeBody) != (to_kind == SeriesKind::WholeBody) {
        return Err(NoTransfer::OtherField);
    }
    let size = |f: &Frame| (f.columns(), f.rows());
    let scale = match (from.spacing, to.spacing) {
        (Some(a), Some(b)) => [a.x() / b.x(), a.y() / b.y()],
        _ if size(from) == size(to) => [1.0, 1.0],
        _ => return Err(NoTransfer::NoSpacing),
    };
    let mirrored = match (from.side_of_larger_columns(), to.side_of_larger_columns()) {
        (Some(a), Some(b)) => a != b,
        // Lateral views have no left and right, and are all stored as the head sees them.
        (None, None) => false,
        _ => return Err(NoTransfer::SideUnknown),
    };
    let middle = |f: &Frame| -> Point<Pixel> {
        Point::new(0.5 * (f.columns() as f64 - 1.0), 0.5 * (f.rows() as f64 - 1.0))
    };
    let (here, there) = (middle(from), middle(to));
    let across = if mirrored { -scale[0] } else { scale[0] };
    let image = outline.rescaled(here, there, [across, scale[1]]);
    match image.leaves(to.columns(), to.rows()) {
        true => Err(NoTransfer::LeavesImage),
        false => Ok(image),
    }
}

#[cfg(test)]
mod tests {
    use ndarray::Array2;
    use proptest::prelude::*;

    use super::*;
    use crate::geometry::Spacing;
    use crate::measure::fixture::frame_of;
    use crate::study::{Laterality, Pixels, Values, ViewLabel, ViewSource};

    const POOL: SeriesKind = SeriesKind::Static;
    const FLOW: SeriesKind = SeriesKind::Dynamic;

    fn frame(side: usize, spacing: f64) -> Frame {
        frame_of(Values::counts(Pixels::U16(Array2::zeros((side, side)))), spacing)
    }

    #[test]
    fn the_same_place_on_a_coarser_matrix() {
        let (delayed, flow) = (frame(256, 2.0), frame(128, 4.0));
        let ellipse =
            Outline::Ellipse { center: [60.5, 200.5], radii: [8.0, 4.0], angle_deg: 30.0 };
        let copy = same_place((&delayed, POOL), (&flow, FLOW), &ellipse).unwrap();
        let expected =
            Outline::Ellipse { center: [30.0, 100.0], radii: [4.0, 2.0], angle_deg: 30.0 };
        assert_eq!(copy, expected);
        // Without spacings only an image of the same size is the same place.
        let bare = |side| Frame { spacing: None, ..frame(side, 1.0) };
        let none = same_place((&bare(256), POOL), (&bare(128), FLOW), &ellipse);
        assert_eq!(none, Err(NoTransfer::NoSpacing));
        let same = same_place((&bare(256), POOL), (&bare(256), FLOW), &ellipse);
        assert_eq!(same, Ok(ellipse));
    }

    #[test]
    fn a_frame_stored_the_other_way_round_is_read_the_other_way_round() {
        let (delayed, mut flow) = (frame(64, 2.0), frame(64, 2.0));
        flow.laterality.larger_columns = flow.laterality.larger_columns.map(|s| s.opposite());
        let rectangle = Outline::Rectangle { min: [10.0, 20.0], max: [16.0, 30.0] };
        let copy = same_place((&delayed, POOL), (&flow, FLOW), &rectangle).unwrap();
        assert_eq!(copy, Outline::Rectangle { min: [47.0, 20.0], max: [53.0, 30.0] });
        flow.laterality = Laterality::default();
        let unknown = same_place((&delayed, POOL), (&flow, FLOW), &rectangle);
        assert_eq!(unknown, Err(NoTransfer::SideUnknown));
    }

    #[test]
    fn what_is_not_the_same_place_is_refused() {
        let delayed = frame(64, 2.0);
        let corner = Outline::Rectangle { min: [1.0, 1.0], max: [6.0, 6.0] };
        let to = |to: &Frame, kind| same_place((&delayed, POOL), (to, kind), &corner);
        assert_eq!(to(&frame(64, 1.0), FLOW), Err(NoTransfer::LeavesImage));
        assert_eq!(to(&delayed, SeriesKind::WholeBody), Err(NoTransfer::OtherField));
        let label = |view| ViewLabel { view, source: ViewSource::ViewCode };
        let posterior = Frame { view: label(ViewName::Posterior), ..delayed.clone() };
        assert_eq!(to(&posterior, FLOW), Err(NoTransfer::OtherView));
        let unknown = Frame { view: ViewLabel::default(), ..delayed.clone() };
        let neither = same_place((&unknown, POOL), (&unknown, FLOW), &corner);
        assert_eq!(neither, Err(NoTransfer::OtherView));
    }

    proptest! {
        #[test]
        fn there_and_back_is_where_it_was(
            x in 20.0..40.0, y in 20.0..40.0, a in 1.0..9.0, b in 1.0..9.0, angle in 0.0..180.0,
            spacing in 2.0..3.0,
        ) {
            let (delayed, mut flow) = (frame(64, 2.0), frame(90, spacing));
            flow.spacing = Spacing::new(spacing, 0.9 * spacing);
            let ellipse = Outline::Ellipse { center: [x, y], radii: [a, b], angle_deg: angle };
            let there = same_place((&delayed, POOL), (&flow, FLOW), &ellipse).unwrap();
            let back = same_place((&flow, FLOW), (&delayed, POOL), &there).unwrap();
            prop_assert!((back.centroid() - ellipse.centroid()).length() < 1e-6);
            prop_assert!((back.area() / ellipse.area() - 1.0).abs() < 2e-3);
            let mm2 = |o: &Outline, f: &Frame| o.area_mm2(f.spacing_or_unit());
            prop_assert!((mm2(&there, &flow) / mm2(&ellipse, &delayed) - 1.0).abs() < 2e-3);
        }
    }
}
