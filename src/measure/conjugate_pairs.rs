//! Regions that were drawn round the same place in two opposite views, and what they say together.

use crate::findings::RoiId;
use crate::geometry::Outline;
use crate::study::{FrameKey, NotCounts, Study, Unit, ViewName};
use crate::units::Level;

use super::{
    ConjugateView, Estimate, GeometricMean, RoiRow, Sheet, conjugate_frame, conjugate_outline,
    geometric_mean, mean_of_ratios, ratio_of_counts,
};

/// A region and its conjugate: the anterior one first, whichever was drawn first.
#[derive(Clone, Debug, PartialEq)]
pub struct ConjugatePair {
    pub regions: [RoiId; 2],
    /// Square root of the product of the totals, in the unit of both.
    pub value: f64,
    /// With its interval, where both totals are Poisson counts.
    pub mean: Option<GeometricMean>,
    /// Value, low and high per second, where both durations are known.
    pub per_second: Option<[f64; 3]>,
    /// Anterior mean over posterior mean: the larger, the nearer to the front a lesion lies.
    pub ratio: Option<Estimate>,
    /// Lesion over twin in both views together: the geometric mean of the two ratios.
    pub twin_ratio: Option<Estimate>,
    /// Why there is no interval.
    pub no_interval: Option<NotCounts>,
    /// What is to be known of the pair, in plain words.
    pub remarks: Vec<String>,
}

impl ConjugatePair {
    /// The other region of the pair; `None` for a region that is not in it.
    pub fn partner(&self, id: RoiId) -> Option<RoiId> {
        let [a, b] = self.regions;
        match id {
            _ if id == a => Some(b),
            _ if id == b => Some(a),
            _ => None,
        }
    }
}

/// The pairs among the regions of a sheet, in its order, no region in two of them. A region in the
/// opposite view is the conjugate of the one that it is a copy of; else of the nearest one where
/// either's centre lies in the other's image and neither is more than twice as large.
pub fn conjugate_pairs(study: &Study, sheet: &Sheet, level: Level) -> Vec<ConjugatePair> {
    let joined = joined(study, sheet);
    joined.into_iter().filter_map(|[one, other]| pair(study, one, other, level)).collect()
}

/// The pair that a region belongs to.
pub fn conjugate_pair(
    study: &Study,
    sheet: &Sheet,
    region: RoiId,
    level: Level,
) -> Option<ConjugatePair> {
    let mut joined = joined(study, sheet).into_iter();
    let [one, other] = joined.find(|pair| pair.iter().any(|row| row.id == region))?;
    pair(study, one, other, level)
}

fn joined<'a>(study: &Study, sheet: &'a Sheet) -> Vec<[&'a RoiRow; 2]> {
    let mut pairs: Vec<[&RoiRow; 2]> = Vec::new();
    let paired = |id: RoiId, pairs: &[[&RoiRow; 2]]| pairs.iter().flatten().any(|p| p.id == id);
    for row in &sheet.rois {
        let source = row.copy_of.and_then(|id| sheet.roi(id));
        let Some(source) = source.filter(|s| !paired(s.id, &pairs)) else { continue };
        let across = opposite_frame(study, source).as_ref() == Some(&row.frame);
        if across && !paired(row.id, &pairs) {
            pairs.push([source, row]);
        }
    }
    for row in &sheet.rois {
        if paired(row.id, &pairs) {
            continue;
        }
        let Some((key, image)) = image(study, sheet, row) else { continue };
        let center = image.centroid();
        let alike = |other: &RoiRow| {
            let ratio = other.outline.area() / image.area();
            other.role == row.role
                && image.contains(other.outline.centroid())
                && other.outline.contains(center)
                && (0.5..=2.0).contains(&ratio)
        };
        let apart = |other: &RoiRow| (other.outline.centroid() - center).length();
        let free = |other: &&RoiRow| other.frame == key && !paired(other.id, &pairs);
        let partner = sheet
            .rois
            .iter()
            .filter(|other| free(other) && alike(other))
            .min_by(|a, b| apart(a).total_cmp(&apart(b)));
        pairs.extend(partner.map(|other| [row, other]));
    }
    pairs
}

fn opposite_frame(study: &Study, row: &RoiRow) -> Option<FrameKey> {
    let series = study.series(&row.frame.series)?;
    let frame = conjugate_frame(series, row.frame.frame).ok()?;
    Some(FrameKey { series: series.uid.clone(), frame })
}

/// Where a region lies in the opposite view.
fn image(study: &Study, sheet: &Sheet, row: &RoiRow) -> Option<(FrameKey, Outline)> {
    let key = opposite_frame(study, row)?;
    let view = |key: &FrameKey| {
        Some(ConjugateView { frame: study.frame(key)?, midline: sheet.midline(key) })
    };
    let image = conjugate_outline(view(&row.frame)?, view(&key)?, &row.outline).ok()?;
    Some((key, image))
}

/// `None` where the numbers are withheld, or where a mean would mean nothing.
fn pair(study: &Study, one: &RoiRow, other: &RoiRow, level: Level) -> Option<ConjugatePair> {
    let (front, back) = if in_front(one) || !in_front(other) { (one, other) } else { (other, one) };
    let rows = [front, back];
    let meaning = |row: &RoiRow| {
        row.refused.is_none() && row.stats.pixels > 0 && row.stats.min.is_some_and(|v| v >= 0.0)
    };
    if !rows.iter().all(|row| meaning(row)) || front.unit != back.unit {
        return None;
    }
    let no_interval = front.no_interval.or(back.no_interval);
    let [a, b] = rows.map(|row| row.stats.total);
    let mean = no_interval.is_none().then(|| geometric_mean(a as u64, b as u64, level));
    let ratio = no_interval.is_none().then(|| {
        let [n, m] = rows.map(|row| row.stats.pixels);
        Some(ratio_of_counts(a as u64, n, b as u64, m, level)?.estimate)
    });
    let seconds = rows.map(|row| study.frame(&row.frame).and_then(|f| f.duration).map(|d| d.0));
    let per_second = match (mean, seconds, &front.unit) {
        (Some(mean), [Some(a), Some(b)], Unit::Counts) => mean.per_second([a, b]),
        _ => None,
    };
    let mut remarks = Vec::new();
    remarks.extend(no_interval.map(|reason| format!("No interval: {reason}.")));
    if let [Some(a), Some(b)] = seconds
        && (a / b - 1.0).abs() > 0.01
    {
        remarks.push(
            "The two views took different times, so only the mean per second compares with others."
                .into(),
        );
    }
    Some(ConjugatePair {
        regions: rows.map(|row| row.id),
        value: a.sqrt() * b.sqrt(),
        mean,
        per_second,
        ratio: ratio.flatten(),
        twin_ratio: front
            .ratio
            .zip(back.ratio)
            .and_then(|(front, back)| mean_of_ratios(&front.estimate, &back.estimate)),
        no_interval,
        remarks,
    })
}

fn in_front(row: &RoiRow) -> bool {
    use ViewName::*;
    matches!(row.view.view, Anterior | LeftAnteriorOblique | RightAnteriorOblique)
}

#[cfg(test)]
mod tests {
    use ndarray::Array2;

    use super::*;
    use crate::findings::{Edit, Findings, Roi, TwinChoice};
    use crate::measure::fixture::{frame_of, study_of};
    use crate::study::{Laterality, Pixels, Rescale, Values, ViewLabel, ViewSource};
    use crate::units::Seconds;

    const LEVEL: Level = Level::NINETY_FIVE;

    fn roi(id: u32, key: FrameKey, outline: Outline) -> Roi {
        Roi { twin: TwinChoice::None, ..Roi::new(RoiId(id), format!("L{id}"), key, outline) }
    }

    fn sheet(study: &Study, rois: Vec<Roi>) -> Sheet {
        let mut findings = Findings::default();
        for roi in rois {
            findings.apply(Edit::Add { at: None, roi }).unwrap();
        }
        Sheet::compute(study, &findings, &|_| None, LEVEL)
    }

    fn pair_of_views() -> Study {
        let frames = [(ViewName::Posterior, 9u16), (ViewName::Anterior, 4)].map(|(view, value)| {
            let pixels = Pixels::U16(Array2::from_elem((100, 64), value));
            let mut frame = frame_of(Values::counts(pixels), 2.0);
            frame.view = ViewLabel { view, source: ViewSource::ViewCode };
            frame.laterality = Laterality::from_view(view);
            frame.duration = Some(Seconds(100.0));
            frame
        });
        study_of(frames.to_vec())
    }

    fn key(frame: usize) -> FrameKey {
        FrameKey { series: "1.2.3".into(), frame }
    }

    fn square(x: f64) -> Outline {
        Outline::Rectangle { min: [x, 40.0], max: [x + 10.0, 50.0] }
    }

    #[test]
    fn pairs_are_found_by_their_place() {
        let study = pair_of_views();
        let ellipse =
            |x, y| Outline::Ellipse { center: [x, y], radii: [5.0, 3.0], angle_deg: 20.0 };
        let large = Outline::Rectangle { min: [10.0, 50.0], max: [40.0, 90.0] };
        let sheet = sheet(
            &study,
            vec![
                roi(1, key(0), ellipse(12.0, 40.0)),
                // The place of 1 read without mirroring.
                roi(2, key(1), ellipse(12.0, 40.0)),
                roi(3, key(1), ellipse(52.0, 41.0)),
                roi(4, key(1), ellipse(51.0, 40.0)),
                roi(5, key(0), ellipse(40.0, 70.0)),
                roi(6, key(1), large),
            ],
        );
        let pairs = conjugate_pairs(&study, &sheet, LEVEL);
        let ids: Vec<_> = pairs.iter().map(|p| p.regions).collect();
        // 1 is posterior, so 4 comes first.
        assert_eq!(ids, [[RoiId(4), RoiId(1)]]);
        assert_eq!(pairs[0].partner(RoiId(1)), Some(RoiId(4)));
        assert_eq!(pairs[0].partner(RoiId(2)), None);
    }

    #[test]
    fn a_copy_stays_the_conjugate_wherever_it_is_moved() {
        let study = pair_of_views();
        let copy = Roi { copy_of: Some(RoiId(1)), ..roi(3, key(1), square(5.0)) };
        // A nearer one that was drawn by hand does not come between them.
        let rois = vec![roi(1, key(0), square(10.0)), roi(2, key(1), square(44.0)), copy];
        let pairs = conjugate_pairs(&study, &sheet(&study, rois), LEVEL);
        let ids: Vec<_> = pairs.iter().map(|p| p.regions).collect();
        assert_eq!(ids, [[RoiId(3), RoiId(1)]]);
    }

    #[test]
    fn a_pair_has_one_mean_a_rate_and_a_depth() {
        let mut study = pair_of_views();
        let rois = || vec![roi(1, key(0), square(10.0)), roi(2, key(1), square(44.0))];
        let found = conjugate_pairs(&study, &sheet(&study, rois()), LEVEL).remove(0);
        assert_eq!(found.mean, Some(geometric_mean(400, 900, LEVEL)));
        assert_eq!((found.value, found.per_second.unwrap()[0]), (600.0, 6.0));
        assert_eq!(found.ratio.unwrap().value, Some(400.0 / 900.0));
        assert!(found.remarks.is_empty(), "{:?}", found.remarks);

        let series = std::sync::Arc::make_mut(&mut study.series[0]);
        series.frames[0].duration = Some(Seconds(400.0));
        let unequal = conjugate_pairs(&study, &sheet(&study, rois()), LEVEL).remove(0);
        assert_eq!((unequal.per_second.unwrap()[0], unequal.remarks.len()), (3.0, 1));

        let series = std::sync::Arc::make_mut(&mut study.series[0]);
        series.frames[0].values.rescale = Rescale { slope: 4.0, intercept: 0.0 };
        let scaled = conjugate_pairs(&study, &sheet(&study, rois()), LEVEL).remove(0);
        assert_eq!((scaled.value, scaled.mean, scaled.per_second), (1200.0, None, None));
        assert_eq!(scaled.no_interval, Some(NotCounts::Rescaled));

        let series = std::sync::Arc::make_mut(&mut study.series[0]);
        series.frames[0].values.lossy = true;
        assert!(conjugate_pairs(&study, &sheet(&study, rois()), LEVEL).is_empty());
    }
}
