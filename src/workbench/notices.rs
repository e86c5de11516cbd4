//! What the reader should know: problems that did not stop us, and things done.

use std::path::{Path, PathBuf};

use crate::dicom::Skipped;
use crate::text;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoticeKind {
    Done,
    Warning,
    Error,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// Counts up, so that a window can tell new from shown.
    pub number: u64,
    pub kind: NoticeKind,
    pub text: String,
    /// One line each; shown on request.
    pub details: Vec<String>,
}

#[derive(Default)]
pub struct Notices {
    all: Vec<Notice>,
    next: u64,
}

impl Notices {
    pub fn all(&self) -> &[Notice] {
        &self.all
    }

    pub fn clear(&mut self) {
        self.all.clear();
    }

    pub fn error(&mut self, text: String) {
        self.add(NoticeKind::Error, text, Vec::new());
    }

    pub fn warning(&mut self, text: String, details: Vec<String>) {
        self.add(NoticeKind::Warning, text, details);
    }

    pub fn done(&mut self, text: String) {
        self.add(NoticeKind::Done, text, Vec::new());
    }

    pub fn cancelled(&mut self) {
        self.add(NoticeKind::Done, text::t("notice-cancelled"), Vec::new());
    }

    pub fn exported(&mut self, path: PathBuf) {
        let text = text::tr("notice-written", &[("path", path.display().to_string().into())]);
        self.add(NoticeKind::Done, text, Vec::new());
    }

    /// Says what could not be read; silent when everything could.
    pub fn opened(&mut self, _source: &Path, studies: usize, skipped: Vec<Skipped>) {
        if studies > 0 && skipped.is_empty() {
            return;
        }
        let details: Vec<String> =
            skipped.iter().map(|s| format!("{}: {}", s.path.display(), s.reason)).collect();
        let count = details.len().into();
        let (kind, key) = match studies {
            0 => (NoticeKind::Error, "notice-nothing-readable"),
            _ => (NoticeKind::Warning, "notice-skipped"),
        };
        self.add(kind, text::tr(key, &[("count", count)]), details);
    }

    fn add(&mut self, kind: NoticeKind, text: String, details: Vec<String>) {
        self.next += 1;
        self.all.push(Notice { number: self.next, kind, text, details });
    }
}
