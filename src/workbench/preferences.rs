//! What the reader prefers, whatever study is open.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::measure::OwnRanges;
use crate::picture::{Colormap, Sampling};
use crate::study::Identity;

use super::bindings::{Bindings, Preset};
use super::keymap::Chord;

/// Everything the preferences file can say. `preferences_file` names each in the file.
#[derive(Clone, Debug, PartialEq)]
pub struct Preferences {
    pub theme: ThemeName,
    /// Size of all words and controls, percent of what the desktop asks for: 75–200.
    pub scale: u16,
    /// No movement on the screen that carries no meaning.
    pub reduce_motion: bool,
    /// How much darker panels are than their theme, percent: 0–70. Images stay as they are.
    pub dimmer: u8,
    pub language: Language,
    /// What images open with.
    pub colormap: Colormap,
    pub sampling: Sampling,
    pub corner_texts: bool,
    /// What lies beside an image in its pane.
    pub surround: Surround,
    /// The reader's own hanging protocols.
    pub hanging_folder: Option<PathBuf>,
    /// The site's own normal range of an index, by the index's id. Written by hand into the file.
    pub own_ranges: OwnRanges,
    /// How much of the patient's identity an export shows, until it is chosen otherwise.
    pub identity: Identity,
    pub preset: Preset,
    /// Keys that differ from the preset's.
    pub own_keys: Bindings,
    /// Whether paths of opened files are remembered.
    pub remember_recent: bool,
    /// The newest first.
    pub recent: Vec<PathBuf>,
}

impl Default for Preferences {
    fn default() -> Self {
        Self {
            theme: ThemeName::default(),
            scale: 100,
            reduce_motion: false,
            dimmer: 0,
            language: Language::default(),
            colormap: Colormap::default(),
            sampling: Sampling::default(),
            corner_texts: true,
            surround: Surround::default(),
            hanging_folder: None,
            own_ranges: OwnRanges::new(),
            identity: Identity::default(),
            preset: Preset::default(),
            own_keys: Bindings::new(),
            remember_recent: true,
            recent: Vec::new(),
        }
    }
}

/// The colours of the window.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ThemeName {
    /// Dark, for dark-adapted eyes.
    #[default]
    ReadingRoom,
    /// Light panels for a bright office; images stay on dark ground.
    Day,
}

impl ThemeName {
    pub const ALL: [Self; 2] = [Self::ReadingRoom, Self::Day];
}

/// What lies beside an image in its pane.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Surround {
    #[default]
    Black,
    /// Half of white's lightness.
    Grey,
    White,
}

impl Surround {
    pub const ALL: [Self; 3] = [Self::Black, Self::Grey, Self::White];

    /// sRGB, the same for red, green and blue. Grey is CIE L* = 50.
    pub fn level(self) -> u8 {
        match self {
            Self::Black => 0,
            Self::Grey => 119,
            Self::White => 255,
        }
    }
}

/// The language of all words.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Language {
    #[default]
    #[serde(rename = "en")]
    English,
}

/// One change of the preferences; complete in itself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Prefer {
    Theme(ThemeName),
    Scale(u16),
    ReduceMotion(bool),
    Dimmer(u8),
    Colormap(Colormap),
    Sampling(Sampling),
    CornerTexts(bool),
    Surround(Surround),
    HangingFolder(Option<PathBuf>),
    Identity(Identity),
    Preset(Preset),
    /// The keys of one action; they are taken away from whatever had them. `None` gives back what
    /// the preset says.
    Keys {
        action: String,
        chords: Option<Vec<Chord>>,
    },
    /// Forgets all keys of the reader's own.
    PresetKeys,
    RememberRecent(bool),
    ForgetRecent,
    /// Back to the defaults; the recent files and the site's own ranges stay.
    Defaults,
}

/// Beyond these nothing can be read, or nothing fits on the screen.
pub const SCALE: std::ops::RangeInclusive<u16> = 75..=200;
/// Darker panels would hide their words.
pub const DIMMER: std::ops::RangeInclusive<u8> = 0..=70;
/// More recent files than this nobody looks through.
const RECENT: usize = 10;

impl Preferences {
    pub fn apply(&mut self, change: Prefer) {
        match change {
            Prefer::Theme(theme) => self.theme = theme,
            Prefer::Scale(scale) => self.scale = scale.clamp(*SCALE.start(), *SCALE.end()),
            Prefer::ReduceMotion(on) => self.reduce_motion = on,
            Prefer::Dimmer(percent) => self.dimmer = percent.min(*DIMMER.end()),
            Prefer::Colormap(colormap) => self.colormap = colormap,
            Prefer::Sampling(sampling) => self.sampling = sampling,
            Prefer::CornerTexts(on) => self.corner_texts = on,
            Prefer::Surround(surround) => self.surround = surround,
            Prefer::HangingFolder(folder) => self.hanging_folder = folder,
            Prefer::Identity(identity) => self.identity = identity,
            Prefer::Preset(preset) => self.preset = preset,
            Prefer::Keys { action, chords } => self.bind(action, chords),
            Prefer::PresetKeys => self.own_keys.clear(),
            Prefer::RememberRecent(on) => {
                self.remember_recent = on;
                if !on {
                    self.recent.clear();
                }
            }
            Prefer::ForgetRecent => self.recent.clear(),
            Prefer::Defaults => {
                let recent = std::mem::take(&mut self.recent);
                let own_ranges = std::mem::take(&mut self.own_ranges);
                *self = Self { recent, own_ranges, ..Self::default() };
            }
        }
    }

    /// A chord the reader gives to one action is gone from the others. The layers below lose it by
    /// themselves.
    fn bind(&mut self, action: String, chords: Option<Vec<Chord>>) {
        let Some(chords) = chords else {
            self.own_keys.remove(&action);
            return;
        };
        for (other, theirs) in &mut self.own_keys {
            if *other != action {
                theirs.retain(|chord| !chords.contains(chord));
            }
        }
        self.own_keys.insert(action, chords);
    }

    /// Puts an opened file at the head of the recent ones.
    pub fn opened(&mut self, path: PathBuf) {
        // A TOML file holds no path that is not text.
        if !self.remember_recent || path.to_str().is_none() {
            return;
        }
        self.recent.retain(|known| *known != path);
        self.recent.insert(0, path);
        self.recent.truncate(RECENT);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chord(text: &str) -> Chord {
        Chord::parse(text).unwrap()
    }

    fn bind(preferences: &mut Preferences, action: &str, chords: &[&str]) {
        let chords = Some(chords.iter().map(|c| chord(c)).collect());
        preferences.apply(Prefer::Keys { action: action.into(), chords });
    }

    #[test]
    fn a_key_has_one_owner() {
        let mut preferences = Preferences::default();
        bind(&mut preferences, "roi.mirror", &["Q", "W"]);
        bind(&mut preferences, "roi.next", &["Q"]);
        assert_eq!(preferences.own_keys["roi.mirror"], [chord("W")]);
        assert_eq!(preferences.own_keys["roi.next"], [chord("Q")]);
        preferences.apply(Prefer::Keys { action: "roi.next".into(), chords: None });
        assert!(!preferences.own_keys.contains_key("roi.next"));
    }

    #[test]
    fn values_stay_within_what_can_be_seen() {
        let mut preferences = Preferences::default();
        preferences.apply(Prefer::Scale(1000));
        preferences.apply(Prefer::Dimmer(100));
        assert_eq!((preferences.scale, preferences.dimmer), (200, 70));
        preferences.apply(Prefer::Scale(0));
        assert_eq!(preferences.scale, 75);
    }

    #[test]
    fn recent_files_are_few_and_can_be_forgotten() {
        let mut preferences = Preferences::default();
        for number in 0..15 {
            preferences.opened(PathBuf::from(format!("/scans/{number}")));
        }
        preferences.opened("/scans/12".into());
        assert_eq!(preferences.recent.len(), 10);
        assert_eq!(preferences.recent[..2], [PathBuf::from("/scans/12"), "/scans/14".into()]);
        preferences.apply(Prefer::RememberRecent(false));
        preferences.opened("/scans/1".into());
        assert!(preferences.recent.is_empty());
    }

    #[test]
    fn the_surround_is_black_half_as_light_or_white() {
        // CIE 1976 L* of an sRGB grey.
        let lightness = |level: u8| {
            let v = f64::from(level) / 255.0;
            let y = if v <= 0.04045 { v / 12.92 } else { ((v + 0.055) / 1.055).powf(2.4) };
            if y > 0.008856 { 116.0 * y.cbrt() - 16.0 } else { 903.3 * y }
        };
        let found = Surround::ALL.map(|s| lightness(s.level()).round());
        assert_eq!(found, [0.0, 50.0, 100.0]);
    }
}
