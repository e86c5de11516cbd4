//! Tools: small state machines that turn pointer movements into edits.
//!
//! They think in pixels of the frame and never meet a screen. While a gesture runs it is a preview;
//! on release it becomes one edit, so one gesture is one undo.

use serde::{Deserialize, Serialize};

use crate::findings::twin;
use crate::findings::{
    Annotation, AnnotationId, Edit, Findings, Midline, MidlineOrigin, Roi, RoiId, Role, Symmetry,
    TwinChoice,
};
use crate::geometry::{Curve, Outline, Pixel, Point, Vector};
use crate::study::{Frame, FrameKey};

use super::annotating;
use super::command::{Pointer, PointerEvent};

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ToolKind {
    /// Takes hold of regions, handles, twins and midlines; on empty image it windows.
    #[default]
    Select,
    Ellipse,
    Rectangle,
    Polygon,
    Freehand,
    /// Words at a place.
    Text,
    Arrow,
    /// A distance.
    Ruler,
    /// Three clicks: an end, the corner, the other end.
    Angle,
}

impl ToolKind {
    pub const ALL: [Self; 9] = [
        Self::Select,
        Self::Ellipse,
        Self::Rectangle,
        Self::Polygon,
        Self::Freehand,
        Self::Text,
        Self::Arrow,
        Self::Ruler,
        Self::Angle,
    ];
}

/// What a tool may look at.
pub struct Seen<'a> {
    pub key: &'a FrameKey,
    pub frame: &'a Frame,
    pub findings: &'a Findings,
    /// How the sides of the frame answer to each other, with the midline in force.
    pub symmetry: Option<&'a Symmetry>,
    pub selected: Option<RoiId>,
    pub annotation: Option<AnnotationId>,
    /// Lower and upper level of the pane.
    pub window: [f64; 2],
    /// Whether midlines and regions can be seen, and so taken hold of.
    pub overlays: bool,
}

/// What came of a pointer event.
#[derive(Clone, Debug, PartialEq)]
pub enum Gesture {
    /// Nothing of ours.
    Idle,
    /// What the findings would become if the gesture ended now.
    Preview(Edit),
    /// A line that is not yet a region.
    Sketch(Vec<Point<Pixel>>),
    Done(Edit),
    Select(Option<RoiId>),
    SelectAnnotation(AnnotationId),
    /// New lower and upper level.
    Window([f64; 2]),
    Cancelled,
}

/// The tool in hand and what it holds.
#[derive(Clone, Debug, Default)]
pub struct Tool {
    kind: ToolKind,
    held: Held,
}

#[derive(Clone, Debug, Default)]
pub(super) enum Held {
    #[default]
    Nothing,
    /// Drawing between the press and the pointer.
    Shape {
        from: Point<Pixel>,
    },
    /// Points of a polygon or freehand line so far.
    Path(Vec<Point<Pixel>>),
    Grip {
        grip: Grip,
        from: Point<Pixel>,
    },
    /// Windowing: levels at the press.
    Levels([f64; 2]),
}

/// What the select tool took hold of.
#[derive(Clone, Debug, PartialEq)]
pub enum Grip {
    Body(RoiId, Outline),
    Handle(RoiId, Outline, usize),
    Twin(RoiId, Outline),
    /// A control point of the midline.
    MidlinePoint(Curve, usize),
    /// A point of an annotation, or all of it.
    Annotation(Annotation, Option<usize>),
}

impl Held {
    /// Points clicked one by one: the first press begins, the pointer draws the line on. Further
    /// presses, and what ends the line, are the tool's own.
    pub(super) fn clicked(&mut self, pointer: &Pointer) -> Gesture {
        match (pointer.event, &mut *self) {
            (PointerEvent::Press, Self::Path(points)) => {
                points.push(pointer.at);
                Gesture::Sketch(points.clone())
            }
            (PointerEvent::Press, held) => {
                *held = Self::Path(vec![pointer.at]);
                Gesture::Sketch(vec![pointer.at])
            }
            (PointerEvent::Hover | PointerEvent::Drag, Self::Path(points)) => {
                let mut sketch = points.clone();
                sketch.push(pointer.at);
                Gesture::Sketch(sketch)
            }
            (PointerEvent::Release, Self::Path(points)) => Gesture::Sketch(points.clone()),
            _ => Gesture::Idle,
        }
    }
}

impl Tool {
    pub fn new(kind: ToolKind) -> Self {
        Self { kind, held: Held::Nothing }
    }

    pub fn kind(&self) -> ToolKind {
        self.kind
    }

    /// Whether a gesture is under way.
    pub fn busy(&self) -> bool {
        !matches!(self.held, Held::Nothing)
    }

    /// Drops the gesture under way; `false` when there was none.
    pub fn cancel(&mut self) -> bool {
        !matches!(std::mem::take(&mut self.held), Held::Nothing)
    }

    pub fn pointer(&mut self, pointer: &Pointer, seen: &Seen<'_>) -> Gesture {
        if pointer.event == PointerEvent::Cancel {
            return if self.cancel() { Gesture::Cancelled } else { Gesture::Idle };
        }
        match self.kind {
            ToolKind::Select => self.select(pointer, seen),
            ToolKind::Ellipse | ToolKind::Rectangle => self.drag_shape(pointer, seen),
            ToolKind::Freehand => self.freehand(pointer, seen),
            ToolKind::Polygon => self.polygon(pointer, seen),
            ToolKind::Text | ToolKind::Arrow | ToolKind::Ruler | ToolKind::Angle => {
                annotating::pointer(self.kind, &mut self.held, pointer, seen)
            }
        }
    }

    fn drag_shape(&mut self, pointer: &Pointer, seen: &Seen<'_>) -> Gesture {
        match (pointer.event, &self.held) {
            (PointerEvent::Press, _) => {
                self.held = Held::Shape { from: pointer.at };
                Gesture::Idle
            }
            (PointerEvent::Drag, Held::Shape { from }) => {
                match shape_between(self.kind, *from, pointer.at, pointer.shift) {
                    Some(outline) => Gesture::Preview(add(seen, outline)),
                    None => Gesture::Idle,
                }
            }
            (PointerEvent::Release, Held::Shape { from }) => {
                let outline = shape_between(self.kind, *from, pointer.at, pointer.shift);
                self.held = Held::Nothing;
                match outline {
                    Some(outline) => Gesture::Done(add(seen, outline)),
                    None => Gesture::Cancelled,
                }
            }
            _ => Gesture::Idle,
        }
    }

    fn freehand(&mut self, pointer: &Pointer, seen: &Seen<'_>) -> Gesture {
        match (pointer.event, &mut self.held) {
            (PointerEvent::Press, held) => {
                *held = Held::Path(vec![pointer.at]);
                Gesture::Idle
            }
            (PointerEvent::Drag, Held::Path(points)) => {
                // A point for every tenth of a pixel would only make the outline heavy.
                if points.last().is_none_or(|last| (pointer.at - *last).length() >= 0.3) {
                    points.push(pointer.at);
                }
                Gesture::Sketch(points.clone())
            }
            (PointerEvent::Release, Held::Path(points)) => {
                let points = std::mem::take(points);
                self.held = Held::Nothing;
                finish_polygon(points, seen)
            }
            _ => Gesture::Idle,
        }
    }

    /// A click puts a point; a double click, or a click on the first point, closes the shape.
    fn polygon(&mut self, pointer: &Pointer, seen: &Seen<'_>) -> Gesture {
        match (pointer.event, &mut self.held) {
            (PointerEvent::Press, Held::Path(points))
                if points.len() >= 3 && (pointer.at - points[0]).length() <= pointer.reach =>
            {
                let points = std::mem::take(points);
                self.held = Held::Nothing;
                finish_polygon(points, seen)
            }
            (PointerEvent::DoubleClick, Held::Path(points)) => {
                let mut points = std::mem::take(points);
                // Both presses of the double click left a point.
                points.dedup_by(|a, b| (*a - *b).length() < 0.5 * pointer.reach);
                self.held = Held::Nothing;
                finish_polygon(points, seen)
            }
            (_, held) => held.clicked(pointer),
        }
    }

    fn select(&mut self, pointer: &Pointer, seen: &Seen<'_>) -> Gesture {
        match (pointer.event, &self.held) {
            (PointerEvent::Press, _) => match grip_at(pointer, seen) {
                Some(grip) => {
                    let said = match &grip {
                        Grip::Annotation(annotation, _) => Gesture::SelectAnnotation(annotation.id),
                        grip => match grip.roi() {
                            Some(id) => Gesture::Select(Some(id)),
                            None => Gesture::Idle,
                        },
                    };
                    self.held = Held::Grip { grip, from: pointer.at };
                    said
                }
                None => {
                    self.held = Held::Levels(seen.window);
                    Gesture::Idle
                }
            },
            (PointerEvent::Drag, Held::Levels(levels)) => {
                Gesture::Window(levels_after(*levels, pointer.travel, seen))
            }
            (PointerEvent::Release, Held::Levels(levels)) => {
                let still = pointer.travel.iter().all(|t| t.abs() < 0.004);
                let levels = levels_after(*levels, pointer.travel, seen);
                self.held = Held::Nothing;
                if still { Gesture::Select(None) } else { Gesture::Window(levels) }
            }
            (PointerEvent::Drag, Held::Grip { grip, from }) => {
                match grip.dragged(pointer.at - *from, pointer, seen) {
                    Some(edit) => Gesture::Preview(edit),
                    None => Gesture::Idle,
                }
            }
            (PointerEvent::Release, Held::Grip { grip, from }) => {
                let by = pointer.at - *from;
                let edit = grip.dragged(by, pointer, seen);
                self.held = Held::Nothing;
                // A click without movement selects and changes nothing.
                match edit {
                    Some(edit) if by.length() > 1e-3 => Gesture::Done(edit),
                    _ => Gesture::Idle,
                }
            }
            _ => Gesture::Idle,
        }
    }
}

/// Up lowers the upper level (a hotter picture), right raises the lower one; a whole pane of travel
/// is the whole range of the levels at the press.
fn levels_after([lower, upper]: [f64; 2], [right, down]: [f64; 2], seen: &Seen<'_>) -> [f64; 2] {
    let (least, most) = seen.frame.values.range().unwrap_or((0.0, 1.0));
    let span = (upper - lower).max(1e-6 * (most - least).abs()).max(1e-12);
    let upper = (upper + span * 1.5 * down).max(least + 0.001 * span);
    let lower = lower + span * right;
    let lower = lower.clamp(least.min(0.0), upper - 0.002 * span);
    [lower, upper]
}

fn shape_between(
    kind: ToolKind,
    from: Point<Pixel>,
    to: Point<Pixel>,
    round: bool,
) -> Option<Outline> {
    let mut size = (to - from).abs();
    if round {
        size = Vector::splat(size.x.max(size.y));
    }
    if size.x < 0.5 || size.y < 0.5 {
        return None;
    }
    let far = from + Vector::new(size.x.copysign(to.x - from.x), size.y.copysign(to.y - from.y));
    let (min, max) = (from.min(far), from.max(far));
    Some(match kind {
        ToolKind::Rectangle => Outline::Rectangle { min: min.to_array(), max: max.to_array() },
        _ => Outline::Ellipse {
            center: min.lerp(max, 0.5).to_array(),
            radii: [0.5 * size.x, 0.5 * size.y],
            angle_deg: 0.0,
        },
    })
}

fn finish_polygon(points: Vec<Point<Pixel>>, seen: &Seen<'_>) -> Gesture {
    let outline = Outline::Polygon { points: points.iter().map(|p| p.to_array()).collect() };
    if points.len() < 3 || outline.area() < 1.0 {
        return Gesture::Cancelled;
    }
    Gesture::Done(add(seen, outline))
}

fn add(seen: &Seen<'_>, outline: Outline) -> Edit {
    let roi = seen.findings.new_roi(Role::Lesion, seen.key.clone(), outline);
    Edit::Add { at: None, roi }
}

/// The handles of an outline, in the order in which `Grip::Handle` counts them.
pub fn handles(outline: &Outline) -> Vec<Point<Pixel>> {
    match outline {
        Outline::Ellipse { center, radii, angle_deg } => {
            let (sin, cos) = angle_deg.to_radians().sin_cos();
            let along = Vector::new(radii[0] * cos, -radii[0] * sin);
            let across = Vector::new(radii[1] * sin, radii[1] * cos);
            let center = Point::from(*center);
            vec![center + along, center + across, center - along, center - across]
        }
        Outline::Rectangle { .. } => outline.polygon(1.0),
        // Every vertex of a hand-drawn line would be a thicket; a dozen is enough to pull at.
        Outline::Polygon { points } if points.len() <= 24 => {
            points.iter().map(|&p| Point::from(p)).collect()
        }
        Outline::Polygon { .. } => Vec::new(),
    }
}

fn grip_at(pointer: &Pointer, seen: &Seen<'_>) -> Option<Grip> {
    if !seen.overlays {
        return None;
    }
    if let Some((annotation, point)) = annotating::grip(pointer, seen) {
        return Some(Grip::Annotation(annotation, point));
    }
    let near = |p: Point<Pixel>| (p - pointer.at).length() <= pointer.reach;
    let mut rois: Vec<&Roi> = seen.findings.rois_on(seen.key).collect();
    // The selected region lies on top, then the newest.
    rois.sort_by_key(|r| std::cmp::Reverse((Some(r.id) == seen.selected, r.id)));
    for roi in &rois {
        if Some(roi.id) == seen.selected
            && let Some(index) = handles(&roi.outline).into_iter().position(near)
        {
            return Some(Grip::Handle(roi.id, roi.outline.clone(), index));
        }
    }
    let holds = |outline: &Outline| {
        outline.contains(pointer.at) || outline.polygon(0.5).into_iter().any(near)
    };
    for roi in &rois {
        if holds(&roi.outline) {
            return Some(Grip::Body(roi.id, roi.outline.clone()));
        }
    }
    for roi in &rois {
        let twin = twin::of(roi, seen.symmetry, &[]);
        if let Some(outline) = twin.outline()
            && holds(outline)
            && (pointer.shift || matches!(roi.twin, TwinChoice::Placed(_)))
        {
            return Some(Grip::Twin(roi.id, outline.clone()));
        }
    }
    let curve = &seen.symmetry?.midline.curve;
    let index = curve.points().iter().position(|p| near(*p))?;
    Some(Grip::MidlinePoint(curve.clone(), index))
}

impl Grip {
    fn roi(&self) -> Option<RoiId> {
        match self {
            Self::Body(id, _) | Self::Handle(id, ..) | Self::Twin(id, _) => Some(*id),
            Self::MidlinePoint(..) | Self::Annotation(..) => None,
        }
    }

    /// What the findings become when what was taken hold of is `by` further; `None` where that
    /// would not be a shape.
    fn dragged(&self, by: Vector<Pixel>, pointer: &Pointer, seen: &Seen<'_>) -> Option<Edit> {
        match self {
            Self::Body(id, outline) => Some(Edit::Reshape(*id, outline.moved(by))),
            Self::Twin(id, outline) => {
                Some(Edit::SetTwin(*id, TwinChoice::Placed(outline.moved(by))))
            }
            Self::Handle(id, outline, index) => {
                Some(Edit::Reshape(*id, pulled(outline, *index, pointer.at)?))
            }
            Self::Annotation(annotation, point) => {
                Some(annotating::dragged(annotation, *point, by))
            }
            Self::MidlinePoint(curve, index) => {
                let mut points = curve.points().to_vec();
                points[*index] += by;
                let curve = Curve::through(points)?;
                let midline = Midline { curve, origin: MidlineOrigin::Edited };
                Some(Edit::SetMidline(seen.key.clone(), Some(midline)))
            }
        }
    }
}

/// The outline with one handle pulled to `to`.
fn pulled(outline: &Outline, index: usize, to: Point<Pixel>) -> Option<Outline> {
    let pulled = match outline {
        Outline::Ellipse { center, radii, angle_deg } => {
            let radius = (to - Point::from(*center)).length().max(0.5);
            let mut radii = *radii;
            radii[index % 2] = radius;
            Outline::Ellipse { center: *center, radii, angle_deg: *angle_deg }
        }
        Outline::Rectangle { .. } => {
            let fixed = *handles(outline).get((index + 2) % 4)?;
            let (min, max) = (fixed.min(to), fixed.max(to));
            Outline::Rectangle { min: min.to_array(), max: max.to_array() }
        }
        Outline::Polygon { points } => {
            let mut points = points.clone();
            *points.get_mut(index)? = to.to_array();
            Outline::Polygon { points }
        }
    };
    pulled.check().is_ok().then_some(pulled)
}
