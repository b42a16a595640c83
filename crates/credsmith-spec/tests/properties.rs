//! Properties: whatever is done to a spec, checking it ends with a model or with what is wrong.

#![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

use credsmith_spec::{Checked, Severity, parse, render};
use proptest::prelude::*;
use proptest::sample::Index;

const TEXT: &str = include_str!("every_feature.yaml");

/// One change of a text, by lines and words of the text itself: so it stays near what specs are.
#[derive(Clone, Debug)]
enum Change {
    Remove(Index),
    Repeat(Index, Index),
    Indent(Index, usize),
    Replace(Index, Index),
    Insert(Index, String),
}

fn change() -> impl Strategy<Value = Change> {
    let line = any::<Index>;
    prop_oneof![
        line().prop_map(Change::Remove),
        (line(), line()).prop_map(|(from, to)| Change::Repeat(from, to)),
        (line(), 0..9_usize).prop_map(|(line, depth)| Change::Indent(line, depth)),
        (line(), line()).prop_map(|(word, other)| Change::Replace(word, other)),
        (line(), "[a-z:{}\\[\\],#&*\"' \t\u{200b}-]{1,4}")
            .prop_map(|(place, text)| Change::Insert(place, text)),
    ]
}

fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_' || c == '-'
}

fn apply(text: &str, change: &Change) -> String {
    let mut lines: Vec<&str> = text.lines().collect();
    let words: Vec<_> = text
        .split(|c| !is_word(c))
        .filter(|word| !word.is_empty())
        .collect();
    if lines.is_empty() || words.is_empty() {
        return text.to_owned();
    }
    let indented;
    match change {
        Change::Remove(line) => {
            lines.remove(line.index(lines.len()));
        }
        Change::Repeat(from, to) => {
            lines.insert(to.index(lines.len()), lines[from.index(lines.len())]);
        }
        Change::Indent(line, depth) => {
            let line = line.index(lines.len());
            indented = " ".repeat(*depth) + lines[line].trim_start();
            lines[line] = &indented;
        }
        Change::Replace(word, other) => {
            let (word, other) = (
                words[word.index(words.len())],
                words[other.index(words.len())],
            );
            return text.replacen(word, other, 1);
        }
        Change::Insert(place, inserted) => {
            let place = text.floor_char_boundary(place.index(text.len()));
            return format!("{}{inserted}{}", &text[..place], &text[place..]);
        }
    }
    lines.join("\n") + "\n"
}

/// What holds for every text.
fn assert_sound(text: &str, checked: &Checked) {
    let found = &checked.diagnostics;
    let wrong = found.iter().any(|found| found.severity == Severity::Error);
    assert_eq!(checked.spec.is_none(), wrong, "{found:?}");
    for found in found {
        let spans = found.secondary.iter().map(|label| label.span);
        for span in spans.chain([found.primary.span]) {
            assert!(text.get(span.range()).is_some(), "{found:?}");
        }
        assert!(!found.help.is_empty(), "no way out: {found:?}");
    }
    if let Some(spec) = &checked.spec {
        assert_eq!(spec.security[0].name.value, "default");
        for group in &spec.security {
            assert!(!group.alternatives.is_empty(), "{group:?}");
            let mut indices = group.alternatives.iter().flatten();
            assert!(
                indices.all(|index| *index < spec.schemes.len()),
                "{group:?}"
            );
        }
    }
    let _ = render::human(&checked.source, found, false);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn changed_specs_are_accepted_or_told_what_is_wrong(changes in prop::collection::vec(change(), 1..6)) {
        let text = changes.iter().fold(TEXT.to_owned(), |text, change| apply(&text, change));
        assert_sound(&text, &parse("changed.yaml", text.as_str()));
    }
}

#[test]
fn changes_lead_to_both_ends() {
    use proptest::strategy::ValueTree as _;
    use proptest::test_runner::TestRunner;

    let mut runner = TestRunner::deterministic();
    let mut accepted = 0;
    let mut codes = std::collections::BTreeSet::new();
    for _ in 0..300 {
        let change = change().new_tree(&mut runner).unwrap().current();
        let checked = parse("changed.yaml", apply(TEXT, &change));
        accepted += usize::from(checked.spec.is_some());
        codes.extend(checked.diagnostics.iter().map(|found| found.rule.code));
    }
    assert!(
        (30..270).contains(&accepted),
        "{accepted} of 300 are accepted"
    );
    assert!(codes.len() > 8, "{codes:?}");
}
