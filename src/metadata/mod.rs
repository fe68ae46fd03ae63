//! L3: one file for each metadata standard. A block goes in; findings, or a minimal block made anew,
//! come out. No reader here can fail because of what the block says: a block that is not understood is a
//! finding. The only errors are those of the budget.

pub mod appended;
pub mod c2pa;
pub mod exif;
mod gps;
pub mod icc;
pub mod iptc;
pub mod iso21496;
pub mod maker_note;
pub mod makers;
pub mod photoshop;
pub mod quicktime;
pub mod riff_info;
pub mod samsung;
mod spelling;
pub mod text;
pub mod xmp;
