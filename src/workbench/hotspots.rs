//! Candidate lesions of a study: found for the terminal, and proposed to the reader in the window.

use crate::findings::{Edit, Findings, NotBone, Roi, RoiId, Role, Symmetry};
use crate::measure::{self, Hotspot, HotspotKind, HotspotView};
use crate::study::{FrameKey, Series, SeriesKind};

use super::Reading;

/// All candidates in the views that show a study at rest, highest score first. The study must have
/// been analysed. `conjugate` counts over the whole list.
pub fn hotspots(reading: &Reading) -> Vec<Hotspot> {
    let mut all: Vec<Hotspot> = Vec::new();
    for series in reading.study().series.iter().filter(|s| searched(s)) {
        let first = all.len();
        all.extend(of_series(reading, series).into_iter().map(|hotspot| Hotspot {
            conjugate: hotspot.conjugate.map(|other| first + other),
            ..hotspot
        }));
    }
    sorted(all)
}

/// As it was acquired, and not while the tracer comes and goes.
pub(super) fn searched(series: &Series) -> bool {
    matches!(series.kind, SeriesKind::WholeBody | SeriesKind::Static) && series.derived.is_none()
}

fn of_series(reading: &Reading, series: &Series) -> Vec<Hotspot> {
    let key = |frame| FrameKey { series: series.uid.clone(), frame };
    let keys: Vec<FrameKey> = series.opening_frames().into_iter().map(key).collect();
    let symmetries: Vec<Option<Symmetry>> = keys.iter().map(|k| reading.symmetry(k)).collect();
    let views: Vec<HotspotView<'_>> = keys
        .into_iter()
        .zip(&symmetries)
        .map(|(key, symmetry)| HotspotView {
            frame: &series.frames[key.frame],
            symmetry: symmetry.as_ref(),
            skeleton: reading.skeleton(&key).and_then(Result::ok),
            not_bone: reading.findings().not_bone_on(&key).map(|r| r.outline.clone()).collect(),
            key,
        })
        .collect();
    measure::find_hotspots(&views)
}

/// Highest score first, with `conjugate` following its candidate.
fn sorted(all: Vec<Hotspot>) -> Vec<Hotspot> {
    let mut order: Vec<usize> = (0..all.len()).collect();
    order.sort_by(|&a, &b| all[b].score.total_cmp(&all[a].score));
    let place = |old: usize| order.iter().position(|&o| o == old);
    let moved = |&old: &usize| {
        let hotspot = all[old].clone();
        Hotspot { conjugate: hotspot.conjugate.and_then(place), ..hotspot }
    };
    order.iter().map(moved).collect()
}

/// Where a candidate lies, in words: `left 7th rib`. The side is that of geometry.
pub fn region_of(hotspot: &Hotspot) -> Option<String> {
    let label = hotspot.label?;
    Some(label.site.name_on(hotspot.side.or(label.side)))
}

/// The candidates as regions of their own, named `H1` and so on, in the order of the list; the
/// second half of a candidate that both views see is a copy of the first.
pub fn as_findings(hotspots: &[Hotspot]) -> Findings {
    let mut findings = Findings::default();
    let id = |index: usize| RoiId(index as u32 + 1);
    for (index, hotspot) in hotspots.iter().enumerate() {
        let name = format!("H{}", index + 1);
        let roi = Roi {
            copy_of: hotspot.conjugate.filter(|&other| other < index).map(id),
            site: hotspot.label.map(|l| l.site.name()).unwrap_or_default(),
            role: match hotspot.kind.in_bone() {
                true => Role::Lesion,
                false => Role::NotBone(not_bone(hotspot)),
            },
            ..Roi::new(id(index), name, hotspot.frame.clone(), hotspot.outline.clone())
        };
        let added = findings.apply(Edit::Add { at: None, roi });
        debug_assert!(added.is_ok(), "{added:?}");
    }
    findings
}

fn not_bone(hotspot: &Hotspot) -> NotBone {
    match hotspot.kind {
        HotspotKind::InjectionSite => NotBone::InjectionSite,
        _ => NotBone::Urine,
    }
}
