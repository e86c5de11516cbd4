//! Rows about how images share the screen.

use std::collections::BTreeSet;

use serde_json::json;

use crate::dicom::synthetic::{DYNAMIC_PHASES, GATED_SLOTS, Set};
use crate::study::{Address, FrameKey};

use super::super::{Pane, Show};
use super::notes::Notes;
use super::stand::{Stand, Tried, greys_of};
use super::vectors::compare;

/// Row 2.
pub(super) fn no_postage_stamps(stand: &mut Stand<'_>, notes: &mut Notes) -> Tried {
    for (set, pane) in [(Set::Static, [900, 700]), (Set::WholeBody, [300, 800])] {
        stand.open(set)?;
        let size = [stand.frame(0)?.columns(), stand.frame(0)?.rows()];
        let covered = stand.covered(0, pane.map(f64::from))?;
        let fill = |axis: usize| f64::from(covered[axis]) / f64::from(pane[axis]);
        let aspect = f64::from(covered[0]) / f64::from(covered[1]).max(1.0);
        let wanted = size[0] as f64 / size[1] as f64;
        notes.holds(
            format!(
                "a {} × {} image in a pane of {} × {} points",
                size[0], size[1], pane[0], pane[1]
            ),
            "covers the pane one way, its aspect kept",
            format!("{} × {} points", covered[0], covered[1]),
            fill(0).max(fill(1)) > 0.98 && (aspect / wanted - 1.0).abs() < 0.02,
        );
    }
    Ok(())
}

/// Row 5.
pub(super) fn grid(stand: &mut Stand<'_>, notes: &mut Notes) -> Tried {
    stand.open(Set::Dynamic)?;
    let frames = stand.series()?.frames.len();
    stand.alone(0)?;
    stand.act("layout.grid")?;
    notes.equal("panes", frames, stand.panes().len());
    let columns = stand.columns();
    notes.holds(
        "rows and columns",
        "more than one of each",
        format!("{} columns, {} rows", columns, frames.div_ceil(columns)),
        columns > 1 && frames.div_ceil(columns) > 1,
    );
    each_as_stored(stand, notes)
}

/// Every pane shows what its place demands, and no two the same.
fn each_as_stored(stand: &mut Stand<'_>, notes: &mut Notes) -> Tried {
    let mut levels = BTreeSet::new();
    for pane in 0..stand.panes().len() {
        stand.plain(pane);
        compare(stand, notes, pane, &format!("pane {}", pane + 1))?;
        let key = &stand.pane(pane)?.frame;
        levels.insert((key.series.clone(), key.frame));
    }
    notes.equal("different frames", stand.panes().len(), levels.len());
    Ok(())
}

/// Row 6.
pub(super) fn fit(stand: &mut Stand<'_>, notes: &mut Notes) -> Tried {
    stand.open(Set::Several)?;
    stand.act("layout.fit")?;
    let shown: BTreeSet<String> = (0..stand.panes().len())
        .map(|pane| stand.pane(pane).map(|p| p.frame.series.to_string()))
        .collect::<Tried<_>>()?;
    let series = stand.bench.study().map_or(0, |s| s.series.len());
    notes.equal("image sets on the screen", series, shown.len());
    each_as_stored(stand, notes)
}

/// Row 10.
pub(super) fn whole_screen(stand: &mut Stand<'_>, notes: &mut Notes) -> Tried {
    const GAP: f64 = 2.0;
    stand.open(Set::Several)?;
    for size in [[1200.0, 700.0], [700.0, 1100.0]] {
        let canvas = json!({"show": {"canvas": {"width": size[0], "height": size[1]}}});
        stand.say("fitting frames to a canvas", canvas)?;
        stand.act("layout.fit")?;
        let frames: usize =
            stand.bench.study().map_or(0, |s| s.series.iter().map(|s| s.frames.len()).sum());
        let on = format!("{} × {} points", size[0], size[1]);
        notes.equal(format!("frames shown on {on}"), frames, stand.panes().len());
        let cells = stand.cells(size, GAP);
        let right = cells.iter().map(|c| c[0] + c[2]).fold(0.0, f64::max);
        let bottom = cells.iter().map(|c| c[1] + c[3]).fold(0.0, f64::max);
        notes.equal(
            format!("where the panes end on {on}"),
            format!("{:.0} × {:.0}", size[0], size[1]),
            format!("{right:.0} × {bottom:.0}"),
        );
        let (mut whole, mut kept) = (0, 0);
        for (pane, [_, _, width, height]) in cells.iter().copied().enumerate() {
            let frame = stand.frame(pane)?;
            let wanted = frame.columns() as f64 / frame.rows() as f64;
            let [across, down] = stand.covered(pane, [width, height])?.map(f64::from);
            // A canvas has whole pixels.
            whole += usize::from(across >= width - 2.0 || down >= height - 2.0);
            let pixel = 2.0 / across.min(down).max(1.0);
            kept += usize::from((across / down.max(1.0) / wanted - 1.0).abs() < pixel);
        }
        notes.equal(format!("frames that reach their pane's edges on {on}"), cells.len(), whole);
        notes.equal(format!("frames that keep their aspect on {on}"), cells.len(), kept);
    }
    Ok(())
}

/// Row 11.
pub(super) fn whole_body(stand: &mut Stand<'_>, notes: &mut Notes) -> Tried {
    stand.open(Set::WholeBody)?;
    let shown: Vec<String> = (0..stand.panes().len())
        .map(|pane| stand.frame(pane).map(|f| f.view.view.as_str().to_owned()))
        .collect::<Tried<_>>()?;
    notes.equal("panes, from the left", "anterior posterior".to_owned(), shown.join(" "));
    for pane in 0..stand.panes().len() {
        stand.plain(pane);
        let painted = stand.picture(pane, 1)?;
        let address = stand.frame(pane)?.address;
        let what = format!("pane {pane}, {} × {} at 1:1", painted.columns, painted.rows);
        match Set::WholeBody.pattern(&address) {
            Some(pattern) => notes.pixels(
                what,
                painted.columns,
                &greys_of(pattern, 0.0, 255.0),
                &painted.greys(),
            ),
            None => notes.holds(what, "a frame of the set", "another frame", false),
        }
        let [width, height] = stand.covered(pane, [640.0, 700.0])?;
        notes.holds(
            format!("pane {pane} in 640 × 700 points"),
            "head to foot: 175 × 700 points",
            format!("{width} × {height} points"),
            height == 700 && (174..=176).contains(&width),
        );
    }
    Ok(())
}

/// Row 12.
pub(super) fn slice_rows(stand: &mut Stand<'_>, _notes: &mut Notes) -> Tried {
    stand.open(Set::ReconForwards)?;
    stand.unserved(&["slice_rows"], "rows of slices that can be shifted against each other")
}

/// Row 13.
pub(super) fn planes(stand: &mut Stand<'_>, _notes: &mut Notes) -> Tried {
    stand.open(Set::ReconForwards)?;
    stand.unserved(&["plane", "mpr"], "planes through a volume")
}

/// Row 14.
pub(super) fn cine(stand: &mut Stand<'_>, notes: &mut Notes) -> Tried {
    stand.open(Set::Dynamic)?;
    let series = stand.series()?;
    let first = |detector| {
        let seen = |a: &Address| (a.energy_window, a.detector) == (2, detector);
        series.frames.iter().position(|f| seen(&f.address))
    };
    let pane = stand.pane(0)?.clone();
    let uid = series.uid.clone();
    let beside = |frame| Pane { frame: FrameKey { series: uid.clone(), frame }, ..pane.clone() };
    let panes: Vec<Pane> = [first(1), first(2)].into_iter().flatten().map(beside).collect();
    stand.show(Show::Layout { columns: vec![1.0, 1.0], panes });
    stand.act("cine.play")?;
    // What a reader sees until the cine begins anew, one entry for each change.
    let time = |stand: &Stand<'_>, pane| {
        stand.frame(pane).map(|f| [f.address.detector, f.address.phase, f.address.time_slice])
    };
    let mut seen = [vec![time(stand, 0)?], vec![time(stand, 1)?]];
    for _ in 0..400 {
        stand.say("time going by", json!({"tick": 0.05}))?;
        let now = [time(stand, 0)?, time(stand, 1)?];
        if now == [seen[0][0], seen[1][0]] && seen[0].len() > 1 {
            break;
        }
        for (pane, seen) in seen.iter_mut().enumerate() {
            if seen.last() != Some(&now[pane]) {
                seen.push(now[pane]);
                stand.plain(pane);
                let [detector, phase, slice] = now[pane];
                let what =
                    format!("while playing: detector {detector}, phase {phase}, slice {slice}");
                compare(stand, notes, pane, &what)?;
            }
        }
    }
    for (pane, detector) in [(0, 1), (1, 2)] {
        let wanted: Vec<[u16; 3]> = (1..)
            .zip(DYNAMIC_PHASES)
            .flat_map(|(phase, (frames, _))| (1..=frames).map(move |t| [detector, phase, t]))
            .collect();
        notes.equal(
            format!("detector, phase and slice in pane {}, in step with the other", pane + 1),
            format!("{wanted:?}"),
            format!("{:?}", seen[pane]),
        );
    }
    let slow = changes(stand)?;
    stand.act("cine.faster")?;
    let fast = changes(stand)?;
    notes.holds(
        "changes in four seconds, before and after making it faster",
        "more afterwards",
        format!("{slow} and {fast}"),
        slow > 0 && fast > slow,
    );
    stand.act("cine.play")?;
    notes.equal("changes in four seconds after stopping it", 0, changes(stand)?);

    stand.open(Set::Gated)?;
    stand.alone(0)?;
    stand.act("cine.play")?;
    let mut slots = BTreeSet::new();
    for _ in 0..100 {
        stand.say("time going by", json!({"tick": 0.05}))?;
        let Address { rr_interval, time_slot, .. } = stand.frame(0)?.address;
        slots.insert((rr_interval, time_slot));
    }
    let wanted: BTreeSet<(u16, u16)> = (1..=GATED_SLOTS).map(|slot| (1, slot)).collect();
    notes.equal(
        "a gated image: R-R interval and time slots that were seen",
        format!("{wanted:?}"),
        format!("{slots:?}"),
    );
    Ok(())
}

/// How often the first pane changes in four seconds.
fn changes(stand: &mut Stand<'_>) -> Tried<usize> {
    let mut count = 0;
    for _ in 0..200 {
        let before = stand.pane(0)?.frame.frame;
        stand.say("time going by", json!({"tick": 0.02}))?;
        count += usize::from(stand.pane(0)?.frame.frame != before);
    }
    Ok(count)
}
