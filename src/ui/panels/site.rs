//! Where the selected region is: what the skeleton says, and every site to choose from.

use egui::{RichText, ScrollArea, TextEdit, Ui};

use crate::findings::{Edit, Site};
use crate::measure::RoiRow;
use crate::text::{t, tr};
use crate::ui::theme;
use crate::workbench::{Command, Workbench};

const LIST: [f32; 2] = [230.0, 260.0];

pub fn show(ui: &mut Ui, row: &RoiRow, bench: &Workbench, say: &mut Vec<Command>) {
    let mut set = |site: Site| say.push(Command::Edit(Edit::SetSite(row.id, site.name())));
    ui.horizontal_wrapped(|ui| {
        let name = tr("site-choose-for", &[("name", row.name.clone().into())]);
        let menu = ui.menu_button(t("site-choose"), |ui| {
            if let Some(site) = list(ui, row, bench) {
                set(site);
                ui.close();
            }
        });
        menu.response.accessible_name(name);
        if let Some(label) = row.place.filter(|_| row.site.is_empty()) {
            let words = [
                ("site", label.site.name().into()),
                ("confidence", format!("{:.2}", label.confidence).into()),
            ];
            let take = ui.button(tr("site-take", &words)).on_hover_text(t("site-take-about"));
            if take.clicked() {
                set(label.site);
            }
        }
        if let Some(code) = row.known_site().and_then(Site::code) {
            let words = [("value", code.value.into()), ("meaning", code.meaning.into())];
            ui.label(RichText::new(tr("site-code", &words)).small().color(theme::WEAK));
        }
    });
}

/// All sites that what is typed finds; the one that was clicked, or the first of them on Enter.
fn list(ui: &mut Ui, row: &RoiRow, bench: &Workbench) -> Option<Site> {
    let id = crate::ui::field::id("site search", bench, row.id);
    let mut typed = ui.data(|data| data.get_temp::<String>(id)).unwrap_or_default();
    ui.set_width(LIST[0]);
    let field = TextEdit::singleline(&mut typed).hint_text(t("site-search"));
    let field = ui.add(field.desired_width(f32::INFINITY)).accessible_name(t("site-search"));
    if !field.has_focus() && typed.is_empty() {
        field.request_focus();
    }
    let mut found: Vec<(usize, Site)> =
        Site::all().filter_map(|site| Some((site.found_by(&typed)?, site))).collect();
    found.sort_by_key(|(rank, _)| *rank);
    let mut chosen = None;
    if field.lost_focus() && ui.input(|i| i.key_pressed(egui::Key::Enter)) {
        chosen = found.first().map(|(_, site)| *site);
    }
    let current = row.known_site();
    ScrollArea::vertical().max_height(LIST[1]).show(ui, |ui| {
        for (_, site) in found {
            if ui.selectable_label(current == Some(site), site.name()).clicked() {
                chosen = Some(site);
            }
        }
    });
    let kept = if chosen.is_some() { String::new() } else { typed };
    ui.data_mut(|data| data.insert_temp(id, kept));
    chosen
}
