//! Hot here or cold there? Two sides that differ do not say which of them is out of the ordinary;
//! what lies around both does.

use crate::geometry::{Outline, Pixel, Point, Spacing};

use super::distance;
use super::kernel::{Discs, RADIUS};
use super::spread::median;
use crate::measure::Skeleton;

/// What is out of the ordinary about the reported side.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Sign {
    /// More than its surroundings and its counterpart.
    Hot,
    /// Less: photopenic.
    Cold,
}

pub struct Judged {
    pub sign: Sign,
    pub clear: bool,
}

/// The neighbourhood reaches this far from the edge of an area, mm, beyond one disc's blur.
const AROUND: f64 = 50.0;
/// Fewer places of the same bone say nothing.
const FEWEST: usize = 12;
/// The call is clear where one side lies this many times as far from normal as the other.
const CLEARLY: f64 = 1.5;

/// Without names of bones: places of the neighbourhood with nearly as much as the higher side has,
/// and how large a part of it they are where bone goes on and where something stands out.
const ALIKE: f64 = 0.85;
const GOES_ON: f64 = 0.16;
const STANDS_OUT: f64 = 0.06;

/// Which of two sides is out of the ordinary.
///
/// With names, normal is the median of the bone around both sides that belongs to the same part of
/// the body; the side that lies further from it, as a ratio, is out of the ordinary.
///
/// Without names, the rule is that bone goes on beyond an area, along a shaft, a rib, a crest: where
/// a good part of the neighbourhood is nearly as high as the higher side, that side is normal and
/// the other cold; where next to nothing is, it is hot. In between the call is made at the middle
/// and said to be unclear.
pub fn judged(
    higher: &Outline,
    lower: &Outline,
    discs: &Discs,
    spacing: Spacing,
    [columns, rows]: [usize; 2],
    skeleton: Option<&Skeleton>,
) -> Option<Judged> {
    let density = |outline: &Outline| {
        let (counts, pixels) = discs.inside(outline);
        (pixels > 0).then(|| counts as f64 / pixels as f64)
    };
    let (high, low) = (density(higher)?, density(lower)?);
    let (mut alike, mut all, mut same_bone) = (0usize, 0usize, Vec::new());
    for outline in [higher, lower] {
        let centre = outline.centroid();
        let family = skeleton.and_then(|names| Some(names.name_of(outline)?.site.family()));
        let size = (outline.area_mm2(spacing) / std::f64::consts::PI).sqrt();
        let (near, far) = (size + RADIUS, size + RADIUS + AROUND);
        let reach = [far / spacing.x(), far / spacing.y()];
        let range = |centre: f64, reach: f64, size: usize| {
            let low = (centre - reach).max(0.0) as usize;
            (low..((centre + reach).max(0.0) as usize + 1).min(size)).step_by(2)
        };
        for row in range(centre.y, reach[1], rows) {
            for column in range(centre.x, reach[0], columns) {
                let at: Point<Pixel> = Point::new(column as f64, row as f64);
                if !(near..far).contains(&distance(at, centre, spacing)) {
                    continue;
                }
                let Some((counts, pixels)) = discs.at(at) else { continue };
                let label = skeleton.and_then(|names| names.at(at));
                if family.is_some() && label.map(|l| l.site.family()) == family {
                    same_bone.push(counts / pixels);
                }
                all += 1;
                alike += usize::from(counts / pixels >= ALIKE * high);
            }
        }
    }
    if same_bone.len() >= FEWEST
        && let Some(normal) = median(&mut same_bone).filter(|&n| n > 0.0)
    {
        let least = 0.01 * normal;
        let above = (high.max(least) / normal).ln().abs();
        let below = (low.max(least) / normal).ln().abs();
        let sign = if above > below { Sign::Hot } else { Sign::Cold };
        let clear = above.max(below) > CLEARLY * above.min(below);
        return Some(Judged { sign, clear });
    }
    let share = if all > 0 { alike as f64 / all as f64 } else { 0.0 };
    let sign = if share > 0.5 * (GOES_ON + STANDS_OUT) { Sign::Cold } else { Sign::Hot };
    Some(Judged { sign, clear: !(STANDS_OUT..GOES_ON).contains(&share) })
}
