//! How many standard deviations two Poisson counts differ by.

/// How far `here` lies above what the sum of both counts lets one expect at `odds` to one, in
/// standard deviations of a normal law; negative below.
///
/// Given the sum of two Poisson counts the first is binomial. This is the signed root of its
/// deviance, half a count nearer to the expectation: for equal discs it agrees with the exact tail
/// of that binomial to a tenth of a standard deviation from ten counts on (a test holds it to
/// that), and it asks for no tables.
pub fn binomial_z(here: f64, there: f64, odds: f64) -> f64 {
    let sum = here + there;
    let expected = sum * odds / (1.0 + odds);
    let above = here - expected;
    if above.abs() <= 0.5 {
        return 0.0;
    }
    let here = here - 0.5f64.copysign(above);
    let deviance = |seen: f64, expected: f64| match seen > 0.0 {
        true => seen * (seen / expected).ln(),
        false => 0.0,
    };
    let both = deviance(here, expected) + deviance(sum - here, sum - expected);
    (2.0 * both.max(0.0)).sqrt().copysign(above)
}

#[cfg(test)]
mod tests {
    use statrs::distribution::{ContinuousCDF, Normal};

    use super::super::super::binomial::at_least;
    use super::*;

    #[test]
    fn the_root_of_the_deviance_is_the_exact_tail() {
        let normal = Normal::standard();
        for sum in [10u64, 20, 50, 200, 1000, 20_000] {
            for odds in [0.8, 1.0, 1.25] {
                let expected = sum as f64 * odds / (1.0 + odds);
                for k in 0..=sum.min(400) {
                    let k = if sum > 400 { expected as u64 + k } else { k };
                    if k as f64 <= expected + 0.5 || k > sum {
                        continue;
                    }
                    let z = binomial_z(k as f64, (sum - k) as f64, odds);
                    let tail = at_least(k, sum, odds);
                    if tail < 1e-12 {
                        break;
                    }
                    let exact = -normal.inverse_cdf(tail);
                    assert!((z - exact).abs() < 0.1, "{k} of {sum} at {odds}: {z} is not {exact}");
                }
            }
        }
    }

    #[test]
    fn sides_may_be_exchanged() {
        for (a, b, odds) in [(30.0, 12.0, 1.0), (5.0, 0.0, 0.5), (700.0, 810.0, 1.3)] {
            let (there, back) = (binomial_z(a, b, odds), binomial_z(b, a, 1.0 / odds));
            assert!((there + back).abs() < 1e-12, "{there} {back}");
        }
        assert_eq!(binomial_z(0.0, 0.0, 1.0), 0.0);
    }
}
