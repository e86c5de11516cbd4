//! A scene as pixels: the layers here, the marks over them in `marks`.

use image::RgbaImage;
use rayon::prelude::*;

use super::colormap::ColorTable;
use super::placement::{LARGEST_CANVAS, Placement};
use super::sample::Stored;
use super::steps::Steps;
use super::upright::Upright;
use super::{Layer, Sampling, Scene, paint_marks};

/// Paints a scene at `scale` pixels per canvas point. Pixel `(i, j)` shows the canvas point
/// `((i + 0.5) / scale, (j + 0.5) / scale)`.
///
/// A scale that is not positive and finite counts as 1; see `canvas_pixels` for the size.
pub fn paint(scene: &Scene, scale: f64) -> RgbaImage {
    let mut image = paint_layers(scene, scale);
    paint_marks(&mut image, &scene.marks, scale);
    image
}

/// Width and height in pixels of a canvas of `size` points, each from 1 to 16,384.
pub fn canvas_pixels(size: [f64; 2], scale: f64) -> [u32; 2] {
    let scale = usable_scale(scale);
    // The conversion saturates, and NaN becomes 0.
    size.map(|points| ((points * scale).round() as u32).clamp(1, LARGEST_CANVAS))
}

/// A scale as painters take it: 1 instead of one that is not positive and finite.
pub fn usable_scale(scale: f64) -> f64 {
    if scale.is_finite() && scale > 0.0 { scale } else { 1.0 }
}

/// Surround and layers only, opaque. Rows are painted in parallel; each pixel depends on nothing
/// but the scene, so the picture does not depend on the number of threads.
pub fn paint_layers(scene: &Scene, scale: f64) -> RgbaImage {
    let scale = usable_scale(scale);
    let canvas = canvas_pixels(scene.size, scale);
    let layers: Vec<Prepared> =
        scene.layers.iter().filter_map(|layer| Prepared::new(layer, scale, canvas)).collect();
    let super::Rgb(red, green, blue) = scene.surround;
    let mut image = RgbaImage::new(canvas[0], canvas[1]);
    image.par_chunks_mut(4 * canvas[0] as usize).enumerate().for_each(|(j, line)| {
        for pixel in line.chunks_exact_mut(4) {
            pixel.copy_from_slice(&[red, green, blue, 255]);
        }
        for layer in &layers {
            layer.paint_line(j as i32, line);
        }
    });
    image
}

/// A layer, ready to be asked for any pixel.
struct Prepared {
    placement: Placement,
    stored: Stored,
    upright: Option<Upright>,
    sampling: Sampling,
    steps: Steps,
    table: &'static ColorTable,
    channels: [bool; 3],
}

impl Prepared {
    fn new(layer: &Layer, scale: f64, canvas: [u32; 2]) -> Option<Self> {
        let pixels = &layer.values.pixels;
        let frame = [pixels.columns(), pixels.rows()];
        let placement =
            Placement::new(&layer.view_from_pixel, layer.clip, frame, scale, [0.0; 2], canvas)?;
        let stored = Stored::new(pixels);
        let upright = match layer.sampling {
            Sampling::Nearest => None,
            sampling => Upright::new(&stored, &placement, sampling),
        };
        Some(Self {
            placement,
            stored,
            upright,
            sampling: layer.sampling,
            steps: Steps::new(layer.window, layer.values.rescale),
            table: layer.colormap.table(),
            channels: layer.ink.channels(),
        })
    }

    fn paint_line(&self, j: i32, line: &mut [u8]) {
        let [i0, j0, i1, j1] = self.placement.bounds;
        if !(j0..j1).contains(&j) {
            return;
        }
        let mut show = |i: i32, value: f32| {
            let color = self.table[usize::from(self.steps.index(value))];
            let pixel = &mut line[4 * i as usize..][..3];
            for ((to, from), on) in pixel.iter_mut().zip(color).zip(self.channels) {
                if on {
                    *to = from;
                }
            }
        };
        if let Some(upright) = &self.upright {
            if let Some((first, samples)) = upright.line(&self.stored, &self.placement, j) {
                (first..).zip(samples).for_each(|(i, value)| show(i, value));
            }
            return;
        }
        for i in i0..i1 {
            let place = self.placement.place(i, j);
            if let Some(value) = self.stored.sample(place, self.sampling) {
                show(i, value);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use ndarray::Array2;
    use proptest::prelude::*;

    use super::super::{Colormap, Ink, Rgb, Window};
    use super::*;
    use crate::geometry::Transform;
    use crate::study::{FrameKey, Pixels, Rescale, Unit, Values};

    fn layer(pixels: Pixels) -> Layer {
        Layer {
            key: FrameKey { series: "1.2".into(), frame: 0 },
            values: Values::counts(pixels),
            window: Window::linear(0.0, 255.0),
            colormap: Colormap::Grey,
            sampling: Sampling::Nearest,
            view_from_pixel: Transform::translation(0.5, 0.5),
            clip: [0.0, 0.0, 1e3, 1e3],
            ink: Ink::All,
        }
    }

    fn scene(size: [f64; 2], layers: Vec<Layer>) -> Scene {
        Scene { size, surround: Rgb(9, 8, 7), layers, marks: Vec::new() }
    }

    fn ramp() -> Pixels {
        Pixels::U16(Array2::from_shape_fn((4, 6), |(r, c)| (r * 6 + c) as u16 * 10))
    }

    #[test]
    fn one_pixel_per_point_shows_the_stored_pixels() {
        let image = paint(&scene([8.0, 4.0], vec![layer(ramp())]), 1.0);
        assert_eq!(image.dimensions(), (8, 4));
        for (x, y, pixel) in image.enumerate_pixels() {
            let expected = match x {
                0..6 => [((y * 6 + x) * 10) as u8; 3],
                _ => [9, 8, 7],
            };
            assert_eq!(pixel.0[..3], expected, "{x} {y}");
            assert_eq!(pixel.0[3], 255);
        }
    }

    #[test]
    fn each_point_becomes_scale_pixels() {
        let image = paint(&scene([6.0, 4.0], vec![layer(ramp())]), 3.0);
        assert_eq!(image.dimensions(), (18, 12));
        for (x, y, pixel) in image.enumerate_pixels() {
            assert_eq!(pixel.0[0], ((y / 3 * 6 + x / 3) * 10) as u8);
        }
    }

    #[test]
    fn clip_and_order_are_kept() {
        let mut below = layer(ramp());
        below.window = Window::linear(-2.0, -1.0);
        let mut above = layer(ramp());
        above.clip = [2.0, 1.0, 2.0, 1.0];
        let image = paint(&scene([6.0, 4.0], vec![below, above]), 1.0);
        assert_eq!(image.get_pixel(1, 1).0[0], 255);
        assert_eq!(image.get_pixel(2, 1).0[0], 80);
        assert_eq!(image.get_pixel(3, 1).0[0], 90);
        assert_eq!(image.get_pixel(4, 1).0[0], 255);
        assert_eq!(image.get_pixel(2, 2).0[0], 255);
    }

    #[test]
    fn rescale_comes_before_the_window() {
        let mut scaled = layer(ramp());
        scaled.values.rescale = Rescale { slope: -1.0, intercept: 255.0 };
        scaled.values.unit = Unit::Unknown;
        let image = paint(&scene([6.0, 4.0], vec![scaled]), 1.0);
        assert_eq!(image.get_pixel(0, 0).0[0], 255);
        assert_eq!(image.get_pixel(5, 0).0[0], 205);
    }

    #[test]
    fn a_picture_in_colour_keeps_its_colours_whatever_the_window() {
        let channel =
            |f: fn(usize, usize) -> u8| Pixels::U8(Array2::from_shape_fn((4, 6), |(r, c)| f(r, c)));
        let mut shown = layer(channel(|r, c| (9 * r + c) as u8));
        shown.values.colors = Some([
            channel(|_, c| 40 * c as u8).into(),
            channel(|r, _| 60 * r as u8).into(),
            channel(|r, c| 255 - 10 * (r + c) as u8).into(),
        ]);
        shown.window = Window::linear(3.0, 4.0);
        shown.colormap = Colormap::HotIron;
        let image = paint(&scene([8.0, 4.0], shown.clone().inks()), 1.0);
        for (x, y, pixel) in image.enumerate_pixels() {
            let expected = match x {
                0..6 => [40 * x as u8, 60 * y as u8, 255 - 10 * (x + y) as u8],
                _ => [9, 8, 7],
            };
            assert_eq!(pixel.0[..3], expected, "{x} {y}");
        }
        // Between pixels each colour is interpolated by itself.
        shown.sampling = Sampling::Bilinear;
        shown.view_from_pixel = Transform::scale(2.0, 2.0).then_translate(euclid::vec2(1.0, 1.0));
        let image = paint(&scene([12.0, 8.0], shown.inks()), 1.0);
        let [red, ..] = image.get_pixel(4, 4).0;
        assert!((60..=100).contains(&red), "{red}");
    }

    #[test]
    fn odd_sizes_and_scales_do_not_fail() {
        for (size, scale) in [
            ([0.0, 0.0], 1.0),
            ([-5.0, f64::NAN], 1.0),
            ([3.0, 2.0], 0.0),
            ([3.0, 2.0], f64::NAN),
            ([3.0, 2.0], -1.0),
        ] {
            let image = paint(&scene(size, vec![layer(ramp())]), scale);
            assert!(image.width() >= 1 && image.height() >= 1);
        }
        for shape in [(0, 5), (5, 0), (0, 0)] {
            let empty = layer(Pixels::U8(Array2::zeros(shape)));
            let smooth = Layer { sampling: Sampling::Bicubic, ..empty.clone() };
            paint(&scene([3.0, 3.0], vec![empty, smooth]), 1.0);
        }
    }

    proptest! {
        /// The short cut for frames that are not turned changes no number.
        #[test]
        fn every_pixel_is_its_sample(
            pixels in prop::collection::vec(-300..300i16, 24),
            sampling in prop::sample::select(&Sampling::ALL[..]),
            zoom in (-9.0..9.0f64, -9.0..9.0f64),
            shift in (-20.0..50.0f64, -20.0..50.0f64),
        ) {
            let mut shown = layer(Pixels::I16(Array2::from_shape_vec((4, 6), pixels).unwrap()));
            shown.window = Window::linear(-300.0, 300.0);
            shown.sampling = sampling;
            shown.clip = [3.0, 2.0, 30.0, 30.0];
            shown.view_from_pixel =
                Transform::scale(zoom.0, zoom.1).then_translate(euclid::vec2(shift.0, shift.1));
            let image = paint(&scene([40.0, 40.0], vec![shown.clone()]), 1.0);
            let mut expected = paint(&scene([40.0, 40.0], Vec::new()), 1.0);
            if let Some(prepared) = Prepared::new(&shown, 1.0, [40, 40]) {
                let [i0, j0, i1, j1] = prepared.placement.bounds;
                for (i, j) in (j0..j1).flat_map(|j| (i0..i1).map(move |i| (i, j))) {
                    let place = prepared.placement.place(i, j);
                    if let Some(value) = prepared.stored.sample(place, sampling) {
                        let [level, ..] = prepared.table[usize::from(prepared.steps.index(value))];
                        let pixel = image::Rgba([level, level, level, 255]);
                        expected.put_pixel(i as u32, j as u32, pixel);
                    }
                }
            }
            prop_assert_eq!(image, expected);
        }

        /// Mirroring the layer mirrors the picture, and the thread count is of no account.
        #[test]
        fn a_mirrored_layer_is_a_mirrored_picture(
            pixels in prop::collection::vec(0..300u16, 24), zoom in 1..5u8,
        ) {
            let array = Array2::from_shape_vec((4, 6), pixels).unwrap();
            let mut plain = layer(Pixels::U16(array));
            let zoom = f64::from(zoom);
            let width = 6.0 * zoom;
            plain.view_from_pixel =
                Transform::scale(zoom, zoom).then_translate(euclid::vec2(zoom / 2.0, zoom / 2.0));
            let mut mirrored = plain.clone();
            mirrored.view_from_pixel =
                plain.view_from_pixel.then_scale(-1.0, 1.0).then_translate(euclid::vec2(width, 0.0));
            let size = [width, 4.0 * zoom];
            let image = paint(&scene(size, vec![plain]), 1.0);
            let other = paint(&scene(size, vec![mirrored.clone()]), 1.0);
            prop_assert_eq!(image::imageops::flip_horizontal(&image), other.clone());
            let one = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
            let alone = one.install(|| paint(&scene(size, vec![mirrored]), 1.0));
            prop_assert_eq!(other, alone);
        }
    }
}
