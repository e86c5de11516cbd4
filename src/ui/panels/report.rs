//! The report page: the pages as they will be printed, and the words and choices in them.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};

use egui::{ColorImage, RichText, ScrollArea, TextureHandle, TextureOptions, Ui};

use crate::findings::{Edit, Findings};
use crate::report::{Report, ReportError};
use crate::study::{Identity, Study};
use crate::text::{t, tr};
use crate::ui::dialogs::now;
use crate::ui::field::{self, Draft, Looks};
use crate::ui::{describe, theme};
use crate::workbench::{Action, Command, Reading, Workbench, Workspace, compose_report};

/// What a preview was made from.
#[derive(Clone)]
struct Wanted {
    study: Arc<Study>,
    findings: Findings,
    workspace: Workspace,
    identity: Identity,
}

impl PartialEq for Wanted {
    fn eq(&self, other: &Self) -> bool {
        let Self { study, findings, workspace, identity } = self;
        Arc::ptr_eq(study, &other.study)
            && *findings == other.findings
            && *workspace == other.workspace
            && *identity == other.identity
    }
}

type Pages = Result<Vec<ColorImage>, String>;

#[derive(Default)]
pub struct ReportPage {
    pub identity: Identity,
    /// Full brightness; else the paper is dimmed for a dark room.
    paper_white: bool,
    draft: Draft,
    /// What is on show, or being made.
    made_from: Option<Wanted>,
    /// What the reader wants now, and since when it has not changed.
    wanted: Option<(Wanted, f64)>,
    coming: Option<Receiver<Pages>>,
    shown: Vec<TextureHandle>,
    /// Why there are no pages.
    problem: Option<String>,
}

/// How long nothing may change before pages are made again.
const CALM: f64 = 0.3;
/// Sharp at twice the size of the paper's points.
const PIXELS_PER_POINT: f64 = 2.0;

impl ReportPage {
    /// The pages, in the middle of the window.
    pub fn show(&mut self, ui: &mut Ui, bench: &Workbench, _say: &mut Vec<Command>) {
        self.refresh(ui, bench);
        if let Some(problem) = &self.problem {
            let words = RichText::new(problem).color(theme::ERROR);
            ui.centered_and_justified(|ui| ui.label(words));
            return;
        }
        if self.shown.is_empty() {
            ui.centered_and_justified(|ui| ui.weak(t("preview-coming")));
            return;
        }
        ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
            ui.vertical_centered(|ui| {
                ui.add_space(theme::GAP);
                for (index, page) in self.shown.iter().enumerate() {
                    paper(ui, page, index + 1, self.paper_white);
                }
            });
        });
    }

    /// Words and choices, at the side.
    pub fn form(&mut self, ui: &mut Ui, bench: &Workbench, say: &mut Vec<Command>) {
        let Some(findings) = bench.findings() else { return };
        ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
            ui.heading(t("report-heading-impression"));
            let name = t("report-heading-impression");
            let hint = t("preview-impression-hint");
            let looks = Looks { name: &name, hint: &hint, rows: 5, width: f32::INFINITY };
            let id = field::id("impression", bench, ());
            if let Some(text) = self.draft.field(ui, id, findings.impression(), looks) {
                say.push(Command::Edit(Edit::SetImpression(text)));
            }
            ui.add_space(theme::GAP);
            ui.heading(t("report-heading-findings"));
            self.findings(ui, bench, say);
            ui.add_space(theme::GAP);
            ui.heading(t("preview-identity"));
            identity_choice(ui, &mut self.identity);
            ui.add_space(theme::GAP);
            ui.checkbox(&mut self.paper_white, t("preview-paper-white"));
            ui.add_space(theme::GAP);
            if let Some(action) = Action::by_id("report.export")
                && let Some(command) = action.resolve(bench)
            {
                let chord = bench.keymap().chord(action.id);
                let chord = chord.map(|c| c.to_string()).unwrap_or_default();
                let words = RichText::new(t("preview-export")).color(theme::ACCENT);
                let button = egui::Button::new(words).shortcut_text(chord);
                if ui.add_sized([ui.available_width(), 32.0], button).clicked() {
                    say.push(command);
                }
            }
            ui.label(RichText::new(t("report-not-a-device")).small().weak());
        });
    }

    fn findings(&mut self, ui: &mut Ui, bench: &Workbench, say: &mut Vec<Command>) {
        let rows = bench.sheet().map_or(&[][..], |s| &s.rois);
        if rows.is_empty() {
            ui.weak(t("results-none"));
        }
        for row in rows {
            let mut on = row.in_report;
            let place = describe::place(row);
            let words = RichText::new(format!("{}  {place}", row.name)).color(theme::REGION);
            if ui.checkbox(&mut on, words).changed() {
                say.push(Command::Edit(Edit::SetInReport(row.id, on)));
            }
            let name = tr("card-note-of", &[("name", row.name.clone().into())]);
            let hint = t("card-note-hint");
            let looks = Looks { name: &name, hint: &hint, rows: 1, width: f32::INFINITY };
            let id = field::id("report note", bench, row.id);
            if let Some(note) = self.draft.field(ui, id, &row.note, looks) {
                say.push(Command::Edit(Edit::SetNote(row.id, note)));
            }
        }
    }

    /// Has pages made when what they show has changed and the reader pauses.
    fn refresh(&mut self, ui: &Ui, bench: &Workbench) {
        self.arrive(ui);
        let Some(reading) = bench.reading() else { return };
        let wanted = Wanted {
            study: reading.study().clone(),
            findings: reading.findings().clone(),
            workspace: reading.workspace().clone(),
            identity: self.identity,
        };
        if self.made_from.as_ref() == Some(&wanted) {
            self.wanted = None;
            return;
        }
        let now = ui.input(|i| i.time);
        let since = match &self.wanted {
            Some((same, since)) if *same == wanted => *since,
            _ => now,
        };
        let calm = self.made_from.is_none() || now - since >= CALM;
        if self.coming.is_none() && calm {
            self.make(ui, reading);
            self.made_from = Some(wanted);
            self.wanted = None;
        } else {
            self.wanted = Some((wanted, since));
            // When a page is under way, its arrival wakes us.
            if self.coming.is_none() {
                let rest = (CALM - (now - since)).max(0.01);
                ui.ctx().request_repaint_after(std::time::Duration::from_secs_f64(rest));
            }
        }
    }

    fn arrive(&mut self, ui: &Ui) {
        let Some(pages) = self.coming.as_ref().and_then(|c| c.try_recv().ok()) else { return };
        self.coming = None;
        let load = |(index, page)| {
            let name = format!("report page {index}");
            ui.ctx().load_texture(name, page, TextureOptions::LINEAR)
        };
        match pages {
            Ok(pages) => {
                self.shown = pages.into_iter().enumerate().map(load).collect();
                self.problem = None;
            }
            Err(problem) => self.problem = Some(problem),
        }
    }

    fn make(&mut self, ui: &Ui, reading: &Reading) {
        let (sender, receiver) = channel();
        let (mut snapshot, identity, ctx) = (reading.snapshot(), self.identity, ui.ctx().clone());
        snapshot.made_at = now();
        let work = move || {
            let report = compose_report(&snapshot, identity);
            // The receiver is gone only when the program ends.
            let _ = sender.send(render(&report));
            ctx.request_repaint();
        };
        let spawned = std::thread::Builder::new().name("report preview".into()).spawn(work);
        match spawned {
            Ok(_) => self.coming = Some(receiver),
            Err(error) => self.problem = Some(error.to_string()),
        }
    }
}

#[cfg(feature = "pdf")]
fn render(report: &Result<Report, ReportError>) -> Pages {
    let report = report.as_ref().map_err(|e| e.to_string())?;
    let pages = crate::report::pages(report, None, PIXELS_PER_POINT).map_err(|e| e.to_string())?;
    let picture = |page: image::RgbaImage| {
        let size = [page.width() as usize, page.height() as usize];
        ColorImage::from_rgba_unmultiplied(size, page.as_raw())
    };
    Ok(pages.into_iter().map(picture).collect())
}

#[cfg(not(feature = "pdf"))]
fn render(_: &Result<Report, ReportError>) -> Pages {
    let _ = PIXELS_PER_POINT;
    Err(t("preview-no-pdf"))
}

fn paper(ui: &mut Ui, page: &TextureHandle, number: usize, white: bool) {
    let size = page.size_vec2();
    let width =
        (ui.available_width() - 24.0).min(size.x / PIXELS_PER_POINT as f32 * 1.5).max(100.0);
    let size = egui::vec2(width, width * size.y / size.x.max(1.0));
    let (rect, response) = ui.allocate_exact_size(size, egui::Sense::hover());
    let name = tr("preview-page", &[("number", number.into())]);
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Image, true, &name));
    let bright = white || response.hovered();
    let tint = if bright { egui::Color32::WHITE } else { *theme::PAPER_DIMMED };
    let whole = egui::Rect::from_min_max(egui::pos2(0.0, 0.0), egui::pos2(1.0, 1.0));
    ui.painter().image(page.id(), rect, whole, tint);
    ui.add_space(theme::GAP);
}

/// Full, initials or none.
pub fn identity_choice(ui: &mut Ui, identity: &mut Identity) {
    ui.horizontal(|ui| {
        for (choice, key) in [
            (Identity::Full, "identity-full"),
            (Identity::Initials, "identity-initials"),
            (Identity::None, "identity-none"),
        ] {
            ui.radio_value(identity, choice, t(key));
        }
    });
}
