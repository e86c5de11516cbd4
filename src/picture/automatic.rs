//! The window that shows the skeleton, whatever else is hot.

use std::cmp::Ordering;

use crate::study::{Unit, Values};

use super::Window;

/// Share of the body's pixels that the automatic window leaves below its upper end.
const AUTOMATIC_SHARE: f64 = 0.995;
/// Beyond this many times the body's median, uptake is taken for urine or an injection site and
/// does not set the window. Normal bone reaches 3 to 8 times, most metastases less than 12.
const NOT_BONE: f64 = 12.0;
/// How far, in pixels, the camera smears such a spot over its surroundings.
const SMEAR: usize = 3;

impl Window {
    /// A window that shows the skeleton whatever the bladder or the injection site hold.
    ///
    /// The upper end is the 99.5th percentile of the body's pixels, without those that are hotter
    /// than twelve times the body's median and their surroundings of three pixels; the body is
    /// what lies above the background, by Otsu's threshold (IEEE Trans. SMC 9 (1979)) on square
    /// roots, which make Poisson noise even. The lower end is zero, or the lowest value where
    /// values can be negative. Hounsfield units get 1st to 99.5th percentile. A frame without
    /// contrast gets a window of width one.
    pub fn automatic(values: &Values) -> Self {
        let (columns, rows) = (values.pixels.columns(), values.pixels.rows());
        let mut image = Vec::with_capacity(columns * rows);
        values.pixels.for_each(|stored| {
            let value = values.rescale.apply(stored);
            image.push(if value.is_finite() { value } else { 0.0 });
        });
        let (low, high) = image
            .iter()
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), &v| (l.min(v), h.max(v)));
        if low.partial_cmp(&high) != Some(Ordering::Less) {
            let lower = if low.is_finite() && low < 0.0 { low } else { 0.0 };
            return Self::linear(lower, if high > lower { high } else { lower + 1.0 });
        }
        if values.unit == Unit::Hounsfield {
            image.sort_by(f64::total_cmp);
            let (lower, upper) = (share(&image, 0.01), share(&image, AUTOMATIC_SHARE));
            return Self::linear(lower, if upper > lower { upper } else { high });
        }
        if low < 0.0 {
            let mut sorted = image;
            sorted.sort_by(f64::total_cmp);
            let upper = share(&sorted, AUTOMATIC_SHARE);
            return Self::linear(low, if upper > low { upper } else { high });
        }
        let upper = skeleton_upper(&image, columns, rows);
        // Square roots and medians of counts are whole numbers; so is a readable window.
        let upper = if values.pixels.integers() && values.unit == Unit::Counts {
            upper.ceil()
        } else {
            upper
        };
        Self::linear(0.0, if upper > 0.0 { upper } else { high })
    }
}

/// The 99.5th percentile of body pixels away from hot spots that are not bone; values ≥ 0.
fn skeleton_upper(image: &[f64], columns: usize, rows: usize) -> f64 {
    let background = background(image);
    let mut body: Vec<f64> = image.iter().copied().filter(|v| *v > background).collect();
    body.sort_by(f64::total_cmp);
    let cap = NOT_BONE * share(&body, 0.5);
    let hot = smeared(image, columns, rows, cap);
    let mut bone: Vec<f64> = image
        .iter()
        .zip(&hot)
        .filter(|(v, hot)| **v > background && !**hot)
        .map(|(v, _)| *v)
        .collect();
    bone.sort_by(f64::total_cmp);
    // Where hardly anything is left, the hot spot was the subject.
    let subject = if bone.len() * 4 < body.len() { &body } else { &bone };
    share(subject, AUTOMATIC_SHARE)
}

/// The value at a share 0…1 of sorted values; 0 where there is none.
fn share(sorted: &[f64], share: f64) -> f64 {
    let last = sorted.len().saturating_sub(1);
    let at = (share * last as f64).round() as usize;
    sorted.get(at.min(last)).copied().unwrap_or(0.0)
}

/// Otsu's threshold between background and body on a histogram of square roots, which a hot spot
/// cannot stretch: everything above the 95th percentile counts as the 95th.
fn background(image: &[f64]) -> f64 {
    const BINS: usize = 256;
    let mut present: Vec<f64> = image.iter().copied().filter(|v| *v > 0.0).collect();
    present.sort_by(f64::total_cmp);
    let top = share(&present, 0.95).sqrt();
    if top.is_nan() || top <= 0.0 {
        return 0.0;
    }
    let mut histogram = [0u64; BINS];
    for value in image {
        let bin = (value.sqrt() / top).min(1.0) * (BINS - 1) as f64;
        histogram[bin as usize] += 1;
    }
    let total = image.len() as f64;
    let sum: f64 = histogram.iter().enumerate().map(|(bin, n)| bin as f64 * *n as f64).sum();
    let (mut below, mut sum_below, mut best, mut threshold) = (0.0, 0.0, 0.0, 0);
    for (bin, &n) in histogram.iter().enumerate() {
        below += n as f64;
        sum_below += bin as f64 * n as f64;
        let above = total - below;
        if below == 0.0 || above == 0.0 {
            continue;
        }
        let between = below * above * (sum_below / below - (sum - sum_below) / above).powi(2);
        if between > best {
            (best, threshold) = (between, bin);
        }
    }
    ((threshold + 1) as f64 / (BINS - 1) as f64 * top).powi(2).min(share(&present, 0.5))
}

/// Pixels above `cap`, and their surroundings: a square of `SMEAR` pixels each way, first along
/// rows, then along columns.
fn smeared(image: &[f64], columns: usize, rows: usize, cap: f64) -> Vec<bool> {
    let hot: Vec<bool> = image.iter().map(|v| *v > cap).collect();
    let along = |source: &[bool], step: usize, length: usize, place: &dyn Fn(usize) -> usize| {
        let mut grown = vec![false; source.len()];
        for index in (0..source.len()).filter(|i| source[*i]) {
            let at = place(index);
            let (from, to) = (at.saturating_sub(SMEAR), (at + SMEAR).min(length - 1));
            for neighbour in from..=to {
                grown[index - at * step + neighbour * step] = true;
            }
        }
        grown
    };
    let rows_grown = along(&hot, 1, columns, &|i| i % columns);
    along(&rows_grown, columns, rows, &|i| i / columns)
}

#[cfg(test)]
mod tests {
    use ndarray::Array2;

    use super::*;
    use crate::study::{Pixels, Rescale};

    /// A body of 8 counts with a spine of 40, a bladder of 3,000 and an injection site of 20,000.
    fn body(bladder: u16, site: u16) -> Values {
        let pixels = Array2::from_shape_fn((400, 200), |(row, column)| {
            let from = |r: f64, c: f64| (row as f64 - r).hypot(column as f64 - c);
            let noise = ((row * 31 + column * 17) % 5) as u16;
            match () {
                () if from(300.0, 100.0) < 12.0 => bladder,
                () if from(200.0, 30.0) < 4.0 => site,
                () if (95..105).contains(&column) && (60..290).contains(&row) => 38 + noise,
                () if (40..160).contains(&column) && (20..380).contains(&row) => 6 + noise,
                () => noise / 4,
            }
        });
        Values::counts(Pixels::U16(pixels))
    }

    #[test]
    fn bladder_and_injection_site_do_not_set_the_window() {
        let plain = Window::automatic(&body(10, 10));
        let hot = Window::automatic(&body(3_000, 20_000));
        assert_eq!(plain.lower, 0.0);
        assert!((38.0..=43.0).contains(&plain.upper), "{plain:?}");
        assert!((38.0..=43.0).contains(&hot.upper), "{hot:?}");
    }

    #[test]
    fn any_frame_has_a_window() {
        let window = |pixels| Window::automatic(&Values::counts(pixels));
        assert_eq!(window(Pixels::U16(Array2::zeros((4, 4)))), Window::linear(0.0, 1.0));
        assert_eq!(window(Pixels::U16(Array2::zeros((0, 0)))), Window::linear(0.0, 1.0));
        assert_eq!(window(Pixels::U8(Array2::from_elem((2, 2), 9))), Window::linear(0.0, 9.0));
        let odd = Array2::from_shape_vec((1, 3), vec![f32::NAN, f32::INFINITY, 3.0]).unwrap();
        assert_eq!(window(Pixels::F32(odd)), Window::linear(0.0, 3.0));
        let difference = Array2::from_shape_vec((1, 3), vec![-4i16, 0, 6]).unwrap();
        assert_eq!(window(Pixels::I16(difference)), Window::linear(-4.0, 6.0));
        let mut one = Array2::zeros((64, 64));
        one[[9, 9]] = 500u16;
        assert!(window(Pixels::U16(one)).upper > 0.0);
        let scaled = Values {
            rescale: Rescale { slope: 0.5, intercept: 0.0 },
            unit: Unit::BecquerelsPerMl,
            ..body(3_000, 20_000)
        };
        assert!((19.0..=21.5).contains(&Window::automatic(&scaled).upper));
    }
}
