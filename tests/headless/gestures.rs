//! Drawing, moving and undoing, by the pointer events a hand makes.

use bonescope::findings::TwinChoice;
use bonescope::findings::twin::{NoTwin, TwinKind};
use bonescope::geometry::{Outline, Pixel, Point, Side};
use bonescope::study::ViewName;
use bonescope::workbench::{
    Action, Command, Pointer, PointerEvent, Show, ToolKind, Workbench, demo_path,
};

fn phantom_bench() -> Workbench {
    let mut bench = Workbench::new();
    bench.handle(Command::Open(demo_path("normal")));
    bench.settle();
    assert_eq!(bench.readings().len(), 1, "{:?}", bench.notices());
    bench
}

fn press(bench: &mut Workbench, action: &str) {
    let command = Action::by_id(action).and_then(|a| a.resolve(bench)).expect(action);
    bench.handle(command);
}

fn point(bench: &mut Workbench, pane: usize, at: Point<Pixel>, event: PointerEvent, shift: bool) {
    let travel = [0.0, 0.0];
    bench.handle(Command::Point(Pointer { pane, at, event, shift, reach: 3.0, travel }));
}

fn drag(bench: &mut Workbench, pane: usize, from: (f64, f64), to: (f64, f64)) {
    drag_with(bench, pane, from, to, false);
}

fn drag_with(bench: &mut Workbench, pane: usize, from: (f64, f64), to: (f64, f64), shift: bool) {
    let (from, to) = (Point::from(from), Point::from(to));
    point(bench, pane, from, PointerEvent::Press, shift);
    for step in 1..=4 {
        let at = from.lerp(to, f64::from(step) / 4.0);
        point(bench, pane, at, PointerEvent::Drag, shift);
    }
    point(bench, pane, to, PointerEvent::Release, shift);
}

fn rois(bench: &Workbench) -> usize {
    bench.findings().expect("a study").rois().len()
}

#[test]
fn one_drag_is_one_undo() {
    let mut bench = phantom_bench();
    press(&mut bench, "tool.ellipse");
    drag(&mut bench, 0, (70.0, 400.0), (86.0, 424.0));
    assert_eq!(rois(&bench), 1);
    let sheet = bench.sheet().expect("numbers").clone();
    let row = &sheet.rois[0];
    assert_eq!(row.name, "L1");
    assert!(row.stats.pixels > 250, "{:?}", row.stats);
    assert!(row.ratio.is_some(), "{:?}", row.remarks);
    bench.handle(Command::Undo);
    assert_eq!(rois(&bench), 0);
    bench.handle(Command::Redo);
    assert_eq!(bench.sheet(), Some(&sheet));
}

#[test]
fn a_gesture_in_progress_shows_its_numbers_and_leaves_no_trace_when_cancelled() {
    let mut bench = phantom_bench();
    press(&mut bench, "tool.rectangle");
    point(&mut bench, 0, Point::new(70.0, 400.0), PointerEvent::Press, false);
    point(&mut bench, 0, Point::new(90.0, 420.0), PointerEvent::Drag, false);
    assert_eq!(bench.sheet().expect("numbers").rois[0].stats.pixels, 400);
    point(&mut bench, 0, Point::new(90.0, 420.0), PointerEvent::Cancel, false);
    assert_eq!(rois(&bench), 0);
    assert!(Action::by_id("edit.undo").expect("undo").resolve(&bench).is_none());
}

#[test]
fn the_same_lesion_has_the_same_side_in_both_views() {
    let mut bench = phantom_bench();
    press(&mut bench, "tool.ellipse");
    // Small columns: the patient's right from the front, the left from behind.
    drag(&mut bench, 0, (70.0, 400.0), (86.0, 424.0));
    drag(&mut bench, 1, (70.0, 400.0), (86.0, 424.0));
    let sheet = bench.sheet().expect("numbers");
    assert_eq!(sheet.rois[0].view.view, ViewName::Anterior);
    assert_eq!(sheet.rois[0].side, Some(Side::Right));
    assert_eq!(sheet.rois[1].view.view, ViewName::Posterior);
    assert_eq!(sheet.rois[1].side, Some(Side::Left));
    // Mirroring the display changes nothing that is said of the patient.
    let before = sheet.clone();
    bench.handle(Command::Show(Show::Mirror { pane: 1 }));
    assert_eq!(bench.sheet(), Some(&before));
}

#[test]
fn the_twin_follows_the_region_and_the_midline() {
    let mut bench = phantom_bench();
    press(&mut bench, "tool.ellipse");
    drag(&mut bench, 0, (70.0, 400.0), (86.0, 424.0));
    let twin_center = |bench: &Workbench| {
        let row = &bench.sheet().expect("numbers").rois[0];
        row.twin.as_ref().expect("a twin").outlines[0].centroid()
    };
    let before = twin_center(&bench);
    assert!(before.x > 150.0, "{before:?}");
    press(&mut bench, "tool.select");
    drag(&mut bench, 0, (78.0, 412.0), (73.0, 412.0));
    let moved = twin_center(&bench);
    // As far as the region, and a little further or less where the bones of the sides ask for it.
    assert!((moved.x - before.x - 5.0).abs() < 2.0, "{before:?} {moved:?}");

    let key = bench.workspace().expect("panes").panes[0].frame.clone();
    let handle = {
        let midline = bench.reading().and_then(|r| r.midline(&key)).expect("a midline");
        let points = midline.curve.points();
        assert!(points.len() >= 2);
        points
            .iter()
            .copied()
            .min_by(|a, b| (a.y - 412.0).abs().total_cmp(&(b.y - 412.0).abs()))
            .expect("points")
    };
    drag(&mut bench, 0, (handle.x, handle.y), (handle.x + 6.0, handle.y));
    // The sides are compared anew from the moved line, and the same bone is found.
    let found = twin_center(&bench);
    assert!(found != moved && (found - moved).length() < 2.0, "{found:?} {moved:?}");
    press(&mut bench, "edit.undo");
    assert_eq!(twin_center(&bench), moved);
}

#[test]
fn m_toggles_the_twin_and_shift_drag_detaches_it() {
    let mut bench = phantom_bench();
    press(&mut bench, "tool.ellipse");
    drag(&mut bench, 0, (70.0, 400.0), (86.0, 424.0));
    let center = bench.sheet().expect("numbers").rois[0].twin.as_ref().expect("a twin").outlines[0]
        .centroid();
    press(&mut bench, "roi.mirror");
    assert_eq!(bench.sheet().expect("numbers").rois[0].twin, Err(NoTwin::NotWanted));
    press(&mut bench, "roi.mirror");
    press(&mut bench, "tool.select");
    drag_with(&mut bench, 0, (center.x, center.y), (center.x - 8.0, center.y + 4.0), true);
    let row = &bench.sheet().expect("numbers").rois[0];
    let twin = row.twin.as_ref().expect("a twin");
    assert_eq!(twin.kind, TwinKind::Placed);
    assert!((twin.outlines[0].centroid().x - center.x + 8.0).abs() < 1e-9);
    press(&mut bench, "roi.reattach_twin");
    assert_eq!(bench.findings().expect("a study").rois()[0].twin, TwinChoice::Auto);
}

#[test]
fn a_region_on_the_midline_is_compared_with_its_neighbours() {
    let mut bench = phantom_bench();
    press(&mut bench, "tool.ellipse");
    drag(&mut bench, 1, (118.0, 380.0), (138.0, 410.0));
    let row = &bench.sheet().expect("numbers").rois[0];
    let twin = row.twin.as_ref().expect("neighbours");
    assert_eq!(twin.kind, TwinKind::Neighbours);
    let [above, below] = &twin.outlines[..] else { panic!("{:?}", twin.outlines) };
    let heights = [above, &row.outline, below].map(|o| o.centroid().y);
    assert!(heights.is_sorted(), "{heights:?}");
    // Neither side of the patient is named.
    assert_eq!(row.side, None);
    let pooled = row.stats.mean.expect("a mean") / twin.stats.mean.expect("a mean");
    assert_eq!(row.ratio.as_ref().and_then(|r| r.estimate.value), Some(pooled));
}

#[test]
fn polygon_and_freehand_close_into_regions() {
    let mut bench = phantom_bench();
    press(&mut bench, "tool.polygon");
    for at in [(60.0, 300.0), (90.0, 300.0), (90.0, 330.0)] {
        point(&mut bench, 0, at.into(), PointerEvent::Press, false);
        point(&mut bench, 0, at.into(), PointerEvent::Release, false);
    }
    assert_eq!(bench.sketch().len(), 3);
    point(&mut bench, 0, Point::new(60.5, 300.5), PointerEvent::Press, false);
    assert_eq!(rois(&bench), 1);
    press(&mut bench, "tool.freehand");
    point(&mut bench, 0, Point::new(180.0, 300.0), PointerEvent::Press, false);
    for step in 0..40 {
        let angle = f64::from(step) / 40.0 * std::f64::consts::TAU;
        let at = Point::new(170.0 + 10.0 * angle.cos(), 300.0 + 10.0 * angle.sin());
        point(&mut bench, 0, at, PointerEvent::Drag, false);
    }
    point(&mut bench, 0, Point::new(180.0, 300.0), PointerEvent::Release, false);
    assert_eq!(rois(&bench), 2);
    let sheet = bench.sheet().expect("numbers");
    assert!((sheet.rois[1].stats.pixels as f64 - 310.0).abs() < 12.0);
    assert!(matches!(sheet.rois[1].outline, Outline::Polygon { .. }));
}

#[test]
fn a_handle_reshapes_and_delete_is_undone() {
    let mut bench = phantom_bench();
    press(&mut bench, "tool.rectangle");
    drag(&mut bench, 0, (70.0, 400.0), (80.0, 410.0));
    press(&mut bench, "tool.select");
    drag(&mut bench, 0, (80.0, 410.0), (90.0, 415.0));
    let outline = bench.findings().expect("a study").rois()[0].outline.clone();
    assert_eq!(outline, Outline::Rectangle { min: [70.0, 400.0], max: [90.0, 415.0] });
    press(&mut bench, "roi.delete");
    assert_eq!((rois(&bench), bench.selected()), (0, None));
    press(&mut bench, "edit.undo");
    assert_eq!(bench.findings().expect("a study").rois()[0].outline, outline);
}

#[test]
fn the_select_tool_windows_on_empty_image() {
    let mut bench = phantom_bench();
    bench.handle(Command::Tool(ToolKind::Select));
    let window = |bench: &Workbench| bench.workspace().expect("panes").panes[0].look.window;
    let before = window(&bench);
    let at = Point::new(5.0, 5.0);
    let send = |bench: &mut Workbench, event, travel| {
        bench.handle(Command::Point(Pointer {
            pane: 0,
            at,
            event,
            shift: false,
            reach: 3.0,
            travel,
        }));
    };
    send(&mut bench, PointerEvent::Press, [0.0, 0.0]);
    send(&mut bench, PointerEvent::Drag, [0.0, -0.2]);
    send(&mut bench, PointerEvent::Release, [0.0, -0.2]);
    assert!(window(&bench).upper < before.upper);
    assert_eq!(window(&bench).lower, before.lower);
    send(&mut bench, PointerEvent::Press, [0.0, 0.0]);
    send(&mut bench, PointerEvent::Release, [0.1, 0.0]);
    assert!(window(&bench).lower > before.lower);
    assert_eq!(rois(&bench), 0);
}

#[test]
fn the_study_with_unsaved_work_is_named_though_another_is_read() {
    let mut bench = phantom_bench();
    assert_eq!(bench.unsaved(), None);
    press(&mut bench, "tool.ellipse");
    drag(&mut bench, 0, (70.0, 400.0), (86.0, 424.0));
    bench.handle(Command::Open(demo_path("paget")));
    bench.settle();
    assert_eq!((bench.active_reading(), bench.unsaved()), (1, Some(0)));
    bench.handle(Command::Activate(0));
    bench.handle(Command::Undo);
    assert_eq!(bench.unsaved(), None);
}
