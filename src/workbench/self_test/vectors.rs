//! Rows about the frames of one image: which is which, and where it lies.

use std::collections::BTreeSet;

use serde_json::json;

use crate::dicom::synthetic::{
    DYNAMIC_PHASES, GATED_INTERVALS, GATED_SLOTS, Pattern, RECON_SLICES, Set,
};
use crate::study::Address;

use super::notes::Notes;
use super::stand::{Stand, Tried, greys_of, missing};

/// Row 3.
pub(super) fn taken_apart(stand: &mut Stand<'_>, notes: &mut Notes) -> Tried {
    let mut dynamic = Vec::new();
    for (energy_window, detector) in [(1, 1), (1, 2), (2, 1), (2, 2)] {
        for (phase, (frames, _)) in (1..).zip(DYNAMIC_PHASES) {
            dynamic.extend((1..=frames).map(|time_slice| Address {
                energy_window,
                detector,
                phase,
                time_slice,
                ..Address::default()
            }));
        }
    }
    stand.open(Set::Dynamic)?;
    notes.equal("frames of the dynamic", dynamic.len(), stand.series()?.frames.len());
    for address in &dynamic {
        let Address { energy_window, detector, phase, time_slice, .. } = address;
        let what = format!(
            "energy {energy_window}, detector {detector}, phase {phase}, slice {time_slice}"
        );
        alone(stand, notes, address, &what)?;
    }
    for (phase, (_, milliseconds)) in (1..).zip(DYNAMIC_PHASES) {
        let frames = stand.series()?.frames.iter().filter(|f| f.address.phase == phase);
        let durations: BTreeSet<String> = frames
            .map(|f| f.duration.map_or("unknown".into(), |d| d.milliseconds().to_string()))
            .collect();
        let found = durations.into_iter().collect::<Vec<_>>().join(", ");
        notes.equal(
            format!("frame duration of phase {phase}, ms"),
            milliseconds.to_string(),
            found,
        );
    }
    stand.open(Set::Gated)?;
    for rr_interval in 1..=GATED_INTERVALS {
        for time_slot in 1..=GATED_SLOTS {
            let address = Address { rr_interval, time_slot, ..Address::default() };
            let what = format!("R-R interval {rr_interval}, time slot {time_slot}");
            alone(stand, notes, &address, &what)?;
        }
    }
    Ok(())
}

/// Calls a frame up by its place, and compares what is painted with what has to stand there.
fn alone(stand: &mut Stand<'_>, notes: &mut Notes, address: &Address, what: &str) -> Tried {
    let frames = &stand.series()?.frames;
    let Some(frame) = frames.iter().position(|f| numbers(&f.address) == numbers(address)) else {
        notes.holds(what, "a frame", "no frame has this place", false);
        return Ok(());
    };
    stand.alone(frame)?;
    stand.plain(0);
    compare(stand, notes, 0, what)
}

/// Where a frame stands in each vector.
fn numbers(address: &Address) -> [u16; 9] {
    [
        address.energy_window,
        address.detector,
        address.phase,
        address.time_slice,
        address.rr_interval,
        address.time_slot,
        address.rotation,
        address.angular_view,
        address.slice,
    ]
}

/// Row 19.
pub(super) fn selected(stand: &mut Stand<'_>, notes: &mut Notes) -> Tried {
    stand.open(Set::Dynamic)?;
    let series = stand.series()?.uid.to_string();
    let only =
        |vector: &str, number: u16| json!({"vector": vector, "first": number, "last": number});
    for (what, keep, sort, wanted) in [
        (
            "energy 2, detector 1, phase 1, backwards",
            vec![only("energy_window", 2), only("detector", 1), only("phase", 1)],
            json!([{"by": "time_slice", "descending": true}]),
            vec![[2, 1, 1, 3], [2, 1, 1, 2], [2, 1, 1, 1]],
        ),
        (
            "phase 2, slice 2, by detector and then energy",
            vec![only("phase", 2), only("time_slice", 2)],
            json!([{"by": "detector"}, {"by": "energy_window"}]),
            vec![[1, 1, 2, 2], [2, 1, 2, 2], [1, 2, 2, 2], [2, 2, 2, 2]],
        ),
    ] {
        let selection = json!({"series": [series], "keep": keep, "sort": sort});
        let arrange = json!({"show": {"arrange": selection}});
        stand.say("selecting and sorting frames by several vectors", arrange)?;
        let panes = stand.panes().len();
        let shown = (0..panes).map(|pane| stand.frame(pane).map(|f| place(&f.address)));
        let shown = shown.collect::<Tried<Vec<_>>>()?;
        notes.equal(what, format!("{wanted:?}"), format!("{shown:?}"));
        for pane in 0..panes {
            stand.plain(pane);
            compare(stand, notes, pane, &format!("{what}: pane {}", pane + 1))?;
        }
    }
    // A reader needs more than a script.
    match stand.can("layout.panel") {
        true => Ok(()),
        false => missing("the reader has no place to choose them"),
    }
}

/// Energy window, detector, phase and time slice.
fn place(address: &Address) -> [u16; 4] {
    [address.energy_window, address.detector, address.phase, address.time_slice]
}

/// What a pane paints against what has to stand there.
pub(super) fn compare(stand: &Stand<'_>, notes: &mut Notes, pane: usize, what: &str) -> Tried {
    let wanted = greys_of(stand.pattern(pane)?, 0.0, 255.0);
    let painted = stand.picture(pane, 1)?;
    notes.pixels(what, painted.columns, &wanted, &painted.greys());
    Ok(())
}

/// Row 23.
pub(super) fn stacked(stand: &mut Stand<'_>, notes: &mut Notes) -> Tried {
    for (set, axis, name) in
        [(Set::ReconForwards, 2, "z"), (Set::ReconBackwards, 2, "z"), (Set::ReconCoronal, 1, "y")]
    {
        stand.open(set)?;
        let frames = stand.series()?.frames.len();
        notes.equal(format!("{}: slices", set.name()), usize::from(RECON_SLICES), frames);
        for frame in 0..frames {
            stand.turn_to(0, frame)?;
            stand.plain(0);
            // The grain of the pattern is 1 at this pixel.
            let [painted, ..] = stand.picture(0, 1)?.at(1, 1);
            let level = u16::from(painted).saturating_sub(1);
            let wanted = Set::slice_place_mm(Pattern::Marked { level });
            let place = stand.frame(0)?.geometry.map(|g| g.position.to_array()[axis]);
            notes.holds(
                format!("{}: the slice painted with level {level}", set.name()),
                format!("{name} = {wanted} mm"),
                place.map_or("no place".into(), |p| format!("{name} = {p} mm")),
                place.is_some_and(|p| (p - wanted).abs() < 1e-6),
            );
        }
    }
    Ok(())
}

/// Row 24.
pub(super) fn never_averaged(stand: &mut Stand<'_>, notes: &mut Notes) -> Tried {
    for set in [Set::Dynamic, Set::WholeBody, Set::Static, Set::Gated] {
        stand.open(set)?;
        let frames = stand.series()?.frames.len();
        stand.alone(0)?;
        let mut pictures = Vec::new();
        loop {
            stand.plain(0);
            pictures.push(stand.picture(0, 1)?.greys());
            if pictures.len() > frames || !stand.can("view.next_frame") {
                break;
            }
            stand.act("view.next_frame")?;
        }
        let name = set.name();
        notes.equal(format!("{name}: frames reached"), frames, pictures.len());
        let different: BTreeSet<&Vec<u8>> = pictures.iter().collect();
        notes.equal(format!("{name}: different pictures"), frames, different.len());
        let mean = mean(&pictures);
        let near = |p: &&Vec<u8>| p.iter().zip(&mean).all(|(v, m)| (f64::from(*v) - m).abs() < 1.0);
        let like = pictures.iter().filter(near).count();
        notes.equal(format!("{name}: pictures that are the mean of all"), 0, like);
    }
    Ok(())
}

fn mean(pictures: &[Vec<u8>]) -> Vec<f64> {
    let pixels = pictures.iter().map(Vec::len).min().unwrap_or(0);
    let sum = |at: usize| pictures.iter().map(|p| f64::from(p[at])).sum::<f64>();
    (0..pixels).map(|at| sum(at) / pictures.len() as f64).collect()
}
