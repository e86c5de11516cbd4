//! The terminal: a command line in, an exit code out.
//!
//! One file a verb. A verb opens its input through `input`, asks the floors below, and says its
//! result through `output`; what went wrong is a `Failure`, one line for the reader.

mod bsi;
mod columns;
mod failure;
mod gui;
mod hotspots;
mod info;
mod input;
mod manual;
mod measure;
mod output;
mod quality;
mod render;
mod report;
mod run;
mod self_test;
mod sheet;
mod simulate;
mod symmetry;

use std::ffi::OsString;
use std::io::Write;
use std::process::ExitCode;

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};

use failure::{Exit, Failure, Outcome, one_line};
use output::Loudness;

const LONG_VERSION: &str = concat!(
    env!("CARGO_PKG_VERSION"),
    "\nNot a medical device: for research, teaching and development, not for diagnosis.",
);

const EXAMPLES: &str = "\
Examples:
  bonescope                                    open the window
  bonescope scan.dcm                           open a scan in it
  bonescope info study/                        say what a folder holds
  bonescope measure scan.dcm --rois rois.json  measure regions and their twins
  bonescope report demo:metastases -o report.pdf

PATH is a file, a folder, a .zip, a DICOMDIR, or demo:CASE for a simulated case.
Exit codes: 0 done, 1 failed, 2 wrong usage, 3 some inputs failed, 4 input not usable.
Not a medical device.";

/// Reads planar bone scans: regions, contralateral twins, ratios with exact intervals, reports
///
/// Without a verb it opens the window.
#[derive(Parser)]
#[command(name = "bonescope", version, long_version = LONG_VERSION, after_help = EXAMPLES)]
#[command(max_term_width = 100)]
struct CommandLine {
    #[command(flatten)]
    window: gui::Arguments,
    /// Say nothing but results and errors
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    quiet: bool,
    /// Say on standard error what is being done; twice for more
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    verbose: u8,
    #[command(subcommand)]
    verb: Option<Verb>,
}

#[derive(Subcommand)]
enum Verb {
    Info(info::Arguments),
    Render(render::Arguments),
    Measure(measure::Arguments),
    Symmetry(symmetry::Arguments),
    Bsi(bsi::Arguments),
    Hotspots(hotspots::Arguments),
    Report(report::Arguments),
    Simulate(simulate::Arguments),
    Run(run::Arguments),
    SelfTest(self_test::Arguments),
    Gui(gui::Arguments),
    Completions(manual::Completions),
    Man(manual::Man),
}

/// Runs one command line, program name first.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let outcome = parse(arguments).and_then(|line| match line {
        Some(line) => obey(line),
        None => Ok(Exit::Done),
    });
    match outcome {
        Ok(exit) => exit.into(),
        Err(failure) => {
            // When standard error is closed too, the exit code is all that is left.
            let _ = std::io::stderr().write_all(failure.lines().as_bytes());
            failure.exit.into()
        }
    }
}

/// A panic is a mistake of ours: it becomes one line without a back-trace, and never shows the
/// values that caused it, which may name a patient.
pub fn say_panics_in_one_line() {
    std::panic::set_hook(Box::new(|panic| {
        // A job's panic comes home as its outcome.
        if std::thread::current().name() == Some("job") {
            return;
        }
        let place = panic
            .location()
            .map_or_else(String::new, |at| format!(" (at {}:{})", at.file(), at.line()));
        let failure = Failure::failed(format!("the program made a mistake{place}"))
            .remedy("please report it with the command line that led here");
        let _ = std::io::stderr().write_all(failure.lines().as_bytes());
    }));
}

/// `None` where the parser itself had the answer: help, version.
fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<Option<CommandLine>, Failure> {
    let parsed = grammar()
        .try_get_matches_from(arguments)
        .and_then(|matches| CommandLine::from_arg_matches(&matches));
    match parsed {
        Ok(line) => Ok(Some(line)),
        Err(answer) if !answer.use_stderr() => {
            output::print(&answer.to_string())?;
            Ok(None)
        }
        Err(error) => Err(misused(&error)),
    }
}

fn grammar() -> clap::Command {
    CommandLine::command()
}

/// clap explains over several paragraphs; the first says what is wrong.
fn misused(error: &clap::Error) -> Failure {
    let text = error.to_string();
    let first = text.split("\n\n").next().unwrap_or_default();
    let message = one_line(first.strip_prefix("error: ").unwrap_or(first));
    let tip = text.split("\n\n").map(str::trim).find_map(|p| p.strip_prefix("tip: "));
    let usage = text.lines().find_map(|l| l.strip_prefix("Usage: "));
    let failure = Failure::usage(message);
    match (tip, usage) {
        (Some(tip), _) => failure.remedy(tip),
        (None, Some(usage)) => failure.remedy(format!("usage: {usage}")),
        (None, None) => failure.remedy("see --help"),
    }
}

fn obey(line: CommandLine) -> Outcome {
    let CommandLine { window, quiet, verbose, verb } = line;
    let loudness = Loudness { quiet, verbose };
    listen(loudness);
    if verb.is_some() && !window.is_empty() {
        return Err(Failure::usage("--demo opens the window and takes no verb")
            .remedy("a verb takes a simulated case as a path: bonescope info demo:metastases"));
    }
    match verb {
        None => gui::open(window),
        Some(Verb::Gui(arguments)) => gui::open(arguments),
        Some(Verb::Info(arguments)) => info::print(arguments, loudness),
        Some(Verb::Render(arguments)) => render::write(arguments, loudness),
        Some(Verb::Measure(arguments)) => measure::print(arguments, loudness),
        Some(Verb::Symmetry(arguments)) => symmetry::print(arguments, loudness),
        Some(Verb::Bsi(arguments)) => bsi::print(arguments, loudness),
        Some(Verb::Hotspots(arguments)) => hotspots::print(arguments, loudness),
        Some(Verb::Report(arguments)) => report::write(arguments, loudness),
        Some(Verb::Simulate(arguments)) => simulate::write(arguments, loudness),
        Some(Verb::Run(arguments)) => run::replay(arguments, loudness),
        Some(Verb::SelfTest(arguments)) => self_test::print(arguments, loudness),
        Some(Verb::Completions(arguments)) => manual::completions(arguments, grammar()),
        Some(Verb::Man(_)) => manual::man(grammar()),
    }
}

/// Our own log lines only, and only on request: those of the libraries may quote what a file says
/// of the patient.
fn listen(loudness: Loudness) {
    let level = match loudness.verbose {
        0 => return,
        1 => "bonescope=info",
        _ => "bonescope=debug",
    };
    let subscriber = tracing_subscriber::fmt()
        .with_env_filter(level)
        .with_writer(std::io::stderr)
        .without_time()
        .with_ansi(false)
        .finish();
    // Set once: a second command in one process keeps the first one's listener.
    let _ = tracing::subscriber::set_global_default(subscriber);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(line: &str) -> Vec<OsString> {
        line.split(' ').map(OsString::from).collect()
    }

    #[test]
    fn the_grammar_has_no_mistakes() {
        grammar().debug_assert();
    }

    #[test]
    fn what_cannot_be_parsed_is_said_in_one_line() {
        let failure = |line: &str| parse(words(line)).err().expect("no such grammar").lines();
        for line in ["bonescope info --nonsense", "bonescope measure x.dcm", "bonescope info"] {
            let lines = failure(line);
            assert!(lines.starts_with("error: ") && lines.lines().count() <= 2, "{lines}");
        }
    }

    #[test]
    fn the_window_takes_no_verb() {
        let line = parse(words("bonescope --demo info b.dcm")).unwrap().unwrap();
        assert_eq!(obey(line).unwrap_err().exit, Exit::Usage);
    }
}
