//! Scans by a camera that stands still: spot views, and frame after frame as the tracer passes.
//!
//! A body in which several things shine in their own rhythms is exposed once for each of them;
//! every frame is a sum of those images, each weighted with the decays in its time.

use std::sync::Arc;

use ndarray::Array2;

use super::acquire::{Acquisition, as_stored};
use super::body::Turn;
use super::camera::{Collimator, DETECTORS};
use super::case::Case;
use super::noise::counted;
use super::projection::{Exposure, expose};
use super::protocol::{Exposed, Scan};
use super::record::{self, Counted, Made};
use super::section::{Addition, Lattice, Posed};
use super::sources::{Source, sources};
use super::stage::Stage;
use super::truth::{TrueSeries, Truth};

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
pub struct Light {
    pub exposures: Vec<Arc<Exposure>>,
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

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use uuid::Uuid;

    use super::*;
    use crate::geometry::Outline;
    use crate::simulate::protocol::Protocol;
    use crate::simulate::{TrueLesion, case};
    use crate::study::{Pixels, SeriesKind, Study};

    static FEET: LazyLock<Acquisition> =
        LazyLock::new(|| crate::simulate::acquire(&coarse("three_phase_crps"), &|_| ()));
    static PELVIS: LazyLock<Acquisition> =
        LazyLock::new(|| crate::simulate::acquire(&coarse("spot_pelvis"), &|_| ()));

    /// A case with pixels of twice the size, so that tests are quick.
    fn coarse(name: &str) -> Case {
        let mut case = case(name).unwrap();
        let Protocol::Scans(scans) = &mut case.protocol else { panic!("scans") };
        for field in scans.iter_mut().map(|s| &mut s.field) {
            (field.columns, field.rows, field.pixel_mm) =
                (field.columns / 2, field.rows / 2, field.pixel_mm * 2.0);
        }
        case
    }

    /// Stored counts of a study's frames, series after series.
    fn stored(study: &Study) -> Vec<&Array2<u16>> {
        let frames = study.series.iter().flat_map(|s| &s.frames);
        let counts = frames.map(|f| match &*f.values.pixels {
            Pixels::U16(counts) => counts,
            _ => panic!("a camera stores 16 bits"),
        });
        counts.collect()
    }

    fn lesion<'a>(acquisition: &'a Acquisition, name: &str) -> &'a TrueLesion {
        acquisition.truth.lesions.iter().find(|l| l.name == name).unwrap()
    }

    #[test]
    fn each_phase_tells_its_part_of_the_story() {
        let foot = lesion(&FEET, "Hyperaemia, right foot");
        let [flow, early] = foot.curves[0].expected_ratios[..] else { panic!("two phases") };
        let ratio = |series| {
            foot.frames.iter().find(|f| f.series == series).unwrap().expected_ratio.unwrap()
        };
        assert!((1.6..2.2).contains(&flow), "flow {flow}");
        assert!((1.4..1.8).contains(&early), "early pool {early}");
        assert!((1.3..1.7).contains(&ratio(1)), "pool {}", ratio(1));
        assert!((1.4..2.2).contains(&ratio(2)), "delayed {}", ratio(2));
        // The sick side is reached first.
        let curve = &foot.curves[0];
        let first = |counts: &[f64]| counts.iter().position(|&c| c > 20.0);
        let twin = curve.twin.as_ref().unwrap();
        assert!(first(&curve.expected_counts) < first(&twin.expected_counts));
        // Where frames grow fifteen times longer, counts do and counts per second do not.
        let growth = curve.expected_counts[60] / curve.expected_counts[59];
        assert!((14.0..17.0).contains(&growth), "{growth}");
    }

    #[test]
    fn the_reference_scan_has_the_counts_that_were_asked_for() {
        let case = coarse("three_phase_crps");
        let delayed = &FEET.truth.series[2];
        assert!((delayed.expected_counts[0] - case.counts as f64).abs() < 1.0);
        for (expected, counts) in FEET.expected.iter().zip(stored(&FEET.study)) {
            let (mean, sum) = (expected.sum(), counts.iter().map(|&c| f64::from(c)).sum::<f64>());
            assert!((sum - mean).abs() <= 5.0 * mean.sqrt() + 1e-9, "{sum} for {mean}");
        }
        // Nothing has arrived when the first frames are taken.
        assert!(stored(&FEET.study)[..8].iter().all(|counts| counts.iter().all(|&c| c == 0)));
    }

    #[test]
    fn series_say_when_and_how_they_were_taken() {
        let study = &FEET.study;
        let kinds: Vec<SeriesKind> = study.series.iter().map(|s| s.kind).collect();
        assert_eq!(kinds, [SeriesKind::Dynamic, SeriesKind::Static, SeriesKind::Static]);
        let minutes = |i: usize| study.series[i].tracer.uptake_minutes(study.series[i].acquired);
        assert_eq!([minutes(0), minutes(1), minutes(2)], [Some(0.0), Some(5.0), Some(185.0)]);
        let flow = &study.series[0];
        assert_eq!(flow.frames.len(), 66);
        let seconds: f64 = flow.frames.iter().map(|f| f.duration.unwrap().0).sum();
        assert_eq!(seconds, 300.0);
        assert_eq!((flow.frames[65].address.phase, flow.frames[65].address.time_slice), (2, 6));
        let uids: std::collections::HashSet<_> = study.series.iter().map(|s| &s.uid).collect();
        assert_eq!(uids.len(), 3);
    }

    /// Counts and ratios of regions over many draws lie about their truth as Poisson counts do.
    #[test]
    fn the_truth_is_the_mean_of_what_is_counted() {
        let truth = &FEET.truth;
        let (mut inside, mut all, mut z2) = (0, 0, 0.0);
        for seed in 1000..1040 {
            let drawn = FEET.expected.iter().enumerate();
            let frames: Vec<_> = drawn.map(|(i, e)| counted(e, seed, i as u64)).collect();
            let held = |frame: usize, outline: &[[f64; 2]]| {
                let (rows, columns) = frames[frame].dim();
                let outline = Outline::Polygon { points: outline.to_vec() };
                let pixels = outline.pixels(columns, rows);
                pixels.map(|(c, r)| f64::from(frames[frame][[r, c]])).sum::<f64>()
            };
            let before = [0, 66, 67];
            for truth in truth.lesions.iter().flat_map(|l| &l.frames) {
                let frame = before[truth.series] + truth.frame;
                let (Some(twin), Some(ratio)) = (&truth.twin, truth.expected_ratio) else {
                    panic!("feet have twins")
                };
                let (a, b) = (held(frame, &truth.outline), held(frame, &twin.outline));
                let z = (a - truth.expected_counts) / truth.expected_counts.sqrt();
                // Means of regions that may differ by a pixel.
                let means = truth.expected_counts / twin.expected_counts;
                let found = a / b * ratio / means;
                let spread = (1.0 / a + 1.0 / b).sqrt();
                let z_ratio = (found / ratio).ln() / spread;
                for z in [z, z_ratio] {
                    all += 1;
                    inside += usize::from(z.abs() < 1.959_964);
                    z2 += z * z;
                }
            }
            for curve in truth.lesions.iter().flat_map(|l| &l.curves) {
                for (i, &mean) in curve.frames.iter().zip(&curve.expected_counts) {
                    if mean > 30.0 {
                        let z = (held(*i, &curve.outline) - mean) / mean.sqrt();
                        all += 1;
                        inside += usize::from(z.abs() < 1.959_964);
                        z2 += z * z;
                    }
                }
            }
        }
        let (part, variance) = (inside as f64 / all as f64, z2 / all as f64);
        assert!(all > 2000, "{all}");
        assert!((0.935..0.965).contains(&part), "{part} of {all}");
        assert!((0.92..1.08).contains(&variance), "{variance}");
    }

    #[test]
    fn opposite_detectors_see_one_patient() {
        for (series, scan) in PELVIS.study.series.iter().enumerate() {
            let columns = scan.frames[0].columns() as f64;
            for truth in PELVIS.truth.lesions.iter().filter(|l| l.side != "midline") {
                let of: Vec<_> = truth.frames.iter().filter(|f| f.series == series).collect();
                let [front, back] = of[..] else { panic!("{} in two frames", truth.name) };
                let sum = front.center[0] + back.center[0];
                // Of what slants away from a detector it sees the near end best.
                assert!((sum - (columns - 1.0)).abs() < 1.0, "{}: {sum}", truth.name);
                assert!((front.center[1] - back.center[1]).abs() < 1.2, "{}", truth.name);
            }
        }
    }

    /// Where a point of the body is seen by an oblique camera, by trigonometry of its own.
    #[test]
    fn obliques_look_from_the_side_they_are_named_after() {
        let root_half = 0.5f64.sqrt();
        // The near end of a long bar outshines the far one.
        for truth in PELVIS.truth.lesions.iter().filter(|l| l.side != "midline") {
            let [x, y, _] = truth.center_mm;
            let ways = [(0, 1.0, 0.0), (1, root_half, root_half), (2, root_half, -root_half)];
            for (series, along_x, along_y) in ways {
                let frame = truth.frames.iter().find(|f| (f.series, f.frame) == (series, 0));
                let seen = (frame.unwrap().center[0] - 47.5) * 4.8;
                let wanted = along_x * x + along_y * y;
                assert!((seen - wanted).abs() < 4.0, "{} {series}: {seen}, {wanted}", truth.name);
            }
        }
        // No view but a frontal one has another side or a midline.
        let frames = PELVIS.truth.lesions.iter().flat_map(|l| &l.frames);
        assert!(frames.filter(|f| f.series > 0).all(|f| f.twin.is_none()));
        assert!(PELVIS.truth.midline.iter().all(|m| m.series == 0));
    }

    #[test]
    fn the_number_of_threads_changes_nothing() {
        let case = coarse("three_phase_crps");
        let with = |threads: usize| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            let made = pool.install(|| crate::simulate::acquire(&case, &|_| ()));
            (fingerprint(&made), serde_json::to_string(&made.truth).unwrap())
        };
        assert_eq!(with(1), with(3));
    }

    fn fingerprint(acquisition: &Acquisition) -> String {
        let counts = stored(&acquisition.study);
        let bytes: Vec<u8> =
            counts.iter().flat_map(|f| f.iter().flat_map(|c| c.to_le_bytes())).collect();
        Uuid::new_v5(&Uuid::NAMESPACE_OID, &bytes).to_string()
    }

    /// Pinned as the whole-body pixels are.
    #[test]
    fn the_pixels_are_these_and_no_others() {
        assert_eq!(fingerprint(&FEET), "5464c7b0-bf7a-5749-a797-e4303728b9e2");
        assert_eq!(fingerprint(&PELVIS), "bd5e01e8-e932-5b9c-929e-81e204e7ff99");
    }
}
