//! A protocol meets a study: whether it fits, and the panes that come of it.

use rayon::prelude::*;

use crate::study::{Frame, FrameKey, Series, SeriesKind, Study, ViewName};

use super::super::arrange::{self, Keep, Selection};
use super::super::compare::same_patient;
use super::super::frame_set::{self, opening_look};
use super::super::workspace::{Arrangement, Camera};
use super::super::{Links, Pane};
use super::{Columns, Hanging, Named, Slot, Take, Which, Whose};
use crate::study::Vector;

/// What a protocol makes of a study.
#[derive(Clone, Debug, PartialEq)]
pub enum Hung {
    /// `groups` are the sizes of what a row must not part, where the columns fit the canvas.
    Panes { panes: Vec<Pane>, arrangement: Arrangement, links: Links, groups: Vec<usize> },
    /// Pages of frames, to be arranged.
    Pages { selection: Selection, links: Links },
}

/// The study before this one: the newest of those of the same patient that are older.
pub fn prior_of<'a>(
    study: &Study,
    others: impl IntoIterator<Item = &'a Study>,
) -> Option<&'a Study> {
    let when = moment(study)?;
    others
        .into_iter()
        .filter(|other| other.uid != study.uid && same_patient(study, other))
        .filter(|other| moment(other).is_some_and(|m| m < when))
        .max_by_key(|other| moment(other))
}

fn moment(study: &Study) -> Option<chrono::NaiveDateTime> {
    study.started.or_else(|| study.date?.and_hms_opt(0, 0, 0))
}

/// Whether the study, and its prior, have what the protocol needs. Asked often: no pixel is read.
pub fn fits(hanging: &Hanging, study: &Study, prior: Option<&Study>) -> bool {
    let there = |which: &Which| {
        let study = match which.study {
            Whose::Current => Some(study),
            Whose::Prior => prior,
        };
        study.is_some_and(|s| !which.series_of(s).is_empty())
    };
    let shows = match &hanging.grid {
        Some(grid) => there(&grid.which),
        None => hanging.panes.iter().any(|p| there(&p.which)),
    };
    shows && hanging.needs.iter().all(there)
}

/// `None` where the study, or its prior, lacks what the protocol needs.
pub fn hang(
    hanging: &Hanging,
    study: &Study,
    prior: Option<&Study>,
    canvas: [f64; 2],
) -> Option<Hung> {
    let of = |whose: Whose| match whose {
        Whose::Current => Some(study),
        Whose::Prior => prior,
    };
    if !fits(hanging, study, prior) {
        return None;
    }
    if let Some(grid) = &hanging.grid {
        let series = grid.which.series_of(of(grid.which.study)?);
        let selection = Selection {
            series: series.iter().map(|s| s.uid.clone()).collect(),
            keep: grid.which.keeps(),
            views: grid.which.views.clone(),
            sort: grid.sort.clone(),
            count: grid.count,
            columns: match &hanging.columns {
                Some(Columns::Widths(widths)) => Some(widths.len()),
                _ => None,
            },
            offset: 0,
        };
        return (!series.is_empty()).then_some(Hung::Pages { selection, links: hanging.links });
    }
    let mut panes: Vec<Pane> = Vec::new();
    let mut groups: Vec<usize> = Vec::new();
    for place in &hanging.panes {
        let before = panes.len();
        let Some(study) = of(place.which.study) else { continue };
        for pane in place.panes(study) {
            // Pool and delayed are one where there is but one series; a second intensity is not.
            let alike =
                |p: &Pane| p.frame == pane.frame && (p.look, p.camera) == (pane.look, pane.camera);
            if !panes.iter().any(alike) {
                panes.push(pane);
            }
        }
        groups.push(panes.len() - before);
    }
    if panes.is_empty() {
        return None;
    }
    let aspects: Vec<f64> = panes
        .iter()
        .filter_map(|p| study.frame(&p.frame).or_else(|| prior?.frame(&p.frame)))
        .map(arrange::aspect)
        .collect();
    let fits = hanging.columns == Some(Columns::Named(Named::Fit));
    groups.retain(|size| fits && *size > 0);
    let arrangement = match &hanging.columns {
        Some(Columns::Widths(widths)) => Arrangement { columns: widths.clone() },
        Some(Columns::Named(Named::Fit)) => {
            Arrangement { columns: arrange::columns_of_groups(&aspects, &groups, canvas) }
        }
        Some(Columns::Named(Named::Row)) | None => Arrangement::columns(panes.len()),
    };
    Some(Hung::Panes { panes, arrangement, links: hanging.links, groups })
}

/// Planar pictures are read first.
fn rank(kind: SeriesKind) -> u8 {
    match kind {
        SeriesKind::WholeBody => 0,
        SeriesKind::Static => 1,
        SeriesKind::Dynamic | SeriesKind::Gated => 2,
        _ => 3,
    }
}

impl Which {
    /// The series that fit, in the order of their acquisition where `series` counts them, else
    /// as they are read: whole bodies, static, dynamic, others.
    pub fn series_of<'a>(&self, study: &'a Study) -> Vec<&'a Series> {
        let mut found: Vec<&Series> =
            study.series.iter().map(AsRef::as_ref).filter(|s| self.fits(s)).collect();
        let Some(number) = self.series else {
            found.sort_by_key(|s| rank(s.kind));
            return found;
        };
        found.sort_by_key(|s| s.acquired);
        let index = match number {
            1.. => usize::try_from(number - 1).ok(),
            ..=0 => {
                usize::try_from(number.unsigned_abs()).ok().and_then(|n| found.len().checked_sub(n))
            }
        };
        index.and_then(|i| found.get(i)).into_iter().copied().collect()
    }

    fn fits(&self, series: &Series) -> bool {
        let count = series.frames.len();
        (self.kinds.is_empty() || self.kinds.contains(&series.kind))
            && self.modality.as_ref().is_none_or(|m| m.eq_ignore_ascii_case(&series.modality))
            && count >= self.least.unwrap_or(1).max(1)
            && self.most.is_none_or(|most| count <= most)
            && series.frames.iter().any(|f| self.admits(f))
    }

    pub fn admits(&self, frame: &Frame) -> bool {
        (self.views.is_empty() || self.views.contains(&frame.view.view))
            && self.energy_windows.is_none_or(|s| s.holds(frame.address.energy_window))
            && self.phases.is_none_or(|s| s.holds(frame.address.phase))
    }

    fn keeps(&self) -> Vec<Keep> {
        [(Vector::EnergyWindow, self.energy_windows), (Vector::Phase, self.phases)]
            .into_iter()
            .filter_map(|(vector, span)| {
                span.map(|s| Keep { vector, first: s.first, last: s.last })
            })
            .collect()
    }
}

impl Slot {
    fn panes(&self, study: &Study) -> Vec<Pane> {
        let Some(series) = self.which.series_of(study).into_iter().next() else {
            return Vec::new();
        };
        let pane = |frame: usize| {
            let shown = series.frames.get(frame)?;
            let mut look = opening_look(series, shown);
            look.colormap = self.colormap.unwrap_or(look.colormap);
            look.window.transfer = self.transfer.unwrap_or(look.window.transfer);
            if let Some(percent) = self.upper_percent {
                look.window.upper = look.reference * percent / 100.0;
            }
            let camera = Camera { mirrored: self.mirrored, ..Camera::default() };
            let frame = FrameKey { series: series.uid.clone(), frame };
            Some(Pane { frame, look, camera, group: self.group })
        };
        // Each pane's levels take a moment.
        self.take(series).into_par_iter().filter_map(pane).collect()
    }

    /// Indices of the frames that are taken.
    fn take(&self, series: &Series) -> Vec<usize> {
        let fits: Vec<usize> =
            (0..series.frames.len()).filter(|i| self.which.admits(&series.frames[*i])).collect();
        let middle = |of: &[usize]| of.get(of.len() / 2).copied();
        match self.take {
            Take::All => fits,
            Take::First => fits.first().copied().into_iter().collect(),
            Take::Last => fits.last().copied().into_iter().collect(),
            Take::Middle => middle(&fits).into_iter().collect(),
            Take::At(place) => {
                let at = usize::from(place).checked_sub(1);
                at.and_then(|at| fits.get(at)).copied().into_iter().collect()
            }
            Take::Opening => {
                let opening = series.opening_frames();
                let admitted: Vec<usize> =
                    opening.into_iter().filter(|i| fits.contains(i)).collect();
                match admitted.is_empty() {
                    true => fits.first().copied().into_iter().collect(),
                    false => admitted,
                }
            }
            Take::EachView => {
                let mut views: Vec<(ViewName, u16)> = Vec::new();
                for &i in &fits {
                    let frame = &series.frames[i];
                    // The photopeak stands for all energy windows.
                    let seen = (frame.view.view, frame.address.detector);
                    if frame.address.energy_window <= 1 && !views.contains(&seen) {
                        views.push(seen);
                    }
                }
                let of = |view: &(ViewName, u16)| {
                    let like = |i: &usize| {
                        let frame = &series.frames[*i];
                        frame.address.energy_window <= 1
                            && (frame.view.view, frame.address.detector) == *view
                    };
                    fits.iter().copied().filter(like).collect::<Vec<_>>()
                };
                let each: Vec<usize> = views.iter().filter_map(|v| middle(&of(v))).collect();
                // Where every frame is a view of its own, one stands for all.
                match frame_set::moves(series) && each.len() > 4 {
                    true => middle(&fits).into_iter().collect(),
                    false => each,
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::sample;
    use super::super::built_in;
    use super::*;

    fn first(study: &Study, prior: Option<&Study>) -> (&'static str, Hung) {
        let hung =
            |h: &'static Hanging| Some((h.title.as_str(), hang(h, study, prior, [800.0, 600.0])?));
        built_in().iter().find_map(hung).unwrap()
    }

    #[test]
    fn each_kind_of_study_finds_its_layout() {
        let of = |series| first(&sample::study("1", "A", 1, series), None);
        let panes = |hung: &Hung| match hung {
            Hung::Panes { panes, .. } => panes.iter().map(|p| p.frame.frame).collect(),
            Hung::Pages { .. } => Vec::new(),
        };
        let body = of(vec![sample::spots("s", 3), sample::whole_body("w")]);
        assert_eq!((body.0, panes(&body.1)), ("Whole body", vec![0, 1]));
        let flow = || sample::dynamic("f", &[6, 2], 1);
        let phases = of(vec![flow(), sample::whole_body("w")]);
        assert_eq!((phases.0, panes(&phases.1)), ("Three phases", vec![3, 0, 1]));
        let Hung::Panes { groups, .. } = &phases.1 else { panic!("{phases:?}") };
        assert_eq!(groups, &[1, 2], "pool and delayed are the same series here");
        assert_eq!(of(vec![flow()]).0, "Dynamic");
        let (name, hung) = of(vec![sample::spots("a", 3), sample::spots("b", 2)]);
        let Hung::Pages { selection, .. } = hung else { panic!("{name}") };
        assert_eq!((name, selection.series.len()), ("Spot views", 2));
        let mut ct = sample::spots("ct", 5);
        ct.kind = SeriesKind::Ct;
        let other = of(vec![ct]);
        assert_eq!((other.0, panes(&other.1)), ("One view", vec![0, 1]));
    }

    #[test]
    fn a_prior_is_older_and_of_the_same_patient() {
        let study = |uid, patient, day| {
            sample::study(uid, patient, day, vec![sample::whole_body(&format!("{uid}.1"))])
        };
        let now = study("1", "A", 9);
        let others =
            [study("2", "A", 3), study("3", "A", 7), study("4", "A", 20), study("5", "B", 8)];
        let prior = prior_of(&now, others.iter().chain([&now])).unwrap();
        assert_eq!(&*prior.uid, "3");
        assert!(prior_of(&study("6", "", 9), [&study("7", "", 3)]).is_none());
        let (title, hung) = first(&now, Some(prior));
        let Hung::Panes { panes, arrangement, links, .. } = hung else { panic!("{title}") };
        let series: Vec<&str> = panes.iter().map(|p| &*p.frame.series).collect();
        assert_eq!(series, ["1.1", "3.1", "1.1", "3.1"]);
        assert!(links.window && panes.iter().all(|p| p.group == panes[0].group));
        assert_eq!(arrangement.columns, [1.0; 4]);
    }
}
