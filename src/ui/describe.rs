//! What a pane shows, in words: for the status line and for screen readers.

use crate::findings::RoiId;
use crate::geometry::{Pixel, Point};
use crate::measure::RoiRow;
use crate::report::{number, words};
use crate::study::{Frame, ViewName};
use crate::text::{t, tr};
use crate::workbench::{MapShown, Pane, Workbench};

/// `Anterior view`; numbered where the view is unknown, so that two panes have two names.
pub fn canvas_name(bench: &Workbench, index: usize, frame: &Frame) -> String {
    let view = frame.view.view;
    let twice = bench.workspace().is_some_and(|w| {
        let alike = |p: &&Pane| bench.frame(&p.frame).is_some_and(|f| f.view.view == view);
        w.panes.iter().filter(alike).count() > 1
    });
    match view {
        ViewName::Unknown => tr("canvas-name-unknown", &[("number", (index + 1).into())]),
        _ if twice => tr(
            "canvas-name-numbered",
            &[("view", words::view(view).into()), ("number", (index + 1).into())],
        ),
        _ => tr("canvas-name", &[("view", words::view(view).into())]),
    }
}

/// What a reader who cannot see the pane should know of it.
pub fn canvas(bench: &Workbench, pane: &Pane) -> String {
    let upper = 100.0 * pane.look.window.upper / pane.look.reference.max(f64::MIN_POSITIVE);
    let rows = bench.reading_of(&pane.frame).map(|r| r.sheet()).map_or(&[][..], |s| &s.rois);
    let here = rows.iter().filter(|r| r.frame == pane.frame);
    let mut said = tr(
        "canvas-description",
        &[("upper", format!("{upper:.0}").into()), ("regions", here.clone().count().into())],
    );
    if let Some(row) = here.into_iter().find(|r| Some(r.id) == bench.selected()) {
        said.push_str(". ");
        said.push_str(&tr("canvas-selected", &[("region", region(row).into())]));
    }
    if let Some(MapShown::Map(map)) = bench.asymmetry(&pane.frame) {
        said.push_str(". ");
        said.push_str(&tr("symmetry-canvas", &[("count", map.areas.len().into())]));
    }
    said
}

/// `L1, right iliac wing: ratio 2.41 [2.29–2.54]`.
pub fn region(row: &RoiRow) -> String {
    let mut said = row.name.clone();
    let place = place(row);
    if !place.is_empty() {
        said.push_str(", ");
        said.push_str(&place);
    }
    if let (None, Some(ratio)) = (&row.refused, &row.ratio) {
        let ratio = number::ratio_with_interval(&ratio.estimate);
        said.push_str(": ");
        said.push_str(&tr("canvas-ratio", &[("ratio", ratio.into())]));
    }
    said
}

/// `right iliac wing`.
pub fn place(row: &RoiRow) -> String {
    words::place(row.side, &row.site_words())
}

/// Column, row, value and side of the pixel at a place; `None` outside the frame.
pub fn pixel(bench: &Workbench, pane: &Pane, frame: &Frame, at: Point<Pixel>) -> Option<String> {
    let (column, row) = (at.x.round() as i64, at.y.round() as i64);
    let value = frame.values.get(column, row)?;
    let unit = frame.values.unit.as_str();
    let value = match frame.values.pixels.integers() && value.fract() == 0.0 {
        true => number::total(value),
        false => number::value(value),
    };
    let mut said = tr(
        "readout-pixel",
        &[
            ("view", words::view(frame.view.view).into()),
            ("column", column.to_string().into()),
            ("row", row.to_string().into()),
            ("value", value.into()),
            ("unit", unit.into()),
        ],
    );
    let midline = bench.reading_of(&pane.frame).and_then(|r| r.midline(&pane.frame));
    let side = midline.and_then(|m| m.side_of(at, &frame.laterality));
    said.push_str("   ");
    said.push_str(&match side {
        Some(side) => tr("readout-side", &[("side", words::side(side).into())]),
        None => t("readout-no-side"),
    });
    let reading = bench.reading_of(&pane.frame);
    let skeleton = reading.and_then(|r| r.skeleton(&pane.frame)).and_then(Result::ok);
    if let Some(label) = skeleton.and_then(|s| s.at(at)) {
        let words = [
            ("site", label.site.name_on(label.side).into()),
            ("confidence", format!("{:.2}", label.confidence).into()),
        ];
        said.push_str("   ");
        said.push_str(&tr("readout-bone", &words));
    }
    Some(said)
}

/// The region whose outline holds a place, the selected one first.
pub fn region_at(bench: &Workbench, pane: &Pane, at: Point<Pixel>) -> Option<RoiId> {
    let findings = bench.reading_of(&pane.frame)?.findings();
    let mut under: Vec<RoiId> =
        findings.rois_on(&pane.frame).filter(|r| r.outline.contains(at)).map(|r| r.id).collect();
    under.sort_by_key(|id| std::cmp::Reverse((Some(*id) == bench.selected(), *id)));
    under.first().copied()
}
