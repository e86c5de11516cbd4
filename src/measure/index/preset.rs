//! What an index is: its regions, its arithmetic, and what was published of it. Data in
//! `assets/indices`, which is part of the program.

use std::sync::LazyLock;

use serde::{Deserialize, Deserializer};

use crate::findings::Site;
use crate::geometry::Side;
use crate::study::ViewName;

/// A ratio that is taken alike everywhere, so that it can be compared with published figures.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IndexPreset {
    /// Stable and English: names it in files, scripts and actions.
    pub id: String,
    pub title: String,
    /// Where its regions may be drawn; anywhere, where none is said.
    #[serde(default)]
    pub views: Vec<ViewName>,
    /// Drawn in every phase that shows the view.
    #[serde(default)]
    pub phases: bool,
    /// What is measured, in a sentence.
    pub method: String,
    pub regions: Vec<IndexRegion>,
    pub results: Vec<IndexFormula>,
    #[serde(default)]
    pub ranges: Vec<NormalRange>,
    pub caveats: Vec<String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IndexRegion {
    pub part: String,
    #[serde(deserialize_with = "site")]
    pub site: Site,
    #[serde(default)]
    pub side: Option<Side>,
    pub shape: IndexShape,
    /// Across and along the patient, mm.
    pub size_mm: [f64; 2],
    /// From the middle of the site: away from the midline (of an unpaired site: to the patient's
    /// left) and towards the feet, mm.
    #[serde(default)]
    pub beside_mm: [f64; 2],
    /// Where the site is not known: from the middle of the view, to the patient's left and towards
    /// the feet, mm.
    pub template_mm: [f64; 2],
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IndexShape {
    Ellipse,
    Rectangle,
}

/// Mean of some parts together, compared with that of others.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IndexFormula {
    pub name: String,
    #[serde(default)]
    pub kind: FormulaKind,
    pub of: Vec<String>,
    pub over: Vec<String>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FormulaKind {
    /// a / b.
    #[default]
    Ratio,
    /// a / (a + b), percent.
    Share,
}

/// What somebody found normal. Either end may be missing.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NormalRange {
    #[serde(default)]
    pub low: Option<f64>,
    #[serde(default)]
    pub high: Option<f64>,
    /// Whom it was found in, and what else it takes to read it.
    pub population: String,
    pub source: String,
    pub mark: SourceMark,
}

/// How a source is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SourceMark {
    /// The paper's abstract was read, the paper was not.
    Abstract,
    /// Nothing was read: to be verified before it is relied on.
    Memory,
    /// The site's own, from its preferences.
    Own,
}

impl SourceMark {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Abstract => "abstract",
            Self::Memory => "from memory",
            Self::Own => "own",
        }
    }
}

const FILES: [&str; 7] = [
    include_str!("../../../assets/indices/sacroiliac.toml"),
    include_str!("../../../assets/indices/condyles.toml"),
    include_str!("../../../assets/indices/crps.toml"),
    include_str!("../../../assets/indices/femoral_head.toml"),
    include_str!("../../../assets/indices/kidney.toml"),
    include_str!("../../../assets/indices/soft_tissue.toml"),
    include_str!("../../../assets/indices/jaw.toml"),
];

static PRESETS: LazyLock<Vec<IndexPreset>> = LazyLock::new(|| {
    let read = |file: &&str| toml::from_str(file).expect("a test reads every index");
    FILES.iter().map(read).collect()
});

impl IndexPreset {
    /// In the order of the menu.
    pub fn all() -> &'static [Self] {
        &PRESETS
    }

    pub fn by_id(id: &str) -> Option<&'static Self> {
        Self::all().iter().find(|preset| preset.id == id)
    }
}

fn site<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Site, D::Error> {
    let words = String::deserialize(deserializer)?;
    let unknown = || serde::de::Error::custom(format!("there is no site {words:?}"));
    Site::parse(&words).ok_or_else(unknown)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_index_is_whole_and_says_where_it_comes_from() {
        for file in FILES {
            toml::from_str::<IndexPreset>(file).unwrap_or_else(|e| panic!("{e}\n{file}"));
        }
        for preset in IndexPreset::all() {
            let IndexPreset { id, regions, results, ranges, caveats, .. } = preset;
            assert_eq!(IndexPreset::by_id(id).map(|p| &p.title), Some(&preset.title));
            assert!(!caveats.is_empty() && !results.is_empty(), "{id}");
            let parts: Vec<&String> = regions.iter().map(|r| &r.part).collect();
            for formula in results {
                for part in formula.of.iter().chain(&formula.over) {
                    assert!(parts.contains(&part), "{id}: {part}");
                }
            }
            for region in regions {
                let used = |formula: &IndexFormula| {
                    formula.of.contains(&region.part) || formula.over.contains(&region.part)
                };
                assert!(results.iter().any(used), "{id}: {}", region.part);
                assert_eq!(region.site.paired(), region.side.is_some(), "{id}: {}", region.part);
                assert!(region.size_mm.iter().all(|mm| *mm > 0.0), "{id}");
            }
            for range in ranges {
                assert!(range.low.or(range.high).is_some() && !range.source.is_empty(), "{id}");
                assert!(range.low.zip(range.high).is_none_or(|(l, h)| l < h), "{id}");
            }
        }
    }
}
