//! Which bytes of the file go to the output, in which order, and where they stand there.

use super::NAME;
use crate::bytes::Context;
use crate::model::{Error, Plan, Result, Span, Step, len_u64};

/// Bytes that are copied, and bytes that are replaced, before they are put in order.
#[derive(Debug, Default)]
pub(super) struct Pool {
    kept: Vec<Span>,
    edits: Vec<Edit>,
}

/// A part of the file that is replaced by other bytes, or by none.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Edit {
    span: Span,
    bytes: Vec<u8>,
}

/// The same in order.
#[derive(Debug, Default)]
pub(super) struct Layout {
    regions: Vec<Region>,
    len: u64,
}

/// A run of input bytes and where what becomes of it stands in the output.
#[derive(Debug)]
struct Region {
    span: Span,
    at: u64,
    bytes: Option<Vec<u8>>,
}

impl Region {
    fn len(&self) -> u64 {
        match &self.bytes {
            Some(bytes) => len_u64(bytes.len()),
            None => self.span.len(),
        }
    }
}

impl Pool {
    /// These bytes are copied. Who needs them may be many.
    pub(super) fn keep(&mut self, span: Span) {
        if !span.is_empty() {
            self.kept.push(span);
        }
    }

    /// These bytes are replaced. An empty span cannot be.
    pub(super) fn edit(&mut self, span: Span, bytes: Vec<u8>) {
        if !span.is_empty() {
            self.edits.push(Edit { span, bytes });
        }
    }

    /// Puts everything in the order of the file: each byte once, however many need it.
    ///
    /// # Errors
    /// [`Error::Unsupported`] when some need bytes as they are and others do not.
    pub(super) fn finish(mut self, cx: &Context<'_>) -> Result<Layout> {
        self.kept.sort_unstable();
        self.edits.sort_unstable();
        self.edits.dedup();
        let mut union: Vec<Span> = Vec::new();
        for span in self.kept {
            cx.item()?;
            match union.last_mut() {
                Some(last) if span.start() <= last.end() => {
                    *last = Span::new(last.start(), last.end().max(span.end()));
                }
                _ => union.push(span),
            }
        }
        let kept = union.into_iter().map(|span| (span, None));
        let edits = self
            .edits
            .into_iter()
            .map(|edit| (edit.span, Some(edit.bytes)));
        let mut all: Vec<_> = kept.chain(edits).collect();
        all.sort_unstable_by_key(|(span, _)| *span);
        let mut layout = Layout::default();
        let mut end = 0;
        for (span, bytes) in all {
            if span.start() < end {
                return Err(Error::unsupported(
                    "parts of the file that are used in two ways at once",
                ));
            }
            end = span.end();
            let region = Region {
                span,
                at: layout.len,
                bytes,
            };
            layout.len = layout.len.saturating_add(region.len());
            layout.regions.push(region);
        }
        Ok(layout)
    }
}

impl Layout {
    /// Length of the output in bytes.
    pub(super) fn len(&self) -> u64 {
        self.len
    }

    /// The spans of the input that are used.
    pub(super) fn spans(&self) -> impl Iterator<Item = Span> {
        self.regions.iter().map(|region| region.span)
    }

    /// Where in the output spans of the input stand, pieces that follow each other joined.
    ///
    /// # Errors
    /// [`Error::Malformed`] when one of them was never put in, which is a mistake of the caller.
    pub(super) fn place(&self, spans: impl IntoIterator<Item = Span>) -> Result<Vec<Span>> {
        let mut out: Vec<Span> = Vec::new();
        for span in spans.into_iter().filter(|span| !span.is_empty()) {
            let index = self
                .regions
                .partition_point(|region| region.span.end() <= span.start());
            let region = self
                .regions
                .get(index)
                .filter(|region| region.span.contains(span))
                .ok_or_else(|| Error::malformed(NAME, span.start(), "data without a place"))?;
            let placed = match region.bytes {
                Some(_) => Span::sized(region.at, region.len()),
                None => {
                    let skip = span.start().saturating_sub(region.span.start());
                    Span::sized(region.at.saturating_add(skip), span.len())
                }
            };
            let placed = placed.unwrap_or(Span::new(region.at, region.at));
            match out.last_mut() {
                Some(last) if last.end() == placed.start() => {
                    *last = Span::new(last.start(), placed.end());
                }
                _ if placed.is_empty() => {}
                _ => out.push(placed),
            }
        }
        Ok(out)
    }

    /// What becomes of a run of the input that is used from its beginning to its end.
    ///
    /// # Errors
    /// As [`Layout::place`].
    pub(super) fn run(&self, span: Span) -> Result<Span> {
        if span.is_empty() {
            return Ok(Span::new(0, 0));
        }
        let missing = || Error::malformed(NAME, span.start(), "data without a place");
        let region = |at: u64| {
            let index = self.regions.partition_point(|it| it.span.end() <= at);
            let region = self.regions.get(index)?;
            (region.span.start() <= at).then_some(region)
        };
        let first = region(span.start()).ok_or_else(missing)?;
        let last = region(span.end().saturating_sub(1)).ok_or_else(missing)?;
        let start = match first.bytes {
            Some(_) if first.span.start() != span.start() => return Err(missing()),
            Some(_) => first.at,
            None => first
                .at
                .saturating_add(span.start().saturating_sub(first.span.start())),
        };
        let end = match last.bytes {
            Some(_) if last.span.end() != span.end() => return Err(missing()),
            Some(_) => last.at.saturating_add(last.len()),
            None => last
                .at
                .saturating_add(span.end().saturating_sub(last.span.start())),
        };
        Ok(Span::new(start, end))
    }

    /// Appends the bytes to an output.
    pub(super) fn write(self, plan: &mut Plan) {
        for region in self.regions {
            plan.push(match region.bytes {
                Some(bytes) => Step::bytes(bytes),
                None => Step::Copy(region.span),
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bytes::testing::with_context;

    #[test]
    fn each_byte_stands_once_and_is_found_again() {
        let mut pool = Pool::default();
        pool.keep(Span::new(10, 20));
        pool.keep(Span::new(15, 30));
        pool.edit(Span::new(30, 40), b"abc".to_vec());
        pool.edit(Span::new(30, 40), b"abc".to_vec());
        pool.keep(Span::new(40, 50));
        let layout = with_context(|cx| pool.finish(cx)).unwrap();
        assert_eq!(layout.len(), 33);
        let whole = layout.place([Span::new(12, 30), Span::new(30, 40), Span::new(40, 45)]);
        assert_eq!(whole.unwrap(), [Span::new(2, 28)]);
        let turned = layout.place([Span::new(40, 45), Span::new(10, 12)]);
        assert_eq!(turned.unwrap(), [Span::new(23, 28), Span::new(0, 2)]);
        assert!(layout.place([Span::new(5, 12)]).is_err());
        assert_eq!(layout.run(Span::new(12, 42)).unwrap(), Span::new(2, 25));
        assert_eq!(layout.run(Span::new(30, 40)).unwrap(), Span::new(20, 23));
        assert!(layout.run(Span::new(35, 42)).is_err());
    }

    #[test]
    fn what_is_used_in_two_ways_is_refused() {
        for (start, end, bytes) in [(15, 25, b"x"), (0, 11, b"x"), (30, 35, b"y")] {
            let mut pool = Pool::default();
            pool.keep(Span::new(10, 20));
            pool.edit(Span::new(30, 40), b"x".to_vec());
            pool.edit(Span::new(start, end), bytes.to_vec());
            assert!(with_context(|cx| pool.finish(cx)).is_err());
        }
    }
}
