//! The same spec gives the same bytes.

use std::path::Path;

use credsmith_codegen::Generator;

use super::{files_below, spec, write_spec};

fn generate(root: &Path) -> Vec<(String, String)> {
    let path = write_spec(&root.join("specs"), "acme.yaml", &spec("oauth2", ""));
    let out = root.join("out");
    Generator::modules(&out).spec(&path).write().unwrap();
    Generator::pages(&out).spec(&path).write().unwrap();
    files_below(&out)
}

#[test]
fn twice_and_in_another_folder() {
    let (one, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let deeper = other.path().join("a folder/deeper");
    let first = generate(one.path());
    assert!(first.len() > 7, "{first:?}");
    let again = Generator::modules(one.path().join("out"));
    for (path, file) in again
        .spec(one.path().join("specs/acme.yaml"))
        .list()
        .unwrap()
    {
        assert_eq!(std::fs::read_to_string(path).unwrap(), file.text);
    }
    assert_eq!(first, generate(&deeper));
}

#[test]
fn nothing_tells_the_machine() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().to_string_lossy().into_owned();
    for (name, text) in generate(folder.path()) {
        assert!(!text.contains(&path), "{name} holds {path}");
    }
}

#[test]
fn a_new_scheme_renames_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let one = spec("oauth2", "");
    let (_, scheme) = one.split_once("schemes:\n").unwrap();
    let two = format!("{one}{}", scheme.replace("oauth2:", "other:"));
    let mut texts = Vec::new();
    for (name, text) in [("one", &one), ("two", &two)] {
        let path = write_spec(folder.path(), &format!("{name}.yaml"), text);
        let files = Generator::modules("out").spec(path).list().unwrap();
        let scheme = files
            .into_iter()
            .find(|(path, _)| path.ends_with("oauth_2.rs"))
            .unwrap();
        let (_, text) = scheme.1.text.split_once("\n\n").unwrap();
        texts.push(text.to_owned());
    }
    assert_eq!(texts[0], texts[1]);
}

#[test]
fn peer_defect_24_no_escapes_of_html_in_rust() {
    let folder = tempfile::tempdir().unwrap();
    let text = spec("oauth2", "").replace("For the API of AcmeCloud.", "'Vec<String> & \"more\"'");
    let path = write_spec(folder.path(), "acme.yaml", &text);
    let files = Generator::modules("out").spec(path).list().unwrap();
    let module = files
        .iter()
        .find(|(path, _)| path.ends_with("oauth_2.rs"))
        .unwrap();
    assert!(
        module.1.text.contains(r#"/// Vec\<String\> \& "more""#),
        "{}",
        module.1.text
    );
    for (path, file) in files {
        for escape in ["&lt;", "&gt;", "&amp;", "&#", "&quot;"] {
            assert!(
                !file.text.contains(escape),
                "{} holds {escape}",
                path.display()
            );
        }
    }
}
