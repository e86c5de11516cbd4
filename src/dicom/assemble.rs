//! Files to series, series to studies, in an order that does not depend on names or threads.

use std::collections::{BTreeMap, HashMap};

use crate::study::{
    Frame, FrameSummary, Series, SeriesKind, SeriesSummary, Study, Uid, Unit, ValueSummary,
};

use super::fault::Fault;
use super::image::Part;
use super::slices::{Stack, along_normal, stack};
use super::{Skipped, StudySummary, content, view};

/// A reader has no use for more of them.
const MOST_REMARKS: usize = 60;

/// A study with its series, each with the facts of its frames.
pub(super) struct Assembled {
    pub study: Study,
    pub series: Vec<(Series, SeriesSummary)>,
}

impl Assembled {
    pub fn summary(self) -> StudySummary {
        let (all, series) =
            self.series.into_iter().map(|(series, summary)| (series.into(), summary)).unzip();
        StudySummary { study: Study { series: all, ..self.study }, series }
    }

    pub fn study(self) -> Study {
        let series = self.series.into_iter().map(|(series, _)| series.into()).collect();
        Study { series, ..self.study }
    }
}

/// Groups what the files hold. A second copy of an object is left out and listed in `skipped`.
pub(super) fn assemble(parts: Vec<Part>, skipped: &mut Vec<Skipped>) -> Vec<Assembled> {
    let mut seen: HashMap<Uid, u64> = HashMap::new();
    let mut studies: BTreeMap<Uid, BTreeMap<Uid, Vec<Part>>> = BTreeMap::new();
    for part in parts {
        let named = !part.sop_instance.starts_with("unnamed-");
        if named && let Some(&digest) = seen.get(&part.sop_instance) {
            let fault = if digest == part.digest { Fault::Copy } else { Fault::Impostor };
            skipped.push(Skipped::new(part.path, &fault));
            continue;
        }
        seen.insert(part.sop_instance.clone(), part.digest);
        let study = studies.entry(part.study.uid.clone()).or_default();
        study.entry(part.series.uid.clone()).or_default().push(part);
    }
    let mut assembled: Vec<_> = studies.into_values().filter_map(one_study).collect();
    assembled.sort_by(|a, b| {
        let key = |s: &Study| (s.date, s.started, s.uid.clone());
        key(&a.study).cmp(&key(&b.study))
    });
    assembled
}

fn one_study(series: BTreeMap<Uid, Vec<Part>>) -> Option<Assembled> {
    let mut series: Vec<Vec<Part>> = series.into_values().collect();
    series.iter_mut().for_each(|parts| sort(parts));
    series.sort_by(|a, b| {
        let key = |p: &[Part]| {
            p.first().map(|p| {
                let number = p.series.number;
                (number.is_none(), number, p.series.acquired, p.series.uid.clone())
            })
        };
        key(a).cmp(&key(b))
    });
    let study = series.first()?.first()?.study.clone();
    let who = |s: &Study| (s.patient.id.clone(), s.patient.name.clone());
    let strangers = series.iter().flatten().any(|p| who(&p.study) != who(&study));
    let simulated = series.iter().flatten().any(|p| p.study.simulated);
    let mut series: Vec<_> = series.into_iter().filter_map(one_series).collect();
    if strangers {
        let remark = "The files of this study name different patients.";
        for (series, summary) in &mut series {
            series.remarks.insert(0, remark.into());
            summary.remarks.insert(0, remark.into());
        }
    }
    Some(Assembled { study: Study { simulated, ..study }, series })
}

/// Slices by their place along the normal, everything else by its number.
fn sort(parts: &mut [Part]) {
    let placed = parts.len() > 1
        && parts.iter().all(|p| {
            p.series.kind.volume()
                && p.series.frames.len() == 1
                && p.series.frames[0].geometry.is_some()
        });
    let place = |part: &Part| {
        let geometry = part.series.frames.first().and_then(|f| f.geometry);
        geometry.filter(|_| placed).map_or(0.0, |g| along_normal(&g))
    };
    parts.sort_by(|a, b| {
        let key = |p: &Part| (p.instance_number, p.sop_instance.clone(), p.path.clone());
        place(a).total_cmp(&place(b)).then_with(|| key(a).cmp(&key(b)))
    });
}

fn one_series(parts: Vec<Part>) -> Option<(Series, SeriesSummary)> {
    let first = parts.first()?;
    let mut remarks: Vec<String> = Vec::new();
    let mut remark = |text: String| {
        if !remarks.contains(&text) && remarks.len() < MOST_REMARKS {
            remarks.push(text);
        }
    };
    parts.iter().flat_map(|p| &p.series.remarks).for_each(|text| remark(text.clone()));
    let differ = |same: &dyn Fn(&Part, &Part) -> bool| parts.iter().any(|p| !same(p, first));
    if differ(&|a, b| a.series.kind == b.series.kind && a.series.modality == b.series.modality) {
        remark("The files of this series are of different kinds.".into());
    }
    let one_size = !differ(&|a, b| (a.columns, a.rows) == (b.columns, b.rows));
    if !one_size {
        remark("The images of this series differ in size.".into());
    }
    let one_frame_of_reference = !differ(&|a, b| a.frame_of_reference == b.frame_of_reference);
    if !one_frame_of_reference {
        remark("The images of this series lie in different frames of reference.".into());
    }
    let unit_of = |p: &Part| p.series.frames.first().map(|f| f.values.unit.clone());
    let one_unit = !differ(&|a, b| unit_of(a) == unit_of(b));
    if !one_unit {
        remark("The images of this series are in different units.".into());
    }
    let unit = unit_of(first).filter(|_| one_unit).unwrap_or(Unit::Unknown);
    let size = vec![first.columns, first.rows];
    let mut kinds: Vec<SeriesKind> = parts.iter().map(|p| p.series.kind).collect();
    kinds.dedup();
    let comparable = one_size && one_frame_of_reference && kinds.len() == 1;

    let mut parts = parts.into_iter();
    let earliest = parts.as_slice().iter().filter_map(|p| p.series.acquired).min();
    let Part { mut series, mut values, mut seen, .. } = parts.next()?;
    series.acquired = earliest;
    seen.resize(series.frames.len(), None);
    for part in parts {
        seen.extend(part.seen);
        series.frames.extend(part.series.frames);
        values.extend(part.values);
        seen.resize(series.frames.len(), None);
    }
    if series.kind.planar() {
        let mut heard = Vec::new();
        content::settle(&mut series.frames, &seen, &mut heard);
        let views: Vec<_> = series.frames.iter().map(|f| f.view).collect();
        view::told(&views, &mut heard);
        remarks.extend(heard);
    }
    let (size, stack) = if series.kind.volume() {
        volume(&series, size, comparable, &mut remarks)
    } else {
        (size, Stack::default())
    };
    series.remarks = remarks;
    let summary = summary(&series, values, size, unit, stack);
    Some((series, summary))
}

/// The size of a volume in voxels and its place, from the frames that show one state of it.
fn volume(
    series: &Series,
    mut size: Vec<usize>,
    comparable: bool,
    remarks: &mut Vec<String>,
) -> (Vec<usize>, Stack) {
    let state = |f: &Frame| {
        let a = f.address;
        (a.energy_window, a.detector, a.rr_interval, a.time_slot)
    };
    let Some(first) = series.frames.first().map(state) else { return (size, Stack::default()) };
    let frames: Vec<&Frame> = series.frames.iter().filter(|f| state(f) == first).collect();
    size.push(frames.len());
    let stack = if comparable { stack(&frames, remarks) } else { Stack::default() };
    (size, stack)
}

fn summary(
    series: &Series,
    values: Vec<Option<ValueSummary>>,
    size: Vec<usize>,
    unit: Unit,
    stack: Stack,
) -> SeriesSummary {
    let frames: Vec<FrameSummary> = series
        .frames
        .iter()
        .zip(&values)
        .map(|(frame, &values)| FrameSummary {
            values,
            view: frame.view,
            laterality: frame.laterality,
            duration_ms: frame.duration.map(|d| d.milliseconds()),
        })
        .collect();
    let spacing = series.frames.first().and_then(|f| f.spacing);
    SeriesSummary {
        uid: series.uid.clone(),
        modality: series.modality.clone(),
        kind: series.kind,
        description: series.description.clone(),
        frames,
        size,
        spacing_mm: spacing.map(|s| [s.x(), s.y()].into_iter().chain(stack.spacing).collect()),
        unit,
        values: values.into_iter().flatten().reduce(ValueSummary::merged),
        affine: stack.affine,
        tracer: series.tracer.clone(),
        acquired: series.acquired,
        remarks: series.remarks.clone(),
    }
}
