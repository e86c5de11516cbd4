//! The bone scan index: how much of the skeleton lesions involve, in percent of its weight.
//!
//! Each lesion's outline is a shadow. Its area becomes a volume (`extent`), which is divided among
//! the parts of the skeleton whose names its pixels have; a part's involved fraction is the volume
//! in it over its own, and the index is the sum of fractions times `weights`. Front and back show
//! the same skeleton: of each part the view counts that shows more of it involved.

mod extent;
mod weights;

use std::collections::BTreeMap;

use statrs::distribution::{ContinuousCDF, Normal};

use crate::geometry::{Outline, Point, Side};
use crate::study::Frame;
use crate::units::Level;

use super::Skeleton;
use weights::{PARTS, SkeletonPart, WEIGHTS};

/// A whole-body frame with the names of its bones.
#[derive(Clone, Copy)]
pub struct NamedView<'a> {
    pub frame: &'a Frame,
    pub skeleton: &'a Skeleton,
}

/// A lesion on one of the views.
#[derive(Clone, Debug)]
pub struct IndexedLesion {
    pub name: String,
    /// Which of the views, counted from 0.
    pub view: usize,
    pub outline: Outline,
}

/// The index with its arithmetic.
#[derive(Clone, Debug, PartialEq)]
pub struct BoneScanIndex {
    /// Percent of the skeleton's weight.
    pub percent: f64,
    /// From counting noise and from the hand that draws.
    pub interval: [f64; 2],
    pub level: Level,
    /// Names the table of weights.
    pub weights: &'static str,
    /// Percent of the skeleton's volume, without weights.
    pub volume_percent: f64,
    /// The area of all lesions over that of all bone, percent: of the view that shows more.
    pub positive_area_percent: f64,
    /// For each view, how many times the bone of the atlas's adult of 1.76 m the patient is taken
    /// to have.
    pub sizes: Vec<f64>,
    /// The parts with lesions, head to foot.
    pub parts: Vec<InvolvedPart>,
    /// Lesions on no bone that has a name.
    pub unplaced: Vec<String>,
}

/// One line of the worksheet: `contribution = weight × fraction`.
#[derive(Clone, Debug, PartialEq)]
pub struct InvolvedPart {
    pub name: String,
    pub side: Option<Side>,
    pub weight_percent: f64,
    /// 0 to 1.
    pub fraction: f64,
    pub contribution_percent: f64,
    /// Which of the views counted.
    pub view: usize,
    pub lesions: Vec<String>,
}

/// Why there is no index.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoIndex {
    #[error("no lesion has been accepted")]
    NoLesions,
    #[error("no view shows the whole skeleton with its bones named")]
    NoSkeleton,
}

/// A hand draws the edge of a lesion to about so many pixels.
const HAND: f64 = 0.5;
/// The area that bones cover in the names laid over the atlas's own adult, mm². Names are wider than
/// bones by the camera's blur, in her as in every patient.
const ATLAS_AREA: f64 = 353_700.0;
/// From her vertex to her soles, mm.
const ATLAS_LENGTH: f64 = 1760.0;

type Part = (usize, Option<Side>);

/// The bone scan index of lesions on the views of one scan.
///
/// # Errors
/// Without lesions, or without a named skeleton.
pub fn bone_scan_index(
    views: &[NamedView<'_>],
    lesions: &[IndexedLesion],
    level: Level,
) -> Result<BoneScanIndex, NoIndex> {
    if lesions.is_empty() {
        return Err(NoIndex::NoLesions);
    }
    if views.is_empty() {
        return Err(NoIndex::NoSkeleton);
    }
    let sizes: Vec<Size> = views.iter().map(Size::of).collect();
    let shares: Vec<Share> = lesions
        .iter()
        .filter_map(|lesion| Share::of(lesion, views.get(lesion.view)?, sizes.get(lesion.view)?))
        .collect();
    let unplaced = lesions
        .iter()
        .filter(|l| !shares.iter().any(|s| s.name == l.name && s.view == l.view))
        .map(|l| l.name.clone())
        .collect();
    let parts = involved(&shares, &sizes, |share| share.volume);
    let percent: f64 = parts.iter().map(|p| p.contribution_percent).sum();
    let index = |of: fn(&Share) -> f64| -> f64 {
        involved(&shares, &sizes, of).iter().map(|p| p.contribution_percent).sum()
    };
    // Every edge is drawn by one hand; counts of different lesions vary by themselves.
    let hand = 0.5 * (index(|s| s.grown) - index(|s| s.shrunk));
    let noise = parts.iter().map(|part| part_noise(part, &shares).powi(2)).sum::<f64>().sqrt();
    let wide = Normal::standard().inverse_cdf(1.0 - 0.5 * level.alpha()) * hand.hypot(noise);
    let volume = |part: &InvolvedPart| {
        let of = PARTS.iter().find(|p| p.named(part.side) == part.name);
        of.map_or(0.0, |p| part.fraction * p.volume())
    };
    let whole: f64 =
        PARTS.iter().map(|p| if p.paired { 2.0 * p.volume() } else { p.volume() }).sum();
    let positive = (0..views.len()).map(|view| {
        let own = shares.iter().filter(|s| s.view == view);
        100.0 * own.map(|s| s.area).sum::<f64>() / sizes[view].area.max(1.0)
    });
    Ok(BoneScanIndex {
        percent,
        interval: [(percent - wide).max(0.0), (percent + wide).min(100.0)],
        level,
        weights: WEIGHTS,
        volume_percent: 100.0 * parts.iter().map(volume).sum::<f64>() / whole,
        positive_area_percent: positive.fold(0.0, f64::max),
        sizes: sizes.iter().map(|size| size.volume).collect(),
        parts,
        unplaced,
    })
}

/// The standard deviation of a part's contribution that counting leaves.
fn part_noise(part: &InvolvedPart, shares: &[Share]) -> f64 {
    let own = || shares.iter().filter(|s| s.view == part.view && part.lesions.contains(&s.name));
    let all: f64 = own().map(|s| s.volume).sum();
    let squares: f64 = own().map(|s| (s.noise * s.volume).powi(2)).sum();
    if all > 0.0 { part.contribution_percent * squares.sqrt() / all } else { 0.0 }
}

/// The parts with lesions: of each part the view that shows more of it involved.
fn involved(shares: &[Share], sizes: &[Size], volume: impl Fn(&Share) -> f64) -> Vec<InvolvedPart> {
    let mut sums: BTreeMap<(Part, usize), (f64, Vec<String>)> = BTreeMap::new();
    for share in shares {
        for &(part, of_it) in &share.parts {
            let sum = sums.entry((part, share.view)).or_default();
            sum.0 += of_it * volume(share);
            sum.1.push(share.name.clone());
        }
    }
    let mut parts: BTreeMap<Part, InvolvedPart> = BTreeMap::new();
    for ((key, view), (volume, lesions)) in sums {
        let part = &PARTS[key.0];
        let fraction = (volume / (part.volume() * sizes[view].volume)).clamp(0.0, 1.0);
        let line = InvolvedPart {
            name: part.named(key.1),
            side: key.1,
            weight_percent: part.percent(),
            fraction,
            contribution_percent: part.percent() * fraction,
            view,
            lesions,
        };
        match parts.get(&key) {
            Some(known) if known.fraction >= fraction => {}
            _ => {
                parts.insert(key, line);
            }
        }
    }
    parts.into_values().collect()
}

/// How large a patient is.
struct Size {
    /// Of all named bone, mm².
    area: f64,
    /// Times as deep, and times as much volume, as the atlas's adult.
    depth: f64,
    volume: f64,
}

impl Size {
    /// A body that is wider is taken to be deeper in the same measure.
    fn of(view: &NamedView<'_>) -> Self {
        let spacing = view.frame.spacing_or_unit();
        let [columns, rows] = view.skeleton.size();
        let (mut pixels, mut first, mut last) = (0.0, rows, 0);
        for row in 0..rows {
            for column in 0..columns {
                let label = view.skeleton.at(Point::new(column as f64, row as f64));
                if label.is_some_and(|l| l.site.bone()) {
                    pixels += 1.0;
                    first = first.min(row);
                    last = last.max(row);
                }
            }
        }
        let area = pixels * spacing.pixel_area();
        let length = (last.saturating_sub(first) + 1) as f64 * spacing.y() / ATLAS_LENGTH;
        let depth = area / ATLAS_AREA / length;
        Self { area, depth, volume: length * depth * depth }
    }
}

/// A lesion's volume and the parts it lies in.
struct Share {
    name: String,
    view: usize,
    /// mm².
    area: f64,
    /// mm³: as drawn, and with the edge a hand's error further out or in.
    volume: f64,
    grown: f64,
    shrunk: f64,
    /// Relative standard deviation of the volume from counting noise.
    noise: f64,
    /// Adds up to 1.
    parts: Vec<(Part, f64)>,
}

impl Share {
    /// `None` where no pixel of the lesion has the name of a bone.
    fn of(lesion: &IndexedLesion, view: &NamedView<'_>, size: &Size) -> Option<Self> {
        let spacing = view.frame.spacing_or_unit();
        let mut pixels: BTreeMap<Part, f64> = BTreeMap::new();
        for (column, row) in lesion.outline.pixels(view.frame.columns(), view.frame.rows()) {
            let label = view.skeleton.at(Point::new(column as f64, row as f64));
            let part = label.and_then(|l| Some((SkeletonPart::of(l.site)?, l)));
            if let Some((index, label)) = part {
                let side = label.side.filter(|_| PARTS[index].paired);
                *pixels.entry((index, side)).or_default() += 1.0;
            }
        }
        let all: f64 = pixels.values().sum();
        let parts: Vec<(Part, f64)> = pixels.into_iter().map(|(p, n)| (p, n / all)).collect();
        let depth =
            parts.iter().map(|((part, _), share)| share * PARTS[*part].depth()).sum::<f64>();
        let volume = |by: f64| {
            let outline = resized(&lesion.outline, by);
            extent::volume(&outline, spacing, depth * size.depth)
        };
        (!parts.is_empty()).then(|| Self {
            name: lesion.name.clone(),
            view: lesion.view,
            area: lesion.outline.area_mm2(spacing),
            volume: volume(0.0),
            grown: volume(HAND),
            shrunk: volume(-HAND),
            noise: noise(view.frame, &lesion.outline),
            parts,
        })
    }
}

/// The outline with its edge so many pixels further out.
fn resized(outline: &Outline, by: f64) -> Outline {
    let radius = (outline.area() / std::f64::consts::PI).sqrt().max(1e-3);
    let scale = ((radius + by) / radius).max(0.1);
    let center = outline.centroid();
    outline.rescaled(center, center, [scale; 2])
}

/// The relative standard deviation of a lesion's net counts over those of a ring around it: as
/// uncertain as its height is where its half height lies.
fn noise(frame: &Frame, outline: &Outline) -> f64 {
    let sums = |outline: &Outline| {
        let pixels = outline.pixels(frame.columns(), frame.rows());
        pixels.fold((0.0, 0.0), |(sum, n), (x, y)| (sum + frame.values.at(x, y), n + 1.0))
    };
    let (counts, pixels) = sums(outline);
    let (outer, outer_pixels) = sums(&resized(outline, 5.0));
    let (inner, inner_pixels) = sums(&resized(outline, 2.0));
    let (around, ring) = (outer - inner, outer_pixels - inner_pixels);
    if ring <= 0.0 || counts <= 0.0 {
        return 1.0;
    }
    let net = counts - around * pixels / ring;
    let variance = counts + around * (pixels / ring).powi(2);
    if net > 0.0 { (variance.sqrt() / net).min(1.0) } else { 1.0 }
}
