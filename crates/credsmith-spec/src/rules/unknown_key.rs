//! CS0101: keys are known.

use super::{excerpt, list};
use crate::diagnostic::{Diagnostic, Rule};
use crate::located::Located;
use crate::suggest::{did_you_mean, without_space};

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

type Keys<'a> = &'a [&'a Located<String>];

/// `keys` are those of another format; `help` says what to write.
pub(crate) fn elsewhere(keys: Keys<'_>, help: impl Into<String>) -> Option<Diagnostic> {
    let plural = if keys.len() == 1 { "" } else { "s" };
    together(keys, format!("unknown key{plural} {}", names(keys))).map(|found| found.help(help))
}

/// `keys` stand beside `section`, which is empty, and belong into it.
pub(crate) fn beside(keys: Keys<'_>, section: &str) -> Option<Diagnostic> {
    let (stand, them) = match keys.len() {
        1 => ("stands", "it"),
        _ => ("stand", "them"),
    };
    let section = excerpt(section);
    let found = together(keys, format!("{} {stand} beside `{section}`", names(keys)))?;
    Some(found.help(format!("indent {them} further than `{section}:`")))
}

/// `keys` belong into `section`, which is not empty, or not there.
pub(crate) fn inside(keys: Keys<'_>, section: &str) -> Option<Diagnostic> {
    let (are, them) = match keys.len() {
        1 => ("belongs", "it"),
        _ => ("belong", "them"),
    };
    let found = together(keys, format!("{} {are} into `{section}`", names(keys)))?;
    Some(found.help(format!("write {them} below `{section}:`, further indented")))
}

/// `keys` are those of a scheme that has no name; one might be `name`.
pub(crate) fn without_name(keys: Keys<'_>, name: &str) -> Option<Diagnostic> {
    let (stand, them) = match keys.len() {
        1 => ("stands", "it"),
        _ => ("stand", "them"),
    };
    let message = format!("{} {stand} where the name of a scheme belongs", names(keys));
    let help = format!(
        "write {them} below a name, as in `{}:`, further indented",
        excerpt(name)
    );
    together(keys, message).map(|found| found.help(help))
}

fn names(keys: Keys<'_>) -> String {
    list(keys.iter().map(|key| key.as_str()))
}

/// What is to be said of all of `keys`, at the first of them.
fn together(keys: Keys<'_>, message: String) -> Option<Diagnostic> {
    let (first, others) = keys.split_first()?;
    let found = Diagnostic::error(&RULE, first.span, message);
    let others = others.iter().take(MOST_MARKED);
    Some(others.fold(found, |found, key| found.also(key.span, "and this")))
}

/// Of keys that are unknown together, the first ones are marked.
const MOST_MARKED: usize = 9;

/// `key` is none of `known`.
pub(crate) fn unknown(key: &Located<String>, known: &[&str]) -> Diagnostic {
    let space = without_space(key, known).map(|key| format!("a space belongs behind `{key}:`"));
    let meant = space.or_else(|| did_you_mean(key, known.iter().copied()));
    let others = format!("known here: {}", list(known.iter().copied()));
    Diagnostic::error(&RULE, key.span, format!("unknown key `{}`", excerpt(key)))
        .help(meant.unwrap_or(others))
}
