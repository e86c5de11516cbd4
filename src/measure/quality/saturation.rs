//! A counter that was full: pixels that hold the largest number there is.

use std::collections::BTreeMap;

use crate::geometry::Outline;
use crate::study::{Frame, Pixels};

/// How many distinct values below the largest tell how many pixels a value usually has.
const LEVELS: usize = 8;
/// A plateau has at least this many pixels, and this many times as many as a value usually has.
/// Enlarging an image repeats every value alike and makes none.
const LEAST: u64 = 4;
const CROWDED: f64 = 4.0;
/// Below this maximum many pixels share a value by chance.
const LOWEST: f64 = 30.0;

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Saturated {
    pub pixels: u64,
    /// In the stored type's own numbers.
    pub maximum: f64,
    /// The largest number the type holds, rather than a plateau below it.
    pub by_type: bool,
    pub outline: Outline,
}

/// Pixels at the largest number that the stored type holds, or on a plateau at the maximum, as a
/// counter of fewer bits leaves behind.
pub(super) fn saturated(frame: &Frame) -> Option<Saturated> {
    let largest = match &*frame.values.pixels {
        Pixels::U8(_) => f64::from(u8::MAX),
        Pixels::I8(_) => f64::from(i8::MAX),
        Pixels::U16(_) => f64::from(u16::MAX),
        Pixels::I16(_) => f64::from(i16::MAX),
        Pixels::U32(_) => f64::from(u32::MAX),
        Pixels::I32(_) => f64::from(i32::MAX),
        Pixels::F32(_) | Pixels::F64(_) => f64::INFINITY,
    };
    let mut maximum = f64::NEG_INFINITY;
    frame.values.pixels.for_each(|v| maximum = maximum.max(v));
    if !maximum.is_finite() || maximum <= 0.0 {
        return None;
    }
    let by_type = maximum >= largest;
    if !by_type && (maximum < LOWEST || !plateau(frame, maximum)) {
        return None;
    }
    let columns = frame.columns().max(1);
    let (mut low, mut high) = ([f64::INFINITY; 2], [f64::NEG_INFINITY; 2]);
    let (mut i, mut pixels) = (0usize, 0);
    frame.values.pixels.for_each(|v| {
        if v == maximum {
            pixels += 1;
            for (axis, at) in [(i % columns) as f64, (i / columns) as f64].into_iter().enumerate() {
                low[axis] = low[axis].min(at);
                high[axis] = high[axis].max(at);
            }
        }
        i += 1;
    });
    let outline = Outline::Rectangle { min: low.map(|v| v - 0.5), max: high.map(|v| v + 0.5) };
    Some(Saturated { pixels, maximum, by_type, outline })
}

/// Whether far more pixels share the maximum than share a value just below it.
fn plateau(frame: &Frame, maximum: f64) -> bool {
    // Only the upper end matters, and it has few pixels.
    let mut top: BTreeMap<u64, u64> = BTreeMap::new();
    frame.values.pixels.for_each(|v| {
        if v >= 0.5 * maximum {
            *top.entry(v.to_bits()).or_default() += 1;
        }
    });
    let mut counts = top.values().rev();
    let Some(&at_maximum) = counts.next() else { return false };
    let below: Vec<u64> = counts.take(LEVELS).copied().collect();
    if below.is_empty() {
        return at_maximum >= LEAST;
    }
    let usual = below.iter().sum::<u64>() as f64 / below.len() as f64;
    at_maximum >= LEAST && at_maximum as f64 >= CROWDED * usual
}

#[cfg(test)]
mod tests {
    use ndarray::Array2;

    use super::*;
    use crate::measure::fixture::{TestPatient, frame_of};
    use crate::study::Values;

    fn counts(seed: u64) -> Array2<u16> {
        match &*TestPatient::default().frame(seed).values.pixels {
            Pixels::U16(counts) => counts.clone(),
            _ => unreachable!("a test patient is stored as U16"),
        }
    }

    fn of(pixels: Pixels) -> Option<Saturated> {
        saturated(&frame_of(Values::counts(pixels), 2.4))
    }

    #[test]
    fn counts_as_they_come_are_not_saturated() {
        for seed in 0..8 {
            assert_eq!(of(Pixels::U16(counts(seed))), None, "{seed}");
        }
        let raw = counts(9);
        let (rows, columns) = raw.dim();
        let enlarged = Array2::from_shape_fn((2 * rows, 2 * columns), |(r, c)| raw[[r / 2, c / 2]]);
        assert_eq!(of(Pixels::U16(enlarged)), None);
        assert_eq!(of(Pixels::U16(Array2::zeros((9, 9)))), None);
        assert_eq!(of(Pixels::U16(Array2::zeros((0, 0)))), None);
    }

    #[test]
    fn a_cut_off_bladder_is_found_where_it_is() {
        let raw = counts(1);
        let clip = 100;
        let above = raw.iter().filter(|&&v| v >= clip).count() as u64;
        let found = of(Pixels::U16(raw.mapv(|v| v.min(clip)))).expect("a plateau");
        assert_eq!((found.pixels, found.maximum, found.by_type), (above, 100.0, false));
        // The bladder of the test patient lies on the midline, a little below the middle.
        let (low, high) = found.outline.bounds();
        assert!(low.x < 127.5 && high.x > 127.5 && low.y > 390.0 && high.y < 440.0, "{low:?}");
    }

    #[test]
    fn a_full_byte_is_found_whatever_its_surroundings() {
        let raw = counts(1);
        let bytes = raw.mapv(|v| (4 * v).min(255) as u8);
        let full = bytes.iter().filter(|&&v| v == 255).count() as u64;
        let found = of(Pixels::U8(bytes)).expect("full pixels");
        assert!(found.by_type && found.pixels == full && full > 10);
        let mut one = raw.mapv(|v| v);
        one[[5, 7]] = u16::MAX;
        assert_eq!(of(Pixels::U16(one)).map(|s| s.pixels), Some(1));
    }
}
