//! The bone scan index against the volume that tumour truly fills, lesions outlined as they are.

use bonescope::geometry::Outline;
use bonescope::measure::{IndexedLesion, NamedView, Skeleton, bone_scan_index, find_midline};
use bonescope::simulate::Acquisition;
use bonescope::simulate::cohort::{Kind, Volunteer};
use bonescope::units::Level;

use crate::patients::Patients;
use crate::table::{Row, Target};

/// Counts, and the largest mean and standard deviation of the error that are aimed at.
const DOSES: [(u64, f64, f64); 3] =
    [(1_500_000, 0.20, 0.26), (500_000, 0.40, 0.35), (200_000, 1.0, 0.6)];

pub fn rows(patients: &Patients) -> Vec<Row> {
    let mut rows = Vec::new();
    for (counts, mean_error, spread) in DOSES {
        let of = patients.each_of(Kind::Metastatic, &[counts], measured);
        let pairs: Vec<[f64; 3]> = of.into_iter().flatten().collect();
        let million = counts as f64 / 1e6;
        let errors: Vec<f64> = pairs.iter().map(|p| (p[1] - p[0]).abs()).collect();
        let (mean, sd) = mean_and_sd(&errors);
        let said = |what: &str| format!("{what}, {million} M counts");
        rows.extend([
            Row::new(said("volume: r"), correlation(&pairs, 1), "", Target::AtLeast(0.995)),
            Row::new(said("volume: mean |error|"), mean, "%", Target::AtMost(mean_error)),
            Row::new(said("volume: SD of |error|"), sd, "%", Target::AtMost(spread)),
            Row::new(said("volume: slope"), slope(&pairs, 1), "", Target::None),
            Row::new(said("index by weights: r"), correlation(&pairs, 2), "", Target::None),
            Row::new(said("index by weights: slope"), slope(&pairs, 2), "", Target::None),
        ]);
    }
    rows
}

/// True and measured percent of the volume, and the index by weights.
fn measured(_: &Volunteer, scan: &Acquisition) -> Option<[f64; 3]> {
    let frames = &scan.study.series[0].frames;
    let skeletons: Vec<Skeleton> = frames
        .iter()
        .filter_map(|frame| Skeleton::fit(frame, &find_midline(frame)?).ok())
        .collect();
    if skeletons.len() < frames.len() {
        return None;
    }
    let views: Vec<NamedView<'_>> = frames
        .iter()
        .zip(&skeletons)
        .map(|(frame, skeleton)| NamedView { frame, skeleton })
        .collect();
    let lesions: Vec<IndexedLesion> = scan
        .truth
        .lesions
        .iter()
        .flat_map(|lesion| lesion.frames.iter().map(move |frame| (lesion, frame)))
        .map(|(lesion, frame)| IndexedLesion {
            name: lesion.name.clone(),
            view: frame.frame,
            outline: Outline::Polygon { points: frame.outline.clone() },
        })
        .collect();
    let index = bone_scan_index(&views, &lesions, Level::NINETY_FIVE).ok()?;
    Some([scan.truth.bsi_percent?, index.volume_percent, index.percent])
}

fn mean_and_sd(values: &[f64]) -> (f64, f64) {
    let count = values.len().max(1) as f64;
    let mean = values.iter().sum::<f64>() / count;
    let squares: f64 = values.iter().map(|v| (v - mean).powi(2)).sum();
    (mean, (squares / (count - 1.0).max(1.0)).sqrt())
}

fn correlation(pairs: &[[f64; 3]], of: usize) -> f64 {
    let (x, y): (Vec<f64>, Vec<f64>) = pairs.iter().map(|p| (p[0], p[of])).unzip();
    let ((mx, sx), (my, sy)) = (mean_and_sd(&x), mean_and_sd(&y));
    let products: f64 = x.iter().zip(&y).map(|(a, b)| (a - mx) * (b - my)).sum();
    products / (x.len() as f64 - 1.0) / (sx * sy)
}

/// Of the line through nothing.
fn slope(pairs: &[[f64; 3]], of: usize) -> f64 {
    let sum = |f: &dyn Fn(&[f64; 3]) -> f64| pairs.iter().map(f).sum::<f64>();
    sum(&|p| p[0] * p[of]) / sum(&|p| p[0] * p[0])
}
