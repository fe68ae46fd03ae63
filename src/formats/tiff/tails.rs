//! Where compressed strips and tiles end. What stands behind shows nothing.

use crate::bytes::{Context, Inflate, Source};
use crate::model::{Error, Result, Span, len_u64};

const NAME: &str = "TIFF";

/// What a walk through compressed data found.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct End {
    /// Behind the last byte that is needed, where that is known.
    pub(super) at: Option<u64>,
    /// More comes out of it than the picture has room for.
    pub(super) too_much: bool,
}

/// zlib (RFC 1950).
pub(super) fn deflate(
    source: &Source<'_>,
    span: Span,
    expected: Option<u64>,
    cx: &Context<'_>,
) -> Result<End> {
    let mut inflate = Inflate::new();
    let (mut used, mut made, mut beyond) = (0_u64, 0_u64, false);
    let walked = source.for_each(span, |bytes| {
        if inflate.is_done() {
            return Ok(());
        }
        let n = inflate.feed(bytes, cx, |piece| {
            let before = made;
            made = made.saturating_add(len_u64(piece.len()));
            if let Some(expected) = expected
                && made > expected
            {
                // Whole strips and tiles are often filled up with nothing.
                let from = usize::try_from(expected.saturating_sub(before)).unwrap_or(0);
                beyond |= piece.iter().skip(from).any(|byte| *byte != 0);
            }
            Ok(())
        })?;
        used = used.saturating_add(n);
        Ok(())
    });
    match walked {
        Ok(()) => {}
        // Nobody knows what stands behind the damage.
        Err(Error::Malformed { what, .. }) => {
            return Err(Error::malformed(NAME, span.start(), what));
        }
        Err(error) => return Err(error),
    }
    Ok(End {
        at: inflate.is_done().then(|| span.start().saturating_add(used)),
        too_much: beyond,
    })
}

/// `PackBits` of TIFF 6.0 §9.
pub(super) fn pack_bits(
    source: &Source<'_>,
    span: Span,
    expected: Option<u64>,
    cx: &Context<'_>,
) -> Result<End> {
    let Some(expected) = expected else {
        return Ok(End::default());
    };
    let (mut at, mut made, mut skip) = (span.start(), 0_u64, 0_u64);
    source.for_each(span, |bytes| {
        cx.check_stop()?;
        let mut rest = bytes;
        while made < expected {
            let jump = usize::try_from(skip).unwrap_or(usize::MAX).min(rest.len());
            rest = rest.get(jump..).unwrap_or_default();
            at = at.saturating_add(len_u64(jump));
            skip = skip.saturating_sub(len_u64(jump));
            let Some((code, more)) = rest.split_first() else {
                return Ok(());
            };
            rest = more;
            at = at.saturating_add(1);
            match i8::from_le_bytes([*code]) {
                n @ 0..=127 => {
                    skip = u64::from(n.unsigned_abs()).saturating_add(1);
                    made = made.saturating_add(skip);
                }
                -128 => {}
                n => {
                    skip = 1;
                    made = made
                        .saturating_add(u64::from(n.unsigned_abs()))
                        .saturating_add(1);
                }
            }
        }
        Ok(())
    })?;
    Ok(End {
        at: (made >= expected).then(|| at.saturating_add(skip).min(span.end())),
        too_much: false,
    })
}

/// LZW of TIFF 6.0 §13: only the lengths of the strings are needed to find the end.
pub(super) fn lzw(
    source: &Source<'_>,
    span: Span,
    expected: Option<u64>,
    cx: &Context<'_>,
) -> Result<End> {
    // Written before 1991, with the bits the other way round.
    let head = source.peek(span.start(), span.len().min(2))?;
    if let [0, second] = *head
        && second & 1 == 1
    {
        return Ok(End::default());
    }
    let mut walk = Lzw::default();
    let mut at = span.start();
    source.for_each(span, |bytes| {
        cx.check_stop()?;
        for byte in bytes {
            if walk.state != State::Reading {
                return Ok(());
            }
            walk.byte(*byte);
            at = at.saturating_add(1);
        }
        Ok(())
    })?;
    if walk.state == State::Damaged {
        return Err(Error::malformed(NAME, at, "the compressed data is damaged"));
    }
    // Some programs write a byte or two more than there are.
    let room = expected.map(|expected| expected.saturating_add(8));
    Ok(End {
        at: (walk.state == State::Ended).then_some(at),
        too_much: room.is_some_and(|room| walk.made > room),
    })
}

/// ITU-T T.4 and T.6: behind the end mark, if there is one. No code but the end of line holds eleven
/// zeros, so that two of them in a row, or six with T.4, can stand nowhere else.
pub(super) fn fax(source: &Source<'_>, span: Span, scheme: u64, fill_order: u64) -> Result<End> {
    let needed = if scheme == 4 { 2 } else { 6 };
    let (mut zeros, mut ends, mut since, mut at) = (0_u32, 0_u32, 0_u32, span.start());
    let mut found = None;
    source.for_each(span, |bytes| {
        for byte in bytes {
            at = at.saturating_add(1);
            let byte = if fill_order == 2 {
                byte.reverse_bits()
            } else {
                *byte
            };
            for bit in (0..8).rev() {
                since = since.saturating_add(1);
                if byte >> bit & 1 == 0 {
                    zeros = zeros.saturating_add(1);
                    continue;
                }
                if zeros >= 11 {
                    // With T.4 in two dimensions a bit follows each end of line.
                    ends = if since <= 13 {
                        ends.saturating_add(1)
                    } else {
                        1
                    };
                    since = 0;
                    if ends >= needed && found.is_none() {
                        found = Some(at);
                    }
                }
                zeros = 0;
            }
        }
        Ok(())
    })?;
    // The bit behind the last end of line may stand in the next byte.
    let room = u64::from(scheme == 3);
    Ok(End {
        at: found.map(|at| at.saturating_add(room).min(span.end())),
        too_much: false,
    })
}

/// A Zstandard frame (RFC 8878 §3.1), whose blocks tell their lengths.
pub(super) fn zstandard(source: &Source<'_>, span: Span, name: &'static str) -> Result<End> {
    let bad = || Error::malformed(name, span.start(), "the compressed data is damaged");
    let head = source.read(Span::new(
        span.start(),
        span.end().min(span.start().saturating_add(18)),
    ))?;
    let Some((b"\x28\xB5\x2F\xFD", rest)) = head.split_first_chunk::<4>() else {
        return Err(bad());
    };
    let flags = *rest.first().ok_or_else(bad)?;
    let single = flags >> 5 & 1;
    let dictionary = [0, 1, 2, 4]
        .get(usize::from(flags & 3))
        .copied()
        .unwrap_or(0);
    let size = match flags >> 6 {
        0 => u64::from(single),
        n => 1_u64 << n,
    };
    let header = 6_u64
        .saturating_sub(u64::from(single))
        .saturating_add(dictionary)
        .saturating_add(size);
    let mut at = span.start().saturating_add(header);
    loop {
        let block = source.peek(at, 3)?;
        let [a, b, c] = *block else { return Err(bad()) };
        let block = u32::from_le_bytes([a, b, c, 0]);
        let len = match block >> 1 & 3 {
            0 | 2 => u64::from(block >> 3),
            1 => 1,
            _ => return Err(bad()),
        };
        at = at.saturating_add(3).saturating_add(len);
        if at > span.end() {
            return Err(bad());
        }
        if block & 1 == 1 {
            break;
        }
    }
    let end = at.saturating_add(if flags >> 2 & 1 == 1 { 4 } else { 0 });
    Ok(End {
        at: Some(end.min(span.end())),
        too_much: false,
    })
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum State {
    #[default]
    Reading,
    Ended,
    Damaged,
}

const CLEAR: u32 = 256;
const END: u32 = 257;

#[derive(Default)]
struct Lzw {
    bits: u32,
    held: u32,
    /// Length of the string behind each code from 258 on.
    lengths: Vec<u64>,
    last: Option<u64>,
    made: u64,
    state: State,
}

impl Lzw {
    fn width(&self) -> u32 {
        // Codes grow one early.
        match self.lengths.len() {
            0..253 => 9,
            253..765 => 10,
            765..1789 => 11,
            _ => 12,
        }
    }

    fn byte(&mut self, byte: u8) {
        self.bits = (self.bits << 8) | u32::from(byte);
        self.held = self.held.saturating_add(8);
        let width = self.width();
        if self.held < width {
            return;
        }
        self.held = self.held.saturating_sub(width);
        let code = self.bits >> self.held & !(u32::MAX << width);
        match code {
            END => self.state = State::Ended,
            CLEAR => {
                self.lengths.clear();
                self.last = None;
            }
            _ => self.string(code),
        }
    }

    fn string(&mut self, code: u32) {
        let known = if code < CLEAR {
            Some(1)
        } else {
            let index = usize::try_from(code.saturating_sub(258)).unwrap_or(usize::MAX);
            self.lengths.get(index).copied()
        };
        let len = match (known, self.last) {
            (Some(len), _) => len,
            // The string that is being made.
            (None, Some(last)) => last.saturating_add(1),
            (None, None) => {
                self.state = State::Damaged;
                return;
            }
        };
        if let Some(last) = self.last
            && self.lengths.len() < 4096 - 258
        {
            self.lengths.push(last.saturating_add(1));
        }
        self.last = Some(len);
        self.made = self.made.saturating_add(len);
    }
}
