//! The pictures: what value stands at which pixel.

/// Columns and rows of the small pictures.
const SMALL: [usize; 2] = [32, 40];
/// The usual whole-body matrix.
const BODY: [usize; 2] = [256, 1024];
/// What the letter F and the mark on the patient's right are drawn with.
const BRIGHT: u16 = 250;

/// The bladder of the whole body: far above everything else, as in a patient who has not voided.
pub const BLADDER: u16 = 30_000;
/// First column, first row, and the ends.
pub const BLADDER_AT: [usize; 4] = [122, 480, 134, 492];
/// The mark on the patient's right in an anterior frame; a posterior one has it mirrored.
pub const RIGHT_MARK: [usize; 4] = [20, 100, 36, 116];

/// A picture given by a rule. No value but the bladder's is above 255, so that on a grey map with
/// the levels 0 and 255 the painted grey is the stored value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pattern {
    /// A level with a faint grain, a letter F over it, and edges that number rows and columns.
    Marked { level: u16 },
    /// A body from head to foot, its left edge numbering the rows.
    Body { level: u16, posterior: bool },
    /// Values 0 to 255, row by row.
    Ramp,
}

impl Pattern {
    /// Columns and rows.
    pub fn size(self) -> [usize; 2] {
        match self {
            Self::Marked { .. } => SMALL,
            Self::Body { .. } => BODY,
            Self::Ramp => [16, 16],
        }
    }

    /// What tells this picture from the others of its set.
    pub fn level(self) -> u16 {
        match self {
            Self::Marked { level } | Self::Body { level, .. } => level,
            Self::Ramp => 0,
        }
    }

    /// The stored value at a pixel inside.
    pub fn value(self, column: usize, row: usize) -> u16 {
        match self {
            Self::Marked { level } => marked(level, column, row),
            Self::Body { level, posterior } => body(level, posterior, column, row),
            Self::Ramp => (16 * row + column) as u16,
        }
    }

    /// Every value, row by row.
    pub(super) fn values(self) -> impl Iterator<Item = u16> {
        let [columns, rows] = self.size();
        (0..rows).flat_map(move |row| (0..columns).map(move |column| self.value(column, row)))
    }
}

fn marked(level: u16, column: usize, row: usize) -> u16 {
    let stem = (10..14).contains(&column) && (8..32).contains(&row);
    let bars = (10..24).contains(&column) && (8..12).contains(&row)
        || (10..20).contains(&column) && (18..22).contains(&row);
    match (column, row) {
        _ if stem || bars => BRIGHT,
        (0, _) => 5 * row as u16 + 5,
        (_, 0) => 6 * column as u16 + 3,
        // Differs from pixel to pixel, so that a shift by one shows as well.
        _ => level + ((3 * column + 5 * row) % 7) as u16,
    }
}

fn body(level: u16, posterior: bool, column: usize, row: usize) -> u16 {
    let within = |[left, top, right, bottom]: [usize; 4], column: usize| {
        (left..right).contains(&column) && (top..bottom).contains(&row)
    };
    let from_right = if posterior { BODY[0] - 1 - column } else { column };
    let inside = (68..188).contains(&column) && (40..984).contains(&row);
    match () {
        () if column < 8 => (row % 200) as u16 + 1,
        () if within(RIGHT_MARK, from_right) => BRIGHT,
        () if within(BLADDER_AT, column) => BLADDER,
        () if inside => level + ((3 * column + 5 * row) % 7) as u16,
        () => 0,
    }
}
