//! Rows about how images share the screen.

use crate::dicom::synthetic::Set;

use super::notes::Notes;
use super::stand::{Stand, Tried, greys_of};

/// Row 2.
pub(super) fn no_postage_stamps(stand: &mut Stand<'_>, notes: &mut Notes) -> Tried {
    for (set, pane) in [(Set::Static, [900, 700]), (Set::WholeBody, [300, 800])] {
        stand.open(set)?;
        let size = [stand.frame(0)?.columns(), stand.frame(0)?.rows()];
        let covered = stand.covered(0, pane.map(f64::from))?;
        let fill = |axis: usize| f64::from(covered[axis]) / f64::from(pane[axis]);
        let aspect = f64::from(covered[0]) / f64::from(covered[1]).max(1.0);
        let wanted = size[0] as f64 / size[1] as f64;
        notes.holds(
            format!(
                "a {} × {} image in a pane of {} × {} points",
                size[0], size[1], pane[0], pane[1]
            ),
            "covers the pane one way, its aspect kept",
            format!("{} × {} points", covered[0], covered[1]),
            fill(0).max(fill(1)) > 0.98 && (aspect / wanted - 1.0).abs() < 0.02,
        );
    }
    Ok(())
}

/// Row 5.
pub(super) fn grid(stand: &mut Stand<'_>, _notes: &mut Notes) -> Tried {
    stand.open(Set::Dynamic)?;
    stand.unserved(&["grid"], "frames in rows and columns")
}

/// Row 6.
pub(super) fn fit(stand: &mut Stand<'_>, _notes: &mut Notes) -> Tried {
    stand.open(Set::Dynamic)?;
    stand.add(Set::Static)?;
    stand.unserved(&["grid", "layout"], "several image sets together")
}

/// Row 10.
pub(super) fn whole_screen(stand: &mut Stand<'_>, _notes: &mut Notes) -> Tried {
    stand.open(Set::Static)?;
    stand.unserved(&["grid", "layout"], "every frame of an image at once")
}

/// Row 11.
pub(super) fn whole_body(stand: &mut Stand<'_>, notes: &mut Notes) -> Tried {
    stand.open(Set::WholeBody)?;
    let shown: Vec<String> = (0..stand.panes().len())
        .map(|pane| stand.frame(pane).map(|f| f.view.view.as_str().to_owned()))
        .collect::<Tried<_>>()?;
    notes.equal("panes, from the left", "anterior posterior".to_owned(), shown.join(" "));
    for pane in 0..stand.panes().len() {
        stand.plain(pane);
        let painted = stand.picture(pane, 1)?;
        let address = stand.frame(pane)?.address;
        let what = format!("pane {pane}, {} × {} at 1:1", painted.columns, painted.rows);
        match Set::WholeBody.pattern(&address) {
            Some(pattern) => notes.pixels(
                what,
                painted.columns,
                &greys_of(pattern, 0.0, 255.0),
                &painted.greys(),
            ),
            None => notes.holds(what, "a frame of the set", "another frame", false),
        }
        let [width, height] = stand.covered(pane, [640.0, 700.0])?;
        notes.holds(
            format!("pane {pane} in 640 × 700 points"),
            "head to foot: 175 × 700 points",
            format!("{width} × {height} points"),
            height == 700 && (174..=176).contains(&width),
        );
    }
    Ok(())
}

/// Row 12.
pub(super) fn slice_rows(stand: &mut Stand<'_>, _notes: &mut Notes) -> Tried {
    stand.open(Set::ReconForwards)?;
    stand.unserved(&["slice_rows"], "rows of slices that can be shifted against each other")
}

/// Row 13.
pub(super) fn planes(stand: &mut Stand<'_>, _notes: &mut Notes) -> Tried {
    stand.open(Set::ReconForwards)?;
    stand.unserved(&["plane", "mpr"], "planes through a volume")
}

/// Row 14.
pub(super) fn cine(stand: &mut Stand<'_>, _notes: &mut Notes) -> Tried {
    stand.open(Set::Dynamic)?;
    stand.unserved(&["cine", "play"], "playing frames")
}
