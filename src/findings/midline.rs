//! The line between the patient's halves in one frame.

use serde::{Deserialize, Serialize};

use crate::geometry::{Curve, Pixel, Point, Side};
use crate::study::Laterality;

/// Where a midline came from.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MidlineOrigin {
    /// Estimated from the image. `quality` runs from 0 (do not trust) to 1.
    Fitted { quality: f64 },
    /// Set or corrected by the reader.
    Edited,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Midline {
    pub curve: Curve,
    pub origin: MidlineOrigin,
}

impl Midline {
    /// The patient's side of a point, from the frame's geometry and never from the screen.
    /// `None` where the file does not say which way the frame is turned.
    pub fn side_of(&self, point: Point<Pixel>, laterality: &Laterality) -> Option<Side> {
        let larger = laterality.larger_columns?;
        let beyond = point.x > self.curve.column_at(point.y);
        Some(if beyond { larger } else { larger.opposite() })
    }

    /// How far the reader may trust it: 1 for one that the reader set.
    pub fn quality(&self) -> f64 {
        match self.origin {
            MidlineOrigin::Fitted { quality } => quality,
            MidlineOrigin::Edited => 1.0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::study::ViewName;

    /// Stop-ship: the same patient side in both views, whatever the screen shows.
    #[test]
    fn sides_follow_the_patient_in_both_views() {
        let curve = Curve::through([Point::new(128.0, 0.0), Point::new(128.0, 1000.0)]).unwrap();
        let midline = Midline { curve, origin: MidlineOrigin::Edited };
        let at_small_columns = Point::new(60.0, 500.0);
        let side = |view| midline.side_of(at_small_columns, &Laterality::from_view(view));
        assert_eq!(side(ViewName::Anterior), Some(Side::Right));
        assert_eq!(side(ViewName::Posterior), Some(Side::Left));
        assert_eq!(side(ViewName::Unknown), None);
        assert_eq!(side(ViewName::LeftLateral), None);
    }
}
