//! Bending: Gauss–Newton steps of a lattice until the mirror image lies on the picture.

use super::lattice::Lattice;
use super::picture::{Pair, sample};

/// A residual is believed up to about so many times their usual size.
const BELIEF: f64 = 2.5;
/// The price of a first and of a second difference of one cell between nodes four cells apart.
const TENSION: f64 = 4.0;
const STIFFNESS: f64 = 8.0;
/// Enough for a change a hundredth of which would not be seen.
const CONJUGATE_STEPS: usize = 30;
/// A picture darker than this part of where the patient begins is background.
const BACKGROUND: f32 = 0.3;

/// Moves the nodes so that `moving` at each place plus its step looks like `fixed` there.
///
/// Residuals are weighted as Geman and McClure do, at a scale taken from the residuals
/// themselves; the gradient is the mean of both pictures' (Benhimane and Malis, IROS 2004). The
/// price on the lattice's first and second differences keeps it smooth.
pub fn onto(pair: &Pair, lattice: &mut Lattice, rounds: usize) {
    for _ in 0..rounds {
        let equations = Equations::of(pair, lattice);
        let change = equations.solved(lattice);
        for (step, change) in lattice.steps.iter_mut().zip(change) {
            step[0] += change[0];
            step[1] += change[1];
        }
    }
}

/// Neighbours of a node whose cells it shares, itself included: three by three.
const NEIGHBOURS: usize = 9;

struct Equations {
    columns: usize,
    rows: usize,
    /// Of each node with each neighbour: xx, xy, yy.
    matrix: Vec<[f64; 3]>,
    right: Vec<[f64; 2]>,
    tension: f64,
    stiffness: f64,
}

impl Equations {
    fn of(pair: &Pair, lattice: &Lattice) -> Self {
        let (columns, rows) = (pair.columns, pair.rows);
        let mut cells = Vec::new();
        for y in 1..rows - 1 {
            for x in 1..columns - 1 {
                let at = y * columns + x;
                if !pair.bone[0][at] {
                    continue;
                }
                let step = lattice.at(x as f64, y as f64);
                let (mx, my) = (x as f64 + step[0], y as f64 + step[1]);
                if mx < 0.0 || my < 0.0 || mx >= columns as f64 - 1.0 || my >= rows as f64 - 1.0 {
                    continue;
                }
                let near = (my + 0.5) as usize * columns + (mx + 0.5) as usize;
                if !pair.bone[1][near] {
                    continue;
                }
                let moving =
                    |dx: f64, dy: f64| sample(&pair.moving, columns, rows, mx + dx, my + dy);
                let m = moving(0.0, 0.0);
                if pair.fixed[at].max(m) < BACKGROUND * pair.patient {
                    continue;
                }
                let gx = 0.25
                    * (pair.fixed[at + 1] - pair.fixed[at - 1] + moving(1.0, 0.0)
                        - moving(-1.0, 0.0));
                let gy = 0.25
                    * (pair.fixed[at + columns] - pair.fixed[at - columns] + moving(0.0, 1.0)
                        - moving(0.0, -1.0));
                cells.push((x, y, pair.fixed[at] - m, gx, gy));
            }
        }
        let mut sizes: Vec<f32> = cells.iter().map(|c| c.2.abs()).collect();
        let middle = sizes.len() / 2;
        let scale = match sizes.is_empty() {
            true => 1.0,
            false => {
                f64::from(*sizes.select_nth_unstable_by(middle, f32::total_cmp).1).max(1e-3)
                    * 1.4826
            }
        };
        let nodes = lattice.steps.len();
        let mut matrix = vec![[0.0; 3]; nodes * NEIGHBOURS];
        let mut right = vec![[0.0; 2]; nodes];
        for (x, y, residual, gx, gy) in cells {
            let [r, gx, gy] = [residual, gx, gy].map(|v| f64::from(v) / scale);
            let weight = 1.0 / (1.0 + (r / BELIEF).powi(2)).powi(2);
            let (node, [fx, fy]) = lattice.around(x as f64, y as f64);
            let share = [(1.0 - fx) * (1.0 - fy), fx * (1.0 - fy), (1.0 - fx) * fy, fx * fy];
            let corner = [0, 1, lattice.columns, lattice.columns + 1];
            for i in 0..4 {
                let w = weight * share[i];
                right[node + corner[i]][0] += w * gx * r;
                right[node + corner[i]][1] += w * gy * r;
                for (j, &other) in share.iter().enumerate() {
                    let (across, along) = (j % 2 + 1 - i % 2, j / 2 + 1 - i / 2);
                    let entry = &mut matrix[(node + corner[i]) * NEIGHBOURS + along * 3 + across];
                    let w = w * other;
                    entry[0] += w * gx * gx;
                    entry[1] += w * gx * gy;
                    entry[2] += w * gy * gy;
                }
            }
        }
        let area = (lattice.pitch / 4.0).powi(2);
        Self {
            columns: lattice.columns,
            rows: lattice.rows,
            matrix,
            right,
            tension: TENSION * area,
            stiffness: STIFFNESS * area,
        }
    }

    /// The change of each node, by conjugate gradients with the diagonal divided out.
    fn solved(&self, lattice: &Lattice) -> Vec<[f64; 2]> {
        let nodes = self.right.len();
        let mut pull = vec![[0.0; 2]; nodes];
        self.smoothed(&lattice.steps, &mut pull);
        let mut rest: Vec<[f64; 2]> =
            self.right.iter().zip(&pull).map(|(r, p)| [r[0] - p[0], r[1] - p[1]]).collect();
        let price = self.tension * 4.0 + self.stiffness * 20.0 + 1e-6;
        let ease: Vec<[f64; 2]> = (0..nodes)
            .map(|i| {
                let own = self.matrix[i * NEIGHBOURS + 4];
                [1.0 / (own[0] + price), 1.0 / (own[2] + price)]
            })
            .collect();
        let eased = |v: &[[f64; 2]]| -> Vec<[f64; 2]> {
            v.iter().zip(&ease).map(|(v, e)| [v[0] * e[0], v[1] * e[1]]).collect()
        };
        let dot = |a: &[[f64; 2]], b: &[[f64; 2]]| -> f64 {
            a.iter().zip(b).map(|(a, b)| a[0] * b[0] + a[1] * b[1]).sum()
        };
        let mut change = vec![[0.0; 2]; nodes];
        let mut z = eased(&rest);
        let mut direction = z.clone();
        let mut size = dot(&rest, &z);
        let start = size;
        for _ in 0..CONJUGATE_STEPS {
            if size <= 1e-8 * start || size <= 0.0 {
                break;
            }
            let image = self.times(&direction);
            let along = size / dot(&direction, &image);
            for i in 0..nodes {
                for axis in 0..2 {
                    change[i][axis] += along * direction[i][axis];
                    rest[i][axis] -= along * image[i][axis];
                }
            }
            z = eased(&rest);
            let next = dot(&rest, &z);
            let keep = next / size;
            size = next;
            for (d, z) in direction.iter_mut().zip(&z) {
                *d = [z[0] + keep * d[0], z[1] + keep * d[1]];
            }
        }
        change
    }

    fn times(&self, v: &[[f64; 2]]) -> Vec<[f64; 2]> {
        let mut image = vec![[0.0; 2]; v.len()];
        self.smoothed(v, &mut image);
        for y in 0..self.rows {
            for x in 0..self.columns {
                let i = y * self.columns + x;
                let mut sum = [0.0; 2];
                for k in 0..NEIGHBOURS {
                    let [xx, xy, yy] = self.matrix[i * NEIGHBOURS + k];
                    if xx == 0.0 && yy == 0.0 {
                        continue;
                    }
                    let j = (y + k / 3 - 1) * self.columns + x + k % 3 - 1;
                    sum[0] += xx * v[j][0] + xy * v[j][1];
                    sum[1] += xy * v[j][0] + yy * v[j][1];
                }
                image[i][0] += sum[0];
                image[i][1] += sum[1];
            }
        }
        image
    }

    /// Adds what the price on first and second differences pulls at each node.
    fn smoothed(&self, v: &[[f64; 2]], pull: &mut [[f64; 2]]) {
        let (columns, rows) = (self.columns, self.rows);
        let mut difference = |nodes: &[(usize, f64)], price: f64| {
            for axis in 0..2 {
                let d: f64 = nodes.iter().map(|&(i, sign)| sign * v[i][axis]).sum();
                for &(i, sign) in nodes {
                    pull[i][axis] += price * sign * d;
                }
            }
        };
        for y in 0..rows {
            for x in 0..columns {
                let i = y * columns + x;
                let (right, below) = (x + 1 < columns, y + 1 < rows);
                if right {
                    difference(&[(i, -1.0), (i + 1, 1.0)], self.tension);
                }
                if below {
                    difference(&[(i, -1.0), (i + columns, 1.0)], self.tension);
                }
                if right && x > 0 {
                    difference(&[(i - 1, 1.0), (i, -2.0), (i + 1, 1.0)], self.stiffness);
                }
                if below && y > 0 {
                    difference(
                        &[(i - columns, 1.0), (i, -2.0), (i + columns, 1.0)],
                        self.stiffness,
                    );
                }
                if right && below {
                    let twist =
                        [(i, 1.0), (i + 1, -1.0), (i + columns, -1.0), (i + columns + 1, 1.0)];
                    difference(&twist, 2.0 * self.stiffness);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIZE: usize = 60;

    /// Bones as smooth ridges, moved by `by` cells, with a lesion where asked.
    fn bones(by: f64, lesion: bool) -> Vec<f32> {
        let ridge = |d: f64| (-d * d / 8.0).exp();
        (0..SIZE * SIZE)
            .map(|i| {
                let (x, y) = ((i % SIZE) as f64 - by, (i / SIZE) as f64 - 0.5 * by);
                let bone = 0.5 * ridge((x * 0.45).sin() * 5.0) + 0.4 * ridge((y * 0.3).sin() * 6.0);
                let hot = (x - 30.0).hypot(y - 30.0) < 4.0 && lesion;
                (bone + if hot { 0.4 } else { 0.0 }) as f32
            })
            .collect()
    }

    fn found(lesion: bool) -> Lattice {
        let pair = Pair {
            columns: SIZE,
            rows: SIZE,
            fixed: bones(0.0, lesion),
            moving: bones(1.6, false),
            bone: [vec![true; SIZE * SIZE], vec![true; SIZE * SIZE]],
            patient: 0.1,
        };
        let mut lattice = Lattice::over([SIZE, SIZE], 6.0);
        onto(&pair, &mut lattice, 6);
        lattice
    }

    #[test]
    fn a_small_motion_is_found_to_a_tenth_of_a_cell() {
        let step = found(false).at(30.0, 30.0);
        assert!((step[0] - 1.6).abs() < 0.1 && (step[1] - 0.8).abs() < 0.1, "{step:?}");
    }

    #[test]
    fn a_lesion_on_one_side_is_not_matched_to_anything() {
        let (with, without) = (found(true), found(false));
        for (a, b) in with.steps.iter().zip(&without.steps) {
            assert!((a[0] - b[0]).hypot(a[1] - b[1]) < 0.35, "{a:?} {b:?}");
        }
    }
}
