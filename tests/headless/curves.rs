//! Conjugate views, copies and time curves: on the command line and on the bench.

use assert_cmd::Command;
use bonescope::findings::{Edit, Findings, Roi, RoiId, Role, TwinChoice};
use bonescope::geometry::{Outline, Point};
use bonescope::measure::{ConjugateView, Sheet, conjugate_pairs, conjugate_point, find_midline};
use bonescope::simulate;
use bonescope::study::{FrameKey, Series};
use bonescope::units::Level;
use bonescope::workbench::{
    Action, CopyRegion, CopyTo, CurveExport, Place, Workbench, conjugate_of, demo_path,
};
use serde_json::{Value, json};

fn measure(rois: Value, more: &[&str]) -> (Option<i32>, String, String) {
    measure_case("demo:metastases", rois, more)
}

fn measure_case(case: &str, rois: Value, more: &[&str]) -> (Option<i32>, String, String) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("rois.json");
    let file = json!({"schema": "bonescope/rois", "version": 1, "rois": rois});
    std::fs::write(&path, file.to_string()).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_bonescope"))
        .args(["measure", case, "--rois"])
        .arg(&path)
        .args(more)
        .output()
        .unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code(), text(output.stdout), text(output.stderr))
}

fn square(id: &str, frame: usize, x: f64, y: f64) -> Value {
    json!({"id": id, "frame": frame, "shape": "rectangle", "min": [x, y],
           "max": [x + 12.0, y + 12.0], "twin": "none"})
}

/// The same square seen from both sides, 256 columns wide: 100 to 112 is 143 to 155 from behind.
fn from_both_sides() -> Value {
    json!([square("A", 0, 99.5, 400.5), square("P", 1, 143.5, 400.5), square("B", 0, 20.0, 20.0)])
}

#[test]
fn a_region_and_its_conjugate_have_a_geometric_mean() {
    let (code, out, said) = measure(from_both_sides(), &["--json"]);
    assert_eq!((code, said.as_str()), (Some(0), ""));
    let sheet: Value = serde_json::from_str(&out).unwrap();
    let rows = sheet["rois"].as_array().unwrap();
    let number = |value: &Value| value.as_f64().unwrap();
    let expected = (number(&rows[0]["counts"]) * number(&rows[1]["counts"])).sqrt();
    for (row, other) in [(0, "P"), (1, "A")] {
        let mean = &rows[row]["geometric_mean"];
        assert_eq!(mean["with"], other, "{mean}");
        assert!((number(&mean["value"]) / expected - 1.0).abs() < 1e-12);
        assert!(number(&mean["low"]) < expected && expected < number(&mean["high"]));
        assert_eq!(mean["level"], 0.95);
        assert!(mean["method"].as_str().unwrap().contains("likelihood"));
        assert!(number(&mean["counts_per_s"]) > 0.0);
    }
    assert_eq!(rows[2]["geometric_mean"], Value::Null);
}

#[test]
fn no_curve_without_frames_in_time() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("curves.csv");
    let (code, out, said) = measure(from_both_sides(), &["--curve", path.to_str().unwrap()]);
    assert_eq!((code, out.as_str()), (Some(4), ""));
    assert!(said.contains("only one frame") && said.contains("info PATH"), "{said}");
    assert!(!path.exists());
    let (code, ..) = measure(from_both_sides(), &["--curve", "-", "--json"]);
    assert_eq!(code, Some(2));
    let (code, ..) = measure(from_both_sides(), &["--force"]);
    assert_eq!(code, Some(2));
}

type Order = bonescope::workbench::Command;

fn bench(case: &str) -> Workbench {
    let mut bench = Workbench::new();
    bench.handle(Order::Open(demo_path(case)));
    bench.settle();
    assert!(bench.study().is_some(), "{:?}", bench.notices());
    bench
}

fn draw(bench: &mut Workbench, frame: FrameKey, outline: Outline) -> RoiId {
    let findings = bench.findings().unwrap();
    let roi = Roi { site: "iliac wing".into(), ..findings.new_roi(Role::Lesion, frame, outline) };
    let id = roi.id;
    bench.handle(Order::Edit(Edit::Add { at: None, roi }));
    id
}

fn act(bench: &mut Workbench, id: &str) {
    let command = Action::by_id(id).unwrap().resolve(bench).expect("possible now");
    bench.handle(command);
}

fn key(series: &Series, frame: usize) -> FrameKey {
    FrameKey { series: series.uid.clone(), frame }
}

#[test]
fn a_copy_is_one_step_and_says_what_it_is_a_copy_of() {
    let mut bench = bench("metastases");
    let series = bench.study().unwrap().series[0].clone();
    let outline = Outline::Ellipse { center: [84.5, 460.5], radii: [10.0, 7.0], angle_deg: 30.0 };
    let id = draw(&mut bench, key(&series, 1), outline);
    act(&mut bench, "roi.copy_conjugate");
    let findings = bench.findings().unwrap();
    let copy = &findings.rois()[1];
    assert_eq!(
        (copy.copy_of, &copy.frame, &*copy.site),
        (Some(id), &key(&series, 0), "iliac wing")
    );
    let expected =
        Outline::Ellipse { center: [170.5, 460.5], radii: [10.0, 7.0], angle_deg: 150.0 };
    assert_eq!(copy.outline, expected);
    assert_eq!(bench.selected(), Some(copy.id));
    // The copy's own copy is the region that it came from.
    act(&mut bench, "roi.copy_conjugate");
    assert_eq!((bench.findings().unwrap().rois().len(), bench.selected()), (2, Some(id)));
    bench.handle(Order::Undo);
    assert_eq!(bench.findings().unwrap().rois().len(), 1);
    bench.handle(Order::Redo);
    assert_eq!(bench.findings().unwrap().rois()[1].copy_of, Some(id));
}

#[test]
fn what_cannot_be_copied_says_why() {
    let mut bench = bench("metastases");
    let series = bench.study().unwrap().series[0].clone();
    let outline = Outline::Rectangle { min: [60.0, 400.0], max: [70.0, 410.0] };
    let id = draw(&mut bench, key(&series, 0), outline);
    let mut refusal = |command: Order| {
        bench.handle(command);
        assert_eq!(bench.findings().unwrap().rois().len(), 1);
        bench.notices().last().unwrap().text.clone()
    };
    let to = |region, to| Order::Copy(CopyRegion { region, to });
    assert!(refusal(to(id, CopyTo::Phases)).contains("no other planar images"));
    assert!(refusal(to(RoiId(77), CopyTo::OppositeView)).contains("no region 77"));
    // A view that the reader calls lateral has no opposite one.
    let lateral = bonescope::study::ViewName::LeftLateral;
    bench.handle(Order::Edit(Edit::SetView(key(&series, 0), Some(lateral))));
    bench.handle(to(id, CopyTo::OppositeView));
    let said = bench.notices().last().unwrap().text.clone();
    assert!(said.contains("L1") && said.contains("no opposite view"), "{said}");
    // One study of one view offers no copying to phases at all.
    assert!(Action::by_id("roi.copy_to_phases").unwrap().resolve(&bench).is_none());
}

#[test]
fn the_crosshair_knows_the_other_side() {
    let mut bench = bench("normal");
    let series = bench.study().unwrap().series[0].clone();
    act(&mut bench, "view.crosshair");
    let middle = bench.crosshair().cloned().unwrap();
    assert_eq!((middle.frame, middle.at), (key(&series, 0), Point::new(127.5, 511.5)));
    act(&mut bench, "view.crosshair");
    assert_eq!(bench.crosshair(), None);
    let place = Place { frame: key(&series, 0), at: Point::new(100.0, 400.0) };
    let seen = conjugate_of(&bench, &place).unwrap();
    assert_eq!((seen.place.frame, seen.place.at), (key(&series, 1), Point::new(155.0, 400.0)));
    let values = [(0, 100), (1, 155)].map(|(frame, x)| series.frames[frame].values.at(x, 400));
    assert_eq!(seen.value, Some(values[1]));
    assert_eq!(seen.geometric_mean, Some((values[0] * values[1]).sqrt()));
}

/// One study of three phases: a region drawn on the delayed image is copied to the others, and its
/// curve over the flow rises before its twin's.
#[test]
fn a_three_phase_study_has_curves() {
    let mut bench = bench("three_phase_crps");
    let study = bench.study().unwrap().clone();
    let flow = study.series.iter().find(|s| s.frames.len() > 20).unwrap();
    let delayed = study.series.iter().find(|s| s.frames[0].columns() == 256).unwrap();
    // The right foot, which lies at small columns of an anterior view.
    let outline = Outline::Ellipse { center: [90.0, 130.0], radii: [14.0, 26.0], angle_deg: 0.0 };
    let source = draw(&mut bench, key(delayed, 0), outline.clone());
    act(&mut bench, "roi.copy_to_phases");
    let copies: Vec<Roi> = bench.findings().unwrap().rois()[1..].to_vec();
    assert_eq!(copies.len(), study.series.len() - 1, "{:?}", bench.notices());
    for copy in &copies {
        let (from, to) = (&delayed.frames[0], study.frame(&copy.frame).unwrap());
        assert_eq!((copy.copy_of, to.view.view), (Some(source), from.view.view));
        let mm2 = |o: &Outline, f: &bonescope::study::Frame| o.area_mm2(f.spacing.unwrap());
        let (there, here) = (mm2(&copy.outline, to), mm2(&outline, from));
        assert!((there / here - 1.0).abs() < 1e-9, "{there} and {here} mm²");
    }
    // Once is enough; one undo takes all of them back.
    bench.handle(Order::Copy(CopyRegion { region: source, to: CopyTo::Phases }));
    assert!(bench.notices().last().unwrap().text.contains("already"));
    assert_eq!(bench.findings().unwrap().rois().len(), study.series.len());

    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("curves.csv");
    let request = CurveExport {
        path: path.clone(),
        region: None,
        identity: bonescope::study::Identity::Full,
        force: false,
    };
    bench.handle(Order::ExportCurve(request.clone()));
    bench.settle();
    let table = std::fs::read_to_string(&path).unwrap();
    let mut reader = csv::Reader::from_reader(table.as_bytes());
    let columns = reader.headers().unwrap().clone();
    let rows: Vec<csv::StringRecord> = reader.records().map(|r| r.unwrap()).collect();
    assert_eq!(rows.len(), flow.frames.len());
    let number = |row: usize, name: &str| -> f64 {
        let at = columns.iter().position(|c| c == name).unwrap();
        rows[row][at].parse().unwrap_or_else(|_| panic!("{name} of row {row}"))
    };
    for (i, frame) in flow.frames.iter().enumerate() {
        let seconds = frame.duration.unwrap().0;
        assert_eq!(number(i, "duration_s"), seconds);
        assert!((number(i, "per_second") * seconds - number(i, "total")).abs() < 1e-6);
        assert!(number(i, "per_second_low") <= number(i, "per_second"));
        let before =
            if i == 0 { 0.0 } else { number(i - 1, "start_s") + number(i - 1, "duration_s") };
        assert!((number(i, "start_s") - before).abs() < 1e-9);
    }
    // Hyperaemia: over the whole flow the foot counts more than its twin.
    let last = rows.len() - 1;
    assert!(number(last, "ratio_low") > 1.0, "{}", number(last, "ratio"));

    // What is there is not replaced unasked.
    bench.handle(Order::ExportCurve(request));
    bench.settle();
    assert!(bench.notices().last().unwrap().text.contains("exists"));
    bench.handle(Order::Undo);
    assert_eq!(bench.findings().unwrap().rois().len(), 1);
}

#[test]
fn the_terminal_writes_curves() {
    let case = "demo:three_phase_crps";
    let study = bench("three_phase_crps").study().unwrap().clone();
    let flow = study.series.iter().find(|s| s.frames.len() > 20).unwrap();
    let rois = json!([{"id": "foot", "series": &*flow.uid, "frame": 3, "shape": "ellipse",
                       "center": [45.0, 65.0], "radii": [7.0, 13.0]}]);
    let (code, out, said) = measure_case(case, rois.clone(), &["--curve", "-"]);
    assert_eq!(code, Some(0), "{said}");
    assert_eq!(out.lines().count(), 1 + flow.frames.len());
    assert!(out.starts_with("region,side,") && out.contains("\r\nfoot,right,"), "{out}");
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("curves.csv");
    let arguments = ["--curve", path.to_str().unwrap(), "--json"];
    let (code, json, _) = measure_case(case, rois.clone(), &arguments);
    assert_eq!(code, Some(0));
    assert_eq!(std::fs::read_to_string(&path).unwrap(), out);
    assert!(serde_json::from_str::<Value>(&json).is_ok());
    let (code, _, said) = measure_case(case, rois, &arguments);
    assert!(code == Some(2) && said.contains("exists"), "{code:?} {said}");
}

/// The truth of the simulator: the same lesion projected into both views, taken together and as
/// though the patient had been taken from behind later.
#[test]
fn a_lesion_is_its_own_conjugate() {
    for name in ["metastases", "tilted"] {
        let scan = simulate::acquire(&simulate::case(name).unwrap(), &|_| {});
        let frames = &scan.study.series[0].frames;
        let lines = [0, 1].map(|i| find_midline(&frames[i]));
        let mut views = [0, 1].map(|i| frames[i].clone());
        for apart in [false, true] {
            if apart {
                views[1].source.sop_instance = "another".into();
            }
            let [front, back] =
                [0, 1].map(|i| ConjugateView { frame: &views[i], midline: lines[i].as_ref() });
            let mut lesions = 0;
            for lesion in &scan.truth.lesions {
                let [a, b] = &lesion.frames[..] else { continue };
                lesions += 1;
                let there = conjugate_point(front, back, Point::from(a.center)).unwrap();
                let here = conjugate_point(back, front, Point::from(b.center)).unwrap();
                let spacing = views[0].spacing.unwrap().x();
                for missed in [there - Point::from(b.center), here - Point::from(a.center)] {
                    let mm = spacing * missed.length();
                    assert!(mm < 3.0, "{name}, {}: {mm} mm apart", lesion.name);
                }
            }
            assert!(lesions >= 6, "{lesions}");
        }
    }
}

/// Outlines of the same lesion in both views pair up, and the interval holds the geometric mean of
/// what the two views should count.
#[test]
fn simulated_lesions_pair_up_and_their_means_hold_the_truth() {
    let base = simulate::case("metastases").unwrap();
    let (mut held, mut all) = (0, 0);
    for seed in 1..=3 {
        let mut case = base.clone();
        case.seed = seed;
        let scan = simulate::acquire(&case, &|_| {});
        let series = scan.study.series[0].uid.clone();
        let mut findings = Findings::default();
        let mut truths = Vec::new();
        for lesion in &scan.truth.lesions {
            let [a, b] = &lesion.frames[..] else { continue };
            let ids = [a, b].map(|seen| {
                let roi = Roi {
                    twin: TwinChoice::None,
                    ..findings.new_roi(
                        Role::Lesion,
                        FrameKey { series: series.clone(), frame: seen.frame },
                        Outline::Polygon { points: seen.outline.clone() },
                    )
                };
                let id = roi.id;
                findings.apply(Edit::Add { at: None, roi }).unwrap();
                id
            });
            truths.push((ids, (a.expected_counts * b.expected_counts).sqrt()));
        }
        let level = Level::NINETY_FIVE;
        let sheet = Sheet::compute(&scan.study, &findings, &|_| None, level);
        let pairs = conjugate_pairs(&scan.study, &sheet, level);
        for (ids, truth) in &truths {
            // The views may see so different shapes of it that they do not pair.
            let Some(pair) = pairs.iter().find(|p| p.regions == *ids) else { continue };
            let mean = pair.mean.unwrap();
            all += 1;
            held += u32::from((mean.low..=mean.high).contains(truth));
        }
    }
    assert!(all >= 24, "{all}");
    assert!(held * 10 >= all * 9, "{held} of {all}");
}
