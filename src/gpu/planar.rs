//! The pipeline for planar frames: place, sample, window, colour; the shader is `planar.wgsl`.

use std::collections::HashMap;

use eframe::egui_wgpu::wgpu;
use wgpu::util::DeviceExt as _;

use crate::picture::{
    Colormap, Ink, Layer, MOST_USER_MAPS, Placement, Sampling, Steps, Transfer, Window, lanczos,
};
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
    tables: Tables,
    lanczos: wgpu::Buffer,
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
    /// One for each of `Ink::ALL`.
    pipelines: [wgpu::RenderPipeline; 4],
}

/// All callbacks prepare before any paints, so each layer needs its own numbers.
struct Slot {
    numbers: wgpu::Buffer,
    bound: Option<(wgpu::TextureView, wgpu::BindGroup)>,
    float: bool,
    ink: Ink,
    /// Kept because 255 bisections take longer than all the rest.
    steps: (Window, Rescale, Steps),
    visible: bool,
    used: u64,
}

impl Planar {
    pub fn new(device: &wgpu::Device, target: wgpu::TextureFormat) -> Self {
        let source = include_str!("planar.wgsl");
        let float = source.replace("texture_2d<u32>", "texture_2d<f32>");
        let unfiltered = wgpu::TextureSampleType::Float { filterable: false };
        Self {
            whole: Variant::new(device, source, wgpu::TextureSampleType::Uint, target),
            float: Variant::new(device, &float, unfiltered, target),
            tables: Tables::new(device),
            lanczos: lanczos_weights(device),
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
            ink: Ink::All,
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
        self.tables.fill(queue, layer.colormap);
        // Compared by bits, because a window that is not a number equals nothing.
        if bits(&entry.steps.0, &entry.steps.1) != bits(&window, &rescale) {
            entry.steps = (window, rescale, Steps::new(window, rescale));
        }
        let numbers = numbers(&placement, &resident, layer, &entry.steps.2, self.linear);
        queue.write_buffer(&entry.numbers, 0, bytemuck::cast_slice(&numbers));
        let same = entry.bound.as_ref().is_some_and(|(view, _)| *view == resident.view);
        if !same {
            let variant = if resident.float { &self.float } else { &self.whole };
            let group = variant.bind(
                device,
                &entry.numbers,
                &resident.view,
                &self.tables.view,
                &self.lanczos,
            );
            entry.bound = Some((resident.view, group));
            entry.float = resident.float;
        }
        entry.ink = layer.ink;
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
        pass.set_pipeline(variant.pipeline(slot.ink));
        pass.set_bind_group(0, group, &[]);
        pass.draw(0..3, 0..1);
    }
}

/// All that the steps depend on, by bits.
fn bits(window: &Window, rescale: &Rescale) -> [u64; 7] {
    let (bend, gamma) = match window.transfer {
        Transfer::Linear => (0, 0.0),
        Transfer::SquareRoot => (1, 0.0),
        Transfer::Logarithm => (2, 0.0),
        Transfer::Gamma(gamma) => (3, gamma),
    };
    let [lower, upper, slope, intercept, gamma] =
        [window.lower, window.upper, rescale.slope, rescale.intercept, gamma].map(f64::to_bits);
    // No cut is another thing than a cut at zero.
    let cut = window.cut.map_or(1, |cut| cut.to_bits() ^ 1 << 62);
    [lower, upper, slope, intercept, bend, gamma, cut]
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
    let sampling = match layer.sampling {
        Sampling::Nearest => 0,
        Sampling::Bilinear => 1,
        Sampling::Bicubic => 2,
        Sampling::Lanczos => 3,
    };
    let table = layer.colormap.row() as i32;
    // Frames larger than a texture have been refused.
    vector([pixels.columns() as i32, pixels.rows() as i32, sampling, table]);
    let linear = if linear { 1.0 } else { 0.0 };
    let values = [steps.sign(), resident.offset, linear, 0.0];
    words.extend(values.iter().chain(steps.values()).map(|v| v.to_bits()));
    let mut numbers = [0; WORDS];
    for (number, word) in numbers.iter_mut().zip(words) {
        *number = word;
    }
    numbers
}

/// Colour tables, one per row, each uploaded when it is first wanted.
struct Tables {
    texture: wgpu::Texture,
    view: wgpu::TextureView,
    filled: Vec<bool>,
}

impl Tables {
    fn new(device: &wgpu::Device) -> Self {
        let rows = Colormap::ALL.len() + MOST_USER_MAPS;
        let texture = device.create_texture(&wgpu::TextureDescriptor {
            label: Some("colour tables"),
            size: wgpu::Extent3d { width: 256, height: rows as u32, depth_or_array_layers: 1 },
            mip_level_count: 1,
            sample_count: 1,
            dimension: wgpu::TextureDimension::D2,
            format: wgpu::TextureFormat::Rgba8Unorm,
            usage: wgpu::TextureUsages::TEXTURE_BINDING | wgpu::TextureUsages::COPY_DST,
            view_formats: &[],
        });
        let view = texture.create_view(&wgpu::TextureViewDescriptor::default());
        Self { texture, view, filled: vec![false; rows] }
    }

    fn fill(&mut self, queue: &wgpu::Queue, map: Colormap) {
        let Some(filled) = self.filled.get_mut(map.row()).filter(|filled| !**filled) else {
            return;
        };
        *filled = true;
        let colors: Vec<u8> = map.table().iter().flat_map(|[r, g, b]| [*r, *g, *b, 255]).collect();
        queue.write_texture(
            wgpu::TexelCopyTextureInfo {
                texture: &self.texture,
                mip_level: 0,
                origin: wgpu::Origin3d { x: 0, y: map.row() as u32, z: 0 },
                aspect: wgpu::TextureAspect::All,
            },
            &colors,
            wgpu::TexelCopyBufferLayout {
                offset: 0,
                bytes_per_row: Some(4 * 256),
                rows_per_image: None,
            },
            wgpu::Extent3d { width: 256, height: 1, depth_or_array_layers: 1 },
        );
    }
}

/// The shader's `lanczos`: inner four, outer two, two of no use.
fn lanczos_weights(device: &wgpu::Device) -> wgpu::Buffer {
    let rows = lanczos().iter();
    let words: Vec<i32> = rows
        .flat_map(|[before, a, b, c, d, behind]| [*a, *b, *c, *d, *before, *behind, 0, 0])
        .collect();
    device.create_buffer_init(&wgpu::util::BufferInitDescriptor {
        label: Some("Lanczos weights"),
        contents: bytemuck::cast_slice(&words),
        usage: wgpu::BufferUsages::UNIFORM,
    })
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
                entry(3, numbers),
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
        let pipeline = |write_mask| {
            device.create_render_pipeline(&wgpu::RenderPipelineDescriptor {
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
                        write_mask,
                    })],
                }),
                multiview_mask: None,
                cache: None,
            })
        };
        let pipelines = Ink::ALL.map(|ink| {
            let inks = [wgpu::ColorWrites::RED, wgpu::ColorWrites::GREEN, wgpu::ColorWrites::BLUE];
            let painted = inks.into_iter().zip(ink.channels()).filter(|(_, on)| *on);
            let all = wgpu::ColorWrites::ALPHA;
            pipeline(painted.fold(all, |mask, (channel, _)| mask | channel))
        });
        Self { layout, pipelines }
    }

    fn pipeline(&self, ink: Ink) -> &wgpu::RenderPipeline {
        let [all, red, green, blue] = &self.pipelines;
        match ink {
            Ink::All => all,
            Ink::Red => red,
            Ink::Green => green,
            Ink::Blue => blue,
        }
    }

    fn bind(
        &self,
        device: &wgpu::Device,
        numbers: &wgpu::Buffer,
        frame: &wgpu::TextureView,
        tables: &wgpu::TextureView,
        lanczos: &wgpu::Buffer,
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
                wgpu::BindGroupEntry { binding: 3, resource: lanczos.as_entire_binding() },
            ],
        })
    }
}
