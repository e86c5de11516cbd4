//! What marks an area as not bone: slanting lines across it.

use crate::geometry::{Point, View};

/// From one line to the next, canvas points, measured across.
const APART: f64 = 9.0;
/// More than anyone could tell apart.
const MOST: f64 = 400.0;

/// Lines at 45° inside a closed polygon, from one edge of it to the next.
pub fn hatch(polygon: &[Point<View>]) -> Vec<[Point<View>; 2]> {
    // Along a line x + y is what changes; from line to line x − y does.
    let across = |p: &Point<View>| p.x - p.y;
    let low = polygon.iter().map(across).fold(f64::INFINITY, f64::min);
    let high = polygon.iter().map(across).fold(f64::NEG_INFINITY, f64::max);
    let step = APART * std::f64::consts::SQRT_2;
    if !(high > low && high - low < MOST * step) {
        return Vec::new();
    }
    let mut lines = Vec::new();
    let first = (low / step).ceil() as i64;
    for line in (first..).map(|n| n as f64 * step).take_while(|line| *line < high) {
        let ends = polygon.iter().skip(1).chain(polygon.first());
        let mut hits: Vec<f64> = polygon
            .iter()
            .zip(ends)
            .filter(|(a, b)| (across(a) <= line) != (across(b) <= line))
            .map(|(a, b)| {
                let share = (line - across(a)) / (across(b) - across(a));
                (a.x + a.y) + share * ((b.x + b.y) - (a.x + a.y))
            })
            .collect();
        hits.sort_by(f64::total_cmp);
        let point = |sum: f64| Point::new(0.5 * (sum + line), 0.5 * (sum - line));
        lines.extend(hits.chunks_exact(2).map(|pair| [point(pair[0]), point(pair[1])]));
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_stay_inside_and_cross_what_is_there() {
        let corners = [(10.0, 10.0), (110.0, 10.0), (110.0, 60.0), (10.0, 60.0)];
        let polygon = corners.map(|(x, y)| Point::new(x, y));
        let lines = hatch(&polygon);
        assert!((10..14).contains(&lines.len()), "{}", lines.len());
        for [a, b] in &lines {
            for p in [a, b] {
                assert!((9.99..=110.01).contains(&p.x) && (9.99..=60.01).contains(&p.y), "{p:?}");
            }
            assert!(((a.x - b.x) - (a.y - b.y)).abs() < 1e-9);
        }
        assert!(hatch(&polygon[..1]).is_empty());
        assert!(hatch(&[Point::new(f64::NAN, 0.0); 3]).is_empty());
        let huge = corners.map(|(x, y)| Point::new(x * 1e9, y * 1e8));
        assert!(hatch(&huge).is_empty());
    }
}
