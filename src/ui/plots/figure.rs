//! What all plots have in common: quiet axes, error bars, colours of region and twin.

use egui::{Color32, Stroke, Vec2, Vec2b};
use egui_plot::{
    AxisHints, Corner, GridInput, GridMark, Legend, Line, Plot, PlotPoints, PlotUi, Points,
};

use crate::ui::theme;

/// Labels of an axis fade when they come closer than this, in points.
const CROWDED: std::ops::RangeInclusive<f32> = 9.0..=16.0;

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
        .custom_x_axes(vec![AxisHints::new_x().label(small(across)).label_spacing(CROWDED)])
        .custom_y_axes(vec![AxisHints::new_y().label(small(up)).label_spacing(CROWDED)])
        .x_grid_spacer(|input| marks(input, 6.0))
        .y_grid_spacer(|input| marks(input, 4.0))
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

/// About so many grid lines at 1, 2 or 5 times a power of ten.
fn marks(input: GridInput, wanted: f64) -> Vec<GridMark> {
    let (low, high) = input.bounds;
    let rough = ((high - low) / wanted).max(input.base_step_size);
    if !(rough.is_finite() && rough > 0.0) {
        return Vec::new();
    }
    let decade = 10f64.powf(rough.log10().floor());
    let steps = [1.0, 2.0, 5.0].map(|step| step * decade);
    let step = steps.into_iter().find(|step| *step >= rough).unwrap_or(10.0 * decade);
    let first = (low / step).ceil();
    let count = ((high / step).floor() - first).clamp(0.0, 40.0) as usize;
    (0..=count).map(|i| GridMark { value: (first + i as f64) * step, step_size: step }).collect()
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
