//! Which chord stands for which action: the catalogue's keys, a preset over them, the reader's own
//! over both.

use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};

use super::Action;
use super::keymap::{Chord, Key};

/// Chords by the id of the action they stand for; an empty list leaves the action without a key.
pub type Bindings = BTreeMap<String, Vec<Chord>>;

/// The habits a reader brings along from another viewer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Preset {
    /// The catalogue's own keys.
    #[default]
    Bonescope,
    Weasis,
    Ohif,
    Horos,
}

/// The files of the presets: what differs from the catalogue.
const PRESETS: [(Preset, &str); 3] = [
    (Preset::Weasis, include_str!("../../assets/keys/weasis.toml")),
    (Preset::Ohif, include_str!("../../assets/keys/ohif.toml")),
    (Preset::Horos, include_str!("../../assets/keys/horos.toml")),
];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PresetFile {
    keys: Bindings,
}

impl Preset {
    pub const ALL: [Self; 4] = [Self::Bonescope, Self::Weasis, Self::Ohif, Self::Horos];

    /// The program it is named after: the same in every language.
    pub fn name(self) -> &'static str {
        match self {
            Self::Bonescope => "Bonescope",
            Self::Weasis => "Weasis",
            Self::Ohif => "OHIF",
            Self::Horos => "Horos",
        }
    }

    fn bindings(self) -> Bindings {
        let Some((_, text)) = PRESETS.iter().find(|(preset, _)| *preset == self) else {
            return Bindings::new();
        };
        let file: PresetFile = toml::from_str(text).expect("a test reads every preset");
        file.keys
    }
}

/// Why a binding does not hold.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BindingError {
    #[error("there is no action {0:?}")]
    NoSuchAction(String),
    #[error("{chord} stands for {first} already and cannot stand for {second} too")]
    Taken { chord: Chord, first: &'static str, second: &'static str },
    #[error("{chord} belongs to the window and cannot stand for {action}")]
    Reserved { chord: Chord, action: &'static str },
}

/// The bindings in force.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Keymap {
    /// The first chord of an action is shown in menus.
    chords: HashMap<&'static str, Vec<Chord>>,
    actions: HashMap<Chord, &'static str>,
}

impl Default for Keymap {
    fn default() -> Self {
        Self::new(Preset::Bonescope, &Bindings::new()).0
    }
}

impl Keymap {
    /// A chord goes to the topmost layer that asks for it – the reader's own, the preset, the
    /// catalogue – and is lost to the layers below. Within one layer the first action keeps it;
    /// what could not be granted is told.
    pub fn new(preset: Preset, own: &Bindings) -> (Self, Vec<BindingError>) {
        let mut map = Self { chords: HashMap::new(), actions: HashMap::new() };
        let mut problems = Vec::new();
        // From the top, so that a chord already given away is a chord lost.
        map.layer(own, &mut problems);
        let mut ours = Vec::new();
        map.layer(&preset.bindings(), &mut ours);
        let catalogue = Action::all().map(|a| (a.id.to_owned(), a.chords().collect()));
        map.layer(&catalogue.collect(), &mut ours);
        if !ours.is_empty() {
            tracing::error!(?ours, "the key presets have mistakes");
        }
        (map, problems)
    }

    fn layer(&mut self, bindings: &Bindings, problems: &mut Vec<BindingError>) {
        let above = self.actions.clone();
        // What an upper layer has said about an action is all there is to say about it.
        let settled: Vec<&'static str> = self.chords.keys().copied().collect();
        for (id, chords) in bindings {
            let Some(action) = Action::by_id(id) else {
                problems.push(BindingError::NoSuchAction(id.clone()));
                continue;
            };
            if settled.contains(&action.id) {
                continue;
            }
            let mut granted = Vec::new();
            for &chord in chords {
                if reserved(chord) {
                    problems.push(BindingError::Reserved { chord, action: action.id });
                } else if let Some(first) = self.actions.get(&chord).copied() {
                    if !above.contains_key(&chord) && first != action.id {
                        let second = action.id;
                        problems.push(BindingError::Taken { chord, first, second });
                    }
                } else {
                    self.actions.insert(chord, action.id);
                    granted.push(chord);
                }
            }
            self.chords.insert(action.id, granted);
        }
    }

    /// What a chord stands for.
    pub fn action(&self, chord: Chord) -> Option<&'static Action> {
        Action::by_id(self.actions.get(&chord)?)
    }

    /// The chords of an action, the one shown in menus first.
    pub fn chords(&self, action: &str) -> &[Chord] {
        self.chords.get(action).map_or(&[], Vec::as_slice)
    }

    /// The chord shown in menus.
    pub fn chord(&self, action: &str) -> Option<Chord> {
        self.chords(action).first().copied()
    }
}

/// Whether the window keeps a chord for itself, whatever a key map says: Esc takes back, Tab walks
/// from widget to widget, Ctrl with +, − and 0 scales the window, Ctrl+C, V and X are the
/// clipboard's and never arrive as keys, Alt with arrows moves the picture.
pub fn reserved(chord: Chord) -> bool {
    let Chord { ctrl, shift, alt, key } = chord;
    let ctrl_only = ctrl && !shift && !alt;
    match key {
        Key::Escape => true,
        Key::Char('+' | '-' | '=' | '0') => ctrl,
        Key::Char('C' | 'V' | 'X') => ctrl_only,
        Key::Up | Key::Down | Key::Left | Key::Right => alt,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn own(lines: &[(&str, &[&str])]) -> Bindings {
        let chords = |texts: &[&str]| texts.iter().map(|t| Chord::parse(t).unwrap()).collect();
        lines.iter().map(|(id, texts)| (id.to_string(), chords(texts))).collect()
    }

    fn chord(text: &str) -> Chord {
        Chord::parse(text).unwrap()
    }

    #[test]
    fn presets_name_existing_actions_and_do_not_contradict_themselves() {
        for (preset, text) in PRESETS {
            let file: PresetFile = toml::from_str(text).unwrap();
            assert!(!file.keys.is_empty());
            let mut map = Keymap { chords: HashMap::new(), actions: HashMap::new() };
            let mut problems = Vec::new();
            map.layer(&file.keys, &mut problems);
            assert!(problems.is_empty(), "{}: {problems:?}", preset.name());
        }
        let mut map = Keymap { chords: HashMap::new(), actions: HashMap::new() };
        let mut problems = Vec::new();
        let catalogue = Action::all().map(|a| (a.id.to_owned(), a.chords().collect()));
        map.layer(&catalogue.collect(), &mut problems);
        assert!(problems.is_empty(), "catalogue: {problems:?}");
    }

    /// Habits differ, but nobody may lose the way to what a reading is made of.
    #[test]
    fn every_preset_keeps_keys_for_the_everyday_actions() {
        let daily = [
            "tool.select",
            "tool.ellipse",
            "roi.mirror",
            "roi.in_report",
            "roi.delete",
            "roi.next",
            "view.fit",
            "view.invert",
            "view.auto_window",
            "view.next_frame",
            "edit.undo",
            "edit.redo",
            "file.open",
            "report.preview",
            "report.export",
            "help.palette",
            "help.keys",
        ];
        for preset in Preset::ALL {
            let (map, _) = Keymap::new(preset, &Bindings::new());
            for id in daily {
                assert!(map.chord(id).is_some(), "{}: {id}", preset.name());
            }
        }
    }

    #[test]
    fn each_chord_stands_for_one_action_in_every_preset() {
        for preset in Preset::ALL {
            let (map, problems) = Keymap::new(preset, &Bindings::new());
            assert!(problems.is_empty());
            for action in Action::all() {
                for chord in map.chords(action.id) {
                    assert_eq!(map.action(*chord).map(|a| a.id), Some(action.id), "{chord}");
                }
            }
            let given: usize = Action::all().map(|a| map.chords(a.id).len()).sum();
            assert_eq!(given, map.actions.len());
        }
    }

    #[test]
    fn the_reader_s_own_keys_win_and_take_away() {
        let (map, problems) =
            Keymap::new(Preset::Bonescope, &own(&[("roi.mirror", &["E"]), ("file.quit", &[])]));
        assert!(problems.is_empty());
        assert_eq!(map.action(chord("E")).unwrap().id, "roi.mirror");
        assert!(map.chords("tool.ellipse").is_empty());
        assert!(map.chords("file.quit").is_empty() && map.action(chord("Ctrl+Q")).is_none());
        // M is free for others now.
        assert!(map.action(chord("M")).is_none());
    }

    #[test]
    fn a_preset_takes_from_the_catalogue() {
        let (map, _) = Keymap::new(Preset::Ohif, &Bindings::new());
        assert_eq!(map.action(chord("I")).unwrap().id, "view.invert");
        let (map, _) = Keymap::new(Preset::Ohif, &own(&[("view.corner_texts", &["I"])]));
        assert_eq!(map.action(chord("I")).unwrap().id, "view.corner_texts");
    }

    #[test]
    fn what_cannot_be_granted_is_told() {
        let (map, problems) = Keymap::new(
            Preset::Bonescope,
            &own(&[("no.such", &["E"]), ("roi.mirror", &["Q"]), ("roi.next", &["Q", "Ctrl++"])]),
        );
        assert_eq!(
            problems,
            [
                BindingError::NoSuchAction("no.such".into()),
                BindingError::Taken { chord: chord("Q"), first: "roi.mirror", second: "roi.next" },
                BindingError::Reserved { chord: chord("Ctrl++"), action: "roi.next" },
            ]
        );
        assert_eq!(map.action(chord("Q")).unwrap().id, "roi.mirror");
        assert!(map.chords("roi.next").is_empty());
    }
}
