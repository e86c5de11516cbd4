//! A number together with what is known of its error.

use serde::{Deserialize, Serialize};

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
}

impl Method {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Garwood => "exact Poisson (Garwood)",
            Self::ClopperPearson => "exact conditional binomial (Clopper–Pearson)",
            Self::Mover => "variance estimates recovered on the log scale (MOVER)",
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
