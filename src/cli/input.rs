//! Opens what a command line names, with a bar on a terminal.

use std::path::Path;

use indicatif::{ProgressBar, ProgressStyle};

use crate::dicom::{self, Progress, Skipped};
use crate::simulate;
use crate::study::Study;
use crate::workbench::{demo_case, self_test};

use super::failure::{Exit, Failure};
use super::output::Loudness;

/// What a path holds.
pub struct Input {
    pub studies: Vec<Study>,
    pub skipped: Vec<Skipped>,
}

impl Input {
    pub fn exit(&self) -> Exit {
        exit(&self.skipped)
    }
}

/// `Partly` where a DICOM object could not be read. Other files in a folder are no failed inputs.
pub fn exit(skipped: &[Skipped]) -> Exit {
    match skipped.iter().any(|s| s.lost) {
        true => Exit::Partly,
        false => Exit::Done,
    }
}

/// Reads a path with all its pixels, or simulates the case it names.
pub fn open(path: &Path, loudness: Loudness) -> Result<Input, Failure> {
    let bar = Bar::new(loudness);
    if let Some(name) = demo_case(path) {
        let case = simulate::case(name).map_err(no_case)?;
        let study = simulate::acquire(&case, &|fraction| bar.fraction(fraction)).study;
        return Ok(Input { studies: vec![study], skipped: Vec::new() });
    }
    if let Some(set) = self_test::test_set(path) {
        let loaded = self_test::open(set, &bar).map_err(Failure::unusable)?;
        return Ok(Input { studies: loaded.value, skipped: loaded.skipped });
    }
    let loaded = dicom::open(path, &bar).map_err(not_opened)?;
    for skipped in loaded.skipped.iter().filter(|s| s.lost) {
        loudness.warn(format!("skipped: {}: {}", skipped.reason, skipped.path.display()));
    }
    Ok(Input { studies: loaded.value, skipped: loaded.skipped })
}

/// The study that a UID names, or the only one there is.
pub fn choose(studies: Vec<Study>, uid: Option<&str>) -> Result<Study, Failure> {
    let count = studies.len();
    let mut chosen = studies.into_iter().filter(|s| uid.is_none_or(|uid| *s.uid == *uid));
    match (chosen.next(), chosen.next()) {
        (Some(study), None) => Ok(study),
        (None, _) => Err(Failure::unusable("there is no study with that UID in the input")
            .remedy("`bonescope info PATH` lists the studies")),
        (Some(_), Some(_)) => Err(Failure::unusable(format!("the input holds {count} studies"))
            .remedy("choose one with --study UID; `bonescope info PATH` lists them")),
    }
}

/// Whether a path names anything.
pub fn there(path: &Path) -> Result<(), Failure> {
    match path.try_exists() {
        Ok(true) => Ok(()),
        Ok(false) => {
            Err(Failure::unusable(format!("there is no such file or folder: {}", path.display())))
        }
        Err(error) => {
            let reason = error.kind();
            Err(Failure::unusable(format!("cannot be reached ({reason}): {}", path.display())))
        }
    }
}

pub fn not_opened(error: dicom::Error) -> Failure {
    match error {
        dicom::Error::Cancelled => Failure::failed(error),
        _ => Failure::unusable(error),
    }
}

pub fn no_case(error: impl std::fmt::Display) -> Failure {
    Failure::unusable(error).remedy("`bonescope simulate --list` lists the simulated cases")
}

/// A bar on standard error that goes when its work is done.
pub struct Bar(Option<ProgressBar>);

impl Bar {
    pub fn new(loudness: Loudness) -> Self {
        Self(loudness.bars().then(|| {
            let bar = ProgressBar::new(1000);
            if let Ok(style) = ProgressStyle::with_template("{wide_bar} {percent:>3} %") {
                bar.set_style(style);
            }
            bar
        }))
    }

    /// 0 to 1.
    pub fn fraction(&self, fraction: f32) {
        self.advance((fraction * 1000.0) as usize, 1000);
    }
}

impl Progress for Bar {
    fn advance(&self, done: usize, total: usize) {
        if let Some(bar) = &self.0 {
            bar.set_length(total as u64);
            bar.set_position(done as u64);
        }
    }

    fn cancelled(&self) -> bool {
        false
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        if let Some(bar) = &self.0 {
            bar.finish_and_clear();
        }
    }
}
