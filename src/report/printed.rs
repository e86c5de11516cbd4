//! The report as printed words: what a template is fed, so that templates format no number.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::study::{EnergyWindow, Identity, Unit};
use crate::text::{t, tr};

use super::{BothViews, Finding, Numbers, Report, SeriesFacts, ViewFacts, number, words};

/// One printed document. Field names are the template's contract.
#[derive(Debug, Serialize)]
pub(super) struct Printed {
    pub title: String,
    pub program: String,
    /// Empty unless the study is simulated.
    pub simulated: String,
    pub disclaimer: String,
    /// Empty while the identity is shown in full.
    pub identity: String,
    /// Empty where the report is not dated.
    pub made: String,
    /// The words of `Page 1 of 4`.
    pub page: [String; 2],
    pub headings: Headings,
    pub patient: Vec<Field>,
    pub study: Vec<Field>,
    pub technique: Vec<Technique>,
    pub quality: Quality,
    pub images: Vec<Picture>,
    /// As a table; without rows where there is none.
    pub indices: Indices,
    pub findings: Table,
    pub impression: Vec<String>,
    pub methods: Vec<String>,
    pub limits: Vec<String>,
    pub remarks: Vec<String>,
}

#[derive(Debug, Serialize)]
pub(super) struct Headings {
    patient: String,
    study: String,
    technique: String,
    quality: String,
    images: String,
    more_images: String,
    findings: String,
    indices: String,
    impression: String,
    methods: String,
    limits: String,
    remarks: String,
}

#[derive(Debug, Serialize)]
pub(super) struct Field {
    pub label: String,
    pub value: String,
}

#[derive(Debug, Serialize)]
pub(super) struct Technique {
    heading: String,
    fields: Vec<Field>,
    columns: Vec<String>,
    rows: Vec<Vec<String>>,
}

/// How well the series were acquired.
#[derive(Debug, Serialize)]
pub(super) struct Quality {
    columns: Vec<String>,
    rows: Vec<Vec<String>>,
    notes: Vec<String>,
}

#[derive(Debug, Serialize)]
pub(super) struct Picture {
    /// Name of the PNG file beside the document.
    pub file: String,
    pub width: u32,
    pub height: u32,
    pub caption: String,
    pub alt: String,
    pub whole: bool,
}

#[derive(Debug, Serialize)]
pub(super) struct Table {
    /// Empty where there are rows.
    empty: String,
    columns: Vec<String>,
    rows: Vec<Row>,
    legend: String,
}

#[derive(Debug, Serialize)]
pub(super) struct Indices {
    columns: Vec<String>,
    rows: Vec<Vec<String>>,
    notes: Vec<String>,
}

#[derive(Debug, Serialize)]
pub(super) struct Row {
    cells: Vec<String>,
    /// Whether the interval of the ratio excludes 1.
    differs: bool,
    /// The reader's note, and what else is to be said.
    notes: Vec<String>,
}

impl Technique {
    /// Tracer, activity and time after injection on one line.
    pub fn summary(&self) -> String {
        let values = self.fields.iter().take(3).map(|field| &*field.value);
        values.collect::<Vec<_>>().join(" · ")
    }
}

impl Printed {
    pub fn of(report: &Report) -> Self {
        Self {
            title: t("report-title"),
            program: report.program.clone(),
            simulated: if report.simulated { t("report-simulated-long") } else { String::new() },
            disclaimer: t("report-not-a-device"),
            identity: match report.identity {
                Identity::Full => String::new(),
                Identity::Initials => t("report-identity-initials"),
                Identity::None => t("report-identity-none"),
            },
            made: report.made_at.map_or(String::new(), |at| {
                let date = at.format("%Y-%m-%d %H:%M").to_string();
                tr("report-made", &[("date", date.into())])
            }),
            page: [t("report-page"), t("report-page-of")],
            headings: Headings {
                patient: t("report-heading-patient"),
                study: t("report-heading-study"),
                technique: t("report-heading-technique"),
                quality: t("report-heading-quality"),
                images: t("report-heading-images"),
                more_images: t("report-heading-more-images"),
                findings: t("report-heading-findings"),
                indices: t("report-heading-indices"),
                impression: t("report-heading-impression"),
                methods: t("report-heading-methods"),
                limits: t("report-heading-limits"),
                remarks: t("report-heading-remarks"),
            },
            patient: patient(report),
            study: study(report),
            technique: report.technique.iter().map(technique).collect(),
            quality: quality(report),
            images: images(report),
            indices: indices(report),
            findings: table(report),
            impression: match report.impression.trim() {
                "" => vec![t("report-no-impression")],
                text => text.lines().map(str::to_owned).collect(),
            },
            methods: report.methods.clone(),
            limits: report.limits.clone(),
            remarks: report.remarks.clone(),
        }
    }
}

/// Name of the picture file number `i`, counted from 0.
pub(super) fn picture_file(i: usize) -> String {
    format!("image-{}.png", i + 1)
}

fn field(key: &str, value: impl Into<String>) -> Option<Field> {
    let value = value.into();
    (!value.trim().is_empty()).then(|| Field { label: t(key), value })
}

/// A line that the reader expects, and would miss if it were silently absent.
fn expected(key: &str, value: Option<String>) -> Field {
    let value = value.filter(|v| !v.trim().is_empty()).unwrap_or_else(|| t("report-not-stated"));
    Field { label: t(key), value }
}

fn patient(report: &Report) -> Vec<Field> {
    let patient = &report.patient;
    let personal = |key: &str, value: Option<String>| match (report.identity, value) {
        (Identity::Full, value) => Some(expected(key, value)),
        (_, Some(value)) => Some(Field { label: t(key), value }),
        (_, None) => Some(Field { label: t(key), value: t("report-hidden") }),
    };
    [
        personal("report-label-name", patient.name.clone()),
        personal("report-label-id", patient.id.clone()),
        personal("report-label-birth-date", patient.birth_date.map(|date| date.to_string())),
        field("report-label-sex", words::sex(&patient.sex)),
        field("report-label-age", words::age(&patient.age)),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn study(report: &Report) -> Vec<Field> {
    let study = &report.study;
    let date = match (study.started, study.date) {
        (Some(at), _) => Some(at.format("%Y-%m-%d %H:%M").to_string()),
        (None, date) => date.map(|date| date.to_string()),
    };
    [
        Some(expected("report-label-date", date)),
        field("report-label-description", &*study.description),
        field("report-label-accession", study.accession.clone().unwrap_or_default()),
        field("report-label-institution", study.institution.clone().unwrap_or_default()),
        field("report-label-referring", study.referring_physician.clone().unwrap_or_default()),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn technique(series: &SeriesFacts) -> Technique {
    let tracer = &series.tracer;
    let agent = if tracer.agent.is_empty() { &tracer.isotope } else { &tracer.agent };
    let uptake = series
        .uptake_minutes
        .map(|minutes| tr("report-uptake", &[("time", number::minutes(minutes).into())]));
    let velocity = series.scan_velocity.map(|mm_per_s| {
        // Whole-body speed is spoken of in cm/min.
        tr("report-velocity", &[("cm", number::short(mm_per_s * 6.0, 1).into())])
    });
    let windows = series.energy_windows.iter().map(energy_window).collect::<Vec<_>>();
    let kind = match series.description.trim() {
        "" => words::kind(series.kind),
        description => format!("{} ({description})", words::kind(series.kind)),
    };
    let fields = [
        Some(expected("report-label-tracer", Some(agent.clone()))),
        Some(expected("report-label-activity", tracer.injected.map(number::activity))),
        Some(expected("report-label-uptake", uptake)),
        field("report-label-kind", kind.clone()),
        field("report-label-camera", &*series.manufacturer),
        field("report-label-collimator", &*series.collimator),
        field("report-label-energy", windows.join("; ")),
        field("report-label-velocity", velocity.unwrap_or_default()),
    ];
    Technique {
        heading: kind,
        fields: fields.into_iter().flatten().collect(),
        columns: [
            "report-column-view",
            "report-column-view-source",
            "report-column-matrix",
            "report-column-pixel-size",
            "report-column-duration",
            "report-column-frame-total",
        ]
        .map(t)
        .to_vec(),
        rows: series.views.iter().map(view).collect(),
    }
}

fn quality(report: &Report) -> Quality {
    let (columns, rows, notes) = super::quality::printed(&report.quality);
    Quality { columns, rows, notes }
}

fn energy_window(window: &EnergyWindow) -> String {
    let ranges: Vec<String> = window
        .ranges_kev
        .iter()
        .map(|[low, high]| format!("{}–{} keV", number::short(*low, 1), number::short(*high, 1)))
        .collect();
    let name = window.name.trim();
    match (name.is_empty(), ranges.is_empty()) {
        (true, _) => ranges.join(", "),
        (false, true) => name.to_owned(),
        (false, false) => format!("{name} {}", ranges.join(", ")),
    }
}

fn view(view: &ViewFacts) -> Vec<String> {
    let size = view.spacing.map(|spacing| {
        let (x, y) = (number::short(spacing.x(), 3), number::short(spacing.y(), 3));
        tr("report-pixel-size", &[("x", x.into()), ("y", y.into())])
    });
    let [columns, rows] = view.matrix.map(|n| n.to_string());
    let total = number::total(view.total);
    vec![
        view.name.clone(),
        words::view_source(view.view.source),
        tr("report-matrix", &[("columns", columns.into()), ("rows", rows.into())]),
        size.unwrap_or_else(|| t("report-not-stated")),
        view.duration.map_or(t("report-not-stated"), |d| number::minutes_and_seconds(d.0)),
        match &view.unit {
            Unit::Unknown => total,
            unit => format!("{total} {}", unit.as_str()),
        },
    ]
}

fn images(report: &Report) -> Vec<Picture> {
    report
        .images
        .iter()
        .enumerate()
        .map(|(i, image)| Picture {
            file: picture_file(i),
            width: image.width,
            height: image.height,
            caption: image.caption.clone(),
            alt: image.alt.clone(),
            whole: image.whole,
        })
        .collect()
}

fn table(report: &Report) -> Table {
    let counts = report.findings.iter().all(|f| f.unit == Unit::Counts);
    let levels: BTreeSet<String> = report
        .findings
        .iter()
        .filter_map(|f| f.numbers.as_ref().ok()?.ratio.as_ref()?.estimate.interval)
        .map(|interval| number::percent(interval.level.get()))
        .collect();
    let mixed = levels.len() > 1;
    let interval = match levels.iter().next() {
        Some(percent) if !mixed => {
            tr("report-column-interval", &[("percent", (&**percent).into())])
        }
        _ => t("report-column-interval-mixed"),
    };
    let (total, twin) = match counts {
        true => ("report-column-counts", "report-column-twin-counts"),
        false => ("report-column-total", "report-column-twin-total"),
    };
    Table {
        empty: match report.findings.is_empty() {
            true => t("report-no-findings"),
            false => String::new(),
        },
        columns: vec![
            t("report-column-region"),
            t("report-column-side"),
            t("report-column-site"),
            t("report-column-view"),
            t(total),
            t(twin),
            t("report-column-pixels"),
            t("report-column-mean"),
            t("report-column-ratio"),
            interval,
        ],
        rows: report.findings.iter().map(|finding| row(finding, counts, mixed)).collect(),
        legend: t("report-ratio-note"),
    }
}

fn row(finding: &Finding, counts: bool, mixed: bool) -> Row {
    let numbers = finding.numbers.as_ref().ok();
    let or_none = |text: Option<String>| text.unwrap_or_else(|| number::NONE.to_owned());
    let twin = numbers.and_then(|n| n.twin.as_ref().ok());
    let ratio = numbers.and_then(|n| n.ratio.as_ref());
    let cells = vec![
        finding.name.clone(),
        or_none(finding.side.map(words::side)),
        finding.site.clone(),
        words::view_short(finding.view.view),
        or_none(numbers.map(|n| number::total(n.stats.total))),
        or_none(twin.map(|twin| number::total(twin.stats.total))),
        or_none(numbers.map(|n| number::whole(n.stats.pixels))),
        or_none(numbers.and_then(|n| n.stats.mean).map(number::value)),
        or_none(ratio.and_then(|r| r.estimate.value).map(number::ratio)),
        or_none(ratio.and_then(|r| number::bounds(&r.estimate))),
    ];
    let mut notes = Vec::new();
    notes.extend(Some(finding.note.trim().to_owned()).filter(|note| !note.is_empty()));
    if finding.site_proposed.is_some() {
        notes.push(t("report-site-proposed"));
    }
    // Why there is no twin stands among the sheet's own remarks.
    if let Err(reason) = &finding.numbers {
        notes.push(tr("report-not-measured", &[("reason", words::not_counts(*reason).into())]));
    }
    if !counts && finding.unit != Unit::Unknown {
        notes.push(tr("report-unit-note", &[("unit", finding.unit.as_str().into())]));
    }
    notes.extend(numbers.map(around).unwrap_or_default());
    if let (true, Some(interval)) = (mixed, ratio.and_then(|r| r.estimate.interval)) {
        let percent = number::percent(interval.level.get());
        notes.push(tr("report-interval-level", &[("percent", percent.into())]));
    }
    for remark in &finding.remarks {
        if !notes.contains(remark) {
            notes.push(remark.clone());
        }
    }
    Row { cells, differs: ratio.and_then(|r| r.differs_from_1).unwrap_or(false), notes }
}

fn indices(report: &Report) -> Indices {
    let mut rows = Vec::new();
    let mut notes: Vec<String> = Vec::new();
    for index in &report.indices {
        let view = words::view_short(index.view.view);
        for result in &index.results {
            let ranges: Vec<String> = result.ranges.iter().map(words::index_range).collect();
            rows.push(vec![
                format!("{} ({view})", index.title),
                result.name.clone(),
                words::index_value(result),
                ranges.join("; "),
            ]);
        }
        let said = std::iter::once(&index.method).chain(&index.caveats).chain(&index.remarks);
        for note in said.map(|words| format!("{}: {words}", index.title)) {
            if !notes.contains(&note) {
                notes.push(note);
            }
        }
    }
    if !rows.is_empty() {
        notes.push(t("index-no-diagnosis"));
    }
    let columns = [
        "report-column-index",
        "report-column-index-result",
        "report-column-index-value",
        "report-column-index-ranges",
    ];
    Indices { columns: columns.map(t).to_vec(), rows, notes }
}

/// What surrounds a ratio: noise and hand, the background, the other view.
fn around(numbers: &Numbers) -> Vec<String> {
    let mut notes = Vec::new();
    if let Some(ratio) = &numbers.ratio {
        notes.extend(words::spread(ratio).map(|words| format!("{words}.")));
        if let Some(q) = ratio.q.filter(|_| ratio.q != ratio.p) {
            notes.push(tr("report-q", &[("q", number::probability(q).into())]));
        }
        if let Some(background) = ratio.background {
            let [region, twin] = background.net.map(number::value);
            let mean = number::value(background.mean).into();
            let values = [("mean", mean), ("net", region.into()), ("twin", twin.into())];
            notes.push(tr("report-background", &values));
        }
    }
    if let Some(BothViews { with, pair }) = &numbers.both_views {
        let mean = number::value(pair.value).into();
        let with = (&**with).into();
        notes.push(match &pair.twin_ratio {
            Some(ratio) => {
                let ratio = number::ratio_with_interval(ratio).into();
                tr("report-both-views-ratio", &[("with", with), ("mean", mean), ("ratio", ratio)])
            }
            None => tr("report-both-views", &[("with", with), ("mean", mean)]),
        });
    }
    notes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    fn all_words(identity: Identity) -> String {
        serde_json::to_string(&Printed::of(&sample::report(identity))).unwrap()
    }

    #[test]
    fn a_report_without_identity_names_nobody_anywhere() {
        for identity in [Identity::None, Identity::Initials] {
            let report = sample::report(identity);
            let everything = [
                all_words(identity),
                super::super::csv(&report).unwrap(),
                super::super::json(&report).unwrap(),
                format!("{report:?}"),
            ];
            for text in everything {
                for secret in sample::SECRETS {
                    assert!(!text.contains(secret), "{identity:?} leaks {secret}:\n{text}");
                }
            }
        }
        // And the other way round: the same words are there when they may be.
        let full = all_words(Identity::Full);
        for shown in ["王 小东", "XiaoDong", "MRN-20031", "1965-04-03", "ACC-778"] {
            assert!(full.contains(shown), "{shown}");
        }
        assert!(all_words(Identity::Initials).contains("X.W."));
    }

    #[test]
    fn says_simulated_and_not_a_device() {
        let printed = Printed::of(&sample::report(Identity::Full));
        assert!(printed.simulated.contains("SIMULATED"));
        assert_eq!(printed.disclaimer, "Not a medical device. Not for diagnosis.");
        let real = Report { simulated: false, ..sample::report(Identity::Full) };
        assert_eq!(Printed::of(&real).simulated, "");
    }

    #[test]
    fn refused_regions_show_no_number() {
        let report = sample::report(Identity::Full);
        let printed = Printed::of(&report);
        let at = report.findings.iter().position(|f| f.numbers.is_err()).unwrap();
        let row = &printed.findings.rows[at];
        assert!(row.cells[4..].iter().all(|cell| cell == number::NONE), "{:?}", row.cells);
        assert!(row.notes[0].contains("compressed with loss"), "{:?}", row.notes);
    }

    #[test]
    fn methods_say_what_was_done() {
        let report = sample::report(Identity::Full);
        let methods = report.methods.join("\n");
        for fact in [
            env!("CARGO_PKG_VERSION"),
            "Garwood",
            "Clopper–Pearson",
            "Midline, Posterior: fitted to the image, quality 0.93 of 1.",
            "Midline, Anterior: edited by the reader.",
            "Left and right, Anterior, Posterior: from the view",
            "Twins placed by the reader: L4.",
            "One marked region is left out of this report: X1.",
            "Not measured: L12; the image was compressed with loss.",
        ] {
            assert!(methods.contains(fact), "{fact} is missing from\n{methods}");
        }
        let empty = crate::measure::Sheet::default();
        let study = sample::study();
        let findings = crate::findings::Findings::default();
        let bare = super::super::compose(&study, &findings, &empty, Vec::new(), Identity::Full);
        let methods = bare.methods.join("\n");
        assert!(!methods.contains("Garwood") && !methods.contains("Midline"), "{methods}");
    }
}
