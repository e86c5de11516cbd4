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
