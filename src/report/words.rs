//! Types in words. The floors below speak in types; these are their names for readers.

use crate::findings::twin::NoTwin;
use crate::findings::{NotBone, Role};
use crate::geometry::Side;
use crate::measure::Method;
use crate::study::{LateralitySource, NotCounts, SeriesKind, ViewName, ViewSource};
use crate::text::t;

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

/// What a region that is no lesion stands for.
pub fn role(role: Role) -> Option<String> {
    Some(t(match role {
        Role::Lesion => return None,
        Role::Reference => "role-reference",
        Role::Background => "role-background",
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
