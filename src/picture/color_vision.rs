//! How far apart two colours look, to all eyes.

use super::Rgb;

/// Whose eyes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Vision {
    Normal,
    /// No long-wave cones.
    Protan,
    /// No middle-wave cones.
    Deutan,
    /// No short-wave cones.
    Tritan,
}

impl Vision {
    pub const ALL: [Self; 4] = [Self::Normal, Self::Protan, Self::Deutan, Self::Tritan];

    /// On linear sRGB: Machado, Oliveira and Fernandes, IEEE TVCG 15 (2009) 1291, severity 1.
    fn matrix(self) -> [[f64; 3]; 3] {
        match self {
            Self::Normal => [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]],
            Self::Protan => [
                [0.152286, 1.052583, -0.204868],
                [0.114503, 0.786281, 0.099216],
                [-0.003882, -0.048116, 1.051998],
            ],
            Self::Deutan => [
                [0.367322, 0.860646, -0.227968],
                [0.280085, 0.672501, 0.047413],
                [-0.011820, 0.042940, 0.968881],
            ],
            Self::Tritan => [
                [1.255528, -0.076749, -0.178779],
                [-0.078411, 0.930809, 0.147602],
                [0.004733, 0.691367, 0.303900],
            ],
        }
    }
}

/// ΔE*ab of CIE 1976 between two colours as these eyes see them; 2 is just seen side by side.
pub fn color_distance(a: Rgb, b: Rgb, vision: Vision) -> f64 {
    let ([l1, a1, b1], [l2, a2, b2]) = (lab(a, vision), lab(b, vision));
    ((l1 - l2).powi(2) + (a1 - a2).powi(2) + (b1 - b2).powi(2)).sqrt()
}

/// CIE L*a*b* under D65 (IEC 61966-2-1 for sRGB).
fn lab(Rgb(red, green, blue): Rgb, vision: Vision) -> [f64; 3] {
    let linear = [red, green, blue].map(|level| match f64::from(level) / 255.0 {
        c if c <= 0.04045 => c / 12.92,
        c => ((c + 0.055) / 1.055).powf(2.4),
    });
    let times =
        |m: [[f64; 3]; 3], v: [f64; 3]| m.map(|row| row[0] * v[0] + row[1] * v[1] + row[2] * v[2]);
    let seen = times(vision.matrix(), linear).map(|c| c.clamp(0.0, 1.0));
    let xyz_from_rgb = [
        [0.412_456_4, 0.357_576_1, 0.180_437_5],
        [0.212_672_9, 0.715_152_2, 0.072_175_0],
        [0.019_333_9, 0.119_192_0, 0.950_304_1],
    ];
    let [x, y, z] = times(xyz_from_rgb, seen);
    let f = |t: f64| match t > 216.0 / 24_389.0 {
        true => t.cbrt(),
        false => (24_389.0 / 27.0 * t + 16.0) / 116.0,
    };
    let [x, y, z] = [f(x / 0.950_47), f(y), f(z / 1.088_83)];
    [116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_colours_lie_where_they_should() {
        let near = |a: [f64; 3], b: [f64; 3]| a.iter().zip(b).all(|(a, b)| (a - b).abs() < 0.05);
        assert!(near(lab(Rgb(255, 255, 255), Vision::Normal), [100.0, 0.0, 0.0]));
        assert!(near(lab(Rgb(255, 0, 0), Vision::Normal), [53.24, 80.09, 67.20]));
        assert!(near(lab(Rgb(0, 0, 255), Vision::Normal), [32.30, 79.19, -107.86]));
        // Greys stay greys for everybody.
        for vision in Vision::ALL {
            let [_, a, b] = lab(Rgb(120, 120, 120), vision);
            assert!(a.abs() < 0.1 && b.abs() < 0.1, "{vision:?}");
        }
        // Red and green of one lightness are hard to tell apart without one of the two cones.
        let [red, green] = [Rgb(200, 60, 60), Rgb(60, 125, 60)];
        let distance = |vision| color_distance(red, green, vision);
        assert!(distance(Vision::Deutan) < 0.5 * distance(Vision::Normal));
    }
}
