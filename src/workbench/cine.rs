//! Frames one after the other: how fast, and where the cine stands.
//!
//! Time comes in by `Command::Tick`, so a cine runs the same in a window, a script and a test.

use serde::{Deserialize, Serialize};

/// How the cine runs.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Cine {
    pub playing: bool,
    /// Frames a second.
    pub rate: f64,
    /// There and back instead of beginning anew.
    pub bounce: bool,
    #[serde(skip)]
    pub at: At,
}

/// Where a cine stands.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct At {
    /// Frames since the first.
    steps: u64,
    /// What is left of a tick that was too short for a frame, in frames.
    rest: f64,
}

/// Slower is a slide show, faster than the screen.
pub const RATES: std::ops::RangeInclusive<f64> = 0.5..=60.0;
/// What the keys for slower and faster step through.
const USUAL: [f64; 11] = [0.5, 1.0, 2.0, 3.0, 5.0, 8.0, 12.0, 18.0, 25.0, 40.0, 60.0];
/// A window that was asleep does not race through what it missed.
const LONGEST_TICK: f64 = 1.0;

impl Default for Cine {
    fn default() -> Self {
        Self { playing: false, rate: 5.0, bounce: false, at: At::default() }
    }
}

impl Cine {
    /// As asked for, within what a screen can show; where it stands is kept.
    pub(super) fn set(&mut self, asked: Self) {
        let rate = if asked.rate.is_finite() { asked.rate } else { self.rate };
        let rate = rate.clamp(*RATES.start(), *RATES.end());
        let at = At { steps: self.at.steps, rest: 0.0 };
        *self = Self { rate, at, ..asked };
    }

    /// Goes to a frame of the reel.
    pub(super) fn go(&mut self, frame: usize) {
        self.at = At { steps: frame as u64, rest: 0.0 };
    }

    /// Seconds go by; whether a frame is due.
    pub(super) fn tick(&mut self, seconds: f64) -> bool {
        if !self.playing || seconds.is_nan() || seconds <= 0.0 {
            return false;
        }
        let due = self.at.rest + seconds.min(LONGEST_TICK) * self.rate;
        // What is a whole number but for rounding is a whole number.
        let whole = (due + 1e-9).floor();
        self.at.rest = (due - whole).max(0.0);
        self.at.steps = self.at.steps.wrapping_add(whole as u64);
        whole >= 1.0
    }

    /// The frame that stands, of a reel of this length. Reels of one length are in step.
    pub fn frame(&self, length: usize) -> usize {
        let length = length.max(1) as u64;
        let there_and_back = (2 * length).saturating_sub(2).max(1);
        let step = match self.bounce {
            true => self.at.steps % there_and_back,
            false => self.at.steps % length,
        };
        (if step < length { step } else { there_and_back - step }) as usize
    }

    /// The next usual speed, up or down.
    #[must_use]
    pub fn at_next_rate(self, faster: bool) -> Self {
        let next = match faster {
            true => USUAL.into_iter().find(|r| *r > self.rate + 1e-9),
            false => USUAL.into_iter().rev().find(|r| *r < self.rate - 1e-9),
        };
        Self { rate: next.unwrap_or(self.rate), ..self }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn playing(rate: f64, bounce: bool) -> Cine {
        Cine { playing: true, rate, bounce, ..Cine::default() }
    }

    #[test]
    fn it_begins_anew_or_turns_back() {
        let run = |bounce| -> Vec<usize> {
            let mut cine = playing(4.0, bounce);
            let first = cine.frame(4);
            let rest = (0..8).map(|_| {
                assert!(cine.tick(0.25));
                cine.frame(4)
            });
            std::iter::once(first).chain(rest.collect::<Vec<_>>()).collect()
        };
        assert_eq!(run(false), [0, 1, 2, 3, 0, 1, 2, 3, 0]);
        assert_eq!(run(true), [0, 1, 2, 3, 2, 1, 0, 1, 2]);
        let mut alone = playing(4.0, true);
        alone.tick(0.25);
        assert_eq!((alone.frame(1), alone.frame(0)), (0, 0));
    }

    #[test]
    fn what_stands_still_does_not_move_and_no_speed_is_absurd() {
        let mut cine = Cine::default();
        assert!(!cine.tick(9.0));
        assert_eq!(cine.frame(7), 0);
        cine.set(Cine { playing: true, rate: f64::NAN, ..cine });
        assert_eq!(cine.rate, 5.0);
        cine.set(Cine { rate: 1e9, ..cine });
        assert_eq!(cine.rate, 60.0);
        assert!(!cine.tick(f64::NAN) && !cine.tick(-1.0));
        assert_eq!(cine.at_next_rate(true).rate, 60.0);
        assert_eq!(cine.at_next_rate(false).rate, 40.0);
    }

    proptest! {
        /// However the seconds are cut into ticks, the same frames have gone by.
        #[test]
        fn ticks_add_up(cuts in proptest::collection::vec(0.001f64..0.5, 1..60), rate in 0.5f64..60.0) {
            let mut cut = playing(rate, false);
            cuts.iter().for_each(|c| { cut.tick(*c); });
            let expected = cuts.iter().sum::<f64>() * rate;
            let gone = cut.at.steps as f64 + cut.at.rest;
            prop_assert!((gone - expected).abs() < 1e-6, "{gone} {expected}");
        }

        #[test]
        fn every_frame_is_in_the_reel(steps in any::<u64>(), length in 0usize..400, bounce: bool) {
            let mut cine = playing(1.0, bounce);
            cine.at.steps = steps;
            prop_assert!(cine.frame(length) < length.max(1));
        }
    }
}
