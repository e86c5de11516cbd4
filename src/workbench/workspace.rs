//! What is open and how it is shown.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::geometry::{Pixel, Plane, Point, Spacing, Transform, Vector, View};
use crate::picture::{Colormap, Sampling, Window};
use crate::study::{Frame, FrameKey, Study};

use super::arrange::Selection;
use super::cine::Cine;
use super::command::Show;
use super::compare::Comparison;
use super::hanging;
use super::levels::Standard;

/// The panes of a study. They may hold frames of other open studies too: priors.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Workspace {
    /// Row by row, left to right.
    pub panes: Vec<Pane>,
    pub arrangement: Arrangement,
    pub links: Links,
    /// The study that stands beside this one.
    pub comparison: Option<Comparison>,
    pub active: usize,
    pub corner_texts: bool,
    pub overlays: bool,
    /// The bones in colours, over the frames.
    pub bones: bool,
    /// The asymmetry map over the frames.
    pub symmetry: bool,
    /// Frames seen from behind are mirrored on the screen, so that both views of a pair have one
    /// side of the patient on one side.
    pub mirror_posterior: bool,
    /// What the panes were chosen by, where they are frames in rows and columns.
    pub selection: Option<Selection>,
    pub cine: Cine,
    /// The hanging protocol that the layout follows, until the reader makes another.
    pub protocol: Option<String>,
    /// Sizes of the groups of panes that stay in one row while the columns fit the canvas; empty
    /// where the columns stand.
    pub(super) groups: Vec<usize>,
    /// Width and height of what the panes share, in points, as the window says.
    pub canvas: Canvas,
}

/// How large the panes' area is, in points.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Canvas {
    pub width: f64,
    pub height: f64,
}

impl Default for Canvas {
    /// That of a window of 1280 × 800 points, for those who have none.
    fn default() -> Self {
        Self { width: 590.0, height: 690.0 }
    }
}

impl Canvas {
    pub(super) fn size(self) -> [f64; 2] {
        [self.width, self.height]
    }
}

/// How the panes share the canvas: rows of cells, filled row by row.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Arrangement {
    /// Relative widths of the columns; never empty.
    pub columns: Vec<f64>,
}

/// What the panes have in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Links {
    /// Zoom and pan.
    pub camera: bool,
    /// Levels, in percent of each frame's own reference, among the panes of one group.
    pub window: bool,
}

/// One frame on the canvas.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Pane {
    pub frame: FrameKey,
    pub look: Look,
    #[serde(default)]
    pub camera: Camera,
    /// Panes with linked windows follow those of their own group: a second intensity has another.
    #[serde(default)]
    pub group: u8,
}

/// How values become colours.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Look {
    pub window: Window,
    pub colormap: Colormap,
    pub sampling: Sampling,
    /// The level that 100 % stands for, in the frame's unit.
    pub reference: f64,
    /// What that level is.
    #[serde(default)]
    pub standard: Standard,
}

/// Where the pane looks, independent of its size on the screen.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Camera {
    /// The point of the frame in the middle of the pane; `None` keeps the frame centred.
    pub center: Option<Point<Plane>>,
    /// 1 fits the whole frame.
    pub zoom: f64,
    /// Left and right exchanged on the screen.
    pub mirrored: bool,
}

impl Default for Camera {
    fn default() -> Self {
        Self { center: None, zoom: 1.0, mirrored: false }
    }
}

impl Default for Arrangement {
    fn default() -> Self {
        Self { columns: vec![1.0] }
    }
}

impl Default for Links {
    fn default() -> Self {
        Self { camera: true, window: true }
    }
}

impl Arrangement {
    /// So many columns of equal width.
    pub fn columns(count: usize) -> Self {
        Self { columns: vec![1.0; count.max(1)] }
    }

    /// Where `count` panes stand on a canvas of `size`, `gap` apart: x, y, width, height.
    pub fn cells(&self, count: usize, size: [f64; 2], gap: f64) -> Vec<[f64; 4]> {
        let columns = self.columns.len().clamp(1, count.max(1));
        let widths: Vec<f64> =
            self.columns.iter().take(columns).map(|w| if *w > 0.0 { *w } else { 1.0 }).collect();
        let total: f64 = widths.iter().sum();
        let rows = count.div_ceil(columns).max(1);
        let room = [
            (size[0] - gap * (columns - 1) as f64).max(0.0),
            (size[1] - gap * (rows - 1) as f64).max(0.0),
        ];
        let height = room[1] / rows as f64;
        (0..count)
            .map(|index| {
                let (row, column) = (index / columns, index % columns);
                let before: f64 = widths[..column].iter().sum();
                let x = room[0] * before / total + gap * column as f64;
                let y = (height + gap) * row as f64;
                [x, y, room[0] * widths[column] / total, height]
            })
            .collect()
    }
}

/// Zoom beyond these would lose the image or its pixels.
const ZOOM: std::ops::RangeInclusive<f64> = 0.2..=200.0;

impl Camera {
    /// Where the frame's pixel centres lie on a canvas of `size` points. The head is up where the
    /// file says which way the frame is turned.
    pub fn view_from_pixel(&self, frame: &Frame, size: [f64; 2]) -> Transform<Pixel, View> {
        let spacing = frame.spacing_or_unit();
        let (width, height) =
            (frame.columns() as f64 * spacing.x(), frame.rows() as f64 * spacing.y());
        let fit = (size[0] / width.max(1e-9)).min(size[1] / height.max(1e-9));
        let scale = fit * self.zoom;
        let center = self.center.unwrap_or_else(|| middle(frame, spacing));
        let [across, down] = self.turns(frame).map(|turn| turn * scale);
        spacing
            .plane_from_pixel()
            .then_translate(-center.to_vector())
            .then(&Transform::<Plane, View>::scale(across, down))
            .then_translate(Vector::new(0.5 * size[0], 0.5 * size[1]))
    }
}

impl Camera {
    /// Which way the frame's columns and rows run on the screen: 1 or −1 each.
    fn turns(&self, frame: &Frame) -> [f64; 2] {
        let upside_down = frame.laterality.head_at_first_row == Some(false);
        [if self.mirrored { -1.0 } else { 1.0 }, if upside_down { -1.0 } else { 1.0 }]
    }
}

/// The frames in these panes, whatever their number.
fn shown(panes: &[Pane]) -> BTreeSet<&FrameKey> {
    panes.iter().map(|pane| &pane.frame).collect()
}

fn middle(frame: &Frame, spacing: Spacing) -> Point<Plane> {
    spacing.plane_from_pixel().transform_point(Point::new(
        0.5 * (frame.columns() as f64 - 1.0),
        0.5 * (frame.rows() as f64 - 1.0),
    ))
}

impl Look {
    /// What a reader expects to see first.
    pub fn opening(frame: &Frame) -> Self {
        let window = Window::automatic(&frame.values);
        Self {
            window,
            colormap: Colormap::default(),
            sampling: Sampling::default(),
            reference: window.upper,
            standard: Standard::default(),
        }
    }
}

impl Workspace {
    /// The first layout for a study, by the first of our hanging protocols that fits it. Without a
    /// frame that can be shown there is no pane.
    pub fn hang(study: &Study) -> Self {
        let mut workspace = Self { corner_texts: true, overlays: true, ..Self::default() };
        for protocol in hanging::built_in() {
            let hung = hanging::hang(protocol, study, None, workspace.canvas.size());
            if let Some(hung) = hung {
                workspace.follow(hung, &protocol.title, &[study]);
                break;
            }
        }
        workspace
    }

    pub fn pane(&self, index: usize) -> Option<&Pane> {
        self.panes.get(index)
    }

    pub fn active_pane(&self) -> Option<&Pane> {
        self.panes.get(self.active)
    }

    /// How a frame is looked at, where it is on show.
    pub fn look_of(&self, frame: &FrameKey) -> Option<&Look> {
        self.panes.iter().find(|p| p.frame == *frame).map(|p| &p.look)
    }

    /// Applies a change of what is shown. `frames` finds a frame among all open studies. A pane or
    /// frame that does not exist is left alone.
    pub fn apply<'a>(&mut self, show: Show, frames: &dyn Fn(&FrameKey) -> Option<&'a Frame>) {
        match show {
            Show::Activate(pane) => {
                if pane < self.panes.len() {
                    self.active = pane;
                }
            }
            Show::CornerTexts(on) => self.corner_texts = on,
            Show::Bones(on) => self.bones = on,
            Show::Overlays(on) => self.overlays = on,
            Show::Symmetry(on) => self.symmetry = on,
            Show::Link(links) => self.links = links,
            Show::Layout { columns, panes } => {
                let panes: Vec<Pane> =
                    panes.into_iter().filter(|p| frames(&p.frame).is_some()).collect();
                if !panes.is_empty() && !columns.is_empty() {
                    // Other looks at the same frames are still the same comparison.
                    if shown(&panes) != shown(&self.panes) {
                        self.comparison = None;
                    }
                    self.panes = panes;
                    self.arrangement = Arrangement { columns };
                    self.leave_pages();
                    self.active = self.active.min(self.panes.len() - 1);
                    if self.mirror_posterior {
                        self.face_the_reader(0.., frames);
                    }
                }
            }
            Show::Frame { pane, frame } => {
                if let (Some(slot), Some(shown)) = (self.panes.get_mut(pane), frames(&frame)) {
                    let before = frames(&slot.frame);
                    slot.show(frame, shown, before);
                    if self.mirror_posterior {
                        self.face_the_reader(pane..pane + 1, frames);
                    }
                }
            }
            Show::Window { pane, lower, upper } => {
                if lower.is_finite() && upper.is_finite() && upper > lower {
                    self.levels(pane, lower, upper);
                }
            }
            // They depend on the findings: the bench sees to them.
            Show::AutoWindow { .. }
            | Show::Lesion { .. }
            | Show::Standard { .. }
            | Show::Anchor => {}
            Show::Cut { pane, cut } => {
                if cut.is_none_or(f64::is_finite) {
                    self.look(pane, frames, |look, _| look.window.cut = cut);
                }
            }
            Show::UpperPercent { pane, percent } => {
                if let Some(reference) = self.pane(pane).map(|p| p.look.reference) {
                    let upper = (reference * percent / 100.0).max(f64::MIN_POSITIVE);
                    self.levels(pane, 0.0, upper);
                }
            }
            Show::Transfer { pane, transfer } => {
                self.look(pane, frames, |look, _| look.window.transfer = transfer);
            }
            Show::Colormap { pane, colormap } => {
                self.look(pane, frames, |look, _| look.colormap = colormap);
            }
            Show::Sampling { pane, sampling } => {
                self.look(pane, frames, |look, _| look.sampling = sampling);
            }
            Show::Zoom { pane, about, factor } => {
                self.camera(pane, frames, |camera, spacing, center| {
                    let zoom = (camera.zoom * factor).clamp(*ZOOM.start(), *ZOOM.end());
                    let about = spacing.plane_from_pixel().transform_point(about);
                    camera.center = Some(about + (center - about) * (camera.zoom / zoom));
                    camera.zoom = zoom;
                })
            }
            Show::Pan { pane, by } => self.camera(pane, frames, |camera, spacing, center| {
                camera.center = Some(center + spacing.plane_from_pixel().transform_vector(by));
            }),
            Show::Fit { pane } => self.camera(pane, frames, |camera, _, _| {
                *camera = Camera { mirrored: camera.mirrored, ..Camera::default() };
            }),
            Show::MirrorPosterior(on) => {
                self.mirror_posterior = on;
                self.face_the_reader(0.., frames);
            }
            Show::Mirror { pane } => {
                if let Some(pane) = self.panes.get_mut(pane) {
                    pane.camera.mirrored = !pane.camera.mirrored;
                }
            }
            // The bench does these: they ask which frames a study has.
            Show::Arrange(_) | Show::Canvas(_) | Show::Cine(_) | Show::Scrub(_) | Show::Hang(_) => {
            }
        }
    }

    /// New levels for a pane and, where windows are linked, the same percentages for its group.
    fn levels(&mut self, index: usize, lower: f64, upper: f64) {
        let Some(pane) = self.panes.get_mut(index) else { return };
        (pane.look.window.lower, pane.look.window.upper) = (lower, upper);
        let (group, reference) = (pane.group, pane.look.reference);
        if !self.links.window || reference <= 0.0 {
            return;
        }
        for (other, pane) in self.panes.iter_mut().enumerate() {
            if other != index && pane.group == group && pane.look.reference > 0.0 {
                let scale = pane.look.reference / reference;
                let window = &mut pane.look.window;
                (window.lower, window.upper) = (lower * scale, upper * scale);
            }
        }
    }

    /// Changes a pane's look and, where windows are linked, that of its group.
    fn look<'a>(
        &mut self,
        index: usize,
        frames: &dyn Fn(&FrameKey) -> Option<&'a Frame>,
        change: impl Fn(&mut Look, &Frame),
    ) {
        let Some(group) = self.pane(index).map(|p| p.group) else { return };
        let linked = self.links.window;
        for (other, pane) in self.panes.iter_mut().enumerate() {
            if (other == index || linked && pane.group == group)
                && let Some(frame) = frames(&pane.frame)
            {
                change(&mut pane.look, frame);
            }
        }
    }

    /// Moves a pane's camera and, where cameras are linked, all others by as much on the screen.
    fn camera<'a>(
        &mut self,
        index: usize,
        frames: &dyn Fn(&FrameKey) -> Option<&'a Frame>,
        change: impl FnOnce(&mut Camera, Spacing, Point<Plane>),
    ) {
        let Some(pane) = self.panes.get_mut(index) else { return };
        let Some(frame) = frames(&pane.frame) else { return };
        let spacing = frame.spacing_or_unit();
        let home = middle(frame, spacing);
        let center = pane.camera.center.unwrap_or(home);
        change(&mut pane.camera, spacing, center);
        if !self.links.camera {
            return;
        }
        let Camera { center, zoom, .. } = pane.camera;
        let turned = pane.camera.turns(frame);
        let moved = center.map(|center| center - home);
        for (other, pane) in self.panes.iter_mut().enumerate() {
            if other == index {
                continue;
            }
            let Some(frame) = frames(&pane.frame) else { continue };
            let turns = pane.camera.turns(frame);
            let along = |axis: usize| turned[axis] * turns[axis];
            let home = middle(frame, frame.spacing_or_unit());
            pane.camera.center =
                moved.map(|by| home + Vector::new(by.x * along(0), by.y * along(1)));
            pane.camera.zoom = zoom;
        }
    }
}

impl Pane {
    /// `None` when the study has no such frame.
    pub fn new(study: &Study, frame: FrameKey) -> Option<Self> {
        let look = Look::opening(study.frame(&frame)?);
        Some(Self { frame, look, camera: Camera::default(), group: 0 })
    }

    /// Puts another frame into the pane. What the reader set stays: the map, and between frames of
    /// one unit the levels in percent of the reference; between frames of one size the camera.
    fn show(&mut self, key: FrameKey, frame: &Frame, before: Option<&Frame>) {
        let opening = Look::opening(frame);
        // Percentages of something else mean nothing on a new frame.
        let automatic = self.look.standard == Standard::Automatic;
        self.look.standard = Standard::Automatic;
        let alike = before.filter(|b| automatic && b.values.unit == frame.values.unit);
        let Look { window, reference, .. } = self.look;
        self.look.reference = opening.reference;
        (self.look.window.lower, self.look.window.upper) = match alike {
            Some(_) if reference > 0.0 && opening.reference > 0.0 => {
                let scale = opening.reference / reference;
                (window.lower * scale, window.upper * scale)
            }
            _ => (opening.window.lower, opening.window.upper),
        };
        let extent = |f: &Frame| (f.columns(), f.rows(), f.spacing);
        if before.map(extent) != Some(extent(frame)) {
            self.camera.center = None;
        }
        self.frame = key;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn panes_fill_the_canvas_row_by_row() {
        let two = Arrangement { columns: vec![3.0, 1.0] };
        let cells = two.cells(3, [402.0, 202.0], 2.0);
        assert_eq!(cells[0], [0.0, 0.0, 300.0, 100.0]);
        assert_eq!(cells[1], [302.0, 0.0, 100.0, 100.0]);
        assert_eq!(cells[2], [0.0, 102.0, 300.0, 100.0]);
        // A lone pane has the whole canvas, however many columns there might be.
        assert_eq!(Arrangement::columns(4).cells(1, [100.0, 50.0], 2.0), [[0.0, 0.0, 100.0, 50.0]]);
        assert!(Arrangement::default().cells(0, [100.0, 50.0], 2.0).is_empty());
    }
}
