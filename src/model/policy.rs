//! How far cleaning goes.

/// What a cleaned copy may keep.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Policy {
    /// Everything goes that does not change how the file looks. The default.
    #[default]
    Share,
    /// HDR gain maps go as well, and coded data is walked to its last bit, which takes longer.
    Strict,
}
