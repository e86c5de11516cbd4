//! The linked cursor: the place under the pointer, marked in the opposite view too.

use egui::{Painter, Vec2};

use crate::geometry::{Pixel, Point, Transform, Vector, View};
use crate::picture::{Mark, Rgb, Stroke, StrokeKind};
use crate::report::{number, words};
use crate::study::FrameKey;
use crate::text::tr;
use crate::workbench::{Conjugate, Place, Workbench, conjugate_of};

use super::{describe, marks};

/// The accent of the interface, as on the images.
const CROSS: Rgb = Rgb(232, 163, 61);
/// From the place to where an arm begins and ends, in points.
const GAP: f64 = 4.0;
const ARM: f64 = 13.0;

/// A place and where it is seen again.
pub struct Cursor {
    place: Place,
    /// The pane that the pointer is in: it needs no mark.
    pane: Option<usize>,
    conjugate: Option<Conjugate>,
}

impl Cursor {
    /// The place under the pointer, else the one that the reader pinned.
    pub fn find(bench: &Workbench, hovered: Option<(usize, Place)>) -> Option<Self> {
        let (pane, place) = match hovered {
            Some((pane, place)) => (Some(pane), place),
            None => (None, bench.crosshair()?.clone()),
        };
        let conjugate = conjugate_of(bench, &place).ok();
        Some(Self { place, pane, conjugate })
    }

    /// Marks the places in one pane.
    pub fn paint(
        &self,
        painter: &Painter,
        origin: Vec2,
        pane: usize,
        frame: &FrameKey,
        view_from_pixel: Transform<Pixel, View>,
    ) {
        let here = (*frame == self.place.frame && self.pane != Some(pane)).then_some(self.place.at);
        let there = self.conjugate.as_ref().map(|c| &c.place).filter(|p| p.frame == *frame);
        for at in here.into_iter().chain(there.map(|place| place.at)) {
            marks::paint(painter, origin, &cross(view_from_pixel.transform_point(at)));
        }
    }
}

/// Four arms round a place that stays free.
fn cross(at: Point<View>) -> Vec<Mark> {
    let stroke = Stroke { color: CROSS, width: 1.5, kind: StrokeKind::Solid, halo: true };
    let arm = |x: f64, y: f64| {
        let way = Vector::new(x, y);
        let points = vec![at + way * GAP, at + way * ARM];
        Mark::Line { points, closed: false, stroke }
    };
    vec![arm(1.0, 0.0), arm(-1.0, 0.0), arm(0.0, 1.0), arm(0.0, -1.0)]
}

/// What the status line says of a pixel, and of its conjugate: `Posterior 31 counts   geometric
/// mean 27.3`.
pub fn with_conjugate(said: String, bench: &Workbench, place: &Place) -> String {
    let Ok(conjugate) = conjugate_of(bench, place) else { return said };
    let Some(frame) = bench.frame(&conjugate.place.frame) else { return said };
    let value =
        conjugate.value.map_or(number::NONE.to_owned(), |value| match value.fract() == 0.0 {
            true => number::total(value),
            false => number::value(value),
        });
    let there = tr(
        "readout-conjugate",
        &[
            ("view", words::view(conjugate.view).into()),
            ("value", value.into()),
            ("unit", frame.values.unit.as_str().into()),
        ],
    );
    let mean = conjugate.geometric_mean.map(|mean| {
        format!("   {}", tr("readout-geometric-mean", &[("value", number::value(mean).into())]))
    });
    format!("{said}   ·   {there}{}", mean.unwrap_or_default())
}

/// What the status line says of the pinned place.
pub fn pinned(bench: &Workbench) -> Option<String> {
    let place = bench.crosshair()?;
    let panes = &bench.workspace()?.panes;
    let pane = panes.iter().find(|pane| pane.frame == place.frame)?;
    let said = describe::pixel(bench, pane, bench.frame(&place.frame)?, place.at)?;
    Some(with_conjugate(said, bench, place))
}
