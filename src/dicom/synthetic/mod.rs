//! Test objects: real DICOM files, made in memory, whose every pixel is known beforehand.
//!
//! A display can be checked only against pictures that give away each mistake. Every frame here
//! has a level that says which energy window, detector, phase and slice it belongs to, a letter F
//! that no turn or mirror leaves alone, and edges that number its rows and columns (`pattern`).
//! `nuclear` writes them as NM images of each kind, `captured` as secondary captures.

mod captured;
mod nuclear;
mod pattern;

use std::path::PathBuf;

use chrono::{NaiveDate, NaiveDateTime};
use dicom_dictionary_std::tags;
use dicom_object::InMemDicomObject;
use uuid::Uuid;

use crate::study::{Address, Patient, Phi, Study};

use super::write::{self, WriteError};

pub use captured::{CAPTURE_FRAME_MS, CAPTURE_FRAMES, COLOR_SIZE, color_at};
pub use nuclear::{
    DYNAMIC_PHASES, GATED_INTERVALS, GATED_SLOTS, RECON_SLICES, RECON_STEP_MM, STATIC_VIEWS,
};
pub use pattern::{BLADDER, BLADDER_AT, Pattern, RIGHT_MARK};

/// One study of test objects.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Set {
    /// NM DYNAMIC: two energy windows, two detectors, two phases of different frame durations.
    Dynamic,
    /// NM WHOLE BODY of two detectors, 256 × 1024, with a bladder far hotter than the skeleton.
    WholeBody,
    /// NM STATIC: four detectors' views, each with its code.
    Static,
    /// NM GATED: two R-R intervals of three time slots.
    Gated,
    /// NM RECON TOMO, transverse, Spacing Between Slices above zero.
    ReconForwards,
    /// The same slices, stored from the other end with Spacing Between Slices below zero.
    ReconBackwards,
    /// Coronal slices stored from back to front: below zero again, another normal.
    ReconCoronal,
    /// A result screen in colour.
    Capture,
    /// A result cine in grey, with a Frame Time.
    CaptureCine,
    /// A result cine in colour.
    CaptureCineColor,
    /// NM STATIC with every stored value from 0 to 255 once.
    Ramp,
    /// The dynamic, the static views and the whole body as three series of one study.
    Several,
}

impl Set {
    pub const ALL: [Self; 12] = [
        Self::Dynamic,
        Self::WholeBody,
        Self::Static,
        Self::Gated,
        Self::ReconForwards,
        Self::ReconBackwards,
        Self::ReconCoronal,
        Self::Capture,
        Self::CaptureCine,
        Self::CaptureCineColor,
        Self::Ramp,
        Self::Several,
    ];

    /// What `Several` puts together.
    const PARTS: [Self; 3] = [Self::Dynamic, Self::Static, Self::WholeBody];

    /// As paths and JSON spell it: `recon_forwards`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Dynamic => "dynamic",
            Self::WholeBody => "whole_body",
            Self::Static => "static",
            Self::Gated => "gated",
            Self::ReconForwards => "recon_forwards",
            Self::ReconBackwards => "recon_backwards",
            Self::ReconCoronal => "recon_coronal",
            Self::Capture => "capture",
            Self::CaptureCine => "capture_cine",
            Self::CaptureCineColor => "capture_cine_color",
            Self::Ramp => "ramp",
            Self::Several => "several",
        }
    }

    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|set| set.name() == name)
    }

    /// Series Description of its image; of several, what none of them has.
    pub fn description(self) -> &'static str {
        match self {
            Self::Dynamic => "TEST 2 energies 2 heads",
            Self::WholeBody => "TEST whole body",
            Self::Static => "TEST four views",
            Self::Gated => "TEST gated",
            Self::ReconForwards => "TEST recon +",
            Self::ReconBackwards => "TEST recon -",
            Self::ReconCoronal => "TEST recon coronal",
            Self::Capture => "TEST result",
            Self::CaptureCine => "TEST result cine",
            Self::CaptureCineColor => "TEST colour cine",
            Self::Ramp => "TEST ramp",
            Self::Several => "",
        }
    }

    /// The set whose image has this Series Description.
    pub fn described(description: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|set| set.description() == description)
    }

    /// Its DICOM files: names for messages, and bytes. The same on every machine.
    ///
    /// # Errors
    /// Only where dicom-rs refuses to encode what is written here.
    pub fn files(self) -> Result<Vec<(PathBuf, Vec<u8>)>, WriteError> {
        let parts = match self {
            Self::Several => &Self::PARTS[..],
            _ => &[self],
        };
        let file = |part: &Self| {
            let mut object = part.object();
            if *part != self {
                // Other instances than those of the part alone: both may be open.
                for (tag, what) in [
                    (tags::STUDY_INSTANCE_UID, "study"),
                    (tags::SERIES_INSTANCE_UID, &*format!("{} series", part.name())),
                    (tags::SOP_INSTANCE_UID, &format!("{} image", part.name())),
                ] {
                    write::text(&mut object, tag, dicom_core::VR::UI, &uid(self, what));
                }
            }
            Ok((PathBuf::from(format!("{}.dcm", part.name())), write::encode(object)?))
        };
        parts.iter().map(file).collect()
    }

    fn object(self) -> InMemDicomObject {
        match self {
            Self::Dynamic => nuclear::dynamic(),
            Self::WholeBody => nuclear::whole_body(),
            Self::Static => nuclear::views(),
            Self::Gated => nuclear::gated(),
            Self::ReconForwards | Self::ReconBackwards | Self::ReconCoronal => nuclear::recon(self),
            Self::Capture => captured::screen(),
            Self::CaptureCine => captured::cine(),
            Self::CaptureCineColor => captured::color_cine(),
            Self::Ramp => nuclear::ramp(),
            Self::Several => InMemDicomObject::new_empty(),
        }
    }

    /// What a frame with this place in the vectors shows; `None` for colours and for places that
    /// the set does not have.
    pub fn pattern(self, address: &Address) -> Option<Pattern> {
        match self {
            Self::Dynamic => nuclear::dynamic_pattern(address),
            Self::WholeBody => nuclear::whole_body_pattern(address),
            Self::Static => nuclear::view_pattern(address),
            Self::Gated => nuclear::gated_pattern(address),
            Self::ReconForwards | Self::ReconBackwards | Self::ReconCoronal => {
                nuclear::slice_pattern(self, address)
            }
            Self::Ramp => Some(Pattern::Ramp),
            Self::Capture | Self::CaptureCine | Self::CaptureCineColor | Self::Several => None,
        }
    }

    /// What frame `frame`, counted from 0, of the grey result cine shows.
    pub fn captured(frame: usize) -> Option<Pattern> {
        captured::grey_pattern(frame)
    }

    /// The test patient's study, for the modules that every object begins with.
    fn study(self) -> Study {
        let day = NaiveDate::from_ymd_opt(2024, 3, 11);
        Study {
            uid: uid(self, "study").into(),
            started: began(),
            date: day,
            description: "NM display self-test".into(),
            accession: Phi::default(),
            institution: String::new(),
            referring_physician: Phi::default(),
            patient: Patient {
                // The prefix says everywhere that nobody was scanned.
                name: Phi::new("Self-test^Display".into()),
                id: Phi::new("SIM-SELF-TEST".into()),
                birth_date: Phi::default(),
                sex: "O".into(),
                age: String::new(),
                weight_kg: None,
                height_m: None,
            },
            series: Vec::new(),
            simulated: true,
        }
    }
}

fn began() -> Option<NaiveDateTime> {
    NaiveDate::from_ymd_opt(2024, 3, 11).and_then(|day| day.and_hms_opt(11, 15, 0))
}

/// PS3.5 B.2: `2.25.` and a UUID, here one that the names alone decide.
fn uid(set: Set, part: &str) -> String {
    let name = format!("bonescope self-test {} {part}", set.name());
    format!("2.25.{}", Uuid::new_v5(&Uuid::NAMESPACE_OID, name.as_bytes()).as_u128())
}

/// What all objects begin with: patient, study, series, equipment, image (PS3.3 C.7, C.12.1).
fn common(set: Set, class: &str, modality: &str) -> InMemDicomObject {
    use dicom_core::VR;
    let study = set.study();
    let mut object = InMemDicomObject::new_empty();
    write::sop_common(&mut object, class, &uid(set, "image"));
    write::patient(&mut object, &study);
    write::general_study(&mut object, &study);
    write::equipment(&mut object, &study, "Bonescope");
    let mut text = |tag, vr, value: &str| write::text(&mut object, tag, vr, value);
    text(tags::MODALITY, VR::CS, modality);
    text(tags::SERIES_INSTANCE_UID, VR::UI, &uid(set, "series"));
    text(tags::SERIES_NUMBER, VR::IS, "1");
    text(tags::SERIES_DESCRIPTION, VR::LO, set.description());
    text(tags::INSTANCE_NUMBER, VR::IS, "1");
    text(tags::PATIENT_ORIENTATION, VR::CS, "");
    text(tags::BURNED_IN_ANNOTATION, VR::CS, "NO");
    text(tags::LOSSY_IMAGE_COMPRESSION, VR::CS, "00");
    if let Some(when) = began() {
        text(tags::CONTENT_DATE, VR::DA, &write::date(when));
        text(tags::CONTENT_TIME, VR::TM, &write::time(when));
        text(tags::ACQUISITION_DATE, VR::DA, &write::date(when));
        text(tags::ACQUISITION_TIME, VR::TM, &write::time(when));
    }
    object
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::process::Command;

    use super::super::{NoProgress, open_memory};
    use super::*;
    use crate::study::SeriesKind;

    #[test]
    fn every_set_reads_back_as_its_patterns() {
        for set in Set::ALL {
            let loaded = open_memory(set.files().unwrap(), &NoProgress).unwrap();
            assert!(loaded.skipped.is_empty(), "{set:?}: {:?}", loaded.skipped);
            if set == Set::Several {
                let parts = loaded.value[0].series.iter().map(|s| Set::described(&s.description));
                let parts: Option<Vec<Set>> = parts.collect();
                assert!(Set::PARTS.iter().all(|part| parts.as_ref().unwrap().contains(part)));
                assert_eq!((loaded.value.len(), loaded.value[0].series.len()), (1, 3));
                continue;
            }
            let series = &loaded.value[0].series[0];
            assert_eq!(Set::described(&series.description), Some(set));
            let mut levels = BTreeSet::new();
            for (index, frame) in series.frames.iter().enumerate() {
                let pattern = match set {
                    Set::CaptureCine => Set::captured(index),
                    _ => set.pattern(&frame.address),
                };
                let Some(pattern) = pattern else {
                    assert_eq!(series.kind, SeriesKind::Other, "{set:?} frame {index}");
                    continue;
                };
                assert_eq!([frame.columns(), frame.rows()], pattern.size(), "{set:?}");
                for row in 0..frame.rows() {
                    for column in 0..frame.columns() {
                        let stored = frame.values.pixels.stored(column, row);
                        assert_eq!(stored, f64::from(pattern.value(column, row)), "{set:?}");
                    }
                }
                assert!(levels.insert(pattern.level()), "{set:?}: a level stands twice");
            }
        }
    }

    #[test]
    fn the_same_bytes_every_time() {
        for set in Set::ALL {
            assert_eq!(set.files().unwrap(), set.files().unwrap());
            assert_eq!(Set::named(set.name()), Some(set));
        }
    }

    /// The independent validator of dicom3tools, where it is installed.
    #[test]
    fn dciodvfy_finds_no_error_in_the_sets() {
        if Command::new("dciodvfy").arg("-version").output().is_err() {
            return;
        }
        let folder = tempfile::tempdir().unwrap();
        for set in Set::ALL {
            for (name, bytes) in set.files().unwrap() {
                let file = folder.path().join(name);
                std::fs::write(&file, bytes).unwrap();
                let output = Command::new("dciodvfy").arg(&file).output().unwrap();
                let said = String::from_utf8_lossy(&output.stderr)
                    + String::from_utf8_lossy(&output.stdout);
                assert!(!said.contains("Error"), "{set:?}: {said}");
            }
        }
    }
}
