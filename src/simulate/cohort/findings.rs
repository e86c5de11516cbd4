//! Findings spread over the skeleton: hot ones of all degrees, and bones that stay cold.

use rand::{Rng, RngExt};

use crate::simulate::arithmetic::exp;
use crate::simulate::body::{Anatomy, BodySide, Composite, Group, Part, Shape};
use crate::simulate::lesion::Lesion;

/// A bone that takes up less than it should.
#[derive(Clone, Debug, PartialEq)]
pub struct Cold {
    /// Of the structure, as the anatomy calls it.
    pub name: String,
    pub region: String,
    /// `left`, `right` or `midline`.
    pub side: &'static str,
    /// Of its normal uptake.
    pub factor: f64,
}

/// How often a finding is in a region: red marrow first, hands and feet seldom.
const PLACES: [(&str, f64); 17] = [
    ("thoracic spine", 0.18),
    ("lumbar spine", 0.14),
    ("cervical spine", 0.02),
    ("ribs", 0.20),
    ("sternum", 0.03),
    ("scapula", 0.04),
    ("clavicle", 0.02),
    ("sacrum", 0.04),
    ("ilium", 0.09),
    ("acetabulum", 0.02),
    ("pubis", 0.02),
    ("ischium", 0.03),
    ("femur", 0.07),
    ("humerus", 0.04),
    ("skull", 0.03),
    ("tibia", 0.02),
    ("ankle and foot", 0.01),
];

/// Findings lie further apart than this, and from each other's other side, mm.
const APART: f64 = 45.0;

/// One to eight findings, from barely visible to very hot.
pub fn draw(body: &Anatomy, rng: &mut impl Rng) -> Vec<Lesion> {
    let count = rng.random_range(1..=8);
    place(body, rng, count, [6.0, 15.0], APART)
}

/// Tumour in a small or large part of the skeleton.
pub fn spread(body: &Anatomy, rng: &mut impl Rng) -> Vec<Lesion> {
    let count = exp(rng.random_range(0.0..4.4)) as usize;
    place(body, rng, count.max(1), [8.0, 20.0], 18.0)
}

fn place(
    body: &Anatomy,
    rng: &mut impl Rng,
    count: usize,
    radii: [f64; 2],
    apart: f64,
) -> Vec<Lesion> {
    let mut lesions: Vec<Lesion> = Vec::new();
    for _ in 0..20 * count {
        if lesions.len() == count {
            break;
        }
        let host = host(body, rng);
        let centre = within(&host.shape, rng);
        let mirrored = [-centre[0], centre[1], centre[2]];
        let far = |other: &[f64; 3]| {
            let distance = |p: [f64; 3]| (0..3).map(|i| (p[i] - other[i]).powi(2)).sum::<f64>();
            distance(centre).sqrt() > apart && distance(mirrored).sqrt() > apart
        };
        if !lesions.iter().all(|l| far(&l.centre())) {
            continue;
        }
        let radius = rng.random_range(radii[0]..radii[1]);
        let radii = [0; 3].map(|_| radius * rng.random_range(0.8..1.25));
        let times = exp(rng.random_range(0.45..2.1));
        let number = lesions.len() + 1;
        let part = Part {
            name: format!("Finding {number}"),
            region: host.region.clone(),
            side: host.side,
            group: Group::Bone,
            uptake: host.uptake * times,
            composite: Composite::Max,
            shape: Shape::Ellipsoid { centre, radii, shell_mm: None, rot_deg: None, clip: None },
        };
        lesions.push(Lesion {
            name: part.name.clone(),
            region: part.region.clone(),
            side: part.side,
            parts: vec![part],
        });
    }
    lesions
}

/// A bone of a region drawn by its weight.
fn host<'a>(body: &'a Anatomy, rng: &mut impl Rng) -> &'a Part {
    let mut lot = rng.random_range(0.0..PLACES.iter().map(|p| p.1).sum());
    let drawn = PLACES.iter().find(|(_, weight)| {
        lot -= weight;
        lot < 0.0
    });
    let region = drawn.map_or(PLACES[0].0, |p| p.0);
    let bones: Vec<&Part> = body.parts.iter().filter(|p| p.region == region).collect();
    bones[rng.random_range(0..bones.len())]
}

/// A point inside a shape, near its middle or its axis.
fn within(shape: &Shape, rng: &mut impl Rng) -> [f64; 3] {
    match shape {
        Shape::Ellipsoid { centre, radii, shell_mm, .. } => {
            // Vaults have their bone on the outside.
            let reach = if shell_mm.is_some() { 0.95 } else { 0.6 };
            let way = loop {
                let way: [f64; 3] = [0; 3].map(|_| rng.random_range(-1.0..1.0));
                let length = way.iter().map(|v| v * v).sum::<f64>().sqrt();
                if length > 0.1 && length <= 1.0 {
                    break match shell_mm {
                        Some(_) => way.map(|v| v / length),
                        None => way,
                    };
                }
            };
            [0, 1, 2].map(|i| centre[i] + reach * radii[i] * way[i])
        }
        Shape::Capsule { p0, p1, .. } => {
            let t = rng.random_range(0.1..0.9);
            [0, 1, 2].map(|i| p0[i] + t * (p1[i] - p0[i]))
        }
        Shape::Polyline { points, .. } => {
            let piece = rng.random_range(0..points.len() - 1);
            let t = rng.random_range(0.0..1.0);
            let (a, b) = (points[piece], points[piece + 1]);
            [0, 1, 2].map(|i| a[i] + t * (b[i] - a[i]))
        }
    }
}

/// Cools one to three structures large enough to be missed.
pub fn cold(body: &mut Anatomy, rng: &mut impl Rng) -> Vec<Cold> {
    let large = [
        "femoral head",
        "humeral head",
        "iliac crest",
        "patella",
        "iliac pillar",
        "tibial plateau",
        "vertebral body",
    ];
    let candidates: Vec<usize> = (0..body.parts.len())
        .filter(|&i| {
            let part = &body.parts[i];
            let lumbar = part.side != BodySide::Midline || part.region == "lumbar spine";
            lumbar && large.iter().any(|name| part.name.contains(name))
        })
        .collect();
    let mut cold: Vec<Cold> = Vec::new();
    for _ in 0..rng.random_range(1..=3) {
        let part = &mut body.parts[candidates[rng.random_range(0..candidates.len())]];
        if cold.iter().any(|c| c.name == part.name) {
            continue;
        }
        let factor = rng.random_range(0.02..0.35);
        part.uptake *= factor;
        cold.push(Cold {
            name: part.name.clone(),
            region: part.region.clone(),
            side: part.side.as_str(),
            factor,
        });
    }
    cold
}
