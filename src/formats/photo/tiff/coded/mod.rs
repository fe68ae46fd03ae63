//! Compressed strips and tiles: where they end, and what comes out of them. What stands behind the end
//! shows nothing.

mod encode;
mod fax;
mod lerc;
mod lzw;
mod pack_bits;
mod runs;
mod xz;
mod zstd;

use std::borrow::Cow;

use crate::bytes::{Context, Inflate, Source};
use crate::model::{Error, Result, Span, Step, len_u64};

pub(super) use encode::encode;

/// A strip or tile.
pub(super) struct Coded<'c, 'a> {
    pub(super) source: &'c Source<'a>,
    pub(super) span: Span,
    pub(super) scheme: u64,
    /// The bits of each byte stand the other way round (FillOrder 2).
    pub(super) reversed: bool,
    /// Bytes of its rows, where that is sure.
    pub(super) expected: Option<u64>,
    /// Width and rows.
    pub(super) block: Option<(u64, u64)>,
    /// `T4Options`, or what is done to LERC.
    pub(super) options: u64,
    /// What the format is called in errors.
    pub(super) name: &'static str,
}

/// What a walk through coded data found.
#[derive(Debug, Default)]
pub(super) struct End {
    /// Behind the last byte that is needed, where that is known.
    pub(super) at: Option<u64>,
    /// A byte that holds something besides what is needed: where, and what it is without that.
    pub(super) patch: Option<(u64, u8)>,
    /// More comes out of it than the picture has room for.
    pub(super) too_much: bool,
    /// Where the picture ends cannot be told.
    pub(super) unsure: bool,
    /// The same data without fields that are not needed.
    pub(super) anew: Option<Vec<Step>>,
}

/// So much is looked at at a time.
const PIECE: usize = 64 << 10;

impl Coded<'_, '_> {
    /// Walks to the end. What the picture has room for goes to `sink`, where the scheme is decoded; rows
    /// that are not compressed only if somebody wants to `look` at them. `None` for schemes that are not
    /// known.
    ///
    /// # Errors
    /// [`Error::Malformed`] for data that no decoder reads to its end; the budget's; the sink's.
    pub(super) fn walk(
        &self,
        cx: &Context<'_>,
        look: bool,
        sink: &mut dyn FnMut(&[u8]) -> Result<()>,
    ) -> Result<Option<End>> {
        let mut out = Out {
            sink,
            left: self.expected,
            telling: false,
        };
        Ok(Some(match self.scheme {
            1 => {
                let end = self
                    .expected
                    .and_then(|len| self.span.start().checked_add(len));
                let end = end.unwrap_or(self.span.end()).min(self.span.end());
                if look {
                    self.for_each(|piece| {
                        cx.check_stop()?;
                        out.push(piece)
                    })?;
                }
                End {
                    at: Some(end),
                    ..End::default()
                }
            }
            2..=4 | 32771 => fax::walk(self, cx)?,
            5 => lzw::walk(self, cx, &mut out)?,
            8 | 32946 => self.deflate(cx, &mut out)?,
            32773 => pack_bits::walk(self, cx, &mut out)?,
            32809 => runs::thunder_scan(self, cx)?,
            32909 => self.deflate(
                cx,
                &mut Out {
                    sink: out.sink,
                    left: None,
                    telling: false,
                },
            )?,
            34676 => runs::sgi_log(self, cx)?,
            34677 => runs::sgi_log24(self),
            34887 => lerc::walk(self, cx)?,
            34925 => xz::walk(self, cx)?,
            50000 => zstd::walk(self, cx, &mut out)?,
            _ => return Ok(None),
        }))
    }

    /// Whether rows can be compressed anew.
    pub(super) fn can_encode(&self) -> bool {
        matches!(self.scheme, 5 | 8 | 32946 | 32773 | 50000)
    }

    fn damaged(&self) -> Error {
        let what = "the compressed data is damaged";
        Error::malformed(self.name, self.span.start(), what)
    }

    /// All bytes, piece by piece, with their bits in order.
    fn for_each(&self, mut f: impl FnMut(&[u8]) -> Result<()>) -> Result<()> {
        self.source.for_each(self.span, |bytes| {
            for piece in bytes.chunks(PIECE) {
                if self.reversed {
                    f(&reverse(piece))?;
                } else {
                    f(piece)?;
                }
            }
            Ok(())
        })
    }

    /// All bytes, with their bits in order.
    pub(super) fn read(&self, cx: &Context<'_>) -> Result<Cow<'_, [u8]>> {
        cx.memory(self.span.len())?;
        let bytes = self.source.read(self.span)?;
        Ok(if self.reversed {
            Cow::Owned(reverse(&bytes))
        } else {
            bytes
        })
    }

    /// A byte as it stands in the file.
    pub(super) fn stored(&self, byte: u8) -> u8 {
        if self.reversed {
            byte.reverse_bits()
        } else {
            byte
        }
    }

    /// A place in the file.
    fn place(&self, at: u64) -> u64 {
        self.span.start().saturating_add(at).min(self.span.end())
    }

    /// zlib (RFC 1950).
    fn deflate(&self, cx: &Context<'_>, out: &mut Out<'_>) -> Result<End> {
        let mut inflate = Inflate::new();
        let mut used = 0_u64;
        let walked = self.for_each(|bytes| {
            if !inflate.is_done() {
                used = used.saturating_add(inflate.feed(bytes, cx, |piece| out.push(piece))?);
            }
            Ok(())
        });
        match walked {
            Ok(()) => {}
            // Nobody knows what stands behind the damage.
            Err(Error::Malformed { format: "zlib", .. }) => return Err(self.damaged()),
            Err(error) => return Err(error),
        }
        Ok(End {
            at: inflate.is_done().then(|| self.place(used)),
            too_much: out.telling,
            ..End::default()
        })
    }
}

/// The bits of each byte the other way round.
pub(super) fn reverse(bytes: &[u8]) -> Vec<u8> {
    bytes.iter().map(|byte| byte.reverse_bits()).collect()
}

/// What comes out of a strip: as much as the picture has room for, and whether there is more.
struct Out<'f> {
    sink: &'f mut dyn FnMut(&[u8]) -> Result<()>,
    left: Option<u64>,
    /// Something but zeros stands beyond: whole strips and tiles are often filled up with nothing.
    telling: bool,
}

impl Out<'_> {
    fn push(&mut self, bytes: &[u8]) -> Result<()> {
        let Some(left) = &mut self.left else {
            return (self.sink)(bytes);
        };
        let room = usize::try_from(*left).unwrap_or(usize::MAX);
        let (seen, beyond) = bytes.split_at_checked(room).unwrap_or((bytes, &[]));
        *left = left.saturating_sub(len_u64(seen.len()));
        self.telling |= beyond.iter().any(|byte| *byte != 0);
        (self.sink)(seen)
    }

    fn is_full(&self) -> bool {
        self.left == Some(0)
    }
}
