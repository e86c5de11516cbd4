//! The patients a figure is measured on.

use bonescope::simulate::Acquisition;
use bonescope::simulate::cohort::{Kind, Volunteer};
use rayon::prelude::*;

pub struct Patients {
    pub scans: u64,
    pub first: u64,
}

/// Expected counts of the anterior frame, from a short scan to a long one.
const COUNTS: [u64; 4] = [400_000, 800_000, 1_500_000, 2_500_000];

impl Patients {
    /// Asks something of every patient's scan; answers come in the order of the seeds.
    pub fn each<T: Send>(
        &self,
        kind: Kind,
        ask: impl Fn(&Volunteer, &Acquisition) -> T + Sync,
    ) -> Vec<T> {
        self.each_of(kind, &COUNTS, ask)
    }

    /// The same with these counts in turn.
    pub fn each_of<T: Send>(
        &self,
        kind: Kind,
        counts: &[u64],
        ask: impl Fn(&Volunteer, &Acquisition) -> T + Sync,
    ) -> Vec<T> {
        let of = |i: u64| {
            let counts = counts[i as usize % counts.len()];
            let volunteer = Volunteer::draw(self.first + i, kind, counts).expect("a patient");
            let scan = volunteer.scan();
            ask(&volunteer, &scan)
        };
        (0..self.scans).into_par_iter().map(of).collect()
    }
}
