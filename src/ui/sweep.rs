//! The intensity sweep: while the reader asks for it, the upper level runs down and up again.

use crate::study::FrameKey;
use crate::workbench::{Command, Show, Workbench};

/// Seconds from the highest to the lowest level, and percents of the reference.
const HALF: f64 = 3.0;
const HIGHEST: f64 = 100.0;
const LOWEST: f64 = 10.0;

/// The sweep under way, if any.
#[derive(Default)]
pub struct Sweep {
    playing: Option<Playing>,
}

struct Playing {
    pane: usize,
    frame: FrameKey,
    /// Levels to go back to.
    before: [f64; 2],
    since: f64,
}

impl Sweep {
    pub fn playing(&self) -> bool {
        self.playing.is_some()
    }

    /// Begins in the active pane, or ends.
    pub fn toggle(&mut self, bench: &Workbench, now: f64) -> Option<Command> {
        if self.playing() {
            return self.stop();
        }
        let workspace = bench.workspace()?;
        let shown = workspace.active_pane()?;
        let before = [shown.look.window.lower, shown.look.window.upper];
        let (pane, frame) = (workspace.active, shown.frame.clone());
        self.playing = Some(Playing { pane, frame, before, since: now });
        None
    }

    /// Ends, and puts the levels back.
    pub fn stop(&mut self) -> Option<Command> {
        let Playing { pane, before: [lower, upper], .. } = self.playing.take()?;
        Some(Command::Show(Show::Window { pane, lower, upper }))
    }

    /// The level of this moment. Ends where the pane shows something else by now.
    pub fn step(&mut self, bench: &Workbench, now: f64) -> Option<Command> {
        let playing = self.playing.as_ref()?;
        let shown = bench.workspace().and_then(|w| w.pane(playing.pane));
        if shown.is_none_or(|pane| pane.frame != playing.frame) {
            self.playing = None;
            return None;
        }
        let turns = ((now - playing.since) / HALF).max(0.0) % 2.0;
        let down = if turns < 1.0 { turns } else { 2.0 - turns };
        let percent = HIGHEST - (HIGHEST - LOWEST) * down;
        Some(Command::Show(Show::UpperPercent { pane: playing.pane, percent }))
    }
}
