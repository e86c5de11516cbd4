//! The sheet of numbers as the terminal shows it: a table, or the JSON of `measure` and `run`.

use serde::Serialize;

use crate::findings::{Midline, SiteCode};
use crate::geometry::Outline;
use crate::measure::{
    ConjugatePair, GeometricMean, Interval, Label, RegionStats, RoiRow, Sheet, TwinRow,
    conjugate_pairs,
};
use crate::report::{indices_json, ratio_json, words};
use crate::study::{FrameKey, Unit};
use crate::workbench::Reading;

use super::columns::Columns;

/// A sheet together with the midlines in force, ready to be written.
pub struct Numbers<'a> {
    pub reading: &'a Reading,
    pub sheet: &'a Sheet,
}

#[derive(Serialize)]
pub struct Document {
    schema: &'static str,
    version: u32,
    /// The study that was measured.
    study: String,
    midline: Vec<MidlineJson>,
    rois: Vec<RoiJson>,
    /// Indices that the regions make up.
    indices: serde_json::Value,
}

#[derive(Serialize)]
pub struct MidlineJson {
    series: String,
    frame: usize,
    /// `[column, row]` from the first row to the last.
    points: Vec<[f64; 2]>,
    quality: f64,
}

#[derive(Serialize)]
struct RoiJson {
    id: String,
    name: String,
    series: String,
    frame: usize,
    view: &'static str,
    side: Option<crate::geometry::Side>,
    /// Where the skeleton laid over the frame has it.
    #[serde(skip_serializing_if = "Option::is_none")]
    place: Option<PlaceJson>,
    unit: String,
    /// Why the numbers are withheld, where they are.
    refused: Option<String>,
    #[serde(flatten)]
    stats: StatsJson,
    counts_interval: Option<IntervalJson>,
    twin: Option<TwinJson>,
    /// Why there is no twin.
    no_twin: Option<String>,
    ratio: Option<serde_json::Value>,
    /// With the region at the conjugate place of the opposite view, where there is one.
    geometric_mean: Option<GeometricMeanJson>,
    /// Volumes only; a planar region has none.
    suv: Option<f64>,
    remarks: Vec<String>,
}

#[derive(Serialize)]
struct PlaceJson {
    /// With its side: `left 7th rib`.
    region: String,
    site: String,
    side: Option<crate::geometry::Side>,
    confidence: f64,
    /// SNOMED CT; of the site or of what it is one of.
    code: Option<CodeJson>,
}

#[derive(Serialize)]
struct CodeJson {
    value: &'static str,
    scheme: &'static str,
    meaning: &'static str,
}

/// All `null` where the numbers are withheld.
#[derive(Default, Serialize)]
struct StatsJson {
    pixels: Option<u64>,
    area_mm2: Option<f64>,
    /// Sum of the values where they are counts.
    counts: Option<f64>,
    /// Sum of the values in `unit`.
    total: Option<f64>,
    mean: Option<f64>,
    max: Option<f64>,
    min: Option<f64>,
    sd: Option<f64>,
    counts_per_s: Option<f64>,
}

#[derive(Serialize)]
struct IntervalJson {
    low: f64,
    high: Option<f64>,
    level: f64,
    method: &'static str,
}

#[derive(Serialize)]
struct TwinJson {
    /// `auto`, `placed` or `neighbours`.
    kind: &'static str,
    /// Of the first outline.
    center: Option<[f64; 2]>,
    outline: Option<Vec<[f64; 2]>>,
    /// All that are compared with, taken together: two for neighbours.
    outlines: Vec<Vec<[f64; 2]>>,
    #[serde(flatten)]
    stats: StatsJson,
}

/// √(counts here · counts there).
#[derive(Serialize)]
struct GeometricMeanJson {
    /// The other region's id and frame.
    with: String,
    frame: usize,
    value: f64,
    low: Option<f64>,
    high: Option<f64>,
    level: Option<f64>,
    method: Option<&'static str>,
    counts_per_s: Option<f64>,
    /// Region over twin in both views together.
    ratio: Option<f64>,
    ratio_low: Option<f64>,
    ratio_high: Option<f64>,
    remarks: Vec<String>,
}

impl Numbers<'_> {
    pub fn document(&self, schema: &'static str) -> Document {
        Document {
            schema,
            version: 1,
            study: self.reading.study().uid.to_string(),
            midline: self.midlines_json(),
            rois: self.rois(),
            indices: indices_json(&self.sheet.indices),
        }
    }

    pub fn midlines_json(&self) -> Vec<MidlineJson> {
        self.midlines().map(|(key, line)| self.midline(&key, line)).collect()
    }

    fn rois(&self) -> Vec<RoiJson> {
        let pairs = conjugate_pairs(self.reading.study(), self.sheet, self.sheet.level());
        let mean = |row: &RoiRow| {
            let (pair, other) = pairs.iter().find_map(|p| Some((p, p.partner(row.id)?)))?;
            Some(GeometricMeanJson::of(pair, self.sheet.roi(other)?))
        };
        let rows = self.sheet.rois.iter();
        rows.map(|row| RoiJson { geometric_mean: mean(row), ..RoiJson::of(row) }).collect()
    }

    /// Of every planar frame that has one, in the order of the study.
    fn midlines(&self) -> impl Iterator<Item = (FrameKey, &Midline)> {
        let series = self.reading.study().series.iter().filter(|s| s.kind.planar());
        let keys = series.flat_map(|series| {
            let key = |frame| FrameKey { series: series.uid.clone(), frame };
            (0..series.frames.len()).map(key)
        });
        keys.filter_map(|key| {
            let midline = self.reading.midline(&key)?;
            Some((key, midline))
        })
    }

    fn midline(&self, key: &FrameKey, midline: &Midline) -> MidlineJson {
        let rows = self.reading.study().frame(key).map_or(0, |f| f.rows());
        let last = rows.saturating_sub(1);
        let step = last.div_ceil(64).max(1);
        let sampled = (0..last).step_by(step).chain([last]);
        MidlineJson {
            series: key.series.to_string(),
            frame: key.frame,
            points: sampled.map(|row| [midline.curve.column_at(row as f64), row as f64]).collect(),
            quality: midline.quality(),
        }
    }

    /// The table, and below it what is to be said of single regions.
    pub fn text(&self) -> String {
        let rows = &self.sheet.rois;
        if rows.is_empty() {
            return "No regions.\n".into();
        }
        let level = self
            .sheet
            .rois
            .iter()
            .find_map(|row| row.stats.interval)
            .map_or_else(|| "interval".into(), |i| format!("{} %", 100.0 * i.level.get()));
        let counts_interval = format!(">{level}");
        let mut table = Columns::new(&[
            "Region",
            "View",
            "Side",
            ">Pixels",
            ">Area cm²",
            ">Total",
            &counts_interval,
            ">Mean",
            ">SD",
            ">Max",
            ">Twin mean",
            ">Ratio",
            &counts_interval,
            "≠ 1",
        ]);
        rows.iter().for_each(|row| table.row(cells(row)));
        let mut text = table.to_string();
        for row in rows {
            text.extend(
                row.ratio
                    .as_ref()
                    .and_then(words::spread)
                    .map(|spread| format!("{}: {spread} (one standard deviation)\n", row.name)),
            );
            text.extend(row.remarks.iter().map(|remark| format!("{}: {remark}\n", row.name)));
        }
        for index in &self.sheet.indices {
            for result in &index.results {
                let value = words::index_value(result);
                text += &format!("{}, {}: {value}\n", index.title, result.name);
                for range in &result.ranges {
                    text += &format!("    {}\n", words::index_range(range));
                }
            }
        }
        text
    }
}

impl PlaceJson {
    fn of(label: Label) -> Self {
        let Label { site, side, confidence } = label;
        let code = site.code().map(|SiteCode { value, meaning }| CodeJson {
            value,
            scheme: "SCT",
            meaning,
        });
        // As many digits as the atlas is good for.
        let confidence = (confidence * 1000.0).round() / 1000.0;
        Self { region: site.name_on(side), site: site.name(), side, confidence, code }
    }
}

impl RoiJson {
    fn of(row: &RoiRow) -> Self {
        // A refused image has no numbers at all, not even some.
        let shown = row.refused.is_none();
        let twin = row.twin.as_ref().ok().filter(|_| shown);
        Self {
            id: row.name.clone(),
            name: row.site.clone(),
            series: row.frame.series.to_string(),
            frame: row.frame.frame,
            view: row.view.view.as_str(),
            side: row.side,
            place: row.place.map(PlaceJson::of),
            unit: row.unit.as_str().to_owned(),
            refused: row.refused.map(|reason| reason.to_string()),
            stats: match shown {
                true => StatsJson::of(&row.stats, &row.unit),
                false => StatsJson::default(),
            },
            counts_interval: row.stats.interval.filter(|_| shown).map(IntervalJson::of),
            twin: twin.map(|twin| TwinJson::of(twin, &row.unit)),
            no_twin: row.twin.as_ref().err().map(|reason| reason.to_string()),
            ratio: row.ratio.as_ref().filter(|_| shown).map(ratio_json),
            geometric_mean: None,
            suv: None,
            remarks: row.remarks.clone(),
        }
    }
}

impl StatsJson {
    fn of(stats: &RegionStats, unit: &Unit) -> Self {
        Self {
            pixels: Some(stats.pixels),
            area_mm2: stats.area.map(|a| a.0),
            counts: (*unit == Unit::Counts).then_some(stats.total),
            total: Some(stats.total),
            mean: stats.mean,
            max: stats.max,
            min: stats.min,
            sd: stats.sd,
            counts_per_s: stats.per_second,
        }
    }
}

impl IntervalJson {
    fn of(interval: Interval) -> Self {
        let Interval { low, high, level, method } = interval;
        Self { low, high, level: level.get(), method: method.as_str() }
    }
}

impl TwinJson {
    fn of(twin: &TwinRow, unit: &Unit) -> Self {
        Self {
            kind: twin.kind.as_str(),
            center: twin.outlines.first().map(|outline| outline.centroid().to_array()),
            outline: twin.outlines.first().map(polygon),
            outlines: twin.outlines.iter().map(polygon).collect(),
            stats: StatsJson::of(&twin.stats, unit),
        }
    }
}

impl GeometricMeanJson {
    fn of(pair: &ConjugatePair, with: &RoiRow) -> Self {
        let mean = pair.mean;
        Self {
            with: with.name.clone(),
            frame: with.frame.frame,
            value: pair.value,
            low: mean.map(|m| m.low),
            high: mean.map(|m| m.high),
            level: mean.map(|m| m.level.get()),
            method: mean.map(|_| GeometricMean::METHOD),
            counts_per_s: pair.per_second.map(|[value, ..]| value),
            ratio: pair.twin_ratio.and_then(|r| r.value),
            ratio_low: pair.twin_ratio.and_then(|r| r.interval).map(|i| i.low),
            ratio_high: pair.twin_ratio.and_then(|r| r.interval).and_then(|i| i.high),
            remarks: pair.remarks.clone(),
        }
    }
}

pub fn polygon(outline: &Outline) -> Vec<[f64; 2]> {
    outline.polygon(0.1).into_iter().map(|p| p.to_array()).collect()
}

fn cells(row: &RoiRow) -> Vec<String> {
    let side = row.side.map_or("", |side| match side {
        crate::geometry::Side::Left => "left",
        crate::geometry::Side::Right => "right",
    });
    let site = row.site_words();
    let named = match site.is_empty() {
        true => row.name.clone(),
        false => format!("{} {site}", row.name),
    };
    let mut cells = vec![named, row.view.view.as_str().replace('_', " "), side.to_owned()];
    if row.refused.is_some() {
        return cells;
    }
    let stats = &row.stats;
    let twin = row.twin.as_ref().ok();
    let ratio = row.ratio.as_ref();
    cells.extend([
        stats.pixels.to_string(),
        fixed(stats.area.map(|a| a.0 / 100.0), 2),
        fixed(Some(stats.total), if row.unit == Unit::Counts { 0 } else { 3 }),
        bounds(stats.interval, 0),
        fixed(stats.mean, 2),
        fixed(stats.sd, 2),
        fixed(stats.max, if row.unit == Unit::Counts { 0 } else { 3 }),
        fixed(twin.and_then(|t| t.stats.mean), 2),
        fixed(ratio.and_then(|r| r.estimate.value), 2),
        bounds(ratio.and_then(|r| r.estimate.interval), 2),
        ratio.and_then(|r| r.differs_from_1).map_or("", |d| if d { "yes" } else { "no" }).into(),
    ]);
    cells
}

pub fn fixed(value: Option<f64>, digits: usize) -> String {
    value.filter(|v| v.is_finite()).map_or_else(|| "–".into(), |v| format!("{v:.digits$}"))
}

pub fn bounds(interval: Option<Interval>, digits: usize) -> String {
    match interval {
        None => "–".into(),
        Some(Interval { low, high: Some(high), .. }) => format!("{low:.digits$} – {high:.digits$}"),
        Some(Interval { low, high: None, .. }) => format!("≥ {low:.digits$}"),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::findings::Findings;
    use crate::simulate;
    use crate::workbench::RegionsFile;

    /// A lossy image shows no number anywhere, and keeps every field of the contract.
    #[test]
    fn what_must_not_be_measured_has_no_numbers() {
        let case = simulate::case("normal").unwrap();
        let mut study = simulate::acquire(&case, &|_| {}).study;
        let series = Arc::make_mut(&mut study.series[0]);
        series.frames.iter_mut().for_each(|frame| frame.values.lossy = true);
        let regions = r#"{"schema":"bonescope/rois","version":1,"rois":[
            {"id":"L1","frame":1,"shape":"ellipse","center":[100,402],"radii":[8,8]}]}"#;
        let regions = RegionsFile::parse(regions, "rois.json".as_ref()).unwrap();
        let reading = Reading::new(study);
        let mut findings = Findings::default();
        let edit = regions.into_edit(reading.study(), &findings).unwrap();
        findings.apply(edit).unwrap();
        let symmetry = |frame: &FrameKey| reading.symmetry(frame);
        let level = crate::units::Level::NINETY_FIVE;
        let sheet = Sheet::compute(reading.study(), &findings, &symmetry, level);
        let numbers = Numbers { reading: &reading, sheet: &sheet };

        let json = serde_json::to_value(numbers.document("bonescope/measure")).unwrap();
        let row = &json["rois"][0];
        for field in ["pixels", "area_mm2", "counts", "mean", "max", "min", "sd", "twin", "ratio"] {
            assert!(row.get(field).is_some_and(serde_json::Value::is_null), "{field}: {row}");
        }
        assert!(row["remarks"][0].as_str().unwrap().contains("compressed with loss"), "{row}");
        let text = numbers.text();
        let line = text.lines().find(|l| l.starts_with("L1 ")).unwrap();
        assert!(!line.contains(|c: char| c.is_ascii_digit() && c != '1'), "{text}");
    }
}
