//! Files inside files go the same way as files.

use super::identify;
use crate::bytes::{Context, Inside, Nested, Source, Streams};
use crate::model::{Digest, Info, Result};

/// Every format, for files inside files.
pub(super) struct FilesInside;

impl Nested for FilesInside {
    fn identify(&self, source: &Source<'_>) -> Result<Option<&'static Info>> {
        Ok(identify(source)?.map(|format| format.info()))
    }

    fn examine(&self, source: &Source<'_>, cx: &Context<'_>) -> Result<Option<Inside>> {
        let Some(format) = identify(source)? else {
            return Ok(None);
        };
        Ok(Some(Inside {
            format: format.info(),
            examined: format.examine(source, cx)?,
        }))
    }

    fn payload(
        &self,
        source: &Source<'_>,
        cx: &Context<'_>,
    ) -> Result<Option<(&'static Info, Digest)>> {
        let Some(format) = identify(source)? else {
            return Ok(None);
        };
        Ok(Some((format.info(), format.payload_digest(source, cx)?)))
    }

    fn streams(&self, source: &Source<'_>, cx: &Context<'_>, sink: &mut dyn Streams) -> Result<()> {
        match identify(source)? {
            Some(format) => format.streams(source, cx, sink),
            None => Ok(()),
        }
    }
}
