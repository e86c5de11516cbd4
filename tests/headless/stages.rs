//! Studies of several scans, written and read again: three phases, spot views, a prior.

use std::path::Path;
use std::process::Command as Process;

use bonescope::dicom::{self, NoProgress};
use bonescope::findings::{Edit, Findings, History, Roi, Role, TwinChoice};
use bonescope::geometry::Outline;
use bonescope::measure::Sheet;
use bonescope::simulate::{self, Acquisition};
use bonescope::study::{FrameKey, SeriesKind, Study, ViewName};
use bonescope::units::Level;
use bonescope::workbench::{Command, Compare, Workbench, candidates, demo_path, facts};
use serde_json::Value;

fn scanned(case: &str) -> Acquisition {
    simulate::acquire(&simulate::case(case).unwrap(), &|_| ())
}

fn written(made: &Acquisition, folder: &Path) {
    for (name, series) in made.names.iter().zip(&made.study.series) {
        let bytes = dicom::planar(&made.study, series).unwrap();
        std::fs::write(folder.join(format!("{name}.dcm")), bytes).unwrap();
    }
}

/// What one folder of files holds: a single study.
fn read(folder: &Path) -> Study {
    let mut loaded = dicom::open(folder, &NoProgress).unwrap();
    assert!(loaded.skipped.is_empty(), "{:?}", loaded.skipped);
    assert_eq!(loaded.value.len(), 1);
    loaded.value.remove(0)
}

/// The same pixels, times, places in the vectors, views and sides; nothing odd to remark on.
fn same(read: &Study, made: &Study) {
    assert_eq!(read.uid, made.uid);
    assert_eq!((read.started, read.date, read.simulated), (made.started, made.date, true));
    assert_eq!(read.patient.id, made.patient.id);
    assert_eq!(read.series.len(), made.series.len());
    for (read, made) in read.series.iter().zip(&made.series) {
        assert_eq!((&read.uid, read.number, read.kind), (&made.uid, made.number, made.kind));
        assert_eq!((&read.description, read.acquired), (&made.description, made.acquired));
        assert_eq!(read.tracer, made.tracer, "{}", made.description);
        assert_eq!(read.energy_windows, made.energy_windows);
        assert_eq!((&read.collimator, read.scan_velocity), (&made.collimator, made.scan_velocity));
        assert_eq!(read.remarks, Vec::<String>::new(), "{}", made.description);
        assert_eq!(read.frames.len(), made.frames.len());
        for (read, made) in read.frames.iter().zip(&made.frames) {
            assert_eq!(read.values.pixels, made.values.pixels);
            assert_eq!(read.values.poisson(), Ok(()));
            assert_eq!((read.spacing, read.duration), (made.spacing, made.duration));
            assert_eq!((read.view, read.laterality), (made.view, made.laterality));
            // A static image has no phase and no time slice.
            assert_eq!(read.address, made.address);
            assert_eq!(read.source, made.source);
        }
    }
}

#[test]
fn three_phases_come_back_as_one_study() {
    let folder = tempfile::tempdir().unwrap();
    let made = scanned("three_phase_crps");
    written(&made, folder.path());
    let study = read(folder.path());
    same(&study, &made.study);
    let kinds: Vec<SeriesKind> = study.series.iter().map(|s| s.kind).collect();
    assert_eq!(kinds, [SeriesKind::Dynamic, SeriesKind::Static, SeriesKind::Static]);
    let flow = &study.series[0].frames;
    let seconds: Vec<f64> = flow.iter().map(|f| f.duration.unwrap().0).collect();
    assert_eq!((seconds[59], seconds[60], flow.len()), (2.0, 30.0, 66));
    let slices: Vec<(u16, u16)> =
        [0, 59, 60, 65].map(|i: usize| (flow[i].address.phase, flow[i].address.time_slice)).into();
    assert_eq!(slices, [(1, 1), (1, 60), (2, 1), (2, 6)]);
}

#[test]
fn spot_views_come_back_from_every_side() {
    let folder = tempfile::tempdir().unwrap();
    let made = scanned("spot_pelvis");
    written(&made, folder.path());
    let study = read(folder.path());
    same(&study, &made.study);
    use ViewName::*;
    let views: Vec<ViewName> =
        study.series.iter().flat_map(|s| &s.frames).map(|f| f.view.view).collect();
    let wanted = [
        [Anterior, Posterior],
        [LeftAnteriorOblique, RightPosteriorOblique],
        [RightAnteriorOblique, LeftPosteriorOblique],
    ];
    assert_eq!(views, wanted.concat());
    for frame in study.series.iter().flat_map(|s| &s.frames) {
        assert!(frame.laterality.larger_columns.is_some(), "{:?}", frame.view);
    }
}

/// The pair on the shelf is a prior and a current scan to the bench as well.
#[test]
fn the_earlier_scan_is_offered_as_a_prior() {
    let mut bench = Workbench::new();
    for case in ["normal", "metastases_prior", "metastases"] {
        bench.handle(Command::Open(demo_path(case)));
        bench.settle();
    }
    let found = candidates(&bench);
    let same: Vec<bool> = found.iter().map(|c| c.same_patient).collect();
    assert_eq!(same, [true, false], "{found:?}");
    let study = found[0].study;
    bench.handle(Command::Compare(Compare::With { study, another_patient: false }));
    let unlike: Vec<_> = facts(&bench).into_iter().filter(|f| f.alike == Some(false)).collect();
    assert!(unlike.len() >= 2, "{unlike:?}");
    assert!(bench.workspace().unwrap().panes.len() >= 4);
}

/// The independent validator of dicom3tools, where it is installed.
#[test]
fn a_validator_finds_nothing_wrong() {
    if Process::new("dciodvfy").arg("-version").output().is_err() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    for case in ["three_phase_crps", "spot_pelvis", "metastases_prior"] {
        let made = scanned(case);
        written(&made, folder.path());
        for name in &made.names {
            let file = folder.path().join(format!("{name}.dcm"));
            let output = Process::new("dciodvfy").arg("-new").arg(&file).output().unwrap();
            let said = String::from_utf8_lossy(&output.stderr).into_owned();
            assert!(said.contains("NMImage"), "{said}");
            // A study does not say which part was imaged, so its laterality is unknown.
            let wrong = |l: &&str| l.starts_with("Error") || l.starts_with("Warning");
            let found: Vec<&str> = said
                .lines()
                .filter(wrong)
                .filter(|l| !l.contains("Laterality(0020,0060)"))
                .collect();
            assert!(found.is_empty(), "{name}: {said}");
            assert!(!said.contains("Error"), "{name}: {said}");
        }
    }
}

/// Every region of the truth in the static scans, measured against its true twin.
#[test]
fn intervals_hold_the_truth_of_every_scan() {
    let (mut held, mut ratios, mut all) = (0, 0, 0);
    for (case, seed) in [("three_phase_crps", 3), ("three_phase_crps", 4), ("spot_pelvis", 5)] {
        let mut case = simulate::case(case).unwrap();
        case.seed = seed;
        let Acquisition { study, truth, .. } = simulate::acquire(&case, &|_| ());
        let (mut findings, mut history) = (Findings::default(), History::default());
        let mut expected = Vec::new();
        for frame in truth.lesions.iter().flat_map(|l| &l.frames) {
            let polygon = |points: &[[f64; 2]]| Outline::Polygon { points: points.to_vec() };
            let series = study.series[frame.series].uid.clone();
            let twin = frame.twin.as_ref();
            let roi = Roi {
                twin: twin.map_or(TwinChoice::None, |t| TwinChoice::Placed(polygon(&t.outline))),
                ..findings.new_roi(
                    Role::Lesion,
                    FrameKey { series, frame: frame.frame },
                    polygon(&frame.outline),
                )
            };
            history.record(&mut findings, Edit::Add { roi, at: None }).unwrap();
            expected.push((frame.expected_counts, frame.expected_ratio));
        }
        let sheet = Sheet::compute(&study, &findings, &|_| None, Level::NINETY_FIVE);
        for (row, (counts, ratio)) in sheet.rois.iter().zip(expected) {
            let interval = row.stats.interval.expect("counts");
            all += 1;
            held += usize::from(interval.contains(counts));
            if let Some(ratio) = ratio {
                let estimate = row.ratio.expect("a twin").estimate;
                let interval = estimate.interval.expect("counts");
                all += 1;
                ratios += usize::from(interval.contains(ratio));
            }
        }
    }
    // P(more than 10 misses in 90 at 5 %) is under 1 %, and the seeds are fixed.
    assert!(all > 60 && all - held - ratios <= 10, "{held} and {ratios} of {all}");
}

/// What `simulate` writes into a folder, with so many threads.
fn simulated(case: &str, folder: &Path, threads: &str) -> Value {
    let output = Process::new(env!("CARGO_BIN_EXE_bonescope"))
        .args(["simulate", case, "--json", "-o"])
        .arg(folder)
        .env("RAYON_NUM_THREADS", threads)
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn simulate_writes_a_file_for_each_scan_and_the_same_ones_every_time() {
    let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let said = simulated("three_phase_crps", one.path(), "1");
    simulated("three_phase_crps", two.path(), "3");
    assert_eq!(said["files"].as_array().unwrap().len(), 4);
    for name in ["flow.dcm", "blood-pool.dcm", "delayed.dcm", "truth.json"] {
        let bytes = |folder: &Path| std::fs::read(folder.join(name)).unwrap();
        assert!(bytes(one.path()) == bytes(two.path()), "{name} is not repeated");
    }
    let truth = std::fs::read(one.path().join("truth.json")).unwrap();
    let truth: Value = serde_json::from_slice(&truth).unwrap();
    let names: Vec<&str> =
        truth["series"].as_array().unwrap().iter().map(|s| s["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["flow", "blood-pool", "delayed"]);
    assert_eq!(truth["series"][0]["frame_times_s"][60], serde_json::json!([120.0, 30.0]));
    for lesion in truth["lesions"].as_array().unwrap() {
        let curve = &lesion["curves"][0];
        assert_eq!(curve["expected_counts"].as_array().unwrap().len(), 66);
        assert_eq!(curve["expected_ratios"].as_array().unwrap().len(), 2);
        assert_eq!(lesion["frames"].as_array().unwrap().len(), 3);
    }
    let list = Process::new(env!("CARGO_BIN_EXE_bonescope"))
        .args(["simulate", "--list"])
        .output()
        .unwrap();
    let list = String::from_utf8(list.stdout).unwrap();
    for words in ["three_phase_crps", "flow, blood-pool, delayed", "spot_pelvis", "whole-body"] {
        assert!(list.contains(words), "{words} in {list}");
    }
}
