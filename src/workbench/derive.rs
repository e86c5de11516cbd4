//! Derived series on the bench: made, kept beside the acquired ones, and put on show.

use std::collections::BTreeMap;

use crate::findings::Symmetry;
use crate::measure;
use crate::study::{Derivation, FrameKey, Series};

use super::reading::Reading;
use super::{Show, Workbench, Workspace};

impl Workbench {
    /// Makes the series that a derivation names, if it is not there yet, and shows it in the
    /// active pane: the same frame where the pane showed its source or another copy of it, else
    /// its first.
    pub(super) fn derive(&mut self, derivation: &Derivation) {
        if let Err(reason) = self.made(derivation) {
            self.notices.error(reason.to_string());
            return;
        }
        let Some((pane, shown)) =
            self.workspace().and_then(|w| Some((w.active, w.active_pane()?.frame.clone())))
        else {
            return;
        };
        let copy = Derivation::of_uid(&shown.series).is_some_and(|d| d.of() == derivation.of());
        let same = matches!(derivation, Derivation::Thinned { .. });
        let frame = match same && (copy || shown.series == *derivation.of()) {
            true => shown.frame,
            false => 0,
        };
        self.show(Show::Frame { pane, frame: FrameKey { series: derivation.uid(), frame } });
    }

    /// Sees to it that a derived series is there, and before it the one it is made from.
    fn made(&mut self, derivation: &Derivation) -> Result<(), measure::DeriveError> {
        if let Some(source) = Derivation::of_uid(derivation.of())
            && self.series_holder(derivation.of()).is_none()
        {
            self.made(&source)?;
        }
        let holder =
            self.series_holder(derivation.of()).ok_or(measure::DeriveError::NoSuchSeries)?;
        match self.readings.get_mut(holder) {
            Some(reading) => reading.derive(derivation),
            None => Err(measure::DeriveError::NoSuchSeries),
        }
    }

    fn series_holder(&self, uid: &str) -> Option<usize> {
        let read = std::iter::once(self.active).chain(0..self.readings.len());
        let holds =
            |i: &usize| self.readings.get(*i).is_some_and(|r| r.study().series(uid).is_some());
        read.into_iter().find(holds)
    }

    /// The frame of the active pane, and of the acquired series behind it.
    pub(super) fn acquired_frame(&self) -> Option<FrameKey> {
        let shown = &self.workspace().and_then(Workspace::active_pane)?.frame;
        let acquired = Derivation::acquired(&shown.series);
        let frame = FrameKey { series: acquired.into(), frame: shown.frame };
        self.frame(&frame).is_some().then_some(frame)
    }
}

impl Reading {
    /// Makes a derived series of this study, unless it is there already.
    ///
    /// # Errors
    /// Where the source does not lend itself to it.
    pub fn derive(&mut self, derivation: &Derivation) -> Result<(), measure::DeriveError> {
        if self.study().series(&derivation.uid()).is_some() {
            return Ok(());
        }
        let series = measure::derive(self.study(), derivation)?;
        let symmetries = self.symmetries_of(&series, derivation);
        self.append(series, symmetries);
        Ok(())
    }

    /// Makes every derived series that these UIDs name and that can be made; the others stay
    /// unknown, as any UID that is not in the study.
    pub fn derive_named<'a>(&mut self, uids: impl IntoIterator<Item = &'a str>) {
        for uid in uids {
            let mut steps = Vec::new();
            let mut next = Derivation::of_uid(uid);
            while let Some(step) = next {
                next = Derivation::of_uid(step.of());
                steps.push(step);
            }
            for step in steps.iter().rev() {
                if let Err(reason) = self.derive(step) {
                    tracing::warn!(%reason, "a derived series could not be made again");
                    break;
                }
            }
        }
    }

    /// A thinned view has the symmetry of its source, whose counts say more; a sum has its own.
    fn symmetries_of(
        &self,
        series: &Series,
        derivation: &Derivation,
    ) -> BTreeMap<FrameKey, Symmetry> {
        let symmetry = |frame: usize| match derivation {
            Derivation::Thinned { of, .. } => {
                self.automatic_symmetry(&FrameKey { series: of.clone(), frame }).cloned()
            }
            Derivation::Summed { .. } => {
                let image = series.frames.get(frame)?;
                Some(measure::find_symmetry(image, &measure::find_midline(image)?, &[]))
            }
        };
        (0..series.frames.len())
            .filter_map(|frame| {
                Some((FrameKey { series: series.uid.clone(), frame }, symmetry(frame)?))
            })
            .collect()
    }
}
