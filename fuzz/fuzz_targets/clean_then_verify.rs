//! The whole way of one file. What cleaning writes, verification must pass.
#![no_main]

use libfuzzer_sys::fuzz_target;
use sparlos::model::Limits;
use sparlos::pipeline::Job;

#[path = "../../tests/it/support/judge.rs"]
#[allow(dead_code)] // the tests use more of it
mod judge;

fuzz_target!(|bytes: &[u8]| {
    let job = Job {
        limits: Limits {
            total: 64 << 20,
            ..Limits::default()
        },
        ..Job::default()
    };
    if let judge::Verdict::Broken(why) = judge::judge(bytes, &job) {
        panic!("{why}");
    }
});
