//! CS0404: names leave the generated code its own.

use credsmith_spec::{Diagnostic, Rule};

use crate::names::ident::Named;

/// Names leave the generated code its own.
pub(crate) static RULE: Rule = Rule {
    code: "CS0404",
    title: "names are not those of the generated code itself",
    explanation: "\
Generated code uses types such as `Option`, `Duration` and `SecretString`, and has methods such as
`builder` and `config`. A scheme, a type or a field cannot take these names, and a module none that
Windows keeps for devices, such as `aux`.
",
    bad: "\
credsmith: 1
sdk: { name: Acme }
schemes:
  config:
    type: oauth2
    grant: client_credentials
    token_url: https://api.example.com/token
",
    good: "\
credsmith: 1
sdk: { name: Acme }
schemes:
  config:
    type: oauth2
    grant: client_credentials
    token_url: https://api.example.com/token
    names: { accessor: config_auth }
",
};

/// `name` is one of `reserved`.
pub(crate) fn check(name: &Named, reserved: &[&str]) -> Option<Diagnostic> {
    reserved.contains(&name.name.as_str()).then(|| {
        let message = format!(
            "{} cannot be named `{}`: that name is reserved",
            name.what,
            name.shown()
        );
        Diagnostic::error(&RULE, name.span, message)
    })
}
