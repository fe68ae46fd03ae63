//! A context for unit tests of parsers.

use super::{Budget, Context, Inside, Nested, NoNested, Source, Streams};
use crate::model::{Digest, Examined, FileKind, Info, Limits, Policy, Result};

/// Runs `f` with default limits, the default policy and no files inside files.
pub(crate) fn with_context<T>(f: impl FnOnce(&Context<'_>) -> T) -> T {
    let budget = Budget::new(Limits::default());
    f(&Context::new(&budget, &NoNested, &|| None, Policy::SHARE))
}

/// Stands for the pipeline: every file inside is of one format, and examined by a function.
pub(crate) struct Only<F>(pub(crate) &'static str, pub(crate) F);

static JPEG: Info = info("jpeg");
static WEBP: Info = info("webp");

const fn info(id: &'static str) -> Info {
    Info {
        id,
        name: id,
        extensions: &[],
        noun: "picture",
        rows: &[],
        vocabulary: &[],
    }
}

impl<F: Fn(&Source<'_>) -> Result<Examined>> Nested for Only<F> {
    fn identify(&self, source: &Source<'_>) -> Result<Option<FileKind>> {
        let head = source.peek(0, 4)?;
        let info = match (&*head, self.0) {
            ([0xFF, 0xD8, 0xFF, ..], "jpeg") => &JPEG,
            (b"RIFF", "webp") => &WEBP,
            _ => return Ok(None),
        };
        Ok(Some(FileKind {
            info,
            extensions: info.extensions,
        }))
    }

    fn examine(&self, source: &Source<'_>, _: &Context<'_>) -> Result<Option<Inside>> {
        let examine = |kind| {
            let examined = (self.1)(source)?;
            Ok(Inside { kind, examined })
        };
        self.identify(source)?.map(examine).transpose()
    }

    fn payload(&self, _: &Source<'_>, _: &Context<'_>) -> Result<Option<(&'static Info, Digest)>> {
        Ok(None)
    }

    fn streams(&self, _: &Source<'_>, _: &Context<'_>, _: &mut dyn Streams) -> Result<()> {
        Ok(())
    }
}
