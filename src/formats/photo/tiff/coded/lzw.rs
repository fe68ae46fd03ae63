//! LZW of TIFF 6.0 §13, and as it was written before.

use super::{Coded, End, Out};
use crate::bytes::Context;
use crate::model::Result;

const CLEAR: u16 = 256;
const END: u16 = 257;
const FIRST: u16 = 258;
/// Codes have twelve bits.
const MOST: usize = 4096 - 258;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum State {
    #[default]
    Reading,
    Ended,
    Damaged,
}

/// A string: the one before it, and one byte more.
#[derive(Clone, Copy, Debug)]
struct Entry {
    before: u16,
    first: u8,
    last: u8,
}

#[derive(Default)]
struct Lzw {
    /// The bits run the other way, and codes grow one later.
    old: bool,
    bits: u32,
    held: u32,
    entries: Vec<Entry>,
    last: Option<u16>,
    string: Vec<u8>,
    state: State,
}

/// Decodes up to the end code.
pub(super) fn walk(coded: &Coded<'_, '_>, cx: &Context<'_>, out: &mut Out<'_>) -> Result<End> {
    let head = coded
        .source
        .peek(coded.span.start(), coded.span.len().min(2))?;
    let head: Vec<u8> = head.iter().map(|byte| coded.stored(*byte)).collect();
    let mut lzw = Lzw {
        // Before 1991.
        old: matches!(*head, [0, second] if second & 1 == 1),
        ..Lzw::default()
    };
    let (mut at, mut last) = (0_u64, 0_u8);
    coded.for_each(|bytes| {
        cx.memory(0)?;
        for byte in bytes {
            if lzw.state != State::Reading {
                return Ok(());
            }
            last = *byte;
            at = at.saturating_add(1);
            lzw.byte(*byte, out)?;
        }
        Ok(())
    })?;
    let beyond = lzw.state == State::Damaged && out.is_full();
    if lzw.state == State::Damaged && !beyond {
        return Err(coded.damaged());
    }
    let ended = lzw.state == State::Ended;
    let spare = lzw.spare();
    let patch = (ended && last & spare != 0).then(|| {
        let place = coded.place(at.saturating_sub(1));
        (place, coded.stored(last & !spare))
    });
    Ok(End {
        at: ended.then(|| coded.place(at)),
        patch,
        too_much: out.telling || beyond,
        ..End::default()
    })
}

impl Lzw {
    fn width(&self) -> u32 {
        // Codes grow one early, except in old files.
        match self.entries.len().saturating_sub(usize::from(self.old)) {
            0..253 => 9,
            253..765 => 10,
            765..1789 => 11,
            _ => 12,
        }
    }

    /// Bits of the last byte that no code holds.
    fn spare(&self) -> u8 {
        let low = u8::try_from(!(u32::MAX << self.held.min(8)) & 0xFF).unwrap_or(0);
        if self.old { low.reverse_bits() } else { low }
    }

    fn byte(&mut self, byte: u8, out: &mut Out<'_>) -> Result<()> {
        self.bits = if self.old {
            self.bits | u32::from(byte) << self.held
        } else {
            self.bits << 8 | u32::from(byte)
        };
        self.held = self.held.saturating_add(8);
        let width = self.width();
        if self.held < width {
            return Ok(());
        }
        self.held = self.held.saturating_sub(width);
        let mask = !(u32::MAX << width);
        let code = if self.old {
            let code = self.bits & mask;
            self.bits >>= width;
            code
        } else {
            self.bits >> self.held & mask
        };
        match u16::try_from(code).unwrap_or(u16::MAX) {
            END => self.state = State::Ended,
            CLEAR => {
                self.entries.clear();
                self.last = None;
            }
            code => self.code(code, out)?,
        }
        Ok(())
    }

    fn entry(&self, code: u16) -> Option<&Entry> {
        self.entries.get(usize::from(code.checked_sub(FIRST)?))
    }

    fn first(&self, code: u16) -> Option<u8> {
        match u8::try_from(code) {
            Ok(byte) => Some(byte),
            Err(_) => self.entry(code).map(|entry| entry.first),
        }
    }

    fn code(&mut self, code: u16, out: &mut Out<'_>) -> Result<()> {
        // A code that is not known yet is the string that is being made.
        let first = self
            .first(code)
            .or(self.last.and_then(|last| self.first(last)));
        let Some(byte) = first else {
            self.state = State::Damaged;
            return Ok(());
        };
        if let Some(last) = self.last
            && self.entries.len() < MOST
        {
            let first = self.first(last).unwrap_or(byte);
            self.entries.push(Entry {
                before: last,
                first,
                last: byte,
            });
        }
        if self.first(code).is_none() {
            self.state = State::Damaged;
            return Ok(());
        }
        self.last = Some(code);
        self.string.clear();
        let mut at = code;
        while let Some(entry) = self.entry(at) {
            let (last, before) = (entry.last, entry.before);
            self.string.push(last);
            at = before;
        }
        self.string.push(u8::try_from(at).unwrap_or(byte));
        self.string.reverse();
        out.push(&self.string)
    }
}
