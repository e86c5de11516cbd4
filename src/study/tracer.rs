//! The tracer: what was injected, how much, when, and how fast it decays.

use chrono::NaiveDateTime;

use crate::units::{Megabecquerels, Seconds};

/// What the files say of the radiopharmaceutical. A field that no file states stays empty, but for
/// the half-life of a nuclide that they name.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tracer {
    /// `Tc-99m MDP`, as written.
    pub agent: String,
    /// `Tc-99m`.
    pub isotope: String,
    pub injected: Option<Megabecquerels>,
    pub injected_at: Option<NaiveDateTime>,
    pub half_life: Option<Seconds>,
}

impl Tracer {
    /// Minutes between injection and `acquired`, where both are known and in that order.
    pub fn uptake_minutes(&self, acquired: Option<NaiveDateTime>) -> Option<f64> {
        let minutes = (acquired? - self.injected_at?).num_milliseconds() as f64 / 60_000.0;
        (minutes >= 0.0).then_some(minutes)
    }
}

/// Physical half-life of the nuclides a bone reader meets, from ICRP Publication 107, but for two:
/// Sm-153 is UKDD-2012's 46.28 h, and Tc-99m 6.0067 h, which is within 0.2 % of
/// both tables and what the usual decay factors are computed with.
pub fn half_life_of(isotope: &str) -> Option<Seconds> {
    let seconds = match isotope {
        "Tc-99m" => 21_624.1,
        "F-18" => 6_586.2,
        "Ga-68" => 4_062.6,
        "Ga-67" => 3.2612 * 86_400.0,
        "In-111" => 2.8047 * 86_400.0,
        "Lu-177" => 6.647 * 86_400.0,
        "Sm-153" => 46.28 * 3_600.0,
        "Re-186" => 3.7183 * 86_400.0,
        "Re-188" => 17.004 * 3_600.0,
        "Sr-89" => 50.53 * 86_400.0,
        "Ho-166" => 26.80 * 3_600.0,
        "Ra-223" => 11.43 * 86_400.0,
        _ => return None,
    };
    Some(Seconds(seconds))
}
