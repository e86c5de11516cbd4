//! Candidate lesions.

pub mod evidence;
pub mod scene;
pub mod seeds;
