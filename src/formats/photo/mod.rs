//! What cameras, phones and scanners write.

pub(super) mod gif;
pub(super) mod heif;
pub(super) mod jpeg;
pub(super) mod jxl;
pub(super) mod png;
pub(super) mod raw;
pub(super) mod tiff;
pub(super) mod webp;
