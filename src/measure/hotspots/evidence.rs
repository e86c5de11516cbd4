//! What speaks for a place being hotter than it should be.

use crate::geometry::{Pixel, Point};

use super::scene::{SCALES, Scene};
use super::seeds::Seed;

/// Along the midline a place is compared with what lies so far above and below, mm, beyond the
/// reach of its own scale.
const ALONG: (f64, f64) = (10.0, 60.0);
/// Around it, with what lies in a ring so far out, mm, beyond the same.
const RING: (f64, f64) = (5.0, 14.0);
/// The twin is sought in a disc round the mirrored place: so large, mm, and so much larger for
/// each mm away from the midline, as limbs lie as they like.
const TWIN_REACH: (f64, f64) = (4.0, 0.045);

/// Logarithms of ratios, each lowered by its standard error, so that few counts say little.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Evidence {
    /// Height of the blob above its surround, in standard deviations of counting noise.
    pub local_z: f64,
    /// Against the middle of the ring around it.
    pub around: f64,
    /// Against the hottest part of that ring: the bone it lies on goes on there.
    pub beside: f64,
    /// Against the hottest place near its mirror image; zero on the midline and where there is no
    /// other side.
    pub twin: f64,
    /// The same in standard deviations.
    pub twin_z: f64,
    /// Against what lies above and below at the same distance from the midline.
    pub along: f64,
    /// Against the bone of the whole patient.
    pub bone: f64,
    /// Of the place in the opposite view against its surround.
    pub opposite: f64,
    /// Distance from the midline, mm.
    pub aside: f64,
}

pub(super) fn evidence(scene: &Scene<'_>, seed: &Seed, opposite: Option<&Scene<'_>>, conjugate: Option<Point<Pixel>>) -> Evidence {
    let scale = seed.scale;
    let here = scene.pixel(seed.row as f64, seed.column as f64);
    let level = scene.smooth[scale][[seed.row, seed.column]];
    let against = |other: f64| shrunken(scene, scale, level, other);
    let (middle, hottest) = ring(scene, scale, here);
    let twin = twin_level(scene, scale, here);
    let along = along_level(scene, scale, here);
    let counts = |v: f64| scene.counts(scale, v);
    let twin_z = twin.map_or(0.0, |t| {
        (counts(level) - counts(t)) / (counts(level) + counts(t)).max(1.0).sqrt()
    });
    let opposite = opposite.zip(conjugate).and_then(|(other, at)| {
        let there = other.level(scale, at)?;
        Some(shrunken(other, scale, there, ring(other, scale, at).0))
    });
    Evidence {
        local_z: seed.z,
        around: against(middle),
        beside: against(hottest),
        twin: twin.map_or(0.0, against),
        twin_z,
        along: along.map_or(0.0, against),
        bone: (level / scene.bone).max(1e-3).ln(),
        opposite: opposite.unwrap_or(0.0),
        aside: scene.place(here).aside.abs(),
    }
}

/// ln of the ratio of two levels, drawn towards zero by its standard error.
fn shrunken(scene: &Scene<'_>, scale: usize, level: f64, other: f64) -> f64 {
    let (n, m) = (scene.counts(scale, level) + 0.5, scene.counts(scale, other) + 0.5);
    let (ratio, error) = ((n / m).ln(), (1.0 / n + 1.0 / m).sqrt());
    ratio.signum() * (ratio.abs() - error).max(0.0)
}

/// Middle and hottest sixth of a ring.
fn ring(scene: &Scene<'_>, scale: usize, here: Point<Pixel>) -> (f64, f64) {
    let mut levels = Vec::with_capacity(72);
    for radius in [RING.0, 0.5 * (RING.0 + RING.1), RING.1] {
        let radius = radius + 2.0 * SCALES[scale];
        for step in 0..24 {
            let (sin, cos) = (f64::from(step) * std::f64::consts::TAU / 24.0).sin_cos();
            let at = Point::new(
                here.x + radius * cos / scene.spacing.x(),
                here.y + radius * sin / scene.spacing.y(),
            );
            levels.extend(scene.level(1, at));
        }
    }
    levels.sort_by(f64::total_cmp);
    let at = |q: f64| levels.get(((levels.len().max(1) - 1) as f64 * q) as usize).copied();
    (at(0.5).unwrap_or(0.0), at(0.84).unwrap_or(0.0))
}

/// The highest level near the mirrored place.
fn twin_level(scene: &Scene<'_>, scale: usize, here: Point<Pixel>) -> Option<f64> {
    let image = scene.mirror(here)?.reflect(here);
    scene.level(scale, image)?;
    let aside = scene.place(here).aside.abs();
    let reach = TWIN_REACH.0 + TWIN_REACH.1 * aside;
    Some(highest(scene, scale, image, reach))
}

fn highest(scene: &Scene<'_>, scale: usize, center: Point<Pixel>, reach: f64) -> f64 {
    let mm = scene.grid_mm();
    let [row, column] = scene.cell(center);
    let [down, across] = mm.map(|mm| (reach / mm) as i64 + 1);
    let mut top = 0.0f64;
    for dy in -down..=down {
        for dx in -across..=across {
            let far = (dy as f64 * mm[0]).hypot(dx as f64 * mm[1]);
            let at = [row.round() as i64 + dy, column.round() as i64 + dx];
            if far > reach || at[0] < 0 || at[1] < 0 {
                continue;
            }
            let value = scene.smooth[scale].get([at[0] as usize, at[1] as usize]);
            top = value.map_or(top, |&v| top.max(v));
        }
    }
    top
}

/// The geometric mean of the upper quartiles above and below at the same distance from the midline:
/// bones grow hotter or colder along the patient, and what lies between two levels of them is
/// expected between.
fn along_level(scene: &Scene<'_>, scale: usize, here: Point<Pixel>) -> Option<f64> {
    let curve = scene.curve()?;
    let offset = here.x - curve.column_at(here.y);
    let side = |sign: f64| {
        let (from, to) = (ALONG.0 + 1.6 * SCALES[scale], ALONG.1 + 1.6 * SCALES[scale]);
        let mut levels: Vec<f64> = (0..=16)
            .filter_map(|i| {
                let mm = from + (to - from) * f64::from(i) / 16.0;
                let row = here.y + sign * mm / scene.spacing.y();
                scene.level(scale, Point::new(curve.column_at(row) + offset, row))
            })
            .collect();
        levels.sort_by(f64::total_cmp);
        levels.get(levels.len() * 3 / 4).copied()
    };
    match (side(-1.0), side(1.0)) {
        (Some(a), Some(b)) => Some((a * b).max(0.0).sqrt()),
        (a, b) => a.or(b),
    }
}
