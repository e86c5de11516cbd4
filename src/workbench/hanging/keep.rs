//! A layout that the reader made, as a protocol for the next study of its kind.

use crate::study::{FrameKey, Series, Span, Study, Vector, ViewName};

use super::super::frame_set::opening_look;
use super::super::{Pane, Workspace};
use super::{Columns, Grid, Hanging, Named, Slot, Take, Which, Whose};

/// The workspace's layout in words that fit other studies too: kinds of series, views, phases,
/// levels in percent. `prior` holds the frames that are not the study's own. `None` where nothing
/// is on show.
pub fn protocol_of(
    title: &str,
    workspace: &Workspace,
    study: &Study,
    prior: Option<&Study>,
) -> Option<Hanging> {
    let find = |key: &FrameKey| -> Option<(Whose, &Study, &Series)> {
        let own = study.series(&key.series).map(|s| (Whose::Current, study, s.as_ref()));
        own.or_else(|| {
            let prior = prior?;
            Some((Whose::Prior, prior, prior.series(&key.series)?.as_ref()))
        })
    };
    let links = workspace.links;
    if let Some(selection) = &workspace.selection {
        let first = workspace.panes.first()?;
        let (whose, _, series) = find(&first.frame)?;
        let named = selection.series.iter().filter_map(|uid| study.series(uid));
        let mut kinds: Vec<_> = named.map(|s| s.kind).collect();
        kinds.dedup();
        let span = |vector| {
            let kept = selection.keep.iter().find(|k| k.vector == vector)?;
            Some(Span { first: kept.first, last: kept.last })
        };
        let which = Which {
            study: whose,
            kinds,
            modality: Some(series.modality.clone()),
            views: selection.views.clone(),
            energy_windows: span(Vector::EnergyWindow),
            phases: span(Vector::Phase),
            ..Which::default()
        };
        let widths = workspace.arrangement.columns.clone();
        return Some(Hanging {
            title: title.to_owned(),
            needs: vec![which.clone()],
            columns: Some(match selection.columns {
                Some(_) => Columns::Widths(widths),
                None => Columns::Named(Named::Fit),
            }),
            links,
            grid: Some(Grid { which, count: selection.count, sort: selection.sort.clone() }),
            panes: Vec::new(),
        });
    }
    let places: Vec<Slot> = workspace
        .panes
        .iter()
        .filter_map(|pane| {
            let (whose, study, series) = find(&pane.frame)?;
            place_of(pane, whose, study, series)
        })
        .collect();
    if places.is_empty() {
        return None;
    }
    let mut needs: Vec<Which> = Vec::new();
    for place in &places {
        if !needs.contains(&place.which) {
            needs.push(place.which.clone());
        }
    }
    Some(Hanging {
        title: title.to_owned(),
        needs,
        columns: Some(Columns::Widths(workspace.arrangement.columns.clone())),
        links,
        grid: None,
        panes: places,
    })
}

fn place_of(pane: &Pane, whose: Whose, study: &Study, series: &Series) -> Option<Slot> {
    let frame = series.frames.get(pane.frame.frame)?;
    let mut alike: Vec<&Series> =
        study.series.iter().map(AsRef::as_ref).filter(|s| s.kind == series.kind).collect();
    alike.sort_by_key(|s| s.acquired);
    let number = alike.iter().position(|s| s.uid == series.uid)?;
    let several = alike.len() > 1;
    let several_energies = series.varies(Vector::EnergyWindow);
    let several_phases = series.varies(Vector::Phase);
    let one = |number: u16| Span { first: number, last: number };
    let which = Which {
        study: whose,
        kinds: vec![series.kind],
        modality: Some(series.modality.clone()),
        // The last is the last however many there are: a delayed image after a pool.
        series: several.then(|| match number + 1 == alike.len() {
            true => -1,
            false => i32::try_from(number).unwrap_or(0) + 1,
        }),
        views: match frame.view.view {
            ViewName::Unknown => Vec::new(),
            view => vec![view],
        },
        energy_windows: several_energies.then(|| one(frame.address.energy_window)),
        phases: several_phases.then(|| one(frame.address.phase)),
        ..Which::default()
    };
    // Where within its like the frame stands.
    let like: Vec<usize> =
        (0..series.frames.len()).filter(|i| which.admits(&series.frames[*i])).collect();
    let take = match like.iter().position(|i| *i == pane.frame.frame)? {
        0 => Take::First,
        at if at + 1 == like.len() => Take::Last,
        at if at == like.len() / 2 => Take::Middle,
        // Two that stand side by side are to be two again.
        at => Take::At(u16::try_from(at + 1).ok()?),
    };
    let opening = opening_look(series, frame);
    let look = &pane.look;
    let percent = 100.0 * look.window.upper / look.reference.max(f64::MIN_POSITIVE);
    let untouched = 100.0 * opening.window.upper / opening.reference.max(f64::MIN_POSITIVE);
    Some(Slot {
        which,
        take,
        colormap: (look.colormap != opening.colormap).then_some(look.colormap),
        transfer: (look.window.transfer != opening.window.transfer).then_some(look.window.transfer),
        upper_percent: ((percent - untouched).abs() > 0.05 && percent.is_finite())
            .then(|| (percent * 10.0).round() / 10.0),
        mirrored: pane.camera.mirrored,
        group: pane.group,
    })
}
