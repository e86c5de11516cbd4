//! What the skeleton says of regions: a site for each, and whether its side agrees.

use crate::study::FrameKey;

use super::remark::Remark;
use super::{Label, Sheet, Skeleton};

impl Sheet {
    /// Gives every region the site that the skeleton of its frame has there.
    ///
    /// Sides come from the midline and the frame's geometry. Where the skeleton has the place on
    /// the other side, the site keeps the side of the geometry, and a remark says so.
    pub fn place<'a>(&mut self, skeleton: impl Fn(&FrameKey) -> Option<&'a Skeleton>) {
        for row in &mut self.rois {
            let Some(found) = skeleton(&row.frame).and_then(|s| s.name_of(&row.outline)) else {
                continue;
            };
            if let (Some(said), Some(side)) = (found.side, row.side)
                && said != side
            {
                let remark = Remark::OtherSide { site: found.site, said, side };
                row.remarks.push(remark.to_string());
            }
            let side = if found.site.paired() { row.side } else { None };
            row.place = Some(Label { side, ..found });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::findings::{Findings, Midline, MidlineOrigin, Role, Symmetry};
    use crate::geometry::{Curve, Outline, Point, Side};
    use crate::measure::find_midline;
    use crate::simulate::{acquire, case};
    use crate::units::Level;

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
        findings.apply(crate::findings::Edit::Add { at: None, roi }).unwrap();
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
}
