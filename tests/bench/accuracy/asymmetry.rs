//! The asymmetry map: what it calls significant on healthy patients, and what it finds.

use bonescope::geometry::Outline;
use bonescope::measure::{
    AsymmetricArea, AsymmetryMap, Sign, Skeleton, asymmetry_map, find_midline, find_symmetry,
};
use bonescope::simulate::cohort::{Kind, Volunteer};
use bonescope::simulate::{Acquisition, Chart};
use bonescope::study::Frame;

use crate::patients::Patients;
use crate::table::{Row, Target};

/// An area this near to a place is of it, mm.
const NEAR: f64 = 20.0;

pub fn rows(patients: &Patients) -> Vec<Row> {
    let normal = patients.each(Kind::Normal, |volunteer, scan| {
        let chart = volunteer.chart().expect("a whole-body case");
        let found =
            |frame| maps(scan, frame).map(|map| unexplained(volunteer, &chart, frame, &map, scan));
        [0, 1].map(found)
    });
    let views: Vec<usize> = normal.into_iter().flatten().flatten().collect();
    let count = views.len().max(1) as f64;
    let with_any = views.iter().filter(|&&areas| areas > 0).count() as f64;
    let cold = patients.each(Kind::Photopenic, photopenia);
    let cold: Vec<[bool; 2]> = cold.into_iter().flatten().collect();
    let hot = patients.each(Kind::Findings, lesions);
    let hot: Vec<bool> = hot.into_iter().flatten().collect();
    let share = |found: usize, of: usize| found as f64 / of.max(1) as f64;
    vec![
        Row::new(
            "areas nothing explains, per healthy view",
            views.iter().sum::<usize>() as f64 / count,
            "",
            Target::None,
        ),
        Row::new("healthy views with such an area", with_any / count, "", Target::None),
        Row::new(
            "cold paired bones found in a view or both",
            share(cold.iter().filter(|c| c[0]).count(), cold.len()),
            "",
            Target::None,
        ),
        Row::new(
            "of these called cold, not their other side hot",
            share(
                cold.iter().filter(|c| c[0] && c[1]).count(),
                cold.iter().filter(|c| c[0]).count(),
            ),
            "",
            Target::None,
        ),
        Row::new(
            "hot findings off the midline, contrast to noise above 10, found",
            share(hot.iter().filter(|f| **f).count(), hot.len()),
            "",
            Target::None,
        ),
    ]
}

fn maps(scan: &Acquisition, frame: usize) -> Option<AsymmetryMap> {
    let frame = &scan.study.series[0].frames[frame];
    let midline = find_midline(frame)?;
    let skeleton = Skeleton::fit(frame, &midline).ok();
    let symmetry = find_symmetry(frame, &midline, &[]);
    asymmetry_map(frame, &|p| symmetry.counterpart(p), &[], skeleton.as_ref()).ok()
}

fn frame_of(scan: &Acquisition, frame: usize) -> &Frame {
    &scan.study.series[0].frames[frame]
}

fn miss(frame: &Frame, outline: &Outline, place: [f64; 2]) -> f64 {
    let (mm, at) = (frame.spacing_or_unit(), outline.centroid());
    ((at.x - place[0]) * mm.x()).hypot((at.y - place[1]) * mm.y())
}

/// Areas of a healthy patient that lie neither on an organ nor on a normal variant, on either side.
fn unexplained(
    volunteer: &Volunteer,
    chart: &Chart,
    frame: usize,
    map: &AsymmetryMap,
    scan: &Acquisition,
) -> usize {
    let (structures, covers) = (chart.structures(), chart.covers(frame));
    let reach = (15.0 / frame_of(scan, frame).spacing_or_unit().x()) as i64;
    let odd = |outline: &Outline| {
        let at = outline.centroid();
        let around = (-reach..=reach).flat_map(|y| (-reach..=reach).map(move |x| (x, y)));
        around
            .filter_map(|(x, y)| {
                let (x, y) = (at.x as i64 + x, at.y as i64 + y);
                covers.get((usize::try_from(y).ok()?, usize::try_from(x).ok()?))
            })
            .flatten()
            .map(|&i| &structures[usize::from(i)])
            .any(|s| !s.bone || volunteer.variants.iter().any(|v| v.name == s.name))
    };
    map.areas.iter().filter(|a| !odd(&a.outline) && !odd(&a.counterpart)).count()
}

/// For each cold bone with another side: found in any view, and called cold.
fn photopenia(volunteer: &Volunteer, scan: &Acquisition) -> Vec<[bool; 2]> {
    let chart = volunteer.chart().expect("a whole-body case");
    let maps: Vec<(usize, AsymmetryMap)> =
        [0, 1].into_iter().filter_map(|frame| Some((frame, maps(scan, frame)?))).collect();
    let places: Vec<_> = [0, 1].map(|frame| chart.counterparts(frame)).into();
    let paired = volunteer.cold.iter().filter(|cold| cold.side != "midline");
    let found = |name: &str| {
        let mut said = [false, false];
        for (frame, map) in &maps {
            let Some(place) = places[*frame].iter().find(|p| p.structure.name == name) else {
                continue;
            };
            let near = |o: &Outline, p: [f64; 2]| miss(frame_of(scan, *frame), o, p) < NEAR;
            let of_it = |a: &&AsymmetricArea| {
                near(&a.outline, place.here.to_array())
                    || near(&a.counterpart, place.here.to_array())
            };
            for area in map.areas.iter().filter(of_it) {
                said[0] = true;
                said[1] |= area.sign == Sign::Cold && near(&area.outline, place.here.to_array());
            }
        }
        said
    };
    paired.map(|cold| found(&cold.name)).collect()
}

/// For each hot finding with another side that stands out: found in a view.
fn lesions(_: &Volunteer, scan: &Acquisition) -> Vec<bool> {
    let maps = [0, 1].map(|frame| maps(scan, frame));
    let mut all = Vec::new();
    for lesion in scan.truth.lesions.iter().filter(|l| l.side != "midline") {
        let clear: Vec<_> = lesion
            .frames
            .iter()
            .filter(|f| {
                let excess = f.excess_counts.unwrap_or(0.0);
                excess / (f.expected_counts - excess).max(1.0).sqrt() > 10.0
            })
            .collect();
        if clear.is_empty() {
            continue;
        }
        all.push(clear.iter().any(|truth| {
            let map = maps[truth.frame].as_ref();
            map.is_some_and(|map| {
                map.areas.iter().any(|a| {
                    miss(frame_of(scan, truth.frame), &a.outline, truth.center) < NEAR
                        || a.outline.contains(truth.center.into())
                })
            })
        }));
    }
    all
}
