//! A hand-made study for the tests of reports: one patient with a Chinese name, two views, twelve
//! regions and one that stays out.

use std::sync::Arc;

use chrono::NaiveDate;
use image::{Rgba, RgbaImage};
use ndarray::Array2;

use super::{Report, compose, paint_all, scenes};
use crate::findings::twin::{NoTwin, TwinKind};
use crate::findings::{Edit, Findings, Midline, MidlineOrigin, RoiId, Role, TwinChoice};
use crate::geometry::{Curve, Outline, Point, Side, Spacing, View};
use crate::measure::{
    Estimate, Interval, Jitter, Method, MidlineRow, RatioRow, RegionStats, RoiRow, Sheet, TwinRow,
};
use crate::picture::{Colormap, Scene, Window};
use crate::study::{
    Address, EnergyWindow, Frame, FrameKey, FrameSource, Identity, Laterality, NotCounts, Patient,
    Phi, Pixels, Series, SeriesKind, Study, Tracer, Unit, Values, ViewLabel, ViewName, ViewSource,
};
use crate::units::{Level, Megabecquerels, Mm2, Seconds};

/// What a report without identity must not say.
pub const SECRETS: [&str; 13] = [
    "Wang",
    "wang",
    "WANG",
    "XiaoDong",
    "王",
    "小东",
    "MRN-20031",
    "1965-04-03",
    "19650403",
    "ACC-778",
    "Halloran",
    "St. Elsewhere",
    "1.2.826.0.1.3680043.9",
];

const SERIES: &str = "1.2.826.0.1.3680043.9.7.1";
const COLUMNS: usize = 128;
const ROWS: usize = 512;
const SPACING: f64 = 4.4;

pub fn study() -> Study {
    let date = NaiveDate::from_ymd_opt(2026, 11, 18);
    let at = |hour, minute| date.and_then(|d| d.and_hms_opt(hour, minute, 0));
    let frame = |view, seed| Frame {
        values: Values::counts(Pixels::U16(body(seed))),
        spacing: Spacing::new(SPACING, SPACING),
        view: ViewLabel { view, source: ViewSource::ViewCode },
        laterality: Laterality::from_view(view),
        address: Address::default(),
        duration: Some(Seconds(1300.0)),
        geometry: None,
        source: FrameSource {
            sop_class: "1.2.840.10008.5.1.4.1.1.20".into(),
            sop_instance: "1.2.826.0.1.3680043.9.7.1.1".into(),
            number: seed,
        },
    };
    let series = Series {
        uid: SERIES.into(),
        number: Some(2),
        modality: "NM".into(),
        kind: SeriesKind::WholeBody,
        description: "WB BONE 3H".into(),
        acquired: at(13, 5),
        tracer: Tracer {
            agent: "Tc-99m MDP".into(),
            isotope: "Tc-99m".into(),
            injected: Some(Megabecquerels(740.0)),
            injected_at: at(10, 0),
            half_life: Some(Seconds(21_624.1)),
        },
        manufacturer: "Bonescope phantom camera".into(),
        collimator: "LEHR".into(),
        scan_velocity: Some(2.5),
        energy_windows: vec![EnergyWindow {
            name: "Tc-99m".into(),
            ranges_kev: vec![[129.5, 150.5]],
        }],
        frames: vec![frame(ViewName::Anterior, 1), frame(ViewName::Posterior, 2)],
        remarks: vec!["The file states no detector distance.".into()],
        derived: None,
    };
    Study {
        uid: "1.2.826.0.1.3680043.9.7".into(),
        started: at(12, 58),
        date,
        description: "Bone scan WANG".into(),
        accession: Phi::new("ACC-778".into()),
        institution: "St. Elsewhere".into(),
        referring_physician: Phi::new("Halloran^Maeve".into()),
        patient: Patient {
            name: Phi::new("Wang^XiaoDong=王^小东".into()),
            id: Phi::new("MRN-20031".into()),
            birth_date: Phi::new(NaiveDate::from_ymd_opt(1965, 4, 3)),
            sex: "F".into(),
            age: "061Y".into(),
            weight_kg: Some(62.0),
            height_m: Some(1.64),
        },
        series: vec![Arc::new(series)],
        simulated: true,
    }
}

/// Head, trunk and legs as ellipses of counts with a little deterministic noise.
fn body(seed: u32) -> Array2<u16> {
    let parts = [
        (64.0, 40.0, 15.0, 22.0, 9.0),
        (64.0, 70.0, 6.0, 16.0, 8.0),
        (64.0, 150.0, 27.0, 80.0, 4.0),
        (64.0, 160.0, 4.0, 90.0, 12.0),
        (64.0, 245.0, 24.0, 26.0, 8.0),
        (48.0, 345.0, 6.0, 90.0, 6.0),
        (80.0, 345.0, 6.0, 90.0, 6.0),
        (47.0, 445.0, 4.0, 50.0, 5.0),
        (81.0, 445.0, 4.0, 50.0, 5.0),
        (30.0, 165.0, 4.0, 75.0, 4.0),
        (98.0, 165.0, 4.0, 75.0, 4.0),
    ];
    Array2::from_shape_fn((ROWS, COLUMNS), |(row, column)| {
        let (x, y) = (column as f64, row as f64);
        let mean: f64 = parts
            .iter()
            .map(|(cx, cy, a, b, counts)| {
                let q = ((x - cx) / a).powi(2) + ((y - cy) / b).powi(2);
                if q < 1.0 { *counts } else { 0.0 }
            })
            .sum();
        let hot: f64 = regions()
            .iter()
            .filter(|r| r.frame + 1 == seed as usize)
            .map(|r| 14.0 * (-((x - r.at[0]).powi(2) + (y - r.at[1]).powi(2)) / 12.0).exp())
            .sum();
        let mut bits = (column * 7919 + row * 104_729 + seed as usize * 31) as u64;
        bits = (bits ^ (bits >> 7)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        let noise = (bits >> 40) as f64 / (1u64 << 24) as f64 - 0.5;
        (mean + hot + noise * (mean + hot + 0.3).sqrt() * 3.0).round().max(0.0) as u16
    })
}

struct Region {
    name: &'static str,
    frame: usize,
    at: [f64; 2],
    side: Option<Side>,
    site: &'static str,
    note: &'static str,
}

fn regions() -> Vec<Region> {
    let region = |name, frame, at, side, site, note| Region { name, frame, at, side, site, note };
    let (l, r) = (Some(Side::Left), Some(Side::Right));
    vec![
        region("L1", 1, [83.0, 250.0], r, "iliac wing", "New since March; discussed with Mr wang."),
        region("L2", 1, [44.0, 300.0], l, "proximal femur", ""),
        region("L3", 0, [84.0, 130.0], l, "anterior rib 5", "Known fracture after a fall."),
        region("L4", 0, [88.0, 152.0], l, "anterior rib 7", ""),
        region("L5", 1, [46.0, 120.0], l, "scapula", ""),
        region("L6", 1, [64.0, 190.0], None, "vertebra L2", ""),
        region("L7", 0, [48.0, 340.0], r, "femoral shaft", ""),
        region("L8", 0, [81.0, 430.0], l, "tibia", "Degenerative; unchanged."),
        region("L9", 1, [76.0, 268.0], r, "sacroiliac joint", ""),
        region("L10", 1, [84.0, 105.0], r, "posterior rib 6", ""),
        region("L11", 1, [42.0, 170.0], l, "posterior rib 10", "=HYPERLINK(\"x\")"),
        region("L12", 0, [99.0, 110.0], l, "humeral shaft", ""),
        region("X1", 0, [64.0, 275.0], None, "bladder", ""),
    ]
}

pub fn sheet() -> Sheet {
    let line = Curve::through([Point::new(64.0, 10.0), Point::new(64.5, 500.0)]).unwrap();
    let midline = |frame, origin| MidlineRow {
        frame: key(frame),
        midline: Midline { curve: line.clone(), origin },
    };
    Sheet {
        midlines: vec![
            midline(0, MidlineOrigin::Edited),
            midline(1, MidlineOrigin::Fitted { quality: 0.93 }),
        ],
        annotations: Vec::new(),
        indices: Vec::new(),
        rois: regions().iter().enumerate().map(|(i, region)| row(i, region)).collect(),
    }
}

fn key(frame: usize) -> FrameKey {
    FrameKey { series: SERIES.into(), frame }
}

fn row(i: usize, region: &Region) -> RoiRow {
    let ellipse = |center| Outline::Ellipse { center, radii: [5.0, 6.5], angle_deg: 20.0 };
    let total = 4812.0 - 301.0 * i as f64;
    let other = 1997.0 - 77.0 * i as f64;
    let value = total / other;
    let on_midline = region.side.is_none();
    let placed = region.name == "L4";
    let twin = match on_midline {
        true => Err(NoTwin::TouchesMidline),
        false => Ok(TwinRow {
            outlines: vec![ellipse([128.5 - region.at[0], region.at[1]])],
            kind: if placed { TwinKind::Placed } else { TwinKind::Auto },
            stats: stats(other),
        }),
    };
    let (low, high) = if i == 0 { (2.288, 2.541) } else { (value * 0.95, value * 1.055) };
    let ratio = RatioRow {
        jitter: Some(Jitter { low: 0.93 * value, high: 1.06 * value, sd: 0.04 * value }),
        q: Some(0.004 + 0.001 * i as f64),
        differs_after_control: Some(true),
        ..RatioRow::new(
            Estimate {
                value: Some(value),
                interval: Some(interval(low, high, Method::ClopperPearson)),
            },
            Some(0.002 + 0.001 * i as f64),
        )
    };
    RoiRow {
        id: RoiId(i as u32 + 1),
        name: region.name.into(),
        frame: key(region.frame),
        view: ViewLabel {
            view: if region.frame == 0 { ViewName::Anterior } else { ViewName::Posterior },
            source: ViewSource::ViewCode,
        },
        unit: Unit::Counts,
        outline: ellipse(region.at),
        choice: if placed {
            TwinChoice::Placed(ellipse([128.5 - region.at[0], region.at[1]]))
        } else {
            TwinChoice::Auto
        },
        role: Role::Lesion,
        copy_of: None,
        part: None,
        side: region.side,
        site: region.site.into(),
        place: None,
        note: region.note.into(),
        in_report: region.name != "X1",
        stats: stats(total),
        ratio: twin.is_ok().then_some(ratio),
        twin,
        no_interval: None,
        remarks: match region.name {
            "L9" => vec!["The region holds fewer than 200 pixels.".into()],
            _ => Vec::new(),
        },
        refused: (region.name == "L12").then_some(NotCounts::Lossy),
    }
}

fn stats(total: f64) -> RegionStats {
    let pixels = 102;
    let half = 1.96 * total.sqrt();
    RegionStats {
        pixels,
        area: Some(Mm2(pixels as f64 * SPACING * SPACING)),
        total,
        mean: Some(total / pixels as f64),
        max: Some(61.0),
        min: Some(9.0),
        sd: Some(8.125),
        per_second: Some(total / 1300.0),
        interval: Some(interval(total - half, total + half, Method::Garwood)),
    }
}

fn interval(low: f64, high: f64, method: Method) -> Interval {
    Interval { low, high: Some(high), level: Level::NINETY_FIVE, method }
}

pub fn findings() -> Findings {
    let mut findings = Findings::default();
    let words = "Focal uptake in the right iliac wing, about 2.4 times the other side.\n\
                 王小东 was told on 1965-04-03 that this date is hers.";
    findings.apply(Edit::SetImpression(words.into())).unwrap();
    findings
}

pub fn look(_: &FrameKey) -> (Window, Colormap) {
    (Window::linear(0.0, 28.0), Colormap::InvertedGrey)
}

/// The sample's report with its key images at one pixel per point.
pub fn report(identity: Identity) -> Report {
    let (study, sheet) = (study(), sheet());
    let scenes = scenes(&study, &sheet, identity, &look);
    let images = paint_all(&scenes, &paint, 1.0).unwrap();
    compose(&study, &findings(), &sheet, images, identity)
}

/// Layers without marks, nearest pixel, grey: enough for tests of what surrounds the picture.
pub fn paint(scene: &Scene, scale: f64) -> RgbaImage {
    let [width, height] = scene.size.map(|size| (size * scale).round() as u32);
    let crate::picture::Rgb(r, g, b) = scene.surround;
    RgbaImage::from_fn(width, height, |x, y| {
        let at: Point<View> =
            Point::new((f64::from(x) + 0.5) / scale, (f64::from(y) + 0.5) / scale);
        let value = scene.layers.iter().rev().find_map(|layer| {
            let [left, top, width, height] = layer.clip;
            if !(left..left + width).contains(&at.x) || !(top..top + height).contains(&at.y) {
                return None;
            }
            let pixel = layer.pixel_at(at)?.round();
            let value = layer.values.get(pixel.x as i64, pixel.y as i64)?;
            let Window { lower, upper, .. } = layer.window;
            Some(255.0 * (1.0 - ((value - lower) / (upper - lower)).clamp(0.0, 1.0)))
        });
        value.map_or(Rgba([r, g, b, 255]), |v| Rgba([v as u8, v as u8, v as u8, 255]))
    })
}
