//! The drawer below the images: what the selected region does in time, along a line, pixel by pixel.

mod curve;
mod figure;
mod histogram;
mod profile;

use egui::{Align, Button, Frame, Layout, Margin, Panel, RichText, Ui};

use super::{describe, theme};
use crate::measure::RoiRow;
use crate::text::t;
use crate::workbench::{Action, Command, Workbench};

use curve::CurveTab;
use histogram::HistogramTab;
use profile::ProfileTab;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Tab {
    #[default]
    Curve,
    Profile,
    Histogram,
}

/// Folded until the reader asks for it, so that the images have the room.
#[derive(Default)]
pub struct Plots {
    open: bool,
    tab: Tab,
    curve: CurveTab,
    profile: ProfileTab,
    histogram: HistogramTab,
}

impl Plots {
    pub fn toggle(&mut self) {
        self.open = !self.open;
    }

    pub fn show(&mut self, ui: &mut Ui, bench: &Workbench, say: &mut Vec<Command>) {
        if !self.open {
            return;
        }
        let frame = Frame::new().fill(*theme::PANEL).inner_margin(Margin::symmetric(10, 6));
        Panel::bottom("plots")
            .frame(frame)
            .default_size(250.0)
            .size_range(170.0..=520.0)
            .resizable(true)
            .show(ui, |ui| {
                self.head(ui, bench, say);
                match self.tab {
                    Tab::Curve => self.curve.show(ui, bench, say),
                    Tab::Profile => self.profile.show(ui, bench),
                    Tab::Histogram => self.histogram.show(ui, bench),
                }
            });
    }

    fn head(&mut self, ui: &mut Ui, bench: &Workbench, say: &mut Vec<Command>) {
        ui.horizontal(|ui| {
            for (to, key) in [
                (Tab::Curve, "plots-curve"),
                (Tab::Profile, "plots-profile"),
                (Tab::Histogram, "plots-histogram"),
            ] {
                ui.selectable_value(&mut self.tab, to, t(key));
            }
            if let Some(row) = selected(bench) {
                ui.separator();
                let name = RichText::new(&row.name).strong().color(theme::REGION);
                ui.label(name);
                ui.label(RichText::new(describe::place(row)).color(theme::TEXT));
            }
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                let fold = Button::new("×").frame_when_inactive(false);
                if ui.add(fold).accessible_name(t("plots-close")).clicked() {
                    self.open = false;
                }
                if self.tab == Tab::Curve {
                    export(ui, bench, say);
                }
                if self.tab == Tab::Profile {
                    self.profile.choices(ui, bench);
                }
            });
        });
    }
}

fn export(ui: &mut Ui, bench: &Workbench, say: &mut Vec<Command>) {
    let Some(action) = Action::by_id("curve.export") else { return };
    let command = action.resolve(bench);
    let button = Button::new(t("plots-export"));
    let button = ui.add_enabled(command.is_some(), button).accessible_name(action.label());
    if button.clicked() {
        say.extend(command);
    }
}

fn selected(bench: &Workbench) -> Option<&RoiRow> {
    bench.sheet()?.roi(bench.selected()?)
}

/// In the middle of the drawer, where there is no plot.
fn instead(ui: &mut Ui, words: String) {
    ui.centered_and_justified(|ui| ui.label(RichText::new(words).color(theme::WEAK)));
}

/// One quiet line above a plot: what is under the pointer, or what can be done.
fn line(ui: &mut Ui, words: &str, found: bool) {
    let color = if found { theme::STRONG } else { theme::WEAK };
    let words = RichText::new(words).small().color(color);
    ui.add(egui::Label::new(words).truncate());
}

/// What is to be known of a plot, below it.
fn remarks(ui: &mut Ui, remarks: &[String]) {
    for remark in remarks {
        let words = RichText::new(format!("▲ {remark}")).small().color(theme::WARN);
        ui.add(egui::Label::new(words).truncate()).on_hover_text(remark);
    }
}

/// The height that is left for a plot above so many remarks.
fn room(ui: &Ui, remarks: usize) -> f32 {
    (ui.available_height() - 20.0 * remarks as f32).max(80.0)
}
