//! CS0101: keys are known.

use super::{excerpt, list};
use crate::diagnostic::{Diagnostic, Rule};
use crate::located::Located;
use crate::suggest::did_you_mean;

/// Keys are known.
pub(crate) static RULE: Rule = Rule {
    code: "CS0101",
    title: "keys are known",
    explanation: "\
A key that credsmith does not know would be silently without effect, so it is an error. Keys that
begin with `x-` are yours: they are kept for extensions, and mean nothing to credsmith.
",
    bad: "\
credsmith: 1
sdk: { name: Acme }
schemes:
  oauth2:
    type: oauth2
    grant: client_credentials
    tokenUrl: https://api.example.com/token
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

/// `key` is none of `known`.
pub(crate) fn unknown(key: &Located<String>, known: &[&str]) -> Diagnostic {
    let meant = did_you_mean(key, known.iter().copied());
    let others = format!("known here: {}", list(known.iter().copied()));
    Diagnostic::error(&RULE, key.span, format!("unknown key `{}`", excerpt(key)))
        .help(meant.unwrap_or(others))
}
