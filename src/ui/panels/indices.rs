//! The indices of a study: each with its value, what was published of it, and how to read it.

use egui::{Grid, RichText, Ui};

use crate::measure::{IndexRow, Lies};
use crate::report::words;
use crate::text::{t, tr};
use crate::ui::theme;
use crate::workbench::Workbench;

pub fn show(ui: &mut Ui, bench: &Workbench) {
    for row in bench.sheet().map_or(&[][..], |s| &s.indices) {
        theme::card().show(ui, |ui| {
            ui.set_width(ui.available_width());
            index(ui, row);
        });
        ui.add_space(theme::GAP);
    }
}

fn index(ui: &mut Ui, row: &IndexRow) {
    ui.horizontal_wrapped(|ui| {
        ui.label(RichText::new(&row.title).heading().color(theme::STRONG));
        ui.label(RichText::new(words::view(row.view.view)).weak());
    });
    let id = (&row.index, &row.frame.series, row.frame.frame);
    Grid::new(("index", id)).num_columns(2).spacing([14.0, 3.0]).show(ui, |ui| {
        for result in &row.results {
            ui.label(RichText::new(&result.name).color(theme::WEAK));
            ui.label(RichText::new(words::index_value(result)).color(theme::STRONG));
            ui.end_row();
        }
    });
    for result in &row.results {
        for compared in &result.ranges {
            let says = tr(
                "index-range-of",
                &[("name", (&*result.name).into()), ("says", words::index_range(compared).into())],
            );
            let color = match compared.lies {
                Lies::Outside => theme::WARN,
                Lies::Inside | Lies::Either => theme::WEAK,
            };
            ui.label(RichText::new(says).small().color(color))
                .on_hover_text(&compared.range.population);
        }
    }
    for remark in &row.remarks {
        ui.label(RichText::new(format!("▲ {remark}")).small().color(theme::WARN));
    }
    ui.label(RichText::new(&row.method).small().weak());
    for caveat in &row.caveats {
        ui.label(RichText::new(caveat).small().weak());
    }
    ui.label(RichText::new(t("index-no-diagnosis")).small().weak());
}
