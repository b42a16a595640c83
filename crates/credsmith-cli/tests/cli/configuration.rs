//! `credsmith.toml`: calls without arguments, with some, and from folders below.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::support::{SPEC, folder_with_specs, run, stderr, stdout};

/// A folder with two specs, a configuration for both, and a folder below.
fn project() -> tempfile::TempDir {
    let folder = folder_with_specs(&["acme", "billing"]);
    fs::create_dir(folder.path().join("specs/below")).unwrap();
    let configuration = "\
[[output]]
specs = [\"specs/acme.yaml\", \"specs/billing.yaml\"]
modules = \"src/auth\"
docs = \"docs/auth\"
";
    fs::write(folder.path().join("credsmith.toml"), configuration).unwrap();
    folder
}

fn header(folder: &Path, path: &str) -> String {
    let text = fs::read_to_string(folder.join(path)).unwrap();
    text.lines().take(2).collect::<Vec<_>>().join("\n")
}

#[test]
fn generate_alone_does_all_and_its_check_is_the_whole_ci_step() {
    let project = project();
    let folder = project.path();
    run(folder, "generate --check", 1);
    let output = run(folder, "generate", 0);
    let words = stderr(&output);
    assert!(words.contains("wrote src/auth/billing/mod.rs"), "{words}");
    assert!(words.contains("wrote docs/auth/acme/index.md"), "{words}");
    assert!(
        words.contains("14 files written, 0 fresh already"),
        "{words}"
    );
    run(folder, "generate --check", 0);
    run(folder, "docs --check", 0);
    let again = run(folder, "generate", 0);
    assert!(stderr(&again).contains("0 files written, 14 fresh already"));

    let header = header(folder, "src/auth/acme/mod.rs");
    assert!(header.contains(" from specs/acme.yaml. "), "{header}");
    assert!(
        header.ends_with("// To regenerate: credsmith generate"),
        "{header}"
    );
}

#[test]
fn the_command_that_check_names_puts_it_right() {
    let project = project();
    let folder = project.path();
    run(folder, "generate", 0);
    let spec = SPEC.replace("/token", "/oauth2/token");
    fs::write(folder.join("specs/billing.yaml"), spec).unwrap();
    let output = run(folder, "generate --check", 1);
    assert!(stderr(&output).ends_with("to regenerate:\n  credsmith generate\n"));
    assert!(stdout(&output).contains("+++ src/auth/billing/"));
    run(folder, "generate", 0);
    run(folder, "generate --check", 0);

    let page = folder.join("docs/auth/acme/index.md");
    fs::write(&page, "mine").unwrap();
    let output = run(folder, "generate --check", 1);
    assert!(stderr(&output).contains("  credsmith generate --force\n"));
    run(folder, "generate", 2);
    run(folder, "generate --force", 0);
    run(folder, "generate --check", 0);
}

#[test]
fn a_folder_below_gives_the_same_bytes() {
    let project = project();
    let folder = project.path();
    let output = run(&folder.join("specs/below"), "generate", 0);
    assert!(
        stderr(&output).contains("wrote ../../src/auth/acme/mod.rs"),
        "{}",
        stderr(&output)
    );
    let again = run(folder, "generate", 0);
    assert!(stderr(&again).contains("0 files written"));
    run(&folder.join("specs"), "generate --check", 0);
}

#[test]
fn docs_alone_writes_pages_alone() {
    let project = project();
    let folder = project.path();
    run(folder, "docs", 0);
    assert!(folder.join("docs/auth/billing/index.md").exists());
    assert!(!folder.join("src").exists());
}

#[test]
fn check_alone_takes_the_specs_of_the_file() {
    let project = project();
    let folder = project.path();
    let output = run(&folder.join("specs"), "check", 0);
    assert_eq!(stderr(&output), "2 specs checked, no errors\n");
    let path = folder.join("specs/billing.yaml");
    fs::write(path, SPEC.replace("token_url", "tokenUrl")).unwrap();
    let output = run(folder, "check --format json", 2);
    let report: Value = serde_json::from_str(&stdout(&output)).unwrap();
    assert_eq!(report[0]["path"], "specs/billing.yaml");
}

#[test]
fn arguments_win_over_the_file() {
    let project = project();
    let folder = project.path();
    // A spec chooses among what the file lists.
    run(folder, "generate specs/acme.yaml", 0);
    assert!(folder.join("docs/auth/acme").exists());
    assert!(!folder.join("src/auth/billing").exists());
    // A folder replaces the file's, for all specs, and headers name that call.
    run(folder, "generate --out other", 0);
    assert!(folder.join("other/billing/mod.rs").exists());
    let text = header(folder, "other/acme/mod.rs");
    assert!(
        text.ends_with("credsmith generate specs/acme.yaml --out other"),
        "{text}"
    );
    let output = run(folder, "docs --out pages --check", 1);
    let words = stderr(&output);
    let command = "credsmith docs specs/acme.yaml specs/billing.yaml --out pages";
    assert!(words.contains(command), "{words}");
    // With both, the file has no say.
    fs::write(folder.join("credsmith.toml"), "broken").unwrap();
    run(folder, "generate specs/billing.yaml --out third", 0);
    assert!(!folder.join("third/acme").exists());
    run(folder, "generate specs/billing.yaml --out third --check", 0);
}

#[test]
fn a_command_of_ones_own_wins_over_the_usual_one() {
    let project = project();
    let folder = project.path();
    let file = folder.join("credsmith.toml");
    let text = fs::read_to_string(&file).unwrap();
    fs::write(&file, format!("command = \"make auth\"\n{text}")).unwrap();
    run(folder, "generate", 0);
    assert!(header(folder, "docs/auth/acme/index.md").contains("To regenerate: make auth"));
    let output = run(folder, "generate --command other --check", 1);
    assert!(
        stderr(&output).ends_with("\n  other\n"),
        "{}",
        stderr(&output)
    );
}

#[test]
fn a_spec_that_the_file_does_not_list_is_refused() {
    let project = project();
    let folder = project.path();
    fs::write(folder.join("specs/third.yaml"), SPEC).unwrap();
    let output = run(folder, "generate specs/third.yaml", 2);
    let words = stderr(&output);
    assert!(
        words.contains("credsmith.toml lists no output of specs/third.yaml"),
        "{words}"
    );
    assert!(words.contains("--out"), "{words}");
}

#[test]
fn without_a_file_the_way_out_is_told() {
    let folder = tempfile::tempdir().unwrap();
    for call in [
        "generate",
        "docs",
        "check",
        "generate --check",
        "generate --out x",
    ] {
        let output = run(folder.path(), call, 2);
        let words = stderr(&output);
        assert!(
            words.contains("there is no credsmith.toml in "),
            "{call}: {words}"
        );
        assert!(
            words.contains("`credsmith init` writes one"),
            "{call}: {words}"
        );
    }
}

#[test]
fn a_mistake_in_the_file_is_shown_as_one_in_a_spec() {
    let project = project();
    let folder = project.path();
    fs::write(folder.join("credsmith.toml"), "[[outptu]]\n").unwrap();
    for call in ["generate", "docs", "check"] {
        let output = run(&folder.join("specs"), call, 2);
        let words = stderr(&output);
        assert!(
            words.contains("error[CS0502]: unknown key `outptu`"),
            "{words}"
        );
        assert!(words.contains("--> ../credsmith.toml:1:3"), "{words}");
        assert!(words.contains("did you mean `output`?"), "{words}");
    }
    let report = stdout(&run(folder, "check --format github", 2));
    assert!(
        report.starts_with("::error file=credsmith.toml,line=1,"),
        "{report}"
    );
}

#[test]
fn g18_a_target_chooses_among_what_the_file_lists() {
    let project = project();
    let folder = project.path();
    run(folder, "docs --target rust", 0);
    assert!(!folder.join("src").exists());
    run(folder, "generate --target rust", 0);
    run(folder, "generate", 0);
    run(folder, "generate --target rust --check", 0);
    run(folder, "generate --target rust --out other", 0);
    run(folder, "generate --target rust --out other --check", 0);
    let words = stderr(&run(folder, "generate --target cobol", 2));
    assert!(words.contains("possible values: rust"), "{words}");
}
