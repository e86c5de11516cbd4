//! Every number of the selected region, with what it means and why one is missing.

use egui::{Button, Grid, RichText, Ui};

use crate::findings::twin::TwinKind;
use crate::findings::{Edit, Findings, TwinChoice};
use crate::measure::{BackgroundRow, RatioRow, RegionStats, RoiRow, TwinRow, opposite};
use crate::report::{number, words};
use crate::text::{t, tr};
use crate::ui::field::{self, Draft, Looks};
use crate::ui::{describe, theme};
use crate::workbench::{Action, Command, Workbench};

use super::{conjugate, site};

pub fn show(
    ui: &mut Ui,
    row: &RoiRow,
    draft: &mut Draft,
    bench: &Workbench,
    say: &mut Vec<Command>,
) {
    theme::card().show(ui, |ui| {
        ui.set_width(ui.available_width());
        title(ui, row);
        site::show(ui, row, bench, say);
        match row.refused {
            Some(reason) => {
                let why =
                    tr("report-not-measured", &[("reason", words::not_counts(reason).into())]);
                warning(ui, &why);
            }
            None => {
                ratio(ui, row);
                ui.add_space(4.0);
                numbers(ui, row);
                method(ui, row);
                conjugate::show(ui, row, bench);
            }
        }
        for remark in &row.remarks {
            warning(ui, remark);
        }
        ui.add_space(6.0);
        choices(ui, row, bench, say);
        ui.add_space(6.0);
        note(ui, row, draft, bench, say);
    });
}

fn title(ui: &mut Ui, row: &RoiRow) {
    ui.horizontal(|ui| {
        ui.label(RichText::new(&row.name).heading().color(theme::REGION));
        ui.label(RichText::new(describe::place(row)).heading().color(theme::STRONG));
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            ui.label(RichText::new(words::view(row.view.view)).weak());
        });
    });
}

fn ratio(ui: &mut Ui, row: &RoiRow) {
    let Some(ratio) = &row.ratio else {
        if let Err(reason) = row.twin {
            ui.label(RichText::new(sentence(&words::no_twin(reason))).color(theme::WEAK));
        }
        return;
    };
    let value = ratio.estimate.value.map_or(number::NONE.to_owned(), number::ratio);
    ui.horizontal(|ui| {
        let big = RichText::new(value).text_style(theme::large()).color(theme::STRONG);
        ui.label(big).on_hover_text(t("card-ratio-about"));
        ui.vertical(|ui| {
            ui.add_space(3.0);
            if let Some(bounds) = number::bounds(&ratio.estimate) {
                ui.label(RichText::new(bounds).size(15.0).color(theme::TEXT));
            }
            let level = ratio.estimate.interval.map(|i| number::percent(i.level.get()));
            let caption = match level {
                Some(percent) => tr("report-interval-level", &[("percent", percent.into())]),
                None => t("card-no-interval"),
            };
            ui.label(RichText::new(caption).small().weak());
        });
    });
    match ratio.differs_from_1 {
        Some(true) => {
            ui.label(RichText::new(t("card-differs")).color(theme::TEXT));
        }
        Some(false) => warning(ui, &t("card-includes-one")),
        None => {}
    }
    spread(ui, ratio);
    if let Some(reason) = row.no_interval {
        let why = tr("card-why-no-interval", &[("reason", words::not_counts(reason).into())]);
        ui.label(RichText::new(why).weak());
    }
}

/// Whether noise or the hand dominates, and what is left among many ratios.
fn spread(ui: &mut Ui, ratio: &RatioRow) {
    if let Some(words) = words::spread(ratio) {
        ui.label(RichText::new(words).color(theme::WEAK)).on_hover_text(t("card-spread-about"));
    }
    if let Some(q) = ratio.q.filter(|_| ratio.q != ratio.p) {
        let words = tr("card-q", &[("q", number::probability(q).into())]);
        ui.label(RichText::new(words).color(theme::WEAK)).on_hover_text(t("card-q-about"));
    }
}

fn numbers(ui: &mut Ui, row: &RoiRow) {
    let twin = row.twin.as_ref().ok().map(|TwinRow { stats, .. }| stats);
    Grid::new("numbers").num_columns(3).spacing([14.0, 3.0]).show(ui, |ui| {
        ui.label("");
        head(ui, &t("card-region"), *theme::REGION);
        let twin_name = match &row.twin {
            Ok(TwinRow { kind: TwinKind::Placed, .. }) => "card-twin-placed",
            Ok(TwinRow { kind: TwinKind::Neighbours, .. }) => "card-twin-neighbours",
            _ => "card-twin",
        };
        head(ui, &t(twin_name), *theme::TWIN);
        ui.end_row();
        let unit = row.unit.as_str();
        let with = |value: Option<f64>, unit: &str| match value {
            Some(value) => format!("{} {unit}", number::value(value)).trim_end().to_owned(),
            None => number::NONE.to_owned(),
        };
        let mut line = |name: String, about: &str, of: &dyn Fn(&RegionStats) -> String| {
            ui.label(RichText::new(name).color(theme::WEAK)).on_hover_text(t(about));
            ui.label(of(&row.stats));
            ui.label(twin.map_or(number::NONE.to_owned(), of));
            ui.end_row();
        };
        line(t("card-total"), "card-total-about", &|s| {
            format!("{} {unit}", number::total(s.total))
        });
        if row.stats.interval.is_some() {
            let name = t("card-total-interval");
            line(name, "card-total-interval-about", &|s| {
                s.interval.map_or(number::NONE.to_owned(), |i| {
                    let high = i.high.map_or("∞".to_owned(), |h| number::total(h.round()));
                    format!("{}–{high}", number::total(i.low.round()))
                })
            });
        }
        line(t("card-mean"), "card-mean-about", &|s| with(s.mean, unit));
        line(t("card-max"), "card-max-about", &|s| with(s.max, unit));
        line(t("card-sd"), "card-sd-about", &|s| with(s.sd, ""));
        if row.stats.per_second.is_some() {
            line(t("card-rate"), "card-rate-about", &|s| with(s.per_second, "/s"));
        }
        line(t("card-pixels"), "card-pixels-about", &|s| {
            let area = s.area.map(|a| format!(" · {}", number::area(a)));
            format!("{}{}", number::whole(s.pixels), area.unwrap_or_default())
        });
        if let Some(BackgroundRow { net, .. }) = row.ratio.and_then(|ratio| ratio.background) {
            let name = RichText::new(t("card-net")).color(theme::WEAK);
            ui.label(name).on_hover_text(t("card-net-about"));
            for net in net {
                ui.label(with(Some(net), unit));
            }
            ui.end_row();
        }
    });
}

fn head(ui: &mut Ui, words: &str, color: egui::Color32) {
    ui.label(RichText::new(words).small().color(color));
}

fn method(ui: &mut Ui, row: &RoiRow) {
    let interval = row.ratio.as_ref().and_then(|r| r.estimate.interval).or(row.stats.interval);
    if let Some(interval) = interval {
        ui.add_space(2.0);
        let method = tr("card-method", &[("method", interval.method.as_str().into())]);
        ui.label(RichText::new(method).small().weak());
    }
}

fn choices(ui: &mut Ui, row: &RoiRow, bench: &Workbench, say: &mut Vec<Command>) {
    ui.horizontal_wrapped(|ui| {
        let twin = match row.choice {
            TwinChoice::None => "card-twin-on",
            _ => "card-twin-off",
        };
        act(ui, "roi.mirror", Some(&t(twin)), bench, say);
        match row.choice {
            TwinChoice::Placed(_) => act(ui, "roi.reattach_twin", None, bench, say),
            _ => act(ui, "roi.detach_twin", None, bench, say),
        }
        if opposite(row.view.view).is_some() {
            act(ui, "roi.copy_conjugate", None, bench, say);
        }
        act(ui, "roi.copy_to_phases", None, bench, say);
        let subtracted = bench.findings().is_some_and(Findings::subtracts_background);
        let words = if subtracted { "card-background-off" } else { "card-background-on" };
        act(ui, "roi.subtract_background", Some(&t(words)), bench, say);
        act(ui, "view.plots", None, bench, say);
        act(ui, "roi.delete", None, bench, say);
    });
}

/// A button for an action on the selected region.
fn act(ui: &mut Ui, id: &str, words: Option<&str>, bench: &Workbench, say: &mut Vec<Command>) {
    let Some(action) = Action::by_id(id) else { return };
    let Some(command) = action.resolve(bench) else { return };
    let label = words.map_or_else(|| action.label(), str::to_owned);
    let mut button = Button::new(label);
    if let Some(chord) = bench.keymap().chord(action.id) {
        button = button.shortcut_text(chord.to_string());
    }
    if ui.add(button).clicked() {
        say.push(command);
    }
}

fn note(ui: &mut Ui, row: &RoiRow, draft: &mut Draft, bench: &Workbench, say: &mut Vec<Command>) {
    let name = tr("card-note-of", &[("name", row.name.clone().into())]);
    let hint = t("card-note-hint");
    let looks = Looks { name: &name, hint: &hint, rows: 2, width: f32::INFINITY };
    let id = field::id("note", bench, row.id);
    if let Some(note) = draft.field(ui, id, &row.note, looks) {
        say.push(Command::Edit(Edit::SetNote(row.id, note)));
    }
}

fn warning(ui: &mut Ui, words: &str) {
    ui.label(RichText::new(format!("▲ {}", sentence(words))).color(theme::WARN));
}

/// With a capital letter.
fn sentence(words: &str) -> String {
    let mut letters = words.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => String::new(),
    }
}
