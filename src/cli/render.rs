//! `render`: a picture of what the window would show, without a window.

use std::collections::BTreeMap;
use std::io::Cursor;
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use image::{ImageFormat, RgbaImage};
use serde::de::DeserializeOwned;

use crate::findings::Findings;
use crate::geometry::Point;
use crate::measure::{AsymmetryMap, RoiRow, Sheet};
use crate::picture::{self, Align, Colormap, Ink, Layer, Mark, Rgb, Scene, Window};
use crate::report::{
    AsymmetryMarks, FrameMarks, Labels, asymmetry_marks, frame_marks, side_letters, words,
};
use crate::study::{Frame, FrameKey, Series, Study, ViewName};
use crate::text::t;
use crate::units::Level;
use crate::workbench::{Pane, Reading, Workspace};

use super::failure::{Failure, Outcome};
use super::measure;
use super::output::{self, Loudness};

/// Write a picture of a scan as PNG
#[derive(Args, Default)]
#[command(after_help = "\
Examples:
  bonescope render scan.dcm -o scan.png
  bonescope render demo:metastases -o post.png --view posterior --upper 40% --size 512x1400
  bonescope render scan.dcm -o hot.png --map hot_iron --rois rois.json

Without --view it shows what the window opens with: the anterior and posterior views.")]
pub struct Arguments {
    /// A file, a folder, a .zip, a DICOMDIR or demo:CASE
    path: PathBuf,
    /// The PNG file to write; - writes to standard output
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,
    /// anterior, posterior, or a frame counted from 0
    #[arg(long, value_parser = view)]
    view: Option<View>,
    /// The series to show, where there are several
    #[arg(long, value_name = "UID")]
    series: Option<String>,
    /// The study to show, where the input holds several
    #[arg(long, value_name = "UID")]
    study: Option<String>,
    /// Lower level: 5% of the frame's maximum, or a value in its unit
    #[arg(long, value_parser = edge, allow_hyphen_values = true)]
    lower: Option<Edge>,
    /// Upper level: 40% of the frame's maximum, or a value in its unit
    #[arg(long, value_parser = edge, allow_hyphen_values = true)]
    upper: Option<Edge>,
    /// Colour map: grey, inverted_grey, hot_iron, pet, hot_metal_blue, pet20_step, viridis, …
    #[arg(long, value_parser = colormap)]
    map: Option<Colormap>,
    /// Width and height of the picture in pixels
    #[arg(long, value_name = "WxH", value_parser = size)]
    size: Option<[u32; 2]>,
    /// What paints: the processor, or the graphics card
    #[arg(long, value_enum, default_value = "cpu")]
    painter: Painter,
    /// Draw these regions, their twins and the midline
    #[arg(long, value_name = "FILE")]
    rois: Option<PathBuf>,
    /// Leave out letters and labels
    #[arg(long)]
    no_text: bool,
    /// A frame, counted from 0
    #[arg(long, value_name = "N", conflicts_with = "view")]
    slice: Option<usize>,
    /// A plane of a volume
    #[arg(long, value_enum)]
    plane: Option<Plane>,
    /// A maximum intensity projection of a volume, seen from this angle
    #[arg(long, value_name = "ANGLE", allow_hyphen_values = true)]
    mip: Option<f64>,
    /// Replace an existing file
    #[arg(long)]
    force: bool,
}

impl Arguments {
    /// What the window opens with, into this file.
    pub fn into_file(output: PathBuf, force: bool) -> Self {
        Self { output, force, ..Self::default() }
    }
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum View {
    Named(ViewName),
    Frame(usize),
}

/// One end of the window as a person says it.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Edge {
    /// Of the frame's maximum.
    Percent(f64),
    Value(f64),
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum Painter {
    #[default]
    Cpu,
    Gpu,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Plane {
    Axial,
    Coronal,
    Sagittal,
}

const SURROUND: Rgb = Rgb(28, 31, 36);
const WORDS: Rgb = Rgb(255, 255, 255);
const WARNING: Rgb = Rgb(230, 159, 0);
const TEXT: f64 = 12.0;
const EDGE: f64 = 4.0;
const TALLEST: f64 = 1024.0;

pub fn write(arguments: Arguments, loudness: Loudness) -> Outcome {
    if arguments.plane.is_some() || arguments.mip.is_some() {
        return Err(Failure::usage(
            "this version renders frames, not planes or projections of volumes",
        )
        .remedy("leave --plane and --mip out; --slice N shows one frame"));
    }
    output::check_new(&arguments.output, arguments.force)?;
    let regions = arguments.rois.as_deref().map(measure::read_regions).transpose()?;
    let uid = arguments.study.as_deref();
    let (study, exit) = measure::open_study(&arguments.path, uid, regions.as_ref(), loudness)?;
    let mut reading = Reading::new(study);
    let sheet = match regions {
        Some(regions) => {
            let findings: Findings = measure::record(regions, &mut reading)?;
            measure::compute(&reading, &findings, Level::NINETY_FIVE)
        }
        None => Sheet::default(),
    };
    picture(&arguments, &reading, &sheet, &BTreeMap::new())?;
    Ok(exit)
}

/// Writes the picture that the arguments ask for, over its frames the asymmetry maps there are.
pub fn picture(
    arguments: &Arguments,
    reading: &Reading,
    sheet: &Sheet,
    maps: &BTreeMap<FrameKey, AsymmetryMap>,
) -> Result<(), Failure> {
    let panes = panes(arguments, reading.study())?;
    let scene = Composition { arguments, reading, sheet, maps }.scene(&panes)?;
    let picture = paint(&scene, arguments.painter)?;
    let mut png = Cursor::new(Vec::new());
    picture
        .write_to(&mut png, ImageFormat::Png)
        .map_err(|e| Failure::failed(format!("the picture could not be written: {e}")))?;
    output::write(&arguments.output, png.get_ref(), arguments.force)?;
    Ok(())
}

/// The frames to show, side by side.
fn panes(arguments: &Arguments, study: &Study) -> Result<Vec<Pane>, Failure> {
    let hung = Workspace::hang(study).panes;
    let series = match &arguments.series {
        Some(uid) => study.series(uid).ok_or_else(|| {
            Failure::unusable("there is no series with that UID in the input")
                .remedy("`bonescope info PATH` lists the series")
        })?,
        None => hung
            .first()
            .and_then(|pane| study.series(&pane.frame.series))
            .ok_or_else(|| Failure::unusable("the input holds no image that can be shown"))?,
    };
    let view = arguments.slice.map(View::Frame).or(arguments.view);
    let frames = match view {
        None => series.opening_frames(),
        Some(view) => vec![frame_of(series, view)?],
    };
    let pane = |frame| Pane::new(study, FrameKey { series: series.uid.clone(), frame });
    Ok(frames.into_iter().filter_map(pane).collect())
}

fn frame_of(series: &Series, view: View) -> Result<usize, Failure> {
    let count = series.frames.len();
    match view {
        View::Frame(frame) if frame < count => Ok(frame),
        View::Frame(frame) => Err(Failure::unusable(format!(
            "there is no frame {frame}; the series has {count}, counted from 0"
        ))),
        View::Named(view) => {
            series.frames.iter().position(|f| f.view.view == view).ok_or_else(|| {
                let name = view.as_str().replace('_', " ");
                Failure::unusable(format!("the series has no {name} view"))
                    .remedy("`bonescope info PATH` lists the views; --view N shows a frame")
            })
        }
    }
}

struct Composition<'a> {
    arguments: &'a Arguments,
    reading: &'a Reading,
    sheet: &'a Sheet,
    maps: &'a BTreeMap<FrameKey, AsymmetryMap>,
}

impl Composition<'_> {
    fn scene(&self, panes: &[Pane]) -> Result<Scene, Failure> {
        let study = self.reading.study();
        let frames: Vec<&Frame> = panes.iter().filter_map(|p| study.frame(&p.frame)).collect();
        let size = match self.arguments.size {
            Some(size) => size.map(f64::from),
            None => natural_size(&frames),
        };
        let width = size[0] / frames.len().max(1) as f64;
        let mut scene = Scene { size, surround: SURROUND, layers: Vec::new(), marks: Vec::new() };
        for (index, (pane, frame)) in panes.iter().zip(&frames).enumerate() {
            let clip = [index as f64 * width, 0.0, width, size[1]];
            self.pane(pane, frame, clip, &mut scene)?;
        }
        Ok(scene)
    }

    fn pane(
        &self,
        pane: &Pane,
        frame: &Frame,
        clip: [f64; 4],
        scene: &mut Scene,
    ) -> Result<(), Failure> {
        let view_from_pixel = pane
            .camera
            .view_from_pixel(frame, [clip[2], clip[3]])
            .then_translate(crate::geometry::Vector::new(clip[0], clip[1]));
        let layer = Layer {
            key: pane.frame.clone(),
            values: frame.values.clone(),
            window: self.window(pane, frame)?,
            colormap: self.arguments.map.unwrap_or(pane.look.colormap),
            sampling: pane.look.sampling,
            view_from_pixel,
            clip,
            ink: Ink::All,
        };
        scene.layers.extend(layer.inks());
        if let Some(map) = self.maps.get(&pane.frame) {
            let of = AsymmetryMarks { map, view_from_pixel, clip, text_size: TEXT };
            scene.marks.extend(asymmetry_marks(&of));
        }
        let rows: Vec<&RoiRow> =
            self.sheet.rois.iter().filter(|row| row.frame == pane.frame).collect();
        let text = !self.arguments.no_text;
        if self.arguments.rois.is_some() {
            let marks = frame_marks(&FrameMarks {
                frame,
                rows: &rows,
                midline: self.reading.midline(&pane.frame),
                view_from_pixel,
                clip,
                labels: Labels::Ratios,
                text_size: TEXT,
            });
            let shown = marks.into_iter().filter(|m| text || !matches!(m, Mark::Text { .. }));
            scene.marks.extend(shown);
        } else if text {
            scene.marks.extend(side_letters(frame, view_from_pixel, clip, TEXT + 2.0));
        }
        if text {
            scene.marks.extend(self.words(frame, clip));
        }
        Ok(())
    }

    /// The view at the top; at the foot what may not be overlooked. Nothing names the patient.
    fn words(&self, frame: &Frame, [x, y, width, height]: [f64; 4]) -> Vec<Mark> {
        let warnings = [
            (self.reading.study().simulated, "report-simulated"),
            (frame.values.lossy, "badge-lossy"),
            (frame.side_of_larger_columns().is_none(), "badge-side-unknown"),
            (
                frame.side_of_larger_columns().is_some() && !frame.view_stated(),
                "badge-side-not-stated",
            ),
        ];
        let warnings = warnings.into_iter().filter(|(is, _)| *is).map(|(_, key)| t(key));
        let middle = x + 0.5 * width;
        let mark = |y: f64, align: Align, color: Rgb, text: String| Mark::Text {
            at: Point::new(middle, y),
            align,
            size: TEXT,
            color,
            text,
        };
        let foot = warnings.enumerate().map(|(line, text)| {
            let y = y + height - EDGE - 1.4 * TEXT * line as f64;
            mark(y, Align::CenterBottom, WARNING, text)
        });
        let name = mark(y + EDGE, Align::CenterTop, WORDS, words::view(frame.view.view));
        foot.chain([name]).collect()
    }

    fn window(&self, pane: &Pane, frame: &Frame) -> Result<Window, Failure> {
        let (_, most) = frame.values.range().unwrap_or((0.0, 1.0));
        let value = |edge: Option<Edge>, automatic: f64| match edge {
            None => automatic,
            Some(Edge::Percent(percent)) => most * percent / 100.0,
            Some(Edge::Value(value)) => value,
        };
        let window = Window {
            lower: value(self.arguments.lower, pane.look.window.lower),
            upper: value(self.arguments.upper, pane.look.window.upper),
            ..pane.look.window
        };
        match window.upper > window.lower {
            true => Ok(window),
            false => Err(Failure::usage(format!(
                "the upper level {} does not lie above the lower level {}",
                window.upper, window.lower
            ))),
        }
    }
}

/// Each frame undistorted at a height that shows it well.
fn natural_size(frames: &[&Frame]) -> [f64; 2] {
    let aspect = frames
        .iter()
        .map(|f| {
            let spacing = f.spacing_or_unit();
            f.columns() as f64 * spacing.x() / (f.rows() as f64 * spacing.y())
        })
        .fold(0.1, f64::max)
        .min(10.0);
    let height = (TALLEST / aspect.max(1.0)).round();
    [(height * aspect).round() * frames.len().max(1) as f64, height]
}

fn paint(scene: &Scene, painter: Painter) -> Result<RgbaImage, Failure> {
    match painter {
        Painter::Cpu => Ok(picture::paint(scene, 1.0)),
        #[cfg(feature = "window")]
        Painter::Gpu => {
            let failed = |error: crate::gpu::GpuError| {
                Failure::failed(error).remedy("--painter cpu needs no graphics card")
            };
            let mut card = crate::gpu::Offscreen::new(false).map_err(failed)?;
            crate::gpu::paint(&mut card, scene, 1.0).map_err(failed)
        }
        #[cfg(not(feature = "window"))]
        Painter::Gpu => Err(Failure::usage("this build has no painter for graphics cards")
            .remedy("use --painter cpu, or build with `--features window`")),
    }
}

/// A value by the name it has in files.
fn named<T: DeserializeOwned>(name: &str) -> Option<T> {
    let name = name.to_lowercase().replace('-', "_");
    serde_json::from_value(serde_json::Value::String(name)).ok()
}

fn view(text: &str) -> Result<View, String> {
    match text.parse() {
        Ok(frame) => Ok(View::Frame(frame)),
        Err(_) => named(text)
            .map(View::Named)
            .ok_or_else(|| "anterior, posterior or a frame number are views".into()),
    }
}

fn edge(text: &str) -> Result<Edge, String> {
    let (number, of): (&str, fn(f64) -> Edge) = match text.strip_suffix('%') {
        Some(number) => (number, Edge::Percent),
        None => (text, Edge::Value),
    };
    let number = number.trim().parse::<f64>().ok().filter(|v| v.is_finite());
    number.map(of).ok_or_else(|| "40% and 120 are levels".into())
}

fn colormap(text: &str) -> Result<Colormap, String> {
    named(text).ok_or_else(|| {
        let names = Colormap::ALL.iter().filter_map(|m| serde_json::to_value(m).ok());
        let names: Vec<_> = names.filter_map(|n| n.as_str().map(str::to_owned)).collect();
        format!("the maps are {}", names.join(", "))
    })
}

fn size(text: &str) -> Result<[u32; 2], String> {
    let sides = text.split_once(['x', 'X', '×']);
    let side = |text: &str| text.parse().ok().filter(|s| (16..=16_384).contains(s));
    sides
        .and_then(|(width, height)| Some([side(width)?, side(height)?]))
        .ok_or_else(|| "a size is WxH in pixels, 16 to 16384 each, as 512x1024 is".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_sizes_and_views_are_read() {
        assert_eq!(edge("40%"), Ok(Edge::Percent(40.0)));
        assert_eq!(edge("120"), Ok(Edge::Value(120.0)));
        assert!(edge("nan").is_err() && edge("x%").is_err());
        assert_eq!(size("512x1024"), Ok([512, 1024]));
        assert!(size("0x9").is_err() && size("99999999x5").is_err() && size("5").is_err());
        assert_eq!(view("posterior"), Ok(View::Named(ViewName::Posterior)));
        assert_eq!(view("left-lateral"), Ok(View::Named(ViewName::LeftLateral)));
        assert_eq!(view("3"), Ok(View::Frame(3)));
        assert_eq!(colormap("hot-iron"), Ok(Colormap::HotIron));
        assert_eq!(colormap("rainbow"), Ok(Colormap::Rainbow));
        assert!(colormap("jet").unwrap_err().contains("viridis"));
    }
}
