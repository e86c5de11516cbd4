//! Rows, columns, bits and signs: the description of pixels, and bytes read by it.

use dicom_core::Tag;
use dicom_dictionary_std::tags;
use ndarray::Array2;

use crate::study::Pixels;

use super::color;
use super::dataset::DataSet;
use super::fault::Fault;

/// The description of a single-channel image's pixels, consistent in itself (PS3.3 C.7.6.3).
#[derive(Clone, Debug)]
pub(super) struct Layout {
    pub rows: usize,
    pub columns: usize,
    pub frames: usize,
    pub tag: Tag,
    pub allocated: u16,
    pub stored: u16,
    pub shift: u16,
    pub signed: bool,
}

/// What kind of picture a header describes.
pub(super) enum Described {
    Grey(Layout),
    /// Three samples per pixel: shown, never measured.
    Colour(color::Layout),
}

/// Reads and checks the description. `Err(NoPixels)` where the object holds no picture.
pub(super) fn describe(header: &DataSet, remarks: &mut Vec<String>) -> Result<Described, Fault> {
    let tag = [tags::PIXEL_DATA, tags::FLOAT_PIXEL_DATA, tags::DOUBLE_FLOAT_PIXEL_DATA]
        .into_iter()
        .find(|&tag| header.has(tag))
        .ok_or(Fault::NoPixels)?;
    let rows = size(header, tags::ROWS)?;
    let columns = size(header, tags::COLUMNS)?;
    let frames = header.frame_count()?;
    if header.has(tags::NUMBER_OF_FRAMES) && header.text(tags::NUMBER_OF_FRAMES).is_empty() {
        remarks.push("Number of Frames (0028,0008) is empty; 1 was used.".into());
    }
    let samples = header.usual(tags::SAMPLES_PER_PIXEL, 1, remarks)?;
    let photometric = header.code(tags::PHOTOMETRIC_INTERPRETATION);
    let allocated = header.required(tags::BITS_ALLOCATED)?;
    let colour = matches!(photometric.get(..3), Some("RGB" | "YBR"));
    let planar = header.usual(tags::PLANAR_CONFIGURATION, 0, &mut Vec::new())?;
    match (samples, photometric.as_str()) {
        (3, space) if colour && planar < 2 => {
            let (space, planar) = (color::Space::of(space), planar == 1);
            let layout = color::Layout { rows, columns, frames, space, planar, allocated };
            return Ok(Described::Colour(layout));
        }
        (3, _) if colour => {
            return Err(Fault::Malformed(tags::PLANAR_CONFIGURATION, "it is neither 0 nor 1"));
        }
        (1, "MONOCHROME1" | "MONOCHROME2") => {}
        (1, "PALETTE COLOR") => remarks
            .push("The values are the stored numbers of the palette, not its colours.".into()),
        (1, "") => remarks.push(
            "Photometric Interpretation (0028,0004) is missing; MONOCHROME2 was used.".into(),
        ),
        (1, _) => remarks.push(
            "Photometric Interpretation (0028,0004) is not one of a grey image; MONOCHROME2 was \
             used."
                .into(),
        ),
        _ => return Err(Fault::Samples { samples, photometric }),
    }
    if tag != tags::PIXEL_DATA {
        let bits = if tag == tags::FLOAT_PIXEL_DATA { 32 } else { 64 };
        if allocated != bits {
            return Err(Fault::Bits { bits: allocated });
        }
        return Ok(Described::Grey(Layout {
            rows,
            columns,
            frames,
            tag,
            allocated,
            stored: bits,
            shift: 0,
            signed: true,
        }));
    }
    if !matches!(allocated, 1 | 8 | 16 | 32) {
        return Err(Fault::Bits { bits: allocated });
    }
    let stored = header.usual(tags::BITS_STORED, allocated, remarks)?;
    let high = header.usual(tags::HIGH_BIT, stored.saturating_sub(1), remarks)?;
    if stored == 0 || stored > allocated || high >= allocated || high + 1 < stored {
        return Err(Fault::BitsDisagree { allocated, stored, high });
    }
    let signed = match header.usual(tags::PIXEL_REPRESENTATION, 0, remarks)? {
        0 => false,
        1 => true,
        _ => {
            return Err(Fault::Malformed(tags::PIXEL_REPRESENTATION, "it is neither 0 nor 1"));
        }
    };
    let shift = high + 1 - stored;
    Ok(Described::Grey(Layout { rows, columns, frames, tag, allocated, stored, shift, signed }))
}

fn size(header: &DataSet, tag: Tag) -> Result<usize, Fault> {
    match header.required(tag)? {
        0 => Err(Fault::Malformed(tag, "it is 0")),
        n => Ok(n.into()),
    }
}

impl Layout {
    /// Bytes of the allocated width to stored values: the bits between High Bit and Bits Stored,
    /// with their sign (PS3.5 8.1.1). `samples` holds rows × columns of them.
    pub fn stored_values(&self, samples: Vec<u8>, big_endian: bool) -> Pixels {
        let Self { stored, shift, signed, .. } = *self;
        let mask = if stored >= 32 { u32::MAX } else { (1 << stored) - 1 };
        let kept = move |raw: u32| {
            let value = raw >> shift & mask;
            // Moves the sign bit to the top and back.
            let up = 32 - u32::from(stored.min(32));
            if signed { ((value << up) as i32 >> up) as u32 } else { value }
        };
        match (self.tag, self.allocated, signed) {
            (tags::FLOAT_PIXEL_DATA, ..) => {
                Pixels::F32(self.grid(samples, big_endian, f32::from_le_bytes))
            }
            (tags::DOUBLE_FLOAT_PIXEL_DATA, ..) => {
                Pixels::F64(self.grid(samples, big_endian, f64::from_le_bytes))
            }
            (_, 1 | 8, false) => {
                Pixels::U8(self.grid(samples, false, |[b]| kept(u32::from(b)) as u8))
            }
            (_, 1 | 8, true) => {
                Pixels::I8(self.grid(samples, false, |[b]| kept(u32::from(b)) as i8))
            }
            (_, 16, false) => Pixels::U16(
                self.grid(samples, big_endian, |b| kept(u16::from_le_bytes(b).into()) as u16),
            ),
            (_, 16, true) => Pixels::I16(
                self.grid(samples, big_endian, |b| kept(u16::from_le_bytes(b).into()) as i16),
            ),
            (.., false) => {
                Pixels::U32(self.grid(samples, big_endian, |b| kept(u32::from_le_bytes(b))))
            }
            (.., true) => {
                Pixels::I32(self.grid(samples, big_endian, |b| kept(u32::from_le_bytes(b)) as i32))
            }
        }
    }

    fn grid<T: Clone + Default, const N: usize>(
        &self,
        samples: Vec<u8>,
        big_endian: bool,
        value: impl Fn([u8; N]) -> T,
    ) -> Array2<T> {
        let (chunks, _) = samples.as_chunks::<N>();
        let mut values: Vec<T> = chunks
            .iter()
            .map(|&chunk| {
                let mut chunk = chunk;
                if big_endian {
                    chunk.reverse();
                }
                value(chunk)
            })
            .collect();
        // Every caller has read exactly one frame; this keeps a slip from becoming a panic.
        values.resize(self.rows * self.columns, T::default());
        Array2::from_shape_vec((self.rows, self.columns), values).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn layout(allocated: u16, stored: u16, shift: u16, signed: bool) -> Layout {
        let tag = tags::PIXEL_DATA;
        Layout { rows: 1, columns: 2, frames: 1, tag, allocated, stored, shift, signed }
    }

    fn values(pixels: &Pixels) -> Vec<f64> {
        let mut values = Vec::new();
        pixels.for_each(|v| values.push(v));
        values
    }

    #[test]
    fn the_sign_stands_at_the_high_bit() {
        let twelve = layout(16, 12, 0, true);
        let pixels = twelve.stored_values(vec![0xFF, 0x0F, 0x00, 0x08], false);
        assert_eq!(values(&pixels), [-1.0, -2048.0]);
        let unsigned = layout(16, 12, 0, false);
        // Bits above the stored ones belong to no pixel.
        assert_eq!(values(&unsigned.stored_values(vec![1, 0xF0, 2, 0], false)), [1.0, 2.0]);
        let high = layout(16, 12, 4, false);
        assert_eq!(values(&high.stored_values(vec![0x1F, 0, 0, 0x10], false)), [1.0, 256.0]);
    }

    #[test]
    fn byte_order_is_undone() {
        let sixteen = layout(16, 16, 0, false);
        assert_eq!(values(&sixteen.stored_values(vec![1, 0, 0, 2], true)), [256.0, 2.0]);
        let wide = layout(32, 32, 0, true);
        let bytes = [(-5_i32).to_le_bytes(), i32::MAX.to_le_bytes()].concat();
        assert_eq!(values(&wide.stored_values(bytes, false)), [-5.0, 2_147_483_647.0]);
    }
}
