//! The annotations of the study that is read, with their words and measures.

use egui::{Button, RichText, Ui};

use crate::findings::{Annotation, Drawn, Edit};
use crate::report::number;
use crate::text::{t, tr};
use crate::ui::field::{self, Draft, Looks};
use crate::ui::theme;
use crate::workbench::{Command, Workbench};

#[derive(Default)]
pub struct Annotations {
    draft: Draft,
    /// The one whose words were offered for typing, once.
    offered: Option<egui::Id>,
}

impl Annotations {
    pub fn show(&mut self, ui: &mut Ui, bench: &Workbench, say: &mut Vec<Command>) {
        let Some(sheet) = bench.sheet().filter(|s| !s.annotations.is_empty()) else { return };
        ui.label(RichText::new(t("annotations-title")).strong());
        for row in &sheet.annotations {
            let annotation = &row.annotation;
            let kind = t(match annotation.drawn {
                Drawn::Text { .. } => "annotation-text",
                Drawn::Arrow { .. } => "annotation-arrow",
                Drawn::Ruler { .. } => "annotation-ruler",
                Drawn::Angle { .. } => "annotation-angle",
            });
            ui.horizontal(|ui| {
                let chosen = bench.selected_annotation() == Some(annotation.id);
                let name = RichText::new(&kind).color(theme::ANNOTATION);
                let says = tr("annotations-select", &[("kind", kind.clone().into())]);
                let button = Button::selectable(chosen, name).min_size(egui::vec2(52.0, 0.0));
                if ui.add(button).accessible_name(says).clicked() {
                    say.push(Command::SelectAnnotation(Some(annotation.id)));
                }
                self.words(ui, annotation, &kind, chosen, bench, say);
                let measure = row.measured.map(number::measured).unwrap_or_default();
                ui.add_sized([76.0, 18.0], egui::Label::new(RichText::new(measure).small()));
                let says = tr("annotations-remove", &[("kind", kind.into())]);
                if ui.small_button("×").on_hover_text(&says).accessible_name(says).clicked() {
                    say.push(Command::Edit(Edit::RemoveAnnotation(annotation.id)));
                }
            });
        }
        ui.add_space(theme::GAP);
    }

    fn words(
        &mut self,
        ui: &mut Ui,
        annotation: &Annotation,
        kind: &str,
        chosen: bool,
        bench: &Workbench,
        say: &mut Vec<Command>,
    ) {
        let name = tr("annotations-text-of", &[("kind", kind.to_owned().into())]);
        let hint = t("annotations-text-hint");
        let width = (ui.available_width() - 122.0).max(80.0);
        let looks = Looks { name: &name, hint: &hint, rows: 1, width };
        let id = field::id("annotation", bench, annotation.id);
        // Words just put on the image wait to be typed over, once the hand has let go: the end of a
        // click takes the focus from whatever was not clicked.
        let at_rest = ui.input(|i| !i.pointer.any_down() && !i.pointer.any_released());
        let new = at_rest && chosen && annotation.text == t("annotation-new-text");
        if new && self.offered != Some(id) {
            self.offered = Some(id);
            ui.memory_mut(|m| m.request_focus(id));
            let all = egui::text::CCursorRange::two(
                egui::text::CCursor::new(0),
                egui::text::CCursor::new(annotation.text.chars().count()),
            );
            let mut state = egui::text_edit::TextEditState::load(ui.ctx(), id).unwrap_or_default();
            state.cursor.set_char_range(Some(all));
            state.store(ui.ctx(), id);
        }
        if let Some(text) = self.draft.field(ui, id, &annotation.text, looks) {
            let annotation = Annotation { text, ..annotation.clone() };
            say.push(Command::Edit(Edit::Reannotate(annotation)));
        }
    }
}
