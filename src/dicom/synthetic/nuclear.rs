//! The NM images among the test objects (PS3.3 A.5): one builder, and what each kind adds.

use dicom_core::smallvec::SmallVec;
use dicom_core::value::PrimitiveValue;
use dicom_core::{DataElement, Tag, VR};
use dicom_dictionary_std::{tags, uids};
use dicom_object::InMemDicomObject;

use crate::study::{Address, ViewName};

use super::super::write::{self, code, decimal, numbers, sequence, text, texts};
use super::{Pattern, Set, common};

/// Frames of each phase of the dynamic, for one energy window and detector, and their duration in
/// milliseconds.
pub const DYNAMIC_PHASES: [(u16, u32); 2] = [(3, 1_000), (2, 60_000)];
/// R-R intervals of the gated image, and time slots of each.
pub const GATED_INTERVALS: u16 = 2;
pub const GATED_SLOTS: u16 = 3;
/// Slices of each reconstruction, and their distance.
pub const RECON_SLICES: u16 = 5;
pub const RECON_STEP_MM: f64 = 4.5;
/// The views of the static image, one for each detector item, with their codes (CID 26).
pub const STATIC_VIEWS: [(ViewName, &str, &str); 4] = [
    (ViewName::Anterior, "399321004", "Antero-posterior projection"),
    (ViewName::Posterior, "399001007", "Postero-anterior projection"),
    (ViewName::LeftLateral, "399118008", "left lateral"),
    (ViewName::RightAnteriorOblique, "399108003", "right anterior oblique"),
];

const SPACING_MM: f64 = 4.0;
/// Where slice 1 of the forward reconstruction lies: what the others share its places with.
const FIRST_SLICE_MM: f64 = -9.0;

/// One frame vector, with the attribute that says how far it counts where there is one.
struct Vector {
    tag: Tag,
    number: Option<Tag>,
    values: Vec<u16>,
}

/// What the kinds differ in before they add modules of their own.
struct Nm {
    set: Set,
    kind: &'static str,
    windows: u16,
    detectors: u16,
    vectors: Vec<Vector>,
    patterns: Vec<Pattern>,
    duration_ms: Option<u32>,
}

impl Nm {
    /// `addresses` in the order of the file; a kind counts in `places`.
    fn new(set: Set, kind: &'static str, addresses: &[Address], places: &[Place]) -> Self {
        let vectors = places.iter().map(|place| {
            let values = addresses.iter().map(|a| (place.of)(a)).collect();
            Vector { tag: place.vector, number: place.number, values }
        });
        let most = |of: fn(&Address) -> u16| addresses.iter().map(of).max().unwrap_or(1);
        Self {
            set,
            kind,
            windows: most(|a| a.energy_window),
            detectors: most(|a| a.detector),
            vectors: vectors.collect(),
            // An address without a picture would be a slip of this file; its test counts frames.
            patterns: addresses.iter().filter_map(|a| set.pattern(a)).collect(),
            duration_ms: None,
        }
    }

    fn object(self) -> InMemDicomObject {
        let mut object = common(self.set, uids::NUCLEAR_MEDICINE_IMAGE_STORAGE, "NM");
        text(&mut object, tags::BODY_PART_EXAMINED, VR::CS, "WHOLEBODY");
        write::patient_orientation(&mut object, &self.set.study());
        self.pixels(&mut object);
        self.counting(&mut object);
        texts(
            &mut object,
            tags::IMAGE_TYPE,
            VR::CS,
            &["ORIGINAL", "PRIMARY", self.kind, "EMISSION"],
        );
        let counts: u64 = self.patterns.iter().flat_map(|p| p.values()).map(u64::from).sum();
        text(&mut object, tags::COUNTS_ACCUMULATED, VR::IS, &counts.to_string());
        if let Some(duration) = self.duration_ms {
            text(&mut object, tags::ACTUAL_FRAME_DURATION, VR::IS, &duration.to_string());
        }
        isotope(&mut object, self.windows);
        object
    }

    /// PS3.3 C.7.6.3 and C.8.4.7. No window: the display has to find one.
    fn pixels(&self, object: &mut InMemDicomObject) {
        let [columns, rows] = self.patterns.first().map_or([0, 0], |p| p.size());
        numbers(object, tags::SAMPLES_PER_PIXEL, &[1]);
        text(object, tags::PHOTOMETRIC_INTERPRETATION, VR::CS, "MONOCHROME2");
        numbers(object, tags::ROWS, &[rows as u16]);
        numbers(object, tags::COLUMNS, &[columns as u16]);
        numbers(object, tags::BITS_ALLOCATED, &[16]);
        numbers(object, tags::BITS_STORED, &[16]);
        numbers(object, tags::HIGH_BIT, &[15]);
        numbers(object, tags::PIXEL_REPRESENTATION, &[0]);
        decimal(object, tags::PIXEL_SPACING, &[SPACING_MM, SPACING_MM]);
        text(object, tags::NUMBER_OF_FRAMES, VR::IS, &self.patterns.len().to_string());
        let values: Vec<u16> = self.patterns.iter().flat_map(|p| p.values()).collect();
        let value = PrimitiveValue::U16(SmallVec::from_vec(values));
        object.put(DataElement::new(tags::PIXEL_DATA, VR::OW, value));
    }

    /// PS3.3 C.7.6.6 and C.8.4.8.
    fn counting(&self, object: &mut InMemDicomObject) {
        let pointer: Vec<Tag> = self.vectors.iter().map(|v| v.tag).collect();
        let pointer = PrimitiveValue::Tags(SmallVec::from_vec(pointer));
        object.put(DataElement::new(tags::FRAME_INCREMENT_POINTER, VR::AT, pointer));
        numbers(object, tags::NUMBER_OF_ENERGY_WINDOWS, &[self.windows]);
        numbers(object, tags::NUMBER_OF_DETECTORS, &[self.detectors]);
        for vector in &self.vectors {
            numbers(object, vector.tag, &vector.values);
            if let Some(number) = vector.number {
                let most = vector.values.iter().copied().max().unwrap_or(1);
                numbers(object, number, &[most]);
            }
        }
    }
}

struct Place {
    vector: Tag,
    number: Option<Tag>,
    of: fn(&Address) -> u16,
}

const ENERGY: Place = Place {
    vector: tags::ENERGY_WINDOW_VECTOR,
    number: Some(tags::NUMBER_OF_ENERGY_WINDOWS),
    of: |a| a.energy_window,
};
const DETECTOR: Place = Place {
    vector: tags::DETECTOR_VECTOR,
    number: Some(tags::NUMBER_OF_DETECTORS),
    of: |a| a.detector,
};
const PHASE: Place =
    Place { vector: tags::PHASE_VECTOR, number: Some(tags::NUMBER_OF_PHASES), of: |a| a.phase };
const TIME_SLICE: Place =
    Place { vector: tags::TIME_SLICE_VECTOR, number: None, of: |a| a.time_slice };
const INTERVAL: Place = Place {
    vector: tags::RR_INTERVAL_VECTOR,
    number: Some(tags::NUMBER_OF_RR_INTERVALS),
    of: |a| a.rr_interval,
};
const SLOT: Place = Place {
    vector: tags::TIME_SLOT_VECTOR,
    number: Some(tags::NUMBER_OF_TIME_SLOTS),
    of: |a| a.time_slot,
};
const SLICE: Place =
    Place { vector: tags::SLICE_VECTOR, number: Some(tags::NUMBER_OF_SLICES), of: |a| a.slice };

/// The last vector counts fastest.
pub(super) fn dynamic() -> InMemDicomObject {
    let mut addresses = Vec::new();
    for (energy_window, detector) in [(1, 1), (1, 2), (2, 1), (2, 2)] {
        for (phase, (frames, _)) in (1..).zip(DYNAMIC_PHASES) {
            addresses.extend((1..=frames).map(|time_slice| Address {
                energy_window,
                detector,
                phase,
                time_slice,
                ..Address::default()
            }));
        }
    }
    let places = [ENERGY, DETECTOR, PHASE, TIME_SLICE];
    let mut object = Nm::new(Set::Dynamic, "DYNAMIC", &addresses, &places).object();
    // PS3.3 C.8.4.14.
    let phases = DYNAMIC_PHASES.iter().map(|(frames, duration)| {
        let mut item = InMemDicomObject::new_empty();
        text(&mut item, tags::PHASE_DELAY, VR::IS, "0");
        text(&mut item, tags::ACTUAL_FRAME_DURATION, VR::IS, &duration.to_string());
        text(&mut item, tags::PAUSE_BETWEEN_FRAMES, VR::IS, "0");
        numbers(&mut item, tags::NUMBER_OF_FRAMES_IN_PHASE, &[*frames]);
        item
    });
    let phases = phases.collect();
    sequence(&mut object, tags::PHASE_INFORMATION_SEQUENCE, phases);
    detectors(&mut object, &STATIC_VIEWS[..2]);
    object
}

pub(super) fn dynamic_pattern(address: &Address) -> Option<Pattern> {
    let &Address { energy_window, detector, phase, time_slice, .. } = address;
    let (frames, _) = DYNAMIC_PHASES.get(usize::from(phase).checked_sub(1)?)?;
    let known = (1..=2).contains(&energy_window)
        && (1..=2).contains(&detector)
        && (1..=*frames).contains(&time_slice);
    let before: u16 = DYNAMIC_PHASES[..usize::from(phase) - 1].iter().map(|(n, _)| n).sum();
    let all: u16 = DYNAMIC_PHASES.iter().map(|(n, _)| n).sum();
    known.then(|| {
        let place = ((energy_window - 1) * 2 + detector - 1) * all + before + time_slice - 1;
        Pattern::Marked { level: 20 + 8 * place }
    })
}

pub(super) fn whole_body() -> InMemDicomObject {
    let addresses = [1, 2].map(|detector| Address { detector, ..Address::default() });
    let mut nm = Nm::new(Set::WholeBody, "WHOLE BODY", &addresses, &[ENERGY, DETECTOR]);
    nm.duration_ms = Some(960_000);
    let mut object = nm.object();
    text(&mut object, tags::WHOLE_BODY_TECHNIQUE, VR::CS, "1PS");
    decimal(&mut object, tags::SCAN_VELOCITY, &[2.5]);
    text(&mut object, tags::SCAN_LENGTH, VR::IS, "2400");
    detectors(&mut object, &STATIC_VIEWS[..2]);
    object
}

pub(super) fn whole_body_pattern(address: &Address) -> Option<Pattern> {
    match (address.energy_window, address.detector) {
        (1, 1) => Some(Pattern::Body { level: 60, posterior: false }),
        (1, 2) => Some(Pattern::Body { level: 90, posterior: true }),
        _ => None,
    }
}

pub(super) fn views() -> InMemDicomObject {
    let addresses = [1, 2, 3, 4].map(|detector| Address { detector, ..Address::default() });
    let mut nm = Nm::new(Set::Static, "STATIC", &addresses, &[ENERGY, DETECTOR]);
    nm.duration_ms = Some(300_000);
    let mut object = nm.object();
    detectors(&mut object, &STATIC_VIEWS);
    object
}

pub(super) fn view_pattern(address: &Address) -> Option<Pattern> {
    let known = (1..=STATIC_VIEWS.len() as u16).contains(&address.detector);
    known.then_some(Pattern::Marked { level: 30 + 40 * (address.detector - 1) })
}

pub(super) fn ramp() -> InMemDicomObject {
    let mut nm = Nm::new(Set::Ramp, "STATIC", &[Address::default()], &[ENERGY, DETECTOR]);
    nm.duration_ms = Some(60_000);
    let mut object = nm.object();
    detectors(&mut object, &STATIC_VIEWS[..1]);
    object
}

pub(super) fn gated() -> InMemDicomObject {
    let addresses: Vec<Address> = (1..=GATED_INTERVALS)
        .flat_map(|rr_interval| {
            (1..=GATED_SLOTS).map(move |time_slot| Address {
                rr_interval,
                time_slot,
                ..Address::default()
            })
        })
        .collect();
    let places = [ENERGY, DETECTOR, INTERVAL, SLOT];
    let mut object = Nm::new(Set::Gated, "GATED", &addresses, &places).object();
    // PS3.3 C.8.4.13: one item for each R-R interval.
    let intervals = (0..GATED_INTERVALS).map(|_| {
        let mut item = InMemDicomObject::new_empty();
        decimal(&mut item, tags::FRAME_TIME, &[300.0]);
        text(&mut item, tags::NOMINAL_INTERVAL, VR::IS, "900");
        item
    });
    let intervals = intervals.collect();
    let mut gate = InMemDicomObject::new_empty();
    sequence(&mut gate, tags::DATA_INFORMATION_SEQUENCE, intervals);
    sequence(&mut object, tags::GATED_INFORMATION_SEQUENCE, vec![gate]);
    detectors(&mut object, &STATIC_VIEWS[..1]);
    object
}

pub(super) fn gated_pattern(address: &Address) -> Option<Pattern> {
    let &Address { rr_interval, time_slot, .. } = address;
    let known =
        (1..=GATED_INTERVALS).contains(&rr_interval) && (1..=GATED_SLOTS).contains(&time_slot);
    known.then(|| Pattern::Marked {
        level: 25 + 30 * ((rr_interval - 1) * GATED_SLOTS + time_slot - 1),
    })
}

/// Slices of which the detector item places the first, and the signed spacing the others (PS3.3
/// C.8.4.11 and C.8.4.15).
pub(super) fn recon(set: Set) -> InMemDicomObject {
    let addresses: Vec<Address> =
        (1..=RECON_SLICES).map(|slice| Address { slice, ..Address::default() }).collect();
    let mut object = Nm::new(set, "RECON TOMO", &addresses, &[SLICE]).object();
    let last = FIRST_SLICE_MM + RECON_STEP_MM * f64::from(RECON_SLICES - 1);
    let transverse = [1.0, 0.0, 0.0, 0.0, 1.0, 0.0];
    let (orientation, position, step) = match set {
        Set::ReconBackwards => (transverse, [-64.0, -80.0, last], -RECON_STEP_MM),
        // Row × column points to the back here.
        Set::ReconCoronal => ([1.0, 0.0, 0.0, 0.0, 0.0, -1.0], [-64.0, last, 80.0], -RECON_STEP_MM),
        _ => (transverse, [-64.0, -80.0, FIRST_SLICE_MM], RECON_STEP_MM),
    };
    text(&mut object, tags::FRAME_OF_REFERENCE_UID, VR::UI, &super::uid(set, "reference"));
    text(&mut object, tags::POSITION_REFERENCE_INDICATOR, VR::LO, "");
    numbers(&mut object, tags::NUMBER_OF_ROTATIONS, &[1]);
    sequence(&mut object, tags::ROTATION_INFORMATION_SEQUENCE, Vec::new());
    decimal(&mut object, tags::SPACING_BETWEEN_SLICES, &[step]);
    decimal(&mut object, tags::SLICE_THICKNESS, &[RECON_STEP_MM]);
    let mut detector = detector();
    decimal(&mut detector, tags::IMAGE_ORIENTATION_PATIENT, &orientation);
    decimal(&mut detector, tags::IMAGE_POSITION_PATIENT, &position);
    sequence(&mut object, tags::DETECTOR_INFORMATION_SEQUENCE, vec![detector]);
    object
}

/// Levels count places in the patient, not slices in the file: upwards, or from front to back.
pub(super) fn slice_pattern(set: Set, address: &Address) -> Option<Pattern> {
    let slice = address.slice;
    if !(1..=RECON_SLICES).contains(&slice) {
        return None;
    }
    let place = match set {
        Set::ReconForwards => slice - 1,
        _ => RECON_SLICES - slice,
    };
    Some(Pattern::Marked { level: 40 + 35 * place })
}

impl Set {
    /// Where in the patient (LPS, mm) a slice with this picture lies: along z for the transverse
    /// reconstructions, along y for the coronal one. What the file's header has to lead to.
    pub fn slice_place_mm(pattern: Pattern) -> f64 {
        FIRST_SLICE_MM + RECON_STEP_MM * (f64::from(pattern.level()) - 40.0) / 35.0
    }
}

/// PS3.3 C.8.4.10: the photopeak of Tc-99m, and a window below it.
fn isotope(object: &mut InMemDicomObject, windows: u16) {
    let limits = [("Tc-99m", [126.45, 154.56]), ("Compton", [92.0, 125.0])];
    let items = limits.iter().take(usize::from(windows)).map(|(name, [low, high])| {
        let mut range = InMemDicomObject::new_empty();
        decimal(&mut range, tags::ENERGY_WINDOW_LOWER_LIMIT, &[*low]);
        decimal(&mut range, tags::ENERGY_WINDOW_UPPER_LIMIT, &[*high]);
        let mut item = InMemDicomObject::new_empty();
        text(&mut item, tags::ENERGY_WINDOW_NAME, VR::SH, name);
        sequence(&mut item, tags::ENERGY_WINDOW_RANGE_SEQUENCE, vec![range]);
        item
    });
    let items = items.collect();
    sequence(object, tags::ENERGY_WINDOW_INFORMATION_SEQUENCE, items);
    let mut item = InMemDicomObject::new_empty();
    text(&mut item, tags::RADIOPHARMACEUTICAL, VR::LO, "Tc-99m MDP");
    let nuclide = vec![code("72454006", "SCT", "^99m^Technetium")];
    sequence(&mut item, tags::RADIONUCLIDE_CODE_SEQUENCE, nuclide);
    text(&mut item, tags::RADIOPHARMACEUTICAL_START_TIME, VR::TM, "081500");
    decimal(&mut item, tags::RADIONUCLIDE_TOTAL_DOSE, &[600.0]);
    sequence(object, tags::RADIOPHARMACEUTICAL_INFORMATION_SEQUENCE, vec![item]);
}

/// PS3.3 C.8.4.11: one item for each view.
fn detectors(object: &mut InMemDicomObject, views: &[(ViewName, &str, &str)]) {
    let items = views.iter().map(|(_, value, meaning)| {
        let mut item = detector();
        decimal(&mut item, tags::IMAGE_ORIENTATION_PATIENT, &[]);
        decimal(&mut item, tags::IMAGE_POSITION_PATIENT, &[]);
        let mut view = code(value, "SCT", meaning);
        sequence(&mut view, tags::VIEW_MODIFIER_CODE_SEQUENCE, Vec::new());
        sequence(&mut item, tags::VIEW_CODE_SEQUENCE, vec![view]);
        item
    });
    let items = items.collect();
    sequence(object, tags::DETECTOR_INFORMATION_SEQUENCE, items);
}

fn detector() -> InMemDicomObject {
    let mut item = InMemDicomObject::new_empty();
    text(&mut item, tags::COLLIMATOR_GRID_NAME, VR::SH, "LEHR");
    text(&mut item, tags::COLLIMATOR_TYPE, VR::CS, "PARA");
    text(&mut item, tags::FOCAL_DISTANCE, VR::IS, "0");
    item
}
