//! Patients drawn by lot, no two alike: what methods of measurement are tried on.
//!
//! Each has a figure, a pose, normal uptake, normal variants and a camera of her own. Nothing here
//! is meant to look like a particular disease: findings are spread over the skeleton, from barely
//! visible to very hot. Figures measured on some seeds should be quoted from others.

mod findings;
mod person;
mod variants;

use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

use super::acquire::{Acquisition, acquire};
use super::case::{Case, Error, anatomy};
use super::chart::Chart;

pub use findings::Cold;
pub use variants::Variant;

/// What a drawn patient has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Nothing but normal variants.
    Normal,
    /// One to eight findings, from subtle to hot.
    Findings,
    /// Tumour in 0.1 to 13 % of the skeleton.
    Metastatic,
    /// One to three bones that take up less than they should.
    Photopenic,
}

/// A patient drawn by lot, and what is true of her besides what every case knows.
#[derive(Clone, Debug)]
pub struct Volunteer {
    pub case: Case,
    pub kind: Kind,
    pub variants: Vec<Variant>,
    pub cold: Vec<Cold>,
}

impl Volunteer {
    /// Seed and kind decide everything. A whole-body scan with expected `counts` in the anterior
    /// frame, one and a half million being usual.
    pub fn draw(seed: u64, kind: Kind, counts: u64) -> Result<Self, Error> {
        let unreadable = |reason| Error::Unreadable { reason };
        let mut rng = ChaCha8Rng::seed_from_u64(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        let mut body = anatomy().map_err(unreadable)?;
        person::normal_uptake(&mut body, &mut rng);
        let mut case = person::case(seed, counts, body, &mut rng);
        let variants = variants::draw(&mut case.anatomy, &mut rng);
        let mut cold = Vec::new();
        match kind {
            Kind::Normal => {}
            Kind::Findings => case.lesions = findings::draw(&case.anatomy, &mut rng),
            Kind::Metastatic => {
                case.lesions = findings::spread(&case.anatomy, &mut rng);
                case.tumour = true;
            }
            Kind::Photopenic => cold = findings::cold(&mut case.anatomy, &mut rng),
        }
        person::hold(&mut case, &mut rng)?;
        Ok(Self { case, kind, variants, cold })
    }

    pub fn scan(&self) -> Acquisition {
        acquire(&self.case, &|_| ())
    }

    pub fn chart(&self) -> Option<Chart> {
        Chart::of(&self.case)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_is_a_patient() {
        let draw = |seed| Volunteer::draw(seed, Kind::Findings, 1_000_000).unwrap();
        let (a, b, other) = (draw(5), draw(5), draw(6));
        assert_eq!(a.case.pose, b.case.pose);
        assert_eq!(a.case.anatomy.parts, b.case.anatomy.parts);
        assert_ne!(a.case.pose, other.case.pose);
    }

    #[test]
    fn every_patient_can_be_scanned_and_no_two_are_alike() {
        let kinds = [Kind::Normal, Kind::Findings, Kind::Metastatic, Kind::Photopenic];
        let mut fractions = Vec::new();
        for seed in 0..60 {
            let kind = kinds[seed as usize % 4];
            let volunteer = Volunteer::draw(seed, kind, 1_500_000).unwrap();
            assert!(volunteer.case.pose.sound(), "{seed}");
            assert_eq!(volunteer.cold.is_empty(), kind != Kind::Photopenic);
            let sick = matches!(kind, Kind::Findings | Kind::Metastatic);
            assert_eq!(volunteer.case.lesions.is_empty(), !sick);
            fractions.push(volunteer.case.lesions.len());
        }
        assert!(fractions.iter().max() > Some(&20), "{fractions:?}");
    }

    #[test]
    fn the_truth_follows_limbs_that_are_held_differently() {
        let volunteers = (0..).map(|s| Volunteer::draw(s, Kind::Findings, 1_500_000).unwrap());
        let arms = volunteers.map(|v| (v.case.stance.arms_deg, v));
        let (_, volunteer) = arms.take(40).find(|(a, _)| (a[0] - a[1]).abs() > 6.0).unwrap();
        let chart = volunteer.chart().unwrap();
        let pairs = chart.counterparts(0);
        let hand = pairs.iter().find(|p| p.structure.region == "wrist and hand").unwrap();
        let structures = chart.structures();
        let covers = chart.covers(0);
        let at = [hand.there.y.round() as usize, hand.there.x.round() as usize];
        let regions = covers[at].iter().map(|&i| structures[usize::from(i)].region.as_str());
        assert!(
            regions.clone().any(|r| r == "wrist and hand"),
            "{:?}",
            regions.collect::<Vec<_>>()
        );
    }
}
