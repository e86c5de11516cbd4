//! The first thing a reader sees: three ways to begin.

use egui::{Button, RichText, Ui, vec2};

use super::field::{Draft, Looks};
use super::theme;
use crate::simulate::{self, CaseInfo};
use crate::text::{t, tr};
use crate::workbench::{Action, Command, Workbench, demo_path};

#[derive(Default)]
pub struct Start {
    draft: Draft,
}

const WIDTH: f32 = 620.0;

impl Start {
    pub fn show(&mut self, ui: &mut Ui, bench: &Workbench, say: &mut Vec<Command>) {
        // Enter tries a case, unless a widget or a path has the keyboard.
        let free = !ui.ctx().egui_wants_keyboard_input();
        if free && ui.input_mut(|i| i.consume_key(egui::Modifiers::NONE, egui::Key::Enter)) {
            say.extend(Action::by_id("file.demo").and_then(|a| a.resolve(bench)));
        }
        let space = ((ui.available_height() - 610.0) * 0.4).max(8.0);
        egui::ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
            ui.add_space(space);
            ui.vertical_centered(|ui| {
                ui.set_max_width(WIDTH);
                ui.label(
                    RichText::new(t("start-title")).text_style(theme::large()).color(theme::STRONG),
                );
                ui.label(RichText::new(t("start-subtitle")).color(theme::WEAK));
                ui.add_space(22.0);
                choices(ui, bench, say);
                ui.add_space(22.0);
                cases(ui, say);
                recent(ui, bench, say);
                ui.add_space(18.0);
                self.path(ui, say);
                ui.add_space(14.0);
                ui.label(RichText::new(t("start-drop")).weak());
                ui.add_space(10.0);
                ui.label(RichText::new(t("report-not-a-device")).small().color(theme::ACCENT));
            });
        });
    }

    /// For desktops whose file dialog cannot be shown.
    fn path(&mut self, ui: &mut Ui, say: &mut Vec<Command>) {
        let (name, hint) = (t("start-path"), t("start-path-hint"));
        let looks = Looks { name: &name, hint: &hint, rows: 1, width: f32::INFINITY };
        let typed = self.draft.field(ui, egui::Id::unique("start path"), "", looks);
        let path = typed.filter(|_| ui.input(|i| i.key_pressed(egui::Key::Enter)));
        say.extend(path.map(|p| Command::Open(p.trim().into())));
    }
}

fn choices(ui: &mut Ui, bench: &Workbench, say: &mut Vec<Command>) {
    let ways = [
        ("file.demo", "start-demo", "start-demo-about", true),
        ("file.open", "start-open-file", "start-open-file-about", false),
        ("file.open_folder", "start-open-folder", "start-open-folder-about", false),
    ];
    ui.horizontal(|ui| {
        let gap = ui.spacing().item_spacing.x;
        let width = (WIDTH - gap * (ways.len() - 1) as f32) / ways.len() as f32;
        for (id, label, about, first) in ways {
            let Some(action) = Action::by_id(id) else { continue };
            let chord = bench.keymap().chord(id).map(|c| c.to_string()).unwrap_or_default();
            let keys = if first { t("start-enter") } else { chord };
            let lines = [t(label), t(about), keys];
            if tile(ui, vec2(width, 96.0), &lines, first).clicked() {
                say.extend(action.resolve(bench));
            }
        }
    });
}

/// A big button: what it does, what that means, and its key.
fn tile(ui: &mut Ui, size: egui::Vec2, lines: &[String; 3], first: bool) -> egui::Response {
    let (rect, response) = ui.allocate_exact_size(size, egui::Sense::click());
    let [label, about, keys] = lines;
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, label));
    let marked = first || response.has_focus();
    let fill = if response.hovered() { theme::HOVERED } else { theme::RAISED };
    let line = egui::Stroke::new(1.0, if marked { theme::ACCENT } else { theme::LINE });
    ui.painter().rect(rect, 8.0, fill, line, egui::StrokeKind::Inside);
    let color = if first { *theme::ACCENT } else { *theme::STRONG };
    for (text, size, color, y) in [
        (label, 15.0, color, -22.0),
        (about, 11.5, *theme::TEXT, 2.0),
        (keys, 11.5, *theme::WEAK, 26.0),
    ] {
        let font = egui::FontId::proportional(size);
        let galley = ui.painter().layout(text.clone(), font, color, rect.width() - 16.0);
        let corner = rect.center() + vec2(-0.5 * galley.size().x, y - 0.5 * galley.size().y);
        ui.painter().galley(corner, galley, color);
    }
    response
}

/// Files of earlier sessions, where the reader lets them be remembered.
fn recent(ui: &mut Ui, bench: &Workbench, say: &mut Vec<Command>) {
    const SHOWN: usize = 4;
    let recent = &bench.preferences().recent;
    if recent.is_empty() {
        return;
    }
    ui.add_space(10.0);
    ui.with_layout(egui::Layout::top_down(egui::Align::Min), |ui| {
        ui.label(RichText::new(t("start-recent")).heading());
        for path in recent.iter().take(SHOWN) {
            let words = path.display().to_string();
            let button = Button::new(&words).frame_when_inactive(false).truncate();
            let wide = vec2(ui.available_width(), 24.0);
            let open = ui.add(button.min_size(wide)).on_hover_text(&words);
            if open.accessible_name(tr("palette-recent", &[("name", words.into())])).clicked() {
                say.push(Command::Open(path.clone()));
            }
        }
    });
}

fn cases(ui: &mut Ui, say: &mut Vec<Command>) {
    ui.with_layout(egui::Layout::top_down(egui::Align::Min), |ui| {
        ui.label(RichText::new(t("start-cases")).heading());
        for case in simulate::cases() {
            let CaseInfo { name, title, story, .. } = case;
            let mut words = egui::text::LayoutJob::default();
            let font = |size| egui::FontId::proportional(size);
            words.append(title, 0.0, egui::TextFormat::simple(font(13.5), *theme::STRONG));
            words.append(story, 10.0, egui::TextFormat::simple(font(12.0), *theme::WEAK));
            let button = Button::new(words).frame_when_inactive(false).truncate();
            let wide = vec2(ui.available_width(), 28.0);
            if ui.add(button.min_size(wide)).accessible_name(title).on_hover_text(story).clicked() {
                say.push(Command::Open(demo_path(name)));
            }
        }
    });
}
