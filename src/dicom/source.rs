//! Where a file's bytes come from: regular files and memory, and nothing that blocks or never ends.

use std::fs::File;
use std::io::{self, BufReader, Cursor, Read, Seek, SeekFrom};
use std::path::Path;
use std::sync::Arc;

use super::fault::Fault;

/// Nothing longer is opened as a whole.
pub(super) const LARGEST: u64 = 16 << 30;

/// A run of bytes in a source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Span {
    pub offset: u64,
    pub length: u64,
}

enum Bytes {
    File(BufReader<File>),
    Memory(Cursor<Arc<[u8]>>),
}

/// Bytes that can be read from any place.
pub(super) struct Source {
    bytes: Bytes,
    position: u64,
    length: u64,
}

impl Source {
    /// Opens regular files only: opening a pipe would block, and a device never ends.
    pub fn open(path: &Path) -> Result<Self, Fault> {
        if !std::fs::metadata(path)?.is_file() {
            return Err(Fault::NotRegular);
        }
        let file = File::open(path)?;
        let metadata = file.metadata()?;
        if !metadata.is_file() {
            return Err(Fault::NotRegular);
        }
        let length = metadata.len();
        if length > LARGEST {
            return Err(Fault::TooLarge { size: length >> 20, limit: LARGEST >> 20 });
        }
        let bytes = Bytes::File(BufReader::with_capacity(16 << 10, file));
        Ok(Self { bytes, position: 0, length })
    }

    pub fn memory(bytes: Arc<[u8]>) -> Self {
        let length = bytes.len() as u64;
        Self { bytes: Bytes::Memory(Cursor::new(bytes)), position: 0, length }
    }

    pub fn length(&self) -> u64 {
        self.length
    }

    /// Fills `buffer` from `offset` on.
    pub fn read(&mut self, offset: u64, buffer: &mut [u8]) -> io::Result<()> {
        match &mut self.bytes {
            Bytes::File(file) => {
                if offset != self.position {
                    file.seek_relative(offset as i64 - self.position as i64)?;
                }
                self.position = offset;
                file.read_exact(buffer)?;
            }
            Bytes::Memory(memory) => {
                memory.seek(SeekFrom::Start(offset))?;
                memory.read_exact(buffer)?;
            }
        }
        self.position = offset + buffer.len() as u64;
        Ok(())
    }

    /// A span as bytes of its own. The caller has checked its length against the source's.
    pub fn span(&mut self, span: Span) -> io::Result<Vec<u8>> {
        let length = usize::try_from(span.length).map_err(|_| io::ErrorKind::OutOfMemory)?;
        let mut buffer = Vec::new();
        buffer.try_reserve_exact(length).map_err(|_| io::ErrorKind::OutOfMemory)?;
        buffer.resize(length, 0);
        self.read(span.offset, &mut buffer)?;
        Ok(buffer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_and_memory_read_alike() {
        let bytes: Vec<u8> = (0..=255).collect();
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("bytes");
        std::fs::write(&path, &bytes).unwrap();
        let mut memory = Source::memory(bytes.into());
        let mut file = Source::open(&path).unwrap();
        for (offset, length) in [(10, 4), (200, 56), (0, 1), (3, 3)] {
            let span = Span { offset, length };
            assert_eq!(memory.span(span).unwrap(), file.span(span).unwrap());
        }
        assert!(memory.span(Span { offset: 250, length: 7 }).is_err());
        assert!(file.span(Span { offset: 250, length: 7 }).is_err());
    }

    #[test]
    fn a_folder_is_no_file() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(Source::open(folder.path()).err(), Some(Fault::NotRegular));
    }
}
