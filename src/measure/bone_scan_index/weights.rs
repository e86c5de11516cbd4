//! How much each part of the skeleton weighs, and how large it is.

use crate::findings::Site;
use crate::geometry::Side;

/// Names the table of weights wherever a result is shown. A result of one table is never compared
/// with one of another.
pub const WEIGHTS: &str = "spiers1968-v1";

/// A part of the skeleton with a weight of its own. Paired parts stand once, for each side.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SkeletonPart {
    pub name: &'static str,
    pub paired: bool,
    /// As published, in percent of the skeleton's dry weight, of one side; `percent` normalises.
    published: f64,
    /// Of one side in the adult of 1.76 m whose bones the atlas shows, ml. Volume over the area of
    /// its shadow is its mean depth along the line of sight.
    volume: f64,
    /// The area of that shadow, cm².
    shadow: f64,
}

const fn part(
    name: &'static str,
    paired: bool,
    published: f64,
    volume: f64,
    shadow: f64,
) -> SkeletonPart {
    SkeletonPart { name, paired, published, volume, shadow }
}

/// Weights of F. W. Spiers, Radioisotopes in the Human Body (1968) p. 120, the bone scan index's
/// after M. Imbriaco et al., Clin. Cancer Res. 4 (1998) 1765: as circulated; the original table of
/// the index could not be opened. They are weights of dry bones: feet weigh more and the spine less
/// than by volume.
///
/// “Spine and sacrum”, 8.3 together, is divided in proportion to the volumes of vertebrae (0.8 :
/// 2.9 : 2.5 : 2.1), “pelvis” and “ribs” between the sides; radius and ulna, and tibia and fibula,
/// are one part each, as they are one shadow. Volumes and shadows are those of the simulator's
/// anatomy on a lattice of 3 mm.
pub const PARTS: [SkeletonPart; 17] = [
    part("skull", false, 16.6, 727.0, 190.0),
    part("mandible", false, 1.8, 62.0, 34.0),
    part("cervical spine", false, 0.8, 70.0, 35.0),
    part("thoracic spine", false, 2.9, 256.0, 101.0),
    part("lumbar spine", false, 2.5, 222.0, 81.0),
    part("sacrum", false, 2.1, 94.0, 55.0),
    part("sternum", false, 0.3, 55.0, 54.0),
    part("ribs", true, 2.2, 246.0, 176.0),
    part("clavicle", true, 0.5, 18.0, 17.0),
    part("scapula", true, 1.5, 70.0, 77.0),
    part("humerus", true, 3.3, 150.0, 83.0),
    part("forearm", true, 2.7, 92.0, 77.0),
    part("wrist and hand", true, 1.5, 56.0, 71.0),
    part("pelvis", true, 3.75, 391.0, 160.0),
    part("femur", true, 8.9, 370.0, 160.0),
    part("lower leg", true, 6.4, 352.0, 169.0),
    part("foot", true, 5.8, 170.0, 65.0),
];

impl SkeletonPart {
    /// Of the skeleton's weight, one side; all parts add up to 100.
    pub fn percent(&self) -> f64 {
        let sides = |part: &Self| if part.paired { 2.0 } else { 1.0 };
        100.0 * self.published / PARTS.iter().map(|p| sides(p) * p.published).sum::<f64>()
    }

    /// mm³, one side, in the atlas's adult.
    pub fn volume(&self) -> f64 {
        1000.0 * self.volume
    }

    /// Mean depth along the line of sight in the atlas's adult, mm.
    pub fn depth(&self) -> f64 {
        10.0 * self.volume / self.shadow
    }

    /// The place in `PARTS` of the part that a site belongs to; `None` for what is not bone.
    pub fn of(site: Site) -> Option<usize> {
        use Site::*;
        Some(match site {
            Skull | FacialBones => 0,
            Mandible | TemporomandibularJoint => 1,
            Cervical(_) => 2,
            Thoracic(_) => 3,
            Lumbar(_) => 4,
            Sacrum | Coccyx => 5,
            Sternum | Manubrium => 6,
            Rib(_) => 7,
            Clavicle | SternoclavicularJoint => 8,
            Scapula => 9,
            Shoulder | Humerus => 10,
            Elbow | Forearm => 11,
            Wrist | Hand => 12,
            Ilium | SacroiliacJoint | Hip | Pubis | Ischium => 13,
            ProximalFemur | FemoralShaft | Knee | Patella => 14,
            Tibia | Fibula => 15,
            Ankle | Foot => 16,
            Kidney | Bladder | InjectionSite | SoftTissue => return None,
        })
    }

    /// `left ribs`, `skull`.
    pub fn named(&self, side: Option<Side>) -> String {
        match side.filter(|_| self.paired) {
            Some(Side::Left) => format!("left {}", self.name),
            Some(Side::Right) => format!("right {}", self.name),
            None => self.name.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_weights_are_the_published_ones_and_add_up() {
        let sum = |value: fn(&SkeletonPart) -> f64| -> f64 {
            PARTS.iter().map(|p| if p.paired { 2.0 * value(p) } else { value(p) }).sum()
        };
        assert!((sum(|p| p.published) - 100.1).abs() < 1e-9);
        assert!((sum(SkeletonPart::percent) - 100.0).abs() < 1e-9);
        let spine: f64 = PARTS[2..6].iter().map(|p| p.published).sum();
        assert!((spine - 8.3).abs() < 1e-9);
        // Five litres of bone, as the anatomy has.
        assert!((sum(SkeletonPart::volume) / 1e6 - 5.3).abs() < 0.1);
    }

    #[test]
    fn every_bone_belongs_to_a_part() {
        for site in Site::all() {
            assert_eq!(SkeletonPart::of(site).is_some(), site.bone(), "{site}");
        }
        let paired = |site: Site| PARTS[SkeletonPart::of(site).unwrap()].paired;
        assert!(paired(Site::Rib(7)) && !paired(Site::Lumbar(3)));
    }
}
