//! `credsmith init`: what it writes is compiled and tested as it stands.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crate::support::{SPEC, credsmith_in, folder_with_specs, repository, run, stderr};

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
    for call in ["init --name Acme", "init"] {
        let output = run(folder, call, 0);
        let words = stderr(&output);
        assert!(
            words.contains("specs/acme.yaml is there already, and stays"),
            "{words}"
        );
        assert!(
            words.contains("0 files written, 7 fresh already"),
            "{words}"
        );
        assert_eq!(files(folder), before, "{call}");
    }
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

/// The names of the files below a folder.
fn names(folder: &Path) -> Vec<String> {
    let name = |(path, _): (PathBuf, String)| {
        let path = path.strip_prefix(folder).unwrap().to_owned();
        crate::support::portable(&path)
    };
    files(folder).into_iter().map(name).collect()
}

#[test]
fn whatever_is_missing_comes_back() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    run(folder, "init --name Acme", 0);
    let before = files(folder);
    for (path, _) in &before {
        fs::remove_file(path).unwrap();
        // A name is needed only where nothing else tells it.
        let output = run(folder, "init --name Acme", 0);
        assert_eq!(
            files(folder),
            before,
            "{}: {}",
            path.display(),
            stderr(&output)
        );
    }
    let words = stderr(&run(folder, "init", 0));
    let left = words.split("\n\n").skip(1).collect::<Vec<_>>();
    let url = "put your token URL into specs/acme.yaml, and run again, as after each change of it\n  \
               credsmith generate\n";
    assert_eq!(left, [url]);
}

#[test]
fn a_run_that_got_half_way_is_finished_by_the_next() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    run(folder, "init --name Acme", 0);
    let all = files(folder);
    let order = [
        "specs/acme.yaml",
        "specs/credsmith.schema.json",
        "credsmith.toml",
        "tests/credsmith.rs",
        "Cargo.toml",
        "src/lib.rs",
    ];
    for done in 1..=order.len() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path();
        for file in &order[..done] {
            let (path, _) = all.iter().find(|(path, _)| path.ends_with(file)).unwrap();
            fs::create_dir_all(folder.join(file).parent().unwrap()).unwrap();
            fs::copy(path, folder.join(file)).unwrap();
        }
        let words = stderr(&run(folder, "init", 0));
        for (number, file) in order.iter().enumerate() {
            let kept = format!("{file} is there already, and stays as it is\n");
            assert!(
                !words.contains(&format!("wrote {file}\n")) || number >= done,
                "{words}"
            );
            assert!(!words.contains(&kept) || number < done, "{words}");
        }
        assert!(!words.contains("add "), "{words}");
        let texts = |files: &[(PathBuf, String)]| -> Vec<_> {
            files.iter().map(|(_, text)| text.clone()).collect()
        };
        assert_eq!(texts(&files(folder)), texts(&all), "{words}");
    }
}

#[test]
fn a_spec_that_was_there_first_is_taken_up() {
    for call in ["init", "init --name Acme"] {
        let folder = folder_with_specs(&["acme"]);
        let folder = folder.path();
        fs::write(folder.join("specs/other.yaml"), "openapi: 3.1.0\n").unwrap();
        let words = stderr(&run(folder, call, 0));
        let kept = "specs/acme.yaml is there already, and stays as it is\nwrote ";
        assert!(words.contains(kept), "{words}");
        let end = "\n\nnothing is left to do; after each change of specs/acme.yaml, run\n  \
                   credsmith generate\n";
        assert!(words.ends_with(end), "{words}");
        assert_eq!(
            fs::read_to_string(folder.join("specs/acme.yaml")).unwrap(),
            SPEC
        );
        let configuration = fs::read_to_string(folder.join("credsmith.toml")).unwrap();
        assert!(
            configuration.contains("specs = [\"specs/acme.yaml\"]\n"),
            "{configuration}"
        );
        run(folder, "generate --check", 0);
    }
}

#[test]
fn several_specs_with_needs_become_a_crate_that_works() {
    let folder = folder_with_specs(&["acme", "billing-api"]);
    let folder = folder.path();
    let spec = SPEC
        .replace(
            "{ name: Acme }",
            "{ name: Billing, rust: { blocking: true } }",
        )
        .replace(
            "token_url:",
            "client_authentication: private_key_jwt\n    token_url:",
        )
        .replace("api.example.com/token", "api.example.com/oauth2/token");
    fs::write(folder.join("specs/billing-api.yaml"), spec).unwrap();
    let words = stderr(&run(folder, "init", 0));
    for (path, module) in [("acme", "acme::acme"), ("billing-api", "acme::billing_api")] {
        let advice =
            format!("set `sdk.rust.crate` to `{module}` in specs/{path}.yaml, whose pages");
        assert!(words.contains(&advice), "{words}");
        let file = folder.join(format!("specs/{path}.yaml"));
        let text = fs::read_to_string(&file).unwrap();
        let key = format!("crate: {module}");
        let text = if text.contains("rust: {") {
            text.replace("rust: {", &format!("rust: {{ {key},"))
        } else {
            text.replace("Acme }", &format!("Acme, rust: {{ {key} }} }}"))
        };
        fs::write(file, text).unwrap();
    }
    run(folder, "generate", 0);
    assert!(!stderr(&run(folder, "init", 0)).contains("set `sdk.rust.crate`"));
    patch(folder);
    assert_works(folder, "specs/billing-api.yaml");
    let tested = cargo(folder, &["test", "--features", "blocking"]);
    assert!(tested.status.success(), "{}", stderr(&tested));
}

#[test]
fn an_existing_crate_is_told_what_its_specs_need() {
    let folder = existing();
    let folder = folder.path();
    fs::create_dir(folder.join("specs")).unwrap();
    let spec = SPEC
        .replace("{ name: Acme }", "{ name: Acme, rust: { blocking: true } }")
        .replace(
            "token_url:",
            "client_authentication: client_secret_jwt\n    token_url:",
        );
    fs::write(folder.join("specs/acme.yaml"), spec).unwrap();
    let words = stderr(&run(folder, "init", 0));
    for told in [
        "features = [\"jwt\"] }\n",
        "  [features]\n  blocking = [\"credsmith-runtime/blocking\"]\n",
        "set `sdk.rust.crate` to `acme_sdk` in specs/acme.yaml, whose pages import from `acme`",
    ] {
        assert!(words.contains(told), "{told}: {words}");
    }
    follow(folder, &words, "Cargo.toml");
    follow(folder, &words, "src/lib.rs");
    let words = stderr(&run(folder, "init", 0));
    assert!(!words.contains("add to"), "{words}");
    let manifest = folder.join("Cargo.toml");
    let text = fs::read_to_string(&manifest).unwrap();
    fs::write(&manifest, text.replace(", features = [\"jwt\"]", "")).unwrap();
    let words = stderr(&run(folder, "init", 0));
    let told = "give credsmith-runtime the feature `jwt` in Cargo.toml";
    assert!(words.contains(told), "{words}");
}

const CONFIGURATION: &str = "[[output]]\nspecs = [\"api/acme.yaml\"]\n";

#[test]
fn a_spec_that_is_listed_and_missing_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let configuration = format!("{CONFIGURATION}modules = \"src/credentials\"\n");
    fs::write(folder.join("credsmith.toml"), &configuration).unwrap();
    let words = stderr(&run(folder, "init", 0));
    assert!(words.contains("wrote api/acme.yaml\n"), "{words}");
    let text = fs::read_to_string(folder.join("credsmith.toml")).unwrap();
    assert_eq!(text, configuration);
    let library = fs::read_to_string(folder.join("src/lib.rs")).unwrap();
    assert!(
        library.contains("mod credentials {\n    pub mod acme;\n}\n"),
        "{library}"
    );
    run(folder, "generate --check", 0);
}

#[test]
fn a_configuration_without_modules_gets_no_crate() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    fs::write(
        folder.join("credsmith.toml"),
        format!("{CONFIGURATION}docs = \"site\"\n"),
    )
    .unwrap();
    run(folder, "init", 0);
    let expected = [
        "api/acme.yaml",
        "api/credsmith.schema.json",
        "credsmith.toml",
        "site/acme/.credsmith-pages",
        "site/acme/http_clients.md",
        "site/acme/index.md",
        "site/acme/oauth_2.md",
    ];
    assert_eq!(names(folder), expected);
}

#[test]
fn a_configuration_above_that_lists_a_spec_of_this_folder_is_used() {
    let folder = tempfile::tempdir().unwrap();
    let (here, other) = (folder.path().join("acme"), folder.path().join("other"));
    fs::create_dir(&here).unwrap();
    fs::create_dir(&other).unwrap();
    let configuration =
        "[[output]]\nspecs = [\"acme/specs/acme.yaml\"]\nmodules = \"acme/src/auth\"\n";
    fs::write(folder.path().join("credsmith.toml"), configuration).unwrap();
    run(&here, "init", 0);
    assert!(here.join("src/auth/acme/mod.rs").exists());
    assert!(!here.join("credsmith.toml").exists());
    // One that does not is none of its business.
    run(&other, "init", 0);
    assert!(other.join("credsmith.toml").exists());
}

#[test]
fn mistakes_are_told_before_anything_is_written() {
    let folder = folder_with_specs(&["acme"]);
    let folder = folder.path();
    let spec = folder.join("specs/acme.yaml");
    fs::write(&spec, SPEC.replace("token_url", "tokenUrl")).unwrap();
    for call in ["init", "init --name Acme"] {
        let words = stderr(&run(folder, call, 2));
        assert!(words.contains("error[CS0101]"), "{words}");
        assert!(
            words.contains("nothing was written; correct what is shown above"),
            "{words}"
        );
    }
    assert_eq!(names(folder), ["specs/acme.yaml"]);
    fs::write(spec, SPEC).unwrap();
    fs::write(folder.join("credsmith.toml"), "[[outptu]]\n").unwrap();
    let words = stderr(&run(folder, "init", 2));
    assert!(words.contains("did you mean `output`?"), "{words}");
    assert_eq!(names(folder), ["credsmith.toml", "specs/acme.yaml"]);
    let words = stderr(&run(folder, "init specs/acme.yaml", 2));
    assert!(words.contains("did you mean `output`?"), "{words}");
    fs::remove_file(folder.join("credsmith.toml")).unwrap();
    let words = stderr(&run(folder, "init specs/acme.yaml", 2));
    assert!(
        words.contains("specs/acme.yaml is a file; name the folder"),
        "{words}"
    );
}

#[test]
fn a_file_in_the_way_of_modules_is_told_with_the_rest_of_what_is_to_be_done() {
    let folder = existing();
    let folder = folder.path();
    fs::create_dir_all(folder.join("src/auth/acme")).unwrap();
    fs::write(folder.join("src/auth/acme/mod.rs"), "// mine\n").unwrap();
    let words = stderr(&run(folder, "init --name Acme", 2));
    assert!(
        words.contains("src/auth/acme/mod.rs: credsmith did not write it"),
        "{words}"
    );
    assert!(
        words.contains("clear the way as said above, and run\n  credsmith generate\n"),
        "{words}"
    );
    assert!(words.contains("add to Cargo.toml\n"), "{words}");
    fs::remove_file(folder.join("src/auth/acme/mod.rs")).unwrap();
    run(folder, "init", 0);
    run(folder, "generate --check", 0);
}

#[test]
fn the_folder_itself_may_hold_the_specs() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    fs::write(folder.join("acme.yaml"), SPEC).unwrap();
    let words = stderr(&run(folder, "init .", 0));
    assert!(words.starts_with("acme.yaml is there already"), "{words}");
    run(folder, "generate --check", 0);
}

#[test]
fn a_workspace_above_has_to_know_a_new_crate() {
    let folder = tempfile::tempdir().unwrap();
    let manifest = folder.path().join("Cargo.toml");
    for (members, is_told) in [("[\"other\"]", true), ("[\"crates/*\"]", false)] {
        fs::write(&manifest, format!("[workspace]\nmembers = {members}\n")).unwrap();
        let here = folder.path().join("crates/acme");
        fs::create_dir_all(&here).unwrap();
        let words = stderr(&run(&here, "init", 0));
        let told = "add \"crates/acme\" to the `members` of ../../Cargo.toml";
        assert_eq!(words.contains(told), is_told, "{words}");
    }
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
