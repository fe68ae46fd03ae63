//! Any bytes: which format is it?
#![no_main]

use libfuzzer_sys::fuzz_target;
use sparlos::bytes::Source;

fuzz_target!(|bytes: &[u8]| {
    let _ = sparlos::pipeline::identify(&Source::memory(bytes));
});
