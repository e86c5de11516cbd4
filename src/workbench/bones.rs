//! The regions of the skeleton as they are shown: a colour for each part of it.

use crate::findings::{Site, SiteFamily};
use crate::geometry::{Pixel, Point, Transform, View};
use crate::measure::{BoneRun, Skeleton};
use crate::picture::{Align, Mark, Rgb};
use crate::study::FrameKey;
use crate::text::tr;

use super::Reading;

/// How much of the picture is covered where a bone is sure, and where it is not.
const SURE: f64 = 0.42;
const UNSURE: f64 = 0.2;

/// Okabe and Ito's colours, which the colour-blind tell apart (jfly.uni-koeln.de/color, 2008).
fn color(family: SiteFamily) -> Rgb {
    match family {
        SiteFamily::Head => Rgb(230, 159, 0),
        SiteFamily::Spine => Rgb(86, 180, 233),
        SiteFamily::Chest => Rgb(0, 158, 115),
        SiteFamily::ShoulderGirdle => Rgb(240, 228, 66),
        SiteFamily::Arm => Rgb(204, 121, 167),
        SiteFamily::Pelvis => Rgb(213, 94, 0),
        SiteFamily::Leg => Rgb(60, 130, 210),
        SiteFamily::NotBone => Rgb(170, 170, 170),
    }
}

/// Neighbouring levels and bones of one part are told apart by their brightness.
fn shade(site: Site) -> Rgb {
    let odd = match site {
        Site::Cervical(n) | Site::Thoracic(n) | Site::Lumbar(n) | Site::Rib(n) => n % 2 == 1,
        other => Site::all().position(|s| s == other).is_some_and(|i| i % 2 == 1),
    };
    let Rgb(r, g, b) = color(site.family());
    let darker = |v: u8| if odd { (f64::from(v) * 0.62) as u8 } else { v };
    Rgb(darker(r), darker(g), darker(b))
}

/// The bones of a frame in colours, or why there are none. `clip` is the canvas: x, y, width,
/// height.
pub fn marks(
    reading: &Reading,
    frame: &FrameKey,
    view_from_pixel: Transform<Pixel, View>,
    clip: [f64; 4],
    text_size: f64,
) -> Vec<Mark> {
    match reading.skeleton(frame) {
        None => Vec::new(),
        Some(Ok(skeleton)) => tints(skeleton, view_from_pixel, clip),
        Some(Err(reason)) => vec![Mark::Text {
            at: Point::new(clip[0] + 0.5 * clip[2], clip[1] + 0.25 * clip[3]),
            align: Align::CenterTop,
            size: text_size,
            color: Rgb(230, 159, 0),
            text: tr("bones-none", &[("reason", reason.to_string().into())]),
        }],
    }
}

/// A rectangle for each run of like pixels in a row.
fn tints(
    skeleton: &Skeleton,
    view_from_pixel: Transform<Pixel, View>,
    [left, top, width, height]: [f64; 4],
) -> Vec<Mark> {
    let tint = |run: &BoneRun| {
        let corner = |column: usize, row: f64| {
            view_from_pixel.transform_point(Point::new(column as f64 - 0.5, row))
        };
        let a = corner(run.columns.start, run.row as f64 - 0.5);
        let b = corner(run.columns.end, run.row as f64 + 0.5);
        let low = a.min(b).max(Point::new(left, top));
        let size = a.max(b).min(Point::new(left + width, top + height)) - low;
        let opacity = if run.sure { SURE } else { UNSURE };
        (size.x > 0.0 && size.y > 0.0).then(|| Mark::Tint {
            area: [low.x, low.y, size.x, size.y],
            color: shade(run.site),
            opacity,
        })
    };
    skeleton.runs().iter().filter_map(tint).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workbench::{Command, Show, Workbench, demo_path, pane_scene};

    #[test]
    fn bones_are_shown_when_asked_for() {
        let mut bench = Workbench::new();
        bench.handle(Command::Open(demo_path("normal")));
        bench.settle();
        let tints = |bench: &Workbench| {
            let scene = pane_scene(bench, 0, [500.0, 900.0]).unwrap();
            scene.marks.iter().filter(|m| matches!(m, Mark::Tint { .. })).count()
        };
        assert_eq!(tints(&bench), 0);
        bench.handle(Command::Show(Show::Bones(true)));
        assert!(tints(&bench) > 1000);
    }

    #[test]
    fn neighbouring_levels_look_different() {
        for level in 1..12 {
            assert_ne!(shade(Site::Rib(level)), shade(Site::Rib(level + 1)));
            assert_ne!(shade(Site::Thoracic(level)), shade(Site::Thoracic(level + 1)));
        }
    }
}
