//! What a whole-body picture itself says: which way up the body lies, and from where it is seen.
//!
//! The last step before asking the reader, for frames that no stronger word names. A *glimpse* of
//! the frame is what a *fit* lays a body over; *traits* compare places of that body, and a
//! *verdict* counts their votes. Whatever stays below its majority stays unknown.
//!
//! How often it is right was counted on simulated scans (`tests/headless/content.rs`). The shelf's
//! four cases lay in five ways: turned by up to 5°, at 80 to 120 % of their width and 75 to 105 %
//! of their length, moved, feet first, exposed for 0.4 to 3 million counts. The 100 strangers had
//! the uptake of 20 regions and organs, lesions, pose and camera drawn by lot. Nothing was tuned on
//! either: middles and majorities come from 130 other pairs by another simulator of the same
//! anatomy, and were checked on 512 more, of which none was named wrongly.
//!
//! | frames right / silent / wrong | the shelf | strangers |
//! |---|---|---|
//! | of a pair | 38 / 2 / 0 | 200 / 0 / 0 |
//! | single anterior ones | 17 / 3 / 0 | 66 / 34 / 0 |
//! | single posterior ones | 19 / 1 / 0 | 84 / 16 / 0 |
//! | head or feet first, of those it was said of | all / – / 0 | all / – / 0 |
//!
//! All of them are one adult's anatomy, and real patients vary otherwise. The only real whole-body
//! scan at hand (NEMA's NM1, one anterior frame) is found the right way up and leans to anterior
//! without reaching the majority: it stays unknown, as it should where there is doubt. Spot views
//! are never named: what decides is how the parts of a whole body compare.

mod fit;
mod glimpse;
mod traits;
mod verdict;

use ndarray::{Array2, s};

use crate::geometry::Spacing;
use crate::study::{
    Frame, Laterality, LateralitySource, SeriesKind, Values, ViewLabel, ViewName, ViewSource,
};

use glimpse::Glimpse;
use traits::Traits;

/// A body is there from this correlation with the atlas on, and is that way up from this much more
/// than the other way.
const LIKENESS: f64 = 0.75;
const HEAD: f64 = 0.2;
/// Two frames are stored the same way round where they correlate this much better so than with
/// one of them mirrored.
const SAME_WAY: f64 = 0.05;

/// What a frame showed while its pixels were at hand.
#[derive(Clone, Debug)]
pub(super) struct Seen {
    picture: Array2<f64>,
    head_first: bool,
    traits: Traits,
}

impl Seen {
    /// `None` where the picture shows no whole body, or not clearly which way up.
    pub fn of(values: &Values, spacing: Option<Spacing>) -> Option<Self> {
        let glimpse = Glimpse::of(values, spacing)?;
        let fit = fit::fit(&glimpse)?;
        tracing::debug!(score = fit.score, margin = fit.margin, "a body was looked for");
        (fit.score >= LIKENESS && fit.margin >= HEAD).then(|| {
            let traits = traits::traits(&glimpse, &fit);
            tracing::debug!(
                alone = verdict::single(&traits),
                traits = ?traits::NAMES.iter().zip(traits).collect::<Vec<_>>(),
            );
            Self { picture: glimpse.picture, head_first: fit.head_first, traits }
        })
    }

    /// Whether a frame is worth a look: one that its file does not place in the patient.
    pub fn wanted(kind: SeriesKind, laterality: Laterality) -> bool {
        matches!(kind, SeriesKind::WholeBody | SeriesKind::Static)
            && laterality.source != LateralitySource::Orientation
    }
}

/// Uses what was seen: turns frames head up, names views that nothing else names, takes back an
/// order that the pictures contradict, and left and right where nothing can tell them.
pub(super) fn settle(frames: &mut [Frame], seen: &[Option<Seen>], remarks: &mut Vec<String>) {
    let both = |[a, b]: [usize; 2]| Some([seen.get(a)?.as_ref()?, seen.get(b)?.as_ref()?]);
    let pairs = pairs(frames);
    let mut disputed: Vec<usize> = Vec::new();
    for &pair in &pairs {
        if let Some(seen) = both(pair) {
            name_pair(frames, pair, seen, &mut disputed);
        }
    }
    for (i, seen) in seen.iter().enumerate() {
        if let (Some(seen), Some(frame)) = (seen, frames.get_mut(i)) {
            name_alone(frame, i, seen, &mut disputed);
            turn(frame, i, seen, remarks);
        }
    }
    for &i in &disputed {
        name(&mut frames[i], ViewName::Unknown, ViewSource::Unknown);
        remarks.push(format!(
            "Frame {}: the picture contradicts the usual order of a whole-body pair, so neither \
             was believed.",
            i + 1
        ));
    }
    for pair in pairs {
        if let Some(seen) = both(pair) {
            same_way_round(frames, pair, seen, remarks);
        }
    }
}

/// Frames that differ in nothing but the detector: two views of one patient at one time.
fn pairs(frames: &[Frame]) -> Vec<[usize; 2]> {
    let alike = |a: &Frame, b: &Frame| {
        let apart = |f: &Frame| crate::study::Address { detector: 1, ..f.address };
        apart(a) == apart(b)
            && (a.rows(), a.columns()) == (b.rows(), b.columns())
            && a.spacing == b.spacing
    };
    let mut pairs = Vec::new();
    for (i, frame) in frames.iter().enumerate() {
        let partners: Vec<usize> =
            (0..frames.len()).filter(|&k| k != i && alike(&frames[k], frame)).collect();
        if let [partner] = partners[..]
            && partner > i
        {
            pairs.push([i, partner]);
        }
    }
    pairs
}

fn name(frame: &mut Frame, view: ViewName, source: ViewSource) {
    frame.view = ViewLabel { view, source };
    let head_at_first_row = frame.laterality.head_at_first_row;
    frame.laterality = Laterality { head_at_first_row, ..Laterality::from_view(view) };
}

fn opposite(view: ViewName) -> Option<ViewName> {
    match view {
        ViewName::Anterior => Some(ViewName::Posterior),
        ViewName::Posterior => Some(ViewName::Anterior),
        _ => None,
    }
}

/// Two frames compared say more than both alone; but none may contradict for itself, nor a view
/// that is known. Where they contradict an order, its frames are disputed.
fn name_pair(
    frames: &mut [Frame],
    [a, b]: [usize; 2],
    [one, other]: [&Seen; 2],
    disputed: &mut Vec<usize>,
) {
    let majority = verdict::pair(&one.traits, &other.traits);
    let Some(second) = verdict::view(majority, verdict::TOGETHER) else { return };
    let Some(first) = opposite(second) else { return };
    let views = [(a, first, one), (b, second, other)];
    let disowned = views.iter().any(|(_, view, seen)| alone(seen).is_some_and(|v| v != *view));
    let contradicts = |&(i, view, _): &(usize, ViewName, &Seen)| {
        !matches!(frames[i].view.view, ViewName::Unknown) && frames[i].view.view != view
    };
    if views.iter().any(contradicts) {
        let by_order = |i: &usize| frames[*i].view.source == ViewSource::FrameOrder;
        disputed.extend([a, b].into_iter().filter(by_order));
    } else if !disowned {
        for (i, view, _) in views {
            if frames[i].view.source == ViewSource::Unknown {
                name(&mut frames[i], view, ViewSource::ImageContent);
            }
        }
    }
}

fn alone(seen: &Seen) -> Option<ViewName> {
    verdict::view(verdict::single(&seen.traits), verdict::ALONE)
}

fn name_alone(frame: &mut Frame, index: usize, seen: &Seen, disputed: &mut Vec<usize>) {
    let Some(view) = alone(seen) else { return };
    match frame.view.source {
        ViewSource::Unknown => name(frame, view, ViewSource::ImageContent),
        ViewSource::FrameOrder if frame.view.view != view && !disputed.contains(&index) => {
            disputed.push(index);
        }
        _ => {}
    }
}

/// A body that lies head down is shown head up. Whether it was turned or mirrored on the way
/// nothing says, so its sides are unknown.
fn turn(frame: &mut Frame, index: usize, seen: &Seen, remarks: &mut Vec<String>) {
    let laterality = &mut frame.laterality;
    if laterality.source == LateralitySource::Orientation || laterality.head_at_first_row.is_some()
    {
        return;
    }
    laterality.head_at_first_row = Some(seen.head_first);
    if !seen.head_first {
        laterality.larger_columns = None;
        laterality.source = LateralitySource::Unknown;
        remarks.push(format!(
            "Frame {}: the body lies head down, and the file does not say whether the picture \
             was turned or mirrored; left and right are unknown.",
            index + 1
        ));
    }
}

/// The two cameras of a pair face each other, so one of its frames is the mirror image of the
/// other. Where it is not, somebody mirrored one, and nothing says which.
fn same_way_round(
    frames: &mut [Frame],
    [a, b]: [usize; 2],
    [one, other]: [&Seen; 2],
    remarks: &mut Vec<String>,
) {
    let facing = opposite(frames[a].view.view).is_some_and(|view| frames[b].view.view == view);
    let by_view = |f: &Frame| f.laterality.source == LateralitySource::View;
    if !facing || !by_view(&frames[a]) || !by_view(&frames[b]) {
        return;
    }
    let mirrored = other.picture.slice(s![.., ..;-1]).to_owned();
    let same = likeness(&one.picture, &other.picture);
    if same - likeness(&one.picture, &mirrored) < SAME_WAY {
        return;
    }
    for i in [a, b] {
        frames[i].laterality.larger_columns = None;
        frames[i].laterality.source = LateralitySource::Unknown;
    }
    remarks.push(format!(
        "Frames {} and {} are stored the same way round, as no two facing detectors see a \
         patient; one was mirrored, and left and right are unknown.",
        a + 1,
        b + 1
    ));
}

/// Correlation of two pictures of one size, at best within a cell sideways: the mirror image of a
/// frame that is not a whole number of cells wide lies beside its place.
fn likeness(a: &Array2<f64>, b: &Array2<f64>) -> f64 {
    let columns = a.ncols().min(b.ncols()) as isize;
    let rows = a.nrows().min(b.nrows());
    let at = |shift: isize| {
        let (from, to) = (shift.max(0), columns + shift.min(0));
        let (mut n, mut sums) = (0.0, [0.0; 5]);
        for row in 0..rows {
            for column in from..to {
                let (x, y) = (a[[row, column as usize]], b[[row, (column - shift) as usize]]);
                n += 1.0;
                for (sum, v) in sums.iter_mut().zip([x, y, x * x, y * y, x * y]) {
                    *sum += v;
                }
            }
        }
        let [x, y, xx, yy, xy] = sums;
        let variances = (xx - x * x / n) * (yy - y * y / n);
        if variances > 1e-12 { (xy - x * y / n) / variances.sqrt() } else { 0.0 }
    };
    [-1, 0, 1].into_iter().map(at).fold(-1.0, f64::max)
}
