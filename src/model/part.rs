//! The map of a file: every byte belongs to one part, and every part has a fate.

use std::sync::Arc;

use super::{Error, Plan, Result, Span, Step, len_u64};

/// How an allowed structure reaches the output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// Byte for byte: coded payload.
    Verbatim,
    /// Made anew from parsed values.
    Rebuild,
}

/// One row of a format's allowlist; `docs/FORMATS.md` is made from these.
#[derive(Debug, PartialEq, Eq)]
pub struct Row {
    /// The standard's own name of the structure, such as `IHDR` or `APP14 Adobe`.
    pub what: &'static str,
    /// Under which condition it is kept.
    pub when: &'static str,
    /// Copied or made anew.
    pub how: How,
    /// What would be lost without it.
    pub why: &'static str,
    /// Where the standard describes it.
    pub spec: &'static str,
}

/// What happens to a part.
#[derive(Clone, Debug)]
pub enum Fate {
    /// Copied byte for byte, because this row allows it.
    Keep(&'static Row),
    /// Replaced by these bytes, because this row allows it.
    Rebuild(&'static Row, Arc<[u8]>),
    /// Replaced by the copy of a file inside this file, because this row allows it. The plan copies from
    /// this file, not from the inner one (`Plan::splice`).
    Inside(&'static Row, Plan),
    /// Left out. The finding of this id says what it was.
    Drop(&'static str),
}

impl Fate {
    /// Replaced by these bytes.
    pub fn rebuild(row: &'static Row, bytes: impl Into<Arc<[u8]>>) -> Self {
        Self::Rebuild(row, bytes.into())
    }

    /// The row that allows what is written; `None` of what is left out.
    #[must_use]
    pub fn row(&self) -> Option<&'static Row> {
        match self {
            Self::Keep(row) | Self::Rebuild(row, _) | Self::Inside(row, _) => Some(row),
            Self::Drop(_) => None,
        }
    }
}

/// A run of bytes of the input and what happens to it.
#[derive(Clone, Debug)]
pub struct Part {
    /// Where it stands.
    pub span: Span,
    /// What it is, in the standard's own words: `APP1 Exif`, `tEXt`.
    pub name: &'static str,
    /// What happens to it.
    pub fate: Fate,
}

/// The parts of a whole file, in file order, without gap or overlap.
#[derive(Debug)]
pub struct PartMap {
    parts: Vec<Part>,
}

impl Part {
    /// How many bytes of the output it becomes.
    #[must_use]
    pub fn len_out(&self) -> u64 {
        match &self.fate {
            Fate::Keep(_) => self.span.len(),
            Fate::Rebuild(_, bytes) => len_u64(bytes.len()),
            Fate::Inside(_, plan) => plan.len(),
            Fate::Drop(_) => 0,
        }
    }
}

impl PartMap {
    /// Takes the parts of a file of `len` bytes.
    ///
    /// # Errors
    /// [`Error::Malformed`] when a byte is claimed twice or by nobody: that is a mistake of the format's
    /// parser, and the file must not be called clean.
    pub fn new(parts: Vec<Part>, len: u64, format: &'static str) -> Result<Self> {
        let mut at = 0;
        for part in &parts {
            if part.span.start() != at {
                return Err(Error::malformed(
                    format,
                    at,
                    "bytes that no structure claims",
                ));
            }
            at = part.span.end();
        }
        if at != len {
            return Err(Error::malformed(
                format,
                at,
                "bytes that no structure claims",
            ));
        }
        Ok(Self { parts })
    }

    /// The parts in file order.
    #[must_use]
    pub fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// The output that the fates describe.
    #[must_use]
    pub fn plan(&self) -> Plan {
        let mut plan = Plan::new();
        for part in &self.parts {
            match &part.fate {
                Fate::Keep(_) => plan.push(Step::Copy(part.span)),
                Fate::Rebuild(_, bytes) => plan.push(Step::Bytes(bytes.clone())),
                Fate::Inside(_, inner) => plan.splice(inner, 0),
                Fate::Drop(_) => {}
            }
        }
        plan
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(start: u64, end: u64) -> Part {
        Part {
            span: Span::new(start, end),
            name: "x",
            fate: Fate::Drop("x"),
        }
    }

    #[test]
    fn every_byte_is_claimed_once() {
        assert!(PartMap::new(vec![part(0, 4), part(4, 9)], 9, "t").is_ok());
        assert!(
            PartMap::new(vec![part(0, 4), part(5, 9)], 9, "t").is_err(),
            "gap"
        );
        assert!(
            PartMap::new(vec![part(0, 4), part(3, 9)], 9, "t").is_err(),
            "overlap"
        );
        assert!(PartMap::new(vec![part(0, 4)], 9, "t").is_err(), "tail");
    }
}
