//! Documents: text, tables, slides, pages.

pub(super) mod pdf;
