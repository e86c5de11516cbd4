//! What has become of a ratio since an earlier scan.

use super::{Estimate, Interval, Method};

/// Now over then: the quotient of two independent estimates, both positive, with an interval.
///
/// The interval is recovered from those of the two on the logarithmic scale (MOVER: G. Y. Zou &
/// A. Donner, Statistics in Medicine 27 (2008) 1693–1702), so it inherits their lopsidedness
/// without supposing that the logarithms are normal. `None` without two positive values; without
/// an interval where either has none, where levels differ, or where a bound is zero or missing.
pub fn change(now: &Estimate, then: &Estimate) -> Option<Estimate> {
    let positive = |e: &Estimate| e.value.filter(|v| *v > 0.0 && v.is_finite());
    let (a, b) = (positive(now)?, positive(then)?);
    let value = a / b;
    Some(Estimate { value: Some(value), interval: interval(now, then, a, b) })
}

fn interval(now: &Estimate, then: &Estimate, a: f64, b: f64) -> Option<Interval> {
    let (of_a, of_b) = (now.interval?, then.interval?);
    if of_a.level != of_b.level {
        return None;
    }
    let ([a_down, a_up], [b_down, b_up]) = (of_a.arms(a)?, of_b.arms(b)?);
    let difference = (a / b).ln();
    Some(Interval {
        low: (difference - a_down.hypot(b_up)).exp(),
        high: Some((difference + a_up.hypot(b_down)).exp()),
        level: of_a.level,
        method: Method::Mover,
    })
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;
    use rand_chacha::ChaCha8Rng;
    use rand_distr::{Distribution, Poisson};

    use super::*;
    use crate::measure::ratio_of_counts;
    use crate::units::Level;

    fn ratio(n1: u64, n2: u64) -> Estimate {
        ratio_of_counts(n1, 1, n2, 1, Level::NINETY_FIVE).unwrap().estimate
    }

    #[test]
    fn no_change_is_one_and_turned_around_it_is_the_reciprocal() {
        let (a, b) = (ratio(480, 200), ratio(300, 210));
        assert_eq!(change(&a, &a).unwrap().value, Some(1.0));
        let (up, down) = (change(&a, &b).unwrap(), change(&b, &a).unwrap());
        let (i, j) = (up.interval.unwrap(), down.interval.unwrap());
        assert!((i.low * j.high.unwrap() - 1.0).abs() < 1e-12);
        assert!(i.low < up.value.unwrap() && up.value.unwrap() < i.high.unwrap());
        assert!(change(&ratio(0, 5), &a).is_none());
        assert!(change(&ratio(5, 0), &a).is_none());
    }

    /// Truth is covered about as often as promised, at low counts too: the exact intervals it is
    /// made of cover more often, never less.
    #[test]
    fn the_interval_covers_the_true_change() {
        let mut rng = ChaCha8Rng::seed_from_u64(7);
        for counts in [[30.0, 15.0, 20.0, 18.0], [400.0, 180.0, 260.0, 170.0]] {
            let truth = (counts[0] / counts[1]) / (counts[2] / counts[3]);
            let mut covered = 0;
            let tries = 4_000;
            for _ in 0..tries {
                let n: Vec<u64> = counts
                    .iter()
                    .map(|&mean| Poisson::new(mean).unwrap().sample(&mut rng) as u64)
                    .collect();
                let found = change(&ratio(n[0], n[1]), &ratio(n[2], n[3])).unwrap();
                covered += usize::from(found.interval.unwrap().contains(truth));
            }
            let share = covered as f64 / f64::from(tries);
            assert!((0.945..=0.985).contains(&share), "{share} at {counts:?}");
        }
    }
}
