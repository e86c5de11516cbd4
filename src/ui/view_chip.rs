//! What asks the reader from where a frame looks, while neither the file nor the reader states it.

use egui::{Align, Button, Layout, Rect, Response, RichText, Ui, UiBuilder, vec2};

use crate::report::words;
use crate::study::{Frame, ViewName};
use crate::text::{t, tr};
use crate::workbench::{Action, Command, Show, Workbench, above_badges, confirm_view};

use super::{bars, theme};

const HEIGHT: f32 = 24.0;
/// Narrower panes have room for the naming alone.
const WIDE: f32 = 215.0;

/// Two small buttons above the badges of a pane; where they stand, if they do.
pub fn show(
    ui: &mut Ui,
    pane: Rect,
    index: usize,
    bench: &Workbench,
    frame: &Frame,
    say: &mut Vec<Command>,
) -> Option<Rect> {
    let key = &bench.workspace()?.pane(index)?.frame;
    let kind = bench.reading_of(key)?.study().series(&key.series)?.kind;
    if !kind.planar() || frame.view_stated() {
        return None;
    }
    let size = [f64::from(pane.width()), f64::from(pane.height())];
    let foot = pane.top() + above_badges(bench, index, size)? as f32 - 4.0;
    let row = Rect::from_min_max(
        egui::pos2(pane.left() + 4.0, foot - HEIGHT),
        egui::pos2(pane.right() - 4.0, foot),
    );
    if row.top() < pane.top() + 40.0 || row.width() < 90.0 {
        return None;
    }
    let guess = frame.view.view;
    let mut said = Vec::new();
    let mut chip = |ui: &mut Ui| -> Rect {
        let mut rect = Rect::NOTHING;
        if guess != ViewName::Unknown && row.width() >= WIDE {
            let confirm = confirm(ui, frame);
            rect = rect.union(confirm.rect);
            if confirm.clicked() {
                said.extend(confirm_view(bench, index));
            }
        }
        rect.union(naming(ui, index, bench, &mut said).rect)
    };
    // Laid out once out of sight to know how wide it is, then in the middle.
    let id = ui.scope_id().with(("view chip", index));
    let width = ui.ctx().data(|d| d.get_temp::<f32>(id)).unwrap_or(row.width());
    let middle = Rect::from_center_size(row.center(), vec2(width.min(row.width()), HEIGHT));
    let builder =
        UiBuilder::new().scope_id(id).max_rect(middle).layout(Layout::left_to_right(Align::Center));
    let rect = ui
        .scope_builder(builder, |ui| {
            ui.spacing_mut().item_spacing.x = 4.0;
            chip(ui)
        })
        .inner;
    if (rect.width() - width).abs() > 0.5 {
        ui.ctx().data_mut(|d| d.insert_temp(id, rect.width()));
        ui.ctx().request_repaint();
    }
    if !said.is_empty() {
        // The pane that was asked about is the one that is answered for.
        say.push(Command::Show(Show::Activate(index)));
        say.extend(said);
    }
    Some(rect)
}

fn confirm(ui: &mut Ui, frame: &Frame) -> Response {
    let view = words::view(frame.view.view).to_lowercase();
    let label = tr("chip-confirm-view", &[("view", view.into())]);
    let about =
        tr("chip-confirm-view-about", &[("source", words::view_source(frame.view.source).into())]);
    ui.add(button(&label)).on_hover_text(about)
}

fn button(label: &str) -> Button<'static> {
    Button::new(RichText::new(label.to_owned()).small().color(theme::WARN))
        .fill(theme::RAISED)
        .stroke(egui::Stroke::new(1.0, theme::WARN))
        .min_size(vec2(0.0, HEIGHT - 2.0))
}

fn naming(ui: &mut Ui, index: usize, bench: &Workbench, say: &mut Vec<Command>) -> Response {
    let label = t("chip-name-view");
    let name = tr("chip-name-view-of", &[("pane", (index + 1).into())]);
    let menu = egui::containers::menu::MenuButton::from_button(button(&label));
    let (response, _) = menu.ui(ui, |ui| {
        ui.set_min_width(200.0);
        // What the menu says must mean this pane.
        if bench.workspace().is_some_and(|w| w.active == index) {
            if let Some(action) = Action::by_id("view.confirm") {
                bars::menu_entry(ui, action, bench, say);
            }
            bars::names(ui, bench, say);
        } else {
            say.push(Command::Show(Show::Activate(index)));
        }
    });
    response.accessible_name(name)
}
