//! From what is open to what is seen: the scene of a pane, and the pictures of a report.

use crate::findings::MidlineOrigin;
use crate::geometry::{Pixel, Point, Transform, View};
use crate::measure::RoiRow;
use crate::picture::{
    self, Align, Colormap, Ink, Layer, Mark, Rgb, Scene, Stroke, StrokeKind, Window,
};
use crate::report::{
    self, AsymmetryMarks, FrameMarks, KeyImage, Labels, ReportError, number, words,
};
use crate::study::{Frame, FrameKey, Identity, Series, SeriesKind, Study, Unit, ViewSource};
use crate::text::{t, tr};

use super::frame_words::frame_facts;
use super::levels::{first_window, level_notes, note_count};
use super::reading::Snapshot;
use super::{Look, MapShown, Pane, Reading, Workbench, handles};
use super::{bones, compare};

const WORDS: Rgb = Rgb(201, 205, 210);
const ACCENT: Rgb = Rgb(232, 163, 61);
/// Hot spots that are proposed.
const PROPOSED: Rgb = Rgb(214, 160, 220);
const WARNING: Rgb = Rgb(230, 159, 0);
const TEXT: f64 = 12.0;
const EDGE: f64 = 6.0;
/// From one line of a corner's text to the next.
const LINE: f64 = 1.35 * TEXT;

/// The picture of one pane on a canvas of `size` points, complete; `None` when there is no such
/// pane.
pub fn pane_scene(bench: &Workbench, index: usize, size: [f64; 2]) -> Option<Scene> {
    let workspace = bench.workspace()?;
    let pane = workspace.pane(index)?;
    let reading = bench.reading_of(&pane.frame)?;
    let study = reading.study();
    let read = bench.reading().is_some_and(|r| std::ptr::eq(r, reading));
    let series = study.series(&pane.frame.series)?;
    let frame = study.frame(&pane.frame)?;
    let view_from_pixel = pane.camera.view_from_pixel(frame, size);
    let clip = [0.0, 0.0, size[0], size[1]];
    let seen = seen_part(frame, view_from_pixel, size);
    let layer = Layer {
        key: pane.frame.clone(),
        values: frame.values.clone(),
        window: pane.look.window,
        colormap: pane.look.colormap,
        sampling: pane.look.sampling,
        view_from_pixel,
        clip,
        ink: Ink::All,
    };
    let mut marks = asymmetry(bench, pane, view_from_pixel, seen, size);
    if workspace.bones {
        marks.extend(bones::marks(reading, &pane.frame, view_from_pixel, clip, TEXT));
    }
    if workspace.overlays {
        let rows: Vec<&RoiRow> =
            reading.sheet().rois.iter().filter(|r| r.frame == pane.frame).collect();
        let midline = reading.midline(&pane.frame);
        marks.extend(report::frame_marks(&FrameMarks {
            frame,
            rows: &rows,
            midline,
            view_from_pixel,
            clip: seen,
            labels: Labels::Ratios,
            text_size: TEXT,
        }));
        let sheet = reading.sheet();
        marks.extend(super::curves::ghosts(study, sheet, &pane.frame, view_from_pixel, seen));
        if read {
            marks.extend(proposals(bench, pane, view_from_pixel, seen));
        }
        let annotations = &reading.sheet().annotations;
        let annotations = annotations.iter().filter(|row| row.annotation.frame == pane.frame);
        marks.extend(report::annotation_marks(annotations, view_from_pixel, seen, TEXT));
        let selected = rows.iter().find(|r| read && Some(r.id) == bench.selected());
        let to_view = |p| view_from_pixel.transform_point(p);
        if let Some(row) = selected {
            let handles = handles(&row.outline).into_iter().map(to_view);
            marks.extend(handles.map(|at| Mark::Handle { at, color: ACCENT }));
        }
        let annotation = bench.selected_annotation().filter(|_| read);
        if let Some(annotation) = annotation.and_then(|id| reading.findings().annotation(id))
            && annotation.frame == pane.frame
        {
            let points = annotation.drawn.points().into_iter().map(|p| to_view(Point::from(p)));
            marks.extend(points.map(|at| Mark::Handle { at, color: ACCENT }));
        }
        if let Some(midline) = midline.filter(|_| !small(size)) {
            let color = match midline.origin {
                MidlineOrigin::Fitted { .. } => Rgb(150, 158, 168),
                MidlineOrigin::Edited => ACCENT,
            };
            let points = midline.curve.points().iter().copied().map(to_view);
            marks.extend(points.map(|at| Mark::Handle { at, color }));
        }
        if index == workspace.active && !bench.sketch().is_empty() {
            let stroke = Stroke { color: ACCENT, width: 1.5, kind: StrokeKind::Dotted, halo: true };
            let points: Vec<Point<View>> = bench.sketch().iter().copied().map(to_view).collect();
            marks.push(Mark::Line { points, closed: false, stroke });
        }
    } else {
        // Sides are never hidden.
        marks.extend(report::side_letters(frame, view_from_pixel, seen, TEXT + 2.0));
    }
    marks.extend(pointed_out(bench, pane, view_from_pixel));
    marks.extend(badges(bench, study, frame, pane, size));
    marks.extend(view_name(series, frame, pane, size));
    if workspace.corner_texts && !small(size) {
        marks.extend(corner_texts(reading, series, frame, pane, size));
        marks.extend(windowed(frame).then(|| color_bar(frame, pane, size)).into_iter().flatten());
    } else if workspace.corner_texts && narrow(size) && windowed(frame) {
        let at = [0.5 * size[0], size[1] - EDGE];
        let levels = fitted(&levels(frame, pane), size[0] - 4.0);
        marks.push(text_mark(at, Align::CenterBottom, WORDS, levels));
    }
    let level = bench.preferences().surround.level();
    Some(Scene { size, surround: Rgb(level, level, level), layers: layer.inks(), marks })
}

/// The asymmetry map, or why there is none.
fn asymmetry(
    bench: &Workbench,
    pane: &Pane,
    view_from_pixel: Transform<Pixel, View>,
    clip: [f64; 4],
    [width, height]: [f64; 2],
) -> Vec<Mark> {
    let said = match bench.asymmetry(&pane.frame) {
        None => return Vec::new(),
        Some(MapShown::Map(map)) => {
            let of = AsymmetryMarks { map, view_from_pixel, clip, text_size: TEXT };
            return report::asymmetry_marks(&of);
        }
        Some(MapShown::UnderWay) => t("symmetry-under-way"),
        Some(MapShown::NoMidline) => t("symmetry-no-midline"),
        Some(MapShown::Refused(reason)) => {
            tr("symmetry-none", &[("reason", reason.to_string().into())])
        }
    };
    let said = fitted(&said, width - 2.0 * EDGE);
    vec![text_mark([0.5 * width, 0.25 * height], Align::CenterTop, WARNING, said)]
}

/// The part of the canvas that the frame covers: x, y, width, height. Empty when the reader moved
/// the frame out of sight.
fn seen_part(
    frame: &Frame,
    view_from_pixel: Transform<Pixel, View>,
    [width, height]: [f64; 2],
) -> [f64; 4] {
    let corner = |column: f64, row: f64| view_from_pixel.transform_point(Point::new(column, row));
    let a = corner(-0.5, -0.5);
    let b = corner(frame.columns() as f64 - 0.5, frame.rows() as f64 - 0.5);
    let canvas = Point::new(width, height);
    let low = a.min(b).max(Point::zero()).min(canvas);
    let high = a.max(b).min(canvas).max(low);
    [low.x, low.y, high.x - low.x, high.y - low.y]
}

/// One of many panes: too small for texts in its corners.
fn small([width, height]: [f64; 2]) -> bool {
    width < 220.0 || height < 180.0
}

/// Too narrow for texts in its corners, but tall enough for its levels: a second intensity.
fn narrow(size: [f64; 2]) -> bool {
    small(size) && size[0] >= 90.0 && size[1] >= 240.0
}

/// Whether levels make the picture: captured colours are shown as they are.
fn windowed(frame: &Frame) -> bool {
    frame.values.colors.is_none()
}

/// Hot spots that are proposed: dashed, the one that is looked at with its score.
fn proposals(
    bench: &Workbench,
    pane: &Pane,
    view_from_pixel: Transform<Pixel, View>,
    [left, top, width, height]: [f64; 4],
) -> Vec<Mark> {
    let current = bench.proposal();
    let mut marks = Vec::new();
    for (index, _) in bench.proposals() {
        let looked_at = current == Some(index);
        let halves = bench.proposal_halves(index);
        for hotspot in halves.into_iter().filter(|h| h.frame == pane.frame) {
            let (color, width_of) = if looked_at { (ACCENT, 2.2) } else { (PROPOSED, 1.3) };
            let kind = StrokeKind::Dashed;
            let stroke = Stroke { color, width: width_of, kind, halo: true };
            let to_view = |p| view_from_pixel.transform_point(p);
            let points: Vec<_> = hotspot.outline.polygon(0.5).into_iter().map(to_view).collect();
            let inside = |p: &Point<View>| {
                (left..=left + width).contains(&p.x) && (top..=top + height).contains(&p.y)
            };
            if !points.iter().any(inside) {
                continue;
            }
            if looked_at {
                let high = points.iter().map(|p| p.y).fold(f64::INFINITY, f64::min);
                marks.push(Mark::Text {
                    at: Point::new(to_view(hotspot.center).x, high - 3.0),
                    align: Align::CenterBottom,
                    size: TEXT,
                    color,
                    text: tr("proposals-mark", &[("score", score(hotspot.score).into())]),
                });
            }
            marks.push(Mark::Line { points, closed: true, stroke });
        }
    }
    marks
}

/// As it is shown everywhere: two digits.
fn score(score: f64) -> String {
    format!("{score:.2}")
}

/// The place that a check is about.
fn pointed_out(
    bench: &Workbench,
    pane: &Pane,
    view_from_pixel: Transform<Pixel, View>,
) -> Option<Mark> {
    let marked = bench.marked().filter(|marked| marked.frame == pane.frame)?;
    let points = marked.outline.as_ref()?.polygon(1.0);
    let points = points.into_iter().map(|p| view_from_pixel.transform_point(p)).collect();
    let stroke = Stroke { color: WARNING, width: 2.0, kind: StrokeKind::Dashed, halo: true };
    Some(Mark::Line { points, closed: true, stroke })
}

/// What may never be overlooked: derived, simulated, mirrored, compressed with loss, side not known.
fn badges(
    bench: &Workbench,
    study: &Study,
    frame: &Frame,
    pane: &Pane,
    size: [f64; 2],
) -> Vec<Mark> {
    let mut badges = report::derived_marks(&pane.frame.series);
    badges.extend(compare::badges(bench, pane));
    if study.simulated {
        badges.push(t("report-simulated"));
    }
    if pane.camera.mirrored {
        badges.push(t("badge-mirrored"));
    }
    if frame.values.lossy {
        badges.push(t("badge-lossy"));
    }
    match frame.side_of_larger_columns() {
        None => badges.push(t("badge-side-unknown")),
        Some(_) if !frame.view_stated() => badges.push(t("badge-side-not-stated")),
        Some(_) => {}
    }
    let series = study.series(&pane.frame.series).map(AsRef::as_ref);
    let lowest = match (small(size), narrow(size)) {
        (true, false) => size[1] - 3.0,
        (true, true) => size[1] - EDGE - LINE,
        (false, _) => lowest_badge(pane, series, size),
    };
    let letters = if small(size) { 0.75 * TEXT } else { TEXT };
    let place = |(line, text): (usize, String)| Mark::Text {
        at: Point::new(0.5 * size[0], lowest - line as f64 * 1.4 * letters),
        align: Align::CenterBottom,
        size: letters,
        color: WARNING,
        text: fitted_in(&text, letters, size[0] - 4.0),
    };
    badges.into_iter().enumerate().map(place).collect()
}

/// Above the corner texts, which may meet in the middle of a narrow pane.
fn lowest_badge(pane: &Pane, series: Option<&Series>, size: [f64; 2]) -> f64 {
    // The notes on the levels, the levels, the zoom; the frame's facts below them.
    let lines = note_count(&pane.look) + if series.is_some_and(many) { 3 } else { 2 };
    size[1] - EDGE - lines as f64 * LINE - 4.0
}

/// Two frames are a pair of views; more are told apart by their numbers.
fn many(series: &Series) -> bool {
    series.frames.len() > 2
}

/// Where the badges of a pane begin, y in canvas points from above: what stands above them covers
/// neither them nor the corner texts.
pub fn above_badges(bench: &Workbench, index: usize, size: [f64; 2]) -> Option<f64> {
    let pane = bench.workspace()?.pane(index)?;
    let study = bench.reading_of(&pane.frame)?.study();
    let series = study.series(&pane.frame.series).map(AsRef::as_ref);
    let count = badges(bench, study, study.frame(&pane.frame)?, pane, size).len();
    Some(lowest_badge(pane, series, size) - count as f64 * 1.4 * TEXT)
}

fn view_name(series: &Series, frame: &Frame, pane: &Pane, size: [f64; 2]) -> Option<Mark> {
    let mut name = words::view_short(frame.view.view);
    if many(series) {
        let number = (pane.frame.frame + 1).to_string();
        let of = series.frames.len().to_string();
        name = tr(
            "pane-frame",
            &[("view", name.into()), ("number", number.into()), ("count", of.into())],
        );
    }
    let (letters, top) = if small(size) { (0.85 * TEXT, 2.0) } else { (TEXT + 3.0, EDGE) };
    // In a tiny pane the number alone says more than half a name.
    if small(size) && many(series) && picture::text_size(&name, letters)[0] > size[0] - 4.0 {
        name = (pane.frame.frame + 1).to_string();
    }
    Some(Mark::Text {
        at: Point::new(0.5 * size[0], top),
        align: Align::CenterTop,
        size: letters,
        color: WORDS,
        text: fitted_in(&name, letters, size[0] - 4.0),
    })
}

/// Patient top left, study top right, levels bottom left, how the view is known bottom right.
fn corner_texts(
    reading: &Reading,
    series: &Series,
    frame: &Frame,
    pane: &Pane,
    size: [f64; 2],
) -> Vec<Mark> {
    let study = reading.study();
    let patient = &study.patient;
    let person = [patient.sex.clone(), patient.age.trim_start_matches('0').to_owned()];
    let top_left = [
        patient.display_name().reveal().clone(),
        patient.id.reveal().clone(),
        person.into_iter().filter(|s| !s.is_empty()).collect::<Vec<_>>().join(" "),
    ];
    let tracer = [
        Some(series.tracer.agent.clone()).filter(|a| !a.is_empty()),
        series.tracer.injected.map(number::activity),
        series.tracer.uptake_minutes(series.acquired).map(number::minutes),
    ];
    let top_right = [
        study.date.map(|d| d.format("%Y-%m-%d").to_string()).unwrap_or_default(),
        study.description.clone(),
        tracer.into_iter().flatten().collect::<Vec<_>>().join(" · "),
        exposure(reading, series, frame, pane),
    ];
    let mut bottom_left = match windowed(frame) {
        true => level_notes(reading, pane),
        false => Vec::new(),
    };
    bottom_left.extend([
        if windowed(frame) { levels(frame, pane) } else { String::new() },
        tr("pane-zoom", &[("percent", format!("{:.0}", 100.0 * pane.camera.zoom).into())]),
    ]);
    let bottom_right = [
        series.description.clone(),
        match frame.view.source {
            ViewSource::Unknown => String::new(),
            source => tr("pane-view-source", &[("source", words::view_source(source).into())]),
        },
    ];
    let [width, height] = size;
    let mut marks = Vec::new();
    let mut corner = |lines: &[String], x: f64, from_top: bool, align: Align| {
        // The view's name stands between the upper two.
        let between = if from_top { 36.0 } else { 4.0 };
        let room = 0.5 * width - EDGE - between;
        let lines: Vec<&String> = lines.iter().filter(|l| !l.is_empty()).collect();
        for (i, text) in lines.iter().enumerate() {
            let y = match from_top {
                true => EDGE + i as f64 * LINE,
                false => height - EDGE - (lines.len() - 1 - i) as f64 * LINE,
            };
            marks.push(text_mark([x, y], align, WORDS, fitted(text, room)));
        }
    };
    corner(&top_left, EDGE, true, Align::LeftTop);
    corner(&top_right, width - EDGE, true, Align::RightTop);
    corner(&bottom_left, EDGE, false, Align::LeftBottom);
    corner(&bottom_right, width - EDGE, false, Align::RightBottom);
    if many(series) {
        // Beside the colour bar.
        let facts = fitted(&frame_facts(series, pane.frame.frame), width - 2.0 * EDGE - 40.0);
        let at = [EDGE, height - EDGE - 2.0 * LINE];
        marks.push(text_mark(at, Align::LeftBottom, WORDS, facts));
    }
    marks
}

/// The levels with their unit.
fn levels(frame: &Frame, pane: &Pane) -> String {
    let Window { lower, upper, .. } = pane.look.window;
    tr(
        "pane-levels",
        &[
            ("lower", number::value(lower).into()),
            ("upper", number::value(upper).into()),
            ("unit", frame.values.unit.as_str().into()),
        ],
    )
}

/// How many counts the frame holds, once they have been counted, and how long it was acquired.
fn exposure(reading: &Reading, series: &Series, frame: &Frame, pane: &Pane) -> String {
    let counts = reading
        .total(&pane.frame)
        .filter(|_| frame.values.unit == Unit::Counts)
        .map(|total| tr("pane-counts", &[("counts", number::total(total).into())]));
    // Of a captured cine it is how long a frame is shown.
    let acquired = series.kind != SeriesKind::Other;
    let seconds = frame.duration.filter(|_| acquired).map(|d| number::minutes_and_seconds(d.0));
    [counts, seconds].into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

/// The values at the foot and the top of a pane's colour bar: room around both levels.
fn bar_range(look: &Look) -> [f64; 2] {
    let Window { lower, upper, .. } = look.window;
    [lower.min(0.0), (1.25 * look.reference).max(upper)]
}

fn color_bar(frame: &Frame, pane: &Pane, [width, height]: [f64; 2]) -> Vec<Mark> {
    let bar = [10.0, (0.28 * height).clamp(40.0, 240.0)];
    // Above the corner texts, however low the pane.
    let lowest = height - EDGE - 2.0 * LINE - 10.0 - bar[1];
    let at = Point::new(width - EDGE - bar[0], (0.62 * height).min(lowest));
    vec![
        Mark::ColorBar {
            at,
            size: bar,
            colormap: pane.look.colormap,
            window: pane.look.window,
            range: bar_range(&pane.look),
        },
        text_mark(
            [at.x + bar[0], at.y - 3.0],
            Align::RightBottom,
            WORDS,
            frame.values.unit.as_str().to_owned(),
        ),
    ]
}

/// As much of a text as there is room for, an ellipsis for the rest.
fn fitted(text: &str, room: f64) -> String {
    fitted_in(text, TEXT, room)
}

fn fitted_in(text: &str, letters: f64, room: f64) -> String {
    let fits = |text: &str| picture::text_size(text, letters)[0] <= room;
    if fits(text) {
        return text.to_owned();
    }
    let mut letters: Vec<char> = text.chars().collect();
    while letters.pop().is_some() {
        let short = format!("{}…", letters.iter().collect::<String>().trim_end());
        if fits(&short) {
            return short;
        }
    }
    String::new()
}

fn text_mark(at: [f64; 2], align: Align, color: Rgb, text: String) -> Mark {
    Mark::Text { at: Point::from(at), align, size: TEXT, color, text }
}

/// The key images of a report, painted as the reader sees the frames.
pub fn report_pictures(
    snapshot: &Snapshot,
    identity: Identity,
) -> Result<Vec<KeyImage>, ReportError> {
    let Snapshot { study, sheet, workspace, findings, .. } = snapshot;
    let look = |key: &FrameKey| -> (Window, Colormap) {
        match (workspace.look_of(key), study.frame(key)) {
            (Some(look), _) => (look.window, look.colormap),
            // One that is not on show, as it would be if it were.
            (None, Some(_)) => {
                let window = first_window(study, findings, key);
                (window.unwrap_or(Window::linear(0.0, 1.0)), Colormap::default())
            }
            (None, None) => (Window::linear(0.0, 1.0), Colormap::default()),
        }
    };
    let scenes = report::scenes(study, sheet, identity, &look);
    report::paint_all(&scenes, &picture::paint, 2.0)
}
