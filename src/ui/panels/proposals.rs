//! Hot spots that are proposed: a row for each, and what speaks for the one that is looked at.

use egui::{Button, RichText, Ui};

use crate::measure::{Ground, Hotspot, HotspotKind};
use crate::text::{t, tr};
use crate::ui::theme;
use crate::workbench::{Command, Workbench, region_of_hotspot};

/// Nothing where nothing is proposed.
pub fn show(ui: &mut Ui, bench: &Workbench, say: &mut Vec<Command>) {
    let open = bench.proposals();
    if open.is_empty() {
        return;
    }
    ui.label(RichText::new(t("proposals-title")).strong());
    ui.label(RichText::new(t("proposals-hint")).small().weak());
    if bench.proposals_outdated() {
        ui.label(RichText::new(t("proposals-outdated")).color(theme::WARN));
    }
    let current = bench.proposal();
    for (index, hotspot) in open {
        let place = region_of_hotspot(hotspot).unwrap_or_else(|| t("proposals-somewhere"));
        let score = format!("{:.2}", hotspot.score);
        ui.horizontal(|ui| {
            let words = tr(
                "proposals-look-at",
                &[("place", place.clone().into()), ("score", score.clone().into())],
            );
            let button = Button::selectable(current == Some(index), format!("{score}  {place}"));
            if ui.add(button).accessible_name(words).clicked() {
                say.push(Command::ToProposal(Some(index)));
            }
            ui.label(RichText::new(kind(hotspot.kind)).small().weak());
            if hotspot.conjugate.is_some() {
                ui.label(RichText::new(t("proposals-both-views")).small().weak());
            }
            let judge = [
                ("✔", "proposals-accept", bench.take_proposal(index)),
                ("×", "proposals-reject", bench.reject_proposal(index)),
            ];
            for (sign, key, edit) in judge {
                let words = tr(key, &[("place", place.clone().into())]);
                let button = ui.small_button(sign).on_hover_text(&words).accessible_name(words);
                if let Some(edit) = edit.filter(|_| button.clicked()) {
                    say.push(Command::Edit(edit));
                }
            }
        });
        if current == Some(index) {
            ui.label(RichText::new(reasons(hotspot)).small());
        }
    }
    ui.add_space(theme::GAP);
}

/// Only kinds that are in bone are proposed.
fn kind(kind: HotspotKind) -> String {
    t(match kind {
        HotspotKind::Joint => "proposals-kind-joint",
        _ => "proposals-kind-bone",
    })
}

fn reasons(hotspot: &Hotspot) -> String {
    let words = |ground: Ground| {
        t(match ground {
            Ground::Surroundings => "proposals-ground-surroundings",
            Ground::Twin => "proposals-ground-twin",
            Ground::Usual => "proposals-ground-usual",
            Ground::OppositeView => "proposals-ground-opposite-view",
            Ground::Size => "proposals-ground-size",
            Ground::Place => "proposals-ground-place",
        })
    };
    let list = |speaks_for: bool| {
        let weighty = hotspot.reasons.iter().filter(|r| r.weight.abs() > 0.1);
        let on_side = weighty.filter(|r| (r.weight > 0.0) == speaks_for);
        let list: Vec<String> = on_side.map(|r| words(r.ground)).collect();
        if list.is_empty() { t("proposals-nothing") } else { list.join(", ") }
    };
    tr("proposals-reasons", &[("for", list(true).into()), ("against", list(false).into())])
}
