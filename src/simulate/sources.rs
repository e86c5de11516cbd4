//! What shines in a body, each in its own rhythm: bone, ordinary soft tissue, and tissue that is
//! not ordinary.

use std::sync::Arc;

use crate::study::half_life_of;

use super::body::{Anatomy, Composite, Group, Part, Shape};
use super::case::Case;
use super::kinetics::{Course, STEP, Tissue};
use super::lesion::Lesion;
use super::protocol::{Exposed, Scan};

/// Something that shines, and how much at what time.
pub struct Source {
    pub anatomy: Anatomy,
    /// Findings whose light it is.
    pub lesions: Vec<Lesion>,
    /// Concentrations that add up, each with its factor.
    courses: Vec<(f64, Arc<Course>)>,
    /// The findings' concentration at the time of the reference scan; `None` where each has its
    /// own.
    pub uptake: Option<f64>,
    /// The findings belong to the truth.
    pub told: bool,
}

impl Source {
    /// Decays per volume while a frame was taken.
    pub fn weight(&self, frame: &Exposed) -> f64 {
        let end = frame.start_s + frame.seconds;
        self.courses
            .iter()
            .map(|(factor, course)| factor * course.between(frame.start_s, end))
            .sum()
    }
}

/// Everything that shines. Without kinetics the body as it is; with them bone, ordinary soft
/// tissue, and each tissue's difference from that. Kinetics are for limbs: organs stay dark.
pub fn sources(case: &Case, scans: &[Scan], reference: &Scan) -> Vec<Source> {
    let half_life = half_life_of(&case.tracer.isotope).map_or(f64::INFINITY, |h| h.0);
    let end = scans.iter().map(Scan::end_s).fold(0.0, f64::max);
    let Some(kinetics) = &case.kinetics else {
        let steady = Arc::new(Course::steady(half_life, end));
        return vec![Source {
            anatomy: case.anatomy.clone(),
            lesions: case.lesions.clone(),
            courses: vec![(1.0, steady)],
            uptake: None,
            told: true,
        }];
    };
    let middle = 0.5 * (reference.start_s + reference.end_s());
    let middle = (middle / STEP).round() * STEP;
    let dark = |background_uptake: f64, lit: fn(&Part) -> bool| {
        let mut anatomy = case.anatomy.clone();
        anatomy.background_uptake = background_uptake;
        anatomy.parts.iter_mut().filter(|p| !lit(p)).for_each(|p| p.uptake = 0.0);
        anatomy
    };
    let bone = kinetics.bone(half_life, end);
    let kept = 1.0 / bone.at(middle).max(f64::MIN_POSITIVE);
    let ordinary = Arc::new(kinetics.soft(&kinetics.ordinary, half_life, end));
    // The anatomy's soft tissue is that of the reference scan; blood goes by the same scale.
    let scale = case.anatomy.background_uptake / ordinary.at(middle).max(f64::MIN_POSITIVE);
    let tissue = |tissue: &Tissue| {
        let own = Arc::new(kinetics.soft(&tissue.flow, half_life, end));
        Source {
            anatomy: dark(0.0, |_| false),
            lesions: vec![as_lesion(tissue)],
            uptake: Some(scale * own.at(middle)),
            told: tissue.lesion,
            courses: vec![(scale, own), (-scale, ordinary.clone())],
        }
    };
    let two = [
        Source {
            anatomy: dark(0.0, |p| p.group == Group::Bone),
            lesions: case.lesions.clone(),
            courses: vec![(kept, Arc::new(bone))],
            uptake: None,
            told: true,
        },
        Source {
            anatomy: dark(1.0, |_| false),
            lesions: Vec::new(),
            courses: vec![(scale, ordinary.clone())],
            uptake: None,
            told: true,
        },
    ];
    two.into_iter().chain(kinetics.tissues.iter().map(tissue)).collect()
}

fn as_lesion(tissue: &Tissue) -> Lesion {
    let part = |shape: &Shape| Part {
        name: tissue.name.clone(),
        region: tissue.region.clone(),
        side: tissue.side,
        group: Group::Organ,
        uptake: 1.0,
        composite: Composite::Max,
        shape: shape.clone(),
    };
    Lesion {
        name: tissue.name.clone(),
        region: tissue.region.clone(),
        side: tissue.side,
        parts: tissue.shapes.iter().map(part).collect(),
    }
}
