//! One open study together with what the reader does to it.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use crate::dicom::Skipped;
use crate::findings::{Edit, EditError, Findings, History, Midline, Symmetry};
use crate::measure::{self, FrameFacts, QualityCheck, Sheet};
use crate::study::{FrameKey, Series, Study, Uid, ViewName};
use crate::units::Level;

use super::{Workspace, midlines};

/// A study, its findings and their numbers, always in step.
#[derive(Clone)]
pub struct Reading {
    /// As it was opened.
    opened: Arc<Study>,
    /// With the views that the reader named and the series that were derived.
    study: Arc<Study>,
    derived: Vec<Arc<Series>>,
    findings: Findings,
    history: History,
    /// The findings as a gesture under way would leave them.
    preview: Option<Findings>,
    automatic: Arc<BTreeMap<FrameKey, Midline>>,
    /// What the pixels of planar frames say of the scan's quality, and the checks made of it.
    facts: BTreeMap<FrameKey, FrameFacts>,
    quality: BTreeMap<Uid, Vec<QualityCheck>>,
    sheet: Sheet,
    saved: Findings,
    /// Those that `study` has.
    views: BTreeMap<FrameKey, ViewName>,
    pub(super) workspace: Workspace,
}

/// What a load job brings home.
pub struct OpenedFiles {
    pub readings: Vec<Reading>,
    pub skipped: Vec<Skipped>,
    pub source: PathBuf,
}

/// A copy for a job: the study by reference, the rest by value.
#[derive(Clone)]
pub struct Snapshot {
    pub study: Arc<Study>,
    pub findings: Findings,
    pub sheet: Sheet,
    pub workspace: Workspace,
}

impl Reading {
    /// Finds the midline of every planar view, which takes a moment: call it off the window's
    /// thread.
    pub fn new(study: Study) -> Self {
        let (automatic, facts) = rayon::join(
            || midlines::automatic(&study),
            || study.series.iter().flat_map(|s| frame_facts(s)).collect(),
        );
        let workspace = Workspace::hang(&study);
        let study = Arc::new(study);
        let mut reading = Self {
            opened: study.clone(),
            study,
            derived: Vec::new(),
            findings: Findings::default(),
            history: History::default(),
            preview: None,
            automatic: Arc::new(automatic),
            facts,
            quality: BTreeMap::new(),
            sheet: Sheet::default(),
            saved: Findings::default(),
            views: BTreeMap::new(),
            workspace,
        };
        reading.judge();
        reading.recompute();
        reading
    }

    pub fn study(&self) -> &Arc<Study> {
        &self.study
    }

    /// Adds a series that was computed from the study's own, and its frames' midlines. One that is
    /// there already is left alone.
    pub(super) fn append(&mut self, series: Series, midlines: BTreeMap<FrameKey, Midline>) {
        if self.study.series(&series.uid).is_none() {
            self.facts.extend(frame_facts(&series));
            self.derived.push(Arc::new(series));
            Arc::make_mut(&mut self.automatic).extend(midlines);
            self.restudy();
            self.recompute();
        }
    }

    /// The checks of a planar series; none for any other.
    pub fn quality(&self, series: &str) -> &[QualityCheck] {
        self.quality.get(series).map_or(&[], Vec::as_slice)
    }

    /// The midline that was found on a frame, whatever the reader made of it.
    pub fn automatic_midline(&self, frame: &FrameKey) -> Option<&Midline> {
        self.automatic.get(frame)
    }

    /// What has been recorded, without the gesture under way.
    pub fn findings(&self) -> &Findings {
        &self.findings
    }

    pub(super) fn shown_findings(&self) -> &Findings {
        self.preview.as_ref().unwrap_or(&self.findings)
    }

    pub fn sheet(&self) -> &Sheet {
        &self.sheet
    }

    pub fn workspace(&self) -> &Workspace {
        &self.workspace
    }

    pub fn history(&self) -> &History {
        &self.history
    }

    /// The midline in force on a frame: the reader's, else the automatic one.
    pub fn midline(&self, frame: &FrameKey) -> Option<&Midline> {
        self.shown_findings().midline(frame).or_else(|| self.automatic.get(frame))
    }

    /// How the sides of a frame answer to each other, across the midline in force.
    pub fn symmetry(&self, frame: &FrameKey) -> Option<Symmetry> {
        Some(Symmetry::mirror(self.midline(frame)?.clone(), self.study.frame(frame)?))
    }

    pub fn snapshot(&self) -> Snapshot {
        Snapshot {
            study: self.study.clone(),
            findings: self.findings.clone(),
            sheet: self.sheet.clone(),
            workspace: self.workspace.clone(),
        }
    }

    /// Applies an edit and remembers how to take it back.
    pub fn record(&mut self, edit: Edit) -> Result<(), EditError> {
        self.preview = None;
        let done = self.history.record(&mut self.findings, edit);
        self.recompute();
        done
    }

    pub(super) fn undo(&mut self) -> bool {
        let done = self.history.undo(&mut self.findings);
        self.recompute();
        done
    }

    pub(super) fn redo(&mut self) -> bool {
        let done = self.history.redo(&mut self.findings);
        self.recompute();
        done
    }

    /// Shows what an edit would do, or ends the showing.
    pub(super) fn preview(&mut self, edit: Option<Edit>) {
        let before = self.preview.take();
        if let Some(edit) = edit {
            let mut findings = self.findings.clone();
            if findings.apply(edit).is_ok() {
                self.preview = Some(findings);
            }
        }
        if self.preview != before {
            self.recompute();
        }
    }

    pub(super) fn unsaved(&self) -> bool {
        self.findings != self.saved
    }

    pub(super) fn mark_saved(&mut self) {
        self.saved = self.findings.clone();
    }

    /// Puts together what is shown: the study as opened, the views the reader named, and what was
    /// derived.
    fn restudy(&mut self) {
        let views = self.shown_findings().views().clone();
        if views.is_empty() && self.derived.is_empty() {
            self.study = self.opened.clone();
        } else {
            let mut study = self.opened.as_ref().clone();
            study.series.extend(self.derived.iter().cloned());
            self.study = Arc::new(study.with_views(&views));
        }
        self.views = views;
        self.judge();
    }

    /// Judges the scan's quality anew: a view that the reader names has checks of its own.
    fn judge(&mut self) {
        let checks = |series: &Arc<Series>| {
            let key = |frame| FrameKey { series: series.uid.clone(), frame };
            let facts: Vec<Option<FrameFacts>> =
                (0..series.frames.len()).map(|i| self.facts.get(&key(i)).cloned()).collect();
            (series.uid.clone(), measure::quality_of(series, &facts))
        };
        self.quality = self.study.series.iter().map(checks).collect();
    }

    fn recompute(&mut self) {
        if *self.shown_findings().views() != self.views {
            self.restudy();
        }
        let symmetry = |frame: &FrameKey| self.symmetry(frame);
        let findings = self.shown_findings();
        self.sheet = Sheet::compute(&self.study, findings, &symmetry, Level::NINETY_FIVE);
    }
}

/// Of a planar series, in parallel.
fn frame_facts(series: &Series) -> Vec<(FrameKey, FrameFacts)> {
    use rayon::prelude::*;

    if !series.kind.planar() {
        return Vec::new();
    }
    let frames = series.frames.par_iter().enumerate();
    let key = |frame| FrameKey { series: series.uid.clone(), frame };
    frames.map(|(i, frame)| (key(i), FrameFacts::of(frame, series.kind))).collect()
}
