//! The pictures in `screenshots/`: painted by `BONESCOPE_GALLERY=1 cargo test --test screens`,
//! never by hand. Without the variable nothing is written.

use std::path::PathBuf;

use bonescope::findings::Edit;
use bonescope::geometry::Point;
use bonescope::workbench::{Command, demo_path};
use eframe::egui::Key;

use crate::window::Window;

const SIZE: [f32; 2] = [1600.0, 1000.0];
const PICTURES: [&str; 7] =
    ["start", "reading", "report", "three-phase", "spot-views", "prior", "two-intensities"];

fn path(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("screenshots").join(format!("{name}.png"))
}

#[test]
fn gallery() {
    if std::env::var_os("BONESCOPE_GALLERY").is_none() {
        for name in PICTURES {
            let size = image::image_dimensions(path(name)).expect("a picture for the README");
            assert_eq!(size, (SIZE[0] as u32, SIZE[1] as u32), "{name}");
        }
        return;
    }
    let Some(mut window) = Window::open(SIZE, None) else { return };
    shoot(&mut window, "start");
    window.try_a_case();
    draw(&mut window);
    shoot(&mut window, "reading");
    window.press(Key::P);
    window.wait("a page", |w| w.sees("Report page 1"));
    shoot(&mut window, "report");
    for (case, name) in [("three_phase_crps", "three-phase"), ("spot_pelvis", "spot-views")] {
        open(&mut window, &[case]);
        shoot(&mut window, name);
    }
    // The prior hangs itself; nothing is touched.
    open(&mut window, &["metastases_prior", "metastases"]);
    shoot(&mut window, "prior");
    open(&mut window, &["metastases"]);
    window.press(Key::D);
    shoot(&mut window, "two-intensities");
}

/// Cases in a window of their own, hung as they hang by themselves.
fn open(window: &mut Window, cases: &[&str]) {
    *window = Window::open(SIZE, None).expect("there was an adapter before");
    for (count, case) in cases.iter().enumerate() {
        window.harness.state_mut().obey(Command::Open(demo_path(case)));
        window.wait("the case", |w| w.bench().readings().len() > count);
    }
    window.harness.remove_cursor();
    window.harness.run();
}

/// Column, row and radii in the posterior view, and the site.
const LESIONS: [([f64; 2], [f64; 2], &str); 3] = [
    ([103.0, 165.0], [8.0, 10.0], "parietal bone"),
    ([81.0, 459.0], [10.0, 10.0], "iliac wing"),
    ([70.5, 528.0], [9.0, 14.0], "proximal femur"),
];

/// Three lesions of the case, the last one selected.
fn draw(window: &mut Window) {
    window.press(Key::E);
    for ([column, row], [across, down], site) in LESIONS {
        let corner = |sign| Point::new(column + sign * across, row + sign * down);
        let from = window.place("Posterior view", 1, corner(-1.0));
        let to = window.place("Posterior view", 1, corner(1.0));
        window.drag(from, to);
        let roi = window.bench().selected().expect("the region just drawn");
        window.harness.state_mut().obey(Command::Edit(Edit::SetSite(roi, site.into())));
    }
    let words = "Foci of raised uptake in skull, pelvis and proximal femur on the left.";
    window.harness.state_mut().obey(Command::Edit(Edit::SetImpression(words.into())));
    window.press(Key::S);
    window.harness.remove_cursor();
    window.harness.run();
}

fn shoot(window: &mut Window, name: &str) {
    let picture = window.harness.render().expect("the window can be painted");
    std::fs::create_dir_all(path(name).parent().unwrap()).unwrap();
    picture.save(path(name)).unwrap();
}
