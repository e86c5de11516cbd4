//! One pane: paints its scene, reports the pointer, tells a screen reader what is to be seen.

use egui::emath::GuiRounding as _;
use egui::{CursorIcon, Event, MouseWheelUnit, PointerButton, Pos2, Rect, Response, Sense, Ui};

use crate::geometry::{Pixel, Point, Transform, Vector, View};
use crate::picture::{self, Window};
use crate::study::Frame;
use crate::text::t;
use crate::workbench::{
    self, Action, Command, Pane, Place, Pointer, PointerEvent, Show, Steering, ToolKind, Workbench,
    pane_scene,
};

use super::layers::Layers;
use super::linked::{self, Cursor};
use super::{bars, describe, handles, marks, theme, view_chip};

/// One pane on the screen.
pub struct Canvas {
    index: usize,
    rect: Option<Rect>,
    id: Option<egui::Id>,
    /// Where the primary button went down, while it is down.
    pressed: Option<Pos2>,
    panning: bool,
    layers: Layers,
    /// What asks for the view, over the picture: a press there is none for the tool.
    chip: Option<Rect>,
}

/// Wheel steps: a notch zooms by this much, and moves the upper level by the other.
const ZOOM_STEP: f64 = 1.15;
const LEVEL_STEP: f64 = 0.05;
/// Between panes, in points.
const GAP: f64 = 2.0;
/// A finger tip, in points.
const REACH: f64 = 8.0;

/// Actions offered on a right click, in this order everywhere.
const MENU: [&str; 11] = [
    "view.fit",
    "view.auto_window",
    "view.invert",
    "view.mirror",
    "view.mirror_posterior",
    "view.confirm",
    "roi.mirror",
    "roi.reattach_twin",
    "roi.in_report",
    "roi.delete",
    "midline.automatic",
];

impl Canvas {
    fn new(index: usize, on_gpu: bool) -> Self {
        Self {
            index,
            rect: None,
            id: None,
            pressed: None,
            panning: false,
            layers: Layers::new(on_gpu),
            chip: None,
        }
    }

    pub fn id(&self) -> Option<egui::Id> {
        self.id
    }

    pub fn show(
        &mut self,
        ui: &mut Ui,
        rect: Rect,
        bench: &Workbench,
        cursor: Option<&Cursor>,
        say: &mut Vec<Command>,
    ) {
        let Some(pane) = bench.workspace().and_then(|w| w.pane(self.index)) else { return };
        let Some(frame) = bench.frame(&pane.frame) else { return };
        let id = ui.scope_id().with(("canvas", self.index));
        let response = ui.interact(rect, id, Sense::click_and_drag());
        (self.rect, self.id) = (Some(rect), Some(id));
        if response.has_focus() {
            // Arrows step through frames instead of walking to the next widget.
            let filter = egui::EventFilter {
                horizontal_arrows: true,
                vertical_arrows: true,
                ..Default::default()
            };
            ui.memory_mut(|m| m.set_focus_lock_filter(id, filter));
        }

        let size = [f64::from(rect.width()), f64::from(rect.height())];
        let Some(scene) = pane_scene(bench, self.index, size) else { return };
        let painter = ui.painter_at(rect);
        painter.rect_filled(rect, 0.0, marks::color(scene.surround));
        self.layers.paint(ui, rect, self.index, &scene);
        marks::paint(&painter, rect.min.to_vec2(), &scene.marks);
        if let Some(cursor) = cursor {
            let view_from_pixel = pane.camera.view_from_pixel(frame, size);
            let origin = rect.min.to_vec2();
            cursor.paint(&painter, origin, self.index, &pane.frame, view_from_pixel);
        }
        self.outline(ui, rect, bench, &response);
        self.name(ui, &response, bench, pane, frame);

        let seen = Seen { index: self.index, rect, pane, frame };
        let pointer = ui.input(|i| i.pointer.hover_pos()).filter(|_| response.hovered());
        let under = pointer.and_then(|at| seen.value(at));
        let shown = (self.index, pane, frame);
        let handles = handles::show(ui, rect.min, &scene.marks, shown, under, say);
        self.drag(ui, &response, &seen, (bench, &handles), say);
        wheel(ui, &response, &seen, say);
        self.pan(ui, &response, &seen, say);
        menu(&response, &seen, bench, say);
        self.chip = view_chip::show(ui, rect, self.index, bench, frame, say);
        if response.hovered() {
            ui.set_cursor_icon(match (self.panning, bench.tool()) {
                (true, _) => CursorIcon::Grabbing,
                (_, ToolKind::Select) => CursorIcon::Default,
                _ => CursorIcon::Crosshair,
            });
        }
    }

    /// What lies under the pointer, for the status line.
    pub fn readout(&self, ctx: &egui::Context, bench: &Workbench) -> Option<String> {
        let place = self.hovered(ctx, bench)?;
        let pane = bench.workspace()?.pane(self.index)?;
        describe::pixel(bench, pane, bench.frame(&pane.frame)?, place.at)
            .map(|said| linked::with_conjugate(said, bench, &place))
    }

    /// The place of the frame under the pointer.
    fn hovered(&self, ctx: &egui::Context, bench: &Workbench) -> Option<Place> {
        let rect = self.rect?;
        let pointer = ctx.pointer_hover_pos().filter(|p| rect.contains(*p))?;
        let pane = bench.workspace()?.pane(self.index)?;
        let frame = bench.frame(&pane.frame)?;
        let at = Seen { index: self.index, rect, pane, frame }.pixel(pointer)?;
        let inside = frame.values.get(at.x.round() as i64, at.y.round() as i64).is_some();
        inside.then(|| Place { frame: pane.frame.clone(), at })
    }

    fn outline(&self, ui: &Ui, rect: Rect, bench: &Workbench, response: &Response) {
        let active = bench.workspace().is_some_and(|w| w.active == self.index && w.panes.len() > 1);
        let line = match (active, response.has_focus()) {
            (_, true) => egui::Stroke::new(2.0, theme::ON_IMAGE),
            (true, _) => egui::Stroke::new(1.0, theme::ON_IMAGE),
            _ => egui::Stroke::new(1.0, theme::PANE_LINE),
        };
        ui.painter().rect_stroke(rect, 0.0, line, egui::StrokeKind::Inside);
    }

    fn name(&self, ui: &Ui, response: &Response, bench: &Workbench, pane: &Pane, frame: &Frame) {
        let name = describe::canvas_name(bench, self.index, frame);
        response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Image, true, &name));
        ui.ctx().accesskit_node_builder(response.id, |node| {
            node.set_description(describe::canvas(bench, pane));
            node.set_live(egui::accesskit::Live::Polite);
        });
    }

    /// Hands the primary button's way to the tool, event by event: a quick hand must not lose the
    /// middle of a freehand line, nor a press and release within one frame.
    fn drag(
        &mut self,
        ui: &Ui,
        response: &Response,
        seen: &Seen<'_>,
        (bench, handles): (&Workbench, &[Rect]),
        say: &mut Vec<Command>,
    ) {
        let every_point = bench.tool() == ToolKind::Freehand;
        let mut moved = None;
        let (events, shift) = ui.input(|i| (i.events.clone(), i.modifiers.shift));
        let mut tell = |event, at, from, shift| {
            say.extend(seen.pointer(event, at, from, shift).map(Command::Point));
        };
        for event in events {
            match event {
                Event::PointerButton {
                    pos,
                    button: PointerButton::Primary,
                    pressed,
                    modifiers,
                } => {
                    let covered = self.chip.is_some_and(|chip| chip.contains(pos))
                        || handles.iter().any(|handle| handle.contains(pos));
                    let inside = response.contains_pointer() && seen.rect.contains(pos);
                    if pressed && inside && !covered {
                        self.pressed = Some(pos);
                        response.request_focus();
                        tell(PointerEvent::Press, pos, pos, modifiers.shift);
                    } else if let (false, Some(from)) = (pressed, self.pressed.take()) {
                        tell(PointerEvent::Drag, pos, from, modifiers.shift);
                        tell(PointerEvent::Release, pos, from, modifiers.shift);
                        moved = None;
                    }
                }
                Event::PointerMoved(pos) => match self.pressed {
                    Some(from) if every_point => tell(PointerEvent::Drag, pos, from, shift),
                    _ => moved = Some(pos),
                },
                // The button may come up where we cannot see it.
                Event::WindowFocused(false) | Event::PointerGone => {
                    if let Some(from) = self.pressed.take() {
                        tell(PointerEvent::Release, moved.unwrap_or(from), from, shift);
                        moved = None;
                    }
                }
                _ => {}
            }
        }
        match (moved, self.pressed) {
            (Some(at), Some(from)) => tell(PointerEvent::Drag, at, from, shift),
            (Some(at), None) if bench.gesturing() && response.hovered() => {
                tell(PointerEvent::Hover, at, at, shift);
            }
            _ => {}
        }
        if response.double_clicked_by(PointerButton::Primary)
            && let Some(at) = response.interact_pointer_pos()
        {
            tell(PointerEvent::DoubleClick, at, at, shift);
        }
    }

    fn pan(&mut self, ui: &Ui, response: &Response, seen: &Seen<'_>, say: &mut Vec<Command>) {
        self.panning = response.dragged_by(PointerButton::Middle);
        let moved = ui.input(|i| i.pointer.delta());
        if self.panning
            && moved != egui::Vec2::ZERO
            && let Some(pixel_from_view) = seen.view_from_pixel().inverse()
        {
            let moved = Vector::new(f64::from(moved.x), f64::from(moved.y));
            let by = -pixel_from_view.transform_vector(moved);
            say.push(Command::Show(Show::Pan { pane: seen.index, by }));
        }
    }
}

/// The wheel zooms at the pointer; with Shift it moves the upper level.
fn wheel(ui: &Ui, response: &Response, seen: &Seen<'_>, say: &mut Vec<Command>) {
    if !response.hovered() {
        return;
    }
    let Some(at) = ui.input(|i| i.pointer.hover_pos()) else { return };
    let turns: Vec<(f64, bool)> = ui.input(|i| {
        let turn = |event: &Event| match event {
            Event::MouseWheel { unit, delta, modifiers, .. } => {
                // With Shift some systems turn the wheel sideways.
                let turned = f64::from(if delta.y == 0.0 { delta.x } else { delta.y });
                let notches = match unit {
                    MouseWheelUnit::Point => turned / 50.0,
                    MouseWheelUnit::Line => turned,
                    MouseWheelUnit::Page => turned * 4.0,
                };
                Some((notches, modifiers.shift))
            }
            _ => None,
        };
        i.events.iter().filter_map(turn).filter(|(notches, _)| *notches != 0.0).collect()
    });
    for (notches, shift) in turns {
        if shift {
            let Window { lower, upper, .. } = seen.pane.look.window;
            let upper = lower + (upper - lower) * (1.0 - LEVEL_STEP).powf(notches);
            say.push(Command::Show(Show::Window { pane: seen.index, lower, upper }));
        } else if let Some(about) = seen.pixel(at) {
            let factor = ZOOM_STEP.powf(notches);
            say.push(Command::Show(Show::Zoom { pane: seen.index, about, factor }));
        }
    }
    // Two fingers.
    let pinched: f64 = ui.input(|i| {
        let pinch = |event: &Event| match event {
            Event::Zoom(factor) => Some(f64::from(*factor)),
            _ => None,
        };
        i.events.iter().filter_map(pinch).product()
    });
    if let (true, Some(about)) = (pinched > 0.0 && pinched != 1.0, seen.pixel(at)) {
        say.push(Command::Show(Show::Zoom { pane: seen.index, about, factor: pinched }));
    }
}

fn menu(response: &Response, seen: &Seen<'_>, bench: &Workbench, say: &mut Vec<Command>) {
    if response.secondary_clicked() {
        say.push(Command::Show(Show::Activate(seen.index)));
        // What the menu says of a region must mean the one under the pointer.
        let under = response
            .interact_pointer_pos()
            .and_then(|at| seen.pixel(at))
            .and_then(|at| describe::region_at(bench, seen.pane, at));
        say.extend(under.map(|id| Command::Select(Some(id))));
    }
    response.context_menu(|ui| {
        for action in MENU.iter().filter_map(|id| Action::by_id(id)) {
            bars::menu_entry(ui, action, bench, say);
        }
    });
}

/// A pane and the frame in it.
struct Seen<'a> {
    index: usize,
    rect: Rect,
    pane: &'a Pane,
    frame: &'a Frame,
}

impl Seen<'_> {
    fn view_from_pixel(&self) -> Transform<Pixel, View> {
        let size = [f64::from(self.rect.width()), f64::from(self.rect.height())];
        self.pane.camera.view_from_pixel(self.frame, size)
    }

    /// The real-world value of the pixel that is shown there.
    fn value(&self, at: Pos2) -> Option<f64> {
        let at = self.pixel(at)?.round();
        let inside = |v: f64, end: usize| (v >= 0.0 && v < end as f64).then_some(v as usize);
        let column = inside(at.x, self.frame.columns())?;
        let row = inside(at.y, self.frame.rows())?;
        let values = &self.frame.values;
        Some(values.rescale.apply(values.pixels.stored(column, row)))
    }

    fn pixel(&self, at: Pos2) -> Option<Point<Pixel>> {
        let at = at - self.rect.min;
        let at = Point::<View>::new(f64::from(at.x), f64::from(at.y));
        Some(self.view_from_pixel().inverse()?.transform_point(at))
    }

    fn pointer(&self, event: PointerEvent, at: Pos2, from: Pos2, shift: bool) -> Option<Pointer> {
        let point = self.pixel(at)?;
        let scale = self.view_from_pixel().determinant().abs().sqrt();
        let travel = (at - from) / self.rect.size();
        Some(Pointer {
            pane: self.index,
            at: point,
            event,
            shift,
            reach: REACH / scale.max(1e-9),
            travel: [f64::from(travel.x), f64::from(travel.y)],
        })
    }
}

/// All panes on show.
pub struct Canvases {
    on_gpu: bool,
    all: Vec<Canvas>,
}

impl Canvases {
    pub fn new(on_gpu: bool) -> Self {
        Self { on_gpu, all: Vec::new() }
    }

    /// The graphics card has failed: paint on the CPU instead.
    pub fn leave_gpu(&mut self) {
        self.on_gpu = false;
        self.all.iter_mut().for_each(|canvas| canvas.layers.leave_gpu());
    }

    pub fn show(&mut self, ui: &mut Ui, bench: &Workbench, say: &mut Vec<Command>) {
        let count = bench.workspace().map_or(0, |w| w.panes.len());
        let area = ui.available_rect_before_wrap();
        if count == 0 {
            ui.centered_and_justified(|ui| ui.weak(t("canvas-nothing-to-show")));
            return;
        }
        self.all.truncate(count);
        while self.all.len() < count {
            self.all.push(Canvas::new(self.all.len(), self.on_gpu));
        }
        let Some(workspace) = bench.workspace() else { return };
        let hovered = self.all.iter().find_map(|c| Some((c.index, c.hovered(ui.ctx(), bench)?)));
        let cursor = Cursor::find(bench, hovered);
        let size = [f64::from(area.width()), f64::from(area.height())];
        self.tell_size(bench, size, say);
        let cells = workspace.arrangement.cells(count, size, GAP);
        for (canvas, [x, y, width, height]) in self.all.iter_mut().zip(cells) {
            let corner = area.min + egui::vec2(x as f32, y as f32);
            let rect = Rect::from_min_size(corner, egui::vec2(width as f32, height as f32));
            // Whole pixels, so that an image is as sharp as it can be.
            let rect = rect.round_to_pixels(ui.pixels_per_point());
            canvas.show(ui, rect, bench, cursor.as_ref(), say);
        }
        ui.allocate_rect(area, Sense::hover());
    }

    /// A zoom, whatever asked for it, that ends near a whole number of physical pixels for each of
    /// the frame's ends there.
    pub fn snapped(&self, command: Command, bench: &Workbench, density: f32) -> Command {
        let Command::Show(Show::Zoom { pane: index, about, factor }) = command else {
            return command;
        };
        let now = || {
            let rect = self.rects().find_map(|(at, rect)| (at == index).then_some(rect))?;
            let pane = bench.workspace()?.pane(index)?;
            let seen = Seen { index, rect, pane, frame: bench.frame(&pane.frame)? };
            Some(seen.view_from_pixel().determinant().abs().sqrt() * f64::from(density))
        };
        let factor = now().map_or(factor, |now| picture::snapped(now, factor));
        Command::Show(Show::Zoom { pane: index, about, factor })
    }

    /// Frames that fit themselves to the canvas must know its size.
    fn tell_size(&self, bench: &Workbench, [width, height]: [f64; 2], say: &mut Vec<Command>) {
        let Some(told) = bench.workspace().map(|w| w.canvas) else { return };
        let moved = (told.width - width).abs().max((told.height - height).abs());
        if moved >= 1.0 && width >= 1.0 && height >= 1.0 {
            say.push(Command::Show(Show::Canvas(workbench::Canvas { width, height })));
        }
    }

    pub fn readout(&self, ctx: &egui::Context, bench: &Workbench) -> String {
        let under = self.all.iter().find_map(|c| c.readout(ctx, bench));
        under.or_else(|| linked::pinned(bench)).unwrap_or_else(|| match bench.study() {
            Some(_) => t(hint(bench.tool())),
            None => String::new(),
        })
    }

    pub fn ids(&self) -> Vec<egui::Id> {
        self.all.iter().filter_map(Canvas::id).collect()
    }

    /// Where the panes lie in the window.
    pub fn rects(&self) -> impl Iterator<Item = (usize, Rect)> + '_ {
        self.all.iter().filter_map(|canvas| Some((canvas.index, canvas.rect?)))
    }

    /// Draws the crosshair that the keyboard moves.
    pub fn crosshair(&self, ui: &Ui, bench: &Workbench, steering: &Steering) {
        let Some((pane, at)) = steering.crosshair(bench) else { return };
        let Some(rect) = self.rects().find_map(|(index, r)| (index == pane).then_some(r)) else {
            return;
        };
        let Some(shown) = bench.workspace().and_then(|w| w.pane(pane)) else { return };
        let Some(frame) = bench.frame(&shown.frame) else { return };
        let seen = Seen { index: pane, rect, pane: shown, frame };
        let at = seen.view_from_pixel().transform_point(at);
        let at = rect.min + egui::vec2(at.x as f32, at.y as f32);
        let painter = ui.painter_at(rect);
        // A gap in the middle: the lesion is there.
        for (line, width) in [(egui::Color32::BLACK, 4.0), (theme::ON_IMAGE, 2.0)] {
            let stroke = egui::Stroke::new(width, line);
            for way in [egui::vec2(1.0, 0.0), egui::vec2(0.0, 1.0)] {
                for end in [-1.0, 1.0] {
                    painter.line_segment([at + way * (end * 5.0), at + way * (end * 22.0)], stroke);
                }
            }
        }
    }

    /// What lies under the crosshair, for the status line.
    pub fn crosshair_readout(&self, bench: &Workbench, steering: &Steering) -> Option<String> {
        let (pane, at) = steering.crosshair(bench)?;
        let pane = bench.workspace()?.pane(pane)?;
        describe::pixel(bench, pane, bench.frame(&pane.frame)?, at)
    }
}

/// What the tool in hand does.
fn hint(tool: ToolKind) -> &'static str {
    match tool {
        ToolKind::Select => "hint-select",
        ToolKind::Ellipse => "hint-ellipse",
        ToolKind::Rectangle => "hint-rectangle",
        ToolKind::Polygon => "hint-polygon",
        ToolKind::Freehand => "hint-freehand",
        ToolKind::Text => "hint-text",
        ToolKind::Arrow => "hint-arrow",
        ToolKind::Ruler => "hint-ruler",
        ToolKind::Angle => "hint-angle",
    }
}
