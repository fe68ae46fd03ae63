//! Random access to the bytes of one file.

use std::borrow::Cow;
use std::io;

use crate::model::{Error, Limits, ReadAt, Result, Span, len_u64};

/// The bytes of one file, or of a file inside a file. Offsets count from its own beginning.
#[derive(Clone, Copy)]
pub struct Source<'a> {
    bytes: Bytes<'a>,
    span: Span,
}

#[derive(Clone, Copy)]
enum Bytes<'a> {
    Memory(&'a [u8]),
    Random(&'a dyn ReadAt),
}

/// How much of a large file is read at a time when somebody scans through it.
const WINDOW: u64 = 256 << 10;

impl<'a> Source<'a> {
    /// A file that is wholly in memory.
    #[must_use]
    pub fn memory(bytes: &'a [u8]) -> Self {
        Self {
            bytes: Bytes::Memory(bytes),
            span: Span::new(0, len_u64(bytes.len())),
        }
    }

    /// A file that is read where and when it is needed.
    pub fn random(file: &'a dyn ReadAt) -> Self {
        if let Some(bytes) = file.in_memory() {
            return Self::memory(bytes);
        }
        Self {
            bytes: Bytes::Random(file),
            span: Span::new(0, file.len()),
        }
    }

    /// Length in bytes.
    #[must_use]
    pub fn len(&self) -> u64 {
        self.span.len()
    }

    /// Whether there is no byte in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.span.is_empty()
    }

    /// The whole file as a span.
    #[must_use]
    pub fn whole(&self) -> Span {
        Span::new(0, self.len())
    }

    /// A file inside this file.
    ///
    /// # Errors
    /// `UnexpectedEof` when `span` reaches past the end.
    pub fn sub(&self, span: Span) -> Result<Self> {
        Ok(Self {
            bytes: self.bytes,
            span: self.absolute(span)?,
        })
    }

    /// The bytes of `span`: borrowed when the file is in memory, read otherwise.
    ///
    /// # Errors
    /// `UnexpectedEof` when `span` reaches past the end, [`Error::LimitExceeded`] when a block that would
    /// have to be read is larger than [`Limits::block`]'s default, [`Error::Io`] from the file.
    pub fn read(&self, span: Span) -> Result<Cow<'a, [u8]>> {
        let absolute = self.absolute(span)?;
        match self.bytes {
            Bytes::Memory(bytes) => slice(bytes, absolute).map(Cow::Borrowed),
            Bytes::Random(file) => {
                if span.len() > Limits::default().block {
                    return Err(Error::LimitExceeded { limit: "block" });
                }
                let mut buf = vec![0; index(span.len())?];
                file.read_exact_at(&mut buf, absolute.start())?;
                Ok(Cow::Owned(buf))
            }
        }
    }

    /// At most `max` bytes from `at` on; fewer, or none, at the end of the file.
    ///
    /// # Errors
    /// As [`Source::read`].
    pub fn peek(&self, at: u64, max: u64) -> Result<Cow<'a, [u8]>> {
        let start = at.min(self.len());
        self.read(Span::new(start, start.saturating_add(max).min(self.len())))
    }

    /// A run of bytes from `at` on that is cheap to get: all the rest of a file in memory, the next
    /// 256 KiB of another. Empty at the end of the file only.
    ///
    /// # Errors
    /// As [`Source::read`].
    pub fn window(&self, at: u64) -> Result<Cow<'a, [u8]>> {
        let max = if matches!(self.bytes, Bytes::Memory(_)) {
            u64::MAX
        } else {
            WINDOW
        };
        self.peek(at, max)
    }

    /// Hands all bytes of `span` to `f`, window by window.
    ///
    /// # Errors
    /// As [`Source::read`], and whatever `f` returns.
    pub fn for_each(&self, span: Span, mut f: impl FnMut(&[u8]) -> Result<()>) -> Result<()> {
        let mut at = span.start();
        while at < span.end() {
            let end = match self.bytes {
                Bytes::Memory(_) => span.end(),
                Bytes::Random(_) => at.saturating_add(WINDOW).min(span.end()),
            };
            f(&self.read(Span::new(at, end))?)?;
            at = end;
        }
        Ok(())
    }

    /// The bytes of the whole file where they are in memory anyway.
    #[must_use]
    pub fn in_memory(&self) -> Option<&'a [u8]> {
        match self.bytes {
            Bytes::Memory(bytes) => slice(bytes, self.span).ok(),
            Bytes::Random(_) => None,
        }
    }

    fn absolute(&self, span: Span) -> Result<Span> {
        Span::sized(self.span.start().saturating_add(span.start()), span.len())
            .filter(|absolute| self.span.contains(*absolute))
            .ok_or_else(|| Error::Io(io::ErrorKind::UnexpectedEof.into()))
    }
}

impl std::fmt::Debug for Source<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Source")
            .field("span", &self.span)
            .finish_non_exhaustive()
    }
}

fn slice(bytes: &[u8], span: Span) -> Result<&[u8]> {
    bytes
        .get(index(span.start())?..index(span.end())?)
        .ok_or_else(|| Error::Io(io::ErrorKind::UnexpectedEof.into()))
}

fn index(n: u64) -> Result<usize> {
    usize::try_from(n).map_err(|_| Error::LimitExceeded {
        limit: "address space",
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    struct File(Vec<u8>);

    impl ReadAt for File {
        fn len(&self) -> u64 {
            len_u64(self.0.len())
        }
        fn read_exact_at(&self, buf: &mut [u8], offset: u64) -> io::Result<()> {
            let start = usize::try_from(offset).unwrap();
            buf.copy_from_slice(&self.0[start..start + buf.len()]);
            Ok(())
        }
    }

    #[test]
    fn memory_and_file_read_the_same() {
        let bytes: Vec<u8> = (0..=255).cycle().take(700_000).collect();
        let file = File(bytes.clone());
        for source in [Source::memory(&bytes), Source::random(&file)] {
            let inner = source.sub(Span::new(100, 600_000)).unwrap();
            assert_eq!(*inner.read(Span::new(5, 9)).unwrap(), bytes[105..109]);
            assert_eq!(
                *inner.peek(599_890, 99).unwrap(),
                bytes[599_990..600_000][..10]
            );
            assert!(inner.read(Span::new(0, 599_901)).is_err());
            let mut all = Vec::new();
            inner
                .for_each(inner.whole(), |b| Ok(all.extend_from_slice(b)))
                .unwrap();
            assert_eq!(all, bytes[100..600_000]);
        }
    }
}
