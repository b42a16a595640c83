//! CS0303: lists that must hold something do.

use crate::diagnostic::{Diagnostic, Rule};
use crate::source::Span;

/// Lists that must hold something do.
pub(crate) static RULE: Rule = Rule {
    code: "CS0303",
    title: "lists that must hold something do",
    explanation: "\
A spec has at least one scheme, and a list that is there at least one item: `scopes.values`, the `keys`,
`fields`, `bearer_token_types` and `refresh_token_error_codes` of a scheme, the alternatives of a group in `security`. There, an
alternative without schemes, `[]`, says that nothing is needed.
",
    bad: "\
credsmith: 1
sdk: { name: Acme }
schemes: {}
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

/// What stands at `span` should hold at least one `what`.
pub(crate) fn empty(what: &str, span: Span) -> Diagnostic {
    Diagnostic::error(&RULE, span, format!("there is no {what} here")).help("add one")
}

/// The `scopes` at `span` are none.
pub(crate) fn no_scope(span: Span) -> Diagnostic {
    empty("scope", span).help("or leave `scopes` out")
}

/// The group of `security` at `span` has no alternatives, which is not the same as needing nothing.
pub(crate) fn no_alternative(span: Span) -> Diagnostic {
    empty("alternative", span).help("write `[[]]` if nothing is needed")
}
