//! Lossless JPEG (ITU-T T.81 annex H), in which most DNGs hold their picture: walked code by code, to see
//! where it ends. Nothing is decoded but lengths.

use crate::bytes::{Cursor, Order};
use crate::containers::jpeg_segments::{DHT, SOS, Segment};

/// Start of frame: lossless, Huffman.
const SOF3: u8 = 0xC3;
/// Restart interval.
const DRI: u8 = 0xDD;

/// A Huffman table: for each length of a code, the first code, the first value and how many there are.
type Table = Vec<(u32, usize, u32)>;

/// Where the coded data of the only scan ends, in bytes from its beginning. `None` for other kinds of JPEG, and
/// for damaged ones.
pub(super) fn end(stream: &[u8], segments: &[Segment]) -> Option<usize> {
    let payload = |segment: &Segment| {
        let span = segment.payload();
        stream.get(usize::try_from(span.start()).ok()?..usize::try_from(span.end()).ok()?)
    };
    let mut tables: [Option<(Table, Vec<u8>)>; 4] = Default::default();
    let (mut codes, mut restart) = (None, 0_u64);
    for segment in segments {
        match segment.marker {
            SOF3 => codes = Some(frame(payload(segment)?)?),
            DRI => restart = Order::Big.u16(payload(segment)?)?.into(),
            DHT => read_tables(payload(segment)?, &mut tables)?,
            SOS => {
                let (pixels, components) = codes?;
                let mut cursor = Cursor::new(payload(segment)?);
                if cursor.u8()? != components {
                    return None;
                }
                let mut used = Vec::new();
                for _ in 0..components {
                    cursor.skip(1)?;
                    let table = usize::from(cursor.u8()? >> 4);
                    used.push(tables.get(table)?.as_ref()?);
                }
                let span = segment.coded;
                let from = usize::try_from(span.start()).ok()?;
                let coded = stream.get(from..usize::try_from(span.end()).ok()?)?;
                return walk(coded, &used, pixels, restart);
            }
            _ => {}
        }
    }
    None
}

/// Pixels, and numbers of each, where no component has fewer than the others.
fn frame(payload: &[u8]) -> Option<(u64, u8)> {
    let mut cursor = Cursor::new(payload);
    cursor.skip(1)?;
    let lines = u64::from(cursor.u16(Order::Big)?);
    let across = u64::from(cursor.u16(Order::Big)?);
    let components = cursor.u8()?;
    for _ in 0..components {
        cursor.skip(1)?;
        if cursor.u8()? != 0x11 {
            return None;
        }
        cursor.skip(1)?;
    }
    Some((lines.checked_mul(across)?, components)).filter(|_| (1..=4).contains(&components))
}

fn read_tables(payload: &[u8], tables: &mut [Option<(Table, Vec<u8>)>; 4]) -> Option<()> {
    let mut cursor = Cursor::new(payload);
    while !cursor.is_at_end() {
        let id = usize::from(cursor.u8()? & 0x0F);
        let counts = cursor.take(16)?;
        let (mut code, mut at) = (0_u32, 0_usize);
        let mut table = Vec::new();
        for count in counts {
            table.push((code, at, u32::from(*count)));
            code = code.checked_add(u32::from(*count))?.checked_mul(2)?;
            at = at.checked_add(usize::from(*count))?;
        }
        let values = cursor.take(at)?.to_vec();
        *tables.get_mut(id)? = Some((table, values));
    }
    Some(())
}

/// The bits of coded data, without the zeros that stand behind each 0xFF.
struct Bits<'b> {
    bytes: &'b [u8],
    at: usize,
    held: u64,
    count: u32,
}

impl Bits<'_> {
    fn fill(&mut self, wanted: u32) -> Option<()> {
        while self.count < wanted {
            let byte = *self.bytes.get(self.at)?;
            if byte == 0xFF
                && self
                    .bytes
                    .get(self.at.checked_add(1)?)
                    .is_some_and(|next| *next != 0)
            {
                return None;
            }
            let step = if byte == 0xFF { 2 } else { 1 };
            self.at = self.at.checked_add(step)?;
            self.held = self.held << 8 | u64::from(byte);
            self.count = self.count.checked_add(8)?;
        }
        Some(())
    }

    fn take(&mut self, n: u32) -> Option<u32> {
        self.fill(n)?;
        self.count = self.count.checked_sub(n)?;
        let mask = !(u64::MAX.checked_shl(n)?);
        u32::try_from(self.held.checked_shr(self.count)? & mask).ok()
    }

    fn code(&mut self, (table, values): &(Table, Vec<u8>)) -> Option<u8> {
        let mut code = 0;
        for (first, at, count) in table {
            code = code << 1 | self.take(1)?;
            let nth = code.wrapping_sub(*first);
            if nth < *count {
                return values
                    .get(at.checked_add(usize::try_from(nth).ok()?)?)
                    .copied();
            }
        }
        None
    }

    /// Steps over a restart marker.
    fn restart(&mut self) -> Option<()> {
        (self.count, self.held) = (0, 0);
        let [0xFF, 0xD0..=0xD7] = *self.bytes.get(self.at..)?.first_chunk()? else {
            return None;
        };
        self.at = self.at.checked_add(2)?;
        Some(())
    }
}

fn walk(coded: &[u8], tables: &[&(Table, Vec<u8>)], pixels: u64, restart: u64) -> Option<usize> {
    let mut bits = Bits {
        bytes: coded,
        at: 0,
        held: 0,
        count: 0,
    };
    for pixel in 0..pixels {
        if pixel > 0 && restart > 0 && pixel.is_multiple_of(restart) {
            bits.restart()?;
        }
        for table in tables {
            match bits.code(table)? {
                // 32768 has no bits of its own.
                16 => {}
                n @ 0..=15 => {
                    bits.take(u32::from(n))?;
                }
                _ => return None,
            }
        }
    }
    Some(bits.at)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bytes::Source;
    use crate::containers::jpeg_segments::segments;

    #[test]
    fn the_last_pixel_ends_the_scan() {
        // Two pixels; one code of one bit, for a difference of two bits.
        let head = b"\xFF\xD8\xFF\xC3\0\x0B\x08\0\x01\0\x02\x01\x01\x11\0";
        let table = b"\xFF\xC4\0\x14\0\x01\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x02";
        let scan = b"\xFF\xDA\0\x08\x01\x01\0\x01\0\0";
        let stream = |data: &[u8]| [&head[..], table, scan, data, b"\xFF\xD9"].concat();
        let end_of = |data: &[u8]| {
            let stream = stream(data);
            let source = Source::memory(&stream);
            end(&stream, &segments(&source, source.whole(), "t").unwrap())
        };
        assert_eq!(end_of(b"\x2F"), Some(1));
        assert_eq!(end_of(b"\x2FStorgatan 7"), Some(1));
        assert_eq!(end_of(b"\x80"), None);
    }
}
