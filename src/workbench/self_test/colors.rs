//! Rows about how a value between pixels, or within the window, gets its colour.

use crate::dicom::synthetic::Set;
use crate::picture::{Colormap, Sampling};

use super::super::Show;
use super::notes::Notes;
use super::stand::{Stand, Tried, missing};

/// Row 15.
pub(super) fn interpolated(stand: &mut Stand<'_>, notes: &mut Notes) -> Tried {
    const ZOOM: u32 = 9;
    stand.open(Set::Static)?;
    stand.show(Show::Colormap { pane: 0, colormap: Colormap::Grey });
    stand.show(Show::Window { pane: 0, lower: 0.0, upper: 255.0 });
    // From the background into the stem of the F, along one row.
    let line = |stand: &Stand<'_>| -> Tried<Vec<u8>> {
        let image = stand.picture(0, ZOOM)?.image;
        let middle = |pixel: u32| pixel * ZOOM + ZOOM / 2;
        let across = middle(9)..=middle(10);
        Ok(across.map(|x| image.get_pixel(x, middle(15)).0[0]).collect())
    };
    let smooth = line(stand)?;
    let said = smooth.iter().map(u8::to_string).collect::<Vec<_>>().join(" ");
    let ends = [smooth.first(), smooth.last()].map(|v| v.copied().unwrap_or(0));
    let stored = {
        let pixels = &stand.frame(0)?.values.pixels;
        [pixels.stored(9, 15), pixels.stored(10, 15)].map(|v| v as u8)
    };
    notes.equal(
        "as it opens: the middles of two neighbours",
        format!("{stored:?}"),
        format!("{ends:?}"),
    );
    let between = smooth.iter().filter(|v| (stored[0]..stored[1]).contains(v) && **v != stored[0]);
    let between = between.count();
    notes.holds(
        "as it opens: the eight points between them",
        "at least 5 values between",
        said,
        between >= 5 && smooth.windows(2).all(|w| w[0] <= w[1] || w[0] > stored[1]),
    );
    stand.show(Show::Sampling { pane: 0, sampling: Sampling::Nearest });
    let blocks = line(stand)?;
    let only = blocks.iter().all(|v| stored.contains(v));
    let said = blocks.iter().map(u8::to_string).collect::<Vec<_>>().join(" ");
    notes.holds("pixel by pixel: the same points", "the two stored values only", said, only);
    Ok(())
}

/// Row 16.
pub(super) fn palettes(stand: &mut Stand<'_>, notes: &mut Notes) -> Tried {
    const PLACES: [usize; 5] = [0, 64, 128, 192, 255];
    // PS3.6 Annex B.1; grey and its inverse need no table.
    let wanted: [(Colormap, [[u8; 3]; 5]); 6] = [
        (Colormap::Grey, PLACES.map(|i| [i as u8; 3])),
        (Colormap::InvertedGrey, PLACES.map(|i| [255 - i as u8; 3])),
        (Colormap::HotIron, [[0, 0, 0], [128, 0, 0], [255, 0, 0], [255, 128, 4], [255, 255, 255]]),
        (Colormap::Pet, [[0, 0, 0], [1, 126, 127], [128, 0, 255], [255, 128, 0], [255, 255, 255]]),
        (
            Colormap::HotMetalBlue,
            [[0, 0, 0], [0, 0, 125], [116, 17, 97], [255, 137, 65], [255, 255, 255]],
        ),
        (
            Colormap::Pet20Step,
            [[0, 0, 0], [96, 96, 176], [80, 192, 80], [208, 144, 0], [255, 255, 255]],
        ),
    ];
    stand.open(Set::Ramp)?;
    stand.plain(0);
    for (map, colors) in wanted {
        // By the key that walks through the maps, as a reader would.
        for _ in 0..=Colormap::ALL.len() {
            if stand.pane(0)?.look.colormap == map {
                break;
            }
            stand.act("view.colormap")?;
        }
        let picture = stand.picture(0, 1)?;
        let painted = PLACES.map(|value| picture.at(value % 16, value / 16));
        notes.equal(
            format!("{} at 0, 64, 128, 192 and 255", map.name()),
            format!("{colors:?}"),
            format!("{painted:?}"),
        );
    }
    Ok(())
}

/// Row 25.
pub(super) fn standard_greys(stand: &mut Stand<'_>, notes: &mut Notes) -> Tried {
    stand.open(Set::Ramp)?;
    stand.plain(0);
    let greys = stand.picture(0, 1)?.greys();
    let even = greys.windows(2).filter(|w| w[1] == w[0] + 1).count();
    notes.equal("even steps of the driving level along the ramp", 255, even);
    missing(
        "the driving levels are even, which is P-values on a calibrated display; the program \
         neither knows nor corrects what the display makes of them",
    )
}
