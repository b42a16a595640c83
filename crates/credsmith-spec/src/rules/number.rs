//! CS0208: numbers are in range.

use crate::diagnostic::{Diagnostic, Problems, Rule};
use crate::located::Located;

/// Numbers are in range.
pub(crate) static RULE: Rule = Rule {
    code: "CS0208",
    title: "numbers are in range",
    explanation: "\
Lifetimes are whole seconds: those of tokens from one second to ten years, those of assertions to one
hour. For tokens that live until they are revoked there is `default_token_lifetime: never`.
",
    bad: "\
credsmith: 1
sdk: { name: Acme }
schemes:
  oauth2:
    type: oauth2
    grant: client_credentials
    token_url: https://api.example.com/token
    default_token_lifetime: 0
",
    good: "\
credsmith: 1
sdk: { name: Acme }
schemes:
  oauth2:
    type: oauth2
    grant: client_credentials
    token_url: https://api.example.com/token
    default_token_lifetime: 600
",
};

/// The longest lifetime of a token, in seconds: ten years.
pub(crate) const LONGEST_OF_TOKENS: u64 = 10 * 365 * 24 * 60 * 60;
/// The longest lifetime of an assertion, in seconds: what servers that set a limit accept.
const LONGEST_OF_ASSERTIONS: u64 = 60 * 60;

/// Checks the lifetime of a token in seconds.
pub(crate) fn token_lifetime(seconds: &Located<u64>, problems: &mut Problems) -> Option<u64> {
    lifetime(seconds, LONGEST_OF_TOKENS, problems)
}

/// Checks the lifetime of an assertion in seconds.
pub(crate) fn assertion_lifetime(seconds: &Located<u64>, problems: &mut Problems) -> Option<u64> {
    lifetime(seconds, LONGEST_OF_ASSERTIONS, problems)
}

fn lifetime(seconds: &Located<u64>, longest: u64, problems: &mut Problems) -> Option<u64> {
    if (1..=longest).contains(&seconds.value) {
        return Some(seconds.value);
    }
    let message = match seconds.value {
        0 => "0 seconds is no lifetime".to_owned(),
        long => format!("{long} seconds is too long a lifetime"),
    };
    let help = format!("write a number from 1 to {longest}");
    problems.push(Diagnostic::error(&RULE, seconds.span, message).help(help));
    None
}
