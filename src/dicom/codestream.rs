//! What a compressed picture says of itself, read before any decoder sees it.

use super::fault::{Fault, damaged};

/// How pixel data are coded, by transfer syntax.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Coding {
    Native,
    /// Native bytes in one fragment per frame (Encapsulated Uncompressed, Supplement 188).
    Wrapped,
    Rle,
    Jpeg,
    JpegLs,
    Jpeg2000,
    DeflatedFrames,
}

impl Coding {
    /// The coding of a transfer syntax, and whether that syntax loses information by its nature.
    pub fn of(transfer_syntax: &str) -> Result<(Self, bool), Fault> {
        let tail = transfer_syntax.strip_prefix("1.2.840.10008.1.2");
        Ok(match tail {
            _ if transfer_syntax.is_empty() => (Self::Native, false),
            Some("" | ".1" | ".2" | ".1.99") => (Self::Native, false),
            Some(".1.98") => (Self::Wrapped, false),
            Some(".5") => (Self::Rle, false),
            Some(".4.50" | ".4.51" | ".4.53" | ".4.55") => (Self::Jpeg, true),
            Some(".4.57" | ".4.70") => (Self::Jpeg, false),
            Some(".4.80") => (Self::JpegLs, false),
            Some(".4.81") => (Self::JpegLs, true),
            Some(".4.90" | ".4.92" | ".4.201" | ".4.202") => (Self::Jpeg2000, false),
            Some(".4.91" | ".4.93" | ".4.203") => (Self::Jpeg2000, true),
            Some(".8.1") => (Self::DeflatedFrames, false),
            _ => return Err(Fault::Syntax(transfer_syntax.to_owned())),
        })
    }
}

/// The size and depth of one coded picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Picture {
    pub width: u32,
    pub height: u32,
    pub components: u16,
    /// Bits per sample.
    pub precision: u8,
}

impl std::fmt::Display for Picture {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { width, height, components, precision } = self;
        write!(f, "{width} x {height} with {components} x {precision} bits")
    }
}

/// The marker segment of a JPEG or JPEG-LS stream that begins at `at`: its marker and its body
/// (T.81 B.1.1.4). Moves `at` behind it.
pub(super) fn segment<'a>(stream: &'a [u8], at: &mut usize) -> Result<(u8, &'a [u8]), Fault> {
    let cut = || damaged("its header is cut");
    let &[0xFF, marker, high, low] =
        stream.get(*at..*at + 4).and_then(|b| b.first_chunk::<4>()).ok_or_else(cut)?
    else {
        return Err(damaged("its header is broken"));
    };
    let length = usize::from(u16::from_be_bytes([high, low]));
    let body = stream.get(*at + 4..*at + 2 + length).ok_or_else(cut)?;
    *at += 2 + length;
    Ok((marker, body))
}

/// Reads the frame header of JPEG (ITU-T T.81 B.2.2) and JPEG-LS (T.87 C.2.2), and looks for the
/// end mark: decoders fill in what a cut stream lacks, without a word.
pub(super) fn jpeg(stream: &[u8]) -> Result<Picture, Fault> {
    if !stream.starts_with(&[0xFF, 0xD8]) {
        return Err(damaged("it does not begin as JPEG does"));
    }
    let mut at = 2;
    loop {
        let &[0xFF, marker, high, low] = stream
            .get(at..at + 4)
            .and_then(|b| b.first_chunk::<4>())
            .ok_or_else(|| damaged("its header is cut"))?
        else {
            return Err(damaged("its header is broken"));
        };
        if marker == 0xFF {
            at += 1;
            continue;
        }
        let length = usize::from(u16::from_be_bytes([high, low]));
        let body = stream.get(at + 4..at + 2 + length);
        let frame = matches!(marker, 0xC0..=0xCF if !matches!(marker, 0xC4 | 0xC8 | 0xCC));
        if frame || marker == 0xF7 {
            let Some(&[precision, h1, h0, w1, w0, components, ..]) = body else {
                return Err(damaged("its frame header is cut"));
            };
            if !ends(stream) {
                return Err(damaged("it lacks its end mark, so it was probably cut short"));
            }
            return Ok(Picture {
                width: u16::from_be_bytes([w1, w0]).into(),
                height: u16::from_be_bytes([h1, h0]).into(),
                components: components.into(),
                precision,
            });
        }
        if body.is_none() || marker == 0xDA || marker == 0xD9 {
            return Err(damaged("it has no frame header"));
        }
        at += 2 + length;
    }
}

/// Whether a JPEG stream holds 12 bits coded with loss (SOF0 to SOF2).
pub(super) fn lossy_twelve(stream: &[u8], picture: Picture) -> bool {
    let begins = |w: &[u8]| matches!(w, [0xFF, 0xC0..=0xC2, 0, 11, 12]);
    picture.precision == 12 && stream.windows(5).any(begins)
}

/// Reads SIZ of a JPEG 2000 codestream (ISO/IEC 15444-1 A.5.1), bare or in a JP2 file.
pub(super) fn jpeg2000(stream: &[u8]) -> Result<Picture, Fault> {
    const BEGIN: [u8; 4] = [0xFF, 0x4F, 0xFF, 0x51];
    let head = &stream[..stream.len().min(4096)];
    let begin = head
        .windows(4)
        .position(|w| w == BEGIN)
        .ok_or_else(|| damaged("it does not begin as JPEG 2000 does"))?;
    let siz = stream.get(begin + 4..begin + 45).ok_or_else(|| damaged("its header is cut"))?;
    let long = |at: usize| u32::from_be_bytes([siz[at], siz[at + 1], siz[at + 2], siz[at + 3]]);
    let [x1, y1, x0, y0, tile_x, tile_y] = [4, 8, 12, 16, 20, 24].map(long);
    let components = u16::from_be_bytes([siz[36], siz[37]]);
    let picture = Picture {
        width: x1.saturating_sub(x0),
        height: y1.saturating_sub(y0),
        components,
        precision: (siz[38] & 0x7F) + 1,
    };
    let [tiles_x0, tiles_y0] = [28, 32].map(long);
    let across = |end: u32, start: u32, tile: u32| match end.checked_sub(start) {
        Some(size) if tile > 0 => u64::from(size.div_ceil(tile)),
        _ => 0,
    };
    let tiles = across(x1, tiles_x0, tile_x) * across(y1, tiles_y0, tile_y);
    if !(1..=65_535).contains(&tiles) {
        return Err(damaged("its tiles make no sense"));
    }
    if siz[39] != 1 || siz[40] != 1 {
        return Err(damaged("its samples are thinned out"));
    }
    if !ends(stream) {
        return Err(damaged("it lacks its end mark, so it was probably cut short"));
    }
    if tiles_present(stream, begin + 2) < tiles {
        return Err(damaged("some of its tiles are missing"));
    }
    Ok(picture)
}

/// How many different tiles have a part in the stream (15444-1 A.4.2); markers from `at` on.
fn tiles_present(stream: &[u8], mut at: usize) -> u64 {
    let word = |at: usize| stream.get(at..at + 2).map(|b| u16::from_be_bytes([b[0], b[1]]));
    let mut seen = std::collections::HashSet::new();
    while let (Some(marker), Some(length)) = (word(at), word(at + 2)) {
        if marker != 0xFF90 {
            if marker < 0xFF00 || marker == 0xFFD9 {
                break;
            }
            at += 2 + usize::from(length).max(2);
            continue;
        }
        let (Some(tile), Some(high), Some(low)) = (word(at + 4), word(at + 6), word(at + 8)) else {
            break;
        };
        seen.insert(tile);
        match (u32::from(high) << 16 | u32::from(low)) as usize {
            // The last part may leave its length open.
            0 => break,
            part => at += part.max(12),
        }
    }
    seen.len() as u64
}

/// Whether FFD9 (EOI, EOC) closes the stream, up to a few bytes of padding of whatever kind.
fn ends(stream: &[u8]) -> bool {
    let tail = &stream[stream.len().saturating_sub(8)..];
    tail.windows(2).any(|w| w == [0xFF, 0xD9])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_jpeg_frame_header_is_found_behind_other_segments() {
        let stream = [
            0xFF, 0xD8, 0xFF, 0xE0, 0, 4, 1, 2, 0xFF, 0xC3, 0, 11, 16, 0, 32, 0, 64, 1, 1, 0x11, 0,
            0xFF, 0xD9, 0,
        ];
        let picture = jpeg(&stream).unwrap();
        assert_eq!(picture, Picture { width: 64, height: 32, components: 1, precision: 16 });
        assert!(jpeg(&stream[..20]).is_err());
        assert!(jpeg(&stream[2..]).is_err());
    }

    #[test]
    fn every_beginning_of_a_header_is_an_error_or_a_picture() {
        let stream: Vec<u8> = [0xFF, 0x4F, 0xFF, 0x51].into_iter().chain(0..60).collect();
        for end in 0..stream.len() {
            assert!(jpeg2000(&stream[..end]).is_err());
            assert!(jpeg(&stream[..end]).is_err());
        }
    }
}
