//! The window's panels. Each looks at the bench and says what the reader wants.

mod annotations;
mod card;
mod compare;
mod conjugate;
mod display;
mod indices;
mod layout;
mod proposals;
mod quality;
mod report;
mod results;
mod site;
mod studies;
mod thinning;
mod thumbnails;

pub use compare::Compare;
pub use display::{Display, colormap_words, sampling_words};
pub use layout::{Layout, modes, protocols};
pub use quality::Quality;
pub use report::{ReportPage, identity_choice};
pub use results::Results;
pub use studies::Studies;
