//! Where every bone of a simulated patient is seen: what measurements of anatomy are held to.

use ndarray::Array2;
use rayon::prelude::*;

use crate::geometry::{Pixel, Point};

use super::arithmetic::exp;
use super::body::{BodySide, Group, Part, Solid};
use super::camera::{DETECTORS, Detector};
use super::case::Case;
use super::protocol::Protocol;
use super::section::Lattice;
use super::views::{Held, Views};

/// Effective attenuation of 140 keV photons on their way out, per mm.
const MU: f64 = 0.012;
/// Steps along the line of sight, mm.
const STEP: f64 = 3.0;
/// Shallower and deeper than this there is no bone; y, mm.
const FRONT: f64 = -130.0;
const BACK: f64 = 130.0;

/// The patient of a whole-body case as both detectors see her.
pub struct Chart {
    case: Case,
    lattice: Lattice,
    parts: Vec<Part>,
}

/// One bone or organ of the anatomy.
#[derive(Clone, Debug, PartialEq)]
pub struct Structure {
    /// As the anatomy calls it: `rib 7 L`.
    pub name: String,
    /// `ribs`.
    pub region: String,
    /// `left`, `right` or `midline`.
    pub side: &'static str,
    pub bone: bool,
}

/// A place on a paired bone, and the same place on the other side.
#[derive(Clone, Debug, PartialEq)]
pub struct Counterpart {
    pub structure: Structure,
    pub here: Point<Pixel>,
    pub there: Point<Pixel>,
}

impl Chart {
    /// `None` for a case that is not a whole-body scan.
    pub fn of(case: &Case) -> Option<Self> {
        let Protocol::WholeBody(camera) = &case.protocol else { return None };
        let shown = |p: &&Part| p.group != Group::Lung && p.uptake > 0.0;
        let parts = case.anatomy.parts.iter().filter(shown).cloned().collect();
        Some(Self { lattice: camera.lattice(), parts, case: case.clone() })
    }

    /// The structures that maps speak of, in their order.
    pub fn structures(&self) -> Vec<Structure> {
        self.parts.iter().map(structure).collect()
    }

    fn views(&self) -> Views<'_> {
        let Self { case, lattice, .. } = self;
        Views { series: 0, lattice, pose: &case.pose, stance: &case.stance }
    }

    /// Frame 0 is anterior, 1 posterior. `[row, column]` of the stored frame: the structure that
    /// sends most of its own light to each pixel, unscattered and unblurred.
    pub fn map(&self, frame: usize) -> Array2<Option<u16>> {
        let view = DETECTORS[frame];
        let lit = self.rows(view, |lights| {
            let brightest = |of: &Vec<(u16, f64)>| {
                of.iter().max_by(|a, b| a.1.total_cmp(&b.1)).map(|&(part, _)| part)
            };
            lights.iter().map(brightest).collect::<Vec<_>>()
        });
        let size = (self.lattice.rows, self.lattice.columns);
        Array2::from_shape_fn(size, |(row, column)| lit[row][column])
    }

    /// Like `map`, with every structure that covers a pixel, the brightest first.
    pub fn covers(&self, frame: usize) -> Array2<Vec<u16>> {
        let sorted = self.rows(DETECTORS[frame], |lights| {
            let order = |of: &Vec<(u16, f64)>| {
                let mut of = of.clone();
                of.sort_by(|a, b| b.1.total_cmp(&a.1));
                of.into_iter().map(|(part, _)| part).collect::<Vec<_>>()
            };
            lights.iter().map(order).collect::<Vec<_>>()
        });
        let size = (self.lattice.rows, self.lattice.columns);
        Array2::from_shape_fn(size, |(row, column)| sorted[row][column].clone())
    }

    /// For each row of a frame, what each pixel sees: part and light.
    fn rows<T: Send>(
        &self,
        view: Detector,
        told: impl Fn(&[Vec<(u16, f64)>]) -> Vec<T> + Sync,
    ) -> Vec<Vec<T>> {
        let views = self.views();
        let solids: Vec<(u16, f64, Solid)> = self
            .parts
            .iter()
            .enumerate()
            .flat_map(|(i, p)| {
                p.shape.solids(STEP).into_iter().map(move |s| (i as u16, p.uptake, s))
            })
            .collect();
        (0..self.lattice.rows)
            .into_par_iter()
            .map(|row| {
                let columns = 0..self.lattice.columns;
                let seen = columns.map(|column| {
                    let (x, z) = views.body_from_pixel(view, [column as f64, row as f64]);
                    let mut lights: Vec<(u16, f64)> = Vec::new();
                    for (part, uptake, solid) in &solids {
                        let light = uptake * light(solid, x, z, view);
                        match lights.last_mut() {
                            _ if light <= 0.0 => {}
                            Some((last, sum)) if last == part => *sum += light,
                            _ => lights.push((*part, light)),
                        }
                    }
                    lights
                });
                told(&seen.collect::<Vec<_>>())
            })
            .collect()
    }

    /// The middle of every paired structure in a frame, and where its other half is. Only of
    /// structures with both halves, inside the frame.
    pub fn counterparts(&self, frame: usize) -> Vec<Counterpart> {
        let (views, view) = (self.views(), DETECTORS[frame]);
        let size = [self.lattice.columns as f64, self.lattice.rows as f64];
        let inside = |p: [f64; 2]| (0..2).all(|i| p[i] > 0.0 && p[i] < size[i] - 1.0);
        let paired = self.parts.iter().filter(|p| p.side != BodySide::Midline);
        let pair = |part: &Part| {
            let centre = part.shape.centre();
            let held = Held::of_part(part);
            if !self.case.stance.has_both(held.limb) {
                return None;
            }
            let here = views.pixel_from_body(view, centre);
            let there = views.counterpart(view, here, held);
            (inside(here) && inside(there)).then(|| Counterpart {
                structure: structure(part),
                here: here.into(),
                there: there.into(),
            })
        };
        paired.filter_map(pair).collect()
    }
}

fn structure(part: &Part) -> Structure {
    Structure {
        name: part.name.clone(),
        region: part.region.clone(),
        side: part.side.as_str(),
        bone: part.group == Group::Bone,
    }
}

/// What a solid of unit uptake sends along one line of sight.
fn light(solid: &Solid, x: f64, z: f64, view: Detector) -> f64 {
    let within = |v: f64, i: usize| v >= solid.low[i] && v <= solid.high[i];
    if !within(x, 0) || !within(z, 2) {
        return 0.0;
    }
    let steps = ((solid.high[1] - solid.low[1]) / STEP).ceil() as usize;
    let at = |step: usize| {
        let y = solid.low[1] + (step as f64 + 0.5) * STEP;
        let depth = match view {
            Detector::Anterior => y - FRONT,
            Detector::Posterior => BACK - y,
        };
        solid.coverage([x, y, z], STEP) * exp(-MU * depth)
    };
    STEP * (0..steps).map(at).sum::<f64>()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simulate::case;

    fn chart(name: &str) -> Chart {
        Chart::of(&case(name).unwrap()).unwrap()
    }

    #[test]
    fn bones_are_where_the_anatomy_has_them() {
        let chart = chart("normal");
        let structures = chart.structures();
        let seen = |frame: usize, x: f64, z: f64| {
            let column = chart.lattice.column(if frame == 0 { x } else { -x }).round() as usize;
            let row = chart.lattice.row(z).round() as usize;
            let brightest = chart.map(frame)[[row, column]]?;
            Some(structures[usize::from(brightest)].clone())
        };
        let shaft = seen(0, 118.0, 680.0).unwrap();
        assert_eq!((shaft.region.as_str(), shaft.side, shaft.bone), ("femur", "left", true));
        // The sternum from the front is the spine from behind.
        assert_eq!(seen(0, 0.0, 1350.0).unwrap().region, "sternum");
        assert_eq!(seen(1, 0.0, 1350.0).unwrap().region, "thoracic spine");
        assert_eq!(seen(1, 0.0, 20.0), None);
    }

    #[test]
    fn twins_of_bones_are_the_bones_of_the_other_side() {
        let chart = chart("tilted");
        let covers = chart.covers(1);
        let structures = chart.structures();
        let pairs = chart.counterparts(1);
        assert!(pairs.len() > 200, "{}", pairs.len());
        for pair in
            pairs.iter().filter(|p| ["tibia", "forearm"].contains(&p.structure.region.as_str()))
        {
            let at = [pair.there.y.round() as usize, pair.there.x.round() as usize];
            let other = |&part: &u16| {
                let s = &structures[usize::from(part)];
                s.region == pair.structure.region && s.side != pair.structure.side
            };
            assert!(covers[at].iter().any(other), "{}", pair.structure.name);
        }
    }
}
