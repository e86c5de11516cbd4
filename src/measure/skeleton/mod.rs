//! The regions of the skeleton in one view: an atlas of bones laid over the patient.
//!
//! The patient is laid `straight` along the midline, compared with the `atlas` by robust
//! `features`, and stretched until `heights` and `widths` agree. Then `limbs` are found as they are
//! held, and an `elastic` field takes up the rest. All of it is the atlas `laid` over the patient:
//! it names the bone under every pixel, and says how sure that is. Urine and the place of the
//! injection are no part of any anatomy: `organs` looks for them where they usually are.

mod atlas;
mod elastic;
mod features;
mod heights;
mod laid;
mod limbs;
mod organs;
mod straight;
mod widths;

use std::ops::Range;

use ndarray::Array2;
use rayon::prelude::*;

use crate::findings::{Midline, Site};
use crate::geometry::{Outline, Pixel, Point, Side};
use crate::study::{Frame, ViewName};

use atlas::{Atlas, Bone, NAMES};
use laid::Laid;
use organs::Organs;
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

/// Pixels of a row that lie beside one another and have one name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BoneRun {
    pub row: usize,
    pub columns: Range<usize>,
    pub site: Site,
    /// The confidence is above 0.6 in all of them, or in none.
    pub sure: bool,
}

/// From this confidence on a run is sure.
const SURE: f32 = 0.6;

/// Which bone each pixel of a frame shows. `[row, column]` of the stored frame.
#[derive(Clone, Debug)]
pub struct Skeleton {
    bones: Array2<Bone>,
    confidence: Array2<f32>,
    runs: Vec<BoneRun>,
    /// Where the atlas has each pixel: millimetres down from its top, and to the patient's left.
    places: Array2<Option<[f32; 2]>>,
    /// Whether the file tells left from right.
    sided: bool,
}

/// Frames shorter than this show part of a body, mm.
const SHORTEST: f64 = 1150.0;
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
        let laid = Laid::over(&straight, atlas).ok_or(NoSkeleton::NoFit)?;
        if laid.cost > UNLIKE {
            return Err(NoSkeleton::NoFit);
        }
        let (rows, columns) = (frame.rows(), frame.columns());
        let told: Vec<_> = (0..rows * columns)
            .into_par_iter()
            .map(|i| laid.at(Point::new((i % columns) as f64, (i / columns) as f64)))
            .collect();
        let bones = told.iter().map(|t| t.bone).collect();
        let confidence = told.iter().map(|t| t.confidence).collect();
        let places = told.iter().map(|t| t.place).collect();
        let size = (rows, columns);
        let shaped = |_| NoSkeleton::NoFit;
        let mut bones = Array2::from_shape_vec(size, bones).map_err(shaped)?;
        let mut confidence = Array2::from_shape_vec(size, confidence).map_err(shaped)?;
        let places = Array2::from_shape_vec(size, places).map_err(shaped)?;
        Organs {
            roots: straight.picture(),
            pitch: straight.pitch(),
            bones: &mut bones,
            confidence: &mut confidence,
        }
        .find();
        let runs = runs(&bones, &confidence);
        let sided = frame.side_of_larger_columns().is_some();
        Ok(Self { bones, confidence, runs, places, sided })
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

    /// Where the atlas has a place: millimetres down from its top, and to the patient's left. The
    /// same place of any two patients has the same numbers, however they are posed. `None` where
    /// the atlas has nothing.
    pub(super) fn atlas_place(&self, point: Point<Pixel>) -> Option<[f64; 2]> {
        let (column, row) = (point.x.round(), point.y.round());
        if column < 0.0 || row < 0.0 {
            return None;
        }
        let place = *self.places.get([row as usize, column as usize])?;
        place.map(|place| place.map(f64::from))
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

    /// All named pixels, for drawing.
    pub fn runs(&self) -> &[BoneRun] {
        &self.runs
    }

    /// Columns and rows of the frame.
    pub fn size(&self) -> [usize; 2] {
        let (rows, columns) = self.bones.dim();
        [columns, rows]
    }
}

fn runs(bones: &Array2<Bone>, confidence: &Array2<f32>) -> Vec<BoneRun> {
    let mut runs = Vec::new();
    for (row, line) in bones.rows().into_iter().enumerate() {
        let looks = |column: usize| (line[column], confidence[[row, column]] >= SURE);
        let mut start = 0;
        while start < line.len() {
            let here = looks(start);
            let end = (start + 1..line.len()).find(|&c| looks(c) != here).unwrap_or(line.len());
            let name = here.0.checked_sub(1).and_then(|bone| NAMES.get(usize::from(bone)));
            if let Some(&(site, _)) = name {
                runs.push(BoneRun { row, columns: start..end, site, sure: here.1 });
            }
            start = end;
        }
    }
    runs
}
