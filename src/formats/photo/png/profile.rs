//! iCCP (PNG 3rd edition, 11.3.2.3): name, NUL, compression method 0, zlib stream.

use super::pixels::deflate;
use crate::bytes::{Context, Cursor, Inflate};
use crate::metadata::icc;
use crate::model::{Error, Result, len_u64};

/// What stands in one iCCP chunk.
#[derive(Debug)]
pub(super) struct Profile {
    /// As it stands, in Latin-1.
    pub(super) name: Vec<u8>,
    pub(super) bytes: Vec<u8>,
    /// Bytes of the chunk behind the zlib stream.
    pub(super) surplus: u64,
}

/// The name that every kept profile gets.
pub(super) const NAME: &[u8] = b"ICC";

impl Profile {
    /// Reads the data of a chunk; `None` when there is no profile in it, or one that is cut off: decoders
    /// show the picture without it.
    ///
    /// # Errors
    /// Those of the budget.
    pub(super) fn parse(data: &[u8], cx: &Context<'_>) -> Result<Option<Self>> {
        let mut cursor = Cursor::new(data);
        let name = cursor
            .until_nul()
            .filter(|name| (1..80).contains(&name.len()));
        let (Some(name), Some(0)) = (name, cursor.u8()) else {
            return Ok(None);
        };
        let mut bytes = Vec::new();
        let mut inflate = Inflate::new();
        let used = inflate.feed(cursor.rest(), cx, |piece| {
            bytes.extend_from_slice(piece);
            if len_u64(bytes.len()) > cx.limits().block {
                return Err(Error::LimitExceeded { limit: "block" });
            }
            Ok(())
        });
        match used {
            Ok(used) if inflate.is_done() && icc::is_profile(&bytes) => Ok(Some(Self {
                name: name.to_vec(),
                bytes,
                surplus: len_u64(cursor.rest().len()).saturating_sub(used),
            })),
            Ok(_) | Err(Error::Malformed { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// The data of a chunk with the same colours and nothing else. The data of a clean chunk stays as
    /// it is.
    ///
    /// # Errors
    /// As [`icc::scrub`].
    pub(super) fn clean(&self, data: &[u8], cx: &Context<'_>) -> Result<Vec<u8>> {
        let scrubbed = icc::scrub(&self.bytes, cx)?;
        if self.name == NAME && self.surplus == 0 && scrubbed == self.bytes {
            return Ok(data.to_vec());
        }
        let mut out = [NAME, &[0, 0]].concat();
        out.extend(deflate(&scrubbed, cx)?);
        Ok(out)
    }
}
