//! Words, arrows and measures on the image, by hand and keys.

use bonescope::findings::Drawn;
use bonescope::geometry::Point;
use bonescope::measure::Measured;
use eframe::egui::{Event, Key, Modifiers};
use egui_kittest::kittest::Queryable;

use crate::window::Window;

#[test]
fn annotations_are_drawn_typed_moved_and_taken_back() {
    let Some(mut window) = Window::open([1280.0, 800.0], None) else { return };
    window.try_a_case();
    let at = |w: &Window, x: f64, y: f64| w.place("Anterior view", 0, Point::new(x, y));
    let count = |w: &Window| w.bench().findings().unwrap().annotations().len();

    window.press(Key::U);
    let (from, to) = (at(&window, 60.0, 300.0), at(&window, 160.0, 300.0));
    window.drag(from, to);
    let row = window.bench().sheet().unwrap().annotations[0].clone();
    let Some(Measured::Millimetres(length)) = row.measured else { panic!("{row:?}") };
    let frame = window.bench().frame(&row.annotation.frame).unwrap();
    let expected = 100.0 * frame.spacing.unwrap().x();
    assert!((length - expected).abs() < 0.03 * expected, "{length} {expected}");

    window.press(Key::A);
    let (from, to) = (at(&window, 40.0, 200.0), at(&window, 80.0, 230.0));
    window.drag(from, to);
    window.press_with(Modifiers::SHIFT, Key::U);
    for (x, y) in [(60.0, 700.0), (100.0, 650.0), (140.0, 700.0)] {
        let place = at(&window, x, y);
        window.sweep(&[place, place]);
    }
    let angle = window.bench().sheet().unwrap().annotations[2].measured;
    assert!(matches!(angle, Some(Measured::Degrees(d)) if d > 60.0 && d < 120.0), "{angle:?}");

    // Words wait to be typed over.
    window.press(Key::T);
    let place = at(&window, 170.0, 120.0);
    window.sweep(&[place, place]);
    assert_eq!(count(&window), 4);
    window.harness.run();
    window.harness.event(Event::Text("left arm".into()));
    window.harness.run();
    window.press(Key::Enter);
    let findings = window.bench().findings().unwrap();
    assert_eq!(findings.annotations()[3].text, "left arm");
    assert!(window.sees("Words of the ruler") && window.sees("Remove the angle"));

    // The ruler's end is pulled; one gesture is one undo.
    window.press(Key::S);
    let before = window.bench().findings().unwrap().annotations()[0].drawn;
    let (from, to) = (at(&window, 160.0, 300.0), at(&window, 190.0, 330.0));
    window.drag(from, to);
    let Drawn::Ruler { from: start, to: end } =
        window.bench().findings().unwrap().annotations()[0].drawn
    else {
        panic!("no ruler")
    };
    assert!((end[0] - 190.0).abs() < 2.0 && (start[0] - 60.0).abs() < 2.0, "{start:?} {end:?}");
    if let Ok(path) = std::env::var("BONESCOPE_LOOK") {
        window.harness.render().unwrap().save(format!("{path}/annotations.png")).unwrap();
    }
    window.press_with(Modifiers::COMMAND, Key::Z);
    assert_eq!(window.bench().findings().unwrap().annotations()[0].drawn, before);
    window.harness.get_by_label("Select the arrow").click();
    window.harness.run();
    assert!(window.bench().selected_annotation().is_some());
    window.press(Key::Delete);
    assert_eq!(count(&window), 3);
    window.press_with(Modifiers::COMMAND, Key::Z);
    assert_eq!(count(&window), 4);
}
