//! Where results go: standard output, or a file that appears whole or not at all.

use std::io::{ErrorKind, IsTerminal, Write};
use std::path::Path;

use serde::Serialize;

use crate::report::ReportError;
use crate::workbench::{ExportError, write_new};

use super::failure::{Exit, Failure, Outcome, one_line, turns};

/// How much the reader wants to hear on standard error.
#[derive(Clone, Copy, Debug, Default)]
pub struct Loudness {
    pub quiet: bool,
    pub verbose: u8,
}

impl Loudness {
    /// Something worth knowing that did not stop us.
    pub fn warn(self, text: impl std::fmt::Display) {
        if !self.quiet {
            // Nobody is left to tell when standard error is gone.
            let _ = writeln!(std::io::stderr(), "warning: {}", one_line(&text.to_string()));
        }
    }

    /// Whether a moving bar would be seen.
    pub fn bars(self) -> bool {
        !self.quiet && std::io::stderr().is_terminal()
    }
}

/// Prints a result. A reader who has closed the pipe has seen enough.
pub fn print(text: &str) -> Result<(), Failure> {
    print_bytes(plain(text).as_bytes())
}

/// Prints one JSON object.
pub fn print_json(value: &impl Serialize) -> Result<(), Failure> {
    print_bytes(&json(value)?)
}

/// A JSON object as the bytes of a file.
pub fn json(value: &impl Serialize) -> Result<Vec<u8>, Failure> {
    let mut bytes = serde_json::to_vec_pretty(value)
        .map_err(|e| Failure::failed(format!("the result could not be written as JSON: {e}")))?;
    bytes.push(b'\n');
    Ok(bytes)
}

/// Whether an output path stands for standard output.
pub fn is_stdout(path: &Path) -> bool {
    path.as_os_str() == "-"
}

/// Writes to a new file, or to standard output for `-`.
pub fn write(path: &Path, bytes: &[u8], force: bool) -> Outcome {
    if is_stdout(path) {
        print_bytes(bytes)?;
    } else {
        write_new(path, bytes, force).map_err(not_written)?;
    }
    Ok(Exit::Done)
}

/// Refuses early what would be refused after the work was done.
pub fn check_new(path: &Path, force: bool) -> Result<(), Failure> {
    match !is_stdout(path) && !force && path.exists() {
        true => Err(not_written(ExportError::Exists(path.into()))),
        false => Ok(()),
    }
}

pub fn not_written(error: ExportError) -> Failure {
    match error {
        ExportError::Exists(path) => {
            Failure::usage(format!("the file exists already: {}", path.display()))
                .remedy("choose another name, or replace it with --force")
        }
        ExportError::NoPdf => {
            Failure::usage(error).remedy("build it with `--features pdf`, or choose another format")
        }
        ExportError::Template { .. } | ExportError::Report(ReportError::Template { .. }) => {
            Failure::unusable(error)
        }
        ExportError::Unwritable { .. } | ExportError::Report(_) => Failure::failed(error),
    }
}

fn print_bytes(bytes: &[u8]) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    match out.write_all(bytes).and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(Failure::failed(format!("standard output cannot be written: {error}")))
        }
        _ => Ok(()),
    }
}

/// Text for a terminal: what a file says may hold characters that a terminal would obey.
fn plain(text: &str) -> String {
    text.chars()
        .filter(|c| !turns(*c))
        .map(|c| if c.is_control() && !matches!(c, '\n' | '\t') { ' ' } else { c })
        .collect()
}
