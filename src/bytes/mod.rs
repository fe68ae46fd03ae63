//! L1: the only code that touches raw offsets.

mod brotli;
mod context;
mod cursor;
mod hasher;
mod inflate;
mod runner;
mod source;

pub use brotli::{Unpacked, unbrotli};
pub use context::{Budget, CleanInside, Context, Nested, NoNested};
pub use cursor::{Cursor, Order};
pub use hasher::Hasher;
pub use inflate::{Inflate, inflate_all};
pub use runner::{is_identity, run};
pub use source::{ReadAt, Source};

#[cfg(test)]
pub(crate) mod testing;
