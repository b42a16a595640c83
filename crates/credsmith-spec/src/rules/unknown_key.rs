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

/// `keys` are those of another format; `help` says what to write.
pub(crate) fn elsewhere(keys: &[&Located<String>], help: impl Into<String>) -> Option<Diagnostic> {
    let (first, others) = keys.split_first()?;
    let plural = if others.is_empty() { "" } else { "s" };
    let message = format!(
        "unknown key{plural} {}",
        list(keys.iter().map(|key| key.as_str()))
    );
    let found = Diagnostic::error(&RULE, first.span, message).help(help);
    let others = others.iter().take(MOST_MARKED);
    Some(others.fold(found, |found, key| found.also(key.span, "and this")))
}

/// Of keys that are unknown together, the first ones are marked.
const MOST_MARKED: usize = 9;

/// `key` is none of `known`.
pub(crate) fn unknown(key: &Located<String>, known: &[&str]) -> Diagnostic {
    let meant = did_you_mean(key, known.iter().copied());
    let others = format!("known here: {}", list(known.iter().copied()));
    Diagnostic::error(&RULE, key.span, format!("unknown key `{}`", excerpt(key)))
        .help(meant.unwrap_or(others))
}
