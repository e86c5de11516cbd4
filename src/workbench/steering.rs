//! The keyboard instead of a pointer: every shape can be drawn, moved and bent with keys.
//!
//! With the select tool, arrows move what is selected by a pixel and Shift+arrows change a region's
//! size. With a drawing tool, arrows move a crosshair and Enter does what the button would do
//! there. Alt+arrows move the picture; Ctrl makes any of these ten times as large. What an arrow
//! means is always meant on the screen, however the frame is turned.

use crate::findings::{Annotation, Edit, Roi};
use crate::geometry::{Outline, Pixel, Point, Spacing, Vector, View};
use crate::study::{Frame, FrameKey};

use super::annotating;
use super::keymap::{Chord, Key};
use super::tools::{ToolKind, handles};
use super::{Command, Pane, Pointer, PointerEvent, Show, Workbench};

/// A crosshair in one pane and the button that Enter holds down.
#[derive(Clone, Debug, Default)]
pub struct Steering {
    place: Option<Place>,
    held: bool,
    /// The corners of a polygon or angle so far.
    corners: Vec<Point<Pixel>>,
    /// The handle taken hold of last.
    handle: Option<usize>,
}

#[derive(Clone, Debug, PartialEq)]
struct Place {
    pane: usize,
    frame: FrameKey,
    tool: ToolKind,
    at: Point<Pixel>,
}

/// What Ctrl makes of one pixel.
const LEAP: f64 = 10.0;
/// Half the size in mm of a shape that Enter puts down: a vertebra fits into it.
const HALF_SIZE_MM: f64 = 20.0;
/// Without a spacing, half the size as a part of the frame's width.
const HALF_SIZE: f64 = 1.0 / 24.0;
/// How far Alt+arrow moves the picture, as a part of what can be seen.
const PAN: f64 = 0.05;

/// The pane that hears.
struct Here<'a> {
    index: usize,
    pane: &'a Pane,
    frame: &'a Frame,
    roi: Option<&'a Roi>,
    annotation: Option<&'a Annotation>,
    tool: ToolKind,
}

impl<'a> Here<'a> {
    fn of(bench: &'a Workbench) -> Option<Self> {
        let workspace = bench.workspace()?;
        let pane = workspace.active_pane()?;
        let frame = bench.frame(&pane.frame)?;
        let roi = bench.selected().and_then(|id| bench.findings()?.roi(id));
        let roi = roi.filter(|roi| roi.frame == pane.frame);
        let annotation = bench.selected_annotation();
        let annotation = annotation.and_then(|id| bench.findings()?.annotation(id));
        let annotation = annotation.filter(|a| a.frame == pane.frame);
        let (index, tool) = (workspace.active, bench.tool());
        Some(Self { index, pane, frame, roi, annotation, tool })
    }

    /// One pixel of the frame to the right, left, below or above on the screen.
    fn step(&self, key: Key) -> Option<Vector<Pixel>> {
        let on_screen = match key {
            Key::Right => Vector::<View>::new(1.0, 0.0),
            Key::Left => Vector::new(-1.0, 0.0),
            Key::Down => Vector::new(0.0, 1.0),
            Key::Up => Vector::new(0.0, -1.0),
            _ => return None,
        };
        let view = self.pane.camera.view_from_pixel(self.frame, [100.0, 100.0]);
        let by = view.inverse()?.transform_vector(on_screen);
        Some(match by.x.abs() > by.y.abs() {
            true => Vector::new(by.x.signum(), 0.0),
            false => Vector::new(0.0, by.y.signum()),
        })
    }

    /// The middle of what the pane shows.
    fn middle(&self) -> Point<Pixel> {
        let size = [100.0, 100.0];
        let view = self.pane.camera.view_from_pixel(self.frame, size);
        let middle = view.inverse().map(|v| v.transform_point(Point::new(50.0, 50.0)));
        self.inside(middle.unwrap_or_default())
    }

    fn inside(&self, at: Point<Pixel>) -> Point<Pixel> {
        let last = |count: usize| count.saturating_sub(1) as f64;
        let (right, below) = (last(self.frame.columns()), last(self.frame.rows()));
        // Whole pixels: a step is always to the next one.
        Point::new(at.x.round().clamp(0.0, right), at.y.round().clamp(0.0, below))
    }

    fn point(&self, at: Point<Pixel>, event: PointerEvent) -> Command {
        let (pane, shift, travel) = (self.index, false, [0.0, 0.0]);
        Command::Point(Pointer { pane, at, event, shift, reach: 0.7, travel })
    }
}

impl Steering {
    /// Where the crosshair stands: pane and pixel.
    pub fn crosshair(&self, bench: &Workbench) -> Option<(usize, Point<Pixel>)> {
        let here = Here::of(bench)?;
        let place = self.place.as_ref().filter(|place| place.belongs(&here))?;
        Some((place.pane, place.at))
    }

    /// The pointer is in use, or the gesture has been taken back.
    pub fn forget(&mut self) {
        *self = Self::default();
    }

    /// What a key means to the active pane; `None` leaves it to the key map.
    pub fn hear(&mut self, chord: Chord, bench: &Workbench) -> Option<Vec<Command>> {
        let here = Here::of(bench)?;
        if self.place.as_ref().is_some_and(|place| !place.belongs(&here)) {
            self.forget();
        }
        if chord.key == Key::Escape {
            self.forget();
            return None;
        }
        if chord.key == Key::Enter && !chord.ctrl && !chord.alt && !chord.shift {
            return self.enter(&here);
        }
        let step = here.step(chord.key)?;
        let leap = if chord.ctrl { LEAP } else { 1.0 };
        if chord.alt {
            return Some(vec![pan(&here, step, leap)]);
        }
        if here.tool != ToolKind::Select || self.held {
            return Some(self.walk(&here, step * leap));
        }
        if let (Some(annotation), false) = (here.annotation, chord.shift) {
            let moved = annotating::dragged(annotation, None, step * leap);
            return Some(vec![Command::Nudge(moved)]);
        }
        let roi = here.roi?;
        let outline = match chord.shift {
            true => grown(&roi.outline, chord.key, step, leap),
            false => Some(roi.outline.moved(step * leap)),
        };
        // A shape that cannot become smaller stays as it is, and the key does nothing else.
        Some(outline.map(|o| Command::Nudge(Edit::Reshape(roi.id, o))).into_iter().collect())
    }

    /// Takes hold of the next handle of what is selected, else of the midline; arrows then pull it
    /// and Enter lets go.
    pub fn next_handle(&mut self, bench: &Workbench) -> Vec<Command> {
        let Some(here) = Here::of(bench) else { return Vec::new() };
        let mut commands = Vec::new();
        if self.held {
            commands.extend(self.release(&here));
        }
        if here.tool != ToolKind::Select {
            commands.push(Command::Tool(ToolKind::Select));
        }
        let points = match (here.roi, here.annotation) {
            (Some(roi), _) => handles(&roi.outline),
            (_, Some(annotation)) => {
                annotation.drawn.points().into_iter().map(Point::from).collect()
            }
            _ => bench
                .reading_of(&here.pane.frame)
                .and_then(|r| r.midline(&here.pane.frame))
                .map_or_else(Vec::new, |midline| midline.curve.points().to_vec()),
        };
        if points.is_empty() {
            return commands;
        }
        let next = self.handle.map_or(0, |handle| (handle + 1) % points.len());
        let at = points[next];
        let tool = ToolKind::Select;
        let (pane, frame) = (here.index, here.pane.frame.clone());
        self.place = Some(Place { pane, frame, tool, at });
        (self.held, self.handle) = (true, Some(next));
        commands.push(here.point(at, PointerEvent::Press));
        commands
    }

    fn at(&self, here: &Here<'_>) -> Point<Pixel> {
        self.place.as_ref().map_or_else(|| here.middle(), |place| place.at)
    }

    fn stand(&mut self, here: &Here<'_>, at: Point<Pixel>) {
        let (pane, frame, tool) = (here.index, here.pane.frame.clone(), here.tool);
        self.place = Some(Place { pane, frame, tool, at });
    }

    fn walk(&mut self, here: &Here<'_>, by: Vector<Pixel>) -> Vec<Command> {
        let at = self.at(here) + by;
        // A handle need not lie on a whole pixel.
        let at = if here.tool == ToolKind::Select { at } else { here.inside(at) };
        self.stand(here, at);
        if self.held {
            vec![here.point(at, PointerEvent::Drag)]
        } else if !self.corners.is_empty() {
            vec![here.point(at, PointerEvent::Hover)]
        } else {
            Vec::new()
        }
    }

    fn enter(&mut self, here: &Here<'_>) -> Option<Vec<Command>> {
        let at = self.at(here);
        match here.tool {
            ToolKind::Select if !self.held => None,
            ToolKind::Ellipse | ToolKind::Rectangle => {
                let half = half_size(here.frame);
                let (from, to) = (at - half, at + half);
                self.forget();
                // Arrows and Enter are the new region's from here on.
                Some(vec![
                    here.point(from, PointerEvent::Press),
                    here.point(to, PointerEvent::Drag),
                    here.point(to, PointerEvent::Release),
                    Command::Tool(ToolKind::Select),
                ])
            }
            ToolKind::Polygon => Some(self.corner(here, at)),
            ToolKind::Angle => Some(self.end(here, at)),
            ToolKind::Text => {
                self.forget();
                Some(vec![here.point(at, PointerEvent::Press), Command::Tool(ToolKind::Select)])
            }
            _ if self.held => Some(self.release(here)),
            _ => {
                self.stand(here, at);
                self.held = true;
                Some(vec![here.point(at, PointerEvent::Press)])
            }
        }
    }

    /// Lets go where the crosshair stands.
    fn release(&mut self, here: &Here<'_>) -> Vec<Command> {
        let at = self.at(here);
        let handle = self.handle;
        self.forget();
        self.handle = handle;
        let mut commands = vec![here.point(at, PointerEvent::Release)];
        if here.tool != ToolKind::Select {
            commands.push(Command::Tool(ToolKind::Select));
        }
        commands
    }

    /// One of the three points of an angle.
    fn end(&mut self, here: &Here<'_>, at: Point<Pixel>) -> Vec<Command> {
        self.stand(here, at);
        self.corners.push(at);
        let mut commands = vec![here.point(at, PointerEvent::Press)];
        if self.corners.len() == 3 {
            self.forget();
            commands.push(Command::Tool(ToolKind::Select));
        } else {
            commands.push(here.point(at, PointerEvent::Release));
        }
        commands
    }

    /// A corner of a polygon; Enter where the first one or the last one stands closes it.
    fn corner(&mut self, here: &Here<'_>, at: Point<Pixel>) -> Vec<Command> {
        let near = |corner: Option<&Point<Pixel>>| corner.is_some_and(|c| (*c - at).length() < 0.7);
        let enough = self.corners.len() >= 3;
        if enough && near(self.corners.first()) {
            self.forget();
            return vec![here.point(at, PointerEvent::Press), Command::Tool(ToolKind::Select)];
        }
        if near(self.corners.last()) {
            if !enough {
                return Vec::new();
            }
            self.forget();
            return vec![
                here.point(at, PointerEvent::DoubleClick),
                Command::Tool(ToolKind::Select),
            ];
        }
        self.stand(here, at);
        self.corners.push(at);
        vec![here.point(at, PointerEvent::Press), here.point(at, PointerEvent::Release)]
    }
}

impl Place {
    fn belongs(&self, here: &Here<'_>) -> bool {
        let Self { pane, frame, tool, at: _ } = self;
        (*pane, frame, *tool) == (here.index, &here.pane.frame, here.tool)
    }
}

fn half_size(frame: &Frame) -> Vector<Pixel> {
    let of = |spacing: Spacing| Vector::new(HALF_SIZE_MM / spacing.x(), HALF_SIZE_MM / spacing.y());
    let half = frame.spacing.map_or_else(|| Vector::splat(HALF_SIZE * frame.columns() as f64), of);
    let most = 0.25 * frame.columns().min(frame.rows()) as f64;
    half.map(|h| h.min(most).max(1.0))
}

/// The picture goes the way of the arrow.
fn pan(here: &Here<'_>, step: Vector<Pixel>, leap: f64) -> Command {
    let size = if step.x != 0.0 { here.frame.columns() } else { here.frame.rows() };
    let seen = size as f64 / here.pane.camera.zoom.max(1e-9);
    Command::Show(Show::Pan { pane: here.index, by: -step * (PAN * seen * leap.min(5.0)) })
}

/// The shape a pixel wider or narrower, taller or less tall: right and down are more. `None` where
/// nothing would be left of it.
fn grown(outline: &Outline, key: Key, step: Vector<Pixel>, leap: f64) -> Option<Outline> {
    let more = if matches!(key, Key::Right | Key::Down) { leap } else { -leap };
    let across = step.x != 0.0;
    let axis = usize::from(!across);
    let (low, high) = outline.bounds();
    let size = if across { high.x - low.x } else { high.y - low.y };
    if size + more < 1.0 {
        return None;
    }
    Some(match outline {
        Outline::Ellipse { center, radii, angle_deg } => {
            // The radius that lies closer to the arrow.
            let turned = angle_deg.to_radians().sin().abs() > std::f64::consts::FRAC_1_SQRT_2;
            let mut radii = *radii;
            let radius = &mut radii[if turned { 1 - axis } else { axis }];
            *radius = (*radius + 0.5 * more).max(0.5);
            Outline::Ellipse { center: *center, radii, angle_deg: *angle_deg }
        }
        Outline::Rectangle { min, max } => {
            let (mut min, mut max) = (*min, *max);
            min[axis] -= 0.5 * more;
            max[axis] += 0.5 * more;
            Outline::Rectangle { min, max }
        }
        Outline::Polygon { points } => {
            let middle = low.lerp(high, 0.5).to_array()[axis];
            let scale = (size + more) / size.max(1e-9);
            let mut points = points.clone();
            for point in &mut points {
                point[axis] = middle + scale * (point[axis] - middle);
            }
            Outline::Polygon { points }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workbench::{Action, demo_path};

    fn bench() -> Workbench {
        let mut bench = Workbench::new();
        bench.handle(Command::Open(demo_path("normal")));
        bench.settle();
        assert!(bench.workspace().is_some());
        bench
    }

    struct Hands {
        bench: Workbench,
        steering: Steering,
    }

    impl Hands {
        fn new() -> Self {
            Self { bench: bench(), steering: Steering::default() }
        }

        fn press(&mut self, chords: &[&str]) {
            for chord in chords {
                let chord = Chord::parse(chord).unwrap();
                let commands = self.steering.hear(chord, &self.bench).unwrap_or_else(|| {
                    let action = self.bench.keymap().action(chord);
                    action.and_then(|a| a.resolve(&self.bench)).into_iter().collect()
                });
                commands.into_iter().for_each(|command| self.bench.handle(command));
            }
        }

        fn next_handle(&mut self) {
            let commands = self.steering.next_handle(&self.bench);
            commands.into_iter().for_each(|command| self.bench.handle(command));
        }

        fn outlines(&self) -> Vec<Outline> {
            let rois = self.bench.findings().unwrap().rois();
            rois.iter().map(|r| r.outline.clone()).collect()
        }
    }

    #[test]
    fn an_ellipse_is_put_moved_and_sized() {
        let mut hands = Hands::new();
        hands.press(&["E", "Ctrl+↑", "→", "→", "Enter"]);
        let [put] = &hands.outlines()[..] else { panic!("one region") };
        assert_eq!(hands.bench.tool(), ToolKind::Select);
        hands.press(&["→", "Ctrl+↓", "Shift+→", "Shift+↑", "Shift+↑"]);
        let [moved] = &hands.outlines()[..] else { panic!("one region") };
        let by = moved.centroid() - put.centroid();
        assert!((by.x - 1.0).abs() < 1e-9 && (by.y - 10.0).abs() < 1e-9, "{by:?}");
        let size = |o: &Outline| o.bounds().1 - o.bounds().0;
        let grew = size(moved) - size(put);
        assert!((grew.x - 1.0).abs() < 1e-9 && (grew.y + 2.0).abs() < 1e-9, "{grew:?}");
        // All of them are one step back, and the next is the region itself.
        hands.press(&["Ctrl+Z"]);
        assert_eq!(hands.outlines(), std::slice::from_ref(put));
    }

    #[test]
    fn right_is_right_on_the_screen_also_in_a_mirrored_pane() {
        let mut hands = Hands::new();
        hands.press(&["E", "Enter"]);
        let before = hands.outlines()[0].centroid();
        hands.bench.handle(Action::by_id("view.mirror").unwrap().resolve(&hands.bench).unwrap());
        hands.press(&["→"]);
        assert!((hands.outlines()[0].centroid().x - before.x + 1.0).abs() < 1e-9);
    }

    #[test]
    fn a_polygon_corner_by_corner() {
        for close in [&["Ctrl+↑", "Enter"][..], &["Enter"][..]] {
            let mut hands = Hands::new();
            hands.press(&["G", "Enter", "Ctrl+→", "Enter", "Ctrl+↓", "Enter", "Ctrl+←", "Enter"]);
            assert!(hands.outlines().is_empty() && hands.bench.gesturing());
            hands.press(close);
            let [square] = &hands.outlines()[..] else { panic!("one region") };
            assert!((square.area() - 100.0).abs() < 1e-9, "{}", square.area());
            assert_eq!(hands.bench.tool(), ToolKind::Select);
        }
    }

    #[test]
    fn a_freehand_line_by_arrows() {
        let mut hands = Hands::new();
        hands.press(&["F", "Enter", "Ctrl+→", "Ctrl+↓", "Ctrl+←", "Enter"]);
        assert!((hands.outlines()[0].area() - 100.0).abs() < 1e-9);
    }

    #[test]
    fn handles_and_midline_points_are_pulled() {
        let mut hands = Hands::new();
        hands.press(&["R", "Enter"]);
        let before = hands.outlines()[0].clone();
        hands.next_handle();
        assert!(hands.bench.gesturing());
        hands.press(&["←", "←", "Enter"]);
        let after = hands.outlines()[0].clone();
        assert!((after.area() - before.area()).abs() > 1.0);
        hands.press(&["Ctrl+Z"]);
        assert_eq!(hands.outlines()[0], before, "one gesture, one step back");
        // Esc leaves it as it was.
        hands.next_handle();
        hands.press(&["←", "Esc"]);
        hands.bench.handle(Command::Select(None));
        let key = hands.bench.workspace().unwrap().active_pane().unwrap().frame.clone();
        let line = |h: &Hands| h.bench.findings().unwrap().midline(&key).cloned();
        assert_eq!(line(&hands), None);
        hands.next_handle();
        hands.press(&["→", "Enter"]);
        assert!(line(&hands).is_some(), "the midline has been edited");
    }

    #[test]
    fn annotations_by_keys() {
        let mut hands = Hands::new();
        hands.press(&["U", "Enter", "Ctrl+→", "Enter"]);
        hands.press(&["Shift+U", "Enter", "Ctrl+↓", "Enter", "Ctrl+→", "Enter"]);
        hands.press(&["T", "Ctrl+↑", "Enter"]);
        let drawn = |h: &Hands| -> Vec<Vec<[f64; 2]>> {
            let all = h.bench.findings().unwrap().annotations();
            all.iter().map(|a| a.drawn.points()).collect()
        };
        let before = drawn(&hands);
        let [ruler, angle, text] = &before[..] else { panic!("{before:?}") };
        assert_eq!(ruler[1][0] - ruler[0][0], 10.0);
        assert_eq!((angle[1][1] - angle[0][1], angle[2][0] - angle[1][0]), (10.0, 10.0));
        assert!(hands.bench.selected_annotation().is_some());
        // Arrows move what was put down last, and a point can be pulled.
        hands.press(&["→"]);
        assert_eq!(drawn(&hands)[2][0][0], text[0][0] + 1.0);
        let id = hands.bench.findings().unwrap().annotations()[0].id;
        hands.bench.handle(Command::SelectAnnotation(Some(id)));
        hands.next_handle();
        hands.press(&["Ctrl+←", "Enter"]);
        assert_eq!(drawn(&hands)[0][0][0], ruler[0][0] - 10.0);
        assert_eq!(drawn(&hands)[0][1], ruler[1]);
    }

    #[test]
    fn without_a_region_arrows_are_the_key_map_s() {
        let mut hands = Hands::new();
        assert!(hands.steering.hear(Chord::parse("↓").unwrap(), &hands.bench).is_none());
        assert!(hands.steering.hear(Chord::parse("Enter").unwrap(), &hands.bench).is_none());
        let pan = hands.steering.hear(Chord::parse("Alt+→").unwrap(), &hands.bench).unwrap();
        assert!(matches!(pan[..], [Command::Show(Show::Pan { by, .. })] if by.x < 0.0));
    }

    #[test]
    fn a_shape_does_not_vanish() {
        let dot = Outline::Ellipse { center: [5.0, 5.0], radii: [0.6, 0.6], angle_deg: 0.0 };
        assert_eq!(grown(&dot, Key::Left, Vector::new(-1.0, 0.0), 1.0), None);
        let turned = Outline::Ellipse { center: [5.0, 5.0], radii: [4.0, 2.0], angle_deg: 90.0 };
        let taller = grown(&turned, Key::Down, Vector::new(0.0, 1.0), 1.0).unwrap();
        assert_eq!(
            taller,
            Outline::Ellipse { center: [5.0, 5.0], radii: [4.5, 2.0], angle_deg: 90.0 }
        );
    }
}
