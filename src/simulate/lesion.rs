//! What was added to a patient.

use super::body::{BodySide, Part};
use super::section::Addition;

/// One finding put into the anatomy. Several parts may make it up.
#[derive(Clone, Debug)]
pub struct Lesion {
    pub name: String,
    pub region: String,
    pub side: BodySide,
    pub parts: Vec<Part>,
}

impl Lesion {
    pub fn addition(&self) -> Addition {
        Addition { parts: self.parts.clone() }
    }

    /// The region as a reader names it: `left ilium`.
    pub fn place(&self) -> String {
        match self.side {
            BodySide::Midline => self.region.clone(),
            side => format!("{} {}", side.as_str(), self.region),
        }
    }

    pub fn centre(&self) -> [f64; 3] {
        let count = self.parts.len().max(1) as f64;
        let centres = self.parts.iter().map(|p| p.shape.centre());
        centres.fold([0.0; 3], |sum, c| [0, 1, 2].map(|i| sum[i] + c[i] / count))
    }
}
