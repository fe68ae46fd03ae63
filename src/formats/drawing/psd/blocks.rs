//! Tagged blocks: what is kept of each, and how.

use std::collections::BTreeSet;

use super::descriptor::{self, Ids, Rewritten};
use super::layout::Block;
use super::links::{self, Want};
use crate::bytes::{Context, Cursor, Order, Source};
use crate::formats::common::reads_like_text;
use crate::model::{Result, fit, len_u64};

/// What becomes of a block.
pub(super) enum Verdict {
    /// Numbers only: as they stand.
    Numbers(Vec<u8>),
    /// Text that cannot be parted from the layer: as it stands, and that is said.
    Text(Vec<u8>),
    /// Written anew.
    Made(Box<Made>),
    /// It says nothing about how the layer looks.
    Gone,
    /// It might; programs that can edit layers lose something.
    Less,
}

/// A block that is written anew.
#[derive(Default)]
pub(super) struct Made {
    pub(super) bytes: Vec<u8>,
    /// Texts that are not in it any more.
    pub(super) texts: Vec<String>,
    /// Keys and names of classes, which Adobe's programs define.
    pub(super) words: BTreeSet<String>,
    /// Something is missing that an editor might show.
    pub(super) is_less: bool,
    /// What the files inside give away.
    pub(super) found: crate::model::Found,
    /// What of it stays.
    pub(super) stays: Vec<crate::model::Finding>,
}

/// Blocks of numbers, and the longest that they are.
const NUMBERS: &[(&[u8; 4], u64)] = &[
    (b"lsct", 16),
    (b"lsdk", 16),
    (b"clbl", 4),
    (b"infx", 4),
    (b"knko", 4),
    (b"lspf", 4),
    (b"lclr", 8),
    (b"fxrp", 16),
    (b"tsly", 4),
    (b"lmgm", 4),
    (b"vmgm", 4),
    (b"iOpa", 4),
    (b"brst", 224),
    (b"brit", 8),
    (b"levl", 640),
    (b"curv", 8192),
    (b"blnc", 24),
    (b"hue ", 64 << 10),
    (b"hue2", 64 << 10),
    (b"selc", 96),
    (b"mixr", 64),
    (b"phfl", 32),
    (b"nvrt", 0),
    (b"post", 4),
    (b"thrs", 4),
    (b"expA", 16),
    (b"vmsk", 16 << 20),
    (b"vsms", 16 << 20),
    (b"lrFX", 1024),
    (b"Mtrn", 0),
    (b"Mt16", 0),
    (b"Mt32", 0),
    (b"LMsk", 14),
    (b"FMsk", 12),
    (b"vowv", 4),
    (b"lnsr", 4),
    (b"lyvr", 4),
    (b"sn2P", 4),
    (b"Patt", 0),
    (b"Pat2", 0),
    (b"Pat3", 0),
];

/// Blocks with a descriptor, and the bytes in front of it.
const DESCRIPTORS: &[(&[u8; 4], usize)] = &[
    (b"SoCo", 4),
    (b"GdFl", 4),
    (b"PtFl", 4),
    (b"vibA", 4),
    (b"blwh", 4),
    (b"CgEd", 4),
    (b"lfx2", 8),
    (b"lmfx", 8),
    (b"lfxs", 8),
    (b"vscg", 8),
    (b"vstk", 4),
    (b"vogk", 8),
    (b"artb", 4),
    (b"artd", 4),
    (b"abdd", 4),
    (b"SoLd", 12),
    (b"SoLE", 12),
];

/// Blocks whose absence an editor might show.
const DRAWN: &[&[u8; 4]] = &[
    b"clrL", b"grdm", b"FEid", b"FXid", b"PlLd", b"plLd", b"PxSD", b"PxSc", b"lnkE", b"anFX",
    b"Alph",
];

/// Decides on a block.
///
/// # Errors
/// Those of the budget and of the disk.
pub(super) fn judge(
    block: &Block,
    source: &Source<'_>,
    ids: &mut Ids,
    cx: &Context<'_>,
) -> Result<Verdict> {
    let known = ids.count();
    let verdict = look(block, source, ids, cx)?;
    // A copy does not meet the ids of what goes.
    if matches!(verdict, Verdict::Gone | Verdict::Less) {
        ids.truncate(known);
    }
    Ok(verdict)
}

fn look(block: &Block, source: &Source<'_>, ids: &mut Ids, cx: &Context<'_>) -> Result<Verdict> {
    let key = &block.key;
    let len = block.data.len();
    if let Some((_, most)) = NUMBERS.iter().find(|(known, _)| *known == key)
        && len <= *most
    {
        cx.memory(len)?;
        let data = source.read(block.data)?.into_owned();
        let is_path = matches!(key, b"vmsk" | b"vsms");
        if is_path && !is_path_data(&data) || !is_path && reads_like_text(&data) {
            return Ok(Verdict::Less);
        }
        return Ok(Verdict::Numbers(data));
    }
    let less = |drawn: bool| if drawn { Verdict::Less } else { Verdict::Gone };
    if let Some((_, skip)) = DESCRIPTORS.iter().find(|(known, _)| *known == key) {
        cx.memory(len)?;
        let data = source.read(block.data)?;
        let made = with_descriptor(&data, *skip, ids, cx)?;
        return Ok(made.map_or(less(true), |made| Verdict::Made(Box::new(made))));
    }
    match key {
        b"TySh" | b"tySh" | b"Txt2" => {
            if cx.policy().strict {
                // The layer keeps its pixels.
                return Ok(less(false));
            }
            cx.memory(len)?;
            Ok(Verdict::Text(source.read(block.data)?.into_owned()))
        }
        b"Patt" | b"Pat2" | b"Pat3" => {
            cx.memory(len)?;
            let made = patterns(&source.read(block.data)?, ids, cx)?;
            Ok(made.map_or(less(true), |made| Verdict::Made(Box::new(made))))
        }
        b"lnkD" | b"lnk2" | b"lnk3" => {
            cx.memory(len)?;
            let made = links::rewrite(&source.read(block.data)?, Want::Copy, ids, cx)?;
            Ok(made.map_or(less(true), |made| Verdict::Made(Box::new(made))))
        }
        // Numbers that are longer than any program writes them.
        _ => Ok(less(
            DRAWN.contains(&key) || NUMBERS.iter().any(|(known, _)| *known == key),
        )),
    }
}

/// Version, flags, and records of 26 bytes whose kinds the specification knows ("Path records format").
fn is_path_data(data: &[u8]) -> bool {
    let records = data.get(8..).unwrap_or_default().chunks(26);
    records.into_iter().all(|record| {
        let fits = match (Order::Big.u16(record), record.get(2..)) {
            _ if record.len() != 26 => false,
            // Knots, and the clipboard: numbers with eight bits before the point, of which none is large.
            (Some(1 | 2 | 4 | 5 | 7), Some(numbers)) => numbers
                .chunks(4)
                .filter_map(|number| number.first())
                .all(|whole| whole.cast_signed().unsigned_abs() <= FARTHEST_KNOT),
            // How many knots follow, and small numbers.
            (Some(0 | 3 | 6 | 8), Some(numbers)) => {
                let letters = numbers.iter().filter(|byte| byte.is_ascii_graphic());
                letters.count() <= 3
            }
            _ => false,
        };
        fits || record.iter().all(|byte| *byte == 0)
    })
}

/// How far knots lie from the corner, in sides of the picture.
const FARTHEST_KNOT: u8 = 31;

/// Numbers, and a descriptor to the end.
fn with_descriptor(
    data: &[u8],
    skip: usize,
    ids: &mut Ids,
    cx: &Context<'_>,
) -> Result<Option<Made>> {
    let mut cursor = Cursor::new(data);
    let Some(head) = cursor.take(skip) else {
        return Ok(None);
    };
    // The descriptor's own version.
    if !head.ends_with(&[0, 0, 0, 16]) {
        return Ok(None);
    }
    let Some(Rewritten {
        bytes,
        texts,
        words,
        is_less,
    }) = descriptor::rewrite(&mut cursor, ids, cx)?
    else {
        return Ok(None);
    };
    // Padding is zero; what else stands there goes.
    let mut all = [head, &bytes].concat();
    while !all.len().is_multiple_of(4) {
        all.push(0);
    }
    Ok(Some(Made {
        bytes: all,
        texts,
        words,
        is_less,
        ..Made::default()
    }))
}

/// Patterns: their names go.
fn patterns(data: &[u8], ids: &mut Ids, cx: &Context<'_>) -> Result<Option<Made>> {
    let mut made = Made::default();
    let mut cursor = Cursor::new(data);
    while cursor.rest().len() >= 4 {
        cx.item()?;
        let one = || {
            let mut ahead = cursor;
            let len = usize::try_from(ahead.u32(Order::Big)?).ok()?;
            let inner = ahead.take(len)?;
            ahead.skip((len.wrapping_neg() & 3).min(ahead.rest().len()))?;
            let mut inside = Cursor::new(inner);
            let head = inside.take(12)?;
            head.starts_with(&[0, 0, 0, 1]).then_some(())?;
            let count = usize::try_from(inside.u32(Order::Big)?).ok()?;
            let name = inside.take(count.checked_mul(2)?)?;
            let len = usize::from(inside.u8()?);
            let id = inside.take(len)?;
            Some((ahead, head, name, id, inside.rest()))
        };
        let Some((ahead, head, name, id, rest)) = one() else {
            return Ok(None);
        };
        cursor = ahead;
        let units = name.chunks_exact(2).filter_map(|unit| Order::Big.u16(unit));
        let name: String = char::decode_utf16(units).flatten().collect();
        let name = name.trim_end_matches('\0');
        if !name.is_empty() {
            made.texts.push(name.to_owned());
        }
        let mut inner = head.to_vec();
        super::resources::unicode("", &mut inner);
        let id = ids.neutral(&String::from_utf8_lossy(id));
        inner.push(fit(id.len())?);
        inner.extend_from_slice(id.as_bytes());
        inner.extend_from_slice(rest);
        made.bytes.extend(fit::<u32>(inner.len())?.to_be_bytes());
        let padding = inner.len().wrapping_neg() & 3;
        made.bytes.extend(inner);
        made.bytes.extend(std::iter::repeat_n(0, padding));
    }
    Ok(Some(made))
}

/// A block as it is written.
pub(super) fn written(block: &Block, data: &[u8], out: &mut Vec<u8>) -> Result<()> {
    out.extend_from_slice(&block.head);
    let padding = data.len().wrapping_neg() & 3;
    let len = len_u64(data.len());
    if block.is_wide {
        out.extend(len.to_be_bytes());
    } else {
        out.extend(fit::<u32>(len)?.to_be_bytes());
    }
    out.extend_from_slice(data);
    out.extend(std::iter::repeat_n(0, padding));
    Ok(())
}
