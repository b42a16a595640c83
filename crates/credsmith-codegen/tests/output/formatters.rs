//! Whatever rustfmt's settings, generated files say the same: they are fresh, and nobody's edit.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use credsmith_codegen::Generator;

/// Settings that no two teams share.
const SETTINGS: [&str; 7] = [
    "max_width=40",
    "max_width=60,hard_tabs=true",
    "max_width=200,use_small_heuristics=Max,tab_spaces=2",
    "max_width=120,use_small_heuristics=Off,newline_style=Windows",
    "match_arm_leading_pipes=Always,match_block_trailing_comma=true",
    "fn_params_layout=Vertical,short_array_element_width_threshold=1,single_line_if_else_max_width=0",
    "reorder_imports=false,reorder_modules=false,use_field_init_shorthand=true,merge_derives=false",
];

#[test]
fn rustfmt_with_any_settings_edits_nothing() {
    for spec in specs() {
        for settings in SETTINGS {
            check(&spec, settings);
        }
    }
}

#[track_caller]
fn check(spec: &Path, settings: &str) {
    let folder = tempfile::tempdir().unwrap();
    let generator = Generator::modules(folder.path()).spec(spec);
    let written = generator.write();
    let written = written.unwrap_or_else(|failure| panic!("{failure}"));
    let is_rust = |path: &&PathBuf| path.extension().is_some_and(|extension| extension == "rs");
    let files: Vec<_> = written.files.iter().filter(is_rust).collect();
    let before = texts(&files);
    let formatted = Command::new("rustfmt")
        .args(["--edition", "2024", "--config", settings])
        .args(&files)
        .status();
    assert!(
        formatted
            .expect("rustfmt comes with the toolchain")
            .success()
    );
    let stale = generator.check();
    let stale = stale.unwrap_or_else(|failure| panic!("{failure}"));
    let stale: Vec<_> = stale.iter().map(|stale| &stale.path).collect();
    assert!(stale.is_empty(), "{stale:?} with {settings}");
    let rewritten = generator.write();
    let rewritten = rewritten.unwrap_or_else(|failure| panic!("{failure}"));
    assert_eq!(rewritten.changed, [] as [PathBuf; 0], "{settings}");
    // The settings that keep what is there change nothing, which is no test of the others.
    let keeps = settings.starts_with("reorder_imports=false");
    assert!(
        keeps || texts(&files) != before,
        "{settings} changes nothing"
    );
}

fn texts(files: &[&PathBuf]) -> Vec<String> {
    let texts = files.iter().map(|file| fs::read_to_string(file).unwrap());
    texts.collect()
}

/// The specs of real SDKs.
fn specs() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../specs");
    let entries = fs::read_dir(folder).unwrap();
    let is_spec = |path: &PathBuf| {
        path.extension()
            .is_some_and(|extension| extension == "yaml")
    };
    let specs: Vec<_> = entries
        .map(|entry| entry.unwrap().path())
        .filter(is_spec)
        .collect();
    assert!(!specs.is_empty(), "no specs were found");
    specs
}
