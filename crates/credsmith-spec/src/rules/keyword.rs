//! CS0201: values with fixed words use one of them.

use super::{excerpt, list};
use crate::diagnostic::{Diagnostic, Rule};
use crate::keyword::Keyword;
use crate::located::Located;
use crate::source::Span;
use crate::suggest::{did_you_mean, same};

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
    let message = if text.trim().is_empty() {
        format!("the {} is empty", K::WHAT)
    } else {
        format!("unknown {} `{}`", K::WHAT, excerpt(text))
    };
    Diagnostic::error(&RULE, text.span, message).help(way_out::<K>(text))
}

/// `text` is no word of `K`, but the word of another format, which means `replacement` together with
/// the key at `other`.
pub(crate) fn in_two_keys<K: Keyword>(
    text: &Located<String>,
    other: Span,
    replacement: &str,
) -> Diagnostic {
    let message = format!("unknown {} `{}`", K::WHAT, excerpt(text));
    Diagnostic::error(&RULE, text.span, message)
        .also(other, "goes with it")
        .help(format!("write `{replacement}` in place of both"))
}

/// What to write in place of `text`: what it means elsewhere, the word that it is nearest to, or else
/// any word of `K`.
pub(super) fn way_out<K: Keyword>(text: &str) -> String {
    let words = || K::ALL.iter().map(|keyword| keyword.word());
    let mut elsewhere = K::ELSEWHERE.iter();
    let elsewhere = elsewhere.find(|(others, _)| others.iter().any(|other| same(text, other)));
    elsewhere
        .map(|(_, way_out)| (*way_out).to_owned())
        .or_else(|| did_you_mean(text, words()))
        .unwrap_or_else(|| format!("write one of {}", list(words())))
}
