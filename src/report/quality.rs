//! Scan quality in documents: the table of checks and what it rests on.

use serde_json::{Value, json};

use crate::measure::{Check, QualityCheck, Verdict, scan_quality};
use crate::study::{FrameKey, Series, Study};
use crate::text::{t, tr};

use super::{frame_name, number};

/// One check of one series, with the name of the view it is of.
#[derive(Clone, Debug)]
pub struct QualityFact {
    /// Empty for a fact of the whole series.
    pub view_name: String,
    pub found: QualityCheck,
}

/// The checks of a series, in the order in which they are made.
pub(super) fn facts(study: &Study, series: &Series, several: bool) -> Vec<QualityFact> {
    let name = |found: &QualityCheck| {
        let key = |frame| FrameKey { series: series.uid.clone(), frame };
        found.place.as_ref().map_or(String::new(), |p| frame_name(study, &key(p.frame), several))
    };
    scan_quality(series)
        .into_iter()
        .map(|found| QualityFact { view_name: name(&found), found })
        .collect()
}

/// One check for other programs, as `info --json` writes it. `frame` and `area` (`[column, row]`
/// of its corners) say where it shows.
pub fn quality_json(found: &QualityCheck) -> Value {
    let QualityCheck { check, value, limit, verdict, sentence, place } = found;
    let area = place.as_ref().and_then(|place| place.outline.as_ref()).map(|outline| {
        let (min, max) = outline.bounds();
        json!({"min": [min.x, min.y], "max": [max.x, max.y]})
    });
    json!({
        "check": check,
        "value": value.map(|value| rounded(*check, value)),
        "unit": check.unit(),
        "limit": limit.map(|limit| limit.to_string()),
        "source": limit.map(|limit| limit.source),
        "verdict": verdict,
        "sentence": sentence,
        "frame": place.as_ref().map(|place| place.frame),
        "area": area,
    })
}

/// Without digits that mean nothing. Counts stay whole numbers.
fn rounded(check: Check, value: f64) -> Value {
    let value = (value * 1000.0).round() / 1000.0;
    match (check, value.fract() == 0.0) {
        (Check::CountsPerView | Check::Saturation, true) => json!(value as i64),
        _ => json!(value),
    }
}

/// The name of a check in the reader's language.
pub fn check_name(check: Check) -> String {
    t(match check {
        Check::CountsPerView => "quality-check-counts-per-view",
        Check::ThoraxCounts => "quality-check-thorax-counts",
        Check::ScanSpeed => "quality-check-scan-speed",
        Check::TimeAfterInjection => "quality-check-time-after-injection",
        Check::WindowCentre => "quality-check-window-centre",
        Check::WindowWidth => "quality-check-window-width",
        Check::Truncation => "quality-check-truncation",
        Check::Saturation => "quality-check-saturation",
        Check::Bladder => "quality-check-bladder",
        Check::InjectionSite => "quality-check-injection-site",
        Check::BoneToSoftTissue => "quality-check-bone-to-soft-tissue",
        Check::Dispersion => "quality-check-dispersion",
    })
}

pub fn verdict_name(verdict: Verdict) -> String {
    t(match verdict {
        Verdict::Ok => "quality-ok",
        Verdict::Low => "quality-low",
        Verdict::High => "quality-high",
        Verdict::NotCounts => "quality-not-counts",
        Verdict::NotStated => "quality-not-stated",
        Verdict::NotJudged => "quality-not-judged",
    })
}

/// `≥ 1 500 000 counts`, or what stands for no limit.
pub fn limit_words(found: &QualityCheck) -> String {
    let Some(limit) = found.limit else { return t("quality-no-limit") };
    let unit = found.check.unit();
    let number = |value: f64| found.check.number_short(value);
    let words = match (limit.low, limit.high) {
        (Some(low), Some(high)) if low == -high => format!("±{}", number(high)),
        (Some(low), Some(high)) => format!("{}–{}", number(low), number(high)),
        (Some(low), None) => format!("≥ {}", number(low)),
        (None, Some(high)) => format!("≤ {}", number(high)),
        (None, None) => return t("quality-no-limit"),
    };
    format!("{words} {unit}").trim_end().to_owned()
}

/// The printed table: heads, rows, what the limits rest on, and a sentence for each check that a
/// reader should look at.
pub(super) fn printed(facts: &[QualityFact]) -> (Vec<String>, Vec<Vec<String>>, Vec<String>) {
    let heads = [
        "report-quality-column-check",
        "report-quality-column-view",
        "report-quality-column-value",
        "report-quality-column-limit",
        "report-quality-column-verdict",
    ]
    .map(t);
    let rows = facts.iter().map(|QualityFact { view_name, found }| {
        let value = found.value.map(|value| found.check.shown(value));
        vec![
            check_name(found.check),
            view_name.clone(),
            value.unwrap_or_else(|| number::NONE.to_owned()),
            limit_words(found),
            verdict_name(found.verdict),
        ]
    });
    let mut sources: Vec<&str> = Vec::new();
    for limit in facts.iter().filter_map(|fact| fact.found.limit) {
        if !sources.contains(&limit.source) {
            sources.push(limit.source);
        }
    }
    let mut notes: Vec<String> = facts
        .iter()
        .filter(|fact| fact.found.verdict.warns())
        .map(|fact| fact.found.sentence.clone())
        .collect();
    if !sources.is_empty() {
        let sources = sources.join("; ");
        notes.push(tr("report-quality-sources", &[("sources", sources.into())]));
    }
    (heads.to_vec(), rows.collect(), notes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::Place;
    use crate::report::sample;
    use crate::study::Identity;

    #[test]
    fn every_series_of_a_report_has_its_checks() {
        let report = sample::report(Identity::Full);
        assert!(!report.quality.is_empty());
        let (heads, rows, notes) = printed(&report.quality);
        assert!(rows.iter().all(|row| row.len() == heads.len()));
        assert_eq!(rows.len(), report.quality.len());
        assert!(notes.last().is_some_and(|note| note.starts_with("Limits: ")));
        let warned = report.quality.iter().filter(|q| q.found.verdict.warns());
        for fact in warned {
            assert!(notes.contains(&fact.found.sentence), "{}", fact.found.sentence);
        }
    }

    #[test]
    fn json_says_where() {
        let found = QualityCheck {
            check: Check::CountsPerView,
            value: Some(812_345.0),
            limit: None,
            verdict: Verdict::Low,
            sentence: "Few.".into(),
            place: Some(Place {
                frame: 1,
                outline: Some(crate::geometry::Outline::Rectangle {
                    min: [1.0, 2.0],
                    max: [3.0, 4.0],
                }),
            }),
        };
        let value = quality_json(&found);
        assert_eq!(value["value"], 812_345);
        assert_eq!(
            (&value["check"], &value["verdict"]),
            (&"counts per view".into(), &"low".into())
        );
        assert_eq!(value["area"], json!({"min": [1.0, 2.0], "max": [3.0, 4.0]}));
        assert_eq!((&value["frame"], &value["limit"]), (&1.into(), &Value::Null));
    }
}
