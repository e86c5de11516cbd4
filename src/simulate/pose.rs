//! How the patient lies: trunk bent sideways, then turned in the plane of the table, then moved.
//!
//! A pose moves nothing towards or away from the detectors, so it is a map of the coronal plane,
//! and its mirror image is exact: a point's twin is where the mirrored body has it.

use serde::Deserialize;

use super::arithmetic::sin_cos_deg;

/// About this height the patient is turned, and there the middle of the frame lies.
pub const CENTRE_Z: f64 = 876.0;

#[derive(Clone, Copy, Debug, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Pose {
    /// Positive leans the head towards the patient's left.
    pub tilt_deg: f64,
    /// Towards the patient's left, and towards the head.
    pub shift_mm: [f64; 2],
    pub bend: Option<Bend>,
}

/// A sideways bow of the body between two heights. Cross-sections stay at right angles to the
/// bowed midline, as those of a bent beam do.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bend {
    /// Greatest displacement, positive to the patient's left.
    pub amplitude_mm: f64,
    pub from_z_mm: f64,
    pub to_z_mm: f64,
}

impl Bend {
    /// The midline's displacement at a height, with its first and second derivative:
    /// `64 a t³ (1 − t)³`, which meets the straight parts smoothly.
    fn at(&self, z: f64) -> (f64, f64, f64) {
        let length = self.to_z_mm - self.from_z_mm;
        let t = (z - self.from_z_mm) / length;
        if !(0.0..=1.0).contains(&t) {
            return (0.0, 0.0, 0.0);
        }
        let (q, slope) = (t * (1.0 - t), 1.0 - 2.0 * t);
        let a = 64.0 * self.amplitude_mm;
        let first = 3.0 * q * q * slope / length;
        let second = (6.0 * q * slope * slope - 6.0 * q * q) / (length * length);
        (a * q * q * q, a * first, a * second)
    }
}

impl Pose {
    /// Whether the body survives it: no fold, no absurd displacement.
    pub fn sound(&self) -> bool {
        let straight = self.tilt_deg.abs() <= 45.0
            && self.shift_mm.iter().all(|s| s.is_finite() && s.abs() <= 500.0);
        // The sharpest curvature of the bow is 24 a / L²; arms lie 300 mm away from the midline.
        let bent = self.bend.is_none_or(|b| {
            let length = b.to_z_mm - b.from_z_mm;
            length > 0.0 && 24.0 * b.amplitude_mm.abs() * 300.0 < 0.9 * length * length
        });
        straight && bent
    }

    /// Where a body point lies on the table: `(x, z)`, LPS mm.
    pub fn patient_from_body(&self, x: f64, z: f64) -> (f64, f64) {
        let (x, z) = match &self.bend {
            None => (x, z),
            Some(bend) => {
                let (offset, slope, _) = bend.at(z);
                let norm = (1.0 + slope * slope).sqrt();
                (offset + x / norm, z - x * slope / norm)
            }
        };
        let (sin, cos) = sin_cos_deg(self.tilt_deg);
        let up = z - CENTRE_Z;
        (x * cos + up * sin + self.shift_mm[0], up * cos - x * sin + CENTRE_Z + self.shift_mm[1])
    }

    /// The body point that lies at `(x, z)` on the table.
    pub fn body_from_patient(&self, x: f64, z: f64) -> (f64, f64) {
        let (sin, cos) = sin_cos_deg(self.tilt_deg);
        let (dx, dz) = (x - self.shift_mm[0], z - self.shift_mm[1] - CENTRE_Z);
        let (x, z) = (dx * cos - dz * sin, dz * cos + dx * sin + CENTRE_Z);
        let Some(bend) = &self.bend else { return (x, z) };
        // The foot of the perpendicular on the bowed midline, by Newton's method; the number of
        // steps is fixed so that the digits are too.
        let mut foot = z;
        for _ in 0..12 {
            let (offset, slope, curvature) = bend.at(foot);
            let miss = (x - offset) * slope + (z - foot);
            let change = (x - offset) * curvature - slope * slope - 1.0;
            foot -= miss / change;
        }
        let (offset, slope, _) = bend.at(foot);
        let norm = (1.0 + slope * slope).sqrt();
        (((x - offset) - (z - foot) * slope) / norm, foot)
    }

    /// Where the same place on the other side of the body lies on the table.
    pub fn mirrored(&self, x: f64, z: f64) -> (f64, f64) {
        let (x, z) = self.body_from_patient(x, z);
        self.patient_from_body(-x, z)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn poses() -> impl Strategy<Value = Pose> {
        (-8.0..8.0f64, -30.0..30.0f64, -30.0..30.0f64, -30.0..30.0f64).prop_map(|(t, x, z, a)| {
            let bend = Bend { amplitude_mm: a, from_z_mm: 850.0, to_z_mm: 1550.0 };
            Pose { tilt_deg: t, shift_mm: [x, z], bend: Some(bend) }
        })
    }

    proptest! {
        #[test]
        fn there_and_back(pose in poses(), x in -280.0..280.0f64, z in -50.0..1800.0f64) {
            prop_assert!(pose.sound());
            let (px, pz) = pose.patient_from_body(x, z);
            let (bx, bz) = pose.body_from_patient(px, pz);
            prop_assert!((bx - x).abs() < 1e-6 && (bz - z).abs() < 1e-6, "{bx} {bz}");
        }

        #[test]
        fn the_twin_of_the_twin_is_the_point(
            pose in poses(), x in -250.0..250.0f64, z in 0.0..1700.0f64,
        ) {
            let (px, pz) = pose.patient_from_body(x, z);
            let (tx, tz) = pose.mirrored(px, pz);
            let (qx, qz) = pose.mirrored(tx, tz);
            prop_assert!((qx - px).abs() < 1e-6 && (qz - pz).abs() < 1e-6);
            // Both lie at the same distance from the midline at the same height of the body.
            let (mx, mz) = pose.patient_from_body(0.0, z);
            let distance = |ax: f64, az: f64| (ax - mx).hypot(az - mz);
            prop_assert!((distance(px, pz) - distance(tx, tz)).abs() < 1e-6);
        }
    }

    #[test]
    fn a_lean_to_the_left_moves_the_head_left() {
        let pose = Pose { tilt_deg: 5.0, ..Pose::default() };
        assert!(pose.patient_from_body(0.0, 1700.0).0 > 50.0);
    }
}
