//! The secondary captures among the test objects (PS3.3 A.8): what a workstation sends back as its
//! result, still and moving.

use dicom_core::smallvec::SmallVec;
use dicom_core::value::PrimitiveValue;
use dicom_core::{DataElement, Tag, VR};
use dicom_dictionary_std::{tags, uids};
use dicom_object::InMemDicomObject;

use super::super::write::{decimal, numbers, text, texts};
use super::{Pattern, Set, common};

/// Frames of each cine, and how long one is shown.
pub const CAPTURE_FRAMES: usize = 4;
pub const CAPTURE_FRAME_MS: f64 = 250.0;
/// Columns and rows of the captures in colour.
pub const COLOR_SIZE: [usize; 2] = [24, 16];

/// Red, green and blue of a colour capture: columns in red, rows in green, the frame in blue.
pub fn color_at(frame: usize, column: usize, row: usize) -> [u8; 3] {
    [10 * column as u8, 15 * row as u8, 40 * frame as u8 + 20]
}

pub(super) fn grey_pattern(frame: usize) -> Option<Pattern> {
    (frame < CAPTURE_FRAMES).then_some(Pattern::Marked { level: 30 + 40 * frame as u16 })
}

/// A still in colour: Secondary Capture Image.
pub(super) fn screen() -> InMemDicomObject {
    let mut object = base(Set::Capture, uids::SECONDARY_CAPTURE_IMAGE_STORAGE);
    pixels(&mut object, "RGB", COLOR_SIZE, colors(1));
    object
}

/// Multi-frame Grayscale Byte Secondary Capture Image.
pub(super) fn cine() -> InMemDicomObject {
    let class = uids::MULTI_FRAME_GRAYSCALE_BYTE_SECONDARY_CAPTURE_IMAGE_STORAGE;
    let mut object = base(Set::CaptureCine, class);
    let patterns: Vec<Pattern> = (0..CAPTURE_FRAMES).filter_map(grey_pattern).collect();
    let size = patterns.first().map_or([0, 0], |p| p.size());
    // No pattern that is captured goes beyond a byte.
    let values = patterns.iter().flat_map(|p| p.values()).map(|v| v as u8).collect();
    pixels(&mut object, "MONOCHROME2", size, values);
    // PS3.3 C.8.6.3 asks for the whole grey scale to be said.
    decimal(&mut object, tags::RESCALE_SLOPE, &[1.0]);
    decimal(&mut object, tags::RESCALE_INTERCEPT, &[0.0]);
    text(&mut object, tags::RESCALE_TYPE, VR::LO, "US");
    text(&mut object, tags::PRESENTATION_LUT_SHAPE, VR::CS, "IDENTITY");
    moving(&mut object);
    object
}

/// Multi-frame True Color Secondary Capture Image.
pub(super) fn color_cine() -> InMemDicomObject {
    let class = uids::MULTI_FRAME_TRUE_COLOR_SECONDARY_CAPTURE_IMAGE_STORAGE;
    let mut object = base(Set::CaptureCineColor, class);
    pixels(&mut object, "RGB", COLOR_SIZE, colors(CAPTURE_FRAMES));
    moving(&mut object);
    object
}

fn base(set: Set, class: &str) -> InMemDicomObject {
    let mut object = common(set, class, "NM");
    texts(&mut object, tags::IMAGE_TYPE, VR::CS, &["DERIVED", "SECONDARY"]);
    text(&mut object, tags::LATERALITY, VR::CS, "");
    text(&mut object, tags::CONVERSION_TYPE, VR::CS, "WSD");
    object
}

fn colors(frames: usize) -> Vec<u8> {
    let [columns, rows] = COLOR_SIZE;
    let line = |frame, row| (0..columns).flat_map(move |column| color_at(frame, column, row));
    (0..frames).flat_map(|frame| (0..rows).flat_map(move |row| line(frame, row))).collect()
}

fn pixels(object: &mut InMemDicomObject, photometric: &str, size: [usize; 2], values: Vec<u8>) {
    let color = photometric == "RGB";
    numbers(object, tags::SAMPLES_PER_PIXEL, &[if color { 3 } else { 1 }]);
    text(object, tags::PHOTOMETRIC_INTERPRETATION, VR::CS, photometric);
    if color {
        numbers(object, tags::PLANAR_CONFIGURATION, &[0]);
    }
    numbers(object, tags::ROWS, &[size[1] as u16]);
    numbers(object, tags::COLUMNS, &[size[0] as u16]);
    numbers(object, tags::BITS_ALLOCATED, &[8]);
    numbers(object, tags::BITS_STORED, &[8]);
    numbers(object, tags::HIGH_BIT, &[7]);
    numbers(object, tags::PIXEL_REPRESENTATION, &[0]);
    let value = PrimitiveValue::U8(SmallVec::from_vec(values));
    object.put(DataElement::new(tags::PIXEL_DATA, VR::OB, value));
}

/// PS3.3 C.7.6.5 and C.8.6.3: frames that follow each other in time.
fn moving(object: &mut InMemDicomObject) {
    text(object, tags::NUMBER_OF_FRAMES, VR::IS, &CAPTURE_FRAMES.to_string());
    let pointer: Vec<Tag> = vec![tags::FRAME_TIME];
    let pointer = PrimitiveValue::Tags(SmallVec::from_vec(pointer));
    object.put(DataElement::new(tags::FRAME_INCREMENT_POINTER, VR::AT, pointer));
    decimal(object, tags::FRAME_TIME, &[CAPTURE_FRAME_MS]);
}
