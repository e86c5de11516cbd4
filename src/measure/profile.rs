//! Profiles: values along a line, and left against right across the midline.

use crate::findings::Midline;
use crate::geometry::{Pixel, Plane, Point, Side, Spacing, Vector};
use crate::study::{Frame, NotCounts, Unit};

/// Samples are this far apart along a line, and lines across its width, in pixels at most.
const STEP: f64 = 0.5;
/// No profile has more samples than this, however long the line.
const MOST_SAMPLES: usize = 8192;

/// Why there is no profile.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoProfile {
    #[error("not measured: {0}")]
    Refused(NotCounts),
    #[error("the line has no length")]
    NoLength,
    #[error("the line lies outside the image")]
    Outside,
    #[error("the view has no midline")]
    NoMidline,
}

/// Values along a line.
#[derive(Clone, Debug, PartialEq)]
pub struct Profile {
    pub unit: Unit,
    /// Whether distances are millimetres; else the file states no spacing and they are pixels.
    pub millimetres: bool,
    /// `[distance from the start, value]`. Places outside the image are left out.
    pub samples: Vec<[f64; 2]>,
}

/// Values left and right of the midline at the same distances from it.
#[derive(Clone, Debug, PartialEq)]
pub struct MirroredProfile {
    pub unit: Unit,
    pub millimetres: bool,
    /// Towards smaller columns, then towards larger ones.
    pub sides: [ProfileSide; 2],
}

#[derive(Clone, Debug, PartialEq)]
pub struct ProfileSide {
    /// The patient's side; `None` where the file does not say.
    pub side: Option<Side>,
    /// `[distance from the midline, value]`, the value averaged over the rows of the band. Places
    /// where none of them lies in the image are left out.
    pub samples: Vec<[f64; 2]>,
}

/// The values along a line from `from` to `to`, averaged across `width` pixels (0: a bare line).
///
/// Stored values are interpolated bilinearly at half pixels along and across the line, which is
/// taken to be straight in millimetres; within half a pixel of the image's edge the edge pixel
/// counts.
pub fn line_profile(
    frame: &Frame,
    from: Point<Pixel>,
    to: Point<Pixel>,
    width: f64,
) -> Result<Profile, NoProfile> {
    measurable(frame)?;
    let spacing = frame.spacing_or_unit();
    let along = to - from;
    let length = in_plane(spacing, along).length();
    if !length.is_finite() || length <= 0.0 {
        return Err(NoProfile::NoLength);
    }
    let steps = steps(along.x.abs().max(along.y.abs()));
    let offsets = across(along, spacing, width);
    let samples: Vec<[f64; 2]> = (0..=steps)
        .filter_map(|i| {
            let t = i as f64 / steps as f64;
            let center = from + along * t;
            let value = mean(offsets.iter().filter_map(|&offset| bilinear(frame, center + offset)));
            Some([length * t, value?])
        })
        .collect();
    if samples.is_empty() {
        return Err(NoProfile::Outside);
    }
    let unit = frame.values.unit.clone();
    Ok(Profile { unit, millimetres: frame.spacing.is_some(), samples })
}

/// The values at equal distances left and right of the midline, averaged over the rows `first` to
/// `last`. Each row's two sides are one another's mirror image across the midline's tangent
/// there, as a region and its twin are.
pub fn mirrored_profile(
    frame: &Frame,
    midline: Option<&Midline>,
    [first, last]: [f64; 2],
) -> Result<MirroredProfile, NoProfile> {
    measurable(frame)?;
    let midline = midline.ok_or(NoProfile::NoMidline)?;
    let spacing = frame.spacing_or_unit();
    let bottom = frame.rows() as f64 - 1.0;
    let low = first.min(last).round().max(0.0);
    let high = first.max(last).round().min(bottom);
    if !first.is_finite() || !last.is_finite() || low > high {
        return Err(NoProfile::Outside);
    }
    let rows: Vec<f64> = (low as usize..=high as usize).map(|row| row as f64).collect();
    let step = spacing.x() * STEP;
    let steps = (frame.columns() as f64 / STEP).ceil() as usize;
    let towards = |sign: f64| -> Vec<[f64; 2]> {
        (0..=steps.min(MOST_SAMPLES))
            .filter_map(|i| {
                let distance = step * i as f64;
                let values = rows.iter().filter_map(|&row| {
                    let foot = Point::new(midline.curve.column_at(row), row);
                    bilinear(frame, foot + normal(midline, row, spacing) * (sign * distance))
                });
                Some([distance, mean(values)?])
            })
            .collect()
    };
    let larger = frame.laterality.larger_columns;
    let sides = [
        ProfileSide { side: larger.map(Side::opposite), samples: towards(-1.0) },
        ProfileSide { side: larger, samples: towards(1.0) },
    ];
    if sides.iter().all(|side| side.samples.is_empty()) {
        return Err(NoProfile::Outside);
    }
    let unit = frame.values.unit.clone();
    Ok(MirroredProfile { unit, millimetres: frame.spacing.is_some(), sides })
}

fn measurable(frame: &Frame) -> Result<(), NoProfile> {
    match frame.values.lossy {
        true => Err(NoProfile::Refused(NotCounts::Lossy)),
        false => Ok(()),
    }
}

/// The pixel vector that leaves the midline at a right angle, one millimetre towards larger
/// columns.
fn normal(midline: &Midline, row: f64, spacing: Spacing) -> Vector<Pixel> {
    let tangent = in_plane(spacing, midline.curve.tangent_at(row)).normalize();
    let across = euclid::Vector2D::<f64, Plane>::new(tangent.y, -tangent.x);
    spacing.pixel_from_plane().transform_vector(across)
}

fn in_plane(spacing: Spacing, vector: Vector<Pixel>) -> euclid::Vector2D<f64, Plane> {
    spacing.plane_from_pixel().transform_vector(vector)
}

/// Offsets of the parallel lines that make up the width of a line.
fn across(along: Vector<Pixel>, spacing: Spacing, width: f64) -> Vec<Vector<Pixel>> {
    let width = if width.is_finite() { width.clamp(0.0, 1e4) } else { 0.0 };
    let along = in_plane(spacing, along).normalize();
    let side = euclid::Vector2D::<f64, Plane>::new(-along.y, along.x);
    let side = spacing.pixel_from_plane().transform_vector(side);
    // One pixel across, whichever way the line runs.
    let side = side / side.length();
    let lines = (width / STEP).ceil().max(1.0) as usize;
    // The middles of so many strips of equal width.
    (0..lines).map(|i| side * (width * ((i as f64 + 0.5) / lines as f64 - 0.5))).collect()
}

fn steps(pixels: f64) -> usize {
    ((pixels / STEP).ceil().max(1.0) as usize).min(MOST_SAMPLES - 1)
}

/// `None` outside the image and next to a pixel without a value.
fn bilinear(frame: &Frame, at: Point<Pixel>) -> Option<f64> {
    let (columns, rows) = (frame.columns(), frame.rows());
    let (x, y) = (at.x, at.y);
    let inside = |v: f64, size: usize| v >= -0.5 && v <= size as f64 - 0.5;
    if columns == 0 || rows == 0 || !inside(x, columns) || !inside(y, rows) {
        return None;
    }
    let split = |v: f64, size: usize| {
        let v = v.clamp(0.0, size as f64 - 1.0);
        let low = v.floor() as usize;
        (low, (low + 1).min(size - 1), v - v.floor())
    };
    let ((x0, x1, fx), (y0, y1, fy)) = (split(x, columns), split(y, rows));
    let value = |x, y| frame.values.at(x, y);
    let mix = |a: f64, b: f64, t: f64| if t == 0.0 { a } else { a + t * (b - a) };
    let top = mix(value(x0, y0), value(x1, y0), fx);
    let mixed = if fy == 0.0 { top } else { mix(top, mix(value(x0, y1), value(x1, y1), fx), fy) };
    mixed.is_finite().then_some(mixed)
}

fn mean(values: impl Iterator<Item = f64>) -> Option<f64> {
    let (sum, count) = values.fold((0.0, 0u32), |(sum, count), v| (sum + v, count + 1));
    (count > 0).then(|| sum / f64::from(count))
}

#[cfg(test)]
mod tests {
    use ndarray::Array2;
    use proptest::prelude::*;

    use super::*;
    use crate::findings::MidlineOrigin;
    use crate::geometry::{Curve, MirrorLine};
    use crate::measure::fixture::{TestPatient, frame_of};
    use crate::study::{Laterality, Pixels, Values, ViewName};

    /// A plane: bilinear interpolation of it is exact.
    fn slope(columns: usize, rows: usize, [a, b]: [f64; 2]) -> Frame {
        let value = |(y, x): (usize, usize)| a * x as f64 + b * y as f64 + 7.0;
        let pixels = Array2::from_shape_fn((rows, columns), value);
        frame_of(Values::counts(Pixels::F64(pixels)), 2.0)
    }

    fn midline(top: f64, bottom: f64, rows: f64) -> Midline {
        let curve = Curve::through([Point::new(top, 0.0), Point::new(bottom, rows)]).unwrap();
        Midline { curve, origin: MidlineOrigin::Edited }
    }

    #[test]
    fn a_line_reads_the_values_under_it() {
        let frame = slope(20, 20, [3.0, 0.0]);
        let profile =
            line_profile(&frame, Point::new(2.0, 5.0), Point::new(12.0, 5.0), 3.0).unwrap();
        assert!(profile.millimetres);
        assert_eq!(profile.samples.len(), 21);
        assert_eq!(profile.samples[0], [0.0, 13.0]);
        let [distance, value] = profile.samples[20];
        assert!((distance - 20.0).abs() < 1e-12 && (value - 43.0).abs() < 1e-12);
    }

    #[test]
    fn a_wide_line_averages_across() {
        // A ridge one pixel wide along the line.
        let pixels = Array2::from_shape_fn((21, 21), |(y, _)| if y == 10 { 100u16 } else { 0 });
        let frame = frame_of(Values::counts(Pixels::U16(pixels)), 2.0);
        let ends = (Point::new(3.0, 10.0), Point::new(17.0, 10.0));
        let at = |width| line_profile(&frame, ends.0, ends.1, width).unwrap().samples[5][1];
        assert_eq!(at(0.0), 100.0);
        // The area under the ridge's tent is one pixel, whatever the width beyond it.
        assert!((at(4.0) - 25.0).abs() < 1e-9, "{}", at(4.0));
        assert!((at(8.0) - 12.5).abs() < 1e-9, "{}", at(8.0));
    }

    #[test]
    fn what_is_outside_is_left_out() {
        let frame = slope(10, 10, [1.0, 0.0]);
        let through =
            |a: [f64; 2], b: [f64; 2]| line_profile(&frame, Point::from(a), Point::from(b), 0.0);
        let half = through([-10.0, 4.0], [5.0, 4.0]).unwrap();
        assert_eq!(half.samples[0], [19.0, 7.0]);
        assert_eq!(through([-9.0, 0.0], [-3.0, 0.0]), Err(NoProfile::Outside));
        assert_eq!(through([3.0, 3.0], [3.0, 3.0]), Err(NoProfile::NoLength));
        assert_eq!(through([f64::NAN, 3.0], [3.0, 3.0]), Err(NoProfile::NoLength));
        let mut lossy = frame.clone();
        lossy.values.lossy = true;
        let refused = line_profile(&lossy, Point::zero(), Point::new(3.0, 3.0), 0.0);
        assert_eq!(refused, Err(NoProfile::Refused(NotCounts::Lossy)));
        assert_eq!(mirrored_profile(&frame, None, [0.0, 5.0]), Err(NoProfile::NoMidline));
        let line = midline(4.0, 5.0, 10.0);
        let band = |rows| mirrored_profile(&frame, Some(&line), rows);
        assert_eq!(band([40.0, 50.0]), Err(NoProfile::Outside));
        assert_eq!(band([f64::NAN, f64::NAN]), Err(NoProfile::Outside));
    }

    #[test]
    fn sides_are_the_patients() {
        // The hot half lies at small columns: the patient's right seen from the front, the left
        // seen from behind.
        let pixels = Array2::from_shape_fn((40, 41), |(_, x)| if x < 20 { 90u16 } else { 30 });
        let mut frame = frame_of(Values::counts(Pixels::U16(pixels)), 2.0);
        for (view, hot) in [(ViewName::Anterior, Side::Right), (ViewName::Posterior, Side::Left)] {
            frame.laterality = Laterality::from_view(view);
            let profile =
                mirrored_profile(&frame, Some(&midline(19.5, 19.5, 40.0)), [10.0, 20.0]).unwrap();
            let side = profile.sides.iter().find(|s| s.side == Some(hot)).unwrap();
            let far = side.samples.iter().find(|s| s[0] == 20.0).unwrap();
            assert_eq!(far[1], 90.0);
        }
        frame.laterality = Laterality::default();
        let unknown =
            mirrored_profile(&frame, Some(&midline(19.5, 19.5, 40.0)), [10.0, 20.0]).unwrap();
        assert!(unknown.sides.iter().all(|s| s.side.is_none()));
    }

    /// A symmetric patient who lies askew: both sides read the same, and not where the mirror is
    /// off by two centimetres.
    #[test]
    fn both_sides_of_a_symmetric_patient_agree() {
        let patient = TestPatient { shift: 14.0, tilt: 3.0, counts: 4e6, ..TestPatient::default() };
        let frame = patient.frame(3);
        let line = Midline { curve: patient.midline(), origin: MidlineOrigin::Edited };
        let difference = |line: &Midline| {
            let profile = mirrored_profile(&frame, Some(line), [300.0, 330.0]).unwrap();
            let [a, b] = profile.sides;
            let pairs = a.samples.iter().zip(&b.samples).filter(|(a, _)| a[0] < 180.0);
            let (apart, sum) = pairs.fold((0.0, 0.0), |(apart, sum), (a, b)| {
                (apart + (a[1] - b[1]).abs(), sum + a[1] + b[1])
            });
            apart / sum
        };
        let shifted =
            Curve::through(line.curve.points().iter().map(|p| Point::new(p.x + 20.0 / 2.4, p.y)));
        let shifted = Midline { curve: shifted.unwrap(), origin: MidlineOrigin::Edited };
        let (right, wrong) = (difference(&line), difference(&shifted));
        assert!(right < 0.04 && wrong > 3.0 * right, "{right} {wrong}");
    }

    proptest! {
        #[test]
        fn a_plane_is_read_exactly_in_every_direction(
            x0 in 5.0f64..35.0, y0 in 5.0f64..35.0, x1 in 5.0f64..35.0, y1 in 5.0f64..35.0,
            a in -3.0..3.0, b in -3.0..3.0, width in 0.0..4.0,
        ) {
            prop_assume!((x1 - x0).hypot(y1 - y0) > 0.1);
            let frame = slope(40, 40, [a, b]);
            let profile =
                line_profile(&frame, Point::new(x0, y0), Point::new(x1, y1), width).unwrap();
            let length = 2.0 * (x1 - x0).hypot(y1 - y0);
            for [distance, value] in profile.samples {
                let t = distance / length;
                let truth = a * (x0 + t * (x1 - x0)) + b * (y0 + t * (y1 - y0)) + 7.0;
                prop_assert!((value - truth).abs() < 1e-9, "{value} is not {truth}");
            }
        }

        /// The two sides of a mirrored profile lie where a region and its twin do.
        #[test]
        fn sides_mirror_each_other_as_twins_do(
            top in 50.0..70.0, bottom in 50.0..70.0, distance in 4.0..60.0, row in 20.0..100.0,
        ) {
            let spacing = Spacing::new(2.4, 2.0).unwrap();
            let line = midline(top, bottom, 120.0);
            let foot: Point<Pixel> = Point::new(line.curve.column_at(row), row);
            let step = normal(&line, row, spacing) * distance;
            let mirror = MirrorLine::tangent(&line.curve, foot + step, spacing);
            prop_assert!(mirror.reflect(foot + step).distance_to(foot - step) < 1e-6);
        }
    }
}
