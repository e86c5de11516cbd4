//! Text on a picture: laid out with the bundled fonts, with a dark halo.

use std::sync::OnceLock;

use ab_glyph::{Font, FontRef, GlyphId, OutlinedGlyph, PxScale, ScaleFont, point};
use image::RgbaImage;

use super::{Align, Rgb, fonts};

/// How far the halo reaches, as a share of the text's size, and at least in pixels.
const HALO: f32 = 0.11;
const HALO_LEAST: f32 = 1.4;

fn faces() -> &'static [FontRef<'static>] {
    static FACES: OnceLock<Vec<FontRef<'static>>> = OnceLock::new();
    FACES.get_or_init(|| {
        fonts().iter().filter_map(|file| FontRef::try_from_slice(file).ok()).collect()
    })
}

/// One line, laid out from `x = 0` on a baseline at `y = 0`, in pixels.
struct Line {
    glyphs: Vec<OutlinedGlyph>,
    width: f32,
    ascent: f32,
    /// Below the baseline, negative.
    descent: f32,
}

/// `size` is the em in pixels.
fn line(text: &str, size: f32) -> Line {
    let mut line = Line { glyphs: Vec::new(), width: 0.0, ascent: 0.0, descent: 0.0 };
    let mut before: Option<(usize, GlyphId)> = None;
    if let Some(first) = faces().first() {
        let scaled = first.as_scaled(em(first, size));
        (line.ascent, line.descent) = (scaled.ascent(), scaled.descent());
    }
    for letter in text.chars().map(|c| if c.is_control() { ' ' } else { c }) {
        // The first face that has the letter; else the first face's box.
        let known = faces().iter().position(|face| face.glyph_id(letter).0 != 0).unwrap_or(0);
        let Some(face) = faces().get(known) else { continue };
        let scaled = face.as_scaled(em(face, size));
        let id = face.glyph_id(letter);
        if let Some((face_before, id_before)) = before
            && face_before == known
        {
            line.width += scaled.kern(id_before, id);
        }
        let glyph = id.with_scale_and_position(scaled.scale(), point(line.width, 0.0));
        line.glyphs.extend(face.outline_glyph(glyph));
        line.width += scaled.h_advance(id);
        before = Some((known, id));
    }
    line
}

/// `ab_glyph` scales by the height of a line, people by the em.
fn em(face: &FontRef<'_>, size: f32) -> PxScale {
    let units = face.units_per_em().unwrap_or(1000.0);
    PxScale::from(size * face.height_unscaled() / units)
}

/// Width and height of one line of text, in the same unit as `size` (the em).
pub fn text_size(text: &str, size: f64) -> [f64; 2] {
    let line = line(text, size as f32);
    [f64::from(line.width), f64::from(line.ascent - line.descent)]
}

/// Draws one line; `at` and `size` are in pixels of `image`.
pub(super) fn draw(
    image: &mut RgbaImage,
    text: &str,
    at: [f64; 2],
    align: Align,
    size: f64,
    Rgb(red, green, blue): Rgb,
) {
    if !(at[0].is_finite() && at[1].is_finite() && size.is_finite() && size > 0.0) {
        return;
    }
    let size = (size as f32).min(2_000.0);
    let line = line(text, size);
    let height = line.ascent - line.descent;
    let (across, down) = shares(align);
    // A start on whole pixels: the same text then looks the same wherever it stands.
    let left = (at[0] as f32 - across * line.width).round();
    let baseline = (at[1] as f32 - down * height + line.ascent).round();
    let reach = (HALO * size).max(HALO_LEAST);

    let Some(mut mask) = Mask::around(&line, left, baseline, reach, image) else { return };
    for glyph in &line.glyphs {
        let bounds = glyph.px_bounds();
        let (x, y) = ((bounds.min.x + left) as i64, (bounds.min.y + baseline) as i64);
        glyph.draw(|dx, dy, cover| mask.cover(x + i64::from(dx), y + i64::from(dy), cover));
    }
    let halo = mask.grown(reach);
    halo.blend(image, [0, 0, 0]);
    mask.blend(image, [red, green, blue]);
}

/// Shares of width and height that lie before the point which `align` names.
fn shares(align: Align) -> (f32, f32) {
    use Align::*;
    let across = match align {
        LeftTop | LeftCenter | LeftBottom => 0.0,
        CenterTop | Center | CenterBottom => 0.5,
        RightTop | RightCenter | RightBottom => 1.0,
    };
    let down = match align {
        LeftTop | CenterTop | RightTop => 0.0,
        LeftCenter | Center | RightCenter => 0.5,
        LeftBottom | CenterBottom | RightBottom => 1.0,
    };
    (across, down)
}

/// How much of each pixel is covered, for a part of an image.
struct Mask {
    x: i64,
    y: i64,
    width: usize,
    height: usize,
    cover: Vec<f32>,
}

impl Mask {
    /// Room for the line's ink and halo, as far as it lies on the image.
    fn around(line: &Line, left: f32, top: f32, reach: f32, image: &RgbaImage) -> Option<Self> {
        let boxes = line.glyphs.iter().map(OutlinedGlyph::px_bounds);
        let ink = boxes.reduce(|a, b| ab_glyph::Rect {
            min: point(a.min.x.min(b.min.x), a.min.y.min(b.min.y)),
            max: point(a.max.x.max(b.max.x), a.max.y.max(b.max.y)),
        })?;
        let margin = reach.ceil() + 2.0;
        let low = |v: f32| (v - margin).floor().max(-margin) as i64;
        let high = |v: f32, end: u32| (v + margin).ceil().min(end as f32 + margin) as i64;
        let (x, y) = (low(ink.min.x + left), low(ink.min.y + top));
        let width = high(ink.max.x + left, image.width()) - x;
        let height = high(ink.max.y + top, image.height()) - y;
        let (width, height) = (usize::try_from(width).ok()?, usize::try_from(height).ok()?);
        (width > 0 && height > 0).then(|| Self {
            x,
            y,
            width,
            height,
            cover: vec![0.0; width * height],
        })
    }

    fn cover(&mut self, x: i64, y: i64, cover: f32) {
        let (x, y) = (x - self.x, y - self.y);
        if (0..self.width as i64).contains(&x) && (0..self.height as i64).contains(&y) {
            let pixel = &mut self.cover[y as usize * self.width + x as usize];
            *pixel = pixel.max(cover.clamp(0.0, 1.0));
        }
    }

    /// The largest cover within `reach` of each pixel, fading over the last pixel.
    fn grown(&self, reach: f32) -> Self {
        let whole = reach.ceil() as i64;
        let disc: Vec<(i64, i64, f32)> = (-whole..=whole)
            .flat_map(|dy| (-whole..=whole).map(move |dx| (dx, dy)))
            .map(|(dx, dy)| (dx, dy, (reach + 0.5 - ((dx * dx + dy * dy) as f32).sqrt()).min(1.0)))
            .filter(|(_, _, share)| *share > 0.0)
            .collect();
        let mut grown = Self { cover: vec![0.0; self.cover.len()], ..*self };
        for (index, &cover) in self.cover.iter().enumerate().filter(|(_, c)| **c > 0.0) {
            let x = self.x + (index % self.width) as i64;
            let y = self.y + (index / self.width) as i64;
            for (dx, dy, share) in &disc {
                // Thin strokes cover no pixel wholly, yet want a dark rim.
                grown.cover(x + dx, y + dy, (1.6 * cover).min(1.0) * share);
            }
        }
        grown
    }

    fn blend(&self, image: &mut RgbaImage, color: [u8; 3]) {
        for (index, &cover) in self.cover.iter().enumerate().filter(|(_, c)| **c > 0.0) {
            let x = self.x + (index % self.width) as i64;
            let y = self.y + (index / self.width) as i64;
            let (Ok(x), Ok(y)) = (u32::try_from(x), u32::try_from(y)) else { continue };
            if let Some(pixel) = image.get_pixel_mut_checked(x, y) {
                for (below, above) in pixel.0.iter_mut().zip(color) {
                    let mixed = f32::from(above) * cover + f32::from(*below) * (1.0 - cover);
                    *below = (mixed + 0.5) as u8;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_bundled_font_can_be_read() {
        assert_eq!(faces().len(), fonts().len());
    }

    #[test]
    fn the_letters_we_use_have_glyphs() {
        for letter in "AZaz09 %.,:;()[]±×²³µ°–—…·äöüßéñçłőΑΩαβγσ≤≥≈→←−∞√‹›".chars()
        {
            let known = faces().iter().any(|face| face.glyph_id(letter).0 != 0);
            assert!(known, "no glyph for {letter}");
        }
    }

    #[test]
    fn longer_texts_are_wider_and_scale() {
        let [short, height] = text_size("L1", 12.0);
        let [long, same] = text_size("L1 2.41", 12.0);
        assert!(short > 5.0 && long > short);
        assert_eq!(height, same);
        let [double, _] = text_size("L1", 24.0);
        assert!((double - 2.0 * short).abs() < 1e-3);
    }

    fn drawn(at: [f64; 2], align: Align) -> (f64, f64, usize) {
        let mut image = RgbaImage::from_pixel(200, 100, image::Rgba([128, 128, 128, 255]));
        draw(&mut image, "HHHH", at, align, 20.0, Rgb(255, 255, 255));
        let lit: Vec<_> = image
            .enumerate_pixels()
            .filter(|(_, _, p)| p.0[0] > 140)
            .map(|(x, y, _)| (f64::from(x), f64::from(y)))
            .collect();
        let middle = |places: Vec<f64>| {
            let low = places.iter().copied().fold(f64::INFINITY, f64::min);
            (low + places.iter().copied().fold(f64::NEG_INFINITY, f64::max)) / 2.0
        };
        let (x, y) = lit.iter().copied().unzip();
        (middle(x), middle(y), lit.len())
    }

    #[test]
    fn alignment_names_the_point() {
        let (x, y, n) = drawn([100.0, 50.0], Align::Center);
        assert!((x - 99.5).abs() < 2.0 && (y - 50.0).abs() < 4.0 && n > 100, "{x} {y} {n}");
        let (x, y, _) = drawn([10.0, 10.0], Align::LeftTop);
        assert!(x > 20.0 && y > 14.0 && y < 35.0, "{x} {y}");
        let (x, y, _) = drawn([190.0, 90.0], Align::RightBottom);
        assert!(x < 180.0 && y < 86.0 && y > 65.0, "{x} {y}");
    }

    #[test]
    fn text_has_a_dark_rim_and_may_leave_the_picture() {
        let mut image = RgbaImage::from_pixel(60, 30, image::Rgba([255; 4]));
        draw(&mut image, "8", [30.0, 15.0], Align::Center, 20.0, Rgb(255, 255, 255));
        assert!(image.pixels().any(|p| p.0[0] < 30));
        for at in [[-500.0, 15.0], [1e9, 15.0], [58.0, 29.0], [f64::NAN, 0.0], [0.0, -1e30]] {
            draw(&mut image, "clipped \n text", at, Align::LeftTop, 300.0, Rgb(1, 2, 3));
        }
        draw(&mut image, "", [5.0, 5.0], Align::LeftTop, 10.0, Rgb(1, 2, 3));
        draw(&mut image, "x", [5.0, 5.0], Align::LeftTop, f64::INFINITY, Rgb(1, 2, 3));
    }
}
