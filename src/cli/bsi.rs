//! `bsi`: the bone scan index of accepted lesions, with its arithmetic.

use std::path::PathBuf;

use clap::Args;
use serde::Serialize;

use crate::findings::Role;
use crate::measure::{
    BoneScanIndex, HOTSPOT_THRESHOLD, IndexedLesion, NamedView, NoIndex, Skeleton, bone_scan_index,
};
use crate::study::{FrameKey, Series, SeriesKind};
use crate::units::Level;
use crate::workbench::{Reading, RegionsFile, hotspot_regions, hotspots};

use super::columns::Columns;
use super::failure::{Failure, Outcome};
use super::hotspots::above;
use super::measure;
use super::output::{self, Loudness};

/// The bone scan index: how much of the skeleton lesions involve
#[derive(Args)]
#[command(after_help = "\
Examples:
  bonescope bsi scan.dcm --rois accepted.json
  bonescope bsi scan.dcm --rois accepted.json --json | jq .bsi_percent
  bonescope bsi demo:metastases                    # of candidates, which nobody has accepted

Every lesion region of the file on a whole-body view counts; without a file, every candidate in bone
that `bonescope hotspots` lists, and the result says so. The index is no diagnosis. Compare
indices of one table of weights only, and of scans at about the same time after the injection.")]
pub struct Arguments {
    /// A file, a folder, a .zip, a DICOMDIR or demo:CASE
    path: PathBuf,
    /// The accepted lesions: the file that the window saves
    #[arg(long, value_name = "FILE")]
    rois: Option<PathBuf>,
    /// The study, where the input holds several
    #[arg(long, value_name = "UID")]
    study: Option<String>,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Document {
    schema: &'static str,
    version: u32,
    study: String,
    bsi_percent: f64,
    low: f64,
    high: f64,
    level: f64,
    weights: &'static str,
    involved_volume_percent: f64,
    positive_area_percent: f64,
    /// For each view, how many times the bone of the atlas's adult.
    skeleton_size: Vec<f64>,
    uptake_min: Option<f64>,
    regions: Vec<RegionJson>,
    remarks: Vec<String>,
}

#[derive(Serialize)]
struct RegionJson {
    region: String,
    weight_percent: f64,
    involved_fraction: f64,
    contribution_percent: f64,
    view: &'static str,
    lesions: Vec<String>,
}

pub fn print(arguments: Arguments, loudness: Loudness) -> Outcome {
    let Arguments { path, rois, study, json } = arguments;
    let regions = rois.as_deref().map(measure::read_regions).transpose()?;
    let (study, exit) = measure::open_study(&path, study.as_deref(), regions.as_ref(), loudness)?;
    let mut reading = Reading::new(study);
    let accepted = regions.is_some();
    let regions = regions.unwrap_or_else(|| candidates(&reading));
    measure::record(regions, &mut reading)?;
    let worksheet = Worksheet::of(&reading, accepted)?;
    match json {
        true => output::print_json(&worksheet.document())?,
        false => output::print(&worksheet.text())?,
    }
    Ok(exit)
}

/// What the search for hot spots lists, as if it had been accepted.
fn candidates(reading: &Reading) -> RegionsFile {
    RegionsFile::of(&hotspot_regions(&above(hotspots(reading), HOTSPOT_THRESHOLD)))
}

struct Worksheet<'a> {
    reading: &'a Reading,
    /// By a reader; otherwise the lesions are candidates.
    accepted: bool,
    series: &'a Series,
    /// In the order of the views of the index.
    views: Vec<usize>,
    index: BoneScanIndex,
}

impl<'a> Worksheet<'a> {
    fn of(reading: &'a Reading, accepted: bool) -> Result<Self, Failure> {
        let findings = reading.findings();
        let lesion = |key: &FrameKey| findings.rois_on(key).any(|roi| roi.role == Role::Lesion);
        // The series that the lesions are on, else the first.
        let whole = || reading.study().series.iter().filter(|s| s.kind == SeriesKind::WholeBody);
        let marked = whole().find(|series| {
            let mut keys = (0..series.frames.len()).map(|frame| key(series, frame));
            keys.any(|key| lesion(&key))
        });
        let series = marked.or_else(|| whole().next()).ok_or_else(no_skeleton)?;
        let named: Vec<(usize, &Skeleton)> = (0..series.frames.len())
            .filter_map(|frame| Some((frame, reading.skeleton(&key(series, frame))?.ok()?)))
            .collect();
        let views: Vec<NamedView<'_>> = named
            .iter()
            .map(|(frame, skeleton)| NamedView { frame: &series.frames[*frame], skeleton })
            .collect();
        let lesions: Vec<IndexedLesion> = named
            .iter()
            .enumerate()
            .flat_map(|(view, (frame, _))| {
                let key = key(series, *frame);
                let rois: Vec<_> = findings
                    .rois_on(&key)
                    .filter(|roi| roi.role == Role::Lesion)
                    .map(|roi| IndexedLesion {
                        name: roi.name.clone(),
                        view,
                        outline: roi.outline.clone(),
                    })
                    .collect();
                rois
            })
            .collect();
        let index = bone_scan_index(&views, &lesions, Level::NINETY_FIVE).map_err(|e| match e {
            NoIndex::NoSkeleton => no_skeleton(),
            NoIndex::NoLesions => Failure::unusable("no lesion lies on a whole-body view")
                .remedy("draw or accept lesions in the window, save the regions, give --rois"),
        })?;
        let views = named.iter().map(|(frame, _)| *frame).collect();
        Ok(Self { reading, accepted, series, views, index })
    }

    fn view(&self, view: usize) -> &'static str {
        let frame = self.views.get(view).and_then(|frame| self.series.frames.get(*frame));
        frame.map_or("", |frame| frame.view.view.as_str())
    }

    fn uptake(&self) -> Option<f64> {
        self.series.tracer.uptake_minutes(self.series.acquired)
    }

    fn remarks(&self) -> Vec<String> {
        let mut remarks = vec![match self.uptake() {
            Some(minutes) => format!(
                "Scanned {minutes:.0} min after the injection: do not compare with scans at \
                 another time, nor with another table of weights."
            ),
            None => "The file does not say how long after the injection: do not compare with \
                     other scans."
                .into(),
        }];
        if !self.accepted {
            remarks.push(
                "No regions were given: this is of candidates that nobody has accepted.".into(),
            );
        }
        if !self.index.unplaced.is_empty() {
            let names = self.index.unplaced.join(", ");
            remarks.push(format!("On no bone that has a name, so left out: {names}."));
        }
        if self.views.len() < 2 {
            remarks.push("Only one view was used: what the other would show is missing.".into());
        }
        remarks
    }

    fn document(&self) -> Document {
        let BoneScanIndex { percent, interval: [low, high], .. } = self.index;
        Document {
            schema: "bonescope/bsi",
            version: 1,
            study: self.reading.study().uid.to_string(),
            bsi_percent: percent,
            low,
            high,
            level: self.index.level.get(),
            weights: self.index.weights,
            involved_volume_percent: self.index.volume_percent,
            positive_area_percent: self.index.positive_area_percent,
            skeleton_size: self.index.sizes.clone(),
            uptake_min: self.uptake(),
            regions: self
                .index
                .parts
                .iter()
                .map(|part| RegionJson {
                    region: part.name.clone(),
                    weight_percent: part.weight_percent,
                    involved_fraction: part.fraction,
                    contribution_percent: part.contribution_percent,
                    view: self.view(part.view),
                    lesions: part.lesions.clone(),
                })
                .collect(),
            remarks: self.remarks(),
        }
    }

    fn text(&self) -> String {
        let mut table =
            Columns::new(&["Part", "View", ">Weight %", ">Involved", ">Contribution %", "Lesions"]);
        for part in &self.index.parts {
            table.row([
                part.name.clone(),
                self.view(part.view).to_owned(),
                format!("{:.2}", part.weight_percent),
                format!("{:.4}", part.fraction),
                format!("{:.3}", part.contribution_percent),
                part.lesions.join(", "),
            ]);
        }
        let BoneScanIndex { percent, interval: [low, high], .. } = self.index;
        let mut text = table.to_string();
        text += &format!(
            "\nBone scan index {percent:.2} % [{low:.2} – {high:.2}], weights {}\n\
             Involved volume {:.2} %, positive area {:.2} %\n",
            self.index.weights, self.index.volume_percent, self.index.positive_area_percent,
        );
        let sizes: Vec<String> = self.index.sizes.iter().map(|s| format!("{s:.2}")).collect();
        text += &format!(
            "Bone taken to be {} times that of the atlas's adult of 1.76 m\n",
            sizes.join(" and ")
        );
        text.extend(self.remarks().iter().map(|remark| format!("{remark}\n")));
        text
    }
}

fn key(series: &Series, frame: usize) -> FrameKey {
    FrameKey { series: series.uid.clone(), frame }
}

fn no_skeleton() -> Failure {
    Failure::unusable("no view shows the whole skeleton from the front or from behind")
        .remedy("the bone scan index needs a whole-body scan")
}
