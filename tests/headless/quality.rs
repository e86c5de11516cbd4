//! Scan quality against what is known: simulated patients, copies of them with one flaw each, and
//! a real scan. Then thinning and derived series on the bench.

use std::path::Path;
use std::process::Command as Process;
use std::sync::{Arc, LazyLock};

use bonescope::dicom::{NoProgress, open, planar};
use bonescope::geometry::{Outline, Point, Side};
use bonescope::measure::{Check, QualityCheck, Verdict, dispersion, scan_quality};
use bonescope::report;
use bonescope::simulate::{Acquisition, Case, acquire, case};
use bonescope::study::{Derivation, FrameKey, Identity, Pixels, Series, SeriesKind, Values};
use bonescope::workbench::{Command, Marked, Show, Workbench, compose_report, demo_path};
use ndarray::{Array2, Axis, s};

const RECIPE: &str = include_str!("../../assets/cases/normal/case.toml");

static NORMAL: LazyLock<Acquisition> = LazyLock::new(|| acquire(&case("normal").unwrap(), &|_| ()));

fn normal() -> Series {
    Series::clone(&NORMAL.study.series[0])
}

fn changed(extra: &str) -> Acquisition {
    let recipe = format!("{RECIPE}\n{extra}");
    acquire(&Case::from_recipe("changed", &recipe).unwrap(), &|_| ())
}

/// A copy with every frame's counts changed.
fn with(series: &Series, change: impl Fn(&Array2<u16>) -> Array2<u16>) -> Series {
    let mut copy = series.clone();
    for frame in &mut copy.frames {
        let Pixels::U16(counts) = &*frame.values.pixels else { panic!("16 bits") };
        let changed = Pixels::U16(change(counts));
        frame.values = Values { pixels: Arc::new(changed), ..frame.values.clone() };
    }
    copy
}

/// The checks of one kind, in the order of the frames.
fn found(series: &Series, check: Check) -> Vec<QualityCheck> {
    scan_quality(series).into_iter().filter(|c| c.check == check).collect()
}

fn values(series: &Series, check: Check) -> Vec<f64> {
    found(series, check).iter().filter_map(|c| c.value).collect()
}

fn verdicts(series: &Series, check: Check) -> Vec<Verdict> {
    found(series, check).iter().map(|c| c.verdict).collect()
}

fn bounds(
    check: &QualityCheck,
) -> (Point<bonescope::geometry::Pixel>, Point<bonescope::geometry::Pixel>) {
    check.place.as_ref().unwrap().outline.as_ref().unwrap().bounds()
}

#[test]
fn a_good_scan_passes_every_check() {
    for name in ["normal", "metastases", "paget", "tilted"] {
        let study = acquire(&case(name).unwrap(), &|_| ()).study;
        for check in scan_quality(&study.series[0]) {
            assert!(
                matches!(check.verdict, Verdict::Ok | Verdict::NotJudged),
                "{name}: {}: {}",
                check.check.as_str(),
                check.sentence
            );
            assert!(!check.sentence.is_empty() && check.sentence.ends_with('.'));
            assert!(check.limit.is_none_or(|l| !l.source.is_empty()));
        }
    }
}

#[test]
fn the_values_are_those_of_the_recipe_and_the_phantom() {
    let series = normal();
    let sums: Vec<f64> = series
        .frames
        .iter()
        .map(|f| bonescope::study::ValueSummary::of(&f.values).unwrap().sum)
        .collect();
    assert_eq!(values(&series, Check::CountsPerView), sums);
    assert_eq!(values(&series, Check::ScanSpeed), [12.0]);
    assert_eq!(values(&series, Check::TimeAfterInjection), [180.0]);
    assert!(values(&series, Check::WindowCentre)[0].abs() < 0.1);
    assert!((values(&series, Check::WindowWidth)[0] - 20.0).abs() < 0.1);
    // The phantom's own noise-free figure is 2.8 (femoral shaft over thigh).
    for ratio in values(&series, Check::BoneToSoftTissue) {
        assert!((2.2..=3.4).contains(&ratio), "{ratio}");
    }
    for ratio in values(&series, Check::Dispersion) {
        assert!((0.9..=1.1).contains(&ratio), "{ratio}");
    }
    // Counts per centimetre where the chest of the phantom is: T2 to T10 lie between rows 370
    // and 460 or so; the patient's own rows say it better than any table.
    let thorax = found(&series, Check::ThoraxCounts).remove(0);
    let (low, high) = bounds(&thorax);
    let Pixels::U16(counts) = &*series.frames[0].values.pixels else { panic!() };
    let rows = (low.y + 0.5) as usize..(high.y + 0.5) as usize;
    let sum: f64 = counts.slice(s![rows.clone(), ..]).iter().map(|&v| f64::from(v)).sum();
    let per_cm = sum / (rows.len() as f64 * 0.24);
    assert!((thorax.value.unwrap() - per_cm).abs() < 1e-6 * per_cm);
    assert_eq!(thorax.verdict, Verdict::NotJudged);
    // z of a row in the shelf's frames; the sternum of the phantom reaches from 1250 to 1440 mm.
    let z = |row: f64| 876.0 + (511.5 - row) * 2.4;
    assert!((1380.0..1480.0).contains(&z(low.y)), "{}", z(low.y));
    assert!((1200.0..1320.0).contains(&z(high.y)), "{}", z(high.y));
}

#[test]
fn few_counts_are_low() {
    let poor = with(&normal(), |counts| counts.mapv(|v| v / 2));
    assert_eq!(verdicts(&poor, Check::CountsPerView), [Verdict::Low; 2]);
    let mut spot = normal();
    spot.kind = SeriesKind::Static;
    assert_eq!(verdicts(&spot, Check::CountsPerView), [Verdict::Ok; 2]);
    let poor = with(&spot, |counts| counts.mapv(|v| v / 10));
    assert_eq!(verdicts(&poor, Check::CountsPerView), [Verdict::Low; 2]);
    // No landmarks are sought in spot views, whose body always reaches the edge.
    assert!(found(&spot, Check::Truncation).is_empty());
}

#[test]
fn a_body_that_is_cut_off_is_found_at_its_edge() {
    let series = normal();
    assert_eq!(values(&series, Check::Truncation), [0.0; 2]);
    // Cropped, and blacked out as by a mask of the camera: the anterior view loses the right arm.
    let cropped = with(&series, |a| a.slice(s![.., 45..]).to_owned());
    let masked = with(&series, |a| {
        Array2::from_shape_fn(a.dim(), |(r, c)| if c < 45 { 0 } else { a[[r, c]] })
    });
    for (copy, edge) in [(&cropped, 0.0), (&masked, 45.0)] {
        let cut = found(copy, Check::Truncation);
        assert_eq!(cut.iter().map(|c| c.verdict).collect::<Vec<_>>(), [Verdict::High; 2]);
        assert!(cut[0].sentence.contains("patient's right"), "{}", cut[0].sentence);
        assert!(cut[1].sentence.contains("patient's left"), "{}", cut[1].sentence);
        assert!(cut.iter().all(|c| c.value.unwrap() > 100.0), "{cut:?}");
        let (low, high) = bounds(&cut[0]);
        assert!((low.x + 0.5 - edge).abs() <= 1.0 && high.x > low.x && high.y > low.y);
    }
    let no_feet = with(&series, |a| a.slice(s![..800, ..]).to_owned());
    let cut = found(&no_feet, Check::Truncation);
    assert!(cut.iter().all(|c| c.verdict == Verdict::High && c.sentence.contains("at the feet")));
    // Without feet no height can be told, and nothing is guessed.
    assert!(values(&no_feet, Check::ThoraxCounts).is_empty());
    assert_eq!(verdicts(&no_feet, Check::BoneToSoftTissue), [Verdict::NotJudged; 2]);
    let no_scalp = with(&series, |a| a.slice(s![175.., ..]).to_owned());
    let cut = found(&no_scalp, Check::Truncation);
    assert!(cut.iter().any(|c| c.sentence.contains("at the head")), "{cut:?}");
}

#[test]
fn a_patient_who_lies_the_other_way_has_the_same_landmarks() {
    let series = normal();
    let mut turned = with(&series, |a| {
        let mut a = a.clone();
        a.invert_axis(Axis(0));
        a.as_standard_layout().to_owned()
    });
    for frame in &mut turned.frames {
        frame.laterality.head_at_first_row = Some(false);
    }
    for check in [Check::ThoraxCounts, Check::BoneToSoftTissue, Check::Bladder] {
        for (a, b) in values(&series, check).into_iter().zip(values(&turned, check)) {
            assert!((a / b - 1.0).abs() < 0.05, "{}: {a} {b}", check.as_str());
        }
    }
    // And where the file does not say, the patient does.
    for frame in &mut turned.frames {
        frame.laterality.head_at_first_row = None;
    }
    let (a, b) = (values(&series, Check::ThoraxCounts), values(&turned, Check::ThoraxCounts));
    assert!((a[0] / b[0] - 1.0).abs() < 0.05, "{a:?} {b:?}");
}

#[test]
fn the_bladder_holds_what_was_put_into_it() {
    // What the counts would be without a bladder, on the same scale: that of the head's rows.
    let truth = |full: &Acquisition, empty: &Acquisition| {
        let head = |a: &Acquisition| a.expected[0].slice(s![150..300, ..]).sum();
        let scale = head(full) / head(empty);
        let (with, without) = (full.expected[0].sum(), empty.expected[0].sum() * scale);
        100.0 * (with - without) / with
    };
    let edit = |factor: f64| {
        changed(&format!("[[edits]]\nfactor = {factor}\nnames = [\"urinary bladder\"]\n"))
    };
    let empty = edit(0.0);
    let series = |a: &Acquisition| Series::clone(&a.study.series[0]);
    for (factor, verdict) in [(1.0, Verdict::Ok), (5.0, Verdict::Ok), (25.0, Verdict::High)] {
        let full = edit(factor);
        let truth = truth(&full, &empty);
        let bladder = found(&series(&full), Check::Bladder);
        assert_eq!(bladder.len(), 1, "the posterior view is not asked");
        let value = bladder[0].value.unwrap();
        // Scatter that leaves the neighbourhood is not counted; bone in front of it is not urine.
        assert!((0.6..1.2).contains(&(value / truth)), "{factor}: {value} for {truth}");
        assert_eq!(bladder[0].verdict, verdict, "{value} {truth}");
        // The phantom's bladder lies at x = 0, z = 908.
        let Some(Outline::Ellipse { center, .. }) =
            bladder[0].place.as_ref().and_then(|p| p.outline.clone())
        else {
            panic!("an ellipse")
        };
        let (x, z) = ((center[0] - 127.5) * 2.4, 876.0 + (511.5 - center[1]) * 2.4);
        assert!(x.abs() < 15.0 && (z - 908.0).abs() < 25.0, "{x} {z}");
    }
    let none = found(&series(&empty), Check::Bladder);
    assert!(none[0].value.is_none_or(|v| v < 1.5), "{:?}", none[0]);
}

#[test]
fn an_injection_site_is_found_in_the_arm() {
    let site = |uptake: f64| {
        changed(&format!(
            "[[lesions]]\nname = \"site\"\nregion = \"injection site\"\nside = \"L\"\n\
             uptake = {uptake}\ntype = \"ellipsoid\"\ncentre = [206, -22, 1105]\n\
             radii = [9, 6, 11]\n"
        ))
    };
    for (uptake, verdict) in [(30.0, Verdict::Ok), (600.0, Verdict::High)] {
        let scan = site(uptake);
        let expected: Vec<f64> = (0..2)
            .map(|frame| {
                let head = |a: &Acquisition| a.expected[frame].slice(s![150..300, ..]).sum();
                let scale = head(&scan) / head(&NORMAL);
                let with = scan.expected[frame].sum();
                100.0 * (with - NORMAL.expected[frame].sum() * scale) / with
            })
            .collect();
        let sites = found(&scan.study.series[0], Check::InjectionSite);
        for (site, truth) in sites.iter().zip(&expected) {
            let value = site.value.unwrap();
            assert!((0.5..1.2).contains(&(value / truth)), "{uptake}: {value} for {truth}");
            assert_eq!(site.verdict, verdict, "{value}");
        }
        let (low, high) = bounds(&sites[0]);
        // The patient's left lies at larger columns in front, at smaller ones from behind.
        let laterality = scan.study.series[0].frames[0].laterality;
        assert_eq!(laterality.larger_columns, Some(Side::Left));
        assert!(0.5 * (low.x + high.x) > 180.0);
        let (low, high) = bounds(&sites[1]);
        assert!(0.5 * (low.x + high.x) < 76.0);
    }
}

#[test]
fn saturated_smoothed_and_scaled_copies_show() {
    let series = normal();
    assert_eq!(values(&series, Check::Saturation), [0.0; 2]);
    let clipped = with(&series, |a| a.mapv(|v| v.min(63)));
    assert_eq!(verdicts(&clipped, Check::Saturation), [Verdict::High; 2]);
    let smooth = with(&series, |a| {
        let (rows, columns) = a.dim();
        Array2::from_shape_fn((rows, columns), |(r, c)| {
            let (r, c) = (r.clamp(1, rows - 2), c.clamp(1, columns - 2));
            let around = a.slice(s![r - 1..r + 2, c - 1..c + 2]);
            ((around.iter().map(|&v| u32::from(v)).sum::<u32>() + 4) / 9) as u16
        })
    });
    assert_eq!(verdicts(&smooth, Check::Dispersion), [Verdict::Low; 2]);
    let scaled = with(&series, |a| a.mapv(|v| 3 * v));
    assert_eq!(verdicts(&scaled, Check::Dispersion), [Verdict::High; 2]);
    let mut processed = series.clone();
    for frame in &mut processed.frames {
        frame.values.processed = true;
    }
    assert_eq!(verdicts(&processed, Check::Dispersion), [Verdict::NotCounts; 2]);
    // Soft tissue as bright as in an early image.
    let hazy = with(&series, |a| a.mapv(|v| if v > 1 { v + 12 } else { v }));
    assert!(verdicts(&hazy, Check::BoneToSoftTissue).contains(&Verdict::Low));
}

#[test]
fn what_a_file_does_not_state_stays_unstated() {
    let mut bare = normal();
    bare.scan_velocity = None;
    bare.energy_windows.clear();
    bare.tracer = Default::default();
    for frame in &mut bare.frames {
        frame.spacing = None;
    }
    for check in [Check::ScanSpeed, Check::TimeAfterInjection, Check::WindowCentre] {
        assert_eq!(verdicts(&bare, check), [Verdict::NotStated], "{}", check.as_str());
    }
    assert_eq!(verdicts(&bare, Check::ThoraxCounts), [Verdict::NotStated; 2]);
    assert!(values(&bare, Check::ThoraxCounts).is_empty());
    // Other kinds of series have no such checks.
    let mut volume = normal();
    volume.kind = SeriesKind::Spect;
    assert!(scan_quality(&volume).is_empty());
}

/// A real scan: both arms leave the field, which the picture shows and no header says.
#[test]
fn the_real_scan_is_cut_off_on_both_sides() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data");
    let path = folder.join(
        "wearemothership__dicom-test-files/medical.nema.org/compsamples_refanddir/IMAGES/REF/NM1_UNC",
    );
    if !path.is_file() {
        assert!(std::env::var_os("BONESCOPE_REQUIRE_ALL").is_none());
        return;
    }
    let loaded = open(&path, &NoProgress).unwrap();
    let series = &loaded.value[0].series[0];
    assert_eq!(values(series, Check::CountsPerView), [3_596_452.0]);
    assert_eq!(values(series, Check::ScanSpeed).len(), 1);
    let cut = found(series, Check::Truncation);
    assert_eq!(cut.len(), 2, "{cut:?}");
    // The field ends at columns 13 and 242.
    assert!((bounds(&cut[0]).0.x - 12.5).abs() < 1.1 && (bounds(&cut[1]).1.x - 242.5).abs() < 1.1);
    assert!(cut.iter().all(|c| c.value.unwrap() > 200.0));
    let bladder = found(series, Check::Bladder).remove(0);
    let (low, high) = bounds(&bladder);
    // Its hottest pixel is known.
    assert!(low.x < 143.0 && high.x > 143.0 && low.y < 420.0 && high.y > 420.0);
    assert!(bladder.verdict == Verdict::Ok && bladder.value.unwrap() > 1.0);
    assert_eq!(verdicts(series, Check::Dispersion), [Verdict::Ok]);
    assert_eq!(verdicts(series, Check::Saturation), [Verdict::Ok]);
    assert_eq!(verdicts(series, Check::TimeAfterInjection), [Verdict::NotStated]);
}

fn info(path: &str, json: bool) -> String {
    let mut info = Process::new(env!("CARGO_BIN_EXE_bonescope"));
    info.arg("info").args(json.then_some("--json")).arg(path);
    let output = info.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn info_lists_the_checks_of_a_file_as_those_of_the_study() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("scan.dcm");
    std::fs::write(&path, planar(&NORMAL.study, &NORMAL.study.series[0]).unwrap()).unwrap();
    let path = path.to_str().unwrap();
    let quality = |path: &str| {
        let info: serde_json::Value = serde_json::from_str(&info(path, true)).unwrap();
        info["studies"][0]["series"][0]["quality"].clone()
    };
    let (file, case) = (quality(path), quality("demo:normal"));
    let listed = file.as_array().unwrap();
    assert_eq!(file, case);
    assert_eq!(listed.len(), scan_quality(&NORMAL.study.series[0]).len());
    for check in listed {
        for field in ["check", "value", "limit", "verdict", "source", "sentence", "frame", "area"] {
            assert!(check.as_object().unwrap().contains_key(field), "{field}");
        }
    }
    let counts = listed.iter().find(|c| c["check"] == "counts per view").unwrap();
    assert_eq!((&counts["limit"], &counts["verdict"]), (&"≥ 1500000".into(), &"ok".into()));
    assert!(counts["value"].is_u64());
    let text = info(path, false);
    assert!(text.contains("counts per view") && text.contains("≥ 1500000"), "{text}");
}

fn bench() -> Workbench {
    let mut bench = Workbench::new();
    bench.handle(Command::Open(demo_path("normal")));
    bench.settle();
    bench
}

fn active(bench: &Workbench) -> FrameKey {
    bench.workspace().unwrap().active_pane().unwrap().frame.clone()
}

fn act(bench: &mut Workbench, id: &str) {
    let command = bonescope::workbench::Action::by_id(id).unwrap().resolve(bench);
    bench.handle(command.unwrap_or_else(|| panic!("{id} makes no sense now")));
}

#[test]
fn a_thinned_copy_is_shown_measured_and_reported_with_its_mark() {
    let mut bench = bench();
    let source = active(&bench);
    act(&mut bench, "thin.half");
    let half = active(&bench);
    assert_eq!(&*half.series, format!("{}#thinned=0.5,seed=1", source.series));
    assert_eq!(half.frame, source.frame);
    let sum = |bench: &Workbench, key: &FrameKey| {
        bonescope::study::ValueSummary::of(&bench.frame(key).unwrap().values).unwrap().sum
    };
    let kept = sum(&bench, &half) / sum(&bench, &source);
    assert!((kept - 0.5).abs() < 0.003, "{kept}");
    let scatter = dispersion(bench.frame(&half).unwrap()).unwrap();
    assert!((0.9..1.1).contains(&scatter), "{scatter}");
    // The other pane keeps all counts.
    assert!(!bench.workspace().unwrap().panes[1].frame.series.contains('#'));
    // A copy of the copy's source again, not of the copy; and back.
    act(&mut bench, "thin.quarter");
    let quarter = active(&bench);
    assert_eq!(Derivation::of_uid(&quarter.series).unwrap().of(), &source.series);
    act(&mut bench, "thin.off");
    assert_eq!(active(&bench), source);
    act(&mut bench, "thin.half");
    // Its low counts show in its own checks.
    let checks = bench.reading().unwrap().quality(&half.series);
    assert!(checks.iter().any(|c| c.check == Check::CountsPerView && c.verdict == Verdict::Low));

    // The picture says so whatever is hidden.
    bench.handle(Command::Show(Show::CornerTexts(false)));
    bench.handle(Command::Show(Show::Overlays(false)));
    let scene = bonescope::workbench::pane_scene(&bench, 0, [400.0, 700.0]).unwrap();
    let texts = |scene: &bonescope::picture::Scene| -> Vec<String> {
        let text = |mark: &bonescope::picture::Mark| match mark {
            bonescope::picture::Mark::Text { text, .. } => Some(text.clone()),
            _ => None,
        };
        scene.marks.iter().filter_map(text).collect()
    };
    assert!(texts(&scene).contains(&"THINNED TO 50 %".to_owned()), "{:?}", texts(&scene));

    // A region on it is remarked on everywhere.
    let roi = bonescope::findings::Roi::new(
        bench.findings().unwrap().next_id(),
        "L1",
        half.clone(),
        Outline::Ellipse { center: [160.0, 470.0], radii: [8.0, 8.0], angle_deg: 0.0 },
    );
    bench.handle(Command::Edit(bonescope::findings::Edit::Add { at: None, roi }));
    let row = bench.sheet().unwrap().rois[0].clone();
    assert!(row.twin.is_ok() && row.ratio.is_some(), "{row:?}");
    let words = "Measured on a copy thinned to 50 % of the counts, seed 1.";
    assert_eq!(row.remarks[0], words);
    let snapshot = bench.reading().unwrap().snapshot();
    let made = compose_report(&snapshot, Identity::None).unwrap();
    assert!(report::csv(&made).unwrap().contains("thinned to 50 %"));
    let json: serde_json::Value = serde_json::from_str(&report::json(&made).unwrap()).unwrap();
    assert!(json["rois"][0]["remarks"].to_string().contains(words));
    assert!(!json["quality"].as_array().unwrap().is_empty());
    let look = |_: &FrameKey| {
        (bonescope::picture::Window::linear(0.0, 20.0), bonescope::picture::Colormap::default())
    };
    let scenes = report::scenes(&snapshot.study, &snapshot.sheet, Identity::None, &look);
    for scene in scenes {
        assert!(texts(&scene.scene).iter().any(|t| t == "THINNED TO 50 %"), "{}", scene.caption);
    }

    // The regions file names the copy, and opening it makes the copy again.
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("regions.json");
    bench.handle(Command::SaveRegions(file.clone()));
    let mut other = self::bench();
    other.handle(Command::LoadRegions(file));
    assert_eq!(other.sheet().unwrap().rois[0].stats, row.stats, "{:?}", other.notices());
    assert_eq!(other.sheet().unwrap().rois[0].remarks[0], words);
}

#[test]
fn what_cannot_be_derived_is_refused_in_words() {
    let mut bench = bench();
    let of = active(&bench).series;
    let both = Derivation::Summed { of: of.clone(), frames: vec![0, 1] };
    bench.handle(Command::Derive(both));
    assert_eq!(active(&bench).series, of);
    let said = format!("{:?}", bench.notices());
    assert!(said.contains("differ in view"), "{said}");
    // Derive is a script's command like any other.
    let thinned = Command::Derive(Derivation::Thinned { of, fraction: 0.125, seed: 3 });
    let line = serde_json::to_string(&thinned).unwrap();
    assert_eq!(serde_json::from_str::<Command>(&line).unwrap(), thinned);
    bench.handle(thinned);
    assert!(active(&bench).series.ends_with("#thinned=0.125,seed=3"));
}

#[test]
fn a_place_is_pointed_out_in_its_pane() {
    let mut bench = bench();
    let posterior = bench.workspace().unwrap().panes[1].frame.clone();
    let outline = Outline::Rectangle { min: [20.0, 300.0], max: [60.0, 380.0] };
    let marked = Marked { frame: posterior, outline: Some(outline) };
    bench.handle(Command::Mark(Some(marked.clone())));
    assert_eq!(bench.marked(), Some(&marked));
    let workspace = bench.workspace().unwrap();
    assert_eq!(workspace.active, 1);
    let camera = workspace.panes[1].camera;
    assert!(camera.zoom > 1.5);
    let center = camera.center.unwrap();
    assert!((center.x - 40.0 * 2.4).abs() < 1.0 && (center.y - 340.0 * 2.4).abs() < 1.0);
    let lines = |bench: &Workbench, pane| {
        let scene = bonescope::workbench::pane_scene(bench, pane, [300.0, 600.0]).unwrap();
        let dashed = |m: &&bonescope::picture::Mark| {
            matches!(m, bonescope::picture::Mark::Line { closed: true, .. })
        };
        scene.marks.iter().filter(dashed).count()
    };
    assert_eq!((lines(&bench, 0), lines(&bench, 1)), (0, 1));
    act(&mut bench, "quality.clear");
    assert_eq!(lines(&bench, 1), 0);
}
