//! Types in words. The floors below speak in types; these are their names for readers.

use crate::findings::twin::NoTwin;
use crate::findings::{NotBone, Role};
use crate::geometry::Side;
use crate::measure::{
    ComparedRange, Estimate, FormulaKind, IndexResult, Interval, Lies, Method, NormalRange,
    RatioRow, SourceMark,
};
use crate::study::{LateralitySource, NotCounts, SeriesKind, ViewName, ViewSource};
use crate::text::{t, tr};

use super::number;

pub fn view(view: ViewName) -> String {
    t(match view {
        ViewName::Anterior => "view-anterior",
        ViewName::Posterior => "view-posterior",
        ViewName::LeftLateral => "view-left-lateral",
        ViewName::RightLateral => "view-right-lateral",
        ViewName::LeftAnteriorOblique => "view-left-anterior-oblique",
        ViewName::RightAnteriorOblique => "view-right-anterior-oblique",
        ViewName::LeftPosteriorOblique => "view-left-posterior-oblique",
        ViewName::RightPosteriorOblique => "view-right-posterior-oblique",
        ViewName::Axial => "view-axial",
        ViewName::Coronal => "view-coronal",
        ViewName::Sagittal => "view-sagittal",
        ViewName::Unknown => "view-unknown",
    })
}

/// As written on images: `ANT`.
pub fn view_short(view: ViewName) -> String {
    t(match view {
        ViewName::Anterior => "view-anterior-short",
        ViewName::Posterior => "view-posterior-short",
        ViewName::LeftLateral => "view-left-lateral-short",
        ViewName::RightLateral => "view-right-lateral-short",
        ViewName::LeftAnteriorOblique => "view-left-anterior-oblique-short",
        ViewName::RightAnteriorOblique => "view-right-anterior-oblique-short",
        ViewName::LeftPosteriorOblique => "view-left-posterior-oblique-short",
        ViewName::RightPosteriorOblique => "view-right-posterior-oblique-short",
        ViewName::Axial => "view-axial-short",
        ViewName::Coronal => "view-coronal-short",
        ViewName::Sagittal => "view-sagittal-short",
        ViewName::Unknown => "view-unknown-short",
    })
}

pub fn view_source(source: ViewSource) -> String {
    t(match source {
        ViewSource::ViewCode => "view-source-view-code",
        ViewSource::Orientation => "view-source-orientation",
        ViewSource::DetectorAngle => "view-source-detector-angle",
        ViewSource::Description => "view-source-description",
        ViewSource::FrameOrder => "view-source-frame-order",
        ViewSource::ImageContent => "view-source-image-content",
        ViewSource::Reader => "view-source-reader",
        ViewSource::Unknown => "view-source-unknown",
    })
}

pub fn laterality_source(source: LateralitySource) -> String {
    t(match source {
        LateralitySource::Orientation => "laterality-source-orientation",
        LateralitySource::View => "laterality-source-view",
        LateralitySource::Unknown => "laterality-source-unknown",
    })
}

/// `left iliac wing`: side and site, the side once where the reader wrote it into the site.
pub fn place(side: Option<Side>, site: &str) -> String {
    let word = side.map(self::side).unwrap_or_default();
    let mut words = site.split_whitespace();
    let said = words.next().is_some_and(|first| first.eq_ignore_ascii_case(&word));
    if said || word.is_empty() || site.is_empty() {
        return if site.is_empty() { word } else { site.to_owned() };
    }
    format!("{word} {site}")
}

pub fn side(side: Side) -> String {
    t(match side {
        Side::Left => "side-left",
        Side::Right => "side-right",
    })
}

pub fn kind(kind: SeriesKind) -> String {
    t(match kind {
        SeriesKind::WholeBody => "kind-whole-body",
        SeriesKind::Static => "kind-static",
        SeriesKind::Dynamic => "kind-dynamic",
        SeriesKind::Gated => "kind-gated",
        SeriesKind::Spect => "kind-spect",
        SeriesKind::SpectProjections => "kind-spect-projections",
        SeriesKind::SpectGated => "kind-spect-gated",
        SeriesKind::Pet => "kind-pet",
        SeriesKind::Ct => "kind-ct",
        SeriesKind::Other => "kind-other",
    })
}

/// Why a region has no twin.
pub fn no_twin(reason: NoTwin) -> String {
    t(match reason {
        NoTwin::NotWanted => "no-twin-not-wanted",
        NoTwin::NotCompared => "no-twin-not-compared",
        NoTwin::NoMidline => "no-twin-no-midline",
        NoTwin::TouchesMidline => "no-twin-touches-midline",
        NoTwin::LeavesImage => "no-twin-leaves-image",
    })
}

/// Why values are not counts.
pub fn not_counts(reason: NotCounts) -> String {
    t(match reason {
        NotCounts::OtherUnit => "not-counts-other-unit",
        NotCounts::Rescaled => "not-counts-rescaled",
        NotCounts::NotWhole => "not-counts-not-whole",
        NotCounts::Negative => "not-counts-negative",
        NotCounts::Lossy => "not-counts-lossy",
        NotCounts::Processed => "not-counts-processed",
        NotCounts::Scatter => "not-counts-scatter",
    })
}

/// What an interval method does, as a sentence of the methods section.
pub(super) fn method(method: Method) -> &'static str {
    match method {
        Method::Garwood => "report-method-garwood",
        Method::ClopperPearson => "report-method-clopper-pearson",
        Method::Mover => "report-method-mover",
        Method::ProfileLikelihood => "report-method-profile-likelihood",
    }
}

/// `M`, `F`, `O` of Patient's Sex; anything else as written.
pub fn sex(code: &str) -> String {
    match code.trim() {
        "M" => t("sex-male"),
        "F" => t("sex-female"),
        "O" => t("sex-other"),
        other => other.to_owned(),
    }
}

/// `061Y` as `61 y`; anything else as written.
pub fn age(stored: &str) -> String {
    let stored = stored.trim();
    let unit = match stored.chars().last() {
        Some('D') => "age-days",
        Some('W') => "age-weeks",
        Some('M') => "age-months",
        Some('Y') => "age-years",
        _ => return stored.to_owned(),
    };
    match stored[..stored.len() - 1].parse::<u32>() {
        Ok(n) => crate::text::tr(unit, &[("n", n.into())]),
        Err(_) => stored.to_owned(),
    }
}

/// `1.20 [1.13–1.27]`, or `58.1 % [57.0–59.2]` for a share.
pub fn index_value(result: &IndexResult) -> String {
    let Estimate { value, interval } = result.estimate;
    match (result.kind, value) {
        (FormulaKind::Ratio, _) => number::ratio_with_interval(&result.estimate),
        (FormulaKind::Share, None) => number::NONE.to_owned(),
        (FormulaKind::Share, Some(value)) => {
            let one = |percent: f64| format!("{percent:.1}");
            let high = |interval: &Interval| interval.high.map_or_else(|| "100".to_owned(), one);
            let bounds = interval.map(|i| format!(" [{}–{}]", one(i.low), high(&i)));
            format!("{} %{}", one(value), bounds.unwrap_or_default())
        }
    }
}

/// `outside 1.06–1.36 (Tiwari and Basu …; abstract)`.
pub fn index_range(compared: &ComparedRange) -> String {
    let NormalRange { low, high, source, mark, .. } = &compared.range;
    let end = |end: &f64| number::short(*end, 2);
    let range = match (low, high) {
        (Some(low), Some(high)) => format!("{}–{}", end(low), end(high)),
        (Some(low), None) => format!("≥ {}", end(low)),
        (None, Some(high)) => format!("≤ {}", end(high)),
        (None, None) => number::NONE.to_owned(),
    };
    let key = match compared.lies {
        Lies::Inside => "index-inside",
        Lies::Outside => "index-outside",
        Lies::Either => "index-either",
    };
    let mark = t(match mark {
        SourceMark::Abstract => "index-mark-abstract",
        SourceMark::Memory => "index-mark-memory",
        SourceMark::Own => "index-mark-own",
    });
    let source = (&**source).into();
    tr(key, &[("range", range.into()), ("source", source), ("mark", mark.into())])
}

/// `noise ± 2.7 %, hand ± 4.1 %`: what counting noise and the drawing hand do to a ratio, one
/// standard deviation each. `None` where neither is known.
pub fn spread(ratio: &RatioRow) -> Option<String> {
    let percent = |part: f64| number::short(100.0 * part, 1);
    let noise = ratio.estimate.relative_error().map(percent);
    let hand = ratio.hand().map(percent);
    Some(match (noise, hand) {
        (Some(noise), Some(hand)) => {
            tr("ratio-spread", &[("noise", noise.into()), ("hand", hand.into())])
        }
        (Some(noise), None) => tr("ratio-spread-noise", &[("noise", noise.into())]),
        (None, Some(hand)) => tr("ratio-spread-hand", &[("hand", hand.into())]),
        (None, None) => return None,
    })
}

/// What a region that is no lesion stands for.
pub fn role(role: Role) -> Option<String> {
    Some(t(match role {
        Role::Lesion => return None,
        Role::Reference => "role-reference",
        Role::Background => "role-background",
        Role::Index => "role-index",
        Role::NotBone(NotBone::Urine) => "role-urine",
        Role::NotBone(NotBone::InjectionSite) => "role-injection-site",
        Role::NotBone(NotBone::Contamination) => "role-contamination",
        Role::NotBone(NotBone::Implant) => "role-implant",
        Role::NotBone(NotBone::Other) => "role-other",
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_side_is_said_once() {
        assert_eq!(place(Some(Side::Left), "iliac wing"), "left iliac wing");
        assert_eq!(place(Some(Side::Left), "left iliac wing"), "left iliac wing");
        // The reader's word never overrides geometry: a contradiction must be seen.
        assert_eq!(place(Some(Side::Left), "right iliac wing"), "left right iliac wing");
        assert_eq!(place(Some(Side::Right), ""), "right");
        assert_eq!(place(None, "sternum"), "sternum");
        assert_eq!(place(None, ""), "");
    }

    #[test]
    fn ages_lose_their_zeros() {
        assert_eq!(age("061Y"), "61 y");
        assert_eq!(age("009M"), "9 months");
        assert_eq!(age("unclear"), "unclear");
        assert_eq!(age("Y"), "Y");
        assert_eq!(age(""), "");
    }
}
