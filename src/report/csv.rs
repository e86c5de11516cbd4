//! The findings as a table for spreadsheets: RFC 4180, one row per region, full precision.

use crate::measure::Interval;

use super::{Finding, Numbers, Report, ReportError};

/// Stable names: scripts read them. New columns go to the end.
const COLUMNS: [&str; 55] = [
    "region",
    "side",
    "site",
    "view",
    "series_uid",
    "frame",
    "unit",
    "total",
    "total_low",
    "total_high",
    "pixels",
    "area_mm2",
    "mean",
    "sd",
    "min",
    "max",
    "per_second",
    "twin",
    "twin_total",
    "twin_total_low",
    "twin_total_high",
    "twin_pixels",
    "twin_mean",
    "ratio",
    "ratio_low",
    "ratio_high",
    "ratio_method",
    "level",
    "differs_from_1",
    "no_twin",
    "no_interval",
    "refused",
    "note",
    "remarks",
    "patient_id",
    "study_date",
    "study_uid",
    "simulated",
    "program",
    "p",
    "q_value",
    "differs_after_control",
    "background_mean",
    "net",
    "twin_net",
    "jitter_low",
    "jitter_high",
    "jitter_sd",
    "both_views_with",
    "geometric_mean",
    "both_views_ratio",
    "both_views_ratio_low",
    "both_views_ratio_high",
    "index",
    "index_part",
];

/// Decimals have a point, whatever the locale. An empty cell means that there is no such number.
pub fn csv(report: &Report) -> Result<String, ReportError> {
    let failed = |problem: String| ReportError::Table(problem.into());
    let mut writer =
        ::csv::WriterBuilder::new().terminator(::csv::Terminator::CRLF).from_writer(Vec::new());
    writer.write_record(COLUMNS).map_err(|e| failed(e.to_string()))?;
    for finding in &report.findings {
        writer.write_record(cells(report, finding)).map_err(|e| failed(e.to_string()))?;
    }
    let bytes = writer.into_inner().map_err(|e| failed(e.to_string()))?;
    String::from_utf8(bytes).map_err(|e| failed(e.to_string()))
}

fn cells(report: &Report, finding: &Finding) -> [String; 55] {
    let numbers = finding.numbers.as_ref().ok();
    let stats = numbers.map(|n| &n.stats);
    let interval = stats.and_then(|s| s.interval);
    let twin = numbers.and_then(|n| n.twin.as_ref().ok());
    let twin_interval = twin.and_then(|twin| twin.stats.interval);
    let ratio = numbers.and_then(|n| n.ratio.as_ref());
    let ratio_interval = ratio.and_then(|ratio| ratio.estimate.interval);
    let background = ratio.and_then(|r| r.background);
    let jitter = ratio.and_then(|r| r.jitter);
    let both = numbers.and_then(|n| n.both_views.as_ref());
    let both_ratio = both.and_then(|both| both.pair.twin_ratio);
    let both_interval = both_ratio.and_then(|ratio| ratio.interval);
    let level = ratio_interval.or(interval).map(|i| i.level.get());
    [
        text(&finding.name),
        finding.side.map(side).unwrap_or_default(),
        text(&finding.site),
        finding.view.view.as_str().to_owned(),
        finding.series.as_deref().map(text).unwrap_or_default(),
        finding.frame.to_string(),
        text(finding.unit.as_str()),
        decimal(stats.map(|s| s.total)),
        decimal(interval.map(|i| i.low)),
        decimal(interval.and_then(|i| i.high)),
        stats.map(|s| s.pixels.to_string()).unwrap_or_default(),
        decimal(stats.and_then(|s| s.area).map(|area| area.0)),
        decimal(stats.and_then(|s| s.mean)),
        decimal(stats.and_then(|s| s.sd)),
        decimal(stats.and_then(|s| s.min)),
        decimal(stats.and_then(|s| s.max)),
        decimal(stats.and_then(|s| s.per_second)),
        twin.map_or("none", |twin| twin.kind.as_str()).to_owned(),
        decimal(twin.map(|twin| twin.stats.total)),
        decimal(twin_interval.map(|i| i.low)),
        decimal(twin_interval.and_then(|i| i.high)),
        twin.map(|twin| twin.stats.pixels.to_string()).unwrap_or_default(),
        decimal(twin.and_then(|twin| twin.stats.mean)),
        decimal(ratio.and_then(|ratio| ratio.estimate.value)),
        decimal(ratio_interval.map(|i| i.low)),
        decimal(ratio_interval.and_then(|i| i.high)),
        ratio_interval.map(|i: Interval| i.method.as_str().to_owned()).unwrap_or_default(),
        decimal(level),
        ratio.and_then(|r| r.differs_from_1).map(|d| d.to_string()).unwrap_or_default(),
        numbers.and_then(no_twin).unwrap_or_default(),
        numbers.and_then(|n| n.no_interval).map(|reason| reason.to_string()).unwrap_or_default(),
        finding.numbers.as_ref().err().map(|reason| reason.to_string()).unwrap_or_default(),
        text(&finding.note),
        text(&finding.remarks.join("; ")),
        report.patient.id.as_deref().map(text).unwrap_or_default(),
        report.study.date.map(|date| date.to_string()).unwrap_or_default(),
        report.study.uid.as_deref().map(text).unwrap_or_default(),
        report.simulated.to_string(),
        report.program.clone(),
        decimal(ratio.and_then(|r| r.p)),
        decimal(ratio.and_then(|r| r.q)),
        ratio.and_then(|r| r.differs_after_control).map(|d| d.to_string()).unwrap_or_default(),
        decimal(background.map(|b| b.mean)),
        decimal(background.map(|b| b.net[0])),
        decimal(background.map(|b| b.net[1])),
        decimal(jitter.map(|j| j.low)),
        decimal(jitter.map(|j| j.high)),
        decimal(jitter.map(|j| j.sd)),
        both.map(|both| text(&both.with)).unwrap_or_default(),
        decimal(both.map(|both| both.pair.value)),
        decimal(both_ratio.and_then(|ratio| ratio.value)),
        decimal(both_interval.map(|i| i.low)),
        decimal(both_interval.and_then(|i| i.high)),
        finding.part.as_ref().map(|part| text(&part.index)).unwrap_or_default(),
        finding.part.as_ref().map(|part| text(&part.part)).unwrap_or_default(),
    ]
}

pub(super) fn side(side: crate::geometry::Side) -> String {
    match side {
        crate::geometry::Side::Left => "left".to_owned(),
        crate::geometry::Side::Right => "right".to_owned(),
    }
}

fn no_twin(numbers: &Numbers) -> Option<String> {
    numbers.twin.as_ref().err().map(|reason| reason.to_string())
}

/// Shortest decimal that reads back as the same number.
pub(super) fn decimal(value: Option<f64>) -> String {
    value.filter(|v| v.is_finite()).map(|v| v.to_string()).unwrap_or_default()
}

/// A spreadsheet runs a cell that begins like a formula, so an apostrophe goes before it (OWASP,
/// CSV injection).
pub(super) fn text(words: &str) -> String {
    match words.chars().next() {
        Some('=' | '+' | '-' | '@' | '\t' | '\r') => format!("'{words}"),
        _ => words.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;
    use crate::study::Identity;

    #[test]
    fn golden() {
        let text = csv(&sample::report(Identity::Full)).unwrap();
        insta::assert_snapshot!(text.replace(env!("CARGO_PKG_VERSION"), "VERSION"));
    }

    #[test]
    fn no_cell_is_a_formula_and_every_row_is_whole() {
        let mut report = sample::report(Identity::Full);
        for (finding, start) in report.findings.iter_mut().zip(["=1+1", "+1", "-1", "@SUM(A1)"]) {
            finding.note = format!("{start}, \"quoted\"\nsecond line");
        }
        let written = csv(&report).unwrap();
        let mut reader = ::csv::Reader::from_reader(written.as_bytes());
        let note = COLUMNS.iter().position(|c| *c == "note").unwrap();
        let rows: Vec<_> = reader.records().map(|r| r.unwrap()).collect();
        assert_eq!(rows.len(), report.findings.len());
        for row in &rows[..4] {
            assert!(row[note].starts_with('\''), "{:?}", &row[note]);
        }
    }

    #[test]
    fn numbers_read_back_exactly() {
        let report = sample::report(Identity::Full);
        let written = csv(&report).unwrap();
        let mut reader = ::csv::Reader::from_reader(written.as_bytes());
        let column = COLUMNS.iter().position(|c| *c == "mean").unwrap();
        for (row, finding) in reader.records().zip(&report.findings) {
            let mean = finding.numbers.as_ref().ok().and_then(|n| n.stats.mean);
            assert_eq!(row.unwrap()[column].parse::<f64>().ok(), mean);
        }
    }
}
