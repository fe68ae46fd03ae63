//! Documents: text, sheets, slides.

pub(super) mod ooxml;
pub(super) mod opendocument;
