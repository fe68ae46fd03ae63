//! Documents: text, sheets, slides, pages.

pub(super) mod epub;
pub(super) mod ooxml;
pub(super) mod opendocument;
pub(super) mod pdf;
pub(super) mod text;
