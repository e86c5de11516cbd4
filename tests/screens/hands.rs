//! The whole program without a mouse, and keys and looks as each reader wants them.

use std::path::PathBuf;

use bonescope::geometry::Point;
use bonescope::measure::RoiRow;
use bonescope::workbench::{Chord, Keymap, Preset, ThemeName, ToolKind};
use eframe::egui::{Event, Key, Modifiers};
use egui_kittest::kittest::{NodeT as _, Queryable};

use crate::window::Window;

const SIZE: [f32; 2] = [1280.0, 800.0];

/// The window, the folder its files are in, and the preferences file.
fn window(preferences: &str) -> Option<(Window, tempfile::TempDir, PathBuf)> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("preferences.toml");
    std::fs::write(&path, preferences).unwrap();
    Some((Window::remembering(SIZE, 1.0, path.clone())?, folder, path))
}

fn rows(window: &Window) -> &[RoiRow] {
    &window.bench().sheet().unwrap().rois
}

/// What has the keyboard.
fn focused(window: &Window) -> Option<String> {
    let nodes: Vec<_> = window.harness.root().children_recursive().collect();
    let node = nodes.iter().find(|n| n.is_focused())?;
    node.accesskit_node().label()
}

fn tab_to(window: &mut Window, label: &str) {
    let mut seen = Vec::new();
    for _ in 0..120 {
        if focused(window).as_deref() == Some(label) {
            return;
        }
        window.press(Key::Tab);
        seen.push(focused(window));
    }
    panic!("Tab does not come to {label:?}, only to {seen:?}");
}

#[test]
fn keys_and_fingers_zoom_to_whole_pixels_as_the_wheel_does() {
    let Some((mut window, _folder, _)) = window("") else { return };
    window.press(Key::Enter);
    window.wait("the case", |w| w.analysed());
    // Physical pixels for each pixel of the frame.
    let scale = |window: &Window| {
        let [a, b] = [100.0, 101.0].map(|x| window.place("Anterior view", 0, Point::new(x, 300.0)));
        f64::from((b - a).length())
    };
    let whole = |scale: f64| (scale - scale.round()).abs() < 1e-3;
    let mut seen = vec![scale(&window)];
    while seen.last().is_some_and(|s| *s < 4.5) {
        window.press(Key::Plus);
        seen.push(scale(&window));
    }
    assert!(seen.is_sorted() && seen.windows(2).all(|w| w[0] < w[1]), "{seen:?}");
    assert!(seen.iter().any(|s| (s - 1.0).abs() < 1e-3), "1:1 is passed by: {seen:?}");
    for s in &seen {
        // Near a whole number is at it.
        assert!(whole(*s) || *s < 0.94 || (s / s.round() - 1.0).abs() > 0.06, "{seen:?}");
    }
    let at = window.place("Anterior view", 0, Point::new(128.0, 511.0));
    window.harness.event(Event::PointerMoved(at));
    window.harness.run();
    let before = scale(&window);
    let to = before.floor() - 1.0;
    window.harness.event(Event::Zoom(((to + 0.02) / before) as f32));
    window.harness.run();
    assert!((scale(&window) - to).abs() < 1e-3, "{before} to {}", scale(&window));
    // Fit fills the pane: no postage stamp.
    window.press(Key::Equals);
    assert!((scale(&window) - seen[0]).abs() < 1e-6);
}

#[test]
fn a_finding_drawn_moved_named_and_exported_by_keys_alone() {
    let Some((mut window, folder, _)) = window("") else { return };
    window.press(Key::Enter);
    window.wait("the case", |w| w.analysed());

    // The crosshair walks to the lesion and Enter puts an ellipse there.
    window.press(Key::E);
    for _ in 0..3 {
        window.press_with(Modifiers::COMMAND, Key::ArrowDown);
    }
    assert!(window.harness.root().children_recursive().count() > 10);
    window.press(Key::Enter);
    assert_eq!(rows(&window).len(), 1);
    assert_eq!(window.bench().tool(), ToolKind::Select);
    let put = rows(&window)[0].outline.clone();
    let frame = rows(&window)[0].frame.clone();
    let middle = window.bench().frame(&frame).unwrap().rows() as f64 / 2.0;
    assert!((put.centroid().y - middle - 30.0).abs() < 1.5, "{:?}", put.centroid());

    // Arrows move it and change its size.
    window.press(Key::ArrowLeft);
    window.press_with(Modifiers::COMMAND, Key::ArrowUp);
    window.press_with(Modifiers::SHIFT, Key::ArrowRight);
    let moved = rows(&window)[0].outline.clone();
    let by = moved.centroid() - put.centroid();
    assert!((by.x + 1.0).abs() < 1e-6 && (by.y + 10.0).abs() < 1e-6, "{by:?}");
    assert!(moved.area() > put.area());

    // A handle is pulled and let go.
    window.press(Key::J);
    assert!(window.bench().gesturing());
    window.press(Key::ArrowRight);
    window.press(Key::Enter);
    assert!(!window.bench().gesturing());
    assert!(rows(&window)[0].outline.area() > moved.area());

    // Enter says whether it is reported; its site is typed.
    assert!(rows(&window)[0].in_report);
    window.press(Key::Enter);
    assert!(!rows(&window)[0].in_report);
    window.press(Key::Enter);
    assert!(rows(&window)[0].in_report);
    window.press(Key::F6);
    tab_to(&mut window, "Site of L1");
    window.harness.get_by_label("Site of L1").type_text("vertebra");
    window.harness.run();
    window.press(Key::Enter);
    assert_eq!(rows(&window)[0].site, "vertebra");

    // And it is handed on.
    let file = folder.path().join("report.json");
    window.press_with(Modifiers::COMMAND, Key::E);
    tab_to(&mut window, "JSON");
    window.press(Key::Space);
    tab_to(&mut window, "File");
    window.press_with(Modifiers::COMMAND, Key::A);
    let path = file.display().to_string();
    window.harness.event(Event::Text(path));
    window.harness.run();
    tab_to(&mut window, "Export");
    window.press(Key::Enter);
    window.wait("the file", |w| w.bench().running_job().is_none() && file.exists());
    assert!(std::fs::read_to_string(&file).unwrap().contains("vertebra"));
}

#[test]
fn a_polygon_by_keys_and_the_midline_too() {
    let Some((mut window, ..)) = window("") else { return };
    window.try_a_case();
    window.press(Key::G);
    window.press(Key::Enter);
    for (key, corner) in [(Key::ArrowRight, true), (Key::ArrowDown, true), (Key::ArrowLeft, true)] {
        window.press_with(Modifiers::COMMAND, key);
        if corner {
            window.press(Key::Enter);
        }
    }
    window.press(Key::Enter);
    assert_eq!(rows(&window).len(), 1);
    assert!((rows(&window)[0].outline.area() - 100.0).abs() < 1e-6);
    window.press(Key::Escape);
    assert_eq!(window.bench().selected(), None);
    window.press(Key::J);
    window.press_with(Modifiers::COMMAND, Key::ArrowRight);
    window.press(Key::Enter);
    assert_eq!(window.bench().findings().unwrap().midlines().count(), 1);

    // The picture moves too, and frames are still a key away.
    let center = |w: &Window| w.bench().workspace().unwrap().panes[0].camera.center;
    assert_eq!(center(&window), None);
    window.press_with(Modifiers::ALT, Key::ArrowLeft);
    assert!(center(&window).is_some());
}

#[test]
fn f6_visits_the_parts_of_the_window_in_order() {
    let Some((mut window, ..)) = window("") else { return };
    window.try_a_case();
    let parts = |key: Modifiers, window: &mut Window| -> Vec<String> {
        (0..6)
            .map(|_| {
                window.press_with(key, Key::F6);
                focused(window).unwrap_or_default()
            })
            .collect()
    };
    // From the active pane on: the other pane, inspector, menus, toolbar, studies, first pane.
    let forth = parts(Modifiers::NONE, &mut window);
    assert_eq!(forth[0], "Posterior view", "{forth:?}");
    assert_eq!(forth[1..4], ["Findings", "File", "Read"], "{forth:?}");
    assert_eq!(forth[5], "Anterior view", "{forth:?}");
    assert_eq!(window.bench().workspace().unwrap().active, 0);
    let back = parts(Modifiers::SHIFT, &mut window);
    assert_eq!(back[1..5], ["Read", "File", "Findings", "Posterior view"], "{back:?}");
    assert_eq!(window.bench().workspace().unwrap().active, 0);
}

#[test]
fn tab_walks_from_toolbar_over_studies_and_panes_to_the_inspector() {
    let Some((mut window, ..)) = window("") else { return };
    window.try_a_case();
    window.press_with(Modifiers::SHIFT, Key::F6);
    window.press_with(Modifiers::SHIFT, Key::F6);
    assert_eq!(focused(&window).as_deref(), Some("Read"));
    let mut order = Vec::new();
    for _ in 0..60 {
        order.extend(focused(&window));
        window.press(Key::Tab);
    }
    let at = |label: &str| {
        let found = order.iter().position(|seen| seen.starts_with(label));
        found.unwrap_or_else(|| panic!("{label} is not in {order:?}"))
    };
    let stations = [at("Read"), at("Ellipse"), at("Anterior view"), at("Posterior view")];
    assert!(stations.is_sorted(), "{order:?}");
    assert!(at("Posterior view") < at("Findings"), "{order:?}");
}

#[test]
fn preferences_hold_at_once_and_are_kept() {
    let Some((mut window, _folder, path)) = window("") else { return };
    let ground = |w: &Window| w.harness.ctx.global_style().visuals.panel_fill;
    let dark = ground(&window);
    window.press_with(Modifiers::COMMAND, Key::Comma);
    tab_to(&mut window, "Day");
    window.press(Key::Space);
    assert_eq!(window.bench().preferences().theme, ThemeName::Day);
    window.harness.run();
    assert_ne!(ground(&window), dark);
    assert!(std::fs::read_to_string(&path).unwrap().contains("theme = \"day\""));
    window.press(Key::Escape);

    // egui's own keys change the scale, which is a preference too.
    window.press_with(Modifiers::COMMAND, Key::Plus);
    window.harness.run();
    assert_eq!(window.bench().preferences().scale, 110);
    assert!(std::fs::read_to_string(&path).unwrap().contains("scale = 110"));
    window.press_with(Modifiers::COMMAND, Key::Num0);
    window.harness.run();
    assert_eq!(window.bench().preferences().scale, 100);
}

#[test]
fn a_new_key_is_taken_from_its_owner_only_when_the_reader_says_so() {
    let Some((mut window, _folder, path)) = window("") else { return };
    window.try_a_case();
    let chord = |text| Chord::parse(text).unwrap();
    let owner = |w: &Window, text| w.bench().keymap().action(chord(text)).map(|a| a.id);
    window.press_with(Modifiers::COMMAND, Key::Comma);
    window.click("Keys");
    window.harness.get_by_label("Search actions and keys").focus();
    window.harness.run();
    window.harness.get_by_label("Search actions and keys").type_text("fit to pane");
    window.harness.run();
    window.click("Change keys: Fit to pane");
    window.press(Key::M);
    assert!(window.sees("M stands for “Twin on or off”"));
    assert_eq!(owner(&window, "M"), Some("roi.mirror"));
    window.click("Cancel");
    assert_eq!(owner(&window, "M"), Some("roi.mirror"));

    window.click("Change keys: Fit to pane");
    window.press_with(Modifiers::COMMAND, Key::Num0);
    assert!(window.sees("Ctrl+0 belongs to the window; press other keys"));
    window.press(Key::M);
    window.click("Take it from “Twin on or off”");
    assert_eq!(owner(&window, "M"), Some("view.fit"));
    assert!(window.bench().keymap().chords("roi.mirror").is_empty());
    assert!(std::fs::read_to_string(&path).unwrap().contains("\"view.fit\" = [\"M\"]"));

    // A free key comes beside it; the help sheet shows both; a reset gives everything back.
    window.click("Add a key: Fit to pane");
    window.press_with(Modifiers::ALT, Key::M);
    window.press(Key::Escape);
    window.press(Key::F1);
    assert!(window.sees("M, Alt+M"));
    window.press(Key::Escape);
    window.press_with(Modifiers::COMMAND, Key::Comma);
    window.click("Reset keys: Fit to pane");
    assert_eq!(window.bench().keymap(), &Keymap::default());
}

#[test]
fn a_preset_brings_the_keys_of_another_viewer() {
    let Some((mut window, ..)) = window("[keys]\npreset = \"ohif\"\n") else { return };
    window.try_a_case();
    assert_eq!(window.bench().preferences().preset, Preset::Ohif);
    let map = |w: &Window| w.bench().workspace().unwrap().panes[0].look.colormap;
    let before = map(&window);
    window.press(Key::I);
    assert_ne!(map(&window), before, "I inverts in OHIF");
    window.press(Key::F1);
    window.harness.get_by_label("Search keys").type_text("invert");
    window.harness.run();
    assert!(window.sees("Invert grey") && window.sees("I") && !window.sees("Zoom in"));
}

#[test]
fn a_broken_file_is_told_and_left_alone() {
    let Some((mut window, _folder, path)) = window("[window]\ntheme = day\n") else { return };
    window.harness.run();
    let told = window.bench().notices()[0].text.clone();
    assert!(told.starts_with("line 2 of the preferences is broken"), "{told}");
    assert!(window.sees(&told));
    assert_eq!(std::fs::read_to_string(path).unwrap(), "[window]\ntheme = day\n");
}
