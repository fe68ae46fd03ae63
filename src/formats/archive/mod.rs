//! Archives: files that consist of other files, each cleaned by its own format.

pub(super) mod gzip;
mod inside;
mod names;
pub(super) mod tar;
#[cfg(test)]
mod tests;
pub(super) mod zip;
