//! The rendering for programs: one JSON object a diagnostic.

use serde_json::{Value, json};

use super::severity;
use crate::diagnostic::{Diagnostic, Label};
use crate::source::{Source, Span};

/// A diagnostic as JSON: path, place, severity, code, message, labels and help.
pub fn json(source: &Source, diagnostic: &Diagnostic) -> Value {
    json!({
        "path": source.name(),
        "code": diagnostic.rule.code,
        "severity": severity(diagnostic.severity),
        "message": diagnostic.message,
        "span": span(source, diagnostic.primary.span),
        "label": diagnostic.primary.text,
        "related": diagnostic.secondary.iter().map(|also| label(source, also)).collect::<Vec<_>>(),
        "help": diagnostic.help,
    })
}

fn label(source: &Source, label: &Label) -> Value {
    json!({ "span": span(source, label.span), "label": label.text })
}

/// Lines and columns count from one, columns in characters; bytes count from zero.
fn span(source: &Source, span: Span) -> Value {
    let (start, end) = (source.position(span.start), source.position(span.end));
    json!({
        "line": start.line,
        "column": start.column,
        "end_line": end.line,
        "end_column": end.column,
        "start_byte": span.start,
        "end_byte": span.end,
    })
}
