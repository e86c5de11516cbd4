//! Hot spots against the lesions that were put in, at the sensitivities and false positives of a
//! free-response curve. Both views count: a false candidate seen from both sides counts twice.

use bonescope::geometry::{Outline, Point};
use bonescope::measure::HOTSPOT_THRESHOLD;
use bonescope::simulate::Acquisition;
use bonescope::simulate::cohort::{Kind, Volunteer};
use bonescope::workbench::{Reading, hotspots};
use ndarray::Array2;

use crate::patients::Patients;
use crate::table::{Row, Target};

/// A candidate belongs to a lesion whose outline is no further away than this, mm.
const NEAR: f64 = 8.0;
/// From this contrast to noise on a lesion is plain.
const PLAIN: f64 = 20.0;

struct Scan {
    /// Contrast to noise of each lesion, in the view that shows it better.
    lesions: Vec<f64>,
    /// Score of each candidate in bone, and the lesion that it belongs to.
    candidates: Vec<(f64, Option<usize>)>,
}

pub fn rows(patients: &Patients) -> Vec<Row> {
    let sick = patients.each(Kind::Findings, searched);
    let normal = patients.each(Kind::Normal, searched);
    let lesions = sick.iter().map(|s| s.lesions.len()).sum::<usize>() as f64;
    let plain = sick.iter().flat_map(|s| &s.lesions).filter(|c| **c > PLAIN).count() as f64;
    let at = |most: f64| {
        let cut = cut_at(&sick, most);
        let (all, clear) = found(&sick, cut);
        (all / lesions, clear / plain)
    };
    let (all, clear) = found(&sick, HOTSPOT_THRESHOLD);
    vec![
        Row::new("lesions found at 1.9 false", at(1.9).0, "", Target::AtLeast(0.8)),
        Row::new("lesions found at 1 false", at(1.0).0, "", Target::None),
        Row::new("lesions found at 0.5 false", at(0.5).0, "", Target::None),
        Row::new("plain lesions found at 1 false", at(1.0).1, "", Target::AtLeast(0.95)),
        Row::new("lesions found by default", all / lesions, "", Target::None),
        Row::new("plain lesions found by default", clear / plain, "", Target::None),
        Row::new("false by default, with findings", falses(&sick), "a scan", Target::AtMost(1.9)),
        Row::new("false by default, normal", falses(&normal), "a scan", Target::AtMost(0.5)),
    ]
}

fn searched(_: &Volunteer, scan: &Acquisition) -> Scan {
    let reading = Reading::new(scan.study.clone());
    let mm = scan.study.series[0].frames[0].spacing_or_unit().x();
    let belongs = |frame: usize, at: Point<_>| {
        let distance = |lesion: &bonescope::simulate::TrueLesion| -> Option<f64> {
            let outline = &lesion.frames.iter().find(|f| f.frame == frame)?.outline;
            let inside = Outline::Polygon { points: outline.clone() }.contains(at);
            let edge = outline.iter().map(|p| (Point::from(*p) - at).length() * mm);
            Some(if inside { 0.0 } else { edge.fold(f64::INFINITY, f64::min) })
        };
        let near =
            scan.truth.lesions.iter().enumerate().filter_map(|(i, l)| Some((distance(l)?, i)));
        let nearest = near.min_by(|a, b| a.0.total_cmp(&b.0));
        nearest.filter(|(distance, _)| *distance <= NEAR).map(|(_, lesion)| lesion)
    };
    let in_bone = hotspots(&reading).into_iter().filter(|h| h.kind.in_bone());
    let candidates = in_bone.map(|h| (h.score, belongs(h.frame.frame, h.center))).collect();
    let contrast = |lesion: &bonescope::simulate::TrueLesion| {
        let each = lesion.frames.iter().map(|f| contrast(&scan.expected[f.frame], &f.outline));
        each.fold(0.0, f64::max)
    };
    Scan { lesions: scan.truth.lesions.iter().map(contrast).collect(), candidates }
}

/// The lowest score at which there are no more false candidates a scan than `most`.
fn cut_at(scans: &[Scan], most: f64) -> f64 {
    let all = scans.iter().flat_map(|s| &s.candidates);
    let mut falses: Vec<f64> = all.filter(|c| c.1.is_none()).map(|c| c.0).collect();
    falses.sort_by(|a, b| b.total_cmp(a));
    falses.get((most * scans.len() as f64) as usize).copied().unwrap_or(0.0)
}

/// Lesions with a candidate above a score: all, and the plain ones.
fn found(scans: &[Scan], above: f64) -> (f64, f64) {
    let (mut all, mut plain) = (0.0, 0.0);
    for scan in scans {
        for (lesion, contrast) in scan.lesions.iter().enumerate() {
            let hit = |c: &(f64, Option<usize>)| c.0 > above && c.1 == Some(lesion);
            if scan.candidates.iter().any(hit) {
                all += 1.0;
                plain += f64::from(u8::from(*contrast > PLAIN));
            }
        }
    }
    (all, plain)
}

fn falses(scans: &[Scan]) -> f64 {
    let all = scans.iter().flat_map(|s| &s.candidates);
    let falses = all.filter(|c| c.0 >= HOTSPOT_THRESHOLD && c.1.is_none()).count();
    falses as f64 / scans.len().max(1) as f64
}

/// Expected counts inside over those of a ring 3 to 7 pixels around it, in standard deviations of
/// the ring's level.
fn contrast(image: &Array2<f64>, outline: &[[f64; 2]]) -> f64 {
    let polygon = Outline::Polygon { points: outline.to_vec() };
    let (low, high) = polygon.bounds();
    let (mut inside, mut pixels, mut around, mut ring) = (0.0, 0.0, 0.0, 0.0);
    for ((row, column), value) in image.indexed_iter() {
        let here = Point::new(column as f64, row as f64);
        if polygon.contains(here) {
            (inside, pixels) = (inside + value, pixels + 1.0);
            continue;
        }
        let far = here.x < low.x - 7.0 || here.x > high.x + 7.0 || here.y < low.y - 7.0;
        if far || here.y > high.y + 7.0 {
            continue;
        }
        let edge = outline.iter().map(|p| (Point::from(*p) - here).length());
        if (3.0..7.0).contains(&edge.fold(f64::INFINITY, f64::min)) {
            (around, ring) = (around + value, ring + 1.0);
        }
    }
    if ring == 0.0 {
        return 0.0;
    }
    let expected = around / ring * pixels;
    (inside - expected) / expected.max(1.0).sqrt()
}
