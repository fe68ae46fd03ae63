//! A small JPEG encoder (ITU-T T.81): baseline and progressive, one, three or four components, restart
//! markers. It exists because samples need coded data that no common encoder writes, the same bytes on
//! every machine.

use super::scene::Scene;

/// What the components mean, and how finely they are sampled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Colours {
    /// One component.
    Grey,
    /// Luminance and two chrominances, all as fine.
    YCbCr,
    /// Luminance and two chrominances of half the width and height.
    YCbCr420,
    /// Red, green, blue with the ids `R`, `G`, `B`.
    Rgb,
    /// Four inks, inverted as Adobe has them.
    Cmyk,
    /// Four inks, of which the first three are transformed.
    Ycck,
}

/// How to encode.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Colour space and sampling.
    pub colours: Colours,
    /// Several scans instead of one.
    pub progressive: bool,
    /// MCUs between restart markers; 0 for none.
    pub restart: u16,
    /// Write the height in a DNL segment behind the first scan and 0 in the frame header.
    pub dnl: bool,
}

impl Options {
    /// Baseline, one scan.
    pub fn baseline(colours: Colours) -> Self {
        Self {
            colours,
            progressive: false,
            restart: 0,
            dnl: false,
        }
    }

    /// Progressive, eight scans for three components.
    pub fn progressive(colours: Colours) -> Self {
        Self {
            progressive: true,
            ..Self::baseline(colours)
        }
    }
}

/// The coded picture in the pieces between which other segments may stand.
#[derive(Clone, Debug)]
pub struct Coded {
    /// DQT, SOF, DHT, DRI.
    pub tables: Vec<u8>,
    /// Each from SOS to the last byte of its entropy-coded data, a DNL included.
    pub scans: Vec<Vec<u8>>,
}

impl Coded {
    /// The whole without anything that is not needed.
    pub fn plain(&self) -> Vec<u8> {
        let mut out = vec![0xFF, 0xD8];
        out.extend(&self.tables);
        out.extend(self.scans.iter().flatten());
        out.extend([0xFF, 0xD9]);
        out
    }
}

type Block = [i32; 64];

struct Component {
    id: u8,
    /// Sampling factor, the same in both directions.
    factor: usize,
    /// Blocks in a row, whole MCUs.
    across: usize,
    /// Blocks that a scan of this component alone has: width and height.
    own: (usize, usize),
    blocks: Vec<Block>,
}

const ZIGZAG: [usize; 64] = [
    0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20,
    13, 6, 7, 14, 21, 28, 35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59,
    52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63,
];

/// cos(k·π/16), written out so that no mathematics library has a say.
const COS: [f64; 9] = [
    1.0,
    0.980_785_280_403_230_4,
    0.923_879_532_511_286_7,
    0.831_469_612_302_545_2,
    0.707_106_781_186_547_5,
    0.555_570_233_019_602_2,
    0.382_683_432_365_089_8,
    0.195_090_322_016_128_27,
    0.0,
];

fn cosine(k: usize) -> f64 {
    match k % 32 {
        k @ 0..=8 => COS[k],
        k @ 9..=16 => -COS[16 - k],
        k @ 17..=24 => -COS[k - 16],
        k => COS[32 - k],
    }
}

/// Counts of codes by length, and their symbols (T.81 annex K.3).
const DC: ([u8; 16], &[u8]) = (
    [0, 1, 5, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0],
    &[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11],
);
const AC: ([u8; 16], &[u8]) = (
    [0, 2, 1, 3, 3, 2, 4, 3, 5, 5, 4, 4, 0, 0, 1, 0x7D],
    &[
        0x01, 0x02, 0x03, 0x00, 0x04, 0x11, 0x05, 0x12, 0x21, 0x31, 0x41, 0x06, 0x13, 0x51, 0x61,
        0x07, 0x22, 0x71, 0x14, 0x32, 0x81, 0x91, 0xA1, 0x08, 0x23, 0x42, 0xB1, 0xC1, 0x15, 0x52,
        0xD1, 0xF0, 0x24, 0x33, 0x62, 0x72, 0x82, 0x09, 0x0A, 0x16, 0x17, 0x18, 0x19, 0x1A, 0x25,
        0x26, 0x27, 0x28, 0x29, 0x2A, 0x34, 0x35, 0x36, 0x37, 0x38, 0x39, 0x3A, 0x43, 0x44, 0x45,
        0x46, 0x47, 0x48, 0x49, 0x4A, 0x53, 0x54, 0x55, 0x56, 0x57, 0x58, 0x59, 0x5A, 0x63, 0x64,
        0x65, 0x66, 0x67, 0x68, 0x69, 0x6A, 0x73, 0x74, 0x75, 0x76, 0x77, 0x78, 0x79, 0x7A, 0x83,
        0x84, 0x85, 0x86, 0x87, 0x88, 0x89, 0x8A, 0x92, 0x93, 0x94, 0x95, 0x96, 0x97, 0x98, 0x99,
        0x9A, 0xA2, 0xA3, 0xA4, 0xA5, 0xA6, 0xA7, 0xA8, 0xA9, 0xAA, 0xB2, 0xB3, 0xB4, 0xB5, 0xB6,
        0xB7, 0xB8, 0xB9, 0xBA, 0xC2, 0xC3, 0xC4, 0xC5, 0xC6, 0xC7, 0xC8, 0xC9, 0xCA, 0xD2, 0xD3,
        0xD4, 0xD5, 0xD6, 0xD7, 0xD8, 0xD9, 0xDA, 0xE1, 0xE2, 0xE3, 0xE4, 0xE5, 0xE6, 0xE7, 0xE8,
        0xE9, 0xEA, 0xF1, 0xF2, 0xF3, 0xF4, 0xF5, 0xF6, 0xF7, 0xF8, 0xF9, 0xFA,
    ],
);

/// Code and length of each symbol.
fn codes(table: &([u8; 16], &[u8])) -> Vec<(u32, u8)> {
    let mut out = vec![(0, 0); 256];
    let (mut code, mut next) = (0, 0);
    for (length, &count) in (1..).zip(&table.0) {
        for _ in 0..count {
            out[usize::from(table.1[next])] = (code, length);
            (code, next) = (code + 1, next + 1);
        }
        code <<= 1;
    }
    out
}

/// Coarse enough for small files: 8 for the mean, more for finer detail.
fn quantum(zigzag: usize) -> u8 {
    (8 + zigzag * 3 / 4) as u8
}

struct Bits {
    out: Vec<u8>,
    held: u32,
    count: u8,
}

impl Bits {
    fn put(&mut self, value: u32, length: u8) {
        for i in (0..length).rev() {
            self.held = self.held << 1 | (value >> i & 1);
            self.count += 1;
            if self.count == 8 {
                self.out.push(self.held as u8);
                if self.held as u8 == 0xFF {
                    self.out.push(0);
                }
                (self.held, self.count) = (0, 0);
            }
        }
    }

    fn flush(&mut self) {
        while self.count != 0 {
            self.put(1, 1);
        }
    }

    /// A Huffman code for `run` zeros and the size of `value`, then its bits (T.81 F.1.2).
    fn coefficient(&mut self, codes: &[(u32, u8)], run: u8, value: i32) {
        let size = (32 - value.unsigned_abs().leading_zeros()) as u8;
        let (code, length) = codes[usize::from(run << 4 | size)];
        self.put(code, length);
        let bits = if value < 0 { value - 1 } else { value };
        self.put(bits as u32, size);
    }

    fn alternating(&mut self, codes: &[(u32, u8)], block: &Block, band: (usize, usize)) {
        let mut run = 0;
        for &value in &block[band.0..=band.1] {
            if value == 0 {
                run += 1;
                continue;
            }
            while run > 15 {
                self.put(codes[0xF0].0, codes[0xF0].1);
                run -= 16;
            }
            self.coefficient(codes, run, value);
            run = 0;
        }
        if run > 0 {
            self.put(codes[0].0, codes[0].1);
        }
    }
}

/// A segment: marker, length, payload.
pub fn segment(marker: u8, payload: &[u8]) -> Vec<u8> {
    let length = u16::try_from(payload.len() + 2).expect("fits into a segment");
    [&[0xFF, marker], &length.to_be_bytes()[..], payload].concat()
}

/// Encodes a picture.
pub fn encode(scene: &Scene, options: Options) -> Coded {
    let components = transform(scene, options.colours);
    let mut tables = segment(0xDB, &{
        let mut dqt = vec![0];
        dqt.extend((0..64).map(quantum));
        dqt
    });
    tables.extend(frame_header(scene, &components, options));
    for (class, table) in [(0x00, &DC), (0x10, &AC)] {
        tables.extend(segment(0xC4, &[&[class], &table.0[..], table.1].concat()));
    }
    if options.restart > 0 {
        tables.extend(segment(0xDD, &options.restart.to_be_bytes()));
    }
    let all: Vec<usize> = (0..components.len()).collect();
    let mut scans = Vec::new();
    if options.progressive {
        scans.push(scan(&components, &all, (0, 0), (0, 1), options.restart));
        for &i in &all {
            scans.push(scan(&components, &[i], (1, 5), (0, 0), options.restart));
        }
        for &i in &all {
            scans.push(scan(&components, &[i], (6, 63), (0, 0), options.restart));
        }
        scans.push(scan(&components, &all, (0, 0), (1, 0), options.restart));
    } else {
        scans.push(scan(&components, &all, (0, 63), (0, 0), options.restart));
    }
    if options.dnl {
        scans[0].extend(segment(0xDC, &(scene.height as u16).to_be_bytes()));
    }
    Coded { tables, scans }
}

fn frame_header(scene: &Scene, components: &[Component], options: Options) -> Vec<u8> {
    let mut sof = vec![8];
    let height = if options.dnl { 0 } else { scene.height as u16 };
    sof.extend(height.to_be_bytes());
    sof.extend((scene.width as u16).to_be_bytes());
    sof.push(components.len() as u8);
    for component in components {
        sof.extend([component.id, (component.factor * 0x11) as u8, 0]);
    }
    segment(if options.progressive { 0xC2 } else { 0xC0 }, &sof)
}

fn scan(
    components: &[Component],
    which: &[usize],
    band: (usize, usize),
    (high, low): (u8, u8),
    restart: u16,
) -> Vec<u8> {
    let (dc, ac) = (codes(&DC), codes(&AC));
    let mut header = vec![which.len() as u8];
    header.extend(which.iter().flat_map(|&i| [components[i].id, 0]));
    header.extend([band.0 as u8, band.1 as u8, high << 4 | low]);
    let mut bits = Bits {
        out: segment(0xDA, &header),
        held: 0,
        count: 0,
    };
    let mut last = vec![0; components.len()];
    for (n, mcu) in mcus(components, which).iter().enumerate() {
        if restart > 0 && n > 0 && n % usize::from(restart) == 0 {
            bits.flush();
            bits.out
                .extend([0xFF, 0xD0 + (n / usize::from(restart) - 1) as u8 % 8]);
            last.fill(0);
        }
        for &(i, b) in mcu {
            let block = &components[i].blocks[b];
            if band.0 == 0 {
                if high > 0 {
                    bits.put((block[0] >> low) as u32 & 1, 1);
                } else {
                    let value = block[0] >> low;
                    bits.coefficient(&dc, 0, value - last[i]);
                    last[i] = value;
                }
            }
            if band.1 > 0 {
                bits.alternating(&ac, block, (band.0.max(1), band.1));
            }
        }
    }
    bits.flush();
    bits.out
}

/// The blocks of each MCU: component, block.
fn mcus(components: &[Component], which: &[usize]) -> Vec<Vec<(usize, usize)>> {
    if let [i] = *which {
        let component = &components[i];
        let (across, down) = component.own;
        return (0..down)
            .flat_map(|y| (0..across).map(move |x| vec![(i, y * component.across + x)]))
            .collect();
    }
    let first = &components[0];
    let across = first.across / first.factor;
    let down = first.blocks.len() / first.across / first.factor;
    let mut out = Vec::new();
    for (y, x) in (0..down).flat_map(|y| (0..across).map(move |x| (y, x))) {
        let mut mcu = Vec::new();
        for &i in which {
            let (f, across) = (components[i].factor, components[i].across);
            for (v, h) in (0..f).flat_map(|v| (0..f).map(move |h| (v, h))) {
                mcu.push((i, (y * f + v) * across + x * f + h));
            }
        }
        out.push(mcu);
    }
    out
}

/// Samples, level-shifted, transformed, quantised, in zigzag order.
fn transform(scene: &Scene, colours: Colours) -> Vec<Component> {
    let (count, factors, ids): (usize, [usize; 4], [u8; 4]) = match colours {
        Colours::Grey => (1, [1; 4], [1, 2, 3, 4]),
        Colours::YCbCr => (3, [1; 4], [1, 2, 3, 4]),
        Colours::YCbCr420 => (3, [2, 1, 1, 1], [1, 2, 3, 4]),
        Colours::Rgb => (3, [1; 4], *b"RGB\0"),
        Colours::Cmyk | Colours::Ycck => (4, [1; 4], [1, 2, 3, 4]),
    };
    let most = factors[0];
    let mcu = 8 * most;
    let (wide, high) = (scene.width.div_ceil(mcu), scene.height.div_ceil(mcu));
    (0..count)
        .map(|i| {
            let (factor, shrink) = (factors[i], most / factors[i]);
            let across = wide * factor;
            let mut blocks = Vec::new();
            for (by, bx) in (0..high * factor).flat_map(|y| (0..across).map(move |x| (y, x))) {
                let mut samples = [0.0; 64];
                for (n, sample) in samples.iter_mut().enumerate() {
                    let (x, y) = (bx * 8 + n % 8, by * 8 + n / 8);
                    *sample = sample_at(scene, x * shrink, y * shrink, colours, i) - 128.0;
                }
                blocks.push(dct(&samples));
            }
            Component {
                id: ids[i],
                factor,
                across,
                own: (
                    scene.width.div_ceil(shrink).div_ceil(8),
                    scene.height.div_ceil(shrink).div_ceil(8),
                ),
                blocks,
            }
        })
        .collect()
}

fn sample_at(scene: &Scene, x: usize, y: usize, colours: Colours, i: usize) -> f64 {
    let [r, g, b] = scene.at(x, y).map(f64::from);
    let ycc = |r: f64, g: f64, b: f64| match i {
        0 => 0.299 * r + 0.587 * g + 0.114 * b,
        1 => 128.0 - 0.168_736 * r - 0.331_264 * g + 0.5 * b,
        _ => 128.0 + 0.5 * r - 0.418_688 * g - 0.081_312 * b,
    };
    match colours {
        // Adobe stores inks inverted: 255 is no ink, so that C, M, Y look like R, G, B. No black.
        Colours::Cmyk | Colours::Ycck if i == 3 => 255.0,
        Colours::Rgb | Colours::Cmyk => [r, g, b][i],
        // The transform is of R = 255 - C, and C is inverted already.
        Colours::Ycck => ycc(255.0 - r, 255.0 - g, 255.0 - b),
        Colours::Grey | Colours::YCbCr | Colours::YCbCr420 => ycc(r, g, b),
    }
}

fn dct(samples: &[f64; 64]) -> Block {
    // Rows, then columns.
    let half = |from: &[f64; 64], index: &dyn Fn(usize, usize) -> usize| {
        let mut to = [0.0; 64];
        for (line, k) in (0..8).flat_map(|l| (0..8).map(move |k| (l, k))) {
            let scale = if k == 0 { COS[4] } else { 1.0 } / 2.0;
            let sum: f64 = (0..8)
                .map(|n| from[index(line, n)] * cosine((2 * n + 1) * k))
                .sum();
            to[index(line, k)] = sum * scale;
        }
        to
    };
    let rows = half(samples, &|line, n| line * 8 + n);
    let both = half(&rows, &|line, n| n * 8 + line);
    let mut block = [0; 64];
    for (n, value) in block.iter_mut().enumerate() {
        *value = (both[ZIGZAG[n]] / f64::from(quantum(n))).round() as i32;
    }
    block
}
