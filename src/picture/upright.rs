//! Frames that are not turned: each row of the frame is interpolated along itself once, instead of
//! anew for every line of the picture. The same numbers, sooner.

use rayon::prelude::*;

use super::Sampling;
use super::placement::Placement;
use super::sample::{Stored, Taps, nearest};

/// Larger ones would cost more memory than they save time.
const MOST_VALUES: usize = 1 << 24;

/// Rows of a frame, interpolated at every canvas column that shows the frame.
pub(super) struct Upright {
    /// The canvas column of the first value.
    first_column: i32,
    /// How many canvas columns.
    width: usize,
    /// The stored row of the first value.
    first_row: usize,
    values: Vec<f32>,
    sampling: Sampling,
}

impl Upright {
    /// `None` where the frame is turned, does not show, or would take too much memory.
    pub fn new(stored: &Stored, placement: &Placement, sampling: Sampling) -> Option<Self> {
        if stored.values.is_empty() || !placement.upright() {
            return None;
        }
        let [i0, j0, i1, j1] = placement.bounds;
        let column = |i: i32| placement.place(i, j0)[0];
        let row = |j: i32| placement.place(i0, j)[1];
        // Places go one way, so the columns that show the frame are neighbours.
        let shows = |i: &i32| nearest(column(*i), stored.columns).is_some();
        let first_column = (i0..i1).find(shows)?;
        let across: Vec<Taps> = (first_column..i1)
            .take_while(shows)
            .map(|i| Taps::at(column(i), stored.columns, sampling))
            .collect();
        let ends =
            [row(j0), row(j1 - 1)].map(|place| Taps::at(place, stored.rows, sampling).ends());
        let first_row = ends[0][0].min(ends[1][0]);
        let last_row = ends[0][1].max(ends[1][1]);
        let width = across.len();
        if (last_row - first_row + 1) * width > MOST_VALUES {
            return None;
        }
        let mut values = vec![0.0; (last_row - first_row + 1) * width];
        values.par_chunks_mut(width).zip(first_row..last_row + 1).for_each(|(line, row)| {
            let pixels = &stored.values[row * stored.columns..][..stored.columns];
            for (value, taps) in line.iter_mut().zip(&across) {
                *value = taps.of(|column| pixels[column]);
            }
        });
        Some(Self { first_column, width, first_row, values, sampling })
    }

    /// The canvas column where canvas line `j` begins and its samples from there on; `None` where
    /// the line shows nothing of the frame.
    pub fn line(
        &self,
        stored: &Stored,
        placement: &Placement,
        j: i32,
    ) -> Option<(i32, impl Iterator<Item = f32>)> {
        let place = placement.place(placement.bounds[0], j)[1];
        nearest(place, stored.rows)?;
        let down = Taps::at(place, stored.rows, self.sampling);
        let at =
            move |i: usize| down.of(|row| self.values[(row - self.first_row) * self.width + i]);
        Some((self.first_column, (0..self.width).map(at)))
    }
}
