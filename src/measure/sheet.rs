//! Every number of a study, computed once: panel, PDF, CSV, JSON and command line read this.

use crate::findings::twin::{NoTwin, TwinKind};
use crate::findings::{IndexPart, Midline, RoiId, Role, Site, TwinChoice};
use crate::geometry::{Outline, Side};
use crate::study::{FrameKey, NotCounts, Unit, ViewLabel};
use crate::units::{Level, Mm2};

use super::{AnnotationRow, Estimate, IndexRow, Interval, Jitter, Label, OwnRanges};

/// The numbers of one study and the findings in it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sheet {
    /// One per frame that has regions or was asked for.
    pub midlines: Vec<MidlineRow>,
    /// In the order of the findings.
    pub rois: Vec<RoiRow>,
    /// In the order of the findings.
    pub annotations: Vec<AnnotationRow>,
    /// In the order of their first regions.
    pub indices: Vec<IndexRow>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct MidlineRow {
    pub frame: FrameKey,
    pub midline: Midline,
}

/// Statistics of the pixels whose centres lie inside an outline.
#[derive(Clone, Debug, PartialEq)]
pub struct RegionStats {
    pub pixels: u64,
    /// Pixels times pixel area; `None` where the file states no spacing.
    pub area: Option<Mm2>,
    /// Sum of the real-world values, in the frame's unit: the counts, where that is the unit.
    pub total: f64,
    /// `None` for a region without pixels.
    pub mean: Option<f64>,
    pub max: Option<f64>,
    pub min: Option<f64>,
    /// Sample standard deviation over the pixels (n − 1); `None` below two pixels.
    pub sd: Option<f64>,
    /// Total over the frame's duration, where the unit is counts and the duration known.
    pub per_second: Option<f64>,
    /// Of the total, where the values are Poisson counts.
    pub interval: Option<Interval>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct TwinRow {
    /// One, or the neighbours above and below on the midline.
    pub outlines: Vec<Outline>,
    pub kind: TwinKind,
    /// Of all outlines together.
    pub stats: RegionStats,
}

/// Region mean over twin mean.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RatioRow {
    pub estimate: Estimate,
    /// Whether the interval excludes 1; `None` without an interval.
    pub differs_from_1: Option<bool>,
    /// Exact two-sided p-value of a true ratio of 1, where both totals are Poisson counts.
    pub p: Option<f64>,
    /// The q-value of it among all ratios of the sheet (Benjamini–Hochberg).
    pub q: Option<f64>,
    /// Whether q is at most what the interval's level leaves.
    pub differs_after_control: Option<bool>,
    /// What was subtracted from both.
    pub background: Option<BackgroundRow>,
    /// How far the ratio moves with the hand that drew it. `None` while a gesture is under way,
    /// and where a move leaves no ratio.
    pub jitter: Option<Jitter>,
}

/// A view's soft tissue, taken off region and twin.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BackgroundRow {
    /// Per pixel, in the frame's unit.
    pub mean: f64,
    pub pixels: u64,
    /// What is left of the totals of region and twin; may be negative.
    pub net: [f64; 2],
}

impl RatioRow {
    /// One standard deviation of what the hand does to the ratio, over the ratio.
    pub fn hand(&self) -> Option<f64> {
        let value = self.estimate.value.filter(|v| *v > 0.0)?;
        Some(self.jitter?.sd / value)
    }

    /// A ratio as it stands alone.
    pub fn new(estimate: Estimate, p: Option<f64>) -> Self {
        Self {
            estimate,
            differs_from_1: estimate.interval.map(|interval| !interval.contains(1.0)),
            p,
            q: None,
            differs_after_control: None,
            background: None,
            jitter: None,
        }
    }
}

#[derive(Clone, Debug, PartialEq)]
pub struct RoiRow {
    pub id: RoiId,
    pub name: String,
    pub frame: FrameKey,
    pub view: ViewLabel,
    pub unit: Unit,
    pub outline: Outline,
    pub choice: TwinChoice,
    pub role: Role,
    /// The region on another view or phase that this one is the copy of.
    pub copy_of: Option<RoiId>,
    /// What it is measured for, where it is part of an index.
    pub part: Option<IndexPart>,
    /// The patient's side, from geometry; `None` on the midline or where the file does not say.
    pub side: Option<Side>,
    /// In the reader's words; empty where there are none.
    pub site: String,
    /// What the skeleton laid over the view has there.
    pub place: Option<Label>,
    pub note: String,
    pub in_report: bool,
    pub stats: RegionStats,
    /// The twin's numbers, or why there is none.
    pub twin: Result<TwinRow, NoTwin>,
    pub ratio: Option<RatioRow>,
    /// Why there is no interval; `None` where there is one.
    pub no_interval: Option<NotCounts>,
    /// Facts about this row in plain words, for the table, the report and the JSON.
    pub remarks: Vec<String>,
    /// Refused altogether (a lossy image): the numbers must not be shown.
    pub refused: Option<NotCounts>,
}

impl RoiRow {
    /// Where it is: in the reader's words, else as the skeleton has it; without a side. Empty
    /// where nobody says.
    pub fn site_words(&self) -> String {
        match &self.place {
            Some(label) if self.site.is_empty() => label.site.name(),
            _ => self.site.clone(),
        }
    }

    /// The site that the reader's words name, else the skeleton's; `None` for words of the
    /// reader's own.
    pub fn known_site(&self) -> Option<Site> {
        match self.site.is_empty() {
            true => self.place.map(|label| label.site),
            false => Site::parse(&self.site),
        }
    }
}

impl Sheet {
    /// Of the intervals; 95 % where there is none.
    pub fn level(&self) -> Level {
        let level = self.rois.iter().find_map(|row| row.stats.interval).map(|i| i.level);
        level.unwrap_or(Level::NINETY_FIVE)
    }

    /// Puts the site's own normal ranges beside the published ones of each index.
    pub fn compare_with_own(&mut self, own: &OwnRanges) {
        self.indices.iter_mut().for_each(|row| row.compare_with_own(own));
    }

    /// The outlines whose pixels are left out of a region because they are not bone; none for a
    /// region that itself says what is not bone.
    pub fn not_bone_for(&self, row: &RoiRow) -> Vec<Outline> {
        let others = self.rois.iter().filter(|o| o.frame == row.frame && o.role.not_bone());
        match row.role.not_bone() {
            true => Vec::new(),
            false => others.map(|o| o.outline.clone()).collect(),
        }
    }
}
