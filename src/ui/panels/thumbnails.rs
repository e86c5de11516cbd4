//! Small pictures of series, painted once.

use std::collections::HashMap;

use egui::{Color32, ColorImage, Rect, Sense, TextureHandle, TextureOptions, Ui, vec2};

use super::layout::show_series;
use crate::picture;
use crate::report::words;
use crate::study::{FrameKey, Series, Uid};
use crate::text::tr;
use crate::ui::theme;
use crate::workbench::{Command, Workbench, thumbnail, thumbnail_frame};

const SIZE: egui::Vec2 = vec2(44.0, 56.0);

/// One picture for each series.
#[derive(Default)]
pub struct Thumbnails {
    painted: HashMap<Uid, TextureHandle>,
}

impl Thumbnails {
    /// A button with the picture: it shows the series.
    pub fn show(
        &mut self,
        ui: &mut Ui,
        series: &Series,
        bench: &Workbench,
        say: &mut Vec<Command>,
    ) {
        if series.frames.is_empty() {
            return;
        }
        let (rect, response) = ui.allocate_exact_size(SIZE, Sense::click());
        let on_show =
            bench.workspace().is_some_and(|w| w.panes.iter().any(|p| p.frame.series == series.uid));
        let named = match series.description.is_empty() {
            true => words::kind(series.kind),
            false => series.description.clone(),
        };
        let name = tr("studies-thumbnail", &[("series", named.into())]);
        response
            .widget_info(|| egui::WidgetInfo::selected(egui::Role::Button, true, on_show, &name));
        if ui.is_rect_visible(rect) {
            let texture = self.painted.entry(series.uid.clone()).or_insert_with(|| {
                let scale = f64::from(ui.pixels_per_point());
                let size = [f64::from(SIZE.x), f64::from(SIZE.y)];
                let picture = thumbnail_frame(series)
                    .and_then(|frame| {
                        let key = FrameKey { series: series.uid.clone(), frame };
                        let known = bench.workspace().and_then(|w| w.look_of(&key));
                        thumbnail(series, frame, size, known)
                    })
                    .map(|scene| picture::paint_layers(&scene, scale));
                let image = picture.map_or_else(ColorImage::example, |picture| {
                    let size = [picture.width() as usize, picture.height() as usize];
                    ColorImage::from_rgba_unmultiplied(size, picture.as_raw())
                });
                let name = format!("series {}", series.uid);
                ui.ctx().load_texture(name, image, TextureOptions::LINEAR)
            });
            let whole = Rect::from_min_max(egui::pos2(0.0, 0.0), egui::pos2(1.0, 1.0));
            ui.painter().image(texture.id(), rect, whole, Color32::WHITE);
            let line = match (response.has_focus() || response.hovered(), on_show) {
                (true, _) => egui::Stroke::new(2.0, theme::ACCENT),
                (_, true) => egui::Stroke::new(1.0, theme::ACCENT),
                _ => egui::Stroke::new(1.0, theme::LINE),
            };
            ui.painter().rect_stroke(rect, 3.0, line, egui::StrokeKind::Inside);
        }
        if response.clicked() {
            say.push(show_series(bench, series));
        }
    }
}
