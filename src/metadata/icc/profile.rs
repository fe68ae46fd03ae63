//! Header and tag table, ICC.1 §7.

use super::{HEADER, NAME, is_profile};
use crate::bytes::{Context, Cursor, Order};
use crate::model::{Error, Result};

/// lcms reads no more and takes a profile with more for broken.
const MOST_TAGS: u32 = 100;

/// A profile whose tag table could be read.
pub(super) struct Profile<'a> {
    /// The first 128 bytes.
    pub header: &'a [u8],
    /// In the order of the tag table.
    pub tags: Vec<Tag<'a>>,
}

/// One entry of the tag table.
pub(super) struct Tag<'a> {
    pub name: [u8; 4],
    /// Offset of the data in the profile.
    pub at: u64,
    /// Empty when the entry points outside of the profile.
    pub data: &'a [u8],
}

impl<'a> Profile<'a> {
    pub(super) fn parse(bytes: &'a [u8], cx: &Context<'_>) -> Result<Self> {
        if !is_profile(bytes) {
            return Err(Error::malformed(NAME, 36, "not an ICC profile"));
        }
        let size = Order::Big.u32(bytes).and_then(|n| usize::try_from(n).ok());
        let bytes = size.and_then(|n| bytes.get(..n)).unwrap_or(bytes);
        let mut cursor = Cursor::new(bytes);
        let short = || Error::malformed(NAME, 0, "the profile stops early");
        let header = cursor.take(HEADER).ok_or_else(short)?;
        let count = cursor.u32(Order::Big).ok_or_else(short)?;
        if count > MOST_TAGS {
            return Err(Error::malformed(NAME, 128, "too many tags"));
        }
        let mut tags = Vec::new();
        for _ in 0..count {
            cx.item()?;
            let entry = Cursor::new(cursor.take(12).ok_or_else(short)?);
            tags.push(Tag::parse(entry, bytes).ok_or_else(short)?);
        }
        Ok(Self { header, tags })
    }

    /// The only tag of this name.
    ///
    /// # Errors
    /// [`Error::Malformed`] when there are two: readers disagree about which one counts.
    pub(super) fn tag(&self, name: &[u8; 4]) -> Result<Option<&Tag<'a>>> {
        let mut named = self.tags.iter().filter(|tag| tag.name == *name);
        let first = named.next();
        if let Some(second) = named.next() {
            return Err(Error::malformed(
                NAME,
                second.at,
                "a tag stands there twice",
            ));
        }
        Ok(first)
    }
}

impl<'a> Tag<'a> {
    fn parse(mut entry: Cursor<'_>, profile: &'a [u8]) -> Option<Self> {
        let name = *entry.rest().first_chunk()?;
        entry.skip(4)?;
        let (at, len) = (entry.u32(Order::Big)?, entry.u32(Order::Big)?);
        let data = usize::try_from(at)
            .ok()
            .zip(usize::try_from(len).ok())
            .and_then(|(at, len)| profile.get(at..at.checked_add(len)?));
        Some(Self {
            name,
            at: u64::from(at),
            data: data.unwrap_or_default(),
        })
    }
}
