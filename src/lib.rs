//! *Spårlös*: finds what photos, videos and documents give away about where somebody is, and writes
//! cleaned copies. See `docs/ARCHITECTURE.md` for the picture.

// Tests may be plain: what they index and add up is their own.
#![cfg_attr(
    test,
    allow(
        clippy::arithmetic_side_effects,
        clippy::as_conversions,
        clippy::disallowed_methods,
        clippy::unit_arg
    )
)]

pub mod batch;
pub mod bytes;
pub mod cli;
pub mod containers;
pub mod formats;
pub mod metadata;
pub mod model;
pub mod pipeline;
pub mod places;
pub mod report;
pub mod story;
