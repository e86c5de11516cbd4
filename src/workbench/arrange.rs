//! Frames in rows and columns: which of them, in which order, and how many to a page.
//!
//! One series' frames make a *grid*, those of several a *fit*. Nothing is averaged or left out
//! unsaid: a page says which frames of how many it shows.

use std::cmp::Reverse;
use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::study::{Frame, FrameKey, Series, Span, Study, Uid, Vector, ViewName};

/// More panes than this at once are too small to be read.
pub const MOST_PANES: usize = 144;
/// More frames than this begin with a page.
const UNPAGED: usize = 25;
const FIRST_PAGE: usize = 16;

/// What stands on the canvas.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Selection {
    /// In this order; none stands for every series of the study that has frames.
    pub series: Vec<Uid>,
    /// Only frames with these numbers. Several for one vector: any of them.
    pub keep: Vec<Keep>,
    /// Only these views; none stands for all.
    pub views: Vec<ViewName>,
    /// The first decides, the next among equals. Without, frames stand as they are stored.
    pub sort: Vec<Sort>,
    /// So many frames are passed over: where the page begins.
    pub offset: usize,
    /// Frames to a page; `None` shows as many as can be read.
    pub count: Option<usize>,
    /// `None` makes the frames as large as the canvas lets them be.
    pub columns: Option<usize>,
}

/// Numbers along a vector, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Keep {
    pub vector: Vector,
    pub first: u16,
    pub last: u16,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sort {
    pub by: SortBy,
    #[serde(default)]
    pub descending: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SortBy {
    View,
    #[serde(untagged)]
    Vector(Vector),
}

impl Selection {
    /// All frames of a series, as a page where they are many.
    pub fn grid(series: &Series) -> Self {
        let count = (series.frames.len() > UNPAGED).then_some(FIRST_PAGE);
        Self { series: vec![series.uid.clone()], count, ..Self::default() }
    }

    /// One frame at a time.
    pub fn single(frame: &FrameKey) -> Self {
        Self {
            series: vec![frame.series.clone()],
            offset: frame.frame,
            count: Some(1),
            columns: Some(1),
            ..Self::default()
        }
    }

    fn admits(&self, frame: &Frame) -> bool {
        let vector = |vector: Vector| {
            let mut kept = self.keep.iter().filter(|k| k.vector == vector).peekable();
            let number = frame.address.along(vector);
            let holds = |k: &Keep| Span { first: k.first, last: k.last }.holds(number);
            kept.peek().is_none() || kept.any(holds)
        };
        (self.views.is_empty() || self.views.contains(&frame.view.view))
            && self.keep.iter().all(|k| vector(k.vector))
    }

    /// Every frame that is meant, in order, whatever the page. `studies` are searched for the
    /// series; where the selection names none, the first study's are meant.
    pub fn frames(&self, studies: &[&Study]) -> Vec<FrameKey> {
        let named = self.series.iter().filter_map(|uid| studies.iter().find_map(|s| s.series(uid)));
        let every = studies.iter().take(1).flat_map(|s| &s.series);
        let series: Vec<&Series> = match self.series.is_empty() {
            true => every.map(AsRef::as_ref).collect(),
            false => named.map(AsRef::as_ref).collect(),
        };
        let mut found: Vec<(FrameKey, &Frame)> =
            series
                .into_iter()
                .flat_map(|series| {
                    series.frames.iter().enumerate().map(|(frame, shown)| {
                        (FrameKey { series: series.uid.clone(), frame }, shown)
                    })
                })
                .filter(|(_, frame)| self.admits(frame))
                .collect();
        // Stable, so the last key is sorted by first.
        for Sort { by, descending } in self.sort.iter().rev() {
            let number = |frame: &Frame| match by {
                SortBy::View => frame.view.view as u16,
                SortBy::Vector(vector) => frame.address.along(*vector),
            };
            match descending {
                true => found.sort_by_key(|(_, f)| Reverse(number(f))),
                false => found.sort_by_key(|(_, f)| number(f)),
            }
        }
        found.into_iter().map(|(key, _)| key).collect()
    }

    /// Which of `total` frames the page shows.
    pub fn page(&self, total: usize) -> Range<usize> {
        let count = self.page_length();
        let begin = self.offset.min(total.saturating_sub(1));
        begin..total.min(begin + count)
    }

    pub fn page_length(&self) -> usize {
        self.count.unwrap_or(MOST_PANES).clamp(1, MOST_PANES)
    }

    /// The same frames, so many pages on; `None` where there are no more.
    #[must_use]
    pub fn turned(&self, pages: isize, total: usize) -> Option<Self> {
        let length = self.page_length();
        let offset = match pages >= 0 {
            true => self.offset.checked_add(pages.unsigned_abs() * length)?,
            false if self.offset == 0 => return None,
            // The first page begins at the beginning.
            false => self.offset.saturating_sub(pages.unsigned_abs() * length),
        };
        (offset < total && offset != self.offset).then(|| Self { offset, ..self.clone() })
    }
}

/// Width by height at the patient.
pub(super) fn aspect(frame: &Frame) -> f64 {
    let spacing = frame.spacing_or_unit();
    let (width, height) = (frame.columns() as f64 * spacing.x(), frame.rows() as f64 * spacing.y());
    if width > 0.0 && height > 0.0 { width / height } else { 1.0 }
}

/// Relative widths of the columns in which frames of these aspects cover most of a canvas, all of
/// them whole. With `columns` only the widths are sought.
pub(super) fn columns(aspects: &[f64], columns: Option<usize>, canvas: [f64; 2]) -> Vec<f64> {
    let most = aspects.len().max(1);
    if let Some(columns) = columns {
        return widths(aspects, columns.clamp(1, most));
    }
    if aspects.is_empty() {
        return vec![1.0];
    }
    let candidates = (1..=most).map(|columns| {
        let widths = widths(aspects, columns);
        (covered(aspects, &widths, canvas), widths)
    });
    // The first of equals has the fewest columns.
    let best =
        candidates.reduce(|best, next| if next.0 > best.0 * 1.000_001 { next } else { best });
    best.map_or_else(|| vec![1.0], |(_, widths)| widths)
}

/// The same for panes in groups of these sizes, none of which a row's end may part: the views of
/// one picture.
pub(super) fn columns_of_groups(aspects: &[f64], groups: &[usize], canvas: [f64; 2]) -> Vec<f64> {
    let whole = |columns: &usize| {
        let mut at = 0;
        groups.iter().all(|size| {
            let fits = at % columns + size <= *columns;
            at += size;
            fits
        })
    };
    let candidates = (1..=aspects.len()).filter(whole).map(|columns| {
        let widths = widths(aspects, columns);
        (covered(aspects, &widths, canvas), widths)
    });
    let best =
        candidates.reduce(|best, next| if next.0 > best.0 * 1.000_001 { next } else { best });
    best.map_or_else(|| columns(aspects, None, canvas), |(_, widths)| widths)
}

/// Each column as wide as its widest frame asks for, rows being equally high.
fn widths(aspects: &[f64], columns: usize) -> Vec<f64> {
    let widest = |column: usize| aspects.iter().skip(column).step_by(columns).copied();
    (0..columns).map(|c| widest(c).fold(0.01, f64::max)).collect()
}

/// How much of the canvas the frames would cover.
fn covered(aspects: &[f64], widths: &[f64], [width, height]: [f64; 2]) -> f64 {
    let rows = aspects.len().div_ceil(widths.len()).max(1);
    let (cell_height, total) = (height / rows as f64, widths.iter().sum::<f64>());
    let area = |(i, aspect): (usize, &f64)| {
        let cell_width = width * widths[i % widths.len()] / total;
        let scale = cell_height.min(cell_width / aspect);
        aspect * scale * scale
    };
    aspects.iter().enumerate().map(area).sum()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::sample;
    use super::*;

    fn numbers(keys: &[FrameKey]) -> Vec<usize> {
        keys.iter().map(|k| k.frame).collect()
    }

    #[test]
    fn any_vectors_select_and_sort_frames() {
        let study = sample::study(
            "1",
            "A",
            1,
            vec![sample::dynamic("flow", &[3, 2], 2), sample::spots("s", 4)],
        );
        let keep = |vector, first, last| Keep { vector, first, last };
        let mut selection = Selection { series: vec!["flow".into()], ..Selection::default() };
        assert_eq!(selection.frames(&[&study]).len(), 10);
        selection.keep = vec![keep(Vector::Detector, 2, 2), keep(Vector::TimeSlice, 2, 9)];
        assert_eq!(numbers(&selection.frames(&[&study])), [6, 7, 9]);
        selection.keep.push(keep(Vector::TimeSlice, 1, 1));
        selection.sort = vec![
            Sort { by: SortBy::Vector(Vector::TimeSlice), descending: true },
            Sort { by: SortBy::Vector(Vector::Phase), descending: false },
        ];
        assert_eq!(numbers(&selection.frames(&[&study])), [7, 6, 9, 5, 8]);
        let views = Selection {
            views: vec![ViewName::LeftLateral, ViewName::Posterior],
            sort: vec![Sort { by: SortBy::View, descending: true }],
            ..Selection::default()
        };
        let found = views.frames(&[&study]);
        assert_eq!(numbers(&found), [2, 5, 6, 7, 8, 9, 1]);
        let read: Sort = serde_json::from_str(r#"{"by":"time_slice"}"#).unwrap();
        assert_eq!(read.by, SortBy::Vector(Vector::TimeSlice));
        let read: Sort = serde_json::from_str(r#"{"by":"view"}"#).unwrap();
        assert_eq!(read.by, SortBy::View);
    }

    #[test]
    fn pages_turn_and_end() {
        let selection = Selection { count: Some(16), ..Selection::default() };
        assert_eq!(selection.page(120), 0..16);
        let last = (0..7).fold(selection, |s, _| s.turned(1, 120).unwrap());
        assert_eq!(last.page(120), 112..120);
        assert_eq!(last.turned(1, 120), None);
        let odd = Selection { offset: 5, count: Some(16), ..Selection::default() };
        assert_eq!(odd.turned(-1, 120).unwrap().page(120), 0..16);
        assert_eq!(odd.turned(-1, 120).unwrap().turned(-1, 120), None);
        assert_eq!(Selection::default().page(0), 0..0);
        assert_eq!(Selection { offset: 9, ..Selection::default() }.page(3), 2..3);
    }

    #[test]
    fn the_canvas_is_used() {
        // Squares on a wide canvas, whole bodies beside squares.
        assert_eq!(columns(&[1.0; 12], None, [400.0, 300.0]).len(), 4);
        assert_eq!(columns(&[0.25, 0.25], None, [800.0, 800.0]).len(), 2);
        assert_eq!(columns(&[0.25, 0.25, 1.0], None, [900.0, 600.0]), [0.25, 0.25, 1.0]);
        assert_eq!(columns(&[1.0; 7], Some(3), [9.0, 1.0]), [1.0; 3]);
        assert_eq!(columns(&[], None, [9.0, 1.0]), [1.0]);
        // Three columns would be larger, but part a pair.
        assert_eq!(columns(&[1.0; 6], None, [1200.0, 800.0]).len(), 3);
        let pairs = |canvas| columns_of_groups(&[1.0; 6], &[2, 2, 2], canvas).len();
        assert_eq!((pairs([1200.0, 800.0]), pairs([3000.0, 500.0])), (4, 6));
        assert_eq!(columns_of_groups(&[1.0; 4], &[1, 1, 2], [600.0, 600.0]).len(), 2);
    }

    proptest! {
        /// No number of columns would make the frames larger, and none is left out.
        #[test]
        fn no_other_columns_cover_more(
            count in 1usize..60, aspect in 0.2f64..4.0, width in 50.0f64..3000.0, height in 50.0f64..2000.0,
        ) {
            let aspects = vec![aspect; count];
            let best = columns(&aspects, None, [width, height]);
            let reached = covered(&aspects, &best, [width, height]);
            for other in 1..=count {
                let there = covered(&aspects, &vec![aspect; other], [width, height]);
                prop_assert!(there <= reached * 1.000_002);
            }
            prop_assert!(reached <= width * height * 1.000_001);
        }

        /// Whatever is asked for, a page lies within the frames and shows at least one.
        #[test]
        fn a_page_lies_within(offset in 0usize..500, count in proptest::option::of(0usize..500), total in 1usize..400) {
            let selection = Selection { offset, count, ..Selection::default() };
            let page = selection.page(total);
            prop_assert!(page.start < page.end && page.end <= total);
            prop_assert!(page.len() <= MOST_PANES);
        }
    }
}
