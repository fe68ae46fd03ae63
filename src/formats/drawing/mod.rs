//! Drawings and layered documents.

pub(super) mod metafile;
pub(super) mod psd;
pub(super) mod svg;
