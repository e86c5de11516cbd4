//! The findings: a row per region, and a card with every number of the selected one.

use egui::{Align, Button, Layout, RichText, ScrollArea, Sense, Ui};
use egui_extras::{Column, TableBuilder};

use crate::findings::Edit;
use crate::measure::{RatioRow, RoiRow};
use crate::report::{number, words};
use crate::text::{t, tr};
use crate::ui::field::{self, Draft, Looks};
use crate::ui::theme;
use crate::workbench::{Command, Workbench};

use super::annotations::Annotations;
use super::{card, indices, proposals};

#[derive(Default)]
pub struct Results {
    draft: Draft,
    annotations: Annotations,
}

const ROW: f32 = 30.0;

impl Results {
    pub fn show(&mut self, ui: &mut Ui, bench: &Workbench, say: &mut Vec<Command>) {
        let rows = bench.sheet().map_or(&[][..], |s| &s.rois);
        let annotated = bench.sheet().is_some_and(|s| !s.annotations.is_empty());
        if rows.is_empty() && (annotated || !bench.proposals().is_empty()) {
            proposals::show(ui, bench, say);
            self.annotations.show(ui, bench, say);
            return;
        }
        if rows.is_empty() {
            ui.add_space(24.0);
            ui.vertical_centered(|ui| {
                ui.label(RichText::new(t("results-none")).strong());
                ui.add_space(4.0);
                ui.label(RichText::new(t("results-none-hint")).weak());
            });
            return;
        }
        ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
            proposals::show(ui, bench, say);
            ui.scope(|ui| self.table(ui, rows, bench, say));
            ui.add_space(theme::GAP);
            self.annotations.show(ui, bench, say);
            indices::show(ui, bench);
            match rows.iter().find(|r| Some(r.id) == bench.selected()) {
                Some(row) => card::show(ui, row, &mut self.draft, bench, say),
                None => {
                    ui.weak(t("results-select-one"));
                }
            }
        });
    }

    fn table(&mut self, ui: &mut Ui, rows: &[RoiRow], bench: &Workbench, say: &mut Vec<Command>) {
        ui.spacing_mut().item_spacing.x = 6.0;
        let most = (rows.len() as f32 + 1.0) * (ROW + 2.0);
        TableBuilder::new(ui)
            .id_salt("findings")
            .striped(true)
            .sense(Sense::click())
            .cell_layout(Layout::left_to_right(Align::Center))
            .column(Column::exact(38.0))
            .column(Column::exact(36.0))
            .column(Column::remainder().at_least(70.0).clip(true))
            .column(Column::exact(38.0))
            .column(Column::exact(78.0))
            .column(Column::exact(84.0))
            .column(Column::exact(26.0))
            .vscroll(false)
            .max_scroll_height(most)
            .header(22.0, |mut header| {
                let keys = ["region", "side", "site", "ratio", "interval", "sums", "report"];
                for key in keys {
                    header.col(|ui| {
                        let words = RichText::new(t(&format!("results-column-{key}")));
                        ui.label(words.small().weak())
                            .on_hover_text(t(&format!("results-about-{key}")));
                    });
                }
            })
            .body(|mut body| {
                for row in rows {
                    body.row(ROW, |mut line| {
                        line.set_selected(Some(row.id) == bench.selected());
                        self.row(&mut line, row, bench, say);
                        if line.response().clicked() {
                            say.push(Command::Select(Some(row.id)));
                        }
                    });
                }
            });
    }

    fn row(
        &mut self,
        line: &mut egui_extras::TableRow<'_, '_>,
        row: &RoiRow,
        bench: &Workbench,
        say: &mut Vec<Command>,
    ) {
        line.col(|ui| {
            let chosen = Some(row.id) == bench.selected();
            let name = RichText::new(&row.name).color(theme::REGION);
            ui.spacing_mut().button_padding.x = 5.0;
            let button = Button::selectable(chosen, name);
            let says = tr("results-select", &[("name", row.name.clone().into())]);
            if ui.add(button).accessible_name(says).clicked() {
                say.push(Command::Select(Some(row.id)));
            }
        });
        line.col(|ui| {
            let side = row.side.map_or_else(|| number::NONE.to_owned(), words::side);
            ui.label(RichText::new(side).color(theme::STRONG));
        });
        line.col(|ui| {
            let name = tr("results-site-of", &[("name", row.name.clone().into())]);
            let hint = row.place.map_or_else(|| t("results-site-hint"), |l| l.site.name());
            let looks = Looks { name: &name, hint: &hint, rows: 1, width: ui.available_width() };
            let id = field::id("site", bench, row.id);
            if let Some(site) = self.draft.field(ui, id, &row.site, looks) {
                say.push(Command::Edit(Edit::SetSite(row.id, site)));
            }
        });
        let estimate = row.ratio.as_ref().filter(|_| row.refused.is_none()).map(|r| r.estimate);
        let differs =
            |r: &RatioRow| r.differs_from_1 == Some(true) && r.differs_after_control != Some(false);
        let marked = row.ratio.as_ref().is_some_and(differs);
        line.col(|ui| {
            let ratio =
                estimate.and_then(|e| e.value).map_or(number::NONE.to_owned(), number::ratio);
            let color = if marked { theme::STRONG } else { theme::TEXT };
            ui.label(RichText::new(ratio).strong().color(color));
        });
        line.col(|ui| {
            let bounds = estimate.and_then(|e| number::bounds(&e));
            let bounds =
                bounds.map_or(number::NONE.to_owned(), |b| b.trim_matches(['[', ']']).to_owned());
            ui.label(RichText::new(bounds).color(if marked { theme::TEXT } else { theme::WEAK }));
        });
        line.col(|ui| {
            let twin = row.twin.as_ref().ok().map(|twin| number::total(twin.stats.total));
            let sums = match (row.refused, twin) {
                (Some(_), _) => number::NONE.to_owned(),
                (None, None) => number::total(row.stats.total),
                (None, Some(twin)) => format!("{} / {twin}", number::total(row.stats.total)),
            };
            ui.add(egui::Label::new(RichText::new(sums).small()).truncate());
        });
        line.col(|ui| {
            let mut on = row.in_report;
            let says = tr("results-report-of", &[("name", row.name.clone().into())]);
            if ui.checkbox(&mut on, "").accessible_name(says).changed() {
                say.push(Command::Edit(Edit::SetInReport(row.id, on)));
            }
        });
    }
}
