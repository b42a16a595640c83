//! CS0205: scope values are what RFC 6749 allows.

use crate::diagnostic::{Diagnostic, Problems, Rule};
use crate::located::Located;
use crate::source::Span;

/// Scope values are what RFC 6749 allows.
pub(crate) static RULE: Rule = Rule {
    code: "CS0205",
    title: "scope values are what RFC 6749 allows",
    explanation: r#"A scope is one or more printable ASCII characters other than space, `"` and `\` (RFC 6749 section 3.3),
and none of the scheme's separator: with a space in it, one scope would be read as two.
"#,
    bad: r#"credsmith: 1
sdk: { name: Acme }
schemes:
  oauth2:
    type: oauth2
    grant: client_credentials
    token_url: https://api.example.com/token
    scopes:
      values:
        - { value: "read all" }
        - { value: write }
"#,
    good: "\
credsmith: 1
sdk: { name: Acme }
schemes:
  oauth2:
    type: oauth2
    grant: client_credentials
    token_url: https://api.example.com/token
    scopes:
      values:
        - { value: read }
        - { value: write }
",
};

/// Checks the wire value of a scope.
pub(crate) fn check(
    value: &Located<String>,
    separator: &Separator,
    problems: &mut Problems,
) -> Option<Located<String>> {
    let wrong = value
        .chars()
        .find(|&c| !c.is_ascii_graphic() || c == '"' || c == '\\');
    if value.is_empty() {
        let empty = Diagnostic::error(&RULE, value.span, "the scope is empty");
        problems.push(empty.help("fill it in, or remove the entry"));
    } else if let Some(character) = wrong {
        let message = format!("a scope cannot hold {character:?}");
        let help = match character {
            ' ' => "two scopes are two entries",
            _ => "only printable ASCII other than `\"` and `\\` is allowed (RFC 6749 section 3.3)",
        };
        problems.push(Diagnostic::error(&RULE, value.span, message).help(help));
    } else if value.contains(&separator.text) {
        let message = format!("the scope holds the separator {:?}", separator.text);
        let held = Diagnostic::error(&RULE, value.span, message).help("choose another `separator`");
        problems.push(match separator.chosen {
            Some(chosen) => held.also(chosen, "chosen here"),
            None => held,
        });
    } else {
        return Some(value.clone());
    }
    None
}

/// What separates scopes, and where it was chosen.
pub(crate) struct Separator {
    pub(crate) text: String,
    chosen: Option<Span>,
}

/// The separator of scopes: a space unless another printable character was chosen.
pub(crate) fn separator(chosen: Option<&Located<String>>, problems: &mut Problems) -> Separator {
    let usual = Separator {
        text: " ".to_owned(),
        chosen: None,
    };
    let Some(chosen) = chosen else { return usual };
    let mut characters = chosen.chars();
    let one = characters.next().filter(|_| characters.next().is_none());
    if one.is_none_or(|c| c != ' ' && !c.is_ascii_punctuation()) {
        let message = "a separator of scopes is a space or one mark, such as `,`";
        problems.push(Diagnostic::error(&RULE, chosen.span, message).help("leave `separator` out"));
        return usual;
    }
    Separator {
        text: chosen.value.clone(),
        chosen: Some(chosen.span),
    }
}
