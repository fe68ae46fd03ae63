//! L2: framing grammars that several formats share. They know where things stand, not what they mean.

pub mod css;
pub mod isobmff;
pub mod jpeg_segments;
pub mod pdf;
pub mod riff;
pub mod tiff;
pub mod xml;
pub mod zip;
