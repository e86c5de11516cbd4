//! A body that is cut off: tissue that stops at the edge of the field as no blur lets it stop.

use crate::geometry::Outline;

use super::figure::Figure;

/// Tissue is what holds this part of the body's median.
const TISSUE: f64 = 0.25;
/// Just outside the field there is at most this part of what is just inside.
const NOTHING: f64 = 0.05;
/// The field begins where a line holds this part of the fullest line's counts: so little that a
/// body which ends by itself is still faint there.
const FIELD: f64 = 0.0002;
/// Both are averaged so far along the edge to either side, mm.
const ALONG: f64 = 14.0;
/// Lines just inside and just outside the field that are averaged.
const INSIDE: usize = 2;
const OUTSIDE: usize = 2;
/// A shorter stretch is noise, mm.
const SHORTEST: f64 = 20.0;
/// How deep the place that is shown reaches into the picture, mm.
const SHOWN: f64 = 12.0;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Edge {
    FirstColumn,
    LastColumn,
    FirstRow,
    LastRow,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Cut {
    pub edge: Edge,
    /// All stretches along this edge together, mm.
    pub length: f64,
    /// The longest stretch.
    pub outline: Outline,
}

/// Where the body goes on beyond the field. The field may end before the frame does.
pub(super) fn cuts(figure: &Figure) -> Vec<Cut> {
    [Edge::FirstColumn, Edge::LastColumn, Edge::FirstRow, Edge::LastRow]
        .into_iter()
        .filter_map(|edge| cut(figure, edge))
        .collect()
}

fn cut(figure: &Figure, edge: Edge) -> Option<Cut> {
    let across = matches!(edge, Edge::FirstRow | Edge::LastRow);
    let (depth, length) = match across {
        true => (figure.rows, figure.columns),
        false => (figure.columns, figure.rows),
    };
    let (step_along, step_in) = match across {
        true => (figure.spacing.x(), figure.spacing.y()),
        false => (figure.spacing.y(), figure.spacing.x()),
    };
    // Lines are counted from this edge inwards.
    let at = |line: usize, place: usize| match edge {
        Edge::FirstColumn => figure.at(line, place),
        Edge::LastColumn => figure.at(figure.columns - 1 - line, place),
        Edge::FirstRow => figure.at(place, line),
        Edge::LastRow => figure.at(place, figure.rows - 1 - line),
    };
    let sums = if across { &figure.row_sums } else { &figure.column_sums };
    let least = FIELD * sums.iter().copied().fold(0.0, f64::max);
    let field = match edge {
        Edge::FirstColumn | Edge::FirstRow => sums.iter().position(|&sum| sum > least)?,
        Edge::LastColumn | Edge::LastRow => sums.iter().rev().position(|&sum| sum > least)?,
    };
    // A field that begins in the middle of the frame is the patient's own outline.
    if field + INSIDE > depth / 3 {
        return None;
    }
    let mean = |lines: std::ops::Range<usize>, places: std::ops::Range<usize>| {
        let n = lines.len() * places.len();
        let sum: f64 =
            lines.flat_map(|line| places.clone().map(move |place| at(line, place))).sum();
        if n == 0 { 0.0 } else { sum / n as f64 }
    };
    let half = (ALONG / step_along).round() as usize;
    let stops = |place: usize| {
        let places = place.saturating_sub(half)..(place + half + 1).min(length);
        let inside = mean(field..field + INSIDE, places.clone());
        let outside = mean(field.saturating_sub(OUTSIDE)..field, places);
        inside >= TISSUE * figure.level && outside <= NOTHING * inside
    };
    let mut stretches: Vec<(usize, usize)> = Vec::new();
    for place in (0..length).filter(|&place| stops(place)) {
        match stretches.last_mut() {
            Some((_, end)) if *end == place => *end = place + 1,
            _ => stretches.push((place, place + 1)),
        }
    }
    stretches.retain(|(from, to)| (to - from) as f64 * step_along >= SHORTEST);
    let &(from, to) = stretches.iter().max_by_key(|(from, to)| to - from)?;
    let total: usize = stretches.iter().map(|(from, to)| to - from).sum();
    let (near, far) = (field as f64 - 0.5, field as f64 - 0.5 + SHOWN / step_in);
    let (from, to) = (from as f64 - 0.5, to as f64 - 0.5);
    let last = |size: usize, line: f64| size as f64 - 1.0 - line;
    let (min, max) = match edge {
        Edge::FirstColumn => ([near, from], [far, to]),
        Edge::LastColumn => ([last(figure.columns, far), from], [last(figure.columns, near), to]),
        Edge::FirstRow => ([from, near], [to, far]),
        Edge::LastRow => ([from, last(figure.rows, far)], [to, last(figure.rows, near)]),
    };
    Some(Cut { edge, length: total as f64 * step_along, outline: Outline::Rectangle { min, max } })
}
