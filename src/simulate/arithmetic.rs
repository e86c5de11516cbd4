//! The two elementary functions a phantom needs, the same to the last bit on every machine.
//!
//! The standard library's `exp` and `sin` belong to the platform's mathematics library and may
//! differ in the last digit from one system to the next. These use only operations that IEEE 754
//! rounds exactly, so a simulated study is the same file wherever it is made.

use std::f64::consts::{LOG2_E, PI};

/// ln 2 in two parts: the first has so few bits that a small multiple of it is exact
/// (Cody and Waite, Software Manual for the Elementary Functions, 1980).
const LN2_HIGH: f64 = 6.931_471_803_691_238e-1;
const LN2_LOW: f64 = 1.908_214_929_270_587_7e-10;

/// e to the power `x`, to about one unit in the last place; 0 far below and `INFINITY` far above
/// what a double holds.
pub fn exp(x: f64) -> f64 {
    if x < -700.0 {
        return 0.0;
    }
    if x > 700.0 {
        return f64::INFINITY;
    }
    let whole = (x * LOG2_E + 0.5).floor();
    let r = (x - whole * LN2_HIGH) - whole * LN2_LOW;
    let mut sum = 1.0;
    for n in (1..=13).rev() {
        sum = 1.0 + sum * r / f64::from(n);
    }
    let power_of_two = f64::from_bits(((whole as i64 + 1023) as u64) << 52);
    sum * power_of_two
}

/// Sine and cosine of an angle in degrees.
pub fn sin_cos_deg(degrees: f64) -> (f64, f64) {
    let turned = degrees.rem_euclid(360.0);
    let quarter = (turned / 90.0 + 0.5).floor();
    let x = (turned - 90.0 * quarter) * (PI / 180.0);
    let x2 = x * x;
    let (mut sin, mut cos) = (1.0, 1.0);
    for n in (1..=9).rev() {
        let even = f64::from(2 * n);
        sin = 1.0 - sin * x2 / (even * (even + 1.0));
        cos = 1.0 - cos * x2 / (even * (even - 1.0));
    }
    sin *= x;
    match quarter as u8 % 4 {
        0 => (sin, cos),
        1 => (cos, -sin),
        2 => (-sin, -cos),
        _ => (-cos, sin),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn exp_agrees_with_the_library(x in -690.0..690.0f64) {
            prop_assert!((exp(x) / x.exp() - 1.0).abs() < 1e-14);
        }

        #[test]
        fn sine_and_cosine_agree_with_the_library(degrees in -1000.0..1000.0f64) {
            let (sin, cos) = sin_cos_deg(degrees);
            prop_assert!((sin - degrees.to_radians().sin()).abs() < 1e-13);
            prop_assert!((cos - degrees.to_radians().cos()).abs() < 1e-13);
        }
    }

    #[test]
    fn the_ends_are_quiet() {
        assert_eq!(exp(-1e9), 0.0);
        assert_eq!(exp(1e9), f64::INFINITY);
        assert_eq!(sin_cos_deg(90.0), (1.0, 0.0));
    }
}
