//! How far a ratio moves when the hand that drew it does.

use crate::geometry::{MirrorLine, Outline, Pixel, Point, Vector};

/// What becomes of a ratio when region, twin and midline are moved by up to a pixel.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Jitter {
    /// The smallest and the largest ratio among all moves.
    pub low: f64,
    pub high: f64,
    /// Standard deviation over all moves, each counted once.
    pub sd: f64,
}

/// What moves the twin.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Tie {
    /// It lies where the region's mirror image does, and moves with region and midline.
    Mirror(MirrorLine),
    /// The reader's hand, as the region.
    Own,
    /// It goes where the region goes, as neighbours along the midline do.
    Region,
}

const STEPS: [f64; 3] = [-1.0, 0.0, 1.0];

/// Nowhere, and a pixel along rows, columns and diagonals.
fn moves() -> impl Iterator<Item = Vector<Pixel>> + Clone {
    STEPS.into_iter().flat_map(|y| STEPS.into_iter().map(move |x| Vector::new(x, y)))
}

/// The spread of `ratio` over a fixed set of moves. The region goes to each of its nine places
/// (a pixel left, right, up, down, the diagonals, nowhere); with each, the midline goes a column
/// left, nowhere and a column right and carries a mirrored twin along, or a twin placed by hand
/// goes to its own nine places, or neighbours go with the region. `measure` gives what a region holds, `ratio` what two of them come
/// to. `None` where some move leaves no ratio.
pub(super) fn jitter<M: Copy>(
    region: &Outline,
    twin: &[Outline],
    tie: Tie,
    measure: &dyn Fn(&[Outline]) -> M,
    ratio: &dyn Fn(M, M) -> Option<f64>,
) -> Option<Jitter> {
    let with_twin = |by: Vector<Pixel>| {
        measure(&twin.iter().map(|outline| outline.moved(by)).collect::<Vec<_>>())
    };
    let beside: Vec<M> = match tie {
        Tie::Own => moves().map(with_twin).collect(),
        Tie::Mirror(_) | Tie::Region => Vec::new(),
    };
    let center = region.centroid();
    let mut ratios = Vec::with_capacity(81);
    for by in moves() {
        let lesion = measure(&[region.moved(by)]);
        match tie {
            Tie::Own => ratios.extend(beside.iter().map(|&twin| ratio(lesion, twin))),
            Tie::Mirror(mirror) => ratios.extend(STEPS.map(|step| {
                let line = Vector::new(step, 0.0);
                ratio(lesion, with_twin(carried(&mirror, center, by, line)))
            })),
            Tie::Region => ratios.push(ratio(lesion, with_twin(by))),
        }
    }
    let ratios: Vec<f64> = ratios.into_iter().collect::<Option<_>>()?;
    let count = ratios.len() as f64;
    let mean = ratios.iter().sum::<f64>() / count;
    let squares: f64 = ratios.iter().map(|r| (r - mean).powi(2)).sum();
    Some(Jitter {
        low: ratios.iter().copied().fold(f64::INFINITY, f64::min),
        high: ratios.iter().copied().fold(f64::NEG_INFINITY, f64::max),
        sd: (squares / count).sqrt(),
    })
}

/// Where the mirror image goes when the region is moved by `by` and the mirror by `line`.
fn carried(
    mirror: &MirrorLine,
    center: Point<Pixel>,
    by: Vector<Pixel>,
    line: Vector<Pixel>,
) -> Vector<Pixel> {
    mirror.reflect(center + by - line) + line - mirror.reflect(center)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::{Curve, Spacing};

    fn square(x: f64, y: f64) -> Outline {
        Outline::Rectangle { min: [x - 3.0, y - 3.0], max: [x + 3.0, y + 3.0] }
    }

    fn upright() -> MirrorLine {
        let curve = Curve::through([Point::new(50.0, 0.0), Point::new(50.0, 90.0)]).unwrap();
        MirrorLine::tangent(&curve, Point::new(20.0, 40.0), Spacing::UNIT)
    }

    /// Measures by the column and row of the centre: what the moves do can be worked out.
    fn at(outlines: &[Outline]) -> [f64; 2] {
        outlines[0].centroid().to_array()
    }

    #[test]
    fn the_midline_carries_the_twin_twice_as_far() {
        // The ratio is the twin's column: 80, and 2 more for each column of the midline, 1 less
        // for each of the region's.
        let columns = jitter(
            &square(20.0, 40.0),
            &[square(80.0, 40.0)],
            Tie::Mirror(upright()),
            &at,
            &|_, twin| Some(twin[0]),
        );
        let columns = columns.unwrap();
        assert!((columns.low - 77.0).abs() < 1e-9 && (columns.high - 83.0).abs() < 1e-9);
        // Variances 2/3 and 4 · 2/3 add up.
        assert!((columns.sd - (10.0f64 / 3.0).sqrt()).abs() < 1e-9);
        let rows = jitter(
            &square(20.0, 40.0),
            &[square(80.0, 40.0)],
            Tie::Mirror(upright()),
            &at,
            &|_, twin| Some(twin[1]),
        );
        let rows = rows.unwrap();
        assert!((rows.low - 39.0).abs() < 1e-9 && (rows.high - 41.0).abs() < 1e-9);
    }

    #[test]
    fn a_placed_twin_moves_by_itself() {
        let apart = jitter(&square(20.0, 40.0), &[square(70.0, 44.0)], Tie::Own, &at, &|a, b| {
            Some(b[0] - a[0])
        });
        let apart = apart.unwrap();
        assert_eq!((apart.low, apart.high), (48.0, 52.0));
        assert!((apart.sd - (4.0f64 / 3.0).sqrt()).abs() < 1e-12);
    }

    #[test]
    fn neighbours_go_with_the_region() {
        let twin = [square(20.0, 20.0), square(20.0, 60.0)];
        let apart = jitter(&square(20.0, 40.0), &twin, Tie::Region, &at, &|a, b| Some(a[1] - b[1]));
        assert_eq!(apart, Some(Jitter { low: 20.0, high: 20.0, sd: 0.0 }));
    }

    #[test]
    fn nothing_moves_where_nothing_changes_and_no_ratio_is_no_spread() {
        let even =
            jitter(&square(20.0, 40.0), &[square(70.0, 44.0)], Tie::Own, &|_| 5.0, &|a, b| {
                Some(a / b)
            });
        assert_eq!(even, Some(Jitter { low: 1.0, high: 1.0, sd: 0.0 }));
        let lost = |a: [f64; 2], b: [f64; 2]| (b[0] < 71.0).then_some(a[0]);
        assert_eq!(jitter(&square(20.0, 40.0), &[square(70.0, 44.0)], Tie::Own, &at, &lost), None);
    }
}
