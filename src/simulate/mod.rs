//! Phantom patients and a phantom camera, for learning and for testing against the truth.
//!
//! A *case* names an anatomy with its findings, how the patient lies, and the camera. The body is
//! analytic; *sections* of it are sampled one by one, their light attenuated and blurred on the
//! way to either detector, scatter and counting noise added. A camera passes over the whole body,
//! or stands *still* and counts once, or frame after frame while the tracer's *kinetics* take their
//! course. A *cohort* is patients drawn by lot, and a *chart* says where each of their bones is
//! seen. What comes out is a study like any other, marked as simulated, and the truth about it.
//! Nothing depends on the clock, the machine or the number of threads: the same case, seed and
//! counts are the same bytes everywhere.

mod arithmetic;

mod body;
mod pose;
mod section;
mod stance;

mod blur;
mod camera;
mod noise;
mod projection;

mod chart;
mod contour;
mod lesion;
mod truth;
mod views;

mod acquire;
mod case;
pub mod cohort;
mod kinetics;
mod posture;
mod protocol;
mod record;
mod sources;
mod stage;
mod still;

pub use acquire::{Acquisition, acquire};
pub use case::{Case, CaseInfo, Error, case, cases};
pub use chart::{Chart, Counterpart, Structure};
pub use truth::{
    TrueCurve, TrueFrame, TrueLesion, TrueMidline, TrueSeries, TrueTwin, TrueTwinCurve, Truth,
};
