//! What rulers and angles measure.

use crate::findings::{Annotation, Drawn};
use crate::geometry::{Point, Spacing, Vector};
use crate::study::Frame;

/// The measure of an annotation.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Measured {
    Millimetres(f64),
    /// The file states no spacing.
    Pixels(f64),
    /// 0 to 180, in the patient's millimetres; between square pixels where the file states no
    /// spacing.
    Degrees(f64),
}

/// One annotation with its measure; texts and arrows have none.
#[derive(Clone, Debug, PartialEq)]
pub struct AnnotationRow {
    pub annotation: Annotation,
    pub measured: Option<Measured>,
}

impl AnnotationRow {
    pub fn new(annotation: &Annotation, frame: &Frame) -> Self {
        Self {
            annotation: annotation.clone(),
            measured: measured(&annotation.drawn, frame.spacing),
        }
    }
}

/// What a ruler or an angle measures on a frame of this spacing. `None` for what measures nothing,
/// and for an angle one of whose legs has no length.
fn measured(drawn: &Drawn, spacing: Option<Spacing>) -> Option<Measured> {
    let plane = spacing.unwrap_or(Spacing::UNIT).plane_from_pixel();
    let leg = |from: [f64; 2], to: [f64; 2]| -> Vector<_> {
        plane.transform_point(Point::from(to)) - plane.transform_point(Point::from(from))
    };
    match *drawn {
        Drawn::Text { .. } | Drawn::Arrow { .. } => None,
        Drawn::Ruler { from, to } => {
            let length = leg(from, to).length();
            Some(match spacing {
                Some(_) => Measured::Millimetres(length),
                None => Measured::Pixels(length),
            })
        }
        Drawn::Angle { from, corner, to } => {
            let (a, b) = (leg(corner, from), leg(corner, to));
            let angle = a.cross(b).atan2(a.dot(b)).abs().to_degrees();
            (a.length() > 0.0 && b.length() > 0.0).then_some(Measured::Degrees(angle))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rulers_and_angles_measure_the_patient_and_not_the_pixels() {
        let oblong = Spacing::new(2.0, 4.0);
        let ruler = Drawn::Ruler { from: [0.0, 0.0], to: [3.0, 2.0] };
        assert_eq!(measured(&ruler, oblong), Some(Measured::Millimetres(10.0)));
        let Some(Measured::Pixels(pixels)) = measured(&ruler, None) else { panic!() };
        assert!((pixels - 13f64.sqrt()).abs() < 1e-12);
        // Two pixels across are as long as one down.
        let angle = Drawn::Angle { from: [2.0, 0.0], corner: [0.0, 0.0], to: [2.0, 1.0] };
        let Some(Measured::Degrees(degrees)) = measured(&angle, oblong) else { panic!() };
        assert!((degrees - 45.0).abs() < 1e-12, "{degrees}");
        let nothing = Drawn::Angle { from: [1.0, 1.0], corner: [1.0, 1.0], to: [2.0, 1.0] };
        assert_eq!(measured(&nothing, oblong), None);
        assert_eq!(measured(&Drawn::Text { at: [0.0, 0.0] }, oblong), None);
    }
}
