//! Specific Character Set (0008,0005): bytes to text that is safe to show.

use dicom_encoding::text::{SpecificCharacterSet, TextCodec};

/// How the text of a data set is coded.
#[derive(Clone, Debug, Default)]
pub(super) struct Charset {
    codec: Option<SpecificCharacterSet>,
    switching: bool,
}

impl Charset {
    /// By the value of Specific Character Set. Of several sets the last known one is used, which
    /// also covers ASCII: code extension (PS3.5 6.1.2.5) nearly always pairs ASCII with one other.
    pub fn of(value: &[u8]) -> Self {
        let value = String::from_utf8_lossy(value);
        let codes =
            value.split('\\').map(|c| c.trim_matches([' ', '\0'])).filter(|c| !c.is_empty());
        let codec = codes.clone().filter_map(SpecificCharacterSet::from_code).next_back();
        let switching = codes.clone().any(|c| c.starts_with("ISO 2022"));
        Self { codec, switching }
    }

    /// Text without control characters. What the named set cannot decode is read as UTF-8 where
    /// it is valid UTF-8, else as Latin-1, so that nothing is lost from sight.
    pub fn decode(&self, bytes: &[u8]) -> String {
        let bytes: Vec<u8> = bytes.iter().copied().filter(|&b| b != 0).collect();
        let escapes = bytes.contains(&0x1b);
        let decoded = match &self.codec {
            Some(codec) if codec.name() == "ISO_IR 87" || !(self.switching && escapes) => {
                codec.decode(&bytes).ok()
            }
            Some(codec) => codec.decode(&without_escapes(&bytes)).ok(),
            None => None,
        };
        let text = decoded.filter(|t| !t.contains('\u{fffd}')).unwrap_or_else(|| {
            std::str::from_utf8(&bytes).map_or_else(
                |_| without_escapes(&bytes).iter().map(|&b| char::from(b)).collect(),
                str::to_owned,
            )
        });
        clean(&text)
    }
}

/// Drops ISO 2022 escape sequences: ESC, intermediate bytes, one final byte.
fn without_escapes(bytes: &[u8]) -> Vec<u8> {
    let mut kept = Vec::with_capacity(bytes.len());
    let mut rest = bytes.iter().copied().peekable();
    while let Some(byte) = rest.next() {
        if byte != 0x1b {
            kept.push(byte);
            continue;
        }
        while rest.next_if(|b| (0x20..0x30).contains(b)).is_some() {}
        rest.next();
    }
    kept
}

/// Printable text only: line breaks and tabs become spaces, other controls and the characters that
/// turn the writing direction vanish, and nobody needs more than a thousand characters.
pub(super) fn clean(text: &str) -> String {
    let turns = |c| matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let printable = text.chars().filter_map(|c| match c {
        '\n' | '\r' | '\t' => Some(' '),
        c if c.is_control() || turns(c) => None,
        c => Some(c),
    });
    printable.take(1000).collect::<String>().trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_the_world_are_read() {
        let read = |set: &[u8], bytes: &[u8]| Charset::of(set).decode(bytes);
        assert_eq!(read(b"ISO_IR 100", b"M\xfcller^A"), "Müller^A");
        assert_eq!(read(b"GB18030 ", b"\xcd\xf5^\xd0\xa1"), "王^小");
        assert_eq!(
            read(b"\\ISO 2022 IR 87", b"Yamada^T=\x1b$B;3ED\x1b(B^\x1b$BB@O:\x1b(B"),
            "Yamada^T=山田^太郎"
        );
        assert_eq!(read(b"\\ISO 2022 IR 149", b"Hong^G=\x1b$)C\xfb\xf3^A"), "Hong^G=洪^A");
        assert_eq!(read(b"", "Müller^A".as_bytes()), "Müller^A");
    }

    #[test]
    fn nothing_that_moves_a_cursor_survives() {
        let hostile = Charset::default().decode(b"A\x1b[2J\x1b]0;X\x07\r\nB\0");
        assert!(!hostile.chars().any(char::is_control), "{hostile:?}");
        assert_eq!(clean("A\u{202e}B"), "AB");
    }
}
