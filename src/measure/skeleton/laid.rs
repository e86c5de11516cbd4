//! The atlas laid over one patient: which place of the atlas each pixel shows.

use ndarray::Array2;
use rayon::prelude::*;

use crate::geometry::{Pixel, Point};

use super::atlas::{Atlas, Bone, CELL, COLUMNS, ROWS, column_of, place_of, row_of};
use super::elastic::Elastic;
use super::features::Features;
use super::heights::Heights;
use super::limbs::{LIMBS, Limb, Segment};
use super::straight::Straight;
use super::widths::Widths;

/// Even widths of a patient that are tried first, over the atlas's.
const WIDTHS: [f64; 3] = [0.88, 1.0, 1.13];

pub struct Laid<'a> {
    atlas: &'a Atlas,
    straight: &'a Straight,
    heights: Heights,
    widths: Widths,
    limbs: Vec<Limb>,
    elastic: Elastic,
    /// Mean unlikeness of patient and atlas where the atlas shines.
    pub cost: f64,
}

/// What the atlas says of a place.
#[derive(Clone, Copy, Debug, Default)]
pub struct Told {
    pub bone: Bone,
    pub confidence: f32,
    brightness: f32,
    /// Where the atlas has it: millimetres down from its top, and to the patient's left.
    pub place: Option<[f32; 2]>,
}

impl<'a> Laid<'a> {
    /// `None` where nothing of the frame looks like a body.
    pub fn over(straight: &'a Straight, atlas: &'a Atlas) -> Option<Self> {
        let model = Features::of(&atlas.picture)?;
        let rows = (straight.length() / CELL) as usize;
        let level = |row: usize| row as f64 * CELL;
        let tried = WIDTHS.into_par_iter().filter_map(|width| {
            let patient = Features::of(&laid_out(straight, rows, level, |_| width))?;
            Some((width, Heights::fit(&patient, &model, None)?))
        });
        let tried: Vec<(f64, Heights)> = tried.collect();
        let (base, first) = tried.into_iter().min_by(|a, b| a.1.cost.total_cmp(&b.1.cost))?;
        let height = |row: f64| place_of(row, 0.0)[1];
        let upright = |heights: &Heights, widths: &Widths| {
            let down = |row: usize| heights.patient_row(row as f64) * CELL;
            let wide = |row: usize| widths.at(height(row as f64));
            Features::of(&laid_out(straight, ROWS, down, wide))
        };
        let widths = Widths::fit(&upright(&first, &Widths::even(base))?, &model, base);
        // Legs apart and arms away would be taken for other heights: once it is known how they are
        // held, heights are sought anew.
        let limbs = held(&upright(&first, &widths)?, &model);
        let wide = |row: usize| widths.at(height(first.atlas_row(row as f64)));
        let patient = Features::of(&laid_out(straight, rows, level, wide))?;
        let heights = Heights::fit(&patient, &posed(atlas, &limbs)?, Some(&first))?;
        let patient = upright(&heights, &widths)?;
        let limbs = held(&patient, &model);
        let posed = posed(atlas, &limbs)?;
        let elastic = Elastic::fit(&patient, &posed);
        let cost = heights.cost;
        Some(Self { atlas, straight, heights, widths, limbs, elastic, cost })
    }

    /// What is seen at a pixel.
    pub fn at(&self, pixel: Point<Pixel>) -> Told {
        let [down, left] = self.straight.place_of(pixel);
        let row = self.heights.atlas_row(down / CELL);
        let column = column_of(left / self.widths.at(place_of(row, 0.0)[1]));
        let [by_row, by_column] = self.elastic.at(row, column);
        told(self.atlas, &self.limbs, place_of(row + by_row, column + by_column))
    }
}

/// How a patient holds the limbs; those that are not seen are left out.
fn held(patient: &Features, model: &Features) -> Vec<Limb> {
    LIMBS.into_par_iter().filter_map(|limb| Limb::find(limb, patient, model)).collect()
}

/// The atlas with its limbs held so.
fn posed(atlas: &Atlas, limbs: &[Limb]) -> Option<Features> {
    let mut picture = Array2::zeros((ROWS, COLUMNS));
    for ((row, column), cell) in picture.indexed_iter_mut() {
        *cell = told(atlas, limbs, place_of(row as f64, column as f64)).brightness;
    }
    Features::of(&picture)
}

/// What the atlas, its limbs held so, shows at a place: of several structures the brightest.
fn told(atlas: &Atlas, limbs: &[Limb], place: [f64; 2]) -> Told {
    let trunk = (Segment::of(place) == Segment::Trunk).then_some(place);
    let held = limbs.iter().filter_map(|limb| {
        let place = limb.undone(place);
        (Segment::of(place) == limb.segment).then_some(place)
    });
    let seen = trunk.into_iter().chain(held).filter_map(|[left, height]| {
        let (row, column) = (row_of(height).round(), column_of(left).round());
        if row < 0.0 || column < 0.0 {
            return None;
        }
        let at = [row as usize, column as usize];
        let bone = *atlas.bones.get(at)?;
        let place = Some([(row_of(height) * CELL) as f32, left as f32]);
        Some(Told { bone, confidence: atlas.confidence[at], brightness: atlas.picture[at], place })
    });
    seen.reduce(|a, b| if b.brightness > a.brightness { b } else { a }).unwrap_or_default()
}

/// The patient on columns of the atlas: rows lie so far `down`, and are so `wide` over the atlas.
fn laid_out(
    straight: &Straight,
    rows: usize,
    down: impl Fn(usize) -> f64,
    wide: impl Fn(usize) -> f64,
) -> Array2<f32> {
    let mut picture = Array2::zeros((rows, COLUMNS));
    for (row, mut line) in picture.rows_mut().into_iter().enumerate() {
        let width = wide(row);
        let lefts = (0..COLUMNS).map(|c| place_of(0.0, c as f64)[0] * width);
        let values = straight.line(down(row), lefts);
        line.iter_mut().zip(values).for_each(|(cell, v)| *cell = v);
    }
    picture
}
