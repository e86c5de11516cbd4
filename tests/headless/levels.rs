//! Levels without a window: presets, the second intensity, anchors, and what is not bone.

use bonescope::findings::{Edit, NotBone, RoiId, Role};
use bonescope::geometry::{Outline, Point};
use bonescope::picture::{Colormap, Mark, Transfer, Window};
use bonescope::study::Identity;
use bonescope::workbench::{
    Action, Command, Pane, Show, Standard, Workbench, compose_report, demo_path, pane_scene,
};

fn bench(cases: &[&str]) -> Workbench {
    let mut bench = Workbench::new();
    for case in cases {
        bench.handle(Command::Open(demo_path(case)));
        bench.settle();
    }
    bench
}

fn panes(bench: &Workbench) -> &[Pane] {
    &bench.workspace().unwrap().panes
}

fn act(bench: &mut Workbench, id: &str) {
    let command = Action::by_id(id).unwrap().resolve(bench);
    bench.handle(command.unwrap_or_else(|| panic!("{id} has nothing to do")));
}

fn draw(bench: &mut Workbench, center: [f64; 2], radii: [f64; 2], role: Role) -> RoiId {
    let findings = bench.findings().unwrap();
    let roi = findings.new_roi(
        role,
        bench.workspace().unwrap().active_pane().unwrap().frame.clone(),
        Outline::Ellipse { center, radii, angle_deg: 0.0 },
    );
    let id = roi.id;
    bench.handle(Command::Edit(Edit::Add { at: None, roi }));
    id
}

/// All words that a pane shows.
fn words(bench: &Workbench, pane: usize) -> String {
    let scene = pane_scene(bench, pane, [500.0, 800.0]).unwrap();
    let text = |mark: &Mark| match mark {
        Mark::Text { text, .. } => Some(text.clone()),
        _ => None,
    };
    scene.marks.iter().filter_map(text).collect::<Vec<_>>().join("\n")
}

#[test]
fn a_second_intensity_comes_and_goes_with_one_key() {
    let mut bench = bench(&["normal"]);
    let before = bench.workspace().unwrap().clone();
    act(&mut bench, "view.dual");
    let doubled = bench.workspace().unwrap();
    assert_eq!(doubled.panes.len(), 4);
    assert_eq!(doubled.panes[0].frame, doubled.panes[2].frame);
    assert!(doubled.arrangement.columns[2] < doubled.arrangement.columns[0]);
    let upper = |bench: &Workbench, pane: usize| panes(bench)[pane].look.window.upper;
    assert!(upper(&bench, 2) < 0.5 * upper(&bench, 0));

    // Each pair keeps its own level, and its two views go together.
    let first = upper(&bench, 0);
    bench.handle(Command::Show(Show::UpperPercent { pane: 3, percent: 20.0 }));
    assert_eq!(upper(&bench, 0), first);
    let percent = |pane: &Pane| 100.0 * pane.look.window.upper / pane.look.reference;
    assert!((percent(&panes(&bench)[2]) - 20.0).abs() < 1e-9);
    act(&mut bench, "view.dual");
    let after = bench.workspace().unwrap();
    assert_eq!((&after.panes, &after.arrangement), (&before.panes, &before.arrangement));

    act(&mut bench, "view.dual_root");
    let transfers: Vec<Transfer> = panes(&bench).iter().map(|p| p.look.window.transfer).collect();
    use Transfer::{Linear, SquareRoot};
    assert_eq!(transfers, [Linear, Linear, SquareRoot, SquareRoot]);
    assert!(words(&bench, 2).contains("square root"));
}

#[test]
fn the_scale_is_tied_to_a_reference_region() {
    let mut bench = bench(&["metastases", "normal"]);
    act(&mut bench, "view.anchor");
    let said = &bench.notices().last().unwrap().text;
    assert!(said.contains("No region stands for normal bone"), "{said}");
    assert_eq!(panes(&bench)[0].look.standard, Standard::Automatic);

    // A region drawn as a lesion becomes the reference by an action; so in the other study.
    let id = draw(&mut bench, [128.0, 380.0], [5.0, 5.0], Role::Lesion);
    act(&mut bench, "roi.reference");
    assert_eq!(bench.findings().unwrap().roi(id).unwrap().role, Role::Reference);
    assert!(Action::by_id("roi.reference").unwrap().resolve(&bench).is_none());
    bench.handle(Command::Activate(0));
    draw(&mut bench, [128.0, 380.0], [5.0, 5.0], Role::Reference);
    act(&mut bench, "view.anchor");
    for reading in bench.readings() {
        let mean = reading.sheet().rois[0].stats.mean.unwrap();
        for pane in &reading.workspace().panes {
            assert_eq!(pane.look.standard, Standard::Region);
            assert!((pane.look.reference - mean).abs() < 1e-9);
            assert!((pane.look.window.upper - 3.0 * mean).abs() < 1e-9);
        }
    }
    let name = bench.sheet().unwrap().rois[0].name.clone();
    let shown = words(&bench, 0);
    assert!(shown.contains(&format!("3.0 × reference {name}")), "{shown}");

    // The region moves, the scale follows and keeps its multiple.
    let id = bench.sheet().unwrap().rois[0].id;
    let outline = Outline::Ellipse { center: [128.0, 360.0], radii: [5.0, 5.0], angle_deg: 0.0 };
    bench.handle(Command::Edit(Edit::Reshape(id, outline)));
    let mean = bench.sheet().unwrap().rois[0].stats.mean.unwrap();
    assert!((panes(&bench)[1].look.window.upper - 3.0 * mean).abs() < 1e-6);
    // Without it the picture stays and says so.
    let upper = panes(&bench)[0].look.window.upper;
    bench.handle(Command::Edit(Edit::Remove(id)));
    assert_eq!(panes(&bench)[0].look.standard, Standard::Automatic);
    assert_eq!(panes(&bench)[0].look.window.upper, upper);
    assert!(bench.notices().last().unwrap().text.contains("reference region is gone"));
}

#[test]
fn what_is_not_bone_leaves_scale_and_statistics_and_is_printed() {
    let mut bench = bench(&["metastases"]);
    let levels = |bench: &Workbench| panes(bench)[0].look.window.upper;
    let before = levels(&bench);
    // All that is hot in the trunk, far more than a bladder.
    let id = draw(&mut bench, [128.0, 320.0], [90.0, 230.0], Role::Lesion);
    assert_eq!(levels(&bench), before);
    act(&mut bench, "roi.urine");
    let without = levels(&bench);
    assert!(without < 0.95 * before, "{before} {without}");
    let automatic = Window::automatic(&bench.frame(&panes(&bench)[0].frame).unwrap().values);
    assert_eq!(automatic.upper, before);
    bench.handle(Command::Undo);
    assert_eq!(levels(&bench), before);
    bench.handle(Command::Redo);
    assert_eq!(levels(&bench), without);
    bench.handle(Command::Show(Show::AutoWindow { pane: 0 }));
    assert_eq!(levels(&bench), without);

    assert_eq!(bench.findings().unwrap().roi(id).unwrap().role, Role::NotBone(NotBone::Urine));
    assert!(words(&bench, 0).contains("urine"));
    let snapshot = bench.reading().unwrap().snapshot();
    let report = compose_report(&snapshot, Identity::default());
    let methods = report.unwrap().methods.join("\n");
    assert!(methods.contains("Not bone") && methods.contains("urine"), "{methods}");
}

#[test]
fn presets_cut_and_maximum() {
    let mut bench = bench(&["metastases"]);
    let look = |bench: &Workbench| panes(bench)[0].look;
    act(&mut bench, "view.lesion");
    assert!(look(&bench).window.upper > look(&bench).reference);
    act(&mut bench, "view.square_root");
    assert_eq!(look(&bench).window.transfer, Transfer::SquareRoot);
    act(&mut bench, "view.auto_window");
    assert_eq!(look(&bench).window.transfer, Transfer::SquareRoot);
    assert_eq!(look(&bench).window.upper, look(&bench).reference);

    bench.handle(Command::Show(Show::Cut { pane: 0, cut: Some(9.0) }));
    bench.handle(Command::Show(Show::Cut { pane: 0, cut: Some(f64::NAN) }));
    assert_eq!(look(&bench).window.cut, Some(9.0));
    assert!(words(&bench, 0).contains("cut below 9"));
    bench.handle(Command::Show(Show::Colormap { pane: 0, colormap: Colormap::Rainbow }));
    assert!(words(&bench, 0).contains("not for sizes"));

    let upper = look(&bench).window.upper;
    act(&mut bench, "view.maximum");
    let frame = bench.frame(&panes(&bench)[0].frame).unwrap();
    assert_eq!(look(&bench).reference, frame.values.range().unwrap().1);
    assert_eq!(look(&bench).window.upper, upper);
    assert!(words(&bench, 0).contains("% of the maximum"));
    // Where the pixels are is what a hand points at, whatever the colours.
    assert!(panes(&bench)[0].camera.center.is_none_or(|c| c != Point::origin()));
}

#[test]
fn a_second_intensity_says_its_levels_however_narrow_its_panes_are() {
    let mut bench = bench(&["metastases"]);
    act(&mut bench, "view.dual");
    assert_eq!(panes(&bench).len(), 4);
    // As wide as they are in a window of 1280 × 800.
    let texts: Vec<(String, f64)> = pane_scene(&bench, 2, [108.0, 690.0])
        .unwrap()
        .marks
        .into_iter()
        .filter_map(|mark| match mark {
            Mark::Text { text, at, .. } => Some((text, at.y)),
            _ => None,
        })
        .collect();
    let upper = format!("{:.0}", panes(&bench)[2].look.window.upper);
    let levels = texts.iter().find(|(text, _)| text.contains("counts"));
    let (levels, foot) = levels.unwrap_or_else(|| panic!("{texts:?}"));
    assert!(levels.contains(&upper[..upper.len() - 1]), "{levels} {upper}");
    // Nothing is printed over it.
    let near = |y: f64| (y - foot).abs() < 12.0;
    assert_eq!(texts.iter().filter(|(_, y)| near(*y)).count(), 1, "{texts:?}");
    // A page of many has no room for it.
    let small = pane_scene(&bench, 2, [100.0, 120.0]).unwrap().marks;
    let says = |m: &Mark| matches!(m, Mark::Text { text, .. } if text.contains("counts"));
    assert!(!small.iter().any(says));
}

#[test]
fn a_report_shows_a_frame_that_is_not_on_show_as_the_screen_would() {
    let mut bench = bench(&["metastases"]);
    draw(&mut bench, [128.0, 320.0], [90.0, 230.0], Role::NotBone(NotBone::Urine));
    draw(&mut bench, [100.0, 455.0], [9.0, 15.0], Role::Lesion);
    let picture = |bench: &Workbench| {
        let report = compose_report(&bench.reading().unwrap().snapshot(), Identity::default());
        report.unwrap().images.into_iter().next().unwrap().png
    };
    let seen = picture(&bench);
    // The other frame in both panes: the lesion's own is no longer on show.
    let back = panes(&bench)[1].frame.clone();
    bench.handle(Command::Show(Show::Frame { pane: 0, frame: back }));
    let front = &bench.sheet().unwrap().rois[0].frame;
    assert!(panes(&bench).iter().all(|pane| pane.frame != *front));
    assert_eq!(picture(&bench), seen);
}
