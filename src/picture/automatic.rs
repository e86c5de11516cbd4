//! The window that shows the skeleton, whatever else is hot.

use std::cmp::Ordering;

use crate::study::{Unit, Values};

use super::Window;

/// Share of the skeleton's pixels that the automatic window leaves below its reference level.
const SHARE: f64 = 0.995;
/// The upper level lies this much above the reference, so that the hottest normal bone keeps some
/// shading.
const HEADROOM: f64 = 1.15;
/// What is this hot over a whole square of `THICK` is no normal bone: bone at the reference level
/// is narrow. Kidneys, bladders, a full gut, large lesions.
const THICK_HEAT: f64 = 0.85;
/// What is this hot is no normal bone however small it is: an injection site, a splash of urine.
/// More than a hundredth of the body in one piece is a skeleton that stands out well.
const SPOT_HEAT: f64 = 1.5;
/// Pixels for a matrix of 256 columns; others scale with it. Half the side of the square, the
/// longest such place (a longer one is a spine), the pixels of the smallest spot, and how far the
/// camera smears all of them over their surroundings.
const THICK: f64 = 6.0;
const LONGEST: f64 = 80.0;
const SPOT: f64 = 9.0;
const SMEAR: f64 = 3.0;

impl Window {
    /// A window that shows the skeleton, whatever bladder, kidneys, injection site, contamination
    /// or metal do; see `automatic_without`.
    pub fn automatic(values: &Values) -> Self {
        Self::automatic_without(values, &|_, _| false)
    }

    /// The upper level at which lesions keep their shading: the 99.9th percentile of the body without
    /// what is hotter than twelve times its median, and the surroundings of that, which is urine or
    /// an injection site (normal bone reaches 3 to 8 times, most metastases less than 12); 0 where
    /// there is no body.
    pub fn lesion_level(values: &Values, left_out: &dyn Fn(usize, usize) -> bool) -> f64 {
        const NOT_BONE: f64 = 12.0;
        let Some(body) = Body::new(values, left_out) else { return 0.0 };
        let background = background(&body.image);
        let mut bone: Vec<f64> = body.image.iter().copied().filter(|v| *v > background).collect();
        let cap = NOT_BONE * share(&mut bone, 0.5);
        let mut hot: Vec<bool> = body.image.iter().map(|v| *v > cap).collect();
        body.widen(&mut hot, body.side(SMEAR));
        let kept = body.image.iter().zip(&hot).filter(|(v, hot)| **v > background && !**hot);
        let mut kept: Vec<f64> = kept.map(|(v, _)| *v).collect();
        // Where hardly anything is left, the hot spot was the subject.
        let subject = if kept.len() * 4 < bone.len() { &mut bone } else { &mut kept };
        share(subject, 0.999)
    }

    /// The same without the pixels, by column and row, that the reader says are not bone.
    ///
    /// The upper level follows from a reference level, the 99.5th percentile of what can be
    /// skeleton. Body is what lies above the background, by Otsu's threshold (IEEE Trans. SMC 9
    /// (1979)) on square roots, which make Poisson noise even. From the level that four fifths of
    /// the body stay below, the reference rises as long as the skeleton has pixels above it, but
    /// what is hot and thick, or very hot, at the level reached so far is not counted: such a place
    /// can neither set the level nor, however hot it is, keep it from being found. (The smallest
    /// level that explains itself, found from below; ours.)
    ///
    /// The lower level is zero, or the lowest value where values can be negative. Hounsfield units
    /// get 1st to 99.5th percentile. A frame without contrast gets a window of width one.
    pub fn automatic_without(values: &Values, left_out: &dyn Fn(usize, usize) -> bool) -> Self {
        let Some(Body { mut image, columns, rows }) = Body::new(values, left_out) else {
            return Self::linear(0.0, 1.0);
        };
        let (low, high) = image
            .iter()
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), &v| (l.min(v), h.max(v)));
        if low.partial_cmp(&high) != Some(Ordering::Less) {
            let lower = if low.is_finite() && low < 0.0 { low } else { 0.0 };
            return Self::linear(lower, if high > lower { high } else { lower + 1.0 });
        }
        if values.unit == Unit::Hounsfield {
            let (lower, upper) = (share(&mut image, 0.01), share(&mut image, SHARE));
            return Self::linear(lower, if upper > lower { upper } else { high });
        }
        if low < 0.0 {
            let upper = share(&mut image, SHARE);
            return Self::linear(low, if upper > low { upper } else { high });
        }
        let upper = (HEADROOM * Body { image, columns, rows }.reference()).min(high);
        // A readable window of counts has whole numbers.
        let upper = if values.pixels.integers() && values.unit == Unit::Counts {
            upper.ceil()
        } else {
            upper
        };
        Self::linear(0.0, if upper > 0.0 { upper } else { high })
    }
}

/// A frame's values, row by row.
struct Body {
    image: Vec<f64>,
    columns: usize,
    rows: usize,
}

impl Body {
    /// What is left out, or no number, is 0; `None` for a frame without pixels.
    fn new(values: &Values, left_out: &dyn Fn(usize, usize) -> bool) -> Option<Self> {
        let (columns, rows) = (values.pixels.columns(), values.pixels.rows());
        let mut image = Vec::with_capacity(columns * rows);
        values.pixels.for_each(|stored| {
            let value = values.rescale.apply(stored);
            let at = image.len();
            let counts = value.is_finite() && !left_out(at % columns, at / columns);
            image.push(if counts { value } else { 0.0 });
        });
        (!image.is_empty()).then_some(Self { image, columns, rows })
    }

    /// So many pixels of a matrix of 256 columns, in this one.
    fn side(&self, pixels: f64) -> usize {
        (pixels * self.columns as f64 / 256.0).round().max(1.0) as usize
    }

    /// The level that normal bone reaches.
    fn reference(&self) -> f64 {
        let background = background(&self.image);
        let mut body: Vec<f64> = self.image.iter().copied().filter(|v| *v > background).collect();
        let size = body.len();
        let spot = (SPOT * (self.columns as f64 / 256.0).powi(2)).round().max(2.0) as usize;
        // Means of nine pixels, because single pixels are mostly noise.
        let smooth = self.around(&self.image, 1, |a, b| a + b);
        let smooth: Vec<f64> = smooth.iter().map(|sum| sum / 9.0).collect();
        let thick = self.around(&smooth, self.side(THICK), f64::min);

        let mut level = share(&mut body, 0.8);
        let mut rest = Vec::with_capacity(size);
        // The level only rises, by a two-hundredth at least: this ends by itself.
        for _ in 0..200 {
            let mut hot: Vec<bool> = thick.iter().map(|v| *v > THICK_HEAT * level).collect();
            self.sort_out(&mut hot, |_, longer| longer <= self.side(LONGEST));
            self.widen(&mut hot, self.side(THICK));
            let mut spots: Vec<bool> = smooth.iter().map(|v| *v > SPOT_HEAT * level).collect();
            self.sort_out(&mut spots, |pixels, _| (spot..=size / 100).contains(&pixels));
            hot.iter_mut().zip(spots).for_each(|(hot, spot)| *hot |= spot);
            self.widen(&mut hot, self.side(SMEAR));
            rest.clear();
            let cold = self.image.iter().zip(&hot).filter(|(v, hot)| **v > background && !**hot);
            rest.extend(cold.map(|(v, _)| *v));
            // Where hardly anything is left, what is hot is the subject.
            let next = if rest.len() * 4 < size { 1.1 * level } else { share(&mut rest, SHARE) };
            if next <= 1.005 * level {
                break;
            }
            // In small steps, or it would pass by the level at which an organ parts from the bone.
            level = next.min(1.1 * level);
        }
        level
    }

    /// For each pixel what `join` makes of the square of `reach` pixels each way around it, first
    /// along rows, then along columns; beyond the edge the outermost pixels repeat.
    fn around(&self, source: &[f64], reach: usize, join: impl Fn(f64, f64) -> f64) -> Vec<f64> {
        let (columns, rows) = (self.columns, self.rows);
        let near =
            |at: usize, k: usize, length: usize| (at + k).saturating_sub(reach).min(length - 1);
        let mut across = source.to_vec();
        for (line, joined) in source.chunks(columns).zip(across.chunks_mut(columns)) {
            for (at, joined) in joined.iter_mut().enumerate() {
                *joined = match line.get(at.wrapping_sub(reach)..at + reach + 1) {
                    // All of the square's row lies in the frame.
                    Some([first, others @ ..]) => others.iter().copied().fold(*first, &join),
                    _ => {
                        let first = line[near(at, 0, columns)];
                        let others = (1..=2 * reach).map(|k| line[near(at, k, columns)]);
                        others.fold(first, &join)
                    }
                };
            }
        }
        let line = |row: usize| &across[row * columns..][..columns];
        let mut all = Vec::with_capacity(source.len());
        for row in 0..rows {
            let mut joined = line(near(row, 0, rows)).to_vec();
            for k in 1..=2 * reach {
                let other = line(near(row, k, rows));
                joined.iter_mut().zip(other).for_each(|(a, b)| *a = join(*a, *b));
            }
            all.extend(joined);
        }
        all
    }

    /// Marks whatever lies within `reach` pixels of a mark, along rows and along columns.
    fn widen(&self, marks: &mut [bool], reach: usize) {
        // How many more pixels a mark reaches, itself included.
        let whole = u16::try_from(reach + 1).unwrap_or(u16::MAX);
        let on = |mark: &mut bool, left: &mut u16| {
            *left = if *mark { whole } else { left.saturating_sub(1) };
            *mark = *left > 0;
        };
        for line in marks.chunks_mut(self.columns).filter(|line| line.contains(&true)) {
            let mut left = 0;
            line.iter_mut().for_each(|mark| on(mark, &mut left));
            // Marks that were just made lead back to the mark that made them.
            left = 0;
            line.iter_mut().rev().for_each(|mark| on(mark, &mut left));
        }
        let along = |lines: &mut dyn Iterator<Item = &mut [bool]>| {
            let mut left = vec![0; self.columns];
            for line in lines {
                line.iter_mut().zip(&mut left).for_each(|(mark, left)| on(mark, left));
            }
        };
        along(&mut marks.chunks_mut(self.columns));
        along(&mut marks.chunks_mut(self.columns).rev());
    }

    /// Unmarks the marks that hang together in a piece of the wrong kind; `right` is asked with its
    /// pixels and its longer side.
    fn sort_out(&self, marks: &mut [bool], right: impl Fn(usize, usize) -> bool) {
        let mut seen = vec![false; marks.len()];
        let (mut piece, mut open) = (Vec::new(), Vec::new());
        for start in 0..marks.len() {
            if !marks[start] || seen[start] {
                continue;
            }
            piece.clear();
            open.push(start);
            seen[start] = true;
            let (mut low, mut high) = ([usize::MAX; 2], [0; 2]);
            while let Some(at) = open.pop() {
                piece.push(at);
                let place = [at % self.columns, at / self.columns];
                for axis in 0..2 {
                    low[axis] = low[axis].min(place[axis]);
                    high[axis] = high[axis].max(place[axis]);
                }
                let [column, row] = place;
                for r in row.saturating_sub(1)..=(row + 1).min(self.rows - 1) {
                    for c in column.saturating_sub(1)..=(column + 1).min(self.columns - 1) {
                        let next = r * self.columns + c;
                        if marks[next] && !seen[next] {
                            seen[next] = true;
                            open.push(next);
                        }
                    }
                }
            }
            let longer = 1 + (high[0] - low[0]).max(high[1] - low[1]);
            if !right(piece.len(), longer) {
                piece.iter().for_each(|at| marks[*at] = false);
            }
        }
    }
}

/// The value at a share 0…1 of the values in order; 0 where there is none. Moves them about.
fn share(values: &mut [f64], share: f64) -> f64 {
    let Some(last) = values.len().checked_sub(1) else { return 0.0 };
    let at = ((share * last as f64).round() as usize).min(last);
    *values.select_nth_unstable_by(at, f64::total_cmp).1
}

/// Otsu's threshold between background and body on a histogram of square roots, which a hot spot
/// cannot stretch: everything above the 95th percentile counts as the 95th.
fn background(image: &[f64]) -> f64 {
    const BINS: usize = 256;
    let mut present: Vec<f64> = image.iter().copied().filter(|v| *v > 0.0).collect();
    let top = share(&mut present, 0.95).sqrt();
    if top.is_nan() || top <= 0.0 {
        return 0.0;
    }
    let mut histogram = [0u64; BINS];
    for value in image {
        let bin = (value.sqrt() / top).min(1.0) * (BINS - 1) as f64;
        histogram[bin as usize] += 1;
    }
    let total = image.len() as f64;
    let sum: f64 = histogram.iter().enumerate().map(|(bin, n)| bin as f64 * *n as f64).sum();
    let (mut below, mut sum_below, mut best, mut threshold) = (0.0, 0.0, 0.0, 0);
    for (bin, &n) in histogram.iter().enumerate() {
        below += n as f64;
        sum_below += bin as f64 * n as f64;
        let above = total - below;
        if below == 0.0 || above == 0.0 {
            continue;
        }
        let between = below * above * (sum_below / below - (sum - sum_below) / above).powi(2);
        if between > best {
            (best, threshold) = (between, bin);
        }
    }
    ((threshold + 1) as f64 / (BINS - 1) as f64 * top).powi(2).min(share(&mut present, 0.5))
}

#[cfg(test)]
mod tests {
    use ndarray::Array2;

    use super::*;
    use crate::study::{Pixels, Rescale};

    /// A body of 8 counts with a spine of 40, a bladder of 3,000 and an injection site of 20,000.
    fn body(bladder: u16, site: u16) -> Values {
        let pixels = Array2::from_shape_fn((400, 200), |(row, column)| {
            let from = |r: f64, c: f64| (row as f64 - r).hypot(column as f64 - c);
            let noise = ((row * 31 + column * 17) % 5) as u16;
            match () {
                () if from(300.0, 100.0) < 12.0 => bladder,
                () if from(200.0, 30.0) < 4.0 => site,
                () if (95..105).contains(&column) && (60..290).contains(&row) => 38 + noise,
                () if (40..160).contains(&column) && (20..380).contains(&row) => 6 + noise,
                () => noise / 4,
            }
        });
        Values::counts(Pixels::U16(pixels))
    }

    proptest::proptest! {
        /// A mark reaches `reach` pixels along its row, and all of those as far along their columns.
        #[test]
        fn marks_reach_as_far_as_they_are_told(
            marks in proptest::collection::vec(proptest::bool::weighted(0.1), 63), reach in 0usize..9,
        ) {
            let body = Body { image: vec![0.0; 63], columns: 9, rows: 7 };
            let near = |a: usize, b: usize| (a % 9).abs_diff(b % 9) <= reach
                && (a / 9).abs_diff(b / 9) <= reach;
            let expected: Vec<bool> =
                (0..63).map(|at| (0..63).any(|mark| marks[mark] && near(at, mark))).collect();
            let mut widened = marks;
            body.widen(&mut widened, reach);
            proptest::prop_assert_eq!(widened, expected);
        }
    }

    #[test]
    fn marks_are_widened_to_squares() {
        let body = Body { image: vec![0.0; 7 * 5], columns: 7, rows: 5 };
        let mut marks = vec![false; 35];
        (marks[2 * 7 + 1], marks[6]) = (true, true);
        body.widen(&mut marks, 1);
        let drawn: Vec<String> = marks
            .chunks(7)
            .map(|line| line.iter().map(|m| if *m { '#' } else { '.' }).collect())
            .collect();
        assert_eq!(drawn, [".....##", "###..##", "###....", "###....", "......."]);
    }

    #[test]
    fn bladder_and_injection_site_do_not_set_the_window() {
        let plain = Window::automatic(&body(10, 10));
        let hot = Window::automatic(&body(3_000, 20_000));
        assert_eq!(plain.lower, 0.0);
        assert!((38.0..=50.0).contains(&plain.upper), "{plain:?}");
        assert!((38.0..=50.0).contains(&hot.upper), "{hot:?}");
    }

    #[test]
    fn any_frame_has_a_window() {
        let window = |pixels| Window::automatic(&Values::counts(pixels));
        assert_eq!(window(Pixels::U16(Array2::zeros((4, 4)))), Window::linear(0.0, 1.0));
        assert_eq!(window(Pixels::U16(Array2::zeros((0, 0)))), Window::linear(0.0, 1.0));
        assert_eq!(window(Pixels::U8(Array2::from_elem((2, 2), 9))), Window::linear(0.0, 9.0));
        let odd = Array2::from_shape_vec((1, 3), vec![f32::NAN, f32::INFINITY, 3.0]).unwrap();
        assert_eq!(window(Pixels::F32(odd)), Window::linear(0.0, 3.0));
        let difference = Array2::from_shape_vec((1, 3), vec![-4i16, 0, 6]).unwrap();
        assert_eq!(window(Pixels::I16(difference)), Window::linear(-4.0, 6.0));
        let mut one = Array2::zeros((64, 64));
        one[[9, 9]] = 500u16;
        assert!(window(Pixels::U16(one)).upper > 0.0);
        let scaled = Values {
            rescale: Rescale { slope: 0.5, intercept: 0.0 },
            unit: Unit::BecquerelsPerMl,
            ..body(3_000, 20_000)
        };
        assert!((19.0..=25.0).contains(&Window::automatic(&scaled).upper));
    }

    /// A skeleton of noise and blur: head, spine, ribs, pelvis and limbs in soft tissue; 256 × 1024.
    #[derive(Clone)]
    struct Patient {
        heat: Vec<f64>,
    }

    impl Patient {
        const COLUMNS: usize = 256;
        const ROWS: usize = 1024;

        fn new() -> Self {
            let mut patient = Self { heat: vec![0.0; Self::COLUMNS * Self::ROWS] };
            let ellipse = |r: f64, c: f64, tall: f64, wide: f64| [r, c, tall, wide];
            // Soft tissue.
            for place in [
                ellipse(130.0, 128.0, 55.0, 34.0),
                ellipse(340.0, 128.0, 170.0, 62.0),
                ellipse(700.0, 98.0, 250.0, 24.0),
                ellipse(700.0, 158.0, 250.0, 24.0),
                ellipse(380.0, 44.0, 170.0, 15.0),
                ellipse(380.0, 212.0, 170.0, 15.0),
            ] {
                patient.add(place, 14.0);
            }
            // Skull, spine, pelvis, limbs.
            patient.add(ellipse(120.0, 128.0, 40.0, 28.0), 16.0);
            for vertebra in 0..24 {
                let row = 190.0 + 13.0 * f64::from(vertebra);
                let heat = 30.0 + f64::from(vertebra * 7 % 13) * 1.6;
                patient.add(ellipse(row, 128.0, 5.0, 7.0), heat);
            }
            for rib in 0..10 {
                for side in [-1.0, 1.0] {
                    for step in 0..20 {
                        let out = 8.0 + 2.2 * f64::from(step);
                        let row = 210.0 + 12.0 * f64::from(rib) + 0.25 * out;
                        patient.add(ellipse(row, 128.0 + side * out, 2.0, 2.0), 14.0);
                    }
                }
            }
            for side in [-1.0, 1.0] {
                patient.add(ellipse(490.0, 128.0 + side * 32.0, 14.0, 5.0), 28.0);
                patient.add(ellipse(520.0, 128.0 + side * 34.0, 6.0, 6.0), 24.0);
                patient.add(ellipse(620.0, 128.0 + side * 30.0, 90.0, 5.0), 16.0);
                patient.add(ellipse(830.0, 128.0 + side * 30.0, 90.0, 5.0), 13.0);
                patient.add(ellipse(722.0, 128.0 + side * 30.0, 8.0, 9.0), 20.0);
                patient.add(ellipse(300.0, 128.0 + side * 84.0, 80.0, 4.0), 12.0);
            }
            patient
        }

        /// Adds heat in an ellipse (row, column, half height, half width) with blurred edges; takes
        /// a share away where it is negative.
        fn add(&mut self, [r, c, tall, wide]: [f64; 4], heat: f64) {
            let from = (r - tall - 9.0).max(0.0) as usize * Self::COLUMNS;
            let to = ((r + tall + 10.0) as usize * Self::COLUMNS).min(self.heat.len());
            for at in from..to {
                let pixel = &mut self.heat[at];
                let (row, column) = ((at / Self::COLUMNS) as f64, (at % Self::COLUMNS) as f64);
                let out = (((row - r) / tall).hypot((column - c) / wide) - 1.0) * tall.min(wide);
                if out < 9.0 {
                    let part = 1.0 / (1.0 + (out / 1.4).exp());
                    *pixel += if heat < 0.0 { heat * part * *pixel } else { heat * part };
                }
            }
        }

        /// Counted with noise, the same each time.
        fn counted(&self) -> Values {
            let mut state = 1u64;
            let mut uniform = || {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                (state >> 33) as f64 / (1u64 << 31) as f64
            };
            let pixels = Array2::from_shape_fn((Self::ROWS, Self::COLUMNS), |(row, column)| {
                let mean = self.heat[row * Self::COLUMNS + column] + 0.4;
                // A sum of four has the spread of a Poisson number, nearly.
                let bell = uniform() + uniform() + uniform() + uniform() - 2.0;
                (mean + 1.732 * bell * mean.sqrt()).round().clamp(0.0, 65_535.0) as u16
            });
            Values::counts(Pixels::U16(pixels))
        }
    }

    const BLADDER: [f64; 4] = [528.0, 128.0, 18.0, 22.0];
    const KIDNEYS: [[f64; 4]; 2] = [[400.0, 95.0, 22.0, 12.0], [400.0, 161.0, 22.0, 12.0]];
    const SITE: [f64; 4] = [470.0, 44.0, 3.0, 3.0];
    const SPLASHES: [[f64; 4]; 2] = [[620.0, 126.0, 9.0, 6.0], [660.0, 132.0, 3.0, 4.0]];

    #[test]
    fn nothing_hot_or_cold_can_hijack_the_scale() {
        let bare = Patient::new();
        let plain = Window::automatic(&bare.counted()).upper;
        assert!((45.0..90.0).contains(&plain), "{plain}");
        let organs: [(&str, &[[f64; 4]]); 4] = [
            ("bladder", &[BLADDER]),
            ("kidneys", &KIDNEYS),
            ("injection site", &[SITE]),
            ("contamination", &SPLASHES),
        ];
        let strengths = [0.3, 0.6, 0.9, 1.2, 1.6, 2.5, 6.0, 40.0, 400.0];
        for (name, places) in organs {
            for strength in strengths {
                let mut patient = bare.clone();
                places.iter().for_each(|place| patient.add(*place, strength * plain));
                let upper = Window::automatic(&patient.counted()).upper;
                let moved = upper / plain - 1.0;
                assert!(moved.abs() <= 0.05, "{name} of {strength}: {plain} to {upper}");
            }
        }
        // A hip and a knee of metal.
        let mut patient = bare.clone();
        patient.add([560.0, 98.0, 40.0, 8.0], -0.95);
        patient.add([722.0, 158.0, 16.0, 12.0], -0.95);
        let upper = Window::automatic(&patient.counted()).upper;
        assert!((upper / plain - 1.0).abs() <= 0.05, "metal: {plain} to {upper}");
    }

    #[test]
    fn what_the_reader_leaves_out_counts_for_nothing() {
        let plain = Window::automatic(&Patient::new().counted()).upper;
        let mut patient = Patient::new();
        patient.add(BLADDER, 20.0 * plain);
        let values = patient.counted();
        let inside = |column: usize, row: usize| {
            let [r, c, tall, wide] = BLADDER;
            ((row as f64 - r) / (tall + 5.0)).hypot((column as f64 - c) / (wide + 5.0)) < 1.0
        };
        let upper = Window::automatic_without(&values, &inside).upper;
        assert!((upper / plain - 1.0).abs() <= 0.05, "{plain} {upper}");
        // All of it left out is a frame without contrast.
        assert_eq!(Window::automatic_without(&values, &|_, _| true), Window::linear(0.0, 1.0));
    }

    #[test]
    fn small_matrices_and_close_views_have_their_scale() {
        let values = Patient::new().counted();
        let whole = Window::automatic(&values).upper;
        // Four pixels in one: four times the counts.
        let sum = |r: usize, c: usize| {
            let at = |r, c| values.pixels.stored(c, r);
            (at(2 * r, 2 * c)
                + at(2 * r, 2 * c + 1)
                + at(2 * r + 1, 2 * c)
                + at(2 * r + 1, 2 * c + 1)) as u16
        };
        let half = Array2::from_shape_fn((512, 128), |(r, c)| sum(r, c));
        let upper = Window::automatic(&Values::counts(Pixels::U16(half))).upper / 4.0;
        assert!((0.75..1.25).contains(&(upper / whole)), "{upper} of {whole}");
        let chest =
            Array2::from_shape_fn((256, 256), |(r, c)| values.pixels.stored(c, r + 180) as u16);
        let upper = Window::automatic(&Values::counts(Pixels::U16(chest))).upper;
        assert!((0.8..1.4).contains(&(upper / whole)), "{upper} of {whole}");
    }
}
