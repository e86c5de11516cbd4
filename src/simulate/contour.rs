//! The line of equal brightness round an image's maximum.

use ndarray::Array2;

use crate::geometry::edge_of;

/// The outer edge of the connected region at or above `level` that holds the maximum, as a closed
/// polygon of `[column, row]` between pixel centres, interpolated linearly. Empty where the image
/// has no value at that level.
pub fn around_maximum(image: &Array2<f64>, level: f64) -> Vec<[f64; 2]> {
    let Some((peak, &top)) = image.indexed_iter().max_by(|a, b| a.1.total_cmp(b.1)) else {
        return Vec::new();
    };
    if top < level || level <= 0.0 {
        return Vec::new();
    }
    let region = Region::grown(image, level, peak);
    region.edge(image, level)
}

struct Region {
    inside: Array2<bool>,
}

impl Region {
    /// Pixels reached from `seed` over edges through values at or above `level`.
    fn grown(image: &Array2<f64>, level: f64, seed: (usize, usize)) -> Self {
        let mut inside = Array2::from_elem(image.dim(), false);
        let mut open = vec![seed];
        inside[seed] = true;
        while let Some((row, column)) = open.pop() {
            for step in [(0, 1), (1, 0), (0, -1), (-1, 0)] {
                let Some(next) = stepped((row, column), step) else { continue };
                if image.get(next).is_some_and(|&v| v >= level) && !inside[next] {
                    inside[next] = true;
                    open.push(next);
                }
            }
        }
        Self { inside }
    }

    fn holds(&self, at: [i64; 2]) -> bool {
        index(at).and_then(|at| self.inside.get(at)).is_some_and(|&inside| inside)
    }

    /// Round the outside, interpolated between an inner pixel and its outer neighbour.
    fn edge(&self, image: &Array2<f64>, level: f64) -> Vec<[f64; 2]> {
        let Some(((row, column), _)) = self.inside.indexed_iter().find(|(_, inside)| **inside)
        else {
            return Vec::new();
        };
        let value = |at: [i64; 2]| index(at).and_then(|at| image.get(at)).copied().unwrap_or(0.0);
        let crossing = |inner, outer| {
            let (here, there) = (value(inner), value(outer).min(level));
            if here > there { (here - level) / (here - there) } else { 0.5 }
        };
        edge_of([column as i64, row as i64], |at| self.holds(at), crossing)
    }
}

/// `[column, row]` as an index, where it is one.
fn index([column, row]: [i64; 2]) -> Option<(usize, usize)> {
    Some((usize::try_from(row).ok()?, usize::try_from(column).ok()?))
}

fn stepped(at: (usize, usize), step: (isize, isize)) -> Option<(usize, usize)> {
    Some((at.0.checked_add_signed(step.0)?, at.1.checked_add_signed(step.1)?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::Outline;

    #[test]
    fn a_bell_is_cut_at_its_half_width() {
        let bell = Array2::from_shape_fn((50, 60), |(r, c)| {
            let d2 = (r as f64 - 24.3).powi(2) + ((c as f64 - 31.6) / 1.5).powi(2);
            (-d2 / (2.0 * 36.0)).exp()
        });
        let top = bell.iter().fold(0.0f64, |m, &v| m.max(v));
        let edge = around_maximum(&bell, 0.5 * top);
        let outline = Outline::Polygon { points: edge };
        let radius = 6.0 * (2.0 * 2f64.ln()).sqrt();
        let exact = std::f64::consts::PI * radius * radius * 1.5;
        assert!((outline.area() / exact - 1.0).abs() < 0.02, "{}", outline.area());
        let middle = outline.centroid();
        assert!((middle.x - 31.6).abs() < 0.1 && (middle.y - 24.3).abs() < 0.1);
    }

    #[test]
    fn only_the_region_of_the_maximum_counts_and_the_frame_may_cut_it() {
        let mut image = Array2::zeros((6, 9));
        for (row, column) in [(0, 0), (0, 1), (1, 1), (4, 6)] {
            image[[row, column]] = 2.0;
        }
        image[[1, 1]] = 3.0;
        let outline = Outline::Polygon { points: around_maximum(&image, 1.0) };
        let held: Vec<_> = outline.pixels(9, 6).collect();
        assert_eq!(held, vec![(0, 0), (1, 0), (1, 1)]);
        assert!(around_maximum(&image, 4.0).is_empty());
        assert!(around_maximum(&Array2::zeros((0, 0)), 1.0).is_empty());
    }
}
