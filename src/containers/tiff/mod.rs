//! TIFF 6.0 and BigTIFF: header, directories of entries, and a writer.

pub mod file;
pub mod ifd;
pub mod write;
