//! The handles of the two levels on a pane's colour bar: by hand, by arrow keys, by a screen reader.

use egui::accesskit::Action as Asked;
use egui::{Key, Pos2, Rect, Sense, Stroke, StrokeKind, Ui, WidgetInfo, pos2, vec2};

use crate::picture::Mark;
use crate::report::words;
use crate::study::Frame;
use crate::text::{t, tr};
use crate::workbench::{Command, Pane, Show};

use super::theme;

/// What a hand can hit, in points, and what it sees.
const HIT: egui::Vec2 = vec2(24.0, 18.0);
const SEEN: egui::Vec2 = vec2(16.0, 5.0);
/// An arrow key moves a level by this share of the bar, with Shift by the larger one.
const STEP: f64 = 0.02;
const STRIDE: f64 = 0.1;

/// Where the bar is on the screen and which values its ends stand for.
#[derive(Clone, Copy)]
struct Bar {
    rect: Rect,
    range: [f64; 2],
}

impl Bar {
    fn find(marks: &[Mark], origin: Pos2) -> Option<Self> {
        marks.iter().find_map(|mark| match mark {
            Mark::ColorBar { at, size, range, .. } if range[1] > range[0] => {
                let corner = origin + vec2(at.x as f32, at.y as f32);
                let size = vec2(size[0] as f32, size[1] as f32);
                Some(Self { rect: Rect::from_min_size(corner, size), range: *range })
            }
            _ => None,
        })
    }

    fn y(&self, value: f64) -> f32 {
        let [foot, top] = self.range;
        let share = ((value - foot) / (top - foot)).clamp(0.0, 1.0) as f32;
        self.rect.bottom() - share * self.rect.height()
    }

    fn value(&self, y: f32) -> f64 {
        let [foot, top] = self.range;
        let share = f64::from((self.rect.bottom() - y) / self.rect.height());
        foot + share * (top - foot)
    }
}

/// Shows both handles of pane `index`, and a tick at the `under` value; the places where a press is
/// a handle's and not the image's.
pub fn show(
    ui: &Ui,
    origin: Pos2,
    marks: &[Mark],
    (index, pane, frame): (usize, &Pane, &Frame),
    under: Option<f64>,
    say: &mut Vec<Command>,
) -> [Rect; 2] {
    let Some(bar) = Bar::find(marks, origin) else { return [Rect::NOTHING; 2] };
    if let Some(value) = under {
        tick(ui, bar, value);
    }
    [true, false].map(|upper| handle(ui, bar, index, pane, frame, upper, say))
}

fn handle(
    ui: &Ui,
    bar: Bar,
    index: usize,
    pane: &Pane,
    frame: &Frame,
    upper: bool,
    say: &mut Vec<Command>,
) -> Rect {
    let window = pane.look.window;
    let level = if upper { window.upper } else { window.lower };
    let center = pos2(bar.rect.center().x, bar.y(level));
    // Side by side where the levels are close: each stays within reach.
    let aside = if upper { -0.5 } else { 0.5 } * HIT.y;
    let hit = Rect::from_center_size(center + vec2(0.0, aside), HIT);
    let id = ui.scope_id().with(("level", index, upper));
    let response = ui.interact(hit, id, Sense::click_and_drag());
    let view = words::view(frame.view.view);
    let key = if upper { "levels-bar-upper" } else { "levels-bar-lower" };
    let name = tr(key, &[("view", view.into())]);
    response.widget_info(|| WidgetInfo::slider(true, level, &name));
    ui.ctx().accesskit_node_builder(id, |node| {
        node.set_min_numeric_value(bar.range[0]);
        node.set_max_numeric_value(bar.range[1]);
        node.add_action(Asked::Increment);
        node.add_action(Asked::Decrement);
        node.set_description(t("levels-bar-about"));
    });

    // The bar grows with its levels: a drag measures on the bar as it was when it began.
    if response.drag_started() {
        ui.data_mut(|data| data.insert_temp(id, bar.range));
    }
    let span = bar.range[1] - bar.range[0];
    let mut wanted = None;
    if response.double_clicked() {
        say.push(Command::Show(Show::AutoWindow { pane: index }));
    } else if response.dragged()
        && let Some(at) = response.interact_pointer_pos()
    {
        let range = ui.data(|data| data.get_temp(id)).unwrap_or(bar.range);
        wanted = Some(Bar { range, ..bar }.value(at.y - aside));
    }
    let focused = response.has_focus();
    let steps = ui.input(|input| {
        let asked = |action| input.num_accesskit_action_requests(id, action) as f64;
        let pressed = |key| if focused { input.num_presses(key) as f64 } else { 0.0 };
        let step = if input.modifiers.shift { STRIDE } else { STEP };
        let up = asked(Asked::Increment) + pressed(Key::ArrowUp) + pressed(Key::ArrowRight);
        let down = asked(Asked::Decrement) + pressed(Key::ArrowDown) + pressed(Key::ArrowLeft);
        (up - down) * step
    });
    if steps != 0.0 {
        wanted = Some(level + steps * span);
    }
    if let Some(value) = wanted.filter(|value| *value != level) {
        let least = 1e-3 * span;
        let (lower, upper) = match upper {
            true => (window.lower, value.max(window.lower + least)),
            false => (value.min(window.upper - least), window.upper),
        };
        say.push(Command::Show(Show::Window { pane: index, lower, upper }));
    }
    if focused {
        let filter = egui::EventFilter {
            horizontal_arrows: true,
            vertical_arrows: true,
            ..Default::default()
        };
        ui.memory_mut(|memory| memory.set_focus_lock_filter(id, filter));
    }
    if response.hovered() || response.dragged() {
        ui.set_cursor_icon(egui::CursorIcon::ResizeVertical);
    }
    let lit = response.hovered() || response.dragged() || focused;
    let seen = Rect::from_center_size(center, SEEN);
    let fill = if lit { theme::ACCENT } else { theme::STRONG };
    ui.painter().rect_filled(seen, 1.0, fill);
    ui.painter().rect_stroke(
        seen,
        1.0,
        Stroke::new(1.0, egui::Color32::BLACK),
        StrokeKind::Outside,
    );
    response.on_hover_text(format!("{name} · {}", t("levels-bar-about")));
    hit
}

/// Where the value under the pointer stands on the bar.
fn tick(ui: &Ui, bar: Bar, value: f64) {
    let y = bar.y(value);
    let (left, right) = (bar.rect.left(), bar.rect.right());
    ui.painter().hline(left - 2.0..=right + 2.0, y, Stroke::new(3.0, egui::Color32::BLACK));
    ui.painter().hline(left - 2.0..=right + 2.0, y, Stroke::new(1.5, theme::ACCENT));
}
