//! CS0406: examples can import the SDK.

use credsmith_spec::{Diagnostic, Rule, Span};

/// Examples can import the SDK.
pub(crate) static RULE: Rule = Rule {
    code: "CS0406",
    title: "the crate of the examples is a path",
    explanation: "\
`sdk.rust.crate` is what examples import from: a crate's name, or the path of the module that holds the
generated code, as in `acme_sdk::auth`. Dashes of a package name become underscores in it.
",
    bad: "\
credsmith: 1
sdk: { name: Acme, rust: { crate: acme-sdk } }
schemes:
  oauth2:
    type: oauth2
    grant: client_credentials
    token_url: https://api.example.com/token
",
    good: "\
credsmith: 1
sdk: { name: Acme, rust: { crate: \"acme_sdk::auth\" } }
schemes:
  oauth2:
    type: oauth2
    grant: client_credentials
    token_url: https://api.example.com/token
",
};

/// `path` is no path.
pub(crate) fn misfit(path: &str, span: Span) -> Diagnostic {
    Diagnostic::error(&RULE, span, format!("examples cannot import from `{path}`"))
        .help("write `sdk.rust.crate` as a path, as in `acme_sdk::auth`")
}
