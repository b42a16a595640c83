//! CS0303: lists that must hold something do.

use crate::diagnostic::{Diagnostic, Rule};
use crate::source::Span;

/// Lists that must hold something do.
pub(crate) static RULE: Rule = Rule {
    code: "CS0303",
    title: "lists that must hold something do",
    explanation: "\
A spec has at least one scheme, and `scopes`, where it is there, at least one scope.
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
    Diagnostic::error(&RULE, span, format!("there is no {what} here"))
        .help(format!("add a {what}, or remove the key"))
}
