//! Displacements at the nodes of a lattice over a picture, in cells.

/// Row by row, bilinear between nodes; node 0 lies on cell 0.
#[derive(Clone, Debug)]
pub struct Lattice {
    /// Cells between two nodes.
    pub pitch: f64,
    pub columns: usize,
    pub rows: usize,
    pub steps: Vec<[f64; 2]>,
}

impl Lattice {
    /// Covers a picture of `[columns, rows]` cells; nothing is displaced.
    pub fn over([columns, rows]: [usize; 2], pitch: f64) -> Self {
        let nodes = |cells: usize| ((cells.max(2) - 1) as f64 / pitch).ceil() as usize + 1;
        let (columns, rows) = (nodes(columns), nodes(rows));
        Self { pitch, columns, rows, steps: vec![[0.0; 2]; columns * rows] }
    }

    /// First of the four nodes around a place, and the shares of those below and right of it.
    #[inline]
    pub fn around(&self, x: f64, y: f64) -> (usize, [f64; 2]) {
        let split = |at: f64, nodes: usize| {
            let at = (at / self.pitch).clamp(0.0, (nodes - 1) as f64);
            let low = (at as usize).min(nodes - 2);
            (low, at - low as f64)
        };
        let ((x, fx), (y, fy)) = (split(x, self.columns), split(y, self.rows));
        (y * self.columns + x, [fx, fy])
    }

    #[inline]
    pub fn at(&self, x: f64, y: f64) -> [f64; 2] {
        let (node, [fx, fy]) = self.around(x, y);
        let corner = [node, node + 1, node + self.columns, node + self.columns + 1];
        let share = [(1.0 - fx) * (1.0 - fy), fx * (1.0 - fy), (1.0 - fx) * fy, fx * fy];
        let mut step = [0.0; 2];
        for (corner, share) in corner.into_iter().zip(share) {
            step[0] += share * self.steps[corner][0];
            step[1] += share * self.steps[corner][1];
        }
        step
    }

    /// Where each node lies, in cells.
    pub fn nodes(&self) -> impl Iterator<Item = [f64; 2]> + use<> {
        let (columns, pitch) = (self.columns, self.pitch);
        (0..self.steps.len())
            .map(move |i| [(i % columns) as f64 * pitch, (i / columns) as f64 * pitch])
    }

    /// The same displacements on cells of which `finer` make one of these, at nodes `pitch` such
    /// cells apart.
    pub fn resampled(&self, finer: f64, size: [usize; 2], pitch: f64) -> Self {
        let mut new = Self::over(size, pitch);
        new.steps =
            new.nodes().map(|[x, y]| self.at(x / finer, y / finer).map(|v| v * finer)).collect();
        new
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_finer_lattice_says_the_same() {
        let mut coarse = Lattice::over([40, 30], 4.0);
        coarse.steps = coarse.nodes().map(|[x, y]| [0.1 * x - 1.0, 0.05 * y + 0.02 * x]).collect();
        let fine = coarse.resampled(2.0, [79, 59], 3.0);
        for (x, y) in [(0.0, 0.0), (31.5, 12.0), (70.0, 50.0)] {
            let [here, there] = [coarse.at(x / 2.0, y / 2.0), fine.at(x, y)];
            assert!((0..2).all(|i| (2.0 * here[i] - there[i]).abs() < 1e-9), "{here:?} {there:?}");
        }
    }
}
