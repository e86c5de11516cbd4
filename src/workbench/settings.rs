//! The bench's side of the preferences: in force at once, in the file at once.

use std::path::{Path, PathBuf};

use super::bindings::Keymap;
use super::preferences::{Prefer, Preferences};
use super::preferences_file::{PreferencesError, PreferencesFile};
use super::{Workbench, Workspace, demo_case};
use crate::picture::{Colormap, Sampling};

/// The preferences in force and the file that remembers them. Without a file they last as long as
/// the bench.
#[derive(Default)]
pub(super) struct Settings {
    preferences: Preferences,
    keymap: Keymap,
    file: Option<PreferencesFile>,
    /// What was wrong with saving; said once.
    trouble: Option<String>,
}

impl Settings {
    /// Shows newly opened frames as the reader prefers, where a layout asks for nothing else.
    pub fn dress(&self, workspace: &mut Workspace) {
        workspace.corner_texts &= self.preferences.corner_texts;
        follow(workspace, [Colormap::default(), self.preferences.colormap]);
        for pane in &mut workspace.panes {
            if pane.look.sampling == Sampling::default() {
                pane.look.sampling = self.preferences.sampling;
            }
        }
    }
}

/// Panes that show one map show another.
fn follow(workspace: &mut Workspace, [from, to]: [Colormap; 2]) {
    for pane in workspace.panes.iter_mut().filter(|pane| pane.look.colormap == from) {
        pane.look.colormap = to;
    }
}

impl Workbench {
    /// Reads the preferences of a file and keeps them there from now on. What is wrong with the
    /// file becomes a notice.
    pub fn remember_in(&mut self, path: PathBuf) {
        let (file, preferences, problems) = PreferencesFile::read(path);
        for problem in problems {
            match problem {
                PreferencesError::Unknown { .. } | PreferencesError::Keys { .. } => {
                    self.notices.warning(problem.to_string(), Vec::new());
                }
                _ => self.notices.error(problem.to_string()),
            }
        }
        self.settings.keymap = Keymap::new(preferences.preset, &preferences.own_keys).0;
        self.settings.preferences = preferences;
        self.settings.file = Some(file);
        self.revision += 1;
        self.follow_hangings();
    }

    /// The reader's own hanging protocols are where the reader says, else beside the preferences.
    fn follow_hangings(&mut self) {
        let beside = self.preferences_path().and_then(Path::parent).map(|f| f.join("hangings"));
        if let Some(folder) = self.preferences().hanging_folder.clone().or(beside) {
            self.hangings_folder(folder);
        }
    }

    pub fn preferences(&self) -> &Preferences {
        &self.settings.preferences
    }

    /// Where the preferences are kept.
    pub fn preferences_path(&self) -> Option<&Path> {
        self.settings.file.as_ref().map(PreferencesFile::path)
    }

    /// The bindings in force.
    pub fn keymap(&self) -> &Keymap {
        &self.settings.keymap
    }

    pub(super) fn prefer(&mut self, change: Prefer) {
        let before = self.settings.preferences.clone();
        let keys = matches!(
            change,
            Prefer::Keys { .. } | Prefer::Preset(_) | Prefer::PresetKeys | Prefer::Defaults
        );
        self.settings.preferences.apply(change);
        let after = &self.settings.preferences;
        if *after == before {
            return;
        }
        if keys {
            self.settings.keymap = Keymap::new(after.preset, &after.own_keys).0;
        }
        let hangings = after.hanging_folder != before.hanging_folder;
        // What is open follows, unless the reader has set it otherwise there.
        for reading in &mut self.readings {
            let workspace = &mut reading.workspace;
            follow(workspace, [before.colormap, after.colormap]);
            for pane in &mut workspace.panes {
                if pane.look.sampling == before.sampling {
                    pane.look.sampling = after.sampling;
                }
            }
            if workspace.corner_texts == before.corner_texts {
                workspace.corner_texts = after.corner_texts;
            }
        }
        self.keep_preferences();
        if hangings {
            self.follow_hangings();
        }
    }

    /// An opened file joins the recent ones; a simulated case is no file.
    pub(super) fn remember_opened(&mut self, source: &Path) {
        if demo_case(source).is_some() || self.settings.file.is_none() {
            return;
        }
        let Ok(path) = std::path::absolute(source) else { return };
        self.settings.preferences.opened(path);
        self.keep_preferences();
    }

    fn keep_preferences(&mut self) {
        let Some(file) = &self.settings.file else { return };
        let trouble = file.write(&self.settings.preferences).err().map(|e| e.to_string());
        if trouble != self.settings.trouble {
            self.settings.trouble.clone_from(&trouble);
            if let Some(trouble) = trouble {
                self.notices.error(trouble);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workbench::{Action, Chord, Command, ThemeName, demo_path};

    fn remembering(text: &str) -> (tempfile::TempDir, PathBuf, Workbench) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("preferences.toml");
        std::fs::write(&path, text).unwrap();
        let mut bench = Workbench::new();
        bench.remember_in(path.clone());
        (folder, path, bench)
    }

    #[test]
    fn a_change_holds_at_once_and_the_next_time() {
        let (_folder, path, mut bench) = remembering("");
        bench.handle(Command::Prefer(Prefer::Theme(ThemeName::Day)));
        let chords = Some(vec![Chord::parse("Q").unwrap()]);
        bench.handle(Command::Prefer(Prefer::Keys { action: "roi.mirror".into(), chords }));
        assert_eq!(bench.keymap().chord("roi.mirror"), Chord::parse("Q"));
        let mut next = Workbench::new();
        next.remember_in(path);
        assert!(next.notices().is_empty(), "{:?}", next.notices());
        assert_eq!(next.preferences(), bench.preferences());
        assert_eq!(next.keymap(), bench.keymap());
    }

    #[test]
    fn images_open_as_preferred_and_open_ones_follow() {
        let (_folder, _, mut bench) = remembering("[images]\ncolormap = \"hot_iron\"\n");
        bench.handle(Command::Open(demo_path("normal")));
        bench.settle();
        let shown = |b: &Workbench| b.workspace().unwrap().panes[0].look.colormap;
        assert_eq!(shown(&bench), Colormap::HotIron);
        bench.handle(Command::Prefer(Prefer::Colormap(Colormap::Grey)));
        assert_eq!(shown(&bench), Colormap::Grey);
        // What the reader chose for a pane stays.
        bench.handle(Action::by_id("view.colormap").unwrap().resolve(&bench).unwrap());
        let chosen = shown(&bench);
        bench.handle(Command::Prefer(Prefer::Colormap(Colormap::Viridis)));
        assert_eq!(shown(&bench), chosen);
        assert!(bench.preferences().recent.is_empty(), "a case is no file");
    }

    #[test]
    fn a_broken_file_is_told_once_and_never_written() {
        let (_folder, path, mut bench) = remembering("[window\n");
        assert_eq!(bench.notices().len(), 1);
        bench.handle(Command::Prefer(Prefer::Theme(ThemeName::Day)));
        bench.handle(Command::Prefer(Prefer::Dimmer(20)));
        assert_eq!(bench.preferences().theme, ThemeName::Day);
        assert_eq!(bench.notices().len(), 2, "{:?}", bench.notices());
        assert_eq!(std::fs::read_to_string(path).unwrap(), "[window\n");
    }

    #[test]
    fn a_bench_without_a_file_writes_none() {
        let mut bench = Workbench::new();
        bench.handle(Command::Prefer(Prefer::Theme(ThemeName::Day)));
        assert_eq!(bench.preferences_path(), None);
        assert!(bench.notices().is_empty());
    }
}
