//! The NM display self-test: its rows with their verdicts, what was seen for each, and the test
//! sets to look at.

use egui::text::LayoutJob;
use egui::{
    Align, Button, Color32, Grid, Id, Layout, Modal, ProgressBar, RichText, ScrollArea, TextFormat,
    TextStyle, Ui, vec2,
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
                if ui.button(t("dialog-cancel")).clicked() {
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
        let list = LIST_WIDTH.min(0.45 * ui.available_width());
        ui.horizontal_top(|ui| {
            ui.allocate_ui_with_layout(vec2(list, tall), Layout::top_down(Align::Min), |ui| {
                scroll("self-test rows", tall).show(ui, |ui| {
                    for (index, row) in report.rows.iter().enumerate() {
                        let entry = Button::selectable(self.row == index, entry(ui, row));
                        let name = tr(
                            "self-test-row",
                            &[("row", row.number.into()), ("verdict", verdict(row).into())],
                        );
                        let room = vec2(ui.available_width(), 0.0);
                        let entry = ui.add(entry.wrap().min_size(room)).accessible_name(name);
                        if entry.clicked() {
                            self.row = index;
                        }
                    }
                });
            });
            ui.separator();
            let rest = vec2(ui.available_width(), tall);
            ui.allocate_ui_with_layout(rest, Layout::top_down(Align::Min), |ui| {
                if let Some(row) = report.rows.get(self.row) {
                    scroll(&format!("self-test row {}", row.number), tall)
                        .show(ui, |ui| self.evidence(ui, row, say));
                }
            });
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
        let grid = Grid::new(("self-test points", row.number)).num_columns(2).striped(true);
        let wide = ui.available_width();
        grid.spacing([10.0, 6.0]).max_col_width(wide - 60.0).show(ui, |ui| {
            for point in &row.points {
                let (words, color) = match point.holds {
                    true => (t("self-test-pass"), theme::OK),
                    false => (t("self-test-fail"), theme::ERROR),
                };
                ui.label(RichText::new(words).small().color(color));
                ui.vertical(|ui| seen(ui, point));
                ui.end_row();
            }
        });
    }
}

/// What was looked at, and below it what was found; what was expected where it reads differently.
fn seen(ui: &mut Ui, point: &Point) {
    ui.label(&point.what);
    ui.label(RichText::new(&point.found).small().color(theme::STRONG));
    if point.found != point.expected {
        let expected = tr("self-test-expected", &[("what", point.expected.clone().into())]);
        ui.label(RichText::new(expected).small().color(theme::WEAK));
    }
}

/// Number, verdict and requirement of a row, in columns.
fn entry(ui: &Ui, row: &Row) -> LayoutJob {
    let style = ui.style();
    let words = |color: Color32| TextFormat {
        font_id: TextStyle::Body.resolve(style),
        color,
        ..TextFormat::default()
    };
    let mut job = LayoutJob::default();
    job.append(&format!("{:>2}  ", row.number), 0.0, words(theme::WEAK));
    job.append(&format!("{}  ", verdict(row)), 0.0, words(color(row.verdict)));
    job.append(&row.requirement, 0.0, words(theme::TEXT));
    job
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
        Verdict::Pass => theme::OK,
        Verdict::Fail => theme::ERROR,
        Verdict::NotMet => theme::WARN,
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
