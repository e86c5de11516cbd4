//! Radiopharmaceutical Information Sequence (0054,0016): what was injected, how much, when.

use chrono::{Days, NaiveDateTime};
use dicom_dictionary_std::tags;

use crate::study::{Tracer, half_life_of};
use crate::units::{Megabecquerels, Seconds};

use super::dataset::DataSet;

/// Radionuclides of CID 18 and CID 4020 by code value, SNOMED CT and SNOMED RT.
fn by_code(value: &str) -> Option<&'static str> {
    Some(match value {
        "72454006" | "C-163A8" => "Tc-99m",
        "77004003" | "C-111A1" => "F-18",
        "2008008" | "C-131A2" => "Ga-67",
        "35337001" | "C-131A3" => "Ga-68",
        "56609000" | "C-145A4" => "In-111",
        "447553000" => "Lu-177",
        "419804008" => "Sm-153",
        "395865006" => "Re-186",
        "423578007" => "Re-188",
        "7770004" => "Sr-89",
        "24853006" => "Ra-223",
        "63360001" => "Zr-89",
        "14691008" => "Y-90",
        "C1943" => "Ho-166",
        _ => return None,
    })
}

/// Element symbols and names of the nuclides above, with their mass numbers.
const NUCLIDES: [(&str, &str, &str); 15] = [
    ("TC", "TECHNETIUM", "99M"),
    ("F", "FLUORINE", "18"),
    ("GA", "GALLIUM", "67"),
    ("GA", "GALLIUM", "68"),
    ("IN", "INDIUM", "111"),
    ("I", "IODINE", "123"),
    ("I", "IODINE", "131"),
    ("LU", "LUTETIUM", "177"),
    ("SM", "SAMARIUM", "153"),
    ("RE", "RHENIUM", "186"),
    ("RE", "RHENIUM", "188"),
    ("SR", "STRONTIUM", "89"),
    ("RA", "RADIUM", "223"),
    ("HO", "HOLMIUM", "166"),
    ("ZR", "ZIRCONIUM", "89"),
];

/// `Tc-99m` from `^99m^Technetium`, `Tc99m MDP`, `99Tc-m` …; `None` unless the text names both
/// element and mass.
fn by_text(text: &str) -> Option<String> {
    let text = text.to_uppercase();
    let mut tokens: Vec<String> = Vec::new();
    let mut kind = None;
    for c in text.chars() {
        let now = c.is_ascii_alphanumeric().then(|| c.is_ascii_digit());
        match (now, tokens.last_mut()) {
            (Some(_), Some(token)) if now == kind => token.push(c),
            (Some(_), _) => tokens.push(c.into()),
            (None, _) => {}
        }
        kind = now;
    }
    let has = |wanted: &str| tokens.iter().any(|t| t == wanted);
    NUCLIDES.iter().find_map(|&(symbol, element, mass)| {
        let digits = mass.trim_end_matches('M');
        // `99mTc` splits into 99 and MTC, `Tc-99m` into TC, 99 and M.
        let named = has(element)
            || has(symbol)
            || mass.ends_with('M') && (has(&format!("M{symbol}")) || has(&format!("M{element}")));
        (named && has(digits)).then(|| {
            let mut symbol = symbol.to_lowercase();
            symbol[..1].make_ascii_uppercase();
            format!("{symbol}-{}", mass.to_lowercase())
        })
    })
}

/// The tracer of an NM (dose in MBq) or PET (dose in Bq) object acquired at `acquired`.
pub(super) fn tracer(
    header: &DataSet,
    pet: bool,
    acquired: Option<NaiveDateTime>,
    remarks: &mut Vec<String>,
) -> Tracer {
    let Some(item) = header.item(tags::RADIOPHARMACEUTICAL_INFORMATION_SEQUENCE) else {
        let agent = header.text(tags::RADIOPHARMACEUTICAL);
        let isotope = by_text(&agent).unwrap_or_default();
        return Tracer { half_life: half_life_of(&isotope), agent, isotope, ..Tracer::default() };
    };
    let meaning = |tag| item.item(tag).map(|c| c.text(tags::CODE_MEANING)).unwrap_or_default();
    let nuclide = item.item(tags::RADIONUCLIDE_CODE_SEQUENCE);
    let mut agent = item.text(tags::RADIOPHARMACEUTICAL);
    if agent.is_empty() {
        agent = meaning(tags::RADIOPHARMACEUTICAL_CODE_SEQUENCE);
    }
    let isotope = nuclide
        .and_then(|c| by_code(&c.text(tags::CODE_VALUE)).map(str::to_owned))
        .or_else(|| by_text(&meaning(tags::RADIONUCLIDE_CODE_SEQUENCE)))
        .or_else(|| by_text(&agent))
        .unwrap_or_default();
    let injected = item.positive(tags::RADIONUCLIDE_TOTAL_DOSE, remarks).map(|dose| {
        let (megabecquerels, other) = in_megabecquerels(dose, pet);
        if other {
            remarks.push(
                "The administered activity is only plausible in the unit of the other modality \
                 (NM: MBq, PET: Bq); it was read so."
                    .into(),
            );
        }
        Megabecquerels(megabecquerels)
    });
    // The nuclide's constant stands in where the object has no attribute for it, as in NM.
    let half_life = item
        .positive(tags::RADIONUCLIDE_HALF_LIFE, remarks)
        .map(Seconds)
        .or_else(|| half_life_of(&isotope));
    Tracer { agent, isotope, injected, injected_at: injected_at(item, acquired), half_life }
}

/// PS3.3 C.8.4.10 has MBq and C.8.9.2 Bq; some scanners write the other's. A diagnostic dose lies
/// far below 100 000 MBq and far above 100 000 Bq. Whether the other unit was taken comes along.
fn in_megabecquerels(dose: f64, pet: bool) -> (f64, bool) {
    match (dose < 1e5, pet) {
        (true, false) => (dose, false),
        (false, true) => (dose / 1e6, false),
        (true, true) => (dose, true),
        (false, false) => (dose / 1e6, true),
    }
}

/// Start DateTime where given; else the Start Time on the day of the acquisition, or on the day
/// before when that would lie after it (the injection before midnight, the scan after).
fn injected_at(item: &DataSet, acquired: Option<NaiveDateTime>) -> Option<NaiveDateTime> {
    item.datetime(tags::RADIOPHARMACEUTICAL_START_DATE_TIME).or_else(|| {
        let acquired = acquired?;
        let same_day = acquired.date().and_time(item.time(tags::RADIOPHARMACEUTICAL_START_TIME)?);
        match same_day <= acquired {
            true => Some(same_day),
            false => same_day.checked_sub_days(Days::new(1)),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nuclides_are_read_as_people_write_them() {
        for text in ["Tc-99m MDP", "^99m^Technetium", "Technetium Tc99m medronate", "99mTc-HDP"] {
            assert_eq!(by_text(text).as_deref(), Some("Tc-99m"), "{text}");
        }
        assert_eq!(by_text("Fluorodeoxyglucose F^18^").as_deref(), Some("F-18"));
        assert_eq!(by_text("^68^Gallium").as_deref(), Some("Ga-68"));
        assert_eq!(by_text("MDP"), None);
        assert_eq!(by_text("Technetium"), None);
    }

    #[test]
    fn doses_end_up_in_megabecquerels() {
        assert_eq!(in_megabecquerels(740.0, false), (740.0, false));
        assert_eq!(in_megabecquerels(3.7e8, true), (370.0, false));
        assert_eq!(in_megabecquerels(7.4e8, false), (740.0, true));
        assert_eq!(in_megabecquerels(370.0, true), (370.0, true));
    }
}
