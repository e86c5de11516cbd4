//! The program without a window: everything that `cargo test --no-default-features` can hold it to.

#![allow(clippy::unwrap_used, reason = "in a test a missing value is a failure")]

mod cli;
mod compare;
mod content;
mod curves;
mod dicom;
mod gestures;
mod ground;
mod hotspots;
mod house;
mod indices;
mod layout;
mod levels;
#[path = "../support/nm.rs"]
mod nm;
mod quality;
mod ratios;
mod scripts;
mod self_test;
mod sides;
#[path = "../support/sites.rs"]
mod sites;
mod skeleton;
mod stages;
mod symmetry;
mod twins;
