//! Carries a place from one frame to the same place of the same patient in another.
//!
//! Along the body the two are laid over each other by their profiles of uptake, across it by the
//! midlines. That is no registration: bent arms and turned heads are not followed.

use crate::findings::Midline;
use crate::geometry::{Outline, Pixel, Point, Spacing};
use crate::study::Frame;

use super::body::Body;

/// Why a place cannot be carried over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoFollowUp {
    #[error("the two frames look from different sides")]
    OtherView,
    #[error("one of the frames does not say which side of the patient is where")]
    SideUnknown,
    #[error("one of the frames has no midline")]
    NoMidline,
    #[error("one of the frames shows no patient")]
    NoPatient,
    #[error("the two frames do not show the same part of the patient")]
    OtherPart,
}

/// A frame with the midline in force on it.
pub type Lined<'a> = (&'a Frame, &'a Midline);

/// From one frame to another.
#[derive(Clone, Debug)]
pub struct FollowUp {
    from: (Midline, Spacing),
    to: (Midline, Spacing),
    /// Millimetres from the first row of one are, along the body, `scale · mm + shift` in the
    /// other.
    scale: f64,
    shift: f64,
    /// Left and right are exchanged between the two frames.
    mirrored: bool,
    /// How well the profiles agree, their correlation: 1 for the same.
    pub quality: f64,
}

/// Step of the profiles, mm.
const STEP: f64 = 5.0;
/// How much longer or shorter the same body may seem.
const SCALES: [f64; 13] =
    [0.94, 0.95, 0.96, 0.97, 0.98, 0.99, 1.0, 1.01, 1.02, 1.03, 1.04, 1.05, 1.06];
/// Furthest that the table may have stood elsewhere, mm.
const FURTHEST: f64 = 500.0;
/// Less agreement than this is none.
const AGREEMENT: f64 = 0.8;

impl FollowUp {
    /// Both frames must look from the same side and be planar views of a body that lies along
    /// their rows.
    pub fn between(from: Lined<'_>, to: Lined<'_>) -> Result<Self, NoFollowUp> {
        if from.0.view.view != to.0.view.view {
            return Err(NoFollowUp::OtherView);
        }
        let side = |frame: &Frame| frame.side_of_larger_columns().ok_or(NoFollowUp::SideUnknown);
        let mirrored = side(from.0)? != side(to.0)?;
        let profile = |frame: &Frame| {
            let body = Body::of(frame).ok_or(NoFollowUp::NoPatient)?;
            Ok((profile(frame, &body), body.spacing))
        };
        let (a, from_spacing) = profile(from.0)?;
        let (b, to_spacing) = profile(to.0)?;
        let (scale, shift, quality) = aligned(&a, &b).ok_or(NoFollowUp::OtherPart)?;
        if quality < AGREEMENT {
            return Err(NoFollowUp::OtherPart);
        }
        Ok(Self {
            from: (from.1.clone(), from_spacing),
            to: (to.1.clone(), to_spacing),
            scale,
            shift,
            mirrored,
            quality,
        })
    }

    /// The same place of the patient in the other frame.
    pub fn point(&self, point: Point<Pixel>) -> Point<Pixel> {
        let (from, spacing) = &self.from;
        let (to, to_spacing) = &self.to;
        let aside = (point.x - from.curve.column_at(point.y)) * spacing.x();
        let aside = if self.mirrored { -aside } else { aside };
        let row = (self.scale * point.y * spacing.y() + self.shift) / to_spacing.y();
        Point::new(to.curve.column_at(row) + aside / to_spacing.x(), row)
    }

    /// The outline at the same place, as large in millimetres.
    pub fn outline(&self, outline: &Outline) -> Outline {
        let center = outline.centroid();
        let there = self.point(center);
        let (spacing, to_spacing) = (self.from.1, self.to.1);
        let across = spacing.x() / to_spacing.x() * if self.mirrored { -1.0 } else { 1.0 };
        outline.rescaled(center, there, [across, spacing.y() / to_spacing.y()])
    }
}

/// Uptake along the body in steps of `STEP` from the centre of the first row, bladder and lesions
/// cut.
fn profile(frame: &Frame, body: &Body) -> Vec<f64> {
    let length = frame.rows() as f64 * body.spacing.y();
    let width = frame.columns() as f64 * body.spacing.x();
    let columns = (width / body.cell).ceil() as usize;
    (0..(length / STEP).ceil() as usize)
        .map(|i| {
            let row = i as f64 * STEP / body.cell;
            (0..columns).map(|column| f64::from(body.at(column as f32, row as f32)[0])).sum()
        })
        .collect()
}

/// Scale, shift (mm) and correlation that lay the first profile best over the second.
fn aligned(a: &[f64], b: &[f64]) -> Option<(f64, f64, f64)> {
    let furthest = (FURTHEST / STEP) as i64;
    let mut best: Option<(f64, f64, f64)> = None;
    for scale in SCALES {
        // The first profile as it would be, were the body so much longer.
        let length = (a.len() as f64 * scale) as usize;
        let stretched: Vec<f64> = (0..length).map(|i| between(a, i as f64 / scale)).collect();
        for shift in -furthest..=furthest {
            let Some(agreement) = correlation(&stretched, b, shift) else { continue };
            // Of two that agree equally the one that does less.
            let effort = 1e-4 * (scale - 1.0).abs() + 1e-7 * shift.abs() as f64;
            if best.is_none_or(|(_, _, best)| agreement - effort > best) {
                best = Some((scale, shift as f64 * STEP, agreement - effort));
            }
        }
    }
    best
}

fn between(values: &[f64], at: f64) -> f64 {
    let low = at.floor().max(0.0) as usize;
    let value = |i: usize| values.get(i).or(values.last()).copied().unwrap_or(0.0);
    value(low) + (at - low as f64).clamp(0.0, 1.0) * (value(low + 1) - value(low))
}

/// Pearson's, where `a` is moved by `shift` steps; `None` unless half of the shorter overlaps. What
/// one profile has beyond the other's end counts as a mismatch only where both have been acquired.
fn correlation(a: &[f64], b: &[f64], shift: i64) -> Option<f64> {
    let first = shift.max(0) as usize;
    let last = (a.len() as i64 + shift).min(b.len() as i64).max(0) as usize;
    if last < first || 2 * (last - first) < a.len().min(b.len()) || last - first < 20 {
        return None;
    }
    let pairs = || (first..last).map(|i| (a[(i as i64 - shift) as usize], b[i]));
    let n = (last - first) as f64;
    let (sum_a, sum_b) = pairs().fold((0.0, 0.0), |(x, y), (a, b)| (x + a, y + b));
    let (mean_a, mean_b) = (sum_a / n, sum_b / n);
    let (mut ab, mut aa, mut bb) = (0.0, 0.0, 0.0);
    for (x, y) in pairs() {
        ab += (x - mean_a) * (y - mean_b);
        aa += (x - mean_a).powi(2);
        bb += (y - mean_b).powi(2);
    }
    (aa > 0.0 && bb > 0.0).then(|| ab / (aa * bb).sqrt())
}

#[cfg(test)]
mod tests {
    use ndarray::Array2;

    use super::*;
    use crate::findings::MidlineOrigin;
    use crate::measure::fixture::{MM, TestPatient};
    use crate::study::{Laterality, Pixels, Values, ViewLabel, ViewName, ViewSource};

    fn midline(patient: &TestPatient) -> Midline {
        Midline { curve: patient.midline(), origin: MidlineOrigin::Edited }
    }

    /// The same frame further down the table, `rows` lower.
    fn lower(frame: &Frame, rows: usize) -> Frame {
        let (height, width) = (frame.rows(), frame.columns());
        let pixels = Array2::from_shape_fn((height + rows, width), |(y, x)| match y < rows {
            true => 0,
            false => frame.values.at(x, y - rows) as u16,
        });
        Frame { values: Values::counts(Pixels::U16(pixels)), ..frame.clone() }
    }

    #[test]
    fn a_place_is_found_again_in_another_scan_of_the_patient() {
        let patient = TestPatient::default();
        let (now, then) = (patient.frame(1), lower(&patient.frame(2), 31));
        let line = midline(&patient);
        let mut there = line.clone();
        let moved = line.curve.points().iter().map(|p| Point::new(p.x, p.y + 31.0));
        there.curve = crate::geometry::Curve::through(moved).unwrap();
        let follow_up = FollowUp::between((&now, &line), (&then, &there)).unwrap();
        assert!(follow_up.quality > 0.95, "{}", follow_up.quality);
        for (x, y) in [(90.0, 300.0), (150.0, 420.0), (110.0, 600.0)] {
            let found = follow_up.point(Point::new(x, y));
            let off = (found - Point::new(x, y + 31.0)).length() * MM;
            assert!(off < 6.0, "{off} mm at {x}, {y}");
        }
        let ellipse = Outline::Ellipse { center: [90.0, 300.0], radii: [5.0, 7.0], angle_deg: 9.0 };
        let copy = follow_up.outline(&ellipse);
        assert!((copy.area() - ellipse.area()).abs() < 1e-9);
    }

    #[test]
    fn other_views_and_unknown_sides_are_refused() {
        let patient = TestPatient::default();
        let line = midline(&patient);
        let frame = patient.frame(1);
        let mut posterior = frame.clone();
        posterior.view = ViewLabel { view: ViewName::Posterior, source: ViewSource::ViewCode };
        let refused = FollowUp::between((&frame, &line), (&posterior, &line)).unwrap_err();
        assert_eq!(refused, NoFollowUp::OtherView);
        let mut sideless = frame.clone();
        sideless.laterality = Laterality::default();
        let refused = FollowUp::between((&frame, &line), (&sideless, &line)).unwrap_err();
        assert_eq!(refused, NoFollowUp::SideUnknown);
        let empty = Frame {
            values: Values::counts(Pixels::U16(Array2::zeros((400, 128)))),
            ..frame.clone()
        };
        let refused = FollowUp::between((&frame, &line), (&empty, &line)).unwrap_err();
        assert_eq!(refused, NoFollowUp::NoPatient);
    }
}
