//! How the active pane turns values into grey or colour.

use egui::{ComboBox, DragValue, Grid, RichText, ScrollArea, Slider, Ui};

use super::thinning::Thinning;
use crate::picture::{Colormap, GAMMA, Sampling, Transfer, Window};
use crate::report::words;
use crate::study::{Frame, Unit};
use crate::text::{t, tr};
use crate::ui::choice::Choice;
use crate::ui::{marks, theme};
use crate::workbench::{
    Action, Command, Links, Pane, Question, Show, Standard, Workbench, Workspace,
};

/// Width of the lists and of the strips that show a map.
const STRIP: f32 = 190.0;

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
        ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
            ui.label(RichText::new(words::view(frame.view.view)).heading());
            ui.add_space(4.0);
            theme::card().show(ui, |ui| {
                ui.set_width(ui.available_width());
                levels(ui, index, pane, frame, say);
                ui.add_space(4.0);
                presets(ui, bench, &PRESETS, say);
                presets(ui, bench, &SCALES, say);
            });
            ui.add_space(theme::GAP);
            theme::card().show(ui, |ui| {
                ui.set_width(ui.available_width());
                colours(ui, index, pane, say);
                transfer(ui, index, pane, say);
            });
            ui.add_space(theme::GAP);
            theme::card().show(ui, |ui| {
                ui.set_width(ui.available_width());
                presets(ui, bench, &INTENSITIES, say);
                ui.add_space(4.0);
                switches(ui, index, pane, workspace, say);
            });
            ui.add_space(theme::GAP);
            theme::card().show(ui, |ui| {
                ui.set_width(ui.available_width());
                self.thinning.show(ui, &pane.frame, bench, say);
            });
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
        stated(ui, pane, shown, &unit, say);
    });
    if let Some((value, top)) = said {
        let (lower, upper) = if top { (lower, value) } else { (value, upper) };
        say.push(Command::Show(Show::Window { pane, lower, upper }));
    }
}

/// Levels at a touch, what they are tied to, and more than one intensity: the catalogue's actions
/// with shorter words.
const PRESETS: [(&str, &str); 6] = [
    ("view.auto_window", "display-automatic"),
    ("view.upper_100", "display-upper-100"),
    ("view.upper_75", "display-upper-75"),
    ("view.upper_50", "display-upper-50"),
    ("view.upper_25", "display-upper-25"),
    ("view.lesion", "display-lesion"),
];
const SCALES: [(&str, &str); 2] =
    [("view.anchor", "display-anchor"), ("view.sweep", "display-sweep")];
const INTENSITIES: [(&str, &str); 2] =
    [("view.dual", "display-dual"), ("view.dual_root", "display-dual-root")];

fn presets(ui: &mut Ui, bench: &Workbench, ids: &[(&str, &str)], say: &mut Vec<Command>) {
    ui.horizontal_wrapped(|ui| {
        for (id, words) in ids {
            let Some(action) = Action::by_id(id) else { continue };
            let Some(command) = action.resolve(bench) else { continue };
            let chord = bench.keymap().chord(id).map(|c| format!(" ({c})")).unwrap_or_default();
            let button = ui.button(t(words)).accessible_name(action.label());
            if button.on_hover_text(format!("{}{chord}", action.label())).clicked() {
                say.push(command);
            }
        }
    });
}

/// What 100 % stands for, and the background cut.
fn stated(ui: &mut Ui, pane: usize, shown: &Pane, unit: &str, say: &mut Vec<Command>) {
    let look = &shown.look;
    ui.label(t("display-standard"));
    choose(ui, "display-standard", look.standard, &Standard::ALL, standard_words, |standard| {
        say.push(Command::Show(Show::Standard { pane, standard }));
    });
    ui.end_row();
    let mut on = look.window.cut.is_some();
    if ui.checkbox(&mut on, t("display-cut")).on_hover_text(t("display-cut-about")).changed() {
        let tenth = look.window.lower + 0.1 * (look.window.upper - look.window.lower);
        say.push(Command::Show(Show::Cut { pane, cut: on.then_some(tenth) }));
    }
    if let Some(mut cut) = look.window.cut {
        let step = (look.window.upper - look.window.lower).abs().max(1e-9) / 200.0;
        let field = DragValue::new(&mut cut).speed(step).max_decimals(2);
        let field = ui.add(field.suffix(format!(" {unit}")));
        if field.accessible_name(t("display-cut-value")).changed() {
            say.push(Command::Show(Show::Cut { pane, cut: Some(cut) }));
        }
    }
    ui.end_row();
}

fn colours(ui: &mut Ui, pane: usize, shown: &Pane, say: &mut Vec<Command>) {
    let look = &shown.look;
    Grid::new("colours").num_columns(2).spacing([10.0, 6.0]).show(ui, |ui| {
        ui.label(t("display-colormap"));
        maps(ui, look.colormap, |colormap| {
            say.push(Command::Show(Show::Colormap { pane, colormap }));
        });
        ui.end_row();
        ui.label("");
        ramp(ui, look.colormap, look.window);
        ui.end_row();
        ui.label(t("display-sampling"));
        choose(ui, "display-sampling", look.sampling, &Sampling::ALL, sampling_words, |sampling| {
            say.push(Command::Show(Show::Sampling { pane, sampling }));
        });
        ui.end_row();
    });
    if !look.colormap.for_sizes() {
        ui.label(RichText::new(t("display-not-for-sizes")).color(theme::WARN).small());
    }
    if ui.button(t("action-view-load_colormap")).clicked() {
        say.push(Command::Ask(Question::LoadColormap));
    }
}

/// Every map with a strip of what it does to a ramp.
fn maps(ui: &mut Ui, current: Colormap, mut chosen: impl FnMut(Colormap)) {
    let list = ComboBox::from_id_salt("display-colormap")
        .width(STRIP)
        .truncate()
        .height(420.0)
        .selected_text(colormap_words(current));
    let shown = list.show_ui(ui, |ui| {
        for map in Colormap::all() {
            let words = colormap_words(map);
            let said = ui.horizontal(|ui| {
                let size = egui::vec2(0.4 * STRIP, 12.0);
                let (rect, _) = ui.allocate_exact_size(size, egui::Sense::hover());
                marks::ramp(ui.painter(), rect, map, Window::linear(0.0, 1.0));
                ui.selectable_label(map == current, &words)
            });
            if said.inner.clicked() && map != current {
                chosen(map);
                ui.close();
            }
        }
    });
    shown.response.accessible_name(t("display-colormap"));
}

/// How values spread between the levels; a slider where that is a gamma.
fn transfer(ui: &mut Ui, pane: usize, shown: &Pane, say: &mut Vec<Command>) {
    let now = shown.look.window.transfer;
    let gamma = match now {
        Transfer::Gamma(gamma) => gamma,
        _ => 1.5,
    };
    Grid::new("transfer").num_columns(2).spacing([10.0, 6.0]).show(ui, |ui| {
        ui.label(t("display-transfer"));
        let [linear, root, logarithm] = Transfer::ALL;
        let all = [linear, root, logarithm, Transfer::Gamma(gamma)];
        choose(ui, "display-transfer", now, &all, transfer_words, |transfer| {
            say.push(Command::Show(Show::Transfer { pane, transfer }));
        });
        ui.end_row();
        if let Transfer::Gamma(mut gamma) = now {
            ui.label(t("display-gamma"));
            let slider = Slider::new(&mut gamma, GAMMA).logarithmic(true).max_decimals(2);
            let slider = ui.add(slider).accessible_name(t("display-gamma"));
            if slider.on_hover_text(t("display-gamma-about")).changed() {
                let transfer = Transfer::Gamma(gamma);
                say.push(Command::Show(Show::Transfer { pane, transfer }));
            }
            ui.end_row();
        }
    });
}

fn choose<T: Copy + PartialEq>(
    ui: &mut Ui,
    key: &str,
    current: T,
    all: &[T],
    words: fn(T) -> String,
    chosen: impl FnMut(T),
) {
    Choice { current, all, words, width: STRIP }.show(ui, "display", key, chosen);
}

/// The map from lower to upper, as the image uses it.
fn ramp(ui: &mut Ui, colormap: Colormap, window: Window) {
    let (rect, _) = ui.allocate_exact_size(egui::vec2(STRIP, 10.0), egui::Sense::hover());
    marks::ramp(ui.painter(), rect, colormap, window);
}

fn switches(ui: &mut Ui, pane: usize, shown: &Pane, workspace: &Workspace, say: &mut Vec<Command>) {
    let mut mirrored = shown.camera.mirrored;
    let flip = ui.checkbox(&mut mirrored, t("display-mirrored"));
    if flip.on_hover_text(t("display-mirrored-about")).changed() {
        say.push(Command::Show(Show::Mirror { pane }));
    }
    let links = workspace.links;
    if workspace.panes.len() > 1 {
        let mut on = links.window;
        let chip = ui.checkbox(&mut on, t("display-link-windows"));
        if chip.on_hover_text(t("display-link-windows-about")).changed() {
            say.push(Command::Show(Show::Link(Links { window: on, ..links })));
        }
        let mut on = links.camera;
        if ui.checkbox(&mut on, t("display-link-cameras")).changed() {
            say.push(Command::Show(Show::Link(Links { camera: on, ..links })));
        }
    }
    let mut on = workspace.overlays;
    if ui.checkbox(&mut on, t("display-overlays")).changed() {
        say.push(Command::Show(Show::Overlays(on)));
    }
    let mut on = workspace.bones;
    let box_ = ui.checkbox(&mut on, t("display-bones"));
    if box_.on_hover_text(t("display-bones-about")).changed() {
        say.push(Command::Show(Show::Bones(on)));
    }
    let mut on = workspace.symmetry;
    let map = ui.checkbox(&mut on, t("display-symmetry"));
    if map.on_hover_text(t("display-symmetry-about")).changed() {
        say.push(Command::Show(Show::Symmetry(on)));
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

fn standard_words(standard: Standard) -> String {
    t(match standard {
        Standard::Automatic => "standard-automatic",
        Standard::Maximum => "standard-maximum",
        Standard::Region => "standard-region",
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
