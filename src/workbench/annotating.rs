//! Drawing and taking hold of annotations.

use crate::findings::{Annotation, Drawn, Edit};
use crate::geometry::{Pixel, Point, Vector};
use crate::text::t;

use super::command::{Pointer, PointerEvent};
use super::tools::{Gesture, Held, Seen, ToolKind};

/// What a drawing tool makes of a pointer event.
pub fn pointer(kind: ToolKind, held: &mut Held, pointer: &Pointer, seen: &Seen<'_>) -> Gesture {
    match kind {
        ToolKind::Text => match pointer.event {
            PointerEvent::Press => {
                let drawn = Drawn::Text { at: pointer.at.to_array() };
                Gesture::Done(annotate(seen, drawn, t("annotation-new-text")))
            }
            _ => Gesture::Idle,
        },
        ToolKind::Angle => angle(held, pointer, seen),
        _ => line(kind, held, pointer, seen),
    }
}

/// From the press to the release.
fn line(kind: ToolKind, held: &mut Held, pointer: &Pointer, seen: &Seen<'_>) -> Gesture {
    let drawn = |from: Point<Pixel>| {
        let (from, to) = (from.to_array(), pointer.at.to_array());
        match kind {
            ToolKind::Arrow => Drawn::Arrow { from, to },
            _ => Drawn::Ruler { from, to },
        }
    };
    match (pointer.event, &*held) {
        (PointerEvent::Press, _) => {
            *held = Held::Shape { from: pointer.at };
            Gesture::Idle
        }
        (PointerEvent::Drag, &Held::Shape { from }) => {
            Gesture::Preview(annotate(seen, drawn(from), String::new()))
        }
        (PointerEvent::Release, &Held::Shape { from }) => {
            *held = Held::Nothing;
            // A click is no line.
            match (pointer.at - from).length() >= 0.5 {
                true => Gesture::Done(annotate(seen, drawn(from), String::new())),
                false => Gesture::Cancelled,
            }
        }
        _ => Gesture::Idle,
    }
}

/// Three clicks.
fn angle(held: &mut Held, pointer: &Pointer, seen: &Seen<'_>) -> Gesture {
    let whole = |points: &[Point<Pixel>], last: Point<Pixel>| match points {
        &[from, corner] => Some(Drawn::Angle {
            from: from.to_array(),
            corner: corner.to_array(),
            to: last.to_array(),
        }),
        _ => None,
    };
    let done = match (pointer.event, &*held) {
        (PointerEvent::Press, Held::Path(points)) => whole(points, pointer.at),
        _ => None,
    };
    match done {
        Some(drawn) => {
            *held = Held::Nothing;
            Gesture::Done(annotate(seen, drawn, String::new()))
        }
        None => held.clicked(pointer),
    }
}

fn annotate(seen: &Seen<'_>, drawn: Drawn, text: String) -> Edit {
    let id = seen.findings.next_annotation();
    let annotation = Annotation { id, frame: seen.key.clone(), drawn, text };
    Edit::Annotate { at: None, annotation }
}

/// The annotation under the pointer and the point of it that is near; points of the selected one
/// lie on top, then the newest.
pub fn grip(pointer: &Pointer, seen: &Seen<'_>) -> Option<(Annotation, Option<usize>)> {
    let mut here: Vec<&Annotation> =
        seen.findings.annotations().iter().filter(|a| a.frame == *seen.key).collect();
    here.sort_by_key(|a| std::cmp::Reverse((Some(a.id) == seen.annotation, a.id)));
    here.into_iter().find_map(|annotation| {
        let points: Vec<Point<Pixel>> =
            annotation.drawn.points().into_iter().map(Point::from).collect();
        let near = |p: &Point<Pixel>| (*p - pointer.at).length() <= pointer.reach;
        if let Some(index) = points.iter().position(near) {
            return Some((annotation.clone(), Some(index)));
        }
        let on_line = points
            .windows(2)
            .any(|ends| distance(pointer.at, ends[0], ends[1]) <= 0.75 * pointer.reach);
        on_line.then(|| (annotation.clone(), None))
    })
}

/// The annotation with one point, or all of them, moved.
pub fn dragged(annotation: &Annotation, point: Option<usize>, by: Vector<Pixel>) -> Edit {
    let moved: Vec<[f64; 2]> = annotation
        .drawn
        .points()
        .into_iter()
        .enumerate()
        .map(|(index, p)| match point {
            Some(only) if only != index => p,
            _ => (Point::<Pixel>::from(p) + by).to_array(),
        })
        .collect();
    let drawn = annotation.drawn.through(&moved);
    Edit::Reannotate(Annotation { drawn, ..annotation.clone() })
}

/// From a point to the nearest point of a segment.
fn distance(point: Point<Pixel>, from: Point<Pixel>, to: Point<Pixel>) -> f64 {
    let along = to - from;
    let share = match along.square_length() {
        0.0 => 0.0,
        length => ((point - from).dot(along) / length).clamp(0.0, 1.0),
    };
    (point - (from + along * share)).length()
}
