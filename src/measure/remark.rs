//! What a reader should know of a row of the sheet, in plain words.

use std::fmt;

use crate::findings::Site;
use crate::findings::twin::NoTwin;
use crate::geometry::Side;
use crate::study::{Derivation, NotCounts};

use super::dispersion::{OddScatter, Scatter};

/// One fact about a row. The sheet holds the words; screen, report and JSON all show the same.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Remark {
    FrameMissing,
    /// Not measured on the acquired image but on one that was made from it.
    Derived(Derivation),
    Refused(NotCounts),
    NoPixels,
    PixelsWithoutValue(u64),
    /// How many.
    PixelsNotBone(u64),
    RegionLeavesImage,
    NoTwin(NoTwin),
    TwinLeavesImage,
    TwinHasNoPixels,
    /// Names of the regions.
    TwinOverlaps(Vec<String>),
    TwinOverlapsItself,
    /// Whether both are there.
    Neighbours {
        both: bool,
    },
    DoubtfulMidline(f64),
    SideUnknown,
    SideDoubtful,
    RatioWithoutMeaning,
    RatioOverNothing,
    /// Subtraction was asked for.
    NoBackground,
    TwinIsBackground,
    RegionIsBackground,
    /// The ratio's interval excludes 1, and its q-value among so many does not.
    NotAmongMany {
        ratios: usize,
        q: f64,
    },
    NoInterval(NotCounts),
    Scatter(Scatter),
    NoSpacing,
    /// The skeleton has the region on one side, the midline on the other.
    OtherSide {
        site: Site,
        said: Side,
        side: Side,
    },
}

/// `50 %`, with as many digits as the fraction has.
fn percent(fraction: f64) -> String {
    let percent = (fraction * 100.0 * 1e9).round() / 1e9;
    format!("{percent} %")
}

impl fmt::Display for Remark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::FrameMissing => {
                f.write_str("The image this region was drawn on is not in the study.")
            }
            Self::Derived(Derivation::Thinned { fraction, seed, .. }) => write!(
                f,
                "Measured on a copy thinned to {} of the counts, seed {seed}.",
                percent(*fraction)
            ),
            Self::Derived(Derivation::Summed { frames, .. }) => match frames.len() {
                1 => f.write_str("Measured on a copy of one frame of its series."),
                count => write!(f, "Measured on the sum of {count} frames of its series."),
            },
            Self::Refused(reason) => write!(f, "Not measured: {reason}."),
            Self::NoPixels => f.write_str(
                "No pixel centre lies inside the region, so there is nothing to measure.",
            ),
            Self::PixelsWithoutValue(1) => {
                f.write_str("1 pixel of the region holds no number and is left out.")
            }
            Self::PixelsWithoutValue(pixels) => {
                write!(f, "{pixels} pixels of the region hold no number and are left out.")
            }
            Self::PixelsNotBone(pixels) => write!(
                f,
                "{pixels} {} marked as not bone and left out.",
                if *pixels == 1 { "pixel of the region is" } else { "pixels of the region are" }
            ),
            Self::RegionLeavesImage => f.write_str(
                "Part of the region lies outside the image; only what is inside is measured.",
            ),
            Self::NoTwin(reason) => write!(f, "No twin: {reason}."),
            Self::TwinLeavesImage => f.write_str(
                "Part of the twin lies outside the image; only what is inside is measured.",
            ),
            Self::TwinHasNoPixels => {
                f.write_str("No pixel centre lies inside the twin, so there is no ratio.")
            }
            Self::TwinOverlaps(names) => write!(
                f,
                "The twin overlaps {}, which may hide a difference between the sides.",
                names.join(" and ")
            ),
            Self::TwinOverlapsItself => f.write_str("The twin overlaps its own region."),
            Self::Neighbours { both } => write!(
                f,
                "The region lies on the midline and has no other side: it is compared with {}.",
                match both {
                    true => "its neighbours above and below along the midline, taken together",
                    false => "its one free neighbour along the midline",
                }
            ),
            Self::DoubtfulMidline(quality) => write!(
                f,
                "The automatic midline fits poorly (quality {quality:.2} of 1): check it before \
                 trusting the twin."
            ),
            Self::SideUnknown => {
                f.write_str("The file does not say which side of the patient is where.")
            }
            Self::SideDoubtful => {
                f.write_str("No side is named, because the automatic midline fits too poorly.")
            }
            Self::RatioWithoutMeaning => {
                f.write_str("No ratio: values on a scale with an arbitrary zero have none.")
            }
            Self::RatioOverNothing => {
                f.write_str("The twin holds nothing, so the ratio has no value.")
            }
            Self::NoBackground => f.write_str(
                "No background is subtracted: no region of this view is marked as soft tissue.",
            ),
            Self::TwinIsBackground => f.write_str(
                "Nothing of the twin is left above the background, so the ratio has no value.",
            ),
            Self::RegionIsBackground => {
                f.write_str("Nothing of the region is left above the background.")
            }
            Self::NotAmongMany { ratios, q } => write!(
                f,
                "Among {ratios} ratios the difference from 1 does not hold up (q = {q:.2}, \
                 Benjamini–Hochberg)."
            ),
            Self::NoInterval(reason) => write!(f, "No interval: {reason}."),
            Self::Scatter(Scatter { odd: Some(OddScatter::Gaps), .. }) => f.write_str(
                "No interval: the image skips whole numbers that counts would hold, so it was \
                 probably scaled after acquisition.",
            ),
            Self::Scatter(Scatter { ratio, odd }) => write!(
                f,
                "No interval: the image scatters {ratio:.2} times as much as counts do, so it was \
                 probably {} after acquisition.",
                match odd {
                    Some(OddScatter::Less) => "smoothed, resampled or scaled down",
                    _ => "scaled",
                }
            ),
            Self::OtherSide { site, said, side } => write!(
                f,
                "The skeleton laid over this view has the {} here; by the midline this is the \
                 patient's {}. Check the midline.",
                site.name_on(Some(*said)),
                match side {
                    Side::Left => "left",
                    Side::Right => "right",
                }
            ),
            Self::NoSpacing => f.write_str(
                "The file states no pixel spacing: areas are in pixels only, and pixels are taken \
                 to be square.",
            ),
        }
    }
}
