//! Protocols as files: what is broken is said with the file's name and what to do about it.

use std::path::{Path, PathBuf};

use super::{Columns, Hanging};

/// Why a protocol cannot be read or kept.
#[derive(Debug, thiserror::Error)]
pub enum HangingError {
    #[error(
        "the hanging protocol is broken ({reason}); correct the file or move it elsewhere: {path}"
    )]
    Broken { path: PathBuf, reason: String },
    #[error("the hanging protocol cannot be read ({source}); check who may read it: {path}")]
    Unreadable { path: PathBuf, source: std::io::Error },
    #[error("the hanging protocol cannot be written ({source}); check the folder: {path}")]
    Unwritable { path: PathBuf, source: std::io::Error },
    #[error("a hanging protocol needs a name with a letter or a digit in it")]
    NoName,
    #[error("there is no folder for hanging protocols: start the program with one")]
    NoFolder,
    #[error("there is no layout that could be kept: open a study first")]
    NothingToKeep,
    #[error("no hanging protocol is called {0:?}")]
    Unknown(String),
    #[error("the study on show has not what the hanging protocol {0:?} needs")]
    DoesNotFit(String),
}

/// A larger file is no protocol.
const LARGEST: u64 = 1 << 20;
const MOST_COLUMNS: usize = 24;

/// A protocol from its text; the error says what is wrong and in which line.
pub(super) fn parse(text: &str) -> Result<Hanging, String> {
    let hanging: Hanging = toml::from_str(text).map_err(|e| told(&e, text))?;
    if hanging.title.trim().is_empty() {
        return Err("its title is empty".into());
    }
    match (&hanging.grid, hanging.panes.is_empty()) {
        (None, true) => return Err("it has neither [[panes]] nor a [grid]".into()),
        (Some(_), false) => return Err("it has both [[panes]] and a [grid]".into()),
        _ => {}
    }
    if let Some(Columns::Widths(widths)) = &hanging.columns {
        let sound = widths.iter().all(|w| w.is_finite() && *w > 0.0);
        if widths.is_empty() || widths.len() > MOST_COLUMNS || !sound {
            let say = format!("columns are 1 to {MOST_COLUMNS} widths, each above 0");
            return Err(say);
        }
    }
    let percents = hanging.panes.iter().filter_map(|p| p.upper_percent);
    if percents.clone().any(|p| !p.is_finite() || p <= 0.0) {
        return Err("upper_percent must be above 0".into());
    }
    Ok(hanging)
}

/// The parser's message in one line, with the line's number.
fn told(error: &toml::de::Error, text: &str) -> String {
    let message = error.message().lines().next().unwrap_or_default().to_owned();
    match error.span() {
        Some(span) => {
            let line = text[..span.start.min(text.len())].matches('\n').count() + 1;
            format!("line {line}: {message}")
        }
        None => message,
    }
}

/// The protocols of a folder, by file name, and what is wrong with the others. A folder that is not
/// there has none.
pub fn read_folder(folder: &Path) -> (Vec<Hanging>, Vec<HangingError>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return (Vec::new(), Vec::new()) };
    let mut paths: Vec<PathBuf> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|e| e == "toml"))
        .collect();
    paths.sort();
    let (mut read, mut broken) = (Vec::new(), Vec::new());
    for path in paths {
        match read_file(&path) {
            Ok(hanging) => read.push(hanging),
            Err(error) => broken.push(error),
        }
    }
    (read, broken)
}

fn read_file(path: &Path) -> Result<Hanging, HangingError> {
    let unreadable = |source| HangingError::Unreadable { path: path.into(), source };
    let broken = |reason: String| HangingError::Broken { path: path.into(), reason };
    if std::fs::metadata(path).map_err(unreadable)?.len() > LARGEST {
        return Err(broken("it is larger than a megabyte".into()));
    }
    let bytes = std::fs::read(path).map_err(unreadable)?;
    let text = String::from_utf8(bytes).map_err(|_| broken("it is not UTF-8 text".into()))?;
    parse(&text).map_err(broken)
}

/// Writes a protocol into a folder, which is made where it is missing; a protocol of that name is
/// replaced. Returns the file.
pub fn write(folder: &Path, hanging: &Hanging) -> Result<PathBuf, HangingError> {
    let path = folder.join(file_name(&hanging.title).ok_or(HangingError::NoName)?);
    let unwritable = |source| HangingError::Unwritable { path: path.clone(), source };
    let text = toml::to_string_pretty(hanging)
        .map_err(|e| unwritable(std::io::Error::other(e.to_string())))?;
    std::fs::create_dir_all(folder).map_err(unwritable)?;
    std::fs::write(&path, text).map_err(unwritable)?;
    Ok(path)
}

/// `three-phases-of-feet.toml`: a name that every file system takes.
fn file_name(title: &str) -> Option<String> {
    let mut name = String::new();
    for letter in title.trim().chars().take(80) {
        match letter.is_alphanumeric() {
            true => name.extend(letter.to_lowercase()),
            false if !name.is_empty() && !name.ends_with('-') => name.push('-'),
            false => {}
        }
    }
    let name = name.trim_end_matches('-');
    (!name.is_empty()).then(|| format!("{name}.toml"))
}

#[cfg(test)]
mod tests {
    use super::super::built_in;
    use super::*;

    #[test]
    fn ours_are_sound_and_survive_being_written() {
        assert_eq!(built_in().len(), 7);
        for hanging in built_in() {
            let text = toml::to_string_pretty(hanging).unwrap();
            assert_eq!(parse(&text).as_ref(), Ok(hanging), "{text}");
        }
    }

    #[test]
    fn a_broken_file_is_named_with_its_line_and_the_others_are_read() {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), &built_in()[0]).unwrap();
        let spoil = |name: &str, text: &str| {
            std::fs::write(folder.path().join(name), text).unwrap();
        };
        spoil("a.toml", "title = \"A\"\n\n[[panes]]\nwhich = { kinds = [\"hole body\"] }\n");
        spoil("b.toml", "title = \"B\"\n");
        spoil("c.toml", "title = \"C\"\ncolumns = [0.0]\n[[panes]]\nwhich = {}\n");
        spoil("d.toml", "title = \"D\"\n[[panes]]\nwhich = {}\ncolour = 3\n");
        spoil("notes.txt", "nothing to see");
        let (read, broken) = read_folder(folder.path());
        assert_eq!(read, built_in()[..1]);
        let said: Vec<String> = broken.iter().map(ToString::to_string).collect();
        assert_eq!(said.len(), 4, "{said:?}");
        assert!(said[0].contains("line 4") && said[0].ends_with("a.toml"), "{}", said[0]);
        assert!(said[1].contains("neither"), "{}", said[1]);
        assert!(said[2].contains("columns"), "{}", said[2]);
        assert!(said[3].contains("colour") && said[3].contains("correct"), "{}", said[3]);
        assert!(read_folder(&folder.path().join("nowhere")).0.is_empty());
    }

    #[test]
    fn file_names_are_tame() {
        assert_eq!(file_name("Feet: 3 phases / ANT").as_deref(), Some("feet-3-phases-ant.toml"));
        assert_eq!(file_name("../../etc").as_deref(), Some("etc.toml"));
        assert_eq!(file_name(" … "), None);
    }
}
