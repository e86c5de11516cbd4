//! What stored values mean: the unit, and the line from stored to real-world values.

use dicom_dictionary_std::tags;

use crate::study::{Frame, Rescale, SeriesKind, Unit};

use super::dataset::DataSet;
use super::fault::Fault;
use super::slices::functional;

/// How to read the values of one object.
pub(super) struct Meaning {
    pub unit: Unit,
    base: Rescale,
    /// Counts Accumulated (0018,0070) of an NM image.
    pub counts_said: Option<f64>,
}

impl Meaning {
    pub fn of(
        header: &DataSet,
        kind: SeriesKind,
        remarks: &mut Vec<String>,
    ) -> Result<Self, Fault> {
        let base = header.rescale(matches!(kind, SeriesKind::Pet | SeriesKind::Ct), remarks)?;
        if !header.items(tags::MODALITY_LUT_SEQUENCE).is_empty() {
            remarks.push("A Modality LUT is not applied: the values are the stored ones.".into());
        }
        let mut meaning = Self { unit: Unit::Unknown, base, counts_said: None };
        match kind {
            SeriesKind::Pet => meaning.unit = pet_unit(&header.code(tags::UNITS), remarks),
            SeriesKind::Ct => meaning.unit = ct_unit(&header.code(tags::RESCALE_TYPE), remarks),
            SeriesKind::Static => meaning.nuclear(header, remarks)?,
            _ => {}
        }
        Ok(meaning)
    }

    /// NM has no Modality LUT in its IOD. A Real World Value Mapping states its unit and is
    /// applied; a bare slope does not, so it leaves only a number proportional to counts.
    fn nuclear(&mut self, header: &DataSet, remarks: &mut Vec<String>) -> Result<(), Fault> {
        self.counts_said = header.fact(tags::COUNTS_ACCUMULATED, remarks).filter(|&n| n > 0.0);
        if let Some((rescale, unit)) = mapping(header, remarks)? {
            (self.base, self.unit) = (rescale, unit);
        } else if self.base == Rescale::IDENTITY {
            self.unit = Unit::Counts;
        } else {
            self.unit = match self.base.intercept == 0.0 {
                true => Unit::ProportionalToCounts,
                false => Unit::Unknown,
            };
            remarks.push(
                "The file rescales its values without naming their unit, so they are not counts."
                    .into(),
            );
        }
        Ok(())
    }

    /// The rescale of one frame: its functional group's where the object is an enhanced one.
    pub fn rescale(&self, header: &DataSet, frame: usize) -> Result<Rescale, Fault> {
        match functional(header, frame, tags::PIXEL_VALUE_TRANSFORMATION_SEQUENCE) {
            Some(group) => group.rescale(false, &mut Vec::new()),
            None => Ok(self.base),
        }
    }
}

/// Units (0054,1001), PS3.3 C.8.9.1.1.3.
fn pet_unit(code: &str, remarks: &mut Vec<String>) -> Unit {
    match code {
        "BQML" => Unit::BecquerelsPerMl,
        "CNTS" => Unit::Counts,
        "CPS" => Unit::CountsPerSecond,
        "GML" => Unit::GramsPerMl,
        "PROPCNTS" => Unit::ProportionalToCounts,
        "CM2ML" => Unit::Stated("cm2/ml".into()),
        "PCNT" => Unit::Stated("%".into()),
        "" | "NONE" => {
            remarks.push("Units (0054,1001) do not say what the values are.".into());
            Unit::Unknown
        }
        other => Unit::Stated(other.into()),
    }
}

/// Rescale Type (0028,1054). Absent it means Hounsfield units in a CT image (PS3.3 C.8.2.1.1.2).
fn ct_unit(code: &str, remarks: &mut Vec<String>) -> Unit {
    match code {
        "" | "HU" => Unit::Hounsfield,
        "US" => {
            remarks.push("Rescale Type (0028,1054) leaves the unit unspecified.".into());
            Unit::Unknown
        }
        other => Unit::Stated(other.into()),
    }
}

/// Real World Value Mapping (PS3.3 C.7.6.16.2.11): linear, with a UCUM unit.
fn mapping(header: &DataSet, remarks: &mut Vec<String>) -> Result<Option<(Rescale, Unit)>, Fault> {
    let mapped = functional(header, 0, tags::REAL_WORLD_VALUE_MAPPING_SEQUENCE);
    let Some(item) = header.item(tags::REAL_WORLD_VALUE_MAPPING_SEQUENCE).or(mapped) else {
        return Ok(None);
    };
    let Some(slope) = item.number(tags::REAL_WORLD_VALUE_SLOPE)? else {
        remarks.push("A Real World Value Mapping by table is not applied.".into());
        return Ok(None);
    };
    if header.items(tags::REAL_WORLD_VALUE_MAPPING_SEQUENCE).len() > 1 {
        remarks.push("Of several Real World Value Mappings the first was used.".into());
    }
    let intercept = item.number(tags::REAL_WORLD_VALUE_INTERCEPT)?.unwrap_or(0.0);
    if slope == 0.0 || slope.abs() > 1e20 || intercept.abs() > 1e20 {
        return Err(Fault::Malformed(
            tags::REAL_WORLD_VALUE_SLOPE,
            "no scanner writes such a number",
        ));
    }
    let code = item.item(tags::MEASUREMENT_UNITS_CODE_SEQUENCE);
    let unit = match code.map(|c| c.text(tags::CODE_VALUE)).unwrap_or_default().as_str() {
        "Bq/ml" => Unit::BecquerelsPerMl,
        "{counts}" => Unit::Counts,
        "{counts}/s" => Unit::CountsPerSecond,
        "{propcounts}" => Unit::ProportionalToCounts,
        "g/ml" | "g/ml{SUVbw}" => Unit::GramsPerMl,
        "" => Unit::Unknown,
        other => Unit::Stated(other.into()),
    };
    Ok(Some((Rescale { slope, intercept }, unit)))
}

/// Whether the file says that the values are no longer as detected: derived, reconstructed, or
/// corrected by a step that scales or mixes pixels (PS3.3 C.8.4.9.1.2 lists the steps).
pub(super) fn processed(header: &DataSet, kind: SeriesKind) -> bool {
    const BREAKING: [&str; 7] = ["ATTN", "SCAT", "DECY", "DTIM", "MOTN", "PMOT", "CLN"];
    let derived = header.texts(tags::IMAGE_TYPE).first().is_some_and(|t| t == "DERIVED");
    let corrected = header.texts(tags::CORRECTED_IMAGE);
    derived || kind.volume() || corrected.iter().any(|c| BREAKING.contains(&c.as_str()))
}

/// Counts Accumulated settles what Image Type and SOP class leave open: where the pixels still sum
/// up to it, they are the counts as detected, whatever container they went through.
pub(super) fn settle_counts(
    class: &str,
    meaning: &Meaning,
    stored_total: f64,
    kind: SeriesKind,
    frames: &mut [Frame],
    remarks: &mut Vec<String>,
) {
    use dicom_dictionary_std::uids::NUCLEAR_MEDICINE_IMAGE_STORAGE;
    if !kind.planar() || meaning.unit != Unit::Counts || meaning.base != Rescale::IDENTITY {
        return;
    }
    let foreign = !matches!(class, NUCLEAR_MEDICINE_IMAGE_STORAGE | "1.2.840.10008.5.1.4.1.1.5");
    let proven = meaning.counts_said == Some(stored_total);
    let derived = frames.iter().any(|f| f.values.processed);
    if proven && (foreign || derived) {
        remarks.push(
            "The pixels sum up to Counts Accumulated (0018,0070): they are the counts as detected."
                .into(),
        );
        frames.iter_mut().for_each(|f| f.values.processed = false);
    } else if foreign {
        remarks.push(
            "Not stored as a nuclear medicine image, and nothing shows that the values are still \
             counts: their unit is unknown."
                .into(),
        );
        frames.iter_mut().for_each(|f| f.values.unit = Unit::Unknown);
    }
}
