//! L0: the words of the domain. Plain data, no I/O, no offsets into files.

mod digest;
mod error;
mod examined;
mod finding;
mod found;
mod info;
mod limits;
mod outcome;
mod part;
mod plan;
mod policy;
mod scratch;
mod secrets;
mod span;
mod untrusted;
mod why;

pub use digest::Digest;
pub use error::{Error, Result};
pub use examined::Examined;
pub use finding::{Category, Finding, Place, Role, Severity, Value};
pub use found::Found;
pub use info::{FileKind, Info};
pub use limits::Limits;
pub use outcome::{FILE_NAME, FOLDER_NAME, Outcome, OutcomeKind};
pub use part::{Fate, How, Part, PartMap, Row};
pub use plan::{Plan, Step};
pub use policy::{Password, Policy};
pub use scratch::{ReadAt, Scratch};
pub use secrets::Secrets;
pub use span::{Span, fit, len_u64};
pub use untrusted::Untrusted;
pub use why::{CANCELLED, NotRegular, TIME_IS_UP, Why};
