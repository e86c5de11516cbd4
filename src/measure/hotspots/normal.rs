//! What normal uptake looks like: how hot every place of a body usually is, and how much patients
//! differ there.
//!
//! A map in the coordinates of the skeleton's atlas, its two halves folded into one, made of
//! patients drawn by lot (`tests/headless/hotspots.rs`): for each view and size that is sought, the
//! median over patients of the logarithm of the smoothed level over that of the patient's bone, and
//! the spread above it. Worn joints, kidneys and bladder differ much between patients, so the map
//! itself says where heat means little. No patient is expected to be as hot as the map: what is
//! compared is a place against the patient's own surroundings and their other side, each less what
//! the map expects there. The principle is that of normal databases (M. Sadik et al., Eur. J. Nucl.
//! Med. Mol. Imaging 33 (2006) 1119–1126); the numbers are our own.

use std::sync::LazyLock;

use crate::geometry::{Pixel, Point};
use crate::measure::skeleton::Skeleton;
use crate::study::ViewName;

use super::scene::{SOUGHT, Scene};

/// Side of a cell, mm, and how many there are down the body and out from its middle.
const CELL: f64 = 8.0;
const ROWS: usize = 232;
const COLUMNS: usize = 36;
const SCALES: usize = SOUGHT.end - SOUGHT.start;
const PLANE: usize = ROWS * COLUMNS;
/// Cells of the whole map: two views, three sizes.
pub(super) const CELLS: usize = 2 * SCALES * PLANE;

/// Medians, and below them spreads, plane by plane.
const MAP: &[u8] = include_bytes!("../../../assets/atlas/normal_uptake.pgm");
/// The first byte's logarithm and how much a step is; a step of the spread.
const FLOOR: f64 = -5.0;
const STEP: f64 = 8.0 / 255.0;
const SPREAD_STEP: f64 = 2.0 / 255.0;
/// Patients differ at least so much, and here no bone is expected.
const LEAST_SPREAD: f64 = 0.05;
const NO_BONE: f64 = -3.0;

/// A patient's surroundings reach so far, mm: down and across.
const AROUND: [f64; 2] = [90.0, 60.0];
/// Levels of the surroundings are taken on cells of this size, mm, where the map expects at least
/// so much.
const BLOCK: f64 = 16.0;
const SURE: f64 = -1.6;
/// Fewer blocks do not tell a level.
const FEWEST: usize = 8;

/// Logarithms of the usual level over that of bone, and of the spread.
struct Map {
    usual: Vec<f32>,
    spread: Vec<f32>,
}

static NORMAL: LazyLock<Option<Map>> = LazyLock::new(|| {
    let header = format!("P5 {COLUMNS} {} 255\n", 2 * CELLS / COLUMNS);
    let bytes = MAP.strip_prefix(header.as_bytes()).filter(|b| b.len() == 2 * CELLS)?;
    let (usual, spread) = bytes.split_at(CELLS);
    Some(Map {
        usual: usual.iter().map(|&b| (FLOOR + STEP * f64::from(b)) as f32).collect(),
        spread: spread.iter().map(|&b| (SPREAD_STEP * f64::from(b)) as f32).collect(),
    })
});

/// The map as a picture, from the values that patients have in each cell.
pub(super) fn drawn(values: &mut [Vec<f32>]) -> Vec<u8> {
    let header = format!("P5 {COLUMNS} {} 255\n", 2 * CELLS / COLUMNS);
    let mut bytes = header.into_bytes();
    let at = |sorted: &[f32], q: f64| f64::from(sorted[((sorted.len() - 1) as f64 * q) as usize]);
    let byte = |v: f64| v.round().clamp(0.0, 255.0) as u8;
    let mut spreads = Vec::with_capacity(values.len());
    for cell in values {
        cell.sort_by(f32::total_cmp);
        if cell.len() < FEWEST {
            bytes.push(0);
            spreads.push(byte(1.0 / SPREAD_STEP));
            continue;
        }
        let usual = at(cell, 0.5);
        // As those of a bell curve, by the 85th and 95th percentile: heat is what is asked.
        let spread = ((at(cell, 0.85) - usual) / 1.036).max((at(cell, 0.95) - usual) / 1.645);
        bytes.push(byte((usual - FLOOR) / STEP));
        spreads.push(byte(spread / SPREAD_STEP));
    }
    bytes.extend(spreads);
    bytes
}

/// The number of a cell. `place` is millimetres down the atlas and to the patient's left.
fn index(view: ViewName, scale: usize, place: [f64; 2]) -> Option<usize> {
    let view = match view {
        ViewName::Anterior => 0,
        ViewName::Posterior => 1,
        _ => return None,
    };
    let (row, column) = ((place[0] / CELL).floor(), (place[1].abs() / CELL).floor());
    let inside = row >= 0.0 && row < ROWS as f64 && column < COLUMNS as f64;
    let plane = view * SCALES + scale.checked_sub(SOUGHT.start)?;
    inside.then(|| plane * PLANE + row as usize * COLUMNS + column as usize)
}

/// A patient laid on the map.
pub(super) struct Normal<'a> {
    scene: &'a Scene<'a>,
    skeleton: &'a Skeleton,
    map: &'static Map,
    /// Place of each block, and how far it is above the map.
    blocks: Vec<([f64; 2], f64)>,
    /// The median over all of them.
    gain: f64,
}

impl<'a> Normal<'a> {
    pub fn of(scene: &'a Scene<'a>, skeleton: &'a Skeleton) -> Option<Self> {
        let map = NORMAL.as_ref()?;
        let scale = SOUGHT.start + 1;
        let mut sums = std::collections::BTreeMap::<[i64; 2], (f64, f64)>::new();
        let (rows, columns) = scene.smooth[scale].dim();
        for row in (0..rows).step_by(2) {
            for column in (0..columns).step_by(2) {
                let here = scene.pixel(row as f64, column as f64);
                let place = skeleton.atlas_place(here);
                let cell = place.and_then(|p| index(scene.frame.view.view, scale, p));
                let (Some(place), Some(cell)) = (place, cell) else { continue };
                let usual = f64::from(map.usual[cell]);
                if usual >= SURE {
                    let above = scene.relative(scene.smooth[scale][[row, column]]) - usual;
                    let block = place.map(|mm| (mm / BLOCK).floor() as i64);
                    let (sum, count) = sums.entry(block).or_default();
                    (*sum, *count) = (*sum + above, *count + 1.0);
                }
            }
        }
        let blocks: Vec<_> = sums
            .into_iter()
            .map(|(block, (sum, count))| (block.map(|b| (b as f64 + 0.5) * BLOCK), sum / count))
            .collect();
        let gain = median(blocks.iter().map(|b| b.1).collect())?;
        Some(Self { scene, skeleton, map, blocks, gain })
    }

    /// How far a place is above what is usual there, in parts of the spread over patients and of
    /// counting noise, measured against the patient's own surroundings on both sides.
    pub fn regional_z(&self, scale: usize, here: Point<Pixel>) -> Option<f64> {
        let place = self.skeleton.atlas_place(here)?;
        let cell = index(self.scene.frame.view.view, scale, place)?;
        let level = self.scene.level(scale, here)?;
        let above = self.scene.relative(level) - f64::from(self.map.usual[cell]);
        let counts = self.scene.counts(scale, level).max(1.0);
        let spread = f64::from(self.map.spread[cell]);
        let noise = (spread * spread + 1.0 / counts + LEAST_SPREAD * LEAST_SPREAD).sqrt();
        Some((above - self.own_level(place)) / noise)
    }

    /// Logarithm of the level over the usual one, against the whole patient; `None` where no bone
    /// is expected.
    pub fn excess(&self, scale: usize, here: Point<Pixel>) -> Option<f64> {
        let place = self.skeleton.atlas_place(here)?;
        let cell = index(self.scene.frame.view.view, scale, place)?;
        let usual = f64::from(self.map.usual[cell]);
        let level = self.scene.relative(self.scene.level(scale, here)?);
        (usual >= NO_BONE).then_some(level - usual - self.gain)
    }

    /// The level of the patient's own surroundings above the map.
    fn own_level(&self, place: [f64; 2]) -> f64 {
        let near = |block: &&([f64; 2], f64)| {
            (block.0[0] - place[0]).abs() < AROUND[0]
                && (block.0[1].abs() - place[1].abs()).abs() < AROUND[1]
        };
        let levels: Vec<f64> = self.blocks.iter().filter(near).map(|block| block.1).collect();
        match levels.len() {
            0..FEWEST => self.gain,
            _ => median(levels).unwrap_or(self.gain),
        }
    }
}

/// What a patient has in each cell of the map, each half for itself.
pub(super) fn levels(scene: &Scene<'_>, skeleton: &Skeleton) -> Vec<(usize, f32)> {
    let mut levels = Vec::new();
    for scale in SOUGHT {
        let mut sums = std::collections::BTreeMap::<(usize, bool), (f64, f64)>::new();
        for ((row, column), &value) in scene.smooth[scale].indexed_iter() {
            let place = skeleton.atlas_place(scene.pixel(row as f64, column as f64));
            let Some(place) = place else { continue };
            let Some(cell) = index(scene.frame.view.view, scale, place) else { continue };
            let (sum, count) = sums.entry((cell, place[1] < 0.0)).or_default();
            (*sum, *count) = (*sum + scene.relative(value), *count + 1.0);
        }
        levels.extend(sums.into_iter().map(|((cell, _), (sum, n))| (cell, (sum / n) as f32)));
    }
    levels
}

fn median(mut values: Vec<f64>) -> Option<f64> {
    let middle = values.len() / 2;
    (!values.is_empty()).then(|| *values.select_nth_unstable_by(middle, f64::total_cmp).1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_map_is_there_and_bone_is_hotter_than_flesh() {
        let map = NORMAL.as_ref().expect("the map");
        let usual = |view, place| map.usual[index(view, SOUGHT.start, place).unwrap()];
        // Millimetres from the top of the atlas, whose middle is 876 mm above the heels.
        let down = |height: f64| 926.0 + 876.0 - height;
        let spine = usual(ViewName::Posterior, [down(1085.0), 0.0]);
        // Between the ribs and the iliac crest.
        let flank = usual(ViewName::Posterior, [down(1100.0), 120.0]);
        assert!(spine > flank + 1.0, "{spine} {flank}");
        assert_eq!(index(ViewName::Unknown, 1, [0.0, 0.0]), None);
        assert_eq!(index(ViewName::Anterior, 1, [-1.0, 0.0]), None);
    }

    #[test]
    fn a_map_is_drawn_as_it_is_read() {
        let mut cells = vec![Vec::new(); CELLS];
        cells[7] = (0..21).map(|i| -1.0 + 0.01 * i as f32).collect();
        let bytes = drawn(&mut cells);
        let start = bytes.len() - 2 * CELLS;
        let usual = FLOOR + STEP * f64::from(bytes[start + 7]);
        assert!((usual + 0.9).abs() < STEP, "{usual}");
        assert_eq!(bytes[start], 0);
    }
}
