//! The coded form of a colour profile (ISO/IEC 18181-1 annex E.4): bytes that say what is unlike the
//! expected, and commands that say where they go.

use super::bits::{Bits, Fail, Parse, Reader};
use crate::bytes::{Context, Cursor};
use crate::model::len_u64;

/// No level allows longer ones (annex M), and no picture that is not an attack has one.
const LONGEST: u64 = 32 << 20;
/// Number of contexts of the entropy code.
const CONTEXTS: u32 = 41;
/// The part of a profile of which every byte has an expected value.
const HEADER: usize = 128;

fn bad() -> Fail {
    Fail::Bad("the colour profile is damaged")
}

/// The profile whose coded form comes next.
pub(super) fn read(r: &mut Reader<'_>, cx: &Context<'_>) -> Parse<Vec<u8>> {
    let len = r.u64()?;
    if len > LONGEST {
        return Err(Fail::Bad("a colour profile larger than any"));
    }
    cx.memory(len)?;
    let mut decoder = jxl_coding::Decoder::parse(&mut r.0, CONTEXTS)?;
    decoder.begin(&mut r.0)?;
    let mut coded: Vec<u8> = Vec::new();
    let (mut last, mut before) = (0, 0);
    for index in 0..len {
        if index.is_multiple_of(1 << 16) {
            cx.check_stop()?;
        }
        let symbol = decoder.read_varint(&mut r.0, context(index, last, before))?;
        let byte = u8::try_from(symbol).map_err(|_| bad())?;
        coded.push(byte);
        (before, last) = (last, byte);
        // Before much of a hostile one is unpacked.
        if index == LONGEST_SIZES && !is_plausible(&coded, len) {
            return Err(bad());
        }
    }
    decoder.finalize()?;
    decode(&coded, cx)?.ok_or_else(bad)
}

/// The two sizes at the beginning take no more bytes.
const LONGEST_SIZES: u64 = 18;
/// Commands and the like on top of a profile's length.
const SLACK: u64 = 64 << 10;

/// Whether the sizes at the beginning go with the length of the coded form.
fn is_plausible(coded: &[u8], len: u64) -> bool {
    let mut cursor = Cursor::new(coded);
    let (Some(profile), Some(commands)) = (varint(&mut cursor), varint(&mut cursor)) else {
        return false;
    };
    profile <= LONGEST && commands <= len && len <= profile.saturating_add(SLACK)
}

/// Which distribution the next byte has, after those before it.
fn context(index: u64, last: u8, before: u8) -> u32 {
    if index <= 128 {
        return 0;
    }
    let first = match last {
        b'a'..=b'z' | b'A'..=b'Z' => 0,
        b'0'..=b'9' | b'.' | b',' => 1,
        0 => 2,
        1 => 3,
        2..=15 => 4,
        241..=254 => 5,
        255 => 6,
        _ => 7,
    };
    let second: u32 = match before {
        b'a'..=b'z' | b'A'..=b'Z' => 0,
        b'0'..=b'9' | b'.' | b',' => 1,
        0..=15 => 2,
        241..=255 => 3,
        _ => 4,
    };
    second
        .saturating_mul(8)
        .saturating_add(first)
        .saturating_add(1)
}

fn varint(cursor: &mut Cursor<'_>) -> Option<u64> {
    let mut value = 0;
    for shift in (0..63).step_by(7) {
        let byte = cursor.u8()?;
        value |= u64::from(byte & 0x7F).wrapping_shl(shift);
        if byte & 0x80 == 0 {
            break;
        }
    }
    Some(value)
}

/// The expected value of a byte of the header, after those before it.
fn expected(index: usize, len: u32, header: &[u8]) -> u8 {
    let at = |index: usize| header.get(index).copied().unwrap_or_default();
    let of = |text: &[u8], start: usize| {
        let index = index.checked_sub(start);
        index.and_then(|i| text.get(i)).copied().unwrap_or_default()
    };
    match (index, at(40), at(41)) {
        (0..=3, ..) => of(&len.to_be_bytes(), 0),
        (8, ..) => 4,
        (12..=23, ..) => of(b"mntrRGB XYZ ", 12),
        (36..=39, ..) => of(b"acsp", 36),
        (41..=43, b'A', _) => of(b"APPL", 40),
        (41..=43, b'M', _) => of(b"MSFT", 40),
        (42..=43, b'S', b'G') => of(b"SGI ", 40),
        (42..=43, b'S', b'U') => of(b"SUNW", 40),
        (70, ..) => 246,
        (71, ..) => 214,
        (73, ..) => 1,
        (78, ..) => 211,
        (79, ..) => 45,
        (80..=83, ..) => at(index.saturating_sub(76)),
        _ => 0,
    }
}

const TAGS: [&[u8; 4]; 19] = [
    b"rTRC", b"rXYZ", b"cprt", b"wtpt", b"bkpt", b"rXYZ", b"gXYZ", b"bXYZ", b"kXYZ", b"rTRC",
    b"gTRC", b"bTRC", b"kTRC", b"chad", b"desc", b"chrm", b"dmnd", b"dmdd", b"lumi",
];
const TYPES: [&[u8; 4]; 8] = [
    b"XYZ ", b"desc", b"text", b"mluc", b"para", b"curv", b"sf32", b"gbd ",
];

/// The profile; `None` where it is damaged.
fn decode(coded: &[u8], cx: &Context<'_>) -> Parse<Option<Vec<u8>>> {
    let mut cursor = Cursor::new(coded);
    let (Some(len), Some(commands)) = (varint(&mut cursor), varint(&mut cursor)) else {
        return Ok(None);
    };
    let commands = usize::try_from(commands).ok();
    let Some(commands) = commands.and_then(|n| cursor.take(n)) else {
        return Ok(None);
    };
    if len > LONGEST {
        return Ok(None);
    }
    cx.memory(len)?;
    let mut decoding = Decoding {
        len,
        commands: Cursor::new(commands),
        data: cursor,
        out: Vec::new(),
        cx,
    };
    Ok(match decoding.run()? {
        Some(()) if len_u64(decoding.out.len()) == len => Some(decoding.out),
        _ => None,
    })
}

struct Decoding<'a> {
    /// Length of the profile.
    len: u64,
    commands: Cursor<'a>,
    data: Cursor<'a>,
    out: Vec<u8>,
    cx: &'a Context<'a>,
}

impl<'a> Decoding<'a> {
    fn run(&mut self) -> Parse<Option<()>> {
        if self.header().is_none() {
            return Ok(None);
        }
        if self.len <= len_u64(HEADER) {
            return Ok(Some(()));
        }
        if self.tags()?.is_none() {
            return Ok(None);
        }
        while let Some(command) = self.commands.u8() {
            self.cx.item()?;
            if len_u64(self.out.len()) > self.len || self.command(command).is_none() {
                return Ok(None);
            }
        }
        Ok(Some(()))
    }

    fn header(&mut self) -> Option<()> {
        let len = usize::try_from(self.len).ok()?.min(HEADER);
        let size = u32::try_from(self.len).ok()?;
        let residues = self.data.take(len)?;
        for (index, residue) in residues.iter().enumerate() {
            let expected = expected(index, size, &self.out);
            self.out.push(residue.wrapping_add(expected));
        }
        Some(())
    }

    fn tags(&mut self) -> Parse<Option<()>> {
        let Some(count) = varint(&mut self.commands) else {
            return Ok(None);
        };
        let Some(count) = count.checked_sub(1) else {
            return Ok(Some(()));
        };
        let Ok(count) = u32::try_from(count) else {
            return Ok(None);
        };
        if u64::from(count) > self.len / 12 {
            return Ok(None);
        }
        self.out.extend(count.to_be_bytes());
        let mut start = count.saturating_mul(12).saturating_add(128);
        let mut size = 0;
        loop {
            self.cx.item()?;
            let Some(command) = self.commands.u8() else {
                return Ok(Some(()));
            };
            if command & 63 == 0 {
                return Ok(Some(()));
            }
            if self.tag(command, &mut start, &mut size).is_none() {
                return Ok(None);
            }
        }
    }

    /// One entry, or three that belong together. `start` and `size` are those of the entry before.
    fn tag(&mut self, command: u8, start: &mut u32, size: &mut u32) -> Option<()> {
        let tag: [u8; 4] = match command & 63 {
            1 => *self.data.take(4)?.first_chunk()?,
            code => **TAGS.get(usize::from(code).checked_sub(2)?)?,
        };
        *start = if command & 64 == 0 {
            start.checked_add(*size)?
        } else {
            u32::try_from(varint(&mut self.commands)?).ok()?
        };
        *size = match &tag {
            _ if command & 128 != 0 => u32::try_from(varint(&mut self.commands)?).ok()?,
            b"rXYZ" | b"gXYZ" | b"bXYZ" | b"kXYZ" | b"wtpt" | b"bkpt" | b"lumi" => 20,
            _ => *size,
        };
        if u64::from(*start).saturating_add((*size).into()) > self.len {
            return None;
        }
        let mut put = |tag: [u8; 4], start: u32| {
            self.out.extend(tag);
            self.out.extend(start.to_be_bytes());
            self.out.extend(size.to_be_bytes());
        };
        put(tag, *start);
        match command & 63 {
            2 => {
                put(*b"gTRC", *start);
                put(*b"bTRC", *start);
            }
            3 => {
                let second = start.checked_add(*size)?;
                put(*b"gXYZ", second);
                put(*b"bXYZ", second.checked_add(*size)?);
            }
            _ => {}
        }
        Some(())
    }

    fn take(&mut self) -> Option<&'a [u8]> {
        let n = varint(&mut self.commands)?;
        self.data.take(usize::try_from(n).ok()?)
    }

    fn command(&mut self, command: u8) -> Option<()> {
        match command {
            1 => {
                let bytes = self.take()?;
                self.out.extend_from_slice(bytes);
            }
            2 | 3 => {
                let width = if command == 2 { 2 } else { 4 };
                let bytes = shuffled(self.take()?, width);
                self.out.extend(bytes);
            }
            4 => self.predicted()?,
            10 => {
                self.out.extend_from_slice(b"XYZ \0\0\0\0");
                let bytes = self.data.take(12)?;
                self.out.extend_from_slice(bytes);
            }
            _ => {
                let kind = TYPES.get(usize::from(command).checked_sub(16)?)?;
                self.out.extend_from_slice(*kind);
                self.out.extend_from_slice(&[0; 4]);
            }
        }
        Some(())
    }

    /// Numbers of which each is predicted from up to three before it.
    fn predicted(&mut self) -> Option<()> {
        let flags = self.commands.u8()?;
        let width = usize::from(flags & 3).checked_add(1)?;
        let order = flags.wrapping_shr(2) & 3;
        if width == 3 || order == 3 {
            return None;
        }
        let stride = if flags & 16 == 0 {
            width
        } else {
            usize::try_from(varint(&mut self.commands)?).ok()?
        };
        if stride < width || stride.checked_mul(4)? >= self.out.len() {
            return None;
        }
        let bytes = self.take()?;
        let bytes = if width == 1 {
            bytes.to_vec()
        } else {
            shuffled(bytes, width)
        };
        for number in bytes.chunks(width) {
            let before = |n: usize| -> Option<u32> {
                let at = self.out.len().checked_sub(stride.checked_mul(n)?)?;
                let bytes = self.out.get(at..)?.get(..width)?;
                Some(
                    bytes
                        .iter()
                        .fold(0u32, |n, b| n.wrapping_shl(8) | u32::from(*b)),
                )
            };
            let expected = match order {
                0 => before(1)?,
                1 => before(1)?.wrapping_mul(2).wrapping_sub(before(2)?),
                _ => before(1)?
                    .wrapping_sub(before(2)?)
                    .wrapping_mul(3)
                    .wrapping_add(before(3)?),
            };
            let expected = expected.to_be_bytes();
            let expected = expected.get(4usize.checked_sub(width)?..)?;
            let number: Vec<u8> = number
                .iter()
                .zip(expected)
                .map(|(residue, expected)| residue.wrapping_add(*expected))
                .collect();
            self.out.extend(number);
        }
        Some(())
    }
}

/// Bytes that stand in `width` rows one below the other, read column by column.
fn shuffled(bytes: &[u8], width: usize) -> Vec<u8> {
    let columns = bytes.len().div_ceil(width.max(1));
    // The last rows are one shorter where the bytes do not fill them.
    let full = match bytes.len().checked_rem(width) {
        Some(0) | None => width,
        Some(n) => n,
    };
    let start = |row: usize| {
        let short = row.saturating_sub(full);
        row.saturating_mul(columns).saturating_sub(short)
    };
    let mut out = Vec::with_capacity(bytes.len());
    for column in 0..columns {
        for row in 0..width {
            let is_there = row < full || column.saturating_add(1) < columns;
            if is_there {
                out.extend(bytes.get(start(row).saturating_add(column)));
            }
        }
    }
    out
}

/// The coded form of a profile: no commands, and one code of eight bits for all bytes. The same profile
/// always comes out as the same bits.
pub(super) fn write(profile: &[u8]) -> Bits {
    let mut coded = Vec::new();
    put_varint(&mut coded, len_u64(profile.len()));
    let rest = len_u64(profile.len().saturating_sub(HEADER));
    let mut commands = Vec::new();
    if rest > 0 {
        // No list of tags; one run of bytes.
        commands.extend([0, 1]);
        put_varint(&mut commands, rest);
    }
    put_varint(&mut coded, len_u64(commands.len()));
    coded.extend(commands);
    let len = u32::try_from(profile.len()).unwrap_or(u32::MAX);
    for (index, byte) in profile.iter().enumerate().take(HEADER) {
        let before = profile.get(..index).unwrap_or_default();
        coded.push(byte.wrapping_sub(expected(index, len, before)));
    }
    coded.extend(profile.iter().skip(HEADER));
    let mut out = Bits::default();
    put_u64(&mut out, len_u64(coded.len()));
    out.push(0, 1); // no LZ77
    out.push(1, 1); // clusters: simple,
    out.push(0, 2); // all contexts in one
    out.push(1, 1); // a prefix code
    out.push(8, 4); // numbers below 256 are symbols
    out.push(0, 8);
    out.push(1, 1); // 256 symbols
    out.push(7, 4);
    out.push(127, 7);
    out.push(0, 2); // the lengths of the code: 18 of them,
    out.push(0, 20); // of which only that of length 8 is in use
    out.push(2, 2);
    out.push(0, 14);
    for byte in coded {
        out.push(byte.reverse_bits().into(), 8);
    }
    out
}

fn put_varint(out: &mut Vec<u8>, mut value: u64) {
    loop {
        let low = u8::try_from(value & 0x7F).unwrap_or_default();
        value = value.wrapping_shr(7);
        if value == 0 {
            out.push(low);
            return;
        }
        out.push(low | 0x80);
    }
}

/// `U64`.
fn put_u64(out: &mut Bits, value: u64) {
    if value == 0 {
        out.push(0, 2);
    } else if value <= 16 {
        out.push(1, 2);
        out.push(value.saturating_sub(1), 4);
    } else if value <= 272 {
        out.push(2, 2);
        out.push(value.saturating_sub(17), 8);
    } else {
        out.push(3, 2);
        out.push(value, 12);
        let mut rest = value.wrapping_shr(12);
        while rest != 0 {
            out.push(1, 1);
            out.push(rest, 8);
            rest = rest.wrapping_shr(8);
        }
        out.push(0, 1);
    }
}
