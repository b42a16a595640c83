//! CS0402: names are no keywords.

use credsmith_spec::{Diagnostic, Rule};

use crate::names::ident::Named;

/// Names are no keywords.
pub(crate) static RULE: Rule = Rule {
    code: "CS0402",
    title: "names are no keywords",
    explanation: "\
A name that is a keyword of Rust (those of edition 2024 and the reserved ones included) could only be
written in a raw form that nobody wants to type. Choose another one.
",
    bad: "\
credsmith: 1
sdk: { name: Acme }
schemes:
  gen:
    type: oauth2
    grant: client_credentials
    token_url: https://api.example.com/token
",
    good: "\
credsmith: 1
sdk: { name: Acme }
schemes:
  gen:
    type: oauth2
    grant: client_credentials
    token_url: https://api.example.com/token
    names: { accessor: generation, module: generation }
",
};

/// `name` is a keyword.
pub(crate) fn taken(name: &Named) -> Diagnostic {
    let message = format!(
        "{} cannot be named `{}`: that is a keyword",
        name.what,
        name.shown()
    );
    Diagnostic::error(&RULE, name.span, message)
}
