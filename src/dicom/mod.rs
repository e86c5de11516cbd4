//! DICOM files in: whatever a path leads to becomes studies, or a reason why not.
//!
//! A file passes the *gate* first, which walks every element header and believes no length. What
//! it lets through has typed *attributes*; *pixels* turns any coding into the exact stored values
//! (JPEG and JPEG 2000 in a limited child process, the *decoder*). *nm* and *slices* say what each
//! frame is and where it lies, *view* why it is called anterior (in the last resort by the picture's
//! *content*), *units* what its numbers mean.
//! Nothing that one file does can stop the others.

mod archive;
mod assemble;
mod attributes;
mod charset;
mod class;
mod codestream;
mod color;
mod content;
mod dataset;
mod decoder;
mod fault;
mod gate;
mod image;
mod jpeg12;
mod jpegls;
mod layout;
mod nm;
mod pixels;
mod rle;
mod scan;
mod slices;
mod source;
pub mod synthetic;
mod tracer;
mod units;
mod vectors;
mod view;
mod walk;
mod write;

use std::path::{Path, PathBuf};

pub use decoder::{VERB as DECODE_VERB, decode_child};
pub use fault::Fault;
pub use write::{WriteError, planar};

use crate::study::{Series, SeriesKind, SeriesSummary, Study};

/// What came of a path: the value, and what had to be left out.
#[derive(Clone, Debug)]
pub struct Loaded<T> {
    pub value: T,
    /// Files, links and folders that gave nothing, each with its reason; in path order.
    pub skipped: Vec<Skipped>,
    /// Files whose objects are part of `value`.
    pub files_read: usize,
}

/// One file that was left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Skipped {
    pub path: PathBuf,
    /// One sentence for the reader; never names the patient.
    pub reason: String,
    /// A DICOM object was lost. Where it is false, the file was no such object to begin with, or
    /// one that is there twice, or one that may not be opened.
    pub lost: bool,
}

impl Skipped {
    fn new(path: PathBuf, fault: &Fault) -> Self {
        Self { path, reason: fault.to_string(), lost: fault.loses_an_object() }
    }
}

/// A study's facts without its pixels.
#[derive(Clone, Debug)]
pub struct StudySummary {
    /// Its series hold everything but pixels, in the order of `series`.
    pub study: Study,
    pub series: Vec<SeriesSummary>,
}

/// Told while reading, from several threads; may end it.
pub trait Progress: Sync {
    /// `done` of `total` files have been read. Both may grow; `done` may arrive out of order.
    fn advance(&self, done: usize, total: usize);
    fn cancelled(&self) -> bool;
}

/// For callers who neither watch nor cancel.
pub struct NoProgress;

impl Progress for NoProgress {
    fn advance(&self, _done: usize, _total: usize) {}

    fn cancelled(&self) -> bool {
        false
    }
}

/// Why a path as a whole gave nothing.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Error {
    #[error("no such file or folder: {}", shown(.path))]
    NotFound { path: PathBuf },
    #[error("{fault}: {}", shown(.path))]
    Unusable { fault: Fault, path: PathBuf },
    #[error(
        "nothing usable among {files} files{}: {}",
        .first.as_ref().map(|f| format!(" (the first: {f})")).unwrap_or_default(),
        shown(.path)
    )]
    Nothing { files: usize, first: Option<Fault>, path: PathBuf },
    #[error("cancelled")]
    Cancelled,
}

/// A path as it may be printed.
fn shown(path: &Path) -> String {
    charset::clean(&path.to_string_lossy())
}

/// Reads all studies behind `path` — a file, a folder with all it holds, a zip archive or a
/// DICOMDIR — with their pixels in memory.
///
/// Planar series and multi-frame volumes keep the frame order of their file; single-frame slices
/// are sorted along row × column of Image Orientation (Patient).
///
/// # Errors
/// Only where the path as a whole gives nothing, or `progress` says that it was cancelled. What is
/// wrong with single files is in [`Loaded::skipped`].
pub fn open(path: &Path, progress: &dyn Progress) -> Result<Loaded<Vec<Study>>, Error> {
    load(path, Keep::All, progress, assemble::Assembled::study)
}

/// As [`open`], but pixels are read one file at a time, summed up and dropped.
pub fn survey(path: &Path, progress: &dyn Progress) -> Result<Loaded<Vec<StudySummary>>, Error> {
    load(path, Keep::Nothing, progress, assemble::Assembled::summary)
}

/// As [`survey`], but `inspect` sees each file's planar series while its pixels are in memory:
/// several files at once, from several threads, and duplicates too.
pub fn survey_with(
    path: &Path,
    progress: &dyn Progress,
    inspect: &(dyn Fn(&Series) + Sync),
) -> Result<Loaded<Vec<StudySummary>>, Error> {
    load(path, Keep::Inspected(inspect), progress, assemble::Assembled::summary)
}

/// Which pixels stay in memory.
#[derive(Clone, Copy)]
enum Keep<'a> {
    All,
    Nothing,
    /// Those of planar series, until they were looked at.
    Inspected(&'a (dyn Fn(&Series) + Sync)),
}

impl Keep<'_> {
    fn while_reading(self, kind: SeriesKind) -> bool {
        match self {
            Self::All => true,
            Self::Nothing => false,
            Self::Inspected(_) => kind.planar(),
        }
    }
}

/// As [`open`], for files that are already in memory; the paths are only names for messages.
///
/// # Errors
/// Where none of the files can be used, or `progress` says that it was cancelled.
pub fn open_memory(
    files: Vec<(PathBuf, Vec<u8>)>,
    progress: &dyn Progress,
) -> Result<Loaded<Vec<Study>>, Error> {
    Ok(put_together(scan::memory(files, Keep::All, progress)?, assemble::Assembled::study))
}

fn load<T>(
    path: &Path,
    keep: Keep<'_>,
    progress: &dyn Progress,
    finish: fn(assemble::Assembled) -> T,
) -> Result<Loaded<Vec<T>>, Error> {
    Ok(put_together(scan::read(path, keep, progress)?, finish))
}

fn put_together<T>(found: scan::Found, finish: fn(assemble::Assembled) -> T) -> Loaded<Vec<T>> {
    let scan::Found { parts, mut skipped, .. } = found;
    let found = parts.len();
    let before = skipped.len();
    let assembled = assemble::assemble(parts, &mut skipped);
    let files_read = found - (skipped.len() - before);
    skipped.sort_by(|a, b| a.path.cmp(&b.path));
    Loaded { value: assembled.into_iter().map(finish).collect(), skipped, files_read }
}
