//! The menu bar, the toolbar and the status line: all read the catalogue of actions.

use egui::{Align, Button, Layout, MenuBar, Panel, ProgressBar, Rect, RichText, Ui};

use super::icons::{self, Icon};
use super::{Page, panels, theme};
use crate::text::{t, tr};
use crate::workbench::{
    Action, Command, INDICES, JobKind, Menu, NAMES_OF_VIEWS, ToolKind, Workbench,
};

pub fn menus(ui: &mut Ui, bench: &Workbench, say: &mut Vec<Command>) -> Rect {
    let frame = egui::Frame::new().fill(*theme::BAR).inner_margin(egui::Margin::symmetric(8, 2));
    let panel = Panel::top("menus").frame(frame).show_separator_line(false);
    let shown = panel.show(ui, |ui| {
        MenuBar::new().ui(ui, |ui| {
            for menu in Menu::ALL {
                ui.menu_button(menu.label(), |ui| {
                    ui.set_min_width(230.0);
                    let apart =
                        |a: &Action| a.id.starts_with(NAMES_OF_VIEWS) || a.id.starts_with(INDICES);
                    for action in Action::all().filter(|a| a.menu == menu && !apart(a)) {
                        menu_entry(ui, action, bench, say);
                        if action.id == "view.confirm" {
                            ui.menu_button(t("menu-name-view"), |ui| names(ui, bench, say));
                        }
                    }
                    if menu == Menu::Region {
                        ui.menu_button(t("menu-index"), |ui| indices(ui, bench, say));
                    }
                });
            }
        });
    });
    shown.response.rect
}

/// What a view may be called.
pub fn names(ui: &mut Ui, bench: &Workbench, say: &mut Vec<Command>) {
    ui.set_min_width(200.0);
    for action in Action::all().filter(|a| a.id.starts_with(NAMES_OF_VIEWS)) {
        menu_entry(ui, action, bench, say);
    }
}

/// What can be drawn with one click.
fn indices(ui: &mut Ui, bench: &Workbench, say: &mut Vec<Command>) {
    ui.set_min_width(240.0);
    for action in Action::all().filter(|a| a.id.starts_with(INDICES)) {
        menu_entry(ui, action, bench, say);
    }
}

/// An action with its shortcut, greyed while it makes no sense.
pub fn menu_entry(ui: &mut Ui, action: &Action, bench: &Workbench, say: &mut Vec<Command>) {
    let command = action.resolve(bench);
    let mut entry = Button::new(action.label());
    if let Some(chord) = bench.keymap().chord(action.id) {
        entry = entry.shortcut_text(chord.to_string());
    }
    let response = ui.add_enabled(command.is_some(), entry).accessible_name(action.label());
    if response.clicked() {
        say.extend(command);
        ui.close();
    }
}

pub fn tools(ui: &mut Ui, bench: &Workbench, page: &mut Page, say: &mut Vec<Command>) -> Rect {
    let frame = egui::Frame::new().fill(*theme::BAR).inner_margin(egui::Margin::symmetric(10, 5));
    let panel = Panel::top("tools").exact_size(theme::BAR_HEIGHT).frame(frame);
    let shown = panel.show(ui, |ui| {
        ui.horizontal_centered(|ui| {
            for (to, key) in [(Page::Read, "toolbar-read"), (Page::Report, "toolbar-report")] {
                let there = Button::selectable(*page == to, t(key));
                let possible = to == Page::Read || bench.study().is_some();
                if ui.add_enabled(possible, there).clicked() {
                    *page = to;
                }
            }
            ui.separator();
            pick(ui, Icon::Undo, "edit.undo", bench, say);
            pick(ui, Icon::Redo, "edit.redo", bench, say);
            if *page == Page::Read {
                reading_tools(ui, bench, say);
            }
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                word(ui, "help.palette", bench, say);
                word(ui, "help.keys", bench, say);
            });
        });
    });
    shown.response.rect
}

/// What works on the images.
fn reading_tools(ui: &mut Ui, bench: &Workbench, say: &mut Vec<Command>) {
    ui.separator();
    let tools = [
        (ToolKind::Select, "tool.select"),
        (ToolKind::Ellipse, "tool.ellipse"),
        (ToolKind::Rectangle, "tool.rectangle"),
        (ToolKind::Polygon, "tool.polygon"),
        (ToolKind::Freehand, "tool.freehand"),
    ];
    for (tool, id) in tools {
        pick(ui, Icon::Tool(tool), id, bench, say);
    }
    ui.separator();
    let tools = [
        (ToolKind::Text, "tool.text"),
        (ToolKind::Arrow, "tool.arrow"),
        (ToolKind::Ruler, "tool.ruler"),
        (ToolKind::Angle, "tool.angle"),
    ];
    for (tool, id) in tools {
        pick(ui, Icon::Tool(tool), id, bench, say);
    }
    ui.separator();
    pick(ui, Icon::Mirror, "roi.mirror", bench, say);
    pick(ui, Icon::Delete, "roi.delete", bench, say);
    ui.separator();
    pick(ui, Icon::Fit, "view.fit", bench, say);
    pick(ui, Icon::Invert, "view.invert", bench, say);
    ui.separator();
    ui.menu_button(t("toolbar-layout"), |ui| {
        ui.set_min_width(220.0);
        panels::modes(ui, bench, say);
        ui.separator();
        panels::protocols(ui, bench, say);
        ui.separator();
        for id in ["hanging.save", "layout.panel"] {
            if let Some(action) = Action::by_id(id) {
                menu_entry(ui, action, bench, say);
            }
        }
    });
}

/// An action of the catalogue as a picture.
fn pick(ui: &mut Ui, icon: Icon, id: &str, bench: &Workbench, say: &mut Vec<Command>) {
    let Some(action) = Action::by_id(id) else { return };
    let command = action.resolve(bench);
    let inside = matches!(icon, Icon::Tool(tool) if tool == bench.tool() && command.is_some());
    let name = match bench.keymap().chord(id) {
        Some(chord) => format!("{} ({chord})", action.label()),
        None => action.label(),
    };
    if icons::button(ui, icon, &name, command.is_some(), inside).clicked() {
        say.extend(command);
    }
}

/// An action of the catalogue as a quiet word with its key.
fn word(ui: &mut Ui, id: &str, bench: &Workbench, say: &mut Vec<Command>) {
    let Some(action) = Action::by_id(id) else { return };
    let Some(command) = action.resolve(bench) else { return };
    let chord = bench.keymap().chord(id).map(|c| format!("  {c}")).unwrap_or_default();
    let words = RichText::new(format!("{}{chord}", action.label())).color(theme::WEAK);
    let button = Button::new(words).frame_when_inactive(false);
    if ui.add(button).accessible_name(action.label()).clicked() {
        say.push(command);
    }
}

pub fn status(ui: &mut Ui, bench: &Workbench, readout: &str, say: &mut Vec<Command>) -> Rect {
    let frame = egui::Frame::new().fill(*theme::BAR).inner_margin(egui::Margin::symmetric(12, 0));
    let panel = Panel::bottom("status").exact_size(theme::STATUS_HEIGHT).frame(frame);
    let shown = panel.show(ui, |ui| {
        ui.horizontal_centered(|ui| {
            ui.label(RichText::new(readout).small());
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                ui.label(RichText::new(t("status-not-a-device")).small().color(theme::ACCENT));
                if bench.study().is_some_and(|s| s.simulated) {
                    ui.separator();
                    ui.label(RichText::new(t("status-simulated")).small().color(theme::ACCENT));
                }
                job(ui, bench, say);
            });
        });
    });
    shown.response.rect
}

fn job(ui: &mut Ui, bench: &Workbench, say: &mut Vec<Command>) {
    let Some(job) = bench.running_job() else { return };
    ui.separator();
    if job.kind.asked_for() {
        let cancel = Button::new(RichText::new(t("status-cancel")).small());
        if ui.add(cancel).clicked() {
            say.push(Command::Cancel);
        }
    }
    let name = job.subject.file_name().unwrap_or(job.subject.as_os_str()).to_string_lossy();
    let key = match job.kind {
        JobKind::Analyse => "status-analysing",
        JobKind::Open => "status-opening",
        JobKind::Export => "status-exporting",
        JobKind::Propose => "status-proposing",
        JobKind::SelfTest => "status-self-test",
        JobKind::Symmetry => "symmetry-under-way",
    };
    let words = tr(key, &[("name", name.into_owned().into())]);
    // No animation: progress wakes the window when there is some.
    let bar = ProgressBar::new(job.fraction().unwrap_or(0.0) as f32).desired_width(150.0);
    ui.add(bar.desired_height(8.0)).accessible_name(words.clone());
    ui.label(RichText::new(words).small().weak());
}
