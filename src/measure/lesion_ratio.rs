//! What a region and its twin come to: the ratio, over the background or not, what noise and hand
//! leave of it, and what many of them leave of each.

use crate::geometry::Outline;
use crate::study::Unit;
use crate::units::Level;

use super::jitter::{Jitter, Tie, jitter};
use super::net_ratio::{Density, net_ratio};
use super::remark::Remark;
use super::{
    BackgroundRow, Estimate, MeasuredFrame, RatioRow, RegionStats, RoiRow, q_values,
    ratio_of_counts,
};

/// How ratios are taken on one frame.
pub(super) struct Comparison<'a> {
    pub measured: &'a MeasuredFrame<'a>,
    /// Sum and pixels of what is subtracted.
    pub background: Option<(f64, u64)>,
    pub level: Level,
}

impl Comparison<'_> {
    /// Region mean over twin mean, with an interval where both are counts.
    pub fn ratio(
        &self,
        region: &RegionStats,
        twin: &RegionStats,
        remarks: &mut Vec<Remark>,
    ) -> Option<RatioRow> {
        let (numerator, denominator) = (region.mean?, twin.mean?);
        let lowest = region.min?.min(twin.min?);
        if self.measured.frame().values.unit == Unit::Hounsfield || lowest < 0.0 {
            remarks.push(Remark::RatioWithoutMeaning);
            return None;
        }
        if denominator == 0.0 {
            remarks.push(Remark::RatioOverNothing);
        }
        let sums = [(region.total, region.pixels), (twin.total, twin.pixels)];
        let background = self.background.map(|background| BackgroundRow {
            mean: background.0 / background.1 as f64,
            pixels: background.1,
            net: sums.map(|(total, pixels)| {
                total - background.0 * (pixels as f64 / background.1 as f64)
            }),
        });
        if let Some(BackgroundRow { net: [region, twin], .. }) = background {
            if twin <= 0.0 && denominator > 0.0 {
                remarks.push(Remark::TwinIsBackground);
            }
            if region <= 0.0 {
                remarks.push(Remark::RegionIsBackground);
            }
        }
        let row = |estimate: Estimate, p: Option<f64>| RatioRow {
            background,
            ..RatioRow::new(estimate, p)
        };
        if self.measured.counts.is_err() {
            let value = match background {
                None => (denominator > 0.0).then(|| numerator / denominator),
                Some(_) => self.value(sums[0], sums[1]),
            };
            return Some(row(Estimate { value, interval: None }, None));
        }
        let [one, other] = sums.map(density);
        // Whatever the background: with equal densities above it, densities are equal.
        let plain =
            ratio_of_counts(one.counts, one.pixels, other.counts, other.pixels, self.level)?;
        let estimate = match self.background {
            None => plain.estimate,
            Some(background) => net_ratio(one, other, density(background), self.level)?,
        };
        Some(row(estimate, Some(plain.p)))
    }

    /// How far the ratio moves with the hand; `None` where a move leaves no ratio.
    pub fn jitter(&self, region: &Outline, twin: &[Outline], tie: Tie) -> Option<Jitter> {
        let sum = |outlines: &[Outline]| self.measured.sums(outlines);
        jitter(region, twin, tie, &sum, &|region, twin| self.value(region, twin))
    }

    /// Mean over mean, above the background where there is one.
    fn value(&self, region: (f64, u64), twin: (f64, u64)) -> Option<f64> {
        let under = self.background.map_or(0.0, |(total, pixels)| total / pixels as f64);
        let mean =
            |(total, pixels): (f64, u64)| (pixels > 0).then(|| total / pixels as f64 - under);
        let (above, below) = (mean(region)?, mean(twin)?);
        (below > 0.0).then(|| above.max(0.0) / below)
    }
}

fn density((total, pixels): (f64, u64)) -> Density {
    Density { counts: total as u64, pixels }
}

/// Gives every ratio its q-value among all of the sheet, and says where a difference does not
/// survive it.
pub(super) fn control(rows: &mut [RoiRow], level: Level) {
    let p: Vec<f64> = rows.iter().filter_map(|row| row.ratio?.p).collect();
    let mut q = q_values(&p).into_iter();
    for row in rows.iter_mut() {
        let Some(ratio) = row.ratio.as_mut().filter(|r| r.p.is_some()) else { continue };
        ratio.q = q.next();
        ratio.differs_after_control = ratio.q.map(|q| q <= level.alpha());
        if let (Some(q), Some(false), Some(true)) =
            (ratio.q, ratio.differs_after_control, ratio.differs_from_1)
        {
            row.remarks.push(Remark::NotAmongMany { ratios: p.len(), q }.to_string());
        }
    }
}
