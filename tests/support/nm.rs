//! Small NM images as files: dynamic and static, whose every pixel is known.

use std::path::{Path, PathBuf};

use dicom_core::value::{DataSetSequence, PrimitiveValue};
use dicom_core::{DataElement, Tag, VR};
use dicom_dictionary_std::{tags, uids};
use dicom_object::{FileMetaTableBuilder, InMemDicomObject};

const SIDE: u16 = 64;

/// One image of a study.
pub struct Image {
    pub study: &'static str,
    pub patient: &'static str,
    pub day: &'static str,
    pub series: &'static str,
    pub description: &'static str,
    pub time: &'static str,
    /// `DYNAMIC`, `STATIC` or `WHOLE BODY`.
    pub kind: &'static str,
    pub rows: u16,
    /// Frames of each phase, and how long one lasts in milliseconds. One phase for what is not
    /// dynamic.
    pub phases: Vec<(u16, u32)>,
    /// Anterior, and posterior where there are two.
    pub detectors: u16,
}

impl Default for Image {
    fn default() -> Self {
        Self {
            study: "1.2.826.0.1.3680043.10.1.1",
            patient: "LAYOUT-1",
            day: "20260501",
            series: "1",
            description: "Flow",
            time: "090000",
            kind: "DYNAMIC",
            rows: SIDE,
            phases: vec![(60, 2000), (12, 30_000)],
            detectors: 2,
        }
    }
}

fn put(object: &mut InMemDicomObject, tag: Tag, vr: VR, value: impl Into<PrimitiveValue>) {
    object.put(DataElement::new(tag, vr, value.into()));
}

fn sequence(items: Vec<InMemDicomObject>) -> DataSetSequence<InMemDicomObject> {
    DataSetSequence::from(items)
}

/// Counts: a warm body with a foot on either side, which brightens from frame to frame.
fn counts(image: &Image, detector: u16, phase: usize, time: u16) -> Vec<u16> {
    let rows = image.rows;
    let bright = 4 + time.min(40) + if phase > 0 { 60 } else { 0 };
    let mut pixels = Vec::with_capacity(usize::from(SIDE) * usize::from(rows));
    for row in 0..rows {
        for column in 0..SIDE {
            let x = (f64::from(column) + 0.5) / f64::from(SIDE) - 0.5;
            let y = (f64::from(row) + 0.5) / f64::from(rows) - 0.5;
            let foot = |at: f64| ((x - at) / 0.13).powi(2) + (y / 0.36).powi(2) < 1.0;
            let hot = ((x + 0.22) / 0.06).powi(2) + ((y - 0.1) / 0.1).powi(2) < 1.0;
            let level = u16::from(foot(-0.22) || foot(0.22)) * bright;
            let texture = (row * 7 + column * 3 + detector) % 3;
            pixels.push(level + level * u16::from(hot) + texture);
        }
    }
    pixels
}

impl Image {
    /// Writes the image into a folder; the file.
    pub fn write(&self, folder: &Path) -> PathBuf {
        let mut object = InMemDicomObject::new_empty();
        let o = &mut object;
        let text = |o: &mut InMemDicomObject, tag, vr, value: &str| put(o, tag, vr, value);
        let uid = format!("{}.{}", self.study, self.series);
        let instance = format!("{uid}.1");
        text(o, tags::SOP_CLASS_UID, VR::UI, uids::NUCLEAR_MEDICINE_IMAGE_STORAGE);
        text(o, tags::SOP_INSTANCE_UID, VR::UI, &instance);
        text(o, tags::STUDY_INSTANCE_UID, VR::UI, self.study);
        text(o, tags::SERIES_INSTANCE_UID, VR::UI, &uid);
        text(o, tags::STUDY_DATE, VR::DA, self.day);
        text(o, tags::STUDY_TIME, VR::TM, "085000");
        text(o, tags::SERIES_DATE, VR::DA, self.day);
        text(o, tags::ACQUISITION_DATE, VR::DA, self.day);
        text(o, tags::ACQUISITION_TIME, VR::TM, self.time);
        text(o, tags::SERIES_DESCRIPTION, VR::LO, self.description);
        text(o, tags::PATIENT_NAME, VR::PN, "Layout^Test");
        text(o, tags::PATIENT_ID, VR::LO, self.patient);
        text(o, tags::MODALITY, VR::CS, "NM");
        text(o, tags::SERIES_NUMBER, VR::IS, self.series);
        text(o, tags::IMAGE_TYPE, VR::CS, &format!("ORIGINAL\\PRIMARY\\{}\\EMISSION", self.kind));
        text(o, tags::PIXEL_SPACING, VR::DS, "4\\4");
        text(o, tags::PHOTOMETRIC_INTERPRETATION, VR::CS, "MONOCHROME2");
        put(o, tags::SAMPLES_PER_PIXEL, VR::US, 1_u16);
        put(o, tags::ROWS, VR::US, self.rows);
        put(o, tags::COLUMNS, VR::US, SIDE);
        put(o, tags::BITS_ALLOCATED, VR::US, 16_u16);
        put(o, tags::BITS_STORED, VR::US, 16_u16);
        put(o, tags::HIGH_BIT, VR::US, 15_u16);
        put(o, tags::PIXEL_REPRESENTATION, VR::US, 0_u16);

        let (mut detectors, mut phases, mut slices, mut pixels) =
            (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for detector in 1..=self.detectors {
            for (index, &(count, _)) in self.phases.iter().enumerate() {
                for time in 1..=count {
                    detectors.push(detector);
                    phases.push(index as u16 + 1);
                    slices.push(time);
                    pixels.extend(counts(self, detector, index, time));
                }
            }
        }
        let frames = detectors.len() as u16;
        text(o, tags::NUMBER_OF_FRAMES, VR::IS, &frames.to_string());
        let list = |values: Vec<u16>| PrimitiveValue::U16(values.into_iter().collect());
        let mut pointer = vec![tags::ENERGY_WINDOW_VECTOR, tags::DETECTOR_VECTOR];
        put(o, tags::ENERGY_WINDOW_VECTOR, VR::US, list(vec![1; detectors.len()]));
        put(o, tags::DETECTOR_VECTOR, VR::US, list(detectors));
        if self.kind == "DYNAMIC" {
            pointer.extend([tags::PHASE_VECTOR, tags::TIME_SLICE_VECTOR]);
            put(o, tags::PHASE_VECTOR, VR::US, list(phases));
            put(o, tags::TIME_SLICE_VECTOR, VR::US, list(slices));
            put(o, tags::NUMBER_OF_PHASES, VR::US, self.phases.len() as u16);
        } else {
            text(o, tags::ACTUAL_FRAME_DURATION, VR::IS, "300000");
        }
        put(o, tags::NUMBER_OF_DETECTORS, VR::US, self.detectors);
        put(o, tags::NUMBER_OF_ENERGY_WINDOWS, VR::US, 1_u16);
        let pointer = PrimitiveValue::Tags(pointer.into_iter().collect());
        put(o, tags::FRAME_INCREMENT_POINTER, VR::AT, pointer);
        let phase = |&(count, ms): &(u16, u32)| {
            let mut item = InMemDicomObject::new_empty();
            text(&mut item, tags::ACTUAL_FRAME_DURATION, VR::IS, &ms.to_string());
            put(&mut item, tags::NUMBER_OF_FRAMES_IN_PHASE, VR::US, count);
            item
        };
        let items = self.phases.iter().map(phase).collect();
        o.put(DataElement::new(tags::PHASE_INFORMATION_SEQUENCE, VR::SQ, sequence(items)));
        let view = |detector: u16| {
            let mut code = InMemDicomObject::new_empty();
            let (value, meaning) = if detector == 1 {
                ("399321004", "Antero-posterior projection")
            } else {
                ("399001007", "Postero-anterior projection")
            };
            text(&mut code, tags::CODE_VALUE, VR::SH, value);
            text(&mut code, tags::CODING_SCHEME_DESIGNATOR, VR::SH, "SCT");
            text(&mut code, tags::CODE_MEANING, VR::LO, meaning);
            let mut item = InMemDicomObject::new_empty();
            let codes = sequence(vec![code]);
            item.put(DataElement::new(tags::VIEW_CODE_SEQUENCE, VR::SQ, codes));
            item
        };
        let items = (1..=self.detectors).map(view).collect();
        o.put(DataElement::new(tags::DETECTOR_INFORMATION_SEQUENCE, VR::SQ, sequence(items)));
        put(o, tags::PIXEL_DATA, VR::OW, list(pixels));

        let meta = FileMetaTableBuilder::new().transfer_syntax(uids::EXPLICIT_VR_LITTLE_ENDIAN);
        let path = folder.join(format!("{instance}.dcm"));
        object.with_meta(meta).unwrap().write_to_file(&path).unwrap();
        path
    }
}
