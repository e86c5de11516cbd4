//! Frames in rows and columns, cines and hanging protocols, from files as a camera writes them.

use std::path::Path;

use bonescope::picture::Colormap;
use bonescope::study::{SeriesKind, Vector, ViewName};
use bonescope::workbench::{
    Action, Canvas, Cine, Command, Keep, NoticeKind, PageShown, Prefer, Selection, Show, Sort,
    SortBy, Workbench, Workspace, pane_scene,
};

use crate::nm::Image;

fn open(bench: &mut Workbench, path: &Path) {
    bench.handle(Command::Open(path.to_owned()));
    bench.settle();
    let errors: Vec<_> = bench.notices().iter().filter(|n| n.kind == NoticeKind::Error).collect();
    assert!(errors.is_empty(), "{errors:?}");
}

fn bench(images: &[Image]) -> Workbench {
    let folder = tempfile::tempdir().unwrap();
    images.iter().for_each(|image| {
        image.write(folder.path());
    });
    let mut bench = Workbench::new();
    open(&mut bench, folder.path());
    bench
}

fn pool() -> Image {
    Image {
        series: "2",
        description: "Pool",
        time: "090700",
        kind: "STATIC",
        phases: vec![(1, 300_000)],
        ..Image::default()
    }
}

fn delayed() -> Image {
    Image { series: "3", description: "Delayed", time: "120500", ..pool() }
}

fn whole_body(study: &'static str, day: &'static str) -> Image {
    Image {
        study,
        day,
        series: "4",
        description: "Whole body",
        kind: "WHOLE BODY",
        rows: 256,
        ..pool()
    }
}

fn workspace(bench: &Workbench) -> &Workspace {
    bench.workspace().unwrap()
}

fn show(bench: &mut Workbench, show: Show) {
    bench.handle(Command::Show(show));
}

fn act(bench: &mut Workbench, id: &str) {
    let command = Action::by_id(id).unwrap().resolve(bench).unwrap_or_else(|| panic!("{id}"));
    bench.handle(command);
}

/// Frames on show, counted from 1.
fn shown(bench: &Workbench) -> Vec<usize> {
    workspace(bench).panes.iter().map(|p| p.frame.frame + 1).collect()
}

fn views(bench: &Workbench) -> Vec<ViewName> {
    let view = |p: &bonescope::workbench::Pane| bench.frame(&p.frame).unwrap().view.view;
    workspace(bench).panes.iter().map(view).collect()
}

#[test]
fn a_flow_opens_as_a_page_that_says_of_how_many() {
    let mut bench = bench(&[Image::default()]);
    assert_eq!(workspace(&bench).protocol.as_deref(), Some("Dynamic"));
    assert_eq!(shown(&bench), (1..=24).collect::<Vec<_>>());
    assert_eq!(bench.page(), Some(PageShown { first: 1, last: 24, total: 144 }));
    act(&mut bench, "layout.next_page");
    assert_eq!(bench.page(), Some(PageShown { first: 25, last: 48, total: 144 }));
    // What the reader set goes with the page.
    show(&mut bench, Show::UpperPercent { pane: 3, percent: 40.0 });
    show(&mut bench, Show::Colormap { pane: 0, colormap: Colormap::HotIron });
    let look = workspace(&bench).panes[3].look;
    act(&mut bench, "layout.next_page");
    let after = workspace(&bench).panes[0].look;
    assert_eq!(after.window, look.window);
    // Phases have scales of their own.
    act(&mut bench, "layout.grid");
    let selection = Selection {
        keep: vec![Keep { vector: Vector::Detector, first: 2, last: 2 }],
        sort: vec![Sort { by: SortBy::Vector(Vector::Phase), descending: true }],
        ..workspace(&bench).selection.clone().unwrap()
    };
    show(&mut bench, Show::Arrange(selection));
    assert_eq!(bench.page(), Some(PageShown { first: 1, last: 16, total: 72 }));
    assert_eq!(shown(&bench)[..3], [133, 134, 135]);
    assert!(views(&bench).iter().all(|v| *v == ViewName::Posterior));
    let panes = &workspace(&bench).panes;
    assert_ne!(panes[11].group, panes[12].group);
    assert!(panes[11].look.reference > 1.4 * panes[12].look.reference);
    // Nothing fits a filter that admits no frame: the page stays.
    let none = Selection { views: vec![ViewName::Sagittal], ..Selection::default() };
    show(&mut bench, Show::Arrange(none));
    assert_eq!(shown(&bench)[..2], [133, 134]);
}

#[test]
fn frames_fill_the_canvas_they_are_told_of() {
    let mut bench = bench(&[Image { phases: vec![(12, 2000)], detectors: 1, ..Image::default() }]);
    let columns = |bench: &Workbench| workspace(bench).arrangement.columns.len();
    show(&mut bench, Show::Canvas(Canvas { width: 1200.0, height: 300.0 }));
    assert_eq!(columns(&bench), 6);
    show(&mut bench, Show::Canvas(Canvas { width: 300.0, height: 1200.0 }));
    assert_eq!(columns(&bench), 2);
    act(&mut bench, "layout.more_columns");
    show(&mut bench, Show::Canvas(Canvas { width: 1200.0, height: 300.0 }));
    assert_eq!(columns(&bench), 3, "the reader's own number stays");
    show(&mut bench, Show::Canvas(Canvas { width: f64::NAN, height: 0.0 }));
    assert_eq!(workspace(&bench).canvas.width, 1200.0);
}

#[test]
fn several_series_fit_and_one_frame_goes_through_all() {
    let mut bench = bench(&[Image::default(), pool(), delayed()]);
    act(&mut bench, "layout.fit");
    assert_eq!(bench.page(), Some(PageShown { first: 1, last: 144, total: 148 }));
    let still: Vec<_> =
        bench.study().unwrap().series.iter().map(|s| (s.kind, s.uid.clone())).collect();
    let uids = still.into_iter().filter(|(k, _)| *k == SeriesKind::Static).map(|(_, uid)| uid);
    show(&mut bench, Show::Arrange(Selection { series: uids.collect(), ..Selection::default() }));
    assert_eq!(shown(&bench), [1, 2, 1, 2]);
    act(&mut bench, "layout.one");
    assert_eq!(shown(&bench), [1]);
    act(&mut bench, "view.next_frame");
    assert_eq!((shown(&bench), bench.page().unwrap().first), (vec![2], 2));
    act(&mut bench, "layout.previous_page");
    assert_eq!(shown(&bench), [1]);
    act(&mut bench, "layout.pair");
    assert_eq!(views(&bench), [ViewName::Anterior, ViewName::Posterior]);
}

#[test]
fn three_phases_hang_together_and_the_flow_plays_in_step() {
    let mut bench = bench(&[Image::default(), delayed(), pool()]);
    assert_eq!(workspace(&bench).protocol.as_deref(), Some("Three phases"));
    use ViewName::{Anterior as A, Posterior as P};
    assert_eq!(views(&bench), [A, P, A, P, A, P]);
    let described: Vec<String> = workspace(&bench)
        .panes
        .iter()
        .map(|p| bench.study().unwrap().series(&p.frame.series).unwrap().description.clone())
        .collect();
    assert_eq!(described, ["Flow", "Flow", "Pool", "Pool", "Delayed", "Delayed"]);
    // Frames 1–60 of either detector are the first phase, 61–72 the second.
    assert_eq!(shown(&bench)[..2], [31, 103]);

    let scale = workspace(&bench).panes[0].look;
    act(&mut bench, "cine.play");
    let cine = Cine { rate: 10.0, ..workspace(&bench).cine };
    show(&mut bench, Show::Cine(cine));
    for _ in 0..4 {
        bench.handle(Command::Tick(0.25));
    }
    assert_eq!(shown(&bench), [41, 113, 1, 2, 1, 2], "both detectors, and what stands stands");
    assert_eq!(workspace(&bench).panes[0].look, scale);
    bench.handle(Command::Tick(0.05));
    assert_eq!(shown(&bench)[0], 41, "a frame that is not due does not come");
    for _ in 0..4 {
        bench.handle(Command::Tick(0.5));
    }
    assert_eq!(shown(&bench)[..2], [61, 133]);
    let percent = |l: bonescope::workbench::Look| l.window.upper / l.reference;
    let second = workspace(&bench).panes[0].look;
    assert!(second.reference > scale.reference && (percent(second) - percent(scale)).abs() < 1e-9);
    // Around the end, then there and back.
    show(&mut bench, Show::Scrub(71));
    bench.handle(Command::Tick(0.1));
    assert_eq!(shown(&bench)[..2], [1, 73]);
    act(&mut bench, "cine.bounce");
    show(&mut bench, Show::Scrub(71));
    bench.handle(Command::Tick(0.1));
    assert_eq!(shown(&bench)[..2], [71, 143]);
    act(&mut bench, "cine.play");
    let revision = bench.revision();
    bench.handle(Command::Tick(9.0));
    assert_eq!(shown(&bench)[0], 71);
    assert!(bench.revision() > revision);
    assert_eq!(bench.reel().unwrap().1, 70);
}

/// In a page of one series only the active pane plays; its neighbours stay where they are.
#[test]
fn a_page_does_not_run_away() {
    let mut bench = bench(&[Image::default()]);
    show(&mut bench, Show::Activate(2));
    act(&mut bench, "cine.play");
    bench.handle(Command::Tick(1.0));
    let mut expected: Vec<usize> = (1..=24).collect();
    expected[2] = 8;
    assert_eq!(shown(&bench), expected);
}

#[test]
fn a_prior_stands_beside_the_whole_body_whichever_comes_first() {
    let (now, before) = ("1.2.826.0.1.3680043.10.1.7", "1.2.826.0.1.3680043.10.1.8");
    for order in [[0, 1], [1, 0]] {
        let images = [whole_body(now, "20260501"), whole_body(before, "20251104")];
        let mut bench = Workbench::new();
        for index in order {
            let folder = tempfile::tempdir().unwrap();
            let path = images[index].write(folder.path());
            open(&mut bench, &path);
        }
        assert_eq!(workspace(&bench).protocol.as_deref(), Some("Whole body with prior"));
        let study = |p: &bonescope::workbench::Pane| {
            bench.reading_of(&p.frame).unwrap().study().uid.clone()
        };
        let studies: Vec<_> = workspace(&bench).panes.iter().map(study).collect();
        assert_eq!(studies.iter().map(|s| &**s).collect::<Vec<_>>(), [now, before, now, before]);
        assert_eq!(bench.study().unwrap().uid.as_ref(), now);
        assert_eq!(workspace(&bench).arrangement.columns.len(), 4);
    }
    // Another patient is no prior.
    let other = Image { patient: "LAYOUT-2", ..whole_body(before, "20251104") };
    let bench = bench(&[whole_body(now, "20260501"), other]);
    assert_eq!(workspace(&bench).protocol.as_deref(), Some("Whole body"));
    assert_eq!(workspace(&bench).panes.len(), 2);
}

#[test]
fn the_readers_own_layout_is_kept_found_and_tried_first() {
    let folder = tempfile::tempdir().unwrap();
    let kept = folder.path().join("hangings");
    let images = || [Image::default(), pool(), delayed()];
    let mut bench = bench(&images());
    bench.handle(Command::SaveHanging("Mine".into()));
    let last = bench.notices().last().unwrap();
    assert!(last.kind == NoticeKind::Error && last.text.contains("folder"), "{}", last.text);
    bench.hangings_folder(kept.clone());
    let panes = workspace(&bench).panes.clone();
    show(
        &mut bench,
        Show::Layout { columns: vec![2.0, 1.0], panes: vec![panes[4].clone(), panes[0].clone()] },
    );
    show(&mut bench, Show::UpperPercent { pane: 0, percent: 35.0 });
    show(&mut bench, Show::Colormap { pane: 1, colormap: Colormap::Viridis });
    bench.handle(Command::SaveHanging("Delayed, then flow".into()));
    assert!(kept.join("delayed-then-flow.toml").is_file(), "{:?}", bench.notices().last());

    let data = tempfile::tempdir().unwrap();
    images().iter().for_each(|i| {
        i.write(data.path());
    });
    let mut next = Workbench::new();
    next.hangings_folder(kept.clone());
    open(&mut next, data.path());
    assert_eq!(workspace(&next).protocol.as_deref(), Some("Delayed, then flow"));
    assert_eq!(workspace(&next).arrangement.columns, [2.0, 1.0]);
    assert_eq!(shown(&next), [1, 31]);
    let look = workspace(&next).panes[0].look;
    assert!((100.0 * look.window.upper / look.reference - 35.0).abs() < 1e-9);
    assert_eq!(workspace(&next).panes[1].look.colormap, Colormap::Viridis);
    // The preferences say where else they are.
    let mut elsewhere = Workbench::new();
    elsewhere.remember_in(data.path().join("preferences.toml"));
    open(&mut elsewhere, data.path());
    assert!(!elsewhere.hangings().iter().any(|(h, _)| h.title == "Delayed, then flow"));
    elsewhere.handle(Command::Prefer(Prefer::HangingFolder(Some(kept.clone()))));
    assert!(elsewhere.hangings().iter().any(|(h, _)| h.title == "Delayed, then flow"));
    // Ours are still there, one key away.
    act(&mut next, "hanging.second");
    assert_eq!(workspace(&next).protocol.as_deref(), Some("Three phases"));
    act(&mut next, "hanging.next");
    assert_eq!(workspace(&next).protocol.as_deref(), Some("Spot views"));
    assert_eq!(next.page(), Some(PageShown { first: 1, last: 4, total: 4 }));
    show(&mut next, Show::Hang("Whole body".into()));
    assert!(next.notices().last().unwrap().text.contains("needs"));
    assert_eq!(workspace(&next).protocol.as_deref(), Some("Spot views"));

    std::fs::write(kept.join("bad.toml"), "title = 3\n").unwrap();
    next.hangings_folder(kept);
    let said = &next.notices().last().unwrap().text;
    assert!(
        said.contains("line 1") && said.contains("correct") && said.ends_with("bad.toml"),
        "{said}"
    );
}

#[test]
fn a_kept_layout_shows_the_very_frames_it_showed() {
    let folder = tempfile::tempdir().unwrap();
    let kept = folder.path().join("hangings");
    let mut first = bench(&[Image::default()]);
    first.hangings_folder(kept.clone());
    let like = workspace(&first).panes[0].clone();
    let pane = |frame| {
        let mut pane = like.clone();
        pane.frame.frame = frame;
        pane
    };
    let count = first.reading().unwrap().study().series[0].frames.len();
    let frames = [0, 3, 4, count / 2, count - 1];
    let panes = frames.map(pane).to_vec();
    show(&mut first, Show::Layout { columns: vec![1.0; 5], panes });
    let on_show = shown(&first);
    assert_eq!(on_show, frames.map(|frame| frame + 1));
    first.handle(Command::SaveHanging("Five".into()));

    let data = tempfile::tempdir().unwrap();
    Image::default().write(data.path());
    let mut next = Workbench::new();
    next.hangings_folder(kept);
    open(&mut next, data.path());
    assert_eq!(workspace(&next).protocol.as_deref(), Some("Five"));
    assert_eq!(shown(&next), on_show);
}

/// However small, a pane says which frame it shows, and what may not be overlooked.
#[test]
fn a_thumbnail_says_which_frame_it_is() {
    use bonescope::picture::Mark;
    let bench = bench(&[Image::default()]);
    let scene = pane_scene(&bench, 4, [70.0, 70.0]).unwrap();
    let texts: Vec<&str> = scene
        .marks
        .iter()
        .filter_map(|m| match m {
            Mark::Text { text, .. } => Some(text.as_str()),
            _ => None,
        })
        .collect();
    assert!(texts.contains(&"ANT 5/144"), "{texts:?}");
    let large = pane_scene(&bench, 4, [700.0, 700.0]).unwrap();
    let says = |part: &str| {
        large.marks.iter().any(|m| matches!(m, Mark::Text { text, .. } if text.contains(part)))
    };
    assert!(
        says("0:08–0:10 (2 s) · Detector 1/2 · Phase 1/2 · Time slice 5/60"),
        "{:?}",
        large.marks
    );
}
