//! What is acquired: one pass over the whole body, or scans by a camera that stands still.

use serde::Deserialize;

use crate::study::{Address, SeriesKind, ViewName};

use super::camera::{Camera, Collimator};
use super::kinetics::STEP;
use super::section::Lattice;

/// The name of the one scan of the whole body.
pub const WHOLE_BODY: &str = "whole-body";

#[derive(Clone, Debug)]
pub enum Protocol {
    WholeBody(Camera),
    /// In the order they are made; one of them is the reference.
    Scans(Vec<Scan>),
}

/// One acquisition of a camera that stands still.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scan {
    /// Short: its file is called so.
    pub name: String,
    pub description: String,
    /// After the injection.
    pub start_s: f64,
    /// How long the one frame of a static scan takes.
    seconds: Option<f64>,
    /// The phases of a dynamic scan.
    #[serde(default)]
    phases: Vec<Phase>,
    /// What detector 1 sees, and detector 2 opposite it where there is one; of a frontal pair the
    /// first is the anterior one.
    pub views: Vec<ViewName>,
    pub field: Field,
    /// The case's counts are those of its first frame, and the findings' outlines are drawn on it.
    #[serde(default)]
    pub reference: bool,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Phase {
    frames: u16,
    seconds: f64,
}

/// The detectors' field of view.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Field {
    pub pixel_mm: f64,
    pub columns: usize,
    pub rows: usize,
    pub collimator: Collimator,
    /// Between collimator and the nearest skin.
    pub gap_mm: f64,
    /// Height of its middle in the upright body.
    pub centre_z_mm: f64,
}

/// When one frame was taken, by which detector, and its place in the frame vectors.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Exposed {
    pub address: Address,
    pub start_s: f64,
    pub seconds: f64,
}

impl Scan {
    pub fn kind(&self) -> SeriesKind {
        match self.seconds {
            Some(_) => SeriesKind::Static,
            None => SeriesKind::Dynamic,
        }
    }

    /// All frames in the order of a file: detector by detector, phase by phase.
    pub fn frames(&self) -> Vec<Exposed> {
        let mut frames = Vec::new();
        for detector in 1..=self.views.len() as u16 {
            let mut start_s = self.start_s;
            let lone = self.seconds.map(|seconds| Phase { frames: 1, seconds });
            for (i, phase) in lone.iter().chain(&self.phases).enumerate() {
                for slice in 1..=phase.frames {
                    let address = Address {
                        detector,
                        phase: i as u16 + 1,
                        time_slice: slice,
                        // Only a dynamic image has a place to say so.
                        pause_ms: self.seconds.is_none().then_some(0),
                        ..Address::default()
                    };
                    frames.push(Exposed { address, start_s, seconds: phase.seconds });
                    start_s += phase.seconds;
                }
            }
        }
        frames
    }

    /// When the last frame ends, s after the injection.
    pub fn end_s(&self) -> f64 {
        self.frames().last().map_or(self.start_s, |f| f.start_s + f.seconds)
    }

    /// How far the first detector stands from in front, degrees; positive to the patient's right,
    /// as an angle of PS3.3 C.8.4.11 less 180°. `None` for a view no such camera takes.
    pub fn turn_deg(&self) -> Option<f64> {
        use ViewName::*;
        let degrees = match self.views.first()? {
            Anterior => 0.0,
            RightAnteriorOblique => 45.0,
            RightLateral => 90.0,
            RightPosteriorOblique => 135.0,
            LeftAnteriorOblique => -45.0,
            LeftLateral => -90.0,
            LeftPosteriorOblique => -135.0,
            Posterior => 180.0,
            Axial | Coronal | Sagittal | Unknown => return None,
        };
        Some(degrees)
    }

    /// Whether a detector looks at the front or the back, where the body's mirror image is
    /// itself.
    pub fn frontal(&self) -> bool {
        self.turn_deg() == Some(0.0)
    }

    pub fn lattice(&self) -> Lattice {
        let Field { pixel_mm, columns, rows, centre_z_mm, .. } = self.field;
        match self.frontal() {
            true => Lattice::new(pixel_mm, columns, rows, centre_z_mm),
            false => Lattice::turned(pixel_mm, columns, rows, centre_z_mm),
        }
    }

    /// Whether such a scan can be made.
    pub fn sound(&self) -> bool {
        let on_a_step = |s: f64| (0.0..1e5).contains(&s) && (s / STEP).fract() == 0.0;
        let timed = |s: f64| on_a_step(s) && s > 0.0;
        let one_kind = self.seconds.is_some() == self.phases.is_empty();
        let frames: usize = self.phases.iter().map(|p| usize::from(p.frames)).sum();
        let named = !self.name.is_empty()
            && self.name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
        let Field { pixel_mm, columns, rows, gap_mm, centre_z_mm, .. } = self.field;
        let opposed = |first: ViewName, second: ViewName| {
            let of = |view| Self { views: vec![view], ..self.clone() }.turn_deg();
            of(first).zip(of(second)).is_some_and(|(a, b)| (a - b).abs() == 180.0)
        };
        let seen = match self.views[..] {
            [ViewName::Posterior, ..] => false,
            [_] => self.turn_deg().is_some(),
            [first, second] => opposed(first, second),
            _ => false,
        };
        named
            && seen
            && one_kind
            && frames <= 4096
            && on_a_step(self.start_s)
            && self.seconds.is_none_or(timed)
            && self.phases.iter().all(|p| timed(p.seconds) && p.frames > 0)
            && (1.5..=10.0).contains(&pixel_mm)
            && (16..=512).contains(&columns)
            && (16..=512).contains(&rows)
            && (0.0..=500.0).contains(&gap_mm)
            && (-500.0..=2500.0).contains(&centre_z_mm)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scan(recipe: &str) -> Scan {
        let field = "field = { pixel_mm = 3.2, columns = 128, rows = 128, collimator = \"LEHR\", \
                     gap_mm = 20.0, centre_z_mm = 30.0 }";
        let head = "name = \"flow\"\ndescription = \"Feet\"\nstart_s = 10.0\n";
        toml::from_str(&format!("{head}{recipe}\n{field}")).unwrap()
    }

    #[test]
    fn frames_follow_one_another_phase_by_phase() {
        let flow = scan(
            "phases = [{ frames = 3, seconds = 2.0 }, { frames = 2, seconds = 30.0 }]\n\
             views = [\"anterior\", \"posterior\"]",
        );
        assert!(flow.sound() && flow.kind() == SeriesKind::Dynamic);
        let frames = flow.frames();
        let starts: Vec<f64> = frames.iter().map(|f| f.start_s).collect();
        assert_eq!(starts, [10.0, 12.0, 14.0, 16.0, 46.0, 10.0, 12.0, 14.0, 16.0, 46.0]);
        let last = frames[9].address;
        assert_eq!((last.detector, last.phase, last.time_slice), (2, 2, 2));
        assert_eq!(flow.end_s(), 76.0);
    }

    #[test]
    fn impossible_scans_are_known() {
        let lone = "seconds = 300.0\nviews = ";
        assert!(scan(&format!("{lone}[\"left_anterior_oblique\"]")).sound());
        let pair = "[\"left_anterior_oblique\", \"right_posterior_oblique\"]";
        assert!(scan(&format!("{lone}{pair}")).sound());
        assert!(!scan(&format!("{lone}[\"anterior\", \"left_lateral\"]")).sound());
        assert!(!scan(&format!("{lone}[\"coronal\"]")).sound());
        assert!(!scan("views = [\"anterior\"]").sound());
        assert!(!scan("seconds = 0.3\nviews = [\"anterior\"]").sound());
    }
}
