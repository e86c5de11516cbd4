//! Layouts on the bench: grids and their pages, cines, hanging protocols.

use std::path::PathBuf;
use std::sync::Arc;

use crate::picture::Window;
use crate::study::{Frame, FrameKey, Series, SeriesKind, Study, Uid};

use super::arrange::{self, Selection};
use super::frame_set::{self, opening_look, reel};
use super::hanging::{self, Hanging, HangingError, Hung};
use super::workspace::{Arrangement, Camera};
use super::{Cine, Comparison, Pane, Scale, Show, Workbench, Workspace};

/// Which frames of how many a page shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PageShown {
    /// Counted from 1, both included.
    pub first: usize,
    pub last: usize,
    pub total: usize,
}

impl Workspace {
    /// Takes a protocol's layout.
    pub(super) fn follow(&mut self, hung: Hung, title: &str, studies: &[&Study]) {
        self.active = 0;
        self.comparison = None;
        self.cine = Cine { playing: false, ..self.cine };
        match hung {
            Hung::Panes { panes, arrangement, links, groups } => {
                (self.panes, self.arrangement, self.links) = (panes, arrangement, links);
                self.groups = groups;
                self.selection = None;
                self.keep_the_mirror(studies);
            }
            Hung::Pages { selection, links } => {
                self.panes.clear();
                self.links = links;
                self.arrange(selection, studies);
            }
        }
        self.protocol = Some(title.to_owned());
    }

    /// Puts a page of frames on the canvas. Frames that were on it keep how they were looked at;
    /// others take it over from the active pane, as far as it means the same for them. Whether
    /// there was anything to show.
    pub(super) fn arrange(&mut self, selection: Selection, studies: &[&Study]) -> bool {
        let frames = selection.frames(studies);
        let page = selection.page(frames.len());
        let find = |key: &FrameKey| find(studies, key);
        let model = self.active_pane().cloned();
        let mut groups = Groups::default();
        let mut aspects = Vec::new();
        let mut panes = Vec::new();
        for key in &frames[page] {
            let Some((series, frame)) = find(key) else { continue };
            let group = groups.of(series, frame);
            let before = self.panes.iter().find(|p| p.frame == *key);
            let mut pane = match before {
                Some(pane) => pane.clone(),
                None => {
                    let known = panes.iter().rev().chain(&model).chain(&self.panes);
                    let (look, camera) = taken_over(series, frame, known, &find);
                    Pane { frame: key.clone(), look, camera, group }
                }
            };
            pane.group = group;
            panes.push(pane);
            aspects.push(arrange::aspect(frame));
        }
        if panes.is_empty() {
            return false;
        }
        let columns = arrange::columns(&aspects, selection.columns, self.canvas.size());
        let active = model.and_then(|m| panes.iter().position(|p| p.frame == m.frame));
        self.active = active.unwrap_or(0);
        self.panes = panes;
        self.arrangement = Arrangement { columns };
        self.selection = Some(selection);
        self.protocol = None;
        self.comparison = None;
        self.groups.clear();
        self.keep_the_mirror(studies);
        true
    }

    /// Where frames seen from behind are mirrored, new ones are too.
    fn keep_the_mirror(&mut self, studies: &[&Study]) {
        if self.mirror_posterior {
            self.face_the_reader(0.., &|key| find(studies, key).map(|(_, frame)| frame));
        }
    }

    /// The canvas has another size.
    fn refit(&mut self, studies: &[&Study]) {
        let frames = self.panes.iter().filter_map(|p| find(studies, &p.frame));
        let aspects: Vec<f64> = frames.map(|(_, frame)| arrange::aspect(frame)).collect();
        let canvas = self.canvas.size();
        match &self.selection {
            Some(selection) if selection.columns.is_none() => {
                self.arrangement.columns = arrange::columns(&aspects, None, canvas);
            }
            None if !self.groups.is_empty() => {
                let columns = arrange::columns_of_groups(&aspects, &self.groups, canvas);
                self.arrangement.columns = columns;
            }
            _ => {}
        }
    }

    /// The panes are the reader's own arrangement now.
    pub(super) fn leave_pages(&mut self) {
        self.selection = None;
        self.protocol = None;
        self.groups.clear();
    }
}

/// Frames whose levels go together get one number: those of one series, energy window and phase.
#[derive(Default)]
struct Groups(Vec<(Uid, u16, u16)>);

impl Groups {
    fn of(&mut self, series: &Series, frame: &Frame) -> u8 {
        let phase = frame.address.phase;
        let set = (series.uid.clone(), frame.address.energy_window, phase);
        let at = self.0.iter().position(|s| *s == set).unwrap_or_else(|| {
            self.0.push(set);
            self.0.len() - 1
        });
        u8::try_from(at).unwrap_or(u8::MAX)
    }
}

fn find<'a>(studies: &[&'a Study], key: &FrameKey) -> Option<(&'a Series, &'a Frame)> {
    let series = studies.iter().find_map(|s| s.series(&key.series))?;
    Some((series, series.frames.get(key.frame)?))
}

/// How a frame is looked at that was not on show: as a frame of its set that is, else with the
/// map and the percentage of one that is.
fn taken_over<'p, 's: 'p>(
    series: &Series,
    frame: &Frame,
    known: impl Iterator<Item = &'p Pane> + Clone,
    find: &dyn Fn(&FrameKey) -> Option<(&'s Series, &'s Frame)>,
) -> (super::Look, Camera) {
    let kin = known.clone().find_map(|pane| {
        let (of, shown) = find(&pane.frame)?;
        let kin = of.uid == series.uid && frame_set::on_one_scale(series, shown, frame);
        kin.then_some((pane, shown))
    });
    let extent = |f: &Frame| (f.columns(), f.rows(), f.spacing);
    if let Some((pane, shown)) = kin {
        let camera = match extent(shown) == extent(frame) {
            true => pane.camera,
            false => Camera::default(),
        };
        return (pane.look, camera);
    }
    let mut look = opening_look(series, frame);
    let model = known.into_iter().find_map(|pane| Some((pane, find(&pane.frame)?)));
    let Some((pane, (of, shown))) = model else { return (look, Camera::default()) };
    (look.colormap, look.sampling) = (pane.look.colormap, pane.look.sampling);
    let percent = |level: f64| level / pane.look.reference * look.reference;
    if shown.values.unit == frame.values.unit && pane.look.reference > 0.0 && look.reference > 0.0 {
        let before = pane.look.window;
        look.window =
            Window { lower: percent(before.lower), upper: percent(before.upper), ..before };
    }
    let same = of.uid == series.uid && extent(shown) == extent(frame);
    let camera = if same { pane.camera } else { Camera::default() };
    // A mirror belongs to the views of one side.
    let mirrored =
        camera.mirrored && shown.side_of_larger_columns() == frame.side_of_larger_columns();
    (look, Camera { mirrored, ..camera })
}

impl Workbench {
    /// Does what a layout asks of the bench; other changes come back for the workspace.
    pub(super) fn lay_out(&mut self, show: Show) -> Option<Show> {
        match show {
            Show::Arrange(selection) => {
                self.arrange(selection);
            }
            Show::Hang(title) => self.hang_by(&title),
            Show::Canvas(canvas) => {
                let sound = |v: f64| v.is_finite() && v >= 1.0;
                if !(sound(canvas.width) && sound(canvas.height)) {
                    return None;
                }
                // All of them: whichever is shown next is arranged for this window.
                let studies = self.studies_hung_first();
                let studies = as_refs(&studies);
                for reading in &mut self.readings {
                    reading.workspace.canvas = canvas;
                    reading.workspace.refit(&studies);
                }
            }
            Show::Cine(cine) => self.set_cine(cine),
            Show::Scrub(frame) => {
                self.workspace_mut(|w| w.cine.go(frame));
                self.show_cine();
            }
            Show::Frame { pane, frame } => self.show_frame(pane, frame),
            other => return Some(other),
        }
        None
    }

    /// Which frames of how many the page on show holds; `None` where the panes are no page.
    pub fn page(&self) -> Option<PageShown> {
        let selection = self.workspace()?.selection.as_ref()?;
        let studies = self.studies_hung_first();
        let total = selection.frames(&as_refs(&studies)).len();
        let page = selection.page(total);
        Some(PageShown { first: page.start + 1, last: page.end, total })
    }

    /// The selection on show, so many pages on.
    pub fn turned(&self, pages: isize) -> Option<Selection> {
        let selection = self.workspace()?.selection.as_ref()?;
        let studies = self.studies_hung_first();
        selection.turned(pages, selection.frames(&as_refs(&studies)).len())
    }

    /// The frames that a cine of the active pane runs through, and which of them it shows.
    pub fn reel(&self) -> Option<(Vec<FrameKey>, usize)> {
        let pane = self.workspace()?.active_pane()?;
        let reading = self.reading_of(&pane.frame)?;
        let series = reading.study().series(&pane.frame.series)?;
        let reel = reel(series, pane.frame.frame);
        let at = reel.iter().position(|i| *i == pane.frame.frame)?;
        let key = |frame: &usize| FrameKey { series: series.uid.clone(), frame: *frame };
        Some((reel.iter().map(key).collect(), at))
    }

    /// Every hanging protocol in the order of trying, and whether it fits the study on show.
    pub fn hangings(&self) -> Vec<(&Hanging, bool)> {
        let Some(study) = self.hung().map(|r| r.study().clone()) else { return Vec::new() };
        let prior = hanging::prior_of(&study, self.readings.iter().map(|r| r.study().as_ref()));
        self.protocols().map(|h| (h, hanging::fits(h, &study, prior))).collect()
    }

    /// Where the reader's own hanging protocols are read from and kept. What is broken is told
    /// with the file's name.
    pub fn hangings_folder(&mut self, folder: PathBuf) {
        self.revision += 1;
        let (read, broken) = hanging::read_folder(&folder);
        broken.iter().for_each(|error| self.notices.error(error.to_string()));
        self.hangings = read;
        self.hangings_folder = Some(folder);
    }

    /// Whether layouts can be kept.
    pub fn keeps_hangings(&self) -> bool {
        self.hangings_folder.is_some()
    }

    /// The reader's own, then ours; of two with one name the first.
    fn protocols(&self) -> impl Iterator<Item = &Hanging> {
        let ours = hanging::built_in().iter();
        let replaced = |h: &&Hanging| self.hangings.iter().all(|own| own.title != h.title);
        self.hangings.iter().chain(ours.filter(replaced))
    }

    fn workspace_mut(&mut self, change: impl FnOnce(&mut Workspace)) {
        if let Some(reading) = self.readings.get_mut(self.hung) {
            change(&mut reading.workspace);
        }
    }

    /// The study whose panes are on show, then the others.
    fn studies_hung_first(&self) -> Vec<Arc<Study>> {
        let hung = self.hung().into_iter();
        let others = self.readings.iter().enumerate().filter(|(i, _)| *i != self.hung);
        hung.chain(others.map(|(_, r)| r)).map(|r| r.study().clone()).collect()
    }

    fn arrange(&mut self, selection: Selection) -> bool {
        let studies = self.studies_hung_first();
        let mut done = false;
        self.workspace_mut(|w| done = w.arrange(selection, &as_refs(&studies)));
        done
    }

    /// Another frame for a pane. Frames of one set share their levels; one that steps into
    /// another set keeps the percentage of that set's own reference.
    fn show_frame(&mut self, pane: usize, frame: FrameKey) {
        let studies = self.studies_hung_first();
        self.workspace_mut(|w| {
            put(w, pane, frame, &as_refs(&studies));
            match &mut w.selection {
                Some(selection) if w.panes.len() == 1 => {
                    let frames = selection.frames(&as_refs(&studies));
                    let shown = w.panes.first().map(|p| &p.frame);
                    match frames.iter().position(|f| Some(f) == shown) {
                        Some(at) => selection.offset = at,
                        None => w.leave_pages(),
                    }
                }
                _ => w.leave_pages(),
            }
            // Who steps by hand wants to look.
            w.cine.playing = false;
        });
    }

    fn set_cine(&mut self, cine: Cine) {
        let at = self.reel().map(|(_, at)| at);
        let stated = self.stated_rate();
        self.workspace_mut(|w| {
            let begins = cine.playing && !w.cine.playing;
            w.cine.set(cine);
            // Until the reader chooses another speed, a cine runs as it was captured.
            if let (true, Some(rate)) = (begins && cine.rate == Cine::default().rate, stated) {
                w.cine.set(Cine { rate, ..cine });
            }
            if let (true, Some(at)) = (begins, at) {
                w.cine.go(at);
            }
        });
        if self.workspace().is_some_and(|w| w.cine.playing) {
            self.show_cine();
        }
    }

    /// Frames a second by the Frame Time of the captured cine in the active pane.
    fn stated_rate(&self) -> Option<f64> {
        let key = &self.workspace()?.active_pane()?.frame;
        let series = self.reading_of(key)?.study().series(&key.series)?;
        let shown = series.frames.get(key.frame)?.duration?;
        (series.kind == SeriesKind::Other && shown.0 > 0.0).then(|| 1.0 / shown.0)
    }

    pub(super) fn tick(&mut self, seconds: f64) {
        let mut due = false;
        self.workspace_mut(|w| due = w.cine.tick(seconds));
        if due {
            self.show_cine();
        }
    }

    /// Puts the cine's frame into every pane that plays: the active one, and of the others the
    /// first of each reel, so that a grid does not run away.
    fn show_cine(&mut self) {
        let studies = self.studies_hung_first();
        let studies = as_refs(&studies);
        self.workspace_mut(|w| {
            let mut played: Vec<(FrameKey, usize)> = Vec::new();
            let order =
                std::iter::once(w.active).chain((0..w.panes.len()).filter(|i| *i != w.active));
            let mut taken: Vec<FrameKey> = Vec::new();
            for index in order {
                let Some(key) = w.pane(index).map(|p| p.frame.clone()) else { continue };
                let Some((series, _)) = find(&studies, &key) else { continue };
                let reel = reel(series, key.frame);
                let Some(&first) = reel.first().filter(|_| reel.len() > 1) else { continue };
                let first = FrameKey { series: key.series.clone(), frame: first };
                if taken.contains(&first) {
                    continue;
                }
                taken.push(first);
                let frame = reel[w.cine.frame(reel.len())];
                played.push((FrameKey { frame, ..key }, index));
            }
            for (key, index) in played {
                put(w, index, key, &studies);
            }
        });
    }

    fn hung_by(&self, hanging: &Hanging, index: usize) -> Option<Hung> {
        let reading = self.readings.get(index)?;
        let study = reading.study();
        let prior = hanging::prior_of(study, self.readings.iter().map(|r| r.study().as_ref()));
        hanging::hang(hanging, study, prior, reading.workspace.canvas.size())
    }

    fn hang_by(&mut self, title: &str) {
        let Some(hanging) = self.protocols().find(|h| h.title == title) else {
            return self.notices.error(HangingError::Unknown(title.to_owned()).to_string());
        };
        match self.hung_by(hanging, self.hung) {
            Some(hung) => self.follow(self.hung, hung, title),
            None => self.notices.error(HangingError::DoesNotFit(title.to_owned()).to_string()),
        }
    }

    fn follow(&mut self, index: usize, hung: Hung, title: &str) {
        let mut studies = self.studies_hung_first();
        if let Some(reading) = self.readings.get_mut(index) {
            // The study's own series come first where the protocol names none.
            studies.sort_by_key(|s| s.uid != reading.study().uid);
            reading.workspace.follow(hung, title, &as_refs(&studies));
            let (own, workspace) = (reading.study().clone(), &mut reading.workspace);
            let foreign = |p: &&Pane| own.frame(&p.frame).is_none();
            let prior = workspace.panes.iter().find(foreign).and_then(|pane| {
                studies.iter().find(|s| s.frame(&pane.frame).is_some()).map(|s| s.uid.clone())
            });
            workspace.comparison = prior.map(|prior| Comparison { prior, scale: Scale::default() });
        }
    }

    /// Hangs a study that has just come, with the reader's own protocols and its prior, or the
    /// current one where a prior has come. Returns which is to be read.
    pub(super) fn hang_opened(&mut self, opened: usize) -> usize {
        let current = self.current_of(opened);
        for index in [opened, current] {
            let Some(reading) = self.readings.get(index) else { continue };
            // A layout that the reader made stays.
            if reading.workspace.protocol.is_none() && !reading.workspace.panes.is_empty() {
                continue;
            }
            let study = reading.study();
            let prior = hanging::prior_of(study, self.readings.iter().map(|r| r.study().as_ref()));
            let Some(best) = self.protocols().find(|h| hanging::fits(h, study, prior)) else {
                continue;
            };
            // Most hang already as they should: looking for levels takes a moment.
            let own = self.hangings.iter().any(|h| h.title == best.title);
            if !own && reading.workspace.protocol.as_ref() == Some(&best.title) {
                continue;
            }
            let title = best.title.clone();
            if let Some(hung) = self.hung_by(best, index) {
                self.follow(index, hung, &title);
            }
        }
        current
    }

    /// The newest study whose prior this one is, else itself.
    fn current_of(&self, index: usize) -> usize {
        let Some(opened) = self.readings.get(index).map(|r| r.study().clone()) else {
            return index;
        };
        let of = |r: &super::Reading| {
            let others = self.readings.iter().map(|r| r.study().as_ref());
            hanging::prior_of(r.study(), others).is_some_and(|prior| prior.uid == opened.uid)
        };
        self.readings.iter().position(of).unwrap_or(index)
    }

    pub(super) fn save_hanging(&mut self, title: &str) {
        match self.kept(title) {
            Ok((hanging, path)) => {
                self.hangings.retain(|h| h.title != hanging.title);
                self.workspace_mut(|w| w.protocol = Some(hanging.title.clone()));
                self.hangings.push(hanging);
                self.hangings.sort_by(|a, b| a.title.cmp(&b.title));
                self.notices.exported(path);
            }
            Err(error) => self.notices.error(error.to_string()),
        }
    }

    fn kept(&self, title: &str) -> Result<(Hanging, PathBuf), HangingError> {
        let folder = self.hangings_folder.as_ref().ok_or(HangingError::NoFolder)?;
        let reading = self.hung().ok_or(HangingError::NothingToKeep)?;
        let study = reading.study();
        let prior = hanging::prior_of(study, self.readings.iter().map(|r| r.study().as_ref()));
        let hanging = hanging::protocol_of(title.trim(), &reading.workspace, study, prior)
            .ok_or(HangingError::NothingToKeep)?;
        let path = hanging::write(folder, &hanging)?;
        Ok((hanging, path))
    }
}

fn as_refs(studies: &[Arc<Study>]) -> Vec<&Study> {
    studies.iter().map(AsRef::as_ref).collect()
}

/// Puts a frame into a pane, levels and camera as `Workbench::show_frame` says.
fn put(workspace: &mut Workspace, pane: usize, key: FrameKey, studies: &[&Study]) {
    let Some((series, frame)) = find(studies, &key) else { return };
    let Some(slot) = workspace.panes.get(pane).cloned() else { return };
    if slot.frame == key {
        return;
    }
    let shown = Show::Frame { pane, frame: key };
    workspace.apply(shown, &|key| find(studies, key).map(|(_, frame)| frame));
    let Some(now) = workspace.panes.get_mut(pane) else { return };
    let before = find(studies, &slot.frame).filter(|(of, _)| of.uid == series.uid);
    if before.is_some_and(|(_, before)| frame_set::on_one_scale(series, before, frame)) {
        now.look = slot.look;
        return;
    }
    // What `apply` took for the reference is the frame's alone; the set's is another.
    let reference = opening_look(series, frame).reference;
    if reference > 0.0 && now.look.reference > 0.0 {
        let scale = reference / now.look.reference;
        now.look.window.lower *= scale;
        now.look.window.upper *= scale;
        now.look.reference = reference;
    }
}
