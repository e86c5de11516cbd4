//! The stored values at which a picture goes one colour up. Both painters compare with these same
//! numbers, so no logarithm, root or division of a graphics driver can move a colour.

use crate::study::Rescale;

use super::Window;

/// A window and a rescale, solved for the stored value: colour index `k` begins at the `k`-th step.
#[derive(Clone, Debug, PartialEq)]
pub struct Steps {
    /// Colours go up as stored values do; a negative slope turns them round.
    rising: bool,
    /// Ascending, in stored values times `sign()`; entry `k - 1` is where index `k` begins.
    at: [f32; 255],
}

/// No sample is larger: `Stored` holds frames to 1e30, and cubic overshoot stays below 1.6 times.
const NEVER: f32 = f32::MAX;
const ALWAYS: f32 = f32::MIN;

impl Steps {
    pub fn new(window: Window, rescale: Rescale) -> Self {
        let rising = rescale.slope >= 0.0 || rescale.slope.is_nan();
        let index = |u: f32| {
            let stored = f64::from(if rising { u } else { -u });
            window.index(rescale.apply(stored))
        };
        let mut at = [NEVER; 255];
        let mut from = ALWAYS;
        for (step, k) in at.iter_mut().zip(1..=255u8) {
            if index(from) >= k {
                *step = from;
            } else if index(NEVER) >= k {
                from = normal(first(from, NEVER, |u| index(u) >= k));
                *step = from;
            }
        }
        Self { rising, at }
    }

    /// The colour index, 0 to 255, of a stored value or of a sample between stored values.
    pub fn index(&self, stored: f32) -> u8 {
        let u = self.sign() * stored;
        self.at.partition_point(|&step| step <= u) as u8
    }

    /// +1, or -1 where larger stored values are smaller real-world values.
    pub fn sign(&self) -> f32 {
        if self.rising { 1.0 } else { -1.0 }
    }

    /// Ascending, to be compared with `sign() * stored`; never infinite.
    pub fn values(&self) -> &[f32; 255] {
        &self.at
    }
}

/// The first number between `below` (where `holds` is false) and `above` (where it is true) for
/// which `holds`, by bisection over the representable numbers.
fn first(below: f32, above: f32, holds: impl Fn(f32) -> bool) -> f32 {
    let (mut below, mut above) = (order(below), order(above));
    while above - below > 1 {
        let middle = below + (above - below) / 2;
        if holds(number(middle)) {
            above = middle;
        } else {
            below = middle;
        }
    }
    number(above)
}

/// Graphics cards may read subnormal numbers as zero, which would then reach a step just above it.
fn normal(step: f32) -> f32 {
    match step.is_subnormal() {
        true if step > 0.0 => f32::MIN_POSITIVE,
        true => 0.0,
        false => step,
    }
}

/// A place for every number, in the order of their size.
fn order(number: f32) -> i64 {
    let magnitude = i64::from(number.to_bits() & 0x7fff_ffff);
    if number.is_sign_negative() { -magnitude } else { magnitude }
}

fn number(order: i64) -> f32 {
    let magnitude = f32::from_bits(order.unsigned_abs() as u32);
    if order < 0 { -magnitude } else { magnitude }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::Transfer;
    use super::*;

    fn transfer() -> impl Strategy<Value = Transfer> {
        prop_oneof![
            prop::sample::select(&Transfer::ALL[..]),
            (0.1..6.0f64).prop_map(Transfer::Gamma),
        ]
    }

    proptest! {
        /// Solving for the stored value loses nothing.
        #[test]
        fn steps_agree_with_the_window(
            lower in -1e4..1e4f64,
            width in -10.0..1e5f64,
            transfer in transfer(),
            cut in prop::option::of(-1e4..1e5f64),
            slope in -3.0..3.0f64,
            intercept in -1e3..1e3f64,
            stored in prop::collection::vec(-1e5..1e5f32, 20),
        ) {
            let window = Window { transfer, cut, ..Window::linear(lower, lower + width) };
            let rescale = Rescale { slope, intercept };
            let steps = Steps::new(window, rescale);
            for stored in stored {
                let expected = window.index(rescale.apply(f64::from(stored)));
                prop_assert_eq!(steps.index(stored), expected);
            }
            for &step in steps.values().iter().filter(|s| s.abs() < 1e30) {
                for stored in [step.next_down(), step, step.next_up()] {
                    let stored = steps.sign() * stored;
                    let expected = window.index(rescale.apply(f64::from(stored)));
                    prop_assert_eq!(steps.index(stored), expected);
                }
            }
        }
    }

    #[test]
    fn a_constant_rescale_has_one_colour() {
        let window = Window::linear(0.0, 10.0);
        let steps = Steps::new(window, Rescale { slope: 0.0, intercept: 10.0 });
        assert_eq!((steps.index(-5.0), steps.index(1e9)), (255, 255));
        let steps = Steps::new(window, Rescale { slope: f64::NAN, intercept: 0.0 });
        assert_eq!((steps.index(-5.0), steps.index(1e9)), (0, 0));
    }
}
