//! The bones of a normal adult as either detector sees them: what is laid over a patient.

use std::sync::LazyLock;

use ndarray::{Array2, ArrayView2, s};

use crate::findings::Site;
use crate::geometry::Side;
use crate::study::ViewName;

/// For each view a picture and below it the bones, in cells of 4 mm, from the patient's right to
/// the left and head first. `tests/headless/skeleton.rs` makes them from the simulator's normal
/// adult.
const ANTERIOR: &[u8] = include_bytes!("../../../assets/atlas/skeleton_anterior.pgm");
const POSTERIOR: &[u8] = include_bytes!("../../../assets/atlas/skeleton_posterior.pgm");
/// The bones' names; the first has the number 1.
const SITES: &str = include_str!("../../../assets/atlas/skeleton_sites.txt");

/// Side of a cell, mm.
pub const CELL: f64 = 4.0;
pub const ROWS: usize = 464;
pub const COLUMNS: usize = 144;
/// Height of the middle of the atlas above the heels, mm.
const MIDDLE: f64 = 876.0;

/// A bone's place in `NAMES`, from 1; 0 is none.
pub type Bone = u8;

/// The skeleton in one view.
pub struct Atlas {
    /// Square root of the expected counts; bright bone has about 1.
    pub picture: Array2<f32>,
    /// The bone that sends most light to each cell, and a cell round about.
    pub bones: Array2<Bone>,
    /// The probability that the bone is seen there.
    pub confidence: Array2<f32>,
}

/// Sites and sides by bone: those that are drawn, and what no atlas can draw.
pub static NAMES: LazyLock<Vec<(Site, Option<Side>)>> = LazyLock::new(|| {
    let side = |name: &str| match name.split_once(' ') {
        Some(("left", _)) => Some(Side::Left),
        Some(("right", _)) => Some(Side::Right),
        _ => None,
    };
    let drawn = SITES.lines().filter_map(|name| Some((Site::parse(name)?, side(name))));
    let injected = [Side::Left, Side::Right].map(|side| (Site::InjectionSite, Some(side)));
    drawn.chain(injected).collect()
});

static VIEWS: LazyLock<[Option<Atlas>; 2]> =
    LazyLock::new(|| [ANTERIOR, POSTERIOR].map(Atlas::read));

/// Row of a height above the heels, mm; and column of a distance to the patient's left.
pub fn row_of(height: f64) -> f64 {
    0.5 * (ROWS as f64 - 1.0) - (height - MIDDLE) / CELL
}

pub fn column_of(left: f64) -> f64 {
    0.5 * (COLUMNS as f64 - 1.0) + left / CELL
}

/// The place of a row and a column: millimetres to the left of the middle, and above the heels.
pub fn place_of(row: f64, column: f64) -> [f64; 2] {
    [CELL * (column - column_of(0.0)), CELL * (row_of(0.0) - row)]
}

impl Atlas {
    /// `None` for views other than the two that a whole body is seen from.
    pub fn of(view: ViewName) -> Option<&'static Self> {
        match view {
            ViewName::Anterior => VIEWS[0].as_ref(),
            ViewName::Posterior => VIEWS[1].as_ref(),
            _ => None,
        }
    }

    fn read(pgm: &[u8]) -> Option<Self> {
        let pixels = pgm.strip_prefix(format!("P5 {COLUMNS} {} 255\n", 2 * ROWS).as_bytes())?;
        let both = ArrayView2::from_shape((2 * ROWS, COLUMNS), pixels).ok()?;
        let picture = both.slice(s![..ROWS, ..]).mapv(|v| f32::from(v) / 128.0);
        let drawn = both.slice(s![ROWS.., ..]).to_owned();
        let bones = widened(&drawn);
        let confidence = purity(&bones, &drawn).mapv(trust);
        Some(Self { picture, bones, confidence })
    }
}

/// Every bone a cell wider: the camera blurs it, and what lies at its edge belongs to it.
fn widened(bones: &Array2<Bone>) -> Array2<Bone> {
    let around = |row: usize, column: usize| {
        let rows = row.saturating_sub(1)..=(row + 1).min(ROWS - 1);
        rows.flat_map(move |y| {
            let columns = column.saturating_sub(1)..=(column + 1).min(COLUMNS - 1);
            columns.map(move |x| bones[[y, x]])
        })
    };
    Array2::from_shape_fn(bones.dim(), |(row, column)| match bones[[row, column]] {
        0 => {
            let near: Vec<Bone> = around(row, column).filter(|&b| b > 0).collect();
            let most = near.iter().max_by_key(|&b| (near.iter().filter(|&o| o == b).count(), *b));
            most.copied().unwrap_or(0)
        }
        bone => bone,
    })
}

/// How often a bone was seen that has such a purity, in views of two dozen patients drawn by lot
/// (`cargo bench --bench accuracy -- labels` asks others).
const SEEN: [(f32, f32); 10] = [
    (0.0, 0.03),
    (0.17, 0.06),
    (0.26, 0.14),
    (0.34, 0.23),
    (0.45, 0.56),
    (0.55, 0.72),
    (0.65, 0.80),
    (0.75, 0.91),
    (0.86, 0.93),
    (1.0, 0.95),
];

/// What a purity is worth.
fn trust(purity: f32) -> f32 {
    if purity <= 0.0 {
        return 0.0;
    }
    let next = SEEN.partition_point(|(p, _)| *p < purity).clamp(1, SEEN.len() - 1);
    let ((low, seen_low), (high, seen_high)) = (SEEN[next - 1], SEEN[next]);
    seen_low + (purity - low) / (high - low) * (seen_high - seen_low)
}

/// How far from its place a bone may well lie, as a standard deviation, mm.
const SLACK: f64 = 5.0;

/// Around each cell of a bone, the weight of cells that are drawn as the same bone.
fn purity(bones: &Array2<Bone>, drawn: &Array2<Bone>) -> Array2<f32> {
    let reach = (2.0 * SLACK / CELL).ceil() as isize;
    let sigma = SLACK / CELL;
    let weights: Vec<(isize, isize, f64)> = (-reach..=reach)
        .flat_map(|dy| (-reach..=reach).map(move |dx| (dy, dx)))
        .map(|(dy, dx)| (dy, dx, (-0.5 * ((dy * dy + dx * dx) as f64) / (sigma * sigma)).exp()))
        .collect();
    Array2::from_shape_fn(bones.dim(), |(row, column)| {
        let bone = bones[[row, column]];
        if bone == 0 {
            return 0.0;
        }
        let (mut same, mut all) = (0.0, 0.0);
        for &(dy, dx, weight) in &weights {
            let at = (row.checked_add_signed(dy), column.checked_add_signed(dx));
            let (Some(y), Some(x)) = at else { continue };
            let other = drawn.get([y, x]).copied().unwrap_or_default();
            all += weight;
            same += if other == bone { weight } else { 0.0 };
        }
        (same / all) as f32
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_bone_of_the_atlas_has_a_name() {
        assert_eq!(NAMES.len(), SITES.lines().count() + 2);
        for view in [ViewName::Anterior, ViewName::Posterior] {
            let atlas = Atlas::of(view).unwrap();
            assert!(atlas.bones.iter().all(|&b| usize::from(b) <= NAMES.len()));
            let at = |left: f64, height: f64| {
                let place = [row_of(height).round() as usize, column_of(left).round() as usize];
                let bone = atlas.bones[place];
                (bone > 0).then(|| NAMES[usize::from(bone) - 1])
            };
            assert_eq!(at(108.0, 600.0), Some((Site::FemoralShaft, Some(Side::Left))));
            assert_eq!(at(-187.0, 1300.0), Some((Site::Humerus, Some(Side::Right))));
            assert_eq!(at(0.0, 1085.0), Some((Site::Lumbar(3), None)));
            assert_eq!(at(0.0, 500.0), None);
        }
    }
}
