//! Where everything stands in a BMP.

use super::NAME;
use crate::bytes::{Context, Cursor, Order, Source};
use crate::model::{Error, Result, Span, len_u64};

/// Length of the file header in bytes.
pub(super) const FILE: u64 = 14;
/// What every BMP begins with.
pub(super) const MAGIC: &[u8] = b"BM";
/// How much of what nobody knows is searched for readable text.
pub(super) const HARVEST: u64 = 1 << 20;

// Fields of the DIB header by offset.
pub(super) const SIZE_IMAGE: usize = 20;
/// Pixels per metre, across and down.
const DENSITY: [usize; 2] = [24, 28];
/// No screen and no printer has more: ten thousand a millimetre.
const DENSEST: u32 = 10_000_000;
pub(super) const COLOURS_USED: usize = 32;
pub(super) const COLOURS_IMPORTANT: usize = 36;
pub(super) const OS2_RESERVED: usize = 42;
/// Red, green, blue, alpha.
pub(super) const MASKS: [usize; 4] = [40, 44, 48, 52];
pub(super) const COLOUR_SPACE: usize = 56;
pub(super) const ENDPOINTS: usize = 60;
pub(super) const INTENT: usize = 108;
pub(super) const PROFILE_DATA: usize = 112;
pub(super) const PROFILE_SIZE: usize = 116;
pub(super) const V5_RESERVED: usize = 120;

/// `LCS_CALIBRATED_RGB`: the only colour space that asks for end points and gammas.
pub(super) const CALIBRATED: u32 = 0;
pub(super) const LINKED: u32 = u32::from_be_bytes(*b"LINK");
pub(super) const EMBEDDED_PROFILE: u32 = u32::from_be_bytes(*b"MBED");
/// `LCS_DEVICE_RGB` and `LCS_DEVICE_CMYK` of an older edition.
const DEVICE_RGB: u32 = 1;
const DEVICE_CMYK: u32 = 2;
const WINDOWS: u32 = u32::from_be_bytes(*b"Win ");
pub(super) const SRGB: u32 = u32::from_be_bytes(*b"sRGB");

/// How the pixels are stored.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Coding {
    /// Rows of so many bits, each padded to four bytes.
    Rows,
    /// Runs; the number is that of bits of a pixel.
    Runs(u64),
    /// A file of this format.
    File(&'static str),
}

/// Where everything stands.
#[derive(Debug)]
pub(super) struct Layout {
    /// The DIB header as it stands in the file.
    pub(super) header: Vec<u8>,
    /// It is one of OS/2, in which some fields mean something else.
    pub(super) is_os2: bool,
    pub(super) width: u64,
    pub(super) depth: u16,
    pub(super) compression: u32,
    pub(super) bits_per_row: u64,
    pub(super) rows: u64,
    pub(super) coding: Coding,
    pub(super) masks: Span,
    pub(super) palette: Span,
    /// Entries of the palette that the header may announce, where it announces more.
    pub(super) surplus_from: Option<u32>,
    pub(super) pixels: Span,
    /// Whether an end code has to be added to the runs.
    pub(super) runs_are_cut: bool,
    /// Bytes that fill runs up and are not zero: where, and what they should be.
    pub(super) fillings: Vec<(u64, u8)>,
    /// Which colours the runs name.
    pub(super) used: Vec<bool>,
    pub(super) profile: Option<Span>,
}

impl Layout {
    pub(super) fn parse(source: &Source<'_>, cx: &Context<'_>) -> Result<Self> {
        let start = |span: Option<Span>| span.filter(|span| span.end() <= source.len());
        let cut = || Error::malformed(NAME, source.len(), "the file stops before its end");
        let damaged = |what| Error::malformed(NAME, FILE, what);

        let head = source.peek(0, FILE.saturating_add(4))?;
        let offset = u64::from(field(&head, 10).ok_or_else(cut)?);
        let len = field(&head, 14).map(u64::from).ok_or_else(cut)?;
        let span = start(Span::sized(FILE, len)).ok_or_else(cut)?;
        if !is_header_length(len) {
            return Err(damaged("a header of unknown length"));
        }
        let header = source.read(span)?.into_owned();
        let is_core = len == 12;
        let is_os2 = len == 64 || (16..40).contains(&len);
        let mut cursor = Cursor::new(&header);
        let order = Order::Little;
        let size = (|| {
            cursor.skip(4)?;
            let (width, height) = if is_core {
                (cursor.u16(order)?.into(), i64::from(cursor.u16(order)?))
            } else {
                (i64::from(cursor.i32(order)?), i64::from(cursor.i32(order)?))
            };
            let _planes = cursor.u16(order)?;
            let depth = cursor.u16(order)?;
            Some((u64::try_from(width).ok()?, height.unsigned_abs(), depth))
        })();
        let (width, rows, depth) = size.ok_or_else(|| damaged("a picture of negative width"))?;
        if width == 0 || rows == 0 {
            return Err(damaged("a picture without pixels"));
        }
        let compression = field(&header, 16).filter(|_| !is_core).unwrap_or(0);
        let coding = match (compression, is_os2, depth) {
            (0, _, 1 | 2 | 4 | 8 | 16 | 24 | 32) => Coding::Rows,
            (1, _, 8) => Coding::Runs(8),
            (2, _, 4) => Coding::Runs(4),
            (4, true, 24) => Coding::Runs(24),
            (3 | 6, false, 16 | 32) => Coding::Rows,
            (4, false, _) => Coding::File("jpeg"),
            (5, false, _) => Coding::File("png"),
            _ => return Err(Error::unsupported("a BMP compressed in a rare way")),
        };

        let masks = match (compression, len) {
            (3, 40) => 12,
            (6, 40) => 16,
            _ => 0,
        };
        let masks = start(Span::sized(span.end(), masks)).ok_or_else(cut)?;
        let most = if depth <= 8 && !matches!(coding, Coding::File(_)) {
            1u32.wrapping_shl(depth.into())
        } else {
            0
        };
        let used = field(&header, COLOURS_USED)
            .filter(|_| !is_core)
            .unwrap_or(0);
        let entries = if used == 0 { most } else { used.min(most) };
        let entry = if is_core { 3 } else { 4 };
        let palette = u64::from(entries).saturating_mul(entry);
        let palette = Span::sized(masks.end(), palette).ok_or_else(cut)?;
        if offset < palette.end() && masks.end() <= offset {
            return Err(damaged(
                "a palette that reaches into the pixels: programs show it differently",
            ));
        }
        if offset < palette.end() || offset > source.len() {
            return Err(damaged("pixels where the header stands, or nowhere"));
        }

        let bits_per_row = width.saturating_mul(depth.into());
        let mut layout = Self {
            surplus_from: (used > most).then_some(most),
            is_os2,
            width,
            depth,
            compression,
            bits_per_row,
            rows,
            coding,
            masks,
            palette,
            pixels: Span::new(offset, offset),
            runs_are_cut: false,
            fillings: Vec::new(),
            used: vec![false; 256],
            profile: None,
            header,
        };
        let announced = field(&layout.header, SIZE_IMAGE).map_or(0, u64::from);
        let pixels = match coding {
            Coding::Rows => layout.stride().saturating_mul(rows),
            Coding::Runs(bits) => layout.runs(source, offset, bits, cx)?,
            Coding::File(_) => announced,
        };
        layout.pixels = start(Span::sized(offset, pixels)).ok_or_else(cut)?;
        layout.profile = layout.find_profile(source);
        Ok(layout)
    }

    /// Bytes of a colour of the palette.
    pub(super) fn palette_entry(&self) -> usize {
        if self.header.len() == 12 { 3 } else { 4 }
    }

    /// Bytes from one row to the next.
    pub(super) fn stride(&self) -> u64 {
        self.bits_per_row.div_ceil(32).saturating_mul(4)
    }

    /// Length of the runs up to their end code or the last row.
    fn runs(
        &mut self,
        source: &Source<'_>,
        offset: u64,
        bits: u64,
        cx: &Context<'_>,
    ) -> Result<u64> {
        // Programs read to the end code, whatever this number is.
        let announced = field(&self.header, SIZE_IMAGE).map_or(0, u64::from);
        let len = source.len().saturating_sub(offset);
        cx.memory(len)?;
        let data = source.read(Span::new(offset, offset.saturating_add(len)))?;
        let mut cursor = Cursor::new(&data);
        // What runs leave out has the first colour.
        self.name(0);
        let (mut column, mut row) = (0u64, 0u64);
        loop {
            let at = len_u64(cursor.at());
            let left = self.rows.saturating_sub(row);
            let is_complete = left == 0 || left == 1 && column >= self.width;
            let has_end = cursor.rest().starts_with(END_OF_RUNS);
            if announced > 0 && at == announced && is_complete && !has_end {
                // Some programs leave the end code out.
                return Ok(at);
            }
            let (Some(count), Some(value)) = (cursor.u8(), cursor.u8()) else {
                // Some programs leave the end code out.
                return Ok(len);
            };
            if (count, value) != (0, 1) && row >= self.rows {
                self.runs_are_cut = true;
                return Ok(at);
            }
            let done = match (count, value) {
                (0, 0) => {
                    (column, row) = (0, row.saturating_add(1));
                    Some(())
                }
                (0, 1) => return Ok(len_u64(cursor.at())),
                (0, 2) => cursor.take(2).map(|delta| {
                    let step = |index: usize| delta.get(index).copied().map_or(0, u64::from);
                    column = column.saturating_add(step(0));
                    row = row.saturating_add(step(1));
                }),
                (0, pixels) => {
                    column = column.saturating_add(pixels.into());
                    let start = offset.saturating_add(len_u64(cursor.at()));
                    let bytes = u64::from(pixels).saturating_mul(bits).div_ceil(8);
                    let padded = bytes.saturating_add(bytes % 2);
                    let taken = cursor.take(usize::try_from(padded).unwrap_or(usize::MAX));
                    if let Some(taken) = taken {
                        self.literal(taken, start, pixels, bits, cx)?;
                    }
                    taken.map(|_| ())
                }
                _ => {
                    column = column.saturating_add(count.into());
                    match bits {
                        // A run of one colour; three bytes of it at 24 bits.
                        24 => cursor.skip(2),
                        4 => {
                            self.name(value.wrapping_shr(4));
                            self.name(value & 0x0F);
                            Some(())
                        }
                        _ => {
                            self.name(value);
                            Some(())
                        }
                    }
                }
            };
            // Of nibbles one may fill the last byte up.
            let most = self.width.saturating_add(u64::from(bits == 4));
            if column > most {
                let what = "runs beyond the end of a row: programs show them differently";
                return Err(Error::malformed(NAME, offset.saturating_add(at), what));
            }
            if done.is_none() {
                return Ok(len);
            }
        }
    }

    /// The runs use this colour.
    fn name(&mut self, colour: u8) {
        if let Some(used) = self.used.get_mut(usize::from(colour)) {
            *used = true;
        }
    }

    /// So many pixels one by one, filled up to two bytes.
    fn literal(
        &mut self,
        bytes: &[u8],
        start: u64,
        pixels: u8,
        bits: u64,
        cx: &Context<'_>,
    ) -> Result<()> {
        let mut left = u64::from(pixels).saturating_mul(bits);
        for (byte, at) in bytes.iter().zip(start..) {
            let clean = match left {
                0 => 0,
                1..8 => byte & 0xF0,
                _ => *byte,
            };
            if clean != *byte {
                cx.item()?;
                self.fillings.push((at, clean));
            }
            if left > 0 && bits == 4 {
                self.name(clean.wrapping_shr(4));
                self.name(clean & 0x0F);
            } else if left > 0 && bits == 8 {
                self.name(clean);
            }
            left = left.saturating_sub(8);
        }
        Ok(())
    }

    /// The runs as they will be written.
    pub(super) fn clean_runs(&self, source: &Source<'_>) -> Result<Vec<u8>> {
        let mut runs = source.read(self.pixels)?.into_owned();
        for (at, clean) in &self.fillings {
            let index = at.saturating_sub(self.pixels.start());
            let byte = usize::try_from(index).ok().and_then(|i| runs.get_mut(i));
            if let Some(byte) = byte {
                *byte = *clean;
            }
        }
        Ok(runs)
    }

    fn number(&self, at: usize) -> Option<u32> {
        field(&self.header, at)
    }

    pub(super) fn colour_space(&self) -> Option<u32> {
        self.number(COLOUR_SPACE)
            .filter(|_| self.header.len() >= 108)
    }

    /// The profile, or the path to one, where it overlaps nothing else.
    fn find_profile(&self, source: &Source<'_>) -> Option<Span> {
        let space = self.colour_space().filter(|_| self.header.len() >= 124)?;
        if !matches!(space, LINKED | EMBEDDED_PROFILE) {
            return None;
        }
        let at = FILE.checked_add(self.number(PROFILE_DATA)?.into())?;
        let span = Span::sized(at, self.number(PROFILE_SIZE)?.into())?;
        let is_apart = |other: Span| span.end() <= other.start() || other.end() <= span.start();
        let is_free = span.start() >= self.palette.end() && is_apart(self.pixels);
        (is_free && !span.is_empty() && span.end() <= source.len()).then_some(span)
    }

    /// The part of a row that is not padding: whole bytes, and the bits of the byte behind them.
    pub(super) fn used_in_row(&self) -> (usize, u8) {
        let bits = u32::try_from(self.bits_per_row % 8).unwrap_or_default();
        let bytes = usize::try_from(self.bits_per_row / 8).unwrap_or(usize::MAX);
        (bytes, !0xFFu8.wrapping_shr(bits))
    }

    /// The DIB header as it will be written.
    pub(super) fn clean_header(&self, pixels: u64, profile: Option<u64>) -> Vec<u8> {
        let mut out = self.header.clone();
        let small = |n: u64| u32::try_from(n).unwrap_or(u32::MAX);
        if self.number(SIZE_IMAGE).is_some_and(|n| n != 0) {
            put(&mut out, SIZE_IMAGE, small(pixels));
        }
        if let Some(most) = self.surplus_from {
            put(&mut out, COLOURS_USED, most);
        }
        if self.number(COLOURS_IMPORTANT).is_some_and(|n| n > 256) {
            put(&mut out, COLOURS_IMPORTANT, 0);
        }
        for at in DENSITY {
            if self.number(at).is_some_and(|n| n > DENSEST) {
                put(&mut out, at, 0);
            }
        }
        let planes = if out.len() == 12 { 8 } else { 12 };
        put_bytes(&mut out, planes, &1u16.to_le_bytes());
        if self.is_os2 {
            // How to print it with few colours, which no program does, and an id.
            put_bytes(&mut out, OS2_RESERVED, &[0; 22]);
            return out;
        }
        let uses_masks = matches!(self.compression, 3 | 6);
        for at in MASKS {
            let mask = self.number(at).unwrap_or_default();
            if !uses_masks && !is_run(mask) {
                put(&mut out, at, 0);
            }
        }
        let Some(space) = self.colour_space() else {
            return out;
        };
        if space != CALIBRATED {
            put_bytes(&mut out, ENDPOINTS, &[0; 48]);
        }
        let is_known = matches!(
            space,
            CALIBRATED | DEVICE_RGB | DEVICE_CMYK | SRGB | WINDOWS
        );
        if !is_known && profile.is_none() {
            put(&mut out, COLOUR_SPACE, SRGB);
        }
        if !matches!(self.number(INTENT), Some(1 | 2 | 4 | 8)) {
            put(&mut out, INTENT, 0);
        }
        let at = self
            .palette
            .end()
            .saturating_sub(FILE)
            .saturating_add(pixels);
        put(
            &mut out,
            PROFILE_DATA,
            if profile.is_some() { small(at) } else { 0 },
        );
        put(&mut out, PROFILE_SIZE, small(profile.unwrap_or(0)));
        put(&mut out, V5_RESERVED, 0);
        out
    }
}

/// Whether a mask is one run of bits.
fn is_run(mask: u32) -> bool {
    let bits = mask.checked_shr(mask.trailing_zeros()).unwrap_or_default();
    bits & bits.wrapping_add(1) == 0
}

/// Which headers there are: Windows 40 to 124, OS/2 12 and 16 to 64.
pub(super) fn is_header_length(len: u64) -> bool {
    matches!(len, 12 | 16..=40 | 52 | 56 | 64 | 108 | 124)
}

pub(super) fn field(bytes: &[u8], at: usize) -> Option<u32> {
    Order::Little.u32(bytes.get(at..)?)
}

/// Writes a field, if the header is long enough to have it.
pub(super) fn put(header: &mut [u8], at: usize, value: u32) {
    put_bytes(header, at, &value.to_le_bytes());
}

pub(super) fn put_bytes(header: &mut [u8], at: usize, value: &[u8]) {
    if let Some(place) = header
        .get_mut(at..)
        .and_then(|rest| rest.get_mut(..value.len()))
    {
        place.copy_from_slice(value);
    }
}

/// `00 01`: no more rows.
pub(super) const END_OF_RUNS: &[u8] = &[0, 1];

/// Bytes that are read at a time, as far as whole rows allow.
pub(super) const BATCH: u64 = 256 << 10;

/// Hands out every row and where it begins.
pub(super) fn for_each_row(
    layout: &Layout,
    source: &Source<'_>,
    cx: &Context<'_>,
    mut f: impl FnMut(u64, &[u8]) -> Result<()>,
) -> Result<()> {
    let stride = layout.stride();
    let batch = BATCH.next_multiple_of(stride.max(1));
    let row_len = usize::try_from(stride).unwrap_or(usize::MAX);
    let mut at = layout.pixels.start();
    while at < layout.pixels.end() {
        cx.check_stop()?;
        let end = at.saturating_add(batch).min(layout.pixels.end());
        for row in source.read(Span::new(at, end))?.chunks(row_len) {
            f(at, row)?;
            at = at.saturating_add(stride);
        }
    }
    Ok(())
}
