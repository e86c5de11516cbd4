//! What is open: studies, their series, their frames.

use egui::{Button, Label, RichText, ScrollArea, Slider, Ui};

use super::thumbnails::Thumbnails;
use crate::report::{derived_marks, words};
use crate::study::{FrameKey, Series, Study, ViewName};
use crate::text::{t, tr};
use crate::ui::theme;
use crate::workbench::{Command, Pane, Show, Workbench};

/// More frames than this are reached with a slider instead of a list.
const LISTED: usize = 8;

#[derive(Default)]
pub struct Studies {
    thumbnails: Thumbnails,
}

impl Studies {
    pub fn show(&mut self, ui: &mut Ui, bench: &Workbench, say: &mut Vec<Command>) {
        ui.heading(t("studies-title"));
        ui.add_space(2.0);
        ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
            for (index, reading) in bench.readings().iter().enumerate() {
                let active = index == bench.active_reading();
                study(ui, index, reading.study(), active, bench, &mut self.thumbnails, say);
                ui.add_space(theme::GAP);
            }
        });
    }
}

fn study(
    ui: &mut Ui,
    index: usize,
    study: &Study,
    active: bool,
    bench: &Workbench,
    thumbnails: &mut Thumbnails,
    say: &mut Vec<Command>,
) {
    let name = match study.patient.display_name().reveal() {
        name if name.is_empty() => t("studies-unnamed"),
        name => name.clone(),
    };
    let title = RichText::new(&name).strong();
    let button =
        Button::selectable(active, title).truncate().min_size([ui.available_width(), 0.0].into());
    if ui.add(button).clicked() && !active {
        say.push(Command::Activate(index));
    }
    let facts = [
        study.date.map(|d| d.format("%Y-%m-%d").to_string()),
        (!study.patient.sex.is_empty()).then(|| words::sex(&study.patient.sex)),
        (!study.patient.age.is_empty()).then(|| words::age(&study.patient.age)),
    ];
    let facts: Vec<String> = facts.into_iter().flatten().collect();
    if !facts.is_empty() {
        ui.label(RichText::new(facts.join(" · ")).small().weak());
    }
    if !study.description.is_empty() {
        ui.add(egui::Label::new(RichText::new(&study.description).small().weak()).truncate());
    }
    if study.simulated {
        ui.label(RichText::new(t("status-simulated")).small().color(theme::ACCENT));
    }
    if active {
        for series in &study.series {
            ui.add_space(4.0);
            ui.separator();
            ui.horizontal_top(|ui| {
                thumbnails.show(ui, series, bench, say);
                ui.vertical(|ui| about(ui, series));
            });
            list(ui, series, bench, say);
        }
    }
}

/// What kind of pictures, how many, how large.
fn about(ui: &mut Ui, series: &Series) {
    ui.label(words::kind(series.kind));
    let count = tr("studies-frames", &[("count", series.frames.len().into())]);
    let count = format!("{} · {count}", series.modality);
    ui.add(egui::Label::new(RichText::new(count).small().weak()).truncate());
    if let Some(frame) = series.frames.first() {
        let size = format!("{} × {}", frame.columns(), frame.rows());
        ui.label(RichText::new(size).small().weak());
    }
    for mark in derived_marks(&series.uid) {
        ui.label(RichText::new(mark).small().color(*theme::ACCENT));
    }
}

fn list(ui: &mut Ui, series: &Series, bench: &Workbench, say: &mut Vec<Command>) {
    for remark in &series.remarks {
        ui.horizontal_top(|ui| {
            ui.spacing_mut().item_spacing.x = 4.0;
            ui.label(RichText::new("▲").small().color(theme::WARN));
            // Wrapped, or the longest remark would decide how wide the panel is.
            ui.add(Label::new(RichText::new(remark).small().weak()).wrap());
        });
    }
    let Some(workspace) = bench.workspace() else { return };
    let pane = workspace.active;
    let key = |frame| FrameKey { series: series.uid.clone(), frame };
    let mut go = |frame| say.push(Command::Show(Show::Frame { pane, frame: key(frame) }));
    if series.frames.len() > LISTED {
        let shown = workspace.active_pane().filter(|p| p.frame.series == series.uid);
        let mut at = shown.map_or(1, |p| p.frame.frame + 1);
        ui.spacing_mut().slider_width = 110.0;
        let slider = Slider::new(&mut at, 1..=series.frames.len());
        if ui.add(slider).accessible_name(t("studies-frame")).changed() {
            go(at - 1);
        }
        return;
    }
    for (index, frame) in series.frames.iter().enumerate() {
        let on_show = |p: &Pane| p.frame == key(index);
        let here = workspace.active_pane().is_some_and(on_show);
        let words = match frame.view.view {
            ViewName::Unknown => tr("report-frame", &[("number", (index + 1).into())]),
            view => words::view(view),
        };
        let eye = if workspace.panes.iter().any(on_show) { "●" } else { "○" };
        let entry = Button::selectable(here, format!("{eye}  {words}"));
        let name = tr("studies-show-frame", &[("frame", words.into())]);
        if ui.add(entry).accessible_name(name).clicked() {
            go(index);
        }
    }
}
