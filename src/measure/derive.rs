//! Makes derived series: thinned copies and sums of frames.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::TimeDelta;
use ndarray::Array2;

use crate::study::{Derivation, Frame, NotCounts, Pixels, Series, SeriesKind, Study, Values};
use crate::units::Seconds;

use super::thin::{ThinError, thin};

/// Why a series cannot be made.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
pub enum DeriveError {
    #[error("the series it would be made from is not in the study")]
    NoSuchSeries,
    #[error("the series has no frame {}", .0 + 1)]
    NoSuchFrame(usize),
    #[error("a frame was chosen twice")]
    Twice,
    #[error("no frames were chosen")]
    NoFrames,
    #[error("only planar images can be thinned or summed")]
    NotPlanar,
    #[error("{0}")]
    Thin(#[from] ThinError),
    #[error("only counts can be summed: {0}")]
    NotCounts(NotCounts),
    #[error("the frames differ in {0}, so their sum would mean nothing")]
    Differ(&'static str),
    #[error("the sum is larger than a pixel can hold")]
    TooMany,
}

/// Makes the series that a derivation names, with that name as its UID.
///
/// A thinned copy keeps all frames and everything that is known of them. A sum is one static
/// frame whose duration is that of its frames together, where all of them state one.
///
/// # Errors
/// Where the source is missing, is not planar or does not hold counts as detected; for a sum also
/// where the frames differ in size, spacing, view, sides, detector or energy window.
pub fn derive(study: &Study, derivation: &Derivation) -> Result<Series, DeriveError> {
    let source = study.series(derivation.of()).ok_or(DeriveError::NoSuchSeries)?;
    if !source.kind.planar() {
        return Err(DeriveError::NotPlanar);
    }
    let made = match derivation {
        Derivation::Thinned { fraction, seed, .. } => {
            let frames = source
                .frames
                .iter()
                .enumerate()
                .map(|(index, frame)| thin(frame, *fraction, *seed, index as u64))
                .collect::<Result<Vec<_>, _>>()?;
            Series { frames, ..bare(source) }
        }
        Derivation::Summed { frames, .. } => {
            let frame = sum(source, frames)?;
            Series {
                kind: SeriesKind::Static,
                acquired: start_of(source, frames),
                frames: vec![frame],
                ..bare(source)
            }
        }
    };
    Ok(Series { uid: derivation.uid(), derived: Some(derivation.clone()), ..made })
}

/// All of a series but its frames, so that they are not copied to be thrown away.
fn bare(source: &Series) -> Series {
    Series {
        uid: source.uid.clone(),
        number: source.number,
        modality: source.modality.clone(),
        kind: source.kind,
        description: source.description.clone(),
        acquired: source.acquired,
        tracer: source.tracer.clone(),
        manufacturer: source.manufacturer.clone(),
        collimator: source.collimator.clone(),
        scan_velocity: source.scan_velocity,
        energy_windows: source.energy_windows.clone(),
        frames: Vec::new(),
        remarks: source.remarks.clone(),
        derived: None,
    }
}

fn sum(source: &Series, chosen: &[usize]) -> Result<Frame, DeriveError> {
    let distinct: BTreeSet<usize> = chosen.iter().copied().collect();
    if distinct.len() != chosen.len() {
        return Err(DeriveError::Twice);
    }
    let frames = distinct
        .iter()
        .map(|&i| source.frames.get(i).ok_or(DeriveError::NoSuchFrame(i)))
        .collect::<Result<Vec<&Frame>, _>>()?;
    let first = *frames.first().ok_or(DeriveError::NoFrames)?;
    for frame in &frames {
        frame.values.poisson().map_err(DeriveError::NotCounts)?;
        if let Some(what) = difference(first, frame) {
            return Err(DeriveError::Differ(what));
        }
    }
    let (rows, columns) = (first.rows(), first.columns());
    let mut total = vec![0.0; rows * columns];
    for frame in &frames {
        let mut place = total.iter_mut();
        frame.values.pixels.for_each(|v| {
            if let Some(sum) = place.next() {
                *sum += v;
            }
        });
    }
    let most = total.iter().copied().fold(0.0, f64::max);
    if most > f64::from(u32::MAX) {
        return Err(DeriveError::TooMany);
    }
    let at = |row: usize, column: usize| total[row * columns + column];
    let pixels = match most <= f64::from(u16::MAX) {
        true => Pixels::U16(Array2::from_shape_fn((rows, columns), |(r, c)| at(r, c) as u16)),
        false => Pixels::U32(Array2::from_shape_fn((rows, columns), |(r, c)| at(r, c) as u32)),
    };
    let durations = frames.iter().map(|f| f.duration.map(|d| d.0)).sum::<Option<f64>>();
    Ok(Frame {
        values: Values { pixels: Arc::new(pixels), ..first.values.clone() },
        duration: durations.map(Seconds),
        ..first.clone()
    })
}

/// What keeps two frames from being added.
fn difference(a: &Frame, b: &Frame) -> Option<&'static str> {
    let size = |f: &Frame| (f.columns(), f.rows());
    [
        (size(a) == size(b), "size"),
        (a.spacing == b.spacing, "pixel spacing"),
        (a.view.view == b.view.view, "view"),
        (a.laterality.larger_columns == b.laterality.larger_columns, "left and right"),
        (a.laterality.head_at_first_row == b.laterality.head_at_first_row, "head and feet"),
        (a.address.energy_window == b.address.energy_window, "energy window"),
        (a.address.detector == b.address.detector, "detector"),
        (a.address.rr_interval == b.address.rr_interval, "R-R interval"),
    ]
    .into_iter()
    .find(|(same, _)| !same)
    .map(|(_, what)| what)
}

/// When the first of the chosen frames began: known for the first of all, and after it where all
/// frames of the same detector and window before it state how long they took. Pauses between
/// phases are not known here, so a later phase has no beginning.
fn start_of(source: &Series, chosen: &[usize]) -> Option<chrono::NaiveDateTime> {
    let acquired = source.acquired?;
    let first = source.frames.get(*chosen.first()?)?;
    let when = |f: &Frame| (f.address.phase, f.address.time_slice);
    let mut before = 0.0;
    for frame in &source.frames {
        let same = frame.address.detector == first.address.detector
            && frame.address.energy_window == first.address.energy_window;
        if same && when(frame) < when(first) {
            if frame.address.phase != first.address.phase {
                return None;
            }
            before += frame.duration?.0;
        }
    }
    acquired.checked_add_signed(TimeDelta::milliseconds((before * 1000.0) as i64))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::fixture::{TestPatient, frame_of, study_of};
    use crate::study::{Laterality, Uid, ViewName};

    const OF: &str = "1.2.3";

    /// Frames of 2 s with 1, 2, 3 … counts in every pixel.
    fn dynamic(frames: u16) -> Study {
        let frame = |i: u16| {
            let mut frame =
                frame_of(Values::counts(Pixels::U16(Array2::from_elem((4, 6), i))), 3.0);
            frame.address.time_slice = i;
            frame.duration = Some(Seconds(2.0));
            frame
        };
        edited(study_of((1..=frames).map(frame).collect()), |series| {
            series.kind = SeriesKind::Dynamic;
            series.acquired =
                chrono::NaiveDate::from_ymd_opt(2026, 1, 2).and_then(|d| d.and_hms_opt(9, 0, 0));
        })
    }

    fn edited(mut study: Study, edit: impl FnOnce(&mut Series)) -> Study {
        let mut series = Series::clone(&study.series[0]);
        edit(&mut series);
        study.series[0] = Arc::new(series);
        study
    }

    fn summed(frames: &[usize]) -> Derivation {
        Derivation::Summed { of: OF.into(), frames: frames.to_vec() }
    }

    #[test]
    fn a_sum_adds_counts_and_durations() {
        let series = derive(&dynamic(5), &summed(&[1, 2, 4])).unwrap();
        assert_eq!(&*series.uid, "1.2.3#sum=1-2,4");
        assert_eq!(series.derived, Some(summed(&[1, 2, 4])));
        assert_eq!((series.kind, series.frames.len()), (SeriesKind::Static, 1));
        let frame = &series.frames[0];
        assert_eq!(frame.values.at(5, 3), 2.0 + 3.0 + 5.0);
        assert_eq!(frame.values.poisson(), Ok(()));
        assert_eq!(frame.duration, Some(Seconds(6.0)));
        assert_eq!(frame.view.view, ViewName::Anterior);
        assert_eq!(series.acquired.unwrap().format("%T").to_string(), "09:00:02");
    }

    #[test]
    fn a_sum_of_counts_that_no_u16_holds_is_kept_whole() {
        let study = edited(dynamic(2), |series| {
            for frame in &mut series.frames {
                frame.values = Values::counts(Pixels::U16(Array2::from_elem((4, 6), 65_000)));
            }
        });
        let frame = &derive(&study, &summed(&[0, 1])).unwrap().frames[0];
        assert_eq!(frame.values.at(0, 0), 130_000.0);
    }

    #[test]
    fn what_differs_is_not_added() {
        let refused = |edit: fn(&mut Frame)| {
            let study = edited(dynamic(3), |series| edit(&mut series.frames[1]));
            derive(&study, &summed(&[0, 1, 2])).unwrap_err()
        };
        use DeriveError::Differ;
        assert_eq!(refused(|f| f.view.view = ViewName::Posterior), Differ("view"));
        assert_eq!(refused(|f| f.address.energy_window = 2), Differ("energy window"));
        assert_eq!(refused(|f| f.address.detector = 2), Differ("detector"));
        assert_eq!(refused(|f| f.spacing = None), Differ("pixel spacing"));
        assert_eq!(
            refused(|f| f.laterality = Laterality::from_view(ViewName::Posterior)),
            Differ("left and right")
        );
        assert_eq!(
            refused(|f| f.values = Values::counts(Pixels::U16(Array2::zeros((4, 5))))),
            Differ("size")
        );
        assert_eq!(
            refused(|f| f.values.processed = true),
            DeriveError::NotCounts(NotCounts::Processed)
        );
        let study = dynamic(3);
        assert_eq!(derive(&study, &summed(&[])).unwrap_err(), DeriveError::NoFrames);
        assert_eq!(derive(&study, &summed(&[3])).unwrap_err(), DeriveError::NoSuchFrame(3));
        assert_eq!(derive(&study, &summed(&[1, 1])).unwrap_err(), DeriveError::Twice);
        let nowhere = Derivation::Summed { of: "9".into(), frames: vec![0] };
        assert_eq!(derive(&study, &nowhere).unwrap_err(), DeriveError::NoSuchSeries);
        let slices = edited(dynamic(3), |series| series.kind = SeriesKind::Spect);
        assert_eq!(derive(&slices, &summed(&[0])).unwrap_err(), DeriveError::NotPlanar);
    }

    #[test]
    fn times_that_no_file_states_stay_unknown() {
        let study = edited(dynamic(3), |series| series.frames[1].duration = None);
        let series = derive(&study, &summed(&[1, 2])).unwrap();
        assert_eq!(series.frames[0].duration, None);
        assert!(series.acquired.is_some());
        assert_eq!(derive(&study, &summed(&[2])).unwrap().acquired, None);
        let study = edited(dynamic(3), |series| series.frames[2].address.phase = 2);
        assert_eq!(derive(&study, &summed(&[2])).unwrap().acquired, None);
    }

    #[test]
    fn a_thinned_copy_keeps_everything_but_counts() {
        let study =
            study_of(vec![TestPatient::default().frame(1), TestPatient::default().frame(2)]);
        let half = Derivation::Thinned { of: OF.into(), fraction: 0.5, seed: 1 };
        let copy = derive(&study, &half).unwrap();
        let source = &study.series[0];
        assert_eq!((copy.kind, copy.frames.len()), (source.kind, 2));
        assert_eq!(copy.frames[1].view, source.frames[1].view);
        assert_eq!(copy.frames[1].spacing, source.frames[1].spacing);
        assert_ne!(copy.frames[0].values, source.frames[0].values);
        assert_eq!(Derivation::of_uid(&copy.uid), copy.derived);
        assert_eq!(derive(&study, &half).unwrap().frames[0].values, copy.frames[0].values);
        // And once more, from the copy.
        let mut study = study;
        study.series.push(Arc::new(copy));
        let of: Uid = half.uid();
        let quarter = derive(&study, &Derivation::Thinned { of, fraction: 0.5, seed: 1 }).unwrap();
        assert_eq!(&*quarter.uid, "1.2.3#thinned=0.5,seed=1#thinned=0.5,seed=1");
        let study = edited(study, |series| series.frames[1].values.lossy = true);
        assert!(matches!(derive(&study, &half), Err(DeriveError::Thin(_))));
    }
}
