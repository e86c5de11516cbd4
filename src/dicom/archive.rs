//! Zip archives, read in memory: no entry ever becomes a file, so no name can do harm.

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use zip::ZipArchive;

use super::charset::clean;
use super::fault::Fault;
use super::image;
use super::scan::{Found, guarded};
use super::source::Source;
use super::{Error, Keep, Progress};

/// Unpacked bytes of one entry.
const LARGEST_ENTRY: u64 = 512 << 20;
/// Beyond this size an entry must not have been packed a hundredfold: pictures never are.
const SUSPICIOUS: u64 = 32 << 20;
const RATIO: u64 = 100;
/// Entries unpacked at once, and their bytes together.
const BATCH: usize = 16;
const BATCH_BYTES: u64 = 256 << 20;

/// By its first bytes, whatever its name.
pub(super) fn is_zip(path: &Path) -> Result<bool, Fault> {
    let mut source = Source::open(path)?;
    let mut magic = [0; 4];
    if source.length() < 4 {
        return Ok(false);
    }
    source.read(0, &mut magic)?;
    Ok(matches!(magic, [b'P', b'K', 3, 4] | [b'P', b'K', 5, 6]))
}

pub(super) fn read(path: &Path, keep: Keep<'_>, progress: &dyn Progress) -> Result<Found, Error> {
    let unusable = |fault| Error::Unusable { fault, path: path.into() };
    let file = File::open(path).map_err(|e| unusable(e.into()))?;
    let mut archive =
        ZipArchive::new(BufReader::new(file)).map_err(|_| unusable(Fault::ArchiveDamaged))?;
    let total = archive.len();
    let mut found = Found::default();
    let mut next = 0;
    while next < total {
        if progress.cancelled() {
            return Err(Error::Cancelled);
        }
        let mut batch: Vec<(PathBuf, Result<Vec<u8>, Fault>)> = Vec::new();
        let mut held = 0;
        while next < total && batch.len() < BATCH && held < BATCH_BYTES {
            if let Some((name, bytes)) = entry(&mut archive, next, path) {
                held += bytes.as_ref().map_or(0, |b| b.len() as u64);
                batch.push((name, bytes));
            }
            next += 1;
        }
        found.files += batch.len();
        let results: Vec<_> = batch
            .into_par_iter()
            .map(|(name, bytes)| {
                let read = || {
                    let bytes = bytes?;
                    if bytes.starts_with(b"PK\x03\x04") {
                        return Err(Fault::NestedArchive);
                    }
                    image::read(Source::memory(bytes.into()), name.clone(), keep)
                };
                let part = guarded(read);
                (name, part)
            })
            .collect();
        results.into_iter().for_each(|(name, part)| found.take(name, part));
        progress.advance(next, total);
    }
    Ok(found)
}

/// One entry's name, for messages only, and its bytes; `None` for a folder.
fn entry(
    archive: &mut ZipArchive<BufReader<File>>,
    index: usize,
    path: &Path,
) -> Option<(PathBuf, Result<Vec<u8>, Fault>)> {
    let place = |name: &str| path.join(clean(name).trim_start_matches(['/', '\\']));
    let entry = match archive.by_index(index) {
        Ok(entry) => entry,
        Err(zip::result::ZipError::UnsupportedArchive(_)) => {
            return Some((place(&format!("entry {index}")), Err(Fault::Encrypted)));
        }
        Err(_) => return Some((place(&format!("entry {index}")), Err(Fault::ArchiveDamaged))),
    };
    if entry.is_dir() {
        return None;
    }
    let name = place(&String::from_utf8_lossy(entry.name_raw()));
    if entry.is_symlink() {
        return Some((name, Err(Fault::Link)));
    }
    let packed = entry.compressed_size();
    let limit = match packed.saturating_mul(RATIO) {
        small if small < SUSPICIOUS => SUSPICIOUS,
        most => most.min(LARGEST_ENTRY),
    };
    let mut bytes = Vec::new();
    let read = match entry.take(limit + 1).read_to_end(&mut bytes) {
        Ok(_) if bytes.len() as u64 > limit => Err(Fault::DeflateBomb(limit >> 20)),
        Ok(_) => Ok(bytes),
        Err(_) => Err(Fault::ArchiveDamaged),
    };
    Some((name, read))
}
