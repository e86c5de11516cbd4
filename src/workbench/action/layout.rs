//! Rows and columns, cines, hanging protocols.

use super::{Action, action};
use crate::study::{FrameKey, Series};
use crate::workbench::{Cine, Command, Pane, Question, Selection, Show, Workbench};

pub(super) static ACTIONS: &[Action] = &[
    action!("layout.one", Layout, ["Shift+O"], |b| {
        let pane = b.workspace()?.active_pane()?;
        Some(arrange(Selection::single(&pane.frame)))
    }),
    action!("layout.pair", Layout, ["Shift+P"], pair),
    action!("layout.grid", Layout, ["Shift+G"], |b| Some(arrange(Selection::grid(series(b)?)))),
    action!("layout.fit", Layout, ["Shift+F"], |b| {
        let study = b.hung()?.study();
        let any = study.series.iter().any(|s| !s.frames.is_empty());
        any.then(|| arrange(Selection::default()))
    }),
    action!("layout.more_columns", Layout, [], |b| columns(b, 1)),
    action!("layout.fewer_columns", Layout, [], |b| columns(b, -1)),
    action!("layout.next_page", Layout, ["PageDown"], |b| b.turned(1).map(arrange)),
    action!("layout.previous_page", Layout, ["PageUp"], |b| b.turned(-1).map(arrange)),
    action!("layout.panel", Layout, ["F7"], |b| b.study().map(|_| Command::Ask(Question::Layout))),
    action!("cine.play", Layout, ["Space"], |b| cine(b, |c| Cine { playing: !c.playing, ..c })),
    action!("cine.faster", Layout, ["."], |b| cine(b, |c| c.at_next_rate(true))),
    action!("cine.slower", Layout, [","], |b| cine(b, |c| c.at_next_rate(false))),
    action!("cine.bounce", Layout, ["Shift+B"], |b| cine(b, |c| Cine { bounce: !c.bounce, ..c })),
    action!("hanging.next", Layout, ["Ctrl+H"], |b| {
        let fitting = fitting(b);
        let now = b.workspace()?.protocol.as_ref();
        let at = fitting.iter().position(|title| Some(title) == now).map_or(0, |at| at + 1);
        Some(Command::Show(Show::Hang(fitting.get(at % fitting.len().max(1))?.clone())))
    }),
    action!("hanging.first", Layout, ["Ctrl+1"], |b| hang(b, 0)),
    action!("hanging.second", Layout, ["Ctrl+2"], |b| hang(b, 1)),
    action!("hanging.third", Layout, ["Ctrl+3"], |b| hang(b, 2)),
    action!("hanging.save", Layout, ["Ctrl+Shift+H"], |b| {
        (b.keeps_hangings() && b.study().is_some()).then_some(Command::Ask(Question::SaveHanging))
    }),
];

fn arrange(selection: Selection) -> Command {
    Command::Show(Show::Arrange(selection))
}

/// The active pane's.
fn series(bench: &Workbench) -> Option<&Series> {
    let pane = bench.workspace()?.active_pane()?;
    let series = bench.reading_of(&pane.frame)?.study().series(&pane.frame.series)?;
    Some(series)
}

/// The active pane's series from the front and from behind.
fn pair(bench: &Workbench) -> Option<Command> {
    let workspace = bench.workspace()?;
    let series = series(bench)?;
    let frames = series.opening_frames();
    if frames.len() < 2 {
        return None;
    }
    let study = bench.reading_of(&workspace.active_pane()?.frame)?.study();
    let panes: Vec<Pane> = frames
        .into_iter()
        .filter_map(|frame| {
            let key = FrameKey { series: series.uid.clone(), frame };
            let shown = workspace.panes.iter().find(|p| p.frame == key).cloned();
            shown.or_else(|| Pane::new(study, key))
        })
        .collect();
    Some(Command::Show(Show::Layout { columns: vec![1.0; panes.len()], panes }))
}

fn columns(bench: &Workbench, step: isize) -> Option<Command> {
    let workspace = bench.workspace()?;
    let selection = workspace.selection.clone()?;
    let columns = workspace.arrangement.columns.len().checked_add_signed(step)?;
    (1..=workspace.panes.len())
        .contains(&columns)
        .then(|| arrange(Selection { columns: Some(columns), ..selection }))
}

fn cine(bench: &Workbench, change: impl FnOnce(Cine) -> Cine) -> Option<Command> {
    let cine = bench.workspace()?.cine;
    let plays = cine.playing || bench.reel().is_some_and(|(reel, _)| reel.len() > 1);
    plays.then(|| Command::Show(Show::Cine(change(cine))))
}

/// The names of the protocols that fit what is on show.
fn fitting(bench: &Workbench) -> Vec<String> {
    let fits = bench.hangings().into_iter().filter(|(_, fits)| *fits);
    fits.map(|(hanging, _)| hanging.title.clone()).collect()
}

fn hang(bench: &Workbench, index: usize) -> Option<Command> {
    Some(Command::Show(Show::Hang(fitting(bench).get(index)?.clone())))
}
