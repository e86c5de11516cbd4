//! Hanging protocols: which study opens how. Data, not code: ours are TOML files in
//! `assets/hangings`, the reader's own stand in a folder and are tried first.
//!
//! A protocol says what a study must have, and which of its frames stand where. The first that
//! fits is hung.

mod file;
mod fit;
mod keep;

use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use crate::picture::{Colormap, Transfer};
use crate::study::{SeriesKind, Span, ViewName};

use super::Links;
use super::arrange::Sort;

pub use file::HangingError;
pub(super) use file::{read_folder, write};
pub(super) use fit::{Hung, fits, hang, prior_of};
pub(super) use keep::protocol_of;

/// A layout for every study that has what it needs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hanging {
    /// Names it in menus, scripts and `Show::Hang`.
    pub title: String,
    /// The study, and its prior where one is meant, must have every one of these.
    #[serde(default)]
    pub needs: Vec<Which>,
    /// Unsaid: one row.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub columns: Option<Columns>,
    #[serde(default)]
    pub links: Links,
    /// Pages of all frames of some series, instead of `panes`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grid: Option<Grid>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub panes: Vec<Slot>,
}

/// Which series, and which of its frames.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Which {
    #[serde(skip_serializing_if = "Whose::is_current")]
    pub study: Whose,
    /// Any of these kinds; none stands for all.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub kinds: Vec<SeriesKind>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub modality: Option<String>,
    /// Among the series that fit, in the order of their acquisition: 1 is the first, −1 the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub series: Option<i32>,
    /// How many frames the series has, at least and at most.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub least: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub most: Option<usize>,
    /// Only frames of these views.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub views: Vec<ViewName>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub energy_windows: Option<Span>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phases: Option<Span>,
}

/// The study that is read, or the one before it of the same patient.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Whose {
    #[default]
    Current,
    Prior,
}

impl Whose {
    fn is_current(&self) -> bool {
        *self == Self::Current
    }
}

/// How the panes share the canvas.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Columns {
    Named(Named),
    /// Relative widths.
    Widths(Vec<f64>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Named {
    /// All side by side.
    Row,
    /// As large as the canvas lets them be.
    Fit,
}

/// All frames of some series, a page at a time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Grid {
    pub which: Which,
    /// Frames to a page; unsaid, as many as can be read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub count: Option<usize>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sort: Vec<Sort>,
}

/// One pane, or several where `take` says so.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Slot {
    pub which: Which,
    #[serde(default)]
    pub take: Take,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub colormap: Option<Colormap>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub transfer: Option<Transfer>,
    /// Upper level in percent of the frame's own reference.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub upper_percent: Option<f64>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub mirrored: bool,
    /// Panes with linked levels follow those of their own group.
    #[serde(default)]
    pub group: u8,
}

/// Which of the frames that fit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Take {
    /// The photopeak's anterior and posterior views, else the first frame.
    #[default]
    Opening,
    First,
    Middle,
    Last,
    /// The one at this place, counted from 1; none where there are fewer.
    At(u16),
    /// The middle frame of each view.
    EachView,
    All,
}

/// Ours, in the order in which they are tried.
pub(super) fn built_in() -> &'static [Hanging] {
    &BUILT_IN
}

static BUILT_IN: LazyLock<Vec<Hanging>> = LazyLock::new(|| {
    let files = [
        include_str!("../../../assets/hangings/whole_body_with_prior.toml"),
        include_str!("../../../assets/hangings/three_phase.toml"),
        include_str!("../../../assets/hangings/whole_body.toml"),
        include_str!("../../../assets/hangings/spot_views.toml"),
        include_str!("../../../assets/hangings/dynamic.toml"),
        include_str!("../../../assets/hangings/gated.toml"),
        include_str!("../../../assets/hangings/other.toml"),
    ];
    let read = |text: &&str| match file::parse(text) {
        Ok(hanging) => Some(hanging),
        Err(why) => {
            tracing::error!(why, "a hanging protocol of ours is broken");
            None
        }
    };
    files.iter().filter_map(read).collect()
});
