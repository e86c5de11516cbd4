//! Frames on the graphics card: uploaded once, kept while there is room.

use std::collections::HashMap;
use std::sync::{Arc, Weak};

use eframe::egui_wgpu::wgpu;
use wgpu::util::{DeviceExt as _, TextureDataOrder};

use crate::picture::{Layer, displayed};
use crate::study::{FrameKey, Pixels};

use super::GpuError;

/// Room for frames; a whole-body pair takes 1 MiB.
const BUDGET: u64 = 256 << 20;

/// A frame's name and where its pixels lie in memory, so that other pixels under the same name
/// are another texture.
type Key = (FrameKey, usize);

pub(super) struct Textures {
    kept: HashMap<Key, Kept>,
    bytes: u64,
    clock: u64,
    budget: u64,
}

struct Kept {
    resident: Resident,
    /// Holds the address: no other pixels can get it while this lives.
    source: Weak<Pixels>,
    bytes: u64,
    used: u64,
}

/// A frame that lies on the card.
#[derive(Clone)]
pub(super) struct Resident {
    pub view: wgpu::TextureView,
    /// R32Float; else R16Uint.
    pub float: bool,
    /// Stored value of a raw 0.
    pub offset: f32,
}

impl Textures {
    pub fn new() -> Self {
        Self { kept: HashMap::new(), bytes: 0, clock: 0, budget: BUDGET }
    }

    /// The layer's frame, uploaded if it is not there.
    pub fn of(
        &mut self,
        device: &wgpu::Device,
        queue: &wgpu::Queue,
        layer: &Layer,
    ) -> Result<Resident, GpuError> {
        self.clock += 1;
        let pixels = &layer.values.pixels;
        let key = (layer.key.clone(), Arc::as_ptr(pixels) as usize);
        if let Some(kept) = self.kept.get_mut(&key) {
            kept.used = self.clock;
            return Ok(kept.resident.clone());
        }
        let (resident, bytes) = upload(device, queue, pixels)?;
        let source = Arc::downgrade(pixels);
        self.bytes += bytes;
        let kept = Kept { resident: resident.clone(), source, bytes, used: self.clock };
        self.kept.insert(key, kept);
        self.make_room();
        Ok(resident)
    }

    /// Drops frames that nobody else has any more, then those unused for longest, but never the
    /// one that came last.
    fn make_room(&mut self) {
        let Self { kept, bytes, clock, budget } = self;
        kept.retain(|_, k| {
            let alive = k.source.strong_count() > 0;
            *bytes -= if alive { 0 } else { k.bytes };
            alive
        });
        while *bytes > *budget {
            let oldest = kept
                .iter()
                .filter(|(_, k)| k.used < *clock)
                .min_by_key(|(_, k)| k.used)
                .map(|(key, _)| key.clone());
            match oldest.and_then(|key| kept.remove(&key)) {
                Some(dropped) => *bytes -= dropped.bytes,
                None => break,
            }
        }
    }
}

fn upload(
    device: &wgpu::Device,
    queue: &wgpu::Queue,
    pixels: &Pixels,
) -> Result<(Resident, u64), GpuError> {
    let (columns, rows) = (pixels.columns(), pixels.rows());
    let limit = device.limits().max_texture_dimension_2d;
    if columns.max(rows) > limit as usize {
        return Err(GpuError::FrameTooLarge { columns, rows, limit });
    }
    // Signed numbers move up by half the range, and the shader moves them back: both exact.
    const HALF: i32 = 1 << 15;
    let signed = |v: i32| (v + HALF) as u16;
    let (whole, offset): (Option<Vec<u16>>, f32) = match pixels {
        Pixels::U8(a) => (Some(a.iter().map(|&v| u16::from(v)).collect()), 0.0),
        Pixels::U16(a) => (Some(a.iter().copied().collect()), 0.0),
        Pixels::I8(a) => (Some(a.iter().map(|&v| signed(v.into())).collect()), -(HALF as f32)),
        Pixels::I16(a) => (Some(a.iter().map(|&v| signed(v.into())).collect()), -(HALF as f32)),
        Pixels::U32(_) | Pixels::I32(_) | Pixels::F32(_) | Pixels::F64(_) => (None, 0.0),
    };
    let float = whole.is_none();
    let data: Vec<u8> = match whole {
        Some(whole) => bytemuck::cast_slice(&whole).to_vec(),
        None => {
            let mut values: Vec<f32> = Vec::with_capacity(columns * rows);
            pixels.for_each(|stored| values.push(displayed(stored)));
            bytemuck::cast_slice(&values).to_vec()
        }
    };
    let texture = device.create_texture_with_data(
        queue,
        &wgpu::TextureDescriptor {
            label: Some("frame"),
            size: wgpu::Extent3d {
                width: columns as u32,
                height: rows as u32,
                depth_or_array_layers: 1,
            },
            mip_level_count: 1,
            sample_count: 1,
            dimension: wgpu::TextureDimension::D2,
            format: match float {
                true => wgpu::TextureFormat::R32Float,
                false => wgpu::TextureFormat::R16Uint,
            },
            usage: wgpu::TextureUsages::TEXTURE_BINDING,
            view_formats: &[],
        },
        TextureDataOrder::LayerMajor,
        &data,
    );
    let view = texture.create_view(&wgpu::TextureViewDescriptor::default());
    Ok((Resident { view, float, offset }, data.len() as u64))
}

#[cfg(test)]
mod tests {
    use ndarray::Array2;

    use super::super::offscreen;
    use super::*;
    use crate::geometry::Transform;
    use crate::picture::{Colormap, Ink, Sampling, Window};
    use crate::study::Values;

    fn layer(frame: usize) -> Layer {
        let pixels = Pixels::F32(Array2::zeros((16, 16)));
        Layer {
            key: FrameKey { series: "1.2".into(), frame },
            values: Values::counts(pixels),
            window: Window::linear(0.0, 1.0),
            colormap: Colormap::Grey,
            sampling: Sampling::Nearest,
            view_from_pixel: Transform::identity(),
            clip: [0.0; 4],
            ink: Ink::All,
        }
    }

    #[test]
    fn frames_are_kept_while_there_is_room() {
        let Ok((_, device, queue)) = offscreen::open(true) else {
            assert!(std::env::var_os("BONESCOPE_REQUIRE_ALL").is_none(), "no graphics adapter");
            println!("skipped: no software graphics adapter");
            return;
        };
        // Room for three frames of 1 KiB.
        let mut textures = Textures { budget: 3 << 10, ..Textures::new() };
        let layers: Vec<Layer> = (0..4).map(layer).collect();
        for layer in &layers[..3] {
            textures.of(&device, &queue, layer).unwrap();
        }
        assert_eq!((textures.kept.len(), textures.bytes), (3, 3 << 10));
        textures.of(&device, &queue, &layers[0]).unwrap();
        textures.of(&device, &queue, &layers[3]).unwrap();
        let there = |t: &Textures| {
            let mut frames: Vec<_> = t.kept.keys().map(|(key, _)| key.frame).collect();
            frames.sort_unstable();
            frames
        };
        assert_eq!(there(&textures), [0, 2, 3]);
        // Other pixels under the same name are another texture; pixels that are gone go first.
        let other = layer(0);
        drop(layers);
        textures.of(&device, &queue, &other).unwrap();
        assert_eq!((there(&textures), textures.bytes), (vec![0], 1 << 10));
        let long =
            Layer { values: Values::counts(Pixels::U8(Array2::zeros((1, 100_000)))), ..other };
        assert!(matches!(
            textures.of(&device, &queue, &long),
            Err(GpuError::FrameTooLarge { columns: 100_000, .. })
        ));
    }
}
