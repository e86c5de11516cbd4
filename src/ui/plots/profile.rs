//! Profiles: left against right across the midline, or along a line that the reader drew.

use egui::{ComboBox, DragValue, RichText, Ui, vec2};
use egui_plot::{Corner, Span};

use super::figure;
use super::{instead, line, room, selected};
use crate::findings::{Annotation, AnnotationId, Drawn, Midline};
use crate::geometry::{Outline, Point, Side, Spacing};
use crate::measure::{MirroredProfile, NoProfile, Profile, RoiRow, line_profile, mirrored_profile};
use crate::report::{number, words};
use crate::study::Unit;
use crate::text::{t, tr};
use crate::ui::theme;
use crate::workbench::{Reading, Workbench};

pub struct ProfileTab {
    /// A line that the reader drew; `None` is the band of rows through the selected region.
    along: Option<AnnotationId>,
    /// Over how many pixels a line is averaged.
    width: f64,
}

impl Default for ProfileTab {
    fn default() -> Self {
        Self { along: None, width: 5.0 }
    }
}

impl ProfileTab {
    /// What the profile runs along.
    pub fn choices(&mut self, ui: &mut Ui, bench: &Workbench) {
        let lines = lines(bench);
        self.settle(&lines, bench);
        if self.along.is_some() {
            let width = DragValue::new(&mut self.width).range(1.0..=64.0).speed(0.2);
            let width = width.max_decimals(0).suffix(t("profile-pixels"));
            ui.add(width).accessible_name(t("profile-width"));
            ui.label(RichText::new(t("profile-width")).small().weak());
        }
        if lines.is_empty() {
            return;
        }
        let name = |along: Option<AnnotationId>| match lines.iter().find(|a| Some(a.id) == along) {
            Some(line) => line_name(line),
            None => t("profile-rows"),
        };
        let chosen = ComboBox::from_id_salt("profile source")
            .selected_text(name(self.along))
            .width(170.0)
            .show_ui(ui, |ui| {
                ui.selectable_value(&mut self.along, None, t("profile-rows"));
                for line in &lines {
                    ui.selectable_value(&mut self.along, Some(line.id), line_name(line));
                }
            });
        chosen.response.accessible_name(t("profile-along"));
    }

    /// A line that is gone is not followed, and without a region there are no rows.
    fn settle(&mut self, lines: &[&Annotation], bench: &Workbench) {
        if !lines.iter().any(|line| Some(line.id) == self.along) {
            self.along = None;
        }
        if self.along.is_none() && selected(bench).is_none() {
            self.along = lines.first().map(|line| line.id);
        }
    }

    pub fn show(&self, ui: &mut Ui, bench: &Workbench) {
        let Some(reading) = bench.reading() else { return };
        let drawn = lines(bench).into_iter().find(|line| Some(line.id) == self.along);
        match (drawn, selected(bench)) {
            (Some(drawn), _) => along(ui, reading, drawn, self.width),
            (None, Some(row)) => across(ui, reading, row),
            (None, None) => instead(ui, t("profile-select")),
        }
    }
}

/// Rulers and arrows on the frames that are on show.
fn lines(bench: &Workbench) -> Vec<&Annotation> {
    let panes = bench.workspace().map_or(&[][..], |w| &w.panes);
    let all = bench.findings().map_or(&[][..], |findings| findings.annotations());
    let shown = |a: &&Annotation| panes.iter().any(|pane| pane.frame == a.frame);
    all.iter().filter(|a| shown(a) && ends(a).is_some()).collect()
}

fn ends(annotation: &Annotation) -> Option<[[f64; 2]; 2]> {
    match annotation.drawn {
        Drawn::Ruler { from, to } | Drawn::Arrow { from, to } => Some([from, to]),
        Drawn::Text { .. } | Drawn::Angle { .. } => None,
    }
}

fn line_name(line: &Annotation) -> String {
    let number = line.id.0.to_string();
    let name = match line.drawn {
        Drawn::Ruler { .. } => tr("profile-ruler", &[("number", number.into())]),
        _ => tr("profile-arrow", &[("number", number.into())]),
    };
    if line.text.is_empty() { name } else { format!("{name}: {}", line.text) }
}

/// Along a line.
fn along(ui: &mut Ui, reading: &Reading, drawn: &Annotation, width: f64) {
    let Some((frame, [from, to])) = reading.study().frame(&drawn.frame).zip(ends(drawn)) else {
        return;
    };
    let profile = match line_profile(frame, Point::from(from), Point::from(to), width) {
        Ok(profile) => profile,
        Err(reason) => {
            instead(ui, no_profile(reason));
            return;
        }
    };
    let Profile { unit, millimetres, samples } = profile;
    let heading = ui.cursor().min;
    line(ui, " ", false);
    let size = vec2(ui.available_width(), room(ui, 0));
    let plot = figure::plot("profile", distance(millimetres), value_of(&unit), size);
    let drawn = plot.include_y(0.0).show(ui, |plot| {
        figure::curve(plot, "", *theme::REGION, &samples);
    });
    let name = t("profile-line-name");
    drawn.response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Image, true, &name));
    let under = drawn.response.hover_pos().and_then(|at| {
        let at = drawn.transform.value_from_position(at).x;
        near(&samples, at)
            .map(|[at, value]| format!("{}: {}", place(at, millimetres), number::value(value)))
    });
    over(ui, heading, size.x, under, t("profile-line-hint"));
}

/// Left against right over the rows of a region.
fn across(ui: &mut Ui, reading: &Reading, row: &RoiRow) {
    let Some(frame) = reading.study().frame(&row.frame) else { return };
    let midline = reading.midline(&row.frame);
    let (low, high) = row.outline.bounds();
    let profile = match mirrored_profile(frame, midline, [low.y.ceil(), high.y.floor()]) {
        Ok(profile) => profile,
        Err(reason) => {
            instead(ui, no_profile(reason));
            return;
        }
    };
    let MirroredProfile { unit, millimetres, sides } = profile;
    let reach = midline.map(|m| reach(&row.outline, m, frame.spacing_or_unit()));
    let beyond = midline.is_some_and(|m| {
        let center = row.outline.centroid();
        center.x > m.curve.column_at(center.y)
    });
    // The region's own side in the region's colour.
    let colors = if beyond { [theme::TWIN, theme::REGION] } else { [theme::REGION, theme::TWIN] };
    let names = [0, 1].map(|i| side_name(sides[i].side, i == 1));
    let heading = ui.cursor().min;
    line(ui, " ", false);
    let size = vec2(ui.available_width(), room(ui, 0));
    let from_midline = match millimetres {
        true => t("profile-from-midline-mm"),
        false => t("profile-from-midline-pixels"),
    };
    let plot = figure::plot("mirrored profile", from_midline, value_of(&unit), size)
        .include_y(0.0)
        .include_x(0.0)
        .legend(figure::legend(Corner::RightTop));
    let shown = &sides;
    let drawn = plot.show(ui, |plot| {
        if let Some([near, far]) = reach {
            let span = Span::new("", near..=far).border_width(0.0);
            plot.span(span.fill(theme::REGION.gamma_multiply(0.10)));
        }
        for ((side, name), color) in shown.iter().zip(&names).zip(colors) {
            figure::curve(plot, name, *color, &side.samples);
        }
    });
    let name = tr("profile-mirrored-name", &[("name", row.name.clone().into())]);
    drawn.response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Image, true, &name));
    let under = drawn.response.hover_pos().and_then(|at| {
        let at = drawn.transform.value_from_position(at).x;
        let value = |i: usize| {
            let value = near(&sides[i].samples, at).filter(|v| (v[0] - at).abs() < 5.0);
            let value = value.map_or(number::NONE.to_owned(), |v| number::value(v[1]));
            format!("{} {value}", side_name(sides[i].side, i == 1))
        };
        (at >= 0.0).then(|| format!("{}: {} · {}", place(at, millimetres), value(0), value(1)))
    });
    let rows = [low.y.ceil(), high.y.floor()].map(|row| format!("{row:.0}"));
    let [first, last] = rows;
    let hint = tr("profile-mirrored-hint", &[("first", first.into()), ("last", last.into())]);
    over(ui, heading, size.x, under, hint);
}

/// The nearest and the farthest that an outline lies from the midline.
fn reach(outline: &Outline, midline: &Midline, spacing: Spacing) -> [f64; 2] {
    let apart = |point: Point<_>| {
        let foot = midline.curve.foot_of(point, spacing);
        spacing.plane_from_pixel().transform_vector(point - foot).length()
    };
    let all = outline.polygon(1.0).into_iter().map(apart);
    all.fold([f64::INFINITY, 0.0], |[near, far], d| [near.min(d), far.max(d)])
}

fn near(samples: &[[f64; 2]], at: f64) -> Option<[f64; 2]> {
    samples.iter().copied().min_by(|a, b| (a[0] - at).abs().total_cmp(&(b[0] - at).abs()))
}

fn place(at: f64, millimetres: bool) -> String {
    let key = if millimetres { "profile-at-mm" } else { "profile-at-pixels" };
    tr(key, &[("distance", number::short(at, 1).into())])
}

fn distance(millimetres: bool) -> String {
    t(if millimetres { "profile-mm" } else { "profile-in-pixels" })
}

fn value_of(unit: &Unit) -> String {
    tr("profile-value", &[("unit", unit.as_str().into())])
}

fn side_name(side: Option<Side>, larger: bool) -> String {
    match (side, larger) {
        (Some(side), _) => tr("profile-side", &[("side", words::side(side).into())]),
        (None, false) => t("profile-smaller-columns"),
        (None, true) => t("profile-larger-columns"),
    }
}

/// The line above the plot, written when it is known what is under the pointer.
fn over(ui: &mut Ui, at: egui::Pos2, width: f32, under: Option<String>, hint: String) {
    let area = egui::Rect::from_min_size(at, vec2(width, 18.0));
    ui.scope_builder(egui::UiBuilder::new().max_rect(area), |ui| match under {
        Some(words) => line(ui, &words, true),
        None => line(ui, &hint, false),
    });
}

fn no_profile(reason: NoProfile) -> String {
    match reason {
        NoProfile::Refused(reason) => {
            tr("report-not-measured", &[("reason", words::not_counts(reason).into())])
        }
        NoProfile::NoLength => t("profile-none-length"),
        NoProfile::Outside => t("profile-none-outside"),
        NoProfile::NoMidline => t("profile-none-midline"),
    }
}
