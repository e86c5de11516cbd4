//! Candidate lesions: places that are hotter than they should be.
//!
//! Places that stand out at any of three sizes (`seeds`) are looked at one by one: what speaks for
//! them is `evidence`, drawn from their surroundings, their counterpart on the other side, the bone
//! above and below, the opposite view, and what is `normal` there in this patient. Where heat is
//! usual is said by `zone`; a `score` weighs all of it, and the best of each place `grow` to
//! outlines. Places that both views see are one candidate, each view's half naming the other.
//!
//! A candidate is a place to look at and nothing more.

mod evidence;
mod grow;
mod normal;
mod scene;
mod score;
mod seeds;
mod zone;

use crate::findings::{Site, SiteFamily, Symmetry};
use crate::geometry::{Outline, Pixel, Point, Side};
use crate::study::{Frame, FrameKey, ViewName};

use super::skeleton::{Label, Skeleton};
use super::{ConjugateView, conjugate_point};

pub use evidence::Evidence;
pub use score::{Ground, Reason};

use evidence::{Sight, evidence};
use normal::Normal;
use scene::{Place, SCALES, Scene};
use seeds::{Seed, seeds};
use zone::{kind, zone};

/// A view that is searched, with all that is known about it.
pub struct HotspotView<'a> {
    pub key: FrameKey,
    pub frame: &'a Frame,
    /// How its two sides answer to each other; without it nothing is compared with its twin.
    pub symmetry: Option<&'a Symmetry>,
    /// Without it nothing is compared with what is usual, and candidates have no names.
    pub skeleton: Option<&'a Skeleton>,
    /// What the reader said is no bone: nothing is sought there.
    pub not_bone: Vec<Outline>,
}

/// What a candidate is taken for, by its place and looks. It is no diagnosis.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum HotspotKind {
    Bone,
    /// In bone, where joints wear.
    Joint,
    Kidney,
    Bladder,
    /// Outside the bladder.
    Urine,
    InjectionSite,
}

impl HotspotKind {
    pub const ALL: [Self; 6] =
        [Self::Bone, Self::Joint, Self::Kidney, Self::Bladder, Self::Urine, Self::InjectionSite];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Bone => "bone",
            Self::Joint => "joint",
            Self::Kidney => "kidney",
            Self::Bladder => "bladder",
            Self::Urine => "urine",
            Self::InjectionSite => "injection site",
        }
    }

    /// Whether it is activity in bone.
    pub fn in_bone(self) -> bool {
        matches!(self, Self::Bone | Self::Joint)
    }
}

/// A place that may be a lesion.
#[derive(Clone, Debug, PartialEq)]
pub struct Hotspot {
    pub frame: FrameKey,
    /// Where it stands out most.
    pub center: Point<Pixel>,
    pub outline: Outline,
    /// Mean inside the outline over the level of what surrounds it.
    pub contrast: f64,
    /// 0 to 1: the larger, the less likely to be normal.
    pub score: f64,
    pub kind: HotspotKind,
    /// From geometry; `None` close to the midline and where the file does not say.
    pub side: Option<Side>,
    pub label: Option<Label>,
    pub evidence: Evidence,
    /// What the score is made of, the weightiest first.
    pub reasons: Vec<Reason>,
    /// The place of the same candidate in the opposite view, in the list that it is part of.
    pub conjugate: Option<usize>,
}

/// Above this score candidates in bone are worth a look: in patients drawn by lot about one false
/// one in two scans is above it.
pub const HOTSPOT_THRESHOLD: f64 = score::THRESHOLD;

/// Candidates below this are not kept.
const FAINTEST: f64 = 0.05;
/// Activity outside bone is listed where it stands out so much from its surroundings.
const EVIDENT: f64 = 0.35;
/// What stands out less from its surroundings, or less from noise, is no seed.
const LEAST_AROUND: f64 = 0.15;
const LEAST_Z: f64 = 5.0;
/// Nor is what has less than a seventh of the uptake of bone.
const COLDEST: f64 = -2.0;
/// Two candidates lie further apart than so many mm, and so many times the larger one's scale.
const APART: (f64, f64) = (10.0, 1.2);
/// Halves of one candidate lie closer than this in the two views, mm.
const SAME: f64 = 22.0;
/// So close to the midline a place has no side, mm.
const MIDDLE: f64 = 6.0;

/// All candidates of views that were taken together, the highest score first.
///
/// A pure function: the same views give the same list, on any number of threads.
pub fn find_hotspots(views: &[HotspotView<'_>]) -> Vec<Hotspot> {
    use rayon::prelude::*;
    let scenes: Vec<Option<Scene<'_>>> =
        views.par_iter().map(|view| Scene::of(view.frame, view.symmetry)).collect();
    let sights: Vec<Option<Sight<'_>>> = scenes
        .par_iter()
        .zip(views)
        .map(|(scene, view)| {
            let scene = scene.as_ref()?;
            let normal = view.skeleton.and_then(|skeleton| Normal::of(scene, skeleton));
            Some(Sight { scene, normal })
        })
        .collect();
    let found: Vec<Vec<Hotspot>> =
        (0..views.len()).into_par_iter().map(|i| of_view(views, &sights, i)).collect();
    let mut all: Vec<Hotspot> = found.into_iter().flatten().collect();
    // A stable sort: equal scores stay in the order of views and rows.
    all.sort_by(|a, b| b.score.total_cmp(&a.score));
    pair(views, &mut all);
    all
}

/// A seed with all that is known of its place.
struct Weighed {
    seed: Seed,
    here: Point<Pixel>,
    place: Place,
    site: Option<Site>,
    evidence: Evidence,
    kind: HotspotKind,
    score: f64,
    reasons: Vec<Reason>,
}

fn of_view(views: &[HotspotView<'_>], sights: &[Option<Sight<'_>>], index: usize) -> Vec<Hotspot> {
    let view = &views[index];
    let Some(sight) = &sights[index] else { return Vec::new() };
    let opposite = opposite_of(views, index);
    let mut weighed: Vec<Weighed> = seeds(sight.scene)
        .into_iter()
        .filter(|seed| seed.z >= LEAST_Z)
        .filter_map(|seed| {
            let here = sight.scene.pixel(seed.row as f64, seed.column as f64);
            if view.not_bone.iter().any(|o| o.contains(here)) {
                return None;
            }
            let other = opposite.and_then(|other| {
                let there = conjugate_point(side(view), side(&views[other]), here).ok()?;
                Some((sights[other].as_ref()?, there))
            });
            let evidence = evidence(sight, &seed, other);
            if evidence.around < LEAST_AROUND || evidence.bone < COLDEST {
                return None;
            }
            let place = sight.scene.place(here);
            let site = view.skeleton.and_then(|s| s.at(here)).map(|label| label.site);
            let zone = zone(&place, site, view.frame.view.view, seed.scale);
            let kind = kind(zone, &place, site, &evidence, seed.scale);
            let told = sight.normal.is_some();
            let (score, reasons) = score::score(&evidence, zone, seed.scale, told);
            Some(Weighed { seed, here, place, site, evidence, kind, score, reasons })
        })
        .collect();
    weighed.sort_by(|a, b| b.score.total_cmp(&a.score));
    let mut found: Vec<(Hotspot, f64, std::collections::BTreeSet<[i64; 2]>)> = Vec::new();
    for one in weighed {
        let worth = match one.kind.in_bone() {
            true => one.score >= FAINTEST,
            false => one.evidence.around >= EVIDENT && fits(one.kind, one.site),
        };
        let scale = SCALES[one.seed.scale];
        let taken = |(other, other_scale, cells): &(Hotspot, f64, _)| {
            let cells: &std::collections::BTreeSet<[i64; 2]> = cells;
            let mm = view.frame.spacing_or_unit().plane_from_pixel();
            let apart = mm.transform_vector(one.here - other.center).length();
            apart < APART.0 + APART.1 * scale.max(*other_scale)
                || cells.contains(&[one.seed.row as i64, one.seed.column as i64])
        };
        if !worth || found.iter().any(taken) {
            continue;
        }
        let seed = [one.seed.row, one.seed.column];
        let Some(grown) = grow::grow(sight.scene, seed, one.seed.scale) else { continue };
        let hotspot = hotspot(view, one, &grown);
        found.push((hotspot, scale, grown.cells));
    }
    found.into_iter().map(|(hotspot, ..)| hotspot).collect()
}

/// What a pelvic bone or a limb shows near a kidney is no kidney.
fn fits(kind: HotspotKind, site: Option<Site>) -> bool {
    let near = [SiteFamily::Spine, SiteFamily::Chest, SiteFamily::NotBone];
    kind != HotspotKind::Kidney || site.is_none_or(|site| near.contains(&site.family()))
}

fn hotspot(view: &HotspotView<'_>, one: Weighed, grown: &grow::Grown) -> Hotspot {
    let (columns, rows) = (view.frame.columns(), view.frame.rows());
    let inside = grown.outline.pixels(columns, rows).map(|(c, r)| view.frame.values.at(c, r));
    let (sum, count) = inside.fold((0.0, 0.0), |(sum, n), v| (sum + v, n + 1.0));
    let contrast = sum / f64::max(count, 1.0) / grown.surround.max(f64::MIN_POSITIVE);
    let label = view.skeleton.and_then(|s| s.name_of(&grown.outline).or_else(|| s.at(one.here)));
    let sided = one.place.aside.abs() > MIDDLE;
    let midline = view.symmetry.map(|s| &s.midline).filter(|_| sided);
    Hotspot {
        frame: view.key.clone(),
        center: one.here,
        outline: grown.outline.clone(),
        contrast,
        score: one.score,
        kind: one.kind,
        side: midline.and_then(|m| m.side_of(one.here, &view.frame.laterality)),
        label,
        evidence: one.evidence,
        reasons: one.reasons,
        conjugate: None,
    }
}

fn side<'a>(view: &HotspotView<'a>) -> ConjugateView<'a> {
    ConjugateView { frame: view.frame, midline: view.symmetry.map(|s| &s.midline) }
}

/// The view that sees the same from the other side.
fn opposite_of(views: &[HotspotView<'_>], index: usize) -> Option<usize> {
    let wanted = super::opposite(views[index].frame.view.view)?;
    let fits = |other: &usize| {
        views[*other].frame.view.view == wanted
            && views[*other].key.series == views[index].key.series
    };
    (0..views.len()).find(fits)
}

/// Names the other half of what both views see. Nearest first, each at most once.
fn pair(views: &[HotspotView<'_>], all: &mut [Hotspot]) {
    let view_of = |hotspot: &Hotspot| views.iter().position(|v| v.key == hotspot.frame);
    let mut near: Vec<(f64, usize, usize)> = Vec::new();
    for (i, front) in all.iter().enumerate() {
        let Some(from) = view_of(front) else { continue };
        if views[from].frame.view.view == ViewName::Posterior {
            continue;
        }
        let Some(to) = opposite_of(views, from) else { continue };
        let there = conjugate_point(side(&views[from]), side(&views[to]), front.center);
        let Ok(there) = there else { continue };
        for (k, back) in all.iter().enumerate() {
            let mm = views[to].frame.spacing_or_unit().plane_from_pixel();
            let apart = mm.transform_vector(back.center - there).length();
            let alike = front.kind.in_bone() == back.kind.in_bone();
            if back.frame == views[to].key && apart < SAME && alike {
                near.push((apart, i, k));
            }
        }
    }
    near.sort_by(|a, b| a.0.total_cmp(&b.0));
    for (_, i, k) in near {
        if all[i].conjugate.is_none() && all[k].conjugate.is_none() {
            (all[i].conjugate, all[k].conjugate) = (Some(k), Some(i));
        }
    }
}

/// What a patient has in each cell of the map of normal uptake, which is made of it.
pub fn uptake_by_place(view: &HotspotView<'_>) -> Vec<(usize, f32)> {
    let scene = Scene::of(view.frame, view.symmetry);
    scene.zip(view.skeleton).map_or_else(Vec::new, |(scene, s)| normal::levels(&scene, s))
}

/// The map of normal uptake as a picture, from what patients have in its cells.
pub fn normal_uptake_map(patients: impl IntoIterator<Item = Vec<(usize, f32)>>) -> Vec<u8> {
    let mut values = vec![Vec::new(); normal::CELLS];
    for (cell, value) in patients.into_iter().flatten() {
        values[cell].push(value);
    }
    normal::drawn(&mut values)
}
