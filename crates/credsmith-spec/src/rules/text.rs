//! CS0202: text is not empty.

use crate::diagnostic::{Diagnostic, Problems, Rule};
use crate::located::Located;
use crate::source::Span;

/// Text is not empty.
pub(crate) static RULE: Rule = Rule {
    code: "CS0202",
    title: "text is not empty",
    explanation: "\
Names, descriptions and values cannot be empty or blank, and names are one line. Leave the key out
instead.
",
    bad: r#"credsmith: 1
sdk: { name: "" }
schemes:
  oauth2:
    type: oauth2
    grant: client_credentials
    token_url: https://api.example.com/token
"#,
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

/// The text without white space around it, unless nothing is left.
pub(crate) fn prose(text: &Located<String>, problems: &mut Problems) -> Option<String> {
    let trimmed = text.trim();
    if trimmed.is_empty() {
        problems.push(empty(text.span));
        return None;
    }
    Some(trimmed.to_owned())
}

/// Text of one line.
pub(crate) fn line(text: &Located<String>, problems: &mut Problems) -> Option<Located<String>> {
    let trimmed = prose(text, problems)?;
    if trimmed.contains(['\n', '\r']) {
        let message = "this has to be one line";
        problems.push(Diagnostic::error(&RULE, text.span, message).help("join the lines"));
        return None;
    }
    Some(Located::new(trimmed, text.span))
}

fn empty(span: Span) -> Diagnostic {
    Diagnostic::error(&RULE, span, "the text is empty").help("fill it in, or leave the key out")
}
