//! Small studies for tests: a warm square that brightens, in frames of every kind.

use std::sync::Arc;

use chrono::NaiveDate;
use ndarray::Array2;

use crate::geometry::Spacing;
use crate::study::{
    Address, Frame, FrameSource, Laterality, Patient, Phi, Pixels, Series, SeriesKind, Study,
    Tracer, Values, ViewLabel, ViewName, ViewSource,
};
use crate::units::Seconds;

/// A square of `level` counts and more, on a ground of 1.
fn frame(size: [usize; 2], level: u16, view: ViewName, address: Address) -> Frame {
    let [columns, rows] = size;
    let inside = |at: usize, of: usize| at * 4 >= of && at * 4 < 3 * of;
    let pixels = Array2::from_shape_fn((rows, columns), |(row, column)| {
        match inside(row, rows) && inside(column, columns) {
            true => level + (column % 3) as u16,
            false => 1,
        }
    });
    Frame {
        values: Values::counts(Pixels::U16(pixels)),
        spacing: Spacing::new(2.0, 2.0),
        view: ViewLabel { view, source: ViewSource::ViewCode },
        laterality: Laterality::from_view(view),
        address,
        duration: Some(Seconds(300.0)),
        geometry: None,
        source: FrameSource {
            sop_class: "1.2.840.10008.5.1.4.1.1.20".into(),
            sop_instance: "1.2.3.4".into(),
            number: 1,
        },
    }
}

fn series(uid: &str, kind: SeriesKind, frames: Vec<Frame>) -> Series {
    Series {
        derived: None,
        uid: uid.into(),
        number: Some(1),
        modality: "NM".into(),
        kind,
        description: uid.to_owned(),
        acquired: None,
        tracer: Tracer::default(),
        manufacturer: String::new(),
        collimator: String::new(),
        scan_velocity: None,
        energy_windows: Vec::new(),
        frames,
        remarks: Vec::new(),
    }
}

/// Detectors outside, phases, then time inside, as a camera writes them. Frames last 2 s in the
/// first phase and 30 s in the others, and brighten.
pub fn dynamic(uid: &str, phases: &[u16], detectors: u16) -> Series {
    let mut frames = Vec::new();
    for detector in 1..=detectors {
        for (phase, count) in (1..).zip(phases) {
            for time_slice in 1..=*count {
                let address = Address { detector, phase, time_slice, ..Address::default() };
                let view = [ViewName::Anterior, ViewName::Posterior][usize::from(detector) - 1];
                let level = if phase == 1 { 10 + time_slice } else { 100 + 10 * time_slice };
                let mut frame = frame([32, 32], level, view, address);
                frame.duration = Some(Seconds(if phase == 1 { 2.0 } else { 30.0 }));
                frames.push(frame);
            }
        }
    }
    series(uid, SeriesKind::Dynamic, frames)
}

/// Spot views, each of another direction.
pub fn spots(uid: &str, count: usize) -> Series {
    let views = [
        ViewName::Anterior,
        ViewName::Posterior,
        ViewName::LeftLateral,
        ViewName::RightLateral,
        ViewName::LeftAnteriorOblique,
        ViewName::RightAnteriorOblique,
    ];
    let of = |i: usize| frame([32, 32], 40 + i as u16, views[i % 6], Address::default());
    series(uid, SeriesKind::Static, (0..count).map(of).collect())
}

/// A whole body from the front and from behind.
pub fn whole_body(uid: &str) -> Series {
    let of =
        |(detector, view)| frame([32, 128], 50, view, Address { detector, ..Address::default() });
    let frames = [(1, ViewName::Anterior), (2, ViewName::Posterior)].map(of);
    series(uid, SeriesKind::WholeBody, frames.into())
}

/// A study of the patient with this ID.
pub fn study(uid: &str, patient: &str, day: u32, series: Vec<Series>) -> Study {
    Study {
        uid: uid.into(),
        started: None,
        date: NaiveDate::from_ymd_opt(2026, 5, day),
        description: String::new(),
        accession: Phi::default(),
        institution: String::new(),
        referring_physician: Phi::default(),
        patient: Patient { id: Phi::new(patient.to_owned()), ..Patient::default() },
        series: series.into_iter().map(Arc::new).collect(),
        simulated: false,
    }
}
