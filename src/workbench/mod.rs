//! The whole program, without a window.
//!
//! `handle` and `poll` are the only ways in: a command changes something, a finished job comes
//! home. Everything else looks. Window, terminal, scripts and tests walk this one road.

mod action;
mod analysis;
mod annotating;
mod arrange;
mod bindings;
mod bones;
mod cine;
mod clock;
mod command;
mod compare;
mod compose;
mod copies;
mod curves;
mod derive;
mod edited_symmetry;
mod export;
mod facing;
mod frame_set;
mod frame_words;
mod hanging;
mod hotspots;
mod indices;
mod jobs;
mod keymap;
mod layout;
mod levels;
mod loaded_map;
mod mark;
mod midlines;
mod notices;
mod place;
mod preferences;
mod preferences_file;
mod proposals;
mod reading;
mod regions_file;
#[cfg(test)]
mod sample;
mod script;
pub mod self_test;
mod settings;
mod steering;
mod symmetry;
mod thumbnail;
mod tools;
mod workspace;

use std::path::{Path, PathBuf};
use std::sync::Arc;

pub use action::{Action, INDICES, Menu, NAMES_OF_VIEWS, confirm_view};
pub use arrange::{Keep, MOST_PANES, Selection, Sort, SortBy};
pub use bindings::{BindingError, Bindings, Keymap, Preset, reserved};
pub use cine::{At, Cine, RATES};
pub use clock::{ClockError, SOURCE_DATE_EPOCH, time_of_report};
pub use command::{Command, Export, Format, Pointer, PointerEvent, Question, Show};
pub use compare::{
    Candidate, ChangeRow, Compare, Comparison, Fact, Scale, candidates, changes, facts, prior,
    same_patient,
};
pub use compose::{above_badges, pane_scene, report_pictures};
pub use copies::{CopyError, CopyRegion, CopyTo};
pub use curves::{CurveExport, has_curve};
pub use export::{ExportError, TemplateFile, compose as compose_report, render_report, write_new};
pub use frame_set::{moves, reel, time_in_phase};
pub use frame_words::{frame_facts, vector_name};
pub use hanging::{Hanging, HangingError};
pub use hotspots::{as_findings as hotspot_regions, hotspots, region_of as region_of_hotspot};
pub use jobs::{JobKind, JobState};
pub use keymap::{Chord, Key};
pub use layout::PageShown;
pub use levels::{Standard, automatic_window, reference_name, reference_of};
pub use loaded_map::{ColormapFileError, load_colormap};
pub use mark::Marked;
pub use notices::{Notice, NoticeKind};
pub use place::{Conjugate, Place, conjugate_of};
pub use preferences::{DIMMER, Language, Prefer, Preferences, SCALE, Surround, ThemeName};
pub use preferences_file::{PreferencesError, PreferencesFile};
pub use reading::{OpenedFiles, Reading, Snapshot};
pub use regions_file::{RegionsFile, RegionsFileError};
pub use script::{ScriptError, run as run_script};
pub use steering::Steering;
pub use symmetry::MapShown;
pub use thumbnail::{thumbnail, thumbnail_frame};
pub use tools::{Gesture, Grip, Seen, Tool, ToolKind, handles};
pub use workspace::{Arrangement, Camera, Canvas, Links, Look, Pane, Workspace};

use crate::findings::{AnnotationId, Edit, EditError, Findings, RoiId};
use crate::geometry::{Pixel, Point};
use crate::measure::Sheet;
use crate::study::{Frame, FrameKey, Study};

use jobs::{Jobs, Outcome};
use notices::Notices;
use proposals::Proposals;
use settings::Settings;
use symmetry::Maps;

/// Everything that is open and everything the reader did.
#[derive(Default)]
pub struct Workbench {
    readings: Vec<Reading>,
    /// The one whose findings are edited and listed: that of the active pane.
    active: usize,
    /// The one whose panes are on show.
    hung: usize,
    tool: Tool,
    selected: Option<RoiId>,
    selected_annotation: Option<AnnotationId>,
    sketch: Vec<Point<Pixel>>,
    crosshair: Option<Place>,
    marked: Option<Marked>,
    /// Of the study on which they were last sought.
    proposals: Option<Proposals>,
    jobs: Jobs,
    maps: Maps,
    notices: Notices,
    settings: Settings,
    questions: Vec<Question>,
    self_test: Option<self_test::Report>,
    /// The reader's own hanging protocols, and the folder they are kept in.
    hangings: Vec<Hanging>,
    hangings_folder: Option<PathBuf>,
    /// Grows with every change of what could be seen; a window redraws when it differs.
    revision: u64,
}

impl Workbench {
    pub fn new() -> Self {
        Self::default()
    }

    /// Called by job threads when there is something to `poll`.
    pub fn on_news(&mut self, wake: impl Fn() + Send + Sync + 'static) {
        self.jobs.on_news(wake);
    }

    pub fn handle(&mut self, command: Command) {
        self.revision += 1;
        if command.keeps_numbers() {
            self.analyse_now();
        }
        match command {
            Command::Edit(edit) => self.record(edit),
            Command::Nudge(edit) => {
                self.change(|reading| reading.nudge(edit));
            }
            Command::Undo => self.step(Reading::undo),
            Command::Redo => self.step(Reading::redo),
            Command::Show(show) => self.show(show),
            Command::Tool(kind) => {
                self.drop_gesture();
                self.tool = Tool::new(kind);
            }
            Command::Point(pointer) => self.point(pointer),
            Command::Select(roi) => self.select(roi),
            Command::SelectAnnotation(annotation) => self.select_annotation(annotation),
            Command::Derive(derivation) => self.derive(&derivation),
            Command::Mark(marked) => self.mark(marked),
            Command::Propose => self.propose(),
            Command::ToProposal(index) => self.look_at_proposal(index),
            Command::Open(path) => self.jobs.open(path),
            Command::Activate(index) => self.activate(index),
            Command::Compare(compare) => self.compare(compare),
            Command::SelfTest => self.jobs.self_test(),
            Command::Cancel => {
                self.jobs.cancel();
                self.map_no_sides();
            }
            Command::Export(request) => self.export(request),
            Command::SaveRegions(path) => self.save_regions(&path),
            Command::LoadRegions(path) => self.load_regions(&path),
            Command::Copy(request) => self.copy(request),
            Command::PlaceIndex(index) => self.place_index(&index),
            Command::Crosshair(place) => self.crosshair = place,
            Command::ExportCurve(request) => self.export_curve(request),
            Command::SaveHanging(title) => self.save_hanging(&title),
            Command::Tick(seconds) => self.tick(seconds),
            Command::Prefer(change) => self.prefer(change),
            Command::LoadColormap(path) => self.load_colormap(&path),
            Command::Dismiss => self.notices.clear(),
            Command::Ask(question) => self.questions.push(question),
        }
        self.map_sides();
    }

    /// Takes home what jobs have finished; whether anything did.
    pub fn poll(&mut self) -> bool {
        let outcomes = self.jobs.finished();
        let news = !outcomes.is_empty();
        if !news && self.wants_analysis() {
            self.analyse_next();
        }
        for outcome in outcomes {
            self.revision += 1;
            match outcome {
                Outcome::Analysed(study, analysis) => self.analysed(&study, analysis),
                Outcome::Opened(opened) => self.opened(opened),
                Outcome::Proposed(proposals) => self.proposed(proposals),
                Outcome::Exported(path) => self.notices.exported(path),
                Outcome::SelfTested(report) => self.self_test = Some(report),
                Outcome::Mapped(mapped) => self.mapped(*mapped),
                Outcome::Failed(message) => self.notices.error(message),
                Outcome::Cancelled => self.notices.cancelled(),
            }
        }
        if news {
            self.map_sides();
        }
        // After the picture of what was opened, which is painted before the next call.
        if news && self.wants_analysis() {
            self.jobs.wake();
        }
        news
    }

    /// Waits until no job runs: for scripts and the terminal, which have nothing else to do.
    pub fn settle(&mut self) {
        self.poll();
        while self.jobs.running().is_some() || self.wants_analysis() {
            self.jobs.wait();
            self.poll();
        }
    }

    pub fn revision(&self) -> u64 {
        self.revision
    }

    pub fn readings(&self) -> &[Reading] {
        &self.readings
    }

    /// The open study that a frame belongs to.
    pub fn reading_of(&self, frame: &FrameKey) -> Option<&Reading> {
        self.holder(frame).map(|index| &self.readings[index])
    }

    /// A frame of any open study.
    pub fn frame(&self, key: &FrameKey) -> Option<&Frame> {
        self.readings.iter().find_map(|r| r.study().frame(key))
    }

    /// The study whose panes are on show; those of priors may stand among them.
    pub fn hung(&self) -> Option<&Reading> {
        self.readings.get(self.hung)
    }

    fn holder(&self, frame: &FrameKey) -> Option<usize> {
        self.readings.iter().position(|r| r.study().frame(frame).is_some())
    }

    /// The study that is read: the active pane's.
    pub fn reading(&self) -> Option<&Reading> {
        self.readings.get(self.active)
    }

    pub fn active_reading(&self) -> usize {
        self.active
    }

    pub fn study(&self) -> Option<&Arc<Study>> {
        self.reading().map(Reading::study)
    }

    /// The findings as they are, or as they would be if the gesture under way ended now.
    pub fn findings(&self) -> Option<&Findings> {
        self.reading().map(Reading::shown_findings)
    }

    /// The numbers that belong to `findings`.
    pub fn sheet(&self) -> Option<&Sheet> {
        self.reading().map(Reading::sheet)
    }

    pub fn workspace(&self) -> Option<&Workspace> {
        self.hung().map(|r| &r.workspace)
    }

    pub fn tool(&self) -> ToolKind {
        self.tool.kind()
    }

    /// Whether a gesture is under way.
    pub fn gesturing(&self) -> bool {
        self.tool.busy()
    }

    pub fn selected(&self) -> Option<RoiId> {
        self.selected
    }

    pub fn selected_annotation(&self) -> Option<AnnotationId> {
        self.selected_annotation
    }

    /// A line that is being drawn and is not yet a region, and the pane's frame it is drawn on.
    pub fn sketch(&self) -> &[Point<Pixel>] {
        &self.sketch
    }

    /// The place that the reader marked, where its frame is still open.
    pub fn crosshair(&self) -> Option<&Place> {
        self.crosshair.as_ref().filter(|place| self.frame(&place.frame).is_some())
    }

    pub fn notices(&self) -> &[Notice] {
        self.notices.all()
    }

    pub fn running_job(&self) -> Option<&JobState> {
        self.jobs.running()
    }

    /// What the last self-test found.
    pub fn self_test(&self) -> Option<&self_test::Report> {
        self.self_test.as_ref()
    }

    /// What only the reader can answer; taken by the window.
    pub fn take_questions(&mut self) -> Vec<Question> {
        std::mem::take(&mut self.questions)
    }

    /// A study whose findings the reader would lose if the program ended now: the one that is read
    /// before all others.
    pub fn unsaved(&self) -> Option<usize> {
        let unsaved = |index: &usize| self.readings.get(*index).is_some_and(Reading::unsaved);
        std::iter::once(self.active).chain(0..self.readings.len()).find(unsaved)
    }

    fn record(&mut self, edit: Edit) {
        let (added, annotated) = match &edit {
            Edit::Add { roi, .. } => (Some(roi.id), None),
            Edit::Annotate { annotation, .. } => (None, Some(annotation.id)),
            _ => (None, None),
        };
        let done = self.change(|reading| reading.record(edit));
        if done && (added.is_some() || annotated.is_some()) {
            (self.selected, self.selected_annotation) = (added, annotated);
        }
    }

    fn step(&mut self, step: impl FnOnce(&mut Reading) -> bool) {
        self.drop_gesture();
        self.change(|reading| {
            step(reading);
            Ok(())
        });
    }

    /// Changes the findings of the study that is read, and what depends on them; whether it could
    /// be done.
    fn change(&mut self, change: impl FnOnce(&mut Reading) -> Result<(), EditError>) -> bool {
        let not_bone = self.not_bone_on_show();
        let sides = self.sides_on_show();
        let Some(reading) = self.readings.get_mut(self.active) else { return false };
        if let Err(error) = change(reading) {
            self.notices.error(error.to_string());
            return false;
        }
        self.follow_findings(&not_bone);
        self.follow_sides(&sides);
        self.forget_missing_selection();
        true
    }

    fn show(&mut self, show: Show) {
        let Some(show) = self.lay_out(show) else {
            self.follow_pane();
            return;
        };
        if self.show_levels(&show) {
            return;
        }
        let studies: Vec<Arc<Study>> = self.readings.iter().map(|r| r.study().clone()).collect();
        if let Some(reading) = self.readings.get_mut(self.hung) {
            reading.workspace.apply(show, &|key| studies.iter().find_map(|s| s.frame(key)));
        }
        self.follow_pane();
    }

    /// The study of the active pane is the one that is read.
    fn follow_pane(&mut self) {
        let frame = self.workspace().and_then(Workspace::active_pane).map(|p| p.frame.clone());
        let holder = frame.and_then(|frame| self.holder(&frame));
        if let Some(holder) = holder.filter(|holder| *holder != self.active) {
            self.drop_gesture();
            self.active = holder;
            self.select(None);
        }
    }

    fn select(&mut self, roi: Option<RoiId>) {
        (self.selected, self.selected_annotation) = (roi, None);
        self.leave_proposal();
        self.forget_missing_selection();
    }

    fn select_annotation(&mut self, annotation: Option<AnnotationId>) {
        (self.selected, self.selected_annotation) = (None, annotation);
        self.forget_missing_selection();
    }

    fn forget_missing_selection(&mut self) {
        let known = |id: RoiId| self.findings().is_some_and(|f| f.roi(id).is_some());
        if self.selected.is_some_and(|id| !known(id)) {
            self.selected = None;
        }
        let known = |id: AnnotationId| self.findings().is_some_and(|f| f.annotation(id).is_some());
        if self.selected_annotation.is_some_and(|id| !known(id)) {
            self.selected_annotation = None;
        }
    }

    fn activate(&mut self, index: usize) {
        if index < self.readings.len() {
            self.drop_gesture();
            self.active = index;
            self.hung = index;
            self.select(None);
            self.follow_pane();
        }
    }

    fn drop_gesture(&mut self) {
        self.tool.cancel();
        self.sketch.clear();
        if let Some(reading) = self.readings.get_mut(self.active) {
            reading.preview(None);
        }
    }

    fn point(&mut self, pointer: Pointer) {
        if pointer.event == PointerEvent::Press {
            self.show(Show::Activate(pointer.pane));
        }
        let Some(workspace) = self.workspace() else { return };
        let Some(pane) = workspace.pane(pointer.pane) else { return };
        let key = pane.frame.clone();
        let window = [pane.look.window.lower, pane.look.window.upper];
        let overlays = workspace.overlays;
        let Some(reading) = self.readings.get_mut(self.active) else { return };
        let study = reading.study().clone();
        // A gesture does not wander from one study into another.
        let Some(frame) = study.frame(&key) else { return };
        let symmetry = reading.symmetry(&key);
        let seen = Seen {
            key: &key,
            frame,
            findings: reading.findings(),
            symmetry: symmetry.as_ref(),
            selected: self.selected,
            annotation: self.selected_annotation,
            window,
            overlays,
        };
        let gesture = self.tool.pointer(&pointer, &seen);
        if !matches!(gesture, Gesture::Idle | Gesture::Sketch(_)) {
            self.sketch.clear();
        }
        match gesture {
            Gesture::Idle => {}
            Gesture::Preview(edit) => reading.preview(Some(edit)),
            Gesture::Sketch(points) => self.sketch = points,
            Gesture::Done(edit) => {
                reading.preview(None);
                self.record(edit);
            }
            Gesture::Select(roi) => self.select(roi),
            Gesture::SelectAnnotation(id) => self.select_annotation(Some(id)),
            Gesture::Window([lower, upper]) => {
                self.show(Show::Window { pane: pointer.pane, lower, upper });
            }
            Gesture::Cancelled => reading.preview(None),
        }
    }

    fn opened(&mut self, opened: OpenedFiles) {
        let OpenedFiles { readings, skipped, source } = opened;
        self.notices.opened(&source, readings.len(), skipped);
        // A folder may begin with what has no image.
        let seen = readings.iter().find(|r| !r.workspace().panes.is_empty());
        let first = seen.or(readings.first()).map(|r| r.study().uid.clone());
        let Some(first) = first else { return };
        self.remember_opened(&source);
        for mut reading in readings {
            self.settings.dress(&mut reading.workspace);
            reading.set_own_ranges(&self.preferences().own_ranges);
            // What is open stays open, with the reader's work in it.
            if self.readings.iter().all(|r| r.study().uid != reading.study().uid) {
                self.readings.push(reading);
            }
        }
        if let Some(index) = self.readings.iter().position(|r| r.study().uid == first) {
            let current = self.hang_opened(index);
            self.activate(current);
        }
    }

    fn export(&mut self, request: Export) {
        match self.reading() {
            Some(reading) => {
                let snapshot = reading.snapshot();
                self.jobs.export(snapshot, request);
            }
            None => self.notices.error("there is no study to report".into()),
        }
    }

    fn save_regions(&mut self, path: &Path) {
        let Some(reading) = self.readings.get_mut(self.active) else { return };
        let written = RegionsFile::of(reading.findings()).write(path);
        match written {
            Ok(()) => {
                reading.mark_saved();
                self.notices.exported(path.to_owned());
            }
            Err(error) => self.notices.error(error.to_string()),
        }
    }

    fn load_regions(&mut self, path: &Path) {
        let Some(reading) = self.readings.get_mut(self.active) else { return };
        let edit = RegionsFile::read(path).and_then(|file| {
            reading.derive_named(file.series());
            file.into_edit(reading.study(), reading.findings())
        });
        match edit {
            Ok(edit) => self.record(edit),
            Err(error) => self.notices.error(error.to_string()),
        }
    }
}

/// The simulated case that a path of the form `demo:CASE` names.
pub fn demo_case(path: &Path) -> Option<&str> {
    path.to_str()?.strip_prefix("demo:")
}

/// The path that opens a simulated case.
pub fn demo_path(case: &str) -> PathBuf {
    PathBuf::from(format!("demo:{case}"))
}
