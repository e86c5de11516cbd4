//! Edits: values that change findings and know how to take themselves back.

use serde::{Deserialize, Serialize};

use crate::geometry::{Outline, OutlineError};
use crate::study::{FrameKey, ViewName};

use super::{Annotation, AnnotationId, Findings, Midline, Rejection, Roi, RoiId, Role, TwinChoice};

/// One change, complete in itself: it can be journalled today and replayed tomorrow.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Edit {
    /// Puts a region into the list at `at`, or at its end.
    Add {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        at: Option<usize>,
        roi: Roi,
    },
    Remove(RoiId),
    Reshape(RoiId, Outline),
    SetTwin(RoiId, TwinChoice),
    SetRole(RoiId, Role),
    Rename(RoiId, String),
    SetSite(RoiId, String),
    SetNote(RoiId, String),
    SetInReport(RoiId, bool),
    /// `None` goes back to the automatic midline.
    SetMidline(FrameKey, Option<Midline>),
    /// `None` goes back to what the file says.
    SetView(FrameKey, Option<ViewName>),
    /// Puts an annotation into the list at `at`, or at its end.
    Annotate {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        at: Option<usize>,
        annotation: Annotation,
    },
    RemoveAnnotation(AnnotationId),
    /// The annotation with the same id becomes this one.
    Reannotate(Annotation),
    /// Turns a proposal down; nothing is proposed there again.
    Reject(Rejection),
    /// Takes the last rejection back.
    Unreject,
    SetImpression(String),
    /// Whether ratios are those of net counts.
    SubtractBackground(bool),
    /// All or none.
    All(Vec<Edit>),
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EditError {
    #[error("there is no region {0}")]
    NoSuchRoi(u32),
    #[error("there already is a region {0}")]
    TwiceTheSame(u32),
    #[error("there is no annotation {0}")]
    NoSuchAnnotation(u32),
    #[error("there already is an annotation {0}")]
    AnnotationTwice(u32),
    #[error("the annotation has a place that is no number")]
    AnnotationNowhere,
    #[error("no proposal was turned down")]
    NothingRejected,
    #[error("the region has no usable shape: {0}")]
    Shape(#[from] OutlineError),
}

impl Findings {
    /// Applies `edit` and returns the edit that takes it back. On error nothing has changed.
    pub fn apply(&mut self, edit: Edit) -> Result<Edit, EditError> {
        use std::mem::replace;
        Ok(match edit {
            Edit::Add { at, roi } => {
                if self.roi(roi.id).is_some() {
                    return Err(EditError::TwiceTheSame(roi.id.0));
                }
                check(&roi.outline, &roi.twin)?;
                let id = roi.id;
                let at = at.unwrap_or(self.rois.len()).min(self.rois.len());
                self.rois.insert(at, roi);
                Edit::Remove(id)
            }
            Edit::Remove(id) => {
                let at = self.position(id)?;
                Edit::Add { at: Some(at), roi: self.rois.remove(at) }
            }
            Edit::Reshape(id, outline) => {
                outline.check()?;
                Edit::Reshape(id, replace(&mut self.roi_mut(id)?.outline, outline))
            }
            Edit::SetTwin(id, twin) => {
                if let TwinChoice::Placed(outline) = &twin {
                    outline.check()?;
                }
                Edit::SetTwin(id, replace(&mut self.roi_mut(id)?.twin, twin))
            }
            Edit::SetRole(id, role) => {
                Edit::SetRole(id, replace(&mut self.roi_mut(id)?.role, role))
            }
            Edit::Rename(id, name) => Edit::Rename(id, replace(&mut self.roi_mut(id)?.name, name)),
            Edit::SetSite(id, site) => {
                Edit::SetSite(id, replace(&mut self.roi_mut(id)?.site, site))
            }
            Edit::SetNote(id, note) => {
                Edit::SetNote(id, replace(&mut self.roi_mut(id)?.note, note))
            }
            Edit::SetInReport(id, on) => {
                Edit::SetInReport(id, replace(&mut self.roi_mut(id)?.in_report, on))
            }
            Edit::SetMidline(frame, midline) => {
                let before = match midline {
                    Some(midline) => self.midlines.insert(frame.clone(), midline),
                    None => self.midlines.remove(&frame),
                };
                Edit::SetMidline(frame, before)
            }
            Edit::SetView(frame, view) => {
                let before = match view {
                    Some(view) => self.views.insert(frame.clone(), view),
                    None => self.views.remove(&frame),
                };
                Edit::SetView(frame, before)
            }
            Edit::Annotate { at, annotation } => {
                let id = annotation.id;
                if self.annotation(id).is_some() {
                    return Err(EditError::AnnotationTwice(id.0));
                }
                if !annotation.drawn.finite() {
                    return Err(EditError::AnnotationNowhere);
                }
                let at = at.unwrap_or(self.annotations.len()).min(self.annotations.len());
                self.annotations.insert(at, annotation);
                Edit::RemoveAnnotation(id)
            }
            Edit::RemoveAnnotation(id) => {
                let at = self.annotation_position(id)?;
                Edit::Annotate { at: Some(at), annotation: self.annotations.remove(at) }
            }
            Edit::Reannotate(annotation) => {
                let at = self.annotation_position(annotation.id)?;
                if !annotation.drawn.finite() {
                    return Err(EditError::AnnotationNowhere);
                }
                Edit::Reannotate(replace(&mut self.annotations[at], annotation))
            }
            Edit::Reject(rejection) => {
                rejection.outline.check()?;
                self.rejections.push(rejection);
                Edit::Unreject
            }
            Edit::Unreject => {
                Edit::Reject(self.rejections.pop().ok_or(EditError::NothingRejected)?)
            }
            Edit::SetImpression(text) => Edit::SetImpression(replace(&mut self.impression, text)),
            Edit::SubtractBackground(on) => {
                Edit::SubtractBackground(replace(&mut self.subtract_background, on))
            }
            Edit::All(edits) => self.apply_all(edits)?,
        })
    }

    fn apply_all(&mut self, edits: Vec<Edit>) -> Result<Edit, EditError> {
        let mut undo = Vec::with_capacity(edits.len());
        for edit in edits {
            match self.apply(edit) {
                Ok(inverse) => undo.push(inverse),
                Err(error) => {
                    for inverse in undo.into_iter().rev() {
                        self.apply(inverse).expect("taking back an edit just made cannot fail");
                    }
                    return Err(error);
                }
            }
        }
        undo.reverse();
        Ok(Edit::All(undo))
    }

    fn position(&self, id: RoiId) -> Result<usize, EditError> {
        self.rois.iter().position(|r| r.id == id).ok_or(EditError::NoSuchRoi(id.0))
    }

    fn annotation_position(&self, id: AnnotationId) -> Result<usize, EditError> {
        let at = self.annotations.iter().position(|a| a.id == id);
        at.ok_or(EditError::NoSuchAnnotation(id.0))
    }

    fn roi_mut(&mut self, id: RoiId) -> Result<&mut Roi, EditError> {
        let at = self.position(id)?;
        Ok(&mut self.rois[at])
    }
}

fn check(outline: &Outline, twin: &TwinChoice) -> Result<(), EditError> {
    outline.check()?;
    if let TwinChoice::Placed(twin) = twin {
        twin.check()?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::findings::{Drawn, MidlineOrigin, NotBone};
    use crate::geometry::{Curve, Point};

    fn frame(n: usize) -> FrameKey {
        FrameKey { series: "1.2.3".into(), frame: n }
    }

    fn outline() -> impl Strategy<Value = Outline> {
        (0.0..200.0, 0.0..900.0, 0.0..20.0).prop_map(|(x, y, r)| Outline::Ellipse {
            center: [x, y],
            radii: [r, r + 1.0],
            angle_deg: 0.0,
        })
    }

    fn edit() -> impl Strategy<Value = Edit> {
        let id = || (1u32..5).prop_map(RoiId);
        let leaf = prop_oneof![
            (id(), outline(), proptest::option::of(0usize..4)).prop_map(|(id, outline, at)| {
                let roi = Roi::new(id, format!("L{}", id.0), frame(0), outline);
                Edit::Add { at, roi }
            }),
            id().prop_map(Edit::Remove),
            (id(), outline()).prop_map(|(id, o)| Edit::Reshape(id, o)),
            (id(), outline()).prop_map(|(id, o)| Edit::SetTwin(id, TwinChoice::Placed(o))),
            (id(), "[a-z]{0,5}").prop_map(|(id, s)| Edit::SetSite(id, s)),
            (id(), prop_oneof![Just(Role::Reference), Just(Role::NotBone(NotBone::Urine))])
                .prop_map(|(id, role)| Edit::SetRole(id, role)),
            (0usize..2, proptest::option::of(Just(ViewName::Posterior)))
                .prop_map(|(n, view)| Edit::SetView(frame(n), view)),
            (1u32..4, 0.0..9.0, any::<bool>(), proptest::option::of(0usize..3)).prop_map(
                |(id, x, new, at)| {
                    let drawn = Drawn::Ruler { from: [x, 1.0], to: [5.0, x] };
                    let id = AnnotationId(id);
                    let annotation = Annotation { id, frame: frame(0), drawn, text: "here".into() };
                    match new {
                        true => Edit::Annotate { at, annotation },
                        false => Edit::Reannotate(annotation),
                    }
                }
            ),
            (1u32..4).prop_map(|id| Edit::RemoveAnnotation(AnnotationId(id))),
            (id(), any::<bool>()).prop_map(|(id, on)| Edit::SetInReport(id, on)),
            outline().prop_map(|outline| Edit::Reject(Rejection { frame: frame(0), outline })),
            Just(Edit::Unreject),
            "[a-z ]{0,9}".prop_map(Edit::SetImpression),
            any::<bool>().prop_map(Edit::SubtractBackground),
            (0usize..2, proptest::option::of(90.0..150.0)).prop_map(|(n, x)| {
                let midline = x.map(|x| Midline {
                    curve: Curve::through([Point::new(x, 0.0), Point::new(x + 3.0, 900.0)])
                        .expect("two points"),
                    origin: MidlineOrigin::Edited,
                });
                Edit::SetMidline(frame(n), midline)
            }),
        ];
        leaf.prop_recursive(2, 12, 4, |inner| {
            proptest::collection::vec(inner, 0..4).prop_map(Edit::All)
        })
    }

    proptest! {
        #[test]
        fn every_edit_takes_itself_back(edits in proptest::collection::vec(edit(), 1..24)) {
            let mut findings = Findings::default();
            for edit in edits {
                let before = findings.clone();
                match findings.apply(edit.clone()) {
                    Err(_) => prop_assert_eq!(&findings, &before),
                    Ok(inverse) => {
                        let after = findings.clone();
                        let redo = findings.apply(inverse).expect("undo applies");
                        prop_assert_eq!(&findings, &before);
                        findings.apply(redo).expect("redo applies");
                        prop_assert_eq!(&findings, &after);
                    }
                }
            }
        }

        #[test]
        fn edits_survive_json(edit in edit()) {
            let json = serde_json::to_string(&edit).expect("edits are JSON");
            prop_assert_eq!(serde_json::from_str::<Edit>(&json).expect("and back"), edit);
        }
    }
}
