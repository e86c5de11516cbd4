//! Numbers drawn from the record. Pure functions: same input, same digits.
//!
//! A region's pixels become statistics (`roi_stats`), counts become intervals (`poisson`, and
//! `ratio` over the `binomial` law), the view's own symmetry gives the midline (`body`,
//! `find_midline`), and `compute` puts all of it into the one `Sheet` that everything shows.
//!
//! A ratio is surrounded by what it stands on: the background it may be taken over (`net_ratio`),
//! how far the drawing hand moves it (`jitter`), what many of them leave of each
//! (`false_discovery`), and whether the image scatters as counts do at all (`dispersion`). Ratios
//! of prescribed regions, with what was published of them, are in `index`.
//!
//! What follows a region through time, along a line, among its pixels and into the opposite view
//! is `time_curve`, `profile`, `histogram` and `conjugate` with its `geometric_mean`: computed
//! when somebody looks. `transfer` carries a region to another image of its own view.
//! `asymmetry` compares the sides everywhere, and `bone_scan_index` sums what lesions involve.
//! `skeleton` names the bone under each pixel, an atlas laid over the patient.
//! `hotspots` proposes places to look at.
//! `quality` asks whether the scan is as good as it should be; `derive` makes series of the
//! recorded ones: copies of fewer counts (`thin`) and sums.

mod asymmetry;
mod binomial;
mod body;
mod bone_scan_index;
mod change;
mod compute;
mod conjugate;
mod conjugate_pairs;
mod derive;
mod dispersion;
mod drawn;
mod estimate;
mod false_discovery;
mod find_midline;
#[cfg(test)]
mod fixture;
mod follow_up;
mod geometric_mean;
mod histogram;
mod hotspots;
mod index;
mod jitter;
mod lesion_ratio;
mod net_ratio;
mod place;
mod poisson;
mod profile;
mod quality;
mod ratio;
mod registration;
mod remark;
mod roi_stats;
mod sheet;
mod skeleton;
mod thin;
mod time_curve;
mod transfer;

pub use asymmetry::{
    AsymmetricArea, AsymmetryMap, FALSE_DISCOVERIES, NoAsymmetry, Sign, asymmetry_map,
};
pub use bone_scan_index::{
    BoneScanIndex, IndexedLesion, InvolvedPart, NamedView, NoIndex, bone_scan_index,
};
pub use change::change;
pub use compute::DOUBTFUL_MIDLINE;
pub use conjugate::{
    ConjugateView, NoConjugate, conjugate_frame, conjugate_outline, conjugate_point, opposite,
};
pub use conjugate_pairs::{ConjugatePair, conjugate_pair, conjugate_pairs};
pub use derive::{DeriveError, derive};
pub use dispersion::dispersion;
pub use drawn::{AnnotationRow, Measured};
pub use estimate::{Estimate, Interval, Method};
pub use false_discovery::q_values;
pub use find_midline::find_midline;
pub use follow_up::{FollowUp, NoFollowUp};
pub use geometric_mean::{GeometricMean, geometric_mean, mean_of_ratios};
pub use histogram::{Bin, Histogram, histogram};
pub use hotspots::{
    Evidence, Ground, HOTSPOT_THRESHOLD, Hotspot, HotspotKind, HotspotView, Reason, find_hotspots,
    normal_uptake_map, uptake_by_place,
};
pub use index::{
    ComparedRange, FormulaKind, IndexPreset, IndexResult, IndexRow, Lies, NormalRange, OwnRanges,
    PlacedRegion, Placement, SourceMark, place_index,
};
pub use jitter::Jitter;
pub use net_ratio::{Density, net_counts, net_ratio};
pub use poisson::interval_of_count;
pub use profile::{
    MirroredProfile, NoProfile, Profile, ProfileSide, line_profile, mirrored_profile,
};
pub use quality::{
    Check, FrameFacts, Limit, Place, QualityCheck, Verdict, quality_of, scan_quality,
};
pub use ratio::{CountRatio, ratio_of_counts};
pub use registration::find_symmetry;
pub use roi_stats::MeasuredFrame;
pub use sheet::{BackgroundRow, MidlineRow, RatioRow, RegionStats, RoiRow, Sheet, TwinRow};
pub use skeleton::{BoneRun, Label, NoSkeleton, Skeleton};
pub use thin::{ThinError, thin};
pub use time_curve::{
    CurvePoint, CurveSum, CurveValue, NoCurve, TimeAxis, TimeCurve, frames_in_time, region_curve,
    time_curve,
};
pub use transfer::{NoTransfer, same_place};
