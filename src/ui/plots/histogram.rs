//! The histogram of the selected region's pixel values and of its twin's.

use egui::{Stroke, Ui, vec2};
use egui_plot::{Bar, BarChart, Corner};

use super::figure;
use super::{instead, line, room, selected};
use crate::findings::RoiId;
use crate::measure::{Histogram, histogram};
use crate::report::{number, words};
use crate::study::NotCounts;
use crate::text::{t, tr};
use crate::ui::theme;
use crate::workbench::Workbench;

#[derive(Default)]
pub struct HistogramTab {
    /// What `histogram` was computed for.
    of: Option<(u64, RoiId)>,
    histogram: Option<Result<Histogram, NotCounts>>,
}

impl HistogramTab {
    pub fn show(&mut self, ui: &mut Ui, bench: &Workbench) {
        self.refresh(bench);
        let Some(row) = selected(bench) else {
            instead(ui, t("plots-select-region"));
            return;
        };
        let histogram = match &self.histogram {
            Some(Ok(histogram)) if !histogram.bins.is_empty() => histogram,
            Some(Err(reason)) => {
                let reason = words::not_counts(*reason);
                instead(ui, tr("report-not-measured", &[("reason", reason.into())]));
                return;
            }
            _ => {
                instead(ui, t("histogram-empty"));
                return;
            }
        };
        let heading = ui.cursor().min;
        line(ui, " ", false);
        let size = vec2(ui.available_width(), room(ui, 0));
        let across = tr("profile-value", &[("unit", histogram.unit.as_str().into())]);
        let plot = figure::plot("histogram", across, t("histogram-pixels"), size);
        let bars = |of: &dyn Fn(usize) -> u64| -> Vec<Bar> {
            let middle = |i: usize| histogram.bins[i].low + 0.5 * histogram.width;
            let bar = |i: usize| Bar::new(middle(i), of(i) as f64).width(0.94 * histogram.width);
            (0..histogram.bins.len()).filter(|i| of(*i) > 0).map(bar).collect()
        };
        let region = bars(&|i| histogram.bins[i].region);
        let twin = bars(&|i| histogram.bins[i].twin);
        let drawn = plot.legend(figure::legend(Corner::RightTop)).include_y(0.0).show(ui, |plot| {
            let style = |bars: Vec<Bar>, color: egui::Color32| -> Vec<Bar> {
                let fill = color.gamma_multiply(0.35);
                bars.into_iter().map(|b| b.fill(fill).stroke(Stroke::new(1.0, color))).collect()
            };
            if !twin.is_empty() {
                let chart = BarChart::new(t("card-twin"), style(twin, *theme::TWIN));
                plot.bar_chart(chart.color(theme::TWIN).allow_hover(false));
            }
            let chart = BarChart::new(row.name.clone(), style(region, *theme::REGION));
            plot.bar_chart(chart.color(theme::REGION).allow_hover(false));
        });
        let name = tr("histogram-name", &[("name", row.name.clone().into())]);
        drawn.response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Image, true, &name));
        let under = drawn.response.hover_pos().and_then(|at| {
            let at = drawn.transform.value_from_position(at).x;
            let index = ((at - histogram.bins.first()?.low) / histogram.width).floor();
            (index >= 0.0).then_some(index as usize)
        });
        let words = under.and_then(|index| said(histogram, index));
        let area = egui::Rect::from_min_size(heading, vec2(size.x, 18.0));
        ui.scope_builder(egui::UiBuilder::new().max_rect(area), |ui| match words {
            Some(words) => line(ui, &words, true),
            None => {
                let width = number::short(histogram.width, 6);
                let unit = histogram.unit.as_str();
                let bins = tr("histogram-hint", &[("width", width.into()), ("unit", unit.into())]);
                line(ui, &bins, false);
            }
        });
    }

    fn refresh(&mut self, bench: &Workbench) {
        let (Some(row), Some(sheet)) = (selected(bench), bench.sheet()) else { return };
        let of = (bench.revision(), row.id);
        let Some(frame) = bench.study().and_then(|s| s.frame(&row.frame)) else { return };
        if self.of != Some(of) {
            self.of = Some(of);
            let twin = row.twin.as_ref().map_or(&[][..], |twin| &twin.outlines);
            let not_bone = sheet.not_bone_for(row);
            self.histogram = Some(histogram(frame, &row.outline, twin, &not_bone));
        }
    }
}

/// `20–24 counts: 12 pixels, twin 3`.
fn said(histogram: &Histogram, index: usize) -> Option<String> {
    let bin = histogram.bins.get(index)?;
    let whole = histogram.width.fract() == 0.0 && bin.low.fract() == 0.0;
    let last = if whole { bin.low + histogram.width - 1.0 } else { bin.low + histogram.width };
    let words = |value: f64| if whole { number::total(value) } else { number::value(value) };
    let range = match whole && last == bin.low {
        true => words(bin.low),
        false => format!("{}–{}", words(bin.low), words(last)),
    };
    Some(tr(
        "histogram-bin",
        &[
            ("range", range.into()),
            ("unit", histogram.unit.as_str().into()),
            ("region", bin.region.to_string().into()),
            ("twin", bin.twin.to_string().into()),
        ],
    ))
}
