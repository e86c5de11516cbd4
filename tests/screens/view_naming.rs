//! A pair whose views the file does not state: the window asks, the reader answers.

use std::path::PathBuf;

use bonescope::dicom::planar;
use bonescope::simulate::{acquire, case};
use bonescope::study::{Frame, Laterality, Series, ViewLabel, ViewName, ViewSource};
use bonescope::workbench::{Command, ToolKind};
use eframe::egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable;

use crate::window::Window;

/// The normal case as a file without views or orientation.
fn silent_pair(folder: &tempfile::TempDir) -> PathBuf {
    let study = acquire(&case("normal").unwrap(), &|_| ()).study;
    let frames = study.series[0].frames.iter().map(|frame| Frame {
        view: ViewLabel::default(),
        laterality: Laterality::default(),
        ..frame.clone()
    });
    let series = Series { frames: frames.collect(), ..(*study.series[0]).clone() };
    let path = folder.path().join("pair.dcm");
    std::fs::write(&path, planar(&study, &series).unwrap()).unwrap();
    path
}

fn label(window: &Window, pane: usize) -> ViewLabel {
    let bench = window.bench();
    let key = &bench.workspace().unwrap().panes[pane].frame;
    bench.frame(key).unwrap().view
}

#[test]
fn the_reader_confirms_one_view_and_names_the_other() {
    let folder = tempfile::tempdir().unwrap();
    let path = silent_pair(&folder);
    let Some(mut window) = Window::open([1280.0, 800.0], None) else { return };
    window.harness.state_mut().obey(Command::Open(path));
    window.wait("the pair", |w| w.analysed());
    window.harness.run();
    picture(&mut window, "asked");
    assert!(window.sees("Confirm anterior") && window.sees("Confirm posterior"));
    assert_eq!(label(&window, 0).source, ViewSource::FrameOrder);

    // A press on what asks is none for the tool in hand.
    window.press(Key::E);
    assert_eq!(window.bench().tool(), ToolKind::Ellipse);
    window.click("Confirm anterior");
    assert!(window.bench().sheet().unwrap().rois.is_empty());
    assert_eq!(label(&window, 0).source, ViewSource::Reader);
    assert!(!window.sees("Confirm anterior") && !window.sees("Name the view of pane 1"));

    // The second pane is named from its menu, which makes it the active one.
    window.click("Name the view of pane 2");
    window.harness.run();
    picture(&mut window, "menu");
    window.click("View is left posterior oblique");
    assert_eq!(label(&window, 1).view, ViewName::LeftPosteriorOblique);
    assert_eq!(label(&window, 0).view, ViewName::Anterior);
    window.press_with(Modifiers::COMMAND, Key::Z);
    assert_eq!(label(&window, 1).source, ViewSource::FrameOrder);
    assert!(window.sees("Confirm posterior"));

    // By key alone: the active pane's guess is confirmed, and posterior views are mirrored.
    window.press_with(Modifiers::SHIFT, Key::V);
    assert_eq!(label(&window, 1).source, ViewSource::Reader);
    window.press_with(Modifiers::ALT, Key::H);
    assert!(window.bench().workspace().unwrap().panes[1].camera.mirrored);
    window.harness.run();
    picture(&mut window, "mirrored");

    // The menu bar has the same names.
    window.click("View");
    assert!(window.harness.query_by_label_contains("Name the view").is_some());
}

/// Kept for looking at, where a folder is named.
fn picture(window: &mut Window, name: &str) {
    if let Some(folder) = std::env::var_os("BONESCOPE_PICTURES") {
        let image = window.harness.render().unwrap();
        image.save(PathBuf::from(folder).join(format!("view-{name}.png"))).unwrap();
    }
}
