//! Bone against soft tissue, where both lie side by side: the thigh.

use crate::geometry::Outline;

use super::figure::{Figure, median};

/// Between groin and knee: parts of the length from the vertex down.
const THIGH: (f64, f64) = (0.54, 0.62);
/// A leg lies between these distances from the middle, mm.
const LEG: (f64, f64) = (20.0, 190.0);
/// Rows that are averaged, mm: a shaft is straight for so long.
const BLOCK: f64 = 30.0;
/// Half the shaft's width, mm.
const SHAFT: f64 = 5.0;
/// Soft tissue is taken between these distances from the shaft's middle, mm.
const SOFT: (f64, f64) = (22.0, 36.0);
/// Fewer counts than this in the soft tissue of a block say nothing.
const FEWEST: f64 = 50.0;

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Contrast {
    /// Mean of the femoral shaft over mean of the thigh beside it.
    pub ratio: f64,
    pub outline: Outline,
}

/// The median over blocks of both thighs; `None` where no thigh shows a shaft with tissue on both
/// sides.
pub(super) fn bone_to_soft_tissue(figure: &Figure) -> Option<Contrast> {
    let rows = figure.band(THIGH.0, THIGH.1);
    let middle = figure.middle(rows.clone())?;
    let step = (figure.rows_in(BLOCK).round() as usize).max(1);
    let mut ratios = Vec::new();
    let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
    for side in [-1.0, 1.0] {
        let ends = [LEG.0, LEG.1].map(|mm| middle + side * figure.columns_in(mm));
        let columns = ends[0].min(ends[1]).max(0.0) as usize
            ..(ends[0].max(ends[1]).max(0.0) as usize).min(figure.columns);
        for first in rows.clone().step_by(step) {
            let block = first..(first + step).min(rows.end);
            if let Some((ratio, column)) = block_ratio(figure, columns.clone(), block) {
                ratios.push(ratio);
                low = low.min(column - figure.columns_in(SOFT.1));
                high = high.max(column + figure.columns_in(SOFT.1));
            }
        }
    }
    let ratio = median(&mut ratios)?;
    let outline = Outline::Rectangle {
        min: [low, rows.start as f64 - 0.5],
        max: [high, rows.end as f64 - 0.5],
    };
    Some(Contrast { ratio, outline })
}

/// Shaft over soft tissue in one block of rows, and the shaft's column.
fn block_ratio(
    figure: &Figure,
    columns: std::ops::Range<usize>,
    rows: std::ops::Range<usize>,
) -> Option<(f64, f64)> {
    let profile: Vec<Option<f64>> = columns
        .clone()
        .map(|column| {
            let on_body = rows.clone().all(|row| figure.on_body(column, row));
            on_body.then(|| rows.clone().map(|row| figure.at(column, row)).sum::<f64>())
        })
        .collect();
    let mean = |from: f64, to: f64| {
        let (from, to) = (from.ceil().max(0.0) as usize, (to.floor() + 1.0).max(0.0) as usize);
        let part = profile.get(from..to.min(profile.len()))?;
        let sum = part.iter().copied().sum::<Option<f64>>()?;
        (!part.is_empty()).then(|| sum / part.len() as f64)
    };
    let (shaft, near, far) =
        (figure.columns_in(SHAFT), figure.columns_in(SOFT.0), figure.columns_in(SOFT.1));
    // A shaft has tissue on both sides of it, so hands beside the thigh are none.
    let found = (0..profile.len()).filter_map(|i| {
        let at = i as f64;
        let bone = mean(at - shaft, at + shaft)?;
        let (left, right) = (mean(at - far, at - near)?, mean(at + near, at + far)?);
        (at >= far).then_some((bone, 0.5 * (left + right), at))
    });
    let (bone, soft, at) = found.max_by(|a, b| a.0.total_cmp(&b.0))?;
    let pixels = (2.0 * (far - near)).max(1.0);
    (soft * pixels >= FEWEST).then(|| (bone / soft, at + columns.start as f64))
}
