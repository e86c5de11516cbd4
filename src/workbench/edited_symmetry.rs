//! The symmetry of frames on which the reader moved the midline or marked what is not bone.

use std::collections::BTreeMap;

use crate::findings::{Findings, Midline, Role, Symmetry};
use crate::geometry::Outline;
use crate::study::{Derivation, FrameKey};

use super::{Reading, midlines};

/// So many are remembered for each frame: what is undone need not be found again.
const REMEMBERED: usize = 8;

/// For each frame, the latest last.
#[derive(Clone, Default)]
pub(super) struct EditedSymmetries(BTreeMap<FrameKey, Vec<(Edited, Symmetry)>>);

/// What of the findings decides on the symmetry of a frame.
#[derive(Clone, PartialEq)]
struct Edited {
    midline: Option<Midline>,
    not_bone: Vec<Outline>,
}

impl Edited {
    fn of(findings: &Findings, frame: &FrameKey) -> Self {
        let midline = findings.midline(frame).cloned();
        let not_bone = findings.not_bone_on(frame).map(|r| r.outline.clone()).collect();
        Self { midline, not_bone }
    }

    fn nothing(&self) -> bool {
        self.midline.is_none() && self.not_bone.is_empty()
    }
}

impl EditedSymmetries {
    pub fn symmetry(&self, reading: &Reading, frame: &FrameKey) -> Option<Symmetry> {
        let automatic = reading.automatic_symmetry(frame);
        let edited = Edited::of(reading.shown_findings(), frame);
        if edited.nothing() {
            return automatic.cloned();
        }
        let known = self.0.get(frame).map_or(&[][..], Vec::as_slice);
        if let Some((_, symmetry)) = known.iter().find(|(known, _)| *known == edited) {
            return Some(symmetry.clone());
        }
        let midline = reading.midline(frame)?.clone();
        match known.last().map(|(_, symmetry)| symmetry).or(automatic) {
            Some(before) => Some(Symmetry { midline, ..before.clone() }),
            None => Some(Symmetry::mirror(midline, reading.study().frame(frame)?)),
        }
    }

    /// With what the recorded findings ask for, on every frame that has lesions.
    pub fn brought_up(mut self, reading: &Reading) -> Self {
        let findings = reading.findings();
        for roi in findings.rois().iter().filter(|roi| roi.role == Role::Lesion) {
            let edited = Edited::of(findings, &roi.frame);
            let known = self.0.entry(roi.frame.clone()).or_default();
            match known.iter().position(|(known, _)| *known == edited) {
                _ if edited.nothing() => {}
                Some(at) => known[at..].rotate_left(1),
                None => {
                    if let Some(symmetry) = found(reading, &roi.frame, &edited) {
                        known.push((edited, symmetry));
                        let spare = known.len().saturating_sub(REMEMBERED);
                        known.drain(..spare);
                    }
                }
            }
        }
        self
    }
}

/// On the frame itself or, as its midline is, on the one that it was thinned from.
fn found(reading: &Reading, frame: &FrameKey, edited: &Edited) -> Option<Symmetry> {
    let source = match Derivation::of_uid(&frame.series) {
        Some(Derivation::Thinned { of, .. }) => FrameKey { series: of, frame: frame.frame },
        _ => frame.clone(),
    };
    let midline = reading.midline(frame)?;
    let series = reading.study().series(&source.series)?;
    midlines::with(series, source.frame, midline, &edited.not_bone)
}
