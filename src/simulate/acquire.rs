//! The scan itself: from a case to a study as a scanner would have stored it, and the truth.

use std::sync::Arc;

use chrono::{Datelike, TimeDelta};
use ndarray::Array2;
use uuid::Uuid;

use crate::geometry::Spacing;
use crate::study::{
    Address, EnergyWindow, Frame, FrameSource, Laterality, Patient, Phi, Pixels, Series,
    SeriesKind, Study, Tracer, Uid, Values, ViewLabel, ViewName, ViewSource, half_life_of,
};
use crate::units::{Megabecquerels, Seconds};

use super::camera::{DETECTORS, Detector};
use super::case::Case;
use super::lesion::{Truth, Views};
use super::noise::counted;
use super::projection::expose;
use super::section::Posed;

/// PS3.4 B.5: Nuclear Medicine Image Storage.
const NM_IMAGE_STORAGE: &str = "1.2.840.10008.5.1.4.1.1.20";

/// A simulated study and everything true about it.
#[derive(Clone, Debug)]
pub struct Acquisition {
    pub study: Study,
    pub truth: Truth,
    /// The frames before noise, in counts; `[row, column]` as stored.
    pub expected: [Array2<f64>; 2],
}

/// Scans a patient. The same case, seed and counts give the same study on every machine and with
/// any number of threads. `progress` hears fractions of the work done, from the calling thread.
pub fn acquire(case: &Case, progress: &dyn Fn(f32)) -> Acquisition {
    let lattice = case.camera.lattice();
    let additions: Vec<_> = case.lesions.iter().map(|l| l.addition()).collect();
    let posed = Posed::new(case.anatomy.clone(), &additions, case.pose, &lattice);
    let exposure = expose(&posed, &lattice, case.camera.collimator, case.camera.gap_mm, progress);

    let anterior_total: f64 = exposure.expected[0].iter().sum();
    let scale = case.counts as f64 / anterior_total.max(f64::MIN_POSITIVE);
    let expected = [0, 1].map(|frame| {
        let image = &exposure.expected[frame];
        let (rows, columns) = image.dim();
        Array2::from_shape_fn((rows, columns), |(row, column)| {
            let column = match DETECTORS[frame] {
                Detector::Anterior => column,
                Detector::Posterior => columns - 1 - column,
            };
            scale * image[[row, column]]
        })
    });
    let counts = [0, 1].map(|frame| counted(&expected[frame], case.seed, frame as u64));

    let views = Views { lattice: &lattice, pose: posed.pose() };
    let lesions = case.lesions.iter().enumerate();
    let truth = Truth {
        schema: "bonescope/truth",
        version: 1,
        case: case.name.clone(),
        seed: case.seed,
        counts: case.counts,
        lesions: lesions.map(|(i, l)| views.truth(l, i, &exposure, &expected)).collect(),
        midline: views.midlines(),
        bsi_percent: case.tumour.then(|| (exposure.bone_filled * 100.0 * 1e4).round() / 1e4),
    };
    Acquisition { study: study(case, counts), truth, expected }
}

fn study(case: &Case, counts: [Array2<u16>; 2]) -> Study {
    let started = case.tracer.injected_at + TimeDelta::minutes(case.tracer.uptake_minutes.into());
    let uid = |object: &str| uid(case, object);
    let instance = uid("image");
    let duration = case.camera.scan_length_mm / case.camera.velocity_mm_s;
    let frames = counts.into_iter().enumerate().map(|(i, counts)| {
        let (view, across) = match DETECTORS[i] {
            Detector::Anterior => (ViewName::Anterior, 1.0),
            Detector::Posterior => (ViewName::Posterior, -1.0),
        };
        Frame {
            values: Values::counts(Pixels::U16(counts)),
            spacing: Spacing::new(case.camera.pixel_mm, case.camera.pixel_mm),
            view: ViewLabel { view, source: ViewSource::ViewCode },
            laterality: Laterality::from_orientation([across, 0.0, 0.0], [0.0, 0.0, -1.0]),
            address: Address { detector: i as u16 + 1, ..Address::default() },
            duration: Some(Seconds(duration)),
            geometry: None,
            source: FrameSource {
                sop_class: NM_IMAGE_STORAGE.into(),
                sop_instance: instance.clone(),
                number: i as u32 + 1,
            },
        }
    });
    let tracer = Tracer {
        agent: case.tracer.agent.clone(),
        isotope: case.tracer.isotope.clone(),
        injected: Some(Megabecquerels(case.tracer.injected_mbq)),
        injected_at: Some(case.tracer.injected_at),
        half_life: half_life_of(&case.tracer.isotope),
    };
    let series = Series {
        uid: uid("series"),
        number: Some(1),
        modality: "NM".into(),
        kind: SeriesKind::WholeBody,
        description: "Whole body ANT/POST (SIMULATED)".into(),
        acquired: Some(started),
        tracer,
        manufacturer: "Bonescope".into(),
        collimator: case.camera.collimator.name().into(),
        scan_velocity: Some(case.camera.velocity_mm_s),
        // 140.5 keV, 20 % wide.
        energy_windows: vec![EnergyWindow {
            name: "Tc-99m".into(),
            ranges_kev: vec![[126.45, 154.56]],
        }],
        frames: frames.collect(),
        remarks: Vec::new(),
    };
    let person = &case.patient;
    let born =
        started.date().with_ordinal(1).and_then(|d| d.with_year(d.year() - i32::from(person.age)));
    Study {
        uid: uid("study"),
        started: Some(started),
        date: Some(started.date()),
        description: "Bone scan, whole body (SIMULATED)".into(),
        accession: Phi::new(String::new()),
        institution: String::new(),
        referring_physician: Phi::new(String::new()),
        patient: Patient {
            name: Phi::new(person.name.clone()),
            id: Phi::new(format!("SIM-{}", case.name.to_uppercase())),
            birth_date: Phi::new(born),
            sex: person.sex.clone(),
            age: format!("{:03}Y", person.age),
            weight_kg: Some(person.weight_kg),
            height_m: Some(person.height_m),
        },
        series: vec![Arc::new(series)],
        simulated: true,
    }
}

/// A UID that only the case, its seed and its counts decide (PS3.5 B.2: `2.25.` and a UUID).
fn uid(case: &Case, object: &str) -> Uid {
    let name = format!("bonescope/simulate/{}/{}/{}/{object}", case.name, case.seed, case.counts);
    let uuid = Uuid::new_v5(&Uuid::NAMESPACE_OID, name.as_bytes());
    format!("2.25.{}", uuid.as_u128()).into()
}

#[cfg(test)]
mod tests {
    use std::hash::{DefaultHasher, Hash, Hasher};
    use std::sync::LazyLock;

    use super::*;
    use crate::geometry::{Curve, MirrorLine, Outline, Point};
    use crate::simulate::case;

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
        case.camera.rows = 512;
        case.camera.columns = 128;
        case.camera.pixel_mm = 4.8;
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
