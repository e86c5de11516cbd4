//! argv, then the terminal's verbs, then an exit code.

use std::process::ExitCode;

use bonescope::{cli, dicom};

fn main() -> ExitCode {
    // A decoder in a process of its own: it says nothing to a person and must start first.
    if std::env::args_os().nth(1).is_some_and(|verb| verb == dicom::DECODE_VERB) {
        return dicom::decode_child();
    }
    cli::say_panics_in_one_line();
    std::panic::catch_unwind(|| cli::run(std::env::args_os())).unwrap_or(ExitCode::FAILURE)
}
