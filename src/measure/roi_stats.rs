//! Statistics of one region of one frame, in double precision from the stored values.

use crate::geometry::{Outline, Point};
use crate::study::{Frame, NotCounts, Unit};
use crate::units::{Level, Mm2};

use super::dispersion::{Scatter, scatter};
use super::{RegionStats, interval_of_count};

/// A frame ready to be measured: whether its values are Poisson counts has been found out once,
/// which takes a look at every pixel.
#[derive(Clone)]
pub struct MeasuredFrame<'a> {
    frame: &'a Frame,
    /// Whether totals are Poisson counts, else why not.
    pub counts: Result<(), NotCounts>,
    /// How the values scatter, where that is known.
    pub scatter: Option<Scatter>,
    /// What does not count as bone.
    without: Vec<Outline>,
}

impl<'a> MeasuredFrame<'a> {
    pub fn new(frame: &'a Frame) -> Self {
        let stated = frame.values.poisson();
        let scatter = stated.ok().and_then(|()| scatter(frame));
        let odd = scatter.and_then(|scatter| scatter.odd).is_some();
        let counts = if odd { Err(NotCounts::Scatter) } else { stated };
        Self { frame, counts, scatter, without: Vec::new() }
    }

    /// Leaves the pixels of these outlines out of every region.
    #[must_use]
    pub fn without(mut self, outlines: Vec<Outline>) -> Self {
        self.without = outlines;
        self
    }

    /// How many pixels of an outline are left out because they are not bone.
    pub fn left_out(&self, outline: &Outline) -> u64 {
        let frame = self.frame;
        outline.pixels(frame.columns(), frame.rows()).filter(|p| self.leaves_out(*p)).count() as u64
    }

    fn leaves_out(&self, (column, row): (usize, usize)) -> bool {
        let center = Point::new(column as f64, row as f64);
        self.without.iter().any(|outline| outline.contains(center))
    }

    pub fn frame(&self) -> &'a Frame {
        self.frame
    }

    /// Sum and number of the pixels that `region` would count.
    pub fn sum(&self, outline: &Outline) -> (f64, u64) {
        self.sums(std::slice::from_ref(outline))
    }

    /// And of those that `regions` would.
    pub fn sums(&self, outlines: &[Outline]) -> (f64, u64) {
        let frame = self.frame;
        outlines
            .iter()
            .flat_map(|outline| outline.pixels(frame.columns(), frame.rows()))
            .filter(|pixel| !self.leaves_out(*pixel))
            .map(|(column, row)| frame.values.at(column, row))
            .filter(|v| v.is_finite())
            .fold((0.0, 0), |(total, pixels), value| (total + value, pixels + 1))
    }

    /// The statistics of the pixels whose centres lie inside the outline and inside the frame.
    /// Pixels without a finite value, and those of `without`, are left out.
    ///
    /// The pixels are visited row by row, so the same region gives the same digits every time.
    pub fn region(&self, outline: &Outline, level: Level) -> RegionStats {
        self.regions(std::slice::from_ref(outline), level)
    }

    /// The same of several outlines that do not meet, taken together.
    pub fn regions(&self, outlines: &[Outline], level: Level) -> RegionStats {
        let frame = self.frame;
        let values: Vec<f64> = outlines
            .iter()
            .flat_map(|outline| outline.pixels(frame.columns(), frame.rows()))
            .filter(|pixel| !self.leaves_out(*pixel))
            .map(|(column, row)| frame.values.at(column, row))
            .filter(|v| v.is_finite())
            .collect();
        let pixels = values.len() as u64;
        let total: f64 = values.iter().sum();
        let mean = (pixels > 0).then(|| total / pixels as f64);
        let seconds = frame.duration.map(|d| d.0).filter(|&s| s > 0.0);
        RegionStats {
            pixels,
            area: frame.spacing.map(|s| Mm2(pixels as f64 * s.pixel_area())),
            total,
            mean,
            max: values.iter().copied().reduce(f64::max),
            min: values.iter().copied().reduce(f64::min),
            sd: mean.filter(|_| pixels > 1).map(|mean| {
                let squares: f64 = values.iter().map(|v| (v - mean).powi(2)).sum();
                (squares / (pixels - 1) as f64).sqrt()
            }),
            per_second: match (&frame.values.unit, seconds) {
                (Unit::Counts, Some(seconds)) if pixels > 0 => Some(total / seconds),
                _ => None,
            },
            interval: (self.counts.is_ok() && pixels > 0)
                .then(|| interval_of_count(total as u64, level)),
        }
    }
}

impl RegionStats {
    /// What is known of a region whose numbers are withheld: nothing.
    pub const NOTHING: Self = Self {
        pixels: 0,
        area: None,
        total: 0.0,
        mean: None,
        max: None,
        min: None,
        sd: None,
        per_second: None,
        interval: None,
    };
}

#[cfg(test)]
mod tests {
    use ndarray::Array2;

    use super::*;
    use crate::measure::fixture::frame_of;
    use crate::study::{Pixels, Rescale, Values};
    use crate::units::Seconds;

    fn rectangle(min: [f64; 2], max: [f64; 2]) -> Outline {
        Outline::Rectangle { min, max }
    }

    #[test]
    fn the_numbers_are_those_of_the_pixels_inside() {
        let pixels = Array2::from_shape_fn((8, 10), |(row, column)| (10 * row + column) as u16);
        let mut frame = frame_of(Values::counts(Pixels::U16(pixels)), 2.0);
        frame.duration = Some(Seconds(4.0));
        let stats = MeasuredFrame::new(&frame)
            .region(&rectangle([2.0, 3.0], [5.0, 5.0]), Level::NINETY_FIVE);
        // 32 33 34 42 43 44.
        assert_eq!((stats.pixels, stats.total, stats.mean), (6, 228.0, Some(38.0)));
        assert_eq!((stats.min, stats.max), (Some(32.0), Some(44.0)));
        assert!((stats.sd.unwrap() - 30.8f64.sqrt()).abs() < 1e-12);
        assert_eq!(stats.area, Some(Mm2(24.0)));
        assert_eq!(stats.per_second, Some(57.0));
        assert!(stats.interval.unwrap().contains(228.0));
    }

    #[test]
    fn counts_are_claimed_only_where_they_are_counts() {
        let mut frame = frame_of(Values::counts(Pixels::U16(Array2::from_elem((8, 8), 100))), 2.0);
        frame.duration = Some(Seconds(10.0));
        frame.values.rescale = Rescale { slope: 0.01, intercept: 0.0 };
        let region = rectangle([0.0, 0.0], [4.0, 1.0]);
        let rescaled = MeasuredFrame::new(&frame);
        let stats = rescaled.region(&region, Level::NINETY_FIVE);
        assert_eq!(rescaled.counts, Err(NotCounts::Rescaled));
        assert_eq!((stats.mean, stats.interval), (Some(1.0), None));
        frame.values.unit = Unit::BecquerelsPerMl;
        let stats = MeasuredFrame::new(&frame).region(&region, Level::NINETY_FIVE);
        assert_eq!((stats.per_second, stats.interval), (None, None));
    }

    #[test]
    fn what_is_not_bone_is_left_out() {
        let pixels = Array2::from_shape_fn((8, 10), |(row, column)| (10 * row + column) as u16);
        let frame = frame_of(Values::counts(Pixels::U16(pixels)), 2.0);
        let region = rectangle([2.0, 3.0], [5.0, 5.0]);
        let urine = rectangle([4.0, 0.0], [9.0, 4.0]);
        let measured = MeasuredFrame::new(&frame).without(vec![urine]);
        let stats = measured.region(&region, Level::NINETY_FIVE);
        // 34 of the first row is gone.
        assert_eq!((stats.pixels, stats.total, measured.left_out(&region)), (5, 194.0, 1));
        assert_eq!(stats.area, Some(Mm2(20.0)));
    }

    #[test]
    fn a_region_between_pixel_centres_has_no_numbers() {
        let frame = frame_of(Values::counts(Pixels::U16(Array2::from_elem((8, 8), 5))), 2.0);
        let tiny = Outline::Ellipse { center: [3.5, 3.5], radii: [0.3, 0.3], angle_deg: 0.0 };
        for outline in [tiny, rectangle([90.0, 90.0], [95.0, 95.0])] {
            let stats = MeasuredFrame::new(&frame).region(&outline, Level::NINETY_FIVE);
            assert_eq!((stats.pixels, stats.total), (0, 0.0));
            assert_eq!((stats.mean, stats.sd, stats.interval), (None, None, None));
        }
    }
}
