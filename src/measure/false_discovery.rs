//! What is left of many p-values when all of them are looked at together.

/// The q-value of each p-value, in the same order: the smallest share of false findings among
/// which it would still be found (Y. Benjamini & Y. Hochberg, J. R. Stat. Soc. B 57 (1995)
/// 289–300). Holds for independent tests and for those that rise together, as neighbouring or
/// copied regions do (Y. Benjamini & D. Yekutieli, Ann. Statist. 29 (2001) 1165–1188).
///
/// ```
/// use bonescope::measure::q_values;
///
/// assert_eq!(q_values(&[0.03, 0.01, 0.5]), [0.045, 0.03, 0.5]);
/// ```
pub fn q_values(p: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..p.len()).collect();
    order.sort_by(|&a, &b| p[a].total_cmp(&p[b]));
    let mut q = vec![1.0; p.len()];
    let mut least = 1.0f64;
    for (rank, &at) in order.iter().enumerate().rev() {
        least = least.min(p[at] * (p.len() as f64 / (rank + 1) as f64));
        q[at] = least;
    }
    q
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rand::{RngExt, SeedableRng};
    use rand_chacha::ChaCha8Rng;

    use super::*;

    /// The fifteen p-values of the paper's own example: four are found at 5 %.
    #[test]
    fn finds_what_the_paper_finds() {
        let p = [
            0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262,
            0.5719, 0.6528, 0.7590, 1.0000,
        ];
        assert_eq!(q_values(&p).iter().filter(|q| **q <= 0.05).count(), 4);
        assert!(q_values(&[]).is_empty());
    }

    /// Forty tests of which a quarter are true: of what is found, no more than 5 % is false.
    #[test]
    fn keeps_the_share_of_false_findings() {
        let mut rng = ChaCha8Rng::seed_from_u64(57);
        let (mut share, tries) = (0.0, 2_000);
        for _ in 0..tries {
            let p: Vec<f64> = (0..40)
                .map(|i| {
                    let u: f64 = rng.random();
                    if i < 10 { u.powi(6) } else { u }
                })
                .collect();
            let q = q_values(&p);
            let found = q.iter().filter(|q| **q <= 0.05).count();
            let wrong = q[10..].iter().filter(|q| **q <= 0.05).count();
            share += wrong as f64 / found.max(1) as f64 / f64::from(tries);
        }
        assert!((0.02..0.05).contains(&share), "{share}");
    }

    proptest! {
        #[test]
        fn never_below_p_and_in_its_order(p in proptest::collection::vec(0.0f64..=1.0, 1..40)) {
            let q = q_values(&p);
            for i in 0..p.len() {
                prop_assert!(q[i] >= p[i] && q[i] <= 1.0);
                for j in 0..p.len() {
                    prop_assert!(p[i] > p[j] || q[i] <= q[j]);
                }
            }
        }
    }
}
