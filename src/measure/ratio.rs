//! The ratio of two count densities with its exact interval.

use crate::units::Level;

use super::binomial::{beta_odds_quantile, two_sided_p};
use super::{Estimate, Interval, Method};

/// A ratio of two counts per area, and how well the data bear that the true ratio is 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CountRatio {
    pub estimate: Estimate,
    /// Exact two-sided p-value of a true ratio of 1: the probability, at the sum seen, of every
    /// split no likelier than the one seen.
    pub p: f64,
}

/// `n1` counts on `area1` over `n2` counts on `area2`, with an exact interval. `None` when an area
/// is zero. Areas are numbers of pixels, or anything in one unit.
///
/// Given the sum of two Poisson counts, the first is binomial, with odds that are the true ratio
/// times the areas' (J. Przyborowski & H. Wilenski, Biometrika 31 (1940) 313–323). The interval is
/// that binomial's exact one (C. J. Clopper & E. S. Pearson, Biometrika 26 (1934) 404–413), so it
/// covers the true ratio at least as often as `level` says, at any count.
///
/// Over zero counts the value is undefined: it is `None`, the low end is finite and there is no
/// high end. With zero counts in both the interval runs from 0 without end.
///
/// ```
/// use bonescope::{measure::ratio_of_counts, units::Level};
///
/// // 1240 counts on 36 pixels against 610 counts on 36: 2.03, from 1.84 to 2.24.
/// let ratio = ratio_of_counts(1240, 36, 610, 36, Level::NINETY_FIVE).unwrap();
/// let interval = ratio.estimate.interval.unwrap();
/// assert!((ratio.estimate.value.unwrap() - 2.0328).abs() < 1e-4);
/// assert!((interval.low - 1.8435).abs() < 1e-4);
/// assert!((interval.high.unwrap() - 2.2434).abs() < 1e-4);
/// assert!(ratio.p < 1e-48);
/// ```
pub fn ratio_of_counts(
    n1: u64,
    area1: u64,
    n2: u64,
    area2: u64,
    level: Level,
) -> Option<CountRatio> {
    if area1 == 0 || area2 == 0 {
        return None;
    }
    let (x, y) = (n1 as f64, n2 as f64);
    let (a1, a2) = (area1 as f64, area2 as f64);
    let tail = 0.5 * level.alpha();
    let per_area = a2 / a1;
    let low = match n1 {
        0 => 0.0,
        _ => per_area * beta_odds_quantile(x, y + 1.0, tail),
    };
    // The high end is the swapped ratio's low end, upside down.
    let high = (n2 > 0).then(|| per_area / beta_odds_quantile(y, x + 1.0, tail));
    let interval = Interval { low, high, level, method: Method::ClopperPearson };
    let value = (n2 > 0).then_some((x / a1) / (y / a2));
    let p = two_sided_p(n1, n1.saturating_add(n2), a1 / a2);
    Some(CountRatio { estimate: Estimate { value, interval: Some(interval) }, p })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rand::SeedableRng;
    use rand_chacha::ChaCha8Rng;
    use rand_distr::{Distribution, Poisson};

    use super::*;

    fn at_95(n1: u64, a1: u64, n2: u64, a2: u64) -> CountRatio {
        ratio_of_counts(n1, a1, n2, a2, Level::NINETY_FIVE).expect("areas are not zero")
    }

    /// `[n1, a1, n2, a2]`, low, high, p: from an independent implementation (scipy 1.17,
    /// beta.ppf, beta.isf and binomtest).
    type Row = ([u64; 4], f64, Option<f64>, f64);
    const PUBLISHED: [Row; 15] = [
        ([1240, 36, 610, 36], 1.8434984136344685, Some(2.243370838486445), 2.2748892852476452e-49),
        ([1240, 36, 900, 50], 1.7547702934861482, Some(2.087392331529508), 1.7529664571499435e-50),
        ([45, 20, 22, 20], 1.202879429179474, Some(3.5767998944676043), 0.006741447363103123),
        ([12, 9, 3, 9], 1.079472732391119, Some(22.08828689774149), 0.03515625),
        ([5, 9, 0, 9], 0.91635585731546, None, 0.0625),
        ([0, 9, 5, 9], 0.0, Some(1.0912791051825461), 0.0625),
        ([0, 7, 1, 3], 0.0, Some(16.714285714285698), 0.3),
        ([1, 3, 1, 3], 0.012739367083666627, Some(78.49683531626293), 1.0),
        ([3, 4, 100, 70], 0.10647123550813346, Some(1.5790788675395653), 0.38021365523201484),
        ([7, 20, 11, 3], 0.031375374132042395, Some(0.26963769467566134), 2.4331750255539733e-06),
        ([2, 5, 3, 1000], 11.136377801442865, Some(1163.9513157921556), 0.00024506493150669776),
        (
            [100_000, 167, 99_000, 167],
            1.0012537836562527,
            Some(1.0190265098910642),
            0.025127217688360817,
        ),
        (
            [99_500, 167, 99_000, 165],
            0.9843055536883889,
            Some(1.0017994845506943),
            0.11877003233976376,
        ),
        (
            [100_000_000, 1000, 99_980_000, 1000],
            0.9999228183548396,
            Some(1.0004773385208363),
            0.15729920635831002,
        ),
        (
            [5, 9, 100_000_000, 100_000_000],
            0.18038737273248565,
            Some(1.2964813846338028),
            0.23991706654162614,
        ),
    ];

    #[test]
    fn agrees_with_published_limits_and_p() {
        for ([n1, a1, n2, a2], low, high, p) in PUBLISHED {
            let ratio = at_95(n1, a1, n2, a2);
            let interval = ratio.estimate.interval.unwrap();
            let close =
                |ours: f64, theirs: f64, to: f64| (ours - theirs).abs() <= to * theirs.abs();
            assert!(close(interval.low, low, 1e-9), "{n1}/{n2}: low {}", interval.low);
            match (interval.high, high) {
                (Some(ours), Some(theirs)) => {
                    assert!(close(ours, theirs, 1e-9), "{n1}/{n2}: high {ours}");
                }
                (ours, theirs) => assert_eq!(ours, theirs),
            }
            assert!(close(ratio.p, p, 1e-6), "{n1}/{n2}: p {}", ratio.p);
        }
    }

    #[test]
    fn zero_counts_are_said_as_they_are() {
        let over_nothing = at_95(5, 9, 0, 9).estimate;
        assert_eq!(over_nothing.value, None);
        let nothing = at_95(0, 9, 0, 4);
        assert_eq!(nothing.estimate.value, None);
        let interval = nothing.estimate.interval.unwrap();
        assert_eq!((interval.low, interval.high, nothing.p), (0.0, None, 1.0));
        assert_eq!(at_95(0, 9, 3, 9).estimate.value, Some(0.0));
        assert_eq!(ratio_of_counts(3, 0, 4, 5, Level::NINETY_FIVE), None);
    }

    /// Simulated Poisson pairs: the interval covers the truth at least as often as it says, and
    /// is not so wide that it always would.
    #[test]
    fn covers_the_truth_as_often_as_it_says() {
        let mut rng = ChaCha8Rng::seed_from_u64(20_240_917);
        let trials = 20_000;
        for (ratio, area1, area2, mean2) in
            [(1.0, 36, 36, 300.0), (2.4, 60, 25, 40.0), (1.3, 12, 40, 8.0), (4.0, 9, 9, 3.0)]
        {
            let mean1 = mean2 * ratio * area1 as f64 / area2 as f64;
            let (first, second) = (Poisson::new(mean1).unwrap(), Poisson::new(mean2).unwrap());
            let covered = (0..trials)
                .filter(|_| {
                    let (n1, n2) = (first.sample(&mut rng) as u64, second.sample(&mut rng) as u64);
                    at_95(n1, area1, n2, area2).estimate.interval.unwrap().contains(ratio)
                })
                .count();
            let coverage = covered as f64 / f64::from(trials);
            // Three standard errors of 20 000 trials are 0.0046.
            assert!((0.95 - 0.0046..0.999).contains(&coverage), "{ratio} {mean2}: {coverage}");
        }
    }

    fn counts() -> impl Strategy<Value = u64> {
        prop_oneof![0u64..20, 0u64..5_000, 0u64..50_000_000]
    }

    proptest! {
        #[test]
        fn the_interval_contains_the_estimate(
            n1 in counts(), n2 in counts(), a1 in 1u64..5_000, a2 in 1u64..5_000,
            level in 0.05..0.9999,
        ) {
            let level = Level::new(level).unwrap();
            let estimate = ratio_of_counts(n1, a1, n2, a2, level).unwrap().estimate;
            let interval = estimate.interval.unwrap();
            if let Some(value) = estimate.value {
                prop_assert!(interval.contains(value), "{estimate:?}");
            }
            prop_assert!(interval.low.is_finite() && interval.low >= 0.0);
            prop_assert_eq!(interval.high.is_none(), n2 == 0);
        }

        #[test]
        fn swapping_turns_the_interval_upside_down(
            n1 in counts(), n2 in counts(), a1 in 1u64..5_000, a2 in 1u64..5_000,
        ) {
            let (there, back) = (at_95(n1, a1, n2, a2), at_95(n2, a2, n1, a1));
            let (i, j) = (there.estimate.interval.unwrap(), back.estimate.interval.unwrap());
            // No high end and a low end of 0 are each other's inverse.
            for (end, other) in [(i.high, j.low), (j.high, i.low)] {
                match end {
                    Some(end) => prop_assert!((end * other - 1.0).abs() < 1e-9),
                    None => prop_assert_eq!(other, 0.0),
                }
            }
            prop_assert!((there.p - back.p).abs() <= 1e-6 * there.p.max(1e-300));
        }

        #[test]
        fn a_larger_area_means_a_smaller_ratio_in_proportion(
            n1 in counts(), n2 in 1u64..5_000, a1 in 1u64..500, a2 in 1u64..500, times in 2u64..9,
        ) {
            let (one, many) = (at_95(n1, a1, n2, a2).estimate, at_95(n1, times * a1, n2, a2).estimate);
            let scale = times as f64;
            let near = |a: f64, b: f64| (a - b).abs() <= 1e-12 * a.abs();
            prop_assert!(near(one.value.unwrap(), many.value.unwrap() * scale));
            let (i, j) = (one.interval.unwrap(), many.interval.unwrap());
            prop_assert!(near(i.low, j.low * scale));
            prop_assert!(near(i.high.unwrap(), j.high.unwrap() * scale));
        }
    }
}
