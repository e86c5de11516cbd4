//! What is seen: the two painters, and the window.

#![allow(clippy::unwrap_used, reason = "in a test a missing value is a failure")]

#[path = "../support/mod.rs"]
mod support;

mod annotations;
mod cases;
mod curves;
mod fit;
mod flows;
mod gallery;
mod hands;
mod layout;
mod levels;
#[path = "../support/nm.rs"]
mod nm;
mod quality;
mod ratios;
mod self_test;
mod twins;
mod view_naming;
mod window;
