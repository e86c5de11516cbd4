//! The key editor: find an action, press its new keys, settle who has them.

use egui::{
    Align, Button, ComboBox, Event, Label, Layout, RichText, ScrollArea, TextEdit, Ui, vec2,
};

use super::{help, keys, theme};
use crate::text::{t, tr};
use crate::workbench::{Action, Chord, Menu, Prefer, Preset, Workbench, reserved};

#[derive(Default)]
pub struct KeyEditor {
    typed: String,
    change: Option<Change>,
}

/// An action whose keys are being changed.
struct Change {
    action: &'static Action,
    /// Beside the present keys instead of them.
    add: bool,
    heard: Option<Heard>,
}

/// What the reader pressed that cannot be taken just so.
enum Heard {
    Reserved(Chord),
    /// The key stands for another action already.
    Taken(Chord, &'static Action),
}

/// Of a row, in points.
const KEYS_WIDTH: f32 = 170.0;
const BUTTONS_WIDTH: f32 = 232.0;

impl KeyEditor {
    fn listening(&self) -> bool {
        self.change.as_ref().is_some_and(|c| !matches!(c.heard, Some(Heard::Taken(..))))
    }

    pub fn show(&mut self, ui: &mut Ui, bench: &Workbench, tall: f32, prefer: &mut Vec<Prefer>) {
        self.listen(ui, bench, prefer);
        ui.horizontal(|ui| {
            ui.label(t("keys-preset"));
            let now = bench.preferences().preset;
            let list = ComboBox::from_id_salt("key preset").selected_text(now.name());
            let shown = list.show_ui(ui, |ui| {
                for preset in Preset::ALL {
                    if ui.selectable_label(now == preset, preset.name()).clicked() {
                        prefer.push(Prefer::Preset(preset));
                    }
                }
            });
            shown.response.accessible_name(t("keys-preset"));
            let own = !bench.preferences().own_keys.is_empty();
            if ui.add_enabled(own, Button::new(t("keys-reset-all"))).clicked() {
                prefer.push(Prefer::PresetKeys);
            }
            let field = TextEdit::singleline(&mut self.typed).hint_text(t("help-hint"));
            ui.add(field.desired_width(f32::INFINITY)).accessible_name(t("keys-search"));
        });
        ui.add_space(4.0);
        let top = ui.cursor().top();
        self.say(ui, bench, prefer);
        let left = tall - 40.0 - (ui.cursor().top() - top);
        let area = ScrollArea::vertical().id_salt("key rows").max_height(left).auto_shrink(false);
        area.show(ui, |ui| {
            for menu in Menu::ALL {
                let fits = |action: &&Action| action.menu == menu && self.fits(bench, action);
                let mut actions = Action::all().filter(fits).peekable();
                if actions.peek().is_some() {
                    ui.label(RichText::new(menu.label()).color(theme::ACCENT));
                }
                let actions: Vec<&'static Action> = actions.collect();
                for action in actions {
                    self.row(ui, action, bench, prefer);
                }
            }
        });
    }

    fn fits(&self, bench: &Workbench, action: &Action) -> bool {
        let typed = self.typed.trim().to_lowercase();
        let keys = help::keys(bench, action).unwrap_or_default();
        action.label().to_lowercase().contains(&typed) || keys.to_lowercase().contains(&typed)
    }

    fn row(
        &mut self,
        ui: &mut Ui,
        action: &'static Action,
        bench: &Workbench,
        prefer: &mut Vec<Prefer>,
    ) {
        let name = action.label();
        let named = |key: &str| tr(key, &[("action", name.clone().into())]);
        let wide = ui.available_width();
        ui.horizontal(|ui| {
            let label = wide - KEYS_WIDTH - BUTTONS_WIDTH - 24.0;
            let size = vec2(label, 24.0);
            ui.allocate_ui_with_layout(size, Layout::left_to_right(Align::Center), |ui| {
                ui.set_width(label);
                ui.add(Label::new(&name).truncate());
            });
            let own = bench.preferences().own_keys.contains_key(action.id);
            let color = if own { theme::ACCENT } else { theme::STRONG };
            let keys = help::keys(bench, action).unwrap_or_default();
            let size = vec2(KEYS_WIDTH, 24.0);
            ui.allocate_ui_with_layout(size, Layout::left_to_right(Align::Center), |ui| {
                ui.set_width(KEYS_WIDTH);
                ui.add(Label::new(RichText::new(keys).color(color)).truncate());
            });
            ui.spacing_mut().item_spacing.x = 4.0;
            let change = |add| Some(Change { action, add, heard: None });
            if ui.button(t("keys-change")).accessible_name(named("keys-change-of")).clicked() {
                self.change = change(false);
            }
            let has = bench.keymap().chord(action.id).is_some();
            let add = ui.add_enabled(has, Button::new(t("keys-add")));
            if add.accessible_name(named("keys-add-of")).clicked() {
                self.change = change(true);
            }
            let none = ui.add_enabled(has, Button::new(t("keys-none")));
            if none.accessible_name(named("keys-none-of")).clicked() {
                prefer.push(Prefer::Keys { action: action.id.into(), chords: Some(Vec::new()) });
            }
            let reset = ui.add_enabled(own, Button::new(t("keys-reset")));
            if reset.accessible_name(named("keys-reset-of")).clicked() {
                prefer.push(Prefer::Keys { action: action.id.into(), chords: None });
            }
        });
    }

    /// What is asked of the reader now.
    fn say(&mut self, ui: &mut Ui, bench: &Workbench, prefer: &mut Vec<Prefer>) {
        let Some(change) = &self.change else { return };
        let action = change.action.label();
        let mut done = false;
        theme::card().show(ui, |ui| {
            ui.set_width(ui.available_width());
            ui.horizontal(|ui| {
                let of = |chord: Chord| ("keys", chord.to_string().into());
                let words = match &change.heard {
                    None => tr("keys-press", &[("action", action.into())]),
                    Some(Heard::Reserved(chord)) => tr("keys-reserved", &[of(*chord)]),
                    Some(Heard::Taken(chord, other)) => {
                        tr("keys-taken", &[of(*chord), ("other", other.label().into())])
                    }
                };
                ui.label(RichText::new(words).color(theme::ACCENT));
                ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                    done |= ui.button(t("dialog-cancel")).clicked();
                    if let Some(Heard::Taken(chord, other)) = change.heard {
                        let words = tr("keys-take", &[("other", other.label().into())]);
                        if ui.button(words).clicked() {
                            prefer.push(change.bound(chord, bench));
                            done = true;
                        }
                    }
                });
            });
        });
        ui.add_space(4.0);
        if done {
            self.change = None;
        }
    }

    /// Takes all keys of the frame while one is asked for.
    fn listen(&mut self, ui: &Ui, bench: &Workbench, prefer: &mut Vec<Prefer>) {
        if !self.listening() {
            return;
        }
        let Some(change) = &mut self.change else { return };
        let mut heard = None;
        ui.input_mut(|input| {
            input.events.retain(|event| match event {
                // A key still held down from before is none of the new ones.
                Event::Key { key, pressed: true, repeat: false, modifiers, .. } => {
                    heard = heard.or(keys::chord(*key, *modifiers));
                    false
                }
                // What the clipboard made of its keys.
                Event::Copy => {
                    heard = heard.or(Chord::parse("Ctrl+C"));
                    false
                }
                Event::Cut => {
                    heard = heard.or(Chord::parse("Ctrl+X"));
                    false
                }
                Event::Key { .. } | Event::Text(_) => false,
                _ => true,
            });
        });
        let Some(chord) = heard else { return };
        if chord.key == crate::workbench::Key::Escape {
            self.change = None;
            return;
        }
        let holder = bench.keymap().action(chord).filter(|other| other.id != change.action.id);
        match holder {
            _ if reserved(chord) => change.heard = Some(Heard::Reserved(chord)),
            Some(other) => change.heard = Some(Heard::Taken(chord, other)),
            None => {
                prefer.push(change.bound(chord, bench));
                self.change = None;
            }
        }
    }
}

impl Change {
    fn bound(&self, chord: Chord, bench: &Workbench) -> Prefer {
        let mut chords = match self.add {
            true => bench.keymap().chords(self.action.id).to_vec(),
            false => Vec::new(),
        };
        if !chords.contains(&chord) {
            chords.push(chord);
        }
        Prefer::Keys { action: self.action.id.into(), chords: Some(chords) }
    }
}
