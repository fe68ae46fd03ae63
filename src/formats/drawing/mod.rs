//! Drawings and layered documents.

pub(super) mod psd;
pub(super) mod svg;
