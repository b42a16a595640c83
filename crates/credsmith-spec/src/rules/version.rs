//! CS0105: the format version is known.

use crate::diagnostic::{Diagnostic, Problems, Rule};
use crate::located::Located;

/// The format version is known.
pub(crate) static RULE: Rule = Rule {
    code: "CS0105",
    title: "the format version is known",
    explanation: "\
`credsmith: 1` names the version of the spec format. A higher number belongs to a newer credsmith:
update credsmith, or write the spec in the version it knows.
",
    bad: "\
credsmith: 2
sdk: { name: Acme }
schemes:
  oauth2:
    type: oauth2
    grant: client_credentials
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

/// The version of the format that this crate reads.
pub(crate) const VERSION: u64 = 1;

/// Checks the format version.
pub(crate) fn check(version: &Located<u64>, problems: &mut Problems) {
    let help = match version.value {
        VERSION => return,
        0 => "write `credsmith: 1`",
        _ => "update credsmith, or write `credsmith: 1`",
    };
    let message = format!("spec format {} is not known, only {VERSION}", version.value);
    problems.push(Diagnostic::error(&RULE, version.span, message).help(help));
}
