//! One transaxial section of the posed body: what shines in it, and what is in the way.

use super::body::{Anatomy, Composite, Group, Part, Solid, torso_coverage};
use super::pose::Pose;

/// Linear attenuation at 140 keV, narrow beam, per mm.
const MU_SOFT: f64 = 0.0150;
const MU_LUNG: f64 = 0.0045;
/// What bone adds to soft tissue: dense bone (0.0225) fills about 0.6 of a bone's outline.
const MU_BONE_EXTRA: f64 = 0.6 * (0.0225 - MU_SOFT);
/// Lungs hold three tenths of the soft tissue's activity per volume.
const LUNG_SPARING: f64 = 0.7;

/// The lattice a body is sampled on: cubes as wide as the camera's pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Lattice {
    pub voxel: f64,
    /// Across the table, from the patient's right to the left.
    pub columns: usize,
    /// Down the table, head first.
    pub rows: usize,
    /// From the anterior detector's side to the posterior's.
    pub depths: usize,
    /// Height of the middle of the frame.
    pub centre_z: f64,
    /// y of the front; the back is as far as `depths` reaches.
    front: f64,
}

/// Front and depth of a lattice for a body that faces the detectors, mm.
const FACING: (f64, f64) = (-156.0, 300.0);
/// The same for one turned any way: as deep as the body is wide.
const TURNED: (f64, f64) = (-225.0, 450.0);

impl Lattice {
    pub fn new(voxel: f64, columns: usize, rows: usize, centre_z: f64) -> Self {
        Self::within(FACING, voxel, [columns, rows], centre_z)
    }

    /// Room for a body turned about its long axis.
    pub fn turned(voxel: f64, columns: usize, rows: usize, centre_z: f64) -> Self {
        Self::within(TURNED, voxel, [columns, rows], centre_z)
    }

    fn within(
        (front, depth): (f64, f64),
        voxel: f64,
        [columns, rows]: [usize; 2],
        centre_z: f64,
    ) -> Self {
        Self { voxel, columns, rows, depths: (depth / voxel).round() as usize, centre_z, front }
    }

    pub fn x(&self, column: f64) -> f64 {
        (column - 0.5 * (self.columns as f64 - 1.0)) * self.voxel
    }

    pub fn z(&self, row: f64) -> f64 {
        self.centre_z - (row - 0.5 * (self.rows as f64 - 1.0)) * self.voxel
    }

    pub fn column(&self, x: f64) -> f64 {
        x / self.voxel + 0.5 * (self.columns as f64 - 1.0)
    }

    pub fn row(&self, z: f64) -> f64 {
        (self.centre_z - z) / self.voxel + 0.5 * (self.rows as f64 - 1.0)
    }

    fn y(&self, depth: usize) -> f64 {
        self.front + (depth as f64 + 0.5) * self.voxel
    }
}

/// What is added to an anatomy as one finding: its parts win over what they lie in.
pub struct Addition {
    pub parts: Vec<Part>,
}

/// A body ready to be cut: anatomy, what was added, and how it all lies.
pub struct Posed {
    anatomy: Anatomy,
    pose: Pose,
    envelope: Vec<Solid>,
    lungs: Vec<Solid>,
    parts: Vec<(f64, bool, Solid)>,
    additions: Vec<Vec<Layer>>,
}

struct Layer {
    uptake: f64,
    bone: bool,
    add: bool,
    solid: Solid,
}

/// A section's contents. `[column * depths + depth]` throughout.
pub struct Section {
    /// Activity per volume; a normal lumbar vertebral body has 1.
    pub activity: Vec<f64>,
    /// Attenuation per voxel.
    pub attenuation: Vec<f64>,
    /// The thickest part of the body's outline over each column, 0 to 1.
    pub shadow: Vec<f64>,
    /// First and last depth the body reaches, if it reaches the section.
    pub reach: Option<(usize, usize)>,
    pub additions: Vec<Share>,
    /// Bone volume of the anatomy itself, voxels, and how much of it additions fill.
    pub bone: f64,
    pub bone_filled: f64,
}

/// What one addition brings to a section.
#[derive(Clone, Debug, Default)]
pub struct Share {
    /// Activity over what would be there without it: (index, activity).
    pub excess: Vec<(usize, f64)>,
    /// Voxels covered.
    pub volume: f64,
}

impl Posed {
    pub fn new(anatomy: Anatomy, additions: &[Addition], pose: Pose, lattice: &Lattice) -> Self {
        // Coverage fades half a voxel outside a surface, and the distance to an ellipsoid is an
        // approximation there.
        let margin = 1.5 * lattice.voxel;
        let envelope = anatomy.envelope.iter().flat_map(|s| s.solids(margin)).collect();
        let of = |lung: bool| {
            let parts = anatomy.parts.iter();
            parts.filter(move |p| (p.group == Group::Lung) == lung)
        };
        let lungs = of(true).flat_map(|p| p.shape.solids(margin)).collect();
        let parts = of(false)
            // Bone that takes nothing up is still in the way.
            .filter(|p| p.uptake > 0.0 || p.group == Group::Bone)
            .flat_map(|p| {
                let solids = p.shape.solids(margin);
                solids.into_iter().map(|s| (p.uptake, p.group == Group::Bone, s))
            })
            .collect();
        let layers = |part: &Part| -> Vec<Layer> {
            let (uptake, bone) = (part.uptake, part.group == Group::Bone);
            let add = part.composite == Composite::Add;
            let solids = part.shape.solids(margin).into_iter();
            solids.map(|solid| Layer { uptake, bone, add, solid }).collect()
        };
        let additions =
            additions.iter().map(|a| a.parts.iter().flat_map(layers).collect()).collect();
        Self { pose, envelope, lungs, parts, additions, anatomy }
    }

    pub fn pose(&self) -> &Pose {
        &self.pose
    }

    pub fn cut(&self, lattice: &Lattice, row: usize) -> Section {
        let size = lattice.columns * lattice.depths;
        let z = lattice.z(row as f64);
        let columns: Vec<(f64, f64)> = (0..lattice.columns)
            .map(|c| self.pose.body_from_patient(lattice.x(c as f64), z))
            .collect();
        let cut = Cut { lattice, columns: &columns };

        let mut body = vec![0.0f64; size];
        for (column, &(x, z)) in columns.iter().enumerate() {
            let Some(torso) = self.anatomy.torso_at(z) else { continue };
            if x.abs() > self.anatomy.torso_reach(torso) + lattice.voxel {
                continue;
            }
            for depth in 0..lattice.depths {
                let (x, y) = self.anatomy.facing(x, lattice.y(depth));
                let covered = torso_coverage(torso, x, y, lattice.voxel);
                body[column * lattice.depths + depth] = covered;
            }
        }
        cut.through(&self.envelope, |i, c| body[i] = body[i].max(c));
        let reach = reach_of(&body, lattice.depths);
        let additions = self.additions.len();
        // Toes and fingertips may peep out of the envelope.
        if reach.is_none() && !self.parts.iter().any(|(_, _, solid)| cut.meets(solid)) {
            return Section {
                activity: Vec::new(),
                attenuation: Vec::new(),
                shadow: vec![0.0; lattice.columns],
                reach,
                additions: vec![Share::default(); additions],
                bone: 0.0,
                bone_filled: 0.0,
            };
        }
        let mut lung = vec![0.0f64; size];
        cut.through(&self.lungs, |i, c| lung[i] = lung[i].max(c));
        let (mut activity, mut bone) = (vec![0.0f64; size], vec![0.0f64; size]);
        for (uptake, is_bone, solid) in &self.parts {
            cut.one(solid, |i, c| {
                activity[i] = activity[i].max(c * uptake);
                if *is_bone {
                    bone[i] = bone[i].max(c);
                }
            });
        }
        let own_bone: f64 = bone.iter().sum();
        for (i, a) in activity.iter_mut().enumerate() {
            let background = self.anatomy.background_uptake * body[i];
            *a = a.max(background * (1.0 - LUNG_SPARING * lung[i]));
        }

        let mut filled = vec![0.0f64; if additions > 0 { size } else { 0 }];
        let normal = activity.clone();
        let mut dense_bone = bone.clone();
        let shares = self.additions.iter().map(|layers| {
            let mut touched: Vec<(usize, f64, f64)> = Vec::new();
            for layer in layers {
                cut.one(&layer.solid, |i, c| {
                    let here = c * layer.uptake;
                    let excess = if layer.add { here } else { here - normal[i] };
                    touched.push((i, excess.max(0.0), c));
                    let now = if layer.add { activity[i] + here } else { activity[i].max(here) };
                    activity[i] = now;
                    if layer.bone {
                        dense_bone[i] = dense_bone[i].max(c);
                    }
                });
            }
            for &(i, _, c) in &touched {
                filled[i] = filled[i].max(c);
            }
            share_of(touched)
        });
        let additions: Vec<Share> = shares.collect();
        let bone_filled = filled.iter().zip(&bone).map(|(f, b)| f.min(*b)).sum();

        let attenuation = (0..size)
            .map(|i| {
                let soft = (MU_SOFT + (MU_LUNG - MU_SOFT) * lung[i]) * body[i];
                (soft + MU_BONE_EXTRA * dense_bone[i]) * lattice.voxel
            })
            .collect();
        let shadow = body
            .chunks_exact(lattice.depths)
            .map(|line| line.iter().fold(0.0f64, |m, &v| m.max(v)))
            .collect();
        Section { activity, attenuation, shadow, reach, additions, bone: own_bone, bone_filled }
    }
}

/// The plane of a section: body coordinates of each lattice column.
struct Cut<'a> {
    lattice: &'a Lattice,
    columns: &'a [(f64, f64)],
}

impl Cut<'_> {
    /// Whether the plane comes to a solid's height anywhere.
    fn meets(&self, solid: &Solid) -> bool {
        self.columns.iter().any(|&(_, z)| z >= solid.low[2] && z <= solid.high[2])
    }

    fn through(&self, solids: &[Solid], mut found: impl FnMut(usize, f64)) {
        for solid in solids {
            self.one(solid, &mut found);
        }
    }

    /// Reports every voxel a solid covers: its index and how much of it.
    fn one(&self, solid: &Solid, mut found: impl FnMut(usize, f64)) {
        let Lattice { voxel, depths, front, .. } = *self.lattice;
        let depth = |y: f64| ((y - front) / voxel - 0.5).clamp(0.0, depths as f64);
        let first = depth(solid.low[1]).ceil() as usize;
        let last = (depth(solid.high[1]).floor() as usize + 1).min(depths);
        for (column, &(x, z)) in self.columns.iter().enumerate() {
            if z < solid.low[2] || z > solid.high[2] || x < solid.low[0] || x > solid.high[0] {
                continue;
            }
            for depth in first..last {
                let covered = solid.coverage([x, self.lattice.y(depth), z], voxel);
                if covered > 0.0 {
                    found(column * depths + depth, covered);
                }
            }
        }
    }
}

fn reach_of(body: &[f64], depths: usize) -> Option<(usize, usize)> {
    let mut reach: Option<(usize, usize)> = None;
    for line in body.chunks_exact(depths) {
        let Some(first) = line.iter().position(|&v| v > 0.0) else { continue };
        let last = line.iter().rposition(|&v| v > 0.0).unwrap_or(first);
        let (low, high) = reach.unwrap_or((first, last));
        reach = Some((low.min(first), high.max(last)));
    }
    reach
}

/// Joins what several solids of one addition say about the same voxel: the greatest wins.
fn share_of(mut touched: Vec<(usize, f64, f64)>) -> Share {
    touched.sort_by_key(|t| t.0);
    let mut share = Share::default();
    for same in touched.chunk_by(|a, b| a.0 == b.0) {
        let excess = same.iter().fold(0.0f64, |m, t| m.max(t.1));
        share.volume += same.iter().fold(0.0f64, |m, t| m.max(t.2));
        if excess > 0.0 {
            share.excess.push((same[0].0, excess));
        }
    }
    share
}
