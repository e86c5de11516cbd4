//! How often intervals hold what is true, and whether data that are no counts lose theirs.

use std::sync::Arc;

use bonescope::geometry::Outline;
use bonescope::measure::{Density, MeasuredFrame, net_ratio, ratio_of_counts};
use bonescope::simulate::Acquisition;
use bonescope::simulate::cohort::{Kind, Volunteer};
use bonescope::study::{Frame, Pixels};
use bonescope::units::Level;
use ndarray::Array2;
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, Poisson};

use crate::patients::Patients;
use crate::table::{Row, Target};

/// Expected counts of the anterior frame: from a glimpse, whose lesions hold a few counts, to a
/// usual scan.
const COUNTS: [u64; 5] = [5_000, 20_000, 80_000, 300_000, 1_500_000];
/// What the 95 % interval should cover.
const COVERAGE: Target = Target::Within(0.94, 0.97);
/// The background, over the density of the twin, and the pixels it is taken from.
const BACKGROUND: f64 = 0.3;
const BACKGROUND_PIXELS: u64 = 150;
/// How often each lesion is counted anew: one scan each would leave the figures a standard error
/// of more than a per cent.
const COUNTED: usize = 30;

/// Of one count of a lesion: the fewer of the expected counts of lesion and twin, and whether the interval
/// holds the true ratio.
struct Trial {
    fewest: f64,
    /// Counted from the scan's own pixels, and not once more from what is expected in them.
    scanned: bool,
    plain: bool,
    net: bool,
}

pub fn rows(patients: &Patients) -> Vec<Row> {
    let trials: Vec<Trial> =
        patients.each_of(Kind::Findings, &COUNTS, trials).into_iter().flatten().collect();
    let covered = |range: std::ops::Range<f64>, held: fn(&Trial) -> bool| {
        let asked = || trials.iter().filter(|t| range.contains(&t.fewest));
        asked().filter(|t| held(t)).count() as f64 / asked().count() as f64
    };
    let scanned: Vec<bool> = trials.iter().filter(|t| t.scanned).map(|t| t.plain).collect();
    let as_scanned = scanned.iter().filter(|held| **held).count() as f64 / scanned.len() as f64;
    let lesions = scanned.len();
    let judged: Vec<[bool; 2]> =
        patients.each(Kind::Findings, withdrawn).into_iter().flatten().collect();
    let share =
        |which: usize| judged.iter().filter(|w| w[which]).count() as f64 / judged.len() as f64;
    vec![
        Row::new(format!("ratio, {lesions} lesions as scanned"), as_scanned, "", Target::None),
        Row::new("ratio, all", covered(0.0..f64::MAX, |t| t.plain), "", COVERAGE),
        Row::new("ratio, from 50 counts", covered(50.0..f64::MAX, |t| t.plain), "", COVERAGE),
        Row::new("ratio, 10 to 50 counts", covered(10.0..50.0, |t| t.plain), "", COVERAGE),
        Row::new(
            "ratio, below 10 counts",
            covered(0.0..10.0, |t| t.plain),
            "",
            Target::AtLeast(0.94),
        ),
        Row::new("net ratio, all", covered(0.0..f64::MAX, |t| t.net), "", COVERAGE),
        Row::new("net ratio, 10 to 50 counts", covered(10.0..50.0, |t| t.net), "", COVERAGE),
        Row::new("raw frames that lose intervals", share(0), "", Target::AtMost(0.001)),
        Row::new("smoothed frames that lose them", share(1), "", Target::AtLeast(0.99)),
    ]
}

fn trials(_: &Volunteer, scan: &Acquisition) -> Vec<Trial> {
    let mut rng = ChaCha8Rng::seed_from_u64(scan.truth.seed);
    let mut trials = Vec::new();
    for lesion in scan.truth.lesions.iter().flat_map(|lesion| &lesion.frames) {
        let Some(twin) = &lesion.twin else { continue };
        let frame = MeasuredFrame::new(&scan.study.series[lesion.series].frames[lesion.frame]);
        let [one, other] = [&lesion.outline, &twin.outline].map(|points| {
            let (counts, pixels) = frame.sum(&Outline::Polygon { points: points.clone() });
            Density { counts: counts as u64, pixels }
        });
        let density = |expected: f64, held: Density| expected / held.pixels as f64;
        let true_one = density(lesion.expected_counts, one);
        let true_other = density(twin.expected_counts, other);
        if one.pixels == 0 || other.pixels == 0 || true_one.min(true_other) <= 0.0 {
            continue;
        }
        let level = Level::NINETY_FIVE;
        let poisson = |mean: f64| Poisson::new(mean).expect("above zero");
        let anew = [(lesion.expected_counts, one), (twin.expected_counts, other)];
        let anew = anew.map(|(expected, seen)| (poisson(expected), seen.pixels));
        let under = BACKGROUND * true_other.min(true_one);
        let behind = poisson(under * BACKGROUND_PIXELS as f64);
        for count in 0..=COUNTED {
            let mut count_of = |(law, pixels): (Poisson<f64>, u64)| Density {
                counts: law.sample(&mut rng) as u64,
                pixels,
            };
            let background = count_of((behind, BACKGROUND_PIXELS));
            let again = anew.map(&mut count_of);
            let [one, other] = if count == 0 { [one, other] } else { again };
            let plain = ratio_of_counts(one.counts, one.pixels, other.counts, other.pixels, level);
            let interval = plain.and_then(|ratio| ratio.estimate.interval).expect("counts");
            let net = net_ratio(one, other, background, level);
            let net = net.and_then(|ratio| ratio.interval).expect("counts");
            trials.push(Trial {
                fewest: lesion.expected_counts.min(twin.expected_counts),
                scanned: count == 0,
                plain: interval.contains(true_one / true_other),
                net: net.contains((true_one - under) / (true_other - under)),
            });
        }
    }
    trials
}

/// For each frame, whether it loses its intervals as it is, and after a light smoothing.
fn withdrawn(_: &Volunteer, scan: &Acquisition) -> Vec<[bool; 2]> {
    let frames = scan.study.series.iter().flat_map(|series| &series.frames);
    frames
        .map(|frame| [frame, &smoothed(frame)].map(|f| MeasuredFrame::new(f).counts.is_err()))
        .collect()
}

/// Each pixel weighted with a quarter of those beside it, as a workstation's lightest filter does.
fn smoothed(frame: &Frame) -> Frame {
    let size = [frame.rows(), frame.columns()];
    let near = |row: usize, column: usize| {
        let mut sum = 0.0;
        for (dy, dx) in (0..3).flat_map(|dy| (0..3).map(move |dx| (dy, dx))) {
            let y = (row + dy).saturating_sub(1).min(size[0] - 1);
            let x = (column + dx).saturating_sub(1).min(size[1] - 1);
            let share = |d: usize| if d == 1 { 1.0 } else { 0.25 };
            sum += share(dy) * share(dx) * frame.values.at(x, y);
        }
        (sum / 2.25).round() as u16
    };
    let pixels = Array2::from_shape_fn((size[0], size[1]), |(row, column)| near(row, column));
    let mut frame = frame.clone();
    frame.values.pixels = Arc::new(Pixels::U16(pixels));
    frame
}
