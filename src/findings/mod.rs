//! What the reader added: regions, twins, midlines, words. Edited only through `Edit`, undoable.

mod edit;
mod history;
mod midline;
mod roi;
pub mod twin;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use edit::{Edit, EditError};
pub use history::History;
pub use midline::{Midline, MidlineOrigin};
pub use roi::{Roi, RoiId, TwinChoice};

use crate::study::FrameKey;

/// Everything the reader said about one study.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Findings {
    rois: Vec<Roi>,
    /// Only midlines that the reader set; automatic ones are recomputed.
    #[serde(with = "midline_list")]
    midlines: BTreeMap<FrameKey, Midline>,
    impression: String,
}

impl Findings {
    /// In the order in which they are listed and numbered.
    pub fn rois(&self) -> &[Roi] {
        &self.rois
    }

    pub fn roi(&self, id: RoiId) -> Option<&Roi> {
        self.rois.iter().find(|r| r.id == id)
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

    pub fn impression(&self) -> &str {
        &self.impression
    }

    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// An id that no region has and none had while the larger ones lived.
    pub fn next_id(&self) -> RoiId {
        RoiId(self.rois.iter().map(|r| r.id.0).max().unwrap_or(0) + 1)
    }

    /// The first free name of the form `L1`, `L2`, …
    pub fn next_name(&self) -> String {
        let mut number = self.rois.len() + 1;
        loop {
            let name = format!("L{number}");
            if self.rois.iter().all(|r| r.name != name) {
                return name;
            }
            number += 1;
        }
    }
}

/// JSON keys are strings, so a map keyed by frame is written as a list.
mod midline_list {
    use super::*;

    #[derive(Serialize, Deserialize)]
    struct Entry {
        frame: FrameKey,
        midline: Midline,
    }

    pub fn serialize<S: serde::Serializer>(
        map: &BTreeMap<FrameKey, Midline>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(
            map.iter()
                .map(|(frame, midline)| Entry { frame: frame.clone(), midline: midline.clone() }),
        )
    }

    pub fn deserialize<'de, D: serde::Deserializer<'de>>(
        deserializer: D,
    ) -> Result<BTreeMap<FrameKey, Midline>, D::Error> {
        let entries = Vec::<Entry>::deserialize(deserializer)?;
        Ok(entries.into_iter().map(|e| (e.frame, e.midline)).collect())
    }
}
