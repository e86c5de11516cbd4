//! One frame: its stored pixels, what they mean, where it looks from.

use crate::geometry::{Patient, Side, Spacing};
use crate::units::Seconds;

use super::{Address, Laterality, LateralitySource, Uid, Values, ViewLabel, ViewName, ViewSource};

#[derive(Clone, Debug)]
pub struct Frame {
    pub values: Values,
    /// `None` where the file does not say; areas are then unknown.
    pub spacing: Option<Spacing>,
    pub view: ViewLabel,
    pub laterality: Laterality,
    pub address: Address,
    /// Actual Frame Duration: for a whole-body frame the elapsed scan time, not the dwell time of
    /// a pixel (PS3.3 C.8.4.9).
    pub duration: Option<Seconds>,
    /// Where a slice lies in the patient; `None` for projections.
    pub geometry: Option<FrameGeometry>,
    pub source: FrameSource,
}

impl Frame {
    pub fn columns(&self) -> usize {
        self.values.pixels.columns()
    }

    pub fn rows(&self) -> usize {
        self.values.pixels.rows()
    }

    /// The spacing, or square pixels of unit size where the file states none: for geometry only,
    /// never for areas.
    pub fn spacing_or_unit(&self) -> Spacing {
        self.spacing.unwrap_or(Spacing::UNIT)
    }

    /// Whether file or reader state from where the frame looks, and with it left and right.
    ///
    /// Labels, the order of frames and what the picture shows are guesses until the reader confirms
    /// them. So is a detector's start angle without orientation: 0°, posterior, is also what an
    /// attribute says that nobody filled in.
    pub fn view_stated(&self) -> bool {
        self.laterality.source == LateralitySource::Orientation
            || matches!(
                self.view.source,
                ViewSource::ViewCode | ViewSource::Orientation | ViewSource::Reader
            )
    }

    /// The same frame as the reader says it looks. A view that is merely confirmed keeps the sides
    /// the file states; another view has the sides of its convention. A body that lies head down
    /// for an unknown reason keeps unknown sides: its picture may be turned or mirrored.
    #[must_use]
    pub fn seen_from(&self, view: ViewName) -> Self {
        let mut frame = self.clone();
        if view != frame.view.view {
            let before = frame.laterality;
            let upside_down = before.head_at_first_row == Some(false)
                && before.source != LateralitySource::Orientation;
            frame.laterality = match upside_down {
                true => Laterality { larger_columns: None, ..before },
                false => Laterality {
                    head_at_first_row: before.head_at_first_row,
                    ..Laterality::from_view(view)
                },
            };
        }
        frame.view = ViewLabel { view, source: ViewSource::Reader };
        frame
    }

    /// The patient's side that lies at larger columns of the stored frame.
    pub fn side_of_larger_columns(&self) -> Option<Side> {
        self.laterality.larger_columns
    }
}

/// A slice's place: position of the centre of its first pixel, LPS mm, and direction cosines.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FrameGeometry {
    pub position: euclid::Point3D<f64, Patient>,
    /// Direction of increasing column.
    pub row_cosine: euclid::Vector3D<f64, Patient>,
    /// Direction of increasing row.
    pub column_cosine: euclid::Vector3D<f64, Patient>,
}

/// The object a frame came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FrameSource {
    pub sop_class: Uid,
    pub sop_instance: Uid,
    /// Counted from 1 within the instance, as DICOM's Referenced Frame Number does.
    pub number: u32,
}
