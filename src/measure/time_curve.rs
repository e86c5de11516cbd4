//! Time–activity curves: a region and its twin, frame after frame of a dynamic series.

use rayon::prelude::*;

use crate::geometry::Outline;
use crate::study::{Address, Frame, NotCounts, Series, SeriesKind, Study, Unit, ViewName};
use crate::units::{Level, Seconds};

use super::{
    Estimate, Interval, MeasuredFrame, RegionStats, RoiRow, Sheet, interval_of_count,
    ratio_of_counts,
};

/// What the horizontal axis of a curve is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimeAxis {
    /// Seconds since the start of the first frame.
    Seconds,
    /// Frames counted from 1, because the file does not say when they began.
    Frames,
}

/// A region's values over the frames that one detector and energy window took one after another.
#[derive(Clone, Debug, PartialEq)]
pub struct TimeCurve {
    pub axis: TimeAxis,
    pub unit: Unit,
    /// In the order of acquisition.
    pub points: Vec<CurvePoint>,
    /// Why there are no intervals, where some frame has none.
    pub no_interval: Option<NotCounts>,
    /// What is to be known of the curve, in plain words.
    pub remarks: Vec<String>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct CurvePoint {
    /// Counted from 0 over the frames of the series.
    pub frame: usize,
    pub phase: u16,
    pub time_slice: u16,
    /// Since the start of the curve's first frame; `None` where the file does not say.
    pub start: Option<Seconds>,
    /// Actual Frame Duration; `None` where the file does not say.
    pub duration: Option<Seconds>,
    pub region: CurveValue,
    pub twin: Option<CurveValue>,
    /// Region mean over twin mean; an interval where both are counts.
    pub ratio: Option<Estimate>,
}

/// One region in one frame.
#[derive(Clone, Debug, PartialEq)]
pub struct CurveValue {
    pub stats: RegionStats,
    /// Counts per second of the whole region with the exact interval of its counts over the same
    /// time; `None` where the values are no counts or the frame's duration is unknown.
    pub rate: Option<Estimate>,
}

/// Why a curve cannot be drawn at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoCurve {
    #[error("the image of the region is not in the series")]
    FrameMissing,
    #[error("there is only one frame, and a curve needs two")]
    OneFrame,
    #[error("not measured: {0}")]
    Refused(NotCounts),
}

impl CurvePoint {
    pub fn mid(&self) -> Option<Seconds> {
        Some(Seconds(self.start?.0 + 0.5 * self.duration?.0))
    }

    pub fn end(&self) -> Option<Seconds> {
        Some(Seconds(self.start?.0 + self.duration?.0))
    }
}

impl TimeCurve {
    /// Where a point stands on the horizontal axis: the middle of its frame.
    pub fn position(&self, index: usize) -> Option<f64> {
        let point = self.points.get(index)?;
        match self.axis {
            TimeAxis::Seconds => point.mid().map(|mid| mid.0),
            TimeAxis::Frames => Some(index as f64 + 1.0),
        }
    }

    /// The points whose frames have their middle between two places of the axis, in any order.
    pub fn between(&self, from: f64, to: f64) -> impl Iterator<Item = &CurvePoint> {
        let (low, high) = (from.min(to), from.max(to));
        let inside = move |at: f64| (low..=high).contains(&at);
        let places = (0..self.points.len()).map(|i| self.position(i));
        self.points.iter().zip(places).filter(move |(_, at)| at.is_some_and(inside)).map(|(p, _)| p)
    }
}

/// Neighbouring frames of a curve added up.
#[derive(Clone, Debug, PartialEq)]
pub struct CurveSum {
    /// Counted from 0 over the frames of the series, ascending.
    pub frames: Vec<usize>,
    /// From the start of the first frame to the end of the last, pauses among them included.
    pub time: Option<[Seconds; 2]>,
    /// Total over the region and all frames.
    pub region: Estimate,
    pub twin: Option<Estimate>,
    /// Region mean over twin mean of the frames added up.
    pub ratio: Option<Estimate>,
}

impl TimeCurve {
    /// The sum of the frames between two places of the axis; `None` where no frame has its middle
    /// there. Sums of Poisson counts are Poisson counts, so the intervals stay exact.
    pub fn summed(&self, from: f64, to: f64, level: Level) -> Option<CurveSum> {
        let points: Vec<&CurvePoint> = self.between(from, to).collect();
        let (first, last) = (*points.first()?, *points.last()?);
        let mut frames: Vec<usize> = points.iter().map(|p| p.frame).collect();
        frames.sort_unstable();
        let counts = self.no_interval.is_none();
        let add = |all: &[&CurveValue]| {
            let total: f64 = all.iter().map(|v| v.stats.total).sum();
            let pixels: u64 = all.iter().map(|v| v.stats.pixels).sum();
            let interval = (counts && pixels > 0).then(|| interval_of_count(total as u64, level));
            (Estimate { value: Some(total), interval }, total, pixels)
        };
        let ours: Vec<&CurveValue> = points.iter().map(|p| &p.region).collect();
        let theirs: Option<Vec<&CurveValue>> = points.iter().map(|p| p.twin.as_ref()).collect();
        let (region, total, pixels) = add(&ours);
        let twin = theirs.map(|theirs| add(&theirs));
        let ratio = twin.filter(|_| counts).and_then(|(_, theirs, size)| {
            Some(ratio_of_counts(total as u64, pixels, theirs as u64, size, level)?.estimate)
        });
        let time = first.start.zip(last.end()).map(|(start, end)| [start, end]);
        Some(CurveSum { frames, time, region, twin: twin.map(|(twin, ..)| twin), ratio })
    }
}

/// The curve of a region that was drawn on frame `drawn_on` of a series, and of the outlines there
/// that make up its twin, if it has one.
///
/// It runs over the frames that differ from that one in phase and time slice only. Each frame has
/// its own duration (Actual Frame Duration of its phase, PS3.3 C.8.4.14) and starts where the one
/// before it ended, after the pause that the file states. Intervals are exact: Garwood's of the
/// counts, divided by the duration, and Clopper–Pearson's of the ratio. Pixels inside `not_bone`
/// are left out of every frame.
pub fn time_curve(
    series: &Series,
    drawn_on: usize,
    region: &Outline,
    twin: &[Outline],
    not_bone: &[Outline],
    level: Level,
) -> Result<TimeCurve, NoCurve> {
    let first = series.frames.get(drawn_on).ok_or(NoCurve::FrameMissing)?;
    let order = frames_in_time(series, drawn_on);
    if order.len() < 2 {
        return Err(NoCurve::OneFrame);
    }
    let frames: Vec<&Frame> = order.iter().map(|&i| &series.frames[i]).collect();
    let clock = Clock::of(&frames);
    // In order whatever the number of threads, as a parallel map over a slice is.
    let measured: Vec<_> = order
        .par_iter()
        .zip(&clock.starts)
        .map(|(&index, &start)| {
            let measured = MeasuredFrame::new(&series.frames[index]).without(not_bone.to_vec());
            (point(&measured, index, start, region, twin, level), measured.counts)
        })
        .collect();
    if let Some(reason) = measured.iter().find_map(|(_, counts)| counts.err().filter(lossy)) {
        return Err(NoCurve::Refused(reason));
    }
    let no_interval = measured.iter().find_map(|(_, counts)| counts.err());
    let mut remarks = clock.remarks;
    if first.values.unit != Unit::Counts {
        remarks.push(format!("No rate: {}.", NotCounts::OtherUnit));
    } else if frames.iter().any(|f| seconds(f).is_none()) {
        remarks.push("No rate for frames whose duration the file does not state.".into());
    }
    remarks.extend(no_interval.map(|reason| format!("No interval: {reason}.")));
    Ok(TimeCurve {
        axis: clock.axis,
        unit: first.values.unit.clone(),
        points: measured.into_iter().map(|(point, _)| point).collect(),
        no_interval,
        remarks,
    })
}

/// The curve of a region of the sheet, and of its twin.
pub fn region_curve(
    study: &Study,
    sheet: &Sheet,
    row: &RoiRow,
    level: Level,
) -> Result<TimeCurve, NoCurve> {
    let series = study.series(&row.frame.series).ok_or(NoCurve::FrameMissing)?;
    let twin = row.twin.as_ref().map_or(&[][..], |twin| &twin.outlines);
    let not_bone = sheet.not_bone_for(row);
    time_curve(series, row.frame.frame, &row.outline, twin, &not_bone, level)
}

/// The frames of a series that were taken one after another by the detector and in the energy
/// window of the given one, in time. Indices into `frames`; empty where there is no such frame.
///
/// Frames of one phase and time slice follow each other in a dynamic series only, as stored.
pub fn frames_in_time(series: &Series, like: usize) -> Vec<usize> {
    let Some(first) = series.frames.get(like) else { return Vec::new() };
    let place = |a: &Address| Address { phase: 1, time_slice: 1, pause_ms: None, ..*a };
    let when = |f: &Frame| (f.address.phase, f.address.time_slice);
    // What the reader says of one frame's view is not said of its neighbours'.
    let different =
        |a: ViewName, b: ViewName| a != b && a != ViewName::Unknown && b != ViewName::Unknown;
    let alike = |f: &Frame| {
        place(&f.address) == place(&first.address)
            && !different(f.view.view, first.view.view)
            && (f.columns(), f.rows()) == (first.columns(), first.rows())
            && f.values.unit == first.values.unit
    };
    let follows = |i: usize| {
        let frame = &series.frames[i];
        i == like || series.kind == SeriesKind::Dynamic || when(frame) != when(first)
    };
    let mut order: Vec<usize> =
        (0..series.frames.len()).filter(|&i| alike(&series.frames[i]) && follows(i)).collect();
    order.sort_by_key(|&i| when(&series.frames[i]));
    order
}

/// When each frame began.
struct Clock {
    axis: TimeAxis,
    starts: Vec<Option<Seconds>>,
    remarks: Vec<String>,
}

impl Clock {
    fn of(frames: &[&Frame]) -> Self {
        let mut starts = Vec::with_capacity(frames.len());
        // In milliseconds, as the file counts: whole numbers add up exactly.
        let (mut now, mut unstated) = (Some(0.0), false);
        for (i, frame) in frames.iter().enumerate() {
            if i > 0 {
                unstated |= frame.address.pause_ms.is_none();
                now = now.map(|t| t + f64::from(frame.address.pause_ms.unwrap_or(0)));
            }
            starts.push(now.map(Seconds::from_milliseconds));
            now = now.zip(seconds(frame)).map(|(t, s)| t + 1000.0 * s);
        }
        // The middle of the last frame needs its duration too.
        let known = now.is_some();
        let mut remarks = Vec::new();
        if !known {
            remarks.push(
                "There is no time axis, because the file does not state the duration of every \
                 frame; frames are counted instead."
                    .into(),
            );
        } else if unstated {
            remarks.push(
                "The file does not state the pauses between frames; each is taken to begin where \
                 the one before it ends."
                    .into(),
            );
        }
        let axis = if known { TimeAxis::Seconds } else { TimeAxis::Frames };
        Self { axis, starts, remarks }
    }
}

fn seconds(frame: &Frame) -> Option<f64> {
    frame.duration.map(|d| d.0).filter(|s| s.is_finite() && *s > 0.0)
}

fn lossy(reason: &NotCounts) -> bool {
    *reason == NotCounts::Lossy
}

fn point(
    measured: &MeasuredFrame<'_>,
    index: usize,
    start: Option<Seconds>,
    region: &Outline,
    twin: &[Outline],
    level: Level,
) -> CurvePoint {
    let frame = measured.frame();
    let value = |outlines: &[Outline]| {
        let stats = measured.regions(outlines, level);
        CurveValue { rate: rate(&stats, frame), stats }
    };
    let region = value(std::slice::from_ref(region));
    let twin = (!twin.is_empty()).then(|| value(twin));
    let ratio = twin.as_ref().and_then(|twin| {
        ratio(&region.stats, &twin.stats, measured.counts.is_ok(), &frame.values.unit, level)
    });
    CurvePoint {
        frame: index,
        phase: frame.address.phase,
        time_slice: frame.address.time_slice,
        start,
        duration: seconds(frame).map(Seconds),
        region,
        twin,
        ratio,
    }
}

/// Counts over the frame's duration; the interval of the counts over the same time.
fn rate(stats: &RegionStats, frame: &Frame) -> Option<Estimate> {
    let value = stats.per_second?;
    let seconds = seconds(frame)?;
    let over_time = |i: Interval| Interval {
        low: i.low / seconds,
        high: i.high.map(|high| high / seconds),
        ..i
    };
    Some(Estimate { value: Some(value), interval: stats.interval.map(over_time) })
}

fn ratio(
    region: &RegionStats,
    twin: &RegionStats,
    counts: bool,
    unit: &Unit,
    level: Level,
) -> Option<Estimate> {
    let (numerator, denominator) = (region.mean?, twin.mean?);
    if counts {
        let (n1, n2) = (region.total as u64, twin.total as u64);
        return Some(ratio_of_counts(n1, region.pixels, n2, twin.pixels, level)?.estimate);
    }
    // On a scale with an arbitrary zero a ratio means nothing.
    if *unit == Unit::Hounsfield || region.min?.min(twin.min?) < 0.0 {
        return None;
    }
    let value = (denominator > 0.0).then(|| numerator / denominator);
    Some(Estimate { value, interval: None })
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use ndarray::Array2;
    use rand::SeedableRng;
    use rand_chacha::ChaCha8Rng;
    use rand_distr::{Distribution, Poisson};

    use super::*;
    use crate::measure::fixture::{frame_of, study_of};
    use crate::study::{Pixels, Rescale, Values};

    const LEFT: Outline = Outline::Rectangle { min: [2.0, 2.0], max: [6.0, 6.0] };
    const RIGHT: Outline = Outline::Rectangle { min: [10.0, 2.0], max: [14.0, 6.0] };

    fn flat(left: u16, right: u16) -> Values {
        let pixels = Array2::from_shape_fn((8, 16), |(_, x)| if x < 8 { left } else { right });
        Values::counts(Pixels::U16(pixels))
    }

    /// Phase 1: three frames of 2 s; phase 2, after a rest of a minute: two of 30 s.
    fn dynamic() -> Series {
        let frames = [(1, 1, 2.0, 0), (1, 2, 2.0, 100), (1, 3, 2.0, 100), (2, 1, 30.0, 60_000)]
            .into_iter()
            .chain([(2, 2, 30.0, 0)])
            .enumerate()
            .flat_map(|(i, (phase, time_slice, seconds, pause))| {
                [1, 2].map(|detector| {
                    let mut frame = frame_of(flat(10 * (i as u16 + 1), 5), 2.0);
                    frame.duration = Some(Seconds(seconds));
                    frame.address = Address { phase, time_slice, detector, ..Address::default() };
                    frame.address.pause_ms = Some(pause);
                    frame
                })
            });
        let mut series = Arc::unwrap_or_clone(study_of(frames.collect()).series.remove(0));
        series.kind = SeriesKind::Dynamic;
        series
    }

    fn curve(series: &Series) -> TimeCurve {
        time_curve(series, 0, &LEFT, &[RIGHT], &[], Level::NINETY_FIVE).expect("five frames")
    }

    #[test]
    fn every_frame_has_its_own_time_and_rate() {
        let series = dynamic();
        let curve = curve(&series);
        let of = |f: &dyn Fn(&CurvePoint) -> f64| curve.points.iter().map(f).collect::<Vec<_>>();
        assert_eq!(of(&|p| p.frame as f64), [0.0, 2.0, 4.0, 6.0, 8.0]);
        assert_eq!(of(&|p| p.start.unwrap().0), [0.0, 2.1, 4.2, 66.2, 96.2]);
        assert_eq!(curve.points[3].mid(), Some(Seconds(81.2)));
        // 16 pixels of 10, 20, 30 counts in 2 s; of 40 and 50 in 30 s.
        let rates = of(&|p| p.region.rate.unwrap().value.unwrap());
        assert_eq!(rates, [80.0, 160.0, 240.0, 16.0 * 40.0 / 30.0, 16.0 * 50.0 / 30.0]);
        assert_eq!(of(&|p| p.ratio.unwrap().value.unwrap()), [2.0, 4.0, 6.0, 8.0, 10.0]);
        assert!(curve.remarks.is_empty(), "{:?}", curve.remarks);
        // Half of the frame belongs to the interval, or none of it.
        let flow: Vec<_> = curve.between(5.2, 0.5).map(|p| p.frame).collect();
        assert_eq!(flow, [0, 2, 4]);
    }

    #[test]
    fn the_interval_of_a_rate_is_that_of_its_counts_over_the_time() {
        let curve = curve(&dynamic());
        let point = &curve.points[3];
        let counts = interval_of_count(640, Level::NINETY_FIVE);
        let rate = point.region.rate.unwrap().interval.unwrap();
        assert_eq!(
            (rate.low, rate.high.unwrap()),
            (counts.low / 30.0, counts.high.unwrap() / 30.0)
        );
        let ratio = ratio_of_counts(640, 16, 80, 16, Level::NINETY_FIVE).unwrap().estimate;
        assert_eq!(point.ratio, Some(ratio));
    }

    #[test]
    fn without_durations_frames_are_counted_and_nothing_is_divided() {
        let mut series = dynamic();
        series.frames.iter_mut().for_each(|f| f.duration = None);
        let curve = curve(&series);
        assert_eq!(curve.axis, TimeAxis::Frames);
        assert!(curve.points.iter().all(|p| p.region.rate.is_none() && p.ratio.is_some()));
        assert_eq!(curve.position(4), Some(5.0));
        assert_eq!(curve.remarks.len(), 2, "{:?}", curve.remarks);
    }

    #[test]
    fn pauses_that_nobody_stated_are_told_of() {
        let mut series = dynamic();
        series.frames.iter_mut().for_each(|f| f.address.pause_ms = None);
        let curve = curve(&series);
        assert_eq!(curve.points[3].start, Some(Seconds(6.0)));
        assert!(curve.remarks.iter().any(|r| r.contains("pauses")), "{:?}", curve.remarks);
    }

    #[test]
    fn only_counts_have_intervals() {
        let mut series = dynamic();
        let rescale = Rescale { slope: 0.5, intercept: 0.0 };
        series.frames.iter_mut().for_each(|f| f.values.rescale = rescale);
        let scaled = curve(&series);
        assert_eq!(scaled.no_interval, Some(NotCounts::Rescaled));
        let rate = scaled.points[0].region.rate.unwrap();
        assert_eq!((rate.value, rate.interval), (Some(40.0), None));
        assert_eq!(scaled.points[0].ratio.unwrap().interval, None);
        series.frames.iter_mut().for_each(|f| f.values.unit = Unit::CountsPerSecond);
        assert!(curve(&series).points.iter().all(|p| p.region.rate.is_none()));
        series.frames[8].values.lossy = true;
        let refused = time_curve(&series, 0, &LEFT, &[], &[], Level::NINETY_FIVE);
        assert_eq!(refused, Err(NoCurve::Refused(NotCounts::Lossy)));
    }

    #[test]
    fn a_curve_needs_two_frames_of_one_detector() {
        let mut series = dynamic();
        series.frames.truncate(2);
        let curve = |drawn_on| time_curve(&series, drawn_on, &LEFT, &[], &[], Level::NINETY_FIVE);
        assert_eq!(curve(0), Err(NoCurve::OneFrame));
        assert_eq!(curve(7), Err(NoCurve::FrameMissing));
    }

    #[test]
    fn frames_added_up_are_counts_again() {
        let level = Level::NINETY_FIVE;
        let curve = curve(&dynamic());
        // 16 pixels of 20 and 30 counts against 16 of 5, twice.
        let sum = curve.summed(2.5, 6.0, level).unwrap();
        assert_eq!((sum.frames, sum.region.value), (vec![2, 4], Some(800.0)));
        assert_eq!(sum.time, Some([Seconds(2.1), Seconds(6.2)]));
        assert_eq!(sum.region.interval, Some(interval_of_count(800, level)));
        assert_eq!(sum.ratio, Some(ratio_of_counts(800, 32, 160, 32, level).unwrap().estimate));
        assert_eq!(curve.summed(6.5, 60.0, level), None);
    }

    #[test]
    fn a_pair_of_views_is_no_sequence() {
        let mut series = dynamic();
        series.kind = SeriesKind::Static;
        series.frames.iter_mut().for_each(|f| f.address = Address::default());
        assert_eq!(frames_in_time(&series, 3), [3]);
        series.kind = SeriesKind::Dynamic;
        series.frames[1].view.view = ViewName::Posterior;
        assert_eq!(frames_in_time(&series, 0), [0, 2, 3, 4, 5, 6, 7, 8, 9]);
    }

    #[test]
    fn what_is_not_bone_is_left_out_of_every_frame() {
        let urine = [Outline::Rectangle { min: [2.0, 2.0], max: [4.0, 6.0] }];
        let level = Level::NINETY_FIVE;
        let curve = time_curve(&dynamic(), 0, &LEFT, &[RIGHT], &urine, level).unwrap();
        assert!(curve.points.iter().all(|p| p.region.stats.pixels == 8));
        assert!(curve.points.iter().all(|p| p.twin.as_ref().unwrap().stats.pixels == 16));
    }

    /// A region that fills and empties: at 95 % the rate's interval holds the true rate of nearly
    /// every frame, and not of all of them.
    #[test]
    fn the_error_bars_hold_the_true_rate() {
        let mut rng = ChaCha8Rng::seed_from_u64(7);
        let (mut held, mut all) = (0, 0);
        for _ in 0..40 {
            let frames: Vec<_> = (0..20u16)
                .map(|i| {
                    let rate = 0.2 + 3.0 * f64::from(i) * (-f64::from(i) / 4.0).exp();
                    let law = Poisson::new(2.0 * rate).unwrap();
                    let pixels = Array2::from_shape_fn((8, 16), |_| law.sample(&mut rng) as u16);
                    let mut frame = frame_of(Values::counts(Pixels::U16(pixels)), 2.0);
                    frame.duration = Some(Seconds(2.0));
                    frame.address.time_slice = i + 1;
                    frame
                })
                .collect();
            let study = study_of(frames);
            let curve = curve(&study.series[0]);
            for (i, point) in curve.points.iter().enumerate() {
                let rate = 16.0 * (0.2 + 3.0 * i as f64 * (-(i as f64) / 4.0).exp());
                all += 1;
                held += u32::from(point.region.rate.unwrap().interval.unwrap().contains(rate));
            }
        }
        let share = f64::from(held) / f64::from(all);
        // Exact intervals hold at least 95 %; three standard errors of 800 are 2.3 %.
        assert!((0.927..0.999).contains(&share), "{share}");
    }
}
