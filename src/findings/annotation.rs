//! Words, arrows and measures that the reader put on a frame.

use serde::{Deserialize, Serialize};

use crate::study::FrameKey;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AnnotationId(pub u32);

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Annotation {
    pub id: AnnotationId,
    pub frame: FrameKey,
    #[serde(flatten)]
    pub drawn: Drawn,
    /// What it says; may be empty for arrows and measures.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub text: String,
}

/// Points are `[column, row]` of the frame.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "shape", rename_all = "snake_case")]
pub enum Drawn {
    Text {
        at: [f64; 2],
    },
    /// From the words to the tip.
    Arrow {
        from: [f64; 2],
        to: [f64; 2],
    },
    /// A distance.
    Ruler {
        from: [f64; 2],
        to: [f64; 2],
    },
    /// The angle at `corner`.
    Angle {
        from: [f64; 2],
        corner: [f64; 2],
        to: [f64; 2],
    },
}

impl Drawn {
    /// Its points, in the order in which they are drawn.
    pub fn points(&self) -> Vec<[f64; 2]> {
        match *self {
            Self::Text { at } => vec![at],
            Self::Arrow { from, to } | Self::Ruler { from, to } => vec![from, to],
            Self::Angle { from, corner, to } => vec![from, corner, to],
        }
    }

    /// The same shape through other points; missing ones stay where they are.
    #[must_use]
    pub fn through(mut self, points: &[[f64; 2]]) -> Self {
        let slots: Vec<&mut [f64; 2]> = match &mut self {
            Self::Text { at } => vec![at],
            Self::Arrow { from, to } | Self::Ruler { from, to } => vec![from, to],
            Self::Angle { from, corner, to } => vec![from, corner, to],
        };
        for (slot, point) in slots.into_iter().zip(points) {
            *slot = *point;
        }
        self
    }

    /// Whether every point is a number.
    pub fn finite(&self) -> bool {
        self.points().iter().flatten().all(|v| v.is_finite())
    }
}
