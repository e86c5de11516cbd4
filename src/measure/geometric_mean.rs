//! The geometric mean of two opposite views' counts, with its interval.

use statrs::distribution::{ContinuousCDF, Normal};

use crate::units::Level;

use super::{Estimate, Interval, Method};

/// √(A·P) of two Poisson counts, and what is known of the same mean of their expectations.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct GeometricMean {
    pub counts: [u64; 2],
    pub value: f64,
    pub low: f64,
    pub high: f64,
    pub level: Level,
}

impl GeometricMean {
    pub const METHOD: &'static str = "profile likelihood of two Poisson counts";

    /// The same per second, where the two counts took `seconds` each.
    pub fn per_second(&self, seconds: [f64; 2]) -> Option<[f64; 3]> {
        let time = (seconds[0] * seconds[1]).sqrt();
        let usable = seconds.iter().all(|s| s.is_finite() && *s > 0.0) && time > 0.0;
        usable.then(|| [self.value, self.low, self.high].map(|v| v / time))
    }
}

/// The geometric mean of the counts of a region in two opposite views. Attenuation along a ray
/// takes from the one what it leaves to the other, so their geometric mean hardly depends on how
/// deep a lesion lies (MIRD Pamphlet 16, J. A. Siegel et al., J. Nucl. Med. 40 (1999) 37S–61S).
///
/// The interval holds every mean whose profile likelihood is near the highest: twice the
/// difference of their logarithms is at most the χ² quantile with one degree of freedom (D. J.
/// Venzon & S. H. Moolgavkar, Applied Statistics 37 (1988) 87–94). With a difference `d` and a
/// smaller count `m` the profile of a mean θ is, but for a constant,
/// 2 m ln θ + d ln(d/2 + s) − 2 s, where s = √(θ² + d²/4). For many counts the interval becomes
/// that of the propagated relative error ½ √(1/A + 1/P). It stays within bounds at zero counts.
///
/// ```
/// use bonescope::{measure::geometric_mean, units::Level};
///
/// // 900 counts from the front and 400 from behind: 600, with a standard error of 18.
/// let mean = geometric_mean(900, 400, Level::NINETY_FIVE);
/// assert_eq!(mean.value, 600.0);
/// assert!((mean.high - mean.low - 2.0 * 1.96 * 18.0).abs() < 0.5);
/// ```
pub fn geometric_mean(first: u64, second: u64, level: Level) -> GeometricMean {
    let counts = [first as f64, second as f64];
    let value = counts[0].sqrt() * counts[1].sqrt();
    let z = Normal::standard().inverse_cdf(1.0 - 0.5 * level.alpha());
    let profile = Profile::of(counts);
    let beyond = |theta: f64| profile.deviance(theta) > z * z;
    // The log-normal error gives the size of the first step; at zero counts one count does.
    let step = z * (1.0 + 0.5 * (counts[0] + counts[1]).sqrt()).max(1.0);
    let mut above = value + step;
    while !beyond(above) {
        above = 2.0 * above + 1.0;
    }
    let high = edge(value, above, beyond);
    let low = match value > 0.0 {
        true => edge(value, 0.0, beyond),
        false => 0.0,
    };
    GeometricMean { counts: [first, second], value, low, high, level }
}

/// The geometric mean of the same ratio in two opposite views, √(R·R′): that of the geometric means
/// of lesion and twin, which hardly depends on how deep they lie. With an interval recovered from
/// those of the two on the logarithmic scale (MOVER: G. Y. Zou & A. Donner, Statistics in Medicine
/// 27 (2008) 1693–1702). `None` without two positive values.
pub fn mean_of_ratios(front: &Estimate, back: &Estimate) -> Option<Estimate> {
    let positive = |e: &Estimate| e.value.filter(|v| *v > 0.0 && v.is_finite());
    let (a, b) = (positive(front)?, positive(back)?);
    let value = (a * b).sqrt();
    let interval = front.interval.zip(back.interval).and_then(|(of_a, of_b)| {
        let ([a_down, a_up], [b_down, b_up]) = (of_a.arms(a)?, of_b.arms(b)?);
        (of_a.level == of_b.level).then(|| Interval {
            low: value * (-0.5 * a_down.hypot(b_down)).exp(),
            high: Some(value * (0.5 * a_up.hypot(b_up)).exp()),
            level: of_a.level,
            method: Method::Mover,
        })
    });
    Some(Estimate { value: Some(value), interval })
}

/// The place between a mean inside the interval and one beyond it where it ends.
fn edge(mut inside: f64, mut outside: f64, beyond: impl Fn(f64) -> bool) -> f64 {
    for _ in 0..200 {
        let middle = 0.5 * (inside + outside);
        if middle == inside || middle == outside {
            break;
        }
        if beyond(middle) { outside = middle } else { inside = middle }
    }
    0.5 * (inside + outside)
}

/// The likelihood of a geometric mean at the likeliest ratio of the two expectations.
struct Profile {
    smaller: f64,
    larger: f64,
    difference: f64,
}

impl Profile {
    fn of(counts: [f64; 2]) -> Self {
        let (smaller, larger) = (counts[0].min(counts[1]), counts[0].max(counts[1]));
        Self { smaller, larger, difference: larger - smaller }
    }

    /// Twice the loss of log-likelihood against the best mean; differences are taken before
    /// logarithms, so that it keeps its digits however many counts there are.
    fn deviance(&self, theta: f64) -> f64 {
        let Self { smaller, larger, difference } = *self;
        let best = smaller * larger;
        let root = (theta * theta + 0.25 * difference * difference).sqrt();
        // Where θ is the best mean the root is half the sum.
        let apart = (theta * theta - best) / (root + 0.5 * (smaller + larger));
        let power = match smaller > 0.0 {
            true => smaller * (theta * theta / best).ln(),
            false => 0.0,
        };
        let lean = match difference > 0.0 {
            true => difference * (apart / larger).ln_1p(),
            false => 0.0,
        };
        -2.0 * (power + lean - 2.0 * apart)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rand::SeedableRng;
    use rand_chacha::ChaCha8Rng;
    use rand_distr::{Distribution, Poisson};

    use super::*;

    /// The interval searched for by brute force: means are kept where some pair of expectations
    /// with that mean is likely enough.
    fn searched(a: f64, p: f64) -> (f64, f64) {
        let log = |l1: f64, l2: f64| a * l1.ln() - l1 + p * l2.ln() - l2;
        let best = log(a, p);
        let kept = |theta: f64| {
            (0..=20_000).any(|i| {
                let lean = (f64::from(i) / 10_000.0 - 1.0) * 6.0;
                2.0 * (best - log(theta * lean.exp(), theta / lean.exp())) <= 3.841_458_820_694_124
            })
        };
        let end = |mut inside: f64, mut outside: f64| {
            for _ in 0..40 {
                let middle = 0.5 * (inside + outside);
                if kept(middle) { inside = middle } else { outside = middle }
            }
            inside
        };
        let value = (a * p).sqrt();
        (end(value, 1e-9), end(value, 4.0 * value + 10.0))
    }

    #[test]
    fn holds_what_a_search_over_both_expectations_holds() {
        for (a, p) in [(900u64, 400u64), (40, 25), (7, 2), (1, 30), (12, 12)] {
            let mean = geometric_mean(a, p, Level::NINETY_FIVE);
            let (low, high) = searched(a as f64, p as f64);
            let close = |ours: f64, theirs: f64| (ours - theirs).abs() < 1e-4 * theirs.max(1.0);
            assert!(close(mean.low, low), "{a} {p}: low {} is not {low}", mean.low);
            assert!(close(mean.high, high), "{a} {p}: high {} is not {high}", mean.high);
        }
    }

    #[test]
    fn for_many_counts_the_error_is_the_propagated_one() {
        let (a, p) = (4e6, 1e6);
        let mean = geometric_mean(a as u64, p as u64, Level::NINETY_FIVE);
        let error = 0.5 * f64::sqrt(1.0 / a + 1.0 / p) * 1.959_964;
        assert!((mean.high / mean.value - 1.0 - error).abs() < 1e-6);
        assert!((1.0 - mean.low / mean.value - error).abs() < 1e-6);
        // And the digits hold far beyond any camera.
        let huge = geometric_mean(4_000_000_000_000, 1_000_000_000_000, Level::NINETY_FIVE);
        assert!(((huge.high / huge.value - 1.0) / (error * 1e-3) - 1.0).abs() < 1e-4);
    }

    #[test]
    fn zero_counts_leave_an_upper_bound() {
        let nothing = geometric_mean(0, 0, Level::NINETY_FIVE);
        assert_eq!((nothing.value, nothing.low), (0.0, 0.0));
        // e^(−2θ) is the likelihood of nothing at best.
        assert!((nothing.high - 3.841_458_820_694_124 / 4.0).abs() < 1e-9);
        let one_sided = geometric_mean(0, 50, Level::NINETY_FIVE);
        assert_eq!((one_sided.value, one_sided.low), (0.0, 0.0));
        assert!(one_sided.high > 5.0 && one_sided.high < 12.0, "{}", one_sided.high);
    }

    #[test]
    fn rates_share_the_error() {
        let mean = geometric_mean(900, 400, Level::NINETY_FIVE);
        let [value, low, high] = mean.per_second([100.0, 400.0]).unwrap();
        assert_eq!((value, low, high), (3.0, mean.low / 200.0, mean.high / 200.0));
        assert_eq!(mean.per_second([0.0, 1.0]), None);
    }

    /// Simulated pairs: the interval covers the mean of the expectations about as often as it
    /// says, down to a handful of counts.
    #[test]
    fn covers_the_truth_about_as_often_as_it_says() {
        let mut rng = ChaCha8Rng::seed_from_u64(16);
        let trials = 20_000;
        for (a, p) in [(4812.0, 1997.0), (900.0, 400.0), (90.0, 20.0), (20.0, 20.0), (9.0, 6.0)] {
            let (front, back) = (Poisson::new(a).unwrap(), Poisson::new(p).unwrap());
            let truth = f64::sqrt(a * p);
            let covered = (0..trials).filter(|_| {
                let (n1, n2) = (front.sample(&mut rng) as u64, back.sample(&mut rng) as u64);
                let mean = geometric_mean(n1, n2, Level::NINETY_FIVE);
                (mean.low..=mean.high).contains(&truth)
            });
            let coverage = covered.count() as f64 / f64::from(trials);
            // Three standard errors of 20 000 trials are 0.0046; the likelihood's own error adds
            // half a per cent where there are few counts.
            let slack = if p < 50.0 { 0.010 } else { 0.0046 };
            assert!((coverage - 0.95).abs() < slack, "{a} {p}: {coverage}");
        }
    }

    /// Lesion and twin seen from both sides: the interval covers the mean of the true ratios.
    #[test]
    fn the_ratio_of_both_views_covers_the_truth() {
        let mut rng = ChaCha8Rng::seed_from_u64(23);
        let trials = 4_000;
        for means in [[400.0, 180.0, 260.0, 170.0], [40.0, 18.0, 26.0, 17.0]] {
            let truth = f64::sqrt(means[0] / means[1] * means[2] / means[3]);
            let covered = (0..trials).filter(|_| {
                let n = means.map(|mean| Poisson::new(mean).unwrap().sample(&mut rng) as u64);
                let ratio = |a: u64, b: u64| {
                    crate::measure::ratio_of_counts(a, 30, b, 30, Level::NINETY_FIVE).unwrap()
                };
                let (front, back) = (ratio(n[0], n[1]).estimate, ratio(n[2], n[3]).estimate);
                let mean = mean_of_ratios(&front, &back).unwrap();
                mean.interval.unwrap().contains(truth)
            });
            let coverage = covered.count() as f64 / f64::from(trials);
            assert!((0.945..0.985).contains(&coverage), "{means:?}: {coverage}");
        }
        let nothing = Estimate { value: Some(0.0), interval: None };
        assert_eq!(mean_of_ratios(&nothing, &nothing), None);
    }

    proptest! {
        #[test]
        fn the_interval_holds_the_mean_whichever_view_comes_first(
            a in 0u64..5_000_000, p in 0u64..5_000, level in 0.05f64..0.999,
        ) {
            let level = Level::new(level).unwrap();
            let (there, back) = (geometric_mean(a, p, level), geometric_mean(p, a, level));
            prop_assert!(there.low <= there.value && there.value <= there.high);
            prop_assert!(there.low.is_finite() && there.high.is_finite());
            prop_assert_eq!((there.low, there.high), (back.low, back.high));
        }
    }
}
