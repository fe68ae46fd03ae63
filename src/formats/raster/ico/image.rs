//! One image of an icon: a PNG, or a bitmap without file header and with a mask behind its pixels.

use super::NAME;
use crate::bytes::{Context, Hasher, Order, Source, Streams, copy_in_memory};
use crate::formats::common::{Hidden, NOT_SHOWN};
use crate::model::{Digest, Error, Examined, Found, Plan, Result, Row, Span};

/// Length of the only header that icons have (`BITMAPINFOHEADER`).
const HEADER: u64 = 40;
/// Length of the file header that a BMP has and an icon has not.
const FILE: u32 = 14;
const FILE_HEADER: usize = 14;
const PNG: &[u8] = b"\x89PNG\r\n\x1A\n";
const BITFIELDS: u32 = 3;

// Fields of the header by offset.
const HEIGHT: usize = 8;
const SIZE_IMAGE: usize = 20;

/// An image as it is located in the file.
#[derive(Debug)]
pub(super) struct Image {
    /// As many bytes of the file as it really has.
    pub(super) span: Span,
    pub(super) width: u32,
    pub(super) height: u32,
    /// Bits of a pixel.
    pub(super) depth: u16,
    kind: Kind,
}

#[derive(Debug)]
enum Kind {
    Png,
    /// A bitmap and its mask.
    Bitmap(Bitmap, Span),
}

/// What a bitmap's header says.
#[derive(Debug)]
struct Bitmap {
    header: Vec<u8>,
    width: u32,
    /// Of the picture and its mask together.
    height: u32,
    depth: u16,
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
pub(super) fn read(source: &Source<'_>, at: u64, announced: u64) -> Result<Image> {
    if *source.peek(at, 8)? == *PNG {
        let span = Span::new(at, at.saturating_add(announced).min(source.len()));
        // IHDR comes first, or the picture is damaged.
        let header = source.peek(at.saturating_add(16), 10)?;
        let side = |at: usize| header.get(at..).and_then(|rest| Order::Big.u32(rest));
        let samples = match header.get(9) {
            Some(2) => 3,
            Some(4) => 2,
            Some(6) => 4,
            _ => 1,
        };
        let depth = header.get(8).copied().map_or(0, u16::from);
        return Ok(Image {
            span,
            width: side(0).unwrap_or_default(),
            height: side(4).unwrap_or_default(),
            depth: depth.saturating_mul(samples),
            kind: Kind::Png,
        });
    }
    let bitmap = Bitmap::parse(source, at)?;
    let mask_start = at.saturating_add(bitmap.head).saturating_add(bitmap.pixels);
    let announced_end = at.saturating_add(announced);
    let (_, stride, rows) = bitmap.mask;
    let mut mask = Span::new(
        mask_start,
        mask_start.saturating_add(stride.saturating_mul(rows)),
    );
    // A picture with transparency of its own needs no mask.
    if bitmap.depth == 32 && announced_end <= mask_start {
        mask = Span::new(mask_start, mask_start);
    }
    if mask.end() > source.len() {
        return Err(Error::malformed(NAME, source.len(), super::CUT));
    }
    Ok(Image {
        span: Span::new(at, mask.end()),
        width: bitmap.width,
        height: bitmap.height / 2,
        depth: bitmap.depth,
        kind: Kind::Bitmap(bitmap, mask),
    })
}

impl Image {
    /// The image as it will be written, as a plan over the icon.
    ///
    /// # Errors
    /// As for a file of its own.
    pub(super) fn clean(&self, source: &Source<'_>, cx: &Context<'_>) -> Result<Examined> {
        match &self.kind {
            Kind::Png => {
                let examined = cx.examine_as("png", &source.sub(self.span)?)?;
                let mut plan = Plan::new();
                plan.splice(&examined.plan, self.span.start());
                Ok(Examined::rebuilt(examined.found, examined.residue, plan))
            }
            Kind::Bitmap(bitmap, mask) => bitmap.clean(source, self.span.start(), *mask, cx),
        }
    }

    /// The row that allows it.
    pub(super) fn row(&self) -> &'static Row {
        match self.kind {
            Kind::Png => &super::PNG,
            Kind::Bitmap(..) => &super::BITMAP,
        }
    }

    /// What the image shows.
    ///
    /// # Errors
    /// As for a file of its own.
    pub(super) fn payload(&self, source: &Source<'_>, cx: &Context<'_>) -> Result<Digest> {
        match &self.kind {
            Kind::Png => cx.payload_as("png", &source.sub(self.span)?),
            Kind::Bitmap(bitmap, mask) => {
                let bmp = bitmap.as_bmp(source, self.span.start(), cx)?;
                let digest = cx.payload_as("bmp", &Source::memory(&bmp))?;
                let mut hasher = Hasher::new();
                hasher.bytes(&digest.0.to_be_bytes());
                hasher.bytes(&bitmap.clean_mask(source, *mask, cx)?);
                Ok(hasher.finish())
            }
        }
    }

    /// Hands out what is compressed in the image.
    ///
    /// # Errors
    /// As for a file of its own, and the sink's.
    pub(super) fn streams(
        &self,
        source: &Source<'_>,
        cx: &Context<'_>,
        sink: &mut dyn Streams,
    ) -> Result<()> {
        match &self.kind {
            Kind::Png => cx.streams_nested(&source.sub(self.span)?, sink),
            Kind::Bitmap(..) => Ok(()),
        }
    }
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
        let (bits, rows) = (u64::from(width), u64::from(height / 2));
        let row = stride(bits.saturating_mul(depth.into()));
        let palette = u64::from(palette).saturating_mul(4);
        Ok(Self {
            width,
            height,
            depth,
            head: HEADER.saturating_add(masks).saturating_add(palette),
            pixels: row.saturating_mul(rows),
            mask: (bits, stride(bits), rows),
            header,
        })
    }

    /// The image as far as a BMP goes, as a file of its own.
    fn as_bmp(&self, source: &Source<'_>, at: u64, cx: &Context<'_>) -> Result<Vec<u8>> {
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
        Ok(bmp)
    }

    fn clean_mask(&self, source: &Source<'_>, mask: Span, cx: &Context<'_>) -> Result<Vec<u8>> {
        cx.memory(mask.len())?;
        let (bits, stride, _) = self.mask;
        Ok(clean_mask(&source.read(mask)?, bits, stride))
    }

    /// The image as it will be written: cleaned as a BMP, with header and mask of an icon.
    fn clean(
        &self,
        source: &Source<'_>,
        at: u64,
        mask: Span,
        cx: &Context<'_>,
    ) -> Result<Examined> {
        let bmp = self.as_bmp(source, at, cx)?;
        let inside = Source::memory(&bmp);
        let examined = cx.examine_as("bmp", &inside)?;
        let mut bytes = copy_in_memory(&examined.plan, &inside, cx)?;
        if bytes.len() != bmp.len() {
            return Err(Error::malformed(
                NAME,
                at,
                "an image of another length than its size says",
            ));
        }
        bytes.drain(..FILE_HEADER);
        let (mut found, mut residue) = (examined.found, examined.residue);
        let old = source.read(mask)?;
        let new = self.clean_mask(source, mask, cx)?;
        if *old != *new {
            found.secrets.harvest_lost(&old, &new);
            found.add(super::gap("mask", "bits at the ends of the rows", 0));
        }
        // Of a bitmap in a file of its own many programs do not show the alpha channel; of an icon all do.
        residue.retain(|finding| finding.what != NOT_SHOWN);
        let hidden = self.hidden(&bytes, &new);
        residue.extend(hidden.residue("ico.hidden", "mask"));
        let (_, stride, rows) = self.mask;
        let whole = self.pixels.saturating_add(stride.saturating_mul(rows));
        self.restore(&mut bytes, &mut found, whole);
        bytes.extend(new);
        let mut plan = Plan::new();
        plan.bytes(bytes);
        Ok(Examined::rebuilt(found, residue, plan))
    }

    /// The colours that are transparent by the mask or, of 32 bits, by alpha: where some alpha is not zero, the
    /// mask is not used.
    fn hidden(&self, clean: &[u8], mask: &[u8]) -> Hidden {
        let mut hidden = Hidden::default();
        let index = |n: u64| usize::try_from(n).unwrap_or(usize::MAX);
        let (_, mask_stride, rows) = self.mask;
        let stride = index(self.pixels.checked_div(rows).unwrap_or_default()).max(1);
        let (head, pixels) = clean.split_at_checked(index(self.head)).unwrap_or_default();
        let palette = head.get(index(HEADER)..).unwrap_or_default();
        let rows = pixels
            .chunks(stride)
            .zip(mask.chunks(index(mask_stride).max(1)));
        let mut alphas = pixels.chunks_exact(4).filter_map(|pixel| pixel.get(3));
        if self.depth == 32 && alphas.any(|alpha| *alpha != 0) {
            for (row, _) in rows {
                hidden.gap();
                for pixel in row.chunks_exact(4) {
                    if let [b, g, r, alpha] = pixel {
                        hidden.pixel(&[*b, *g, *r], *alpha);
                    }
                }
            }
            return hidden;
        }
        for (row, mask) in rows {
            let covered = |x: u32| {
                let byte = mask.get(index(u64::from(x / 8)));
                byte.is_some_and(|byte| byte & 0x80u8.wrapping_shr(x % 8) != 0)
            };
            hidden.gap();
            for x in 0..self.width {
                if !covered(x) {
                    hidden.pixel(&[], 255);
                    continue;
                }
                let depth = u64::from(self.depth);
                let bit = u64::from(x).saturating_mul(depth);
                let from = index(bit / 8);
                let bytes = index(depth / 8).max(1);
                let pixel = row
                    .get(from..from.saturating_add(bytes))
                    .unwrap_or_default();
                let colour = match (pixel, depth) {
                    ([byte], 1..=8) => {
                        let shift = 8u64.saturating_sub(depth).saturating_sub(bit % 8);
                        let shift = u32::try_from(shift).unwrap_or_default();
                        let most = 0xFFu8.wrapping_shr(8u32.saturating_sub(self.depth.into()));
                        let at = usize::from(byte.wrapping_shr(shift) & most).saturating_mul(4);
                        palette.get(at..at.saturating_add(3)).unwrap_or_default()
                    }
                    _ => pixel,
                };
                hidden.pixel(colour, 0);
            }
        }
        hidden
    }

    /// Makes the header one of an icon again. `whole` is the length of pixels and mask.
    fn restore(&self, clean: &mut [u8], found: &mut Found, whole: u64) {
        put(clean, HEIGHT, self.height);
        let old = Order::Little.u32(self.header.get(SIZE_IMAGE..).unwrap_or_default());
        let old = old.unwrap_or_default();
        // Programs do not agree whether the mask counts.
        let usual = [0, self.pixels, whole];
        if usual.contains(&old.into()) {
            put(clean, SIZE_IMAGE, old);
        } else {
            let whole = u32::try_from(whole).unwrap_or_default();
            put(clean, SIZE_IMAGE, whole);
            let finding = super::gap("biSizeImage", "a length that is not exact", 0);
            found.add(finding);
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
