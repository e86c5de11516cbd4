//! Pixels to colours, on the CPU. `gpu` paints the same scenes on the graphics card.
//!
//! A `Scene` says what a pane shows. `paint` finds each canvas pixel's place in the stored frame
//! (`Placement`, whole numbers), samples the stored values there (`Stored`), compares the sample
//! with the values at which the colour changes (`Steps`) and looks the colour up (`Colormap`).
//! Both painters follow these same steps in the same arithmetic, so their pictures agree. Marks
//! are drawn over the layers by `paint_marks`, whoever painted them.

mod automatic;
mod color_vision;
mod colormap;
mod diverging;
mod fonts;
mod lut_file;
mod scene;
mod user_map;
mod window;

mod placement;
mod sample;
mod steps;
mod upright;

mod letters;
mod marks;
mod paint;

pub use color_vision::{Vision, color_distance};
pub use colormap::{ColorTable, Colormap};
pub use diverging::diverging;
pub use fonts::fonts;
pub use letters::text_size;
pub use lut_file::{LARGEST_LUT, LutError, read_lut};
pub use marks::{dashes, paint_marks, tick_labels};
pub use paint::{canvas_pixels, paint, paint_layers, usable_scale};
pub use placement::{LARGEST_CANVAS, Placement, snapped};
pub use sample::{Stored, displayed, lanczos};
pub use scene::{Align, Ink, Layer, Mark, Rgb, Sampling, Scene, Stroke, StrokeKind};
pub use steps::Steps;
pub use user_map::{MOST_USER_MAPS, TooManyMaps, UserMap};
pub use window::{GAMMA, Transfer, Window};
