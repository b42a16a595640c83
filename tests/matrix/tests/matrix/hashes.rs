//! Notices every change of output: `hashes.txt` has a hash of each generated file of `specs`, and one of all
//! files of each combination.
//!
//! A change that should leave the output as it is leaves that file as it is. One that is meant to change the
//! output writes it anew, so that its commit shows which files it reaches.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use credsmith_codegen::Generator;
use xxhash_rust::xxh3::xxh3_64;

#[test]
fn no_byte_of_the_output_changes_unnoticed() {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut hashes = String::new();
    for spec in specs(&package.join("../../specs")) {
        for (path, text) in generated(&spec) {
            writeln!(hashes, "{:016x}  {path}", xxh3_64(text.as_bytes())).unwrap();
        }
    }
    let combinations = [package.join("specs"), credsmith_matrix::specs().to_owned()];
    for spec in combinations.iter().flat_map(|folder| specs(folder)) {
        let texts = generated(&spec).into_iter();
        let all: String = texts.map(|(path, text)| path + "\n" + &text).collect();
        let name = spec.file_stem().unwrap().to_string_lossy();
        writeln!(hashes, "{:016x}  {name}", xxh3_64(all.as_bytes())).unwrap();
    }
    let file = package.join("hashes.txt");
    if std::env::var_os("CREDSMITH_UPDATE").is_some_and(|value| value == "1") {
        fs::write(&file, &hashes).unwrap();
    }
    let known = fs::read_to_string(&file).unwrap();
    let changed = hashes.lines().filter(|line| !known.contains(line));
    let changed: Vec<_> = changed.map(|line| &line[18..]).collect();
    assert!(
        known == hashes,
        "the output of these changed: {changed:?}; if it should, CREDSMITH_UPDATE=1 cargo test -p credsmith-matrix hashes"
    );
}

/// The specs of a folder, by name.
fn specs(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap();
    let paths = entries.map(|entry| entry.unwrap().path());
    let is_spec = |path: &PathBuf| {
        path.extension()
            .is_some_and(|extension| extension == "yaml")
    };
    let mut specs: Vec<_> = paths.filter(is_spec).collect();
    specs.sort();
    assert!(!specs.is_empty(), "no specs in {}", folder.display());
    specs
}

/// All modules and pages of a spec, without their headers, which name folders.
fn generated(spec: &Path) -> Vec<(String, String)> {
    let generators = [Generator::modules("modules"), Generator::pages("pages")];
    let lists = generators.map(|generator| generator.spec(spec).list());
    let files = lists
        .into_iter()
        .flat_map(|list| list.unwrap_or_else(|failure| panic!("{failure}")));
    files
        .map(|(path, file)| {
            let (_, text) = file.text.split_once("\n\n").unwrap();
            (path.to_string_lossy().into_owned(), text.to_owned())
        })
        .collect()
}
