//! What a technologist asks of a patient before a spot view: feet pointed, arms out of the way.

use serde::Deserialize;

use super::body::{Anatomy, Shape};

#[derive(Clone, Copy, Debug, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Posture {
    /// Feet bent at the ankles so that the anterior detector sees them from above.
    pub feet_pointed_deg: f64,
    /// Arms folded high on the chest, outside the field of view: they are left out.
    pub arms_away: bool,
}

/// The ankle joint: y and z of its axis, and the height below which everything is foot.
const ANKLE: [f64; 2] = [0.0, 62.0];
const FOOT_TOP: f64 = 75.0;
/// Arms lie further out than this.
const ARMS_X: f64 = 150.0;
const ARMS: [&str; 4] = ["humerus", "elbow", "forearm", "wrist and hand"];

impl Posture {
    pub fn sound(&self) -> bool {
        (0.0..=60.0).contains(&self.feet_pointed_deg)
    }

    /// The body in this posture; `None` where a foot holds a shape that cannot be bent.
    pub fn taken_by(self, mut anatomy: Anatomy) -> Option<Anatomy> {
        if self.feet_pointed_deg != 0.0 {
            let bend = |shape: &mut Shape| {
                if shape.heights()[1] < FOOT_TOP {
                    *shape = shape.bent(self.feet_pointed_deg, ANKLE)?;
                }
                Some(())
            };
            anatomy.envelope.iter_mut().try_for_each(bend)?;
            anatomy.parts.iter_mut().try_for_each(|p| bend(&mut p.shape))?;
        }
        if self.arms_away {
            anatomy.envelope.retain(|s| s.centre()[0].abs() < ARMS_X);
            anatomy.parts.retain(|p| !ARMS.contains(&p.region.as_str()));
        }
        Some(anatomy)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simulate::case::anatomy;

    #[test]
    fn pointed_feet_are_long_from_the_front() {
        let length = |posture: Posture| {
            let body = posture.taken_by(anatomy().unwrap()).unwrap();
            let foot = body.parts.iter().filter(|p| p.shape.heights()[1] < FOOT_TOP);
            let low = foot.map(|p| p.shape.heights()[0]).fold(f64::INFINITY, f64::min);
            ANKLE[1] - low
        };
        let pointed = Posture { feet_pointed_deg: 45.0, ..Posture::default() };
        assert!(length(pointed) > 1.6 * length(Posture::default()));
        assert!((150.0..230.0).contains(&length(pointed)), "{}", length(pointed));
    }

    #[test]
    fn folded_arms_leave_the_trunk_alone() {
        let whole = anatomy().unwrap();
        let away = Posture { arms_away: true, ..Posture::default() };
        let body = away.taken_by(whole.clone()).unwrap();
        assert_eq!(whole.envelope.len() - body.envelope.len(), 6);
        assert!(!body.parts.iter().any(|p| ARMS.contains(&p.region.as_str())));
        let pelvis = |a: &Anatomy| a.parts.iter().filter(|p| p.region == "ilium").count();
        assert_eq!(pelvis(&whole), pelvis(&body));
    }
}
