//! Scans by a camera that stands still: spot views, and frame after frame as the tracer passes.
//!
//! A body in which several things shine in their own rhythms is exposed once for each of them;
//! every frame is a sum of those images, each weighted with the decays in its time.

use std::sync::Arc;

use ndarray::Array2;

use crate::study::{SeriesKind, half_life_of};

use super::acquire::{Acquisition, as_stored};
use super::body::{Anatomy, Composite, Group, Part, Turn};
use super::camera::{Collimator, DETECTORS};
use super::case::Case;
use super::kinetics::{Course, Kinetics, STEP, Tissue};
use super::lesion::Lesion;
use super::noise::counted;
use super::projection::{Exposure, expose};
use super::protocol::{Exposed, Scan};
use super::record::{self, Counted, Made};
use super::section::{Addition, Lattice, Posed};
use super::truth::{TrueLesion, TrueSeries, Truth};
use super::views::{Line, Views};

/// Something that shines, and how much at what time.
struct Source {
    anatomy: Anatomy,
    /// Findings whose light it is.
    lesions: Vec<Lesion>,
    /// Concentrations that add up, each with its factor.
    courses: Vec<(f64, Arc<Course>)>,
    /// The findings' concentration at the time of the reference scan; `None` where each has its
    /// own.
    uptake: Option<f64>,
}

impl Source {
    fn weight(&self, frame: &Exposed) -> f64 {
        let end = frame.start_s + frame.seconds;
        self.courses
            .iter()
            .map(|(factor, course)| factor * course.between(frame.start_s, end))
            .sum()
    }
}

/// What decides a projection besides the body. Scans that agree in it share their images.
#[derive(Clone, Copy, PartialEq)]
struct Optics {
    lattice: Lattice,
    turn_deg: f64,
    collimator: Collimator,
    gap_mm: f64,
}

impl Optics {
    fn of(scan: &Scan) -> Self {
        Self {
            lattice: scan.lattice(),
            turn_deg: scan.turn_deg().unwrap_or(0.0),
            collimator: scan.field.collimator,
            gap_mm: scan.field.gap_mm,
        }
    }

    fn exposed(&self, source: &Source, case: &Case, progress: &dyn Fn(f32)) -> Exposure {
        let mut anatomy = source.anatomy.clone();
        let mut additions: Vec<Addition> = source.lesions.iter().map(|l| l.addition()).collect();
        if self.turn_deg != 0.0 {
            let turn = Turn::by(self.turn_deg);
            anatomy = anatomy.turned(turn);
            let parts = additions.iter_mut().flat_map(|a| &mut a.parts);
            parts.for_each(|p| p.shape = p.shape.turned(turn));
        }
        let posed = Posed::new(anatomy, &additions, case.pose, &self.lattice);
        expose(&posed, &self.lattice, self.collimator, self.gap_mm, progress)
    }
}

/// The light of one scan: for each source an exposure, and its images as stored.
struct Light {
    exposures: Vec<Arc<Exposure>>,
    /// `[source][detector]`.
    images: Vec<[Array2<f64>; 2]>,
    voxel_volume: f64,
}

impl Light {
    /// What a frame expects, but for the camera's sensitivity.
    fn falling_on(&self, frame: &Exposed, sources: &[Source]) -> Array2<f64> {
        let detector = usize::from(frame.address.detector) - 1;
        let mut sum = Array2::zeros(self.images[0][detector].dim());
        for (source, images) in sources.iter().zip(&self.images) {
            sum.scaled_add(self.voxel_volume * source.weight(frame), &images[detector]);
        }
        // Tissues may overlap by a fraction of a voxel and then take away more than is there.
        sum.mapv_into(|v| v.max(0.0))
    }
}

pub fn acquire(case: &Case, scans: &[Scan], progress: &dyn Fn(f32)) -> Acquisition {
    let reference = scans.iter().position(|s| s.reference).unwrap_or(0);
    let sources = sources(case, scans, &scans[reference]);
    let lights = lights(case, scans, &sources, progress);

    let first = scans[reference].frames()[0];
    let total = lights[reference].falling_on(&first, &sources).sum();
    let sensitivity = case.counts as f64 / total.max(f64::MIN_POSITIVE);

    let (mut series, mut truths, mut expected) = (Vec::new(), Vec::new(), Vec::new());
    for (number, (scan, light)) in scans.iter().zip(&lights).enumerate() {
        let exposed = scan.frames();
        let images: Vec<Array2<f64>> =
            exposed.iter().map(|f| light.falling_on(f, &sources) * sensitivity).collect();
        let frames = exposed.iter().zip(&images).enumerate().map(|(i, (frame, image))| Counted {
            // No two frames of a study draw from one stream.
            counts: counted(image, case.seed, (expected.len() + i) as u64),
            view: scan.views[usize::from(frame.address.detector) - 1],
            address: frame.address,
            seconds: frame.seconds,
        });
        let made = Made {
            name: &scan.name,
            kind: scan.kind(),
            description: scan.description.clone(),
            start_s: scan.start_s,
            collimator: scan.field.collimator,
            scan_velocity: None,
            pixel_mm: scan.field.pixel_mm,
        };
        series.push(record::series(case, number + 1, &made, frames.collect()));
        let times = exposed.iter().map(|f| [f.start_s, f.seconds]).collect();
        truths.push(TrueSeries::new(&scan.name, &images, times));
        expected.extend(images);
    }

    let stage = Stage { case, scans, sources: &sources, lights: &lights, reference };
    let truth = Truth {
        schema: "bonescope/truth",
        version: 1,
        case: case.name.clone(),
        seed: case.seed,
        counts: case.counts,
        series: truths,
        lesions: stage.lesions(&expected),
        midline: stage.midlines(),
        bsi_percent: None,
    };
    Acquisition {
        study: record::study(case, &case.study, series),
        names: scans.iter().map(|s| s.name.clone()).collect(),
        truth,
        expected,
    }
}

/// Everything that shines. Without kinetics the body as it is; with them bone, ordinary soft
/// tissue, and each tissue's difference from that. Kinetics are for limbs: organs stay dark.
fn sources(case: &Case, scans: &[Scan], reference: &Scan) -> Vec<Source> {
    let half_life = half_life_of(&case.tracer.isotope).map_or(f64::INFINITY, |h| h.0);
    let end = scans.iter().map(Scan::end_s).fold(0.0, f64::max);
    let Some(kinetics) = &case.kinetics else {
        let steady = Arc::new(Course::steady(half_life, end));
        return vec![Source {
            anatomy: case.anatomy.clone(),
            lesions: case.lesions.clone(),
            courses: vec![(1.0, steady)],
            uptake: None,
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
            courses: vec![(scale, own), (-scale, ordinary.clone())],
        }
    };
    let two = [
        Source {
            anatomy: dark(0.0, |p| p.group == Group::Bone),
            lesions: case.lesions.clone(),
            courses: vec![(kept, Arc::new(bone))],
            uptake: None,
        },
        Source {
            anatomy: dark(1.0, |_| false),
            lesions: Vec::new(),
            courses: vec![(scale, ordinary.clone())],
            uptake: None,
        },
    ];
    two.into_iter().chain(kinetics.tissues.iter().map(tissue)).collect()
}

fn as_lesion(tissue: &Tissue) -> Lesion {
    let part = |shape: &super::body::Shape| Part {
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

/// Exposes every source with every optics once.
fn lights(case: &Case, scans: &[Scan], sources: &[Source], progress: &dyn Fn(f32)) -> Vec<Light> {
    let mut different: Vec<Optics> = Vec::new();
    for optics in scans.iter().map(Optics::of) {
        if !different.contains(&optics) {
            different.push(optics);
        }
    }
    let all = (different.len() * sources.len()) as f32;
    let mut done = 0.0;
    let exposed: Vec<(Optics, Vec<Arc<Exposure>>)> = different
        .into_iter()
        .map(|optics| {
            let exposures = sources.iter().map(|source| {
                let exposure = optics.exposed(source, case, &|f| progress((done + f) / all));
                done += 1.0;
                Arc::new(exposure)
            });
            (optics, exposures.collect())
        })
        .collect();
    let light = |scan: &Scan| {
        let optics = Optics::of(scan);
        let exposures = exposed.iter().find(|(o, _)| *o == optics);
        let exposures = exposures.map(|(_, e)| e.clone()).unwrap_or_default();
        let stored = |e: &Arc<Exposure>| [0, 1].map(|d| as_stored(&e.expected[d], DETECTORS[d]));
        Light {
            images: exposures.iter().map(stored).collect(),
            exposures,
            voxel_volume: optics.lattice.voxel.powi(3),
        }
    };
    scans.iter().map(light).collect()
}

/// Where the truth is asked for.
struct Stage<'a> {
    case: &'a Case,
    scans: &'a [Scan],
    sources: &'a [Source],
    lights: &'a [Light],
    reference: usize,
}

impl Stage<'_> {
    fn lesions(&self, expected: &[Array2<f64>]) -> Vec<TrueLesion> {
        let shown = |source: usize, name: &str| match &self.case.kinetics {
            Some(Kinetics { tissues, .. }) if source >= 2 => {
                tissues.iter().any(|t| t.name == name && t.lesion)
            }
            _ => true,
        };
        let all = self.sources.iter().enumerate().flat_map(|(s, source)| {
            source.lesions.iter().enumerate().map(move |(i, lesion)| (s, i, lesion))
        });
        all.filter(|(s, _, lesion)| shown(*s, &lesion.name))
            .map(|(s, i, lesion)| self.lesion(s, i, lesion, expected))
            .collect()
    }

    fn lesion(
        &self,
        source: usize,
        index: usize,
        lesion: &Lesion,
        expected: &[Array2<f64>],
    ) -> TrueLesion {
        let lattices: Vec<Lattice> = self.scans.iter().map(Scan::lattice).collect();
        let views =
            |series: usize| Views { series, lattice: &lattices[series], pose: &self.case.pose };
        let own = self.sources[source].uptake;
        let hottest = lesion.parts.iter().fold(0.0, |m, p| p.uptake.max(m));
        let voxels = self.lights[self.reference].exposures[source].volumes[index];
        let reference = views(self.reference);
        let mut truth = reference.placed(lesion, voxels, own.unwrap_or(hottest));
        let drawn = |series: usize, detector: usize| -> Line {
            let outline = |series: usize| {
                let patch = &self.lights[series].exposures[source].additions[index][detector];
                views(series).outline(DETECTORS[detector], patch)
            };
            // As a reader does: drawn on the delayed image, copied to the earlier ones.
            let copied = self.case.kinetics.is_some()
                && self.scans[self.reference].views.len() > detector
                && self.scans[series].turn_deg() == self.scans[self.reference].turn_deg();
            match copied && series != self.reference {
                true => {
                    let outline = outline(self.reference);
                    views(series).carried(DETECTORS[detector], &outline, &reference)
                }
                false => outline(series),
            }
        };
        let mut before = 0;
        for (series, scan) in self.scans.iter().enumerate() {
            let exposed = scan.frames();
            let images = &expected[before..before + exposed.len()];
            before += exposed.len();
            for (detector, view) in DETECTORS.into_iter().enumerate().take(scan.views.len()) {
                let here = |f: &Exposed| usize::from(f.address.detector) == detector + 1;
                let frames: Vec<usize> =
                    (0..exposed.len()).filter(|&i| here(&exposed[i])).collect();
                let outline = drawn(series, detector);
                let views = views(series);
                if scan.kind() == SeriesKind::Dynamic {
                    let phases: Vec<u16> = exposed.iter().map(|f| f.address.phase).collect();
                    truth.curves.extend(views.curve(view, outline, frames, images, &phases));
                } else if let Some(&frame) = frames.first() {
                    let image = &images[frame];
                    let found = views.frame_truth(frame, view, outline, image, scan.frontal());
                    truth.frames.extend(found);
                }
            }
        }
        truth
    }

    /// One for each detector in front or behind: its frames share it.
    fn midlines(&self) -> Vec<super::TrueMidline> {
        let frontal = self.scans.iter().enumerate().filter(|(_, scan)| scan.frontal());
        let lines = frontal.flat_map(|(series, scan)| {
            let lattice = scan.lattice();
            let half = 0.5 * lattice.voxel * lattice.rows as f64;
            let span = [lattice.centre_z + half, lattice.centre_z - half];
            let frames = scan.frames();
            let line = |detector: usize| {
                let here = |f: &Exposed| usize::from(f.address.detector) == detector + 1;
                let first = frames.iter().position(here)?;
                let views = Views { series, lattice: &lattice, pose: &self.case.pose };
                Some(views.midline(first, DETECTORS[detector], span))
            };
            (0..scan.views.len()).filter_map(line).collect::<Vec<_>>()
        });
        lines.collect()
    }
}
