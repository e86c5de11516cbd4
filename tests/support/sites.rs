//! What the anatomy's parts are called as sites.

use bonescope::findings::Site;
use bonescope::geometry::Side;
use bonescope::simulate::Structure;

/// `None` for what a skeleton of sites does not name: glands, nodes and organs that are seldom
/// seen.
pub fn site_of(structure: &Structure) -> Option<(Site, Option<Side>)> {
    let has = |words: &[&str]| words.iter().any(|w| structure.name.contains(w));
    let level = || {
        let digits = structure.name.chars().skip_while(|c| !c.is_ascii_digit());
        digits.take_while(char::is_ascii_digit).collect::<String>().parse::<u8>().ok()
    };
    let site = match structure.region.as_str() {
        "skull" => Site::Skull,
        "facial bones" => Site::FacialBones,
        "mandible" if has(&["temporomandibular"]) => Site::TemporomandibularJoint,
        "mandible" => Site::Mandible,
        "cervical spine" => Site::Cervical(level()?),
        "thoracic spine" => Site::Thoracic(level()?),
        "lumbar spine" => Site::Lumbar(level()?),
        "sacrum" if has(&["coccyx"]) => Site::Coccyx,
        "sacrum" => Site::Sacrum,
        "sternum" if has(&["manubri"]) => Site::Manubrium,
        "sternum" => Site::Sternum,
        "ribs" => Site::Rib(level()?),
        "clavicle" if has(&["sternoclavicular"]) => Site::SternoclavicularJoint,
        "clavicle" => Site::Clavicle,
        "scapula" if has(&["acromion", "glenoid", "coracoid"]) => Site::Shoulder,
        "scapula" => Site::Scapula,
        "humerus" if has(&["head"]) => Site::Shoulder,
        "humerus" if has(&["condyles"]) => Site::Elbow,
        "humerus" => Site::Humerus,
        "elbow" => Site::Elbow,
        "forearm" => Site::Forearm,
        "wrist and hand" if has(&["carpus"]) => Site::Wrist,
        "wrist and hand" => Site::Hand,
        "sacroiliac joint" => Site::SacroiliacJoint,
        "ilium" => Site::Ilium,
        "acetabulum" => Site::Hip,
        "pubis" => Site::Pubis,
        "ischium" => Site::Ischium,
        "femur" if has(&["femoral head"]) => Site::Hip,
        "femur" if has(&["neck", "trochanter"]) => Site::ProximalFemur,
        "femur" if has(&["distal"]) => Site::Knee,
        "femur" => Site::FemoralShaft,
        "knee" if has(&["patella"]) => Site::Patella,
        "knee" => Site::Knee,
        "tibia" => Site::Tibia,
        "fibula" => Site::Fibula,
        "ankle and foot" if has(&["distal tibia", "malleolus", "talus"]) => Site::Ankle,
        "ankle and foot" => Site::Foot,
        "kidney" => Site::Kidney,
        "bladder" => Site::Bladder,
        "injection site" => Site::InjectionSite,
        _ => return None,
    };
    let side = match structure.side {
        "left" => Some(Side::Left),
        "right" => Some(Side::Right),
        _ => None,
    };
    Some((site, side.filter(|_| site.paired())))
}
