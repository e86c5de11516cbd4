//! How long a reader waits: from a whole-body file to its first picture, and from a change of the
//! levels to the next one. The window is real but for the screen; the CPU paints the images, as it
//! does on a software adapter.

#![allow(clippy::unwrap_used, reason = "in a bench a missing value is a failure")]

use std::path::Path;
use std::time::Duration;

use bonescope::ui::App;
use bonescope::workbench::{Command, Show, Workbench};
use bonescope::{dicom, simulate};
use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use egui_kittest::Harness;

fn whole_body_file(folder: &Path) -> std::path::PathBuf {
    let case = simulate::case("metastases").unwrap();
    let study = simulate::acquire(&case, &|_| ()).study;
    let bytes = dicom::planar(&study, &study.series[0]).unwrap();
    let path = folder.join("whole-body.dcm");
    std::fs::write(&path, bytes).unwrap();
    path
}

/// A window that is up and shows nothing yet.
fn window() -> Harness<'static, App> {
    let mut harness = Harness::builder()
        .with_size([1600.0, 1000.0])
        .build_eframe(|cc| App::new(cc, Workbench::new()).painted_on_cpu());
    harness.run();
    harness
}

fn open(window: &mut Harness<'static, App>, path: &Path) {
    window.state_mut().obey(Command::Open(path.to_owned()));
    while window.state().bench().study().is_none() {
        window.step();
        std::thread::sleep(Duration::from_millis(1));
    }
    // The frame in which the panes are painted.
    window.step();
}

fn wait(c: &mut Criterion) {
    let folder = tempfile::tempdir().unwrap();
    let path = whole_body_file(folder.path());
    let mut group = c.benchmark_group("window");
    group.sample_size(20);
    group.bench_function("from a whole-body file to its first picture", |b| {
        b.iter_batched(window, |mut window| open(&mut window, &path), BatchSize::PerIteration);
    });
    let mut reading = window();
    open(&mut reading, &path);
    let mut percent = 50.0;
    group.bench_function("from a change of the levels to the next picture", |b| {
        b.iter(|| {
            percent = if percent > 90.0 { 50.0 } else { percent + 1.0 };
            reading.state_mut().obey(Command::Show(Show::UpperPercent { pane: 0, percent }));
            reading.step();
        });
    });
    group.finish();
}

criterion_group!(benches, wait);
criterion_main!(benches);
