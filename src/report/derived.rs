//! The mark of an image that was made from an acquired one. It goes wherever the image goes.

use crate::study::Derivation;
use crate::text::tr;

/// `THINNED TO 50 %`, one line for each step from the acquired image; empty for an acquired one.
pub fn derived_marks(series: &str) -> Vec<String> {
    let mut marks = Vec::new();
    let mut derivation = Derivation::of_uid(series);
    while let Some(step) = derivation {
        marks.insert(0, mark(&step));
        derivation = Derivation::of_uid(step.of());
    }
    marks
}

fn mark(derivation: &Derivation) -> String {
    match derivation {
        Derivation::Thinned { fraction, .. } => {
            let percent = (fraction * 100.0 * 1e6).round() / 1e6;
            tr("derived-thinned", &[("percent", percent.to_string().into())])
        }
        Derivation::Summed { frames, .. } => {
            tr("derived-summed", &[("count", frames.len().into())])
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_step_is_marked() {
        assert!(derived_marks("1.2.3").is_empty());
        assert_eq!(derived_marks("1.2.3#thinned=0.125,seed=9"), ["THINNED TO 12.5 %"]);
        let both = derived_marks("1.2.3#sum=0-11#thinned=0.5,seed=1");
        assert_eq!(both, ["SUM OF 12 FRAMES", "THINNED TO 50 %"]);
    }
}
