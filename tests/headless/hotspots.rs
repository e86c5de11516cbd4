//! Hot spots: what is proposed, what it is called, and what the reader makes of it; and the map of
//! normal uptake that they are compared with.

use std::path::Path;

use assert_cmd::Command as Program;
use bonescope::findings::Symmetry;
use bonescope::geometry::{Outline, Point};
use bonescope::measure::{
    Hotspot, HotspotView, Skeleton, find_midline, normal_uptake_map, uptake_by_place,
};
use bonescope::simulate::cohort::{Kind, Volunteer};
use bonescope::simulate::{Acquisition, acquire, case};
use bonescope::study::FrameKey;
use bonescope::workbench::{Action, Command, Reading, Workbench, demo_path, hotspots};
use rayon::prelude::*;

/// The map was made of every second four of so many patients from the first seed on.
const PATIENTS: u64 = 240;

fn uptake(seed: u64) -> Vec<(usize, f32)> {
    let kind = if seed.is_multiple_of(4) { Kind::Normal } else { Kind::Findings };
    let counts = [1_500_000, 700_000, 2_200_000, 1_000_000, 1_500_000][(seed % 5) as usize];
    let scan = Volunteer::draw(seed, kind, counts).unwrap().scan();
    let series = &scan.study.series[0];
    let of = |(number, frame)| {
        let midline = find_midline(frame)?;
        let skeleton = Skeleton::fit(frame, &midline).ok()?;
        Some(uptake_by_place(&HotspotView {
            key: FrameKey { series: series.uid.clone(), frame: number },
            frame,
            symmetry: Some(&Symmetry::mirror(midline, frame)),
            skeleton: Some(&skeleton),
            not_bone: Vec::new(),
        }))
    };
    series.frames.iter().enumerate().filter_map(of).flatten().collect()
}

/// `BONESCOPE_ATLAS=1 cargo test --release --test headless normal_uptake` makes the map anew.
#[test]
fn the_map_of_normal_uptake_is_of_patients_drawn_by_lot() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/atlas/normal_uptake.pgm");
    if std::env::var_os("BONESCOPE_ATLAS").is_some_and(|v| v == "1") {
        let seeds: Vec<u64> = (0..PATIENTS).filter(|seed| seed / 4 % 2 == 0).collect();
        let patients: Vec<_> = seeds.into_par_iter().map(uptake).collect();
        std::fs::write(path, normal_uptake_map(patients)).unwrap();
        return;
    }
    // A patient that the map was not made of lies about on it.
    let map = std::fs::read(path).unwrap();
    let cells = (map.len() - b"P5 36 2784 255\n".len()) / 2;
    let usual = |cell: usize| -5.0 + 8.0 / 255.0 * f64::from(map[map.len() - 2 * cells + cell]);
    let seen = uptake(4);
    let mut apart: Vec<f64> = seen
        .iter()
        .filter(|(cell, _)| usual(*cell) > -1.0)
        .map(|(cell, value)| (f64::from(*value) - usual(*cell)).abs())
        .collect();
    apart.sort_by(f64::total_cmp);
    assert!(apart.len() > 5000, "{}", apart.len());
    assert!(apart[apart.len() / 2] < 0.25, "{}", apart[apart.len() / 2]);
}

fn found(name: &str) -> (Acquisition, Vec<Hotspot>) {
    let scan = acquire(&case(name).unwrap(), &|_| ());
    let found = hotspots(&Reading::new(scan.study.clone()));
    (scan, found)
}

/// Whether a candidate's middle lies in a lesion or within four pixels of its edge.
fn hits(scan: &Acquisition, lesion: usize, hotspot: &Hotspot) -> bool {
    let frames = &scan.truth.lesions[lesion].frames;
    frames.iter().filter(|f| f.frame == hotspot.frame.frame).any(|f| {
        let outline = Outline::Polygon { points: f.outline.clone() };
        let at = hotspot.center;
        let near = |p: &[f64; 2]| (Point::from(*p) - at).length() < 4.0;
        outline.contains(at) || f.outline.iter().any(near)
    })
}

#[test]
fn metastases_are_proposed_and_the_bladder_is_called_bladder() {
    let (scan, found) = found("metastases");
    let proposed: Vec<&Hotspot> =
        found.iter().filter(|h| h.kind.in_bone() && h.score >= 0.3).collect();
    let lesions = scan.truth.lesions.len();
    let hit = (0..lesions).filter(|&l| proposed.iter().any(|h| hits(&scan, l, h))).count();
    assert!(hit * 10 >= lesions * 6, "{hit} of {lesions}");
    let missed = proposed.iter().filter(|h| !(0..lesions).any(|l| hits(&scan, l, h))).count();
    assert!(missed <= 4, "{missed}");
    assert!(found.iter().any(|h| h.kind == bonescope::measure::HotspotKind::Bladder));
    assert!(found.windows(2).all(|w| w[0].score >= w[1].score));
    for (index, hotspot) in found.iter().enumerate() {
        if let Some(other) = hotspot.conjugate {
            assert_eq!(found[other].conjugate, Some(index));
            assert_ne!(found[other].frame, hotspot.frame);
        }
    }
    assert!(found.iter().any(|h| h.conjugate.is_some()));
}

#[test]
fn the_same_scan_gives_the_same_digits_on_any_number_of_threads() {
    let scan = acquire(&case("tilted").unwrap(), &|_| ());
    let on = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| hotspots(&Reading::new(scan.study.clone())))
    };
    assert_eq!(on(1), on(3));
}

fn press(bench: &mut Workbench, action: &str) {
    let command = Action::by_id(action).unwrap().resolve(bench);
    bench.handle(command.unwrap_or_else(|| panic!("{action} is greyed")));
    bench.settle();
}

#[test]
fn proposals_are_accepted_rejected_and_brought_back() {
    let mut bench = Workbench::new();
    bench.handle(Command::Open(demo_path("metastases")));
    bench.settle();
    assert!(Action::by_id("hotspot.accept").unwrap().resolve(&bench).is_none());
    press(&mut bench, "hotspot.propose");
    let count = bench.proposals().len();
    assert!(count >= 4, "{count}");
    // Looking at them changes nothing.
    assert!(bench.findings().unwrap().is_empty() && bench.proposal().is_some());
    let first = bench.proposal().unwrap();
    press(&mut bench, "hotspot.next");
    press(&mut bench, "hotspot.previous");
    assert_eq!(bench.proposal(), Some(first));
    let halves = bench.proposal_halves(first).len();
    // Enter takes it, with its half in the other view as a copy.
    press(&mut bench, "roi.in_report");
    let rois = bench.findings().unwrap().rois();
    assert_eq!(rois.len(), halves);
    assert_eq!(rois.last().unwrap().copy_of, (halves == 2).then(|| rois[0].id));
    assert_eq!(bench.proposals().len(), count - 1);
    // Delete turns the next one down.
    let next = bench.proposal().unwrap();
    assert_ne!(next, first);
    press(&mut bench, "roi.delete");
    assert_eq!(bench.proposals().len(), count - 2);
    assert_eq!(bench.findings().unwrap().rois().len(), halves);
    assert!(!bench.findings().unwrap().rejections().is_empty());
    for back in [count - 1, count] {
        bench.handle(Command::Undo);
        assert_eq!(bench.proposals().len(), back);
    }
    assert!(bench.findings().unwrap().is_empty());
    assert!(!bench.proposals_outdated());
}

#[test]
fn the_verb_lists_candidates_and_writes_regions_that_can_be_measured() {
    let folder = tempfile::tempdir().unwrap();
    let regions = folder.path().join("candidates.json");
    let run = |arguments: &[&str]| {
        let output = Program::cargo_bin("bonescope").unwrap().args(arguments).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        output.stdout
    };
    let path = regions.to_str().unwrap();
    let json = run(&["hotspots", "demo:metastases", "--json", "--rois-out", path]);
    let document: serde_json::Value = serde_json::from_slice(&json).unwrap();
    assert_eq!(document["schema"], "bonescope/hotspots");
    let candidates = document["candidates"].as_array().unwrap();
    assert!(candidates.len() >= 5);
    let scores: Vec<f64> = candidates.iter().map(|c| c["score"].as_f64().unwrap()).collect();
    assert!(scores.windows(2).all(|w| w[0] >= w[1]), "{scores:?}");
    let measured = run(&["measure", "demo:metastases", "--rois", path, "--json"]);
    let measured: serde_json::Value = serde_json::from_slice(&measured).unwrap();
    for (candidate, roi) in candidates.iter().zip(measured["rois"].as_array().unwrap()) {
        for field in ["id", "frame", "pixels", "counts", "ratio"] {
            assert_eq!(candidate[field], roi[field], "{field} of {}", candidate["id"]);
        }
    }
    let text = String::from_utf8(run(&["hotspots", "demo:metastases"])).unwrap();
    assert!(text.contains("no diagnosis") && text.contains("H1"), "{text}");
}
