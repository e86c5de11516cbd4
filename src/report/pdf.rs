//! The report as PDF, through a Typst template compiled in process.
//!
//! The template reads `report.json` and the PNG files it names from memory; it sees no file of
//! the machine, loads no package, and finds no fonts but ours. The result is PDF/A-2a (ISO
//! 19005-2) and PDF/UA-1 (ISO 14289-1): an archive can keep it, a screen reader can read it.

use std::collections::HashMap;
use std::sync::LazyLock;

use chrono::{Datelike, NaiveDateTime, Timelike};
use image::RgbaImage;
use serde_json::Value;
use typst::diag::{FileError, FileResult, SourceDiagnostic};
use typst::foundations::{Bytes, Datetime, Duration, Smart};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::{LazyHash, Scalar};
use typst::{Library, LibraryExt, World, WorldExt};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards, Timestamp};
use typst_render::RenderOptions;

use crate::text::t;

use super::printed::{Printed, picture_file};
use super::{Report, ReportError};

const BUILT_IN: &str = include_str!("../../assets/report/report.typ");

static FONTS: LazyLock<Vec<Font>> = LazyLock::new(|| {
    let files: [&[u8]; 3] = [
        include_bytes!("../../assets/fonts/NotoSans-Regular.ttf"),
        include_bytes!("../../assets/fonts/NotoSans-Bold.ttf"),
        include_bytes!("../../assets/fonts/NotoSansSC-subset.otf"),
    ];
    files.into_iter().flat_map(|file| Font::iter(Bytes::new(file))).collect()
});

static BOOK: LazyLock<LazyHash<FontBook>> =
    LazyLock::new(|| LazyHash::new(FontBook::from_fonts(FONTS.iter())));

static LIBRARY: LazyLock<LazyHash<Library>> = LazyLock::new(|| LazyHash::new(Library::default()));

/// A department's own template. It is fed like the built-in one, which is the best place to start.
#[derive(Clone, Copy, Debug)]
pub struct Template<'a> {
    /// What errors call it.
    pub name: &'a str,
    pub source: &'a str,
}

/// The Typst source of the template that reports use by default.
pub fn built_in_template() -> &'static str {
    BUILT_IN
}

/// The report as PDF. The same report gives the same bytes.
pub fn pdf(report: &Report, template: Option<Template<'_>>) -> Result<Vec<u8>, ReportError> {
    let desk = Desk::new(report, template)?;
    let document = desk.typeset()?;
    let standards = PdfStandards::new(&[PdfStandard::A_2a, PdfStandard::Ua_1])
        .map_err(|e| ReportError::Pdf(e.message().to_string()))?;
    let options = PdfOptions {
        ident: Smart::Custom(desk.json.clone()),
        creator: Smart::Custom(Some(report.program.clone())),
        timestamp: Some(Timestamp::new_utc(datetime(report.dated())?)),
        standards,
        ..PdfOptions::default()
    };
    let bytes = typst_pdf::pdf(&document, &options).map_err(|errors| desk.complain(&errors));
    forget();
    bytes
}

/// The pages as pictures, for a preview. A page is A4 in the built-in template: 595 × 842 points.
pub fn pages(
    report: &Report,
    template: Option<Template<'_>>,
    pixels_per_point: f64,
) -> Result<Vec<RgbaImage>, ReportError> {
    let desk = Desk::new(report, template)?;
    let document = desk.typeset()?;
    let pixel_per_pt = Scalar::new(pixels_per_point.clamp(0.1, 10.0));
    let options = RenderOptions { pixel_per_pt, ..RenderOptions::default() };
    let pages = document
        .pages()
        .iter()
        .map(|page| {
            let picture = typst_render::render(page, &options);
            let (width, height) = (picture.width(), picture.height());
            let mut rgba = Vec::with_capacity(picture.pixels().len() * 4);
            for pixel in picture.pixels() {
                let pixel = pixel.demultiply();
                rgba.extend([pixel.red(), pixel.green(), pixel.blue(), pixel.alpha()]);
            }
            RgbaImage::from_raw(width, height, rgba)
                .ok_or_else(|| ReportError::Pdf("a page has no size".to_owned()))
        })
        .collect();
    forget();
    pages
}

/// Typst remembers what it computed; a preview that changes with every keystroke would otherwise
/// fill the memory.
fn forget() {
    typst::comemo::evict(8);
}

/// What a template can see: itself, the document, its pictures, our fonts.
struct Desk {
    main: Source,
    name: String,
    json: String,
    files: HashMap<FileId, Bytes>,
}

impl Desk {
    fn new(report: &Report, template: Option<Template<'_>>) -> Result<Self, ReportError> {
        let template = template.unwrap_or(Template { name: "report.typ", source: BUILT_IN });
        let json =
            serde_json::to_string_pretty(&printable(serde_json::to_value(Printed::of(report))?))?;
        let mut files = HashMap::from([(id("report.json")?, Bytes::from_string(json.clone()))]);
        for (i, image) in report.images.iter().enumerate() {
            files.insert(id(&picture_file(i))?, Bytes::new(image.png.clone()));
        }
        Ok(Self {
            main: Source::new(id("report.typ")?, template.source.to_owned()),
            name: template.name.to_owned(),
            json,
            files,
        })
    }

    fn typeset(&self) -> Result<PagedDocument, ReportError> {
        let result = typst::compile::<PagedDocument>(self);
        for warning in &result.warnings {
            tracing::debug!(place = self.place(warning), problem = %warning.message, "template");
        }
        result.output.map_err(|errors| self.complain(&errors))
    }

    fn complain(&self, errors: &[SourceDiagnostic]) -> ReportError {
        match errors.first() {
            Some(error) => ReportError::Template {
                problem: error.message.to_string(),
                place: self.place(error),
            },
            None => ReportError::Pdf("no reason was given".to_owned()),
        }
    }

    /// `file:line:column`, or the file alone.
    fn place(&self, problem: &SourceDiagnostic) -> String {
        let in_template = problem.span.id() == Some(self.main.id());
        // A problem inside a function has the place of its call as its trace.
        let range = if in_template { self.range(problem.span) } else { None };
        let position = range.and_then(|range| self.main.lines().byte_to_line_column(range.start));
        match (problem.span.id(), position) {
            (_, Some((line, column))) => format!("{}:{}:{}", self.name, line + 1, column + 1),
            (Some(file), None) if !in_template => file.vpath().get_without_slash().to_owned(),
            _ => self.name.clone(),
        }
    }
}

/// PDF/A forbids letters that no embedded font has, and one rare name must not cost the report:
/// such letters print as `□`, and the remarks say so.
fn printable(mut document: Value) -> Value {
    let mut replaced = false;
    replace_letters(&mut document, &mut replaced);
    if let (true, Some(Value::Array(remarks))) = (replaced, document.get_mut("remarks")) {
        remarks.push(t("report-remark-letters").into());
    }
    document
}

fn replace_letters(value: &mut Value, replaced: &mut bool) {
    match value {
        Value::String(text) if text.chars().any(|c| !has_letter(c)) => {
            *text = text
                .chars()
                .map(|c| match c {
                    _ if has_letter(c) => c,
                    _ if c.is_control() || c == '\u{feff}' => ' ',
                    _ => {
                        *replaced = true;
                        '□'
                    }
                })
                .collect();
        }
        Value::Array(items) => items.iter_mut().for_each(|item| replace_letters(item, replaced)),
        Value::Object(fields) => {
            fields.values_mut().for_each(|field| replace_letters(field, replaced));
        }
        _ => {}
    }
}

fn has_letter(c: char) -> bool {
    let breaks_lines = matches!(c, '\n' | '\t');
    let forbidden = c.is_control() || c == '\u{feff}';
    breaks_lines
        || !forbidden && FONTS.iter().any(|font| font.info().coverage.contains(u32::from(c)))
}

impl World for Desk {
    fn library(&self) -> &LazyHash<Library> {
        &LIBRARY
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &BOOK
    }

    fn main(&self) -> FileId {
        self.main.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == self.main.id() { Ok(self.main.clone()) } else { Err(missing(id)) }
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        self.files.get(&id).cloned().ok_or_else(|| missing(id))
    }

    fn font(&self, index: usize) -> Option<Font> {
        FONTS.get(index).cloned()
    }

    /// A report does not know today: it would differ tomorrow.
    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}

fn missing(id: FileId) -> FileError {
    FileError::NotFound(id.vpath().get_without_slash().into())
}

fn id(path: &str) -> Result<FileId, ReportError> {
    let path = VirtualPath::new(path).map_err(|_| ReportError::Pdf(format!("no file: {path}")))?;
    Ok(RootedPath::new(VirtualRoot::Project, path).intern())
}

/// PDF/A demands a date. A report that has none carries the first day of the Unix era, which no
/// scanner has seen; the printed page then shows no date at all.
fn datetime(at: Option<NaiveDateTime>) -> Result<Datetime, ReportError> {
    let at = at.unwrap_or_default();
    let byte = |n: u32| u8::try_from(n).unwrap_or(0);
    Datetime::from_ymd_hms(
        at.year(),
        byte(at.month()),
        byte(at.day()),
        byte(at.hour()),
        byte(at.minute()),
        byte(at.second()),
    )
    .ok_or_else(|| ReportError::Pdf("the date is none".to_owned()))
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;
    use crate::report::sample;
    use crate::study::Identity;

    /// Runs a program on the PDF, or says why not. `None` means that it is not installed.
    fn judged(program: &str, arguments: &[&str], pdf: &[u8]) -> Option<String> {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), pdf).unwrap();
        let mut command = Command::new(program);
        for argument in arguments {
            command.arg(argument.replace("FILE", file.path().to_str().unwrap()));
        }
        match command.output() {
            Ok(output) => {
                let text = String::from_utf8_lossy(&output.stdout).replace('\u{a0}', " ");
                assert!(output.status.success(), "{program}: {text}");
                Some(text)
            }
            Err(_) if std::env::var_os("BONESCOPE_REQUIRE_ALL").is_none() => {
                eprintln!("skipped: {program} is not installed");
                None
            }
            Err(error) => panic!("{program}: {error}"),
        }
    }

    #[test]
    fn the_same_report_gives_the_same_bytes() {
        let once = pdf(&sample::report(Identity::Full), None).unwrap();
        let twice = pdf(&sample::report(Identity::Full), None).unwrap();
        assert!(once.starts_with(b"%PDF-1.7"));
        assert!(once == twice);
        let mut later = sample::report(Identity::Full);
        later.made_at = chrono::NaiveDate::from_ymd_opt(2026, 11, 20)
            .and_then(|date| date.and_hms_opt(12, 0, 0));
        assert!(pdf(&later, None).unwrap() != once);
        if let Some(folder) = std::env::var_os("BONESCOPE_LOOK") {
            std::fs::write(std::path::Path::new(&folder).join("report.pdf"), once).unwrap();
        }
    }

    #[test]
    fn readers_find_sound_pages_and_every_word() {
        let bytes = pdf(&sample::report(Identity::Full), None).unwrap();
        judged("qpdf", &["--check", "FILE"], &bytes);
        let Some(text) = judged("pdftotext", &["-layout", "FILE", "-"], &bytes) else { return };
        for expected in [
            "王 小东",
            "MRN-20031",
            "Tc-99m MDP",
            "740 MBq",
            "3 h 05 min",
            "[2.29–2.54]",
            "L11",
            "iliac wing",
            "SIMULATED",
            "Not a medical device",
            "Page 1 of",
            "Clopper–Pearson",
        ] {
            assert!(text.contains(expected), "{expected} is missing from\n{text}");
        }
        let pages = judged("qpdf", &["--show-npages", "FILE"], &bytes).unwrap();
        assert!(pages.trim().parse::<u32>().unwrap() >= 2, "{pages}");
    }

    #[test]
    fn a_report_without_identity_prints_nobody() {
        for identity in [Identity::None, Identity::Initials] {
            let bytes = pdf(&sample::report(identity), None).unwrap();
            let Some(text) = judged("pdftotext", &["-raw", "FILE", "-"], &bytes) else { return };
            let plain = String::from_utf8_lossy(&bytes);
            for secret in sample::SECRETS {
                assert!(!text.contains(secret), "{identity:?} prints {secret}");
                assert!(secret.chars().count() < 4 || !plain.contains(secret), "{secret}");
            }
        }
    }

    #[test]
    fn pages_are_pictures_of_the_same_document() {
        let pages = pages(&sample::report(Identity::Full), None, 0.5).unwrap();
        assert!(pages.len() >= 2);
        for page in &pages {
            assert_eq!(page.dimensions(), (298, 421), "A4 at half a pixel per point");
            assert!(page.pixels().any(|p| p.0[..3] == [255, 255, 255]));
            assert!(page.pixels().any(|p| p.0[0] < 100));
        }
    }

    #[test]
    fn a_mistake_in_a_template_is_named_with_its_place() {
        let template = Template { name: "ward7.typ", source: "= Title\n\n#no-such-thing(1)\n" };
        let error = pdf(&sample::report(Identity::Full), Some(template)).unwrap_err().to_string();
        assert!(error.contains("ward7.typ:3:2"), "{error}");
        assert!(error.contains("no-such-thing"), "{error}");
        let reads = Template { name: "ward7.typ", source: "#read(\"/etc/passwd\")" };
        let error = pdf(&sample::report(Identity::Full), Some(reads)).unwrap_err().to_string();
        assert!(error.contains("ward7.typ:1:"), "{error}");
    }

    #[test]
    fn another_template_gets_the_same_words() {
        let source = "#set document(title: \"Own\")\n#set text(lang: \"en\")\n\
                      #let d = json(\"report.json\")\n= #d.title\n#d.program";
        let template = Template { name: "own.typ", source };
        let bytes = pdf(&sample::report(Identity::Full), Some(template)).unwrap();
        let Some(text) = judged("pdftotext", &["FILE", "-"], &bytes) else { return };
        assert!(text.contains(env!("CARGO_PKG_VERSION")), "{text}");
    }

    #[test]
    fn a_long_table_goes_on_under_its_heading() {
        let mut report = sample::report(Identity::Full);
        report.images.clear();
        report.findings = report.findings.iter().cycle().take(90).cloned().collect::<Vec<_>>();
        let bytes = pdf(&report, None).unwrap();
        let Some(text) = judged("pdftotext", &["-layout", "FILE", "-"], &bytes) else { return };
        let pages: Vec<&str> = text.split('\u{c}').filter(|p| p.contains("iliac wing")).collect();
        assert!(pages.len() >= 2, "{text}");
        for page in pages {
            assert!(page.contains("Twin counts") && page.contains("Page "), "{page}");
        }
        assert_eq!(text.matches("sacroiliac joint").count(), 7);
    }

    /// Two series, a wide picture, a unit that is not counts, two levels of confidence, no note.
    #[test]
    fn every_branch_of_the_template_is_sound() {
        let mut report = sample::report(Identity::Full);
        report.technique.push(report.technique[0].clone());
        let wide = image::RgbaImage::from_pixel(60, 30, image::Rgba([9, 9, 9, 255]));
        let png = super::super::key_image::encode(&wide).unwrap();
        let (caption, alt) = ("Wide".to_owned(), "A wide picture".to_owned());
        let wide = super::super::KeyImage { png, width: 60, height: 30, caption, alt, whole: true };
        report.images.push(wide);
        report.findings[0].unit = crate::study::Unit::GramsPerMl;
        let numbers = report.findings[1].numbers.as_mut().unwrap();
        let interval = numbers.ratio.as_mut().unwrap().estimate.interval.as_mut().unwrap();
        interval.level = crate::units::Level::new(0.99).unwrap();
        interval.high = None;
        let bytes = pdf(&report, None).unwrap();
        judged("qpdf", &["--check", "FILE"], &bytes);
        let Some(text) = judged("pdftotext", &["-layout", "FILE", "-"], &bytes) else { return };
        for expected in ["Values in g/ml", "99 % interval", "[≥ 2.23]", "Twin sum", "Wide"] {
            assert!(text.contains(expected), "{expected} is missing from\n{text}");
        }
    }

    /// Arabic, Thai, a rare ideograph, every sort of control character.
    #[test]
    fn no_name_costs_the_report() {
        let mut report = sample::report(Identity::Full);
        report.images.clear();
        report.patient.name =
            Some("محمد สมชาย \u{2070E} José Nguyễn Ελένη Ольга 김철수 さくら".into());
        report.impression = (0..0x3100)
            .chain(0xE000..0xE010)
            .chain(0xFE00..0x10000)
            .filter_map(char::from_u32)
            .collect();
        let bytes = pdf(&report, None).unwrap();
        let Some(text) = judged("pdftotext", &["FILE", "-"], &bytes) else { return };
        for expected in ["□", "José", "Nguyễn", "Ελένη", "Ольга", "김철수", "さくら", "fonts lack"]
        {
            assert!(text.contains(expected), "{expected}");
        }
    }

    #[test]
    fn an_empty_report_is_a_report_too() {
        let study = crate::study::Study { series: Vec::new(), ..sample::study() };
        let sheet = crate::measure::Sheet::default();
        let findings = crate::findings::Findings::default();
        let report = super::super::compose(&study, &findings, &sheet, Vec::new(), Identity::Full);
        assert!(pdf(&report, None).unwrap().starts_with(b"%PDF"));
    }
}
