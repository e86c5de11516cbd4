//! `simulate`: a phantom patient's study as DICOM, and the truth about it.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use serde_json::json;

use crate::dicom;
use crate::simulate::{self, Acquisition, CaseInfo};

use super::columns::Columns;
use super::failure::{Exit, Failure, Outcome};
use super::input::{self, Bar};
use super::output::{self, Loudness};

/// Write a simulated study as DICOM, one file for each scan, and the truth about it as truth.json
#[derive(Args)]
#[command(after_help = "\
Examples:
  bonescope simulate --list
  bonescope simulate metastases -o phantom/
  bonescope simulate metastases -o phantom/ --seed 7 --counts 500000
  bonescope simulate three_phase_crps -o phantom/   # flow, blood pool and delayed images
  bonescope simulate volunteer-17 -o phantom/       # one of any number of patients drawn by lot

The same case, seed and counts give the same bytes on every machine.")]
pub struct Arguments {
    /// Which case; --list names them
    #[arg(required_unless_present = "list")]
    case: Option<String>,
    /// The folder to write to; made where it is missing
    #[arg(short, long, value_name = "DIR", required_unless_present = "list")]
    output: Option<PathBuf>,
    /// List the cases and write nothing
    #[arg(long, conflicts_with_all = ["case", "output", "seed", "counts", "scan"])]
    list: bool,
    /// Chooses the noise
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
    /// Expected counts of the anterior view; of the delayed one where there are several
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=1_000_000_000))]
    counts: Option<u64>,
    /// What is acquired
    #[arg(long, value_enum, default_value = "planar")]
    scan: Scan,
    /// Replace existing files
    #[arg(long)]
    force: bool,
    /// Print what was written, or the list, as one JSON object
    #[arg(long)]
    json: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Scan {
    Planar,
    Spect,
    Pet,
}

pub fn write(arguments: Arguments, loudness: Loudness) -> Outcome {
    let Arguments { case, output, list: _, seed, counts, scan, force, json } = arguments;
    let (Some(name), Some(folder)) = (case, output) else { return list(json) };
    if scan != Scan::Planar {
        return Err(
            Failure::usage("this version simulates planar scans only").remedy("leave --scan out")
        );
    }
    if output::is_stdout(&folder) {
        return Err(Failure::usage("a simulated scan is a folder of files")
            .remedy("name a folder: -o phantom/"));
    }
    let mut case = simulate::case(&name).map_err(input::no_case)?;
    case.seed = seed.unwrap_or(case.seed);
    case.counts = counts.unwrap_or(case.counts);
    let truth_path = folder.join("truth.json");
    output::check_new(&truth_path, force)?;
    let bar = Bar::new(loudness);
    let Acquisition { study, names, truth, .. } =
        simulate::acquire(&case, &|fraction| bar.fraction(fraction));
    drop(bar);
    make(&folder)?;
    let mut files = Vec::new();
    for (name, series) in names.iter().zip(&study.series) {
        let path = folder.join(format!("{name}.dcm"));
        let bytes = dicom::planar(&study, series).map_err(Failure::failed)?;
        output::write(&path, &bytes, force)?;
        files.push(path);
    }
    output::write(&truth_path, &output::json(&truth)?, force)?;
    files.push(truth_path);
    let names: Vec<_> = files.iter().map(|f| f.to_string_lossy()).collect();
    match json {
        true => output::print_json(&json!({
            "schema": "bonescope/simulate", "version": 1, "case": case.name, "seed": case.seed,
            "counts": case.counts, "study": study.uid, "lesions": truth.lesions.len(),
            "files": names,
        }))?,
        false => output::print(&(names.join("\n") + "\n"))?,
    }
    Ok(Exit::Done)
}

fn list(json: bool) -> Outcome {
    let cases = simulate::cases();
    if json {
        let case = |c: &CaseInfo| {
            json!({
                "name": c.name, "title": c.title, "story": c.story, "lesions": c.lesions,
                "scans": c.scans,
            })
        };
        let cases: Vec<_> = cases.iter().map(case).collect();
        output::print_json(&json!({"schema": "bonescope/simulate", "version": 1, "cases": cases}))?;
        return Ok(Exit::Done);
    }
    let mut table = Columns::new(&["Case", ">Lesions", "Scans", "Title"]);
    for case in cases {
        let scans = case.scans.join(", ");
        table.row([case.name.clone(), case.lesions.to_string(), scans, case.title.clone()]);
    }
    output::print(&table.to_string())?;
    Ok(Exit::Done)
}

fn make(folder: &Path) -> Result<(), Failure> {
    std::fs::create_dir_all(folder).map_err(|error| {
        let reason = error.kind();
        Failure::failed(format!("the folder cannot be made ({reason}): {}", folder.display()))
    })
}
