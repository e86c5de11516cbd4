//! Help → NM display self-test: from the menu to the verdicts, the evidence and a test set.

use bonescope::dicom::synthetic::Set;
use bonescope::workbench::Command;
use bonescope::workbench::self_test::{Row, Verdict};
use eframe::egui::Key;
use egui_kittest::kittest::Queryable;

use crate::window::Window;

fn save(window: &mut Window, name: &str) {
    // Looked at by whoever changes the dialog.
    if let Some(folder) = std::env::var_os("SCREENS") {
        let image = window.harness.render().unwrap();
        image.save(std::path::Path::new(&folder).join(format!("{name}.png"))).unwrap();
    }
}

/// Chooses a row of the list as a screen reader names it.
fn choose(window: &mut Window, number: u8) -> Row {
    let row = window.bench().self_test().unwrap().rows[usize::from(number) - 1].clone();
    assert_eq!(row.number, number);
    let verdict = match row.verdict {
        Verdict::Pass => "Pass",
        Verdict::Fail => "Fail",
        Verdict::NotMet => "Not met",
    };
    window.click(&format!("Row {number}, {verdict}: {}", row.requirement));
    row
}

fn ask(window: &mut Window) {
    window.click("Help");
    window.click("NM display self-test…");
}

#[test]
fn from_the_menu_to_a_test_set() {
    let Some(mut window) = Window::open([1280.0, 800.0], None) else { return };
    ask(&mut window);
    save(&mut window, "self-test-running");
    window.wait("the verdicts", |w| w.bench().self_test().is_some());
    window.harness.run();
    let report = window.bench().self_test().unwrap().clone();
    assert_eq!(report.rows.len(), 25);
    assert_eq!(report.count(Verdict::Fail), 0);
    let passed = report.count(Verdict::Pass);
    assert!(window.sees(&format!("{passed} pass · 0 fail · {} not met", 25 - passed)));
    save(&mut window, "self-test-1");

    // Each row by its name, with what was seen.
    let row = choose(&mut window, 3);
    assert!(row.passes());
    assert!(window.sees(&row.requirement) && window.sees(&row.done));
    assert!(window.sees("energy 1, detector 1, phase 1, slice 1"));
    save(&mut window, "self-test-3");
    let unmet = report.rows.iter().find(|r| r.missing.is_some()).unwrap();
    choose(&mut window, unmet.number);
    assert!(window.sees(unmet.missing.as_deref().unwrap()));
    save(&mut window, "self-test-not-met");

    // A set to look at: it opens in the panes and the dialog gives way.
    choose(&mut window, 3);
    window.click("Show dynamic");
    window.wait("the test set", |w| w.analysed());
    assert!(!window.sees("Run again"));
    let study = window.bench().study().unwrap();
    assert_eq!(study.series[0].description, Set::Dynamic.description());
    assert_eq!(study.series[0].frames.len(), 20);
    window.harness.run();
    save(&mut window, "self-test-set");

    // The verdicts are still there, and Esc closes them.
    ask(&mut window);
    assert!(window.sees("Run again") && window.bench().running_job().is_none());
    window.press(Key::Escape);
    assert!(!window.sees("Run again"));
}

#[test]
fn it_can_be_stopped_and_run_again() {
    let Some(mut window) = Window::open([1920.0, 1080.0], None) else { return };
    ask(&mut window);
    window.wait("the run", |w| w.bench().running_job().is_some());
    window.harness.run_ok();
    window.harness.get_by_label("Stop the self-test").click();
    window.wait("its end", |w| w.bench().running_job().is_none());
    window.harness.run();
    if window.bench().self_test().is_none() {
        assert!(window.sees("The self-test was stopped"));
    }
    window.click("Run again");
    window.wait("the verdicts", |w| w.bench().self_test().is_some());
    window.harness.run();
    choose(&mut window, 24);
    save(&mut window, "self-test-1920");
    window.click("Close");
    assert!(!window.sees("Run again"));
}

/// A script says it as one command.
#[test]
fn the_bench_alone_can_do_it() {
    let mut bench = bonescope::workbench::Workbench::new();
    bench.handle(Command::SelfTest);
    bench.settle();
    assert!(bench.self_test().unwrap().claims_hold());
}
