//! Indices: ratios of prescribed regions that were published with figures for comparison.
//!
//! A `preset` says which regions on which bones, `place` lays them on a frame, and here the
//! regions' numbers become the index. Nothing here calls anything normal or ill; a value is inside
//! or outside the range that somebody gave.

mod place;
mod preset;

use std::collections::BTreeMap;

use crate::study::{FrameKey, ViewLabel};
use crate::units::Level;

use super::{Estimate, Interval, RoiRow, ratio_of_counts};

pub use place::{PlacedRegion, Placement, place_index};
pub use preset::{FormulaKind, IndexPreset, NormalRange, SourceMark};

/// The site's own normal range for each index, by its id: lowest and highest value.
pub type OwnRanges = BTreeMap<String, [f64; 2]>;

/// One index on one frame.
#[derive(Clone, Debug, PartialEq)]
pub struct IndexRow {
    /// The preset's id.
    pub index: String,
    pub title: String,
    pub method: String,
    pub frame: FrameKey,
    pub view: ViewLabel,
    /// Names of the regions it is made of.
    pub regions: Vec<String>,
    pub results: Vec<IndexResult>,
    pub caveats: Vec<String>,
    /// Why a number is missing.
    pub remarks: Vec<String>,
    /// Whether any of its regions is.
    pub in_report: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub struct IndexResult {
    pub name: String,
    /// Percent where the index is a share.
    pub kind: FormulaKind,
    pub estimate: Estimate,
    pub ranges: Vec<ComparedRange>,
}

/// A value beside a range.
#[derive(Clone, Debug, PartialEq)]
pub struct ComparedRange {
    pub range: NormalRange,
    pub lies: Lies,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lies {
    Inside,
    Outside,
    /// The interval holds an end of the range.
    Either,
}

impl Lies {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Inside => "inside",
            Self::Outside => "outside",
            Self::Either => "not told apart",
        }
    }
}

/// Every index that has a region among the rows, in the order of its first one.
pub(super) fn indices(rows: &[RoiRow], level: Level) -> Vec<IndexRow> {
    let mut groups: Vec<(&str, &FrameKey)> = Vec::new();
    for row in rows {
        let group = row.part.as_ref().map(|part| (&*part.index, &row.frame));
        groups.extend(group.filter(|group| !groups.contains(group)));
    }
    let of_group = |(index, frame): (&str, &FrameKey)| {
        let of_index = |row: &&RoiRow| {
            row.frame == *frame && row.part.as_ref().is_some_and(|part| part.index == index)
        };
        row(IndexPreset::by_id(index)?, &rows.iter().filter(of_index).collect::<Vec<_>>(), level)
    };
    groups.into_iter().filter_map(of_group).collect()
}

fn row(preset: &IndexPreset, rows: &[&RoiRow], level: Level) -> Option<IndexRow> {
    let first = rows.first()?;
    let mut remarks = Vec::new();
    let results = preset.results.iter().map(|formula| {
        let mut gather = |parts: &[String]| {
            let of_part =
                |row: &&&RoiRow| row.part.as_ref().is_some_and(|part| parts.contains(&part.part));
            let found: Vec<&&RoiRow> = rows.iter().filter(of_part).collect();
            for part in parts {
                let there = |row: &&&RoiRow| row.part.as_ref().is_some_and(|p| p.part == *part);
                let remark = format!("The region for the {part} is missing.");
                if !found.iter().any(there) && !remarks.contains(&remark) {
                    remarks.push(remark);
                }
            }
            let whole = parts.iter().all(|part| {
                found.iter().any(|row| row.part.as_ref().is_some_and(|p| p.part == *part))
            });
            whole.then(|| Sum::of(&found))?
        };
        let (above, below) = (gather(&formula.of), gather(&formula.over));
        let ratio = above.zip(below).and_then(|(a, b)| quotient(a, b, level));
        let none = Estimate { value: None, interval: None };
        let estimate = ratio.map_or(none, |ratio| match formula.kind {
            FormulaKind::Ratio => ratio,
            FormulaKind::Share => share(ratio),
        });
        IndexResult {
            name: formula.name.clone(),
            kind: formula.kind,
            ranges: preset.ranges.iter().filter_map(|range| compared(range, &estimate)).collect(),
            estimate,
        }
    });
    let results = results.collect();
    remarks
        .extend(rows.iter().find_map(|row| row.no_interval).map(|r| format!("No interval: {r}.")));
    Some(IndexRow {
        index: preset.id.clone(),
        title: preset.title.clone(),
        method: preset.method.clone(),
        frame: first.frame.clone(),
        view: first.view,
        regions: rows.iter().map(|row| row.name.clone()).collect(),
        results,
        caveats: preset.caveats.clone(),
        remarks,
        in_report: rows.iter().any(|row| row.in_report),
    })
}

impl IndexRow {
    /// Puts the site's own range beside the published ones.
    pub(super) fn compare_with_own(&mut self, own: &OwnRanges) {
        let Some([low, high]) = own.get(&self.index) else { return };
        let range = NormalRange {
            low: Some(*low),
            high: Some(*high),
            population: "this site's own normal range".into(),
            source: "preferences".into(),
            mark: SourceMark::Own,
        };
        for result in &mut self.results {
            result.ranges.extend(compared(&range, &result.estimate));
        }
    }
}

/// What several regions hold together.
#[derive(Clone, Copy)]
struct Sum {
    total: f64,
    pixels: u64,
    counts: bool,
}

impl Sum {
    fn of(rows: &[&&RoiRow]) -> Option<Self> {
        let usable = |row: &&&RoiRow| {
            row.refused.is_none() && row.stats.pixels > 0 && row.stats.min.is_some_and(|v| v >= 0.0)
        };
        rows.iter().all(usable).then(|| Self {
            total: rows.iter().map(|row| row.stats.total).sum(),
            pixels: rows.iter().map(|row| row.stats.pixels).sum(),
            counts: rows.iter().all(|row| row.no_interval.is_none()),
        })
    }
}

fn quotient(above: Sum, below: Sum, level: Level) -> Option<Estimate> {
    if above.counts && below.counts {
        let (n1, n2) = (above.total as u64, below.total as u64);
        return Some(ratio_of_counts(n1, above.pixels, n2, below.pixels, level)?.estimate);
    }
    let mean = |sum: Sum| sum.total / sum.pixels as f64;
    let value = (below.total > 0.0).then(|| mean(above) / mean(below));
    Some(Estimate { value, interval: None })
}

/// r/(1 + r), percent: it grows with r, so the interval is that of r.
fn share(ratio: Estimate) -> Estimate {
    let share = |r: f64| 100.0 * r / (1.0 + r);
    Estimate {
        value: ratio.value.map(share),
        interval: ratio.interval.map(|interval| Interval {
            low: share(interval.low),
            high: Some(interval.high.map_or(100.0, share)),
            ..interval
        }),
    }
}

fn compared(range: &NormalRange, estimate: &Estimate) -> Option<ComparedRange> {
    let value = estimate.value?;
    let inside = range.low.is_none_or(|low| value >= low) && range.high.is_none_or(|h| value <= h);
    let open = |end: Option<f64>| {
        end.is_some_and(|end| estimate.interval.is_some_and(|interval| interval.contains(end)))
    };
    let lies = match inside {
        _ if open(range.low) || open(range.high) => Lies::Either,
        true => Lies::Inside,
        false => Lies::Outside,
    };
    Some(ComparedRange { range: range.clone(), lies })
}

#[cfg(test)]
mod tests {
    use ndarray::Array2;

    use super::*;
    use crate::findings::{Edit, Findings, IndexPart, Role};
    use crate::geometry::Outline;
    use crate::measure::Sheet;
    use crate::measure::fixture::{frame_of, study_of};
    use crate::study::{Pixels, Rescale, Study, Values};

    /// Columns of 10 pixels with 12, 8 and 10 counts in each.
    fn study() -> Study {
        let pixels = Array2::from_shape_fn((40, 30), |(_, x)| [12u16, 8, 10][x / 10]);
        study_of(vec![frame_of(Values::counts(Pixels::U16(pixels)), 4.0)])
    }

    fn findings(index: &str, parts: [(&str, f64); 3]) -> Findings {
        let mut findings = Findings::default();
        for (part, column) in parts.into_iter().filter(|(part, _)| !part.is_empty()) {
            let outline = Outline::Rectangle { min: [column, 5.0], max: [column + 10.0, 25.0] };
            let frame = FrameKey { series: "1.2.3".into(), frame: 0 };
            let mut roi = findings.new_roi(Role::Index, frame, outline);
            roi.part = Some(IndexPart { index: index.into(), part: part.into() });
            findings.apply(Edit::Add { at: None, roi }).unwrap();
        }
        findings
    }

    fn only(study: &Study, findings: &Findings) -> IndexRow {
        let sheet = Sheet::compute(study, findings, &|_| None, Level::NINETY_FIVE);
        assert_eq!(sheet.indices.len(), 1);
        sheet.indices.into_iter().next().unwrap()
    }

    #[test]
    fn joints_are_compared_with_the_sacrum_and_with_what_was_published() {
        let parts = [("left joint", 0.0), ("right joint", 10.0), ("sacrum", 20.0)];
        let row = only(&study(), &findings("sacroiliac", parts));
        let [left, right] = &row.results[..] else { panic!("{:?}", row.results) };
        assert_eq!((left.estimate.value, right.estimate.value), (Some(1.2), Some(0.8)));
        let exact = ratio_of_counts(2400, 200, 2000, 200, Level::NINETY_FIVE).unwrap();
        assert_eq!(left.estimate, exact.estimate);
        // 1.13 to 1.27 lies within 1.06 to 1.36; 1.14 is in it.
        let lies = |result: &IndexResult| result.ranges.iter().map(|r| r.lies).collect::<Vec<_>>();
        assert_eq!(lies(left), [Lies::Inside, Lies::Either]);
        assert_eq!(lies(right), [Lies::Outside, Lies::Outside]);
        assert_eq!(row.regions, ["I1", "I2", "I3"]);
        assert!(row.remarks.is_empty() && row.in_report, "{:?}", row.remarks);
    }

    #[test]
    fn own_ranges_stand_beside_the_published_ones() {
        let parts = [("left joint", 0.0), ("right joint", 10.0), ("sacrum", 20.0)];
        let mut row = only(&study(), &findings("sacroiliac", parts));
        row.compare_with_own(&OwnRanges::from([("sacroiliac".to_owned(), [1.0, 1.3])]));
        let own = row.results[0].ranges.last().unwrap();
        assert_eq!((own.lies, own.range.mark), (Lies::Inside, SourceMark::Own));
        row.compare_with_own(&OwnRanges::from([("jaw".to_owned(), [1.0, 1.3])]));
        assert_eq!(row.results[0].ranges.len(), 3);
    }

    #[test]
    fn a_share_is_of_both_sides_and_what_is_missing_is_said() {
        let parts = [("left condyle", 0.0), ("right condyle", 10.0), ("", 0.0)];
        let row = only(&study(), &findings("condyles", parts));
        let share = &row.results[0].estimate;
        assert!((share.value.unwrap() - 60.0).abs() < 1e-12);
        let interval = share.interval.unwrap();
        assert!(interval.contains(60.0) && interval.high.unwrap() < 63.0, "{interval:?}");
        let alone =
            only(&study(), &findings("condyles", [("left condyle", 0.0), ("", 0.0), ("", 0.0)]));
        assert_eq!(alone.results[0].estimate.value, None);
        assert_eq!(alone.remarks, ["The region for the right condyle is missing."]);
    }

    #[test]
    fn values_that_are_no_counts_have_an_index_without_interval() {
        let mut study = study();
        let series = std::sync::Arc::make_mut(&mut study.series[0]);
        series.frames[0].values.rescale = Rescale { slope: 0.5, intercept: 0.0 };
        let parts = [("left joint", 0.0), ("right joint", 10.0), ("sacrum", 20.0)];
        let row = only(&study, &findings("sacroiliac", parts));
        let left = &row.results[0].estimate;
        assert_eq!((left.value, left.interval), (Some(1.2), None));
        assert!(row.remarks[0].starts_with("No interval"), "{:?}", row.remarks);
    }
}
