//! Below the panes, where there is more than can be seen at once: the cine and the pages.

use egui::{Button, DragValue, Panel, RichText, Slider, Ui};

use super::theme;
use crate::text::{t, tr};
use crate::workbench::{
    Cine, Command, PageShown, RATES, Selection, Show, Workbench, frame_facts, moves,
};

const ROW: f32 = 30.0;

/// A row for each of them that there is a need for.
pub fn show(ui: &mut Ui, bench: &Workbench, say: &mut Vec<Command>) {
    let reel = bench.reel().filter(|_| scrolls(bench));
    let page = bench.page().filter(|p| p.last - p.first + 1 < p.total);
    let rows = usize::from(reel.is_some()) + usize::from(page.is_some());
    if rows == 0 {
        return;
    }
    let frame = egui::Frame::new().fill(*theme::BAR).inner_margin(egui::Margin::symmetric(10, 2));
    let height = ROW * rows as f32 + 4.0;
    Panel::bottom("frames").exact_size(height).frame(frame).show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        if let Some((reel, at)) = &reel {
            row(ui, |ui| cine(ui, bench, reel.len(), *at, say));
        }
        if let Some(page) = page {
            row(ui, |ui| pages(ui, bench, page, say));
        }
        let turned = wheel(ui);
        if turned != 0 {
            let on = match page {
                Some(_) => bench.turned(turned).map(Show::Arrange),
                None => reel.map(|(reel, at)| {
                    let last = reel.len().saturating_sub(1);
                    Show::Scrub(at.saturating_add_signed(turned).min(last))
                }),
            };
            say.extend(on.map(Command::Show));
        }
    });
}

/// Whether the active pane's series goes on in time, angle or depth, or is being played.
fn scrolls(bench: &Workbench) -> bool {
    let Some(workspace) = bench.workspace() else { return false };
    let pane = workspace.active_pane();
    let series = pane.and_then(|p| {
        bench.reading_of(&p.frame)?.study().series(&p.frame.series).map(AsRef::as_ref)
    });
    workspace.cine.playing || series.is_some_and(moves)
}

fn row(ui: &mut Ui, contents: impl FnOnce(&mut Ui)) {
    ui.allocate_ui(egui::vec2(ui.available_width(), ROW), |ui| {
        ui.horizontal_centered(contents);
    });
}

fn cine(ui: &mut Ui, bench: &Workbench, count: usize, at: usize, say: &mut Vec<Command>) {
    let Some(workspace) = bench.workspace() else { return };
    let cine = workspace.cine;
    let mut set = |cine| say.push(Command::Show(Show::Cine(cine)));
    let (sign, name) = match cine.playing {
        true => ("■", t("cine-stop")),
        false => ("▶", t("cine-play")),
    };
    let play = Button::selectable(cine.playing, sign).min_size(theme::ICON_BUTTON);
    if ui.add_enabled(count > 1, play).on_hover_text(&name).accessible_name(name).clicked() {
        set(Cine { playing: !cine.playing, ..cine });
    }
    let mut rate = cine.rate;
    let field = DragValue::new(&mut rate).range(RATES).speed(0.1).max_decimals(1);
    let field = field.suffix(t("cine-rate-suffix"));
    if ui.add(field).accessible_name(t("cine-rate")).changed() {
        set(Cine { rate, ..cine });
    }
    let mut bounce = cine.bounce;
    let box_ = ui.checkbox(&mut bounce, "⇄").on_hover_text(t("cine-bounce"));
    if box_.accessible_name(t("cine-bounce")).changed() {
        set(Cine { bounce, ..cine });
    }
    let facts = workspace.active_pane().and_then(|p| {
        let series = bench.reading_of(&p.frame)?.study().series(&p.frame.series)?;
        Some(frame_facts(series, p.frame.frame))
    });
    let mut frame = at + 1;
    ui.spacing_mut().slider_width = (0.45 * ui.available_width()).clamp(80.0, 420.0);
    let slider = Slider::new(&mut frame, 1..=count.max(1)).show_value(false);
    if ui.add(slider).accessible_name(t("cine-frame")).changed() {
        say.push(Command::Show(Show::Scrub(frame - 1)));
    }
    let said = format!("{}/{count}", at + 1);
    ui.label(RichText::new(said).small());
    let facts = RichText::new(facts.unwrap_or_default()).small().weak();
    ui.add(egui::Label::new(facts).truncate());
}

fn pages(ui: &mut Ui, bench: &Workbench, page: PageShown, say: &mut Vec<Command>) {
    let Some(selection) = bench.workspace().and_then(|w| w.selection.as_ref()) else { return };
    for (sign, key, pages) in [("◀", "layout-page-previous", -1), ("▶", "layout-page-next", 1)]
    {
        let turned = bench.turned(pages);
        let button = Button::new(sign).min_size(theme::ICON_BUTTON);
        let response = ui.add_enabled(turned.is_some(), button).on_hover_text(t(key));
        if response.accessible_name(t(key)).clicked() {
            say.extend(turned.map(|s| Command::Show(Show::Arrange(s))));
        }
    }
    let length = selection.page_length();
    let last = page.total.saturating_sub(1) / length;
    let mut number = (page.first - 1) / length;
    ui.spacing_mut().slider_width = (ui.available_width() - 190.0).clamp(80.0, 420.0);
    let slider = Slider::new(&mut number, 0..=last.max(1)).show_value(false);
    if ui.add(slider).accessible_name(t("layout-page-slider")).changed() {
        let offset = (number * length).min(page.total.saturating_sub(1));
        let selection = Selection { offset, ..selection.clone() };
        say.push(Command::Show(Show::Arrange(selection)));
    }
    ui.label(RichText::new(page_words(page)).small());
}

/// `Frames 1–16 of 120`.
pub fn page_words(page: PageShown) -> String {
    let PageShown { first, last, total } = page;
    let words = [
        ("first", first.to_string().into()),
        ("last", last.to_string().into()),
        ("total", total.to_string().into()),
    ];
    tr(if first == last { "layout-page-one" } else { "layout-page" }, &words)
}

/// Notches towards the end, while the pointer is over the strip.
fn wheel(ui: &Ui) -> isize {
    if !ui.rect_contains_pointer(ui.max_rect()) {
        return 0;
    }
    let turn = |event: &egui::Event| match event {
        egui::Event::MouseWheel { delta, .. } => {
            let turned = if delta.y == 0.0 { delta.x } else { delta.y };
            Some(-isize::from(turned > 0.0) + isize::from(turned < 0.0))
        }
        _ => None,
    };
    ui.input(|i| i.events.iter().filter_map(turn).sum())
}

/// Tells the bench's clock the time, when a frame is due.
#[derive(Default)]
pub struct Clock {
    ticked: Option<f64>,
}

impl Clock {
    /// Nothing is painted for a cine that stands still.
    pub fn tell(&mut self, ctx: &egui::Context, bench: &mut Workbench) {
        let Some(cine) = bench.workspace().map(|w| w.cine).filter(|c| c.playing) else {
            self.ticked = None;
            return;
        };
        let now = ctx.input(|i| i.time);
        let before = *self.ticked.get_or_insert(now);
        let long = 1.0 / cine.rate;
        let mut left = long - (now - before);
        if left <= 0.0 {
            bench.handle(Command::Tick(now - before));
            self.ticked = Some(now);
            left = long;
        }
        ctx.request_repaint_after(std::time::Duration::from_secs_f64(left));
    }
}
