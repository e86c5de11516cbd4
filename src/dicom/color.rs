//! Pictures in colour, as they were captured: shown, never measured.

use std::sync::Arc;

use dicom_dictionary_std::tags;
use ndarray::Array2;

use crate::study::Pixels;

use super::codestream::{self, Coding, Picture};
use super::dataset::{DataSet, Value};
use super::decoder;
use super::fault::Fault;
use super::gate::Checked;
use super::pixels::by_frame;
use super::rle;
use super::source::Span;

/// A longer film is listed and not shown.
const MOST_BYTES: u64 = 1 << 30;

/// Red, green and blue, each a byte per pixel.
pub(super) type Channels = [Arc<Pixels>; 3];

/// The description of pixels with three samples (PS3.3 C.7.6.3).
#[derive(Clone, Copy, Debug)]
pub(super) struct Layout {
    pub rows: usize,
    pub columns: usize,
    pub frames: usize,
    pub space: Space,
    /// All samples of one kind before the next kind, instead of pixel by pixel.
    pub planar: bool,
    pub allocated: u16,
}

/// What the three samples are (PS3.3 C.7.6.3.1.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Space {
    Rgb,
    /// Luminance and two differences of colour.
    Ybr,
    /// The same, with one pair of differences for two neighbours in a row.
    YbrHalved,
    /// A decoder for the coding undoes it.
    YbrOfCoding,
    Other,
}

impl Space {
    pub fn of(photometric: &str) -> Self {
        match photometric {
            "RGB" => Self::Rgb,
            "YBR_FULL" => Self::Ybr,
            "YBR_FULL_422" => Self::YbrHalved,
            "YBR_RCT" | "YBR_ICT" => Self::YbrOfCoding,
            _ => Self::Other,
        }
    }
}

/// Hands each frame to `each`, in order. `false` where the picture is of a kind that is not shown:
/// then nothing was handed out.
pub(super) fn each_frame(
    checked: &mut Checked,
    layout: Layout,
    mut each: impl FnMut(usize, Channels),
) -> Result<bool, Fault> {
    let Layout { rows, columns, frames, space, .. } = layout;
    let pixels = rows * columns;
    let all = (pixels as u64).saturating_mul(3 * frames as u64);
    if layout.allocated != 8 || space == Space::Other || all > MOST_BYTES {
        return Ok(false);
    }
    let (coding, _) = Coding::of(&checked.transfer_syntax)?;
    let element = checked.header.get(tags::PIXEL_DATA).ok_or(Fault::NoPixels)?;
    let length = if space == Space::YbrHalved && coding == Coding::Native {
        2 * pixels as u64
    } else {
        3 * pixels as u64
    };
    let streams: Vec<Vec<Span>> = match (&element.value, coding) {
        (Value::Elsewhere(span), Coding::Native) => {
            let needed = length * frames as u64;
            if span.length < needed {
                return Err(Fault::PixelsShort { needed, found: span.length });
            }
            let at = |frame: usize| Span { offset: span.offset + length * frame as u64, length };
            (0..frames).map(|frame| vec![at(frame)]).collect()
        }
        (Value::Fragments { table, fragments }, coding) if coding != Coding::Native => {
            let (table, fragments) = (*table, fragments.clone());
            by_frame(&mut checked.source, table, fragments, frames)?
        }
        _ => return Ok(false),
    };
    for (frame, spans) in streams.into_iter().enumerate() {
        let mut stream = Vec::new();
        for span in spans {
            stream.append(&mut checked.source.span(span)?);
        }
        let Some(rgb) = decoded(coding, layout, stream)? else { return Ok(false) };
        each(frame, channels(rows, columns, &rgb));
    }
    Ok(true)
}

/// One frame as red, green, blue, pixel by pixel; `None` where no decoder of ours knows how.
fn decoded(coding: Coding, layout: Layout, stream: Vec<u8>) -> Result<Option<Vec<[u8; 3]>>, Fault> {
    let Layout { rows, columns, space, planar, .. } = layout;
    let pixels = rows * columns;
    let samples = match coding {
        Coding::Native | Coding::Wrapped => stream,
        Coding::Rle => {
            // Byte planes, which come as the least significant first.
            let mut samples = rle::decode(&stream, pixels, 3)?;
            samples.as_chunks_mut::<3>().0.iter_mut().for_each(|pixel| pixel.reverse());
            return Ok(Some(samples.as_chunks().0.iter().map(|p| to_rgb(*p, space)).collect()));
        }
        // A decoder gives red, green and blue where the coding is of luminance and differences.
        Coding::Jpeg if space != Space::Rgb => {
            let picture = agreed(codestream::jpeg(&stream)?, layout)?;
            let samples = decoder::decode(Coding::Jpeg, picture, &stream)?;
            return Ok(Some(samples.as_chunks().0.to_vec()));
        }
        Coding::Jpeg2000 => {
            let picture = agreed(codestream::jpeg2000(&stream)?, layout)?;
            let samples = decoder::decode(Coding::Jpeg2000, picture, &stream)?;
            return Ok(Some(samples.as_chunks().0.iter().map(|p| to_rgb(*p, space)).collect()));
        }
        _ => return Ok(None),
    };
    let needed = if space == Space::YbrHalved { 2 * pixels } else { 3 * pixels };
    if samples.len() < needed {
        return Err(Fault::PixelsShort { needed: needed as u64, found: samples.len() as u64 });
    }
    Ok(Some(match (space, planar) {
        // Two luminances, then what both share.
        (Space::YbrHalved, _) => {
            let (pairs, _) = samples.as_chunks::<4>();
            let both = pairs.iter().flat_map(|&[y0, y1, cb, cr]| [[y0, cb, cr], [y1, cb, cr]]);
            both.map(|pixel| to_rgb(pixel, space)).collect()
        }
        (_, true) => {
            let at = |i: usize| [samples[i], samples[pixels + i], samples[2 * pixels + i]];
            (0..pixels).map(|i| to_rgb(at(i), space)).collect()
        }
        (_, false) => {
            let (all, _) = samples.as_chunks::<3>();
            all[..pixels].iter().map(|pixel| to_rgb(*pixel, space)).collect()
        }
    }))
}

/// The codestream's own description, where header and codestream tell the same story.
fn agreed(found: Picture, layout: Layout) -> Result<Picture, Fault> {
    let Layout { rows, columns, .. } = layout;
    let same = (found.width as usize, found.height as usize) == (columns, rows);
    if !same || found.components != 3 || found.precision != 8 {
        let said = format!("{columns} x {rows} with 3 x 8 bits");
        return Err(Fault::CodestreamDiffers { found: found.to_string(), said });
    }
    Ok(found)
}

/// PS3.3 C.7.6.3.1.2, which is ITU-R BT.601 with the whole range of a byte.
fn to_rgb(pixel: [u8; 3], space: Space) -> [u8; 3] {
    if !matches!(space, Space::Ybr | Space::YbrHalved) {
        return pixel;
    }
    let [y, cb, cr] = pixel.map(f64::from);
    let (cb, cr) = (cb - 128.0, cr - 128.0);
    [y + 1.402 * cr, y - 0.344_136 * cb - 0.714_136 * cr, y + 1.772 * cb]
        .map(|v| v.round().clamp(0.0, 255.0) as u8)
}

fn channels(rows: usize, columns: usize, rgb: &[[u8; 3]]) -> Channels {
    [0, 1, 2].map(|channel| {
        let mut values: Vec<u8> = rgb.iter().map(|pixel| pixel[channel]).collect();
        // Every frame has been counted; this keeps a slip from becoming a panic.
        values.resize(rows * columns, 0);
        let values = Array2::from_shape_vec((rows, columns), values).unwrap_or_default();
        Arc::new(Pixels::U8(values))
    })
}

/// How bright each pixel is (BT.601): for whatever needs one number.
pub(super) fn brightness(channels: &Channels) -> Pixels {
    let [red, green, blue] = channels.each_ref().map(|channel| match &**channel {
        Pixels::U8(values) => values.clone(),
        _ => Array2::default((0, 0)),
    });
    let mut bright = red;
    ndarray::Zip::from(&mut bright).and(&green).and(&blue).for_each(|red, &green, &blue| {
        let [r, g, b] = [*red, green, blue].map(f64::from);
        *red = (0.299 * r + 0.587 * g + 0.114 * b).round() as u8;
    });
    Pixels::U8(bright)
}

/// The colours that a file gives its numbers (PS3.3 C.7.6.3.1.5 and 6).
pub(super) struct Palette {
    first: f64,
    colors: Vec<[u8; 3]>,
}

impl Palette {
    /// `None` where the picture has none, or one that cannot be read.
    pub fn of(header: &DataSet) -> Option<Self> {
        if header.code(tags::PHOTOMETRIC_INTERPRETATION) != "PALETTE COLOR" {
            return None;
        }
        let descriptor = header.numbers(tags::RED_PALETTE_COLOR_LOOKUP_TABLE_DESCRIPTOR).ok()??;
        let &[entries, first, bits] = descriptor.as_slice() else { return None };
        // Zero stands for the number that no longer fits.
        let entries = if entries == 0.0 { 65_536 } else { entries as usize };
        let table = |tag| {
            let element = header.get(tag)?;
            let bytes = header.bytes(tag)?;
            let values: Vec<u8> = match (bits as u16, bytes.len() >= 2 * entries) {
                // Eight bits to a word, or packed.
                (8, false) => bytes.to_vec(),
                (bits, _) => {
                    let high = (bits == 16) != element.big_endian;
                    bytes.as_chunks::<2>().0.iter().map(|word| word[usize::from(high)]).collect()
                }
            };
            (values.len() >= entries).then_some(values)
        };
        let [red, green, blue] = [
            tags::RED_PALETTE_COLOR_LOOKUP_TABLE_DATA,
            tags::GREEN_PALETTE_COLOR_LOOKUP_TABLE_DATA,
            tags::BLUE_PALETTE_COLOR_LOOKUP_TABLE_DATA,
        ]
        .map(table);
        let (red, green, blue) = (red?, green?, blue?);
        let colors = (0..entries).map(|i| [red[i], green[i], blue[i]]).collect();
        Some(Self { first, colors })
    }

    /// Numbers below the first have its colour, those beyond the last the last's.
    pub fn paint(&self, pixels: &Pixels) -> Channels {
        let mut rgb = Vec::with_capacity(pixels.rows() * pixels.columns());
        let last = self.colors.len().saturating_sub(1) as f64;
        pixels.for_each(|number| {
            let at = (number - self.first).clamp(0.0, last) as usize;
            rgb.push(self.colors.get(at).copied().unwrap_or_default());
        });
        channels(pixels.rows(), pixels.columns(), &rgb)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn layout(space: Space, planar: bool) -> Layout {
        Layout { rows: 1, columns: 2, frames: 1, space, planar, allocated: 8 }
    }

    fn rgb(coding: Coding, layout: Layout, stream: &[u8]) -> Vec<[u8; 3]> {
        decoded(coding, layout, stream.to_vec()).unwrap().unwrap()
    }

    #[test]
    fn samples_are_taken_as_the_file_orders_them() {
        let by_pixel = rgb(Coding::Native, layout(Space::Rgb, false), &[1, 2, 3, 4, 5, 6]);
        assert_eq!(by_pixel, [[1, 2, 3], [4, 5, 6]]);
        let by_plane = rgb(Coding::Native, layout(Space::Rgb, true), &[1, 4, 2, 5, 3, 6]);
        assert_eq!(by_plane, by_pixel);
        let mut rle = vec![0; 64];
        rle[0] = 3;
        for (plane, bytes) in [[1, 4], [2, 5], [3, 6]].into_iter().enumerate() {
            let start = rle.len() as u32;
            rle[4 + 4 * plane..8 + 4 * plane].copy_from_slice(&start.to_le_bytes());
            rle.extend([1, bytes[0], bytes[1], 128]);
        }
        assert_eq!(rgb(Coding::Rle, layout(Space::Rgb, false), &rle), by_pixel);
        let cut = decoded(Coding::Native, layout(Space::Rgb, false), vec![1; 5]);
        assert!(matches!(cut, Err(Fault::PixelsShort { needed: 6, found: 5 })));
    }

    #[test]
    fn luminance_and_differences_become_colours() {
        // Grey has no differences; pure red, green and blue by BT.601.
        let ybr = [[77, 128, 128], [76, 85, 255], [150, 44, 21], [29, 255, 107]];
        let found = ybr.map(|pixel| to_rgb(pixel, Space::Ybr));
        let wanted = [[77, 77, 77], [255, 0, 0], [0, 255, 0], [0, 0, 255]];
        for (found, wanted) in found.into_iter().zip(wanted) {
            for (found, wanted) in found.into_iter().zip::<[u8; 3]>(wanted) {
                assert!(found.abs_diff(wanted) <= 2, "{found} {wanted}");
            }
        }
        let halved = rgb(Coding::Native, layout(Space::YbrHalved, false), &[10, 90, 128, 128]);
        assert_eq!(halved, [[10; 3], [90; 3]]);
    }

    #[test]
    fn a_palette_gives_its_colours_from_its_first_number_on() {
        let words = |bytes: [u8; 3]| bytes.map(|b| [0, b]).concat();
        let with = |data: DataSet, tag, bytes: Vec<u8>| {
            let mut data = data;
            let value = Value::Bytes(bytes.into());
            let vr = dicom_core::VR::OW;
            let element = super::super::dataset::Element { vr, big_endian: false, value };
            data.elements.insert(tag, element);
            data
        };
        let header = DataSet::default()
            .with(tags::PHOTOMETRIC_INTERPRETATION, "PALETTE COLOR")
            .with(tags::RED_PALETTE_COLOR_LOOKUP_TABLE_DESCRIPTOR, "3\\5\\16");
        let header = with(header, tags::RED_PALETTE_COLOR_LOOKUP_TABLE_DATA, words([1, 2, 3]));
        let header = with(header, tags::GREEN_PALETTE_COLOR_LOOKUP_TABLE_DATA, words([4, 5, 6]));
        assert!(Palette::of(&header).is_none(), "blue is missing");
        let header = with(header, tags::BLUE_PALETTE_COLOR_LOOKUP_TABLE_DATA, words([7, 8, 9]));
        let palette = Palette::of(&header).unwrap();
        let numbers = Pixels::U8(Array2::from_shape_vec((1, 4), vec![0, 5, 6, 200]).unwrap());
        let painted = palette.paint(&numbers);
        let row = |channel: usize| [0, 1, 2, 3].map(|c| painted[channel].stored(c, 0));
        assert_eq!(row(0), [1.0, 1.0, 2.0, 3.0]);
        assert_eq!(row(2), [7.0, 7.0, 8.0, 9.0]);
    }
}
