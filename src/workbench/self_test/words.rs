//! Rows about what is written beside the image.

use crate::dicom::synthetic::{RIGHT_MARK, Set};
use crate::picture::{self, Mark};
use crate::study::ViewName;

use super::super::Show;
use super::notes::Notes;
use super::stand::{Stand, Tried, missing};

const PANE: [f64; 2] = [640.0, 800.0];

/// Row 9.
pub(super) fn attributes(stand: &mut Stand<'_>, notes: &mut Notes) -> Tried {
    stand.open(Set::Static)?;
    let description = Set::Static.description();
    let study = stand.bench.study().map(|s| s.description.clone()).unwrap_or_default();
    let said = stand.texts(0, PANE)?;
    for (what, wanted) in [("Series Description", description), ("Study Description", &*study)] {
        let found = said.iter().find(|t| t.contains(wanted));
        notes.holds(what, wanted, found.map_or("not said", |t| t), found.is_some());
    }
    let with = picture::paint(&stand.scene(0, PANE)?, 1.0);
    stand.act("view.corner_texts")?;
    let without = picture::paint(&stand.scene(0, PANE)?, 1.0);
    let hidden = !stand.texts(0, PANE)?.iter().any(|t| t.contains(description));
    notes.equal("hidden on demand", true, hidden);
    let changed = with.pixels().zip(without.pixels()).filter(|(a, b)| a != b).count();
    notes.holds(
        "pixels that the texts are painted with",
        "more than 200",
        changed.to_string(),
        changed > 200,
    );
    stand.act("view.corner_texts")?;
    let again = picture::paint(&stand.scene(0, PANE)?, 1.0);
    notes.equal("shown again as before", true, again == with);
    Ok(())
}

/// Row 21.
pub(super) fn annotation(stand: &mut Stand<'_>, notes: &mut Notes) -> Tried {
    stand.open(Set::WholeBody)?;
    for pane in 0..stand.panes().len() {
        let view = stand.frame(pane)?.view.view;
        let name = crate::report::words::view_short(view);
        let said = stand.texts(pane, PANE)?;
        notes.equal(format!("pane {pane} names its view {name}"), true, said.contains(&name));
        sides(stand, notes, pane, view, "")?;
        stand.show(Show::Mirror { pane });
        sides(stand, notes, pane, view, ", mirrored")?;
        stand.show(Show::Mirror { pane });
    }
    let said = stand.texts(0, PANE)?;
    let mut silent = Vec::new();
    let counts = stand.frame(0)?.values.pixels.clone();
    let mut total = 0.0;
    counts.for_each(|v| total += v);
    for (what, forms) in [
        ("radiopharmaceutical", vec!["Tc-99m MDP".to_owned()]),
        ("duration", vec!["16 min".into(), "16:00".into(), "960 s".into()]),
        ("counts", count_forms(total)),
    ] {
        match said.iter().find(|t| forms.iter().any(|form| t.contains(form.as_str()))) {
            Some(text) => notes.holds(what, forms.join(" or "), text, true),
            None => silent.push(what),
        }
    }
    match silent.is_empty() {
        true => Ok(()),
        false => missing(format!("not written beside the image: {}", silent.join(", "))),
    }
}

/// A sum of counts as a person may write it.
fn count_forms(total: f64) -> Vec<String> {
    let plain = format!("{total:.0}");
    let grouped = |mark: &str| {
        let digits: Vec<char> = plain.chars().rev().collect();
        let parts: Vec<String> = digits.chunks(3).map(|c| c.iter().collect()).collect();
        parts.join(mark).chars().rev().collect::<String>()
    };
    let short = [format!("{:.2} M", total / 1e6), format!("{:.1} M", total / 1e6)];
    let spaced = [",", " ", "\u{202f}", "\u{2009}"].map(grouped);
    std::iter::once(plain.clone()).chain(spaced).chain(short).collect()
}

/// The letter of the patient's right stands on the side of the mark that is on their right.
fn sides(stand: &Stand<'_>, notes: &mut Notes, pane: usize, view: ViewName, how: &str) -> Tried {
    let scene = stand.scene(pane, PANE)?;
    let middle = 0.5 * PANE[0];
    let letter = scene.marks.iter().find_map(|mark| match mark {
        Mark::Text { at, text, .. } if text == "R" => Some(at.x < middle),
        _ => None,
    });
    // Where the mark is really painted: its row of pixels, the only one of its shape.
    let [left, top, right, bottom] = RIGHT_MARK;
    let frame = stand.frame(pane)?;
    let zoom = (PANE[0] / frame.columns() as f64).min(PANE[1] / frame.rows() as f64);
    let row = 0.5 * PANE[1] + ((top + bottom) as f64 / 2.0 - frame.rows() as f64 / 2.0) * zoom;
    let image = picture::paint_layers(&scene, 1.0);
    let line: Vec<u8> = (0..image.width()).map(|x| image.get_pixel(x, row as u32).0[0]).collect();
    let from_middle = (frame.columns() as f64 / 2.0 - (left + right) as f64 / 2.0) * zoom;
    let ink = |x: f64| line.get(x as usize).copied().unwrap_or(0);
    // On inverted grey the brighter place is the one without the mark.
    let [one, other] = [ink(middle - from_middle), ink(middle + from_middle)];
    let painted = match stand.pane(pane)?.look.colormap {
        crate::picture::Colormap::InvertedGrey => (one != other).then_some(one < other),
        _ => (one != other).then_some(one > other),
    };
    let side = |left: Option<bool>| match left {
        Some(true) => "left half of the screen",
        Some(false) => "right half of the screen",
        None => "nowhere",
    };
    notes.holds(
        format!("letter R of the {} image{how}", view.as_str()),
        format!("where the mark on the patient's right is painted: {}", side(painted)),
        side(letter),
        painted.is_some() && letter == painted,
    );
    Ok(())
}
