//! Texts that are no YAML, or other YAML than their authors think.

use super::{check, client_credentials};

const HEAD: &str = "credsmith: 1\nsdk: { name: Acme }\nschemes:\n  acme:\n";

/// Checks that reading stops with this, in a scheme from line 5 on.
#[track_caller]
fn check_scheme(scheme: &str, expected: &str) {
    check(&format!("{HEAD}{scheme}"), &[expected]);
}

const SPACES: &str = "replace it with spaces; most editors can do that for the whole file";

#[test]
fn tabs_are_shown_wherever_reading_stopped() {
    let tab = "a tab indents this line, where YAML takes spaces only";
    check_scheme("\ttype: basic\n", &format!("5:1 CS0002 {tab} | {SPACES}"));
    check_scheme(
        "    type: oauth2\n    grant: client_credentials\n  \ttoken_url: https://a.example\n",
        &format!("7:3 CS0002 {tab} | {SPACES}"),
    );
}

#[test]
fn a_value_with_a_colon_needs_quotes() {
    let expected = "CS0002 a value with `: ` in it needs quotes | put the whole value in quotes";
    check(
        "credsmith: 1\nsdk:\n  name: Acme\n  description: Acme: the API\n",
        &[&format!("4:20 {expected}")],
    );
    check_scheme(
        "    type: api_key\n    keys: [{ name: X-Key, in: header, prefix: Token: }]\n",
        &format!("6:52 {expected}"),
    );
}

#[test]
fn a_missing_space_behind_a_colon_is_shown() {
    let expected = |key| {
        format!("CS0002 a space is missing behind `{key}:` | write `{key}: `, and then its value")
    };
    check_scheme(
        "    type: oauth2\n    grant:client_credentials\n    token_url: https://a.example\n",
        &format!("6:5 {}", expected("grant")),
    );
    check(
        "credsmith:1\nsdk: { name: Acme }\n",
        &[&format!("1:1 {}", expected("credsmith"))],
    );
}

#[test]
fn lines_that_are_indented_unlike_their_neighbours_are_told_by_how_much() {
    check_scheme(
        "    type: oauth2\n      grant: client_credentials\n",
        "6:7 CS0002 this line is indented by 6 spaces, and the one before it by 4 | let all keys of a \
         mapping begin in the same column",
    );
    check_scheme(
        "    type: oauth2\n\n   # odd\n   grant: client_credentials\n",
        "8:4 CS0002 this line is indented by 3 spaces, and the one before it by 4 | let all keys of a \
         mapping begin in the same column",
    );
}

#[test]
fn marks_that_values_cannot_begin_with_are_told_to_be_quoted() {
    let scope = |value: &str| {
        client_credentials(&format!(
            "    scopes:\n      values:\n        - value: {value}\n"
        ))
    };
    for (value, mark) in [("@me", "@"), ("`me`", "`"), ("*", "*"), ("&", "&")] {
        check(
            &scope(value),
            &[&format!(
                "10:18 CS0002 a value cannot begin with `{mark}`, unless it is in quotes | put the \
                 whole value in quotes"
            )],
        );
    }
    check_scheme(
        "    type: oauth2\n    grant: client_credentials\n    token_url: {{ token_url }}\n",
        "7:16 CS0002 a value cannot begin with `{{`, unless it is in quotes | put the whole value in quotes | nothing is filled in where a spec is read",
    );
    check(
        &scope("*:read"),
        &[
            "10:18 CS0003 anchors and aliases are not used in specs | write the value out where it is \
           needed | or put it in quotes, if it is text",
        ],
    );
    check(&scope("'*'"), &[]);
}

#[test]
fn anchors_are_shown_where_they_stand() {
    check(
        "credsmith: 1\nsdk: { name: Acme }\nx-all: &all\n  type: oauth2\nschemes: { acme: { type: basic } }\n",
        &[
            "3:8 CS0003 anchors and aliases are not used in specs | write the value out where it is \
           needed | or put it in quotes, if it is text",
        ],
    );
}

#[test]
fn text_behind_a_closing_quote_is_told() {
    let expected = "CS0002 there is more text behind the closing quote";
    check_scheme(
        "    type: basic\n    description: 'it's fine'\n",
        &format!(
            "6:22 {expected} | put the whole value in quotes, and write `''` for each `'` in it"
        ),
    );
    check_scheme(
        "    type: basic\n    description: \"Acme\" keys\n",
        &format!(
            "6:25 {expected} | put the whole value in quotes, and write `\\\"` for each `\"` in it"
        ),
    );
}

#[test]
fn names_may_be_words_that_yaml_takes_for_something_else() {
    let all = "no: { type: basic }, 1: { type: basic }, true: { type: basic }, null: { type: basic }, ~: { type: basic }";
    check(
        &format!("credsmith: 1\nsdk: {{ name: Acme }}\nschemes: {{ {all} }}\n"),
        &[],
    );
}

#[test]
fn keys_are_text() {
    check(
        "credsmith: 1\nsdk: { name: Acme }\nschemes: { [a]: { type: basic } }\n",
        &["3:12 CS0002 a key is text, and no list or mapping | write a word before the `:`"],
    );
}

#[test]
fn what_is_beyond_all_that_is_told_in_the_words_of_the_reader() {
    check_scheme(
        "    { type: basic\n",
        "5:5 CS0002 invalid YAML: unclosed bracket '{' | check \
         the indentation, and the quotes and brackets before this place",
    );
}

#[test]
fn places_end_between_characters() {
    check_scheme(
        "    type: basic\n    description: \"Acme\" über\n",
        "6:25 CS0002 there is more text behind the closing quote | put the whole value in quotes, and write \
         `\\\"` for each `\"` in it",
    );
}
