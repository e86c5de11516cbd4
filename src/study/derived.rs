//! Series that this program made from an acquired one, and the name that makes them again.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::Uid;

/// More frames than any series holds; a name that asks for more is no name.
const MOST_FRAMES: usize = 100_000;

/// How a series was made from another one. It is written into the UID of what it makes
/// (`1.2.3#thinned=0.5,seed=1`, `1.2.3#sum=0-11`), so that a saved key of a frame is enough to
/// make that frame again. A derived series can be derived from once more.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Derivation {
    /// Every count of `of` was kept with probability `fraction`, 0…1.
    Thinned { of: Uid, fraction: f64, seed: u64 },
    /// The sum of these frames of `of`, counted from 0, ascending.
    Summed { of: Uid, frames: Vec<usize> },
}

/// The text names no derivation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this is not the name of a derived series")]
pub struct NotDerived;

impl Derivation {
    /// The UID of the series that it was made from.
    pub fn of(&self) -> &Uid {
        match self {
            Self::Thinned { of, .. } | Self::Summed { of, .. } => of,
        }
    }

    /// The UID of the series that it makes.
    pub fn uid(&self) -> Uid {
        self.to_string().into()
    }

    /// Of a series' UID; `None` where the series was acquired.
    pub fn of_uid(uid: &str) -> Option<Self> {
        uid.parse().ok()
    }

    /// The acquired series behind a UID, through all derivations.
    pub fn acquired(uid: &str) -> &str {
        uid.split_once('#').map_or(uid, |(acquired, _)| acquired)
    }
}

impl fmt::Display for Derivation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Thinned { of, fraction, seed } => {
                write!(f, "{of}#thinned={fraction},seed={seed}")
            }
            Self::Summed { of, frames } => {
                write!(f, "{of}#sum=")?;
                for (i, (first, last)) in runs(frames).into_iter().enumerate() {
                    let comma = if i == 0 { "" } else { "," };
                    match first == last {
                        true => write!(f, "{comma}{first}")?,
                        false => write!(f, "{comma}{first}-{last}")?,
                    }
                }
                Ok(())
            }
        }
    }
}

/// Neighbours joined: `[0, 1, 2, 5]` is 0–2 and 5.
fn runs(frames: &[usize]) -> Vec<(usize, usize)> {
    let mut runs: Vec<(usize, usize)> = Vec::new();
    for &frame in frames {
        match runs.last_mut() {
            Some((_, last)) if last.checked_add(1) == Some(frame) => *last = frame,
            _ => runs.push((frame, frame)),
        }
    }
    runs
}

impl FromStr for Derivation {
    type Err = NotDerived;

    /// Only the one spelling that [`Derivation::uid`] writes is read, so that a series has one
    /// name.
    fn from_str(text: &str) -> Result<Self, NotDerived> {
        let (of, how) = text.rsplit_once('#').ok_or(NotDerived)?;
        let of: Uid = of.into();
        let derivation = if let Some(how) = how.strip_prefix("thinned=") {
            let (fraction, seed) = how.split_once(",seed=").ok_or(NotDerived)?;
            let fraction: f64 = fraction.parse().map_err(|_| NotDerived)?;
            if !(0.0..=1.0).contains(&fraction) || fraction.is_sign_negative() {
                return Err(NotDerived);
            }
            Self::Thinned { of, fraction, seed: seed.parse().map_err(|_| NotDerived)? }
        } else if let Some(list) = how.strip_prefix("sum=") {
            Self::Summed { of, frames: listed(list)? }
        } else {
            return Err(NotDerived);
        };
        match !derivation.of().is_empty() && derivation.to_string() == text {
            true => Ok(derivation),
            false => Err(NotDerived),
        }
    }
}

fn listed(list: &str) -> Result<Vec<usize>, NotDerived> {
    let mut frames: Vec<usize> = Vec::new();
    for run in list.split(',') {
        let (first, last) = run.split_once('-').unwrap_or((run, run));
        let number = |text: &str| text.parse::<usize>().map_err(|_| NotDerived);
        let (first, last) = (number(first)?, number(last)?);
        let after = frames.last().is_none_or(|&before| first > before);
        if !after || last < first || last >= MOST_FRAMES {
            return Err(NotDerived);
        }
        frames.extend(first..=last);
    }
    Ok(frames)
}

impl TryFrom<String> for Derivation {
    type Error = NotDerived;

    fn try_from(text: String) -> Result<Self, NotDerived> {
        text.parse()
    }
}

impl From<Derivation> for String {
    fn from(derivation: Derivation) -> Self {
        derivation.to_string()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn names_are_as_the_contract_shows_them() {
        let half = Derivation::Thinned { of: "1.2.3".into(), fraction: 0.5, seed: 1 };
        assert_eq!(&*half.uid(), "1.2.3#thinned=0.5,seed=1");
        let sum = Derivation::Summed { of: "1.2.3".into(), frames: (0..12).collect() };
        assert_eq!(&*sum.uid(), "1.2.3#sum=0-11");
        let some = Derivation::Summed { of: "1.2.3".into(), frames: vec![0, 1, 4, 7, 8, 9] };
        assert_eq!(&*some.uid(), "1.2.3#sum=0-1,4,7-9");
        let both = Derivation::Thinned { of: sum.uid(), fraction: 0.25, seed: 7 };
        assert_eq!(Derivation::of_uid(&both.uid()), Some(both.clone()));
        assert_eq!(&**both.of(), "1.2.3#sum=0-11");
        assert_eq!(Derivation::acquired(&both.uid()), "1.2.3");
        assert_eq!(Derivation::acquired("1.2.3"), "1.2.3");
    }

    #[test]
    fn other_names_are_not_derived() {
        for name in [
            "1.2.3",
            "",
            "#sum=0",
            "1#sum=",
            "1#sum=3-1",
            "1#sum=3,1",
            "1#sum=1,1",
            "1#sum=0,1",
            "1#sum=0-99999999999",
            "1#sum=a",
            "1#thinned=0.5",
            "1#thinned=0.50,seed=1",
            "1#thinned=1.5,seed=1",
            "1#thinned=NaN,seed=1",
            "1#thinned=-0,seed=1",
            "1#thinned=0.5,seed=-1",
            "1#cut=1",
        ] {
            assert_eq!(Derivation::of_uid(name), None, "{name}");
        }
    }

    proptest! {
        #[test]
        fn a_name_says_all(fraction in 0.0..=1.0f64, seed: u64, mut frames in
            prop::collection::btree_set(0usize..300, 1..40)) {
            let thinned = Derivation::Thinned { of: "1.2".into(), fraction, seed };
            prop_assert_eq!(Derivation::of_uid(&thinned.uid()), Some(thinned));
            frames.insert(299);
            let summed = Derivation::Summed { of: "1.2".into(), frames: frames.into_iter().collect() };
            let json = serde_json::to_string(&summed).unwrap();
            prop_assert_eq!(serde_json::from_str::<Derivation>(&json).unwrap(), summed);
        }

        #[test]
        fn any_text_is_read_or_refused(text in "\\PC*") {
            if let Some(derivation) = Derivation::of_uid(&text) {
                prop_assert_eq!(&*derivation.uid(), text.as_str());
            }
        }
    }
}
