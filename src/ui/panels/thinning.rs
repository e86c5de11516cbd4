//! Count thinning: the active view as it would look with fewer counts.

use egui::{Button, DragValue, RichText, Slider, Ui};

use crate::report::{derived_marks, words};
use crate::study::{Derivation, FrameKey};
use crate::text::{t, tr};
use crate::ui::theme;
use crate::workbench::{Action, Command, Workbench};

/// What the reader set and has not applied yet.
pub struct Thinning {
    percent: f64,
    seed: u64,
}

impl Default for Thinning {
    fn default() -> Self {
        Self { percent: 50.0, seed: 1 }
    }
}

impl Thinning {
    pub fn show(
        &mut self,
        ui: &mut Ui,
        shown: &FrameKey,
        bench: &Workbench,
        say: &mut Vec<Command>,
    ) {
        ui.label(RichText::new(t("thin-title")).color(theme::STRONG))
            .on_hover_text(t("thin-about"));
        let acquired: crate::study::Uid = Derivation::acquired(&shown.series).into();
        let source = FrameKey { series: acquired.clone(), frame: shown.frame };
        // A sum may be shown whose source has no frame of that number.
        let source = match bench.frame(&source) {
            Some(_) => source,
            None => FrameKey { frame: 0, ..source },
        };
        if let Some(Err(reason)) = bench.frame(&source).map(|frame| frame.values.poisson()) {
            let reason = words::not_counts(reason);
            ui.label(RichText::new(tr("thin-refused", &[("reason", reason.into())])).weak());
            return;
        }
        ui.horizontal(|ui| {
            for (id, key) in [
                ("thin.off", "thin-all"),
                ("thin.half", "thin-half"),
                ("thin.quarter", "thin-quarter"),
            ] {
                let Some(action) = Action::by_id(id) else { continue };
                let command = action.resolve(bench);
                let button = ui.add_enabled(command.is_some(), Button::new(t(key)));
                if button.accessible_name(action.label()).on_hover_text(action.label()).clicked() {
                    say.extend(command);
                }
            }
            ui.label(RichText::new(t("thin-seed-label")).color(theme::WEAK));
            ui.add(DragValue::new(&mut self.seed).speed(0.1)).accessible_name(t("thin-seed"));
        });
        ui.horizontal(|ui| {
            let slider = Slider::new(&mut self.percent, 1.0..=100.0).suffix(" %").max_decimals(1);
            ui.add(slider.logarithmic(true)).accessible_name(t("thin-percent"));
            if ui.button(t("thin-apply")).on_hover_text(t("thin-about")).clicked() {
                let fraction = (self.percent * 10.0).round() / 1000.0;
                say.push(Command::Derive(Derivation::Thinned {
                    of: acquired,
                    fraction,
                    seed: self.seed,
                }));
            }
        });
        for mark in derived_marks(&shown.series) {
            ui.label(RichText::new(format!("▲ {mark}")).color(theme::WARN));
        }
    }
}
