//! How the active pane turns values into grey or colour.

use egui::{ComboBox, DragValue, Grid, RichText, Ui};

use super::thinning::Thinning;
use crate::picture::{Colormap, Sampling, Transfer, Window};
use crate::report::words;
use crate::study::{Frame, Unit};
use crate::text::{t, tr};
use crate::ui::{marks, theme};
use crate::workbench::{Action, Command, Pane, Show, Workbench, Workspace};

#[derive(Default)]
pub struct Display {
    thinning: Thinning,
}

impl Display {
    pub fn show(&mut self, ui: &mut Ui, bench: &Workbench, say: &mut Vec<Command>) {
        let Some(workspace) = bench.workspace() else { return };
        let Some(pane) = workspace.active_pane() else { return };
        let Some(frame) = bench.frame(&pane.frame) else { return };
        let index = workspace.active;
        ui.label(RichText::new(words::view(frame.view.view)).heading());
        ui.add_space(4.0);
        theme::card().show(ui, |ui| {
            ui.set_width(ui.available_width());
            levels(ui, index, pane, frame, say);
            ui.add_space(4.0);
            presets(ui, bench, say);
        });
        ui.add_space(theme::GAP);
        theme::card().show(ui, |ui| {
            ui.set_width(ui.available_width());
            colours(ui, index, pane, say);
        });
        ui.add_space(theme::GAP);
        theme::card().show(ui, |ui| {
            ui.set_width(ui.available_width());
            switches(ui, index, pane, workspace, say);
        });
        ui.add_space(theme::GAP);
        theme::card().show(ui, |ui| {
            ui.set_width(ui.available_width());
            self.thinning.show(ui, &pane.frame, bench, say);
        });
    }
}

/// Both levels, in the image's unit and in percent of the automatic upper level.
fn levels(ui: &mut Ui, pane: usize, shown: &Pane, frame: &Frame, say: &mut Vec<Command>) {
    let Window { lower, upper, .. } = shown.look.window;
    let unit = match &frame.values.unit {
        Unit::Unknown => String::new(),
        unit => unit.as_str().to_owned(),
    };
    let reference = Some(shown.look.reference).filter(|r| *r > 0.0).unwrap_or(1.0);
    let mut said = None;
    Grid::new("levels").num_columns(3).spacing([10.0, 6.0]).show(ui, |ui| {
        for (name, value, top) in [("upper", upper, true), ("lower", lower, false)] {
            ui.label(t(&format!("display-{name}")));
            let mut absolute = value;
            let mut percent = 100.0 * value / reference;
            let step = (upper - lower).abs().max(1e-9) / 200.0;
            let digits = if step >= 1.0 { 0 } else { 2 };
            let field = DragValue::new(&mut absolute).speed(step).max_decimals(digits);
            let field = field.suffix(format!(" {unit}"));
            let says = tr(&format!("display-{name}-in"), &[("unit", unit.clone().into())]);
            if ui.add(field).accessible_name(says).changed() {
                said = Some((absolute, top));
            }
            let field = DragValue::new(&mut percent).speed(0.5).max_decimals(1).suffix(" %");
            let says = t(&format!("display-{name}-percent"));
            if ui.add(field).accessible_name(says).changed() {
                said = Some((percent * reference / 100.0, top));
            }
            ui.end_row();
        }
    });
    if let Some((value, top)) = said {
        let (lower, upper) = if top { (lower, value) } else { (value, upper) };
        say.push(Command::Show(Show::Window { pane, lower, upper }));
    }
}

fn presets(ui: &mut Ui, bench: &Workbench, say: &mut Vec<Command>) {
    ui.horizontal(|ui| {
        let ids = [
            "view.auto_window",
            "view.upper_100",
            "view.upper_75",
            "view.upper_50",
            "view.upper_25",
        ];
        for id in ids {
            let Some(action) = Action::by_id(id) else { continue };
            let Some(command) = action.resolve(bench) else { continue };
            let words = match id.rsplit_once('_') {
                Some((_, percent)) if percent.parse::<u8>().is_ok() => format!("{percent} %"),
                _ => t("display-automatic"),
            };
            let chord = bench.keymap().chord(id).map(|c| format!(" ({c})")).unwrap_or_default();
            let button = ui.button(words).accessible_name(action.label());
            if button.on_hover_text(format!("{}{chord}", action.label())).clicked() {
                say.push(command);
            }
        }
    });
}

fn colours(ui: &mut Ui, pane: usize, shown: &Pane, say: &mut Vec<Command>) {
    let look = &shown.look;
    Grid::new("colours").num_columns(2).spacing([10.0, 6.0]).show(ui, |ui| {
        ui.label(t("display-colormap"));
        choose(ui, "display-colormap", look.colormap, &Colormap::ALL, colormap_words, |colormap| {
            say.push(Command::Show(Show::Colormap { pane, colormap }));
        });
        ui.end_row();
        ui.label("");
        ramp(ui, look.colormap, look.window);
        ui.end_row();
        ui.label(t("display-transfer"));
        let all = [Transfer::Linear, Transfer::SquareRoot, Transfer::Logarithm];
        choose(ui, "display-transfer", look.window.transfer, &all, transfer_words, |transfer| {
            say.push(Command::Show(Show::Transfer { pane, transfer }));
        });
        ui.end_row();
        ui.label(t("display-sampling"));
        let all = Sampling::ALL;
        choose(ui, "display-sampling", look.sampling, &all, sampling_words, |sampling| {
            say.push(Command::Show(Show::Sampling { pane, sampling }));
        });
        ui.end_row();
    });
}

fn choose<T: Copy + PartialEq>(
    ui: &mut Ui,
    key: &str,
    current: T,
    all: &[T],
    words: fn(T) -> String,
    mut chosen: impl FnMut(T),
) {
    let list = ComboBox::from_id_salt(key).width(190.0).selected_text(words(current));
    let shown = list.show_ui(ui, |ui| {
        for &one in all {
            if ui.selectable_label(one == current, words(one)).clicked() && one != current {
                chosen(one);
            }
        }
    });
    shown.response.accessible_name(t(key));
}

/// The map from lower to upper, as the image uses it.
fn ramp(ui: &mut Ui, colormap: Colormap, window: Window) {
    let (rect, _) = ui.allocate_exact_size(egui::vec2(190.0, 10.0), egui::Sense::hover());
    marks::ramp(ui.painter(), rect, colormap, window);
}

fn switches(ui: &mut Ui, pane: usize, shown: &Pane, workspace: &Workspace, say: &mut Vec<Command>) {
    let mut mirrored = shown.camera.mirrored;
    let flip = ui.checkbox(&mut mirrored, t("display-mirrored"));
    if flip.on_hover_text(t("display-mirrored-about")).changed() {
        say.push(Command::Show(Show::Mirror { pane }));
    }
    let mut on = workspace.overlays;
    if ui.checkbox(&mut on, t("display-overlays")).changed() {
        say.push(Command::Show(Show::Overlays(on)));
    }
    let mut on = workspace.corner_texts;
    if ui.checkbox(&mut on, t("display-corner-texts")).changed() {
        say.push(Command::Show(Show::CornerTexts(on)));
    }
}

pub fn colormap_words(colormap: Colormap) -> String {
    t(match colormap {
        Colormap::Grey => "colormap-grey",
        Colormap::InvertedGrey => "colormap-inverted-grey",
        Colormap::HotIron => "colormap-hot-iron",
        Colormap::Pet => "colormap-pet",
        Colormap::HotMetalBlue => "colormap-hot-metal-blue",
        Colormap::Pet20Step => "colormap-pet-20-step",
        Colormap::Viridis => "colormap-viridis",
        Colormap::Cividis => "colormap-cividis",
        Colormap::Inferno => "colormap-inferno",
        Colormap::Rainbow => "colormap-rainbow",
        Colormap::User(map) => return map.name().to_owned(),
    })
}

fn transfer_words(transfer: Transfer) -> String {
    t(match transfer {
        Transfer::Linear => "transfer-linear",
        Transfer::SquareRoot => "transfer-square-root",
        Transfer::Logarithm => "transfer-logarithm",
        Transfer::Gamma(_) => "transfer-gamma",
    })
}

pub fn sampling_words(sampling: Sampling) -> String {
    t(match sampling {
        Sampling::Nearest => "sampling-nearest",
        Sampling::Bilinear => "sampling-bilinear",
        Sampling::Bicubic => "sampling-bicubic",
        Sampling::Lanczos => "sampling-lanczos",
    })
}
