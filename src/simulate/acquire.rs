//! The scan itself: from a case to a study as a scanner would have stored it, and the truth.

use ndarray::Array2;

use crate::study::{Address, SeriesKind, Study, ViewName};

use super::camera::{Camera, DETECTORS, Detector};
use super::case::Case;
use super::lesion::Lesion;
use super::noise::counted;
use super::projection::expose;
use super::protocol::{Protocol, WHOLE_BODY};
use super::record::{self, Counted, Made};
use super::section::Posed;
use super::still;
use super::truth::{TrueFrame, TrueLesion, TrueSeries, Truth, round_to};
use super::views::{Held, Views};

/// A simulated study and everything true about it.
#[derive(Clone, Debug)]
pub struct Acquisition {
    pub study: Study,
    /// What to call the file of each series, without an ending.
    pub names: Vec<String>,
    pub truth: Truth,
    /// The frames before noise, series after series, in counts; `[row, column]` as stored.
    pub expected: Vec<Array2<f64>>,
}

/// Scans a patient. The same case, seed and counts give the same study on every machine and with
/// any number of threads. `progress` hears fractions of the work done, from the calling thread.
pub fn acquire(case: &Case, progress: &dyn Fn(f32)) -> Acquisition {
    match &case.protocol {
        Protocol::WholeBody(camera) => whole_body(case, camera, progress),
        Protocol::Scans(scans) => still::acquire(case, scans, progress),
    }
}

fn whole_body(case: &Case, camera: &Camera, progress: &dyn Fn(f32)) -> Acquisition {
    let lattice = camera.lattice();
    let additions: Vec<_> = case.lesions.iter().map(|l| l.addition()).collect();
    let posed = Posed::new(case.anatomy.clone(), &additions, case.pose, &lattice);
    let exposure = expose(&posed, &lattice, camera.collimator, camera.gap_mm, progress);

    let anterior_total: f64 = exposure.expected[0].iter().sum();
    let scale = case.counts as f64 / anterior_total.max(f64::MIN_POSITIVE);
    let expected =
        [0, 1].map(|frame| as_stored(&exposure.expected[frame], DETECTORS[frame]) * scale);

    let views = Views { series: 0, lattice: &lattice, pose: posed.pose(), stance: &case.stance };
    let lesion = |(i, lesion): (usize, &Lesion)| {
        let frames = DETECTORS.iter().enumerate().filter_map(|(frame, &view)| {
            let patch = &exposure.additions[i][frame];
            let outline = views.outline(view, patch);
            let held = Some(Held::of(lesion));
            let found = views.frame_truth(frame, view, outline, &expected[frame], held)?;
            let excess = scale * views.inside(view, &found.outline, patch);
            Some(TrueFrame { excess_counts: Some(round_to(excess, 1e3)), ..found })
        });
        let uptake = lesion.parts.iter().fold(0.0, |m, p| p.uptake.max(m));
        TrueLesion { frames: frames.collect(), ..views.placed(lesion, exposure.volumes[i], uptake) }
    };
    let whole = [1760.0, 0.0];
    let midline = |(frame, &view): (usize, &Detector)| views.midline(frame, view, whole);
    let seconds = camera.scan_length_mm / camera.velocity_mm_s;
    let start_s = 60.0 * f64::from(case.tracer.uptake_minutes.unwrap_or(0));
    let truth = Truth {
        schema: "bonescope/truth",
        version: 1,
        case: case.name.clone(),
        seed: case.seed,
        counts: case.counts,
        series: vec![TrueSeries::new(WHOLE_BODY, &expected, vec![[start_s, seconds]; 2])],
        lesions: case.lesions.iter().enumerate().map(lesion).collect(),
        midline: DETECTORS.iter().enumerate().map(midline).collect(),
        bsi_percent: case.tumour.then(|| (exposure.bone_filled * 100.0 * 1e4).round() / 1e4),
    };
    let frames = expected.iter().enumerate().map(|(i, expected)| Counted {
        counts: counted(expected, case.seed, i as u64),
        view: match DETECTORS[i] {
            Detector::Anterior => ViewName::Anterior,
            Detector::Posterior => ViewName::Posterior,
        },
        address: Address { detector: i as u16 + 1, ..Address::default() },
        seconds,
    });
    let made = Made {
        name: WHOLE_BODY,
        kind: SeriesKind::WholeBody,
        description: "Whole body ANT/POST".into(),
        start_s,
        collimator: camera.collimator,
        scan_velocity: Some(camera.velocity_mm_s),
        pixel_mm: camera.pixel_mm,
    };
    let series = record::series(case, 1, &made, frames.collect());
    Acquisition {
        study: record::study(case, "Bone scan, whole body", vec![series]),
        names: vec![made.name.to_owned()],
        truth,
        expected: expected.into(),
    }
}

/// A projection as its detector stores it: the posterior one sees the patient's left first.
pub(super) fn as_stored(image: &Array2<f64>, detector: Detector) -> Array2<f64> {
    let (rows, columns) = image.dim();
    match detector {
        Detector::Anterior => image.clone(),
        Detector::Posterior => {
            Array2::from_shape_fn((rows, columns), |(r, c)| image[[r, columns - 1 - c]])
        }
    }
}

#[cfg(test)]
mod tests {
    use std::hash::{DefaultHasher, Hash, Hasher};
    use std::sync::LazyLock;

    use uuid::Uuid;

    use super::record::uid;
    use super::*;
    use crate::geometry::{Curve, MirrorLine, Outline, Point, Spacing};
    use crate::simulate::case;
    use crate::study::{Laterality, Pixels};

    fn scan(name: &str) -> Acquisition {
        acquire(&case(name).unwrap(), &|_| ())
    }

    static NORMAL: LazyLock<Acquisition> = LazyLock::new(|| scan("normal"));
    static METASTASES: LazyLock<Acquisition> = LazyLock::new(|| scan("metastases"));
    static TILTED: LazyLock<Acquisition> = LazyLock::new(|| scan("tilted"));

    fn counts(acquisition: &Acquisition, frame: usize) -> &Array2<u16> {
        match &*acquisition.study.series[0].frames[frame].values.pixels {
            Pixels::U16(counts) => counts,
            _ => panic!("a camera stores 16 bits"),
        }
    }

    fn digest(acquisition: &Acquisition) -> u64 {
        let mut hasher = DefaultHasher::new();
        (0..2).for_each(|frame| counts(acquisition, frame).hash(&mut hasher));
        serde_json::to_string(&acquisition.truth).unwrap().hash(&mut hasher);
        hasher.finish()
    }

    /// x of a column and z of a row in the shelf's frames, mm.
    fn place(frame: usize, column: usize, row: usize) -> (f64, f64) {
        let x = (column as f64 - 127.5) * 2.4;
        (if frame == 0 { x } else { -x }, 876.0 + (511.5 - row as f64) * 2.4)
    }

    fn mean(acquisition: &Acquisition, frame: usize, inside: impl Fn(f64, f64) -> bool) -> f64 {
        let pixels = acquisition.expected[frame].indexed_iter();
        let (sum, n) = pixels.fold((0.0, 0.0), |(sum, n), ((row, column), &v)| {
            let (x, z) = place(frame, column, row);
            if inside(x, z) { (sum + v, n + 1.0) } else { (sum, n) }
        });
        sum / n
    }

    fn rectangle(frame: usize, x: [f64; 2], z: [f64; 2]) -> f64 {
        // The reference counts the pixels that the corners fall into.
        let snap = |v: f64, low: f64| ((v - low) / 2.4).floor() * 2.4 + low;
        let (x0, x1) = (snap(x[0], -307.2), snap(x[1], -307.2) + 2.4);
        let (z0, z1) = (snap(z[0], -96.0), snap(z[1], -96.0) + 2.4);
        mean(&NORMAL, frame, |x, z| (x0..x1).contains(&x) && (z0..z1).contains(&z))
    }

    fn ellipse(a: &Acquisition, frame: usize, centre: (f64, f64), radii: (f64, f64)) -> f64 {
        let q = |x: f64, z: f64| {
            ((x - centre.0) / radii.0).powi(2) + ((z - centre.1) / radii.1).powi(2)
        };
        mean(a, frame, |x, z| q(x, z) <= 1.0)
    }

    fn close(value: f64, wanted: f64, tolerance: f64) {
        assert!((value / wanted - 1.0).abs() < tolerance, "{value}, wanted {wanted}");
    }

    /// The normal patient against an independent implementation of the same physics in numpy and
    /// scipy: means over the same pixels, with 1.9 million counts in the anterior frame.
    #[test]
    fn the_normal_patient_is_the_reference_patient() {
        let l4 = rectangle(1, [-20.0, 20.0], [1028.0, 1064.0]);
        let kidney = rectangle(1, [-80.0, -52.0], [1080.0, 1120.0]);
        let sacrum = rectangle(1, [-12.0, 12.0], [940.0, 985.0]);
        let joint = rectangle(1, [37.0, 52.0], [940.0, 985.0]);
        let shaft = rectangle(0, [112.0, 128.0], [640.0, 700.0]);
        let thigh = rectangle(0, [60.0, 80.0], [640.0, 700.0]);
        close(l4, 82.81, 0.005);
        close(kidney, 35.88, 0.005);
        close(kidney / l4, 0.433, 0.005);
        close(sacrum, 69.29, 0.005);
        close(joint / sacrum, 1.314, 0.005);
        close(shaft, 22.89, 0.005);
        close(shaft / thigh, 2.793, 0.005);
        let total = |frame: usize| NORMAL.expected[frame].iter().sum::<f64>();
        close(total(0), 1_900_000.0, 1e-9);
        close(total(1), 2_210_619.0, 0.005);
    }

    #[test]
    fn lesions_stand_out_as_in_the_reference() {
        // Frame, centre, radii (mm), times normal, times the other side.
        let ilium = (1, (104.0, 1000.0), (20.0, 22.0), 3.05, 3.04);
        let ischium = (1, (-70.0, 872.0), (13.0, 16.0), 3.69, 3.65);
        let pedicle = (1, (20.0, 1120.2), (10.0, 10.0), 3.62, 3.54);
        let rib = (0, (-116.8, 1357.4), (8.0, 8.0), 4.57, 4.54);
        let femur = (1, (134.0, 835.0), (13.0, 24.0), 4.58, 4.52);
        // Both patients were scanned for the same time.
        let exposure = 2_003_495.0 / 1_900_000.0;
        for (frame, centre, radii, over_normal, over_other) in [ilium, ischium, pedicle, rib, femur]
        {
            let lesion = ellipse(&METASTASES, frame, centre, radii);
            let other = ellipse(&METASTASES, frame, (-centre.0, centre.1), radii);
            close(lesion * exposure / ellipse(&NORMAL, frame, centre, radii), over_normal, 0.03);
            close(lesion / other, over_other, 0.03);
        }
        let t5 = ellipse(&METASTASES, 1, (4.0, 1362.4), (13.0, 11.0)) * exposure;
        close(t5 / ellipse(&NORMAL, 1, (4.0, 1362.4), (13.0, 11.0)), 2.35, 0.03);
        let total = |frame: usize| METASTASES.expected[frame].iter().sum::<f64>();
        close(total(1) / total(0), 2_395_350.0 / 2_003_495.0, 0.005);
    }

    #[test]
    fn paget_glows_as_in_the_reference() {
        let paget = scan("paget");
        let exposure = 2_885_428.0 / 1_900_000.0;
        let over_normal = |frame: usize, centre: (f64, f64), radii: (f64, f64)| {
            let here = ellipse(&paget, frame, centre, radii) * exposure;
            here / ellipse(&NORMAL, frame, centre, radii)
        };
        close(over_normal(1, (0.0, 1083.5), (30.0, 18.0)), 5.92, 0.03);
        close(over_normal(0, (-99.0, 392.5), (21.0, 21.0)), 8.62, 0.03);
        close(over_normal(1, (0.0, 1672.0), (76.0, 89.0)), 2.96, 0.03);
        assert_eq!(paget.truth.bsi_percent, None);
        let tibia = paget.truth.lesions.iter().find(|l| l.region == "right tibia").unwrap();
        assert!(tibia.frames[0].expected_ratio.unwrap() > 5.0);
        let spine = paget.truth.lesions.iter().find(|l| l.region == "lumbar spine").unwrap();
        assert!(spine.frames.iter().all(|f| f.twin.is_none()));
    }

    #[test]
    fn the_number_of_threads_changes_nothing() {
        let mut case = case("tilted").unwrap();
        let Protocol::WholeBody(camera) = &mut case.protocol else { panic!("a whole body") };
        (camera.rows, camera.columns, camera.pixel_mm) = (512, 128, 4.8);
        let with = |threads: usize| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            digest(&pool.install(|| acquire(&case, &|_| ())))
        };
        assert_eq!(with(1), with(2));
        let before = digest(&acquire(&case, &|_| ()));
        assert_eq!(before, with(3));
        case.seed += 1;
        assert_ne!(before, digest(&acquire(&case, &|_| ())));
    }

    /// Pinned, since a platform or a compiler that made other bytes would show nowhere else. A
    /// change of the anatomy, the physics or the case is a reason to pin it anew.
    #[test]
    fn the_pixels_are_these_and_no_others() {
        let bytes: Vec<u8> = (0..2)
            .flat_map(|frame| counts(&TILTED, frame).iter().flat_map(|c| c.to_le_bytes()))
            .collect();
        let fingerprint = Uuid::new_v5(&Uuid::NAMESPACE_OID, &bytes).to_string();
        assert_eq!(fingerprint, "5b985138-047c-5d74-a3da-f3584146df05");
    }

    #[test]
    fn counts_are_poisson_round_the_expectation() {
        for (frame, expected) in METASTASES.expected.iter().enumerate() {
            let sum: f64 = counts(&METASTASES, frame).iter().map(|&c| f64::from(c)).sum();
            let mean: f64 = expected.iter().sum();
            assert!((sum - mean).abs() < 5.0 * mean.sqrt());
        }
        let frames = METASTASES.truth.lesions.iter().flat_map(|l| &l.frames);
        let mut far = 0;
        for (i, truth) in frames.clone().enumerate() {
            let outline = Outline::Polygon { points: truth.outline.clone() };
            let counted = counts(&METASTASES, truth.frame);
            let sum: f64 = outline.pixels(256, 1024).map(|(c, r)| f64::from(counted[[r, c]])).sum();
            let z = (sum - truth.expected_counts) / truth.expected_counts.sqrt();
            assert!(z.abs() < 4.5, "lesion frame {i}: {z}");
            far += usize::from(z.abs() > 2.0);
        }
        assert_eq!(frames.count(), 24);
        assert!(far <= 5, "{far} of 24 lie outside two standard deviations");
    }

    #[test]
    fn twins_of_a_tilted_patient_follow_the_midline() {
        for truth in TILTED.truth.lesions.iter().filter(|l| l.side != "midline") {
            for frame in &truth.frames {
                let midline = &TILTED.truth.midline[frame.frame];
                let points = midline.points.iter().map(|&p| Point::from(p));
                let curve = Curve::through(points).unwrap();
                let spacing = Spacing::new(2.4, 2.4).unwrap();
                let at = Point::from(frame.center);
                let mirrored = MirrorLine::tangent(&curve, at, spacing).reflect(at);
                let twin = frame.twin.as_ref().unwrap();
                let miss = (mirrored - Point::from(twin.center)).length();
                assert!(miss < 1.5, "{}: {miss} pixels", truth.name);
                assert!((twin.center[1] - frame.center[1]).abs() > 1.0, "{}", truth.name);
            }
        }
    }

    #[test]
    fn a_lesion_weighs_against_its_place_on_the_other_side() {
        for truth in METASTASES.truth.lesions.iter().filter(|l| l.region.contains("ilium")) {
            let back = truth.frames.iter().find(|f| f.frame == 1).unwrap();
            assert!((2.5..5.0).contains(&back.expected_ratio.unwrap()));
            assert_eq!(truth.side, "left");
            // Posterior frames have the patient's left at small columns.
            assert!(back.center[0] < 127.5 && back.twin.as_ref().unwrap().center[0] > 127.5);
            close(
                truth.volume_ml,
                4.0 / 3.0 * std::f64::consts::PI * 20.0 * 9.0 * 22.0 / 1000.0,
                0.02,
            );
        }
        let bsi = METASTASES.truth.bsi_percent.unwrap();
        assert!((0.5..5.0).contains(&bsi), "{bsi}");
        assert_eq!(NORMAL.truth.bsi_percent, None);
        assert!(NORMAL.truth.lesions.is_empty());
    }

    #[test]
    fn the_study_is_complete_and_says_that_it_is_simulated() {
        let study = &NORMAL.study;
        assert!(study.simulated && study.patient.id.reveal().starts_with("SIM-"));
        let series = &study.series[0];
        assert_eq!(series.opening_frames(), vec![0, 1]);
        assert_eq!(series.tracer.uptake_minutes(series.acquired), Some(180.0));
        for frame in &series.frames {
            assert_eq!(frame.values.poisson(), Ok(()));
            assert_eq!((frame.columns(), frame.rows()), (256, 1024));
            assert_eq!(frame.laterality.head_at_first_row, Some(true));
            let by_view = Laterality::from_view(frame.view.view);
            assert_eq!(frame.laterality.larger_columns, by_view.larger_columns);
        }
        assert!(study.uid.starts_with("2.25.") && study.uid.len() <= 64);
        let mut other = case("normal").unwrap();
        other.seed = 99;
        assert_ne!(uid(&other, "study"), study.uid);
    }
}
