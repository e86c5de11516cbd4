//! Rows about the levels of the window.

use crate::dicom::synthetic::{BLADDER, BLADDER_AT, Set};
use crate::picture::{Colormap, Window};
use crate::study::FrameKey;

use super::super::{Pane, Show};
use super::notes::Notes;
use super::stand::{Stand, Tried, broken, greys_of, missing};

/// Row 1.
pub(super) fn separate(stand: &mut Stand<'_>, notes: &mut Notes) -> Tried {
    stand.open(Set::Static)?;
    stand.plain(0);
    for (what, lower, upper) in [
        ("levels 0 and 255", 0.0, 255.0),
        ("lower level moved to 60", 60.0, 255.0),
        ("upper level moved to 180", 60.0, 180.0),
    ] {
        stand.show(Show::Window { pane: 0, lower, upper });
        compare(stand, notes, 0, what, lower, upper)?;
        let Window { lower: low, upper: high, .. } = stand.pane(0)?.look.window;
        notes.equal(
            format!("{what}: both levels afterwards"),
            format!("{lower} and {upper}"),
            format!("{low} and {high}"),
        );
    }
    Ok(())
}

/// Row 4.
pub(super) fn of_frame_sets(stand: &mut Stand<'_>, notes: &mut Notes) -> Tried {
    stand.open(Set::WholeBody)?;
    if stand.panes().len() < 2 {
        return missing("two detectors of one image are not shown together");
    }
    stand.plain(0);
    stand.plain(1);
    stand.show(Show::Window { pane: 1, lower: 20.0, upper: 120.0 });
    compare(stand, notes, 0, "detector 1 after detector 2 got the levels 20 and 120", 0.0, 255.0)?;
    compare(stand, notes, 1, "detector 2 at its own levels", 20.0, 120.0)?;

    stand.open(Set::Dynamic)?;
    let series = stand.series()?;
    let first = |phase| series.frames.iter().position(|f| f.address.phase == phase);
    let (Some(flow), Some(pool)) = (first(1), first(2)) else {
        return broken("a phase has no frame");
    };
    let uid = series.uid.clone();
    let pane = stand.pane(0)?.clone();
    let beside = |frame| Pane { frame: FrameKey { series: uid.clone(), frame }, ..pane.clone() };
    let panes = vec![beside(flow), beside(pool)];
    stand.show(Show::Layout { columns: vec![1.0, 1.0], panes });
    if stand.panes().len() < 2 {
        return missing("two phases of one image are not shown together");
    }
    stand.plain(0);
    stand.plain(1);
    stand.show(Show::Window { pane: 0, lower: 0.0, upper: 100.0 });
    stand.show(Show::Window { pane: 1, lower: 30.0, upper: 240.0 });
    compare(stand, notes, 0, "phase 1 at 0 to 100", 0.0, 100.0)?;
    compare(stand, notes, 1, "phase 2 at 30 to 240", 30.0, 240.0)?;
    notes.equal("the phases side by side", "1 and 2".to_owned(), {
        let phase = |pane| stand.frame(pane).map(|f| f.address.phase);
        format!("{} and {}", phase(0)?, phase(1)?)
    });
    Ok(())
}

/// Row 17.
pub(super) fn first_picture(stand: &mut Stand<'_>, notes: &mut Notes) -> Tried {
    stand.open(Set::WholeBody)?;
    let look = stand.pane(0)?.look;
    let picture = stand.picture(0, 1)?;
    // How dark activity is painted, 0 to 255, whichever way the grey runs.
    let ink = |[grey, ..]: [u8; 3]| match look.colormap {
        Colormap::InvertedGrey => 255 - grey,
        _ => grey,
    };
    let background = ink(picture.at(40, 20));
    let body = ink(picture.at(100, 300));
    let [left, top, right, bottom] = BLADDER_AT;
    let bladder = ink(picture.at((left + right) / 2, (top + bottom) / 2));
    notes.holds("background, 0 counts", "0", background.to_string(), background == 0);
    notes.holds(
        format!("body, about 63 counts, beside a bladder of {BLADDER}"),
        "an ink between 30 and 225 of 255",
        body.to_string(),
        (30..=225).contains(&body),
    );
    notes.holds("bladder", "full ink, 255", bladder.to_string(), bladder == 255);
    Ok(())
}

/// Row 18.
pub(super) fn shown(stand: &mut Stand<'_>, notes: &mut Notes) -> Tried {
    stand.open(Set::Static)?;
    stand.show(Show::Window { pane: 0, lower: 12.0, upper: 87.0 });
    let texts = stand.texts(0, [640.0, 800.0])?;
    let says = |text: &&String| text.contains("12") && text.contains("87");
    let found = texts.iter().find(says);
    notes.holds(
        "a text of the pane",
        "12 and 87, in counts or percent",
        found.cloned().unwrap_or_else(|| "none".into()),
        found.is_some_and(|t| t.contains("counts") || t.contains('%')),
    );
    Ok(())
}

/// A pane's painted greys against the arithmetic of the window.
fn compare(
    stand: &Stand<'_>,
    notes: &mut Notes,
    pane: usize,
    what: &str,
    lower: f64,
    upper: f64,
) -> Tried {
    let wanted = greys_of(stand.pattern(pane)?, lower, upper);
    let painted = stand.picture(pane, 1)?;
    notes.pixels(what, painted.columns, &wanted, &painted.greys());
    Ok(())
}
