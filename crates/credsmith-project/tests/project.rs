//! `credsmith.toml`: what it accepts, what it refuses, and what comes of it.

#![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

use std::fs;

use credsmith_project::{Error, Project, ensure_fresh, rules};

const SPEC: &str = "\
credsmith: 1
sdk: { name: Acme }
schemes:
  oauth2:
    type: oauth2
    grant: client_credentials
    token_url: https://api.example.com/token
";

const CONFIGURATION: &str = "\
command = \"cargo xtask codegen\"

[[output]]
specs = [\"specs/acme.yaml\", \"specs/billing.yaml\"]
modules = \"src/auth\"
docs = \"docs/auth\"

[[output]]
specs = [\"specs/acme.yaml\"]
docs = \"site\"
";

/// A folder with two specs and a configuration.
fn folder(configuration: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir_all(folder.path().join("specs/deep")).unwrap();
    for spec in ["acme", "billing"] {
        fs::write(folder.path().join(format!("specs/{spec}.yaml")), SPEC).unwrap();
    }
    fs::write(folder.path().join("credsmith.toml"), configuration).unwrap();
    folder
}

#[test]
fn everything_that_is_listed_is_written_and_fresh() {
    let folder = folder(CONFIGURATION);
    // From a folder below, as a test or an xtask of a member may ask.
    let project = Project::find(folder.path().join("specs/deep")).unwrap();
    assert_eq!(project.specs().len(), 2);
    let written = project.write().unwrap();
    assert_eq!(written.specs.len(), 2);
    for file in [
        "src/auth/acme/mod.rs",
        "src/auth/billing/mod.rs",
        "docs/auth/billing/index.md",
        "site/acme/index.md",
    ] {
        let path = folder.path().join(file);
        assert!(written.changed.contains(&path), "{file}");
        let text = fs::read_to_string(path).unwrap();
        assert!(
            text.contains("To regenerate: cargo xtask codegen"),
            "{file}"
        );
    }
    assert!(!folder.path().join("site/billing").exists());
    ensure_fresh(folder.path()).unwrap();
    assert_eq!(project.write().unwrap().changed.len(), 0);
}

#[test]
fn what_is_stale_is_told_with_its_difference_and_the_command() {
    let folder = folder(CONFIGURATION);
    Project::find(folder.path()).unwrap().write().unwrap();
    let spec = SPEC.replace("/token", "/oauth2/token");
    fs::write(folder.path().join("specs/acme.yaml"), spec).unwrap();
    let error = ensure_fresh(folder.path()).unwrap_err();
    let shown = format!("{error:?}");
    assert!(
        shown.contains("https://api.example.com/oauth2/token"),
        "{shown}"
    );
    assert!(
        shown.ends_with("to regenerate: cargo xtask codegen"),
        "{shown}"
    );
}

#[test]
fn modules_are_formatted_unless_the_configuration_says_no() {
    for (setting, is_formatted) in [
        ("", true),
        ("format = true\n", true),
        ("format = false\n", false),
    ] {
        let folder = folder(&format!("{setting}{CONFIGURATION}"));
        fs::write(folder.path().join("rustfmt.toml"), "hard_tabs = true\n").unwrap();
        let written = Project::find(folder.path()).unwrap().write().unwrap();
        assert_eq!(written.warnings, [] as [&str; 0]);
        let module = folder.path().join("src/auth/acme/mod.rs");
        let text = fs::read_to_string(module).unwrap();
        assert_eq!(text.contains("\n\t"), is_formatted, "{setting}");
        ensure_fresh(folder.path()).unwrap();
    }
}

#[test]
fn a_mistake_in_any_spec_writes_nothing_and_all_are_told() {
    let folder = folder(CONFIGURATION);
    for (spec, from, to) in [
        ("acme", "token_url", "tokenUrl"),
        ("billing", "client_credentials", "magic"),
    ] {
        let path = folder.path().join(format!("specs/{spec}.yaml"));
        fs::write(path, SPEC.replace(from, to)).unwrap();
    }
    let error = Project::find(folder.path()).unwrap().write().unwrap_err();
    assert_eq!(error.problems().len(), 2);
    let shown = error.to_string();
    assert!(
        shown.contains("CS0101") && shown.contains("CS0201"),
        "{shown}"
    );
    assert!(!folder.path().join("src").exists());
}

#[test]
fn a_file_in_the_way_of_one_output_is_told_with_what_others_wrote() {
    let folder = folder(CONFIGURATION);
    fs::create_dir_all(folder.path().join("site/acme")).unwrap();
    fs::write(folder.path().join("site/acme/index.md"), "mine").unwrap();
    let project = Project::find(folder.path()).unwrap();
    let error = project.write().unwrap_err();
    assert!(error.is_usage());
    let shown = error.to_string();
    assert!(shown.contains("credsmith did not write it"), "{shown}");
    assert!(shown.ends_with("14 files of others are written"), "{shown}");
    project.force(true).write().unwrap();
    ensure_fresh(folder.path()).unwrap();
}

#[test]
fn a_folder_without_one_is_told_the_way_out() {
    let folder = tempfile::tempdir().unwrap();
    let error = Project::find(folder.path()).unwrap_err();
    assert!(error.is_usage());
    assert!(error.to_string().contains("`credsmith init` writes one"));
}

#[test]
fn an_unfinished_project_may_lack_its_file_and_its_specs() {
    let folder = folder(CONFIGURATION);
    fs::remove_file(folder.path().join("specs/billing.yaml")).unwrap();
    let below = folder.path().join("specs/deep");
    let project = Project::find_unfinished(&below).unwrap().unwrap();
    assert_eq!(project.file(), folder.path().join("credsmith.toml"));
    let specs = ["specs/acme.yaml", "specs/billing.yaml"].map(|path| folder.path().join(path));
    assert_eq!(project.specs(), specs);
    let modules = ["src/auth/acme", "src/auth/billing"].map(|path| folder.path().join(path));
    assert_eq!(project.module_folders(), modules);
    assert!(Project::find(&below).is_err());

    fs::write(folder.path().join("credsmith.toml"), "[[outptu]]\n").unwrap();
    let error = Project::find_unfinished(&below).unwrap_err();
    assert_eq!(error.problems().len(), 1);
    let empty = tempfile::tempdir().unwrap();
    assert!(Project::find_unfinished(empty.path()).unwrap().is_none());
}

/// The error of a configuration, and the only diagnostic in it as `line:column CODE message help`.
#[track_caller]
fn refused(configuration: &str) -> (Error, String) {
    let folder = folder(configuration);
    let error = Project::find(folder.path()).unwrap_err();
    let [checked] = error.problems() else {
        panic!("{error}");
    };
    let [found] = &checked.diagnostics[..] else {
        panic!("{error}");
    };
    let place = checked.source.position(found.primary.span.start);
    let shown = format!(
        "{}:{} {} {} ({})",
        place.line,
        place.column,
        found.rule.code,
        found.message,
        found.help.join("; ")
    );
    (error, shown)
}

#[track_caller]
fn check(configuration: &str, expected: &str) {
    assert_eq!(refused(configuration).1, expected);
}

#[test]
fn mistakes_are_told_with_their_place_and_a_way_out() {
    let output = "[[output]]\nspecs = [\"specs/acme.yaml\"]\n";
    check(
        &format!("{output}moduels = \"src/auth\"\n"),
        "3:1 CS0502 unknown key `moduels` (did you mean `modules`?)",
    );
    check(
        &format!("colour = \"red\"\n{output}modules = \"src\"\n"),
        "1:1 CS0502 unknown key `colour` (known here: `command`, `format`, `output`)",
    );
    check(
        &format!("{output}target = \"rst\"\nmodules = \"src\"\n"),
        "3:10 CS0502 unknown word `rst` (did you mean `rust`?)",
    );
    check(
        output,
        "2:9 CS0502 nothing is generated from these specs (say where to, beside `specs`: \
         `modules = \"src/auth\"`, `docs = \"docs/auth\"`, or both)",
    );
    check(
        "[[output]]\nmodules = \"src/auth\"\n",
        "1:1 CS0502 the key `specs` is missing (add `specs = [\"specs/acme.yaml\"]`)",
    );
    check(
        "[[output]]\nspecs = []\nmodules = \"src/auth\"\n",
        "2:9 CS0502 an output without specs (name some: `specs = [\"specs/acme.yaml\"]`)",
    );
    check(
        "",
        "1:1 CS0502 the key `output` is missing (add `[[output]]`)",
    );
    check(
        "output = []",
        "1:1 CS0502 there is no output (add `[[output]]`)",
    );
    check(
        "[[output]]\nspecs = [\"specs/acme.yaml\", \"acme.yaml\"]\ndocs = \"docs\"\n",
        "2:29 CS0503 there is no spec `acme.yaml` (paths are relative to the folder of this file; \
         `credsmith init` writes a first spec)",
    );
}

#[test]
fn two_specs_cannot_have_one_folder() {
    let output =
        |spec: &str, folders: &str| format!("[[output]]\nspecs = [\"{spec}\"]\n{folders}\n");
    let twice = |first: &str, second: &str| {
        let text = output("specs/acme.yaml", first) + &output("specs/./acme.yaml", second);
        let folder = folder(&text);
        Project::find(folder.path()).map_err(|error| error.problems()[0].diagnostics.len())
    };
    assert!(twice("modules = \"src\"", "modules = \"other\"").is_ok());
    assert!(twice("modules = \"src\"", "docs = \"src\"").is_ok());
    assert_eq!(
        twice("modules = \"src\"", "modules = \"./src\"").unwrap_err(),
        1
    );
    let both = "modules = \"src\"\ndocs = \"docs\"";
    assert_eq!(twice(both, both).unwrap_err(), 1);
    assert_eq!(twice("docs = \"Docs\"", "docs = \"docs\"").unwrap_err(), 1);
    let (_, shown) = refused(&(output("specs/acme.yaml", both) + &output("specs/acme.yaml", both)));
    assert!(
        shown.contains("CS0504 the output folder `src/acme` is taken"),
        "{shown}"
    );
}

#[test]
fn wrong_types_and_broken_toml_have_a_place() {
    let place = |configuration| {
        let (error, shown) = refused(configuration);
        assert!(!error.is_usage());
        shown.split(' ').take(2).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(place("output = 3"), "1:10 CS0502");
    assert_eq!(place("[[output]]\nspecs = \"acme.yaml\"\n"), "2:9 CS0502");
    assert_eq!(place("[[output]]\nspecs = [acme.yaml]\n"), "2:10 CS0501");
    assert_eq!(place("format = \"no\"\n[[output]]\n"), "1:10 CS0502");
    assert_eq!(place("[[output]\n"), "1:10 CS0501");
    assert_eq!(place("command = \"a\"\ncommand = \"b\"\n"), "2:1 CS0501");
}

#[test]
fn bytes_that_are_no_text_are_a_diagnostic() {
    let folder = folder("");
    fs::write(folder.path().join("credsmith.toml"), b"\xff").unwrap();
    let error = Project::find(folder.path()).unwrap_err();
    assert_eq!(error.problems()[0].diagnostics[0].rule.code, "CS0501");
}

#[test]
fn a_spec_that_is_not_listed_is_refused() {
    let folder = folder("[[output]]\nspecs = [\"specs/acme.yaml\"]\nmodules = \"src\"\n");
    let project = || Project::find(folder.path()).unwrap();
    let error = project()
        .only(&[folder.path().join("specs/billing.yaml")])
        .unwrap_err();
    assert!(error.is_usage());
    let error = project().only_pages().unwrap_err();
    assert!(error.to_string().contains("add `docs = "), "{error}");
    let one = project().only(&[folder.path().join("specs/deep/../acme.yaml")]);
    assert_eq!(one.unwrap().write().unwrap().specs.len(), 1);
}

#[test]
fn every_rule_refuses_its_bad_file_and_accepts_its_good_one() {
    for rule in rules() {
        let (_, shown) = refused(rule.bad);
        assert!(shown.contains(rule.code), "{shown}");
        let folder = folder(rule.good);
        assert_eq!(Project::find(folder.path()).unwrap().specs().len(), 1);
    }
}

#[test]
fn g18_a_target_chooses_among_the_outputs() {
    let folder =
        folder(&CONFIGURATION.replace("docs = \"site\"", "target = \"rust\"\ndocs = \"site\""));
    let project = || Project::find(folder.path()).unwrap();
    let chosen = project().only_target("rust").unwrap();
    assert_eq!(chosen.specs(), project().specs());
    let error = project().only_target("cobol").unwrap_err();
    assert!(error.is_usage());
    let told = error.to_string();
    assert!(
        told.ends_with("credsmith.toml lists no output of the target `cobol`; listed: `rust`"),
        "{told}"
    );
}
