//! Output is as rustfmt leaves it, and means the same in every layout, however long the texts of a spec are.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use credsmith_codegen::{Generator, check_text};

use super::field;

/// Texts of all shapes that fields ask for; `~` is repeated.
const SHAPES: &[&str] = &[
    "5\" //disk => a, (b: ~",
    "5\"//disk'~",
    "https://~.example/disk",
    "/~",
    "Disk~",
    "disk~",
    "DISK~",
    "~",
];

/// A text of about this length that a field accepts.
fn accepted(field: &field::Field, length: usize) -> Option<String> {
    let texts = SHAPES.iter().map(|shape| {
        let missing = length.saturating_sub(shape.chars().count() - 1).max(1);
        // A label of a host name has at most 63 letters.
        let filler = if shape.starts_with("https") {
            "abcdefghi.".repeat(missing / 10) + &"d".repeat(missing % 10 + 1)
        } else if shape.starts_with("DISK") {
            "D".repeat(missing)
        } else {
            "d".repeat(missing)
        };
        shape.replace('~', &filler)
    });
    let mut specs = texts.map(|text| field.specs(&text)[0].clone());
    specs.find(|spec| check_text("acme.yaml", spec).spec.is_some())
}

/// The longest name whose lines are all broken as rustfmt breaks them.
const NAME: usize = 32;

/// Whether identifiers are made of the text of a field.
fn names(field: &field::Field) -> bool {
    let path = field.to_string();
    let ends = [
        "schemes/(key)",
        "security/(key)",
        "fields/0/name",
        "keys/0/name",
        "keys/0/field",
    ];
    path.contains("/names/") || ends.iter().any(|end| path.ends_with(end))
}

fn rustfmt(settings: &[&str], files: &[&PathBuf]) {
    let output = Command::new("rustfmt")
        .args(["--edition", "2024"])
        .args(settings)
        .args(files)
        .output()
        .expect("rustfmt comes with the toolchain");
    let words = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{settings:?}:\n{words}");
}

#[test]
fn g02_texts_of_every_length_in_every_field() {
    let folder = tempfile::tempdir().unwrap();
    let mut generator = Generator::modules(folder.path().join("out")).format(false);
    let mut long = 0;
    for (number, field) in field::all().iter().enumerate() {
        for length in [5, 50, 500] {
            let most = if names(field) { NAME } else { length };
            let Some(spec) = accepted(field, length.min(most)) else {
                // Some fields take marks or words that the spec defines.
                continue;
            };
            long += usize::from(length == 500);
            let name = field.to_string().replace(['/', '(', ')'], "-");
            let path = folder.path().join(format!("{number}{name}_{length}.yaml"));
            fs::write(&path, spec).unwrap();
            generator = generator.spec(path);
        }
    }
    for length in [5, 50, 500] {
        // An API key's name on the wire, without a name of a field that is made of it.
        let name = "X-Key".to_owned() + &"-x".repeat((length - 5) / 2);
        let spec = format!(
            "credsmith: 1\nsdk: {{ name: Acme }}\nschemes:\n  acme:\n    type: api_key\n    keys:\n      \
             - {{ name: {name}, in: header, field: key, prefix: '{name} ' }}\n      \
             - {{ name: {name}, in: query, field: other }}\n"
        );
        let path = folder.path().join(format!("keys_{length}.yaml"));
        fs::write(&path, spec).unwrap();
        generator = generator.spec(path);
    }
    assert!(long >= 25, "only {long} fields take a long text");
    let written = generator
        .write()
        .unwrap_or_else(|failure| panic!("{failure}"));
    let is_rust = |path: &&PathBuf| path.extension().is_some_and(|extension| extension == "rs");
    let files: Vec<_> = written.files.iter().filter(is_rust).collect();
    rustfmt(&["--check"], &files);
    for settings in ["max_width=40", "max_width=120,hard_tabs=true"] {
        rustfmt(&["--config", settings], &files);
        let stale = generator.check().unwrap();
        assert!(stale.is_empty(), "{settings}: {}", stale[0].diff);
    }
}
