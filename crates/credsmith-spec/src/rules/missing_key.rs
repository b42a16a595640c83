//! CS0104: required keys are there.

use std::fmt::Display;

use crate::diagnostic::{Diagnostic, Rule};
use crate::keyword::Keyword;
use crate::source::Span;

/// Required keys are there.
pub(crate) static RULE: Rule = Rule {
    code: "CS0104",
    title: "required keys are there",
    explanation: "\
A few keys have no sensible default: the format version, the SDK's name, the schemes, and for each
scheme its type and what the type needs: a grant and its endpoints, the keys, the fields. Where there
is an `issuer`, endpoints are discovered and can be left out. `security` has a group `default`.
",
    bad: "\
credsmith: 1
sdk: { name: Acme }
schemes:
  oauth2:
    type: oauth2
    token_url: https://api.example.com/token
",
    good: "\
credsmith: 1
sdk: { name: Acme }
schemes:
  oauth2:
    type: oauth2
    grant: client_credentials
    token_url: https://api.example.com/token
",
};

/// The mapping at `mapping` lacks `key`.
pub(crate) fn missing(key: &str, mapping: Span) -> Diagnostic {
    lacks(key, mapping).help(format!("add `{key}:`"))
}

/// What is missing; what to add is still to be said.
fn lacks(key: &str, mapping: Span) -> Diagnostic {
    Diagnostic::error(&RULE, mapping, format!("the key `{key}` is missing"))
        .label(format!("`{key}` belongs here"))
}

/// The mapping at `mapping` lacks `key`, which can have one value only.
pub(crate) fn with_value(key: &str, value: impl Display, mapping: Span) -> Diagnostic {
    lacks(key, mapping).help(format!("add `{key}: {value}`"))
}

/// The mapping at `mapping` lacks `key`, whose items have a key `main`.
pub(crate) fn list(key: &str, main: &str, mapping: Span) -> Diagnostic {
    lacks(key, mapping).help(format!(
        "add `{key}:`, and each item below it as `- {main}: …`"
    ))
}

/// The mapping at `mapping` lacks `key`, which is a word of `K`.
pub(crate) fn word<K: Keyword>(key: &str, mapping: Span) -> Diagnostic {
    let words = K::ALL.iter().map(|word| word.word());
    lacks(key, mapping).help(format!("add `{key}:`, one of {}", super::list(words)))
}

/// The scheme at `mapping` lacks the endpoint of `key`, and an issuer to discover it from.
pub(crate) fn missing_endpoint(key: &str, mapping: Span) -> Diagnostic {
    missing(key, mapping).help("or add `issuer:`, if the server publishes its metadata (RFC 8414)")
}
