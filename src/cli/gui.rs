//! The window, where this build has one.

use std::path::PathBuf;

use clap::Args;

use super::failure::{Failure, Outcome};
use super::input;
use crate::workbench::{demo_case, demo_path, self_test};

/// Open the window
#[derive(Args)]
#[command(after_help = "\
Examples:
  bonescope gui
  bonescope gui prior/ current/
  bonescope gui --demo")]
pub struct Arguments {
    /// What to open: files, folders, .zip, DICOMDIR, demo:CASE
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Open the simulated case with metastases
    #[arg(long)]
    demo: bool,
    /// Keep the preferences in this file instead of the platform's place
    #[arg(long, value_name = "FILE", env = "BONESCOPE_CONFIG")]
    config: Option<PathBuf>,
}

impl Arguments {
    pub fn is_empty(&self) -> bool {
        self.paths.is_empty() && !self.demo
    }
}

pub fn open(arguments: Arguments) -> Outcome {
    let Arguments { mut paths, demo, config } = arguments;
    // Said here and not in the window: a mistyped verb looks like a path.
    for path in &paths {
        match demo_case(path) {
            Some(name) => {
                crate::simulate::case(name).map_err(input::no_case)?;
            }
            None if let Some(name) = self_test::test_set(path) => {
                self_test::named(name).map_err(Failure::unusable)?;
            }
            None => input::there(path).map_err(|failure| failure.remedy("see --help"))?,
        }
    }
    if demo {
        paths.insert(0, demo_path("metastases"));
    }
    show(paths, config)
}

#[cfg(feature = "window")]
fn show(paths: Vec<PathBuf>, config: Option<PathBuf>) -> Outcome {
    if !display() {
        return Err(Failure::failed("there is no display to open a window on").remedy(NO_WINDOW));
    }
    let preferences = config.or_else(crate::workbench::PreferencesFile::platform_path);
    crate::ui::run(paths, preferences).map_err(|error| {
        Failure::failed(format!("the window cannot be opened: {error}")).remedy(NO_WINDOW)
    })?;
    Ok(super::failure::Exit::Done)
}

#[cfg(feature = "window")]
const NO_WINDOW: &str = "verbs such as `bonescope report` and `bonescope render` need no window";

/// Whether the environment names a display. Asked first: the window system's own answer names
/// its source files.
#[cfg(feature = "window")]
fn display() -> bool {
    let named = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    let x11_or_wayland = cfg!(all(unix, not(target_vendor = "apple")));
    !x11_or_wayland || ["DISPLAY", "WAYLAND_DISPLAY", "WAYLAND_SOCKET"].into_iter().any(named)
}

#[cfg(not(feature = "window"))]
fn show(_: Vec<PathBuf>, _: Option<PathBuf>) -> Outcome {
    Err(Failure::usage("this build has no window")
        .remedy("build it with `--features window`, or use a verb: see --help"))
}
