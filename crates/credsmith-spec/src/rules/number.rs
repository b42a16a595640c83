//! CS0208: numbers are in range.

use crate::diagnostic::{Diagnostic, Problems, Rule};
use crate::located::Located;

/// Numbers are in range.
pub(crate) static RULE: Rule = Rule {
    code: "CS0208",
    title: "numbers are in range",
    explanation: "\
Lifetimes are whole seconds, from one second to ten years.
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

/// The longest lifetime, in seconds: ten years.
const LONGEST: u64 = 10 * 365 * 24 * 60 * 60;

/// Checks a lifetime in seconds.
pub(crate) fn lifetime(seconds: &Located<u64>, problems: &mut Problems) -> Option<u64> {
    if (1..=LONGEST).contains(&seconds.value) {
        return Some(seconds.value);
    }
    let message = format!("{} seconds is no lifetime", seconds.value);
    let help = format!("write a number from 1 to {LONGEST}");
    problems.push(Diagnostic::error(&RULE, seconds.span, message).help(help));
    None
}
