//! Output is as rustfmt would leave it, however long the names are.

use std::process::Command;

use credsmith_codegen::Generator;

use super::everything::{EVERYTHING, MARK};
use super::{spec, write_spec};

#[track_caller]
fn check(scheme: &str, names: &str) {
    check_spec(scheme, &spec(scheme, names));
}

#[track_caller]
fn check_spec(scheme: &str, text: &str) {
    let folder = tempfile::tempdir().unwrap();
    let path = write_spec(folder.path(), "acme.yaml", text);
    let written = Generator::modules(folder.path().join("out"))
        .spec(path)
        .write();
    let written = written.unwrap_or_else(|failure| panic!("{failure}"));
    let rust = written
        .files
        .iter()
        .filter(|path| path.extension().is_some_and(|e| e == "rs"));
    for edition in ["2021", "2024"] {
        let output = Command::new("rustfmt")
            .args(["--check", "--edition", edition])
            .args(rust.clone())
            .output()
            .expect("rustfmt comes with the toolchain");
        let diff = String::from_utf8_lossy(&output.stdout);
        assert!(
            output.status.success(),
            "{scheme}, edition {edition}:\n{diff}"
        );
    }
}

#[test]
fn names_of_every_length() {
    for length in 1..=32 {
        let word: String = ('a'..='z').cycle().skip(length % 7).take(length).collect();
        if !["as", "do", "fn", "if", "in"].contains(&word.as_str()) {
            check(&word, "");
        }
    }
}

#[test]
fn fields_of_every_length() {
    for length in (1..=33).step_by(4) {
        let word = "f".repeat(length);
        let names = format!(
            "fields: {{ client_id: {word}a, client_secret: {word}b, token: {word}c, scopes: \
             {word}d, token_provider: {word}e, on_token_update: {word}g, clock_skew: {word}h }}"
        );
        check("oauth2", &names);
    }
}

#[test]
fn several_schemes() {
    let one = spec("a", "");
    let (head, scheme) = one.split_once("schemes:\n").unwrap();
    for names in [
        ["a", "b", "c"],
        ["warehouse", "a_rather_long_name_of_a_scheme", "x"],
    ] {
        let schemes: String = names
            .iter()
            .map(|name| scheme.replace("  a:", &format!("  {name}:")))
            .collect();
        check_spec(names[0], &format!("{head}schemes:\n{schemes}"));
    }
    let named = one.replace(
        "sdk:\n",
        "sdk:\n  names: { token: Token, provider_error: TokenError }\n",
    );
    check_spec("a", &named);
}

#[test]
fn every_kind_of_scheme() {
    // The longest makes schemes of 25 characters, and variables of 60.
    for length in 1..=17 {
        let word = "y".repeat(length);
        check_spec(&word, &EVERYTHING.replace(MARK, &word));
    }
}
