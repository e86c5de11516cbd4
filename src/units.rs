//! Numbers that know what they measure.

use serde::{Deserialize, Serialize};

/// Millimetres at the patient.
#[derive(Clone, Copy, Debug, Default, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Mm(pub f64);

/// Square millimetres at the patient.
#[derive(Clone, Copy, Debug, Default, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Mm2(pub f64);

/// Seconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Seconds(pub f64);

impl Seconds {
    pub fn from_milliseconds(milliseconds: f64) -> Self {
        Self(milliseconds / 1000.0)
    }

    pub fn milliseconds(self) -> f64 {
        self.0 * 1000.0
    }
}

/// Administered activity, in MBq.
#[derive(Clone, Copy, Debug, Default, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Megabecquerels(pub f64);

/// A confidence level strictly between 0 and 1.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Level(f64);

impl Level {
    /// The 95 % used wherever the reader has not chosen.
    pub const NINETY_FIVE: Self = Self(0.95);

    /// `None` unless `0 < level < 1`.
    pub fn new(level: f64) -> Option<Self> {
        (level > 0.0 && level < 1.0).then_some(Self(level))
    }

    pub fn get(self) -> f64 {
        self.0
    }

    /// The probability left outside the interval, both tails together.
    pub fn alpha(self) -> f64 {
        1.0 - self.0
    }
}
