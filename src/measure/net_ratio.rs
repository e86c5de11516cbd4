//! The ratio of two count densities over one background, with its interval.

use statrs::distribution::{ContinuousCDF, Normal};

use crate::units::Level;

use super::{Estimate, Interval, Method};

/// Counts on an area, in pixels.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Density {
    pub counts: u64,
    pub pixels: u64,
}

impl Density {
    fn rate(self) -> f64 {
        self.counts as f64 / self.pixels as f64
    }
}

/// How many counts a region holds over what a background of its size would: N − B·A/A_B. May be
/// negative.
pub fn net_counts(region: Density, background: Density) -> f64 {
    region.counts as f64 - region.pixels as f64 * background.rate()
}

/// `(n₁/a₁ − b) / (n₂/a₂ − b)`, where the background density `b` is that of a third region, with
/// an interval. `None` when an area is zero. The value is `None` where nothing is left of the
/// denominator, and 0 where nothing is left of the numerator alone.
///
/// All three counts are Poisson. The interval holds every ratio whose profile likelihood is near
/// the highest one, with neither side's net density below zero: twice the difference of the
/// logarithms is at most the χ² quantile with one degree of freedom. The background enters it
/// once, so what it adds to both sides is not counted twice: for many counts the interval is that
/// of the propagated error whose covariance term is −2 k₁k₂B/(L₁L₂), with k the ratios of areas
/// and L the net counts. Without an upper bound where the denominator may be nothing but
/// background (as after E. C. Fieller, J. R. Stat. Soc. B 16 (1954) 175–185).
///
/// ```
/// use bonescope::{measure::{Density, net_ratio}, units::Level};
///
/// // 1240 and 610 counts on 36 pixels each, over a background of 400 counts on 60 pixels.
/// let on = |counts, pixels| Density { counts, pixels };
/// let ratio = net_ratio(on(1240, 36), on(610, 36), on(400, 60), Level::NINETY_FIVE).unwrap();
/// assert!((ratio.value.unwrap() - 1000.0 / 370.0).abs() < 1e-12);
/// let interval = ratio.interval.unwrap();
/// // The propagated standard error is 0.211.
/// assert!((interval.high.unwrap() - interval.low - 2.0 * 1.96 * 0.2113).abs() < 0.02);
/// ```
pub fn net_ratio(
    first: Density,
    second: Density,
    background: Density,
    level: Level,
) -> Option<Estimate> {
    if [first, second, background].iter().any(|d| d.pixels == 0) {
        return None;
    }
    let (net1, net2) = (net_counts(first, background), net_counts(second, background));
    let (area1, area2) = (first.pixels as f64, second.pixels as f64);
    let value = (net2 > 0.0).then(|| (net1.max(0.0) / area1) / (net2 / area2));
    let z = Normal::standard().inverse_cdf(1.0 - 0.5 * level.alpha());
    let profile = Profile::of([first, second, background]);
    // On a logarithmic scale that reaches both 0 and infinity: r = t/(1 − t).
    let beyond = |t: f64| profile.deviance(t) > z * z;
    let best = profile.best;
    let low = if beyond(0.0) { edge(best, 0.0, beyond) } else { 0.0 };
    let high = if beyond(1.0) { edge(best, 1.0, beyond) } else { 1.0 };
    let ratio = |t: f64| t / (1.0 - t);
    let interval = Interval {
        low: ratio(low),
        high: (high < 1.0).then(|| ratio(high)),
        level,
        method: Method::ProfileLikelihood,
    };
    Some(Estimate { value, interval: Some(interval) })
}

/// Where the interval ends between a place inside it and one beyond.
fn edge(mut inside: f64, mut outside: f64, beyond: impl Fn(f64) -> bool) -> f64 {
    for _ in 0..60 {
        let middle = 0.5 * (inside + outside);
        if middle == inside || middle == outside {
            break;
        }
        if beyond(middle) { outside = middle } else { inside = middle }
    }
    0.5 * (inside + outside)
}

/// The likelihood of a ratio at the likeliest background and size of the rest.
///
/// With s the denominator's net density over (1 − t), the three densities are b + t·s,
/// b + (1 − t)·s and b. At the best b and s the expected counts add up to the counts seen, which
/// leaves one unknown: b.
struct Profile {
    counts: [f64; 3],
    areas: [f64; 3],
    /// Twice the loss of log-likelihood at the best ratio, which is not zero where a region holds
    /// less than the background does.
    floor: f64,
    /// Of t; any that loses nothing more.
    best: f64,
}

impl Profile {
    fn of(densities: [Density; 3]) -> Self {
        let counts = densities.map(|d| d.counts as f64);
        let areas = densities.map(|d| d.pixels as f64);
        let mut profile = Self { counts, areas, floor: 0.0, best: 0.5 };
        let [r1, r2, background] = densities.map(Density::rate);
        // A region below the background is likeliest to be nothing but background.
        profile.best = match (r1 > background, r2 > background) {
            (true, true) => (r1 - background) / (r1 - background + (r2 - background)),
            (true, false) => 1.0,
            (false, true) => 0.0,
            (false, false) => 0.5,
        };
        // Pooled with the background, the other may come to lie above or below it anew.
        let candidates = [profile.best, 0.0, 1.0, 0.5];
        let loss = candidates.map(|t| (profile.deviance(t), t));
        let least = loss.into_iter().min_by(|a, b| a.0.total_cmp(&b.0)).unwrap_or((0.0, 0.5));
        (profile.floor, profile.best) = least;
        profile
    }

    /// Twice the loss of log-likelihood against the best ratio.
    fn deviance(&self, t: f64) -> f64 {
        let share = [t, 1.0 - t, 0.0];
        let seen: f64 = self.counts.iter().sum();
        let area: f64 = self.areas.iter().sum();
        let lean: f64 = (0..3).map(|i| self.areas[i] * share[i]).sum();
        let densities = |b: f64| {
            let s = ((seen - b * area) / lean).max(0.0);
            share.map(|share| b + share * s)
        };
        // d density / d b along the line on which the expected counts are those seen.
        let slopes = share.map(|share| 1.0 - share * area / lean);
        let rises = |b: f64| {
            let at = densities(b);
            let sum: f64 = (0..3)
                .filter(|&i| self.counts[i] > 0.0)
                .map(|i| self.counts[i] * slopes[i] / at[i])
                .sum();
            sum > 0.0
        };
        let (mut low, mut high) = (0.0, seen / area);
        for _ in 0..60 {
            let middle = 0.5 * (low + high);
            if middle == low || middle == high {
                break;
            }
            if rises(middle) { low = middle } else { high = middle }
        }
        let at = densities(0.5 * (low + high));
        let loss = (0..3).map(|i| lost(self.counts[i], self.areas[i] * at[i]));
        2.0 * loss.sum::<f64>() - self.floor
    }
}

/// The log-likelihood that `seen` counts lose when `expected` are expected instead.
fn lost(seen: f64, expected: f64) -> f64 {
    let apart = expected - seen;
    match seen > 0.0 {
        true => apart - seen * (apart / seen).ln_1p(),
        false => apart,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rand::SeedableRng;
    use rand_chacha::ChaCha8Rng;
    use rand_distr::{Distribution, Poisson};

    use super::*;
    use crate::measure::ratio_of_counts;

    fn on(counts: u64, pixels: u64) -> Density {
        Density { counts, pixels }
    }

    fn at_95(first: Density, second: Density, background: Density) -> Estimate {
        net_ratio(first, second, background, Level::NINETY_FIVE).expect("areas are not zero")
    }

    /// 1240 and 610 on 36 pixels over 400 on 60, ten thousand times as long: the error is the
    /// propagated one with the shared background's covariance, 0.211318, and not 0.224368.
    #[test]
    fn for_many_counts_the_error_is_the_propagated_one() {
        let times = 10_000;
        let ratio = at_95(on(1240 * times, 36), on(610 * times, 36), on(400 * times, 60));
        let interval = ratio.interval.unwrap();
        let error = (interval.high.unwrap() - interval.low) / (2.0 * 1.959_964) * 100.0;
        assert!((error - 0.211_318).abs() < 2e-5, "{error}");
        assert!((ratio.value.unwrap() - 2.702_703).abs() < 1e-6);
        assert_eq!(net_counts(on(1240, 36), on(400, 60)), 1000.0);
        assert_eq!(net_counts(on(610, 36), on(400, 60)), 370.0);
    }

    #[test]
    fn without_background_it_is_nearly_the_exact_ratio() {
        let net = at_95(on(1240, 36), on(610, 36), on(0, 4000));
        let exact = ratio_of_counts(1240, 36, 610, 36, Level::NINETY_FIVE).unwrap().estimate;
        let (i, j) = (net.interval.unwrap(), exact.interval.unwrap());
        assert!((net.value.unwrap() - exact.value.unwrap()).abs() < 1e-12);
        assert!(
            (i.low / j.low - 1.0).abs() < 2e-3
                && (i.high.unwrap() / j.high.unwrap() - 1.0).abs() < 2e-3
        );
    }

    #[test]
    fn what_is_nothing_but_background_is_said_so() {
        // The denominator: no value, no upper bound, and the numerator is there.
        let over_nothing = at_95(on(300, 30), on(90, 30), on(400, 100));
        let interval = over_nothing.interval.unwrap();
        assert_eq!((over_nothing.value, interval.high), (None, None));
        assert!(interval.low > 3.0, "{interval:?}");
        // The numerator: nothing, up to a bound.
        let nothing = at_95(on(90, 30), on(300, 30), on(400, 100));
        let interval = nothing.interval.unwrap();
        assert_eq!((nothing.value, interval.low), (Some(0.0), 0.0));
        assert!(interval.high.unwrap() < 0.3, "{interval:?}");
        // Both: anything.
        let both = at_95(on(90, 30), on(80, 30), on(400, 100)).interval.unwrap();
        assert_eq!((both.low, both.high), (0.0, None));
        let dark = at_95(on(0, 30), on(0, 30), on(0, 100)).interval.unwrap();
        assert_eq!((dark.low, dark.high), (0.0, None));
        assert_eq!(net_ratio(on(3, 0), on(3, 1), on(3, 1), Level::NINETY_FIVE), None);
    }

    /// Simulated triples: the interval covers the true ratio about as often as it says, down to a
    /// handful of counts.
    #[test]
    fn covers_the_truth_about_as_often_as_it_says() {
        let mut rng = ChaCha8Rng::seed_from_u64(95);
        let trials = 4_000;
        // Densities of region, twin and background; pixels of each.
        for (densities, pixels) in [
            ([30.0, 12.0, 4.0], [36u64, 36, 60]),
            ([6.0, 3.0, 1.0], [25, 25, 40]),
            ([1.6, 0.8, 0.2], [20, 20, 200]),
            ([0.9, 0.9, 0.2], [12, 16, 60]),
            ([0.7, 0.4, 0.1], [20, 20, 30]),
        ] {
            let [l1, l2, b]: [f64; 3] = densities;
            let truth = (l1 - b) / (l2 - b);
            let draw = |density: f64, pixels: u64, rng: &mut ChaCha8Rng| {
                let mean = density * pixels as f64;
                on(Poisson::new(mean).unwrap().sample(rng) as u64, pixels)
            };
            let covered = (0..trials).filter(|_| {
                let [n1, n2, n3] = [0, 1, 2].map(|i| draw(densities[i], pixels[i], &mut rng));
                at_95(n1, n2, n3).interval.unwrap().contains(truth)
            });
            let coverage = covered.count() as f64 / f64::from(trials);
            // Three standard errors of 4000 trials are 0.010.
            assert!((0.94..0.975).contains(&coverage), "{densities:?}: {coverage}");
        }
    }

    proptest! {
        #[test]
        fn holds_its_value_and_turns_upside_down(
            n1 in 0u64..5_000, n2 in 0u64..5_000, n3 in 0u64..5_000,
            a1 in 1u64..500, a2 in 1u64..500, a3 in 1u64..500,
        ) {
            let there = at_95(on(n1, a1), on(n2, a2), on(n3, a3));
            let back = at_95(on(n2, a2), on(n1, a1), on(n3, a3));
            let (i, j) = (there.interval.unwrap(), back.interval.unwrap());
            if let Some(value) = there.value {
                let slack = 1e-9 * value.max(1.0);
                prop_assert!(i.low <= value + slack, "{there:?}");
                prop_assert!(i.high.is_none_or(|high| value <= high + slack), "{there:?}");
            }
            prop_assert!(i.low.is_finite() && i.low >= 0.0);
            for (end, other) in [(i.high, j.low), (j.high, i.low)] {
                match end {
                    Some(end) => prop_assert!((end * other - 1.0).abs() < 1e-4, "{i:?} {j:?}"),
                    None => prop_assert!(other < 1e-9, "{i:?} {j:?}"),
                }
            }
        }
    }
}
