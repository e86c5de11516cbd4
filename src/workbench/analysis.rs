//! What is found on a study before the reader asks for it: how the sides of each view answer to
//! each other, the skeleton, and what the pixels say of the scan's quality.
//!
//! The picture comes first. A study that a job opened is shown at once and analysed after that;
//! whatever would keep or write numbers before then waits for them.

use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;

use crate::findings::Symmetry;
use crate::measure::{FrameFacts, NoSkeleton, Skeleton};
use crate::study::{FrameKey, Series, SeriesKind, Study};

use super::{Reading, Workbench, midlines};

/// Of every planar frame.
#[derive(Clone, Debug, Default)]
pub(super) struct Analysis {
    pub symmetries: BTreeMap<FrameKey, Symmetry>,
    pub facts: BTreeMap<FrameKey, FrameFacts>,
    /// Of whole-body frames.
    pub skeletons: BTreeMap<FrameKey, Result<Arc<Skeleton>, NoSkeleton>>,
}

/// How far the analysis of a study is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    Wanted,
    UnderWay,
    Done,
}

impl Analysis {
    pub fn of(study: &Study) -> Self {
        let (symmetries, facts) = rayon::join(
            || midlines::automatic(study),
            || study.series.iter().flat_map(|s| frame_facts(s)).collect(),
        );
        let skeletons = skeletons(study, &symmetries);
        Self { symmetries, facts, skeletons }
    }

    /// The same, leaving one processor to whoever paints meanwhile.
    pub fn aside(study: &Study) -> Self {
        let threads = std::thread::available_parallelism().map_or(1, |n| n.get() - 1).max(1);
        let name = |index| format!("analysis {index}");
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).thread_name(name).build();
        match pool {
            Ok(pool) => pool.install(|| Self::of(study)),
            Err(_) => Self::of(study),
        }
    }
}

/// Of whole-body frames with a midline, in parallel.
fn skeletons(
    study: &Study,
    symmetries: &BTreeMap<FrameKey, Symmetry>,
) -> BTreeMap<FrameKey, Result<Arc<Skeleton>, NoSkeleton>> {
    let whole =
        |key: &FrameKey| study.series(&key.series).is_some_and(|s| s.kind == SeriesKind::WholeBody);
    let wanted: Vec<_> = symmetries.iter().filter(|(key, _)| whole(key)).collect();
    let laid = wanted.into_par_iter().filter_map(|(key, symmetry)| {
        let skeleton = Skeleton::fit(study.frame(key)?, &symmetry.midline).map(Arc::new);
        Some((key.clone(), skeleton))
    });
    laid.collect::<Vec<_>>().into_iter().collect()
}

/// Of a planar series, in parallel.
pub(super) fn frame_facts(series: &Series) -> Vec<(FrameKey, FrameFacts)> {
    if !series.kind.planar() {
        return Vec::new();
    }
    let frames = series.frames.par_iter().enumerate();
    let key = |frame| FrameKey { series: series.uid.clone(), frame };
    frames.map(|(i, frame)| (key(i), FrameFacts::of(frame, series.kind))).collect()
}

impl Workbench {
    /// Whether a study is open that nobody has begun to analyse.
    pub(super) fn wants_analysis(&self) -> bool {
        self.readings.iter().any(|r| r.stage() == Stage::Wanted)
    }

    /// Begins with the next study, once nothing else is to be done.
    pub(super) fn analyse_next(&mut self) {
        if self.jobs.running().is_some() {
            return;
        }
        // The one that is looked at comes first.
        let all = [self.active].into_iter().chain(0..self.readings.len());
        let wanted = |at: &usize| self.readings.get(*at).map(Reading::stage) == Some(Stage::Wanted);
        let next = all.into_iter().find(wanted);
        if let Some(reading) = next.and_then(|at| self.readings.get_mut(at)) {
            reading.set_under_way();
            self.jobs.analyse(reading.opened().clone());
        }
    }

    pub(super) fn analysed(&mut self, study: &str, analysis: Analysis) {
        if let Some(reading) = self.readings.iter_mut().find(|r| *r.study().uid == *study) {
            reading.receive(analysis);
        }
    }

    /// Sees to it that every study is analysed, here and now: for what keeps or writes numbers,
    /// which must not depend on how quick the reader was.
    pub(super) fn analyse_now(&mut self) {
        for reading in &mut self.readings {
            if reading.stage() != Stage::Done {
                let analysis = Analysis::of(reading.opened());
                reading.receive(analysis);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::super::{Command, Workbench, demo_path};
    use crate::findings::{Edit, Role};
    use crate::geometry::Outline;
    use crate::study::FrameKey;

    /// A study is on show that nothing has been found on.
    fn just_opened() -> Workbench {
        let mut bench = Workbench::new();
        bench.handle(Command::Open(demo_path("metastases")));
        while bench.study().is_none() {
            std::thread::sleep(Duration::from_millis(1));
            bench.poll();
        }
        bench
    }

    fn shown(bench: &Workbench) -> FrameKey {
        bench.workspace().unwrap().panes[0].frame.clone()
    }

    fn draw(bench: &mut Workbench) {
        let outline =
            Outline::Ellipse { center: [100.0, 455.0], radii: [9.0, 15.0], angle_deg: 0.0 };
        let roi = bench.findings().unwrap().new_roi(Role::Lesion, shown(bench), outline);
        bench.handle(Command::Edit(Edit::Add { at: None, roi }));
    }

    #[test]
    fn the_picture_comes_before_the_midlines_and_a_region_gets_its_twin_with_them() {
        let mut bench = just_opened();
        let reading = bench.reading().unwrap();
        assert!(!reading.analysed() && bench.workspace().unwrap().panes.len() > 1);
        assert!(reading.midline(&shown(&bench)).is_none());
        draw(&mut bench);
        assert!(bench.sheet().unwrap().rois[0].twin.is_err());
        bench.settle();
        assert!(bench.reading().unwrap().analysed());
        assert!(bench.sheet().unwrap().rois[0].twin.is_ok());
        let series = &shown(&bench).series;
        assert!(!bench.reading().unwrap().quality(series).is_empty());
    }

    #[test]
    fn numbers_do_not_depend_on_when_the_region_was_drawn() {
        let mut early = just_opened();
        draw(&mut early);
        early.settle();
        let mut late = just_opened();
        late.settle();
        draw(&mut late);
        assert_eq!(early.sheet(), late.sheet());
        let series = &shown(&late).series;
        let quality = |b: &Workbench| b.reading().unwrap().quality(series).to_vec();
        assert_eq!(quality(&early), quality(&late));
    }

    #[test]
    fn what_keeps_numbers_does_not_wait_for_its_turn() {
        let mut bench = just_opened();
        let action = super::super::Action::by_id("thin.half").unwrap();
        let command = action.resolve(&bench).unwrap();
        bench.handle(command);
        let copy = bench.workspace().unwrap().active_pane().unwrap().frame.clone();
        assert!(bench.reading().unwrap().midline(&copy).is_some());
        // What a job would have found is there already, and found but once.
        bench.settle();
        assert!(bench.reading().unwrap().midline(&copy).is_some());
    }
}
