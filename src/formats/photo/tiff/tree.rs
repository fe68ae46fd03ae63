//! All directories of a file: the chain of pages, and the directories below them.

use super::tags::{
    BITS, COMPRESSION, DEPTH, EXTRA_SAMPLES, FILL_ORDER, JPEG_OFFSET, LENGTH, LERC_PARAMETERS,
    NEW_SUBFILE_TYPE, PHOTOMETRIC, PLANAR, PREDICTED, PREDICTOR, ROWS_PER_STRIP, SAMPLES,
    STRIP_OFFSETS, SUB_IFDS, SUBFILE_TYPE, SUBSAMPLING, T4_OPTIONS, TILE_LENGTH, TILE_OFFSETS,
    TILE_WIDTH, WIDTH,
};
use std::rc::Rc;

use crate::bytes::Context;
use crate::containers::tiff::file::{Directory, TiffFile, whole_numbers};
use crate::containers::tiff::ifd::Spans;
use crate::model::{Result, Span};

/// Directories below directories.
const DEEPEST: u32 = 4;

/// A directory and those below it.
#[derive(Debug)]
pub(super) struct Node {
    pub(super) directory: Directory,
    pub(super) shape: Shape,
    /// Where it stands, for people.
    pub(super) place: String,
    pub(super) below: Vec<Self>,
    /// Where the structures of the file begin, in ascending order: data whose length is not known ends
    /// before the next one.
    pub(super) edges: Rc<[u64]>,
}

/// Longer lists of offsets are not taken into [`Node::edges`].
const FEW_OFFSETS: u64 = 64;

/// The numbers that decide how coded data is to be read.
#[derive(Clone, Debug, Default)]
pub(super) struct Shape {
    pub(super) kind: u64,
    pub(super) width: u64,
    pub(super) length: u64,
    pub(super) bits: Vec<u64>,
    pub(super) compression: u64,
    pub(super) photometric: Option<u64>,
    pub(super) samples: u64,
    pub(super) rows_per_strip: u64,
    pub(super) planar: u64,
    pub(super) tile: Option<(u64, u64)>,
    pub(super) subsampling: Option<(u64, u64)>,
    pub(super) depth: u64,
    pub(super) fill_order: u64,
    pub(super) predictor: u64,
    pub(super) extra: Vec<u64>,
    /// What the compression has to be told: how a fax is coded, what is done to LERC, in how many bytes
    /// SGI's logarithms stand.
    pub(super) options: u64,
}

/// Where a strip or tile stands in the picture.
#[derive(Clone, Copy, Debug)]
pub(super) struct Placed {
    pub(super) width: u64,
    pub(super) seen_width: u64,
    pub(super) rows: u64,
    pub(super) seen_rows: u64,
    pub(super) plane: u64,
}

/// PhotometricInterpretation: luminance and two colour differences.
const YCBCR: u64 = 6;
/// PhotometricInterpretation: inks, four as a rule.
const INKS: u64 = 5;
/// PhotometricInterpretation: logarithm of the luminance.
const LOG_L: u64 = 32844;
/// A smaller picture of the same (NewSubfileType bit 0).
pub(super) const REDUCED: u64 = 1;
/// A transparency mask (NewSubfileType bit 2).
pub(super) const MASK: u64 = 4;

impl Node {
    /// Whether there is coded data.
    pub(super) fn has_image(&self) -> bool {
        let data = [STRIP_OFFSETS, TILE_OFFSETS, JPEG_OFFSET];
        data.iter().any(|tag| self.directory.get(*tag).is_some())
    }

    /// Whether its coded data stands in strips or tiles.
    pub(super) fn has_strips(&self) -> bool {
        let data = [STRIP_OFFSETS, TILE_OFFSETS];
        data.iter().any(|tag| self.directory.get(*tag).is_some())
    }

    /// Whether it is marked as a smaller picture of another one, or is what cameras put behind a
    /// picture: a JPEG without any word about its size.
    pub(super) fn is_reduced(&self) -> bool {
        let bare = self.shape.width == 0 && self.directory.get(JPEG_OFFSET).is_some();
        self.shape.kind & REDUCED != 0 || bare
    }

    /// This one and all below.
    pub(super) fn each<'n>(&'n self, f: &mut dyn FnMut(&'n Self)) {
        f(self);
        for node in &self.below {
            node.each(f);
        }
    }

    fn set_edges(&mut self, edges: &Rc<[u64]>) {
        self.edges = Rc::clone(edges);
        for node in &mut self.below {
            node.set_edges(edges);
        }
    }
}

/// Where the tables, values and strips of all directories begin.
fn edges(file: &TiffFile<'_, '_>, chain: &[Node], cx: &Context<'_>) -> Result<Rc<[u64]>> {
    let mut all = Vec::new();
    let mut lists = Vec::new();
    for node in chain {
        node.each(&mut |node| {
            all.push(node.directory.table.start());
            for field in &node.directory.fields {
                if !field.inline {
                    all.push(field.value.start());
                }
                let is_list = matches!(field.tag, STRIP_OFFSETS | TILE_OFFSETS | JPEG_OFFSET);
                if is_list && field.count <= FEW_OFFSETS {
                    lists.push(*field);
                }
            }
        });
    }
    for field in lists {
        all.extend(file.numbers(&field, cx)?.unwrap_or_default());
    }
    all.sort_unstable();
    all.dedup();
    Ok(all.into())
}

/// Reads all directories. Their tables are claimed.
pub(super) fn read(
    file: &TiffFile<'_, '_>,
    tables: &mut Spans,
    cx: &Context<'_>,
) -> Result<Vec<Node>> {
    tables.claim(Span::new(0, file.header_len()));
    let mut chain = Vec::new();
    let mut next = Some(file.first());
    while let Some(at) = next {
        let place = format!("page {}", chain.len().saturating_add(1));
        let node = node(file, at, place, tables, 0, cx)?;
        next = node.directory.next;
        chain.push(node);
    }
    let edges = edges(file, &chain, cx)?;
    chain.iter_mut().for_each(|node| node.set_edges(&edges));
    Ok(chain)
}

fn node(
    file: &TiffFile<'_, '_>,
    at: u64,
    place: String,
    tables: &mut Spans,
    depth: u32,
    cx: &Context<'_>,
) -> Result<Node> {
    if depth > DEEPEST {
        return Err(file.malformed(at, "directories below directories without end"));
    }
    let directory = file.directory(at, cx)?;
    if !tables.claim(directory.table) {
        return Err(file.malformed(at, "directories form a loop or overlap"));
    }
    let shape = Shape::read(file, &directory, cx)?;
    let mut below = Vec::new();
    for field in directory.fields.iter().filter(|f| f.tag == SUB_IFDS) {
        let offsets = file
            .numbers(field, cx)?
            .ok_or_else(|| file.malformed(at, "a list of directories is damaged"))?;
        // Some programs leave room for a directory that they do not write.
        let offsets = offsets.into_iter().filter(|offset| *offset != 0);
        for (number, offset) in offsets.enumerate() {
            let number = number.saturating_add(1);
            let place = format!("{place}/SubIFD {number}");
            let depth = depth.saturating_add(1);
            below.push(self::node(file, offset, place, tables, depth, cx)?);
        }
    }
    Ok(Node {
        directory,
        shape,
        place,
        below,
        edges: Rc::default(),
    })
}

impl Shape {
    fn read(file: &TiffFile<'_, '_>, directory: &Directory, cx: &Context<'_>) -> Result<Self> {
        let number = |tag: u16| -> Result<Option<u64>> {
            match directory.get(tag) {
                Some(field) if field.complete => {
                    let bytes = file.value(field, cx)?;
                    let all = whole_numbers(file.order(), field.kind, &bytes);
                    Ok(all.and_then(|all| all.first().copied()))
                }
                _ => Ok(None),
            }
        };
        let few = |tag: u16| -> Result<Option<Vec<u64>>> {
            match directory.get(tag).filter(|field| field.count <= 64) {
                Some(field) if field.complete => {
                    let bytes = file.value(field, cx)?;
                    Ok(whole_numbers(file.order(), field.kind, &bytes))
                }
                _ => Ok(None),
            }
        };
        let reduced = number(SUBFILE_TYPE)? == Some(2);
        let bits = few(BITS)?
            .filter(|bits| !bits.is_empty())
            .unwrap_or(vec![1]);
        let samples = number(SAMPLES)?.unwrap_or(crate::model::len_u64(bits.len()));
        let compression = number(COMPRESSION)?.unwrap_or(1);
        let photometric = number(PHOTOMETRIC)?;
        let options = match compression {
            3 => number(T4_OPTIONS)?,
            34887 => few(LERC_PARAMETERS)?.and_then(|all| all.get(1).copied()),
            34676 => Some(if photometric == Some(LOG_L) { 2 } else { 4 }),
            _ => None,
        };
        Ok(Self {
            kind: number(NEW_SUBFILE_TYPE)?.unwrap_or(0) | u64::from(reduced),
            width: number(WIDTH)?.unwrap_or(0),
            length: number(LENGTH)?.unwrap_or(0),
            bits,
            compression,
            photometric,
            samples: samples.max(1),
            rows_per_strip: number(ROWS_PER_STRIP)?.unwrap_or(u64::MAX),
            planar: number(PLANAR)?.unwrap_or(1),
            tile: number(TILE_WIDTH)?.zip(number(TILE_LENGTH)?),
            subsampling: few(SUBSAMPLING)?.and_then(|s| Some((*s.first()?, *s.get(1)?))),
            depth: number(DEPTH)?.unwrap_or(1),
            fill_order: number(FILL_ORDER)?.unwrap_or(1),
            // Decoders of other compressions do not look at it.
            predictor: number(PREDICTOR)?
                .filter(|_| PREDICTED.contains(&compression))
                .unwrap_or(1),
            extra: few(EXTRA_SAMPLES)?.unwrap_or_default(),
            options: options.unwrap_or(0),
        })
    }

    /// Planes of samples that stand behind each other.
    fn planes(&self) -> u64 {
        if self.planar == 2 { self.samples } else { 1 }
    }

    /// Width and length of a strip or tile.
    fn block(&self, tiled: bool) -> Option<(u64, u64)> {
        let (width, length) = match self.tile.filter(|_| tiled) {
            Some(tile) => tile,
            None => (self.width, self.rows_per_strip.min(self.length)),
        };
        (width > 0 && length > 0).then_some((width, length))
    }

    /// How many strips or tiles there are.
    pub(super) fn blocks(&self, tiled: bool) -> Option<u64> {
        let (width, length) = self.block(tiled)?;
        let across = self.width.div_ceil(width);
        let down = self.length.div_ceil(length);
        let deep = self.depth.max(1);
        across
            .checked_mul(down)?
            .checked_mul(self.planes())?
            .checked_mul(deep)
    }

    /// Where the strip or tile with this number stands.
    pub(super) fn placed(&self, tiled: bool, index: u64) -> Option<Placed> {
        let (width, length) = self.block(tiled)?;
        let across = self.width.div_ceil(width);
        let per_plane = across.checked_mul(self.length.div_ceil(length))?;
        let plane = index.checked_div(per_plane)?;
        let index = index.checked_rem(per_plane)?;
        let left = index.checked_rem(across)?.checked_mul(width)?;
        let above = index.checked_div(across)?.checked_mul(length)?;
        let seen_rows = self.length.checked_sub(above)?.min(length);
        Some(Placed {
            width,
            seen_width: self.width.checked_sub(left)?.min(width),
            rows: if tiled { length } else { seen_rows },
            seen_rows,
            plane,
        })
    }

    /// Bits of the samples of a pixel; `None` where pixels stand in squares, or on top of each other.
    pub(super) fn sample_bits(&self, plane: u64) -> Option<Vec<u64>> {
        let is_squares =
            self.photometric == Some(YCBCR) && self.planar != 2 && self.subsampling != Some((1, 1));
        if is_squares || self.depth != 1 || self.samples > 64 {
            return None;
        }
        let plane = usize::try_from(plane).ok()?;
        let first = *self.bits.first()?;
        if self.planar == 2 {
            return Some(vec![self.bits.get(plane).copied().unwrap_or(first)]);
        }
        let mut bits = self.bits.clone();
        if crate::model::len_u64(bits.len()) != self.samples {
            bits = vec![first; usize::try_from(self.samples).ok()?];
        }
        Some(bits)
    }

    /// Which sample says how transparent a pixel is.
    pub(super) fn alpha(&self) -> Option<u64> {
        let nth = self.extra.iter().position(|kind| matches!(kind, 1 | 2))?;
        let colours = self
            .samples
            .checked_sub(crate::model::len_u64(self.extra.len()))?;
        colours.checked_add(crate::model::len_u64(nth))
    }

    /// The first sample that is neither a colour nor said to be transparency; `None` where all are, and
    /// where what samples mean is not known.
    pub(super) fn first_unspecified(&self) -> Option<u64> {
        let colours = match self.photometric? {
            0 | 1 | 3 => 1,
            YCBCR | 2 | 8..=10 => 3,
            INKS => 4,
            _ => return None,
        };
        let said = crate::model::len_u64(self.extra.len());
        let is_said = |nth: u64| {
            let extra = nth.checked_sub(self.samples.checked_sub(said)?)?;
            self.extra.get(usize::try_from(extra).ok()?)
        };
        let is_open = |nth: &u64| !matches!(is_said(*nth), Some(1 | 2));
        (colours..self.samples.min(64)).find(is_open)
    }

    /// Bytes that a strip or tile has when it is not compressed; `None` where that is not sure.
    pub(super) fn block_len(&self, tiled: bool, index: u64) -> Option<u64> {
        if self.depth != 1 {
            return None;
        }
        let (width, length) = self.block(tiled)?;
        let across = self.width.div_ceil(width);
        let down = self.length.div_ceil(length);
        let per_plane = across.checked_mul(down)?;
        let rows = if tiled {
            length
        } else {
            let above = index.checked_rem(per_plane)?.checked_mul(length)?;
            self.length.checked_sub(above)?.min(length)
        };
        if self.photometric == Some(YCBCR) && self.planar != 2 && self.subsampling != Some((1, 1)) {
            let (h, v) = self.subsampling.unwrap_or((2, 2));
            if h == 0 || v == 0 || self.samples != 3 || self.bits.iter().any(|bits| *bits != 8) {
                return None;
            }
            let unit = h.checked_mul(v)?.checked_add(2)?;
            return width
                .div_ceil(h)
                .checked_mul(rows.div_ceil(v))?
                .checked_mul(unit);
        }
        let bits = if self.planar == 2 {
            let plane = usize::try_from(index.checked_div(per_plane)?).ok()?;
            *self.bits.get(plane).or(self.bits.first())?
        } else if crate::model::len_u64(self.bits.len()) == self.samples {
            self.bits
                .iter()
                .try_fold(0_u64, |sum, bits| sum.checked_add(*bits))?
        } else {
            self.bits.first()?.checked_mul(self.samples)?
        };
        width.checked_mul(bits)?.div_ceil(8).checked_mul(rows)
    }
}
