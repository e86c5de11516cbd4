#![doc = include_str!("README.md")]

pub mod units;

pub mod text;

pub mod geometry;

pub mod study;

pub mod findings;

pub mod measure;

pub mod picture;

pub mod dicom;

pub mod simulate;

pub mod report;

pub mod workbench;

#[cfg(feature = "window")]
pub mod gpu;

#[cfg(feature = "window")]
pub mod ui;

pub mod cli;
