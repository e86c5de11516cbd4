//! The preferences dialog: what is changed holds at once and is remembered.

use egui::{Align, Button, Grid, Layout, RichText, ScrollArea, Slider, Ui};

use super::choice::Choice;
use super::field::{Draft, Looks};
use super::key_editor::KeyEditor;
use super::panels::{colormap_words, identity_choice, sampling_words};
use super::theme;
use crate::picture::{Colormap, Sampling};
use crate::text::{t, tr};
use crate::workbench::{
    Command, DIMMER, Language, Prefer, Preferences, SCALE, Surround, ThemeName, Workbench,
};

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Tab {
    #[default]
    General,
    Display,
    Keys,
}

#[derive(Default)]
pub struct PreferencesDialog {
    tab: Tab,
    folder: Draft,
    keys: KeyEditor,
    /// The scale while its slider moves: the dialog must not grow under the hand.
    scale: Option<u16>,
}

const WIDTH: f32 = 660.0;
const HEIGHT: f32 = 430.0;

impl PreferencesDialog {
    pub fn show(&mut self, ui: &mut Ui, bench: &Workbench, say: &mut Vec<Command>) {
        let screen = ui.ctx().content_rect();
        ui.set_width(WIDTH.min(screen.width() - 80.0));
        ui.label(RichText::new(t("preferences-title")).heading().color(theme::STRONG));
        ui.add_space(4.0);
        ui.horizontal(|ui| {
            for (to, words) in [
                (Tab::General, t("preferences-general")),
                (Tab::Display, t("preferences-display")),
                (Tab::Keys, t("preferences-keys")),
            ] {
                ui.selectable_value(&mut self.tab, to, words);
            }
        });
        ui.separator();
        let tall = HEIGHT.min(screen.height() - 210.0).max(120.0);
        let now = bench.preferences();
        let mut prefer = Vec::new();
        ui.allocate_ui(egui::vec2(ui.available_width(), tall), |ui| {
            ui.set_min_height(tall);
            match self.tab {
                Tab::Keys => self.keys.show(ui, bench, tall, &mut prefer),
                tab => {
                    let area = ScrollArea::vertical().id_salt(("preferences", tab as u8));
                    area.max_height(tall).auto_shrink(false).show(ui, |ui| match tab {
                        Tab::General => self.general(ui, now, &mut prefer),
                        _ => self.display(ui, now, &mut prefer),
                    });
                }
            }
        });
        ui.separator();
        ui.horizontal(|ui| {
            if ui.button(t("preferences-defaults")).clicked() {
                prefer.push(Prefer::Defaults);
            }
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                if ui.button(t("preferences-close")).clicked() {
                    ui.close();
                }
                if let Some(path) = bench.preferences_path() {
                    let path = path.display().to_string();
                    let words = RichText::new(&path).small().color(theme::WEAK);
                    ui.add(egui::Label::new(words).truncate()).on_hover_text(path);
                }
            });
        });
        say.extend(prefer.into_iter().map(Command::Prefer));
    }

    fn general(&mut self, ui: &mut Ui, now: &Preferences, prefer: &mut Vec<Prefer>) {
        rows(ui, "general", |ui| {
            ui.label(t("preferences-theme"));
            ui.horizontal(|ui| {
                for theme in ThemeName::ALL {
                    let words = t(match theme {
                        ThemeName::ReadingRoom => "theme-reading-room",
                        ThemeName::Day => "theme-day",
                    });
                    if ui.selectable_label(now.theme == theme, words).clicked() {
                        prefer.push(Prefer::Theme(theme));
                    }
                }
            });
            ui.end_row();

            ui.label(t("preferences-scale"));
            let mut scale = self.scale.unwrap_or(now.scale);
            let slider = Slider::new(&mut scale, SCALE).step_by(5.0).suffix(" %");
            let slider = ui.add(slider).accessible_name(t("preferences-scale"));
            let moving = slider.dragged();
            if moving {
                self.scale = Some(scale);
            } else if self.scale.take().is_some() || slider.changed() {
                prefer.push(Prefer::Scale(scale));
            }
            ui.end_row();

            ui.label(t("preferences-dimmer"));
            let mut dimmer = now.dimmer;
            let slider = Slider::new(&mut dimmer, DIMMER).step_by(5.0).suffix(" %");
            let slider = ui.add(slider).accessible_name(t("preferences-dimmer"));
            if slider.on_hover_text(t("preferences-dimmer-about")).changed() {
                prefer.push(Prefer::Dimmer(dimmer));
            }
            ui.end_row();

            ui.label("");
            let mut on = now.reduce_motion;
            if ui.checkbox(&mut on, t("preferences-reduce-motion")).changed() {
                prefer.push(Prefer::ReduceMotion(on));
            }
            ui.end_row();

            ui.label(t("preferences-language"));
            let words = t(match now.language {
                Language::English => "language-english",
            });
            ui.label(words);
            ui.end_row();

            ui.label(t("preferences-identity"));
            let mut identity = now.identity;
            ui.horizontal(|ui| identity_choice(ui, &mut identity));
            if identity != now.identity {
                prefer.push(Prefer::Identity(identity));
            }
            ui.end_row();

            ui.label(t("preferences-recent"));
            let mut on = now.remember_recent;
            let check = ui.checkbox(&mut on, t("preferences-remember-recent"));
            if check.on_hover_text(t("preferences-remember-recent-about")).changed() {
                prefer.push(Prefer::RememberRecent(on));
            }
            ui.end_row();

            ui.label("");
            let count = now.recent.len();
            let words = tr("preferences-forget", &[("count", count.into())]);
            if ui.add_enabled(count > 0, Button::new(words)).clicked() {
                prefer.push(Prefer::ForgetRecent);
            }
            ui.end_row();
        });
    }

    fn display(&mut self, ui: &mut Ui, now: &Preferences, prefer: &mut Vec<Prefer>) {
        ui.label(RichText::new(t("preferences-display-about")).color(theme::WEAK));
        ui.add_space(4.0);
        rows(ui, "display", |ui| {
            ui.label(t("display-colormap"));
            let maps = Colormap::ALL;
            choose(ui, "display-colormap", now.colormap, &maps, colormap_words, |map| {
                prefer.push(Prefer::Colormap(map));
            });
            ui.end_row();

            ui.label(t("display-sampling"));
            let ways = [Sampling::Bicubic, Sampling::Nearest];
            choose(ui, "display-sampling", now.sampling, &ways, sampling_words, |sampling| {
                prefer.push(Prefer::Sampling(sampling));
            });
            ui.end_row();

            ui.label(t("preferences-surround"));
            ui.horizontal(|ui| {
                for surround in Surround::ALL {
                    let words = t(match surround {
                        Surround::Black => "surround-black",
                        Surround::Grey => "surround-grey",
                        Surround::White => "surround-white",
                    });
                    if ui.selectable_label(now.surround == surround, words).clicked() {
                        prefer.push(Prefer::Surround(surround));
                    }
                }
            });
            ui.end_row();

            ui.label("");
            let mut on = now.corner_texts;
            if ui.checkbox(&mut on, t("display-corner-texts")).changed() {
                prefer.push(Prefer::CornerTexts(on));
            }
            ui.end_row();

            ui.label(t("preferences-hanging"));
            let shown = now.hanging_folder.as_ref().map(|f| f.display().to_string());
            let (name, hint) = (t("preferences-hanging"), t("preferences-hanging-hint"));
            let looks = Looks { name: &name, hint: &hint, rows: 1, width: 380.0 };
            let id = egui::Id::unique("hanging folder");
            if let Some(typed) = self.folder.field(ui, id, &shown.unwrap_or_default(), looks) {
                let typed = typed.trim();
                prefer.push(Prefer::HangingFolder((!typed.is_empty()).then(|| typed.into())));
            }
            ui.end_row();
        });
    }
}

fn rows(ui: &mut Ui, name: &str, show: impl FnOnce(&mut Ui)) {
    let grid = Grid::new(("preferences", name)).num_columns(2).min_col_width(150.0);
    grid.spacing([16.0, 10.0]).show(ui, show);
}

fn choose<T: Copy + PartialEq>(
    ui: &mut Ui,
    key: &str,
    current: T,
    all: &[T],
    words: fn(T) -> String,
    chosen: impl FnMut(T),
) {
    Choice { current, all, words, width: 220.0 }.show(ui, "preferences", key, chosen);
}
