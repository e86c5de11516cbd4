//! The house rules: the map in `src/README.md` and the lists in README.md tell the truth.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use bonescope::text;
use bonescope::workbench::{Action, Menu};

/// One file of the source, taken apart.
struct Source {
    path: String,
    text: String,
    /// Comments and the insides of literals blanked out.
    code: String,
    strings: Vec<String>,
    /// Compiled for tests only.
    test: bool,
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn sources() -> Vec<Source> {
    let mut paths = Vec::new();
    collect(&root().join("src"), &mut paths);
    paths.sort();
    assert!(paths.len() > 50, "only {} files", paths.len());
    let mut sources: Vec<Source> = paths.iter().map(|path| read(path)).collect();
    let tests: BTreeSet<String> = sources.iter().flat_map(test_files).collect();
    assert!(sources.iter().any(|s| s.path == "src/workbench/mod.rs"));
    for source in &mut sources {
        source.test |= tests.contains(&source.path);
    }
    sources
}

fn collect(folder: &Path, paths: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => collect(&path, paths),
            false if path.extension().is_some_and(|e| e == "rs") => paths.push(path),
            false => {}
        }
    }
}

fn read(path: &Path) -> Source {
    let text = std::fs::read_to_string(path).unwrap();
    let (code, strings) = blanked(&text);
    let path = path.strip_prefix(root()).unwrap().to_string_lossy().replace('\\', "/");
    Source { path, text, code, strings, test: false }
}

/// The files that a `#[cfg(test)] mod name;` brings in.
fn test_files(source: &Source) -> Vec<String> {
    let folder = source.path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let marked = source.code.split("#[cfg(test)]").skip(1);
    marked
        .filter_map(|after| {
            let after = after.trim_start();
            let name = after.strip_prefix("pub ").unwrap_or(after).strip_prefix("mod ")?;
            let name = name.split_once(';')?.0;
            name.chars().all(|c| c.is_alphanumeric() || c == '_').then(|| name.to_owned())
        })
        .map(|name| format!("{folder}/{name}.rs"))
        .collect()
}

/// The code with comments and the insides of literals turned to spaces, and the string literals.
fn blanked(text: &str) -> (String, Vec<String>) {
    let letters: Vec<char> = text.chars().collect();
    let mut code = String::with_capacity(text.len());
    let mut strings = Vec::new();
    let mut at = 0;
    let starts = |at: usize, what: &str| {
        what.chars().enumerate().all(|(i, c)| letters.get(at + i) == Some(&c))
    };
    let word = |at: usize| at > 0 && (letters[at - 1].is_alphanumeric() || letters[at - 1] == '_');
    while at < letters.len() {
        if starts(at, "//") {
            while at < letters.len() && letters[at] != '\n' {
                at += 1;
            }
        } else if starts(at, "/*") {
            let mut depth = 0;
            loop {
                if starts(at, "/*") {
                    (depth, at) = (depth + 1, at + 2);
                } else if starts(at, "*/") {
                    (depth, at) = (depth - 1, at + 2);
                } else {
                    at += 1;
                }
                if depth == 0 || at >= letters.len() {
                    break;
                }
            }
        } else if letters[at] == 'r' && !word(at) && raw_hashes(&letters[at + 1..]).is_some() {
            let hashes = raw_hashes(&letters[at + 1..]).unwrap();
            let close = format!("\"{}", "#".repeat(hashes));
            let start = at + hashes + 2;
            let mut end = start;
            while end < letters.len() && !starts(end, &close) {
                end += 1;
            }
            strings.push(letters[start..end].iter().collect());
            code.push_str("\"\"");
            at = end + hashes + 1;
        } else if letters[at] == '"' {
            let start = at + 1;
            at = start;
            while at < letters.len() && letters[at] != '"' {
                at += if letters[at] == '\\' { 2 } else { 1 };
            }
            strings.push(letters[start..at.min(letters.len())].iter().collect());
            code.push_str("\"\"");
            at += 1;
        } else if letters[at] == '\'' && letters.get(at + 1) == Some(&'\\') {
            at += 3;
            while at < letters.len() && letters[at] != '\'' {
                at += 1;
            }
            code.push_str("' '");
            at += 1;
        } else if letters[at] == '\'' && letters.get(at + 2) == Some(&'\'') {
            code.push_str("' '");
            at += 3;
        } else {
            code.push(letters[at]);
            at += 1;
        }
    }
    (code, strings)
}

/// The number of `#` between an `r` and its quote.
fn raw_hashes(after: &[char]) -> Option<usize> {
    let hashes = after.iter().take_while(|c| **c == '#').count();
    (after.get(hashes) == Some(&'"')).then_some(hashes)
}

/// The code without its `#[cfg(test)] mod … { … }`.
fn without_tests(code: &str) -> String {
    let mut kept = String::new();
    let mut rest = code;
    while let Some(at) = rest.find("#[cfg(test)]") {
        kept.push_str(&rest[..at]);
        let after = &rest[at + "#[cfg(test)]".len()..];
        let open = after.find('{').unwrap_or(after.len());
        let end = after.find(';').unwrap_or(after.len());
        if end < open {
            rest = &after[end..];
            continue;
        }
        let mut depth = 0;
        let close = after.char_indices().skip_while(|(i, _)| *i < open).find(|(_, c)| {
            depth += match c {
                '{' => 1,
                '}' => -1,
                _ => 0,
            };
            depth == 0
        });
        rest = close.map_or("", |(i, _)| &after[i + 1..]);
    }
    kept + rest
}

impl Source {
    /// `measure` for `src/measure/sheet.rs` and `src/measure.rs`.
    fn module(&self) -> &str {
        let inner = self.path.strip_prefix("src/").unwrap();
        inner.split_once('/').map_or(inner.trim_end_matches(".rs"), |(module, _)| module)
    }

    /// How many `super::` lead from the file to the crate.
    fn depth(&self) -> usize {
        let folders = self.path.matches('/').count();
        if self.path.ends_with("/mod.rs") { folders - 1 } else { folders }
    }

    /// The crate's modules that the code names.
    fn crate_paths(&self) -> BTreeSet<String> {
        let mut used = BTreeSet::new();
        for (at, _) in self.code.match_indices("crate::") {
            let before = self.code[..at].chars().next_back();
            if !before.is_some_and(|c| c.is_alphanumeric() || c == '_') {
                first_names(&self.code[at + "crate::".len()..], &mut used);
            }
        }
        let up = "super::".repeat(self.depth());
        for (at, _) in self.code.match_indices(&up) {
            let rest = self.code[at + up.len()..].trim_start_matches("super::");
            let name = identifier(rest);
            if !name.is_empty() && root().join("src").join(name).is_dir() && rest.len() > name.len()
            {
                used.insert(name.to_owned());
            }
        }
        used
    }

    /// The crates that the code names at the head of a path.
    fn foreign(&self) -> BTreeSet<String> {
        let mut used = BTreeSet::new();
        for (at, _) in self.code.match_indices("::") {
            let head = self.code[..at].trim_end();
            let name_start = head
                .rfind(|c: char| !(c.is_alphanumeric() || c == '_'))
                .map_or(0, |i| i + head[i..].chars().next().map_or(1, char::len_utf8));
            if !head[..name_start].ends_with("::") {
                used.insert(head[name_start..].to_owned());
            }
        }
        used
    }
}

fn identifier(text: &str) -> &str {
    let end = text.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(text.len());
    &text[..end]
}

/// The first names of `a::b` or of each branch of `{a::b, c}`.
fn first_names(rest: &str, names: &mut BTreeSet<String>) {
    let Some(group) = rest.strip_prefix('{') else {
        names.insert(identifier(rest).to_owned());
        return;
    };
    let mut depth = 0;
    let mut branch = true;
    for (at, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => return,
            '}' => depth -= 1,
            ',' if depth == 0 => branch = true,
            c if branch && !c.is_whitespace() => {
                names.insert(identifier(&group[at..]).to_owned());
                branch = false;
            }
            _ => {}
        }
    }
}

/// The rows of the map: what each module may use.
fn map() -> BTreeMap<String, BTreeSet<String>> {
    let text = std::fs::read_to_string(root().join("src/README.md")).unwrap();
    let mut rows = BTreeMap::new();
    for line in text.lines().filter(|l| l.starts_with('|')) {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        if let [_, module, _, may_use] = cells.as_slice()
            && let Some(module) = module.strip_prefix('`').and_then(|m| m.strip_suffix('`'))
        {
            let may_use = may_use.split_whitespace().filter(|m| *m != "–").map(str::to_owned);
            rows.insert(module.to_owned(), may_use.collect());
        }
    }
    rows
}

#[test]
fn floors_hold() {
    let map = map();
    assert!(map.len() >= 14, "{map:?}");
    let mut wrong = Vec::new();
    for source in sources() {
        if ["src/lib.rs", "src/main.rs"].contains(&source.path.as_str()) {
            continue;
        }
        let module = source.module();
        let may_use = map.get(module).unwrap_or_else(|| panic!("{module} is not on the map"));
        for used in source.crate_paths() {
            if used != module && !may_use.contains(&used) {
                wrong.push(format!("{}: {module} may not use {used}", source.path));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_module_uses_what_stands_above_it() {
    let modules: Vec<String> = {
        let text = std::fs::read_to_string(root().join("src/lib.rs")).unwrap();
        let named = |l: &str| Some(l.strip_prefix("pub mod ")?.strip_suffix(';')?.to_owned());
        text.lines().filter_map(named).collect()
    };
    let map = map();
    assert_eq!(modules.iter().collect::<BTreeSet<_>>(), map.keys().collect::<BTreeSet<_>>());
    for (at, module) in modules.iter().enumerate() {
        for used in &map[module] {
            assert!(modules[..at].contains(used), "{used} does not stand above {module}");
        }
    }
}

#[test]
fn foreign_crates_stay_at_home() {
    let home = |name: &str| -> Option<&[&str]> {
        match name {
            "clap" | "clap_complete" | "clap_mangen" | "indicatif" => Some(&["cli"]),
            "rfd" => Some(&["ui"]),
            "eframe" | "wgpu" | "bytemuck" | "pollster" => Some(&["gpu", "ui"]),
            "fluent_bundle" | "unic_langid" => Some(&["text"]),
            _ if name.starts_with("egui") => Some(&["gpu", "ui"]),
            _ if name.starts_with("typst") => Some(&["report"]),
            _ if name.starts_with("dicom_") => Some(&["dicom"]),
            _ => None,
        }
    };
    let mut seen = BTreeSet::new();
    let mut wrong = Vec::new();
    for source in sources() {
        for name in source.foreign() {
            if let Some(home) = home(&name) {
                if !home.contains(&source.module()) {
                    wrong.push(format!("{}: {name}", source.path));
                }
                seen.insert(name);
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    for crate_ in ["clap", "dicom_object", "egui", "fluent_bundle", "typst", "wgpu"] {
        assert!(seen.contains(crate_), "{crate_} was not seen at all: {seen:?}");
    }
}

#[test]
fn only_tests_unwrap() {
    let mut wrong = Vec::new();
    for source in sources().iter().filter(|s| !s.test) {
        for line in without_tests(&source.code).lines().filter(|l| l.contains(".unwrap()")) {
            wrong.push(format!("{}: {}", source.path, line.trim()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn only_the_terminal_prints() {
    let mut wrong = Vec::new();
    for source in sources().iter().filter(|s| !s.test && s.module() != "cli") {
        let code = without_tests(&source.code);
        for print in ["println!", "eprintln!", "print!(", "dbg!"] {
            if code.contains(print) {
                wrong.push(format!("{}: {print}", source.path));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_file_says_what_it_is_for() {
    for source in sources() {
        let first = source.text.lines().next().unwrap_or_default();
        let says = first.starts_with("//! ") || first.starts_with("#![doc");
        assert!(says, "{} begins with {first:?}", source.path);
    }
}

#[test]
fn words_used_and_words_there_are_the_same() {
    let keys: BTreeSet<&str> = text::keys().collect();
    assert!(keys.len() > 100);
    let sources = sources();
    let mut missing = Vec::new();
    for source in &sources {
        // The tests of `text` ask for a key that is not there.
        let code = without_tests(&source.code);
        let literals = code.matches("\"\"").count();
        let strings = source.strings.iter().take(literals).map(String::as_str);
        for (at, key) in code.match_indices("\"\"").map(|(at, _)| at).zip(strings) {
            let called = code[..at].trim_end();
            let called = ["t(", "tr("].iter().any(|call| {
                called.strip_suffix(call).is_some_and(|before| {
                    !before.ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == '.')
                })
            });
            if called && !source.test && !keys.contains(key) {
                missing.push(format!("{}: {key}", source.path));
            }
        }
    }
    for action in Action::all() {
        if !keys.contains(&*action.key()) {
            missing.push(action.key());
        }
    }
    assert!(missing.is_empty(), "no words for\n{}", missing.join("\n"));

    let strings: BTreeSet<&str> =
        sources.iter().flat_map(|s| s.strings.iter().map(String::as_str)).collect();
    // `format!("action-{}", …)` uses every key that begins so.
    let built: Vec<&str> = strings
        .iter()
        .filter_map(|s| s.split_once('{'))
        .map(|(prefix, _)| prefix)
        .filter(|p| p.len() > 3 && p.ends_with('-') && !p.contains(' '))
        .collect();
    let used = |key: &&str| strings.contains(key) || built.iter().any(|p| key.starts_with(p));
    let idle: Vec<&str> = keys.iter().copied().filter(|key| !used(key)).collect();
    assert!(idle.is_empty(), "nobody says\n{}", idle.join("\n"));
}

/// The table of keys in README.md; `UPDATE_README=1 cargo test keys` writes it.
#[test]
fn the_readme_lists_the_keys() {
    let mut table = String::from("| Menu | Action | Keys |\n| --- | --- | --- |\n");
    for menu in Menu::ALL {
        for action in Action::all().filter(|a| a.menu == menu) {
            let keys: Vec<String> = action.chords().map(|c| format!("`{c}`")).collect();
            if !keys.is_empty() {
                let row = [menu.label(), action.label(), keys.join(", ")];
                table += &format!("| {} |\n", row.join(" | "));
            }
        }
    }
    let path = root().join("README.md");
    let readme = std::fs::read_to_string(&path).unwrap();
    let (open, close) = ("<!-- keys: written by the test suite -->\n", "<!-- /keys -->");
    let (before, rest) = readme.split_once(open).expect("the table has a place");
    let (there, after) = rest.split_once(close).expect("the table's place ends");
    if std::env::var_os("UPDATE_README").is_some_and(|v| v == "1") {
        std::fs::write(&path, format!("{before}{open}{table}{close}{after}")).unwrap();
        return;
    }
    assert_eq!(there, table, "run UPDATE_README=1 cargo test keys");
}

/// The rules above are only as good as what they see.
#[test]
fn the_scanner_sees_through_comments_and_strings() {
    let text = "// crate::ui\n/* crate::gpu /* */ */ let s = \"crate::ui\\\" x\"; let r = r#\"crate::ui\"#; \
                let c = '\"'; use crate::{study::{A, B}, geometry::C}; fn f<'a>(x: &'a str) { crate::units::Mm; }";
    let (code, strings) = blanked(text);
    let source =
        Source { path: "src/x/y.rs".into(), text: text.into(), code, strings, test: false };
    let used: Vec<String> = source.crate_paths().into_iter().collect();
    assert_eq!(used, ["geometry", "study", "units"]);
    assert_eq!(source.strings, ["crate::ui\\\" x", "crate::ui"]);
    let tested = "a #[cfg(test)] mod tests { { b } } c #[cfg(test)] mod sample; d";
    assert_eq!(without_tests(tested), "a  c ; d");
}
