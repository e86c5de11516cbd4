//! The phantom camera: two opposed detectors with parallel holes that pass over the patient.

use serde::Deserialize;

use super::section::Lattice;

#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Camera {
    pub pixel_mm: f64,
    pub columns: usize,
    pub rows: usize,
    pub collimator: Collimator,
    /// Between collimator and the nearest skin.
    pub gap_mm: f64,
    /// Of the table.
    pub velocity_mm_s: f64,
    pub scan_length_mm: f64,
}

/// A parallel-hole collimator and the crystal behind it, by the name a console shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub enum Collimator {
    /// Low energy, high resolution: holes 1.11 mm wide and 24 mm long, less what the septa let
    /// through.
    #[serde(rename = "LEHR")]
    Lehr,
}

impl Collimator {
    pub fn name(self) -> &'static str {
        match self {
            Self::Lehr => "LEHR",
        }
    }

    /// Full width at half maximum at a distance from the collimator's face (Anger 1964), mm: hole
    /// width, effective length and what lies behind it make the geometric part, the crystal the
    /// rest.
    pub fn resolution(self, distance: f64) -> f64 {
        let (hole, length, behind, intrinsic) = match self {
            Self::Lehr => (1.11, 23.3, 6.0, 3.8),
        };
        let geometric: f64 = hole * (length + distance + behind) / length;
        (intrinsic * intrinsic + geometric * geometric).sqrt()
    }
}

impl Camera {
    /// Whether such a camera can be built.
    pub fn sound(&self) -> bool {
        let within = |v: f64, low: f64, high: f64| v >= low && v <= high;
        within(self.pixel_mm, 1.5, 10.0)
            && (16..=1024).contains(&self.columns)
            && (16..=4096).contains(&self.rows)
            && within(self.gap_mm, 0.0, 500.0)
            && within(self.velocity_mm_s, 0.1, 100.0)
            && within(self.scan_length_mm, 1.0, 5000.0)
    }

    pub fn lattice(&self) -> Lattice {
        Lattice::new(self.pixel_mm, self.columns, self.rows, super::pose::CENTRE_Z)
    }
}

/// Which detector.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Detector {
    Anterior,
    Posterior,
}

pub const DETECTORS: [Detector; 2] = [Detector::Anterior, Detector::Posterior];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn resolution_falls_off_with_distance_as_published_for_lehr() {
        let lehr = Collimator::Lehr;
        assert!((lehr.resolution(100.0) - 7.2).abs() < 0.15);
        assert!((lehr.resolution(200.0) - 11.5).abs() < 0.15);
    }
}
