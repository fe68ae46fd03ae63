//! Any block, given to every reader of metadata.
#![no_main]

use libfuzzer_sys::fuzz_target;
use sparlos::bytes::{Budget, Context, NoNested};
use sparlos::metadata::{exif, icc, xmp};
use sparlos::model::{Found, Limits, Policy};

fuzz_target!(|block: &[u8]| {
    let budget = Budget::new(Limits {
        total: 64 << 20,
        ..Limits::default()
    });
    let cx = Context::new(&budget, &NoNested, &|| None, Policy::SHARE);
    let mut found = Found::default();
    if let Ok(facts) = exif::read(block, "fuzz", &cx, &mut found) {
        let _ = exif::minimal(&facts);
    }
    if let Ok(facts) = xmp::read(block, "fuzz", &cx, &mut found) {
        let _ = xmp::minimal(&facts);
    }
    let _ = icc::read(block, "fuzz", &cx, &mut found);
    if let Ok(once) = icc::scrub(block, &cx) {
        let twice = icc::scrub(&once, &cx).expect("its own output can be scrubbed");
        assert_eq!(once, twice, "scrubbing twice changes something");
    }
});
