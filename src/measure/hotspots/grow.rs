//! How far a hot place reaches.

use std::collections::BTreeSet;

use crate::geometry::{Outline, Pixel, Point, edge_of};

use super::evidence::surround;
use super::scene::{SCALES, Scene};

/// A place reaches down to this part of its height above what surrounds it; higher where it would
/// run out into its surroundings.
const HEIGHTS: [f64; 4] = [0.5, 0.6, 0.7, 0.8];
/// It may reach so far from its middle: so many times its scale, and so many mm.
const REACH: (f64, f64) = (2.4, 16.0);

/// The outline of a hot place, and the cells of the smoothed pictures inside it.
pub(super) struct Grown {
    pub outline: Outline,
    pub cells: BTreeSet<[i64; 2]>,
    /// Level of what surrounds it, per pixel of the frame.
    pub surround: f64,
}

/// Grows a place from its middle down to half of its height above the surround, as an isocontour
/// of the finest smoothing. `[row, column]` is a cell of the smoothed pictures.
pub(super) fn grow(scene: &Scene<'_>, seed: [usize; 2], scale: usize) -> Option<Grown> {
    let image = &scene.smooth[0];
    let mm = scene.grid_mm();
    let reach = REACH.0 * SCALES[scale] + REACH.1;
    let value = |at: [i64; 2]| -> Option<f64> {
        let index = (usize::try_from(at[0]).ok()?, usize::try_from(at[1]).ok()?);
        image.get(index).copied()
    };
    let here = scene.pixel(seed[0] as f64, seed[1] as f64);
    let surround = surround(scene, scale, here);
    let start = summit(seed.map(|v| v as i64), &value);
    let top = value(start)?;
    if top <= surround {
        return None;
    }
    let far = |at: [i64; 2]| {
        let away = |axis: usize| (at[axis] - start[axis]) as f64 * mm[axis];
        away(0).hypot(away(1)) > reach
    };
    let flood = |height: f64| {
        let level = surround + height * (top - surround);
        let (mut open, mut cells, mut leaked) = (vec![start], BTreeSet::from([start]), false);
        while let Some(at) = open.pop() {
            for step in [[0, 1], [1, 0], [0, -1], [-1, 0]] {
                let next = [at[0] + step[0], at[1] + step[1]];
                if value(next).is_none_or(|v| v < level) || cells.contains(&next) {
                    continue;
                }
                if far(next) {
                    leaked = true;
                } else {
                    cells.insert(next);
                    open.push(next);
                }
            }
        }
        (cells, level, leaked)
    };
    let mut grown = flood(HEIGHTS[0]);
    for &height in &HEIGHTS[1..] {
        if !grown.2 {
            break;
        }
        grown = flood(height);
    }
    let (cells, level, _) = grown;
    let first = *cells.first()?;
    // `edge_of` walks in columns and rows.
    let holds = |at: [i64; 2]| cells.contains(&[at[1], at[0]]);
    let crossing = |inner: [i64; 2], outer: [i64; 2]| {
        let at = |p: [i64; 2]| value([p[1], p[0]]).unwrap_or(0.0);
        let (inner, outer) = (at(inner), at(outer).min(level));
        if inner > outer { ((inner - level) / (inner - outer)).clamp(0.0, 1.0) } else { 0.5 }
    };
    let edge = edge_of([first[1], first[0]], holds, crossing);
    let points = edge.iter().map(|p| scene.pixel(p[1], p[0])).map(|p| rounded(p).into()).collect();
    let outline = Outline::Polygon { points };
    outline.check().is_ok().then_some(Grown { outline, cells, surround })
}

/// The highest cell that is reached by climbing.
fn summit(from: [i64; 2], value: &impl Fn([i64; 2]) -> Option<f64>) -> [i64; 2] {
    let mut at = from;
    // A blob is a few cells wide; whoever climbs further is on another one.
    for _ in 0..3 {
        let around = (-1..=1).flat_map(|y| (-1..=1).map(move |x| [y, x]));
        let next = around.map(|s: [i64; 2]| [at[0] + s[0], at[1] + s[1]]);
        let best = next.filter_map(|n| Some((n, value(n)?))).max_by(|a, b| a.1.total_cmp(&b.1));
        match best {
            Some((next, level)) if Some(level) > value(at) => at = next,
            _ => break,
        }
    }
    at
}

/// Thousandths of a pixel: fine enough, and short in a file.
fn rounded(point: Point<Pixel>) -> Point<Pixel> {
    (point * 1e3).round() / 1e3
}
