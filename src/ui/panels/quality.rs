//! The scan-quality banner: one slim line above the panes that unfolds into the list of checks.

use egui::{Align, Button, Color32, Frame, Grid, Layout, Margin, Panel, RichText, ScrollArea, Ui};

use crate::measure::{Place, QualityCheck, Verdict};
use crate::report::{check_name, limit_words, verdict_name};
use crate::study::FrameKey;
use crate::text::{t, tr};
use crate::ui::theme;
use crate::workbench::{Command, Marked, Question, Workbench};

/// The unfolded list takes no more of the window than this, points.
const TALLEST: f32 = 220.0;

#[derive(Default)]
pub struct Quality {
    unfolded: bool,
}

impl Quality {
    pub fn toggle(&mut self) {
        self.unfolded = !self.unfolded;
    }

    /// Nothing where the active pane shows no planar series.
    pub fn show(&self, ui: &mut Ui, bench: &Workbench, say: &mut Vec<Command>) {
        let Some(shown) = bench.workspace().and_then(|w| w.active_pane()) else { return };
        let Some(reading) = bench.reading_of(&shown.frame) else { return };
        let series = shown.frame.series.clone();
        let checks = reading.quality(&series);
        let awaited =
            !reading.analysed() && reading.study().series(&series).is_some_and(|s| s.kind.planar());
        if checks.is_empty() && !awaited {
            return;
        }
        let frame = Frame::new().fill(*theme::BAR).inner_margin(Margin::symmetric(12, 3));
        Panel::top("quality").resizable(false).frame(frame).show(ui, |ui| {
            if awaited {
                // Keeps its place, so that the picture does not jump when the checks are made.
                ui.horizontal(|ui| {
                    ui.label(RichText::new(t("quality-title")).small().color(theme::STRONG));
                    ui.label(RichText::new(t("quality-awaited")).small().color(theme::WEAK));
                });
                return;
            }
            self.line(ui, checks, bench, say);
            if self.unfolded {
                ui.add_space(4.0);
                let list = ScrollArea::vertical()
                    .max_height(TALLEST)
                    .min_scrolled_height(TALLEST)
                    .auto_shrink([false, true]);
                list.show(ui, |ui| {
                    let place = |place: &Place| Marked {
                        frame: FrameKey { series: series.clone(), frame: place.frame },
                        outline: place.outline.clone(),
                    };
                    table(ui, checks, bench.marked(), &place, say);
                });
                ui.add_space(4.0);
            }
        });
    }

    /// How many checks are as they should be, and how many are not.
    fn line(
        &self,
        ui: &mut Ui,
        checks: &[QualityCheck],
        bench: &Workbench,
        say: &mut Vec<Command>,
    ) {
        let count = |of: fn(Verdict) -> bool| checks.iter().filter(|c| of(c.verdict)).count();
        let warned = count(Verdict::warns);
        let ok = count(|v| v == Verdict::Ok);
        let (not_stated, not_judged) =
            (count(|v| v == Verdict::NotStated), count(|v| v == Verdict::NotJudged));
        ui.horizontal(|ui| {
            ui.label(RichText::new(t("quality-title")).small().color(theme::STRONG));
            if warned > 0 {
                let words = tr("quality-look-at", &[("count", warned.into())]);
                ui.label(RichText::new(format!("▲ {words}")).small().color(theme::WARN));
            }
            let mut quiet = |words: String| {
                ui.label(RichText::new(words).small().color(theme::WEAK));
            };
            if warned + not_stated + not_judged == 0 {
                quiet(tr("quality-all-ok", &[("ok", ok.into())]));
            } else {
                quiet(tr("quality-count-ok", &[("count", ok.into())]));
            }
            if not_stated > 0 {
                quiet(tr("quality-count-not-stated", &[("count", not_stated.into())]));
            }
            if not_judged > 0 {
                quiet(tr("quality-count-not-judged", &[("count", not_judged.into())]));
            }
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                let key = if self.unfolded { "quality-fold" } else { "quality-unfold" };
                let words = RichText::new(t(key)).small();
                if ui.add(Button::new(words).frame_when_inactive(false)).clicked() {
                    // Nothing is pointed out by a list that is not there.
                    if self.unfolded && bench.marked().is_some() {
                        say.push(Command::Mark(None));
                    }
                    say.push(Command::Ask(Question::Quality));
                }
            });
        });
    }
}

/// What needs a look first, then what cannot be told, then what is as it should be.
fn order(verdict: Verdict) -> u8 {
    match verdict {
        Verdict::Low | Verdict::High | Verdict::NotCounts => 0,
        Verdict::NotStated => 1,
        Verdict::NotJudged => 2,
        Verdict::Ok => 3,
    }
}

/// A mark beside the colour, for those who do not see it.
fn verdict_look(verdict: Verdict) -> (&'static str, Color32) {
    match verdict {
        Verdict::Ok => ("•", *theme::OK),
        Verdict::Low | Verdict::High | Verdict::NotCounts => ("▲", *theme::WARN),
        Verdict::NotStated => ("?", *theme::TEXT),
        Verdict::NotJudged => ("–", *theme::WEAK),
    }
}

fn table(
    ui: &mut Ui,
    checks: &[QualityCheck],
    marked: Option<&Marked>,
    place: &dyn Fn(&Place) -> Marked,
    say: &mut Vec<Command>,
) {
    let mut sorted: Vec<&QualityCheck> = checks.iter().collect();
    sorted.sort_by_key(|found| order(found.verdict));
    let [narrow, middle, gap] = [84.0, 120.0, 18.0];
    let rest = (ui.available_width() - narrow - middle - 4.0 * gap).max(300.0);
    let widths = [narrow, 0.58 * rest, middle, 0.42 * rest];
    Grid::new("quality-checks").num_columns(4).spacing([gap, 3.0]).striped(true).show(ui, |ui| {
        let heads = [
            "quality-column-verdict",
            "quality-column-check",
            "quality-column-limit",
            "quality-column-source",
        ];
        for key in heads {
            ui.label(RichText::new(t(key)).small().color(theme::WEAK));
        }
        ui.end_row();
        for found in sorted {
            let (mark, color) = verdict_look(found.verdict);
            let words = format!("{mark} {}", verdict_name(found.verdict));
            cell(ui, widths[0], |ui| ui.label(RichText::new(words).small().color(color)));
            cell(ui, widths[1], |ui| sentence(ui, found, marked, place, say));
            cell(ui, widths[2], |ui| ui.label(RichText::new(limit_words(found)).small()));
            let source = found.limit.map_or("", |limit| limit.source);
            let source = RichText::new(source).small().color(theme::WEAK);
            cell(ui, widths[3], |ui| ui.label(source));
            ui.end_row();
        }
    });
}

/// As wide as its column whatever is in it, so that long words wrap and the columns stand still.
fn cell<R>(ui: &mut Ui, width: f32, content: impl FnOnce(&mut Ui) -> R) {
    ui.vertical(|ui| {
        ui.set_width(width);
        content(ui);
    });
}

/// What was found, in words. Where it has a place, a click shows it and another hides it again.
fn sentence(
    ui: &mut Ui,
    found: &QualityCheck,
    marked: Option<&Marked>,
    place: &dyn Fn(&Place) -> Marked,
    say: &mut Vec<Command>,
) {
    // Buttons that stand in line with the words beside them.
    ui.spacing_mut().button_padding = egui::vec2(0.0, 0.0);
    ui.spacing_mut().interact_size.y = 0.0;
    let words = RichText::new(&found.sentence).small();
    let Some(place) = found.place.as_ref().map(place) else {
        ui.label(words).on_hover_text(check_name(found.check));
        return;
    };
    let there = marked == Some(&place) && place.outline.is_some();
    let button = Button::selectable(there, words.color(theme::TEXT)).wrap();
    let name = tr("quality-show-place", &[("sentence", (&*found.sentence).into())]);
    let response = ui.add(button).accessible_name(name);
    if response.on_hover_text(check_name(found.check)).clicked() {
        say.push(Command::Mark((!there).then_some(place)));
    }
}
