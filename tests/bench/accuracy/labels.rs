//! The bone under each pixel against the bones that are there.

use std::collections::BTreeMap;

use bonescope::findings::{Site, SiteFamily};
use bonescope::geometry::{Point, Side};
use bonescope::measure::{Skeleton, find_midline};
use bonescope::simulate::cohort::{Kind, Volunteer};
use bonescope::simulate::{Acquisition, Chart};

use crate::patients::Patients;
use crate::sites::site_of;
use crate::table::{Row, Target, quantile};

/// Confidences are counted in so many steps.
const STEPS: usize = 10;

/// What was asked of the pixels of a frame that show bone, and what was answered rightly.
#[derive(Default)]
struct Told {
    pixels: usize,
    /// A name of the right part of the skeleton; the very bone, level and side.
    family: usize,
    exact: usize,
    /// The same by the family of the bone that is seen most.
    families: BTreeMap<SiteFamily, [usize; 2]>,
    /// Of all named pixels by confidence: how many, the sum of confidences, how many right.
    trusted: [[f64; 3]; STEPS],
    /// Of the bladder's pixels: how many, and called so.
    bladder: [usize; 2],
}

pub fn rows(patients: &Patients) -> Vec<Row> {
    let mut views = [Vec::new(), Vec::new()];
    for kind in [Kind::Normal, Kind::Findings, Kind::Metastatic] {
        for [anterior, posterior] in patients.each(kind, told) {
            views[0].push(anterior);
            views[1].push(posterior);
        }
    }
    let mut rows = Vec::new();
    let names = ["anterior", "posterior"];
    for (view, frames) in names.iter().zip(&views) {
        let fitted: Vec<&Told> = frames.iter().flatten().collect();
        let sum = |of: fn(&Told) -> usize| fitted.iter().map(|t| of(t)).sum::<usize>() as f64;
        let pixels = sum(|t| t.pixels);
        let share = |figure: &str, value: f64| {
            Row::new(format!("{view}: {figure}"), value, "", Target::None)
        };
        rows.push(share("scans with names", fitted.len() as f64 / frames.len() as f64));
        rows.push(share("bone pixels, right part of the skeleton", sum(|t| t.family) / pixels));
        rows.push(share("bone pixels, right bone, level and side", sum(|t| t.exact) / pixels));
        let mut worst: Vec<f64> =
            fitted.iter().map(|t| t.exact as f64 / t.pixels.max(1) as f64).collect();
        rows.push(share("the same, 5th percentile of scans", quantile(&mut worst, 0.05)));
        for family in FAMILIES {
            let of = |i: usize| -> f64 {
                fitted.iter().filter_map(|t| t.families.get(&family)).map(|n| n[i] as f64).sum()
            };
            rows.push(share(&format!("right bone, {family:?}"), of(1) / of(0)));
        }
        rows.push(share("bladder called so", sum(|t| t.bladder[1]) / sum(|t| t.bladder[0])));
        let mut missed = 0.0f64;
        for step in 0..STEPS {
            let of = |i: usize| fitted.iter().map(|t| t.trusted[step][i]).sum::<f64>();
            if of(0) > 1000.0 {
                missed = missed.max((of(1) - of(2)).abs() / of(0));
            }
        }
        rows.push(share("confidence minus share right, at worst", missed));
    }
    rows
}

const FAMILIES: [SiteFamily; 7] = [
    SiteFamily::Head,
    SiteFamily::Spine,
    SiteFamily::Chest,
    SiteFamily::ShoulderGirdle,
    SiteFamily::Arm,
    SiteFamily::Pelvis,
    SiteFamily::Leg,
];

/// `None` for a frame without names.
fn told(volunteer: &Volunteer, scan: &Acquisition) -> [Option<Told>; 2] {
    let chart = volunteer.chart().expect("a whole body");
    let sites: Vec<Option<Place>> = chart.structures().iter().map(site_of).collect();
    [0, 1].map(|frame| {
        let image = &scan.study.series[0].frames[frame];
        let skeleton = Skeleton::fit(image, &find_midline(image)?).ok()?;
        Some(compared(&skeleton, &chart, &sites, frame))
    })
}

type Place = (Site, Option<Side>);

fn compared(skeleton: &Skeleton, chart: &Chart, sites: &[Option<Place>], frame: usize) -> Told {
    let mut told = Told::default();
    for ((row, column), covers) in chart.covers(frame).indexed_iter() {
        let there: Vec<Place> = covers.iter().filter_map(|&i| sites[usize::from(i)]).collect();
        let label = skeleton.at(Point::new(column as f64, row as f64));
        let exact = label.is_some_and(|l| there.contains(&(l.site, l.side)));
        if let Some(label) = label {
            let step = (label.confidence * STEPS as f64) as usize;
            let [count, sum, right] = &mut told.trusted[step.min(STEPS - 1)];
            *count += 1.0;
            *sum += label.confidence;
            *right += f64::from(u8::from(exact));
        }
        if there.iter().any(|(site, _)| *site == Site::Bladder) {
            told.bladder[0] += 1;
            told.bladder[1] += usize::from(label.is_some_and(|l| l.site == Site::Bladder));
        }
        let Some((most, _)) = there.iter().find(|(site, _)| site.bone()) else { continue };
        let alike = |l: bonescope::measure::Label| {
            there.iter().any(|(site, _)| site.family() == l.site.family())
        };
        told.pixels += 1;
        told.family += usize::from(label.is_some_and(alike));
        told.exact += usize::from(exact);
        let [asked, right] = told.families.entry(most.family()).or_default();
        *asked += 1;
        *right += usize::from(exact);
    }
    told
}
