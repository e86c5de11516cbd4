//! Bladder and injection site: places that hold counts and are no bone.

use std::ops::Range;

use crate::geometry::Outline;

use super::figure::Figure;

/// A spot reaches as far as half of its height above the body, and is measured with so much
/// around it, mm, into which the camera smears it.
const SMEAR: f64 = 14.0;
/// What lies this far beyond tells what the body would hold there, mm.
const RING: f64 = 12.0;
/// The picture is averaged over so much, mm, before its highest place is sought.
const SMOOTH: f64 = 6.0;

/// The bladder lies between these heights (parts of the length from the vertex down; a foot that
/// points makes the patient longer) and within so much of the middle, mm.
const BLADDER: (f64, f64) = (0.41, 0.54);
const BLADDER_ASIDE: f64 = 55.0;
/// It stands out when it reaches this many times the body's median.
const BLADDER_HEIGHT: f64 = 2.0;
/// No bladder is larger, mm; the spine is.
const BLADDER_SIZE: f64 = 180.0;

/// Elbows, forearms and hands lie between these heights and beyond this part of the length from
/// the middle.
const ARMS: (f64, f64) = (0.24, 0.60);
const ARMS_ASIDE: f64 = 0.10;
/// An injection site reaches this many times the body's median; joints of an arm do not.
const SITE_HEIGHT: f64 = 6.0;
/// No more than this many spots are looked for: the needle, a vein, a second try, the other arm.
const SITES: usize = 4;

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Spot {
    /// Above what the body around holds, over all of the view.
    pub fraction: f64,
    pub outline: Outline,
}

/// What stands out in the middle of the pelvis.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Pelvis {
    Nothing,
    Bladder(Spot),
    /// Something hot that hangs together with bone, so that no bladder can be told from it.
    Merged,
}

/// The bladder, as a camera in front of the patient sees it.
pub(super) fn bladder(figure: &Figure) -> Pelvis {
    let rows = figure.band(BLADDER.0, BLADDER.1);
    let Some(middle) = figure.middle(rows.clone()) else { return Pelvis::Nothing };
    let aside = figure.columns_in(BLADDER_ASIDE);
    let columns = between(middle - aside, middle + aside, figure.columns);
    let taken = vec![false; figure.values.len()];
    let floor = BLADDER_HEIGHT * figure.level;
    let Some(area) = grown(figure, columns, rows.clone(), floor, &taken) else {
        return Pelvis::Nothing;
    };
    let (low, high) = (area.low, area.high);
    let height = (high[1] - low[1]) as f64 * figure.spacing.y();
    let width = (high[0] - low[0]) as f64 * figure.spacing.x();
    // What runs out of the pelvis is the spine.
    if height.max(width) > BLADDER_SIZE || low[1] < rows.start || high[1] >= rows.end {
        return Pelvis::Merged;
    }
    area.spot(figure).map_or(Pelvis::Nothing, Pelvis::Bladder)
}

/// Injection sites in both arms, together; the outline is that of the largest.
pub(super) fn injection_site(figure: &Figure) -> Option<Spot> {
    let rows = figure.band(ARMS.0, ARMS.1);
    let middle = figure.middle(rows.clone())?;
    let aside = figure.columns_in(ARMS_ASIDE * figure.length());
    let sides = [
        between(0.0, middle - aside, figure.columns),
        between(middle + aside, figure.columns as f64, figure.columns),
    ];
    let mut taken = vec![false; figure.values.len()];
    let mut all: Option<Spot> = None;
    let mut largest = 0.0;
    for side in sides {
        for _ in 0..SITES {
            let floor = SITE_HEIGHT * figure.level;
            let Some(area) = grown(figure, side.clone(), rows.clone(), floor, &taken) else {
                break;
            };
            area.pixels.iter().for_each(|&i| taken[i] = true);
            let Some(spot) = area.spot(figure) else { continue };
            let fraction = all.as_ref().map_or(0.0, |s| s.fraction) + spot.fraction;
            let outline = match &all {
                Some(before) if spot.fraction <= largest => before.outline.clone(),
                _ => spot.outline,
            };
            largest = f64::max(largest, spot.fraction);
            all = Some(Spot { fraction, outline });
        }
    }
    all
}

fn between(from: f64, to: f64, size: usize) -> Range<usize> {
    let whole = |v: f64| (v.max(0.0).round() as usize).min(size);
    whole(from)..whole(to)
}

/// Pixels that hang together above half height, with what the camera smears around them.
struct Area {
    /// Everything measured, as places in `Figure::values`.
    pixels: Vec<usize>,
    /// What lies around it.
    ring: Vec<usize>,
    /// First and last column and row above half height.
    low: [usize; 2],
    high: [usize; 2],
}

impl Area {
    fn spot(&self, figure: &Figure) -> Option<Spot> {
        let sum = |places: &[usize]| places.iter().map(|&i| figure.values[i]).sum::<f64>();
        if self.ring.is_empty() || figure.total <= 0.0 {
            return None;
        }
        let around = sum(&self.ring) / self.ring.len() as f64;
        let counts = sum(&self.pixels) - around * self.pixels.len() as f64;
        let (x, y) = (figure.columns_in(SMEAR), figure.rows_in(SMEAR));
        let at = |axis: usize, places: [usize; 2]| places[axis] as f64;
        let center = [0, 1].map(|axis| 0.5 * (at(axis, self.low) + at(axis, self.high)));
        let half = [0, 1].map(|axis| 0.5 * (at(axis, self.high) - at(axis, self.low) + 1.0));
        let radii = [half[0] + x, half[1] + y];
        Some(Spot {
            fraction: (counts / figure.total).max(0.0),
            outline: Outline::Ellipse { center, radii, angle_deg: 0.0 },
        })
    }
}

/// The area around the highest place within some columns and rows that is not taken yet, if it
/// reaches `floor`.
fn grown(
    figure: &Figure,
    columns: Range<usize>,
    rows: Range<usize>,
    floor: f64,
    taken: &[bool],
) -> Option<Area> {
    let (rx, ry) = (figure.columns_in(SMOOTH) as usize, figure.rows_in(SMOOTH) as usize);
    let smooth = |column: usize, row: usize| {
        let (xs, ys) = (
            column.saturating_sub(rx)..(column + rx + 1).min(figure.columns),
            row.saturating_sub(ry)..(row + ry + 1).min(figure.rows),
        );
        let n = (xs.len() * ys.len()) as f64;
        let xs = &xs;
        ys.flat_map(|y| xs.clone().map(move |x| figure.at(x, y))).sum::<f64>() / n
    };
    let place = |column: usize, row: usize| row * figure.columns + column;
    let (mut peak, mut top) = (None, floor);
    for row in rows {
        for column in columns.clone().filter(|&column| !taken[place(column, row)]) {
            let value = smooth(column, row);
            if value >= top {
                (peak, top) = (Some((column, row)), value);
            }
        }
    }
    let peak = peak?;
    let half = 0.5 * (top + figure.level);
    let mut seen = vec![false; figure.values.len()];
    seen[place(peak.0, peak.1)] = true;
    let (mut open, mut core) = (vec![peak], Vec::new());
    let (mut low, mut high) = ([peak.0, peak.1], [peak.0, peak.1]);
    while let Some((x, y)) = open.pop() {
        core.push((x, y));
        (low, high) = ([low[0].min(x), low[1].min(y)], [high[0].max(x), high[1].max(y)]);
        let next = [(x.wrapping_sub(1), y), (x + 1, y), (x, y.wrapping_sub(1)), (x, y + 1)];
        for (x, y) in next {
            let inside = x < figure.columns && y < figure.rows;
            if inside && !seen[place(x, y)] && smooth(x, y) >= half {
                seen[place(x, y)] = true;
                open.push((x, y));
            }
        }
    }
    let within = |mm: f64, column: usize, row: usize| {
        let near = |&(x, y): &(usize, usize)| {
            let dx = (x as f64 - column as f64) * figure.spacing.x();
            let dy = (y as f64 - row as f64) * figure.spacing.y();
            dx * dx + dy * dy <= mm * mm
        };
        core.iter().any(near)
    };
    let reach = (figure.columns_in(SMEAR + RING) as usize, figure.rows_in(SMEAR + RING) as usize);
    let (mut pixels, mut ring) = (Vec::new(), Vec::new());
    for row in low[1].saturating_sub(reach.1)..(high[1] + reach.1 + 1).min(figure.rows) {
        for column in low[0].saturating_sub(reach.0)..(high[0] + reach.0 + 1).min(figure.columns) {
            // What another spot holds already is counted once.
            if taken[place(column, row)] {
                continue;
            }
            if within(SMEAR, column, row) {
                pixels.push(place(column, row));
            } else if within(SMEAR + RING, column, row) {
                ring.push(place(column, row));
            }
        }
    }
    Some(Area { pixels, ring, low, high })
}
