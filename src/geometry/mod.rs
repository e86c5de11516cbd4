//! Points that know which space they live in, and the few shapes the viewer draws with.
//!
//! A transform is named right to left, `view_from_pixel`, and the compiler checks the spaces.

mod contour;
mod curve;
mod mirror;
mod outline;
mod space;
mod warp;

pub use contour::edge_of;
pub use curve::Curve;
pub use mirror::MirrorLine;
pub use outline::{Outline, OutlineError};
pub use space::{Patient, Pixel, Plane, Point, Side, Spacing, Transform, Vector, View};
pub use warp::Warp;
