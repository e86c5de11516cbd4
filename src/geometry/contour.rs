//! The edge of a connected patch of pixels.

/// The outer edge of the patch that holds `start`, its first pixel row by row, as a closed polygon
/// of `[column, row]`.
///
/// It walks once round the outside, from crack to crack between an inner pixel and its outer
/// neighbour, clockwise on the screen. `crossing` says how far from the inner towards the outer
/// pixel the edge lies, 0…1: ½ runs along the pixels' borders, an interpolated level is smooth.
pub fn edge_of(
    start: [i64; 2],
    holds: impl Fn([i64; 2]) -> bool,
    crossing: impl Fn([i64; 2], [i64; 2]) -> f64,
) -> Vec<[f64; 2]> {
    if !holds(start) {
        return Vec::new();
    }
    let start = (start, [0, -1]);
    let (mut at, mut outwards) = start;
    let mut edge = Vec::new();
    loop {
        let outer = [at[0] + outwards[0], at[1] + outwards[1]];
        let t = crossing(at, outer);
        edge.push([0, 1].map(|axis| at[axis] as f64 + t * outwards[axis] as f64));
        // Clockwise on screen: up, right, down, left.
        let along = [-outwards[1], outwards[0]];
        let beside = [at[0] + along[0], at[1] + along[1]];
        let ahead = [beside[0] + outwards[0], beside[1] + outwards[1]];
        if !holds(beside) {
            outwards = along;
        } else if !holds(ahead) {
            at = beside;
        } else {
            at = ahead;
            outwards = along.map(|step| -step);
        }
        if (at, outwards) == start {
            return edge;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::Outline;

    #[test]
    fn an_edge_holds_its_pixels_and_no_others() {
        let patch = [[2, 1], [3, 1], [2, 2], [1, 3], [2, 3], [2, 4], [3, 4]];
        let edge = edge_of([2, 1], |p| patch.contains(&p), |_, _| 0.5);
        let held: Vec<_> = Outline::Polygon { points: edge }.pixels(9, 9).collect();
        let expected: Vec<_> = patch.iter().map(|p| (p[0] as usize, p[1] as usize)).collect();
        assert_eq!(held, expected);
        assert!(edge_of([0, 0], |p| patch.contains(&p), |_, _| 0.5).is_empty());
    }
}
