//! A prior beside the current study: the same places, the same scale, and what has changed.

use bonescope::findings::{Edit, Roi, Role};
use bonescope::geometry::{Outline, Point};
use bonescope::simulate::{Acquisition, acquire, case};
use bonescope::study::FrameKey;
use bonescope::workbench::{
    Action, Command, Compare, Scale, Workbench, candidates, changes, demo_path, facts, prior,
};

fn open(cases: &[&str]) -> Workbench {
    let mut bench = Workbench::new();
    for case in cases {
        bench.handle(Command::Open(demo_path(case)));
        bench.settle();
    }
    assert_eq!(bench.readings().len(), cases.len(), "{:?}", bench.notices());
    bench
}

fn scanned(name: &str) -> Acquisition {
    acquire(&case(name).expect("a case"), &|_| ())
}

/// Where the truth says that a lesion lies on a frame, if it does.
fn place(scan: &Acquisition, lesion: &str, frame: usize) -> Option<[f64; 2]> {
    let lesion = scan.truth.lesions.iter().find(|l| l.name == lesion)?;
    lesion.frames.iter().find(|f| f.frame == frame).map(|f| f.center)
}

fn region(bench: &Workbench, frame: FrameKey, center: [f64; 2], role: Role) -> Roi {
    let findings = bench.findings().expect("a study");
    findings.new_roi(role, frame, Outline::Ellipse { center, radii: [6.0, 7.0], angle_deg: 0.0 })
}

#[test]
fn regions_find_their_place_in_the_prior_and_ratios_say_what_changed() {
    let mut bench = open(&["metastases_prior", "metastases"]);
    let then = prior(&bench).expect("the prior hangs by itself");
    assert_eq!(then.study().uid, bench.readings()[0].study().uid);
    assert_eq!(bench.workspace().expect("panes").panes.len(), 4);
    assert!(facts(&bench).iter().any(|f| f.alike == Some(false)), "the scans differ");

    let (now, before) = (scanned("metastases"), scanned("metastases_prior"));
    let frame = |study: usize, frame: usize| {
        let series = bench.readings()[study].study().series[0].uid.clone();
        FrameKey { series, frame }
    };
    let here = [frame(1, 0), frame(1, 1)];
    let there = [frame(0, 0), frame(0, 1)];
    let mut expected = Vec::new();
    for lesion in &now.truth.lesions {
        for (index, frame) in here.iter().enumerate() {
            let (Some(at), Some(was)) =
                (place(&now, &lesion.name, index), place(&before, &lesion.name, index))
            else {
                continue;
            };
            let roi = region(&bench, frame.clone(), at, Role::Lesion);
            expected.push((roi.name.clone(), index, was));
            bench.handle(Command::Edit(Edit::Add { at: None, roi }));
        }
    }
    assert!(expected.len() >= 4, "lesions in both scans: {expected:?}");
    bench.handle(Command::Compare(Compare::CopyRegions));
    let then = prior(&bench).expect("still there");
    let mut off: Vec<f64> = expected
        .iter()
        .filter_map(|(name, index, was)| {
            let copy = then.findings().rois().iter().find(|r| r.name == *name)?;
            assert_eq!(copy.frame, there[*index]);
            let spacing = then.study().frame(&copy.frame)?.spacing_or_unit();
            let by = copy.outline.centroid() - Point::from(*was);
            Some((by.x * spacing.x()).hypot(by.y * spacing.y()))
        })
        .collect();
    assert_eq!(off.len(), expected.len(), "{:?}", bench.notices());
    off.sort_by(f64::total_cmp);
    let (median, worst) = (off[off.len() / 2], off[off.len() - 1]);
    eprintln!("copied regions: median {median:.1} mm, worst {worst:.1} mm off");
    assert!(median < 8.0 && worst < 30.0, "median {median}, worst {worst}: {off:?}");

    let rows = changes(&bench);
    assert_eq!(rows.len(), expected.len());
    let row = rows.iter().find(|r| r.change.is_some()).expect("a ratio in both");
    let (now, then) = (row.now.unwrap().value.unwrap(), row.then.unwrap().value.unwrap());
    assert!((row.change.unwrap().value.unwrap() - now / then).abs() < 1e-12);
    assert!(row.changed().is_some());

    // The copies were one edit of the prior, which is the study that is read now.
    bench.handle(Command::Undo);
    assert!(prior(&bench).expect("still there").findings().rois().is_empty());
}

#[test]
fn the_scale_is_shared_by_the_means_that_is_named() {
    let mut bench = open(&["metastases_prior", "metastases"]);
    let percent = |bench: &Workbench| -> Vec<f64> {
        let panes = &bench.workspace().expect("panes").panes;
        panes.iter().map(|p| 100.0 * p.look.window.upper / p.look.reference).collect()
    };
    let alike = |values: &[f64]| values.iter().all(|v| (v - values[0]).abs() < 1e-6);
    bench.handle(Command::Compare(Compare::Scale(Scale::Counts)));
    assert!(alike(&percent(&bench)), "{:?}", percent(&bench));
    let panes = bench.workspace().expect("panes").panes.clone();
    let sum = |pane: usize| {
        let mut sum = 0.0;
        let values = &bench.frame(&panes[pane].frame).expect("a frame").values;
        values.pixels.for_each(|v| sum += v);
        sum
    };
    let upper = |pane: usize| panes[pane].look.window.upper;
    assert!((upper(1) / upper(0) - sum(1) / sum(0)).abs() < 1e-9);

    // Without a reference region the scale is refused with a word, and stays.
    bench.handle(Command::Compare(Compare::Scale(Scale::Reference)));
    assert!(bench.notices().last().expect("a notice").text.contains("reference region"));
    let scale = |bench: &Workbench| bench.workspace().unwrap().comparison.as_ref().unwrap().scale;
    assert_eq!(scale(&bench), Scale::Counts);
    bench.handle(Command::Compare(Compare::Scale(Scale::Off)));
    assert!(!bench.workspace().unwrap().links.window);
    let end = Action::by_id("compare.end").unwrap().resolve(&bench).expect("it can end");
    bench.handle(end);
    assert!(prior(&bench).is_none());
}

#[test]
fn another_patient_is_compared_only_on_purpose() {
    let mut bench = open(&["normal", "paget"]);
    assert!(prior(&bench).is_none());
    let found = candidates(&bench);
    assert_eq!((found.len(), found[0].same_patient), (1, false));
    let with = |another_patient| {
        Command::Compare(Compare::With { study: found[0].study, another_patient })
    };
    bench.handle(with(false));
    assert!(prior(&bench).is_none() && bench.notices().last().is_some());
    bench.handle(with(true));
    assert!(prior(&bench).is_some());
    let scene = bonescope::workbench::pane_scene(&bench, 1, [600.0, 900.0]).expect("a picture");
    let said = format!("{:?}", scene.marks);
    assert!(said.contains("ANOTHER PATIENT"), "{said}");
}

#[test]
fn a_second_intensity_keeps_the_comparison_and_another_layout_ends_it() {
    let mut bench = open(&["metastases_prior", "metastases"]);
    let act = |bench: &mut Workbench, id: &str| {
        let command = Action::by_id(id).expect("an action").resolve(bench).expect("possible");
        bench.handle(command);
    };
    bench.handle(Command::Compare(Compare::Scale(Scale::Own)));
    act(&mut bench, "view.dual");
    assert_eq!(bench.workspace().expect("panes").panes.len(), 8);
    assert!(prior(&bench).is_some());
    act(&mut bench, "view.dual");
    assert_eq!(bench.workspace().expect("panes").panes.len(), 4);
    assert!(prior(&bench).is_some());
    let alone = bench.workspace().expect("panes").panes[..1].to_vec();
    let layout = bonescope::workbench::Show::Layout { columns: vec![1.0], panes: alone };
    bench.handle(Command::Show(layout));
    assert!(prior(&bench).is_none());
}
