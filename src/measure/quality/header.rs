//! What the header says: scan speed, time after injection, energy window.

use crate::study::{EnergyWindow, Series, SeriesKind};

use super::check::{Check, Limit, QualityCheck, Verdict};

const SPEED: Limit =
    Limit::at_most(15.0, "SNM Procedure Guideline for Bone Scintigraphy 2.0: 10–15 cm/min");
const DELAYED: Limit =
    Limit::within(120.0, 300.0, "EANM guideline for bone scintigraphy 2016: 2–5 h");
const CENTRE: Limit = Limit::within(
    -3.0,
    3.0,
    "EANM guideline for bone scintigraphy 2016: offset by up to 3 % of the photopeak",
);
const WIDTH: Limit =
    Limit::within(15.0, 20.0, "EANM guideline for bone scintigraphy 2016: 15 or 20 %");
/// A static image earlier than this is of blood flow or pool, minutes.
const EARLY: f64 = 30.0;
/// Limits hold for a width that is within so much of a round number, percentage points.
const ROUNDED: f64 = 0.5;

/// The photons that are imaged, keV (UKDD-2012), strongest first.
fn photopeaks(isotope: &str) -> Option<&'static [f64]> {
    Some(match isotope {
        "Tc-99m" => &[140.5],
        "F-18" | "Ga-68" | "Zr-89" => &[511.0],
        "Ga-67" => &[93.3, 184.6, 300.2],
        "In-111" => &[245.4, 171.3],
        "I-123" => &[159.0],
        "I-131" => &[364.5],
        "Lu-177" => &[208.4, 113.0],
        "Sm-153" => &[103.2],
        "Re-186" => &[137.2],
        "Re-188" => &[155.0],
        "Ho-166" => &[80.6],
        "Ra-223" => &[83.8, 269.4, 154.0],
        _ => return None,
    })
}

/// Which energy windows are on a photopeak, counted from 1 as frames count them; `None` where the
/// file does not say enough to tell.
pub(super) fn photopeak_windows(series: &Series) -> Option<Vec<u16>> {
    let peaks = photopeaks(&series.tracer.isotope)?;
    let on_peak = |window: &EnergyWindow| {
        window.ranges_kev.iter().any(|[low, high]| peaks.iter().any(|p| (low..=high).contains(&p)))
    };
    let found: Vec<u16> = series
        .energy_windows
        .iter()
        .zip(1..)
        .filter(|(window, _)| on_peak(window))
        .map(|(_, number)| number)
        .collect();
    (!found.is_empty()).then_some(found)
}

/// Frames acquired minutes after the injection, to see the blood and not the bone.
pub(super) fn early(series: &Series) -> bool {
    let uptake = series.tracer.uptake_minutes(series.acquired);
    series.kind != SeriesKind::WholeBody && uptake.is_some_and(|minutes| minutes < EARLY)
}

pub(super) fn checks(series: &Series) -> Vec<QualityCheck> {
    let mut checks = Vec::new();
    if series.kind == SeriesKind::WholeBody {
        checks.push(speed(series));
    }
    if matches!(series.kind, SeriesKind::WholeBody | SeriesKind::Static) {
        checks.push(uptake(series));
    }
    checks.extend(window(series));
    checks
}

/// A check of the whole series.
fn fact(
    check: Check,
    value: Option<f64>,
    limit: Option<Limit>,
    verdict: Verdict,
    sentence: String,
) -> QualityCheck {
    QualityCheck { check, value, limit, verdict, sentence, place: None }
}

fn speed(series: &Series) -> QualityCheck {
    let check = Check::ScanSpeed;
    let Some(speed) = series.scan_velocity else {
        let sentence = "The file does not state the scan speed.".into();
        return fact(check, None, Some(SPEED), Verdict::NotStated, sentence);
    };
    // mm/s to cm/min. 2.5 mm/s are 15 cm/min, whatever the last digit says.
    let speed = (speed * 6.0 * 1000.0).round() / 1000.0;
    let verdict = SPEED.judge((speed * 10.0).round() / 10.0);
    let sentence = match verdict {
        Verdict::High => format!(
            "The table moved at {}; at 20 cm/min fewer lesions were seen than at 15.",
            check.shown(speed)
        ),
        _ => format!("The table moved at {}.", check.shown(speed)),
    };
    fact(check, Some(speed), Some(SPEED), verdict, sentence)
}

fn uptake(series: &Series) -> QualityCheck {
    let check = Check::TimeAfterInjection;
    let (injected, acquired) = (series.tracer.injected_at, series.acquired);
    let Some(minutes) = series.tracer.uptake_minutes(acquired) else {
        let sentence = match (injected, acquired) {
            (Some(_), Some(_)) => "The file states an injection after the scan.",
            (None, _) => "The file does not state when the tracer was injected.",
            (_, None) => "The file does not state when the scan began.",
        };
        return fact(check, None, Some(DELAYED), Verdict::NotStated, sentence.into());
    };
    let began = format!("The scan began {} after the injection", check.shown(minutes));
    let (limit, verdict, why) = match () {
        () if early(series) => (None, Verdict::NotJudged, ", early: flow or blood pool."),
        () if series.tracer.isotope.is_empty() => {
            (None, Verdict::NotJudged, "; the file does not name the nuclide, so no limit applies.")
        }
        () if series.tracer.isotope != "Tc-99m" => {
            (None, Verdict::NotJudged, "; the limits for Tc-99m do not apply.")
        }
        () => match DELAYED.judge(minutes) {
            Verdict::Low => {
                (Some(DELAYED), Verdict::Low, ": early, when soft tissue is still bright.")
            }
            Verdict::High => (Some(DELAYED), Verdict::High, ": late, when counts are low."),
            verdict => (Some(DELAYED), verdict, "."),
        },
    };
    fact(check, Some(minutes), limit, verdict, began + why)
}

/// Centre and width of the window that is nearest to the strongest photopeak.
fn window(series: &Series) -> Vec<QualityCheck> {
    let not_stated = |sentence: &str| {
        vec![fact(Check::WindowCentre, None, Some(CENTRE), Verdict::NotStated, sentence.to_owned())]
    };
    let ranges = || series.energy_windows.iter().flat_map(|window| &window.ranges_kev);
    if ranges().next().is_none() {
        return not_stated("The file does not state its energy windows.");
    }
    let isotope = &*series.tracer.isotope;
    if isotope.is_empty() {
        return not_stated("The file does not name the nuclide, so its photopeak is unknown.");
    }
    let Some(peaks) = photopeaks(isotope) else {
        return not_stated("The photopeak of this nuclide is not known to this program.");
    };
    let offset = |[low, high]: &[f64; 2], peak: f64| (0.5 * (low + high) / peak - 1.0) * 100.0;
    let nearest = ranges()
        .flat_map(|range| peaks.iter().map(move |&peak| (range, peak)))
        .min_by(|a, b| offset(a.0, a.1).abs().total_cmp(&offset(b.0, b.1).abs()));
    let Some((range, peak)) = nearest else { return Vec::new() };
    let [low, high] = *range;
    let centre = offset(range, peak);
    let width = (high - low) / peak * 100.0;
    let named = format!("{low:.1}–{high:.1} keV, for the {peak:.1} keV of {isotope}");
    let verdict = CENTRE.judge((centre * 10.0).round() / 10.0);
    let missed = !(low..=high).contains(&peak);
    let sentence = match verdict {
        _ if missed => format!("No energy window holds the photopeak: the nearest is {named}."),
        Verdict::Ok => format!("The energy window is on the photopeak: {named}."),
        _ => format!("The energy window is beside the photopeak: {named}."),
    };
    let mut checks = vec![fact(Check::WindowCentre, Some(centre), Some(CENTRE), verdict, sentence)];
    if missed {
        return checks;
    }
    // The guideline's widths are those for Tc-99m; other nuclides have their own.
    let (limit, verdict) = match isotope {
        "Tc-99m" => {
            let low = width < 15.0 - ROUNDED;
            let high = width > 20.0 + ROUNDED;
            let verdict = match (low, high) {
                (true, _) => Verdict::Low,
                (_, true) => Verdict::High,
                _ => Verdict::Ok,
            };
            (Some(WIDTH), verdict)
        }
        _ => (None, Verdict::NotJudged),
    };
    let sentence = match verdict {
        Verdict::Low => "The energy window is narrow: primary counts are lost.",
        Verdict::High => "The energy window is wide: it lets more scatter in.",
        _ => "The energy window's width, of the photopeak's energy.",
    };
    checks.push(fact(Check::WindowWidth, Some(width), limit, verdict, sentence.into()));
    checks
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::*;
    use crate::measure::fixture::study_of;

    fn series(edit: impl FnOnce(&mut Series)) -> Series {
        let mut series = Series::clone(&study_of(Vec::new()).series[0]);
        edit(&mut series);
        series
    }

    fn verdict(series: &Series, check: Check) -> Option<Verdict> {
        checks(series).iter().find(|c| c.check == check).map(|c| c.verdict)
    }

    #[test]
    fn what_the_file_does_not_say_is_called_so() {
        let checks = checks(&series(|_| ()));
        assert_eq!(checks.len(), 3);
        assert!(checks.iter().all(|c| c.verdict == Verdict::NotStated && c.value.is_none()));
    }

    #[test]
    fn speed_is_held_against_the_guideline() {
        for (mm_s, expected) in
            [(1.667, Verdict::Ok), (2.5, Verdict::Ok), (2.6, Verdict::High), (4.0, Verdict::High)]
        {
            let fast = series(|s| s.scan_velocity = Some(mm_s));
            assert_eq!(verdict(&fast, Check::ScanSpeed), Some(expected), "{mm_s}");
        }
        let spot = series(|s| s.kind = SeriesKind::Static);
        assert_eq!(verdict(&spot, Check::ScanSpeed), None);
    }

    #[test]
    fn the_delayed_phase_is_two_to_five_hours() {
        let at = |minutes: i64, isotope: &str, kind: SeriesKind| {
            let injected = NaiveDate::from_ymd_opt(2026, 3, 4).unwrap().and_hms_opt(8, 0, 0);
            let series = series(|s| {
                s.kind = kind;
                s.tracer.isotope = isotope.into();
                s.tracer.injected_at = injected;
                s.acquired = injected.map(|at| at + chrono::TimeDelta::minutes(minutes));
            });
            verdict(&series, Check::TimeAfterInjection).unwrap()
        };
        let whole = SeriesKind::WholeBody;
        let found = [119, 120, 300, 301].map(|minutes| at(minutes, "Tc-99m", whole));
        assert_eq!(found, [Verdict::Low, Verdict::Ok, Verdict::Ok, Verdict::High]);
        assert_eq!(at(5, "Tc-99m", whole), Verdict::Low);
        assert_eq!(at(5, "Tc-99m", SeriesKind::Static), Verdict::NotJudged);
        assert_eq!(at(60, "F-18", whole), Verdict::NotJudged);
        assert_eq!(at(180, "", whole), Verdict::NotJudged);
        assert_eq!(at(-5, "Tc-99m", whole), Verdict::NotStated);
    }

    #[test]
    fn windows_are_held_against_the_photopeak() {
        let of = |isotope: &str, windows: &[[f64; 2]]| {
            let series = series(|s| {
                s.tracer.isotope = isotope.into();
                s.energy_windows = windows
                    .iter()
                    .map(|&w| EnergyWindow { name: String::new(), ranges_kev: vec![w] })
                    .collect();
            });
            let verdict = |check| verdict(&series, check);
            (verdict(Check::WindowCentre), verdict(Check::WindowWidth), photopeak_windows(&series))
        };
        use Verdict::*;
        assert_eq!(of("Tc-99m", &[[126.45, 154.56]]), (Some(Ok), Some(Ok), Some(vec![1])));
        assert_eq!(of("Tc-99m", &[[130.0, 151.0]]), (Some(Ok), Some(Ok), Some(vec![1])));
        assert_eq!(of("Tc-99m", &[[134.0, 162.0]]), (Some(High), Some(Ok), Some(vec![1])));
        assert_eq!(of("Tc-99m", &[[120.0, 160.0]]).1, Some(High));
        assert_eq!(of("Tc-99m", &[[137.0, 144.0]]).1, Some(Low));
        // Scatter first, photopeak second.
        let two = of("Tc-99m", &[[92.0, 125.0], [126.0, 154.0]]);
        assert_eq!(two, (Some(Ok), Some(Ok), Some(vec![2])));
        assert_eq!(of("Tc-99m", &[[340.0, 390.0]]), (Some(High), None, None));
        assert_eq!(of("Sm-153", &[[93.0, 113.0]]), (Some(Ok), Some(NotJudged), Some(vec![1])));
        assert_eq!(of("", &[[126.0, 154.0]]), (Some(NotStated), None, None));
        assert_eq!(of("Xy-1", &[[126.0, 154.0]]), (Some(NotStated), None, None));
    }
}
