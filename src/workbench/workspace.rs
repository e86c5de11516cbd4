//! What is open and how it is shown.

use crate::geometry::{Pixel, Plane, Point, Spacing, Transform, Vector, View};
use crate::picture::{Colormap, Sampling, Window};
use crate::study::{Frame, FrameKey, Study};

use super::command::Show;

/// The panes of the active study.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Workspace {
    pub panes: Vec<Pane>,
    pub active: usize,
    pub corner_texts: bool,
    pub overlays: bool,
}

/// One frame on the canvas.
#[derive(Clone, Debug, PartialEq)]
pub struct Pane {
    pub frame: FrameKey,
    pub look: Look,
    pub camera: Camera,
}

/// How values become colours.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Look {
    pub window: Window,
    pub colormap: Colormap,
    pub sampling: Sampling,
}

/// Where the pane looks, independent of its size on the screen.
#[derive(Clone, Copy, Debug, PartialEq)]
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
        let across = if self.mirrored { -scale } else { scale };
        let upside_down = frame.laterality.head_at_first_row == Some(false);
        let down = if upside_down { -scale } else { scale };
        spacing
            .plane_from_pixel()
            .then_translate(-center.to_vector())
            .then(&Transform::<Plane, View>::scale(across, down))
            .then_translate(Vector::new(0.5 * size[0], 0.5 * size[1]))
    }
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
        Self {
            window: Window::automatic(&frame.values),
            colormap: Colormap::default(),
            sampling: Sampling::default(),
        }
    }
}

impl Workspace {
    /// The first layout for a study: the anterior and posterior views of its first whole-body
    /// series side by side, else the first frames of its first series that can be shown.
    pub fn hang(study: &Study) -> Self {
        let mut order: Vec<_> = study.series.iter().filter(|s| !s.frames.is_empty()).collect();
        order.sort_by_key(|s| {
            use crate::study::SeriesKind::*;
            match s.kind {
                WholeBody => 0,
                Static => 1,
                Dynamic | Gated => 2,
                _ => 3,
            }
        });
        let panes = order.first().map_or_else(Vec::new, |series| {
            series
                .opening_frames()
                .into_iter()
                .map(|frame| Pane::new(study, FrameKey { series: series.uid.clone(), frame }))
                .collect()
        });
        Self {
            panes: panes.into_iter().flatten().collect(),
            active: 0,
            corner_texts: true,
            overlays: true,
        }
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

    /// Applies a change of what is shown. A pane that does not exist is left alone.
    pub fn apply(&mut self, show: Show, study: &Study) {
        match show {
            Show::Activate(pane) => {
                if pane < self.panes.len() {
                    self.active = pane;
                }
            }
            Show::CornerTexts(on) => self.corner_texts = on,
            Show::Overlays(on) => self.overlays = on,
            Show::Frame { pane, frame } => {
                if let (Some(slot), Some(new)) = (self.panes.get_mut(pane), Pane::new(study, frame))
                {
                    *slot = new;
                }
            }
            Show::Window { pane, lower, upper } => {
                self.look(
                    pane,
                    |look, _| {
                        if lower.is_finite() && upper.is_finite() && upper > lower {
                            (look.window.lower, look.window.upper) = (lower, upper);
                        }
                    },
                    study,
                );
            }
            Show::AutoWindow { pane } => self.look(
                pane,
                |look, frame| {
                    let transfer = look.window.transfer;
                    look.window = Window { transfer, ..Window::automatic(&frame.values) };
                },
                study,
            ),
            Show::UpperPercent { pane, percent } => self.look(
                pane,
                |look, frame| {
                    let reference = Window::automatic(&frame.values).upper;
                    look.window.lower = 0.0;
                    look.window.upper = (reference * percent / 100.0).max(f64::MIN_POSITIVE);
                },
                study,
            ),
            Show::Transfer { pane, transfer } => {
                self.look(pane, |look, _| look.window.transfer = transfer, study);
            }
            Show::Colormap { pane, colormap } => {
                self.look(pane, |look, _| look.colormap = colormap, study);
            }
            Show::Sampling { pane, sampling } => {
                self.look(pane, |look, _| look.sampling = sampling, study);
            }
            Show::Zoom { pane, about, factor } => {
                self.camera(pane, study, |camera, spacing, center| {
                    let zoom = (camera.zoom * factor).clamp(*ZOOM.start(), *ZOOM.end());
                    let about = spacing.plane_from_pixel().transform_point(about);
                    camera.center = Some(about + (center - about) * (camera.zoom / zoom));
                    camera.zoom = zoom;
                })
            }
            Show::Pan { pane, by } => self.camera(pane, study, |camera, spacing, center| {
                camera.center = Some(center + spacing.plane_from_pixel().transform_vector(by));
            }),
            Show::Fit { pane } => self.camera(pane, study, |camera, _, _| {
                *camera = Camera { mirrored: camera.mirrored, ..Camera::default() };
            }),
            Show::Mirror { pane } => {
                self.camera(pane, study, |camera, _, _| camera.mirrored = !camera.mirrored);
            }
        }
    }

    fn look(&mut self, pane: usize, change: impl FnOnce(&mut Look, &Frame), study: &Study) {
        if let Some(pane) = self.panes.get_mut(pane)
            && let Some(frame) = study.frame(&pane.frame)
        {
            change(&mut pane.look, frame);
        }
    }

    fn camera(
        &mut self,
        pane: usize,
        study: &Study,
        change: impl FnOnce(&mut Camera, Spacing, Point<Plane>),
    ) {
        if let Some(pane) = self.panes.get_mut(pane)
            && let Some(frame) = study.frame(&pane.frame)
        {
            let spacing = frame.spacing_or_unit();
            let center = pane.camera.center.unwrap_or_else(|| middle(frame, spacing));
            change(&mut pane.camera, spacing, center);
        }
    }
}

impl Pane {
    /// `None` when the study has no such frame.
    pub fn new(study: &Study, frame: FrameKey) -> Option<Self> {
        let look = Look::opening(study.frame(&frame)?);
        Some(Self { frame, look, camera: Camera::default() })
    }
}
