//! Where a frame looks from, which side of the patient is where in it, and how we know.

use serde::{Deserialize, Serialize};

use crate::geometry::Side;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ViewName {
    Anterior,
    Posterior,
    LeftLateral,
    RightLateral,
    LeftAnteriorOblique,
    RightAnteriorOblique,
    LeftPosteriorOblique,
    RightPosteriorOblique,
    Axial,
    Coronal,
    Sagittal,
    #[default]
    Unknown,
}

/// What told us the view, strongest first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum ViewSource {
    #[serde(rename = "view code")]
    ViewCode,
    #[serde(rename = "image orientation")]
    Orientation,
    #[serde(rename = "detector angle")]
    DetectorAngle,
    #[serde(rename = "series description")]
    Description,
    #[serde(rename = "frame order")]
    FrameOrder,
    #[serde(rename = "image content")]
    ImageContent,
    /// The person who reads the study said so.
    #[serde(rename = "the reader")]
    Reader,
    #[default]
    #[serde(rename = "unknown")]
    Unknown,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ViewLabel {
    pub view: ViewName,
    pub source: ViewSource,
}

/// What told us which side of the patient is where.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LateralitySource {
    /// Image Orientation (Patient).
    Orientation,
    /// The view, by the convention that a detector stores what it sees: anterior frames have the
    /// patient's right at small columns, posterior frames the left.
    View,
    #[default]
    Unknown,
}

/// Left and right in a stored frame, from patient geometry only.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Laterality {
    /// The patient's side at larger columns; `None` for lateral views and where nothing says.
    pub larger_columns: Option<Side>,
    /// Whether the head lies at small rows; `None` where nothing says.
    pub head_at_first_row: Option<bool>,
    pub source: LateralitySource,
}

impl Laterality {
    /// By Image Orientation (Patient), LPS: `row` is the direction of increasing columns,
    /// `column` that of increasing rows. A side is named only where the row runs more left–right
    /// than any other way.
    pub fn from_orientation(row: [f64; 3], column: [f64; 3]) -> Self {
        let dominant = |v: [f64; 3], axis: usize| {
            v[axis].abs() > v[(axis + 1) % 3].abs().max(v[(axis + 2) % 3].abs())
        };
        Self {
            larger_columns: dominant(row, 0).then_some(if row[0] > 0.0 {
                Side::Left
            } else {
                Side::Right
            }),
            head_at_first_row: dominant(column, 2).then_some(column[2] < 0.0),
            source: LateralitySource::Orientation,
        }
    }

    /// The same of a projection whose view is known. Where the row of an oblique one runs no more
    /// left–right than front–back, the view says that it has sides, and the row which is which.
    pub fn of_projection(row: [f64; 3], column: [f64; 3], view: ViewName) -> Self {
        let stated = Self::from_orientation(row, column);
        // 66° off: half-way from an oblique view of 45° to a lateral one.
        let across = row[0].abs() > 0.4 * row[0].hypot(row[1]);
        let sided = Self::from_view(view).larger_columns.is_some() && across;
        let side = if row[0] > 0.0 { Side::Left } else { Side::Right };
        Self { larger_columns: stated.larger_columns.or(sided.then_some(side)), ..stated }
    }

    /// By the convention for the named view.
    pub fn from_view(view: ViewName) -> Self {
        use ViewName::*;
        let larger_columns = match view {
            Anterior | LeftAnteriorOblique | RightAnteriorOblique => Some(Side::Left),
            Posterior | LeftPosteriorOblique | RightPosteriorOblique => Some(Side::Right),
            _ => None,
        };
        let source = match larger_columns {
            Some(_) => LateralitySource::View,
            None => LateralitySource::Unknown,
        };
        Self { larger_columns, head_at_first_row: None, source }
    }
}

impl ViewName {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Anterior => "anterior",
            Self::Posterior => "posterior",
            Self::LeftLateral => "left_lateral",
            Self::RightLateral => "right_lateral",
            Self::LeftAnteriorOblique => "left_anterior_oblique",
            Self::RightAnteriorOblique => "right_anterior_oblique",
            Self::LeftPosteriorOblique => "left_posterior_oblique",
            Self::RightPosteriorOblique => "right_posterior_oblique",
            Self::Axial => "axial",
            Self::Coronal => "coronal",
            Self::Sagittal => "sagittal",
            Self::Unknown => "unknown",
        }
    }
}

impl ViewSource {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ViewCode => "view code",
            Self::Orientation => "image orientation",
            Self::DetectorAngle => "detector angle",
            Self::Description => "series description",
            Self::FrameOrder => "frame order",
            Self::ImageContent => "image content",
            Self::Reader => "the reader",
            Self::Unknown => "unknown",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_two_conventions_agree() {
        let anterior = Laterality::from_orientation([1.0, 0.0, 0.0], [0.0, 0.0, -1.0]);
        assert_eq!(
            anterior.larger_columns,
            Laterality::from_view(ViewName::Anterior).larger_columns
        );
        let posterior = Laterality::from_orientation([-1.0, 0.0, 0.0], [0.0, 0.0, -1.0]);
        assert_eq!(
            posterior.larger_columns,
            Laterality::from_view(ViewName::Posterior).larger_columns
        );
        assert_eq!(posterior.head_at_first_row, Some(true));
    }

    #[test]
    fn an_oblique_view_of_45_degrees_keeps_its_sides() {
        use ViewName::*;
        let half = std::f64::consts::FRAC_1_SQRT_2;
        let down = [0.0, 0.0, -1.0];
        // The row of a camera that goes around the patient: from the front by the left to the back.
        let row = |degrees: f64| {
            let (sin, cos) = degrees.to_radians().sin_cos();
            [cos, sin, 0.0]
        };
        let of = |row, view| Laterality::of_projection(row, down, view).larger_columns;
        assert_eq!(Laterality::from_orientation([half, half, 0.0], down).larger_columns, None);
        assert_eq!(of([half, half, 0.0], LeftAnteriorOblique), Some(Side::Left));
        assert_eq!(of([half, -half, 0.0], RightAnteriorOblique), Some(Side::Left));
        assert_eq!(of([-half, half, 0.0], LeftPosteriorOblique), Some(Side::Right));
        assert_eq!(of([-half, -half, 0.0], RightPosteriorOblique), Some(Side::Right));
        // Not quite 45°, as files round it; mirrored as stored, which the row says and no view.
        assert_eq!(of([half - 1e-5, half, 0.0], LeftAnteriorOblique), Some(Side::Left));
        assert_eq!(of(row(50.0), LeftAnteriorOblique), Some(Side::Left));
        assert_eq!(of([-0.7, -0.714, 0.0], LeftAnteriorOblique), Some(Side::Right));
        // Without a view that has sides, or all but lateral, there are none.
        assert_eq!(of([half, half, 0.0], LeftLateral), None);
        assert_eq!(of(row(80.0), LeftAnteriorOblique), None);
        assert_eq!(of(row(20.0), Unknown), Some(Side::Left));
    }

    #[test]
    fn a_lateral_view_has_no_left_and_right() {
        let lateral = Laterality::from_orientation([0.0, 1.0, 0.0], [0.0, 0.0, -1.0]);
        assert_eq!(lateral.larger_columns, None);
        assert_eq!(Laterality::from_view(ViewName::LeftLateral).larger_columns, None);
    }
}
