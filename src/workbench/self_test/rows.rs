//! The list: 25 rows, how each is tried out, and which of them the README claims.

use crate::text;

use super::notes::Notes;
use super::stand::{Stand, Tried};
use super::{colors, layout, levels, objects, vectors, words};

/// One row of the list.
pub struct Requirement {
    /// From 1.
    pub number: u8,
    pub(super) check: fn(&mut Stand<'_>, &mut Notes) -> Tried,
}

impl Requirement {
    /// What the row asks, in our words.
    pub fn words(&self) -> String {
        text::t(&format!("self-test-row-{}", self.number))
    }

    /// Whether the README says that it is met.
    pub fn claimed(&self) -> bool {
        CLAIMS.split_whitespace().any(|number| number.parse() == Ok(self.number))
    }

    /// What its check does.
    pub fn done(&self) -> String {
        text::t(&format!("self-test-done-{}", self.number))
    }
}

macro_rules! row {
    ($number:literal, $check:expr) => {
        Requirement { number: $number, check: $check }
    };
}

/// The numbers of the rows that the README says are met: written by the test suite together with
/// its table, so that what once passed and fails later is a broken claim.
static CLAIMS: &str = include_str!("../../../assets/self_test/claims.txt");

/// The IHE NM Image profile's Image Display actor, as far as public sources tell of it, and what
/// readers of bone scans expect beyond (rows 10 to 25).
pub static ROWS: &[Requirement] = &[
    row!(1, levels::separate),
    row!(2, layout::no_postage_stamps),
    row!(3, vectors::taken_apart),
    row!(4, levels::of_frame_sets),
    row!(5, layout::grid),
    row!(6, layout::fit),
    row!(7, objects::options),
    row!(8, objects::kinds),
    row!(9, words::attributes),
    row!(10, layout::whole_screen),
    row!(11, layout::whole_body),
    row!(12, layout::slice_rows),
    row!(13, layout::planes),
    row!(14, layout::cine),
    row!(15, colors::interpolated),
    row!(16, colors::palettes),
    row!(17, levels::first_picture),
    row!(18, levels::shown),
    row!(19, vectors::selected),
    row!(20, objects::query),
    row!(21, words::annotation),
    row!(22, objects::result_screens),
    row!(23, vectors::stacked),
    row!(24, vectors::never_averaged),
    row!(25, colors::standard_greys),
];
