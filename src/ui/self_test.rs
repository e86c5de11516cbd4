//! The NM display self-test: its rows with their verdicts, what was seen for each, and the test
//! sets to look at.

use egui::{
    Align, Align2, Color32, Frame, Id, Layout, Margin, Modal, ProgressBar, Response, RichText,
    Role, ScrollArea, Sense, StrokeKind, TextStyle, Ui, UiBuilder, WidgetInfo, pos2, vec2,
};

use super::theme;
use crate::dicom::synthetic::Set;
use crate::text::{t, tr};
use crate::workbench::self_test::{Point, Report, Row, Verdict, test_set_path};
use crate::workbench::{Command, JobKind, Workbench};

/// Shown over the window until it is closed or a test set is opened.
#[derive(Default)]
pub struct SelfTest {
    open: bool,
    /// A run was asked for since it was opened.
    asked: bool,
    /// The row whose evidence is shown, from 0.
    row: usize,
}

const WIDTH: f32 = 1120.0;
const LIST_WIDTH: f32 = 500.0;

impl SelfTest {
    pub fn open(&mut self) {
        *self = Self { open: true, ..Self::default() };
    }

    pub fn is_open(&self) -> bool {
        self.open
    }

    pub fn show(&mut self, ctx: &egui::Context, bench: &Workbench, say: &mut Vec<Command>) {
        if !self.open {
            return;
        }
        let running = bench.running_job().filter(|job| job.kind == JobKind::SelfTest);
        // Opening it is asking for it; what was found before stays until it is asked for again.
        if !self.asked && running.is_none() && bench.self_test().is_none() {
            say.push(Command::SelfTest);
        }
        let started = self.asked || running.is_some();
        self.asked = true;
        let modal = Modal::new(Id::unique("self-test dialog")).frame(theme::dialog(ctx));
        let modal = modal.show(ctx, |ui| {
            let room = ctx.content_rect().size() - vec2(80.0, 150.0);
            ui.set_width(room.x.min(WIDTH));
            ui.label(RichText::new(t("dialog-self-test")).heading().color(theme::STRONG));
            ui.label(RichText::new(t("self-test-about")).color(theme::WEAK));
            ui.add_space(theme::GAP);
            let tall = (room.y - 110.0).clamp(220.0, 620.0);
            match (running, bench.self_test()) {
                (Some(job), _) => waiting(ui, job.fraction().unwrap_or(0.0), tall),
                (None, Some(report)) => self.report(ui, report, tall, say),
                (None, None) if started && bench.running_job().is_none() => {
                    ui.allocate_ui(vec2(ui.available_width(), tall), |ui| {
                        ui.centered_and_justified(|ui| ui.weak(t("self-test-cancelled")));
                    });
                }
                (None, None) => waiting(ui, 0.0, tall),
            }
            ui.add_space(theme::GAP);
            self.buttons(ui, bench, running.is_some(), say);
        });
        if modal.should_close() {
            self.open = false;
            // Nobody waits for it any more.
            if running.is_some() {
                say.push(Command::Cancel);
            }
        }
    }

    fn buttons(&mut self, ui: &mut Ui, bench: &Workbench, running: bool, say: &mut Vec<Command>) {
        ui.horizontal(|ui| {
            if running {
                if ui.button(t("self-test-stop")).clicked() {
                    say.push(Command::Cancel);
                }
                return;
            }
            if ui.button(t("self-test-again")).clicked() {
                say.push(Command::SelfTest);
            }
            if let Some(report) = bench.self_test() {
                ui.add_space(theme::GAP);
                ui.label(RichText::new(counts(report)).color(theme::STRONG));
            }
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                self.open &= !ui.button(t("self-test-close")).clicked();
            });
        });
    }

    fn report(&mut self, ui: &mut Ui, report: &Report, tall: f32, say: &mut Vec<Command>) {
        let (whole, _) = ui.allocate_exact_size(vec2(ui.available_width(), tall), Sense::hover());
        let list = LIST_WIDTH.min(0.45 * whole.width());
        let (left, rest) = whole.split_left_right_at_x(whole.left() + list);
        let right = rest.with_min_x(rest.left() + 2.0 * theme::GAP);
        ui.painter().vline(rest.left() + theme::GAP, whole.y_range(), (1.0, theme::LINE));
        ui.scope_builder(UiBuilder::new().max_rect(left), |ui| {
            scroll("self-test rows", tall).show(ui, |ui| {
                ui.spacing_mut().item_spacing.y = 1.0;
                for (index, row) in report.rows.iter().enumerate() {
                    if entry(ui, row, self.row == index).clicked() {
                        self.row = index;
                    }
                }
            });
        });
        ui.scope_builder(UiBuilder::new().max_rect(right), |ui| {
            if let Some(row) = report.rows.get(self.row) {
                scroll(&format!("self-test row {}", row.number), tall)
                    .show(ui, |ui| self.evidence(ui, row, say));
            }
        });
    }

    fn evidence(&mut self, ui: &mut Ui, row: &Row, say: &mut Vec<Command>) {
        ui.horizontal(|ui| {
            let heading = tr("self-test-heading", &[("row", row.number.into())]);
            ui.label(RichText::new(heading).color(theme::WEAK));
            ui.label(RichText::new(verdict(row)).color(color(row.verdict)));
        });
        ui.label(RichText::new(&row.requirement).color(theme::STRONG));
        ui.add_space(4.0);
        ui.label(&row.done);
        if let Some(reason) = &row.missing {
            ui.add_space(theme::GAP);
            ui.label(RichText::new(t("self-test-why")).color(theme::ACCENT));
            ui.label(reason);
        }
        ui.add_space(theme::GAP);
        ui.horizontal_wrapped(|ui| {
            for set in row.sets.iter().filter_map(|name| Set::named(name)) {
                let words = tr("self-test-show", &[("set", set.name().into())]);
                let button = ui.button(words).on_hover_text(t("self-test-show-about"));
                if button.clicked() {
                    say.push(Command::Open(test_set_path(set)));
                    self.open = false;
                }
            }
        });
        ui.add_space(theme::GAP);
        ui.label(RichText::new(t("self-test-seen")).color(theme::ACCENT));
        if row.points.is_empty() {
            ui.weak(t("self-test-nothing-seen"));
        }
        for (index, point) in row.points.iter().enumerate() {
            let fill = if index % 2 == 0 { *theme::PANEL } else { Color32::TRANSPARENT };
            Frame::new().fill(fill).inner_margin(Margin::symmetric(6, 3)).show(ui, |ui| {
                ui.set_width(ui.available_width());
                seen(ui, point);
            });
        }
    }
}

/// What was looked at, and below it what was found; what was expected where it reads differently.
fn seen(ui: &mut Ui, point: &Point) {
    ui.spacing_mut().item_spacing.y = 0.0;
    ui.horizontal_wrapped(|ui| {
        let (words, color) = match point.holds {
            true => (t("self-test-pass"), theme::OK),
            false => (t("self-test-fail"), theme::ERROR),
        };
        ui.label(RichText::new(words).small().color(color));
        ui.label(&point.what);
    });
    ui.label(RichText::new(&point.found).small().color(theme::STRONG));
    if point.found != point.expected {
        let expected = tr("self-test-expected", &[("what", point.expected.clone().into())]);
        ui.label(RichText::new(expected).small().color(theme::WEAK));
    }
}

/// Number, verdict and requirement of a row, in columns.
fn entry(ui: &mut Ui, row: &Row, selected: bool) -> Response {
    const NUMBER: f32 = 30.0;
    const WORDS: f32 = 96.0;
    let width = ui.available_width() - theme::GAP;
    let font = TextStyle::Body.resolve(ui.style());
    let painter = ui.painter();
    let words =
        painter.layout(row.requirement.clone(), font.clone(), *theme::TEXT, width - WORDS - 8.0);
    let (rect, response) =
        ui.allocate_exact_size(vec2(width, words.size().y + 8.0), Sense::click());
    let name = tr(
        "self-test-row",
        &[
            ("row", row.number.into()),
            ("verdict", verdict(row).into()),
            ("requirement", row.requirement.clone().into()),
        ],
    );
    response.widget_info(|| WidgetInfo::selected(Role::Button, true, selected, name.clone()));
    let looks = ui.style().interact_selectable(&response, selected);
    if selected || response.hovered() || response.has_focus() {
        let painter = ui.painter();
        painter.rect_filled(rect, looks.corner_radius, looks.weak_bg_fill);
        if response.has_focus() {
            let line = (1.0, theme::ACCENT);
            painter.rect_stroke(rect, looks.corner_radius, line, StrokeKind::Inside);
        }
    }
    let top = rect.top() + 4.0;
    let painter = ui.painter();
    let put = |x: f32, align: Align2, text: String, color: Color32| {
        painter.text(pos2(rect.left() + x, top), align, text, font.clone(), color);
    };
    put(NUMBER - 8.0, Align2::RIGHT_TOP, row.number.to_string(), *theme::WEAK);
    put(NUMBER, Align2::LEFT_TOP, verdict(row), color(row.verdict));
    painter.galley(pos2(rect.left() + WORDS, top), words, *theme::TEXT);
    response
}

fn verdict(row: &Row) -> String {
    match row.verdict {
        Verdict::Pass => t("self-test-pass"),
        Verdict::Fail => t("self-test-fail"),
        Verdict::NotMet => t("self-test-not-met"),
    }
}

fn color(verdict: Verdict) -> Color32 {
    match verdict {
        Verdict::Pass => *theme::OK,
        Verdict::Fail => *theme::ERROR,
        Verdict::NotMet => *theme::WARN,
    }
}

fn counts(report: &Report) -> String {
    tr(
        "self-test-counts",
        &[
            ("passed", report.count(Verdict::Pass).into()),
            ("failed", report.count(Verdict::Fail).into()),
            ("missed", report.count(Verdict::NotMet).into()),
        ],
    )
}

fn scroll(name: &str, tall: f32) -> ScrollArea {
    ScrollArea::vertical()
        .id_salt(name)
        .max_height(tall)
        .min_scrolled_height(tall)
        .auto_shrink([false, false])
}

fn waiting(ui: &mut Ui, fraction: f64, tall: f32) {
    let rows = crate::workbench::self_test::ROWS.len();
    let row = (fraction * rows as f64).round() as usize + 1;
    let words = tr("self-test-running", &[("row", row.min(rows).into()), ("rows", rows.into())]);
    ui.allocate_ui(vec2(ui.available_width(), tall), |ui| {
        ui.set_min_height(tall);
        ui.add_space(0.4 * tall);
        ui.vertical_centered(|ui| {
            let bar = ProgressBar::new(fraction as f32).desired_width(360.0).desired_height(8.0);
            ui.add(bar).accessible_name(words.clone());
            ui.label(words);
        });
    });
}
