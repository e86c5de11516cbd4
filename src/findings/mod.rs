//! What the reader added: regions, twins, midlines, words. Edited only through `Edit`, undoable.

mod annotation;
mod edit;
mod history;
mod midline;
mod neighbours;
mod rejection;
mod roi;
mod site;
mod symmetry;
pub mod twin;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use annotation::{Annotation, AnnotationId, Drawn};
pub use edit::{Edit, EditError};
pub use history::History;
pub use midline::{Midline, MidlineOrigin};
pub use rejection::Rejection;
pub use roi::{IndexPart, NotBone, Roi, RoiId, Role, TwinChoice};
pub use site::{Site, SiteCode, SiteFamily};
pub use symmetry::Symmetry;

use crate::geometry::Outline;
use crate::study::{FrameKey, ViewName};

/// Everything the reader said about one study.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Findings {
    rois: Vec<Roi>,
    /// Only midlines that the reader set; automatic ones are recomputed.
    #[serde(with = "by_frame")]
    midlines: BTreeMap<FrameKey, Midline>,
    /// What the reader said where frames look from: where the file does not say, or says it
    /// wrong.
    #[serde(with = "by_frame")]
    views: BTreeMap<FrameKey, ViewName>,
    annotations: Vec<Annotation>,
    rejections: Vec<Rejection>,
    impression: String,
    /// Ratios are those of net counts, wherever a view has background regions.
    subtract_background: bool,
}

impl Findings {
    /// In the order in which they are listed and numbered.
    pub fn rois(&self) -> &[Roi] {
        &self.rois
    }

    pub fn roi(&self, id: RoiId) -> Option<&Roi> {
        self.rois.iter().find(|r| r.id == id)
    }

    /// A region that could be added: with an id and a name of its own.
    pub fn new_roi(&self, role: Role, frame: FrameKey, outline: Outline) -> Roi {
        Roi { role, ..Roi::new(self.next_id(), self.next_name(role), frame, outline) }
    }

    pub fn rois_on<'a>(&'a self, frame: &'a FrameKey) -> impl Iterator<Item = &'a Roi> + 'a {
        self.rois.iter().filter(move |r| r.frame == *frame)
    }

    /// The midline the reader set on a frame.
    pub fn midline(&self, frame: &FrameKey) -> Option<&Midline> {
        self.midlines.get(frame)
    }

    pub fn midlines(&self) -> impl Iterator<Item = (&FrameKey, &Midline)> {
        self.midlines.iter()
    }

    /// Where the reader said that a frame looks from.
    pub fn view(&self, frame: &FrameKey) -> Option<ViewName> {
        self.views.get(frame).copied()
    }

    pub fn views(&self) -> &BTreeMap<FrameKey, ViewName> {
        &self.views
    }

    /// In the order in which they were made.
    pub fn annotations(&self) -> &[Annotation] {
        &self.annotations
    }

    pub fn annotation(&self, id: AnnotationId) -> Option<&Annotation> {
        self.annotations.iter().find(|a| a.id == id)
    }

    pub fn next_annotation(&self) -> AnnotationId {
        AnnotationId(self.annotations.iter().map(|a| a.id.0).max().unwrap_or(0) + 1)
    }

    /// The regions of a frame that are not bone.
    pub fn not_bone_on<'a>(&'a self, frame: &'a FrameKey) -> impl Iterator<Item = &'a Roi> + 'a {
        self.rois_on(frame).filter(|r| r.role.not_bone())
    }

    /// The regions of a frame that hold soft tissue alone.
    pub fn background_on<'a>(&'a self, frame: &'a FrameKey) -> impl Iterator<Item = &'a Roi> + 'a {
        self.rois_on(frame).filter(|r| r.role == Role::Background)
    }

    /// Proposals that the reader turned down, in the order in which that was done.
    pub fn rejections(&self) -> &[Rejection] {
        &self.rejections
    }

    pub fn impression(&self) -> &str {
        &self.impression
    }

    /// Whether the reader wants the background subtracted from ratios.
    pub fn subtracts_background(&self) -> bool {
        self.subtract_background
    }

    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// An id that no region has and none had while the larger ones lived.
    pub fn next_id(&self) -> RoiId {
        RoiId(self.rois.iter().map(|r| r.id.0).max().unwrap_or(0) + 1)
    }

    /// The first free name of the form `L1`, `L2`, …; the letter is the role's.
    pub fn next_name(&self, role: Role) -> String {
        let initial = role.initial();
        let alike = |r: &&Roi| r.role.initial() == initial;
        let mut number = self.rois.iter().filter(alike).count() + 1;
        loop {
            let name = format!("{initial}{number}");
            if self.rois.iter().all(|r| r.name != name) {
                return name;
            }
            number += 1;
        }
    }
}

/// JSON keys are strings, so a map keyed by frame is written as a list.
mod by_frame {
    use serde::de::DeserializeOwned;

    use super::*;

    #[derive(Serialize, Deserialize)]
    struct Entry<T> {
        frame: FrameKey,
        value: T,
    }

    pub fn serialize<T: Serialize, S: serde::Serializer>(
        map: &BTreeMap<FrameKey, T>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer
            .collect_seq(map.iter().map(|(frame, value)| Entry { frame: frame.clone(), value }))
    }

    pub fn deserialize<'de, T: DeserializeOwned, D: serde::Deserializer<'de>>(
        deserializer: D,
    ) -> Result<BTreeMap<FrameKey, T>, D::Error> {
        let entries = Vec::<Entry<T>>::deserialize(deserializer)?;
        Ok(entries.into_iter().map(|e| (e.frame, e.value)).collect())
    }
}
