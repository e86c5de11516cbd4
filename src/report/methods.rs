//! The methods and limits of a report, generated from what was really done.

use std::collections::BTreeSet;

use crate::findings::twin::TwinKind;
use crate::findings::{MidlineOrigin, Role};
use crate::measure::{Interval, Method, RoiRow, Sheet};
use crate::study::{Study, Unit, ViewSource};
use crate::text::{t, tr};

use super::redact::Redactor;
use super::{Finding, Numbers, Report, frame_name, number, words};

pub(super) fn methods(
    report: &Report,
    study: &Study,
    sheet: &Sheet,
    several: bool,
    redactor: &Redactor,
) -> Vec<String> {
    let mut lines = vec![tr("report-method-program", &[("program", (&*report.program).into())])];
    lines.extend(roles(sheet, redactor));
    if report.findings.is_empty() {
        return lines;
    }
    lines.push(t("report-method-membership"));
    lines.extend(twins(report));
    lines.extend(midlines(report, study, sheet, several));
    lines.extend(laterality(report));
    lines.extend(intervals(report));
    lines.extend(surroundings(report));
    lines.extend(without_interval(report));
    lines.extend(refused(report));
    lines.extend(excluded(sheet, redactor));
    lines
}

pub(super) fn limits(report: &Report) -> Vec<String> {
    let numbers: Vec<&Numbers> = numbers(report).map(|(_, numbers)| numbers).collect();
    let ratios = numbers.iter().filter(|n| n.ratio.is_some()).count();
    let with_interval = intervals_of(report).next().is_some();
    let mut lines = Vec::new();
    if with_interval {
        lines.push(t("report-limit-counting"));
    }
    if ratios > 0 {
        lines.push(t("report-limit-asymmetry"));
    }
    let compared = numbers
        .iter()
        .filter(|n| n.ratio.as_ref().is_some_and(|r| r.estimate.interval.is_some()))
        .count();
    if compared > 1 {
        lines.push(tr("report-limit-many", &[("count", compared.into())]));
    }
    if report.findings.iter().any(|f| f.unit == Unit::Counts && f.numbers.is_ok()) {
        let subtracted =
            numbers.iter().any(|n| n.ratio.as_ref().is_some_and(|r| r.background.is_some()));
        lines.push(t(match subtracted {
            true => "report-limit-uncorrected-but-background",
            false => "report-limit-uncorrected",
        }));
    }
    let views = report.technique.iter().flat_map(|series| &series.views);
    if views.clone().any(|view| view.spacing.is_none()) {
        lines.push(t("report-limit-no-spacing"));
    }
    for view in views {
        let unstated = view.laterality.larger_columns.is_some() && !view.stated;
        let key = match view.view.source {
            ViewSource::Reader => "report-limit-view-by-reader",
            _ if unstated => "report-limit-view-not-stated",
            _ => continue,
        };
        let source = words::view_source(view.view.source);
        lines.push(tr(key, &[("view", view.name.clone().into()), ("source", source.into())]));
    }
    if report.simulated {
        lines.push(t("report-limit-simulated"));
    }
    lines
}

fn numbers(report: &Report) -> impl Iterator<Item = (&Finding, &Numbers)> {
    report.findings.iter().filter_map(|f| f.numbers.as_ref().ok().map(|numbers| (f, numbers)))
}

fn intervals_of(report: &Report) -> impl Iterator<Item = Interval> {
    numbers(report).flat_map(|(_, numbers)| {
        let ratio = numbers.ratio.as_ref().and_then(|ratio| ratio.estimate.interval);
        let twin = numbers.twin.as_ref().ok().and_then(|twin| twin.stats.interval);
        [numbers.stats.interval, twin, ratio].into_iter().flatten()
    })
}

fn twins(report: &Report) -> Vec<String> {
    let names = |kind: TwinKind| -> Vec<&str> {
        numbers(report)
            .filter(|(_, n)| n.twin.as_ref().is_ok_and(|twin| twin.kind == kind))
            .map(|(finding, _)| &*finding.name)
            .collect()
    };
    let mut lines = Vec::new();
    if !names(TwinKind::Auto).is_empty() {
        lines.push(t("report-method-twin"));
    }
    let others = [
        (TwinKind::Neighbours, "report-method-twin-neighbours"),
        (TwinKind::Placed, "report-method-twin-placed"),
    ];
    for (kind, key) in others {
        let names = names(kind);
        if !names.is_empty() {
            lines.push(tr(key, &[("names", names.join(", ").into())]));
        }
    }
    lines
}

fn midlines(report: &Report, study: &Study, sheet: &Sheet, several: bool) -> Vec<String> {
    let shown: BTreeSet<&str> = report.findings.iter().map(|f| &*f.view_name).collect();
    sheet
        .midlines
        .iter()
        .map(|row| (frame_name(study, &row.frame, several), row.midline.origin))
        .filter(|(view, _)| shown.contains(&**view))
        .map(|(view, origin)| match origin {
            MidlineOrigin::Fitted { quality } => tr(
                "report-method-midline-fitted",
                &[("view", view.into()), ("quality", number::ratio(quality).into())],
            ),
            MidlineOrigin::Edited => tr("report-method-midline-edited", &[("view", view.into())]),
        })
        .collect()
}

fn laterality(report: &Report) -> Vec<String> {
    let shown: BTreeSet<&str> = report.findings.iter().map(|f| &*f.view_name).collect();
    let views = report.technique.iter().flat_map(|series| &series.views);
    let items = views
        .filter(|view| shown.contains(&*view.name))
        .map(|view| (&*view.name, view.laterality.source));
    grouped(items)
        .into_iter()
        .map(|(source, views)| {
            let source = words::laterality_source(source);
            let views = views.join(", ");
            tr("report-method-laterality", &[("views", views.into()), ("source", source.into())])
        })
        .collect()
}

fn intervals(report: &Report) -> Vec<String> {
    let mut lines = Vec::new();
    let methods =
        [Method::Garwood, Method::ClopperPearson, Method::ProfileLikelihood, Method::Mover];
    for method in methods {
        let levels: BTreeSet<String> = intervals_of(report)
            .filter(|interval| interval.method == method)
            .map(|interval| number::percent(interval.level.get()))
            .collect();
        if !levels.is_empty() {
            let percent = levels.into_iter().collect::<Vec<_>>().join(", ");
            lines.push(tr(words::method(method), &[("percent", percent.into())]));
        }
    }
    lines
}

/// Background, jitter and false-discovery control, where they were used.
fn surroundings(report: &Report) -> Vec<String> {
    let ratios: Vec<_> = numbers(report).filter_map(|(_, n)| n.ratio).collect();
    let mut lines = Vec::new();
    if ratios.iter().any(|r| r.background.is_some()) {
        lines.push(t("report-method-background"));
    }
    if ratios.iter().any(|r| r.jitter.is_some()) {
        lines.push(t("report-method-jitter"));
    }
    if ratios.iter().filter(|r| r.q.is_some()).count() > 1 {
        lines.push(t("report-method-control"));
    }
    if numbers(report).any(|(_, n)| n.both_views.is_some()) {
        lines.push(t("report-method-both-views"));
    }
    lines
}

/// Names with the same reason together, in the order in which they come.
fn grouped<'a, R: Copy + PartialEq>(
    items: impl Iterator<Item = (&'a str, R)>,
) -> Vec<(R, Vec<&'a str>)> {
    let mut groups: Vec<(R, Vec<&str>)> = Vec::new();
    for (name, reason) in items {
        match groups.iter_mut().find(|(r, _)| *r == reason) {
            Some((_, names)) => names.push(name),
            None => groups.push((reason, vec![name])),
        }
    }
    groups
}

fn without_interval(report: &Report) -> Vec<String> {
    let items = numbers(report).filter_map(|(f, n)| Some((&*f.name, n.no_interval?)));
    grouped(items)
        .into_iter()
        .map(|(reason, names)| {
            tr(
                "report-method-no-interval",
                &[("names", names.join(", ").into()), ("reason", words::not_counts(reason).into())],
            )
        })
        .collect()
}

fn refused(report: &Report) -> Vec<String> {
    let items = report.findings.iter().filter_map(|f| Some((&*f.name, *f.numbers.as_ref().err()?)));
    grouped(items)
        .into_iter()
        .map(|(reason, names)| {
            tr(
                "report-method-refused",
                &[("names", names.join(", ").into()), ("reason", words::not_counts(reason).into())],
            )
        })
        .collect()
}

/// What the reader said is not bone, and what stands for normal bone.
fn roles(sheet: &Sheet, redactor: &Redactor) -> Vec<String> {
    let named = |row: &RoiRow| {
        let role = words::role(row.role).unwrap_or_default();
        format!("{} ({role}, {})", redactor.clean(&row.name), words::view(row.view.view))
    };
    let not_bone: Vec<String> =
        sheet.rois.iter().filter(|row| row.role.not_bone()).map(named).collect();
    let reference: Vec<String> =
        sheet.rois.iter().filter(|row| row.role == Role::Reference).map(named).collect();
    let mut lines = Vec::new();
    if !not_bone.is_empty() {
        let count = not_bone.len().into();
        let names = not_bone.join(", ").into();
        lines.push(tr("report-method-not-bone", &[("count", count), ("names", names)]));
    }
    if !reference.is_empty() {
        let names = reference.join(", ").into();
        lines.push(tr("report-method-reference", &[("names", names)]));
    }
    lines
}

fn excluded(sheet: &Sheet, redactor: &Redactor) -> Option<String> {
    let names: Vec<String> = sheet
        .rois
        .iter()
        .filter(|row| !row.in_report)
        .map(|row| redactor.clean(&row.name))
        .collect();
    (!names.is_empty()).then(|| {
        tr(
            "report-method-excluded",
            &[("count", names.len().into()), ("names", names.join(", ").into())],
        )
    })
}
