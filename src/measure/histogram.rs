//! The histogram of a region's pixel values, and of its twin's.

use crate::geometry::{Outline, Point};
use crate::study::{Frame, NotCounts, Rescale, Unit};

/// More bars than this cannot be told apart.
const MOST_BINS: f64 = 60.0;
/// Whole values that span no more than this have a bin each.
const SMALL_RANGE: f64 = 24.0;

/// How many pixels have a value in each of a row of equal bins.
#[derive(Clone, Debug, PartialEq)]
pub struct Histogram {
    pub unit: Unit,
    /// Width of every bin, in `unit`; a whole number where the values are.
    pub width: f64,
    /// From the lowest value to the highest, none left out.
    pub bins: Vec<Bin>,
    /// Pixels counted in the region, and in the twin where there is one.
    pub pixels: [u64; 2],
}

/// The values from `low` up to, not including, `low + width`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bin {
    pub low: f64,
    pub region: u64,
    /// 0 without a twin.
    pub twin: u64,
}

/// The histogram of the pixels whose centres lie in a region, and in its twin. Pixels without a
/// value and those of `not_bone` are left out; without any pixel there are no bins.
///
/// The bins are as wide as Freedman and Diaconis advise for the region (Z. Wahrscheinlichkeits-
/// theorie verw. Gebiete 57 (1981) 453–476), rounded up to 1, 2 or 5 times a power of ten; where
/// the values are whole numbers they are never narrower than 1, and few values have one each. Fails for an image compressed with
/// loss.
pub fn histogram(
    frame: &Frame,
    region: &Outline,
    twin: &[Outline],
    not_bone: &[Outline],
) -> Result<Histogram, NotCounts> {
    if frame.values.lossy {
        return Err(NotCounts::Lossy);
    }
    let values = |outlines: &[Outline]| -> Vec<f64> {
        let pixels = outlines.iter().flat_map(|o| o.pixels(frame.columns(), frame.rows()));
        let bone = |&(x, y): &(usize, usize)| {
            !not_bone.iter().any(|o| o.contains(Point::new(x as f64, y as f64)))
        };
        let mut values: Vec<f64> = pixels
            .filter(bone)
            .map(|(x, y)| frame.values.at(x, y))
            .filter(|v| v.is_finite())
            .collect();
        values.sort_by(f64::total_cmp);
        values
    };
    let (ours, theirs) = (values(std::slice::from_ref(region)), values(twin));
    let mut all = [&ours[..], &theirs[..]].concat();
    all.sort_by(f64::total_cmp);
    let unit = frame.values.unit.clone();
    let pixels = [ours.len() as u64, theirs.len() as u64];
    let (Some(&low), Some(&high)) = (all.first(), all.last()) else {
        return Ok(Histogram { unit, width: 1.0, bins: Vec::new(), pixels });
    };
    let whole = frame.values.pixels.integers() && frame.values.rescale == Rescale::IDENTITY;
    let width = width(if ours.is_empty() { &theirs } else { &ours }, high - low, whole);
    let first = (low / width).floor();
    let place = |v: f64| ((v / width).floor() - first).max(0.0) as usize;
    let mut bins: Vec<Bin> = (0..=place(high))
        .map(|i| Bin { low: (first + i as f64) * width, region: 0, twin: 0 })
        .collect();
    let last = bins.len() - 1;
    ours.iter().for_each(|&v| bins[place(v).min(last)].region += 1);
    theirs.iter().for_each(|&v| bins[place(v).min(last)].twin += 1);
    Ok(Histogram { unit, width, bins, pixels })
}

/// For sorted values and the range that the bins have to cover.
fn width(sorted: &[f64], range: f64, whole: bool) -> f64 {
    if whole && range <= SMALL_RANGE {
        return 1.0;
    }
    let quantile = |p: f64| sorted[((sorted.len() - 1) as f64 * p).round() as usize];
    let spread = quantile(0.75) - quantile(0.25);
    let advised = 2.0 * spread / (sorted.len() as f64).cbrt();
    let least = if whole { 1.0 } else { f64::MIN_POSITIVE.max(range * 1e-6) };
    let width = round_up(advised.max(range / MOST_BINS).max(least));
    if width.is_finite() && width > 0.0 { width } else { 1.0 }
}

/// The next number of the form 1, 2 or 5 times a power of ten.
fn round_up(value: f64) -> f64 {
    let decade = 10f64.powf(value.log10().floor());
    let steps = [1.0, 2.0, 5.0, 10.0].map(|step| step * decade);
    steps.into_iter().find(|&step| step >= value * (1.0 - 1e-12)).unwrap_or(10.0 * decade)
}

#[cfg(test)]
mod tests {
    use ndarray::Array2;
    use proptest::prelude::*;

    use super::*;
    use crate::measure::fixture::frame_of;
    use crate::study::{Pixels, Values};

    const ALL: Outline = Outline::Rectangle { min: [-0.5, -0.5], max: [99.5, 99.5] };

    fn frame(values: &[u16]) -> Frame {
        let pixels = Array2::from_shape_vec((1, values.len()), values.to_vec()).unwrap();
        frame_of(Values::counts(Pixels::U16(pixels)), 2.0)
    }

    #[test]
    fn small_counts_have_a_bin_each() {
        let histogram = histogram(&frame(&[0, 1, 1, 2, 2, 2, 3]), &ALL, &[], &[]).unwrap();
        let bins: Vec<_> = histogram.bins.iter().map(|b| (b.low, b.region)).collect();
        assert_eq!((histogram.width, histogram.pixels), (1.0, [7, 0]));
        assert_eq!(bins, [(0.0, 1), (1.0, 2), (2.0, 3), (3.0, 1)]);
    }

    #[test]
    fn region_and_twin_share_their_bins() {
        let left = Outline::Rectangle { min: [0.0, 0.0], max: [3.0, 1.0] };
        let right = Outline::Rectangle { min: [3.0, 0.0], max: [6.0, 1.0] };
        let histogram = histogram(&frame(&[4, 5, 5, 1, 2, 9]), &left, &[right], &[]).unwrap();
        assert_eq!(histogram.bins.first().unwrap().low, 1.0);
        assert_eq!(histogram.bins.last().map(|b| (b.low, b.region, b.twin)), Some((9.0, 0, 1)));
        assert_eq!(histogram.pixels, [3, 3]);
    }

    #[test]
    fn nothing_inside_is_no_bin_and_lossy_is_refused() {
        let outside = Outline::Rectangle { min: [50.0, 50.0], max: [60.0, 60.0] };
        let mut frame = frame(&[1, 2]);
        assert!(histogram(&frame, &outside, &[], &[]).unwrap().bins.is_empty());
        frame.values.lossy = true;
        assert_eq!(histogram(&frame, &ALL, &[], &[]), Err(NotCounts::Lossy));
    }

    #[test]
    fn what_is_not_bone_is_not_counted() {
        let urine = [Outline::Rectangle { min: [0.0, 0.0], max: [2.0, 1.0] }];
        let histogram = histogram(&frame(&[90, 80, 3, 4]), &ALL, &[], &urine).unwrap();
        assert_eq!((histogram.pixels[0], histogram.bins.len()), (2, 2));
    }

    #[test]
    fn one_outlier_does_not_make_a_thousand_bars() {
        let values: Vec<u16> = (0..99).map(|i| 10 + i % 7).chain([60_000]).collect();
        let histogram = histogram(&frame(&values), &ALL, &[], &[]).unwrap();
        assert!(histogram.bins.len() <= 61, "{}", histogram.bins.len());
    }

    proptest! {
        #[test]
        fn every_pixel_is_in_the_bin_of_its_value(
            values in proptest::collection::vec(0u16..5000, 1..80), split in 1usize..80,
        ) {
            let frame = frame(&values);
            let split = split.min(values.len());
            let left = Outline::Rectangle { min: [0.0, 0.0], max: [split as f64, 1.0] };
            let histogram = histogram(&frame, &left, &[ALL], &[]).unwrap();
            prop_assert_eq!(histogram.width.fract(), 0.0);
            for bin in &histogram.bins {
                let range = bin.low..bin.low + histogram.width;
                let inside = |v: &&u16| range.contains(&f64::from(**v));
                prop_assert_eq!(bin.region, values[..split].iter().filter(inside).count() as u64);
                prop_assert_eq!(bin.twin, values.iter().filter(inside).count() as u64);
            }
            let total: u64 = histogram.bins.iter().map(|b| b.region).sum();
            prop_assert_eq!(total, histogram.pixels[0]);
        }

        #[test]
        fn fractions_are_binned_too(values in proptest::collection::vec(-3.0f64..3.0, 2..80)) {
            let pixels = Array2::from_shape_vec((1, values.len()), values.clone()).unwrap();
            let frame = frame_of(Values::counts(Pixels::F64(pixels)), 2.0);
            let histogram = histogram(&frame, &ALL, &[], &[]).unwrap();
            let total: u64 = histogram.bins.iter().map(|b| b.region).sum();
            prop_assert_eq!(total, values.len() as u64);
            prop_assert!(histogram.bins.len() <= 62);
        }
    }
}
