//! Twins against where the same place lies on the other side of the patient.

use bonescope::findings::{Symmetry, twin};
use bonescope::geometry::{Outline, Pixel, Point};
use bonescope::measure::{find_midline, find_symmetry};
use bonescope::simulate::Acquisition;
use bonescope::simulate::cohort::{Kind, Volunteer};

use crate::patients::Patients;
use crate::table::{Row, Target, quantile};

/// Of the outline that is carried, mm.
const RADIUS: f64 = 10.0;

/// How far twins lie from where they should, mm.
#[derive(Default)]
struct Misses {
    bones: Vec<f64>,
    /// Without hands, which may lie on a thigh or beyond the frame.
    but_hands: Vec<f64>,
    lesions: Vec<f64>,
    mirrored: Vec<f64>,
    back: Vec<f64>,
}

pub fn rows(patients: &Patients) -> Vec<Row> {
    let mut all = Misses::default();
    for kind in [Kind::Normal, Kind::Findings, Kind::Metastatic] {
        for scan in patients.each(kind, misses) {
            all.bones.extend(scan.bones);
            all.but_hands.extend(scan.but_hands);
            all.lesions.extend(scan.lesions);
            all.mirrored.extend(scan.mirrored);
            all.back.extend(scan.back);
        }
    }
    let pair = |name: &str, misses: &mut Vec<f64>, targets: [Target; 2]| {
        [("median", 0.5, targets[0]), ("95th percentile", 0.95, targets[1])].map(
            |(which, part, target)| {
                Row::new(format!("{name}: {which}"), quantile(misses, part), "mm", target)
            },
        )
    };
    let targets = [Target::AtMost(4.0), Target::AtMost(12.0)];
    let told = [Target::None; 2];
    [
        pair("lesions of the patients", &mut all.lesions, targets),
        pair("every paired bone", &mut all.bones, targets),
        pair("every paired bone but the hands", &mut all.but_hands, targets),
        pair("mirrored without registration", &mut all.mirrored, told),
        pair("the twin of the twin from the place", &mut all.back, told),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// In both views, across the midline that is found.
fn misses(volunteer: &Volunteer, scan: &Acquisition) -> Misses {
    let mut misses = Misses::default();
    let chart = volunteer.chart().expect("a whole-body scan");
    for (index, frame) in scan.study.series[0].frames.iter().enumerate() {
        let Some(midline) = find_midline(frame) else { continue };
        let symmetry = find_symmetry(frame, &midline, &[]);
        let mirrored = Symmetry::mirror(midline, frame);
        let mm = frame.spacing_or_unit().x();
        for pair in chart.counterparts(index).into_iter().filter(|p| p.structure.bone) {
            let carried = |symmetry: &Symmetry| {
                let radii = [RADIUS / mm; 2];
                let center = pair.here.to_array();
                let outline = Outline::Ellipse { center, radii, angle_deg: 0.0 };
                symmetry.motion_of(&outline).reflect(pair.here)
            };
            let miss = |at: Point<Pixel>| (at - pair.there).length() * mm;
            misses.bones.push(miss(carried(&symmetry)));
            misses.mirrored.push(miss(carried(&mirrored)));
            if pair.structure.region != "wrist and hand" {
                misses.but_hands.push(miss(carried(&symmetry)));
            }
            let there = symmetry.counterpart(pair.here);
            let back = there.and_then(|there| symmetry.counterpart(there));
            misses.back.extend(back.map(|back| (back - pair.here).length() * mm));
        }
        let lesions = scan.truth.lesions.iter().flat_map(|lesion| &lesion.frames);
        for lesion in lesions.filter(|l| l.frame == index) {
            let outline = Outline::Polygon { points: lesion.outline.clone() };
            let carried = twin::carried(&outline, &symmetry).ok();
            if let Some((truth, found)) = lesion.twin.as_ref().zip(carried) {
                let truth: Point<Pixel> = truth.center.into();
                misses.lesions.push((found.centroid() - truth).length() * mm);
            }
        }
    }
    misses
}
