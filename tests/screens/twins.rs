//! The two painters are twins: given the same scene, they paint the same picture.

use std::sync::Arc;

use bonescope::geometry::{Pixel, Point, Transform, View};
use bonescope::gpu::{self, Offscreen};
use bonescope::picture::{
    self, Align, Colormap, Ink, Layer, Mark, Rgb, Sampling, Scene, Transfer, UserMap, Window,
};
use bonescope::simulate;
use bonescope::study::{FrameKey, Pixels, Rescale, Unit, Values};
use bonescope::workbench::{Command, Show, Workbench, demo_path, pane_scene};
use eframe::egui;
use image::RgbaImage;
use ndarray::Array2;
use rand::{RngExt, SeedableRng};

use crate::support::gpu_or_say_why;

/// The promise: no channel of any pixel differs by more.
const APART: u8 = 2;

/// Paints scenes with both painters and holds them to the promise. Cases join here.
fn hold(card: &mut Offscreen, scenes: impl IntoIterator<Item = (String, Scene, f64)>) {
    let (mut pixels, mut different, mut worst) = (0, 0, 0);
    for (name, scene, scale) in scenes {
        let cpu = picture::paint(&scene, scale);
        let gpu = gpu::paint(card, &scene, scale).unwrap();
        let apart = farthest(&cpu, &gpu);
        if apart.0 > APART {
            let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR"));
            cpu.save(folder.join(format!("{name}.cpu.png"))).unwrap();
            gpu.save(folder.join(format!("{name}.gpu.png"))).unwrap();
            panic!("{name}: {} of 255 apart, see {}", apart.0, folder.display());
        }
        pixels += cpu.len() / 4;
        different += apart.1;
        worst = worst.max(apart.0);
    }
    let name = card.adapter();
    println!("{name}: {different} of {pixels} pixels differ, by at most {worst} of 255");
}

/// The largest difference of a channel, and how many pixels differ at all.
fn farthest(a: &RgbaImage, b: &RgbaImage) -> (u8, usize) {
    assert_eq!(a.dimensions(), b.dimensions());
    let apart = |(a, b): (&image::Rgba<u8>, &image::Rgba<u8>)| {
        a.0.iter().zip(b.0).map(|(a, b)| a.abs_diff(b)).max().unwrap_or(0)
    };
    let apart: Vec<u8> = a.pixels().zip(b.pixels()).map(apart).collect();
    (apart.iter().copied().max().unwrap_or(0), apart.iter().filter(|d| **d > 0).count())
}

const COLUMNS: usize = 61;
const ROWS: usize = 97;

/// A gradient with a hot spot and noise, 0…1 and a little beyond.
fn body() -> Array2<f64> {
    let mut noise = rand_chacha::ChaCha8Rng::seed_from_u64(7);
    Array2::from_shape_fn((ROWS, COLUMNS), |(row, column)| {
        let ramp = column as f64 / COLUMNS as f64 * 0.5;
        let spot = (-((row as f64 - 60.0).powi(2) + (column as f64 - 20.0).powi(2)) / 40.0).exp();
        // The upper third is flat, where a step could cut through everything at once.
        if row < 30 { 0.25 } else { ramp + spot + noise.random::<f64>() * 0.2 }
    })
}

/// The same body in every kind of pixel, with the window that fits it.
fn kinds() -> Vec<(&'static str, Pixels, Window)> {
    let body = body();
    let map = |scale: f64, shift: f64| body.mapv(|v| (v * scale + shift).round());
    vec![
        ("u8", Pixels::U8(map(150.0, 0.0).mapv(|v| v as u8)), Window::linear(0.0, 150.0)),
        ("i8", Pixels::I8(map(120.0, -90.0).mapv(|v| v as i8)), Window::linear(-80.0, 40.0)),
        ("u16", Pixels::U16(map(40.0, 0.0).mapv(|v| v as u16)), Window::linear(2.0, 31.0)),
        ("high", Pixels::U16(map(6e4, 0.0).mapv(|v| v as u16)), Window::linear(0.0, 52_345.6)),
        ("i16", Pixels::I16(map(3e4, -9e3).mapv(|v| v as i16)), Window::linear(-9e3, 2e4)),
        ("u32", Pixels::U32(map(3e9, 0.0).mapv(|v| v as u32)), Window::linear(0.0, 3e9)),
        ("i32", Pixels::I32(map(1e9, -5e8).mapv(|v| v as i32)), Window::linear(-4e8, 6e8)),
        ("f32", Pixels::F32(body.mapv(|v| v as f32 * 7.3)), Window::linear(0.1, 6.9)),
        ("f64", Pixels::F64(body.mapv(|v| v * 1e-3)), Window::linear(0.0, 1.1e-3)),
    ]
}

fn layer(pixels: &Pixels, window: Window, view_from_pixel: Transform<Pixel, View>) -> Layer {
    Layer {
        key: FrameKey { series: "1.2.3".into(), frame: 0 },
        values: Values::counts(pixels.clone()),
        window,
        colormap: Colormap::InvertedGrey,
        sampling: Sampling::Bicubic,
        view_from_pixel,
        clip: [0.0, 0.0, 200.0, 300.0],
        ink: Ink::All,
    }
}

fn scene(layers: Vec<Layer>) -> Scene {
    Scene { size: [200.0, 300.0], surround: Rgb(30, 40, 50), layers, marks: Vec::new() }
}

fn fitted() -> Transform<Pixel, View> {
    Transform::translation(0.5, 0.5).then_scale(3.07, 3.07)
}

fn mirrored() -> Transform<Pixel, View> {
    fitted().then_scale(-1.0, 1.0).then_translate(euclid::vec2(195.0, 0.0))
}

#[test]
fn every_simulated_case_is_painted_alike() {
    let Some(mut card) = gpu_or_say_why() else { return };
    for case in simulate::cases() {
        let mut bench = Workbench::new();
        bench.handle(Command::Open(demo_path(&case.name)));
        bench.settle();
        let panes = bench.workspace().expect("an open case").panes.len();
        assert!(panes > 0, "{} shows something", case.name);
        for pane in 0..panes {
            let looks = [
                (Sampling::Bicubic, Transfer::Linear),
                (Sampling::Nearest, Transfer::SquareRoot),
                (Sampling::Bicubic, Transfer::Logarithm),
                (Sampling::Bilinear, Transfer::Gamma(0.7)),
                (Sampling::Lanczos, Transfer::Gamma(2.2)),
            ];
            for (sampling, transfer) in looks {
                bench.handle(Command::Show(Show::Sampling { pane, sampling }));
                bench.handle(Command::Show(Show::Transfer { pane, transfer }));
                let scene = pane_scene(&bench, pane, [200.0, 600.0]).expect("a pane");
                let name = format!("{}-{pane}-{sampling:?}-{transfer:?}", case.name);
                hold(&mut card, [(name, scene, 1.0)]);
            }
        }
    }
}

#[test]
fn every_kind_of_pixel() {
    let Some(mut card) = gpu_or_say_why() else { return };
    let mut scenes = Vec::new();
    for (name, pixels, window) in kinds() {
        for sampling in Sampling::ALL {
            for transfer in Transfer::ALL.into_iter().chain([Transfer::Gamma(0.4)]) {
                for (way, transform) in [("plain", fitted()), ("mirrored", mirrored())] {
                    let window = Window { transfer, ..window };
                    let layer = Layer { sampling, ..layer(&pixels, window, transform) };
                    let name = format!("{name}-{sampling:?}-{transfer:?}-{way}");
                    scenes.push((name, scene(vec![layer]), 1.0));
                }
            }
        }
    }
    hold(&mut card, scenes);
}

#[test]
fn every_map_at_every_place() {
    let Some(mut card) = gpu_or_say_why() else { return };
    let (_, pixels, window) = kinds().swap_remove(2);
    let turned = Transform::translation(-30.0, -48.0)
        .then_scale(1.0, -1.0)
        .then_rotate(euclid::Angle::degrees(31.0))
        .then_scale(2.2, 2.2)
        .then_translate(euclid::vec2(100.0, 150.0));
    let places: [(&str, Transform<Pixel, View>); 6] = [
        ("whole", Transform::translation(0.5, 0.5).then_scale(3.0, 3.0)),
        ("zoomed", Transform::scale(41.3, 41.3).then_translate(euclid::vec2(-700.2, -2500.7))),
        ("shifted", Transform::scale(2.0, 2.0).then_translate(euclid::vec2(120.0, -33.3))),
        ("oblong", Transform::scale(3.3, 1.7).then_translate(euclid::vec2(1.0, 2.0))),
        ("small", Transform::scale(0.37, 0.37).then_translate(euclid::vec2(50.0, 50.0))),
        ("turned", turned),
    ];
    let mut scenes = Vec::new();
    let spots = std::array::from_fn(|i| [i as u8, (i * 37 % 256) as u8, 255 - i as u8]);
    let user = Colormap::User(UserMap::keep("spots", spots).unwrap());
    for colormap in Colormap::ALL.into_iter().chain([user]) {
        for (place, transform) in places {
            for sampling in Sampling::ALL {
                let layer = Layer { colormap, sampling, ..layer(&pixels, window, transform) };
                let name = format!("{}-{place}-{sampling:?}", colormap.name().replace(':', "-"));
                scenes.push((name, scene(vec![layer]), 1.0));
            }
        }
    }
    hold(&mut card, scenes);
}

#[test]
fn several_layers_clipped_and_dense() {
    let Some(mut card) = gpu_or_say_why() else { return };
    let (_, pixels, window) = kinds().swap_remove(2);
    let mut left = layer(&pixels, window, Transform::translation(0.5, 0.5).then_scale(1.6, 3.0));
    left.clip = [3.3, 10.0, 92.2, 250.5];
    let mut right = layer(&pixels, window, mirrored());
    right.clip = [95.5, 10.0, 80.0, 250.5];
    right.colormap = Colormap::HotIron;
    let mut small = layer(&pixels, window, Transform::translation(60.0, 120.0));
    small.sampling = Sampling::Nearest;
    small.values.rescale = Rescale { slope: -0.75, intercept: 31.0 };
    small.values.unit = Unit::Unknown;
    let away = layer(&pixels, window, Transform::translation(9e9, 0.0));
    let mut whole = scene(vec![left, right, small, away]);
    whole.marks = vec![Mark::Text {
        at: Point::new(100.0, 150.0),
        align: Align::Center,
        size: 20.0,
        color: Rgb(255, 255, 255),
        text: "marks too".into(),
    }];
    let scales = [0.5, 1.0, 1.25, 2.0, f64::NAN];
    hold(&mut card, scales.map(|scale| (format!("layers-{scale}"), whole.clone(), scale)));
}

#[test]
fn odd_windows_and_values() {
    let Some(mut card) = gpu_or_say_why() else { return };
    let odd = [f32::NAN, f32::INFINITY, f32::NEG_INFINITY, 0.0, -0.0, 1e38, -3.0, 1e-40, 2.5];
    let odd = Pixels::F32(Array2::from_shape_vec((3, 3), odd.to_vec()).unwrap());
    let windows = [
        Window::linear(0.0, 0.0),
        Window::linear(3.0, 1.0),
        Window::linear(0.0, 1e-30),
        Window::linear(-1e300, 1e300),
        Window::linear(f64::NAN, 1.0),
        Window::linear(0.0, f64::INFINITY),
        Window { cut: Some(1.5), ..Window::linear(-4.0, 4.0) },
        Window { cut: Some(f64::NAN), ..Window::linear(-4.0, 4.0) },
        Window { transfer: Transfer::Gamma(f64::NAN), ..Window::linear(-4.0, 4.0) },
    ];
    let mut scenes = Vec::new();
    for (at, window) in windows.into_iter().enumerate() {
        for sampling in Sampling::ALL {
            for slope in [1.0, -2.0, 0.0, f64::NAN] {
                let transform = Transform::translation(0.5, 0.5).then_scale(60.0, 60.0);
                let mut layer = Layer { sampling, ..layer(&odd, window, transform) };
                layer.values.rescale = Rescale { slope, intercept: 0.0 };
                let name = format!("odd-{at}-{sampling:?}-{slope}");
                scenes.push((name, scene(vec![layer]), 1.0));
            }
        }
    }
    let empty = Pixels::U16(Array2::zeros((0, 4)));
    let layer = layer(&empty, Window::linear(0.0, 1.0), fitted());
    scenes.push(("empty".into(), scene(vec![layer]), 1.0));
    hold(&mut card, scenes);
}

/// A frame that changes under the same name is not taken for the old one.
#[test]
fn new_pixels_are_seen() {
    let Some(mut card) = gpu_or_say_why() else { return };
    let shown = |card: &mut Offscreen, level: u16| {
        let pixels = Pixels::U16(Array2::from_elem((4, 4), level));
        let mut layer = layer(&pixels, Window::linear(0.0, 255.0), fitted());
        layer.colormap = Colormap::Grey;
        let image = card.paint_layers(&scene(vec![layer]), 1.0).unwrap();
        image.get_pixel(5, 5).0[0]
    };
    for level in [10, 200, 30] {
        assert_eq!(u16::from(shown(&mut card, level)), level);
    }
}

#[test]
fn a_frame_too_large_is_refused() {
    let Some(mut card) = gpu_or_say_why() else { return };
    let long = Pixels::U8(Array2::zeros((1, 100_000)));
    let layer = layer(&long, Window::linear(0.0, 1.0), fitted());
    let refused = card.paint_layers(&scene(vec![layer]), 1.0);
    assert!(matches!(refused, Err(gpu::GpuError::FrameTooLarge { limit, .. }) if limit > 0));
}

/// The window's painter stands at odd places and densities; there too a pane shows what the CPU
/// paints.
#[test]
fn a_pane_in_a_window() {
    if gpu_or_say_why().is_none() {
        return;
    }
    let (_, pixels, window) = kinds().swap_remove(2);
    let pane = egui::Rect::from_min_size(egui::pos2(20.0, 12.0), egui::vec2(200.0, 300.0));
    let mut first = layer(&pixels, window, fitted());
    first.clip = [0.0, 0.0, 100.0, 300.0];
    let mut second =
        Layer { clip: [100.0, 20.0, 80.0, 200.0], ..layer(&pixels, window, mirrored()) };
    second.colormap = Colormap::Pet20Step;
    // The same pixels, once on the card.
    second.values.pixels = Arc::clone(&first.values.pixels);
    let layers = vec![first, second];
    for density in [1.0, 1.25, 2.0] {
        let shown = layers.clone();
        let mut harness = egui_kittest::Harness::builder()
            .with_size(egui::vec2(260.0, 340.0))
            .with_pixels_per_point(density)
            .wgpu_setup(setup())
            .build_eframe(move |cc| Panes::new(cc, pane, shown));
        harness.run();
        let image = harness.render().unwrap();
        let expected = picture::paint(&scene(layers.clone()), f64::from(density));
        let corner = [pane.min.x, pane.min.y].map(|v| (v * density).round() as u32);
        let (width, height) = expected.dimensions();
        let part = image::imageops::crop_imm(&image, corner[0], corner[1], width, height);
        let (apart, different) = farthest(&part.to_image(), &expected);
        println!("density {density}: {different} pixels differ, by at most {apart} of 255");
        assert!(apart <= APART, "density {density}: {apart} apart");
    }
}

#[test]
fn a_picture_in_colour() {
    let Some(mut card) = gpu_or_say_why() else { return };
    let channel = |f: fn(usize, usize) -> u8| {
        Arc::new(Pixels::U8(Array2::from_shape_fn((96, 64), |(row, column)| f(row, column))))
    };
    let red = channel(|_, column| 4 * column as u8);
    let colors =
        [Arc::clone(&red), channel(|row, _| 2 * row as u8), channel(|r, c| ((r * c) % 251) as u8)];
    for sampling in Sampling::ALL {
        for (name, transform) in [("fitted", fitted()), ("mirrored", mirrored())] {
            let mut shown = Layer { sampling, ..layer(&red, Window::linear(3.0, 4.0), transform) };
            shown.values.colors = Some(colors.clone());
            let scene = scene(shown.inks());
            assert_eq!(scene.layers.len(), 3);
            hold(&mut card, [(format!("colour-{name}-{sampling:?}"), scene, 1.0)]);
        }
    }
}

fn setup() -> eframe::egui_wgpu::WgpuSetup {
    let ours = gpu::wgpu_setup();
    let mut setup = egui_kittest::wgpu::default_wgpu_setup();
    if let (
        eframe::egui_wgpu::WgpuSetup::CreateNew(kittest),
        eframe::egui_wgpu::WgpuSetup::CreateNew(ours),
    ) = (&mut setup, ours)
    {
        kittest.device_descriptor = ours.device_descriptor;
    }
    setup
}

struct Panes {
    pane: egui::Rect,
    layers: Vec<Layer>,
}

impl Panes {
    fn new(cc: &eframe::CreationContext<'_>, pane: egui::Rect, layers: Vec<Layer>) -> Self {
        gpu::install(cc.wgpu_render_state.as_ref().unwrap()).unwrap();
        Self { pane, layers }
    }
}

impl eframe::App for Panes {
    fn ui(&mut self, ui: &mut egui::Ui, frame: &mut eframe::Frame) {
        let surround = egui::Color32::from_rgb(30, 40, 50);
        ui.painter().rect_filled(self.pane, 0.0, surround);
        for (slot, layer) in (0..).zip(&self.layers) {
            ui.painter().add(gpu::layer_callback(self.pane, layer, slot));
        }
        if let Some(window) = frame.wgpu_render_state() {
            assert_eq!(gpu::take_problem(window), None);
        }
    }
}
