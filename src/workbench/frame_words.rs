//! Where a frame stands among the frames of its series, in words.

use crate::report::number;
use crate::study::{Series, Vector};
use crate::text::{t, tr};

use super::frame_set::time_in_phase;

/// `Energy window`.
pub fn vector_name(vector: Vector) -> String {
    t(match vector {
        Vector::EnergyWindow => "vector-energy-window",
        Vector::Detector => "vector-detector",
        Vector::Phase => "vector-phase",
        Vector::TimeSlice => "vector-time-slice",
        Vector::RrInterval => "vector-rr-interval",
        Vector::TimeSlot => "vector-time-slot",
        Vector::Rotation => "vector-rotation",
        Vector::AngularView => "vector-angular-view",
        Vector::Slice => "vector-slice",
    })
}

/// `1:00–1:02 (2 s) · Phase 1/2 · Time slice 31/60`: what tells the frame from the others, and when
/// it was acquired, as far as the file says. Times count from the phase's first frame.
pub fn frame_facts(series: &Series, index: usize) -> String {
    let Some(frame) = series.frames.get(index) else { return String::new() };
    let mut facts = Vec::new();
    for vector in Vector::ALL {
        if !series.varies(vector) {
            continue;
        }
        let number = frame.address.along(vector);
        // Phases may have different lengths.
        let within = |v: &Vector| matches!(v, Vector::Detector | Vector::TimeSlice);
        let alike = series
            .frames
            .iter()
            .filter(|f| !within(&vector) || f.address.phase == frame.address.phase);
        let count = alike.map(|f| f.address.along(vector)).max().unwrap_or(number);
        let name = vector_name(vector);
        let words = [
            ("vector", name.into()),
            ("number", number.to_string().into()),
            ("count", count.to_string().into()),
        ];
        let mut fact = tr("frame-vector", &words);
        let window = series.energy_windows.get(usize::from(number).wrapping_sub(1));
        if let (Vector::EnergyWindow, Some(window)) = (vector, window)
            && !window.name.is_empty()
        {
            fact.push_str(&format!(" {}", window.name));
        }
        facts.push(fact);
    }
    if let Some([start, long]) = time_in_phase(series, index) {
        facts.insert(
            0,
            tr(
                "frame-time",
                &[
                    ("start", clock(start).into()),
                    ("end", clock(start + long).into()),
                    ("duration", seconds(long).into()),
                ],
            ),
        );
    }
    facts.join(" · ")
}

/// `1:02`, or `1:02.5` where a tenth of a second tells.
fn clock(time: f64) -> String {
    let tenths = (time * 10.0).round().max(0.0) as u64;
    let (minutes, rest, tenth) = (tenths / 600, tenths / 10 % 60, tenths % 10);
    match tenth {
        0 => format!("{minutes}:{rest:02}"),
        _ => format!("{minutes}:{rest:02}.{tenth}"),
    }
}

fn seconds(time: f64) -> String {
    tr("frame-seconds", &[("seconds", number::short(time, 2).into())])
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    #[test]
    fn a_frame_says_what_tells_it_from_the_others() {
        let flow = sample::dynamic("flow", &[3, 2], 2);
        assert_eq!(
            frame_facts(&flow, 2),
            "0:04–0:06 (2 s) · Detector 1/2 · Phase 1/2 · Time slice 3/3"
        );
        assert_eq!(
            frame_facts(&flow, 9),
            "0:30–1:00 (30 s) · Detector 2/2 · Phase 2/2 · Time slice 2/2"
        );
        assert_eq!(frame_facts(&sample::spots("s", 3), 0), "");
        assert_eq!(frame_facts(&flow, 99), "");
        assert_eq!(clock(62.5), "1:02.5");
    }
}
