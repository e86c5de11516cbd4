//! The midline against the body's plane of symmetry, along the trunk.

use bonescope::measure::find_midline;
use bonescope::simulate::Acquisition;
use bonescope::simulate::cohort::{Kind, Volunteer};

use crate::patients::Patients;
use crate::table::{Row, Target, quantile};

/// Heights of the trunk on the anatomy's own scale, mm: from the pelvis to the shoulders. A true
/// midline has a point every 20 mm from 1760 down.
const TRUNK: std::ops::RangeInclusive<f64> = 880.0..=1460.0;

pub fn rows(patients: &Patients) -> Vec<Row> {
    let mut all = Vec::new();
    for kind in [Kind::Normal, Kind::Findings, Kind::Metastatic] {
        all.extend(patients.each(kind, errors));
    }
    let found = all.iter().filter(|e| e.is_some()).count() as f64 / all.len() as f64;
    let mut misses: Vec<f64> = all.into_iter().flatten().flatten().collect();
    vec![
        Row::new("median miss", quantile(&mut misses, 0.5), "mm", Target::AtMost(1.5)),
        Row::new("95th percentile", quantile(&mut misses, 0.95), "mm", Target::AtMost(5.0)),
        Row::new("largest", quantile(&mut misses, 1.0), "mm", Target::None),
        Row::new("scans with a midline in both views", found, "", Target::AtLeast(1.0)),
    ]
}

/// How far the found line misses each true point of the trunk, mm; `None` where there is none.
fn errors(_: &Volunteer, scan: &Acquisition) -> Option<Vec<f64>> {
    let mut misses = Vec::new();
    for truth in &scan.truth.midline {
        let frame = &scan.study.series[truth.series].frames[truth.frame];
        let midline = find_midline(frame)?;
        let mm = frame.spacing_or_unit();
        for (i, &[column, row]) in truth.points.iter().enumerate() {
            if TRUNK.contains(&(1760.0 - 20.0 * i as f64)) {
                // Across the line, not along the row.
                let slope = midline.curve.slope_at(row) * mm.x() / mm.y();
                let aside = (midline.curve.column_at(row) - column) * mm.x();
                misses.push(aside.abs() / 1f64.hypot(slope));
            }
        }
    }
    Some(misses)
}
