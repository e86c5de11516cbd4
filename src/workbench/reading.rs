//! One open study together with what the reader does to it.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use chrono::NaiveDateTime;

use crate::dicom::Skipped;
use crate::findings::{Edit, EditError, Findings, History, Midline, Symmetry};
use crate::measure::{self, FrameFacts, NoSkeleton, OwnRanges, QualityCheck, Sheet, Skeleton};
use crate::study::{FrameKey, Series, Study, Uid, ViewName};
use crate::units::Level;

use super::Workspace;
use super::analysis::{Analysis, Stage, frame_facts};
use super::edited_symmetry::EditedSymmetries;

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
    /// Of the study's frames and of those that were derived.
    analysis: Arc<Analysis>,
    /// The symmetry of frames whose midline or bone the reader has edited.
    edited: EditedSymmetries,
    stage: Stage,
    /// The checks made of what the pixels say.
    quality: BTreeMap<Uid, Vec<QualityCheck>>,
    sheet: Sheet,
    saved: Findings,
    /// Those that `study` has.
    views: BTreeMap<FrameKey, ViewName>,
    /// The site's own normal ranges of indices.
    own_ranges: OwnRanges,
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
    /// When a report of it is made, in UTC, by the clock of whoever asks.
    pub made_at: Option<NaiveDateTime>,
}

impl Reading {
    /// Analyses the study, which takes a moment: call it off the window's thread.
    pub fn new(study: Study) -> Self {
        let mut reading = Self::unanalysed(study);
        let analysis = Analysis::of(&reading.opened);
        reading.receive(analysis);
        reading
    }

    /// A study that can be shown, and of which nothing is known yet but what the file says.
    pub(super) fn unanalysed(study: Study) -> Self {
        let workspace = Workspace::hang(&study);
        let study = Arc::new(study);
        let mut reading = Self {
            opened: study.clone(),
            study,
            derived: Vec::new(),
            findings: Findings::default(),
            history: History::default(),
            preview: None,
            analysis: Arc::default(),
            edited: EditedSymmetries::default(),
            stage: Stage::Wanted,
            quality: BTreeMap::new(),
            sheet: Sheet::default(),
            saved: Findings::default(),
            views: BTreeMap::new(),
            own_ranges: OwnRanges::new(),
            workspace,
        };
        reading.judge();
        reading.recompute();
        reading
    }

    /// What indices are compared with besides what was published.
    pub(super) fn set_own_ranges(&mut self, own: &OwnRanges) {
        self.own_ranges.clone_from(own);
        self.recompute();
    }

    /// Whether midlines and quality are known: they come a moment after the picture.
    pub fn analysed(&self) -> bool {
        self.stage == Stage::Done
    }

    pub(super) fn stage(&self) -> Stage {
        self.stage
    }

    pub(super) fn set_under_way(&mut self) {
        self.stage = Stage::UnderWay;
    }

    /// The first analysis is the one that counts; all are the same.
    pub(super) fn receive(&mut self, analysis: Analysis) {
        if self.stage != Stage::Done {
            self.stage = Stage::Done;
            let known = Arc::make_mut(&mut self.analysis);
            known.symmetries.extend(analysis.symmetries);
            known.facts.extend(analysis.facts);
            known.skeletons.extend(analysis.skeletons);
            self.judge();
            self.recompute();
        }
    }

    /// As it came, whatever the reader named and derived since.
    pub(super) fn opened(&self) -> &Arc<Study> {
        &self.opened
    }

    pub fn study(&self) -> &Arc<Study> {
        &self.study
    }

    /// Adds a series that was computed from the study's own, and its frames' symmetries. One that is
    /// there already is left alone.
    pub(super) fn append(&mut self, series: Series, symmetries: BTreeMap<FrameKey, Symmetry>) {
        if self.study.series(&series.uid).is_none() {
            let known = Arc::make_mut(&mut self.analysis);
            known.facts.extend(frame_facts(&series));
            known.symmetries.extend(symmetries);
            self.derived.push(Arc::new(series));
            self.restudy();
            self.recompute();
        }
    }

    /// The checks of a planar series; none for any other.
    pub fn quality(&self, series: &str) -> &[QualityCheck] {
        self.quality.get(series).map_or(&[], Vec::as_slice)
    }

    /// The sum of a planar frame's values, once it is known.
    pub(super) fn total(&self, frame: &FrameKey) -> Option<f64> {
        self.analysis.facts.get(frame).map(FrameFacts::total)
    }

    /// What was found on a frame, whatever the reader made of it.
    pub(super) fn automatic_symmetry(&self, frame: &FrameKey) -> Option<&Symmetry> {
        self.analysis.symmetries.get(frame)
    }

    /// The midline that was found on a frame, whatever the reader made of it.
    pub fn automatic_midline(&self, frame: &FrameKey) -> Option<&Midline> {
        Some(&self.automatic_symmetry(frame)?.midline)
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
        self.shown_findings().midline(frame).or_else(|| self.automatic_midline(frame))
    }

    /// The bones of a whole-body frame, or why they have no names; `None` before they are found,
    /// and for other frames.
    pub fn skeleton(&self, frame: &FrameKey) -> Option<Result<&Skeleton, NoSkeleton>> {
        let found = self.analysis.skeletons.get(frame)?;
        Some(found.as_ref().map(AsRef::as_ref).map_err(|reason| *reason))
    }

    /// The bones of a frame, for a job.
    pub(super) fn named_bones(&self, frame: &FrameKey) -> Option<Arc<Skeleton>> {
        self.analysis.skeletons.get(frame)?.as_ref().ok().cloned()
    }

    /// How the sides of a frame answer to each other, across the midline in force. During a
    /// gesture the sides are registered as they were before it.
    pub fn symmetry(&self, frame: &FrameKey) -> Option<Symmetry> {
        self.edited.symmetry(self, frame)
    }

    pub fn snapshot(&self) -> Snapshot {
        Snapshot {
            study: self.study.clone(),
            findings: self.findings.clone(),
            sheet: self.sheet.clone(),
            workspace: self.workspace.clone(),
            made_at: None,
        }
    }

    /// Applies an edit and remembers how to take it back.
    pub fn record(&mut self, edit: Edit) -> Result<(), EditError> {
        self.preview = None;
        let done = self.history.record(&mut self.findings, edit);
        self.recompute();
        done
    }

    /// The same; a run of nudges is one step to take back.
    pub(super) fn nudge(&mut self, edit: Edit) -> Result<(), EditError> {
        self.preview = None;
        let done = self.history.nudge(&mut self.findings, edit);
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
            let facts: Vec<Option<FrameFacts>> = (0..series.frames.len())
                .map(|i| self.analysis.facts.get(&key(i)).cloned())
                .collect();
            (series.uid.clone(), measure::quality_of(series, &facts))
        };
        self.quality = self.study.series.iter().map(checks).collect();
    }

    fn recompute(&mut self) {
        if *self.shown_findings().views() != self.views {
            self.restudy();
        }
        if self.preview.is_none() && self.stage == Stage::Done {
            self.edited = std::mem::take(&mut self.edited).brought_up(self);
        }
        let symmetry = |frame: &FrameKey| self.symmetry(frame);
        let findings = self.shown_findings();
        let numbers = if self.preview.is_some() { Sheet::sketch } else { Sheet::compute };
        let mut sheet = numbers(&self.study, findings, &symmetry, Level::NINETY_FIVE);
        sheet.place(|frame| self.skeleton(frame)?.ok());
        sheet.compare_with_own(&self.own_ranges);
        self.sheet = sheet;
    }
}
