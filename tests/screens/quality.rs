//! The scan-quality banner and count thinning, by label and key.

use bonescope::measure::{Check, Verdict};
use eframe::egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable;

use crate::window::Window;

#[test]
fn the_banner_unfolds_and_a_click_shows_where() {
    let Some(mut window) = Window::open([1280.0, 800.0], None) else { return };
    window.try_a_case();
    assert!(window.sees("Scan quality"));
    window.press_with(Modifiers::SHIFT, Key::Q);
    assert!(window.sees("Verdict") && window.sees("Source of the limit"));
    let bladder = {
        let bench = window.bench();
        let series = bench.workspace().unwrap().panes[0].frame.series.clone();
        let checks = bench.reading().unwrap().quality(&series);
        let found = checks.iter().find(|c| c.check == Check::Bladder).unwrap();
        assert_eq!(found.verdict, Verdict::Ok);
        found.sentence.clone()
    };
    let name = format!("Show where: {bladder}");
    window.harness.get_by_label(&name).scroll_to_me();
    window.harness.run();
    window.click(&name);
    let marked = window.bench().marked().expect("a place").clone();
    assert_eq!(marked.frame.frame, 0);
    assert!(window.bench().workspace().unwrap().panes[0].camera.zoom > 1.5);
    window.click(&name);
    assert!(window.bench().marked().is_none());
    window.click("Hide the checks");
    assert!(!window.sees("Verdict") && window.sees("Scan quality"));
}

#[test]
fn counts_are_thinned_from_the_display_tab() {
    let Some(mut window) = Window::open([1280.0, 800.0], None) else { return };
    window.try_a_case();
    window.click("Display");
    window.harness.get_by_label("Thin to a quarter of the counts").scroll_to_me();
    window.harness.run();
    window.click("Thin to a quarter of the counts");
    let shown = |window: &Window| {
        window.bench().workspace().unwrap().active_pane().unwrap().frame.series.clone()
    };
    assert!(shown(&window).ends_with("#thinned=0.25,seed=1"));
    assert!(window.sees("▲ THINNED TO 25 %"));
    window.click("All counts again");
    assert!(!shown(&window).contains('#'));
    window.click("Thin");
    assert!(shown(&window).ends_with("#thinned=0.5,seed=1"));
}
