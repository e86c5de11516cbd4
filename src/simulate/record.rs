//! The study as a scanner would have stored it: patient, series, frames, and their names.

use std::sync::Arc;

use chrono::{Datelike, NaiveDateTime, TimeDelta};
use ndarray::Array2;
use uuid::Uuid;

use crate::geometry::Spacing;
use crate::study::{
    Address, EnergyWindow, Frame, FrameSource, Laterality, Patient, Phi, Pixels, Series,
    SeriesKind, Study, Tracer, Uid, Values, ViewLabel, ViewName, ViewSource, half_life_of,
};
use crate::units::{Megabecquerels, Seconds};

use super::camera::Collimator;
use super::case::Case;

/// PS3.4 B.5: Nuclear Medicine Image Storage.
const NM_IMAGE_STORAGE: &str = "1.2.840.10008.5.1.4.1.1.20";

/// What one acquisition was, for its series.
pub struct Made<'a> {
    /// `whole-body`, or a scan's own name.
    pub name: &'a str,
    pub kind: SeriesKind,
    pub description: String,
    /// After the injection.
    pub start_s: f64,
    pub collimator: Collimator,
    pub scan_velocity: Option<f64>,
    pub pixel_mm: f64,
}

/// One frame as counted.
pub struct Counted {
    pub counts: Array2<u16>,
    pub view: ViewName,
    pub address: Address,
    pub seconds: f64,
}

/// A series, the `number`th of its study.
pub fn series(case: &Case, number: usize, made: &Made<'_>, frames: Vec<Counted>) -> Series {
    // A whole-body scan was the only one once; its objects keep the names they had.
    let (series, instance) = match made.kind {
        SeriesKind::WholeBody => (uid(case, "series"), uid(case, "image")),
        _ => (
            uid(case, &format!("series/{}", made.name)),
            uid(case, &format!("image/{}", made.name)),
        ),
    };
    let frames = frames.into_iter().enumerate().map(|(i, frame)| Frame {
        values: Values::counts(Pixels::U16(frame.counts)),
        spacing: Spacing::new(made.pixel_mm, made.pixel_mm),
        view: ViewLabel { view: frame.view, source: ViewSource::ViewCode },
        laterality: laterality(frame.view),
        address: frame.address,
        duration: Some(Seconds(frame.seconds)),
        geometry: None,
        source: FrameSource {
            sop_class: NM_IMAGE_STORAGE.into(),
            sop_instance: instance.clone(),
            number: i as u32 + 1,
        },
    });
    let milliseconds = (made.start_s * 1000.0).round() as i64;
    Series {
        uid: series,
        number: i32::try_from(number).ok(),
        modality: "NM".into(),
        kind: made.kind,
        description: format!("{} (SIMULATED)", made.description),
        acquired: Some(case.tracer.injected_at + TimeDelta::milliseconds(milliseconds)),
        tracer: tracer(case),
        manufacturer: "Bonescope".into(),
        collimator: made.collimator.name().into(),
        scan_velocity: made.scan_velocity,
        // 140.5 keV, 20 % wide.
        energy_windows: vec![EnergyWindow {
            name: "Tc-99m".into(),
            ranges_kev: vec![[126.45, 154.56]],
        }],
        frames: frames.collect(),
        remarks: Vec::new(),
        derived: None,
    }
}

/// Frontal frames carry their orientation; an oblique detector lies between two axes, and its
/// sides are told by its view.
fn laterality(view: ViewName) -> Laterality {
    let frontal = |across: f64| Laterality::from_orientation([across, 0.0, 0.0], [0.0, 0.0, -1.0]);
    match view {
        ViewName::Anterior => frontal(1.0),
        ViewName::Posterior => frontal(-1.0),
        view => Laterality::from_view(view),
    }
}

fn tracer(case: &Case) -> Tracer {
    Tracer {
        agent: case.tracer.agent.clone(),
        isotope: case.tracer.isotope.clone(),
        injected: Some(Megabecquerels(case.tracer.injected_mbq)),
        injected_at: Some(case.tracer.injected_at),
        half_life: half_life_of(&case.tracer.isotope),
    }
}

/// The study that holds these series.
pub fn study(case: &Case, description: &str, series: Vec<Series>) -> Study {
    let started: Option<NaiveDateTime> = series.iter().filter_map(|s| s.acquired).min();
    let person = &case.patient;
    let injected = case.tracer.injected_at.date();
    let born = injected.with_ordinal(1).and_then(|d| d.with_year(d.year() - i32::from(person.age)));
    let id = person.id.as_deref().unwrap_or(&case.name).to_uppercase();
    Study {
        uid: uid(case, "study"),
        started,
        date: started.map(|s| s.date()),
        description: format!("{description} (SIMULATED)"),
        accession: Phi::new(String::new()),
        institution: String::new(),
        referring_physician: Phi::new(String::new()),
        patient: Patient {
            name: Phi::new(person.name.clone()),
            id: Phi::new(format!("SIM-{id}")),
            birth_date: Phi::new(born),
            sex: person.sex.clone(),
            age: format!("{:03}Y", person.age),
            weight_kg: Some(person.weight_kg),
            height_m: Some(person.height_m),
        },
        series: series.into_iter().map(Arc::new).collect(),
        simulated: true,
    }
}

/// A UID that only the case, its seed and its counts decide (PS3.5 B.2: `2.25.` and a UUID).
pub fn uid(case: &Case, object: &str) -> Uid {
    let name = format!("bonescope/simulate/{}/{}/{}/{object}", case.name, case.seed, case.counts);
    let uuid = Uuid::new_v5(&Uuid::NAMESPACE_OID, name.as_bytes());
    format!("2.25.{}", uuid.as_u128()).into()
}
