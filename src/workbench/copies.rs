//! Regions copied to where their place is seen again: the opposite view, the other phases.

use serde::{Deserialize, Serialize};

use crate::findings::{Edit, EditError, Findings, Roi, RoiId, TwinChoice};
use crate::geometry::Outline;
use crate::measure::{
    ConjugateView, NoConjugate, NoTransfer, conjugate_frame, conjugate_outline, conjugate_pair,
    same_place,
};
use crate::study::{FrameKey, Series};
use crate::units::Level;

use super::{Reading, Workbench};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CopyRegion {
    pub region: RoiId,
    pub to: CopyTo,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CopyTo {
    /// The conjugate place, from the other side of the patient.
    OppositeView,
    /// The same place in every other series of the study that shows the same view: flow, pool,
    /// delayed.
    Phases,
}

/// Why a region was not copied.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum CopyError {
    #[error("there is no region {0}")]
    NoSuchRegion(u32),
    #[error("{name} cannot be copied to the opposite view: {reason}")]
    Conjugate { name: String, reason: NoConjugate },
    #[error("{name} cannot be copied to another phase: {reason}")]
    Phase { name: String, reason: NoTransfer },
    #[error("{0} cannot be copied to another phase: the study has no other planar images")]
    NoOtherPhase(String),
    #[error("{0} is there already, in every phase that shows its place")]
    Copied(String),
    #[error(transparent)]
    Edit(#[from] EditError),
}

/// What copying comes to.
enum Copied {
    /// Those that could be made, and why others could not.
    Edit(Box<Edit>, Vec<String>),
    /// The region has a conjugate; the reader is taken there.
    Partner(RoiId),
}

impl Workbench {
    pub(super) fn copy(&mut self, CopyRegion { region, to }: CopyRegion) {
        let Some(reading) = self.reading() else { return };
        let copied = match to {
            CopyTo::OppositeView => to_opposite_view(reading, region),
            CopyTo::Phases => to_phases(reading, region),
        };
        match copied {
            Ok(Copied::Edit(edit, refused)) => {
                self.record(*edit);
                if let Some(first) = refused.first() {
                    self.notices.warning(first.clone(), refused);
                }
            }
            Ok(Copied::Partner(id)) => self.select(Some(id)),
            Err(error) => self.notices.error(error.to_string()),
        }
    }
}

fn to_opposite_view(reading: &Reading, id: RoiId) -> Result<Copied, CopyError> {
    let findings = reading.findings();
    let roi = findings.roi(id).ok_or(CopyError::NoSuchRegion(id.0))?;
    let pair = conjugate_pair(reading.study(), reading.sheet(), id, Level::NINETY_FIVE);
    if let Some(partner) = pair.and_then(|pair| pair.partner(id)) {
        return Ok(Copied::Partner(partner));
    }
    let refused = |reason| CopyError::Conjugate { name: roi.name.clone(), reason };
    let study = reading.study();
    let series = study.series(&roi.frame.series).ok_or(refused(NoConjugate::NoOppositeView))?;
    let frame = conjugate_frame(series, roi.frame.frame).map_err(refused)?;
    let key = FrameKey { series: series.uid.clone(), frame };
    let view = |key: &FrameKey| ConjugateView {
        frame: &series.frames[key.frame],
        midline: reading.midline(key),
    };
    let outline = conjugate_outline(view(&roi.frame), view(&key), &roi.outline).map_err(refused)?;
    let edit = Edit::Add { at: None, roi: copy(findings, roi, key, outline) };
    Ok(Copied::Edit(Box::new(edit), Vec::new()))
}

fn to_phases(reading: &Reading, id: RoiId) -> Result<Copied, CopyError> {
    let mut findings = reading.findings().clone();
    let roi = findings.roi(id).ok_or(CopyError::NoSuchRegion(id.0))?.clone();
    let study = reading.study();
    let source = study.series(&roi.frame.series);
    let from = source.and_then(|s| s.frames.get(roi.frame.frame)).zip(source);
    let Some((frame, source)) = from else {
        return Err(CopyError::NoOtherPhase(roi.name));
    };
    let (mut edits, mut refused, mut reason, mut there) = (Vec::new(), Vec::new(), None, false);
    let acquired = |s: &Series| s.kind.planar() && s.derived.is_none();
    for series in study.series.iter().filter(|s| acquired(s) && s.uid != source.uid) {
        let Some(target) = frame_like(reading, series, &roi.frame) else { continue };
        // The original, what was copied from it, and what was copied with it.
        let kin = |r: &Roi| {
            r.copy_of == Some(roi.id)
                || Some(r.id) == roi.copy_of
                || roi.copy_of.is_some() && r.copy_of == roi.copy_of
        };
        let same_view = |r: &Roi| {
            let other = series.frames.get(r.frame.frame);
            other.is_some_and(|other| other.view.view == frame.view.view)
        };
        let there_already = |r: &Roi| r.frame.series == series.uid && kin(r) && same_view(r);
        if findings.rois().iter().any(there_already) {
            there = true;
            continue;
        }
        let to = (&series.frames[target], series.kind);
        match same_place((frame, source.kind), to, &roi.outline) {
            Ok(outline) => {
                let key = FrameKey { series: series.uid.clone(), frame: target };
                let edit = Edit::Add { at: None, roi: copy(&findings, &roi, key, outline) };
                findings.apply(edit.clone())?;
                edits.push(edit);
            }
            Err(why) => {
                reason.get_or_insert(why);
                let name = roi.name.clone();
                refused.push(CopyError::Phase { name, reason: why }.to_string());
            }
        }
    }
    match (edits.is_empty(), reason) {
        (false, _) => Ok(Copied::Edit(Box::new(Edit::All(edits)), refused)),
        (true, Some(reason)) => Err(CopyError::Phase { name: roi.name, reason }),
        (true, None) if there => Err(CopyError::Copied(roi.name)),
        (true, None) => Err(CopyError::NoOtherPhase(roi.name)),
    }
}

/// The frame of another series that a copy of a region goes to: of its view, one that is on show
/// before the one that holds most, since a flow begins with nothing to be seen. A frame of another
/// view only where there is none of its own.
pub(super) fn frame_like(reading: &Reading, series: &Series, key: &FrameKey) -> Option<usize> {
    let view = reading.study().frame(key)?.view.view;
    let alike = |index: &usize| series.frames[*index].view.view == view;
    let shown = reading.workspace().panes.iter().map(|pane| &pane.frame);
    let shown = shown.filter(|key| key.series == series.uid).map(|key| key.frame);
    let shown = shown.filter(|index| *index < series.frames.len()).find(alike);
    let total = |index: &usize| {
        let mut sum = 0.0;
        series.frames[*index].values.pixels.for_each(|v| sum += v);
        sum
    };
    let fullest = (0..series.frames.len())
        .filter(alike)
        .map(|index| (index, total(&index)))
        .reduce(|best, next| if next.1 > best.1 { next } else { best });
    let any = (!series.frames.is_empty()).then_some(0);
    shown.or(fullest.map(|(index, _)| index)).or(any)
}

fn copy(findings: &Findings, roi: &Roi, frame: FrameKey, outline: Outline) -> Roi {
    Roi {
        id: findings.next_id(),
        name: findings.next_name(roi.role),
        frame,
        outline,
        // One that was placed by hand lies on the other image only.
        twin: match roi.twin {
            TwinChoice::None => TwinChoice::None,
            TwinChoice::Auto | TwinChoice::Placed(_) => TwinChoice::Auto,
        },
        role: roi.role,
        copy_of: Some(roi.id),
        part: roi.part.clone(),
        site: roi.site.clone(),
        note: String::new(),
        in_report: roi.in_report,
    }
}
