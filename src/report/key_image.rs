//! Key images: the whole views with every reported region, and one enlargement per region.

use std::io::Cursor;

use image::{ImageFormat, RgbaImage};

use crate::findings::twin::TwinKind;
use crate::geometry::{Outline, Pixel, Point, Transform, View};
use crate::measure::{AnnotationRow, RoiRow, Sheet};
use crate::picture::{Align, Colormap, Ink, Layer, Mark, Rgb, Sampling, Scene, Window};
use crate::study::{Frame, FrameKey, Identity, Series, Study};
use crate::text::{t, tr};

use super::annotation_marks::annotation_marks;
use super::compose::used_frames;
use super::derived::derived_marks;
use super::frame_marks::{FrameMarks, Labels, REGION, TWIN, WORDS, frame_marks, label};
use super::png::wrapped;
use super::redact::Redactor;
use super::{ReportError, number, words};

/// The window and colours a frame is read in.
pub type Look<'a> = &'a dyn Fn(&FrameKey) -> (Window, Colormap);

/// Paints a scene at so many pixels per canvas point.
pub type Painter<'a> = &'a dyn Fn(&Scene, f64) -> RgbaImage;

/// A key image before painting.
#[derive(Clone, Debug)]
pub struct KeyScene {
    pub scene: Scene,
    pub caption: String,
    /// What the picture shows, for those who cannot see it.
    pub alt: String,
    /// Whole views, as opposed to an enlargement.
    pub whole: bool,
}

/// A key image, painted.
#[derive(Clone, Debug, PartialEq)]
pub struct KeyImage {
    pub png: Vec<u8>,
    /// Pixels.
    pub width: u32,
    pub height: u32,
    pub caption: String,
    pub alt: String,
    pub whole: bool,
}

const SURROUND: Rgb = Rgb(28, 31, 36);
const SIMULATED: Rgb = Rgb(255, 120, 80);
/// Canvas points.
const MARGIN: f64 = 8.0;
const STRIP: f64 = 22.0;
const BAR_GUTTER: f64 = 46.0;
const ZOOM: f64 = 150.0;

/// Whole views first, one scene per series, then the enlargements in the order of the sheet.
/// Labels are cleaned of the patient's name as `identity` demands.
pub fn scenes(study: &Study, sheet: &Sheet, identity: Identity, look: Look<'_>) -> Vec<KeyScene> {
    let redactor = Redactor::new(study, identity);
    let rows: Vec<RoiRow> = sheet
        .rois
        .iter()
        .filter(|row| row.in_report && study.frame(&row.frame).is_some())
        .map(|row| RoiRow { name: redactor.clean(&row.name), ..row.clone() })
        .collect();
    let used = used_frames(study, sheet);
    let annotations: Vec<AnnotationRow> = sheet
        .annotations
        .iter()
        .map(|row| {
            let mut row = row.clone();
            row.annotation.text = redactor.clean(&row.annotation.text);
            row
        })
        .collect();
    let of = Content { study, sheet, rows: &rows, annotations: &annotations, look };
    let whole = study.series.iter().filter_map(|series| {
        // One slice of a volume says nothing unless it is marked.
        let frames: Vec<usize> = used
            .iter()
            .filter(|key| key.series == series.uid)
            .filter(|key| !series.kind.volume() || rows.iter().any(|row| row.frame == **key))
            .map(|key| key.frame)
            .collect();
        (!frames.is_empty()).then(|| of.whole(series, &frames))
    });
    let zooms = rows.iter().filter_map(|row| of.zoom(row, &redactor));
    whole.chain(zooms).collect()
}

/// Paints key images and writes them as PNG. `scale` is in pixels per canvas point; 2 prints well.
pub fn paint_all(
    scenes: &[KeyScene],
    paint: Painter<'_>,
    scale: f64,
) -> Result<Vec<KeyImage>, ReportError> {
    scenes
        .iter()
        .map(|key| {
            let picture = paint(&key.scene, scale);
            Ok(KeyImage {
                width: picture.width(),
                height: picture.height(),
                png: encode(&picture)?,
                caption: key.caption.clone(),
                alt: key.alt.clone(),
                whole: key.whole,
            })
        })
        .collect()
}

pub(super) fn encode(picture: &RgbaImage) -> Result<Vec<u8>, ReportError> {
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, ImageFormat::Png)?;
    Ok(bytes.into_inner())
}

struct Content<'a> {
    study: &'a Study,
    sheet: &'a Sheet,
    rows: &'a [RoiRow],
    annotations: &'a [AnnotationRow],
    look: Look<'a>,
}

impl Content<'_> {
    fn whole(&self, series: &Series, frames: &[usize]) -> KeyScene {
        let keys: Vec<FrameKey> =
            frames.iter().map(|&frame| FrameKey { series: series.uid.clone(), frame }).collect();
        let sizes: Vec<[f64; 2]> =
            frames.iter().map(|&frame| millimetres(&series.frames[frame])).collect();
        // Tall views stand side by side, others in two columns.
        let tall = sizes.iter().all(|[width, height]| width / height < 0.6);
        let columns = if tall { frames.len().min(4) } else { frames.len().min(2) };
        let [cell_width, cell_height] = if tall { [140.0, 560.0] } else { [240.0, 240.0] };
        let rows = frames.len().div_ceil(columns);
        let step = [cell_width + BAR_GUTTER, cell_height + STRIP];
        let mut scene = Scene {
            size: [
                columns as f64 * step[0] + (columns as f64 + 1.0) * MARGIN,
                rows as f64 * step[1] + (rows as f64 + 1.0) * MARGIN + self.foot(),
            ],
            surround: SURROUND,
            layers: Vec::new(),
            marks: Vec::new(),
        };
        for (i, key) in keys.iter().enumerate() {
            let frame = &series.frames[key.frame];
            let x = MARGIN + (i % columns) as f64 * (step[0] + MARGIN);
            let y = MARGIN + (i / columns) as f64 * (step[1] + MARGIN) + STRIP;
            let scale = (cell_width / sizes[i][0]).min(cell_height / sizes[i][1]);
            let clip = [x, y, sizes[i][0] * scale, sizes[i][1] * scale];
            let middle = [0.5 * (frame.columns() as f64 - 1.0), 0.5 * (frame.rows() as f64 - 1.0)];
            let transform = placed(frame, middle, scale, clip);
            self.panel(&mut scene, key, frame, transform, clip, Labels::Names);
            scene.marks.push(words_at([x, y - 6.0], Align::LeftBottom, 12.0, WORDS, {
                words::view_short(frame.view.view)
            }));
            self.color_bar(&mut scene, key, [x + clip[2] + 8.0, y], clip[3].min(160.0));
        }
        self.finish(&mut scene);
        let views = frames
            .iter()
            .map(|&frame| words::view(series.frames[frame].view.view))
            .collect::<Vec<_>>()
            .join(", ");
        let names: Vec<&str> = self
            .rows
            .iter()
            .filter(|row| row.frame.series == series.uid)
            .map(|row| &*row.name)
            .collect();
        let caption = if names.is_empty() {
            tr("report-image-whole-plain", &[("views", (&*views).into())])
        } else {
            tr("report-image-whole", &[("views", (&*views).into())])
        };
        let alt = tr(
            "report-image-whole-alt",
            &[
                ("views", views.into()),
                ("count", names.len().into()),
                ("names", names.join(", ").into()),
            ],
        );
        KeyScene { scene, caption, alt, whole: true }
    }

    fn zoom(&self, row: &RoiRow, redactor: &Redactor) -> Option<KeyScene> {
        let frame = self.study.frame(&row.frame)?;
        let twin = row.twin.as_ref().ok().and_then(|twin| twin.outlines.first());
        let outlines: Vec<&Outline> = std::iter::once(&row.outline).chain(twin).collect();
        let spacing = frame.spacing_or_unit();
        // Room around the larger of the two, and never less than twenty pixels.
        let extent = outlines
            .iter()
            .map(|outline| {
                let (low, high) = outline.bounds();
                ((high.x - low.x) * spacing.x()).max((high.y - low.y) * spacing.y())
            })
            .fold(10.0 * spacing.x().max(spacing.y()), f64::max);
        let scale = ZOOM / (2.2 * extent);
        let mut scene = Scene {
            size: [
                2.0 * ZOOM + 3.0 * MARGIN + BAR_GUTTER,
                ZOOM + STRIP + 2.0 * MARGIN + self.foot(),
            ],
            surround: SURROUND,
            layers: Vec::new(),
            marks: Vec::new(),
        };
        for (i, outline) in outlines.iter().enumerate() {
            let clip = [MARGIN + i as f64 * (ZOOM + MARGIN), MARGIN + STRIP, ZOOM, ZOOM];
            let transform = placed(frame, outline.centroid().to_array(), scale, clip);
            self.panel(&mut scene, &row.frame, frame, transform, clip, Labels::Names);
            let (title, color) = if i == 0 {
                let view = words::view_short(frame.view.view);
                (format!("{view}  {}", label(row, Labels::Ratios)), REGION)
            } else {
                let neighbours = matches!(&row.twin, Ok(t) if t.kind == TwinKind::Neighbours);
                let title =
                    if neighbours { "report-image-neighbours" } else { "report-image-twin" };
                (t(title), TWIN)
            };
            let at = [clip[0], clip[1] - 6.0];
            scene.marks.push(words_at(at, Align::LeftBottom, 12.0, color, title));
        }
        if let Err(reason) = row.twin {
            // The twin's place says why it is empty, so that all enlargements are of one size.
            let at = [MARGIN + 1.5 * ZOOM + MARGIN, MARGIN + STRIP + 0.5 * ZOOM];
            for (i, line) in wrapped(&words::no_twin(reason), 22).into_iter().enumerate() {
                let at = [at[0], at[1] + 13.0 * i as f64];
                scene.marks.push(words_at(at, Align::Center, 10.0, TWIN, line));
            }
        }
        let bar = [MARGIN + 2.0 * (ZOOM + MARGIN), MARGIN + STRIP];
        self.color_bar(&mut scene, &row.frame, bar, 0.6 * ZOOM);
        self.finish(&mut scene);
        let place = place(row, redactor);
        let values: [(&str, crate::text::Value<'_>); 4] = [
            ("name", (&*row.name).into()),
            ("place", place.into()),
            ("view", words::view(frame.view.view).to_lowercase().into()),
            ("ratio", ratio_words(row).into()),
        ];
        let caption = if twin.is_some() { "report-image-zoom-twin" } else { "report-image-zoom" };
        Some(KeyScene {
            scene,
            caption: tr(caption, &values),
            alt: tr("report-image-zoom-alt", &values),
            whole: false,
        })
    }

    fn panel(
        &self,
        scene: &mut Scene,
        key: &FrameKey,
        frame: &Frame,
        view_from_pixel: Transform<Pixel, View>,
        clip: [f64; 4],
        labels: Labels,
    ) {
        let (window, colormap) = (self.look)(key);
        let layer = Layer {
            key: key.clone(),
            values: frame.values.clone(),
            window,
            colormap,
            sampling: Sampling::Bicubic,
            view_from_pixel,
            clip,
            ink: Ink::All,
        };
        scene.layers.extend(layer.inks());
        let rows: Vec<&RoiRow> = self.rows.iter().filter(|row| row.frame == *key).collect();
        // What was not acquired says so inside the picture, where no crop takes it off.
        for (line, text) in derived_marks(&key.series).into_iter().enumerate() {
            let at = [clip[0] + 0.5 * clip[2], clip[1] + 4.0 + 13.0 * line as f64];
            scene.marks.push(words_at(at, Align::CenterTop, 11.0, SIMULATED, text));
        }
        let midline = self.sheet.midlines.iter().find(|row| row.frame == *key);
        scene.marks.extend(frame_marks(&FrameMarks {
            frame,
            rows: &rows,
            midline: midline.map(|row| &row.midline),
            view_from_pixel,
            clip,
            labels,
            text_size: 11.0,
        }));
        let here = self.annotations.iter().filter(|row| row.annotation.frame == *key);
        scene.marks.extend(annotation_marks(here, view_from_pixel, clip, 11.0));
    }

    fn color_bar(&self, scene: &mut Scene, key: &FrameKey, at: [f64; 2], height: f64) {
        let (window, colormap) = (self.look)(key);
        scene.marks.push(Mark::ColorBar {
            at: Point::from(at),
            size: [10.0, height],
            colormap,
            window,
            range: [window.lower, window.upper],
        });
    }

    /// Room below the panels for the mark of a simulated study.
    fn foot(&self) -> f64 {
        if self.study.simulated { 20.0 } else { 0.0 }
    }

    fn finish(&self, scene: &mut Scene) {
        if self.study.simulated {
            let at = [0.5 * scene.size[0], scene.size[1] - MARGIN];
            let text = t("report-simulated");
            scene.marks.push(words_at(at, Align::CenterBottom, 14.0, SIMULATED, text));
        }
    }
}

/// `, right proximal femur`, or nothing.
fn place(row: &RoiRow, redactor: &Redactor) -> String {
    let site = redactor.clean(&row.site_words());
    let place = words::place(row.side, &site);
    if place.is_empty() { place } else { format!(", {place}") }
}

fn ratio_words(row: &RoiRow) -> String {
    let ratio = row.ratio.as_ref().filter(|_| row.refused.is_none());
    ratio.map_or(number::NONE.to_owned(), |r| number::ratio_with_interval(&r.estimate))
}

fn words_at(at: [f64; 2], align: Align, size: f64, color: Rgb, text: String) -> Mark {
    Mark::Text { at: Point::from(at), align, size, color, text }
}

/// Width and height, mm; in pixels where the file states no spacing.
fn millimetres(frame: &Frame) -> [f64; 2] {
    let spacing = frame.spacing_or_unit();
    [
        (frame.columns() as f64 * spacing.x()).max(1e-6),
        (frame.rows() as f64 * spacing.y()).max(1e-6),
    ]
}

/// Puts a pixel into the middle of a panel at so many points per millimetre. The head is up where
/// the file says which way the frame is turned; columns stay as stored, the letters say the rest.
fn placed(
    frame: &Frame,
    middle: [f64; 2],
    scale: f64,
    [x, y, width, height]: [f64; 4],
) -> Transform<Pixel, View> {
    let spacing = frame.spacing_or_unit();
    let down = if frame.laterality.head_at_first_row == Some(false) { -1.0 } else { 1.0 };
    let (sx, sy) = (spacing.x() * scale, spacing.y() * scale * down);
    Transform::new(
        sx,
        0.0,
        0.0,
        sy,
        x + 0.5 * width - middle[0] * sx,
        y + 0.5 * height - middle[1] * sy,
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    fn look(_: &FrameKey) -> (Window, Colormap) {
        let window = Window::linear(0.0, 40.0);
        (window, Colormap::InvertedGrey)
    }

    fn texts(scene: &Scene) -> Vec<&str> {
        let texts = scene.marks.iter().filter_map(|mark| match mark {
            Mark::Text { text, .. } => Some(text.as_str()),
            _ => None,
        });
        texts.collect()
    }

    #[test]
    fn both_views_with_every_region_then_one_picture_each() {
        let (study, sheet) = (sample::study(), sample::sheet());
        let scenes = scenes(&study, &sheet, Identity::Full, &look);
        let reported = sheet.rois.iter().filter(|row| row.in_report).count();
        assert_eq!(scenes.len(), 1 + reported);
        let whole = &scenes[0];
        assert!(whole.whole);
        assert_eq!(whole.scene.layers.len(), 2);
        let words = texts(&whole.scene);
        for expected in ["ANT", "POST", "L1", "L2", "R", "L", "SIMULATED"] {
            assert!(words.contains(&expected), "{expected} in {words:?}");
        }
        assert!(texts(&scenes[1].scene).contains(&"POST  L1 2.41 [2.29–2.54]"));
        assert_eq!(scenes[1].scene.layers.len(), 2, "region and twin");
    }

    #[test]
    fn the_middle_of_a_zoom_is_the_region() {
        let (study, sheet) = (sample::study(), sample::sheet());
        let scenes = scenes(&study, &sheet, Identity::Full, &look);
        let layer = &scenes[1].scene.layers[0];
        let [x, y, width, height] = layer.clip;
        let at = layer.pixel_at(Point::new(x + 0.5 * width, y + 0.5 * height)).unwrap();
        let center = sheet.rois[0].outline.centroid();
        assert!((at - center).length() < 1e-9, "{at:?} {center:?}");
    }
}
