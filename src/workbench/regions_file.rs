//! The regions file: what the reader drew, as JSON that scripts and people can read.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::findings::{
    Annotation, AnnotationId, Drawn, Edit, Findings, IndexPart, Roi, RoiId, Role, TwinChoice,
};
use crate::geometry::{Outline, OutlineError};
use crate::study::{FrameKey, Study, ViewName};

const SCHEMA: &str = "bonescope/rois";
const VERSION: u32 = 1;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RegionsFile {
    schema: String,
    version: u32,
    rois: Vec<Region>,
    /// Frames whose view the reader named.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    views: Vec<NamedView>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    annotations: Vec<Note>,
    /// Whether ratios are those of net counts.
    #[serde(default, skip_serializing_if = "is_false")]
    subtract_background: bool,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct NamedView {
    #[serde(default)]
    series: Option<String>,
    #[serde(default)]
    frame: usize,
    view: ViewName,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Note {
    #[serde(default)]
    series: Option<String>,
    #[serde(default)]
    frame: usize,
    #[serde(flatten)]
    drawn: Drawn,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    text: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Region {
    id: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    name: String,
    #[serde(default)]
    series: Option<String>,
    #[serde(default)]
    frame: usize,
    #[serde(flatten)]
    shape: Shape,
    #[serde(default)]
    twin: TwinField,
    #[serde(default, skip_serializing_if = "is_lesion")]
    role: Role,
    /// The id of the region that this one is the copy of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    copy_of: Option<String>,
    /// What it is measured for, where it is part of an index.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    part: Option<IndexPart>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    note: String,
    #[serde(default = "yes", skip_serializing_if = "is_true")]
    in_report: bool,
}

fn yes() -> bool {
    true
}

fn is_lesion(role: &Role) -> bool {
    *role == Role::Lesion
}

fn is_false(on: &bool) -> bool {
    !on
}

fn is_true(on: &bool) -> bool {
    *on
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
enum Shape {
    Planar(Outline),
    /// A shape of volumes, which this version does not measure.
    Other {
        shape: String,
    },
}

/// `"auto"`, `"none"`, `{"center": [column, row]}` or a whole outline.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
enum TwinField {
    Word(TwinWord),
    Outline(Outline),
    Center { center: [f64; 2] },
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum TwinWord {
    #[default]
    Auto,
    None,
}

impl Default for TwinField {
    fn default() -> Self {
        Self::Word(TwinWord::Auto)
    }
}

#[derive(Debug, thiserror::Error)]
pub enum RegionsFileError {
    #[error("the regions file cannot be read ({reason}): {path}")]
    Unreadable { path: PathBuf, reason: std::io::Error },
    #[error("this is not a regions file ({reason}): {path}")]
    NotRegions { path: PathBuf, reason: String },
    #[error(
        "the regions file is of version {found}, newer than this program knows ({VERSION}): {path}"
    )]
    Newer { path: PathBuf, found: u32 },
    #[error("region {id}: {reason}")]
    Shape { id: String, reason: OutlineError },
    #[error("region {id}: the shape {shape:?} cannot be measured on planar frames")]
    UnknownShape { id: String, shape: String },
    #[error("region {id}: there is no series {series}")]
    NoSuchSeries { id: String, series: String },
    #[error(
        "region {id}: the study has {count} series with planar frames, so say which: \"series\": UID"
    )]
    WhichSeries { id: String, count: usize },
    #[error("region {id}: there is no frame {frame}; the series has {count}, counted from 0")]
    NoSuchFrame { id: String, frame: usize, count: usize },
    #[error("two regions are called {0}")]
    TwiceTheSame(String),
    #[error("could not write the regions ({reason}): {path}")]
    Unwritable { path: PathBuf, reason: std::io::Error },
}

impl RegionsFile {
    pub fn of(findings: &Findings) -> Self {
        let rois = findings
            .rois()
            .iter()
            .map(|roi| Region {
                id: roi.name.clone(),
                name: roi.site.clone(),
                series: Some(roi.frame.series.to_string()),
                frame: roi.frame.frame,
                shape: Shape::Planar(roi.outline.clone()),
                twin: match &roi.twin {
                    TwinChoice::Auto => TwinField::Word(TwinWord::Auto),
                    TwinChoice::None => TwinField::Word(TwinWord::None),
                    TwinChoice::Placed(outline) => TwinField::Outline(outline.clone()),
                },
                role: roi.role,
                copy_of: roi.copy_of.and_then(|id| Some(findings.roi(id)?.name.clone())),
                part: roi.part.clone(),
                note: roi.note.clone(),
                in_report: roi.in_report,
            })
            .collect();
        let views = findings
            .views()
            .iter()
            .map(|(frame, view)| NamedView {
                series: Some(frame.series.to_string()),
                frame: frame.frame,
                view: *view,
            })
            .collect();
        let annotations = findings
            .annotations()
            .iter()
            .map(|annotation| Note {
                series: Some(annotation.frame.series.to_string()),
                frame: annotation.frame.frame,
                drawn: annotation.drawn,
                text: annotation.text.clone(),
            })
            .collect();
        Self {
            schema: SCHEMA.into(),
            version: VERSION,
            rois,
            views,
            annotations,
            subtract_background: findings.subtracts_background(),
        }
    }

    pub fn read(path: &Path) -> Result<Self, RegionsFileError> {
        let text = std::fs::read_to_string(path)
            .map_err(|reason| RegionsFileError::Unreadable { path: path.into(), reason })?;
        Self::parse(&text, path)
    }

    /// `path` is only for the error.
    pub fn parse(text: &str, path: &Path) -> Result<Self, RegionsFileError> {
        let wrong = |reason: String| RegionsFileError::NotRegions { path: path.into(), reason };
        let file: Self = serde_json::from_str(text).map_err(|e| wrong(e.to_string()))?;
        if file.schema != SCHEMA {
            return Err(wrong(format!("its schema is {:?}", file.schema)));
        }
        if file.version > VERSION {
            return Err(RegionsFileError::Newer { path: path.into(), found: file.version });
        }
        Ok(file)
    }

    pub fn write(&self, path: &Path) -> Result<(), RegionsFileError> {
        let unwritable =
            |reason: std::io::Error| RegionsFileError::Unwritable { path: path.into(), reason };
        let mut json = serde_json::to_vec_pretty(self).map_err(|e| unwritable(e.into()))?;
        json.push(b'\n');
        super::export::replace(path, &json).map_err(unwritable)
    }

    /// The UIDs of the series that the file names. Derived ones among them can be made again.
    pub fn series(&self) -> impl Iterator<Item = &str> {
        let rois = self.rois.iter().map(|r| &r.series);
        let views = self.views.iter().map(|v| &v.series);
        let notes = self.annotations.iter().map(|n| &n.series);
        rois.chain(views).chain(notes).filter_map(|series| series.as_deref())
    }

    /// One edit that adds everything in the file to the findings of `study`.
    pub fn into_edit(self, study: &Study, findings: &Findings) -> Result<Edit, RegionsFileError> {
        let first = findings.next_id().0;
        let mut names: Vec<String> = findings.rois().iter().map(|r| r.name.clone()).collect();
        let mut edits = Vec::with_capacity(self.rois.len());
        for NamedView { series, frame, view } in self.views {
            edits.push(Edit::SetView(frame_key(view.as_str(), series, frame, study)?, Some(view)));
        }
        let mut known: Vec<(String, RoiId)> =
            findings.rois().iter().map(|r| (r.name.clone(), r.id)).collect();
        for (region, id) in self.rois.into_iter().zip(first..) {
            if names.contains(&region.id) {
                return Err(RegionsFileError::TwiceTheSame(region.id));
            }
            names.push(region.id.clone());
            known.push((region.id.clone(), RoiId(id)));
            let original = region.copy_of.clone();
            let mut roi = region.into_roi(RoiId(id), study)?;
            roi.copy_of =
                original.and_then(|name| known.iter().find(|(n, _)| *n == name).map(|(_, id)| *id));
            edits.push(Edit::Add { at: None, roi });
        }
        let next = findings.next_annotation().0;
        for (note, id) in self.annotations.into_iter().zip(next..) {
            let Note { series, frame, drawn, text } = note;
            let frame = frame_key(&text, series, frame, study)?;
            let annotation = Annotation { id: AnnotationId(id), frame, drawn, text };
            edits.push(Edit::Annotate { at: None, annotation });
        }
        if self.subtract_background {
            edits.push(Edit::SubtractBackground(true));
        }
        Ok(Edit::All(edits))
    }
}

impl Region {
    fn into_roi(self, id: RoiId, study: &Study) -> Result<Roi, RegionsFileError> {
        let Self {
            id: name,
            name: site,
            series,
            frame,
            shape,
            twin,
            role,
            copy_of: _,
            part,
            note,
            in_report,
        } = self;
        let outline = match shape {
            Shape::Planar(outline) => outline,
            Shape::Other { shape } => {
                return Err(RegionsFileError::UnknownShape { id: name, shape });
            }
        };
        let frame = frame_key(&name, series, frame, study)?;
        let wrong = |reason| RegionsFileError::Shape { id: name.clone(), reason };
        outline.check().map_err(wrong)?;
        let twin = match twin {
            TwinField::Word(TwinWord::Auto) => TwinChoice::Auto,
            TwinField::Word(TwinWord::None) => TwinChoice::None,
            TwinField::Outline(twin) => {
                twin.check().map_err(wrong)?;
                TwinChoice::Placed(twin)
            }
            TwinField::Center { center } => {
                let twin = outline.centred_at(center.into());
                twin.check().map_err(wrong)?;
                TwinChoice::Placed(twin)
            }
        };
        Ok(Roi { id, name, frame, outline, twin, role, copy_of: None, part, site, note, in_report })
    }
}

fn frame_key(
    id: &str,
    series: Option<String>,
    frame: usize,
    study: &Study,
) -> Result<FrameKey, RegionsFileError> {
    let id = || id.to_owned();
    let series = match series {
        Some(uid) => study
            .series(&uid)
            .ok_or_else(|| RegionsFileError::NoSuchSeries { id: id(), series: uid })?,
        None => {
            let mut candidates = study.series.iter().filter(|s| s.kind.planar());
            match (candidates.next(), candidates.count()) {
                (Some(only), 0) => only,
                (first, more) => {
                    let count = usize::from(first.is_some()) + more;
                    return Err(RegionsFileError::WhichSeries { id: id(), count });
                }
            }
        }
    };
    let count = series.frames.len();
    if frame >= count {
        return Err(RegionsFileError::NoSuchFrame { id: id(), frame, count });
    }
    Ok(FrameKey { series: series.uid.clone(), frame })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<RegionsFile, RegionsFileError> {
        RegionsFile::parse(text, Path::new("rois.json"))
    }

    #[test]
    fn reads_the_shapes_of_the_contract() {
        let file = parse(
            r#"{"schema":"bonescope/rois","version":1,"rois":[
            {"id":"L1","name":"left iliac wing","series":null,"frame":1,"shape":"ellipse","center":[150.5,402.0],"radii":[6.0,9.0],"angle_deg":20.0,"twin":"auto"},
            {"id":"R1","frame":0,"shape":"rectangle","min":[10,10],"max":[20,30],"twin":"none"},
            {"id":"P1","frame":0,"shape":"polygon","points":[[10,10],[20,12],[18,25]],"twin":{"center":[95.0,402.0]}},
            {"id":"V1","series":"1.2","shape":"isocontour","seed":[88,97,140],"threshold_percent":41.0}]}"#,
        )
        .unwrap();
        assert_eq!(file.rois.len(), 4);
        assert_eq!(file.rois[1].twin, TwinField::Word(TwinWord::None));
        assert_eq!(file.rois[2].twin, TwinField::Center { center: [95.0, 402.0] });
        assert!(matches!(&file.rois[3].shape, Shape::Other { shape } if shape == "isocontour"));
    }

    #[test]
    fn roles_views_and_annotations_are_kept() {
        let text = r#"{"schema":"bonescope/rois","version":1,"rois":[
            {"id":"X1","frame":0,"shape":"rectangle","min":[10.0,10.0],"max":[20.0,30.0],"role":{"not_bone":"urine"}},
            {"id":"L1","frame":1,"shape":"rectangle","min":[10.0,10.0],"max":[20.0,30.0],"copy_of":"X1"}],
            "views":[{"frame":1,"view":"posterior"}],
            "annotations":[{"frame":0,"shape":"arrow","from":[1.0,2.0],"to":[3.0,4.0],"text":"see"}]}"#;
        let file = parse(text).unwrap();
        assert_eq!(file.rois[0].role, Role::NotBone(crate::findings::NotBone::Urine));
        assert_eq!(file.rois[1].role, Role::Lesion);
        let again = serde_json::to_string(&file).unwrap();
        assert_eq!(parse(&again).unwrap(), file);
        let case = crate::simulate::case("normal").unwrap();
        let study = crate::simulate::acquire(&case, &|_| ()).study;
        let mut findings = Findings::default();
        findings.apply(file.into_edit(&study, &Findings::default()).unwrap()).unwrap();
        assert_eq!(findings.rois()[1].copy_of, Some(findings.rois()[0].id));
        assert_eq!(findings.annotations().len(), 1);
        let written = RegionsFile::of(&findings);
        let mut back = Findings::default();
        back.apply(written.into_edit(&study, &Findings::default()).unwrap()).unwrap();
        assert_eq!(back, findings);
    }

    #[test]
    fn the_choice_of_background_is_kept() {
        let text = r#"{"schema":"bonescope/rois","version":1,"rois":[
            {"id":"S1","frame":0,"shape":"rectangle","min":[10.0,10.0],"max":[20.0,30.0],"role":"background"}],
            "subtract_background":true}"#;
        let case = crate::simulate::case("normal").unwrap();
        let study = crate::simulate::acquire(&case, &|_| ()).study;
        let mut findings = Findings::default();
        let edit = parse(text).unwrap().into_edit(&study, &findings).unwrap();
        findings.apply(edit).unwrap();
        assert!(findings.subtracts_background());
        assert_eq!(findings.rois()[0].role, Role::Background);
        let written = serde_json::to_string(&RegionsFile::of(&findings)).unwrap();
        assert!(written.contains("\"subtract_background\":true"), "{written}");
        // A file that says nothing of it leaves the choice as it is.
        let silent = r#"{"schema":"bonescope/rois","version":1,"rois":[]}"#;
        findings.apply(parse(silent).unwrap().into_edit(&study, &findings).unwrap()).unwrap();
        assert!(findings.subtracts_background());
        assert!(
            !serde_json::to_string(&RegionsFile::of(&Findings::default()))
                .unwrap()
                .contains("subtract")
        );
    }

    #[test]
    fn says_what_is_wrong() {
        let wrong = |text: &str| parse(text).unwrap_err().to_string();
        assert!(wrong("[1,2").contains("not a regions file"));
        assert!(wrong(r#"{"schema":"x","version":1,"rois":[]}"#).contains("schema"));
        assert!(
            wrong(r#"{"schema":"bonescope/rois","version":9,"rois":[]}"#).contains("version 9")
        );
    }
}
