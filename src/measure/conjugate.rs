//! Conjugate views: where a place of one view lies in the opposite one.

use crate::findings::Midline;
use crate::geometry::{Outline, Pixel, Point};
use crate::study::{Address, Frame, Series, ViewName};

use super::DOUBTFUL_MIDLINE;

/// A frame and the midline in force on it.
#[derive(Clone, Copy, Debug)]
pub struct ConjugateView<'a> {
    pub frame: &'a Frame,
    pub midline: Option<&'a Midline>,
}

/// Why a place has no conjugate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoConjugate {
    #[error("the series has no opposite view")]
    NoOppositeView,
    #[error("the two views are not opposite")]
    NotOpposite,
    #[error("the two views differ in size or pixel spacing")]
    DifferentSize,
    #[error("the file does not say which side of the patient is where")]
    SideUnknown,
    #[error("the conjugate place lies outside the opposite view")]
    LeavesImage,
}

/// The view that a camera head sees from the other side of the patient.
pub fn opposite(view: ViewName) -> Option<ViewName> {
    use ViewName::*;
    Some(match view {
        Anterior => Posterior,
        Posterior => Anterior,
        LeftAnteriorOblique => RightPosteriorOblique,
        RightPosteriorOblique => LeftAnteriorOblique,
        RightAnteriorOblique => LeftPosteriorOblique,
        LeftPosteriorOblique => RightAnteriorOblique,
        _ => return None,
    })
}

/// The frame of a series that shows the same as `frame` from the other side: same energy window,
/// phase and time slice, same size. One of the same acquisition is preferred.
pub fn conjugate_frame(series: &Series, frame: usize) -> Result<usize, NoConjugate> {
    let ours = series.frames.get(frame).ok_or(NoConjugate::NoOppositeView)?;
    let wanted = opposite(ours.view.view).ok_or(NoConjugate::NoOppositeView)?;
    let place = |a: &Address| Address { detector: 1, angular_view: 1, pause_ms: None, ..*a };
    let fits = |f: &Frame| {
        f.view.view == wanted && place(&f.address) == place(&ours.address) && same_grid(ours, f)
    };
    let mut fitting = (0..series.frames.len()).filter(|&i| fits(&series.frames[i]));
    let together = fitting.clone().find(|&i| simultaneous(ours, &series.frames[i]));
    together.or_else(|| fitting.next()).ok_or(NoConjugate::NoOppositeView)
}

/// Where a point of one view lies in the opposite one.
///
/// Two heads that face each other see every point of the patient in the same row and in mirrored
/// columns, whatever its depth: parallel holes. Views of one acquisition are therefore mirrored
/// by their columns, the way their lateralities say. Of views that were taken one after the other
/// only the patient is common, so the point keeps its distance from the midline on the patient's
/// own side, where both midlines can be trusted.
pub fn conjugate_point(
    from: ConjugateView<'_>,
    to: ConjugateView<'_>,
    point: Point<Pixel>,
) -> Result<Point<Pixel>, NoConjugate> {
    let (ours, theirs) = (from.frame, to.frame);
    let mirrored = mirrored(ours, theirs)?;
    let trusted = |line: Option<&Midline>| {
        line.filter(|line| line.quality() >= DOUBTFUL_MIDLINE).map(|l| l.curve.column_at(point.y))
    };
    let lines = trusted(from.midline).zip(trusted(to.midline));
    let column = match lines.filter(|_| !simultaneous(ours, theirs)) {
        Some((here, there)) if mirrored => there - (point.x - here),
        Some((here, there)) => there + (point.x - here),
        None if mirrored => ours.columns() as f64 - 1.0 - point.x,
        None => point.x,
    };
    let place = Point::new(column, point.y);
    let inside = |v: f64, size: usize| v >= -0.5 && v <= size as f64 - 0.5;
    match inside(place.x, theirs.columns()) && inside(place.y, theirs.rows()) {
        true => Ok(place),
        false => Err(NoConjugate::LeavesImage),
    }
}

/// An outline in the opposite view: mirrored with its centre on the conjugate of its own, so that
/// it keeps shape and area.
pub fn conjugate_outline(
    from: ConjugateView<'_>,
    to: ConjugateView<'_>,
    outline: &Outline,
) -> Result<Outline, NoConjugate> {
    let center = conjugate_point(from, to, outline.centroid())?;
    let across = if mirrored(from.frame, to.frame)? { -1.0 } else { 1.0 };
    let image = outline.rescaled(outline.centroid(), center, [across, 1.0]);
    match image.leaves(to.frame.columns(), to.frame.rows()) {
        true => Err(NoConjugate::LeavesImage),
        false => Ok(image),
    }
}

/// Taken at the same time by heads of one camera, as the frames of one object are.
fn simultaneous(a: &Frame, b: &Frame) -> bool {
    a.source.sop_instance == b.source.sop_instance
}

fn same_grid(a: &Frame, b: &Frame) -> bool {
    let near = |a: f64, b: f64| (a / b - 1.0).abs() < 1e-3;
    let (s, t) = (a.spacing_or_unit(), b.spacing_or_unit());
    (a.columns(), a.rows()) == (b.columns(), b.rows())
        && a.spacing.is_some() == b.spacing.is_some()
        && near(s.x(), t.x())
        && near(s.y(), t.y())
}

/// Whether columns run the other way in the other view.
fn mirrored(a: &Frame, b: &Frame) -> Result<bool, NoConjugate> {
    if opposite(a.view.view) != Some(b.view.view) {
        return Err(NoConjugate::NotOpposite);
    }
    if !same_grid(a, b) {
        return Err(NoConjugate::DifferentSize);
    }
    let sides = a.side_of_larger_columns().zip(b.side_of_larger_columns());
    sides.map(|(a, b)| a != b).ok_or(NoConjugate::SideUnknown)
}

#[cfg(test)]
mod tests {
    use ndarray::Array2;
    use proptest::prelude::*;

    use super::*;
    use crate::findings::MidlineOrigin;
    use crate::geometry::{Curve, Spacing};
    use crate::measure::fixture::{frame_of, study_of};
    use crate::study::{Laterality, Pixels, Values, ViewLabel, ViewSource};

    fn frame(view: ViewName, detector: u16, instance: &str) -> Frame {
        let pixels = Pixels::U16(Array2::zeros((100, 64)));
        let mut frame = frame_of(Values::counts(pixels), 2.0);
        frame.view = ViewLabel { view, source: ViewSource::ViewCode };
        frame.laterality = Laterality::from_view(view);
        frame.address.detector = detector;
        frame.source.sop_instance = instance.into();
        frame
    }

    fn pair() -> [Frame; 2] {
        [frame(ViewName::Anterior, 1, "1.1"), frame(ViewName::Posterior, 2, "1.1")]
    }

    fn bare(frame: &Frame) -> ConjugateView<'_> {
        ConjugateView { frame, midline: None }
    }

    fn line(column: f64) -> Midline {
        let curve = Curve::through([Point::new(column, 0.0), Point::new(column, 99.0)]).unwrap();
        Midline { curve, origin: MidlineOrigin::Edited }
    }

    #[test]
    fn heads_that_face_each_other_mirror_columns() {
        let [front, back] = pair();
        // The midlines of a patient who lies obliquely do not say where a ray goes.
        let (here, there) = (line(30.0), line(40.0));
        let (a, b) = (
            ConjugateView { frame: &front, midline: Some(&here) },
            ConjugateView { frame: &back, midline: Some(&there) },
        );
        let place = conjugate_point(a, b, Point::new(10.0, 20.0)).unwrap();
        assert_eq!(place, Point::new(53.0, 20.0));
        // Taken later, they do.
        let later = Frame { source: frame(ViewName::Posterior, 1, "1.2").source, ..back };
        let b = ConjugateView { frame: &later, midline: Some(&there) };
        let place = conjugate_point(a, b, Point::new(10.0, 20.0)).unwrap();
        assert_eq!(place, Point::new(60.0, 20.0));
        let doubtful = Midline { origin: MidlineOrigin::Fitted { quality: 0.3 }, ..there };
        let b = ConjugateView { frame: &later, midline: Some(&doubtful) };
        assert_eq!(conjugate_point(a, b, Point::new(10.0, 20.0)).unwrap().x, 53.0);
    }

    #[test]
    fn a_posterior_frame_stored_like_an_anterior_one_is_not_mirrored_twice() {
        let [front, mut back] = pair();
        back.laterality.larger_columns = front.laterality.larger_columns;
        let place = conjugate_point(bare(&front), bare(&back), Point::new(10.0, 20.0)).unwrap();
        assert_eq!(place, Point::new(10.0, 20.0));
    }

    #[test]
    fn says_why_there_is_none() {
        let [front, back] = pair();
        let at = |a: &Frame, b: &Frame| conjugate_point(bare(a), bare(b), Point::new(5.0, 5.0));
        assert_eq!(at(&front, &front), Err(NoConjugate::NotOpposite));
        let coarse = Frame { spacing: Spacing::new(4.0, 4.0), ..back.clone() };
        assert_eq!(at(&front, &coarse), Err(NoConjugate::DifferentSize));
        let unknown = Frame { laterality: Laterality::default(), ..back.clone() };
        assert_eq!(at(&front, &unknown), Err(NoConjugate::SideUnknown));
        let outside = conjugate_point(bare(&front), bare(&back), Point::new(-9.0, 5.0));
        assert_eq!(outside, Err(NoConjugate::LeavesImage));
        let edge = Outline::Rectangle { min: [-4.0, 2.0], max: [8.0, 9.0] };
        let leaves = conjugate_outline(bare(&front), bare(&back), &edge);
        assert_eq!(leaves, Err(NoConjugate::LeavesImage));
        let lateral = study_of(vec![frame(ViewName::LeftLateral, 1, "1"), front.clone()]);
        for i in [0, 1, 7] {
            let none = conjugate_frame(&lateral.series[0], i);
            assert_eq!(none, Err(NoConjugate::NoOppositeView));
        }
    }

    #[test]
    fn the_opposite_frame_has_the_same_window_and_time() {
        let mut frames: Vec<Frame> = pair().into_iter().chain(pair()).chain(pair()).collect();
        frames[2].address.energy_window = 2;
        frames[3].address.energy_window = 2;
        frames[4].address.time_slice = 2;
        frames[5].address.time_slice = 2;
        let study = study_of(frames);
        let found: Vec<_> = (0..6).map(|i| conjugate_frame(&study.series[0], i)).collect();
        assert_eq!(found, [Ok(1), Ok(0), Ok(3), Ok(2), Ok(5), Ok(4)]);
    }

    proptest! {
        #[test]
        fn twice_across_is_where_it_was(
            x in 12.0f64..50.0, y in 12.0f64..85.0, a in 1.0..9.0, b in 1.0..9.0,
            angle in 0.0..180.0, here in 28.0..36.0, there in 28.0..36.0, together: bool,
        ) {
            let [front, mut back] = pair();
            if !together {
                back.source.sop_instance = "1.2".into();
            }
            let (here, there) = (line(here), line(there));
            let front = ConjugateView { frame: &front, midline: Some(&here) };
            let back = ConjugateView { frame: &back, midline: Some(&there) };
            let ellipse = Outline::Ellipse { center: [x, y], radii: [a, b], angle_deg: angle };
            if let Ok(image) = conjugate_outline(front, back, &ellipse) {
                prop_assert!((image.area() - ellipse.area()).abs() < 1e-9);
                let again = conjugate_outline(back, front, &image).unwrap();
                prop_assert!((again.centroid() - ellipse.centroid()).length() < 1e-9);
                // What is inside stays inside.
                for (column, row) in ellipse.pixels(64, 100) {
                    let pixel = Point::new(column as f64, row as f64);
                    let offset = pixel - ellipse.centroid();
                    let mirrored = euclid::Vector2D::new(-0.999 * offset.x, 0.999 * offset.y);
                    prop_assert!(image.contains(image.centroid() + mirrored));
                }
            }
        }
    }
}
