//! A checked reader over bytes in memory.

/// Byte order of numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// Least significant byte first (`II`).
    Little,
    /// Most significant byte first (`MM`).
    Big,
}

macro_rules! numbers {
    ($($name:ident $put:ident $type:ty),*) => {
        impl Order {
            $(
            /// The number in its first bytes; `None` when there are too few.
            #[must_use]
            pub fn $name(self, bytes: &[u8]) -> Option<$type> {
                let bytes = *bytes.first_chunk()?;
                Some(match self {
                    Self::Little => <$type>::from_le_bytes(bytes),
                    Self::Big => <$type>::from_be_bytes(bytes),
                })
            }

            /// Appends the number.
            pub fn $put(self, out: &mut Vec<u8>, value: $type) {
                match self {
                    Self::Little => out.extend_from_slice(&value.to_le_bytes()),
                    Self::Big => out.extend_from_slice(&value.to_be_bytes()),
                }
            }
            )*
        }

        impl<'a> Cursor<'a> {
            $(
            /// The next number in this byte order; `None`, without moving, when there are too few bytes.
            pub fn $name(&mut self, order: Order) -> Option<$type> {
                order.$name(self.take(size_of::<$type>())?)
            }
            )*
        }
    };
}

numbers!(u16 put_u16 u16, u32 put_u32 u32, u64 put_u64 u64, i16 put_i16 i16, i32 put_i32 i32,
    i64 put_i64 i64, f32 put_f32 f32, f64 put_f64 f64);

/// A position in bytes. Nothing it does can panic; running out is `None`.
#[derive(Clone, Copy, Debug)]
pub struct Cursor<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Cursor<'a> {
    /// At the first byte.
    #[must_use]
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    /// Offset of the next byte.
    #[must_use]
    pub fn at(&self) -> usize {
        self.at
    }

    /// All that is left.
    #[must_use]
    pub fn rest(&self) -> &'a [u8] {
        self.bytes.get(self.at..).unwrap_or_default()
    }

    /// Whether nothing is left.
    #[must_use]
    pub fn is_at_end(&self) -> bool {
        self.rest().is_empty()
    }

    /// The next `n` bytes; `None`, without moving, when there are fewer.
    pub fn take(&mut self, n: usize) -> Option<&'a [u8]> {
        let end = self.at.checked_add(n)?;
        let taken = self.bytes.get(self.at..end)?;
        self.at = end;
        Some(taken)
    }

    /// The next byte.
    pub fn u8(&mut self) -> Option<u8> {
        self.take(1)?.first().copied()
    }

    /// Moves over `n` bytes.
    pub fn skip(&mut self, n: usize) -> Option<()> {
        self.take(n).map(|_| ())
    }

    /// Moves to an offset, which may be the end.
    pub fn seek(&mut self, at: usize) -> Option<()> {
        (at <= self.bytes.len()).then(|| self.at = at)
    }

    /// The bytes before the next zero byte, moving behind it; `None` when there is no zero byte.
    pub fn until_nul(&mut self) -> Option<&'a [u8]> {
        let len = self.rest().iter().position(|b| *b == 0)?;
        let text = self.take(len)?;
        self.skip(1)?;
        Some(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn running_out_does_not_move() {
        let mut cursor = Cursor::new(&[1, 2, 3]);
        assert_eq!(cursor.u32(Order::Big), None);
        assert_eq!(cursor.u16(Order::Little), Some(0x0201));
        assert_eq!(cursor.u16(Order::Big), None);
        assert_eq!(cursor.u8(), Some(3));
        assert_eq!(cursor.u8(), None);
    }

    #[test]
    fn text_ends_at_nul() {
        let mut cursor = Cursor::new(b"ab\0cd");
        assert_eq!(cursor.until_nul(), Some(&b"ab"[..]));
        assert_eq!(cursor.until_nul(), None);
        assert_eq!(cursor.rest(), b"cd");
    }
}
