//! A small picture of a series, to be chosen by.

use crate::picture::{Colormap, Ink, Layer, Rgb, Sampling, Scene, Window};
use crate::study::{FrameKey, Series, Unit};

use super::frame_set::{opening_look, reel};
use super::levels::Standard;
use super::workspace::{Camera, Look};

/// The frame that stands for a series: the first that a reader wants, in the middle of its cine,
/// since a flow begins with nothing.
pub fn thumbnail_frame(series: &Series) -> Option<usize> {
    let first = *series.opening_frames().first()?;
    let reel = reel(series, first);
    reel.get(reel.len() / 2).copied().or(Some(first))
}

/// Its scene on a canvas of `size` points, without marks. `known` is how the frame is looked at
/// where it is on show: its automatic level need not be looked for again.
pub fn thumbnail(
    series: &Series,
    frame: usize,
    size: [f64; 2],
    known: Option<&Look>,
) -> Option<Scene> {
    let shown = series.frames.get(frame)?;
    let counts = shown.values.unit == Unit::Counts;
    let known = known.filter(|l| counts && l.standard == Standard::Automatic && l.reference > 0.0);
    let look = match known {
        Some(known) => Look {
            window: Window::linear(0.0, known.reference),
            colormap: Colormap::default(),
            sampling: Sampling::default(),
            ..*known
        },
        None => opening_look(series, shown),
    };
    let layer = Layer {
        key: FrameKey { series: series.uid.clone(), frame },
        values: shown.values.clone(),
        window: look.window,
        colormap: look.colormap,
        sampling: look.sampling,
        view_from_pixel: Camera::default().view_from_pixel(shown, size),
        clip: [0.0, 0.0, size[0], size[1]],
        ink: Ink::All,
    };
    Some(Scene { size, surround: Rgb(0, 0, 0), layers: layer.inks(), marks: Vec::new() })
}
