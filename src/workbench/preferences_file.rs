//! The preferences as a TOML file that a person can read and write.
//!
//! It holds only what differs from the defaults. What this program does not know, and values it
//! cannot read, stay in the file.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;
use toml::de::{DeTable, DeValue};
use toml::{Table, Value};

use crate::measure::OwnRanges;

use super::bindings::{BindingError, Keymap};
use super::keymap::Chord;
use super::preferences::{DIMMER, Preferences, SCALE};

#[derive(Debug, thiserror::Error)]
pub enum PreferencesError {
    #[error("the preferences cannot be read, so the defaults hold ({reason}): {path}")]
    Unreadable { path: PathBuf, reason: std::io::Error },
    #[error("line {line} of the preferences is broken, so the defaults hold ({reason}): {path}")]
    Broken { path: PathBuf, line: usize, reason: String },
    #[error("line {line} of the preferences: {key} keeps its default ({reason}): {path}")]
    Value { path: PathBuf, line: usize, key: String, reason: String },
    #[error(
        "the preferences hold what this program does not know, and it stays there ({names}): {path}"
    )]
    Unknown { path: PathBuf, names: String },
    #[error("the preferences hold keys that cannot be used ({reason}): {path}")]
    Keys { path: PathBuf, reason: BindingError },
    #[error("nothing is saved before the file is mended or removed: {path}")]
    LeftAlone { path: PathBuf },
    #[error("the preferences could not be saved ({reason}): {path}")]
    Unwritable { path: PathBuf, reason: std::io::Error },
}

/// Where preferences are kept and what else the file holds.
#[derive(Clone, Debug)]
pub struct PreferencesFile {
    path: PathBuf,
    /// What is not ours to change: unknown keys, unreadable values.
    kept: Table,
    /// A broken file is the reader's to mend; we write nothing over it.
    broken: bool,
}

/// One line of the file.
struct Entry {
    section: &'static str,
    key: &'static str,
    /// Stands above the line as a comment.
    about: &'static str,
    read: fn(&mut Preferences, Value) -> Result<(), String>,
    /// `None` where there is nothing to say.
    write: fn(&Preferences) -> Option<Value>,
}

macro_rules! entry {
    ($section:literal, $key:literal, $field:ident, $about:literal) => {
        entry!($section, $key, $field, $about, |_| Ok(()))
    };
    ($section:literal, $key:literal, $field:ident, $about:literal, $check:expr) => {
        Entry {
            section: $section,
            key: $key,
            about: $about,
            read: |preferences, value| {
                let read = read(value)?;
                let check: fn(&_) -> Result<(), String> = $check;
                check(&read)?;
                preferences.$field = read;
                Ok(())
            },
            write: |preferences| Value::try_from(&preferences.$field).ok(),
        }
    };
}

static ENTRIES: &[Entry] = &[
    entry!("window", "theme", theme, "\"reading_room\" or \"day\""),
    entry!("window", "scale", scale, "size of words and controls, 75 to 200 percent", |scale| {
        match SCALE.contains(scale) {
            true => Ok(()),
            false => Err(format!("it is {} to {}", SCALE.start(), SCALE.end())),
        }
    }),
    entry!("window", "reduce_motion", reduce_motion, "true for no animation"),
    entry!("window", "dimmer", dimmer, "panels darker by 0 to 70 percent", |dimmer| {
        match DIMMER.contains(dimmer) {
            true => Ok(()),
            false => Err(format!("it is {} to {}", DIMMER.start(), DIMMER.end())),
        }
    }),
    entry!("window", "language", language, "\"en\""),
    entry!("images", "colormap", colormap, "what images open with: \"grey\", \"inverted_grey\", …"),
    entry!("images", "sampling", sampling, "\"nearest\" shows the pixels as they are"),
    entry!("images", "corner_texts", corner_texts, "false for bare images"),
    entry!("images", "surround", surround, "beside images: \"black\", \"grey\" or \"white\""),
    entry!("images", "hanging_protocols", hanging_folder, "folder of your hanging protocols"),
    entry!(
        "indices",
        "normal",
        own_ranges,
        "your own normal ranges by index: sacroiliac = [1.0, 1.3]",
        |ranges: &OwnRanges| match ranges.values().all(|[low, high]| low < high) {
            true => Ok(()),
            false => Err("a range is [lowest, highest]".into()),
        }
    ),
    entry!("export", "identity", identity, "\"full\", \"initials\" or \"none\""),
    entry!("keys", "preset", preset, "\"bonescope\", \"weasis\", \"ohif\" or \"horos\""),
    entry!("keys", "own", own_keys, "action = its keys; [] for none"),
    entry!("recent", "remember", remember_recent, "false keeps no paths of opened files"),
    entry!("recent", "files", recent, "the newest first"),
];

const HEAD: &str = "\
# Preferences of Bonescope. What is not here has its default.
# Bonescope writes this file anew when a preference changes: keys it does not know stay, comments
# that it did not write do not.
";

fn read<T: DeserializeOwned>(value: Value) -> Result<T, String> {
    value.try_into().map_err(|error: toml::de::Error| one_line(error.message()))
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

impl PreferencesFile {
    /// Where the platform keeps them; `None` for a user without a home.
    pub fn platform_path() -> Option<PathBuf> {
        let folders = directories::ProjectDirs::from("", "", "bonescope")?;
        Some(folders.config_dir().join("preferences.toml"))
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Reads the file. Whatever is wrong with it is told and never stops the program: the defaults
    /// hold. A file that does not exist is not wrong.
    pub fn read(path: PathBuf) -> (Self, Preferences, Vec<PreferencesError>) {
        let mut file = Self { path: path.clone(), kept: Table::new(), broken: false };
        let mut preferences = Preferences::default();
        let mut problems = Vec::new();
        match std::fs::read_to_string(&path) {
            Ok(text) => match file.parse(&text, &mut preferences) {
                Ok(told) => problems = told,
                Err(error) => {
                    file.broken = true;
                    problems.push(error);
                }
            },
            Err(reason) if reason.kind() == std::io::ErrorKind::NotFound => {}
            Err(reason) => {
                file.broken = true;
                problems.push(PreferencesError::Unreadable { path, reason });
            }
        }
        (file, preferences, problems)
    }

    fn parse(
        &mut self,
        text: &str,
        preferences: &mut Preferences,
    ) -> Result<Vec<PreferencesError>, PreferencesError> {
        let path = || self.path.clone();
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let broken = |error: toml::de::Error| PreferencesError::Broken {
            path: path(),
            line: line_of(text, error.span().map_or(0, |span| span.start)),
            reason: one_line(error.message()),
        };
        let mut there: Table = toml::from_str(text).map_err(broken)?;
        let lines = lines(text);
        let mut problems = Vec::new();
        let mut kept = Table::new();
        for entry in ENTRIES {
            let Some(section) = there.get_mut(entry.section).and_then(Value::as_table_mut) else {
                continue;
            };
            let Some(value) = section.remove(entry.key) else { continue };
            let name = format!("{}.{}", entry.section, entry.key);
            let mut wrong = |name: String, reason: String| {
                let line = lines.get(&name).copied().unwrap_or(1);
                problems.push(PreferencesError::Value { path: path(), line, key: name, reason });
            };
            let value = match value {
                // One key that cannot be read must not cost the reader all others.
                Value::Table(keys) if entry.key == "own" => {
                    Value::Table(readable(keys, &name, &mut kept, &mut wrong))
                }
                other => other,
            };
            if let Err(reason) = (entry.read)(preferences, value.clone()) {
                wrong(name, reason);
                keep(&mut kept, &[entry.section, entry.key], value);
            }
        }
        let mut unknown = Vec::new();
        for (section, value) in there {
            let ours = ENTRIES.iter().any(|entry| entry.section == section);
            match value {
                Value::Table(rest) if ours => {
                    for (key, value) in rest {
                        unknown.push(format!("{section}.{key}"));
                        keep(&mut kept, &[&section, &key], value);
                    }
                }
                value => {
                    keep(&mut kept, &[&section], value);
                    unknown.push(section);
                }
            }
        }
        if !unknown.is_empty() {
            let names = unknown.iter().map(|name| match lines.get(name) {
                Some(line) => format!("{name} in line {line}"),
                None => name.clone(),
            });
            let names = names.collect::<Vec<_>>().join(", ");
            problems.push(PreferencesError::Unknown { path: path(), names });
        }
        let (_, conflicts) = Keymap::new(preferences.preset, &preferences.own_keys);
        problems.extend(
            conflicts.into_iter().map(|reason| PreferencesError::Keys { path: path(), reason }),
        );
        self.kept = kept;
        Ok(problems)
    }

    /// Writes what differs from the defaults, whole or not at all.
    pub fn write(&self, preferences: &Preferences) -> Result<(), PreferencesError> {
        if self.broken {
            return Err(PreferencesError::LeftAlone { path: self.path.clone() });
        }
        let unwritable = |reason| PreferencesError::Unwritable { path: self.path.clone(), reason };
        let text = self.text(preferences).map_err(|e| unwritable(std::io::Error::other(e)))?;
        // A link, as people keep in a folder of dotfiles, stays one.
        let path = self.path.canonicalize().unwrap_or_else(|_| self.path.clone());
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).map_err(unwritable)?;
        }
        super::export::replace(&path, text.as_bytes()).map_err(unwritable)
    }

    fn text(&self, preferences: &Preferences) -> Result<String, toml::ser::Error> {
        let mut table = self.kept.clone();
        let defaults = Preferences::default();
        for Entry { section, key, write, .. } in ENTRIES {
            let value = write(preferences);
            if let (true, Some(value)) = (value != write(&defaults), value) {
                keep(&mut table, &[section, key], value);
            }
        }
        let plain = toml::to_string(&table)?;
        let commented = format!("{HEAD}{}", commented(&plain));
        // A kept text of several lines might look like lines of ours.
        let same = toml::from_str::<Table>(&commented).is_ok_and(|read| read == table);
        Ok(if same { commented } else { plain })
    }
}

/// The keys of `own` that can be read; the others are told and kept.
fn readable(
    keys: Table,
    name: &str,
    kept: &mut Table,
    wrong: &mut impl FnMut(String, String),
) -> Table {
    let mut fine = Table::new();
    for (action, value) in keys {
        match read::<Vec<Chord>>(value.clone()) {
            Ok(_) => {
                fine.insert(action, value);
            }
            Err(reason) => {
                wrong(format!("{name}.{action}"), reason);
                keep(kept, &["keys", "own", &action], value);
            }
        }
    }
    fine
}

/// Puts a value at a place; tables merge, anything else is replaced.
fn keep(table: &mut Table, place: &[&str], value: Value) {
    let Some((first, rest)) = place.split_first() else { return };
    if rest.is_empty() {
        match (table.get_mut(*first), value) {
            (Some(Value::Table(there)), Value::Table(new)) => there.extend(new),
            (_, value) => {
                table.insert((*first).to_owned(), value);
            }
        }
        return;
    }
    let inner = table.entry(*first).or_insert_with(|| Value::Table(Table::new()));
    if !inner.is_table() {
        *inner = Value::Table(Table::new());
    }
    if let Some(inner) = inner.as_table_mut() {
        keep(inner, rest, value);
    }
}

/// The lines of the file with a comment above each that is ours.
fn commented(plain: &str) -> String {
    let mut section = String::new();
    let mut text = String::new();
    for line in plain.lines() {
        let header = line.strip_prefix('[').and_then(|l| l.strip_suffix(']'));
        if let Some(header) = header {
            section = header.to_owned();
        }
        let entry = ENTRIES.iter().find(|entry| match header {
            Some(header) => header == format!("{}.{}", entry.section, entry.key),
            None => {
                section == entry.section
                    && line.split_once(" = ").is_some_and(|(key, _)| key == entry.key)
            }
        });
        if let Some(entry) = entry {
            text += &format!("# {}\n", entry.about);
        }
        text += line;
        text.push('\n');
    }
    text
}

fn line_of(text: &str, at: usize) -> usize {
    text.as_bytes().iter().take(at).filter(|b| **b == b'\n').count() + 1
}

/// The line of every key, by its dotted name.
fn lines(text: &str) -> BTreeMap<String, usize> {
    fn walk(table: &DeTable<'_>, name: &str, text: &str, found: &mut BTreeMap<String, usize>) {
        for (key, value) in table {
            let name = match name {
                "" => key.get_ref().to_string(),
                outer => format!("{outer}.{}", key.get_ref()),
            };
            found.insert(name.clone(), line_of(text, key.span().start));
            if let DeValue::Table(inner) = value.get_ref() {
                walk(inner, &name, text, found);
            }
        }
    }
    let mut found = BTreeMap::new();
    if let Ok(table) = DeTable::parse(text) {
        walk(table.get_ref(), "", text, &mut found);
    }
    found
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::picture::{Colormap, Sampling};
    use crate::study::Identity;
    use crate::workbench::bindings::Preset;
    use crate::workbench::preferences::{Prefer, Surround, ThemeName};

    fn in_file(text: &str) -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("preferences.toml");
        std::fs::write(&path, text).unwrap();
        (folder, path)
    }

    fn told(problems: &[PreferencesError]) -> Vec<String> {
        problems.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn only_what_differs_is_written_with_a_comment_above() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("deep/down/preferences.toml");
        let (file, mut preferences, problems) = PreferencesFile::read(path.clone());
        assert!(problems.is_empty());
        assert_eq!(preferences, Preferences::default());
        file.write(&preferences).unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), HEAD);

        preferences.apply(Prefer::Theme(ThemeName::Day));
        let chords = Some(vec![Chord::parse("Ctrl+M").unwrap()]);
        preferences.apply(Prefer::Keys { action: "roi.mirror".into(), chords });
        file.write(&preferences).unwrap();
        let text = std::fs::read_to_string(&path).unwrap();
        let rest = text.strip_prefix(HEAD).unwrap();
        assert_eq!(
            rest,
            "# action = its keys; [] for none\n[keys.own]\n\"roi.mirror\" = [\"Ctrl+M\"]\n\n\
             [window]\n# \"reading_room\" or \"day\"\ntheme = \"day\"\n"
        );
        assert_eq!(PreferencesFile::read(path).1, preferences);
    }

    #[test]
    fn a_broken_file_is_named_with_its_line_and_left_alone() {
        let broken = "[window]\ntheme = \"day\"\nscale = = 3\n";
        let (_folder, path) = in_file(broken);
        let (file, preferences, problems) = PreferencesFile::read(path.clone());
        assert_eq!(preferences, Preferences::default());
        let told = told(&problems);
        assert!(told[0].starts_with("line 3 of the preferences is broken"), "{told:?}");
        assert!(told[0].ends_with(&path.display().to_string()) && !told[0].contains('\n'));
        assert!(matches!(file.write(&preferences), Err(PreferencesError::LeftAlone { .. })));
        assert_eq!(std::fs::read_to_string(&path).unwrap(), broken);
    }

    #[test]
    fn a_value_that_cannot_be_read_keeps_its_default_and_its_line() {
        let (_folder, path) = in_file(
            "[window]\ntheme = \"dusk\"\nscale = 400\n[images]\nsurround = \"grey\"\n\
             [keys.own]\n\"roi.mirror\" = [\"Hyper+X\"]\n\"roi.next\" = [\"J\"]\n",
        );
        let (file, preferences, problems) = PreferencesFile::read(path.clone());
        let told = told(&problems);
        assert_eq!(told.len(), 3, "{told:?}");
        assert!(told[0].contains("line 2") && told[0].contains("window.theme"), "{told:?}");
        assert!(told[0].contains("reading_room"), "{told:?}");
        assert!(told[1].contains("line 3") && told[1].contains("75 to 200"), "{told:?}");
        assert!(told[2].contains("line 7") && told[2].contains("roi.mirror"), "{told:?}");
        assert_eq!(preferences.surround, Surround::Grey);
        assert_eq!(preferences.own_keys.len(), 1);
        assert_eq!((preferences.theme, preferences.scale), (ThemeName::ReadingRoom, 100));
        // Until the reader says otherwise, the file's own words stay.
        file.write(&preferences).unwrap();
        let text = std::fs::read_to_string(&path).unwrap();
        for line in ["theme = \"dusk\"", "scale = 400", "[\"Hyper+X\"]", "[\"J\"]"] {
            assert!(text.contains(line), "{text}");
        }
    }

    #[test]
    fn what_is_unknown_is_told_and_kept() {
        let (_folder, path) = in_file(
            "colour = 1\n[window]\nsparkle = true\ntheme = \"day\"\n[future.deep]\nx = [1, 2]\n",
        );
        let (file, mut preferences, problems) = PreferencesFile::read(path.clone());
        let told = told(&problems);
        assert_eq!(told.len(), 1, "{told:?}");
        for name in ["colour in line 1", "window.sparkle in line 3", "future"] {
            assert!(told[0].contains(name), "{told:?}");
        }
        preferences.apply(Prefer::Theme(ThemeName::ReadingRoom));
        file.write(&preferences).unwrap();
        let kept: Table = toml::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
        let expected: Table =
            toml::from_str("colour = 1\n[window]\nsparkle = true\n[future.deep]\nx = [1, 2]\n")
                .unwrap();
        assert_eq!(kept, expected);
    }

    #[test]
    fn a_kept_text_of_several_lines_stays_as_it_is() {
        let (_folder, path) = in_file(
            "[window]\ntheme = \"day\"\nnote = \"\"\"\nscale = 5\n[keys]\npreset = 1\n\"\"\"\n",
        );
        let (file, preferences, _) = PreferencesFile::read(path.clone());
        let before: Table = toml::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
        file.write(&preferences).unwrap();
        let after: Table = toml::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
        assert_eq!(before, after);
    }

    #[test]
    fn keys_that_contradict_each_other_are_told() {
        let (_folder, path) =
            in_file("[keys.own]\n\"roi.mirror\" = [\"Q\"]\n\"roi.next\" = [\"Q\"]\n\"no\" = []\n");
        let (_, _, problems) = PreferencesFile::read(path);
        let told = told(&problems);
        assert_eq!(told.len(), 2, "{told:?}");
        assert!(told.iter().any(|t| t.contains("roi.mirror") && t.contains("roi.next")));
        assert!(told.iter().any(|t| t.contains("no action \"no\"")));
    }

    #[cfg(unix)]
    #[test]
    fn a_link_stays_a_link() {
        let (folder, path) = in_file("");
        let link = folder.path().join("link.toml");
        std::os::unix::fs::symlink(&path, &link).unwrap();
        let (file, mut preferences, _) = PreferencesFile::read(link.clone());
        preferences.apply(Prefer::Dimmer(30));
        file.write(&preferences).unwrap();
        assert!(link.is_symlink());
        assert!(std::fs::read_to_string(&path).unwrap().contains("dimmer = 30"));
    }

    prop_compose! {
        fn any_preferences()(
            theme in prop::sample::select(&ThemeName::ALL[..]),
            scale in SCALE,
            dimmer in DIMMER,
            switches in any::<[bool; 3]>(),
            colormap in prop::sample::select(&Colormap::ALL[..]),
            sampling in prop::sample::select(vec![Sampling::Nearest, Sampling::Bicubic]),
            surround in prop::sample::select(&Surround::ALL[..]),
            identity in prop::sample::select(vec![Identity::Full, Identity::Initials, Identity::None]),
            preset in prop::sample::select(&Preset::ALL[..]),
            keys in prop::collection::btree_map("[a-z.\"\\\\ ]{0,8}", Just(vec![Chord::parse("Alt+Q").unwrap()]), 0..4),
            recent in prop::collection::vec("\\PC{0,12}", 0..4),
            folder in prop::option::of("\\PC{1,12}"),
        ) -> Preferences {
            let [reduce_motion, corner_texts, remember_recent] = switches;
            Preferences {
                theme, scale, dimmer, reduce_motion, corner_texts, colormap, sampling, surround,
                identity, preset, remember_recent, own_keys: keys,
                recent: recent.into_iter().map(PathBuf::from).collect(),
                hanging_folder: folder.map(PathBuf::from),
                ..Preferences::default()
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn what_is_written_is_read(preferences in any_preferences()) {
            let (_folder, path) = in_file("");
            let (file, ..) = PreferencesFile::read(path.clone());
            file.write(&preferences).unwrap();
            prop_assert_eq!(PreferencesFile::read(path).1, preferences);
        }

        #[test]
        fn no_file_stops_the_program(text in "[\\[\\]a-z=\"'# \n.0-9{},]{0,60}") {
            let (_folder, path) = in_file(&text);
            let (_, _, problems) = PreferencesFile::read(path);
            for problem in problems {
                prop_assert!(!problem.to_string().contains('\n'));
            }
        }
    }
}
