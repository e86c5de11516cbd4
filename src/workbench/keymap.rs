//! Chords and the actions they stand for.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A key without its modifiers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Key {
    /// A letter, a digit or a sign, as printed on the key: `E`, `1`, `=`.
    Char(char),
    Delete,
    Backspace,
    Enter,
    Escape,
    Space,
    Up,
    Down,
    Left,
    Right,
    Home,
    End,
    PageUp,
    PageDown,
    F(u8),
}

/// A key with its modifiers. `ctrl` is Cmd on a Mac. Files spell it as menus do: `Ctrl+Shift+Z`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Chord {
    pub ctrl: bool,
    pub shift: bool,
    pub alt: bool,
    pub key: Key,
}

impl Chord {
    /// Reads `Ctrl+Shift+Z`; `None` for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        let mut chord = Self { ctrl: false, shift: false, alt: false, key: Key::Space };
        let (modifiers, name) = match text.rsplit_once('+') {
            // The plus key itself.
            Some((modifiers, "")) => (modifiers.trim_end_matches('+'), "+"),
            Some((modifiers, name)) => (modifiers, name),
            None => ("", text),
        };
        for modifier in modifiers.split('+').filter(|m| !m.is_empty()) {
            match modifier {
                "Ctrl" => chord.ctrl = true,
                "Shift" => chord.shift = true,
                "Alt" => chord.alt = true,
                _ => return None,
            }
        }
        chord.key = match name {
            "Delete" => Key::Delete,
            "Backspace" => Key::Backspace,
            "Enter" => Key::Enter,
            "Esc" => Key::Escape,
            "Space" => Key::Space,
            "↑" => Key::Up,
            "↓" => Key::Down,
            "←" => Key::Left,
            "→" => Key::Right,
            "Home" => Key::Home,
            "End" => Key::End,
            "PageUp" => Key::PageUp,
            "PageDown" => Key::PageDown,
            _ => {
                let mut letters = name.chars();
                match (letters.next(), letters.next()) {
                    (Some(c), None) => Key::Char(c.to_ascii_uppercase()),
                    (Some('F'), Some(_)) => Key::F(name[1..].parse().ok()?),
                    _ => return None,
                }
            }
        };
        Some(chord)
    }
}

impl TryFrom<String> for Chord {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        Self::parse(&text).ok_or_else(|| format!("{text:?} is not a key, such as Ctrl+Shift+Z"))
    }
}

impl From<Chord> for String {
    fn from(chord: Chord) -> Self {
        chord.to_string()
    }
}

impl fmt::Display for Chord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (on, name) in [(self.ctrl, "Ctrl+"), (self.alt, "Alt+"), (self.shift, "Shift+")] {
            if on {
                f.write_str(name)?;
            }
        }
        match self.key {
            Key::Char(c) => write!(f, "{c}"),
            Key::Delete => f.write_str("Delete"),
            Key::Backspace => f.write_str("Backspace"),
            Key::Enter => f.write_str("Enter"),
            Key::Escape => f.write_str("Esc"),
            Key::Space => f.write_str("Space"),
            Key::Up => f.write_str("↑"),
            Key::Down => f.write_str("↓"),
            Key::Left => f.write_str("←"),
            Key::Right => f.write_str("→"),
            Key::Home => f.write_str("Home"),
            Key::End => f.write_str("End"),
            Key::PageUp => f.write_str("PageUp"),
            Key::PageDown => f.write_str("PageDown"),
            Key::F(n) => write!(f, "F{n}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chords_are_read_as_they_are_written() {
        for text in [
            "Ctrl+Shift+Z",
            "E",
            "Delete",
            "F11",
            "+",
            "Ctrl++",
            "=",
            "Shift+H",
            "?",
            "↑",
            "Alt+PageUp",
        ] {
            let chord = Chord::parse(text).unwrap();
            assert_eq!(chord.to_string(), text, "{chord:?}");
        }
        assert_eq!(Chord::parse("Hyper+X"), None);
        assert_eq!(Chord::parse("Nonsense"), None);
    }
}
