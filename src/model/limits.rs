//! How much one file may ask for.

/// Named limits for one file. All of them are strict: passing one ends the file with
/// [`super::Error::LimitExceeded`].
#[derive(Clone, Debug)]
pub struct Limits {
    /// Files inside files inside files.
    pub depth: u32,
    /// Largest block that is held in memory at once, in bytes.
    pub block: u64,
    /// What scratches of one file may hold in memory at once where there are files for the rest, in bytes.
    pub scratch: u64,
    /// All that may be inflated or copied into memory for one file, in bytes.
    pub total: u64,
    /// Structures (segments, chunks, IFD entries, XML events) looked at in one file.
    pub items: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            depth: 16,
            block: 256 << 20,
            scratch: 8 << 20,
            total: 8 << 30,
            items: 4_000_000,
        }
    }
}
