//! How a series was acquired: its kind, its energy windows, and each frame's place in its vectors.

use serde::{Deserialize, Serialize};

/// What kind of image a series is (`info`'s `kind`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SeriesKind {
    WholeBody,
    Static,
    Dynamic,
    Gated,
    Spect,
    SpectProjections,
    SpectGated,
    Pet,
    Ct,
    Other,
}

impl SeriesKind {
    /// Planar scintigraphy: frames that are projections, read side by side.
    pub fn planar(self) -> bool {
        matches!(self, Self::WholeBody | Self::Static | Self::Dynamic | Self::Gated)
    }

    /// Frames are slices of one volume.
    pub fn volume(self) -> bool {
        matches!(self, Self::Spect | Self::SpectGated | Self::Pet | Self::Ct)
    }
}

/// Where a frame stands in the vectors of an NM multi-frame image (PS3.3 C.8.4.8.1.1), each
/// counted from 1; a vector the image does not use is 1 everywhere. And how it follows the frame
/// before it in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Address {
    pub energy_window: u16,
    pub detector: u16,
    pub phase: u16,
    pub time_slice: u16,
    pub rr_interval: u16,
    pub time_slot: u16,
    pub rotation: u16,
    pub angular_view: u16,
    pub slice: u16,
    /// Milliseconds between the end of the detector's frame before this one and its own start:
    /// Phase Delay (0054,0036) for the first frame of a phase, Pause Between Frames (0054,0038)
    /// for the others. `None` where the file does not say.
    #[serde(default)]
    pub pause_ms: Option<u32>,
}

impl Default for Address {
    fn default() -> Self {
        Self {
            energy_window: 1,
            detector: 1,
            phase: 1,
            time_slice: 1,
            rr_interval: 1,
            time_slot: 1,
            rotation: 1,
            angular_view: 1,
            slice: 1,
            pause_ms: None,
        }
    }
}

/// One energy window, keV.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EnergyWindow {
    pub name: String,
    pub ranges_kev: Vec<[f64; 2]>,
}
