//! CS0103: values have the type of their key.

use super::{excerpt, keyword, written};
use crate::diagnostic::{Diagnostic, Rule};
use crate::keyword::Keyword;
use crate::source::Span;
use crate::syntax::{Node, Value};

/// Values have the type of their key.
pub(crate) static RULE: Rule = Rule {
    code: "CS0103",
    title: "values have the type of their key",
    explanation: r#"Each key takes text, a number, `true` or `false`, a list, or a mapping. Text that looks like something
else needs quotes: `"1.0"`, `"true"`. A key without a value is an error too: leave the key out instead.
"#,
    bad: "\
credsmith: 1
sdk: { name: Acme, description: 1.0 }
schemes:
  oauth2:
    type: oauth2
    grant: client_credentials
    token_url: https://api.example.com/token
",
    good: r#"credsmith: 1
sdk: { name: Acme, description: "1.0" }
schemes:
  oauth2:
    type: oauth2
    grant: client_credentials
    token_url: https://api.example.com/token
"#,
};

/// The file holds nothing, or comments only.
pub(crate) fn empty(at: Span) -> Diagnostic {
    Diagnostic::error(&RULE, at, "the spec is empty")
        .help("begin with `credsmith: 1`; `credsmith init` writes a first spec")
}

/// `node` is not what is `expected`.
pub(crate) fn found(node: &Node, at: Span, expected: &str) -> Diagnostic {
    mismatch(node, at, expected).help(way_out(&node.value, expected))
}

/// `node` is not what is `expected`, but it is clear what is meant: `replacement`.
pub(crate) fn meant(node: &Node, at: Span, expected: &str, replacement: &str) -> Diagnostic {
    mismatch(node, at, expected).help(format!("write `{replacement}`"))
}

/// `node` is an item, where a list of such items belongs.
pub(crate) fn one_item(node: &Node, at: Span) -> Diagnostic {
    let replacement = format!("[{}]", written::value(node));
    meant(node, at, "a list", &replacement)
}

/// `node` is not even text, where a word of `K` belongs.
pub(crate) fn no_word<K: Keyword>(node: &Node, at: Span) -> Diagnostic {
    let help = match &node.value {
        Value::Null => way_out(&node.value, "text"),
        value => keyword::way_out::<K>(&value.spelling()),
    };
    mismatch(node, at, "text").help(help)
}

/// `node` is not what is `expected`; what to do about it is still to be said.
fn mismatch(node: &Node, at: Span, expected: &str) -> Diagnostic {
    let kind = node.value.kind();
    let span = if matches!(node.value, Value::Null) {
        at
    } else {
        node.anchor()
    };
    Diagnostic::error(&RULE, span, format!("expected {expected}, found {kind}"))
        .label(format!("this is {kind}"))
}

/// What to write in place of `value`.
fn way_out(value: &Value, expected: &str) -> String {
    match value {
        Value::Null => "give the key a value, or leave it out".to_owned(),
        Value::Number(_) | Value::Bool(_) if expected == "text" => "put it in quotes".to_owned(),
        Value::Text(text) if expected.starts_with("`true`") => boolean(text),
        Value::Text(_) if expected == "a list" => {
            "write it as `[...]`, or as lines with `- `".to_owned()
        }
        _ => format!("write {expected} here"),
    }
}

/// YAML 1.1 had more words for booleans than YAML 1.2, where they are text.
fn boolean(text: &str) -> String {
    let meant = match text.to_ascii_lowercase().as_str() {
        "yes" | "y" | "on" => "true",
        "no" | "n" | "off" => "false",
        _ => return "write `true` or `false`, without quotes".to_owned(),
    };
    format!("in YAML 1.2, `{}` is text: write `{meant}`", excerpt(text))
}

/// An item of a list is the value of `key`, and not the mapping that has the key.
pub(crate) fn short_form(item: &Node, key: &str) -> Diagnostic {
    let written = written::value(item);
    mismatch(item, item.span, "a mapping").help(format!(
        "write each item of the list as `{{ {key}: {written} }}`"
    ))
}
