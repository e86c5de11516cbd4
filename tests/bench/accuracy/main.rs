//! How accurate the measurements are, on simulated patients drawn by lot.
//!
//! `cargo bench --bench accuracy` prints every figure with its target; a name (`-- midline`) asks
//! for one part, `--scans 40` for fewer patients, `--first 5000` for others. Nothing was tuned on
//! the seeds from 1000 on. Every figure is of simulated patients, as the truth is known only there.

mod asymmetry;
mod bsi;
mod coverage;
mod hotspots;
mod labels;
mod midline;
mod patients;
#[path = "../../support/sites.rs"]
mod sites;
mod table;
mod twin;

use std::process::ExitCode;

use patients::Patients;
use table::Row;

/// Name, what it measures, and the measurement.
type Part = (&'static str, &'static str, fn(&Patients) -> Vec<Row>);

/// A part is a file of its own, in the order of the table.
const PARTS: &[Part] = &[
    ("midline", "Midline along the trunk", midline::rows),
    ("twin", "Twins, both views", twin::rows),
    ("labels", "Regions of the skeleton", labels::rows),
    ("hotspots", "Hot spots", hotspots::rows),
    ("coverage", "Coverage of 95 % intervals", coverage::rows),
    ("asymmetry", "Asymmetry map", asymmetry::rows),
    ("bsi", "Bone scan index", bsi::rows),
];

fn main() -> ExitCode {
    let asked = match Asked::of(std::env::args().skip(1)) {
        Ok(asked) => asked,
        Err(what) => {
            let parts: Vec<&str> = PARTS.iter().map(|p| p.0).collect();
            eprintln!("error: {what}; say [PART…] [--scans N] [--first SEED], of {parts:?}");
            return ExitCode::from(2);
        }
    };
    println!(
        "Simulated patients, seeds from {}; {} a row\n",
        asked.patients.first, asked.patients.scans
    );
    let mut all_met = true;
    for &(name, title, rows) in PARTS {
        if asked.parts.is_empty() || asked.parts.iter().any(|p| p == name) {
            let rows = rows(&asked.patients);
            all_met &= rows.iter().all(Row::met);
            table::print(title, &rows);
        }
    }
    println!("{}", if all_met { "Every target is met." } else { "Some targets are not met." });
    ExitCode::SUCCESS
}

struct Asked {
    parts: Vec<String>,
    patients: Patients,
}

impl Asked {
    fn of(arguments: impl Iterator<Item = String>) -> Result<Self, String> {
        let mut asked = Self { parts: Vec::new(), patients: Patients { scans: 100, first: 1000 } };
        let mut arguments = arguments;
        while let Some(argument) = arguments.next() {
            let mut number = || {
                let next = arguments.next().ok_or(format!("{argument} needs a number"))?;
                next.parse::<u64>().map_err(|_| format!("{next} is no number"))
            };
            match argument.as_str() {
                // What Cargo says to every bench.
                "--bench" => {}
                "--scans" => asked.patients.scans = number()?,
                "--first" => asked.patients.first = number()?,
                part if PARTS.iter().any(|p| p.0 == part) => asked.parts.push(argument),
                other => return Err(format!("there is no part “{other}”")),
            }
        }
        Ok(asked)
    }
}
