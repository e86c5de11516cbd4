//! Numbers drawn from the record. Pure functions: same input, same digits.
//!
//! A region's pixels become statistics (`roi_stats`), counts become intervals (`poisson`, and
//! `ratio` over the `binomial` law), the view's own symmetry gives the midline (`body`,
//! `find_midline`), and `compute` puts all of it into the one `Sheet` that everything shows.

mod binomial;
mod body;
mod change;
mod compute;
mod dispersion;
mod drawn;
mod estimate;
mod find_midline;
#[cfg(test)]
mod fixture;
mod follow_up;
mod poisson;
mod ratio;
mod remark;
mod roi_stats;
mod sheet;

pub use change::change;
pub use compute::DOUBTFUL_MIDLINE;
pub use dispersion::dispersion;
pub use drawn::{AnnotationRow, Measured};
pub use estimate::{Estimate, Interval, Method};
pub use find_midline::find_midline;
pub use follow_up::{FollowUp, NoFollowUp};
pub use poisson::interval_of_count;
pub use ratio::{CountRatio, ratio_of_counts};
pub use roi_stats::MeasuredFrame;
pub use sheet::{MidlineRow, RatioRow, RegionStats, RoiRow, Sheet, TwinRow};
