//! A patient made of ellipses, for tests: symmetric about a midline that is known.

use std::sync::Arc;

use ndarray::Array2;
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, Poisson};

use crate::geometry::{Curve, Pixel, Point, Spacing};
use crate::study::{
    Address, Frame, FrameSource, Laterality, Patient, Phi, Pixels, Series, SeriesKind, Study,
    Tracer, Values, ViewLabel, ViewName, ViewSource,
};

const COLUMNS: usize = 256;
const ROWS: usize = 800;
pub(crate) const MM: f64 = 2.4;

/// An anterior frame with the given values and square pixels.
pub(crate) fn frame_of(values: Values, spacing: f64) -> Frame {
    Frame {
        values,
        spacing: Spacing::new(spacing, spacing),
        view: ViewLabel { view: ViewName::Anterior, source: ViewSource::ViewCode },
        laterality: Laterality::from_view(ViewName::Anterior),
        address: Address::default(),
        duration: None,
        geometry: None,
        source: FrameSource {
            sop_class: "1.2.840.10008.5.1.4.1.1.20".into(),
            sop_instance: "1.2.3.4".into(),
            number: 1,
        },
    }
}

/// A study of one series with these frames; the series is `1.2.3`.
pub(crate) fn study_of(frames: Vec<Frame>) -> Study {
    let series = Series {
        uid: "1.2.3".into(),
        number: Some(1),
        modality: "NM".into(),
        kind: SeriesKind::WholeBody,
        description: String::new(),
        acquired: None,
        tracer: Tracer::default(),
        manufacturer: String::new(),
        collimator: String::new(),
        scan_velocity: None,
        energy_windows: Vec::new(),
        frames,
        remarks: Vec::new(),
        derived: None,
    };
    Study {
        uid: "1.2".into(),
        started: None,
        date: None,
        description: String::new(),
        accession: Phi::default(),
        institution: String::new(),
        referring_physician: Phi::default(),
        patient: Patient::default(),
        series: vec![Arc::new(series)],
        simulated: true,
    }
}

pub(crate) struct TestPatient {
    /// Where the middle of the patient lies, mm right of the frame's.
    pub shift: f64,
    /// Degrees.
    pub tilt: f64,
    /// How far the trunk bows to one side, mm.
    pub bow: f64,
    /// Expected counts in the view.
    pub counts: f64,
    /// `[lateral mm, mm from the vertex, radius mm, uptake]`; soft tissue has 1, bone about 2.
    pub lesions: Vec<[f64; 4]>,
    /// The side, −1 or 1, of an arm or a leg that is not there.
    pub no_arm: Option<f64>,
    pub no_leg: Option<f64>,
    pub head_down: bool,
}

impl Default for TestPatient {
    fn default() -> Self {
        Self {
            shift: 0.0,
            tilt: 0.0,
            bow: 0.0,
            counts: 1.5e6,
            lesions: Vec::new(),
            no_arm: None,
            no_leg: None,
            head_down: false,
        }
    }
}

/// `[lateral, down, half width, half height, uptake]`, mm from the vertex on the midline; parts
/// that are not on the midline have a twin on the other side.
const PARTS: [[f64; 5]; 21] = [
    [0.0, 120.0, 75.0, 118.0, 1.2],
    [0.0, 150.0, 30.0, 40.0, 0.8],
    [0.0, 480.0, 165.0, 260.0, 1.0],
    [0.0, 800.0, 170.0, 120.0, 1.0],
    // Spine, sternum, bladder.
    [0.0, 560.0, 20.0, 300.0, 1.4],
    [0.0, 420.0, 18.0, 90.0, 1.0],
    [0.0, 900.0, 35.0, 28.0, 9.0],
    // Shoulders, ribs, hips.
    [160.0, 305.0, 30.0, 28.0, 1.6],
    [80.0, 350.0, 75.0, 7.0, 0.9],
    [90.0, 395.0, 80.0, 7.0, 0.9],
    [95.0, 440.0, 82.0, 7.0, 0.9],
    [95.0, 485.0, 85.0, 7.0, 0.9],
    [90.0, 530.0, 85.0, 7.0, 0.9],
    [95.0, 790.0, 50.0, 45.0, 0.9],
    [120.0, 890.0, 24.0, 24.0, 1.4],
    // Arms, then legs: thigh, femur, knee, shank, foot.
    [215.0, 560.0, 38.0, 300.0, 0.7],
    [95.0, 1080.0, 70.0, 230.0, 0.9],
    [105.0, 1080.0, 16.0, 190.0, 0.7],
    [90.0, 1290.0, 38.0, 36.0, 1.2],
    [85.0, 1490.0, 50.0, 230.0, 0.8],
    [85.0, 1700.0, 40.0, 60.0, 1.0],
];
const ARMS: std::ops::Range<usize> = 15..16;
const LEGS: std::ops::Range<usize> = 16..21;
const LENGTH: f64 = 1740.0;

impl TestPatient {
    /// The true midline.
    pub fn midline(&self) -> Curve {
        let middle = 0.5 * ROWS as f64 * MM;
        let points = (0..=12).map(|i| {
            let down = f64::from(i) / 12.0 * ROWS as f64 * MM;
            let along = (down - middle) / 700.0;
            let mm = 0.5 * (COLUMNS as f64 - 1.0) * MM
                + self.shift
                + self.tilt.to_radians().tan() * (down - middle)
                + self.bow * (1.0 - along * along);
            Point::new(mm / MM, down / MM)
        });
        Curve::through(points).expect("rows that increase")
    }

    /// Mean uptake around a place on the body, in a camera's blur.
    fn uptake(&self, lateral: f64, down: f64) -> f64 {
        let mut uptake = 0.0;
        let mut add = |dx: f64, dy: f64, half: [f64; 2], level: f64| {
            let (hx, hy) = (half[0], half[1]);
            // A soft edge a few millimetres wide, as a collimator leaves it.
            let inside = 1.0 - (dx / hx).hypot(dy / hy);
            let edge = inside * hx.min(hy) / 4.0;
            uptake += level / (1.0 + (-edge).clamp(-30.0, 30.0).exp());
        };
        let side = lateral.signum();
        for (i, &[x, y, hx, hy, level]) in PARTS.iter().enumerate() {
            let lost = |range: &std::ops::Range<usize>, which: Option<f64>| {
                range.contains(&i) && which == Some(side)
            };
            if !lost(&ARMS, self.no_arm) && !lost(&LEGS, self.no_leg) {
                add(lateral.abs() - x, down - y, [hx, hy], level);
            }
        }
        for &[x, y, radius, level] in &self.lesions {
            add(lateral - x, down - y, [radius, radius], level);
        }
        uptake
    }

    /// The patient as counted by the camera.
    pub fn frame(&self, seed: u64) -> Frame {
        let midline = self.midline();
        let middle = 0.5 * ROWS as f64;
        // Along the midline, so that a body that bends keeps its length.
        let mut lengths = vec![0.0; ROWS + 1];
        for row in 0..ROWS {
            let step = MM * 1.0f64.hypot(midline.slope_at(row as f64 + 0.5));
            lengths[row + 1] = lengths[row] + step;
        }
        let along = |row: f64| {
            let at = row.clamp(0.0, ROWS as f64 - 1.0);
            let i = at as usize;
            lengths[i] + (at - i as f64) * (lengths[i + 1] - lengths[i])
        };
        let expected = Array2::from_shape_fn((ROWS, COLUMNS), |(row, column)| {
            let point: Point<Pixel> = Point::new(column as f64, row as f64);
            if (point.x - midline.column_at(point.y)).abs() * MM > 290.0 {
                return 0.0;
            }
            // The foot of the perpendicular; steps shrink by the slope squared each.
            let mut row = point.y;
            for _ in 0..4 {
                let slope = midline.slope_at(row);
                let aside = point.x - midline.column_at(row);
                row += (aside * slope + point.y - row) / (1.0 + slope * slope);
            }
            let foot = Point::new(midline.column_at(row), row);
            let lateral = (point - foot).length() * MM * (point.x - foot.x).signum();
            let down = along(foot.y) - along(middle) + 0.5 * LENGTH;
            self.uptake(lateral, down)
        });
        let scale = self.counts / expected.sum();
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let mut counted = expected.mapv(|mean| match Poisson::new(mean * scale) {
            Ok(law) => law.sample(&mut rng) as u16,
            Err(_) => 0,
        });
        if self.head_down {
            counted.invert_axis(ndarray::Axis(0));
        }
        frame_of(Values::counts(Pixels::U16(counted)), MM)
    }
}
