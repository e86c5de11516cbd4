//! Nuclear medicine multi-frame images: kinds, frame vectors, windows, views, slice places
//! (PS3.3 C.8.4.8 to C.8.4.15).

use dicom_core::Tag;
use dicom_dictionary_std::tags;

use crate::study::{Address, EnergyWindow, FrameGeometry, Laterality, SeriesKind, ViewLabel};
use crate::units::Seconds;

use super::dataset::DataSet;
use super::fault::name;
use super::{slices, view};

/// What the header says of each frame.
pub(super) struct Acquisition {
    pub kind: SeriesKind,
    pub windows: Vec<EnergyWindow>,
    pub collimator: String,
    pub scan_velocity: Option<f64>,
    pub frames: Vec<FrameFacts>,
}

#[derive(Clone, Debug, Default)]
pub(super) struct FrameFacts {
    pub address: Address,
    pub view: ViewLabel,
    pub laterality: Laterality,
    pub duration: Option<Seconds>,
    pub geometry: Option<FrameGeometry>,
}

pub(super) fn acquisition(
    header: &DataSet,
    frames: usize,
    remarks: &mut Vec<String>,
) -> Acquisition {
    let kind = kind(header, remarks);
    let addresses = addresses(header, frames, kind, remarks);
    let mut facts: Vec<FrameFacts> = addresses
        .into_iter()
        .map(|address| FrameFacts { address, ..FrameFacts::default() })
        .collect();
    durations(header, kind, &mut facts, remarks);
    if kind.planar() {
        view::of_frames(header, kind, &mut facts, remarks);
    } else if kind.volume() {
        places(header, &mut facts, remarks);
    }
    let detector = header.item(tags::DETECTOR_INFORMATION_SEQUENCE);
    let collimator = detector
        .map(|d| [tags::COLLIMATOR_GRID_NAME, tags::COLLIMATOR_TYPE].map(|t| d.text(t)))
        .into_iter()
        .flatten()
        .find(|t| !t.is_empty())
        .unwrap_or_default();
    let scan_velocity = match kind {
        SeriesKind::WholeBody => header.positive(tags::SCAN_VELOCITY, remarks),
        _ => None,
    };
    Acquisition {
        kind,
        windows: windows(header, remarks),
        collimator,
        scan_velocity,
        frames: facts,
    }
}

/// By Image Type value 3 (C.8.4.9.1.1), else by the vectors the frames count in.
fn kind(header: &DataSet, remarks: &mut Vec<String>) -> SeriesKind {
    use SeriesKind::*;
    let types = header.texts(tags::IMAGE_TYPE);
    let named = types.iter().skip(2).find_map(|t| {
        Some(match t.to_uppercase().as_str() {
            "WHOLE BODY" => WholeBody,
            "STATIC" => Static,
            "DYNAMIC" => Dynamic,
            "GATED" => Gated,
            "TOMO" | "GATED TOMO" => SpectProjections,
            "RECON TOMO" => Spect,
            "RECON GATED TOMO" => SpectGated,
            _ => return None,
        })
    });
    if let Some(kind) = named {
        return kind;
    }
    let pointer = header.tags_named(tags::FRAME_INCREMENT_POINTER).unwrap_or_default();
    let counts = |tag| pointer.contains(&tag);
    let gated = counts(tags::RR_INTERVAL_VECTOR) || counts(tags::TIME_SLOT_VECTOR);
    let kind = if counts(tags::SLICE_VECTOR) {
        if gated { SpectGated } else { Spect }
    } else if counts(tags::ANGULAR_VIEW_VECTOR) || counts(tags::ROTATION_VECTOR) {
        SpectProjections
    } else if counts(tags::TIME_SLICE_VECTOR) || counts(tags::PHASE_VECTOR) {
        Dynamic
    } else if gated {
        Gated
    } else if header.has(tags::SCAN_VELOCITY) || header.has(tags::SCAN_LENGTH) {
        WholeBody
    } else {
        Static
    };
    remarks.push(
        "Image Type (0008,0008) does not name the kind of acquisition; it was taken from the \
         frame vectors."
            .into(),
    );
    kind
}

type Place = fn(&mut Address) -> &mut u16;

/// The vectors, where each counts, and the attribute that says how far.
const VECTORS: [(Tag, Place, Tag); 9] = [
    (tags::ENERGY_WINDOW_VECTOR, |a| &mut a.energy_window, tags::NUMBER_OF_ENERGY_WINDOWS),
    (tags::DETECTOR_VECTOR, |a| &mut a.detector, tags::NUMBER_OF_DETECTORS),
    (tags::PHASE_VECTOR, |a| &mut a.phase, tags::NUMBER_OF_PHASES),
    (tags::TIME_SLICE_VECTOR, |a| &mut a.time_slice, tags::NUMBER_OF_TIME_SLICES),
    (tags::RR_INTERVAL_VECTOR, |a| &mut a.rr_interval, tags::NUMBER_OF_RR_INTERVALS),
    (tags::TIME_SLOT_VECTOR, |a| &mut a.time_slot, tags::NUMBER_OF_TIME_SLOTS),
    (tags::ROTATION_VECTOR, |a| &mut a.rotation, tags::NUMBER_OF_ROTATIONS),
    (tags::ANGULAR_VIEW_VECTOR, |a| &mut a.angular_view, Tag(0x0054, 0x0053)),
    (tags::SLICE_VECTOR, |a| &mut a.slice, tags::NUMBER_OF_SLICES),
];

/// Each frame's place in the vectors. A vector that is pointed at but absent or too short leaves
/// its frames at 1, or counts them where that fits the detectors; always with a remark.
fn addresses(
    header: &DataSet,
    frames: usize,
    kind: SeriesKind,
    remarks: &mut Vec<String>,
) -> Vec<Address> {
    let mut addresses = vec![Address::default(); frames];
    let pointer = header.tags_named(tags::FRAME_INCREMENT_POINTER);
    if frames > 1 && pointer.is_none() {
        remarks.push(format!(
            "{} is missing or malformed; frames were counted by the vectors that are there.",
            name(tags::FRAME_INCREMENT_POINTER)
        ));
    }
    let mut pointer = pointer.unwrap_or_default();
    pointer.dedup();
    for tag in &pointer {
        if !VECTORS.iter().any(|(vector, ..)| vector == tag) {
            let remark = format!(
                "{} names {}, which is no frame vector.",
                name(tags::FRAME_INCREMENT_POINTER),
                name(*tag)
            );
            if !remarks.contains(&remark) {
                remarks.push(remark);
            }
        }
    }
    for (tag, place, number) in VECTORS {
        // Table C.8-8: every planar image counts its detectors, whatever its pointer says.
        let needed = tag == tags::DETECTOR_VECTOR && kind.planar() && frames > 1;
        if !pointer.contains(&tag) && !header.has(tag) && !needed {
            continue;
        }
        let count = header.whole(number).ok().flatten().filter(|&n| n > 0);
        let vector = header.shorts(tag).unwrap_or_default();
        if vector.len() != frames {
            remarks.push(match vector.len() {
                0 => format!("{} is missing or empty.", name(tag)),
                n => format!("{} has {n} values for {frames} frames.", name(tag)),
            });
        }
        let counted = vector.is_empty() && count == i64::try_from(frames).ok();
        let mut strange = false;
        for (i, address) in addresses.iter_mut().enumerate() {
            let value = match vector.get(i) {
                Some(&value) => value,
                None if counted => u16::try_from(i + 1).unwrap_or(u16::MAX),
                None => 1,
            };
            strange |= value == 0
                || count.is_some_and(|n| i64::from(value) > n)
                    && !matches!(tag, tags::TIME_SLICE_VECTOR | tags::ANGULAR_VIEW_VECTOR);
            *place(address) = value.max(1);
        }
        if strange {
            remarks.push(format!("{} points beyond what {} announces.", name(tag), name(number)));
        }
    }
    if kind == SeriesKind::Spect && frames > 1 {
        let mut slices: Vec<_> = addresses.iter().map(|a| (a.energy_window, a.slice)).collect();
        slices.sort_unstable();
        slices.dedup();
        if slices.len() < frames {
            remarks.push(format!("{} names the same slice twice.", name(tags::SLICE_VECTOR)));
        }
    }
    addresses
}

/// Actual Frame Duration, from where each kind keeps it.
fn durations(
    header: &DataSet,
    kind: SeriesKind,
    facts: &mut [FrameFacts],
    remarks: &mut Vec<String>,
) {
    let tag = tags::ACTUAL_FRAME_DURATION;
    let of = |set: &DataSet| {
        let milliseconds = set.number(tag).ok().flatten().filter(|&ms| ms > 0.0 && ms < 1e10);
        milliseconds.map(Seconds::from_milliseconds)
    };
    let listed = |sequence: Tag, place: fn(&Address) -> u16, facts: &mut [FrameFacts]| {
        let items = header.items(sequence);
        for frame in facts.iter_mut() {
            let item = items.get(usize::from(place(&frame.address)) - 1);
            frame.duration = item.and_then(of).or_else(|| of(header));
        }
    };
    match kind {
        SeriesKind::Dynamic => {
            listed(tags::PHASE_INFORMATION_SEQUENCE, |a| a.phase, facts);
            if facts.iter().any(|f| f.duration.is_none()) {
                remarks.push(format!(
                    "{} is missing or not positive for some frames; there is no time axis.",
                    name(tag)
                ));
            }
            phases(header, facts, remarks);
            pauses(header, facts);
        }
        SeriesKind::SpectProjections => {
            listed(tags::ROTATION_INFORMATION_SEQUENCE, |a| a.rotation, facts);
        }
        _ => {
            let duration = of(header);
            facts.iter_mut().for_each(|f| f.duration = duration);
        }
    }
}

/// Whether the phases have as many frames as they say.
fn phases(header: &DataSet, facts: &[FrameFacts], remarks: &mut Vec<String>) {
    for (i, phase) in header.items(tags::PHASE_INFORMATION_SEQUENCE).iter().enumerate() {
        let said = phase.whole(tags::NUMBER_OF_FRAMES_IN_PHASE).ok().flatten();
        let Some(said) = said else { continue };
        let first = facts.first().map(|f| (f.address.energy_window, f.address.detector));
        let found = facts.iter().filter(|f| {
            usize::from(f.address.phase) == i + 1
                && Some((f.address.energy_window, f.address.detector)) == first
        });
        let found = found.count();
        if i64::try_from(found) != Ok(said) {
            remarks.push(format!("Phase {} says {said} frames and has {found}.", i + 1));
        }
    }
}

/// How long the camera rested before each frame of a dynamic image (C.8.4.14). What is absent or
/// impossible stays unknown.
fn pauses(header: &DataSet, facts: &mut [FrameFacts]) {
    let phases = header.items(tags::PHASE_INFORMATION_SEQUENCE);
    for frame in facts.iter_mut() {
        let Address { phase, time_slice, .. } = frame.address;
        let Some(item) = phases.get(usize::from(phase) - 1) else { continue };
        let tag = match time_slice {
            1 => tags::PHASE_DELAY,
            _ => tags::PAUSE_BETWEEN_FRAMES,
        };
        let stated = item.whole(tag).ok().flatten();
        frame.address.pause_ms = stated.and_then(|ms| u32::try_from(ms).ok());
    }
}

fn windows(header: &DataSet, remarks: &mut Vec<String>) -> Vec<EnergyWindow> {
    let window = |item: &DataSet| {
        let ranges = item.items(tags::ENERGY_WINDOW_RANGE_SEQUENCE);
        let limits = |range: &DataSet| {
            let low = range.number(tags::ENERGY_WINDOW_LOWER_LIMIT).ok()??;
            let high = range.number(tags::ENERGY_WINDOW_UPPER_LIMIT).ok()??;
            (0.0 <= low && low < high && high < 1e5).then_some([low, high])
        };
        let ranges_kev: Vec<_> = ranges.iter().filter_map(limits).collect();
        let whole = ranges_kev.len() == ranges.len();
        (EnergyWindow { name: item.text(tags::ENERGY_WINDOW_NAME), ranges_kev }, whole)
    };
    let items = header.items(tags::ENERGY_WINDOW_INFORMATION_SEQUENCE);
    let windows: Vec<_> = items.iter().map(window).collect();
    if windows.iter().any(|(_, whole)| !whole) {
        remarks.push("An energy window has impossible limits; it was left out.".into());
    }
    windows.into_iter().map(|(window, _)| window).collect()
}

/// The place of each reconstructed slice (C.8.4.15): the detector item places slice 1, and the
/// signed Spacing Between Slices steps along row × column from there.
fn places(header: &DataSet, facts: &mut [FrameFacts], remarks: &mut Vec<String>) {
    let detector = header.item(tags::DETECTOR_INFORMATION_SEQUENCE).unwrap_or(header);
    let inner = slices::placed(detector, detector, remarks);
    let first = inner.or_else(|| slices::placed(header, header, remarks));
    let reach = |n: f64| (1e-3..=1e3).contains(&n.abs());
    let step = match header.fact(tags::SPACING_BETWEEN_SLICES, remarks) {
        Some(step) if reach(step) => Some(step),
        Some(_) => {
            remarks.push(format!(
                "{} is not a distance between slices; it was left out.",
                name(tags::SPACING_BETWEEN_SLICES)
            ));
            None
        }
        None => thickness(header, first.as_ref(), facts.len(), remarks),
    };
    let (Some(first), Some(step)) = (first, step) else {
        if first.is_some() {
            remarks.push("The distance between slices is unknown.".into());
        }
        return;
    };
    let normal = first.row_cosine.cross(first.column_cosine);
    for frame in facts.iter_mut() {
        let steps = f64::from(frame.address.slice) - 1.0;
        let position = first.position + normal * (step * steps);
        frame.geometry = Some(FrameGeometry { position, ..first });
    }
}

/// Where Spacing Between Slices is missing: Slice Thickness for its size, and for its direction a
/// volume that lies around the scanner's centre. Nothing where that does not decide.
fn thickness(
    header: &DataSet,
    first: Option<&FrameGeometry>,
    frames: usize,
    remarks: &mut Vec<String>,
) -> Option<f64> {
    let size = header.positive(tags::SLICE_THICKNESS, remarks)?;
    let start = slices::along_normal(first?);
    let half = 0.5 * size * frames.saturating_sub(1) as f64;
    if (start.abs() - half).abs() > 0.25 * half {
        return None;
    }
    remarks.push(format!(
        "{} is missing; Slice Thickness was used, in the direction that centres the volume.",
        name(tags::SPACING_BETWEEN_SLICES)
    ));
    Some(if start > 0.0 { -size } else { size })
}

#[cfg(test)]
mod tests {
    use crate::study::{ViewName, ViewSource};

    use super::*;

    fn image(kind: &str) -> DataSet {
        DataSet::default().with(tags::IMAGE_TYPE, &format!("ORIGINAL\\PRIMARY\\{kind}\\EMISSION"))
    }

    fn detector(view_code: Option<&str>, angle: Option<&str>) -> DataSet {
        let mut detector = DataSet::default();
        if let Some(code) = view_code {
            let code = DataSet::default().with(tags::CODE_VALUE, code);
            detector = detector.holding(tags::VIEW_CODE_SEQUENCE, vec![code]);
        }
        match angle {
            Some(angle) => detector.with(tags::START_ANGLE, angle),
            None => detector,
        }
    }

    /// Two windows of two detectors, the window's frames together.
    fn pair(detectors: Vec<DataSet>) -> DataSet {
        image("WHOLE BODY")
            .naming(
                tags::FRAME_INCREMENT_POINTER,
                &[tags::ENERGY_WINDOW_VECTOR, tags::DETECTOR_VECTOR],
            )
            .with(tags::ENERGY_WINDOW_VECTOR, "1\\1\\2\\2")
            .with(tags::DETECTOR_VECTOR, "1\\2\\1\\2")
            .with(tags::NUMBER_OF_ENERGY_WINDOWS, "2")
            .with(tags::NUMBER_OF_DETECTORS, "2")
            .holding(tags::DETECTOR_INFORMATION_SEQUENCE, detectors)
    }

    fn seen(header: &DataSet, frames: usize) -> (Vec<(ViewName, ViewSource)>, Vec<String>) {
        let mut remarks = Vec::new();
        let found = acquisition(header, frames, &mut remarks);
        let views: Vec<_> = found.frames.iter().map(|f| f.view).collect();
        view::told(&views, &mut remarks);
        (found.frames.iter().map(|f| (f.view.view, f.view.source)).collect(), remarks)
    }

    #[test]
    fn frames_are_counted_by_their_vectors() {
        let header = pair(vec![detector(Some("399321004"), None), detector(Some("G-5216"), None)]);
        let mut remarks = Vec::new();
        let found = acquisition(&header, 4, &mut remarks);
        let places: Vec<_> =
            found.frames.iter().map(|f| (f.address.energy_window, f.address.detector)).collect();
        assert_eq!(places, [(1, 1), (1, 2), (2, 1), (2, 2)]);
        assert_eq!(found.frames[3].view.view, ViewName::Posterior);
        assert_eq!(found.frames[3].view.source, ViewSource::ViewCode);
        assert!(remarks.is_empty(), "{remarks:?}");
    }

    #[test]
    fn the_view_comes_from_the_strongest_word_there_is() {
        use ViewName::*;
        use ViewSource::*;
        let angles = pair(vec![detector(None, Some("180")), detector(None, Some("0"))]);
        let (views, remarks) = seen(&angles, 4);
        assert_eq!(views[..2], [(Anterior, DetectorAngle), (Posterior, DetectorAngle)]);
        assert!(remarks.iter().any(|r| r.contains("start angle")));
        // A code outweighs the angle beside it.
        let both = pair(vec![detector(Some("399001007"), Some("180")), detector(None, None)]);
        assert_eq!(seen(&both, 4).0[0], (Posterior, ViewCode));
        // Nothing but the order of a whole-body pair.
        let bare = pair(vec![DataSet::default(), DataSet::default()]);
        let (views, remarks) = seen(&bare, 4);
        assert_eq!(views[..2], [(Anterior, FrameOrder), (Posterior, FrameOrder)]);
        assert!(remarks.iter().any(|r| r.contains("detector 1")));
        // An order that contradicts a code names nothing.
        let contrary = pair(vec![detector(Some("399001007"), None), DataSet::default()]);
        assert_eq!(seen(&contrary, 4).0[1], (ViewName::Unknown, ViewSource::Unknown));
        // One code names its own frames; the order may name the others.
        let half = pair(vec![detector(Some("399321004"), None), DataSet::default()]);
        assert_eq!(seen(&half, 4).0[1], (Posterior, FrameOrder));
    }

    #[test]
    fn directions_that_cannot_be_are_not_believed() {
        use ViewName::*;
        use ViewSource::*;
        // Both heads at one angle: the order of the pair decides, and the reader is told.
        let stuck = pair(vec![detector(None, Some("0")), detector(None, Some("0"))]);
        let (views, remarks) = seen(&stuck, 4);
        assert_eq!(views[..2], [(Anterior, FrameOrder), (Posterior, FrameOrder)]);
        assert!(remarks.iter().any(|r| r.contains("neither was believed")));
        // A slice's orientation in a projection says nothing of its view.
        let axial = DataSet::default().with(tags::IMAGE_ORIENTATION_PATIENT, "1\\0\\0\\0\\1\\0");
        let header =
            image("STATIC").holding(tags::DETECTOR_INFORMATION_SEQUENCE, vec![axial.clone()]);
        assert_eq!(seen(&header, 1).0, [(ViewName::Unknown, ViewSource::Unknown)]);
        // A posterior frame that was turned over keeps the sides its orientation gives it.
        let turned = detector(Some("399001007"), None)
            .with(tags::IMAGE_ORIENTATION_PATIENT, "1\\0\\0\\0\\0\\-1");
        let header = image("STATIC").holding(tags::DETECTOR_INFORMATION_SEQUENCE, vec![turned]);
        let mut remarks = Vec::new();
        let found = acquisition(&header, 1, &mut remarks);
        assert_eq!(found.frames[0].view.view, Posterior);
        assert_eq!(found.frames[0].laterality.larger_columns, Some(crate::geometry::Side::Left));
        assert!(remarks.iter().any(|r| r.contains("mirrored")));
    }

    #[test]
    fn a_static_pair_is_never_named_by_order() {
        let header = image("STATIC")
            .with(tags::DETECTOR_VECTOR, "1\\2")
            .with(tags::NUMBER_OF_DETECTORS, "2");
        let (views, remarks) = seen(&header, 2);
        assert!(views.iter().all(|v| v.0 == ViewName::Unknown));
        assert!(remarks.iter().any(|r| r.contains("left and right are unknown")));
    }

    #[test]
    fn each_phase_keeps_its_own_frame_duration() {
        let phase = |frames: &str, duration: &str| {
            DataSet::default()
                .with(tags::NUMBER_OF_FRAMES_IN_PHASE, frames)
                .with(tags::ACTUAL_FRAME_DURATION, duration)
        };
        let header = image("DYNAMIC")
            .naming(tags::FRAME_INCREMENT_POINTER, &[tags::PHASE_VECTOR, tags::TIME_SLICE_VECTOR])
            .with(tags::PHASE_VECTOR, "1\\1\\2")
            .with(tags::TIME_SLICE_VECTOR, "1\\2\\1")
            .with(tags::NUMBER_OF_PHASES, "2")
            .with(tags::DETECTOR_VECTOR, "1\\1\\1")
            .holding(
                tags::PHASE_INFORMATION_SEQUENCE,
                vec![phase("2", "1500"), phase("4", "60000")],
            );
        let mut remarks = Vec::new();
        let found = acquisition(&header, 3, &mut remarks);
        let seconds: Vec<_> = found.frames.iter().map(|f| f.duration.map(|d| d.0)).collect();
        assert_eq!(seconds, [Some(1.5), Some(1.5), Some(60.0)]);
        assert!(remarks.iter().any(|r| r == "Phase 2 says 4 frames and has 1."), "{remarks:?}");
    }

    #[test]
    fn the_rests_between_frames_and_phases_are_kept() {
        let phase = |delay: &str, pause: &str| {
            DataSet::default()
                .with(tags::PHASE_DELAY, delay)
                .with(tags::PAUSE_BETWEEN_FRAMES, pause)
                .with(tags::ACTUAL_FRAME_DURATION, "2000")
        };
        let header = image("DYNAMIC")
            .naming(tags::FRAME_INCREMENT_POINTER, &[tags::PHASE_VECTOR, tags::TIME_SLICE_VECTOR])
            .with(tags::PHASE_VECTOR, "1\\1\\2\\2")
            .with(tags::TIME_SLICE_VECTOR, "1\\2\\1\\2")
            .with(tags::DETECTOR_VECTOR, "1\\1\\1\\1")
            .holding(
                tags::PHASE_INFORMATION_SEQUENCE,
                vec![phase("0", "100"), phase("180000", "-5")],
            );
        let found = acquisition(&header, 4, &mut Vec::new());
        let pauses: Vec<_> = found.frames.iter().map(|f| f.address.pause_ms).collect();
        assert_eq!(pauses, [Some(0), Some(100), Some(180_000), None]);
    }

    #[test]
    fn signed_spacing_stacks_slices_against_the_normal() {
        let place = DataSet::default()
            .with(tags::IMAGE_POSITION_PATIENT, "-10\\-20\\100")
            .with(tags::IMAGE_ORIENTATION_PATIENT, "1\\0\\0\\0\\1\\0");
        let header = image("RECON TOMO")
            .naming(tags::FRAME_INCREMENT_POINTER, &[tags::SLICE_VECTOR])
            .with(tags::NUMBER_OF_SLICES, "3")
            .holding(tags::DETECTOR_INFORMATION_SEQUENCE, vec![place]);
        let heights = |header: &DataSet| {
            let found = acquisition(header, 3, &mut Vec::new());
            assert_eq!(found.kind, SeriesKind::Spect);
            let height = |f: &FrameFacts| f.geometry.map(|g| g.position.z);
            found.frames.iter().map(height).collect::<Vec<_>>()
        };
        let down = header.clone().with(tags::SPACING_BETWEEN_SLICES, "-4.8");
        let forwards = down.clone().with(tags::SLICE_VECTOR, "1\\2\\3");
        assert_eq!(heights(&forwards), [Some(100.0), Some(95.2), Some(90.4)]);
        // The vector, not the order in the file, says which slice a frame is.
        let backwards = down.with(tags::SLICE_VECTOR, "3\\2\\1");
        assert_eq!(heights(&backwards), [Some(90.4), Some(95.2), Some(100.0)]);
        // Without a spacing the place is unknown rather than guessed.
        let unknown = header.with(tags::SLICE_VECTOR, "1\\2\\3");
        assert_eq!(heights(&unknown), [None, None, None]);
    }

    #[test]
    fn short_and_absent_vectors_are_told_of() {
        let header = pair(vec![DataSet::default(); 2]).with(tags::DETECTOR_VECTOR, "1\\9");
        let (_, remarks) = seen(&header, 4);
        assert!(remarks.iter().any(|r| r.contains("has 2 values for 4 frames")), "{remarks:?}");
        assert!(remarks.iter().any(|r| r.contains("beyond")), "{remarks:?}");
    }
}
