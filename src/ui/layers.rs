//! A scene's images: on the graphics card where there is one, else from the CPU painter.

use egui::{ColorImage, Rect, TextureHandle, TextureOptions, Ui};

use crate::geometry::{Pixel, Transform, View};
use crate::gpu;
use crate::picture::{self, Colormap, Ink, Layer, Sampling, Scene, Window};
use crate::study::FrameKey;

/// Paints one pane's images.
pub struct Layers {
    on_gpu: bool,
    /// The CPU painter's last picture, kept until it would look different.
    painted: Option<(Recipe, TextureHandle)>,
}

/// All that the CPU painter's picture depends on.
#[derive(Clone, PartialEq)]
struct Recipe {
    size: [f64; 2],
    scale: f64,
    layers: Vec<Ingredient>,
}

#[derive(Clone, PartialEq)]
struct Ingredient {
    key: FrameKey,
    window: Window,
    colormap: Colormap,
    sampling: Sampling,
    view_from_pixel: Transform<Pixel, View>,
    clip: [f64; 4],
    ink: Ink,
}

impl Ingredient {
    fn of(layer: &Layer) -> Self {
        let Layer { key, values: _, window, colormap, sampling, view_from_pixel, clip, ink } =
            layer;
        Self {
            key: key.clone(),
            window: *window,
            colormap: *colormap,
            sampling: *sampling,
            view_from_pixel: *view_from_pixel,
            clip: *clip,
            ink: *ink,
        }
    }
}

impl Layers {
    pub fn new(on_gpu: bool) -> Self {
        Self { on_gpu, painted: None }
    }

    /// From now on without the graphics card.
    pub fn leave_gpu(&mut self) {
        self.on_gpu = false;
    }

    pub fn paint(&mut self, ui: &Ui, rect: Rect, pane: usize, scene: &Scene) {
        if self.on_gpu {
            self.painted = None;
            for (layer, slot) in scene.layers.iter().zip(0..) {
                let slot = (pane as u64) << 32 | slot;
                ui.painter().add(gpu::layer_callback(rect, layer, slot));
            }
        } else {
            self.paint_on_cpu(ui, rect, pane, scene);
        }
    }

    fn paint_on_cpu(&mut self, ui: &Ui, rect: Rect, pane: usize, scene: &Scene) {
        let scale = f64::from(ui.pixels_per_point());
        let layers = scene.layers.iter().map(Ingredient::of).collect();
        let recipe = Recipe { size: scene.size, scale, layers };
        let known = self.painted.take().filter(|(made_from, _)| *made_from == recipe);
        let (recipe, texture) = known.unwrap_or_else(|| {
            let picture = picture::paint_layers(scene, scale);
            let size = [picture.width() as usize, picture.height() as usize];
            let picture = ColorImage::from_rgba_unmultiplied(size, picture.as_raw());
            let name = format!("pane {pane}");
            (recipe, ui.ctx().load_texture(name, picture, TextureOptions::NEAREST))
        });
        let whole = Rect::from_min_max(egui::pos2(0.0, 0.0), egui::pos2(1.0, 1.0));
        ui.painter().image(texture.id(), rect, whole, egui::Color32::WHITE);
        self.painted = Some((recipe, texture));
    }
}
