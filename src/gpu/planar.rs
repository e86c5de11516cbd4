//! The pipeline for planar frames: place, sample, window, colour; the shader is `planar.wgsl`.

use std::collections::HashMap;

use eframe::egui_wgpu::wgpu;
use wgpu::util::{DeviceExt as _, TextureDataOrder};

use crate::picture::{Colormap, Layer, Placement, Sampling, Steps, Window};
use crate::study::Rescale;

use super::GpuError;
use super::textures::{Resident, Textures};

/// More slots than any screen shows at once; beyond it the longest unused goes.
const SLOTS: usize = 512;
/// Seven vectors and 64 vectors of steps.
const WORDS: usize = 7 * 4 + 256;

/// What a layer is painted on.
pub(super) struct Surface {
    /// Pixels per canvas point.
    pub scale: f64,
    /// Where the canvas's corner lies on the surface, points.
    pub origin: [f64; 2],
    pub pixels: [u32; 2],
}

/// Pipelines, colour tables, frames, and a slot for each layer on the screen.
pub(super) struct Planar {
    whole: Variant,
    float: Variant,
    tables: wgpu::TextureView,
    textures: Textures,
    slots: HashMap<u64, Slot>,
    clock: u64,
    /// The target encodes sRGB itself, so the shader must hand it linear light.
    linear: bool,
    pub problem: Option<GpuError>,
}

/// The pipeline for one kind of texture.
struct Variant {
    layout: wgpu::BindGroupLayout,
    pipeline: wgpu::RenderPipeline,
}

/// All callbacks prepare before any paints, so each layer needs its own numbers.
struct Slot {
    numbers: wgpu::Buffer,
    bound: Option<(wgpu::TextureView, wgpu::BindGroup)>,
    float: bool,
    /// Kept because 255 bisections take longer than all the rest.
    steps: (Window, Rescale, Steps),
    visible: bool,
    used: u64,
}

impl Planar {
    pub fn new(device: &wgpu::Device, queue: &wgpu::Queue, target: wgpu::TextureFormat) -> Self {
        let source = include_str!("planar.wgsl");
        let float = source.replace("texture_2d<u32>", "texture_2d<f32>");
        let unfiltered = wgpu::TextureSampleType::Float { filterable: false };
        Self {
            whole: Variant::new(device, source, wgpu::TextureSampleType::Uint, target),
            float: Variant::new(device, &float, unfiltered, target),
            tables: tables(device, queue),
            textures: Textures::new(),
            slots: HashMap::new(),
            clock: 0,
            linear: target.is_srgb(),
            problem: None,
        }
    }

    /// Uploads what the layer needs. Layers that cannot be seen are remembered as such.
    pub fn prepare(
        &mut self,
        device: &wgpu::Device,
        queue: &wgpu::Queue,
        slot: u64,
        layer: &Layer,
        surface: &Surface,
    ) -> Result<(), GpuError> {
        self.clock += 1;
        let (window, rescale) = (layer.window, layer.values.rescale);
        let entry = self.slots.entry(slot).or_insert_with(|| Slot {
            numbers: device.create_buffer(&wgpu::BufferDescriptor {
                label: Some("layer"),
                size: 4 * WORDS as u64,
                usage: wgpu::BufferUsages::UNIFORM | wgpu::BufferUsages::COPY_DST,
                mapped_at_creation: false,
            }),
            bound: None,
            float: false,
            steps: (window, rescale, Steps::new(window, rescale)),
            visible: false,
            used: 0,
        });
        entry.used = self.clock;
        entry.visible = false;

        let pixels = &layer.values.pixels;
        let frame = [pixels.columns(), pixels.rows()];
        let placement = Placement::new(
            &layer.view_from_pixel,
            layer.clip,
            frame,
            surface.scale,
            surface.origin,
            surface.pixels,
        );
        let Some(placement) = placement.filter(|_| frame[0] > 0 && frame[1] > 0) else {
            return Ok(());
        };
        let resident = self.textures.of(device, queue, layer)?;
        // Compared by bits, because a window that is not a number equals nothing.
        if bits(&entry.steps.0, &entry.steps.1) != bits(&window, &rescale) {
            entry.steps = (window, rescale, Steps::new(window, rescale));
        }
        let numbers = numbers(&placement, &resident, layer, &entry.steps.2, self.linear);
        queue.write_buffer(&entry.numbers, 0, bytemuck::cast_slice(&numbers));
        let same = entry.bound.as_ref().is_some_and(|(view, _)| *view == resident.view);
        if !same {
            let variant = if resident.float { &self.float } else { &self.whole };
            let group = variant.bind(device, &entry.numbers, &resident.view, &self.tables);
            entry.bound = Some((resident.view, group));
            entry.float = resident.float;
        }
        entry.visible = true;
        self.forget();
        Ok(())
    }

    fn forget(&mut self) {
        if self.slots.len() > SLOTS
            && let Some(oldest) = self.slots.iter().min_by_key(|(_, s)| s.used).map(|(k, _)| *k)
        {
            self.slots.remove(&oldest);
        }
    }

    /// Draws what `prepare` last put into the slot.
    pub fn draw(&self, pass: &mut wgpu::RenderPass<'_>, slot: u64) {
        let Some(slot) = self.slots.get(&slot).filter(|s| s.visible) else { return };
        let Some((_, group)) = &slot.bound else { return };
        let variant = if slot.float { &self.float } else { &self.whole };
        pass.set_pipeline(&variant.pipeline);
        pass.set_bind_group(0, group, &[]);
        pass.draw(0..3, 0..1);
    }
}

fn bits(window: &Window, rescale: &Rescale) -> ([u64; 4], crate::picture::Transfer) {
    let numbers = [window.lower, window.upper, rescale.slope, rescale.intercept];
    (numbers.map(f64::to_bits), window.transfer)
}

/// The shader's `Layer`, word by word.
fn numbers(
    placement: &Placement,
    resident: &Resident,
    layer: &Layer,
    steps: &Steps,
    linear: bool,
) -> [u32; WORDS] {
    let mut words = Vec::with_capacity(WORDS);
    let mut vector = |v: [i32; 4]| words.extend(v.map(|w| w as u32));
    for [a, b, c, fine_a, fine_b, fine_c] in placement.words() {
        vector([a, b, c, 0]);
        vector([fine_a, fine_b, fine_c, 0]);
    }
    vector(placement.bounds);
    let pixels = &layer.values.pixels;
    let bicubic = i32::from(layer.sampling == Sampling::Bicubic);
    // Frames larger than a texture have been refused.
    vector([pixels.columns() as i32, pixels.rows() as i32, bicubic, layer.colormap as i32]);
    let linear = if linear { 1.0 } else { 0.0 };
    let values = [steps.sign(), resident.offset, linear, 0.0];
    words.extend(values.iter().chain(steps.values()).map(|v| v.to_bits()));
    let mut numbers = [0; WORDS];
    for (number, word) in numbers.iter_mut().zip(words) {
        *number = word;
    }
    numbers
}

/// Every colour table, one per row, in the order of `Colormap::ALL`.
fn tables(device: &wgpu::Device, queue: &wgpu::Queue) -> wgpu::TextureView {
    let entries = Colormap::ALL.iter().flat_map(|map| map.table());
    let data: Vec<u8> = entries.flat_map(|[r, g, b]| [*r, *g, *b, 255]).collect();
    let texture = device.create_texture_with_data(
        queue,
        &wgpu::TextureDescriptor {
            label: Some("colour tables"),
            size: wgpu::Extent3d {
                width: 256,
                height: Colormap::ALL.len() as u32,
                depth_or_array_layers: 1,
            },
            mip_level_count: 1,
            sample_count: 1,
            dimension: wgpu::TextureDimension::D2,
            format: wgpu::TextureFormat::Rgba8Unorm,
            usage: wgpu::TextureUsages::TEXTURE_BINDING,
            view_formats: &[],
        },
        TextureDataOrder::LayerMajor,
        &data,
    );
    texture.create_view(&wgpu::TextureViewDescriptor::default())
}

impl Variant {
    fn new(
        device: &wgpu::Device,
        source: &str,
        sample_type: wgpu::TextureSampleType,
        target: wgpu::TextureFormat,
    ) -> Self {
        let entry = |binding, ty| wgpu::BindGroupLayoutEntry {
            binding,
            visibility: wgpu::ShaderStages::FRAGMENT,
            ty,
            count: None,
        };
        let texture = |sample_type| wgpu::BindingType::Texture {
            sample_type,
            view_dimension: wgpu::TextureViewDimension::D2,
            multisampled: false,
        };
        let numbers = wgpu::BindingType::Buffer {
            ty: wgpu::BufferBindingType::Uniform,
            has_dynamic_offset: false,
            min_binding_size: None,
        };
        let layout = device.create_bind_group_layout(&wgpu::BindGroupLayoutDescriptor {
            label: Some("planar"),
            entries: &[
                entry(0, numbers),
                entry(1, texture(sample_type)),
                entry(2, texture(wgpu::TextureSampleType::Float { filterable: false })),
            ],
        });
        let module = device.create_shader_module(wgpu::ShaderModuleDescriptor {
            label: Some("planar"),
            source: wgpu::ShaderSource::Wgsl(source.into()),
        });
        let pipeline_layout = device.create_pipeline_layout(&wgpu::PipelineLayoutDescriptor {
            label: Some("planar"),
            bind_group_layouts: &[Some(&layout)],
            immediate_size: 0,
        });
        let pipeline = device.create_render_pipeline(&wgpu::RenderPipelineDescriptor {
            label: Some("planar"),
            layout: Some(&pipeline_layout),
            vertex: wgpu::VertexState {
                module: &module,
                entry_point: Some("corner"),
                compilation_options: wgpu::PipelineCompilationOptions::default(),
                buffers: &[],
            },
            primitive: wgpu::PrimitiveState::default(),
            depth_stencil: None,
            multisample: wgpu::MultisampleState::default(),
            fragment: Some(wgpu::FragmentState {
                module: &module,
                entry_point: Some("color"),
                compilation_options: wgpu::PipelineCompilationOptions::default(),
                targets: &[Some(wgpu::ColorTargetState {
                    format: target,
                    blend: None,
                    write_mask: wgpu::ColorWrites::ALL,
                })],
            }),
            multiview_mask: None,
            cache: None,
        });
        Self { layout, pipeline }
    }

    fn bind(
        &self,
        device: &wgpu::Device,
        numbers: &wgpu::Buffer,
        frame: &wgpu::TextureView,
        tables: &wgpu::TextureView,
    ) -> wgpu::BindGroup {
        device.create_bind_group(&wgpu::BindGroupDescriptor {
            label: Some("layer"),
            layout: &self.layout,
            entries: &[
                wgpu::BindGroupEntry { binding: 0, resource: numbers.as_entire_binding() },
                wgpu::BindGroupEntry {
                    binding: 1,
                    resource: wgpu::BindingResource::TextureView(frame),
                },
                wgpu::BindGroupEntry {
                    binding: 2,
                    resource: wgpu::BindingResource::TextureView(tables),
                },
            ],
        })
    }
}
