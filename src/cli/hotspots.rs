//! `hotspots`: candidate lesions with their numbers. A place to look at is not a finding.

use std::path::PathBuf;

use clap::Args;
use serde::Serialize;

use crate::geometry::Side;
use crate::measure::{HOTSPOT_THRESHOLD, Hotspot, Sheet};
use crate::report::ratio_json;
use crate::study::Unit;
use crate::units::Level;
use crate::workbench::{Reading, RegionsFile, hotspot_regions, hotspots, region_of_hotspot};

use super::columns::Columns;
use super::failure::Outcome;
use super::measure::{compute, level, open_study, record};
use super::output::{self, Loudness};

/// List candidate lesions: places that are hotter than they should be
#[derive(Args)]
#[command(after_help = "\
Examples:
  bonescope hotspots scan.dcm
  bonescope hotspots demo:metastases --json
  bonescope hotspots scan.dcm --rois-out candidates.json
  bonescope measure scan.dcm --rois candidates.json

The score runs from 0 to 1: the larger, the less likely to be normal. Activity outside bone (kidney,
bladder, urine, injection site) is listed with its kind, whatever its score. A candidate is a place
to look at, and no diagnosis.")]
pub struct Arguments {
    /// A file, a folder, a .zip, a DICOMDIR or demo:CASE
    path: PathBuf,
    /// The study to search, where the input holds several
    #[arg(long, value_name = "UID")]
    study: Option<String>,
    /// Leave out candidates in bone that score less
    #[arg(long, value_name = "SCORE", default_value_t = HOTSPOT_THRESHOLD, value_parser = score)]
    threshold: f64,
    /// Confidence level of the intervals
    #[arg(long, default_value = "0.95", value_parser = level)]
    level: Level,
    /// Write the candidates as a regions file
    #[arg(long, value_name = "FILE")]
    rois_out: Option<PathBuf>,
    /// Replace an existing file
    #[arg(long, requires = "rois_out")]
    force: bool,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

pub fn print(arguments: Arguments, loudness: Loudness) -> Outcome {
    let Arguments { path, study, threshold, level, rois_out, force, json } = arguments;
    rois_out.as_deref().map_or(Ok(()), |path| output::check_new(path, force))?;
    let (study, exit) = open_study(&path, study.as_deref(), None, loudness)?;
    let mut reading = Reading::new(study);
    let listed = above(hotspots(&reading), threshold);
    // Measured as `measure` measures the file that is written: what is no bone counts for twins.
    let regions = RegionsFile::of(&hotspot_regions(&listed));
    let findings = record(regions.clone(), &mut reading)?;
    let sheet = compute(&reading, &findings, level);
    let document = document(&listed, &sheet);
    match json {
        true => output::print_json(&document)?,
        false => output::print(&text(&document, &sheet))?,
    }
    if let Some(path) = rois_out {
        output::write(&path, &output::json(&regions)?, force)?;
    }
    Ok(exit)
}

/// Candidates in bone from a score on, and activity outside bone; halves keep naming each other.
pub fn above(all: Vec<Hotspot>, threshold: f64) -> Vec<Hotspot> {
    let stays = |h: &Hotspot| !h.kind.in_bone() || h.score >= threshold;
    let places: Vec<Option<usize>> = all
        .iter()
        .scan(0, |next, h| {
            let place = stays(h).then_some(*next);
            *next += usize::from(place.is_some());
            Some(place)
        })
        .collect();
    all.into_iter()
        .filter(stays)
        .map(|h| Hotspot { conjugate: h.conjugate.and_then(|other| places[other]), ..h })
        .collect()
}

#[derive(Serialize)]
struct Document {
    schema: &'static str,
    version: u32,
    candidates: Vec<Candidate>,
}

#[derive(Serialize)]
struct Candidate {
    id: String,
    series: String,
    frame: usize,
    view: &'static str,
    center: [f64; 2],
    outline: Vec<[f64; 2]>,
    pixels: u64,
    /// `null` where the values are no counts.
    counts: Option<f64>,
    /// Mean inside over the level around it.
    contrast: f64,
    score: f64,
    side: Option<Side>,
    region: Option<String>,
    region_confidence: Option<f64>,
    kind: &'static str,
    /// The same candidate as the opposite view sees it.
    conjugate: Option<String>,
    ratio: Option<serde_json::Value>,
    /// What the score is made of, as logarithms of odds, weightiest first.
    reasons: Vec<ReasonJson>,
}

#[derive(Serialize)]
struct ReasonJson {
    ground: &'static str,
    weight: f64,
}

fn document(listed: &[Hotspot], sheet: &Sheet) -> Document {
    let candidates = listed.iter().zip(&sheet.rois).map(|(hotspot, row)| {
        let stats = &row.stats;
        let counts = matches!(row.unit, Unit::Counts).then_some(stats.total);
        Candidate {
            id: row.name.clone(),
            series: hotspot.frame.series.to_string(),
            frame: hotspot.frame.frame,
            view: row.view.view.as_str(),
            center: hotspot.center.into(),
            outline: row.outline.polygon(0.5).into_iter().map(Into::into).collect(),
            pixels: stats.pixels,
            counts,
            contrast: hotspot.contrast,
            score: hotspot.score,
            side: hotspot.side,
            region: region_of_hotspot(hotspot),
            region_confidence: hotspot.label.map(|l| l.confidence),
            kind: hotspot.kind.as_str(),
            conjugate: hotspot.conjugate.map(|other| format!("H{}", other + 1)),
            ratio: row.ratio.as_ref().map(ratio_json),
            reasons: hotspot
                .reasons
                .iter()
                .map(|r| ReasonJson { ground: r.ground.as_str(), weight: r.weight })
                .collect(),
        }
    });
    Document { schema: "bonescope/hotspots", version: 1, candidates: candidates.collect() }
}

fn text(document: &Document, sheet: &Sheet) -> String {
    if document.candidates.is_empty() {
        return "No candidates.\n".into();
    }
    let mut table = Columns::new(&[
        "Candidate",
        ">Score",
        "Kind",
        "Region",
        "View",
        ">Column",
        ">Row",
        ">Pixels",
        ">Counts",
        ">Contrast",
        ">Ratio",
        ">Interval",
        "Other view",
    ]);
    for (one, row) in document.candidates.iter().zip(&sheet.rois) {
        let number = |v: Option<f64>, digits: usize| {
            v.map_or_else(|| "–".to_owned(), |v| format!("{v:.digits$}"))
        };
        let ratio = row.ratio.as_ref().map(|r| r.estimate);
        let interval = ratio.and_then(|r| r.interval);
        let interval = interval.and_then(|i| Some(format!("{:.2}–{:.2}", i.low, i.high?)));
        table.row([
            one.id.clone(),
            format!("{:.2}", one.score),
            one.kind.to_owned(),
            one.region.clone().unwrap_or_else(|| "–".into()),
            one.view.replace('_', " "),
            format!("{:.1}", one.center[0]),
            format!("{:.1}", one.center[1]),
            one.pixels.to_string(),
            number(one.counts, 0),
            format!("{:.2}", one.contrast),
            number(ratio.and_then(|r| r.value), 2),
            interval.unwrap_or_else(|| "–".into()),
            one.conjugate.clone().unwrap_or_default(),
        ]);
    }
    format!("{table}Candidates are places to look at, and no diagnosis.\n")
}

fn score(text: &str) -> Result<f64, String> {
    let score = text.parse().ok().filter(|score| (0.0..=1.0).contains(score));
    score.ok_or_else(|| "a score lies between 0 and 1".into())
}
