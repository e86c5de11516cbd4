//! Grids, cines and hanging protocols as a hand meets them.

use std::path::Path;

use bonescope::workbench::{Command, PageShown, Show, Workspace};
use eframe::egui::{Event, Key, Modifiers, MouseWheelSource, MouseWheelUnit, TouchPhase, vec2};
use egui_kittest::kittest::Queryable;

use crate::nm::Image;
use crate::window::Window;

const SIZE: [f32; 2] = [1280.0, 800.0];

fn images() -> [Image; 3] {
    let still = |series, description, time| Image {
        series,
        description,
        time,
        kind: "STATIC",
        phases: vec![(1, 300_000)],
        ..Image::default()
    };
    [Image::default(), still("2", "Pool", "090700"), still("3", "Delayed", "120500")]
}

fn open(window: &mut Window, path: &Path) {
    window.harness.state_mut().obey(Command::Open(path.to_owned()));
    window.wait("the study", |w| w.analysed() && w.bench().running_job().is_none());
    window.harness.run();
}

fn workspace(window: &Window) -> &Workspace {
    window.bench().workspace().unwrap()
}

fn shown(window: &Window) -> Vec<usize> {
    workspace(window).panes.iter().map(|p| p.frame.frame + 1).collect()
}

/// Where `BONESCOPE_LOOK` names a folder, the window is saved there to be looked at.
fn look(window: &mut Window, name: &str) {
    let Some(folder) = std::env::var_os("BONESCOPE_LOOK") else { return };
    let picture = window.harness.render().expect("the window can be painted");
    picture.save(Path::new(&folder).join(format!("layout-{name}.png"))).unwrap();
}

#[test]
fn three_phases_grid_cine_and_protocols() {
    let Some(mut window) = Window::without_graphics(SIZE) else { return };
    let folder = tempfile::tempdir().unwrap();
    images().iter().for_each(|i| {
        i.write(folder.path());
    });
    open(&mut window, folder.path());
    assert_eq!(workspace(&window).protocol.as_deref(), Some("Three phases"));
    assert_eq!(workspace(&window).panes.len(), 6);
    look(&mut window, "three-phases");

    // Space plays both detectors in step; the window's own clock ticks, and stands when stopped.
    window.press(Key::Space);
    assert!(workspace(&window).cine.playing && window.sees("Stop"));
    for _ in 0..8 {
        window.harness.step();
    }
    let playing = shown(&window);
    assert!(playing[0] > 31, "{playing:?}");
    assert_eq!(playing[1], playing[0] + 72);
    assert_eq!(playing[2..], [1, 2, 1, 2]);
    window.press(Key::Space);
    let stopped = shown(&window);
    for _ in 0..8 {
        window.harness.step();
    }
    assert_eq!(shown(&window), stopped);
    window.press(Key::Period);
    assert_eq!(workspace(&window).cine.rate, 8.0);
    window.press(Key::Comma);
    assert_eq!(workspace(&window).cine.rate, 5.0);

    // The frames in rows and columns, paged by keys, buttons and the wheel over the strip.
    window.press_with(Modifiers::SHIFT, Key::G);
    assert_eq!(shown(&window), (1..=16).collect::<Vec<_>>());
    assert!(window.sees("Next page") && window.sees("Page of frames"));
    window.press(Key::PageDown);
    assert_eq!(shown(&window)[0], 17);
    window.click("Next page");
    assert_eq!(shown(&window)[0], 33);
    let over = window.harness.get_by_label("Page of frames").rect().center();
    window.harness.event(Event::PointerMoved(over));
    window.harness.event(Event::MouseWheel {
        unit: MouseWheelUnit::Line,
        source: MouseWheelSource::Unknown,
        delta: vec2(0.0, 1.0),
        phase: TouchPhase::Move,
        modifiers: Modifiers::NONE,
    });
    window.harness.run();
    assert_eq!(shown(&window)[0], 17);
    window.press(Key::PageUp);
    let first = Some(PageShown { first: 1, last: 16, total: 144 });
    assert_eq!(window.bench().page(), first);

    // The panel filters and sorts; nothing else is on the page then.
    window.press(Key::F7);
    assert!(window.sees("First phase") && window.sees("Number of frames to a page"));
    look(&mut window, "grid");
    window.click("Only or also Anterior");
    assert_eq!(window.bench().page().unwrap().total, 72);
    assert!(shown(&window).iter().all(|f| *f > 72), "{:?}", shown(&window));
    window.click("Only or also Anterior");
    assert_eq!(window.bench().page(), first);
    window.click("Every series at once");
    assert_eq!(window.bench().page().unwrap().total, 148);
    look(&mut window, "fit");

    // A click on a series shows it; a protocol brings the layout back.
    window.click("Show series Delayed");
    assert_eq!(shown(&window), [1, 2]);
    window.press_with(Modifiers::COMMAND, Key::Num1);
    assert_eq!(workspace(&window).panes.len(), 6);
    window.press_with(Modifiers::COMMAND, Key::H);
    assert_eq!(workspace(&window).protocol.as_deref(), Some("Spot views"));
    look(&mut window, "spots");
}

/// A page of many frames on the CPU painter: the second picture of the same page costs next to
/// nothing, and one that plays repaints one pane.
#[test]
fn many_panes_are_painted_once() {
    let Some(mut window) = Window::without_graphics([1920.0, 1080.0]) else { return };
    let folder = tempfile::tempdir().unwrap();
    open(&mut window, &Image::default().write(folder.path()));
    let mut selection = workspace(&window).selection.clone().unwrap();
    selection.count = None;
    window.harness.state_mut().obey(Command::Show(Show::Arrange(selection)));
    window.harness.run();
    assert_eq!(workspace(&window).panes.len(), 144);
    assert!(window.bench().page().is_some_and(|p| p.last == 144));
    let timed = |window: &mut Window| {
        let begun = std::time::Instant::now();
        for _ in 0..5 {
            window.harness.step();
        }
        begun.elapsed() / 5
    };
    let still = timed(&mut window);
    window.press(Key::Space);
    let playing = timed(&mut window);
    println!("144 panes: {still:?} a frame that stands, {playing:?} one that plays");
    // Generous: tests run on busy machines and without full optimisation.
    assert!(playing < std::time::Duration::from_millis(700), "{playing:?}");
    look(&mut window, "many");
}
