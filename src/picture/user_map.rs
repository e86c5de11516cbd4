//! Colour maps that the reader loaded: kept once each until the program ends.

use std::hash::{Hash, Hasher};
use std::sync::{PoisonError, RwLock};

use super::ColorTable;

/// A loaded colour map. Copies are cheap: every one of them means the same table.
#[derive(Clone, Copy)]
pub struct UserMap(&'static Kept);

struct Kept {
    place: usize,
    /// `user:` and the name.
    written: String,
    table: ColorTable,
}

/// How many can be loaded: painters set aside a row of colours for each.
pub const MOST_USER_MAPS: usize = 64;

/// No more maps can be taken in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("64 colour maps are loaded already; start the program anew to load others")]
pub struct TooManyMaps;

// Only ever added to, so that a `UserMap` means the same colours wherever it is kept: in a pane, in
// a script, on the graphics card.
static KEPT: RwLock<Vec<&'static Kept>> = RwLock::new(Vec::new());

impl UserMap {
    /// Takes in a table under a name. The same table under the same name is the same map; another
    /// table under a name that is taken gets a number behind it.
    pub fn keep(name: &str, table: ColorTable) -> Result<Self, TooManyMaps> {
        // Nothing panics while holding the lock, and the list is whole even if something did.
        let mut kept = KEPT.write().unwrap_or_else(PoisonError::into_inner);
        let name = match name.trim() {
            "" => "lut",
            name => name,
        };
        let mut written = format!("user:{name}");
        let mut number = 1;
        while let Some(known) = kept.iter().find(|k| k.written == written) {
            if known.table == table {
                return Ok(Self(known));
            }
            number += 1;
            written = format!("user:{name} {number}");
        }
        if kept.len() >= MOST_USER_MAPS {
            return Err(TooManyMaps);
        }
        let place = kept.len();
        let map: &'static Kept = Box::leak(Box::new(Kept { place, written, table }));
        kept.push(map);
        Ok(Self(map))
    }

    /// By the name that `name` gives.
    pub fn named(name: &str) -> Option<Self> {
        Self::all().find(|map| map.name() == name)
    }

    /// In the order of their loading.
    pub fn all() -> impl Iterator<Item = Self> {
        KEPT.read().unwrap_or_else(PoisonError::into_inner).clone().into_iter().map(Self)
    }

    /// The file's name without its ending, with a number where that was taken.
    pub fn name(self) -> &'static str {
        self.0.written.strip_prefix("user:").unwrap_or(&self.0.written)
    }

    /// With `user:` before it.
    pub(super) fn written(self) -> &'static str {
        &self.0.written
    }

    pub fn table(self) -> &'static ColorTable {
        &self.0.table
    }

    /// 0 for the first that was loaded.
    pub fn place(self) -> usize {
        self.0.place
    }
}

impl PartialEq for UserMap {
    fn eq(&self, other: &Self) -> bool {
        self.place() == other.place()
    }
}

impl Eq for UserMap {}

impl Hash for UserMap {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.place().hash(state);
    }
}

impl std::fmt::Debug for UserMap {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.written())
    }
}

#[cfg(test)]
mod tests {
    use super::super::Colormap;
    use super::*;

    #[test]
    fn a_map_is_kept_once_and_found_by_its_name() {
        let one = std::array::from_fn(|i| [i as u8, 7, 0]);
        let other = std::array::from_fn(|i| [i as u8, 8, 0]);
        let first = UserMap::keep("kept once", one).unwrap();
        assert_eq!(UserMap::keep("kept once", one).unwrap(), first);
        let second = UserMap::keep("kept once", other).unwrap();
        assert_ne!(first, second);
        assert_eq!((first.name(), second.name()), ("kept once", "kept once 2"));
        assert_eq!(UserMap::named("kept once 2"), Some(second));

        let map = Colormap::User(first);
        assert_eq!(map.table(), &one);
        let written = serde_json::to_string(&map).unwrap();
        assert_eq!(written, "\"user:kept once\"");
        assert_eq!(serde_json::from_str::<Colormap>(&written).unwrap(), map);
        assert_eq!(Colormap::all()[map.row()], map);
    }
}
