//! One image of an icon: a PNG, or a bitmap without file header and with a mask behind its pixels.

use super::NAME;
use crate::bytes::{Context, Order, Source};
use crate::model::{Error, Found, Result, Span};

/// Length of the only header that icons have (`BITMAPINFOHEADER`).
const HEADER: u64 = 40;
/// Length of the file header that a BMP has and an icon has not.
const FILE: u32 = 14;
const PNG: &[u8] = b"\x89PNG\r\n\x1A\n";
const BITFIELDS: u32 = 3;

// Fields of the header by offset.
const HEIGHT: usize = 8;
const SIZE_IMAGE: usize = 20;

/// An image as it stands and as it will be written.
#[derive(Debug)]
pub(super) struct Image {
    /// As many bytes of the file as it really has.
    pub(super) span: Span,
    pub(super) clean: Vec<u8>,
    pub(super) found: Found,
}

/// What a bitmap's header says.
struct Bitmap {
    header: Vec<u8>,
    height: u32,
    /// Length of header, masks and palette.
    head: u64,
    /// Length of the pixels.
    pixels: u64,
    /// Bits of a row of the mask, bytes from one to the next, and how many there are.
    mask: (u64, u64, u64),
}

/// Reads the image that begins at `at`; the directory says that it has `announced` bytes.
///
/// # Errors
/// [`Error::Malformed`] when it is damaged, [`Error::Unsupported`] when it is of a rare kind.
pub(super) fn read(
    source: &Source<'_>,
    at: u64,
    announced: u64,
    cx: &Context<'_>,
) -> Result<Image> {
    if *source.peek(at, 8)? == *PNG {
        let span = Span::new(at, at.saturating_add(announced).min(source.len()));
        let inside = source.sub(span)?;
        return Ok(Image {
            span,
            clean: cx.clean_nested("png", &inside)?,
            found: cx.inspect_nested(&inside)?,
        });
    }
    let bitmap = Bitmap::parse(source, at)?;
    let mask_start = at.saturating_add(bitmap.head).saturating_add(bitmap.pixels);
    let announced_end = at.saturating_add(announced);
    let (bits, stride, rows) = bitmap.mask;
    let mut mask = Span::new(
        mask_start,
        mask_start.saturating_add(stride.saturating_mul(rows)),
    );
    // A picture with transparency of its own needs no mask.
    let has_alpha = Order::Little.u16(bitmap.header.get(14..).unwrap_or_default()) == Some(32);
    if has_alpha && announced_end <= mask_start {
        mask = Span::new(mask_start, mask_start);
    }
    if mask.end() > source.len() {
        return Err(Error::malformed(NAME, source.len(), super::CUT));
    }
    let mut image = bitmap.clean(source, at, cx)?;
    cx.memory(mask.len())?;
    let old = source.read(mask)?;
    let new = clean_mask(&old, bits, stride);
    if *old != *new {
        image.found.secrets.harvest(&old);
        image
            .found
            .add(super::gap("mask", "bits at the ends of the rows", 0));
    }
    let whole = bitmap.pixels.saturating_add(stride.saturating_mul(rows));
    bitmap.restore(&mut image.clean, whole, &mut image.found);
    image.clean.extend(new);
    image.span = Span::new(at, mask.end());
    Ok(image)
}

impl Bitmap {
    fn parse(source: &Source<'_>, at: u64) -> Result<Self> {
        let header = source.peek(at, HEADER)?.into_owned();
        let field = |offset: usize| Order::Little.u32(header.get(offset..)?);
        let half = |offset: usize| Order::Little.u16(header.get(offset..)?);
        let (Some(len), Some(width), Some(height), Some(depth), Some(compression), Some(colours)) = (
            field(0),
            field(4),
            field(HEIGHT),
            half(14),
            field(16),
            field(32),
        ) else {
            return Err(Error::malformed(NAME, at, super::CUT));
        };
        let rare = || Error::unsupported("an icon with an image of a rare kind");
        if u64::from(len) != HEADER {
            return Err(rare());
        }
        let sides = |n: u32| i32::try_from(n).is_ok_and(|n| n > 0);
        if !sides(width) || !sides(height) || height % 2 != 0 {
            return Err(Error::malformed(NAME, at, "an image without a size"));
        }
        let most = match depth {
            1 | 2 | 4 | 8 => 1u32.wrapping_shl(depth.into()),
            16 | 24 | 32 => 0,
            _ => return Err(rare()),
        };
        let masks = match (compression, depth) {
            (0, _) => 0,
            (BITFIELDS, 16 | 32) => 12,
            _ => return Err(rare()),
        };
        if colours > most {
            return Err(rare());
        }
        let palette = if colours == 0 { most } else { colours };
        let stride = |bits: u64| bits.div_ceil(32).saturating_mul(4);
        let (width, rows) = (u64::from(width), u64::from(height / 2));
        let row = stride(width.saturating_mul(depth.into()));
        let palette = u64::from(palette).saturating_mul(4);
        Ok(Self {
            height,
            head: HEADER.saturating_add(masks).saturating_add(palette),
            pixels: row.saturating_mul(rows),
            mask: (width, stride(width), rows),
            header,
        })
    }

    /// The image as far as a BMP goes, cleaned by whoever knows those.
    fn clean(&self, source: &Source<'_>, at: u64, cx: &Context<'_>) -> Result<Image> {
        let len = self.head.saturating_add(self.pixels);
        let end = at.saturating_add(len);
        if end > source.len() {
            return Err(Error::malformed(NAME, source.len(), super::CUT));
        }
        cx.memory(len)?;
        let rest = source.read(Span::new(at.saturating_add(HEADER), end))?;
        let small = |n: u64| {
            u32::try_from(n)
                .ok()
                .and_then(|n| n.checked_add(FILE))
                .ok_or(Error::LimitExceeded { limit: "block" })
        };
        let mut bmp = b"BM".to_vec();
        bmp.extend(small(len)?.to_le_bytes());
        bmp.extend([0; 4]);
        bmp.extend(small(self.head)?.to_le_bytes());
        let mut header = self.header.clone();
        put(&mut header, HEIGHT, self.height / 2);
        put(&mut header, SIZE_IMAGE, 0);
        bmp.extend(header);
        bmp.extend_from_slice(&rest);
        let inside = Source::memory(&bmp);
        let clean = cx.clean_nested("bmp", &inside)?;
        if clean.len() != bmp.len() {
            return Err(Error::malformed(
                NAME,
                at,
                "an image of another length than its size says",
            ));
        }
        Ok(Image {
            span: Span::new(at, end),
            clean: clean.get(14..).unwrap_or_default().to_vec(),
            found: cx.inspect_nested(&inside)?,
        })
    }

    /// Makes the header one of an icon again. `whole` is the length of pixels and mask.
    fn restore(&self, clean: &mut [u8], whole: u64, found: &mut Found) {
        put(clean, HEIGHT, self.height);
        let old = Order::Little.u32(self.header.get(SIZE_IMAGE..).unwrap_or_default());
        let old = old.unwrap_or_default();
        // Programs do not agree whether the mask counts.
        let usual = [0, self.pixels, whole];
        if usual.contains(&old.into()) {
            put(clean, SIZE_IMAGE, old);
        } else {
            put(clean, SIZE_IMAGE, u32::try_from(whole).unwrap_or_default());
            found.add(super::gap("biSizeImage", "a length that is not exact", 0));
        }
    }
}

/// Rows of a mask without what stands behind their bits.
fn clean_mask(mask: &[u8], bits: u64, stride: u64) -> Vec<u8> {
    let used = usize::try_from(bits / 8).unwrap_or(usize::MAX);
    let left = u32::try_from(bits % 8).unwrap_or_default();
    let keep = !0xFFu8.wrapping_shr(left);
    let mut out = mask.to_vec();
    for row in out.chunks_mut(usize::try_from(stride).unwrap_or(usize::MAX).max(1)) {
        for (index, byte) in row.iter_mut().enumerate().skip(used) {
            *byte &= if index == used { keep } else { 0 };
        }
    }
    out
}

fn put(header: &mut [u8], at: usize, value: u32) {
    let place = header.get_mut(at..).and_then(|rest| rest.get_mut(..4));
    if let Some(place) = place {
        place.copy_from_slice(&value.to_le_bytes());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn masks_end_where_their_bits_end() {
        assert_eq!(clean_mask(&[0xFF; 8], 3, 4), [0xE0, 0, 0, 0, 0xE0, 0, 0, 0]);
        assert_eq!(clean_mask(&[0xFF; 4], 32, 4), [0xFF; 4]);
        assert_eq!(clean_mask(&[0xFF; 4], 16, 4), [0xFF, 0xFF, 0, 0]);
        assert!(clean_mask(&[], 3, 4).is_empty());
    }
}
