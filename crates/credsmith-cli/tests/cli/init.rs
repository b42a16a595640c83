//! `credsmith init`: what it writes is compiled and tested as it stands.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crate::support::{credsmith_in, repository, run, stderr};

/// Runs `cargo` on a crate that uses ours, and shares what this repository has built already.
fn cargo(folder: &Path, arguments: &[&str]) -> Output {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
    let mut command = Command::new(env!("CARGO"));
    command
        .args(arguments)
        .arg("--offline")
        .current_dir(folder)
        .env("CARGO_TARGET_DIR", target);
    command.output().unwrap()
}

/// Puts the crates of this repository in the place of those that are published, with its versions and
/// profiles for the rest. Warnings fail.
fn patch(folder: &Path) {
    let workspace = fs::read_to_string(repository().join("Cargo.toml")).unwrap();
    let (_, profiles) = workspace.split_once("[profile.dev]").unwrap();
    let lints = "[lints.rust]\nwarnings = \"deny\"";
    let mut patch = format!("\n{lints}\n\n[profile.dev]{profiles}\n[patch.crates-io]\n");
    for name in ["codegen", "project", "runtime", "spec"] {
        let path = repository().join(format!("crates/credsmith-{name}"));
        patch += &format!(
            "credsmith-{name} = {{ path = {:?} }}\n",
            path.to_str().unwrap()
        );
    }
    let manifest = folder.join("Cargo.toml");
    let text = fs::read_to_string(&manifest).unwrap();
    fs::write(&manifest, text + &patch).unwrap();
    fs::copy(repository().join("Cargo.lock"), folder.join("Cargo.lock")).unwrap();
}

/// The crate compiles without warnings, its freshness test passes, and fails when the spec changes
/// until somebody generates.
#[track_caller]
fn assert_works(folder: &Path, spec: &str) {
    let tested = cargo(folder, &["test"]);
    let words = format!("{}{}", crate::support::stdout(&tested), stderr(&tested));
    assert!(tested.status.success(), "{words}");
    assert!(
        words.contains("generated_files_are_fresh ... ok"),
        "{words}"
    );

    let path = folder.join(spec);
    let text = fs::read_to_string(&path).unwrap();
    let url = "https://api.example.com/oauth2/token";
    fs::write(&path, text.replace(url, "https://auth.acme.example/token")).unwrap();
    let tested = cargo(folder, &["test", "--test", "credsmith"]);
    assert!(!tested.status.success());
    let words = crate::support::stdout(&tested) + &stderr(&tested);
    assert!(
        words.contains("to regenerate: credsmith generate"),
        "{words}"
    );
    run(folder, "generate", 0);
    run(folder, "generate --check", 0);
    let tested = cargo(folder, &["test", "--test", "credsmith"]);
    assert!(tested.status.success(), "{}", stderr(&tested));
}

/// All files below a folder, and what they say.
fn files(folder: &Path) -> Vec<(PathBuf, String)> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let text = fs::read_to_string(&path).unwrap();
                files.push((path, text));
            }
        }
    }
    files.sort();
    files
}

#[test]
fn an_empty_folder_becomes_a_crate_that_works() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let init = credsmith_in(folder, &["init", "--name", "Acme Cloud"]);
    assert!(init.status.success(), "{}", stderr(&init));
    let words = stderr(&init);
    for (path, _) in files(folder) {
        let path = path.strip_prefix(folder).unwrap().display().to_string();
        let is_manifest_of_output = path.contains("/.credsmith-");
        let told = words.contains(&format!("wrote {path}\n"));
        assert!(told || is_manifest_of_output, "{path} is not told: {words}");
    }
    run(folder, "check", 0);
    run(folder, "generate --check", 0);
    run(
        folder,
        "schema --out specs/credsmith.schema.json --check",
        0,
    );
    let formatted = Command::new("rustfmt")
        .args([
            "--check",
            "--edition",
            "2024",
            "src/lib.rs",
            "tests/credsmith.rs",
        ])
        .current_dir(folder)
        .output()
        .unwrap();
    assert!(
        formatted.status.success(),
        "{}",
        crate::support::stdout(&formatted)
    );
    patch(folder);
    assert_works(folder, "specs/acme_cloud.yaml");
}

const LIBRARY: &str = "//! Mine.\n\n/// Also mine.\npub struct Mine;\n";

/// A crate with a library of its own.
fn existing() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("src")).unwrap();
    let manifest = "[package]\nname = \"acme-sdk\"\nversion = \"1.2.3\"\nedition = \"2024\"\n\n";
    fs::write(folder.path().join("Cargo.toml"), manifest).unwrap();
    fs::write(folder.path().join("src/lib.rs"), LIBRARY).unwrap();
    folder
}

/// Appends to a file what a run said to add to it.
#[track_caller]
fn follow(folder: &Path, words: &str, file: &str) {
    let (_, told) = words
        .split_once(&format!("\nadd to {file}\n"))
        .unwrap_or_else(|| panic!("nothing for {file}: {words}"));
    let lines = told
        .lines()
        .take_while(|line| line.is_empty() || line.starts_with("  "));
    let lines: Vec<_> = lines
        .map(|line| line.strip_prefix("  ").unwrap_or(line))
        .collect();
    let path = folder.join(file);
    let text = fs::read_to_string(&path).unwrap();
    fs::write(path, text + &lines.join("\n") + "\n").unwrap();
}

#[test]
fn an_existing_crate_works_when_the_advice_is_followed() {
    let folder = existing();
    let folder = folder.path();
    let before = files(folder);
    let init = credsmith_in(folder, &["init", "--name", "Acme"]);
    assert!(init.status.success(), "{}", stderr(&init));
    let after = files(folder);
    for file in &before {
        assert!(after.contains(file), "{} was changed", file.0.display());
    }
    let page = fs::read_to_string(folder.join("docs/auth/acme/oauth_2.md")).unwrap();
    assert!(
        page.contains("use acme_sdk::"),
        "pages import from the crate"
    );
    let words = stderr(&init);
    follow(folder, &words, "Cargo.toml");
    follow(folder, &words, "src/lib.rs");
    patch(folder);
    assert_works(folder, "specs/acme.yaml");
}

#[test]
fn nothing_that_exists_is_overwritten() {
    let folder = existing();
    let folder = folder.path();
    fs::create_dir_all(folder.join("tests")).unwrap();
    fs::create_dir_all(folder.join("specs")).unwrap();
    for file in [
        "tests/credsmith.rs",
        "specs/credsmith.schema.json",
        "src/auth.rs",
    ] {
        fs::write(folder.join(file), "mine").unwrap();
    }
    let init = credsmith_in(folder, &["init", "--name", "Acme"]);
    assert!(init.status.success(), "{}", stderr(&init));
    let words = stderr(&init);
    for file in [
        "tests/credsmith.rs",
        "specs/credsmith.schema.json",
        "src/auth.rs",
    ] {
        assert_eq!(fs::read_to_string(folder.join(file)).unwrap(), "mine");
    }
    let stays = "tests/credsmith.rs is there already, and stays as it is";
    assert!(words.contains(stays), "{words}");
    assert!(
        words.contains("add to src/auth.rs\n  pub mod acme;\n"),
        "{words}"
    );
}

#[test]
fn a_second_call_changes_nothing_and_a_second_spec_is_added_by_hand() {
    let folder = existing();
    let folder = folder.path();
    run(folder, "init --name Acme", 0);
    let before = files(folder);
    let output = run(folder, "init --name Acme", 2);
    assert!(stderr(&output).contains("specs/acme.yaml is there already"));
    assert_eq!(files(folder), before);
    let output = run(folder, "init --name Billing", 0);
    let words = stderr(&output);
    let told = "add \"specs/billing.yaml\" to an output of credsmith.toml";
    assert!(words.contains(told), "{words}");
    let file = folder.join("credsmith.toml");
    let text = fs::read_to_string(&file).unwrap();
    let both = text.replace("acme.yaml\"", "acme.yaml\", \"specs/billing.yaml\"");
    fs::write(&file, both).unwrap();
    run(folder, "generate", 0);
    assert!(folder.join("src/auth/billing/mod.rs").exists());
}

#[test]
fn another_folder_for_specs_is_noted_in_the_configuration() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    run(folder, "init api/specs --name Acme", 0);
    let text = fs::read_to_string(folder.join("credsmith.toml")).unwrap();
    assert!(text.contains("specs = [\"api/specs/acme.yaml\"]"), "{text}");
    run(folder, "generate --check", 0);
}

#[test]
fn a_name_that_names_nothing_is_refused_before_anything_is_written() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["", "!!!", "3M", "Süßwaren", "日本", "self", "a\u{1b}[2Jb"] {
        let output = credsmith_in(folder.path(), &["init", "--name", name]);
        assert_eq!(
            output.status.code(),
            Some(2),
            "{name:?}: {}",
            stderr(&output)
        );
        let words = stderr(&output);
        assert!(words.contains("cannot name an SDK"), "{name:?}: {words}");
        assert!(words.contains("--name"), "{name:?}: {words}");
        assert!(!words.contains('\u{1b}'), "{words:?}");
        let written = fs::read_dir(folder.path()).unwrap().count();
        assert_eq!(written, 0, "{name:?}: something was written");
    }
}

#[test]
fn a_workspace_is_told_where_to_go() {
    let folder = tempfile::tempdir().unwrap();
    let manifest = folder.path().join("Cargo.toml");
    fs::write(&manifest, "[workspace]\nmembers = []\n").unwrap();
    let output = run(folder.path(), "init --name Acme", 2);
    assert!(stderr(&output).contains("in the folder of the crate"));
    fs::write(&manifest, "[package\n").unwrap();
    let output = run(folder.path(), "init --name Acme", 1);
    assert!(stderr(&output).contains("Cargo.toml is no manifest"));
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}
