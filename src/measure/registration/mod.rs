//! How the mirror image of a patient is brought onto the patient: what the other side of a limb
//! is that is held differently.
//!
//! The picture is reflected across the midline and put onto itself again: first by a *search*
//! over large motions, since a hand lies where its owner put it, then by *bending* a lattice until
//! the two agree, coarse structure before fine. Both work on the count-stabilised picture, cut at
//! the level of ordinary bone, and both believe a difference only so far: a lesion is on one side
//! only and must not be matched to anything.

mod bend;
mod lattice;
mod picture;
mod search;

use std::sync::Arc;

use crate::findings::{Midline, Symmetry};
use crate::geometry::Outline;
use crate::study::Frame;

use picture::Pictures;

/// Smoothing of the picture for the search, mm.
const SEARCH: f64 = 9.0;
/// Of each stage of bending: smoothing, mm; cells between two nodes of the lattice; rounds.
const STAGES: [(f64, f64, usize); 2] = [(9.0, 6.0, 5), (5.0, 4.0, 5)];

/// Which place is the same bone on the other side, everywhere in a frame.
///
/// The sides are registered as the module says, with the areas left out that are `not_bone`, and
/// the result is made consistent: the counterpart of the counterpart is near the place itself.
/// Where there is nothing to register the sides are mirror images across the midline.
pub fn find_symmetry(frame: &Frame, midline: &Midline, not_bone: &[Outline]) -> Symmetry {
    let mirrored = Symmetry::mirror(midline.clone(), frame);
    let warp = Pictures::of(frame, midline, not_bone).and_then(|pictures| {
        let coarse = pictures.pair(SEARCH)?.halved();
        let mut steps = search::large_motions(&coarse);
        let mut finer = 2.0;
        for (sigma, pitch, rounds) in STAGES {
            let pair = pictures.pair(sigma)?;
            steps = steps.resampled(finer, [pair.columns, pair.rows], pitch);
            finer = 1.0;
            bend::onto(&pair, &mut steps, rounds);
            steps = pictures.consistent(&pair, &steps);
        }
        pictures.warp(&steps)
    });
    Symmetry { warp: warp.map(Arc::new), ..mirrored }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::findings::MidlineOrigin;
    use crate::geometry::Point;
    use crate::measure::fixture::{MM, TestPatient};

    fn midline(patient: &TestPatient) -> Midline {
        Midline { curve: patient.midline(), origin: MidlineOrigin::Edited }
    }

    /// How far places on a patient who lies evenly move from their mirror images, mm.
    fn moved(patient: &TestPatient, not_bone: &[Outline]) -> Vec<f64> {
        let frame = patient.frame(2);
        let midline = midline(patient);
        let found = find_symmetry(&frame, &midline, not_bone);
        assert!(found.warp.is_some());
        let mirrored = Symmetry::mirror(midline.clone(), &frame);
        let aside = [-90.0, -40.0, 60.0, 100.0].map(|mm| mm / MM);
        let places = (100..700).step_by(50).flat_map(|row| {
            let row = f64::from(row);
            let column = midline.curve.column_at(row);
            aside.map(|x| Point::new(column + x, row))
        });
        let pairs = places.filter_map(|p| Some((found.counterpart(p)?, mirrored.counterpart(p)?)));
        pairs.map(|(a, b)| (a - b).length() * MM).collect()
    }

    #[test]
    fn an_even_patient_stays_as_she_is() {
        let even = moved(&TestPatient { tilt: 3.0, bow: 15.0, ..TestPatient::default() }, &[]);
        assert!(even.iter().all(|mm| *mm < 5.0), "{even:?}");
    }

    #[test]
    fn lesions_and_what_is_not_bone_do_not_pull() {
        let lesions = vec![[90.0, 520.0, 20.0, 25.0], [-60.0, 400.0, 12.0, 20.0]];
        let hot = TestPatient { lesions, ..TestPatient::default() };
        let pulled = moved(&hot, &[]);
        assert!(pulled.iter().all(|mm| *mm < 8.0), "{pulled:?}");
        let bag = Outline::Ellipse { center: [150.0, 280.0], radii: [30.0, 30.0], angle_deg: 0.0 };
        let marked = moved(&hot, &[bag]);
        assert!(marked.iter().all(|mm| *mm < 8.0), "{marked:?}");
    }

    #[test]
    fn a_frame_that_shows_nothing_has_mirror_images() {
        let patient = TestPatient { counts: 0.0, ..TestPatient::default() };
        assert_eq!(find_symmetry(&patient.frame(1), &midline(&patient), &[]).warp, None);
    }
}
