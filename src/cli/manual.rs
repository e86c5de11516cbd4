//! What the program says about itself to shells and to `man`.

use clap::Args;

use super::failure::{Exit, Failure, Outcome};
use super::output;

/// Print a completion script for a shell
#[derive(Args)]
#[command(after_help = "\
Example:
  bonescope completions bash > ~/.local/share/bash-completion/completions/bonescope")]
pub struct Completions {
    shell: clap_complete::Shell,
}

/// Print the manual page
#[derive(Args)]
#[command(after_help = "\
Example:
  bonescope man > bonescope.1 && man ./bonescope.1")]
pub struct Man {}

pub fn completions(arguments: Completions, mut grammar: clap::Command) -> Outcome {
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut grammar, "bonescope", &mut script);
    output::print(&String::from_utf8_lossy(&script))?;
    Ok(Exit::Done)
}

pub fn man(grammar: clap::Command) -> Outcome {
    let mut page = Vec::new();
    clap_mangen::Man::new(grammar)
        .render(&mut page)
        .map_err(|e| Failure::failed(format!("the manual page could not be made: {e}")))?;
    output::print(&String::from_utf8_lossy(&page))?;
    Ok(Exit::Done)
}
