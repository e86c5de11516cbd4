//! The help sheet: every key in force, by subject, found by typing.

use egui::{Align, Label, Layout, RichText, ScrollArea, TextEdit, Ui, vec2};

use super::theme;
use crate::text::t;
use crate::workbench::{Action, Menu, Workbench};

#[derive(Default)]
pub struct HelpSheet {
    typed: String,
    opened: bool,
}

/// What belongs together: a title and rows of keys and what they do.
struct Section {
    title: String,
    rows: Vec<(String, String)>,
}

/// Of a row, in points.
const KEYS_WIDTH: f32 = 138.0;
const GAP: f32 = 22.0;
/// No column need be wider.
const COLUMN: f32 = 380.0;

impl HelpSheet {
    pub fn open(&mut self) {
        *self = Self::default();
    }

    pub fn show(&mut self, ui: &mut Ui, bench: &Workbench) {
        let screen = ui.ctx().content_rect();
        let most = screen.width() - 80.0;
        let columns = ((most / COLUMN) as usize).clamp(1, 3);
        let width = (COLUMN * columns as f32 + GAP * (columns - 1) as f32).min(most);
        ui.set_width(width);
        ui.horizontal(|ui| {
            ui.label(RichText::new(t("dialog-keys")).heading().color(theme::STRONG));
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                let field = TextEdit::singleline(&mut self.typed).hint_text(t("help-hint"));
                let field = ui.add(field.desired_width(240.0)).accessible_name(t("help-search"));
                if !std::mem::replace(&mut self.opened, true) {
                    field.request_focus();
                }
            });
        });
        ui.add_space(6.0);
        let sections = found(sections(bench), &self.typed);
        let tall = (screen.height() - 170.0).max(160.0);
        ScrollArea::vertical().max_height(tall).min_scrolled_height(tall).show(ui, |ui| {
            if sections.is_empty() {
                ui.weak(t("palette-nothing"));
                return;
            }
            let width = (width - GAP * (columns - 1) as f32 - 12.0) / columns as f32;
            ui.horizontal_top(|ui| {
                ui.spacing_mut().item_spacing.x = GAP;
                for column in spread(&sections, columns) {
                    ui.vertical(|ui| {
                        ui.set_width(width);
                        column.iter().for_each(|section| show(ui, section, width));
                    });
                }
            });
        });
    }
}

fn show(ui: &mut Ui, section: &Section, width: f32) {
    ui.label(RichText::new(&section.title).color(theme::ACCENT));
    // Rows of words, none to hit.
    ui.spacing_mut().interact_size.y = 0.0;
    ui.spacing_mut().item_spacing.y = 4.0;
    for (keys, does) in &section.rows {
        ui.horizontal_top(|ui| {
            ui.spacing_mut().item_spacing.x = 8.0;
            for (words, wide) in [
                (RichText::new(keys).color(theme::STRONG), KEYS_WIDTH),
                (RichText::new(does).color(theme::TEXT), width - KEYS_WIDTH - 8.0),
            ] {
                ui.allocate_ui_with_layout(vec2(wide, 0.0), Layout::top_down(Align::Min), |ui| {
                    ui.set_width(wide);
                    ui.add(Label::new(words).wrap());
                });
            }
        });
    }
    ui.add_space(theme::GAP);
}

/// Everything that keys and mouse do.
fn sections(bench: &Workbench) -> Vec<Section> {
    let menus = Menu::ALL.into_iter().map(|menu| Section {
        title: menu.label(),
        rows: Action::all()
            .filter(|action| action.menu == menu)
            .filter_map(|action| Some((keys(bench, action)?, action.label())))
            .collect(),
    });
    let ways = |title: String, ways: &[(&str, &str)]| Section {
        title,
        rows: ways.iter().map(|(keys, does)| (t(keys), t(does))).collect(),
    };
    let hands = [
        ways(
            t("help-arrows"),
            &[
                ("arrows-select", "arrows-select-does"),
                ("arrows-size", "arrows-size-does"),
                ("arrows-draw", "arrows-draw-does"),
                ("arrows-put", "arrows-put-does"),
                ("arrows-leap", "arrows-leap-does"),
                ("arrows-pan", "arrows-pan-does"),
                ("arrows-tab", "arrows-tab-does"),
                ("arrows-scale", "arrows-scale-does"),
            ],
        ),
        ways(
            t("dialog-keys-mouse"),
            &[
                ("mouse-wheel", "mouse-wheel-does"),
                ("mouse-shift-wheel", "mouse-shift-wheel-does"),
                ("mouse-middle", "mouse-middle-does"),
                ("mouse-drag", "mouse-drag-does"),
                ("mouse-shift-drag", "mouse-shift-drag-does"),
                ("mouse-escape", "mouse-escape-does"),
            ],
        ),
    ];
    menus.chain(hands).collect()
}

/// All keys of an action as one text; `None` where it has none.
pub fn keys(bench: &Workbench, action: &Action) -> Option<String> {
    let keys: Vec<String> =
        bench.keymap().chords(action.id).iter().map(ToString::to_string).collect();
    (!keys.is_empty()).then(|| keys.join(", "))
}

/// The rows that hold what was typed.
fn found(sections: Vec<Section>, typed: &str) -> Vec<Section> {
    let typed = typed.trim().to_lowercase();
    let fits = |text: &str| text.to_lowercase().contains(&typed);
    sections
        .into_iter()
        .map(|Section { title, mut rows }| {
            if !fits(&title) {
                rows.retain(|(keys, does)| fits(keys) || fits(does));
            }
            Section { title, rows }
        })
        .filter(|section| !section.rows.is_empty())
        .collect()
}

/// The sections in columns of about equal height, the order kept within each: the longest first,
/// always into the column that is shortest so far.
fn spread(sections: &[Section], columns: usize) -> Vec<Vec<&Section>> {
    let mut order: Vec<usize> = (0..sections.len()).collect();
    order.sort_by_key(|&at| std::cmp::Reverse(sections[at].lines()));
    let mut spread = vec![(0, Vec::new()); columns];
    for at in order {
        if let Some((height, column)) = spread.iter_mut().min_by_key(|(height, _)| *height) {
            *height += sections[at].lines();
            column.push(at);
        }
    }
    let mut columns: Vec<Vec<usize>> = spread.into_iter().map(|(_, column)| column).collect();
    columns.iter_mut().for_each(|column| column.sort_unstable());
    // What comes first stands on the left.
    columns.sort_unstable();
    columns.into_iter().map(|c| c.into_iter().map(|at| &sections[at]).collect()).collect()
}

impl Section {
    /// About how tall it is.
    fn lines(&self) -> usize {
        const LETTERS: usize = 32;
        self.rows
            .iter()
            .map(|(_, does)| does.chars().count().div_ceil(LETTERS).max(1))
            .sum::<usize>()
            + 2
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn section(title: &str, rows: &[&str]) -> Section {
        let rows = rows.iter().map(|does| ("K".to_owned(), (*does).to_owned())).collect();
        Section { title: title.into(), rows }
    }

    #[test]
    fn columns_hold_everything_and_are_about_as_tall() {
        let sections: Vec<Section> =
            (1..=7).map(|n| section(&n.to_string(), &vec!["row"; 2 * n])).collect();
        for columns in 1..=3 {
            let spread = spread(&sections, columns);
            let mut titles: Vec<&str> = spread.iter().flatten().map(|s| s.title.as_str()).collect();
            assert!(spread.iter().all(|c| c.is_sorted_by_key(|s| &s.title)));
            assert_eq!(titles[0], "1");
            titles.sort_unstable();
            assert_eq!(titles, ["1", "2", "3", "4", "5", "6", "7"]);
            let heights = spread.iter().map(|c| c.iter().map(|s| s.lines()).sum::<usize>());
            let (least, most) = (heights.clone().min().unwrap(), heights.max().unwrap());
            assert!(most - least <= 8, "{columns} columns: {least} to {most}");
        }
    }

    #[test]
    fn typing_finds_rows_by_what_they_do_and_whole_sections_by_title() {
        let sections = || vec![section("File", &["Open", "Save"]), section("View", &["Zoom in"])];
        let rows = |typed| found(sections(), typed).iter().map(|s| s.rows.len()).sum::<usize>();
        assert_eq!([rows(""), rows("zoom"), rows("file"), rows("nothing")], [3, 1, 2, 0]);
    }

    #[test]
    fn every_action_with_a_key_is_on_the_sheet() {
        let bench = Workbench::new();
        let sections = sections(&bench);
        for action in Action::all().filter(|a| !bench.keymap().chords(a.id).is_empty()) {
            let label = action.label();
            assert!(sections.iter().any(|s| s.rows.iter().any(|(_, does)| *does == label)));
        }
    }
}
