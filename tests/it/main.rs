//! The one test binary.
// Tests may be plain: what they index, add up and write is their own.
#![allow(
    missing_docs,
    unreachable_pub,
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used
)]

mod architecture;
mod canary;
mod cli;
mod contract;
mod corpus;
mod docs;
mod drawings;
mod events;
mod handover;
mod hostile;
mod memory;
mod names;
mod oracles;
mod page;
mod pdf;
mod publish;
mod rendering;
mod samples;
mod samples_outcomes;
mod share_safe;
mod story;
mod support;
mod terminal;
mod words;
