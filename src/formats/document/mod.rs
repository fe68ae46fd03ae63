//! Documents: text, sheets, slides.

pub(super) mod opendocument;
