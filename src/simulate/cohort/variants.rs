//! Uptake that is no finding: urine, worn joints, teeth, the place of the injection.

use rand::{Rng, RngExt};

use crate::simulate::arithmetic::exp;
use crate::simulate::body::{Anatomy, BodySide, Composite, Group, Part, Shape};

use super::person::{chance, factor};

/// Uptake that is normal, or at least no finding in bone.
#[derive(Clone, Debug, PartialEq)]
pub struct Variant {
    /// `worn joint`, `tooth`, `urine`, `injection site`.
    pub what: &'static str,
    /// Of the structure, as the anatomy calls it.
    pub name: String,
}

/// Joints that wear, by names in the anatomy, how often and how hot at most.
const WORN: [(&str, f64, f64); 9] = [
    ("patella", 0.15, 2.2),
    ("knee", 0.15, 2.2),
    ("acromio", 0.2, 2.2),
    ("sternoclavicular", 0.2, 1.8),
    ("humeral head", 0.15, 1.8),
    ("carpus", 0.15, 2.5),
    ("tarsals", 0.12, 2.2),
    ("MTP joint 1", 0.2, 2.5),
    ("elbow", 0.1, 1.8),
];

pub fn draw(body: &mut Anatomy, rng: &mut impl Rng) -> Vec<Variant> {
    let mut variants = Vec::new();
    for part in &mut body.parts {
        match part.region.as_str() {
            "kidney" => part.uptake *= factor(rng, 0.5),
            "bladder" => part.uptake *= exp(rng.random_range(-1.0..2.0)),
            "thyroid" | "stomach" if chance(rng, 0.1) => {
                part.uptake = rng.random_range(0.02..0.08);
            }
            _ => {}
        }
        for (name, often, most) in WORN {
            if part.group == Group::Bone && part.name.contains(name) && chance(rng, often) {
                part.uptake *= rng.random_range(1.2..most);
                variants.push(Variant { what: "worn joint", name: part.name.clone() });
            }
        }
    }
    if chance(rng, 0.35) {
        let sites: Vec<usize> =
            (0..body.parts.len()).filter(|&i| body.parts[i].region == "injection site").collect();
        if !sites.is_empty() {
            let part = &mut body.parts[sites[rng.random_range(0..sites.len())]];
            part.uptake = exp(rng.random_range(0.0..3.2));
            variants.push(Variant { what: "injection site", name: part.name.clone() });
        }
    }
    for number in 0..rng.random_range(0..3) {
        let x: f64 = rng.random_range(-24.0..24.0);
        let jaw = chance(rng, 0.5);
        let side = if x < 0.0 { BodySide::Right } else { BodySide::Left };
        let centre = [x, -78.0 + 0.03 * x * x, if jaw { 1562.0 } else { 1590.0 }];
        let uptake = rng.random_range(0.8..2.4);
        variants.push(extra(body, "tooth", number, "mandible", side, uptake, (centre, 5.0)));
    }
    if chance(rng, 0.15) {
        let x: f64 = rng.random_range(-60.0..60.0);
        let side = if x < 0.0 { BodySide::Right } else { BodySide::Left };
        let centre = [x, -80.0, rng.random_range(790.0..850.0)];
        let uptake = rng.random_range(1.0..8.0);
        variants.push(extra(body, "urine", 0, "contamination", side, uptake, (centre, 9.0)));
    }
    variants
}

/// Adds a small ball of something.
fn extra(
    body: &mut Anatomy,
    what: &'static str,
    number: usize,
    region: &str,
    side: BodySide,
    uptake: f64,
    (centre, radius): ([f64; 3], f64),
) -> Variant {
    let name = format!("{what} {}", number + 1);
    body.parts.push(Part {
        name: name.clone(),
        region: region.into(),
        side,
        group: Group::Organ,
        uptake,
        composite: Composite::Max,
        shape: Shape::Ellipsoid {
            centre,
            radii: [radius; 3],
            shell_mm: None,
            rot_deg: None,
            clip: None,
        },
    });
    Variant { what, name }
}
