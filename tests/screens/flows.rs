//! The everyday paths, by mouse and keys, from the start screen to a file.

use bonescope::findings::twin::NoTwin;
use bonescope::findings::{Edit, MidlineOrigin};
use bonescope::geometry::{Curve, Point};
use bonescope::measure::RoiRow;
use bonescope::ui::Page;
use bonescope::workbench::{Action, Command, ToolKind, Workbench, demo_path};
use eframe::egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable;

use crate::window::Window;

const SIZE: [f32; 2] = [1280.0, 800.0];

fn rows(window: &Window) -> &[RoiRow] {
    &window.bench().sheet().unwrap().rois
}

/// The anterior view's midline and a place beside it, over the patient's pelvis.
fn midline(window: &Window) -> Curve {
    let bench = window.bench();
    let key = bench.workspace().unwrap().pane(0).unwrap().frame.clone();
    bench.reading().unwrap().midline(&key).unwrap().curve.clone()
}

fn draw(window: &mut Window) {
    window.press(Key::E);
    assert_eq!(window.bench().tool(), ToolKind::Ellipse);
    let middle = midline(window).column_at(460.0);
    let from = window.place("Anterior view", 0, Point::new(middle - 34.0, 440.0));
    let to = window.place("Anterior view", 0, Point::new(middle - 16.0, 470.0));
    window.drag(from, to);
}

#[test]
fn from_the_start_screen_to_a_report() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("report.json");
    let Some(mut window) = Window::open(SIZE, Some(file.clone())) else { return };
    window.try_a_case();
    assert!(window.sees("Anterior view") && window.sees("Posterior view"));

    // One key and one drag: region, twin, ratio.
    draw(&mut window);
    assert_eq!(rows(&window).len(), 1);
    let row = rows(&window)[0].clone();
    let twin = row.twin.clone().expect("a twin on the other side");
    assert!(row.ratio.as_ref().unwrap().estimate.interval.is_some());
    assert!(window.sees("Select L1") && window.sees("Site of L1"));

    // M takes the twin away and gives it back; keys and menu take both back.
    window.press(Key::M);
    assert_eq!(rows(&window)[0].twin, Err(NoTwin::NotWanted));
    window.press(Key::M);
    assert_eq!(rows(&window)[0].twin, Ok(twin.clone()));
    window.press_with(Modifiers::COMMAND, Key::Z);
    assert_eq!(rows(&window)[0].twin, Err(NoTwin::NotWanted));
    window.click("Edit");
    window.click("Redo");
    assert_eq!(rows(&window)[0].twin, Ok(twin.clone()));

    // A point of the midline is pulled; the sides are compared anew, and the same bone is found.
    window.press(Key::S);
    let curve = midline(&window);
    let near = |p: &&Point<_>| (p.y - 455.0_f64).abs() as i64;
    let point = *curve.points().iter().min_by_key(near).unwrap();
    let from = window.place("Anterior view", 0, point);
    let to = window.place("Anterior view", 0, Point::new(point.x + 6.0, point.y));
    window.drag(from, to);
    let moved = rows(&window)[0].twin.clone().unwrap();
    let way = moved.outlines[0].centroid() - twin.outlines[0].centroid();
    assert!(moved != twin && way.length() < 2.0, "{way:?}");
    let key = rows(&window)[0].frame.clone();
    let set = window.bench().findings().unwrap().midline(&key).unwrap();
    assert_eq!(set.origin, MidlineOrigin::Edited);

    // What the window shows is what the bench alone computes.
    assert_eq!(window.bench().sheet(), headless(&window).sheet());

    // The site is typed once and is one edit.
    window.harness.get_by_label("Site of L1").focus();
    window.harness.run();
    window.harness.get_by_label("Site of L1").type_text("iliac wing");
    window.harness.run();
    window.press(Key::Enter);
    assert_eq!(rows(&window)[0].site, "iliac wing");
    window.press_with(Modifiers::COMMAND, Key::Z);
    assert_eq!(rows(&window)[0].site, "");
    window.press_with(Modifiers::COMMAND | Modifiers::SHIFT, Key::Z);

    // The report shows a page and is written as a file.
    window.press(Key::P);
    assert_eq!(window.harness.state().page(), Page::Report);
    window.press(Key::Delete);
    assert_eq!(rows(&window).len(), 1, "what is not in sight is not deleted");
    window.wait("a page", |w| w.sees("Report page 1"));
    window.press_with(Modifiers::COMMAND, Key::E);
    window.click("JSON");
    window.click("Choose…");
    window.click("Export");
    window.wait("the file", |w| w.bench().running_job().is_none());
    let written: serde_json::Value =
        serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
    assert!(written.to_string().contains("iliac wing"));
    assert!(window.sees(&format!("Written: {}", file.display())));
}

/// The same findings on a bench without a window.
fn headless(window: &Window) -> Workbench {
    let findings = window.bench().findings().unwrap();
    let mut bench = Workbench::new();
    bench.handle(Command::Open(demo_path("metastases")));
    bench.settle();
    for (frame, midline) in findings.midlines() {
        bench.handle(Command::Edit(Edit::SetMidline(frame.clone(), Some(midline.clone()))));
    }
    for roi in findings.rois() {
        bench.handle(Command::Edit(Edit::Add { at: None, roi: roi.clone() }));
    }
    bench
}

#[test]
fn palette_dialogs_and_deletion() {
    let Some(mut window) = Window::open(SIZE, None) else { return };
    // Enter on the start screen is the case.
    window.press(Key::Enter);
    window.wait("the case", |w| w.analysed());
    draw(&mut window);
    assert_eq!(rows(&window).len(), 1);

    // Esc lets go; a row's button takes hold again; Delete removes it and undo brings it back.
    window.press(Key::Escape);
    assert_eq!(window.bench().selected(), None);
    window.click("Select L1");
    assert!(window.bench().selected().is_some());
    window.press(Key::Delete);
    assert!(rows(&window).is_empty());
    window.press_with(Modifiers::COMMAND, Key::Z);
    assert_eq!(rows(&window).len(), 1);

    // The palette finds an action by a part of its name.
    let before = window.bench().workspace().unwrap().panes[0].look.colormap;
    window.press_with(Modifiers::COMMAND, Key::K);
    window.harness.get_by_label("Search actions").type_text("invert");
    window.harness.run();
    window.press(Key::Enter);
    assert_ne!(window.bench().workspace().unwrap().panes[0].look.colormap, before);
    assert!(!window.sees("Search actions"));

    // The help sheet names every action that has a key.
    window.press(Key::F1);
    for action in Action::all().filter(|a| a.chords().next().is_some()) {
        let label = action.label();
        let shown = window.harness.query_all_by_label(&label).next();
        assert!(shown.is_some(), "{label} is not on the sheet");
    }
    window.press(Key::Escape);
    assert!(!window.sees("Upper level 75 %"));
}

#[test]
fn the_wheel_zooms_where_the_pointer_is_and_shift_changes_the_level() {
    let Some(mut window) = Window::open(SIZE, None) else { return };
    window.try_a_case();
    let at = Point::new(100.0, 300.0);
    let there = window.place("Anterior view", 0, at);
    let turn = |modifiers| eframe::egui::Event::MouseWheel {
        unit: eframe::egui::MouseWheelUnit::Line,
        delta: eframe::egui::vec2(0.0, 2.0),
        phase: eframe::egui::TouchPhase::Move,
        source: eframe::egui::MouseWheelSource::Unknown,
        modifiers,
    };
    window.harness.hover_at(there);
    window.harness.run();
    window.harness.event(turn(Modifiers::NONE));
    window.harness.run();
    assert!(window.bench().workspace().unwrap().panes[0].camera.zoom > 1.2);
    assert!((window.place("Anterior view", 0, at) - there).length() < 0.1);
    let upper = |w: &Window| w.bench().workspace().unwrap().panes[0].look.window.upper;
    let before = upper(&window);
    window.harness.event(turn(Modifiers::SHIFT));
    window.harness.run();
    assert!(upper(&window) < before);
}

#[test]
fn an_idle_window_paints_nothing() {
    let Some(mut window) = Window::open(SIZE, None) else { return };
    window.try_a_case();
    draw(&mut window);
    window.harness.run();
    assert_eq!(window.harness.run(), 1, "a frame asked for another");
}

#[test]
fn leaving_asks_what_becomes_of_unsaved_regions() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("regions.json");
    let Some(mut window) = Window::open(SIZE, Some(file.clone())) else { return };
    window.try_a_case();
    window.close();
    assert!(!window.sees("Unsaved regions"), "nothing would be lost");
    draw(&mut window);
    window.close();
    assert!(window.sees("Unsaved regions"));
    window.click("Stay");
    assert!(!window.sees("Unsaved regions") && window.bench().unsaved().is_some());
    window.close();
    window.click("Save regions…");
    window.harness.run();
    assert!(window.bench().unsaved().is_none());
    assert!(file.exists());
}

#[test]
fn what_cannot_be_opened_says_so_and_stays() {
    let nowhere = tempfile::tempdir().unwrap().path().join("no such scan");
    let Some(mut window) = Window::open(SIZE, Some(nowhere)) else { return };
    window.press_with(Modifiers::COMMAND, Key::O);
    window.wait("an answer", |w| !w.bench().notices().is_empty());
    let said = window.bench().notices()[0].text.clone();
    assert!(window.sees(&said));
    window.click("Close this message");
    assert!(!window.sees(&said));
}

/// Without a graphics card the reader sees the same window.
#[test]
fn the_cpu_paints_the_same_window() {
    let paint = |window: Option<Window>| {
        let mut window = window?;
        window.try_a_case();
        draw(&mut window);
        window.harness.remove_cursor();
        window.harness.run();
        Some(window.harness.render().unwrap())
    };
    let Some(card) = paint(Window::open(SIZE, None)) else { return };
    let Some(cpu) = paint(Window::without_graphics(SIZE)) else { return };
    assert_eq!(card.dimensions(), cpu.dimensions());
    let apart = |(a, b): (&image::Rgba<u8>, &image::Rgba<u8>)| {
        (0..3).map(|i| a.0[i].abs_diff(b.0[i])).max().unwrap_or(0)
    };
    let worst = card.pixels().zip(cpu.pixels()).map(apart).max();
    assert!(worst <= Some(2), "{worst:?} of 255 apart");
}

#[test]
fn polygon_and_freehand_by_hand() {
    let Some(mut window) = Window::open(SIZE, None) else { return };
    window.try_a_case();
    let middle = midline(&window).column_at(460.0);
    let at = |w: &Window, x: f64, y: f64| w.place("Anterior view", 0, Point::new(middle + x, y));

    // Corner by corner, closed by a click on the first.
    window.press(Key::G);
    let corners = [(-40.0, 430.0), (-15.0, 430.0), (-15.0, 470.0), (-40.0, 470.0), (-40.0, 430.0)];
    for (x, y) in corners {
        let place = at(&window, x, y);
        window.drag(place, place);
    }
    assert_eq!(rows(&window).len(), 1);
    let area = rows(&window)[0].outline.area();
    assert!((area / 1000.0 - 1.0).abs() < 0.02, "{area} pixels");

    // Esc forgets a half-drawn one.
    window.press(Key::G);
    let place = at(&window, -30.0, 300.0);
    window.drag(place, place);
    assert!(window.bench().gesturing());
    window.press(Key::Escape);
    assert!(!window.bench().gesturing() && rows(&window).len() == 1);

    // A line around, all of its points heard.
    window.press(Key::F);
    let around: Vec<_> = (0..=24)
        .map(|i| std::f64::consts::TAU * f64::from(i) / 24.0)
        .map(|t| at(&window, -28.0 + 12.0 * t.cos(), 300.0 + 12.0 * t.sin()))
        .collect();
    window.sweep(&around);
    assert_eq!(rows(&window).len(), 2);
    let area = rows(&window)[1].outline.area();
    assert!((area / (std::f64::consts::PI * 144.0) - 1.0).abs() < 0.05, "{area} pixels");
}
