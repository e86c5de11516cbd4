//! One region that the reader drew.

use serde::{Deserialize, Serialize};

use crate::geometry::Outline;
use crate::study::FrameKey;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RoiId(pub u32);

/// What a region is compared with.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TwinChoice {
    /// Derived from the region and the midline; follows both.
    #[default]
    Auto,
    None,
    /// Put there by the reader's hand.
    Placed(Outline),
}

/// What a region is there for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Measured, and compared with its twin.
    #[default]
    Lesion,
    /// Normal bone that a scale can be tied to.
    Reference,
    /// Soft tissue: what its pixels hold is in every other region of its view too, and can be
    /// subtracted there.
    Background,
    /// Part of an index: measured, and compared as the index says.
    Index,
    /// Activity that is not in bone: it leaves the automatic scale, detection and the statistics
    /// of every other region.
    NotBone(NotBone),
}

/// What activity outside the bone is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NotBone {
    /// Bladder, kidneys, a urine bag.
    Urine,
    InjectionSite,
    Contamination,
    /// Metal, which attenuates.
    Implant,
    Other,
}

impl Role {
    pub fn not_bone(self) -> bool {
        matches!(self, Self::NotBone(_))
    }

    /// The letter that the names of such regions begin with.
    pub fn initial(self) -> char {
        match self {
            Self::Lesion => 'L',
            Self::Reference => 'B',
            Self::Background => 'S',
            Self::Index => 'I',
            Self::NotBone(_) => 'X',
        }
    }
}

impl NotBone {
    pub const ALL: [Self; 5] =
        [Self::Urine, Self::InjectionSite, Self::Contamination, Self::Implant, Self::Other];
}

/// What a region is to an index.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IndexPart {
    /// The index's id: `sacroiliac`.
    pub index: String,
    /// As the index calls it: `left joint`.
    pub part: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Roi {
    pub id: RoiId,
    /// Shown on the image and in the table: `L1`.
    pub name: String,
    pub frame: FrameKey,
    pub outline: Outline,
    pub twin: TwinChoice,
    #[serde(default)]
    pub role: Role,
    /// The region on another view or phase that this one is the copy of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub copy_of: Option<RoiId>,
    /// What it is measured for, where it is part of an index.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub part: Option<IndexPart>,
    /// Where it is, in the reader's words: `iliac wing`. The side is not part of it; sides come
    /// from geometry.
    #[serde(default)]
    pub site: String,
    /// What the reader says of it in the report.
    #[serde(default)]
    pub note: String,
    /// Listed in the report.
    #[serde(default = "yes")]
    pub in_report: bool,
}

impl Roi {
    /// A lesion with an automatic twin, in the report, of which nothing has been said.
    pub fn new(id: RoiId, name: impl Into<String>, frame: FrameKey, outline: Outline) -> Self {
        Self {
            id,
            name: name.into(),
            frame,
            outline,
            twin: TwinChoice::Auto,
            role: Role::Lesion,
            copy_of: None,
            part: None,
            site: String::new(),
            note: String::new(),
            in_report: true,
        }
    }
}

fn yes() -> bool {
    true
}
