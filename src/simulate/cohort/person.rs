//! Figure, pose, posture, camera and normal uptake of a patient drawn by lot.

use chrono::NaiveDate;
use rand::{Rng, RngExt};

use crate::simulate::arithmetic::exp;
use crate::simulate::body::{Anatomy, BodySide, Group};
use crate::simulate::camera::{Camera, Collimator};
use crate::simulate::case::{Case, Dose, Error, Person};
use crate::simulate::pose::{Bend, Build, Pose};
use crate::simulate::protocol::Protocol;
use crate::simulate::stance::Stance;

/// A factor about 1: half of all draws lie within `spread` of it, the rest up to three times as
/// far, as bounded variation of people does.
pub fn factor(rng: &mut impl Rng, spread: f64) -> f64 {
    let bell: f64 = (0..3).map(|_| rng.random_range(-1.0..1.0)).sum();
    exp(bell * spread)
}

pub fn chance(rng: &mut impl Rng, probability: f64) -> bool {
    rng.random_range(0.0..1.0) < probability
}

/// Every region takes up a little more or less than in the anatomy, every bone of it differs from
/// its neighbours, and either side from the other.
pub fn normal_uptake(body: &mut Anatomy, rng: &mut impl Rng) {
    body.background_uptake *= factor(rng, 0.25);
    let mut regions: Vec<(String, f64)> = Vec::new();
    let mut bones: Vec<(String, f64)> = Vec::new();
    for part in &mut body.parts {
        // Halves of a pair are called alike but for the last letter.
        let bone = part.name.trim_end_matches([' ', 'L', 'R']).to_owned();
        let of_region = known(&mut regions, &part.region, || factor(rng, 0.15));
        let of_bone = known(&mut bones, &bone, || factor(rng, 0.06));
        let of_side = if part.side == BodySide::Midline { 1.0 } else { factor(rng, 0.03) };
        part.uptake *= of_region * of_bone * of_side;
    }
    // The arm that works takes up more.
    let busy = if chance(rng, 0.85) { BodySide::Right } else { BodySide::Left };
    let more = rng.random_range(1.0..1.15);
    let arm = ["humerus", "elbow", "forearm", "wrist and hand"];
    for part in &mut body.parts {
        if part.side == busy && part.group == Group::Bone && arm.contains(&part.region.as_str()) {
            part.uptake *= more;
        }
    }
}

fn known(list: &mut Vec<(String, f64)>, name: &str, draw: impl FnOnce() -> f64) -> f64 {
    match list.iter().find(|(known, _)| known == name) {
        Some((_, factor)) => *factor,
        None => {
            let drawn = draw();
            list.push((name.to_owned(), drawn));
            drawn
        }
    }
}

pub fn case(seed: u64, counts: u64, anatomy: Anatomy, rng: &mut impl Rng) -> Case {
    let pixel_mm = rng.random_range(2.0..2.7);
    let camera = Camera {
        pixel_mm,
        columns: 256,
        rows: (2040.0 / pixel_mm / 16.0f64).ceil() as usize * 16,
        collimator: Collimator::Lehr,
        gap_mm: rng.random_range(10.0..80.0),
        velocity_mm_s: 2.0,
        scan_length_mm: 2040.0,
    };
    let wide = factor(rng, 0.06);
    let tall = factor(rng, 0.04);
    let build = Build {
        head: factor(rng, 0.02),
        shoulders: wide * factor(rng, 0.03),
        hips: wide * factor(rng, 0.03),
        legs: tall * factor(rng, 0.02),
        trunk: tall * factor(rng, 0.02),
    };
    let scoliosis = chance(rng, 0.4);
    let from_z_mm = rng.random_range(850.0..1000.0);
    let bend = Bend {
        amplitude_mm: if scoliosis { rng.random_range(-28.0..28.0) } else { 0.0 },
        from_z_mm,
        to_z_mm: from_z_mm + rng.random_range(520.0..700.0),
    };
    let pose = Pose {
        tilt_deg: rng.random_range(-4.0..4.0),
        shift_mm: [rng.random_range(-22.0..22.0), rng.random_range(-30.0..30.0)],
        bend: scoliosis.then_some(bend),
        obliquity_deg: if chance(rng, 0.4) { rng.random_range(-4.0..4.0) } else { 0.0 },
        build: Some(build),
    };
    let injected_at = NaiveDate::from_ymd_opt(2024, 3, 12).and_then(|d| d.and_hms_opt(8, 30, 0));
    Case {
        name: format!("volunteer-{seed}"),
        title: "Volunteer".into(),
        story: "Drawn by lot.".into(),
        seed,
        counts,
        study: "Bone scan, whole body".into(),
        patient: Person {
            name: "Simulated^Volunteer".into(),
            id: None,
            sex: if chance(rng, 0.5) { "F" } else { "M" }.into(),
            age: rng.random_range(30..90),
            weight_kg: 70.0 * wide * wide * tall,
            height_m: 1.75 * tall,
        },
        tracer: Dose {
            agent: "Tc-99m MDP".into(),
            isotope: "Tc-99m".into(),
            injected_mbq: rng.random_range(500.0..750.0),
            injected_at: injected_at.unwrap_or_default(),
            uptake_minutes: Some(rng.random_range(120..240)),
        },
        protocol: Protocol::WholeBody(camera),
        kinetics: None,
        pose,
        stance: Stance::default(),
        anatomy,
        lesions: Vec::new(),
        tumour: false,
    }
}

/// Holds head and limbs, findings with them: each side in its own way, now and then a limb
/// missing.
pub fn hold(case: &mut Case, rng: &mut impl Rng) -> Result<(), Error> {
    let arms = rng.random_range(-1.0..9.0);
    let mut around =
        |middle: f64, spread: f64| [0, 1].map(|_| middle + rng.random_range(-spread..spread));
    let (arms_deg, legs_deg) = (around(arms, 5.0), around(1.5, 2.5));
    let elbows_deg = around(0.0, 8.0);
    let stance = Stance {
        arms_deg,
        elbows_deg,
        legs_deg,
        head_deg: if chance(rng, 0.5) { rng.random_range(-25.0..25.0) } else { 0.0 },
        missing_arms: [0, 1].map(|_| chance(rng, 0.015)),
        missing_legs: [0, 1].map(|_| chance(rng, 0.015)),
    };
    let impossible = || Error::Impossible { what: "the stance".into() };
    case.anatomy = stance.taken_by(case.anatomy.clone()).ok_or_else(impossible)?;
    for part in case.lesions.iter_mut().flat_map(|l| &mut l.parts) {
        *part = stance.part(part).ok_or_else(impossible)?;
    }
    // What a missing limb had went with it.
    case.lesions.retain(|l| l.parts.iter().all(|p| stance.holds(p)));
    case.stance = stance;
    Ok(())
}
