//! An asymmetry map as marks over its frame: colours, significant areas, legend.

use crate::geometry::{Pixel, Point, Transform, View};
use crate::measure::{AsymmetryMap, Sign};
use crate::picture::{Align, Mark, Rgb, Stroke, StrokeKind, diverging};
use crate::text::t;

use super::frame_marks::{WORDS, inside};

/// Where the map lies on the canvas, and which part of the canvas it may cover.
#[derive(Clone, Copy)]
pub struct AsymmetryMarks<'a> {
    pub map: &'a AsymmetryMap,
    pub view_from_pixel: Transform<Pixel, View>,
    /// x, y, width, height.
    pub clip: [f64; 4],
    /// Height of the legend's words, canvas points.
    pub text_size: f64,
}

/// Less is not shown: it is what chance does. The colours end at the other.
const LEAST: f64 = 2.0;
const MOST: f64 = 6.0;
/// Standard deviations from one colour to the next.
const STEP: f64 = 0.5;
const OPACITY: f64 = 0.6;
const DARK: Rgb = Rgb(0, 0, 0);

/// Back to front: the map, the significant areas (solid where a side is out of the ordinary, dashed
/// around its counterpart), the legend in standard deviations.
pub fn asymmetry_marks(of: &AsymmetryMarks<'_>) -> Vec<Mark> {
    let mut marks = colours(of);
    for area in &of.map.areas {
        let color = diverging(if area.sign == Sign::Hot { 0.8 } else { -0.8 });
        for (outline, kind) in
            [(&area.outline, StrokeKind::Solid), (&area.counterpart, StrokeKind::Dashed)]
        {
            let width = if kind == StrokeKind::Solid { 1.6 } else { 1.0 };
            let stroke = Stroke { color, width, kind, halo: true };
            let points: Vec<Point<View>> = outline
                .polygon(0.5)
                .iter()
                .map(|p| of.view_from_pixel.transform_point(*p))
                .collect();
            let lines = inside(&points, true, of.clip).into_iter();
            marks.extend(lines.map(|(points, closed)| Mark::Line { points, closed, stroke }));
        }
    }
    marks.extend(legend(of));
    marks
}

/// What a number of standard deviations is painted with.
fn shade(z: f64) -> Rgb {
    let size = ((z.abs() / STEP).floor() * STEP + 0.5 * STEP).min(MOST);
    diverging((0.35 + 0.65 * size / MOST).copysign(z))
}

/// Pixels of one colour that stand in one row are one mark.
fn colours(of: &AsymmetryMarks<'_>) -> Vec<Mark> {
    let mut marks = Vec::new();
    for (row, line) in of.map.z.rows().into_iter().enumerate() {
        let color = |column: usize| {
            let z = f64::from(*line.get(column)?);
            (z.abs() >= LEAST).then(|| shade(z))
        };
        let mut from = 0;
        while from < line.len() {
            let Some(tint) = color(from) else {
                from += 1;
                continue;
            };
            let mut to = from + 1;
            while color(to) == Some(tint) {
                to += 1;
            }
            let corner = |column: usize, row: usize| {
                let point = Point::new(column as f64 - 0.5, row as f64 - 0.5);
                of.view_from_pixel.transform_point(point)
            };
            let (a, b) = (corner(from, row), corner(to, row + 1));
            marks.extend(tinted(a.min(b), a.max(b), of.clip, tint));
            from = to;
        }
    }
    marks
}

fn tinted(
    low: Point<View>,
    high: Point<View>,
    [x, y, width, height]: [f64; 4],
    color: Rgb,
) -> Option<Mark> {
    let low = low.max(Point::new(x, y));
    let size = high.min(Point::new(x + width, y + height)) - low;
    let area = [low.x, low.y, size.x, size.y];
    (size.x > 0.0 && size.y > 0.0).then_some(Mark::Tint { area, color, opacity: OPACITY })
}

/// A bar from −6 to 6 in the colours of the map, at the left edge in the upper half.
fn legend(of: &AsymmetryMarks<'_>) -> Vec<Mark> {
    let [x, y, width, height] = of.clip;
    let text = 0.85 * of.text_size;
    let bar = [8.0, (0.22 * height).clamp(40.0, 150.0)];
    if width < 90.0 || height < 4.0 * bar[1].min(60.0) {
        return Vec::new();
    }
    let at = [x + 6.0, y + 0.3 * height];
    let below = |z: f64| at[1] + bar[1] * (0.5 - 0.5 * z / MOST);
    let rect = |area: [f64; 4], color: Rgb, opacity: f64| Mark::Tint { area, color, opacity };
    let mut marks = vec![rect([at[0] - 1.0, at[1] - 1.0, bar[0] + 2.0, bar[1] + 2.0], DARK, 1.0)];
    let steps = (2.0 * MOST / STEP) as usize;
    for i in 0..steps {
        let z = -MOST + STEP * (i as f64 + 0.5);
        let color = if z.abs() >= LEAST { shade(z) } else { Rgb(110, 110, 110) };
        let top = below(z + 0.5 * STEP);
        marks.push(rect([at[0], top, bar[0], below(z - 0.5 * STEP) - top], color, 1.0));
    }
    let words = |at: Point<View>, align: Align, text_: String| Mark::Text {
        at,
        align,
        size: text,
        color: WORDS,
        text: text_,
    };
    for z in [-MOST, -LEAST, LEAST, MOST] {
        let sign = if z < 0.0 { "−" } else { "+" };
        let place = Point::new(at[0] + bar[0] + 4.0, below(z));
        marks.push(words(place, Align::LeftCenter, format!("{sign}{:.0}", z.abs())));
    }
    let head = Point::new(at[0], at[1] - 9.0);
    marks.push(words(head, Align::LeftBottom, t("symmetry-legend")));
    marks
}

#[cfg(test)]
mod tests {
    use ndarray::Array2;

    use super::*;

    #[test]
    fn only_what_is_beyond_chance_is_coloured_and_rows_are_joined() {
        let mut z = Array2::from_elem((40, 40), 0.3f32);
        z[[5, 5]] = 4.1;
        z[[5, 6]] = 4.2;
        z[[9, 9]] = -3.0;
        z[[20, 20]] = f32::NAN;
        let map = AsymmetryMap { z, balance: 1.0, misplaced: 0.5, areas: Vec::new() };
        let view_from_pixel = Transform::scale(10.0, 10.0);
        let clip = [0.0, 0.0, 400.0, 400.0];
        let of = AsymmetryMarks { map: &map, view_from_pixel, clip, text_size: 12.0 };
        let tints = colours(&of);
        let areas: Vec<[f64; 4]> = tints
            .iter()
            .filter_map(|m| if let Mark::Tint { area, .. } = m { Some(*area) } else { None })
            .collect();
        assert_eq!(areas, [[45.0, 45.0, 20.0, 10.0], [85.0, 85.0, 10.0, 10.0]]);
        let colors: Vec<Rgb> = tints
            .iter()
            .filter_map(|m| if let Mark::Tint { color, .. } = m { Some(*color) } else { None })
            .collect();
        assert!(colors[0].0 > colors[0].2 && colors[1].0 < colors[1].2, "{colors:?}");
        let words = legend(&of)
            .into_iter()
            .any(|m| matches!(m, Mark::Text { text, .. } if text.contains("SD")));
        assert!(words);
    }
}
