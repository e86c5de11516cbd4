//! A frame's value between its pixels, in arithmetic that no device rounds differently.

use std::sync::OnceLock;

use crate::study::Pixels;

use super::Sampling;
use super::placement::PLACE_BITS;

/// A frame's stored values in single precision, row by row: what both painters read.
///
/// Whole numbers up to 2²⁴ are exact. What is not a number becomes 0 and values beyond ±1e30 stop
/// there, so that no interpolation overflows. For display only: measurements read `Pixels`.
#[derive(Clone, Debug)]
pub struct Stored {
    pub columns: usize,
    pub rows: usize,
    pub values: Vec<f32>,
}

const LARGEST: f32 = 1e30;

impl Stored {
    pub fn new(pixels: &Pixels) -> Self {
        let mut values = Vec::with_capacity(pixels.columns() * pixels.rows());
        pixels.for_each(|stored| values.push(displayed(stored)));
        Self { columns: pixels.columns(), rows: pixels.rows(), values }
    }

    /// The value at a place (column and row times 2¹²); `None` outside the frame, whose pixels
    /// reach half a pixel beyond their centres.
    pub fn sample(&self, place: [i32; 2], sampling: Sampling) -> Option<f32> {
        let column = nearest(place[0], self.columns)?;
        let row = nearest(place[1], self.rows)?;
        Some(match sampling {
            Sampling::Nearest => self.values[row * self.columns + column],
            _ => self.between(place, sampling),
        })
    }

    /// First along rows, then across them; beyond the edge the outermost pixels repeat.
    fn between(&self, place: [i32; 2], sampling: Sampling) -> f32 {
        let across = Taps::at(place[0], self.columns, sampling);
        let down = Taps::at(place[1], self.rows, sampling);
        down.of(|row| across.of(|column| self.values[row * self.columns + column]))
    }
}

/// The pixels around a place along one axis, and their weights.
#[derive(Clone, Copy, Debug)]
pub(super) struct Taps {
    /// From one before the place to two behind it.
    pixels: [usize; 4],
    weights: [f32; 4],
    /// One farther out on either side, where the interpolation reaches so far.
    outer: Option<([usize; 2], [f32; 2])>,
}

impl Taps {
    /// `pixels`, at least one, is how many there are along the axis.
    pub fn at(place: i32, pixels: usize, sampling: Sampling) -> Self {
        let base = place >> PLACE_BITS;
        let fraction = place & ((1 << PLACE_BITS) - 1);
        let pixel = |k: i32| (base + k).clamp(0, pixels as i32 - 1) as usize;
        let lanczos = lanczos()[fraction as usize >> 4].map(|w| w as f32);
        let [before, a, b, c, d, behind] = lanczos;
        Self {
            pixels: [-1, 0, 1, 2].map(pixel),
            weights: match sampling {
                Sampling::Nearest | Sampling::Bilinear => bilinear(fraction),
                Sampling::Bicubic => weights(fraction),
                Sampling::Lanczos => [a, b, c, d],
            },
            outer: (sampling == Sampling::Lanczos)
                .then(|| ([pixel(-2), pixel(3)], [before, behind])),
        }
    }

    /// The weighted mean of what the pixels hold.
    pub fn of(&self, value: impl Fn(usize) -> f32) -> f32 {
        match self.outer {
            None => weighted(self.pixels.map(value), self.weights),
            Some((pixels, weights)) => {
                let outer = pixels.map(&value);
                weighted_wide(self.pixels.map(value), self.weights, outer, weights)
            }
        }
    }

    /// First and last of the pixels.
    pub fn ends(&self) -> [usize; 2] {
        match self.outer {
            None => [self.pixels[0], self.pixels[3]],
            Some((outer, _)) => outer,
        }
    }
}

/// The pixel, of so many along an axis, that holds a place.
pub(super) fn nearest(place: i32, pixels: usize) -> Option<usize> {
    const HALF: i32 = 1 << (PLACE_BITS - 1);
    let pixel = usize::try_from(place.wrapping_add(HALF) >> PLACE_BITS).ok()?;
    (pixel < pixels).then_some(pixel)
}

/// A stored value as the painters see it.
pub fn displayed(stored: f64) -> f32 {
    match stored.is_nan() {
        true => 0.0,
        false => (stored as f32).clamp(-LARGEST, LARGEST),
    }
}

/// Catmull–Rom weights (Computer Aided Geometric Design (1974)) at a fraction of 2¹², in 2¹¹ths.
/// They are whole numbers and add up to 2¹¹, so a flat region stays exactly flat.
fn weights(fraction: i32) -> [f32; 4] {
    // Ten bits keep the cubes within 32.
    let t = (fraction as u32) >> 2;
    let s = 1024 - t;
    let round = |twice: u32| ((twice + (1 << 19)) >> 20) as i32;
    let first = -round(t * s * s);
    let last = -round(t * t * s);
    let third = round(t * (1_048_576 + 4096 * t - 3 * t * t));
    [first, 2048 - first - third - last, third, last].map(|w| w as f32)
}

/// Weights of the two inner pixels at a fraction of 2¹², in 2¹¹ths.
fn bilinear(fraction: i32) -> [f32; 4] {
    let second = (fraction + 1) >> 1;
    [0, 2048 - second, second, 0].map(|w| w as f32)
}

/// How many places between two pixels Lanczos weights are kept for.
const PHASES: usize = 256;

/// Weights of six pixels, from two before the place to three behind it, in 2¹¹ths: for each 256th
/// of a pixel `sinc(x) sinc(x/3)` (Duchon, J. Appl. Meteorol. 18 (1979)), made to add up to 2¹¹.
/// Both painters read this table, because no two devices agree on a sine.
pub fn lanczos() -> &'static [[i32; 6]; PHASES] {
    static TABLE: OnceLock<[[i32; 6]; PHASES]> = OnceLock::new();
    TABLE.get_or_init(|| {
        std::array::from_fn(|phase| {
            let t = phase as f64 / PHASES as f64;
            let sinc = |x: f64| match std::f64::consts::PI * x {
                0.0 => 1.0,
                x => x.sin() / x,
            };
            let kernel = [-2.0, -1.0, 0.0, 1.0, 2.0, 3.0].map(|k| {
                let x: f64 = t - k;
                if x.abs() < 3.0 { sinc(x) * sinc(x / 3.0) } else { 0.0 }
            });
            let whole: f64 = kernel.iter().sum();
            let mut weights = kernel.map(|w| (2048.0 * w / whole).round() as i32);
            // What rounding left over goes to the pixel that weighs most.
            weights[if t <= 0.5 { 2 } else { 3 }] += 2048 - weights.iter().sum::<i32>();
            weights
        })
    })
}

/// `Σ value·weight / 2¹¹`.
///
/// Each value is split into two halves of 12 bits, so that every product with a 12-bit weight is
/// exact (Dekker, Numer. Math. 18 (1971)). A graphics card that fuses multiplication and addition
/// then gets the same sum as a processor that does not.
fn weighted(values: [f32; 4], weights: [f32; 4]) -> f32 {
    let high = values.map(|v| f32::from_bits(v.to_bits() & 0xffff_f000));
    let mut low = [0.0; 4];
    for k in 0..4 {
        low[k] = values[k] - high[k];
    }
    (sum(high, weights) + sum(low, weights)) * (1.0 / 2048.0)
}

/// The same with two more values.
fn weighted_wide(values: [f32; 4], weights: [f32; 4], outer: [f32; 2], wide: [f32; 2]) -> f32 {
    let cut = |v: f32| f32::from_bits(v.to_bits() & 0xffff_f000);
    let high = values.map(cut);
    let mut low = [0.0; 4];
    for k in 0..4 {
        low[k] = values[k] - high[k];
    }
    let outer_high = outer.map(cut);
    let outer_low = [outer[0] - outer_high[0], outer[1] - outer_high[1]];
    let all = |v: [f32; 4], o: [f32; 2]| sum(v, weights) + (o[0] * wide[0] + o[1] * wide[1]);
    (all(high, outer_high) + all(low, outer_low)) * (1.0 / 2048.0)
}

fn sum(v: [f32; 4], w: [f32; 4]) -> f32 {
    (v[0] * w[0] + v[1] * w[1]) + (v[2] * w[2] + v[3] * w[3])
}

#[cfg(test)]
mod tests {
    use ndarray::Array2;
    use proptest::prelude::*;

    use super::*;

    fn catmull_rom(t: f64) -> [f64; 4] {
        [
            ((-0.5 * t + 1.0) * t - 0.5) * t,
            (1.5 * t - 2.5) * t * t + 1.0,
            ((-1.5 * t + 2.0) * t + 0.5) * t,
            (0.5 * t - 0.5) * t * t,
        ]
    }

    #[test]
    fn weights_are_catmull_rom_s() {
        for fraction in 0..4096 {
            let weights = weights(fraction);
            assert_eq!(weights.iter().sum::<f32>(), 2048.0);
            let exact = catmull_rom(f64::from(fraction >> 2) / 1024.0);
            for (weight, exact) in weights.iter().zip(exact) {
                // The second weight makes up for the rounding of the three others.
                assert!((f64::from(*weight) / 2048.0 - exact).abs() <= 2.0 / 2048.0);
            }
        }
        assert_eq!(weights(0), [0.0, 2048.0, 0.0, 0.0]);
    }

    #[test]
    fn lanczos_weights_are_whole_and_mirror_each_other() {
        let table = lanczos();
        assert_eq!(table[0], [0, 0, 2048, 0, 0, 0]);
        for (phase, weights) in table.iter().enumerate() {
            assert_eq!(weights.iter().sum::<i32>(), 2048);
            assert!(weights.iter().all(|w| w.abs() <= 2048));
            if phase > 0 && phase != 128 {
                let mut other = table[256 - phase];
                other.reverse();
                assert_eq!(*weights, other, "{phase}");
            }
        }
        // Half way: sinc(0.5) sinc(1/6), sinc(1.5) sinc(0.5), sinc(2.5) sinc(5/6), normalised.
        for (weight, exact) in table[128][..3].iter().zip([0.0244, -0.1359, 0.6119]) {
            let share = f64::from(*weight) / 2048.0;
            assert!((share - exact).abs() < 2e-3, "{share} {exact}");
        }
    }

    fn stored(rows: usize, columns: usize, f: impl Fn(usize, usize) -> f32) -> Stored {
        Stored::new(&Pixels::F32(Array2::from_shape_fn((rows, columns), |(r, c)| f(r, c))))
    }

    fn place(column: f64, row: f64) -> [i32; 2] {
        [column, row].map(|p| (p * 4096.0).round() as i32)
    }

    #[test]
    fn samples_at_centres_are_the_pixels() {
        let frame = stored(5, 7, |r, c| (r * 7 + c) as f32 * 1.37);
        for (row, column) in (0..5).flat_map(|r| (0..7).map(move |c| (r, c))) {
            let expected = frame.values[row * 7 + column];
            for sampling in Sampling::ALL {
                let at = place(column as f64, row as f64);
                assert_eq!(frame.sample(at, sampling), Some(expected));
            }
        }
    }

    #[test]
    fn the_frame_ends_half_a_pixel_beyond_its_centres() {
        let frame = stored(2, 3, |_, _| 1.0);
        for sampling in Sampling::ALL {
            assert_eq!(frame.sample(place(-0.5, 0.0), sampling), Some(1.0));
            assert_eq!(frame.sample(place(2.4997, 1.4997), sampling), Some(1.0));
            for outside in [(-0.5003, 0.0), (2.5, 0.0), (0.0, 1.5), (0.0, -0.6)] {
                assert_eq!(frame.sample(place(outside.0, outside.1), sampling), None);
            }
        }
        let empty = stored(0, 0, |_, _| 1.0);
        for sampling in Sampling::ALL {
            assert_eq!(empty.sample([0, 0], sampling), None);
        }
    }

    proptest! {
        /// A plane is reproduced, up to the ten bits of the place and the eleven of the weights.
        #[test]
        fn bilinear_and_bicubic_keep_straight_lines(
            a in -50.0..50.0f32, b in -50.0..50.0f32, c in -1e4..1e4f32,
            column in 1.0..8.0f64, row in 1.0..6.0f64,
        ) {
            let frame = stored(8, 10, |r, q| a * q as f32 + b * r as f32 + c);
            let exact = f64::from(a) * column + f64::from(b) * row + f64::from(c);
            let tolerance = f64::from(a.abs() + b.abs()) / 400.0 + f64::from(c.abs()) * 1e-6 + 1e-3;
            for sampling in [Sampling::Bilinear, Sampling::Bicubic] {
                let value = frame.sample(place(column, row), sampling).unwrap();
                prop_assert!((f64::from(value) - exact).abs() < tolerance, "{value} {exact}");
            }
        }

        /// A flat region stays exactly flat, so no colour step can cut through it.
        #[test]
        fn constants_are_kept(v in -1e30..1e30f32, p in (-2000..30_000i32, -2000..30_000i32)) {
            for sampling in Sampling::ALL {
                let frame = stored(8, 8, |_, _| v);
                if let Some(sample) = frame.sample([p.0, p.1], sampling) {
                    prop_assert!((sample - v).abs() <= v.abs() * 1e-6);
                }
                let whole = (v / 1e26).trunc();
                let frame = stored(8, 8, |_, _| whole);
                if let Some(sample) = frame.sample([p.0, p.1], sampling) {
                    prop_assert_eq!(sample, whole);
                }
            }
        }

        /// A wave of 8 pixels is followed far better by Lanczos than by straight lines.
        #[test]
        fn lanczos_follows_a_wave(column in 4.0..28.0f64, shift in 0.0..6.3f64) {
            let wave = |x: f64| 1000.0 * (x * std::f64::consts::FRAC_PI_4 + shift).sin();
            let frame = stored(1, 32, |_, c| wave(c as f64) as f32);
            let off = |sampling| {
                let value = frame.sample(place(column, 0.0), sampling).unwrap();
                (f64::from(value) - wave(column)).abs()
            };
            prop_assert!(off(Sampling::Lanczos) < 14.0, "{}", off(Sampling::Lanczos));
            prop_assert!(off(Sampling::Bilinear) < 80.0);
        }

        /// The sum is the same whether or not the device fuses multiplication and addition.
        #[test]
        fn fused_arithmetic_changes_nothing(
            v in prop::array::uniform4(-1e6..1e6f32), fraction in 0..4096i32,
        ) {
            let w = weights(fraction);
            let fused = |v: [f32; 4]| {
                v[0].mul_add(w[0], v[1] * w[1]) + v[2].mul_add(w[2], v[3] * w[3])
            };
            let high = v.map(|v| f32::from_bits(v.to_bits() & 0xffff_f000));
            let low: [f32; 4] = std::array::from_fn(|k| v[k] - high[k]);
            prop_assert_eq!(weighted(v, w), (fused(high) + fused(low)) / 2048.0);

            let [a, b, c, d, e, f] = lanczos()[fraction as usize >> 4].map(|w| w as f32);
            let (inner, outer) = ([b, c, d, e], [v[1], v[2]]);
            let cut = |v: f32| f32::from_bits(v.to_bits() & 0xffff_f000);
            let wide = |v: [f32; 4], o: [f32; 2]| {
                let four = v[0].mul_add(b, v[1] * c) + v[2].mul_add(d, v[3] * e);
                four + o[0].mul_add(a, o[1] * f)
            };
            let far = outer.map(cut);
            let near = [outer[0] - far[0], outer[1] - far[1]];
            prop_assert_eq!(
                weighted_wide(v, inner, outer, [a, f]),
                (wide(high, far) + wide(low, near)) / 2048.0
            );
        }
    }

    #[test]
    fn odd_numbers_cannot_spoil_a_picture() {
        let odd = [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 1e300, -3.0];
        assert_eq!(odd.map(displayed), [0.0, 1e30, -1e30, 1e30, -3.0]);
    }
}
