//! Asymmetry maps of what is on show: made by a job when the reader asks for them, and kept until
//! the frame, its midline or what is not bone changes.

use std::collections::BTreeMap;

use crate::findings::Symmetry;
use crate::geometry::Outline;
use crate::measure::{self, AsymmetryMap, NoAsymmetry, Skeleton};
use crate::study::{Frame, FrameKey, SeriesKind, Study};

use super::{Reading, Workbench};

/// All that a map depends on besides the frame's pixels, which never change.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Basis {
    symmetry: Symmetry,
    not_bone: Vec<Outline>,
}

/// A map that was made.
pub(super) struct Mapped {
    pub frame: FrameKey,
    basis: Basis,
    map: Result<AsymmetryMap, NoAsymmetry>,
}

/// The maps of all open studies.
#[derive(Default)]
pub(super) struct Maps {
    made: BTreeMap<FrameKey, Mapped>,
    under_way: BTreeMap<FrameKey, Basis>,
}

/// What there is to be seen of a frame's map.
#[derive(Clone, Copy, Debug)]
pub enum MapShown<'a> {
    UnderWay,
    NoMidline,
    Refused(NoAsymmetry),
    Map(&'a AsymmetryMap),
}

impl Basis {
    fn of(reading: &Reading, frame: &FrameKey) -> Option<Self> {
        let not_bone = reading.findings().not_bone_on(frame).map(|r| r.outline.clone()).collect();
        Some(Self { symmetry: reading.symmetry(frame)?, not_bone })
    }

    fn map(&self, frame: &Frame, skeleton: Option<&Skeleton>) -> Result<AsymmetryMap, NoAsymmetry> {
        let counterpart = |point| self.symmetry.counterpart(point);
        measure::asymmetry_map(frame, &counterpart, &self.not_bone, skeleton)
    }
}

impl Mapped {
    pub fn new(
        study: &Study,
        frame: FrameKey,
        basis: Basis,
        skeleton: Option<&Skeleton>,
    ) -> Option<Self> {
        let map = basis.map(study.frame(&frame)?, skeleton);
        Some(Self { frame, basis, map })
    }
}

impl Reading {
    /// The asymmetry map of a frame, made here and now; `None` where it has no midline.
    pub fn asymmetry_map(&self, frame: &FrameKey) -> Option<Result<AsymmetryMap, NoAsymmetry>> {
        let skeleton = self.named_bones(frame);
        Some(Basis::of(self, frame)?.map(self.study().frame(frame)?, skeleton.as_deref()))
    }

    /// The frames whose sides can be compared: whole-body and spot views with a midline.
    pub fn compared_frames(&self) -> Vec<FrameKey> {
        let series = self.study().series.iter();
        let still = series.filter(|s| matches!(s.kind, SeriesKind::WholeBody | SeriesKind::Static));
        let keys = still.flat_map(|series| {
            (0..series.frames.len()).map(|frame| FrameKey { series: series.uid.clone(), frame })
        });
        keys.filter(|key| self.midline(key).is_some()).collect()
    }
}

impl Workbench {
    /// What the asymmetry map of a frame shows; `None` where it is not asked for.
    pub fn asymmetry(&self, frame: &FrameKey) -> Option<MapShown<'_>> {
        if !self.workspace()?.symmetry {
            return None;
        }
        let reading = self.reading_of(frame)?;
        if !reading.analysed() {
            return Some(MapShown::UnderWay);
        }
        let Some(basis) = Basis::of(reading, frame) else { return Some(MapShown::NoMidline) };
        let made = self.maps.made.get(frame).filter(|made| made.basis == basis);
        Some(match made.map(|made| &made.map) {
            None => MapShown::UnderWay,
            Some(Ok(map)) => MapShown::Map(map),
            Some(Err(reason)) => MapShown::Refused(*reason),
        })
    }

    /// Begins what is missing of the maps on show. Nothing is begun in the middle of a gesture.
    pub(super) fn map_sides(&mut self) {
        if self.gesturing() || !self.workspace().is_some_and(|w| w.symmetry) {
            return;
        }
        let shown: Vec<FrameKey> = self
            .workspace()
            .map(|w| w.panes.iter().map(|pane| pane.frame.clone()).collect())
            .unwrap_or_default();
        for key in shown {
            let Some(reading) = self.reading_of(&key).filter(|r| r.analysed()) else { continue };
            let study = reading.study().clone();
            let Some(basis) = Basis::of(reading, &key) else { continue };
            let skeleton = reading.named_bones(&key);
            let known = self.maps.made.get(&key).is_some_and(|made| made.basis == basis)
                || self.maps.under_way.get(&key) == Some(&basis);
            if !known {
                self.maps.under_way.insert(key.clone(), basis.clone());
                self.jobs.map_sides(study, key, basis, skeleton);
            }
        }
    }

    pub(super) fn mapped(&mut self, mapped: Mapped) {
        if self.maps.under_way.get(&mapped.frame) == Some(&mapped.basis) {
            self.maps.under_way.remove(&mapped.frame);
        }
        self.maps.made.insert(mapped.frame.clone(), mapped);
    }

    /// The reader called it off: it is not begun again until asked for.
    pub(super) fn map_no_sides(&mut self) {
        if !std::mem::take(&mut self.maps.under_way).is_empty()
            && let Some(reading) = self.readings.get_mut(self.hung)
        {
            reading.workspace.symmetry = false;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Action, Command, Show, demo_path};
    use super::*;
    use crate::findings::{Edit, NotBone, Role};

    fn opened() -> Workbench {
        let mut bench = Workbench::new();
        bench.handle(Command::Open(demo_path("metastases")));
        bench.settle();
        bench
    }

    fn shown(bench: &Workbench) -> FrameKey {
        bench.workspace().unwrap().panes[1].frame.clone()
    }

    fn areas(bench: &Workbench) -> usize {
        match bench.asymmetry(&shown(bench)) {
            Some(MapShown::Map(map)) => map.areas.len(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn maps_are_made_when_asked_for_and_follow_what_is_not_bone() {
        let mut bench = opened();
        assert!(bench.asymmetry(&shown(&bench)).is_none());
        let on = Action::by_id("view.symmetry").unwrap().resolve(&bench).unwrap();
        bench.handle(on);
        assert!(matches!(bench.asymmetry(&shown(&bench)), Some(MapShown::UnderWay)));
        bench.settle();
        let before = areas(&bench);
        assert!(before >= 4, "{before}");

        // Everything above the pelvis is not bone: nothing there is compared any more.
        let outline = Outline::Rectangle { min: [0.0, 0.0], max: [256.0, 520.0] };
        let findings = bench.findings().unwrap();
        let roi = findings.new_roi(Role::NotBone(NotBone::Other), shown(&bench), outline);
        bench.handle(Command::Edit(Edit::Add { at: None, roi }));
        assert!(matches!(bench.asymmetry(&shown(&bench)), Some(MapShown::UnderWay)));
        bench.settle();
        assert!(areas(&bench) < before);
        bench.handle(Command::Undo);
        bench.settle();
        assert_eq!(areas(&bench), before);
        bench.handle(Command::Show(Show::Symmetry(false)));
        assert!(bench.asymmetry(&shown(&bench)).is_none());
    }

    #[test]
    fn a_map_that_is_there_is_not_made_again() {
        let mut bench = opened();
        bench.handle(Command::Show(Show::Symmetry(true)));
        bench.settle();
        let revision = bench.revision();
        assert!(!bench.poll() && bench.running_job().is_none());
        assert_eq!(bench.revision(), revision);
        bench.handle(Command::Show(Show::CornerTexts(false)));
        assert!(bench.running_job().is_none());
    }

    #[test]
    fn what_is_called_off_is_not_begun_again() {
        let mut bench = opened();
        bench.handle(Command::Show(Show::Symmetry(true)));
        bench.handle(Command::Cancel);
        bench.settle();
        assert!(!bench.workspace().unwrap().symmetry);
        assert!(bench.asymmetry(&shown(&bench)).is_none());
        assert!(bench.running_job().is_none());
    }
}
