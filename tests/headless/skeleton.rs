//! Bones told by the picture, against the simulator's truth; and the picture they are told by.

use std::fs;
use std::path::{Path, PathBuf};

use bonescope::findings::{Edit, Findings, Midline, MidlineOrigin, Role, Site, Symmetry};
use bonescope::geometry::{Curve, Outline, Point, Side};
use bonescope::measure::{NoSkeleton, Sheet, Skeleton, find_midline};
use bonescope::simulate::cohort::{Kind, Volunteer};
use bonescope::simulate::{Case, Chart, acquire, case};
use bonescope::study::{FrameKey, ViewName};
use bonescope::units::Level;
use bonescope::workbench::{Command, Workbench, demo_path};
use ndarray::Array2;
use rayon::prelude::*;

use crate::sites::site_of;

fn asset(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("assets").join(name)
}

/// A cell of the atlas, mm, and how many there are.
const CELL: usize = 4;
const SIZE: (usize, usize) = (464, 144);

/// The simulator's normal adult as `measure/skeleton` holds it: for each view how bright every
/// cell is, and the structure that sends most light there, as the place of its name in a list.
fn atlas() -> (Vec<String>, [Vec<u8>; 2]) {
    let recipe = fs::read_to_string(asset("cases/normal/case.toml")).unwrap();
    let recipe = recipe
        .replace("pixel_mm = 2.4", &format!("pixel_mm = {CELL}.0"))
        .replace("columns = 256", &format!("columns = {}", SIZE.1))
        .replace("rows = 1024", &format!("rows = {}", SIZE.0));
    let normal = Case::from_recipe("normal", &recipe).unwrap();
    let chart = Chart::of(&normal).unwrap();
    let sites: Vec<_> = chart.structures().iter().map(site_of).collect();
    let mut names: Vec<String> = Vec::new();
    let expected = acquire(&normal, &|_| ()).expected;
    let views = [0, 1].map(|frame| {
        let upright = |image: &Array2<f64>| match frame {
            0 => image.clone(),
            _ => image.slice(ndarray::s![.., ..;-1]).to_owned(),
        };
        let roots = upright(&expected[frame]).mapv(f64::sqrt);
        // The bladder, whose filling is no anatomy, does not set the scale.
        let mut body: Vec<f64> = roots.iter().copied().collect();
        body.sort_by(f64::total_cmp);
        let bright = body[body.len() * 98 / 100];
        let map = chart.map(frame);
        let labels = Array2::from_shape_fn(SIZE, |(row, column)| {
            let column = if frame == 0 { column } else { SIZE.1 - 1 - column };
            let structure = map[[row, column]]?;
            sites[usize::from(structure)].map(|(site, side)| site.name_on(side))
        });
        let mut bytes = format!("P5 {} {} 255\n", SIZE.1, 2 * SIZE.0).into_bytes();
        bytes.extend(roots.iter().map(|v| (v / bright * 128.0).round().min(255.0) as u8));
        for name in labels {
            let label = name.map_or(0, |name| match names.iter().position(|n| *n == name) {
                Some(at) => at + 1,
                None => {
                    names.push(name);
                    names.len()
                }
            });
            bytes.push(label as u8);
        }
        bytes
    });
    (names, views)
}

/// `BONESCOPE_ATLAS=1 cargo test --test headless skeleton::the_atlas` writes it.
#[test]
fn the_atlas_is_the_simulated_adult() {
    let (names, views) = atlas();
    let files = [
        ("atlas/skeleton_sites.txt", (names.join("\n") + "\n").into_bytes()),
        ("atlas/skeleton_anterior.pgm", views[0].clone()),
        ("atlas/skeleton_posterior.pgm", views[1].clone()),
    ];
    for (name, bytes) in files {
        if std::env::var_os("BONESCOPE_ATLAS").is_some_and(|v| v == "1") {
            fs::write(asset(name), bytes).expect("written");
            continue;
        }
        let there = fs::read(asset(name)).expect("the atlas");
        assert_eq!(there.len(), bytes.len(), "{name}");
        let other = there.iter().zip(&bytes).filter(|(a, b)| a.abs_diff(**b) > 1).count();
        assert!(
            other < 20,
            "{name}: BONESCOPE_ATLAS=1 cargo test --test headless skeleton::the_atlas"
        );
    }
}

/// Which part of the bone pixels of a frame have the right name: of the part of the skeleton, and
/// of the very bone.
fn rightly_named(skeleton: &Skeleton, volunteer: &Volunteer, frame: usize) -> [f64; 2] {
    let chart = volunteer.chart().unwrap();
    let sites: Vec<_> = chart.structures().iter().map(site_of).collect();
    let (mut pixels, mut family, mut exact) = (0.0, 0.0, 0.0);
    for ((row, column), covers) in chart.covers(frame).indexed_iter() {
        let there: Vec<_> = covers.iter().filter_map(|&i| sites[usize::from(i)]).collect();
        if !there.iter().any(|(site, _)| site.bone()) {
            continue;
        }
        pixels += 1.0;
        let Some(label) = skeleton.at(Point::new(column as f64, row as f64)) else { continue };
        let alike = there.iter().any(|(site, _)| site.family() == label.site.family());
        family += f64::from(u8::from(alike));
        exact += f64::from(u8::from(there.contains(&(label.site, label.side))));
    }
    [family / pixels, exact / pixels]
}

#[test]
fn bones_of_strangers_are_named() {
    let kinds = [Kind::Normal, Kind::Findings, Kind::Metastatic];
    let named: Vec<[f64; 2]> = kinds
        .into_par_iter()
        .enumerate()
        .flat_map_iter(|(i, kind)| {
            let volunteer = Volunteer::draw(500 + i as u64, kind, 1_000_000).unwrap();
            let scan = volunteer.scan();
            (0..2).map(move |frame| {
                let image = &scan.study.series[0].frames[frame];
                let skeleton = Skeleton::fit(image, &find_midline(image).unwrap()).unwrap();
                rightly_named(&skeleton, &volunteer, frame)
            })
        })
        .collect();
    let mean = |i: usize| named.iter().map(|n| n[i]).sum::<f64>() / named.len() as f64;
    assert!(mean(0) > 0.95 && mean(1) > 0.92, "{named:?}");
    assert!(named.iter().all(|n| n[1] > 0.8), "{named:?}");
}

#[test]
fn a_frame_that_shows_part_of_a_body_has_no_names_and_says_so() {
    let scan = acquire(&bonescope::simulate::case("spot_pelvis").unwrap(), &|_| ());
    let frames = scan.study.series.iter().flat_map(|s| &s.frames);
    for frame in frames {
        let Some(midline) = find_midline(frame) else { continue };
        let none = Skeleton::fit(frame, &midline).unwrap_err();
        assert!(matches!(none, NoSkeleton::Partial | NoSkeleton::NotFrontal), "{none}");
        assert!(!none.to_string().is_empty());
    }
}

#[test]
fn without_left_and_right_in_the_file_no_name_has_a_side() {
    let scan = acquire(&bonescope::simulate::case("normal").unwrap(), &|_| ());
    let mut frame = scan.study.series[0].frames[0].clone();
    let midline = find_midline(&frame).unwrap();
    let sided = Skeleton::fit(&frame, &midline).unwrap();
    assert!(sided.pixels_of(Site::Ilium, Some(Side::Left)).count() > 300);
    frame.laterality.larger_columns = None;
    let unsided = Skeleton::fit(&frame, &midline).unwrap();
    assert_eq!(unsided.pixels_of(Site::Ilium, Some(Side::Left)).count(), 0);
    assert!(unsided.pixels_of(Site::Ilium, None).count() > 600);
    let [columns, rows] = unsided.size();
    let all = (0..rows).flat_map(|r| (0..columns).map(move |c| Point::new(c as f64, r as f64)));
    assert!(all.filter_map(|p| unsided.at(p)).all(|label| label.side.is_none()));
}

/// The site of a region drawn on each lesion of the shelf, as everybody is shown it.
#[test]
fn a_new_region_is_told_where_it_is() {
    let mut bench = Workbench::new();
    bench.handle(Command::Open(demo_path("metastases")));
    bench.settle();
    let truth = acquire(&bonescope::simulate::case("metastases").unwrap(), &|_| ()).truth;
    let series = bench.study().unwrap().series[0].uid.clone();
    let (mut right, mut asked) = (0, 0);
    for lesion in &truth.lesions {
        // `Metastasis, L2 left pedicle`, `Metastasis, left 7th rib`.
        let words = lesion.name.trim_start_matches("Metastasis, ");
        let first = words.split(' ').next().and_then(Site::parse);
        let site = Site::parse(words).or(first).unwrap();
        let side = match lesion.side {
            "left" => Some(Side::Left),
            "right" => Some(Side::Right),
            _ => None,
        };
        let side = side.filter(|_| site.paired());
        for seen in &lesion.frames {
            let frame = FrameKey { series: series.clone(), frame: seen.frame };
            let outline = Outline::Polygon { points: seen.outline.clone() };
            let roi = bench.findings().unwrap().new_roi(Role::Lesion, frame, outline);
            let id = roi.id;
            bench.handle(Command::Edit(Edit::Add { at: None, roi }));
            let place = bench.sheet().unwrap().roi(id).unwrap().place;
            asked += 1;
            right += usize::from(place.is_some_and(|p| p.site == site && p.side == side));
        }
    }
    assert!(right * 10 >= asked * 8, "{right} of {asked}");
}

#[test]
fn a_site_that_the_reader_typed_is_never_replaced() {
    let mut bench = Workbench::new();
    bench.handle(Command::Open(demo_path("normal")));
    bench.settle();
    let frame = bench.workspace().unwrap().panes[0].frame.clone();
    let skeleton = bench.reading().unwrap().skeleton(&frame).unwrap().unwrap();
    let ilium: Vec<_> = skeleton.pixels_of(Site::Ilium, Some(Side::Left)).collect();
    let mean = |of: fn(&(usize, usize)) -> usize| {
        ilium.iter().map(of).sum::<usize>() as f64 / ilium.len() as f64
    };
    let center = [mean(|p| p.0), mean(|p| p.1)];
    let outline = Outline::Ellipse { center, radii: [5.0, 5.0], angle_deg: 0.0 };
    let roi = bench.findings().unwrap().new_roi(Role::Lesion, frame, outline);
    let id = roi.id;
    bench.handle(Command::Edit(Edit::Add { at: None, roi }));
    let words = |bench: &Workbench| {
        let row = bench.sheet().unwrap().roi(id).unwrap();
        (row.site_words(), row.known_site().and_then(Site::code).map(|c| c.value))
    };
    assert_eq!(words(&bench), ("ilium".into(), Some("22356005")));
    bench.handle(Command::Edit(Edit::SetSite(id, "near the old biopsy".into())));
    assert_eq!(words(&bench), ("near the old biopsy".into(), None));
    bench.handle(Command::Edit(Edit::SetSite(id, "SI joint".into())));
    assert_eq!(words(&bench), ("SI joint".into(), Some("39723000")));
}

#[test]
fn geometry_wins_where_the_skeleton_has_the_other_side() {
    let scan = acquire(&case("normal").unwrap(), &|_| ());
    let key = FrameKey { series: scan.study.series[0].uid.clone(), frame: 1 };
    let frame = scan.study.frame(&key).unwrap();
    let skeleton = Skeleton::fit(frame, &find_midline(frame).unwrap()).unwrap();
    let mut findings = Findings::default();
    let iliac = scan_place(&scan.truth.midline[1].points, 84.0 / 2.4, 985.0);
    let outline = Outline::Ellipse { center: iliac, radii: [5.0, 5.0], angle_deg: 0.0 };
    let roi = findings.new_roi(Role::Lesion, key.clone(), outline);
    findings.apply(Edit::Add { at: None, roi }).unwrap();
    let sheet_with = |column: f64| {
        let curve = Curve::through([Point::new(column, 0.0), Point::new(column, 1023.0)]);
        let origin = MidlineOrigin::Edited;
        let midline = Midline { curve: curve.unwrap(), origin };
        let symmetry = |_: &FrameKey| Some(Symmetry::mirror(midline.clone(), frame));
        let mut sheet = Sheet::compute(&scan.study, &findings, &symmetry, Level::NINETY_FIVE);
        sheet.place(|_| Some(&skeleton));
        sheet
    };
    let fair = &sheet_with(127.5).rois[0];
    let place = fair.place.unwrap();
    assert_eq!((place.side, fair.side), (Some(Side::Right), Some(Side::Right)));
    assert!(!fair.remarks.iter().any(|r| r.contains("skeleton")));
    // A midline that the reader put beyond the region.
    let odd = &sheet_with(iliac[0] + 30.0).rois[0];
    assert_eq!(odd.side, Some(Side::Left));
    assert_eq!(odd.place.unwrap().side, Some(Side::Left));
    assert!(odd.remarks.iter().any(|r| r.contains("skeleton")), "{:?}", odd.remarks);
}

/// A pixel so many columns to the patient's right of the midline, at a height, mm.
fn scan_place(midline: &[[f64; 2]], aside: f64, height: f64) -> [f64; 2] {
    let row = 511.5 - (height - 876.0) / 2.4;
    let near = midline.iter().min_by(|a, b| (a[1] - row).abs().total_cmp(&(b[1] - row).abs()));
    [near.unwrap()[0] + aside, row]
}

/// NEMA's NM1, a bent patient with arms apart and feet turned out, seen from the front.
#[test]
fn bladder_and_knees_of_a_real_scan_are_called_so() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(
        "../shared/data/wearemothership__dicom-test-files/medical.nema.org/\
         compsamples_refanddir/IMAGES/REF/NM1_UNC",
    );
    if !path.is_file() {
        let required = std::env::var_os("BONESCOPE_REQUIRE_ALL").is_some();
        assert!(!required, "{} is needed and not there", path.display());
        eprintln!("skipped: {} is not there", path.display());
        return;
    }
    let study = bonescope::dicom::open(&path, &bonescope::dicom::NoProgress).unwrap().value;
    let frame = study[0].series[0].frames[0].seen_from(ViewName::Anterior);
    let skeleton = Skeleton::fit(&frame, &find_midline(&frame).unwrap()).unwrap();
    // Places read off the picture, and how far about them is looked.
    let places = [
        ([141.0, 419.0], 8.0, Site::Bladder, None),
        ([155.0, 622.0], 9.0, Site::Knee, Some(Side::Left)),
        ([84.0, 622.0], 12.0, Site::Knee, Some(Side::Right)),
        ([136.0, 265.0], 5.0, Site::Sternum, None),
        ([135.0, 110.0], 8.0, Site::Skull, None),
        ([206.0, 206.0], 9.0, Site::Shoulder, Some(Side::Left)),
        ([66.0, 212.0], 9.0, Site::Shoulder, Some(Side::Right)),
        ([234.0, 478.0], 5.0, Site::Hand, Some(Side::Left)),
    ];
    for (center, radius, site, side) in places {
        let outline = Outline::Ellipse { center, radii: [radius; 2], angle_deg: 0.0 };
        let label = skeleton.name_of(&outline).map(|l| (l.site, l.side));
        assert_eq!(label, Some((site, side)), "{center:?}");
    }
}
