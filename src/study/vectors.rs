//! The vectors that number an image's frames, one by one.

use serde::{Deserialize, Serialize};

use super::{Address, Series};

/// One of the vectors of an NM multi-frame image (PS3.3 C.8.4.8.1.1), in the order in which the
/// standard lists them.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Vector {
    EnergyWindow,
    Detector,
    Phase,
    TimeSlice,
    RrInterval,
    TimeSlot,
    Rotation,
    AngularView,
    Slice,
}

/// From one value of a vector to another, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Span {
    pub first: u16,
    pub last: u16,
}

impl Vector {
    pub const ALL: [Self; 9] = [
        Self::EnergyWindow,
        Self::Detector,
        Self::Phase,
        Self::TimeSlice,
        Self::RrInterval,
        Self::TimeSlot,
        Self::Rotation,
        Self::AngularView,
        Self::Slice,
    ];
}

impl Span {
    pub fn holds(self, value: u16) -> bool {
        (self.first..=self.last).contains(&value)
    }

    pub fn several(self) -> bool {
        self.last > self.first
    }
}

impl Address {
    /// The frame's number along a vector, counted from 1.
    pub fn along(&self, vector: Vector) -> u16 {
        match vector {
            Vector::EnergyWindow => self.energy_window,
            Vector::Detector => self.detector,
            Vector::Phase => self.phase,
            Vector::TimeSlice => self.time_slice,
            Vector::RrInterval => self.rr_interval,
            Vector::TimeSlot => self.time_slot,
            Vector::Rotation => self.rotation,
            Vector::AngularView => self.angular_view,
            Vector::Slice => self.slice,
        }
    }

    /// Whether two frames differ along no vector but, perhaps, the `free` ones.
    pub fn matches(&self, other: &Self, free: &[Vector]) -> bool {
        Vector::ALL.iter().all(|v| free.contains(v) || self.along(*v) == other.along(*v))
    }
}

impl Series {
    /// The smallest and the largest number along a vector; `None` for a series without frames.
    pub fn span(&self, vector: Vector) -> Option<Span> {
        let numbers = || self.frames.iter().map(|f| f.address.along(vector));
        Some(Span { first: numbers().min()?, last: numbers().max()? })
    }

    /// Whether frames differ along a vector.
    pub fn varies(&self, vector: Vector) -> bool {
        self.span(vector).is_some_and(Span::several)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_match_along_all_vectors_that_are_not_free() {
        let a = Address { phase: 2, time_slice: 7, ..Address::default() };
        let b = Address { phase: 2, time_slice: 9, ..Address::default() };
        assert!(!a.matches(&b, &[]));
        assert!(a.matches(&b, &[Vector::TimeSlice]));
        assert!(!a.matches(&Address { detector: 2, ..b }, &[Vector::TimeSlice, Vector::Phase]));
        for (at, vector) in Vector::ALL.into_iter().enumerate() {
            let name = serde_json::to_value(vector).unwrap();
            let mut address = serde_json::to_value(Address::default()).unwrap();
            address[name.as_str().unwrap()] = (at + 2).into();
            let address: Address = serde_json::from_value(address).unwrap();
            assert_eq!(usize::from(address.along(vector)), at + 2, "{vector:?}");
        }
    }
}
