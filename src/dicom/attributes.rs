//! Typed getters. Only here may a missing attribute get a default, and each default says why.

use chrono::{Datelike, NaiveDate, NaiveDateTime, NaiveTime};
use dicom_core::{Tag, VR};
use dicom_dictionary_std::tags;

use crate::study::{Rescale, Uid};

use super::charset::clean;
use super::dataset::{DataSet, Value};
use super::fault::{Fault, name};
use super::walk::dictionary_vr;

/// Numbers so large or small can only be mistakes; arithmetic with them would overflow.
const PLAUSIBLE: std::ops::RangeInclusive<f64> = 1e-20..=1e20;

impl DataSet {
    /// A text value as it may be shown; empty where it is missing.
    pub fn text(&self, tag: Tag) -> String {
        self.bytes(tag).map(|b| self.charset.decode(b)).unwrap_or_default()
    }

    /// The parts of a text value between backslashes.
    pub fn texts(&self, tag: Tag) -> Vec<String> {
        let text = self.text(tag);
        match text.is_empty() {
            true => Vec::new(),
            false => text.split('\\').map(|t| t.trim().to_owned()).collect(),
        }
    }

    /// A code string, in capitals.
    pub fn code(&self, tag: Tag) -> String {
        self.text(tag).to_uppercase()
    }

    /// A UID, or whatever stands in its place, printable and at most 64 characters as PS3.5 9.1
    /// allows.
    pub fn uid(&self, tag: Tag) -> Option<Uid> {
        let text = self.bytes(tag).map(|b| String::from_utf8_lossy(b).into_owned())?;
        let text: String = clean(&text).chars().take(64).collect();
        (!text.is_empty()).then(|| text.into())
    }

    /// All numbers of a DS, IS or binary attribute. `Ok(None)` where it is missing or empty.
    pub fn numbers(&self, tag: Tag) -> Result<Option<Vec<f64>>, Fault> {
        let Some(element) = self.get(tag) else { return Ok(None) };
        let Value::Bytes(bytes) = &element.value else {
            return Err(Fault::Malformed(tag, "it does not hold numbers"));
        };
        let vr = match element.vr {
            VR::UN | VR::OB | VR::OW => dictionary_vr(tag),
            vr => vr,
        };
        let big = element.big_endian;
        let numbers: Vec<f64> = match vr {
            VR::US | VR::OW => binary::<2>(tag, bytes, big, |b| u16::from_le_bytes(b).into())?,
            VR::SS => binary::<2>(tag, bytes, big, |b| i16::from_le_bytes(b).into())?,
            VR::UL => binary::<4>(tag, bytes, big, |b| u32::from_le_bytes(b).into())?,
            VR::SL => binary::<4>(tag, bytes, big, |b| i32::from_le_bytes(b).into())?,
            VR::FL => binary::<4>(tag, bytes, big, |b| f32::from_le_bytes(b).into())?,
            VR::FD => binary::<8>(tag, bytes, big, f64::from_le_bytes)?,
            VR::DS | VR::IS => decimals(tag, bytes)?,
            _ => return Err(Fault::Malformed(tag, "it does not hold numbers")),
        };
        match numbers.iter().all(|n| n.is_finite()) {
            true => Ok((!numbers.is_empty()).then_some(numbers)),
            false => Err(Fault::Malformed(tag, "it is not a finite number")),
        }
    }

    /// One number. `Ok(None)` where it is missing or empty.
    pub fn number(&self, tag: Tag) -> Result<Option<f64>, Fault> {
        match self.numbers(tag)?.as_deref() {
            None => Ok(None),
            Some([number]) => Ok(Some(*number)),
            Some(_) => Err(Fault::Malformed(tag, "it has more than one value")),
        }
    }

    /// One whole number. `Ok(None)` where it is missing or empty.
    pub fn whole(&self, tag: Tag) -> Result<Option<i64>, Fault> {
        match self.number(tag)? {
            Some(n) if n.fract() != 0.0 || n.abs() > 9e15 => {
                Err(Fault::Malformed(tag, "it is not a whole number"))
            }
            n => Ok(n.map(|n| n as i64)),
        }
    }

    /// A number that is only told on: malformed counts as missing, with a remark.
    pub fn fact(&self, tag: Tag, remarks: &mut Vec<String>) -> Option<f64> {
        match self.number(tag) {
            Ok(number) => number,
            Err(_) => {
                remarks.push(format!("{} is malformed and was left out.", name(tag)));
                None
            }
        }
    }

    /// A physical quantity that can only be positive.
    pub fn positive(&self, tag: Tag, remarks: &mut Vec<String>) -> Option<f64> {
        let number = self.fact(tag, remarks)?;
        if !PLAUSIBLE.contains(&number) {
            remarks.push(format!("{} is not a positive number; it was left out.", name(tag)));
            return None;
        }
        Some(number)
    }

    /// Unsigned 16-bit values, as NM vectors are; only the whole ones.
    pub fn shorts(&self, tag: Tag) -> Option<Vec<u16>> {
        let numbers = self.numbers(tag).ok()??;
        Some(numbers.iter().map(|&n| n.clamp(0.0, 65535.0) as u16).collect())
    }

    /// The tags an AT attribute names; `None` where it is missing, empty or cut.
    pub fn tags_named(&self, tag: Tag) -> Option<Vec<Tag>> {
        let element = self.get(tag)?;
        let bytes = self.bytes(tag)?;
        let (pairs, rest) = bytes.as_chunks::<4>();
        let word = |b: [u8; 2]| {
            if element.big_endian { u16::from_be_bytes(b) } else { u16::from_le_bytes(b) }
        };
        (!pairs.is_empty() && rest.is_empty())
            .then(|| pairs.iter().map(|&[a, b, c, d]| Tag(word([a, b]), word([c, d]))).collect())
    }

    /// A calendar date: `YYYYMMDD`, or ACR-NEMA's `YYYY.MM.DD`.
    pub fn date(&self, tag: Tag) -> Option<NaiveDate> {
        date_of(&self.text(tag))
    }

    pub fn time(&self, tag: Tag) -> Option<NaiveTime> {
        time_of(&self.text(tag))
    }

    /// A date attribute joined with its time; midnight is never assumed for a missing time.
    pub fn moment(&self, date: Tag, time: Tag) -> Option<NaiveDateTime> {
        Some(self.date(date)?.and_time(self.time(time)?))
    }

    /// A DT value; its offset from UTC is left out, as scanners' local times are.
    pub fn datetime(&self, tag: Tag) -> Option<NaiveDateTime> {
        let text = self.text(tag);
        let local = text.split(['+', '-']).next()?;
        let (date, time) = local.split_at_checked(8)?;
        Some(date_of(date)?.and_time(time_of(time)?))
    }

    /// A private element, found through its creator as PS3.5 7.8.1 demands.
    pub fn private(&self, group: u16, creator: &str, element: u8) -> Option<Tag> {
        let block = (0x10..=0xFF).find(|&b| self.text(Tag(group, b)) == creator)?;
        let tag = Tag(group, block << 8 | u16::from(element));
        self.has(tag).then_some(tag)
    }

    /// Rescale Slope and Intercept. Where the slope is missing or empty, stored values are the
    /// values (PS3.3 C.11.1: the Modality LUT is then an identity); PET images must state it
    /// (C.8.9.4), so there `required` brings a remark. A malformed one is an error, never 1.
    pub fn rescale(&self, required: bool, remarks: &mut Vec<String>) -> Result<Rescale, Fault> {
        let slope = self.number(tags::RESCALE_SLOPE)?;
        let intercept = self.number(tags::RESCALE_INTERCEPT)?.unwrap_or(0.0);
        if slope.is_none() && (required || self.has(tags::RESCALE_SLOPE)) {
            remarks.push("Rescale Slope (0028,1053) is missing; 1 was used.".into());
        }
        let slope = slope.unwrap_or(1.0);
        if !PLAUSIBLE.contains(&slope.abs()) {
            return Err(Fault::Malformed(tags::RESCALE_SLOPE, "no scanner writes such a number"));
        }
        if intercept != 0.0 && !PLAUSIBLE.contains(&intercept.abs()) {
            return Err(Fault::Malformed(
                tags::RESCALE_INTERCEPT,
                "no scanner writes such a number",
            ));
        }
        Ok(Rescale { slope, intercept })
    }

    /// Patient's Weight, kg. Zero is how some systems write "unknown"; what no patient weighs is
    /// left out with a remark, because a dose per weight would be computed from it.
    pub fn weight_kg(&self, remarks: &mut Vec<String>) -> Option<f64> {
        match self.fact(tags::PATIENT_WEIGHT, remarks)? {
            0.0 => None,
            kg if (0.2..=650.0).contains(&kg) => Some(kg),
            _ => {
                remarks.push("Patient's Weight (0010,1030) is impossible; it was left out.".into());
                None
            }
        }
    }

    /// Patient's Size, m. Numbers that only make sense as centimetres are read so, with a remark.
    pub fn height_m(&self, remarks: &mut Vec<String>) -> Option<f64> {
        match self.fact(tags::PATIENT_SIZE, remarks)? {
            0.0 => None,
            m if (0.2..=2.6).contains(&m) => Some(m),
            cm if (100.0..=260.0).contains(&cm) => {
                remarks.push("Patient's Size (0010,1020) was read as centimetres.".into());
                Some(cm / 100.0)
            }
            _ => {
                remarks.push("Patient's Size (0010,1020) is impossible; it was left out.".into());
                None
            }
        }
    }

    /// Number of Frames; an image without it has one (PS3.3 C.7.6.6 makes it multi-frame only).
    pub fn frame_count(&self) -> Result<usize, Fault> {
        match self.whole(tags::NUMBER_OF_FRAMES)? {
            None => Ok(1),
            Some(n) if n < 1 => Err(Fault::Malformed(tags::NUMBER_OF_FRAMES, "it is below 1")),
            Some(n) => usize::try_from(n)
                .map_err(|_| Fault::Malformed(tags::NUMBER_OF_FRAMES, "it is too large")),
        }
    }

    /// A 16-bit attribute that nothing can stand in for. A second value is ignored.
    pub fn required(&self, tag: Tag) -> Result<u16, Fault> {
        let numbers = self.numbers(tag)?.ok_or(Fault::Missing(tag))?;
        let n = numbers[0];
        match n.fract() == 0.0 && (0.0..=65535.0).contains(&n) {
            true => Ok(n as u16),
            false => Err(Fault::Malformed(tag, "it is not a whole number up to 65535")),
        }
    }

    /// A 16-bit attribute of the pixel description with the value it has in nearly every image
    /// (one unsigned sample that fills its bits, PS3.5 8.1.1); its use is remarked.
    pub fn usual(&self, tag: Tag, value: u16, remarks: &mut Vec<String>) -> Result<u16, Fault> {
        match self.required(tag) {
            Err(Fault::Missing(_)) => {
                remarks.push(format!("{} is missing; {value} was used.", name(tag)));
                Ok(value)
            }
            found => found,
        }
    }
}

fn binary<const N: usize>(
    tag: Tag,
    bytes: &[u8],
    big_endian: bool,
    number: impl Fn([u8; N]) -> f64,
) -> Result<Vec<f64>, Fault> {
    let (whole, rest) = bytes.as_chunks::<N>();
    if !rest.is_empty() {
        return Err(Fault::Malformed(tag, "its length does not fit its type"));
    }
    let value = |&chunk: &[u8; N]| {
        let mut chunk = chunk;
        if big_endian {
            chunk.reverse();
        }
        number(chunk)
    };
    Ok(whole.iter().map(value).collect())
}

/// DS and IS (PS3.5 6.2): decimal numbers between backslashes, padded with spaces or NULs.
fn decimals(tag: Tag, bytes: &[u8]) -> Result<Vec<f64>, Fault> {
    let text = std::str::from_utf8(bytes).map_err(|_| Fault::Malformed(tag, "it is not text"))?;
    let text = text.trim_matches([' ', '\0']);
    if text.is_empty() {
        return Ok(Vec::new());
    }
    let number = |part: &str| {
        let part = part.trim_matches([' ', '\0']);
        let plain =
            part.bytes().all(|b| matches!(b, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E'));
        part.parse().ok().filter(|_| plain)
    };
    text.split('\\')
        .map(number)
        .collect::<Option<_>>()
        .ok_or(Fault::Malformed(tag, "it is not a number"))
}

fn date_of(text: &str) -> Option<NaiveDate> {
    let digits: String = text.chars().filter(|c| *c != '.').collect();
    if digits.len() != 8 || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    NaiveDate::parse_from_str(&digits, "%Y%m%d").ok().filter(|date| date.year() > 1800)
}

/// `HHMMSS.FFFFFF` or a beginning of it (PS3.5 6.2), or ACR-NEMA's with colons.
fn time_of(text: &str) -> Option<NaiveTime> {
    let text: String = text.chars().filter(|c| *c != ':').collect();
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
    if !digits(whole) || !digits(fraction) || !matches!(whole.len(), 2 | 4 | 6) {
        return None;
    }
    let two = |i: usize| whole.get(i..i + 2).map_or(Some(0), |t| t.parse::<u32>().ok());
    let micro = format!("{fraction:0<6}").get(..6)?.parse().ok()?;
    // A leap second counts as the second before it.
    let second = match two(4)? {
        60 => 59,
        second => second,
    };
    NaiveTime::from_hms_micro_opt(two(0)?, two(2)?, second, micro)
}

#[cfg(test)]
mod tests {
    use super::super::dataset::Element;
    use super::*;

    fn with(tag: Tag, vr: VR, value: &[u8]) -> DataSet {
        let mut set = DataSet::default();
        let value = Value::Bytes(value.into());
        set.elements.insert(tag, Element { vr, big_endian: false, value });
        set
    }

    #[test]
    fn a_missing_slope_is_one_and_a_malformed_slope_an_error() {
        let mut remarks = Vec::new();
        let none = DataSet::default().rescale(true, &mut remarks).unwrap();
        assert_eq!(none, Rescale::IDENTITY);
        assert_eq!(remarks.len(), 1);
        for bad in ["NaN", "inf", "0", "1e-320", "1e308", "1,5", "abc", "1.5\\2.5"] {
            let set = with(tags::RESCALE_SLOPE, VR::DS, bad.as_bytes());
            assert!(set.rescale(true, &mut remarks).is_err(), "{bad}");
        }
        for (good, slope) in [("+1.5", 1.5), (" 1.5 ", 1.5), ("1.5E0", 1.5), ("-2\0", -2.0)] {
            let set = with(tags::RESCALE_SLOPE, VR::DS, good.as_bytes());
            assert_eq!(set.rescale(true, &mut remarks).unwrap().slope, slope);
        }
    }

    #[test]
    fn patients_have_the_size_of_patients() {
        let mut remarks = Vec::new();
        let mut size =
            |m: &str| with(tags::PATIENT_SIZE, VR::DS, m.as_bytes()).height_m(&mut remarks);
        assert_eq!(
            [size("1.64"), size("164"), size("0"), size("-1")],
            [Some(1.64), Some(1.64), None, None]
        );
        assert_eq!(remarks.len(), 2);
        let weight = with(tags::PATIENT_WEIGHT, VR::DS, b"70000");
        assert_eq!(weight.weight_kg(&mut Vec::new()), None);
    }

    #[test]
    fn numbers_keep_their_byte_order() {
        let mut set = with(tags::ROWS, VR::US, &[1, 0]);
        assert_eq!(set.required(tags::ROWS), Ok(1));
        set.elements.get_mut(&tags::ROWS).unwrap().big_endian = true;
        assert_eq!(set.required(tags::ROWS), Ok(256));
        assert!(with(tags::ROWS, VR::US, &[1]).required(tags::ROWS).is_err());
    }

    #[test]
    fn dates_and_times_are_read_or_left_out() {
        assert_eq!(date_of("20240229"), NaiveDate::from_ymd_opt(2024, 2, 29));
        assert_eq!(date_of("1997.06.09"), NaiveDate::from_ymd_opt(1997, 6, 9));
        assert_eq!(date_of("20241399"), None);
        assert_eq!(date_of("00000000"), None);
        assert_eq!(time_of("0930"), NaiveTime::from_hms_opt(9, 30, 0));
        assert_eq!(time_of("093015.25"), NaiveTime::from_hms_milli_opt(9, 30, 15, 250));
        assert_eq!(time_of("235960"), NaiveTime::from_hms_opt(23, 59, 59));
        assert_eq!(time_of("996199"), None);
    }

    #[test]
    fn private_elements_are_found_wherever_their_block_stands() {
        let mut set = with(Tag(0x0011, 0x0023), VR::LO, b"GEMS_GENIE_1");
        set.elements.extend(with(Tag(0x0011, 0x2312), VR::LO, b"X_E").elements);
        assert_eq!(set.private(0x0011, "GEMS_GENIE_1", 0x12), Some(Tag(0x0011, 0x2312)));
        assert_eq!(set.private(0x0011, "SOMEONE ELSE", 0x12), None);
    }
}
