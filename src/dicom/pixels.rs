//! Exact stored values: whatever the coding, byte order and bit width, the numbers in the file.

use dicom_core::VR;
use dicom_dictionary_std::tags;

use crate::study::Pixels;

use super::codestream::{self, Coding, Picture};
use super::dataset::Value;
use super::fault::Fault;
use super::gate::{Checked, inflated};
use super::layout::Layout;
use super::source::{Source, Span};
use super::{decoder, jpeg12, jpegls, rle};

/// No image has more bytes of stored values.
const LARGEST_IMAGE: u64 = 2 << 30;

/// A grey image whose bytes have been found and counted.
pub(super) struct Image {
    pub layout: Layout,
    /// Information was lost in compression, by transfer syntax or by the file's own word.
    pub lossy: bool,
    coding: Coding,
    big_endian: bool,
    /// Eight-bit pixels written as 16-bit words of the other byte order.
    swapped: bool,
    data: Data,
}

enum Data {
    Native(Span),
    /// The fragments of each frame.
    Frames(Vec<Vec<Span>>),
}

impl Image {
    pub fn find(checked: &mut Checked, layout: Layout) -> Result<Self, Fault> {
        let element = checked.header.get(layout.tag).ok_or(Fault::NoPixels)?;
        let (coding, lossy) = Coding::of(&checked.transfer_syntax)?;
        let pixels = layout.rows as u64 * layout.columns as u64;
        let samples = pixels.checked_mul(layout.frames as u64);
        let bytes =
            samples.and_then(|s| s.checked_mul(layout.allocated.into())).map(|b| b.div_ceil(8));
        let limit = LARGEST_IMAGE;
        let too_large =
            || Fault::ImageTooLarge { size: bytes.unwrap_or(u64::MAX) >> 20, limit: limit >> 20 };
        let needed = bytes.ok_or_else(too_large)?;
        let data = match (&element.value, coding) {
            (Value::Elsewhere(span), Coding::Native) => {
                let found = span.length;
                if found == 0 {
                    return Err(Fault::NoPixels);
                }
                if found < needed {
                    return Err(Fault::PixelsShort { needed, found });
                }
                if found > needed + 1 {
                    checked.remarks.push(format!(
                        "The pixel data are {} bytes longer than the header explains; the rest was \
                         left out.",
                        found - needed
                    ));
                }
                Data::Native(*span)
            }
            (Value::Fragments { .. }, Coding::Native) => return Err(Fault::UnexpectedFragments),
            (Value::Fragments { table, fragments }, _) => {
                let (table, fragments) = (*table, fragments.clone());
                Data::Frames(by_frame(&mut checked.source, table, fragments, layout.frames)?)
            }
            _ => return Err(Fault::ExpectedFragments),
        };
        if needed > limit {
            return Err(too_large());
        }
        let element = checked.header.get(layout.tag).ok_or(Fault::NoPixels)?;
        let big_endian = element.big_endian && coding == Coding::Native;
        let swapped = big_endian && element.vr == VR::OW && layout.allocated == 8;
        let lossy = match checked.header.text(tags::LOSSY_IMAGE_COMPRESSION).as_str() {
            "01" => true,
            "00" => false,
            _ => lossy,
        } || matches!(checked.transfer_syntax.as_str(), JPEG_BASELINE | JPEG_EXTENDED);
        Ok(Self { layout, lossy, coding, big_endian, swapped, data })
    }

    /// Hands each frame's stored values to `each`, in order, one at a time.
    pub fn each_frame(
        &self,
        source: &mut Source,
        mut each: impl FnMut(usize, Pixels) -> Result<(), Fault>,
    ) -> Result<(), Fault> {
        for frame in 0..self.layout.frames {
            let samples = match &self.data {
                Data::Native(span) => self.native(source, *span, frame)?,
                Data::Frames(frames) => {
                    let mut stream = Vec::new();
                    for &fragment in &frames[frame] {
                        stream.append(&mut source.span(fragment)?);
                    }
                    self.coded(&stream)?
                }
            };
            each(frame, self.layout.stored_values(samples, self.big_endian))?;
        }
        Ok(())
    }

    fn native(&self, source: &mut Source, span: Span, frame: usize) -> Result<Vec<u8>, Fault> {
        let Layout { rows, columns, allocated, .. } = self.layout;
        let pixels = (rows * columns) as u64;
        if allocated == 1 {
            // Frames of single bits follow each other without padding (PS3.5 8.1.1).
            let first = frame as u64 * pixels;
            let (start, end) = (first / 8, (first + pixels).div_ceil(8));
            let bits = source.span(Span { offset: span.offset + start, length: end - start })?;
            return Ok(unpacked(&bits, (first % 8) as usize, rows * columns));
        }
        let length = pixels * u64::from(allocated / 8);
        let offset = span.offset + length * frame as u64;
        if self.swapped {
            // Whole words, so that an odd frame's first byte is found in its word.
            let start = offset - (offset - span.offset) % 2;
            let end = (offset + length).next_multiple_of(2).min(span.offset + span.length);
            let mut words = source.span(Span { offset: start, length: end - start })?;
            words.as_chunks_mut::<2>().0.iter_mut().for_each(|word| word.reverse());
            let skip = (offset - start) as usize;
            return Ok(words.into_iter().skip(skip).take(length as usize).collect());
        }
        Ok(source.span(Span { offset, length })?)
    }

    /// A coded frame as little-endian samples of the allocated width.
    fn coded(&self, stream: &[u8]) -> Result<Vec<u8>, Fault> {
        let Layout { rows, columns, allocated, .. } = self.layout;
        let (pixels, bytes) = (rows * columns, usize::from(allocated / 8));
        if stream.is_empty() {
            return Err(Fault::Codestream("it is empty".into()));
        }
        if (pixels as u64) * u64::from(allocated) / 8 > decoder::LARGEST_FRAME {
            return Err(Fault::ImageTooLarge {
                size: (pixels as u64 * u64::from(allocated)) >> 23,
                limit: decoder::LARGEST_FRAME >> 20,
            });
        }
        match self.coding {
            Coding::Native => Err(Fault::UnexpectedFragments),
            Coding::Wrapped if stream.len() >= pixels * bytes && bytes > 0 => {
                Ok(stream[..pixels * bytes].to_vec())
            }
            Coding::Wrapped => Err(Fault::Codestream("a frame is cut short".into())),
            Coding::Rle if bytes > 0 => rle::decode(stream, pixels, bytes),
            Coding::Rle => Err(Fault::Bits { bits: allocated }),
            Coding::DeflatedFrames => {
                let needed = (pixels * usize::from(allocated)).div_ceil(8);
                let samples = inflated(stream, needed as u64 + 1)?;
                if samples.len() < needed {
                    return Err(Fault::DeflateDamaged);
                }
                Ok(if allocated == 1 { unpacked(&samples, 0, pixels) } else { samples })
            }
            Coding::Jpeg => {
                let picture = self.agreed(codestream::jpeg(stream)?)?;
                let samples = match codestream::lossy_twelve(stream, picture) {
                    true => jpeg12::decode(stream, columns, rows)?
                        .into_iter()
                        .flat_map(u16::to_le_bytes)
                        .collect(),
                    false => decoder::decode(Coding::Jpeg, picture, stream)?,
                };
                self.widened(samples, picture)
            }
            Coding::Jpeg2000 => {
                let picture = self.agreed(codestream::jpeg2000(stream)?)?;
                self.widened(decoder::decode(Coding::Jpeg2000, picture, stream)?, picture)
            }
            Coding::JpegLs => {
                let picture = self.agreed(codestream::jpeg(stream)?)?;
                let samples = jpegls::decode(stream, columns, rows)?;
                let bytes = samples.iter().flat_map(|s| s.to_le_bytes());
                Ok(match allocated {
                    8 => bytes.step_by(2).collect(),
                    _ => self.widened(bytes.collect(), Picture { precision: 16, ..picture })?,
                })
            }
        }
    }

    /// The codestream's own description, where header and codestream tell the same story.
    fn agreed(&self, found: Picture) -> Result<Picture, Fault> {
        let Layout { rows, columns, allocated, stored, signed, .. } = self.layout;
        let same_size = found.width as usize == columns && found.height as usize == rows;
        let precision = u16::from(found.precision);
        // Fewer bits than stored hold unsigned values as well. Codes of one byte may sit in wider
        // pixels only when the header knows of it.
        let fits = (2..=allocated.min(16)).contains(&precision)
            && (precision >= stored || !signed)
            && (precision > 8 || allocated == 8 || precision == stored);
        if !same_size || found.components != 1 || !fits {
            let said = format!("{columns} x {rows} with 1 x {stored} bits");
            return Err(Fault::CodestreamDiffers { found: found.to_string(), said });
        }
        Ok(found)
    }

    /// Samples of one or two bytes to samples of the allocated width.
    fn widened(&self, samples: Vec<u8>, picture: Picture) -> Result<Vec<u8>, Fault> {
        let from = if picture.precision <= 8 { 1 } else { 2 };
        let to = usize::from(self.layout.allocated / 8);
        if from == to {
            return Ok(samples);
        }
        let zeros = [0; 4];
        Ok(samples
            .chunks_exact(from)
            .flat_map(|s| s.iter().chain(&zeros[..to - from]))
            .copied()
            .collect())
    }
}

const JPEG_BASELINE: &str = "1.2.840.10008.1.2.4.50";
const JPEG_EXTENDED: &str = "1.2.840.10008.1.2.4.51";

/// Bits, lowest first in each byte, to bytes 0 and 1.
fn unpacked(bits: &[u8], skip: usize, count: usize) -> Vec<u8> {
    (skip..skip + count).map(|i| bits.get(i / 8).map_or(0, |b| b >> (i % 8) & 1)).collect()
}

/// Gives each frame its fragments: one to one, all to one, or as the offset table says; without a
/// table a fragment that begins a codestream begins a frame.
pub(super) fn by_frame(
    source: &mut Source,
    table: Span,
    fragments: Vec<Span>,
    frames: usize,
) -> Result<Vec<Vec<Span>>, Fault> {
    let found = fragments.len();
    let differs = Fault::FrameCount { said: frames, found };
    if fragments.iter().all(|f| f.length == 0) {
        return Err(Fault::NoPixels);
    }
    if frames == 1 {
        return Ok(vec![fragments]);
    }
    if found == frames {
        return Ok(fragments.into_iter().map(|f| vec![f]).collect());
    }
    if found < frames {
        return Err(differs);
    }
    let starts = match table.length == 4 * frames as u64 {
        true => {
            let bytes = source.span(table)?;
            let (offsets, _) = bytes.as_chunks::<4>();
            let first = fragments[0].offset;
            offsets.iter().map(|&o| first + u64::from(u32::from_le_bytes(o))).collect()
        }
        false => {
            let mut starts = Vec::new();
            for fragment in fragments.iter().filter(|f| f.length >= 2) {
                let begin = source.span(Span { offset: fragment.offset, length: 2 })?;
                if matches!(begin[..], [0xFF, 0xD8 | 0x4F]) {
                    starts.push(fragment.offset);
                }
            }
            starts
        }
    };
    let mut grouped: Vec<Vec<Span>> = Vec::with_capacity(frames);
    for fragment in fragments {
        if starts.get(grouped.len()) == Some(&fragment.offset) {
            grouped.push(Vec::new());
        }
        grouped.last_mut().ok_or(differs.clone())?.push(fragment);
    }
    match grouped.len() == frames {
        true => Ok(grouped),
        false => Err(differs),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn single_bits_run_across_frames() {
        assert_eq!(unpacked(&[0b1010_0000, 0b1], 5, 4), [1, 0, 1, 1]);
    }

    #[test]
    fn fragments_find_their_frames() {
        let bytes: Vec<u8> = [0xFF, 0xD8, 1, 2, 3, 4, 0xFF, 0xD8, 5, 6].to_vec();
        let mut source = Source::memory(bytes.into());
        let span = |offset, length| Span { offset, length };
        let fragments = vec![span(0, 4), span(4, 2), span(6, 4)];
        let grouped = by_frame(&mut source, span(0, 0), fragments.clone(), 2).unwrap();
        assert_eq!(grouped, [vec![span(0, 4), span(4, 2)], vec![span(6, 4)]]);
        assert!(by_frame(&mut source, span(0, 0), fragments.clone(), 4).is_err());
        assert_eq!(by_frame(&mut source, span(0, 0), fragments, 1).unwrap()[0].len(), 3);
    }
}
