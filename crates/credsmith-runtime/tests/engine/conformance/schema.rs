//! Every file of vectors fits the JSON Schema of its kind, and no two vectors of a kind share a name.

use std::collections::BTreeSet;

use serde_json::Value;

use super::files::{files, read, root};

const KINDS: [&str; 5] = [
    "protocol/requests",
    "protocol/responses",
    "policy/decisions",
    "policy/moments",
    "policy/pauses",
];

#[test]
fn vectors_fit_their_schemas() {
    for kind in KINDS {
        let path = schema_of(kind);
        let schema = read(&root().join(&path));
        jsonschema::meta::validate(&schema).unwrap();
        let validator = jsonschema::validator_for(&schema).unwrap();
        for file in files(kind) {
            let vectors = read(&file);
            let place = file.display();
            assert_eq!(vectors["$schema"], format!("../../{path}"), "{place}");
            let errors = validator.iter_errors(&vectors);
            let errors: Vec<_> = errors
                .map(|error| format!("{}: {error}", error.instance_path()))
                .collect();
            assert!(errors.is_empty(), "{place}:\n{}", errors.join("\n"));
        }
    }
}

#[test]
fn names_are_unique() {
    for kind in KINDS {
        let mut names = BTreeSet::new();
        for file in files(kind) {
            for name in names_in(&read(&file)) {
                assert!(names.insert(name.clone()), "{kind} has {name:?} twice");
            }
        }
    }
}

/// A vector of a new kind would run nowhere.
#[test]
fn every_folder_is_of_a_known_kind() {
    for folder in ["protocol", "policy"] {
        for entry in std::fs::read_dir(root().join(folder)).unwrap() {
            let name = entry.unwrap().file_name().into_string().unwrap();
            let kind = format!("{folder}/{name}");
            assert!(KINDS.contains(&kind.as_str()), "{kind} is not run");
        }
    }
}

fn schema_of(kind: &str) -> String {
    let (_, name) = kind.split_once('/').unwrap();
    format!("schema/{name}.schema.json")
}

fn names_in(vectors: &Value) -> Vec<String> {
    let vectors = vectors["vectors"].as_array().unwrap().iter();
    let name = |vector: &Value| vector["name"].as_str().unwrap().to_owned();
    vectors.map(name).collect()
}
