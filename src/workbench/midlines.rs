//! The symmetry of every planar view of a study, found before the reader asks for it.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use ndarray::Array2;
use rayon::prelude::*;

use crate::findings::{Midline, Symmetry};
use crate::geometry::Outline;
use crate::measure;
use crate::study::{Frame, FrameKey, Pixels, Rescale, Series, SeriesKind, Study, Values};

/// Frames of a static series are found one by one. Those of a dynamic or gated one share the
/// symmetry of their sum: a single frame of a flow has too few counts, and the patient lies still.
pub(super) fn automatic(study: &Study) -> BTreeMap<FrameKey, Symmetry> {
    let views: Vec<(&Arc<Series>, Vec<usize>)> = study
        .series
        .iter()
        .filter(|s| s.kind.planar())
        .flat_map(|series| views(series).into_iter().map(move |view| (series, view)))
        .collect();
    let found = views.into_par_iter().flat_map_iter(|(series, view)| {
        let image = image(series, &view);
        let found = image.and_then(|image| {
            let midline = measure::find_midline(&image)?;
            Some(measure::find_symmetry(&image, &midline, &[]))
        });
        let key = |frame: usize| FrameKey { series: series.uid.clone(), frame };
        let each = view.into_iter().filter_map(move |i| Some((key(i), found.clone()?)));
        each.collect::<Vec<_>>()
    });
    found.collect::<Vec<_>>().into_iter().collect()
}

/// The symmetry of a frame across a midline that the reader set, or around what the reader says
/// is not bone; found on the same image as the automatic one. `None` where frames that should
/// share it do not fit together.
pub(super) fn with(
    series: &Series,
    frame: usize,
    midline: &Midline,
    not_bone: &[Outline],
) -> Option<Symmetry> {
    let view = views(series).into_iter().find(|view| view.contains(&frame))?;
    Some(measure::find_symmetry(image(series, &view)?.as_ref(), midline, not_bone))
}

/// What the symmetry of frames is found on that share one.
fn image<'a>(series: &'a Series, view: &[usize]) -> Option<Cow<'a, Frame>> {
    let frames: Vec<&Frame> = view.iter().map(|&i| &series.frames[i]).collect();
    match frames[..] {
        [frame] => Some(Cow::Borrowed(frame)),
        _ => summed(&frames).map(Cow::Owned),
    }
}

/// Which frames of a series share a symmetry.
fn views(series: &Series) -> Vec<Vec<usize>> {
    if matches!(series.kind, SeriesKind::WholeBody | SeriesKind::Static) {
        return (0..series.frames.len()).map(|i| vec![i]).collect();
    }
    let mut views: BTreeMap<(u16, u16), Vec<usize>> = BTreeMap::new();
    for (i, frame) in series.frames.iter().enumerate() {
        let place = (frame.address.energy_window, frame.address.detector);
        views.entry(place).or_default().push(i);
    }
    views.into_values().collect()
}

/// The sum of the real-world values; `None` where frames differ in size or view.
fn summed(frames: &[&Frame]) -> Option<Frame> {
    let first = frames.first()?;
    let facts = |f: &Frame| (f.columns(), f.rows(), f.spacing, f.view.view, f.laterality);
    let mut sum = Array2::<f64>::zeros((first.rows(), first.columns()));
    for frame in frames {
        if facts(frame) != facts(first) {
            return None;
        }
        let mut cells = sum.iter_mut();
        frame.values.pixels.for_each(|stored| {
            if let Some(cell) = cells.next() {
                *cell += frame.values.rescale.apply(stored);
            }
        });
    }
    let values = Values {
        pixels: Arc::new(Pixels::F64(sum)),
        rescale: Rescale::IDENTITY,
        ..first.values.clone()
    };
    Some(Frame { values, ..(*first).clone() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simulate;

    #[test]
    fn all_frames_of_a_flow_share_the_midline_between_the_legs() {
        let case = simulate::case("three_phase_crps").unwrap();
        let made = simulate::acquire(&case, &|_| ());
        let found = automatic(&made.study);
        let flow = &made.study.series[0];
        let key = |frame| FrameKey { series: flow.uid.clone(), frame };
        // Also those in which nothing has arrived.
        let first = &found[&key(0)];
        assert!((1..66).all(|i| found[&key(i)] == *first));
        for truth in &made.truth.midline {
            let series = &made.study.series[truth.series];
            let symmetry = &found[&FrameKey { series: series.uid.clone(), frame: truth.frame }];
            let line = &symmetry.midline;
            let mm = series.frames[0].spacing.unwrap().x();
            for &[column, row] in &truth.points {
                let miss = (line.curve.column_at(row) - column) * mm;
                assert!(miss.abs() < 4.0, "series {}, row {row}: {miss} mm", truth.series);
            }
            assert!(line.quality() > measure::DOUBTFUL_MIDLINE, "{}", line.quality());
        }
    }
}
