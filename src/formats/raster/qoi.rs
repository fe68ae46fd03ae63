//! QOI, the Quite OK Image Format (specification 1.0).

use crate::bytes::{Context, Cursor, Hasher, Order, Source};
use crate::formats::common::{Hidden, Splice};
use crate::formats::format::{Format, Info, Streams};
use crate::formats::probe::{Confidence, Match, Probe};
use crate::model::{Digest, Error, Examined, How, Result, Row, Span, len_u64};

const NAME: &str = "QOI";
/// Length of the header in bytes.
const HEADER: u64 = 14;
/// Seven zeros and a one.
const END: &[u8] = &[0, 0, 0, 0, 0, 0, 0, 1];

/// QOI.
#[derive(Debug)]
pub(in crate::formats) struct Qoi;

static INFO: Info = Info {
    id: "qoi",
    name: NAME,
    extensions: &["qoi"],
    noun: "picture",
    rows: &[HEADER_ROW, PIXELS, END_ROW],
    vocabulary: &["qoif"],
};

const HEADER_ROW: Row = Row {
    what: "header",
    when: "always",
    how: How::Verbatim,
    why: "size, channels, colour space",
    spec: "QOI 1.0, file header",
};
const PIXELS: Row = Row {
    what: "chunks",
    when: "up to the last pixel",
    how: How::Verbatim,
    why: "the picture",
    spec: "QOI 1.0, chunks",
};
const END_ROW: Row = Row {
    what: "end mark",
    when: "always",
    how: How::Rebuild,
    why: "the end",
    spec: "QOI 1.0, byte stream end",
};

impl Format for Qoi {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn recognize(&self, probe: &Probe<'_>) -> Option<Match> {
        Confidence::Signature.when(probe.head().starts_with(b"qoif"))
    }

    fn examine(&self, source: &Source<'_>, cx: &Context<'_>) -> Result<Examined> {
        let mut hidden = Hidden::default();
        let end = pixels_end(source, cx, Some(&mut hidden))?;
        let mut splice = Splice::new(source, cx, NAME, "qoi.gap");
        splice.keep(Span::new(0, HEADER), &HEADER_ROW);
        splice.keep(Span::new(HEADER, end), &PIXELS);
        let mark = Span::new(
            end,
            end.saturating_add(len_u64(END.len())).min(source.len()),
        );
        let has_mark = *source.read(mark)? == *END;
        let mark = if has_mark { mark } else { Span::new(end, end) };
        splice.rebuild(mark, &END_ROW, END.to_vec(), splice.since())?;
        splice.gap(Span::new(mark.end(), source.len()), "behind the picture")?;
        splice
            .residue
            .extend(hidden.residue("qoi.hidden", PIXELS.what));
        splice.finish()
    }

    fn payload_digest(&self, source: &Source<'_>, cx: &Context<'_>) -> Result<Digest> {
        let mut hasher = Hasher::new();
        hasher.span(source, Span::new(0, pixels_end(source, cx, None)?))?;
        Ok(hasher.finish())
    }

    /// Only pixels are coded in it, and no file is nested.
    fn streams(&self, _: &Source<'_>, _: &Context<'_>, _: &mut dyn Streams) -> Result<()> {
        Ok(())
    }
}

/// The pixel at hand, and those of which a byte is enough to name them again.
struct Pixels {
    now: [u8; 4],
    seen: [[u8; 4]; 64],
}

impl Pixels {
    /// The pixel that a chunk gives. Runs repeat the one before.
    fn step(&mut self, chunk: &[u8]) {
        let [r, g, b, a] = self.now;
        let add = |value: u8, more: u8, bias: u8| value.wrapping_add(more).wrapping_sub(bias);
        self.now = match *chunk {
            [0xFF, r, g, b, a] => [r, g, b, a],
            [0xFE, r, g, b] => [r, g, b, a],
            [tag @ 0x80..0xC0, more] => {
                let green = (tag & 0x3F).wrapping_sub(32);
                let red = add(r, green, 8).wrapping_add(more.wrapping_shr(4));
                let blue = add(b, green, 8).wrapping_add(more & 0x0F);
                [red, g.wrapping_add(green), blue, a]
            }
            [tag @ 0x40..0x80] => [
                add(r, tag.wrapping_shr(4) & 3, 2),
                add(g, tag.wrapping_shr(2) & 3, 2),
                add(b, tag & 3, 2),
                a,
            ],
            [tag @ 0..0x40] => self.seen.get(usize::from(tag)).copied().unwrap_or(self.now),
            _ => self.now,
        };
        let weighed = self.now.iter().zip([3u8, 5, 7, 11]);
        let place = weighed.fold(0u8, |sum, (n, weight)| {
            sum.wrapping_add(n.wrapping_mul(weight))
        });
        if let Some(seen) = self.seen.get_mut(usize::from(place % 64)) {
            *seen = self.now;
        }
    }
}

/// Where the last pixel ends; what is not seen goes into `hidden`.
fn pixels_end(
    source: &Source<'_>,
    cx: &Context<'_>,
    mut hidden: Option<&mut Hidden>,
) -> Result<u64> {
    let cut = || Error::malformed(NAME, source.len(), "the picture stops before its end");
    let head = source.peek(0, HEADER)?;
    let mut cursor = Cursor::new(&head);
    let header = (|| {
        cursor.skip(4)?;
        let (width, height) = (cursor.u32(Order::Big)?, cursor.u32(Order::Big)?);
        Some((width, height, cursor.u8()?, cursor.u8()?))
    })();
    let (width, height, channels, space) = header.ok_or_else(cut)?;
    if width == 0 || height == 0 || !matches!((channels, space), (3 | 4, 0 | 1)) {
        return Err(Error::malformed(NAME, 4, "a header that cannot be"));
    }
    let mut left = u64::from(width).saturating_mul(height.into());
    let mut at = HEADER;
    // Bytes of the chunk at hand that are still to come, and those that were met.
    let mut skip = 0u64;
    let mut chunk: Vec<u8> = Vec::new();
    let mut pixels = Pixels {
        now: [0, 0, 0, 0xFF],
        seen: [[0; 4]; 64],
    };
    while left > 0 || skip > 0 {
        cx.check_stop()?;
        let window = source.window(at)?;
        if window.is_empty() {
            return Err(cut());
        }
        for byte in &*window {
            if skip > 0 {
                skip = skip.saturating_sub(1);
            } else if left == 0 {
                break;
            } else {
                let (pixels, more) = match *byte {
                    0xFF => (1, 4),
                    0xFE => (1, 3),
                    0xC0.. => (u64::from(byte & 0x3F).saturating_add(1), 0),
                    0x80.. => (1, 1),
                    _ => (1, 0),
                };
                left = left.checked_sub(pixels).ok_or_else(|| {
                    Error::malformed(NAME, at, "more pixels than the picture has")
                })?;
                skip = more;
                chunk.clear();
            }
            chunk.push(*byte);
            if let (Some(hidden), 0) = (&mut hidden, skip) {
                pixels.step(&chunk);
                let [r, g, b, alpha] = pixels.now;
                hidden.pixel(&[r, g, b], alpha);
                if let [byte @ 0xC0..=0xFD] = *chunk {
                    hidden.repeat(u64::from(byte & 0x3F));
                }
            }
            at = at.saturating_add(1);
        }
    }
    Ok(at)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pipeline::testing::{self, copy as clean};

    fn picture() -> Vec<u8> {
        let mut out = b"qoif\0\0\0\x03\0\0\0\x02\x04\x00".to_vec();
        out.extend([0xFE, 1, 2, 3, 0xFF, 4, 5, 6, 7, 0x80, 0x88, 0x40, 0xC1]);
        [&out, END].concat()
    }

    #[test]
    fn colours_that_nobody_sees_are_told() {
        let with = |alpha: u8| {
            let mut out = b"qoif\0\0\0\x03\0\0\0\x3C\x04\x00".to_vec();
            // Black and white in turn.
            for n in 0..180 {
                let level = if n % 2 == 0 { 0 } else { 255 };
                out.extend([0xFF, level, level, level, alpha]);
            }
            [&out, END].concat()
        };
        let dirty = testing::cleaned(&with(0)).unwrap();
        assert_eq!(
            (dirty.bytes.as_slice(), dirty.stays()),
            (&*with(0), vec!["qoi.hidden"])
        );
        assert!(testing::cleaned(&with(4)).unwrap().residue.is_empty());
    }

    #[test]
    fn the_end_is_where_the_pixels_end() {
        assert_eq!(clean(&picture()).unwrap(), picture());
        let tail = [&picture()[..], b"57.70890N 11.97460E"].concat();
        assert_eq!(clean(&tail).unwrap(), picture());
        for len in 0..picture().len() - END.len() {
            assert!(clean(&picture()[..len]).is_err());
        }
        let unmarked = &picture()[..picture().len() - END.len()];
        assert_eq!(clean(unmarked).unwrap(), picture());
        let mut more = picture();
        more[26] = 0xC2;
        assert!(clean(&more).is_err(), "a run beyond the last pixel");
    }
}
