//! `symmetry`: where the two sides differ more than chance and normal variation explain.

use std::collections::BTreeMap;
use std::path::PathBuf;

use clap::Args;
use serde::Serialize;

use crate::geometry::Side;
use crate::measure::{
    AsymmetricArea, AsymmetryMap, CountRatio, FALSE_DISCOVERIES, NoAsymmetry, Sheet, Sign,
};
use crate::study::FrameKey;
use crate::workbench::Reading;

use super::columns::Columns;
use super::failure::{Failure, Outcome};
use super::measure;
use super::output::{self, Loudness};
use super::render;
use super::sheet::{MidlineJson, Numbers, bounds, fixed, polygon};

/// Compare left with right: the midline, a map in standard deviations, significant areas
#[derive(Args)]
#[command(after_help = "\
Examples:
  bonescope symmetry scan.dcm
  bonescope symmetry scan.dcm -o map.png
  bonescope symmetry demo:metastases --json | jq '.areas[] | [.sign, .z]'

The map compares counts over a disc as wide as the camera's resolution with those over the disc at
the counterpart. The areas listed hold at most 5 % false discoveries. What the regions file calls
not bone is left out, and so is what lies on the midline: it has no other side.")]
pub struct Arguments {
    /// A file, a folder, a .zip, a DICOMDIR or demo:CASE
    path: PathBuf,
    /// Write the map over the views as PNG; - writes to standard output
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Regions that are not bone, and midlines: the file that the window saves
    #[arg(long, value_name = "FILE")]
    rois: Option<PathBuf>,
    /// The study to compare, where the input holds several
    #[arg(long, value_name = "UID")]
    study: Option<String>,
    /// Replace an existing file
    #[arg(long, requires = "output")]
    force: bool,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Document {
    schema: &'static str,
    version: u32,
    study: String,
    midline: Vec<MidlineJson>,
    /// Of every view that was compared.
    views: Vec<ViewJson>,
    areas: Vec<AreaJson>,
    false_discovery_rate: f64,
    remarks: Vec<String>,
}

#[derive(Serialize)]
struct ViewJson {
    series: String,
    frame: usize,
    view: &'static str,
    /// Counts at smaller columns over counts at larger ones that stand for equality.
    balance: f64,
    /// Standard deviation of the counterpart's place that the map allows for.
    misplaced_mm: f64,
}

#[derive(Serialize)]
struct AreaJson {
    series: String,
    frame: usize,
    center: [f64; 2],
    outline: Vec<[f64; 2]>,
    side: Option<Side>,
    z: f64,
    q_value: f64,
    sign: Sign,
    /// Whether the neighbourhood tells clearly which side is out of the ordinary.
    sign_is_clear: bool,
    twin: TwinJson,
    ratio: RatioJson,
}

#[derive(Serialize)]
struct TwinJson {
    center: [f64; 2],
    outline: Vec<[f64; 2]>,
}

#[derive(Serialize)]
struct RatioJson {
    value: Option<f64>,
    low: Option<f64>,
    high: Option<f64>,
    level: Option<f64>,
    method: Option<&'static str>,
    p: f64,
}

impl RatioJson {
    fn of(ratio: &CountRatio) -> Self {
        let interval = ratio.estimate.interval;
        Self {
            value: ratio.estimate.value,
            low: interval.map(|i| i.low),
            high: interval.and_then(|i| i.high),
            level: interval.map(|i| i.level.get()),
            method: interval.map(|i| i.method.as_str()),
            p: ratio.p,
        }
    }
}

pub fn print(arguments: Arguments, loudness: Loudness) -> Outcome {
    let Arguments { path, output, rois, study, force, json } = arguments;
    let printed = output.as_deref().is_some_and(output::is_stdout);
    if printed && json {
        return Err(Failure::usage("only one of --json and -o - can go to standard output"));
    }
    output.as_deref().map_or(Ok(()), |path| output::check_new(path, force))?;
    let regions = rois.as_deref().map(measure::read_regions).transpose()?;
    let (study, exit) = measure::open_study(&path, study.as_deref(), regions.as_ref(), loudness)?;
    let mut reading = Reading::new(study);
    if let Some(regions) = regions {
        measure::record(regions, &mut reading)?;
    }
    let (maps, remarks) = compared(&reading)?;
    let found = Found { reading: &reading, maps: &maps, remarks };
    match json {
        true => output::print_json(&found.document())?,
        false if printed => {}
        false => output::print(&found.text())?,
    }
    if let Some(path) = output {
        let arguments = render::Arguments::into_file(path, force);
        render::picture(&arguments, &reading, &Sheet::default(), &maps)?;
    }
    Ok(exit)
}

/// The maps of all views that can be compared, and why others cannot.
fn compared(reading: &Reading) -> Result<(BTreeMap<FrameKey, AsymmetryMap>, Vec<String>), Failure> {
    let mut maps = BTreeMap::new();
    let mut refused: Vec<(String, NoAsymmetry)> = Vec::new();
    for key in reading.compared_frames() {
        match reading.asymmetry_map(&key) {
            Some(Ok(map)) => {
                maps.insert(key, map);
            }
            Some(Err(reason)) => refused.push((format!("frame {}", key.frame), reason)),
            None => {}
        }
    }
    match (maps.is_empty(), refused.first()) {
        (true, Some((_, reason))) => {
            let failure = Failure::unusable(reason);
            Err(match reason {
                NoAsymmetry::NotCounts(_) => {
                    failure.remedy("the map needs counts as the camera detected them")
                }
                NoAsymmetry::NoSides => failure,
            })
        }
        (true, None) => Err(Failure::unusable("no view in the input has a midline")
            .remedy("whole-body and spot views from the front or from behind have one")),
        _ => {
            let say = |(frame, reason): (String, NoAsymmetry)| format!("{frame}: {reason}");
            Ok((maps, refused.into_iter().map(say).collect()))
        }
    }
}

struct Found<'a> {
    reading: &'a Reading,
    maps: &'a BTreeMap<FrameKey, AsymmetryMap>,
    remarks: Vec<String>,
}

impl Found<'_> {
    fn areas(&self) -> impl Iterator<Item = (&FrameKey, &AsymmetricArea)> {
        self.maps.iter().flat_map(|(key, map)| map.areas.iter().map(move |area| (key, area)))
    }

    fn side(&self, key: &FrameKey, area: &AsymmetricArea) -> Option<Side> {
        let frame = self.reading.study().frame(key)?;
        self.reading.midline(key)?.side_of(area.outline.centroid(), &frame.laterality)
    }

    fn document(&self) -> Document {
        let sheet = Sheet::default();
        let view = |key: &FrameKey| self.reading.study().frame(key).map(|f| f.view.view.as_str());
        Document {
            schema: "bonescope/symmetry",
            version: 1,
            study: self.reading.study().uid.to_string(),
            midline: Numbers { reading: self.reading, sheet: &sheet }.midlines_json(),
            views: self
                .maps
                .iter()
                .map(|(key, map)| ViewJson {
                    series: key.series.to_string(),
                    frame: key.frame,
                    view: view(key).unwrap_or("unknown"),
                    balance: map.balance,
                    misplaced_mm: map.misplaced,
                })
                .collect(),
            areas: self.areas().map(|(key, area)| self.area(key, area)).collect(),
            false_discovery_rate: FALSE_DISCOVERIES,
            remarks: self.remarks.clone(),
        }
    }

    fn area(&self, key: &FrameKey, area: &AsymmetricArea) -> AreaJson {
        AreaJson {
            series: key.series.to_string(),
            frame: key.frame,
            center: area.outline.centroid().to_array(),
            outline: polygon(&area.outline),
            side: self.side(key, area),
            z: area.z,
            q_value: area.q,
            sign: area.sign,
            sign_is_clear: area.sign_is_clear,
            twin: TwinJson {
                center: area.counterpart.centroid().to_array(),
                outline: polygon(&area.counterpart),
            },
            ratio: RatioJson::of(&area.ratio),
        }
    }

    fn text(&self) -> String {
        let mut text = String::new();
        for (key, map) in self.maps {
            let Some(frame) = self.reading.study().frame(key) else { continue };
            let quality = self.reading.midline(key).map(|m| m.quality());
            text += &format!(
                "{} view: midline quality {}, sides {:.3} to 1, {} significant {}\n",
                frame.view.view.as_str().replace('_', " "),
                fixed(quality, 2),
                map.balance,
                map.areas.len(),
                if map.areas.len() == 1 { "area" } else { "areas" },
            );
        }
        if self.areas().next().is_some() {
            let mut table = Columns::new(&[
                "View", "Side", "Is", ">Column", ">Row", ">SD", ">q", ">Ratio", ">95 %",
            ]);
            for (key, area) in self.areas() {
                let frame = self.reading.study().frame(key);
                let view = frame.map_or("", |f| f.view.view.as_str()).replace('_', " ");
                let side = self.side(key, area).map_or("", |side| match side {
                    Side::Left => "left",
                    Side::Right => "right",
                });
                let sign = match (area.sign, area.sign_is_clear) {
                    (Sign::Hot, true) => "hot",
                    (Sign::Hot, false) => "hot?",
                    (Sign::Cold, true) => "cold",
                    (Sign::Cold, false) => "cold?",
                };
                let [column, row] = area.outline.centroid().to_array();
                let ratio = area.ratio.estimate;
                table.row([
                    view,
                    side.to_owned(),
                    sign.to_owned(),
                    format!("{column:.1}"),
                    format!("{row:.1}"),
                    format!("{:.1}", area.z),
                    format!("{:.1e}", area.q),
                    fixed(ratio.value, 2),
                    bounds(ratio.interval, 2),
                ]);
            }
            text += "\n";
            text += &table.to_string();
        }
        text.extend(self.remarks.iter().map(|remark| format!("{remark}\n")));
        text
    }
}
