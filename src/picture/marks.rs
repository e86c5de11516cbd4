//! Lines, handles, text and colour bars, drawn over a picture whoever painted it.

use image::RgbaImage;
use tiny_skia::{
    FillRule, LineCap, LineJoin, Paint, Path, PathBuilder, PixmapMut, Rect, StrokeDash,
};

use crate::geometry::{Point, View};

use super::paint::usable_scale;
use super::{Align, Colormap, Mark, Rgb, Stroke, StrokeKind, Window, letters};

/// How much wider than its line a halo is, on both sides together, canvas points.
const HALO: f64 = 2.0;
/// Side of a handle, canvas points.
const HANDLE: f64 = 7.0;
/// Text beside a colour bar: size and distance, canvas points.
const TICK_TEXT: f64 = 10.0;
const TICK_GAP: f64 = 4.0;
const TICK_COLOR: Rgb = Rgb(235, 235, 235);
const DARK: Rgb = Rgb(0, 0, 0);

/// Draws marks, back to front, at `scale` pixels per canvas point. The image must be opaque.
pub fn paint_marks(image: &mut RgbaImage, marks: &[Mark], scale: f64) {
    let scale = usable_scale(scale);
    for mark in marks {
        match mark {
            Mark::Line { points, closed, stroke } => line(image, points, *closed, stroke, scale),
            Mark::Handle { at, color } => handle(image, *at, *color, scale),
            Mark::Text { at, align, size, color, text } => {
                let at = [at.x * scale, at.y * scale];
                letters::draw(image, text, at, *align, size * scale, *color);
            }
            Mark::ColorBar { at, size, colormap, window, range } => {
                let bar = Bar { at: *at, size: *size, colormap: *colormap, window, range: *range };
                color_bar(image, bar, scale);
            }
            Mark::Tint { area, color, opacity } => tint(image, *area, *color, *opacity, scale),
        }
    }
}

/// The lengths of a stroke's dashes and gaps in canvas points, for every painter of marks;
/// nothing for a solid line. Dots are dashes of no length with round ends.
pub fn dashes(kind: StrokeKind, width: f64) -> Option<[f64; 2]> {
    let width = width.max(1.0);
    match kind {
        StrokeKind::Solid => None,
        StrokeKind::Dashed => Some([4.0 + 2.0 * width, 3.0 + 2.0 * width]),
        StrokeKind::Dotted => Some([0.01, 2.0 + 2.0 * width]),
    }
}

fn line(image: &mut RgbaImage, points: &[Point<View>], closed: bool, stroke: &Stroke, scale: f64) {
    let Some(path) = path(points, closed, scale) else { return };
    let mut pen = |color: Rgb, width: f64| {
        let dashes = dashes(stroke.kind, stroke.width)
            .map(|lengths| lengths.map(|l| (l * scale) as f32).to_vec());
        let pen = tiny_skia::Stroke {
            width: (width * scale) as f32,
            line_join: LineJoin::Round,
            line_cap: LineCap::Round,
            dash: dashes.and_then(|lengths| StrokeDash::new(lengths, 0.0)),
            ..tiny_skia::Stroke::default()
        };
        if let Some(mut canvas) = canvas(image) {
            let identity = tiny_skia::Transform::identity();
            canvas.stroke_path(&path, &ink(color), &pen, identity, None);
        }
    };
    if !(stroke.width > 0.0 && stroke.width.is_finite()) {
        return;
    }
    if stroke.halo {
        pen(DARK, stroke.width + HALO);
    }
    pen(stroke.color, stroke.width);
}

/// `None` for less than two points, or for points that are not on any sensible canvas.
fn path(points: &[Point<View>], closed: bool, scale: f64) -> Option<Path> {
    // Single precision draws well up to here; nothing visible lies farther out.
    let sensible = |p: &Point<View>| p.x.abs().max(p.y.abs()) * scale < 1e6;
    if points.len() < 2 || !points.iter().all(sensible) {
        return None;
    }
    let mut path = PathBuilder::new();
    for (i, point) in points.iter().enumerate() {
        let (x, y) = ((point.x * scale) as f32, (point.y * scale) as f32);
        if i == 0 { path.move_to(x, y) } else { path.line_to(x, y) }
    }
    if closed {
        path.close();
    }
    path.finish()
}

fn handle(image: &mut RgbaImage, at: Point<View>, color: Rgb, scale: f64) {
    square(image, at, HANDLE + HALO, DARK, scale);
    square(image, at, HANDLE, color, scale);
}

fn square(image: &mut RgbaImage, at: Point<View>, side: f64, color: Rgb, scale: f64) {
    let corner = [at.x - side / 2.0, at.y - side / 2.0];
    fill(image, corner, [side; 2], color, scale);
}

/// Fills a rectangle given in canvas points.
fn fill(image: &mut RgbaImage, at: [f64; 2], size: [f64; 2], color: Rgb, scale: f64) {
    let [x, y, width, height] = [at[0], at[1], size[0], size[1]].map(|v| (v * scale) as f32);
    let Some(rectangle) = Rect::from_xywh(x, y, width, height) else { return };
    if x.abs().max(y.abs()) + width + height > 1e6 {
        return;
    }
    if let Some(mut canvas) = canvas(image) {
        let path = PathBuilder::from_rect(rectangle);
        let identity = tiny_skia::Transform::identity();
        canvas.fill_path(&path, &ink(color), FillRule::Winding, identity, None);
    }
}

/// Pixels whose centres lie inside are mixed with the colour, so that neighbouring rectangles leave
/// no seam between them.
fn tint(image: &mut RgbaImage, area: [f64; 4], color: Rgb, opacity: f64, scale: f64) {
    let [x, y, width, height] = area.map(|v| v * scale);
    let range = |from: f64, length: f64, size: u32| {
        let end = |v: f64| (v - 0.5).ceil().clamp(0.0, f64::from(size)) as u32;
        end(from)..end(from + length)
    };
    let opacity = opacity.clamp(0.0, 1.0);
    let Rgb(red, green, blue) = color;
    for j in range(y, height, image.height()) {
        for i in range(x, width, image.width()) {
            let pixel = image.get_pixel_mut(i, j);
            for (channel, over) in [red, green, blue].into_iter().enumerate() {
                let under = f64::from(pixel.0[channel]);
                pixel.0[channel] = (under + opacity * (f64::from(over) - under)).round() as u8;
            }
        }
    }
}

struct Bar<'a> {
    at: Point<View>,
    size: [f64; 2],
    colormap: Colormap,
    window: &'a Window,
    range: [f64; 2],
}

fn color_bar(image: &mut RgbaImage, bar: Bar<'_>, scale: f64) {
    let Bar { at, size: [width, height], colormap, window, range: [foot, top] } = bar;
    if !(width > 0.0 && height > 0.0 && width * scale < 1e5 && height * scale < 1e5) {
        return;
    }
    fill(image, [at.x - 1.0, at.y - 1.0], [width + 2.0, height + 2.0], DARK, scale);
    // One strip of colour per row of pixels, the last colour on top.
    let rows = (height * scale).round().max(1.0) as usize;
    for row in 0..rows {
        let position = 1.0 - (row as f64 + 0.5) / rows as f64;
        let value = foot + position * (top - foot);
        let [red, green, blue] = colormap.table()[usize::from(window.index(value))];
        let strip = height / rows as f64;
        let corner = [at.x, at.y + row as f64 * strip];
        fill(image, corner, [width, strip], Rgb(red, green, blue), scale);
    }

    let wanted = (height / (2.5 * TICK_TEXT)).clamp(1.0, 10.0) as usize;
    let ticks = Window::linear(foot, top).ticks(wanted);
    let labels = tick_labels(&ticks);
    let widest =
        labels.iter().map(|label| letters::text_size(label, TICK_TEXT)[0]).fold(0.0, f64::max);
    let right = at.x + width + TICK_GAP;
    let before = (right + widest) * scale > f64::from(image.width());
    for (value, label) in ticks.iter().zip(&labels) {
        let y = at.y + height * (1.0 - (value - foot) / (top - foot));
        let (x, align) = match before {
            true => (at.x - TICK_GAP, Align::RightCenter),
            false => (right, Align::LeftCenter),
        };
        let mark = if before { at.x - 2.0 } else { at.x + width - 1.0 };
        fill(image, [mark, y - 0.5], [3.0, 1.0], TICK_COLOR, scale);
        letters::draw(image, label, [x * scale, y * scale], align, TICK_TEXT * scale, TICK_COLOR);
    }
}

/// Ticks as text, all with the decimals that their distance needs.
pub fn tick_labels(ticks: &[f64]) -> Vec<String> {
    let step = ticks.windows(2).map(|w| w[1] - w[0]).fold(f64::INFINITY, f64::min);
    let step = if step.is_finite() { step } else { ticks.first().map_or(1.0, |v| v.abs()) };
    let decimals = if step > 0.0 { (-step.log10() - 1e-9).ceil().clamp(0.0, 9.0) } else { 0.0 };
    ticks.iter().map(|v| format!("{v:.*}", decimals as usize)).collect()
}

/// The image's own pixels as a canvas; opaque pixels are the same premultiplied or not.
fn canvas(image: &mut RgbaImage) -> Option<PixmapMut<'_>> {
    let (width, height) = image.dimensions();
    PixmapMut::from_bytes(image, width, height)
}

fn ink(Rgb(red, green, blue): Rgb) -> Paint<'static> {
    let mut paint = Paint::default();
    paint.set_color_rgba8(red, green, blue, 255);
    paint
}

#[cfg(test)]
mod tests {
    use super::*;

    const GREEN: Rgb = Rgb(0, 255, 0);

    fn blank(width: u32, height: u32) -> RgbaImage {
        RgbaImage::from_pixel(width, height, image::Rgba([255; 4]))
    }

    fn row_line(kind: StrokeKind, halo: bool) -> Mark {
        Mark::Line {
            points: vec![Point::new(10.0, 10.0), Point::new(90.0, 10.0)],
            closed: false,
            stroke: Stroke { color: GREEN, width: 2.0, kind, halo },
        }
    }

    fn is(image: &RgbaImage, x: u32, y: u32, Rgb(r, g, b): Rgb) -> bool {
        image.get_pixel(x, y).0 == [r, g, b, 255]
    }

    #[test]
    fn a_solid_line_covers_its_pixels_and_wears_a_halo() {
        let mut image = blank(100, 20);
        paint_marks(&mut image, &[row_line(StrokeKind::Solid, true)], 1.0);
        for x in 12..88 {
            assert!(is(&image, x, 9, GREEN) && is(&image, x, 10, GREEN), "{x}");
            assert!(is(&image, x, 8, DARK) && is(&image, x, 11, DARK), "{x}");
            assert!(is(&image, x, 6, Rgb(255, 255, 255)));
        }
    }

    #[test]
    fn dashes_and_dots_leave_gaps() {
        let lit = |kind| {
            let mut image = blank(100, 20);
            paint_marks(&mut image, &[row_line(kind, false)], 1.0);
            (12..88).filter(|x| is(&image, *x, 9, GREEN)).count()
        };
        let (solid, dashed, dotted) =
            (lit(StrokeKind::Solid), lit(StrokeKind::Dashed), lit(StrokeKind::Dotted));
        assert_eq!(solid, 76);
        assert!((30..65).contains(&dashed), "{dashed}");
        assert!(dotted < 40 && dotted < dashed, "{dotted}");
        let touched = |kind| {
            let mut image = blank(100, 20);
            paint_marks(&mut image, &[row_line(kind, false)], 1.0);
            image.pixels().filter(|p| p.0[0] < 128).count()
        };
        assert!(touched(StrokeKind::Dotted) > 20);
    }

    #[test]
    fn closed_lines_return_and_scale_scales() {
        let mut image = blank(60, 60);
        let points = [(5.0, 5.0), (25.0, 5.0), (25.0, 25.0)].map(|(x, y)| Point::new(x, y));
        let stroke = Stroke { color: GREEN, width: 1.0, kind: StrokeKind::Solid, halo: false };
        let mark = Mark::Line { points: points.to_vec(), closed: true, stroke };
        paint_marks(&mut image, &[mark], 2.0);
        assert!(is(&image, 30, 10, GREEN) && is(&image, 49, 30, GREEN));
        let Rgb(_, g, _) = GREEN;
        let diagonal = image.get_pixel(30, 30).0;
        assert!(diagonal[1] == g && diagonal[0] < 100, "{diagonal:?}");
    }

    #[test]
    fn handles_and_bars_stand_where_they_are_put() {
        let mut image = blank(200, 140);
        let window = Window::linear(0.0, 50.0);
        paint_marks(
            &mut image,
            &[
                Mark::Handle { at: Point::new(20.0, 20.0), color: GREEN },
                Mark::ColorBar {
                    at: Point::new(60.0, 10.0),
                    size: [12.0, 120.0],
                    colormap: Colormap::Grey,
                    window,
                    range: [0.0, 50.0],
                },
            ],
            1.0,
        );
        assert!(is(&image, 20, 20, GREEN) && is(&image, 17, 17, GREEN));
        assert!(!is(&image, 15, 15, Rgb(255, 255, 255)) && is(&image, 10, 20, Rgb(255, 255, 255)));
        let level = |y: u32| image.get_pixel(64, y).0[0];
        assert!(level(10) >= 253 && level(129) <= 2);
        assert!((level(70)).abs_diff(127) <= 2);
        assert!((11..129).all(|y| level(y) <= level(y - 1)));
        // Text beside it.
        let beside = (76..100).flat_map(|x| (60..140).map(move |y| (x, y)));
        let darkest = beside.map(|(x, y)| image.get_pixel(x, y).0[0]).min();
        assert!(darkest < Some(60), "{darkest:?}");
    }

    #[test]
    fn labels_have_the_decimals_they_need() {
        assert_eq!(tick_labels(&[0.0, 0.5, 1.0]), ["0.0", "0.5", "1.0"]);
        assert_eq!(tick_labels(&[0.0, 100.0]), ["0", "100"]);
        assert_eq!(tick_labels(&[0.02, 0.04]), ["0.02", "0.04"]);
        assert_eq!(tick_labels(&[]), Vec::<String>::new());
    }

    #[test]
    fn marks_without_sense_draw_nothing() {
        let mut image = blank(30, 30);
        let stroke = Stroke { color: GREEN, width: 1.0, kind: StrokeKind::Dashed, halo: true };
        let line = |points: Vec<Point<View>>, width: f64| Mark::Line {
            points,
            closed: true,
            stroke: Stroke { width, ..stroke },
        };
        let bar = |size| Mark::ColorBar {
            at: Point::new(2.0, 2.0),
            size,
            colormap: Colormap::Pet,
            window: Window::linear(0.0, 1.0),
            range: [0.0, 1.0],
        };
        let marks = [
            line(vec![], 1.0),
            line(vec![Point::new(1.0, 1.0)], 1.0),
            line(vec![Point::new(f64::NAN, 1.0), Point::new(9.0, 9.0)], 1.0),
            line(vec![Point::new(1e300, 1.0), Point::new(9.0, 9.0)], 1.0),
            line(vec![Point::new(1.0, 1.0), Point::new(9.0, 9.0)], 0.0),
            line(vec![Point::new(1.0, 1.0), Point::new(9.0, 9.0)], f64::NAN),
            Mark::Handle { at: Point::new(f64::INFINITY, 0.0), color: GREEN },
            bar([0.0, 5.0]),
            bar([5.0, f64::NAN]),
            bar([-5.0, 5.0]),
        ];
        let before = image.clone();
        paint_marks(&mut image, &marks, 1.0);
        assert_eq!(image, before);
    }
}
