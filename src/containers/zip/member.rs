//! The content of a member, inflated and compared with what the directory says.

use super::{Member, Method, malformed};
use crate::bytes::{Context, Inflate, Source};
use crate::model::{Error, Result, Span, len_u64};

/// What reading a member to its end showed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Extracted {
    /// The compressed content as far as it is used: shorter than [`Member::data`] where bytes follow the
    /// end of the deflate stream.
    pub used: Span,
}

impl Member {
    /// Hands the content to `sink`, piece by piece, in constant memory.
    ///
    /// # Errors
    /// [`Error::Malformed`] when length or check sum are not those of the directory; the budget's; `sink`'s.
    pub fn for_each(
        &self,
        source: &Source<'_>,
        cx: &Context<'_>,
        mut sink: impl FnMut(&[u8]) -> Result<()>,
    ) -> Result<Extracted> {
        let mut hasher = crc32fast::Hasher::new();
        let mut len = 0u64;
        let at = self.data.start();
        let mut take = |piece: &[u8]| {
            len = len.saturating_add(len_u64(piece.len()));
            if len > self.size {
                return Err(malformed(at, "a member is longer than its header says"));
            }
            hasher.update(piece);
            sink(piece)
        };
        let mut used = self.data;
        match self.method {
            Method::Stored => source.for_each(self.data, |piece| {
                cx.check_stop()?;
                take(piece)
            })?,
            Method::Deflated => {
                let mut inflate = Inflate::raw();
                let mut fed = 0u64;
                source.for_each(self.data, |piece| {
                    if !inflate.is_done() {
                        fed = fed.saturating_add(inflate.feed(piece, cx, &mut take)?);
                    }
                    Ok(())
                })?;
                if !inflate.is_done() {
                    return Err(malformed(at, "the compressed data stops early"));
                }
                used = Span::new(at, at.saturating_add(fed));
            }
        }
        if len != self.size {
            return Err(malformed(at, "a member is shorter than its header says"));
        }
        if hasher.finalize() != self.crc {
            return Err(malformed(
                at,
                "a file inside is damaged: its check sum is wrong",
            ));
        }
        Ok(Extracted { used })
    }

    /// The whole content in memory, at most `max` bytes.
    ///
    /// # Errors
    /// As [`Member::for_each`]; [`Error::LimitExceeded`] for more than `max` bytes.
    pub fn read(&self, source: &Source<'_>, cx: &Context<'_>, max: u64) -> Result<Vec<u8>> {
        if self.size > max.min(cx.limits().block) {
            return Err(Error::LimitExceeded { limit: "block" });
        }
        if self.method == Method::Stored {
            cx.memory(self.size)?;
        }
        let mut out = Vec::with_capacity(usize::try_from(self.size).unwrap_or(0));
        self.for_each(source, cx, |piece| {
            out.extend_from_slice(piece);
            Ok(())
        })?;
        Ok(out)
    }
}
