//! One frame's regions, twins, midline and side letters as marks on a canvas.

use crate::findings::Midline;
use crate::findings::twin::TwinKind;
use crate::geometry::{Outline, Pixel, Point, Side, Transform, View};
use crate::measure::RoiRow;
use crate::picture::{Align, Mark, Rgb, Stroke, StrokeKind};
use crate::study::Frame;

use super::hatch::hatch;
use super::{number, words};

pub const REGION: Rgb = Rgb(255, 176, 0);
pub const TWIN: Rgb = Rgb(120, 200, 255);
pub const MIDLINE: Rgb = Rgb(150, 158, 168);
pub const WORDS: Rgb = Rgb(255, 255, 255);
/// Guessed, not stated.
const UNSURE: Rgb = Rgb(230, 159, 0);

/// How much a region's label says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Labels {
    /// `L1`
    Names,
    /// `L1 2.41 [2.29–2.54]`
    Ratios,
}

/// What is drawn over one frame, and where the frame lies on the canvas.
pub struct FrameMarks<'a> {
    pub frame: &'a Frame,
    /// The regions on this frame.
    pub rows: &'a [&'a RoiRow],
    pub midline: Option<&'a Midline>,
    pub view_from_pixel: Transform<Pixel, View>,
    /// Nothing is drawn outside: x, y, width, height.
    pub clip: [f64; 4],
    pub labels: Labels,
    /// Height of labels, canvas points.
    pub text_size: f64,
}

/// Back to front: midline, twins, regions, labels, side letters.
pub fn frame_marks(of: &FrameMarks<'_>) -> Vec<Mark> {
    let mut marks = Vec::new();
    if let Some(midline) = of.midline {
        let stroke = Stroke { color: MIDLINE, width: 0.8, kind: StrokeKind::Dashed, halo: false };
        let points = midline.curve.sampled(4.0);
        marks.extend(lines(of, &points, false, stroke));
    }
    for row in of.rows {
        if let Ok(twin) = &row.twin {
            let kind = match twin.kind {
                TwinKind::Placed => StrokeKind::Solid,
                TwinKind::Auto | TwinKind::Neighbours => StrokeKind::Dashed,
            };
            let stroke = Stroke { color: TWIN, width: 1.4, kind, halo: true };
            for outline in &twin.outlines {
                marks.extend(lines(of, &outline.polygon(0.5), true, stroke));
            }
        }
    }
    for row in of.rows {
        let polygon = row.outline.polygon(0.5);
        let kind = match row.role.not_bone() {
            true => StrokeKind::Dotted,
            false => StrokeKind::Solid,
        };
        let stroke = Stroke { color: REGION, width: 1.6, kind, halo: true };
        if row.role.not_bone() {
            let seen: Vec<_> =
                polygon.iter().map(|&p| of.view_from_pixel.transform_point(p)).collect();
            let stroke = Stroke { width: 0.7, kind: StrokeKind::Solid, halo: false, ..stroke };
            let lines = hatch(&seen).into_iter().flat_map(|line| inside(&line, false, of.clip));
            marks.extend(lines.map(|(points, closed)| Mark::Line { points, closed, stroke }));
        }
        marks.extend(lines(of, &polygon, true, stroke));
    }
    marks.extend(labels(of));
    marks.extend(side_letters(of.frame, of.view_from_pixel, of.clip, of.text_size + 2.0));
    marks
}

/// `L1 2.41 [2.29–2.54]`; the name alone where there is no ratio.
pub fn label(row: &RoiRow, labels: Labels) -> String {
    let ratio = row.ratio.as_ref().filter(|_| row.refused.is_none());
    match (labels, ratio) {
        (Labels::Ratios, Some(ratio)) => {
            format!("{} {}", row.name, number::ratio_with_interval(&ratio.estimate))
        }
        _ => match words::role(row.role) {
            Some(role) => format!("{} {role}", row.name),
            None => row.name.clone(),
        },
    }
}

/// L and R at the edges of a frame where the file says which way it is turned; nothing otherwise.
/// The letters follow the patient and the transform, so a mirrored display moves them. They are
/// amber while neither the file nor the reader states them.
pub fn side_letters(
    frame: &Frame,
    view_from_pixel: Transform<Pixel, View>,
    clip: [f64; 4],
    size: f64,
) -> Vec<Mark> {
    let Some(larger) = frame.side_of_larger_columns() else { return Vec::new() };
    let along_columns = view_from_pixel.transform_vector(euclid::vec2(1.0, 0.0));
    let right_edge: Side = if along_columns.x >= 0.0 { larger } else { larger.opposite() };
    let [x, y, width, height] = clip;
    let middle = y + 0.5 * height;
    let letter = |at: f64, align: Align, side: Side| Mark::Text {
        at: Point::new(at, middle),
        align,
        size,
        color: if frame.view_stated() { WORDS } else { UNSURE },
        text: side.letter().to_string(),
    };
    vec![
        letter(x + 4.0, Align::LeftCenter, right_edge.opposite()),
        letter(x + width - 4.0, Align::RightCenter, right_edge),
    ]
}

fn lines(of: &FrameMarks<'_>, points: &[Point<Pixel>], closed: bool, stroke: Stroke) -> Vec<Mark> {
    let points: Vec<_> = points.iter().map(|&p| of.view_from_pixel.transform_point(p)).collect();
    inside(&points, closed, of.clip)
        .into_iter()
        .map(|(points, closed)| Mark::Line { points, closed, stroke })
        .collect()
}

/// The parts of a line that lie inside a rectangle, each with whether it is still closed.
pub fn inside(
    points: &[Point<View>],
    closed: bool,
    clip: [f64; 4],
) -> Vec<(Vec<Point<View>>, bool)> {
    let [x, y, width, height] = clip;
    let within =
        |p: &Point<View>| (x..=x + width).contains(&p.x) && (y..=y + height).contains(&p.y);
    if points.iter().all(within) {
        return vec![(points.to_vec(), closed)];
    }
    let ends = points.iter().skip(1).chain(points.first().filter(|_| closed));
    let mut parts: Vec<(Vec<Point<View>>, bool)> = Vec::new();
    for (&from, &to) in points.iter().zip(ends) {
        let Some((a, b)) = clipped(from, to, clip) else { continue };
        match parts.last_mut() {
            Some((part, _)) if part.last() == Some(&a) => part.push(b),
            _ => parts.push((vec![a, b], false)),
        }
    }
    parts
}

/// Liang and Barsky, ACM Trans. Graph. 3 (1984): the part of a segment inside a rectangle.
fn clipped(
    from: Point<View>,
    to: Point<View>,
    [x, y, width, height]: [f64; 4],
) -> Option<(Point<View>, Point<View>)> {
    let step = to - from;
    let (mut enter, mut leave) = (0.0_f64, 1.0_f64);
    let edges = [
        (-step.x, from.x - x),
        (step.x, x + width - from.x),
        (-step.y, from.y - y),
        (step.y, y + height - from.y),
    ];
    for (towards, room) in edges {
        if towards == 0.0 {
            if room < 0.0 {
                return None;
            }
        } else if towards < 0.0 {
            enter = enter.max(room / towards);
        } else {
            leave = leave.min(room / towards);
        }
    }
    if enter > leave {
        return None;
    }
    let start = if enter == 0.0 { from } else { from + step * enter };
    let end = if leave == 1.0 { to } else { from + step * leave };
    Some((start, end))
}

/// Labels stand beside their regions, where they hide no region, no twin and no other label.
fn labels(of: &FrameMarks<'_>) -> Vec<Mark> {
    let [x, y, width, height] = of.clip;
    let panel = Space { left: x, top: y, right: x + width, bottom: y + height };
    let around = |outline: &Outline| {
        let (low, high) = outline.bounds();
        let (a, b) =
            (of.view_from_pixel.transform_point(low), of.view_from_pixel.transform_point(high));
        Space { left: a.x.min(b.x), top: a.y.min(b.y), right: a.x.max(b.x), bottom: a.y.max(b.y) }
    };
    let mut taken: Vec<Space> = of
        .rows
        .iter()
        .flat_map(|row| {
            let twin = row.twin.as_ref().map_or(&[][..], |twin| &twin.outlines);
            std::iter::once(&row.outline).chain(twin)
        })
        .map(around)
        .collect();
    let mut marks = Vec::new();
    for row in of.rows {
        let visible = row.outline.polygon(0.5).iter().any(|&p| {
            let Point { x, y, .. } = of.view_from_pixel.transform_point(p);
            (panel.left..panel.right).contains(&x) && (panel.top..panel.bottom).contains(&y)
        });
        if !visible {
            continue;
        }
        let region = around(&row.outline);
        let text = label(row, of.labels);
        let size = [0.58 * of.text_size * text.chars().count() as f64, 1.2 * of.text_size];
        let space = region.beside(size, &panel, &taken);
        marks.push(Mark::Text {
            at: Point::new(space.left, 0.5 * (space.top + space.bottom)),
            align: Align::LeftCenter,
            size: of.text_size,
            color: REGION,
            text,
        });
        taken.push(space);
    }
    marks
}

/// A rectangle on the canvas.
#[derive(Clone, Copy, Debug)]
struct Space {
    left: f64,
    top: f64,
    right: f64,
    bottom: f64,
}

impl Space {
    fn meets(&self, other: &Self) -> bool {
        self.left < other.right
            && other.left < self.right
            && self.top < other.bottom
            && other.top < self.bottom
    }

    fn holds(&self, other: &Self) -> bool {
        self.left <= other.left
            && self.top <= other.top
            && other.right <= self.right
            && other.bottom <= self.bottom
    }

    /// The first free place around this one: right, left, above, below, then further out. Right
    /// of it, if all is taken.
    fn beside(&self, [width, height]: [f64; 2], panel: &Self, taken: &[Self]) -> Self {
        let gap = 4.0;
        let (cx, cy) = (0.5 * (self.left + self.right), 0.5 * (self.top + self.bottom));
        let at =
            |left: f64, top: f64| Self { left, top, right: left + width, bottom: top + height };
        let places = (0..6).flat_map(|ring| {
            let out = f64::from(ring) * height;
            [
                at(self.right + gap, cy - 0.5 * height - out),
                at(self.left - gap - width, cy - 0.5 * height - out),
                at(self.right + gap, cy - 0.5 * height + out),
                at(self.left - gap - width, cy - 0.5 * height + out),
                at(cx - 0.5 * width, self.top - gap - height - out),
                at(cx - 0.5 * width, self.bottom + gap + out),
            ]
        });
        places
            .into_iter()
            .find(|place| panel.holds(place) && !taken.iter().any(|t| t.meets(place)))
            .unwrap_or_else(|| {
                let left = (self.right + gap).min(panel.right - width).max(panel.left);
                at(left, cy - 0.5 * height)
            })
    }
}

#[cfg(test)]
mod tests {
    use crate::picture::{Vision, color_distance};

    /// Regions, twins and everything else keep apart for every kind of colour vision, and from
    /// what they lie on: black and white of grey and inverted grey, each beside its dark halo.
    #[test]
    fn region_colours_are_told_apart_by_all_eyes() {
        let colors = [REGION, TWIN, WORDS];
        for vision in Vision::ALL {
            for (at, a) in colors.iter().enumerate() {
                for b in &colors[at + 1..] {
                    let apart = color_distance(*a, *b, vision);
                    assert!(apart >= 20.0, "{a:?} {b:?} for {vision:?}: {apart:.1}");
                }
                let halo = color_distance(*a, Rgb(0, 0, 0), vision);
                assert!(halo >= 20.0, "{a:?} on black for {vision:?}: {halo:.1}");
            }
            let halo = color_distance(Rgb(0, 0, 0), Rgb(255, 255, 255), vision);
            assert!(halo >= 20.0, "the halo on inverted grey for {vision:?}: {halo:.1}");
        }
    }

    use proptest::prelude::*;

    use super::*;
    use crate::report::sample;

    fn letters(frame: &Frame, mirrored: bool) -> Vec<(f64, String)> {
        let scale = if mirrored { -1.0 } else { 1.0 };
        let transform = Transform::scale(scale, 1.0);
        let marks = side_letters(frame, transform, [0.0, 0.0, 100.0, 100.0], 10.0);
        let text = |mark: &Mark| match mark {
            Mark::Text { at, text, .. } => (at.x, text.clone()),
            _ => unreachable!("only letters"),
        };
        marks.iter().map(text).collect()
    }

    #[test]
    fn letters_follow_the_patient_and_the_mirror() {
        let study = sample::study();
        let [anterior, posterior] = &study.series[0].frames[..] else { panic!("two frames") };
        let (left, right) = ((4.0, "R".to_owned()), (96.0, "L".to_owned()));
        assert_eq!(letters(anterior, false), [left, right]);
        assert_eq!(letters(anterior, true)[0].1, "L");
        assert_eq!(letters(posterior, false)[0].1, "L");
        let unknown = Frame { laterality: Default::default(), ..anterior.clone() };
        assert_eq!(letters(&unknown, false), []);
    }

    #[test]
    fn labels_say_name_and_ratio() {
        let sheet = sample::sheet();
        assert_eq!(label(&sheet.rois[0], Labels::Ratios), "L1 2.41 [2.29–2.54]");
        assert_eq!(label(&sheet.rois[0], Labels::Names), "L1");
        let refused =
            RoiRow { refused: Some(crate::study::NotCounts::Lossy), ..sheet.rois[0].clone() };
        assert_eq!(label(&refused, Labels::Ratios), "L1");
    }

    proptest! {
        #[test]
        fn nothing_is_drawn_outside(
            points in proptest::collection::vec((-50.0..150.0, -50.0..150.0), 2..12),
            closed in any::<bool>(),
        ) {
            let points: Vec<_> = points.into_iter().map(|(x, y)| Point::new(x, y)).collect();
            for (part, _) in inside(&points, closed, [0.0, 0.0, 100.0, 80.0]) {
                for p in part {
                    prop_assert!((-1e-9..=100.0 + 1e-9).contains(&p.x), "{:?}", p);
                    prop_assert!((-1e-9..=80.0 + 1e-9).contains(&p.y), "{:?}", p);
                }
            }
        }
    }
}
