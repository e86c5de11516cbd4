//! A text field that says its text once, when the reader is done with it.

use std::fmt::Debug;
use std::hash::Hash;

use egui::{TextEdit, Ui};

use crate::workbench::Workbench;

/// Half-typed text. One field is typed in at a time, so one draft is enough.
#[derive(Default)]
pub struct Draft {
    owner: Option<egui::Id>,
    text: String,
}

/// How a field looks.
#[derive(Clone, Copy)]
pub struct Looks<'a> {
    /// What a screen reader calls it.
    pub name: &'a str,
    pub hint: &'a str,
    /// 1 for a single line.
    pub rows: usize,
    pub width: f32,
}

/// Names a field of the study that is read: a study that opens while the reader types must not be
/// given the other one's words.
pub fn id(name: &str, bench: &Workbench, of: impl Hash + Debug) -> egui::Id {
    egui::Id::unique((name, bench.study().map(|s| s.uid.clone()), of))
}

impl Draft {
    /// Shows `current` and returns what the reader made of it: on Enter (single line) or when the
    /// field is left. Esc leaves it as it was.
    pub fn field(
        &mut self,
        ui: &mut Ui,
        id: egui::Id,
        current: &str,
        looks: Looks<'_>,
    ) -> Option<String> {
        let mine = self.owner == Some(id);
        let mut shown = if mine { self.text.clone() } else { current.to_owned() };
        let edit = match looks.rows {
            0 | 1 => TextEdit::singleline(&mut shown),
            rows => TextEdit::multiline(&mut shown).desired_rows(rows),
        };
        let edit = edit.id(id).hint_text(looks.hint).desired_width(looks.width);
        let response = ui.add(edit).accessible_name(looks.name);
        if response.changed() || response.gained_focus() {
            self.owner = Some(id);
            self.text = shown;
        }
        if !response.lost_focus() || self.owner != Some(id) {
            return None;
        }
        self.owner = None;
        let typed = std::mem::take(&mut self.text);
        let given_up = ui.input(|i| i.key_pressed(egui::Key::Escape));
        (typed != current && !given_up).then_some(typed)
    }
}
