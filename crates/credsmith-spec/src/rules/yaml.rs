//! CS0002: a spec is one YAML document.

use super::excerpt;
use crate::diagnostic::{Diagnostic, Rule};
use crate::source::Span;

/// A spec is one YAML document.
pub(crate) static RULE: Rule = Rule {
    code: "CS0002",
    title: "a spec is one YAML document",
    explanation: "\
The file has to be well-formed YAML, with one document in it. Indentation, quotes and brackets are
what usually goes wrong: a value with `: ` or ` #` in it needs quotes, and every bracket its partner.
",
    bad: "\
credsmith: 1
sdk: { name: Acme
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

/// The text is no YAML; `reason` is the reader's.
pub(crate) fn invalid(reason: &str, span: Span) -> Diagnostic {
    Diagnostic::error(&RULE, span, format!("invalid YAML: {reason}"))
        .label("reading stopped here")
        .help("check the indentation, and the quotes and brackets before this place")
}

/// A key is a list or a mapping.
pub(crate) fn no_key(span: Span) -> Diagnostic {
    Diagnostic::error(&RULE, span, "a key is text, and no list or mapping")
        .help("write a word before the `:`")
}

const QUOTES: &str = "put the whole value in quotes";

/// A value begins with `mark`, which means something else in YAML.
pub(crate) fn mark(mark: &str, span: Span) -> Diagnostic {
    let message = format!("a value cannot begin with `{mark}`, unless it is in quotes");
    let is_of_templates = ["{{", "%"].contains(&mark);
    let nothing = "nothing is filled in where a spec is read".to_owned();
    Diagnostic::error(&RULE, span, message)
        .help(QUOTES)
        .help_if(is_of_templates.then_some(nothing))
}

/// A value holds a colon that makes a key of what is before it.
pub(crate) fn colon(span: Span) -> Diagnostic {
    Diagnostic::error(&RULE, span, "a value with `: ` in it needs quotes").help(QUOTES)
}

/// A value in quotes goes on behind the closing one.
pub(crate) fn behind_quote(mark: char, span: Span) -> Diagnostic {
    let escaped = if mark == '"' { "\\\"" } else { "''" };
    let help = format!("{QUOTES}, and write `{escaped}` for each `{mark}` in it");
    Diagnostic::error(&RULE, span, "there is more text behind the closing quote").help(help)
}

/// `key` and its value are one word.
pub(crate) fn missing_space(key: &str, span: Span) -> Diagnostic {
    let key = excerpt(key);
    let message = format!("a space is missing behind `{key}:`");
    Diagnostic::error(&RULE, span, message).help(format!("write `{key}: `, and then its value"))
}

/// A line begins with `here` spaces, and the one before it with `before`.
pub(crate) fn indentation(here: usize, before: usize, span: Span) -> Diagnostic {
    let message =
        format!("this line is indented by {here} spaces, and the one before it by {before}");
    Diagnostic::error(&RULE, span, message)
        .help("let all keys of a mapping begin in the same column")
}

/// A second document begins.
pub(crate) fn several_documents(span: Span) -> Diagnostic {
    Diagnostic::error(
        &RULE,
        span,
        "a spec is one YAML document, and here another one begins",
    )
    .help("put each spec into a file of its own")
}

/// A line is indented with a tab.
pub(crate) fn tab(span: Span) -> Diagnostic {
    Diagnostic::error(
        &RULE,
        span,
        "a tab indents this line, where YAML takes spaces only",
    )
    .label("this is a tab")
    .help("replace it with spaces; most editors can do that for the whole file")
}
