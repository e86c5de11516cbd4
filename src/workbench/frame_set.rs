//! Which frames belong together: those on one scale, and those that a cine runs through.

use rayon::prelude::*;

use crate::study::{Frame, Series, SeriesKind, Vector};

use super::Look;

/// Vectors along which one picture moves, the quickest first. A cine runs along the first group
/// that the image uses.
const MOVING: [&[Vector]; 4] = [
    &[Vector::TimeSlot],
    &[Vector::Phase, Vector::TimeSlice],
    &[Vector::Rotation, Vector::AngularView],
    &[Vector::Slice],
];

/// Frames within one set differ along these.
const ON_ONE_SCALE: [Vector; 6] = [
    Vector::TimeSlice,
    Vector::RrInterval,
    Vector::TimeSlot,
    Vector::Rotation,
    Vector::AngularView,
    Vector::Slice,
];

/// A scale is sought on so many frames of a set, evenly spaced: a set may have hundreds.
const SAMPLED: usize = 16;

/// Whether two frames of a series are read on one scale: those of one energy window, detector and
/// phase. Whole-body and static frames are pictures of their own, of different parts or lengths.
pub(super) fn on_one_scale(series: &Series, a: &Frame, b: &Frame) -> bool {
    !matches!(series.kind, SeriesKind::WholeBody | SeriesKind::Static)
        && a.values.unit == b.values.unit
        && a.address.matches(&b.address, &ON_ONE_SCALE)
}

/// How a frame is looked at first: on the scale of its set, so that uptake can be followed from
/// frame to frame.
pub(super) fn opening_look(series: &Series, frame: &Frame) -> Look {
    let set: Vec<&Frame> =
        series.frames.iter().filter(|f| on_one_scale(series, f, frame)).collect();
    if set.len() < 2 {
        return Look::opening(frame);
    }
    let sampled = set.len().min(SAMPLED);
    let looks: Vec<Look> = (0..sampled)
        .into_par_iter()
        .map(|i| Look::opening(set[i * (set.len() - 1) / (sampled - 1)]))
        .collect();
    let lower = looks.iter().map(|l| l.window.lower).fold(f64::INFINITY, f64::min);
    let brightest = looks.into_iter().max_by(|a, b| a.window.upper.total_cmp(&b.window.upper));
    let mut look = brightest.unwrap_or_else(|| Look::opening(frame));
    look.window.lower = lower.min(look.window.lower);
    look
}

/// The frames that a cine of this frame runs through, in their order; the frame alone where
/// nothing moves. Indices into `frames`.
pub fn reel(series: &Series, frame: usize) -> Vec<usize> {
    let Some(seen) = series.frames.get(frame) else { return Vec::new() };
    let moving = MOVING.into_iter().find(|vectors| vectors.iter().any(|v| series.varies(*v)));
    let alike = |f: &Frame| match moving {
        Some(vectors) => f.address.matches(&seen.address, vectors),
        // Pictures that no vector orders: views taken one after the other, captured screens.
        None => {
            series.kind != SeriesKind::WholeBody
                && f.address.matches(&seen.address, &[Vector::Detector])
        }
    };
    let mut reel: Vec<usize> =
        (0..series.frames.len()).filter(|i| alike(&series.frames[*i])).collect();
    if moving.is_none() && reel.len() < 3 {
        return vec![frame];
    }
    reel.sort_by_key(|i| {
        let along = |v: &Vector| series.frames[*i].address.along(*v);
        moving.unwrap_or_default().iter().map(along).collect::<Vec<_>>()
    });
    reel
}

/// Whether a vector says how the frames of a series follow each other, so that a reader expects
/// to scroll and play.
pub fn moves(series: &Series) -> bool {
    MOVING.iter().flat_map(|vectors| vectors.iter()).any(|v| series.varies(*v))
}

/// When a frame was acquired within its phase: seconds from the phase's first frame, pauses not
/// counted, and how long it lasted. `None` where a duration is not known or nothing follows in
/// time.
pub fn time_in_phase(series: &Series, frame: usize) -> Option<[f64; 2]> {
    if !series.varies(Vector::TimeSlice) {
        return None;
    }
    let seen = series.frames.get(frame)?;
    let earlier = series.frames.iter().filter(|f| {
        f.address.matches(&seen.address, &[Vector::TimeSlice])
            && f.address.time_slice < seen.address.time_slice
    });
    let seconds = |f: &Frame| Some(f.duration?.milliseconds() / 1000.0);
    let start: Option<f64> = earlier.map(seconds).sum();
    Some([start?, seconds(seen)?])
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;
    use crate::study::Address;

    #[test]
    fn a_cine_runs_along_the_quickest_vector() {
        // Two detectors, two phases of three and two frames.
        let flow = sample::dynamic("flow", &[3, 2], 2);
        let addresses: Vec<Address> = flow.frames.iter().map(|f| f.address).collect();
        let of = |detector| {
            let mut reel: Vec<usize> =
                (0..10).filter(|i| addresses[*i].detector == detector).collect();
            reel.sort_by_key(|i| (addresses[*i].phase, addresses[*i].time_slice));
            reel
        };
        assert_eq!(reel(&flow, of(1)[0]), of(1));
        assert_eq!(reel(&flow, of(2)[4]), of(2));
        let mut gated = flow.clone();
        gated.kind = SeriesKind::SpectGated;
        for (i, frame) in gated.frames.iter_mut().enumerate() {
            let (slot, slice) = (i as u16 % 5 + 1, i as u16 / 5 + 1);
            frame.address = Address { time_slot: slot, slice, ..Address::default() };
        }
        assert_eq!(reel(&gated, 7), [5, 6, 7, 8, 9]);
        assert!(reel(&gated, 99).is_empty());
    }

    #[test]
    fn a_set_has_one_scale_and_each_phase_its_own() {
        let flow = sample::dynamic("flow", &[3, 2], 1);
        let upper = |i: usize| opening_look(&flow, &flow.frames[i]).reference;
        assert_eq!(upper(0), upper(2));
        assert_eq!(upper(3), upper(4));
        assert!(upper(3) > 2.0 * upper(0), "{} {}", upper(0), upper(3));
        let best = flow.frames[..3].iter().map(|f| Look::opening(f).reference);
        assert_eq!(upper(0), best.fold(0.0, f64::max));
    }

    #[test]
    fn times_count_from_the_phase() {
        let flow = sample::dynamic("flow", &[3, 2], 1);
        assert_eq!(time_in_phase(&flow, 2), Some([4.0, 2.0]));
        assert_eq!(time_in_phase(&flow, 4), Some([30.0, 30.0]));
        let mut unknown = flow.clone();
        unknown.frames[0].duration = None;
        assert_eq!(time_in_phase(&unknown, 2), None);
    }

    #[test]
    fn views_that_nothing_orders_are_played_in_turn_but_not_a_pair() {
        let spots = sample::spots("spots", 4);
        assert_eq!(reel(&spots, 2), [0, 1, 2, 3]);
        assert!(!moves(&spots));
        assert_eq!(reel(&sample::spots("two", 2), 1), [1]);
    }
}
