//! The automatic midline: where a view is most like its own mirror image.

use crate::findings::{Midline, MidlineOrigin};
use crate::geometry::{Curve, Point};
use crate::study::{Frame, ViewName};

use super::body::Body;

/// Widest half of a patient that is compared, mm.
const REACH: f64 = 260.0;
/// From here outwards pairs weigh less, mm: arms lie as they like.
const TRUNK: f64 = 130.0;
/// Rows of the curve that are compared lie this far apart, mm.
const STRIDE: f64 = 10.0;
/// The first control points lie about this far apart, mm; in the end there is one between each two.
const HANDLES: f64 = 280.0;
/// Taking a control point away may move the curve by so much, mm.
const THINNED: f64 = 0.6;
/// No two neighbouring handles lie further apart, mm: the reader wants one wherever the midline is
/// to be corrected.
const WIDEST_GAP: f64 = 1.25 * HANDLES;
/// What each squared turn at a control point costs, in parts of the whole overlap. Enough to keep
/// the curve straight where little speaks for a bend, too little to hide a scoliosis.
const STIFFNESS: f64 = 0.8;
/// No part of a midline leans further than this, degrees; beyond, the price is steep.
const STEEPEST: f64 = 12.0;
/// Even the narrowest row of the patient has this weight once the straight line is known.
const LEAST_WEIGHT: f64 = 0.3;

/// The midline of a view, found by symmetry; `None` where no patient is seen or the view has no
/// left and right.
///
/// The picture is smoothed, put on a square-root scale and cut at the level of ordinary bone, so
/// that bladder, injection site and lesions weigh no more than a rib. A straight line is sought
/// first, over all offsets and tilts, then bent through a few control points while the patient
/// overlaps better with the mirror image. Every point is mirrored across the tangent at its foot,
/// just as twins are.
///
/// The quality in the result is near 1 where the fine structure of both sides agrees and near 0
/// where it does not.
pub fn find_midline(frame: &Frame) -> Option<Midline> {
    use ViewName::*;
    if matches!(frame.view.view, LeftLateral | RightLateral | Sagittal) {
        return None;
    }
    let body = Body::of(frame)?;
    let line = straight(&body)?;
    let mut fit = Fit::along(&body, line);
    fit.bend(&[(16.0, 2.0), (8.0, 2.0), (4.0, 1.0), (2.0, 1.0), (1.0, 1.0)]);
    fit.refine();
    fit.bend(&[(6.0, 1.0), (3.0, 1.0), (1.5, 1.0)]);
    fit.thin();
    let quality = match frame.view.view {
        LeftAnteriorOblique
        | RightAnteriorOblique
        | LeftPosteriorOblique
        | RightPosteriorOblique => 0.5 * fit.quality(),
        _ => fit.quality(),
    };
    let scale = |cells: f64, mm: f64| cells * body.cell / mm;
    let points = fit
        .points
        .iter()
        .map(|p| Point::new(scale(p[0], body.spacing.x()), scale(p[1], body.spacing.y())));
    Some(Midline { curve: Curve::through(points)?, origin: MidlineOrigin::Fitted { quality } })
}

/// A straight line: column = offset + slope · (row − middle row), in cells.
#[derive(Clone, Copy)]
struct Line {
    offset: f64,
    slope: f64,
}

/// How much the two sides share: the smaller of the two uptakes, and the same of the fine
/// structure where both sides go the same way.
#[inline]
fn shared(left: [f32; 2], right: [f32; 2]) -> f32 {
    let broad = left[0].min(right[0]);
    let fine = left[1].abs().min(right[1].abs());
    broad + if left[1] * right[1] > 0.0 { fine } else { -fine }
}

/// What the mirror image shares with the patient along one normal.
fn shared_along_normal(body: &Body, x: f64, y: f64, slope: f64, step: f64) -> f64 {
    let norm = 1.0f64.hypot(slope);
    let (nx, ny) = (1.0 / norm, -slope / norm);
    let count = (REACH / (body.cell * step)) as usize;
    let mut sum = 0.0;
    for i in 0..count {
        let u = (i as f64 + 0.5) * step;
        let (dx, dy) = (u * nx, u * ny);
        let left = body.at((x - dx) as f32, (y - dy) as f32);
        let right = body.at((x + dx) as f32, (y + dy) as f32);
        sum += f64::from(shared(left, right)) * weight(u * body.cell);
    }
    sum * step
}

fn weight(mm: f64) -> f64 {
    if mm < TRUNK { 1.0 } else { 1.0 - 0.7 * (mm - TRUNK) / (REACH - TRUNK) }
}

/// The best straight line over all offsets and tilts, with weight on the trunk.
fn straight(body: &Body) -> Option<Line> {
    let (first, last) = body.rows;
    let middle = 0.5 * (first + last) as f64;
    let row_step = (20.0 / body.cell).max(1.0);
    let score = |line: Line| {
        let mut row = first as f64;
        let mut sum = 0.0;
        while row <= last as f64 {
            let x = line.offset + line.slope * (row - middle);
            sum += body.weights[row as usize].powi(2)
                * shared_along_normal(body, x, row, line.slope, 2.0);
            row += row_step;
        }
        sum
    };
    let mut best: Option<(f64, Line)> = None;
    let reach = (120.0 / body.cell).min(0.45 * body.mask.ncols() as f64);
    let offset_step = 10.0 / body.cell;
    let offsets = (reach / offset_step) as i32;
    for tilt in -4..=4 {
        let slope = (f64::from(tilt) * 2.5).to_radians().tan();
        for i in -offsets..=offsets {
            let offset = body.center + f64::from(i) * offset_step;
            let line = Line { offset, slope };
            let score = score(line);
            if best.is_none_or(|(s, _)| score > s) {
                best = Some((score, line));
            }
        }
    }
    best.map(|(_, line)| line)
}

/// Control points being moved until the sides agree best.
struct Fit<'a> {
    body: &'a Body,
    /// `[column, row]` in cells.
    points: Vec<[f64; 2]>,
    /// What a perfectly symmetric patient of this size would score, about.
    scale: f64,
}

impl<'a> Fit<'a> {
    fn along(body: &'a Body, line: Line) -> Self {
        let (first, last) = (body.rows.0 as f64, body.rows.1 as f64);
        let length = (last - first) * body.cell;
        let count = ((length / HANDLES).round() as usize + 1).clamp(3, 7);
        let points = (0..count)
            .map(|i| {
                let row = first + (last - first) * i as f64 / (count - 1) as f64;
                [line.offset + line.slope * (row - 0.5 * (first + last)), row]
            })
            .collect();
        let mut fit = Self { body, points, scale: 1.0 };
        fit.scale = fit.shared(&fit.points, 1.0).abs().max(1e-9);
        fit
    }

    /// What the sides share along the whole curve, looked at every `coarse` strides and cells.
    fn shared(&self, points: &[[f64; 2]], coarse: f64) -> f64 {
        let Some(curve) = Curve::through(points.iter().map(|&p| Point::from(p))) else {
            return f64::NEG_INFINITY;
        };
        let step = coarse * STRIDE / self.body.cell;
        let (first, last) = (self.body.rows.0 as f64, self.body.rows.1 as f64);
        let count = ((last - first) / step) as usize;
        (0..=count)
            .map(|i| {
                let row = first + i as f64 * step;
                let (x, slope) = (curve.column_at(row), curve.slope_at(row));
                self.body.weights[row as usize].max(LEAST_WEIGHT)
                    * shared_along_normal(self.body, x, row, slope, coarse)
            })
            .sum::<f64>()
            * coarse
    }

    /// Shared overlap less a price on bending.
    fn score(&self, points: &[[f64; 2]], coarse: f64) -> f64 {
        let limit = STEEPEST.to_radians().tan();
        let (mut bending, mut steep) = (0.0, 0.0);
        for w in points.windows(3) {
            let turn = (w[2][0] - w[1][0]) / (w[2][1] - w[1][1])
                - (w[1][0] - w[0][0]) / (w[1][1] - w[0][1]);
            bending += turn * turn;
        }
        for w in points.windows(2) {
            let slope = ((w[1][0] - w[0][0]) / (w[1][1] - w[0][1])).abs();
            steep += (slope - limit).max(0.0);
        }
        self.shared(points, coarse) / self.scale - STIFFNESS * bending - 10.0 * steep
    }

    /// Puts a control point between each two, on the curve as it is: a bow shorter than the first
    /// points' distance, as of a scoliosis, needs them.
    fn refine(&mut self) {
        let Some(curve) = Curve::through(self.points.iter().map(|&p| Point::from(p))) else {
            return;
        };
        let between = |w: &[[f64; 2]]| {
            let row = 0.5 * (w[0][1] + w[1][1]);
            [w[0], [curve.column_at(row), row]]
        };
        let last = self.points.last().copied();
        self.points = self.points.windows(2).flat_map(between).chain(last).collect();
    }

    /// Takes away control points that the curve hardly misses, so that the reader is offered no
    /// more handles than the midline has bends.
    fn thin(&mut self) {
        let tolerance = THINNED / self.body.cell;
        loop {
            let Some(curve) = Curve::through(self.points.iter().map(|&p| Point::from(p))) else {
                return;
            };
            let without = |k: usize| {
                let gap = self.points[k + 1][1] - self.points[k - 1][1];
                if gap * self.body.cell > WIDEST_GAP {
                    return None;
                }
                let mut points = self.points.clone();
                points.remove(k);
                let thinner = Curve::through(points.iter().map(|&p| Point::from(p)))?;
                let miss = (self.body.rows.0..=self.body.rows.1)
                    .map(|row| (thinner.column_at(row as f64) - curve.column_at(row as f64)).abs())
                    .fold(0.0, f64::max);
                Some((miss, points))
            };
            let least =
                (1..self.points.len() - 1).filter_map(without).min_by(|a, b| a.0.total_cmp(&b.0));
            match least {
                Some((miss, points)) if miss <= tolerance => self.points = points,
                _ => return,
            }
        }
    }

    /// Moves the control points by ever smaller steps, each looked at so coarsely.
    fn bend(&mut self, steps: &[(f64, f64)]) {
        let modes = modes(self.points.len());
        for &(step_mm, coarse) in steps {
            let mut best = self.score(&self.points, coarse);
            let step = step_mm / self.body.cell;
            for _ in 0..4 {
                let mut moved = false;
                for mode in &modes {
                    for sign in [1.0, -1.0] {
                        let tried: Vec<[f64; 2]> = self
                            .points
                            .iter()
                            .zip(mode)
                            .map(|(p, m)| [p[0] + sign * step * m, p[1]])
                            .collect();
                        let score = self.score(&tried, coarse);
                        if score > best {
                            (best, self.points, moved) = (score, tried, true);
                            break;
                        }
                    }
                }
                if !moved {
                    break;
                }
            }
        }
    }

    /// How well the fine structure of the two sides agrees.
    fn quality(&self) -> f64 {
        let body = self.body;
        let Some(curve) = Curve::through(self.points.iter().map(|&p| Point::from(p))) else {
            return 0.0;
        };
        let (mut lr, mut ll, mut rr) = (0.0, 0.0, 0.0);
        let (mut through, mut between) = (0.0, 0.0);
        let (mut bone, mut bone_aside) = (0.0, 0.0);
        for row in body.rows.0..=body.rows.1 {
            let row = row as f64;
            let (x, slope) = (curve.column_at(row), curve.slope_at(row));
            let norm = 1.0f64.hypot(slope);
            let column = x.max(0.0) as usize;
            let inside = body.covers(row as usize, column);
            if inside {
                through += 1.0;
                let [all, aside] = bone_beside(body, [x, row], [1.0 / norm, -slope / norm]);
                (bone, bone_aside) = (bone + all, bone_aside + aside);
            } else if between_limbs(body, row as usize, column) {
                between += 1.0;
            }
            for i in (15.0 / body.cell) as usize..(REACH / body.cell) as usize {
                let (dx, dy) = (i as f64 / norm, -slope * i as f64 / norm);
                let l = f64::from(body.at((x - dx) as f32, (row - dy) as f32)[1]);
                let r = f64::from(body.at((x + dx) as f32, (row + dy) as f32)[1]);
                (lr, ll, rr) = (lr + l * r, ll + l * l, rr + r * r);
            }
        }
        let ncc = if ll * rr > 0.0 { lr / (ll * rr).sqrt() } else { 0.0 };
        // On simulated patients seen from the front or back 0.5 goes with great asymmetry and 0.8
        // with little; the side view of a patient has 0.45 and noise 0.1.
        let agreement = ((ncc - 0.4) / 0.4).clamp(0.0, 1.0);
        // A single limb is as symmetric as a trunk about its one bone, but says nothing of where
        // the patient's midline is.
        let trunk = if bone > 0.0 { bone_aside / bone } else { 0.0 };
        let trunk = ((trunk - LIMB) / (TRUNK_LIKE - LIMB)).clamp(0.0, 1.0);
        let length = (trunk * through + BETWEEN_LIMBS * between) * body.cell;
        agreement * (length / 200.0).clamp(0.0, 1.0)
    }
}

/// Bone that lies further than this from the midline is not that of a single limb, mm.
const ASIDE: f64 = 45.0;
/// The part of the fine structure that lies so far aside: of a single limb at most, and of a trunk
/// at least.
const LIMB: f64 = 0.15;
const TRUNK_LIKE: f64 = 0.35;
/// Two limbs guide a midline between them so much less than a trunk under it does.
const BETWEEN_LIMBS: f64 = 0.7;

/// Fine structure along a line that leaves the midline to both sides, squared and summed: all of
/// it, and what lies further aside than a limb's bone does.
fn bone_beside(body: &Body, [x, y]: [f64; 2], normal: [f64; 2]) -> [f64; 2] {
    let (mut all, mut aside) = (0.0, 0.0);
    let reach = (REACH / body.cell) as i32;
    for i in -reach..=reach {
        let u = f64::from(i);
        let [_, fine] = body.at((x + u * normal[0]) as f32, (y + u * normal[1]) as f32);
        let bright = f64::from(fine.max(0.0)).powi(2);
        all += bright;
        if u.abs() * body.cell > ASIDE {
            aside += bright;
        }
    }
    [all, aside]
}

/// Whether there is patient on either side of a place that is not.
fn between_limbs(body: &Body, row: usize, column: usize) -> bool {
    if row >= body.mask.nrows() || column >= body.mask.ncols() {
        return false;
    }
    let reach = (REACH / body.cell) as usize;
    let covered =
        |columns: std::ops::Range<usize>| columns.into_iter().any(|c| body.mask[[row, c]]);
    covered(column.saturating_sub(reach)..column)
        && covered(column + 1..(column + 1 + reach).min(body.mask.ncols()))
}

/// The ways the control points move: all together, tilted, bowed, snaked, then each on its own.
fn modes(count: usize) -> Vec<Vec<f64>> {
    let along = |i: usize| 2.0 * i as f64 / (count - 1) as f64 - 1.0;
    let mode = |f: &dyn Fn(usize) -> f64| (0..count).map(f).collect::<Vec<_>>();
    let mut modes = vec![
        mode(&|_| 1.0),
        mode(&along),
        mode(&|i| 1.0 - along(i) * along(i)),
        mode(&|i| (std::f64::consts::PI * along(i)).sin()),
    ];
    modes.extend((0..count).map(|k| mode(&|i| f64::from(u8::from(i == k)))));
    // Neighbours together: a short bow cannot grow one point at a time against the stiffness.
    modes.extend(
        (0..count).map(|k| mode(&|i| [1.0, 0.5].get(i.abs_diff(k)).copied().unwrap_or(0.0))),
    );
    modes
}

#[cfg(test)]
mod tests {
    use ndarray::Array2;
    use rand::SeedableRng;
    use rand_chacha::ChaCha8Rng;
    use rand_distr::{Distribution, Poisson};

    use super::*;
    use crate::measure::fixture::{MM, TestPatient, frame_of};
    use crate::study::{Pixels, Values};

    fn errors(found: &Midline, truth: &Curve) -> Vec<f64> {
        // Head to groin.
        (80..470)
            .map(|row| {
                let row = f64::from(row);
                (found.curve.column_at(row) - truth.column_at(row)).abs() * MM
            })
            .collect()
    }

    fn quantile(mut errors: Vec<f64>, q: f64) -> f64 {
        errors.sort_by(f64::total_cmp);
        errors[((errors.len() - 1) as f64 * q) as usize]
    }

    fn assert_found(name: &str, patient: &TestPatient) -> Midline {
        let found = find_midline(&patient.frame(11)).expect("a patient");
        let errors = errors(&found, &patient.midline());
        let (middle, high) = (quantile(errors.clone(), 0.5), quantile(errors, 0.95));
        assert!(middle <= 2.0 && high <= 8.0, "{name}: median {middle:.1} mm, 95th {high:.1} mm");
        found
    }

    fn patient() -> TestPatient {
        TestPatient::default()
    }

    #[test]
    fn finds_patients_that_lie_off_centre_tilted_or_bent() {
        let cases = [
            ("straight", patient()),
            ("off centre", TestPatient { shift: 55.0, ..patient() }),
            ("tilted", TestPatient { tilt: 7.0, ..patient() }),
            ("tilted the other way", TestPatient { tilt: -8.0, shift: -20.0, ..patient() }),
            ("bowed", TestPatient { bow: 35.0, ..patient() }),
            ("bowed and tilted", TestPatient { bow: -30.0, tilt: 4.0, ..patient() }),
        ];
        for (name, patient) in cases {
            let found = assert_found(name, &patient);
            assert!(found.quality() > 0.7, "{name}: {}", found.quality());
            assert!((3..=13).contains(&found.curve.points().len()));
        }
    }

    #[test]
    fn lesions_injection_sites_and_missing_limbs_do_not_pull_it() {
        let lesions = vec![
            [90.0, 520.0, 20.0, 25.0],
            [100.0, 800.0, 30.0, 12.0],
            [-60.0, 400.0, 12.0, 20.0],
            [120.0, 600.0, 15.0, 30.0],
            [110.0, 1100.0, 20.0, 18.0],
        ];
        let injection = vec![[225.0, 830.0, 12.0, 300.0]];
        let cases = [
            ("lesions", TestPatient { lesions: lesions.clone(), tilt: 3.0, ..patient() }),
            ("injection site", TestPatient { lesions: injection, tilt: -2.0, ..patient() }),
            ("one arm", TestPatient { no_arm: Some(1.0), tilt: 2.0, ..patient() }),
            ("one leg", TestPatient { no_leg: Some(-1.0), tilt: -3.0, ..patient() }),
            ("one arm and lesions", TestPatient { no_arm: Some(-1.0), lesions, ..patient() }),
        ];
        for (name, patient) in cases {
            assert_found(name, &patient);
        }
    }

    #[test]
    fn few_counts_are_enough() {
        assert_found("100 000 counts", &TestPatient { counts: 1e5, tilt: 4.0, ..patient() });
        assert_found("40 000 counts", &TestPatient { counts: 4e4, shift: 15.0, ..patient() });
    }

    #[test]
    fn feet_may_come_first() {
        let patient = TestPatient { shift: 30.0, head_down: true, ..patient() };
        let found = find_midline(&patient.frame(3)).expect("a patient");
        let truth = patient.midline();
        for row in (330..720).step_by(10) {
            let row = f64::from(row);
            assert!((found.curve.column_at(row) - truth.column_at(799.0 - row)).abs() * MM < 4.0);
        }
    }

    #[test]
    fn says_when_there_is_nothing_to_trust() {
        let frame = |pixels| frame_of(Values::counts(Pixels::U16(pixels)), MM);
        assert_eq!(find_midline(&frame(Array2::zeros((800, 256)))), None);
        assert_eq!(find_midline(&frame(Array2::from_elem((800, 256), 7))), None);
        assert_eq!(find_midline(&frame(Array2::from_elem((2, 2), 7))), None);
        let mut rng = ChaCha8Rng::seed_from_u64(1);
        for mean in [0.02, 1.0, 30.0] {
            let law = Poisson::new(mean).unwrap();
            let noise = Array2::from_shape_simple_fn((800, 256), || law.sample(&mut rng) as u16);
            let quality = find_midline(&frame(noise)).map_or(0.0, |m| m.quality());
            assert!(quality < 0.2, "noise of mean {mean}: {quality}");
        }
        // A side view has no midline, however symmetric it looks.
        let mut lateral = patient().frame(2);
        lateral.view.view = ViewName::LeftLateral;
        assert_eq!(find_midline(&lateral), None);
    }

    /// A midline between two legs is found as well as any.
    #[test]
    fn two_legs_have_a_midline_between_them() {
        let patient = TestPatient { shift: 18.0, tilt: 2.0, ..patient() };
        let frame = patient.frame(2);
        let Pixels::U16(counts) = &*frame.values.pixels else { panic!("stored as U16") };
        for first in [500, 600, 700] {
            let mut counts = counts.clone();
            counts.slice_mut(ndarray::s![..first, ..]).fill(0);
            let found = find_midline(&frame_of(Values::counts(Pixels::U16(counts)), MM));
            let found = found.expect("two legs");
            let truth = patient.midline();
            let miss: Vec<f64> = (first..790)
                .map(|r| (found.curve.column_at(r as f64) - truth.column_at(r as f64)).abs() * MM)
                .collect();
            let miss = quantile(miss, 0.95);
            assert!(miss < 3.0 && found.quality() > 0.5, "{first}: {miss}, {}", found.quality());
        }
    }

    #[test]
    fn frames_of_any_size_and_spacing_are_survived() {
        for (columns, rows) in [(1, 1), (1, 90), (12, 16), (17, 19), (64, 20), (20, 64), (64, 64)] {
            for (x, y) in [(5.0, 5.0), (0.001, 4.0), (9.0, 2.0), (39.0, 39.0), (1e9, 1e-9)] {
                let pixels = Array2::from_shape_fn((rows, columns), |(r, c)| {
                    (7 * r * r + 13 * c * c) as u16 % 50 + u16::from(c > columns / 3) * 90
                });
                let mut frame = frame_of(Values::counts(Pixels::U16(pixels)), MM);
                frame.spacing = crate::geometry::Spacing::new(x, y);
                if let Some(midline) = find_midline(&frame) {
                    assert!((0.0..=1.0).contains(&midline.quality()));
                }
            }
        }
    }

    #[test]
    fn does_without_spacing_and_with_odd_values() {
        let patient = TestPatient { tilt: 3.0, ..patient() };
        let mut frame = patient.frame(4);
        frame.spacing = None;
        let found = find_midline(&frame).expect("a patient");
        assert!(quantile(errors(&found, &patient.midline()), 0.95) < 8.0);
        let mut odd = frame.values.pixels.as_ref().clone();
        if let Pixels::U16(counts) = &odd {
            let mut values = counts.mapv(f32::from);
            values[[400, 100]] = f32::NAN;
            values[[300, 90]] = f32::INFINITY;
            odd = Pixels::F32(values);
        }
        frame.values.pixels = std::sync::Arc::new(odd);
        let found = find_midline(&frame).expect("a patient");
        assert!(quantile(errors(&found, &patient.midline()), 0.95) < 8.0);
    }
}
