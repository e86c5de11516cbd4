//! Where in the body something is: bones by name and level, joints, and what is not bone.
//!
//! A site has no side; sides come from geometry. Its name is what stands in a region's `site`,
//! in the reader's words or these.

use std::fmt;

use crate::geometry::Side;

/// A place of the skeleton, or one of activity outside it. Levels count from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Site {
    Skull,
    FacialBones,
    Mandible,
    /// Jaw joint, with the condyle.
    TemporomandibularJoint,
    /// C1 to C7.
    Cervical(u8),
    /// T1 to T12.
    Thoracic(u8),
    /// L1 to L5.
    Lumbar(u8),
    Sacrum,
    Coccyx,
    Manubrium,
    Sternum,
    /// 1 to 12.
    Rib(u8),
    Clavicle,
    SternoclavicularJoint,
    Scapula,
    /// Head of the humerus, glenoid, acromion and coracoid.
    Shoulder,
    Humerus,
    Elbow,
    Forearm,
    Wrist,
    Hand,
    Ilium,
    SacroiliacJoint,
    /// Acetabulum and head of the femur.
    Hip,
    Pubis,
    Ischium,
    /// Neck and trochanters.
    ProximalFemur,
    FemoralShaft,
    /// Lower end of the femur and tibial plateau.
    Knee,
    Patella,
    Tibia,
    Fibula,
    Ankle,
    Foot,
    Kidney,
    Bladder,
    InjectionSite,
    SoftTissue,
}

/// Sites that belong together: one colour in the picture, one row in a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum SiteFamily {
    Head,
    Spine,
    /// Ribs and sternum.
    Chest,
    /// Clavicles, scapulae and shoulder joints.
    ShoulderGirdle,
    Arm,
    Pelvis,
    Leg,
    NotBone,
}

/// A SNOMED CT code with its own meaning. It may be broader than the site: every rib has the code
/// of “rib”.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SiteCode {
    pub value: &'static str,
    pub meaning: &'static str,
}

/// Spiers' and the atlas's order: from head to foot.
const SINGLE: [Site; 31] = [
    Site::Skull,
    Site::FacialBones,
    Site::Mandible,
    Site::TemporomandibularJoint,
    Site::Sacrum,
    Site::Coccyx,
    Site::Manubrium,
    Site::Sternum,
    Site::Clavicle,
    Site::SternoclavicularJoint,
    Site::Scapula,
    Site::Shoulder,
    Site::Humerus,
    Site::Elbow,
    Site::Forearm,
    Site::Wrist,
    Site::Hand,
    Site::Ilium,
    Site::SacroiliacJoint,
    Site::Hip,
    Site::Pubis,
    Site::Ischium,
    Site::ProximalFemur,
    Site::FemoralShaft,
    Site::Knee,
    Site::Patella,
    Site::Tibia,
    Site::Fibula,
    Site::Ankle,
    Site::Foot,
    Site::Kidney,
];
const OUTSIDE: [Site; 3] = [Site::Bladder, Site::InjectionSite, Site::SoftTissue];

impl Site {
    /// Every site, head to foot, level by level.
    pub fn all() -> impl Iterator<Item = Self> {
        let (head, rest) = SINGLE.split_at(4);
        let spine = (1..=7)
            .map(Self::Cervical)
            .chain((1..=12).map(Self::Thoracic))
            .chain((1..=5).map(Self::Lumbar));
        let (middle, rest) = rest.split_at(4);
        head.iter()
            .copied()
            .chain(spine)
            .chain(middle.iter().copied())
            .chain((1..=12).map(Self::Rib))
            .chain(rest.iter().copied())
            .chain(OUTSIDE)
    }

    /// As it is called without its side: `7th rib`, `T7`, `ilium`.
    pub fn name(self) -> String {
        match self {
            Self::Cervical(level) => format!("C{level}"),
            Self::Thoracic(level) => format!("T{level}"),
            Self::Lumbar(level) => format!("L{level}"),
            Self::Rib(level) => format!("{} rib", ordinal(level)),
            single => single.word().to_owned(),
        }
    }

    /// With its side where it has one: `left 7th rib`.
    pub fn name_on(self, side: Option<Side>) -> String {
        match side.filter(|_| self.paired()) {
            Some(Side::Left) => format!("left {self}"),
            Some(Side::Right) => format!("right {self}"),
            None => self.name(),
        }
    }

    /// The word of a site without levels; of one with them, the word they share.
    fn word(self) -> &'static str {
        match self {
            Self::Skull => "skull",
            Self::FacialBones => "facial bones",
            Self::Mandible => "mandible",
            Self::TemporomandibularJoint => "temporomandibular joint",
            Self::Cervical(_) => "cervical vertebra",
            Self::Thoracic(_) => "thoracic vertebra",
            Self::Lumbar(_) => "lumbar vertebra",
            Self::Sacrum => "sacrum",
            Self::Coccyx => "coccyx",
            Self::Manubrium => "manubrium",
            Self::Sternum => "sternum",
            Self::Rib(_) => "rib",
            Self::Clavicle => "clavicle",
            Self::SternoclavicularJoint => "sternoclavicular joint",
            Self::Scapula => "scapula",
            Self::Shoulder => "shoulder",
            Self::Humerus => "humerus",
            Self::Elbow => "elbow",
            Self::Forearm => "forearm",
            Self::Wrist => "wrist",
            Self::Hand => "hand",
            Self::Ilium => "ilium",
            Self::SacroiliacJoint => "sacroiliac joint",
            Self::Hip => "hip",
            Self::Pubis => "pubis",
            Self::Ischium => "ischium",
            Self::ProximalFemur => "proximal femur",
            Self::FemoralShaft => "femoral shaft",
            Self::Knee => "knee",
            Self::Patella => "patella",
            Self::Tibia => "tibia",
            Self::Fibula => "fibula",
            Self::Ankle => "ankle",
            Self::Foot => "foot",
            Self::Kidney => "kidney",
            Self::Bladder => "bladder",
            Self::InjectionSite => "injection site",
            Self::SoftTissue => "soft tissue",
        }
    }

    /// What else it is called.
    fn aliases(self) -> Vec<String> {
        let known: &[&str] = match self {
            Self::Skull => {
                &["cranium", "calvaria", "frontal bone", "parietal bone", "occipital bone"]
            }
            Self::FacialBones => &["face", "maxilla"],
            Self::Mandible => &["jaw"],
            Self::TemporomandibularJoint => &["jaw joint", "mandibular condyle", "tmj"],
            Self::Sternum => &["sternal body", "body of sternum"],
            Self::SternoclavicularJoint => &["sc joint"],
            Self::Shoulder => &["shoulder joint", "humeral head"],
            Self::Humerus => &["upper arm", "humeral shaft"],
            Self::Elbow => &["elbow joint"],
            Self::Forearm => &["radius and ulna", "radius", "ulna"],
            Self::Wrist => &["wrist joint", "carpus"],
            Self::Ilium => &["iliac wing", "iliac bone"],
            Self::SacroiliacJoint => &["si joint", "sij"],
            Self::Hip => &["hip joint", "acetabulum", "femoral head"],
            Self::ProximalFemur => &["femoral neck", "greater trochanter", "lesser trochanter"],
            Self::FemoralShaft => &["femur", "femoral diaphysis"],
            Self::Knee => &["knee joint", "femoral condyle", "tibial plateau"],
            Self::Patella => &["kneecap"],
            Self::Tibia => &["tibial shaft"],
            Self::Ankle => &["ankle joint"],
            Self::Bladder => &["urinary bladder"],
            Self::Cervical(l) => return vertebra('c', "cervical", l),
            Self::Thoracic(l) => return vertebra('t', "thoracic", l),
            Self::Lumbar(l) => return vertebra('l', "lumbar", l),
            Self::Rib(l) => return vec![format!("rib {l}"), format!("{l}. rib")],
            _ => &[],
        };
        known.iter().map(|&name| name.to_owned()).collect()
    }

    /// The site a reader's words name, whichever way the letters stand; a side before them is
    /// left aside. `None` for words of the reader's own.
    pub fn parse(words: &str) -> Option<Self> {
        let words = words.trim().to_lowercase();
        let bare = ["left ", "right "].iter().find_map(|side| words.strip_prefix(side));
        let bare = bare.unwrap_or(&words).trim();
        Self::all().find(|site| {
            site.name().to_lowercase() == bare || site.aliases().iter().any(|a| a == bare)
        })
    }

    /// How well `words` find the site in a search: smaller is better, `None` not at all.
    pub fn found_by(self, words: &str) -> Option<usize> {
        let words = words.trim().to_lowercase();
        let names = std::iter::once(self.name().to_lowercase()).chain(self.aliases());
        let rank = |(i, name): (usize, String)| {
            let at = name.find(&words)?;
            Some(usize::from(name != words) * (1 + at.min(20)) + 2 * i.min(1))
        };
        names.enumerate().filter_map(rank).min()
    }

    /// Whether there is one on each side.
    pub fn paired(self) -> bool {
        !matches!(
            self,
            Self::Skull
                | Self::FacialBones
                | Self::Cervical(_)
                | Self::Thoracic(_)
                | Self::Lumbar(_)
                | Self::Sacrum
                | Self::Coccyx
                | Self::Manubrium
                | Self::Sternum
                | Self::Bladder
        )
    }

    pub fn bone(self) -> bool {
        self.family() != SiteFamily::NotBone
    }

    pub fn family(self) -> SiteFamily {
        match self {
            Self::Skull | Self::FacialBones | Self::Mandible | Self::TemporomandibularJoint => {
                SiteFamily::Head
            }
            Self::Cervical(_) | Self::Thoracic(_) | Self::Lumbar(_) => SiteFamily::Spine,
            Self::Manubrium | Self::Sternum | Self::Rib(_) => SiteFamily::Chest,
            Self::Clavicle | Self::SternoclavicularJoint | Self::Scapula | Self::Shoulder => {
                SiteFamily::ShoulderGirdle
            }
            Self::Humerus | Self::Elbow | Self::Forearm | Self::Wrist | Self::Hand => {
                SiteFamily::Arm
            }
            Self::Sacrum
            | Self::Coccyx
            | Self::Ilium
            | Self::SacroiliacJoint
            | Self::Hip
            | Self::Pubis
            | Self::Ischium => SiteFamily::Pelvis,
            Self::ProximalFemur
            | Self::FemoralShaft
            | Self::Knee
            | Self::Patella
            | Self::Tibia
            | Self::Fibula
            | Self::Ankle
            | Self::Foot => SiteFamily::Leg,
            Self::Kidney | Self::Bladder | Self::InjectionSite | Self::SoftTissue => {
                SiteFamily::NotBone
            }
        }
    }

    /// The SNOMED CT code of the site or of what it is one of, as DICOM PS3.16's context groups of
    /// anatomic sites list it; `None` where none of them does.
    pub fn code(self) -> Option<SiteCode> {
        let (value, meaning) = match self {
            Self::Skull => ("89546000", "Skull"),
            Self::FacialBones => ("91397008", "Facial bones"),
            Self::Mandible => ("91609006", "Mandible"),
            Self::TemporomandibularJoint => ("53620006", "Temporomandibular joint"),
            Self::Cervical(level) => *CERVICAL.get(usize::from(level).checked_sub(1)?)?,
            Self::Thoracic(level) => *THORACIC.get(usize::from(level).checked_sub(1)?)?,
            Self::Lumbar(level) => *LUMBAR.get(usize::from(level).checked_sub(1)?)?,
            Self::Sacrum => ("54735007", "Sacrum"),
            Self::Coccyx => ("64688005", "Coccyx"),
            Self::Manubrium => ("37285002", "Manubrium"),
            Self::Sternum => ("56873002", "Sternum"),
            Self::Rib(_) => ("113197003", "Rib"),
            Self::Clavicle => ("51299004", "Clavicle"),
            Self::SternoclavicularJoint => ("7844006", "Sternoclavicular joint"),
            Self::Scapula => ("79601000", "Scapula"),
            Self::Shoulder => ("16982005", "Shoulder"),
            Self::Humerus => ("85050009", "Humerus"),
            Self::Elbow => ("16953009", "Elbow joint"),
            Self::Forearm => ("110535000", "Radius and ulna"),
            Self::Wrist => ("74670003", "Wrist joint"),
            Self::Hand => ("85562004", "Hand"),
            Self::Ilium => ("22356005", "Ilium"),
            Self::SacroiliacJoint => ("39723000", "Sacroiliac joint"),
            Self::Hip => ("24136001", "Hip joint"),
            Self::Ischium => ("85710004", "Ischium"),
            Self::ProximalFemur | Self::FemoralShaft => ("71341001", "Femur"),
            Self::Knee => ("72696002", "Knee"),
            Self::Patella => ("64234005", "Patella"),
            Self::Tibia => ("12611008", "Tibia"),
            Self::Fibula => ("87342007", "Fibula"),
            Self::Ankle => ("70258002", "Ankle joint"),
            Self::Foot => ("56459004", "Foot"),
            Self::Kidney => ("64033007", "Kidney"),
            Self::Bladder => ("89837001", "Bladder"),
            Self::Pubis | Self::InjectionSite | Self::SoftTissue => return None,
        };
        Some(SiteCode { value, meaning })
    }
}

const CERVICAL: [(&str, &str); 7] = [
    ("14806007", "C1"),
    ("39976000", "C2"),
    ("113205007", "C3"),
    ("5329002", "C4"),
    ("36978003", "C5"),
    ("36054005", "C6"),
    ("87391001", "C7"),
];
const THORACIC: [(&str, &str); 12] = [
    ("64864005", "T1"),
    ("53733008", "T2"),
    ("1626008", "T3"),
    ("73071006", "T4"),
    ("56401006", "T5"),
    ("45296009", "T6"),
    ("62487009", "T7"),
    ("11068009", "T8"),
    ("82687006", "T9"),
    ("7610001", "T10"),
    ("12989004", "T11"),
    ("23215003", "T12"),
];
const LUMBAR: [(&str, &str); 5] = [
    ("66794005", "L1"),
    ("14293000", "L2"),
    ("36470004", "L3"),
    ("11994002", "L4"),
    ("49668003", "L5"),
];

fn vertebra(letter: char, region: &str, level: u8) -> Vec<String> {
    vec![
        format!("{region} vertebra {level}"),
        format!("{} {region} vertebra", ordinal(level)),
        format!("{letter}{level} vertebra"),
    ]
}

fn ordinal(n: u8) -> String {
    let ending = match (n % 10, n % 100) {
        (1, tens) if tens != 11 => "st",
        (2, tens) if tens != 12 => "nd",
        (3, tens) if tens != 13 => "rd",
        _ => "th",
    };
    format!("{n}{ending}")
}

impl fmt::Display for Site {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_site_is_listed_once_and_found_by_its_names() {
        let all: Vec<Site> = Site::all().collect();
        assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), all.len());
        assert_eq!(all.len(), 34 + 7 + 12 + 5 + 12);
        for site in all {
            assert_eq!(Site::parse(&site.name()), Some(site));
            assert_eq!(Site::parse(&site.name_on(Some(Side::Left)).to_uppercase()), Some(site));
            assert!(site.aliases().iter().all(|a| Site::parse(a) == Some(site)), "{site}");
        }
    }

    #[test]
    fn names_are_those_a_reader_says() {
        assert_eq!(Site::Rib(7).name_on(Some(Side::Left)), "left 7th rib");
        assert_eq!(Site::Rib(1).name(), "1st rib");
        assert_eq!(Site::Rib(11).name(), "11th rib");
        assert_eq!(Site::Thoracic(12).name_on(Some(Side::Right)), "T12");
        assert_eq!(Site::parse("Rib 7"), Some(Site::Rib(7)));
        assert_eq!(Site::parse("iliac wing"), Some(Site::Ilium));
        assert_eq!(Site::parse("behind the left ear"), None);
        assert_eq!(Site::parse(""), None);
    }

    #[test]
    fn a_search_puts_what_was_typed_first() {
        let best = |words: &str| Site::all().min_by_key(|s| s.found_by(words).unwrap_or(99));
        assert_eq!(best("l1"), Some(Site::Lumbar(1)));
        assert_eq!(best("si joint"), Some(Site::SacroiliacJoint));
        assert_eq!(best("tib"), Some(Site::Tibia));
        assert!(Site::all().all(|s| s.found_by("xyz").is_none()));
    }

    #[test]
    fn no_two_vertebrae_share_a_code() {
        let vertebrae = Site::all().filter(|s| s.family() == SiteFamily::Spine);
        let codes: BTreeSet<_> = vertebrae.filter_map(|s| s.code().map(|c| c.value)).collect();
        assert_eq!(codes.len(), 24);
        assert_eq!(Site::Pubis.code(), None);
        assert_eq!(Site::Thoracic(13).code(), None);
    }
}
