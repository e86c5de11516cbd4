//! From real-world values to a place on the colour map.

use serde::{Deserialize, Serialize};

/// Values at `lower` and below take the map's first colour, at `upper` and above its last.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Window {
    pub lower: f64,
    pub upper: f64,
    #[serde(default)]
    pub transfer: Transfer,
    /// Background cut, in the frame's unit: values below it take the map's first colour too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cut: Option<f64>,
}

/// How values spread between the two ends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Transfer {
    #[default]
    Linear,
    SquareRoot,
    /// `ln(1 + 99 t) / ln 100`.
    Logarithm,
    /// `t^(1/γ)`: above 1 it lifts faint uptake (2 is the square root), below 1 it holds it down.
    /// 1 where the number is none; `GAMMA` are the limits.
    Gamma(f64),
}

/// Beyond these a picture has one colour only.
pub const GAMMA: std::ops::RangeInclusive<f64> = 0.2..=5.0;

impl Transfer {
    /// Those that need no number.
    pub const ALL: [Self; 3] = [Self::Linear, Self::SquareRoot, Self::Logarithm];

    /// γ within its limits.
    fn exponent(gamma: f64) -> f64 {
        if gamma.is_nan() { 1.0 } else { gamma.clamp(*GAMMA.start(), *GAMMA.end()) }
    }

    /// Equal differences of value are equal differences of place only where this is true; a
    /// picture must say when it is not.
    pub fn linear(self) -> bool {
        match self {
            Self::Gamma(gamma) => Self::exponent(gamma) == 1.0,
            _ => self == Self::Linear,
        }
    }

    /// 0…1 to 0…1, increasing.
    fn bend(self, t: f64) -> f64 {
        match self {
            Self::Linear => t,
            Self::SquareRoot => t.sqrt(),
            Self::Logarithm => (99.0 * t).ln_1p() / 100f64.ln(),
            Self::Gamma(gamma) => t.powf(1.0 / Self::exponent(gamma)),
        }
    }

    fn unbend(self, position: f64) -> f64 {
        match self {
            Self::Linear => position,
            Self::SquareRoot => position * position,
            Self::Logarithm => (position * 100f64.ln()).exp_m1() / 99.0,
            Self::Gamma(gamma) => position.powf(Self::exponent(gamma)),
        }
    }
}

impl Window {
    pub fn linear(lower: f64, upper: f64) -> Self {
        Self { lower, upper, transfer: Transfer::Linear, cut: None }
    }

    /// Where a value's colour lies on the colour map, 0…1: its place, or 0 below the background
    /// cut. Never decreasing in `value`. What is not a number lies at 0.
    pub fn position(&self, value: f64) -> f64 {
        if self.cut.is_some_and(|cut| value < cut) {
            return 0.0;
        }
        self.place(value)
    }

    /// Where a value stands beside a colour bar, 0 at its foot and 1 at its top, whatever is cut.
    ///
    /// A window without width (`upper <= lower`, or an end that is not finite) is a step: 1 above
    /// `lower`, else 0.
    pub fn place(&self, value: f64) -> f64 {
        let width = self.upper - self.lower;
        if !(width > 0.0 && width.is_finite()) {
            return if value > self.lower { 1.0 } else { 0.0 };
        }
        let t = (value - self.lower) / width;
        match t.is_nan() {
            true => 0.0,
            false => self.transfer.bend(t.clamp(0.0, 1.0)).clamp(0.0, 1.0),
        }
    }

    /// The colour of a value: `floor(position · 255 + 0.5)`, an index into the colour table.
    pub fn index(&self, value: f64) -> u8 {
        (self.position(value) * 255.0 + 0.5).floor() as u8
    }

    /// The value at a place 0…1 on the colour bar. `place` takes it back there, and so does
    /// `position`, unless the value is below the background cut.
    pub fn value_at(&self, place: f64) -> f64 {
        self.lower + self.transfer.unbend(place.clamp(0.0, 1.0)) * (self.upper - self.lower)
    }

    /// The index into the colour table at a place 0…1 on the colour bar: with a background cut its
    /// foot is all of the first colour.
    pub fn index_at(&self, place: f64) -> u8 {
        let place = place.clamp(0.0, 1.0);
        match self.cut.is_some_and(|cut| self.value_at(place) < cut) {
            true => 0,
            false => (place * 255.0 + 0.5) as u8,
        }
    }

    /// Round values for a colour bar, ascending, within the window: about `wanted` of them, in
    /// steps of 1, 2 or 5 times a power of ten. At most 100; none for a window without width.
    pub fn ticks(&self, wanted: usize) -> Vec<f64> {
        let width = self.upper - self.lower;
        if !(width > 0.0 && width.is_finite() && wanted > 0) {
            return Vec::new();
        }
        let rough = width / wanted as f64;
        let power = 10f64.powf(rough.log10().floor());
        let step = [1.0, 2.0, 5.0, 10.0]
            .into_iter()
            .map(|m| m * power)
            .find(|s| *s >= rough * 0.999_999)
            .unwrap_or(rough);
        let first = (self.lower / step - 1e-9).ceil();
        (0..100)
            .map(|i| (first + f64::from(i)) * step)
            .take_while(|v| *v <= self.upper + step * 1e-9)
            // No "-0" beside a bar.
            .map(|v| if v == 0.0 { 0.0 } else { v })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn ends_and_middle_take_the_colours_that_the_definition_says() {
        let window = Window::linear(10.0, 265.0);
        for (value, index) in
            [(0.0, 0), (10.0, 0), (10.49, 0), (10.5, 1), (137.0, 127), (137.5, 128), (265.0, 255)]
        {
            assert_eq!(window.index(value), index, "{value}");
        }
        assert_eq!(window.index(f64::NAN), 0);
        assert_eq!(window.index(f64::INFINITY), 255);
        let root = Window { transfer: Transfer::SquareRoot, ..Window::linear(0.0, 100.0) };
        let gamma = |gamma| Window { transfer: Transfer::Gamma(gamma), ..root };
        assert!((gamma(2.0).position(25.0) - 0.5).abs() < 1e-12);
        assert!((gamma(0.5).position(50.0) - 0.25).abs() < 1e-12);
        assert_eq!(gamma(99.0).index(3.0), gamma(5.0).index(3.0));
        assert_eq!(gamma(f64::NAN).position(25.0), 0.25);
        assert!(gamma(1.0).transfer.linear() && !gamma(1.1).transfer.linear());
        assert!((root.position(25.0) - 0.5).abs() < 1e-12);
        let log = Window { transfer: Transfer::Logarithm, ..Window::linear(0.0, 99.0) };
        assert!((log.position(9.0) - 0.5).abs() < 1e-12);
    }

    #[test]
    fn values_below_the_cut_take_the_first_colour() {
        let window = Window { cut: Some(30.0), ..Window::linear(0.0, 100.0) };
        assert_eq!([0.0, 29.9, 30.0, 99.0].map(|v| window.position(v)), [0.0, 0.0, 0.3, 0.99]);
        // Beside the bar the values stay where they were.
        assert_eq!(window.place(20.0), 0.2);
        assert_eq!((window.index_at(0.29), window.index_at(0.31)), (0, 79));
        assert_eq!(window.index_at(1.0), 255);
        let below = Window { cut: Some(-4.0), ..window };
        assert_eq!(below.index(1.0), Window::linear(0.0, 100.0).index(1.0));
        // Above the upper level only what reaches the cut is seen.
        let above = Window { cut: Some(300.0), ..window };
        assert_eq!((above.index(200.0), above.index(300.0)), (0, 255));
    }

    #[test]
    fn windows_are_written_as_before() {
        let plain = r#"{"lower":1.0,"upper":9.0,"transfer":"square_root"}"#;
        let window: Window = serde_json::from_str(plain).unwrap();
        assert_eq!((window.transfer, window.cut), (Transfer::SquareRoot, None));
        assert_eq!(serde_json::to_string(&window).unwrap(), plain);
        let all = Window { transfer: Transfer::Gamma(1.5), cut: Some(3.0), ..window };
        let written = serde_json::to_string(&all).unwrap();
        assert!(written.contains(r#""transfer":{"gamma":1.5},"cut":3.0"#), "{written}");
        assert_eq!(serde_json::from_str::<Window>(&written).unwrap(), all);
    }

    #[test]
    fn a_window_without_width_is_a_step() {
        for window in
            [Window::linear(5.0, 5.0), Window::linear(5.0, 2.0), Window::linear(5.0, f64::INFINITY)]
        {
            assert_eq!([4.0, 5.0, 5.1].map(|v| window.index(v)), [0, 0, 255]);
            assert!(window.ticks(5).is_empty());
        }
        assert_eq!(Window::linear(f64::NAN, 3.0).index(2.0), 0);
    }

    #[test]
    fn ticks_are_round_and_inside() {
        assert_eq!(Window::linear(0.0, 50.0).ticks(5), [0.0, 10.0, 20.0, 30.0, 40.0, 50.0]);
        assert_eq!(Window::linear(-3.0, 7.2).ticks(4), [0.0, 5.0]);
        assert_eq!(Window::linear(0.0, 0.03).ticks(3), [0.0, 0.01, 0.02, 0.03]);
    }

    proptest! {
        #[test]
        fn positions_grow_with_values_and_invert(
            lower in -1e5..1e5f64,
            width in 1e-3..1e6f64,
            a in 0.0..1.0f64,
            b in 0.0..1.0f64,
        ) {
            for transfer in Transfer::ALL {
                let window = Window { transfer, ..Window::linear(lower, lower + width) };
                let (low, high) = (a.min(b), a.max(b));
                prop_assert!(window.value_at(low) <= window.value_at(high));
                let position = window.position(window.value_at(a));
                prop_assert!((position - a).abs() < 1e-4);
                prop_assert!(
                    window.position(lower + low * width) <= window.position(lower + high * width)
                );
            }
        }

        /// A colour bar and the picture it explains are of one mind.
        #[test]
        fn bars_and_pictures_agree(
            lower in -100.0..100.0f64, width in 1.0..1e4f64, gamma in 0.2..5.0f64,
            cut in prop::option::of(-50.0..3e3f64), place in 0.001..1.0f64,
        ) {
            let window = Window { transfer: Transfer::Gamma(gamma), cut, ..Window::linear(lower, lower + width) };
            let value = window.value_at(place);
            prop_assert!((window.place(value) - place).abs() < 1e-3);
            let (bar, picture) = (window.index_at(place), window.index(value));
            prop_assert!(bar.abs_diff(picture) <= 1, "{bar} {picture}");
        }

        #[test]
        fn ticks_stay_in_the_window(lower in -1e6..1e6f64, width in 1e-3..1e6f64, n in 1usize..9) {
            let window = Window::linear(lower, lower + width);
            let ticks = window.ticks(n);
            prop_assert!(ticks.len() <= n + 2);
            let slack = width * 1e-6;
            prop_assert!(ticks.iter().all(|t| *t >= lower - slack && *t <= lower + width + slack));
            prop_assert!(ticks.windows(2).all(|w| w[0] < w[1]));
        }
    }
}
