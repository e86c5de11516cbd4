//! Levels in the window: handles, presets, maps, the second intensity, the sweep.

use bonescope::picture::{Colormap, Transfer};
use bonescope::workbench::{Links, Pane, Standard};
use eframe::egui::accesskit::Role;
use eframe::egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable;

use crate::window::Window;

const SIZE: [f32; 2] = [1280.0, 800.0];

fn pane(window: &Window, index: usize) -> &Pane {
    window.bench().workspace().unwrap().pane(index).unwrap()
}

fn upper(window: &Window, index: usize) -> f64 {
    pane(window, index).look.window.upper
}

/// Of all that bears the label, what has the role.
fn pick(window: &mut Window, role: Role, label: &str) {
    window.harness.get_by_role_and_label(role, label).click();
    window.harness.run();
}

fn picture(window: &mut Window, name: &str) {
    if let Ok(folder) = std::env::var("LEVELS_PICTURES") {
        window.harness.render().unwrap().save(format!("{folder}/{name}.png")).unwrap();
    }
}

#[test]
fn handles_move_the_levels_by_hand_and_by_keys() {
    let Some(mut window) = Window::open(SIZE, None) else { return };
    window.try_a_case();
    let before = upper(&window, 0);
    let handle = window.harness.get_by_label("Upper level of Anterior").rect().center();
    window.drag(handle, handle + eframe::egui::vec2(0.0, 40.0));
    let dragged = upper(&window, 0);
    assert!(dragged < 0.9 * before, "{before} {dragged}");
    // No tool heard of it, and linked views follow.
    assert!(window.bench().findings().unwrap().rois().is_empty());
    assert!(upper(&window, 1) < pane(&window, 1).look.reference);

    let lower = window.harness.get_by_label("Lower level of Anterior").rect().center();
    window.drag(lower, lower - eframe::egui::vec2(0.0, 20.0));
    assert!(pane(&window, 0).look.window.lower > 0.0);

    window.harness.get_by_label("Upper level of Anterior").focus();
    window.harness.run();
    window.press(Key::ArrowUp);
    assert!(upper(&window, 0) > dragged);
    let by_key = upper(&window, 0);
    window.press(Key::ArrowDown);
    window.press(Key::ArrowDown);
    assert!(upper(&window, 0) < by_key);

    let at = window.harness.get_by_label("Upper level of Anterior").rect().center();
    // Quicker than a frame of the test's clock.
    let button = |pressed| eframe::egui::Event::PointerButton {
        pos: at,
        button: eframe::egui::PointerButton::Primary,
        pressed,
        modifiers: Modifiers::NONE,
    };
    window.harness.event(eframe::egui::Event::PointerMoved(at));
    window.harness.step();
    let twice = [button(true), button(false), button(true), button(false)];
    window.harness.input_mut().events.extend(twice);
    window.harness.step();
    window.harness.run();
    assert_eq!((upper(&window, 0), pane(&window, 0).look.window.lower), (before, 0.0));
    picture(&mut window, "handles");
}

#[test]
fn the_display_tab_sets_everything() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("ember.lut");
    std::fs::write(&file, (0..768).map(|i| (i % 256) as u8).collect::<Vec<u8>>()).unwrap();
    // Tall enough for the whole tab.
    let Some(mut window) = Window::open([1280.0, 1100.0], Some(file)) else { return };
    window.try_a_case();
    window.click("Display");
    picture(&mut window, "display");

    window.press(Key::Num5);
    assert!(upper(&window, 0) > 0.0);
    window.press(Key::Num6);
    assert_eq!(pane(&window, 0).look.window.transfer, Transfer::SquareRoot);
    window.press(Key::Num0);
    window.click("Background cut");
    assert!(pane(&window, 0).look.window.cut.is_some_and(|cut| cut > 0.0));

    pick(&mut window, Role::ComboBox, "Transfer");
    window.click("Gamma");
    assert!(matches!(pane(&window, 0).look.window.transfer, Transfer::Gamma(_)));
    pick(&mut window, Role::ComboBox, "Between pixels");
    window.click("Lanczos");
    pick(&mut window, Role::ComboBox, "100 % is");
    window.click("largest value");
    assert_eq!(pane(&window, 0).look.standard, Standard::Maximum);
    pick(&mut window, Role::ComboBox, "Colour map");
    picture(&mut window, "maps");
    window.click("Rainbow (not for comparing sizes of difference)");
    assert_eq!(pane(&window, 0).look.colormap, Colormap::Rainbow);
    picture(&mut window, "rainbow");

    window.click("Load a colour map…");
    window.wait("the map", |w| pane(w, 0).look.colormap.name().starts_with("user:ember"));
    assert!(window.sees("The colour map ember is loaded"));
    window.click("Levels linked");
    let links = window.bench().workspace().unwrap().links;
    assert_eq!(links, Links { window: false, camera: true });
    picture(&mut window, "ember");
}

#[test]
fn two_intensities_and_a_sweep() {
    for (size, name) in [(SIZE, "dual"), ([1920.0, 1080.0], "dual-large")] {
        let Some(mut window) = Window::open(size, None) else { return };
        window.try_a_case();
        window.press(Key::D);
        assert_eq!(window.bench().workspace().unwrap().panes.len(), 4);
        picture(&mut window, name);
        window.press(Key::D);
        assert_eq!(window.bench().workspace().unwrap().panes.len(), 2);
    }
    let Some(mut window) = Window::open(SIZE, None) else { return };
    window.try_a_case();
    let before = upper(&window, 0);
    window.harness.key_press(Key::W);
    let mut seen = Vec::new();
    for _ in 0..16 {
        window.harness.step();
        seen.push(upper(&window, 0));
    }
    let least = seen.iter().copied().fold(f64::INFINITY, f64::min);
    assert!(least < before, "{seen:?}");
    assert!(window.sees("Intensity sweep: Esc ends it"));
    window.harness.key_press(Key::Escape);
    window.harness.run();
    assert_eq!(upper(&window, 0), before);
    assert!(!window.sees("Intensity sweep: Esc ends it"));
}

#[test]
fn an_area_that_is_not_bone_is_hatched_and_named() {
    let Some(mut window) = Window::open([1920.0, 1080.0], None) else { return };
    window.try_a_case();
    window.press(Key::E);
    let from = window.place("Anterior view", 0, bonescope::geometry::Point::new(108.0, 490.0));
    let to = window.place("Anterior view", 0, bonescope::geometry::Point::new(150.0, 525.0));
    window.drag(from, to);
    pick(&mut window, Role::Button, "Region");
    window.click("Region is urine, not bone");
    assert!(window.bench().findings().unwrap().rois()[0].role.not_bone());
    picture(&mut window, "not-bone");
}
