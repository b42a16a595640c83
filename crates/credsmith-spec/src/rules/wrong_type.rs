//! CS0103: values have the type of their key.

use crate::diagnostic::{Diagnostic, Rule};
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
    let kind = node.value.kind();
    let span = if matches!(node.value, Value::Null) {
        at
    } else {
        node.anchor()
    };
    let way_out = match node.value {
        Value::Null => Some("give the key a value, or leave it out"),
        Value::Number(_) | Value::Bool(_) if expected == "text" => Some("put it in quotes"),
        Value::Text(_) if expected.starts_with("`true`") => {
            Some("write `true` or `false`, without quotes")
        }
        Value::Text(_) if expected == "a list" => {
            Some("write it as `[...]`, or as lines with `- `")
        }
        _ => None,
    };
    Diagnostic::error(&RULE, span, format!("expected {expected}, found {kind}"))
        .label(format!("this is {kind}"))
        .help(way_out.map_or_else(|| format!("write {expected} here"), str::to_owned))
}
