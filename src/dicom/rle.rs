//! RLE Lossless (PS3.5 annex G): byte planes of PackBits runs.

use super::fault::{Fault, damaged};

/// One frame of one sample per pixel, as little-endian samples of `bytes` bytes each.
pub(super) fn decode(fragment: &[u8], pixels: usize, bytes: usize) -> Result<Vec<u8>, Fault> {
    let header = fragment.first_chunk::<64>().ok_or_else(|| damaged("its header is cut"))?;
    let (fields, _) = header.as_chunks::<4>();
    let field = |i: usize| u32::from_le_bytes(fields[i]) as usize;
    if field(0) != bytes {
        return Err(damaged("it has another number of byte planes than the pixels have bytes"));
    }
    let mut samples = vec![0; pixels * bytes];
    for plane in 0..bytes {
        let start = field(1 + plane);
        let end = if plane + 1 < bytes { field(2 + plane) } else { fragment.len() };
        let packed = (start >= 64).then(|| fragment.get(start..end)).flatten();
        let packed = packed.ok_or_else(|| damaged("its byte planes lie outside it"))?;
        // The first plane holds the most significant bytes.
        let place = bytes - 1 - plane;
        unpack(packed, samples.iter_mut().skip(place).step_by(bytes))?;
    }
    Ok(samples)
}

fn unpack<'a>(packed: &[u8], mut out: impl Iterator<Item = &'a mut u8>) -> Result<(), Fault> {
    let mut left = packed.iter().copied();
    let cut = || damaged("a byte plane is cut short");
    let mut place = out.next();
    while place.is_some() {
        let count = left.next().ok_or_else(cut)?;
        let (run, repeat) = match count {
            0..=127 => (usize::from(count) + 1, None),
            128 => continue,
            _ => (257 - usize::from(count), Some(left.next().ok_or_else(cut)?)),
        };
        for _ in 0..run {
            let byte = match repeat {
                Some(byte) => byte,
                None => left.next().ok_or_else(cut)?,
            };
            let Some(target) = place else {
                return Err(damaged("a byte plane holds more than the picture"));
            };
            *target = byte;
            place = out.next();
        }
    }
    // One byte may pad the plane to an even length; more would be a larger picture.
    match left.len() < 2 || left.all(|b| b == 0) {
        true => Ok(()),
        false => Err(damaged("a byte plane holds more than the picture")),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn packed(samples: &[u16]) -> Vec<u8> {
        let mut frame = vec![0; 64];
        frame[..4].copy_from_slice(&2_u32.to_le_bytes());
        for plane in 0..2 {
            let offset = frame.len() as u32;
            frame[4 + 4 * plane..8 + 4 * plane].copy_from_slice(&offset.to_le_bytes());
            for chunk in samples.chunks(128) {
                frame.push(chunk.len() as u8 - 1);
                frame.extend(chunk.iter().map(|s| s.to_be_bytes()[plane]));
            }
        }
        frame
    }

    #[test]
    fn literals_and_runs_unpack() {
        let mut out = [0; 7];
        unpack(&[1, 5, 6, 254, 9, 128, 1, 1, 2], out.iter_mut()).unwrap();
        assert_eq!(out, [5, 6, 9, 9, 9, 1, 2]);
    }

    proptest! {
        #[test]
        fn what_is_packed_unpacks(samples in prop::collection::vec(any::<u16>(), 1..500)) {
            let bytes = decode(&packed(&samples), samples.len(), 2).unwrap();
            let (pairs, _) = bytes.as_chunks::<2>();
            prop_assert_eq!(pairs.iter().map(|&b| u16::from_le_bytes(b)).collect::<Vec<_>>(), samples);
        }

        #[test]
        fn any_bytes_are_a_frame_or_an_error(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            let _ = decode(&bytes, 64, 2);
        }
    }
}
