//! `self-test`: what a nuclear medicine display must do, tried out on our own pixels.

use clap::Args;
use serde_json::json;

use crate::workbench::self_test::{self, Report, Row, Verdict};

use super::columns::Columns;
use super::failure::{Exit, Failure, Outcome};
use super::input::Bar;
use super::output::{self, Loudness};

/// Try out what the IHE Nuclear Medicine Image profile asks of a display, on our own pixels
#[derive(Args)]
#[command(after_help = "\
Examples:
  bonescope self-test
  bonescope self-test --evidence
  bonescope self-test --json | jq '.rows[] | select(.verdict != \"pass\")'
  bonescope info selftest:dynamic            a test set, opened as a scan would be

PASS: all that the row asks was done and seen. NOT MET: the program cannot do it, or not all of it.
FAIL: something was painted or said otherwise than it had to be.
Exit code 0 where no row fails and every row that the README claims passes, else 1.")]
pub struct Arguments {
    /// As one JSON object, with all that was seen
    #[arg(long)]
    json: bool,
    /// Print under each row what was expected and what was found
    #[arg(long, conflicts_with = "json")]
    evidence: bool,
}

pub fn print(arguments: Arguments, loudness: Loudness) -> Outcome {
    let bar = Bar::new(loudness);
    let report = self_test::run(&|set| set.files(), &bar)
        .ok_or_else(|| Failure::failed("the self-test was cancelled"))?;
    drop(bar);
    match arguments.json {
        true => output::print_json(&json!({
            "schema": "bonescope/self-test", "version": 1,
            "program": env!("CARGO_PKG_VERSION"),
            "passed": report.count(Verdict::Pass), "failed": report.count(Verdict::Fail),
            "not_met": report.count(Verdict::NotMet), "claims_hold": report.claims_hold(),
            "rows": report.rows,
        }))?,
        false => output::print(&text(&report, arguments.evidence))?,
    }
    Ok(if report.claims_hold() { Exit::Done } else { Exit::Failed })
}

fn text(report: &Report, evidence: bool) -> String {
    let mut table = Columns::new(&[">Row", "Verdict", "What a display must do"]);
    for row in &report.rows {
        table.row([row.number.to_string(), row.verdict.as_str().into(), row.requirement.clone()]);
    }
    let table = table.to_string();
    let mut lines: Vec<String> = table.lines().take(1).map(str::to_owned).collect();
    for (line, row) in table.lines().skip(1).zip(&report.rows) {
        lines.push(line.to_owned());
        lines.extend(below(row, evidence).into_iter().map(|line| format!("     {line}")));
    }
    let counted = [Verdict::Pass, Verdict::Fail, Verdict::NotMet]
        .map(|verdict| format!("{} {}", report.count(verdict), verdict.as_str()));
    lines.push(String::new());
    lines.push(counted.join(", "));
    lines.join("\n") + "\n"
}

/// Why a row does not pass; all that was seen, on request.
fn below(row: &Row, evidence: bool) -> Vec<String> {
    let mut lines = Vec::new();
    if evidence {
        lines.push(row.done.clone());
    }
    for point in row.points.iter().filter(|p| evidence || !p.holds) {
        let sign = if point.holds { "ok  " } else { "FAIL" };
        let seen = match point.expected == point.found {
            true => point.found.clone(),
            false => format!("{}; expected {}", point.found, point.expected),
        };
        lines.push(format!("{sign} {}: {seen}", point.what));
    }
    lines.extend(row.missing.iter().map(|reason| format!("not met: {reason}")));
    lines
}
