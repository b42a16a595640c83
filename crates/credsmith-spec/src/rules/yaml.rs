//! CS0002: a spec is one YAML document.

use crate::diagnostic::{Diagnostic, Rule};
use crate::source::Span;

/// A spec is one YAML document.
pub(crate) static RULE: Rule = Rule {
    code: "CS0002",
    title: "a spec is one YAML document",
    explanation: "\
The file has to be well-formed YAML, with one document in it. Indentation, quotes and brackets are
what usually goes wrong: a value with `: ` or ` #` in it needs quotes, and every bracket its partner.
",
    bad: "\
credsmith: 1
sdk: { name: Acme
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

/// The text is no YAML; `reason` is the reader's.
pub(crate) fn invalid(reason: &str, span: Span) -> Diagnostic {
    Diagnostic::error(&RULE, span, format!("invalid YAML: {reason}"))
        .label("reading stopped here")
        .help("check the indentation, and the quotes and brackets before this place")
}

/// A second document begins.
pub(crate) fn several_documents(span: Span) -> Diagnostic {
    Diagnostic::error(
        &RULE,
        span,
        "a spec is one YAML document, and here another one begins",
    )
    .help("put each spec into a file of its own")
}

/// A line is indented with a tab.
pub(crate) fn tab(span: Span) -> Diagnostic {
    Diagnostic::error(
        &RULE,
        span,
        "a tab indents this line, where YAML takes spaces only",
    )
    .label("this is a tab")
    .help("replace it with spaces; most editors can do that for the whole file")
}
