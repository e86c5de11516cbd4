//! Ctrl+K: everything that can be asked, found by typing a part of its name.

use egui::{Align2, Id, Key, Modal, RichText, ScrollArea, TextEdit, Ui, vec2};

use super::theme;
use crate::simulate;
use crate::text::{t, tr};
use crate::workbench::{Action, Command, Workbench, demo_path};

#[derive(Default)]
pub struct Palette {
    open: bool,
    fresh: bool,
    typed: String,
    at: usize,
}

struct Entry {
    label: String,
    chord: String,
    command: Command,
}

impl Palette {
    pub fn open(&mut self) {
        *self = Self { open: true, fresh: true, ..Self::default() };
    }

    pub fn is_open(&self) -> bool {
        self.open
    }

    pub fn show(&mut self, ctx: &egui::Context, bench: &Workbench, say: &mut Vec<Command>) {
        if !self.open {
            return;
        }
        // Heard before the field, which would move its cursor.
        let (up, down, enter) = ctx.input_mut(|i| {
            let mut key = |key| i.consume_key(egui::Modifiers::NONE, key);
            (key(Key::ArrowUp), key(Key::ArrowDown), key(Key::Enter))
        });
        let entries = self.found(bench);
        if down && self.at + 1 < entries.len() {
            self.at += 1;
        }
        if up {
            self.at = self.at.saturating_sub(1);
        }
        self.at = self.at.min(entries.len().saturating_sub(1));
        let mut chosen = enter.then_some(self.at);
        let area =
            Modal::default_area(Id::unique("palette")).anchor(Align2::CENTER_TOP, vec2(0.0, 110.0));
        let modal = Modal::new(Id::unique("palette")).area(area).show(ctx, |ui| {
            ui.set_width(460.0);
            self.field(ui);
            ui.add_space(4.0);
            if entries.is_empty() {
                ui.weak(t("palette-nothing"));
            }
            ScrollArea::vertical().max_height(360.0).min_scrolled_height(360.0).show(ui, |ui| {
                for (index, entry) in entries.iter().enumerate() {
                    if line(ui, entry, index == self.at, up || down) {
                        chosen = Some(index);
                    }
                }
            });
        });
        let entry = chosen.and_then(|index| entries.into_iter().nth(index));
        if entry.is_some() || modal.should_close() {
            self.open = false;
        }
        say.extend(entry.map(|e| e.command));
    }

    fn field(&mut self, ui: &mut Ui) {
        let field = TextEdit::singleline(&mut self.typed).hint_text(t("palette-hint"));
        let response = ui.add(field.desired_width(f32::INFINITY));
        let response = response.accessible_name(t("palette-search"));
        if std::mem::take(&mut self.fresh) {
            response.request_focus();
        }
        if response.changed() {
            self.at = 0;
        }
    }

    /// What can be done now and fits what was typed, best first.
    fn found(&self, bench: &Workbench) -> Vec<Entry> {
        let actions = Action::all().filter_map(|action| {
            let chord = bench.keymap().chord(action.id);
            let chord = chord.map(|c| c.to_string()).unwrap_or_default();
            Some(Entry { label: action.label(), chord, command: action.resolve(bench)? })
        });
        let cases = simulate::cases().iter().map(|case| Entry {
            label: tr("palette-case", &[("title", case.title.clone().into())]),
            chord: String::new(),
            command: Command::Open(demo_path(&case.name)),
        });
        let recent = bench.preferences().recent.iter().map(|path| Entry {
            label: tr("palette-recent", &[("name", path.display().to_string().into())]),
            chord: String::new(),
            command: Command::Open(path.clone()),
        });
        let mut found: Vec<(usize, Entry)> = actions
            .chain(cases)
            .chain(recent)
            .filter_map(|e| Some((misfit(&self.typed, &e.label)?, e)))
            .collect();
        found.sort_by_key(|(misfit, _)| *misfit);
        found.into_iter().map(|(_, entry)| entry).collect()
    }
}

fn line(ui: &mut Ui, entry: &Entry, here: bool, moved: bool) -> bool {
    let words = RichText::new(&entry.label);
    let button = egui::Button::selectable(here, words).shortcut_text(&entry.chord);
    let wide = vec2(ui.available_width(), 26.0);
    let response = ui.add(button.min_size(wide)).accessible_name(&entry.label);
    if here && moved {
        response.scroll_to_me(None);
    }
    if here {
        ui.painter().rect_filled(
            egui::Rect::from_min_size(response.rect.min, vec2(2.0, response.rect.height())),
            0.0,
            theme::ACCENT,
        );
    }
    response.clicked()
}

/// How badly a label fits what was typed: 0 is best, `None` not at all. The letters must occur in
/// order; letters that begin words or follow each other fit better.
fn misfit(typed: &str, label: &str) -> Option<usize> {
    let label: Vec<char> = label.to_lowercase().chars().collect();
    let mut misfit = 0;
    let mut from = 0;
    for letter in typed.to_lowercase().chars().filter(|c| !c.is_whitespace()) {
        let begins = |i: usize| i == 0 || !label[i - 1].is_alphanumeric();
        let hits = || (from..label.len()).filter(|&i| label[i] == letter);
        let next = hits().next()?;
        let hit = if next == from && from > 0 {
            next
        } else {
            hits().find(|&i| begins(i)).unwrap_or(next)
        };
        misfit += if hit == from && from > 0 {
            0
        } else if begins(hit) {
            1 + hit.saturating_sub(from) / 8
        } else {
            4 + hit - from
        };
        from = hit + 1;
    }
    Some(misfit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_words_find_labels() {
        assert!(misfit("mir", "Twin on the other side").is_none());
        assert!(misfit("two", "Twin on the other side").is_some());
        assert_eq!(misfit("", "Anything"), Some(0));
        let fits = |typed, label| misfit(typed, label).expect("it fits");
        assert!(fits("undo", "Undo") < fits("undo", "Unit of the second operation"));
        assert!(fits("inv", "Invert grey") < fits("inv", "Main view"));
    }
}
