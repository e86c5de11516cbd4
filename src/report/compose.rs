//! Study, findings and sheet become a report; what identifies the patient goes here or never.

use std::collections::BTreeSet;

use crate::findings::{Findings, Site};
use crate::measure::{ConjugatePair, IndexRow, RoiRow, Sheet, conjugate_pairs};
use crate::study::{FrameKey, Identity, Series, Study, ValueSummary};

use super::redact::Redactor;
use super::{
    AnnotationFacts, BothViews, Finding, KeyImage, Numbers, PatientFacts, Report, SeriesFacts,
    StudyFacts, ViewFacts, frame_name, methods, quality,
};

/// The content of a report.
///
/// With `Identity::Initials` the name is reduced to initials; with both that and `Identity::None`
/// the patient's ID, birth date, accession number, institution, referring physician and every UID
/// are left out, and the name, wherever it was typed into free text or a description, is replaced
/// by a mark. The study date stays. Pictures must have been made with the same identity.
pub fn compose(
    study: &Study,
    findings: &Findings,
    sheet: &Sheet,
    pictures: Vec<KeyImage>,
    identity: Identity,
) -> Report {
    let redactor = Redactor::new(study, identity);
    let used = used_frames(study, sheet);
    let several = used.iter().map(|key| &key.series).collect::<BTreeSet<_>>().len() > 1;
    let rows: Vec<&RoiRow> = sheet.rois.iter().filter(|row| row.in_report).collect();
    let pairs = conjugate_pairs(study, sheet, sheet.level());
    let technique = series_of(study, &used)
        .map(|series| series_facts(study, series, &used, several, identity, &redactor))
        .collect();
    let remarks = series_of(study, &used)
        .flat_map(|series| &series.remarks)
        .map(|remark| redactor.clean(remark))
        .collect();
    let images = pictures
        .into_iter()
        .map(|image| KeyImage {
            caption: redactor.clean(&image.caption),
            alt: redactor.clean(&image.alt),
            ..image
        })
        .collect();
    let report = Report {
        program: format!("Bonescope {}", env!("CARGO_PKG_VERSION")),
        made_at: None,
        identity,
        simulated: study.simulated,
        patient: patient_facts(study, identity),
        study: study_facts(study, identity, &redactor),
        technique,
        quality: series_of(study, &used)
            .flat_map(|series| quality::facts(study, series, several))
            .collect(),
        images,
        findings: rows
            .iter()
            .map(|row| {
                let both_views = both_views(sheet, &pairs, row, &redactor);
                finding(study, row, both_views, several, identity, &redactor)
            })
            .collect(),
        indices: sheet
            .indices
            .iter()
            .filter(|row| row.in_report)
            .map(|row| IndexRow {
                regions: row.regions.iter().map(|name| redactor.clean(name)).collect(),
                frame: FrameKey {
                    series: uid(&row.frame.series, identity).unwrap_or_else(|| "".into()),
                    frame: row.frame.frame,
                },
                ..row.clone()
            })
            .collect(),
        annotations: sheet
            .annotations
            .iter()
            .filter(|row| used.contains(&row.annotation.frame))
            .map(|row| AnnotationFacts {
                series: uid(&row.annotation.frame.series, identity),
                frame: row.annotation.frame.frame,
                drawn: row.annotation.drawn,
                text: redactor.clean(&row.annotation.text),
                measured: row.measured,
            })
            .collect(),
        impression: redactor.clean(findings.impression()),
        methods: Vec::new(),
        limits: Vec::new(),
        remarks,
    };
    Report {
        methods: methods::methods(&report, study, sheet, several, &redactor),
        limits: methods::limits(&report),
        ..report
    }
}

/// Frames with a reported region, and what a reader wants first of their series; of
/// the whole study where nothing has been marked.
pub(super) fn used_frames(study: &Study, sheet: &Sheet) -> BTreeSet<FrameKey> {
    let marked: BTreeSet<FrameKey> = sheet
        .rois
        .iter()
        .filter(|row| row.in_report)
        .map(|row| row.frame.clone())
        .filter(|key| study.frame(key).is_some())
        .collect();
    let mut series: Vec<&Series> = marked.iter().filter_map(|key| owner(study, key)).collect();
    if series.is_empty() {
        let planar = study.series.iter().find(|s| s.kind.planar());
        series.extend(planar.or(study.series.first()).map(|s| &**s));
    }
    let opening = series.iter().flat_map(|series| {
        series
            .opening_frames()
            .into_iter()
            .map(|frame| FrameKey { series: series.uid.clone(), frame })
    });
    opening.chain(marked.iter().cloned()).collect()
}

fn owner<'a>(study: &'a Study, key: &FrameKey) -> Option<&'a Series> {
    study.series(&key.series).map(|series| &**series)
}

/// In the study's order.
fn series_of<'a>(
    study: &'a Study,
    used: &'a BTreeSet<FrameKey>,
) -> impl Iterator<Item = &'a Series> {
    study
        .series
        .iter()
        .map(|series| &**series)
        .filter(|series| used.iter().any(|key| key.series == series.uid))
}

fn patient_facts(study: &Study, identity: Identity) -> PatientFacts {
    let patient = &study.patient;
    let full = identity == Identity::Full;
    let name = match identity {
        Identity::Full => Some(patient.display_name().reveal().clone()),
        Identity::Initials => Some(patient.initials().reveal().clone()),
        Identity::None => None,
    };
    PatientFacts {
        name: name.filter(|name| !name.is_empty()),
        id: Some(patient.id.reveal().trim().to_owned()).filter(|id| full && !id.is_empty()),
        birth_date: patient.birth_date.reveal().filter(|_| full),
        sex: patient.sex.clone(),
        age: patient.age.clone(),
    }
}

fn study_facts(study: &Study, identity: Identity, redactor: &Redactor) -> StudyFacts {
    let full = |text: &str| {
        let text = text.replace('^', " ");
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        Some(text).filter(|text| identity == Identity::Full && !text.is_empty())
    };
    StudyFacts {
        uid: uid(&study.uid, identity),
        date: study.date.or(study.started.map(|at| at.date())),
        started: study.started,
        description: redactor.clean(&study.description),
        accession: full(study.accession.reveal()),
        institution: full(&study.institution),
        referring_physician: full(study.referring_physician.reveal()),
    }
}

fn uid(uid: &crate::study::Uid, identity: Identity) -> Option<crate::study::Uid> {
    (identity == Identity::Full).then(|| uid.clone())
}

fn series_facts(
    study: &Study,
    series: &Series,
    used: &BTreeSet<FrameKey>,
    several: bool,
    identity: Identity,
    redactor: &Redactor,
) -> SeriesFacts {
    let views = used
        .iter()
        .filter(|key| key.series == series.uid)
        .filter_map(|key| {
            let frame = series.frames.get(key.frame)?;
            Some(ViewFacts {
                frame: key.frame,
                name: frame_name(study, key, several),
                view: frame.view,
                stated: frame.view_stated(),
                laterality: frame.laterality,
                matrix: [frame.columns(), frame.rows()],
                spacing: frame.spacing,
                duration: frame.duration,
                unit: frame.values.unit.clone(),
                total: ValueSummary::of(&frame.values).map_or(0.0, |summary| summary.sum),
            })
        })
        .collect();
    SeriesFacts {
        uid: uid(&series.uid, identity),
        number: series.number,
        kind: series.kind,
        description: redactor.clean(&series.description),
        tracer: series.tracer.clone(),
        uptake_minutes: series.tracer.uptake_minutes(series.acquired),
        manufacturer: series.manufacturer.clone(),
        collimator: series.collimator.clone(),
        scan_velocity: series.scan_velocity,
        energy_windows: series.energy_windows.clone(),
        views,
    }
}

fn both_views(
    sheet: &Sheet,
    pairs: &[ConjugatePair],
    row: &RoiRow,
    redactor: &Redactor,
) -> Option<BothViews> {
    let (pair, other) = pairs.iter().find_map(|pair| Some((pair, pair.partner(row.id)?)))?;
    Some(BothViews { with: redactor.clean(&sheet.roi(other)?.name), pair: pair.clone() })
}

fn finding(
    study: &Study,
    row: &RoiRow,
    both_views: Option<BothViews>,
    several: bool,
    identity: Identity,
    redactor: &Redactor,
) -> Finding {
    let numbers = match row.refused {
        Some(reason) => Err(reason),
        None => Ok(Numbers {
            stats: row.stats.clone(),
            twin: row.twin.clone(),
            ratio: row.ratio,
            no_interval: row.no_interval,
            both_views: both_views.filter(|_| row.refused.is_none()),
        }),
    };
    Finding {
        name: redactor.clean(&row.name),
        series: uid(&row.frame.series, identity),
        frame: row.frame.frame,
        view_name: frame_name(study, &row.frame, several),
        view: row.view,
        side: row.side,
        site: redactor.clean(&row.site_words()),
        site_code: row.known_site().and_then(Site::code),
        site_proposed: row.place.filter(|_| row.site.is_empty()).map(|l| l.confidence),
        note: redactor.clean(&row.note),
        unit: row.unit.clone(),
        outline: row.outline.clone(),
        part: row.part.clone(),
        numbers,
        remarks: row.remarks.iter().map(|remark| redactor.clean(remark)).collect(),
    }
}
