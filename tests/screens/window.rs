//! The window as tests see it: found by what a screen reader would say, moved by a hand.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use bonescope::geometry::{Pixel, Point, View};
use bonescope::gpu;
use bonescope::ui::{App, FakePicker};
use bonescope::workbench::{Reading, Workbench};
use eframe::egui::{self, Event, Key, Modifiers, PointerButton, Pos2, Rect};
use eframe::egui_wgpu::WgpuSetup;
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;

use crate::support::gpu_or_say_why;

pub struct Window {
    pub harness: Harness<'static, App>,
}

impl Window {
    /// `None`, with the reason printed, where there is no graphics adapter. Whatever the window
    /// asks the reader to choose, `picks` is the answer.
    pub fn open(size: [f32; 2], picks: Option<PathBuf>) -> Option<Self> {
        Self::painted_by(size, picks, true)
    }

    /// A window that believes that it has no graphics card.
    pub fn without_graphics(size: [f32; 2]) -> Option<Self> {
        Self::painted_by(size, None, false)
    }

    /// A window of so many physical pixels for each point, with preferences in a file.
    pub fn remembering(size: [f32; 2], scale: f32, preferences: PathBuf) -> Option<Self> {
        let mut bench = Workbench::new();
        bench.remember_in(preferences);
        Self::built(size, scale, None, true, bench)
    }

    fn painted_by(size: [f32; 2], picks: Option<PathBuf>, graphics: bool) -> Option<Self> {
        Self::built(size, 1.0, picks, graphics, Workbench::new())
    }

    fn built(
        size: [f32; 2],
        scale: f32,
        picks: Option<PathBuf>,
        graphics: bool,
        bench: Workbench,
    ) -> Option<Self> {
        gpu_or_say_why()?;
        let harness = Harness::builder()
            .with_size(size)
            .with_pixels_per_point(scale)
            .with_max_steps(64)
            .with_render_cursor(false)
            .wgpu_setup(setup())
            .build_eframe(|cc| {
                if !graphics {
                    cc.wgpu_render_state = None;
                }
                let app = App::new(cc, bench).with_picker(FakePicker(picks));
                if graphics { app } else { app.painted_on_cpu() }
            });
        let mut window = Self { harness };
        window.harness.run();
        Some(window)
    }

    pub fn bench(&self) -> &Workbench {
        self.harness.state().bench()
    }

    /// Whether a study is open and everything about it known.
    pub fn analysed(&self) -> bool {
        self.bench().reading().is_some_and(Reading::analysed)
    }

    /// Frames go by until something is so.
    pub fn wait(&mut self, what: &str, so: impl Fn(&Self) -> bool) {
        let begun = Instant::now();
        loop {
            self.harness.run_ok();
            if so(self) {
                return;
            }
            assert!(begun.elapsed() < Duration::from_secs(180), "waited in vain for {what}");
            // The work is another thread's.
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    pub fn click(&mut self, label: &str) {
        self.harness.get_by_label(label).click();
        self.harness.run();
    }

    pub fn sees(&self, label: &str) -> bool {
        self.harness.query_all_by_label(label).next().is_some()
    }

    pub fn press(&mut self, key: Key) {
        self.harness.key_press(key);
        self.harness.run();
    }

    pub fn press_with(&mut self, modifiers: Modifiers, key: Key) {
        self.harness.key_press_modifiers(modifiers, key);
        self.harness.run();
    }

    /// Where a pixel of the frame in a canvas lies on the screen.
    pub fn place(&self, canvas: &str, pane: usize, at: Point<Pixel>) -> Pos2 {
        let rect: Rect = self.harness.get_by_label(canvas).rect();
        let shown = self.bench().workspace().unwrap().pane(pane).unwrap();
        let frame = self.bench().study().unwrap().frame(&shown.frame).unwrap();
        let size = [f64::from(rect.width()), f64::from(rect.height())];
        let at: Point<View> = shown.camera.view_from_pixel(frame, size).transform_point(at);
        rect.min + egui::vec2(at.x as f32, at.y as f32)
    }

    /// A drag of the primary button, one frame per event as a slow hand would make it.
    pub fn drag(&mut self, from: Pos2, to: Pos2) {
        self.sweep(&[from, from + (to - from) * 0.3, from + (to - from) * 0.7, to]);
    }

    /// The primary button goes down, along a path, and up again.
    pub fn sweep(&mut self, path: &[Pos2]) {
        let (Some(&from), Some(&to)) = (path.first(), path.last()) else { return };
        let button = |pos, pressed| Event::PointerButton {
            pos,
            button: PointerButton::Primary,
            pressed,
            modifiers: Modifiers::NONE,
        };
        let mut events = vec![Event::PointerMoved(from), button(from, true)];
        events.extend(path[1..].iter().map(|at| Event::PointerMoved(*at)));
        events.push(button(to, false));
        for event in events {
            self.harness.event(event);
            self.harness.step();
        }
        self.harness.run();
    }

    /// What the cross in the title bar does.
    pub fn close(&mut self) {
        let root = egui::ViewportId::ROOT;
        let viewport = self.harness.input_mut().viewports.entry(root).or_default();
        viewport.events.push(egui::ViewportEvent::Close);
        self.harness.step();
        let viewport = self.harness.input_mut().viewports.entry(root).or_default();
        viewport.events.clear();
        self.harness.run();
    }

    /// Opens the case that the start screen offers first.
    pub fn try_a_case(&mut self) {
        self.click("Try a simulated case");
        self.wait("the case", |w| w.analysed());
    }
}

/// A software adapter where there is one, with the device that the window asks for.
fn setup() -> WgpuSetup {
    let mut setup = egui_kittest::wgpu::default_wgpu_setup();
    if let (WgpuSetup::CreateNew(setup), WgpuSetup::CreateNew(ours)) =
        (&mut setup, gpu::wgpu_setup())
    {
        setup.device_descriptor = ours.device_descriptor;
    }
    setup
}
