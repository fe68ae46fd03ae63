//! Where the directory of a maker note stands, in which byte order it is, and from where its offsets
//! count. The makers do not agree on any of these, and programs that moved a note without understanding
//! it made it worse.

use super::Note;
use super::makers::{Base, Layout};
use crate::bytes::Order;
use crate::containers::tiff::ifd::{Tiff, size_of_type};
use crate::model::{Span, len_u64};

/// The directory of a note: how to read it, and its position in the block.
pub(super) fn locate<'a>(
    note: &Note<'a, '_>,
    layout: &Layout,
    bytes: &[u8],
) -> Option<(Tiff<'a>, u64)> {
    let start = note.span.start();
    match *layout {
        Layout::Ifd(skip, base) => at(note, start.checked_add(skip)?, base),
        Layout::Pointer(place) => {
            let pointer = bytes.get(usize::try_from(place).ok()?..)?;
            let offset = u64::from(Order::Little.u32(pointer)?);
            at(note, start.checked_add(offset)?, Base::Note(0))
        }
        Layout::Header(skip) => {
            let (_, first) = Tiff::open(bytes.get(usize::try_from(skip).ok()?..)?)?;
            let offset = skip.checked_add(first)?;
            at(note, start.checked_add(offset)?, Base::Note(skip))
        }
        Layout::Unknown => [0_u64, 6, 8, 10, 12, 14, 16, 18, 20]
            .into_iter()
            .find_map(|skip| at(note, start.checked_add(skip)?, Base::Block)),
        Layout::None => None,
    }
}

fn at<'a>(note: &Note<'a, '_>, at: u64, base: Base) -> Option<(Tiff<'a>, u64)> {
    let declared = match base {
        Base::Block => 0,
        Base::Note(skip) => i64::try_from(note.span.start().checked_add(skip)?).ok()?,
    };
    within(&note.block.with_base(declared), at, note.span).map(|tiff| (tiff, at))
}

/// How to read the directory at `at`, whose values should stand in `bounds`, starting from a guess.
pub(super) fn within<'a>(guess: &Tiff<'a>, at: u64, bounds: Span) -> Option<Tiff<'a>> {
    let other = match guess.order() {
        Order::Little => Order::Big,
        Order::Big => Order::Little,
    };
    [guess.order(), other].into_iter().find_map(|order| {
        let tiff = Tiff::headerless(guess.bytes(), order).with_base(guess.base());
        is_plausible(&tiff, at).then(|| tiff.with_base(best_base(&tiff, at, bounds)))
    })
}

/// A directory of a sane size, in the block, whose entries have types that exist.
fn is_plausible(tiff: &Tiff<'_>, at: u64) -> bool {
    let Some(count @ 1..=1000) = tiff.peek_count(at) else {
        return false;
    };
    tiff.ifd(at).is_some_and(|ifd| {
        let sound = ifd
            .entries
            .iter()
            .filter(|entry| entry.kind <= 18 && size_of_type(entry.kind).is_some())
            .count();
        let entries = ifd.entries.len();
        len_u64(entries) == count
            && entries.saturating_sub(sound) <= entries / 8
            && ifd
                .entries
                .first()
                .is_some_and(|entry| size_of_type(entry.kind).is_some())
    })
}

/// From where the offsets count: the maker's way, unless another one puts more of the values where they
/// belong, between the directory and the end of the note.
fn best_base(tiff: &Tiff<'_>, at: u64, bounds: Span) -> i64 {
    let declared = tiff.base();
    let note_start = i64::try_from(bounds.start()).unwrap_or(0);
    let Some(ifd) = tiff.ifd(at) else {
        return declared;
    };
    let values: Vec<(i64, i64)> = ifd
        .entries
        .iter()
        .filter(|entry| !entry.inline)
        .filter_map(|entry| {
            let len = size_of_type(entry.kind)?.checked_mul(entry.count)?;
            Some((i64::try_from(entry.offset).ok()?, i64::try_from(len).ok()?))
        })
        .collect();
    let table_end = i64::try_from(ifd.span.end()).unwrap_or(i64::MAX);
    let note_end = i64::try_from(bounds.end()).unwrap_or(i64::MAX);
    let score = |base: i64| {
        values
            .iter()
            .filter(|(offset, len)| {
                let start = offset.saturating_add(base);
                // Some notes have no link behind their entries.
                start >= table_end.saturating_sub(4) && start.saturating_add(*len) <= note_end
            })
            .count()
    };
    let behind_table = values
        .iter()
        .map(|(offset, _)| table_end.saturating_sub(*offset))
        .max();
    let mut best = (score(declared), declared);
    for base in [Some(0), Some(note_start), behind_table]
        .into_iter()
        .flatten()
    {
        let score = score(base);
        if score > best.0 && score >= values.len().div_ceil(2) {
            best = (score, base);
        }
    }
    best.1
}
