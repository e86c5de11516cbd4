//! Levels that depend on more than a frame: what the reader says is not bone, the region that
//! stands for normal bone, and what 100 % means.

use serde::{Deserialize, Serialize};

use super::frame_set::opening_look;
use super::{Links, Look, Pane, Reading, Show, Workbench};
use crate::findings::{Findings, Role};
use crate::geometry::Outline;
use crate::measure::RoiRow;
use crate::picture::Window;
use crate::study::{Frame, FrameKey, Study};
use crate::text::{t, tr};

/// What 100 % of a level stands for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standard {
    /// The automatic upper level, which follows the skeleton.
    #[default]
    Automatic,
    /// The frame's largest value.
    Maximum,
    /// The mean of the region that the reader named as reference.
    Region,
}

impl Standard {
    pub const ALL: [Self; 3] = [Self::Automatic, Self::Maximum, Self::Region];
}

/// An anchored scale ends at so many times the mean of the reference region.
const ANCHOR: f64 = 3.0;

/// The name of the region that a frame's levels can refer to: on the frame itself, else on another
/// frame of its study.
pub fn reference_name(reading: &Reading, frame: &FrameKey) -> Option<String> {
    let rows = || reading.sheet().rois.iter().filter(|row| row.role == Role::Reference);
    let here: Vec<&str> = rows().filter(|r| r.frame == *frame).map(|r| &*r.name).collect();
    let names = if here.is_empty() { rows().map(|r| &*r.name).collect() } else { here };
    (!names.is_empty()).then(|| names.join(", "))
}

/// The outlines that the reader says hold no bone.
fn not_bone(reading: &Reading, frame: &FrameKey) -> Vec<Outline> {
    outlines(reading.findings(), frame)
}

fn outlines(findings: &Findings, frame: &FrameKey) -> Vec<Outline> {
    findings.not_bone_on(frame).map(|roi| roi.outline.clone()).collect()
}

/// `measure` with a test for the pixels of these outlines.
fn without<T>(
    outlines: &[Outline],
    frame: &Frame,
    measure: impl FnOnce(&dyn Fn(usize, usize) -> bool) -> T,
) -> T {
    let (columns, rows) = (frame.columns(), frame.rows());
    let mut out = vec![false; if outlines.is_empty() { 0 } else { columns * rows }];
    for outline in outlines {
        for (column, row) in outline.pixels(columns, rows) {
            out[row * columns + column] = true;
        }
    }
    measure(&|column, row| out.get(row * columns + column).copied().unwrap_or(false))
}

/// The automatic window of a frame without what the reader says is not bone.
pub fn automatic_window(reading: &Reading, key: &FrameKey) -> Option<Window> {
    let frame = reading.study().frame(key)?;
    Some(automatic_of(frame, &not_bone(reading, key)))
}

fn automatic_of(frame: &Frame, outlines: &[Outline]) -> Window {
    without(outlines, frame, |out| Window::automatic_without(&frame.values, out))
}

/// The window that a frame gets when it is first shown: on the scale of its set, or its own without
/// what the reader says is not bone.
pub(super) fn first_window(study: &Study, findings: &Findings, key: &FrameKey) -> Option<Window> {
    let (series, frame) = (study.series(&key.series)?, study.frame(key)?);
    let outlines = outlines(findings, key);
    Some(match outlines.is_empty() {
        true => opening_look(series, frame).window,
        false => automatic_of(frame, &outlines),
    })
}

/// What 100 % stands for on a frame; `None` where there is no such thing.
pub fn reference_of(reading: &Reading, key: &FrameKey, standard: Standard) -> Option<f64> {
    let level = match standard {
        Standard::Automatic => automatic_window(reading, key)?.upper,
        Standard::Maximum => reading.study().frame(key)?.values.range()?.1,
        Standard::Region => reference_level(reading, key)?,
    };
    (level.is_finite() && level > 0.0).then_some(level)
}

/// The mean of the reference regions on a frame, else of those on the study's other frames.
fn reference_level(reading: &Reading, frame: &FrameKey) -> Option<f64> {
    let rows = || reading.sheet().rois.iter().filter(|r| r.role == Role::Reference);
    let mean = |rows: &mut dyn Iterator<Item = &RoiRow>| {
        let (total, pixels) = rows.fold((0.0, 0u64), |(total, pixels), row| {
            (total + row.stats.total, pixels + row.stats.pixels)
        });
        (pixels > 0).then(|| total / pixels as f64).filter(|level| *level > 0.0)
    };
    mean(&mut rows().filter(|r| r.frame == *frame)).or_else(|| mean(&mut rows()))
}

impl Workbench {
    /// Carries out a change of levels that depends on the findings; whether it was one.
    pub(super) fn show_levels(&mut self, show: &Show) -> bool {
        match *show {
            Show::AutoWindow { pane } => self.each_alike(pane, |reading, pane| {
                let automatic = automatic_window(reading, &pane.frame)?;
                let mut look = pane.look;
                (look.window.lower, look.window.upper) = (automatic.lower, automatic.upper);
                (look.reference, look.standard) = (automatic.upper, Standard::Automatic);
                Some(look)
            }),
            Show::Lesion { pane } => self.each_alike(pane, |reading, pane| {
                let frame = reading.study().frame(&pane.frame)?;
                let outlines = not_bone(reading, &pane.frame);
                let level =
                    without(&outlines, frame, |out| Window::lesion_level(&frame.values, out));
                let mut look = pane.look;
                (look.window.lower, look.window.upper) = (0.0, level);
                (level > 0.0).then_some(look)
            }),
            Show::Standard { pane, standard } => {
                let known = self.workspace().and_then(|w| w.pane(pane)).is_some_and(|pane| {
                    let reading = self.reading_of(&pane.frame);
                    reading.is_some_and(|r| reference_of(r, &pane.frame, standard).is_some())
                });
                if !known && standard == Standard::Region {
                    self.notices.error(t("levels-no-reference"));
                }
                self.each_alike(pane, |reading, pane| {
                    let reference = reference_of(reading, &pane.frame, standard)?;
                    Some(Look { reference, standard, ..pane.look })
                });
            }
            Show::Anchor => self.anchor(),
            _ => return false,
        }
        true
    }

    /// Ties the levels of every open study to its reference region, or lets go of it.
    fn anchor(&mut self) {
        let tied = self
            .workspace()
            .and_then(|w| w.active_pane())
            .is_some_and(|pane| pane.look.standard == Standard::Region);
        let mut found = false;
        self.every_look(|reading, pane| {
            let mut look = pane.look;
            if tied {
                let automatic = automatic_window(reading, &pane.frame)?;
                (look.reference, look.standard) = (automatic.upper, Standard::Automatic);
                (look.window.lower, look.window.upper) = (automatic.lower, automatic.upper);
            } else {
                look.reference = reference_of(reading, &pane.frame, Standard::Region)?;
                look.standard = Standard::Region;
                (look.window.lower, look.window.upper) = (0.0, ANCHOR * look.reference);
                found = true;
            }
            Some(look)
        });
        if !tied && !found {
            self.notices.error(t("levels-no-reference"));
        }
    }

    /// New looks for a pane and, where windows are linked, for its group.
    fn each_alike(&mut self, index: usize, look: impl Fn(&Reading, &Pane) -> Option<Look>) {
        let Some(workspace) = self.workspace() else { return };
        let Some(group) = workspace.pane(index).map(|p| p.group) else { return };
        let Links { window: linked, .. } = workspace.links;
        let of = |(at, pane): (usize, &Pane)| {
            let meant = at == index || linked && pane.group == group;
            let reading = self.reading_of(&pane.frame).filter(|_| meant)?;
            Some((at, look(reading, pane)?))
        };
        let looks: Vec<(usize, Look)> = workspace.panes.iter().enumerate().filter_map(of).collect();
        if let Some(reading) = self.readings.get_mut(self.hung) {
            for (at, look) in looks {
                reading.workspace.panes[at].look = look;
            }
        }
    }

    /// New looks for the panes of every open study.
    fn every_look(&mut self, mut look: impl FnMut(&Reading, &Pane) -> Option<Look>) {
        for index in 0..self.readings.len() {
            let panes = self.readings[index].workspace.panes.iter();
            let looks: Vec<Option<Look>> =
                panes.map(|pane| look(self.reading_of(&pane.frame)?, pane)).collect();
            let panes = self.readings[index].workspace.panes.iter_mut();
            for (pane, new) in panes.zip(looks) {
                pane.look = new.unwrap_or(pane.look);
            }
        }
    }

    /// What is not bone on the frames on show, before an edit.
    pub(super) fn not_bone_on_show(&self) -> Vec<(FrameKey, Vec<Outline>)> {
        let Some(workspace) = self.workspace() else { return Vec::new() };
        let of = |pane: &Pane| {
            let reading = self.reading_of(&pane.frame)?;
            Some((pane.frame.clone(), not_bone(reading, &pane.frame)))
        };
        workspace.panes.iter().filter_map(of).collect()
    }

    /// After an edit: where 100 % has moved, the levels move with it and keep their percentages.
    pub(super) fn follow_findings(&mut self, before: &[(FrameKey, Vec<Outline>)]) {
        let mut lost = None;
        self.every_look(|reading, pane| {
            let same = before
                .iter()
                .any(|(key, outlines)| *key == pane.frame && *outlines == not_bone(reading, key));
            let mut look = pane.look;
            let reference = match look.standard {
                Standard::Automatic if same => return None,
                Standard::Automatic if !before.iter().any(|(key, _)| *key == pane.frame) => {
                    return None;
                }
                Standard::Maximum => return None,
                standard => reference_of(reading, &pane.frame, standard),
            };
            let Some(reference) = reference else {
                // The region is gone: the picture stays, and its levels mean what they meant first.
                look.standard = Standard::Automatic;
                look.reference = reference_of(reading, &pane.frame, Standard::Automatic)?;
                lost = Some(());
                return Some(look);
            };
            if look.reference > 0.0 && look.reference != reference {
                let scale = reference / look.reference;
                look.window.lower *= scale;
                look.window.upper *= scale;
                look.reference = reference;
            }
            Some(look)
        });
        if lost.is_some() {
            self.notices.error(t("levels-reference-gone"));
        }
    }
}

/// How many notes `level_notes` makes at most.
pub(super) fn note_count(look: &Look) -> usize {
    let Look { window, standard, colormap, .. } = look;
    [
        *standard != Standard::Automatic,
        !matches!(window.transfer, crate::picture::Transfer::Linear),
        window.cut.is_some(),
        !colormap.for_sizes(),
    ]
    .into_iter()
    .filter(|noted| *noted)
    .count()
}

/// How the levels are to be read, beyond two numbers: `3.0 × reference B1 · √ · cut at 12`.
pub(super) fn level_notes(reading: &Reading, pane: &Pane) -> Vec<String> {
    use crate::picture::Transfer;
    use crate::report::number;
    let Look { window, reference, standard, .. } = pane.look;
    let mut notes = Vec::new();
    if reference > 0.0 {
        let share = window.upper / reference;
        match standard {
            Standard::Automatic => {}
            Standard::Maximum => notes.push(tr(
                "levels-of-maximum",
                &[("percent", format!("{:.0}", 100.0 * share).into())],
            )),
            Standard::Region => notes.push(tr(
                "levels-of-region",
                &[
                    ("times", format!("{share:.1}").into()),
                    ("name", reference_name(reading, &pane.frame).unwrap_or_default().into()),
                ],
            )),
        }
    }
    match window.transfer {
        Transfer::Linear => {}
        Transfer::SquareRoot => notes.push(t("levels-square-root")),
        Transfer::Logarithm => notes.push(t("levels-logarithm")),
        Transfer::Gamma(gamma) => {
            notes.push(tr("levels-gamma", &[("gamma", format!("{gamma:.2}").into())]));
        }
    }
    if let Some(cut) = window.cut {
        notes.push(tr("levels-cut", &[("value", number::value(cut).into())]));
    }
    if !pane.look.colormap.for_sizes() {
        notes.push(t("levels-not-for-sizes"));
    }
    notes
}
