//! Cases: a recipe in a text file, and the patient, camera and findings it asks for.

use std::sync::LazyLock;

use chrono::{Datelike, NaiveDateTime};
use serde::Deserialize;

use crate::study::half_life_of;

use super::body::{Anatomy, BodySide, Group, Part, Shape};
use super::camera::Camera;
use super::cohort::{Kind, Volunteer};
use super::kinetics::Kinetics;
use super::lesion::Lesion;
use super::pose::Pose;
use super::posture::Posture;
use super::protocol::{Protocol, Scan, WHOLE_BODY};
use super::stance::Stance;

/// The cases on the shelf: `assets/cases/<name>/case.toml`.
const SHELF: [(&str, &str); 7] = [
    ("normal", include_str!("../../assets/cases/normal/case.toml")),
    ("metastases", include_str!("../../assets/cases/metastases/case.toml")),
    ("metastases_prior", include_str!("../../assets/cases/metastases_prior/case.toml")),
    ("paget", include_str!("../../assets/cases/paget/case.toml")),
    ("tilted", include_str!("../../assets/cases/tilted/case.toml")),
    ("three_phase_crps", include_str!("../../assets/cases/three_phase_crps/case.toml")),
    ("spot_pelvis", include_str!("../../assets/cases/spot_pelvis/case.toml")),
];

static ANATOMY: LazyLock<Result<Anatomy, String>> = LazyLock::new(|| {
    serde_json::from_str(include_str!("../../assets/cases/anatomy.json")).map_err(|e| e.to_string())
});

static CASES: LazyLock<Vec<CaseInfo>> = LazyLock::new(|| {
    let read = |(name, _): &(&str, &str)| case(name).ok();
    SHELF.iter().filter_map(read).map(|c| c.info()).collect()
});

/// Why there is no such patient.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    #[error("there is no case “{name}”; the cases are {known}")]
    UnknownCase { name: String, known: String },
    #[error("the case file cannot be read: {reason}")]
    Unreadable { reason: String },
    #[error("the case asks for something impossible: {what}")]
    Impossible { what: String },
}

/// What a shelf label says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseInfo {
    pub name: String,
    pub title: String,
    /// What the referring physician wrote.
    pub story: String,
    pub lesions: usize,
    /// What is acquired, in order.
    pub scans: Vec<String>,
}

/// A patient who can be scanned. Seed and counts are free to change.
#[derive(Clone, Debug)]
pub struct Case {
    pub name: String,
    pub title: String,
    pub story: String,
    /// Chooses the noise.
    pub seed: u64,
    /// Expected counts of the anterior frame. The posterior one is exposed for the same time and
    /// usually counts more. Of several scans, those of the reference scan's first frame.
    pub counts: u64,
    /// What the study is called.
    pub(super) study: String,
    pub(super) patient: Person,
    pub(super) tracer: Dose,
    pub(super) protocol: Protocol,
    /// How the tracer comes and goes, where the scans see it do so.
    pub(super) kinetics: Option<Kinetics>,
    pub(super) pose: Pose,
    /// Anatomy and lesions have taken it.
    pub(super) stance: Stance,
    pub(super) anatomy: Anatomy,
    pub(super) lesions: Vec<Lesion>,
    /// Lesions are tumour, so that a bone scan index makes sense.
    pub(super) tumour: bool,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Person {
    pub name: String,
    /// For a patient of several cases; otherwise the case's name.
    pub id: Option<String>,
    pub sex: String,
    pub age: u8,
    pub weight_kg: f64,
    pub height_m: f64,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Dose {
    pub agent: String,
    pub isotope: String,
    pub injected_mbq: f64,
    pub injected_at: NaiveDateTime,
    /// Until a whole-body scan begins; other scans have their own times.
    pub uptake_minutes: Option<u16>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Recipe {
    title: String,
    story: String,
    seed: u64,
    counts: u64,
    #[serde(default)]
    tumour: bool,
    study: Option<String>,
    patient: Person,
    tracer: Dose,
    camera: Option<Camera>,
    #[serde(default)]
    scans: Vec<Scan>,
    kinetics: Option<Kinetics>,
    #[serde(default)]
    pose: Pose,
    #[serde(default)]
    posture: Posture,
    /// How limbs and head are held; lesions are held with them.
    #[serde(default)]
    stance: Stance,
    /// Soft tissue and normal parts that the anatomy lacks, in the posture taken.
    #[serde(default)]
    flesh: Vec<Shape>,
    #[serde(default)]
    parts: Vec<Part>,
    #[serde(default)]
    edits: Vec<Edit>,
    #[serde(default)]
    lesions: Vec<Part>,
}

/// Multiplies the uptake of every part of the anatomy that meets all that is asked.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Edit {
    factor: f64,
    /// One of these regions.
    #[serde(default)]
    regions: Vec<String>,
    /// A name that holds one of these.
    #[serde(default)]
    names: Vec<String>,
    side: Option<BodySide>,
    group: Option<Group>,
    /// Makes it a finding. Findings of the same name, edits or additions, are one.
    lesion: Option<Label>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Label {
    name: String,
    region: String,
    side: BodySide,
}

impl Edit {
    fn meets(&self, part: &Part) -> bool {
        (self.regions.is_empty() || self.regions.contains(&part.region))
            && (self.names.is_empty() || self.names.iter().any(|n| part.name.contains(n.as_str())))
            && self.side.is_none_or(|s| s == part.side)
            && self.group.is_none_or(|g| g == part.group)
    }
}

/// The shelf, in teaching order.
pub fn cases() -> &'static [CaseInfo] {
    &CASES
}

/// A case by name: one of the shelf, or `volunteer-17`, the seventeenth patient drawn by lot.
pub fn case(name: &str) -> Result<Case, Error> {
    if let Some(seed) = name.strip_prefix("volunteer-").and_then(|seed| seed.parse().ok()) {
        return Ok(Volunteer::draw(seed, Kind::Findings, 1_500_000)?.case);
    }
    let found = SHELF.iter().find(|(shelved, _)| *shelved == name);
    let Some((name, recipe)) = found else {
        let known = SHELF.map(|(name, _)| name).join(", ");
        return Err(Error::UnknownCase { name: name.to_owned(), known });
    };
    Case::from_recipe(name, recipe)
}

impl Case {
    /// A case from the text of its file.
    pub fn from_recipe(name: &str, recipe: &str) -> Result<Self, Error> {
        let unreadable = |reason: String| Error::Unreadable { reason };
        let recipe: Recipe = toml::from_str(recipe).map_err(|e| unreadable(e.to_string()))?;
        let impossible = |what: &str| Error::Impossible { what: what.to_owned() };
        let protocol = match (recipe.camera, recipe.scans) {
            (Some(camera), scans) if scans.is_empty() => Protocol::WholeBody(camera),
            (None, scans) if !scans.is_empty() => Protocol::Scans(scans),
            _ => return Err(impossible("not one camera for the whole body, nor scans of its own")),
        };
        let anatomy = anatomy().map_err(unreadable)?;
        let mut anatomy =
            recipe.posture.taken_by(anatomy).ok_or_else(|| impossible("the posture"))?;
        let whole = |p: &Part| p.uptake.is_finite() && p.uptake >= 0.0 && p.shape.sound();
        if !recipe.flesh.iter().all(Shape::sound) || !recipe.parts.iter().all(whole) {
            return Err(impossible("a shape of the body"));
        }
        anatomy.envelope.extend(recipe.flesh);
        anatomy.parts.extend(recipe.parts);
        let mut lesions: Vec<Lesion> = Vec::new();
        let base = anatomy.parts.clone();
        for edit in &recipe.edits {
            let usable = edit.factor.is_finite() && edit.factor >= 0.0;
            if !usable || !base.iter().any(|p| edit.meets(p)) {
                return Err(Error::Impossible { what: "an edit that changes nothing".into() });
            }
            match &edit.lesion {
                None => {
                    let parts = anatomy.parts.iter_mut().filter(|p| edit.meets(p));
                    parts.for_each(|p| p.uptake *= edit.factor);
                }
                Some(_) if edit.factor <= 1.0 => {
                    return Err(Error::Impossible { what: "a lesion that is not hot".into() });
                }
                Some(label) => {
                    let scaled = base
                        .iter()
                        .filter(|p| edit.meets(p))
                        .map(|p| Part { uptake: p.uptake * edit.factor, ..p.clone() });
                    join(&mut lesions, &label.name, &label.region, label.side, scaled.collect());
                }
            }
        }
        for part in recipe.lesions {
            let (name, region, side) = (part.name.clone(), part.region.clone(), part.side);
            join(&mut lesions, &name, &region, side, vec![part]);
        }
        let hot = |p: &Part| p.uptake.is_finite() && p.uptake > 0.0 && p.shape.sound();
        let anatomy = recipe.stance.taken_by(anatomy).ok_or_else(|| impossible("the stance"))?;
        for part in lesions.iter_mut().flat_map(|l| &mut l.parts) {
            *part = recipe.stance.part(part).ok_or_else(|| impossible("the stance"))?;
        }
        let wrong = [
            (!recipe.stance.sound(), "the stance"),
            (!lesions.iter().flat_map(|l| &l.parts).all(hot), "a lesion's shape or uptake"),
            (!recipe.pose.sound() || !recipe.posture.sound(), "the pose"),
            (recipe.tracer.injected_mbq <= 0.0, "the injected activity"),
            (!(1900..=9998).contains(&recipe.tracer.injected_at.year()), "the day of the scan"),
            (half_life_of(&recipe.tracer.isotope).is_none(), "an isotope of unknown half-life"),
            (recipe.kinetics.as_ref().is_some_and(|k| !k.sound()), "the kinetics"),
        ];
        let wrong = wrong.iter().find(|(is, _)| *is).map(|(_, what)| *what);
        let uptake = recipe.tracer.uptake_minutes;
        let wrong = wrong.or_else(|| impossible_scan(&protocol, recipe.pose, uptake));
        if let Some(what) = wrong {
            return Err(impossible(what));
        }
        Ok(Self {
            name: name.to_owned(),
            title: recipe.title,
            story: recipe.story,
            seed: recipe.seed,
            counts: recipe.counts,
            study: recipe.study.unwrap_or_else(|| "Bone scan, whole body".into()),
            patient: recipe.patient,
            tracer: recipe.tracer,
            protocol,
            kinetics: recipe.kinetics,
            pose: recipe.pose,
            stance: recipe.stance,
            anatomy,
            lesions,
            tumour: recipe.tumour,
        })
    }

    pub fn info(&self) -> CaseInfo {
        CaseInfo {
            name: self.name.clone(),
            title: self.title.clone(),
            story: self.story.clone(),
            lesions: self.lesions.len() + self.kinetics.as_ref().map_or(0, Kinetics::lesions),
            scans: match &self.protocol {
                Protocol::WholeBody(_) => vec![WHOLE_BODY.to_owned()],
                Protocol::Scans(scans) => scans.iter().map(|s| s.name.clone()).collect(),
            },
        }
    }
}

/// Why a protocol cannot be carried out, if it cannot.
fn impossible_scan(
    protocol: &Protocol,
    pose: Pose,
    uptake_minutes: Option<u16>,
) -> Option<&'static str> {
    let wrong = match protocol {
        Protocol::WholeBody(camera) => {
            [(!camera.sound(), "the camera"), (uptake_minutes.is_none(), "no time of the scan")]
        }
        Protocol::Scans(scans) => {
            let same = |name: &str| scans.iter().filter(|s| s.name == name).count() > 1;
            let bad = scans.iter().any(|s| !s.sound() || same(&s.name))
                || scans.iter().filter(|s| s.reference).count() != 1;
            // A bent body turned on its axis would no longer be the one that was bent.
            let askew = pose != Pose::default() && scans.iter().any(|s| !s.frontal());
            [(bad, "a scan, or not one of them is the reference"), (askew, "an oblique of a pose")]
        }
    };
    wrong.iter().find(|(is, _)| *is).map(|(_, what)| *what)
}

/// The anatomy every case starts from.
pub(super) fn anatomy() -> Result<Anatomy, String> {
    ANATOMY.clone()
}

/// Adds parts to the finding of that name, or begins it.
fn join(lesions: &mut Vec<Lesion>, name: &str, region: &str, side: BodySide, parts: Vec<Part>) {
    match lesions.iter_mut().find(|l| l.name == name) {
        Some(lesion) => lesion.parts.extend(parts),
        None => lesions.push(Lesion { name: name.into(), region: region.into(), side, parts }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_volunteer_has_a_number() {
        assert_eq!(case("volunteer-17").unwrap().name, "volunteer-17");
        assert!(matches!(case("volunteer-x"), Err(Error::UnknownCase { .. })));
    }

    #[test]
    fn every_case_on_the_shelf_can_be_read() {
        assert_eq!(cases().len(), SHELF.len());
        for (name, recipe) in SHELF {
            let case = Case::from_recipe(name, recipe).unwrap();
            assert!(case.patient.name.starts_with("Simulated^"), "{name}");
            let parts = match name {
                "spot_pelvis" => 305,
                "three_phase_crps" => 351,
                _ => 349,
            };
            assert_eq!(case.anatomy.parts.len(), parts, "{name}");
        }
        assert_eq!(case("metastases").unwrap().lesions.len(), 12);
        assert_eq!(case("normal").unwrap().lesions.len(), 0);
    }

    #[test]
    fn a_prior_is_of_the_same_patient() {
        let [now, then] = ["metastases", "metastases_prior"].map(|name| case(name).unwrap());
        let [now, then] = [now, then].map(|c| crate::simulate::acquire(&c, &|_| ()).study);
        let who = |s: &crate::study::Study| {
            let p = &s.patient;
            (p.id.clone(), p.name.clone(), p.birth_date.clone(), p.sex.clone(), p.height_m)
        };
        assert_eq!(who(&now), who(&then));
        assert_eq!(now.patient.id.reveal(), "SIM-METASTASES");
        assert_ne!(now.uid, then.uid);
        let months = (now.date.unwrap() - then.date.unwrap()).num_days() as f64 / 30.44;
        assert!((7.5..8.5).contains(&months), "{months}");
        assert!(then.simulated && then.series[0].uid != now.series[0].uid);
    }

    #[test]
    fn an_unknown_name_hears_the_known_ones() {
        let message = case("plague").unwrap_err().to_string();
        assert!(message.contains("plague") && message.contains("metastases"), "{message}");
    }

    #[test]
    fn impossible_recipes_are_refused() {
        let normal = SHELF[0].1;
        let broken = |from: &str, to: &str| {
            assert!(normal.contains(from), "{from}");
            Case::from_recipe("broken", &normal.replace(from, to)).unwrap_err()
        };
        assert!(matches!(broken("pixel_mm = 2.4", "pixel_mm = 0.0"), Error::Impossible { .. }));
        assert!(matches!(broken("LEHR", "PINHOLE"), Error::Unreadable { .. }));
        assert!(matches!(broken("pixel_mm", "pixels"), Error::Unreadable { .. }));
        assert!(matches!(broken("uptake_minutes = 180", ""), Error::Impossible { .. }));
        assert!(matches!(broken("Tc-99m\"\ninj", "Xe-000\"\ninj"), Error::Impossible { .. }));
        let nothing = format!("{normal}\n[[edits]]\nfactor = 2.0\nregions = [\"tail\"]\n");
        assert!(matches!(Case::from_recipe("x", &nothing), Err(Error::Impossible { .. })));
    }

    #[test]
    fn impossible_scans_are_refused() {
        let (_, spots) = SHELF.into_iter().find(|(name, _)| *name == "spot_pelvis").unwrap();
        let broken = |from: &str, to: &str| {
            assert!(spots.contains(from), "{from}");
            let refused = Case::from_recipe("broken", &spots.replacen(from, to, 1)).unwrap_err();
            assert!(matches!(refused, Error::Impossible { .. }), "{refused}");
        };
        broken("reference = true", "");
        broken("pelvis-lao-rpo", "pelvis-ant-post");
        broken("seconds = 300.0", "phases = []");
        broken("[posture]", "[pose]\ntilt_deg = 2.0\n[posture]");
        broken("\"right_posterior_oblique\"", "\"left_posterior_oblique\"");
    }

    #[test]
    fn findings_of_one_name_are_one() {
        let paget = case("paget").unwrap();
        let spine: Vec<_> = paget.lesions.iter().filter(|l| l.region == "lumbar spine").collect();
        assert_eq!(spine.len(), 1);
        assert!(spine[0].parts.len() >= 5);
    }
}
