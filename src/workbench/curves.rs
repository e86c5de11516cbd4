//! Time–activity curves on the bench: who has one, and writing them as a table.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::findings::RoiId;
use crate::measure::{RoiRow, frames_in_time};
use crate::report::curve_csv;
use crate::study::{FrameKey, Identity, Study};

use super::Workbench;
use super::export::{ExportError, write_new};
use super::reading::Snapshot;

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
