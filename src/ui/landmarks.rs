//! F6: from one part of the window to the next, so that nobody has to walk through all of it.

use egui::{Context, FocusDirection, Rect};

use crate::workbench::{Command, Show, Workbench};

/// A part of the window, in the order in which F6 and Tab visit them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    Menus,
    Tools,
    Studies,
    Pane(usize),
    Drawer,
    Inspector,
}

/// The parts that are on show.
#[derive(Default)]
pub struct Landmarks {
    drawn: Vec<(Part, Rect)>,
    /// Where the focus goes as soon as the part is drawn.
    wanted: Option<Part>,
}

impl Landmarks {
    /// Before the first part of a frame.
    pub fn begin(&mut self) {
        self.drawn.clear();
    }

    /// Before the first control of a part, which takes the focus if the reader is on the way there.
    pub fn enter(&mut self, ctx: &Context, part: Part) {
        if self.wanted == Some(part) {
            self.wanted = None;
            ctx.memory_mut(|memory| {
                if let Some(id) = memory.focused() {
                    memory.surrender_focus(id);
                }
                memory.move_focus(FocusDirection::Next);
            });
        }
    }

    /// After a part has been drawn.
    pub fn leave(&mut self, part: Part, rect: Rect) {
        self.drawn.push((part, rect));
    }

    /// The next part, or with −1 the one before; panes take the focus by their widget.
    pub fn step(
        &mut self,
        ctx: &Context,
        by: isize,
        panes: &[egui::Id],
        bench: &Workbench,
    ) -> Option<Command> {
        let mut order: Vec<Part> = self.drawn.iter().map(|(part, _)| *part).collect();
        order.sort_by_key(|part| match part {
            Part::Menus => (0, 0),
            Part::Tools => (1, 0),
            Part::Studies => (2, 0),
            Part::Pane(index) => (3, *index),
            Part::Drawer => (4, 0),
            Part::Inspector => (5, 0),
        });
        if order.is_empty() {
            return None;
        }
        let here = self.here(ctx, panes, bench);
        let at = here.and_then(|here| order.iter().position(|part| *part == here));
        let next = match at {
            Some(at) => order[(at as isize + by).rem_euclid(order.len() as isize) as usize],
            None if by < 0 => order[order.len() - 1],
            None => order[0],
        };
        let Part::Pane(index) = next else {
            self.wanted = Some(next);
            ctx.request_repaint();
            return None;
        };
        let id = *panes.get(index)?;
        ctx.memory_mut(|memory| memory.request_focus(id));
        Some(Command::Show(Show::Activate(index)))
    }

    /// The part that has the focus; without a focus, the active pane.
    fn here(&self, ctx: &Context, panes: &[egui::Id], bench: &Workbench) -> Option<Part> {
        let Some(id) = ctx.memory(|memory| memory.focused()) else {
            return bench.workspace().map(|w| Part::Pane(w.active));
        };
        if let Some(index) = panes.iter().position(|pane| *pane == id) {
            return Some(Part::Pane(index));
        }
        let middle = ctx.read_response(id)?.rect.center();
        self.drawn.iter().find(|(_, rect)| rect.contains(middle)).map(|(part, _)| *part)
    }
}
