//! CS0401: names are identifiers.

use credsmith_spec::{Diagnostic, Rule};

use crate::names::Case;
use crate::names::ident::Named;

/// Names are identifiers.
pub(crate) static RULE: Rule = Rule {
    code: "CS0401",
    title: "names are identifiers of their shape",
    explanation: "\
Types are written `LikeThis`: ASCII letters and digits, a capital first. Everything else is written
`like_this`: small ASCII letters, digits and single underscores, a letter first. The `name` of a scope
is letters, digits and underscores in any case. No name is longer than 100 characters. Where a derived
name does not come out like that, the message names the key that sets it by hand.
",
    bad: "\
credsmith: 1
sdk: { name: Acme }
schemes:
  2legged:
    type: oauth2
    grant: client_credentials
    token_url: https://api.example.com/token
",
    good: "\
credsmith: 1
sdk: { name: Acme }
schemes:
  two_legged:
    type: oauth2
    grant: client_credentials
    token_url: https://api.example.com/token
",
};

/// The longest name: files are named after some, and file systems have limits.
const LONGEST: usize = 100;

/// Whether `name` has the shape, and is not too long.
pub(crate) fn fits(name: &str, case: Case) -> bool {
    name.len() <= LONGEST && has_shape(name, case)
}

fn has_shape(name: &str, case: Case) -> bool {
    match case {
        Case::Class => {
            name.starts_with(|c: char| c.is_ascii_uppercase())
                && name.chars().all(|c| c.is_ascii_alphanumeric())
        }
        Case::Screaming => {
            name == name.to_uppercase() && has_shape(&name.to_lowercase(), Case::Snake)
        }
        Case::Snake => {
            name.starts_with(|c: char| c.is_ascii_lowercase())
                && name
                    .chars()
                    .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
                && !name.contains("__")
                && !name.ends_with('_')
        }
    }
}

/// `name` does not have the shape of its case.
pub(crate) fn misfit(name: &Named, case: Case) -> Diagnostic {
    let message = match case {
        Case::Screaming => format!("an environment variable cannot be named `{}`", name.shown()),
        _ => format!("{} cannot be named `{}`", name.what, name.shown()),
    };
    let help = match case {
        Case::Screaming => "it is written `LIKE_THIS`, in ASCII capitals, digits and underscores",
        _ if has_shape(&name.name, case) => "a name has at most 100 characters",
        Case::Class => "a type is written `LikeThis`, in ASCII letters and digits",
        Case::Snake => "it is written `like_this`, in ASCII letters, digits and underscores",
    };
    Diagnostic::error(&RULE, name.span, message).help(help)
}

/// A scope's name is no name of a member.
pub(crate) fn misfit_member(name: &Named) -> Diagnostic {
    let message = format!("{} cannot be named `{}`", name.what, name.shown());
    let help = "it is written in ASCII letters, digits and underscores, as in `DISCOVERYREAD`";
    Diagnostic::error(&RULE, name.span, message).help(help)
}
