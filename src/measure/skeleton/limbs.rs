//! How arms and legs are held: each swings at its root and at its middle joint.

use crate::geometry::Side;

use super::atlas::{COLUMNS, ROWS, column_of, place_of, row_of};
use super::features::{Features, unlike};

/// The parts of a body that move as one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Segment {
    Trunk,
    Arm(Side),
    Leg(Side),
}

pub const LIMBS: [Segment; 4] = [
    Segment::Arm(Side::Right),
    Segment::Arm(Side::Left),
    Segment::Leg(Side::Right),
    Segment::Leg(Side::Left),
];

/// A place of the atlas's body: `[left, height]`, mm.
type Place = [f64; 2];

/// The left joints; the right ones are their mirror images.
const SHOULDER: Place = [172.0, 1420.0];
const ELBOW: Place = [211.0, 1096.0];
const HIP: Place = [90.0, 915.0];
const KNEE: Place = [100.0, 500.0];

/// Where arms begin, by height and distance from the middle, from above.
const ARMPIT: [Place; 6] = [
    [150.0, 1446.0],
    [150.0, 1420.0],
    [161.0, 1380.0],
    [185.0, 1128.0],
    [203.0, 850.0],
    [192.0, 640.0],
];
/// Where legs begin: heights by distance from the middle.
const GROIN: [Place; 4] = [[0.0, 835.0], [75.0, 835.0], [110.0, 905.0], [130.0, 925.0]];

impl Segment {
    /// What a place of the atlas belongs to.
    pub fn of([left, height]: Place) -> Self {
        let side = if left > 0.0 { Side::Left } else { Side::Right };
        let away = left.abs();
        let (top, bottom) = (ARMPIT[0][1], ARMPIT[5][1]);
        if height < top && height > bottom {
            let pair = ARMPIT.windows(2).find(|w| w[1][1] <= height).unwrap_or(&ARMPIT[4..]);
            let t = (height - pair[1][1]) / (pair[0][1] - pair[1][1]);
            if away > pair[1][0] + t * (pair[0][0] - pair[1][0]) {
                return Self::Arm(side);
            }
        }
        let groin = match GROIN.windows(2).find(|w| away <= w[1][0]) {
            Some(w) => w[0][1] + (away - w[0][0]) / (w[1][0] - w[0][0]) * (w[1][1] - w[0][1]),
            None => GROIN[3][1],
        };
        if height < groin { Self::Leg(side) } else { Self::Trunk }
    }

    fn joints(self) -> [Place; 2] {
        let mirrored = |side: Side, joints: [Place; 2]| match side {
            Side::Left => joints,
            Side::Right => joints.map(|[left, height]| [-left, height]),
        };
        match self {
            Self::Arm(side) => mirrored(side, [SHOULDER, ELBOW]),
            Self::Leg(side) => mirrored(side, [HIP, KNEE]),
            Self::Trunk => [[0.0; 2]; 2],
        }
    }

    /// 1 where swinging away from the body goes to the left.
    fn outwards(self) -> f64 {
        match self {
            Self::Arm(Side::Right) | Self::Leg(Side::Right) => -1.0,
            _ => 1.0,
        }
    }
}

/// One limb as the patient holds it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Limb {
    pub segment: Segment,
    /// Of its two long parts, over the atlas's.
    lengths: [f64; 2],
    /// Of the root, mm: outwards and up.
    shift: [f64; 2],
    /// Sine and cosine of the angles, to the left.
    turns: [[f64; 2]; 2],
}

impl Limb {
    /// Angles, degrees away from the body at its root and at its middle joint; lengths of its two
    /// parts over the atlas's; and the shift of its root, mm outwards and up.
    fn posed(segment: Segment, [first, second, upper, lower, out, up]: [f64; 6]) -> Self {
        let outwards = segment.outwards();
        let turn = |degrees: f64| {
            let (sin, cos) = (outwards * degrees).to_radians().sin_cos();
            [sin, cos]
        };
        Self {
            segment,
            lengths: [upper, lower],
            shift: [outwards * out, up],
            turns: [turn(first), turn(second)],
        }
    }

    /// The atlas's place of what lies at `place`.
    pub fn undone(&self, place: Place) -> Place {
        let [root, joint] = self.segment.joints();
        let moved = [place[0] - self.shift[0], place[1] - self.shift[1]];
        let back = turned(moved, root, self.turns[0], -1.0);
        let [upper, lower] = self.lengths;
        let back = scaled(back, root, 1.0 / upper);
        match back[1] < joint[1] {
            true => scaled(turned(back, joint, self.turns[1], -1.0), joint, upper / lower),
            false => back,
        }
    }

    /// Where a place of the atlas lies.
    fn held(&self, place: Place) -> Place {
        let [root, joint] = self.segment.joints();
        let [upper, lower] = self.lengths;
        let out = match place[1] < joint[1] {
            true => turned(scaled(place, joint, lower / upper), joint, self.turns[1], 1.0),
            false => place,
        };
        let out = turned(scaled(out, root, upper), root, self.turns[0], 1.0);
        [out[0] + self.shift[0], out[1] + self.shift[1]]
    }

    /// How the patient holds a limb; `None` where none is seen.
    pub fn find(segment: Segment, patient: &Features, atlas: &Features) -> Option<Self> {
        let cells = cells(segment, atlas);
        let cost = |parameters: [f64; 6]| {
            let limb = Self::posed(segment, parameters);
            let cost: f64 = cells
                .iter()
                .map(|cell| {
                    let [left, height] = limb.held(cell.place);
                    let seen = patient.at(row_of(height), column_of(left));
                    f64::from(unlike(seen, cell.looks))
                })
                .sum();
            // Dislocated and stretched limbs are dear.
            let [_, second, upper, lower, out, up] = parameters;
            let odd = (out / 15.0).powi(2)
                + (up / 15.0).powi(2)
                + ((upper - 1.0) / 0.06).powi(2)
                + ((lower - 1.0) / 0.06).powi(2)
                + (second / 20.0).powi(2);
            cost / cells.len() as f64 + 0.002 * odd
        };
        let (firsts, seconds): (Vec<f64>, &[f64]) = match segment {
            Segment::Arm(_) => {
                let firsts = (-4..=14).map(|i| 2.0 * f64::from(i));
                (firsts.collect(), &[-16.0, -8.0, 0.0, 8.0, 16.0, 26.0])
            }
            _ => ((-6..=8).map(f64::from).collect(), &[-3.0, 0.0, 3.0]),
        };
        // The knee may lie higher or lower between hip and foot.
        let lengths: &[[f64; 2]] = match segment {
            Segment::Arm(_) => &[[1.0, 1.0]],
            _ => &[[1.0, 1.0], [0.9, 1.08], [1.08, 0.93]],
        };
        let starts = firsts.iter().flat_map(|&first| {
            seconds.iter().flat_map(move |&second| {
                lengths.iter().map(move |&[u, l]| [first, second, u, l, 0.0, 0.0])
            })
        });
        let mut best = starts.map(|p| (cost(p), p)).min_by(|a, b| a.0.total_cmp(&b.0))?;
        for fineness in [1.0, 0.5, 0.25] {
            let steps = [1.0, 3.0, 0.02, 0.02, 5.0, 5.0].map(|s| s * fineness);
            for _ in 0..4 {
                let before = best.0;
                for (which, step) in steps.into_iter().enumerate() {
                    for by in [-step, step] {
                        let mut next = best.1;
                        next[which] += by;
                        let there = cost(next);
                        if there < best.0 {
                            best = (there, next);
                        }
                    }
                }
                if best.0 == before {
                    break;
                }
            }
        }
        let limb = Self::posed(segment, best.1);
        // Bone that shines much less than it should is not there.
        let (mut seen, mut wanted) = (0.0, 0.0);
        for cell in cells.iter().filter(|c| c.looks[0] > 0.5) {
            let [left, height] = limb.held(cell.place);
            seen += f64::from(patient.at(row_of(height), column_of(left))[0]);
            wanted += f64::from(cell.looks[0]);
        }
        (seen > LEAST_SEEN * wanted).then_some(limb)
    }
}

/// The part of its brightness that a limb must show.
const LEAST_SEEN: f64 = 0.45;

/// A piece of a limb in the atlas, and how it looks there.
struct Cell {
    place: Place,
    looks: [f32; 2],
}

fn cells(segment: Segment, atlas: &Features) -> Vec<Cell> {
    (0..ROWS)
        .step_by(2)
        .flat_map(|row| (0..COLUMNS).step_by(2).map(move |column| (row, column)))
        .map(|(row, column)| (row, column, place_of(row as f64, column as f64)))
        .filter(|&(_, _, place)| Segment::of(place) == segment)
        .map(|(row, column, place)| Cell { place, looks: atlas.looks(row, column) })
        .collect()
}

fn scaled(place: Place, about: Place, by: f64) -> Place {
    [0, 1].map(|i| about[i] + (place[i] - about[i]) * by)
}

fn turned(place: Place, about: Place, [sin, cos]: [f64; 2], sign: f64) -> Place {
    let (dx, dz, sin) = (place[0] - about[0], place[1] - about[1], sign * sin);
    // What hangs below a joint swings to the left for a positive sine.
    [about[0] + dx * cos - dz * sin, about[1] + dx * sin + dz * cos]
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn places_belong_to_what_they_move_with() {
        assert_eq!(Segment::of([0.0, 1300.0]), Segment::Trunk);
        assert_eq!(Segment::of([-208.0, 1128.0]), Segment::Arm(Side::Right));
        assert_eq!(Segment::of([240.0, 760.0]), Segment::Arm(Side::Left));
        assert_eq!(Segment::of([110.0, 600.0]), Segment::Leg(Side::Left));
        assert_eq!(Segment::of([-58.0, 850.0]), Segment::Trunk);
        assert_eq!(Segment::of([0.0, 1700.0]), Segment::Trunk);
    }

    proptest! {
        #[test]
        fn limbs_are_held_and_let_go(
            first in -8.0..28.0f64, second in -15.0..25.0f64, length in 0.9..1.1f64,
            height in 660.0..1000.0f64,
        ) {
            for segment in LIMBS {
                let lengths = [length, 2.0 - length];
                let limb = Limb::posed(segment, [first, second, lengths[0], lengths[1], 4.0, -3.0]);
                let place = [segment.outwards() * 215.0, height];
                let back = limb.undone(limb.held(place));
                prop_assert!((back[0] - place[0]).abs() < 1e-6 && (back[1] - place[1]).abs() < 1e-6);
            }
        }

        #[test]
        fn a_hand_swings_away_from_the_body(first in 1.0..28.0f64) {
            let limb = Limb::posed(Segment::Arm(Side::Right), [first, 0.0, 1.0, 1.0, 0.0, 0.0]);
            prop_assert!(limb.held([-240.0, 760.0])[0] < -240.0);
        }
    }
}
