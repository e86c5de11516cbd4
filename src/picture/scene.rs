//! One pane's picture as plain data: every painter given the same scene draws the same thing.

use crate::geometry::{Pixel, Point, Transform, View};
use crate::study::{FrameKey, Rescale, Values};

use super::{Colormap, Window};

/// One pane, complete. Sizes and `View` coordinates are canvas points, y down; a painter may scale
/// them all by a pixel density.
#[derive(Clone, Debug)]
pub struct Scene {
    /// Width and height of the canvas.
    pub size: [f64; 2],
    /// Behind and around the images.
    pub surround: Rgb,
    /// Back to front.
    pub layers: Vec<Layer>,
    /// Back to front, over all layers.
    pub marks: Vec<Mark>,
}

/// One frame as a picture.
#[derive(Clone, Debug)]
pub struct Layer {
    /// Names the frame, so that a painter can keep its texture.
    pub key: FrameKey,
    pub values: Values,
    pub window: Window,
    pub colormap: Colormap,
    pub sampling: Sampling,
    /// Where the stored frame's pixel centres lie on the canvas. Mirroring for display is a
    /// negative scale here, never a change of the pixels.
    pub view_from_pixel: Transform<Pixel, View>,
    /// The part of the canvas that the layer may cover: x, y, width, height.
    pub clip: [f64; 4],
    pub ink: Ink,
}

/// Which of a pixel's colours a layer paints; it leaves the others as they are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Ink {
    #[default]
    All,
    Red,
    Green,
    Blue,
}

impl Ink {
    pub const ALL: [Self; 4] = [Self::All, Self::Red, Self::Green, Self::Blue];

    /// Whether red, green and blue are painted.
    pub fn channels(self) -> [bool; 3] {
        [Self::Red, Self::Green, Self::Blue].map(|one| self == Self::All || self == one)
    }
}

/// How values between pixel centres are found.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Sampling {
    /// The pixels as they are.
    Nearest,
    /// Straight lines between pixel centres.
    Bilinear,
    /// Catmull–Rom, clamped at the frame's edge.
    #[default]
    Bicubic,
    /// Windowed sinc over six pixels: the sharpest, and the one that rings at hot spots.
    Lanczos,
}

impl Sampling {
    pub const ALL: [Self; 4] = [Self::Nearest, Self::Bilinear, Self::Bicubic, Self::Lanczos];
}

/// sRGB, as displayed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub struct Rgb(pub u8, pub u8, pub u8);

/// Something drawn over the image. Places are canvas points: whoever composes the scene has
/// already taken frames to the canvas.
#[derive(Clone, Debug, PartialEq)]
pub enum Mark {
    /// A line through the points; closed when `closed`.
    Line { points: Vec<Point<View>>, closed: bool, stroke: Stroke },
    /// A small square to drag.
    Handle { at: Point<View>, color: Rgb },
    /// One line of text with a dark halo, so that it reads on any image.
    Text { at: Point<View>, align: Align, size: f64, color: Rgb, text: String },
    /// A colour bar: top left corner, width and height, and the values at its foot and top. Equal
    /// lengths are equal differences of value, so it shows what window and map do to a ramp.
    ColorBar {
        at: Point<View>,
        size: [f64; 2],
        colormap: Colormap,
        window: Window,
        range: [f64; 2],
    },
    /// A rectangle that colours what lies under it: x, y, width, height; opacity from 0 to 1.
    Tint { area: [f64; 4], color: Rgb, opacity: f64 },
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stroke {
    pub color: Rgb,
    pub width: f64,
    pub kind: StrokeKind,
    /// A wider black line beneath, because light lines vanish on inverted grey.
    pub halo: bool,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum StrokeKind {
    #[default]
    Solid,
    /// A derived twin.
    Dashed,
    /// Not confirmed by the reader.
    Dotted,
}

/// Which point of a text `at` names: first horizontal, then vertical.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Align {
    LeftTop,
    CenterTop,
    RightTop,
    LeftCenter,
    Center,
    RightCenter,
    LeftBottom,
    CenterBottom,
    RightBottom,
}

impl Layer {
    /// The frame as painters take it: a layer, or one for each of red, green and blue where the
    /// picture was captured in colour, which no window and no map changes.
    pub fn inks(self) -> Vec<Self> {
        let Some(colors) = self.values.colors.clone() else { return vec![self] };
        let one = |(ink, pixels)| Self {
            key: self.key.clone(),
            values: Values {
                pixels,
                rescale: Rescale::IDENTITY,
                colors: None,
                ..self.values.clone()
            },
            window: Window::linear(0.0, 255.0),
            colormap: Colormap::Grey,
            ink,
            ..self
        };
        [Ink::Red, Ink::Green, Ink::Blue].into_iter().zip(colors).map(one).collect()
    }

    /// Where a canvas point lies in the stored frame; `None` when the layer has no size.
    pub fn pixel_at(&self, point: Point<View>) -> Option<Point<Pixel>> {
        Some(self.view_from_pixel.inverse()?.transform_point(point))
    }
}
