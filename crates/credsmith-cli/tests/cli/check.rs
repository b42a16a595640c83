//! `credsmith check`: what it finds, and how it shows it.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use credsmith_spec::{Severity, render};
use serde_json::Value;

use crate::support::{
    accepted, assert_fresh, check, credsmith, files, portable, repository, stderr, stdout,
};

/// The code that a file of `tests/rejects` shows, by its name.
fn code_of(path: &Path) -> String {
    path.file_name().unwrap().to_string_lossy()[..6].to_owned()
}

#[test]
fn every_reject_shows_exactly_what_stands_beside_it() {
    for path in files("tests/rejects", "yaml") {
        let checked = check(&path);
        let mut found = checked.diagnostics.iter();
        let only_warned = found.all(|found| found.severity == Severity::Warning);
        assert_eq!(checked.spec.is_some(), only_warned, "{}", path.display());
        assert!(!checked.diagnostics.is_empty(), "{}", path.display());
        let shown = render::human(&checked.source, &checked.diagnostics, false);
        assert_fresh(&path.with_extension("txt"), &shown);
    }
}

#[test]
fn nothing_stands_beside_no_reject() {
    for path in files("tests/rejects", "txt") {
        let spec = repository().join(path.with_extension("yaml"));
        assert!(spec.exists(), "{} has no spec", path.display());
    }
}

#[test]
fn every_code_that_a_file_can_show_has_a_reject() {
    let shown: BTreeSet<_> = files("tests/rejects", "yaml")
        .iter()
        .map(|path| code_of(path))
        .collect();
    let rules = credsmith_codegen::rules().into_iter();
    let codes: BTreeSet<_> = rules
        .map(|rule| rule.code.to_owned())
        .filter(|code| code != "CS0001")
        .collect();
    assert_eq!(shown, codes);
}

/// Runs `check` on all rejects in a format that goes to stdout.
fn rejects_as(format: &str) -> String {
    let paths: Vec<_> = files("tests/rejects", "yaml")
        .iter()
        .map(|path| portable(path))
        .collect();
    let mut arguments = vec!["check", "--format", format];
    arguments.extend(paths.iter().map(String::as_str));
    let output = credsmith(&arguments);
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(stderr(&output), "");
    stdout(&output)
}

#[test]
fn json_has_a_place_for_each_reject_and_its_code() {
    let report: Value = serde_json::from_str(&rejects_as("json")).unwrap();
    let report = report.as_array().unwrap();
    for path in files("tests/rejects", "yaml") {
        let found = report.iter().any(|found| {
            found["path"] == portable(&path)
                && found["code"] == code_of(&path)
                && found["span"]["line"].as_u64() >= Some(1)
                && found["span"]["column"].as_u64() >= Some(1)
        });
        assert!(found, "{}", path.display());
    }
}

#[test]
fn all_formats_show_the_same_diagnostics() {
    let json: Value = serde_json::from_str(&rejects_as("json")).unwrap();
    let sarif: Value = serde_json::from_str(&rejects_as("sarif")).unwrap();
    let github = rejects_as("github");
    let places = json.as_array().unwrap().iter().map(|found| {
        (
            found["path"].clone(),
            found["code"].clone(),
            found["span"]["line"].clone(),
            found["severity"].clone(),
        )
    });
    let places: Vec<_> = places.collect();
    let results = sarif["runs"][0]["results"]
        .as_array()
        .unwrap()
        .iter()
        .map(|result| {
            let place = &result["locations"][0]["physicalLocation"];
            let path = place["artifactLocation"]["uri"].clone();
            (
                path,
                result["ruleId"].clone(),
                place["region"]["startLine"].clone(),
                result["level"].clone(),
            )
        });
    assert_eq!(results.collect::<Vec<_>>(), places);
    assert_eq!(github.lines().count(), places.len());
    for (line, (path, code, number, severity)) in github.lines().zip(&places) {
        let (path, severity) = (path.as_str().unwrap(), severity.as_str().unwrap());
        let start = format!("::{severity} file={path},line={number},");
        assert!(line.starts_with(&start), "{line}");
        assert!(
            line.contains(&format!("title={}%3A ", code.as_str().unwrap())),
            "{line}"
        );
    }
}

#[test]
fn all_formats_say_what_to_do() {
    let json: Value = serde_json::from_str(&rejects_as("json")).unwrap();
    let sarif: Value = serde_json::from_str(&rejects_as("sarif")).unwrap();
    let github = rejects_as("github");
    let results = sarif["runs"][0]["results"].as_array().unwrap();
    let shown = results.iter().zip(github.lines());
    for (found, (result, command)) in json.as_array().unwrap().iter().zip(shown) {
        let help = found["help"].as_array().unwrap();
        assert!(!help.is_empty(), "no way out: {found}");
        let told = result["message"]["text"].as_str().unwrap();
        for help in help.iter().map(|help| help.as_str().unwrap()) {
            assert!(told.contains(&format!("\nhelp: {help}")), "{told}");
            let help = help.replace('%', "%25");
            assert!(command.contains(&format!("%0Ahelp: {help}")), "{command}");
        }
    }
}

fn assert_sarif(text: &str) {
    let schema = include_str!("sarif/sarif-schema-2.1.0.json");
    let mut schema: Value = serde_json::from_str(schema).unwrap();
    // The published pattern for languages has a bracket too many, which the validator refuses.
    for definition in ["run", "toolComponent"] {
        let language = &mut schema["definitions"][definition]["properties"]["language"];
        assert!(language["pattern"].as_str().unwrap().ends_with("{2}]?$"));
        language["pattern"] = "^[a-zA-Z]{2}(-[a-zA-Z]{2})?$".into();
    }
    let validator = jsonschema::options()
        .should_validate_formats(true)
        .build(&schema)
        .unwrap();
    let log: Value = serde_json::from_str(text).unwrap();
    let errors: Vec<_> = validator
        .iter_errors(&log)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    assert_eq!(errors, [""; 0]);
}

#[test]
fn sarif_keeps_to_its_schema() {
    assert_sarif(&rejects_as("sarif"));
    assert_sarif(&render::sarif(&[]));
    let unreadable = credsmith_codegen::check(Path::new("no such folder/and: no file.yaml"));
    let log = render::sarif(&[unreadable]);
    assert_sarif(&log);
    assert!(log.contains("no%20such%20folder/and%3A%20no%20file.yaml"));
}

#[test]
fn sarif_knows_the_rules_and_the_other_places() {
    let log: Value = serde_json::from_str(&rejects_as("sarif")).unwrap();
    let run = &log["runs"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    let results = run["results"].as_array().unwrap();
    for result in results {
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(rules[index]["id"], result["ruleId"]);
    }
    let doubled = results
        .iter()
        .find(|result| result["ruleId"] == "CS0102")
        .unwrap();
    assert_eq!(
        doubled["relatedLocations"][0]["message"]["text"],
        "first here"
    );
}

#[test]
fn ten_different_mistakes_are_ten_diagnostics_of_one_run() {
    let checked = check(Path::new("tests/rejects/CS0101-ten-mistakes.yaml"));
    let codes: BTreeSet<_> = checked
        .diagnostics
        .iter()
        .map(|found| found.rule.code)
        .collect();
    assert_eq!(checked.diagnostics.len(), 10);
    assert_eq!(codes.len(), 10, "{codes:?}");
}

#[test]
fn people_see_fifty_problems_and_the_count_of_the_others() {
    let mut text = "credsmith: 1\nsdk: { name: Acme }\nschemes: { a: { type: oauth2, grant: client_credentials, token_url: \"https://a.example/\" } }\n".to_owned();
    for number in 0..73 {
        let _ = writeln!(text, "odd_{number}: 1");
    }
    let checked = credsmith_codegen::check_text("many.yaml", &text);
    let shown = render::human(&checked.source, &checked.diagnostics, false);
    assert_eq!(shown.matches("error[CS0101]").count(), render::MOST_SHOWN);
    assert!(
        shown.ends_with("many.yaml: 23 of 73 problems are not shown\n\n"),
        "{shown}"
    );
    let report: Value = serde_json::from_str(&render::json(&[checked])).unwrap();
    assert_eq!(
        report.as_array().unwrap().len(),
        73,
        "programs get all of them"
    );
}

#[test]
fn colours_are_for_terminals() {
    let checked = check(Path::new("tests/rejects/CS0102-key.yaml"));
    let coloured = render::human(&checked.source, &checked.diagnostics, true);
    assert!(coloured.contains("\u{1b}["), "{coloured}");
    // The tests' stderr is a pipe.
    let output = credsmith(&["check", "tests/rejects/CS0102-key.yaml"]);
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(stdout(&output), "");
    assert!(stderr(&output).contains("error[CS0102]: the key `token_url` is here twice"));
    assert!(!stderr(&output).contains('\u{1b}'));
}

/// A spec that tries to steer whatever shows its diagnostics.
#[track_caller]
fn assert_harmless(text: &str, expected: &[&str]) {
    let name = "a\u{1b}[31m\n::error::x.yaml";
    let checked = credsmith_codegen::check_text(name, text);
    let found = checked.diagnostics.iter();
    let codes: Vec<_> = found.map(|found| found.rule.code).collect();
    assert_eq!(codes, expected);
    let shown = render::human(&checked.source, &checked.diagnostics, false);
    let steers = |c: char| c.is_control() && c != '\n';
    assert!(!shown.contains(steers), "{shown:?}");
    assert!(!shown.contains("\n::"), "{shown:?}");
    let commands = render::github(std::slice::from_ref(&checked));
    assert_eq!(commands.lines().count(), codes.len(), "{commands}");
    for command in commands.lines() {
        assert_eq!(command.matches("::error ").count(), 1, "{command}");
        assert!(!command.contains(steers), "{command:?}");
    }
}

#[test]
fn control_characters_cannot_steer_the_terminal() {
    let text = "credsmith: 1\nsdk: { name: \"\u{1b}]0;owned\u{7}\u{1b}[2J\" }\n";
    assert_harmless(text, &["CS0004", "CS0002", "CS0004"]);
}

#[test]
fn escapes_cannot_steer_the_report() {
    let text = r#"credsmith: 1
sdk: { name: A, "a\e[31mb": 1, "c\r\n::error::d": 1 }
schemes: { a: { type: "\n::error::", grant: "e\u001b[2J", token_url: "https://a.example/" } }
"#;
    let expected = ["CS0004", "CS0101", "CS0101", "CS0201", "CS0004", "CS0201"];
    assert_harmless(text, &expected);
}

#[test]
fn good_specs_pass_in_every_format() {
    let paths: Vec<_> = files("specs", "yaml")
        .iter()
        .map(|path| portable(path))
        .collect();
    for format in ["human", "json", "github"] {
        let mut arguments = vec!["check", "--format", format];
        arguments.extend(paths.iter().map(String::as_str));
        let output = credsmith(&arguments);
        assert!(output.status.success(), "{format}: {}", stderr(&output));
        let report = stdout(&output);
        match format {
            "human" => assert_eq!(report, ""),
            "json" => {
                let report: Value = serde_json::from_str(&report).unwrap();
                let mut found = report.as_array().unwrap().iter();
                assert!(
                    found.all(|found| found["severity"] == "warning"),
                    "{report}"
                );
            }
            _ => assert!(
                report.lines().all(|line| line.starts_with("::warning ")),
                "{report}"
            ),
        }
    }
    assert!(accepted().len() > paths.len());
}

#[test]
fn warnings_are_shown_and_do_not_fail() {
    let spec = fs::read_to_string(repository().join("specs/verizon-thingspace.yaml")).unwrap();
    let spec = spec.trim_end().to_owned() + "\n    audience: a8f5f167f44f4964e6c998dee827110c\n";
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("warned.yaml");
    fs::write(&path, spec).unwrap();
    let path = path.to_str().unwrap();
    let output = credsmith(&["check", path]);
    assert!(output.status.success());
    let shown = stderr(&output);
    assert!(
        shown.contains("warning[CS0210]: this looks like a secret"),
        "{shown}"
    );
    assert!(shown.contains("0 errors, 1 warning;"), "{shown}");
    let github = stdout(&credsmith(&["check", path, "--format", "github"]));
    assert!(github.starts_with("::warning file="), "{github}");
    let sarif: Value =
        serde_json::from_str(&stdout(&credsmith(&["check", path, "--format", "sarif"]))).unwrap();
    assert_eq!(sarif["runs"][0]["results"][0]["level"], "warning");
}

#[test]
fn retired_grants_are_warned_of_and_generated() {
    let path = "tests/rejects/CS0211-password.yaml";
    for format in ["human", "json", "github", "sarif"] {
        let output = credsmith(&["check", path, "--format", format]);
        assert_eq!(output.status.code(), Some(0), "{format}");
        let shown = stdout(&output) + &stderr(&output);
        assert!(
            shown.contains("CS0211") && shown.contains("warning"),
            "{shown}"
        );
        assert!(shown.contains("RFC 9700 section 2.4"), "{shown}");
    }
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().to_str().unwrap();
    let output = credsmith(&["generate", path, "--out", out]);
    assert!(output.status.success(), "{}", stderr(&output));
}

#[test]
fn a_file_that_is_not_there_is_a_diagnostic() {
    let output = credsmith(&["check", "specs/acme.yml", "--format", "json"]);
    assert_eq!(output.status.code(), Some(2));
    let report: Value = serde_json::from_str(&stdout(&output)).unwrap();
    assert_eq!(
        (&report[0]["code"], &report[0]["span"]["line"]),
        (&"CS0001".into(), &1.into())
    );
}

#[test]
fn bytes_that_are_no_text_are_a_diagnostic() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("latin1.yaml");
    fs::write(&path, b"credsmith: 1\nsdk: { name: Gr\xf6\xdfe }\n").unwrap();
    let output = credsmith(&["check", path.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("CS0001"), "{}", stderr(&output));
}
