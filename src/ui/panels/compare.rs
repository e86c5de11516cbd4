//! A prior beside the current study: which one, on which scale, how the scans differ, and what has
//! become of the ratios.

use egui::{Button, Grid, RichText, ScrollArea, Ui};

use crate::report::{number, words};
use crate::study::Uid;
use crate::text::{t, tr};
use crate::ui::choice::Choice;
use crate::ui::theme;
use crate::workbench::{
    Action, Candidate, ChangeRow, Command, Reading, Scale, Workbench, candidates, changes, facts,
    prior,
};
use crate::workbench::{Compare as Ask, Fact};

#[derive(Default)]
pub struct Compare {
    /// Of which two studies, and their facts: counting counts reads every pixel.
    facts: Option<([Uid; 2], Vec<Fact>)>,
}

impl Compare {
    pub fn show(&mut self, ui: &mut Ui, bench: &Workbench, say: &mut Vec<Command>) {
        ScrollArea::vertical().auto_shrink(false).show(ui, |ui| match prior(bench) {
            Some(_) => self.comparison(ui, bench, say),
            None => choice(ui, bench, say),
        });
    }

    fn facts(&mut self, bench: &Workbench) -> &[Fact] {
        let uid = |reading: Option<&Reading>| reading.map(|r| r.study().uid.clone());
        let (Some(now), Some(then)) = (uid(bench.hung()), uid(prior(bench))) else { return &[] };
        let studies = [now, then];
        if self.facts.as_ref().is_none_or(|(known, _)| *known != studies) {
            self.facts = Some((studies, facts(bench)));
        }
        self.facts.as_ref().map_or(&[], |(_, facts)| facts)
    }

    fn comparison(&mut self, ui: &mut Ui, bench: &Workbench, say: &mut Vec<Command>) {
        theme::card().show(ui, |ui| {
            ui.set_width(ui.available_width());
            differences(ui, self.facts(bench));
        });
        ui.add_space(theme::GAP);
        theme::card().show(ui, |ui| {
            ui.set_width(ui.available_width());
            scale(ui, bench, say);
        });
        ui.add_space(theme::GAP);
        theme::card().show(ui, |ui| {
            ui.set_width(ui.available_width());
            let rows = changes(bench);
            match rows.is_empty() {
                true => {
                    ui.weak(t("compare-no-rows"));
                }
                false => table(ui, &rows),
            }
        });
        ui.add_space(theme::GAP);
        ui.horizontal(|ui| {
            for id in ["compare.copy_regions", "compare.end"] {
                let Some(action) = Action::by_id(id) else { continue };
                let command = action.resolve(bench);
                if ui.add_enabled(command.is_some(), Button::new(action.label())).clicked() {
                    say.extend(command);
                }
            }
        });
    }
}

fn choice(ui: &mut Ui, bench: &Workbench, say: &mut Vec<Command>) {
    let found = candidates(bench);
    if found.is_empty() {
        ui.add_space(24.0);
        ui.vertical_centered(|ui| ui.weak(t("compare-none")));
        return;
    }
    ui.label(RichText::new(t("compare-beside")).strong());
    let (same, others): (Vec<_>, Vec<_>) = found.into_iter().partition(|c| c.same_patient);
    for candidate in &same {
        if ui.add(Button::new(named(candidate)).truncate()).clicked() {
            let another_patient = false;
            let study = candidate.study;
            say.push(Command::Compare(Ask::With { study, another_patient }));
        }
    }
    if !others.is_empty() {
        ui.add_space(theme::GAP);
        ui.label(RichText::new(t("compare-other-patients")).color(theme::WARN));
    }
    for candidate in &others {
        ui.horizontal(|ui| {
            let button = ui.button(t("compare-anyway"));
            ui.add(egui::Label::new(named(candidate)).truncate());
            let says = format!("{}: {}", t("compare-anyway"), named(candidate));
            if button.on_hover_text(&says).accessible_name(says).clicked() {
                let (study, another_patient) = (candidate.study, true);
                say.push(Command::Compare(Ask::With { study, another_patient }));
            }
        });
    }
}

fn named(candidate: &Candidate) -> String {
    let date = candidate.date.map_or_else(|| t("compare-undated"), |d| d.to_string());
    let description = candidate.description.clone();
    tr("compare-with", &[("date", date.into()), ("description", description.into())])
}

/// What differs or is not stated line by line, what is alike in one sentence.
fn differences(ui: &mut Ui, facts: &[Fact]) {
    ui.label(RichText::new(t("compare-facts")).strong());
    Grid::new("differences").num_columns(3).spacing([12.0, 4.0]).show(ui, |ui| {
        ui.label("");
        ui.label(RichText::new(t("compare-now")).small().weak());
        ui.label(RichText::new(t("compare-then")).small().weak());
        ui.end_row();
        for fact in facts.iter().filter(|f| f.alike != Some(true)) {
            let color = if fact.alike == Some(false) { theme::WARN } else { theme::WEAK };
            ui.label(RichText::new(&fact.what).color(color));
            ui.label(&fact.now);
            ui.label(&fact.then);
            ui.end_row();
        }
    });
    let alike: Vec<String> =
        facts.iter().filter(|f| f.alike == Some(true)).map(|f| f.what.to_lowercase()).collect();
    if !alike.is_empty() {
        let said = tr("compare-alike", &[("list", alike.join(", ").into())]);
        ui.label(RichText::new(said).small().weak());
    }
}

fn scale(ui: &mut Ui, bench: &Workbench, say: &mut Vec<Command>) {
    let now = bench.workspace().and_then(|w| w.comparison.as_ref()).map(|c| c.scale);
    let now = now.unwrap_or_default();
    let words = |scale: Scale| {
        t(match scale {
            Scale::Own => "compare-scale-own",
            Scale::Reference => "compare-scale-reference",
            Scale::Counts => "compare-scale-counts",
            Scale::Off => "compare-scale-off",
        })
    };
    ui.horizontal(|ui| {
        ui.label(t("compare-scale"));
        let choice = Choice { current: now, all: &Scale::ALL, words, width: 210.0 };
        choice.show(ui, "compare", "compare-scale", |scale| {
            say.push(Command::Compare(Ask::Scale(scale)));
        });
    });
}

fn table(ui: &mut Ui, rows: &[ChangeRow]) {
    Grid::new("changes").num_columns(4).striped(true).spacing([12.0, 6.0]).show(ui, |ui| {
        for key in ["compare-region", "compare-now", "compare-then", "compare-change"] {
            ui.label(RichText::new(t(key)).small().weak());
        }
        ui.end_row();
        for row in rows {
            let view = words::view_short(row.view);
            let place = words::place(row.side, &row.site);
            let name = RichText::new(format!("{} {view}", row.name)).color(theme::REGION);
            ui.label(name).on_hover_text(place);
            for estimate in [&row.now, &row.then] {
                ratio(ui, estimate.as_ref(), *theme::TEXT);
            }
            let color = if row.changed() == Some(true) { *theme::STRONG } else { *theme::WEAK };
            ui.vertical(|ui| {
                ratio(ui, row.change.as_ref(), color);
                if row.changed() == Some(false) {
                    ui.label(RichText::new(t("compare-within")).small().weak());
                }
            });
            ui.end_row();
        }
    });
}

fn ratio(ui: &mut Ui, estimate: Option<&crate::measure::Estimate>, color: egui::Color32) {
    let words = estimate.map_or(number::NONE.to_owned(), number::ratio_with_interval);
    ui.label(RichText::new(words).color(color));
}
