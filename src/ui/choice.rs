//! A list that unfolds to choose one from.

use std::hash::Hash;

use egui::{ComboBox, Ui};

use crate::text::t;

/// What is there to choose from, and how it looks.
pub struct Choice<'a, T> {
    pub current: T,
    pub all: &'a [T],
    pub words: fn(T) -> String,
    pub width: f32,
}

impl<T: Copy + PartialEq> Choice<'_, T> {
    /// Shows the list under the name that `key` has words for, and says what was newly chosen.
    /// `place` tells it from others of the same name.
    pub fn show(
        self,
        ui: &mut Ui,
        place: impl Hash + std::fmt::Debug,
        key: &str,
        mut chosen: impl FnMut(T),
    ) {
        let Self { current, all, words, width } = self;
        let list = ComboBox::from_id_salt((place, key)).width(width);
        let shown = list.selected_text(words(current)).show_ui(ui, |ui| {
            for &one in all {
                if ui.selectable_label(one == current, words(one)).clicked() && one != current {
                    chosen(one);
                }
            }
        });
        shown.response.accessible_name(t(key));
    }
}
