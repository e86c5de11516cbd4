//! What surrounds a ratio, and indices, in the window.

use eframe::egui::Key;
use eframe::egui::accesskit::Role;
use egui_kittest::kittest::Queryable;

use crate::window::Window;

const SIZE: [f32; 2] = [1920.0, 1080.0];

fn picture(window: &mut Window, name: &str) {
    if let Ok(folder) = std::env::var("RATIOS_PICTURES") {
        window.harness.render().unwrap().save(format!("{folder}/{name}.png")).unwrap();
    }
}

#[test]
fn the_card_weighs_noise_and_hand() {
    let Some(mut window) = Window::open(SIZE, None) else { return };
    window.try_a_case();
    window.press(Key::E);
    let place = |window: &mut Window, x, y| {
        window.place("Anterior view", 0, bonescope::geometry::Point::new(x, y))
    };
    let (from, to) = (place(&mut window, 72.0, 412.0), place(&mut window, 88.0, 430.0));
    window.drag(from, to);
    let ratio = window.bench().sheet().unwrap().rois[0].ratio.unwrap();
    let words = bonescope::report::words::spread(&ratio).unwrap();
    assert!(words.starts_with("Noise ±") && words.contains("hand ±"), "{words}");
    assert!(window.sees(&words), "{words}");
    picture(&mut window, "card");
}

#[test]
fn an_index_is_drawn_from_the_menu_and_listed() {
    let Some(mut window) = Window::open(SIZE, None) else { return };
    window.try_a_case();
    window.harness.get_by_role_and_label(Role::Button, "Region").click();
    window.harness.run();
    window.click("Index");
    window.click("Kidney / lumbar spine");
    let row = window.bench().sheet().unwrap().indices[0].clone();
    assert_eq!(row.results.len(), 3);
    for result in &row.results {
        let value = bonescope::report::words::index_value(result);
        assert!(window.sees(&value), "{}: {value}", result.name);
        let says = bonescope::report::words::index_range(&result.ranges[0]);
        assert!(window.sees(&format!("{}: {says}", result.name)), "{says}");
    }
    picture(&mut window, "index");
}
