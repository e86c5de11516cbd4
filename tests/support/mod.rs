//! What several test binaries share.

use bonescope::gpu::{GpuError, Offscreen};

/// A graphics adapter, software ones included. Where there is none the test says so and passes,
/// unless `BONESCOPE_REQUIRE_ALL` is set: then nothing may be skipped.
pub fn gpu_or_say_why() -> Option<Offscreen> {
    match Offscreen::new(false) {
        Ok(card) => Some(card),
        Err(why @ (GpuError::NoAdapter | GpuError::NoDevice(_))) => {
            let required = std::env::var_os("BONESCOPE_REQUIRE_ALL").is_some();
            assert!(!required, "no graphics adapter: {why}");
            println!("skipped: no graphics adapter ({why})");
            None
        }
        Err(broken) => panic!("{broken}"),
    }
}
