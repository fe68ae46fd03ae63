//! What several formats share: parts of a map, palettes, pixels under transparency.

mod hidden;
pub(super) mod package;
mod palette;
mod parts;
mod splice;
mod target;
mod unshown;
mod words;

pub(super) use hidden::Hidden;
pub(super) use palette::{unused_colours, without_unused};
pub(super) use parts::Parts;
pub(super) use splice::Splice;
pub(super) use target::{Target, is_path_like, target};
pub(super) use unshown::{NOT_SHOWN, Unshown};
pub(super) use words::reads_like_text;
