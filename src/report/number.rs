//! How numbers are written, on paper and on screen alike. Files for machines get full precision
//! instead.

use crate::measure::{Estimate, Measured};
use crate::units::{Megabecquerels, Mm2};

/// Stands where there is no number.
pub const NONE: &str = "–";

/// Digits are grouped by a narrow space that does not break, from five digits on.
const GROUP: char = '\u{202f}';

/// `2.41`.
pub fn ratio(value: f64) -> String {
    fixed(value, 2)
}

/// `2.41 [2.29–2.54]`; without an interval `2.41`, without a value the interval alone, without
/// either a dash.
pub fn ratio_with_interval(estimate: &Estimate) -> String {
    let value = estimate.value.map(ratio);
    let interval = bounds(estimate);
    match (value, interval) {
        (Some(value), Some(interval)) => format!("{value} {interval}"),
        (Some(one), None) | (None, Some(one)) => one,
        (None, None) => NONE.to_owned(),
    }
}

/// `[2.29–2.54]`, or `[≥ 2.29]` where there is no upper bound.
pub fn bounds(estimate: &Estimate) -> Option<String> {
    let interval = estimate.interval?;
    let low = ratio(interval.low);
    Some(match interval.high {
        Some(high) => format!("[{low}–{}]", ratio(high)),
        None => format!("[≥ {low}]"),
    })
}

/// A probability: `0.034`, `0.0012`, `< 0.0001`.
pub fn probability(p: f64) -> String {
    if p < 1e-4 {
        return "< 0.0001".to_owned();
    }
    let digits = if p < 0.01 { 4 } else { 3 };
    fixed(p, digits)
}

/// A whole number of counts, pixels or frames: `4812`, `1 512 345`.
pub fn whole(value: u64) -> String {
    grouped(&value.to_string())
}

/// A sum of pixel values: whole where they are whole, else four digits that count.
pub fn total(value: f64) -> String {
    if value.is_finite() && value.fract() == 0.0 && value.abs() < 1e15 {
        grouped(&format!("{value:.0}"))
    } else {
        significant(value, 4)
    }
}

/// A mean, a maximum or another measured value: four digits that count, `28.81`, `0.3402`.
pub fn value(value: f64) -> String {
    significant(value, 4)
}

/// `9.62 cm²`.
pub fn area(area: Mm2) -> String {
    format!("{} cm²", significant(area.0 / 100.0, 3))
}

/// `72.0 mm`, `12.5 pixels`, `34.5°`.
pub fn measured(measured: Measured) -> String {
    match measured {
        Measured::Millimetres(length) => format!("{length:.1}\u{a0}mm"),
        Measured::Pixels(length) => format!("{length:.1}\u{a0}pixels"),
        Measured::Degrees(angle) => format!("{angle:.1}°"),
    }
}

/// `740 MBq`.
pub fn activity(activity: Megabecquerels) -> String {
    format!("{} MBq", short(activity.0, 1))
}

/// `3 h 05 min`, `45 min`.
pub fn minutes(minutes: f64) -> String {
    let whole = minutes.round().max(0.0) as u64;
    match (whole / 60, whole % 60) {
        (0, minutes) => format!("{minutes} min"),
        (hours, minutes) => format!("{hours} h {minutes:02} min"),
    }
}

/// `21 min 40 s`, `500 s` as `8 min 20 s`, below a minute `12.5 s`.
pub fn minutes_and_seconds(seconds: f64) -> String {
    if seconds < 60.0 {
        return format!("{} s", short(seconds, 1));
    }
    let whole = seconds.round() as u64;
    format!("{} min {:02} s", whole / 60, whole % 60)
}

/// `0.95` as `95`, `0.999` as `99.9`.
pub fn percent(fraction: f64) -> String {
    let text = format!("{:.2}", fraction * 100.0);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// At most `digits` decimals, none of them an idle zero: `2.4`, `2.397`.
pub fn short(value: f64, digits: usize) -> String {
    let text = fixed(value, digits);
    match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.').to_owned(),
        false => text,
    }
}

fn significant(value: f64, digits: i32) -> String {
    if value == 0.0 || !value.is_finite() {
        return fixed(value, 0);
    }
    let magnitude = value.abs().log10().floor() as i32;
    if magnitude < -6 {
        return format!("{value:.3e}");
    }
    fixed(value, (digits - 1 - magnitude).clamp(0, 12) as usize)
}

fn fixed(value: f64, decimals: usize) -> String {
    if !value.is_finite() {
        return NONE.to_owned();
    }
    let text = format!("{value:.decimals$}");
    // Rounding may leave a zero with a sign.
    let text = match text.trim_start_matches('-').chars().all(|c| matches!(c, '0' | '.')) {
        true => text.trim_start_matches('-').to_owned(),
        false => text,
    };
    grouped(&text)
}

fn grouped(text: &str) -> String {
    let (sign, rest) = text.strip_prefix('-').map_or(("", text), |rest| ("−", rest));
    let (whole, fraction) = rest.split_once('.').map_or((rest, None), |(w, f)| (w, Some(f)));
    let mut out = sign.to_owned();
    for (i, digit) in whole.chars().enumerate() {
        if i > 0 && whole.len() > 4 && (whole.len() - i).is_multiple_of(3) {
            out.push(GROUP);
        }
        out.push(digit);
    }
    if let Some(fraction) = fraction {
        out.push('.');
        out.push_str(fraction);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::{Interval, Method};
    use crate::units::Level;

    fn estimate(value: Option<f64>, low: f64, high: Option<f64>) -> Estimate {
        let interval =
            Interval { low, high, level: Level::NINETY_FIVE, method: Method::ClopperPearson };
        Estimate { value, interval: Some(interval) }
    }

    #[test]
    fn ratios_carry_their_interval() {
        let known = estimate(Some(2.409_6), 2.288, Some(2.541));
        assert_eq!(ratio_with_interval(&known), "2.41 [2.29–2.54]");
        assert_eq!(ratio_with_interval(&estimate(None, 3.0, None)), "[≥ 3.00]");
        assert_eq!(ratio_with_interval(&Estimate { value: Some(1.0), interval: None }), "1.00");
        assert_eq!(ratio_with_interval(&Estimate { value: None, interval: None }), "–");
    }

    #[test]
    fn digits_are_grouped_from_five_on() {
        assert_eq!(whole(4812), "4812");
        assert_eq!(whole(1_512_345), "1\u{202f}512\u{202f}345");
        assert_eq!(total(-12_345.0), "−12\u{202f}345");
    }

    #[test]
    fn four_digits_count() {
        assert_eq!(value(28.814), "28.81");
        assert_eq!(value(0.340_19), "0.3402");
        assert_eq!(value(9_999.96), "10\u{202f}000");
        assert_eq!(value(0.0), "0");
        assert_eq!(value(f64::NAN), "–");
        assert_eq!(value(1.5e-20), "1.500e-20");
        assert_eq!(ratio(-1e-20), "0.00");
    }

    #[test]
    fn units_read_as_on_a_worksheet() {
        assert_eq!(minutes(184.6), "3 h 05 min");
        assert_eq!(minutes(45.0), "45 min");
        assert_eq!(minutes_and_seconds(1300.2), "21 min 40 s");
        assert_eq!(minutes_and_seconds(12.5), "12.5 s");
        assert_eq!(probability(0.0342), "0.034");
        assert_eq!(probability(0.00123), "0.0012");
        assert_eq!(probability(3e-9), "< 0.0001");
        assert_eq!(percent(0.95), "95");
        assert_eq!(percent(0.999), "99.9");
        assert_eq!(area(Mm2(961.9)), "9.62 cm²");
        assert_eq!(activity(Megabecquerels(740.0)), "740 MBq");
        assert_eq!(activity(Megabecquerels(612.5)), "612.5 MBq");
        assert_eq!(short(2.397, 3), "2.397");
        assert_eq!(short(2.4, 3), "2.4");
    }
}
