//! Notices in the corner: what was done, what went wrong, and why on request.

use std::time::Duration;

use egui::{Align2, Area, Button, Id, Order, RichText, vec2};

use super::theme;
use crate::text::t;
use crate::workbench::{Notice, NoticeKind, Workbench};

/// How long a notice stays that asks for nothing. Problems stay until they are closed.
const STAY: f64 = 6.0;

#[derive(Default)]
pub struct Toasts {
    /// The newest notice that has been taken over.
    last: u64,
    shown: Vec<Toast>,
}

struct Toast {
    notice: Notice,
    since: f64,
    open: bool,
}

impl Toasts {
    pub fn show(&mut self, ctx: &egui::Context, bench: &Workbench) {
        let now = ctx.input(|i| i.time);
        for notice in bench.notices().iter().filter(|n| n.number > self.last) {
            self.shown.push(Toast { notice: notice.clone(), since: now, open: false });
        }
        self.last = bench.notices().iter().map(|n| n.number).fold(self.last, u64::max);
        self.shown.retain(|toast| toast.until().is_none_or(|end| now < end));
        if self.shown.is_empty() {
            return;
        }
        if let Some(end) = self.shown.iter().filter_map(Toast::until).reduce(f64::min) {
            ctx.request_repaint_after(Duration::from_secs_f64((end - now).max(0.05)));
        }
        let corner = vec2(-16.0, -(theme::STATUS_HEIGHT + 12.0));
        Area::new(Id::unique("toasts"))
            .order(Order::Foreground)
            .anchor(Align2::RIGHT_BOTTOM, corner)
            .show(ctx, |ui| {
                ui.set_width(theme::INSPECTOR_WIDTH - 24.0);
                let mut closed = None;
                for (index, toast) in self.shown.iter_mut().enumerate() {
                    if toast.show(ui) {
                        closed = Some(index);
                    }
                }
                if let Some(index) = closed {
                    self.shown.remove(index);
                }
            });
    }
}

impl Toast {
    fn until(&self) -> Option<f64> {
        let stays = self.notice.kind != NoticeKind::Done || self.open;
        (!stays).then_some(self.since + STAY)
    }

    /// Whether the reader closed it.
    fn show(&mut self, ui: &mut egui::Ui) -> bool {
        // A sign and a word, never the colour alone.
        let (sign, color) = match self.notice.kind {
            NoticeKind::Done => ("●", theme::OK),
            NoticeKind::Warning => ("▲", theme::WARN),
            NoticeKind::Error => ("■", theme::ERROR),
        };
        let mut closed = false;
        let frame = theme::card().stroke(egui::Stroke::new(1.0, color));
        frame.show(ui, |ui| {
            ui.set_width(ui.available_width());
            ui.horizontal_top(|ui| {
                ui.label(RichText::new(sign).color(color));
                ui.vertical(|ui| {
                    ui.set_width(ui.available_width() - 34.0);
                    let words = ui.add(egui::Label::new(&self.notice.text).wrap());
                    ui.ctx().accesskit_node_builder(words.id, |node| {
                        node.set_live(egui::accesskit::Live::Polite);
                    });
                    if !self.notice.details.is_empty() {
                        let key = if self.open { "toast-less" } else { "toast-more" };
                        if ui.link(t(key)).clicked() {
                            self.open = !self.open;
                        }
                    }
                    if self.open {
                        egui::ScrollArea::vertical().max_height(160.0).show(ui, |ui| {
                            for line in &self.notice.details {
                                ui.label(RichText::new(line).small().weak());
                            }
                        });
                    }
                });
                let cross = Button::new("×").frame_when_inactive(false);
                closed = ui.add(cross).accessible_name(t("toast-close")).clicked();
            });
        });
        closed
    }
}
