//! Text from a spec is never code and never markup.
//!
//! Hostile texts go through every text field of a spec; the fields come from the JSON Schema, so a
//! new one is covered by itself. Each spec is either refused, or its output has the same items and
//! the same structure as with harmless text, and the text reads back equal.

mod corpus;
mod field;
mod output;
mod rust;

use std::collections::BTreeSet;

use field::Field;
use output::{Output, generate};

/// Checks one hostile text in one field, against the output for the field's harmless text.
#[track_caller]
fn check(field: &Field, harmless: &Output, hostile: &str) -> bool {
    let mut accepted = false;
    for spec in field.specs(hostile) {
        let Some(output) = generate(&spec) else {
            continue;
        };
        accepted = true;
        let context = || format!("{field} = {hostile:?}");
        assert_eq!(
            output.rust_shape(field.names()),
            harmless.rust_shape(field.names()),
            "{}",
            context()
        );
        assert_eq!(output.page_shape(), harmless.page_shape(), "{}", context());
        if let Some(text) = field.shown_text() {
            for (found, expected) in output.mentions(hostile).iter().zip(harmless.mentions(text)) {
                assert!(
                    *found >= expected,
                    "{}: read back {found} of {expected} times",
                    context()
                );
            }
        }
    }
    accepted
}

#[test]
fn hostile_text_in_any_field_is_text_or_refused() {
    let mut accepted = BTreeSet::new();
    for field in field::all() {
        let harmless = field.harmless();
        for text in corpus::TEXTS {
            if check(&field, &harmless, text) {
                accepted.insert(field.to_string());
            }
        }
    }
    // Prose takes anything but invisible characters: a test that accepts nothing shows nothing.
    for field in [
        "/sdk/description",
        "/schemes/KEY/description",
        "/schemes/KEY/parameters/KEY",
    ] {
        assert!(
            accepted.contains(field),
            "{field} accepts nothing: {accepted:?}"
        );
    }
}

#[test]
fn fields_come_from_the_schema() {
    let fields: Vec<_> = field::all().iter().map(ToString::to_string).collect();
    for field in [
        "/sdk/name",
        "/sdk/unsplit_words/0",
        "/sdk/environments/(key)",
        "/schemes/(key)",
        "/schemes/KEY/token_urls/KEY",
        "/schemes/KEY/parameters/(key)",
        "/schemes/KEY/scopes/values/0/description",
        "/schemes/KEY/names/fields/client_id",
    ] {
        assert!(
            fields.iter().any(|found| found == field),
            "{field}: {fields:#?}"
        );
    }
}
