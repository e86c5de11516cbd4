//! Midlines and twins of patients drawn by lot, against where the simulator has them.

use bonescope::findings::Symmetry;
use bonescope::measure::{find_midline, find_symmetry};
use bonescope::simulate::cohort::{Kind, Volunteer};
use bonescope::study::{Frame, Pixels, Values};
use ndarray::s;

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// Figures for many patients are what `cargo bench --bench accuracy -- twin` prints.
#[test]
fn twins_lie_on_the_same_bone_of_a_limb_that_is_held_differently() {
    let volunteer = Volunteer::draw(2011, Kind::Findings, 1_500_000).unwrap();
    let scan = volunteer.scan();
    let chart = volunteer.chart().unwrap();
    for (index, frame) in scan.study.series[0].frames.iter().enumerate() {
        let midline = find_midline(frame).expect("a patient");
        let found = find_symmetry(frame, &midline, &[]);
        assert_eq!(found, find_symmetry(frame, &midline, &[]), "the same twice");
        let mirrored = Symmetry::mirror(midline, frame);
        let mm = frame.spacing_or_unit().x();
        let misses = |symmetry: &Symmetry, legs: bool| -> Vec<f64> {
            let leg = |region: &str| ["ankle and foot", "tibia", "knee"].contains(&region);
            let pairs = chart.counterparts(index).into_iter();
            pairs
                .filter(|p| p.structure.bone && (!legs || leg(&p.structure.region)))
                .filter_map(|p| Some((symmetry.counterpart(p.here)? - p.there).length() * mm))
                .collect()
        };
        assert!(median(misses(&found, false)) < 4.0);
        let (with, without) = (median(misses(&found, true)), median(misses(&mirrored, true)));
        assert!(with < 5.0 && with <= without.max(3.0), "{with} {without}");
    }
}

/// The part of a frame between two columns and below a row.
fn part(frame: &Frame, columns: std::ops::Range<usize>, first_row: usize) -> Frame {
    let Pixels::U16(counts) = &*frame.values.pixels else { panic!("stored as U16") };
    let counts = counts.slice(s![first_row.., columns]).to_owned();
    Frame { values: Values::counts(Pixels::U16(counts)), ..frame.clone() }
}

/// One leg is as symmetric as a patient, about its own bone.
#[test]
fn a_midline_through_a_single_leg_is_not_to_be_trusted() {
    let scan = Volunteer::draw(3, Kind::Normal, 1_500_000).unwrap().scan();
    let frame = &scan.study.series[0].frames[0];
    let quality = |frame: &Frame| find_midline(frame).map_or(0.0, |m| m.quality());
    // The truth has a point every 20 mm from 1760 mm down: this one lies below the hips.
    let [column, row] = scan.truth.midline[0].points[49];
    let (column, row) = (column.round() as usize, row.round() as usize);
    assert!(quality(frame) > 0.8);
    assert!(quality(&part(frame, 0..frame.columns(), row)) > 0.5, "two legs");
    let leg = quality(&part(frame, column + 2..frame.columns(), row));
    assert!(leg < 0.25, "one leg: {leg}");
}
