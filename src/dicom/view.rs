//! Why a frame is called anterior: the cascade from the file's own word down to frame order.

use dicom_dictionary_std::tags;

use crate::study::{Laterality, SeriesKind, ViewLabel, ViewName, ViewSource};

use super::dataset::DataSet;
use super::nm::FrameFacts;
use super::slices::{Axes, orientation};

/// View Code Sequence (0054,0220) by code value alone: CID 26 in SNOMED CT and in SNOMED RT, whose
/// designators files confuse freely.
fn by_code(value: &str) -> Option<ViewName> {
    use ViewName::*;
    Some(match value {
        "399321004" | "G-5215" | "399348003" | "R-10206" => Anterior,
        "399001007" | "G-5216" | "R-10214" => Posterior,
        "399297009" | "G-5222" => RightLateral,
        "399118008" | "G-5223" => LeftLateral,
        "399108003" | "G-5206" => RightAnteriorOblique,
        "399074003" | "G-5207" => LeftAnteriorOblique,
        "399075002" | "G-5208" => RightPosteriorOblique,
        "399136008" | "G-5209" => LeftPosteriorOblique,
        "62824007" | "24422004" | "G-A117" | "G-A147" => Axial,
        "81654009" | "G-A138" => Coronal,
        "30730003" | "G-A145" => Sagittal,
        _ => return None,
    })
}

/// Where the camera stands, by the angle of PS3.3 C.8.4.11: 0° behind the back, growing towards
/// the patient's left. Each of the eight views owns 45°.
fn by_angle(degrees: f64) -> ViewName {
    use ViewName::*;
    const ROUND: [ViewName; 8] = [
        Posterior,
        LeftPosteriorOblique,
        LeftLateral,
        LeftAnteriorOblique,
        Anterior,
        RightAnteriorOblique,
        RightLateral,
        RightPosteriorOblique,
    ];
    ROUND[((degrees.rem_euclid(360.0) / 45.0).round() as usize) % 8]
}

/// By Image Orientation (Patient) of a projection: the camera looks along row × column.
fn by_orientation(row: [f64; 3], column: [f64; 3]) -> ViewName {
    let looks_x = row[1] * column[2] - row[2] * column[1];
    let looks_y = row[2] * column[0] - row[0] * column[2];
    by_angle((-looks_x).atan2(-looks_y).to_degrees())
}

/// By free text. A text that names both front and back names neither.
fn by_text(text: &str) -> Option<ViewName> {
    use ViewName::*;
    let text = text.to_uppercase();
    let words: Vec<&str> =
        text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|w| !w.is_empty()).collect();
    let any = |list: &[&str]| words.iter().any(|w| list.contains(w));
    let holds = |list: &[&str]| list.iter().any(|w| text.contains(w));
    let lateral = any(&["LAT", "LATERAL"]);
    let found: Vec<ViewName> = [
        (any(&["ANT", "ANTERIOR"]) || holds(&["前位", "前面观"]), Anterior),
        (any(&["POST", "POS", "POSTERIOR"]) || holds(&["后位", "后面观"]), Posterior),
        (any(&["LAO"]), LeftAnteriorOblique),
        (any(&["RAO"]), RightAnteriorOblique),
        (any(&["LPO"]), LeftPosteriorOblique),
        (any(&["RPO"]), RightPosteriorOblique),
        (any(&["LLAT"]) || lateral && any(&["LEFT", "L", "LT"]), LeftLateral),
        (any(&["RLAT"]) || lateral && any(&["RIGHT", "R", "RT"]), RightLateral),
    ]
    .into_iter()
    .filter_map(|(said, view)| said.then_some(view))
    .collect();
    match found[..] {
        [view] => Some(view),
        _ => None,
    }
}

/// GE names what it stores `…_E` for anterior and `…_F` for posterior.
fn by_suffix(label: &str) -> Option<ViewName> {
    let label = label.trim().to_uppercase();
    match () {
        () if label.ends_with("_E") => Some(ViewName::Anterior),
        () if label.ends_with("_F") => Some(ViewName::Posterior),
        () => None,
    }
}

/// What one detector's item says, strongest first.
fn of_detector(detector: &DataSet) -> ViewLabel {
    let code = detector.item(tags::VIEW_CODE_SEQUENCE).map(|c| c.text(tags::CODE_VALUE));
    if let Some(view) = code.as_deref().and_then(by_code) {
        return ViewLabel { view, source: ViewSource::ViewCode };
    }
    if let Some((row, column)) = beside_the_patient(detector) {
        return ViewLabel { view: by_orientation(row, column), source: ViewSource::Orientation };
    }
    if let Ok(Some(angle)) = detector.number(tags::START_ANGLE) {
        return ViewLabel { view: by_angle(angle), source: ViewSource::DetectorAngle };
    }
    ViewLabel::default()
}

/// What labels and descriptions say of frame `frame` (from 0) of `frames`.
fn of_text(header: &DataSet, frame: usize, frames: usize) -> ViewLabel {
    let label = |view| ViewLabel { view, source: ViewSource::Description };
    let ge = [(0x0011, 0x12), (0x0011, 0x30)]
        .iter()
        .filter_map(|&(group, element)| header.private(group, "GEMS_GENIE_1", element));
    let siemens = header.private(0x0009, "SIEMENS MED NM", 0x80);
    // Lists with one label per frame.
    for tag in ge.chain(siemens).chain([tags::IMAGE_ID]) {
        let labels = header.texts(tag);
        if labels.len() == frames
            && let Some(view) = by_text(&labels[frame]).or_else(|| by_suffix(&labels[frame]))
        {
            return label(view);
        }
    }
    // One text for all: it can only name the view of a single frame.
    if frames == 1 {
        let said = [tags::SERIES_DESCRIPTION, tags::IMAGE_COMMENTS]
            .into_iter()
            .find_map(|tag| by_text(&header.text(tag)));
        if let Some(view) = said {
            return label(view);
        }
    }
    ViewLabel::default()
}

/// The orientation of a camera that stands beside the patient. One that looks along the body is
/// a slice's, put into a projection by mistake.
fn beside_the_patient(detector: &DataSet) -> Option<Axes> {
    let (row, column) = orientation(detector).ok()??;
    let looks_z = row[0] * column[1] - row[1] * column[0];
    (looks_z.abs() < 0.5).then_some((row, column))
}

/// Left and right of a projection: from its detector's orientation, else from its view.
fn laterality(detector: Option<&DataSet>, view: ViewName) -> Laterality {
    match detector.and_then(beside_the_patient) {
        Some((row, column)) => Laterality::of_projection(row, column, view),
        None => Laterality::from_view(view),
    }
}

/// Whether two detectors claim one direction by orientation or angle: a default that was never
/// filled in, for the heads of a camera do not stand in one place.
fn stuck(kind: SeriesKind, detectors: &[DataSet]) -> bool {
    let [first, second] = detectors else { return false };
    let (first, second) = (of_detector(first), of_detector(second));
    let guessed = matches!(first.source, ViewSource::Orientation | ViewSource::DetectorAngle);
    kind == SeriesKind::WholeBody && guessed && first == second
}

/// The view of each planar frame, and left and right in it.
pub(super) fn of_frames(
    header: &DataSet,
    kind: SeriesKind,
    facts: &mut [FrameFacts],
    remarks: &mut Vec<String>,
) {
    let detectors = header.items(tags::DETECTOR_INFORMATION_SEQUENCE);
    let count = facts.len();
    let stuck = stuck(kind, detectors);
    if stuck {
        remarks.push("Both detectors claim the same direction, so neither was believed.".into());
    }
    let detectors = if stuck { &[] } else { detectors };
    for (i, frame) in facts.iter_mut().enumerate() {
        let detector = detectors.get(usize::from(frame.address.detector) - 1);
        frame.view = detector.map(of_detector).unwrap_or_default();
        if frame.view.source == ViewSource::Unknown {
            frame.view = of_text(header, i, count);
        }
    }
    by_order(kind, facts);
    for frame in facts.iter_mut() {
        let detector = detectors.get(usize::from(frame.address.detector) - 1);
        frame.laterality = laterality(detector, frame.view.view);
    }
    let usual = |f: &FrameFacts| Laterality::from_view(f.view.view).larger_columns;
    let mirrored = |f: &&FrameFacts| {
        usual(f).is_some_and(|side| f.laterality.larger_columns == Some(side.opposite()))
    };
    if let Some(frame) = facts.iter().find(mirrored) {
        remarks.push(format!(
            "By Image Orientation (Patient) a {} frame is stored mirrored; left and right were \
             taken from it.",
            frame.view.view.as_str()
        ));
    }
}

/// Says how each frame's view was found, unless the file names it itself.
pub(super) fn told(views: &[ViewLabel], remarks: &mut Vec<String>) {
    let mut groups: Vec<(ViewLabel, Vec<usize>)> = Vec::new();
    for (i, view) in views.iter().enumerate() {
        match groups.iter_mut().find(|(label, _)| label == view) {
            Some((_, frames)) => frames.push(i + 1),
            None => groups.push((*view, vec![i + 1])),
        }
    }
    for (ViewLabel { view, source }, frames) in groups {
        let (which, verb) = match frames[..] {
            [one] => (format!("Frame {one}"), "has"),
            [first, .., last] if last - first + 1 == frames.len() => {
                (format!("Frames {first} to {last}"), "have")
            }
            [first, second, ..] => (format!("Frames {first}, {second} …"), "have"),
            [] => continue,
        };
        let how = match source {
            ViewSource::Unknown => {
                remarks.push(format!(
                    "{which}: nothing says from where the camera looks; left and right are unknown."
                ));
                continue;
            }
            ViewSource::FrameOrder => {
                "because detector 1 of a whole-body pair is usually the anterior one"
            }
            ViewSource::DetectorAngle => "from the detector's start angle",
            ViewSource::Description => "from a label",
            ViewSource::ImageContent => "by what the picture shows, which is a guess: confirm it",
            _ => continue,
        };
        remarks.push(format!("{which} {verb} no View Code; called {} {how}.", view.as_str()));
    }
}

/// The last resort, for whole-body pairs only: detector 1 anterior, detector 2 posterior. It must
/// not contradict what is known of the other frame.
fn by_order(kind: SeriesKind, facts: &mut [FrameFacts]) {
    let detectors = |n: u16| facts.iter().filter(|f| f.address.detector == n).count();
    let pair = kind == SeriesKind::WholeBody
        && detectors(1) == detectors(2)
        && detectors(1) + detectors(2) == facts.len();
    let expected = |detector| if detector == 1 { ViewName::Anterior } else { ViewName::Posterior };
    let agrees = |f: &FrameFacts| {
        f.view.source == ViewSource::Unknown || f.view.view == expected(f.address.detector)
    };
    if !pair || facts.is_empty() || !facts.iter().all(agrees) {
        return;
    }
    for frame in facts.iter_mut().filter(|f| f.view.source == ViewSource::Unknown) {
        let view = expected(frame.address.detector);
        frame.view = ViewLabel { view, source: ViewSource::FrameOrder };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn angles_go_from_the_back_to_the_patient_s_left() {
        let views: Vec<_> = [0.0, 44.0, 90.0, 181.0, 270.0, -5.0].map(by_angle).into();
        use ViewName::*;
        let expected =
            [Posterior, LeftPosteriorOblique, LeftLateral, Anterior, RightLateral, Posterior];
        assert_eq!(views, expected);
    }

    #[test]
    fn orientation_and_angle_agree() {
        let head_up = [0.0, 0.0, -1.0];
        assert_eq!(by_orientation([1.0, 0.0, 0.0], head_up), ViewName::Anterior);
        assert_eq!(by_orientation([-1.0, 0.0, 0.0], head_up), ViewName::Posterior);
        // Standing at the patient's left one sees the front at small columns.
        assert_eq!(by_orientation([0.0, 1.0, 0.0], head_up), ViewName::LeftLateral);
        assert_eq!(by_orientation([0.0, -1.0, 0.0], head_up), ViewName::RightLateral);
    }

    #[test]
    fn text_names_a_view_only_when_it_names_one() {
        assert_eq!(by_text("WB ANT 3h"), Some(ViewName::Anterior));
        assert_eq!(by_text("Pelvis post."), Some(ViewName::Posterior));
        assert_eq!(by_text("R LAT SKULL"), Some(ViewName::RightLateral));
        assert_eq!(by_text("全身骨显像 前位"), Some(ViewName::Anterior));
        assert_eq!(by_text("前列腺癌"), None);
        assert_eq!(by_text("ANT/POST"), None);
        assert_eq!(by_text("Postop control, giant"), None);
        assert_eq!(by_suffix("WHOLE BODY_E"), Some(ViewName::Anterior));
    }
}
