//! Colours for what lies above and below nothing.

use super::Rgb;

/// From blue at −1 to red at 1: the ends of ColorBrewer's RdBu, which all eyes tell apart (C.
/// Brewer, M. Harrower, The Cartographic Journal 40 (2003)). Towards 0 it pales.
pub fn diverging(value: f64) -> Rgb {
    let place = 0.5 - 0.5 * value.clamp(-1.0, 1.0);
    let color = colorous::RED_BLUE.eval_continuous(place);
    Rgb(color.r, color.g, color.b)
}

#[cfg(test)]
mod tests {
    use super::super::{Vision, color_distance};
    use super::*;

    #[test]
    fn all_eyes_tell_above_from_below() {
        for vision in Vision::ALL {
            for size in [0.4, 0.7, 1.0] {
                let apart = color_distance(diverging(size), diverging(-size), vision);
                assert!(apart > 30.0, "{vision:?} at {size}: {apart}");
            }
        }
        let Rgb(red, _, blue) = diverging(1.0);
        assert!(red > blue);
    }
}
