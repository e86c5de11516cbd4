//! What speaks for a place being hotter than it should be.

use crate::geometry::{Pixel, Point};

use super::normal::Normal;
use super::scene::{SCALES, Scene};
use super::seeds::Seed;

/// Along the midline a place is compared with what lies so far above and below, mm, beyond the
/// reach of its own scale.
const ALONG: (f64, f64) = (10.0, 60.0);
/// Around it, with what lies in rings so far out, mm, beyond the same, in so many directions.
const RINGS: [f64; 3] = [5.0, 9.5, 14.0];
const DIRECTIONS: u32 = 24;
/// Of a ring's levels this one is its hottest part.
const HOTTEST: f64 = 0.84;
/// The twin is sought in a disc round the mirrored place: so large, mm, and so much larger for
/// each mm away from the midline, as limbs lie as they like.
const TWIN_REACH: (f64, f64) = (4.0, 0.045);

/// What was found at a place. All but the two scores are natural logarithms of ratios; those to
/// a level of the same view are lowered by their standard error, so that few counts say little.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Evidence {
    /// Height of the blob above its surround, in standard deviations of counting noise.
    pub local_z: f64,
    /// Against the middle of the rings around it.
    pub around: f64,
    /// Against the hottest part of those rings: the bone it lies on goes on there.
    pub beside: f64,
    /// Against the hottest place near its counterpart on the other side; zero where there is none.
    pub twin: f64,
    /// The same in standard deviations of counting noise.
    pub twin_z: f64,
    /// Against what lies above and below at the same distance from the midline.
    pub along: f64,
    /// Against the bone of the whole patient.
    pub bone: f64,
    /// The place in the opposite view, against the rings around it there.
    pub opposite: f64,
    /// How far above the usual uptake of this place, given the patient's own surroundings and
    /// their other side, in spreads over patients; zero where the body is not told, as are the
    /// next three.
    pub regional_z: f64,
    /// Above the usual, over what the rings around it are above theirs.
    pub unusual_around: f64,
    /// The same, over the hottest part of those rings.
    pub unusual_beside: f64,
    /// Above the usual in the opposite view.
    pub unusual_opposite: f64,
    /// Distance from the midline, mm.
    pub aside: f64,
}

/// A view with what is usual in it, where its body is told.
pub(super) struct Sight<'a> {
    pub scene: &'a Scene<'a>,
    pub normal: Option<Normal<'a>>,
}

pub(super) fn evidence(
    sight: &Sight<'_>,
    seed: &Seed,
    opposite: Option<(&Sight<'_>, Point<Pixel>)>,
) -> Evidence {
    let (scene, scale) = (sight.scene, seed.scale);
    let here = scene.pixel(seed.row as f64, seed.column as f64);
    let level = scene.smooth[scale][[seed.row, seed.column]];
    let against = |other: f64| shrunken(scene, scale, level, other);
    let rings = rings(scene, scale, here);
    let around = levels(&rings, |at| scene.level(1, at));
    let twin = twin_level(scene, scale, here);
    let counts = |v: f64| scene.counts(scale, v);
    let twin_z = twin
        .map_or(0.0, |t| (counts(level) - counts(t)) / (counts(level) + counts(t)).max(1.0).sqrt());
    let mut found = Evidence {
        local_z: seed.z,
        around: against(quantile(&around, 0.5)),
        beside: against(quantile(&around, HOTTEST)),
        twin: twin.map_or(0.0, against),
        twin_z,
        along: along_level(scene, scale, here).map_or(0.0, against),
        bone: scene.relative(level),
        aside: scene.place(here).aside.abs(),
        ..Evidence::default()
    };
    if let Some(normal) = &sight.normal {
        let excess = |at| normal.excess(scale, at);
        let around = levels(&rings, excess);
        let own = excess(here).unwrap_or(0.0);
        found.regional_z = normal.regional_z(scale, here).unwrap_or(0.0);
        found.unusual_around = own - quantile(&around, 0.5);
        found.unusual_beside = own - quantile(&around, HOTTEST);
    }
    if let Some((other, there)) = opposite {
        if let Some(level) = other.scene.level(scale, there) {
            let rings = self::rings(other.scene, scale, there);
            let around = levels(&rings, |at| other.scene.level(1, at));
            found.opposite = shrunken(other.scene, scale, level, quantile(&around, 0.5));
        }
        let excess = other.normal.as_ref().and_then(|n| n.excess(scale, there));
        found.unusual_opposite = excess.unwrap_or(0.0);
    }
    found
}

/// Level of what surrounds a place, per pixel of the frame.
pub(super) fn surround(scene: &Scene<'_>, scale: usize, here: Point<Pixel>) -> f64 {
    quantile(&levels(&rings(scene, scale, here), |at| scene.level(1, at)), 0.5)
}

/// ln of the ratio of two levels, drawn towards zero by its standard error.
fn shrunken(scene: &Scene<'_>, scale: usize, level: f64, other: f64) -> f64 {
    let (n, m) = (scene.counts(scale, level) + 0.5, scene.counts(scale, other) + 0.5);
    let (ratio, error) = ((n / m).ln(), (1.0 / n + 1.0 / m).sqrt());
    ratio.signum() * (ratio.abs() - error).max(0.0)
}

/// Places all around one, beyond the reach of its own scale.
fn rings(scene: &Scene<'_>, scale: usize, here: Point<Pixel>) -> Vec<Point<Pixel>> {
    let mut places = Vec::with_capacity(RINGS.len() * DIRECTIONS as usize);
    for ring in RINGS {
        let radius = ring + 2.0 * SCALES[scale];
        for direction in 0..DIRECTIONS {
            let angle = f64::from(direction) * std::f64::consts::TAU / f64::from(DIRECTIONS);
            let (sin, cos) = angle.sin_cos();
            let (x, y) = (radius * cos / scene.spacing.x(), radius * sin / scene.spacing.y());
            places.push(Point::new(here.x + x, here.y + y));
        }
    }
    places
}

/// Sorted.
fn levels(places: &[Point<Pixel>], level: impl Fn(Point<Pixel>) -> Option<f64>) -> Vec<f64> {
    let mut levels: Vec<f64> = places.iter().filter_map(|&at| level(at)).collect();
    levels.sort_by(f64::total_cmp);
    levels
}

/// Of sorted values; zero of none.
fn quantile(sorted: &[f64], q: f64) -> f64 {
    let at = (sorted.len().max(1) - 1) as f64 * q;
    sorted.get(at as usize).copied().unwrap_or(0.0)
}

/// The highest level near the mirrored place.
fn twin_level(scene: &Scene<'_>, scale: usize, here: Point<Pixel>) -> Option<f64> {
    let image = scene.symmetry?.counterpart(here)?;
    if !scene.place(image).on_body {
        return None;
    }
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
        (!levels.is_empty()).then(|| quantile(&levels, 0.75))
    };
    match (side(-1.0), side(1.0)) {
        (Some(a), Some(b)) => Some((a * b).max(0.0).sqrt()),
        (a, b) => a.or(b),
    }
}
