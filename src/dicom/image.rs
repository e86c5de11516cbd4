//! One file: its facts, and its frames with or without their pixels.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::PathBuf;
use std::sync::Arc;

use dicom_dictionary_std::{tags, uids};
use ndarray::Array2;

use crate::study::{
    Frame, FrameSource, Laterality, Patient, Phi, Pixels, Rescale, Series, SeriesKind, Study,
    Tracer, Uid, Unit, ValueSummary, Values, ViewLabel, ViewName, ViewSource,
};
use crate::units::Seconds;

use super::Keep;
use super::class;
use super::codestream::Coding;
use super::color;
use super::content::Seen;
use super::dataset::DataSet;
use super::fault::{Fault, name};
use super::gate::{self, Checked};
use super::layout::{self, Described};
use super::nm::{self, FrameFacts};
use super::pixels::Image;
use super::slices;
use super::source::Source;
use super::tracer::tracer;
use super::units;

/// The frame vectors of NM count to 65535 each; no real image reaches this.
const MOST_FRAMES: usize = 100_000;

/// What one file contributes to a series.
pub(super) struct Part {
    pub path: PathBuf,
    /// The study's facts as this file states them; no series.
    pub study: Study,
    /// The series' facts as this file states them. Frames have empty pixels unless they were kept.
    pub series: Series,
    pub columns: usize,
    pub rows: usize,
    pub values: Vec<Option<ValueSummary>>,
    /// What the pictures of planar frames show that their file does not place.
    pub seen: Vec<Option<Seen>>,
    pub sop_instance: Uid,
    pub instance_number: Option<i64>,
    pub frame_of_reference: String,
    /// Differs where the pictures differ.
    pub digest: u64,
}

/// Reads one file. Its pixels stay in memory as `keep` says; otherwise each frame is summed up and
/// dropped.
pub(super) fn read(source: Source, path: PathBuf, keep: Keep<'_>) -> Result<Part, Fault> {
    let mut checked = gate::pass(source)?;
    if checked.header.has(tags::DIRECTORY_RECORD_SEQUENCE) {
        return Err(Fault::Directory);
    }
    let mut remarks = std::mem::take(&mut checked.remarks);
    let class = checked.header.uid(tags::SOP_CLASS_UID).or_else(|| {
        remarks.push(format!("{} is missing.", name(tags::SOP_CLASS_UID)));
        checked.meta.uid(tags::MEDIA_STORAGE_SOP_CLASS_UID)
    });
    let class = class.unwrap_or_else(|| Arc::from(""));
    let described = match layout::describe(&checked.header, &mut remarks) {
        Ok(described) => Some(described),
        // An object that is no image is listed as what it is.
        Err(Fault::NoPixels) if class.is_empty() => return Err(Fault::NoClass),
        Err(Fault::NoPixels) if !class::is_image(&class) => None,
        Err(fault) => return Err(fault),
    };
    let mut part = facts(&checked.header, path, &class, &mut remarks);
    match described {
        None => {
            part.series.kind = SeriesKind::Other;
            part.series.remarks.push(format!("Not an image: {}.", class::name(&class)));
        }
        Some(Described::Colour(layout)) => {
            colour(&mut checked, layout, &mut part, &class, keep, &mut remarks)?;
        }
        Some(Described::Grey(layout)) => {
            (part.columns, part.rows) = (layout.columns, layout.rows);
            let image = Image::find(&mut checked, layout)?;
            remarks.append(&mut checked.remarks);
            grey(&mut checked, &image, &mut part, &class, keep, &mut remarks)?;
        }
    }
    part.series.remarks.splice(0..0, remarks);
    if let Keep::Inspected(inspect) = keep
        && part.series.kind.planar()
    {
        inspect(&part.series);
        part.series.frames.iter_mut().for_each(|frame| frame.values.pixels = no_pixels());
    }
    Ok(part)
}

/// What the file says of study, patient and series.
fn facts(header: &DataSet, path: PathBuf, class: &Uid, remarks: &mut Vec<String>) -> Part {
    let unnamed = |what: &str| -> Uid { Arc::from(format!("unnamed-{what}")) };
    let mut uid = |tag, what| {
        header.uid(tag).unwrap_or_else(|| {
            remarks.push(format!("{} is missing.", name(tag)));
            unnamed(what)
        })
    };
    let study_uid = uid(tags::STUDY_INSTANCE_UID, "study");
    let series_uid = uid(tags::SERIES_INSTANCE_UID, "series");
    let sop_instance = uid(tags::SOP_INSTANCE_UID, "instance");
    let acquired = header
        .moment(tags::ACQUISITION_DATE, tags::ACQUISITION_TIME)
        .or_else(|| header.datetime(tags::ACQUISITION_DATE_TIME))
        .or_else(|| header.moment(tags::SERIES_DATE, tags::SERIES_TIME));
    let id = header.text(tags::PATIENT_ID);
    let patient = Patient {
        name: Phi::new(header.text(tags::PATIENT_NAME)),
        birth_date: Phi::new(header.date(tags::PATIENT_BIRTH_DATE)),
        sex: header.code(tags::PATIENT_SEX),
        age: header.text(tags::PATIENT_AGE),
        weight_kg: header.weight_kg(remarks),
        height_m: header.height_m(remarks),
        id: Phi::new(id.clone()),
    };
    let study = Study {
        uid: study_uid,
        started: header.moment(tags::STUDY_DATE, tags::STUDY_TIME),
        date: header.date(tags::STUDY_DATE),
        description: header.text(tags::STUDY_DESCRIPTION),
        accession: Phi::new(header.text(tags::ACCESSION_NUMBER)),
        institution: header.text(tags::INSTITUTION_NAME),
        referring_physician: Phi::new(header.text(tags::REFERRING_PHYSICIAN_NAME)),
        patient,
        series: Vec::new(),
        simulated: id.starts_with("SIM-"),
    };
    let modality = header.code(tags::MODALITY);
    let scanned = header.texts(tags::IMAGE_TYPE).iter().any(|word| SCANS.contains(&word.as_str()));
    let kind = match kind_of(class, &modality, scanned) {
        kind if beside_the_volume(header, kind) => SeriesKind::Other,
        kind => kind,
    };
    let tracer = match kind {
        SeriesKind::Pet => tracer(header, true, acquired, remarks),
        SeriesKind::Static => tracer(header, false, acquired, remarks),
        _ => Tracer::default(),
    };
    let series = Series {
        uid: series_uid,
        number: header
            .whole(tags::SERIES_NUMBER)
            .ok()
            .flatten()
            .and_then(|n| i32::try_from(n).ok()),
        modality,
        kind,
        description: header.text(tags::SERIES_DESCRIPTION),
        acquired,
        tracer,
        manufacturer: header.text(tags::MANUFACTURER),
        collimator: String::new(),
        scan_velocity: None,
        energy_windows: Vec::new(),
        frames: Vec::new(),
        remarks: Vec::new(),
        derived: None,
    };
    Part {
        path,
        study,
        series,
        columns: 0,
        rows: 0,
        values: Vec::new(),
        seen: Vec::new(),
        sop_instance,
        instance_number: header.whole(tags::INSTANCE_NUMBER).ok().flatten(),
        frame_of_reference: header.text(tags::FRAME_OF_REFERENCE_UID),
        digest: 0,
    }
}

/// What an Image Type calls the ways in which nuclear medicine acquires (PS3.3 C.8.4.9.1).
const SCANS: [&str; 8] = [
    "STATIC",
    "DYNAMIC",
    "GATED",
    "WHOLE BODY",
    "TOMO",
    "GATED TOMO",
    "RECON TOMO",
    "RECON GATED TOMO",
];

/// The kind by SOP class, else by modality and whether the Image Type is that of a scan; `Static`
/// stands for all of NM until its header is read.
fn kind_of(class: &str, modality: &str, scanned: bool) -> SeriesKind {
    match class {
        uids::NUCLEAR_MEDICINE_IMAGE_STORAGE | "1.2.840.10008.5.1.4.1.1.5" => SeriesKind::Static,
        uids::POSITRON_EMISSION_TOMOGRAPHY_IMAGE_STORAGE
        | uids::ENHANCED_PET_IMAGE_STORAGE
        | uids::LEGACY_CONVERTED_ENHANCED_PET_IMAGE_STORAGE => SeriesKind::Pet,
        uids::CT_IMAGE_STORAGE
        | uids::ENHANCED_CT_IMAGE_STORAGE
        | uids::LEGACY_CONVERTED_ENHANCED_CT_IMAGE_STORAGE => SeriesKind::Ct,
        // A screen, whatever was on it: what a workstation sends back has no counts. Acquisitions
        // have been wrapped so, too, and say how they were acquired.
        uids::SECONDARY_CAPTURE_IMAGE_STORAGE
        | uids::MULTI_FRAME_SINGLE_BIT_SECONDARY_CAPTURE_IMAGE_STORAGE
        | uids::MULTI_FRAME_GRAYSCALE_BYTE_SECONDARY_CAPTURE_IMAGE_STORAGE
        | uids::MULTI_FRAME_GRAYSCALE_WORD_SECONDARY_CAPTURE_IMAGE_STORAGE
        | uids::MULTI_FRAME_TRUE_COLOR_SECONDARY_CAPTURE_IMAGE_STORAGE => match modality {
            "NM" if scanned => SeriesKind::Static,
            _ => SeriesKind::Other,
        },
        _ => match modality {
            "NM" => SeriesKind::Static,
            "PT" if class.is_empty() => SeriesKind::Pet,
            "CT" if class.is_empty() => SeriesKind::Ct,
            _ => SeriesKind::Other,
        },
    }
}

/// Pictures of a PET or CT series that are no slices of it: projections of the finished volume
/// (PS3.3 C.8.9.1.1.4) and the localizers that a CT was planned on (C.8.2.1.1.1).
fn beside_the_volume(header: &DataSet, kind: SeriesKind) -> bool {
    let (tag, word) = match kind {
        SeriesKind::Pet => (tags::SERIES_TYPE, "REPROJECTION"),
        SeriesKind::Ct => (tags::IMAGE_TYPE, "LOCALIZER"),
        _ => return false,
    };
    header.texts(tag).iter().any(|t| t == word)
}

/// Fills in the frames of an image in colour, which must at least hold a picture.
fn colour(
    checked: &mut Checked,
    layout: color::Layout,
    part: &mut Part,
    class: &Uid,
    keep: Keep<'_>,
    remarks: &mut Vec<String>,
) -> Result<(), Fault> {
    use super::dataset::Value;
    match checked.header.get(tags::PIXEL_DATA).map(|e| &e.value) {
        Some(Value::Elsewhere(span)) if span.length >= layout.frames as u64 => {}
        Some(Value::Fragments { fragments, .. }) if fragments.iter().any(|f| f.length > 0) => {}
        _ => return Err(Fault::NoPixels),
    }
    part.series.kind = SeriesKind::Other;
    (part.columns, part.rows) = (layout.columns, layout.rows);
    let count = layout.frames.min(MOST_FRAMES);
    part.values = vec![None; count];
    part.series.frames = (0..count).map(|i| blank(class, &part.sop_instance, i)).collect();
    let duration = frame_time(&checked.header, remarks);
    let (_, lossy) = Coding::of(&checked.transfer_syntax).unwrap_or((Coding::Native, false));
    let mut hasher = DefaultHasher::new();
    let frames = &mut part.series.frames;
    let stay = keep.while_reading(SeriesKind::Other);
    let shown = color::each_frame(checked, layout, |i, channels| {
        channels.iter().for_each(|c| c.for_each(|v| v.to_bits().hash(&mut hasher)));
        if let (true, Some(frame)) = (stay, frames.get_mut(i)) {
            frame.values.pixels = Arc::new(color::brightness(&channels));
            frame.values.colors = Some(channels);
            frame.values.lossy = lossy;
        }
    });
    // A picture that cannot be shown is still there.
    let shown = shown.unwrap_or_else(|fault| {
        remarks.push(format!("The picture cannot be read: {fault}."));
        false
    });
    part.digest = hasher.finish();
    for frame in &mut part.series.frames {
        frame.duration = duration;
        if !shown {
            (frame.values.pixels, frame.values.colors) = (no_pixels(), None);
        }
    }
    part.series.remarks.push(match shown {
        true => "A colour image: shown, not measured.".into(),
        false => "A colour image, that cannot be read: listed, not shown.".into(),
    });
    Ok(())
}

/// How long each frame of a captured cine is shown (PS3.3 C.7.6.5), where frames differ in time
/// alone.
fn frame_time(header: &DataSet, remarks: &mut Vec<String>) -> Option<Seconds> {
    let milliseconds = header.fact(tags::FRAME_TIME, remarks)?;
    (milliseconds > 0.0 && milliseconds.is_finite())
        .then(|| Seconds::from_milliseconds(milliseconds))
}

fn no_pixels() -> Arc<Pixels> {
    Arc::new(Pixels::U8(Array2::default((0, 0))))
}

fn blank(class: &Uid, instance: &Uid, frame: usize) -> Frame {
    Frame {
        values: Values {
            pixels: no_pixels(),
            rescale: Rescale::IDENTITY,
            unit: Unit::Unknown,
            lossy: false,
            processed: true,
            colors: None,
        },
        spacing: None,
        view: ViewLabel::default(),
        laterality: Laterality::default(),
        address: Default::default(),
        duration: None,
        geometry: None,
        source: FrameSource {
            sop_class: class.clone(),
            sop_instance: instance.clone(),
            number: frame as u32 + 1,
        },
    }
}

/// Fills in the frames of a single-channel image.
fn grey(
    checked: &mut Checked,
    image: &Image,
    part: &mut Part,
    class: &Uid,
    keep: Keep<'_>,
    remarks: &mut Vec<String>,
) -> Result<(), Fault> {
    let header = &checked.header;
    let count = image.layout.frames;
    let kind = part.series.kind;
    let nuclear = kind == SeriesKind::Static;
    if count > MOST_FRAMES {
        return Err(Fault::Malformed(tags::NUMBER_OF_FRAMES, "no scanner writes so many"));
    }
    let mut frame_facts = vec![FrameFacts::default(); count];
    let top_spacing = slices::spacing(header, remarks);
    if nuclear {
        let nm = nm::acquisition(header, count, remarks);
        part.series.kind = nm.kind;
        part.series.energy_windows = nm.windows;
        part.series.collimator = nm.collimator;
        part.series.scan_velocity = nm.scan_velocity;
        frame_facts = nm.frames;
        if top_spacing.is_none() && !header.has(tags::PIXEL_SPACING) {
            remarks.push("Pixel Spacing (0028,0030) is missing; areas are unknown.".into());
        }
    } else {
        tomographic(header, kind, &mut frame_facts, remarks);
        if kind == SeriesKind::Other {
            let duration = frame_time(header, remarks);
            frame_facts.iter_mut().for_each(|frame| frame.duration = duration);
        }
    }
    if part.series.kind.volume() {
        frame_facts.iter_mut().for_each(sliced);
    }
    if kind == SeriesKind::Other {
        part.series.remarks.push(match part.series.modality.as_str() {
            "" => format!("{}: listed, not measured.", class::name(class)),
            modality => format!("{} ({modality}): listed, not measured.", class::name(class)),
        });
    }
    if !matches!(
        (kind, part.series.modality.as_str()),
        (SeriesKind::Static, "NM") | (SeriesKind::Pet, "PT") | (SeriesKind::Ct, "CT")
    ) && kind != SeriesKind::Other
    {
        remarks.push(format!("{} does not go with the class of the image.", name(tags::MODALITY)));
    }
    if image.lossy {
        remarks.push("Compressed with loss: may be looked at, must not be measured.".into());
    }
    let meaning = units::Meaning::of(header, kind, remarks)?;
    let mut hasher = DefaultHasher::new();
    let mut stored_total = 0.0;
    let mut frames = Vec::with_capacity(count);
    let mut summaries = Vec::with_capacity(count);
    let mut seen = Vec::new();
    let spacings: Vec<_> = (0..count)
        .map(|i| match slices::functional(header, i, tags::PIXEL_MEASURES_SEQUENCE) {
            Some(measures) if top_spacing.is_none() => slices::spacing(measures, remarks),
            _ => top_spacing,
        })
        .collect();
    let rescales = (0..count).map(|i| meaning.rescale(header, i)).collect::<Result<Vec<_>, _>>()?;
    let (lossy, processed) = (image.lossy, units::processed(header, part.series.kind));
    let pixels_stay = keep.while_reading(part.series.kind);
    // What was acquired is numbers, whatever colours its maker likes; a captured screen is colours.
    let palette = (kind == SeriesKind::Other).then(|| color::Palette::of(header)).flatten();
    image.each_frame(&mut checked.source, |i, pixels| {
        let facts = &frame_facts[i];
        let values = Values {
            pixels: Arc::new(pixels),
            rescale: rescales[i],
            unit: meaning.unit.clone(),
            lossy,
            processed,
            colors: None,
        };
        let summary = ValueSummary::of(&values);
        if let Some(s) = summary {
            [s.sum, s.min, s.max].map(f64::to_bits).hash(&mut hasher);
        }
        if meaning.counts_said.is_some() {
            values.pixels.for_each(|v| stored_total += v);
        }
        summaries.push(summary);
        let look = nuclear && Seen::wanted(part.series.kind, facts.laterality);
        seen.push(if look { Seen::of(&values, spacings[i]) } else { None });
        let mut frame = blank(class, &part.sop_instance, i);
        frame.values = values;
        if !pixels_stay {
            frame.values.pixels = no_pixels();
        } else if let Some(palette) = &palette {
            frame.values.colors = Some(palette.paint(&frame.values.pixels));
        }
        frame.spacing = spacings[i];
        frame.view = facts.view;
        frame.laterality = facts.laterality;
        frame.address = facts.address;
        frame.duration = facts.duration;
        frame.geometry = facts.geometry;
        frames.push(frame);
        Ok(())
    })?;
    if nuclear {
        units::settle_counts(class, &meaning, stored_total, part.series.kind, &mut frames, remarks);
    }
    (part.columns as u64, part.rows as u64).hash(&mut hasher);
    format!("{:?}", frames.first().map(|f| f.geometry)).hash(&mut hasher);
    part.digest = hasher.finish();
    part.series.frames = frames;
    part.values = summaries;
    part.seen = seen;
    Ok(())
}

/// Place and duration of the slices of PET, CT and whatever else is placed in the patient.
fn tomographic(
    header: &DataSet,
    kind: SeriesKind,
    facts: &mut [FrameFacts],
    remarks: &mut Vec<String>,
) {
    let duration = match kind {
        SeriesKind::Pet => header.fact(tags::ACTUAL_FRAME_DURATION, remarks),
        _ => None,
    };
    let alone = facts.len() == 1;
    for (i, frame) in facts.iter_mut().enumerate() {
        frame.duration = duration.filter(|&ms| ms > 0.0).map(Seconds::from_milliseconds);
        let orientation = slices::functional(header, i, tags::PLANE_ORIENTATION_SEQUENCE);
        let position = slices::functional(header, i, tags::PLANE_POSITION_SEQUENCE);
        frame.geometry = match (orientation, position) {
            (Some(orientation), Some(position)) => slices::placed(orientation, position, remarks),
            _ if alone => slices::placed(header, header, remarks),
            _ => None,
        };
    }
}

/// Names the plane of a slice, and its sides, by its orientation.
fn sliced(facts: &mut FrameFacts) {
    let Some(geometry) = facts.geometry else { return };
    let normal = geometry.row_cosine.cross(geometry.column_cosine).abs();
    let view = if normal.z >= normal.x.max(normal.y) {
        ViewName::Axial
    } else if normal.y >= normal.x {
        ViewName::Coronal
    } else {
        ViewName::Sagittal
    };
    facts.view = ViewLabel { view, source: ViewSource::Orientation };
    facts.laterality = Laterality::from_orientation(
        geometry.row_cosine.to_array(),
        geometry.column_cosine.to_array(),
    );
}
