//! Colour maps from files: the binary tables of ImageJ and NIH Image, and text tables as ImageJ and
//! Weasis write them.

use super::ColorTable;

/// Why a file is no colour map, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LutError {
    #[error("the file is empty; choose a colour table of 256 colours")]
    Empty,
    #[error(
        "the file is no colour table: {bytes} bytes; a binary one has 768 (256 reds, 256 greens, \
         256 blues), or 32 more with the header of NIH Image; save it from ImageJ with File, Save \
         As, LUT"
    )]
    Size { bytes: usize },
    #[error("the header promises {colors} colours, but there are bytes for {there}; save it anew")]
    Short { colors: usize, there: usize },
    #[error("the header promises {colors} colours; a colour table has 2 to 256")]
    Colors { colors: i32 },
    #[error(
        "line {line} has {columns} columns; each line holds red, green and blue, or a number and \
         then red, green and blue"
    )]
    Columns { line: usize, columns: usize },
    #[error("line {line}: {word:?} is no whole number from 0 to 255")]
    Number { line: usize, word: String },
    #[error("the table has {lines} lines; it must have 256, one for each colour")]
    Lines { lines: usize },
}

/// The largest file that is looked at; a text table takes less than 5,000 bytes.
pub const LARGEST_LUT: usize = 64 * 1024;

const NIH_HEADER: usize = 32;

/// Reads a colour table from a file's bytes.
///
/// Binary: 256 reds, 256 greens, 256 blues (768 bytes); or a header of 32 bytes that begins with
/// `ICOL` and says at byte 6 (big endian) how many colours follow, fewer than 256 being spread over
/// the table by straight lines, as ImageJ does. Text: 256 lines of red, green and blue, or of a
/// number and the three, with spaces, tabs or commas between them and one line of headings at most.
pub fn read_lut(bytes: &[u8]) -> Result<ColorTable, LutError> {
    if bytes.is_empty() {
        return Err(LutError::Empty);
    }
    if bytes.starts_with(b"ICOL") && bytes.len() >= NIH_HEADER {
        return nih_image(bytes);
    }
    // ImageJ takes tables with its old trailer of 202 bytes too; text needs twice as many bytes.
    if matches!(bytes.len(), 768 | 970) {
        return planes(bytes, 256);
    }
    if reads_as_text(bytes) {
        let words = String::from_utf8_lossy(bytes);
        return text(words.trim_start_matches('\u{feff}'));
    }
    Err(LutError::Size { bytes: bytes.len() })
}

fn nih_image(bytes: &[u8]) -> Result<ColorTable, LutError> {
    let colors = i32::from(i16::from_be_bytes([bytes[6], bytes[7]]));
    let count = usize::try_from(colors).ok().filter(|n| (2..=256).contains(n));
    let count = count.ok_or(LutError::Colors { colors })?;
    planes(&bytes[NIH_HEADER..], count)
}

/// `count` reds, then greens, then blues, spread over 256 entries.
fn planes(bytes: &[u8], count: usize) -> Result<ColorTable, LutError> {
    if bytes.len() < 3 * count {
        return Err(LutError::Short { colors: count, there: bytes.len() / 3 });
    }
    let color = |i: usize| [0, 1, 2].map(|plane| bytes[plane * count + i]);
    Ok(std::array::from_fn(|entry| {
        // In 256ths of a colour: exact for 256 colours.
        let at = entry * count;
        let (low, part) = (at / 256, at % 256);
        let (low, high) = (color(low), color((low + 1).min(count - 1)));
        std::array::from_fn(|c| {
            let mixed = usize::from(low[c]) * (256 - part) + usize::from(high[c]) * part;
            ((mixed + 128) / 256) as u8
        })
    }))
}

/// Only what a text table may hold: printable characters, spaces, ends of lines.
fn reads_as_text(bytes: &[u8]) -> bool {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    bytes.iter().all(|b| matches!(b, b'\t' | b'\r' | b'\n' | b' '..=b'~'))
}

fn text(words: &str) -> Result<ColorTable, LutError> {
    let mut colors = Vec::with_capacity(256);
    let mut headings = false;
    for (line, words) in (1..).zip(words.lines()) {
        let words: Vec<&str> = words
            .split(|c: char| c.is_whitespace() || c == ',' || c == ';')
            .filter(|word| !word.is_empty())
            .collect();
        // Comments and empty lines are nobody's colour.
        if words.first().is_none_or(|word| word.starts_with('#') || word.starts_with("//")) {
            continue;
        }
        let a_heading = words.iter().all(|w| w.starts_with(|c: char| c.is_ascii_alphabetic()));
        if colors.is_empty() && !headings && a_heading {
            headings = true;
            continue;
        }
        let last_three = match words.len() {
            3 => &words[..],
            4 => &words[1..],
            columns => return Err(LutError::Columns { line, columns }),
        };
        let mut color = [0; 3];
        for (value, word) in color.iter_mut().zip(last_three) {
            *value = whole(word)
                .ok_or_else(|| LutError::Number { line, word: word.chars().take(20).collect() })?;
        }
        colors.push(color);
    }
    let lines = colors.len();
    colors.try_into().map_err(|_| LutError::Lines { lines })
}

/// A byte, perhaps with zeros behind a point as spreadsheets write it.
fn whole(word: &str) -> Option<u8> {
    let (whole, part) = word.split_once('.').unwrap_or((word, ""));
    part.bytes().all(|b| b == b'0').then(|| whole.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Red rises, green falls, blue stays.
    fn slope() -> ColorTable {
        std::array::from_fn(|i| [i as u8, 255 - i as u8, 77])
    }

    fn binary(table: &ColorTable) -> Vec<u8> {
        (0..3).flat_map(|plane| table.iter().map(move |color| color[plane])).collect()
    }

    fn with_header(colors: u16, planes: &[u8]) -> Vec<u8> {
        let mut file = b"ICOL\x00\x29".to_vec();
        file.extend(colors.to_be_bytes());
        file.resize(NIH_HEADER, 0);
        file.extend(planes);
        file
    }

    #[test]
    fn binary_tables_with_and_without_a_header() {
        assert_eq!(read_lut(&binary(&slope())), Ok(slope()));
        assert_eq!(read_lut(&with_header(256, &binary(&slope()))), Ok(slope()));
        // Two colours become a ramp between them, the last one held.
        let two = read_lut(&with_header(2, &[0, 200, 10, 10, 0, 100])).unwrap();
        assert_eq!((two[0], two[64], two[128]), ([0, 10, 0], [100, 10, 50], [200, 10, 100]));
        assert_eq!(two[255], [200, 10, 100]);
    }

    #[test]
    fn text_tables_of_imagej_and_weasis() {
        let lines = |f: &dyn Fn(usize, [u8; 3]) -> String| -> String {
            slope().iter().enumerate().map(|(i, c)| f(i, *c)).collect()
        };
        let weasis = lines(&|_, [r, g, b]| format!("{r}\t{g}\t{b}\n"));
        assert_eq!(read_lut(weasis.as_bytes()), Ok(slope()));
        let imagej = lines(&|i, [r, g, b]| format!("{i}\t{r}\t{g}\t{b}\r\n"));
        let imagej = format!("\u{feff}Index\tRed\tGreen\tBlue\r\n{imagej}");
        assert_eq!(read_lut(imagej.as_bytes()), Ok(slope()));
        let commas = lines(&|_, [r, g, b]| format!("{r}.0, {g}, {b}\n"));
        assert_eq!(read_lut(format!("# mine\n\n{commas}").as_bytes()), Ok(slope()));
    }

    #[test]
    fn what_is_no_table_is_named() {
        let says = |bytes: &[u8]| read_lut(bytes).unwrap_err();
        assert_eq!(says(b""), LutError::Empty);
        assert_eq!(says(&[0; 700]), LutError::Size { bytes: 700 });
        assert_eq!(says(&with_header(256, &[1; 300])), LutError::Short { colors: 256, there: 100 });
        assert_eq!(says(&with_header(1, &[1; 768])), LutError::Colors { colors: 1 });
        assert_eq!(says(&with_header(0xffff, &[1; 768])), LutError::Colors { colors: -1 });
        assert_eq!(says(b"1 2 3\n4 5"), LutError::Columns { line: 2, columns: 2 });
        assert_eq!(says(b"1 2 3\n4 5 256"), LutError::Number { line: 2, word: "256".into() });
        assert!(says(b"1 2 3\n4 5 6.5").to_string().contains("\"6.5\""));
        assert_eq!(says(b"1 2 3\n4 5 6\n"), LutError::Lines { lines: 2 });
    }

    proptest::proptest! {
        #[test]
        fn no_file_can_do_harm(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..900)) {
            let _ = read_lut(&bytes);
            let _ = read_lut(&[b"ICOL".to_vec(), bytes].concat());
        }

        #[test]
        fn every_table_survives_its_file(seed in proptest::num::u64::ANY) {
            let table: ColorTable = std::array::from_fn(|i| {
                let mixed = seed.wrapping_mul(2 * i as u64 + 1);
                [(mixed >> 8) as u8, (mixed >> 24) as u8, (mixed >> 40) as u8]
            });
            let bytes = binary(&table);
            proptest::prop_assert_eq!(read_lut(&bytes), Ok(table));
            let lines: String =
                table.iter().map(|[r, g, b]| format!("{r} {g} {b}\n")).collect();
            proptest::prop_assert_eq!(read_lut(lines.as_bytes()), Ok(table));
        }
    }
}
