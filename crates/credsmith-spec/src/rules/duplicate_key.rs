//! CS0102: no key twice.

use super::excerpt;
use crate::diagnostic::{Diagnostic, Rule};
use crate::located::Located;
use crate::source::Span;

/// No key twice.
pub(crate) static RULE: Rule = Rule {
    code: "CS0102",
    title: "no key twice",
    explanation: "\
The same key twice in one mapping leaves open which value counts, so it is an error, for scheme and
environment names as well.
",
    bad: "\
credsmith: 1
sdk: { name: Acme }
schemes:
  oauth2:
    type: oauth2
    grant: client_credentials
    token_url: https://api.example.com/token
    token_url: https://api.example.com/other
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

/// `key` stood at `earlier` already.
pub(crate) fn duplicate(key: &Located<String>, earlier: Span) -> Diagnostic {
    Diagnostic::error(
        &RULE,
        key.span,
        format!("the key `{}` is here twice", excerpt(key)),
    )
    .label("again here")
    .also(earlier, "first here")
    .help("remove one of the two")
}
