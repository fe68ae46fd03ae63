//! L4: one file, or folder, for each file type, in groups by use. A new format is its module and its
//! line in [`FORMATS`].

mod archive;
mod common;
mod document;
mod drawing;
mod format;
mod media;
mod photo;
mod probe;
mod raster;
mod refused;
mod table;

pub use format::{Format, Info, Streams};
pub use probe::{Confidence, HEAD, Match, Probe};
pub use refused::refusal;
pub use table::{FORMATS, by_id};
