//! A smooth field of small steps over a frame: how far places lie from where a rule puts them.

use euclid::Vector2D;

use super::{Pixel, Plane, Point};

/// A step in millimetres for every place of a frame, given at the nodes of a lattice and bilinear
/// between them. Outside the lattice the nearest edge counts.
#[derive(Clone, Debug, PartialEq)]
pub struct Warp {
    /// Pixels between two nodes, columns and rows; the first node lies on the first pixel.
    pitch: [f64; 2],
    /// Nodes in a row.
    columns: usize,
    /// Row by row, `[x, y]` in millimetres.
    steps: Vec<[f32; 2]>,
}

impl Warp {
    /// `None` unless the steps fill rows of `columns` nodes, at least two by two, a positive
    /// number of pixels apart, and all are finite.
    pub fn new(pitch: [f64; 2], columns: usize, steps: Vec<[f32; 2]>) -> Option<Self> {
        let rows = steps.len().checked_div(columns)?;
        let whole = rows * columns == steps.len() && columns >= 2 && rows >= 2;
        let usable = pitch.iter().all(|p| p.is_finite() && *p > 0.0)
            && steps.iter().flatten().all(|v| v.is_finite());
        (whole && usable).then_some(Self { pitch, columns, steps })
    }

    pub fn at(&self, point: Point<Pixel>) -> Vector2D<f64, Plane> {
        let rows = self.steps.len() / self.columns;
        let split = |at: f64, pitch: f64, nodes: usize| {
            let at = (at / pitch).clamp(0.0, (nodes - 1) as f64);
            let low = (at as usize).min(nodes - 2);
            (low, at - low as f64)
        };
        let (x, fx) = split(point.x, self.pitch[0], self.columns);
        let (y, fy) = split(point.y, self.pitch[1], rows);
        let node = |x: usize, y: usize| {
            let [dx, dy] = self.steps[y * self.columns + x];
            Vector2D::<f64, Plane>::new(f64::from(dx), f64::from(dy))
        };
        let above = node(x, y).lerp(node(x + 1, y), fx);
        above.lerp(node(x, y + 1).lerp(node(x + 1, y + 1), fx), fy)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_bilinear_and_go_on_at_the_edge() {
        let steps = vec![[0.0, 0.0], [2.0, 0.0], [0.0, 4.0], [2.0, 4.0]];
        let warp = Warp::new([10.0, 20.0], 2, steps).unwrap();
        let at = |x, y| warp.at(Point::new(x, y)).to_array();
        assert_eq!(at(5.0, 5.0), [1.0, 1.0]);
        assert_eq!(at(10.0, 20.0), [2.0, 4.0]);
        assert_eq!(at(-3.0, 90.0), [0.0, 4.0]);
    }

    #[test]
    fn refuses_what_is_no_lattice() {
        assert!(Warp::new([1.0, 1.0], 2, vec![[0.0; 2]; 3]).is_none());
        assert!(Warp::new([1.0, 1.0], 0, Vec::new()).is_none());
        assert!(Warp::new([0.0, 1.0], 2, vec![[0.0; 2]; 4]).is_none());
        assert!(Warp::new([1.0, 1.0], 2, vec![[f32::NAN, 0.0]; 4]).is_none());
    }
}
