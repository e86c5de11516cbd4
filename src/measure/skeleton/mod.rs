//! The regions of the skeleton in one view: an atlas of bones laid over the patient.
//!
//! The patient is laid `straight` along the midline, compared with the `atlas` by robust
//! `features`, and stretched until `heights` agree. What comes out names the bone under every
//! pixel, and how sure that is.

mod atlas;
mod features;
mod heights;
mod straight;

use ndarray::Array2;
use rayon::prelude::*;

use crate::findings::{Midline, Site};
use crate::geometry::{Outline, Pixel, Point, Side};
use crate::study::{Frame, ViewName};

use atlas::{Atlas, Bone, CELL, COLUMNS, NAMES, ROWS, column_of};
use features::Features;
use heights::Heights;
use straight::Straight;

/// The name of a place.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Label {
    pub site: Site,
    /// `None` for sites without a side, and where the file does not say which side is where.
    pub side: Option<Side>,
    /// The probability, 0 to 1, that the site is seen there.
    pub confidence: f64,
}

/// Why a frame has no names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoSkeleton {
    #[error("bones are told in anterior and posterior views only")]
    NotFrontal,
    #[error("the file states no pixel spacing")]
    NoSpacing,
    #[error("the frame shows part of a body; bones are told on whole-body frames only")]
    Partial,
    #[error("the picture does not look like a whole body")]
    NoFit,
}

/// Which bone each pixel of a frame shows. `[row, column]` of the stored frame.
#[derive(Clone, Debug)]
pub struct Skeleton {
    bones: Array2<Bone>,
    confidence: Array2<f32>,
    /// Whether the file tells left from right.
    sided: bool,
}

/// Frames shorter than this show part of a body, mm.
const SHORTEST: f64 = 1150.0;
/// Widths of a patient that are tried, over the atlas's.
const WIDTHS: [f64; 5] = [0.84, 0.92, 1.0, 1.08, 1.16];
/// Costs per cell above this are no likeness.
const UNLIKE: f64 = 0.3;

impl Skeleton {
    /// Lays the atlas over a whole-body frame.
    pub fn fit(frame: &Frame, midline: &Midline) -> Result<Self, NoSkeleton> {
        if !matches!(frame.view.view, ViewName::Anterior | ViewName::Posterior) {
            return Err(NoSkeleton::NotFrontal);
        }
        let atlas = Atlas::of(frame.view.view).ok_or(NoSkeleton::NotFrontal)?;
        let straight = Straight::of(frame, midline).ok_or(NoSkeleton::NoSpacing)?;
        if straight.length() < SHORTEST {
            return Err(NoSkeleton::Partial);
        }
        let model = Features::of(&atlas.picture).ok_or(NoSkeleton::NoFit)?;
        let tried = WIDTHS.into_par_iter().filter_map(|width| {
            let patient = Features::of(&laid_out(&straight, width))?;
            Some((width, Heights::fit(&patient, &model, 1.0)?))
        });
        let tried: Vec<(f64, Heights)> = tried.collect();
        let best = tried.into_iter().min_by(|a, b| a.1.cost.total_cmp(&b.1.cost));
        let (width, heights) = best.ok_or(NoSkeleton::NoFit)?;
        if heights.cost > UNLIKE {
            return Err(NoSkeleton::NoFit);
        }
        let (rows, columns) = (frame.rows(), frame.columns());
        let told: Vec<(Bone, f32)> = (0..rows * columns)
            .into_par_iter()
            .map(|i| {
                let point = Point::new((i % columns) as f64, (i / columns) as f64);
                let [down, left] = straight.place_of(point);
                let row = heights.atlas_row(down / CELL).round();
                let column = column_of(left / width).round();
                let inside =
                    row >= 0.0 && column >= 0.0 && row < ROWS as f64 && column < COLUMNS as f64;
                match inside {
                    true => {
                        let at = [row as usize, column as usize];
                        (atlas.bones[at], atlas.purity[at])
                    }
                    false => (0, 0.0),
                }
            })
            .collect();
        let bones = told.iter().map(|t| t.0).collect();
        let confidence = told.iter().map(|t| t.1).collect();
        Ok(Self {
            bones: Array2::from_shape_vec((rows, columns), bones).map_err(|_| NoSkeleton::NoFit)?,
            confidence: Array2::from_shape_vec((rows, columns), confidence)
                .map_err(|_| NoSkeleton::NoFit)?,
            sided: frame.side_of_larger_columns().is_some(),
        })
    }

    /// The name of the pixel a point lies in; `None` where no bone and no organ is expected.
    pub fn at(&self, point: Point<Pixel>) -> Option<Label> {
        let (column, row) = (point.x.round(), point.y.round());
        if column < 0.0 || row < 0.0 {
            return None;
        }
        let at = [row as usize, column as usize];
        self.label(*self.bones.get(at)?, *self.confidence.get(at)?)
    }

    fn label(&self, bone: Bone, confidence: f32) -> Option<Label> {
        let (site, side) = *NAMES.get(usize::from(bone.checked_sub(1)?))?;
        let side = side.filter(|_| self.sided);
        Some(Label { site, side, confidence: f64::from(confidence) })
    }

    /// The name of most of a region, by how sure each of its pixels is; the confidence is that
    /// name's share of the region. `None` where less than a tenth of the region is named.
    pub fn name_of(&self, outline: &Outline) -> Option<Label> {
        let (rows, columns) = self.bones.dim();
        let mut shares = vec![0.0; NAMES.len() + 1];
        let mut pixels = 0usize;
        for (column, row) in outline.pixels(columns, rows) {
            pixels += 1;
            shares[usize::from(self.bones[[row, column]])] +=
                f64::from(self.confidence[[row, column]]);
        }
        let (bone, share) = shares.iter().enumerate().skip(1).max_by(|a, b| a.1.total_cmp(b.1))?;
        if *share < 0.1 * pixels as f64 {
            return None;
        }
        self.label(bone as Bone, (share / pixels as f64) as f32)
    }

    /// The pixels of a site, `(column, row)`; those of both sides where none is asked for.
    pub fn pixels_of(
        &self,
        site: Site,
        side: Option<Side>,
    ) -> impl Iterator<Item = (usize, usize)> + '_ {
        let wanted: Vec<bool> = std::iter::once(false)
            .chain(NAMES.iter().map(|name| name.0 == site && (side.is_none() || name.1 == side)))
            .collect();
        // Without left and right in the file a side cannot be asked for.
        let answerable = side.is_none() || self.sided;
        let pixels = self.bones.indexed_iter().filter(move |_| answerable);
        pixels.filter_map(move |((row, column), &bone)| {
            wanted[usize::from(bone)].then_some((column, row))
        })
    }

    /// Columns and rows of the frame.
    pub fn size(&self) -> [usize; 2] {
        let (rows, columns) = self.bones.dim();
        [columns, rows]
    }
}

/// The patient on rows and columns of the atlas's size, `width` times as wide as the atlas.
fn laid_out(straight: &Straight, width: f64) -> Array2<f32> {
    let rows = (straight.length() / CELL) as usize;
    let mut picture = Array2::zeros((rows, COLUMNS));
    for (row, mut line) in picture.rows_mut().into_iter().enumerate() {
        let lefts = (0..COLUMNS).map(|c| (c as f64 - column_of(0.0)) * CELL * width);
        let values = straight.line(row as f64 * CELL, lefts);
        line.iter_mut().zip(values).for_each(|(cell, v)| *cell = v);
    }
    picture
}
