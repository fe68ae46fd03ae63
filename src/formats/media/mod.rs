//! Sound and film.

pub(super) mod wav;
