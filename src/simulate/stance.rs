//! How a patient holds head and limbs: what no two patients do alike, and seldom both sides.

use serde::Deserialize;

use super::body::{Anatomy, BodySide, Part, Shape, Turn, swing};

/// Angles are pairs: the patient's right, then left. Arms and legs swing in the coronal plane.
#[derive(Clone, Copy, Debug, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Stance {
    /// Away from the trunk, at the shoulders.
    pub arms_deg: [f64; 2],
    /// Further away, at the elbows.
    pub elbows_deg: [f64; 2],
    /// Away from each other, at the hips.
    pub legs_deg: [f64; 2],
    /// Positive turns the face to the patient's left.
    pub head_deg: f64,
    pub missing_arms: [bool; 2],
    pub missing_legs: [bool; 2],
}

/// What moves as one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limb {
    Head,
    UpperArm,
    Forearm,
    Leg,
}

/// The left joints, x and z; the right ones are their mirror images.
const SHOULDER: [f64; 2] = [172.0, 1420.0];
const ELBOW: [f64; 2] = [211.0, 1096.0];
const HIP: [f64; 2] = [90.0, 915.0];
/// What lies above is head, in soft tissue that belongs to no part.
const NECK: f64 = 1560.0;
/// Arms lie further out than this, legs below that.
const ARMS_X: f64 = 150.0;
const LEGS_Z: f64 = 800.0;

impl Limb {
    /// The limb a region of the anatomy moves with; the trunk does not.
    pub fn of(region: &str) -> Option<Self> {
        match region {
            "skull" | "facial bones" | "mandible" | "salivary glands" | "soft tissue" => {
                Some(Self::Head)
            }
            "humerus" => Some(Self::UpperArm),
            "elbow" | "forearm" | "wrist and hand" | "injection site" => Some(Self::Forearm),
            "femur" | "knee" | "tibia" | "fibula" | "ankle and foot" => Some(Self::Leg),
            _ => None,
        }
    }

    /// Of a piece of soft tissue, by where it is.
    fn around(shape: &Shape) -> Option<(Self, BodySide)> {
        let [x, _, z] = shape.centre();
        let side = if x < 0.0 { BodySide::Right } else { BodySide::Left };
        match x.abs() {
            _ if shape.heights()[0] > 1500.0 && z > NECK => Some((Self::Head, BodySide::Midline)),
            away if away > ARMS_X && z > ELBOW[1] + 20.0 => Some((Self::UpperArm, side)),
            away if away > ARMS_X => Some((Self::Forearm, side)),
            away if away > 20.0 && z < LEGS_Z => Some((Self::Leg, side)),
            _ => None,
        }
    }
}

impl Stance {
    pub fn sound(&self) -> bool {
        let within = |angles: [f64; 2], most: f64| angles.iter().all(|a| a.abs() <= most);
        within(self.arms_deg, 40.0)
            && within(self.elbows_deg, 60.0)
            && within(self.legs_deg, 20.0)
            && self.head_deg.abs() <= 60.0
    }

    /// The body so held; `None` where a limb holds a shape that cannot be swung.
    pub fn taken_by(&self, mut anatomy: Anatomy) -> Option<Anatomy> {
        if *self == Self::default() {
            return Some(anatomy);
        }
        let here = |limb: Option<(Limb, BodySide)>| limb.is_none_or(|l| !self.missing(l));
        anatomy.envelope.retain(|shape| here(Limb::around(shape)));
        anatomy.parts.retain(|p| here(Limb::of(&p.region).map(|l| (l, p.side))));
        for shape in &mut anatomy.envelope {
            if let Some((limb, side)) = Limb::around(shape) {
                *shape = self.held(shape, limb, side)?;
            }
        }
        anatomy.parts = anatomy.parts.iter().map(|p| self.part(p)).collect::<Option<_>>()?;
        Some(anatomy)
    }

    /// A part moved with the limb it belongs to.
    pub fn part(&self, part: &Part) -> Option<Part> {
        let Some(limb) = Limb::of(&part.region) else { return Some(part.clone()) };
        Some(Part { shape: self.held(&part.shape, limb, part.side)?, ..part.clone() })
    }

    /// Whether the limb is there that a part belongs to.
    pub fn holds(&self, part: &Part) -> bool {
        Limb::of(&part.region).is_none_or(|limb| !self.missing((limb, part.side)))
    }

    /// Whether a limb is there on either side.
    pub fn has_both(&self, limb: Option<Limb>) -> bool {
        let sides = [BodySide::Right, BodySide::Left];
        limb.is_none_or(|limb| sides.iter().all(|&side| !self.missing((limb, side))))
    }

    fn missing(&self, (limb, side): (Limb, BodySide)) -> bool {
        match limb {
            Limb::Head => false,
            Limb::UpperArm | Limb::Forearm => self.missing_arms[index(side)],
            Limb::Leg => self.missing_legs[index(side)],
        }
    }

    /// The swings of a limb, the outermost joint first.
    fn swings(&self, limb: Limb, side: BodySide) -> Vec<(f64, [f64; 2])> {
        let i = index(side);
        let sign = [-1.0, 1.0][i];
        let at = |degrees: f64, joint: [f64; 2]| (sign * degrees, [sign * joint[0], joint[1]]);
        let joints = match limb {
            Limb::Head => vec![],
            Limb::UpperArm => vec![at(self.arms_deg[i], SHOULDER)],
            Limb::Forearm => vec![at(self.elbows_deg[i], ELBOW), at(self.arms_deg[i], SHOULDER)],
            Limb::Leg => vec![at(self.legs_deg[i], HIP)],
        };
        joints.into_iter().filter(|(degrees, _)| *degrees != 0.0).collect()
    }

    fn held(&self, shape: &Shape, limb: Limb, side: BodySide) -> Option<Shape> {
        if limb == Limb::Head && self.head_deg != 0.0 {
            return Some(shape.turned(Turn::by(self.head_deg)));
        }
        let mut swings = self.swings(limb, side).into_iter();
        swings.try_fold(shape.clone(), |shape, (degrees, joint)| shape.swung(degrees, joint))
    }

    /// Where a point of the anatomy is when the patient holds still so.
    pub fn point(&self, point: [f64; 3], limb: Option<Limb>, side: BodySide) -> [f64; 3] {
        match limb {
            None => point,
            Some(Limb::Head) => Turn::by(self.head_deg).point(point),
            Some(limb) => {
                let swings = self.swings(limb, side).into_iter();
                swings.fold(point, |p, (degrees, joint)| swing(p, degrees, joint))
            }
        }
    }

    fn point_undone(&self, point: [f64; 3], limb: Option<Limb>, side: BodySide) -> [f64; 3] {
        match limb {
            None => point,
            Some(Limb::Head) => Turn::by(-self.head_deg).point(point),
            Some(limb) => {
                let swings = self.swings(limb, side).into_iter().rev();
                swings.fold(point, |p, (degrees, joint)| swing(p, -degrees, joint))
            }
        }
    }

    /// The same place on the other side of a body so held.
    pub fn mirrored(&self, point: [f64; 3], limb: Option<Limb>, side: BodySide) -> [f64; 3] {
        let [x, y, z] = self.point_undone(point, limb, side);
        self.point([-x, y, z], limb, opposite(side))
    }
}

fn index(side: BodySide) -> usize {
    usize::from(side == BodySide::Left)
}

fn opposite(side: BodySide) -> BodySide {
    match side {
        BodySide::Left => BodySide::Right,
        BodySide::Right => BodySide::Left,
        BodySide::Midline => BodySide::Midline,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simulate::case::anatomy;

    const UNEVEN: Stance = Stance {
        arms_deg: [4.0, 12.0],
        elbows_deg: [0.0, 15.0],
        legs_deg: [2.0, 5.0],
        head_deg: 20.0,
        missing_arms: [false; 2],
        missing_legs: [false; 2],
    };

    #[test]
    fn every_limb_of_the_anatomy_can_be_swung() {
        let body = UNEVEN.taken_by(anatomy().unwrap()).unwrap();
        let outermost = |side: BodySide| {
            let hands = body.parts.iter().filter(|p| p.region == "wrist and hand");
            let of_side = hands.filter(|p| p.side == side);
            of_side.map(|p| p.shape.centre()[0].abs()).fold(0.0, f64::max)
        };
        assert!(outermost(BodySide::Left) > outermost(BodySide::Right) + 60.0);
        let trunk = |a: &Anatomy| -> Vec<Part> {
            a.parts.iter().filter(|p| Limb::of(&p.region).is_none()).cloned().collect()
        };
        assert_eq!(trunk(&body), trunk(&anatomy().unwrap()));
    }

    #[test]
    fn points_move_with_their_bones() {
        let before = anatomy().unwrap();
        let after = UNEVEN.taken_by(before.clone()).unwrap();
        for (a, b) in before.parts.iter().zip(&after.parts) {
            let moved = UNEVEN.point(a.shape.centre(), Limb::of(&a.region), a.side);
            let miss = (0..3).map(|i| (moved[i] - b.shape.centre()[i]).abs()).fold(0.0, f64::max);
            assert!(miss < 1e-9, "{}: {miss}", a.name);
            // And the twin of the twin is the bone.
            let limb = Limb::of(&a.region);
            let other = UNEVEN.mirrored(moved, limb, a.side);
            let back = UNEVEN.mirrored(other, limb, opposite(a.side));
            assert!((0..3).all(|i| (back[i] - moved[i]).abs() < 1e-9), "{}", a.name);
        }
    }

    #[test]
    fn what_is_missing_is_gone_with_its_flesh() {
        let whole = anatomy().unwrap();
        let stance = Stance { missing_arms: [true, false], ..Stance::default() };
        let body = stance.taken_by(whole.clone()).unwrap();
        assert_eq!(whole.envelope.len() - body.envelope.len(), 3);
        let gone = |p: &&Part| p.side == BodySide::Right && p.region == "forearm";
        assert_eq!(body.parts.iter().filter(gone).count(), 0);
        assert!(whole.parts.iter().filter(gone).count() > 0);
    }
}
