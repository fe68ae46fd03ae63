//! Damage, made on purpose and reproducible: the same seed gives the same bytes everywhere.

use std::ops::Range;

use sparlos::bytes::Source;
use sparlos::pipeline::{self, Job};

/// SplitMix64.
#[derive(Clone, Debug)]
pub struct Rng(u64);

impl Rng {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number below `n`, or 0 when `n` is 0.
    pub fn below(&mut self, n: usize) -> usize {
        if n == 0 {
            0
        } else {
            (self.next() % n as u64) as usize
        }
    }

    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> Option<&'a T> {
        from.get(self.below(from.len()))
    }
}

/// A file to be damaged, and where its structures stand.
#[derive(Clone, Debug)]
pub struct Base {
    pub format: &'static str,
    pub name: String,
    pub bytes: Vec<u8>,
    /// Spans of the structures in file order; empty for formats without a map.
    pub parts: Vec<Range<usize>>,
}

impl Base {
    /// `None` for a file of an unknown kind.
    pub fn new(name: &str, bytes: Vec<u8>) -> Option<Self> {
        let format = pipeline::identify(&Source::memory(&bytes)).ok()??.format;
        let cleaning = pipeline::clean(&Source::memory(&bytes), &Job::default());
        let map = cleaning.ok().and_then(|it| it.examined.parts);
        let parts = map
            .iter()
            .flat_map(|map| map.parts())
            .map(|part| part.span.start() as usize..part.span.end() as usize)
            .filter(|part| !part.is_empty())
            .collect();
        Some(Self {
            format: format.info().id,
            name: name.to_owned(),
            bytes,
            parts,
        })
    }

    /// A structure, or any run of bytes where no structure is known.
    fn piece(&self, rng: &mut Rng) -> Range<usize> {
        if let Some(part) = rng.pick(&self.parts).filter(|part| part.len() < 64 << 10) {
            return part.clone();
        }
        let start = rng.below(self.bytes.len());
        start..(start + 1 + rng.below(64)).min(self.bytes.len())
    }
}

/// Lengths, counts and offsets that parsers are afraid of.
const NASTY: [u32; 14] = [
    0,
    1,
    2,
    3,
    7,
    8,
    0x7F,
    0xFF,
    0x7FFF,
    0xFFFF,
    0x1_0000,
    0x7FFF_FFFF,
    0xFFFF_FFFE,
    0xFFFF_FFFF,
];

/// `base` with one to four kinds of damage; `donors` are files of the same format.
pub fn mutate(rng: &mut Rng, base: &Base, donors: &[&Base]) -> Vec<u8> {
    let mut bytes = base.bytes.clone();
    for _ in 0..=rng.below(4) {
        damage(rng, &mut bytes, base, donors);
    }
    // Most damage to a PNG ends at the first check sum; half of the time it shall get further.
    if base.format == "png" && rng.below(2) == 0 {
        repair_png(&mut bytes);
    }
    bytes
}

fn damage(rng: &mut Rng, bytes: &mut Vec<u8>, base: &Base, donors: &[&Base]) {
    let at = rng.below(bytes.len());
    match rng.below(10) {
        0 | 1 => {
            if let Some(byte) = bytes.get_mut(at) {
                *byte ^= 1 << rng.below(8);
            }
        }
        2 => {
            if let Some(byte) = bytes.get_mut(at) {
                *byte = rng.next() as u8;
            }
        }
        3 => {
            let run: Vec<u8> = (0..=rng.below(32)).map(|_| rng.next() as u8).collect();
            bytes.splice(at..at, run);
        }
        4 => {
            let end = (at + 1 + rng.below(32)).min(bytes.len());
            bytes.drain(at..end);
        }
        5 => bytes.truncate(at),
        6 => {
            // The same structure twice.
            let piece = base.bytes[base.piece(rng)].to_vec();
            let at = boundary(rng, base).min(bytes.len());
            bytes.splice(at..at, piece);
        }
        7 => {
            // A structure of another file.
            if let Some(donor) = rng.pick(donors) {
                let piece = donor.bytes[donor.piece(rng)].to_vec();
                let at = boundary(rng, base).min(bytes.len());
                let over = if rng.below(2) == 0 { 0 } else { piece.len() };
                bytes.splice(at..(at + over).min(bytes.len()), piece);
            }
        }
        8 => {
            // A structure that is missing.
            let piece = base.piece(rng);
            bytes.drain(piece.start.min(bytes.len())..piece.end.min(bytes.len()));
        }
        _ => {
            // A length, count or offset near the beginning of a structure.
            let at = base.piece(rng).start + rng.below(16);
            let value = rng.pick(&NASTY).copied().unwrap_or(0);
            let (big, little) = (value.to_be_bytes(), value.to_le_bytes());
            let field = match rng.below(4) {
                0 => &big[..],
                1 => &little[..],
                2 => &big[2..],
                _ => &little[..2],
            };
            for (byte, value) in bytes.iter_mut().skip(at).zip(field) {
                *byte = *value;
            }
        }
    }
}

/// Where a structure begins.
fn boundary(rng: &mut Rng, base: &Base) -> usize {
    match rng.pick(&base.parts) {
        Some(part) => part.start,
        None => rng.below(base.bytes.len()),
    }
}

/// Puts the right check sum behind every chunk that is still one.
pub fn repair_png(bytes: &mut [u8]) {
    let mut at = 8;
    while let Some(length) = bytes.get(at..at + 4) {
        let length = u32::from_be_bytes([length[0], length[1], length[2], length[3]]) as usize;
        let Some(end) = at
            .checked_add(8)
            .and_then(|start| start.checked_add(length))
        else {
            return;
        };
        if bytes.len() < end.saturating_add(4) {
            return;
        }
        let mut crc = flate2::Crc::new();
        crc.update(&bytes[at + 4..end]);
        bytes[end..end + 4].copy_from_slice(&crc.sum().to_be_bytes());
        at = end + 4;
    }
}
