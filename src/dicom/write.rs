//! Planar scans as DICOM files, and the modules every new instance needs.
//!
//! One series, whole body, static or dynamic, becomes one NM Image (PS3.3 A.5) in explicit little
//! endian. The bytes follow from the study alone: no clock, no machine name.

use chrono::NaiveDateTime;
use dicom_core::smallvec::SmallVec;
use dicom_core::value::{DataSetSequence, PrimitiveValue};
use dicom_core::{DataElement, Tag, VR};
use dicom_dictionary_std::{tags, uids};
use dicom_object::{FileMetaTableBuilder, InMemDicomObject};

use crate::geometry::Side;
use crate::study::{Frame, Rescale, Series, SeriesKind, Study, ViewName};

use super::vectors;

/// Why a series cannot become an NM Image.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    #[error("only whole-body, static and dynamic series can be written, and this one is neither")]
    NotPlanar,
    #[error("the series has no frames")]
    NoFrames,
    #[error("the frames differ in size or pixel spacing, and one NM image has only one of each")]
    MixedFrames,
    #[error("frames of one phase differ in duration, and an NM image has one duration for each")]
    MixedDurations,
    #[error("a dynamic NM image states how long its frames took, and that is not known here")]
    NoDurations,
    #[error("an NM image holds whole numbers from 0 to 65535 without rescaling")]
    NotCounts,
    #[error("the DICOM file could not be put together: {0}")]
    Encoding(String),
}

/// A whole-body, static or dynamic series as the bytes of one DICOM file (PS3.10, explicit little
/// endian). The frames keep their order, so that of a dynamic series must be by its vectors.
pub fn planar(study: &Study, series: &Series) -> Result<Vec<u8>, WriteError> {
    use SeriesKind::*;
    if !matches!(series.kind, WholeBody | Static | Dynamic) {
        return Err(WriteError::NotPlanar);
    }
    let first = series.frames.first().ok_or(WriteError::NoFrames)?;
    let alike = |f: &Frame| {
        (f.columns(), f.rows(), f.spacing) == (first.columns(), first.rows(), first.spacing)
    };
    if !series.frames.iter().all(alike) {
        return Err(WriteError::MixedFrames);
    }
    let pixels = stored_pixels(series)?;

    let mut object = InMemDicomObject::new_empty();
    sop_common(&mut object, uids::NUCLEAR_MEDICINE_IMAGE_STORAGE, &first.source.sop_instance);
    patient(&mut object, study);
    general_study(&mut object, study);
    general_series(&mut object, series);
    equipment(&mut object, study, &series.manufacturer);
    patient_orientation(&mut object, study);
    general_image(&mut object, study, series);
    image_pixel(&mut object, series, first, pixels);
    vectors::nm_multi_frame(&mut object, series);
    nm_image(&mut object, series)?;
    nm_isotope(&mut object, series);
    nm_detector(&mut object, series);
    if series.kind == Dynamic {
        vectors::nm_phase(&mut object, series)?;
    }
    encode(object)
}

/// The pixels of all frames as stored, one after another.
fn stored_pixels(series: &Series) -> Result<Vec<u16>, WriteError> {
    let mut pixels = Vec::new();
    for frame in &series.frames {
        let mut whole = frame.values.rescale == Rescale::IDENTITY;
        frame.values.pixels.for_each(|v| {
            whole &= v.fract() == 0.0 && (0.0..=65535.0).contains(&v);
            pixels.push(v as u16);
        });
        if !whole {
            return Err(WriteError::NotCounts);
        }
    }
    Ok(pixels)
}

pub(super) fn encode(object: InMemDicomObject) -> Result<Vec<u8>, WriteError> {
    let failed = |e: &dyn std::fmt::Display| WriteError::Encoding(e.to_string());
    let meta = FileMetaTableBuilder::new().transfer_syntax(uids::EXPLICIT_VR_LITTLE_ENDIAN);
    let file = object.with_meta(meta).map_err(|e| failed(&e))?;
    let mut bytes = Vec::new();
    file.write_all(&mut bytes).map_err(|e| failed(&e))?;
    Ok(bytes)
}

/// PS3.3 C.12.1.
pub(super) fn sop_common(object: &mut InMemDicomObject, class: &str, instance: &str) {
    text(object, tags::SPECIFIC_CHARACTER_SET, VR::CS, "ISO_IR 192");
    text(object, tags::SOP_CLASS_UID, VR::UI, class);
    text(object, tags::SOP_INSTANCE_UID, VR::UI, instance);
}

/// PS3.3 C.7.1.1.
pub(super) fn patient(object: &mut InMemDicomObject, study: &Study) {
    let patient = &study.patient;
    text(object, tags::PATIENT_NAME, VR::PN, patient.name.reveal());
    text(object, tags::PATIENT_ID, VR::LO, patient.id.reveal());
    let born = patient.birth_date.reveal().map(|d| d.format("%Y%m%d").to_string());
    text(object, tags::PATIENT_BIRTH_DATE, VR::DA, &born.unwrap_or_default());
    text(object, tags::PATIENT_SEX, VR::CS, &patient.sex);
}

/// PS3.3 C.7.2.1 and C.7.2.2.
pub(super) fn general_study(object: &mut InMemDicomObject, study: &Study) {
    text(object, tags::STUDY_INSTANCE_UID, VR::UI, &study.uid);
    let date = study.date.or(study.started.map(|s| s.date()));
    let date = date.map(|d| d.format("%Y%m%d").to_string()).unwrap_or_default();
    text(object, tags::STUDY_DATE, VR::DA, &date);
    text(object, tags::STUDY_TIME, VR::TM, &study.started.map(time).unwrap_or_default());
    text(object, tags::REFERRING_PHYSICIAN_NAME, VR::PN, study.referring_physician.reveal());
    text(object, tags::STUDY_ID, VR::SH, if study.simulated { "SIM" } else { "" });
    text(object, tags::ACCESSION_NUMBER, VR::SH, study.accession.reveal());
    stated(object, tags::STUDY_DESCRIPTION, VR::LO, &study.description);
    let patient = &study.patient;
    stated(object, tags::PATIENT_AGE, VR::AS, &patient.age);
    if let Some(height) = patient.height_m {
        decimal(object, tags::PATIENT_SIZE, &[height]);
    }
    if let Some(weight) = patient.weight_kg {
        decimal(object, tags::PATIENT_WEIGHT, &[weight]);
    }
}

/// PS3.3 C.7.5.1.
pub(super) fn equipment(object: &mut InMemDicomObject, study: &Study, manufacturer: &str) {
    text(object, tags::MANUFACTURER, VR::LO, manufacturer);
    stated(object, tags::INSTITUTION_NAME, VR::LO, &study.institution);
    if study.simulated {
        text(object, tags::MANUFACTURER_MODEL_NAME, VR::LO, "Bonescope phantom camera");
        text(object, tags::SOFTWARE_VERSIONS, VR::LO, env!("CARGO_PKG_VERSION"));
    }
}

/// PS3.3 C.7.3.1.
fn general_series(object: &mut InMemDicomObject, series: &Series) {
    text(object, tags::MODALITY, VR::CS, "NM");
    text(object, tags::SERIES_INSTANCE_UID, VR::UI, &series.uid);
    let number = series.number.map(|n| n.to_string()).unwrap_or_default();
    text(object, tags::SERIES_NUMBER, VR::IS, &number);
    if let Some(acquired) = series.acquired {
        text(object, tags::SERIES_DATE, VR::DA, &date(acquired));
        text(object, tags::SERIES_TIME, VR::TM, &time(acquired));
    }
    stated(object, tags::SERIES_DESCRIPTION, VR::LO, &series.description);
    match series.kind {
        // Not one of a pair, so no Laterality is asked for.
        SeriesKind::WholeBody => text(object, tags::BODY_PART_EXAMINED, VR::CS, "WHOLEBODY"),
        // A study does not keep the part, so it may be one of a pair, or both.
        _ => text(object, tags::LATERALITY, VR::CS, ""),
    }
}

/// PS3.3 C.8.4.6: codes of CID 19, 20 and 21, in place of Patient Position. A study does not keep
/// how the patient lay, but a phantom lies on its back, head first.
pub(super) fn patient_orientation(object: &mut InMemDicomObject, study: &Study) {
    let (mut lying, mut gantry) = (Vec::new(), Vec::new());
    if study.simulated {
        let mut recumbent = code("102538003", "SCT", "recumbent");
        let supine = code("40199007", "SCT", "supine");
        sequence(&mut recumbent, tags::PATIENT_ORIENTATION_MODIFIER_CODE_SEQUENCE, vec![supine]);
        lying.push(recumbent);
        gantry.push(code("102540008", "SCT", "headfirst"));
    }
    sequence(object, tags::PATIENT_ORIENTATION_CODE_SEQUENCE, lying);
    sequence(object, tags::PATIENT_GANTRY_RELATIONSHIP_CODE_SEQUENCE, gantry);
}

/// PS3.3 C.7.6.1.
fn general_image(object: &mut InMemDicomObject, study: &Study, series: &Series) {
    text(object, tags::INSTANCE_NUMBER, VR::IS, "1");
    text(object, tags::PATIENT_ORIENTATION, VR::CS, "");
    let when = series.acquired.or(study.started);
    if let Some(when) = when {
        for (tag, vr, value) in [
            (tags::CONTENT_DATE, VR::DA, date(when)),
            (tags::CONTENT_TIME, VR::TM, time(when)),
            (tags::ACQUISITION_DATE, VR::DA, date(when)),
            (tags::ACQUISITION_TIME, VR::TM, time(when)),
        ] {
            text(object, tag, vr, &value);
        }
    }
    text(object, tags::BURNED_IN_ANNOTATION, VR::CS, "NO");
    text(object, tags::LOSSY_IMAGE_COMPRESSION, VR::CS, "00");
    if study.simulated {
        text(object, tags::QUALITY_CONTROL_IMAGE, VR::CS, "YES");
        let comment = "SIMULATED: no patient was scanned. Not for clinical use.";
        text(object, tags::IMAGE_COMMENTS, VR::LT, comment);
    }
}

/// PS3.3 C.7.6.3, C.8.4.7 and C.11.2.
fn image_pixel(object: &mut InMemDicomObject, series: &Series, first: &Frame, pixels: Vec<u16>) {
    numbers(object, tags::SAMPLES_PER_PIXEL, &[1]);
    text(object, tags::PHOTOMETRIC_INTERPRETATION, VR::CS, "MONOCHROME2");
    numbers(object, tags::ROWS, &[first.rows() as u16]);
    numbers(object, tags::COLUMNS, &[first.columns() as u16]);
    numbers(object, tags::BITS_ALLOCATED, &[16]);
    numbers(object, tags::BITS_STORED, &[16]);
    numbers(object, tags::HIGH_BIT, &[15]);
    numbers(object, tags::PIXEL_REPRESENTATION, &[0]);
    let spacing = first.spacing.map(|s| vec![s.y(), s.x()]).unwrap_or_default();
    decimal(object, tags::PIXEL_SPACING, &spacing);
    text(object, tags::NUMBER_OF_FRAMES, VR::IS, &series.frames.len().to_string());
    let top = window_top(&pixels);
    decimal(object, tags::WINDOW_CENTER, &[0.5 * top]);
    decimal(object, tags::WINDOW_WIDTH, &[top]);
    let value = PrimitiveValue::U16(SmallVec::from_vec(pixels));
    object.put(DataElement::new(tags::PIXEL_DATA, VR::OW, value));
}

/// Above which one lit pixel in two hundred lies: a full bladder must not set the window.
fn window_top(pixels: &[u16]) -> f64 {
    let mut histogram = vec![0u64; 65536];
    pixels.iter().for_each(|&p| histogram[usize::from(p)] += 1);
    let lit: u64 = histogram[1..].iter().sum();
    let mut above = 0;
    for value in (1..65536).rev() {
        above += histogram[value];
        if above * 200 > lit {
            return value.max(2) as f64;
        }
    }
    2.0
}

/// PS3.3 C.8.4.9.
fn nm_image(object: &mut InMemDicomObject, series: &Series) -> Result<(), WriteError> {
    let kind = match series.kind {
        SeriesKind::WholeBody => "WHOLE BODY",
        SeriesKind::Dynamic => "DYNAMIC",
        _ => "STATIC",
    };
    texts(object, tags::IMAGE_TYPE, VR::CS, &["ORIGINAL", "PRIMARY", kind, "EMISSION"]);
    let mut counts = 0.0;
    series.frames.iter().for_each(|f| f.values.pixels.for_each(|v| counts += v));
    // Integer Strings end at 2³¹ − 1; the attribute may be empty.
    let counts = if counts < 2f64.powi(31) { format!("{counts:.0}") } else { String::new() };
    text(object, tags::COUNTS_ACCUMULATED, VR::IS, &counts);
    // Each phase of a dynamic series says its own.
    if series.kind != SeriesKind::Dynamic {
        let duration = vectors::one_duration(series.frames.iter())?;
        stated(object, tags::ACTUAL_FRAME_DURATION, VR::IS, &duration);
    }
    if series.kind == SeriesKind::WholeBody {
        text(object, tags::WHOLE_BODY_TECHNIQUE, VR::CS, "1PS");
        decimal(object, tags::SCAN_VELOCITY, series.scan_velocity.as_slice());
        // In one pass the duration is that of the whole way.
        let seconds = series.frames.first().and_then(|f| f.duration).map(|d| d.0);
        let length = series.scan_velocity.zip(seconds).map(|(v, s)| (v * s).round());
        let length = length.map(|l| format!("{l:.0}")).unwrap_or_default();
        text(object, tags::SCAN_LENGTH, VR::IS, &length);
    }
    Ok(())
}

/// PS3.3 C.8.4.10.
fn nm_isotope(object: &mut InMemDicomObject, series: &Series) {
    let windows = series.energy_windows.iter().map(|window| {
        let ranges = window.ranges_kev.iter().map(|[low, high]| {
            let mut range = InMemDicomObject::new_empty();
            decimal(&mut range, tags::ENERGY_WINDOW_LOWER_LIMIT, &[*low]);
            decimal(&mut range, tags::ENERGY_WINDOW_UPPER_LIMIT, &[*high]);
            range
        });
        let mut item = InMemDicomObject::new_empty();
        stated(&mut item, tags::ENERGY_WINDOW_NAME, VR::SH, &window.name);
        sequence(&mut item, tags::ENERGY_WINDOW_RANGE_SEQUENCE, ranges.collect());
        item
    });
    sequence(object, tags::ENERGY_WINDOW_INFORMATION_SEQUENCE, windows.collect());

    let tracer = &series.tracer;
    let mut item = InMemDicomObject::new_empty();
    stated(&mut item, tags::RADIOPHARMACEUTICAL, VR::LO, &tracer.agent);
    sequence(&mut item, tags::RADIONUCLIDE_CODE_SEQUENCE, radionuclide(&tracer.isotope));
    if let Some(at) = tracer.injected_at {
        text(&mut item, tags::RADIOPHARMACEUTICAL_START_TIME, VR::TM, &time(at));
    }
    if let Some(dose) = tracer.injected {
        // In MBq here, unlike in PET.
        decimal(&mut item, tags::RADIONUCLIDE_TOTAL_DOSE, &[dose.0]);
    }
    sequence(object, tags::RADIOPHARMACEUTICAL_INFORMATION_SEQUENCE, vec![item]);
}

/// CID 18, in its present (SNOMED CT) codes; empty for a nuclide it does not name.
fn radionuclide(isotope: &str) -> Vec<InMemDicomObject> {
    let known = match isotope {
        "Tc-99m" => ("72454006", "^99m^Technetium"),
        "F-18" => ("77004003", "^18^Fluorine"),
        _ => return Vec::new(),
    };
    vec![code(known.0, "SCT", known.1)]
}

/// PS3.3 C.8.4.11: one item for each detector, described by its first frame.
fn nm_detector(object: &mut InMemDicomObject, series: &Series) {
    let count = series.frames.iter().map(|f| f.address.detector).max().unwrap_or(1);
    let items = (1..=count).map(|number| {
        let mut item = InMemDicomObject::new_empty();
        stated(&mut item, tags::COLLIMATOR_GRID_NAME, VR::SH, &series.collimator);
        // Bones are imaged with parallel holes, but only a known name proves it.
        let parallel = matches!(series.collimator.as_str(), "LEHR" | "LEGP" | "LEAP" | "LEUHR");
        let kind = if parallel { "PARA" } else { "" };
        text(&mut item, tags::COLLIMATOR_TYPE, VR::CS, kind);
        text(&mut item, tags::FOCAL_DISTANCE, VR::IS, if parallel { "0" } else { "" });
        let frame = series.frames.iter().find(|f| f.address.detector == number);
        let orientation = frame.and_then(direction_cosines).unwrap_or_default();
        decimal(&mut item, tags::IMAGE_ORIENTATION_PATIENT, &orientation);
        let position = frame.and_then(|f| f.geometry).map(|g| g.position.to_array().to_vec());
        decimal(&mut item, tags::IMAGE_POSITION_PATIENT, &position.unwrap_or_default());
        if let Some((code_value, meaning, angle)) = frame.and_then(|f| projection(f.view.view)) {
            let mut view = code(code_value, "SCT", meaning);
            sequence(&mut view, tags::VIEW_MODIFIER_CODE_SEQUENCE, Vec::new());
            sequence(&mut item, tags::VIEW_CODE_SEQUENCE, vec![view]);
            decimal(&mut item, tags::START_ANGLE, &[angle]);
        }
        item
    });
    sequence(object, tags::DETECTOR_INFORMATION_SEQUENCE, items.collect());
}

/// CID 26 and the detector's angle: 0° behind the back, 90° at the patient's left.
fn projection(view: ViewName) -> Option<(&'static str, &'static str, f64)> {
    use ViewName::*;
    Some(match view {
        Anterior => ("399321004", "Antero-posterior projection", 180.0),
        Posterior => ("399001007", "Postero-anterior projection", 0.0),
        LeftLateral => ("399118008", "left lateral", 90.0),
        RightLateral => ("399297009", "right lateral", 270.0),
        LeftAnteriorOblique => ("399074003", "left anterior oblique", 135.0),
        RightAnteriorOblique => ("399108003", "right anterior oblique", 225.0),
        LeftPosteriorOblique => ("399136008", "left posterior oblique", 45.0),
        RightPosteriorOblique => ("399075002", "right posterior oblique", 315.0),
        Axial | Coronal | Sagittal | Unknown => return None,
    })
}

/// Image Orientation (Patient) of a frontal projection, as far as its sides are known. Between two
/// axes a study does not keep how far a detector was turned.
fn direction_cosines(frame: &Frame) -> Option<Vec<f64>> {
    if !matches!(frame.view.view, ViewName::Anterior | ViewName::Posterior | ViewName::Unknown) {
        return None;
    }
    let across = match frame.laterality.larger_columns? {
        Side::Left => 1.0,
        Side::Right => -1.0,
    };
    let down = if frame.laterality.head_at_first_row? { -1.0 } else { 1.0 };
    Some(vec![across, 0.0, 0.0, 0.0, 0.0, down])
}

/// A code sequence item (PS3.3 8.8).
pub(super) fn code(value: &str, scheme: &str, meaning: &str) -> InMemDicomObject {
    let mut item = InMemDicomObject::new_empty();
    text(&mut item, tags::CODE_VALUE, VR::SH, value);
    text(&mut item, tags::CODING_SCHEME_DESIGNATOR, VR::SH, scheme);
    text(&mut item, tags::CODE_MEANING, VR::LO, meaning);
    item
}

/// Writes an attribute; an empty value is written as such (type 2).
pub(super) fn text(object: &mut InMemDicomObject, tag: Tag, vr: VR, value: &str) {
    match value.is_empty() {
        true => object.put(DataElement::empty(tag, vr)),
        false => object.put(DataElement::new(tag, vr, PrimitiveValue::from(value))),
    };
}

/// Writes an attribute only where there is a value (type 3).
pub(super) fn stated(object: &mut InMemDicomObject, tag: Tag, vr: VR, value: &str) {
    if !value.is_empty() {
        text(object, tag, vr, value);
    }
}

/// Several values of one attribute.
pub(super) fn texts(object: &mut InMemDicomObject, tag: Tag, vr: VR, values: &[&str]) {
    let values = values.iter().map(|v| (*v).to_owned()).collect();
    object.put(DataElement::new(tag, vr, PrimitiveValue::Strs(values)));
}

/// Decimal Strings, at most 16 characters each (PS3.5 6.2); empty without values.
pub(super) fn decimal(object: &mut InMemDicomObject, tag: Tag, values: &[f64]) {
    if values.is_empty() {
        object.put(DataElement::empty(tag, VR::DS));
        return;
    }
    let values: Vec<String> = values.iter().map(|&v| decimal_string(v)).collect();
    let values: Vec<&str> = values.iter().map(String::as_str).collect();
    texts(object, tag, VR::DS, &values);
}

/// The shortest notation that reads back as the same number, or the closest one that fits.
fn decimal_string(value: f64) -> String {
    let plain = format!("{value}");
    if plain.len() <= 16 {
        return plain;
    }
    let rounded = (0..=9).rev().map(|digits| format!("{value:.digits$e}"));
    rounded.into_iter().find(|s| s.len() <= 16).unwrap_or(plain)
}

/// Unsigned shorts.
pub(super) fn numbers(object: &mut InMemDicomObject, tag: Tag, values: &[u16]) {
    let values = PrimitiveValue::U16(SmallVec::from_slice(values));
    object.put(DataElement::new(tag, VR::US, values));
}

pub(super) fn sequence(object: &mut InMemDicomObject, tag: Tag, items: Vec<InMemDicomObject>) {
    object.put(DataElement::new(tag, VR::SQ, DataSetSequence::from(items)));
}

/// DA (PS3.5 6.2).
pub(super) fn date(when: NaiveDateTime) -> String {
    when.format("%Y%m%d").to_string()
}

/// TM, with a fraction only where there is one.
pub(super) fn time(when: NaiveDateTime) -> String {
    when.format("%H%M%S%.f").to_string()
}

#[cfg(test)]
mod tests {
    use std::process::Command;
    use std::sync::Arc;

    use chrono::NaiveDate;
    use ndarray::Array2;

    use super::*;
    use crate::geometry::Spacing;
    use crate::study::{
        Address, EnergyWindow, FrameSource, Laterality, Patient, Phi, Pixels, Tracer, Values,
        ViewLabel, ViewSource,
    };
    use crate::units::{Megabecquerels, Seconds};

    fn frame(number: u16, view: ViewName, pixels: Pixels) -> Frame {
        let across = if view == ViewName::Anterior { 1.0 } else { -1.0 };
        Frame {
            values: Values::counts(pixels),
            spacing: Spacing::new(2.4, 2.2),
            view: ViewLabel { view, source: ViewSource::ViewCode },
            laterality: Laterality::from_orientation([across, 0.0, 0.0], [0.0, 0.0, -1.0]),
            address: Address { detector: number, ..Address::default() },
            duration: Some(Seconds(972.0)),
            geometry: None,
            source: FrameSource {
                sop_class: uids::NUCLEAR_MEDICINE_IMAGE_STORAGE.into(),
                sop_instance: "2.25.3".into(),
                number: number.into(),
            },
        }
    }

    fn counts(seed: u16) -> Pixels {
        Pixels::U16(Array2::from_shape_fn((6, 4), |(r, c)| seed + (r * 40 + c) as u16))
    }

    fn study() -> Study {
        let day = NaiveDate::from_ymd_opt(2024, 3, 11).unwrap();
        let at = |hour| day.and_hms_opt(hour, 15, 0);
        let series = Series {
            uid: "2.25.2".into(),
            number: Some(1),
            modality: "NM".into(),
            kind: SeriesKind::WholeBody,
            description: "Whole body (SIMULATED)".into(),
            acquired: at(11),
            tracer: Tracer {
                agent: "Tc-99m MDP".into(),
                isotope: "Tc-99m".into(),
                injected: Some(Megabecquerels(600.0)),
                injected_at: at(8),
                half_life: Some(Seconds(21_624.1)),
            },
            manufacturer: "Bonescope".into(),
            collimator: "LEHR".into(),
            scan_velocity: Some(2.0),
            energy_windows: vec![EnergyWindow {
                name: "Tc-99m".into(),
                ranges_kev: vec![[126.45, 154.56]],
            }],
            frames: vec![
                frame(1, ViewName::Anterior, counts(3)),
                frame(2, ViewName::Posterior, counts(500)),
            ],
            remarks: Vec::new(),
            derived: None,
        };
        Study {
            uid: "2.25.1".into(),
            started: at(11),
            date: Some(day),
            description: "Bone scan (SIMULATED)".into(),
            accession: Phi::default(),
            institution: String::new(),
            referring_physician: Phi::default(),
            patient: Patient {
                name: Phi::new("Simulated^Prüfung".into()),
                id: Phi::new("SIM-TEST".into()),
                birth_date: Phi::new(NaiveDate::from_ymd_opt(1969, 1, 1)),
                sex: "F".into(),
                age: "055Y".into(),
                weight_kg: Some(72.0),
                height_m: Some(1.76),
            },
            series: vec![Arc::new(series)],
            simulated: true,
        }
    }

    fn written() -> Vec<u8> {
        let study = study();
        planar(&study, &study.series[0]).unwrap()
    }

    #[test]
    fn what_was_written_reads_back() {
        let bytes = written();
        let read = dicom_object::from_reader(&bytes[..]).unwrap();
        let pixels = read.element(tags::PIXEL_DATA).unwrap().to_multi_int::<u16>().unwrap();
        let study = study();
        let mut stored = Vec::new();
        let frames = &study.series[0].frames;
        frames.iter().for_each(|f| f.values.pixels.for_each(|v| stored.push(v as u16)));
        assert_eq!(pixels, stored);
        let string = |tag| read.element(tag).unwrap().to_str().unwrap().to_string();
        assert_eq!(string(tags::PATIENT_NAME), "Simulated^Prüfung");
        assert_eq!(string(tags::PIXEL_SPACING), "2.2\\2.4");
        assert_eq!(string(tags::QUALITY_CONTROL_IMAGE), "YES");
        assert_eq!(string(tags::SCAN_LENGTH), "1944");
        let detectors = read.element(tags::DETECTOR_INFORMATION_SEQUENCE).unwrap();
        let back = &detectors.items().unwrap()[1];
        let orientation = back.element(tags::IMAGE_ORIENTATION_PATIENT).unwrap();
        assert_eq!(orientation.to_multi_float64().unwrap(), [-1.0, 0.0, 0.0, 0.0, 0.0, -1.0]);
        assert_eq!(bytes, written());
    }

    #[test]
    fn what_nm_cannot_hold_is_refused() {
        let refused = |change: &dyn Fn(&mut Series)| {
            let study = study();
            let mut series = (*study.series[0]).clone();
            change(&mut series);
            planar(&study, &series).unwrap_err().to_string()
        };
        let put = |series: &mut Series, pixels: Pixels| {
            series.frames[0].values.pixels = Arc::new(pixels);
        };
        let negative = refused(&|s| put(s, Pixels::I16(Array2::from_elem((6, 4), -1))));
        assert_eq!(negative, WriteError::NotCounts.to_string());
        let other_size = refused(&|s| put(s, Pixels::U8(Array2::zeros((6, 5)))));
        assert_eq!(other_size, WriteError::MixedFrames.to_string());
        let empty = refused(&|s| s.frames.clear());
        assert_eq!(empty, WriteError::NoFrames.to_string());
        let volume = refused(&|s| s.kind = SeriesKind::Spect);
        assert_eq!(volume, WriteError::NotPlanar.to_string());
    }

    #[test]
    fn decimal_strings_fit() {
        assert_eq!(decimal_string(2.4), "2.4");
        assert_eq!(decimal_string(-1.0), "-1");
        for value in [1.0 / 3.0, -1e-300 / 3.0, 1e300 / 7.0, -123_456_789.123_456_78] {
            let written = decimal_string(value);
            assert!(written.len() <= 16, "{written}");
            assert!((written.parse::<f64>().unwrap() / value - 1.0).abs() < 1e-6);
        }
    }

    /// The independent validator of dicom3tools, where it is installed.
    #[test]
    fn dciodvfy_finds_no_error() {
        if Command::new("dciodvfy").arg("-version").output().is_err() {
            return;
        }
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("written.dcm");
        std::fs::write(&file, written()).unwrap();
        let output = Command::new("dciodvfy").arg(&file).output().unwrap();
        let said =
            String::from_utf8_lossy(&output.stderr) + String::from_utf8_lossy(&output.stdout);
        assert!(said.contains("NMImage"), "{said}");
        assert!(!said.contains("Error") && !said.contains("Warning"), "{said}");
    }
}
