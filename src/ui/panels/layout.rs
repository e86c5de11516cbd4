//! Which frames stand where: rows and columns, filters, sorting, hanging protocols.

use egui::{
    Button, CollapsingHeader, ComboBox, DragValue, Grid, RichText, ScrollArea, Slider, TextEdit, Ui,
};

use crate::report::words;
use crate::study::{FrameKey, Series, Span, Vector, ViewName};
use crate::text::{t, tr};
use crate::ui::{strip, theme};
use crate::workbench::{
    Action, Command, Keep, MOST_PANES, RATES, Selection, Show, Sort, SortBy, Workbench, Workspace,
    vector_name,
};

#[derive(Default)]
pub struct Layout {
    /// Half typed.
    name: String,
    /// The field for the name is to be typed in.
    asked: bool,
}

impl Layout {
    /// The reader wants to keep the layout.
    pub fn ask_for_a_name(&mut self) {
        self.asked = true;
    }

    pub fn show(&mut self, ui: &mut Ui, bench: &Workbench, say: &mut Vec<Command>) {
        let Some(workspace) = bench.workspace() else { return };
        ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
            card(ui, "layout-arrangement", |ui| {
                modes(ui, bench, say);
                match &workspace.selection {
                    Some(selection) => numbers(ui, bench, workspace, selection, say),
                    None => {
                        ui.label(RichText::new(t("layout-not-a-page")).small().weak());
                    }
                }
            });
            if let Some(selection) = &workspace.selection {
                card(ui, "layout-frames", |ui| frames(ui, bench, selection, say));
            }
            card(ui, "cine-title", |ui| speed(ui, workspace, say));
            card(ui, "layout-links", |ui| links(ui, workspace, say));
            card(ui, "hanging-title", |ui| self.hangings(ui, bench, say));
        });
    }

    fn hangings(&mut self, ui: &mut Ui, bench: &Workbench, say: &mut Vec<Command>) {
        protocols(ui, bench, say);
        ui.add_space(4.0);
        if !bench.keeps_hangings() {
            ui.label(RichText::new(t("hanging-no-folder")).small().weak());
            return;
        }
        ui.horizontal(|ui| {
            let field = TextEdit::singleline(&mut self.name);
            let field = field.hint_text(t("hanging-name-hint")).desired_width(220.0);
            let response = ui.add(field).accessible_name(t("hanging-name"));
            if std::mem::take(&mut self.asked) {
                response.request_focus();
                response.scroll_to_me(None);
            }
            let entered = response.lost_focus() && ui.input(|i| i.key_pressed(egui::Key::Enter));
            let named = !self.name.trim().is_empty();
            let save = ui.add_enabled(named, Button::new(t("hanging-save")));
            if named && (save.clicked() || entered) {
                say.push(Command::SaveHanging(std::mem::take(&mut self.name)));
            }
        });
    }
}

fn card(ui: &mut Ui, title: &str, contents: impl FnOnce(&mut Ui)) {
    theme::card().show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.label(RichText::new(t(title)).strong());
        ui.add_space(2.0);
        contents(ui);
    });
    ui.add_space(theme::GAP);
}

/// The four ways to fill the canvas, the present one marked.
pub fn modes(ui: &mut Ui, bench: &Workbench, say: &mut Vec<Command>) {
    let Some(workspace) = bench.workspace() else { return };
    let now = mode(workspace);
    let all = [
        ("layout.one", "layout-one"),
        ("layout.pair", "layout-pair"),
        ("layout.grid", "layout-grid"),
        ("layout.fit", "layout-fit"),
    ];
    ui.horizontal(|ui| {
        for (id, key) in all {
            let Some(action) = Action::by_id(id) else { continue };
            let command = action.resolve(bench);
            let button = Button::selectable(now == Some(id), t(key));
            let response = ui.add_enabled(command.is_some(), button);
            let response = response.on_hover_text(action.label());
            if response.accessible_name(action.label()).clicked() {
                say.extend(command);
            }
        }
    });
}

fn mode(workspace: &Workspace) -> Option<&'static str> {
    match &workspace.selection {
        None if workspace.panes.len() == 2 => Some("layout.pair"),
        None => None,
        Some(selection) if selection.count == Some(1) => Some("layout.one"),
        Some(selection) if selection.series.len() == 1 => Some("layout.grid"),
        Some(_) => Some("layout.fit"),
    }
}

/// Every protocol as a button, greyed where it does not fit.
pub fn protocols(ui: &mut Ui, bench: &Workbench, say: &mut Vec<Command>) {
    let now = bench.workspace().and_then(|w| w.protocol.clone());
    for (hanging, fits) in bench.hangings() {
        let here = now.as_ref() == Some(&hanging.title);
        let button = Button::selectable(here, &hanging.title).truncate();
        let response = ui.add_enabled(fits, button);
        let response = response.on_disabled_hover_text(t("hanging-unfit"));
        let name = tr("hanging-apply", &[("title", hanging.title.clone().into())]);
        if response.accessible_name(name).clicked() {
            say.push(Command::Show(Show::Hang(hanging.title.clone())));
            ui.close();
        }
    }
}

fn arrange(selection: Selection) -> Command {
    Command::Show(Show::Arrange(selection))
}

/// Columns, frames to a page, where the page begins.
fn numbers(
    ui: &mut Ui,
    bench: &Workbench,
    workspace: &Workspace,
    selection: &Selection,
    say: &mut Vec<Command>,
) {
    let Some(page) = bench.page() else { return };
    ui.label(RichText::new(strip::page_words(page)).small().weak());
    Grid::new("page").num_columns(3).spacing([10.0, 6.0]).show(ui, |ui| {
        ui.label(t("layout-columns"));
        let mut fit = selection.columns.is_none();
        let there = workspace.arrangement.columns.len();
        if ui.checkbox(&mut fit, t("layout-columns-fit")).changed() {
            let columns = (!fit).then_some(there);
            say.push(arrange(Selection { columns, ..selection.clone() }));
        }
        let mut columns = there;
        let field = DragValue::new(&mut columns).range(1..=workspace.panes.len().max(1)).speed(0.1);
        if ui.add(field).accessible_name(t("layout-columns-number")).changed() {
            say.push(arrange(Selection { columns: Some(columns), ..selection.clone() }));
        }
        ui.end_row();

        ui.label(t("layout-count"));
        let mut all = selection.count.is_none();
        if ui.checkbox(&mut all, t("layout-count-all")).changed() {
            let count = (!all).then_some(workspace.panes.len());
            say.push(arrange(Selection { count, ..selection.clone() }));
        }
        let mut count = selection.page_length().min(page.total.max(1));
        let most = MOST_PANES.min(page.total.max(1));
        let field = DragValue::new(&mut count).range(1..=most).speed(0.2);
        if ui.add(field).accessible_name(t("layout-count-number")).changed() {
            say.push(arrange(Selection { count: Some(count), ..selection.clone() }));
        }
        ui.end_row();

        ui.label(t("layout-offset"));
        ui.label("");
        let mut first = page.first;
        let field = DragValue::new(&mut first).range(1..=page.total.max(1)).speed(0.2);
        if ui.add(field).accessible_name(t("layout-offset-number")).changed() {
            say.push(arrange(Selection { offset: first - 1, ..selection.clone() }));
        }
        ui.end_row();
    });
}

/// Series, views, vectors, and the order.
fn frames(ui: &mut Ui, bench: &Workbench, selection: &Selection, say: &mut Vec<Command>) {
    let Some(study) = bench.hung().map(|r| r.study().clone()) else { return };
    let all: Vec<&Series> =
        study.series.iter().map(AsRef::as_ref).filter(|s| !s.frames.is_empty()).collect();
    let meant: Vec<&Series> = all
        .iter()
        .copied()
        .filter(|s| selection.series.is_empty() || selection.series.contains(&s.uid))
        .collect();
    let begun = |selection: Selection| arrange(Selection { offset: 0, ..selection });
    if all.len() > 1 {
        CollapsingHeader::new(t("layout-series")).default_open(true).show(ui, |ui| {
            for series in &all {
                let mut on = meant.iter().any(|s| s.uid == series.uid);
                let name = series_words(series);
                let says = tr("layout-series-shown", &[("series", name.clone().into())]);
                if ui.checkbox(&mut on, name).accessible_name(says).changed() {
                    let keep = |s: &&&Series| match s.uid == series.uid {
                        true => on,
                        false => meant.iter().any(|m| m.uid == s.uid),
                    };
                    let series: Vec<_> = all.iter().filter(keep).map(|s| s.uid.clone()).collect();
                    if !series.is_empty() {
                        say.push(begun(Selection { series, ..selection.clone() }));
                    }
                }
            }
        });
    }
    views(ui, &meant, selection, |s| say.push(begun(s)));
    Grid::new("vectors").num_columns(4).spacing([10.0, 6.0]).show(ui, |ui| {
        for vector in Vector::ALL {
            if let Some(span) = span_of(&meant, vector).filter(|s| s.several()) {
                filter(ui, vector, span, selection, |s| say.push(begun(s)));
            }
        }
    });
    sort(ui, &meant, selection, |s| say.push(begun(s)));
}

fn series_words(series: &Series) -> String {
    match series.description.is_empty() {
        true => words::kind(series.kind),
        false => series.description.clone(),
    }
}

fn span_of(series: &[&Series], vector: Vector) -> Option<Span> {
    let spans = series.iter().filter_map(|s| s.span(vector));
    spans.reduce(|a, b| Span { first: a.first.min(b.first), last: a.last.max(b.last) })
}

/// A box for each view that there is.
fn views(ui: &mut Ui, meant: &[&Series], selection: &Selection, mut choose: impl FnMut(Selection)) {
    let mut there: Vec<ViewName> = Vec::new();
    for frame in meant.iter().flat_map(|s| &s.frames) {
        if !there.contains(&frame.view.view) {
            there.push(frame.view.view);
        }
    }
    if there.len() < 2 || there.len() > 12 {
        return;
    }
    ui.horizontal_wrapped(|ui| {
        ui.label(t("layout-views"));
        for view in &there {
            let shown = |v: &ViewName| selection.views.is_empty() || selection.views.contains(v);
            let mut on = shown(view);
            let says = tr("layout-only-view", &[("view", words::view(*view).into())]);
            if ui.checkbox(&mut on, words::view_short(*view)).accessible_name(says).changed() {
                let keep = |v: &&ViewName| if *v == view { on } else { shown(v) };
                let mut views: Vec<ViewName> = there.iter().filter(keep).copied().collect();
                if views.len() == there.len() {
                    views.clear();
                } else if views.is_empty() {
                    continue;
                }
                choose(Selection { views, ..selection.clone() });
            }
        }
    });
}

/// From and to along one vector; everything stands for no filter.
fn filter(
    ui: &mut Ui,
    vector: Vector,
    span: Span,
    selection: &Selection,
    mut choose: impl FnMut(Selection),
) {
    let kept = || selection.keep.iter().filter(|k| k.vector == vector);
    let mut first = kept().map(|k| k.first).min().unwrap_or(span.first).max(span.first);
    let mut last = kept().map(|k| k.last).max().unwrap_or(span.last).min(span.last);
    let name = vector_name(vector);
    let said = |key| tr(key, &[("vector", name.to_lowercase().into())]);
    ui.label(&name);
    let field = DragValue::new(&mut first).range(span.first..=span.last).speed(0.1);
    let from = ui.add(field).accessible_name(said("layout-filter-first"));
    ui.label(t("layout-filter-to"));
    let field = DragValue::new(&mut last).range(span.first..=span.last).speed(0.1);
    let to = ui.add(field).accessible_name(said("layout-filter-last"));
    ui.end_row();
    if !(from.changed() || to.changed()) {
        return;
    }
    // The end that was moved pushes the other.
    let (first, last) = match from.changed() {
        true => (first, last.max(first)),
        false => (first.min(last), last),
    };
    let mut keep: Vec<Keep> =
        selection.keep.iter().filter(|k| k.vector != vector).copied().collect();
    if (first, last) != (span.first, span.last) {
        keep.push(Keep { vector, first, last });
    }
    choose(Selection { keep, ..selection.clone() });
}

fn sort(ui: &mut Ui, meant: &[&Series], selection: &Selection, mut choose: impl FnMut(Selection)) {
    let varying = Vector::ALL.into_iter().filter(|v| span_of(meant, *v).is_some_and(Span::several));
    let mut ways = vec![None, Some(SortBy::View)];
    ways.extend(varying.map(|v| Some(SortBy::Vector(v))));
    let words = |by: Option<SortBy>| match by {
        None => t("layout-sort-stored"),
        Some(SortBy::View) => t("layout-sort-view"),
        Some(SortBy::Vector(vector)) => vector_name(vector),
    };
    let now = selection.sort.first().copied();
    ui.horizontal(|ui| {
        ui.label(t("layout-sort"));
        let list = ComboBox::from_id_salt("layout-sort").width(150.0);
        let list = list.selected_text(words(now.map(|s| s.by)));
        let shown = list.show_ui(ui, |ui| {
            for way in ways {
                let here = way == now.map(|s| s.by);
                if ui.selectable_label(here, words(way)).clicked() && !here {
                    let descending = now.is_some_and(|s| s.descending);
                    let sort = way.map(|by| Sort { by, descending }).into_iter().collect();
                    choose(Selection { sort, ..selection.clone() });
                }
            }
        });
        shown.response.accessible_name(t("layout-sort"));
        let mut descending = now.is_some_and(|s| s.descending);
        let box_ = egui::Checkbox::new(&mut descending, t("layout-sort-descending"));
        if ui.add_enabled(now.is_some(), box_).changed() {
            let sort = now.map(|s| Sort { descending, ..s }).into_iter().collect();
            choose(Selection { sort, ..selection.clone() });
        }
    });
}

/// How fast frames follow each other; slow speeds have as much room as quick ones.
fn speed(ui: &mut Ui, workspace: &Workspace, say: &mut Vec<Command>) {
    let mut cine = workspace.cine;
    let slider = Slider::new(&mut cine.rate, RATES).logarithmic(true).max_decimals(1);
    let slider = slider.suffix(t("cine-rate-suffix"));
    let rate = ui.add(slider).accessible_name(t("cine-speed")).changed();
    let bounce = ui.checkbox(&mut cine.bounce, t("cine-bounce")).changed();
    if rate || bounce {
        say.push(Command::Show(Show::Cine(cine)));
    }
}

fn links(ui: &mut Ui, workspace: &Workspace, say: &mut Vec<Command>) {
    let mut links = workspace.links;
    ui.horizontal(|ui| {
        let camera = ui.checkbox(&mut links.camera, t("layout-link-camera")).changed();
        let window = ui.checkbox(&mut links.window, t("layout-link-window")).changed();
        if camera || window {
            say.push(Command::Show(Show::Link(links)));
        }
    });
}

/// What a click on a series asks for: the pair of a whole body, all frames of another.
pub fn show_series(bench: &Workbench, series: &Series) -> Command {
    let opening = series.opening_frames();
    let study =
        bench.readings().iter().map(|r| r.study()).find(|s| s.series(&series.uid).is_some());
    let pair = series.kind == crate::study::SeriesKind::WholeBody;
    if let (true, Some(study)) = (pair, study) {
        let pane = |frame| {
            let key = FrameKey { series: series.uid.clone(), frame };
            crate::workbench::Pane::new(study, key)
        };
        let panes: Vec<_> = opening.into_iter().filter_map(pane).collect();
        return Command::Show(Show::Layout { columns: vec![1.0; panes.len().max(1)], panes });
    }
    arrange(Selection::grid(series))
}
