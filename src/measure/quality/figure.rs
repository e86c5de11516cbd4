//! The patient in a whole-body view: where head, chest, pelvis and thighs lie.

use crate::geometry::Spacing;
use crate::measure::body::Body;
use crate::study::Frame;

/// A patient who is shorter than this, mm, is not shown whole, or is none.
const SHORTEST: f64 = 450.0;
/// So much nearer to the frame's end than the outline, mm, a patient may go on beyond it.
const MARGIN: f64 = 12.0;

/// A whole-body view with the patient's place in it.
pub(super) struct Figure {
    /// Real-world values, row by row; what is not a number is zero.
    pub values: Vec<f64>,
    pub columns: usize,
    pub rows: usize,
    pub spacing: Spacing,
    /// Sums of all values, of each column and of each row.
    pub total: f64,
    pub column_sums: Vec<f64>,
    pub row_sums: Vec<f64>,
    /// Median value over the body.
    pub level: f64,
    /// Row by row: which pixels the patient covers.
    body: Vec<bool>,
    /// First and last row of the patient.
    extent: (f64, f64),
    head_first: bool,
    /// Head and feet are both in the frame.
    pub whole: bool,
}

impl Figure {
    /// `None` where the frame shows nothing that could be a patient.
    pub fn of(frame: &Frame) -> Option<Self> {
        let (columns, rows) = (frame.columns(), frame.rows());
        let found = Body::of(frame)?;
        let mut values = Vec::with_capacity(columns * rows);
        frame.values.pixels.for_each(|stored| {
            let value = frame.values.rescale.apply(stored);
            values.push(if value.is_finite() { value } else { 0.0 });
        });
        let (sx, sy) = (found.spacing.x(), found.spacing.y());
        let cell_of = |pixel: usize, mm: f64| (pixel as f64 * mm / found.cell).round() as usize;
        let (cell_rows, cell_columns) = found.mask.dim();
        let mut body = Vec::with_capacity(columns * rows);
        for row in 0..rows {
            let y = cell_of(row, sy).min(cell_rows - 1);
            body.extend(
                (0..columns).map(|c| found.mask[[y, cell_of(c, sx).min(cell_columns - 1)]]),
            );
        }
        let mut covered: Vec<f64> =
            values.iter().zip(&body).filter(|(_, on)| **on).map(|(v, _)| *v).collect();
        let level = median(&mut covered)?;
        let pixel_row = |cell: usize| (cell as f64 * found.cell / sy).min(rows as f64 - 1.0);
        let extent = (pixel_row(found.rows.0), pixel_row(found.rows.1));
        let length = (extent.1 - extent.0) * sy;
        let inside = extent.0 * sy > MARGIN && (rows as f64 - 1.0 - extent.1) * sy > MARGIN;
        let mut column_sums = vec![0.0; columns];
        let mut row_sums = Vec::with_capacity(rows);
        for row in values.chunks_exact(columns) {
            row_sums.push(row.iter().sum());
            column_sums.iter_mut().zip(row).for_each(|(sum, value)| *sum += value);
        }
        let mut figure = Self {
            total: row_sums.iter().sum(),
            column_sums,
            row_sums,
            values,
            columns,
            rows,
            spacing: found.spacing,
            level,
            body,
            extent,
            head_first: true,
            whole: inside && length > SHORTEST,
        };
        figure.head_first = frame.laterality.head_at_first_row.unwrap_or(figure.trunk_first());
        Some(figure)
    }

    /// Whether the half with the trunk and the arms lies at small rows: where the file does not
    /// say, the patient does.
    fn trunk_first(&self) -> bool {
        let middle = 0.5 * (self.extent.0 + self.extent.1);
        let covered = |rows: std::ops::Range<usize>| {
            rows.map(|row| self.body_row(row).iter().filter(|on| **on).count()).sum::<usize>()
        };
        let middle = (middle as usize).min(self.rows);
        covered(0..middle) >= covered(middle..self.rows)
    }

    /// Which pixels of a row the patient covers.
    fn body_row(&self, row: usize) -> &[bool] {
        &self.body[row * self.columns..(row + 1) * self.columns]
    }

    pub fn on_body(&self, column: usize, row: usize) -> bool {
        self.body[row * self.columns + column]
    }

    pub fn at(&self, column: usize, row: usize) -> f64 {
        self.values[row * self.columns + column]
    }

    /// From head to toes, mm.
    pub fn length(&self) -> f64 {
        (self.extent.1 - self.extent.0) * self.spacing.y()
    }

    /// The rows between two heights, as parts of the length from the vertex down.
    pub fn band(&self, from: f64, to: f64) -> std::ops::Range<usize> {
        let (top, bottom) = self.extent;
        let row = |part: f64| match self.head_first {
            true => top + part * (bottom - top),
            false => bottom - part * (bottom - top),
        };
        let (a, b) = (row(from), row(to));
        let (low, high) = (a.min(b).max(0.0), a.max(b).max(0.0));
        (low.round() as usize).min(self.rows)..(high.round() as usize).min(self.rows)
    }

    /// The column halfway across the patient within some rows: the mean of the outermost body
    /// pixels on both sides, which uptake does not move.
    pub fn middle(&self, rows: std::ops::Range<usize>) -> Option<f64> {
        let mut middles: Vec<f64> = rows
            .filter_map(|row| {
                let first = self.body_row(row).iter().position(|on| *on)?;
                let last = self.body_row(row).iter().rposition(|on| *on)?;
                Some(0.5 * (first + last) as f64)
            })
            .collect();
        median(&mut middles)
    }

    /// Pixels in a number of millimetres.
    pub fn columns_in(&self, mm: f64) -> f64 {
        mm / self.spacing.x()
    }

    pub fn rows_in(&self, mm: f64) -> f64 {
        mm / self.spacing.y()
    }
}

pub(super) fn median(values: &mut [f64]) -> Option<f64> {
    if values.is_empty() {
        return None;
    }
    let middle = values.len() / 2;
    let (_, value, _) = values.select_nth_unstable_by(middle, f64::total_cmp);
    Some(*value)
}
