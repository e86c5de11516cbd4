//! The exact interval of a Poisson count.

use statrs::distribution::{Continuous, ContinuousCDF, Gamma, Normal};

use crate::units::Level;

use super::{Interval, Method};

/// Above this many counts the quantile comes from its asymptotic series, whose error there is
/// below a part in 10¹². It spares the incomplete gamma function sums that grow with √counts.
const SERIES_FROM: f64 = 1e5;

/// The interval of the expected count when `counts` were seen: Garwood's exact interval, the
/// equal-tailed one made of gamma quantiles (F. Garwood, Biometrika 28 (1936) 437–442). It covers
/// the expectation at least as often as `level` says, at any count. For 0 counts its low end is 0.
///
/// ```
/// use bonescope::{measure::interval_of_count, units::Level};
///
/// // Ten counts seen: the expectation lies between 4.80 and 18.39.
/// let interval = interval_of_count(10, Level::NINETY_FIVE);
/// assert!((interval.low - 4.7954).abs() < 1e-4);
/// assert!((interval.high.unwrap() - 18.3904).abs() < 1e-4);
/// ```
pub fn interval_of_count(counts: u64, level: Level) -> Interval {
    let tail = 0.5 * level.alpha();
    let low = match counts {
        0 => 0.0,
        _ => gamma_quantile(counts as f64, tail),
    };
    let high = gamma_quantile(counts as f64 + 1.0, 1.0 - tail);
    Interval { low, high: Some(high), level, method: Method::Garwood }
}

/// The value below which a gamma variable of the given shape and unit scale falls with
/// probability `p`.
fn gamma_quantile(shape: f64, p: f64) -> f64 {
    if shape < SERIES_FROM {
        let gamma = Gamma::new(shape, 1.0).expect("a count gives a positive shape");
        // The crate stops within 1e-9; one more Newton step goes to the last digits.
        let near = gamma.inverse_cdf(p);
        let step = (gamma.cdf(near) - p) / gamma.pdf(near);
        return if step.is_finite() && step.abs() < 1e-3 * near { near - step } else { near };
    }
    // Cornish–Fisher (Abramowitz & Stegun 26.2.49 with the cumulants of the gamma law).
    let z = Normal::standard().inverse_cdf(p);
    let root = shape.sqrt();
    let z2 = z * z;
    shape + z * root + (z2 - 1.0) / 3.0 + z * (z2 - 7.0) / (36.0 * root)
        - (z2 * (3.0 * z2 + 7.0) - 16.0) / (810.0 * shape)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// From an independent implementation (scipy 1.17, gamma.ppf and gamma.isf); the small ones
    /// agree with the tables printed since Garwood's paper.
    const PUBLISHED: [(u64, f64, f64); 15] = [
        (0, 0.0, 3.6888794541139354),
        (1, 0.025317807984289897, 5.571643390938898),
        (2, 0.24220927854396507, 7.22468766772396),
        (3, 0.6186721228956015, 8.767273069742323),
        (5, 1.623486390118421, 11.66833207932267),
        (10, 4.7953886961324335, 18.39035604201778),
        (50, 37.110963737461866, 65.91876666433681),
        (1000, 938.9730184076952, 1063.952136016302),
        (4812, 4676.989697647361, 4949.918706627248),
        (100_000, 99381.15266374472, 100621.74473974388),
        (999_999, 998039.9843202762, 1001960.9109654503),
        (1_000_000, 998040.9833402939, 1001961.9119454322),
        (10_000_000, 9993802.996884268, 10006199.897731498),
        (100_000_000, 99980401.30732474, 100019601.58707914),
        (1_000_000_000, 999938021.4439279, 1000061981.4504089),
    ];

    #[test]
    fn agrees_with_published_limits() {
        for (counts, low, high) in PUBLISHED {
            let interval = interval_of_count(counts, Level::NINETY_FIVE);
            let close = |ours: f64, theirs: f64| (ours - theirs).abs() <= 1e-11 * theirs.max(1.0);
            assert!(close(interval.low, low), "{counts}: {} is not {low}", interval.low);
            let ours = interval.high.unwrap();
            assert!(close(ours, high), "{counts}: {ours} is not {high}");
        }
        let wide = interval_of_count(3, Level::new(0.99).unwrap());
        assert!((wide.low - 0.33786338872773347).abs() < 1e-11);
        assert!((wide.high.unwrap() - 10.977477495329765).abs() < 1e-11);
    }

    #[test]
    fn the_series_takes_over_without_a_step() {
        let gamma = Gamma::new(SERIES_FROM, 1.0).unwrap();
        for p in [1e-4, 0.025, 0.16, 0.84, 0.975, 0.9999] {
            let (exact, series) = (gamma.inverse_cdf(p), gamma_quantile(SERIES_FROM, p));
            assert!((exact / series - 1.0).abs() < 2e-12, "{p}: {exact} {series}");
        }
    }

    proptest! {
        #[test]
        fn contains_the_count_and_grows_with_the_level(
            counts in 0u64..2_000_000, a in 0.01..0.999, b in 0.01..0.999,
        ) {
            let (narrow, wide) = (Level::new(f64::min(a, b)).unwrap(), Level::new(f64::max(a, b)).unwrap());
            let (narrow, wide) = (interval_of_count(counts, narrow), interval_of_count(counts, wide));
            prop_assert!(wide.contains(counts as f64));
            prop_assert!(wide.low <= narrow.low && narrow.high <= wide.high);
        }
    }
}
