//! What interrupts: export, keys, about, a typed path, leaving with unsaved findings.

use std::path::{Path, PathBuf};

use egui::{Button, Grid, Id, Modal, RichText, TextEdit, Ui};

use super::help::HelpSheet;
use super::panels::identity_choice;
use super::picker::Wish;
use super::preferences::PreferencesDialog;
use super::theme;
use crate::study::Identity;
use crate::text::{t, tr};
use crate::workbench::{Command, Export, Format, SOURCE_DATE_EPOCH, Workbench, time_of_report};

/// At most one at a time.
#[derive(Default)]
pub struct Dialogs {
    shown: Option<Dialog>,
    /// The last choices, for the next export.
    export: ExportForm,
    preferences: PreferencesDialog,
    help: HelpSheet,
    /// Who paints: shown under About.
    painter: String,
}

enum Dialog {
    Keys,
    About,
    Preferences,
    Export,
    TypedPath { wish: Wish, typed: String, fresh: bool },
    Leaving,
}

impl Dialog {
    /// Each remembers its own size.
    fn name(&self) -> &'static str {
        match self {
            Self::Keys => "keys dialog",
            Self::About => "about dialog",
            Self::Preferences => "preferences dialog",
            Self::Export => "export dialog",
            Self::TypedPath { .. } => "path dialog",
            Self::Leaving => "leaving dialog",
        }
    }
}

/// What a dialog wants that no command says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Request {
    Choose(Wish),
    /// Close the window, whatever is unsaved.
    Leave,
    /// Save the regions, then close the window.
    SaveAndLeave,
}

struct ExportForm {
    format: Format,
    path: String,
    force: bool,
}

impl Default for ExportForm {
    fn default() -> Self {
        let folder = directories::UserDirs::new()
            .and_then(|dirs| dirs.document_dir().map(Path::to_owned))
            .filter(|folder| folder.is_dir())
            .or_else(|| std::env::current_dir().ok())
            .unwrap_or_default();
        let path = folder.join("bone-scan-report.pdf").display().to_string();
        Self { format: Format::Pdf, path, force: false }
    }
}

impl Dialogs {
    pub fn new(painter: String) -> Self {
        Self { painter, ..Self::default() }
    }

    pub fn is_open(&self) -> bool {
        self.shown.is_some()
    }

    pub fn keys(&mut self) {
        self.help.open();
        self.shown = Some(Dialog::Keys);
    }

    pub fn about(&mut self) {
        self.shown = Some(Dialog::About);
    }

    pub fn preferences(&mut self) {
        self.shown = Some(Dialog::Preferences);
    }

    pub fn export(&mut self) {
        self.shown = Some(Dialog::Export);
    }

    pub fn leaving(&mut self) {
        self.shown = Some(Dialog::Leaving);
    }

    /// The way out when the desktop has no file dialog.
    pub fn typed_path(&mut self, wish: Wish) {
        self.shown = Some(Dialog::TypedPath { wish, typed: String::new(), fresh: true });
    }

    /// Where a chosen report path goes.
    pub fn report_path(&mut self, path: &Path) {
        self.export.path = path.display().to_string();
        if let Some(format) = Format::of_path(path) {
            self.export.format = format;
        }
        self.shown = Some(Dialog::Export);
    }

    pub fn show(
        &mut self,
        ctx: &egui::Context,
        bench: &Workbench,
        identity: &mut Identity,
        say: &mut Vec<Command>,
    ) -> Option<Request> {
        let mut dialog = self.shown.take()?;
        let mut request = None;
        let mut done = false;
        let modal =
            Modal::new(Id::unique(dialog.name())).frame(theme::dialog(ctx)).show(ctx, |ui| {
                match &mut dialog {
                    Dialog::Keys => self.help.show(ui, bench),
                    Dialog::Preferences => self.preferences.show(ui, bench, say),
                    Dialog::About => about(ui, &self.painter),
                    Dialog::Export => {
                        (done, request) = self.export.show(ui, identity, say);
                    }
                    Dialog::TypedPath { wish, typed, fresh } => {
                        done = typed_path(ui, *wish, typed, fresh, say);
                    }
                    Dialog::Leaving => request = leaving(ui),
                }
            });
        let leaves = matches!(request, Some(Request::Leave | Request::SaveAndLeave));
        if !(done || leaves || modal.should_close()) {
            self.shown = Some(dialog);
        }
        request
    }
}

fn title(ui: &mut Ui, words: String) {
    ui.label(RichText::new(words).heading().color(theme::STRONG));
    ui.add_space(6.0);
}

fn about(ui: &mut Ui, painter: &str) {
    ui.set_width(440.0);
    title(ui, t("window-title"));
    ui.label(tr("about-version", &[("version", env!("CARGO_PKG_VERSION").into())]));
    ui.add_space(4.0);
    ui.label(RichText::new(t("report-not-a-device")).color(theme::ACCENT));
    ui.add_space(4.0);
    ui.label(t("about-what"));
    ui.label(t("about-licence"));
    ui.label(RichText::new(painter).small().weak());
}

impl ExportForm {
    fn show(
        &mut self,
        ui: &mut Ui,
        identity: &mut Identity,
        say: &mut Vec<Command>,
    ) -> (bool, Option<Request>) {
        ui.set_width(520.0);
        title(ui, t("dialog-save-report"));
        let mut request = None;
        Grid::new("export").num_columns(2).spacing([14.0, 10.0]).show(ui, |ui| {
            ui.label(t("export-format"));
            ui.horizontal(|ui| {
                for format in Format::ALL {
                    let name = format.extension().to_uppercase();
                    let radio = ui.radio_value(&mut self.format, format, name);
                    if radio.changed() {
                        self.path = with_suffix(&self.path, format);
                    }
                }
            });
            ui.end_row();
            ui.label(t("preview-identity"));
            identity_choice(ui, identity);
            ui.end_row();
            ui.label(t("export-path"));
            ui.horizontal(|ui| {
                let field = TextEdit::singleline(&mut self.path).desired_width(310.0);
                ui.add(field).accessible_name(t("export-path"));
                if ui.button(t("export-choose")).clicked() {
                    request = Some(Request::Choose(Wish::SaveReport(self.format)));
                }
            });
            ui.end_row();
            ui.label("");
            ui.checkbox(&mut self.force, t("export-replace"));
            ui.end_row();
        });
        ui.add_space(8.0);
        let mut done = false;
        ui.horizontal(|ui| {
            let ready = !self.path.trim().is_empty();
            let words = RichText::new(t("export-go")).color(theme::ACCENT);
            let enter = ui.input(|i| i.key_pressed(egui::Key::Enter));
            if ready && (ui.add_enabled(ready, Button::new(words)).clicked() || enter) {
                say.push(Command::Export(self.request(*identity)));
                done = true;
            }
            done |= ui.button(t("dialog-cancel")).clicked();
        });
        (done, request)
    }

    fn request(&self, identity: Identity) -> Export {
        Export {
            path: PathBuf::from(self.path.trim()),
            format: self.format,
            identity,
            template: None,
            force: self.force,
            made_at: now(),
        }
    }
}

/// When a report is made, for the reader and for whoever wants the same bytes again.
pub fn now() -> Option<chrono::NaiveDateTime> {
    let fixed = std::env::var(SOURCE_DATE_EPOCH).ok();
    time_of_report(fixed.as_deref(), std::time::SystemTime::now()).ok()
}

fn with_suffix(path: &str, format: Format) -> String {
    Path::new(path).with_extension(format.extension()).display().to_string()
}

fn typed_path(
    ui: &mut Ui,
    wish: Wish,
    typed: &mut String,
    fresh: &mut bool,
    say: &mut Vec<Command>,
) -> bool {
    ui.set_width(480.0);
    title(ui, wish.title());
    ui.label(RichText::new(t("dialog-no-chooser")).weak());
    let field = TextEdit::singleline(typed).hint_text(t("start-path-hint"));
    let field = ui.add(field.desired_width(f32::INFINITY)).accessible_name(t("start-path"));
    if std::mem::take(fresh) {
        field.request_focus();
    }
    ui.add_space(8.0);
    let mut done = false;
    ui.horizontal(|ui| {
        let ready = !typed.trim().is_empty();
        let enter = ui.input(|i| i.key_pressed(egui::Key::Enter));
        if (ui.add_enabled(ready, Button::new(t("dialog-ok"))).clicked() || enter) && ready {
            say.extend(wish.command(typed.trim().into()));
            done = true;
        }
        done |= ui.button(t("dialog-cancel")).clicked();
    });
    done
}

fn leaving(ui: &mut Ui) -> Option<Request> {
    ui.set_width(420.0);
    title(ui, t("leaving-title"));
    ui.label(t("leaving-about"));
    ui.add_space(10.0);
    let mut request = None;
    ui.horizontal(|ui| {
        let save = Button::new(RichText::new(t("leaving-save")).color(theme::ACCENT));
        if ui.add(save).clicked() {
            request = Some(Request::SaveAndLeave);
        }
        if ui.button(t("leaving-discard")).clicked() {
            request = Some(Request::Leave);
        }
        if ui.button(t("leaving-stay")).clicked() {
            ui.close();
        }
    });
    request
}
