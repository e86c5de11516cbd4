//! How the sheet is filled: region by region, each remark where its cause is found.

use std::collections::BTreeMap;

use rayon::prelude::*;

use crate::findings::twin::{self, NoTwin, Twin, TwinKind};
use crate::findings::{Findings, Midline, MidlineOrigin, Roi, RoiId, Role, Symmetry};
use crate::geometry::{Outline, Side};
use crate::study::{Derivation, Frame, FrameKey, NotCounts, Study, Unit, ViewLabel};
use crate::units::Level;

use super::index::indices;
use super::jitter::Tie;
use super::lesion_ratio::{Comparison, control};
use super::remark::Remark;
use super::{AnnotationRow, MeasuredFrame, MidlineRow, RegionStats, RoiRow, Sheet, TwinRow};

/// Below this quality an automatic midline is called doubtful wherever it is used.
pub const DOUBTFUL_MIDLINE: f64 = 0.5;
/// Below this one it does not name a side of the patient.
const SIDELESS_MIDLINE: f64 = 0.25;

impl Sheet {
    /// Every number of a study at a confidence level.
    ///
    /// `symmetries` tells how the sides of a frame answer to each other and is asked once for each
    /// frame; a midline that the reader set wins over the one in it.
    pub fn compute(
        study: &Study,
        findings: &Findings,
        symmetries: &dyn Fn(&FrameKey) -> Option<Symmetry>,
        level: Level,
    ) -> Self {
        Self::of(study, findings, symmetries, level, true)
    }

    /// The same while a gesture is under way: without what would take dozens of ratios for one.
    pub fn sketch(
        study: &Study,
        findings: &Findings,
        symmetries: &dyn Fn(&FrameKey) -> Option<Symmetry>,
        level: Level,
    ) -> Self {
        Self::of(study, findings, symmetries, level, false)
    }

    fn of(
        study: &Study,
        findings: &Findings,
        symmetries: &dyn Fn(&FrameKey) -> Option<Symmetry>,
        level: Level,
        jitter: bool,
    ) -> Self {
        let mut frames: BTreeMap<&FrameKey, FrameFacts<'_>> = BTreeMap::new();
        for roi in findings.rois() {
            if let (false, Some(frame)) = (frames.contains_key(&roi.frame), study.frame(&roi.frame))
            {
                let found = symmetries(&roi.frame);
                let symmetry = match findings.midline(&roi.frame).cloned() {
                    None => found,
                    Some(midline) => Some(match found {
                        Some(found) => Symmetry { midline, ..found },
                        None => Symmetry::mirror(midline, frame),
                    }),
                };
                frames.insert(&roi.frame, FrameFacts::new(frame, &roi.frame, symmetry, findings));
            }
        }
        let mut rois: Vec<RoiRow> = findings
            .rois()
            .par_iter()
            .map(|roi| match frames.get(&roi.frame) {
                Some(facts) => {
                    let mut row = row(roi, facts, findings, level, jitter);
                    row.remarks.splice(0..0, derived(study, &roi.frame));
                    row
                }
                None => missing(roi),
            })
            .collect();
        control(&mut rois, level);
        let midlines = frames
            .into_iter()
            .filter_map(|(frame, facts)| {
                Some(MidlineRow { frame: frame.clone(), midline: facts.symmetry?.midline })
            })
            .collect();
        let annotations = findings
            .annotations()
            .iter()
            .filter_map(|a| Some(AnnotationRow::new(a, study.frame(&a.frame)?)))
            .collect();
        let indices = indices(&rois, level);
        let mut sheet = Self { midlines, rois, annotations, indices };
        sheet.sort_midlines(study);
        sheet
    }

    pub fn midline(&self, frame: &FrameKey) -> Option<&Midline> {
        self.midlines.iter().find(|row| row.frame == *frame).map(|row| &row.midline)
    }

    pub fn roi(&self, id: RoiId) -> Option<&RoiRow> {
        self.rois.iter().find(|row| row.id == id)
    }

    /// In the order of the study.
    fn sort_midlines(&mut self, study: &Study) {
        let place = |key: &FrameKey| study.series.iter().position(|s| s.uid == key.series);
        self.midlines.sort_by_key(|row| (place(&row.frame), row.frame.frame));
    }
}

/// What all regions of one frame share, found out once.
struct FrameFacts<'a> {
    measured: MeasuredFrame<'a>,
    /// The same with nothing left out, for the regions that say what is not bone.
    whole: MeasuredFrame<'a>,
    symmetry: Option<Symmetry>,
    /// Sum and pixels of the soft tissue that the reader wants subtracted.
    background: Option<(f64, u64)>,
}

impl<'a> FrameFacts<'a> {
    fn new(
        frame: &'a Frame,
        key: &FrameKey,
        symmetry: Option<Symmetry>,
        findings: &Findings,
    ) -> Self {
        let whole = MeasuredFrame::new(frame);
        let not_bone = findings.not_bone_on(key).map(|r| r.outline.clone()).collect();
        let measured = whole.clone().without(not_bone);
        let soft = findings.background_on(key).filter(|_| findings.subtracts_background());
        let background = soft
            .map(|roi| measured.sum(&roi.outline))
            .reduce(|a, b| (a.0 + b.0, a.1 + b.1))
            .filter(|(_, pixels)| *pixels > 0);
        Self { measured, whole, symmetry, background }
    }

    /// The quality of the midline, where it was found automatically.
    fn fitted_quality(&self) -> Option<f64> {
        match self.symmetry.as_ref()?.midline.origin {
            MidlineOrigin::Fitted { quality } => Some(quality),
            MidlineOrigin::Edited => None,
        }
    }
}

/// How the image was made that a region lies on, from the acquired one up.
fn derived(study: &Study, frame: &FrameKey) -> Vec<String> {
    let mut remarks = Vec::new();
    let mut derivation = study.series(&frame.series).and_then(|series| series.derived.clone());
    while let Some(step) = derivation {
        derivation = Derivation::of_uid(step.of());
        remarks.insert(0, Remark::Derived(step).to_string());
    }
    remarks
}

fn row(
    roi: &Roi,
    facts: &FrameFacts<'_>,
    findings: &Findings,
    level: Level,
    jitter: bool,
) -> RoiRow {
    let frame = facts.measured.frame();
    let refused = facts.measured.counts.err().filter(|reason| *reason == NotCounts::Lossy);
    let measure = |outlines: &[Outline]| match refused {
        Some(_) => RegionStats::NOTHING,
        None if roi.role.not_bone() => facts.whole.regions(outlines, level),
        None => facts.measured.regions(outlines, level),
    };
    let mut remarks = Vec::new();
    let size = [frame.columns(), frame.rows()];
    let stats = measure(std::slice::from_ref(&roi.outline));
    remarks.extend(refused.map(Remark::Refused));
    let inside = roi.outline.pixels(size[0], size[1]).count() as u64;
    let left_out = if roi.role.not_bone() { 0 } else { facts.measured.left_out(&roi.outline) };
    if refused.is_none() && left_out > 0 {
        remarks.push(Remark::PixelsNotBone(left_out));
    }
    if refused.is_none() && stats.pixels + left_out < inside {
        remarks.push(Remark::PixelsWithoutValue(inside - left_out - stats.pixels));
    }
    if inside == 0 {
        remarks.push(Remark::NoPixels);
    } else if roi.outline.leaves(size[0], size[1]) {
        remarks.push(Remark::RegionLeavesImage);
    }
    let side = side(roi, facts, &mut remarks);
    let others = findings.rois_on(&roi.frame).filter(|other| other.id != roi.id);
    let abnormal = others.filter(|other| other.role == Role::Lesion || other.role.not_bone());
    let avoid: Vec<&Outline> = abnormal.map(|other| &other.outline).collect();
    let compared = |kind: TwinKind, outlines: Vec<Outline>| {
        Ok(TwinRow { stats: measure(&outlines), outlines, kind })
    };
    let twin = match twin::of(roi, facts.symmetry.as_ref(), &avoid) {
        Twin::Auto(outline) => {
            let doubtful = facts.fitted_quality().filter(|&quality| quality < DOUBTFUL_MIDLINE);
            remarks.extend(doubtful.map(Remark::DoubtfulMidline));
            compared(TwinKind::Auto, vec![outline])
        }
        Twin::Placed(outline) => compared(TwinKind::Placed, vec![outline]),
        Twin::Neighbours(outlines) => {
            remarks.push(Remark::Neighbours { both: outlines.len() == 2 });
            compared(TwinKind::Neighbours, outlines)
        }
        Twin::None(reason) => {
            if reason != NoTwin::NotCompared {
                remarks.push(Remark::NoTwin(reason));
            }
            Err(reason)
        }
    };
    if let Ok(twin) = &twin {
        twin_remarks(roi, twin, size, findings, refused.is_some(), &mut remarks);
    }
    let comparison = Comparison { measured: &facts.measured, background: facts.background, level };
    let mut ratio = match &twin {
        Ok(twin) => comparison.ratio(&stats, &twin.stats, &mut remarks),
        Err(_) => None,
    };
    if let (Some(ratio), Ok(twin), true) = (&mut ratio, &twin, jitter) {
        ratio.jitter = comparison.jitter(&roi.outline, &twin.outlines, tie(roi, twin, facts));
    }
    if ratio.is_some() && findings.subtracts_background() && facts.background.is_none() {
        remarks.push(Remark::NoBackground);
    }
    match (refused, facts.measured.counts, facts.measured.scatter) {
        (None, Err(NotCounts::Scatter), Some(scatter)) => {
            remarks.push(Remark::Scatter(scatter));
        }
        (None, Err(reason), _) => remarks.push(Remark::NoInterval(reason)),
        _ => {}
    }
    if frame.spacing.is_none() {
        remarks.push(Remark::NoSpacing);
    }
    RoiRow {
        view: frame.view,
        unit: frame.values.unit.clone(),
        side,
        stats,
        twin,
        ratio,
        no_interval: facts.measured.counts.err(),
        remarks: remarks.iter().map(Remark::to_string).collect(),
        refused,
        ..missing(roi)
    }
}

/// The patient's side of a region: `None` unless all of it lies on one side of a midline that can
/// be trusted that far, in a frame whose left and right are known.
fn side(roi: &Roi, facts: &FrameFacts<'_>, remarks: &mut Vec<Remark>) -> Option<Side> {
    let frame = facts.measured.frame();
    let midline = &facts.symmetry.as_ref()?.midline;
    if twin::touches(&roi.outline, midline) {
        return None;
    }
    if facts.fitted_quality().is_some_and(|quality| quality < SIDELESS_MIDLINE) {
        remarks.push(Remark::SideDoubtful);
        return None;
    }
    let side = midline.side_of(roi.outline.centroid(), &frame.laterality);
    if side.is_none() {
        remarks.push(Remark::SideUnknown);
    }
    side
}

/// What carries a twin along when the region moves.
fn tie(roi: &Roi, twin: &TwinRow, facts: &FrameFacts<'_>) -> Tie {
    match (twin.kind, &facts.symmetry) {
        (TwinKind::Auto, Some(symmetry)) => Tie::Mirror(symmetry.motion_of(&roi.outline)),
        (TwinKind::Neighbours, _) => Tie::Region,
        _ => Tie::Own,
    }
}

fn twin_remarks(
    roi: &Roi,
    twin: &TwinRow,
    [columns, rows]: [usize; 2],
    findings: &Findings,
    refused: bool,
    remarks: &mut Vec<Remark>,
) {
    if !refused && twin.stats.pixels == 0 {
        remarks.push(Remark::TwinHasNoPixels);
    } else if twin.outlines.iter().any(|outline| outline.leaves(columns, rows)) {
        remarks.push(Remark::TwinLeavesImage);
    }
    let overlaps = |other: &Outline| {
        twin.outlines.iter().any(|outline| twin::meet(outline, other, [columns, rows]))
    };
    let names: Vec<String> = findings
        .rois_on(&roi.frame)
        .filter(|other| other.id != roi.id && overlaps(&other.outline))
        .map(|other| other.name.clone())
        .collect();
    if !names.is_empty() {
        remarks.push(Remark::TwinOverlaps(names));
    }
    if overlaps(&roi.outline) {
        remarks.push(Remark::TwinOverlapsItself);
    }
}

/// The row of a region whose frame is not there: its words, and no numbers.
fn missing(roi: &Roi) -> RoiRow {
    RoiRow {
        id: roi.id,
        name: roi.name.clone(),
        frame: roi.frame.clone(),
        view: ViewLabel::default(),
        unit: Unit::Unknown,
        outline: roi.outline.clone(),
        choice: roi.twin.clone(),
        role: roi.role,
        copy_of: roi.copy_of,
        part: roi.part.clone(),
        side: None,
        site: roi.site.clone(),
        place: None,
        note: roi.note.clone(),
        in_report: roi.in_report,
        stats: RegionStats::NOTHING,
        twin: Err(NoTwin::NoMidline),
        ratio: None,
        no_interval: None,
        remarks: vec![Remark::FrameMissing.to_string()],
        refused: None,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use ndarray::Array2;

    use super::*;
    use crate::findings::{Edit, TwinChoice};
    use crate::geometry::{Curve, Point};
    use crate::measure::fixture::{TestPatient, frame_of, study_of};
    use crate::measure::{Estimate, RatioRow, find_midline};
    use crate::study::{Laterality, Pixels, Values, ViewName};

    fn key(frame: usize) -> FrameKey {
        FrameKey { series: "1.2.3".into(), frame }
    }

    fn ellipse(x: f64, y: f64) -> Outline {
        Outline::Ellipse { center: [x, y], radii: [5.0, 7.0], angle_deg: 20.0 }
    }

    fn roi(id: u32, outline: Outline) -> Roi {
        Roi { site: "rib".into(), ..Roi::new(RoiId(id), format!("L{id}"), key(0), outline) }
    }

    fn findings(rois: impl IntoIterator<Item = Roi>) -> Findings {
        let mut findings = Findings::default();
        for roi in rois {
            findings.apply(Edit::Add { at: None, roi }).expect("the region is new");
        }
        findings
    }

    /// Mirror images across a vertical line between columns 63 and 64 of a 128 pixel wide frame.
    fn straight(frame: &Frame, quality: f64) -> Option<Symmetry> {
        let curve = Curve::through([Point::new(63.5, 0.0), Point::new(63.5, 100.0)]).unwrap();
        let midline = Midline { curve, origin: MidlineOrigin::Fitted { quality } };
        Some(Symmetry::mirror(midline, frame))
    }

    /// 12 counts per pixel on one half and 3 on the other.
    fn halves() -> Frame {
        let pixels = Array2::from_shape_fn((96, 128), |(_, x)| if x < 64 { 12u16 } else { 3 });
        frame_of(Values::counts(Pixels::U16(pixels)), 2.0)
    }

    fn sheet_at(frame: Frame, findings: &Findings, quality: f64) -> Sheet {
        let study = study_of(vec![frame]);
        let symmetry = |key: &FrameKey| straight(study.frame(key)?, quality);
        Sheet::compute(&study, findings, &symmetry, Level::NINETY_FIVE)
    }

    fn only_row(frame: Frame, roi: Roi) -> RoiRow {
        sheet_at(frame, &findings([roi]), 0.9).rois.remove(0)
    }

    fn says(row: &RoiRow, words: &str) -> bool {
        row.remarks.iter().any(|r| r.contains(words))
    }

    #[test]
    fn a_lesion_is_compared_with_the_other_side() {
        let row = only_row(halves(), roi(1, ellipse(30.0, 40.0)));
        let twin = row.twin.as_ref().expect("a twin");
        assert_eq!(row.stats.pixels, twin.stats.pixels);
        let ratio = row.ratio.expect("a ratio");
        assert_eq!(ratio.estimate.value, Some(4.0));
        let interval = ratio.estimate.interval.expect("counts have one");
        assert!(interval.contains(4.0) && interval.low > 3.0);
        assert_eq!(ratio.differs_from_1, Some(true));
        // The anterior view of a patient who faces us.
        assert_eq!(row.side, Some(Side::Right));
        assert_eq!((row.no_interval, row.refused), (None, None));
    }

    #[test]
    fn a_lesion_on_a_simulated_patient_has_its_ratio_and_side_in_both_views() {
        // Twice the surrounding uptake, on the side of larger columns.
        let patient = TestPatient { tilt: 3.0, ..TestPatient::default() };
        let lesion = TestPatient { lesions: vec![[90.0, 500.0, 40.0, 1.5]], ..patient };
        let mut frame = lesion.frame(8);
        let midline = lesion.midline();
        let row = 400.0 + (500.0 - 870.0) / 2.4;
        let outline = Outline::Ellipse {
            center: [midline.column_at(row) + 90.0 / 2.4, row - 2.0],
            radii: [9.0, 9.0],
            angle_deg: 0.0,
        };
        for (view, side) in [(ViewName::Anterior, Side::Left), (ViewName::Posterior, Side::Right)] {
            frame.view.view = view;
            frame.laterality = Laterality::from_view(view);
            let study = study_of(vec![frame.clone()]);
            let found = |key: &FrameKey| {
                let frame = study.frame(key)?;
                Some(Symmetry::mirror(find_midline(frame)?, frame))
            };
            let findings = findings([roi(1, outline.clone())]);
            let sheet = Sheet::compute(&study, &findings, &found, Level::NINETY_FIVE);
            let row = &sheet.rois[0];
            assert_eq!(row.side, Some(side));
            let ratio = row.ratio.expect("a ratio");
            let value = ratio.estimate.value.unwrap();
            assert!((1.3..2.2).contains(&value), "{value}");
            assert_eq!(ratio.differs_from_1, Some(true));
            assert_eq!(row.remarks, Vec::<String>::new());
            assert_eq!(sheet.midlines.len(), 1);
        }
    }

    #[test]
    fn the_readers_midline_wins() {
        let mut findings = findings([roi(1, ellipse(30.0, 40.0))]);
        let curve = Curve::through([Point::new(20.0, 0.0), Point::new(20.0, 90.0)]).unwrap();
        let edited = Midline { curve, origin: MidlineOrigin::Edited };
        findings.apply(Edit::SetMidline(key(0), Some(edited.clone()))).unwrap();
        let sheet = sheet_at(halves(), &findings, 0.9);
        assert_eq!(sheet.midline(&key(0)), Some(&edited));
        assert_eq!(sheet.rois[0].side, Some(Side::Left));
    }

    #[test]
    fn says_why_there_is_no_twin_or_side() {
        let middle = only_row(halves(), roi(1, ellipse(62.0, 40.0)));
        let twin = middle.twin.as_ref().expect("neighbours");
        assert_eq!((middle.side, twin.kind, twin.outlines.len()), (None, TwinKind::Neighbours, 2));
        assert!(says(&middle, "above and below") && middle.ratio.is_some());
        // What lies above and below holds as many counts as the region: halves of 12 and 3.
        assert!(twin.stats.pixels.abs_diff(2 * middle.stats.pixels) < 12);
        assert!((middle.ratio.unwrap().estimate.value.unwrap() - 1.0).abs() < 0.1);
        let whole = Outline::Rectangle { min: [2.0, 2.0], max: [120.0, 90.0] };
        let whole = only_row(halves(), roi(1, whole));
        assert_eq!(whole.twin, Err(NoTwin::TouchesMidline));
        assert!(says(&whole, "touches the midline") && whole.ratio.is_none());
        let mut unknown = halves();
        unknown.laterality = Laterality::default();
        let unknown = only_row(unknown, roi(1, ellipse(30.0, 40.0)));
        assert_eq!(unknown.side, None);
        assert!(says(&unknown, "which side") && unknown.ratio.is_some());
        let study = study_of(vec![halves()]);
        let findings = findings([roi(1, ellipse(30.0, 40.0))]);
        let none = Sheet::compute(&study, &findings, &|_| None, Level::NINETY_FIVE);
        assert_eq!((none.rois[0].side, none.midlines.len()), (None, 0));
        assert!(says(&none.rois[0], "no midline"));
    }

    #[test]
    fn a_poor_midline_is_called_so() {
        let findings = findings([roi(1, ellipse(30.0, 40.0))]);
        let doubtful = &sheet_at(halves(), &findings, 0.4).rois[0];
        assert!(says(doubtful, "quality 0.40") && doubtful.side == Some(Side::Right));
        let hopeless = &sheet_at(halves(), &findings, 0.1).rois[0];
        assert!(says(hopeless, "No side is named") && hopeless.side.is_none());
    }

    #[test]
    fn a_lossy_image_is_refused() {
        let mut frame = halves();
        frame.values.lossy = true;
        let row = only_row(frame, roi(1, ellipse(30.0, 40.0)));
        assert_eq!(row.refused, Some(NotCounts::Lossy));
        assert_eq!((&row.stats, row.ratio), (&RegionStats::NOTHING, None));
        assert_eq!(row.twin.as_ref().unwrap().stats, RegionStats::NOTHING);
        assert!(says(&row, "compressed with loss"));
    }

    #[test]
    fn values_that_are_not_counts_have_a_ratio_without_interval() {
        let mut frame = halves();
        frame.values.unit = Unit::GramsPerMl;
        let row = only_row(frame.clone(), roi(1, ellipse(30.0, 40.0)));
        let ratio = row.ratio.expect("a ratio");
        assert_eq!(
            ratio,
            RatioRow {
                jitter: ratio.jitter,
                ..RatioRow::new(Estimate { value: Some(4.0), interval: None }, None)
            }
        );
        assert_eq!(row.no_interval, Some(NotCounts::OtherUnit));
        assert!(says(&row, "No interval"));
        frame.values.unit = Unit::Hounsfield;
        assert_eq!(only_row(frame, roi(1, ellipse(30.0, 40.0))).ratio, None);
    }

    #[test]
    fn overlaps_edges_and_missing_facts_are_remarked() {
        let two = findings([roi(1, ellipse(30.0, 40.0)), roi(2, ellipse(95.0, 42.0))]);
        let sheet = sheet_at(halves(), &two, 0.9);
        assert!(says(&sheet.rois[0], "overlaps L2") && says(&sheet.rois[1], "overlaps L1"));
        let placed =
            Roi { twin: TwinChoice::Placed(ellipse(33.0, 40.0)), ..roi(1, ellipse(30.0, 40.0)) };
        assert!(says(&only_row(halves(), placed), "its own region"));
        assert!(says(&only_row(halves(), roi(1, ellipse(2.0, 40.0))), "outside the image"));
        let tiny = Outline::Ellipse { center: [30.5, 40.5], radii: [0.2, 0.2], angle_deg: 0.0 };
        let tiny = only_row(halves(), roi(1, tiny));
        assert!(says(&tiny, "No pixel centre lies inside the region") && tiny.ratio.is_none());
        let mut holed = Array2::from_elem((96, 128), 2.5f32);
        holed[[40, 30]] = f32::NAN;
        let holed = frame_of(Values::counts(Pixels::F32(holed)), 2.0);
        let holed = only_row(holed, roi(1, ellipse(30.0, 40.0)));
        assert!(says(&holed, "1 pixel of the region holds no number"));
        assert_eq!(holed.stats.mean, Some(2.5));
        let mut bare = halves();
        bare.spacing = None;
        let bare = only_row(bare, roi(1, ellipse(30.0, 40.0)));
        assert!(says(&bare, "no pixel spacing") && bare.stats.area.is_none());
        let elsewhere = Roi { frame: key(7), ..roi(1, ellipse(30.0, 40.0)) };
        assert!(says(&only_row(halves(), elsewhere), "not in the study"));
    }

    #[test]
    fn zero_counts_and_scaled_counts_are_remarked() {
        let half = Array2::from_shape_fn((96, 128), |(_, x)| if x < 64 { 12u16 } else { 0 });
        let frame = frame_of(Values::counts(Pixels::U16(half)), 2.0);
        let row = only_row(frame, roi(1, ellipse(30.0, 40.0)));
        let ratio = row.ratio.expect("a ratio");
        assert_eq!((ratio.estimate.value, ratio.differs_from_1), (None, Some(true)));
        assert!(says(&row, "the ratio has no value"));
        let mut scaled = TestPatient::default().frame(1);
        if let Pixels::U16(counts) = &*scaled.values.pixels.clone() {
            scaled.values.pixels = Arc::new(Pixels::U16(counts.mapv(|v| 4 * v)));
        }
        assert!(says(&only_row(scaled, roi(1, ellipse(30.0, 40.0))), "skips whole numbers"));
    }

    #[test]
    fn a_derived_image_is_told_of() {
        let mut study = study_of(vec![halves()]);
        let half = Derivation::Thinned { of: "1.2.3".into(), fraction: 0.125, seed: 4 };
        let copy = crate::measure::derive(&study, &half).unwrap();
        study.series.push(Arc::new(copy));
        let frame = FrameKey { series: half.uid(), frame: 0 };
        let on_copy = Roi { frame, ..roi(2, ellipse(30.0, 40.0)) };
        let findings = findings([roi(1, ellipse(30.0, 40.0)), on_copy]);
        let symmetry = |key: &FrameKey| straight(study.frame(key)?, 0.9);
        let sheet = Sheet::compute(&study, &findings, &symmetry, Level::NINETY_FIVE);
        assert!(!says(&sheet.rois[0], "thinned"));
        let words = "Measured on a copy thinned to 12.5 % of the counts, seed 4.";
        assert_eq!(sheet.rois[1].remarks.first().map(String::as_str), Some(words));
        assert!(sheet.rois[1].stats.total < 0.3 * sheet.rois[0].stats.total);
    }
}
