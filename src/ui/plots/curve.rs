//! The time–activity curve of the selected region and its twin, and their ratio.

use egui::{Response, Ui, vec2};
use egui_plot::{Corner, HLine, Span, VLine};

use super::figure::{self, Bounded};
use super::{instead, line, remarks, room, selected};
use crate::findings::RoiId;
use crate::measure::{
    CurvePoint, CurveSum, CurveValue, Estimate, NoCurve, RoiRow, TimeAxis, TimeCurve, region_curve,
};
use crate::report::{number, words};
use crate::study::{Derivation, FrameKey, Unit};
use crate::text::{t, tr};
use crate::ui::theme;
use crate::units::Level;
use crate::workbench::{Command, Show, Workbench};

#[derive(Default)]
pub struct CurveTab {
    /// What `curve` was computed for.
    of: Option<(u64, RoiId)>,
    curve: Option<Result<TimeCurve, NoCurve>>,
    /// Where a drag began, on the axis.
    from: Option<f64>,
    /// The part of the axis that the reader dragged over, for the region it was dragged on.
    interval: Option<(RoiId, [f64; 2])>,
}

/// Points that a hand may tremble in a click.
const STILL: f64 = 4.0;

/// What stands on the vertical axis: the best that every frame has.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Quantity {
    Rate,
    Total,
    Mean,
}

impl CurveTab {
    pub fn show(&mut self, ui: &mut Ui, bench: &Workbench, say: &mut Vec<Command>) {
        let Some(row) = selected(bench) else {
            instead(ui, t("plots-select-region"));
            return;
        };
        self.refresh(bench, row);
        let curve = match &self.curve {
            Some(Ok(curve)) => curve.clone(),
            Some(Err(reason)) => {
                instead(ui, no_curve(*reason));
                return;
            }
            None => return,
        };
        let heading = ui.cursor().min;
        line(ui, " ", false);
        let height = room(ui, curve.remarks.len());
        let ratios = curve.points.iter().any(|p| p.ratio.is_some());
        let width = ui.available_width() - theme::GAP;
        let left = if ratios { (0.62 * width).floor() } else { width };
        let mut under = None;
        ui.horizontal(|ui| {
            under = self.rates(ui, bench, row, &curve, vec2(left, height), say);
            if ratios {
                let more = ratio(ui, row, &curve, vec2(width - left, height));
                under = under.or(more);
            }
        });
        let area = egui::Rect::from_min_size(heading, vec2(width, 18.0));
        let interval = self.interval.filter(|(id, _)| *id == row.id).map(|(_, interval)| interval);
        let sum = interval.and_then(|[a, b]| curve.summed(a, b, Level::NINETY_FIVE));
        ui.scope_builder(egui::UiBuilder::new().max_rect(area), |ui| match (under, sum) {
            (Some(index), _) => line(ui, &said(&curve, index), true),
            (None, Some(sum)) => line(ui, &added(&curve, &sum), true),
            (None, None) => line(ui, &t("curve-hint"), false),
        });
        remarks(ui, &curve.remarks);
    }

    /// Once for each change on the bench, not once a frame.
    fn refresh(&mut self, bench: &Workbench, row: &RoiRow) {
        let of = (bench.revision(), row.id);
        if self.of == Some(of) {
            return;
        }
        let (Some(study), Some(sheet)) = (bench.study(), bench.sheet()) else { return };
        self.of = Some(of);
        self.curve = Some(region_curve(study, sheet, row, Level::NINETY_FIVE));
    }

    /// The plot of region and twin; the point under the pointer.
    fn rates(
        &mut self,
        ui: &mut Ui,
        bench: &Workbench,
        row: &RoiRow,
        curve: &TimeCurve,
        size: egui::Vec2,
        say: &mut Vec<Command>,
    ) -> Option<usize> {
        let quantity = quantity(curve);
        let series = |value: &dyn Fn(&CurvePoint) -> Option<CurveValue>| -> Vec<Bounded> {
            let of =
                |(i, p): (usize, &CurvePoint)| bounded(curve.position(i)?, &value(p)?, quantity);
            curve.points.iter().enumerate().filter_map(of).collect()
        };
        let region = series(&|p| Some(p.region.clone()));
        let twin = series(&|p| p.twin.clone());
        let shown = shown(bench, row, curve);
        let from = self.from;
        let interval = self.interval.filter(|(id, _)| *id == row.id).map(|(_, interval)| interval);
        let reach = |v: &Bounded| v.bounds.map_or(v.value, |[_, high]| high);
        let highest = region.iter().chain(&twin).map(reach).fold(0.0, f64::max);
        // Room above for the names.
        let plot = figure::plot("curve", axis(curve), up(curve, quantity), size)
            .include_y(0.0)
            .include_y(1.25 * highest)
            .legend(figure::legend(Corner::LeftTop));
        let drawn = plot.show(ui, |plot| {
            for &(_, index) in &shown {
                if let Some(at) = curve.position(index) {
                    let mark = VLine::new("", at).color(theme::ACCENT.gamma_multiply(0.6));
                    plot.vline(mark.allow_hover(false));
                }
            }
            let dragged = from.zip(plot.pointer_coordinate()).map(|(from, to)| [from, to.x]);
            if let Some([a, b]) = dragged.or(interval) {
                let span = Span::new("", a.min(b)..=a.max(b));
                plot.span(span.fill(theme::ACCENT.gamma_multiply(0.18)).border_width(0.0));
            }
            if !twin.is_empty() {
                figure::points(plot, &t("card-twin"), *theme::TWIN, &twin);
            }
            figure::points(plot, &row.name, *theme::REGION, &region);
        });
        let response = drawn.response;
        name(&response, &tr("curve-name", &[("name", row.name.clone().into())]), curve);
        let place = |at: egui::Pos2| drawn.transform.value_from_position(at).x;
        if response.drag_started() {
            self.from = ui.input(|i| i.pointer.press_origin()).map(place);
        }
        let mut clicked = response.clicked();
        if response.drag_stopped()
            && let (Some(from), Some(to)) = (self.from.take(), response.interact_pointer_pos())
        {
            // A hand that rests on the button draws nothing.
            let way = place(to) - from;
            let rested = way.abs() * drawn.transform.dpos_dvalue_x().abs() < STILL;
            clicked |= rested;
            self.interval = (!rested).then(|| (row.id, [from, place(to)]));
            if !rested && let Some(sum) = curve.summed(from, place(to), Level::NINETY_FIVE) {
                // The pane that shows the series shows its sum.
                let pane = shown.first().map(|(pane, _)| Command::Show(Show::Activate(*pane)));
                let of = row.frame.series.clone();
                say.extend(pane);
                say.push(Command::Derive(Derivation::Summed { of, frames: sum.frames }));
            }
        }
        let under = response.hover_pos().and_then(|at| nearest(curve, place(at)));
        if let (true, Some(index)) = (clicked, under) {
            self.interval = None;
            let pane = shown.first().map(|(pane, _)| *pane);
            let pane = pane.or_else(|| bench.workspace().map(|w| w.active));
            let frame = curve.points[index].frame;
            let key = FrameKey { series: row.frame.series.clone(), frame };
            say.extend(pane.map(|pane| Command::Show(Show::Frame { pane, frame: key })));
        }
        under
    }
}

fn ratio(ui: &mut Ui, row: &RoiRow, curve: &TimeCurve, size: egui::Vec2) -> Option<usize> {
    let of = |(i, p): (usize, &CurvePoint)| estimate(curve.position(i)?, p.ratio.as_ref()?);
    let values: Vec<Bounded> = curve.points.iter().enumerate().filter_map(of).collect();
    let top = top(&values);
    let plot = figure::plot("ratio", axis(curve), t("curve-ratio"), size).allow_zoom([true, false]);
    let drawn = plot.show(ui, |plot| {
        plot.set_plot_bounds_y(0.0..=top);
        let one = HLine::new("", 1.0).color(theme::WEAK.gamma_multiply(0.7));
        plot.hline(one.allow_hover(false));
        figure::points(plot, "", *theme::STRONG, &values);
    });
    let response = drawn.response;
    name(&response, &tr("curve-ratio-name", &[("name", row.name.clone().into())]), curve);
    let at = response.hover_pos()?;
    nearest(curve, drawn.transform.value_from_position(at).x)
}

/// How high the ratios reach that are known to within a factor; the others may leave the plot.
fn top(values: &[Bounded]) -> f64 {
    let known = |v: &&Bounded| v.bounds.is_none_or(|[low, high]| high < 4.0 * low);
    let reach = |v: &Bounded| v.bounds.map_or(v.value, |[_, high]| high);
    let highest = values.iter().filter(known).map(reach).fold(1.5, f64::max);
    1.1 * highest
}

/// What a screen reader says of a plot.
fn name(response: &Response, name: &str, curve: &TimeCurve) {
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Image, true, name));
    let all: Vec<String> = (0..curve.points.len().min(64)).map(|i| said(curve, i)).collect();
    response.ctx.accesskit_node_builder(response.id, |node| {
        node.set_description(all.join("; "));
    });
}

fn quantity(curve: &TimeCurve) -> Quantity {
    match curve.unit {
        Unit::Counts if curve.points.iter().all(|p| p.region.rate.is_some()) => Quantity::Rate,
        Unit::Counts => Quantity::Total,
        _ => Quantity::Mean,
    }
}

fn up(curve: &TimeCurve, quantity: Quantity) -> String {
    match quantity {
        Quantity::Rate => t("curve-rate"),
        Quantity::Total => t("curve-total"),
        Quantity::Mean => tr("curve-mean", &[("unit", curve.unit.as_str().into())]),
    }
}

fn axis(curve: &TimeCurve) -> String {
    t(match curve.axis {
        TimeAxis::Seconds => "curve-seconds",
        TimeAxis::Frames => "curve-frames",
    })
}

fn bounded(at: f64, value: &CurveValue, quantity: Quantity) -> Option<Bounded> {
    let stats = &value.stats;
    match quantity {
        Quantity::Rate => estimate(at, &value.rate?),
        Quantity::Total => {
            estimate(at, &Estimate { value: Some(stats.total), interval: stats.interval })
        }
        Quantity::Mean => Some(Bounded { at, value: stats.mean?, bounds: None }),
    }
}

fn estimate(at: f64, estimate: &Estimate) -> Option<Bounded> {
    // Without a high end the bar leaves the plot.
    let bounds = estimate.interval.map(|i| [i.low, i.high.unwrap_or(1e12)]);
    Some(Bounded { at, value: estimate.value?, bounds })
}

/// The panes that show a frame of the curve, and which of its points that is.
fn shown(bench: &Workbench, row: &RoiRow, curve: &TimeCurve) -> Vec<(usize, usize)> {
    let panes = bench.workspace().map_or(&[][..], |w| &w.panes);
    let point = |key: &FrameKey| {
        let ours = key.series == row.frame.series;
        ours.then(|| curve.points.iter().position(|p| p.frame == key.frame)).flatten()
    };
    panes.iter().enumerate().filter_map(|(i, pane)| Some((i, point(&pane.frame)?))).collect()
}

fn nearest(curve: &TimeCurve, at: f64) -> Option<usize> {
    let apart = |i: &usize| curve.position(*i).map_or(f64::INFINITY, |x| (x - at).abs());
    (0..curve.points.len()).min_by(|a, b| apart(a).total_cmp(&apart(b)))
}

/// `Frame 7, 12–14 s: 34.1 [30.2–38.4] /s · twin 20.0 [17.1–23.2] /s · ratio 1.71 [1.40–2.09]`.
fn said(curve: &TimeCurve, index: usize) -> String {
    let Some(point) = curve.points.get(index) else { return String::new() };
    let quantity = quantity(curve);
    let value = |value: &CurveValue| {
        let unit = match quantity {
            Quantity::Rate => t("curve-per-second"),
            Quantity::Total | Quantity::Mean => curve.unit.as_str().to_owned(),
        };
        bounded(0.0, value, quantity).map_or_else(
            || number::NONE.to_owned(),
            |Bounded { value, bounds, .. }| match bounds {
                Some([low, high]) => {
                    let (low, high) = (number::value(low), number::value(high));
                    format!("{} [{low}–{high}] {unit}", number::value(value))
                }
                None => format!("{} {unit}", number::value(value)),
            },
        )
    };
    let number = (point.frame + 1).to_string();
    let mut parts = vec![match (point.start, point.end()) {
        (Some(start), Some(end)) => tr(
            "curve-frame-time",
            &[
                ("number", number.into()),
                ("from", number::short(start.0, 2).into()),
                ("to", number::short(end.0, 2).into()),
                ("value", value(&point.region).into()),
            ],
        ),
        _ => {
            tr("curve-frame", &[("number", number.into()), ("value", value(&point.region).into())])
        }
    }];
    if let Some(twin) = &point.twin {
        parts.push(tr("curve-twin-value", &[("value", value(twin).into())]));
    }
    if let Some(ratio) = &point.ratio {
        let ratio = number::ratio_with_interval(ratio);
        parts.push(tr("curve-ratio-value", &[("value", ratio.into())]));
    }
    parts.join(" · ")
}

/// `Frames 3–9, 4–18 s: 1234 [1166–1305] counts · twin 800 [745–857] counts · ratio 1.54 [1.41–1.69]`.
fn added(curve: &TimeCurve, sum: &CurveSum) -> String {
    let value = |estimate: &Estimate| {
        let total = estimate.value.map_or(number::NONE.to_owned(), number::total);
        let bounds = estimate.interval.and_then(|i| Some([i.low, i.high?]));
        let bounds = bounds.map(|b| b.map(|v| number::total(v.round())));
        let bounds = bounds.map(|[low, high]| format!(" [{low}–{high}]")).unwrap_or_default();
        format!("{total}{bounds} {}", curve.unit.as_str())
    };
    let frame = |frame: Option<&usize>| frame.map_or(0, |frame| frame + 1).to_string();
    let (first, last) = (frame(sum.frames.first()), frame(sum.frames.last()));
    let region = value(&sum.region);
    let mut parts = vec![match sum.time {
        Some([start, end]) => tr(
            "curve-frames-time",
            &[
                ("first", first.into()),
                ("last", last.into()),
                ("from", number::short(start.0, 2).into()),
                ("to", number::short(end.0, 2).into()),
                ("value", region.into()),
            ],
        ),
        None => tr(
            "curve-frames-added",
            &[("first", first.into()), ("last", last.into()), ("value", region.into())],
        ),
    }];
    let twin = sum.twin.as_ref().map(|t| tr("curve-twin-value", &[("value", value(t).into())]));
    let ratio = sum.ratio.as_ref().map(number::ratio_with_interval);
    let ratio = ratio.map(|ratio| tr("curve-ratio-value", &[("value", ratio.into())]));
    parts.extend(twin.into_iter().chain(ratio));
    parts.join(" · ")
}

fn no_curve(reason: NoCurve) -> String {
    match reason {
        NoCurve::FrameMissing => t("curve-none-frame"),
        NoCurve::OneFrame => t("curve-none-one"),
        NoCurve::Refused(reason) => {
            tr("report-not-measured", &[("reason", words::not_counts(reason).into())])
        }
    }
}
