//! The scan-quality checks of `info`: gathered while files are read, then listed.

use std::collections::HashMap;
use std::sync::Mutex;

use crate::measure::{FrameFacts, QualityCheck, quality_of};
use crate::study::{Series, SeriesSummary, Uid};

use super::columns::Columns;

/// What the pixels of frames said before they were dropped, by instance and frame number.
#[derive(Default)]
pub struct Inspector {
    facts: Mutex<HashMap<(Uid, u32), FrameFacts>>,
}

impl Inspector {
    pub fn inspect(&self, series: &Series) {
        for frame in &series.frames {
            let facts = FrameFacts::of(frame, series.kind);
            // A poisoned lock would mean that another file's reading had panicked: its own fault.
            if let Ok(mut all) = self.facts.lock() {
                all.insert((frame.source.sop_instance.clone(), frame.source.number), facts);
            }
        }
    }

    pub fn checks(&self, series: &Series) -> Vec<QualityCheck> {
        let Ok(all) = self.facts.lock() else { return Vec::new() };
        let facts: Vec<Option<FrameFacts>> = series
            .frames
            .iter()
            .map(|f| all.get(&(f.source.sop_instance.clone(), f.source.number)).cloned())
            .collect();
        quality_of(series, &facts)
    }
}

/// A table of all checks, and a line for each that a reader should look at.
pub fn lines(series: &SeriesSummary, quality: &[QualityCheck]) -> Vec<String> {
    if quality.is_empty() {
        return Vec::new();
    }
    let mut table = Columns::new(&["Quality", "View", ">Value", "Limit", "Verdict"]);
    for found in quality {
        let view = found.place.as_ref().map_or(String::new(), |place| {
            let name = series.frames.get(place.frame).map_or("", |f| f.view.view.as_str());
            format!("{} {}", place.frame, name.replace('_', " "))
        });
        let value = found.value.map_or("–".into(), |value| found.check.shown(value));
        let limit = found.limit.map_or("–".into(), |limit| limit.to_string());
        table.row([
            found.check.as_str().to_owned(),
            view,
            value,
            limit,
            found.verdict.as_str().to_owned(),
        ]);
    }
    let mut lines: Vec<String> = table.to_string().lines().map(|l| format!("  {l}")).collect();
    let warnings = quality.iter().filter(|found| found.verdict.warns());
    lines.extend(warnings.map(|found| format!("  warning: {}", found.sentence)));
    lines
}
