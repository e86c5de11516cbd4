//! Left and right are the patient's: whatever the file's orientation, whatever the display does,
//! and whoever named the view.

use std::fs;

use assert_cmd::Command as Process;
use bonescope::dicom::{NoProgress, open, planar};
use bonescope::findings::{Midline, MidlineOrigin};
use bonescope::geometry::{Curve, Pixel, Point, Side, Spacing};
use bonescope::picture::{Mark, Rgb};
use bonescope::report::side_letters;
use bonescope::study::{
    Address, Frame, Laterality, LateralitySource, Pixels, Series, Values, ViewLabel, ViewName,
    ViewSource,
};
use bonescope::workbench::{Action, Camera, Command, Workbench, demo_path, pane_scene};
use ndarray::Array2;
use proptest::prelude::*;

use crate::content::{AS_IS, counted, normal, silent_file};

const AMBER: Rgb = Rgb(230, 159, 0);
const SIZE: [f64; 2] = [400.0, 700.0];

const VIEWS: [ViewName; 12] = [
    ViewName::Anterior,
    ViewName::Posterior,
    ViewName::LeftLateral,
    ViewName::RightLateral,
    ViewName::LeftAnteriorOblique,
    ViewName::RightAnteriorOblique,
    ViewName::LeftPosteriorOblique,
    ViewName::RightPosteriorOblique,
    ViewName::Axial,
    ViewName::Coronal,
    ViewName::Sagittal,
    ViewName::Unknown,
];

fn frame(view: ViewLabel, laterality: Laterality) -> Frame {
    Frame {
        values: Values::counts(Pixels::U16(Array2::from_elem((40, 20), 3))),
        spacing: Spacing::new(3.0, 2.0),
        view,
        laterality,
        address: Address::default(),
        ..normal().study.series[0].frames[0].clone()
    }
}

/// The letters of a frame on the canvas, from left to right, and their colours.
fn letters(marks: &[Mark]) -> Vec<(f64, String, Rgb)> {
    let mut found: Vec<_> = marks
        .iter()
        .filter_map(|mark| match mark {
            Mark::Text { at, text, color, .. } if text == "L" || text == "R" => {
                Some((at.x, text.clone(), *color))
            }
            _ => None,
        })
        .collect();
    found.sort_by(|a, b| a.0.total_cmp(&b.0));
    found
}

/// For one patient point: the side in words, and the letter that stands on its side of the
/// screen.
fn said(frame: &Frame, camera: &Camera, at: Point<Pixel>) -> (Option<Side>, Option<String>) {
    let middle = 0.5 * (frame.columns() as f64 - 1.0);
    let curve = Curve::through([Point::new(middle, 0.0), Point::new(middle, 39.0)]).expect("two");
    let midline = Midline { curve, origin: MidlineOrigin::Edited };
    let view_from_pixel = camera.view_from_pixel(frame, SIZE);
    let clip = [0.0, 0.0, SIZE[0], SIZE[1]];
    let letters = letters(&side_letters(frame, view_from_pixel, clip, 12.0));
    let axis = view_from_pixel.transform_point(Point::new(middle, at.y)).x;
    let on_the_left = view_from_pixel.transform_point(at).x < axis;
    let letter = if on_the_left { letters.first() } else { letters.last() };
    (midline.side_of(at, &frame.laterality), letter.map(|(_, text, _)| text.clone()))
}

fn cameras() -> impl Strategy<Value = Camera> {
    let center = prop::option::of((0.0..40.0f64, 0.0..120.0f64));
    (center, 0.2..50.0f64, any::<bool>()).prop_map(|(center, zoom, mirrored)| Camera {
        center: center.map(|(x, y)| Point::new(x, y)),
        zoom,
        mirrored,
    })
}

proptest! {
    /// Stop-ship. Every view, every orientation a file can state, every display.
    #[test]
    fn a_patient_point_keeps_its_side_on_every_screen(
        view in prop::sample::select(&VIEWS[..]),
        left_at_larger_columns in any::<bool>(),
        head_first in any::<bool>(),
        away in 0.6..9.0f64, left in any::<bool>(), row in 0.0..39.0f64,
        camera in cameras(),
    ) {
        let across = if left_at_larger_columns { 1.0 } else { -1.0 };
        let down = if head_first { -1.0 } else { 1.0 };
        let stated = Laterality::from_orientation([across, 0.0, 0.0], [0.0, 0.0, down]);
        let frame = frame(ViewLabel { view, source: ViewSource::ViewCode }, stated);
        // The patient's left lies where the row runs towards +x, whatever the frame is called.
        let column = 9.5 + across * if left { away } else { -away };
        let truth = if left { Side::Left } else { Side::Right };
        let at = Point::new(column, row);
        let (word, letter) = said(&frame, &camera, at);
        prop_assert_eq!(word, Some(truth));
        prop_assert_eq!(letter, Some(truth.letter().to_string()));
        // The head is up.
        let view_from_pixel = camera.view_from_pixel(&frame, SIZE);
        let height = |row: f64| view_from_pixel.transform_point(Point::new(column, row)).y;
        prop_assert_eq!(height(0.0) < height(39.0), head_first);
    }

    /// Without orientation the view says, by what a detector sees; and if nothing does, nobody.
    #[test]
    fn a_named_view_gives_sides_that_no_display_changes(
        view in prop::sample::select(&VIEWS[..]),
        column in 0.0..19.0f64, row in 0.0..39.0f64, camera in cameras(),
    ) {
        prop_assume!((column - 9.5).abs() > 0.1);
        let bare = frame(ViewLabel::default(), Laterality::default());
        let named = bare.seen_from(view);
        let at = Point::new(column, row);
        let still = Camera::default();
        prop_assert_eq!(said(&named, &camera, at), said(&named, &still, at));
        let (word, letter) = said(&named, &camera, at);
        prop_assert_eq!(word.map(|side| side.letter().to_string()), letter);
        use ViewName::*;
        let seen_left = match view {
            Anterior | LeftAnteriorOblique | RightAnteriorOblique => Some(Side::Right),
            Posterior | LeftPosteriorOblique | RightPosteriorOblique => Some(Side::Left),
            _ => None,
        };
        let expected = seen_left.map(|s| if column < 9.5 { s } else { s.opposite() });
        prop_assert_eq!(word, expected);
        // A body that lies head down for an unknown reason has no sides, whatever it is called.
        let mut over = bare;
        over.laterality.head_at_first_row = Some(false);
        prop_assert_eq!(said(&over.seen_from(view), &camera, at), (None, None));
    }
}

/// What is written as orientation is read back as the same sides.
#[test]
fn every_orientation_survives_a_file() {
    let study = &normal().study;
    let folder = tempfile::tempdir().expect("a folder");
    for view in [ViewName::Anterior, ViewName::Posterior, ViewName::Unknown] {
        for across in [1.0, -1.0] {
            for down in [1.0, -1.0] {
                let laterality = Laterality::from_orientation([across, 0.0, 0.0], [0.0, 0.0, down]);
                let frame = frame(ViewLabel { view, source: ViewSource::ViewCode }, laterality);
                let series = Series { frames: vec![frame], ..(*study.series[0]).clone() };
                let path = folder.path().join("scan.dcm");
                fs::write(&path, planar(study, &series).expect("a file")).expect("written");
                let read = open(&path, &NoProgress).expect("a study").value.remove(0);
                let frame = &read.series[0].frames[0];
                assert_eq!(frame.laterality, laterality, "{view:?} {across} {down}");
                assert_eq!(frame.laterality.source, LateralitySource::Orientation);
                assert!(frame.view_stated());
            }
        }
    }
}

fn act(bench: &mut Workbench, id: &str) {
    let action = Action::by_id(id).expect(id);
    let command = action.resolve(bench).unwrap_or_else(|| panic!("{id} cannot be done now"));
    bench.handle(command);
    bench.settle();
}

fn says(marks: &[Mark], words: &str) -> bool {
    marks.iter().any(|m| matches!(m, Mark::Text { text, .. } if text.contains(words)))
}

fn marks(bench: &Workbench, pane: usize) -> Vec<Mark> {
    pane_scene(bench, pane, SIZE).expect("a scene").marks
}

#[test]
fn posterior_views_are_mirrored_together_and_say_so() {
    let mut bench = Workbench::new();
    bench.handle(Command::Open(demo_path("normal")));
    bench.settle();
    let order = |bench: &Workbench, pane: usize| -> String {
        letters(&marks(bench, pane)).into_iter().map(|(_, text, _)| text).collect()
    };
    assert_eq!((order(&bench, 0), order(&bench, 1)), ("RL".into(), "LR".into()));
    act(&mut bench, "view.mirror_posterior");
    assert_eq!((order(&bench, 0), order(&bench, 1)), ("RL".into(), "RL".into()));
    assert!(!says(&marks(&bench, 0), "MIRRORED") && says(&marks(&bench, 1), "MIRRORED"));
    // The other frame in the same pane is not mirrored, and back again.
    bench.handle(Command::Show(bonescope::workbench::Show::Activate(1)));
    act(&mut bench, "view.previous_frame");
    assert_eq!(order(&bench, 1), "RL");
    assert!(!says(&marks(&bench, 1), "MIRRORED"));
    act(&mut bench, "view.next_frame");
    assert!(says(&marks(&bench, 1), "MIRRORED"));
    act(&mut bench, "view.mirror_posterior");
    assert_eq!((order(&bench, 0), order(&bench, 1)), ("RL".into(), "LR".into()));
}

#[test]
fn a_view_that_is_named_while_posterior_views_are_mirrored_faces_the_reader_at_once() {
    let mut bench = Workbench::new();
    bench.handle(Command::Open(demo_path("normal")));
    bench.settle();
    let order = |bench: &Workbench, pane: usize| -> String {
        letters(&marks(bench, pane)).into_iter().map(|(_, text, _)| text).collect()
    };
    // The reader turned the first pane, and that stays so.
    bench.handle(Command::Show(bonescope::workbench::Show::Activate(0)));
    act(&mut bench, "view.mirror_posterior");
    act(&mut bench, "view.mirror");
    assert_eq!((order(&bench, 0), order(&bench, 1)), ("LR".into(), "RL".into()));
    bench.handle(Command::Show(bonescope::workbench::Show::Activate(1)));
    act(&mut bench, "view.name_anterior");
    assert!(!says(&marks(&bench, 1), "MIRRORED"), "from the front nothing is mirrored");
    assert_eq!((order(&bench, 0), order(&bench, 1)), ("LR".into(), "RL".into()));
    bench.handle(Command::Undo);
    assert!(says(&marks(&bench, 1), "MIRRORED"), "and back");
    assert_eq!((order(&bench, 0), order(&bench, 1)), ("LR".into(), "RL".into()));
    act(&mut bench, "view.name_left_lateral");
    assert!(!says(&marks(&bench, 1), "MIRRORED"), "without sides there is no reason to");
}

/// A pair that only its order names.
fn unstated() -> (tempfile::TempDir, std::path::PathBuf) {
    let frames = counted(&normal().expected, AS_IS, 11);
    let bytes = silent_file(&normal().study, frames.into_iter().zip([1, 2]).collect());
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("scan.dcm");
    fs::write(&path, bytes).expect("written");
    (folder, path)
}

#[test]
fn a_guessed_side_is_amber_until_the_reader_confirms_it() {
    let (folder, path) = unstated();
    let mut bench = Workbench::new();
    bench.handle(Command::Open(path.clone()));
    bench.settle();
    let amber = |bench: &Workbench, pane: usize| {
        let letters = letters(&marks(bench, pane));
        assert_eq!(letters.len(), 2);
        let badge = says(&marks(bench, pane), "SIDE NOT STATED BY THE FILE");
        let amber = letters.iter().all(|(_, _, color)| *color == AMBER);
        assert_eq!(badge, amber);
        amber
    };
    assert!(amber(&bench, 0) && amber(&bench, 1));
    act(&mut bench, "view.confirm");
    assert!(!amber(&bench, 0) && amber(&bench, 1));
    let key = bench.workspace().expect("panes").panes[0].frame.clone();
    let label = bench.frame(&key).expect("a frame").view;
    assert_eq!((label.view, label.source), (ViewName::Anterior, ViewSource::Reader));
    let confirm = Action::by_id("view.confirm").expect("an action");
    assert!(confirm.resolve(&bench).is_none(), "what is stated needs no confirmation");
    bench.handle(Command::Undo);
    assert!(amber(&bench, 0));
    bench.handle(Command::Redo);
    // Another name moves the letters; the file's own word comes back.
    act(&mut bench, "view.name_posterior");
    let order = |bench: &Workbench| -> String {
        letters(&marks(bench, 0)).into_iter().map(|(_, text, _)| text).collect()
    };
    assert_eq!(order(&bench), "LR");
    // The regions file keeps it, for another day and for the terminal.
    let regions = folder.path().join("regions.json");
    bench.handle(Command::SaveRegions(regions.clone()));
    bench.settle();
    let mut again = Workbench::new();
    again.handle(Command::Open(path.clone()));
    again.settle();
    assert_eq!(order(&again), "RL");
    again.handle(Command::LoadRegions(regions.clone()));
    again.settle();
    assert_eq!(order(&again), "LR");
    act(&mut again, "view.name_as_stated");
    assert_eq!(order(&again), "RL");
    assert!(amber(&again, 0));
}

#[test]
fn the_terminal_and_the_report_know_who_named_a_view() {
    let (folder, path) = unstated();
    let regions = folder.path().join("regions.json");
    let write = |views: &str| {
        let text = format!(
            "{{\"schema\":\"bonescope/rois\",\"version\":1,{views}\"rois\":[{{\"id\":\"L1\",\
             \"frame\":0,\"shape\":\"ellipse\",\"center\":[78,410],\"radii\":[7,9]}}]}}"
        );
        fs::write(&regions, text).expect("written");
    };
    let run = |arguments: &[&str]| {
        let done = Process::new(env!("CARGO_BIN_EXE_bonescope"))
            .arg(arguments[0])
            .arg(&path)
            .arg("--rois")
            .arg(&regions)
            .args(&arguments[1..])
            .assert()
            .success();
        String::from_utf8(done.get_output().stdout.clone()).expect("text")
    };
    let side = || -> String {
        let printed: serde_json::Value =
            serde_json::from_str(&run(&["measure", "--json"])).expect("JSON");
        printed["rois"][0]["side"].as_str().unwrap_or("none").to_owned()
    };
    let report = folder.path().join("report.json");
    let told = || -> String {
        let out = report.to_str().expect("a path");
        run(&["report", "-o", out, "--force"]);
        fs::read_to_string(&report).expect("a report")
    };
    write("");
    assert_eq!(side(), "right");
    let text = told();
    assert!(text.contains("does not state the view") && text.contains("frame order"), "{text}");
    write("\"views\":[{\"frame\":0,\"view\":\"posterior\"}],");
    assert_eq!(side(), "left");
    assert!(told().contains("named by the reader"));
}
