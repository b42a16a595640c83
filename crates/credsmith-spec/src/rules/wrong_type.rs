//! CS0103: values have the type of their key.

use super::in_place::{BEHIND_A_MARK, LIST, MAPPING, WHOLE, has_dash, way_out};
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
    mismatch(node, at, expected).help(way_out(node, expected))
}

/// `node` holds names with what they are, where a list of items belongs that have their name as `key`.
pub(crate) fn named(node: &Node, at: Span, key: &str) -> Diagnostic {
    let help = match &node.value {
        Value::Mapping(entries) if !entries.is_empty() && !has_dash(entries) => {
            let first = excerpt(&entries[0].key);
            format!("write each as an item, as in `- {key}: {first}`")
        }
        _ => way_out(node, LIST),
    };
    mismatch(node, at, LIST).help(help)
}

/// `node` is not what is `expected`, but it is clear what is meant: `replacement`.
pub(crate) fn meant(node: &Node, at: Span, expected: &str, replacement: &str) -> Diagnostic {
    mismatch(node, at, expected).help(format!("write `{replacement}`"))
}

/// `node` is something else where a mapping belongs that may be empty.
pub(crate) fn empty_mapping(node: &Node, at: Span) -> Diagnostic {
    let place = match node.value {
        Value::Null => "behind it",
        _ => "in its place",
    };
    mismatch(node, at, MAPPING).help(format!("write `{{}}` {place}"))
}

/// `node` is one URL where those of environments belong, or those where one belongs: it goes with `key`.
pub(crate) fn urls(node: &Node, at: Span, key: &str) -> Diagnostic {
    let (expected, what) = match node.value {
        Value::Mapping(_) => ("text", "for the URLs of environments"),
        _ => ("a mapping", "for one URL, whatever the environment"),
    };
    mismatch(node, at, expected).help(format!("write `{key}` {what}"))
}

/// `node` is a list, where each item belongs below a name.
pub(crate) fn nameless(node: &Node, at: Span) -> Diagnostic {
    mismatch(node, at, MAPPING).help("write each item below a name of its own, without `- `")
}

/// `node` is an item, where a list of such items belongs.
pub(crate) fn one_item(node: &Node, at: Span) -> Diagnostic {
    let replacement = format!("[{}]", written::value(node));
    meant(node, at, LIST, &replacement)
}

/// `node` is not even text, where a word of `K` belongs.
pub(crate) fn no_word<K: Keyword>(node: &Node, at: Span) -> Diagnostic {
    let help = if node.is_comment() {
        BEHIND_A_MARK.to_owned()
    } else {
        keyword::way_out::<K>(&node.value.spelling())
    };
    mismatch(node, at, "text").help(help)
}

/// `node` is not what is `expected`; what to do about it is still to be said.
fn mismatch(node: &Node, at: Span, expected: &str) -> Diagnostic {
    let kind = kind(&node.value, expected);
    let (span, what) = match node.value {
        Value::Null if node.is_comment() => (node.span, "a comment"),
        Value::Null => (at, kind),
        _ => (node.anchor(), kind),
    };
    Diagnostic::error(&RULE, span, format!("expected {expected}, found {kind}"))
        .label(format!("this is {what}"))
}

/// What `value` is, told apart from what is expected.
fn kind(value: &Value, expected: &str) -> &'static str {
    match value {
        Value::Number(spelling) if expected.starts_with(WHOLE) => match spelling {
            negative if negative.starts_with('-') => "a negative number",
            fraction if fraction.contains('.') => "a fraction",
            _ => "a number that is too large or not decimal",
        },
        value => value.kind(),
    }
}

/// An item of a list is the value of `key`, and not the mapping that has the key.
pub(crate) fn short_form(item: &Node, key: &str) -> Diagnostic {
    let written = written::value(item);
    mismatch(item, item.span, MAPPING).help(format!(
        "write each item of the list as `{{ {key}: {written} }}`"
    ))
}
