//! What the selected region and its conjugate say together, on the region's card.

use egui::{Grid, RichText, Ui};

use crate::measure::{GeometricMean, RoiRow, conjugate_pair};
use crate::report::{number, words};
use crate::text::{t, tr};
use crate::ui::theme;
use crate::units::Level;
use crate::workbench::Workbench;

pub fn show(ui: &mut Ui, row: &RoiRow, bench: &Workbench) {
    let Some(reading) = bench.reading() else { return };
    let sheet = reading.sheet();
    let Some(pair) = conjugate_pair(reading.study(), sheet, row.id, Level::NINETY_FIVE) else {
        return;
    };
    let Some(other) = pair.partner(row.id).and_then(|id| sheet.roi(id)) else { return };
    ui.add_space(6.0);
    let view = words::view(other.view.view);
    let with = tr("pair-with", &[("name", other.name.clone().into()), ("view", view.into())]);
    ui.label(RichText::new(with).color(theme::STRONG));
    Grid::new("conjugate").num_columns(2).spacing([14.0, 3.0]).show(ui, |ui| {
        let mut line = |name: String, about: String, value: String| {
            ui.label(RichText::new(name).color(theme::WEAK)).on_hover_text(about);
            ui.label(value);
            ui.end_row();
        };
        // Small means are seldom whole, and a fraction of a large one says nothing.
        let digits = |v: f64| if v >= 1000.0 { number::total(v.round()) } else { number::value(v) };
        let mean = match &pair.mean {
            Some(GeometricMean { value, low, high, .. }) => {
                format!(
                    "{} [{}–{}] {}",
                    digits(*value),
                    digits(*low),
                    digits(*high),
                    row.unit.as_str()
                )
            }
            None => format!("{} {}", digits(pair.value), row.unit.as_str()),
        };
        line(t("pair-mean"), t("pair-mean-about"), mean);
        if let Some([value, low, high]) = pair.per_second.map(|v| v.map(number::value)) {
            let rate = format!("{value} [{low}–{high}] {}", t("curve-per-second"));
            line(t("card-rate"), t("pair-rate-about"), rate);
        }
        if let Some(ratio) = &pair.ratio {
            let ratio = number::ratio_with_interval(ratio);
            line(t("pair-ratio"), t("pair-ratio-about"), ratio);
        }
        if let Some(ratio) = &pair.twin_ratio {
            let ratio = number::ratio_with_interval(ratio);
            line(t("pair-twin-ratio"), t("pair-twin-ratio-about"), ratio);
        }
    });
    if pair.mean.is_some() {
        let method = tr("card-method", &[("method", GeometricMean::METHOD.into())]);
        ui.label(RichText::new(method).small().weak());
    }
    for remark in &pair.remarks {
        ui.label(RichText::new(format!("▲ {remark}")).small().color(theme::WARN));
    }
}
