//! The entry point for cargo-fuzz: `FUZZ_TARGET=mask_tile cargo +nightly fuzz run --features libfuzzer
//! cargo_fuzz`, guided by coverage, where the driver of this crate goes by outcomes.

#![no_main]

use std::sync::LazyLock;
use visionflow_fuzz::{TARGETS, Target};

static TARGET: LazyLock<&Target> = LazyLock::new(|| {
    let name = std::env::var("FUZZ_TARGET").expect("FUZZ_TARGET names the target");
    let found = TARGETS.iter().find(|target| target.name == name);
    found.expect("FUZZ_TARGET is one of the targets")
});

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    (TARGET.run)(data);
});
