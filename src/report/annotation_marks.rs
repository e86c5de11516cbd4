//! Annotations as marks on a canvas.

use crate::findings::Drawn;
use crate::geometry::{Pixel, Point, Transform, Vector, View};
use crate::measure::AnnotationRow;
use crate::picture::{Align, Mark, Rgb, Stroke, StrokeKind};

use super::frame_marks::inside;
use super::number;

pub const ANNOTATION: Rgb = Rgb(240, 228, 66);

/// What one annotation says on the image: its words, its measure.
pub fn annotation_label(row: &AnnotationRow) -> String {
    let measure = row.measured.map(number::measured);
    let words = Some(row.annotation.text.clone()).filter(|text| !text.is_empty());
    [words, measure].into_iter().flatten().collect::<Vec<_>>().join(" ")
}

/// Marks of the annotations of one frame, clipped to `clip`: x, y, width, height.
pub fn annotation_marks<'a>(
    rows: impl Iterator<Item = &'a AnnotationRow>,
    view_from_pixel: Transform<Pixel, View>,
    clip: [f64; 4],
    text_size: f64,
) -> Vec<Mark> {
    let mut marks = Vec::new();
    for row in rows {
        let drawn = &row.annotation.drawn;
        let points: Vec<Point<View>> = drawn
            .points()
            .into_iter()
            .map(|p| view_from_pixel.transform_point(Point::from(p)))
            .collect();
        for line in strokes(drawn, &points) {
            let stroke =
                Stroke { color: ANNOTATION, width: 1.5, kind: StrokeKind::Solid, halo: true };
            let parts = inside(&line, false, clip).into_iter();
            marks.extend(parts.map(|(points, closed)| Mark::Line { points, closed, stroke }));
        }
        let text = annotation_label(row);
        let Some((at, align)) = label_place(drawn, &points) else { continue };
        let seen = at.x >= clip[0]
            && at.x <= clip[0] + clip[2]
            && at.y >= clip[1]
            && at.y <= clip[1] + clip[3];
        if seen && !text.is_empty() {
            marks.push(Mark::Text { at, align, size: text_size, color: ANNOTATION, text });
        }
    }
    marks
}

/// The lines that a drawing is made of, canvas points.
fn strokes(drawn: &Drawn, points: &[Point<View>]) -> Vec<Vec<Point<View>>> {
    match (drawn, points) {
        (Drawn::Arrow { .. }, &[from, to]) => {
            let along = to - from;
            if along.length() < 1e-6 {
                return Vec::new();
            }
            let back = along.normalize() * -9.0;
            let aside = Vector::new(-back.y, back.x) * 0.45;
            vec![vec![from, to], vec![to + back + aside, to, to + back - aside]]
        }
        (Drawn::Ruler { .. }, &[from, to]) => {
            let along = to - from;
            if along.length() < 1e-6 {
                return Vec::new();
            }
            let along = along.normalize();
            let tick = Vector::new(-along.y, along.x) * 4.0;
            let end = |p: Point<View>| vec![p + tick, p - tick];
            vec![vec![from, to], end(from), end(to)]
        }
        (Drawn::Angle { .. }, points) => vec![points.to_vec()],
        _ => Vec::new(),
    }
}

/// Where the words stand: beside an arrow's tail and a ruler's end, at an angle's corner.
fn label_place(drawn: &Drawn, points: &[Point<View>]) -> Option<(Point<View>, Align)> {
    let aside = |at: Point<View>, away: Vector<View>| match away.x >= 0.0 {
        true => (at + Vector::new(6.0, 0.0), Align::LeftCenter),
        false => (at - Vector::new(6.0, 0.0), Align::RightCenter),
    };
    match (drawn, points) {
        (Drawn::Text { .. }, &[at]) => Some((at, Align::LeftCenter)),
        (Drawn::Arrow { .. }, &[from, to]) => Some(aside(from, from - to)),
        (Drawn::Ruler { .. }, &[from, to]) => Some(aside(to, to - from)),
        (Drawn::Angle { .. }, &[from, corner, to]) => {
            Some(aside(corner, (corner - from) + (corner - to)))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::findings::{Annotation, AnnotationId};
    use crate::measure::Measured;
    use crate::study::FrameKey;

    fn row(drawn: Drawn, text: &str, measured: Option<Measured>) -> AnnotationRow {
        let frame = FrameKey { series: "1.2".into(), frame: 0 };
        let annotation = Annotation { id: AnnotationId(1), frame, drawn, text: text.into() };
        AnnotationRow { annotation, measured }
    }

    #[test]
    fn an_arrow_ends_where_it_points_and_a_ruler_says_its_length() {
        let clip = [0.0, 0.0, 200.0, 200.0];
        let arrow = row(Drawn::Arrow { from: [10.0, 10.0], to: [40.0, 20.0] }, "here", None);
        let ruler = Drawn::Ruler { from: [50.0, 50.0], to: [80.0, 50.0] };
        let ruler = row(ruler, "", Some(Measured::Millimetres(72.04)));
        let twice = Transform::scale(2.0, 2.0);
        let marks = annotation_marks([&arrow, &ruler].into_iter(), twice, clip, 12.0);
        let texts: Vec<&str> = marks
            .iter()
            .filter_map(|m| match m {
                Mark::Text { text, .. } => Some(text.as_str()),
                _ => None,
            })
            .collect();
        assert_eq!(texts, ["here", "72.0\u{a0}mm"]);
        let tip = Point::new(80.0, 40.0);
        let Mark::Line { points, .. } = &marks[1] else { panic!("{marks:?}") };
        assert_eq!(points[1], tip);
    }

    #[test]
    fn what_lies_outside_the_clip_is_not_drawn() {
        let text = row(Drawn::Text { at: [500.0, 10.0] }, "far away", None);
        let clip = [0.0, 0.0, 200.0, 200.0];
        let none = annotation_marks([&text].into_iter(), Transform::identity(), clip, 12.0);
        assert!(none.is_empty());
    }
}
