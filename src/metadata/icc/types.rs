//! Tag types, ICC.1:2022 §10: each is parsed to its own end and written again, so that neither slack
//! behind it nor its reserved bytes come along.

use super::names;
use crate::bytes::{Context, Cursor, Order};
use crate::model::{Result, len_u64};

/// What a tag may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A name: known ones stay, others become `c`.
    Description,
    /// A text that must be there: `x`.
    Copyright,
    /// One `XYZ `.
    Xyz,
    /// `sf32` of nine numbers.
    Matrix,
    /// `cicp`.
    CodingPoints,
    /// `curv` or `para`.
    Curve,
    /// `mft1`, `mft2`, `mAB ` or `mBA `.
    Table,
    /// `mpet`.
    Elements,
    /// `clro`.
    Order,
    /// `sig `.
    Signature,
}

/// The tag's data made anew for a profile of this major version; `None` when it is damaged or of a type
/// that the tag cannot have.
///
/// # Errors
/// Those of the budget.
pub(super) fn normal_form(
    kind: Kind,
    data: &[u8],
    major: u8,
    cx: &Context<'_>,
) -> Result<Option<Vec<u8>>> {
    cx.memory(len_u64(data.len()))?;
    Ok(match kind {
        Kind::Description => {
            let known = names::texts(data)
                .iter()
                .find_map(|text| names::known(text));
            Some(names::description_tag(known.unwrap_or("c"), major))
        }
        Kind::Copyright => Some(names::copyright_tag("x", major)),
        Kind::Xyz => fixed(data, b"XYZ ", 12),
        Kind::Matrix => fixed(data, b"sf32", 36),
        Kind::CodingPoints => fixed(data, b"cicp", 4),
        Kind::Signature => fixed(data, b"sig ", 4),
        Kind::Curve => curve(&mut Cursor::new(data)),
        Kind::Order => colorant_order(data),
        Kind::Table => match data.get(..4) {
            Some(b"mft1") => lut8_or_16(data, 1),
            Some(b"mft2") => lut8_or_16(data, 2),
            Some(b"mAB ") => lut_a_to_b(data, true),
            Some(b"mBA ") => lut_a_to_b(data, false),
            _ => None,
        },
        Kind::Elements => super::elements::multi_process(data, cx)?,
    })
}

/// Type signature, four zeros, and what stands behind them.
pub(super) fn typed(signature: &[u8; 4], body: &[u8]) -> Vec<u8> {
    [signature, [0; 4].as_slice(), body].concat()
}

/// Moves over a type signature and its reserved bytes.
pub(super) fn begin(cursor: &mut Cursor<'_>, signature: &[u8; 4]) -> Option<()> {
    (cursor.take(4)? == signature).then_some(())?;
    cursor.skip(4)
}

fn fixed(data: &[u8], signature: &[u8; 4], len: usize) -> Option<Vec<u8>> {
    let mut cursor = Cursor::new(data);
    begin(&mut cursor, signature)?;
    Some(typed(signature, cursor.take(len)?))
}

/// `curv` §10.6 or `para` §10.18.
fn curve(cursor: &mut Cursor<'_>) -> Option<Vec<u8>> {
    let start = cursor.rest();
    match start.get(..4)? {
        b"curv" => {
            begin(cursor, b"curv")?;
            let count = cursor.u32(Order::Big)?;
            let len = usize::try_from(count).ok()?.checked_mul(2)?;
            let body = [&count.to_be_bytes(), cursor.take(len)?].concat();
            Some(typed(b"curv", &body))
        }
        b"para" => {
            begin(cursor, b"para")?;
            let function = cursor.u16(Order::Big)?;
            cursor.skip(2)?;
            let len = match function {
                0 => 4,
                1 => 12,
                2 => 16,
                3 => 20,
                4 => 28,
                _ => return None,
            };
            let body = [&function.to_be_bytes(), &[0, 0], cursor.take(len)?].concat();
            Some(typed(b"para", &body))
        }
        _ => None,
    }
}

/// `clro` §10.4.
fn colorant_order(data: &[u8]) -> Option<Vec<u8>> {
    let mut cursor = Cursor::new(data);
    begin(&mut cursor, b"clro")?;
    let count = cursor.u32(Order::Big)?;
    let order = cursor.take(usize::try_from(count).ok()?)?;
    Some(typed(b"clro", &[&count.to_be_bytes(), order].concat()))
}

/// `mft1` §10.11 and `mft2` §10.10, with samples of `width` bytes.
fn lut8_or_16(data: &[u8], width: usize) -> Option<Vec<u8>> {
    let mut cursor = Cursor::new(data);
    let signature = *data.first_chunk()?;
    begin(&mut cursor, &signature)?;
    let shape: [u8; 4] = *cursor.take(4)?.first_chunk()?;
    let [inputs, outputs, grid, _] = shape.map(usize::from);
    let matrix = cursor.take(36)?;
    let mut body = [shape.get(..3)?, &[0], matrix].concat();
    let (mut in_len, mut out_len) = (256, 256);
    if width == 2 {
        in_len = usize::from(cursor.u16(Order::Big)?);
        out_len = usize::from(cursor.u16(Order::Big)?);
        body.extend_from_slice(cursor_back(data, &cursor, 4)?);
    }
    let nodes = grid
        .checked_pow(u32::try_from(inputs).ok()?)?
        .checked_mul(outputs)?;
    let samples = inputs
        .checked_mul(in_len)?
        .checked_add(nodes)?
        .checked_add(outputs.checked_mul(out_len)?)?;
    body.extend_from_slice(cursor.take(samples.checked_mul(width)?)?);
    Some(typed(&signature, &body))
}

/// The `n` bytes before the cursor.
fn cursor_back<'a>(data: &'a [u8], cursor: &Cursor<'_>, n: usize) -> Option<&'a [u8]> {
    data.get(cursor.at().checked_sub(n)?..cursor.at())
}

/// `mAB ` §10.12 and `mBA ` §10.13. The elements are written in the order of their offsets in the header.
fn lut_a_to_b(data: &[u8], a_to_b: bool) -> Option<Vec<u8>> {
    let mut cursor = Cursor::new(data);
    let signature = *data.first_chunk()?;
    begin(&mut cursor, &signature)?;
    let (inputs, outputs) = (cursor.u8()?, cursor.u8()?);
    cursor.skip(2)?;
    let (b_side, a_side) = if a_to_b {
        (outputs, inputs)
    } else {
        (inputs, outputs)
    };
    let mut out = typed(&signature, &[inputs, outputs, 0, 0]);
    out.resize(HEAD, 0);
    for element in 0..5_usize {
        let offset = usize::try_from(cursor.u32(Order::Big)?).ok()?;
        if offset == 0 {
            continue;
        }
        let part = data.get(offset..)?;
        let part = match element {
            0 | 2 => curves(part, b_side)?,
            1 => part.get(..48)?.to_vec(),
            3 => clut(part, inputs, outputs)?,
            _ => curves(part, a_side)?,
        };
        let at = u32::try_from(out.len()).ok()?.to_be_bytes();
        let field = element.checked_mul(4)?.checked_add(12)?;
        out.get_mut(field..field.checked_add(4)?)?
            .copy_from_slice(&at);
        out.extend_from_slice(&part);
        pad(&mut out);
    }
    Some(out)
}

/// Length of the head of `mAB ` and `mBA `.
const HEAD: usize = 32;

fn pad(out: &mut Vec<u8>) {
    out.resize(out.len().next_multiple_of(4), 0);
}

/// So many curves, each padded to four bytes.
fn curves(data: &[u8], count: u8) -> Option<Vec<u8>> {
    let mut cursor = Cursor::new(data);
    let mut out = Vec::new();
    for _ in 0..count {
        cursor.seek(cursor.at().checked_next_multiple_of(4)?)?;
        out.extend_from_slice(&curve(&mut cursor)?);
        pad(&mut out);
    }
    Some(out)
}

/// A table of §10.12.3 with its own grid size for each input.
fn clut(data: &[u8], inputs: u8, outputs: u8) -> Option<Vec<u8>> {
    let mut cursor = Cursor::new(data);
    let grid = cursor.take(16)?.get(..usize::from(inputs))?;
    let width = cursor.u8()?;
    matches!(width, 1 | 2).then_some(())?;
    cursor.skip(3)?;
    let len = nodes(grid, usize::from(outputs))?.checked_mul(usize::from(width))?;
    let mut out = grid.to_vec();
    out.resize(16, 0);
    out.extend_from_slice(&[width, 0, 0, 0]);
    out.extend_from_slice(cursor.take(len)?);
    Some(out)
}

/// How many numbers a table with these grid sizes has.
pub(super) fn nodes(grid: &[u8], outputs: usize) -> Option<usize> {
    grid.iter()
        .try_fold(outputs, |n, points| n.checked_mul(usize::from(*points)))
}
