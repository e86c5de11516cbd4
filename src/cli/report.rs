//! `report`: what the window exports, without the window.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::findings::{Edit, Findings};
use crate::study;
use crate::units::Level;
use crate::workbench::{self, Reading, TemplateFile};

use super::failure::{Failure, Outcome};
use super::measure;
use super::output::{self, Loudness};

/// Write a report: PDF, PNG, CSV or JSON by the suffix of the file
#[derive(Args)]
#[command(after_help = "\
Examples:
  bonescope report demo:metastases -o report.pdf
  bonescope report scan.dcm --rois rois.json --identity initials -o report.csv
  bonescope report scan.dcm --format json -o - | jq .")]
pub struct Arguments {
    /// A file, a folder, a .zip, a DICOMDIR or demo:CASE
    path: PathBuf,
    /// The file to write; - writes to standard output and needs --format
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,
    /// The regions: the file that the window saves
    #[arg(long, value_name = "FILE")]
    rois: Option<PathBuf>,
    /// A saved session
    #[arg(long, value_name = "FILE", conflicts_with = "rois")]
    session: Option<PathBuf>,
    /// The study to report, where the input holds several
    #[arg(long, value_name = "UID")]
    study: Option<String>,
    /// How much of the patient's identity the report shows
    #[arg(long, value_enum, default_value = "full")]
    identity: Identity,
    /// A format other than the one the suffix says
    #[arg(long, value_enum)]
    format: Option<Format>,
    /// A Typst template to use instead of the built-in one (PDF)
    #[arg(long, value_name = "FILE")]
    template: Option<PathBuf>,
    /// The impression, in the reader's words
    #[arg(long, value_name = "TEXT")]
    impression: Option<String>,
    /// Replace an existing file
    #[arg(long)]
    force: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum Identity {
    Full,
    Initials,
    None,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    Pdf,
    Png,
    Csv,
    Json,
    /// DICOM structured report
    Sr,
    /// DICOM secondary capture
    Sc,
    /// DICOM encapsulated PDF
    EncapsulatedPdf,
}

pub fn write(arguments: Arguments, loudness: Loudness) -> Outcome {
    let format = format(&arguments)?;
    if arguments.session.is_some() {
        return Err(Failure::usage("this version reads no sessions")
            .remedy("save the regions in the window and name them with --rois"));
    }
    if arguments.template.is_some() && format != workbench::Format::Pdf {
        return Err(Failure::usage("a template is used for PDF only"));
    }
    output::check_new(&arguments.output, arguments.force)?;
    let fixed = std::env::var(workbench::SOURCE_DATE_EPOCH).ok();
    let made_at = workbench::time_of_report(fixed.as_deref(), std::time::SystemTime::now())
        .map_err(|error| {
            Failure::usage(error.to_string())
                .remedy("unset the variable, or set it to whole seconds such as 1700000000")
        })?;
    let template = arguments.template.as_deref().map(TemplateFile::read).transpose();
    let template = template.map_err(output::not_written)?;
    let regions = arguments.rois.as_deref().map(measure::read_regions).transpose()?;
    let uid = arguments.study.as_deref();
    let (study, exit) = measure::open_study(&arguments.path, uid, regions.as_ref(), loudness)?;
    let mut reading = Reading::new(study);
    let mut findings = match regions {
        Some(regions) => measure::record(regions, &mut reading)?,
        None => Findings::default(),
    };
    if let Some(words) = arguments.impression {
        findings.apply(Edit::SetImpression(words)).map_err(measure::not_applied)?;
    }
    let mut snapshot = reading.snapshot();
    snapshot.sheet = measure::compute(&reading, &findings, Level::NINETY_FIVE);
    snapshot.findings = findings;
    snapshot.made_at = Some(made_at);
    let identity = match arguments.identity {
        Identity::Full => study::Identity::Full,
        Identity::Initials => study::Identity::Initials,
        Identity::None => study::Identity::None,
    };
    let bytes = workbench::render_report(&snapshot, format, identity, template.as_ref())
        .map_err(output::not_written)?;
    output::write(&arguments.output, &bytes, arguments.force)?;
    Ok(exit)
}

fn format(arguments: &Arguments) -> Result<workbench::Format, Failure> {
    let Some(format) = arguments.format else { return by_suffix(arguments) };
    match format {
        Format::Pdf => Ok(workbench::Format::Pdf),
        Format::Png => Ok(workbench::Format::Png),
        Format::Csv => Ok(workbench::Format::Csv),
        Format::Json => Ok(workbench::Format::Json),
        Format::Sr | Format::Sc | Format::EncapsulatedPdf => Err(no_dicom()),
    }
}

fn by_suffix(arguments: &Arguments) -> Result<workbench::Format, Failure> {
    let path = &arguments.output;
    if output::is_stdout(path) {
        return Err(Failure::usage("standard output has no suffix to tell the format")
            .remedy("add --format pdf, png, csv or json"));
    }
    if path.extension().is_some_and(|suffix| suffix.eq_ignore_ascii_case("dcm")) {
        return Err(no_dicom());
    }
    workbench::Format::of_path(path).ok_or_else(|| {
        Failure::usage(format!("the suffix tells no format: {}", path.display()))
            .remedy("end it in .pdf, .png, .csv or .json, or add --format")
    })
}

fn no_dicom() -> Failure {
    Failure::usage("this version writes no DICOM reports").remedy("write pdf, png, csv or json")
}
