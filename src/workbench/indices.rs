//! The regions of an index, drawn on a study in one step.

use crate::findings::{Edit, Findings, IndexPart, Roi, RoiId, Role, TwinChoice};
use crate::measure::{IndexPreset, place_index, same_place};
use crate::study::{FrameKey, Series};
use crate::text::tr;

use super::copies::frame_like;
use super::{Reading, Workbench};

/// Why an index was not drawn.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum IndexError {
    #[error("there is no index {0:?}")]
    NoSuchIndex(String),
    #[error("{title} needs a view that this series does not have: {views}")]
    NoView { title: String, views: String },
}

/// What drawing an index comes to.
enum Drawn {
    New {
        edit: Box<Edit>,
        first: RoiId,
        on_bones: bool,
    },
    /// It is there already; the reader is taken there.
    There(RoiId),
}

impl Workbench {
    pub(super) fn place_index(&mut self, id: &str) {
        let Some(pane) = self.workspace().and_then(|w| w.active_pane()) else { return };
        let key = pane.frame.clone();
        let Some(reading) = self.reading() else { return };
        match draw(reading, &key, id) {
            Ok(Drawn::New { edit, first, on_bones }) => {
                self.record(*edit);
                self.select(Some(first));
                if !on_bones {
                    let title = IndexPreset::by_id(id).map_or(id, |preset| &*preset.title);
                    let words = tr("index-template", &[("title", title.into())]);
                    self.notices.warning(words, Vec::new());
                }
            }
            Ok(Drawn::There(first)) => self.select(Some(first)),
            Err(error) => self.notices.error(error.to_string()),
        }
    }
}

fn draw(reading: &Reading, key: &FrameKey, id: &str) -> Result<Drawn, IndexError> {
    let preset = IndexPreset::by_id(id).ok_or_else(|| IndexError::NoSuchIndex(id.to_owned()))?;
    let no_view = || IndexError::NoView {
        title: preset.title.clone(),
        views: preset.views.iter().map(|view| view.as_str()).collect::<Vec<_>>().join(", "),
    };
    let series = reading.study().series(&key.series).ok_or_else(no_view)?;
    let frame = frame_for(preset, series, key.frame).ok_or_else(no_view)?;
    let key = FrameKey { series: key.series.clone(), frame };
    let here = |roi: &&Roi| {
        roi.frame == key && roi.part.as_ref().is_some_and(|part| part.index == preset.id)
    };
    if let Some(there) = reading.findings().rois().iter().find(here) {
        return Ok(Drawn::There(there.id));
    }
    let frame = &series.frames[key.frame];
    let skeleton = reading.skeleton(&key).and_then(Result::ok);
    let placement = place_index(preset, frame, skeleton.zip(reading.midline(&key)));
    let mut findings = reading.findings().clone();
    let mut edits = Vec::new();
    let first = findings.next_id();
    for region in &placement.regions {
        let part = IndexPart { index: preset.id.clone(), part: region.part.clone() };
        let roi = Roi {
            part: Some(part),
            twin: TwinChoice::None,
            site: region.site.name(),
            ..findings.new_roi(Role::Index, key.clone(), region.outline.clone())
        };
        add(&mut findings, &mut edits, roi.clone());
        if preset.phases {
            for (phase, outline) in other_phases(reading, series, &roi) {
                let copy = Roi {
                    id: findings.next_id(),
                    name: findings.next_name(Role::Index),
                    frame: phase,
                    outline,
                    copy_of: Some(roi.id),
                    ..roi.clone()
                };
                add(&mut findings, &mut edits, copy);
            }
        }
    }
    Ok(Drawn::New { edit: Box::new(Edit::All(edits)), first, on_bones: placement.on_bones })
}

/// Regions are new, so that adding them cannot fail; one that could would be left out.
fn add(findings: &mut Findings, edits: &mut Vec<Edit>, roi: Roi) {
    let edit = Edit::Add { at: None, roi };
    if findings.apply(edit.clone()).is_ok() {
        edits.push(edit);
    }
}

/// The frame itself where the index may be drawn on its view, else the first that it may.
fn frame_for(preset: &IndexPreset, series: &Series, frame: usize) -> Option<usize> {
    let fits = |i: &usize| {
        let view = series.frames.get(*i).map(|frame| frame.view.view);
        view.is_some_and(|view| preset.views.is_empty() || preset.views.contains(&view))
    };
    Some(frame).filter(fits).or_else(|| (0..series.frames.len()).find(fits))
}

/// Where a region lies in every other acquired phase that shows its place.
fn other_phases(
    reading: &Reading,
    source: &Series,
    roi: &Roi,
) -> Vec<(FrameKey, crate::geometry::Outline)> {
    let frame = &source.frames[roi.frame.frame];
    let acquired = |s: &Series| s.kind.planar() && s.derived.is_none() && s.uid != source.uid;
    let study = reading.study();
    let phases = study.series.iter().filter(|series| acquired(series)).filter_map(|series| {
        let target = frame_like(reading, series, &roi.frame)?;
        let to = (&series.frames[target], series.kind);
        let outline = same_place((frame, source.kind), to, &roi.outline).ok()?;
        Some((FrameKey { series: series.uid.clone(), frame: target }, outline))
    });
    phases.collect()
}
