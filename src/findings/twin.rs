//! The contralateral twin: derived from a region and the symmetry of its frame, never stored.

use crate::geometry::Outline;

use super::neighbours::neighbours;
use super::{Midline, Roi, Role, Symmetry, TwinChoice};

pub use super::neighbours::meet;

/// Where a region's twin lies, or why it has none.
#[derive(Clone, Debug, PartialEq)]
pub enum Twin {
    /// Follows the region and the symmetry.
    Auto(Outline),
    /// Where the reader put it.
    Placed(Outline),
    /// Of a region on the midline, which has no other side: the same outline above and below it,
    /// at least one of the two.
    Neighbours(Vec<Outline>),
    None(NoTwin),
}

/// What the outlines are that a region is compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TwinKind {
    /// On the other side; follows the region and the symmetry.
    Auto,
    /// Where the reader put it.
    Placed,
    /// Above and below along the midline, taken together.
    Neighbours,
}

impl TwinKind {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Placed => "placed",
            Self::Neighbours => "neighbours",
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoTwin {
    #[error("the reader wants none")]
    NotWanted,
    #[error("the region is not there to be compared")]
    NotCompared,
    #[error("the view has no midline")]
    NoMidline,
    #[error("the region touches the midline, and nothing beside it along the midline is free")]
    TouchesMidline,
    #[error("the twin would leave the image")]
    LeavesImage,
}

impl Twin {
    /// The one outline of a twin on the other side.
    pub fn outline(&self) -> Option<&Outline> {
        match self {
            Self::Auto(outline) | Self::Placed(outline) => Some(outline),
            Self::Neighbours(_) | Self::None(_) => None,
        }
    }
}

/// The twin of a region.
///
/// The outline is carried by the symmetry as a rigid body in millimetres, so shape and area are
/// kept however the midline bends and the limbs lie. A region on the midline has neighbours along
/// it that keep clear of `avoid`: what is no normal bone.
pub fn of(roi: &Roi, symmetry: Option<&Symmetry>, avoid: &[&Outline]) -> Twin {
    match &roi.twin {
        _ if roi.role != Role::Lesion => Twin::None(NoTwin::NotCompared),
        TwinChoice::None => Twin::None(NoTwin::NotWanted),
        TwinChoice::Placed(outline) => Twin::Placed(outline.clone()),
        TwinChoice::Auto => match symmetry {
            None => Twin::None(NoTwin::NoMidline),
            Some(symmetry) => match carried(&roi.outline, symmetry) {
                Ok(outline) => Twin::Auto(outline),
                Err(NoTwin::TouchesMidline) => match neighbours(&roi.outline, symmetry, avoid) {
                    none if none.is_empty() => Twin::None(NoTwin::TouchesMidline),
                    found => Twin::Neighbours(found),
                },
                Err(reason) => Twin::None(reason),
            },
        },
    }
}

/// The outline on the other side, whatever the region's own choice: also what a detached twin
/// starts from.
pub fn carried(outline: &Outline, symmetry: &Symmetry) -> Result<Outline, NoTwin> {
    if touches(outline, &symmetry.midline) {
        return Err(NoTwin::TouchesMidline);
    }
    let image = symmetry.motion_of(outline).reflect_outline(outline);
    if image.leaves(symmetry.size[0], symmetry.size[1]) {
        return Err(NoTwin::LeavesImage);
    }
    Ok(image)
}

/// Whether the midline runs through the outline or along its edge.
pub fn touches(outline: &Outline, midline: &Midline) -> bool {
    let offset = |p: crate::geometry::Point<_>| p.x - midline.curve.column_at(p.y);
    let edge = outline.polygon(0.5);
    let beyond = edge.iter().filter(|p| offset(**p) > 0.0).count();
    beyond != 0 && beyond != edge.len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::findings::{MidlineOrigin, RoiId};
    use crate::geometry::{Curve, Point, Spacing};
    use crate::study::FrameKey;

    fn symmetry(columns: usize) -> Symmetry {
        let curve = Curve::through([Point::new(120.0, 0.0), Point::new(140.0, 1000.0)]).unwrap();
        let midline = Midline { curve, origin: MidlineOrigin::Fitted { quality: 0.9 } };
        Symmetry { midline, warp: None, spacing: Spacing::UNIT, size: [columns, 1024] }
    }

    fn roi(center: [f64; 2]) -> Roi {
        Roi::new(
            RoiId(1),
            "L1",
            FrameKey { series: "1.2".into(), frame: 0 },
            Outline::Ellipse { center, radii: [6.0, 9.0], angle_deg: 30.0 },
        )
    }

    #[test]
    fn lies_on_the_other_side_with_the_same_area() {
        let lesion = roi([80.0, 500.0]);
        let twin = of(&lesion, Some(&symmetry(256)), &[]);
        let outline = twin.outline().expect("a twin");
        assert!((outline.centroid().x - 180.0).abs() < 0.2, "{:?}", outline.centroid());
        assert!((outline.area() - lesion.outline.area()).abs() < 1e-9);
    }

    #[test]
    fn says_why_there_is_none() {
        let symmetry = symmetry(230);
        let none = |center| of(&roi(center), Some(&symmetry), &[]);
        assert!(matches!(none([128.0, 500.0]), Twin::Neighbours(two) if two.len() == 2));
        let everything = Outline::Rectangle { min: [0.0, 0.0], max: [230.0, 1024.0] };
        let crowded = of(&roi([128.0, 500.0]), Some(&symmetry), &[&everything]);
        assert_eq!(crowded, Twin::None(NoTwin::TouchesMidline));
        assert_eq!(of(&roi([80.0, 500.0]), None, &[]), Twin::None(NoTwin::NoMidline));
        assert_eq!(none([5.0, 100.0]), Twin::None(NoTwin::LeavesImage));
    }
}
