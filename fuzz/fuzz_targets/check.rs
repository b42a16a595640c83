//! Any bytes become diagnostics or a model.

#![no_main]

use credsmith_spec::render;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    let checked = credsmith_codegen::check_text("fuzz.yaml", text);
    assert!(checked.spec.is_some() || !checked.diagnostics.is_empty());
    for found in &checked.diagnostics {
        let others = found.secondary.iter().map(|label| label.span);
        for span in others.chain([found.primary.span]) {
            assert!(text.get(span.range()).is_some(), "{found:?}");
        }
    }
    for color in [false, true] {
        let _ = render::human(&checked.source, &checked.diagnostics, color);
    }
    let specs = [checked];
    let _ = (
        render::json(&specs),
        render::github(&specs),
        render::sarif(&specs),
    );
});
