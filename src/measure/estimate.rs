//! A number together with what is known of its error.

use serde::{Deserialize, Serialize};
use statrs::distribution::{ContinuousCDF, Normal};

use crate::units::Level;

/// How an interval was computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Method {
    #[serde(rename = "exact Poisson (Garwood)")]
    Garwood,
    #[serde(rename = "exact conditional binomial (Clopper–Pearson)")]
    ClopperPearson,
    #[serde(rename = "variance estimates recovered on the log scale (MOVER)")]
    Mover,
    #[serde(rename = "profile likelihood of Poisson counts over one background")]
    ProfileLikelihood,
}

impl Method {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Garwood => "exact Poisson (Garwood)",
            Self::ClopperPearson => "exact conditional binomial (Clopper–Pearson)",
            Self::Mover => "variance estimates recovered on the log scale (MOVER)",
            Self::ProfileLikelihood => "profile likelihood of Poisson counts over one background",
        }
    }
}

/// Bounds at a confidence level. `high` is `None` where no upper bound exists (a ratio whose
/// denominator may be zero).
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Interval {
    pub low: f64,
    pub high: Option<f64>,
    pub level: Level,
    pub method: Method,
}

impl Interval {
    pub fn contains(&self, value: f64) -> bool {
        self.low <= value && self.high.is_none_or(|high| value <= high)
    }
}

/// A value and, where its error is known, an interval. `value` is `None` where it is undefined
/// (a ratio over zero counts).
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Estimate {
    pub value: Option<f64>,
    pub interval: Option<Interval>,
}

impl Interval {
    /// How far the ends lie from a value on the logarithmic scale, down and up; `None` where an end
    /// is zero or missing.
    pub(super) fn arms(&self, value: f64) -> Option<[f64; 2]> {
        let high = self.high.filter(|_| self.low > 0.0 && value > 0.0)?;
        Some([(value / self.low).ln(), (high / value).ln()])
    }
}

impl Estimate {
    /// One standard deviation over the value, as the interval's width has it on the logarithmic
    /// scale. `None` without an interval whose ends are both above zero.
    pub fn relative_error(&self) -> Option<f64> {
        let Interval { low, high, level, .. } = self.interval?;
        let width = (high? / low).ln();
        let z = Normal::standard().inverse_cdf(1.0 - 0.5 * level.alpha());
        Some(0.5 * width / z).filter(|e| e.is_finite())
    }
}
