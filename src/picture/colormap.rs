//! The colour tables, 256 entries each, for both painters.

use std::sync::OnceLock;

use serde::{Deserialize, Serialize};

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Colormap {
    Grey,
    /// White background, black activity: what bone scans are read in.
    #[default]
    InvertedGrey,
    HotIron,
    Pet,
    HotMetalBlue,
    Pet20Step,
    Viridis,
    Cividis,
    Inferno,
}

/// Red, green and blue as displayed (sRGB), from the lower end of the window to the upper.
pub type ColorTable = [[u8; 3]; 256];

static GREY: ColorTable = ramp(false);
static INVERTED_GREY: ColorTable = ramp(true);
// DICOM PS3.6 B.1, well-known colour palettes.
static HOT_IRON: ColorTable = entries(include_bytes!("../../assets/palettes/hot_iron.rgb"));
static PET: ColorTable = entries(include_bytes!("../../assets/palettes/pet.rgb"));
static HOT_METAL_BLUE: ColorTable =
    entries(include_bytes!("../../assets/palettes/hot_metal_blue.rgb"));
static PET_20_STEP: ColorTable = entries(include_bytes!("../../assets/palettes/pet_20_step.rgb"));
static VIRIDIS: OnceLock<ColorTable> = OnceLock::new();
static CIVIDIS: OnceLock<ColorTable> = OnceLock::new();
static INFERNO: OnceLock<ColorTable> = OnceLock::new();

impl Colormap {
    /// Every map, in the order a menu shows them. A map's place here is `self as usize`.
    pub const ALL: [Self; 9] = [
        Self::Grey,
        Self::InvertedGrey,
        Self::HotIron,
        Self::Pet,
        Self::HotMetalBlue,
        Self::Pet20Step,
        Self::Viridis,
        Self::Cividis,
        Self::Inferno,
    ];

    pub fn table(self) -> &'static ColorTable {
        let gradient = |table: &'static OnceLock<ColorTable>, gradient: colorous::Gradient| {
            table.get_or_init(|| {
                std::array::from_fn(|i| gradient.eval_rational(i, 256).into_array())
            })
        };
        match self {
            Self::Grey => &GREY,
            Self::InvertedGrey => &INVERTED_GREY,
            Self::HotIron => &HOT_IRON,
            Self::Pet => &PET,
            Self::HotMetalBlue => &HOT_METAL_BLUE,
            Self::Pet20Step => &PET_20_STEP,
            Self::Viridis => gradient(&VIRIDIS, colorous::VIRIDIS),
            Self::Cividis => gradient(&CIVIDIS, colorous::CIVIDIS),
            Self::Inferno => gradient(&INFERNO, colorous::INFERNO),
        }
    }

    /// As scripts, settings and the command line spell it: `inverted_grey`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Grey => "grey",
            Self::InvertedGrey => "inverted_grey",
            Self::HotIron => "hot_iron",
            Self::Pet => "pet",
            Self::HotMetalBlue => "hot_metal_blue",
            Self::Pet20Step => "pet20_step",
            Self::Viridis => "viridis",
            Self::Cividis => "cividis",
            Self::Inferno => "inferno",
        }
    }

    /// By `name`; hyphens count as underscores.
    pub fn named(name: &str) -> Option<Self> {
        let name = name.replace('-', "_");
        Self::ALL.into_iter().find(|map| map.name() == name)
    }
}

const fn ramp(inverted: bool) -> ColorTable {
    let mut table = [[0; 3]; 256];
    let mut i = 0;
    while i < 256 {
        let level = if inverted { 255 - i as u8 } else { i as u8 };
        table[i] = [level; 3];
        i += 1;
    }
    table
}

const fn entries(bytes: &[u8; 768]) -> ColorTable {
    let mut table = [[0; 3]; 256];
    let mut i = 0;
    while i < 256 {
        table[i] = [bytes[3 * i], bytes[3 * i + 1], bytes[3 * i + 2]];
        i += 1;
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Entries 0, 32, … 224, 255 as PS3.6 B.1 lists them.
    #[test]
    fn dicom_palettes_are_the_standard_s() {
        let expected: [(Colormap, [[u8; 3]; 9]); 4] = [
            (
                Colormap::HotIron,
                [
                    [0, 0, 0],
                    [64, 0, 0],
                    [128, 0, 0],
                    [192, 0, 0],
                    [255, 0, 0],
                    [255, 64, 0],
                    [255, 128, 4],
                    [255, 192, 132],
                    [255, 255, 255],
                ],
            ),
            (
                Colormap::Pet,
                [
                    [0, 0, 0],
                    [0, 65, 63],
                    [1, 126, 127],
                    [65, 63, 191],
                    [128, 0, 255],
                    [191, 64, 128],
                    [255, 128, 0],
                    [255, 192, 129],
                    [255, 255, 255],
                ],
            ),
            (
                Colormap::HotMetalBlue,
                [
                    [0, 0, 0],
                    [0, 0, 63],
                    [0, 0, 125],
                    [32, 0, 188],
                    [116, 17, 97],
                    [217, 77, 0],
                    [255, 137, 65],
                    [255, 198, 159],
                    [255, 255, 255],
                ],
            ),
            (
                Colormap::Pet20Step,
                [
                    [0, 0, 0],
                    [48, 48, 80],
                    [96, 96, 176],
                    [128, 128, 224],
                    [80, 192, 80],
                    [224, 224, 80],
                    [208, 144, 0],
                    [176, 48, 0],
                    [255, 255, 255],
                ],
            ),
        ];
        for (map, entries) in expected {
            for (entry, index) in entries.iter().zip([0, 32, 64, 96, 128, 160, 192, 224, 255]) {
                assert_eq!(map.table()[index], *entry, "{map:?} at {index}");
            }
        }
    }

    #[test]
    fn names_are_those_of_serde_and_find_their_map() {
        for (place, map) in Colormap::ALL.into_iter().enumerate() {
            assert_eq!(place, map as usize);
            assert_eq!(Colormap::named(map.name()), Some(map));
            let written = serde_json::to_string(&map).unwrap();
            assert_eq!(written, format!("\"{}\"", map.name()));
        }
        assert_eq!(Colormap::named("hot-iron"), Some(Colormap::HotIron));
        assert_eq!(Colormap::named("jet"), None);
    }

    #[test]
    fn perceptual_maps_grow_lighter_all_the_way() {
        for map in [Colormap::Viridis, Colormap::Cividis, Colormap::Inferno, Colormap::Grey] {
            let light = |[r, g, b]: [u8; 3]| {
                0.2126 * f64::from(r) + 0.7152 * f64::from(g) + 0.0722 * f64::from(b)
            };
            let table = map.table();
            assert!(light(table[255]) - light(table[0]) > 150.0, "{map:?}");
            for i in 16..256 {
                assert!(light(table[i]) > light(table[i - 16]), "{map:?} at {i}");
            }
        }
        assert_eq!(Colormap::InvertedGrey.table()[0], [255; 3]);
    }
}
