//! `credsmith plan`: what a spec means, and its names.

use std::fs;

use crate::support::{assert_fresh, credsmith, stderr, stdout};

#[test]
fn it_prints_what_the_spec_means_and_the_names_of_each_language() {
    for spec in ["paypal", "everything"] {
        let output = credsmith(&["plan", &format!("specs/{spec}.yaml")]);
        assert!(output.status.success(), "{}", stderr(&output));
        let path = format!("crates/credsmith-cli/tests/cli/plan/{spec}.txt");
        assert_fresh(path.as_ref(), &stdout(&output));
    }
}

#[test]
fn a_spec_with_errors_has_no_plan() {
    let folder = tempfile::tempdir().unwrap();
    let spec = folder.path().join("acme.yaml");
    fs::write(&spec, "credsmith: 1\nsdk: { name: Acme }\nschemes: {}\n").unwrap();
    let output = credsmith(&["plan", spec.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(stdout(&output), "");
    assert!(stderr(&output).contains("CS0303"), "{}", stderr(&output));
}
