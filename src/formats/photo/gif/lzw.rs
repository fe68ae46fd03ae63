//! The codes of a GIF picture (GIF89a, appendix F), walked without making pixels of them: how many
//! pixels each code stands for is enough to know where the picture ends.

use crate::model::len_u64;

/// Codes have at most 12 bits.
const CODES: usize = 4096;
const WIDEST: u32 = 12;

/// Where the codes of a picture end, and what follows them.
#[derive(Clone, Copy, Debug)]
pub(super) struct Coded {
    /// Bits up to the end code, or up to the code that completes the picture.
    pub(super) used: u64,
    /// Bytes in all sub-blocks.
    pub(super) len: u64,
    /// Nothing but the end code and unset bits follows.
    pub(super) tidy: bool,
    /// There is an end code, or a colour for each pixel.
    pub(super) complete: bool,
    /// Colours that pixels have.
    pub(super) colours: Colours,
    /// Bits are set behind the end.
    stray: bool,
    end_code: u16,
    width: u32,
}

impl Coded {
    /// Whether all that follows is unset.
    pub(super) fn says_nothing(&self) -> bool {
        !self.stray
    }

    /// Index of the first byte that does not wholly belong to the picture.
    pub(super) fn boundary(&self) -> u64 {
        self.used / 8
    }

    /// The bits of the byte at [`Coded::boundary`] that belong to the picture.
    pub(super) fn shown_bits(&self, byte: u8) -> u8 {
        byte & !(0xFF_u8.wrapping_shl(self.shift()))
    }

    /// What stands from the boundary on in a picture with nothing behind it: the last bits of the
    /// byte that stood there, the end code, unset bits.
    pub(super) fn tail(&self, byte: u8) -> Vec<u8> {
        let bits = u32::from(self.shown_bits(byte)) | u32::from(self.end_code) << self.shift();
        let len = self.shift().saturating_add(self.width).div_ceil(8);
        let mut tail = bits.to_le_bytes().to_vec();
        tail.truncate(usize::try_from(len).unwrap_or(usize::MAX));
        tail
    }

    fn shift(&self) -> u32 {
        u32::try_from(self.used % 8).unwrap_or_default()
    }
}

/// Indices into a colour table.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Colours([u128; 2]);

impl Colours {
    pub(super) fn insert(&mut self, index: u8) {
        let [low, high] = &mut self.0;
        let half = if index < 128 { low } else { high };
        *half |= 1u128.wrapping_shl(index.into());
    }

    pub(super) fn contains(&self, index: u8) -> bool {
        let [low, high] = self.0;
        let half = if index < 128 { low } else { high };
        half & 1u128.wrapping_shl(index.into()) != 0
    }

    pub(super) fn extend(&mut self, other: Self) {
        for (half, other) in self.0.iter_mut().zip(other.0) {
            *half |= other;
        }
    }
}

/// A code that no string was defined for: a decoder cannot go on from here.
#[derive(Debug)]
pub(super) struct Undefined;

/// Follows the codes of one picture.
pub(super) struct Walker {
    /// Pixels that each code stands for.
    lengths: Box<[u16; CODES]>,
    clear: u16,
    /// The code that is defined next.
    next: u16,
    previous: Option<u16>,
    width: u32,
    smallest_width: u32,
    /// Bits that were read but not used yet, and how many.
    pending: u32,
    pending_bits: u32,
    pixels_left: u64,
    /// All strings are made of pixels that once had a code of their own.
    colours: Colours,
    used: u64,
    len: u64,
    end: Option<End>,
    cleared_at_end: bool,
    stray: u32,
}

#[derive(Clone, Copy, PartialEq)]
enum End {
    /// The end code.
    Code,
    /// A picture that is complete without one.
    Pixels,
}

impl Walker {
    /// At the beginning of a picture of so many pixels with this minimum code size; `None` when no
    /// decoder accepts the size.
    pub(super) fn new(minimum_code_size: u8, pixels: u64) -> Option<Self> {
        if !(1..=11).contains(&minimum_code_size) {
            return None;
        }
        let clear = 1u16.wrapping_shl(minimum_code_size.into());
        let width = u32::from(minimum_code_size).saturating_add(1);
        Some(Self {
            lengths: Box::new([1; CODES]),
            clear,
            next: clear.saturating_add(2),
            previous: None,
            width,
            smallest_width: width,
            pending: 0,
            pending_bits: 0,
            pixels_left: pixels,
            colours: Colours::default(),
            used: 0,
            len: 0,
            end: None,
            cleared_at_end: false,
            stray: 0,
        })
    }

    /// Takes the next bytes, whatever sub-block they stand in.
    pub(super) fn feed(&mut self, bytes: &[u8]) -> Result<(), Undefined> {
        self.len = self.len.saturating_add(len_u64(bytes.len()));
        for byte in bytes {
            self.pending |= u32::from(*byte).wrapping_shl(self.pending_bits);
            self.pending_bits = self.pending_bits.saturating_add(8);
            while self.end.is_none() && self.pending_bits >= self.width {
                let code = self.pending & !(u32::MAX.wrapping_shl(self.width));
                self.pending = self.pending.wrapping_shr(self.width);
                self.pending_bits = self.pending_bits.saturating_sub(self.width);
                self.step(u16::try_from(code).map_err(|_| Undefined)?)?;
            }
            if self.end.is_some() {
                self.stray |= self.pending;
                (self.pending, self.pending_bits) = (0, 0);
            }
        }
        Ok(())
    }

    fn step(&mut self, code: u16) -> Result<(), Undefined> {
        if code == self.end_code() {
            self.end = Some(End::Code);
            return Ok(());
        }
        if self.pixels_left == 0 {
            // A full table is sometimes cleared once more, although nothing follows.
            if code != self.clear || self.cleared_at_end {
                self.end = Some(End::Pixels);
                self.stray |= u32::from(code);
                return Ok(());
            }
            self.cleared_at_end = true;
        }
        self.used = self.used.saturating_add(self.width.into());
        if code == self.clear {
            self.next = self.clear.saturating_add(2);
            self.width = self.smallest_width;
            self.previous = None;
            return Ok(());
        }
        if let Some(previous) = self.previous {
            if code > self.next {
                return Err(Undefined);
            }
            self.define(previous);
        } else if code >= self.clear {
            return Err(Undefined);
        }
        if code < self.clear
            && let Ok(index) = u8::try_from(code)
        {
            self.colours.insert(index);
        }
        self.previous = Some(code);
        self.pixels_left = self.pixels_left.saturating_sub(self.length(code).into());
        Ok(())
    }

    /// Gives the next code to the string of `previous` and one more pixel.
    fn define(&mut self, previous: u16) {
        let length = self.length(previous).saturating_add(1);
        let Some(slot) = self.lengths.get_mut(usize::from(self.next)) else {
            return;
        };
        *slot = length;
        self.next = self.next.saturating_add(1);
        if self.width < WIDEST && u32::from(self.next) == 1u32.wrapping_shl(self.width) {
            self.width = self.width.saturating_add(1);
        }
    }

    fn length(&self, code: u16) -> u16 {
        if code < self.clear {
            return 1;
        }
        self.lengths
            .get(usize::from(code))
            .copied()
            .unwrap_or_default()
    }

    fn end_code(&self) -> u16 {
        self.clear.saturating_add(1)
    }

    /// What is known when all bytes were taken.
    pub(super) fn finish(mut self) -> Coded {
        // Decoders give missing pixels the first colour.
        if self.pixels_left > 0 {
            self.colours.insert(0);
        }
        let stray = self.stray | self.pending;
        let tidy = match self.end {
            Some(End::Code) => {
                let end = self.used.saturating_add(self.width.into());
                // Some encoders flush an unset byte behind it.
                stray == 0 && self.len <= end.div_ceil(8).saturating_add(1)
            }
            // What is left of a picture that stops early are bits that decoders wait for more of.
            None if self.pixels_left > 0 => true,
            // An encoder may have flushed up to two unset bytes instead of an end code.
            Some(End::Pixels) | None => stray == 0 && self.len <= (self.used / 8).saturating_add(2),
        };
        Coded {
            used: self.used,
            len: self.len,
            tidy,
            complete: self.end.is_some() || self.pixels_left == 0,
            colours: self.colours,
            stray: stray != 0,
            end_code: self.end_code(),
            width: self.width,
        }
    }
}

#[cfg(test)]
pub(super) mod testing {
    /// Codes with their widths, packed as a GIF packs them.
    pub(in super::super) fn pack(codes: &[(u16, u32)]) -> Vec<u8> {
        let (mut out, mut acc, mut bits) = (Vec::new(), 0u32, 0);
        for (code, width) in codes {
            acc |= u32::from(*code) << bits;
            bits += width;
            while bits >= 8 {
                out.push(acc.to_le_bytes()[0]);
                acc >>= 8;
                bits -= 8;
            }
        }
        if bits > 0 {
            out.push(acc.to_le_bytes()[0]);
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::testing::pack;
    use super::*;

    fn walk(min: u8, pixels: u64, bytes: &[u8]) -> Result<Coded, Undefined> {
        let mut walker = Walker::new(min, pixels).unwrap();
        walker.feed(bytes)?;
        Ok(walker.finish())
    }

    #[test]
    fn the_end_code_is_found() {
        // clear, 1, 6 (= 1 1), 7 (= 1 1 1), end: six pixels.
        let codes = pack(&[(4, 3), (1, 3), (6, 3), (7, 3), (5, 4)]);
        let coded = walk(2, 6, &codes).unwrap();
        assert!(coded.tidy);
        assert_eq!(coded.used, 12);
        assert_eq!(coded.tail(codes[1]), codes[1..]);
        // A set bit behind the end code, and a byte behind it.
        let mut dirty = codes.clone();
        dirty[1] |= 0x80;
        assert!(codes.len() == 2 && walk(2, 6, &codes).unwrap().tidy);
        assert!(!walk(2, 6, &dirty).unwrap().tidy);
        let flushed = |n| {
            walk(2, 6, &[&codes[..], &vec![0; n]].concat())
                .unwrap()
                .tidy
        };
        assert!(flushed(1) && !flushed(2));
    }

    #[test]
    fn what_follows_a_complete_picture_does_not_belong_to_it() {
        let hidden = pack(&[(4, 3), (1, 3), (6, 3), (7, 3), (2, 4), (3, 4), (5, 4)]);
        let coded = walk(2, 6, &hidden).unwrap();
        assert!(!coded.tidy);
        assert_eq!(coded.boundary(), 1);
        assert_eq!(
            [&hidden[..1], &coded.tail(hidden[1])].concat(),
            pack(&[(4, 3), (1, 3), (6, 3), (7, 3), (5, 4)])
        );
        // Without an end code, but with nothing hidden, it is fine.
        assert!(
            walk(2, 6, &pack(&[(4, 3), (1, 3), (6, 3), (7, 3)]))
                .unwrap()
                .tidy
        );
        // A last clear code before the end code is fine, a second one is not.
        let end = |n| {
            let mut codes = vec![(4, 3), (1, 3), (6, 3), (7, 3), (4, 4)];
            codes.extend(vec![(4, 3); n]);
            codes.push((5, 3));
            walk(2, 6, &pack(&codes)).unwrap().tidy
        };
        assert!(end(0));
        assert!(!end(1));
    }

    #[test]
    fn codes_that_nobody_defined_end_the_walk() {
        assert!(walk(2, 9, &pack(&[(4, 3), (1, 3), (7, 3)])).is_err());
        assert!(walk(2, 9, &pack(&[(4, 3), (6, 3)])).is_err());
        assert!(Walker::new(0, 1).is_none() && Walker::new(12, 1).is_none());
    }

    #[test]
    fn a_picture_that_stops_early_is_all_picture() {
        let coded = walk(2, 99, &pack(&[(4, 3), (1, 3), (3, 2)])).unwrap();
        assert!(coded.tidy);
        assert_eq!(coded.used, 6);
    }
}
