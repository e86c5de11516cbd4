//! The whole views as one picture, with a strip of words below: for a slide or a letter.

use image::{Rgba, RgbaImage, imageops};

use crate::geometry::Point;
use crate::picture::{Align, Mark, Rgb, Scene};

use super::key_image::encode;
use super::printed::{Printed, Technique};
use super::{Painter, Report, ReportError};

const PAPER: Rgb = Rgb(28, 31, 36);
const WORDS: Rgb = Rgb(235, 237, 240);
/// Height of a line of the strip, canvas points.
const LINE: f64 = 16.0;

/// The annotated whole views one above the other, or the first key image where there is no whole
/// view, and below them who, when, what. `scale` is that of the key images, in pixels per canvas
/// point.
pub fn png(report: &Report, paint: Painter<'_>, scale: f64) -> Result<Vec<u8>, ReportError> {
    let whole: Vec<_> = report.images.iter().filter(|image| image.whole).collect();
    let shown = if whole.is_empty() { report.images.iter().take(1).collect() } else { whole };
    let pictures = shown
        .iter()
        .map(|image| Ok(image::load_from_memory(&image.png)?.to_rgba8()))
        .collect::<Result<Vec<RgbaImage>, ReportError>>()?;
    let width = pictures.iter().map(RgbaImage::width).max().ok_or(ReportError::NoPicture)?;
    let strip = paint(&strip(report, f64::from(width) / scale), scale);
    let Rgb(r, g, b) = PAPER;
    let height = pictures.iter().map(RgbaImage::height).sum::<u32>() + strip.height();
    let mut sheet = RgbaImage::from_pixel(width, height, Rgba([r, g, b, 255]));
    let mut top = 0;
    for picture in pictures.iter().chain([&strip]) {
        imageops::replace(&mut sheet, picture, 0, i64::from(top));
        top += picture.height();
    }
    encode(&sheet)
}

/// The words below the pictures, wrapped to their width.
fn strip(report: &Report, width: f64) -> Scene {
    let printed = Printed::of(report);
    let patient = printed.patient.iter().map(|field| &*field.value).collect::<Vec<_>>();
    let study = printed.study.iter().take(2).map(|field| &*field.value).collect::<Vec<_>>();
    let technique = printed.technique.first().map(Technique::summary);
    let mut lines = vec![
        patient.join(" · "),
        study.join(" · "),
        technique.unwrap_or_default(),
        printed.simulated,
        format!("{} · {}", printed.program, printed.disclaimer),
    ];
    lines.retain(|line| !line.trim().is_empty());
    // About half the height of a letter is its width.
    let letters = ((width - 16.0) / 6.2).max(20.0) as usize;
    let lines: Vec<String> = lines.iter().flat_map(|line| wrapped(line, letters)).collect();
    let marks = lines
        .iter()
        .enumerate()
        .map(|(i, line)| Mark::Text {
            at: Point::new(8.0, (i as f64 + 0.5) * LINE + 4.0),
            align: Align::LeftCenter,
            size: 11.0,
            color: WORDS,
            text: line.clone(),
        })
        .collect();
    let height = lines.len() as f64 * LINE + 10.0;
    Scene { size: [width, height], surround: PAPER, layers: Vec::new(), marks }
}

/// Lines of at most so many letters, broken between words.
pub(super) fn wrapped(line: &str, letters: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in line.split(' ') {
        let last = lines.len() - 1;
        let room = letters.saturating_sub(lines[last].chars().count());
        if !lines[last].is_empty() && word.chars().count() + 1 > room {
            lines.push(word.to_owned());
        } else {
            if !lines[last].is_empty() {
                lines[last].push(' ');
            }
            lines[last].push_str(word);
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;
    use crate::study::Identity;

    #[test]
    fn words_stand_below_the_whole_views() {
        let report = sample::report(Identity::Full);
        let bytes = png(&report, &sample::paint, 1.0).unwrap();
        let picture = image::load_from_memory(&bytes).unwrap();
        let whole = report.images.iter().find(|image| image.whole).unwrap();
        assert_eq!(picture.width(), whole.width);
        assert!(picture.height() > whole.height + 40);
    }

    #[test]
    fn the_strip_says_who_and_that_it_is_no_device() {
        let words = |identity| {
            let marks = strip(&sample::report(identity), 400.0).marks;
            let text = |mark: &Mark| match mark {
                Mark::Text { text, .. } => text.clone(),
                _ => String::new(),
            };
            marks.iter().map(text).collect::<Vec<_>>().join(" ")
        };
        let full = words(Identity::Full);
        for expected in ["王 小东", "SIMULATED", "Not a medical device", "Tc-99m MDP"] {
            assert!(full.contains(expected), "{expected} in {full}");
        }
        let none = words(Identity::None);
        assert!(sample::SECRETS.iter().all(|secret| !none.contains(secret)), "{none}");
    }

    #[test]
    fn a_report_without_pictures_says_so() {
        let report = Report { images: Vec::new(), ..sample::report(Identity::Full) };
        assert!(matches!(png(&report, &sample::paint, 1.0), Err(ReportError::NoPicture)));
    }

    #[test]
    fn long_lines_wrap_between_words() {
        assert_eq!(wrapped("one two three", 7), ["one two", "three"]);
        assert_eq!(wrapped("unbreakable", 4), ["unbreakable"]);
    }
}
