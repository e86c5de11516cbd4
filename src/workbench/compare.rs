//! A prior beside the current study: which, on which scale, and what has become of the ratios.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::findings::{Edit, Roi, RoiId, TwinChoice};
use crate::geometry::Side;
use crate::measure::{Estimate, FollowUp, NoFollowUp, RoiRow, change};
use crate::report::number;
use crate::study::{FrameKey, Series, SeriesKind, Study, Uid, ValueSummary, ViewName};
use crate::text::{t, tr};

use super::levels::reference_of;
use super::{Arrangement, Links, Pane, Reading, Show, Standard, Workbench, Workspace};

/// The study that stands beside the one that is read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Comparison {
    pub prior: Uid,
    pub scale: Scale,
}

/// What the levels of both studies are percentages of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scale {
    /// Each frame's own automatic level.
    #[default]
    Own,
    /// The mean of each study's reference regions.
    Reference,
    /// The same share of the frame's counts.
    Counts,
    /// Each pane for itself.
    Off,
}

impl Scale {
    pub const ALL: [Self; 4] = [Self::Own, Self::Reference, Self::Counts, Self::Off];
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Compare {
    /// Puts an open study, by its place among them, beside the one that is read. Another patient's
    /// only where `another_patient` says that it is meant.
    With {
        study: usize,
        #[serde(default)]
        another_patient: bool,
    },
    Scale(Scale),
    /// Puts the regions that the prior lacks at the same places there.
    CopyRegions,
    End,
}

/// A study that could stand beside the one that is read.
#[derive(Clone, Debug, PartialEq)]
pub struct Candidate {
    pub study: usize,
    pub same_patient: bool,
    pub date: Option<NaiveDate>,
    pub description: String,
}

/// A fact about both studies, in words; `alike` is `None` where one does not state it.
#[derive(Clone, Debug, PartialEq)]
pub struct Fact {
    pub what: String,
    pub now: String,
    pub then: String,
    pub alike: Option<bool>,
}

/// What has become of one region's ratio.
#[derive(Clone, Debug, PartialEq)]
pub struct ChangeRow {
    pub name: String,
    pub view: ViewName,
    pub side: Option<Side>,
    pub site: String,
    pub now: Option<Estimate>,
    pub then: Option<Estimate>,
    /// Now over then.
    pub change: Option<Estimate>,
}

impl ChangeRow {
    /// Whether the interval of the change leaves 1 out; `None` without an interval.
    pub fn changed(&self) -> Option<bool> {
        self.change?.interval.map(|interval| !interval.contains(1.0))
    }
}

/// The same Patient ID, and no birth dates that contradict it. Names are no proof.
pub fn same_patient(a: &Study, b: &Study) -> bool {
    let id = |study: &Study| study.patient.id.reveal().trim().to_owned();
    let birth = |study: &Study| *study.patient.birth_date.reveal();
    let born_alike = match (birth(a), birth(b)) {
        (Some(a), Some(b)) => a == b,
        _ => true,
    };
    !id(a).is_empty() && id(a) == id(b) && born_alike
}

/// The other open studies: the same patient's first, those before the current one newest first,
/// then those after it.
pub fn candidates(bench: &Workbench) -> Vec<Candidate> {
    let Some(current) = bench.hung().map(Reading::study) else { return Vec::new() };
    let mut found: Vec<Candidate> = bench
        .readings()
        .iter()
        .map(Reading::study)
        .enumerate()
        .filter(|(_, study)| study.uid != current.uid && planar(study).is_some())
        .map(|(index, study)| Candidate {
            study: index,
            same_patient: same_patient(current, study),
            date: study.date,
            description: study.description.clone(),
        })
        .collect();
    let days = |c: &Candidate| Some((current.date? - c.date?).num_days());
    found.sort_by_key(|c| {
        let days = days(c).unwrap_or(i64::MAX);
        (!c.same_patient, days < 0, days.abs(), c.study)
    });
    found
}

/// The prior of the comparison on show.
pub fn prior(bench: &Workbench) -> Option<&Reading> {
    let comparison = bench.workspace()?.comparison.as_ref()?;
    bench.readings().iter().find(|r| r.study().uid == comparison.prior)
}

/// What should be known before two scans are compared: differences first.
pub fn facts(bench: &Workbench) -> Vec<Fact> {
    let (Some(now), Some(then)) = (bench.hung(), prior(bench)) else { return Vec::new() };
    let (Some(now), Some(then)) = (planar(now.study()), planar(then.study())) else {
        return Vec::new();
    };
    let mut facts = vec![
        text_fact("compare-tracer", &now.tracer.agent, &then.tracer.agent),
        number_fact(
            "compare-injected",
            [now, then].map(|s| s.tracer.injected.map(|a| a.0)),
            0.1,
            |mbq| format!("{mbq:.0} MBq"),
        ),
        uptake_fact(now, then),
        number_fact("compare-counts", [now, then].map(counts), 0.2, number::total),
        number_fact("compare-speed", [now, then].map(|s| s.scan_velocity), 0.05, |v| {
            format!("{v:.1} mm/s")
        }),
        number_fact(
            "compare-duration",
            [now, then].map(duration),
            0.1,
            number::minutes_and_seconds,
        ),
        text_fact("compare-collimator", &now.collimator, &then.collimator),
        text_fact("compare-camera", &now.manufacturer, &then.manufacturer),
        text_fact("compare-energy", &energy(now), &energy(then)),
        text_fact("compare-matrix", &matrix(now), &matrix(then)),
    ];
    let rank = |fact: &Fact| match fact.alike {
        Some(false) => 0,
        None => 1,
        Some(true) => 2,
    };
    facts.sort_by_key(rank);
    facts
}

/// Regions that both studies have under one name in one view, and their ratios.
pub fn changes(bench: &Workbench) -> Vec<ChangeRow> {
    let (Some(now), Some(then)) = (bench.hung(), prior(bench)) else { return Vec::new() };
    let estimate = |row: &RoiRow| {
        row.ratio.as_ref().filter(|_| row.refused.is_none()).map(|ratio| ratio.estimate)
    };
    now.sheet()
        .rois
        .iter()
        .filter_map(|row| {
            let same = |r: &&RoiRow| r.name == row.name && r.view.view == row.view.view;
            let before = then.sheet().rois.iter().find(same)?;
            let (now, then) = (estimate(row), estimate(before));
            Some(ChangeRow {
                name: row.name.clone(),
                view: row.view.view,
                side: row.side,
                site: row.site.clone(),
                now,
                then,
                change: now.zip(then).and_then(|(now, then)| change(&now, &then)),
            })
        })
        .collect()
}

/// The first series that a bone scan is read from.
fn planar(study: &Study) -> Option<&Series> {
    let of = |kind: SeriesKind| study.series.iter().find(|s| s.kind == kind);
    of(SeriesKind::WholeBody).or_else(|| of(SeriesKind::Static)).map(|series| &**series)
}

fn counts(series: &Series) -> Option<f64> {
    let frames = series.opening_frames();
    if frames.is_empty() {
        return None;
    }
    let sum = |frame: &usize| Some(ValueSummary::of(&series.frames[*frame].values)?.sum);
    frames.iter().map(sum).sum()
}

fn duration(series: &Series) -> Option<f64> {
    series.frames.first()?.duration.map(|d| d.0)
}

fn energy(series: &Series) -> String {
    let windows = series.energy_windows.first().map_or(&[][..], |w| &w.ranges_kev);
    let windows: Vec<String> =
        windows.iter().map(|[low, high]| format!("{low:.0}–{high:.0} keV")).collect();
    windows.join(", ")
}

fn matrix(series: &Series) -> String {
    let Some(frame) = series.frames.first() else { return String::new() };
    let size = format!("{} × {}", frame.columns(), frame.rows());
    match frame.spacing {
        Some(s) => format!("{size}, {} mm", number::short(s.x(), 2)),
        None => size,
    }
}

fn text_fact(key: &str, now: &str, then: &str) -> Fact {
    let stated = |text: &str| match text.trim() {
        "" => t("compare-not-stated"),
        text => text.to_owned(),
    };
    let (a, b) = (now.trim(), then.trim());
    let alike = (!a.is_empty() && !b.is_empty()).then(|| a.eq_ignore_ascii_case(b));
    Fact { what: t(key), now: stated(a), then: stated(b), alike }
}

/// `tolerance` is the relative difference that does not matter.
fn number_fact(
    key: &str,
    [now, then]: [Option<f64>; 2],
    tolerance: f64,
    words: impl Fn(f64) -> String,
) -> Fact {
    let alike = now.zip(then).map(|(a, b)| (a - b).abs() <= tolerance * a.abs().max(b.abs()));
    let said = |value: Option<f64>| value.map_or_else(|| t("compare-not-stated"), &words);
    Fact { what: t(key), now: said(now), then: said(then), alike }
}

/// A quarter of an hour makes no difference to bone.
fn uptake_fact(now: &Series, then: &Series) -> Fact {
    let minutes = [now, then].map(|s| s.tracer.uptake_minutes(s.acquired));
    let fact = number_fact("compare-uptake", minutes, 1.0, number::minutes);
    let alike = minutes[0].zip(minutes[1]).map(|(a, b)| (a - b).abs() <= 15.0);
    Fact { alike, ..fact }
}

impl Workbench {
    pub(super) fn compare(&mut self, compare: Compare) {
        match compare {
            Compare::With { study, another_patient } => self.put_beside(study, another_patient),
            Compare::Scale(scale) => self.rescale(scale),
            Compare::CopyRegions => self.copy_regions(),
            Compare::End => {
                if let Some(reading) = self.readings.get_mut(self.hung) {
                    let canvas = reading.workspace.canvas;
                    reading.workspace = Workspace { canvas, ..Workspace::hang(reading.study()) };
                }
                self.follow_pane();
            }
        }
    }

    /// The same view of both studies side by side, the current one left: what has changed shows
    /// between neighbours.
    fn put_beside(&mut self, index: usize, another_patient: bool) {
        let (Some(current), Some(prior)) =
            (self.hung().map(Reading::study), self.readings.get(index).map(Reading::study))
        else {
            return;
        };
        if current.uid == prior.uid {
            return;
        }
        if !another_patient && !same_patient(current, prior) {
            self.notices.error(t("compare-other-patient"));
            return;
        }
        let (Some(now), Some(then)) = (planar(current), planar(prior)) else {
            self.notices.error(t("compare-nothing-planar"));
            return;
        };
        let key = |series: &Series, frame: usize| FrameKey { series: series.uid.clone(), frame };
        let mut panes = Vec::new();
        for frame in now.opening_frames() {
            let view = now.frames[frame].view.view;
            let same =
                then.opening_frames().into_iter().find(|f| then.frames[*f].view.view == view);
            let Some(same) = same.filter(|_| view != ViewName::Unknown) else { continue };
            panes.extend(Pane::new(current, key(now, frame)));
            panes.extend(Pane::new(prior, key(then, same)));
        }
        if panes.is_empty() {
            self.notices.error(t("compare-no-common-view"));
            return;
        }
        let comparison = Comparison { prior: prior.uid.clone(), scale: Scale::Own };
        let Some(reading) = self.readings.get_mut(self.hung) else { return };
        reading.workspace.arrangement = Arrangement::columns(panes.len());
        reading.workspace.links = Links::default();
        reading.workspace.panes = panes;
        reading.workspace.active = 0;
        reading.workspace.leave_pages();
        reading.workspace.comparison = Some(comparison);
        self.follow_pane();
    }

    /// Gives the panes new references; the first keeps its levels, the others follow it.
    fn rescale(&mut self, scale: Scale) {
        let Some(workspace) = self.workspace() else { return };
        let frames: Vec<FrameKey> = workspace.panes.iter().map(|p| p.frame.clone()).collect();
        let mut references = Vec::with_capacity(frames.len());
        for key in &frames {
            let (Some(frame), Some(reading)) = (self.frame(key), self.reading_of(key)) else {
                return;
            };
            let level = |standard| reference_of(reading, key, standard);
            references.push(match scale {
                Scale::Own | Scale::Off => level(Standard::Automatic).unwrap_or(1.0),
                Scale::Counts => ValueSummary::of(&frame.values).map_or(0.0, |s| s.sum),
                Scale::Reference => match level(Standard::Region) {
                    Some(level) => level,
                    None => {
                        let date = reading.study().date.map(|d| d.to_string()).unwrap_or_default();
                        self.notices.error(tr("compare-no-reference", &[("date", date.into())]));
                        return;
                    }
                },
            });
        }
        if scale == Scale::Counts {
            // A percentage of all counts says nothing to anyone; the first frame's own level does.
            let own = frames
                .first()
                .and_then(|key| reference_of(self.reading_of(key)?, key, Standard::Automatic));
            let total = references.first().copied().unwrap_or(1.0).max(f64::MIN_POSITIVE);
            references.iter_mut().for_each(|r| *r *= own.unwrap_or(1.0) / total);
        }
        let Some(reading) = self.readings.get_mut(self.hung) else { return };
        let workspace = &mut reading.workspace;
        workspace.links.window = scale != Scale::Off;
        if let Some(comparison) = &mut workspace.comparison {
            comparison.scale = scale;
        }
        let Some(first) = workspace.panes.first().map(|p| p.look.window) else { return };
        let unit = references.first().copied().filter(|r| *r > 0.0).unwrap_or(1.0);
        for (pane, reference) in workspace.panes.iter_mut().zip(references) {
            pane.look.reference = reference;
            pane.look.standard = match scale {
                Scale::Reference => Standard::Region,
                Scale::Own | Scale::Counts | Scale::Off => Standard::Automatic,
            };
            if scale != Scale::Off {
                pane.look.window.lower = first.lower * reference / unit;
                pane.look.window.upper = first.upper * reference / unit;
            }
        }
    }

    /// Regions of the current study that the prior does not have, carried to the same place; one
    /// edit there. What could not be carried over is said.
    fn copy_regions(&mut self) {
        let (Some(current), Some(prior)) = (self.hung(), prior(self)) else { return };
        let (study, prior_study) = (current.study(), prior.study());
        let mut known: Vec<String> =
            prior.findings().rois().iter().map(|r| r.name.clone()).collect();
        let mut edits = Vec::new();
        let mut problems: Vec<String> = Vec::new();
        let mut id = prior.findings().next_id();
        for roi in current.findings().rois() {
            if known.contains(&roi.name) {
                continue;
            }
            let carried = || -> Result<_, String> {
                let frame = study.frame(&roi.frame).ok_or_else(|| t("compare-frame-missing"))?;
                let target = same_view(prior_study, frame.view.view)
                    .ok_or_else(|| t("compare-no-common-view"))?;
                let there = prior_study.frame(&target).ok_or_else(|| t("compare-frame-missing"))?;
                let none = || NoFollowUp::NoMidline.to_string();
                let from = (frame, current.midline(&roi.frame).ok_or_else(none)?);
                let to = (there, prior.midline(&target).ok_or_else(none)?);
                let follow_up = FollowUp::between(from, to).map_err(|e| e.to_string())?;
                Ok((target, follow_up.outline(&roi.outline)))
            };
            match carried() {
                Ok((frame, outline)) => {
                    let twin = match &roi.twin {
                        TwinChoice::Placed(_) => TwinChoice::Auto,
                        twin => twin.clone(),
                    };
                    let copy = Roi { id, frame, outline, twin, copy_of: None, ..roi.clone() };
                    known.push(copy.name.clone());
                    edits.push(Edit::Add { at: None, roi: copy });
                    id = RoiId(id.0 + 1);
                }
                Err(reason) => problems.push(tr(
                    "compare-not-copied",
                    &[("name", roi.name.clone().into()), ("reason", reason.into())],
                )),
            }
        }
        let uid = prior_study.uid.clone();
        if !edits.is_empty()
            && let Some(index) = self.readings.iter().position(|r| r.study().uid == uid)
        {
            if let Err(error) = self.readings[index].record(Edit::All(edits)) {
                problems.push(error.to_string());
            }
            // The prior is read from now on, so that Undo takes the copies back.
            let readings = &self.readings;
            let of_prior = |p: &Pane| readings[index].study().frame(&p.frame).is_some();
            let pane = self.workspace().and_then(|w| w.panes.iter().position(of_prior));
            if let Some(pane) = pane {
                self.show(Show::Activate(pane));
            }
        }
        problems.into_iter().for_each(|problem| self.notices.error(problem));
    }
}

fn same_view(study: &Study, view: ViewName) -> Option<FrameKey> {
    let series = planar(study)?;
    let frame = series.frames.iter().position(|f| f.view.view == view)?;
    Some(FrameKey { series: series.uid.clone(), frame })
}

/// What a pane of another study must bear: that it is a prior, and whose.
pub fn badges(bench: &Workbench, pane: &Pane) -> Vec<String> {
    let (Some(hung), Some(reading)) = (bench.hung(), bench.reading_of(&pane.frame)) else {
        return Vec::new();
    };
    let (current, study) = (hung.study(), reading.study());
    if current.uid == study.uid {
        return Vec::new();
    }
    let date = study.date.map_or_else(|| t("compare-undated"), |d| d.to_string());
    let later = current.date.zip(study.date).is_some_and(|(now, other)| other > now);
    let key = if later { "badge-later" } else { "badge-prior" };
    let mut badges = vec![tr(key, &[("date", date.into())])];
    if !same_patient(current, study) {
        badges.push(t("badge-another-patient"));
    }
    badges
}
