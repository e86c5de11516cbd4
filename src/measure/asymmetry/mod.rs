//! The asymmetry map: where the two sides of the patient count more differently than chance and
//! normal variation explain.
//!
//! Around each place and around its counterpart the counts are summed over a disc as wide as the
//! camera's resolution (`kernel`) and compared as two Poisson counts (`significance`). What the two
//! sides of this very patient differ by everywhere, since no registration and no body is perfect,
//! is taken from the scatter of the map itself (`spread`). Areas beyond three standard deviations
//! are judged one by one by their peaks, with control of the false discovery rate (`areas`), and
//! the neighbourhood tells whether one side is hot or the other cold (`sign`).

mod areas;
mod kernel;
mod sign;
mod significance;
mod spread;

use ndarray::Array2;
use rayon::prelude::*;

use crate::geometry::{Outline, Pixel, Point, Spacing};
use crate::study::{Frame, NotCounts};

use super::body::Body;
use super::{CountRatio, Skeleton};

use kernel::{Counterparts, Discs, Pair};
use significance::binomial_z;

pub use sign::Sign;

/// The false discovery rate at which areas are called significant.
pub const FALSE_DISCOVERIES: f64 = 0.05;

/// Why there is no map.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoAsymmetry {
    #[error("the sides cannot be compared: {0}")]
    NotCounts(NotCounts),
    #[error("the view shows no patient with two sides")]
    NoSides,
}

/// How differently the two sides of a view count.
#[derive(Clone, Debug, PartialEq)]
pub struct AsymmetryMap {
    /// `[row, column]`: by how many standard deviations a place counts more than its counterpart.
    /// NaN where nothing is compared.
    pub z: Array2<f32>,
    /// Counts at smaller columns over counts at larger ones that stand for equality.
    pub balance: f64,
    /// Standard deviation of the counterpart's place that the map allows for, mm.
    pub misplaced: f64,
    /// The significant ones, the most significant first. Each pair of places appears once.
    pub areas: Vec<AsymmetricArea>,
}

/// A place that differs from its counterpart.
#[derive(Clone, Debug, PartialEq)]
pub struct AsymmetricArea {
    /// On the side that is out of the ordinary.
    pub outline: Outline,
    pub counterpart: Outline,
    pub sign: Sign,
    /// The neighbourhood decides clearly which side is out of the ordinary.
    pub sign_is_clear: bool,
    /// At the peak: positive where `outline` counts more than `counterpart`.
    pub z: f64,
    /// The false discovery rate at which it is still called significant.
    pub q: f64,
    /// Mean inside `outline` over mean inside `counterpart`, as counted.
    pub ratio: CountRatio,
}

/// The asymmetry map of a view.
///
/// `counterpart` gives the place on the other side, in pixels, and `None` where there is none.
/// Nothing within `not_bone` is compared. Nor are places closer to the midline than the disc is
/// wide: there the two discs would share counts, and what lies on the midline has no other side.
///
/// With the names of `skeleton`, bone is compared with bone of the same part of the body alone:
/// kidneys, bladder and injection site have no other side, and where names disagree the sides are
/// held so differently that a difference in counts says nothing of uptake.
///
/// # Errors
/// Where values are not Poisson counts, or no patient with two sides is seen.
pub fn asymmetry_map(
    frame: &Frame,
    counterpart: &(dyn Fn(Point<Pixel>) -> Option<Point<Pixel>> + Sync),
    not_bone: &[Outline],
    skeleton: Option<&Skeleton>,
) -> Result<AsymmetryMap, NoAsymmetry> {
    frame.values.poisson().map_err(NoAsymmetry::NotCounts)?;
    let body = Body::of(frame).ok_or(NoAsymmetry::NoSides)?;
    let spacing = body.spacing;
    let discs = Discs::new(frame, not_bone, spacing);
    let counterparts = Counterparts::new(frame, counterpart);
    let pairs = pairs(frame, &discs, &counterparts, &body, skeleton);
    let balance = balance(&pairs).ok_or(NoAsymmetry::NoSides)?;

    let raw = pairs.mapv(|pair| match pair {
        Some(pair) => {
            let balance = if pair.first { balance } else { 1.0 / balance };
            let odds = balance * pair.area[0] / pair.area[1];
            binomial_z(pair.counts[0], pair.counts[1], odds)
        }
        None => f64::NAN,
    });
    let spread = spread::Spread::of(&raw, &pairs, &discs.slopes(), balance, spacing);
    let z = tolerant(spread.standardised(&raw), &pairs, &discs, &spread, balance);
    let half = Array2::from_shape_fn(z.dim(), |at| match pairs[at] {
        Some(pair) if pair.first => z[at],
        _ => f64::NAN,
    });
    let areas = areas::significant(&half, spacing)
        .into_iter()
        .filter_map(|found| found.described(frame, &discs, &counterparts, spacing, skeleton))
        .collect();
    Ok(AsymmetryMap { z: z.mapv(|z| z as f32), balance, misplaced: spread.misplaced(), areas })
}

/// Every place of the patient with its counterpart.
fn pairs(
    frame: &Frame,
    discs: &Discs,
    counterparts: &Counterparts,
    body: &Body,
    skeleton: Option<&Skeleton>,
) -> Array2<Option<Pair>> {
    let (columns, rows) = (frame.columns(), frame.rows());
    let on_body = |p: Point<Pixel>| {
        let cell = |at: f64, mm: f64| (at * mm / body.cell).round().max(0.0) as usize;
        let at = [cell(p.y, body.spacing.y()), cell(p.x, body.spacing.x())];
        body.mask.get(at).copied().unwrap_or(false)
    };
    let same_bone = |a: Point<Pixel>, b: Point<Pixel>| {
        skeleton.is_none_or(|names| match (names.at(a), names.at(b)) {
            (Some(a), Some(b)) => a.site.bone() && a.site.family() == b.site.family(),
            _ => false,
        })
    };
    let pair = |row: usize, column: usize| {
        let here = Point::new(column as f64, row as f64);
        let there = counterparts.at(here)?;
        // Where one side shows air the sides are held differently, or one is missing.
        if !discs.apart(here, there) || !on_body(here) || !on_body(there) {
            return None;
        }
        if !same_bone(here, there) {
            return None;
        }
        let [(n1, a1), (n2, a2)] = [discs.at(here)?, discs.at(there)?];
        Some(Pair { counts: [n1, n2], area: [a1, a2], first: here.x < there.x, counterpart: there })
    };
    let lines: Vec<Option<Pair>> = (0..rows)
        .into_par_iter()
        .flat_map_iter(|row| (0..columns).map(move |column| (row, column)))
        .map(|(row, column)| pair(row, column))
        .collect();
    Array2::from_shape_vec((rows, columns), lines).unwrap_or_default()
}

/// Smaller differences than these are left as they are.
const WORTH_A_LOOK: f64 = 2.0;
/// How far the counterpart is sought around its place: at least so far, so many times σ, and at
/// most so far, mm.
const SOUGHT: f64 = 3.0;
const TIMES_MISPLACED: f64 = 1.5;
const FARTHEST: f64 = 20.0;

/// The same differences, each reduced to what remains when the side with less may be anywhere near
/// its place: a bone that lies a little further off on one side is no difference in uptake.
fn tolerant(
    z: Array2<f64>,
    pairs: &Array2<Option<Pair>>,
    discs: &Discs,
    spread: &spread::Spread,
    balance: f64,
) -> Array2<f64> {
    let columns = z.ncols();
    let reduced: Vec<f64> = z
        .as_slice()
        .unwrap_or(&[])
        .par_iter()
        .enumerate()
        .map(|(i, &z)| {
            let at = (i / columns, i % columns);
            let (Some(pair), true) = (pairs[at], z.abs() >= WORTH_A_LOOK) else { return z };
            let balance = if pair.first { balance } else { 1.0 / balance };
            let here = Point::new(at.1 as f64, at.0 as f64);
            let more_here = z > 0.0;
            let less = if more_here { pair.counterpart } else { here };
            let far = (TIMES_MISPLACED * spread.misplaced_at(at)).clamp(SOUGHT, FARTHEST);
            let least = discs
                .around(less, far)
                .map(|(counts, area)| match more_here {
                    true => binomial_z(pair.counts[0], counts, balance * pair.area[0] / area),
                    false => -binomial_z(counts, pair.counts[1], balance * area / pair.area[1]),
                })
                .fold(f64::INFINITY, f64::min);
            (least / spread.at(at)).clamp(0.0, z.abs()).copysign(z)
        })
        .collect();
    Array2::from_shape_vec(z.dim(), reduced).unwrap_or(z)
}

/// The ratio of the sides in which half of all counts find themselves above and half below: what
/// detector and position do to a whole side, and no lesion can move far.
fn balance(pairs: &Array2<Option<Pair>>) -> Option<f64> {
    let mut ratios: Vec<(f64, f64)> = pairs
        .iter()
        .flatten()
        .filter(|pair| pair.first && pair.counts[1] > 0.0)
        .map(|pair| {
            let ratio = pair.counts[0] * pair.area[1] / (pair.counts[1] * pair.area[0]);
            (ratio, pair.counts[0] + pair.counts[1])
        })
        .collect();
    ratios.sort_by(|a, b| a.0.total_cmp(&b.0));
    let half = 0.5 * ratios.iter().map(|r| r.1).sum::<f64>();
    let mut sum = 0.0;
    let middle = ratios.iter().find(|(_, counts)| {
        sum += counts;
        sum >= half
    })?;
    (middle.0 > 0.0).then_some(middle.0)
}

/// Millimetres between two places.
fn distance(a: Point<Pixel>, b: Point<Pixel>, spacing: Spacing) -> f64 {
    ((a.x - b.x) * spacing.x()).hypot((a.y - b.y) * spacing.y())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::{Curve, MirrorLine};
    use crate::measure::fixture::TestPatient;

    fn map(patient: &TestPatient, seed: u64, not_bone: &[Outline]) -> AsymmetryMap {
        let frame = patient.frame(seed);
        let (curve, spacing): (Curve, _) = (patient.midline(), frame.spacing_or_unit());
        let counterpart =
            |p: Point<Pixel>| Some(MirrorLine::tangent(&curve, p, spacing).reflect(p));
        asymmetry_map(&frame, &counterpart, not_bone, None).expect("a patient")
    }

    fn patient(lesions: Vec<[f64; 4]>) -> TestPatient {
        TestPatient { tilt: 2.0, bow: 8.0, lesions, ..TestPatient::default() }
    }

    /// `lateral`, mm from the midline, and mm down from the top of the patient.
    fn place(patient: &TestPatient, lateral: f64, down: f64) -> Point<Pixel> {
        let midline = patient.midline();
        let row = 400.0 + (down - 870.0) / 2.4;
        Point::new(midline.column_at(row) + lateral / 2.4, row)
    }

    #[test]
    fn a_hot_and_a_cold_place_are_found_and_told_apart() {
        let sick = patient(vec![[90.0, 500.0, 14.0, 1.8], [-95.0, 790.0, 22.0, -0.85]]);
        let map = map(&sick, 3, &[]);
        let near = |sign: Sign, at: Point<Pixel>| {
            map.areas.iter().find(|a| a.sign == sign && (a.outline.centroid() - at).length() < 9.0)
        };
        let hot = near(Sign::Hot, place(&sick, 90.0, 500.0)).expect("the hot one");
        assert!(hot.z > 4.5 && hot.q < 1e-2, "{hot:?}");
        assert!(hot.ratio.estimate.value.is_some_and(|r| r > 1.3), "{:?}", hot.ratio);
        let cold = near(Sign::Cold, place(&sick, -95.0, 790.0)).expect("the cold one");
        assert!(cold.z < -4.0 && cold.ratio.estimate.value.is_some_and(|r| r < 0.8), "{cold:?}");
        // Each pair once.
        assert_eq!(map.areas.len(), 2, "{:?}", map.areas);
    }

    #[test]
    fn healthy_patients_have_hardly_any_area() {
        let found: usize = (0..12).map(|seed| map(&patient(vec![]), seed, &[]).areas.len()).sum();
        // 5 % of twelve scans.
        assert!(found <= 3, "{found}");
    }

    #[test]
    fn the_map_has_two_signs_and_no_middle() {
        let sick = patient(vec![[90.0, 500.0, 14.0, 1.8]]);
        let map = map(&sick, 3, &[]);
        let z = |p: Point<Pixel>| map.z[[p.y.round() as usize, p.x.round() as usize]];
        let (here, there) = (place(&sick, 90.0, 500.0), place(&sick, -90.0, 500.0));
        assert!(z(here) > 2.5 && z(there) < -2.5, "{} {}", z(here), z(there));
        // The bladder has no other side.
        assert!(z(place(&sick, 0.0, 900.0)).is_nan());
    }

    #[test]
    fn sides_that_count_differently_are_balanced() {
        let healthy = patient(vec![]);
        let mut frame = healthy.frame(9);
        let midline = healthy.midline();
        if let crate::study::Pixels::U16(counts) = &*frame.values.pixels.clone() {
            let dimmed = ndarray::Array2::from_shape_fn(counts.dim(), |(row, column)| {
                // Every sixth count of one side is lost.
                let lost = (column as f64) < midline.column_at(row as f64);
                let count = counts[[row, column]];
                if lost { count - (count + (row * 7 + column * 5) as u16 % 6) / 6 } else { count }
            });
            frame.values.pixels = std::sync::Arc::new(crate::study::Pixels::U16(dimmed));
        }
        let spacing = frame.spacing_or_unit();
        let counterpart =
            |p: Point<Pixel>| Some(MirrorLine::tangent(&midline, p, spacing).reflect(p));
        let map = asymmetry_map(&frame, &counterpart, &[], None).expect("a patient");
        assert!((map.balance - 5.0 / 6.0).abs() < 0.02, "{}", map.balance);
        assert!(map.areas.len() <= 1, "{:?}", map.areas);
    }

    #[test]
    fn what_is_not_bone_leaves_the_map() {
        let sick = patient(vec![[90.0, 500.0, 14.0, 1.8]]);
        let center = place(&sick, 90.0, 500.0).to_array();
        let out = Outline::Ellipse { center, radii: [16.0, 16.0], angle_deg: 0.0 };
        assert!(map(&sick, 3, &[out]).areas.is_empty());
    }

    #[test]
    fn what_are_no_counts_is_refused() {
        let mut frame = patient(vec![]).frame(1);
        frame.values.processed = true;
        let none = asymmetry_map(&frame, &|_| None, &[], None);
        assert_eq!(none, Err(NoAsymmetry::NotCounts(NotCounts::Processed)));
    }
}
