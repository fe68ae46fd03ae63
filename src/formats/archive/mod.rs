//! Archives: files that consist of other files, each cleaned by its own format.

pub(super) mod gzip;
mod inside;
mod names;
pub(super) mod tar;
pub(super) mod zip;
