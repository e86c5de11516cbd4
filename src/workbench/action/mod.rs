//! The catalogue of what a person can ask. Menu, toolbar, keyboard, palette, help sheet and the
//! table of keys in the README all read it.
//!
//! One file for each subject; `all` is the order of the menus.

mod annotate;
mod file;
mod help;
mod hotspots;
mod index;
mod layout;
mod levels;
mod plots;
mod quality;
mod region;
mod sides;
mod view;
mod window;

pub use index::INDICES;
pub use sides::{NAMES_OF_VIEWS, confirm_view};

use crate::findings::Roi;
use crate::text;

use super::keymap::Chord;
use super::{Command, Pane, Show, Workbench};

/// Where an action stands in the menus.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Menu {
    File,
    Edit,
    View,
    Layout,
    Region,
    Tool,
    Help,
}

impl Menu {
    pub const ALL: [Self; 7] =
        [Self::File, Self::Edit, Self::View, Self::Layout, Self::Region, Self::Tool, Self::Help];

    pub fn label(self) -> String {
        text::t(match self {
            Self::File => "menu-file",
            Self::Edit => "menu-edit",
            Self::View => "menu-view",
            Self::Layout => "menu-layout",
            Self::Region => "menu-region",
            Self::Tool => "menu-tool",
            Self::Help => "menu-help",
        })
    }
}

/// Something a person can ask for. It looks at what is selected and becomes a complete command, or
/// nothing, which greys the menu.
pub struct Action {
    /// Stable and English: `roi.mirror`. Names it in scripts, tests and the palette.
    pub id: &'static str,
    pub menu: Menu,
    /// The first is shown in menus.
    chords: &'static [&'static str],
    resolve: fn(&Workbench) -> Option<Command>,
}

impl Action {
    pub fn all() -> impl Iterator<Item = &'static Self> + Clone {
        CATALOGUE.iter().flat_map(|subject| subject.iter())
    }

    pub fn by_id(id: &str) -> Option<&'static Self> {
        Self::all().find(|a| a.id == id)
    }

    /// In the reader's language.
    pub fn label(&self) -> String {
        text::t(&self.key())
    }

    /// The key of its words: `action-roi-mirror`.
    pub fn key(&self) -> String {
        format!("action-{}", self.id.replace('.', "-"))
    }

    /// Its keys by default; `Workbench::keymap` has those in force.
    pub fn chords(&self) -> impl Iterator<Item = Chord> + use<> {
        self.chords.iter().filter_map(|c| Chord::parse(c))
    }

    pub fn resolve(&self, bench: &Workbench) -> Option<Command> {
        (self.resolve)(bench)
    }
}

/// Every subject's actions, in the order of the menus.
static CATALOGUE: &[&[Action]] = &[
    file::ACTIONS,
    view::ACTIONS,
    levels::ACTIONS,
    sides::ACTIONS,
    layout::ACTIONS,
    region::ACTIONS,
    hotspots::ACTIONS,
    index::ACTIONS,
    plots::ACTIONS,
    annotate::ACTIONS,
    quality::ACTIONS,
    window::ACTIONS,
    help::ACTIONS,
];

macro_rules! action {
    ($id:literal, $menu:ident, [$($chord:literal),*], $resolve:expr) => {
        Action { id: $id, menu: $crate::workbench::Menu::$menu, chords: &[$($chord),*], resolve: $resolve }
    };
}
use action;

fn selected(bench: &Workbench) -> Option<&Roi> {
    bench.reading()?.findings().roi(bench.selected()?)
}

fn show(bench: &Workbench, change: impl FnOnce(usize, &Pane) -> Show) -> Option<Command> {
    let workspace = bench.workspace()?;
    Some(Command::Show(change(workspace.active, workspace.active_pane()?)))
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;

    #[test]
    fn every_action_has_its_own_name_and_keys() {
        let mut keys = HashMap::new();
        for action in Action::all() {
            assert_eq!(
                Action::all().filter(|a| a.id == action.id).count(),
                1,
                "{} stands twice",
                action.id
            );
            assert_eq!(action.chords().count(), action.chords.len(), "{}", action.id);
            for chord in action.chords() {
                if let Some(other) = keys.insert(chord, action.id) {
                    panic!("{chord} stands for {other} and {}", action.id);
                }
            }
            assert_ne!(action.label(), action.key(), "{} has no words", action.id);
        }
    }
}
