//! Is the scan as good as it should be? Checks on a planar series, each with its limit and source.
//!
//! `FrameFacts` are what the pixels of one frame say (`figure` finds the patient's landmarks,
//! `edges` a body that is cut off, `spots` bladder and injection site, `contrast` bone against
//! soft tissue, `saturation` a full counter). `quality_of` judges them together with the header.
//! Whatever the file does not say is called so and never filled in. Nothing here is a diagnosis.

mod check;
mod contrast;
mod edges;
mod figure;
mod header;
mod judge;
mod saturation;
mod spots;

pub use check::{Check, Limit, Place, QualityCheck, Verdict};
pub use judge::FrameFacts;

use crate::study::Series;

/// The checks of a planar series whose pixels are in memory; none for any other.
pub fn scan_quality(series: &Series) -> Vec<QualityCheck> {
    if !series.kind.planar() {
        return Vec::new();
    }
    let facts: Vec<_> =
        series.frames.iter().map(|frame| Some(FrameFacts::of(frame, series.kind))).collect();
    quality_of(series, &facts)
}

/// The checks of a planar series from its header and what was found in each of its frames. The
/// frames' pixels are not looked at; a frame without facts is left out.
pub fn quality_of(series: &Series, facts: &[Option<FrameFacts>]) -> Vec<QualityCheck> {
    if !series.kind.planar() {
        return Vec::new();
    }
    let mut checks = header::checks(series);
    checks.extend(judge::checks(series, facts));
    checks
}
