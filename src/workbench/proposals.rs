//! Hot spots proposed to the reader: found by a job, taken or turned down one by one.
//!
//! A proposal is no finding. Taking it is an edit that adds a region, turning it down is an edit
//! that remembers the place; which proposals are still open follows from the findings, so that
//! undoing either brings the proposal back.

use std::collections::BTreeMap;

use crate::findings::{Edit, Findings, Midline, Rejection, Roi, Role};
use crate::geometry::Outline;
use crate::measure::{HOTSPOT_THRESHOLD, Hotspot};
use crate::study::{FrameKey, Uid, ViewName};

use super::mark::Marked;
use super::{Reading, Workbench};

/// What was found on a study.
pub(super) struct Proposals {
    study: Uid,
    found: Vec<Hotspot>,
    /// What was known when they were sought.
    ground: Ground,
    /// The one that the reader looks at.
    current: Option<usize>,
}

/// What the search depends on and the reader may change.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Ground {
    midlines: BTreeMap<FrameKey, Midline>,
    views: BTreeMap<FrameKey, ViewName>,
    not_bone: Vec<(FrameKey, Outline)>,
}

impl Ground {
    pub fn of(findings: &Findings) -> Self {
        let not_bone = findings.rois().iter().filter(|r| r.role.not_bone());
        Self {
            midlines: findings.midlines().map(|(k, m)| (k.clone(), m.clone())).collect(),
            views: findings.views().clone(),
            not_bone: not_bone.map(|r| (r.frame.clone(), r.outline.clone())).collect(),
        }
    }
}

impl Proposals {
    pub fn of(reading: &Reading) -> Self {
        Self {
            study: reading.study().uid.clone(),
            found: super::hotspots(reading),
            ground: Ground::of(reading.findings()),
            current: None,
        }
    }

    /// Worth a look, and neither taken nor turned down. Of a candidate that both views see only
    /// the half that stands out more.
    fn open(&self, findings: &Findings) -> Vec<usize> {
        let judged = |hotspot: &Hotspot| {
            let taken = findings.rois_on(&hotspot.frame);
            let down = findings.rejections().iter();
            taken.filter(|r| !r.role.not_bone()).any(|r| r.outline.contains(hotspot.center))
                || down.clone().any(|r| r.covers(&hotspot.frame, hotspot.center))
        };
        let open = |&index: &usize| {
            let hotspot = &self.found[index];
            let second = hotspot.conjugate.is_some_and(|other| other < index);
            hotspot.kind.in_bone()
                && hotspot.score >= HOTSPOT_THRESHOLD
                && !second
                && !judged(hotspot)
        };
        (0..self.found.len()).filter(open).collect()
    }

    /// A candidate and its other half.
    fn halves(&self, index: usize) -> impl Iterator<Item = &Hotspot> {
        let first = self.found.get(index);
        let second = first.and_then(|h| h.conjugate).and_then(|other| self.found.get(other));
        first.into_iter().chain(second)
    }
}

impl Workbench {
    /// Looks for hot spots on the study that is read.
    pub(super) fn propose(&mut self) {
        if let Some(reading) = self.reading() {
            let reading = reading.clone();
            self.jobs.propose(reading);
        }
    }

    pub(super) fn proposed(&mut self, mut proposals: Proposals) {
        let Some(reading) = self.reading() else { return };
        if reading.study().uid != proposals.study {
            return;
        }
        proposals.current = None;
        let first = proposals.open(reading.findings()).first().copied();
        self.proposals = Some(proposals);
        self.look_at_proposal(first);
        if first.is_none() {
            self.notices.done(crate::text::t("proposals-none"));
        }
    }

    /// What is proposed on the study that is read, with its number in the list that was found.
    pub fn proposals(&self) -> Vec<(usize, &Hotspot)> {
        self.on_show().map_or_else(Vec::new, |(proposals, reading)| {
            let open = proposals.open(reading.findings());
            open.into_iter().map(|index| (index, &proposals.found[index])).collect()
        })
    }

    /// A proposal's halves: itself, and the same place in the opposite view.
    pub fn proposal_halves(&self, index: usize) -> Vec<&Hotspot> {
        self.on_show().map_or_else(Vec::new, |(proposals, _)| proposals.halves(index).collect())
    }

    /// The proposal that is looked at.
    pub fn proposal(&self) -> Option<usize> {
        let (proposals, reading) = self.on_show()?;
        let current = proposals.current?;
        let open = proposals.open(reading.findings());
        // When it was judged, the next one is looked at.
        open.iter().copied().find(|&i| i >= current).or(open.last().copied())
    }

    /// Whether midlines, views or not-bone areas have changed since the search.
    pub fn proposals_outdated(&self) -> bool {
        self.on_show().is_some_and(|(p, reading)| p.ground != Ground::of(reading.findings()))
    }

    fn on_show(&self) -> Option<(&Proposals, &Reading)> {
        let reading = self.reading()?;
        let proposals = self.proposals.as_ref()?;
        (reading.study().uid == proposals.study).then_some((proposals, reading))
    }

    /// Looks at a proposal: its pane becomes the active one and looks there.
    pub(super) fn look_at_proposal(&mut self, index: Option<usize>) {
        let marked = index.and_then(|index| {
            let hotspot = self.proposal_halves(index).first().copied()?;
            Some(Marked { frame: hotspot.frame.clone(), outline: None })
        });
        if let Some(marked) = marked {
            self.select(None);
            self.look_at(&marked);
        }
        if let Some(proposals) = &mut self.proposals {
            proposals.current = index;
        }
    }

    /// A region or an annotation is looked at instead.
    pub(super) fn leave_proposal(&mut self) {
        if let Some(proposals) = &mut self.proposals {
            proposals.current = None;
        }
    }

    /// The edit that takes a proposal: a region, and in the opposite view a copy of it.
    pub fn take_proposal(&self, index: usize) -> Option<Edit> {
        let mut findings = self.reading()?.findings().clone();
        let mut edits = Vec::new();
        let mut original = None;
        for hotspot in self.proposal_halves(index) {
            let roi =
                findings.new_roi(Role::Lesion, hotspot.frame.clone(), hotspot.outline.clone());
            let site = hotspot.label.map(|label| label.site.name()).unwrap_or_default();
            let roi = Roi { site, copy_of: original, ..roi };
            original = original.or(Some(roi.id));
            let add = Edit::Add { at: None, roi };
            findings.apply(add.clone()).ok()?;
            edits.push(add);
        }
        (!edits.is_empty()).then_some(Edit::All(edits))
    }

    /// The edit that turns a proposal down, in both views.
    pub fn reject_proposal(&self, index: usize) -> Option<Edit> {
        let rejection = |hotspot: &&Hotspot| {
            let (frame, outline) = (hotspot.frame.clone(), hotspot.outline.clone());
            Edit::Reject(Rejection { frame, outline })
        };
        let edits: Vec<Edit> = self.proposal_halves(index).iter().map(rejection).collect();
        (!edits.is_empty()).then_some(Edit::All(edits))
    }
}
