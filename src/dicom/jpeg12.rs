//! JPEG with loss and 12 bits (ITU-T T.81, extended sequential, Huffman, one component): the one
//! lossy coding of old gamma cameras that the JPEG crate does not know.

use super::codestream::segment;
use super::fault::{Fault, damaged};

/// Where the k-th coefficient of the zigzag order stands in its block (T.81 figure A.6).
const ZIGZAG: [usize; 64] = [
    0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20,
    13, 6, 7, 14, 21, 28, 35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59,
    52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63,
];

/// A Huffman table: by code length, the codes' first value, their number and where they begin
/// (T.81 F.2.2.3).
#[derive(Clone, Default)]
struct Table {
    first: [i32; 17],
    count: [i32; 17],
    start: [usize; 17],
    values: Vec<u8>,
}

impl Table {
    fn new(counts: &[u8], values: &[u8]) -> Self {
        let mut table = Self { values: values.to_vec(), ..Self::default() };
        let (mut code, mut start) = (0, 0);
        for (length, &count) in (1..=16).zip(counts) {
            table.first[length] = code;
            table.count[length] = count.into();
            table.start[length] = start;
            start += usize::from(count);
            code = (code + i32::from(count)) << 1;
        }
        table
    }
}

/// A picture of `width` × `height` samples of 12 bits, row by row.
pub(super) fn decode(stream: &[u8], width: usize, height: usize) -> Result<Vec<u16>, Fault> {
    let cut = || damaged("its header is cut");
    let mut quantisation = vec![[0_i32; 64]; 4];
    let mut tables = vec![Table::default(); 8];
    let (mut quantiser, mut interval) = (0, 0);
    let mut at = 2;
    loop {
        let (marker, body) = segment(stream, &mut at)?;
        match marker {
            0xDB => quantisers(body, &mut quantisation)?,
            0xC4 => huffman(body, &mut tables)?,
            0xC0 | 0xC1 => {
                quantiser = usize::from(*body.get(8).ok_or_else(cut)? & 3);
                if body.get(5) != Some(&1) {
                    return Err(damaged("it has more than one component"));
                }
            }
            0xC2 => return Err(damaged("progressive JPEG of 12 bits is not supported")),
            0xDD => {
                let &[high, low] = body else { return Err(cut()) };
                interval = usize::from(u16::from_be_bytes([high, low]));
            }
            0xDA => {
                let &[1, _, which, ..] = body else {
                    return Err(damaged("its scan has more than one component"));
                };
                let mut scan = Scan {
                    bits: Bits { bytes: &stream[at..], at: 0, held: 0, count: 0 },
                    quantiser: &quantisation[quantiser],
                    dc: &tables[usize::from(which >> 4 & 3)],
                    ac: &tables[4 + usize::from(which & 3)],
                    predicted: 0,
                };
                return scan.picture(width, height, interval);
            }
            _ => {}
        }
    }
}

fn quantisers(mut body: &[u8], tables: &mut [[i32; 64]]) -> Result<(), Fault> {
    while let Some((&head, rest)) = body.split_first() {
        let bytes = if head >> 4 == 0 { 64 } else { 128 };
        let (values, rest) =
            rest.split_at_checked(bytes).ok_or_else(|| damaged("a table is cut short"))?;
        for (k, place) in ZIGZAG.into_iter().enumerate() {
            tables[usize::from(head & 3)][place] = match bytes {
                64 => values[k].into(),
                _ => i32::from(u16::from_be_bytes([values[2 * k], values[2 * k + 1]])),
            };
        }
        body = rest;
    }
    Ok(())
}

fn huffman(mut body: &[u8], tables: &mut [Table]) -> Result<(), Fault> {
    let cut = || damaged("a table is cut short");
    while let Some((&head, rest)) = body.split_first() {
        let (counts, rest) = rest.split_at_checked(16).ok_or_else(cut)?;
        let total = counts.iter().map(|&c| usize::from(c)).sum();
        let (values, rest) = rest.split_at_checked(total).ok_or_else(cut)?;
        tables[usize::from(4 * (head >> 4 & 1) + (head & 3))] = Table::new(counts, values);
        body = rest;
    }
    Ok(())
}

struct Scan<'a> {
    bits: Bits<'a>,
    quantiser: &'a [i32; 64],
    dc: &'a Table,
    ac: &'a Table,
    predicted: i32,
}

impl Scan<'_> {
    fn picture(&mut self, width: usize, height: usize, interval: usize) -> Result<Vec<u16>, Fault> {
        let mut picture = vec![0; width * height];
        let waves = waves();
        let (across, down) = (width.div_ceil(8), height.div_ceil(8));
        for block in 0..across * down {
            if interval > 0 && block > 0 && block % interval == 0 {
                self.bits.restart()?;
                self.predicted = 0;
            }
            let samples = samples(&self.block()?, &waves);
            let (left, top) = (block % across * 8, block / across * 8);
            for (y, line) in samples.chunks_exact(8).enumerate().take(height - top) {
                let start = (top + y) * width + left;
                let wide = (width - left).min(8);
                picture[start..start + wide].copy_from_slice(&line[..wide]);
            }
        }
        Ok(picture)
    }

    /// The dequantised coefficients of the next block (T.81 F.2.2).
    fn block(&mut self) -> Result<[f64; 64], Fault> {
        let mut block = [0.0; 64];
        let size = self.bits.symbol(self.dc)?;
        // Garbage must not overflow; real differences have at most 15 bits.
        self.predicted = (self.predicted + self.bits.extended(size)?).clamp(-1 << 20, 1 << 20);
        block[0] = f64::from(self.predicted) * f64::from(self.quantiser[0]);
        let mut k = 1;
        while k < 64 {
            let symbol = self.bits.symbol(self.ac)?;
            let (run, size) = (usize::from(symbol >> 4), symbol & 15);
            match (run, size) {
                (15, 0) => k += 16,
                (_, 0) => break,
                _ => {
                    k += run;
                    let place = *ZIGZAG.get(k).ok_or_else(|| damaged("a block is too long"))?;
                    let value = self.bits.extended(size)?;
                    block[place] = f64::from(value) * f64::from(self.quantiser[place]);
                    k += 1;
                }
            }
        }
        Ok(block)
    }
}

/// `waves[x][u]`: the u-th cosine at sample x, with its norm (T.81 A.3.3).
fn waves() -> [[f64; 8]; 8] {
    std::array::from_fn(|x| {
        std::array::from_fn(|u| {
            let norm = if u == 0 { (0.125_f64).sqrt() } else { 0.5 };
            norm * ((2 * x + 1) as f64 * u as f64 * std::f64::consts::PI / 16.0).cos()
        })
    })
}

/// The inverse transform, shifted and clamped to 12 bits.
fn samples(block: &[f64; 64], waves: &[[f64; 8]; 8]) -> [u16; 64] {
    let mut half = [0.0; 64];
    for (v, u, x) in (0..512).map(|i| (i / 64, i / 8 % 8, i % 8)) {
        half[8 * v + x] += block[8 * v + u] * waves[x][u];
    }
    std::array::from_fn(|i| {
        let (y, x) = (i / 8, i % 8);
        let value: f64 = (0..8).map(|v| half[8 * v + x] * waves[y][v]).sum();
        (value + 2048.0).round().clamp(0.0, 4095.0) as u16
    })
}

/// Bits of a scan: FF 00 stands for FF, any other FF is a mark (T.81 B.1.1.5).
struct Bits<'a> {
    bytes: &'a [u8],
    at: usize,
    held: u32,
    count: u32,
}

impl Bits<'_> {
    fn next(&mut self) -> Result<i32, Fault> {
        if self.count == 0 {
            let byte = *self.bytes.get(self.at).ok_or_else(|| damaged("it is cut short"))?;
            self.at += 1;
            if byte == 0xFF {
                if self.bytes.get(self.at) != Some(&0) {
                    return Err(damaged("its data end too early"));
                }
                self.at += 1;
            }
            (self.held, self.count) = (byte.into(), 8);
        }
        self.count -= 1;
        Ok((self.held >> self.count & 1) as i32)
    }

    fn symbol(&mut self, table: &Table) -> Result<u8, Fault> {
        let mut code = 0;
        for length in 1..=16 {
            code = code << 1 | self.next()?;
            let index = code - table.first[length];
            if (0..table.count[length]).contains(&index) {
                let value = table.values.get(table.start[length] + index as usize);
                return value.copied().ok_or_else(|| damaged("a code has no meaning"));
            }
        }
        Err(damaged("a code has no meaning"))
    }

    /// `size` more bits as a signed number (T.81 F.2.2.1, EXTEND).
    fn extended(&mut self, size: u8) -> Result<i32, Fault> {
        if size > 16 {
            return Err(damaged("a coefficient is too large"));
        }
        let mut value = 0;
        for _ in 0..size {
            value = value << 1 | self.next()?;
        }
        let negative = size > 0 && value < 1 << (size - 1);
        Ok(if negative { value - (1 << size) + 1 } else { value })
    }

    /// Steps over a restart mark.
    fn restart(&mut self) -> Result<(), Fault> {
        self.count = 0;
        match self.bytes.get(self.at..self.at + 2) {
            Some([0xFF, 0xD0..=0xD7]) => {
                self.at += 2;
                Ok(())
            }
            _ => Err(damaged("a restart mark is missing")),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_lone_first_coefficient_is_a_flat_block() {
        let mut block = [0.0; 64];
        block[0] = 800.0;
        assert_eq!(samples(&block, &waves()), [2148; 64]);
    }

    #[test]
    fn the_transform_undoes_the_forward_one() {
        let waves = waves();
        let wanted: [f64; 64] = std::array::from_fn(|i| ((i * i * 37) % 4001) as f64);
        let block: [f64; 64] = std::array::from_fn(|i| {
            let (v, u) = (i / 8, i % 8);
            let term = |k: usize| (wanted[k] - 2048.0) * waves[k / 8][v] * waves[k % 8][u];
            (0..64).map(term).sum()
        });
        assert_eq!(samples(&block, &waves).map(f64::from), wanted);
    }

    proptest! {
        #[test]
        fn any_bytes_are_a_picture_or_an_error(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            let mut stream = vec![0xFF, 0xD8, 0xFF, 0xC4, 0, 20, 0];
            stream.extend([0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 5]);
            stream.extend([0xFF, 0xDA, 0, 8, 1, 1, 0, 0, 63, 0]);
            stream.extend(&bytes);
            let _ = decode(&stream, 16, 16);
            let _ = decode(&bytes, 16, 16);
        }
    }
}
