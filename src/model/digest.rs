//! A fingerprint of the coded payload.

use std::fmt;

/// 128 bits over what a picture shows: equal digests mean that the coded payload and everything that
/// decides how it is rendered are the same. Both sides of a comparison are computed here, so the hash
/// need not withstand a forger.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Digest(pub u128);

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}
