//! What the bench guarantees whatever stands on it: links between panes, views that the reader
//! names, priors beside the current study.

use bonescope::findings::{Edit, NotBone, Roi, RoiId, Role};
use bonescope::geometry::{Outline, Point, Side};
use bonescope::study::{FrameKey, ViewName, ViewSource};
use bonescope::workbench::{Command, Links, Pane, Show, Workbench, demo_path};

fn bench(cases: &[&str]) -> Workbench {
    let mut bench = Workbench::new();
    for case in cases {
        bench.handle(Command::Open(demo_path(case)));
        bench.settle();
    }
    assert_eq!(bench.readings().len(), cases.len(), "{:?}", bench.notices());
    bench
}

fn panes(bench: &Workbench) -> &[Pane] {
    &bench.workspace().expect("panes").panes
}

fn roi(bench: &Workbench, pane: usize, center: [f64; 2], role: Role) -> Roi {
    let findings = bench.findings().expect("a study");
    findings.new_roi(
        role,
        panes(bench)[pane].frame.clone(),
        Outline::Ellipse { center, radii: [6.0, 6.0], angle_deg: 0.0 },
    )
}

#[test]
fn linked_panes_move_and_brighten_together() {
    let mut bench = bench(&["normal"]);
    let percent = |bench: &Workbench, pane: usize| {
        let look = panes(bench)[pane].look;
        100.0 * look.window.upper / look.reference
    };
    bench.handle(Command::Show(Show::UpperPercent { pane: 0, percent: 40.0 }));
    assert!((percent(&bench, 0) - 40.0).abs() < 1e-9 && (percent(&bench, 1) - 40.0).abs() < 1e-9);
    bench.handle(Command::Show(Show::Zoom {
        pane: 1,
        about: Point::new(60.0, 200.0),
        factor: 3.0,
    }));
    assert_eq!(panes(&bench)[0].camera, panes(&bench)[1].camera);
    // Mirrored panes follow the hand on the screen.
    bench.handle(Command::Show(Show::Fit { pane: 0 }));
    bench.handle(Command::Show(Show::Mirror { pane: 1 }));
    let home = panes(&bench)[0].camera.center;
    assert_eq!(home, None);
    bench.handle(Command::Show(Show::Pan { pane: 0, by: [10.0, 0.0].into() }));
    let centers: Vec<f64> =
        panes(&bench).iter().map(|p| p.camera.center.expect("moved").x).collect();
    let frame = bench.frame(&panes(&bench)[0].frame).expect("a frame");
    let middle = 0.5 * (frame.columns() as f64 - 1.0) * frame.spacing_or_unit().x();
    assert!((centers[0] - middle + (centers[1] - middle)).abs() < 1e-9, "{centers:?}");
    bench.handle(Command::Show(Show::Link(Links { camera: false, window: false })));
    bench.handle(Command::Show(Show::UpperPercent { pane: 1, percent: 75.0 }));
    assert!((percent(&bench, 0) - 40.0).abs() < 1e-9);
}

#[test]
fn a_view_that_the_reader_names_moves_every_side_and_can_be_undone() {
    let mut bench = bench(&["normal"]);
    let frame = panes(&bench)[0].frame.clone();
    let region = roi(&bench, 0, [70.0, 400.0], Role::Lesion);
    let id = region.id;
    bench.handle(Command::Edit(Edit::Add { at: None, roi: region }));
    let side = |bench: &Workbench| bench.sheet().and_then(|s| s.roi(id)).and_then(|r| r.side);
    assert_eq!(side(&bench), Some(Side::Right));
    bench.handle(Command::Edit(Edit::SetView(frame.clone(), Some(ViewName::Posterior))));
    assert_eq!(side(&bench), Some(Side::Left));
    let label = bench.frame(&frame).expect("the frame").view;
    assert_eq!((label.view, label.source), (ViewName::Posterior, ViewSource::Reader));
    bench.handle(Command::Edit(Edit::SetView(frame.clone(), Some(ViewName::LeftLateral))));
    assert_eq!(side(&bench), None);
    bench.handle(Command::Undo);
    bench.handle(Command::Undo);
    assert_eq!(side(&bench), Some(Side::Right));
    assert_eq!(bench.frame(&frame).expect("the frame").view.source, ViewSource::ViewCode);
}

#[test]
fn what_is_not_bone_leaves_the_numbers_of_others() {
    let mut bench = bench(&["normal"]);
    let lesion = roi(&bench, 0, [70.0, 400.0], Role::Lesion);
    let id = lesion.id;
    bench.handle(Command::Edit(Edit::Add { at: None, roi: lesion }));
    let pixels =
        |bench: &Workbench, id: RoiId| bench.sheet().unwrap().roi(id).unwrap().stats.pixels;
    let before = pixels(&bench, id);
    let urine = roi(&bench, 0, [74.0, 400.0], Role::NotBone(NotBone::Urine));
    let other = urine.id;
    assert_eq!(urine.name, "X1");
    bench.handle(Command::Edit(Edit::Add { at: None, roi: urine }));
    assert!(pixels(&bench, id) < before);
    assert_eq!(pixels(&bench, other), before);
    let sheet = bench.sheet().unwrap();
    assert!(sheet.roi(id).unwrap().remarks.iter().any(|r| r.contains("not bone")));
    assert!(sheet.roi(other).unwrap().twin.is_err());
    bench.handle(Command::Edit(Edit::SetRole(other, Role::Lesion)));
    assert_eq!(pixels(&bench, id), before);
}

/// The pane says which study is read; findings never cross over.
#[test]
fn a_prior_stands_beside_the_current_study() {
    let mut bench = bench(&["normal", "paget"]);
    let current = panes(&bench)[0].clone();
    let prior_frame = bench.readings()[0].workspace().panes[0].frame.clone();
    let prior = Pane { frame: prior_frame.clone(), group: 1, ..current.clone() };
    bench.handle(Command::Show(Show::Layout {
        columns: vec![1.0, 1.0],
        panes: vec![current, prior],
    }));
    assert_eq!((panes(&bench).len(), bench.active_reading()), (2, 1));
    bench.handle(Command::Show(Show::Activate(1)));
    assert_eq!(bench.active_reading(), 0);
    assert_eq!(panes(&bench).len(), 2, "the layout stays");
    let region = roi(&bench, 1, [70.0, 400.0], Role::Lesion);
    bench.handle(Command::Edit(Edit::Add { at: None, roi: region }));
    let counts: Vec<usize> = bench.readings().iter().map(|r| r.findings().rois().len()).collect();
    assert_eq!(counts, [1, 0]);
    let nowhere = FrameKey { series: "9.9".into(), frame: 0 };
    bench.handle(Command::Show(Show::Frame { pane: 0, frame: nowhere }));
    assert_ne!(&*panes(&bench)[0].frame.series, "9.9");
}
