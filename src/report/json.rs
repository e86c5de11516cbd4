//! The report for other programs: one JSON object, full precision, never worded.

use serde_json::{Value, json};

use crate::findings::SiteCode;
use crate::measure::{
    BackgroundRow, ComparedRange, Estimate, FormulaKind, GeometricMean, IndexResult, IndexRow,
    Interval, Jitter, Measured, NormalRange, RatioRow, RegionStats, TwinRow,
};

use super::{
    AnnotationFacts, BothViews, Finding, Report, ReportError, SeriesFacts, ViewFacts, quality_json,
};

/// `{"schema":"bonescope/report","version":1, …}`, indented. What is not known is `null`.
pub fn json(report: &Report) -> Result<String, ReportError> {
    let Report { patient, study, .. } = report;
    let value = json!({
        "schema": "bonescope/report",
        "version": 1,
        "program": report.program,
        "made_at": report.made_at.map(|at| format!("{}Z", at.format("%Y-%m-%dT%H:%M:%S"))),
        "identity": report.identity,
        "simulated": report.simulated,
        "patient": {
            "name": patient.name,
            "id": patient.id,
            "birth_date": patient.birth_date,
            "sex": stated(&patient.sex),
            "age": stated(&patient.age),
        },
        "study": {
            "uid": study.uid,
            "date": study.date,
            "description": stated(&study.description),
            "accession": study.accession,
            "institution": study.institution,
            "referring_physician": study.referring_physician,
        },
        "series": report.technique.iter().map(series).collect::<Vec<_>>(),
        "quality": report.quality.iter().map(|q| quality_json(&q.found)).collect::<Vec<_>>(),
        "rois": report.findings.iter().map(finding).collect::<Vec<_>>(),
        "indices": indices_json(&report.indices),
        "annotations": report.annotations.iter().map(annotation).collect::<Vec<_>>(),
        "impression": stated(&report.impression),
        "methods": report.methods,
        "limits": report.limits,
        "remarks": report.remarks,
    });
    let mut text = serde_json::to_string_pretty(&value)?;
    text.push('\n');
    Ok(text)
}

fn stated(text: &str) -> Option<&str> {
    Some(text).filter(|text| !text.is_empty())
}

fn series(facts: &SeriesFacts) -> Value {
    let tracer = &facts.tracer;
    json!({
        "uid": facts.uid,
        "number": facts.number,
        "kind": facts.kind,
        "description": stated(&facts.description),
        "tracer": {
            "agent": stated(&tracer.agent),
            "isotope": stated(&tracer.isotope),
            "injected_mbq": tracer.injected,
            "injected_at": tracer.injected_at,
            "half_life_s": tracer.half_life,
            "uptake_min": facts.uptake_minutes,
        },
        "manufacturer": stated(&facts.manufacturer),
        "collimator": stated(&facts.collimator),
        "scan_velocity_mm_per_s": facts.scan_velocity,
        "energy_windows": facts.energy_windows,
        "views": facts.views.iter().map(view).collect::<Vec<_>>(),
    })
}

fn view(facts: &ViewFacts) -> Value {
    json!({
        "frame": facts.frame,
        "view": facts.view.view,
        "source": facts.view.source,
        "laterality": facts.laterality,
        "size": facts.matrix,
        "spacing_mm": facts.spacing.map(|s| [s.x(), s.y()]),
        "duration_ms": facts.duration.map(|d| d.milliseconds()),
        "unit": facts.unit,
        "sum": facts.total,
    })
}

fn finding(finding: &Finding) -> Value {
    let mut value = json!({
        "id": finding.name,
        "series": finding.series,
        "frame": finding.frame,
        "view": finding.view.view,
        "side": finding.side,
        "site": stated(&finding.site),
        "note": stated(&finding.note),
        "unit": finding.unit,
        "outline": finding.outline,
        "refused": finding.numbers.as_ref().err(),
        "remarks": finding.remarks,
    });
    if let Value::Object(fields) = &mut value {
        let code = |c: SiteCode| json!({"value": c.value, "scheme": "SCT", "meaning": c.meaning});
        fields.extend(finding.site_code.map(|c| ("site_code".to_owned(), code(c))));
        fields.extend(finding.site_proposed.map(|c| ("site_proposed".to_owned(), json!(c))));
    }
    if let (Ok(numbers), Value::Object(fields)) = (&finding.numbers, &mut value) {
        if let Value::Object(measured) = stats(&numbers.stats) {
            fields.extend(measured);
        }
        fields.insert("twin".into(), json!(numbers.twin.as_ref().ok().map(twin)));
        let reason = numbers.twin.as_ref().err().map(ToString::to_string);
        fields.insert("no_twin".into(), json!(reason));
        fields.insert("ratio".into(), json!(numbers.ratio.as_ref().map(ratio_json)));
        fields.insert("both_views".into(), json!(numbers.both_views.as_ref().map(both_views)));
        fields.insert("no_interval".into(), json!(numbers.no_interval));
    }
    value
}

fn annotation(facts: &AnnotationFacts) -> Value {
    let AnnotationFacts { series, frame, drawn, text, measured } = facts;
    let mut value = json!({
        "series": series,
        "frame": frame,
        "text": stated(text),
        "length_mm": null,
        "length_pixels": null,
        "angle_deg": null,
    });
    if let (Ok(Value::Object(shape)), Value::Object(fields)) =
        (serde_json::to_value(drawn), &mut value)
    {
        fields.extend(shape);
        let (name, number) = match measured {
            Some(Measured::Millimetres(length)) => ("length_mm", length),
            Some(Measured::Pixels(length)) => ("length_pixels", length),
            Some(Measured::Degrees(angle)) => ("angle_deg", angle),
            None => return value,
        };
        fields.insert(name.into(), json!(number));
    }
    value
}

fn stats(stats: &RegionStats) -> Value {
    json!({
        "pixels": stats.pixels,
        "area_mm2": stats.area,
        "counts": stats.total,
        "mean": stats.mean,
        "max": stats.max,
        "min": stats.min,
        "sd": stats.sd,
        "counts_per_s": stats.per_second,
        "counts_interval": stats.interval.as_ref().map(interval),
    })
}

fn interval(interval: &Interval) -> Value {
    json!({
        "low": interval.low,
        "high": interval.high,
        "level": interval.level,
        "method": interval.method,
    })
}

fn twin(twin: &TwinRow) -> Value {
    let mut value = stats(&twin.stats);
    if let Value::Object(fields) = &mut value {
        fields.insert("kind".into(), json!(twin.kind.as_str()));
        let first = twin.outlines.first();
        fields.insert("center".into(), json!(first.map(|o| o.centroid().to_array())));
        fields.insert("outline".into(), json!(first));
        fields.insert("outlines".into(), json!(twin.outlines));
    }
    value
}

/// A ratio with its interval and what surrounds it, as every JSON of this program has it.
pub fn ratio_json(ratio: &RatioRow) -> Value {
    let mut value = estimate(&ratio.estimate);
    if let Value::Object(fields) = &mut value {
        fields.insert("differs_from_1".into(), json!(ratio.differs_from_1));
        fields.insert("p".into(), json!(ratio.p));
        fields.insert("q_value".into(), json!(ratio.q));
        fields.insert("differs_after_control".into(), json!(ratio.differs_after_control));
        let background = ratio.background.map(|background| {
            let BackgroundRow { mean, pixels, net: [region, twin] } = background;
            json!({"mean": mean, "pixels": pixels, "net": region, "twin_net": twin})
        });
        fields.insert("background".into(), json!(background));
        let jitter = ratio.jitter.map(|jitter| {
            let Jitter { low, high, sd } = jitter;
            json!({
                "low": low,
                "high": high,
                "sd": sd,
                "noise_percent": ratio.estimate.relative_error().map(|e| 100.0 * e),
                "hand_percent": ratio.hand().map(|e| 100.0 * e),
            })
        });
        fields.insert("jitter".into(), json!(jitter));
    }
    value
}

/// Indices with what was published of them, as every JSON of this program has them.
pub fn indices_json(indices: &[IndexRow]) -> Value {
    let range = |compared: &ComparedRange| {
        let NormalRange { low, high, population, source, mark } = &compared.range;
        json!({
            "low": low,
            "high": high,
            "population": population,
            "source": source,
            "mark": mark.as_str(),
            "value_lies": compared.lies.as_str(),
        })
    };
    let result = |result: &IndexResult| {
        let mut value = estimate(&result.estimate);
        if let Value::Object(fields) = &mut value {
            fields.insert("name".into(), json!(result.name));
            let unit = (result.kind == FormulaKind::Share).then_some("percent");
            fields.insert("unit".into(), json!(unit));
            let ranges: Vec<Value> = result.ranges.iter().map(range).collect();
            fields.insert("ranges".into(), json!(ranges));
        }
        value
    };
    let row = |row: &IndexRow| {
        json!({
            "index": row.index,
            "title": row.title,
            "method": row.method,
            "series": stated(&row.frame.series),
            "frame": row.frame.frame,
            "view": row.view.view,
            "regions": row.regions,
            "results": row.results.iter().map(result).collect::<Vec<_>>(),
            "caveats": row.caveats,
            "remarks": row.remarks,
        })
    };
    indices.iter().map(row).collect()
}

fn estimate(estimate: &Estimate) -> Value {
    let interval = estimate.interval;
    json!({
        "value": estimate.value,
        "low": interval.map(|i| i.low),
        "high": interval.and_then(|i| i.high),
        "level": interval.map(|i| i.level),
        "method": interval.map(|i| i.method),
    })
}

fn both_views(both: &BothViews) -> Value {
    let pair = &both.pair;
    let mean = pair.mean;
    json!({
        "with": both.with,
        "geometric_mean": {
            "value": pair.value,
            "low": mean.map(|m| m.low),
            "high": mean.map(|m| m.high),
            "level": mean.map(|m| m.level),
            "method": mean.map(|_| GeometricMean::METHOD),
            "counts_per_s": pair.per_second.map(|[value, ..]| value),
        },
        "ratio": pair.twin_ratio.as_ref().map(estimate),
        "remarks": pair.remarks,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;
    use crate::study::Identity;

    #[test]
    fn golden() {
        let text = json(&sample::report(Identity::Full)).unwrap();
        insta::assert_snapshot!(text.replace(env!("CARGO_PKG_VERSION"), "VERSION"));
    }

    #[test]
    fn says_what_it_is_and_keeps_every_digit() {
        let report = sample::report(Identity::Full);
        let value: Value = serde_json::from_str(&json(&report).unwrap()).unwrap();
        assert_eq!(value["schema"], "bonescope/report");
        assert_eq!(value["version"], 1);
        assert_eq!(value["simulated"], true);
        let ratio = report.findings[0].numbers.as_ref().unwrap().ratio.unwrap();
        assert_eq!(value["rois"][0]["ratio"]["value"].as_f64(), ratio.estimate.value);
    }

    #[test]
    fn a_refused_region_has_no_numbers() {
        let report = sample::report(Identity::Full);
        let at = report.findings.iter().position(|f| f.numbers.is_err()).unwrap();
        let value: Value = serde_json::from_str(&json(&report).unwrap()).unwrap();
        assert_eq!(value["rois"][at]["refused"], "lossy");
        assert!(value["rois"][at].get("counts").is_none());
    }
}
