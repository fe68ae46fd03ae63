//! L1: the only code that touches raw offsets.

pub mod base64;
mod brotli;
mod context;
mod cursor;
mod hasher;
mod inflate;
mod nested;
mod runner;
mod scratch;
mod source;
mod streams;

pub use brotli::{Unpacked, unbrotli};
pub use context::{Budget, Context};
pub use cursor::{Cursor, Order};
pub use hasher::Hasher;
pub use inflate::{Inflate, inflate_all};
pub use nested::{Inside, Nested, NoNested};
pub use runner::{copy_in_memory, for_each_of_plan, is_identity, is_unchanged, run};
pub use scratch::{Scratchpad, Spill, SpillFile};
pub use source::Source;
pub use streams::Streams;

pub use crate::model::{ReadAt, Scratch};

#[cfg(test)]
pub(crate) mod testing;
