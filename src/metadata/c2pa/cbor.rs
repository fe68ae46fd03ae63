//! CBOR (RFC 8949), as far as it holds values: tags are looked through.

use super::leaves::{Key, Leaf, Sink};
use crate::bytes::{Context, Cursor, Order};
use crate::model::Result;

/// Arrays and maps inside each other, at most.
const DEEPEST: usize = 32;

/// Hands all leaves of one data item to `sink`. Whether it is well-formed; what stands behind it is not
/// looked at.
///
/// # Errors
/// Those of the budget and of `sink`.
pub(super) fn walk(data: &[u8], cx: &Context<'_>, sink: &mut Sink<'_>) -> Result<bool> {
    let mut reader = Reader {
        cursor: Cursor::new(data),
        path: Vec::new(),
        cx,
        sink,
    };
    Ok(reader.item(0)?.is_some())
}

struct Reader<'a, 'b, 'c> {
    cursor: Cursor<'a>,
    path: Vec<Key>,
    cx: &'a Context<'b>,
    sink: &'a mut Sink<'c>,
}

/// Initial byte and argument, RFC 8949 §3.
struct Head {
    major: u8,
    /// The low five bits.
    info: u8,
    /// `None` for indefinite lengths.
    argument: Option<u64>,
}

/// `Ok(None)` stands for data that is not well-formed.
type Read<T> = Result<Option<T>>;

impl<'a> Reader<'a, '_, '_> {
    fn head(&mut self) -> Option<Head> {
        let first = self.cursor.u8()?;
        let (major, info) = (first >> 5, first & 31);
        let argument = match info {
            0..=23 => Some(u64::from(info)),
            24 => Some(u64::from(self.cursor.u8()?)),
            25 => Some(u64::from(self.cursor.u16(Order::Big)?)),
            26 => Some(u64::from(self.cursor.u32(Order::Big)?)),
            27 => Some(self.cursor.u64(Order::Big)?),
            31 if matches!(major, 2..=5) => None,
            _ => return None,
        };
        Some(Head {
            major,
            info,
            argument,
        })
    }

    /// Whether the next byte ends an item of indefinite length; moves over it.
    fn at_break(&mut self) -> bool {
        let is = self.cursor.rest().first() == Some(&0xFF);
        is && self.cursor.skip(1).is_some()
    }

    fn item(&mut self, depth: usize) -> Read<()> {
        self.cx.item()?;
        let Some(head) = self.head().filter(|_| depth <= DEEPEST) else {
            return Ok(None);
        };
        let deeper = depth.saturating_add(1);
        match (head.major, head.argument) {
            (0, Some(n)) => self.leaf(Leaf::Number(float(n))),
            (1, Some(n)) => self.leaf(Leaf::Number(-1.0 - float(n))),
            (2 | 3, len) => self.string(head.major, len),
            (4, len) => {
                self.path.push(Key::Index);
                let read = self.times(len, |reader| reader.item(deeper));
                self.path.pop();
                read
            }
            (5, len) => self.times(len, |reader| {
                let Some(key) = reader.key()? else {
                    return Ok(None);
                };
                reader.path.push(key);
                let read = reader.item(deeper);
                reader.path.pop();
                read
            }),
            (6, Some(_)) => self.item(deeper),
            (7, Some(n)) => self.leaf(simple(head.info, n)),
            _ => Ok(None),
        }
    }

    fn leaf(&mut self, leaf: Leaf<'_>) -> Read<()> {
        (self.sink)(&self.path, leaf).map(Some)
    }

    /// Runs `f` so many times, or up to the break.
    fn times(&mut self, len: Option<u64>, mut f: impl FnMut(&mut Self) -> Read<()>) -> Read<()> {
        let mut left = len;
        loop {
            match &mut left {
                Some(0) => return Ok(Some(())),
                Some(n) => *n = n.saturating_sub(1),
                None if self.at_break() => return Ok(Some(())),
                None => {}
            }
            if f(self)?.is_none() {
                return Ok(None);
            }
        }
    }

    fn string(&mut self, major: u8, len: Option<u64>) -> Read<()> {
        match self.chunks(major, len) {
            Some(bytes) if major == 3 => self.leaf(Leaf::Text(&String::from_utf8_lossy(&bytes))),
            Some(bytes) => self.leaf(Leaf::Bytes(&bytes)),
            None => Ok(None),
        }
    }

    /// The bytes of a string, put together from its chunks where there are any.
    fn chunks(&mut self, major: u8, len: Option<u64>) -> Option<std::borrow::Cow<'a, [u8]>> {
        if let Some(len) = len {
            return self.cursor.take(usize::try_from(len).ok()?).map(Into::into);
        }
        let mut bytes = Vec::new();
        while !self.at_break() {
            let chunk = self.head().filter(|head| head.major == major)?;
            bytes.extend_from_slice(self.cursor.take(usize::try_from(chunk.argument?).ok()?)?);
        }
        Some(bytes.into())
    }

    /// A key: text or integer; others stand for themselves as an index.
    fn key(&mut self) -> Read<Key> {
        self.cx.item()?;
        let before = self.cursor;
        let Some(head) = self.head() else {
            return Ok(None);
        };
        Ok(match (head.major, head.argument) {
            (0, Some(n)) => Some(i64::try_from(n).map_or(Key::Index, Key::Number)),
            (1, Some(n)) => Some(
                i64::try_from(n).map_or(Key::Index, |n| Key::Number((-1_i64).saturating_sub(n))),
            ),
            (2 | 3, len) => self
                .chunks(head.major, len)
                .map(|bytes| Key::text(&String::from_utf8_lossy(&bytes))),
            _ => {
                self.cursor = before;
                None
            }
        })
    }
}

/// Integers past 2⁵³ lose their last digits, which nobody reads here.
fn float(n: u64) -> f64 {
    let [high, low] =
        [n >> 32, n & 0xFFFF_FFFF].map(|half| u32::try_from(half).unwrap_or_default());
    f64::from(high) * 4_294_967_296.0 + f64::from(low)
}

/// Floats of all widths, and values that say nothing.
fn simple(info: u8, bits: u64) -> Leaf<'static> {
    match info {
        25 => Leaf::Number(half(bits)),
        26 => Leaf::Number(f64::from(f32::from_bits(
            u32::try_from(bits).unwrap_or_default(),
        ))),
        27 => Leaf::Number(f64::from_bits(bits)),
        _ => Leaf::Simple,
    }
}

/// RFC 8949 appendix D.
fn half(bits: u64) -> f64 {
    let exponent = i32::try_from((bits >> 10) & 31).unwrap_or_default();
    let mantissa = float(bits & 0x3FF);
    let value = match exponent {
        0 => mantissa * 2_f64.powi(-24),
        31 if mantissa == 0.0 => f64::INFINITY,
        31 => f64::NAN,
        _ => (mantissa + 1024.0) * 2_f64.powi(exponent.saturating_sub(25)),
    };
    if bits & 0x8000 == 0 { value } else { -value }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bytes::testing::with_context;

    fn leaves(data: &[u8]) -> (Vec<String>, bool) {
        let mut out = Vec::new();
        let whole = with_context(|cx| {
            walk(data, cx, &mut |path, leaf| {
                out.push(format!("{path:?} {leaf:?}"));
                Ok(())
            })
        });
        (out, whole.unwrap())
    }

    #[test]
    fn values_of_all_kinds() {
        // {"a": [1, -2, 1.5, "x"], 33: h'0102', "i": (_ "b", "c"), "t": 0("2024"), "f": true}
        let data = b"\xA5\x61a\x84\x01\x21\xF9\x3E\x00\x61x\x18\x21\x42\x01\x02\x61i\x7F\x61b\x61c\xFF\x61t\xC0\x642024\x61f\xF5";
        let (found, whole) = leaves(data);
        assert!(whole);
        assert_eq!(
            found,
            [
                "[Text(\"a\"), Index] Number(1.0)",
                "[Text(\"a\"), Index] Number(-2.0)",
                "[Text(\"a\"), Index] Number(1.5)",
                "[Text(\"a\"), Index] Text(\"x\")",
                "[Number(33)] Bytes([1, 2])",
                "[Text(\"i\")] Text(\"bc\")",
                "[Text(\"t\")] Text(\"2024\")",
                "[Text(\"f\")] Simple",
            ]
        );
        for at in 0..data.len() {
            assert!(!leaves(&data[..at]).1, "{at}");
        }
    }

    #[test]
    fn hostile_data_ends_soon() {
        assert!(!leaves(&[0x81; 100_000]).1, "deep");
        assert!(!leaves(&[0xC0; 100_000]).1, "tags");
        assert!(!leaves(&[0x9F; 100_000]).1, "indefinite");
        assert!(
            !leaves(b"\x9B\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x01").1,
            "long array"
        );
        assert!(
            !leaves(b"\x7B\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFFx").1,
            "long text"
        );
        assert!(!leaves(b"\xFF").1 && !leaves(b"\x1C").1 && !leaves(b"").1);
    }
}
