//! How the patient is built and lies: wider or taller than the anatomy, the pelvis aslant, the
//! trunk bent sideways, then all of it turned in the plane of the table, and moved.
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
    /// Of the pelvis with what hangs on it; positive raises the patient's left.
    pub obliquity_deg: f64,
    pub build: Option<Build>,
}

/// How a figure differs from the anatomy's: factors of its widths and lengths, joined smoothly
/// enough that nothing tears.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Build {
    pub head: f64,
    pub shoulders: f64,
    pub hips: f64,
    /// Lengths, from the heels to the hips and from there to the shoulders.
    pub legs: f64,
    pub trunk: f64,
}

/// Heights of the hips, the waist, the shoulders, the chin and the vertex.
const HIPS: f64 = 880.0;
const WAIST: f64 = 1150.0;
const SHOULDERS: f64 = 1470.0;
const CHIN: f64 = 1560.0;
const VERTEX: f64 = 1762.0;

impl Build {
    fn sound(&self) -> bool {
        let all = [self.head, self.shoulders, self.hips, self.legs, self.trunk];
        all.iter().all(|f| (0.6..=1.6).contains(f))
    }

    fn width_at(&self, z: f64) -> f64 {
        let between = |from: f64, to: f64, low: f64, high: f64| {
            let t = ((z - low) / (high - low)).clamp(0.0, 1.0);
            from + t * (to - from)
        };
        match z {
            z if z < WAIST => self.hips,
            z if z < SHOULDERS => between(self.hips, self.shoulders, WAIST, SHOULDERS - 70.0),
            _ => between(self.shoulders, self.head, SHOULDERS, CHIN),
        }
    }

    /// Lengths add up from the heels; the middle of the body stays in the middle of the frame.
    fn height(&self, z: f64) -> f64 {
        let from_heels = |z: f64| match z {
            z if z < HIPS => z * self.legs,
            z if z < SHOULDERS => HIPS * self.legs + (z - HIPS) * self.trunk,
            _ => HIPS * self.legs + (SHOULDERS - HIPS) * self.trunk + (z - SHOULDERS) * self.head,
        };
        from_heels(z) - 0.5 * from_heels(VERTEX) + 0.5 * VERTEX
    }

    fn height_undone(&self, z: f64) -> f64 {
        if z < self.height(HIPS) {
            HIPS + (z - self.height(HIPS)) / self.legs
        } else if z < self.height(SHOULDERS) {
            HIPS + (z - self.height(HIPS)) / self.trunk
        } else {
            SHOULDERS + (z - self.height(SHOULDERS)) / self.head
        }
    }
}

/// The part of the pelvis's slant that a height takes over: all of it up to the iliac crests,
/// none above the lower ribs.
fn slanted(z: f64) -> f64 {
    let t = ((z - 1000.0) / 250.0).clamp(0.0, 1.0);
    1.0 - t * t * (3.0 - 2.0 * t)
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
        let upright = self.obliquity_deg.abs() <= 10.0 && self.build.is_none_or(|b| b.sound());
        straight && bent && upright
    }

    /// Before the trunk bends: the figure's own proportions, and its slanting pelvis.
    fn built(&self, x: f64, z: f64) -> (f64, f64) {
        let (x, z) = match &self.build {
            None => (x, z),
            Some(build) => (x * build.width_at(z), build.height(z)),
        };
        match self.obliquity_deg {
            0.0 => (x, z),
            degrees => {
                let (sin, cos) = sin_cos_deg(degrees);
                (x, z + x * sin / cos * slanted(z))
            }
        }
    }

    fn unbuilt(&self, x: f64, z: f64) -> (f64, f64) {
        let z = match self.obliquity_deg {
            0.0 => z,
            degrees => {
                let (sin, cos) = sin_cos_deg(degrees);
                // Each step leaves less than a third of the miss, at the steepest slant.
                (0..30).fold(z, |at, _| z - x * sin / cos * slanted(at))
            }
        };
        let Some(build) = &self.build else { return (x, z) };
        let z = build.height_undone(z);
        (x / build.width_at(z), z)
    }

    /// Where a body point lies on the table: `(x, z)`, LPS mm.
    pub fn patient_from_body(&self, x: f64, z: f64) -> (f64, f64) {
        let (x, z) = self.built(x, z);
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
        let Some(bend) = &self.bend else { return self.unbuilt(x, z) };
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
        self.unbuilt(((x - offset) - (z - foot) * slope) / norm, foot)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn poses() -> impl Strategy<Value = Pose> {
        (-8.0..8.0f64, -30.0..30.0f64, -30.0..30.0f64, -30.0..30.0f64).prop_map(|(t, x, z, a)| {
            let bend = Bend { amplitude_mm: a, from_z_mm: 850.0, to_z_mm: 1550.0 };
            Pose { tilt_deg: t, shift_mm: [x, z], bend: Some(bend), ..Pose::default() }
        })
    }

    /// Of every build, with a slanting pelvis.
    fn figures() -> impl Strategy<Value = Pose> {
        let factor = || 0.8..1.25f64;
        let build = (factor(), factor(), factor(), factor(), factor()).prop_map(
            |(head, shoulders, hips, legs, trunk)| Build { head, shoulders, hips, legs, trunk },
        );
        (poses(), build, -6.0..6.0f64).prop_map(|(pose, build, obliquity_deg)| Pose {
            build: Some(build),
            obliquity_deg,
            ..pose
        })
    }

    /// Where the same place on the other side of the body lies on the table.
    fn mirrored(pose: &Pose, x: f64, z: f64) -> (f64, f64) {
        let (x, z) = pose.body_from_patient(x, z);
        pose.patient_from_body(-x, z)
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
        fn any_figure_there_and_back(
            pose in figures(), x in -250.0..250.0f64, z in -50.0..1800.0f64,
        ) {
            prop_assert!(pose.sound());
            let (px, pz) = pose.patient_from_body(x, z);
            let (bx, bz) = pose.body_from_patient(px, pz);
            prop_assert!((bx - x).abs() < 1e-5 && (bz - z).abs() < 1e-5, "{bx} {bz}");
        }

        #[test]
        fn the_twin_of_the_twin_is_the_point(
            pose in poses(), x in -250.0..250.0f64, z in 0.0..1700.0f64,
        ) {
            let (px, pz) = pose.patient_from_body(x, z);
            let (tx, tz) = mirrored(&pose, px, pz);
            let (qx, qz) = mirrored(&pose, tx, tz);
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
