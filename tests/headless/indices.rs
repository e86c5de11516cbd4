//! Indices: one action draws their regions, and their numbers stand beside what was published.

use bonescope::findings::Findings;
use bonescope::geometry::Side;
use bonescope::measure::{IndexRow, SourceMark};
use bonescope::workbench::{Action, Command, RegionsFile, Workbench, demo_path};

fn bench(case: &str) -> Workbench {
    let mut bench = Workbench::new();
    bench.handle(Command::Open(demo_path(case)));
    bench.settle();
    assert_eq!(bench.readings().len(), 1, "{:?}", bench.notices());
    bench
}

fn press(bench: &mut Workbench, action: &str) {
    let command = Action::by_id(action).unwrap().resolve(bench);
    bench.handle(command.unwrap_or_else(|| panic!("{action} has nothing to do")));
}

fn indices(bench: &Workbench) -> Vec<IndexRow> {
    bench.sheet().unwrap().indices.clone()
}

fn value(row: &IndexRow, name: &str) -> f64 {
    let result = row.results.iter().find(|r| r.name == name);
    result.unwrap_or_else(|| panic!("{name}: {row:?}")).estimate.value.unwrap()
}

/// On a normal simulated adult: every region on its own side, the ratios as her anatomy has them.
#[test]
fn regions_lie_on_their_bones_in_one_step() {
    let mut bench = bench("normal");
    for (action, parts) in [
        ("index.sacroiliac", 3),
        ("index.kidney", 3),
        ("index.soft_tissue", 4),
        ("index.femoral_head", 2),
        ("index.jaw", 2),
        ("index.crps", 2),
        ("index.condyles", 2),
    ] {
        press(&mut bench, action);
        let rows = indices(&bench);
        let [row] = &rows[..] else { panic!("{action}: {rows:?} {:?}", bench.notices()) };
        assert_eq!(row.regions.len(), parts, "{action}");
        // The jaw's joints are too small to be told on a whole body seen from the front.
        let template = bench.notices().iter().any(|n| n.text.contains("Drag each"));
        assert_eq!(template, action == "index.condyles", "{action}: {:?}", bench.notices());
        for roi in &bench.sheet().unwrap().rois {
            let part = &roi.part.as_ref().unwrap().part;
            let side = part.split(' ').next().and_then(|word| match word {
                "left" => Some(Side::Left),
                "right" => Some(Side::Right),
                _ => None,
            });
            assert_eq!(roi.side, side, "{action}: {part}");
            assert!(roi.stats.pixels > 5 && roi.remarks.is_empty(), "{action}: {:?}", roi.remarks);
        }
        for result in &row.results {
            let interval = result.estimate.interval.expect("counts have one");
            assert!(interval.contains(result.estimate.value.unwrap()), "{action}");
        }
        eprintln!(
            "{action}: {:?}",
            row.results.iter().map(|r| (&r.name, r.estimate.value)).collect::<Vec<_>>()
        );
        match action {
            // The phantom's are 0.43 and 2.8.
            "index.kidney" => {
                let both = value(row, "both kidneys / spine");
                assert!((0.25..0.8).contains(&both), "{both}");
            }
            "index.soft_tissue" => {
                let contrast = value(row, "bone / soft tissue");
                assert!((1.8..4.5).contains(&contrast), "{contrast}");
            }
            "index.sacroiliac" => {
                for name in ["left joint / sacrum", "right joint / sacrum"] {
                    let ratio = value(row, name);
                    assert!((0.8..1.8).contains(&ratio), "{name}: {ratio}");
                }
            }
            _ => {}
        }
        // Asked again it takes the reader there; one undo takes all of it away.
        press(&mut bench, action);
        assert_eq!(bench.findings().unwrap().rois().len(), parts, "{action}");
        press(&mut bench, "edit.undo");
        assert!(bench.findings().unwrap().is_empty(), "{action}");
    }
}

#[test]
fn a_spot_view_gets_a_template_and_every_phase_its_copy() {
    let mut bench = bench("three_phase_crps");
    press(&mut bench, "index.crps");
    let told = bench.notices().iter().filter(|n| n.text.contains("Drag each")).count();
    assert_eq!(told, 1, "{:?}", bench.notices());
    let rows = indices(&bench);
    let series: std::collections::BTreeSet<_> = rows.iter().map(|r| &r.frame.series).collect();
    assert!(series.len() >= 2 && rows.len() == series.len(), "{rows:?}");
    for row in &rows {
        let (there, back) = (value(row, "left / right"), value(row, "right / left"));
        assert!((there * back - 1.0).abs() < 1e-12);
    }
    press(&mut bench, "edit.undo");
    assert!(bench.findings().unwrap().is_empty());
}

#[test]
fn the_sites_own_range_and_the_regions_file_know_of_indices() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("preferences.toml");
    std::fs::write(&path, "[indices]\nnormal = { sacroiliac = [0.2, 9.0] }\n").unwrap();
    let mut bench = Workbench::new();
    bench.remember_in(path.clone());
    assert!(bench.notices().is_empty(), "{:?}", bench.notices());
    bench.handle(Command::Open(demo_path("normal")));
    bench.settle();
    press(&mut bench, "index.sacroiliac");
    let ranges = &indices(&bench)[0].results[0].ranges;
    let own = ranges.iter().find(|r| r.range.mark == SourceMark::Own).expect("the site's own");
    assert_eq!(
        (own.range.low, own.range.high, own.lies.as_str()),
        (Some(0.2), Some(9.0), "inside")
    );
    assert!(ranges.iter().any(|r| r.range.mark == SourceMark::Abstract));

    let written = RegionsFile::of(bench.findings().unwrap());
    let study = bench.study().unwrap().clone();
    let mut back = Findings::default();
    back.apply(written.into_edit(&study, &Findings::default()).unwrap()).unwrap();
    assert_eq!(&back, bench.findings().unwrap());

    std::fs::write(&path, "[indices]\nnormal = { sacroiliac = [2.0, 1.0] }\n").unwrap();
    let mut wrong = Workbench::new();
    wrong.remember_in(path);
    assert!(wrong.notices()[0].text.contains("indices.normal"), "{:?}", wrong.notices());
}
