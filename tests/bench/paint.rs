//! How long a picture takes: two whole-body views side by side at 1600 × 1000.

#![allow(clippy::unwrap_used, reason = "in a test a missing value is a failure")]

use bonescope::geometry::Transform;
use bonescope::picture::{self, Colormap, Ink, Layer, Rgb, Sampling, Scene, Window};
use bonescope::study::{FrameKey, Pixels, Values};
use criterion::{Criterion, criterion_group, criterion_main};
use ndarray::Array2;

fn whole_body(sampling: Sampling) -> Scene {
    let view = |frame: usize| {
        let pixels = Array2::from_shape_fn((1024, 256), |(row, column)| {
            let noise = (row * 7919 + column * 104_729 + frame) % 13;
            let body = (column as f64 - 128.0).abs() < 60.0;
            (noise + if body { 20 } else { 0 }) as u16
        });
        // Zoomed so that each view fills its half.
        let half = 800.0 * frame as f64;
        Layer {
            key: FrameKey { series: "1.2".into(), frame },
            values: Values::counts(Pixels::U16(pixels)),
            window: Window::linear(0.0, 30.0),
            colormap: Colormap::InvertedGrey,
            sampling,
            view_from_pixel: Transform::scale(3.125, 3.125)
                .then_translate(euclid::vec2(half, -1000.0)),
            clip: [half, 0.0, 800.0, 1000.0],
            ink: Ink::All,
        }
    };
    Scene {
        size: [1600.0, 1000.0],
        surround: Rgb(0, 0, 0),
        layers: vec![view(0), view(1)],
        marks: Vec::new(),
    }
}

fn paint(c: &mut Criterion) {
    for sampling in [Sampling::Nearest, Sampling::Bicubic] {
        let scene = whole_body(sampling);
        c.bench_function(&format!("cpu {sampling:?}"), |b| b.iter(|| picture::paint(&scene, 1.0)));
        #[cfg(feature = "window")]
        match bonescope::gpu::Offscreen::new(false) {
            Ok(mut card) => {
                // With the way back into memory, which a window does not go.
                let name = format!("gpu {sampling:?} on {}", card.adapter());
                c.bench_function(&name, |b| b.iter(|| card.paint_layers(&scene, 1.0)));
            }
            Err(why) => println!("gpu {sampling:?} left out: {why}"),
        }
    }
}

criterion_group!(benches, paint);
criterion_main!(benches);
