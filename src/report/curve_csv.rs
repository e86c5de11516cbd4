//! Time–activity curves as a table for spreadsheets: one row per region and frame, RFC 4180.

use crate::measure::{CurvePoint, CurveValue, Interval, NoCurve, RoiRow, Sheet, region_curve};
use crate::study::{Identity, Study};
use crate::units::{Level, Seconds};

use super::ReportError;
use super::csv::{decimal, side, text};

/// Stable names: scripts read them. New columns go to the end.
const COLUMNS: [&str; 39] = [
    "region",
    "side",
    "site",
    "view",
    "series_uid",
    "frame",
    "phase",
    "time_slice",
    "start_s",
    "mid_s",
    "duration_s",
    "unit",
    "pixels",
    "total",
    "total_low",
    "total_high",
    "mean",
    "per_second",
    "per_second_low",
    "per_second_high",
    "twin",
    "twin_pixels",
    "twin_total",
    "twin_total_low",
    "twin_total_high",
    "twin_mean",
    "twin_per_second",
    "twin_per_second_low",
    "twin_per_second_high",
    "ratio",
    "ratio_low",
    "ratio_high",
    "level",
    "no_interval",
    "remarks",
    "study_date",
    "study_uid",
    "simulated",
    "program",
];

/// The curves of the regions of a sheet, those that have one: long format, frames counted from 0,
/// seconds since the start of the first frame. Decimals have a point, whatever the locale; an
/// empty cell means that there is no such number. UIDs lead back to the patient and stand only
/// where the identity is shown in full.
///
/// Fails with the first region's reason where no region has a curve.
pub fn curve_csv<'a>(
    study: &Study,
    sheet: &'a Sheet,
    regions: impl Iterator<Item = &'a RoiRow>,
    identity: Identity,
) -> Result<String, ReportError> {
    let failed = |problem: String| ReportError::Table(problem.into());
    let mut writer =
        ::csv::WriterBuilder::new().terminator(::csv::Terminator::CRLF).from_writer(Vec::new());
    writer.write_record(COLUMNS).map_err(|e| failed(e.to_string()))?;
    let mut none = None;
    let mut any = false;
    for row in regions {
        let curve = match region_curve(study, sheet, row, level(sheet)) {
            Ok(curve) => curve,
            Err(reason) => {
                none.get_or_insert(reason);
                continue;
            }
        };
        any = true;
        let facts = Facts {
            study,
            row,
            full: identity == Identity::Full,
            unit: curve.unit.as_str(),
            no_interval: curve.no_interval.map(|r| r.to_string()).unwrap_or_default(),
            remarks: curve.remarks.join("; "),
        };
        for point in &curve.points {
            writer.write_record(cells(&facts, point)).map_err(|e| failed(e.to_string()))?;
        }
    }
    if !any {
        return Err(failed(none.unwrap_or(NoCurve::FrameMissing).to_string()));
    }
    let bytes = writer.into_inner().map_err(|e| failed(e.to_string()))?;
    String::from_utf8(bytes).map_err(|e| failed(e.to_string()))
}

/// The level of the sheet's intervals.
fn level(sheet: &Sheet) -> Level {
    let intervals = sheet.rois.iter().filter_map(|row| row.stats.interval);
    intervals.map(|interval| interval.level).next().unwrap_or(Level::NINETY_FIVE)
}

/// What all rows of a curve share.
struct Facts<'a> {
    study: &'a Study,
    row: &'a RoiRow,
    full: bool,
    unit: &'a str,
    no_interval: String,
    remarks: String,
}

fn cells(facts: &Facts<'_>, point: &CurvePoint) -> [String; 39] {
    let Facts { study, row, .. } = facts;
    let uid = |uid: &str| if facts.full { text(uid) } else { String::new() };
    let seconds = |s: Option<Seconds>| decimal(s.map(|s| s.0));
    let value = |value: Option<&CurveValue>| {
        let counts = value.and_then(|v| v.stats.interval);
        let rate = value.and_then(|v| v.rate);
        let rate_interval = rate.and_then(|r| r.interval);
        [
            value.map(|v| v.stats.pixels.to_string()).unwrap_or_default(),
            decimal(value.map(|v| v.stats.total)),
            low(counts),
            high(counts),
            decimal(value.and_then(|v| v.stats.mean)),
            decimal(rate.and_then(|r| r.value)),
            low(rate_interval),
            high(rate_interval),
        ]
    };
    let [pixels, total, total_low, total_high, mean, rate, rate_low, rate_high] =
        value(Some(&point.region));
    let twin = row.twin.as_ref().map_or("none", |twin| twin.kind.as_str());
    let [t_pixels, t_total, t_low, t_high, t_mean, t_rate, t_rate_low, t_rate_high] =
        value(point.twin.as_ref());
    let ratio_interval = point.ratio.and_then(|r| r.interval);
    let level = ratio_interval.or(point.region.stats.interval).map(|i| i.level.get());
    [
        text(&row.name),
        row.side.map(side).unwrap_or_default(),
        text(&row.site),
        row.view.view.as_str().to_owned(),
        uid(&row.frame.series),
        point.frame.to_string(),
        point.phase.to_string(),
        point.time_slice.to_string(),
        seconds(point.start),
        seconds(point.mid()),
        seconds(point.duration),
        text(facts.unit),
        pixels,
        total,
        total_low,
        total_high,
        mean,
        rate,
        rate_low,
        rate_high,
        twin.to_owned(),
        t_pixels,
        t_total,
        t_low,
        t_high,
        t_mean,
        t_rate,
        t_rate_low,
        t_rate_high,
        decimal(point.ratio.and_then(|r| r.value)),
        low(ratio_interval),
        high(ratio_interval),
        decimal(level),
        facts.no_interval.clone(),
        text(&facts.remarks),
        study.date.map(|date| date.to_string()).unwrap_or_default(),
        uid(&study.uid),
        study.simulated.to_string(),
        format!("Bonescope {}", env!("CARGO_PKG_VERSION")),
    ]
}

fn low(interval: Option<Interval>) -> String {
    decimal(interval.map(|i| i.low))
}

fn high(interval: Option<Interval>) -> String {
    decimal(interval.and_then(|i| i.high))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::report::sample;
    use crate::study::SeriesKind;

    /// The sample's anterior view, as though it had been taken four times.
    fn dynamic() -> (Study, Sheet) {
        let (mut study, sheet) = (sample::study(), sample::sheet());
        let series = Arc::make_mut(&mut study.series[0]);
        series.kind = SeriesKind::Dynamic;
        let mut frames = vec![series.frames[0].clone(); 4];
        for (i, frame) in frames.iter_mut().enumerate() {
            frame.address.time_slice = i as u16 + 1;
            frame.address.pause_ms = Some(500);
            frame.duration = Some(Seconds(2.0));
        }
        series.frames = frames;
        (study, sheet)
    }

    #[test]
    fn every_frame_has_a_row_that_reads_back() {
        let (study, sheet) = dynamic();
        let regions = || sheet.rois.iter().filter(|row| row.frame.frame == 0).take(1);
        let table = curve_csv(&study, &sheet, regions(), Identity::Full).unwrap();
        let mut reader = ::csv::Reader::from_reader(table.as_bytes());
        let rows: Vec<_> = reader.records().map(|row| row.unwrap()).collect();
        assert_eq!(rows.len(), 4);
        let cell = |row: usize, name: &str| {
            rows[row][COLUMNS.iter().position(|c| *c == name).unwrap()].to_owned()
        };
        assert_eq!([cell(0, "start_s"), cell(3, "start_s")], ["0", "7.5"]);
        assert_eq!(cell(1, "mid_s"), "3.5");
        let row = regions().next().unwrap();
        let curve = region_curve(&study, &sheet, row, Level::NINETY_FIVE).unwrap();
        let rate = curve.points[2].region.rate.unwrap();
        assert_eq!(cell(2, "per_second").parse().ok(), rate.value);
        assert_eq!(cell(2, "per_second_low").parse().ok(), rate.interval.map(|i| i.low));
        assert_eq!(cell(2, "study_uid"), *study.uid);
        let bare = curve_csv(&study, &sheet, regions(), Identity::Initials).unwrap();
        assert!(!bare.contains(&*study.uid) && !bare.contains(&*study.series[0].uid));
    }

    #[test]
    fn no_curve_is_no_table() {
        let (study, sheet) = (sample::study(), sample::sheet());
        let error = curve_csv(&study, &sheet, sheet.rois.iter(), Identity::Full).unwrap_err();
        assert!(error.to_string().contains("two"), "{error}");
    }
}
