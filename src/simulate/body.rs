//! The analytic body: solids with an uptake, and the soft tissue round them.
//!
//! Coordinates are LPS millimetres of an upright, symmetric body: +x to the patient's left, +y to
//! the back, +z to the head, heels at z = 0. `Pose` says how it lies on the table.

use serde::Deserialize;

use super::arithmetic::sin_cos_deg;

/// Where a part belongs: the patient's left, right, or the middle.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub enum BodySide {
    #[serde(rename = "L", alias = "left")]
    Left,
    #[serde(rename = "R", alias = "right")]
    Right,
    #[serde(rename = "M", alias = "midline")]
    Midline,
}

impl BodySide {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Left => "left",
            Self::Right => "right",
            Self::Midline => "midline",
        }
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Group {
    #[default]
    Bone,
    Organ,
    Lung,
}

/// How a part meets what is already there: the hotter one wins, or it is added on top.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Composite {
    #[default]
    Max,
    Add,
}

/// A solid with an uptake; a normal lumbar vertebral body has 1.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Part {
    pub name: String,
    pub region: String,
    pub side: BodySide,
    #[serde(default)]
    pub group: Group,
    pub uptake: f64,
    #[serde(default)]
    pub composite: Composite,
    #[serde(flatten)]
    pub shape: Shape,
}

#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(tag = "type", rename_all = "lowercase")]
pub enum Shape {
    Ellipsoid {
        centre: [f64; 3],
        radii: [f64; 3],
        /// Only an outer layer of this thickness.
        shell_mm: Option<f64>,
        /// Turned about x, then y, then z.
        rot_deg: Option<[f64; 3]>,
        clip: Option<Clip>,
    },
    Capsule {
        p0: [f64; 3],
        p1: [f64; 3],
        r0: f64,
        r1: f64,
    },
    Polyline {
        points: Vec<[f64; 3]>,
        r: f64,
    },
}

/// Keeps only what lies above `z_min` and below `z_max`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Deserialize)]
pub struct Clip {
    pub z_min: Option<f64>,
    pub z_max: Option<f64>,
}

/// The whole anatomy, as `assets/cases/anatomy.json` holds it.
#[derive(Clone, Debug, Deserialize)]
pub struct Anatomy {
    /// Of soft tissue, where no part is.
    pub background_uptake: f64,
    /// Sections through the trunk from the top down: z, half width, half depth, y of the centre.
    pub torso: Vec<[f64; 4]>,
    /// Head, neck and limbs; with the trunk this is all that attenuates.
    pub envelope: Vec<Shape>,
    pub parts: Vec<Part>,
    /// How far the body is turned about its long axis; the trunk alone is not turned yet.
    #[serde(skip)]
    turned: Option<Turn>,
}

/// A turn about the body's long axis, as sine and cosine; positive takes the left to the back.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Turn {
    degrees: f64,
    sin: f64,
    cos: f64,
}

impl Turn {
    pub fn by(degrees: f64) -> Self {
        let (sin, cos) = sin_cos_deg(degrees);
        Self { degrees, sin, cos }
    }

    pub fn point(self, [x, y, z]: [f64; 3]) -> [f64; 3] {
        [x * self.cos - y * self.sin, x * self.sin + y * self.cos, z]
    }
}

/// A point swung in the coronal plane about `pivot` (x, z), as `Shape::swung` does.
pub fn swing([x, y, z]: [f64; 3], degrees: f64, pivot: [f64; 2]) -> [f64; 3] {
    let (sin, cos) = sin_cos_deg(degrees);
    let (dx, dz) = (x - pivot[0], z - pivot[1]);
    [pivot[0] + dx * cos - dz * sin, y, pivot[1] + dx * sin + dz * cos]
}

impl Anatomy {
    /// The trunk's section at a height: half width, half depth, y of the centre.
    pub fn torso_at(&self, z: f64) -> Option<[f64; 3]> {
        let pair = self.torso.windows(2).find(|w| w[1][0] <= z && z <= w[0][0])?;
        let (upper, lower) = (pair[0], pair[1]);
        let t = (z - lower[0]) / (upper[0] - lower[0]);
        Some([1, 2, 3].map(|i| lower[i] + t * (upper[i] - lower[i])))
    }

    /// The body turned on its long axis towards the detectors.
    pub fn turned(mut self, turn: Turn) -> Self {
        self.envelope.iter_mut().for_each(|s| *s = s.turned(turn));
        self.parts.iter_mut().for_each(|p| p.shape = p.shape.turned(turn));
        self.turned = Some(turn);
        self
    }

    /// How far to either side a section of the trunk reaches, however the body is turned.
    pub fn torso_reach(&self, [half_width, half_depth, centre]: [f64; 3]) -> f64 {
        match self.turned {
            None => half_width,
            Some(_) => half_width + half_depth + centre.abs(),
        }
    }

    /// A point of the turned body as it lies in one that faces the detectors.
    pub fn facing(&self, x: f64, y: f64) -> (f64, f64) {
        match self.turned {
            None => (x, y),
            Some(Turn { sin, cos, .. }) => (x * cos + y * sin, y * cos - x * sin),
        }
    }
}

/// How much of a voxel of the trunk's super-ellipse (exponent 5/2) a point covers.
pub fn torso_coverage(
    [half_width, half_depth, centre]: [f64; 3],
    x: f64,
    y: f64,
    voxel: f64,
) -> f64 {
    let power = |v: f64| v * v * v.sqrt();
    let q = power(x.abs() / half_width) + power((y - centre).abs() / half_depth);
    let distance = (q - 1.0) * 0.5 * half_width.min(half_depth) / 1.25;
    (0.5 - distance / voxel).clamp(0.0, 1.0)
}

/// A convex piece of a shape, ready to be asked about points.
pub struct Solid {
    /// The box outside which it covers nothing.
    pub low: [f64; 3],
    pub high: [f64; 3],
    form: Form,
    clip: Clip,
}

enum Form {
    Ellipsoid {
        centre: [f64; 3],
        radii: [f64; 3],
        inner: Option<[f64; 3]>,
        /// Rows are the ellipsoid's own axes.
        axes: Option<[[f64; 3]; 3]>,
    },
    Capsule {
        p0: [f64; 3],
        along: [f64; 3],
        length2: f64,
        r0: f64,
        r1: f64,
    },
}

impl Shape {
    /// The solids whose union is the shape; `margin` (one voxel is enough) widens their boxes.
    pub fn solids(&self, margin: f64) -> Vec<Solid> {
        match self {
            Self::Ellipsoid { centre, radii, shell_mm, rot_deg, clip } => {
                let axes = rot_deg.map(axes_of);
                let reach = [0, 1, 2].map(|i| match &axes {
                    None => radii[i],
                    Some(a) => (0..3).map(|j| (a[j][i] * radii[j]).powi(2)).sum::<f64>().sqrt(),
                });
                let inner = shell_mm.map(|shell| radii.map(|r| (r - shell).max(0.5)));
                vec![Solid {
                    low: [0, 1, 2].map(|i| centre[i] - reach[i] - margin),
                    high: [0, 1, 2].map(|i| centre[i] + reach[i] + margin),
                    form: Form::Ellipsoid { centre: *centre, radii: *radii, inner, axes },
                    clip: clip.unwrap_or_default(),
                }]
            }
            Self::Capsule { p0, p1, r0, r1 } => vec![capsule(*p0, *p1, *r0, *r1, margin)],
            Self::Polyline { points, r } => {
                points.windows(2).map(|w| capsule(w[0], w[1], *r, *r, margin)).collect()
            }
        }
    }

    /// The shape turned about the body's long axis.
    pub fn turned(&self, turn: Turn) -> Self {
        match self {
            Self::Ellipsoid { centre, radii, shell_mm, rot_deg, clip } => {
                // The last of its own turns is about the same axis.
                let [a, b, c] = rot_deg.unwrap_or_default();
                Self::Ellipsoid {
                    centre: turn.point(*centre),
                    radii: *radii,
                    shell_mm: *shell_mm,
                    rot_deg: Some([a, b, c + turn.degrees]),
                    clip: *clip,
                }
            }
            Self::Capsule { p0, p1, r0, r1 } => {
                Self::Capsule { p0: turn.point(*p0), p1: turn.point(*p1), r0: *r0, r1: *r1 }
            }
            Self::Polyline { points, r } => {
                Self::Polyline { points: points.iter().map(|&p| turn.point(p)).collect(), r: *r }
            }
        }
    }

    /// The shape bent at a joint that lies across the body: turned about the left–right axis
    /// through `pivot` (y, z), positive taking the front down. `None` for an ellipsoid that is
    /// already turned another way or cut.
    pub fn bent(&self, degrees: f64, pivot: [f64; 2]) -> Option<Self> {
        let (sin, cos) = sin_cos_deg(degrees);
        let point = |[x, y, z]: [f64; 3]| {
            let (dy, dz) = (y - pivot[0], z - pivot[1]);
            [x, pivot[0] + dy * cos - dz * sin, pivot[1] + dy * sin + dz * cos]
        };
        Some(match self {
            Self::Ellipsoid { centre, radii, shell_mm, rot_deg: None, clip: None } => {
                Self::Ellipsoid {
                    centre: point(*centre),
                    radii: *radii,
                    shell_mm: *shell_mm,
                    rot_deg: Some([degrees, 0.0, 0.0]),
                    clip: None,
                }
            }
            Self::Ellipsoid { .. } => return None,
            Self::Capsule { p0, p1, r0, r1 } => {
                Self::Capsule { p0: point(*p0), p1: point(*p1), r0: *r0, r1: *r1 }
            }
            Self::Polyline { points, r } => {
                Self::Polyline { points: points.iter().map(|&p| point(p)).collect(), r: *r }
            }
        })
    }

    /// The shape swung in the coronal plane about `pivot` (x, z); positive takes what hangs below
    /// it to the patient's left. `None` for an ellipsoid that is already turned another way or
    /// cut.
    pub fn swung(&self, degrees: f64, pivot: [f64; 2]) -> Option<Self> {
        let point = |p: [f64; 3]| swing(p, degrees, pivot);
        Some(match self {
            Self::Ellipsoid { centre, radii, shell_mm, rot_deg, clip: None } => {
                let [0.0, before, 0.0] = rot_deg.unwrap_or_default() else { return None };
                Self::Ellipsoid {
                    centre: point(*centre),
                    radii: *radii,
                    shell_mm: *shell_mm,
                    rot_deg: Some([0.0, before - degrees, 0.0]),
                    clip: None,
                }
            }
            Self::Ellipsoid { .. } => return None,
            Self::Capsule { p0, p1, r0, r1 } => {
                Self::Capsule { p0: point(*p0), p1: point(*p1), r0: *r0, r1: *r1 }
            }
            Self::Polyline { points, r } => {
                Self::Polyline { points: points.iter().map(|&p| point(p)).collect(), r: *r }
            }
        })
    }

    /// Its lowest and highest point, about.
    pub fn heights(&self) -> [f64; 2] {
        let solids = self.solids(0.0);
        let fold = |f: fn(f64, f64) -> f64, start, of: fn(&Solid) -> f64| {
            solids.iter().map(of).fold(start, f)
        };
        [
            fold(f64::min, f64::INFINITY, |s| s.low[2]),
            fold(f64::max, f64::NEG_INFINITY, |s| s.high[2]),
        ]
    }

    /// The point a reader would call its place.
    pub fn centre(&self) -> [f64; 3] {
        match self {
            Self::Ellipsoid { centre, .. } => *centre,
            Self::Capsule { p0, p1, .. } => [0, 1, 2].map(|i| 0.5 * (p0[i] + p1[i])),
            Self::Polyline { points, .. } => {
                points.get(points.len() / 2).copied().unwrap_or([0.0; 3])
            }
        }
    }

    /// Whether the numbers make a body.
    pub fn sound(&self) -> bool {
        let positive = |r: f64| r.is_finite() && r > 0.0;
        let place = |p: &[f64; 3]| p.iter().all(|v| v.is_finite() && v.abs() < 1e4);
        match self {
            Self::Ellipsoid { centre, radii, shell_mm, rot_deg, .. } => {
                place(centre)
                    && radii.iter().all(|&r| positive(r))
                    && shell_mm.is_none_or(positive)
                    && rot_deg.is_none_or(|r| r.iter().all(|v| v.is_finite()))
            }
            Self::Capsule { p0, p1, r0, r1 } => {
                place(p0) && place(p1) && positive(*r0) && positive(*r1)
            }
            Self::Polyline { points, r } => {
                points.len() >= 2 && points.iter().all(place) && positive(*r)
            }
        }
    }
}

fn capsule(p0: [f64; 3], p1: [f64; 3], r0: f64, r1: f64, margin: f64) -> Solid {
    let reach = r0.max(r1) + margin;
    let along = [0, 1, 2].map(|i| p1[i] - p0[i]);
    let length2 = dot(along, along).max(1e-9);
    Solid {
        low: [0, 1, 2].map(|i| p0[i].min(p1[i]) - reach),
        high: [0, 1, 2].map(|i| p0[i].max(p1[i]) + reach),
        form: Form::Capsule { p0, along, length2, r0, r1 },
        clip: Clip::default(),
    }
}

impl Solid {
    /// How much of a voxel round a point is covered, 0 to 1: a ramp one voxel wide across the
    /// surface.
    pub fn coverage(&self, point: [f64; 3], voxel: f64) -> f64 {
        let ramp = |distance: f64| (0.5 - distance / voxel).clamp(0.0, 1.0);
        let covered = match &self.form {
            Form::Ellipsoid { centre, radii, inner, axes } => {
                let d = [0, 1, 2].map(|i| point[i] - centre[i]);
                let d = match axes {
                    None => d,
                    Some(axes) => axes.map(|axis| dot(axis, d)),
                };
                let outer = ramp(ellipsoid_distance(d, *radii));
                match inner {
                    Some(inner) if outer > 0.0 => outer - ramp(ellipsoid_distance(d, *inner)),
                    _ => outer,
                }
            }
            Form::Capsule { p0, along, length2, r0, r1 } => {
                let d = [0, 1, 2].map(|i| point[i] - p0[i]);
                let t = (dot(d, *along) / length2).clamp(0.0, 1.0);
                let away = [0, 1, 2].map(|i| d[i] - t * along[i]);
                ramp(dot(away, away).sqrt() - (r0 + (r1 - r0) * t))
            }
        };
        let above = self.clip.z_min.map_or(1.0, |z| ramp(z - point[2]));
        let below = self.clip.z_max.map_or(1.0, |z| ramp(point[2] - z));
        covered * above * below
    }
}

/// Signed distance to an ellipsoid's surface, first order: exact for a sphere, close elsewhere.
fn ellipsoid_distance(d: [f64; 3], radii: [f64; 3]) -> f64 {
    let scaled = [0, 1, 2].map(|i| d[i] / radii[i]);
    let k0 = dot(scaled, scaled).sqrt();
    let gradient = [0, 1, 2].map(|i| scaled[i] / radii[i]);
    let k1 = dot(gradient, gradient).sqrt();
    k0 * (k0 - 1.0) / k1.max(1e-9)
}

fn axes_of(degrees: [f64; 3]) -> [[f64; 3]; 3] {
    let [(sa, ca), (sb, cb), (sc, cc)] = degrees.map(sin_cos_deg);
    // The columns of Rz·Ry·Rx.
    [
        [cc * cb, sc * cb, -sb],
        [cc * sb * sa - sc * ca, sc * sb * sa + cc * ca, cb * sa],
        [cc * sb * ca + sc * sa, sc * sb * ca - cc * sa, cb * ca],
    ]
}

fn dot(a: [f64; 3], b: [f64; 3]) -> f64 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn volume(shape: &Shape, voxel: f64) -> f64 {
        let solids = shape.solids(voxel);
        let mut sum = 0.0;
        for solid in &solids {
            let steps = [0, 1, 2].map(|i| ((solid.high[i] - solid.low[i]) / voxel) as i64 + 1);
            for i in 0..steps[0] * steps[1] * steps[2] {
                let at = [i % steps[0], i / steps[0] % steps[1], i / steps[0] / steps[1]];
                let point = [0, 1, 2].map(|k| solid.low[k] + (at[k] as f64 + 0.5) * voxel);
                sum += solid.coverage(point, voxel);
            }
        }
        sum * voxel.powi(3)
    }

    #[test]
    fn solids_have_the_volume_of_the_textbook() {
        let ball = Shape::Ellipsoid {
            centre: [3.0, -7.0, 11.0],
            radii: [20.0, 12.0, 16.0],
            shell_mm: None,
            rot_deg: Some([20.0, -30.0, 40.0]),
            clip: None,
        };
        let exact = 4.0 / 3.0 * std::f64::consts::PI * 20.0 * 12.0 * 16.0;
        assert!((volume(&ball, 1.0) / exact - 1.0).abs() < 0.01);
        let rod = Shape::Capsule { p0: [0.0; 3], p1: [0.0, 30.0, 40.0], r0: 8.0, r1: 8.0 };
        let exact = std::f64::consts::PI * 64.0 * (50.0 + 4.0 / 3.0 * 8.0);
        assert!((volume(&rod, 1.0) / exact - 1.0).abs() < 0.01);
    }

    #[test]
    fn a_swung_shape_covers_the_swung_points() {
        let egg = Shape::Ellipsoid {
            centre: [170.0, -12.0, 1100.0],
            radii: [20.0, 9.0, 13.0],
            shell_mm: None,
            rot_deg: None,
            clip: None,
        };
        let pivot = [172.0, 1420.0];
        let once = egg.swung(9.0, pivot).unwrap();
        let twice = once.swung(-4.0, [180.0, 1000.0]).unwrap();
        for i in 0..2000 {
            let at = [f64::from(i % 13), f64::from(i / 13 % 12), f64::from(i / 156)];
            let point = [150.0 + 3.0 * at[0], -30.0 + 3.0 * at[1], 1082.0 + 3.0 * at[2]];
            let to = swing(swing(point, 9.0, pivot), -4.0, [180.0, 1000.0]);
            let (a, b) =
                (egg.solids(3.0)[0].coverage(point, 2.4), twice.solids(3.0)[0].coverage(to, 2.4));
            assert!((a - b).abs() < 1e-9, "{point:?}: {a} and {b}");
        }
        // A hand that hung goes to the left.
        assert!(once.centre()[0] > 200.0);
    }

    #[test]
    fn a_turned_shape_covers_the_turned_points() {
        let egg = Shape::Ellipsoid {
            centre: [30.0, -12.0, 5.0],
            radii: [20.0, 9.0, 13.0],
            shell_mm: None,
            rot_deg: Some([15.0, -25.0, 35.0]),
            clip: None,
        };
        let turn = Turn::by(-45.0);
        let (still, turned) = (&egg.solids(3.0)[0], &egg.turned(turn).solids(3.0)[0]);
        let foot = Shape::Capsule { p0: [9.0, 0.0, 0.0], p1: [9.0, -80.0, 0.0], r0: 7.0, r1: 5.0 };
        for i in 0..2000 {
            let at = [f64::from(i % 13), f64::from(i / 13 % 12), f64::from(i / 156)];
            let point = [10.0 + 3.0 * at[0], -30.0 + 3.0 * at[1], -12.0 + 3.0 * at[2]];
            let (a, b) = (still.coverage(point, 2.4), turned.coverage(turn.point(point), 2.4));
            assert!((a - b).abs() < 1e-9, "{point:?}: {a} and {b}");
        }
        // A foot that pointed forwards points down.
        let Some(Shape::Capsule { p1, .. }) = foot.bent(90.0, [0.0, 0.0]) else { panic!() };
        assert!(p1[1].abs() < 1e-9 && (p1[2] + 80.0).abs() < 1e-9, "{p1:?}");
        assert_eq!(egg.bent(10.0, [0.0, 0.0]), None);
    }

    proptest! {
        #[test]
        fn nothing_is_covered_outside_the_box(
            angles in proptest::array::uniform3(-180.0..180.0f64),
            point in proptest::array::uniform3(-80.0..80.0f64),
        ) {
            let shape = Shape::Ellipsoid {
                centre: [5.0, 0.0, -5.0],
                radii: [54.0, 8.0, 46.0],
                shell_mm: None,
                rot_deg: Some(angles),
                clip: None,
            };
            let solid = &shape.solids(2.4)[0];
            let inside = (0..3).all(|i| point[i] >= solid.low[i] && point[i] <= solid.high[i]);
            prop_assert!(inside || solid.coverage(point, 2.4) == 0.0);
        }
    }
}
