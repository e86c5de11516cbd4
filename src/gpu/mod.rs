//! Pictures, on the graphics card: the same scenes as `picture::paint`, pixel for pixel.
//!
//! In the window: `wgpu_setup` once for `NativeOptions`, `install` once with the render state, then
//! each frame `layer_callback` for each layer of a pane. Without a window: `Offscreen`. Marks are
//! not drawn here; `picture::paint_marks` and the window's own painter do that.

mod offscreen;
mod planar;
mod textures;

use std::sync::Arc;

use eframe::egui_wgpu::{self, RenderState, wgpu};

use crate::picture::Layer;

pub use offscreen::{Offscreen, paint};
use planar::Planar;

/// Why a picture could not be painted on the graphics card. `picture::paint` always can.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GpuError {
    #[error("no graphics adapter was found")]
    NoAdapter,
    #[error("the graphics adapter gave no device: {0}")]
    NoDevice(String),
    #[error(
        "a frame of {columns} × {rows} pixels is larger than the graphics adapter takes ({limit})"
    )]
    FrameTooLarge { columns: usize, rows: usize, limit: u32 },
    #[error(
        "a picture of {width} × {height} pixels is larger than the graphics adapter paints ({limit})"
    )]
    PictureTooLarge { width: u32, height: u32, limit: u32 },
    #[error("the graphics adapter has too little memory")]
    OutOfMemory,
    #[error("the graphics adapter failed: {0}")]
    Failed(String),
}

impl From<wgpu::Error> for GpuError {
    fn from(error: wgpu::Error) -> Self {
        match error {
            wgpu::Error::OutOfMemory { .. } => Self::OutOfMemory,
            wgpu::Error::Validation { description, .. }
            | wgpu::Error::Internal { description, .. } => Self::Failed(description),
        }
    }
}

/// A device with all that the adapter can do: egui alone would ask for textures of 2,048 pixels on
/// OpenGL, and a long frame would not fit.
pub fn wgpu_setup() -> egui_wgpu::WgpuSetup {
    let mut setup = egui_wgpu::WgpuSetupCreateNew::without_display_handle();
    setup.device_descriptor = Arc::new(|adapter| wgpu::DeviceDescriptor {
        label: Some("bonescope"),
        required_limits: adapter.limits(),
        ..wgpu::DeviceDescriptor::default()
    });
    setup.into()
}

/// Whether a window's adapter is a program and no card. It gives the same picture as the CPU painter
/// several times slower, and anew for every frame of the window.
pub fn software(window: &RenderState) -> bool {
    window.adapter.get_info().device_type == wgpu::DeviceType::Cpu
}

/// Makes the painter of a window, once, before the first `layer_callback`. The window must not
/// ask for multisampling or a depth buffer.
///
/// From here on an error of the graphics card is logged instead of ending the program.
pub fn install(window: &RenderState) -> Result<(), GpuError> {
    window.device.on_uncaptured_error(Arc::new(|error| {
        tracing::error!("graphics: {error}");
    }));
    let device = &window.device;
    let planar = watched(device, || Planar::new(device, window.target_format))?;
    window.renderer.write().callback_resources.insert(planar);
    Ok(())
}

/// Paints one layer of a scene whose canvas is `pane`, in egui's points. `slot` must differ among
/// all layers that are on the screen at the same time, and should stay the same from frame to
/// frame.
pub fn layer_callback(pane: egui::Rect, layer: &Layer, slot: u64) -> egui::PaintCallback {
    let origin = [f64::from(pane.min.x), f64::from(pane.min.y)];
    let callback = PlanarCallback { layer: layer.clone(), origin, slot };
    egui_wgpu::Callback::new_paint_callback(pane, callback)
}

/// The last reason why a layer was not painted, once: for a notice, and to paint such a pane on
/// the CPU instead.
pub fn take_problem(window: &RenderState) -> Option<GpuError> {
    window.renderer.write().callback_resources.get_mut::<Planar>()?.problem.take()
}

struct PlanarCallback {
    layer: Layer,
    /// The pane's corner in the window, points.
    origin: [f64; 2],
    slot: u64,
}

impl egui_wgpu::CallbackTrait for PlanarCallback {
    fn prepare(
        &self,
        device: &wgpu::Device,
        queue: &wgpu::Queue,
        screen: &egui_wgpu::ScreenDescriptor,
        _encoder: &mut wgpu::CommandEncoder,
        resources: &mut egui_wgpu::CallbackResources,
    ) -> Vec<wgpu::CommandBuffer> {
        if let Some(planar) = resources.get_mut::<Planar>() {
            let surface = planar::Surface {
                scale: f64::from(screen.pixels_per_point),
                origin: self.origin,
                pixels: screen.size_in_pixels,
            };
            if let Err(problem) = planar.prepare(device, queue, self.slot, &self.layer, &surface) {
                tracing::warn!("graphics: {problem}");
                planar.problem = Some(problem);
            }
        }
        Vec::new()
    }

    fn paint(
        &self,
        _info: egui::PaintCallbackInfo,
        pass: &mut wgpu::RenderPass<'static>,
        resources: &egui_wgpu::CallbackResources,
    ) {
        if let Some(planar) = resources.get::<Planar>() {
            planar.draw(pass, self.slot);
        }
    }
}

/// Runs `work` and returns what the graphics card complained of, if anything.
fn watched<T>(device: &wgpu::Device, work: impl FnOnce() -> T) -> Result<T, GpuError> {
    use wgpu::ErrorFilter::{Internal, OutOfMemory, Validation};
    // Scopes nest: the last opened closes first.
    let internal = device.push_error_scope(Internal);
    let memory = device.push_error_scope(OutOfMemory);
    let validation = device.push_error_scope(Validation);
    let done = work();
    let errors = [validation, memory, internal].map(|scope| pollster::block_on(scope.pop()));
    match errors.into_iter().flatten().next() {
        Some(error) => Err(error.into()),
        None => Ok(done),
    }
}
