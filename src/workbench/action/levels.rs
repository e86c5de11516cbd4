//! Levels, the second intensity, and what a region stands for.

use super::{Action, action, selected, show};
use crate::findings::{Edit, NotBone, Role};
use crate::picture::Transfer;
use crate::workbench::{Command, Links, Pane, Question, Show, Standard, Workbench};

pub(super) static ACTIONS: &[Action] = &[
    action!("view.lesion", View, ["5"], |b| show(b, |pane, _| Show::Lesion { pane })),
    action!("view.square_root", View, ["6"], |b| show(b, |pane, p| Show::Transfer {
        pane,
        transfer: match p.look.window.transfer {
            Transfer::SquareRoot => Transfer::Linear,
            _ => Transfer::SquareRoot,
        },
    })),
    action!("view.dual", View, ["D"], |b| dual(b, |second| {
        second.look.window.upper *= SECOND;
        second.look.window.lower *= SECOND;
    })),
    action!("view.dual_root", View, ["Shift+D"], |b| dual(b, |second| {
        second.look.window.transfer = Transfer::SquareRoot;
    })),
    action!("view.anchor", View, ["K"], |b| b.workspace().map(|_| Command::Show(Show::Anchor))),
    action!("view.maximum", View, [], |b| show(b, |pane, p| Show::Standard {
        pane,
        standard: match p.look.standard {
            Standard::Maximum => Standard::Automatic,
            _ => Standard::Maximum,
        },
    })),
    action!("view.sweep", View, ["W"], |b| {
        b.workspace()?.active_pane().map(|_| Command::Ask(Question::Sweep))
    }),
    action!("view.link_windows", View, [], |b| {
        link(b, |links| Links { window: !links.window, ..links })
    }),
    action!("view.link_cameras", View, [], |b| {
        link(b, |links| Links { camera: !links.camera, ..links })
    }),
    action!("view.load_colormap", View, [], |b| {
        b.workspace().map(|_| Command::Ask(Question::LoadColormap))
    }),
    action!("roi.lesion", Region, [], |b| role(b, Role::Lesion)),
    action!("roi.reference", Region, [], |b| role(b, Role::Reference)),
    action!("roi.background", Region, [], |b| role(b, Role::Background)),
    action!("roi.urine", Region, [], |b| role(b, Role::NotBone(NotBone::Urine))),
    action!("roi.injection_site", Region, [], |b| role(b, Role::NotBone(NotBone::InjectionSite))),
    action!("roi.contamination", Region, [], |b| role(b, Role::NotBone(NotBone::Contamination))),
    action!("roi.implant", Region, [], |b| role(b, Role::NotBone(NotBone::Implant))),
    action!("roi.not_bone", Region, [], |b| role(b, Role::NotBone(NotBone::Other))),
];

/// The second intensity's levels, as a share of the first's.
const SECOND: f64 = 0.35;
/// Its columns, as a share of the others' width.
const NARROWER: f64 = 0.6;
/// Panes of the second intensity are those of the upper half of the groups.
const SECOND_GROUPS: u8 = 128;

/// The same panes again beside themselves, narrower and looked at another way; or away with them.
fn dual(bench: &Workbench, change: impl Fn(&mut Pane)) -> Option<Command> {
    let workspace = bench.workspace().filter(|w| !w.panes.is_empty())?;
    let columns = &workspace.arrangement.columns;
    let second = |pane: &Pane| pane.group >= SECOND_GROUPS;
    if workspace.panes.iter().any(second) {
        let panes: Vec<Pane> = workspace.panes.iter().filter(|p| !second(p)).cloned().collect();
        let row = workspace.panes.iter().take(columns.len()).zip(columns);
        let columns: Vec<f64> = row.filter(|(p, _)| !second(p)).map(|(_, c)| *c).collect();
        return Some(Command::Show(Show::Layout { columns, panes }));
    }
    let width = columns.len().min(workspace.panes.len());
    let panes = workspace.panes.chunks(width).flat_map(|row| {
        let again = row.iter().cloned().map(|mut pane| {
            pane.group |= SECOND_GROUPS;
            change(&mut pane);
            pane
        });
        row.iter().cloned().chain(again).collect::<Vec<Pane>>()
    });
    let panes = panes.collect();
    let first = columns.iter().take(width).copied();
    let columns = first.clone().chain(first.map(|c| c * NARROWER)).collect();
    Some(Command::Show(Show::Layout { columns, panes }))
}

fn link(bench: &Workbench, change: impl FnOnce(Links) -> Links) -> Option<Command> {
    let workspace = bench.workspace().filter(|w| w.panes.len() > 1)?;
    Some(Command::Show(Show::Link(change(workspace.links))))
}

/// What the selected region stands for; nothing where it stands for that already.
fn role(bench: &Workbench, role: Role) -> Option<Command> {
    let roi = selected(bench).filter(|roi| roi.role != role)?;
    Some(Command::Edit(Edit::SetRole(roi.id, role)))
}
