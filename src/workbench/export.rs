//! Writing reports: composed from a snapshot, written whole or not at all.

use std::io::Write;
use std::path::{Path, PathBuf};

use crate::picture;
use crate::report::{self, Report, ReportError};
use crate::study::Identity;

use super::reading::Snapshot;
use super::{Export, Format, report_pictures};

#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    #[error("the file exists already; choose another name or allow replacing it: {0}")]
    Exists(PathBuf),
    #[error("could not write the file ({reason}): {path}")]
    Unwritable { path: PathBuf, reason: std::io::Error },
    #[error("the report template cannot be read ({reason}): {path}")]
    Template { path: PathBuf, reason: std::io::Error },
    #[error("this build cannot write PDF; it was made without the feature `pdf`")]
    NoPdf,
    #[error(transparent)]
    Report(#[from] ReportError),
}

/// A department's own report template, read into memory.
#[derive(Clone, Debug, PartialEq)]
pub struct TemplateFile {
    name: String,
    source: String,
}

impl TemplateFile {
    pub fn read(path: &Path) -> Result<Self, ExportError> {
        let source = std::fs::read_to_string(path)
            .map_err(|reason| ExportError::Template { path: path.into(), reason })?;
        let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
        Ok(Self { name, source })
    }

    #[cfg(feature = "pdf")]
    pub fn as_template(&self) -> report::Template<'_> {
        report::Template { name: &self.name, source: &self.source }
    }
}

/// Composes the report of a snapshot and renders it.
pub fn render_report(
    snapshot: &Snapshot,
    format: Format,
    identity: Identity,
    template: Option<&TemplateFile>,
) -> Result<Vec<u8>, ExportError> {
    let report = compose(snapshot, identity)?;
    Ok(match format {
        #[cfg(feature = "pdf")]
        Format::Pdf => report::pdf(&report, template.map(TemplateFile::as_template))?,
        #[cfg(not(feature = "pdf"))]
        Format::Pdf => {
            let _ = template;
            return Err(ExportError::NoPdf);
        }
        Format::Png => report::png(&report, &picture::paint, 2.0)?,
        Format::Csv => report::csv(&report)?.into_bytes(),
        Format::Json => report::json(&report)?.into_bytes(),
    })
}

/// The report as plain data, pictures included.
pub fn compose(snapshot: &Snapshot, identity: Identity) -> Result<Report, ReportError> {
    let Snapshot { study, findings, sheet, made_at, .. } = snapshot;
    let pictures = report_pictures(snapshot, identity)?;
    let report = report::compose(study, findings, sheet, pictures, identity);
    Ok(Report { made_at: *made_at, ..report })
}

pub(super) fn write(snapshot: &Snapshot, request: &Export) -> Result<(), ExportError> {
    let Export { path, format, identity, template, force, made_at } = request;
    if path.exists() && !force {
        return Err(ExportError::Exists(path.clone()));
    }
    let template = template.as_deref().map(TemplateFile::read).transpose()?;
    let snapshot = &Snapshot { made_at: *made_at, ..snapshot.clone() };
    let bytes = render_report(snapshot, *format, *identity, template.as_ref())?;
    write_new(path, &bytes, *force)
}

/// Writes a file under a temporary name and renames it, so that a reader never meets half of it.
/// An existing file is replaced only with `force`.
pub fn write_new(path: &Path, bytes: &[u8], force: bool) -> Result<(), ExportError> {
    if path.exists() && !force {
        return Err(ExportError::Exists(path.into()));
    }
    replace(path, bytes).map_err(|reason| ExportError::Unwritable { path: path.into(), reason })
}

pub(super) fn replace(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let name = path.file_name().ok_or_else(|| {
        std::io::Error::new(std::io::ErrorKind::InvalidInput, "the path names no file")
    })?;
    let mut partial = name.to_owned();
    partial.push(format!(".{}.partial", std::process::id()));
    let partial = path.with_file_name(partial);
    let written = std::fs::File::create(&partial)
        .and_then(|mut file| file.write_all(bytes).and_then(|()| file.sync_all()))
        .and_then(|()| std::fs::rename(&partial, path));
    if written.is_err() {
        let _ = std::fs::remove_file(&partial);
    }
    written
}
