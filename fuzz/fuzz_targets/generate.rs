//! Whatever is accepted renders. Rust that does not parse is a failure of the generator, which
//! verifies it.

#![no_main]

use std::fs;

use credsmith_codegen::Generator;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    if credsmith_codegen::check_text("fuzz.yaml", text)
        .spec
        .is_none()
    {
        return;
    }
    let folder = tempfile::tempdir().expect("a temporary folder");
    let spec = folder.path().join("fuzz.yaml");
    fs::write(&spec, text).expect("a spec");
    for generator in [
        Generator::modules(folder.path()),
        Generator::pages(folder.path()),
    ] {
        if let Err(failure) = generator.spec(&spec).list() {
            panic!("{failure}");
        }
    }
});
