//! A place on a frame and its conjugate in the opposite view: what the linked cursor shows.

use serde::{Deserialize, Serialize};

use crate::geometry::{Pixel, Point};
use crate::measure::{ConjugateView, NoConjugate, conjugate_frame, conjugate_point};
use crate::study::{FrameKey, ViewName};

use super::Workbench;

/// `at` is `[column, row]` of the frame.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Place {
    pub frame: FrameKey,
    pub at: Point<Pixel>,
}

/// The same place from the other side of the patient.
#[derive(Clone, Debug, PartialEq)]
pub struct Conjugate {
    pub place: Place,
    pub view: ViewName,
    /// The value of the pixel there, in the frame's unit.
    pub value: Option<f64>,
    /// √(value here · value there); `None` where a mean would mean nothing.
    pub geometric_mean: Option<f64>,
}

/// Where a place lies in the opposite view of its series, and what is counted there.
pub fn conjugate_of(bench: &Workbench, place: &Place) -> Result<Conjugate, NoConjugate> {
    let reading = bench.reading_of(&place.frame).ok_or(NoConjugate::NoOppositeView)?;
    let series = reading.study().series(&place.frame.series).ok_or(NoConjugate::NoOppositeView)?;
    let frame = conjugate_frame(series, place.frame.frame)?;
    let key = FrameKey { series: series.uid.clone(), frame };
    let [here, there] = [place.frame.frame, frame].map(|index| &series.frames[index]);
    let view = |key: &FrameKey, frame| ConjugateView { frame, midline: reading.midline(key) };
    let at = conjugate_point(view(&place.frame, here), view(&key, there), place.at)?;
    let value = |frame: &crate::study::Frame, at: Point<Pixel>| {
        frame.values.get(at.x.round() as i64, at.y.round() as i64).filter(|v| v.is_finite())
    };
    let (ours, theirs) = (value(here, place.at), value(there, at));
    let meaning =
        here.values.unit == there.values.unit && !here.values.lossy && !there.values.lossy;
    let geometric_mean = ours
        .zip(theirs)
        .filter(|(a, b)| meaning && *a >= 0.0 && *b >= 0.0)
        .map(|(a, b)| (a * b).sqrt());
    let place = Place { frame: key, at };
    Ok(Conjugate { place, view: there.view.view, value: theirs, geometric_mean })
}
