//! What users are told: the place, what is wrong, and what to write; one message for one mistake.
//!
//! Specs are wrong as their authors write them. What is shown is checked whole, so that a message that
//! merely follows from another one is seen.

mod environments;
mod faults;
mod indentation;
mod keys;
mod other_formats;
mod scopes;
mod together;
mod urls;
mod values;
mod without_effect;
mod yaml;

use credsmith_spec::parse;

/// Checks that exactly these messages are shown: `LINE:COLUMN CODE MESSAGE`, and each way out behind ` | `.
#[track_caller]
fn check(text: &str, expected: &[&str]) {
    let checked = parse("messages.yaml", text);
    let shown = checked.diagnostics.iter().map(|found| {
        let place = checked.source.position(found.primary.span.start);
        let told = format!(
            "{}:{} {} {}",
            place.line, place.column, found.rule.code, found.message
        );
        let told = std::iter::once(told).chain(found.help.iter().cloned());
        told.collect::<Vec<_>>().join(" | ")
    });
    let shown: Vec<_> = shown.collect();
    assert_eq!(shown, expected, "\n{text}");
}

/// A spec with one scheme of the grant `client_credentials`, and more keys of it from line 8 on.
fn client_credentials(keys: &str) -> String {
    format!(
        "\
credsmith: 1
sdk: {{ name: Acme }}
schemes:
  oauth2:
    type: oauth2
    grant: client_credentials
    token_url: https://api.example.com/token
{keys}"
    )
}

#[test]
fn the_spec_that_the_tests_add_to_is_fine() {
    check(&client_credentials(""), &[]);
}
