//! Scenes painted on the graphics card without a window, and read back.

use eframe::egui_wgpu::wgpu;
use image::RgbaImage;

use crate::picture::{Rgb, Scene, canvas_pixels, paint_marks, usable_scale};

use super::planar::{Planar, Surface};
use super::{GpuError, watched};

/// A graphics card, or a software one, that paints into memory.
pub struct Offscreen {
    adapter: wgpu::AdapterInfo,
    device: wgpu::Device,
    queue: wgpu::Queue,
    planar: Planar,
}

/// Paints a whole scene: layers on the graphics card, marks over them.
pub fn paint(card: &mut Offscreen, scene: &Scene, scale: f64) -> Result<RgbaImage, GpuError> {
    let mut image = card.paint_layers(scene, scale)?;
    paint_marks(&mut image, &scene.marks, scale);
    Ok(image)
}

impl Offscreen {
    /// The best adapter there is, or with `software` one that needs no graphics card.
    pub fn new(software: bool) -> Result<Self, GpuError> {
        let (adapter, device, queue) = open(software)?;
        let format = wgpu::TextureFormat::Rgba8Unorm;
        let planar = watched(&device, || Planar::new(&device, format))?;
        Ok(Self { adapter, device, queue, planar })
    }

    /// Name and interface of the adapter: `llvmpipe (LLVM 15.0.6, 256 bits), Vulkan`.
    pub fn adapter(&self) -> String {
        format!("{}, {:?}", self.adapter.name, self.adapter.backend)
    }

    /// Surround and layers, as `picture::paint_layers` paints them.
    pub fn paint_layers(&mut self, scene: &Scene, scale: f64) -> Result<RgbaImage, GpuError> {
        let [width, height] = canvas_pixels(scene.size, scale);
        let limits = self.device.limits();
        let line = (4 * width).next_multiple_of(wgpu::COPY_BYTES_PER_ROW_ALIGNMENT);
        let bytes = u64::from(line) * u64::from(height);
        let limit = limits.max_texture_dimension_2d;
        if width.max(height) > limit || bytes > limits.max_buffer_size {
            return Err(GpuError::PictureTooLarge { width, height, limit });
        }
        let device = self.device.clone();
        let buffer = watched(&device, || self.draw(scene, scale, [width, height], line))??;
        read(&device, &buffer, [width, height], line)
    }

    /// Paints into a buffer of rows `line` bytes apart and waits for nothing.
    fn draw(
        &mut self,
        scene: &Scene,
        scale: f64,
        [width, height]: [u32; 2],
        line: u32,
    ) -> Result<wgpu::Buffer, GpuError> {
        let Self { device, queue, planar, .. } = self;
        let surface =
            Surface { scale: usable_scale(scale), origin: [0.0; 2], pixels: [width, height] };
        for (slot, layer) in (0..).zip(&scene.layers) {
            planar.prepare(device, queue, slot, layer, &surface)?;
        }
        let size = wgpu::Extent3d { width, height, depth_or_array_layers: 1 };
        let target = device.create_texture(&wgpu::TextureDescriptor {
            label: Some("picture"),
            size,
            mip_level_count: 1,
            sample_count: 1,
            dimension: wgpu::TextureDimension::D2,
            format: wgpu::TextureFormat::Rgba8Unorm,
            usage: wgpu::TextureUsages::RENDER_ATTACHMENT | wgpu::TextureUsages::COPY_SRC,
            view_formats: &[],
        });
        let view = target.create_view(&wgpu::TextureViewDescriptor::default());
        let mut encoder = device.create_command_encoder(&wgpu::CommandEncoderDescriptor::default());
        {
            let Rgb(red, green, blue) = scene.surround;
            let [r, g, b] = [red, green, blue].map(|v| f64::from(v) / 255.0);
            let mut pass = encoder.begin_render_pass(&wgpu::RenderPassDescriptor {
                label: Some("picture"),
                color_attachments: &[Some(wgpu::RenderPassColorAttachment {
                    view: &view,
                    depth_slice: None,
                    resolve_target: None,
                    ops: wgpu::Operations {
                        load: wgpu::LoadOp::Clear(wgpu::Color { r, g, b, a: 1.0 }),
                        store: wgpu::StoreOp::Store,
                    },
                })],
                ..wgpu::RenderPassDescriptor::default()
            });
            for (slot, _) in (0..).zip(&scene.layers) {
                planar.draw(&mut pass, slot);
            }
        }
        let buffer = device.create_buffer(&wgpu::BufferDescriptor {
            label: Some("picture"),
            size: u64::from(line) * u64::from(height),
            usage: wgpu::BufferUsages::MAP_READ | wgpu::BufferUsages::COPY_DST,
            mapped_at_creation: false,
        });
        encoder.copy_texture_to_buffer(
            target.as_image_copy(),
            wgpu::TexelCopyBufferInfo {
                buffer: &buffer,
                layout: wgpu::TexelCopyBufferLayout {
                    offset: 0,
                    bytes_per_row: Some(line),
                    rows_per_image: None,
                },
            },
            size,
        );
        queue.submit([encoder.finish()]);
        Ok(buffer)
    }
}

/// Waits for the picture and takes its rows without their padding.
fn read(
    device: &wgpu::Device,
    buffer: &wgpu::Buffer,
    [width, height]: [u32; 2],
    line: u32,
) -> Result<RgbaImage, GpuError> {
    let failed = |problem: &dyn std::fmt::Display| GpuError::Failed(problem.to_string());
    let (say, hear) = std::sync::mpsc::channel();
    buffer.map_async(wgpu::MapMode::Read, .., move |mapped| {
        // Nobody listens once waiting has failed.
        let _ = say.send(mapped);
    });
    device.poll(wgpu::PollType::wait_indefinitely()).map_err(|e| failed(&e))?;
    hear.recv().map_err(|e| failed(&e))?.map_err(|e| failed(&e))?;
    let bytes = buffer.get_mapped_range(..).map_err(|e| failed(&e))?;
    let mut image = RgbaImage::new(width, height);
    let rows = bytes.chunks_exact(line as usize);
    for (row, from) in image.chunks_exact_mut(4 * width as usize).zip(rows) {
        row.copy_from_slice(&from[..4 * width as usize]);
    }
    Ok(image)
}

/// A device without any window.
pub(super) fn open(
    software: bool,
) -> Result<(wgpu::AdapterInfo, wgpu::Device, wgpu::Queue), GpuError> {
    let descriptor = wgpu::InstanceDescriptor::new_without_display_handle();
    let instance = wgpu::Instance::new(descriptor);
    // `WGPU_BACKEND`, as in the window.
    let backends = wgpu::Backends::from_env().unwrap_or(wgpu::Backends::all());
    let adapters = pollster::block_on(instance.enumerate_adapters(backends));
    let rank = |adapter: &wgpu::Adapter| {
        let info = adapter.get_info();
        let kind = match info.device_type {
            wgpu::DeviceType::DiscreteGpu => 0,
            wgpu::DeviceType::IntegratedGpu => 1,
            wgpu::DeviceType::VirtualGpu => 2,
            wgpu::DeviceType::Other => 3,
            wgpu::DeviceType::Cpu => 4,
        };
        (kind, info.backend == wgpu::Backend::Gl)
    };
    let adapter = adapters
        .into_iter()
        .filter(|a| !software || a.get_info().device_type == wgpu::DeviceType::Cpu)
        .min_by_key(rank)
        .ok_or(GpuError::NoAdapter)?;
    let request = adapter.request_device(&wgpu::DeviceDescriptor {
        label: Some("bonescope"),
        required_limits: adapter.limits(),
        ..wgpu::DeviceDescriptor::default()
    });
    let (device, queue) =
        pollster::block_on(request).map_err(|error| GpuError::NoDevice(error.to_string()))?;
    device.on_uncaptured_error(std::sync::Arc::new(|error| {
        tracing::error!("graphics: {error}");
    }));
    Ok((adapter.get_info(), device, queue))
}
