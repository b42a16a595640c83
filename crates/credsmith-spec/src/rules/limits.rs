//! CS0003: a spec keeps within limits.

use crate::diagnostic::{Diagnostic, Rule};
use crate::source::Span;

/// A spec keeps within limits.
pub(crate) static RULE: Rule = Rule {
    code: "CS0003",
    title: "a spec keeps within limits",
    explanation: "\
A spec is at most 1 MiB large, 16 levels deep and 100,000 values long, and uses no anchors and
aliases (`&name`, `*name`): small files that unfold into huge ones cannot be written. No real spec
comes near these limits; to repeat something, write it again.
",
    bad: "\
credsmith: 1
sdk: &sdk { name: Acme }
schemes:
  oauth2:
    type: oauth2
    grant: client_credentials
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

/// The file is too large to be looked at.
pub(crate) fn too_large() -> Diagnostic {
    let message = format!("the spec is larger than {} bytes", crate::source::MAX_BYTES);
    Diagnostic::error(&RULE, Span::START, message)
        .help("split it: one spec for each SDK")
        .help("a spec holds only how the API authenticates: it is no OpenAPI document")
}

/// Nesting goes too deep.
pub(crate) fn too_deep(span: Span) -> Diagnostic {
    Diagnostic::error(&RULE, span, "the spec is nested too deeply")
        .help("nothing in a spec needs more than 16 levels")
}

/// There are too many values.
pub(crate) fn too_many_values(span: Span) -> Diagnostic {
    Diagnostic::error(&RULE, span, "the spec holds too many values")
        .help("split it: one spec for each SDK")
}

/// An anchor or an alias.
pub(crate) fn anchor(span: Span) -> Diagnostic {
    Diagnostic::error(&RULE, span, "anchors and aliases are not used in specs")
        .help("write the value out where it is needed")
        .help("or put it in quotes, if it is text")
}
