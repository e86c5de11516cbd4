//! What a pixel value means, and what may be done with it.

use std::sync::Arc;

use ndarray::Array2;
use serde::{Deserialize, Serialize};

/// The stored pixels of one frame, `[row, column]`, exactly as in the file.
#[derive(Clone, Debug, PartialEq)]
pub enum Pixels {
    U8(Array2<u8>),
    I8(Array2<i8>),
    U16(Array2<u16>),
    I16(Array2<i16>),
    U32(Array2<u32>),
    I32(Array2<i32>),
    F32(Array2<f32>),
    F64(Array2<f64>),
}

/// Runs an expression on the array inside, whatever its element type.
macro_rules! each {
    ($pixels:expr, $array:ident => $body:expr) => {
        #[allow(clippy::useless_conversion, reason = "f64 from f64 is one of the eight")]
        match $pixels {
            Pixels::U8($array) => $body,
            Pixels::I8($array) => $body,
            Pixels::U16($array) => $body,
            Pixels::I16($array) => $body,
            Pixels::U32($array) => $body,
            Pixels::I32($array) => $body,
            Pixels::F32($array) => $body,
            Pixels::F64($array) => $body,
        }
    };
}

impl Pixels {
    pub fn columns(&self) -> usize {
        each!(self, a => a.ncols())
    }

    pub fn rows(&self) -> usize {
        each!(self, a => a.nrows())
    }

    /// The stored number at a pixel inside the frame. Panics outside.
    pub fn stored(&self, column: usize, row: usize) -> f64 {
        each!(self, a => f64::from(a[[row, column]]))
    }

    /// Stored as whole numbers.
    pub fn integers(&self) -> bool {
        !matches!(self, Self::F32(_) | Self::F64(_))
    }

    /// Every stored number, row by row.
    pub fn for_each(&self, mut f: impl FnMut(f64)) {
        each!(self, a => a.iter().for_each(|&v| f(f64::from(v))));
    }
}

/// Stored value to real-world value: `stored * slope + intercept`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Rescale {
    pub slope: f64,
    pub intercept: f64,
}

impl Rescale {
    pub const IDENTITY: Self = Self { slope: 1.0, intercept: 0.0 };

    pub fn apply(self, stored: f64) -> f64 {
        stored * self.slope + self.intercept
    }
}

/// The unit of real-world values, as `info` names it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Unit {
    #[serde(rename = "counts")]
    Counts,
    #[serde(rename = "counts/s")]
    CountsPerSecond,
    #[serde(rename = "Bq/ml")]
    BecquerelsPerMl,
    #[serde(rename = "g/ml")]
    GramsPerMl,
    #[serde(rename = "HU")]
    Hounsfield,
    #[serde(rename = "proportional to counts")]
    ProportionalToCounts,
    #[serde(rename = "unknown")]
    Unknown,
    /// Another unit the file states, in its own (UCUM) spelling.
    #[serde(untagged)]
    Stated(String),
}

impl Unit {
    pub fn as_str(&self) -> &str {
        match self {
            Self::Counts => "counts",
            Self::CountsPerSecond => "counts/s",
            Self::BecquerelsPerMl => "Bq/ml",
            Self::GramsPerMl => "g/ml",
            Self::Hounsfield => "HU",
            Self::ProportionalToCounts => "proportional to counts",
            Self::Unknown => "unknown",
            Self::Stated(unit) => unit,
        }
    }
}

/// Why values may not be treated as independent Poisson counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum NotCounts {
    #[error("the values are not counts")]
    OtherUnit,
    #[error("the values were rescaled, so they are not counts as detected")]
    Rescaled,
    #[error("the values are not whole numbers")]
    NotWhole,
    #[error("some values are negative")]
    Negative,
    #[error("the file was compressed with loss")]
    Lossy,
    #[error("the file says that the image was processed after acquisition")]
    Processed,
    #[error("the values do not scatter as counts do, so the image was processed")]
    Scatter,
}

/// A frame's pixels together with their meaning.
#[derive(Clone, Debug, PartialEq)]
pub struct Values {
    pub pixels: Arc<Pixels>,
    pub rescale: Rescale,
    pub unit: Unit,
    /// Compressed with loss: may be looked at, must not be measured.
    pub lossy: bool,
    /// Image Type says DERIVED, or Corrected Image names a step that breaks Poisson statistics.
    pub processed: bool,
    /// Red, green and blue of a picture that was captured in colour, a byte each; `pixels` are
    /// then its brightness.
    pub colors: Option<[Arc<Pixels>; 3]>,
}

impl Values {
    /// Stored counts, straight from a detector.
    pub fn counts(pixels: Pixels) -> Self {
        Self {
            pixels: Arc::new(pixels),
            rescale: Rescale::IDENTITY,
            unit: Unit::Counts,
            lossy: false,
            processed: false,
            colors: None,
        }
    }

    /// The real-world value at a pixel inside the frame, in `unit`. Panics outside.
    pub fn at(&self, column: usize, row: usize) -> f64 {
        self.rescale.apply(self.pixels.stored(column, row))
    }

    /// The real-world value at a pixel, or `None` outside the frame.
    pub fn get(&self, column: i64, row: i64) -> Option<f64> {
        let (column, row) = (usize::try_from(column).ok()?, usize::try_from(row).ok()?);
        (column < self.pixels.columns() && row < self.pixels.rows()).then(|| self.at(column, row))
    }

    /// Lowest and highest finite real-world value; `None` where there is none.
    pub fn range(&self) -> Option<(f64, f64)> {
        let mut range: Option<(f64, f64)> = None;
        self.pixels.for_each(|stored| {
            let value = self.rescale.apply(stored);
            if value.is_finite() {
                let (low, high) = range.unwrap_or((value, value));
                range = Some((low.min(value), high.max(value)));
            }
        });
        range
    }

    /// Whether each value may be treated as one Poisson count. A Poisson interval needs `Ok`.
    pub fn poisson(&self) -> Result<(), NotCounts> {
        if self.lossy {
            return Err(NotCounts::Lossy);
        }
        if self.unit != Unit::Counts {
            return Err(NotCounts::OtherUnit);
        }
        if self.processed {
            return Err(NotCounts::Processed);
        }
        if self.rescale != Rescale::IDENTITY {
            return Err(NotCounts::Rescaled);
        }
        let (mut negative, mut fraction) = (false, false);
        self.pixels.for_each(|v| {
            negative |= v < 0.0;
            fraction |= v.fract() != 0.0 || !v.is_finite();
        });
        match (negative, fraction) {
            (_, true) => Err(NotCounts::NotWhole),
            (true, _) => Err(NotCounts::Negative),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(pixels: Pixels) -> Values {
        Values::counts(pixels)
    }

    #[test]
    fn only_untouched_counts_are_poisson() {
        let counts = values(Pixels::U16(Array2::from_elem((2, 2), 7)));
        assert_eq!(counts.poisson(), Ok(()));
        let halved = Values { rescale: Rescale { slope: 0.5, intercept: 0.0 }, ..counts.clone() };
        assert_eq!(halved.poisson(), Err(NotCounts::Rescaled));
        assert_eq!(Values { lossy: true, ..counts }.poisson(), Err(NotCounts::Lossy));
        let mean = values(Pixels::F32(Array2::from_elem((2, 2), 7.5)));
        assert_eq!(mean.poisson(), Err(NotCounts::NotWhole));
        let difference = values(Pixels::I16(Array2::from_elem((2, 2), -1)));
        assert_eq!(difference.poisson(), Err(NotCounts::Negative));
    }

    #[test]
    fn units_are_written_as_the_contract_says() {
        let written = serde_json::to_string(&Unit::BecquerelsPerMl).unwrap();
        assert_eq!(written, "\"Bq/ml\"");
        let other = Unit::Stated("cm2/ml".into());
        assert_eq!(serde_json::to_string(&other).unwrap(), "\"cm2/ml\"");
    }
}
