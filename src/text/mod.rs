//! Every word we show, from `assets/text/en` (Fluent syntax, <https://projectfluent.org>).
//!
//! A file for each part that shows them; a key begins with its section's name. Sentence case, and
//! no full stop after a single sentence that is a label. A key that no file has shows itself and
//! is logged, so a missing word is seen and never a crash.

use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource};

/// What a placeholder is filled with: `3.into()`, `"L1".into()`, `name.into()`.
pub use fluent_bundle::FluentValue as Value;

const SOURCES: &[&str] = &[
    include_str!("../../assets/text/en/actions.ftl"),
    include_str!("../../assets/text/en/annotations.ftl"),
    include_str!("../../assets/text/en/compare.ftl"),
    include_str!("../../assets/text/en/curves.ftl"),
    include_str!("../../assets/text/en/display.ftl"),
    include_str!("../../assets/text/en/findings.ftl"),
    include_str!("../../assets/text/en/indices.ftl"),
    include_str!("../../assets/text/en/layout.ftl"),
    include_str!("../../assets/text/en/levels.ftl"),
    include_str!("../../assets/text/en/notices.ftl"),
    include_str!("../../assets/text/en/preferences.ftl"),
    include_str!("../../assets/text/en/proposals.ftl"),
    include_str!("../../assets/text/en/quality.ftl"),
    include_str!("../../assets/text/en/report.ftl"),
    include_str!("../../assets/text/en/self_test.ftl"),
    include_str!("../../assets/text/en/symmetry.ftl"),
    include_str!("../../assets/text/en/view.ftl"),
    include_str!("../../assets/text/en/window.ftl"),
    include_str!("../../assets/text/en/words.ftl"),
];

static WORDS: LazyLock<FluentBundle<FluentResource>> = LazyLock::new(|| {
    let mut bundle = FluentBundle::new_concurrent(vec!["en".parse().unwrap_or_default()]);
    // Isolating marks are invisible characters around every value: they would end up in CSV
    // files and in what people copy.
    bundle.set_use_isolating(false);
    for source in SOURCES {
        let resource =
            FluentResource::try_new((*source).to_owned()).unwrap_or_else(|(usable, errors)| {
                tracing::error!(?errors, "a word list has mistakes");
                usable
            });
        if let Err(errors) = bundle.add_resource(resource) {
            tracing::error!(?errors, "the word lists say something twice");
        }
    }
    bundle
});

/// The words for a key.
pub fn t(key: &str) -> String {
    tr(key, &[])
}

/// The words for a key, its placeholders filled.
pub fn tr(key: &str, values: &[(&str, Value<'_>)]) -> String {
    let Some(pattern) = WORDS.get_message(key).and_then(|m| m.value()) else {
        tracing::warn!(key, "no words for this key");
        return key.to_owned();
    };
    let values: FluentArgs<'_> = values.iter().map(|(name, v)| (*name, v.clone())).collect();
    let mut errors = Vec::new();
    let words = WORDS.format_pattern(pattern, Some(&values), &mut errors).into_owned();
    if !errors.is_empty() {
        tracing::warn!(key, ?errors, "the words could not be filled in");
    }
    words
}

/// Every key of the word lists, in their order: a test holds the keys in the source to them.
pub fn keys() -> impl Iterator<Item = &'static str> {
    SOURCES.iter().flat_map(|source| source.lines()).filter_map(|line| {
        let (key, _) = line.split_once('=')?;
        let starts = key.starts_with(|c: char| c.is_ascii_lowercase());
        starts.then(|| key.trim_end())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_word_lists_have_no_mistakes() {
        for source in SOURCES {
            assert!(FluentResource::try_new((*source).to_owned()).is_ok(), "{source}");
        }
        let mut seen = std::collections::HashSet::new();
        for key in keys() {
            assert!(seen.insert(key), "{key} is there twice");
            assert!(WORDS.has_message(key), "{key} is no message");
        }
        assert!(seen.len() > 50);
    }

    #[test]
    fn placeholders_are_filled_without_invisible_marks() {
        assert_eq!(t("side-left"), "left");
        let level = tr("report-column-interval", &[("percent", "95".into())]);
        assert_eq!(level, "95\u{a0}% interval");
    }
}
