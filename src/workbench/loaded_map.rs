//! Colour maps from the reader's files.

use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use super::{Show, Workbench};
use crate::picture::{Colormap, LARGEST_LUT, LutError, TooManyMaps, UserMap, read_lut};
use crate::text::tr;

/// Why a file gave no colour map.
#[derive(Debug, thiserror::Error)]
pub enum ColormapFileError {
    #[error("the colour map cannot be read ({0}): {1}")]
    Read(#[source] std::io::Error, PathBuf),
    #[error("the file is far larger than a colour map; choose a .lut file: {0}")]
    TooLarge(PathBuf),
    #[error("{0}: {1}")]
    Table(#[source] LutError, PathBuf),
    #[error("{0}: {1}")]
    Full(#[source] TooManyMaps, PathBuf),
}

/// Reads a colour table (ImageJ, NIH Image or text; see `picture::read_lut`) and keeps it under the
/// file's name without its ending.
pub fn load_colormap(path: &Path) -> Result<Colormap, ColormapFileError> {
    let refused = |error| ColormapFileError::Read(error, path.to_owned());
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(refused)?;
    file.take(LARGEST_LUT as u64 + 1).read_to_end(&mut bytes).map_err(refused)?;
    if bytes.len() > LARGEST_LUT {
        return Err(ColormapFileError::TooLarge(path.to_owned()));
    }
    let table = read_lut(&bytes).map_err(|e| ColormapFileError::Table(e, path.to_owned()))?;
    let name = path.file_stem().map(|stem| stem.to_string_lossy()).unwrap_or_default();
    UserMap::keep(&name, table)
        .map(Colormap::User)
        .map_err(|e| ColormapFileError::Full(e, path.to_owned()))
}

impl Workbench {
    /// Loads a colour map and shows the active pane in it.
    pub(super) fn load_colormap(&mut self, path: &Path) {
        match load_colormap(path) {
            Ok(colormap) => {
                if let Some(pane) = self.workspace().map(|w| w.active) {
                    self.show(Show::Colormap { pane, colormap });
                }
                let name = colormap.name().trim_start_matches("user:");
                self.notices.done(tr("colormap-loaded", &[("name", name.into())]));
            }
            Err(error) => self.notices.error(error.to_string()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workbench::Command;

    #[test]
    fn a_file_becomes_a_map_or_says_why_not() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("my fire.lut");
        let bytes: Vec<u8> = (0..768).map(|i| (i % 251) as u8).collect();
        std::fs::write(&path, &bytes).unwrap();
        let map = load_colormap(&path).unwrap();
        assert_eq!(map.name(), "user:my fire");
        assert_eq!(map.table()[3], [3, (259 % 251) as u8, (515 % 251) as u8]);

        let mut bench = Workbench::new();
        std::fs::write(&path, &bytes[..700]).unwrap();
        bench.handle(Command::LoadColormap(path.clone()));
        let said = &bench.notices()[0].text;
        assert!(said.contains("700 bytes") && said.ends_with("my fire.lut"), "{said}");
        let missing = load_colormap(&folder.path().join("none.lut")).unwrap_err();
        assert!(missing.to_string().contains("none.lut"));
        std::fs::write(&path, vec![7; LARGEST_LUT + 9]).unwrap();
        assert!(matches!(load_colormap(&path), Err(ColormapFileError::TooLarge(_))));
    }
}
