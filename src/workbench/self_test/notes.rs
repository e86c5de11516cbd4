//! What a check saw: points of expected and found.

use std::fmt::Display;

use serde::Serialize;

/// One thing that was looked at.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Point {
    pub what: String,
    pub expected: String,
    pub found: String,
    pub holds: bool,
}

/// The points of one row, in the order they were seen.
#[derive(Default)]
pub(super) struct Notes {
    points: Vec<Point>,
}

impl Notes {
    pub fn points(self) -> Vec<Point> {
        self.points
    }

    /// Two things that must be the same.
    pub fn equal<T: PartialEq + Display>(&mut self, what: impl Into<String>, wanted: T, found: T) {
        let holds = wanted == found;
        self.add(what, wanted.to_string(), found.to_string(), holds);
    }

    /// Something that must be so; `expected` and `found` say it in numbers.
    pub fn holds(
        &mut self,
        what: impl Into<String>,
        expected: impl Into<String>,
        found: impl Into<String>,
        holds: bool,
    ) {
        self.add(what, expected.into(), found.into(), holds);
    }

    /// Painted pixels against those that had to be painted, `columns` to a line.
    pub fn pixels<T: PartialEq + std::fmt::Debug>(
        &mut self,
        what: impl Into<String>,
        columns: usize,
        wanted: &[T],
        painted: &[T],
    ) {
        let total = wanted.len();
        let same = wanted.iter().zip(painted).filter(|(w, p)| w == p).count();
        let holds = same == total && painted.len() == total && total > 0;
        let first = wanted.iter().zip(painted).position(|(w, p)| w != p);
        let found = match first {
            Some(at) => format!(
                "{same} of {total} pixels; column {}, row {}: {:?} for {:?}",
                at % columns.max(1),
                at / columns.max(1),
                painted[at],
                wanted[at]
            ),
            None => format!("{same} of {total} pixels"),
        };
        self.add(what, format!("{total} of {total} pixels"), found, holds);
    }

    /// A check that could not go on.
    pub fn broken(&mut self, found: String) {
        self.add("the check as a whole", "can be done".into(), found, false);
    }

    fn add(&mut self, what: impl Into<String>, expected: String, found: String, holds: bool) {
        self.points.push(Point { what: what.into(), expected, found, holds });
    }
}
