//! The linked cursor, copies to the other view and to other phases, and the drawer of plots.

use bonescope::findings::{Annotation, AnnotationId, Drawn, Edit, Role};
use bonescope::geometry::{Outline, Point};
use bonescope::measure::{RoiRow, region_curve};
use bonescope::study::FrameKey;
use bonescope::units::Level;
use bonescope::workbench::{Command, demo_path};
use eframe::egui::{Event, Key, Modifiers, PointerButton, Pos2, Rect, pos2};
use egui_kittest::kittest::Queryable;

use crate::window::Window;

const SIZE: [f32; 2] = [1280.0, 800.0];

fn rows(window: &Window) -> &[RoiRow] {
    &window.bench().sheet().unwrap().rois
}

fn obey(window: &mut Window, command: Command) {
    window.harness.state_mut().obey(command);
    window.harness.run();
}

fn add(window: &mut Window, frame: FrameKey, outline: Outline) {
    let findings = window.bench().findings().unwrap();
    let roi = findings.new_roi(Role::Lesion, frame, outline);
    obey(window, Command::Edit(Edit::Add { at: None, roi }));
}

/// Keeps the picture where somebody wants to look at it.
fn look(window: &mut Window, name: &str) {
    if let Some(folder) = std::env::var_os("BONESCOPE_LOOK") {
        let picture = window.harness.render().unwrap();
        picture.save(std::path::Path::new(&folder).join(format!("{name}.png"))).unwrap();
    }
}

fn plot(window: &Window, label: &str) -> Rect {
    window.harness.get_by_label(label).rect()
}

fn within(rect: Rect, x: f32, y: f32) -> Pos2 {
    pos2(rect.left() + x * rect.width(), rect.top() + y * rect.height())
}

/// Press and release, quicker than what counts as holding the button.
fn click_at(window: &mut Window, at: Pos2) {
    let button = |pressed| Event::PointerButton {
        pos: at,
        button: PointerButton::Primary,
        pressed,
        modifiers: Modifiers::NONE,
    };
    for event in [Event::PointerMoved(at), button(true), button(false)] {
        window.harness.event(event);
        window.harness.step();
    }
    window.harness.run();
}

/// The status line and everything else that is written, one string.
fn written(window: &Window, part: &str) -> bool {
    window.harness.query_all_by_label_contains(part).next().is_some()
}

/// The left ilium's metastasis, from behind.
fn lesion() -> Outline {
    Outline::Ellipse { center: [84.5, 460.5], radii: [10.0, 10.0], angle_deg: 0.0 }
}

#[test]
fn a_place_is_marked_in_both_views() {
    let Some(mut window) = Window::open(SIZE, None) else { return };
    window.try_a_case();
    let at = Point::new(100.0, 400.0);
    let place = window.place("Anterior view", 0, at);
    window.harness.hover_at(place);
    window.harness.run();
    // Here, there, and the mean of both.
    assert!(written(&window, "Posterior") && written(&window, "geometric mean"));
    look(&mut window, "linked-cursor");
    window.harness.remove_cursor();
    window.harness.run();
    assert!(!written(&window, "geometric mean"));

    // Without a mouse: the selected region's place is pinned, and the line says the same.
    let frame = window.bench().workspace().unwrap().panes[1].frame.clone();
    add(&mut window, frame.clone(), lesion());
    window.press_with(Modifiers::SHIFT, Key::C);
    let pinned = window.bench().crosshair().cloned().unwrap();
    assert_eq!((pinned.frame, pinned.at), (frame, Point::new(84.5, 460.5)));
    assert!(written(&window, "geometric mean"));
    window.press_with(Modifiers::SHIFT, Key::C);
    assert!(window.bench().crosshair().is_none());
}

#[test]
fn shift_m_copies_to_the_other_view_in_one_step() {
    let Some(mut window) = Window::open(SIZE, None) else { return };
    window.try_a_case();
    let panes = window.bench().workspace().unwrap().panes.clone();
    add(&mut window, panes[1].frame.clone(), lesion());
    assert!(!window.sees("Geometric mean"));
    window.press_with(Modifiers::SHIFT, Key::M);
    assert_eq!(rows(&window).len(), 2);
    let (source, copy) = (rows(&window)[0].clone(), rows(&window)[1].clone());
    assert_eq!((&copy.frame, copy.copy_of), (&panes[0].frame, Some(source.id)));
    assert_eq!(window.bench().selected(), Some(copy.id));
    // The same side of the patient, mirrored columns of the image, the same size.
    assert_eq!(copy.side, source.side);
    let columns = window.bench().frame(&copy.frame).unwrap().columns() as f64;
    let center = copy.outline.centroid();
    assert!((center.x - (columns - 1.0 - 84.5)).abs() < 1e-9 && center.y == 460.5);
    assert_eq!(copy.outline.area(), source.outline.area());
    // The card says what both say together.
    assert!(window.sees("Geometric mean") && window.sees("Anterior / posterior"));
    look(&mut window, "geometric-mean");

    // Again goes to the partner instead of making a third; one undo takes the copy back.
    window.press_with(Modifiers::SHIFT, Key::M);
    assert_eq!((rows(&window).len(), window.bench().selected()), (2, Some(source.id)));
    window.press_with(Modifiers::COMMAND, Key::Z);
    assert_eq!(rows(&window).len(), 1);
    assert!(!window.sees("Geometric mean"));
}

#[test]
fn the_drawer_shows_profile_and_histogram() {
    let Some(mut window) = Window::open(SIZE, None) else { return };
    window.try_a_case();
    let panes = window.bench().workspace().unwrap().panes.clone();
    window.press_with(Modifiers::COMMAND, Key::J);
    assert!(window.sees("Select a region to see its plots"));
    add(&mut window, panes[1].frame.clone(), lesion());
    assert!(written(&window, "a curve needs a dynamic series"));

    window.click("Profile");
    let name = "Left and right of the midline at L1";
    assert!(window.sees(name));
    let middle = within(plot(&window, name), 0.35, 0.5);
    window.harness.hover_at(middle);
    window.harness.run();
    assert!(written(&window, "Patient’s left") && written(&window, "mm: "));
    look(&mut window, "profile-mirrored");

    // Along a ruler; the reader chooses which.
    let drawn = Drawn::Ruler { from: [60.0, 455.0], to: [190.0, 470.0] };
    let id = AnnotationId(7);
    let annotation = Annotation { id, frame: panes[1].frame.clone(), drawn, text: String::new() };
    obey(&mut window, Command::Edit(Edit::Annotate { at: None, annotation }));
    window.click("Profile along");
    window.click("Ruler 7");
    assert!(window.sees("Profile along the line") && !window.sees(name));
    look(&mut window, "profile-ruler");

    // Taking hold of a ruler lets go of the region.
    let region = rows(&window)[0].id;
    obey(&mut window, Command::Select(Some(region)));
    window.click("Histogram");
    let name = "Histogram of L1";
    let middle = within(plot(&window, name), 0.2, 0.5);
    window.harness.hover_at(middle);
    window.harness.run();
    assert!(written(&window, "pixels, twin"));
    look(&mut window, "histogram");

    // Folded away by its cross, and opened again by its key.
    window.click("Close the plots");
    assert!(!window.sees(name));
    window.press_with(Modifiers::COMMAND, Key::J);
    assert!(window.sees(name));
    window.harness.remove_cursor();
    window.harness.run();
    assert_eq!(window.harness.run(), 1, "a frame asked for another");
}

#[test]
fn a_dynamic_study_has_curves() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("curves.csv");
    let Some(mut window) = Window::open(SIZE, Some(file.clone())) else { return };
    obey(&mut window, Command::Open(demo_path("three_phase_crps")));
    window.wait("the case", |w| w.analysed());
    let study = window.bench().study().unwrap().clone();
    let dynamic = |s: &&std::sync::Arc<bonescope::study::Series>| s.frames.len() > 20;
    let flow = study.series.iter().find(dynamic).unwrap();
    let delayed = study.series.iter().find(|s| s.frames[0].columns() == 256).unwrap();
    let key =
        |series: &bonescope::study::Series, frame| FrameKey { series: series.uid.clone(), frame };

    // Drawn on the delayed image, copied to flow and pool at once.
    let outline = Outline::Ellipse { center: [90.0, 130.0], radii: [14.0, 26.0], angle_deg: 0.0 };
    add(&mut window, key(delayed, 0), outline.clone());
    let source = rows(&window)[0].id;
    window.click("Copy to flow, pool and delayed");
    assert_eq!(rows(&window).len(), study.series.len());
    let copy = rows(&window).iter().find(|r| r.frame.series == flow.uid).unwrap().clone();
    assert_eq!(copy.copy_of, Some(source));
    // Half as many pixels across: the same millimetres.
    assert!((copy.outline.area() / outline.area() - 0.25).abs() < 1e-9);

    obey(&mut window, Command::Select(Some(copy.id)));
    window.press_with(Modifiers::COMMAND, Key::J);
    let name = format!("Time–activity curve of {}", copy.name);
    let rect = plot(&window, &name);
    window.harness.hover_at(within(rect, 0.4, 0.5));
    window.harness.run();
    assert!(written(&window, " s: ") && written(&window, "ratio "));
    look(&mut window, "curve");

    // A click shows the frame under the pointer.
    click_at(&mut window, within(rect, 0.5, 0.5));
    let shown = window.bench().workspace().unwrap().active_pane().unwrap().frame.clone();
    assert_eq!(shown.series, flow.uid);
    let sheet = window.bench().sheet().unwrap();
    let curve = region_curve(&study, sheet, &copy, Level::NINETY_FIVE).unwrap();
    let middle = curve.points.iter().find(|p| p.frame == shown.frame).unwrap().mid().unwrap();
    let last = curve.points.last().unwrap().mid().unwrap();
    assert!((middle.0 / last.0 - 0.5).abs() < 0.1, "{middle:?} of {last:?}");

    // A drag over the curve adds up the frames under it.
    window.drag(within(rect, 0.3, 0.4), within(rect, 0.6, 0.5));
    window.harness.remove_cursor();
    window.harness.run();
    assert!(written(&window, "Frames ") && written(&window, " counts · ratio "));
    look(&mut window, "curve-interval");

    // The table, written by a job.
    window.harness.remove_cursor();
    window.click("Export curves…");
    window.wait("the table", |w| w.bench().running_job().is_none() && file.exists());
    let table = std::fs::read_to_string(&file).unwrap();
    assert_eq!(table.lines().count(), 1 + flow.frames.len());
    look(&mut window, "curve-frame");
}
