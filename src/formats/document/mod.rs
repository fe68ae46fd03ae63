//! Documents.

pub(in crate::formats) mod ooxml;
