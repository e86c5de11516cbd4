//! The shelf of simulated cases on the start screen.

use bonescope::simulate;
use bonescope::study::SeriesKind;

use crate::window::Window;

const SIZE: [f32; 2] = [1280.0, 800.0];

/// Leaves a picture where somebody wants to look at one.
fn kept(window: &mut Window, name: &str) {
    if let Ok(folder) = std::env::var("BONESCOPE_PICTURES") {
        window.harness.render().unwrap().save(format!("{folder}/{name}.png")).unwrap();
    }
}

#[test]
fn every_case_is_on_the_start_screen_and_opens() {
    let Some(mut window) = Window::open(SIZE, None) else { return };
    for case in simulate::cases() {
        assert!(window.sees(&case.title), "{}", case.title);
    }
    kept(&mut window, "start");
    window.click("Three-phase scan of the feet");
    window.wait("the case", |w| w.analysed());
    let study = window.bench().study().unwrap();
    let kinds: Vec<SeriesKind> = study.series.iter().map(|s| s.kind).collect();
    assert_eq!(kinds, [SeriesKind::Dynamic, SeriesKind::Static, SeriesKind::Static]);
    assert!(study.simulated);
    kept(&mut window, "three-phase");
}
