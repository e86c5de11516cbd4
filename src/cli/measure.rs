//! `measure`: the numbers of regions and their twins, the same that the window shows.

use std::path::{Path, PathBuf};

use clap::Args;

use crate::findings::{EditError, Findings};
use crate::measure::Sheet;
use crate::report::{ReportError, curve_csv};
use crate::study::{FrameKey, Identity, Study};
use crate::units::Level;
use crate::workbench::{Reading, RegionsFile, RegionsFileError};

use super::failure::{Exit, Failure, Outcome};
use super::input;
use super::output::{self, Loudness};
use super::sheet::Numbers;

/// Measure regions: statistics, contralateral twins, ratios with exact intervals
#[derive(Args)]
#[command(after_help = "\
Examples:
  bonescope measure scan.dcm --rois rois.json
  bonescope measure demo:metastases --rois rois.json --json --level 0.9
  bonescope measure flow.dcm --rois rois.json --curve curves.csv

rois.json:
  {\"schema\":\"bonescope/rois\",\"version\":1,\"rois\":[
   {\"id\":\"L1\",\"frame\":1,\"shape\":\"ellipse\",\"center\":[150,402],\"radii\":[6,9],\"twin\":\"auto\"}]}")]
pub struct Arguments {
    /// A file, a folder, a .zip, a DICOMDIR or demo:CASE
    path: PathBuf,
    /// The regions: the file that the window saves
    #[arg(long, value_name = "FILE")]
    rois: PathBuf,
    /// The study to measure, where the input holds several
    #[arg(long, value_name = "UID")]
    study: Option<String>,
    /// Confidence level of the intervals
    #[arg(long, default_value = "0.95", value_parser = level)]
    level: Level,
    /// Write the time-activity curves of the regions on dynamic series as CSV; - prints them
    /// instead of the table
    #[arg(long, value_name = "FILE")]
    curve: Option<PathBuf>,
    /// Replace an existing file
    #[arg(long, requires = "curve")]
    force: bool,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

pub fn print(arguments: Arguments, loudness: Loudness) -> Outcome {
    let Arguments { path, rois, study, level, curve, force, json } = arguments;
    let curve_printed = curve.as_deref().is_some_and(output::is_stdout);
    if curve_printed && json {
        return Err(Failure::usage("only one of --json and --curve - can go to standard output"));
    }
    curve.as_deref().map_or(Ok(()), |path| output::check_new(path, force))?;
    // What is quickly refused is refused before a large study is read.
    let regions = read_regions(&rois)?;
    let (study, exit) = open_study(&path, study.as_deref(), Some(&regions), loudness)?;
    let mut reading = Reading::new(study);
    let findings = record(regions, &mut reading)?;
    let sheet = compute(&reading, &findings, level);
    let numbers = Numbers { reading: &reading, sheet: &sheet };
    let curves = || curve_csv(reading.study(), &sheet, sheet.rois.iter(), Identity::Full);
    let curves = curve.map(|path| Ok((path, curves().map_err(no_curves)?))).transpose()?;
    match json {
        true => output::print_json(&numbers.document("bonescope/measure"))?,
        false if curve_printed => {}
        false => output::print(&numbers.text())?,
    }
    if let Some((path, table)) = curves {
        output::write(&path, table.as_bytes(), force)?;
    }
    Ok(exit)
}

fn no_curves(error: ReportError) -> Failure {
    let remedy = "a curve needs a region on a series with several frames in time; \
                  `bonescope info PATH` lists them";
    Failure::unusable(error).remedy(remedy)
}

/// Opens a path and takes the study named by the reader; else the one that the regions fit, where
/// there are several. With it comes the exit code that the path has earned so far.
pub fn open_study(
    path: &Path,
    uid: Option<&str>,
    regions: Option<&RegionsFile>,
    loudness: Loudness,
) -> Result<(Study, Exit), Failure> {
    let input = input::open(path, loudness)?;
    let exit = input.exit();
    let mut studies = input.studies;
    if let (None, Some(regions), 2..) = (uid, regions, studies.len()) {
        let fits = |study: &Study| regions.clone().into_edit(study, &Findings::default()).is_ok();
        let fitting = studies.iter().filter(|s| fits(s)).count();
        if fitting == 1 {
            studies.retain(fits);
        }
    }
    Ok((input::choose(studies, uid)?, exit))
}

/// Puts what a regions file describes into the reading, views of frames included.
pub fn record(regions: RegionsFile, reading: &mut Reading) -> Result<Findings, Failure> {
    reading.derive_named(regions.series());
    let edit = regions.into_edit(reading.study(), reading.findings()).map_err(no_regions)?;
    reading.record(edit).map_err(not_applied)?;
    Ok(reading.findings().clone())
}

/// The numbers of findings in a study, across the midlines in force.
pub fn compute(reading: &Reading, findings: &Findings, level: Level) -> Sheet {
    let symmetry = |frame: &FrameKey| reading.symmetry(frame);
    let mut sheet = Sheet::compute(reading.study(), findings, &symmetry, level);
    sheet.place(|frame| reading.skeleton(frame)?.ok());
    sheet
}

pub fn read_regions(path: &Path) -> Result<RegionsFile, Failure> {
    RegionsFile::read(path).map_err(no_regions)
}

pub fn not_applied(error: EditError) -> Failure {
    Failure::unusable(error)
}

fn no_regions(error: RegionsFileError) -> Failure {
    let failure = Failure::unusable(&error);
    match error {
        RegionsFileError::NotRegions { .. } => {
            failure.remedy("`bonescope measure --help` shows such a file")
        }
        RegionsFileError::NoSuchSeries { .. } | RegionsFileError::NoSuchFrame { .. } => {
            failure.remedy("`bonescope info PATH` lists series and frames")
        }
        _ => failure,
    }
}

pub fn level(text: &str) -> Result<Level, String> {
    let level = text.parse().ok().and_then(Level::new);
    level.ok_or_else(|| "a level lies between 0 and 1, as 0.95 does".into())
}
