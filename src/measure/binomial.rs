//! Tails of the binomial law that stay exact for a hundred million counts.
//!
//! The incomplete beta function of `statrs` stops its continued fraction after 140 terms, too
//! early above some ten thousand counts, and takes its prefactor from differences of logarithms
//! of huge gamma functions. Here the fraction runs to its end and the prefactor is Loader's
//! saddle-point form (C. Loader, "Fast and accurate computation of binomial probabilities",
//! 2000), which loses no digits.

use std::f64::consts::TAU;

use statrs::distribution::{ContinuousCDF, Normal};

/// From here on the asymptotic quantile is exact to double precision.
const SERIES_FROM: f64 = 1e9;

/// ln of the probability of `k` successes among `n` trials at `odds` to one.
fn ln_probability(k: f64, n: f64, odds: f64) -> f64 {
    // ln p and ln q without cancellation, whichever of the two is close to 1.
    let (ln_p, ln_q) = (-(1.0 / odds).ln_1p(), -odds.ln_1p());
    if k == 0.0 {
        return n * ln_q;
    }
    if k == n {
        return n * ln_p;
    }
    let (p, q) = (odds / (1.0 + odds), 1.0 / (1.0 + odds));
    let rest = n - k;
    stirling_error(n)
        - stirling_error(k)
        - stirling_error(rest)
        - deviance(k, n * p)
        - deviance(rest, n * q)
        + 0.5 * (n / (TAU * k * rest)).ln()
}

/// ln n! minus Stirling's formula, for whole n > 0.
fn stirling_error(n: f64) -> f64 {
    if n < 16.0 {
        let factorial: f64 = (2..=n as u32).map(f64::from).product();
        return factorial.ln() - (0.5 * (TAU * n).ln() + n * n.ln() - n);
    }
    let n2 = n * n;
    (1.0 / 12.0
        - (1.0 / 360.0 - (1.0 / 1260.0 - (1.0 / 1680.0 - 1.0 / 1188.0 / n2) / n2) / n2) / n2)
        / n
}

/// x ln(x/m) + m − x without cancellation.
fn deviance(x: f64, m: f64) -> f64 {
    if (x - m).abs() >= 0.1 * (x + m) {
        return x * (x / m).ln() + m - x;
    }
    let v = (x - m) / (x + m);
    let mut sum = (x - m) * v;
    let mut term = 2.0 * x * v;
    for j in 1..1000 {
        term *= v * v;
        let next = sum + term / f64::from(2 * j + 1);
        if next == sum {
            break;
        }
        sum = next;
    }
    sum
}

/// ln of the probability that a beta variable with whole `a`, `b` ≥ 1 has odds below `odds`,
/// and ln of the probability that it has not.
fn ln_beta_tails(a: f64, b: f64, odds: f64) -> (f64, f64) {
    if odds <= 0.0 {
        return (f64::NEG_INFINITY, 0.0);
    }
    if odds == f64::INFINITY {
        return (0.0, f64::NEG_INFINITY);
    }
    // The fraction converges fast on this side of the mean only.
    if odds * (b + 1.0) > a + 1.0 {
        let (upper, lower) = ln_beta_tails(b, a, 1.0 / odds);
        return (lower, upper);
    }
    let front = ln_probability(a, a + b, odds) + (a * b / (a + b)).ln();
    let lower = (front + (beta_fraction(a, b, odds / (1.0 + odds)) / a).ln()).min(0.0);
    (lower, (-lower.exp()).ln_1p())
}

/// The continued fraction of the incomplete beta function (Abramowitz & Stegun 26.5.8) by
/// Lentz's method. It needs about √(a + b) terms at worst.
fn beta_fraction(a: f64, b: f64, x: f64) -> f64 {
    let away_from_zero = |v: f64| if v.abs() < 1e-300 { 1e-300 } else { v };
    let mut c = 1.0;
    let mut d = 1.0 / away_from_zero(1.0 - (a + b) * x / (a + 1.0));
    let mut h = d;
    for m in 1..5_000_000 {
        let m = f64::from(m);
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        d = 1.0 / away_from_zero(1.0 + even * d);
        c = away_from_zero(1.0 + even / c);
        h *= d * c;
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        d = 1.0 / away_from_zero(1.0 + odd * d);
        c = away_from_zero(1.0 + odd / c);
        let step = d * c;
        h *= step;
        if (step - 1.0).abs() < 4.0 * f64::EPSILON {
            break;
        }
    }
    h
}

/// The odds below which a beta variable with whole `a`, `b` ≥ 1 falls with probability `tail`,
/// for `tail` < ½.
pub(super) fn beta_odds_quantile(a: f64, b: f64, tail: f64) -> f64 {
    // The logarithm of the odds has cumulants ψ⁽ⁱ⁾(a) ± ψ⁽ⁱ⁾(b); Cornish–Fisher from them.
    let z = Normal::standard().inverse_cdf(tail);
    let mean = (a / b).ln() - 0.5 / a + 0.5 / b;
    let variance = 1.0 / a + 1.0 / b + 0.5 / (a * a) + 0.5 / (b * b);
    let skewness = 1.0 / (b * b) - 1.0 / (a * a);
    let mut ln_odds = mean + z * variance.sqrt() + (z * z - 1.0) / 6.0 * skewness / variance;
    if a.min(b) >= SERIES_FROM {
        return ln_odds.exp();
    }
    // ln of the lower tail is concave in ln odds, so Newton's method cannot miss.
    let target = tail.ln();
    for _ in 0..100 {
        let odds = ln_odds.exp();
        let (lower, _) = ln_beta_tails(a, b, odds);
        let density = ln_probability(a, a + b, odds) + (a * b / (a + b)).ln();
        let step = (lower - target) * (lower - density).exp();
        if !step.is_finite() {
            break;
        }
        ln_odds -= step;
        if step.abs() <= 1e-14 * ln_odds.abs().max(1.0) {
            break;
        }
    }
    ln_odds.exp()
}

/// The probability of `k` or more successes among `n` trials at `odds` to one.
pub(super) fn at_least(k: u64, n: u64, odds: f64) -> f64 {
    match k {
        0 => 1.0,
        _ if k > n => 0.0,
        _ => ln_beta_tails(k as f64, (n - k) as f64 + 1.0, odds).0.exp(),
    }
}

/// The exact two-sided p-value of `k` successes among `n` trials at `odds` to one: the
/// probability of all outcomes no likelier than the one seen.
pub(super) fn two_sided_p(k: u64, n: u64, odds: f64) -> f64 {
    // Outcomes as likely as the one seen count, though rounding may make them look likelier.
    let ln = |j: u64| ln_probability(j as f64, n as f64, odds);
    let limit = ln(k) + 1e-7;
    let at_most = |j: u64| match j {
        _ if j >= n => 1.0,
        _ => ln_beta_tails((n - j) as f64, j as f64 + 1.0, 1.0 / odds).0.exp(),
    };
    let at_least = |j: u64| at_least(j, n, odds);
    let mean = n as f64 * odds / (1.0 + odds);
    if (k as f64) < mean {
        // Beyond the mean the probabilities only fall: the first that is no likelier.
        let (mut low, mut high) = (mean.ceil() as u64, n + 1);
        while low < high {
            let middle = low + (high - low) / 2;
            if ln(middle) <= limit { high = middle } else { low = middle + 1 }
        }
        (at_most(k) + at_least(low)).min(1.0)
    } else if (k as f64) > mean {
        // One past the last on the near side that is no likelier.
        let (mut low, mut high) = (0, mean.floor() as u64 + 1);
        while low < high {
            let middle = low + (high - low) / 2;
            if ln(middle) <= limit { low = middle + 1 } else { high = middle }
        }
        let below = if low == 0 { 0.0 } else { at_most(low - 1) };
        (at_least(k) + below).min(1.0)
    } else {
        1.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tails_agree_with_summed_probabilities() {
        for (n, odds) in [(1u64, 0.5), (7, 1.0), (40, 0.03), (200, 1.7), (3000, 9.0)] {
            let total: f64 = (0..=n).map(|k| ln_probability(k as f64, n as f64, odds).exp()).sum();
            assert!((total - 1.0).abs() < 1e-12, "{n}: {total}");
            for k in [1, n / 3 + 1, n] {
                let sum: f64 =
                    (k..=n).map(|j| ln_probability(j as f64, n as f64, odds).exp()).sum();
                let (lower, upper) = ln_beta_tails(k as f64, (n - k) as f64 + 1.0, odds);
                assert!((lower.exp() / sum - 1.0).abs() < 1e-11, "{n} {k}");
                assert!((lower.exp() + upper.exp() - 1.0).abs() < 1e-12);
            }
        }
    }

    #[test]
    fn the_two_sided_p_is_a_sum_over_unlikely_outcomes() {
        for (n, odds) in [(5u64, 1.0), (9, 0.4), (60, 2.5), (300, 1.0)] {
            let probability = |k: u64| ln_probability(k as f64, n as f64, odds).exp();
            for k in 0..=n {
                let seen = probability(k) * (1.0 + 1e-7);
                let sum: f64 = (0..=n).map(probability).filter(|&p| p <= seen).sum();
                let p = two_sided_p(k, n, odds);
                assert!((p - sum).abs() < 1e-10, "{k} of {n}: {p} is not {sum}");
            }
        }
    }

    #[test]
    fn huge_and_lopsided_counts_end_soon() {
        for (a, b) in [(5.0, 1e14), (1e14, 5.0), (1e12, 1e12), (9e8, 1e14)] {
            let odds = beta_odds_quantile(a, b, 0.025);
            assert!(odds < a / b && odds > 0.0, "{a} {b}: {odds}");
        }
    }
}
