//! CS0201: values with fixed words use one of them.

use super::{excerpt, list};
use crate::diagnostic::{Diagnostic, Rule};
use crate::keyword::Keyword;
use crate::located::Located;
use crate::suggest::did_you_mean;

/// Values with fixed words use one of them.
pub(crate) static RULE: Rule = Rule {
    code: "CS0201",
    title: "values with fixed words use one of them",
    explanation: "\
The values of `type`, `grant`, `client_authentication`, `token_fetch` and the like are fixed words, in
lower case with underscores. The message lists them.
",
    bad: "\
credsmith: 1
sdk: { name: Acme }
schemes:
  oauth2:
    type: oauth2
    grant: client_credential
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

/// `text` is no word of `K`.
pub(crate) fn unknown<K: Keyword>(text: &Located<String>) -> Diagnostic {
    let words = || K::ALL.iter().map(|keyword| keyword.word());
    let message = format!("unknown {} `{}`", K::WHAT, excerpt(text));
    let others = format!("write one of {}", list(words()));
    Diagnostic::error(&RULE, text.span, message).help(did_you_mean(text, words()).unwrap_or(others))
}
