//! `credsmith explain`, and that nothing is left unexplained.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use credsmith_spec::Rule;

use crate::support::{credsmith, files, repository, stderr, stdout};

/// All rules: those of specs and those of `credsmith.toml`.
fn rules() -> Vec<&'static Rule> {
    [credsmith_codegen::rules(), credsmith_project::rules()].concat()
}

/// All codes that stand in the sources: in rules, in messages, in comments.
fn codes_in(folder: &Path, codes: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            codes_in(&path, codes);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = fs::read_to_string(&path).unwrap();
            let starts = text.match_indices("CS");
            let codes_here = starts.filter_map(|(start, _)| text.get(start..start + 6));
            let is_code = |code: &&str| code[2..].bytes().all(|byte| byte.is_ascii_digit());
            codes.extend(codes_here.filter(is_code).map(str::to_owned));
        }
    }
}

#[test]
fn every_code_of_the_sources_is_explained() {
    let mut found = BTreeSet::new();
    for package in fs::read_dir(repository().join("crates")).unwrap() {
        codes_in(&package.unwrap().path().join("src"), &mut found);
    }
    let rules = rules();
    let explained: BTreeSet<String> = rules.iter().map(|rule| rule.code.to_owned()).collect();
    assert_eq!(found, explained);
}

#[test]
fn every_rule_of_the_sources_is_listed_once() {
    let mut declared = Vec::new();
    for folder in [
        "crates/credsmith-spec/src/rules",
        "crates/credsmith-codegen/src/names/rules",
        "crates/credsmith-project/src/rules",
    ] {
        for path in files(folder, "rs") {
            let text = fs::read_to_string(repository().join(path)).unwrap();
            let codes = text
                .split("code: \"")
                .skip(1)
                .map(|rest| rest[..6].to_owned());
            declared.extend(codes);
        }
    }
    declared.sort();
    let rules = rules();
    let listed: Vec<_> = rules.iter().map(|rule| rule.code).collect();
    assert_eq!(declared, listed);
}

#[test]
fn every_rule_has_a_page_with_its_two_specs() {
    for rule in rules() {
        let output = credsmith(&["explain", rule.code]);
        assert!(output.status.success(), "{}", rule.code);
        let page = stdout(&output);
        assert!(page.starts_with(&format!("{}: {}\n", rule.code, rule.title)));
        assert!(page.contains(rule.explanation));
        for line in rule.bad.lines().chain(rule.good.lines()) {
            assert!(
                page.contains(&format!("\n    {line}")),
                "{}: {line}",
                rule.code
            );
        }
    }
}

#[test]
fn the_specs_of_every_rule_do_what_they_say() {
    for rule in credsmith_codegen::rules() {
        // A file that cannot be read has no text to show.
        if !rule.bad.is_empty() {
            let bad = credsmith_codegen::check_text("bad.yaml", rule.bad);
            let codes: Vec<_> = bad
                .diagnostics
                .iter()
                .map(|found| found.rule.code)
                .collect();
            assert_eq!(codes, [rule.code]);
        }
        let good = credsmith_codegen::check_text("good.yaml", rule.good);
        assert_eq!(good.diagnostics, [], "{}", rule.code);
        assert!(good.spec.is_some(), "{}", rule.code);
    }
}

#[test]
fn codes_are_listed_and_found_in_any_case() {
    let list = stdout(&credsmith(&["explain"]));
    assert_eq!(list.lines().count(), rules().len());
    assert!(list.contains("CS0101  keys are known\n"));
    assert!(credsmith(&["explain", "cs0101"]).status.success());
}

#[test]
fn an_unknown_code_is_refused_with_a_suggestion() {
    let output = credsmith(&["explain", "CS0110"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(
        stderr(&output).contains("did you mean CS0101?"),
        "{}",
        stderr(&output)
    );
}
