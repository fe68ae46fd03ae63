//! Where compressed strips and tiles end. What stands behind shows nothing.

use crate::bytes::{Context, Inflate, Source};
use crate::model::{Error, Result, Span, len_u64};

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
        // Decoders show what comes before the damage, and so does the copy.
        Err(Error::Malformed { .. }) => return Ok(End::default()),
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
    Ok(End {
        at: (walk.state == State::Ended).then_some(at),
        too_much: expected.is_some_and(|expected| walk.made > expected),
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
        let code = self.bits >> self.held & ((1 << width) - 1);
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
