//! The NM display self-test: what the IHE Nuclear Medicine Image profile asks of a display, row by
//! row, tried out by the program on its own painted pixels.
//!
//! A *row* is one requirement, in our words, and a check. The check opens synthetic sets
//! (`dicom::synthetic`) on a *stand*, does with commands what a reader would do, paints what is
//! shown, and notes *points*: what was expected and what was found. The verdict follows from the
//! points. A check that finds no way to do what the row asks says so, and the row is not met.

mod colors;
mod layout;
mod levels;
mod notes;
mod objects;
mod rows;
mod stand;
mod vectors;
mod words;

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::dicom::synthetic::Set;
use crate::dicom::{self, Loaded, Progress, WriteError};
use crate::study::Study;

pub use notes::Point;
pub use rows::{ROWS, Requirement};

use notes::Notes;
use stand::{Shelf, Stand, Stop};

/// What the self-test found.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Report {
    pub rows: Vec<Row>,
}

/// One requirement and how we stand to it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Row {
    /// From 1, in the order of the list.
    pub number: u8,
    pub requirement: String,
    /// The README says that this row is met.
    pub claimed: bool,
    pub verdict: Verdict,
    /// What was done.
    pub done: String,
    /// The test objects that were opened, by name.
    pub sets: Vec<&'static str>,
    pub points: Vec<Point>,
    /// Why the row is not met.
    pub missing: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// All that the row asks was done, and every point holds.
    Pass,
    /// Something was painted or said otherwise than it had to be.
    Fail,
    /// The program has no way to do what the row asks, or not all of it.
    NotMet,
}

impl Verdict {
    /// As tables print it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pass => "PASS",
            Self::Fail => "FAIL",
            Self::NotMet => "NOT MET",
        }
    }
}

impl Report {
    pub fn count(&self, verdict: Verdict) -> usize {
        self.rows.iter().filter(|r| r.verdict == verdict).count()
    }

    /// Every claimed row passes, and no row fails.
    pub fn claims_hold(&self) -> bool {
        let broken = |r: &Row| r.verdict == Verdict::Fail || r.claimed && !r.passes();
        !self.rows.iter().any(broken)
    }
}

impl Row {
    pub fn passes(&self) -> bool {
        self.verdict == Verdict::Pass
    }
}

/// Where the files of a set come from: `Set::files`, or a test that spoils them.
pub type Files<'a> = dyn Fn(Set) -> Result<Vec<(PathBuf, Vec<u8>)>, WriteError> + Sync + 'a;

/// Tries out every row. `None` where `progress` says that it was cancelled.
pub fn run(files: &Files<'_>, progress: &dyn Progress) -> Option<Report> {
    let shelf = Shelf::new(files);
    let mut rows = Vec::with_capacity(ROWS.len());
    for (done, requirement) in ROWS.iter().enumerate() {
        if progress.cancelled() {
            return None;
        }
        progress.advance(done, ROWS.len());
        rows.push(row(requirement, &shelf));
    }
    progress.advance(ROWS.len(), ROWS.len());
    Some(Report { rows })
}

fn row(of: &Requirement, shelf: &Shelf<'_>) -> Row {
    let mut stand = Stand::new(shelf);
    let mut notes = Notes::default();
    let missing = match (of.check)(&mut stand, &mut notes) {
        Ok(()) => None,
        Err(Stop::Missing(reason)) => Some(reason),
        Err(Stop::Broken(found)) => {
            notes.broken(found);
            None
        }
    };
    let points = notes.points();
    let verdict = match &missing {
        _ if points.iter().any(|p| !p.holds) => Verdict::Fail,
        Some(_) => Verdict::NotMet,
        // A check that has seen nothing has shown nothing.
        None if points.is_empty() => Verdict::Fail,
        None => Verdict::Pass,
    };
    Row {
        number: of.number,
        requirement: of.words(),
        claimed: of.claimed(),
        verdict,
        done: of.done(),
        sets: stand.opened(),
        points,
        missing,
    }
}

const SCHEME: &str = "selftest:";

/// What a path of the form `selftest:SET` names; `None` for any other path.
pub fn test_set(path: &Path) -> Option<&str> {
    path.to_str()?.strip_prefix(SCHEME)
}

/// The set of a name.
///
/// # Errors
/// One sentence for the reader, where there is no such set.
pub fn named(name: &str) -> Result<Set, String> {
    Set::named(name).ok_or_else(|| {
        let names: Vec<&str> = Set::ALL.iter().map(|set| set.name()).collect();
        format!("there is no test set {name:?}; there are {}", names.join(", "))
    })
}

/// Opens a set by its name.
///
/// # Errors
/// One sentence for the reader, where there is no such set or it cannot be made.
pub fn open(name: &str, progress: &dyn Progress) -> Result<Loaded<Vec<Study>>, String> {
    let files = named(name)?.files().map_err(|e| e.to_string())?;
    dicom::open_memory(files, progress).map_err(|e| e.to_string())
}

/// The path that opens a set.
pub fn test_set_path(set: Set) -> PathBuf {
    PathBuf::from(format!("{SCHEME}{}", set.name()))
}
