//! One check: what was looked at, what came out, what it is held against, and where it shows.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::geometry::Outline;

/// What is looked at. The names are those of `info --json`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Check {
    #[serde(rename = "counts per view")]
    CountsPerView,
    #[serde(rename = "counts per cm of thorax")]
    ThoraxCounts,
    #[serde(rename = "scan speed")]
    ScanSpeed,
    #[serde(rename = "time after injection")]
    TimeAfterInjection,
    #[serde(rename = "energy window centre")]
    WindowCentre,
    #[serde(rename = "energy window width")]
    WindowWidth,
    #[serde(rename = "truncation")]
    Truncation,
    #[serde(rename = "saturation")]
    Saturation,
    #[serde(rename = "bladder fraction")]
    Bladder,
    #[serde(rename = "injection site fraction")]
    InjectionSite,
    #[serde(rename = "bone to soft tissue")]
    BoneToSoftTissue,
    #[serde(rename = "overdispersion")]
    Dispersion,
}

impl Check {
    pub const ALL: [Self; 12] = [
        Self::CountsPerView,
        Self::ThoraxCounts,
        Self::ScanSpeed,
        Self::TimeAfterInjection,
        Self::WindowCentre,
        Self::WindowWidth,
        Self::Truncation,
        Self::Saturation,
        Self::Bladder,
        Self::InjectionSite,
        Self::BoneToSoftTissue,
        Self::Dispersion,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::CountsPerView => "counts per view",
            Self::ThoraxCounts => "counts per cm of thorax",
            Self::ScanSpeed => "scan speed",
            Self::TimeAfterInjection => "time after injection",
            Self::WindowCentre => "energy window centre",
            Self::WindowWidth => "energy window width",
            Self::Truncation => "truncation",
            Self::Saturation => "saturation",
            Self::Bladder => "bladder fraction",
            Self::InjectionSite => "injection site fraction",
            Self::BoneToSoftTissue => "bone to soft tissue",
            Self::Dispersion => "overdispersion",
        }
    }

    /// Of value and limit; empty for a ratio.
    pub fn unit(self) -> &'static str {
        match self {
            Self::CountsPerView => "counts",
            Self::ThoraxCounts => "counts/cm",
            Self::ScanSpeed => "cm/min",
            Self::TimeAfterInjection => "min",
            Self::WindowCentre | Self::WindowWidth | Self::Bladder | Self::InjectionSite => "%",
            Self::Truncation => "mm",
            Self::Saturation => "pixels",
            Self::BoneToSoftTissue | Self::Dispersion => "",
        }
    }

    /// Digits after the point that mean something.
    fn decimals(self) -> usize {
        match self {
            Self::BoneToSoftTissue | Self::Dispersion => 2,
            Self::ScanSpeed | Self::WindowCentre | Self::WindowWidth => 1,
            Self::Bladder | Self::InjectionSite => 1,
            _ => 0,
        }
    }

    /// A value with its unit: `1 900 812 counts`, `12.0 cm/min`.
    pub fn shown(self, value: f64) -> String {
        match self.unit() {
            "" => self.number(value),
            unit => format!("{} {unit}", self.number(value)),
        }
    }

    /// As [`Check::number`], without digits after the point that are zero: for limits.
    pub fn number_short(self, value: f64) -> String {
        let number = self.number(value);
        match number.split_once('.') {
            Some((whole, rest)) => match rest.trim_end_matches('0') {
                "" => whole.to_owned(),
                rest => format!("{whole}.{rest}"),
            },
            None => number,
        }
    }

    /// A value without its unit, thousands apart.
    pub fn number(self, value: f64) -> String {
        let plain = format!("{value:.*}", self.decimals());
        let (whole, rest) = plain.split_once('.').unwrap_or((&plain, ""));
        let (sign, digits) = whole.strip_prefix('-').map_or(("", whole), |d| ("−", d));
        let mut grouped = String::new();
        for (i, digit) in digits.chars().enumerate() {
            let left = digits.len() - i;
            if i > 0 && left % 3 == 0 && digits.len() > 4 {
                // A narrow space that does not break.
                grouped.push('\u{202f}');
            }
            grouped.push(digit);
        }
        let point = if rest.is_empty() { "" } else { "." };
        format!("{sign}{grouped}{point}{rest}")
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Verdict {
    #[serde(rename = "ok")]
    Ok,
    #[serde(rename = "low")]
    Low,
    #[serde(rename = "high")]
    High,
    /// The values are not counts as detected, so the question does not arise.
    #[serde(rename = "not counts")]
    NotCounts,
    /// The file does not say what it takes to tell.
    #[serde(rename = "not stated")]
    NotStated,
    /// There is a value but nothing to hold it against, or the picture does not show what it takes.
    #[serde(rename = "not judged")]
    NotJudged,
}

impl Verdict {
    /// Something that a reader should look at.
    pub fn warns(self) -> bool {
        matches!(self, Self::Low | Self::High | Self::NotCounts)
    }

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Low => "low",
            Self::High => "high",
            Self::NotCounts => "not counts",
            Self::NotStated => "not stated",
            Self::NotJudged => "not judged",
        }
    }
}

/// What a value is held against, and who says so.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Limit {
    pub low: Option<f64>,
    pub high: Option<f64>,
    pub source: &'static str,
}

/// A limit of this program's own, where no guideline gives a number.
pub(super) const OWN: &str = "working limit of this program; no guideline gives one";

impl Limit {
    pub(super) const fn at_least(low: f64, source: &'static str) -> Self {
        Self { low: Some(low), high: None, source }
    }

    pub(super) const fn at_most(high: f64, source: &'static str) -> Self {
        Self { low: None, high: Some(high), source }
    }

    pub(super) const fn within(low: f64, high: f64, source: &'static str) -> Self {
        Self { low: Some(low), high: Some(high), source }
    }

    pub(super) fn judge(&self, value: f64) -> Verdict {
        match () {
            () if self.low.is_some_and(|low| value < low) => Verdict::Low,
            () if self.high.is_some_and(|high| value > high) => Verdict::High,
            () => Verdict::Ok,
        }
    }
}

/// `≥ 1 500 000`, `120–300`, `≤ 15`.
impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.low, self.high) {
            (Some(low), Some(high)) if low == -high => write!(f, "±{high}"),
            (Some(low), Some(high)) => write!(f, "{low}–{high}"),
            (Some(low), None) => write!(f, "≥ {low}"),
            (None, Some(high)) => write!(f, "≤ {high}"),
            (None, None) => f.write_str("–"),
        }
    }
}

/// Where it shows: a frame of the series, and a part of it unless the whole is meant.
#[derive(Clone, Debug, PartialEq)]
pub struct Place {
    pub frame: usize,
    pub outline: Option<Outline>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct QualityCheck {
    pub check: Check,
    /// In the unit of the check.
    pub value: Option<f64>,
    pub limit: Option<Limit>,
    pub verdict: Verdict,
    /// One plain sentence: what was found, and what it may mean for reading.
    pub sentence: String,
    /// `None` for a fact of the whole series.
    pub place: Option<Place>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_as_people_write_them() {
        assert_eq!(Check::CountsPerView.shown(1_900_812.0), "1\u{202f}900\u{202f}812 counts");
        assert_eq!(Check::CountsPerView.shown(9_812.0), "9812 counts");
        assert_eq!(Check::ScanSpeed.shown(12.04), "12.0 cm/min");
        assert_eq!(Check::WindowCentre.shown(-2.31), "−2.3 %");
        assert_eq!(Check::BoneToSoftTissue.shown(2.789), "2.79");
    }

    #[test]
    fn names_are_those_of_the_json() {
        for check in Check::ALL {
            assert_eq!(serde_json::to_value(check).unwrap(), check.as_str());
        }
        let verdicts =
            [Verdict::Ok, Verdict::Low, Verdict::High, Verdict::NotCounts, Verdict::NotStated];
        for verdict in verdicts.into_iter().chain([Verdict::NotJudged]) {
            assert_eq!(serde_json::to_value(verdict).unwrap(), verdict.as_str());
        }
    }

    #[test]
    fn limits_judge_and_show() {
        let range = Limit::within(120.0, 300.0, OWN);
        assert_eq!(range.to_string(), "120–300");
        assert_eq!(
            [119.0, 120.0, 300.0, 301.0].map(|v| range.judge(v)),
            [Verdict::Low, Verdict::Ok, Verdict::Ok, Verdict::High]
        );
        assert_eq!(Limit::at_least(1_500_000.0, OWN).to_string(), "≥ 1500000");
        assert_eq!(Limit::within(-3.0, 3.0, OWN).to_string(), "±3");
    }
}
