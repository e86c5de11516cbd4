//! What all plots have in common: quiet axes, error bars, colours of region and twin.

use egui::{Color32, Stroke, Vec2, Vec2b};
use egui_plot::{Corner, Legend, Line, Plot, PlotPoints, PlotUi, Points};

use crate::ui::theme;

/// The wheel and Ctrl+wheel zoom; a drag means something else, and a double click shows all again.
pub fn plot<'a>(name: &'static str, across: String, up: String, size: Vec2) -> Plot<'a> {
    Plot::new(name)
        .width(size.x)
        .height(size.y)
        .allow_drag(false)
        .allow_scroll(false)
        .allow_boxed_zoom(false)
        .allow_axis_zoom_drag(Vec2b::FALSE)
        .show_x(false)
        .show_y(false)
        .set_margin_fraction(egui::vec2(0.015, 0.08))
        .x_axis_label(small(across))
        .y_axis_label(small(up))
        .label_formatter(|_| None)
        .grid_color(*theme::LINE)
}

/// In the corner where the curves are not.
pub fn legend(corner: Corner) -> Legend {
    Legend::default()
        .position(corner)
        .background_alpha(0.6)
        .text_style(egui::TextStyle::Small)
        .follow_insertion_order(true)
}

fn small(words: String) -> egui::RichText {
    egui::RichText::new(words).small().color(theme::WEAK)
}

/// A value with its bounds, where it has some.
#[derive(Clone, Copy)]
pub struct Bounded {
    pub at: f64,
    pub value: f64,
    pub bounds: Option<[f64; 2]>,
}

/// Points joined by a line, with error bars.
pub fn points(ui: &mut PlotUi<'_>, name: &str, color: Color32, values: &[Bounded]) {
    for Bounded { at, bounds, .. } in values {
        if let Some([low, high]) = bounds {
            let bar = Line::new("", PlotPoints::from(vec![[*at, *low], [*at, *high]]));
            ui.line(bar.stroke(Stroke::new(1.0, color.gamma_multiply(0.55))).allow_hover(false));
        }
    }
    let all = || PlotPoints::from_iter(values.iter().map(|v| [v.at, v.value]));
    let thin = Stroke::new(1.0, color.gamma_multiply(0.8));
    ui.line(Line::new("", all()).stroke(thin).allow_hover(false));
    ui.points(Points::new(name, all()).color(color).radius(2.6).allow_hover(false));
}

pub fn curve(ui: &mut PlotUi<'_>, name: &str, color: Color32, values: &[[f64; 2]]) {
    let line = Line::new(name, PlotPoints::from(values.to_vec()));
    ui.line(line.stroke(Stroke::new(1.6, color)).allow_hover(false));
}
