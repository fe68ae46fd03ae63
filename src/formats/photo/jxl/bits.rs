//! Bits of a codestream, the least significant of a byte first, and the number forms of ISO/IEC 18181-1
//! annex B.

use jxl_bitstream::Bitstream;

use crate::model::{Error, len_u64};

/// Why something could not be read.
#[derive(Debug)]
pub(super) enum Fail {
    /// The bytes at hand end first: perhaps there are more.
    Ended,
    /// No decoder can make anything of it.
    Bad(&'static str),
    /// The budget, or reading.
    Other(Error),
}

pub(super) type Parse<T> = Result<T, Fail>;

impl From<Error> for Fail {
    fn from(error: Error) -> Self {
        Self::Other(error)
    }
}

impl From<jxl_bitstream::Error> for Fail {
    fn from(error: jxl_bitstream::Error) -> Self {
        match error {
            jxl_bitstream::Error::NonZeroPadding => Self::Bad("bits that must be zero are not"),
            error if error.unexpected_eof() => Self::Ended,
            _ => Self::Bad("a header is damaged"),
        }
    }
}

impl From<jxl_coding::Error> for Fail {
    fn from(error: jxl_coding::Error) -> Self {
        if error.unexpected_eof() {
            Self::Ended
        } else {
            Self::Bad("an entropy-coded part is damaged")
        }
    }
}

/// One of the four ways of a `U32`: a constant, or so many bits on top of it.
pub(super) type Way = (u32, usize);

/// A position in bits.
pub(super) struct Reader<'a>(pub(super) Bitstream<'a>);

impl<'a> Reader<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self(Bitstream::new(bytes))
    }

    /// Offset of the next bit.
    pub(super) fn at(&self) -> u64 {
        len_u64(self.0.num_read_bits())
    }

    /// `u(n)`, at most 32 bits.
    pub(super) fn bits(&mut self, n: usize) -> Parse<u32> {
        Ok(self.0.read_bits(n)?)
    }

    pub(super) fn bool(&mut self) -> Parse<bool> {
        Ok(self.bits(1)? != 0)
    }

    pub(super) fn u32(&mut self, ways: [Way; 4]) -> Parse<u32> {
        let way = self.bits(2)?;
        let (offset, n) = ways
            .into_iter()
            .nth(usize::try_from(way).unwrap_or_default())
            .unwrap_or_default();
        Ok(self.bits(n)?.wrapping_add(offset))
    }

    pub(super) fn u64(&mut self) -> Parse<u64> {
        Ok(self.0.read_u64()?)
    }

    /// `F16`: the value is of no interest, but it must be a number.
    pub(super) fn f16(&mut self) -> Parse<()> {
        self.0.read_f16_as_f32()?;
        Ok(())
    }

    pub(super) fn f16s(&mut self, n: usize) -> Parse<()> {
        (0..n).try_for_each(|_| self.f16())
    }

    /// `Enum`.
    pub(super) fn code(&mut self) -> Parse<u32> {
        self.u32([(0, 0), (1, 0), (2, 4), (18, 6)])
    }

    /// Moves over any number of bits.
    pub(super) fn skip(&mut self, n: u64) -> Parse<()> {
        let n = usize::try_from(n).map_err(|_| Fail::Ended)?;
        // Far more than any header has; the reader multiplies lengths by eight.
        if n > 1 << 32 {
            return Err(Fail::Ended);
        }
        Ok(self.0.skip_bits(n)?)
    }

    /// `ZeroPadToByte`.
    pub(super) fn align(&mut self) -> Parse<()> {
        Ok(self.0.zero_pad_to_byte()?)
    }

    /// A name: a length in bytes and UTF-8.
    pub(super) fn name(&mut self) -> Parse<String> {
        let len = self.u32([(0, 0), (0, 4), (16, 5), (48, 10)])?;
        let mut bytes = Vec::new();
        for _ in 0..len {
            bytes.push(u8::try_from(self.bits(8)?).unwrap_or_default());
        }
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }
}

/// Bits to be written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Bits {
    bytes: Vec<u8>,
    /// Bits that are used of the last byte; 0 means all of them.
    used: u32,
}

impl Bits {
    /// Appends the `n` lowest bits of a value, `n` at most 64.
    pub(super) fn push(&mut self, value: u64, n: u32) {
        for bit in 0..n {
            self.push_bit(value.wrapping_shr(bit) & 1 != 0);
        }
    }

    fn push_bit(&mut self, bit: bool) {
        if self.used == 0 {
            self.bytes.push(0);
        }
        if let Some(last) = self.bytes.last_mut() {
            *last |= u8::from(bit).wrapping_shl(self.used);
        }
        self.used = self.used.wrapping_add(1) % 8;
    }

    /// Appends the bits of `bytes` from one offset up to another.
    pub(super) fn copy(&mut self, bytes: &[u8], from: u64, to: u64) {
        let mut at = from;
        while at < to {
            let byte = usize::try_from(at / 8).ok().and_then(|i| bytes.get(i));
            let byte = byte.copied().unwrap_or_default();
            let shift = u32::try_from(at % 8).unwrap_or_default();
            self.push_bit(byte.wrapping_shr(shift) & 1 != 0);
            at = at.saturating_add(1);
        }
    }

    /// Appends other bits.
    pub(super) fn append(&mut self, other: &Self) {
        self.copy(&other.bytes, 0, other.len());
    }

    /// How many there are.
    pub(super) fn len(&self) -> u64 {
        let all = len_u64(self.bytes.len()).saturating_mul(8);
        match self.used {
            0 => all,
            used => all.saturating_sub(8).saturating_add(used.into()),
        }
    }

    /// The bytes, the last one filled up with zeros.
    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }
}

/// Bits of a header that are written otherwise, or not at all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Edit {
    pub(super) from: u64,
    pub(super) to: u64,
    pub(super) with: Bits,
}

impl Edit {
    /// Puts the `n` lowest bits of `value` in the place of these bits.
    pub(super) fn new(from: u64, to: u64, value: u64, n: u32) -> Self {
        let mut with = Bits::default();
        with.push(value, n);
        Self { from, to, with }
    }
}

/// The first `end` bits of `bytes` with all edits, which are in order.
pub(super) fn edited(bytes: &[u8], edits: &[Edit], end: u64) -> Bits {
    let mut out = Bits::default();
    let mut at = 0;
    for edit in edits {
        out.copy(bytes, at, edit.from);
        out.append(&edit.with);
        at = edit.to;
    }
    out.copy(bytes, at, end);
    out
}
