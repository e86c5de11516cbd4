//! A scene's marks with egui's painter: what `picture::paint` draws on the CPU, drawn here.

use egui::{
    Align2, Color32, FontId, Mesh, Painter, Pos2, Rect, Shape, Stroke, StrokeKind, Vec2, pos2, vec2,
};

use crate::geometry::{Point, View};
use crate::picture::{Align, Colormap, Mark, Rgb, Window, dashes, tick_labels};

/// How much wider than its line a halo is, both sides together.
const HALO: f32 = 2.0;
/// Side of a handle.
const HANDLE: f32 = 7.0;
/// Beside a colour bar.
const TICK_TEXT: f64 = 10.0;
const TICK_GAP: f32 = 4.0;
const TICK: Rgb = Rgb(235, 235, 235);

/// Paints marks in order. `origin` is where the canvas's first point lies in the window.
pub fn paint(painter: &Painter, origin: Vec2, marks: &[Mark]) {
    let at = |p: &Point<View>| pos2(p.x as f32, p.y as f32) + origin;
    let mut tints = Mesh::default();
    for mark in marks {
        // Tints in a row are one shape; what comes after lies over them.
        if !matches!(mark, Mark::Tint { .. }) && !tints.is_empty() {
            painter.add(std::mem::take(&mut tints));
        }
        match mark {
            Mark::Line { points, closed, stroke } => {
                line(painter, points.iter().map(at).collect(), *closed, *stroke);
            }
            Mark::Handle { at: place, color } => handle(painter, at(place), *color),
            Mark::Text { at: place, align, size, color, text } => {
                words(painter, at(place), *align, *size as f32, *color, text);
            }
            Mark::ColorBar { at: place, size, colormap, window, range } => {
                let size = vec2(size[0] as f32, size[1] as f32);
                bar(painter, Rect::from_min_size(at(place), size), *colormap, *window, *range);
            }
            Mark::Tint { area: [x, y, width, height], color: tint, opacity } => {
                let corner = at(&Point::new(*x, *y));
                let rect = Rect::from_min_size(corner, vec2(*width as f32, *height as f32));
                let alpha = (opacity.clamp(0.0, 1.0) * 255.0).round() as u8;
                let Rgb(r, g, b) = *tint;
                tints.add_colored_rect(rect, Color32::from_rgba_unmultiplied(r, g, b, alpha));
            }
        }
    }
    if !tints.is_empty() {
        painter.add(tints);
    }
}

fn line(painter: &Painter, mut points: Vec<Pos2>, closed: bool, style: crate::picture::Stroke) {
    let width = style.width as f32;
    if points.len() < 2 || !(width > 0.0 && width.is_finite()) {
        return;
    }
    if closed {
        points.push(points[0]);
    }
    let pen = |color: Color32, width: f32| match dashes(style.kind, style.width) {
        None => {
            let mut line = points.clone();
            let stroke = Stroke::new(width, color);
            painter.add(match closed && line.pop().is_some() {
                true => Shape::closed_line(line, stroke),
                false => Shape::line(line, stroke),
            });
        }
        // A dash of no length is a dot.
        Some([dash, gap]) if dash < 0.5 => {
            painter.extend(Shape::dotted_line(&points, color, gap as f32, 0.5 * width));
        }
        Some([dash, gap]) => {
            let stroke = Stroke::new(width, color);
            painter.extend(Shape::dashed_line(&points, stroke, dash as f32, gap as f32));
        }
    };
    if style.halo {
        pen(Color32::BLACK, width + HALO);
    }
    pen(color(style.color), width);
}

fn handle(painter: &Painter, at: Pos2, fill: Rgb) {
    // Hollow: what is under a handle is often what the reader looks for.
    for (side, width, color) in
        [(HANDLE + HALO, 1.0, Color32::from_black_alpha(140)), (HANDLE, 1.5, color(fill))]
    {
        let square = Rect::from_center_size(at, Vec2::splat(side));
        painter.rect_stroke(square, 0.0, Stroke::new(width, color), StrokeKind::Inside);
    }
}

/// Around a letter, so that it reads on black and on white.
const SHADOW: [Vec2; 8] = [
    vec2(-1.2, 0.0),
    vec2(1.2, 0.0),
    vec2(0.0, -1.2),
    vec2(0.0, 1.2),
    vec2(-0.9, -0.9),
    vec2(0.9, -0.9),
    vec2(-0.9, 0.9),
    vec2(0.9, 0.9),
];

fn words(painter: &Painter, at: Pos2, align: Align, size: f32, fill: Rgb, text: &str) {
    let font = FontId::proportional(size);
    let galley = painter.layout_no_wrap(text.to_owned(), font, color(fill));
    let place = anchor(align).anchor_size(at, galley.size()).min;
    for offset in SHADOW {
        let shadow = galley.clone();
        painter.galley_with_override_text_color(place + offset, shadow, Color32::BLACK);
    }
    painter.galley(place, galley, color(fill));
}

/// The map from bottom to top with the values that its colours stand for.
fn bar(painter: &Painter, rect: Rect, colormap: Colormap, window: Window, [foot, top]: [f64; 2]) {
    painter.rect_filled(rect.expand(1.0), 0.0, Color32::BLACK);
    let table = colormap.table();
    let rows = rect.height().round().max(1.0) as usize;
    let mut mesh = Mesh::default();
    for row in 0..rows {
        let position = 1.0 - (row as f64 + 0.5) / rows as f64;
        let [r, g, b] = table[usize::from(window.index(foot + position * (top - foot)))];
        let y = |row: usize| rect.top() + rect.height() * row as f32 / rows as f32;
        let strip = Rect::from_min_max(pos2(rect.left(), y(row)), pos2(rect.right(), y(row + 1)));
        mesh.add_colored_rect(strip, Color32::from_rgb(r, g, b));
    }
    painter.add(mesh);

    let wanted = (f64::from(rect.height()) / (2.5 * TICK_TEXT)).clamp(1.0, 10.0) as usize;
    let ticks = Window::linear(foot, top).ticks(wanted);
    // The labels stand on the side where there is room.
    let before = rect.right() + 40.0 > painter.clip_rect().right();
    for (value, label) in ticks.iter().zip(tick_labels(&ticks)) {
        let y = rect.bottom() - rect.height() * ((value - foot) / (top - foot)) as f32;
        let (x, align, edge) = match before {
            true => (rect.left() - TICK_GAP, Align::RightCenter, rect.left()),
            false => (rect.right() + TICK_GAP, Align::LeftCenter, rect.right()),
        };
        let stroke = Stroke::new(1.0, color(TICK));
        painter.hline(edge - 1.5..=edge + 1.5, y, stroke);
        words(painter, pos2(x, y), align, TICK_TEXT as f32, TICK, &label);
    }
}

/// The map from left to right by value, as an image with this window uses it.
pub fn ramp(painter: &Painter, rect: Rect, colormap: Colormap, window: Window) {
    const STEPS: usize = 128;
    let table = colormap.table();
    let mut mesh = Mesh::default();
    for step in 0..STEPS {
        let share = (step as f64 + 0.5) / STEPS as f64;
        let value = window.lower + (window.upper - window.lower) * share;
        let [r, g, b] = table[usize::from(window.index(value))];
        let x = |step: usize| rect.left() + rect.width() * step as f32 / STEPS as f32;
        let cell = Rect::from_min_max(pos2(x(step), rect.top()), pos2(x(step + 1), rect.bottom()));
        mesh.add_colored_rect(cell, Color32::from_rgb(r, g, b));
    }
    painter.add(mesh);
}

pub fn color(Rgb(r, g, b): Rgb) -> Color32 {
    Color32::from_rgb(r, g, b)
}

fn anchor(align: Align) -> Align2 {
    match align {
        Align::LeftTop => Align2::LEFT_TOP,
        Align::CenterTop => Align2::CENTER_TOP,
        Align::RightTop => Align2::RIGHT_TOP,
        Align::LeftCenter => Align2::LEFT_CENTER,
        Align::Center => Align2::CENTER_CENTER,
        Align::RightCenter => Align2::RIGHT_CENTER,
        Align::LeftBottom => Align2::LEFT_BOTTOM,
        Align::CenterBottom => Align2::CENTER_BOTTOM,
        Align::RightBottom => Align2::RIGHT_BOTTOM,
    }
}
