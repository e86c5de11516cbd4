//! Bones told by the picture, against the simulator's truth; and the picture they are told by.

use std::fs;
use std::path::{Path, PathBuf};

use bonescope::simulate::{Case, Chart, acquire};
use ndarray::Array2;

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
