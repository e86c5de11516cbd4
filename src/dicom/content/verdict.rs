//! From traits to a view: votes that no single one can decide.

use crate::study::ViewName;

use super::traits::{COUNT, Traits};

/// A trait's say: beyond `middle ± half` a frame votes with all its weight; two frames of one
/// patient do so from `apart` on.
struct Vote {
    middle: f64,
    half: f64,
    apart: f64,
    weight: f64,
}

/// In the order of the traits. Middles lie between simulated front and back views of patients
/// whose bones, organs, habitus, lesions, poses and exposures were varied widely; halves and
/// distances are wide, because real patients vary otherwise.
const VOTES: [Vote; COUNT] = [
    Vote { middle: 1.15, half: 0.5, apart: 0.5, weight: 1.5 },
    Vote { middle: -0.4, half: 0.45, apart: 0.5, weight: 1.2 },
    Vote { middle: 0.45, half: 0.4, apart: 0.4, weight: 1.0 },
    Vote { middle: 0.58, half: 0.3, apart: 0.3, weight: 0.8 },
    Vote { middle: -0.3, half: 0.5, apart: 0.7, weight: 0.8 },
    Vote { middle: 0.2, half: 0.4, apart: 0.3, weight: 1.1 },
    Vote { middle: -0.3, half: 0.7, apart: 0.5, weight: 0.8 },
    Vote { middle: 0.25, half: 0.25, apart: 0.3, weight: 0.9 },
    Vote { middle: -0.25, half: 0.6, apart: 0.5, weight: 0.9 },
    Vote { middle: 0.2, half: 0.25, apart: 0.2, weight: 0.5 },
];

/// At least this part of all votes must have been cast.
const QUORUM: f64 = 0.7;
/// The majority, as a part of the votes cast, that names a single frame.
pub const ALONE: f64 = 0.5;
/// The majority that tells two frames of one patient apart.
pub const TOGETHER: f64 = 0.3;

/// −1 surely anterior … 1 surely posterior; `None` where too little of the body is in the frame.
pub fn single(traits: &Traits) -> Option<f64> {
    majority(|i, vote| Some((traits[i]? - vote.middle) / vote.half))
}

/// −1 the first frame is surely the posterior one … 1 the second is.
pub fn pair(first: &Traits, second: &Traits) -> Option<f64> {
    majority(|i, vote| Some((second[i]? - first[i]?) / vote.apart))
}

fn majority(says: impl Fn(usize, &Vote) -> Option<f64>) -> Option<f64> {
    let all: f64 = VOTES.iter().map(|v| v.weight).sum();
    let (mut cast, mut sum) = (0.0, 0.0);
    for (i, vote) in VOTES.iter().enumerate() {
        if let Some(said) = says(i, vote).filter(|s| !s.is_nan()) {
            cast += vote.weight;
            sum += vote.weight * said.clamp(-1.0, 1.0);
        }
    }
    (cast >= QUORUM * all).then(|| sum / cast)
}

/// The view that a majority names, if it is large enough.
pub fn view(majority: Option<f64>, needed: f64) -> Option<ViewName> {
    match majority? {
        m if m >= needed => Some(ViewName::Posterior),
        m if m <= -needed => Some(ViewName::Anterior),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn no_single_trait_names_a_view() {
        for i in 0..COUNT {
            let mut traits: Traits = [0; COUNT].map(|_| None);
            for (t, vote) in traits.iter_mut().zip(&VOTES) {
                *t = Some(vote.middle);
            }
            traits[i] = Some(100.0);
            assert_eq!(view(single(&traits), ALONE), None, "{i}");
        }
    }

    #[test]
    fn half_a_body_names_nothing() {
        let mut traits: Traits = [Some(100.0); COUNT];
        assert_eq!(view(single(&traits), ALONE), Some(ViewName::Posterior));
        traits[..5].fill(None);
        assert_eq!(single(&traits), None);
    }

    proptest! {
        #[test]
        fn exchanging_two_frames_exchanges_their_views(
            a in prop::array::uniform10(-2.0..2.0f64), b in prop::array::uniform10(-2.0..2.0f64),
        ) {
            let (a, b) = (a.map(Some), b.map(Some));
            prop_assert_eq!(pair(&a, &b), pair(&b, &a).map(|m| -m));
        }
    }
}
