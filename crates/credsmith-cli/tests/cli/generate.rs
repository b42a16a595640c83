//! `credsmith generate` and `docs` with arguments, and their exit codes.

use std::fs;
use std::process::Command;

use crate::support::{SPEC, credsmith_in, folder_with_specs, repository, run, stderr, stdout};

/// An empty folder with a spec in it.
fn project() -> tempfile::TempDir {
    folder_with_specs(&["acme"])
}

const GENERATE: &str = "generate specs/acme.yaml --out src/auth";

#[test]
fn generated_files_are_fresh_until_an_item_changes() {
    let project = project();
    let folder = project.path();
    let output = run(folder, GENERATE, 0);
    assert!(output.stdout.is_empty(), "words go to stderr");
    assert!(
        stderr(&output).contains("wrote src/auth/acme/oauth_2.rs"),
        "{}",
        stderr(&output)
    );
    run(folder, &format!("{GENERATE} --check"), 0);

    let path = folder.join("src/auth/acme/oauth_2.rs");
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, text.replace("fn clear_token", "fn forget_token")).unwrap();
    let output = run(folder, &format!("{GENERATE} --check"), 1);
    assert!(
        stdout(&output).contains("+    pub fn clear_token(&self) {"),
        "{}",
        stdout(&output)
    );
    let words = stderr(&output);
    assert!(
        words.contains("src/auth/acme/oauth_2.rs: it is not what the spec generates"),
        "{words}"
    );
    assert!(
        words.contains(&format!("  credsmith {GENERATE} --force")),
        "{words}"
    );

    // The command it names does what it says, and nothing less does.
    run(folder, GENERATE, 2);
    run(folder, &format!("{GENERATE} --force"), 0);
    assert_eq!(fs::read_to_string(&path).unwrap(), text);
}

#[test]
fn a_repository_with_a_layout_of_its_own_is_shown_what_differs() {
    let project = project();
    let folder = project.path();
    run(folder, GENERATE, 0);
    fs::write(
        folder.join("rustfmt.toml"),
        "hard_tabs = true\nmax_width = 60\n",
    )
    .unwrap();
    let formatted = Command::new("rustfmt")
        .args(["--edition", "2024", "src/auth/acme/mod.rs"])
        .current_dir(folder)
        .status();
    assert!(formatted.unwrap().success());
    run(folder, &format!("{GENERATE} --check"), 0);

    let spec = SPEC.replace("/token", "/oauth2/token");
    fs::write(folder.join("specs/acme.yaml"), spec).unwrap();
    let shown = stdout(&run(folder, &format!("{GENERATE} --check"), 1));
    assert!(
        shown.contains("+++ src/auth/acme/oauth_2.rs (generated)"),
        "{shown}"
    );
    // Only the URL differs; these settings put it on a separate line.
    let removed = shown.lines().filter(|line| line.starts_with('-'));
    let removed: Vec<_> = removed.filter(|line| !line.starts_with("---")).collect();
    assert_eq!(
        removed,
        ["-\t\t\"https://api.example.com/token\";"],
        "{shown}"
    );
    run(folder, GENERATE, 0);
    let module = fs::read_to_string(folder.join("src/auth/acme/oauth_2.rs")).unwrap();
    assert!(module.contains("\n\tpub const TOKEN_URL"), "{module}");
}

#[test]
fn a_rustfmt_that_fails_is_a_warning() {
    let project = project();
    let folder = project.path();
    fs::write(folder.join("rustfmt.toml"), "max_width = \"wide\"\n").unwrap();
    let words = stderr(&run(folder, GENERATE, 0));
    assert!(words.contains("warning: rustfmt failed"), "{words}");
    run(folder, &format!("{GENERATE} --check"), 0);
}

#[test]
fn a_spec_with_mistakes_writes_nothing() {
    let project = project();
    let folder = project.path();
    fs::write(
        folder.join("specs/acme.yaml"),
        SPEC.replace("token_url", "tokenUrl"),
    )
    .unwrap();
    for command in ["generate", "docs"] {
        let output = run(folder, &format!("{command} specs/acme.yaml --out out"), 2);
        let words = stderr(&output);
        assert!(words.contains("error[CS0101]"), "{words}");
        assert!(words.contains("--> specs/acme.yaml:7:5"), "{words}");
        assert!(words.contains("did you mean `token_url`?"), "{words}");
        assert!(!folder.join("out").exists());
    }
}

#[test]
fn a_missing_spec_is_named() {
    let project = project();
    let output = run(project.path(), "generate specs/other.yaml --out out", 2);
    let words = stderr(&output);
    assert!(words.contains("error[CS0001]"), "{words}");
    assert!(words.contains("specs/other.yaml"), "{words}");
}

#[test]
fn a_file_in_the_way_stays() {
    let project = project();
    let folder = project.path();
    fs::create_dir_all(folder.join("src/auth/acme")).unwrap();
    fs::write(folder.join("src/auth/acme/client.rs"), "// mine\n").unwrap();
    let output = run(folder, GENERATE, 2);
    let words = stderr(&output);
    assert!(
        words.contains("src/auth/acme/client.rs: credsmith did not write it"),
        "{words}"
    );
    assert_eq!(
        fs::read_dir(folder.join("src/auth/acme")).unwrap().count(),
        1
    );
    run(folder, &format!("{GENERATE} --force"), 0);
}

#[test]
fn headers_name_another_command_if_asked() {
    let project = project();
    let arguments = [
        "generate",
        "specs/acme.yaml",
        "--out",
        "out",
        "--command",
        "cargo xtask codegen",
    ];
    let output = credsmith_in(project.path(), &arguments);
    assert!(output.status.success(), "{}", stderr(&output));
    let text = fs::read_to_string(project.path().join("out/acme/mod.rs")).unwrap();
    assert!(
        text.contains("// To regenerate: cargo xtask codegen\n"),
        "{text}"
    );
}

#[test]
fn pages_are_checked_byte_for_byte() {
    let project = project();
    let folder = project.path();
    run(folder, "docs specs/acme.yaml --out docs", 0);
    run(folder, "docs specs/acme.yaml --out docs --check", 0);
    let path = folder.join("docs/acme/index.md");
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, text + "\n").unwrap();
    run(folder, "docs specs/acme.yaml --out docs --check", 1);
}

#[test]
fn the_committed_specs_generate() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().to_string_lossy().into_owned();
    let specs = crate::support::files("specs", "yaml");
    let mut arguments = vec!["generate".to_owned()];
    arguments.extend(specs.iter().map(|path| path.to_string_lossy().into_owned()));
    arguments.extend(["--out".to_owned(), out]);
    let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
    let output = credsmith_in(repository(), &arguments);
    assert!(output.status.success(), "{}", stderr(&output));
    let checked = credsmith_in(repository(), &[&arguments[..], &["--check"]].concat());
    assert!(checked.status.success(), "{}", stderr(&checked));
}

#[test]
fn peer_defect_25_unsupported_input_is_told_with_its_place_all_in_one_run() {
    let project = project();
    let folder = project.path();
    let text = SPEC
        .replace("client_credentials", "magic")
        .replace("https:", "gopher:");
    fs::write(folder.join("specs/acme.yaml"), text + "    colour: red\n").unwrap();
    let output = run(folder, GENERATE, 2);
    let words = stderr(&output);
    for place in [
        "specs/acme.yaml:6:12",
        "specs/acme.yaml:7:16",
        "specs/acme.yaml:8:5",
    ] {
        assert!(words.contains(place), "{place}: {words}");
    }
    assert!(!words.contains("panicked"), "{words}");
}

#[test]
fn locale_and_time_zone_change_nothing() {
    let mut outputs = Vec::new();
    for (locale, zone) in [("C", "UTC"), ("tr_TR.UTF-8", "Pacific/Kiritimati")] {
        let project = project();
        for command in ["generate", "docs"] {
            let mut credsmith = Command::new(env!("CARGO_BIN_EXE_credsmith"));
            credsmith.args([command, "specs/acme.yaml", "--out", "out"]);
            credsmith
                .env("LC_ALL", locale)
                .env("TZ", zone)
                .current_dir(project.path());
            assert!(credsmith.output().unwrap().status.success());
        }
        let mut files: Vec<_> = fs::read_dir(project.path().join("out/acme"))
            .unwrap()
            .collect();
        files.sort_by_key(|entry| entry.as_ref().unwrap().file_name());
        let read = |entry: std::io::Result<fs::DirEntry>| fs::read(entry.unwrap().path()).unwrap();
        outputs.push(files.into_iter().map(read).collect::<Vec<_>>());
    }
    assert_eq!(outputs[0].len(), 9);
    assert_eq!(outputs[0], outputs[1]);
}
