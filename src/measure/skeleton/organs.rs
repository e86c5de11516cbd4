//! Activity that is not bone, found where it usually is: the bladder, whose filling no atlas knows,
//! and the place of the injection.

use ndarray::Array2;

use crate::findings::Site;
use crate::geometry::Side;

use super::atlas::{Bone, NAMES};

/// A filled bladder is brighter than so many times the pelvis round about, in counts.
const BRIGHT_BLADDER: f32 = 1.6;
/// The tracer left at the injection is brighter than so many times the brightest of the other arm,
/// in counts; worn joints and lesions are seldom so.
const BRIGHT_INJECTION: f32 = 5.0;
/// Where on the way from the surroundings to the brightest pixel an organ ends, in counts.
const EDGE: f32 = 0.45;
/// Neither reaches further than this from its brightest pixel, mm.
const WIDEST: f64 = 75.0;
const SURE: f32 = 0.95;
const FAIRLY: f32 = 0.7;

/// Parts of an arm that tracer is injected into.
const INJECTED: [Site; 4] = [Site::Elbow, Site::Forearm, Site::Wrist, Site::Hand];

/// Names of the pixels of a frame, and what they show: roots of smoothed counts.
pub struct Organs<'a> {
    pub roots: &'a Array2<f32>,
    /// Distance between pixels, mm.
    pub pitch: [f64; 2],
    pub bones: &'a mut Array2<Bone>,
    pub confidence: &'a mut Array2<f32>,
}

impl Organs<'_> {
    pub fn find(&mut self) {
        self.bladder();
        for side in [Side::Left, Side::Right] {
            self.injection(side);
        }
    }

    fn bladder(&mut self) {
        let Some(bladder) = bone(Site::Bladder, None) else { return };
        let Some((at, root)) = self.brightest(|name| name == bladder) else { return };
        let about = |sites: &[Site]| {
            self.median(|name| site_of(name).is_some_and(|(site, _)| sites.contains(&site)))
        };
        // From behind the sacrum is the brightest of the pelvis, and close by.
        let pelvis = about(&[Site::Hip, Site::Pubis, Site::Ischium]);
        let sacrum = about(&[Site::Sacrum]);
        let brighter = pelvis.into_iter().chain(sacrum).max_by(f32::total_cmp);
        if let Some(around) = brighter
            && root * root > BRIGHT_BLADDER * around * around
        {
            self.fill(at, [around, root], bladder, SURE);
        }
    }

    fn injection(&mut self, side: Side) {
        let Some(injected) = bone(Site::InjectionSite, Some(side)) else { return };
        let of = |name: Bone, side: Side| {
            site_of(name).is_some_and(|(site, s)| INJECTED.contains(&site) && s == Some(side))
        };
        let here = self.brightest(|name| of(name, side));
        let there = self.brightest(|name| of(name, side.opposite()));
        if let (Some((at, root)), Some((_, other))) = (here, there)
            && root * root > BRIGHT_INJECTION * other * other
        {
            self.fill(at, [other, root], injected, FAIRLY);
        }
    }

    fn brightest(&self, of: impl Fn(Bone) -> bool) -> Option<([usize; 2], f32)> {
        let named = self.bones.indexed_iter().filter(|(_, name)| of(**name));
        let lit = named.map(|((row, column), _)| ([row, column], self.roots[[row, column]]));
        lit.max_by(|a, b| a.1.total_cmp(&b.1))
    }

    fn median(&self, of: impl Fn(Bone) -> bool) -> Option<f32> {
        let named = self.bones.indexed_iter().filter(|(_, name)| of(**name));
        let mut roots: Vec<f32> = named.map(|(at, _)| self.roots[at]).collect();
        let middle = roots.len() / 2;
        (!roots.is_empty()).then(|| *roots.select_nth_unstable_by(middle, f32::total_cmp).1)
    }

    /// Bone that no urine is taken for, though it may hang together with it.
    fn surely_bone(&self, at: [usize; 2]) -> bool {
        let apart = |site| {
            matches!(
                site,
                Site::SacroiliacJoint | Site::Ilium | Site::Lumbar(_) | Site::ProximalFemur
            )
        };
        self.confidence[at] > 0.5 && site_of(self.bones[at]).is_some_and(|(site, _)| apart(site))
    }

    /// Names what hangs together round a bright pixel; `roots` are those of the surroundings and
    /// of the pixel.
    fn fill(&mut self, from: [usize; 2], roots: [f32; 2], name: Bone, confidence: f32) {
        let [around, top] = roots.map(|root| root * root);
        let edge = (around + EDGE * (top - around)).sqrt();
        let (rows, columns) = self.roots.dim();
        let near = |[row, column]: [usize; 2]| {
            let down = (row as f64 - from[0] as f64) * self.pitch[1];
            let across = (column as f64 - from[1] as f64) * self.pitch[0];
            down.hypot(across) < WIDEST
        };
        let mut filled = Array2::from_elem((rows, columns), false);
        let mut open = vec![from];
        while let Some(at @ [row, column]) = open.pop() {
            if filled[at] || self.roots[at] < edge || !near(at) || self.surely_bone(at) {
                continue;
            }
            filled[at] = true;
            self.bones[at] = name;
            self.confidence[at] = confidence;
            open.extend([
                [row.saturating_sub(1), column],
                [(row + 1).min(rows - 1), column],
                [row, column.saturating_sub(1)],
                [row, (column + 1).min(columns - 1)],
            ]);
        }
    }
}

fn bone(site: Site, side: Option<Side>) -> Option<Bone> {
    let at = NAMES.iter().position(|name| *name == (site, side))?;
    Bone::try_from(at + 1).ok()
}

fn site_of(name: Bone) -> Option<(Site, Option<Side>)> {
    NAMES.get(usize::from(name.checked_sub(1)?)).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_arm_much_brighter_than_the_other_was_injected() {
        let [left, right] = [Side::Left, Side::Right].map(|s| bone(Site::Elbow, Some(s)).unwrap());
        let injected = |bright: f32| {
            let mut bones = Array2::zeros((40, 60));
            bones.slice_mut(ndarray::s![10..20, 5..10]).fill(right);
            bones.slice_mut(ndarray::s![10..20, 50..55]).fill(left);
            let mut roots = Array2::from_elem((40, 60), 1.0);
            roots.slice_mut(ndarray::s![12..16, 3..8]).fill(bright);
            let mut confidence = Array2::from_elem((40, 60), 0.5);
            let (roots, pitch) = (&roots, [2.4; 2]);
            let (bones, confidence) = (&mut bones, &mut confidence);
            Organs { roots, pitch, bones, confidence }.find();
            let name = bone(Site::InjectionSite, Some(Side::Right)).unwrap();
            bones.iter().filter(|b| **b == name).count()
        };
        assert_eq!(injected(3.0), 20);
        assert_eq!(injected(1.8), 0);
    }
}
