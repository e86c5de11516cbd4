//! What surrounds a ratio: background, the hand, many of them, and data that are no counts.

use std::path::Path;

use bonescope::findings::{Edit, Findings, Roi, RoiId, Role};
use bonescope::geometry::Outline;
use bonescope::measure::{RoiRow, net_counts, net_ratio, q_values};
use bonescope::units::Level;
use bonescope::workbench::{
    Action, Command, Pointer, PointerEvent, RegionsFile, ToolKind, Workbench, demo_path,
};
use serde_json::{Value, json};

fn bench() -> Workbench {
    let mut bench = Workbench::new();
    bench.handle(Command::Open(demo_path("metastases")));
    bench.settle();
    assert_eq!(bench.readings().len(), 1, "{:?}", bench.notices());
    bench
}

fn add(bench: &mut Workbench, center: [f64; 2], radius: f64, role: Role) -> RoiId {
    let frame = bench.workspace().unwrap().panes[0].frame.clone();
    let outline = Outline::Ellipse { center, radii: [radius, radius], angle_deg: 0.0 };
    let roi: Roi = bench.findings().unwrap().new_roi(role, frame, outline);
    let id = roi.id;
    bench.handle(Command::Edit(Edit::Add { at: None, roi }));
    id
}

fn row(bench: &Workbench, id: RoiId) -> RoiRow {
    bench.sheet().unwrap().roi(id).unwrap().clone()
}

fn press(bench: &mut Workbench, action: &str) {
    let command = Action::by_id(action).unwrap().resolve(bench);
    bench.handle(command.unwrap_or_else(|| panic!("{action} has nothing to do")));
}

#[test]
fn the_background_is_subtracted_for_a_study_and_kept_in_its_file() {
    let mut bench = bench();
    let lesion = add(&mut bench, [80.0, 420.0], 8.0, Role::Lesion);
    let plain = row(&bench, lesion).ratio.unwrap();
    let possible = Action::by_id("roi.subtract_background").unwrap().resolve(&bench).is_some();
    assert!(!possible, "there is no soft tissue to subtract");
    let soft = add(&mut bench, [100.0, 640.0], 4.0, Role::Lesion);
    bench.handle(Command::Select(Some(soft)));
    press(&mut bench, "roi.background");
    assert_eq!(row(&bench, lesion).ratio.unwrap().estimate, plain.estimate, "not asked for yet");
    press(&mut bench, "roi.subtract_background");

    let row_now = row(&bench, lesion);
    let net = row_now.ratio.unwrap();
    let density = |stats: &bonescope::measure::RegionStats| bonescope::measure::Density {
        counts: stats.total as u64,
        pixels: stats.pixels,
    };
    let (one, other) = (density(&row_now.stats), density(&row_now.twin.as_ref().unwrap().stats));
    let under = density(&row(&bench, soft).stats);
    assert_eq!(Some(net.estimate), net_ratio(one, other, under, Level::NINETY_FIVE));
    let background = net.background.unwrap();
    assert!((background.net[0] - net_counts(one, under)).abs() < 1e-9);
    assert!(background.net[1] < other.counts as f64);
    assert_eq!(net.p, plain.p, "what is equal above a background is equal without");

    // In the file, and back; one undo takes the choice back.
    let file = RegionsFile::of(bench.findings().unwrap());
    let study = bench.study().unwrap().clone();
    let mut again = Findings::default();
    again.apply(file.into_edit(&study, &Findings::default()).unwrap()).unwrap();
    assert_eq!(&again, bench.findings().unwrap());
    press(&mut bench, "edit.undo");
    assert_eq!(row(&bench, lesion).ratio.unwrap().estimate, plain.estimate);
}

#[test]
fn the_hand_is_weighed_when_it_rests() {
    let mut bench = bench();
    bench.handle(Command::Tool(ToolKind::Ellipse));
    let point = |bench: &mut Workbench, at: [f64; 2], event| {
        let (shift, reach, travel) = (false, 3.0, [0.0, 0.0]);
        bench.handle(Command::Point(Pointer {
            pane: 0,
            at: at.into(),
            event,
            shift,
            reach,
            travel,
        }));
    };
    point(&mut bench, [72.0, 412.0], PointerEvent::Press);
    point(&mut bench, [80.0, 422.0], PointerEvent::Drag);
    point(&mut bench, [88.0, 430.0], PointerEvent::Drag);
    let dragged = bench.sheet().unwrap().rois[0].ratio.unwrap();
    assert!(dragged.estimate.value.is_some() && dragged.jitter.is_none());
    point(&mut bench, [88.0, 430.0], PointerEvent::Release);
    let rested = bench.sheet().unwrap().rois[0].ratio.unwrap();
    let jitter = rested.jitter.expect("the hand rests");
    let value = rested.estimate.value.unwrap();
    assert!(jitter.low <= value && value <= jitter.high && jitter.sd > 0.0, "{jitter:?} {value}");
    let (noise, hand) = (rested.estimate.relative_error().unwrap(), rested.hand().unwrap());
    assert!((0.002..0.3).contains(&noise) && (0.001..0.5).contains(&hand), "{noise} {hand}");
}

#[test]
fn many_ratios_are_looked_at_together() {
    let mut bench = bench();
    let ids: Vec<RoiId> = (0..6)
        .map(|i| add(&mut bench, [80.0, 300.0 + 40.0 * f64::from(i)], 5.0, Role::Lesion))
        .collect();
    let ratios: Vec<_> = ids.iter().map(|id| row(&bench, *id).ratio.unwrap()).collect();
    let p: Vec<f64> = ratios.iter().map(|r| r.p.unwrap()).collect();
    let q: Vec<f64> = ratios.iter().map(|r| r.q.unwrap()).collect();
    assert_eq!(q, q_values(&p));
    for ratio in &ratios {
        assert_eq!(ratio.differs_after_control, Some(ratio.q.unwrap() <= 0.05));
    }
    // A copy of what is there changes what the others are worth.
    add(&mut bench, [80.0, 560.0], 5.0, Role::Lesion);
    let more = row(&bench, ids[0]).ratio.unwrap();
    assert_eq!(more.p, ratios[0].p);
    assert_eq!(bench.sheet().unwrap().rois.iter().filter(|r| r.ratio.is_some()).count(), 7);
}

/// The one real scan at hand scatters as counts do, and keeps its intervals; the same smoothed
/// loses them, and says why.
#[test]
fn a_real_scan_keeps_its_intervals_until_it_is_smoothed() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(
        "../shared/data/wearemothership__dicom-test-files/medical.nema.org/\
         compsamples_refanddir/IMAGES/REF/NM1_UNC",
    );
    if !path.is_file() {
        let required = std::env::var_os("BONESCOPE_REQUIRE_ALL").is_some();
        assert!(!required, "{} is needed and not there", path.display());
        eprintln!("skipped: {} is not there", path.display());
        return;
    }
    let study = bonescope::dicom::open(&path, &bonescope::dicom::NoProgress)
        .expect("a study")
        .value
        .remove(0);
    let frame = &study.series[0].frames[0];
    let measured = bonescope::measure::MeasuredFrame::new(frame);
    let scatter = measured.scatter.expect("enough counts");
    assert!((0.9..1.1).contains(&scatter.ratio) && measured.counts.is_ok(), "{scatter:?}");
    let near = |row: usize, column: usize| {
        let (rows, columns) = (frame.rows(), frame.columns());
        let (ys, xs) = (
            row.saturating_sub(1)..(row + 2).min(rows),
            column.saturating_sub(1)..(column + 2).min(columns),
        );
        let count = ys.len() * xs.len();
        let sum: f64 = ys
            .flat_map(|y| xs.clone().map(move |x| (x, y)))
            .map(|(x, y)| frame.values.at(x, y))
            .sum();
        (sum / count as f64).round() as u16
    };
    let smooth =
        ndarray::Array2::from_shape_fn((frame.rows(), frame.columns()), |(r, c)| near(r, c));
    let mut smoothed = frame.clone();
    smoothed.values.pixels = std::sync::Arc::new(bonescope::study::Pixels::U16(smooth));
    let measured = bonescope::measure::MeasuredFrame::new(&smoothed);
    assert_eq!(
        measured.counts,
        Err(bonescope::study::NotCounts::Scatter),
        "{:?}",
        measured.scatter
    );
}

/// The command line, and a report of the same regions, give the same digits.
#[test]
fn command_line_and_report_say_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let rois = folder.path().join("rois.json");
    let file = json!({"schema": "bonescope/rois", "version": 1, "subtract_background": true, "rois": [
        {"id": "L1", "frame": 0, "shape": "ellipse", "center": [80.0, 420.0], "radii": [8.0, 8.0]},
        {"id": "L2", "frame": 1, "shape": "ellipse", "center": [176.0, 420.0], "radii": [8.0, 8.0]},
        {"id": "S1", "frame": 0, "shape": "ellipse", "center": [100.0, 640.0], "radii": [4.0, 4.0],
         "role": "background"}]});
    std::fs::write(&rois, file.to_string()).unwrap();
    let run = |more: &[&str]| {
        let output = assert_cmd::Command::new(env!("CARGO_BIN_EXE_bonescope"))
            .args(more)
            .args(["--rois", rois.to_str().unwrap()])
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        serde_json::from_slice::<Value>(&output.stdout).unwrap()
    };
    let sheet = run(&["measure", "demo:metastases", "--json"]);
    let report = run(&["report", "demo:metastases", "--format", "json", "-o", "-"]);
    for (i, region) in sheet["rois"].as_array().unwrap().iter().enumerate() {
        assert_eq!(region["ratio"], report["rois"][i]["ratio"], "{}", region["id"]);
    }
    let ratio = &sheet["rois"][0]["ratio"];
    assert!(ratio["background"]["net"].as_f64().unwrap() > 0.0);
    assert!(ratio["jitter"]["hand_percent"].as_f64().unwrap() > 0.0);
    assert!(ratio["q_value"].as_f64().unwrap() >= ratio["p"].as_f64().unwrap());
    assert!(ratio["method"].as_str().unwrap().contains("profile likelihood"), "{ratio}");
    let other = &sheet["rois"][1];
    assert!(other["ratio"]["background"].is_null(), "no soft tissue is marked on that view");
    let told = other["remarks"].as_array().unwrap().iter().filter_map(Value::as_str);
    assert!(told.filter(|r| r.contains("No background")).count() == 1, "{other}");
}
