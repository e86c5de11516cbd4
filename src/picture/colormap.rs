//! The colour tables, 256 entries each, for both painters.

use std::sync::OnceLock;

use serde::de::{Deserialize, Deserializer, Error as _};
use serde::{Serialize, Serializer};

use super::UserMap;

/// A colour map: ours, or one that the reader loaded. Written as its `name`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
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
    /// Violet to red through every hue, as NIH Image had it.
    Rainbow,
    User(UserMap),
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
static RAINBOW: ColorTable = rainbow();

impl Colormap {
    /// Every map of ours, in the order a menu shows them; `all` adds the loaded ones.
    pub const ALL: [Self; 10] = [
        Self::Grey,
        Self::InvertedGrey,
        Self::HotIron,
        Self::Pet,
        Self::HotMetalBlue,
        Self::Pet20Step,
        Self::Viridis,
        Self::Cividis,
        Self::Inferno,
        Self::Rainbow,
    ];

    /// Ours, then those that were loaded, in the order of their loading.
    pub fn all() -> Vec<Self> {
        Self::ALL.into_iter().chain(UserMap::all().map(Self::User)).collect()
    }

    /// Whether equal steps of value are seen as steps of one direction and about one size. A map
    /// that runs through the hues shows edges where there are none (Borland and Taylor, IEEE CG&A
    /// 27 (2007)), so a picture must say that it is not for comparing sizes of difference. Nothing
    /// is known of a loaded map, unless it grows lighter, or darker, all the way.
    pub fn for_sizes(self) -> bool {
        match self {
            Self::Rainbow | Self::Pet | Self::Pet20Step => false,
            Self::User(map) => steady(map.table()),
            _ => true,
        }
    }

    /// The map's place in `all`, at which painters keep its table.
    pub fn row(self) -> usize {
        match self {
            Self::Grey => 0,
            Self::InvertedGrey => 1,
            Self::HotIron => 2,
            Self::Pet => 3,
            Self::HotMetalBlue => 4,
            Self::Pet20Step => 5,
            Self::Viridis => 6,
            Self::Cividis => 7,
            Self::Inferno => 8,
            Self::Rainbow => 9,
            Self::User(map) => Self::ALL.len() + map.place(),
        }
    }

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
            Self::Rainbow => &RAINBOW,
            Self::User(map) => map.table(),
        }
    }

    /// As scripts, settings and the command line spell it: `inverted_grey`, `user:fire`.
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
            Self::Rainbow => "rainbow",
            Self::User(map) => map.written(),
        }
    }

    /// By `name`; hyphens count as underscores. A loaded map is known from its loading on.
    pub fn named(name: &str) -> Option<Self> {
        if let Some(user) = name.strip_prefix("user:") {
            return UserMap::named(user).map(Self::User);
        }
        let name = name.replace('-', "_");
        Self::ALL.into_iter().find(|map| map.name() == name)
    }
}

impl Serialize for Colormap {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self.name())
    }
}

impl<'de> Deserialize<'de> for Colormap {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let name = String::deserialize(from)?;
        Self::named(&name).ok_or_else(|| match name.strip_prefix("user:") {
            Some(user) => D::Error::custom(format!(
                "the colour map {user:?} has not been loaded; load its .lut file first"
            )),
            None => D::Error::custom(format!("there is no colour map {name:?}")),
        })
    }
}

/// Lightness goes one way over every sixteenth of the table.
fn steady(table: &ColorTable) -> bool {
    let light = |i: usize| {
        let [r, g, b] = table[i].map(f64::from);
        0.2126 * r + 0.7152 * g + 0.0722 * b
    };
    let rises = light(255) > light(0);
    (16..256).all(|i| if rises { light(i) > light(i - 16) } else { light(i) < light(i - 16) })
}

/// Straight lines between hues in the order of NIH Image's rainbow: black, violet, blue, cyan,
/// green, yellow, orange, red.
const fn rainbow() -> ColorTable {
    const STOPS: [(usize, [i32; 3]); 9] = [
        (0, [0, 0, 0]),
        (20, [96, 0, 160]),
        (52, [0, 0, 200]),
        (84, [0, 96, 255]),
        (116, [0, 220, 220]),
        (148, [0, 208, 0]),
        (188, [255, 240, 0]),
        (220, [255, 128, 0]),
        (255, [255, 0, 0]),
    ];
    let mut table = [[0; 3]; 256];
    let mut stop = 0;
    let mut i = 0;
    while i < 256 {
        if i > STOPS[stop + 1].0 {
            stop += 1;
        }
        let ((from, low), (to, high)) = (STOPS[stop], STOPS[stop + 1]);
        let mut c = 0;
        while c < 3 {
            let (span, past) = ((to - from) as i32, (i - from) as i32);
            table[i][c] = ((low[c] * (span - past) + high[c] * past + span / 2) / span) as u8;
            c += 1;
        }
        i += 1;
    }
    table
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
            assert_eq!(place, map.row());
            assert_eq!(Colormap::named(map.name()), Some(map));
            let written = serde_json::to_string(&map).unwrap();
            assert_eq!(written, format!("\"{}\"", map.name()));
        }
        assert_eq!(Colormap::named("hot-iron"), Some(Colormap::HotIron));
        assert_eq!(Colormap::named("jet"), None);
        let unknown = serde_json::from_str::<Colormap>("\"user:nobody has this\"").unwrap_err();
        assert!(unknown.to_string().contains("load its .lut file first"), "{unknown}");
    }

    #[test]
    fn maps_through_the_hues_are_not_for_comparing_sizes() {
        for map in Colormap::ALL {
            let hues = [Colormap::Rainbow, Colormap::Pet, Colormap::Pet20Step].contains(&map);
            assert_eq!(map.for_sizes(), !hues, "{map:?}");
            // What is said of the map agrees with what its colours do.
            assert!(map.for_sizes() || !steady(map.table()), "{map:?}");
        }
        let table = Colormap::Rainbow.table();
        assert_eq!((table[0], table[255]), ([0; 3], [255, 0, 0]));
        let [r, g, b] = table[148];
        assert!(g > r && g > b);
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
