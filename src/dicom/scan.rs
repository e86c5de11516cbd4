//! From a path to the files behind it: one file, a folder, a DICOMDIR, a zip archive.

use std::fs;
use std::path::{Component, Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use dicom_dictionary_std::tags;
use rayon::prelude::*;
use walkdir::WalkDir;

use super::archive;
use super::fault::Fault;
use super::gate;
use super::image::{self, Part};
use super::source::Source;
use super::{Error, Keep, Progress, Skipped};

/// What a path led to.
#[derive(Default)]
pub(super) struct Found {
    pub parts: Vec<Part>,
    pub skipped: Vec<Skipped>,
    pub files: usize,
    /// Why the first file was left out: all there is to say when nothing is left.
    pub first_fault: Option<Fault>,
}

/// Reads everything behind `path`.
pub(super) fn read(path: &Path, keep: Keep<'_>, progress: &dyn Progress) -> Result<Found, Error> {
    let metadata = fs::metadata(path).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => Error::NotFound { path: path.into() },
        _ => Error::Unusable { fault: error.into(), path: path.into() },
    })?;
    let unusable = |fault| Error::Unusable { fault, path: path.into() };
    let found = if metadata.is_dir() {
        folder(path, keep, progress)?
    } else if archive::is_zip(path).map_err(unusable)? {
        archive::read(path, keep, progress)?
    } else if let Some(listed) = directory(path).map_err(unusable)? {
        dicomdir(path, listed, keep, progress)?
    } else {
        let part = guarded(|| image::read(Source::open(path)?, path.into(), keep));
        let part = part.map_err(unusable)?;
        progress.advance(1, 1);
        Found { parts: vec![part], files: 1, ..Found::default() }
    };
    if !found.parts.is_empty() {
        return Ok(found);
    }
    Err(Error::Nothing { files: found.files, first: found.first_fault, path: path.into() })
}

/// Reads files whose bytes are at hand, one after the other.
pub(super) fn memory(
    files: Vec<(PathBuf, Vec<u8>)>,
    keep: Keep<'_>,
    progress: &dyn Progress,
) -> Result<Found, Error> {
    let total = files.len();
    let first = files.first().map(|(path, _)| path.clone()).unwrap_or_default();
    let mut found = Found { files: total, ..Found::default() };
    for (done, (path, bytes)) in files.into_iter().enumerate() {
        if progress.cancelled() {
            return Err(Error::Cancelled);
        }
        let part = guarded(|| image::read(Source::memory(bytes.into()), path.clone(), keep));
        found.take(path, part);
        progress.advance(done + 1, total);
    }
    match found.parts.is_empty() {
        true => Err(Error::Nothing { files: total, first: found.first_fault, path: first }),
        false => Ok(found),
    }
}

/// A net below the checks: a fault of ours in one file must not take the others along.
pub(super) fn guarded(read: impl FnOnce() -> Result<Part, Fault>) -> Result<Part, Fault> {
    std::panic::catch_unwind(std::panic::AssertUnwindSafe(read))
        .unwrap_or_else(|_| Err(Fault::Decoder("an internal error".into())))
}

fn folder(root: &Path, keep: Keep<'_>, progress: &dyn Progress) -> Result<Found, Error> {
    let mut paths = Vec::new();
    let mut skipped = Vec::new();
    for entry in WalkDir::new(root).follow_links(false).follow_root_links(true).sort_by_file_name()
    {
        if progress.cancelled() {
            return Err(Error::Cancelled);
        }
        let mut skip = |path: PathBuf, fault: Fault| {
            skipped.push(Skipped::new(path, &fault));
        };
        match entry {
            Ok(entry) if entry.file_type().is_dir() => {}
            Ok(entry) if entry.file_type().is_symlink() => skip(entry.into_path(), Fault::Link),
            Ok(entry) if entry.file_type().is_file() => paths.push(entry.into_path()),
            Ok(entry) => skip(entry.into_path(), Fault::NotRegular),
            Err(error) => {
                let path = error.path().unwrap_or(root).to_owned();
                let fault = error.into_io_error().map_or(Fault::Link, Fault::from);
                if path == root {
                    return Err(Error::Unusable { fault, path });
                }
                skip(path, fault);
            }
        }
    }
    let mut found = files(&paths, keep, progress)?;
    found.skipped.splice(0..0, skipped);
    Ok(found)
}

/// Reads files in parallel; the result does not depend on how many threads there are.
fn files(paths: &[PathBuf], keep: Keep<'_>, progress: &dyn Progress) -> Result<Found, Error> {
    let done = AtomicUsize::new(0);
    let read = |path: &PathBuf| {
        if progress.cancelled() {
            return None;
        }
        let part = guarded(|| image::read(Source::open(path)?, path.clone(), keep));
        progress.advance(done.fetch_add(1, Ordering::Relaxed) + 1, paths.len());
        Some(part)
    };
    let results: Vec<_> = paths.par_iter().map(read).collect();
    if progress.cancelled() {
        return Err(Error::Cancelled);
    }
    let mut found = Found { files: paths.len(), ..Found::default() };
    for (path, result) in paths.iter().zip(results) {
        found.take(path.clone(), result.unwrap_or(Err(Fault::Empty)));
    }
    Ok(found)
}

impl Found {
    /// Files one result; a DICOMDIR among the files it lists is no loss.
    pub fn take(&mut self, path: PathBuf, result: Result<Part, Fault>) {
        match result {
            Ok(part) => self.parts.push(part),
            Err(Fault::Directory) => {}
            Err(fault) => {
                self.skipped.push(Skipped::new(path, &fault));
                self.first_fault.get_or_insert(fault);
            }
        }
    }
}

/// The files a DICOMDIR lists (PS3.3 F.3); `None` where the file is no DICOMDIR.
fn directory(path: &Path) -> Result<Option<Vec<Vec<String>>>, Fault> {
    let named = path.file_name().is_some_and(|n| n.eq_ignore_ascii_case("DICOMDIR"));
    let checked = match gate::pass(Source::open(path)?) {
        Ok(checked) => checked,
        // The reading that follows says what is wrong.
        Err(_) if !named => return Ok(None),
        Err(fault) => return Err(fault),
    };
    if !checked.header.has(tags::DIRECTORY_RECORD_SEQUENCE) {
        return Ok(None);
    }
    let records = checked.header.items(tags::DIRECTORY_RECORD_SEQUENCE);
    Ok(Some(records.iter().map(|r| r.texts(tags::REFERENCED_FILE_ID)).collect()))
}

fn dicomdir(
    path: &Path,
    listed: Vec<Vec<String>>,
    keep: Keep<'_>,
    progress: &dyn Progress,
) -> Result<Found, Error> {
    let folder = match path.parent() {
        Some(parent) if parent != Path::new("") => parent,
        _ => Path::new("."),
    };
    let mut paths = Vec::new();
    let mut skipped = Vec::new();
    for parts in listed.into_iter().filter(|parts| !parts.is_empty()) {
        match inside(folder, &parts) {
            Ok(path) => paths.push(path),
            Err(fault) => {
                // A path that would lead elsewhere is not repeated.
                let path = if fault == Fault::Outside {
                    path.to_owned()
                } else {
                    folder.join(parts.join("/"))
                };
                skipped.push(Skipped::new(path, &fault));
            }
        }
    }
    paths.sort();
    paths.dedup();
    skipped.dedup();
    let mut found = files(&paths, keep, progress)?;
    found.first_fault = found.first_fault.or((!skipped.is_empty()).then_some(Fault::Absent));
    found.skipped.splice(0..0, skipped);
    Ok(found)
}

/// A Referenced File ID as a regular file below `folder`; names may differ in case, as on a CD.
fn inside(folder: &Path, parts: &[String]) -> Result<PathBuf, Fault> {
    let mut path = folder.to_owned();
    for part in parts {
        let mut components = Path::new(part).components();
        match (components.next(), components.next()) {
            (Some(Component::Normal(name)), None) if name == part.as_str() => {}
            _ => return Err(Fault::Outside),
        }
        let spelled = [part.clone(), part.to_lowercase()].map(|name| path.join(name));
        path = spelled.into_iter().find(|p| p.symlink_metadata().is_ok()).ok_or(Fault::Absent)?;
        if path.symlink_metadata().is_ok_and(|m| m.is_symlink()) {
            return Err(Fault::Link);
        }
    }
    Ok(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_directory_cannot_lead_out_of_its_folder() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("images")).unwrap();
        fs::write(folder.path().join("images/im1"), b"x").unwrap();
        let look = |parts: &[&str]| {
            inside(folder.path(), &parts.iter().map(|&p| p.to_owned()).collect::<Vec<_>>())
        };
        assert!(look(&["IMAGES", "IM1"]).is_ok());
        for outside in
            [&["..", "x"][..], &["../x"], &["/etc/passwd"], &["", "etc"], &["images", ".."]]
        {
            assert_eq!(look(outside), Err(Fault::Outside), "{outside:?}");
        }
        assert_eq!(look(&["IMAGES", "IM2"]), Err(Fault::Absent));
    }
}
