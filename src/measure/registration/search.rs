//! Large motions: each node of a coarse lattice tries many steps, and neighbours must agree.

use super::lattice::Lattice;
use super::picture::Pair;

/// Steps that are tried, in cells to either side and up and down.
const ACROSS: i32 = 16;
const ALONG: i32 = 5;
/// Cells between two nodes.
const PITCH: f64 = 4.0;

/// A difference of the two pictures counts at most so much, in parts of ordinary bone.
const MOST: f32 = 0.25;
/// And so much more where one is patient and the other is not: limbs are dim.
const OUTLINE: f32 = 0.6;
/// What a place pays that is not patient, in parts of what one pays that is: the other hand may
/// lie on a thigh.
const EMPTY: f32 = 0.1;
/// The price of a patient's place whose mirror image lies outside the frame.
const UNKNOWN: f32 = 0.2;
/// The price of each cell of a step, and of each cell between the steps of neighbours, up to a
/// limit: sides of a body part may move apart.
const REST: f32 = 0.02;
const APART: f32 = 0.3;
const LIMIT: f32 = 5.0;
/// There and back along rows and columns, so often.
const SWEEPS: usize = 4;

const WIDTH: usize = 2 * ACROSS as usize + 1;
const LABELS: usize = WIDTH * (2 * ALONG as usize + 1);

fn step_of(label: usize) -> [i32; 2] {
    [(label % WIDTH) as i32 - ACROSS, (label / WIDTH) as i32 - ALONG]
}

/// The steps that bring the mirror image onto the picture, found by belief propagation (min-sum;
/// Felzenszwalb and Huttenlocher, Int. J. Computer Vision 70 (2006) 41–54): a node pays for what
/// differs around it after its step, and two neighbours for the difference of their steps.
pub fn large_motions(pair: &Pair) -> Lattice {
    let mut lattice = Lattice::over([pair.columns, pair.rows], PITCH);
    let costs = costs(pair, &lattice);
    let labels = agreed(&costs, lattice.columns, lattice.rows);
    for (step, label) in lattice.steps.iter_mut().zip(labels) {
        *step = step_of(label).map(f64::from);
    }
    lattice
}

/// For each node and label.
fn costs(pair: &Pair, lattice: &Lattice) -> Vec<f32> {
    let nodes = lattice.steps.len();
    let rest = |label: usize| REST * step_of(label).iter().map(|v| v.abs() as f32).sum::<f32>();
    let mut costs: Vec<f32> = (0..nodes * LABELS).map(|i| rest(i % LABELS)).collect();
    let shapes = [&pair.fixed, &pair.moving]
        .map(|of| of.iter().map(|v| OUTLINE * (v / pair.patient).min(1.0)).collect::<Vec<f32>>());
    let mut of_cell = [0.0; LABELS];
    for at in (0..pair.fixed.len()).filter(|&at| pair.bone[0][at]) {
        let (x, y) = (at % pair.columns, at / pair.columns);
        unlike(pair, &shapes, [x, y], &mut of_cell);
        let (node, [fx, fy]) = lattice.around(x as f64, y as f64);
        let covered = (pair.fixed[at] / pair.patient).min(1.0);
        let weight = EMPTY + (1.0 - EMPTY) * covered;
        let [fx, fy] = [fx as f32, fy as f32];
        let corners = [
            (node, (1.0 - fx) * (1.0 - fy)),
            (node + 1, fx * (1.0 - fy)),
            (node + lattice.columns, (1.0 - fx) * fy),
            (node + lattice.columns + 1, fx * fy),
        ];
        for (node, share) in corners.into_iter().filter(|(_, share)| *share > 0.0) {
            let sums = &mut costs[node * LABELS..][..LABELS];
            for (sum, cost) in sums.iter_mut().zip(&of_cell) {
                *sum += weight * share * cost;
            }
        }
    }
    costs
}

/// What one cell pays for each label.
fn unlike(pair: &Pair, shapes: &[Vec<f32>; 2], [x, y]: [usize; 2], costs: &mut [f32; LABELS]) {
    let at = y * pair.columns + x;
    let (fixed, shape) = (pair.fixed[at], shapes[0][at]);
    let elsewhere = if fixed > pair.patient { UNKNOWN } else { 0.0 };
    for (i, row) in costs.chunks_exact_mut(WIDTH).enumerate() {
        let down = y as i32 + i as i32 - ALONG;
        if down < 0 || down >= pair.rows as i32 {
            row.fill(elsewhere);
            continue;
        }
        let first = down as usize * pair.columns;
        for (j, cost) in row.iter_mut().enumerate() {
            let right = x as i32 + j as i32 - ACROSS;
            let there = first + right.clamp(0, pair.columns as i32 - 1) as usize;
            let inside = right >= 0 && right < pair.columns as i32 && pair.bone[1][there];
            *cost = match inside {
                true => {
                    (fixed - pair.moving[there]).abs().min(MOST) + (shape - shapes[1][there]).abs()
                }
                false => elsewhere,
            };
        }
    }
}

/// The label of each node.
fn agreed(costs: &[f32], columns: usize, rows: usize) -> Vec<usize> {
    // Messages that a node has received from its left, right, upper and lower neighbour.
    let mut received = vec![[0.0f32; LABELS]; columns * rows * 4];
    let mut pass = |from: usize, to: usize, side: usize| {
        let opposite = side ^ 1;
        let mut message = [0.0f32; LABELS];
        message.copy_from_slice(&costs[from * LABELS..][..LABELS]);
        for other in (0..4).filter(|&s| s != opposite) {
            for (sum, m) in message.iter_mut().zip(&received[from * 4 + other]) {
                *sum += m;
            }
        }
        spread(&mut message);
        received[to * 4 + side] = message;
    };
    for _ in 0..SWEEPS {
        for y in 0..rows {
            for x in 1..columns {
                pass(y * columns + x - 1, y * columns + x, 0);
            }
            for x in (1..columns).rev() {
                pass(y * columns + x, y * columns + x - 1, 1);
            }
        }
        for x in 0..columns {
            for y in 1..rows {
                pass((y - 1) * columns + x, y * columns + x, 2);
            }
            for y in (1..rows).rev() {
                pass(y * columns + x, (y - 1) * columns + x, 3);
            }
        }
    }
    let best = |node: usize| {
        let belief = |label: usize| {
            costs[node * LABELS + label]
                + (0..4).map(|side| received[node * 4 + side][label]).sum::<f32>()
        };
        (0..LABELS).min_by(|&a, &b| belief(a).total_cmp(&belief(b))).unwrap_or(0)
    };
    (0..columns * rows).map(best).collect()
}

/// What a neighbour would have to pay for each of its labels: the lower envelope under a price
/// that grows with the difference of the steps, up to a limit.
fn spread(message: &mut [f32; LABELS]) {
    let least = message.iter().copied().fold(f32::INFINITY, f32::min);
    for row in message.chunks_exact_mut(WIDTH) {
        for i in 1..WIDTH {
            row[i] = row[i].min(row[i - 1] + APART);
        }
        for i in (1..WIDTH).rev() {
            row[i - 1] = row[i - 1].min(row[i] + APART);
        }
    }
    for i in WIDTH..LABELS {
        message[i] = message[i].min(message[i - WIDTH] + APART);
    }
    for i in (WIDTH..LABELS).rev() {
        message[i - WIDTH] = message[i - WIDTH].min(message[i] + APART);
    }
    for m in message.iter_mut() {
        *m = m.min(least + LIMIT) - least;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A trunk in the middle, and a limb on either side that the mirror image holds elsewhere.
    fn limbs(left: usize, right: usize) -> Vec<f32> {
        let mut picture = vec![0.0; 80 * 60];
        let bars = [(left, 5, 0.4), (34, 12, 0.9), (right, 5, 0.4)];
        for y in 8..52 {
            for (x, width, value) in bars {
                picture[y * 80 + x..][..width].fill(value);
            }
        }
        picture
    }

    #[test]
    fn a_limb_is_found_where_the_mirror_image_has_it() {
        let pair = Pair {
            columns: 80,
            rows: 60,
            fixed: limbs(14, 60),
            moving: limbs(15, 68),
            bone: [vec![true; 80 * 60], vec![true; 80 * 60]],
            patient: 0.2,
        };
        let found = large_motions(&pair);
        let step = |x: f64| found.at(x, 30.0)[0];
        assert!((step(16.0) - 1.0).abs() < 0.6, "{}", step(16.0));
        assert!(step(40.0).abs() < 0.6, "{}", step(40.0));
        assert!((step(62.0) - 8.0).abs() < 0.6, "{}", step(62.0));
        assert!(found.steps.iter().all(|s| s[1].abs() < 0.6));
    }
}
