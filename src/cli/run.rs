//! `run`: a script replayed on the bench, and the numbers it leaves behind.

use std::io::Read;
use std::path::{Path, PathBuf};

use clap::Args;

use crate::workbench::{self, NoticeKind, ScriptError, Workbench};

use super::failure::{Exit, Failure, Outcome};
use super::output::{self, Loudness};
use super::sheet::Numbers;

/// Replay a script of commands, one JSON value a line, and print the numbers it leaves
#[derive(Args)]
#[command(after_help = "\
Example:
  bonescope run lesion.jsonl --json

lesion.jsonl:
  {\"open\":\"demo:metastases\"}
  {\"action\":\"tool.ellipse\"}
  {\"drag\":{\"pane\":1,\"through\":[[140,390],[160,420]]}}
  {\"export\":{\"path\":\"report.pdf\",\"format\":\"pdf\"}}")]
pub struct Arguments {
    /// The script; - reads standard input
    script: PathBuf,
    /// Write the numbers here instead of printing them
    #[arg(short, long, value_name = "FILE", default_value = "-")]
    output: PathBuf,
    /// Replace an existing file
    #[arg(long)]
    force: bool,
    /// As one JSON object
    #[arg(long)]
    json: bool,
}

pub fn replay(arguments: Arguments, loudness: Loudness) -> Outcome {
    let Arguments { script: path, output, force, json } = arguments;
    output::check_new(&output, force)?;
    let script = read(&path)?;
    let mut bench = Workbench::new();
    workbench::run_script(&mut bench, &script, &path).map_err(not_done)?;
    let mut exit = Exit::Done;
    for notice in bench.notices().iter().filter(|n| n.kind == NoticeKind::Warning) {
        loudness.warn(&notice.text);
        exit = Exit::Partly;
    }
    let reading = bench.reading().ok_or_else(|| {
        Failure::unusable(format!("the script opens no study: {}", path.display()))
            .remedy("its first line could be {\"open\":\"demo:metastases\"}")
    })?;
    let numbers = Numbers { reading, sheet: reading.sheet() };
    let bytes = match json {
        true => output::json(&numbers.document("bonescope/run"))?,
        false => numbers.text().into_bytes(),
    };
    output::write(&output, &bytes, force)?;
    Ok(exit)
}

fn read(path: &Path) -> Result<String, Failure> {
    let text = match output::is_stdout(path) {
        true => {
            let mut text = String::new();
            std::io::stdin().read_to_string(&mut text).map(|_| text)
        }
        false => std::fs::read_to_string(path),
    };
    text.map_err(|error| {
        let path = path.display();
        Failure::unusable(format!("the script cannot be read ({error}): {path}"))
    })
}

fn not_done(error: ScriptError) -> Failure {
    match error {
        ScriptError::Failed { .. } => Failure::failed(error),
        ScriptError::NotACommand { .. } => {
            Failure::unusable(error).remedy("`bonescope run --help` shows a script")
        }
        ScriptError::NoSuchAction { .. } | ScriptError::NotNow { .. } => Failure::unusable(error),
    }
}
