//! How a tracer comes and goes: blood, what leaks out of it, and what bone keeps.
//!
//! Blood follows the input function of Feng, Huang and Wang (Int J Biomed Comput 1993;32:95): a
//! first pass that fades, and two slower exponentials. Tissue is one compartment fed by it, bone a
//! second one behind that which lets nothing go (Hawkins et al., J Nucl Med 1992;33:633, with
//! k4 = 0). The numbers are a case's own.

use serde::Deserialize;

use super::arithmetic::exp;
use super::body::{BodySide, Shape};

/// Steps of the time axis, s. Frames begin and end on one.
pub const STEP: f64 = 0.25;

/// How the tracer moves in one patient. Times are counted from the injection.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Kinetics {
    pub blood: Blood,
    /// Of everything that is no bone and not in `tissues`.
    pub ordinary: Flow,
    /// How fast the space round bone exchanges with blood, per minute.
    pub bone_exchange_per_min: f64,
    #[serde(default)]
    pub tissues: Vec<Tissue>,
}

/// Tracer in blood as it reaches a tissue; after the first pass it starts from 1.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Blood {
    /// How steeply the first pass rises, per second, and how fast it fades.
    pub rise_per_s: f64,
    pub pass_s: f64,
    /// The part of the rest that leaves fast, and both half-lives.
    pub fast_part: f64,
    pub fast_half_min: f64,
    pub slow_half_min: f64,
}

/// What a tissue takes from blood.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Flow {
    /// When blood brings the first tracer.
    pub arrival_s: f64,
    /// Blood in the tissue, ml/ml: 1 for a vessel.
    pub blood: f64,
    /// Into and out of the space round the cells.
    pub k1_per_min: f64,
    pub k2_per_min: f64,
}

/// Soft tissue of its own: hyperaemia, a vessel.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tissue {
    pub name: String,
    pub region: String,
    pub side: BodySide,
    /// Belongs to the truth as a finding.
    #[serde(default)]
    pub lesion: bool,
    pub flow: Flow,
    pub shapes: Vec<Shape>,
}

/// An activity concentration over time, already summed up from the injection on.
pub struct Course {
    /// `∫ c(t) 2^(−t/T½) dt` up to each step.
    sums: Vec<f64>,
    /// c(t), not decayed.
    values: Vec<f64>,
}

impl Kinetics {
    pub fn sound(&self) -> bool {
        let Blood { rise_per_s, pass_s, fast_part, fast_half_min, slow_half_min } = self.blood;
        let positive = |v: f64| v.is_finite() && v > 0.0;
        let flow = |f: &Flow| {
            (0.0..600.0).contains(&f.arrival_s)
                && (0.0..=1.0).contains(&f.blood)
                && f.k1_per_min >= 0.0
                && positive(f.k2_per_min)
                && f.k1_per_min / f.k2_per_min < 1.0
        };
        let shaped = |t: &Tissue| !t.shapes.is_empty() && t.shapes.iter().all(Shape::sound);
        positive(rise_per_s)
            && positive(pass_s)
            && (0.0..=1.0).contains(&fast_part)
            && positive(fast_half_min)
            && positive(slow_half_min)
            && positive(self.bone_exchange_per_min)
            && flow(&self.ordinary)
            && self.tissues.iter().all(|t| flow(&t.flow) && shaped(t))
    }

    /// How many tissues are findings.
    pub fn lesions(&self) -> usize {
        self.tissues.iter().filter(|t| t.lesion).count()
    }

    /// A soft tissue's course over `seconds`.
    pub fn soft(&self, flow: &Flow, half_life: f64, seconds: f64) -> Course {
        let blood = self.blood.samples(flow.arrival_s, seconds);
        let around = fed(&blood, flow.k1_per_min / 60.0, flow.k2_per_min / 60.0);
        let values = blood.iter().zip(&around).map(|(b, e)| flow.blood * b + e).collect();
        Course::of(values, half_life)
    }

    /// Bone's course over `seconds`: what it keeps, in no unit.
    pub fn bone(&self, half_life: f64, seconds: f64) -> Course {
        let blood = self.blood.samples(self.ordinary.arrival_s, seconds);
        let around = fed(&blood, 1.0, self.bone_exchange_per_min / 60.0);
        Course::of(summed(&around), half_life)
    }
}

impl Blood {
    /// The concentration at a time after arrival.
    fn at(&self, t: f64) -> f64 {
        if t <= 0.0 {
            return 0.0;
        }
        let halved = |half_min: f64| exp(-std::f64::consts::LN_2 * t / (60.0 * half_min));
        let first = (self.rise_per_s * t - 1.0) * exp(-t / self.pass_s);
        let fast = self.fast_part * halved(self.fast_half_min);
        let slow = (1.0 - self.fast_part) * halved(self.slow_half_min);
        (first + fast + slow).max(0.0)
    }

    fn samples(&self, arrival: f64, seconds: f64) -> Vec<f64> {
        let steps = (seconds / STEP).ceil() as usize;
        (0..=steps).map(|i| self.at(i as f64 * STEP - arrival)).collect()
    }
}

/// `de/dt = inflow · c − outflow · e`: exact for the outflow, trapezoidal for the inflow.
fn fed(blood: &[f64], inflow: f64, outflow: f64) -> Vec<f64> {
    let kept = exp(-outflow * STEP);
    let mut now = 0.0;
    let steps = blood.windows(2).map(|w| {
        now = now * kept + 0.5 * STEP * inflow * (w[0] * kept + w[1]);
        now
    });
    std::iter::once(0.0).chain(steps.collect::<Vec<_>>()).collect()
}

/// The integral up to each step.
fn summed(values: &[f64]) -> Vec<f64> {
    let mut sum = 0.0;
    let steps = values.windows(2).map(|w| {
        sum += 0.5 * STEP * (w[0] + w[1]);
        sum
    });
    std::iter::once(0.0).chain(steps.collect::<Vec<_>>()).collect()
}

impl Course {
    fn of(values: Vec<f64>, half_life: f64) -> Self {
        let decayed: Vec<f64> =
            values.iter().enumerate().map(|(i, v)| v * left(i as f64 * STEP, half_life)).collect();
        Self { sums: summed(&decayed), values }
    }

    /// A concentration that stays 1 but for decay.
    pub fn steady(half_life: f64, seconds: f64) -> Self {
        Self::of(vec![1.0; (seconds / STEP).ceil() as usize + 1], half_life)
    }

    /// Decays between two times, in concentration times seconds. The times are steps; beyond the
    /// end nothing more is added.
    pub fn between(&self, start: f64, end: f64) -> f64 {
        let at = |t: f64| {
            let step = ((t / STEP).round().max(0.0) as usize).min(self.sums.len() - 1);
            self.sums[step]
        };
        at(end) - at(start)
    }

    /// The concentration at a time, as if nothing had decayed.
    pub fn at(&self, t: f64) -> f64 {
        let step = ((t / STEP).round().max(0.0) as usize).min(self.values.len() - 1);
        self.values[step]
    }
}

/// What physical decay leaves after so many seconds.
fn left(seconds: f64, half_life: f64) -> f64 {
    exp(-std::f64::consts::LN_2 * seconds / half_life)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TC: f64 = 21_624.1;

    fn kinetics() -> Kinetics {
        Kinetics {
            blood: Blood {
                rise_per_s: 0.6,
                pass_s: 8.0,
                fast_part: 0.75,
                fast_half_min: 4.0,
                slow_half_min: 80.0,
            },
            ordinary: Flow { arrival_s: 23.0, blood: 0.025, k1_per_min: 0.025, k2_per_min: 0.15 },
            bone_exchange_per_min: 0.1,
            tissues: Vec::new(),
        }
    }

    #[test]
    fn nothing_comes_before_its_time_and_the_first_pass_stands_out() {
        let kinetics = kinetics();
        let vessel = Flow { arrival_s: 20.0, blood: 1.0, k1_per_min: 0.0, k2_per_min: 1.0 };
        let course = kinetics.soft(&vessel, TC, 600.0);
        assert_eq!(course.between(0.0, 20.0), 0.0);
        let peak =
            (0..600).max_by(|a, b| course.at(f64::from(*a)).total_cmp(&course.at(f64::from(*b))));
        assert!((25..35).contains(&peak.unwrap()), "{peak:?}");
        assert!(course.at(f64::from(peak.unwrap())) > 1.5 * course.at(90.0));
    }

    /// The exchange of one compartment with an exponential input has a closed form.
    #[test]
    fn a_compartment_follows_its_equation() {
        let (k1, k2, decay) = (0.002, 0.004, 0.0011);
        let input: Vec<f64> = (0..=4800).map(|i| (-decay * f64::from(i) * STEP).exp()).collect();
        let found = fed(&input, k1, k2);
        for (i, found) in found.iter().enumerate() {
            let t = i as f64 * STEP;
            let exact = k1 / (k2 - decay) * ((-decay * t).exp() - (-k2 * t).exp());
            assert!((found - exact).abs() < 1e-6, "at {t} s: {found}, not {exact}");
        }
    }

    #[test]
    fn decay_alone_is_the_textbook_s() {
        let course = Course::steady(TC, 7200.0);
        let mean_life = TC / std::f64::consts::LN_2;
        let exact = mean_life * ((-3600.0 / mean_life).exp() - (-4200.0 / mean_life).exp());
        assert!((course.between(3600.0, 4200.0) / exact - 1.0).abs() < 1e-9);
        assert_eq!(course.at(7000.0), 1.0);
    }

    /// What the case's story needs: bone keeps gaining while soft tissue clears.
    #[test]
    fn bone_gains_while_soft_tissue_clears() {
        let kinetics = kinetics();
        let (bone, soft) =
            (kinetics.bone(TC, 12_000.0), kinetics.soft(&kinetics.ordinary, TC, 12_000.0));
        assert!(bone.at(11_400.0) > 4.0 * bone.at(450.0));
        assert!(soft.at(450.0) > 5.0 * soft.at(11_400.0));
        assert!(kinetics.sound());
        let mut leaky = kinetics;
        leaky.ordinary.k1_per_min = 0.2;
        assert!(!leaky.sound());
    }
}
