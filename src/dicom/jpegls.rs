//! JPEG-LS (ITU-T T.87), one component: lossless and near-lossless. In Rust, so that it needs no
//! C++ compiler to build and no sandbox to run.

use super::codestream::segment;
use super::fault::{Fault, damaged};

/// Run-length orders (T.87 A.7.1.1).
const RUN_ORDER: [u32; 32] = [
    0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 9, 10, 11, 12, 13,
    14, 15,
];

/// The coding parameters of a scan (T.87 C.2.4.1).
#[derive(Clone, Copy, Debug, Default)]
struct Presets {
    maximum: i32,
    thresholds: [i32; 3],
    reset: i32,
}

/// A picture of `width` × `height` samples, row by row.
pub(super) fn decode(stream: &[u8], width: usize, height: usize) -> Result<Vec<u16>, Fault> {
    let cut = || damaged("its header is cut");
    let mut presets = Presets::default();
    let mut precision = 0;
    let mut at = 2;
    loop {
        let (marker, body) = segment(stream, &mut at)?;
        let short = |i: usize| {
            body.get(i..i + 2).map(|b| i32::from(u16::from_be_bytes([b[0], b[1]]))).ok_or_else(cut)
        };
        match marker {
            0xF7 => precision = *body.first().ok_or_else(cut)?,
            0xF8 if body.first() == Some(&1) => {
                presets = Presets {
                    maximum: short(1)?,
                    thresholds: [short(3)?, short(5)?, short(7)?],
                    reset: short(9)?,
                };
            }
            0xDD if short(0)? != 0 => return Err(damaged("restart marks are not supported")),
            0xDA => {
                // One component: count, its id and mapping table, NEAR, interleave, transform.
                let &[1, _, 0, near, 0, 0] = body else {
                    return Err(damaged("its scan is of a kind not supported"));
                };
                let mut scan = Scan::new(&stream[at..], precision, near.into(), presets)?;
                return scan.picture(width, height);
            }
            _ => {}
        }
    }
}

/// Statistics of one context (T.87 A.2.1).
#[derive(Clone, Copy)]
struct Context {
    a: i32,
    b: i32,
    c: i32,
    n: i32,
}

struct Scan<'a> {
    bits: Bits<'a>,
    near: i32,
    maximum: i32,
    range: i32,
    limit: u32,
    escape_bits: u32,
    thresholds: [i32; 3],
    reset: i32,
    regular: [Context; 365],
    /// After a run: by whether the neighbours differ; `b` counts negative errors.
    broken: [Context; 2],
    run_index: usize,
}

impl<'a> Scan<'a> {
    fn new(data: &'a [u8], precision: u8, near: i32, presets: Presets) -> Result<Self, Fault> {
        if !(2..=16).contains(&precision) {
            return Err(damaged("its precision is not between 2 and 16 bits"));
        }
        let maximum = if presets.maximum > 0 { presets.maximum } else { (1 << precision) - 1 };
        if near > maximum / 2 || near > 255 || maximum >= 1 << precision {
            return Err(damaged("its parameters make no sense"));
        }
        let range = (maximum + 2 * near) / (2 * near + 1) + 1;
        let bits_for = |n: i32| 32 - (n - 1).leading_zeros();
        let bits = bits_for(maximum + 1).max(2);
        let first = Context { a: 2.max((range + 32) / 64), b: 0, c: 0, n: 1 };
        Ok(Self {
            bits: Bits { bytes: data, at: 0, held: 0, count: 0, stuffed: false },
            near,
            maximum,
            range,
            limit: 2 * (bits + bits.max(8)),
            escape_bits: bits_for(range),
            thresholds: thresholds(maximum, near, presets.thresholds),
            reset: if presets.reset > 0 { presets.reset } else { 64 },
            regular: [first; 365],
            broken: [first; 2],
            run_index: 0,
        })
    }

    fn picture(&mut self, width: usize, height: usize) -> Result<Vec<u16>, Fault> {
        let mut picture = Vec::with_capacity(width * height);
        // One sample of margin on each side stands for the neighbours outside (T.87 A.2.1).
        let mut above = vec![0; width + 2];
        let mut line = vec![0; width + 2];
        for _ in 0..height {
            above[width + 1] = above[width];
            line[0] = above[1];
            self.line(&above, &mut line, width)?;
            picture.extend(line[1..=width].iter().map(|&v| v as u16));
            std::mem::swap(&mut above, &mut line);
        }
        Ok(picture)
    }

    fn line(&mut self, above: &[i32], line: &mut [i32], width: usize) -> Result<(), Fault> {
        let mut x = 1;
        while x <= width {
            let [left, up, corner, next] = [line[x - 1], above[x], above[x - 1], above[x + 1]];
            let slopes = [next - up, up - corner, corner - left];
            if slopes.iter().all(|d| d.abs() <= self.near) {
                let run = self.run(width + 1 - x)?;
                line[x..x + run].fill(left);
                x += run;
                if x <= width {
                    line[x] = self.after_run(left, above[x])?;
                    x += 1;
                }
            } else {
                line[x] = self.sample(left, up, corner, slopes)?;
                x += 1;
            }
        }
        Ok(())
    }

    /// Regular mode (T.87 A.4 to A.6).
    fn sample(&mut self, left: i32, up: i32, corner: i32, slopes: [i32; 3]) -> Result<i32, Fault> {
        let [q1, q2, q3] = slopes.map(|d| self.quantised(d));
        let index = 81 * q1 + 9 * q2 + q3;
        let sign = if index < 0 { -1 } else { 1 };
        let index = index.unsigned_abs() as usize;
        let (near, reset) = (self.near, self.reset);
        let Context { a, b, c, n } = self.regular[index];
        let (low, high) = (left.min(up), left.max(up));
        let edge = match corner {
            corner if corner >= high => low,
            corner if corner <= low => high,
            _ => left + up - corner,
        };
        let predicted = (edge + sign * c).clamp(0, self.maximum);
        let k = golomb_order(a, n)?;
        let mapped = self.golomb(k, self.limit)?;
        let error = if near == 0 && k == 0 && 2 * b <= -n {
            if mapped & 1 == 1 { (mapped - 1) / 2 } else { -(mapped / 2) - 1 }
        } else if mapped & 1 == 0 {
            mapped / 2
        } else {
            -((mapped + 1) / 2)
        };
        self.regular[index].learn(error, near, reset);
        Ok(self.rebuilt(predicted, sign * error))
    }

    /// The length of a run of the left neighbour's value (T.87 A.7.1).
    fn run(&mut self, most: usize) -> Result<usize, Fault> {
        let mut run = 0;
        while self.bits.next()? == 1 {
            let step = 1_usize << RUN_ORDER[self.run_index];
            let taken = step.min(most - run);
            run += taken;
            if taken == step {
                self.run_index = (self.run_index + 1).min(31);
            }
            if run == most {
                return Ok(run);
            }
        }
        run += self.bits.take(RUN_ORDER[self.run_index])? as usize;
        match run < most {
            true => Ok(run),
            false => Err(damaged("a run leaves its line")),
        }
    }

    /// The sample that ends a run (T.87 A.7.2).
    fn after_run(&mut self, left: i32, up: i32) -> Result<i32, Fault> {
        let same = i32::from((left - up).abs() <= self.near);
        let sign = if same == 0 && left > up { -1 } else { 1 };
        let predicted = if same == 1 { left } else { up };
        let Context { a, b: negatives, n, .. } = self.broken[same as usize];
        let k = golomb_order(if same == 1 { a + (n >> 1) } else { a }, n)?;
        let limit = self.limit - RUN_ORDER[self.run_index] - 1;
        let mapped = self.golomb(k, limit)?;
        let whole = mapped + same;
        let odd = whole & 1 == 1;
        let size = (whole + i32::from(odd)) / 2;
        let error = if (k != 0 || 2 * negatives >= n) == odd { -size } else { size };
        let context = &mut self.broken[same as usize];
        context.b += i32::from(error < 0);
        context.a = context.a.saturating_add((mapped + 1 - same) >> 1);
        if context.n == self.reset {
            context.a >>= 1;
            context.b >>= 1;
            context.n >>= 1;
        }
        context.n += 1;
        self.run_index = self.run_index.saturating_sub(1);
        Ok(self.rebuilt(predicted, sign * error))
    }

    fn rebuilt(&self, predicted: i32, error: i32) -> i32 {
        let step = 2 * self.near + 1;
        let mut value = predicted + error * step;
        if value < -self.near {
            value += self.range * step;
        } else if value > self.maximum + self.near {
            value -= self.range * step;
        }
        value.clamp(0, self.maximum)
    }

    fn quantised(&self, slope: i32) -> i32 {
        let [t1, t2, t3] = self.thresholds;
        let size = match slope.abs() {
            d if d <= self.near => 0,
            d if d < t1 => 1,
            d if d < t2 => 2,
            d if d < t3 => 3,
            _ => 4,
        };
        size * slope.signum()
    }

    /// A Golomb code of limited length (T.87 A.5.3).
    fn golomb(&mut self, k: u32, limit: u32) -> Result<i32, Fault> {
        let most = limit - self.escape_bits - 1;
        let mut zeros = 0;
        while self.bits.next()? == 0 {
            zeros += 1;
            if zeros > most {
                return Err(damaged("a code is too long"));
            }
        }
        let value = match zeros < most {
            true => (u64::from(zeros) << k) + u64::from(self.bits.take(k)?),
            false => u64::from(self.bits.take(self.escape_bits)?) + 1,
        };
        i32::try_from(value)
            .ok()
            .filter(|&value| value <= 2 * self.range)
            .ok_or_else(|| damaged("an error is larger than the picture's range"))
    }
}

impl Context {
    fn learn(&mut self, error: i32, near: i32, reset: i32) {
        self.b += error * (2 * near + 1);
        self.a = self.a.saturating_add(error.abs());
        if self.n == reset {
            self.a >>= 1;
            self.b >>= 1;
            self.n >>= 1;
        }
        self.n += 1;
        if self.b <= -self.n {
            self.b = (self.b + self.n).max(1 - self.n);
            self.c = (self.c - 1).max(-128);
        } else if self.b > 0 {
            self.b = (self.b - self.n).min(0);
            self.c = (self.c + 1).min(127);
        }
    }
}

fn golomb_order(a: i32, n: i32) -> Result<u32, Fault> {
    (0..24)
        .find(|&k| i64::from(n) << k >= i64::from(a))
        .ok_or_else(|| damaged("its statistics overflow"))
}

/// Gradient thresholds, the standard's where the file names none (T.87 C.2.4.1.1.1).
fn thresholds(maximum: i32, near: i32, named: [i32; 3]) -> [i32; 3] {
    let fitted = |value: i32, low: i32| if value > maximum || value < low { low } else { value };
    let basic = [3, 7, 21];
    let mut found = [0; 3];
    let mut low = near + 1;
    for i in 0..3 {
        let slack = [3, 5, 7][i] * near;
        let usual = if maximum >= 128 {
            let factor = (maximum.min(4095) + 128) / 256;
            let base = [2, 3, 4][i];
            factor * (basic[i] - base) + base + slack
        } else {
            let factor = 256 / (maximum + 1);
            (basic[i] / factor + slack).max([2, 3, 4][i])
        };
        found[i] = if named[i] > 0 { named[i] } else { fitted(usual, low) };
        low = found[i];
    }
    found
}

/// Bits of a scan: after a byte FF the next byte carries only seven (T.87 A.1).
struct Bits<'a> {
    bytes: &'a [u8],
    at: usize,
    held: u32,
    count: u32,
    stuffed: bool,
}

impl Bits<'_> {
    fn next(&mut self) -> Result<u32, Fault> {
        if self.count == 0 {
            let byte = *self.bytes.get(self.at).ok_or_else(|| damaged("it is cut short"))?;
            if self.stuffed && byte >= 0x80 {
                return Err(damaged("its data end too early"));
            }
            self.at += 1;
            self.count = if self.stuffed { 7 } else { 8 };
            self.stuffed = byte == 0xFF;
            self.held = byte.into();
        }
        self.count -= 1;
        Ok(self.held >> self.count & 1)
    }

    fn take(&mut self, count: u32) -> Result<u32, Fault> {
        let mut value = 0;
        for _ in 0..count {
            value = value << 1 | self.next()?;
        }
        Ok(value)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The worked example of T.87 annex H.3: 4 × 4 samples of 8 bits.
    #[test]
    fn the_standard_s_own_example_decodes() {
        let stream = [
            0xFF, 0xD8, 0xFF, 0xF7, 0x00, 0x0B, 0x08, 0x00, 0x04, 0x00, 0x04, 0x01, 0x01, 0x11,
            0x00, 0xFF, 0xDA, 0x00, 0x08, 0x01, 0x01, 0x00, 0x00, 0x00, 0x00, 0xC0, 0x00, 0x00,
            0x6C, 0x80, 0x20, 0x8E, 0x01, 0xC0, 0x00, 0x00, 0x57, 0x40, 0x00, 0x00, 0x6E, 0xE6,
            0x00, 0x00, 0x01, 0xBC, 0x18, 0x00, 0x00, 0x05, 0xD8, 0x00, 0x00, 0x91, 0x60, 0xFF,
            0xD9,
        ];
        let picture = decode(&stream, 4, 4).unwrap();
        let expected = [0, 0, 90, 74, 68, 50, 43, 205, 64, 145, 145, 145, 100, 145, 145, 145];
        assert_eq!(picture, expected);
    }

    proptest! {
        #[test]
        fn any_bytes_are_a_picture_or_an_error(
            bytes in prop::collection::vec(any::<u8>(), 0..400), near in 0_u8..4,
        ) {
            let head = [
                0xFF, 0xD8, 0xFF, 0xF7, 0, 11, 12, 0, 16, 0, 16, 1, 1, 0x11, 0,
                0xFF, 0xDA, 0, 8, 1, 1, 0, near, 0, 0,
            ];
            let stream: Vec<u8> = head.into_iter().chain(bytes.iter().copied()).collect();
            let _ = decode(&stream, 16, 16);
            let _ = decode(&bytes, 16, 16);
        }
    }
}
