//! Frame vectors and phases of a planar image that is written (PS3.3 C.8.4.8 and C.8.4.14).

use dicom_core::smallvec::SmallVec;
use dicom_core::value::PrimitiveValue;
use dicom_core::{DataElement, Tag, VR};
use dicom_dictionary_std::tags;
use dicom_object::InMemDicomObject;

use crate::study::{Address, Frame, Series, SeriesKind};

use super::write::{WriteError, numbers, sequence, text};

/// A vector, the attribute that says how far it counts, and a frame's place in it.
type Vector = (Tag, Option<Tag>, fn(&Address) -> u16);

const STATIC: [Vector; 2] = [
    (tags::ENERGY_WINDOW_VECTOR, Some(tags::NUMBER_OF_ENERGY_WINDOWS), |a| a.energy_window),
    (tags::DETECTOR_VECTOR, Some(tags::NUMBER_OF_DETECTORS), |a| a.detector),
];
const DYNAMIC: [Vector; 4] = [
    STATIC[0],
    STATIC[1],
    (tags::PHASE_VECTOR, Some(tags::NUMBER_OF_PHASES), |a| a.phase),
    // Each phase says how many it has.
    (tags::TIME_SLICE_VECTOR, None, |a| a.time_slice),
];

/// PS3.3 C.7.6.6 and C.8.4.8: the vectors of Table C.8-8 for the kind.
pub(super) fn nm_multi_frame(object: &mut InMemDicomObject, series: &Series) {
    let vectors: &[Vector] = match series.kind {
        SeriesKind::Dynamic => &DYNAMIC,
        _ => &STATIC,
    };
    let pointer = vectors.iter().map(|(vector, ..)| *vector);
    let pointer = PrimitiveValue::Tags(SmallVec::from_vec(pointer.collect()));
    object.put(DataElement::new(tags::FRAME_INCREMENT_POINTER, VR::AT, pointer));
    for (vector, number, place) in vectors {
        let values: Vec<u16> = series.frames.iter().map(|f| place(&f.address)).collect();
        let most = values.iter().copied().max().unwrap_or(1).max(1);
        numbers(object, *vector, &values);
        if let Some(number) = number {
            numbers(object, *number, &[most]);
        }
    }
}

/// PS3.3 C.8.4.14: one item for each phase, with no delay before it and no pause in it. Which
/// physiology a phase shows is not known here, so it has no description.
pub(super) fn nm_phase(object: &mut InMemDicomObject, series: &Series) -> Result<(), WriteError> {
    let phases = series.frames.iter().map(|f| f.address.phase).max().unwrap_or(1);
    let phase = |number: u16| {
        let here = || series.frames.iter().filter(move |f| f.address.phase == number);
        let slices = here().map(|f| f.address.time_slice).max().unwrap_or(0);
        let duration = one_duration(here())?;
        if duration.is_empty() {
            return Err(WriteError::NoDurations);
        }
        let mut item = InMemDicomObject::new_empty();
        text(&mut item, tags::PHASE_DELAY, VR::IS, "0");
        text(&mut item, tags::ACTUAL_FRAME_DURATION, VR::IS, &duration);
        text(&mut item, tags::PAUSE_BETWEEN_FRAMES, VR::IS, "0");
        numbers(&mut item, tags::NUMBER_OF_FRAMES_IN_PHASE, &[slices]);
        Ok(item)
    };
    let items: Result<Vec<_>, WriteError> = (1..=phases).map(phase).collect();
    sequence(object, tags::PHASE_INFORMATION_SEQUENCE, items?);
    Ok(())
}

/// The duration that frames share, in whole milliseconds; empty where none is known.
pub(super) fn one_duration<'a>(
    mut frames: impl Iterator<Item = &'a Frame>,
) -> Result<String, WriteError> {
    let first = frames.next().and_then(|f| f.duration);
    if frames.any(|f| f.duration != first) {
        return Err(WriteError::MixedDurations);
    }
    Ok(first.map(|d| format!("{:.0}", d.milliseconds())).unwrap_or_default())
}
