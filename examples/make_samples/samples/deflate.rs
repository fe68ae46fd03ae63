//! zlib streams (RFC 1950, 1951) with the fixed codes and short matches only: the same bytes on every
//! machine and with every version of every library.

/// Compresses `data`; matches are looked for at these distances only.
pub fn zlib(data: &[u8], distances: &[usize]) -> Vec<u8> {
    let mut out = vec![0x78, 0x9C];
    out.extend(raw(data, distances));
    out.extend(adler32(data).to_be_bytes());
    out
}

struct Bits {
    out: Vec<u8>,
    count: usize,
}

impl Bits {
    /// Lowest bit first.
    fn low(&mut self, value: usize, length: usize) {
        for i in 0..length {
            if self.count.is_multiple_of(8) {
                self.out.push(0);
            }
            let bit = (value >> i & 1) as u8;
            *self.out.last_mut().unwrap() |= bit << (self.count % 8);
            self.count += 1;
        }
    }

    /// Highest bit first, as Huffman codes are.
    fn code(&mut self, value: usize, length: usize) {
        for i in (0..length).rev() {
            self.low(value >> i & 1, 1);
        }
    }

    /// A literal or length symbol in the fixed code.
    fn symbol(&mut self, symbol: usize) {
        match symbol {
            0..=143 => self.code(0x30 + symbol, 8),
            144..=255 => self.code(0x190 + symbol - 144, 9),
            256..=279 => self.code(symbol - 256, 7),
            _ => self.code(0xC0 + symbol - 280, 8),
        }
    }
}

const LENGTHS: [usize; 29] = [
    3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131,
    163, 195, 227, 258,
];

fn raw(data: &[u8], distances: &[usize]) -> Vec<u8> {
    let mut bits = Bits {
        out: Vec::new(),
        count: 0,
    };
    bits.low(0b011, 3);
    let mut at = 0;
    while at < data.len() {
        let best = distances
            .iter()
            .filter(|&&d| d <= at)
            .map(|&d| {
                let same = (at..data.len())
                    .take(258)
                    .take_while(|&i| data[i] == data[i - d]);
                (same.count(), d)
            })
            .max()
            .unwrap_or((0, 0));
        if best.0 < 4 {
            bits.symbol(usize::from(data[at]));
            at += 1;
            continue;
        }
        let i = LENGTHS.iter().rposition(|&l| l <= best.0).unwrap();
        bits.symbol(257 + i);
        let extra = if (8..28).contains(&i) { i / 4 - 1 } else { 0 };
        bits.low(best.0 - LENGTHS[i], extra);
        distance(&mut bits, best.1);
        at += best.0;
    }
    bits.symbol(256);
    bits.out
}

fn distance(bits: &mut Bits, distance: usize) {
    let d = distance - 1;
    if d < 4 {
        bits.code(d, 5);
        return;
    }
    let extra = d.ilog2() as usize - 1;
    bits.code(2 * extra + 2 + (d >> extra & 1), 5);
    bits.low(d & ((1 << extra) - 1), extra);
}

/// RFC 1950 §9.
pub fn adler32(data: &[u8]) -> u32 {
    let (mut a, mut b) = (1_u32, 0_u32);
    for &byte in data {
        a = (a + u32::from(byte)) % 65_521;
        b = (b + a) % 65_521;
    }
    b << 16 | a
}

/// ISO 3309, as PNG wants it.
pub fn crc32(data: &[u8]) -> u32 {
    !data.iter().fold(!0, |crc, &byte| {
        (0..8).fold(crc ^ u32::from(byte), |crc: u32, _| {
            crc >> 1 ^ if crc & 1 == 1 { 0xEDB8_8320 } else { 0 }
        })
    })
}
