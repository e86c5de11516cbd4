//! Rows about kinds of objects, and where they come from and go to.

use serde_json::json;

use crate::dicom::synthetic::{CAPTURE_FRAME_MS, CAPTURE_FRAMES, COLOR_SIZE, Set, color_at};

use super::super::Format;
use super::notes::Notes;
use super::stand::{Stand, Tried, broken, greys_of, missing};

/// Row 7.
pub(super) fn options(stand: &mut Stand<'_>, _notes: &mut Notes) -> Tried {
    let formats: Vec<&str> = Format::ALL.iter().map(|f| f.extension()).collect();
    if !formats.contains(&"dcm") {
        let formats = formats.join(", ");
        return missing(format!("results are written as {formats}, and not as DICOM captures"));
    }
    stand.unserved(&["plane", "mpr"], "planes through a volume")
}

/// Row 8.
pub(super) fn kinds(stand: &mut Stand<'_>, notes: &mut Notes) -> Tried {
    for set in [Set::Dynamic, Set::WholeBody, Set::Static, Set::Gated, Set::ReconForwards] {
        stand.open(set)?;
        stand.plain(0);
        let painted = stand.picture(0, 1)?;
        let address = stand.frame(0)?.address;
        let Some(pattern) = set.pattern(&address) else {
            return broken(format!("{}: the first frame is not one of the set", set.name()));
        };
        let what = format!("NM {}", set.name());
        notes.pixels(what, painted.columns, &greys_of(pattern, 0.0, 255.0), &painted.greys());
    }
    grey_cine(stand, notes)?;
    color(stand, notes, Set::Capture, 1)?;
    color(stand, notes, Set::CaptureCineColor, CAPTURE_FRAMES)
}

/// Row 22.
pub(super) fn result_screens(stand: &mut Stand<'_>, notes: &mut Notes) -> Tried {
    grey_cine(stand, notes)?;
    let durations: Vec<Option<f64>> =
        stand.series()?.frames.iter().map(|f| f.duration.map(|d| d.milliseconds())).collect();
    if durations.iter().any(|d| d.is_none()) {
        return missing(format!(
            "the Frame Time of {CAPTURE_FRAME_MS} ms of a captured cine is not read"
        ));
    }
    notes.equal(
        "Frame Time of each frame, ms",
        format!("{:?}", vec![Some(CAPTURE_FRAME_MS); CAPTURE_FRAMES]),
        format!("{durations:?}"),
    );
    stand.turn_to(0, 0)?;
    stand.act("cine.play")?;
    let mut seen = Vec::new();
    for _ in 0..CAPTURE_FRAMES {
        stand.say("time going by", json!({"tick": CAPTURE_FRAME_MS / 1000.0}))?;
        seen.push(stand.pane(0)?.frame.frame);
    }
    let wanted: Vec<usize> = (1..=CAPTURE_FRAMES).map(|at| at % CAPTURE_FRAMES).collect();
    notes.equal(
        format!("playing: the frame after each {CAPTURE_FRAME_MS} ms"),
        format!("{wanted:?}"),
        format!("{seen:?}"),
    );
    let measured = stand.series()?.kind.planar();
    notes.equal("measured, with a midline and checks of its quality", false, measured);
    color(stand, notes, Set::Capture, 1)?;
    color(stand, notes, Set::CaptureCineColor, CAPTURE_FRAMES)
}

/// Row 20.
pub(super) fn query(stand: &mut Stand<'_>, _notes: &mut Notes) -> Tried {
    stand.unserved(&["query", "pacs", "retrieve"], "asking an archive for images")
}

/// The grey cine, frame by frame, at 1:1.
fn grey_cine(stand: &mut Stand<'_>, notes: &mut Notes) -> Tried {
    stand.open(Set::CaptureCine)?;
    for frame in 0..CAPTURE_FRAMES {
        stand.turn_to(0, frame)?;
        stand.plain(0);
        let painted = stand.picture(0, 1)?;
        let Some(pattern) = Set::captured(frame) else {
            return broken("the cine has more frames than were written");
        };
        notes.pixels(
            format!("grey capture, frame {}", frame + 1),
            painted.columns,
            &greys_of(pattern, 0.0, 255.0),
            &painted.greys(),
        );
    }
    Ok(())
}

/// A colour capture, frame by frame, at 1:1.
fn color(stand: &mut Stand<'_>, notes: &mut Notes, set: Set, frames: usize) -> Tried {
    stand.open(set)?;
    for frame in 0..frames {
        if stand.panes().is_empty() || stand.frame(0)?.columns() == 0 {
            return missing(format!("{}: a colour capture is listed, not displayed", set.name()));
        }
        stand.turn_to(0, frame)?;
        let painted = stand.picture(0, 1)?;
        let [columns, rows] = COLOR_SIZE;
        let places = || (0..rows).flat_map(|row| (0..columns).map(move |column| (column, row)));
        let wanted: Vec<[u8; 3]> = places().map(|(c, r)| color_at(frame, c, r)).collect();
        let found: Vec<[u8; 3]> = places().map(|(c, r)| painted.at(c, r)).collect();
        notes.pixels(format!("{}, frame {}", set.name(), frame + 1), columns, &wanted, &found);
    }
    Ok(())
}
