//! The test stand: a bench of its own, driven by the commands and actions that a reader has, and
//! the pictures it paints.

use std::cell::RefCell;
use std::collections::BTreeMap;

use image::RgbaImage;

use crate::dicom::synthetic::{Pattern, Set};
use crate::dicom::{self, NoProgress, Skipped};
use crate::picture::{self, Colormap, Mark, Sampling, Scene};
use crate::study::{Frame, FrameKey, Series};

use super::super::reading::{OpenedFiles, Reading};
use super::super::{Action, Command, Links, Pane, Show, Workbench, pane_scene};
use super::{Files, test_set_path};

/// Why a check ended early.
#[derive(Debug)]
pub(super) enum Stop {
    /// The program has no way to do what the row asks.
    Missing(String),
    /// It has, and it did not work.
    Broken(String),
}

pub(super) type Tried<T = ()> = Result<T, Stop>;

pub(super) fn missing<T>(reason: impl Into<String>) -> Tried<T> {
    Err(Stop::Missing(reason.into()))
}

pub(super) fn broken<T>(found: impl Into<String>) -> Tried<T> {
    Err(Stop::Broken(found.into()))
}

/// The sets as they open. Each is read once: a row gets a copy with nothing done to it.
pub(super) struct Shelf<'a> {
    files: &'a Files<'a>,
    read: RefCell<BTreeMap<Set, Opened>>,
}

type Opened = (Vec<Reading>, Vec<Skipped>);

impl<'a> Shelf<'a> {
    pub fn new(files: &'a Files<'a>) -> Self {
        Self { files, read: RefCell::default() }
    }

    fn take(&self, set: Set) -> Tried<Opened> {
        if let Some(read) = self.read.borrow().get(&set) {
            return Ok(read.clone());
        }
        let stop = |error: &dyn std::fmt::Display| {
            Stop::Broken(format!("the set {} cannot be opened: {error}", set.name()))
        };
        let files = (self.files)(set).map_err(|e| stop(&e))?;
        let loaded = dicom::open_memory(files, &NoProgress).map_err(|e| stop(&e))?;
        let readings = loaded.value.into_iter().map(Reading::new).collect();
        let opened = (readings, loaded.skipped);
        self.read.borrow_mut().insert(set, opened.clone());
        Ok(opened)
    }
}

pub(super) struct Stand<'a> {
    shelf: &'a Shelf<'a>,
    opened: Vec<Set>,
    pub bench: Workbench,
}

impl<'a> Stand<'a> {
    pub fn new(shelf: &'a Shelf<'a>) -> Self {
        Self { shelf, opened: Vec::new(), bench: Workbench::new() }
    }

    /// Names of the sets that were opened, each once.
    pub fn opened(&self) -> Vec<&'static str> {
        self.opened.iter().map(|set| set.name()).collect()
    }

    /// Clears the bench and opens a set through the reader of DICOM files.
    pub fn open(&mut self, set: Set) -> Tried {
        self.bench = Workbench::new();
        let (readings, skipped) = self.shelf.take(set)?;
        self.bench.opened(OpenedFiles { readings, skipped, source: test_set_path(set) });
        if !self.opened.contains(&set) {
            self.opened.push(set);
        }
        Ok(())
    }

    /// Chooses an action, as from the menu.
    pub fn act(&mut self, id: &str) -> Tried {
        let Some(action) = Action::by_id(id) else {
            return missing(format!("the program has no action {id}"));
        };
        match action.resolve(&self.bench) {
            Some(command) => {
                self.bench.handle(command);
                Ok(())
            }
            None => broken(format!("the action {id} cannot be chosen")),
        }
    }

    /// Whether an action could be chosen now.
    pub fn can(&self, id: &str) -> bool {
        Action::by_id(id).is_some_and(|action| action.resolve(&self.bench).is_some())
    }

    pub fn show(&mut self, show: Show) {
        self.bench.handle(Command::Show(show));
    }

    /// For rows that nothing in the program serves: looks for an action that might, by parts of
    /// names, and says what was looked for.
    pub fn unserved<T>(&self, parts: &[&str], what: &str) -> Tried<T> {
        let found = Action::all().find(|a| parts.iter().any(|part| a.id.contains(part)));
        match found {
            None => missing(format!("{what}: no action of the program does that")),
            Some(action) => {
                missing(format!("{what}: {} may do it, and is not checked yet", action.id))
            }
        }
    }

    /// Says a command as a script would. One that the program does not know is missing; `what`
    /// it was to do is then told.
    pub fn say(&mut self, what: &str, command: serde_json::Value) -> Tried {
        match serde_json::from_value::<Command>(command) {
            Ok(command) => {
                self.bench.handle(command);
                Ok(())
            }
            Err(_) => missing(format!("{what}: no command of the program does that")),
        }
    }

    /// What the frame in a pane has to look like, by its series and its place in the vectors.
    pub fn pattern(&self, pane: usize) -> Tried<Pattern> {
        let key = &self.pane(pane)?.frame;
        let reading = self.bench.reading_of(key);
        let series = reading.and_then(|r| r.study().series(&key.series));
        let set = series.and_then(|s| Set::described(&s.description));
        match set.and_then(|set| set.pattern(&self.frame(pane).ok()?.address)) {
            Some(pattern) => Ok(pattern),
            None => broken(format!("pane {pane} shows a frame that no test set has")),
        }
    }

    /// Shows one frame of the series and nothing else.
    pub fn alone(&mut self, frame: usize) -> Tried {
        let frame = FrameKey { series: self.series()?.uid.clone(), frame };
        let pane = Pane { frame, ..self.pane(0)?.clone() };
        self.show(Show::Layout { columns: vec![1.0], panes: vec![pane] });
        match self.panes().len() {
            1 => Ok(()),
            n => broken(format!("one pane was asked for, and there are {n}")),
        }
    }

    pub fn panes(&self) -> &[Pane] {
        self.bench.workspace().map_or(&[], |w| &w.panes)
    }

    /// How many columns the panes stand in.
    pub fn columns(&self) -> usize {
        self.bench.workspace().map_or(1, |w| w.arrangement.columns.len()).max(1)
    }

    /// Where the panes stand on a canvas: x, y, width, height.
    pub fn cells(&self, size: [f64; 2], gap: f64) -> Vec<[f64; 4]> {
        let workspace = self.bench.workspace();
        workspace.map_or_else(Vec::new, |w| w.arrangement.cells(w.panes.len(), size, gap))
    }

    pub fn pane(&self, index: usize) -> Tried<&Pane> {
        match self.panes().get(index) {
            Some(pane) => Ok(pane),
            None => broken(format!("there is no pane {index}")),
        }
    }

    /// The frame that a pane shows.
    pub fn frame(&self, pane: usize) -> Tried<&Frame> {
        let key = &self.pane(pane)?.frame;
        match self.bench.frame(key) {
            Some(frame) => Ok(frame),
            None => broken(format!("pane {pane} shows a frame that is not there")),
        }
    }

    /// The only series of the set.
    pub fn series(&self) -> Tried<&Series> {
        match self.bench.study().and_then(|s| s.series.first()) {
            Some(series) => Ok(series),
            None => broken("no series is open"),
        }
    }

    /// Shows a frame of the series in a pane.
    pub fn turn_to(&mut self, pane: usize, frame: usize) -> Tried {
        let frame = FrameKey { series: self.series()?.uid.clone(), frame };
        self.show(Show::Frame { pane, frame: frame.clone() });
        match self.pane(pane)?.frame == frame {
            true => Ok(()),
            false => broken(format!("frame {} is not shown when asked for", frame.frame + 1)),
        }
    }

    /// Makes painted greys the stored values: grey from 0 to 255, each pixel as it is, whatever
    /// the other panes show.
    pub fn plain(&mut self, pane: usize) {
        self.show(Show::Link(Links { camera: false, window: false }));
        self.show(Show::Colormap { pane, colormap: Colormap::Grey });
        self.show(Show::Sampling { pane, sampling: Sampling::Nearest });
        self.show(Show::Window { pane, lower: 0.0, upper: 255.0 });
    }

    pub fn scene(&self, pane: usize, size: [f64; 2]) -> Tried<Scene> {
        match pane_scene(&self.bench, pane, size) {
            Some(scene) => Ok(scene),
            None => broken(format!("pane {pane} has no picture")),
        }
    }

    /// A pane, painted without its letters, on a canvas that gives each pixel of its frame `zoom`
    /// by `zoom` points when the whole frame fits.
    pub fn picture(&self, pane: usize, zoom: u32) -> Tried<Picture> {
        let frame = self.frame(pane)?;
        let (columns, rows) = (frame.columns(), frame.rows());
        if columns == 0 || rows == 0 {
            return broken(format!("the frame in pane {pane} has no pixels"));
        }
        let points = |n: usize| f64::from(zoom) * n as f64;
        let scene = self.scene(pane, [points(columns), points(rows)])?;
        Ok(Picture { image: picture::paint_layers(&scene, 1.0), columns, rows, zoom })
    }

    /// The texts written over a pane.
    pub fn texts(&self, pane: usize, size: [f64; 2]) -> Tried<Vec<String>> {
        let marks = self.scene(pane, size)?.marks;
        let text = |mark: Mark| match mark {
            Mark::Text { text, .. } => Some(text),
            _ => None,
        };
        Ok(marks.into_iter().filter_map(text).collect())
    }

    /// The part of the canvas that is painted with a frame: width and height. Sees values from 0
    /// up on the black surround.
    pub fn covered(&mut self, pane: usize, size: [f64; 2]) -> Tried<[u32; 2]> {
        self.show(Show::Colormap { pane, colormap: Colormap::Grey });
        self.show(Show::Window { pane, lower: -200.0, upper: 255.0 });
        let image = picture::paint_layers(&self.scene(pane, size)?, 1.0);
        let lit = |(x, y, p): (u32, u32, &image::Rgba<u8>)| (p.0[0] > 20).then_some((x, y));
        let places: Vec<(u32, u32)> = image.enumerate_pixels().filter_map(lit).collect();
        let span = |of: fn(&(u32, u32)) -> u32| {
            let low = places.iter().map(of).min();
            low.zip(places.iter().map(of).max()).map_or(0, |(low, high)| high - low + 1)
        };
        Ok([span(|p| p.0), span(|p| p.1)])
    }
}

/// A painted pane.
pub(super) struct Picture {
    pub image: RgbaImage,
    pub columns: usize,
    pub rows: usize,
    zoom: u32,
}

impl Picture {
    /// What is painted at the middle of a frame's pixel, when the pane shows the whole frame.
    pub fn at(&self, column: usize, row: usize) -> [u8; 3] {
        let middle = |n: usize| n as u32 * self.zoom + self.zoom / 2;
        let [red, green, blue, _] = self.image.get_pixel(middle(column), middle(row)).0;
        [red, green, blue]
    }

    /// The painted greys, row by row.
    pub fn greys(&self) -> Vec<u8> {
        let line = |row| (0..self.columns).map(move |column| (column, row));
        (0..self.rows).flat_map(line).map(|(column, row)| self.at(column, row)[0]).collect()
    }
}

/// The greys that a picture has to be painted in between two levels: the arithmetic of a linear
/// window (PS3.3 C.11.2.1.3.2), written down a second time.
pub(super) fn greys_of(pattern: Pattern, lower: f64, upper: f64) -> Vec<u8> {
    let [columns, rows] = pattern.size();
    let grey = |value: u16| {
        let place = ((f64::from(value) - lower) / (upper - lower)).clamp(0.0, 1.0);
        (255.0 * place + 0.5).floor() as u8
    };
    let line = |row| (0..columns).map(move |column| pattern.value(column, row));
    (0..rows).flat_map(line).map(grey).collect()
}
