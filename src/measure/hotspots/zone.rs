//! Places where heat is usually not a lesion, and what it is there.

use crate::findings::Site;
use crate::study::ViewName;

use super::HotspotKind;
use super::evidence::Evidence;
use super::scene::{Place, SCALES};

/// Parts of the body that a hot place is judged by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Zone {
    /// Where nothing speaks against a lesion.
    Trunk,
    /// Joints that wear: shoulders, those of the clavicles, elbows, hands, knees, feet.
    Joint,
    /// Face and jaws, where teeth and sinuses are hot.
    Face,
    Skull,
    SacroiliacJoint,
    Leg,
    Kidney,
    Bladder,
    /// Between the thighs, where urine drips.
    Groin,
}

/// The patient that proportions are said of is so long from the vertex to the toes, mm.
const LENGTH: f64 = 1760.0;

/// Which zone a place is in, by the body's proportions; the skeleton only says more where the
/// proportions leave it open, as it is not laid over every frame.
pub(super) fn zone(place: &Place, site: Option<Site>, view: ViewName, scale: usize) -> Zone {
    let aside = place.aside.abs() / place.length * LENGTH;
    let down = place.down;
    let front = view != ViewName::Posterior;
    let large = SCALES[scale] > 10.0;
    let within = |low: f64, high: f64| (low..high).contains(&down);
    if down > 0.93 || within(0.66, 0.77) {
        Zone::Joint
    } else if down < 0.13 && aside < 110.0 {
        if front && down > 0.06 { Zone::Face } else { Zone::Skull }
    } else if down < 0.22 && aside > 105.0
        || front && within(0.145, 0.2) && (12.0..45.0).contains(&aside)
    {
        Zone::Joint
    } else if within(0.31, 0.42) && (28.0..105.0).contains(&aside) {
        Zone::Kidney
    } else if front && within(0.44, 0.53) && aside < 45.0
        || !front && within(0.455, 0.50) && aside < 22.0 && large
    {
        Zone::Bladder
    } else if within(0.505, 0.60) && aside < 68.0 {
        Zone::Groin
    } else if aside > 160.0 && down > 0.22 {
        Zone::Joint
    } else if within(0.40, 0.48) && (20.0..65.0).contains(&aside) {
        Zone::SacroiliacJoint
    } else if down > 0.77 {
        Zone::Leg
    } else if !front && site == Some(Site::Bladder) && aside < 25.0 && SCALES[scale] > 6.0 {
        Zone::Bladder
    } else {
        Zone::Trunk
    }
}

/// Urine that dripped stands out more than this, on the ischium and pubis and elsewhere; or it is
/// seen through the patient.
const DRIPPED: (f64, f64) = (1.9, 1.0);
const SEEN_THROUGH: f64 = 1.2;
/// An injection site is so much hotter than the arm around it.
const INJECTED: f64 = 1.9;
/// Over a kidney only what stands out from it by so much is bone; what is large, by more.
const ON_KIDNEY: (f64, f64) = (0.25, 0.6);

pub(super) fn kind(
    zone: Zone,
    place: &Place,
    site: Option<Site>,
    evidence: &Evidence,
    scale: usize,
) -> HotspotKind {
    let large = SCALES[scale] > 6.0;
    let off_bone = !matches!(site, Some(Site::Pubis | Site::Ischium));
    let dripped = evidence.around > DRIPPED.0
        || off_bone && (evidence.around > DRIPPED.1 || evidence.opposite > SEEN_THROUGH);
    match zone {
        Zone::Kidney if evidence.beside < if large { ON_KIDNEY.1 } else { ON_KIDNEY.0 } => {
            HotspotKind::Kidney
        }
        Zone::Bladder => HotspotKind::Bladder,
        Zone::Groin if dripped => HotspotKind::Urine,
        Zone::Joint if on_arm(place) && evidence.around > INJECTED => HotspotKind::InjectionSite,
        Zone::Joint => HotspotKind::Joint,
        _ => HotspotKind::Bone,
    }
}

/// Below the shoulder and away from the trunk.
fn on_arm(place: &Place) -> bool {
    let aside = place.aside.abs() / place.length * LENGTH;
    aside > 160.0 && (0.22..0.66).contains(&place.down)
}
