//! The window: polls the bench, listens, shows, and hands what the reader wants to the bench.
//!
//! Panels look at everything and touch nothing: each is a `show(&mut self, ui, bench, say)` that
//! says commands. What is half typed, scrolled or folded is the panel's own; all else is the
//! bench's.

mod bars;
mod canvas;
mod choice;
mod describe;
mod dialogs;
mod field;
mod handles;
mod help;
mod icons;
mod key_editor;
mod keys;
mod landmarks;
mod layers;
mod linked;
mod marks;
mod palette;
mod panels;
mod picker;
mod plots;
mod preferences;
mod self_test;
mod start;
mod strip;
mod sweep;
mod theme;
mod toasts;
mod view_chip;

use std::path::PathBuf;
use std::sync::mpsc::{Receiver, Sender, channel};

use eframe::egui_wgpu::{RenderState, WgpuConfiguration};
use egui::{CentralPanel, Frame, Margin, Panel, Rect, Sense, Ui, UiBuilder, ViewportCommand};

use crate::gpu;
use crate::study::Identity;
use crate::text::t;
use crate::workbench::{Command, Prefer, Question, SCALE, Steering, Workbench};

use canvas::Canvases;
use dialogs::{Dialogs, Request};
use landmarks::{Landmarks, Part};
use palette::Palette;
use panels::{Compare, Display, Layout, Quality, ReportPage, Results, Studies};
use plots::Plots;
use self_test::SelfTest;
use start::Start;
use sweep::Sweep;
use toasts::Toasts;

pub use picker::{Answer, FakePicker, FilePicker, Picked, RfdPicker, Wish};

/// Why there is no window.
#[derive(Debug, thiserror::Error)]
pub enum UiError {
    #[error(transparent)]
    Window(#[from] eframe::Error),
}

/// Opens the window and the paths in it; returns when the reader closes it. `preferences` is the
/// file that remembers them.
pub fn run(paths: Vec<PathBuf>, preferences: Option<PathBuf>) -> Result<(), UiError> {
    let options = eframe::NativeOptions {
        viewport: egui::ViewportBuilder::default()
            .with_app_id("bonescope")
            .with_title(t("window-title"))
            .with_inner_size([1600.0, 1000.0])
            .with_min_inner_size([960.0, 600.0])
            .with_drag_and_drop(true),
        renderer: eframe::Renderer::Wgpu,
        wgpu_options: WgpuConfiguration { wgpu_setup: gpu::wgpu_setup(), ..Default::default() },
        // Greys are to be what the painters say they are.
        dithering: false,
        ..Default::default()
    };
    eframe::run_native(
        "bonescope",
        options,
        Box::new(|cc| {
            let mut bench = Workbench::new();
            preferences.into_iter().for_each(|path| bench.remember_in(path));
            let mut app = App::new(cc, bench);
            if cc.wgpu_render_state.as_ref().is_some_and(gpu::software) {
                app = app.painted_on_cpu();
            }
            paths.into_iter().for_each(|path| app.obey(Command::Open(path)));
            Ok(Box::new(app))
        }),
    )?;
    Ok(())
}

/// What the middle of the window shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Page {
    #[default]
    Read,
    Report,
}

/// What the inspector shows while reading.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Tab {
    #[default]
    Findings,
    Display,
    Compare,
    Layout,
}

/// The window's contents.
pub struct App {
    bench: Workbench,
    page: Page,
    tab: Tab,
    canvases: Canvases,
    /// `None` where the CPU paints.
    graphics: Option<RenderState>,
    studies: Studies,
    results: Results,
    display: Display,
    compare: Compare,
    layout: Layout,
    clock: strip::Clock,
    quality: Quality,
    report: ReportPage,
    plots: Plots,
    start: Start,
    palette: Palette,
    dialogs: Dialogs,
    self_test: SelfTest,
    toasts: Toasts,
    picker: Box<dyn FilePicker>,
    picked: (Sender<Picked>, Receiver<Picked>),
    leaving: Leaving,
    steering: Steering,
    landmarks: Landmarks,
    worn: Worn,
    sweep: Sweep,
}

/// The preferences that the window has put on.
#[derive(Default)]
struct Worn {
    scale: u16,
    identity: Identity,
}

/// How far the reader is on the way out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Leaving {
    #[default]
    No,
    /// As soon as the regions are saved.
    OnceSaved,
    Now,
}

impl App {
    pub fn new(cc: &eframe::CreationContext<'_>, mut bench: Workbench) -> Self {
        theme::apply(&cc.egui_ctx);
        let ctx = cc.egui_ctx.clone();
        bench.on_news(move || ctx.request_repaint());
        let graphics = cc.wgpu_render_state.clone().filter(installed);
        let painter = match &graphics {
            Some(graphics) => {
                let adapter = graphics.adapter.get_info();
                format!("{} · {:?}", adapter.name, adapter.backend)
            }
            None => t("about-cpu-painter"),
        };
        Self {
            bench,
            page: Page::default(),
            tab: Tab::default(),
            canvases: Canvases::new(graphics.is_some()),
            graphics,
            studies: Studies::default(),
            results: Results::default(),
            display: Display::default(),
            compare: Compare::default(),
            layout: Layout::default(),
            clock: strip::Clock::default(),
            quality: Quality::default(),
            report: ReportPage::default(),
            plots: Plots::default(),
            start: Start::default(),
            palette: Palette::default(),
            dialogs: Dialogs::new(painter),
            self_test: SelfTest::default(),
            toasts: Toasts::default(),
            picker: Box::new(RfdPicker),
            picked: channel(),
            leaving: Leaving::default(),
            steering: Steering::default(),
            landmarks: Landmarks::default(),
            worn: Worn { scale: 100, identity: Identity::default() },
            sweep: Sweep::default(),
        }
    }

    /// Leaves the images to the CPU painter, which paints only what has changed.
    #[must_use]
    pub fn painted_on_cpu(mut self) -> Self {
        self.graphics = None;
        self.canvases.leave_gpu();
        self.dialogs = Dialogs::new(t("about-cpu-painter"));
        self
    }

    /// Asks for paths another way.
    #[must_use]
    pub fn with_picker(mut self, picker: impl FilePicker + 'static) -> Self {
        self.picker = Box::new(picker);
        self
    }

    pub fn bench(&self) -> &Workbench {
        &self.bench
    }

    pub fn page(&self) -> Page {
        self.page
    }

    pub fn obey(&mut self, command: Command) {
        self.bench.handle(command);
    }

    fn layout(&mut self, ui: &mut Ui, say: &mut Vec<Command>) {
        let bench = &self.bench;
        let ctx = ui.ctx().clone();
        self.landmarks.begin();
        self.landmarks.enter(&ctx, Part::Menus);
        let menus = bars::menus(ui, bench, say);
        self.landmarks.leave(Part::Menus, menus);
        if bench.study().is_none() {
            self.page = Page::Read;
            let status = bars::status(ui, bench, "", say);
            let frame = Frame::new().fill(*theme::PANEL).inner_margin(Margin::same(16));
            self.landmarks.enter(&ctx, Part::Inspector);
            let start = CentralPanel::default().frame(frame);
            let start = start.show(ui, |ui| self.start.show(ui, bench, say)).response.rect;
            self.landmarks.leave(Part::Inspector, start);
            dim(ui, bench, &[menus, status, start]);
            return;
        }
        self.landmarks.enter(&ctx, Part::Tools);
        let tools = bars::tools(ui, bench, &mut self.page, say);
        self.landmarks.leave(Part::Tools, tools);
        if self.page == Page::Read {
            self.quality.show(ui, bench, say);
        }
        let readout = match self.page {
            Page::Read if self.sweep.playing() => t("levels-sweeping"),
            Page::Read => self
                .canvases
                .crosshair_readout(bench, &self.steering)
                .unwrap_or_else(|| self.canvases.readout(ui.ctx(), bench)),
            Page::Report => String::new(),
        };
        let status = bars::status(ui, bench, &readout, say);
        let side = Frame::new().fill(*theme::PANEL).inner_margin(Margin::same(10));
        self.landmarks.enter(&ctx, Part::Studies);
        let studies = Panel::left("studies")
            .frame(side)
            .default_size(theme::STUDIES_WIDTH)
            .size_range(150.0..=360.0)
            .show(ui, |ui| self.studies.show(ui, bench, say))
            .response
            .rect;
        self.landmarks.leave(Part::Studies, studies);
        // The place is taken now and filled last: Tab walks from the panes to the inspector.
        let inspector = Panel::right("inspector")
            .frame(side)
            .default_size(theme::INSPECTOR_WIDTH)
            .size_range(400.0..=620.0)
            .show(ui, |ui| ui.allocate_rect(ui.available_rect_before_wrap(), Sense::hover()).rect);
        if self.page == Page::Read {
            let before = ui.available_rect_before_wrap();
            self.landmarks.enter(&ctx, Part::Drawer);
            self.plots.show(ui, bench, say);
            let mut drawer = before;
            drawer.set_top(ui.available_rect_before_wrap().bottom());
            if drawer.height() > 1.0 {
                self.landmarks.leave(Part::Drawer, drawer);
            }
            strip::show(ui, bench, say);
        }
        let middle = Frame::new().fill(*theme::SURROUND);
        CentralPanel::default().frame(middle).show(ui, |ui| match self.page {
            Page::Read => {
                self.canvases.show(ui, bench, say);
                self.canvases.crosshair(ui, bench, &self.steering);
            }
            Page::Report => self.report.show(ui, bench, say),
        });
        if self.page == Page::Read {
            for (index, rect) in self.canvases.rects() {
                self.landmarks.leave(Part::Pane(index), rect);
            }
        }
        self.landmarks.enter(&ctx, Part::Inspector);
        let place = UiBuilder::new().id_salt("inspector contents").max_rect(inspector.inner);
        ui.scope_builder(place, |ui| {
            ui.shrink_clip_rect(inspector.inner.expand(4.0));
            match self.page {
                Page::Report => self.report.form(ui, bench, say),
                Page::Read => {
                    tabs(ui, &mut self.tab);
                    match self.tab {
                        Tab::Findings => self.results.show(ui, bench, say),
                        Tab::Display => self.display.show(ui, bench, say),
                        Tab::Compare => self.compare.show(ui, bench, say),
                        Tab::Layout => self.layout.show(ui, bench, say),
                    }
                }
            }
        });
        self.landmarks.leave(Part::Inspector, inspector.response.rect);
        dim(ui, bench, &[menus, tools, status, studies, inspector.response.rect]);
    }

    /// Questions that only the reader can answer.
    fn ask(&mut self, ctx: &egui::Context, question: Question) {
        match question {
            Question::OpenFile => self.choose(ctx, Wish::OpenFile),
            Question::OpenFolder => self.choose(ctx, Wish::OpenFolder),
            Question::LoadRegions => self.choose(ctx, Wish::LoadRegions),
            Question::SaveRegions => self.choose(ctx, Wish::SaveRegions),
            Question::LoadColormap => self.choose(ctx, Wish::LoadColormap),
            Question::Sweep => {
                let now = ctx.input(|i| i.time);
                let command = self.sweep.toggle(&self.bench, now);
                command.into_iter().for_each(|command| self.bench.handle(command));
                ctx.request_repaint();
            }
            Question::Export => self.dialogs.export(),
            Question::Palette => self.palette.open(),
            Question::Keys => self.dialogs.keys(),
            Question::About => self.dialogs.about(),
            Question::SelfTest => self.self_test.open(),
            Question::Preferences => self.dialogs.preferences(),
            Question::NextPart => self.step_part(ctx, 1),
            Question::PreviousPart => self.step_part(ctx, -1),
            Question::NextHandle => {
                let commands = self.steering.next_handle(&self.bench);
                commands.into_iter().for_each(|command| self.bench.handle(command));
            }
            Question::Report => {
                self.page = match self.page {
                    Page::Read => Page::Report,
                    Page::Report => Page::Read,
                };
            }
            Question::Plots => self.plots.toggle(),
            Question::ExportCurve => self.choose(ctx, Wish::SaveCurve),
            Question::Layout | Question::SaveHanging => {
                (self.page, self.tab) = (Page::Read, Tab::Layout);
                if question == Question::SaveHanging {
                    self.layout.ask_for_a_name();
                }
            }
            Question::Quality => self.quality.toggle(),
            Question::Quit => ctx.send_viewport_cmd(ViewportCommand::Close),
        }
    }

    fn step_part(&mut self, ctx: &egui::Context, by: isize) {
        let command = self.landmarks.step(ctx, by, &self.canvases.ids(), &self.bench);
        command.into_iter().for_each(|command| self.bench.handle(command));
    }

    /// Puts on what the reader prefers; what the reader changed by egui's own keys is a preference.
    fn wear(&mut self, ctx: &egui::Context, say: &mut Vec<Command>) {
        let preferences = self.bench.preferences();
        theme::wear(ctx, preferences.theme);
        theme::reduce_motion(ctx, preferences.reduce_motion);
        if self.worn.identity != preferences.identity {
            self.worn.identity = preferences.identity;
            self.report.identity = preferences.identity;
        }
        let shown = (100.0 * ctx.zoom_factor()).round() as u16;
        if self.worn.scale != preferences.scale {
            self.worn.scale = preferences.scale;
        } else if shown != self.worn.scale {
            self.worn.scale = shown.clamp(*SCALE.start(), *SCALE.end());
            say.push(Command::Prefer(Prefer::Scale(self.worn.scale)));
        }
        if shown != self.worn.scale {
            ctx.set_zoom_factor(f32::from(self.worn.scale) / 100.0);
        }
    }

    fn choose(&mut self, ctx: &egui::Context, wish: Wish) {
        let answer = Answer { sender: self.picked.0.clone(), ctx: ctx.clone() };
        self.picker.ask(wish, answer);
    }

    /// Paths the reader has chosen since the last frame.
    fn take_paths(&mut self) {
        let picked: Vec<Picked> = self.picked.1.try_iter().collect();
        for Picked { wish, path, unasked } in picked {
            match path {
                Some(path) if matches!(wish, Wish::SaveReport(_)) => {
                    self.dialogs.report_path(&path)
                }
                Some(path) => {
                    if let Some(command) = wish.command(path) {
                        self.bench.handle(command);
                    }
                }
                // The export dialog has a field for the path.
                None if unasked && matches!(wish, Wish::SaveReport(_)) => {}
                None if unasked => self.dialogs.typed_path(wish),
                // The reader did not want to leave that way after all.
                None => self.leaving = Leaving::No,
            }
        }
    }

    fn obey_request(&mut self, ctx: &egui::Context, request: Request) {
        match request {
            Request::Choose(wish) => self.choose(ctx, wish),
            Request::Leave => {
                self.leaving = Leaving::Now;
                ctx.send_viewport_cmd(ViewportCommand::Close);
            }
            Request::SaveAndLeave => {
                self.leaving = Leaving::OnceSaved;
                self.choose(ctx, Wish::SaveRegions);
            }
        }
    }

    /// Pictures must come, with or without a graphics card.
    fn mind_the_graphics(&mut self) {
        let problem = self.graphics.as_ref().and_then(gpu::take_problem);
        if let Some(problem) = problem {
            tracing::warn!("painting on the CPU from now on: {problem}");
            self.graphics = None;
            self.canvases.leave_gpu();
        }
    }

    /// Nobody loses findings to a slip of the hand.
    fn mind_the_door(&mut self, ctx: &egui::Context) {
        let unsaved = self.bench.unsaved();
        let saved_this = unsaved != Some(self.bench.active_reading());
        if self.leaving == Leaving::OnceSaved && saved_this {
            self.leaving = if unsaved.is_none() { Leaving::Now } else { Leaving::No };
            // Asks again where another study is unsaved.
            ctx.send_viewport_cmd(ViewportCommand::Close);
        }
        let closing = ctx.input(|i| i.viewport().close_requested());
        if let (true, false, Some(index)) = (closing, self.leaving == Leaving::Now, unsaved) {
            ctx.send_viewport_cmd(ViewportCommand::CancelClose);
            self.leaving = Leaving::No;
            // The reader sees what is about to be lost.
            self.bench.handle(Command::Activate(index));
            self.dialogs.leaving();
        }
    }
}

impl eframe::App for App {
    fn logic(&mut self, ctx: &egui::Context, _: &mut eframe::Frame) {
        self.bench.poll();
        self.take_paths();
        self.mind_the_graphics();
        self.mind_the_door(ctx);
    }

    fn ui(&mut self, ui: &mut Ui, _: &mut eframe::Frame) {
        let ctx = ui.ctx().clone();
        // Before anything is drawn: a cine costs one picture for each frame, not two.
        if self.page == Page::Read {
            self.clock.tell(&ctx, &mut self.bench);
        }
        let before = self.bench.revision();
        let mut say = dropped(&ctx);
        self.wear(&ctx, &mut say);
        if ctx.input(|i| i.pointer.any_pressed()) {
            self.steering.forget();
        }
        if self.sweep.playing() {
            let now = ctx.input(|i| i.time);
            let esc = ctx.input_mut(|i| i.consume_key(egui::Modifiers::NONE, egui::Key::Escape));
            let stop = esc || self.page != Page::Read;
            say.extend(if stop { self.sweep.stop() } else { self.sweep.step(&self.bench, now) });
            ctx.request_repaint();
        }
        let asked = self.dialogs.is_open() || self.self_test.is_open();
        if !asked && !self.palette.is_open() {
            let (canvases, steering) = (self.canvases.ids(), &mut self.steering);
            keys::listen(&ctx, &self.bench, self.page, &canvases, steering, &mut say);
        }
        self.layout(ui, &mut say);
        self.palette.show(&ctx, &self.bench, &mut say);
        let request = self.dialogs.show(&ctx, &self.bench, &mut self.report.identity, &mut say);
        self.self_test.show(&ctx, &self.bench, &mut say);
        self.toasts.show(&ctx, &self.bench);
        drop_target(&ctx);
        for command in say {
            let command = self.canvases.snapped(command, &self.bench, ctx.pixels_per_point());
            self.bench.handle(command);
        }
        for question in self.bench.take_questions() {
            self.ask(&ctx, question);
        }
        if let Some(request) = request {
            self.obey_request(&ctx, request);
        }
        // What was drawn before the commands is out of date by one frame.
        if self.bench.revision() != before {
            ctx.request_repaint();
        }
    }

    fn clear_color(&self, _: &egui::Visuals) -> [f32; 4] {
        egui::Rgba::from(*theme::SURROUND).to_array()
    }
}

/// Whether the graphics card will paint.
fn installed(graphics: &RenderState) -> bool {
    match gpu::install(graphics) {
        Ok(()) => true,
        Err(problem) => {
            tracing::warn!("painting on the CPU: {problem}");
            false
        }
    }
}

/// Panels as dark as the reader wants them; images are left alone.
fn dim(ui: &Ui, bench: &Workbench, panels: &[Rect]) {
    let share = f32::from(bench.preferences().dimmer) / 100.0;
    if share > 0.0 {
        let shade = egui::Color32::BLACK.gamma_multiply(share);
        panels.iter().for_each(|rect| {
            ui.painter().rect_filled(*rect, 0.0, shade);
        });
    }
}

fn tabs(ui: &mut Ui, tab: &mut Tab) {
    ui.horizontal(|ui| {
        let tabs = [
            (Tab::Findings, "tab-findings"),
            (Tab::Display, "tab-display"),
            (Tab::Compare, "tab-compare"),
            (Tab::Layout, "tab-layout"),
        ];
        for (to, key) in tabs {
            ui.selectable_value(tab, to, t(key));
        }
    });
    ui.separator();
}

fn dropped(ctx: &egui::Context) -> Vec<Command> {
    let files = ctx.input(|i| i.raw.dropped_files.clone());
    files.iter().map(|file| Command::Open(file.path().to_owned())).collect()
}

/// Says that letting go opens what is held over the window.
fn drop_target(ctx: &egui::Context) {
    if ctx.input(|i| i.raw.hovered_files.is_empty()) {
        return;
    }
    let layer = egui::LayerId::new(egui::Order::Foreground, egui::Id::unique("drop"));
    let painter = ctx.layer_painter(layer);
    let rect = ctx.content_rect();
    painter.rect_filled(rect, 0.0, egui::Color32::from_black_alpha(180));
    let (font, color) = (egui::FontId::proportional(22.0), theme::ON_IMAGE);
    painter.text(rect.center(), egui::Align2::CENTER_CENTER, t("start-let-go"), font, color);
}
