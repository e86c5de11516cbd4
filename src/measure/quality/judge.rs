//! What the pixels of each frame say, and the verdicts on it.

use crate::geometry::{Outline, Side};
use crate::measure::dispersion::{COUNTLIKE, OddScatter, Scatter, scatter};
use crate::study::{Frame, NotCounts, Series, SeriesKind, Unit, ViewName};

use super::check::{Check, Limit, OWN, Place, QualityCheck, Verdict};
use super::contrast::{Contrast, bone_to_soft_tissue};
use super::edges::{Cut, Edge, cuts};
use super::figure::Figure;
use super::header::{early, photopeak_windows};
use super::saturation::{Saturated, saturated};
use super::spots::{Pelvis, Spot, bladder, injection_site};

const WHOLE_BODY_COUNTS: Limit = Limit::at_least(
    1_500_000.0,
    "SNM Procedure Guideline for Bone Scintigraphy 3.0 (2003), delayed whole-body views",
);
const SPOT_COUNTS: Limit = Limit::at_least(
    300_000.0,
    "SNM Procedure Guideline for Bone Scintigraphy 2.0: 300,000 to 1 million per spot view",
);
const NOTHING: Limit = Limit::at_most(0.0, OWN);
const BLADDER: Limit = Limit::at_most(15.0, OWN);
const INJECTION_SITE: Limit = Limit::at_most(5.0, OWN);
const CONTRAST: Limit = Limit::at_least(2.0, OWN);
const DISPERSION: Limit = Limit::within(
    *COUNTLIKE.start(),
    *COUNTLIKE.end(),
    "1 is Poisson's law; the range is this program's own",
);
/// The chest between the notch of the sternum and its end: parts of the length from the vertex.
pub(super) const THORAX: (f64, f64) = (0.18, 0.28);

/// What the pixels of one frame say. Computed once, while they are in memory.
#[derive(Clone, Debug, PartialEq)]
pub struct FrameFacts {
    /// Sum of the real-world values.
    total: f64,
    not_counts: Option<NotCounts>,
    saturated: Option<Saturated>,
    scatter: Option<Scatter>,
    patient: Patient,
}

/// What a whole-body view shows of the patient.
#[derive(Clone, Debug, PartialEq)]
enum Patient {
    /// Not a whole-body view, so none was looked for.
    NotSought,
    NotFound,
    Found(Box<Landmarks>),
}

#[derive(Clone, Debug, PartialEq)]
struct Landmarks {
    cuts: Vec<Cut>,
    /// `None` where head or feet are not in the frame, so that no height can be told.
    whole: Option<Whole>,
}

#[derive(Clone, Debug, PartialEq)]
struct Whole {
    /// Total per centimetre of the thorax, and its rows.
    thorax: Option<(f64, Outline)>,
    bladder: Pelvis,
    injection_site: Option<Spot>,
    contrast: Option<Contrast>,
}

impl FrameFacts {
    /// `kind` is that of the frame's series.
    pub fn of(frame: &Frame, kind: SeriesKind) -> Self {
        let mut total = 0.0;
        frame.values.pixels.for_each(|stored| {
            let value = frame.values.rescale.apply(stored);
            total += if value.is_finite() { value } else { 0.0 };
        });
        let patient = match kind {
            SeriesKind::WholeBody => match Figure::of(frame) {
                Some(figure) => Patient::Found(Box::new(Landmarks::of(frame, &figure))),
                None => Patient::NotFound,
            },
            _ => Patient::NotSought,
        };
        Self {
            total,
            not_counts: frame.values.poisson().err(),
            saturated: saturated(frame),
            // Frames of a few seconds hold too few counts to tell, and there are hundreds.
            scatter: match kind {
                SeriesKind::WholeBody | SeriesKind::Static => scatter(frame),
                _ => None,
            },
            patient,
        }
    }
}

impl FrameFacts {
    /// Sum of the real-world values.
    pub fn total(&self) -> f64 {
        self.total
    }
}

impl Landmarks {
    fn of(frame: &Frame, figure: &Figure) -> Self {
        let cuts = cuts(figure);
        let cut = |edge: Edge| cuts.iter().any(|cut| cut.edge == edge);
        let whole = figure.whole && !cut(Edge::FirstRow) && !cut(Edge::LastRow);
        let whole = whole.then(|| Whole {
            thorax: thorax(frame, figure),
            bladder: bladder(figure),
            injection_site: injection_site(figure),
            contrast: bone_to_soft_tissue(figure),
        });
        Self { cuts, whole }
    }
}

/// Counts per centimetre need the file's own spacing, not an assumed one.
fn thorax(frame: &Frame, figure: &Figure) -> Option<(f64, Outline)> {
    let rows = figure.band(THORAX.0, THORAX.1);
    let centimetres = rows.len() as f64 * frame.spacing?.y() / 10.0;
    let columns = figure.columns;
    let sum: f64 = figure.values.get(rows.start * columns..rows.end * columns)?.iter().sum();
    let outline = Outline::Rectangle {
        min: [-0.5, rows.start as f64 - 0.5],
        max: [columns as f64 - 0.5, rows.end as f64 - 0.5],
    };
    (centimetres > 0.0).then(|| (sum / centimetres, outline))
}

/// The checks of the frames that a reader reads: those of the photopeak, or of the first energy
/// window where the file does not say which is which.
pub(super) fn checks(series: &Series, facts: &[Option<FrameFacts>]) -> Vec<QualityCheck> {
    let windows = photopeak_windows(series);
    let read = |frame: &Frame| match &windows {
        Some(windows) => windows.contains(&frame.address.energy_window),
        None => frame.address.energy_window <= 1,
    };
    let frames: Vec<Judged<'_>> = series
        .frames
        .iter()
        .zip(facts)
        .enumerate()
        .filter(|(_, (frame, _))| read(frame))
        .filter_map(|(index, (frame, facts))| {
            Some(Judged { series, frame, index, facts: facts.as_ref()? })
        })
        .collect();
    match series.kind {
        SeriesKind::WholeBody | SeriesKind::Static => {
            frames.iter().flat_map(Judged::checks).collect()
        }
        // Hundreds of frames: the worst of them.
        _ => {
            let worst = frames.iter().max_by_key(|f| {
                (f.facts.saturated.as_ref().map_or(0, |s| s.pixels), std::cmp::Reverse(f.index))
            });
            worst.map(Judged::saturation).into_iter().collect()
        }
    }
}

/// One frame with its facts.
struct Judged<'a> {
    series: &'a Series,
    frame: &'a Frame,
    index: usize,
    facts: &'a FrameFacts,
}

impl Judged<'_> {
    fn checks(&self) -> Vec<QualityCheck> {
        let mut checks = vec![self.counts()];
        match &self.facts.patient {
            Patient::NotSought => {}
            Patient::NotFound => checks.push(self.not_judged(
                Check::Truncation,
                "no patient was found in it, so nothing is said of its edges",
            )),
            Patient::Found(landmarks) => {
                checks.extend(self.truncation(&landmarks.cuts));
                checks.extend(self.anatomy(landmarks.whole.as_ref()));
            }
        }
        checks.push(self.saturation());
        checks.push(self.dispersion());
        checks
    }

    /// `The anterior view`, or `Frame 3`.
    fn name(&self) -> String {
        match self.frame.view.view {
            ViewName::Unknown => format!("Frame {}", self.index + 1),
            view => format!("The {} view", view.as_str().replace('_', " ")),
        }
    }

    fn place(&self, outline: Option<Outline>) -> Option<Place> {
        Some(Place { frame: self.index, outline })
    }

    fn not_judged(&self, check: Check, why: &str) -> QualityCheck {
        QualityCheck {
            check,
            value: None,
            limit: None,
            verdict: Verdict::NotJudged,
            sentence: format!("{}: {why}.", self.name()),
            place: self.place(None),
        }
    }

    fn counts(&self) -> QualityCheck {
        let check = Check::CountsPerView;
        if self.frame.values.unit != Unit::Counts {
            let why = "the values are not counts, so they cannot be held against the guideline";
            return QualityCheck { verdict: Verdict::NotCounts, ..self.not_judged(check, why) };
        }
        let total = self.facts.total;
        let holds = format!("{} holds {}", self.name(), check.shown(total));
        let limit = match self.series.kind {
            SeriesKind::WholeBody => Some(WHOLE_BODY_COUNTS),
            _ if early(self.series) => None,
            _ => Some(SPOT_COUNTS),
        };
        let verdict = limit.map_or(Verdict::NotJudged, |limit| limit.judge(total));
        let sentence = match verdict {
            Verdict::Low => format!("{holds}: few, so faint uptake may drown in noise."),
            _ => format!("{holds}."),
        };
        QualityCheck {
            check,
            value: Some(total),
            limit,
            verdict,
            sentence,
            place: self.place(None),
        }
    }

    fn truncation(&self, cuts: &[Cut]) -> Vec<QualityCheck> {
        let check = Check::Truncation;
        if cuts.is_empty() {
            return vec![QualityCheck {
                check,
                value: Some(0.0),
                limit: Some(NOTHING),
                verdict: Verdict::Ok,
                sentence: format!("{}: the body ends inside the field.", self.name()),
                place: self.place(None),
            }];
        }
        let one = |cut: &Cut| {
            // Without spacing a length in millimetres would be a guess.
            let value = self.frame.spacing.map(|_| cut.length);
            let along = value.map_or_else(String::new, |mm| format!(", over {}", check.shown(mm)));
            QualityCheck {
                check,
                value,
                limit: Some(NOTHING),
                verdict: Verdict::High,
                sentence: format!(
                    "{}: the body goes on beyond the field {}{along}.",
                    self.name(),
                    self.edge(cut.edge)
                ),
                place: self.place(Some(cut.outline.clone())),
            }
        };
        cuts.iter().map(one).collect()
    }

    /// In the patient's words where the file says which way the patient lies.
    fn edge(&self, edge: Edge) -> String {
        let side = |larger: bool| {
            let at_larger = self.frame.laterality.larger_columns?;
            let side = if larger { at_larger } else { at_larger.opposite() };
            Some(match side {
                Side::Left => "on the patient's left",
                Side::Right => "on the patient's right",
            })
        };
        let end = |last: bool| {
            let head = self.frame.laterality.head_at_first_row? != last;
            Some(if head { "at the head" } else { "at the feet" })
        };
        let words = match edge {
            Edge::FirstColumn => side(false).unwrap_or("at the first columns"),
            Edge::LastColumn => side(true).unwrap_or("at the last columns"),
            Edge::FirstRow => end(false).unwrap_or("at the first rows"),
            Edge::LastRow => end(true).unwrap_or("at the last rows"),
        };
        words.to_owned()
    }

    fn anatomy(&self, whole: Option<&Whole>) -> Vec<QualityCheck> {
        let Some(Whole { thorax, bladder, injection_site, contrast }) = whole else {
            let why = "head or feet are not in the field, so no landmark can be told";
            return [Check::ThoraxCounts, Check::InjectionSite, Check::BoneToSoftTissue]
                .map(|check| self.not_judged(check, why))
                .into();
        };
        let mut checks = vec![self.thorax(thorax.as_ref())];
        // From behind, the sacrum hides it.
        if self.frame.view.view == ViewName::Anterior {
            let full = "much of what the camera counted is urine; void and repeat the pelvis";
            let none = "no bladder stands out from the pelvis";
            checks.push(match bladder {
                Pelvis::Nothing => self.spot(Check::Bladder, BLADDER, None, full, none),
                Pelvis::Bladder(spot) => self.spot(Check::Bladder, BLADDER, Some(spot), full, none),
                Pelvis::Merged => self.not_judged(
                    Check::Bladder,
                    "the bladder cannot be told from hot bone in the pelvis",
                ),
            });
        }
        let much = "some of the tracer may not have reached the blood";
        let none = "no injection site stands out in the arms";
        let site = injection_site.as_ref();
        checks.push(self.spot(Check::InjectionSite, INJECTION_SITE, site, much, none));
        checks.push(self.contrast(contrast.as_ref()));
        checks
    }

    fn thorax(&self, thorax: Option<&(f64, Outline)>) -> QualityCheck {
        let check = Check::ThoraxCounts;
        let Some((value, outline)) = thorax else {
            return QualityCheck {
                verdict: Verdict::NotStated,
                ..self.not_judged(check, "the file states no pixel spacing")
            };
        };
        if self.frame.values.unit != Unit::Counts {
            return self.not_judged(check, "the values are not counts");
        }
        QualityCheck {
            check,
            value: Some(*value),
            limit: None,
            verdict: Verdict::NotJudged,
            sentence: format!(
                "{}: {} along the chest; no guideline gives a limit.",
                self.name(),
                check.shown(*value)
            ),
            place: self.place(Some(outline.clone())),
        }
    }

    fn spot(
        &self,
        check: Check,
        limit: Limit,
        spot: Option<&Spot>,
        high: &str,
        none: &str,
    ) -> QualityCheck {
        let Some(spot) = spot else {
            return QualityCheck {
                limit: Some(limit),
                verdict: Verdict::Ok,
                ..self.not_judged(check, none)
            };
        };
        let percent = 100.0 * spot.fraction;
        let verdict = limit.judge(percent);
        let what = match check {
            Check::Bladder => "The bladder holds",
            _ => "The injection site holds",
        };
        let holds = format!("{what} about {} of the counts of this view", check.shown(percent));
        let sentence = match verdict {
            Verdict::High => format!("{holds}: {high}."),
            _ => format!("{holds}."),
        };
        QualityCheck {
            check,
            value: Some(percent),
            limit: Some(limit),
            verdict,
            sentence,
            place: self.place(Some(spot.outline.clone())),
        }
    }

    fn contrast(&self, contrast: Option<&Contrast>) -> QualityCheck {
        let check = Check::BoneToSoftTissue;
        let Some(Contrast { ratio, outline }) = contrast else {
            return self.not_judged(check, "no femoral shaft with tissue on both sides was found");
        };
        let verdict = CONTRAST.judge(*ratio);
        let found = format!(
            "{}: the femoral shaft holds {} times as much as the thigh beside it",
            self.name(),
            check.shown(*ratio)
        );
        let sentence = match verdict {
            Verdict::Low => format!(
                "{found}: little, as in early imaging, poor renal function or a large patient."
            ),
            _ => format!("{found}."),
        };
        QualityCheck {
            check,
            value: Some(*ratio),
            limit: Some(CONTRAST),
            verdict,
            sentence,
            place: self.place(Some(outline.clone())),
        }
    }

    fn saturation(&self) -> QualityCheck {
        let check = Check::Saturation;
        let (value, verdict, sentence, outline) = match &self.facts.saturated {
            None => (0.0, Verdict::Ok, format!("{}: no pixel is full.", self.name()), None),
            Some(Saturated { pixels, maximum, by_type, outline }) => {
                let why = match by_type {
                    true => "the largest number that the file can hold",
                    false => "all at the same highest number",
                };
                let sentence = format!(
                    "{}: {} at {maximum}, {why}; what they counted beyond it is lost.",
                    self.name(),
                    match pixels {
                        1 => "1 pixel".into(),
                        n => check.shown(*n as f64),
                    }
                );
                (*pixels as f64, Verdict::High, sentence, Some(outline.clone()))
            }
        };
        QualityCheck {
            check,
            value: Some(value),
            limit: Some(NOTHING),
            verdict,
            sentence,
            place: self.place(outline),
        }
    }

    fn dispersion(&self) -> QualityCheck {
        let check = Check::Dispersion;
        let value = self.facts.scatter.map(|scatter| scatter.ratio);
        let (verdict, said) = match (self.facts.not_counts, self.facts.scatter) {
            (Some(reason), _) => (Verdict::NotCounts, format!("{reason}, so no interval is given")),
            (None, None) => (Verdict::NotJudged, "too few counts to see how they scatter".into()),
            (None, Some(Scatter { ratio, odd })) => {
                let scatters =
                    format!("scatters {} times as much as counts do", check.shown(ratio));
                match odd {
                    Some(OddScatter::Less) => (
                        Verdict::Low,
                        format!(
                            "{scatters}: it was probably smoothed or enlarged, so no interval is \
                             given"
                        ),
                    ),
                    Some(OddScatter::More) => (
                        Verdict::High,
                        format!("{scatters}: it was probably scaled, so no interval is given"),
                    ),
                    Some(OddScatter::Gaps) => (
                        Verdict::High,
                        "skips whole numbers: it was probably scaled, so no interval is given"
                            .into(),
                    ),
                    None => (Verdict::Ok, scatters),
                }
            }
        };
        QualityCheck {
            check,
            value,
            limit: Some(DISPERSION),
            verdict,
            sentence: match verdict {
                Verdict::Ok | Verdict::Low | Verdict::High => format!("{} {said}.", self.name()),
                _ => format!("{}: {said}.", self.name()),
            },
            place: self.place(None),
        }
    }
}
