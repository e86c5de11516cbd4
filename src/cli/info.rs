//! `info`: what a path holds, for a person or as JSON.

use std::path::PathBuf;

use chrono::NaiveDateTime;
use clap::Args;
use serde::Serialize;
use serde_json::{Value, json};

use crate::dicom::{self, Skipped, StudySummary};
use crate::measure::{QualityCheck, scan_quality};
use crate::report::quality_json;
use crate::simulate;
use crate::study::{Series, SeriesKind, SeriesSummary, Study, ValueSummary};
use crate::workbench::{demo_case, self_test};

use super::columns::Columns;
use super::failure::Outcome;
use super::input::{self, Bar};
use super::output::{self, Loudness};
use super::quality::{self, Inspector};

/// Say what a path holds: studies, series, frames, geometry, units, tracer, remarks
#[derive(Args)]
#[command(after_help = "\
Examples:
  bonescope info study/
  bonescope info --json demo:metastases | jq '.studies[0].series[0].views'")]
pub struct Arguments {
    /// A file, a folder, a .zip, a DICOMDIR or demo:CASE
    path: PathBuf,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

/// Beyond so many frames only the first, the middle and the last are listed.
const FRAMES_LISTED: usize = 64;

pub fn print(arguments: Arguments, loudness: Loudness) -> Outcome {
    let Arguments { path, json } = arguments;
    let bar = Bar::new(loudness);
    let (studies, skipped, read): (Vec<Described>, _, _) = match demo_case(&path) {
        Some(name) => {
            let case = simulate::case(name).map_err(input::no_case)?;
            let study = simulate::acquire(&case, &|fraction| bar.fraction(fraction)).study;
            (vec![Described::of(study)], Vec::new(), 0)
        }
        None if self_test::test_set(&path).is_some() => {
            let input = input::open(&path, loudness)?;
            (input.studies.into_iter().map(Described::of).collect(), input.skipped, 0)
        }
        None => {
            let inspector = Inspector::default();
            let inspect = |series: &Series| inspector.inspect(series);
            let loaded = dicom::survey_with(&path, &bar, &inspect).map_err(input::not_opened)?;
            let described = |summary: StudySummary| {
                let series = &summary.study.series;
                let quality = series.iter().map(|s| inspector.checks(s)).collect();
                Described { summary, quality }
            };
            let studies = loaded.value.into_iter().map(described).collect();
            (studies, loaded.skipped, loaded.files_read)
        }
    };
    drop(bar);
    match json {
        true => output::print_json(&Document::new(read, &studies, &skipped))?,
        false => output::print(&text(&studies, &skipped))?,
    }
    if !skipped.is_empty() {
        let (count, all) = (skipped.len(), read + skipped.len());
        loudness.warn(format!("{count} of {all} files were skipped"));
    }
    Ok(input::exit(&skipped))
}

/// A study's facts, and the checks of each of its series.
struct Described {
    summary: StudySummary,
    quality: Vec<Vec<QualityCheck>>,
}

impl Described {
    /// Of a study that is in memory.
    fn of(study: Study) -> Self {
        let quality = study.series.iter().map(|s| scan_quality(s)).collect();
        Self { summary: summary(study), quality }
    }
}

fn summary(study: Study) -> StudySummary {
    let series = study.series.iter().map(|s| SeriesSummary::of_planar(s)).collect();
    StudySummary { study, series }
}

#[derive(Serialize)]
struct Document {
    schema: &'static str,
    version: u32,
    files: Value,
    studies: Vec<StudyJson>,
}

#[derive(Serialize)]
struct StudyJson {
    uid: String,
    date: Option<String>,
    description: String,
    patient: Value,
    series: Vec<SeriesJson>,
}

#[derive(Serialize)]
struct SeriesJson {
    uid: String,
    modality: String,
    kind: SeriesKind,
    description: String,
    frames: usize,
    size: Vec<usize>,
    spacing_mm: Option<Vec<f64>>,
    unit: String,
    values: Option<ValuesJson>,
    frame_values: Vec<ValuesJson>,
    views: Vec<Value>,
    affine: Option<[[f64; 4]; 4]>,
    tracer: Value,
    acquired_at: Option<String>,
    frame_duration_ms: Vec<Option<f64>>,
    suv: Value,
    quality: Vec<Value>,
    remarks: Vec<String>,
}

/// Real-world values; a number that is not finite is written as `null`.
#[derive(Serialize)]
struct ValuesJson {
    #[serde(skip_serializing_if = "Option::is_none")]
    frame: Option<usize>,
    min: f64,
    max: f64,
    sum: f64,
    mean: f64,
}

impl ValuesJson {
    fn of(frame: Option<usize>, values: &ValueSummary) -> Self {
        let ValueSummary { min, max, sum, .. } = *values;
        Self { frame, min, max, sum, mean: values.mean() }
    }
}

impl Document {
    fn new(read: usize, studies: &[Described], skipped: &[Skipped]) -> Self {
        let skipped: Vec<Value> = skipped
            .iter()
            .map(|s| json!({"path": s.path.to_string_lossy(), "reason": s.reason.to_string()}))
            .collect();
        Self {
            schema: "bonescope/info",
            version: 1,
            files: json!({"read": read, "skipped": skipped}),
            studies: studies.iter().map(StudyJson::of).collect(),
        }
    }
}

impl StudyJson {
    fn of(described: &Described) -> Self {
        let Described { summary: StudySummary { study, series }, quality } = described;
        let patient = &study.patient;
        Self {
            uid: study.uid.to_string(),
            date: study.date.map(|d| d.to_string()),
            description: study.description.clone(),
            patient: json!({
                "name": patient.name.reveal(),
                "id": patient.id.reveal(),
                "sex": patient.sex,
                "age": patient.age,
                "weight_kg": patient.weight_kg,
                "height_m": patient.height_m,
            }),
            series: series.iter().zip(quality).map(|(s, q)| SeriesJson::of(s, q)).collect(),
        }
    }
}

impl SeriesJson {
    fn of(series: &SeriesSummary, quality: &[QualityCheck]) -> Self {
        let frames = &series.frames;
        let frame_values = listed(frames.len())
            .into_iter()
            .filter_map(|i| Some(ValuesJson::of(Some(i), frames[i].values.as_ref()?)))
            .collect();
        let views = frames.iter().enumerate().map(|(frame, f)| {
            let laterality = f.laterality;
            json!({
                "frame": frame,
                "view": f.view.view.as_str(),
                "source": f.view.source.as_str(),
                "larger_columns": laterality.larger_columns,
                "laterality_source": laterality.source,
            })
        });
        let tracer = &series.tracer;
        Self {
            uid: series.uid.to_string(),
            modality: series.modality.clone(),
            kind: series.kind,
            description: series.description.clone(),
            frames: frames.len(),
            size: series.size.clone(),
            spacing_mm: series.spacing_mm.clone(),
            unit: series.unit.as_str().to_owned(),
            values: series.values.as_ref().map(|v| ValuesJson::of(None, v)),
            frame_values,
            // A slice looks from nowhere: its place is in the affine.
            views: if series.kind.volume() { Vec::new() } else { views.collect() },
            affine: series.affine,
            tracer: json!({
                "agent": tracer.agent,
                "isotope": tracer.isotope,
                "injected_mbq": tracer.injected.map(|a| a.0),
                "injected_at": tracer.injected_at.map(iso),
                "half_life_s": tracer.half_life.map(|s| s.0),
                "uptake_min": tracer.uptake_minutes(series.acquired),
            }),
            acquired_at: series.acquired.map(iso),
            frame_duration_ms: frames.iter().map(|f| f.duration_ms).collect(),
            suv: suv(series.kind),
            quality: quality.iter().map(quality_json).collect(),
            remarks: series.remarks.clone(),
        }
    }
}

/// An SUV belongs to PET; where it would be expected, its absence is said.
fn suv(kind: SeriesKind) -> Value {
    match kind {
        SeriesKind::Pet => json!({"bw": {"refused": "this version does not compute SUV"}}),
        _ => Value::Null,
    }
}

fn listed(frames: usize) -> Vec<usize> {
    match frames {
        0..=FRAMES_LISTED => (0..frames).collect(),
        _ => vec![0, frames / 2, frames - 1],
    }
}

fn iso(at: NaiveDateTime) -> String {
    at.format("%Y-%m-%dT%H:%M:%S%.f").to_string()
}

fn text(studies: &[Described], skipped: &[Skipped]) -> String {
    let mut lines = Vec::new();
    for Described { summary: StudySummary { study, series }, quality } in studies {
        let patient = &study.patient;
        let date = study.date.map_or_else(|| "date unknown".into(), |d| d.to_string());
        lines.push(joined(["Study", &study.description, &date]));
        let name = patient.display_name();
        let sex_age = joined([&*patient.sex, patient.age.trim_start_matches('0')]);
        lines.push(joined(["  Patient", name.reveal(), patient.id.reveal(), &sex_age]));
        lines.push(format!("  UID      {}", study.uid));
        for (series, quality) in series.iter().zip(quality) {
            lines.push(String::new());
            describe(series, &mut lines);
            lines.extend(quality::lines(series, quality));
        }
        lines.push(String::new());
    }
    if !skipped.is_empty() {
        lines.push("Skipped".into());
        let line = |s: &Skipped| format!("  warning: {}: {}", s.reason, s.path.display());
        lines.extend(skipped.iter().map(line));
    }
    while lines.last().is_some_and(String::is_empty) {
        lines.pop();
    }
    lines.join("\n") + "\n"
}

fn describe(series: &SeriesSummary, lines: &mut Vec<String>) {
    let kind = crate::text::t(&format!("kind-{}", kind_name(series.kind).replace('_', "-")));
    let sizes: Vec<String> = series.size.iter().map(usize::to_string).collect();
    let spacing = match &series.spacing_mm {
        Some(spacing) => {
            let each: Vec<String> = spacing.iter().map(|s| format!("{s:.3}")).collect();
            format!("{} mm", each.join(" × "))
        }
        None => "pixel spacing unknown".into(),
    };
    lines.push(joined([&*kind, &series.modality, &series.description]));
    lines.push(format!("  UID      {}", series.uid));
    lines.push(format!(
        "  Frames   {} of {}, {spacing}, in {}",
        series.frames.len(),
        sizes.join(" × "),
        series.unit.as_str()
    ));
    let tracer = &series.tracer;
    let injected = tracer.injected.map_or_else(String::new, |a| format!("{:.0} MBq", a.0));
    let uptake = tracer
        .uptake_minutes(series.acquired)
        .map_or_else(String::new, |minutes| format!("{minutes:.0} min after injection"));
    if !tracer.agent.is_empty() || !tracer.isotope.is_empty() {
        let isotope = if tracer.agent.contains(&tracer.isotope) { "" } else { &tracer.isotope };
        lines.push(joined(["  Tracer  ", &tracer.agent, isotope, &injected, &uptake]));
    }
    let mut table =
        Columns::new(&[">Frame", "View", "known from", ">Min", ">Max", ">Mean", ">Sum"]);
    for frame in listed(series.frames.len()) {
        let facts = &series.frames[frame];
        let (view, source) = match series.kind.volume() {
            true => ("slice", ""),
            false => (facts.view.view.as_str(), facts.view.source.as_str()),
        };
        let numbers = match &facts.values {
            Some(v) => [v.min, v.max, v.mean(), v.sum].map(number),
            None => [const { String::new() }; 4],
        };
        let words = [frame.to_string(), view.replace('_', " "), source.to_owned()];
        table.row(words.into_iter().chain(numbers));
    }
    if !series.frames.is_empty() {
        lines.extend(table.to_string().lines().map(|line| format!("  {line}")));
    }
    lines.extend(series.remarks.iter().map(|remark| format!("  warning: {remark}")));
}

fn kind_name(kind: SeriesKind) -> String {
    match serde_json::to_value(kind) {
        Ok(Value::String(name)) => name,
        _ => "other".into(),
    }
}

/// Whole numbers as they are, others with four significant digits.
fn number(value: f64) -> String {
    match value {
        _ if !value.is_finite() => "–".into(),
        _ if value.fract() == 0.0 && value.abs() < 1e15 => format!("{value:.0}"),
        _ if value.abs() >= 1e6 || value.abs() < 1e-3 => format!("{value:.3e}"),
        _ if value.abs() >= 1000.0 => format!("{value:.0}"),
        _ => {
            let digits = 3 - value.abs().log10().floor() as i32;
            format!("{value:.*}", digits.max(0) as usize)
        }
    }
}

fn joined<'a>(words: impl IntoIterator<Item = &'a str>) -> String {
    let words = words.into_iter().map(str::trim_end).filter(|w| !w.trim().is_empty());
    words.collect::<Vec<_>>().join("  ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_series_list_three_frames() {
        assert_eq!(listed(64).len(), 64);
        assert_eq!(listed(65), [0, 32, 64]);
        assert!(listed(0).is_empty());
    }

    #[test]
    fn numbers_are_short() {
        assert_eq!(number(412.0), "412");
        assert_eq!(number(5.7689), "5.769");
        assert_eq!(number(0.0123), "0.01230");
        assert_eq!(number(f64::NAN), "–");
    }

    #[test]
    fn what_is_not_finite_is_null() {
        let values = ValueSummary { min: f64::NAN, max: f64::INFINITY, sum: 0.0, count: 1 };
        let json = serde_json::to_string(&ValuesJson::of(None, &values)).unwrap();
        assert_eq!(json, r#"{"min":null,"max":null,"sum":0.0,"mean":0.0}"#);
    }
}
