//! The list: 25 rows, whether we claim them, and how each is tried out.

use crate::text;

use super::notes::Notes;
use super::stand::{Stand, Tried};
use super::{colors, layout, levels, objects, vectors, words};

/// One row of the list.
pub struct Requirement {
    /// From 1.
    pub number: u8,
    /// What the README says of it. A test holds this to the verdicts.
    pub claimed: bool,
    pub(super) check: fn(&mut Stand<'_>, &mut Notes) -> Tried,
}

impl Requirement {
    /// What the row asks, in our words.
    pub fn words(&self) -> String {
        text::t(&format!("self-test-row-{}", self.number))
    }

    /// What its check does.
    pub fn done(&self) -> String {
        text::t(&format!("self-test-done-{}", self.number))
    }
}

macro_rules! row {
    ($number:literal, claimed, $check:expr) => {
        Requirement { number: $number, claimed: true, check: $check }
    };
    ($number:literal, not_met, $check:expr) => {
        Requirement { number: $number, claimed: false, check: $check }
    };
}

/// The IHE NM Image profile's Image Display actor, as far as public sources tell of it, and what
/// readers of bone scans expect beyond (rows 10 to 25).
pub static ROWS: &[Requirement] = &[
    row!(1, claimed, levels::separate),
    row!(2, claimed, layout::no_postage_stamps),
    row!(3, claimed, vectors::taken_apart),
    row!(4, not_met, levels::of_frame_sets),
    row!(5, not_met, layout::grid),
    row!(6, not_met, layout::fit),
    row!(7, not_met, objects::options),
    row!(8, not_met, objects::kinds),
    row!(9, claimed, words::attributes),
    row!(10, not_met, layout::whole_screen),
    row!(11, claimed, layout::whole_body),
    row!(12, not_met, layout::slice_rows),
    row!(13, not_met, layout::planes),
    row!(14, not_met, layout::cine),
    row!(15, claimed, colors::interpolated),
    row!(16, claimed, colors::palettes),
    row!(17, claimed, levels::first_picture),
    row!(18, claimed, levels::shown),
    row!(19, not_met, vectors::selected),
    row!(20, not_met, objects::query),
    row!(21, not_met, words::annotation),
    row!(22, not_met, objects::result_screens),
    row!(23, claimed, vectors::stacked),
    row!(24, claimed, vectors::never_averaged),
    row!(25, not_met, colors::standard_greys),
];
