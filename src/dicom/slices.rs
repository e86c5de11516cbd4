//! Where slices lie in the patient, and whether a stack of them is one evenly spaced volume.

use dicom_core::Tag;
use dicom_dictionary_std::tags;
use euclid::{Point3D, Vector3D};

use crate::geometry::Spacing;
use crate::study::{Frame, FrameGeometry};

use super::dataset::DataSet;
use super::fault::{Fault, name};

/// How far a slice may stand from its even place, as a part of the spacing.
const UNEVEN: f64 = 0.05;
/// From here on unevenness is worth a word.
const NOTICEABLE: f64 = 0.005;

/// Directions of increasing column and of increasing row, LPS.
pub(super) type Axes = ([f64; 3], [f64; 3]);

/// Image Orientation (Patient): two unit vectors at right angles. `Ok(None)` where it is missing
/// or empty.
pub(super) fn orientation(set: &DataSet) -> Result<Option<Axes>, Fault> {
    let tag = tags::IMAGE_ORIENTATION_PATIENT;
    let Some(numbers) = set.numbers(tag)? else { return Ok(None) };
    let &[a, b, c, d, e, f] = &numbers[..] else {
        return Err(Fault::Malformed(tag, "it does not have six values"));
    };
    let (row, column) = ([a, b, c], [d, e, f]);
    let dot = |u: [f64; 3], v: [f64; 3]| u[0] * v[0] + u[1] * v[1] + u[2] * v[2];
    let unit = |v| (dot(v, v) - 1.0).abs() < 2e-3;
    match unit(row) && unit(column) && dot(row, column).abs() < 2e-3 {
        true => Ok(Some((row, column))),
        false => Err(Fault::Malformed(tag, "it is not a pair of unit vectors at right angles")),
    }
}

/// Image Position (Patient), LPS mm. `Ok(None)` where it is missing or empty.
fn position(set: &DataSet) -> Result<Option<[f64; 3]>, Fault> {
    let tag = tags::IMAGE_POSITION_PATIENT;
    let Some(numbers) = set.numbers(tag)? else { return Ok(None) };
    match numbers[..] {
        [x, y, z] if numbers.iter().all(|v| v.abs() < 1e6) => Ok(Some([x, y, z])),
        [_, _, _] => Err(Fault::Malformed(tag, "it lies a kilometre away")),
        _ => Err(Fault::Malformed(tag, "it does not have three values")),
    }
}

/// Pixel Spacing (0028,0030), row spacing first. Nothing stands in for it.
pub(super) fn spacing(set: &DataSet, remarks: &mut Vec<String>) -> Option<Spacing> {
    let found = match set.numbers(tags::PIXEL_SPACING) {
        Ok(None) => return None,
        Ok(Some(numbers)) => match numbers[..] {
            [y, x] if [x, y].iter().all(|v| (1e-3..=1e3).contains(v)) => Spacing::new(x, y),
            _ => None,
        },
        Err(_) => None,
    };
    if found.is_none() {
        remarks.push(format!(
            "{} is malformed; sizes in millimetres are unknown.",
            name(tags::PIXEL_SPACING)
        ));
    }
    found
}

/// Where a single slice lies, as its own attributes say. What is malformed is remarked.
pub(super) fn placed(
    orientation_in: &DataSet,
    position_in: &DataSet,
    remarks: &mut Vec<String>,
) -> Option<FrameGeometry> {
    let mut told = |result: Result<Option<_>, Fault>, tag: Tag| match result {
        Ok(found) => found,
        Err(_) => {
            remarks.push(format!("{} is malformed and was left out.", name(tag)));
            None
        }
    };
    let axes = told(
        orientation(orientation_in).map(|o| o.map(|(r, c)| [r, c])),
        tags::IMAGE_ORIENTATION_PATIENT,
    );
    let at = told(position(position_in).map(|p| p.map(|p| [p, p])), tags::IMAGE_POSITION_PATIENT);
    let ([row, column], [at, _]) = (axes?, at?);
    Some(FrameGeometry {
        position: Point3D::from(at),
        row_cosine: Vector3D::from(row),
        column_cosine: Vector3D::from(column),
    })
}

/// The frame itself or its shared stand-in of an enhanced multi-frame object (PS3.3 C.7.6.16).
pub(super) fn functional(header: &DataSet, frame: usize, sequence: Tag) -> Option<&DataSet> {
    let own = header.items(tags::PER_FRAME_FUNCTIONAL_GROUPS_SEQUENCE).get(frame);
    let shared = header.item(tags::SHARED_FUNCTIONAL_GROUPS_SEQUENCE);
    [own, shared].into_iter().flatten().find_map(|group| group.item(sequence))
}

/// What a stack of slices amounts to.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Stack {
    /// Distance between slices, where even.
    pub spacing: Option<f64>,
    /// Voxel `[column, row, slice]` to LPS mm, slices sorted along row × column.
    pub affine: Option<[[f64; 4]; 4]>,
}

/// Whether the frames, all of one size, are slices of one grid, and which; what speaks against it
/// is remarked.
pub(super) fn stack(frames: &[&Frame], remarks: &mut Vec<String>) -> Stack {
    let none = Stack::default();
    let mut placed: Vec<_> =
        frames.iter().filter_map(|f| f.geometry.map(|g| (along_normal(&g), g))).collect();
    let Some(&(_, first)) = placed.first() else {
        if !frames.is_empty() {
            remarks.push("The slices' place in the patient is unknown.".into());
        }
        return none;
    };
    if placed.len() < frames.len() {
        remarks.push(format!(
            "{} of {} slices do not say where they lie.",
            frames.len() - placed.len(),
            frames.len()
        ));
        return none;
    }
    let turned = |g: &FrameGeometry| {
        (g.row_cosine - first.row_cosine).length() > 2e-3
            || (g.column_cosine - first.column_cosine).length() > 2e-3
    };
    if placed.iter().any(|(_, g)| turned(g)) {
        remarks.push("The slices are not parallel.".into());
        return none;
    }
    let Some(Some(plane)) = frames.first().map(|f| f.spacing) else { return none };
    let differs = |s: Spacing| {
        (s.x() / plane.x() - 1.0).abs() > 1e-3 || (s.y() / plane.y() - 1.0).abs() > 1e-3
    };
    if frames.iter().any(|f| f.spacing.is_none_or(differs)) {
        remarks.push("The slices differ in pixel spacing.".into());
        return none;
    }
    if frames.len() < 2 {
        return none;
    }
    placed.sort_by(|(a, _), (b, _)| a.total_cmp(b));
    let last = placed.len() - 1;
    let (start, end) = (placed[0].1.position, placed[last].1.position);
    let step = (end - start) / last as f64;
    let gap = (placed[last].0 - placed[0].0) / last as f64;
    let gaps = || placed.windows(2).map(|w| w[1].0 - w[0].0);
    let smallest = gaps().fold(f64::INFINITY, f64::min);
    let largest = gaps().fold(0.0, f64::max);
    if smallest < 1e-3 {
        remarks.push("Several slices lie at the same place; they are not one volume.".into());
        return none;
    }
    let off = placed
        .iter()
        .enumerate()
        .map(|(k, (_, g))| (g.position - (start + step * k as f64)).length())
        .fold(0.0, f64::max);
    if off > UNEVEN * gap {
        remarks.push(format!(
            "The slices are not evenly spaced: the gaps run from {smallest:.2} to {largest:.2} mm."
        ));
        return none;
    }
    if off > NOTICEABLE * gap && largest - smallest > NOTICEABLE * gap {
        remarks.push(format!(
            "The gaps between slices run from {smallest:.2} to {largest:.2} mm; their mean of \
             {gap:.3} mm was used."
        ));
    }
    let normal = first.row_cosine.cross(first.column_cosine);
    if (step - normal * step.dot(normal)).length() > 0.01 * gap {
        remarks.push("The slices are sheared against each other (gantry tilt).".into());
    }
    let (r, c) = (first.row_cosine * plane.x(), first.column_cosine * plane.y());
    let affine = [
        [r.x, c.x, step.x, start.x],
        [r.y, c.y, step.y, start.y],
        [r.z, c.z, step.z, start.z],
        [0.0, 0.0, 0.0, 1.0],
    ];
    Stack { spacing: Some(gap), affine: Some(affine) }
}

/// A slice's distance from the origin along row × column, mm.
pub(super) fn along_normal(geometry: &FrameGeometry) -> f64 {
    geometry.position.to_vector().dot(geometry.row_cosine.cross(geometry.column_cosine))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use ndarray::Array2;

    use crate::study::{Address, FrameSource, Laterality, Pixels, Values, ViewLabel};

    use super::*;

    fn slice(z: f64) -> Frame {
        Frame {
            values: Values::counts(Pixels::U8(Array2::zeros((2, 2)))),
            spacing: Spacing::new(4.0, 5.0),
            view: ViewLabel::default(),
            laterality: Laterality::default(),
            address: Address::default(),
            duration: None,
            geometry: Some(FrameGeometry {
                position: Point3D::new(-10.0, -20.0, z),
                row_cosine: Vector3D::new(1.0, 0.0, 0.0),
                column_cosine: Vector3D::new(0.0, 1.0, 0.0),
            }),
            source: FrameSource {
                sop_class: Arc::from(""),
                sop_instance: Arc::from(""),
                number: 1,
            },
        }
    }

    #[test]
    fn the_third_axis_follows_the_normal_whatever_the_order() {
        let mut remarks = Vec::new();
        let frames = [9.0, 3.0, 6.0, 0.0].map(slice);
        let stack = stack(&frames.each_ref(), &mut remarks);
        assert_eq!(stack.spacing, Some(3.0));
        let expected = [
            [4.0, 0.0, 0.0, -10.0],
            [0.0, 5.0, 0.0, -20.0],
            [0.0, 0.0, 3.0, 0.0],
            [0.0, 0.0, 0.0, 1.0],
        ];
        assert_eq!(stack.affine, Some(expected));
        assert!(remarks.is_empty(), "{remarks:?}");
    }

    #[test]
    fn uneven_or_shared_places_make_no_volume() {
        for places in [[0.0, 4.0, 8.0, 16.0], [0.0, 4.0, 4.0, 8.0]] {
            let mut remarks = Vec::new();
            let frames = places.map(slice);
            assert_eq!(stack(&frames.each_ref(), &mut remarks), Stack::default());
            assert_eq!(remarks.len(), 1);
        }
        let mut remarks = Vec::new();
        let frames = [0.0, 4.001, 8.0, 12.001].map(slice);
        assert!(stack(&frames.each_ref(), &mut remarks).affine.is_some());
        assert!(remarks.is_empty());
    }
}
