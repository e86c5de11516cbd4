//! The toolbar's pictures, drawn with lines so that they are sharp at every scale.

use egui::{Color32, Painter, Pos2, Rect, Response, Sense, Shape, Stroke, Ui, pos2, vec2};

use super::theme;
use crate::workbench::ToolKind;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Icon {
    Tool(ToolKind),
    Undo,
    Redo,
    Mirror,
    Delete,
    Fit,
    Invert,
}

/// A button with a picture; `name` is what a screen reader and the tooltip say.
pub fn button(ui: &mut Ui, icon: Icon, name: &str, enabled: bool, selected: bool) -> Response {
    let sense = if enabled { Sense::click() } else { Sense::hover() };
    let (rect, response) = ui.allocate_exact_size(theme::ICON_BUTTON, sense);
    response
        .widget_info(|| egui::WidgetInfo::selected(egui::Role::Button, enabled, selected, name));
    if ui.is_rect_visible(rect) {
        let visuals = ui.style().interact_selectable(&response, selected);
        let fill = match (selected, enabled && response.hovered()) {
            (true, _) => *theme::ACCENT_DIM,
            (_, true) => *theme::HOVERED,
            _ => Color32::TRANSPARENT,
        };
        ui.painter().rect_filled(rect, visuals.corner_radius, fill);
        if response.has_focus() {
            let line = Stroke::new(1.0, theme::ACCENT);
            ui.painter().rect_stroke(rect, 4.0, line, egui::StrokeKind::Inside);
        }
        let color = match (enabled, selected) {
            (false, _) => theme::WEAK.gamma_multiply(0.4),
            (true, true) => *theme::ACCENT,
            (true, false) => *theme::TEXT,
        };
        paint(ui.painter(), icon, Rect::from_center_size(rect.center(), vec2(16.0, 16.0)), color);
    }
    response.on_hover_text(name)
}

fn paint(painter: &Painter, icon: Icon, rect: Rect, color: Color32) {
    let line = Stroke::new(1.5, color);
    let at = |x: f32, y: f32| pos2(rect.left() + x, rect.top() + y);
    let path = |points: &[(f32, f32)]| points.iter().map(|&(x, y)| at(x, y)).collect::<Vec<_>>();
    let open = |points: &[(f32, f32)]| {
        painter.add(Shape::line(path(points), line));
    };
    let closed = |points: &[(f32, f32)]| {
        painter.add(Shape::closed_line(path(points), line));
    };
    match icon {
        Icon::Tool(ToolKind::Select) => {
            let arrow = path(&[(3.0, 1.0), (3.0, 13.0), (6.4, 9.8), (12.4, 9.4)]);
            painter.add(Shape::convex_polygon(arrow, color, Stroke::NONE));
            open(&[(6.6, 9.6), (9.0, 15.0)]);
        }
        Icon::Tool(ToolKind::Ellipse) => {
            painter.add(egui::epaint::EllipseShape::stroke(rect.center(), vec2(7.5, 5.5), line));
        }
        Icon::Tool(ToolKind::Rectangle) => {
            closed(&[(1.0, 3.0), (15.0, 3.0), (15.0, 13.0), (1.0, 13.0)]);
        }
        Icon::Tool(ToolKind::Polygon) => {
            let corners = [(8.0, 1.0), (15.0, 6.3), (12.3, 14.5), (3.7, 14.5), (1.0, 6.3)];
            closed(&corners);
            for (x, y) in corners {
                painter.circle_filled(at(x, y), 1.8, color);
            }
        }
        Icon::Tool(ToolKind::Freehand) => {
            let curve: Vec<Pos2> = (0..=24)
                .map(|i| {
                    let t = std::f32::consts::TAU * i as f32 / 24.0;
                    let r = 5.6 + 1.5 * (3.0 * t).sin();
                    at(8.0 + 1.15 * r * t.cos(), 8.0 + r * t.sin())
                })
                .collect();
            painter.add(Shape::closed_line(curve, line));
        }
        Icon::Tool(ToolKind::Text) => {
            open(&[(2.5, 3.0), (13.5, 3.0)]);
            open(&[(8.0, 3.0), (8.0, 14.0)]);
        }
        Icon::Tool(ToolKind::Arrow) => {
            open(&[(2.0, 14.0), (14.0, 2.0)]);
            open(&[(8.0, 2.0), (14.0, 2.0), (14.0, 8.0)]);
        }
        Icon::Tool(ToolKind::Ruler) => {
            closed(&[(1.0, 11.0), (11.0, 1.0), (15.0, 5.0), (5.0, 15.0)]);
            for (x, y) in [(4.0, 8.0), (6.5, 5.5), (9.0, 3.0)] {
                open(&[(x, y), (x + 1.8, y + 1.8)]);
            }
        }
        Icon::Tool(ToolKind::Angle) => {
            open(&[(13.0, 2.0), (2.0, 13.5), (15.0, 13.5)]);
            let arc: Vec<Pos2> = (0..=8)
                .map(|i| {
                    let t = (-46.0 + 46.0 * i as f32 / 8.0).to_radians();
                    at(2.0 + 7.0 * t.cos(), 13.5 + 7.0 * t.sin())
                })
                .collect();
            painter.add(Shape::line(arc, line));
        }
        Icon::Undo | Icon::Redo => {
            let flip = |x: f32| if icon == Icon::Redo { 16.0 - x } else { x };
            let arc: Vec<Pos2> = (0..=16)
                .map(|i| {
                    let t = (-90.0 + 200.0 * i as f32 / 16.0).to_radians();
                    at(flip(8.5 + 5.0 * t.cos()), 9.0 + 5.0 * t.sin())
                })
                .collect();
            painter.add(Shape::line(arc, line));
            open(&[(flip(8.5), 4.0), (flip(2.0), 4.0)]);
            open(&[(flip(5.2), 1.0), (flip(2.0), 4.0), (flip(5.2), 7.0)]);
        }
        Icon::Mirror => {
            for y in [0.0, 4.6, 9.2, 13.8] {
                open(&[(8.0, y), (8.0, y + 2.4)]);
            }
            painter.add(egui::epaint::EllipseShape::filled(at(3.0, 8.0), vec2(2.8, 4.2), color));
            painter.add(egui::epaint::EllipseShape::stroke(at(13.0, 8.0), vec2(2.6, 4.0), line));
        }
        Icon::Delete => {
            open(&[(1.5, 4.0), (14.5, 4.0)]);
            open(&[(6.0, 4.0), (6.0, 1.5), (10.0, 1.5), (10.0, 4.0)]);
            open(&[(3.2, 4.0), (4.2, 15.0), (11.8, 15.0), (12.8, 4.0)]);
        }
        Icon::Fit => {
            for (x, y) in [(0.0_f32, 0.0_f32), (16.0, 0.0), (0.0, 16.0), (16.0, 16.0)] {
                let (dx, dy) =
                    (if x == 0.0 { 5.0 } else { -5.0 }, if y == 0.0 { 5.0 } else { -5.0 });
                open(&[(x + dx, y), (x, y), (x, y + dy)]);
            }
        }
        Icon::Invert => {
            painter.circle_stroke(rect.center(), 7.0, line);
            let half: Vec<Pos2> = (0..=16)
                .map(|i| {
                    let t = (90.0 + 180.0 * i as f32 / 16.0).to_radians();
                    at(8.0 + 7.0 * t.cos(), 8.0 + 7.0 * t.sin())
                })
                .collect();
            painter.add(Shape::convex_polygon(half, color, Stroke::NONE));
        }
    }
}
