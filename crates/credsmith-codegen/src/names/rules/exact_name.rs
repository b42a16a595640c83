//! CS0407: exact name of nothing.

use credsmith_spec::{Diagnostic, Located, Rule, closest};

/// Exact name of nothing.
pub(crate) static RULE: Rule = Rule {
    code: "CS0407",
    title: "exact name of nothing",
    explanation: "\
`names` of a language, as in `sdk.rust.names`, sets exact names for this language alone, by paths. `credsmith plan`
prints the paths of everything that has a name.
",
    bad: "\
credsmith: 1
sdk: { name: Acme, rust: { names: { login.credential: AcmeLogin } } }
schemes:
  login: { type: basic }
",
    good: "\
credsmith: 1
sdk: { name: Acme, rust: { names: { login.credentials: AcmeLogin } } }
schemes:
  login: { type: basic }
",
};

/// Nothing has this path.
pub(crate) fn unknown(path: &Located<String>, known: &[String]) -> Diagnostic {
    let meant = closest(path, known.iter().map(String::as_str));
    let help = match meant {
        Some(meant) => format!("did you mean `{meant}`?"),
        None => "`credsmith plan` prints the paths of everything that has a name".to_owned(),
    };
    let message = format!("nothing with a name has the path `{}`", path.value);
    Diagnostic::error(&RULE, path.span, message).help(help)
}
