//! The first byte chooses a format, which must look at the rest whether it would recognise it or not.
#![no_main]

use libfuzzer_sys::fuzz_target;
use sparlos::bytes::{Budget, Context, NoNested, Source};
use sparlos::formats::FORMATS;
use sparlos::model::{Limits, Policy};

fuzz_target!(|bytes: &[u8]| {
    let Some((choice, bytes)) = bytes.split_first() else {
        return;
    };
    let Some(format) = FORMATS.get(usize::from(*choice) % FORMATS.len().max(1)) else {
        return;
    };
    let budget = Budget::new(Limits {
        total: 64 << 20,
        ..Limits::default()
    });
    let cx = Context::new(&budget, &NoNested, &|| None, Policy::STRICT);
    let source = Source::memory(bytes);
    let _ = format.examine(&source, &cx);
    let _ = format.payload_digest(&source, &cx);
    let _ = format.streams(&source, &cx, &mut |_: &'static str, _: &[u8]| Ok(()));
});
