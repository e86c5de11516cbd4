//! The truth about scans of a camera that stands still.

use ndarray::Array2;

use crate::study::SeriesKind;

use super::camera::DETECTORS;
use super::case::Case;
use super::lesion::Lesion;
use super::protocol::{Exposed, Scan};
use super::section::Lattice;
use super::sources::Source;
use super::still::Light;
use super::truth::{TrueLesion, TrueMidline};
use super::views::{Held, Line, Views};

/// Where the truth is asked for.
pub struct Stage<'a> {
    pub case: &'a Case,
    pub scans: &'a [Scan],
    pub sources: &'a [Source],
    /// For each scan.
    pub lights: &'a [Light],
    /// Which scan is the reference.
    pub reference: usize,
}

impl Stage<'_> {
    /// `expected` are the frames of all scans, one scan after another.
    pub fn lesions(&self, expected: &[Array2<f64>]) -> Vec<TrueLesion> {
        let told = self.sources.iter().enumerate().filter(|(_, source)| source.told);
        let all = told.flat_map(|(s, source)| {
            source.lesions.iter().enumerate().map(move |(i, lesion)| (s, i, lesion))
        });
        all.map(|(s, i, lesion)| self.lesion(s, i, lesion, expected)).collect()
    }

    fn lesion(
        &self,
        source: usize,
        index: usize,
        lesion: &Lesion,
        expected: &[Array2<f64>],
    ) -> TrueLesion {
        let lattices: Vec<Lattice> = self.scans.iter().map(Scan::lattice).collect();
        let views = |series: usize| self.views(series, &lattices[series]);
        let own = self.sources[source].uptake;
        let hottest = lesion.parts.iter().fold(0.0, |m, p| p.uptake.max(m));
        let voxels = self.lights[self.reference].exposures[source].volumes[index];
        let reference = views(self.reference);
        let mut truth = reference.placed(lesion, voxels, own.unwrap_or(hottest));
        let drawn = |series: usize, detector: usize| -> Line {
            let outline = |series: usize| {
                let patch = &self.lights[series].exposures[source].additions[index][detector];
                views(series).outline(DETECTORS[detector], patch)
            };
            // As a reader does: drawn on the delayed image, copied to the earlier ones.
            let copied = self.case.kinetics.is_some()
                && self.scans[self.reference].views.len() > detector
                && self.scans[series].turn_deg() == self.scans[self.reference].turn_deg();
            match copied && series != self.reference {
                true => {
                    let outline = outline(self.reference);
                    views(series).carried(DETECTORS[detector], &outline, &reference)
                }
                false => outline(series),
            }
        };
        let mut before = 0;
        for (series, scan) in self.scans.iter().enumerate() {
            let exposed = scan.frames();
            let images = &expected[before..before + exposed.len()];
            before += exposed.len();
            for (detector, view) in DETECTORS.into_iter().enumerate().take(scan.views.len()) {
                let here = |f: &Exposed| usize::from(f.address.detector) == detector + 1;
                let frames: Vec<usize> =
                    (0..exposed.len()).filter(|&i| here(&exposed[i])).collect();
                let outline = drawn(series, detector);
                let views = views(series);
                if scan.kind() == SeriesKind::Dynamic {
                    let phases: Vec<u16> = exposed.iter().map(|f| f.address.phase).collect();
                    let drawn = (outline, Held::of(lesion));
                    truth.curves.extend(views.curve(view, drawn, frames, images, &phases));
                } else if let Some(&frame) = frames.first() {
                    let image = &images[frame];
                    let held = scan.frontal().then(|| Held::of(lesion));
                    let found = views.frame_truth(frame, view, outline, image, held);
                    truth.frames.extend(found);
                }
            }
        }
        truth
    }

    fn views<'a>(&'a self, series: usize, lattice: &'a Lattice) -> Views<'a> {
        Views { series, lattice, pose: &self.case.pose, stance: &self.case.stance }
    }

    /// One for each detector in front or behind: its frames share it.
    pub fn midlines(&self) -> Vec<TrueMidline> {
        let frontal = self.scans.iter().enumerate().filter(|(_, scan)| scan.frontal());
        let lines = frontal.flat_map(|(series, scan)| {
            let lattice = scan.lattice();
            let half = 0.5 * lattice.voxel * lattice.rows as f64;
            let span = [lattice.centre_z + half, lattice.centre_z - half];
            let frames = scan.frames();
            let line = |detector: usize| {
                let here = |f: &Exposed| usize::from(f.address.detector) == detector + 1;
                let first = frames.iter().position(here)?;
                let views = self.views(series, &lattice);
                Some(views.midline(first, DETECTORS[detector], span))
            };
            (0..scan.views.len()).filter_map(line).collect::<Vec<_>>()
        });
        lines.collect()
    }
}
