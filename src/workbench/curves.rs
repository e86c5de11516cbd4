//! Time–activity curves on the bench: who has one, and writing them as a table.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::findings::RoiId;
use crate::geometry::{Pixel, Point, Transform, View};
use crate::measure::{RoiRow, Sheet, frames_in_time};
use crate::picture::{Mark, Rgb, Stroke, StrokeKind};
use crate::report::{curve_csv, inside};
use crate::study::{FrameKey, Identity, Study};

use super::Workbench;
use super::export::{ExportError, write_new};
use super::reading::Snapshot;

/// As on the frame that they were drawn on.
const REGION: Rgb = Rgb(255, 176, 0);
const TWIN: Rgb = Rgb(120, 200, 255);

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CurveExport {
    pub path: PathBuf,
    /// The curve of this region; of all that have one, where none is named.
    #[serde(default)]
    pub region: Option<RoiId>,
    #[serde(default)]
    pub identity: Identity,
    /// Replaces an existing file.
    #[serde(default)]
    pub force: bool,
}

/// Whether a region on this frame can have a time–activity curve.
pub fn has_curve(study: &Study, frame: &FrameKey) -> bool {
    study.series(&frame.series).is_some_and(|s| frames_in_time(s, frame.frame).len() > 1)
}

/// The outlines of regions and twins that were drawn on another frame of the sequence that a frame
/// belongs to: a curve is measured in them on every one. Dotted, because they are not this frame's.
pub(super) fn ghosts(
    study: &Study,
    sheet: &Sheet,
    key: &FrameKey,
    view_from_pixel: Transform<Pixel, View>,
    clip: [f64; 4],
) -> Vec<Mark> {
    let here = |row: &&RoiRow| row.frame.series == key.series && row.frame.frame != key.frame;
    if !sheet.rois.iter().any(|row| here(&row)) {
        return Vec::new();
    }
    let sequence = study.series(&key.series).map(|s| frames_in_time(s, key.frame));
    let sequence = sequence.unwrap_or_default();
    let mut marks = Vec::new();
    for row in sheet.rois.iter().filter(here).filter(|r| sequence.contains(&r.frame.frame)) {
        let twin = row.twin.as_ref().map_or(&[][..], |twin| &twin.outlines);
        let twin = twin.iter().map(|outline| (outline, TWIN));
        for (outline, color) in [(&row.outline, REGION)].into_iter().chain(twin) {
            let stroke = Stroke { color, width: 1.3, kind: StrokeKind::Dotted, halo: true };
            let points: Vec<Point<View>> = outline
                .polygon(0.5)
                .into_iter()
                .map(|p| view_from_pixel.transform_point(p))
                .collect();
            let parts = inside(&points, true, clip).into_iter();
            marks.extend(parts.map(|(points, closed)| Mark::Line { points, closed, stroke }));
        }
    }
    marks
}

impl Workbench {
    pub(super) fn export_curve(&mut self, request: CurveExport) {
        match self.reading() {
            Some(reading) => {
                let snapshot = reading.snapshot();
                self.jobs.export_curve(snapshot, request);
            }
            None => self.notices.error("there is no study with a curve".into()),
        }
    }
}

pub(super) fn write(snapshot: &Snapshot, request: &CurveExport) -> Result<(), ExportError> {
    let CurveExport { path, region, identity, force } = request;
    if path.exists() && !force {
        return Err(ExportError::Exists(path.clone()));
    }
    let wanted = |row: &&RoiRow| match region {
        Some(id) => row.id == *id,
        None => has_curve(&snapshot.study, &row.frame),
    };
    let rows = snapshot.sheet.rois.iter().filter(wanted);
    let table = curve_csv(&snapshot.study, &snapshot.sheet, rows, *identity);
    write_new(path, table?.as_bytes(), *force)
}
