//! Views that only the picture tells: whole-body frames whose file says nothing, against the
//! simulator's truth.

use std::fs;
use std::path::Path;
use std::sync::{Arc, LazyLock};

use bonescope::dicom::{NoProgress, open, planar};
use bonescope::geometry::Side;
use bonescope::simulate::{Acquisition, Case, acquire, case, cases};
use bonescope::study::{
    Address, Frame, Laterality, Pixels, Series, SeriesKind, Study, Values, ViewLabel, ViewName,
    ViewSource,
};
use ndarray::{Array2, s};
use ndarray_ndimage::{BorderMode, gaussian_filter};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, Poisson};
use rayon::prelude::*;

const ANTERIOR: ViewName = ViewName::Anterior;
const POSTERIOR: ViewName = ViewName::Posterior;

/// A file of these frames that says nothing of views; all from one detector, so that their order
/// says nothing either, or from one each.
pub fn silent_file(study: &Study, frames: Vec<(Array2<u16>, u16)>) -> Vec<u8> {
    let series = &*study.series[0];
    let model = &series.frames[0];
    let frames = frames.into_iter().map(|(counts, detector)| Frame {
        values: Values::counts(Pixels::U16(counts)),
        view: ViewLabel::default(),
        laterality: Laterality::default(),
        address: Address { detector, ..Address::default() },
        ..model.clone()
    });
    let series = Series { frames: frames.collect(), ..series.clone() };
    planar(study, &series).expect("a file")
}

/// What the reader of a file is told of its first series.
fn opened(bytes: &[u8]) -> Arc<Series> {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("scan.dcm");
    fs::write(&path, bytes).expect("written");
    let loaded = open(&path, &NoProgress).expect("a study");
    loaded.value[0].series[0].clone()
}

fn views(series: &Series) -> Vec<(ViewName, ViewSource)> {
    series.frames.iter().map(|f| (f.view.view, f.view.source)).collect()
}

static SHELF: LazyLock<Vec<(String, Acquisition)>> = LazyLock::new(|| {
    let scan = |name: &str| (name.to_owned(), acquire(&case(name).expect("a case"), &|_| ()));
    let whole_body = |scan: &Acquisition| scan.study.series[0].kind == SeriesKind::WholeBody;
    let shelf = cases().par_iter().map(|info| scan(&info.name));
    shelf.filter(|(_, scan)| whole_body(scan)).collect()
});

/// The picture that bodies are found with, made anew from the simulator's normal adult.
/// `BONESCOPE_ATLAS=1 cargo test --test headless atlas` writes it.
#[test]
fn the_atlas_is_the_simulated_adult() {
    const CELL: usize = 5;
    let (_, normal) = SHELF.iter().find(|(name, _)| name == "normal").expect("on the shelf");
    let picture = |expected: &Array2<f64>| {
        let cells = Array2::from_shape_fn((162, 51), |(row, column)| {
            let (top, left) = (100 + CELL * row, CELL * column);
            expected.slice(s![top..top + CELL, left..left + CELL]).sum()
        });
        let roots = gaussian_filter(&cells, 0.8, 0, BorderMode::Nearest, 3).mapv(f64::sqrt);
        let quantile = |mut values: Vec<f64>, q: f64| {
            values.sort_by(f64::total_cmp);
            values[((values.len() - 1) as f64 * q) as usize]
        };
        let top = quantile(roots.iter().copied().collect(), 0.99);
        let body: Vec<f64> = roots.iter().copied().filter(|&v| v > 0.25 * top).collect();
        let cut = quantile(body.clone(), 0.96);
        let mean = body.iter().map(|v| v.min(cut)).sum::<f64>() / body.len() as f64;
        let picture = roots.mapv(|v| v.min(cut) / mean);
        let mirrored = picture.slice(s![.., ..;-1]).to_owned();
        (picture + mirrored) / 2.0
    };
    let body = (picture(&normal.expected[0]) + picture(&normal.expected[1])) * 32.0;
    let body = body.mapv(|v| v.round().clamp(0.0, 255.0) as u8);
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/atlas/body.pgm");
    let mut bytes = b"P5 51 162 255\n".to_vec();
    bytes.extend(body.iter());
    if std::env::var_os("BONESCOPE_ATLAS").is_some_and(|v| v == "1") {
        fs::write(&path, bytes).expect("written");
        return;
    }
    let there = fs::read(&path).expect("the atlas");
    assert_eq!(there.len(), bytes.len());
    let apart = there.iter().zip(&bytes).map(|(a, b)| a.abs_diff(*b)).max();
    assert!(apart <= Some(1), "BONESCOPE_ATLAS=1 cargo test --test headless atlas");
}

/// How a patient was put before the camera, other than the simulator did.
#[derive(Clone, Copy, Debug)]
pub struct Lie {
    /// Width and height over those of the simulated patient.
    pub size: [f64; 2],
    pub turn_deg: f64,
    /// To larger columns of the anterior frame, and to larger rows; pixels.
    pub shift: [f64; 2],
    /// Expected counts of the anterior frame.
    pub exposure: f64,
    /// Turned by 180° in the plane.
    pub feet_first: bool,
}

pub const AS_IS: Lie =
    Lie { size: [1.0, 1.0], turn_deg: 0.0, shift: [0.0, 0.0], exposure: 1.5e6, feet_first: false };

/// Both frames of a patient who lies so, counted anew.
pub fn counted(expected: &[Array2<f64>], lie: Lie, seed: u64) -> [Array2<u16>; 2] {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let total: f64 = expected[0].sum();
    [(0, 1.0), (1, -1.0)].map(|(frame, side): (usize, f64)| {
        let image = &expected[frame];
        let (rows, columns) = image.dim();
        let middle = [rows, columns].map(|n| 0.5 * (n as f64 - 1.0));
        let (sin, cos) = (side * lie.turn_deg).to_radians().sin_cos();
        let counts = Array2::from_shape_fn((rows, columns), |(row, column)| {
            let y = row as f64 - middle[0] - lie.shift[1];
            let x = column as f64 - middle[1] - side * lie.shift[0];
            let (y, x) = ((y * cos - x * sin) / lie.size[1], (x * cos + y * sin) / lie.size[0]);
            let mean = between(image, y + middle[0], x + middle[1]) * lie.exposure / total;
            let mean = mean / (lie.size[0] * lie.size[1]);
            if mean > 0.0 {
                Poisson::new(mean).expect("positive").sample(&mut rng) as u16
            } else {
                0
            }
        });
        match lie.feet_first {
            true => counts.slice(s![..;-1, ..;-1]).to_owned(),
            false => counts,
        }
    })
}

fn between(image: &Array2<f64>, row: f64, column: f64) -> f64 {
    let (rows, columns) = image.dim();
    if row < 0.0 || column < 0.0 || row + 1.0 >= rows as f64 || column + 1.0 >= columns as f64 {
        return 0.0;
    }
    let (y, x) = (row as usize, column as usize);
    let (fy, fx) = (row - y as f64, column - x as f64);
    let at = |y: usize, x: usize| image[[y, x]];
    (at(y, x) * (1.0 - fx) + at(y, x + 1) * fx) * (1.0 - fy)
        + (at(y + 1, x) * (1.0 - fx) + at(y + 1, x + 1) * fx) * fy
}

/// How often what was said of frames was right.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Rates {
    right: usize,
    silent: usize,
    wrong: usize,
    head_wrong: usize,
}

impl Rates {
    fn of(frames: &[Frame], truth: &[ViewName], feet_first: bool) -> Self {
        let mut rates = Self::default();
        for (frame, &truth) in frames.iter().zip(truth) {
            match frame.view.view {
                ViewName::Unknown => rates.silent += 1,
                view if view == truth => rates.right += 1,
                _ => rates.wrong += 1,
            }
            let said = frame.laterality.head_at_first_row;
            rates.head_wrong += usize::from(said.is_some_and(|first| first == feet_first));
        }
        rates
    }

    fn and(self, other: Self) -> Self {
        Self {
            right: self.right + other.right,
            silent: self.silent + other.silent,
            wrong: self.wrong + other.wrong,
            head_wrong: self.head_wrong + other.head_wrong,
        }
    }
}

/// What is said of the two frames together, in either order, and of each alone.
fn asked(scan: &Acquisition, lie: Lie, seed: u64) -> [Rates; 3] {
    let [anterior, posterior] = counted(&scan.expected, lie, seed);
    let swap = seed % 2 == 1;
    let (frames, truth) = match swap {
        false => ([(anterior.clone(), 2), (posterior.clone(), 1)], [ANTERIOR, POSTERIOR]),
        true => ([(posterior.clone(), 2), (anterior.clone(), 1)], [POSTERIOR, ANTERIOR]),
    };
    // Detector numbers that name no order: the second and the third of a camera.
    let frames = frames.map(|(counts, detector)| (counts, detector + 1)).to_vec();
    let of =
        |series: Arc<Series>, truth: &[ViewName]| Rates::of(&series.frames, truth, lie.feet_first);
    [
        of(opened(&silent_file(&scan.study, frames)), &truth),
        of(opened(&silent_file(&scan.study, vec![(anterior, 1)])), &[ANTERIOR]),
        of(opened(&silent_file(&scan.study, vec![(posterior, 1)])), &[POSTERIOR]),
    ]
}

fn all(rates: impl ParallelIterator<Item = [Rates; 3]>) -> [Rates; 3] {
    rates.reduce(Default::default, |a, b| [0, 1, 2].map(|i| a[i].and(b[i])))
}

/// The shelf's patients turned, shrunk, stretched, moved, thinly and well exposed.
#[test]
fn views_of_the_shelf_are_told_by_the_picture() {
    let lies = [
        AS_IS,
        Lie { size: [0.8, 0.75], exposure: 4e5, ..AS_IS },
        Lie { size: [1.2, 1.05], turn_deg: 4.0, ..AS_IS },
        Lie { turn_deg: -5.0, shift: [12.0, -20.0], feet_first: true, ..AS_IS },
        Lie { size: [1.0, 0.85], shift: [-10.0, 25.0], exposure: 3e6, ..AS_IS },
    ];
    let scans: Vec<_> = SHELF.iter().collect();
    let rates = all(scans.par_iter().enumerate().flat_map(|(i, (_, scan))| {
        lies.par_iter().enumerate().map(move |(k, lie)| asked(scan, *lie, (7 * i + k) as u64))
    }));
    eprintln!("shelf: pair, anterior, posterior {rates:?}");
    let asked = scans.len() * lies.len();
    assert!(rates.iter().all(|r| r.wrong == 0 && r.head_wrong == 0), "{rates:?}");
    assert!(rates[0].right >= 2 * asked * 95 / 100, "{rates:?}");
    assert!(rates[1].right >= asked * 6 / 10 && rates[2].right >= asked * 6 / 10, "{rates:?}");
}

/// Patients nobody has seen before: every region's uptake, organs, habitus, pose, camera and
/// lesions drawn by lot.
fn stranger(seed: u64) -> Acquisition {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let mut recipe = format!(
        "title = \"Stranger\"\nstory = \"\"\nseed = {seed}\ncounts = 1500000\n\
         [patient]\nname = \"Simulated^Stranger\"\nsex = \"F\"\nage = 60\nweight_kg = 70.0\n\
         height_m = 1.7\n[tracer]\nagent = \"Tc-99m MDP\"\nisotope = \"Tc-99m\"\n\
         injected_mbq = 600.0\ninjected_at = \"2024-03-12T08:30:00\"\nuptake_minutes = 180\n\
         [camera]\npixel_mm = 4.8\ncolumns = 128\nrows = 448\ncollimator = \"LEHR\"\n\
         gap_mm = {:.1}\nvelocity_mm_s = 2.0\nscan_length_mm = 1944.0\n\
         [pose]\ntilt_deg = {:.2}\nshift_mm = [{:.1}, {:.1}]\n\
         bend = {{ amplitude_mm = {:.1}, from_z_mm = 850.0, to_z_mm = 1550.0 }}\n",
        rng.random_range(15.0..110.0),
        rng.random_range(-5.0..5.0),
        rng.random_range(-25.0..25.0),
        rng.random_range(-40.0..40.0),
        rng.random_range(-25.0..25.0),
    );
    let regions = [
        "cervical spine",
        "thoracic spine",
        "lumbar spine",
        "sacrum",
        "sacroiliac joint",
        "ilium",
        "ribs",
        "sternum",
        "clavicle",
        "scapula",
        "skull",
        "facial bones",
        "mandible",
        "femur",
        "knee",
        "humerus",
        "kidney",
        "bladder",
        "soft tissue",
        "liver",
    ];
    for region in regions {
        let spread: f64 = if ["kidney", "bladder", "liver"].contains(&region) { 1.0 } else { 0.45 };
        let factor = (spread * rng.random_range(-1.5..1.5f64)).exp();
        recipe += &format!("[[edits]]\nfactor = {factor:.3}\nregions = [\"{region}\"]\n");
    }
    for i in 0..rng.random_range(0..15) {
        let centre = [
            rng.random_range(-120.0..120.0),
            rng.random_range(-90.0..90.0),
            rng.random_range(850.0..1500.0),
        ];
        recipe += &format!(
            "[[lesions]]\nname = \"L{i}\"\nregion = \"ribs\"\nside = \"M\"\nuptake = {:.2}\n\
             type = \"ellipsoid\"\ncentre = {centre:.1?}\nradii = [12, 12, 12]\n",
            rng.random_range(1.5..5.0),
        );
    }
    acquire(&Case::from_recipe("stranger", &recipe).expect("a recipe"), &|_| ())
}

#[test]
fn views_of_strangers_are_told_by_the_picture_or_not_at_all() {
    // `BONESCOPE_STRANGERS=120` asks more of them, for the table in `src/dicom/content/mod.rs`.
    let asked_for = std::env::var("BONESCOPE_STRANGERS").ok().and_then(|n| n.parse().ok());
    let count: u64 = asked_for.unwrap_or(16);
    let rates = all((0..count).into_par_iter().map(|seed| {
        let lie = Lie { exposure: 4e5 * 1.08f64.powi((seed % 24) as i32), ..AS_IS };
        asked(&stranger(seed), Lie { feet_first: seed % 4 == 3, ..lie }, seed)
    }));
    eprintln!("strangers: pair, anterior, posterior {rates:?}");
    assert!(rates.iter().all(|r| r.wrong == 0 && r.head_wrong == 0), "{rates:?}");
    assert!(rates[0].right >= 2 * count as usize * 9 / 10, "{rates:?}");
    assert!(rates[1].right + rates[2].right >= count as usize, "{rates:?}");
}

pub fn normal() -> &'static Acquisition {
    &SHELF.iter().find(|(name, _)| name == "normal").expect("on the shelf").1
}

#[test]
fn a_view_taken_from_the_picture_says_so() {
    let [anterior, posterior] = counted(&normal().expected, AS_IS, 3);
    let series = opened(&silent_file(&normal().study, vec![(posterior, 2), (anterior, 3)]));
    use ViewSource::ImageContent;
    assert_eq!(views(&series), [(POSTERIOR, ImageContent), (ANTERIOR, ImageContent)]);
    let sides: Vec<_> = series.frames.iter().map(|f| f.laterality.larger_columns).collect();
    assert_eq!(sides, [Some(Side::Right), Some(Side::Left)]);
    let told = series.remarks.iter().filter(|r| r.contains("guess: confirm it")).count();
    assert_eq!(told, 2, "{:?}", series.remarks);
}

#[test]
fn a_body_head_down_has_no_sides() {
    let lie = Lie { feet_first: true, ..AS_IS };
    let frames = counted(&normal().expected, lie, 4);
    let frames = frames.into_iter().zip([2, 3]).collect();
    let series = opened(&silent_file(&normal().study, frames));
    for frame in &series.frames {
        assert_eq!(frame.laterality.head_at_first_row, Some(false));
        assert_eq!(frame.laterality.larger_columns, None);
    }
    assert_eq!(series.frames[1].view.view, POSTERIOR);
    assert!(series.remarks.iter().any(|r| r.contains("head down")), "{:?}", series.remarks);
}

#[test]
fn an_order_that_the_pictures_contradict_is_not_believed() {
    let [anterior, posterior] = counted(&normal().expected, AS_IS, 5);
    let usual = vec![(anterior.clone(), 1), (posterior.clone(), 2)];
    let series = opened(&silent_file(&normal().study, usual));
    use ViewSource::FrameOrder;
    assert_eq!(views(&series), [(ANTERIOR, FrameOrder), (POSTERIOR, FrameOrder)]);
    let series = opened(&silent_file(&normal().study, vec![(posterior, 1), (anterior, 2)]));
    assert_eq!(views(&series), [(ViewName::Unknown, ViewSource::Unknown); 2]);
    assert!(series.remarks.iter().any(|r| r.contains("contradict")), "{:?}", series.remarks);
}

/// The patient lies a little to one side, so one can see whether a frame was mirrored.
#[test]
fn frames_stored_the_same_way_round_have_no_sides() {
    let lie = Lie { shift: [9.0, 0.0], turn_deg: 2.0, ..AS_IS };
    let [anterior, posterior] = counted(&normal().expected, lie, 6);
    let pair = |posterior: Array2<u16>| vec![(anterior.clone(), 2), (posterior, 3)];
    let series = opened(&silent_file(&normal().study, pair(posterior.clone())));
    assert!(series.frames.iter().all(|f| f.laterality.larger_columns.is_some()));
    let mirrored = posterior.slice(s![.., ..;-1]).to_owned();
    let series = opened(&silent_file(&normal().study, pair(mirrored)));
    assert!(series.frames.iter().all(|f| f.laterality.larger_columns.is_none()));
    assert_eq!(series.frames[1].view.view, POSTERIOR);
    assert!(series.remarks.iter().any(|r| r.contains("same way round")), "{:?}", series.remarks);
}

#[test]
fn what_shows_no_whole_body_is_never_named() {
    let [anterior, posterior] = counted(&normal().expected, AS_IS, 7);
    let spot = |a: &Array2<u16>, row: usize| a.slice(s![row..row + 256, ..]).to_owned();
    for row in [150, 300, 420] {
        let frames = vec![(spot(&anterior, row), 2), (spot(&posterior, row), 3)];
        let series = opened(&silent_file(&normal().study, frames));
        assert_eq!(views(&series), [(ViewName::Unknown, ViewSource::Unknown); 2], "{row}");
        assert!(series.frames.iter().all(|f| f.laterality.head_at_first_row.is_none()));
    }
    // A flood field as long as a patient, and a line of sources.
    let flood = Array2::from_shape_fn((1024, 256), |(r, c)| 20 + ((r * 31 + c * 17) % 7) as u16);
    let line =
        Array2::from_shape_fn((1024, 256), |(_, c)| if c.abs_diff(128) < 6 { 90 } else { 1 });
    for picture in [flood, line] {
        let series = opened(&silent_file(&normal().study, vec![(picture, 1)]));
        assert_eq!(series.frames[0].view.view, ViewName::Unknown);
        assert_eq!(series.frames[0].laterality.head_at_first_row, None);
    }
}

/// NEMA's NM1, the one real whole-body scan at hand, robbed of its labels: an anterior view.
#[test]
fn a_real_scan_is_found_and_never_called_posterior() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(
        "../shared/data/wearemothership__dicom-test-files/medical.nema.org/\
         compsamples_refanddir/IMAGES/REF/NM1_UNC",
    );
    if !path.is_file() {
        let required = std::env::var_os("BONESCOPE_REQUIRE_ALL").is_some();
        assert!(!required, "{} is needed and not there", path.display());
        eprintln!("skipped: {} is not there", path.display());
        return;
    }
    let study = open(&path, &NoProgress).expect("a study").value.remove(0);
    let frame = &study.series[0].frames[0];
    let counts = Array2::from_shape_fn((frame.rows(), frame.columns()), |(row, column)| {
        frame.values.at(column, row) as u16
    });
    // As it is, smaller, cut above the knees, and turned over.
    let legless = counts.slice(s![..620, ..]).to_owned();
    let over = counts.slice(s![..;-1, ..;-1]).to_owned();
    for (picture, head_first) in [(counts, true), (legless, true), (over, false)] {
        let series = opened(&silent_file(&study, vec![(picture, 1)]));
        let frame = &series.frames[0];
        eprintln!("NM1: {:?} {:?}", frame.view, frame.laterality);
        assert_ne!(frame.view.view, POSTERIOR);
        let head = frame.laterality.head_at_first_row;
        assert!(head.is_none_or(|first| first == head_first), "{head:?}");
    }
}
